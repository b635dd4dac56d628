/* get/tables: one table of a product into the version that is being made.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/files.h"
#include "engine/get/private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/import.h"
#include "engine/kept.h"
#include "engine/path.h"

/* ---- Formats ---- */

enum get_format { FORMAT_CSV, FORMAT_JSON, FORMAT_SQLITE, FORMAT_OTHER };
enum { HEAD_BYTES = 4096 };

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

/* Do its first bytes say that it is a report, a model, an image ...? A packed table is a
 * table. */
static bool is_kept(const struct access_file *file)
{
    char head[KEPT_HEAD];
    int fd = file->arrival != NULL ? arrival_fd(file->arrival) : file->fd;
    ssize_t length = pread(fd, head, sizeof head, 0);
    const struct kept_type *type =
        kept_type_of(head, length > 0 ? (size_t)length : 0, file->path);
    return !string_equal(type->group, "text") && !string_equal(type->group, "file") &&
           !string_equal(type->name, "gzip") && !string_equal(type->name, "zstd");
}

static enum get_format format_of_content(const struct access_file *file)
{
    if (import_is_sqlite(file->fd)) {
        return FORMAT_SQLITE;
    }
    if (is_kept(file)) {
        return FORMAT_OTHER;
    }
    return import_format_of(file->path, file->fd) == IMPORT_JSON ? FORMAT_JSON
                                                                 : FORMAT_CSV;
}

/* The declared format, else the suffix; what nobody knows is looked at. */
static enum get_format table_format(const struct catalog_table *table,
                                    const struct access_file *file)
{
    const char *path = file->path;
    const char *made = file->format; /* by its method, whatever is declared */
    enum get_format format = FORMAT_CSV;
    if (table->is_file && made == NULL) {
        return FORMAT_OTHER;
    }
    char *plain = string_copy_bytes(path, path_unpacked_length(path));
    const char *dot = strrchr(path_base(plain), '.');
    if (!find_format(made, &format) && !find_format(table->format, &format) &&
        !find_format(dot != NULL ? dot + 1 : NULL, &format)) {
        format = format_of_content(file);
    }
    free(plain);
    return format;
}

/* ---- One table ---- */

static const struct catalog_column *find_column(const struct array *columns,
                                                const struct catalog_column *wanted)
{
    const char *name =
        wanted->physical_name != NULL ? wanted->physical_name : wanted->name;
    for (size_t i = 0; i < columns->count; i++) {
        const struct catalog_column *column = array_at(columns, i);
        if (string_equal_fold(column->name, name) ||
            string_equal_fold(column->name, wanted->name)) {
            return column;
        }
    }
    return NULL;
}

/* The contract's columns; what it leaves open, the source may know. What they point to is
 * borrowed. */
static struct array columns_of(const struct catalog_table *table,
                               const struct access_file *file)
{
    struct array columns = ARRAY_OF(struct catalog_column);
    const struct array *declared = table->is_undeclared ? NULL : &table->columns;
    const struct array *told = file->columns;
    const struct array *from = declared == NULL || declared->count == 0 ? told : declared;
    for (size_t i = 0; from != NULL && i < from->count; i++) {
        struct catalog_column *column = array_push(&columns);
        *column = *(const struct catalog_column *)array_at(from, i);
        if (column->type == NULL && told != NULL) {
            const struct catalog_column *same = find_column(told, column);
            column->type = same != NULL ? same->type : NULL;
        }
    }
    return columns;
}

static bool get_text(struct get *get, struct get_table *part, const struct array *files,
                     enum import_format format, struct error *err)
{
    const struct catalog_table *table = part->table;
    const char *path = cache_stage_file(get->stage);
    const struct access_file *first = array_at(files, 0);
    const char *written = first->format != NULL ? first->format : table->format;
    struct array columns = columns_of(table, first);
    struct import_spec spec = {.table = table->sql_name,
                               .format = format,
                               .lines = string_equal_fold(written, "jsonl") ||
                                        string_equal_fold(written, "ndjson"),
                               .columns = &columns,
                               .dialect = first->dialect != NULL ? first->dialect
                                                                 : &table->dialect,
                               .files = files,
                               .masks = &part->masks,
                               .mask_key = get->mask_key,
                               .strangers = seen_strangers(get, part),
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
    array_release(&columns);
    return good;
}

/* Through the masks: all tables of the product that name the same file. */
static bool get_masked_database(struct get *get, const struct get_table *part,
                                const struct access_file *file, struct error *err)
{
    struct array tables = ARRAY_OF(struct import_masked_table);
    for (size_t i = 0; i < get->tables.count; i++) {
        struct get_table *other = array_at(&get->tables, i);
        if (other == part || other->is_shared) {
            *(struct import_masked_table *)array_push(&tables) =
                (struct import_masked_table){.name = other->table->name,
                                             .physical_name = other->table->physical_name,
                                             .columns = &other->table->columns,
                                             .masks = &other->masks,
                                             .strangers = seen_strangers(get, other)};
        }
    }
    struct import_masked_spec spec = {.path = cache_stage_file(get->stage),
                                      .source_fd = file->fd,
                                      .source_name = file->path,
                                      .tables = &tables,
                                      .mask_key = get->mask_key};
    bool good = import_sqlite_masked(&spec, get->port, &get->report->notes, err);
    array_release(&tables);
    return good;
}

/* A database is copied whole: all its bytes must be here and right. */
static bool get_database(struct get *get, const struct get_table *part,
                         struct access_file *file, struct error *err)
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
    get->whole_file =
        access_settle(file, part->table, get->port, err) &&
        (get->is_masked ? get_masked_database(get, part, file, err)
                        : import_sqlite(path, file->fd, file->path, get->port, err));
    get->report->bytes += get->whole_file ? access_bytes(file) : 0;
    return get->whole_file;
}

/* What is no table is kept as it is; nobody can mask what lies in it, and beside tables
 * that are masked it may hold the same values. */
static bool get_whole_files(struct get *get, const struct get_table *part,
                            struct error *err)
{
    bool good = !get->is_masked ||
                error_set(err, ERROR_FAILED,
                          "%s is no table that could be read column by column, and the "
                          "role %s may not see all of it",
                          part->table->name, get->place.role);
    for (size_t i = 0; good && i < part->files.count; i++) {
        struct access_file *file = array_at(&part->files, i);
        good = get_keep_file(get->stage, part->table, file, &get->report->notes, err);
        get->report->bytes += good ? access_bytes(file) : 0;
    }
    return good;
}

static bool get_files(struct get *get, struct get_table *part, struct error *err)
{
    struct access_file *first = array_at(&part->files, 0);
    if (first->arrival != NULL) { /* its first bytes tell what it is */
        long long there;
        if (!arrival_wait(first->arrival, HEAD_BYTES, get->port, &there, err)) {
            return false;
        }
    }
    enum get_format format = table_format(part->table, first);
    switch (format) {
    case FORMAT_CSV:
    case FORMAT_JSON:
        return !get->whole_file
                   ? get_text(get, part, &part->files,
                              format == FORMAT_JSON ? IMPORT_JSON : IMPORT_CSV, err)
                   : error_set(err, ERROR_FAILED,
                               "could not import %s: its product is an SQLite "
                               "database already",
                               first->path);
    case FORMAT_SQLITE:
        return get_database(get, part, first, err);
    case FORMAT_OTHER:
        break;
    }
    return get_whole_files(get, part, err);
}

/* Rows in the descriptor are JSON, and become a file of the stage, which goes with it. */
static bool get_inline(struct get *get, struct get_table *part, struct error *err)
{
    const struct catalog_table *table = part->table;
    struct array files = ARRAY_OF(struct access_file);
    size_t length = strlen(table->inline_data);
    char *path = path_join(cache_stage_folder(get->stage), "inline.json");
    bool good = path_write_file(path, table->inline_data, length, 0600, err);
    int fd = good ? path_open_regular(path, err) : -1;
    unlink(path); /* it is as secret as the data; what is open stays readable */
    if (fd >= 0) {
        struct access_file *file = array_push(&files);
        *file = (struct access_file){.path = string_printf("the data of %s", table->name),
                                     .fd = fd,
                                     .bytes = (long long)length};
        struct catalog_table plain = *table;
        struct get_table simple = *part;
        plain.dialect = (struct catalog_dialect){.missing = table->dialect.missing};
        simple.table = &plain;
        good = get_text(get, &simple, &files, IMPORT_JSON, err);
    }
    access_files_release(&files);
    free(path);
    return good && fd >= 0;
}

/* What lies here is told when it is not what its descriptor declares; who wrote the one
 * can mend the other. What came from elsewhere must be right. */
static bool check_files(struct get *get, const struct get_table *part, struct error *err)
{
    bool good = true;
    for (size_t i = 0; good && i < part->files.count; i++) {
        struct access_file *file = array_at(&part->files, i);
        struct error why = {0};
        if (file->arrival != NULL) {
            good = access_settle(file, part->table, get->port, err);
        } else if (!access_check(file, part->table, &why)) {
            text_printf(&get->report->notes, "%s.\n", why.message);
        }
    }
    return good;
}

bool table_import(struct get *get, struct get_table *part, struct error *err)
{
    if (part->table->files.count == 0 && part->table->inline_data != NULL) {
        return get_inline(get, part, err);
    }
    return get_files(get, part, err) && check_files(get, part, err);
}

bool table_is_database(const struct catalog_table *table)
{
    enum get_format format = FORMAT_OTHER;
    const char *location =
        table->files.count == 1 ? *(char **)array_at(&table->files, 0) : "";
    const char *dot = strrchr(path_base(location), '.');
    return (find_format(table->format, &format) ||
            find_format(dot != NULL ? dot + 1 : NULL, &format)) &&
           format == FORMAT_SQLITE;
}
