/* diff/read: the rows of an index that belong to one side, as a tree.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"
#include "engine/diff/shapes.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"
#include "engine/text.h"

/* ---- What belongs to the side ---- */

/* A product whose descriptor is its contract as well (a contract that no port names, a
 * Data Package) is one thing, not two: `contract` says which. Bare data has none. */
static const char *const scopes[] = {
    "CREATE TEMP TABLE scope_product(row INTEGER PRIMARY KEY,contract,bare)",
    "INSERT INTO scope_product SELECT p.rowid,(SELECT c.rowid FROM port o JOIN contract "
    "c ON c.rowid=o.contract_row WHERE o.product_row=p.rowid AND o.dir='out' AND "
    "c.path=p.path AND p.standard IN('odcs','dcs','package','dcat','open') ORDER BY "
    "c.rowid LIMIT 1),p.standard IN('folder','file','sqlite') "
    "FROM product p WHERE ?1=0 OR p.rowid=?1",
    "CREATE TEMP TABLE scope_contract(row INTEGER PRIMARY KEY)",
    "INSERT OR IGNORE INTO scope_contract SELECT c.rowid FROM contract c WHERE ?1=0 OR "
    "c.rowid IN(SELECT o.contract_row FROM port o LEFT JOIN contract d ON "
    "d.rowid=o.contract_row WHERE o.product_row=?1 AND o.dir='out' AND (?2 IS NULL OR "
    "?2 IN(o.version,d.version)))",
    "CREATE TEMP TABLE scope_table(row INTEGER PRIMARY KEY,parent,listed)",
    "INSERT OR IGNORE INTO scope_table SELECT o.rowid,o.contract_row,NULL FROM object o "
    "JOIN scope_contract s ON s.row=o.contract_row",
    "INSERT OR IGNORE INTO scope_table SELECT t.object_row,-t.product_row,t.rowid FROM "
    "table_of t JOIN scope_product s ON s.row=t.product_row WHERE s.bare AND "
    "t.object_row IS NOT NULL",
    "UPDATE scope_table SET listed=(SELECT t.rowid FROM table_of t JOIN product p ON "
    "p.rowid=t.product_row WHERE t.object_row=scope_table.row AND p.standard='package')",
};

/* ---- Rows to nodes ---- */

struct placed {
    long long row;
    struct diff_node *node;
};

struct reading {
    const struct diff_side *side;
    sqlite3 *db;
    struct diff_node *root;
    struct array placed[DIFF_KINDS]; /* of struct placed, in the order of their rows */
};

static int compare_rows(const void *a, const void *b)
{
    long long left = ((const struct placed *)a)->row;
    long long right = ((const struct placed *)b)->row;
    return (left > right) - (left < right);
}

static struct diff_node *parent_of(struct reading *reading, enum diff_kind kind,
                                   long long row)
{
    if (kind == DIFF_KINDS) {
        return reading->root;
    }
    if (row < 0 && kind == DIFF_TABLE) { /* of a nested column */
        kind = DIFF_COLUMN;
        row = -row;
    }
    const struct array *list = &reading->placed[kind];
    struct placed wanted = {.row = row};
    struct placed *found = list->count > 0 ? bsearch(&wanted, list->items, list->count,
                                                     sizeof(struct placed), compare_rows)
                                           : NULL;
    return found != NULL ? found->node : NULL;
}

static void take_row(struct reading *reading, const struct diff_shape *shape,
                     sqlite3_stmt *stmt)
{
    struct diff_node *parent =
        parent_of(reading, shape->parent, sqlite3_column_int64(stmt, 0));
    if (parent == NULL) {
        return;
    }
    const char *name = (const char *)sqlite3_column_text(stmt, 3);
    if (name != NULL && shape->kind == DIFF_COLUMN && parent->kind == DIFF_COLUMN &&
        string_starts(name, parent->key)) {
        name += strlen(parent->key) + 1; /* its own part of a dotted name */
    }
    struct diff_node *node = diff_node_new(shape->kind, store_text(stmt, 2), name);
    node->file = store_text_copy(stmt, 4);
    node->line = sqlite3_column_int(stmt, 5);
    node->position = sqlite3_column_int(stmt, 6);
    node->is_made = sqlite3_column_int64(stmt, 1) < 0;
    node->is_data = shape->kind == DIFF_TABLE && parent->is_made;
    if (node->file == NULL) {
        node->file = string_copy(parent->file);
    }
    for (int i = 7; i < sqlite3_column_count(stmt); i++) {
        diff_node_set(node, sqlite3_column_name(stmt, i),
                      (const char *)sqlite3_column_text(stmt, i));
    }
    if (diff_node_adopt(parent, node)) {
        struct placed *placed = array_push(&reading->placed[shape->kind]);
        *placed = (struct placed){sqlite3_column_int64(stmt, 1), node};
    }
}

static bool read_shape(struct reading *reading, const struct diff_shape *shape,
                       struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(reading->db, shape->sql, err);
    if (stmt == NULL) {
        return false;
    }
    if (sqlite3_bind_parameter_count(stmt) > 0) {
        store_bind(stmt, "ls", reading->side->product, reading->side->version);
    }
    enum store_step step;
    while ((step = store_step(stmt, err)) == STORE_ROW) {
        take_row(reading, shape, stmt);
    }
    store_finish(stmt);
    /* Rows come in order but for those of two queries of one kind. */
    struct array *placed = &reading->placed[shape->kind];
    if (placed->count > 1) {
        qsort(placed->items, placed->count, sizeof(struct placed), compare_rows);
    }
    return step == STORE_DONE;
}

static bool read_parts(struct reading *reading, struct error *err)
{
    bool read = true;
    for (size_t i = 0; read && i < diff_owner_count; i++) {
        for (size_t k = 0; read && k < diff_part_count; k++) {
            char *sql = string_printf(
                "SELECT o.row,x.rowid,%s FROM (%s) o JOIN %s x ON x.owner_kind=o.kind "
                "AND x.owner_id=o.id ORDER BY 2",
                diff_parts[k].select, diff_owners[i].sql, diff_parts[k].table);
            struct diff_shape shape = {diff_parts[k].kind, diff_owners[i].parent, sql};
            read = read_shape(reading, &shape, err);
            free(sql);
        }
    }
    return read;
}

static bool read_extra(struct reading *reading, const struct diff_extra *extra,
                       struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(reading->db, extra->sql, err);
    enum store_step step = STORE_FAILED;
    while (stmt != NULL && (step = store_step(stmt, err)) == STORE_ROW) {
        struct diff_node *node =
            parent_of(reading, extra->kind, sqlite3_column_int64(stmt, 0));
        const char *key = store_text(stmt, 1);
        if (node != NULL && diff_node_get(node, key) == NULL) {
            diff_node_set(node, key, store_text(stmt, 2));
        }
    }
    store_finish(stmt);
    return step == STORE_DONE;
}

static bool make_scopes(struct reading *reading, struct error *err)
{
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        sqlite3_stmt *stmt = store_prepare(reading->db, scopes[i], err);
        if (stmt == NULL) {
            return false;
        }
        int parameters = sqlite3_bind_parameter_count(stmt);
        store_bind(stmt,
                   parameters == 2   ? "ls"
                   : parameters == 1 ? "l"
                                     : "",
                   reading->side->product, reading->side->version);
        bool done = store_execute(stmt, err);
        store_finish(stmt);
        if (!done) {
            return false;
        }
    }
    return true;
}

struct diff_node *diff_read(const struct diff_side *side, struct error *err)
{
    struct reading reading = {
        .side = side,
        .db = catalog_database(side->catalog),
        .root = diff_node_new(DIFF_KINDS, "", ""),
    };
    for (size_t i = 0; i < DIFF_KINDS; i++) {
        reading.placed[i] = (struct array)ARRAY_OF(struct placed);
    }
    bool read = make_scopes(&reading, err);
    for (size_t i = 0; read && i < diff_shape_count; i++) {
        read = read_shape(&reading, &diff_shapes[i], err);
    }
    for (size_t i = 0; read && i < diff_extra_count; i++) {
        read = read_extra(&reading, &diff_extras[i], err);
    }
    read = read && read_parts(&reading, err);
    for (size_t i = 0; i < DIFF_KINDS; i++) {
        array_release(&reading.placed[i]);
    }
    if (!read) {
        diff_node_free(reading.root);
        error_prefix(err, "could not read %s, %s, from its index: ", side->label,
                     side->operand);
        return NULL;
    }
    return reading.root;
}
