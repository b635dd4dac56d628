/* Unit tests of engine/compare.h: random tables, held against what SQL says of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/compare.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tap.h"

#include <unistd.h>

enum { TABLES = 60 };

static unsigned long long seed = 7;

static unsigned dice(unsigned sides)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(seed >> 33) % sides;
}

struct place {
    char *before, *after, *answer;
};

static struct result *make(const char *path, const char *sql)
{
    struct error err = {0};
    unlink(path);
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    bool done = db != NULL && store_run(db, sql, &err);
    store_close(db);
    struct result *result = done ? result_open(path, "t", &err) : NULL;
    if (result == NULL) {
        printf("Bail out! %s in %s\n", err.message, sql);
        exit(EXIT_FAILURE);
    }
    return result;
}

/* Values that must not be taken for each other, and some that are the same. */
static const char *const values[] = {
    "NULL",
    "0",
    "1",
    "1.0",
    "'1'",
    "x'31'",
    "''",
    "'a'",
    "'A'",
    "char(97,0)",
    "9223372036854775807",
    "9223372036854775808.0",
    "-1",
    "-0.0",
    "0.5",
    "'ü'",
};
enum { VALUES = sizeof values / sizeof *values };

/* Two tables with some keys in common; values of equal rows are drawn alike. */
static void make_sides(const struct place *place, struct result **before,
                       struct result **after)
{
    struct text one = {0}, other = {0};
    text_append(&one, "CREATE TABLE t(k, a, b INTEGER, c TEXT COLLATE NOCASE);");
    text_append(&other, "CREATE TABLE t(k, c TEXT, a, b REAL);");
    for (int key = 0; key < 40; key++) {
        unsigned where = dice(4);
        const char *a = values[dice(VALUES)], *b = values[dice(VALUES)],
                   *c = values[dice(VALUES)];
        if (where != 0) {
            text_printf(&one, "INSERT INTO t VALUES(%d,%s,%s,%s);", key, a, b, c);
        }
        if (where != 1) {
            const char *changed = dice(2) == 0 ? a : values[dice(VALUES)];
            text_printf(&other, "INSERT INTO t VALUES(%d,%s,%s,%s);", 39 - key, c,
                        changed, b);
        }
    }
    *before = make(place->before, text_string(&one));
    *after = make(place->after, text_string(&other));
    text_release(&one);
    text_release(&other);
}

static long long ask(const struct place *place, const char *sql)
{
    struct error err = {0};
    sqlite3 *db = store_open(place->answer, STORE_CREATE, &err);
    char *attach =
        string_printf("ATTACH '%s' AS b; ATTACH '%s' AS a", place->before, place->after);
    store_run(db, attach, &err);
    sqlite3_stmt *stmt = store_prepare(db, sql, &err);
    bool found = stmt != NULL && store_step(stmt, &err) == STORE_ROW;
    long long number = found ? sqlite3_column_int64(stmt, 0) : -1;
    store_finish(stmt);
    if (err.kind != ERROR_NONE) {
        printf("# %s\n", err.message);
    }
    store_close(db);
    free(attach);
    return number;
}

#define SAME_VALUES(x)                                                                   \
    "(typeof(+o." x ")=typeof(+n." x ") OR typeof(+o." x ") || typeof(+n." x             \
    ") IN ('integerreal','realinteger')) AND +o." x " IS +n." x " COLLATE BINARY"
#define SAME SAME_VALUES("a") " AND " SAME_VALUES("b") " AND " SAME_VALUES("c")

static void agrees_with_sql(const struct place *place, int turn)
{
    struct result *before, *after;
    struct compare_outcome outcome = {0};
    struct error err = {0};
    make_sides(place, &before, &after);
    struct array keys = ARRAY_OF(char *);
    *(char **)array_push(&keys) = (char *)"k";
    struct compare_spec spec = {.before = before, .after = after, .file = place->answer};
    spec.keys = turn % 2 == 0 ? &keys : NULL;
    spec.likely = turn % 4 == 1 ? &keys : NULL;
    spec.both = turn % 3 == 0;
    bool done =
        compare_write(&spec, NULL, &err) && compare_read(place->answer, &outcome, &err);
    long long gone = ask(place, "SELECT count(*) FROM b.t o WHERE NOT EXISTS(SELECT 1 "
                                "FROM a.t n WHERE n.k=o.k)");
    long long added = ask(place, "SELECT count(*) FROM a.t n WHERE NOT EXISTS(SELECT 1 "
                                 "FROM b.t o WHERE n.k=o.k)");
    long long same = ask(place, "SELECT count(*) FROM b.t o JOIN a.t n USING (k) "
                                "WHERE " SAME);
    long long both = ask(place, "SELECT count(*) FROM b.t o JOIN a.t n USING (k)");
    ok(done && outcome.gone == gone && outcome.added == added && outcome.same == same &&
           outcome.changed == both - same,
       "%lld gone, %lld added, %lld the same, %lld changed%s", gone, added, same,
       both - same, err.message);
    ok(ask(place, "SELECT count(*) FROM main.rows r JOIN a.t n ON n.k=r.c1 WHERE r.c0 IN "
                  "('+','~') AND r.c3 IS n.c AND r.c4 IS n.a AND r.c5 IS n.b") ==
               added + both - same &&
           ask(place, "SELECT count(*) FROM main.rows r JOIN b.t o ON o.k=r.c1 WHERE "
                      "r.c0='-' AND +r.c3 IS +o.c AND +r.c4 IS +o.a") == gone,
       "rows hold the values after, those that are gone the values before");
    if (spec.both) {
        is_int(ask(place,
                   "SELECT count(*) FROM main.rows r JOIN b.t o ON o.k=r.c1 WHERE "
                   "r.c0='~' AND +r.c6 IS +o.c AND +r.c7 IS +o.a AND +r.c8 IS +o.b"),
               both - same, "and changed ones also what was before");
    }
    compare_outcome_release(&outcome);
    array_release(&keys);
    result_free(before);
    result_free(after);
}

/* ---- Keys ---- */

struct key_case {
    const char *before, *after, *key, *want;
    enum compare_way way;
};

static void finds_a_key(const struct place *place, const struct key_case *one)
{
    struct error err = {0};
    struct compare_outcome outcome = {0};
    struct text got = {0};
    struct array keys = ARRAY_OF(char *), none = ARRAY_OF(char *);
    if (one->key != NULL) {
        *(char **)array_push(&keys) = (char *)one->key;
    }
    struct result *before = make(place->before, one->before);
    struct result *after = make(place->after, one->after);
    const struct compare_spec spec = {.before = before,
                                      .after = after,
                                      .file = place->answer,
                                      .keys = one->way == COMPARE_ASKED ? &keys : &none,
                                      .likely = one->way == COMPARE_ASKED ? NULL : &keys};
    if (compare_write(&spec, NULL, &err) && compare_read(place->answer, &outcome, &err)) {
        compare_describe(&outcome, &got);
        is_int(outcome.way, one->way, "the way to the key");
    } else {
        text_append(&got, err.message);
        ok(access(place->answer, F_OK) != 0, "nothing is left behind");
    }
    is_text(text_string(&got), one->want, "what is told");
    compare_outcome_release(&outcome);
    text_release(&got);
    array_release(&keys);
    result_free(before);
    result_free(after);
}

static const struct key_case cases[] = {
    {"CREATE TABLE t(a, b); INSERT INTO t VALUES(1,'x'),(2,'x')",
     "CREATE TABLE t(a, b); INSERT INTO t VALUES(1,'y'),(3,'x')", NULL,
     "1 added, 1 gone, 1 changed (b 1), 0 the same, by a, which turned out to be unique",
     COMPARE_PROVED},
    {"CREATE TABLE t(x, y, n); INSERT INTO t VALUES('a','p',1),('a','q',2),('b','p',3)",
     "CREATE TABLE t(x, y, n); INSERT INTO t VALUES('a','p',1),('a','q',5),('b','p',6)",
     NULL,
     "0 added, 0 gone, 2 changed (n 2), 1 the same, by x and y, which turned out to be "
     "unique",
     COMPARE_PROVED},
    {"CREATE TABLE t(a, b); INSERT INTO t VALUES(1,'x'),(1,'x')",
     "CREATE TABLE t(a, b); INSERT INTO t VALUES(1,'x'),(2,'x')", NULL,
     "1 added, 1 gone, 1 the same, by whole rows: no key was found", COMPARE_WHOLE},
    {"CREATE TABLE t(a, b); INSERT INTO t VALUES(1,'x'),(1,'y')",
     "CREATE TABLE t(a, b); INSERT INTO t VALUES(1,'x'),(1,'z')", "a",
     "a is no key: 1 occurs more than once before; name a key that is unique with --key, "
     "or leave it out",
     COMPARE_ASKED},
    {"CREATE TABLE t(a, b); INSERT INTO t VALUES(1,'x'),(1,'y')",
     "CREATE TABLE t(a, b); INSERT INTO t VALUES(1,'x'),(1,'z')", "a",
     "1 added, 1 gone, 0 changed, 1 the same, by b, which turned out to be unique",
     COMPARE_PROVED},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a)", "nope",
     "the key needs a column \"nope\" on both sides, and there is none", COMPARE_ASKED},
    {"CREATE TABLE t(a)", "CREATE TABLE t(b)", NULL,
     "the two sides have no column of the same name: there is nothing to compare",
     COMPARE_WHOLE},
    {"CREATE TABLE t(id, old); INSERT INTO t VALUES(1,1)",
     "CREATE TABLE t(ID, new); INSERT INTO t VALUES(1,2)", "id",
     "0 added, 0 gone, 0 changed, 1 the same, by ID, the key of the contract; only "
     "before: old; only after: new",
     COMPARE_LIKELY},
    {"CREATE TABLE t(a)", "CREATE TABLE t(a)", "a",
     "0 added, 0 gone, 0 changed, 0 the same, by a", COMPARE_ASKED},
};

int main(void)
{
    char folder[] = "/tmp/mwb-compare-XXXXXX";
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    struct place place = {.before = path_join(folder, "before.db"),
                          .after = path_join(folder, "after.db"),
                          .answer = path_join(folder, "answer.db")};
    for (int i = 0; i < TABLES; i++) {
        agrees_with_sql(&place, i);
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        finds_a_key(&place, &cases[i]);
    }
    path_remove_tree(folder, NULL);
    free(place.before);
    free(place.after);
    free(place.answer);
    return tap_done();
}
