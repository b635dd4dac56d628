/* quality/table: what of a contract's tables and columns is in the data, under which
 * name, and what a role does not see as it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdlib.h>

#include "engine/policy.h"
#include "engine/store.h"

/* ---- Names ---- */

const struct quality_table *quality_table_named(const struct quality_session *session,
                                                const char *name)
{
    for (size_t i = 0; i < session->tables.count; i++) {
        const struct quality_table *table = array_at(&session->tables, i);
        if (string_equal_fold(table->planned, name) ||
            string_equal_fold(table->object, name) ||
            (table->name != NULL && string_equal_fold(table->name, name))) {
            return table;
        }
    }
    return NULL;
}

const struct quality_column *quality_column_named(const struct quality_table *table,
                                                  const char *name)
{
    for (size_t i = 0; table != NULL && i < table->columns.count; i++) {
        const struct quality_column *column = array_at(&table->columns, i);
        if (string_equal_fold(column->property, name) ||
            (column->name != NULL && string_equal_fold(column->name, name))) {
            return column;
        }
    }
    return NULL;
}

const char *quality_hidden(const struct quality_session *session, const char *table,
                           const char *column)
{
    const struct quality_column *found =
        quality_column_named(quality_table_named(session, table), column);
    return found != NULL ? found->hidden : NULL;
}

/* The table as the database has it: by the plan's name, the contract's or the physical
 * one. A file with one table and a contract with one object need no names. Yours. */
static char *find_table(const struct quality_session *session, const char *planned,
                        const char *object, const char *physical)
{
    const char *const names[] = {planned, object, physical};
    struct text sql = {0};
    char *found = NULL;
    text_append(&sql, "SELECT name FROM ");
    store_quote_name(&sql, session->schema);
    text_append(&sql, ".sqlite_schema WHERE type IN('table','view') AND name=?1 COLLATE "
                      "NOCASE AND name NOT LIKE 'mwb\\_%' ESCAPE '\\'");
    for (size_t i = 0; found == NULL && i < sizeof names / sizeof *names; i++) {
        if (names[i] != NULL) {
            found = store_string(session->db, text_string(&sql), "s", names[i]);
        }
    }
    text_release(&sql);
    return found;
}

static char *find_column(const struct quality_session *session, const char *table,
                         const char *property, const char *physical)
{
    static const char sql[] = "SELECT name FROM pragma_table_xinfo(?1,?2) WHERE name=?3 "
                              "COLLATE NOCASE AND hidden<>1";
    char *found = store_string(session->db, sql, "sss", table, session->schema, property);
    if (found == NULL && physical != NULL) {
        found = store_string(session->db, sql, "sss", table, session->schema, physical);
    }
    return found;
}

/* ---- What a role sees ---- */

static const struct catalog_table *catalog_table_of(const struct catalog_product *product,
                                                    const struct quality_table *table)
{
    for (size_t i = 0; i < product->tables.count; i++) {
        const struct catalog_table *one = array_at(&product->tables, i);
        if (string_equal(one->sql_name, table->planned)) {
            return one;
        }
    }
    return NULL;
}

static void hide(const struct policy *policy, const struct catalog_product *product,
                 const struct catalog_table *known, struct quality_column *column)
{
    struct policy_verdict verdict = {0};
    for (size_t i = 0; i < known->columns.count; i++) {
        const struct catalog_column *one = array_at(&known->columns, i);
        if (!string_equal(one->name, column->property)) {
            continue;
        }
        policy_of_column(policy, product, known, one, &verdict);
        if (verdict.decision != POLICY_ALLOW) {
            column->hidden = string_copy(
                verdict.reason != NULL ? verdict.reason : "the role does not read it");
        }
        policy_verdict_release(&verdict);
        return;
    }
}

static void hide_columns(struct quality_session *session, const struct policy *policy,
                         const struct catalog_product *product)
{
    for (size_t i = 0; i < session->tables.count; i++) {
        struct quality_table *table = array_at(&session->tables, i);
        const struct catalog_table *known = catalog_table_of(product, table);
        for (size_t c = 0; known != NULL && c < table->columns.count; c++) {
            hide(policy, product, known, array_at(&table->columns, c));
        }
    }
}

/* A version tells for whom it was made; a file of the person's own is whole, whatever the
 * role. */
static bool is_version(const struct quality_session *session)
{
    struct text sql = {0};
    text_append(&sql, "SELECT 1 FROM ");
    store_quote_name(&sql, session->schema);
    text_append(&sql, ".mwb_product LIMIT 1");
    bool is_one = store_number(session->db, 0, text_string(&sql), "") == 1;
    text_release(&sql);
    return is_one;
}

static bool ask_policy(struct quality_session *session, struct error *err)
{
    const struct quality_spec *spec = session->spec;
    if (spec->file != NULL && !is_version(session)) {
        return true;
    }
    struct policy *policy = policy_look(spec->catalog, spec->role, err);
    struct catalog_product product = {0};
    bool done =
        policy != NULL && catalog_product(spec->catalog, spec->product, &product, err);
    if (done && policy_role(policy) != NULL) {
        hide_columns(session, policy, &product);
    }
    if (done) {
        catalog_product_release(&product);
    }
    policy_close(policy);
    return done;
}

/* ---- Looking ---- */

static void find_columns(struct quality_session *session, struct quality_table *table,
                         long long object_row)
{
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(session->spec->catalog),
        "SELECT name,physical_name,classification,pk_pos FROM property WHERE "
        "object_row=?1 ORDER BY rowid",
        NULL);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", object_row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        struct quality_column *column = array_push(&table->columns);
        char *physical = store_text_copy(stmt, 1);
        column->property = store_text_copy(stmt, 0);
        column->is_sensitive = !catalog_is_open(store_text(stmt, 2));
        column->key_position = sqlite3_column_int(stmt, 3);
        if (table->name != NULL && column->property != NULL) {
            column->name = find_column(session, table->name, column->property, physical);
        }
        free(physical);
    }
    store_finish(stmt);
}

/* First and last rowid; a view or a table without rowids has none. */
static void find_rows(struct quality_session *session, struct quality_table *table)
{
    struct text sql = {0};
    text_append(&sql, "SELECT min(rowid),max(rowid) FROM ");
    store_quote_name(&sql, session->schema);
    text_append_char(&sql, '.');
    store_quote_name(&sql, table->name);
    char *type = string_printf("SELECT 1 FROM pragma_table_list WHERE schema=?1 AND "
                               "name=?2 AND type='table' AND wr=0");
    bool is_table =
        store_number(session->db, 0, type, "ss", session->schema, table->name) == 1;
    sqlite3_stmt *stmt =
        is_table ? store_prepare(session->db, text_string(&sql), NULL) : NULL;
    if (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        table->has_rowid = true;
        table->first = sqlite3_column_int64(stmt, 0);
        table->last = sqlite3_column_type(stmt, 1) == SQLITE_NULL
                          ? table->first - 1
                          : sqlite3_column_int64(stmt, 1);
    }
    store_finish(stmt);
    free(type);
    text_release(&sql);
}

static void add_table(struct quality_session *session, const struct quality_check *check)
{
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(session->spec->catalog),
        "SELECT rowid,physical_name FROM object WHERE contract_id=?1 AND name=?2 AND "
        "path IS ?3",
        NULL);
    struct quality_table *table = array_push(&session->tables);
    *table = (struct quality_table){.object = string_copy(check->object),
                                    .planned = string_copy(check->table),
                                    .columns = ARRAY_OF(struct quality_column)};
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "sss", check->contract, check->object, check->path);
    if (store_step(stmt, NULL) == STORE_ROW) {
        char *physical = store_text_copy(stmt, 1);
        table->name = find_table(session, check->table, check->object, physical);
        if (table->name != NULL) {
            find_rows(session, table);
        }
        find_columns(session, table, sqlite3_column_int64(stmt, 0));
        free(physical);
    }
    store_finish(stmt);
}

static void replace(char **name, const char *found)
{
    if (found != NULL && !string_equal(*name, found)) {
        free(*name);
        *name = string_copy(found);
    }
}

/* Checks name what is there, so that their statements can be run. */
static void rename_checks(struct quality_session *session)
{
    for (size_t i = 0; i < session->checks->count; i++) {
        struct quality_check *check = array_at(session->checks, i);
        const struct quality_table *table =
            check->table != NULL ? quality_table_named(session, check->table) : NULL;
        const struct quality_column *column =
            check->column != NULL ? quality_column_named(table, check->column) : NULL;
        if (table != NULL) {
            replace(&check->table, table->name);
        }
        if (column != NULL) {
            replace(&check->column, column->name);
        }
    }
}

bool quality_find_tables(struct quality_session *session, struct error *err)
{
    session->tables = (struct array)ARRAY_OF(struct quality_table);
    for (size_t i = 0; i < session->checks->count; i++) {
        const struct quality_check *check = array_at(session->checks, i);
        if (check->table != NULL && quality_table_named(session, check->table) == NULL) {
            add_table(session, check);
        }
    }
    if (!ask_policy(session, err)) {
        return false;
    }
    rename_checks(session);
    return true;
}

void quality_forget_tables(struct quality_session *session)
{
    for (size_t i = 0; i < session->tables.count; i++) {
        struct quality_table *table = array_at(&session->tables, i);
        for (size_t c = 0; c < table->columns.count; c++) {
            struct quality_column *column = array_at(&table->columns, c);
            free(column->property);
            free(column->name);
            free(column->hidden);
        }
        array_release(&table->columns);
        free(table->object);
        free(table->planned);
        free(table->name);
    }
    array_release(&session->tables);
}
