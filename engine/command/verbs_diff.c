/* command: diff. Both sides are read and compared in a child, for descriptors are
 * hostile; the changes come back as rows, as a page of text, or, on a screen, as JSON
 * that a query puts into the grid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/diff.h"
#include "engine/path.h"
#include "engine/safetext.h"

#include <stdlib.h>
#include <string.h>

static const char *const columns[] = {
    "change",   "what",     "old",      "new",      "producer", "consumer",
    "why",      "hits",     "seen_in",  "evidence", "old_path", "old_line",
    "new_path", "new_line", "contract", "table",    "column"};
/* Tables for people have the first eight; JSON and the grid have all. */
enum { COLUMNS = sizeof columns / sizeof *columns, PLAIN_COLUMNS = 8 };

/* What the child tells. */
enum { TOLD_FILE, TOLD_TEXT, TOLD_JSON, TOLD_SUMMARY, TOLD_NOTE, TOLD_VERDICT };

struct diff_work {
    struct diff_spec spec;
    char *folder; /* private */
    char *index;
    size_t columns;
    bool as_text, as_json;
    int width;
    char *file, *json; /* told */
    bool is_breaking;
};

/* ---- In the child ---- */

static char *hits_of(const struct diff_change *change)
{
    struct text joined = {0};
    for (size_t i = 0; i < change->hits.count; i++) {
        text_printf(&joined, "%s%s", i > 0 ? ", " : "",
                    *(char **)array_at(&change->hits, i));
    }
    return joined.length > 0 ? text_take(&joined) : NULL;
}

static const char *seen_in(const struct diff_change *change)
{
    return change->in_contract && change->in_data ? "contract and data"
           : change->in_data                      ? "data"
                                                  : "contract";
}

static void write_change(struct rows *rows, size_t count,
                         const struct diff_change *change)
{
    static const char kinds[] = "ssssssssssslslsss";
    char used[sizeof kinds];
    memcpy(used, kinds, sizeof kinds);
    used[count] = '\0';
    char *hits = hits_of(change);
    rows_add(rows, used, change->change, change->what, change->old_value,
             change->new_value, diff_grade_name(change->rule->producer),
             diff_grade_name(change->rule->consumer), change->rule->why, hits,
             seen_in(change), change->evidence, change->old_place.path,
             (long long)change->old_place.line, change->new_place.path,
             (long long)change->new_place.line, change->contract, change->table,
             change->column);
    free(hits);
}

static bool tell_rows(const struct diff_work *work, const struct diff_report *report,
                      struct job_port *port, struct error *err)
{
    struct rows *rows = rows_new(work->folder, columns, work->columns, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < report->changes.count; i++) {
        write_change(rows, work->columns, array_at(&report->changes, i));
    }
    job_tell(port, TOLD_FILE, rows_file(rows), strlen(rows_file(rows)));
    return rows_close(rows, err);
}

enum { WIDEST_VALUE = 120, WIDEST_LIST = 1000 };

static void append_safe(struct text *out, const char *string)
{
    safetext_append_cut(out, string, strlen(string), WIDEST_VALUE);
}

static void describe_values(const struct diff_change *change, struct text *out)
{
    bool is_field = string_equal(change->change, "changed");
    const char *before = change->old_value, *after = change->new_value;
    if (before != NULL || is_field) {
        text_append(out, "  ");
        append_safe(out, before != NULL ? before : "(none)");
    }
    if (after != NULL || is_field) {
        text_append(out, before != NULL || is_field ? " -> " : "  ");
        append_safe(out, after != NULL ? after : "(none)");
    }
    if (change->old_place.line > 0 || change->new_place.line > 0) {
        text_append(out, "  (line ");
        if (change->old_place.line > 0) {
            text_printf(out, "%d", change->old_place.line);
        }
        if (change->new_place.line > 0) {
            text_printf(out, "%s%d", change->old_place.line > 0 ? ", now " : "",
                        change->new_place.line);
        }
        text_append(out, ")");
    }
}

static void describe_change(const struct diff_change *change, struct text *out)
{
    text_printf(out, "%-8s ", change->change);
    append_safe(out, change->what);
    describe_values(change, out);
    text_printf(out, "\n         producer: %s, consumer: %s: %s%s\n",
                diff_grade_name(change->rule->producer),
                diff_grade_name(change->rule->consumer), change->rule->why,
                !change->in_data       ? ""
                : !change->in_contract ? " [seen in the data only]"
                                       : " [in the data, too]");
    if (change->evidence != NULL) {
        text_printf(out, "         %s? ",
                    string_equal(change->change, "renamed") ? "renamed" : "perhaps");
        append_safe(out, change->evidence);
        text_append(out, "\n");
    }
    char *hits = hits_of(change);
    if (hits != NULL) {
        text_append(out, "         hits ");
        safetext_append_cut(out, hits, strlen(hits), WIDEST_LIST);
        text_append(out, "\n");
    }
    free(hits);
}

static void tell_text(const struct diff_report *report, struct job_port *port)
{
    struct text out = {0};
    for (size_t i = 0; i < report->changes.count; i++) {
        describe_change(array_at(&report->changes, i), &out);
    }
    job_tell(port, TOLD_TEXT, text_string(&out), out.length);
    text_release(&out);
}

static void append_json(struct text *out, const char *string)
{
    if (string == NULL) {
        text_append(out, "null");
        return;
    }
    text_append_json(out, string);
}

/* A list of lists, in the order of the columns. */
static void tell_json(const struct diff_report *report, struct job_port *port)
{
    struct text out = {0};
    for (size_t i = 0; i < report->changes.count; i++) {
        const struct diff_change *change = array_at(&report->changes, i);
        char *hits = hits_of(change);
        const char *const texts[] = {change->change,
                                     change->what,
                                     change->old_value,
                                     change->new_value,
                                     diff_grade_name(change->rule->producer),
                                     diff_grade_name(change->rule->consumer),
                                     change->rule->why,
                                     hits,
                                     seen_in(change),
                                     change->evidence,
                                     change->old_place.path};
        text_append(&out, i > 0 ? ",[" : "[[");
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            append_json(&out, texts[k]);
            text_append_char(&out, ',');
        }
        text_printf(&out, "%d,", change->old_place.line);
        append_json(&out, change->new_place.path);
        text_printf(&out, ",%d,", change->new_place.line);
        append_json(&out, change->contract);
        text_append_char(&out, ',');
        append_json(&out, change->table);
        text_append_char(&out, ',');
        append_json(&out, change->column);
        text_append_char(&out, ']');
        free(hits);
    }
    text_append(&out, out.length > 0 ? "]" : "[]");
    job_tell(port, TOLD_JSON, text_string(&out), out.length);
    text_release(&out);
}

static bool diff_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct diff_work *work = argument;
    struct diff_report report;
    if (!diff_compare(&work->spec, port, &report, err)) {
        return false;
    }
    bool told = true;
    if (work->as_text) {
        tell_text(&report, port);
    } else if (work->as_json) {
        tell_json(&report, port);
    } else {
        told = tell_rows(work, &report, port, err);
    }
    for (size_t i = 0; i < report.notes.count; i++) {
        const char *note = *(char **)array_at(&report.notes, i);
        job_tell(port, TOLD_NOTE, note, strlen(note));
    }
    job_tell(port, TOLD_SUMMARY, report.summary, strlen(report.summary));
    bool is_breaking = report.breaking > 0;
    job_tell(port, TOLD_VERDICT, &is_breaking, sizeof is_breaking);
    diff_report_release(&report);
    return told;
}

/* ---- In the parent ---- */

static void on_told(void *owner, struct job *job, int type, const void *bytes,
                    size_t length)
{
    (void)job;
    struct command_call *call = owner;
    struct diff_work *work = call->own;
    switch (type) {
    case TOLD_FILE:
        work->file = string_copy_bytes(bytes, length);
        break;
    case TOLD_JSON:
        work->json = string_copy_bytes(bytes, length);
        break;
    case TOLD_TEXT:
        text_append_bytes(&call->reply.text, bytes, length);
        break;
    case TOLD_SUMMARY:
        text_append_bytes(&call->reply.message, bytes, length);
        break;
    case TOLD_NOTE:
        text_append_bytes(&call->reply.notes, bytes, length);
        text_append_char(&call->reply.notes, '\n');
        break;
    default:
        work->is_breaking = length == sizeof(bool) && *(const bool *)bytes;
    }
}

static void conclude(struct command_call *call)
{
    const struct diff_work *work = call->own;
    if (work->is_breaking) {
        error_set(&call->reply.error, ERROR_VERDICT, "%s",
                  text_string(&call->reply.message));
    }
    call_done(call);
}

static void on_in_grid(void *owner, struct workbench_result *result)
{
    struct command_call *call = owner;
    call->watched = NULL;
    if (result->error.kind != ERROR_NONE) {
        call_fail(call, &result->error);
        return;
    }
    call->reply.result = result->result;
    call->reply.view = "grid";
    call_done(call);
}

/* A verdict is no failure on a screen: the rows say it. */
static bool show_in_grid(struct command_call *call, struct error *err)
{
    const struct diff_work *work = call->own;
    struct session_parameter changes = {"changes", work->json};
    struct text sql = {0};
    text_append(&sql, "SELECT ");
    for (size_t i = 0; i < COLUMNS; i++) {
        text_printf(&sql, "%svalue->>'$[%zu]' AS \"%s\"", i > 0 ? ", " : "", i,
                    columns[i]);
    }
    text_append(&sql, " FROM json_each(:changes)");
    struct workbench_query query = {
        .sql = text_string(&sql),
        .parameters = &changes,
        .parameter_count = 1,
        .finished = on_in_grid,
        .owner = call,
    };
    call->watched = workbench_run(call->workbench, &query, err);
    text_release(&sql);
    return call->watched != NULL;
}

static void on_compared(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct diff_work *work = call->own;
    struct error err = *job_error(job);
    call->job = NULL;
    bool done = job_state(job) == JOB_DONE;
    if (done && work->file != NULL) {
        call->rows = rows_open(work->file, columns, work->columns, &err);
        call->reply.result = call->rows;
        done = call->rows != NULL;
    }
    if (!done || (work->as_json && !show_in_grid(call, &err))) {
        call_fail(call, &err);
    } else if (!work->as_json) {
        conclude(call);
    }
}

static void free_diff(void *own)
{
    struct diff_work *work = own;
    if (work->folder != NULL) {
        path_remove_tree(work->folder, NULL);
    }
    free(work->folder);
    free(work->index);
    free(work->file);
    free(work->json);
    free(work);
}

bool verb_diff(struct command_call *call, struct error *err)
{
    const char *format = command_flag_value(call, "--format");
    if (call_count(call) < 1 || call_count(call) > 2) {
        return error_set(err, ERROR_USAGE,
                         "diff needs two versions: diff OLD NEW; or one, to compare what "
                         "it declares with its own data");
    }
    struct diff_work *work = memory_new(sizeof *work);
    call->own = work;
    call->free_own = free_diff;
    bool is_full = string_equal(format, "json") || string_equal(format, "jsonl");
    work->columns = is_full ? COLUMNS : PLAIN_COLUMNS;
    work->as_json = call->spec.has_screen;
    work->as_text = !work->as_json && format == NULL;
    work->folder = string_printf("%s/diff-XXXXXX", call->workbench->spool_folder);
    work->index = call->workbench->catalog != NULL
                      ? string_copy(catalog_index_file(call->workbench->catalog))
                      : NULL;
    if (mkdtemp(work->folder) == NULL) {
        return error_set(err, ERROR_FAILED, "could not make a folder in %s",
                         call->workbench->spool_folder);
    }
    work->spec = (struct diff_spec){
        .old_side = call_word(call, 0),
        .new_side = call_word(call, 1),
        .mesh_index = work->index,
        .folder = work->folder,
    };
    struct job_spec spec = {
        .title = "diff",
        .run = diff_in_child,
        .argument = work,
        .received = on_told,
        .finished = on_compared,
        .owner = call,
    };
    call->job = jobs_start(call->workbench->jobs, &spec, err);
    return call->job != NULL;
}
