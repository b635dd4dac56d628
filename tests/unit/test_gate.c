/* Unit tests of engine/gate.h through sessions: what a statement touches however it is
 * written, what tables of the workspace are made from, purposes, what may leave.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "gate_help.h"

#include "engine/gate.h"
#include "engine/ledger.h"

static void make_mesh(struct bed *bed)
{
    gate_mesh(bed,
              "classifications: [public, internal, confidential, sensitive]\n"
              "purposes:\n  - table: asked.*\n"
              "leaving:\n"
              "  - {classification: sensitive, ways: [copy, export], answer: refuse}\n"
              "  - {classification: confidential, ways: export, answer: purpose}\n");
    gate_describe(bed, "people", "t",
                  "id:internal pub:public conf:confidential sens:sensitive k none");
    gate_describe(bed, "other", "u", "id:public pub2:public sens:sensitive k");
    gate_describe(bed, "keyed", "w", "a:public b:confidential");
    gate_describe(bed, "keys", "i", "id:confidential x:public");
    gate_describe(bed, "asked", "q", "a:confidential");
    gate_describe(bed, "found", "words", "x:internal");
    bed_publish(bed, "test", "found", "1.0.0-a",
                "CREATE VIRTUAL TABLE words USING fts5(x); "
                "INSERT INTO words VALUES('hello world');");
    gate_describe(bed, "nested", "n", "o:public o.city:confidential");
    bed_publish(
        bed, "test", "people", "1.0.0-a",
        "CREATE TABLE t(id TEXT, pub, conf, sens, k, none, made AS (sens || '!')); "
        "INSERT INTO t VALUES('1','p','c','s','k','n'); CREATE INDEX s ON t(sens);"
        "CREATE TABLE mwb_statistic(x); INSERT INTO mwb_statistic VALUES('s');"
        "CREATE TABLE mwb_table(name, rows, rejected, contiguous);"
        "INSERT INTO mwb_table VALUES('t',1,0,1);");
    bed_publish(bed, "test", "other", "1.0.0-a",
                "CREATE TABLE u(id TEXT, pub2, sens, k); "
                "INSERT INTO u VALUES('1','q','s','k');");
    bed_publish(bed, "test", "keyed", "1.0.0-a",
                "CREATE TABLE w(a PRIMARY KEY, b) WITHOUT ROWID; "
                "INSERT INTO w VALUES('a','b');");
    bed_publish(
        bed, "test", "keys", "1.0.0-a",
        "CREATE TABLE i(id INTEGER PRIMARY KEY, x); INSERT INTO i VALUES(7,'x');");
    bed_publish(bed, "test", "asked", "1.0.0-a",
                "CREATE TABLE q(a); INSERT INTO q VALUES('a');");
    bed_publish(bed, "test", "nested", "1.0.0-a",
                "CREATE TABLE n(o); INSERT INTO n VALUES('{}');");
}

static void class_is(struct bed *bed, const char *sql, const char *want)
{
    struct session_run *run = bed_run(bed, sql);
    const struct error *err = session_run_error(run);
    is_text(err->kind != ERROR_NONE ? err->message : session_run_classification(run),
            want, "%.110s", sql);
    session_run_free(run);
}

struct case_of_class {
    const char *sql, *classification;
};

/* Each reads what it reads only in the way that it is here for. */
static const struct case_of_class reads[] = {
    {"SELECT 1", NULL},
    {"SELECT none FROM people.t", NULL},
    {"SELECT pub FROM people.t", "public"},
    {"SELECT pub, conf FROM people.t", "confidential"},
    {"SELECT * FROM people.t", "sensitive"},
    {"SELECT count(*) FROM people.t", NULL},
    {"SELECT count(conf) FROM people.t", "confidential"},
    {"SELECT pub FROM people.t WHERE sens = 's'", "sensitive"},
    {"SELECT pub FROM people.t ORDER BY conf", "confidential"},
    {"SELECT count(*) FROM people.t GROUP BY conf", "confidential"},
    {"SELECT count(*) FROM people.t HAVING max(sens) > 'a'", "sensitive"},
    {"SELECT sum(1) OVER (PARTITION BY conf) FROM people.t", "confidential"},
    {"SELECT pub FROM people.t LIMIT (SELECT length(sens) FROM other.u)", "sensitive"},
    {"SELECT pub2 FROM people.t JOIN other.u ON t.sens = u.sens", "sensitive"},
    {"SELECT pub2 FROM people.t JOIN other.u USING (sens)", "sensitive"},
    {"SELECT pub2 FROM people.t JOIN other.u USING (k)", "public"},
    {"SELECT pub2 FROM people.t NATURAL JOIN other.u", "sensitive"},
    {"SELECT pub2 FROM people.t LEFT JOIN other.u USING (sens, k)", "sensitive"},
    {"SELECT 1 FROM people.t AS a, people.t AS b WHERE a.conf = b.k", "confidential"},
    {"WITH x AS (SELECT sens FROM people.t) SELECT count(*) FROM x", "sensitive"},
    {"WITH x(a) AS (SELECT conf FROM people.t) SELECT a FROM x", "confidential"},
    {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n, people.t WHERE i < "
     "length(conf) + 1) SELECT count(*) FROM n",
     "confidential"},
    {"SELECT (SELECT sens FROM people.t)", "sensitive"},
    {"SELECT 1 WHERE EXISTS (SELECT 1 FROM people.t WHERE conf > '')", "confidential"},
    {"SELECT 1 WHERE 's' IN (SELECT sens FROM people.t)", "sensitive"},
    {"SELECT pub FROM people.t UNION SELECT sens FROM other.u", "sensitive"},
    {"SELECT a FROM (SELECT conf AS a FROM people.t) AS s", "confidential"},
    {"SELECT count(DISTINCT sens) FROM people.t", "sensitive"},
    {"SELECT iif(sens > '', 1, 0) FROM people.t", "sensitive"},
    {"VALUES ((SELECT conf FROM people.t))", "confidential"},
    {"SELECT made FROM people.t", "sensitive"},
    {"SELECT x FROM keys.i WHERE rowid = 7", "confidential"},
    {"SELECT rowid FROM keys.i", "confidential"},
    {"SELECT x FROM keys.i", "public"},
    {"SELECT x FROM keys.i JOIN (SELECT 7 AS id) AS s USING (id)", "confidential"},
    {"SELECT b FROM keyed.w", "confidential"},
    {"SELECT o FROM nested.n", "confidential"},
    {"SELECT * FROM people.mwb_statistic", "sensitive"},
    {"SELECT rows FROM people.mwb_table", NULL},
    {"EXPLAIN SELECT sens FROM people.t", NULL},
    {"EXPLAIN QUERY PLAN SELECT sens FROM people.t", NULL},
    {"PRAGMA people.table_info(t)", NULL},
    {"SELECT name FROM people.sqlite_schema", NULL},
    {"SELECT count(*) FROM mesh.product", NULL},
    {"SELECT \"SENS\" FROM People.T", "sensitive"},
    {"SELECT sens FROM people.t; SELECT pub FROM people.t", "public"},
    {"SELECT pub FROM people.t; SELECT conf FROM people.t", "confidential"},
};

/* The workspace is that of the lines before. */
static const struct case_of_class workspace[] = {
    {"CREATE TABLE spoof(name, classification); "
     "ALTER TABLE spoof RENAME TO \"mwb_classification\"",
     "mwb_classification tells what tables of the workspace are made from; it can be "
     "read, not changed"},
    {"CREATE TEMP VIEW v AS SELECT sens AS harmless FROM people.t; "
     "SELECT harmless FROM v",
     "sensitive"},
    {"CREATE TEMP VIEW v2 AS SELECT pub2 FROM people.t JOIN other.u USING (sens); "
     "SELECT * FROM v2",
     "sensitive"},
    {"CREATE TEMP VIEW v3 AS SELECT harmless FROM v; SELECT count(harmless) FROM v3",
     "sensitive"},
    {"SELECT count(*) FROM v2", "sensitive"},
    {"CREATE TABLE a AS SELECT conf AS x FROM people.t; SELECT x FROM a", "confidential"},
    {"CREATE TABLE open AS SELECT pub FROM people.t; SELECT * FROM open", "public"},
    {"SELECT 1 FROM open", "public"},
    {"CREATE TABLE b(x); INSERT INTO b SELECT sens FROM people.t; SELECT * FROM b",
     "sensitive"},
    {"CREATE TABLE c(x); INSERT INTO c SELECT * FROM b; SELECT x FROM c", "sensitive"},
    {"CREATE TABLE d(x); INSERT INTO d VALUES(1); SELECT x FROM d", NULL},
    {"UPDATE d SET x = (SELECT conf FROM people.t); SELECT x FROM d", "confidential"},
    {"INSERT INTO d SELECT pub FROM people.t; SELECT x FROM d", "confidential"},
    {"ALTER TABLE b RENAME TO renamed; SELECT x FROM renamed", "sensitive"},
    {"ALTER TABLE renamed RENAME COLUMN x TO y; SELECT y FROM main.renamed", "sensitive"},
    {"CREATE TEMP TABLE e AS SELECT conf FROM people.t; SELECT * FROM temp.e",
     "confidential"},
    {"BEGIN; CREATE TABLE f AS SELECT sens FROM people.t; ROLLBACK; "
     "CREATE TABLE f AS SELECT pub FROM people.t; SELECT * FROM f",
     "public"},
    {"DROP TABLE a; CREATE TABLE a AS SELECT pub FROM people.t; SELECT * FROM a",
     "public"},
    {"CREATE TABLE IF NOT EXISTS c AS SELECT pub FROM people.t; SELECT * FROM c",
     "sensitive"},
    {"CREATE TABLE log(x); CREATE TABLE sink(x); CREATE TEMP TRIGGER tr AFTER INSERT ON "
     "main.log BEGIN INSERT INTO sink SELECT sens FROM other.u; END; "
     "INSERT INTO log VALUES(1); SELECT x FROM sink",
     "sensitive"},
    {"CREATE TABLE from_new(x); CREATE TABLE to_new(x); CREATE TRIGGER tn AFTER INSERT "
     "ON "
     "from_new BEGIN INSERT INTO to_new VALUES(new.x); END; "
     "INSERT INTO from_new SELECT conf FROM people.t; SELECT x FROM to_new",
     "confidential"},
    {"CREATE VIRTUAL TABLE words USING fts5(x); "
     "INSERT INTO words SELECT sens FROM people.t; SELECT x FROM words",
     "sensitive"},
    {"SELECT c0 FROM words_content", "sensitive"},
    {"ALTER TABLE words RENAME TO others",
     "main.words is a virtual table made from sensitive rows, which keeps its name; make "
     "another one of the new name"},
    {"WITH n AS (SELECT conf FROM people.t) INSERT INTO open SELECT conf FROM n; "
     "SELECT 1 FROM open",
     "confidential"},
    {"INSERT INTO sink VALUES(1) RETURNING x", "sensitive"},
    {"CREATE TABLE rest AS SELECT pub AS x FROM people.t; "
     "DELETE FROM rest WHERE EXISTS (SELECT 1 FROM people.t WHERE conf = 'c'); "
     "SELECT x FROM rest",
     "confidential"},
    {"SELECT x FROM found.words WHERE words MATCH 'hello'", "internal"},
    {"CREATE INDEX ix ON sink(x); SELECT count(*) FROM sink INDEXED BY ix WHERE x > 0",
     "sensitive"},
    {"UPDATE mwb_classification SET classification = 'public'",
     "mwb_classification tells what tables of the workspace are made from; it can be "
     "read, not changed"},
    {"DELETE FROM main.mwb_classification",
     "mwb_classification tells what tables of the workspace are made from; it can be "
     "read, not changed"},
    {"DROP TABLE MWB_Classification",
     "mwb_classification tells what tables of the workspace are made from; it can be "
     "read, not changed"},
    {"CREATE TEMP TABLE mwb_classification(name, classification)",
     "mwb_classification tells what tables of the workspace are made from; it can be "
     "read, not changed"},
    {"CREATE TRIGGER own AFTER INSERT ON log BEGIN UPDATE mwb_classification SET "
     "classification='public'; END; INSERT INTO log VALUES(2)",
     "mwb_classification tells what tables of the workspace are made from; it can be "
     "read, not changed"},
};

static void touches_are_seen(struct bed *bed)
{
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        class_is(bed, reads[i].sql, reads[i].classification);
    }
    for (size_t i = 0; i < sizeof workspace / sizeof *workspace; i++) {
        class_is(bed, workspace[i].sql, workspace[i].classification);
    }
}

/* What a table is made from is known to the next program. */
static void classes_are_kept(struct bed *bed)
{
    session_free(bed->session);
    bed_open_session(bed);
    class_is(bed, "SELECT x FROM main.c", "sensitive");
    class_is(bed, "SELECT y FROM renamed", "sensitive");
    class_is(bed, "SELECT * FROM f", "public");
}

/* Views of the rows are made from a spool: it is the workbench that carries it over. */
static void purposes_are_asked(struct bed *bed)
{
    struct session_run *run = bed_run(bed, "SELECT a FROM asked.q");
    is_text(session_run_error(run)->message,
            "asked.q is read for a purpose only: say what for, with "
            "purpose TEXT on the screen or --purpose TEXT without",
            "what needs a purpose is not run without");
    ok(session_run_asks(run) != NULL, "and the caller is told that it may ask");
    session_run_free(run);
    run = bed_query(
        bed, (struct session_query){.sql = "SELECT a FROM asked.q", .purpose = "a test"});
    char *rows = bed_rows(run);
    is_text(rows, "a", "with one it runs");
    ok(session_run_asks(run) == NULL, "and asks nothing");
    free(rows);
    session_run_free(run);
    run = bed_run(bed, "SELECT count(*) FROM asked.q");
    ok(session_run_asks(run) != NULL, "a rule for a table holds for counting, too");
    session_run_free(run);
}

static void leaving_is_judged(struct bed *bed)
{
    static const struct {
        const char *classification, *way, *purpose;
        bool may, wants;
    } cases[] = {
        {NULL, "copy", NULL, true, false},
        {"public", "export", NULL, true, false},
        {"confidential", "copy", NULL, true, false},
        {"confidential", "export", NULL, false, true},
        {"confidential", "export", "a report", true, false},
        {"CONFIDENTIAL", "export", "", false, true},
        {"sensitive", "copy", "a report", false, false},
        {"sensitive", "export", "a report", false, false},
        {"sensitive", "publish", NULL, true, false},
        {"nobody knows", "copy", "a report", false, false},
    };
    struct error err = {0};
    struct catalog *catalog = catalog_open(bed->index, &err);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct gate_spec spec = {.catalog = catalog, .purpose = cases[i].purpose};
        bool wants = false;
        ok(gate_may_leave(&spec, cases[i].classification, cases[i].way, &wants, &err) ==
                   cases[i].may &&
               wants == cases[i].wants,
           "%s by %s", cases[i].classification != NULL ? cases[i].classification : "none",
           cases[i].way);
    }
    is_text(gate_higher(catalog, "public", "internal"), "internal",
            "the mesh has an order");
    is_text(gate_higher(catalog, "sensitive", "internal"), "sensitive", "both ways");
    is_text(gate_higher(catalog, NULL, "public"), "public", "nothing is the lowest");
    is_text(gate_higher(catalog, "sensitive", "unheard"), "unheard",
            "what the mesh does not name is higher");
    catalog_close(catalog);
}

/* What was read, for what, and that it was refused, is in the log. */
static void ledger_is_told(void)
{
    struct error err = {0};
    char *file = ledger_ready(&err);
    sqlite3 *db = store_open(file, STORE_READ, &err);
    char *told = store_string(
        db,
        "SELECT s.outcome||' '||s.purpose||' '||s.classification||' '||s.rows||' '||"
        "group_concat(r.product||'.'||r.table_name||'.'||coalesce(r.column_name,'*')) "
        "FROM statement s JOIN reading r ON r.statement=s.id WHERE s.purpose='a test' "
        "GROUP BY s.id",
        "");
    is_text(told, "done a test confidential 1 test/asked.q.*,test/asked.q.a",
            "the ledger knows what was read");
    free(told);
    is_int(store_number(db, 0,
                        "SELECT count(*) FROM statement WHERE outcome='refused' AND "
                        "sql='SELECT a FROM asked.q'",
                        ""),
           1, "and what was not");
    store_close(db);
    free(file);
}

int main(void)
{
    struct bed bed;
    bed_make(&bed);
    make_mesh(&bed);
    bed_start(&bed);
    touches_are_seen(&bed);
    classes_are_kept(&bed);
    purposes_are_asked(&bed);
    leaving_is_judged(&bed);
    ledger_is_told();
    bed_release(&bed);
    return tap_done();
}
