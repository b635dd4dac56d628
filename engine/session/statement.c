/* session/statement: run the statements of a list one by one, rows into a spool.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions.h"
#include "engine/path.h"
#include "engine/quality.h"
#include "engine/session/classes.h"
#include "engine/session/judge.h"
#include "engine/session/message.h"
#include "engine/session/plan.h"
#include "engine/session/touch.h"
#include "engine/session/worker.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LATE_ATTACHMENTS = 16 };

bool statement_failed(struct worker *worker)
{
    struct outcome *outcome = worker->outcome;
    char limit[32];
    if (worker->spool_broke) {
        return false;
    }
    if (worker->timed_out) {
        string_of_seconds(worker->request->timeout, limit, sizeof limit);
        return error_set(&outcome->error, ERROR_TIMEOUT,
                         "the statement was stopped at the time limit of %s; ask for "
                         "less, or raise the limit",
                         limit);
    }
    if (job_cancelled(worker->port)) {
        return error_set(&outcome->error, ERROR_CANCELLED, "the statement was cancelled");
    }
    if ((sqlite3_errcode(worker->target) & 0xFF) == SQLITE_NOMEM &&
        worker->request->memory_limit > 0) {
        string_of_bytes(worker->request->memory_limit, limit, sizeof limit);
        return error_set(&outcome->error, ERROR_FAILED,
                         "the statement needs more memory than its limit of %s; ask for "
                         "fewer or shorter values, or raise the limit",
                         limit);
    }
    if ((sqlite3_errcode(worker->target) & 0xFF) == SQLITE_BUSY) {
        return error_set(&outcome->error, ERROR_FAILED,
                         "the workspace is being written by another tab or program; end "
                         "the transaction there with COMMIT or ROLLBACK, then run this "
                         "again");
    }
    explain_error(worker, outcome);
    return false;
}

/* ---- What the parent is told ---- */

static void put_origin(struct worker *worker, struct text *out, sqlite3_stmt *stmt, int i)
{
    const char *schema = sqlite3_column_database_name(stmt, i);
    const struct attachment *one = schema != NULL ? attach_find(worker, schema) : NULL;
    bool is_product = one != NULL && one->product != NULL;
    message_put_string(out, one == NULL ? NULL : is_product ? one->product : one->schema);
    message_put_string(out, sqlite3_column_table_name(stmt, i));
    message_put_string(out, sqlite3_column_origin_name(stmt, i));
}

static void tell_columns(struct worker *worker, sqlite3_stmt *stmt, const char *file,
                         const char *table)
{
    struct text message = {0};
    int count = sqlite3_column_count(stmt);
    message_put_string(&message, file);
    message_put_string(&message, table);
    message_put_string(&message, worker->verdict.classification);
    message_put_number(&message, (long long)worker->span.start);
    message_put_number(&message, (long long)worker->span.length);
    message_put_number(&message, count);
    for (int i = 0; i < count; i++) {
        message_put_string(&message, sqlite3_column_name(stmt, i));
        message_put_string(&message, sqlite3_column_decltype(stmt, i));
        put_origin(worker, &message, stmt, i);
    }
    job_tell(worker->port, MESSAGE_COLUMNS, message.data, message.length);
    text_release(&message);
}

/* ---- A whole table, read in place ---- */

struct whole_table {
    char *schema, *table, *name;
    long long rows;
};

static bool find_whole_table(struct worker *worker, struct whole_table *whole)
{
    struct text sql = {0};
    const char *text = worker->request->sql + worker->span.start;
    *whole = (struct whole_table){0};
    if (worker->target != worker->db || worker->request->plans ||
        !sql_is_whole_table(text, worker->span.length, &whole->schema, &whole->table)) {
        return false;
    }
    const struct attachment *one = attach_find(worker, whole->schema);
    if (one == NULL || one->product == NULL) {
        return false;
    }
    text_append(&sql, "SELECT name, rows FROM ");
    store_quote_name(&sql, whole->schema);
    text_append(&sql, ".mwb_table WHERE name = ?1 COLLATE NOCASE AND contiguous = 1");
    worker->trusted = true;
    sqlite3_stmt *stmt = store_prepare(worker->db, sql.data, NULL);
    if (stmt != NULL) {
        store_bind(stmt, "s", whole->table);
        if (store_step(stmt, NULL) == STORE_ROW) {
            whole->name = store_text_copy(stmt, 0);
            whole->rows = sqlite3_column_int64(stmt, 1);
        }
    }
    store_finish(stmt);
    worker->trusted = false;
    text_release(&sql);
    return whole->name != NULL;
}

/* True: the answer is the table itself. */
static bool answer_in_place(struct worker *worker, sqlite3_stmt *stmt)
{
    struct whole_table whole;
    long long limit = worker->request->row_limit;
    bool found = find_whole_table(worker, &whole);
    if (found) {
        struct outcome *outcome = worker->outcome;
        tell_columns(worker, stmt, attach_find(worker, whole.schema)->file, whole.name);
        outcome->limited = limit > 0 && whole.rows > limit;
        outcome->rows = outcome->limited ? limit : whole.rows;
    }
    free(whole.schema);
    free(whole.table);
    free(whole.name);
    return found;
}

/* ---- Rows ---- */

/* A file of its own for every statement with rows: the one before is shown until then. */
static bool open_spool(struct worker *worker, sqlite3_stmt *stmt)
{
    int number = worker->spools++;
    char *file = number == 0 ? string_copy(worker->request->spool)
                             : string_printf("%s.%d", worker->request->spool, number);
    worker->spool = spool_new(file, sqlite3_column_count(stmt), worker->port,
                              &worker->outcome->error);
    if (worker->spool != NULL) {
        tell_columns(worker, stmt, file, "rows");
    } else {
        worker->spool_broke = true;
    }
    free(file);
    return worker->spool != NULL;
}

static bool take_rows(struct worker *worker, sqlite3_stmt *stmt)
{
    struct outcome *outcome = worker->outcome;
    long long limit = worker->request->plans ? 0 : worker->request->row_limit;
    long long taken = 0;
    int status = SQLITE_DONE;
    while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (limit > 0 && taken == limit) {
            outcome->limited = true;
            status = SQLITE_DONE;
            break;
        }
        if (!spool_add(worker->spool, stmt, &outcome->error)) {
            worker->spool_broke = true;
            return false;
        }
        taken++;
    }
    return status == SQLITE_DONE;
}

static bool run_with_rows(struct worker *worker, sqlite3_stmt *stmt)
{
    worker->outcome->limited = false;
    worker->has_rows = true;
    text_clear(&worker->outcome->notes);
    if (answer_in_place(worker, stmt)) {
        return true;
    }
    bool done =
        open_spool(worker, stmt) && (take_rows(worker, stmt) || statement_failed(worker));
    if (worker->spool != NULL) {
        /* What was found before a failure stays readable. */
        struct error late = {0};
        if (!spool_finish(worker->spool, &late) && done) {
            worker->outcome->error = late;
            done = false;
        }
        worker->outcome->rows = spool_rows(worker->spool);
        spool_free(worker->spool);
        worker->spool = NULL;
    }
    return done;
}

static bool run_without_rows(struct worker *worker, sqlite3_stmt *stmt)
{
    int status = sqlite3_step(stmt);
    while (status == SQLITE_ROW) {
        status = sqlite3_step(stmt);
    }
    return status == SQLITE_DONE || statement_failed(worker);
}

/* ---- One statement ---- */

/* "orders" of `no such table: orders.lines` or `unknown database orders`. Yours. */
static char *schema_missed(const char *message)
{
    static const char table[] = "no such table: ";
    static const char database[] = "unknown database ";
    if (string_starts(message, database)) {
        return string_copy(message + sizeof database - 1);
    }
    const char *dot = strchr(message, '.');
    if (string_starts(message, table) && dot != NULL) {
        const char *from = message + sizeof table - 1;
        return string_copy_bytes(from, (size_t)(dot - from));
    }
    return NULL;
}

static bool attach_missed(struct worker *worker)
{
    char *schema = schema_missed(sqlite3_errmsg(worker->target));
    struct error ignored = {0};
    bool attached = schema != NULL && worker->target == worker->db &&
                    attach_late(worker, schema, &ignored);
    free(schema);
    return attached;
}

/* VACUUM attaches a file of its own, so the authorizer cannot tell it from a user's
 * ATTACH: the workspace may be vacuumed in place, nothing else. */
static bool judge_vacuum(struct worker *worker)
{
    const char *sql = worker->request->sql + worker->span.start;
    size_t length = worker->span.length;
    struct sql_token token = {0};
    size_t words = 0;
    bool main = true;
    while (sql_next(sql, length, token.start + token.length, &token)) {
        if (token.kind == SQL_SPACE || token.kind == SQL_COMMENT) {
            continue;
        }
        if (words++ == 0) {
            if (token.length != 6 || sqlite3_strnicmp(sql, "VACUUM", 6) != 0) {
                return true;
            }
        } else {
            main = main && words == 2 && token.length == 4 &&
                   sqlite3_strnicmp(sql + token.start, "main", 4) == 0;
        }
    }
    worker->trusted = main && words > 0;
    return main ||
           error_set(&worker->outcome->error, ERROR_FAILED,
                     "VACUUM works on the workspace only, and not INTO another file; "
                     "export a result instead");
}

static sqlite3_stmt *prepare(struct worker *worker)
{
    const char *sql = worker->request->sql + worker->span.start;
    sqlite3_stmt *stmt = NULL;
    const char *tail = NULL;
    int tries = 0;
    int status;
    do {
        text_clear(&worker->refusal);
        text_clear(&worker->refused_table);
        touch_forget(worker);
        status = sqlite3_prepare_v2(worker->target, sql, (int)worker->span.length, &stmt,
                                    &tail);
    } while (status != SQLITE_OK && worker->refusal.length == 0 &&
             ++tries < MOST_LATE_ATTACHMENTS && attach_missed(worker));
    if (status != SQLITE_OK) {
        statement_failed(worker);
        return NULL;
    }
    struct sql_span rest;
    size_t left = worker->span.length - (size_t)(tail - sql);
    if (sql_statement_at(tail, left, left, &rest)) {
        sqlite3_finalize(stmt);
        error_set(&worker->outcome->error, ERROR_FAILED,
                  "the statement goes on behind its end: end a statement with ; before "
                  "the next one begins");
        worker->outcome->offset = worker->span.start + (size_t)(tail - sql) + rest.start;
        return NULL;
    }
    return stmt;
}

/* What runs instead, with the condition on its groups. */
static sqlite3_stmt *prepare_instead(struct worker *worker, sqlite3_stmt *stmt)
{
    if (worker->suppressed.sql == NULL) {
        return stmt;
    }
    sqlite3_finalize(stmt);
    stmt = NULL;
    worker->is_judged = false; /* the condition reads rowids as well */
    if (sqlite3_prepare_v2(worker->db, worker->suppressed.sql, -1, &stmt, NULL) !=
        SQLITE_OK) {
        statement_failed(worker);
    }
    touch_sort(worker);
    worker->is_judged = true;
    return stmt;
}

static sqlite3_stmt *prepare_judged(struct worker *worker)
{
    sqlite3_stmt *stmt = prepare(worker);
    if (stmt != NULL && !judge_statement(worker, stmt)) {
        sqlite3_finalize(stmt);
        return NULL;
    }
    return stmt != NULL ? prepare_instead(worker, stmt) : NULL;
}

/* Does it write rows, as INSERT does and CREATE does not? */
static bool writes_rows(const struct worker *worker, sqlite3_stmt *stmt)
{
    static const char *const verbs[] = {"INSERT", "REPLACE", "UPDATE",
                                        "DELETE", "WITH",    NULL};
    const char *sql = worker->request->sql + worker->span.start;
    for (size_t i = 0; verbs[i] != NULL; i++) {
        size_t length = strlen(verbs[i]);
        if (worker->span.length > length &&
            sqlite3_strnicmp(sql, verbs[i], (int)length) == 0) {
            return sqlite3_stmt_readonly(stmt) == 0;
        }
    }
    return false;
}

/* The rows are the plan. */
static bool run_plan(struct worker *worker, sqlite3_stmt *judged)
{
    sqlite3_finalize(judged);
    sqlite3_stmt *stmt = plan_statement(worker);
    bool done = stmt != NULL && run_with_rows(worker, stmt);
    sqlite3_finalize(stmt);
    return done;
}

static bool run_compiled(struct worker *worker, sqlite3_stmt *stmt)
{
    struct outcome *outcome = worker->outcome;
    bool writes = writes_rows(worker, stmt);
    sqlite3_int64 before = sqlite3_total_changes64(worker->target);
    long long page = classes_page(worker);
    request_bind(worker->request, stmt);
    if (sqlite3_get_autocommit(worker->target) != 0) {
        worker->changes_before = before;
    }
    worker->stepping = stmt;
    bool done = sqlite3_column_count(stmt) > 0 ? run_with_rows(worker, stmt)
                                               : run_without_rows(worker, stmt);
    worker->stepping = NULL;
    sqlite3_finalize(stmt);
    worker->trusted = false;
    if (done) {
        classes_follow(worker, page);
        judge_tell(worker);
    }
    if (writes) {
        outcome->changes = (outcome->changes > 0 ? outcome->changes : 0) +
                           sqlite3_total_changes64(worker->target) - before;
    }
    return done;
}

static bool run_statement(struct worker *worker)
{
    struct outcome *outcome = worker->outcome;
    double started = path_monotonic();
    worker->has_rows = false;
    judge_forget(worker);
    if (worker->target == worker->db && !attach_schemas(worker, &outcome->error)) {
        return false;
    }
    sqlite3_stmt *stmt = judge_vacuum(worker) ? prepare_judged(worker) : NULL;
    bool was_judged = worker->is_judged;
    if (worker->request->plans) {
        return stmt != NULL && run_plan(worker, stmt);
    }
    bool done =
        stmt != NULL ? run_compiled(worker, stmt) : outcome->error.kind == ERROR_NONE;
    worker->trusted = false;
    judge_log(worker, started, was_judged);
    return done;
}

/* ---- All of them ---- */

static void collect_products(struct worker *worker)
{
    for (size_t i = 0; i < worker->attachments.count; i++) {
        struct attachment *one = array_at(&worker->attachments, i);
        if (one->read && one->product != NULL) {
            text_printf(&worker->outcome->products, "%s\n", one->product);
            text_printf(&worker->outcome->versions, "%s\n", one->file);
        }
    }
}

static void run_list(struct worker *worker)
{
    const struct request *request = worker->request;
    struct array spans = sql_split(request->sql, request->sql_length);
    bool going = destroy_check(worker, &spans);
    for (size_t i = 0; i < spans.count && going; i++) {
        worker->span = *(struct sql_span *)array_at(&spans, i);
        worker->schemas =
            sql_schemas(request->sql + worker->span.start, worker->span.length);
        going = !job_cancelled(worker->port) ? run_statement(worker)
                                             : statement_failed(worker);
        sql_names_release(&worker->schemas);
    }
    array_release(&spans);
}

static bool open_target(struct worker *worker)
{
    struct error *err = &worker->outcome->error;
    if (worker->request->on_spool == NULL) {
        if (!attach_open(worker, err) || !attach_check(worker, worker->outcome)) {
            return false;
        }
        worker->target = worker->db;
        return true;
    }
    worker->target = store_open(worker->request->on_spool, STORE_IMMUTABLE, err);
    if (worker->target == NULL) {
        return false;
    }
    functions_register(worker->target);
    quality_functions(worker->target, NULL);
    guard_set(worker, worker->target);
    return true;
}

void statement_run_all(struct worker *worker)
{
    worker->target = NULL;
    worker->spools = 0;
    worker->timed_out = false;
    worker->spool_broke = false;
    for (size_t i = 0; i < worker->attachments.count; i++) {
        ((struct attachment *)array_at(&worker->attachments, i))->read = false;
    }
    const struct request *request = worker->request;
    bool needs_values = !request->plans || request->counting != NULL;
    if ((needs_values && !request_has_parameters(request, worker->outcome)) ||
        !open_target(worker)) {
        return;
    }
    limits_set(worker, true);
    run_list(worker);
    limits_set(worker, false);
    collect_products(worker);
    if (worker->target != worker->db) {
        store_close(worker->target);
    }
    worker->target = NULL;
    text_clear(&worker->refusal);
    judge_forget(worker);
}
