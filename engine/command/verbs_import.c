/* command: import, which makes an SQLite database of files, into a file beside that is
 * renamed when it is whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/access.h"
#include "engine/command/import_flags.h"
#include "engine/command/private.h"
#include "engine/path.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct import_work {
    struct command_call *call;
    struct job_port *port; /* of the child */
    const char *out;
    char *staged; /* beside it */
    struct import_flags flags;
    struct text message;
};

/* ---- Files ---- */

enum file_format { FILE_CSV, FILE_JSON, FILE_LINES, FILE_SQLITE, FILE_UNKNOWN };

static const struct {
    const char *name;
    enum file_format format;
} file_formats[] = {
    {"csv", FILE_CSV},        {"json", FILE_JSON},    {"jsonl", FILE_LINES},
    {"ndjson", FILE_LINES},   {"geojson", FILE_JSON}, {"sqlite", FILE_SQLITE},
    {"sqlite3", FILE_SQLITE}, {"db", FILE_SQLITE},
};

static enum file_format format_named(const char *name)
{
    for (size_t i = 0; i < sizeof file_formats / sizeof file_formats[0]; i++) {
        if (string_equal_fold(name, file_formats[i].name)) {
            return file_formats[i].format;
        }
    }
    return FILE_UNKNOWN;
}

/* As --as says, else by the suffix. */
static enum file_format format_of_file(const struct import_work *work, const char *name)
{
    const char *word = command_flag_value(work->call, "--as");
    if (word != NULL) {
        return format_named(word);
    }
    char *plain = string_copy_bytes(name, path_unpacked_length(name));
    const char *dot = strrchr(path_base(plain), '.');
    enum file_format format = dot != NULL ? format_named(dot + 1) : FILE_UNKNOWN;
    free(plain);
    return format;
}

static bool is_input(const char *name)
{
    return string_equal(name, "-");
}

static bool open_file(const char *name, struct array *files, struct error *err)
{
    struct stat info;
    if (string_starts(name, "/dev/fd/")) { /* a job has its own */
        return error_set(err, ERROR_FAILED,
                         "could not open %s: it is open in the shell only; pipe it in: "
                         "... | mwb import -",
                         name);
    }
    int fd = is_input(name) ? dup(STDIN_FILENO) : path_open_regular(name, err);
    if (fd < 0 || fstat(fd, &info) != 0) {
        return false;
    }
    struct access_file *file = array_push(files);
    file->path = string_copy(is_input(name) ? "standard input" : name);
    file->fd = fd;
    file->bytes = S_ISREG(info.st_mode) ? (long long)info.st_size : 0;
    return true;
}

/* ---- The child ---- */

static void describe_import(struct import_work *work, const char *table,
                            const struct import_report *report)
{
    char seconds[32];
    text_printf(&work->message, "%s: ", table);
    text_append_count(&work->message, report->stored, "row");
    if (report->rejected > 0) {
        text_printf(&work->message, ", %lld rejected", report->rejected);
    }
    text_printf(&work->message, ", in %s, the %s way (%s)\n",
                string_of_seconds(report->seconds, seconds, sizeof seconds),
                report->way == IMPORT_DIRECT ? "direct" : "reference",
                text_string(&report->way_why));
    text_append(&work->message, text_string(&report->sniffed));
    text_append(&work->message, text_string(&report->notes));
}

static bool describe_copy(struct import_work *work, const char *name, struct error *err)
{
    sqlite3 *db = store_open(work->staged, STORE_READ, err);
    if (db == NULL) {
        return false;
    }
    text_printf(&work->message, "%s: copied as it is, ", name);
    text_append_count(&work->message,
                      store_number(db, 0, "SELECT count(*) FROM mwb_table", ""), "table");
    text_append(&work->message, ", ");
    text_append_count(&work->message,
                      store_number(db, 0, "SELECT sum(rows) FROM mwb_table", ""), "row");
    text_append(&work->message, "\n");
    store_close(db);
    return true;
}

/* A table; a schema file may tell its columns and its dialect. */
static bool import_described(const struct import_work *work,
                             const struct import_spec *wanted,
                             struct import_report *report, struct error *err)
{
    struct import_spec spec = *wanted;
    struct catalog_table described = {0};
    const char *schema = command_flag_value(work->call, "--schema");
    const struct access_file *first = array_at(spec.files, 0);
    if (schema != NULL) {
        if (!catalog_schema_of_file(schema, spec.table, first->path, &described, err)) {
            return false;
        }
        spec.columns = &described.columns;
    }
    struct catalog_dialect dialect = described.dialect;
    import_flags_override(&work->flags, &dialect);
    spec.dialect = &dialect;
    bool done = import_table(work->staged, &spec, work->port, report, err);
    if (schema != NULL) {
        catalog_table_release(&described);
    }
    return done;
}

/* The words from `first` on into one table. Later tables are added to the first's
 * database. */
static bool import_files(struct import_work *work, const char *table, size_t first,
                         size_t count, struct error *err)
{
    bool add = first > 0;
    struct array files = ARRAY_OF(struct access_file);
    const char *name = call_word(work->call, first);
    enum file_format format = format_of_file(work, name);
    bool done = true;
    for (size_t i = first; done && i < first + count; i++) {
        done = open_file(call_word(work->call, i), &files, err);
    }
    struct import_report report = {0};
    const struct access_file *file = array_at(&files, 0);
    if (done && (format == FILE_SQLITE ||
                 (format == FILE_UNKNOWN && import_is_sqlite(file->fd)))) {
        done = add || count > 1
                   ? error_set(err, ERROR_USAGE,
                               "an SQLite file is imported alone, into a new file")
                   : import_sqlite(work->staged, file->fd, file->path, work->port, err) &&
                         describe_copy(work, file->path, err);
    } else if (done) {
        static const enum import_format formats[] = {[FILE_CSV] = IMPORT_CSV,
                                                     [FILE_JSON] = IMPORT_JSON,
                                                     [FILE_LINES] = IMPORT_JSON,
                                                     [FILE_UNKNOWN] = IMPORT_BY_CONTENT};
        struct import_spec spec = work->flags.spec;
        spec.table = table;
        spec.format = formats[format];
        spec.lines = format == FILE_LINES;
        spec.files = &files;
        spec.add_to_existing = add;
        done = import_described(work, &spec, &report, err);
        if (done) {
            describe_import(work, table, &report);
        }
    }
    import_report_release(&report);
    access_files_release(&files);
    return done;
}

/* The table of a file is called like the file. */
static char *table_of_file(const char *name)
{
    char *stem = is_input(name) ? string_copy("stdin") : path_stem(name);
    char *table = catalog_sql_name(stem);
    free(stem);
    return table;
}

static bool import_all(struct import_work *work, struct error *err)
{
    const char *table = command_flag_value(work->call, "--table");
    size_t count = call_count(work->call);
    if (table != NULL) {
        return import_files(work, table, 0, count, err);
    }
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        char *name = table_of_file(call_word(work->call, i));
        done = import_files(work, name, i, 1, err);
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
    work->port = port;
    int fd = path_part_open(work->out, 0600, &work->staged, err);
    if (fd < 0) {
        return false;
    }
    bool done = import_all(work, err) && write_rejects(work, err) &&
                import_columns_tell(work->call, work->staged, port, err) &&
                path_part_finish(fd, work->staged, work->out, err);
    path_part_close(fd, work->staged, done);
    while (string_ends(text_string(&work->message), "\n")) {
        text_truncate(&work->message, work->message.length - 1);
    }
    job_tell(port, 0, text_string(&work->message), work->message.length);
    return done;
}

/* ---- The parent ---- */

static void on_import_told(void *owner, struct job *job, int type, const void *bytes,
                           size_t length)
{
    (void)job;
    struct command_call *call = owner;
    if (type == 1) {
        call->own = string_copy_bytes(bytes, length);
        call->free_own = free;
    } else {
        text_append_bytes(&call->reply.message, bytes, length);
    }
}

/* However the child ended, nothing half made stays. */
static void on_import_end(void *owner, struct job *job)
{
    struct command_call *call = owner;
    call->job = NULL;
    struct error err = *job_error(job);
    bool done = job_state(job) == JOB_DONE;
    if (!done) {
        path_part_sweep(command_flag_value(call, "--into"));
    } else if (call->own != NULL) {
        call->rows = import_columns_open(call->own, &err);
        call->reply.result = call->rows;
        done = call->rows != NULL;
    }
    if (done) {
        call_done(call);
    } else {
        call_fail(call, &err);
    }
    workbench_changed(call->workbench, WORKBENCH_JOBS);
}

static void on_import_progress(void *owner, struct job *job)
{
    (void)job;
    struct command_call *call = owner;
    workbench_changed(call->workbench, WORKBENCH_JOBS);
}

static bool check_out(const char *out, struct error *err)
{
    char *folder = path_folder(out);
    bool has_folder = path_is_folder(folder);
    if (!has_folder) {
        error_set(err, ERROR_FAILED, "could not write %s: there is no folder %s", out,
                  folder);
    }
    free(folder);
    if (has_folder && path_exists(out)) {
        return error_set(err, ERROR_FAILED,
                         "%s exists already and is left as it is; choose another name or "
                         "remove it first",
                         out);
    }
    return has_folder;
}

/* Standard input can be read once, and not where it is the keyboard: a job has no
 * terminal. */
static bool check_input(const struct command_call *call, bool *is_read, struct error *err)
{
    size_t times = 0;
    for (size_t i = 0; i < call_count(call); i++) {
        times += is_input(call_word(call, i)) ? 1 : 0;
    }
    *is_read = times > 0;
    if (times > 1) {
        return error_set(err, ERROR_USAGE,
                         "standard input (-) can be imported once only");
    }
    if (times > 0 && (call->spec.has_screen || isatty(STDIN_FILENO))) {
        return error_set(err, ERROR_USAGE,
                         "import - reads standard input, which is the terminal; pipe a "
                         "file into it: zcat FILE | mwb import - --into OUT.sqlite");
    }
    return true;
}

static bool check_words(const struct command_call *call, struct error *err)
{
    const char *word = command_flag_value(call, "--as");
    if (call_count(call) == 0 || command_flag_value(call, "--into") == NULL) {
        return error_set(err, ERROR_USAGE, "import needs files and --into OUT.sqlite");
    }
    return word == NULL || format_named(word) != FILE_UNKNOWN ||
           error_set(err, ERROR_USAGE,
                     "--as of import is csv, json, jsonl or sqlite, not \"%s\"", word);
}

bool verb_import(struct command_call *call, struct error *err)
{
    struct import_work work = {.call = call, .out = command_flag_value(call, "--into")};
    struct job_spec spec = {
        .title = "import",
        .run = import_in_child,
        .argument = &work,
        .progressed = on_import_progress,
        .received = on_import_told,
        .finished = on_import_end,
        .owner = call,
    };
    bool good = check_words(call, err) && check_out(work.out, err) &&
                check_input(call, &spec.keeps_input, err) &&
                import_flags_read(&work.flags, call, err);
    if (good) { /* the child has its own copy of everything from here on */
        call->job = jobs_start(call->workbench->jobs, &spec, err);
    }
    import_flags_release(&work.flags);
    return call->job != NULL;
}
