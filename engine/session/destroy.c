/* session/destroy: what a statement list would destroy in the workspace, found before any
 * of it runs: tables dropped, rows deleted or changed without a condition, rows replaced.
 * What the list makes itself does not count, and neither does what is empty.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/destruction.h"
#include "engine/session/worker.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>

/* ---- What it would destroy, by what is there ---- */

struct census {
    struct worker *worker;
    struct array renames; /* of struct destruction: LOSS_RENAMED of this list */
    bool failed;
};

/* Our own SQL over the workspace; 0 when it cannot be asked. */
static long long ask(struct census *census, const char *sql, const char *value)
{
    struct worker *worker = census->worker;
    long long number = 0;
    worker->trusted = true;
    sqlite3_stmt *stmt = store_prepare(worker->db, sql, NULL);
    if (stmt != NULL) {
        if (value != NULL) {
            store_bind(stmt, "s", value);
        }
        int status = sqlite3_step(stmt);
        if (status == SQLITE_ROW) {
            number = sqlite3_column_int64(stmt, 0);
        } else if (status != SQLITE_DONE) {
            census->failed = !statement_failed(worker);
        }
    }
    store_finish(stmt);
    worker->trusted = false;
    return number;
}

/* Names of renamed tables are followed back to what they are called now. */
static const char *name_now(const struct census *census, const char *name)
{
    for (size_t i = census->renames.count; i-- > 0;) {
        const struct destruction *one = array_at(&census->renames, i);
        if (string_equal_fold(one->column, name)) {
            name = one->name;
        }
    }
    return name;
}

static bool is_there(struct census *census, const char *type, const char *name)
{
    struct text sql = {0};
    text_printf(&sql,
                "SELECT 1 FROM main.sqlite_schema WHERE name = ?1 COLLATE NOCASE AND "
                "type %s",
                type);
    bool is = ask(census, text_string(&sql), name) != 0;
    text_release(&sql);
    return is;
}

static bool is_temporary(struct census *census, const struct destruction *one)
{
    static const char sql[] =
        "SELECT 1 FROM temp.sqlite_schema WHERE name = ?1 COLLATE NOCASE";
    return one->schema != NULL ? string_equal_fold(one->schema, "temp")
                               : ask(census, sql, one->name) != 0;
}

static long long count(struct census *census, const char *table, const char *column)
{
    struct text sql = {0};
    text_append(&sql, "SELECT count(");
    if (column != NULL) {
        store_quote_name(&sql, column);
    } else {
        text_append(&sql, "*");
    }
    text_append(&sql, ") FROM main.");
    store_quote_name(&sql, table);
    long long rows = ask(census, text_string(&sql), NULL);
    text_release(&sql);
    return rows;
}

/* Only rows with a key can be replaced. */
static bool has_key(struct census *census, const char *table)
{
    static const char sql[] =
        "SELECT EXISTS (SELECT 1 FROM pragma_index_list(?1, 'main') WHERE \"unique\") OR "
        "EXISTS (SELECT 1 FROM pragma_table_info(?1, 'main') WHERE pk > 0)";
    return ask(census, sql, table) != 0;
}

/* What is said of each, around the name of the table and the number of its rows. */
static const struct {
    const char *before, *between, *behind;
} sentences[] = {
    [LOSS_OBJECT] = {"DROP TABLE ", ": all of it would go, ", ""},
    [LOSS_COLUMN] = {"a column dropped from ", ": its values would go, those of ", ""},
    [LOSS_ROWS] = {"DELETE FROM ", " has no WHERE: all of it would go, ", ""},
    [LOSS_VALUES] = {"UPDATE ", " has no WHERE: all of it would change, ", ""},
    [LOSS_REPLACED] = {"REPLACE INTO ", ": of its ",
                       " those with the same keys would go"},
};

static void tell(struct text *out, const struct destruction *one, long long rows)
{
    text_printf(out, "%s%s%s", sentences[one->loss].before, one->name,
                sentences[one->loss].between);
    text_append_count(out, rows, "row");
    text_printf(out, "%s\n", sentences[one->loss].behind);
}

static void judge(struct census *census, const struct destruction *one)
{
    struct text *out = &census->worker->outcome->destroys;
    bool is_own = one->schema == NULL || string_equal_fold(one->schema, "main");
    if (one->name == NULL || !is_own || is_temporary(census, one)) {
        return;
    }
    const char *name = name_now(census, one->name);
    if (is_there(census, "= 'table'", name)) {
        bool replaces = one->loss == LOSS_REPLACED;
        long long rows =
            replaces && !has_key(census, name)
                ? 0
                : count(census, name, one->loss == LOSS_COLUMN ? one->column : NULL);
        if (rows > 0) {
            tell(out, one, rows);
        }
    } else if (one->loss == LOSS_OBJECT &&
               is_there(census, "IN ('view', 'trigger')", name)) {
        text_printf(out, "DROP of %s: what it says would go\n", one->name);
    }
}

/* The sentence of the error tells all of it. */
static void refuse(struct outcome *outcome)
{
    struct text told = {0};
    text_append_bytes(&told, text_string(&outcome->destroys),
                      outcome->destroys.length - 1);
    for (size_t i = 0; i < told.length; i++) {
        told.data[i] = told.data[i] == '\n' ? ';' : told.data[i];
    }
    error_set(&outcome->error, ERROR_FAILED,
              "nothing ran yet, for something would be lost: %s", text_string(&told));
    text_release(&told);
}

bool destroy_check(struct worker *worker, const struct array *spans)
{
    struct outcome *outcome = worker->outcome;
    struct census census = {.worker = worker, .renames = ARRAY_OF(struct destruction)};
    bool may_write = worker->request->is_careful && !worker->request->plans &&
                     worker->target == worker->db;
    for (size_t i = 0; may_write && i < spans->count && !census.failed; i++) {
        const struct sql_span *span = array_at(spans, i);
        struct destruction one = destruction_read(worker->request->sql, *span);
        if (one.loss == LOSS_RENAMED && one.name != NULL && one.column != NULL) {
            *(struct destruction *)array_push(&census.renames) = one;
            continue;
        }
        if (one.loss != LOSS_NONE && one.loss != LOSS_RENAMED) {
            judge(&census, &one);
        }
        destruction_release(&one);
    }
    for (size_t i = 0; i < census.renames.count; i++) {
        destruction_release(array_at(&census.renames, i));
    }
    array_release(&census.renames);
    if (!census.failed && outcome->destroys.length > 0) {
        refuse(outcome);
    }
    return !census.failed && outcome->destroys.length == 0;
}
