/* fuzz_destruction: any bytes as a statement over a small table. Where SQLite runs it and
 * the table, a column or every row is gone without a condition, the reader must have said
 * so. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/session/destruction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int number(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int found = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW) {
        found = sqlite3_column_int(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return found;
}

static int give_up(void *rounds)
{
    return --*(int *)rounds < 0;
}

/* Of what the statement left of t(a, b) with its three rows. */
static bool is_lost(sqlite3 *db)
{
    return number(db, "SELECT count(*) FROM pragma_table_info('t')") < 2 ||
           number(db, "SELECT count(*) FROM t") == 0;
}

static bool has_word(const char *sql, struct sql_span span, const char *word)
{
    struct sql_token token = {.start = span.start};
    bool has = false;
    while (!has &&
           sql_next(sql, span.start + span.length, token.start + token.length, &token)) {
        has = token.length == strlen(word) &&
              sqlite3_strnicmp(sql + token.start, word, (int)token.length) == 0;
    }
    return has;
}

static void hold(const char *sql, struct sql_span span, const struct destruction *read)
{
    enum { ROUNDS = 50 };
    int rounds = ROUNDS;
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "CREATE TABLE t(a UNIQUE, b); INSERT INTO t VALUES (1, 2), (3, 4), "
                     "(5, 6)",
                     NULL, NULL, NULL) != SQLITE_OK) {
        abort();
    }
    sqlite3_progress_handler(db, 1000, give_up, &rounds);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    if (!has_word(sql, span, "PRAGMA") && !has_word(sql, span, "VACUUM") &&
        sqlite3_prepare_v2(db, sql + span.start, (int)span.length, &stmt, NULL) ==
            SQLITE_OK) {
        while (stmt != NULL && sqlite3_step(stmt) == SQLITE_ROW) {
        }
        sqlite3_finalize(stmt);
        bool by_choice = has_word(sql, span, "WHERE") || read->loss == LOSS_RENAMED;
        if (is_lost(db) && !by_choice && read->loss == LOSS_NONE) {
            abort();
        }
    }
    sqlite3_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *sql = string_copy_bytes((const char *)data, size);
    struct array spans = sql_split(sql, size);
    for (size_t i = 0; i < spans.count; i++) {
        const struct sql_span *span = array_at(&spans, i);
        struct destruction read = destruction_read(sql, *span);
        if (read.loss != LOSS_NONE && read.name != NULL &&
            strlen(read.name) > span->length) {
            abort();
        }
        if (i == 0 && memchr(sql, '\0', size) == NULL) {
            hold(sql, *span, &read);
        }
        destruction_release(&read);
    }
    array_release(&spans);
    free(sql);
    return 0;
}
