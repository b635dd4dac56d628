/* get: a product's files into one version file, and that into the cache.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/access.h"
#include "engine/cache.h"
#include "engine/import.h"
#include "engine/path.h"
#include "engine/store.h"

struct get {
    const struct get_spec *spec;
    struct job_port *port;
    struct get_report *report;
    struct catalog_product product;
    const char *mesh;
    struct cache_stage *stage;
    bool whole_file; /* the version is a copy of an SQLite file */
};

/* ---- Formats ---- */

enum get_format { FORMAT_CSV, FORMAT_JSON, FORMAT_SQLITE, FORMAT_OTHER };

static const struct {
    const char *name; /* as declared, or the suffix of a file */
    enum get_format format;
} formats[] = {
    {"csv", FORMAT_CSV},       {"tsv", FORMAT_CSV},        {"tab", FORMAT_CSV},
    {"psv", FORMAT_CSV},       {"txt", FORMAT_CSV},        {"dat", FORMAT_CSV},
    {"sqlite", FORMAT_SQLITE}, {"sqlite3", FORMAT_SQLITE}, {"db", FORMAT_SQLITE},
    {"db3", FORMAT_SQLITE},    {"json", FORMAT_JSON},      {"jsonl", FORMAT_JSON},
    {"ndjson", FORMAT_JSON},   {"xlsx", FORMAT_OTHER},     {"xls", FORMAT_OTHER},
    {"parquet", FORMAT_OTHER}, {"geojson", FORMAT_JSON},   {"zip", FORMAT_OTHER},
    {"yaml", FORMAT_OTHER},    {"xml", FORMAT_OTHER},      {"pdf", FORMAT_OTHER},
};

static bool find_format(const char *name, enum get_format *format)
{
    for (size_t i = 0; name != NULL && i < sizeof formats / sizeof formats[0]; i++) {
        if (string_equal_fold(name, formats[i].name)) {
            *format = formats[i].format;
            return true;
        }
    }
    return false;
}

static enum get_format format_of_content(const struct access_file *file)
{
    if (import_is_sqlite(file->fd)) {
        return FORMAT_SQLITE;
    }
    return import_format_of(file->path, file->fd) == IMPORT_JSON ? FORMAT_JSON
                                                                 : FORMAT_CSV;
}

/* The declared format, else the suffix; what nobody knows is looked at. */
static enum get_format table_format(const struct catalog_table *table,
                                    const struct access_file *file)
{
    const char *path = file->path;
    enum get_format format = FORMAT_CSV;
    char *plain = string_copy_bytes(path, path_unpacked_length(path));
    const char *dot = strrchr(path_base(plain), '.');
    if (!find_format(table->format, &format) &&
        !find_format(dot != NULL ? dot + 1 : NULL, &format)) {
        format = format_of_content(file);
    }
    free(plain);
    return format;
}

/* ---- One table ---- */

static bool get_text(struct get *get, const struct catalog_table *table,
                     const struct array *files, enum import_format format,
                     struct error *err)
{
    const char *path = cache_stage_file(get->stage);
    struct import_spec spec = {.table = table->sql_name,
                               .format = format,
                               .lines = string_equal_fold(table->format, "jsonl") ||
                                        string_equal_fold(table->format, "ndjson"),
                               .columns = &table->columns,
                               .dialect = &table->dialect,
                               .files = files,
                               .reject_limit = get->spec->reject_limit,
                               .add_to_existing = path_exists(path)};
    struct import_report report;
    bool good = import_table(path, &spec, get->port, &report, err);
    if (good) {
        get->report->tables++;
        get->report->rows += report.stored;
        get->report->rejected += report.rejected;
        get->report->bytes += report.bytes;
    }
    text_append(&get->report->notes, text_string(&report.notes));
    import_report_release(&report);
    return good;
}

static bool get_database(struct get *get, const struct access_file *file,
                         struct error *err)
{
    const char *path = cache_stage_file(get->stage);
    if (path_exists(path) && !get->whole_file) {
        return error_set(
            err, ERROR_FAILED,
            "could not import %s: a product is either one SQLite database or other "
            "files, not both",
            file->path);
    }
    if (get->whole_file) {
        return true; /* all tables of the database came with its first */
    }
    get->whole_file = import_sqlite(path, file->fd, file->path, get->port, err);
    get->report->bytes += get->whole_file ? file->bytes : 0;
    return get->whole_file;
}

static bool get_files(struct get *get, const struct catalog_table *table,
                      const struct array *files, struct error *err)
{
    const struct access_file *first = array_at(files, 0);
    enum get_format format = table_format(table, first);
    switch (format) {
    case FORMAT_CSV:
    case FORMAT_JSON:
        return !get->whole_file
                   ? get_text(get, table, files,
                              format == FORMAT_JSON ? IMPORT_JSON : IMPORT_CSV, err)
                   : error_set(err, ERROR_FAILED,
                               "could not import %s: its product is an SQLite "
                               "database already",
                               first->path);
    case FORMAT_SQLITE:
        return get_database(get, first, err);
    case FORMAT_OTHER:
        break;
    }
    return error_set(
        err, ERROR_FAILED,
        "could not import %s: only CSV and its relatives, JSON and JSON Lines, plain or "
        "packed, and SQLite files are read; save it as CSV",
        first->path);
}

/* Rows in the descriptor are JSON, and become a file of the stage, which goes with it. */
static bool get_inline(struct get *get, const struct catalog_table *table,
                       struct error *err)
{
    struct array files = ARRAY_OF(struct access_file);
    size_t length = strlen(table->inline_data);
    char *path = path_join(cache_stage_folder(get->stage), "inline.json");
    bool good = path_write_file(path, table->inline_data, length, 0600, err);
    int fd = good ? path_open_regular(path, err) : -1;
    if (fd >= 0) {
        struct access_file *file = array_push(&files);
        *file = (struct access_file){.path = string_printf("the data of %s", table->name),
                                     .fd = fd,
                                     .bytes = (long long)length};
        struct catalog_table plain = *table;
        plain.dialect = (struct catalog_dialect){.missing = table->dialect.missing};
        good = get_text(get, &plain, &files, IMPORT_JSON, err);
    }
    access_files_release(&files);
    free(path);
    return good && fd >= 0;
}

static bool get_table(struct get *get, const struct catalog_table *table,
                      struct error *err)
{
    struct array files;
    if (table->files.count == 0 && table->inline_data != NULL) {
        return get_inline(get, table, err);
    }
    if (!access_table_files(&get->product, table, true, &files, err)) {
        return false;
    }
    bool good = get_files(get, table, &files, err);
    access_files_release(&files);
    return good;
}

/* Tables that cannot be had are told and left out; it fails when there is none at all. */
static bool get_tables(struct get *get, struct error *err)
{
    struct error first = {0};
    size_t had = 0;
    for (size_t i = 0; i < get->product.tables.count; i++) {
        struct error problem = {0};
        const struct catalog_table *table = array_at(&get->product.tables, i);
        if (get_table(get, table, &problem)) {
            had++;
            continue;
        }
        if (problem.kind == ERROR_CANCELLED || job_cancelled(get->port)) {
            return error_set(err, ERROR_CANCELLED, "getting %s was cancelled",
                             get->product.entry.id);
        }
        text_printf(&get->report->notes, "%s is missing: %s.\n", table->sql_name,
                    problem.message);
        first = first.kind == ERROR_NONE ? problem : first;
    }
    if (had == 0) {
        return error_set(err, ERROR_FAILED, "could not get %s: %s", get->product.entry.id,
                         first.message);
    }
    return true;
}

/* ---- The version ---- */

static bool put_fact(sqlite3_stmt *stmt, const char *key, const char *value,
                     struct error *err)
{
    store_bind(stmt, "ss", key, value);
    return store_execute(stmt, err);
}

static void format_instant(long long seconds, char text[32])
{
    time_t when = (time_t)seconds;
    struct tm tm;
    gmtime_r(&when, &tm);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* What is told of the version later stands in itself; the notes too, so that a second get
 * tells them again. */
static bool write_product(struct get *get, struct error *err)
{
    char imported[32];
    format_instant(path_now(), imported);
    const struct catalog_entry *entry = &get->product.entry;
    const char *const facts[][2] = {{"product", entry->id},
                                    {"version", entry->version},
                                    {"source", get->product.folder},
                                    {"imported", imported},
                                    {"key", get->report->version_key},
                                    {"program", PACKAGE_STRING},
                                    {"notes", text_string(&get->report->notes)}};
    sqlite3 *db = store_open(cache_stage_file(get->stage), STORE_WRITE, err);
    sqlite3_stmt *stmt = NULL;
    bool good = db != NULL && store_run(db, "PRAGMA journal_mode = MEMORY; BEGIN", err);
    if (good) {
        stmt = store_prepare(db, "INSERT OR REPLACE INTO mwb_product VALUES (?, ?)", err);
        good = stmt != NULL;
    }
    for (size_t i = 0; good && i < sizeof facts / sizeof facts[0]; i++) {
        good = put_fact(stmt, facts[i][0], facts[i][1], err);
    }
    store_finish(stmt);
    good = good && store_run(db, "COMMIT", err);
    store_close(db);
    return good;
}

/* Counts from the version itself. */
static void read_counts(struct get_report *report, const char *file)
{
    sqlite3 *db = store_open(file, STORE_IMMUTABLE, NULL);
    if (db == NULL) {
        return;
    }
    report->tables = store_number(db, 0, "SELECT count(*) FROM mwb_table", "");
    report->rows = store_number(db, 0, "SELECT sum(rows) FROM mwb_table", "");
    report->rejected = store_number(db, 0, "SELECT sum(rejected) FROM mwb_table", "");
    if (report->was_current) {
        char *notes =
            store_string(db, "SELECT value FROM mwb_product WHERE key = 'notes'", "");
        text_append(&report->notes, notes != NULL ? notes : "");
        free(notes);
    }
    store_close(db);
}

static bool get_version(struct get *get, struct error *err)
{
    const struct catalog_entry *entry = &get->product.entry;
    get->stage = cache_stage_new(err);
    bool good = get->stage != NULL && get_tables(get, err) && write_product(get, err) &&
                cache_stage_publish(get->stage, get->mesh, entry->domain, entry->name,
                                    get->report->version_key, err);
    cache_stage_free(get->stage);
    get->stage = NULL;
    return good;
}

static char *make_version_key(const struct catalog_product *product, struct error *err)
{
    const char *version = product->entry.version;
    struct text key = {0};
    char *component =
        path_component(version != NULL && version[0] != '\0' ? version : "0");
    text_printf(&key, "%s-", component);
    free(component);
    if (!access_source_key(product, &key, err)) {
        text_release(&key);
        return NULL;
    }
    return text_take(&key);
}

/* Is the version that is current the one the source would give? */
static bool is_current(struct get *get)
{
    const struct catalog_entry *entry = &get->product.entry;
    char *current = cache_current(get->mesh, entry->domain, entry->name);
    char *version =
        cache_version(get->mesh, entry->domain, entry->name, get->report->version_key);
    bool same = current != NULL && string_equal(current, version);
    free(current);
    free(version);
    return same;
}

static bool get_found(struct get *get, struct error *err)
{
    struct get_report *report = get->report;
    const struct catalog_entry *entry = &get->product.entry;
    report->product = string_copy(entry->id);
    report->version_key = make_version_key(&get->product, err);
    if (report->version_key == NULL) {
        return false;
    }
    report->was_current = !get->spec->refresh && is_current(get);
    if (!report->was_current && !get_version(get, err)) {
        return false;
    }
    report->file =
        cache_version(get->mesh, entry->domain, entry->name, report->version_key);
    if (report->file == NULL) {
        return error_set(
            err, ERROR_FAILED,
            "the version of %s that was just made is gone from the cache; try again",
            entry->id);
    }
    read_counts(report, report->file);
    return true;
}

bool get_product(const struct get_spec *spec, struct job_port *port,
                 struct get_report *report, struct error *err)
{
    double start = path_monotonic();
    memset(report, 0, sizeof *report);
    struct get get = {.spec = spec, .port = port, .report = report};
    struct catalog *catalog = catalog_open(spec->index, err);
    bool good =
        catalog != NULL && catalog_product(catalog, spec->product, &get.product, err);
    if (good) {
        get.mesh = catalog_mesh_path(catalog);
        good = get_found(&get, err);
        catalog_product_release(&get.product);
    }
    catalog_close(catalog);
    report->seconds = path_monotonic() - start;
    return good;
}

void get_report_release(struct get_report *report)
{
    free(report->product);
    free(report->version_key);
    free(report->file);
    text_release(&report->notes);
    memset(report, 0, sizeof *report);
}

/* ---- From child to parent: numbers, then strings that end in NUL ---- */

struct packed {
    int64_t tables, rows, rejected, bytes, was_current;
    double seconds;
};

void get_report_pack(const struct get_report *report, struct text *out)
{
    struct packed packed = {.tables = report->tables,
                            .rows = report->rows,
                            .rejected = report->rejected,
                            .bytes = report->bytes,
                            .was_current = report->was_current,
                            .seconds = report->seconds};
    text_append_bytes(out, &packed, sizeof packed);
    const char *const strings[] = {report->product, report->version_key, report->file,
                                   text_string(&report->notes)};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        const char *string = strings[i] != NULL ? strings[i] : "";
        text_append_bytes(out, string, strlen(string) + 1);
    }
}

bool get_report_unpack(const void *bytes, size_t length, struct get_report *report)
{
    struct packed packed;
    memset(report, 0, sizeof *report);
    const char *at = (const char *)bytes + sizeof packed;
    size_t left = length - sizeof packed;
    if (length < sizeof packed) {
        return false;
    }
    memcpy(&packed, bytes, sizeof packed);
    report->tables = packed.tables;
    report->rows = packed.rows;
    report->rejected = packed.rejected;
    report->bytes = packed.bytes;
    report->was_current = packed.was_current != 0;
    report->seconds = packed.seconds;
    char **const strings[] = {&report->product, &report->version_key, &report->file};
    for (size_t i = 0; i <= sizeof strings / sizeof strings[0]; i++) {
        const char *end = memchr(at, '\0', left);
        if (end == NULL) {
            get_report_release(report);
            return false;
        }
        if (i < sizeof strings / sizeof strings[0]) {
            *strings[i] = string_copy(at);
        } else {
            text_append(&report->notes, at);
        }
        left -= (size_t)(end - at) + 1;
        at = end + 1;
    }
    return true;
}
