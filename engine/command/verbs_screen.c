/* command: verbs about the program itself: settings, scripts, the sandbox, help, and
 * those that the screen carries out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/demo.h"
#include "engine/path.h"

#include <stdlib.h>
#include <string.h>

/* ---- set ---- */

static void list_options(const struct command_call *call, struct text *out)
{
    size_t count;
    const struct option_row *rows = options_rows(&count);
    for (size_t i = 0; i < count; i++) {
        text_printf(out, "%-14s = %-10s %s\n", rows[i].name,
                    options_get(call->workbench->options, rows[i].name),
                    rows[i].sentence);
    }
}

bool verb_set(struct command_call *call, struct error *err)
{
    const char *name = call_word(call, 0);
    const char *value = call_word(call, 1);
    struct options *options = call->workbench->options;
    if (name == NULL) {
        list_options(call, &call->reply.text);
        call->reply.text_title = "Settings";
        call->reply.view = "text";
    } else if (value == NULL && options_get(options, name) != NULL) {
        call_message(call, "%s = %s", name, options_get(options, name));
    } else if (!options_set(options, name,
                            string_equal(value, "=") ? call_word(call, 2) : value, err)) {
        return false;
    } else {
        call_message(call, "%s = %s", name, options_get(options, name));
        workbench_changed(call->workbench, WORKBENCH_OPTIONS);
    }
    call_done(call);
    return true;
}

/* ---- script: a verb a line, one after the other, up to the first that fails ---- */

struct script {
    char *bytes, *next;
    const char *file;
    int line;
    struct command_call *running;
    struct error verdict;
};

static void free_script(void *own)
{
    struct script *script = own;
    command_free(script->running);
    free(script->bytes);
    free(script);
}

static void cancel_script(struct command_call *call)
{
    struct script *script = call->own;
    script->next = NULL;
    if (script->running != NULL) {
        command_cancel(script->running);
    }
}

static char *next_line(struct script *script)
{
    while (script->next != NULL && *script->next != '\0') {
        char *line = script->next;
        char *end = strchr(line, '\n');
        script->next = end != NULL ? end + 1 : NULL;
        if (end != NULL) {
            *end = '\0';
        }
        script->line++;
        line += strspn(line, " \t\r:");
        if (*line != '\0' && *line != '#' && !string_starts(line, "--")) {
            return line;
        }
    }
    return NULL;
}

static void run_next_line(struct command_call *call);

static void fail_line(struct command_call *call, const struct error *reason)
{
    struct script *script = call->own;
    struct error err = *reason;
    error_prefix(&err, "%s:%d: ", script->file, script->line);
    call_fail(call, &err);
}

static void on_line_done(void *owner, struct command_call *line)
{
    struct command_call *call = owner;
    struct script *script = call->own;
    struct error err = line->reply.error;
    bool quit = line->reply.quit;
    if (call->spec.line_done != NULL) {
        call->spec.line_done(call->spec.owner, line);
    }
    script->running = NULL;
    command_free(line);
    if (err.kind == ERROR_VERDICT) {
        script->verdict = err; /* an answer, not a failure: the script goes on */
    } else if (err.kind != ERROR_NONE) {
        fail_line(call, &err);
        return;
    }
    if (quit) {
        call->reply.quit = true;
        script->next = NULL;
    }
    run_next_line(call);
}

static void run_next_line(struct command_call *call)
{
    struct script *script = call->own;
    char *line = next_line(script);
    struct error err = {0};
    if (line == NULL) {
        call->reply.error = script->verdict;
        call_done(call);
        return;
    }
    if (call->workbench->catalog_is_loading &&
        !workbench_wait_catalog(call->workbench, &err)) {
        fail_line(call, &err);
        return;
    }
    struct command_spec spec = call->spec;
    spec.is_dialog = false; /* nobody typed it */
    spec.finished = on_line_done;
    spec.owner = call;
    script->running = command_start_line(&spec, line, &err);
    if (script->running == NULL) {
        fail_line(call, &err);
    }
}

bool verb_script(struct command_call *call, struct error *err)
{
    enum { SCRIPT_LARGEST = 16 << 20 };
    size_t length;
    if (call_word(call, 0) == NULL) {
        return error_set(err, ERROR_USAGE, "script needs a file of verbs, one a line");
    }
    struct script *script = memory_new(sizeof *script);
    script->file = call_word(call, 0);
    call->own = script;
    call->free_own = free_script;
    call->cancel = cancel_script;
    if (!path_read_file(script->file, SCRIPT_LARGEST, &script->bytes, &length, err)) {
        return false;
    }
    script->next = script->bytes;
    run_next_line(call);
    return true;
}

/* ---- demo ---- */

struct demo_work {
    char *samples, *folder;
    struct demo_install_spec spec;
    struct job_port *port;
};

static bool tell_demo_progress(void *arg, int done, int total)
{
    struct demo_work *work = arg;
    struct job_progress progress = {.done = done,
                                    .total = total,
                                    .unit = JOB_THINGS,
                                    .rows = -1,
                                    .note = "days of trade"};
    job_report(work->port, &progress);
    return !job_cancelled(work->port);
}

static bool demo_in_child(struct job_port *port, void *argument, struct error *err)
{
    struct demo_work *work = argument;
    work->port = port;
    work->spec.progress = tell_demo_progress;
    work->spec.arg = work;
    return demo_install(&work->spec, err);
}

static void on_demo_made(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct demo_work *work = call->own;
    struct error err = *job_error(job);
    call->job = NULL;
    if (job_state(job) != JOB_DONE ||
        !workbench_open_mesh(call->workbench, work->folder, &err)) {
        call_fail(call, &err);
        return;
    }
    call_message(call, "the sandbox is ready in %s%s", work->folder,
                 call->spec.has_screen ? "; :saved lists questions to ask it" : "");
    call->reply.view = "catalog";
    call_done(call);
}

static void free_demo(void *own)
{
    struct demo_work *work = own;
    free(work->samples);
    free(work->folder);
    free(work);
}

static void on_demo_progress(void *owner, struct job *job)
{
    (void)job;
    struct command_call *call = owner;
    workbench_changed(call->workbench, WORKBENCH_JOBS);
}

bool verb_demo(struct command_call *call, struct error *err)
{
    long long scale;
    const char *folder = command_flag_value(call, "--dir");
    if (!call_keeps_transactions(call, err)) {
        return false;
    }
    struct demo_work *work = memory_new(sizeof *work);
    call->own = work;
    call->free_own = free_demo;
    if (!call_number(call, "--scale", 1, &scale, err)) {
        return false;
    }
    if (scale < 1 || scale > DEMO_SCALE_MAX) {
        return error_set(err, ERROR_USAGE, "--scale of demo is a number from 1 to %d",
                         DEMO_SCALE_MAX);
    }
    work->samples = path_of_package("samples");
    work->folder = folder != NULL
                       ? string_copy(folder)
                       : path_of_place(PLACE_DATA, scale == 1 ? "demo" : NULL, err);
    if (work->folder != NULL && folder == NULL && scale != 1) {
        char *place = work->folder;
        work->folder = string_printf("%s/demo-%lld", place, scale);
        free(place);
    }
    if (work->folder == NULL) {
        return false;
    }
    work->spec = (struct demo_install_spec){
        .samples = work->samples,
        .dir = work->folder,
        .scale = (int)scale,
        .reset = call_has_flag(call, "--reset"),
    };
    struct job_spec spec = {
        .title = "make the sandbox",
        .run = demo_in_child,
        .argument = work,
        .progressed = on_demo_progress,
        .finished = on_demo_made,
        .owner = call,
    };
    call->job = jobs_start(call->workbench->jobs, &spec, err);
    return call->job != NULL;
}

/* ---- help, version, and what the screen does ---- */

bool verb_help(struct command_call *call, struct error *err)
{
    const char *topic = call_word(call, 0);
    if (call_has_flag(call, "--manual")) {
        command_manual(&call->reply.text);
    } else if (call_has_flag(call, "--bash")) {
        command_bash_completion(&call->reply.text);
    } else if (topic == NULL && call->spec.has_screen) {
        call->reply.view = "help"; /* keys and verbs, made by the screen */
    } else if (!command_help(topic, &call->reply.text, err)) {
        return false;
    } else {
        call->reply.text_title = "Help";
        call->reply.view = "text";
    }
    call_done(call);
    return true;
}

bool verb_version(struct command_call *call, struct error *err)
{
    (void)err;
    text_printf(&call->reply.text, "mwb %s (SQLite %s)\n", PACKAGE_VERSION,
                sqlite3_libversion());
    call->reply.text_title = "Version";
    call->reply.view = "text";
    call_done(call);
    return true;
}

bool verb_jobs(struct command_call *call, struct error *err)
{
    (void)err;
    call->reply.view = "jobs";
    call_done(call);
    return true;
}

bool verb_quit(struct command_call *call, struct error *err)
{
    (void)err;
    call->reply.quit = true;
    call_done(call);
    return true;
}

bool verb_screen(struct command_call *call, struct error *err)
{
    (void)err;
    text_append(&call->reply.action, call->row->name);
    for (size_t i = 0; i < call_count(call); i++) {
        text_printf(&call->reply.action, " %s", call_word(call, i));
    }
    call_done(call);
    return true;
}
