/* Unit tests of engine/export.h: what is read back is what was written.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tap.h"

#include <unistd.h>

static const char *folder;

/* Values that change easily: digits in text, reals that are whole, the ends of ranges,
 * numbers with 17 digits, text with a NUL, blobs, names that come twice. */
static const char hostile_sql[] =
    "CREATE TABLE rows(c0, c1, c2, c3, c4);"
    "INSERT INTO rows VALUES(1, '007', 1.0, x'00ff', 'a'),"
    "(9223372036854775807, '', 0.1 + 0.2, NULL, 'it''s' || char(0) || 'b'),"
    "(-9223372036854775807 - 1, ' 1', -0.0, x'', char(10, 13, 34, 44)),"
    "(NULL, '1e3', 1e308, x'27', 'NULL'), (0, 'x', 5e-324, zeroblob(70000), '0x1F'),"
    "(3, NULL, 1e999, NULL, hex(zeroblob(50000))), (4, '4', -9e999, 7, 7.5),"
    "(12, 'Infinity', 123456789.125, 'nan', 1), (5, '+5', 2.5e-7, -1, '-1');";

static struct result *make_result(const char *name, const char *sql)
{
    struct error err = {0};
    char *path = path_join(folder, name);
    unlink(path);
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    if (db == NULL || !store_run(db, sql, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    store_close(db);
    struct result *result = result_open(path, "rows", &err);
    free(path);
    return result;
}

static struct result *make_hostile(void)
{
    static const char *const names[] = {"id", "Name", "name", "name_2", "the \"last\""};
    static const char *const types[] = {"INTEGER", "INTEGER", "REAL", "BLOB", "TEXT"};
    struct result *result = make_result("hostile.db", hostile_sql);
    for (size_t i = 0; i < 5; i++) {
        result_set_column(result, i, names[i], types[i], NULL, NULL, NULL);
    }
    return result;
}

/* How many rows of the original stand in this database in the same place, each value of
 * the same class and the same bytes. */
static long long same_rows(const char *file, const char *table)
{
    struct error err = {0};
    struct text sql = {0};
    static const char *const columns[] = {"id", "Name", "name_2", "name_2_2",
                                          "the \"\"last\"\""};
    sqlite3 *db = store_open(file, STORE_READ, &err);
    text_printf(&sql, "ATTACH 'file:%s/hostile.db?mode=ro' AS h", folder);
    store_run(db, text_string(&sql), &err);
    text_clear(&sql);
    text_printf(&sql,
                "SELECT count(*) FROM h.rows a JOIN main.\"%s\" b ON a.rowid = b.rowid",
                table);
    for (size_t i = 0; i < 5; i++) {
        text_printf(&sql, " %s a.c%zu IS b.\"%s\" AND typeof(a.c%zu) = typeof(b.\"%s\")",
                    i == 0 ? "WHERE" : "AND", i, columns[i], i, columns[i]);
    }
    long long count = store_number(db, -1, text_string(&sql), "");
    store_close(db);
    text_release(&sql);
    return count;
}

static char *column_types(const char *file, const char *table)
{
    struct error err = {0};
    sqlite3 *db = store_open(file, STORE_READ, &err);
    sqlite3_stmt *stmt = store_prepare(
        db, "SELECT group_concat(type, '|') FROM pragma_table_info(?1)", &err);
    store_bind(stmt, "s", table);
    store_step(stmt, &err);
    char *types = store_text_copy(stmt, 0);
    store_finish(stmt);
    store_close(db);
    return types;
}

static void databases_are_the_same(void)
{
    struct error err = {0};
    struct export_outcome outcome;
    struct result *result = make_hostile();
    char *path = path_join(folder, "out.db");
    struct export_spec spec = {.format = export_format_of(path), .table = "my rows"};
    ok(export_to_file(result, &spec, path, NULL, &outcome, &err), "a database%s",
       err.message);
    is_int(outcome.rows, result_count(result), "of all rows");
    is_int(same_rows(path, "my rows"), result_count(result),
           "with every value as it was");
    char *types = column_types(path, "my rows");
    is_text(types, "INTEGER||REAL|BLOB|",
            "a type that would change a value is left out, another is kept");
    free(types);
    free(path);
    result_free(result);
}

static void scripts_make_the_same(void)
{
    struct error err = {0};
    struct result *result = make_hostile();
    char *path = path_join(folder, "out.sql"), *made = path_join(folder, "made.db");
    char *script;
    size_t length;
    struct export_spec spec = {.format = export_format_of(path)};
    ok(export_to_file(result, &spec, path, NULL, NULL, &err), "a script%s", err.message);
    ok(path_read_file(path, 1 << 20, &script, &length, &err), "is there");
    sqlite3 *db = store_open(made, STORE_CREATE, &err);
    ok(store_run(db, script, &err), "runs%s", err.message);
    store_close(db);
    is_int(same_rows(made, "rows"), result_count(result), "and makes the same rows");
    free(script);
    free(made);
    free(path);
    result_free(result);
}

/* More rows than stand in one INSERT, and none at all. */
static void scripts_of_any_length(void)
{
    static const int counts[] = {0, 1, 499, 500, 501, 1700};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct error err = {0};
        char *sql = string_printf(
            "CREATE TABLE rows(a);WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 "
            "FROM n WHERE i < %d) INSERT INTO rows SELECT i FROM n WHERE %d > 0",
            counts[i], counts[i]);
        struct result *result = make_result("many.db", sql);
        char *path = path_join(folder, "many.sql"), *script;
        size_t length;
        struct export_spec spec = {.format = export_format_of(path)};
        export_to_file(result, &spec, path, NULL, NULL, &err);
        path_read_file(path, 1 << 20, &script, &length, &err);
        sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
        ok(store_run(db, script, &err) &&
               store_number(db, -1, "SELECT count(*) FROM rows", "") == counts[i],
           "a script of %d rows%s", counts[i], err.message);
        store_close(db);
        free(script);
        free(path);
        free(sql);
        result_free(result);
    }
}

static void reals_have_all_digits(void)
{
    struct error err = {0};
    struct text out = {0};
    struct result *result = make_result(
        "reals.db", "CREATE TABLE rows(a);WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                    "SELECT i+1 FROM n WHERE i < 3000) INSERT INTO rows SELECT "
                    "CASE i % 3 WHEN 0 THEN i / 7.0 WHEN 1 THEN exp(i % 700) / 3 ELSE "
                    "-1.0 / (i * i) END FROM n");
    char *path = path_join(folder, "reals.jsonl"), *text;
    size_t length;
    struct export_spec spec = {.format = export_format_of(path)};
    ok(export_to_file(result, &spec, path, NULL, NULL, &err), "reals%s", err.message);
    path_read_file(path, 1 << 20, &text, &length, &err);
    struct result_page page = {0};
    result_page(result, 0, 3000, 0, &page, &err);
    long long same = 0;
    const char *at = text;
    for (long long row = 0; row < page.rows && (at = strchr(at, ':')) != NULL; row++) {
        same += strtod(++at, NULL) == result_page_cell(&page, row, 0)->number;
    }
    is_int(same, 3000, "each is read back as the same number");
    result_page_release(&page);
    text_release(&out);
    free(text);
    free(path);
    result_free(result);
}

static void pages_cannot_be_broken_out_of(void)
{
    struct error err = {0};
    struct result *result = make_result(
        "html.db", "CREATE TABLE rows(a); INSERT INTO rows VALUES"
                   "('<script>alert(1)</script>'), ('&amp;\"'), (char(27,0,8)), (NULL)");
    result_set_column(result, 0, "</th><b>", NULL, NULL, NULL, NULL);
    char *path = path_join(folder, "out.html"), *page;
    size_t length;
    struct export_spec spec = {.format = export_format_of(path), .table = "</title>"};
    ok(export_to_file(result, &spec, path, NULL, NULL, &err), "a page%s", err.message);
    path_read_file(path, 1 << 20, &page, &length, &err);
    ok(strstr(page, "<script>") == NULL && strstr(page, "<b>") == NULL,
       "no tag of a cell");
    ok(strstr(page, "<title>&lt;/title&gt;</title>") != NULL, "nor of a title");
    ok(strstr(page, "<td>&amp;amp;&quot;</td>") != NULL, "signs are escaped once");
    ok(strstr(page, "<td>&#x241B;&#x2400;&#x2408;</td>") != NULL, "controls are shown");
    free(page);
    free(path);
    result_free(result);
}

static void commands_take_rows(void)
{
    struct error err = {0};
    struct text printed = {0};
    struct export_outcome outcome;
    struct result *result = make_result(
        "long.db", "CREATE TABLE rows(a);WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                   "SELECT i+1 FROM n WHERE i < 60000) INSERT INTO rows SELECT "
                   "printf('%050d', i) FROM n");
    struct export_spec spec = {.format = export_format_named("csv")};
    ok(export_through(result, &spec, "tail -n 1", &printed, NULL, &outcome, &err),
       "through a command that reads all%s", err.message);
    is_text(text_string(&printed), "00000000000000000000000000000000000000000000060000\n",
            "which prints");
    is_int(outcome.rows, 60000, "all rows");
    text_clear(&printed);
    ok(export_through(result, &spec, "cat", &printed, NULL, &outcome, &err),
       "one that prints as much as it reads%s", err.message);
    is_int((long long)printed.length, 1 << 20, "of which a mebibyte is kept");
    text_clear(&printed);
    ok(export_through(result, &spec, "head -n 1", &printed, NULL, &outcome, &err),
       "one that stops reading%s", err.message);
    is_text(text_string(&printed), "a\n", "has what it wanted");
    ok(!export_through(result, &spec, "ls --no-such-flag", &printed, NULL, &outcome,
                       &err),
       "one that fails: %s", err.message);
    ok(strstr(err.message, "no-such-flag") != NULL, "says why");
    ok(!export_through(result, &spec, "no-such-program-here", &printed, NULL, &outcome,
                       &err),
       "none: %s", err.message);
    spec.format = export_format_named("xlsx");
    ok(!export_through(result, &spec, "cat", &printed, NULL, &outcome, &err),
       "a file through a pipe: %s", err.message);
    text_release(&printed);
    result_free(result);
}

static void too_long_for_a_sheet(void)
{
    struct error err = {0};
    struct result *result =
        make_result("wide.db", "CREATE TABLE rows(a); INSERT INTO rows VALUES(1),"
                               "(printf('%.*c', 32768, 'x'))");
    char *path = path_join(folder, "out.xlsx");
    struct export_spec spec = {.format = export_format_of(path)};
    ok(!export_to_file(result, &spec, path, NULL, NULL, &err), "refused: %s",
       err.message);
    ok(strstr(err.message, "row 2") != NULL, "says where");
    ok(!path_exists(path), "and leaves no file");
    free(path);
    result_free(result);
}

int main(void)
{
    char pattern[] = "/tmp/mwb-test-XXXXXX";
    folder = mkdtemp(pattern);
    databases_are_the_same();
    scripts_make_the_same();
    scripts_of_any_length();
    reals_have_all_digits();
    pages_cannot_be_broken_out_of();
    commands_take_rows();
    too_long_for_a_sheet();
    path_remove_tree(folder, NULL);
    return tap_done();
}
