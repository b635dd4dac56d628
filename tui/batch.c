/* batch: run one verb and print its answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/batch.h"
#include "engine/command.h"
#include "engine/export.h"
#include "engine/path.h"
#include "engine/safetext.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void batch_complain(const struct error *err)
{
    struct text safe = {0};
    safetext_append_lines(&safe, err->message, strlen(err->message));
    fprintf(stderr, "mwb: %s\n", text_string(&safe));
    text_release(&safe);
}

char *batch_default_mesh(void)
{
    const char *given = getenv("MWB_MESH");
    if (given != NULL && given[0] != '\0') {
        return string_copy(given);
    }
    struct options *options = options_new();
    struct text problems = {0};
    char *config = path_of_place(PLACE_CONFIG, "config", NULL);
    if (config != NULL) {
        options_load(options, config, &problems);
    }
    const char *set = options_get(options, "mesh");
    char *mesh = set[0] != '\0' ? string_copy(set) : NULL;
    text_release(&problems);
    options_free(options);
    free(config);
    return mesh;
}

/* ---- Where it is printed ---- */

static bool is_unicode(void)
{
    return string_equal(nl_langinfo(CODESET), "UTF-8");
}

/* Columns of the terminal; 0 when stdout is none: then lines are as long as they need. */
static int stdout_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) {
        return 0;
    }
    return size.ws_col > 0 ? size.ws_col : 80;
}

static bool write_stdout(void *to, const char *bytes, size_t length, struct error *err)
{
    (void)to;
    if (fwrite(bytes, 1, length, stdout) == length) {
        return true;
    }
    return error_set(err, ERROR_FAILED, "could not write to standard output: %s",
                     error_of_errno(errno));
}

static bool print_rows(struct result *result, const char *format, long long row_limit,
                       struct error *err)
{
    struct export_spec spec = {
        .format = export_format_named(format != NULL ? format : "table"),
        .row_limit = row_limit,
        .width = stdout_width(),
        .unicode = is_unicode(),
    };
    struct export_sink sink = {.write = write_stdout};
    struct export_outcome outcome;
    if (spec.format == NULL) {
        return error_set(
            err, ERROR_USAGE,
            "--format is one of table, csv, tsv, json, jsonl, markdown, not \"%s\"",
            format);
    }
    return export_result(result, &spec, &sink, NULL, &outcome, err);
}

bool batch_print_rows(struct result *result, long long row_limit)
{
    struct error err = {0};
    bool done = result == NULL || print_rows(result, NULL, row_limit, &err);
    if (!done) {
        batch_complain(&err);
    }
    return done;
}

static const char *flag_of(const struct command_call *call, const char *name)
{
    return call != NULL ? command_flag_value(call, name) : NULL;
}

void batch_print_chart(const struct chart *chart, const struct command_call *call)
{
    const char *width = flag_of(call, "--width");
    const char *height = flag_of(call, "--height");
    bool ascii = flag_of(call, "--ascii") != NULL || !is_unicode();
    struct chart_raster_spec spec = {
        .cols = width != NULL        ? atoi(width)
                : stdout_width() > 0 ? stdout_width()
                                     : 78,
        .rows = height != NULL ? atoi(height) : 18,
        .glyphs = ascii ? CHART_ASCII : CHART_BRAILLE,
    };
    struct chart_raster raster;
    struct text lines = {0};
    chart_raster(chart, &spec, &raster);
    chart_raster_text(&raster, &lines);
    fputs(text_string(&lines), stdout);
    fprintf(stdout, "%s\n%s", chart_summary(chart), text_string(&raster.notes));
    for (size_t i = 0; i < chart_notes(chart); i++) {
        fprintf(stdout, "%s\n", chart_note(chart, i));
    }
    text_release(&lines);
    chart_raster_release(&raster);
}

/* Text of a verb may hold names from descriptors: safe for a terminal, true for a pipe
 * when it is JSON. */
static void print_text(const struct text *text)
{
    struct text safe = {0};
    safetext_append_lines(&safe, text_string(text), text->length);
    fputs(text_string(&safe), stdout);
    text_release(&safe);
}

/* `outer` is the script that a line belongs to: its --format holds for the lines. */
static bool print_reply(const struct command_call *call, const struct command_call *outer,
                        struct error *err)
{
    const struct command_reply *reply = command_reply(call);
    bool done = true;
    if (reply->text.length > 0) {
        print_text(&reply->text);
    }
    if (reply->result != NULL) {
        const char *format = flag_of(call, "--format");
        done = print_rows(reply->result,
                          format != NULL ? format : flag_of(outer, "--format"), 0, err);
    }
    if (reply->chart != NULL && command_flag_value(call, "--out") == NULL) {
        batch_print_chart(reply->chart, call);
    }
    bool is_query = string_equal(command_verb(call), "query") ||
                    string_equal(command_verb(call), "saved");
    bool shows = (reply->chart == NULL || command_flag_value(call, "--out") != NULL) &&
                 !(is_query && reply->result != NULL);
    if (reply->message.length > 0 && shows) {
        struct error message = {.kind = ERROR_NONE};
        snprintf(message.message, sizeof message.message, "%s",
                 text_string(&reply->message));
        batch_complain(&message);
    }
    if (fflush(stdout) != 0 && done && errno != EPIPE) {
        done = error_set(err, ERROR_FAILED, "could not write to standard output: %s",
                         error_of_errno(errno));
    }
    return done;
}

/* ---- Running ---- */

struct batch {
    struct workbench *workbench;
    struct command_call *call;
    bool is_over;
    bool shows_progress, progress_shown;
    int signal_pipe;
    int interrupts;
};

/* A signal handler has no argument. */
static int signal_pipe_end = -1;

static void on_signal(int number)
{
    int saved = errno;
    char byte = (char)number;
    ssize_t ignored = write(signal_pipe_end, &byte, 1);
    (void)ignored;
    errno = saved;
}

static void on_signal_byte(void *owner)
{
    struct batch *batch = owner;
    char bytes[16];
    ssize_t ignored = read(batch->signal_pipe, bytes, sizeof bytes);
    (void)ignored;
    if (batch->call != NULL) {
        command_cancel(batch->call);
    }
    if (++batch->interrupts > 2) {
        batch->is_over = true; /* asked three times: leave as it is */
    }
}

static void watch_signals(struct batch *batch)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return;
    }
    signal_pipe_end = ends[1];
    batch->signal_pipe = ends[0];
    loop_watch(batch->workbench->loop, ends[0], on_signal_byte, batch);
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void on_finished(void *owner, struct command_call *call)
{
    (void)call;
    ((struct batch *)owner)->is_over = true;
}

static void on_line(void *owner, struct command_call *call)
{
    const struct batch *batch = owner;
    struct error err = {0};
    if (!print_reply(call, batch->call, &err)) {
        batch_complain(&err);
    }
}

/* On a terminal: one line that is written over, for jobs that take a while. */
static void show_progress(struct batch *batch)
{
    for (size_t i = 0; i < jobs_count(batch->workbench->jobs); i++) {
        const struct job *job = jobs_at(batch->workbench->jobs, i);
        const struct job_progress *progress = job_progress(job);
        if (job_is_over(job) || job_seconds(job) < 0.5) {
            continue;
        }
        char rows[32] = "";
        if (progress->rows >= 0) {
            string_of_count(progress->rows, rows, sizeof rows);
        }
        int percent =
            progress->total > 0 ? (int)(progress->done * 100 / progress->total) : 0;
        fprintf(stderr, "\r\033[K%s: %d %%%s%s%s", job_title(job), percent,
                rows[0] != '\0' ? ", " : "", rows, rows[0] != '\0' ? " rows" : "");
        batch->progress_shown = true;
        return;
    }
}

static void on_changed(void *owner, unsigned changes)
{
    struct batch *batch = owner;
    if ((changes & WORKBENCH_JOBS) && batch->shows_progress && batch->workbench != NULL) {
        show_progress(batch);
    }
}

static void clear_progress(const struct batch *batch)
{
    if (batch->progress_shown) {
        fputs("\r\033[K", stderr);
    }
}

static int conclude(struct batch *batch)
{
    struct error err = {0};
    const struct command_reply *reply = command_reply(batch->call);
    clear_progress(batch);
    if (!command_is_over(batch->call)) {
        return ERROR_CANCELLED;
    }
    bool failed = reply->error.kind != ERROR_NONE && reply->error.kind != ERROR_VERDICT;
    if (failed) {
        batch_complain(&reply->error);
    } else if (!print_reply(batch->call, NULL, &err)) {
        batch_complain(&err);
        return err.kind;
    }
    return reply->error.kind;
}

static bool open_mesh(struct batch *batch, const char *mesh, bool is_needed,
                      struct error *err)
{
    char *fallback = mesh == NULL && is_needed ? batch_default_mesh() : NULL;
    const char *chosen = mesh != NULL ? mesh : fallback;
    bool done = chosen == NULL || (workbench_open_mesh(batch->workbench, chosen, err) &&
                                   workbench_wait_catalog(batch->workbench, err));
    free(fallback);
    return done;
}

static int run_words(struct batch *batch, const char *const *words, size_t count)
{
    struct error err = {0};
    struct command_spec spec = {
        .workbench = batch->workbench,
        .width = stdout_width(),
        .unicode = is_unicode(),
        .finished = on_finished,
        .line_done = on_line,
        .owner = batch,
    };
    batch->call = command_start_words(&spec, words, count, &err);
    if (batch->call == NULL) {
        batch_complain(&err);
        return err.kind;
    }
    while (!batch->is_over) {
        loop_step(batch->workbench->loop, -1);
    }
    return conclude(batch);
}

/* Verbs that look at no mesh must not fail because the usual one is broken. */
static bool uses_mesh(const struct command_row *row)
{
    static const char *const without[] = {"lint",    "import", "help",
                                          "version", "demo",   "set"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        if (string_equal(row->name, without[i])) {
            return false;
        }
    }
    return true;
}

int batch_run(const char *mesh, const char *const *words, size_t count)
{
    struct error err = {0};
    struct batch batch = {.shows_progress = isatty(STDERR_FILENO)};
    struct workbench_spec spec = {
        .with_state = true, .changed = on_changed, .owner = &batch};
    const struct command_row *row = command_named(words[0]);
    for (size_t i = 1; i < count; i++) {
        if (string_equal(words[i], "--help") && row != NULL) {
            const char *const help[] = {"help", row->name};
            return batch_run(NULL, help, 2);
        }
    }
    batch.workbench = workbench_new(&spec, &err);
    if (batch.workbench == NULL) {
        batch_complain(&err);
        return err.kind;
    }
    watch_signals(&batch);
    int status;
    if (row != NULL && !open_mesh(&batch, mesh, uses_mesh(row), &err)) {
        batch_complain(&err);
        status = err.kind;
    } else {
        status = run_words(&batch, words, count);
    }
    if (status == ERROR_NONE && row != NULL && string_equal(row->name, "demo")) {
        status = workbench_wait_catalog(batch.workbench, &err)
                     ? batch_summary(batch.workbench, true)
                     : (int)err.kind;
    }
    command_free(batch.call);
    workbench_free(batch.workbench);
    return status;
}
