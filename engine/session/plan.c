/* session/plan: how a statement would run, instead of running it; and how many rows its
 * loops visit, counted while it runs without telling its rows.
 *
 * Counting is a second text of the same statement, with mwb_visit(number, rowid) among
 * the conditions of each table: the first condition that SQLite tries on a row of a loop.
 * It is always true. Both texts have to be planned alike, or nothing is counted.
 *
 * Source: sqlite.org/eqp.html, sqlite.org/optoverview.html.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/plan.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

/* ---- The answer: rows of kind, id, parent, number, words ---- */

struct answer {
    struct text sql; /* a VALUES that gives them */
    size_t count;
};

static void add_row(struct answer *answer, const char *kind, const long long numbers[3],
                    const char *words)
{
    text_printf(&answer->sql, "%s('%s',%lld,%lld,%lld,", answer->count++ > 0 ? "," : "",
                kind, numbers[0], numbers[1], numbers[2]);
    store_quote_string(&answer->sql, words);
    text_append(&answer->sql, ")");
}

static sqlite3_stmt *close_answer(struct worker *worker, struct answer *answer)
{
    char *sql = string_printf("WITH plan(kind,id,parent,number,words) AS (VALUES %s) "
                              "SELECT * FROM plan",
                              text_string(&answer->sql));
    sqlite3_stmt *stmt = store_prepare(worker->target, sql, &worker->outcome->error);
    text_release(&answer->sql);
    free(sql);
    return stmt;
}

/* ---- Steps ---- */

static int depth_of(struct array *path, int parent)
{
    while (path->count > 0 && *(int *)array_at(path, path->count - 1) != parent) {
        array_remove(path, path->count - 1);
    }
    return (int)path->count;
}

/* A table is read as a whole by any of its indexes: as many rows as without. count(*)
 * alone names it without its schema. */
static void add_shape(struct text *shape, int depth, const char *detail)
{
    const char *index = strstr(detail, " USING COVERING INDEX ");
    const char *dot = strchr(detail, '.');
    if (!string_starts(detail, "SCAN ")) {
        text_printf(shape, "%d %s\n", depth, detail);
        return;
    }
    const char *name =
        dot != NULL && (index == NULL || dot < index) ? dot + 1 : detail + 5;
    text_printf(shape, "%d SCAN %.*s\n", depth,
                index != NULL ? (int)(index - name) : (int)strlen(name), name);
}

/* Appends rows, and the plan as text to hold two of them against each other; both may be
 * NULL. */
static bool read_steps(struct worker *worker, const char *sql, size_t length,
                       struct answer *answer, struct text *shape)
{
    struct array path = ARRAY_OF(int);
    char *explain = string_printf("EXPLAIN QUERY PLAN %.*s", (int)length, sql);
    sqlite3_stmt *stmt = NULL;
    bool good = sqlite3_prepare_v2(worker->target, explain, -1, &stmt, NULL) == SQLITE_OK;
    while (good && sqlite3_step(stmt) == SQLITE_ROW) {
        int id = sqlite3_column_int(stmt, 0), parent = sqlite3_column_int(stmt, 1);
        int depth = depth_of(&path, parent);
        const long long numbers[3] = {id, parent, depth};
        *(int *)array_push(&path) = id;
        if (answer != NULL) {
            add_row(answer, "step", numbers, store_text(stmt, 3));
        }
        if (shape != NULL) {
            add_shape(shape, depth, store_text(stmt, 3));
        }
    }
    sqlite3_finalize(stmt);
    free(explain);
    array_release(&path);
    return good;
}

/* ---- Tables of the workspace: how large, and whether their rows have numbers ---- */

static void add_table(struct worker *worker, struct answer *answer, const char *name)
{
    const char *dot = strchr(name, '.');
    char *schema = string_copy_bytes(name, dot != NULL ? (size_t)(dot - name) : 0);
    const char *table = dot != NULL ? dot + 1 : name;
    char *kind = store_string(worker->target,
                              "SELECT CASE WHEN wr THEN 'without' ELSE type END FROM "
                              "pragma_table_list WHERE schema=?1 AND name=?2",
                              "ss", schema, table);
    long long rows = -1;
    if (string_equal(kind, "table")) {
        struct text sql = {0};
        text_append(&sql, "SELECT max(rowid) FROM ");
        store_quote_name(&sql, schema);
        text_append(&sql, ".");
        store_quote_name(&sql, table);
        rows = store_number(worker->target, 0, text_string(&sql), "");
        text_release(&sql);
    }
    const long long numbers[3] = {string_equal(kind, "table"), 0, rows};
    add_row(answer, "table", numbers, name);
    free(kind);
    free(schema);
}

static void add_tables(struct worker *worker, struct answer *answer)
{
    const char *last = NULL; /* touches are sorted */
    for (size_t i = 0; i < worker->touches.count; i++) {
        const struct gate_touch *touch = array_at(&worker->touches, i);
        if (touch->product == NULL && !string_equal(touch->table, last)) {
            last = touch->table;
            add_table(worker, answer, last);
        }
    }
}

/* ---- Counting ---- */

enum { COUNTERS_MOST = 256 };

struct counters {
    long long visits[COUNTERS_MOST];
    int most; /* the highest that was called, plus one */
};

static void visit(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct counters *counters = sqlite3_user_data(context);
    int number = count >= 2 ? sqlite3_value_int(values[0]) : -1;
    if (number >= 0 && number < COUNTERS_MOST &&
        sqlite3_value_type(values[1]) != SQLITE_NULL) {
        counters->visits[number]++;
        counters->most = number >= counters->most ? number + 1 : counters->most;
    }
    sqlite3_result_int(context, 1);
}

static bool is_planned_alike(struct worker *worker)
{
    const struct request *request = worker->request;
    struct text one = {0}, other = {0};
    bool good =
        read_steps(worker, request->sql + worker->span.start, worker->span.length, NULL,
                   &one) &&
        read_steps(worker, request->counting, strlen(request->counting), NULL, &other);
    bool alike = good && string_equal(text_string(&one), text_string(&other));
    if (!good) {
        store_failed(worker->target, &worker->outcome->error);
        error_prefix(&worker->outcome->error,
                     "the rows of this statement cannot be counted: ");
    } else if (!alike) {
        error_set(&worker->outcome->error, ERROR_FAILED,
                  "the rows of this statement cannot be counted: SQLite would run it "
                  "another way while it counts");
    }
    text_release(&one);
    text_release(&other);
    return alike;
}

static bool step_all(struct worker *worker, sqlite3_stmt *stmt, long long *rows)
{
    int status;
    request_bind(worker->request, stmt);
    while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
        ++*rows;
    }
    return status == SQLITE_DONE;
}

static void add_counts(struct answer *answer, const struct counters *counters,
                       sqlite3_stmt *stmt, long long rows)
{
    static const struct {
        int status;
        const char *name;
    } kinds[] = {{SQLITE_STMTSTATUS_VM_STEP, "instructions"},
                 {SQLITE_STMTSTATUS_SORT, "sorts"},
                 {SQLITE_STMTSTATUS_AUTOINDEX, "indexed"}};
    for (int i = 0; i < counters->most; i++) {
        const long long numbers[3] = {i, 0, counters->visits[i]};
        add_row(answer, "visits", numbers, "");
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const long long numbers[3] = {0, 0,
                                      sqlite3_stmt_status(stmt, kinds[i].status, 0)};
        add_row(answer, "status", numbers, kinds[i].name);
    }
    const long long numbers[3] = {0, 0, rows};
    add_row(answer, "rows", numbers, "");
}

static bool count_visits(struct worker *worker, struct answer *answer)
{
    struct counters *counters = memory_new(sizeof *counters);
    sqlite3_stmt *stmt = NULL;
    long long rows = 0;
    sqlite3_create_function(worker->target, "mwb_visit", -1, SQLITE_UTF8, counters, visit,
                            NULL, NULL);
    bool done = is_planned_alike(worker) &&
                sqlite3_prepare_v2(worker->target, worker->request->counting, -1, &stmt,
                                   NULL) == SQLITE_OK;
    if (done && sqlite3_stmt_readonly(stmt) == 0) {
        error_set(&worker->outcome->error, ERROR_FAILED,
                  "only statements that read are run to be counted");
        done = false;
    } else if (done) {
        done = step_all(worker, stmt, &rows) || statement_failed(worker);
    }
    if (done) {
        add_counts(answer, counters, stmt, rows);
    }
    sqlite3_finalize(stmt);
    sqlite3_create_function(worker->target, "mwb_visit", -1, SQLITE_UTF8, NULL, NULL,
                            NULL, NULL);
    free(counters);
    return done;
}

/* ---- The door ---- */

/* Exact counts would tell of single rows where only groups may be told. */
static bool may_count(struct worker *worker)
{
    return worker->suppressed.sql == NULL ||
           error_set(&worker->outcome->error, ERROR_FAILED,
                     "what this statement reads is told in groups only, so its rows are "
                     "not counted");
}

sqlite3_stmt *plan_statement(struct worker *worker)
{
    const struct request *request = worker->request;
    struct answer answer = {0};
    bool before = worker->trusted;
    worker->trusted = true; /* it was judged */
    bool done = read_steps(worker, request->sql + worker->span.start, worker->span.length,
                           &answer, NULL);
    add_tables(worker, &answer);
    if (done && request->counting != NULL) {
        done = may_count(worker) && count_visits(worker, &answer);
    }
    const long long nothing[3] = {0, 0, 0};
    add_row(&answer, "end", nothing, "");
    sqlite3_stmt *stmt = close_answer(worker, &answer);
    worker->trusted = before;
    if (!done) {
        sqlite3_finalize(stmt);
        stmt = NULL;
    }
    if (!done && worker->outcome->error.kind == ERROR_NONE) {
        statement_failed(worker);
    }
    return stmt;
}
