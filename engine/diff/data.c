/* diff/data: the columns that data files really have, with types and some values, from
 * their first bytes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/import.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "engine/unpack.h"

enum {
    SAMPLE_BYTES = 256 * 1024,
    JSON_BYTES = 4 * 1024 * 1024, /* an array of JSON cannot be cut */
    MOST_VALUES = 4000,           /* of a column are kept to compare */
    MOST_TABLES = 500,
};

void diff_note(struct array *notes, const char *format, ...)
{
    struct text text = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    *(char **)array_push(notes) = text_take(&text);
}

/* ---- The first bytes of a file ---- */

static bool read_some(void *owner, void *into, size_t room, size_t *got,
                      struct error *err)
{
    const int *fd = owner;
    ssize_t length = read(*fd, into, room);
    *got = length > 0 ? (size_t)length : 0;
    return length >= 0 || error_set(err, ERROR_FAILED, "it could not be read: %s",
                                    error_of_errno(errno));
}

static bool read_head(int fd, const char *name, size_t most, struct text *head,
                      struct error *err)
{
    char magic[UNPACK_MAGIC] = {0};
    ssize_t length = pread(fd, magic, sizeof magic, 0);
    const char *packed = length > 0 ? unpack_format(magic, (size_t)length) : NULL;
    struct unpack_spec spec = {name, read_some, &fd};
    struct unpack *unpack = packed != NULL ? unpack_new(packed, &spec, err) : NULL;
    bool read = packed == NULL || unpack != NULL;
    for (size_t got = 1; read && got > 0 && head->length < most;) {
        size_t room = most - head->length;
        char *into = text_reserve(head, room);
        read = unpack != NULL ? unpack_read(unpack, into, room, &got, err)
                              : read_some(&fd, into, room, &got, err);
        text_grow(head, read ? got : 0);
    }
    unpack_free(unpack);
    return read;
}

/* Only whole lines, when there is more than fits. */
static void cut_at_line(struct text *head)
{
    size_t length = head->length;
    while (length > 0 && head->data[length - 1] != '\n') {
        length--;
    }
    if (length > 0) {
        text_truncate(head, length);
    }
}

/* ---- A sample becomes a table ---- */

struct look {
    const struct diff_side *side;
    struct diff_node *root;
    struct array *notes;
    size_t tables;
};

static int compare_hashes(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static void sort_sample(struct diff_sample *sample)
{
    size_t kept = 0;
    if (sample->count > 1) {
        qsort(sample->hashes, sample->count, sizeof *sample->hashes, compare_hashes);
    }
    for (size_t i = 0; i < sample->count; i++) {
        if (i == 0 || sample->hashes[i] != sample->hashes[kept - 1]) {
            sample->hashes[kept++] = sample->hashes[i];
        }
    }
    sample->count = kept;
}

/* FNV-1a: only equality counts, and nobody gains by a collision. */
static uint64_t hash_of(const char *bytes, size_t length)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211u;
    }
    return hash;
}

/* What the values of a column are, by looking at them: the import keeps 1.10 as text,
 * which says much about storing it, and nothing about what it is. */
struct looks {
    size_t values, numbers, wholes;
};

static void take_value(struct diff_node *column, struct looks *looks, const char *value)
{
    struct diff_sample *sample = &column->sample;
    char *end, plain[40];
    double number = strtod(value, &end);
    bool is_number = *end == '\0' && isfinite(number) && strpbrk(value, "xXpP") == NULL;
    looks->values++;
    looks->numbers += is_number;
    looks->wholes += is_number && strpbrk(value, ".eE") == NULL;
    if (is_number) { /* 1.10 is 1.1 */
        snprintf(plain, sizeof plain, "%.12g", number);
        value = plain;
    }
    if (sample->count < MOST_VALUES) {
        sample->hashes[sample->count++] = hash_of(value, strlen(value));
    }
}

static void take_rows(sqlite3_stmt *stmt, struct array *columns, struct looks *looks)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct diff_node *column = *(struct diff_node **)array_at(columns, i);
        const char *value = (const char *)sqlite3_column_text(stmt, (int)i);
        if (value != NULL && value[0] != '\0') {
            take_value(column, &looks[i], value);
        }
    }
}

static bool take_values(const char *database, struct array *columns, struct error *err)
{
    sqlite3 *db = store_open(database, STORE_READ, err);
    sqlite3_stmt *stmt =
        db != NULL ? store_prepare(db, "SELECT * FROM sample", err) : NULL;
    struct looks *looks = memory_new_many(columns->count + 1, sizeof *looks);
    enum store_step step = STORE_FAILED;
    while (stmt != NULL && (step = store_step(stmt, err)) == STORE_ROW) {
        take_rows(stmt, columns, looks);
    }
    store_finish(stmt);
    store_close(db);
    for (size_t i = 0; i < columns->count; i++) {
        struct diff_node *column = *(struct diff_node **)array_at(columns, i);
        sort_sample(&column->sample);
        if (looks[i].values > 0) { /* no value, no type */
            diff_node_set(column, "type",
                          looks[i].wholes == looks[i].values    ? "integer"
                          : looks[i].numbers == looks[i].values ? "number"
                                                                : "string");
        }
    }
    free(looks);
    return step == STORE_DONE;
}

static bool take_columns(const char *database, const struct import_report *report,
                         struct diff_node *table, struct error *err)
{
    for (size_t i = 0; i < report->columns.count; i++) {
        const struct import_column_report *column = array_at(&report->columns, i);
        struct diff_node *node = diff_node_new(DIFF_COLUMN, column->name, NULL);
        node->position = (int)i + 1;
        node->is_data = true;
        node->sample.hashes = memory_new_many(MOST_VALUES, sizeof(uint64_t));
        *(struct diff_node **)array_push(&table->seen) = node;
    }
    return take_values(database, &table->seen, err);
}

static bool import_sample(const struct look *look, const struct catalog_table *from,
                          const char *name, const struct text *head,
                          struct diff_node *table, struct error *err)
{
    char *unpacked = string_copy_bytes(name, path_unpacked_length(name));
    char *file =
        string_printf("%s/%zu-%s", look->side->folder, look->tables, path_base(unpacked));
    char *database = string_printf("%s/%zu.sqlite", look->side->folder, look->tables);
    struct import_report report = {0};
    bool done = path_write_file(file, text_string(head), head->length, 0600, err);
    int fd = done ? path_open_regular(file, err) : -1;
    if (fd >= 0) {
        struct array files = ARRAY_OF(struct access_file);
        struct access_file *one = array_push(&files);
        *one = (struct access_file){
            .path = unpacked, .fd = fd, .bytes = (long long)head->length};
        struct import_spec spec = {
            .table = "sample",
            .format = import_format_of(unpacked, fd),
            .dialect = &from->dialect,
            .files = &files,
            .threads = 1,
        };
        done = import_table(database, &spec, NULL, &report, err) &&
               take_columns(database, &report, table, err);
        array_release(&files);
        close(fd);
    }
    import_report_release(&report);
    unlink(file);
    unlink(database);
    free(database);
    free(file);
    free(unpacked);
    return done && fd >= 0;
}

/* ---- Tables ---- */

static bool look_at_file(const struct look *look, const struct catalog_table *from,
                         const struct access_file *file, struct diff_node *table,
                         struct error *err)
{
    struct text head = {0};
    bool is_array = import_format_of(file->path, file->fd) == IMPORT_JSON &&
                    strstr(file->path, "jsonl") == NULL &&
                    strstr(file->path, "ndjson") == NULL;
    size_t most = is_array ? JSON_BYTES : SAMPLE_BYTES;
    bool read = read_head(file->fd, file->path, most, &head, err);
    if (read && head.length == most && is_array) {
        read = error_set(err, ERROR_FAILED, "%s is a large array of JSON", file->path);
    } else if (read && head.length == most) {
        cut_at_line(&head);
    }
    bool done = read && import_sample(look, from, file->path, &head, table, err);
    text_release(&head);
    return done;
}

static bool is_elsewhere(const struct catalog_table *table)
{
    for (size_t i = 0; i < table->files.count; i++) {
        if (strstr(*(char **)array_at(&table->files, i), "://") != NULL) {
            return true;
        }
    }
    return table->files.count == 0 || string_equal(table->format, "sqlite") ||
           string_equal(table->format, "parquet") || table->dialect.no_header;
}

/* What was declared knows its values, too: they tell renamed columns. */
static void share_samples(struct diff_node *table)
{
    for (size_t i = 0; i < table->children.count; i++) {
        struct diff_node *column = *(struct diff_node **)array_at(&table->children, i);
        const char *physical = diff_node_get(column, "physicalName");
        for (size_t k = 0; column->kind == DIFF_COLUMN && k < table->seen.count; k++) {
            const struct diff_node *seen =
                *(struct diff_node **)array_at(&table->seen, k);
            if (column->sample.hashes == NULL && seen->sample.count > 0 &&
                (string_equal(seen->name, column->name) ||
                 string_equal(seen->name, physical))) {
                size_t bytes = seen->sample.count * sizeof(uint64_t);
                column->sample.hashes = memory_new(bytes);
                memcpy(column->sample.hashes, seen->sample.hashes, bytes);
                column->sample.count = seen->sample.count;
            }
        }
    }
}

static void look_at_table(struct look *look, const struct catalog_product *product,
                          const struct catalog_table *from, struct diff_node *table)
{
    struct array files = ARRAY_OF(struct access_file);
    struct error err = {0};
    if (is_elsewhere(from)) {
        return;
    }
    if (++look->tables > MOST_TABLES) {
        return;
    }
    bool seen = access_table_files(product, from, true, &files, &err) &&
                files.count > 0 &&
                look_at_file(look, from, array_at(&files, 0), table, &err);
    if (seen) {
        share_samples(table);
    } else if (err.kind != ERROR_NONE) {
        diff_note(look->notes, "%s: the data of %s were not compared: %s",
                  look->side->label, from->name, err.message);
    }
    access_files_release(&files);
}

static struct diff_node *table_called(const struct look *look, const char *name)
{
    for (size_t i = 0; i < look->root->children.count; i++) {
        const struct diff_node *contract =
            *(struct diff_node **)array_at(&look->root->children, i);
        struct diff_node *table = contract->kind == DIFF_CONTRACT
                                      ? diff_node_child(contract, DIFF_TABLE, name)
                                      : NULL;
        if (table != NULL && table->seen.count == 0) {
            return table;
        }
    }
    return NULL;
}

static bool look_at_product(struct look *look, const char *key, struct error *err)
{
    struct catalog_product product;
    if (!catalog_product(look->side->catalog, key, &product, err)) {
        return false;
    }
    for (size_t i = 0; i < product.tables.count; i++) {
        const struct catalog_table *from = array_at(&product.tables, i);
        struct diff_node *table = table_called(look, from->name);
        if (table != NULL) {
            look_at_table(look, &product, from, table);
        }
    }
    catalog_product_release(&product);
    return true;
}

bool diff_look_at_data(const struct diff_side *side, struct diff_node *root,
                       struct array *notes, struct error *err)
{
    struct look look = {.side = side, .root = root, .notes = notes};
    sqlite3_stmt *stmt = store_prepare(catalog_database(side->catalog),
                                       "SELECT p.key FROM scope_product s JOIN product p "
                                       "ON p.rowid=s.row ORDER BY p.rowid",
                                       err);
    enum store_step step = STORE_FAILED;
    while (stmt != NULL && (step = store_step(stmt, err)) == STORE_ROW) {
        if (!look_at_product(&look, store_text(stmt, 0), err)) {
            step = STORE_FAILED;
            break;
        }
    }
    store_finish(stmt);
    if (look.tables > MOST_TABLES) {
        diff_note(notes, "%s: the data of %d of %zu tables were looked at", side->label,
                  (int)MOST_TABLES, look.tables);
    }
    return step == STORE_DONE;
}
