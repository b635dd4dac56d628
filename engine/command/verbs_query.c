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
static bool read_parameters(const struct command_call *call, struct array *parameters,
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

static void release_parameters(struct array *parameters)
{
    for (size_t i = 0; i < parameters->count; i++) {
        struct session_parameter *parameter = array_at(parameters, i);
        free((char *)parameter->name);
    }
    array_release(parameters);
}

static struct workbench_result *start(struct command_call *call,
                                      struct workbench_query *query, struct error *err)
{
    struct array parameters;
    long long timeout;
    struct workbench_result *result = NULL;
    if (read_parameters(call, &parameters, err) &&
        call_number(call, "--limit", 0, &query->row_limit, err) &&
        call_number(call, "--timeout", 0, &timeout, err)) {
        query->timeout = (double)timeout;
        query->parameters = parameters.items;
        query->parameter_count = parameters.count;
        query->owner = call;
        result = workbench_run(call->workbench, query, err);
    }
    release_parameters(&parameters);
    return result;
}

/* ---- query ---- */

static void describe(struct command_call *call, const struct workbench_result *result)
{
    char seconds[32];
    struct text *message = &call->reply.message;
    string_of_seconds(result->seconds, seconds, sizeof seconds);
    if (result->result != NULL) {
        call_message(call, "%s ok %s, ", result->title, seconds);
        text_append_count(message, result_count(result->result), "row");
        text_append(message, result->is_limited ? " (stopped at the row limit)" : "");
        return;
    }
    call_message(call, "%s done in %s", result->title, seconds);
    if (result->changes >= 0) {
        text_append(message, ", ");
        text_append_count(message, result->changes, "row");
        text_append(message, " changed");
    }
}

static void on_shown(void *owner, struct workbench_result *result)
{
    struct command_call *call = owner;
    call->watched = NULL;
    if (result->error.kind != ERROR_NONE) {
        call_fail(call, &result->error);
        return;
    }
    text_append(&call->reply.notes, text_string(&result->notes));
    call->reply.result = result->result;
    call->reply.view = result->result != NULL ? "grid" : NULL;
    describe(call, result);
    call_done(call);
}

static bool run_shown(struct command_call *call, const char *sql,
                      struct workbench_result *over, struct error *err)
{
    struct workbench_query query = {.sql = sql, .over = over, .finished = on_shown};
    call->watched = start(call, &query, err);
    return call->watched != NULL;
}

bool verb_query(struct command_call *call, struct error *err)
{
    char *sql = call_sql(call, 0, err);
    bool started = sql != NULL && run_shown(call, sql, NULL, err);
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
        call_fail(call, &result->error);
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
    struct aside *aside = memory_new(sizeof *aside);
    aside->then = then;
    call->own = aside;
    call->free_own = free;
    struct workbench_query query = {.sql = sql, .aside = true, .finished = on_aside};
    call->ran = start(call, &query, err);
    return call->ran != NULL;
}

/* ---- Saved queries of the mesh ---- */

static bool list_saved(struct command_call *call, const struct array *queries,
                       struct error *err)
{
    static const char *const columns[] = {"name", "title", "question"};
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, 3, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < queries->count; i++) {
        const struct catalog_query *query = array_at(queries, i);
        rows_add(rows, "sss", query->name, query->title, query->question);
        text_printf(&call->reply.text, "%-28s %s\n", query->name,
                    query->title != NULL ? query->title : "");
    }
    char *file = string_copy(rows_file(rows));
    bool done = rows_close(rows, err);
    call->rows = done ? rows_open(file, columns, 3, err) : NULL;
    free(file);
    if (call->rows == NULL) {
        return false;
    }
    if (call->spec.has_screen) {
        call->reply.text_title = "Saved queries";
        call->reply.view = "text";
        text_append(&call->reply.text,
                    "\n:saved NAME puts one into the editor and runs it\n");
    } else {
        text_clear(&call->reply.text);
        call->reply.result = call->rows;
    }
    call_done(call);
    return true;
}

static const struct catalog_query *find_saved(const struct array *queries,
                                              const char *name, struct error *err)
{
    const char **names = memory_new_many(queries->count + 1, sizeof *names);
    const struct catalog_query *found = NULL;
    for (size_t i = 0; i < queries->count; i++) {
        const struct catalog_query *query = array_at(queries, i);
        names[i] = query->name;
        found = string_equal_fold(query->name, name) ? query : found;
    }
    const char *near = found == NULL ? string_nearest(name, names) : NULL;
    if (found == NULL) {
        error_set(err, ERROR_FAILED,
                  "the mesh has no saved query %s%s%s; \"saved\" lists them", name,
                  near != NULL ? "; did you mean " : "", near != NULL ? near : "");
    }
    free(names);
    return found;
}

bool verb_saved(struct command_call *call, struct error *err)
{
    struct array queries = catalog_queries(call->workbench->catalog);
    const char *name = call_word(call, 0);
    const struct catalog_query *query = NULL;
    bool done;
    if (name == NULL) {
        done = list_saved(call, &queries, err);
    } else if ((query = find_saved(&queries, name, err)) == NULL) {
        done = false;
    } else if (call_has_flag(call, "--show")) {
        text_append(&call->reply.text, query->sql);
        call->reply.text_title = "Saved query";
        call->reply.view = "text";
        call_done(call);
        done = true;
    } else {
        free(call->workbench->buffer);
        call->workbench->buffer = string_copy(query->sql);
        workbench_changed(call->workbench, WORKBENCH_BUFFER);
        done = run_shown(call, query->sql, NULL, err);
    }
    catalog_queries_release(&queries);
    return done;
}

/* ---- Views of the rows that are shown ---- */

/* Views change what is shown, so the row they are made from has to be whole. */
static struct workbench_result *whole_result(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = call->workbench->shown;
    if (!shown->is_over) {
        error_set(err, ERROR_FAILED,
                  "%s has to wait: %s is still running; Ctrl-C stops it", call->row->name,
                  shown->title);
        return NULL;
    }
    return shown;
}

static bool find_shown_column(const struct workbench_result *shown, const char *name,
                              size_t *index, struct error *err)
{
    size_t count = result_column_count(shown->result);
    for (size_t i = 0; name != NULL && i < count; i++) {
        if (string_equal_fold(result_column(shown->result, i)->name, name)) {
            *index = i;
            return true;
        }
    }
    char *end;
    unsigned long number = name != NULL ? strtoul(name, &end, 10) : 0;
    if (number >= 1 && number <= count && *end == '\0') {
        *index = number - 1;
        return true;
    }
    return error_set(err, ERROR_USAGE,
                     "the result has no column \"%s\"; name one or give its "
                     "number from 1 to %zu",
                     name != NULL ? name : "", count);
}

static bool run_view(struct command_call *call, struct workbench_result *base,
                     const struct text *sql, struct error *err)
{
    return run_shown(call, text_string(sql), base, err);
}

bool verb_sort(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = whole_result(call, err);
    struct result_order order = {0};
    if (shown == NULL ||
        !find_shown_column(shown, call_word(call, 0), &order.column, err)) {
        return false;
    }
    const char *direction = call_word(call, 1);
    order.descending = string_equal_fold(direction, "desc");
    struct text sql = {0};
    result_view_sql(shown->result, &order, 1, NULL, -1, &sql);
    bool done = run_view(call, shown, &sql, err);
    text_release(&sql);
    return done;
}

bool verb_filter(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = whole_result(call, err);
    const char *column = command_flag_value(call, "--column");
    size_t index = 0;
    if (shown == NULL ||
        (column != NULL && !find_shown_column(shown, column, &index, err))) {
        return false;
    }
    if (call_word(call, 0) == NULL) {
        return error_set(err, ERROR_USAGE,
                         "filter needs a text that the rows must contain");
    }
    struct text sql = {0};
    result_view_sql(shown->result, NULL, 0, call_word(call, 0),
                    column != NULL ? (int)index : -1, &sql);
    bool done = run_view(call, shown, &sql, err);
    text_release(&sql);
    return done;
}

bool verb_frequency(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = whole_result(call, err);
    size_t index = 0;
    if (shown == NULL || !find_shown_column(shown, call_word(call, 0), &index, err)) {
        return false;
    }
    struct text sql = {0};
    result_frequency_sql(shown->result, index, &sql);
    bool done = run_view(call, shown, &sql, err);
    text_release(&sql);
    return done;
}

bool verb_back(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = call->workbench->shown;
    if (shown == NULL || shown->below == NULL) {
        return error_set(err, ERROR_FAILED, "there is no earlier view to go back to");
    }
    workbench_back(call->workbench);
    call->reply.view = "grid";
    call_done(call);
    return true;
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

bool verb_param(struct command_call *call, struct error *err)
{
    const char *name = call_word(call, 0);
    struct workbench *workbench = call->workbench;
    if (name == NULL) {
        for (size_t i = 0; i < workbench->parameters.count; i++) {
            const struct workbench_parameter *one = array_at(&workbench->parameters, i);
            text_printf(&call->reply.text, ":%s = %s\n", one->name, one->value);
        }
        if (call->reply.text.length == 0) {
            call_message(call,
                         "no parameter has a value yet; \"param NAME VALUE\" gives one");
        }
        call->reply.text_title = "Parameters";
        call->reply.view = call->reply.text.length > 0 ? "text" : NULL;
        call_done(call);
        return true;
    }
    name += name[0] == ':';
    if (name[0] == '\0') {
        return error_set(err, ERROR_USAGE, "param needs the name of a parameter");
    }
    if (!workbench_set_parameter(workbench, name, call_word(call, 1), err)) {
        return error_prefix(err, ":%s holds for now, but is not kept: ", name);
    }
    call_message(call, call_word(call, 1) != NULL ? ":%s is set" : ":%s is forgotten",
                 name);
    call_done(call);
    return true;
}
