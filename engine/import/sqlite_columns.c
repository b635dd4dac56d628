/* sqlite_columns: which columns and indexes of a table stay when it is made anew, and
 * what they are called.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/import/sqlite_remake.h"
#include "engine/policy.h"
#include "engine/store.h"

/* ---- Columns ---- */

/* sqlite.org/datatype3.html §3.1: the rules in their order. */
static const char *affinity_of(const char *type)
{
    static const struct {
        const char *word, *affinity;
    } rules[] = {{"INT", "INTEGER"}, {"CHAR", "TEXT"}, {"CLOB", "TEXT"},
                 {"TEXT", "TEXT"},   {"BLOB", ""},     {"REAL", "REAL"},
                 {"FLOA", "REAL"},   {"DOUB", "REAL"}};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (string_contains_fold(type, rules[i].word)) {
            return rules[i].affinity;
        }
    }
    return type[0] == '\0' ? "" : "NUMERIC";
}

static const char *masked_affinity(enum mask_kind kind, const char *affinity)
{
    bool is_real = strcmp(affinity, "REAL") == 0;
    return kind == MASK_NONE                         ? affinity
           : kind == MASK_ROUND && is_real           ? "REAL"
           : kind == MASK_ROUND || kind == MASK_YEAR ? "INTEGER"
                                                     : "TEXT";
}

static const struct catalog_column *find_declared(const struct remake *remake,
                                                  const char *name)
{
    for (size_t i = 0; i < remake->table->columns->count; i++) {
        const struct catalog_column *declared = array_at(remake->table->columns, i);
        if (string_equal_fold(declared->name, name) ||
            (declared->physical_name != NULL &&
             string_equal_fold(declared->physical_name, name))) {
            return declared;
        }
    }
    return NULL;
}

static struct mask_rule find_rule(const struct remake *remake, const char *name,
                                  bool is_known)
{
    for (size_t i = 0; i < remake->table->masks->count; i++) {
        const struct policy_mask *mask = array_at(remake->table->masks, i);
        if (string_equal_fold(mask->column, name)) {
            return mask->rule;
        }
    }
    const struct import_strangers *strangers = &remake->table->strangers;
    return !is_known && strangers->rule != NULL
               ? strangers->rule(strangers->context, name)
               : (struct mask_rule){MASK_NONE, 0};
}

/* Hidden ones of virtual tables and generated ones are left out: what those hold is made
 * of other columns. */
bool remake_read_columns(struct remake *remake, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        remake->from, "SELECT name, type, hidden FROM pragma_table_xinfo(?1)", err);
    enum store_step step = STORE_FAILED;
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "s", remake->name);
    while ((step = store_step(stmt, err)) == STORE_ROW) {
        if (sqlite3_column_int(stmt, 2) != 0) {
            remake->left_out++;
            continue;
        }
        struct remake_column *column = array_push(&remake->columns);
        column->name = store_text_copy(stmt, 0);
        const struct catalog_column *declared = find_declared(remake, column->name);
        column->is_known = declared != NULL;
        column->shown = declared != NULL ? declared->name : column->name;
        column->rule = find_rule(remake, column->shown, declared != NULL);
        column->affinity =
            masked_affinity(column->rule.kind, affinity_of(store_text(stmt, 1)));
    }
    store_finish(stmt);
    return step == STORE_DONE;
}

/* A masked column that is not there may have another name. */
static bool lacks_masked(const struct remake *remake)
{
    for (size_t i = 0; i < remake->table->masks->count; i++) {
        const struct policy_mask *mask = array_at(remake->table->masks, i);
        bool found = false;
        for (size_t c = 0; c < remake->columns.count; c++) {
            const struct remake_column *column = array_at(&remake->columns, c);
            found = found || string_equal_fold(column->shown, mask->column);
        }
        if (!found) {
            return true;
        }
    }
    return false;
}

/* A name and a physical name that both are there mean one column. */
static bool is_twice(const struct array *stay, const struct remake_column *column)
{
    for (size_t i = 0; i < stay->count; i++) {
        const struct remake_column *other = array_at(stay, i);
        if (string_equal_fold(other->shown, column->shown)) {
            return true;
        }
    }
    return false;
}

void remake_choose_columns(struct remake *remake)
{
    struct array stay = ARRAY_OF(struct remake_column);
    bool lacks = lacks_masked(remake);
    for (size_t i = 0; i < remake->columns.count; i++) {
        struct remake_column *column = array_at(&remake->columns, i);
        if (column->rule.kind == MASK_DROP || (lacks && !column->is_known) ||
            is_twice(&stay, column)) {
            free(column->name);
            remake->left_out++;
        } else {
            *(struct remake_column *)array_push(&stay) = *column;
        }
    }
    array_release(&remake->columns);
    remake->columns = stay;
}

void remake_release_columns(struct remake *remake)
{
    for (size_t i = 0; i < remake->columns.count; i++) {
        free(((struct remake_column *)array_at(&remake->columns, i))->name);
    }
    array_release(&remake->columns);
}

/* ---- Indexes ---- */

static const struct remake_column *find_kept(const struct remake *remake,
                                             const char *name)
{
    for (size_t i = 0; i < remake->columns.count; i++) {
        const struct remake_column *column = array_at(&remake->columns, i);
        if (string_equal_fold(column->name, name)) {
            return column->rule.kind == MASK_NONE ? column : NULL;
        }
    }
    return NULL;
}

/* The columns of an index, if all are as they were and none is an expression. */
static bool list_indexed(struct remake *remake, const char *index, struct text *columns,
                         struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        remake->from, "SELECT name FROM pragma_index_info(?1) ORDER BY seqno", err);
    bool whole = stmt != NULL;
    if (whole) {
        store_bind(stmt, "s", index);
    }
    while (stmt != NULL && store_step(stmt, err) == STORE_ROW) {
        bool is_column = sqlite3_column_type(stmt, 0) == SQLITE_TEXT;
        const struct remake_column *column =
            is_column ? find_kept(remake, store_text(stmt, 0)) : NULL;
        whole = whole && column != NULL;
        if (column != NULL) {
            text_append(columns, columns->length > 0 ? ", " : "");
            store_quote_name(columns, column->shown);
        }
    }
    store_finish(stmt);
    return whole && columns->length > 0;
}

static bool create_index(const struct remake *remake, const char *columns, int number,
                         struct error *err)
{
    struct text sql = {0};
    char *name = string_printf("mwb_index_%s_%d", remake->table->name, number);
    text_append(&sql, "CREATE INDEX ");
    store_quote_name(&sql, name);
    text_append(&sql, " ON ");
    store_quote_name(&sql, remake->table->name);
    text_printf(&sql, "(%s)", columns);
    bool good = store_run(remake->to, text_string(&sql), err);
    text_release(&sql);
    free(name);
    return good;
}

static bool make_index(struct remake *remake, const char *index, int number,
                       struct error *err)
{
    struct text columns = {0};
    bool good = true;
    if (list_indexed(remake, index, &columns, err)) {
        good = create_index(remake, text_string(&columns), number, err);
    } else {
        remake->left_out++;
    }
    text_release(&columns);
    return good;
}

/* A column that was the rowid itself was sought without an index. */
static bool index_rowid(const struct remake *remake, struct error *err)
{
    char *key = store_string(remake->from,
                             "SELECT max(name) FROM pragma_table_xinfo(?1) WHERE pk > 0 "
                             "GROUP BY 1 = 1 HAVING count(*) = 1 AND max(type) = "
                             "'INTEGER' COLLATE NOCASE",
                             "s", remake->name);
    const struct remake_column *column = key != NULL ? find_kept(remake, key) : NULL;
    bool good = true;
    if (column != NULL) {
        struct text name = {0};
        store_quote_name(&name, column->shown);
        good = create_index(remake, text_string(&name), 0, err);
        text_release(&name);
    }
    free(key);
    return good;
}

bool remake_indexes(struct remake *remake, struct error *err)
{
    struct array names = ARRAY_OF(char *);
    sqlite3_stmt *stmt = store_prepare(
        remake->from, "SELECT name FROM pragma_index_list(?1) WHERE partial = 0", err);
    bool good = stmt != NULL;
    if (good) {
        store_bind(stmt, "s", remake->name);
    }
    while (good && store_step(stmt, err) == STORE_ROW) {
        *(char **)array_push(&names) = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
    good = good && index_rowid(remake, err);
    for (size_t i = 0; i < names.count; i++) {
        char *name = *(char **)array_at(&names, i);
        good = good && make_index(remake, name, (int)i + 1, err);
        free(name);
    }
    array_release(&names);
    return good;
}
