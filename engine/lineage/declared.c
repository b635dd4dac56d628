/* lineage/declared: sources that columns declare, their names resolved.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/declared.h"

#include <stdlib.h>
#include <string.h>

#include "engine/array.h"
#include "engine/store.h"
#include "engine/text.h"

/* A name that a table is known by. */
struct known_name {
    char *name; /* "orders.line_items", or "line_items" */
    size_t table;
};

struct declared {
    struct array tables; /* of struct declared_table */
    struct array names;  /* of struct known_name, by name without case */
    struct array made;   /* of struct declared_pair, by product */
    size_t *from;        /* those of `made`, by from_product */
};

/* ---- Tables by name ---- */

static void add_name(struct declared *declared, char *name, size_t table)
{
    if (name == NULL || *name == '\0') {
        free(name);
        return;
    }
    *(struct known_name *)array_push(&declared->names) = (struct known_name){name, table};
}

static int by_name(const void *a, const void *b)
{
    const struct known_name *x = a, *y = b;
    int differs = sqlite3_stricmp(x->name, y->name);
    return differs != 0 ? differs : (x->table > y->table) - (x->table < y->table);
}

static bool read_tables(struct declared *declared, sqlite3 *mesh, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        mesh,
        "SELECT t.product_row,t.contract_row,t.object_row,p.schema_name,t.sql_name,"
        "t.name,o.physical_name FROM table_of t JOIN product p ON p.rowid=t.product_row "
        "LEFT JOIN object o ON o.rowid=t.object_row",
        err);
    if (stmt == NULL) {
        return false;
    }
    while (store_step(stmt, err) == STORE_ROW) {
        struct declared_table *table = array_push(&declared->tables);
        size_t at = declared->tables.count - 1;
        *table = (struct declared_table){
            sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
            sqlite3_column_int64(stmt, 2), store_text_copy(stmt, 3),
            store_text_copy(stmt, 4),      store_text_copy(stmt, 5),
            store_text_copy(stmt, 6)};
        add_name(declared, string_printf("%s.%s", table->schema, table->sql_name), at);
        add_name(declared, string_copy(table->sql_name), at);
        if (!string_equal_fold(table->name, table->sql_name)) {
            add_name(declared, string_copy(table->name), at);
        }
        if (!string_equal_fold(table->physical, table->name) &&
            !string_equal_fold(table->physical, table->sql_name)) {
            add_name(declared, string_copy(table->physical), at);
        }
    }
    store_finish(stmt);
    if (declared->names.count > 0) {
        qsort(declared->names.items, declared->names.count, declared->names.item_size,
              by_name);
    }
    return err == NULL || err->kind == ERROR_NONE;
}

static size_t first_named(const struct declared *declared, const char *name)
{
    size_t low = 0, high = declared->names.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct known_name *known = array_at(&declared->names, middle);
        if (sqlite3_stricmp(known->name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Of the same contract if there is one, else the only one. */
static const struct declared_table *table_named(const struct declared *declared,
                                                const char *name, long long contract)
{
    const struct declared_table *only = NULL;
    bool several = false;
    for (size_t i = first_named(declared, name); i < declared->names.count; i++) {
        const struct known_name *known = array_at(&declared->names, i);
        if (sqlite3_stricmp(known->name, name) != 0) {
            break;
        }
        const struct declared_table *table = array_at(&declared->tables, known->table);
        if (contract != 0 && table->contract == contract) {
            return table;
        }
        several = several || (only != NULL && only != table);
        only = table;
    }
    return several ? NULL : only;
}

const struct declared_table *declared_table(const struct declared *declared,
                                            const char *name, long long contract)
{
    const struct declared_table *table = table_named(declared, name, contract);
    if (table == NULL && strchr(name, '.') != NULL) {
        /* database.schema.table: its last two names, then its last. */
        const char *last = strrchr(name, '.');
        const char *start = last;
        while (start > name && start[-1] != '.') {
            start--;
        }
        table = start > name ? table_named(declared, start, contract) : NULL;
        table = table != NULL ? table : table_named(declared, last + 1, contract);
    }
    return table;
}

/* ---- Pairs ---- */

static int by_product(const void *a, const void *b)
{
    const struct declared_pair *x = a, *y = b;
    if (x->product != y->product) {
        return x->product < y->product ? -1 : 1;
    }
    int differs = strcmp(x->path, y->path);
    return differs != 0 ? differs : (x->line > y->line) - (x->line < y->line);
}

/* "orders.amount": the table orders with its column amount, when the whole is none. */
static const struct declared_table *split_source(const struct declared *declared,
                                                 const char *source, long long contract,
                                                 char **column)
{
    const char *dot = strrchr(source, '.');
    *column = NULL;
    if (dot == NULL || dot == source) {
        return NULL;
    }
    char *table = string_copy_bytes(source, (size_t)(dot - source));
    const struct declared_table *found = declared_table(declared, table, contract);
    free(table);
    if (found != NULL) {
        *column = string_copy(dot + 1);
    }
    return found;
}

static void take_pair(struct declared *declared, sqlite3_stmt *stmt)
{
    long long contract = sqlite3_column_int64(stmt, 7);
    const char *object = store_text(stmt, 3), *source = store_text(stmt, 5);
    char *column = store_text_copy(stmt, 4);
    const struct declared_table *from = declared_table(declared, object, contract);
    if (column == NULL) {
        const struct declared_table *table = table_named(declared, object, contract);
        if (table == NULL) {
            const struct declared_table *split =
                split_source(declared, object, contract, &column);
            from = split != NULL ? split : from;
        }
    }
    struct declared_pair *pair = array_push(&declared->made);
    *pair = (struct declared_pair){
        .product = sqlite3_column_int64(stmt, 0),
        .table = store_text_copy(stmt, 1),
        .column = store_text_copy(stmt, 2),
        .from_product = from != NULL ? from->product : 0,
        .from_table = from != NULL ? string_copy(from->sql_name) : NULL,
        .from_column = column,
        .source = string_copy(source),
        .path = string_copy(store_text(stmt, 6)),
        .line = sqlite3_column_int(stmt, 8),
    };
}

static int by_from(const void *a, const void *b, void *owner)
{
    const struct array *made = owner;
    const struct declared_pair *x = array_at(made, *(const size_t *)a);
    const struct declared_pair *y = array_at(made, *(const size_t *)b);
    if (x->from_product != y->from_product) {
        return x->from_product < y->from_product ? -1 : 1;
    }
    return (x > y) - (x < y);
}

static bool read_pairs(struct declared *declared, sqlite3 *mesh, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        mesh,
        "SELECT t.product_row,t.sql_name,l.property,coalesce(l.from_object,l.source),"
        "l.from_property,l.source,c.path,l.contract_row,l.line FROM lineage l JOIN "
        "contract c ON c.rowid=l.contract_row JOIN table_of t ON "
        "t.contract_row=l.contract_row AND t.name=l.object WHERE "
        "coalesce(l.from_object,l.source) IS NOT NULL",
        err);
    if (stmt == NULL) {
        return false;
    }
    while (store_step(stmt, err) == STORE_ROW) {
        take_pair(declared, stmt);
    }
    store_finish(stmt);
    size_t count = declared->made.count;
    declared->from = memory_new_many(count + 1, sizeof *declared->from);
    if (count > 0) {
        qsort(declared->made.items, count, declared->made.item_size, by_product);
        for (size_t i = 0; i < count; i++) {
            declared->from[i] = i;
        }
        qsort_r(declared->from, count, sizeof *declared->from, by_from, &declared->made);
    }
    return err == NULL || err->kind == ERROR_NONE;
}

struct declared *declared_read(sqlite3 *mesh, bool with_tables, struct error *err)
{
    struct declared *declared = memory_new(sizeof *declared);
    declared->tables = (struct array)ARRAY_OF(struct declared_table);
    declared->names = (struct array)ARRAY_OF(struct known_name);
    declared->made = (struct array)ARRAY_OF(struct declared_pair);
    bool has_pairs =
        store_number(mesh, 0, "SELECT EXISTS(SELECT 1 FROM lineage)", "") != 0;
    if (!with_tables && !has_pairs) {
        return declared;
    }
    if (!read_tables(declared, mesh, err) || !read_pairs(declared, mesh, err)) {
        declared_free(declared);
        return NULL;
    }
    return declared;
}

void declared_free(struct declared *declared)
{
    if (declared == NULL) {
        return;
    }
    for (size_t i = 0; i < declared->tables.count; i++) {
        struct declared_table *table = array_at(&declared->tables, i);
        free(table->schema);
        free(table->sql_name);
        free(table->name);
        free(table->physical);
    }
    for (size_t i = 0; i < declared->names.count; i++) {
        free(((struct known_name *)array_at(&declared->names, i))->name);
    }
    for (size_t i = 0; i < declared->made.count; i++) {
        struct declared_pair *pair = array_at(&declared->made, i);
        free(pair->table);
        free(pair->column);
        free(pair->from_table);
        free(pair->from_column);
        free(pair->source);
        free(pair->path);
    }
    array_release(&declared->tables);
    array_release(&declared->names);
    array_release(&declared->made);
    free(declared->from);
    free(declared);
}

size_t declared_count(const struct declared *declared)
{
    return declared->made.count;
}

const struct declared_pair *declared_pair(const struct declared *declared, size_t index)
{
    return array_at(&declared->made, index);
}

static const struct declared_pair *pair_at(const struct declared *declared, size_t index,
                                           bool up)
{
    return index < declared->made.count
               ? array_at(&declared->made, up ? index : declared->from[index])
               : NULL;
}

size_t declared_first(const struct declared *declared, long long product, bool up)
{
    size_t low = 0, high = declared->made.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct declared_pair *pair = pair_at(declared, middle, up);
        if ((up ? pair->product : pair->from_product) < product) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct declared_pair *declared_at(const struct declared *declared, size_t index,
                                        long long product, bool up)
{
    const struct declared_pair *pair = pair_at(declared, index, up);
    return pair != NULL && (up ? pair->product : pair->from_product) == product ? pair
                                                                                : NULL;
}
