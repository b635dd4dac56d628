/* Fuzzing of small groups: the input is a statement over a table of people, one of whom
 * is like nobody else. Whatever runs tells nothing of that one, fails with or without
 * that row alike, and its number of groups left out can be counted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/gate.h"
#include "engine/store.h"
#include "tests/fuzz/fuzz.h"

static const char make_people[] =
    "ATTACH ':memory:' AS c; ATTACH ':memory:' AS t;"
    "CREATE TABLE c.p(id INTEGER PRIMARY KEY, city, ill, cost);"
    "INSERT INTO c.p(city,ill,cost) VALUES('A','flu',1),('A','flu',2),('A','flu',3),"
    "('A','cold',4),('A','cold',NULL),('B','flu',5),('B','flu',6),('B','flu',7);"
    "CREATE TABLE t.t(city, size); INSERT INTO t.t VALUES('A',1),('B',2),('D',4),('D',5),"
    "('D',6),('D',7),('D',8);";
static const char add_one[] = "INSERT INTO c.p(city,ill,cost) VALUES('D','qzxjk',918273)";

static int is_too_long(void *steps)
{
    return ++*(int *)steps > 2000;
}

static sqlite3 *make(bool with_one, int *steps)
{
    struct error err = {0};
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    fuzz_must(db != NULL && store_run(db, make_people, &err) &&
                  (!with_one || store_run(db, add_one, &err)),
              "people are made");
    sqlite3_progress_handler(db, 1000, is_too_long, steps);
    return db;
}

static bool tells(sqlite3_stmt *stmt, const char *sql)
{
    static const char *const secrets[] = {"qzxjk", "918273"};
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        const char *cell = store_text(stmt, i);
        for (size_t k = 0; k < 2; k++) {
            if (strstr(cell, secrets[k]) != NULL && strstr(sql, secrets[k]) == NULL) {
                return true;
            }
        }
    }
    return false;
}

/* How it ended: SQLITE_DONE, an error, or SQLITE_INTERRUPT. */
static int run(sqlite3 *db, const char *sql, const char *input)
{
    sqlite3_stmt *stmt = NULL;
    int status = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    if (status != SQLITE_OK) {
        return status;
    }
    fuzz_must(sqlite3_stmt_readonly(stmt) != 0, "what counts only reads");
    while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
        fuzz_must(!tells(stmt, input), "nobody is told of alone");
    }
    sqlite3_finalize(stmt);
    return status;
}

static void check(const struct gate_suppressed *suppressed, const char *input)
{
    int steps = 0;
    sqlite3 *with = make(true, &steps), *without = make(false, &steps);
    int first = run(with, suppressed->sql, input);
    steps = 0;
    int second = run(without, suppressed->sql, input);
    bool stopped = first == SQLITE_INTERRUPT || second == SQLITE_INTERRUPT;
    fuzz_must(stopped || first == second, "an error tells of nobody");
    if (suppressed->count != NULL && first == SQLITE_DONE) {
        steps = 0;
        int counted = run(with, suppressed->count, input);
        fuzz_must(counted == SQLITE_DONE || counted == SQLITE_INTERRUPT,
                  "what is left out is counted");
    }
    store_close(with);
    store_close(without);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error err = {0};
    char schema[] = "c", table[] = "p";
    struct gate_group group = {.schema = schema, .table = table, .at_least = 3};
    struct array groups = {&group, 1, 1, sizeof group};
    struct gate_suppressed suppressed;
    int steps = 0;
    char *sql = string_copy_bytes((const char *)bytes, length);
    sqlite3 *db = make(true, &steps);
    const struct gate_shape shape = {
        .db = db, .sql = sql, .length = strlen(sql), .groups = &groups};
    double start = fuzz_clock();
    if (gate_suppress(&shape, &suppressed, &err)) {
        check(&suppressed, sql);
        gate_suppressed_release(&suppressed);
    } else {
        fuzz_must(err.message[0] != '\0', "a refusal has a sentence");
    }
    fuzz_must_be_quick(start);
    store_close(db);
    free(sql);
    return 0;
}
