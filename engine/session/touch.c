/* session/touch: which tables and columns does a statement read, and which does it write?
 *
 * The authorizer tells what names were resolved to. It is not told of columns that USING
 * and NATURAL compare, of generated columns, nor of a table that is copied as a whole
 * (INSERT INTO a SELECT * FROM b): so the compiled program is looked through as well
 * (EXPLAIN), whose Column instructions say what is read of which open table. The two
 * together are what a statement touches.
 *
 * Sources: sqlite.org/opcode.html, c3ref/set_authorizer.html.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/touch.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

void touch_forget(struct worker *worker)
{
    gate_touches_release(&worker->touches);
    sql_names_release(&worker->written);
    sql_names_release(&worker->inner);
    worker->touches = (struct array)ARRAY_OF(struct gate_touch);
    worker->written = (struct array)ARRAY_OF(char *);
    worker->inner = (struct array)ARRAY_OF(char *);
    worker->is_judged = false;
}

/* ---- One touch ---- */

static bool is_own(const char *database)
{
    return string_equal_fold(database, "main") || string_equal_fold(database, "temp");
}

/* Of these tables only names are read. */
static bool is_of_sqlite(const char *table)
{
    static const char *const tables[] = {"sqlite_master", "sqlite_schema",
                                         "sqlite_temp_master", "sqlite_temp_schema"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (string_equal_fold(tables[i], table)) {
            return true;
        }
    }
    return false;
}

/* Tables of the workspace are told apart by their database: "main.t". */
void touch_read(struct worker *worker, const char *database, const char *table,
                const char *column, const char *inside)
{
    if (worker->target != worker->db || database == NULL || table == NULL ||
        is_of_sqlite(table)) {
        return;
    }
    struct attachment *one = attach_find(worker, database);
    if (one == NULL ? !is_own(database) : one->product == NULL) {
        return; /* the catalog, the ledger */
    }
    if (one != NULL) {
        one->read = true;
    }
    struct gate_touch *touch = array_push(&worker->touches);
    *touch = (struct gate_touch){
        .product = one != NULL ? string_copy(one->product) : NULL,
        .table =
            one != NULL ? string_copy(table) : string_printf("%s.%s", database, table),
        .column = string_copy(column != NULL ? column : ""),
        .is_inside = inside != NULL,
    };
}

void touch_write(struct worker *worker, const char *database, const char *table)
{
    if (worker->target == worker->db && !worker->is_judged && table != NULL &&
        is_own(database) && !is_of_sqlite(table)) {
        *(char **)array_push(&worker->written) = string_printf("%s.%s", database, table);
    }
}

static int compare(const void *a, const void *b)
{
    const struct gate_touch *one = a, *other = b;
    int order = strcmp(one->product != NULL ? one->product : "",
                       other->product != NULL ? other->product : "");
    order = order != 0 ? order : sqlite3_stricmp(one->table, other->table);
    return order != 0 ? order : sqlite3_stricmp(one->column, other->column);
}

/* A virtual table reads its inner ones while it runs: words_content of words. */
static bool is_inner(const struct worker *worker, const char *database, const char *table)
{
    char *name = string_printf("%s.%s", database, table);
    bool is = false;
    for (size_t i = 0; i < worker->inner.count && !is; i++) {
        const char *start = *(char **)array_at(&worker->inner, i);
        is = sqlite3_strnicmp(name, start, (int)strlen(start)) == 0;
    }
    free(name);
    return is;
}

bool touch_is_known(const struct worker *worker, const char *database, const char *table,
                    const char *column)
{
    const struct attachment *one = attach_find((struct worker *)worker, database);
    const struct gate_touch wanted = {.product = one != NULL ? one->product : NULL,
                                      .table = (char *)table,
                                      .column = (char *)(column != NULL ? column : "")};
    return one == NULL || one->product == NULL || is_of_sqlite(table) ||
           bsearch(&wanted, worker->touches.items, worker->touches.count, sizeof wanted,
                   compare) != NULL ||
           is_inner(worker, database, table);
}

void touch_sort(struct worker *worker)
{
    struct array *touches = &worker->touches;
    struct gate_touch *all = touches->items;
    size_t kept = 0;
    if (touches->count == 0) {
        return;
    }
    qsort(all, touches->count, sizeof *all, compare);
    for (size_t i = 1; i < touches->count; i++) {
        if (compare(&all[kept], &all[i]) == 0) {
            all[kept].is_inside = all[kept].is_inside || all[i].is_inside;
            free(all[i].product);
            free(all[i].table);
            free(all[i].column);
        } else {
            all[++kept] = all[i];
        }
    }
    touches->count = kept + 1;
}

/* ---- The compiled program ---- */

enum operation { OPENS, READS_COLUMN, READS_ALL, COPIES, READS_KEY, SEEKS };

static const struct {
    const char *name;
    enum operation operation;
} operations[] = {
    {"OpenRead", OPENS},      {"OpenWrite", OPENS},     {"ReopenIdx", OPENS},
    {"Column", READS_COLUMN}, {"RowData", READS_ALL},   {"RowCell", COPIES},
    {"Rowid", READS_KEY},     {"SeekRowid", READS_KEY}, {"NotExists", READS_KEY},
    {"SeekGE", SEEKS},        {"SeekGT", SEEKS},        {"SeekLE", SEEKS},
    {"SeekLT", SEEKS},        {"IdxGE", SEEKS},         {"IdxGT", SEEKS},
    {"IdxLE", SEEKS},         {"IdxLT", SEEKS},         {"Found", SEEKS},
    {"NotFound", SEEKS},      {"NoConflict", SEEKS},    {"IfNoHope", SEEKS},
    {"IdxRowid", READS_KEY},
};

struct instruction {
    enum operation operation;
    int program; /* that of a trigger is another one, with cursors of its own */
    int p1, p2, p3, p4, p5;
};

static bool operation_of(const char *name, enum operation *operation)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        if (string_equal(operations[i].name, name)) {
            *operation = operations[i].operation;
            return true;
        }
    }
    return false;
}

static sqlite3_stmt *explain(struct worker *worker, struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "EXPLAIN ");
    text_append_bytes(&sql, worker->request->sql + worker->span.start,
                      worker->span.length);
    bool before = worker->trusted;
    worker->trusted = true;
    sqlite3_stmt *stmt = store_prepare(worker->db, text_string(&sql), err);
    worker->trusted = before;
    text_release(&sql);
    return stmt;
}

static bool read_program(struct worker *worker, struct array *program, struct error *err)
{
    sqlite3_stmt *stmt = explain(worker, err);
    enum store_step step = STORE_FAILED;
    int number = 0;
    while (stmt != NULL && (step = store_step(stmt, err)) == STORE_ROW) {
        enum operation operation;
        number += sqlite3_column_int(stmt, 0) == 0;
        if (operation_of(store_text(stmt, 1), &operation)) {
            struct instruction *one = array_push(program);
            *one = (struct instruction){.operation = operation,
                                        .program = number,
                                        .p1 = sqlite3_column_int(stmt, 2),
                                        .p2 = sqlite3_column_int(stmt, 3),
                                        .p3 = sqlite3_column_int(stmt, 4),
                                        .p4 = atoi(store_text(stmt, 5)),
                                        .p5 = sqlite3_column_int(stmt, 6)};
        }
    }
    store_finish(stmt);
    return step == STORE_DONE;
}

/* ---- What is open ---- */

struct opened {
    int program, cursor;
    const char *database; /* borrowed from the connection */
    char *table, *key;    /* key: the column that is the rowid, or NULL */
    struct array columns; /* of char *: as they are stored; NULL: an expression */
    bool is_whole;        /* columns cannot be told apart: all are read */
    bool is_index;
};

static void release_opened(struct array *all)
{
    for (size_t i = 0; i < all->count; i++) {
        struct opened *one = array_at(all, i);
        free(one->table);
        free(one->key);
        sql_names_release(&one->columns);
    }
    array_release(all);
}

static void read_table_columns(struct worker *worker, struct opened *one)
{
    enum { VIRTUAL = 2 };
    int keys = 0;
    sqlite3_stmt *stmt = store_prepare(
        worker->db,
        "SELECT name,pk,upper(type)='INTEGER',hidden FROM pragma_table_xinfo(?1,?2)",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "ss", one->table, one->database);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        bool is_key = sqlite3_column_int(stmt, 1) == 1 && sqlite3_column_int(stmt, 2);
        keys += sqlite3_column_int(stmt, 1) > 0;
        if (is_key) {
            free(one->key);
            one->key = store_text_copy(stmt, 0);
        }
        if (!one->is_index && sqlite3_column_int(stmt, 3) != VIRTUAL) {
            *(char **)array_push(&one->columns) = store_text_copy(stmt, 0);
        }
    }
    store_finish(stmt);
    if (keys != 1) {
        free(one->key);
        one->key = NULL;
    }
}

static void read_index_columns(struct worker *worker, struct opened *one,
                               const char *index)
{
    sqlite3_stmt *stmt = store_prepare(
        worker->db, "SELECT name,cid FROM pragma_index_xinfo(?1,?2) ORDER BY seqno",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "ss", index, one->database);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        bool is_rowid = sqlite3_column_int(stmt, 1) == -1;
        *(char **)array_push(&one->columns) =
            is_rowid ? string_copy(one->key != NULL ? one->key : "rowid")
                     : store_text_copy(stmt, 0);
        one->is_whole |= sqlite3_column_int(stmt, 1) == -2;
    }
    store_finish(stmt);
}

/* Which table or index begins on the page? */
static bool find_opened(struct worker *worker, const struct instruction *by,
                        struct opened *one)
{
    enum { IN_REGISTER = 0x10, SCHEMA_PAGE = 1 };
    *one = (struct opened){.program = by->program,
                           .cursor = by->p1,
                           .database = sqlite3_db_name(worker->db, by->p3),
                           .columns = ARRAY_OF(char *)};
    if (one->database == NULL || by->p2 <= SCHEMA_PAGE || (by->p5 & IN_REGISTER) != 0) {
        return false;
    }
    struct text sql = {0};
    text_append(&sql,
                "SELECT tbl_name,type,name,upper(sql) LIKE '%WITHOUT%ROWID%' FROM ");
    store_quote_name(&sql, one->database);
    text_append(&sql, ".sqlite_schema WHERE rootpage=?1");
    sqlite3_stmt *stmt = store_prepare(worker->db, text_string(&sql), NULL);
    text_release(&sql);
    if (stmt != NULL) {
        store_bind(stmt, "i", by->p2);
    }
    bool found = stmt != NULL && store_step(stmt, NULL) == STORE_ROW;
    if (found) {
        one->table = store_text_copy(stmt, 0);
        one->is_index = string_equal(store_text(stmt, 1), "index");
        one->is_whole = !one->is_index && sqlite3_column_int(stmt, 3) != 0;
        read_table_columns(worker, one);
        if (one->is_index) {
            read_index_columns(worker, one, store_text(stmt, 2));
        }
    }
    store_finish(stmt);
    return found;
}

/* ---- What is read of it ---- */

static void read_one(struct worker *worker, const struct opened *one, size_t column)
{
    if (column < one->columns.count) {
        const char *name = *(char **)array_at(&one->columns, column);
        touch_read(worker, one->database, one->table, name, NULL);
    }
}

static void read_all(struct worker *worker, const struct opened *one)
{
    struct opened whole = {
        .database = one->database, .table = one->table, .columns = ARRAY_OF(char *)};
    read_table_columns(worker, &whole);
    for (size_t i = 0; i < whole.columns.count; i++) {
        read_one(worker, &whole, i);
    }
    free(whole.key);
    sql_names_release(&whole.columns);
}

static void apply(struct worker *worker, const struct opened *one,
                  const struct instruction *by)
{
    bool reads = by->operation != READS_KEY && by->operation != OPENS;
    if (one->is_whole && reads) {
        read_all(worker, one);
    } else if (by->operation == READS_COLUMN) {
        read_one(worker, one, (size_t)by->p2);
    } else if (by->operation == READS_ALL || by->operation == COPIES) {
        read_all(worker, one);
    } else if (by->operation == READS_KEY && one->key != NULL) {
        touch_read(worker, one->database, one->table, one->key, NULL);
    } else if (by->operation == SEEKS && one->is_index) {
        for (int i = 0; i < by->p4; i++) {
            read_one(worker, one, (size_t)i);
        }
    } else if (by->operation == SEEKS && one->key != NULL) {
        touch_read(worker, one->database, one->table, one->key, NULL);
    }
}

static void apply_all(struct worker *worker, const struct array *program,
                      const struct array *opened)
{
    for (size_t i = 0; i < program->count; i++) {
        const struct instruction *by = array_at(program, i);
        int cursor = by->operation == COPIES ? by->p2 : by->p1;
        for (size_t k = 0; k < opened->count; k++) {
            const struct opened *one = array_at(opened, k);
            if (one->program == by->program && one->cursor == cursor) {
                apply(worker, one, by);
            }
        }
    }
}

static bool read_compiled(struct worker *worker, struct error *err)
{
    struct array program = ARRAY_OF(struct instruction);
    struct array opened = ARRAY_OF(struct opened);
    bool done = read_program(worker, &program, err);
    bool before = worker->trusted;
    worker->trusted = true;
    for (size_t i = 0; i < program.count && done; i++) {
        const struct instruction *by = array_at(&program, i);
        struct opened one;
        if (by->operation == OPENS && find_opened(worker, by, &one)) {
            *(struct opened *)array_push(&opened) = one;
            touch_read(worker, one.database, one.table, "", NULL);
        }
    }
    apply_all(worker, &program, &opened);
    worker->trusted = before;
    release_opened(&opened);
    array_release(&program);
    return done;
}

static const char *schema_of(const struct worker *worker, const char *product)
{
    for (size_t i = 0; i < worker->attachments.count; i++) {
        const struct attachment *one = array_at(&worker->attachments, i);
        if (string_equal(one->product, product)) {
            return one->schema;
        }
    }
    return NULL;
}

static void note_inner(struct worker *worker, const struct gate_touch *touch)
{
    const char *schema =
        touch->product != NULL ? schema_of(worker, touch->product) : NULL;
    struct text sql = {0};
    if (schema == NULL) {
        return;
    }
    text_append(&sql, "SELECT count(*) FROM ");
    store_quote_name(&sql, schema);
    text_append(&sql, ".sqlite_schema WHERE name=?1 COLLATE NOCASE AND sql LIKE "
                      "'CREATE VIRTUAL%'");
    bool before = worker->trusted;
    worker->trusted = true;
    if (store_number(worker->db, 0, text_string(&sql), "s", touch->table) > 0) {
        *(char **)array_push(&worker->inner) =
            string_printf("%s.%s_", schema, touch->table);
    }
    worker->trusted = before;
    text_release(&sql);
}

static void note_all_inner(struct worker *worker)
{
    const struct gate_touch *last = NULL;
    for (size_t i = 0; i < worker->touches.count; i++) {
        const struct gate_touch *touch = array_at(&worker->touches, i);
        if (last == NULL || !string_equal(last->product, touch->product) ||
            !string_equal_fold(last->table, touch->table)) {
            note_inner(worker, touch);
        }
        last = touch;
    }
}

bool touch_collect(struct worker *worker, sqlite3_stmt *stmt, struct error *err)
{
    bool done = true;
    if (sqlite3_stmt_isexplain(stmt) != 0) {
        touch_forget(worker); /* it reads no row */
    } else if (!guard_is_pragma(worker) && worker->target == worker->db) {
        done = read_compiled(worker, err);
    }
    touch_sort(worker);
    note_all_inner(worker);
    return done || error_prefix(err, "could not tell what the statement reads: ");
}
