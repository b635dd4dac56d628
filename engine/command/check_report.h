/* command/check_report: what checks said, as rows and as the XML that build servers read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_CHECK_REPORT_H
#define MWB_COMMAND_CHECK_REPORT_H

#include "engine/command/private.h"
#include "engine/quality.h"

/* The checks of one product that were run together. */
struct check_run {
    char *product;
    struct array checks; /* of struct quality_check */
    double seconds;
};
void check_runs_release(struct array *runs); /* of struct check_run */

/* Rows in the order of the runs; `full` has every column, else those that people read. */
struct result *check_report_rows(const char *folder, const struct array *runs, bool full,
                                 struct error *err);
/* JUnit: a suite a product, a case a check. A warning passes, with its words as output;
 * what was not run is skipped. */
void check_report_junit(const struct array *runs, struct text *out);
/* "checkout/orders: 38 checks: ...", a line each; of many products only those that are
 * not all passed, and a line for all. Returns the sums. */
struct quality_totals check_report_totals(const struct array *runs, struct text *out);

#endif
