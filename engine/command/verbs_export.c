/* command: the verb that writes rows elsewhere: a child does it, for it may be long.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/export.h"
#include "engine/path.h"
#include "engine/provenance.h"

#include <stdlib.h>
#include <string.h>

enum { TELL_OUTCOME, TELL_PRINTED };

bool call_may_leave(const struct command_call *call,
                    const struct workbench_result *result, struct error *err)
{
    const struct workbench_leaving leaving = {
        .way = "export", .purpose = command_flag_value(call, "--purpose")};
    return workbench_may_leave(call->workbench, result, &leaving, NULL, err);
}

/* ---- In the child ---- */

struct export_work {
    const struct result *result;
    const struct workbench_result *from;
    struct export_spec spec;
    struct provenance provenance; /* of the spec: sums of files are added in the child */
    const char *path, *command;   /* one of them */
};

/* The global policies that are enforced where rows leave, for each product that the rows,
 * or those they are a view of, come from. */
static bool pass_policies(const struct export_work *work, struct error *err)
{
    const struct workbench *workbench = work->from->workbench;
    if (workbench->index == NULL || workbench->catalog == NULL ||
        !governance_has_gate(workbench->catalog, "export")) {
        return true;
    }
    struct catalog *catalog = catalog_open(workbench->index, err);
    bool passes = catalog != NULL;
    for (const struct workbench_result *from = work->from; passes && from != NULL;
         from = from->below) {
        const char *at = text_string(&from->products);
        while (passes && *at != '\0') {
            char *product = string_copy_bytes(at, strcspn(at, "\n"));
            const struct governance_spec spec = {
                .catalog = catalog, .role = workbench->role, .product = product};
            passes = governance_gate(&spec, "export", err);
            at += strlen(product) + (at[strlen(product)] == '\n');
            free(product);
        }
    }
    catalog_close(catalog);
    return passes;
}

static bool export_in_child(struct job_port *port, void *argument, struct error *err)
{
    struct export_work *work = argument;
    struct export_outcome outcome = {0};
    struct text printed = {0};
    if (!pass_policies(work, err)) {
        return false;
    }
    if (work->spec.place != EXPORT_NOWHERE) {
        provenance_hash_files(&work->provenance);
    }
    struct result *result = call_open_again(work->result, err);
    bool done =
        result != NULL &&
        (work->command != NULL
             ? export_through(result, &work->spec, work->command, &printed, port,
                              &outcome, err)
             : export_to_file(result, &work->spec, work->path, port, &outcome, err));
    result_free(result);
    if (done) {
        job_tell(port, TELL_OUTCOME, &outcome, sizeof outcome);
        job_tell(port, TELL_PRINTED, text_string(&printed), printed.length);
    }
    text_release(&printed);
    return done;
}

/* ---- What came of it ---- */

static void tell_odds(struct command_call *call, const struct export_outcome *outcome)
{
    struct text *message = &call->reply.message;
    if (call_has_flag(call, "--spreadsheet")) {
        text_append(message, "; ");
        text_append_count(message, outcome->guarded, "cell");
        text_append(message, " got a ' against formulas");
    }
    if (outcome->as_text > 0) {
        text_append(message, "; ");
        text_append_count(message, outcome->as_text, "number");
        text_append(message, " that a spreadsheet would round stand as text");
    }
    if (outcome->rounded > 0) {
        text_append(message, "; ");
        text_append_count(message, outcome->rounded, "real number");
        text_append(message, " rounded to 16 digits");
    }
    if (outcome->replaced > 0) {
        text_append(message, "; bytes that are no UTF-8 were replaced in ");
        text_append_count(message, outcome->replaced, "cell");
    }
    if (outcome->sheets > 1) {
        text_printf(message, "; on %lld sheets", outcome->sheets);
    }
}

static void tell_outcome(struct command_call *call, const struct export_outcome *outcome)
{
    char size[32];
    const char *out = command_flag_value(call, "--out");
    struct text *message = &call->reply.message;
    text_clear(message);
    text_append_count(message, outcome->rows, "row");
    text_printf(message, " (%s) %s %s",
                string_of_bytes(outcome->bytes, size, sizeof size),
                out != NULL ? "in" : "through",
                out != NULL ? out : command_flag_value(call, "--pipe"));
    tell_odds(call, outcome);
    if (outcome->is_beside) {
        char *beside = export_beside_name(out);
        text_printf(message, "; their origin is in %s", beside);
        free(beside);
    }
}

static void on_told(void *owner, struct job *job, int type, const void *bytes,
                    size_t length)
{
    struct command_call *call = owner;
    struct export_outcome outcome;
    (void)job;
    if (type == TELL_OUTCOME && length == sizeof outcome) {
        memcpy(&outcome, bytes, sizeof outcome);
        tell_outcome(call, &outcome);
    } else if (type == TELL_PRINTED && length > 0) {
        text_append_bytes(&call->reply.text, bytes, length);
    }
}

static void on_exported(void *owner, struct job *job)
{
    struct command_call *call = owner;
    const char *out = command_flag_value(call, "--out");
    call->job = NULL;
    if (job_state(job) == JOB_DONE) {
        call_done(call);
    } else {
        if (out != NULL) {
            path_part_sweep(out); /* a child that was killed */
        }
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

/* ---- What is asked for ---- */

static const struct export_format *choose_format(struct command_call *call,
                                                 struct error *err)
{
    const char *out = command_flag_value(call, "--out");
    const char *name = command_flag_value(call, "--format");
    const struct export_format *format = name != NULL  ? export_format_named(name)
                                         : out != NULL ? export_format_of(out)
                                                       : export_format_named("csv");
    if (format == NULL) {
        error_set(err, ERROR_USAGE,
                  "could not tell the format of %s: use a suffix like .csv, .json, .xlsx "
                  "or .md, or --format",
                  name != NULL ? name : out);
    } else if (out == NULL && format->is_file) {
        error_set(err, ERROR_USAGE, "%s is a file and goes through no pipe; use --out",
                  format->name);
        format = NULL;
    }
    return format;
}

static bool choose_place(const struct command_call *call, enum export_place *place,
                         struct error *err)
{
    static const struct {
        const char *name;
        enum export_place place;
    } places[] = {
        {"inside", EXPORT_INSIDE}, {"beside", EXPORT_BESIDE}, {"none", EXPORT_NOWHERE}};
    const char *asked = command_flag_value(call, "--provenance");
    *place =
        command_flag_value(call, "--out") != NULL ? EXPORT_WHERE_FIT : EXPORT_NOWHERE;
    for (size_t i = 0; asked != NULL && i < sizeof places / sizeof *places; i++) {
        if (string_equal(asked, places[i].name)) {
            *place = places[i].place;
            asked = NULL;
        }
    }
    return asked == NULL ||
           error_set(err, ERROR_USAGE,
                     "--provenance is inside, beside or none, not \"%s\"", asked);
}

static bool start_job(struct command_call *call, struct export_work *work,
                      struct error *err)
{
    char *title = string_printf("export %s %s", work->path != NULL ? "to" : "through",
                                work->path != NULL ? work->path : work->command);
    struct job_spec spec = {
        .title = title,
        .run = export_in_child,
        .argument = work,
        .progressed = on_export_progress,
        .received = on_told,
        .finished = on_exported,
        .owner = call,
    };
    call->job = jobs_start(call->workbench->jobs, &spec, err);
    free(title);
    return call->job != NULL;
}

static bool start_export(struct command_call *call, const struct workbench_result *from,
                         struct error *err)
{
    struct export_work work = {
        .result = from->result,
        .from = from,
        .spec = {.format = choose_format(call, err),
                 .spreadsheet = call_has_flag(call, "--spreadsheet"),
                 .table = command_flag_value(call, "--table"),
                 .provenance = &work.provenance},
        .path = command_flag_value(call, "--out"),
        .command = command_flag_value(call, "--pipe"),
    };
    if (work.spec.format == NULL || !choose_place(call, &work.spec.place, err) ||
        !call_may_leave(call, from, err)) {
        return false;
    }
    workbench_provenance(from, &work.provenance);
    bool started = start_job(call, &work, err);
    provenance_release(&work.provenance);
    return started;
}

static void export_aside(struct command_call *call)
{
    struct error err = {0};
    if (!start_export(call, call->ran, &err)) {
        call_fail(call, &err);
    }
}

bool verb_export(struct command_call *call, struct error *err)
{
    if (call_has_flag(call, "--out") == call_has_flag(call, "--pipe")) {
        return error_set(err, ERROR_USAGE, "export needs --out FILE or --pipe COMMAND");
    }
    if (choose_format(call, err) == NULL) {
        return false;
    }
    const struct workbench_result *shown = call->workbench->shown;
    if (call_count(call) == 0 && !call_has_flag(call, "-f") && shown != NULL &&
        shown->result != NULL) {
        return shown->is_over
                   ? start_export(call, shown, err)
                   : error_set(err, ERROR_FAILED,
                               "export has to wait: %s is still running", shown->title);
    }
    char *sql = call_sql(call, 0, err);
    bool started = sql != NULL && call_run_aside(call, sql, export_aside, err);
    free(sql);
    return started;
}
