/* command: watch runs a statement again and again, and says when.
 *
 * It runs aside and takes the place of the rows before when it is over, so that nothing
 * flickers. It ends when it is stopped, fails, has run as often as asked, or when another
 * statement runs in its tab; while a view (sort, filter) lies over its rows it waits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/path.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double longest_pause = 86400;

struct watch {
    struct command_call *call;
    char *sql;
    double seconds;        /* between the ends of two runs */
    long long runs, times; /* times 0: until it is stopped */
    int timer;
    bool is_stopped; /* asked to, while a run was on its way or had just ended */
    struct workbench_result *running; /* NULL: it waits */
    unsigned long serial;             /* of the rows that stand in the tab; 0: none */
};

static void free_watch(void *own)
{
    struct watch *watch = own;
    loop_cancel(watch->call->workbench->loop, watch->timer);
    free(watch->sql);
    free(watch);
}

static void end(struct watch *watch, const struct error *err)
{
    struct command_call *call = watch->call;
    loop_cancel(call->workbench->loop, watch->timer);
    watch->timer = 0;
    call->is_of_tab = false;
    call->reply.result = err == NULL ? call->reply.result : NULL; /* shown already */
    if (err != NULL) {
        text_clear(&call->reply.message);
        call_fail(call, err);
    } else {
        call_done(call);
    }
}

static void run(struct watch *watch);

/* "every 2 s, run 5 at 14:05:07: 3 rows in 0.01 s" */
static void describe(struct watch *watch, const struct workbench_result *result)
{
    char pause[32], took[32], at[16];
    time_t now = (time_t)path_now();
    struct tm parts;
    localtime_r(&now, &parts);
    strftime(at, sizeof at, "%H:%M:%S", &parts);
    string_of_seconds(watch->seconds, pause, sizeof pause);
    string_of_seconds(result->seconds, took, sizeof took);
    call_message(watch->call, "every %s, run %lld at %s: ", pause, watch->runs, at);
    struct text *message = &watch->call->reply.message;
    text_append_count(message, workbench_result_rows(result), "row");
    text_printf(message, " in %s", took);
}

/* The tab shows its rows, perhaps under a view of them; nothing else ran there. */
enum standing { STANDS_AHEAD, STANDS_BELOW, STANDS_NOT };

static enum standing find_standing(const struct watch *watch)
{
    struct workbench *workbench = watch->call->workbench;
    const struct workbench_tab *tab = workbench_tab_of(workbench, watch->call->tab);
    const struct workbench_result *shown =
        tab != NULL ? workbench_tab_shown(workbench, tab) : NULL;
    if (tab == NULL) {
        return STANDS_NOT;
    }
    if (watch->serial == 0 || (shown != NULL && shown->serial == watch->serial)) {
        return STANDS_AHEAD;
    }
    for (; shown != NULL; shown = shown->below) {
        if (shown->serial == watch->serial) {
            return STANDS_BELOW;
        }
    }
    return STANDS_NOT;
}

static void on_time(void *owner)
{
    struct watch *watch = owner;
    watch->timer = 0;
    switch (find_standing(watch)) {
    case STANDS_AHEAD:
        run(watch);
        break;
    case STANDS_BELOW:
        watch->timer =
            loop_after(watch->call->workbench->loop, watch->seconds, on_time, watch);
        break;
    case STANDS_NOT:
        watch->call->reply.result = NULL;
        call_message(watch->call, "watching ended, for something else ran in its tab");
        end(watch, NULL);
    }
}

static void stop(struct watch *watch)
{
    struct error err = {0};
    error_set(&err, ERROR_CANCELLED, "watching was stopped after %lld run%s", watch->runs,
              watch->runs == 1 ? "" : "s");
    end(watch, &err);
}

static void on_ran(void *owner, struct workbench_result *result)
{
    struct watch *watch = ((struct command_call *)owner)->own;
    struct command_call *call = watch->call;
    watch->running = NULL;
    if (watch->is_stopped) {
        workbench_result_free(result);
        stop(watch);
        return;
    }
    if (result->error.kind != ERROR_NONE) {
        struct error err = result->error;
        workbench_result_free(result);
        end(watch, &err);
        return;
    }
    if (find_standing(watch) != STANDS_AHEAD) { /* looked at otherwise meanwhile */
        workbench_result_free(result);
        on_time(watch);
        return;
    }
    watch->runs++;
    describe(watch, result);
    watch->serial = result->serial;
    call->reply.result = result->result;
    workbench_show_result(result);
    bool is_last = watch->times > 0 && watch->runs >= watch->times;
    if (call->spec.line_done != NULL && !is_last) {
        call->spec.line_done(call->spec.owner, call);
    }
    if (is_last) {
        end(watch, NULL);
    } else {
        watch->timer = loop_after(call->workbench->loop, watch->seconds, on_time, watch);
    }
}

static bool start(struct watch *watch, struct error *err)
{
    struct workbench_query query = {
        .sql = watch->sql, .aside = true, .tab = watch->call->tab, .finished = on_ran};
    watch->running = call_start_query(watch->call, &query, err);
    return watch->running != NULL;
}

static void run(struct watch *watch)
{
    struct error err = {0};
    if (!start(watch, &err)) {
        end(watch, &err);
    }
}

static void cancel(struct command_call *call)
{
    struct watch *watch = call->own;
    watch->is_stopped = true;
    if (watch->running != NULL) {
        workbench_result_cancel(watch->running);
    } else {
        stop(watch);
    }
}

/* ---- What is asked for ---- */

/* The first word, when it is a number. */
static bool take_seconds(struct watch *watch, size_t *next, struct error *err)
{
    const char *word = call_word(watch->call, 0);
    char *last;
    watch->seconds = 2;
    if (word == NULL) {
        return true;
    }
    double seconds = strtod(word, &last);
    if (*last != '\0') {
        return true;
    }
    *next = 1;
    watch->seconds = seconds;
    return (isfinite(seconds) && seconds > 0 && seconds <= longest_pause) ||
           error_set(err, ERROR_USAGE,
                     "watch waits for more than 0 and at most %.0f seconds, not \"%s\"",
                     longest_pause, word);
}

/* The statement of the call, else the one whose rows are shown. */
static bool take_sql(struct watch *watch, size_t next, struct error *err)
{
    const struct workbench_result *shown = watch->call->workbench->shown;
    bool has_own = call_count(watch->call) > next || call_has_flag(watch->call, "-f");
    if (has_own) {
        watch->sql = call_sql(watch->call, next, err);
        return watch->sql != NULL;
    }
    while (shown != NULL && shown->below != NULL) {
        shown = shown->below;
    }
    if (shown == NULL || !shown->is_over || shown->run == NULL) {
        return error_set(err, ERROR_USAGE,
                         "watch needs SQL, or a statement that ran in this tab");
    }
    watch->sql = string_copy(shown->sql);
    return true;
}

bool verb_watch(struct command_call *call, struct error *err)
{
    struct watch *watch = memory_new(sizeof *watch);
    size_t next = 0;
    watch->call = call;
    call->own = watch;
    call->free_own = free_watch;
    if (!take_seconds(watch, &next, err) || !take_sql(watch, next, err) ||
        !call_number(call, "--times", 0, &watch->times, err)) {
        return false;
    }
    if (call_asks_parameters(call, watch->sql)) {
        return true;
    }
    call->is_of_tab = true;
    call->cancel = cancel;
    return start(watch, err);
}
