/* What the files of the workbench room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_WORKBENCH_PRIVATE_H
#define MWB_WORKBENCH_PRIVATE_H

#include "engine/workbench.h"

/* workbench.c: the session exists from the first statement on, with or without a mesh */
bool workbench_start_session(struct workbench *workbench, unsigned long tab,
                             struct error *err);

/* role.c: with another catalog, and before it is closed */
void workbench_take_role(struct workbench *workbench);
void workbench_forget_role(struct workbench *workbench);

/* tabs.c: what is a tab's own, wherever it is kept now */
struct tab_own {
    struct session **session;
    struct workbench_result **shown, **before;
    struct chart **chart;
    struct error *chart_error;
    struct chart_feed **feed;
};
/* All NULL when the tab was closed. */
struct tab_own tab_own(struct workbench *workbench, unsigned long id);
bool tab_is_in_front(const struct workbench *workbench, unsigned long id);
void tabs_let_go(struct workbench *workbench); /* results, charts and sessions of all */
void tabs_set_index(struct workbench *workbench); /* for all sessions, and the role */
void tabs_init(struct workbench *workbench);
struct workbench_tab *tabs_add(struct workbench *workbench); /* behind, not in front */
void tabs_bring(struct workbench *workbench, size_t index);  /* to the front, untold */
void tabs_release(struct workbench *workbench);

/* ask.c */
/* What was asked, kept to start it again when its products have come. */
struct workbench_ask {
    struct array parameters; /* of struct session_parameter, strings ours */
    long long row_limit;
    double timeout;
    char *on_spool, *purpose, *team, *saved_query, *counting;
    char *classification, *products, *versions; /* of the rows that it runs over */
    bool aside, may_destroy, plans, only_here;
    bool is_orphan; /* given up while its product is fetched: freed when that has ended */
    int fetches;
    void (*finished)(void *owner, struct workbench_result *result);
    void *owner;
};
struct workbench_ask *ask_new(struct workbench *workbench,
                              const struct workbench_query *query);
void ask_free(struct workbench_ask *ask);
/* What it was asked with: array of struct session_parameter, and the purpose; NULL: of
 * rows that a verb made. */
const struct array *workbench_result_parameters(const struct workbench_result *result);
const char *workbench_result_purpose(const struct workbench_result *result);

/* shown.c: a statement that runs is in the way of another: true, and the sentence */
bool shown_runs(const struct workbench_result *shown, struct error *err);
/* The result takes the place of what its tab shows, or lies over it. */
void shown_put(struct workbench_result *result, bool is_over_shown);
void shown_tell(struct workbench_result *result); /* that it changed */

/* query.c: statements that run aside for a tab are given up, and say so */
void workbench_give_up(struct workbench *workbench, unsigned long tab);

/* chart.c */
void chart_feed_stop(struct workbench *workbench, unsigned long tab);
void chart_feed_forget(struct workbench *workbench, const struct workbench_result *from);
void workbench_chart_release(struct workbench_chart *chart);

/* background.c: what the timer does, and when it does it next (seconds; 0: never) */
void background_look(struct workbench *workbench);
bool background_is_looking(const struct workbench *workbench);
double background_wait(const struct workbench *workbench);
void background_again(struct workbench *workbench); /* another setting */
void background_free(struct workbench *workbench);

/* glance.c: of a mesh that is closed */
void workbench_forget_glance(struct workbench *workbench);

/* state.c */
void workbench_load_parameters(struct workbench *workbench);
void workbench_free_parameters(struct workbench *workbench);
void workbench_remember_mesh(struct workbench *workbench);

#endif
