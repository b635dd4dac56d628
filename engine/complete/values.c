/* complete/values: what may stand beside a column in a comparison: values that its
 * contract allows, and frequent ones of the version that is here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

enum {
    WEIGHT_VALUE = -10,
    LONGEST_VALUE = 60,
    VALUES_MOST = 40,
    PIECES = 8,
    PIECE_ROWS = 500,
    STEPS = 1000,     /* of SQLite's machine, between two looks */
    LOOKS_MOST = 500, /* half a million steps: some milliseconds */
};

static void values_drop(struct array *values)
{
    for (size_t i = 0; i < values->count; i++) {
        free(*(char **)array_at(values, i));
    }
    array_release(values);
}

void values_release(struct complete *complete)
{
    for (size_t i = 0; i < complete->values.count; i++) {
        struct complete_values *one = array_at(&complete->values, i);
        free(one->key);
        values_drop(&one->values);
    }
    array_release(&complete->values);
}

/* ---- Out of the version ---- */

/* Rows from eight places of the table: what is frequent only at its start is not
 * frequent. */
static char *sample_sql(sqlite3 *db, const struct known_table *table, const char *column)
{
    struct text sql = {0}, name = {0}, of = {0};
    store_quote_name(&name, column);
    store_quote_name(&of, table->name);
    char *count = string_printf("SELECT max(rowid) FROM %s", text_string(&of));
    long long last = store_number(db, 0, count, "");
    int pieces = last > (long long)PIECES * PIECE_ROWS ? PIECES : 1;
    text_append(&sql, "SELECT quote(v), count(*) AS n FROM (");
    for (int i = 0; i < pieces; i++) {
        text_printf(&sql, "%sSELECT * FROM (SELECT %s AS v FROM %s",
                    i > 0 ? " UNION ALL " : "", text_string(&name), text_string(&of));
        if (pieces > 1) {
            text_printf(&sql, " WHERE rowid > %lld", last / pieces * i);
        }
        text_printf(&sql, " LIMIT %d)", pieces > 1 ? PIECE_ROWS : PIECES * PIECE_ROWS);
    }
    text_printf(
        &sql,
        ") WHERE v IS NOT NULL AND typeof(v) <> 'blob' AND length(v) <= %d GROUP BY "
        "v ORDER BY n DESC, v LIMIT %d",
        LONGEST_VALUE, VALUES_MOST + 1);
    free(count);
    text_release(&name);
    text_release(&of);
    return text_take(&sql);
}

/* Steps are counted, not seconds: what is offered must not depend on how busy the machine
 * is. */
static int is_enough(void *looks)
{
    return ++*(int *)looks > LOOKS_MOST;
}

static bool has_personal_data(sqlite3 *db, const struct known_table *table,
                              const char *column)
{
    return store_number(db, 0,
                        "SELECT count(*) FROM mwb_infotype WHERE table_name = ?1 COLLATE "
                        "NOCASE AND column_name = ?2 COLLATE NOCASE AND matched > 0",
                        "ss", table->name, column) > 0;
}

/* Where hardly any value comes twice there are no frequent ones. */
static void sample(sqlite3 *db, const struct known_table *table, const char *column,
                   struct array *values)
{
    int looks = 0;
    long long rows = 0;
    sqlite3_progress_handler(db, STEPS, is_enough, &looks);
    char *sql = sample_sql(db, table, column);
    sqlite3_stmt *stmt = store_prepare(db, sql, NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(char **)array_push(values) = store_text_copy(stmt, 0);
        rows += sqlite3_column_int64(stmt, 1);
    }
    if (values->count > VALUES_MOST ||
        (rows > 20 && rows < 3 * (long long)values->count)) {
        values_drop(values);
        *values = (struct array)ARRAY_OF(char *);
    }
    store_finish(stmt);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    free(sql);
}

static const struct array *frequent(struct complete *complete, struct known_table *table,
                                    const char *column)
{
    char *file = known_file(complete, table);
    if (file == NULL) {
        return NULL;
    }
    char *key = string_printf("%s\t%s\t%s", file, table->name, column);
    for (size_t i = 0; i < complete->values.count; i++) {
        struct complete_values *one = array_at(&complete->values, i);
        if (string_equal(one->key, key)) {
            free(key);
            free(file);
            return &one->values;
        }
    }
    struct complete_values *one = array_push(&complete->values);
    *one = (struct complete_values){key, ARRAY_OF(char *)};
    sqlite3 *db = store_open(file, STORE_IMMUTABLE, NULL);
    if (db != NULL && !has_personal_data(db, table, column)) {
        sample(db, table, column, &one->values);
    }
    store_close(db);
    free(file);
    return &one->values;
}

/* ---- Out of the contract ---- */

static const char allowed_sql[] =
    "SELECT value, coalesce(label, description) FROM enum_value WHERE object_row = ?1 "
    "AND "
    "property = ?2 UNION ALL SELECT j.value, NULL FROM object o JOIN rule r ON "
    "r.contract_row = o.contract_row AND r.object = o.name AND r.property = "
    "?2 AND r.metric = 'invalidValues' AND r.operator = 'mustBe' AND r.lo = '0' JOIN "
    "json_each(CASE WHEN json_valid(r.arguments) THEN r.arguments ELSE '{}' END, "
    "'$.validValues') j WHERE o.rowid = ?1 LIMIT 200";

struct value {
    const char *literal, *detail, *description;
};

static void offer_value(struct search *search, const struct value *value)
{
    const char *literal = value->literal;
    size_t length = strlen(literal);
    bool quoted = literal[0] == '\'' && length >= 2;
    if (search->place->quote == '\'' && !quoted) {
        return;
    }
    char *inner = scope_unquote(literal, length);
    bool open = search->place->quote == '\'';
    seek_offer(search, (struct offer){.kind = COMPLETE_VALUE,
                                      .weight = WEIGHT_VALUE,
                                      .name = inner,
                                      .text = string_copy(literal + (open ? 1 : 0)),
                                      .detail = string_copy(value->detail),
                                      .description = value->description,
                                      .worst = COMPLETE_PART});
    free(inner);
}

static bool offer_allowed(struct search *search, const struct known_table *table,
                          const struct known_column *column)
{
    const struct catalog *catalog = search->complete->workbench->catalog;
    sqlite3_stmt *stmt = table->object_row > 0
                             ? store_prepare(catalog_database(catalog), allowed_sql, NULL)
                             : NULL;
    bool any = false;
    if (stmt != NULL) {
        store_bind(stmt, "ls", table->object_row, column->name);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct text literal = {0};
        char *description = store_text_copy(stmt, 1);
        if (column->is_text) {
            store_quote_string(&literal, store_text(stmt, 0));
        } else {
            text_append(&literal, store_text(stmt, 0));
        }
        offer_value(search,
                    &(struct value){text_string(&literal),
                                    "value that the contract allows", description});
        any = true;
        free(description);
        text_release(&literal);
    }
    store_finish(stmt);
    return any;
}

/* What the compared name stands for. */
static bool find_column(struct search *search, struct known_table **table,
                        struct known_column **column)
{
    const struct scope_place *place = search->place;
    struct scope_meaning meaning;
    if (place->compared == NULL ||
        !scope_find_column(search->scope, place->query, place->compared_qualifier,
                           place->compared, &meaning) ||
        meaning.column->table == NULL) {
        return false;
    }
    const struct scope_column *found = meaning.column;
    *table = known_table(search->complete, found->schema, found->table);
    *column = known_column(search->complete, found->schema, found->table, found->column);
    return *table != NULL && *column != NULL;
}

void seek_values(struct search *search)
{
    struct known_table *table;
    struct known_column *column;
    if (string_equal(search->place->before, "IS") ||
        !find_column(search, &table, &column) || !column->tells) {
        return;
    }
    if (offer_allowed(search, table, column)) {
        return; /* what is frequent beside them is a fault */
    }
    const struct array *values = frequent(search->complete, table, column->name);
    for (size_t i = 0; values != NULL && i < values->count; i++) {
        offer_value(search, &(struct value){*(char **)array_at(values, i),
                                            "frequent value", NULL});
    }
}
