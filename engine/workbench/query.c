/* workbench: run statements, fetch what they need first, keep the results in a chain of
 * views.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench/private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FETCHES_MOST = 32 }; /* products fetched for one statement: more is a circle */

static const char *outcome_of(const struct workbench_result *result)
{
    switch (result->error.kind) {
    case ERROR_NONE:
        return "done";
    case ERROR_CANCELLED:
        return "cancelled";
    case ERROR_TIMEOUT:
        return "timeout";
    default:
        return "failed";
    }
}

/* The history hears how it ended. */
static void recall_it(struct workbench_result *result)
{
    if (result->recalled[0] == '\0') {
        return;
    }
    const struct recall_facts facts = {
        .outcome = outcome_of(result),
        .products = text_string(&result->products),
        .error = result->error.message,
        .seconds = result->seconds,
        .rows = result->result != NULL ? result_count(result->result) : result->changes,
    };
    if (result->workbench->recall != NULL) { /* of a mesh that is still open */
        recall_end(result->workbench->recall, result->recalled, &facts);
    }
    result->recalled[0] = '\0';
}

/* Whoever waits for a statement that is given up hears of it before the result is gone.
 */
static void tell_given_up(struct workbench_result *result)
{
    void (*finished)(void *, struct workbench_result *) = result->ask->finished;
    result->ask->finished = NULL;
    if (!result->is_over && finished != NULL) {
        result->is_over = true;
        error_set(&result->error, ERROR_CANCELLED, "%s was given up", result->title);
        finished(result->ask->owner, result);
    }
}

static void forget_running(struct workbench_result *result)
{
    struct array *running = &result->workbench->running;
    for (size_t i = running->count; i-- > 0;) {
        if (*(struct workbench_result **)array_at(running, i) == result) {
            array_remove(running, i);
        }
    }
}

static void give_up(struct workbench_result *result)
{
    if (!result->is_over) {
        error_set(&result->error, ERROR_CANCELLED, "%s was given up", result->title);
    }
    recall_it(result);
}

static void free_one(struct workbench_result *result)
{
    forget_running(result);
    tell_given_up(result);
    give_up(result);
    chart_feed_forget(result->workbench, result);
    session_run_free(result->run);
    result_free(result->result);
    text_release(&result->products);
    text_release(&result->versions);
    text_release(&result->notes);
    free(result->title);
    free(result->sql);
    free(result->classification);
    free(result->asks);
    result_view_free(result->view);
    pivot_free(result->sheet);
    free(result->destroys);
    ask_free(result->ask);
    free(result);
}

void workbench_result_free(struct workbench_result *result)
{
    while (result != NULL) {
        struct workbench_result *below = result->below;
        workbench_result_free(result->above);
        result->above = NULL;
        if (result->getting != NULL) {
            result->ask->is_orphan = true;
            give_up(result);
            job_cancel(result->getting);
        } else {
            free_one(result);
        }
        result = below;
    }
}

long long workbench_result_rows(const struct workbench_result *result)
{
    return result->result != NULL ? result_count(result->result) : 0;
}

/* ---- Following a run ---- */

/* Columns of a view are those of its base: what they are called, and where they come
 * from. */
static void name_as_base(struct workbench_result *result)
{
    const struct result *base = result->base->result;
    for (size_t i = 0; i < result_column_count(base); i++) {
        const struct result_column *column = result_column(base, i);
        result_set_column(result->result, i, column->name, column->declared,
                          column->product, column->table, column->column);
    }
}

static void name_columns(struct workbench_result *result)
{
    if (result->view != NULL) {
        name_as_base(result);
        return;
    }
    const struct array *columns = session_run_columns(result->run);
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        const struct session_column *column = array_at(columns, i);
        result_set_column(result->result, i, column->name, column->declared,
                          column->product, column->table, column->column);
    }
}

static void classify(struct workbench_result *result)
{
    const char *classification = result->ask->on_spool != NULL
                                     ? result->ask->classification
                                     : session_run_classification(result->run);
    if (!string_equal(classification, result->classification)) {
        free(result->classification);
        result->classification = string_copy(classification);
    }
}

static void follow(struct workbench_result *result)
{
    const char *file = session_run_file(result->run);
    if (result->result != NULL && !string_equal(result_file(result->result), file)) {
        result_free(result->result); /* a later statement of the list has rows, too */
        result->result = NULL;
        result->serial = ++result->workbench->last_serial;
    }
    if (result->result == NULL && file != NULL) {
        result->result =
            result_open(file, session_run_table(result->run), &result->error);
        if (result->result != NULL) {
            name_columns(result);
        }
    }
    if (result->result != NULL) {
        result_set_count(result->result, session_run_rows(result->run),
                         session_run_is_over(result->run));
    }
    result->seconds = session_run_seconds(result->run);
    if (result->first_row < 0 && session_run_rows(result->run) > 0) {
        result->first_row = result->seconds;
    }
    classify(result);
}

static void on_changed(void *owner, struct session_run *run)
{
    (void)run;
    struct workbench_result *result = owner;
    follow(result);
    shown_tell(result);
}

static void conclude(struct workbench_result *result)
{
    result->is_over = true;
    recall_it(result);
    forget_running(result);
    shown_tell(result);
    if (result->ask->finished != NULL) {
        result->ask->finished(result->ask->owner, result);
    }
}

static bool start_run(struct workbench_result *result, struct error *err);

static void on_fetched(void *owner, struct job *job, const struct get_report *report)
{
    struct workbench_result *result = owner;
    result->getting = NULL;
    if (report != NULL) {
        text_append(&result->notes, text_string(&report->notes));
    }
    if (result->ask->is_orphan) {
        free_one(result);
    } else if (report == NULL) {
        result->error = *job_error(job);
        error_prefix(&result->error, "the statement needs a product that is not here: ");
        conclude(result);
    } else if (report->file == NULL) {
        const char *broken = text_string(&report->broken);
        error_set(&result->error, ERROR_FAILED,
                  "the statement needs %s, whose data break their contract: %.*s; \"get "
                  "--accept %s\" takes them",
                  report->product, (int)strcspn(broken, "\n"), broken, report->product);
        conclude(result);
    } else if (!start_run(result, &result->error)) {
        conclude(result);
    }
}

/* The statement names a product that is not in the cache: fetch it, then run again. */
static bool fetch_what_it_needs(struct workbench_result *result)
{
    struct workbench *workbench = result->workbench;
    const char *product = session_run_needs(result->run);
    if (product == NULL || result->ask->only_here ||
        !options_flag(workbench->options, "autofetch") ||
        result->ask->fetches++ >= FETCHES_MOST) {
        return false;
    }
    struct error err = {0};
    struct workbench_get_spec spec = {
        .product = product, .is_implied = true, .finished = on_fetched, .owner = result};
    result->getting = workbench_get_product(workbench, &spec, &err);
    if (result->getting == NULL) {
        result->error = err;
    }
    return result->getting != NULL;
}

static void on_finished(void *owner, struct session_run *run)
{
    struct workbench_result *result = owner;
    follow(result);
    const struct error *err = session_run_error(run);
    if (err->kind != ERROR_NONE && fetch_what_it_needs(result)) {
        return;
    }
    if (err->kind != ERROR_NONE) {
        result->error = *err;
    }
    text_append(&result->products,
                result->ask->products != NULL ? result->ask->products : "");
    text_append(&result->notes, session_run_notes(run));
    free(result->asks);
    result->asks = string_copy(session_run_asks(run));
    free(result->destroys);
    result->destroys = string_copy(session_run_destroys(run));
    result->error_offset = session_run_error_offset(run);
    result->changes = session_run_changes(run);
    result->is_limited = session_run_was_limited(run);
    text_append(&result->products, session_run_products(run));
    text_append(&result->versions,
                result->ask->versions != NULL ? result->ask->versions : "");
    text_append(&result->versions, session_run_versions(run));
    conclude(result);
}

static bool start_run(struct workbench_result *result, struct error *err)
{
    struct workbench *workbench = result->workbench;
    const struct workbench_ask *ask = result->ask;
    session_run_free(result->run);
    result_free(result->result);
    result->result = NULL;
    result->serial = ++workbench->last_serial;
    struct session_query query = {
        .sql = result->sql,
        .sql_length = strlen(result->sql),
        .parameters = ask->parameters.items,
        .parameter_count = ask->parameters.count,
        .row_limit = ask->row_limit,
        .timeout = ask->timeout,
        .memory_limit = options_number(workbench->options, "memory_limit") << 20,
        .on_spool = ask->on_spool,
        .purpose = ask->purpose,
        .team = ask->team,
        .saved_query = ask->saved_query,
        .plans = ask->plans,
        .counting = ask->counting,
        .is_careful = !ask->may_destroy,
        .changed = on_changed,
        .finished = on_finished,
        .owner = result,
    };
    struct session **session = tab_own(workbench, result->tab).session;
    result->run = session != NULL ? session_start(*session, &query, err) : NULL;
    return result->run != NULL;
}

/* ---- Asking ---- */

static bool may_start(struct workbench *workbench, unsigned long tab,
                      const struct workbench_query *query, struct error *err)
{
    struct tab_own own = tab_own(workbench, tab);
    if (workbench->catalog_is_loading && workbench->catalog == NULL) {
        return error_set(err, ERROR_FAILED,
                         "the catalog is still being read; try again in a moment");
    }
    if (!workbench_has_role(workbench, err)) {
        return false;
    }
    if (own.session == NULL) {
        return error_set(err, ERROR_FAILED, "the tab was closed");
    }
    return workbench_start_session(workbench, tab, err) &&
           (query->aside || !shown_runs(*own.shown, err));
}

static char *sql_of_view(const struct workbench_query *query)
{
    struct text sql = {0};
    result_view_sql(query->over->result, query->view, &sql);
    return text_take(&sql);
}

struct workbench_result *workbench_run(struct workbench *workbench,
                                       const struct workbench_query *query,
                                       struct error *err)
{
    unsigned long tab =
        query->tab != 0 ? query->tab : workbench_tab_in_front(workbench)->id;
    if (!may_start(workbench, tab, query, err)) {
        return NULL;
    }
    struct workbench_result *result = memory_new(sizeof *result);
    result->workbench = workbench;
    result->tab = tab;
    result->first_row = -1;
    result->sql = query->view != NULL ? sql_of_view(query) : string_copy(query->sql);
    if (query->view != NULL) {
        result->view = result_view_copy(query->view);
        result->base = query->over;
    }
    result->error_offset = SIZE_MAX;
    result->changes = -1;
    result->ask = ask_new(workbench, query);
    result->timeout = result->ask->timeout;
    if (!query->aside && query->over == NULL) {
        workbench->query_number++;
    }
    result->title = query->over != NULL ? string_copy(query->over->title)
                                        : string_printf("q%d", workbench->query_number);
    if (query->is_typed) {
        recall_begin(workbench_recall(workbench), query->sql, workbench->role,
                     result->recalled, NULL);
    }
    if (!start_run(result, err)) {
        result->is_over = true; /* err says it all */
        result->error = *err;
        recall_it(result);
        workbench_result_free(result);
        return NULL;
    }
    result->sheet = query->sheet;
    *(struct workbench_result **)array_push(&workbench->running) = result;
    if (!query->aside) {
        shown_put(result, query->over != NULL);
    }
    return result;
}

void workbench_give_up(struct workbench *workbench, unsigned long tab)
{
    for (size_t i = workbench->running.count; i-- > 0;) {
        struct workbench_result *result =
            *(struct workbench_result **)array_at(&workbench->running, i);
        if (result->tab == tab && result->ask->aside && result->getting == NULL) {
            session_run_free(result->run);
            result->run = NULL;
            error_set(&result->error, ERROR_CANCELLED, "its tab was closed");
            conclude(result);
            i = i < workbench->running.count ? i : workbench->running.count;
        }
    }
}

void workbench_result_cancel(struct workbench_result *result)
{
    if (result->is_over) {
        return;
    }
    if (result->getting != NULL) {
        job_cancel(result->getting);
    } else if (result->run != NULL) {
        session_run_cancel(result->run);
    }
}
