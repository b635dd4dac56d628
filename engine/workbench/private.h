/* What the files of the workbench room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_WORKBENCH_PRIVATE_H
#define MWB_WORKBENCH_PRIVATE_H

#include "engine/workbench.h"

/* workbench.c: the session exists from the first statement on, with or without a mesh */
bool workbench_start_session(struct workbench *workbench, struct error *err);

/* query.c */
void workbench_free_results(struct workbench *workbench);

/* chart.c */
void chart_feed_stop(struct workbench *workbench);
void chart_feed_forget(struct workbench *workbench, const struct workbench_result *from);
void workbench_chart_release(struct workbench_chart *chart);

/* state.c */
void workbench_load_parameters(struct workbench *workbench);
void workbench_free_parameters(struct workbench *workbench);
void workbench_remember_mesh(struct workbench *workbench);

#endif
