/* Unit tests of the counting passes of engine/quality: large and odd tables, by one and
 * by several threads, every count against the statement that proves it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/job.h"
#include "engine/loop.h"
#include "quality_help.h"

/* Every count is what its own statement gives. */
static void prove(const struct bench *bench, const char *what)
{
    struct error err = {0};
    size_t proved = 0, wrong = 0;
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    char *attach = string_printf("ATTACH 'file:%s?mode=ro' AS t", bench->file);
    ok(db != NULL && store_run(db, attach, &err) && quality_functions(db, &err),
       "%s: a connection: %s", what, err.message);
    for (size_t i = 0; i < bench->checks.count; i++) {
        const struct quality_check *check = array_at(&bench->checks, i);
        char *found = check->sql != NULL ? store_string(db, check->sql, "") : NULL;
        if (found != NULL && check->value != NULL) {
            proved++;
            if (!string_equal(found, check->value)) {
                wrong++;
                printf("# %s: counted %s, but %s gives %s\n", check->key, check->value,
                       check->sql, found);
            }
        }
        free(found);
    }
    ok(proved > 0, "%s: %zu counts have a statement", what, proved);
    is_int((long long)wrong, 0, "%s: all are proved", what);
    free(attach);
    store_close(db);
}

static const char head[] = "apiVersion: v3.1.0\nkind: DataContract\nid: t\nname: t\n"
                           "version: 1.0.0\nstatus: active\ndomain: d\nschema:\n";

static const struct table_case {
    const char *name, *schema, *sql;
} cases[] = {
    {"large",
     "- name: t\n  quality:\n"
     "  - {id: pairs, metric: duplicateValues, mustBe: 0,\n"
     "     arguments: {properties: [a, b]}}\n"
     "  - {id: rows, metric: rowCount, mustBe: 200000}\n"
     "  properties:\n"
     "  - {name: id, logicalType: integer, unique: true, primaryKey: true,\n"
     "     required: true}\n"
     "  - {name: a, logicalType: string, unique: true,\n"
     "     logicalTypeOptions: {pattern: '^a[0-4]', maxLength: 5}}\n"
     "  - {name: b, logicalType: number, unique: true,\n"
     "     logicalTypeOptions: {minimum: 10, multipleOf: 0.5}}\n"
     "  - {name: c, logicalType: string, unique: true}\n",
     "CREATE TABLE t(id INTEGER PRIMARY KEY,a,b,c);"
     "WITH n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200000) INSERT INTO t "
     "SELECT i,CASE WHEN i%7=0 THEN NULL ELSE 'a'||(i*7919%150000) END,"
     "CASE i%5 WHEN 0 THEN i WHEN 1 THEN i*0.25 WHEN 2 THEN i-2.0 WHEN 3 THEN "
     "'x'||i%100 ELSE NULL END,'c'||i FROM n;"},
    {"equal values of two types",
     "- name: t\n  properties: [{name: v, unique: true, logicalType: number}]\n",
     "CREATE TABLE t(v);INSERT INTO t VALUES(1),(1.0),('1'),(x'31'),(2),(-0.0),(0),"
     "(9007199254740993),(9007199254740992.0),(NULL),(NULL);"},
    {"no rowids",
     "- name: t\n  properties: [{name: k, primaryKey: true, logicalType: string},\n"
     "    {name: v, required: true, unique: true, logicalType: string}]\n",
     "CREATE TABLE t(k PRIMARY KEY, v) WITHOUT ROWID;"
     "INSERT INTO t VALUES('a',1),('b',NULL),('c',1);"},
    {"a view",
     "- name: t\n  properties: [{name: v, unique: true, required: true,\n"
     "    logicalType: integer}]\n",
     "CREATE TABLE other(v);INSERT INTO other VALUES(1),(1),(2),(NULL);"
     "CREATE VIEW t AS SELECT v FROM other;"},
    {"rowids at both ends of 64 bits",
     "- name: t\n  quality: [{id: rows, metric: rowCount, mustBe: 3}]\n"
     "  properties: [{name: v, unique: true, required: true, logicalType: integer}]\n",
     "CREATE TABLE t(v);INSERT INTO t(rowid,v) VALUES(-9223372036854775808,1),(0,NULL),"
     "(9223372036854775807,1);"},
    {"no rows",
     "- name: t\n  quality: [{id: share, metric: nullValues, unit: percent,\n"
     "    mustBeLessThan: 1}, {id: rows, metric: rowCount, mustBe: 0}]\n"
     "  properties: [{name: v, unique: true, required: true, logicalType: integer,\n"
     "    quality: [{id: empty, metric: nullValues, unit: percent, mustBe: 0}]}]\n",
     "CREATE TABLE t(v);"},
    {"names with quotes",
     "- name: 'a \"t\" ''able'\n  properties: [{name: 'c \"\" ''d', unique: true,\n"
     "    required: true, logicalType: string, logicalTypeOptions: {pattern: \"'\"}}]\n",
     "CREATE TABLE \"a \"\"t\"\" 'able\"(\"c \"\"\"\" 'd\");"
     "INSERT INTO \"a \"\"t\"\" 'able\" VALUES('o''clock'),('x'),('x'),(NULL);"},
};

static void test_case(const struct table_case *one, int threads)
{
    struct bench bench;
    struct text contract = {0};
    char *name = string_printf("case-%zu-%d", (size_t)(one - cases), threads);
    text_append(&contract, head);
    text_append(&contract, one->schema);
    if (ok(bench_open(&bench, name, text_string(&contract), one->sql), "%s: %s",
           one->name, bench.err.message)) {
        bench.spec.threads = threads;
        ok(bench_run(&bench), "%s by %d threads: %s", one->name, threads,
           bench.err.message);
        prove(&bench, one->name);
    }
    bench_close(&bench);
    text_release(&contract);
    free(name);
}

/* More columns than one call of a function takes, and a key of all of them. */
static void test_wide(void)
{
    struct bench bench;
    struct text contract = {0}, sql = {0}, key = {0};
    enum { WIDE = 260 };
    text_append(&contract, head);
    text_append(&contract, "- name: t\n  properties:\n");
    text_append(&sql, "CREATE TABLE t(");
    for (int i = 0; i < WIDE; i++) {
        text_printf(&contract, "  - {name: c%d, logicalType: integer, required: true}\n",
                    i);
        text_printf(&sql, "%sc%d", i > 0 ? "," : "", i);
        text_printf(&key, "%sc%d", i > 0 ? "," : "", i);
    }
    text_printf(&contract,
                "  quality:\n  - {id: whole, metric: duplicateValues, mustBe: 0,\n"
                "     arguments: {properties: [%s]}}\n",
                text_string(&key));
    text_append(&sql, ");INSERT INTO t(c0,c259) VALUES(1,NULL),(NULL,2);INSERT INTO t "
                      "SELECT 0");
    for (int i = 1; i < WIDE; i++) {
        text_printf(&sql, ",%d", i);
    }
    text_append(&sql, " FROM (SELECT 1 UNION ALL SELECT 2);");
    if (ok(bench_open(&bench, "wide", text_string(&contract), text_string(&sql)),
           "260 columns: %s", bench.err.message)) {
        ok(bench_run(&bench), "are counted: %s", bench.err.message);
        prove(&bench, "260 columns");
        const struct quality_check *whole = bench_check(&bench, "t.whole");
        is_text(whole != NULL ? whole->value : NULL, "1", "a key of all of them");
        is_text(bench_check(&bench, "t.c100.required")->value, "2", "one in the middle");
    }
    bench_close(&bench);
    text_release(&contract);
    text_release(&sql);
    text_release(&key);
}

static void test_empty_percent(void)
{
    struct bench bench;
    char *contract = string_printf("%s%s", head, cases[5].schema);
    if (ok(bench_open(&bench, "percent", contract, cases[5].sql), "an empty table") &&
        ok(bench_run(&bench), "is checked")) {
        const struct quality_check *check = bench_check(&bench, "t.v.empty");
        is_text(quality_outcome_name(check->outcome), "passed",
                "a share of no rows is 0 percent");
    }
    bench_close(&bench);
    free(contract);
}

/* A damaged file is an error of its checks, and never a pass. */
static void test_damaged(void)
{
    struct bench bench;
    char *contract = string_printf("%s%s", head, cases[0].schema);
    if (ok(bench_open(&bench, "damaged", contract, cases[0].sql), "a file")) {
        FILE *file = fopen(bench.file, "r+");
        for (long page = 3; page < 40; page++) {
            char noise[64];
            memset(noise, 0xA5, sizeof noise);
            fseek(file, page * 4096, SEEK_SET);
            fwrite(noise, 1, sizeof noise, file);
        }
        fclose(file);
        ok(bench_run(&bench), "that is damaged can be looked at");
        struct quality_totals totals = quality_totals(&bench.checks);
        ok(totals.errors > 0, "its checks are errors: %d", totals.errors);
        const struct quality_check *check = bench_check(&bench, "t.c.unique");
        ok(check->outcome == QUALITY_ERROR, "also this one: %s",
           check->reason != NULL ? check->reason : "");
    }
    bench_close(&bench);
    free(contract);
}

/* ---- Cancel: of a table that never ends ---- */

struct cancelled {
    struct bench bench;
    struct loop *loop;
    struct array checks;
    bool is_asked, is_over;
};

static bool run_in_child(struct job_port *port, void *argument, struct error *err)
{
    struct cancelled *test = argument;
    struct bench *bench = &test->bench;
    struct text packed = {0};
    bool done = quality_plan(&bench->spec, &bench->checks, err) &&
                quality_run(&bench->spec, port, &bench->checks, err);
    quality_pack(&bench->checks, &packed);
    job_tell(port, 0, packed.data, packed.length);
    text_release(&packed);
    return done;
}

static void on_progress(void *owner, struct job *job)
{
    struct cancelled *test = owner;
    if (!test->is_asked) {
        test->is_asked = true;
        job_interrupt(job);
    }
}

static void on_checks(void *owner, struct job *job, int type, const void *bytes,
                      size_t length)
{
    struct cancelled *test = owner;
    (void)job;
    (void)type;
    ok(quality_unpack(bytes, length, &test->checks), "checks come of a cancelled run");
}

static void on_end(void *owner, struct job *job)
{
    struct cancelled *test = owner;
    (void)job;
    test->is_over = true;
}

static void test_cancel(void)
{
    struct cancelled test = {.checks = ARRAY_OF(struct quality_check)};
    struct error err = {0};
    char *contract = string_printf("%s%s", head,
                                   "- name: t\n  properties: [{name: v, unique: true, "
                                   "required: true, logicalType: integer}]\n");
    ok(bench_open(&test.bench, "endless", contract,
                  "CREATE VIEW t AS WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT "
                  "v%1000 FROM n) SELECT v FROM n"),
       "a table that never ends");
    test.loop = loop_new();
    struct jobs *jobs = jobs_new(test.loop);
    catalog_rest(test.bench.catalog);
    const struct job_spec spec = {.title = "check",
                                  .run = run_in_child,
                                  .argument = &test,
                                  .progressed = on_progress,
                                  .received = on_checks,
                                  .finished = on_end,
                                  .owner = &test};
    ok(jobs_start(jobs, &spec, &err) != NULL, "is checked in a job: %s", err.message);
    while (!test.is_over) {
        loop_step(test.loop, -1);
    }
    ok(test.is_asked, "tells its progress");
    for (size_t i = 0; i < test.checks.count; i++) {
        const struct quality_check *check = array_at(&test.checks, i);
        bool is_decided = string_equal(check->metric, "present");
        ok(is_decided || (check->outcome == QUALITY_NOT_RUN &&
                          string_equal(check->reason, "cancelled")),
           "%s: %s, %s", check->key, quality_outcome_name(check->outcome),
           check->reason != NULL ? check->reason : "");
    }
    quality_release(&test.checks);
    jobs_free(jobs);
    loop_free(test.loop);
    bench_close(&test.bench);
    free(contract);
}

int main(void)
{
    bench_home();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_case(&cases[i], 1);
        test_case(&cases[i], 3);
    }
    test_wide();
    test_empty_percent();
    test_damaged();
    test_cancel();
    bench_leave();
    return tap_done();
}
