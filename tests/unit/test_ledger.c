/* ledger: rows are added by many, changed by nobody, and tell how things stand.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "engine/ledger.h"
#include "tests/unit/index_help.h"

static char root[] = "/tmp/mwb-test-ledger-XXXXXX";
static struct error err;

static const char *at_clock(const char *instant)
{
    setenv("MWB_NOW", instant, 1);
    return instant;
}

static long long seconds_of(const char *instant)
{
    long long seconds = 0;
    return instant != NULL && path_read_instant(instant, &seconds) ? seconds : 0;
}

static bool add(const char *product, const char *outcome, const char *changed)
{
    struct ledger_fetch fetch = {.mesh = "/mesh",
                                 .product = product,
                                 .outcome = outcome,
                                 .bytes = 10,
                                 .source_changed = seconds_of(changed)};
    err = (struct error){0};
    return ledger_add_fetch(&fetch, &err);
}

static void start_anew(void)
{
    char *path = ledger_path(NULL);
    unlink(path);
    free(path);
}

static char *ask(const char *sql)
{
    char *path = ledger_path(NULL);
    sqlite3 *db = store_open(path, STORE_READ, NULL);
    char *answer = db != NULL ? store_string(db, sql, "") : NULL;
    store_close(db);
    free(path);
    return answer;
}

static void is_answer(const char *sql, const char *want, const char *what)
{
    char *answer = ask(sql);
    is_text(answer, want, "%s", what);
    free(answer);
}

/* ---- The file ---- */

static void test_file(void)
{
    struct stat info = {0};
    at_clock("2026-10-01T06:00:00Z");
    umask(0);
    ok(add("a/b", "fetched", "2026-10-01T05:00:00Z"), "a row is added (%s)", err.message);
    char *path = ledger_path(&err);
    stat(path, &info);
    is_int(info.st_mode & 0777, 0600, "the file is its person's, whatever the umask is");
    is_answer("SELECT at||'|'||product||'|'||outcome||'|'||bytes||'|'||source_changed "
              "FROM fetch",
              "2026-10-01T06:00:00Z|a/b|fetched|10|2026-10-01T05:00:00Z",
              "with what was told of it");
    is_answer("SELECT count(*) FROM pragma_table_info('fetch') WHERE name NOT IN(SELECT "
              "\"column\" FROM model)",
              "0", "every column is explained in the file");
    ok(!add("a/b", "lost", NULL), "an outcome that there is not is refused");
    static const char *const changes[] = {"UPDATE fetch SET outcome='fetched'",
                                          "DELETE FROM fetch",
                                          "INSERT OR REPLACE INTO fetch(id,at,mesh,"
                                          "product,outcome) VALUES(1,'','','','failed')"};
    for (size_t i = 0; i < 3; i++) {
        sqlite3 *db = store_open(path, STORE_WRITE, &err);
        store_run(db, "PRAGMA recursive_triggers=ON", NULL);
        ok(!store_run(db, changes[i], &err), "refused: %s", changes[i]);
        store_close(db);
    }
    free(path);
    umask(077);
}

static void test_secrets(void)
{
    static const char canary[] = "s3cr3tcanary";
    struct ledger_fetch fetch = {
        .mesh = "/mesh",
        .product = "a/b",
        .outcome = "failed",
        .location = "https://reader:s3cr3tcanary@data.example.org/x?token=s3cr3tcanary",
        .sentence = "https://reader:s3cr3tcanary@data.example.org/x said no"};
    char *bytes = NULL, *path = ledger_path(NULL);
    size_t length = 0;
    ok(ledger_add_fetch(&fetch, &err), "an address with a password is noted");
    ok(path_read_file(path, 1 << 24, &bytes, &length, &err), "the file can be read");
    ok(bytes != NULL && memmem(bytes, length, canary, strlen(canary)) == NULL,
       "and does not hold the password");
    free(bytes);
    free(path);
}

static void test_formats(void)
{
    struct stat before = {0}, after = {0};
    char *path = ledger_path(&err);
    sqlite3 *db = store_open(path, STORE_WRITE, &err);
    store_run(db, "PRAGMA user_version=99", &err);
    store_close(db);
    stat(path, &before);
    ok(!add("a/b", "fetched", NULL), "a file of a newer program is refused");
    ok(strstr(err.message, "newer version of the program") != NULL, "with a sentence: %s",
       err.message);
    stat(path, &after);
    ok(before.st_mtim.tv_nsec == after.st_mtim.tv_nsec && before.st_size == after.st_size,
       "and left as it was");
    struct array seen = ledger_seen(NULL, "/mesh");
    is_int((long long)seen.count, 0, "and tells nothing");
    catalog_seen_release(&seen);
    start_anew();
    path_write_file(path, "this is no database, and long enough for one", 44, 0600, NULL);
    ok(!add("a/b", "fetched", NULL), "a file that is no database is refused: %s",
       err.message);
    start_anew();
    free(path);
}

/* ---- Many at once ---- */

static void add_for_ever(void)
{
    for (;;) {
        add("a/killed", "fetched", NULL);
    }
}

static void test_processes(void)
{
    enum { WRITERS = 4, EACH = 25 };
    start_anew(); /* all four find no file */
    for (int i = 0; i < WRITERS; i++) {
        if (fork() == 0) {
            bool good = true;
            for (int k = 0; k < EACH; k++) {
                bool added = add("a/b", "fetched", NULL);
                if (!added) {
                    fprintf(stderr, "# %s\n", err.message);
                }
                good = added && good;
            }
            _exit(good ? 0 : 1);
        }
    }
    int failed = 0, status;
    for (int i = 0; i < WRITERS; i++) {
        wait(&status);
        failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    }
    is_int(failed, 0, "several processes make the file and add to it");
    is_answer("SELECT count(*) FROM fetch", "100", "and no row is lost");
}

static void test_kills(void)
{
    int kills = getenv("KILLS") != NULL ? atoi(getenv("KILLS")) : 20;
    int bad = 0, status;
    for (int i = 0; i < kills; i++) {
        pid_t child = fork();
        if (child == 0) {
            add_for_ever();
        }
        usleep((useconds_t)(i % 10) * 700);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        struct array seen = ledger_seen(NULL, "/mesh");
        bad += seen.count == 0 || !add("a/b", "unchanged", NULL);
        catalog_seen_release(&seen);
        char *sound = ask("PRAGMA integrity_check");
        bad += !string_equal(sound, "ok");
        free(sound);
    }
    is_int(bad, 0, "after each of %d kills the file is sound and takes rows", kills);
}

/* ---- Questions ---- */

static void test_seen(void)
{
    start_anew();
    at_clock("2026-10-01T01:00:00Z");
    add("a/b", "fetched", "2026-10-01T00:00:00Z");
    add("z/y", "failed", NULL);
    at_clock("2026-10-01T02:00:00Z");
    add("a/b", "changed", "2026-10-01T01:30:00Z");
    add("c/d", "fetched", "2026-09-01T00:00:00Z");
    at_clock("2026-10-01T03:00:00Z");
    add("a/b", "failed", NULL);
    struct array seen = ledger_seen(NULL, "/mesh");
    is_int((long long)seen.count, 3, "each product once");
    const struct catalog_seen *first = array_at(&seen, 0), *last = array_at(&seen, 2);
    is_text(first->product, "a/b", "in the order of their names");
    ok(first->has_newer, "its source has something newer");
    is_int(first->changed, seconds_of("2026-10-01T01:30:00Z"), "of when");
    is_int(first->looked, seconds_of("2026-10-01T02:00:00Z"), "seen when");
    is_int(first->failed, seconds_of("2026-10-01T03:00:00Z"), "it failed later");
    ok(last->looked == 0 && last->failed > 0, "one that only failed was never seen");
    catalog_seen_release(&seen);
    add("a/b", "fetched", "2026-10-01T01:30:00Z");
    seen = ledger_seen(NULL, "/mesh");
    first = array_at(&seen, 0);
    ok(!first->has_newer && first->failed == 0, "after a fetch all is well");
    catalog_seen_release(&seen);
    seen = ledger_seen(NULL, "/another");
    is_int((long long)seen.count, 0, "another mesh knows nothing of it");
    catalog_seen_release(&seen);
}

static bool count_rows(void *owner, const struct ledger_row *row)
{
    struct text *out = owner;
    text_printf(out, "%s %s %s\n", row->at, row->fetch.product, row->fetch.outcome);
    return true;
}

static void test_fetches(void)
{
    struct text out = {0};
    struct ledger_question question = {
        .mesh = "/mesh", .only_failed = true, .since = "2026-10-01T02"};
    ok(ledger_fetches(&question, count_rows, &out, &err), "failures since two are read");
    is_text(text_string(&out), "2026-10-01T03:00:00Z a/b failed\n", "and no others");
    text_clear(&out);
    question = (struct ledger_question){.mesh = "/mesh", .product = "a/b", .limit = 2};
    ledger_fetches(&question, count_rows, &out, &err);
    is_text(text_string(&out),
            "2026-10-01T03:00:00Z a/b fetched\n2026-10-01T03:00:00Z a/b failed\n",
            "of one product the newest two, newest first");
    text_release(&out);
}

/* ---- Freshness and promises ---- */

static const char contract[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\n"
    "name: things\nschema:\n  - name: things\n    physicalName: things.csv\n"
    "    properties: [{name: a, logicalType: string}]\n"
    "servers:\n  - {server: here, type: local, path: ./things.csv, format: csv}\n"
    "slaProperties:\n  - {property: frequency, value: 1, unit: d}\n"
    "  - {property: latency, value: 2, unit: h}\n"
    "  - {property: availability, value: 90, unit: '%'}\n";

static void set_file_time(const struct indexed *bed, const char *instant)
{
    char *path = path_join(bed->mesh, "things.csv");
    struct utimbuf times = {seconds_of(instant), seconds_of(instant)};
    utime(path, &times);
    free(path);
}

static void is_state(struct catalog *catalog, const char *now, const char *want)
{
    struct catalog_freshness freshness;
    at_clock(now);
    catalog_forget_seen(catalog);
    catalog_freshness_of(catalog, 1, &freshness);
    is_text(catalog_freshness_name(freshness.state), want, "%s: %s", now,
            freshness.reason);
    struct catalog_filter filter = {.text = want};
    struct array found = catalog_list(catalog, &filter);
    is_int((long long)found.count, string_equal(want, "unknown") ? 0 : 1,
           "the search for %s says the same", want);
    catalog_entries_release(&found);
}

static void note(struct catalog *catalog, const char *now, const char *outcome,
                 const char *changed)
{
    struct catalog_entry entry;
    at_clock(now);
    catalog_find(catalog, "things", &entry, &err);
    struct ledger_fetch fetch = {.mesh = catalog_mesh_path(catalog),
                                 .product = entry.id,
                                 .outcome = outcome,
                                 .source_changed = seconds_of(changed)};
    ok(ledger_add_fetch(&fetch, &err), "%s is noted at %s", outcome, now);
    catalog_entry_release(&entry);
}

static void test_files(void)
{
    struct indexed bed;
    indexed_make(&bed);
    indexed_put(&bed, "things.odcs.yaml", contract);
    indexed_put(&bed, "things.csv", "a\n1\n");
    set_file_time(&bed, "2026-10-01T00:00:00Z");
    indexed_build(&bed, NULL);
    struct catalog *catalog = catalog_open(bed.index, &err);
    catalog_set_log(catalog, ledger_seen, NULL);
    is_state(catalog, "2026-10-01T12:00:00Z", "fresh");
    is_state(catalog, "2026-10-02T00:00:00Z", "fresh");
    is_state(catalog, "2026-10-02T01:00:00Z", "due");
    is_state(catalog, "2026-10-02T07:00:00Z", "late");
    is_state(catalog, "2016-10-01T00:00:00Z", "fresh"); /* ten years back */
    is_state(catalog, "2036-10-01T00:00:00Z", "late");
    catalog_close(catalog);
    indexed_release(&bed);
}

static void is_observed(struct catalog *catalog, const char *name, const char *want)
{
    struct catalog_entry entry;
    struct array facts = ARRAY_OF(struct catalog_fact);
    const char *value = NULL;
    catalog_find(catalog, "things", &entry, &err);
    ledger_observed(catalog, &entry, catalog_mesh_path(catalog), &facts);
    for (size_t i = 0; i < facts.count; i++) {
        const struct catalog_fact *fact = array_at(&facts, i);
        value = string_equal(fact->name, name) ? fact->value : value;
    }
    is_text(value, want, "%s", name);
    catalog_facts_free(&facts);
    catalog_entry_release(&entry);
}

/* Its data are elsewhere: only the log knows. */
static void test_elsewhere(void)
{
    struct indexed bed;
    indexed_make(&bed);
    indexed_put(&bed, "things.odcs.yaml", contract);
    indexed_build(&bed, NULL);
    struct catalog *catalog = catalog_open(bed.index, &err);
    catalog_set_log(catalog, ledger_seen, NULL);
    is_state(catalog, "2026-10-01T12:00:00Z", "unknown");
    note(catalog, "2026-10-01T12:00:00Z", "fetched", "2026-10-01T11:00:00Z");
    is_state(catalog, "2026-10-01T13:00:00Z", "fresh");
    is_state(catalog, "2026-10-09T13:00:00Z", "due"); /* nobody looked since */
    note(catalog, "2026-10-09T13:00:00Z", "failed", NULL);
    is_state(catalog, "2026-10-09T14:00:00Z", "due");
    note(catalog, "2026-10-09T15:00:00Z", "unchanged", "2026-10-01T11:00:00Z");
    is_state(catalog, "2026-10-09T16:00:00Z", "late");
    is_observed(catalog, "availability",
                "2 of 3 attempts since 2026-10-01 succeeded: 66.7 %; promised 90 %: not "
                "kept");
    is_observed(catalog, "frequency",
                "1 of 2 looks since 2026-10-01 found a change within the period, the "
                "oldest was of 8.2 days before; promised 1 d: not kept");
    is_observed(catalog, "latency",
                "1 h 0 min on average from a change until it was here, at most 1 h 0 min "
                "(1 fetch since 2026-10-01); promised 2 h: kept");
    /* A clock that was ten years ahead while somebody looked, and is set right again. */
    note(catalog, "2036-10-09T15:00:00Z", "unchanged", "2036-10-09T11:00:00Z");
    is_state(catalog, "2026-10-10T00:00:00Z", "fresh");
    catalog_close(catalog);
    indexed_release(&bed);
}

static void test_clock(void)
{
    struct indexed bed;
    indexed_make(&bed);
    indexed_put(&bed, "mesh.yaml", "name: still\nclock: 2026-10-01T06:00:00Z\n");
    indexed_build(&bed, NULL);
    struct catalog *catalog = catalog_open(bed.index, &err);
    unsetenv("MWB_NOW");
    is_int(catalog_now(catalog), seconds_of("2026-10-01T06:00:00Z"),
           "a mesh may have a clock that stands still");
    at_clock("2026-12-24");
    is_int(catalog_now(catalog), seconds_of("2026-12-24"), "MWB_NOW goes before it");
    catalog_close(catalog);
    indexed_release(&bed);
}

static void test_periods(void)
{
    static const struct {
        const char *text;
        double seconds;
    } periods[] = {
        {"1 d", 86400},
        {"24h", 86400},
        {"15 min", 900},
        {"P1D", 86400},
        {"PT6H", 21600},
        {"P1DT12H", 129600},
        {"R/P1M", 2629800},
        {"R/P0,5M", 1314900},
        {"R/PT1S", 1},
        {"daily", 86400},
        {"Bi-weekly", 1209600},
        {"every 15 minutes", 900},
        {"every day", 86400},
        {"once a week", 604800},
        {"month", 2629800},
        {"0 6 * * *", 86400},
        {"*/15 * * * *", 900},
        {"0 */6 * * *", 21600},
        {"0 6 * * 1-5", 259200},
        {"0 6 * * 1", 604800},
        {"0 0 1 * *", 2629800},
        {"0 0 1 1,7 *", 15778800},
        {"http://purl.org/cld/freq/monthly", 2629800},
        {"http://publications.europa.eu/resource/authority/frequency/DAILY", 86400},
        {"irregular", 0},
        {"", 0},
        {"-3 d", 0},
        {"nan d", 0},
        {"inf years", 0},
        {"1e300 years", 0},
        {"99 99 99 99 99999999999999999999", 31557600},
        {"P", 0},
        {"PT", 0},
        {"P1", 0},
        {"1 1 1 1", 0},
        {"unlimited", 0},
    };
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        double seconds = catalog_period(periods[i].text);
        ok(seconds >= periods[i].seconds - 0.5 && seconds <= periods[i].seconds + 0.5,
           "'%s' is %.0f s (%.0f)", periods[i].text, periods[i].seconds, seconds);
    }
}

/* ---- Many rows ---- */

static void test_size(void)
{
    int rows = getenv("LEDGER_ROWS") != NULL ? atoi(getenv("LEDGER_ROWS")) : 30000;
    start_anew();
    add("p0", "fetched", NULL);
    char *path = ledger_path(NULL);
    sqlite3 *db = store_open(path, STORE_WRITE, &err);
    char *sql = string_printf(
        "PRAGMA synchronous=OFF; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 "
        "FROM n WHERE i<%d) INSERT INTO fetch(at,mesh,product,outcome,source_changed) "
        "SELECT '2026-10-01T00:00:00Z','/mesh','p'||(i*i%%7%%5),iif(i%%9=0,'failed',"
        "'fetched'),'2026-09-30T00:00:00Z' FROM n",
        rows);
    ok(store_run(db, sql, &err), "%d rows (%s)", rows, err.message);
    store_close(db);
    double start = path_monotonic();
    for (int i = 0; i < 10; i++) {
        struct array seen = ledger_seen(NULL, "/mesh");
        catalog_seen_release(&seen);
    }
    double each = (path_monotonic() - start) / 10;
    ok(each < 0.02, "what is known of all products: %.2f ms", each * 1000);
    start = path_monotonic();
    ok(add("p1", "fetched", NULL), "another row");
    printf("# adding one took %.2f ms\n", (path_monotonic() - start) * 1000);
    free(sql);
    free(path);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        return EXIT_FAILURE;
    }
    setenv("XDG_DATA_HOME", root, 1);
    test_file();
    test_secrets();
    test_formats();
    test_processes();
    test_kills();
    test_seen();
    test_fetches();
    test_files();
    test_elsewhere();
    test_clock();
    test_periods();
    test_size();
    path_remove_tree(root, NULL);
    return tap_done();
}
