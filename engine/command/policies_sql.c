/* command: what policies say in rows: adoption over time, from the ledger; and the rows
 * of a policy's own SQL, which come from the child that ran it, for that one may write no
 * file. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/policies.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/ledger.h"
#include "engine/store.h"

/* ---- Adoption ---- */

#define SHARE "CASE WHEN d.products>0 THEN round(1-1.0*d.violating/d.products,4) END"

/* ?1 the mesh, ?2 the policy. */
static const char newest_sql[] =
    "WITH r AS (SELECT id,policy,at,row_number() OVER (PARTITION BY policy ORDER BY id) "
    "AS from_start,row_number() OVER (PARTITION BY policy ORDER BY id DESC) AS from_end "
    "FROM policy_run WHERE mesh=?1 AND ?2 IS NULL) SELECT r.policy,d.domain,d.products,"
    "d.violating," SHARE ",r.at,(SELECT " SHARE
    " FROM r f JOIN policy_domain d ON d.run=f.id WHERE f.policy=r.policy AND "
    "f.from_start=1 AND d.domain=o.domain),(SELECT at FROM r f WHERE f.policy=r.policy "
    "AND f.from_start=1) FROM r JOIN policy_domain d ON d.run=r.id JOIN (SELECT DISTINCT "
    "domain FROM policy_domain) o ON o.domain=d.domain WHERE r.from_end=1 ORDER BY "
    "r.policy,d.domain";
static const char over_time_sql[] =
    "SELECT r.at,r.policy,d.domain,d.products,d.violating," SHARE
    " FROM policy_run r JOIN policy_domain d ON d.run=r.id WHERE r.mesh=?1 AND "
    "r.policy=?2 "
    "COLLATE NOCASE ORDER BY r.id,d.domain";

static const char *const newest_columns[] = {"policy",         "domain",   "products",
                                             "violating",      "adoption", "at",
                                             "adoption_first", "at_first"};
static const char *const over_time_columns[] = {"at",       "policy",    "domain",
                                                "products", "violating", "adoption"};

struct table {
    const char *sql;
    const char *const *columns;
    size_t count;
};

static bool copy_rows(struct command_call *call, sqlite3 *db, const struct table *table,
                      struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, table->columns, table->count, err);
    sqlite3_stmt *stmt = rows != NULL ? store_prepare(db, table->sql, err) : NULL;
    long long count = 0;
    if (stmt != NULL) {
        store_bind(stmt, "ss", call->workbench->mesh, call_word(call, 0));
    }
    for (; stmt != NULL && store_step(stmt, err) == STORE_ROW; count++) {
        rows_copy(rows, stmt);
    }
    bool done = stmt != NULL;
    store_finish(stmt);
    char *file = rows != NULL ? string_copy(rows_file(rows)) : NULL;
    done = rows_close(rows, err) && done;
    call->rows = done ? rows_open(file, table->columns, table->count, err) : NULL;
    call->reply.result = call->rows;
    free(file);
    if (count == 0) {
        call_message(call, "the policies of this mesh were never run: policies");
    }
    return call->rows != NULL;
}

bool policies_adoption(struct command_call *call, struct error *err)
{
    const struct table newest = {newest_sql, newest_columns,
                                 sizeof newest_columns / sizeof *newest_columns};
    const struct table over_time = {over_time_sql, over_time_columns,
                                    sizeof over_time_columns / sizeof *over_time_columns};
    char *path = ledger_ready(err);
    sqlite3 *db = path != NULL ? store_open(path, STORE_READ, err) : NULL;
    bool done =
        db != NULL &&
        copy_rows(call, db, call_word(call, 0) != NULL ? &over_time : &newest, err);
    store_close(db);
    free(path);
    if (done) {
        call_done(call);
    }
    return done;
}

/* ---- The rows of a policy, on their way from the child ---- */

enum { TELLS_COLUMNS, TELLS_ROW };
enum { MOST_ROWS = 10000, MOST_SECONDS = 60 };

struct raw {
    char *index, *role, *policy;
    struct job_port *port; /* in the child */
    long long told;
    int width;            /* columns, in child and parent */
    struct rows *rows;    /* in the parent */
    sqlite3 *db;          /* to hold a row that is to be copied */
    sqlite3_stmt *value;  /* SELECT ?1, ?2 ... */
    struct array columns; /* of char * */
    struct error failure;
};

static void free_raw(void *own)
{
    struct raw *raw = own;
    store_finish(raw->value);
    store_close(raw->db);
    rows_close(raw->rows, NULL);
    words_release(&raw->columns);
    free(raw->index);
    free(raw->role);
    free(raw->policy);
    free(raw);
}

static void tell_columns(struct raw *raw, sqlite3_stmt *stmt)
{
    struct text names = {0};
    raw->width = sqlite3_column_count(stmt);
    for (int i = 0; i < raw->width; i++) {
        const char *name = sqlite3_column_name(stmt, i);
        text_append_bytes(&names, name, strlen(name) + 1);
    }
    job_tell(raw->port, TELLS_COLUMNS, names.data, names.length);
    text_release(&names);
}

/* Each value: its type as SQLite numbers it, its length, its bytes. */
static void append_value(struct text *out, sqlite3_stmt *stmt, int column)
{
    uint32_t type = (uint32_t)sqlite3_column_type(stmt, column);
    const void *bytes = type == SQLITE_BLOB ? sqlite3_column_blob(stmt, column)
                                            : sqlite3_column_text(stmt, column);
    uint32_t length = bytes != NULL ? (uint32_t)sqlite3_column_bytes(stmt, column) : 0;
    text_append_bytes(out, &type, sizeof type);
    text_append_bytes(out, &length, sizeof length);
    text_append_bytes(out, length > 0 ? bytes : "", length);
}

static bool tell_row(void *owner, sqlite3_stmt *stmt, bool is_first)
{
    struct raw *raw = owner;
    struct text row = {0};
    if (is_first && raw->width == 0) {
        tell_columns(raw, stmt);
    }
    if (sqlite3_column_count(stmt) != raw->width) {
        return true; /* a statement of another shape */
    }
    for (int i = 0; i < raw->width; i++) {
        append_value(&row, stmt, i);
    }
    bool goes_on =
        job_tell(raw->port, TELLS_ROW, row.data, row.length) && ++raw->told < MOST_ROWS;
    text_release(&row);
    return goes_on;
}

static bool rows_in_child(struct job_port *port, void *argument, struct error *err)
{
    struct raw *raw = argument;
    struct catalog *catalog = catalog_open(raw->index, err);
    const struct governance_spec spec = {.catalog = catalog,
                                         .role = raw->role,
                                         .policy = raw->policy,
                                         .with_data = true,
                                         .in_child = true,
                                         .port = port};
    raw->port = port;
    bool done = catalog != NULL && governance_rows(&spec, tell_row, raw, err);
    catalog_close(catalog);
    return done;
}

/* ---- In the parent ---- */

/* Names of columns may be equal, those of a table may not. */
static void take_columns(struct raw *raw, const char *bytes, size_t length)
{
    for (const char *at = bytes; at < bytes + length; at += strlen(at) + 1) {
        bool is_known = false;
        for (size_t i = 0; i < raw->columns.count; i++) {
            is_known |= string_equal_fold(*(char **)array_at(&raw->columns, i), at);
        }
        size_t number = raw->columns.count + 1;
        char *name = is_known ? string_printf("%s_%zu", at, number) : string_copy(at);
        *(char **)array_push(&raw->columns) = name;
        if (memchr(at, '\0', (size_t)(bytes + length - at)) == NULL) {
            return;
        }
    }
    raw->width = (int)raw->columns.count;
}

static bool open_rows(struct command_call *call, struct raw *raw, struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "SELECT ");
    for (int i = 0; i < raw->width; i++) {
        text_printf(&sql, "%s?%d", i > 0 ? "," : "", i + 1);
    }
    raw->db = store_open(NULL, STORE_MEMORY, err);
    raw->value = raw->db != NULL ? store_prepare(raw->db, text_string(&sql), err) : NULL;
    if (raw->value != NULL) {
        raw->rows =
            rows_new(call->workbench->spool_folder,
                     (const char *const *)raw->columns.items, raw->columns.count, err);
    }
    text_release(&sql);
    return raw->rows != NULL;
}

static void bind_value(sqlite3_stmt *stmt, int column, uint32_t type, const char *bytes,
                       uint32_t length)
{
    char number[64];
    size_t kept = length < sizeof number ? length : sizeof number - 1;
    memcpy(number, bytes, kept);
    number[kept] = '\0';
    switch (type) {
    case SQLITE_INTEGER:
        sqlite3_bind_int64(stmt, column, strtoll(number, NULL, 10));
        break;
    case SQLITE_FLOAT:
        sqlite3_bind_double(stmt, column, strtod(number, NULL));
        break;
    case SQLITE_BLOB:
        sqlite3_bind_blob(stmt, column, bytes, (int)length, SQLITE_TRANSIENT);
        break;
    case SQLITE_TEXT:
        sqlite3_bind_text(stmt, column, bytes, (int)length, SQLITE_TRANSIENT);
        break;
    default:
        sqlite3_bind_null(stmt, column);
    }
}

static void take_row(struct raw *raw, const char *bytes, size_t length)
{
    uint32_t head[2];
    sqlite3_reset(raw->value);
    for (int i = 0; i < raw->width; i++) {
        if (length < sizeof head) {
            return;
        }
        memcpy(head, bytes, sizeof head);
        bytes += sizeof head;
        length -= sizeof head;
        if (head[1] > length) {
            return;
        }
        bind_value(raw->value, i + 1, head[0], bytes, head[1]);
        bytes += head[1];
        length -= head[1];
    }
    if (store_step(raw->value, NULL) == STORE_ROW) {
        rows_copy(raw->rows, raw->value);
        raw->told++;
    }
}

static void on_raw(void *owner, struct job *job, int type, const void *bytes,
                   size_t length)
{
    struct command_call *call = owner;
    struct raw *raw = call->own;
    (void)job;
    if (type == TELLS_COLUMNS && raw->columns.count == 0 && length > 0) {
        take_columns(raw, bytes, length);
        open_rows(call, raw, &raw->failure);
    } else if (type == TELLS_ROW && raw->rows != NULL) {
        take_row(raw, bytes, length);
    }
}

static bool finish_raw(struct command_call *call, struct raw *raw, struct error *err)
{
    if (raw->columns.count == 0) {
        call_message(call, "the policy %s finds nothing", raw->policy);
        return true;
    }
    if (raw->rows == NULL) {
        *err = raw->failure;
        return false;
    }
    char *file = string_copy(rows_file(raw->rows));
    bool done = rows_close(raw->rows, err);
    raw->rows = NULL;
    call->rows = done ? rows_open(file, (const char *const *)raw->columns.items,
                                  raw->columns.count, err)
                      : NULL;
    free(file);
    call->reply.result = call->rows;
    if (raw->told >= MOST_ROWS) {
        call_message(call, "the first %d rows of the policy %s", MOST_ROWS, raw->policy);
    }
    return call->rows != NULL;
}

static void on_over(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct error err = *job_error(job);
    call->job = NULL;
    if (job_state(job) != JOB_DONE || !finish_raw(call, call->own, &err)) {
        call_fail(call, &err);
        return;
    }
    call_done(call);
}

bool policies_raw_rows(struct command_call *call, struct error *err)
{
    const char *policy = call_word(call, 0);
    if (policy == NULL) {
        return error_set(err, ERROR_USAGE, "whose rows? policies P02 --rows");
    }
    if (!workbench_has_role(call->workbench, err)) {
        return false;
    }
    struct raw *raw = memory_new(sizeof *raw);
    *raw = (struct raw){.index = string_copy(call->workbench->index),
                        .role = string_copy(call->workbench->role),
                        .policy = string_copy(policy),
                        .columns = ARRAY_OF(char *)};
    call->free_own(call->own);
    call->own = raw;
    call->free_own = free_raw;
    struct job_spec spec = {
        .title = "policy",
        .run = rows_in_child,
        .argument = raw,
        .received = on_raw,
        .finished = on_over,
        .owner = call,
        .timeout = MOST_SECONDS,
    };
    call->job = jobs_start(call->workbench->jobs, &spec, err);
    return call->job != NULL;
}
