/* quality/sql_rule: a rule that is one SELECT of one number. Its placeholders are filled,
 * what other databases say otherwise is said in SQLite's words, and it runs confined to
 * the product it is about. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/dialect.h"
#include "engine/store.h"

/* ---- Names, for the translation ---- */

struct names {
    const struct quality_session *session;
    const struct quality_check *check;
    char *physical; /* what was found last, borrowed by the translation */
};

static const char *table_of_names(void *owner, const char *name)
{
    struct names *names = owner;
    const struct quality_table *table = quality_table_named(names->session, name);
    return table != NULL ? table->name : NULL;
}

static enum dialect_type type_of_word(const char *word)
{
    return string_equal(word, "date")        ? DIALECT_DATE
           : string_equal(word, "timestamp") ? DIALECT_TIMESTAMP
           : string_equal(word, "integer") || string_equal(word, "number")
               ? DIALECT_NUMBER
               : DIALECT_ANY;
}

/* Of the rule's own object first, then of any object of the contract. */
static const char *column_of_names(void *owner, const char *name, enum dialect_type *type)
{
    struct names *names = owner;
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(names->session->spec->catalog),
        "SELECT p.name,p.logical_type FROM property p JOIN object o ON o.rowid="
        "p.object_row WHERE p.contract_id=?1 AND o.path IS ?2 AND p.depth=1 AND (p.name="
        "?3 COLLATE NOCASE OR p.physical_name=?3 COLLATE NOCASE) ORDER BY p.object IS ?4 "
        "DESC,p.name=?3 COLLATE NOCASE DESC LIMIT 1",
        NULL);
    free(names->physical);
    names->physical = NULL;
    if (stmt != NULL) {
        store_bind(stmt, "ssss", names->check->contract, names->check->path, name,
                   names->check->object);
    }
    if (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        const struct quality_table *table =
            names->check->object != NULL
                ? quality_table_named(names->session, names->check->object)
                : NULL;
        const struct quality_column *column =
            quality_column_named(table, store_text(stmt, 0));
        *type = type_of_word(store_text(stmt, 1));
        names->physical = string_copy(
            column != NULL && column->name != NULL ? column->name : store_text(stmt, 0));
    }
    store_finish(stmt);
    return names->physical;
}

/* The first server of the contract whose dialect is known. */
static enum dialect dialect_of_check(const struct quality_session *session,
                                     const struct quality_check *check)
{
    enum dialect dialect = DIALECT_SQLITE;
    sqlite3_stmt *stmt =
        store_prepare(catalog_database(session->spec->catalog),
                      "SELECT s.type FROM server s JOIN contract c ON c.rowid="
                      "s.contract_row WHERE c.id=?1 AND c.path IS ?2 ORDER BY s.rowid",
                      NULL);
    if (stmt != NULL) {
        store_bind(stmt, "ss", check->contract, check->path);
    }
    while (stmt != NULL && dialect == DIALECT_SQLITE &&
           store_step(stmt, NULL) == STORE_ROW) {
        dialect = dialect_of_server(store_text(stmt, 0));
    }
    store_finish(stmt);
    return dialect;
}

/* ---- One statement ---- */

/* Without the `;` and blanks at its end, so that it can stand in another one. */
static void cut_end(struct text *sql)
{
    while (sql->length > 0 && strchr("; \t\r\n", sql->data[sql->length - 1]) != NULL) {
        text_truncate(sql, sql->length - 1);
    }
}

/* check->sql is what runs, or of what cannot be said here what was written. */
static bool write_sql(struct quality_session *session, struct quality_check *check,
                      struct error *err)
{
    struct names names = {.session = session, .check = check};
    const struct dialect_spec spec = {.dialect = dialect_of_check(session, check),
                                      .schema = session->schema,
                                      .object = check->table,
                                      .property = check->column,
                                      .find_table = table_of_names,
                                      .find_column = column_of_names,
                                      .owner = &names};
    struct text filled = {0}, sql = {0};
    bool done = dialect_fill(&spec, check->query, &filled, err) &&
                dialect_translate(&spec, text_string(&filled), &sql, err);
    cut_end(&sql);
    free(check->sql);
    check->sql = done ? text_take(&sql) : string_copy(check->query);
    text_release(&filled);
    text_release(&sql);
    free(names.physical);
    return done;
}

/* ---- What a role does not see ---- */

/* A column that was left out for the role is unknown to SQLite. */
static const char *hidden_name(const struct quality_session *session, const char *message)
{
    const char *at = strstr(message, "no such column: ");
    if (at == NULL) {
        return NULL;
    }
    at += strlen("no such column: ");
    const char *dot = strrchr(at, '.');
    const char *name = dot != NULL ? dot + 1 : at;
    for (size_t i = 0; i < session->tables.count; i++) {
        const struct quality_column *column =
            quality_column_named(array_at(&session->tables, i), name);
        if (column != NULL && column->hidden != NULL) {
            return column->hidden;
        }
    }
    return NULL;
}

static bool reads_hidden(struct quality_session *session, struct quality_check *check)
{
    const struct array *reads = confine_reads(session->confine);
    for (size_t i = 0; i < reads->count; i++) {
        const struct confine_read *read = array_at(reads, i);
        const char *hidden = quality_hidden(session, read->table, read->column);
        if (hidden != NULL) {
            quality_not_run(check,
                            "it reads the column %s, which is not as the source "
                            "has it: %s",
                            read->column, hidden);
            return true;
        }
    }
    return false;
}

/* ---- The answer ---- */

static void take_value(struct quality_check *check, sqlite3_stmt *stmt)
{
    double number = 0;
    bool has = sqlite3_column_type(stmt, 0) != SQLITE_NULL;
    char *text = has ? store_text_copy(stmt, 0) : NULL;
    if (sqlite3_column_count(stmt) != 1) {
        quality_broke(check, "it answers with %d columns; a rule gives one number",
                      sqlite3_column_count(stmt));
    } else if (has && !quality_number_of(text, &number)) {
        quality_broke(check, "it answers with \"%.60s\"; a rule gives one number", text);
    } else {
        quality_judge(check, has, number);
    }
    free(text);
}

static bool is_bad(const struct quality_check *check)
{
    return check->outcome == QUALITY_FAILED || check->outcome == QUALITY_WARNING;
}

/* Rows are at fault only where there should be fewer of them. */
static bool wants_fewer(const struct quality_check *check)
{
    static const char *const names[] = {"mustBe", "mustBeLessThan",
                                        "mustBeLessOrEqualTo"};
    double lo = 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (string_equal(names[i], check->op)) {
            return i > 0 || (quality_number_of(check->lo, &lo) && lo == 0);
        }
    }
    return false;
}

static bool broke(struct quality_check *check, const struct error *err)
{
    if (err->kind == ERROR_CANCELLED) {
        return false;
    }
    quality_broke(check, "%s", err->message);
    return true;
}

static bool step_rule(struct quality_session *session, struct quality_check *check,
                      sqlite3_stmt *stmt, struct error *err)
{
    switch (confine_step(session->confine, stmt, err)) {
    case STORE_ROW:
        take_value(check, stmt);
        break;
    case STORE_DONE:
        quality_judge(check, false, 0);
        break;
    case STORE_FAILED:
        return broke(check, err);
    }
    if (check->outcome != QUALITY_ERROR) {
        enum store_step next = confine_step(session->confine, stmt, err);
        if (next == STORE_ROW) {
            quality_broke(check, "it answers with more than one row; a rule gives one "
                                 "number");
        } else if (next == STORE_FAILED) {
            return broke(check, err);
        }
    }
    return true;
}

static bool run_statement(struct quality_session *session, struct quality_check *check,
                          struct error *err)
{
    const char *schema = session->schema;
    char *what = string_printf("rule %.80s", check->rule);
    confine_allow(session->confine, &schema, 1);
    sqlite3_stmt *stmt = confine_prepare(session->confine, what, check->sql, err);
    free(what);
    if (stmt == NULL) {
        const char *hidden = hidden_name(session, err->message);
        if (hidden == NULL) {
            return broke(check, err);
        }
        quality_not_run(check, "it reads a column that is not here: %s", hidden);
        return true;
    }
    bool done = true;
    if (!reads_hidden(session, check)) {
        done = step_rule(session, check, stmt, err);
        if (done && is_bad(check) && wants_fewer(check)) {
            check->rows_sql =
                quality_rows_behind(session, check->sql, confine_reads(session->confine));
        }
    }
    sqlite3_finalize(stmt);
    return done;
}

bool quality_run_sql(struct quality_session *session, struct quality_check *check,
                     struct error *err)
{
    struct error why = {0};
    if (check->query == NULL) {
        quality_broke(check, "the rule has no query");
        return true;
    }
    if (!write_sql(session, check, &why)) {
        quality_broke(check, "rule %.80s could not be run: %s", check->rule, why.message);
        return true;
    }
    bool done = run_statement(session, check, &why);
    if (!done && err != NULL) {
        *err = why;
    }
    return done;
}
