/* command: verbs that bring data here: get and import.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/access.h"
#include "engine/command/private.h"
#include "engine/get.h"
#include "engine/import.h"
#include "engine/path.h"
#include "engine/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- get: a job for each product, one after the other ---- */

struct get_state {
    size_t next;
};

static bool get_next(struct command_call *call, struct error *err);

static void describe_report(struct command_call *call, const struct get_report *report)
{
    char seconds[32];
    struct text *message = &call->reply.message;
    text_append(message, message->length > 0 ? "\n" : "");
    if (report->was_current) {
        text_printf(message, "%s is here already: ", report->product);
        text_append_count(message, report->rows, "row");
    } else {
        text_printf(message, "got %s: ", report->product);
        text_append_count(message, report->tables, "table");
        text_append(message, ", ");
        text_append_count(message, report->rows, "row");
        text_printf(message, " in %s",
                    string_of_seconds(report->seconds, seconds, sizeof seconds));
    }
    if (report->rejected > 0) {
        text_append(message, ", ");
        text_append_count(message, report->rejected, "row");
        text_append(message, " rejected (see mwb_reject)");
    }
    if (report->notes.length > 0) {
        text_append_char(message, '\n');
        text_append(message, text_string(&report->notes));
        while (message->length > 0 && message->data[message->length - 1] == '\n') {
            text_truncate(message, message->length - 1);
        }
    }
}

static void on_got(void *owner, struct job *job, const struct get_report *report)
{
    struct command_call *call = owner;
    call->job = NULL;
    if (report == NULL) {
        call_fail(call, job_error(job));
        return;
    }
    describe_report(call, report);
    struct error err = {0};
    struct get_state *state = call->own;
    if (state->next < call_count(call)) {
        if (!get_next(call, &err)) {
            call_fail(call, &err);
        }
    } else {
        call_done(call);
    }
}

/* NAME@VERSION: the catalog describes one version, and says which. */
static bool check_version(const struct catalog_entry *entry, const char *version,
                          struct error *err)
{
    if (version == NULL || string_equal(entry->version, version)) {
        return true;
    }
    return error_set(err, ERROR_FAILED, "%s is offered as version %s, not %s", entry->id,
                     entry->version != NULL ? entry->version : "(none declared)",
                     version);
}

static bool get_next(struct command_call *call, struct error *err)
{
    struct get_state *state = call->own;
    char *name = string_copy(call_word(call, state->next++));
    char *sign = strrchr(name, '@');
    if (sign != NULL) {
        *sign++ = '\0';
    }
    struct catalog_entry entry;
    bool found = catalog_find(call->workbench->catalog, name, &entry, err);
    if (found) {
        if (check_version(&entry, sign, err)) {
            call->job = workbench_get_product(call->workbench, entry.id,
                                              call_has_flag(call, "--refresh"), on_got,
                                              call, err);
        } else {
            found = false;
        }
        catalog_entry_release(&entry);
    }
    free(name);
    return found && call->job != NULL;
}

bool verb_get(struct command_call *call, struct error *err)
{
    if (call_count(call) == 0 && call->workbench->product != NULL) {
        *(char **)array_push(&call->words) = string_copy(call->workbench->product);
    }
    if (call_count(call) == 0) {
        return error_set(err, ERROR_USAGE, "get needs a product: get DOMAIN/NAME");
    }
    call->own = memory_new(sizeof(struct get_state));
    call->free_own = free;
    return get_next(call, err);
}

/* ---- import: into a file beside, renamed when it is whole ---- */

struct import_work {
    struct command_call *call;
    const char *out;
    char *staged; /* beside it */
    struct text message;
};

static bool open_file(const char *name, struct array *files, struct error *err)
{
    int fd = path_open_regular(name, err);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        return false;
    }
    struct access_file *file = array_push(files);
    file->path = string_copy(name);
    file->fd = fd;
    file->bytes = (long long)info.st_size;
    return true;
}

static bool is_sqlite_name(const char *name)
{
    return string_ends(name, ".sqlite") || string_ends(name, ".sqlite3") ||
           string_ends(name, ".db");
}

static void describe_import(struct import_work *work, const char *table,
                            const struct import_report *report)
{
    char seconds[32];
    text_printf(&work->message, "%s: ", table);
    text_append_count(&work->message, report->stored, "row");
    if (report->rejected > 0) {
        text_printf(&work->message, ", %lld rejected", report->rejected);
    }
    text_printf(&work->message, ", in %s\n",
                string_of_seconds(report->seconds, seconds, sizeof seconds));
    for (size_t i = 0; i < report->columns.count; i++) {
        const struct import_column_report *column = array_at(&report->columns, i);
        if (column->misfits > 0) {
            text_printf(&work->message,
                        "column %s: %lld cells are no %s and stay text (%s)\n",
                        column->name, column->misfits, column->declared,
                        column->examples != NULL ? column->examples : "");
        }
    }
    text_append(&work->message, text_string(&report->notes));
}

static bool import_files(struct import_work *work, const char *table, size_t first,
                         size_t count, bool add, struct job_port *port, struct error *err)
{
    struct array files = ARRAY_OF(struct access_file);
    bool done = true;
    for (size_t i = first; done && i < first + count; i++) {
        done = open_file(call_word(work->call, i), &files, err);
    }
    struct import_report report = {0};
    if (done && is_sqlite_name(call_word(work->call, first))) {
        const struct access_file *file = array_at(&files, 0);
        done = add ? error_set(err, ERROR_USAGE,
                               "an SQLite file is imported alone, into a new file")
                   : import_sqlite(work->staged, file->fd, file->path, port, err);
    } else if (done) {
        struct import_spec spec = {
            .table = table,
            .files = &files,
            .all_text = call_has_flag(work->call, "--all-text"),
            .add_to_existing = add,
            .reject_limit =
                options_number(work->call->workbench->options, "reject_limit"),
        };
        done = import_table(work->staged, &spec, port, &report, err);
        if (done) {
            describe_import(work, table, &report);
        }
    }
    import_report_release(&report);
    access_files_release(&files);
    return done;
}

static bool import_all(struct import_work *work, struct job_port *port, struct error *err)
{
    const char *table = command_flag_value(work->call, "--table");
    size_t count = call_count(work->call);
    if (table != NULL) {
        return import_files(work, table, 0, count, false, port, err);
    }
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        char *stem = path_stem(call_word(work->call, i));
        char *name = catalog_sql_name(stem);
        done = import_files(work, name, i, 1, i > 0, port, err);
        free(stem);
        free(name);
    }
    return done;
}

static bool write_rejects(struct import_work *work, struct error *err)
{
    const char *rejects = command_flag_value(work->call, "--rejects");
    return rejects == NULL || import_write_rejects(work->staged, rejects, err);
}

static bool import_in_child(struct job_port *port, void *argument, struct error *err)
{
    struct import_work *work = argument;
    int fd = path_part_open(work->out, 0600, &work->staged, err);
    if (fd < 0) {
        return false;
    }
    bool done = import_all(work, port, err) && write_rejects(work, err) &&
                path_part_finish(fd, work->staged, work->out, err);
    path_part_close(fd, work->staged, done);
    job_tell(port, 0, text_string(&work->message), work->message.length);
    return done;
}

static void on_import_told(void *owner, struct job *job, int type, const void *bytes,
                           size_t length)
{
    (void)job;
    (void)type;
    struct command_call *call = owner;
    text_append_bytes(&call->reply.message, bytes, length);
}

/* However the child ended, nothing half made stays. */
static void on_import_end(void *owner, struct job *job)
{
    struct command_call *call = owner;
    call->job = NULL;
    if (job_state(job) == JOB_DONE) {
        call_done(call);
    } else {
        path_part_sweep(command_flag_value(call, "--into"));
        call_fail(call, job_error(job));
    }
    workbench_changed(call->workbench, WORKBENCH_JOBS);
}

static void on_import_progress(void *owner, struct job *job)
{
    (void)job;
    struct command_call *call = owner;
    workbench_changed(call->workbench, WORKBENCH_JOBS);
}

bool verb_import(struct command_call *call, struct error *err)
{
    const char *out = command_flag_value(call, "--into");
    if (call_count(call) == 0 || out == NULL) {
        return error_set(err, ERROR_USAGE, "import needs files and --into OUT.sqlite");
    }
    char *folder = path_folder(out);
    bool has_folder = path_is_folder(folder);
    if (!has_folder) {
        error_set(err, ERROR_FAILED, "could not write %s: there is no folder %s", out,
                  folder);
    }
    free(folder);
    if (!has_folder) {
        return false;
    }
    if (path_exists(out)) {
        return error_set(err, ERROR_FAILED,
                         "%s exists already and is left as it is; choose another name or "
                         "remove it first",
                         out);
    }
    struct import_work work = {.call = call, .out = out};
    struct job_spec spec = {
        .title = "import",
        .run = import_in_child,
        .argument = &work,
        .progressed = on_import_progress,
        .received = on_import_told,
        .finished = on_import_end,
        .owner = call,
    };
    call->job = jobs_start(call->workbench->jobs, &spec, err);
    return call->job != NULL;
}
