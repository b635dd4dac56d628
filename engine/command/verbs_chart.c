/* command: verbs that carry rows elsewhere: chart and export.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/export.h"
#include "engine/path.h"

#include <stdlib.h>
#include <string.h>

/* ---- chart ---- */

static bool write_chart_file(struct command_call *call, struct error *err)
{
    const char *out = command_flag_value(call, "--out");
    long long width;
    long long height;
    if (!call_number(call, "--width", 0, &width, err) ||
        !call_number(call, "--height", 0, &height, err)) {
        return false;
    }
    struct chart_file_spec spec = {
        .path = out, .width = (int)width, .height = (int)height};
    if (!chart_write_file(call->workbench->chart, &spec, err)) {
        return false;
    }
    call_message(call, "the chart is in %s", out);
    return true;
}

static void on_drawn(void *owner)
{
    struct command_call *call = owner;
    struct workbench *workbench = call->workbench;
    if (workbench->chart == NULL) {
        call_fail(call, &workbench->chart_error);
        return;
    }
    call->reply.chart = workbench->chart;
    if (command_flag_value(call, "--out") != NULL) {
        struct error err = {0};
        if (!write_chart_file(call, &err)) {
            call_fail(call, &err);
            return;
        }
    } else {
        call_message(call, "%s", chart_summary(workbench->chart));
    }
    call->reply.view = "chart";
    call_done(call);
}

static bool draw(struct command_call *call, struct workbench_result *from,
                 struct error *err)
{
    const struct chart_kind_row *kind = chart_kind_named(call_word(call, 0));
    struct workbench_chart asked = {
        .kind = kind->kind,
        .x = (char *)command_flag_value(call, "--x"),
        .y = (char *)command_flag_value(call, "--y"),
        .series = (char *)command_flag_value(call, "--by"),
        .title = (char *)command_flag_value(call, "--title"),
    };
    return workbench_draw_chart(call->workbench, from, &asked, on_drawn, call, err);
}

static void draw_aside(struct command_call *call)
{
    struct error err = {0};
    if (!draw(call, call->ran, &err)) {
        call_fail(call, &err);
    }
}

static bool check_kind(const char *name, struct error *err)
{
    if (name != NULL && chart_kind_named(name) != NULL) {
        return true;
    }
    size_t count;
    const struct chart_kind_row *kinds = chart_kinds(&count);
    struct text names = {0};
    for (size_t i = 0; i < count; i++) {
        text_printf(&names, "%s%s", i > 0 ? ", " : "", kinds[i].name);
    }
    error_set(err, ERROR_USAGE, "chart needs a kind, one of %s%s%s", text_string(&names),
              name != NULL ? ", not " : "", name != NULL ? name : "");
    text_release(&names);
    return false;
}

static void cancel_chart(struct command_call *call)
{
    struct error err = {0};
    if (workbench_stop_chart(call->workbench)) {
        error_set(&err, ERROR_CANCELLED, "the chart was cancelled");
        call_fail(call, &err);
    }
}

bool verb_chart(struct command_call *call, struct error *err)
{
    call->cancel = cancel_chart;
    if (!check_kind(call_word(call, 0), err)) {
        return false;
    }
    bool has_sql = call_count(call) > 1 || call_has_flag(call, "-f");
    if (!has_sql && call->workbench->shown != NULL) {
        return draw(call, call->workbench->shown, err);
    }
    char *sql = call_sql(call, 1, err);
    bool started = sql != NULL && call_run_aside(call, sql, draw_aside, err);
    free(sql);
    return started;
}

/* ---- export: written by a child, for it may be long ---- */

struct export_work {
    const struct result *result;
    struct export_spec spec;
    const char *path;
};

static bool export_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct export_work *work = argument;
    const struct result *from = work->result;
    struct result *result =
        result_open_finished(result_file(from), result_table(from), err);
    if (result == NULL) {
        return false;
    }
    for (size_t i = 0; i < result_column_count(from); i++) {
        const struct result_column *column = result_column(from, i);
        result_set_column(result, i, column->name, column->declared, column->product,
                          column->table, column->column);
    }
    result_set_count(result, result_count(from), true);
    struct export_outcome outcome = {0};
    bool done = export_to_file(result, &work->spec, work->path, port, &outcome, err);
    result_free(result);
    job_tell(port, 0, &outcome, sizeof outcome);
    return done;
}

static void on_outcome(void *owner, struct job *job, int type, const void *bytes,
                       size_t length)
{
    (void)job;
    (void)type;
    struct command_call *call = owner;
    struct export_outcome outcome;
    if (length != sizeof outcome) {
        return;
    }
    memcpy(&outcome, bytes, sizeof outcome);
    char size[32];
    text_clear(&call->reply.message);
    text_append_count(&call->reply.message, outcome.rows, "row");
    text_printf(&call->reply.message, " (%s) in %s",
                string_of_bytes(outcome.bytes, size, sizeof size),
                command_flag_value(call, "--out"));
    if (call_has_flag(call, "--spreadsheet")) {
        text_append(&call->reply.message, "; ");
        text_append_count(&call->reply.message, outcome.guarded, "cell");
        text_append(&call->reply.message, " got a ' against formulas");
    }
}

static void on_exported(void *owner, struct job *job)
{
    struct command_call *call = owner;
    call->job = NULL;
    if (job_state(job) == JOB_DONE) {
        call_done(call);
    } else {
        path_part_sweep(command_flag_value(call, "--out")); /* a child that was killed */
        call_fail(call, job_error(job));
    }
    workbench_changed(call->workbench, WORKBENCH_JOBS);
}

static void on_export_progress(void *owner, struct job *job)
{
    (void)job;
    struct command_call *call = owner;
    workbench_changed(call->workbench, WORKBENCH_JOBS);
}

static const struct export_format *choose_format(struct command_call *call,
                                                 struct error *err)
{
    const char *out = command_flag_value(call, "--out");
    const char *name = command_flag_value(call, "--format");
    const struct export_format *format =
        name != NULL ? export_format_named(name) : export_format_of(out);
    if (format == NULL) {
        error_set(
            err, ERROR_USAGE,
            "could not tell the format of %s: use a suffix like .csv, .json or .md, or "
            "--format",
            name != NULL ? name : out);
    }
    return format;
}

static bool start_export(struct command_call *call, struct result *result,
                         struct error *err)
{
    struct export_work work = {
        .result = result,
        .spec = {.format = choose_format(call, err),
                 .spreadsheet = call_has_flag(call, "--spreadsheet")},
        .path = command_flag_value(call, "--out"),
    };
    if (work.spec.format == NULL) {
        return false;
    }
    char *title = string_printf("export to %s", work.path);
    struct job_spec spec = {
        .title = title,
        .run = export_in_child,
        .argument = &work,
        .progressed = on_export_progress,
        .received = on_outcome,
        .finished = on_exported,
        .owner = call,
    };
    call->job = jobs_start(call->workbench->jobs, &spec, err);
    free(title);
    return call->job != NULL;
}

static void export_aside(struct command_call *call)
{
    struct error err = {0};
    if (!start_export(call, call->ran->result, &err)) {
        call_fail(call, &err);
    }
}

bool verb_export(struct command_call *call, struct error *err)
{
    if (!call_has_flag(call, "--out")) {
        return error_set(err, ERROR_USAGE, "export needs --out FILE");
    }
    if (choose_format(call, err) == NULL) {
        return false;
    }
    const struct workbench_result *shown = call->workbench->shown;
    if (call_count(call) == 0 && !call_has_flag(call, "-f") && shown != NULL &&
        shown->result != NULL) {
        return shown->is_over
                   ? start_export(call, shown->result, err)
                   : error_set(err, ERROR_FAILED,
                               "export has to wait: %s is still running", shown->title);
    }
    char *sql = call_sql(call, 0, err);
    bool started = sql != NULL && call_run_aside(call, sql, export_aside, err);
    free(sql);
    return started;
}
