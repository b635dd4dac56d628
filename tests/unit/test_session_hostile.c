/* SQL that must not do what it wants: files untouched, a sentence for each, limits kept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bed.h"

#include <ftw.h>

/* FOLDER stands for the folder of the test. */
static const char *const refused[] = {
    "ATTACH 'FOLDER/new.db' AS x",
    "ATTACH ':memory:' AS x",
    "ATTACH '' AS x",
    "attach database 'FOLDER/workspace.db' as y",
    "/* c */ ATTACH/**/'FOLDER/new.db' AS x",
    "ATTACH 'file:FOLDER/new.db?mode=rwc' AS x",
    "ATTACH CAST(x'2f746d702f78' AS TEXT) AS x",
    "ATTACH (SELECT 'FOLDER/new.db') AS x",
    "EXPLAIN ATTACH 'FOLDER/new.db' AS x",
    "DETACH orders",
    "DETACH main",
    "DETACH mesh",
    "SELECT count(*) FROM orders.t; DETACH orders",
    "VACUUM INTO 'FOLDER/new.db'",
    "VACUUM main INTO 'FOLDER/new.db'",
    "VACUUM orders",
    "VACUUM orders INTO 'FOLDER/new.db'",
    "SELECT load_extension('FOLDER/x.so')",
    "SELECT load_extension('FOLDER/x.so', 'init')",
    "CREATE TABLE c(a DEFAULT (load_extension('x'))); INSERT INTO c DEFAULT VALUES",
    "CREATE VIEW v AS SELECT load_extension('x') AS a; SELECT a FROM v",
    "SELECT fts3_tokenizer('simple')",
    "SELECT fts3_tokenizer('simple', x'0000000000000000')",
    "SELECT writefile('FOLDER/new.txt', 'x')",
    "SELECT readfile('/etc/passwd')",
    "SELECT edit('x', 'FOLDER/editor')",
    "SELECT * FROM fsdir('/')",
    "SELECT shell('id')",
    "SELECT system('id')",
    "CREATE VIRTUAL TABLE x USING csv(filename='/etc/passwd')",
    "CREATE VIRTUAL TABLE x USING fsdir('/')",
    "CREATE VIRTUAL TABLE x USING dbstat",
    "CREATE VIRTUAL TABLE x USING sqlite_stmt",
    "CREATE VIRTUAL TABLE orders.x USING fts5(a)",
    "CREATE VIRTUAL TABLE x USING zipfile('FOLDER/new.zip')",
    "INSERT INTO orders.t VALUES(9)",
    "INSERT OR REPLACE INTO orders.t VALUES(9)",
    "REPLACE INTO orders.t VALUES(9)",
    "UPDATE orders.t SET a = 9",
    "DELETE FROM orders.t",
    "WITH q AS (SELECT 1) DELETE FROM orders.t",
    "DROP TABLE orders.t",
    "DROP TABLE IF EXISTS orders.t",
    "CREATE TABLE orders.x(a)",
    "CREATE TABLE orders.x AS SELECT 1",
    "CREATE VIEW orders.x AS SELECT 1",
    "CREATE INDEX orders.x ON t(a)",
    "CREATE TRIGGER orders.x AFTER INSERT ON t BEGIN SELECT 1; END",
    "ALTER TABLE orders.t ADD COLUMN b",
    "ALTER TABLE orders.t RENAME TO u",
    "ALTER TABLE orders.t RENAME COLUMN a TO b",
    "ALTER TABLE orders.t DROP COLUMN a",
    "ANALYZE orders",
    "ANALYZE orders.t",
    "REINDEX orders.t",
    "INSERT INTO mesh.product(name) VALUES('x')",
    "UPDATE mesh.product SET name = 'x'",
    "DELETE FROM mesh.product",
    "DROP TABLE mesh.product",
    "CREATE TABLE mesh.x(a)",
    "SELECT 1 FROM mesh.product; DELETE FROM mesh.product",
    "BEGIN; DELETE FROM orders.t; COMMIT",
    "INSERT INTO sqlite_master VALUES('table', 'x', 'x', 2, 'x')",
    "UPDATE sqlite_master SET sql = 'x'",
    "DELETE FROM sqlite_schema",
    "DELETE FROM main.sqlite_schema",
    "DROP TABLE sqlite_master",
    "CREATE TABLE sqlite_x(a)",
    "PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = 'x'",
    "INSERT INTO sqlite_dbpage VALUES(1, x'00')",
    "UPDATE sqlite_dbpage SET data = x'00' WHERE pgno = 1",
    "CREATE TEMP TRIGGER r AFTER INSERT ON main.own BEGIN DELETE FROM orders.t; END; "
    "INSERT INTO own VALUES(1)",
    "CREATE TRIGGER r AFTER INSERT ON own BEGIN DELETE FROM orders.t; END",
    "SELECT * FROM t",
    "SELECT a FROM orders",
    "SELECT count(*) FROM orders.t; SELECT * FROM t",
    "SELECT 1; ; ATTACH 'FOLDER/new.db' AS x; SELECT 2",
    "SELECT 1 UNION SELECT",
    "SELECT * FROM pragma_writable_schema('1')",
    "SELECT * FROM pragma_journal_mode('off')",
    "SELECT * FROM pragma_temp_store_directory('FOLDER')",
    "SELECT * FROM pragma_wal_checkpoint",
    ".open FOLDER/new.db",
    ".shell id",
    "SELECT * FROM sqlite_dbpage('orders'); UPDATE sqlite_dbpage SET data = x''",
};

/* PRAGMAs that could change a file, the session or its limits. */
static const char *const pragmas[] = {
    "activate_extensions",
    "auto_vacuum",
    "busy_timeout",
    "cache_size",
    "cache_spill",
    "cell_size_check",
    "checkpoint_fullfsync",
    "count_changes",
    "data_store_directory",
    "default_cache_size",
    "defer_foreign_keys",
    "empty_result_callbacks",
    "encoding",
    "full_column_names",
    "fullfsync",
    "hard_heap_limit",
    "hexkey",
    "ignore_check_constraints",
    "incremental_vacuum",
    "journal_mode",
    "journal_size_limit",
    "key",
    "legacy_alter_table",
    "locking_mode",
    "max_page_count",
    "mmap_size",
    "page_size",
    "parser_trace",
    "query_only",
    "read_uncommitted",
    "rekey",
    "schema_version",
    "secure_delete",
    "short_column_names",
    "soft_heap_limit",
    "stats",
    "synchronous",
    "temp_store",
    "temp_store_directory",
    "textkey",
    "threads",
    "trusted_schema",
    "vdbe_addoptrace",
    "vdbe_debug",
    "vdbe_listing",
    "vdbe_trace",
    "wal_autocheckpoint",
    "wal_checkpoint",
    "writable_schema",
    "analysis_limit",
};

/* ---- Files ---- */

static struct text *listing;

static int list_file(const char *path, const struct stat *stat, int kind)
{
    if (kind == FTW_F && strstr(path, "/spools/") == NULL &&
        strstr(path, "/workspace.db") == NULL) {
        text_printf(listing, "%s %lld\n", path, (long long)stat->st_size);
    }
    return 0;
}

/* Every file of the test's folder with its size, spools and workspace left out. Yours. */
static char *list_files(const char *folder)
{
    struct text files = {0};
    listing = &files;
    ftw(folder, list_file, 8);
    listing = NULL;
    return text_take(&files);
}

/* ---- Tests ---- */

static char *fill_in(const struct bed *bed, const char *sql)
{
    struct text out = {0};
    const char *mark;
    while ((mark = strstr(sql, "FOLDER")) != NULL) {
        text_append_bytes(&out, sql, (size_t)(mark - sql));
        text_append(&out, bed->folder);
        sql = mark + strlen("FOLDER");
    }
    text_append(&out, sql);
    return text_take(&out);
}

static void is_refused(struct bed *bed, const char *sql)
{
    struct session_run *run = bed_run(bed, sql);
    const struct error *err = session_run_error(run);
    ok(err->kind == ERROR_FAILED && strlen(err->message) > 20, "%.50s -> %.90s", sql,
       err->message);
    session_run_free(run);
    if (sqlite3_strnicmp(sql, "BEGIN", 5) == 0) {
        session_run_free(bed_run(bed, "ROLLBACK"));
    }
}

static void hostile_statements_are_refused(struct bed *bed)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char *sql = fill_in(bed, refused[i]);
        is_refused(bed, sql);
        free(sql);
    }
}

static void hostile_pragmas_are_refused(struct bed *bed)
{
    static const char *const forms[] = {"PRAGMA %s=1", "PRAGMA main.%s(0)",
                                        "PRAGMA orders.%s='x'"};
    for (size_t i = 0; i < sizeof pragmas / sizeof pragmas[0]; i++) {
        for (size_t j = 0; j < sizeof forms / sizeof forms[0]; j++) {
            const char *place = strstr(forms[j], "%s");
            char *sql = string_printf("%.*s%s%s", (int)(place - forms[j]), forms[j],
                                      pragmas[i], place + 2);
            is_refused(bed, sql);
            free(sql);
        }
    }
}

/* What is useful stays allowed. */
static void harmless_statements_work(struct bed *bed)
{
    static const char *const allowed[] = {
        "VACUUM",
        "vacuum main;",
        "PRAGMA table_info(own)",
        "PRAGMA orders.table_info(t)",
        "PRAGMA table_list",
        "PRAGMA main.user_version=7",
        "PRAGMA foreign_keys=ON",
        "PRAGMA integrity_check",
        "SELECT * FROM pragma_function_list",
        "SELECT * FROM pragma_table_info('own')",
        "EXPLAIN QUERY PLAN SELECT * FROM orders.t",
        "CREATE VIRTUAL TABLE words USING fts5(a); INSERT INTO words VALUES('x y'); "
        "SELECT * FROM words WHERE words MATCH 'x'; DROP TABLE words",
        "CREATE INDEX i ON own(a); REINDEX i; ANALYZE main; DROP INDEX i",
        "SAVEPOINT s; INSERT INTO own VALUES(1); ROLLBACK TO s; RELEASE s",
        "CREATE TEMP TABLE x AS SELECT * FROM orders.t; DROP TABLE x",
    };
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        struct session_run *run = bed_run(bed, allowed[i]);
        ok(session_run_error(run)->kind == ERROR_NONE, "%.60s%s", allowed[i],
           session_run_error(run)->message);
        session_run_free(run);
    }
}

static void greedy_statements_end(struct bed *bed)
{
#define N "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) "
    static const char *const greedy[] = {
        N "SELECT count(*) FROM n",
        N "SELECT count(*) FROM n a, n b, n c, n d, n e, n f",
        N "SELECT sum(length(printf('%.*c', i, 'x'))) FROM n",
        N "SELECT group_concat(hex(zeroblob(100000))) FROM n",
        N "SELECT json_group_array(printf('%0100000d', i)) FROM n",
        N "SELECT median(i) FROM n",
        "SELECT replace(hex(zeroblob(2000000)), '0', hex(zeroblob(500)))",
        "SELECT instr(hex(zeroblob(1000000)), hex(zeroblob(500000)) || '1')",
        "SELECT hex(zeroblob(1000000)) LIKE '%' || hex(zeroblob(20000)) || '1%'",
        "SELECT hex(zeroblob(900000000))",
        "SELECT printf('%.*c', 1000000000, 'x')",
        "SELECT quote(zeroblob(400000000))",
        N "SELECT i FROM n ORDER BY randomblob(1000)",
        "SELECT hex(zeroblob(50000)) REGEXP '(0*)(0*)(0*)\\3\\2\\1[xy]'",
    };
    for (size_t i = 0; i < sizeof greedy / sizeof greedy[0]; i++) {
        struct session_run *run = bed_query(
            bed, (struct session_query){
                     .sql = greedy[i], .timeout = 0.3, .memory_limit = 64 << 20});
        const struct error *err = session_run_error(run);
        ok(err->kind == ERROR_TIMEOUT || err->kind == ERROR_FAILED, "%.60s -> %.60s",
           greedy[i], err->message);
        ok(session_run_seconds(run) < 5, "in %.2f s", session_run_seconds(run));
        session_run_free(run);
    }
    bed_is(bed, "SELECT 'next'", "next");
}

/* A workspace in memory attaches products as well as one on disk. */
static void a_session_needs_no_workspace(struct bed *bed)
{
    char *workspace = bed->workspace;
    session_free(bed->session);
    bed->workspace = NULL;
    bed_open_session(bed);
    bed_is(bed,
           "CREATE TABLE x(a); INSERT INTO x VALUES(1); SELECT x.a, t.a FROM x, orders.t",
           "1|5");
    bed_is(
        bed, "INSERT INTO orders.t VALUES(1)",
        "error: orders is read-only: a product cannot be changed from here; copy a table "
        "into your workspace with CREATE TABLE copied AS SELECT * FROM orders.TABLE and "
        "change the copy");
    bed->workspace = workspace;
}

int main(void)
{
    struct bed bed;
    bed_make(&bed);
    bed_describe(&bed, "shop", "orders", "t");
    bed_publish(&bed, "shop", "orders", "1.0.0-a",
                "CREATE TABLE t(a); INSERT INTO t VALUES(5); CREATE INDEX i ON t(a)");
    bed_start(&bed);
    session_run_free(bed_run(&bed, "CREATE TABLE own(a)"));
    bed_is(&bed, "SELECT a FROM orders.t", "5"); /* that it was used is noted once */
    char *before = list_files(bed.folder);
    hostile_statements_are_refused(&bed);
    hostile_pragmas_are_refused(&bed);
    bed_is(&bed, "SELECT a FROM orders.t", "5");
    char *after = list_files(bed.folder);
    is_text(after, before, "no file is new, gone or of another size");
    harmless_statements_work(&bed);
    greedy_statements_end(&bed);
    a_session_needs_no_workspace(&bed);
    free(before);
    free(after);
    bed_release(&bed);
    return tap_done();
}
