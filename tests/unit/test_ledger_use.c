/* ledger: what was read is told at once, by many, and is neither lost nor counted twice.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/ledger.h"
#include "tests/unit/index_help.h"

static char root[] = "/tmp/mwb-test-use-XXXXXX";
static struct error err;

static bool tell(const char *sql, const char *product)
{
    const struct ledger_reading readings[] = {{product, "orders", "order_id"},
                                              {product, "orders", NULL}};
    const struct ledger_use use = {.mesh = "/mesh",
                                   .team = "Team \"A\"",
                                   .saved_query = "",
                                   .sql = sql,
                                   .purpose = "quarterly\nreport",
                                   .outcome = "done",
                                   .rows = 7,
                                   .seconds = 0.0125,
                                   .readings = readings,
                                   .reading_count = 2};
    err = (struct error){0};
    return ledger_add_use(&use, &err);
}

static char *ask(const char *sql)
{
    char *path = ledger_ready(&err);
    sqlite3 *db = path != NULL ? store_open(path, STORE_READ, &err) : NULL;
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

static char *log_path(void)
{
    return path_of_place(PLACE_DATA, "ledger.log", NULL);
}

static void start_anew(void)
{
    char *path = ledger_path(NULL), *folder = path_folder(path);
    path_remove_tree(folder, NULL);
    free(folder);
    free(path);
}

/* Files whose names begin with that of the log. */
static int logs(void)
{
    char *log = log_path(), *folder = path_folder(log);
    DIR *listing = opendir(folder);
    int count = 0;
    for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
        count += string_starts(entry->d_name, "ledger.log") ? 1 : 0;
    }
    if (listing != NULL) {
        closedir(listing);
    }
    free(folder);
    free(log);
    return count;
}

static void test_told(void)
{
    setenv("MWB_NOW", "2026-10-01T06:00:00Z", 1);
    ok(tell("SELECT 'it''s'\n  FROM orders.orders -- all", "a/b"), "told: %s",
       err.message);
    is_int(logs(), 1, "it lies in the log");
    is_answer("SELECT at||'|'||mesh||'|'||team||'|'||purpose||'|'||outcome||'|'||rows||"
              "'|'||ms FROM statement",
              "2026-10-01T06:00:00Z|/mesh|Team \"A\"|quarterly\nreport|done|7|12.5",
              "and is a row with all that was told");
    is_answer("SELECT saved_query IS NULL FROM statement", "1",
              "what is empty was not said");
    is_answer("SELECT sql FROM statement", "SELECT 'it''s'\n  FROM orders.orders -- all",
              "with the statement as it was run");
    is_answer("SELECT group_concat(product||'.'||table_name||'.'||coalesce(column_name,"
              "'*'),' ') FROM reading",
              "a/b.orders.order_id a/b.orders.*", "and what it read");
    is_int(logs(), 0, "the log is empty then");
    tell("select 1", "a/b");
    tell("SELECT 'it''s' /* x */ FROM orders.orders;", "a/b");
    is_answer("SELECT count(DISTINCT sql_id) FROM statement", "2",
              "blanks and comments make no other statement");
    setenv("MWB_NOW", "2016-10-01T06:00:00Z", 1);
    tell("SELECT 3", "a/b");
    is_answer("SELECT at FROM statement ORDER BY id DESC LIMIT 1", "2016-10-01T06:00:00Z",
              "a clock that jumps back loses no row, and the last is the last");
    is_answer("SELECT count(*) FROM pragma_table_list l JOIN pragma_table_info(l.name) c "
              "WHERE l.schema='main' AND l.name IN('statement','reading','check_run',"
              "'check_result','policy_run','policy_domain','policy_row') AND NOT "
              "EXISTS(SELECT 1 FROM model m WHERE m.\"table\"=l.name AND "
              "m.\"column\"=c.name)",
              "0", "every column is explained in the file");
}

static void test_secrets(void)
{
    static const char canary[] = "s3cr3tcanary";
    char *bytes = NULL, *log = log_path();
    size_t length = 0;
    tell("SELECT 'https://reader:s3cr3tcanary@data.example.org/x?token=s3cr3tcanary'",
         "a/b");
    ok(path_read_file(log, 1 << 20, &bytes, &length, &err), "the log can be read");
    ok(bytes != NULL && memmem(bytes, length, canary, strlen(canary)) == NULL,
       "secrets of a statement are not in it");
    struct stat info = {0};
    stat(log, &info);
    is_int(info.st_mode & 0777, 0600, "and it is its person's");
    free(bytes);
    free(log);
}

/* Who was killed after the rows were safe and before the file went leaves it behind. */
static void test_twice(void)
{
    char *log = log_path(), *aside = string_printf("%s.1-1", log);
    char *bytes = NULL;
    size_t length = 0;
    start_anew();
    tell("SELECT 1", "a/b");
    ok(path_read_file(log, 1 << 20, &bytes, &length, &err) &&
           path_write_file(aside, bytes, length, 0600, &err),
       "a log is there twice");
    is_answer("SELECT count(*) FROM statement", "1", "its rows are there once");
    is_answer("SELECT count(*) FROM reading", "2", "with what they read once");
    is_int(logs(), 0, "and both files are gone");
    free(bytes);
    free(aside);
    free(log);
}

static void test_torn(void)
{
    char *log = log_path();
    start_anew();
    tell("SELECT 1", "a/b");
    int fd = open(log, O_WRONLY | O_APPEND);
    ok(write(fd, "\n12345678 {\"mark\":\"torn", 23) == 23, "a full disk tore a record");
    close(fd);
    ok(tell("SELECT 2", "a/b"), "the next one is told all the same");
    is_answer("SELECT group_concat(sql,'|') FROM statement", "SELECT 1|SELECT 2",
              "and only the torn one is missing");
    free(log);
}

/* A file that may not grow stands for a disk that is full. */
static void test_full(void)
{
    struct rlimit limit, small;
    char *log = log_path();
    struct stat info = {0};
    start_anew();
    tell("SELECT 1", "a/b");
    stat(log, &info);
    getrlimit(RLIMIT_FSIZE, &limit);
    small = (struct rlimit){(rlim_t)info.st_size + 40, limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    bool told = tell("SELECT 2", "a/b");
    setrlimit(RLIMIT_FSIZE, &limit);
    ok(!told, "what could not be written is not acknowledged: %s", err.message);
    ok(tell("SELECT 3", "a/b"), "and when there is room again, it goes on");
    is_answer("SELECT group_concat(sql,'|') FROM statement", "SELECT 1|SELECT 3",
              "nothing that was acknowledged is lost");
    free(log);
}

/* Somebody who folds was stopped while he held the log. */
static void test_held(void)
{
    char *log = log_path();
    start_anew();
    tell("SELECT 1", "a/b");
    int fd = open(log, O_RDONLY);
    ok(flock(fd, LOCK_EX) == 0, "the log is held by somebody who does not let go");
    ok(tell("SELECT 2", "a/b"), "what is told then finds a place: %s", err.message);
    is_int(logs(), 2, "beside the log");
    is_answer("SELECT group_concat(sql,'|') FROM statement", "SELECT 2",
              "it can be read at once");
    close(fd);
    is_answer("SELECT count(*) FROM statement", "2", "the rest when the log is free");
    free(log);
}

/* Children tell as fast as they can, and count what was acknowledged in a pipe; the
 * parent folds meanwhile and kills each at a random moment. */
static void test_many(void)
{
    enum { CHILDREN = 6, ROUNDS = 400 };
    int acknowledged = 0, ends[2];
    pid_t children[CHILDREN];
    start_anew();
    if (pipe(ends) != 0) {
        ok(false, "no pipe");
        return;
    }
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        for (int n = 0; children[i] == 0; n++) {
            char *sql = string_printf("SELECT %d,%d", i, n);
            if (n == ROUNDS || !tell(sql, "a/b") || write(ends[1], "x", 1) != 1) {
                _exit(n == ROUNDS ? 0 : 1);
            }
            free(sql);
        }
    }
    close(ends[1]);
    char byte;
    for (ssize_t got; (got = read(ends[0], &byte, 1)) == 1;) {
        acknowledged++;
        if (acknowledged % 97 == 0) {
            ledger_settle(&err);
        }
        if (acknowledged % 211 == 0 && acknowledged / 211 <= CHILDREN) {
            kill(children[acknowledged / 211 - 1], SIGKILL);
        }
    }
    close(ends[0]);
    for (int i = 0; i < CHILDREN; i++) {
        waitpid(children[i], NULL, 0);
    }
    char *count = ask("SELECT count(*) FROM statement");
    long long kept = count != NULL ? atoll(count) : -1;
    /* A child may have been killed between its write and its acknowledgement. */
    ok(kept >= acknowledged && kept <= acknowledged + CHILDREN,
       "%d statements were acknowledged among kills, %lld are there", acknowledged, kept);
    is_answer("SELECT count(*)-count(DISTINCT mark) FROM statement", "0", "none twice");
    is_answer(
        "SELECT count(*) FROM statement s WHERE (SELECT count(*) FROM reading WHERE "
        "statement=s.id)<>2",
        "0", "each with what it read");
    free(count);
}

static void test_results(void)
{
    const struct ledger_check_run run = {.mesh = "/mesh",
                                         .product = "a/b",
                                         .contract = "c",
                                         .result = "failed",
                                         .checks = 2,
                                         .passed = 1,
                                         .failed = 1};
    const struct ledger_check_result results[] = {
        {.key = "t.c.required", .outcome = "passed", .total = 10, .percent = 0},
        {.key = "t.d.unique",
         .outcome = "failed",
         .value = "3",
         .total = -1,
         .percent = -1},
    };
    const struct ledger_policy_domain domains[] = {{"sales", 3, 1}};
    const struct ledger_policy_row rows[] = {
        {"a/b", "sales", "a/b.yaml", "x=1", 4, true, NULL}};
    const struct ledger_policy_run policy = {.mesh = "/mesh",
                                             .policy = "P01",
                                             .outcome = "warned",
                                             .products = 3,
                                             .violating = 1,
                                             .waived = 1,
                                             .domains = domains,
                                             .domain_count = 1,
                                             .rows = rows,
                                             .row_count = 1};
    ok(ledger_add_check(&run, results, 2, &err), "checks are kept: %s", err.message);
    is_answer("SELECT group_concat(key||' '||outcome||' '||coalesce(value,'-')||' '||"
              "coalesce(total,'-')||' '||coalesce(percent,'-'),'|') FROM check_result",
              "t.c.required passed - 10 0.0|t.d.unique failed 3 - -",
              "with their results");
    ok(ledger_add_policies(&policy, 1, &err), "policies are kept: %s", err.message);
    is_answer("SELECT r.policy||' '||d.domain||' '||d.violating||' '||w.line||' '||"
              "w.waived FROM policy_run r JOIN policy_domain d ON d.run=r.id JOIN "
              "policy_row w ON w.run=r.id",
              "P01 sales 1 4 1", "with adoption and violations");
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        return 99;
    }
    setenv("XDG_DATA_HOME", root, 1);
    test_told();
    test_secrets();
    test_twice();
    test_torn();
    test_full();
    test_held();
    test_many();
    test_results();
    path_remove_tree(root, NULL);
    return tap_done();
}
