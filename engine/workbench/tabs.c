/* workbench: tabs. Fields of the workbench are those of the tab in front; the others keep
 * theirs on a desk, and come and go by being copied.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "engine/workbench/private.h"

#include <stdlib.h>
#include <string.h>

struct workbench_tab *workbench_tab_at(const struct workbench *workbench, size_t index)
{
    return index < workbench->tabs.count
               ? *(struct workbench_tab **)array_at(&workbench->tabs, index)
               : NULL;
}

struct workbench_tab *workbench_tab_in_front(const struct workbench *workbench)
{
    return workbench_tab_at(workbench, workbench->tab);
}

struct workbench_tab *workbench_tab_of(const struct workbench *workbench,
                                       unsigned long id)
{
    for (size_t i = 0; i < workbench->tabs.count; i++) {
        struct workbench_tab *tab = workbench_tab_at(workbench, i);
        if (tab->id == id) {
            return tab;
        }
    }
    return NULL;
}

bool tab_is_in_front(const struct workbench *workbench, unsigned long id)
{
    const struct workbench_tab *front = workbench_tab_in_front(workbench);
    return front != NULL && front->id == id;
}

struct tab_own tab_own(struct workbench *workbench, unsigned long id)
{
    struct workbench_tab *tab = workbench_tab_of(workbench, id);
    if (tab == NULL) {
        return (struct tab_own){0};
    }
    if (tab_is_in_front(workbench, id)) {
        return (struct tab_own){&workbench->session,     &workbench->shown,
                                &workbench->before,      &workbench->chart,
                                &workbench->chart_error, &workbench->feed};
    }
    return (struct tab_own){&tab->desk.session, &tab->desk.shown,       &tab->desk.before,
                            &tab->desk.chart,   &tab->desk.chart_error, &tab->desk.feed};
}

/* ---- To the front and behind ---- */

static void put_away(struct workbench *workbench)
{
    struct workbench_tab *tab = workbench_tab_in_front(workbench);
    if (tab != NULL) {
        tab->desk = (struct workbench_desk){
            .session = workbench->session,
            .shown = workbench->shown,
            .before = workbench->before,
            .chart = workbench->chart,
            .chart_asked = workbench->chart_asked,
            .chart_error = workbench->chart_error,
            .feed = workbench->feed,
        };
    }
}

static void take_out(struct workbench *workbench, size_t index)
{
    workbench->tab = index;
    struct workbench_tab *tab = workbench_tab_at(workbench, index);
    workbench->session = tab->desk.session;
    workbench->shown = tab->desk.shown;
    workbench->before = tab->desk.before;
    workbench->chart = tab->desk.chart;
    workbench->chart_asked = tab->desk.chart_asked;
    workbench->chart_error = tab->desk.chart_error;
    workbench->feed = tab->desk.feed;
    tab->desk = (struct workbench_desk){0};
    tab->has_news = false;
}

static void tell(struct workbench *workbench)
{
    workbench_changed(workbench, WORKBENCH_TABS | WORKBENCH_RESULT | WORKBENCH_CHART);
}

void tabs_bring(struct workbench *workbench, size_t index)
{
    if (index < workbench->tabs.count && index != workbench->tab) {
        put_away(workbench);
        take_out(workbench, index);
    }
}

void workbench_tab_select(struct workbench *workbench, size_t index)
{
    tabs_bring(workbench, index);
    tell(workbench);
}

struct workbench_tab *tabs_add(struct workbench *workbench)
{
    struct workbench_tab *tab = memory_new(sizeof *tab);
    tab->id = ++workbench->last_tab;
    *(struct workbench_tab **)array_push(&workbench->tabs) = tab;
    return tab;
}

struct workbench_tab *workbench_tab_new(struct workbench *workbench)
{
    struct workbench_tab *tab = tabs_add(workbench);
    put_away(workbench);
    take_out(workbench, workbench->tabs.count - 1);
    tell(workbench);
    return tab;
}

/* ---- Letting go ---- */

/* Its results, its chart and its session; what stands in it stays. */
static void let_go(struct workbench *workbench, unsigned long id)
{
    struct tab_own own = tab_own(workbench, id);
    if (own.session == NULL) {
        return; /* there is no such tab */
    }
    chart_feed_stop(workbench, id);
    chart_free(*own.chart);
    *own.chart = NULL;
    /* Who waits for one of them is told before it goes, and may look at what is shown. */
    struct workbench_result *shown = *own.shown, *before = *own.before;
    *own.shown = *own.before = NULL;
    workbench_result_free(shown);
    workbench_result_free(before);
    workbench_give_up(workbench, id);
    session_free(*own.session);
    *own.session = NULL;
}

void tabs_let_go(struct workbench *workbench)
{
    for (size_t i = 0; i < workbench->tabs.count; i++) {
        let_go(workbench, workbench_tab_at(workbench, i)->id);
    }
}

static void free_tab(struct workbench_tab *tab)
{
    workbench_chart_release(&tab->desk.chart_asked);
    free(tab->name);
    free(tab->text);
    free(tab->file);
    free(tab->in_file);
    free(tab);
}

/* Its texts and name go, nothing else. */
static void empty(struct workbench_tab *tab)
{
    if (tab == NULL) {
        return;
    }
    char **const texts[] = {&tab->name, &tab->text, &tab->file, &tab->in_file};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(*texts[i]);
        *texts[i] = NULL;
    }
    tab->cursor = 0;
}

void workbench_tab_close(struct workbench *workbench, size_t index)
{
    struct workbench_tab *tab = workbench_tab_at(workbench, index);
    if (tab == NULL) {
        return;
    }
    let_go(workbench, tab->id);
    if (workbench->tabs.count == 1) {
        empty(tab);
        tab->id = ++workbench->last_tab; /* whoever holds its text drops it */
        tell(workbench);
        return;
    }
    if (index == workbench->tab) {
        put_away(workbench);
        take_out(workbench, index > 0 ? index - 1 : 1);
    }
    array_remove(&workbench->tabs, index);
    workbench->tab -= workbench->tab > index;
    free_tab(tab);
    tell(workbench);
}

void workbench_drop_tabs(struct workbench *workbench)
{
    tabs_bring(workbench, 0);
    for (size_t i = workbench->tabs.count; i-- > 1;) {
        struct workbench_tab *tab = workbench_tab_at(workbench, i);
        let_go(workbench, tab->id);
        array_remove(&workbench->tabs, i);
        free_tab(tab);
    }
    empty(workbench_tab_in_front(workbench));
}

void tabs_init(struct workbench *workbench)
{
    workbench->tabs = (struct array)ARRAY_OF(struct workbench_tab *);
    workbench->running = (struct array)ARRAY_OF(struct workbench_result *);
    tabs_add(workbench);
}

void tabs_release(struct workbench *workbench)
{
    for (size_t i = 0; i < workbench->tabs.count; i++) {
        free_tab(workbench_tab_at(workbench, i));
    }
    array_release(&workbench->tabs);
    array_release(&workbench->running);
}

void tabs_set_index(struct workbench *workbench)
{
    for (size_t i = 0; i < workbench->tabs.count; i++) {
        struct workbench_tab *tab = workbench_tab_at(workbench, i);
        const struct tab_own own = tab_own(workbench, tab->id);
        struct session *session = own.session != NULL ? *own.session : NULL;
        if (session != NULL) {
            session_set_index(session,
                              workbench->catalog != NULL ? workbench->index : NULL);
            session_set_role(session, workbench->role);
        }
    }
}

/* ---- Questions ---- */

bool workbench_is_running(const struct workbench *workbench)
{
    return workbench->running.count > 0;
}

void workbench_tab_describe(const struct workbench *workbench, size_t index,
                            struct text *out)
{
    const struct workbench_tab *tab = workbench_tab_at(workbench, index);
    const char *name = tab->name != NULL   ? tab->name
                       : tab->file != NULL ? path_base(tab->file)
                                           : NULL;
    text_printf(out, "%zu%s%s", index + 1, name != NULL ? " " : "",
                name != NULL ? name : "");
}

bool workbench_tab_is_changed(const struct workbench_tab *tab, const char *text)
{
    return tab->file != NULL && !string_equal(tab->in_file, text);
}

struct workbench_result *workbench_tab_shown(const struct workbench *workbench,
                                             const struct workbench_tab *tab)
{
    return tab_is_in_front(workbench, tab->id) ? workbench->shown : tab->desk.shown;
}

long long workbench_tab_transaction(const struct workbench *workbench,
                                    const struct workbench_tab *tab)
{
    const struct session *session =
        tab_is_in_front(workbench, tab->id) ? workbench->session : tab->desk.session;
    return session != NULL ? session_transaction(session) : -1;
}

bool workbench_open_transactions(const struct workbench *workbench, struct text *out)
{
    bool any = false;
    for (size_t i = 0; i < workbench->tabs.count; i++) {
        if (workbench_tab_transaction(workbench, workbench_tab_at(workbench, i)) < 0) {
            continue;
        }
        if (out != NULL) {
            text_printf(out, "%stab %zu", any ? " and " : "", i + 1);
        }
        any = true;
    }
    return any;
}
