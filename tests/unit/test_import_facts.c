/* What an import says of its table beside it: statistics, sizes for the planner, rejects
 * with their defects; and that masked values are never quoted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/import_help.h"

#define CANARY "Kanarienvogel-7319"

/* ---- Statistics ---- */

static void test_statistics(void)
{
    import_string("n,r,t,e\n5,1.5,b\xC3\xA9,\n-3,2.5,alpha,\n5,,b\xC3\xA9,\n,1.5,,\n");
    is_text(rows("SELECT name, rows, nulls, integers, reals, texts, \"distinct\", exact, "
                 "least, most, shortest, longest FROM mwb_statistic ORDER BY position"),
            "n|4|1|3|0|0|2|1|-3|5|~|~\n"
            "r|4|1|0|3|0|2|1|1.5|2.5|~|~\n"
            "t|4|0|0|0|4|3|1||b\xC3\xA9|0|5\n"
            "e|4|0|0|0|4|1|1|||0|0\n",
            "every column has its statistics");
    is_text(rows("SELECT typeof(least), typeof(most) FROM mwb_statistic WHERE "
                 "position < 3 ORDER BY position"),
            "integer|integer\nreal|real\n", "least and most keep their type");
    import_string("a\n");
    is_text(rows("SELECT rows, nulls, \"distinct\", exact, least, most, shortest FROM "
                 "mwb_statistic"),
            "0|0|0|1|~|~|~\n", "a table without rows has statistics too");
}

/* The same from SQL, for many different values. */
static void test_statistics_agree(void)
{
    struct text csv = {0};
    text_append(&csv, "id,price,name\n");
    for (int i = 0; i < 3000; i++) {
        text_printf(&csv, "%d,%d.%d,name %d\n", i, i % 700, i % 9 + 1, i * 7 % 911);
    }
    import_bytes(text_string(&csv), csv.length, (struct import_spec){0});
    text_release(&csv);
    is_text(rows("SELECT \"distinct\", least, most FROM mwb_statistic ORDER BY position"),
            rows("SELECT count(DISTINCT id), min(id), max(id) FROM t UNION ALL "
                 "SELECT count(DISTINCT price), min(price), max(price) FROM t UNION ALL "
                 "SELECT count(DISTINCT name), min(name), max(name) FROM t"),
            "statistics are what SQL says");
}

static void test_absent_column(void)
{
    write_bytes(second, "b\nx\n", 4);
    write_bytes(input, "a,b\n1,y\n", 8);
    run((struct import_spec){0}, 2);
    is_text(rows("SELECT name, rows, nulls FROM mwb_statistic ORDER BY position"),
            "a|2|1\nb|2|0\n", "a column that a later file lacks is NULL there");
}

static void test_planner(void)
{
    import_string("a\n1\n2\n");
    is_text(rows("SELECT tbl, idx, stat, typeof(stat) FROM sqlite_stat1"), "t|~|2|text\n",
            "the planner knows how many rows there are");
}

/* ---- Rejects ---- */

static void test_defects(void)
{
    import_string("a,b\n1\n1,2,3\n\"x\"y,2\n\"l1\nl2\",3\n4,\"open\n5,6\n");
    is_text(rows("SELECT line, defect FROM mwb_reject"),
            "2|missing-cell\n3|extra-cell\n4|source-error\n7|source-error\n",
            "every reject names its defect and physical line");
    is_int(report.read, report.stored + report.rejected, "no row is lost");
    is_int(report.rejected, 4, "four were rejected");
    is_text(rows("SELECT count(*) FROM mwb_reject WHERE reason LIKE '%[' || defect || "
                 "']'"),
            "4\n", "the reason ends with the code");
}

static void test_limits(void)
{
    const char *csv = "a,b\n1\n2\n3,4\n5\n";
    struct import_spec spec = {.reject_limit = 1};
    ok(!import_bytes(csv, strlen(csv), spec) && strstr(err.message, "line 2") != NULL,
       "a limit of one stops at once: %s", err.message);
    spec.reject_limit = 3;
    ok(!import_bytes(csv, strlen(csv), spec) && strstr(err.message, "line 5") != NULL,
       "a limit of three stops at the third: %s", err.message);
    spec.reject_limit = 4;
    ok(import_bytes(csv, strlen(csv), spec), "below the limit it goes on");
    is_int(report.read, report.stored + report.rejected, "and counts add up");
    spec.reject_limit = 0;
    ok(import_bytes(csv, strlen(csv), spec), "without a limit it goes on");
}

/* ---- Masked columns ---- */

/* Everything told of an import, in one text. */
static bool quotes_canary(void)
{
    static const char *const asked[] = {
        "SELECT * FROM mwb_reject", "SELECT * FROM mwb_statistic",
        "SELECT * FROM mwb_column", "SELECT * FROM mwb_table",
        "SELECT * FROM sqlite_stat1"};
    char path[80];
    struct text told = {0};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        text_append(&told, rows(asked[i]));
    }
    text_append(&told, text_string(&report.notes));
    text_append(&told, err.message);
    snprintf(path, sizeof path, "%s/rejects.csv", folder);
    char *bytes = NULL;
    size_t length = 0;
    if (import_write_rejects(database, path, &err) &&
        path_read_file(path, 1 << 20, &bytes, &length, &err)) {
        text_append_bytes(&told, bytes, length);
    }
    free(bytes);
    unlink(path);
    bool quoted = strstr(text_string(&told), CANARY) != NULL;
    text_release(&told);
    return quoted;
}

static const char canaries[] =
    "id,secret\n1,\"" CANARY "\"\n2," CANARY ",x\n\"3\"z," CANARY "\n4,\"" CANARY "\n";

static const char json_canaries[] =
    "{\"id\": 1, \"secret\": \"" CANARY "\"}\n{\"id\": 2, \"secret\": \"" CANARY
    "\" oops}\n{\"id\": 3, \"secret\": 1, \"secret\": \"" CANARY "\"}\n[\"" CANARY
    "\"]\n";

static void import_classified(const char *classification, const char *name, bool as_json)
{
    struct array columns = ARRAY_OF(struct catalog_column);
    struct catalog_column *id = array_push(&columns), *secret;
    *id = (struct catalog_column){.name = (char *)"id", .type = (char *)"integer"};
    secret = array_push(&columns);
    *secret = (struct catalog_column){.name = (char *)name,
                                      .type = (char *)"integer",
                                      .classification = (char *)classification};
    struct import_spec spec = {.columns = &columns,
                               .format = as_json ? IMPORT_JSON : IMPORT_CSV};
    if (as_json) {
        import_bytes(json_canaries, sizeof json_canaries - 1, spec);
    } else {
        import_bytes(canaries, sizeof canaries - 1, spec);
    }
    array_release(&columns);
}

static void test_masked(void)
{
    static const char *const masked[] = {"confidential", "restricted", "PII", "secret"};
    static const char *const open[] = {"public", "Internal", "NONE", "open", "", NULL};
    for (size_t i = 0; i < sizeof masked / sizeof masked[0]; i++) {
        import_classified(masked[i], "secret", false);
        ok(!quotes_canary(), "%s: nothing quotes a value", masked[i]);
    }
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        import_classified(open[i], "secret", false);
        ok(quotes_canary(), "%s: values are quoted",
           open[i] != NULL ? open[i] : "(none)");
    }
    import_classified("restricted", "secret", false);
    is_int(report.rejected, 3, "rows of a masked table are rejected as others");
    is_text(rows("SELECT count(*) FROM mwb_reject WHERE raw IS NULL AND reason LIKE "
                 "'%not shown, for its column secret is classified [%]'"),
            "3\n", "and say why they are not shown");
    is_text(rows("SELECT least, \"distinct\" FROM mwb_statistic ORDER BY position"),
            "1|1\n~|1\n", "an open column beside keeps its least value");
    ok(noted("secret: 1 cell is no integer and kept as written (not shown"),
       "the misfit is told without example");
    for (int i = 0; i < 2; i++) {
        import_classified("restricted", i == 0 ? "secret" : "elsewhere", true);
        is_int(report.rejected, 3, "JSON that is no row is rejected");
        ok(!quotes_canary(), "and quotes nothing");
    }
    import_classified("public", "secret", true);
    ok(quotes_canary(), "unless it may");
    import_classified("restricted", "renamed in the file", false);
    ok(!quotes_canary(), "a masked column that the file lacks may be any unknown one");
}

/* What calls itself mwb_reject and is not ours goes. */
static void test_foreign_rejects(void)
{
    struct error problem = {0};
    unlink(input);
    sqlite3 *db = store_open(input, STORE_CREATE, &problem);
    store_run(db,
              "CREATE TABLE c(x); CREATE TABLE mwb_reject(table_name, raw); INSERT INTO "
              "mwb_reject VALUES('c', 'x')",
              &problem);
    store_close(db);
    unlink(database);
    int fd = open(input, O_RDONLY);
    ok(import_sqlite(database, fd, "source.db", NULL, &problem), "%s", problem.message);
    close(fd);
    is_text(rows("SELECT name, rejected FROM mwb_table"), "c|0\n",
            "a foreign table of rejects is not believed");
    is_text(rows("SELECT count(*), max(defect) FROM mwb_reject"), "0|~\n",
            "but replaced");
}

static void test_copied(void)
{
    struct error problem = {0};
    write_bytes(input, "x,y\n1,2\n3,4\n5,6,7\n", 18);
    run((struct import_spec){.add_to_existing = false}, 1);
    sqlite3 *db = store_open(database, STORE_WRITE, &problem);
    store_run(db, "ALTER TABLE t RENAME TO c; UPDATE mwb_reject SET table_name = 'c'",
              &problem);
    store_close(db);
    unlink(input);
    ok(rename(database, input) == 0, "a database of our own making");
    unlink(database);
    int fd = open(input, O_RDONLY);
    ok(import_sqlite(database, fd, "source.db", NULL, &problem), "a database is copied");
    close(fd);
    is_text(rows("SELECT name, rows, rejected FROM mwb_table"), "c|2|1\n",
            "the rows that were rejected when it was made are still told");
    is_text(rows("SELECT defect, raw FROM mwb_reject"), "extra-cell|5,6,7\n",
            "and shown");
    is_text(rows("SELECT name, rows, nulls, \"distinct\", least FROM mwb_statistic"),
            "x|2|~|~|~\ny|2|~|~|~\n", "of which only rows are known");
}

int main(void)
{
    help_start();
    test_statistics();
    test_statistics_agree();
    test_absent_column();
    test_planner();
    test_defects();
    test_limits();
    test_masked();
    test_copied();
    test_foreign_rejects();
    return help_end();
}
