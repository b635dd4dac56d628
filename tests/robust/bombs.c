/* bombs: statements that want all time, memory or disk there is. Each runs confined in a
 * process of its own and ends at its limit, with a sentence; memory stays below its
 * limit, no file is written, and the next statement of the same process answers. Every
 * fifth is tried, BOMBS=all: each. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "../unit/tap.h"

#include <dirent.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/array.h"
#include "engine/confine.h"
#include "engine/functions.h"
#include "engine/path.h"
#include "engine/text.h"

enum { MEMORY = 48 << 20, SECONDS_MORE = 6, STEP = 5 };

static const double limit = 0.5; /* of time */

/* A table of endless rows, of as many as there is time for. */
#define ENDLESS "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
#define MANY "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 3000) "
#define LONG "printf('%.*c', 900000, 'a')"

static const char *const plain[] = {
    ENDLESS "SELECT count(*) FROM c",
    ENDLESS "SELECT max(n) FROM c",
    ENDLESS "SELECT n FROM c WHERE n < 0",
    ENDLESS "SELECT count(*) FROM c WHERE n % 7 = 8",
    ENDLESS "SELECT sum(n * n % 7) FROM c",
    ENDLESS "SELECT 1 WHERE EXISTS (SELECT 1 FROM c WHERE n = -1)",
    ENDLESS "SELECT n FROM c ORDER BY n DESC LIMIT 1",
    ENDLESS "SELECT n, " LONG " AS s FROM c ORDER BY s, n",
    ENDLESS "SELECT DISTINCT n FROM c ORDER BY 1 DESC",
    ENDLESS "SELECT count(DISTINCT n) FROM c",
    ENDLESS "SELECT n % 1000003 AS g, count(*) FROM c GROUP BY g HAVING count(*) < 0",
    ENDLESS "SELECT group_concat(n) FROM c",
    ENDLESS "SELECT json_group_array(n) FROM c",
    ENDLESS "SELECT json_group_object(n, n) FROM c",
    ENDLESS "SELECT median(n) FROM c",
    ENDLESS "SELECT percentile(n, 50) FROM c",
    ENDLESS "SELECT sum(n) OVER (ORDER BY n ROWS 1000 PRECEDING) FROM c",
    ENDLESS "SELECT n FROM c UNION SELECT n + 1 FROM c",
    ENDLESS "SELECT n FROM c EXCEPT SELECT n FROM c",
    ENDLESS "SELECT n FROM c INTERSECT SELECT -n FROM c",
    ENDLESS "SELECT a.n FROM c a JOIN c b ON a.n = -b.n",
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION SELECT (n * 7 + 1) % 1000000007 FROM c) "
    "SELECT "
    "count(*) FROM c",
    "WITH RECURSIVE c(s) AS (SELECT 'a' UNION ALL SELECT s || s FROM c) SELECT "
    "max(length(s)) FROM c",
    "WITH RECURSIVE c(s) AS (SELECT 'a' UNION ALL SELECT replace(s, 'a', 'aa') FROM c) "
    "SELECT max(length(s)) FROM c",
    MANY "SELECT count(*) FROM c a, c b, c d",
    MANY "SELECT count(*) FROM c a, c b, c d, c e, c f, c g",
    MANY "SELECT count(*) FROM c a LEFT JOIN c b ON a.n < b.n LEFT JOIN c d ON b.n < d.n",
    MANY "SELECT max(a.n * b.n * d.n) FROM c a CROSS JOIN c b CROSS JOIN c d",
    MANY
    "SELECT count(*) FROM c a WHERE (SELECT count(*) FROM c b, c d WHERE b.n + d.n = "
    "a.n) < 0",
    MANY "SELECT group_concat(hex(" LONG ")) FROM c",
    MANY "SELECT json_group_array(" LONG ") FROM c",
    MANY "SELECT a.n, b.n FROM c a, c b ORDER BY a.n * b.n % 9973, a.n",
    MANY "SELECT count(*) FROM (SELECT DISTINCT a.n, b.n, " LONG " AS s FROM c a, c b)",
    MANY "SELECT count(*) FROM c a, c b WHERE " LONG " LIKE '%a%a%a%a%a%b'",
    MANY "SELECT count(*) FROM c a, c b WHERE " LONG " GLOB '*a*a*a*a*a*b'",
    MANY "SELECT count(*) FROM c a, c b WHERE instr(" LONG ", 'aaab') > 0",
    MANY "SELECT count(*) FROM c a, c b WHERE replace(" LONG ", 'aa', 'b') = 'x'",
    MANY "SELECT count(*) FROM c a, c b WHERE json_valid('[' || " LONG " || ']')",
    MANY "SELECT count(*) FROM c a, c b WHERE upper(lower(hex(" LONG "))) = ''",
    MANY "SELECT count(*) FROM c a, c b WHERE length(quote(" LONG ")) < 0",
    MANY "SELECT count(*) FROM c a, c b WHERE trim(" LONG ", 'a') <> ''",
    MANY
    "SELECT count(*) FROM c a, c b WHERE date_add('2026-01-01', a.n || ' days') = ''",
    MANY "SELECT count(*) FROM c a, c b, c d WHERE strftime('%Y', a.n * b.n) = 'x'",
    MANY "SELECT count(*) FROM c a, c b WHERE regexp('(a|b)*c', substr(" LONG
         ", 1, 50000))",
    "SELECT hex(" LONG ")",
    "SELECT hex(hex(" LONG "))",
    "SELECT " LONG " || " LONG,
    "SELECT quote(" LONG " || '''') || " LONG,
    "SELECT replace(" LONG ", 'a', " LONG ")",
    "SELECT printf('%1000000000d', 1) || " LONG " || " LONG,
    "SELECT printf('%.*c', 2000000000, 'x') || hex(" LONG ")",
    "SELECT printf('%.1000000000f', 1.0) || hex(" LONG ")",
    "SELECT zeroblob(1000000000)",
    "SELECT randomblob(1000000000)",
    "SELECT hex(zeroblob(1000000000))",
    "SELECT json_array(" LONG ", " LONG ")",
    "SELECT json_set('{}', '$.a', " LONG ", '$.b', " LONG ")",
    "SELECT regexp('(a)\\1', " LONG ")",
    "SELECT regexp('((((a{1,250}){1,250}){1,250}){1,250}){1,250}', 'b')",
    "SELECT 1 WHERE 'a' LIKE " LONG,
    "SELECT 1 WHERE 'a' GLOB " LONG,
};

/* ---- Those that are made ---- */

static char *repeated(const char *start, const char *part, size_t times, const char *end)
{
    struct text out = {0};
    text_append(&out, start);
    for (size_t i = 0; i < times; i++) {
        text_append(&out, part);
    }
    text_append(&out, end);
    return text_take(&out);
}

/* Each name stands for two of the one before. */
static char *doubled(int steps, const char *body)
{
    struct text out = {0};
    text_append(&out, "WITH t0(x) AS (SELECT 1 UNION ALL SELECT 2)");
    for (int i = 1; i <= steps; i++) {
        text_printf(&out, ", t%d(x) AS (", i);
        text_printf(&out,
                    body[0] == 'j' ? "SELECT a.x FROM t%d a, t%d b"
                                   : "SELECT x FROM t%d UNION ALL SELECT x FROM t%d",
                    i - 1, i - 1);
        text_append(&out, ")");
    }
    text_printf(&out, " SELECT count(*) FROM t%d", steps);
    return text_take(&out);
}

static void add(struct array *bombs, char *sql)
{
    *(char **)array_push(bombs) = sql;
}

static void add_made(struct array *bombs)
{
    static const char *const joined[] = {"1", "a.n < b.n", "a.n + b.n = d.n"};
    for (int steps = 4; steps <= 24; steps += 4) {
        add(bombs, doubled(steps, "join"));
        add(bombs, doubled(steps, "union"));
    }
    for (size_t times = 100; times <= 100000; times *= 10) {
        add(bombs, repeated("SELECT ", "(", times, "1"));
        add(bombs, repeated("SELECT 1", "+1", times, " FROM missing"));
        add(bombs, repeated("SELECT ", "NOT ", times, "nothing"));
        add(bombs, repeated("SELECT 1", " UNION ALL SELECT 1", times, " UNION SELECT"));
        add(bombs, repeated("SELECT 1 FROM missing WHERE 1 IN (1", ",1", times, ")"));
        add(bombs, repeated("SELECT abs(", "abs(", times, "1"));
        add(bombs, repeated("SELECT CASE", " WHEN 0 THEN 1", times, ""));
    }
    for (size_t i = 0; i < sizeof joined / sizeof *joined; i++) {
        add(bombs, string_printf(MANY "SELECT count(*) FROM c a, c b, c d, c e WHERE %s",
                                 joined[i]));
        add(bombs, string_printf(MANY "SELECT avg(a.n) FROM c a, c b, c d, c e WHERE %s "
                                      "GROUP BY e.n",
                                 joined[i]));
    }
}

/* ---- One bomb, in its process ---- */

enum verdict { STOPPED, ANSWERED, TOO_LATE, TOO_LARGE, NOT_AGAIN, NO_SENTENCE, WROTE };

static bool next_answers(struct confine *confine)
{
    sqlite3_stmt *stmt = confine_prepare(confine, "the next", "SELECT 1 + 1", NULL);
    bool does = stmt != NULL && confine_step(confine, stmt, NULL) == STORE_ROW &&
                sqlite3_column_int(stmt, 0) == 2;
    sqlite3_finalize(stmt);
    return does;
}

static bool is_empty(const char *folder)
{
    DIR *entries = opendir(folder);
    int count = 0;
    while (entries != NULL && readdir(entries) != NULL) {
        count++;
    }
    if (entries != NULL) {
        closedir(entries);
    }
    return count == 2;
}

/* A sanitizer keeps what was given back, and its shadow counts as well. */
static bool is_too_large(const struct rusage *before, const struct rusage *after)
{
#ifdef MWB_ASAN
    (void)before;
    (void)after;
    return false;
#else
    return after->ru_maxrss - before->ru_maxrss > (MEMORY >> 10) * 3;
#endif
}

static enum verdict explode(const char *sql, const char *folder)
{
    struct error err = {0};
    struct rusage usage, before;
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    functions_register(db);
    confine_process(MEMORY, &err);
    getrusage(RUSAGE_SELF, &before);
    struct confine *confine =
        confine_new(&(struct confine_spec){.db = db, .seconds = limit});
    double start = path_monotonic();
    sqlite3_stmt *stmt = confine_prepare(confine, "bomb", sql, &err);
    enum store_step step = stmt != NULL ? STORE_ROW : STORE_FAILED;
    while (step == STORE_ROW) {
        step = confine_step(confine, stmt, &err);
    }
    double seconds = path_monotonic() - start;
    sqlite3_finalize(stmt);
    getrusage(RUSAGE_SELF, &usage);
    enum verdict verdict = seconds > limit * 1.1 + SECONDS_MORE             ? TOO_LATE
                           : is_too_large(&before, &usage)                  ? TOO_LARGE
                           : step == STORE_FAILED && err.message[0] == '\0' ? NO_SENTENCE
                           : !next_answers(confine)                         ? NOT_AGAIN
                           : !is_empty(folder)                              ? WROTE
                           : step == STORE_DONE                             ? ANSWERED
                                                                            : STOPPED;
    confine_free(confine);
    store_close(db);
    return verdict;
}

static void try_bomb(const char *sql, const char *folder)
{
    static const char *const words[] = {
        "is stopped",           "has an answer within its limits", "ran too long",
        "took too much memory", "the next did not answer",         "no sentence",
        "wrote a file"};
    int status = -1;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        _exit(chdir(folder) == 0 ? (int)explode(sql, folder) : 100);
    }
    waitpid(child, &status, 0);
    int verdict = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ok(verdict == STOPPED || verdict == ANSWERED, "%.70s ...: %s", sql,
       verdict >= 0 && verdict <= WROTE ? words[verdict] : "the process died");
}

int main(void)
{
    const char *wanted = getenv("BOMBS");
    size_t step = wanted != NULL && strcmp(wanted, "all") == 0 ? 1 : STEP;
    char folder[] = "/tmp/mwb-bombs-XXXXXX";
    struct array bombs = ARRAY_OF(char *);
    if (mkdtemp(folder) == NULL) {
        return 99;
    }
    setenv("SQLITE_TMPDIR", folder, 1);
    setenv("TMPDIR", folder, 1);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        add(&bombs, string_copy(plain[i]));
    }
    add_made(&bombs);
    ok(bombs.count >= 100, "%zu bombs", bombs.count);
    for (size_t i = 0; i < bombs.count; i++) {
        if (i % step == 0) {
            try_bomb(*(char **)array_at(&bombs, i), folder);
        }
        free(*(char **)array_at(&bombs, i));
    }
    array_release(&bombs);
    rmdir(folder);
    return tap_done();
}
