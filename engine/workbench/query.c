/* workbench: run statements, fetch what they need first, keep the results in a chain of
 * views.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench/private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FETCHES_MOST = 32 }; /* products fetched for one statement: more is a circle */

/* What was asked, kept to start it again when its products have come. */
struct workbench_ask {
    struct array parameters; /* of struct session_parameter, strings ours */
    long long row_limit;
    double timeout;
    char *on_spool;
    bool aside;
    bool is_orphan; /* given up while its product is fetched: freed when that has ended */
    int fetches;
    void (*finished)(void *owner, struct workbench_result *result);
    void *owner;
};

static void ask_free(struct workbench_ask *ask)
{
    for (size_t i = 0; i < ask->parameters.count; i++) {
        struct session_parameter *parameter = array_at(&ask->parameters, i);
        free((char *)parameter->name);
        free((char *)parameter->value);
    }
    array_release(&ask->parameters);
    free(ask->on_spool);
    free(ask);
}

static void ask_add_parameter(struct workbench_ask *ask, const char *name,
                              const char *value)
{
    for (size_t i = 0; i < ask->parameters.count; i++) {
        struct session_parameter *old = array_at(&ask->parameters, i);
        if (string_equal(old->name, name)) {
            return; /* the first wins: those of the call come before the remembered */
        }
    }
    struct session_parameter *parameter = array_push(&ask->parameters);
    parameter->name = string_copy(name);
    parameter->value = string_copy(value);
}

static struct workbench_ask *ask_new(struct workbench *workbench,
                                     const struct workbench_query *query)
{
    struct workbench_ask *ask = memory_new(sizeof *ask);
    ask->parameters = (struct array)ARRAY_OF(struct session_parameter);
    for (size_t i = 0; i < query->parameter_count; i++) {
        ask_add_parameter(ask, query->parameters[i].name, query->parameters[i].value);
    }
    for (size_t i = 0; i < workbench->parameters.count; i++) {
        struct workbench_parameter *kept = array_at(&workbench->parameters, i);
        ask_add_parameter(ask, kept->name, kept->value);
    }
    ask->row_limit = query->row_limit > 0
                         ? query->row_limit
                         : options_number(workbench->options, "row_limit");
    ask->timeout = query->timeout > 0
                       ? query->timeout
                       : (double)options_number(workbench->options, "timeout");
    ask->aside = query->aside;
    ask->finished = query->finished;
    ask->owner = query->owner;
    if (query->over != NULL && query->over->result != NULL) {
        ask->on_spool = string_copy(result_file(query->over->result));
    }
    return ask;
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

static void free_one(struct workbench_result *result)
{
    tell_given_up(result);
    chart_feed_forget(result->workbench, result);
    session_run_free(result->run);
    result_free(result->result);
    text_release(&result->products);
    text_release(&result->notes);
    free(result->title);
    free(result->sql);
    ask_free(result->ask);
    free(result);
}

void workbench_result_free(struct workbench_result *result)
{
    while (result != NULL) {
        struct workbench_result *below = result->below;
        if (result->getting != NULL) {
            result->ask->is_orphan = true;
            job_cancel(result->getting);
        } else {
            free_one(result);
        }
        result = below;
    }
}

void workbench_free_results(struct workbench *workbench)
{
    workbench_result_free(workbench->shown);
    workbench->shown = NULL;
}

long long workbench_result_rows(const struct workbench_result *result)
{
    return result->result != NULL ? result_count(result->result) : 0;
}

/* ---- Following a run ---- */

static void name_columns(struct workbench_result *result)
{
    const struct array *columns = session_run_columns(result->run);
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        const struct session_column *column = array_at(columns, i);
        result_set_column(result->result, i, column->name, column->declared,
                          column->product, column->table, column->column);
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
}

static void tell(struct workbench_result *result)
{
    if (!result->ask->aside) {
        workbench_changed(result->workbench, WORKBENCH_RESULT);
    }
}

static void on_changed(void *owner, struct session_run *run)
{
    (void)run;
    struct workbench_result *result = owner;
    follow(result);
    tell(result);
}

static void conclude(struct workbench_result *result)
{
    result->is_over = true;
    tell(result);
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
    } else if (!start_run(result, &result->error)) {
        conclude(result);
    }
}

/* The statement names a product that is not in the cache: fetch it, then run again. */
static bool fetch_what_it_needs(struct workbench_result *result)
{
    struct workbench *workbench = result->workbench;
    const char *product = session_run_needs(result->run);
    if (product == NULL || !options_flag(workbench->options, "autofetch") ||
        result->ask->fetches++ >= FETCHES_MOST) {
        return false;
    }
    struct error err = {0};
    result->getting =
        workbench_get_product(workbench, product, false, on_fetched, result, &err);
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
    result->error_offset = session_run_error_offset(run);
    result->changes = session_run_changes(run);
    result->is_limited = session_run_was_limited(run);
    text_append(&result->products,
                session_run_products(run) != NULL ? session_run_products(run) : "");
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
        .changed = on_changed,
        .finished = on_finished,
        .owner = result,
    };
    result->run = session_start(workbench->session, &query, err);
    return result->run != NULL;
}

/* ---- Asking ---- */

static bool may_start(struct workbench *workbench, const struct workbench_query *query,
                      struct error *err)
{
    const struct workbench_result *shown = workbench->shown;
    if (workbench->catalog_is_loading && workbench->catalog == NULL) {
        return error_set(err, ERROR_FAILED,
                         "the catalog is still being read; try again in a moment");
    }
    if (workbench->session == NULL && !workbench_start_session(workbench, err)) {
        return false;
    }
    if (!query->aside && shown != NULL && !shown->is_over) {
        return error_set(err, ERROR_FAILED, "%s is still running; Ctrl-C stops it",
                         shown->title);
    }
    return true;
}

struct workbench_result *workbench_run(struct workbench *workbench,
                                       const struct workbench_query *query,
                                       struct error *err)
{
    if (!may_start(workbench, query, err)) {
        return NULL;
    }
    struct workbench_result *result = memory_new(sizeof *result);
    result->workbench = workbench;
    result->sql = string_copy(query->sql);
    result->error_offset = SIZE_MAX;
    result->changes = -1;
    result->ask = ask_new(workbench, query);
    if (!query->aside && query->over == NULL) {
        workbench->query_number++;
    }
    result->title = string_printf("q%d", workbench->query_number);
    if (!start_run(result, err)) {
        result->is_over = true; /* err says it all */
        workbench_result_free(result);
        return NULL;
    }
    if (!query->aside) {
        if (query->over != NULL) {
            result->below = workbench->shown;
        } else {
            workbench_free_results(workbench);
        }
        workbench->shown = result;
        workbench_changed(workbench, WORKBENCH_RESULT);
    }
    return result;
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

void workbench_back(struct workbench *workbench)
{
    struct workbench_result *top = workbench->shown;
    if (top == NULL || top->below == NULL) {
        return;
    }
    workbench->shown = top->below;
    top->below = NULL;
    workbench_result_free(top);
    workbench_changed(workbench, WORKBENCH_RESULT);
}
