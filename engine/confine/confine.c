/* confine: life, compiling and stepping of statements of others. What is allowed is
 * guard.c, what they may take is limits.c. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/confine/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/sql.h"

enum { DEFAULT_SECONDS = 5 };

/* ---- Life ---- */

static void forget_databases(struct confine *confine)
{
    for (size_t i = 0; i < confine->databases.count; i++) {
        free(*(char **)array_at(&confine->databases, i));
    }
    array_clear(&confine->databases);
}

void confine_allow(struct confine *confine, const char *const *databases, size_t count)
{
    forget_databases(confine);
    for (size_t i = 0; i < count; i++) {
        *(char **)array_push(&confine->databases) = string_copy(databases[i]);
    }
}

/* What is sorted or grouped stays in memory, where it is limited. To change that would
 * drop temporary tables and views, so whoever has such sets it before. */
static void keep_sorting_in_memory(sqlite3 *db)
{
    if (store_number(db, 1, "SELECT count(*) FROM sqlite_temp_master", "") == 0) {
        sqlite3_exec(db, "PRAGMA temp_store=MEMORY", NULL, NULL, NULL);
    }
}

struct confine *confine_new(const struct confine_spec *spec)
{
    struct confine *confine = memory_new(sizeof *confine);
    confine->db = spec->db;
    confine->port = spec->port;
    confine->seconds = spec->seconds > 0 ? spec->seconds : DEFAULT_SECONDS;
    confine->databases = (struct array)ARRAY_OF(char *);
    confine->reads = (struct array)ARRAY_OF(struct confine_read);
    confine_allow(confine, spec->databases, spec->database_count);
    keep_sorting_in_memory(confine->db);
    confine_linear_register(confine->db);
    confine_guard_set(confine);
    confine_limits_set(confine, true);
    if (confine->port != NULL) {
        job_guard(confine->port, confine->db);
    }
    return confine;
}

void confine_free(struct confine *confine)
{
    if (confine == NULL) {
        return;
    }
    if (confine->port != NULL) {
        job_guard(confine->port, NULL);
    }
    confine_limits_set(confine, false);
    sqlite3_progress_handler(confine->db, 0, NULL, NULL);
    sqlite3_set_authorizer(confine->db, NULL, NULL);
    confine_linear_remove(confine->db);
    confine_forget_reads(confine);
    array_release(&confine->reads);
    forget_databases(confine);
    array_release(&confine->databases);
    text_release(&confine->refusal);
    free(confine->what);
    free(confine);
}

void confine_trusted(struct confine *confine, bool trusted)
{
    confine->trusted = trusted;
    confine_limits_set(confine, !trusted);
}

const struct array *confine_reads(const struct confine *confine)
{
    return &confine->reads;
}

bool confine_refused(const struct confine *confine)
{
    return confine->refusal.length > 0;
}

/* ---- Compiling ---- */

static bool fail(struct confine *confine, struct error *err, const char *reason)
{
    return error_set(err, ERROR_FAILED, "%s %s: %s", confine->what,
                     confine_refused(confine) ? "was refused" : "could not be run",
                     reason);
}

static bool refuse_text(struct confine *confine, struct error *err, const char *reason)
{
    text_clear(&confine->refusal);
    text_append(&confine->refusal, reason);
    return fail(confine, err, reason);
}

static bool is_gap(const struct sql_token *token)
{
    return token->kind == SQL_SPACE || token->kind == SQL_COMMENT;
}

/* SQLite calls no authorizer for VACUUM, and EXPLAIN answers with something else. */
static bool check_first_word(struct confine *confine, const char *sql, size_t *first,
                             struct error *err)
{
    size_t length = strlen(sql), at = 0;
    struct sql_token token = {0};
    while (sql_next(sql, length, at, &token) &&
           (is_gap(&token) || token.kind == SQL_SEMICOLON)) {
        at = token.start + token.length;
    }
    if (at >= length) {
        return fail(confine, err, "it holds no SQL");
    }
    *first = token.start;
    static const char *const words[] = {"SELECT", "WITH", "VALUES"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (token.length == strlen(words[i]) &&
            sqlite3_strnicmp(sql + token.start, words[i], (int)token.length) == 0) {
            return true;
        }
    }
    enum { MOST_SHOWN = 40 };
    char *reason = string_printf(
        "it begins with %.*s; only one SELECT (or WITH, VALUES) is run here",
        token.length < MOST_SHOWN ? (int)token.length : MOST_SHOWN, sql + token.start);
    refuse_text(confine, err, reason);
    free(reason);
    return false;
}

static bool check_tail(struct confine *confine, const char *tail, struct error *err)
{
    size_t length = strlen(tail), at = 0;
    struct sql_token token = {0};
    while (sql_next(tail, length, at, &token)) {
        if (!is_gap(&token) && token.kind != SQL_SEMICOLON) {
            return refuse_text(confine, err, "it holds more than one statement");
        }
        at = token.start + token.length;
    }
    return true;
}

static bool check_compiled(struct confine *confine, sqlite3_stmt *stmt, const char *tail,
                           struct error *err)
{
    if (!check_tail(confine, tail, err)) {
        return false;
    }
    if (!sqlite3_stmt_readonly(stmt) || sqlite3_stmt_isexplain(stmt) != 0 ||
        sqlite3_column_count(stmt) == 0) {
        return refuse_text(confine, err, "it does not only read");
    }
    return true;
}

static void tell_failure(struct confine *confine, int status, struct error *err)
{
    if (confine_refused(confine)) {
        fail(confine, err, text_string(&confine->refusal));
    } else if ((status & 0xFF) == SQLITE_NOMEM) {
        fail(confine, err, "it needs more memory than it may take");
    } else if ((status & 0xFF) == SQLITE_TOOBIG) {
        fail(confine, err,
             "it is longer, or makes a value longer, than the limit of "
             "1 MiB");
    } else {
        fail(confine, err, sqlite3_errmsg(confine->db));
    }
}

static bool stopped(struct confine *confine, struct error *err)
{
    char limit[32];
    if (confine->timed_out) {
        string_of_seconds(confine->seconds, limit, sizeof limit);
        error_set(err, ERROR_TIMEOUT, "%s was stopped at its time limit of %s",
                  confine->what, limit);
        return true;
    }
    if (confine->port != NULL && job_cancelled(confine->port)) {
        error_set(err, ERROR_CANCELLED, "%s was cancelled", confine->what);
        return true;
    }
    return false;
}

/* The authorizer is not told of columns that USING and NATURAL compare, so a table could
 * be read by them alone: the program tells which databases it opens. */
static bool check_program(struct confine *confine, const char *sql, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    char *explain = string_printf("EXPLAIN %s", sql);
    const char *hidden = NULL;
    confine->trusted = true; /* the authorizer has judged it */
    if (sqlite3_prepare_v3(confine->db, explain, -1, 0, &stmt, NULL) != SQLITE_OK) {
        hidden = "what cannot be told";
    }
    while (hidden == NULL && stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW) {
        hidden = confine_hidden_by_opcode(confine, stmt);
    }
    sqlite3_finalize(stmt);
    confine->trusted = false;
    free(explain);
    if (hidden == NULL) {
        return true;
    }
    char *reason =
        string_printf("it reads %s, which is not among what it may read", hidden);
    refuse_text(confine, err, reason);
    free(reason);
    return false;
}

static void start_clock(struct confine *confine)
{
    confine->timed_out = false;
    confine->deadline = path_monotonic() + confine->seconds;
}

sqlite3_stmt *confine_prepare(struct confine *confine, const char *what, const char *sql,
                              struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    const char *tail = "";
    free(confine->what);
    confine->what = string_copy(what);
    text_clear(&confine->refusal);
    confine_forget_reads(confine);
    size_t first = 0;
    if (!check_first_word(confine, sql, &first, err)) {
        return NULL;
    }
    start_clock(confine);
    confine->preparing = true;
    int status = sqlite3_prepare_v3(confine->db, sql, -1, 0, &stmt, &tail);
    confine->preparing = false;
    if (status != SQLITE_OK) {
        if (!stopped(confine, err)) {
            tell_failure(confine, status, err);
        }
        return NULL;
    }
    if (!check_compiled(confine, stmt, tail, err) ||
        !check_program(confine, sql + first, err)) {
        sqlite3_finalize(stmt);
        return NULL;
    }
    return stmt;
}

/* ---- Running ---- */

enum store_step confine_step(struct confine *confine, sqlite3_stmt *stmt,
                             struct error *err)
{
    if (!sqlite3_stmt_busy(stmt)) {
        start_clock(confine);
    }
    int status = sqlite3_step(stmt);
    if (status == SQLITE_ROW) {
        return STORE_ROW;
    }
    if (status == SQLITE_DONE) {
        return STORE_DONE;
    }
    if (!stopped(confine, err)) {
        tell_failure(confine, status, err);
    }
    return STORE_FAILED;
}
