/* batch: run one verb and print its answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/batch.h"
#include "engine/command.h"
#include "engine/export.h"
#include "engine/path.h"
#include "engine/safetext.h"
#include "tui/batch_output.h"
#include "tui/batch_progress.h"
#include "tui/batch_program.h"
#include "tui/batch_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *message)
{
    struct text safe = {0};
    safetext_append_lines(&safe, message, strlen(message));
    fprintf(stderr, "mwb: %s\n", text_string(&safe));
    text_release(&safe);
}

static void say_lines(const struct text *lines)
{
    for (const char *line = text_string(lines); *line != '\0';) {
        size_t length = strcspn(line, "\n");
        char *one = string_copy_bytes(line, length);
        say(one);
        free(one);
        line += length + (line[length] == '\n');
    }
}

void batch_complain(const struct error *err)
{
    say(err->message);
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

/* Rows piped in are kept in a private file, so that they are there for every verb. */
static char *keep_standard_input(const struct workbench *workbench, struct error *err)
{
    char *folder = path_join(workbench->spool_folder, "stdin");
    char *file = path_join(folder, "stdin.csv");
    int fd = path_make_folders(folder, err)
                 ? open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)
                 : -1;
    free(folder);
    char bytes[65536];
    ssize_t n = fd >= 0 ? 1 : -1;
    while (n > 0 && (n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
        n = path_write_bytes(fd, bytes, (size_t)n) ? 1 : -1;
    }
    int number = errno;
    if (fd >= 0) {
        close(fd);
    }
    if (n == 0) {
        return file;
    }
    error_set(err, number == EINTR ? ERROR_CANCELLED : ERROR_FAILED,
              number == EINTR ? "reading standard input was cancelled"
                              : "could not keep standard input in %s: %s",
              file, error_of_errno(number));
    free(file);
    return NULL;
}

char *batch_mesh(const struct workbench *workbench, const char *named, bool is_needed,
                 struct error *err)
{
    if (string_equal(named, "-")) {
        return keep_standard_input(workbench, err);
    }
    return named != NULL ? string_copy(named) : is_needed ? batch_default_mesh() : NULL;
}

/* ---- Where it is printed ---- */

static const char no_mesh[] =
    "mwb finds, fetches and queries the data products of a data mesh.\n"
    "No mesh is named. Make the sandbox with: mwb demo\n"
    "Or open one of yours: mwb FOLDER (help: mwb help)\n";

static bool is_unicode(void)
{
    return string_equal(nl_langinfo(CODESET), "UTF-8");
}

static bool write_rows(void *to, const char *bytes, size_t length, struct error *err)
{
    struct output *output = to;
    if (output_rows(output, bytes, length)) {
        return true;
    }
    *err = output->error;
    return false;
}

/* False when the rows could not be read; what standard output says is told at its end. */
static bool print_rows(struct output *output, struct result *result, const char *format,
                       long long row_limit, struct error *err)
{
    struct export_spec spec = {
        .format = export_format_named(format != NULL ? format : "table"),
        .row_limit = row_limit,
        .width = output_width(),
        .unicode = is_unicode(),
    };
    struct export_sink sink = {.write = write_rows, .to = output};
    struct export_outcome outcome;
    if (spec.format == NULL) {
        return error_set(
            err, ERROR_USAGE,
            "--format is one of table, csv, tsv, json, jsonl, markdown, not \"%s\"",
            format);
    }
    return export_result(result, &spec, &sink, NULL, &outcome, err) ||
           output->reader_is_gone;
}

bool batch_print_rows(struct output *output, struct result *result, long long row_limit,
                      struct error *err)
{
    return result == NULL || print_rows(output, result, NULL, row_limit, err);
}

static const char *flag_of(const struct command_call *call, const char *name)
{
    return call != NULL ? command_flag_value(call, name) : NULL;
}

void batch_print_chart(struct output *output, const struct chart *chart,
                       const struct command_call *call)
{
    const char *width = flag_of(call, "--width");
    const char *height = flag_of(call, "--height");
    bool ascii = flag_of(call, "--ascii") != NULL || !is_unicode();
    struct chart_raster_spec spec = {
        .cols = width != NULL        ? atoi(width)
                : output_width() > 0 ? output_width()
                                     : 78,
        .rows = height != NULL ? atoi(height) : 18,
        .glyphs = ascii ? CHART_ASCII : CHART_BRAILLE,
    };
    struct chart_raster raster;
    struct text lines = {0};
    chart_raster(chart, &spec, &raster);
    chart_raster_text(&raster, &lines);
    output_text(output, text_string(&lines));
    output_printf(output, "%s\n", chart_summary(chart));
    for (size_t i = 0; i < chart_notes(chart); i++) {
        output_printf(output, "%s\n", chart_note(chart, i));
    }
    text_release(&lines);
    chart_raster_release(&raster);
}

/* What a message says besides data: on stderr, where it is in nobody's way. */
static void print_message(const struct command_call *call)
{
    const struct command_reply *reply = command_reply(call);
    bool is_query = string_equal(command_verb(call), "query") ||
                    string_equal(command_verb(call), "saved");
    bool shows = (reply->chart == NULL || command_flag_value(call, "--out") != NULL) &&
                 !(is_query && reply->result != NULL);
    if (reply->message.length > 0 && shows) {
        say(text_string(&reply->message));
    }
    say_lines(&reply->notes);
}

/* What is written out as it is: every writer of it has made its own text safe. */
static bool is_for_programs(const char *format)
{
    return string_equal(format, "json") || string_equal(format, "junit");
}

/* `outer` is the script that a line belongs to: its --format holds for the lines. */
static bool print_reply(const struct command_call *call, const struct command_call *outer,
                        struct error *err)
{
    const struct command_reply *reply = command_reply(call);
    struct output output;
    output_begin(&output);
    bool done = true;
    if (is_for_programs(flag_of(call, "--format"))) {
        output_rows(&output, text_string(&reply->text), reply->text.length);
    } else {
        output_text(&output, text_string(&reply->text));
    }
    if (reply->result != NULL) {
        const char *format = flag_of(call, "--format");
        done = print_rows(&output, reply->result,
                          format != NULL ? format : flag_of(outer, "--format"), 0, err);
    }
    if (reply->chart != NULL && command_flag_value(call, "--out") == NULL) {
        batch_print_chart(&output, reply->chart, call);
    }
    struct error late = {0};
    if (!output_end(&output, &late) && done) {
        *err = late;
        done = false;
    }
    print_message(call);
    return done &&
           (reply->program.count == 0 || batch_run_program(reply->program.items, err));
}

/* ---- Running ---- */

struct batch {
    struct workbench *workbench;
    struct command_call *call;
    bool is_over;
    bool shows_progress;
    struct batch_progress progress;
};

/* A catalog that is being read is waited for before there is a call, and is a job. */
static void on_signal(void *owner)
{
    struct batch *batch = owner;
    batch_signal_take();
    if (batch->call != NULL) {
        command_cancel(batch->call);
    }
    if (batch->workbench->loading != NULL) {
        job_cancel(batch->workbench->loading);
    }
}

static void on_finished(void *owner, struct command_call *call)
{
    (void)call;
    ((struct batch *)owner)->is_over = true;
}

static void on_line(void *owner, struct command_call *call)
{
    struct batch *batch = owner;
    struct error err = {0};
    batch_progress_clear(&batch->progress);
    if (!print_reply(call, batch->call, &err)) {
        batch_complain(&err);
    }
}

static void on_changed(void *owner, unsigned changes)
{
    struct batch *batch = owner;
    if ((changes & WORKBENCH_JOBS) && batch->shows_progress && batch->workbench != NULL) {
        batch_progress_show(&batch->progress, batch->workbench->jobs);
    }
}

/* A job that waits for its input tells nothing, and is shown all the same. */
static void on_moment(void *owner)
{
    struct batch *batch = owner;
    batch_progress_show(&batch->progress, batch->workbench->jobs);
    loop_after(batch->workbench->loop, BATCH_PROGRESS_SECONDS, on_moment, batch);
}

static int conclude(struct batch *batch)
{
    struct error err = {0};
    const struct command_reply *reply = command_reply(batch->call);
    batch_progress_clear(&batch->progress);
    bool failed = reply->error.kind != ERROR_NONE && reply->error.kind != ERROR_VERDICT;
    if (failed) {
        if (reply->message.length > 0) { /* of several things some were done */
            print_reply(batch->call, NULL, &err);
        }
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
    char *chosen = batch_mesh(batch->workbench, mesh, is_needed, err);
    bool done = chosen == NULL ? err->kind == ERROR_NONE
                               : workbench_open_mesh(batch->workbench, chosen, err) &&
                                     workbench_wait_catalog(batch->workbench, err);
    free(chosen);
    return done;
}

static int run_words(struct batch *batch, const char *const *words, size_t count)
{
    struct error err = {0};
    struct command_spec spec = {
        .workbench = batch->workbench,
        .width = output_width(),
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
    int status = conclude(batch);
    if (workbench_open_transactions(batch->workbench, NULL)) {
        say("the transaction was not committed: what it wrote is gone; end it with "
            "COMMIT");
    }
    return status;
}

/* What tells about the program works without a home, too. */
static bool needs_places(const struct command_row *row)
{
    return !string_equal(row->name, "help") && !string_equal(row->name, "version");
}

/* Is there a word that is neither a flag nor the value of one? */
static bool names_something(const struct command_row *row, const char *const *words,
                            size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (words[i][0] != '-') {
            return true;
        }
        bool is_common = command_flag_takes_value(command_common_flags(), words[i]);
        i += is_common || command_flag_takes_value(row->flags, words[i]);
    }
    return false;
}

/* Verbs that look at no mesh must not fail because the usual one is broken. */
static bool uses_mesh(const struct command_row *row, const char *const *words,
                      size_t count)
{
    for (size_t i = 1; i < count && string_equal(row->name, "check"); i++) {
        if (words[i][0] != '-' && path_exists(words[i])) { /* a contract by itself */
            return false;
        }
    }
    static const char *const without[] = {"lint",   "import",  "help", "rules",
                                          "fields", "version", "demo", "set"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        if (string_equal(row->name, without[i])) {
            return string_equal(row->name, "lint") && !names_something(row, words, count);
        }
    }
    return true;
}

static int print_summary(struct batch *batch, bool with_example)
{
    struct error err = {0};
    struct error late = {0};
    struct output output;
    output_begin(&output);
    bool done = workbench_wait_catalog(batch->workbench, &err);
    if (done && batch->workbench->catalog == NULL) {
        output_text(&output, no_mesh);
    } else if (done) {
        done = batch_summary(&output, batch->workbench, with_example, &err);
    }
    if (!output_end(&output, &late) && done) {
        err = late;
        done = false;
    }
    if (!done) {
        batch_complain(&err);
    }
    return err.kind;
}

static int run_row(struct batch *batch, const struct command_row *row, const char *mesh,
                   const char *const *words, size_t count)
{
    struct error err = {0};
    if (row != NULL && !open_mesh(batch, mesh, uses_mesh(row, words, count), &err)) {
        batch_complain(&err);
        return err.kind;
    }
    int status = run_words(batch, words, count);
    bool is_demo = row != NULL && string_equal(row->name, "demo");
    return status == ERROR_NONE && is_demo ? print_summary(batch, true) : status;
}

static bool start(struct batch *batch, const char *role, bool without_places,
                  struct error *err)
{
    struct workbench_spec spec = {.role = role,
                                  .with_state = true,
                                  .without_places = without_places,
                                  .changed = on_changed,
                                  .owner = batch};
    batch->shows_progress = isatty(STDERR_FILENO);
    batch->workbench = batch_signal_watch(err) ? workbench_new(&spec, err) : NULL;
    if (batch->workbench == NULL) {
        return false;
    }
    loop_watch(batch->workbench->loop, batch_signal_fd(), on_signal, batch);
    if (batch->shows_progress) {
        loop_after(batch->workbench->loop, BATCH_PROGRESS_SECONDS, on_moment, batch);
    }
    /* Settings that were not understood must not go unheard. */
    say_lines(&batch->workbench->start_problems);
    return true;
}

int batch_open(const char *mesh, const char *role)
{
    struct error err = {0};
    struct batch batch = {0};
    int status = ERROR_NONE;
    if (!start(&batch, role, false, &err) || !open_mesh(&batch, mesh, true, &err)) {
        batch_complain(&err);
        status = err.kind;
    } else {
        status = print_summary(&batch, false);
    }
    workbench_free(batch.workbench);
    return status;
}

int batch_run(const char *mesh, const char *role, const char *const *words, size_t count)
{
    struct error err = {0};
    const struct command_row *row = command_named(words[0]);
    for (size_t i = 1; i < count; i++) {
        if (string_equal(words[i], "--help") && row != NULL) {
            const char *const help[] = {"help", row->name};
            return batch_run(NULL, NULL, help, 2);
        }
    }
    struct batch batch = {0};
    if (!start(&batch, role, row != NULL && !needs_places(row), &err)) {
        batch_complain(&err);
        return err.kind;
    }
    int status = run_row(&batch, row, mesh, words, count);
    command_free(batch.call);
    batch.call = NULL; /* a signal may still come while the rest is put away */
    workbench_free(batch.workbench);
    return status;
}
