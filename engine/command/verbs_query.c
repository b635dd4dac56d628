/* command: verbs that run SQL and look at its rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/path.h"
#include "engine/sql.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SQL_LARGEST = 64 << 20 };

/* ---- The SQL of a call ---- */

static char *read_input(struct error *err)
{
    struct text text = {0};
    for (;;) {
        ssize_t n = read(STDIN_FILENO, text_reserve(&text, 65536), 65536);
        if (n < 0 && errno == EINTR) {
            error_set(err, ERROR_CANCELLED, "reading standard input was cancelled");
            text_release(&text);
            return NULL;
        }
        if (n < 0 || text.length > SQL_LARGEST) {
            error_set(err, ERROR_FAILED, "could not read SQL from standard input: %s",
                      n < 0 ? error_of_errno(errno) : "it is larger than 64 MiB");
            text_release(&text);
            return NULL;
        }
        if (n == 0) {
            return text_take(&text);
        }
        text_grow(&text, (size_t)n);
    }
}

char *call_sql(struct command_call *call, size_t first_word, struct error *err)
{
    const char *file = command_flag_value(call, "-f");
    if (file != NULL) {
        char *bytes;
        size_t length;
        return path_read_file(file, SQL_LARGEST, &bytes, &length, err) ? bytes : NULL;
    }
    const char *word = call_word(call, first_word);
    if (string_equal(word, "-") && !call->spec.has_screen) {
        return read_input(err);
    }
    struct text sql = {0};
    for (size_t i = first_word; i < call_count(call); i++) {
        text_append(&sql, i > first_word ? " " : "");
        text_append(&sql, call_word(call, i));
    }
    if (sql.length == 0) {
        text_release(&sql);
        error_set(err, ERROR_USAGE, "%s needs SQL: %s %s", call->row->name,
                  call->row->name, call->row->arguments);
        return NULL;
    }
    return text_take(&sql);
}

/* --param NAME=VALUE, as often as given: array of struct session_parameter. */
bool call_parameters(const struct command_call *call, struct array *parameters,
                     struct error *err)
{
    *parameters = (struct array)ARRAY_OF(struct session_parameter);
    for (size_t i = 0; i < call->values.count; i++) {
        const struct command_value *value = array_at(&call->values, i);
        if (!string_equal(value->name, "--param")) {
            continue;
        }
        const char *sign = strchr(value->value, '=');
        if (sign == NULL || sign == value->value) {
            return error_set(err, ERROR_USAGE, "--param is NAME=VALUE, not \"%s\"",
                             value->value);
        }
        const char *name = value->value + (value->value[0] == ':');
        struct session_parameter *parameter = array_push(parameters);
        parameter->name = string_copy_bytes(name, (size_t)(sign - name));
        parameter->value = sign + 1;
    }
    return true;
}

void call_parameters_release(struct array *parameters)
{
    for (size_t i = 0; i < parameters->count; i++) {
        struct session_parameter *parameter = array_at(parameters, i);
        free((char *)parameter->name);
    }
    array_release(parameters);
}

struct workbench_result *call_start_query(struct command_call *call,
                                          struct workbench_query *query,
                                          struct error *err)
{
    struct array parameters;
    long long timeout;
    struct workbench_result *result = NULL;
    if (call_parameters(call, &parameters, err) &&
        call_number(call, "--limit", 0, &query->row_limit, err) &&
        call_number(call, "--timeout", 0, &timeout, err)) {
        query->timeout = (double)timeout;
        query->parameters = parameters.items;
        query->parameter_count = parameters.count;
        query->owner = call;
        query->purpose = command_flag_value(call, "--purpose");
        query->may_destroy = call_has_flag(call, "--yes");
        /* Another tab may have come to the front since. */
        query->tab = query->over != NULL ? query->over->tab : call->tab;
        result = workbench_run(call->workbench, query, err);
    }
    call_parameters_release(&parameters);
    return result;
}

/* ---- query ---- */

void call_describe(struct command_call *call, const struct workbench_result *result)
{
    char seconds[32];
    struct text *message = &call->reply.message;
    string_of_seconds(result->seconds, seconds, sizeof seconds);
    if (result->result != NULL) {
        call_message(call, "%s ok %s, ", result->title, seconds);
        text_append_count(message, result_count(result->result), "row");
        text_append(message, result->is_limited ? " (stopped at the row limit)" : "");
        call_tell_timing(call, result);
        return;
    }
    call_message(call, "%s done in %s", result->title, seconds);
    if (result->changes >= 0) {
        text_append(message, ", ");
        text_append_count(message, result->changes, "row");
        text_append(message, " changed");
    }
}

/* A purpose or a consent is missing: on the screen it is asked for, and the line runs
 * again. */
void call_fail_run(struct command_call *call, const struct workbench_result *result)
{
    struct error err = result->error;
    if (result->asks != NULL && call->spec.can_ask) {
        text_append(&call->reply.action, "ask-purpose \n");
        call_append_line(call, &call->reply.action);
    } else if (result->destroys != NULL) {
        call_ask_yes(call, result->destroys);
        error_set(&err, err.kind, "%s; \"query --yes\" runs it", result->error.message);
    }
    call_fail(call, &err);
}

/* Of a tab that is behind only a message is told. */
static void tell_tab(struct command_call *call, const struct workbench_result *result)
{
    struct workbench *workbench = call->workbench;
    char *said = string_copy(text_string(&call->reply.message));
    for (size_t i = 0; i < workbench->tabs.count; i++) {
        if (i != workbench->tab && workbench_tab_at(workbench, i)->id == result->tab) {
            call->reply.view = NULL;
            call_message(call, "tab %zu: %s", i + 1, said);
        }
    }
    free(said);
}

/* What was to be a view of rows and failed, or was stopped, gives the rows back. */
static void leave_failed(struct workbench *workbench, struct workbench_result *result)
{
    if (workbench->shown == result && result->below != NULL) {
        workbench_back(workbench);
    }
}

static void on_shown(void *owner, struct workbench_result *result)
{
    struct command_call *call = owner;
    call->watched = NULL;
    if (result->error.kind != ERROR_NONE) {
        call_fail_run(call, result);
        leave_failed(call->workbench, result);
        return;
    }
    text_append(&call->reply.notes, text_string(&result->notes));
    call_note_use(call, text_string(&result->products));
    call->reply.result = result->result;
    call->reply.view = result->result != NULL ? "grid" : NULL;
    call_describe(call, result);
    tell_tab(call, result);
    call_done(call);
}

bool call_run_query(struct command_call *call, struct workbench_query *query,
                    struct error *err)
{
    query->finished = on_shown;
    call->watched = call_start_query(call, query, err);
    return call->watched != NULL;
}

bool call_run_over(struct command_call *call, const char *sql,
                   struct workbench_result *over, struct error *err)
{
    if (call_asks_parameters(call, sql)) {
        return true;
    }
    const char *saved =
        string_equal(call->row->name, "saved") ? call_word(call, 0) : NULL;
    struct workbench_query query = {
        .sql = sql, .over = over, .saved_query = saved, .is_typed = call->is_typed};
    return call_run_query(call, &query, err);
}

bool call_run_shown(struct command_call *call, const char *sql, struct error *err)
{
    return call_run_over(call, sql, NULL, err);
}

bool verb_query(struct command_call *call, struct error *err)
{
    call->is_typed = call->spec.is_dialog && !call->spec.is_hidden;
    char *sql = call_sql(call, 0, err);
    bool started =
        sql != NULL && (call_asks_parameters(call, sql) || call_previews(call, sql) ||
                        call_run_over(call, sql, NULL, err));
    free(sql);
    return started;
}

/* ---- Running aside ---- */

struct aside {
    void (*then)(struct command_call *call);
};

static void on_aside(void *owner, struct workbench_result *result)
{
    struct command_call *call = owner;
    struct aside *aside = call->own;
    if (result->error.kind != ERROR_NONE) {
        call_fail_run(call, result);
    } else if (result->result == NULL) {
        struct error err = {0};
        error_set(&err, ERROR_FAILED, "%s needs rows, but the statement gives none",
                  call->row->name);
        call_fail(call, &err);
    } else {
        text_append(&call->reply.notes, text_string(&result->notes));
        aside->then(call);
    }
}

bool call_run_aside(struct command_call *call, const char *sql,
                    void (*then)(struct command_call *call), struct error *err)
{
    if (call_asks_parameters(call, sql)) {
        return true;
    }
    struct aside *aside = memory_new(sizeof *aside);
    aside->then = then;
    call->own = aside;
    call->free_own = free;
    struct workbench_query query = {.sql = sql, .aside = true, .finished = on_aside};
    call->ran = call_start_query(call, &query, err);
    return call->ran != NULL;
}

bool verb_cancel(struct command_call *call, struct error *err)
{
    struct workbench *workbench = call->workbench;
    long long number;
    if (call_word(call, 0) != NULL) {
        number = strtoll(call_word(call, 0), NULL, 10);
        struct job *job =
            number > 0 ? jobs_at(workbench->jobs, (size_t)number - 1) : NULL;
        if (job == NULL) {
            return error_set(err, ERROR_USAGE, "there is no job %s", call_word(call, 0));
        }
        job_cancel(job);
        call_message(call, "cancelling %s", job_title(job));
    } else if (workbench->shown != NULL && !workbench->shown->is_over) {
        workbench_result_cancel(workbench->shown);
        call_message(call, "cancelling %s", workbench->shown->title);
    } else {
        return error_set(err, ERROR_FAILED, "nothing is running");
    }
    call_done(call);
    return true;
}

bool verb_purpose(struct command_call *call, struct error *err)
{
    struct options *options = call->workbench->options;
    struct text purpose = {0};
    for (size_t i = 0; i < call_count(call); i++) {
        text_printf(&purpose, "%s%s", i > 0 ? " " : "", call_word(call, i));
    }
    bool done = call_count(call) == 0 ||
                options_set(options, "purpose", text_string(&purpose), err);
    const char *now = options_get(options, "purpose");
    text_release(&purpose);
    if (!done) {
        return false;
    }
    if (now[0] == '\0') {
        call_message(call, "no purpose is said; purpose TEXT says what one reads for");
    } else {
        call_message(call, "purpose: %s", now);
    }
    workbench_changed(call->workbench, WORKBENCH_OPTIONS);
    call_done(call);
    return true;
}
