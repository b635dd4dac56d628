/* workbench: what a tab shows: results, views that lie over them, and back again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench/private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void shown_tell(struct workbench_result *result)
{
    struct workbench *workbench = result->workbench;
    struct workbench_tab *tab = workbench_tab_of(workbench, result->tab);
    if (result->ask->aside) {
        return;
    }
    if (tab != NULL && !tab_is_in_front(workbench, result->tab)) {
        tab->has_news = result->is_over;
    }
    workbench_changed(workbench, tab_is_in_front(workbench, result->tab)
                                     ? WORKBENCH_RESULT
                                     : WORKBENCH_TABS);
}

bool shown_runs(const struct workbench_result *shown, struct error *err)
{
    return shown != NULL && !shown->is_over &&
           !error_set(err, ERROR_FAILED,
                      "%s is still running; Ctrl-C stops it, another tab runs beside it",
                      shown->title);
}

/* What is shown makes room for another run; the run itself is kept to compare with. */
static void keep_before(struct workbench *workbench, unsigned long tab)
{
    struct tab_own own = tab_own(workbench, tab);
    struct workbench_result *top = *own.shown;
    if (top == NULL) {
        return;
    }
    workbench_result_free(top->above);
    top->above = NULL;
    while (top->below != NULL) {
        struct workbench_result *below = top->below;
        top->below = NULL;
        workbench_result_free(top);
        top = below;
    }
    *own.shown = NULL;
    if (top->run == NULL || top->result == NULL || top->error.kind != ERROR_NONE) {
        workbench_result_free(top);
        return;
    }
    workbench_result_free(*own.before);
    *own.before = top;
}

/* Each view has rows of its own on disk: the eldest of many in a row is not gone back to
 * any more. */
static void forget_eldest_view(struct workbench_result *top)
{
    enum { VIEWS_MOST = 16 };
    struct workbench_result *before = top;
    int views = 1;
    while (before->below != NULL && before->below->base == top->base &&
           top->base != NULL && before->below->below != NULL) {
        struct workbench_result *next = before->below;
        if (++views > VIEWS_MOST) {
            before->below = next->below;
            next->below = NULL;
            workbench_result_free(next);
            return;
        }
        before = next;
    }
}

/* It takes the place of what its tab shows, or lies over it. */
void shown_put(struct workbench_result *result, bool is_over_shown)
{
    struct workbench_result **shown = tab_own(result->workbench, result->tab).shown;
    if (is_over_shown) {
        workbench_result_free((*shown)->above);
        (*shown)->above = NULL;
        result->below = *shown;
        forget_eldest_view(result);
    } else {
        keep_before(result->workbench, result->tab);
    }
    *shown = result;
    shown_tell(result);
}

void workbench_show_result(struct workbench_result *result)
{
    result->ask->aside = false;
    result->ask->finished = NULL;
    if (tab_own(result->workbench, result->tab).shown == NULL) {
        workbench_result_free(result);
        return;
    }
    shown_put(result, false);
}

struct workbench_result *workbench_base(struct workbench_result *result,
                                        struct result_view **view)
{
    *view = result_view_copy(result->view);
    return result->base != NULL ? result->base : result;
}

static struct workbench_result *made_result(struct workbench *workbench,
                                            struct result *rows, const char *asked,
                                            struct error *err)
{
    if (shown_runs(workbench->shown, err)) {
        return NULL;
    }
    const struct workbench_query query = {.sql = asked};
    struct workbench_result *result = memory_new(sizeof *result);
    *result = (struct workbench_result){.workbench = workbench,
                                        .tab = workbench_tab_in_front(workbench)->id,
                                        .first_row = -1,
                                        .result = rows,
                                        .serial = ++workbench->last_serial,
                                        .title = string_copy(asked),
                                        .sql = string_copy(asked),
                                        .error_offset = SIZE_MAX,
                                        .changes = -1,
                                        .is_over = true,
                                        .ask = ask_new(workbench, &query)};
    return result;
}

bool workbench_show_rows(struct workbench *workbench, struct result *rows,
                         const char *asked, struct error *err)
{
    struct workbench_result *result = made_result(workbench, rows, asked, err);
    if (result == NULL) {
        return false;
    }
    shown_put(result, false);
    return true;
}

bool workbench_show_made(struct workbench *workbench, struct result *rows,
                         const struct workbench_made *made, struct error *err)
{
    struct workbench_result *result = made_result(workbench, rows, made->asked, err);
    if (result == NULL) {
        return false;
    }
    result->classification = string_copy(made->classification);
    text_append(&result->products, made->products != NULL ? made->products : "");
    result->sheet = made->sheet;
    shown_put(result, workbench->shown != NULL);
    return true;
}

void workbench_back(struct workbench *workbench)
{
    struct workbench_result *top = workbench->shown;
    if (top == NULL || top->below == NULL) {
        return;
    }
    workbench->shown = top->below;
    top->below = NULL;
    workbench_result_free(workbench->shown->above);
    workbench->shown->above = NULL;
    if (top->is_over && top->error.kind == ERROR_NONE) {
        chart_feed_forget(workbench, top);
        workbench->shown->above = top;
    } else {
        workbench_result_free(top);
    }
    workbench_changed(workbench, WORKBENCH_RESULT);
}

void workbench_forward(struct workbench *workbench)
{
    struct workbench_result *top =
        workbench->shown != NULL ? workbench->shown->above : NULL;
    if (top != NULL && workbench->shown->is_over) {
        workbench->shown->above = NULL;
        top->below = workbench->shown;
        workbench->shown = top;
        workbench_changed(workbench, WORKBENCH_RESULT);
    }
}
