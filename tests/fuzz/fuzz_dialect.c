/* fuzz_dialect: any text as a rule of every dialect, and as an argument of the functions
 * that dates need. What comes out may be no SQL, but where SQLite compiles it under guard
 * it only reads; writing it takes time in proportion. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/confine.h"
#include "engine/dialect.h"
#include "engine/functions.h"
#include "tests/fuzz/fuzz.h"

static const char *find_table(void *owner, const char *name)
{
    (void)owner;
    return string_equal_fold(name, "t") ? "table one" : NULL;
}

static const char *find_column(void *owner, const char *name, enum dialect_type *type)
{
    (void)owner;
    *type = name[0] == 'd' ? DIALECT_DATE : DIALECT_TIMESTAMP;
    return name[0] == 'd' || name[0] == 'a' ? name : NULL;
}

static struct confine *confine_of_tests(sqlite3 **out)
{
    static struct confine *confine;
    static sqlite3 *db;
    if (confine == NULL) {
        db = store_open(NULL, STORE_MEMORY, NULL);
        functions_register(db);
        store_run(db,
                  "ATTACH ':memory:' AS s; CREATE TABLE s.\"table one\"(a, at, d, day);"
                  "INSERT INTO s.\"table one\" VALUES(1, '2026-01-01 10:00', "
                  "'2026-01-02', NULL)",
                  NULL);
        confine = confine_new(&(struct confine_spec){.db = db, .seconds = 0.05});
    }
    *out = db;
    return confine;
}

static void run(const char *sql)
{
    sqlite3 *db;
    struct error err = {0};
    struct confine *confine = confine_of_tests(&db);
    sqlite3_stmt *stmt = confine_prepare(confine, "rule", sql, &err);
    if (stmt == NULL) {
        fuzz_must(err.message[0] != '\0', "a refusal has a sentence");
        return;
    }
    fuzz_must(sqlite3_stmt_readonly(stmt), "what compiles only reads");
    for (int i = 0; i < 100 && confine_step(confine, stmt, &err) == STORE_ROW; i++) {
    }
    sqlite3_finalize(stmt);
}

static void translate(enum dialect dialect, const char *sql)
{
    struct error err = {0};
    struct text filled = {0}, out = {0};
    struct dialect_spec spec = {.dialect = dialect,
                                .schema = "s",
                                .object = "t",
                                .property = "at",
                                .find_table = find_table,
                                .find_column = find_column};
    bool done = dialect_fill(&spec, sql, &filled, &err) &&
                dialect_translate(&spec, text_string(&filled), &out, &err);
    fuzz_must(done || err.message[0] != '\0', "what cannot be said has a sentence");
    fuzz_must(out.length <= filled.length * 40 + 1000, "it grows in proportion");
    if (done) {
        run(text_string(&out));
    }
    text_release(&filled);
    text_release(&out);
}

/* The text as a time, an interval, a value to convert. */
static void call_functions(const char *text)
{
    static const char *const calls[] = {
        "epoch(?1)",
        "date_trunc('week', ?1)",
        "date_part('isoyear', ?1)",
        "interval_seconds(?1)",
        "date_add('2026-01-31', ?1)",
        "date_sub(?1, '1 month')",
        "date_diff('month', ?1, '2026-01-01')",
        "mwb_try_cast('integer', ?1)",
        "mwb_cast('timestamp', ?1)",
        "mwb_try_cast('interval', ?1)",
        "printf(?1, 1, 2)",
    };
    sqlite3 *db;
    confine_of_tests(&db);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        char *sql = string_printf("SELECT %s", calls[i]);
        sqlite3_stmt *stmt = store_prepare(db, sql, NULL);
        if (stmt != NULL) {
            store_bind(stmt, "s", text);
            store_step(stmt, NULL);
        }
        store_finish(stmt);
        free(sql);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double start = fuzz_clock();
    char *text = string_copy_bytes((const char *)data, size);
    translate(DIALECT_POSTGRES, text);
    translate(DIALECT_DUCKDB, text);
    translate(DIALECT_SQLITE, text);
    call_functions(text);
    free(text);
    fuzz_must_be_quick(start);
    return 0;
}
