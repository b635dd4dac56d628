/* command: what a statement means before it runs: its plan, and what is probably wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice.h"
#include "engine/command/private.h"
#include "engine/sql.h"

#include <stdlib.h>
#include <string.h>

/* ---- plan ---- */

static const char *const step_columns[] = {"depth", "estimated", "counted",
                                           "most",  "step",      "detail"};
enum { STEP_COLUMNS = sizeof step_columns / sizeof *step_columns };

struct planning {
    struct command_call *call;
    struct advice_look *look;
    char *sql;
};

static void planning_free(void *own)
{
    struct planning *planning = own;
    advice_look_free(planning->look);
    free(planning->sql);
    free(planning);
}

static void stop_planning(struct command_call *call)
{
    struct planning *planning = call->own;
    struct error err = {0};
    advice_look_free(planning->look);
    planning->look = NULL;
    error_set(&err, ERROR_CANCELLED, "%s was given up", call->row->name);
    call_fail(call, &err);
}

static bool show_steps(struct command_call *call, const struct advice_plan *plan,
                       struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, step_columns, STEP_COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < plan->steps.count; i++) {
        const struct advice_step *step = array_at(&plan->steps, i);
        rows_set_number(rows, 0, step->depth + step->loops);
        if (step->is_read && step->estimated >= 0) {
            rows_set_number(rows, 1, (double)(long long)(step->estimated + 0.5));
        }
        if (step->counted >= 0) {
            rows_set_number(rows, 2, (double)step->counted);
        }
        rows_set_number(rows, 3, step->is_expensive);
        rows_set_text(rows, 4, step->words);
        rows_set_text(rows, 5, step->detail);
        rows_insert(rows);
    }
    return call_reply_rows(call, rows, step_columns, STEP_COLUMNS, err);
}

static void on_plan(void *owner, const struct advice_plan *plan, const struct error *err)
{
    struct command_call *call = owner;
    const struct advice_style style = {.width = call->spec.width,
                                       .unicode = call->spec.unicode};
    struct error problem = {0};
    if (plan == NULL) {
        call_fail(call, err);
        return;
    }
    if (command_flag_value(call, "--format") != NULL) {
        if (!show_steps(call, plan, &problem)) {
            call_fail(call, &problem);
            return;
        }
    } else {
        advice_write(plan, &style, &call->reply.text);
        call->reply.text_title = "Plan";
        call->reply.view = "text";
    }
    call_done(call);
}

/* The one statement of the text; of a `query` in front of it nothing is left. */
static char *one_statement(char *sql, struct error *err)
{
    struct array spans = sql_split(sql, strlen(sql));
    const struct sql_span *span = array_at(&spans, 0);
    char *one = NULL;
    if (spans.count != 1) {
        error_set(err, ERROR_USAGE, "a plan is of one statement, and there are %zu",
                  spans.count);
    } else {
        one = string_copy_bytes(sql + span->start, span->length);
    }
    array_release(&spans);
    free(sql);
    return one;
}

static bool start_plan(struct command_call *call, struct planning *planning,
                       struct error *err)
{
    struct array parameters;
    bool read = call_parameters(call, &parameters, err);
    const struct advice_look_spec spec = {
        .workbench = call->workbench,
        .sql = planning->sql,
        .parameters = parameters.items,
        .parameter_count = parameters.count,
        .purpose = command_flag_value(call, "--purpose"),
        .counts = call_has_flag(call, "--count"),
        .finished = on_plan,
        .owner = call,
    };
    planning->look = read ? advice_look(&spec, err) : NULL;
    call_parameters_release(&parameters);
    return planning->look != NULL;
}

/* Without a statement that of the result in sight. */
static char *sql_to_plan(struct command_call *call, struct error *err)
{
    const struct workbench_result *shown = call->workbench->shown;
    bool none = call_count(call) == 0 && command_flag_value(call, "-f") == NULL;
    while (shown != NULL && shown->below != NULL) {
        shown = shown->below; /* a view is made from its rows */
    }
    return none && call->spec.has_screen && shown != NULL ? string_copy(shown->sql)
                                                          : call_sql(call, 0, err);
}

/* A screen has a pane for it. */
static bool open_plan(struct command_call *call, const char *sql)
{
    if (!call->spec.has_screen || command_flag_value(call, "--format") != NULL ||
        command_flag_value(call, "--param") != NULL) {
        return false;
    }
    text_printf(&call->reply.action, "explain %s", sql);
    call_done(call);
    return true;
}

bool verb_plan(struct command_call *call, struct error *err)
{
    char *sql = sql_to_plan(call, err);
    sql = sql != NULL ? one_statement(sql, err) : NULL;
    if (sql == NULL) {
        return false;
    }
    if (open_plan(call, sql)) {
        free(sql);
        return true;
    }
    struct planning *planning = memory_new(sizeof *planning);
    planning->call = call;
    planning->sql = sql;
    call->own = planning;
    call->free_own = planning_free;
    call->cancel = stop_planning;
    return start_plan(call, planning, err);
}

/* ---- What it will cost, before it runs ---- */

/* No machine that people sit at reads fewer rows a second, or many more. */
enum { ROWS_A_SECOND_LEAST = 20000, ROWS_A_SECOND_MOST = 1000000 };

static bool is_long(const struct command_call *call, const struct advice_plan *plan)
{
    double most = (double)options_number(call->workbench->options, "preview_seconds");
    return plan->seconds >= 0 ? plan->seconds > most
                              : plan->rows > most * ROWS_A_SECOND_MOST;
}

static void ask_long(struct command_call *call, const struct advice_plan *plan)
{
    struct text *action = &call->reply.action;
    text_append(action, "ask-long ");
    advice_cost(plan, action);
    text_append(action, plan->seconds < 0 ? ", how long is not known" : "");
    text_append_char(action, '\n');
    struct command_value *now = array_push(&call->values);
    *now = (struct command_value){.name = string_copy("--now")};
    call_append_line(call, action);
    call_done(call);
}

static void on_cost(void *owner, const struct advice_plan *plan, const struct error *err)
{
    struct command_call *call = owner;
    struct planning *planning = call->own;
    struct error problem = {0};
    (void)err; /* what is wrong with it is told by running it */
    call->cancel = NULL;
    if (plan != NULL && is_long(call, plan)) {
        ask_long(call, plan);
    } else if (!call_run_over(call, planning->sql, NULL, &problem)) {
        call_fail(call, &problem);
    }
}

static bool may_preview(const struct command_call *call, const char *sql)
{
    const struct workbench_result *shown = call->workbench->shown;
    struct array spans = sql_split(sql, strlen(sql));
    bool one = spans.count == 1;
    array_release(&spans);
    return one && call->spec.has_screen && call->spec.can_ask &&
           !call_has_flag(call, "--now") && !call_has_flag(call, "--yes") &&
           call->workbench->session != NULL && (shown == NULL || shown->is_over) &&
           options_number(call->workbench->options, "preview_seconds") > 0;
}

bool call_previews(struct command_call *call, const char *sql)
{
    struct array parameters;
    if (!may_preview(call, sql)) {
        return false;
    }
    struct planning *planning = memory_new(sizeof *planning);
    planning->call = call;
    planning->sql = string_copy(sql);
    bool read = call_parameters(call, &parameters, NULL);
    const struct advice_look_spec spec = {
        .workbench = call->workbench,
        .sql = sql,
        .parameters = parameters.items,
        .parameter_count = parameters.count,
        .purpose = command_flag_value(call, "--purpose"),
        .only_here = true,
        .rows_that_matter =
            (double)options_number(call->workbench->options, "preview_seconds") *
            ROWS_A_SECOND_LEAST,
        .finished = on_cost,
        .owner = call,
    };
    planning->look = read ? advice_look(&spec, NULL) : NULL;
    call_parameters_release(&parameters);
    if (planning->look == NULL) {
        planning_free(planning);
        return false;
    }
    call->own = planning;
    call->free_own = planning_free;
    call->cancel = stop_planning;
    return true;
}

/* ---- advise ---- */

static const char *const advice_columns[] = {"line",     "column", "severity",
                                             "sentence", "rule",   "text"};
enum { ADVICE_COLUMNS = sizeof advice_columns / sizeof *advice_columns };

struct position {
    long long line, column; /* from 1 */
};

static struct position position_of(const char *sql, size_t at)
{
    struct position position = {1, 1};
    for (size_t i = 0; i < at; i++) {
        bool newline = sql[i] == '\n';
        bool inside = ((unsigned char)sql[i] & 0xC0) == 0x80;
        position.line += newline;
        position.column = newline ? 1 : position.column + !inside;
    }
    return position;
}

static const char *severity_of(const struct advice *advice)
{
    return advice->is_note ? "note" : "warning";
}

static bool show_advice(struct command_call *call, const char *sql,
                        const struct array *advice, struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, advice_columns, ADVICE_COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < advice->count; i++) {
        const struct advice *one = array_at(advice, i);
        struct position position = position_of(sql, one->start);
        char *text = string_copy_bytes(sql + one->start, one->length);
        rows_add(rows, "llssss", position.line, position.column, severity_of(one),
                 one->sentence, one->rule, text);
        free(text);
    }
    return call_reply_rows(call, rows, advice_columns, ADVICE_COLUMNS, err);
}

static void write_advice(struct text *out, const char *sql, const struct array *advice)
{
    for (size_t i = 0; i < advice->count; i++) {
        const struct advice *one = array_at(advice, i);
        struct position position = position_of(sql, one->start);
        text_printf(out, "%lld:%lld: %s: %s [%s]\n", position.line, position.column,
                    severity_of(one), one->sentence, one->rule);
    }
}

static bool list_rules(struct command_call *call)
{
    size_t count;
    const struct advice_rule *rules = advice_rules(&count);
    for (size_t i = 0; i < count; i++) {
        text_printf(&call->reply.text, "%-16s %s\n", rules[i].name, rules[i].meaning);
    }
    call->reply.text_title = "Rules of advice";
    call->reply.view = "text";
    call_done(call);
    return true;
}

static size_t count_warnings(const struct array *advice)
{
    size_t warnings = 0;
    for (size_t i = 0; i < advice->count; i++) {
        warnings += !((const struct advice *)array_at(advice, i))->is_note;
    }
    return warnings;
}

bool verb_advise(struct command_call *call, struct error *err)
{
    if (call_has_flag(call, "--rules")) {
        return list_rules(call);
    }
    char *sql = call_sql(call, 0, err);
    if (sql == NULL) {
        return false;
    }
    struct array advice = advice_of(call->workbench, sql, strlen(sql));
    size_t warnings = count_warnings(&advice);
    bool done = true;
    if (command_flag_value(call, "--format") != NULL) {
        done = show_advice(call, sql, &advice, err);
    } else {
        write_advice(&call->reply.text, sql, &advice);
        call->reply.text_title = "Advice";
        call->reply.view = advice.count > 0 ? "text" : NULL;
    }
    if (done && warnings > 0) {
        error_set(&call->reply.error, ERROR_VERDICT, "%zu of %zu are warnings", warnings,
                  advice.count);
    } else if (done) {
        call_message(call, advice.count == 0 ? "nothing to say about it"
                                             : "nothing is wrong with it");
    }
    advice_release(&advice);
    free(sql);
    if (done) {
        call_done(call);
    }
    return done;
}
