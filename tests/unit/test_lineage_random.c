/* What lineage_of_statement() claims, held against what happens: for statements made at
 * random, values of every column that a result column is said not to be made from are
 * changed, and the result column must stay as it is. LINEAGE_STATEMENTS=N for more,
 * LINEAGE_SEED=S for others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/lineage.h"
#include "engine/store.h"
#include "lineage_random.h"
#include "tap.h"

static const char *const all_columns[] = {"t.a", "t.b", "t.c", "t.d", "u.a",
                                          "u.x", "u.y", "w.e", "w.f"};
enum { COLUMNS = sizeof all_columns / sizeof *all_columns, RESULT_COLUMNS = 3 };

static sqlite3 *open_tables(struct maker *maker)
{
    struct error err = {0};
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    store_run(db, "CREATE TABLE t(a,b,c,d); CREATE TABLE u(a,x,y); CREATE TABLE w(e,f)",
              &err);
    for (int i = 0; i < 5; i++) {
        char *sql = string_printf(
            "INSERT INTO t VALUES(%u,%u,%u,%u); INSERT INTO u VALUES(%u,%u,%u); INSERT "
            "INTO w VALUES(%u,%u)",
            draw(maker, 4), draw(maker, 4), draw(maker, 4), draw(maker, 4),
            draw(maker, 4), draw(maker, 4), draw(maker, 4), draw(maker, 4),
            draw(maker, 4));
        store_run(db, sql, &err);
        free(sql);
    }
    return db;
}

/* ---- What a statement answers: each column by itself ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct answer {
    char *columns[RESULT_COLUMNS]; /* its values, sorted: rows have no order */
};

static bool run(sqlite3 *db, const char *sql, struct answer *answer)
{
    struct array values[RESULT_COLUMNS];
    struct error err = {0};
    sqlite3_stmt *stmt = store_prepare(db, sql, &err);
    if (stmt == NULL) {
        return false;
    }
    for (int c = 0; c < RESULT_COLUMNS; c++) {
        values[c] = (struct array)ARRAY_OF(char *);
    }
    while (store_step(stmt, &err) == STORE_ROW) {
        for (int c = 0; c < RESULT_COLUMNS; c++) {
            *(char **)array_push(&values[c]) = string_copy(store_text(stmt, c));
        }
    }
    store_finish(stmt);
    for (int c = 0; c < RESULT_COLUMNS; c++) {
        struct text joined = {0};
        if (values[c].count > 0) {
            qsort(values[c].items, values[c].count, values[c].item_size, by_text);
        }
        for (size_t i = 0; i < values[c].count; i++) {
            char *value = *(char **)array_at(&values[c], i);
            text_printf(&joined, "%s;", value);
            free(value);
        }
        array_release(&values[c]);
        text_append(&joined, "");
        answer->columns[c] = text_take(&joined);
    }
    return err.kind == ERROR_NONE;
}

static void answer_release(struct answer *answer)
{
    for (int c = 0; c < RESULT_COLUMNS; c++) {
        free(answer->columns[c]);
        answer->columns[c] = NULL;
    }
}

/* ---- Claims ---- */

struct claims {
    bool made_from[RESULT_COLUMNS][COLUMNS];
    bool is_coarse;
};

static bool read_claims(sqlite3 *db, const char *sql, struct claims *claims)
{
    struct array sources = ARRAY_OF(struct lineage_source);
    struct error err = {0};
    *claims = (struct claims){0};
    bool done = lineage_of_statement(db, sql, &sources, &err);
    for (size_t i = 0; i < sources.count; i++) {
        const struct lineage_source *source = array_at(&sources, i);
        claims->is_coarse = claims->is_coarse || source->is_coarse;
        if (source->table == NULL || source->name == NULL) {
            continue;
        }
        char *name = string_printf("%s.%s", source->table, source->name);
        for (int k = 0; k < COLUMNS; k++) {
            if (string_equal(name, all_columns[k])) {
                claims->made_from[source->position][k] = true;
            }
        }
        free(name);
    }
    lineage_sources_release(&sources);
    if (!done) {
        printf("# %s\n# %s\n", err.message, sql);
    }
    return done;
}

/* Change all values of a column, run again, and put them back. */
static bool holds(sqlite3 *db, struct maker *maker, const char *sql,
                  const struct answer *before, const struct claims *claims, int column)
{
    struct answer after = {0};
    const char *name = all_columns[column];
    char *change = string_printf("SAVEPOINT s; UPDATE %c SET %s=(%s*%u+rowid*%u+%u)%%4",
                                 name[0], name + 2, name + 2, 1 + draw(maker, 3),
                                 draw(maker, 4), draw(maker, 4));
    bool done = store_run(db, change, NULL) && run(db, sql, &after);
    for (int c = 0; c < RESULT_COLUMNS && done; c++) {
        if (!claims->made_from[c][column] &&
            !string_equal(before->columns[c], after.columns[c])) {
            printf("# column %d was said not to depend on %s: %s\n#   %s\n#   %s\n", c,
                   name, sql, before->columns[c], after.columns[c]);
            done = false;
        }
    }
    store_run(db, "ROLLBACK TO s; RELEASE s", NULL);
    answer_release(&after);
    free(change);
    return done;
}

struct tally {
    int run, coarse, wrong, claimed, possible;
};

static void try_statement(uint64_t seed, struct tally *tally)
{
    struct maker maker = {.state = seed * 2862933555777941757ULL + 3037000493ULL,
                          .depth = 3};
    struct text sql = {0};
    struct answer before = {0};
    struct claims claims;
    sqlite3 *db = open_tables(&maker);
    make_query(&maker, RESULT_COLUMNS, &sql);
    if (run(db, text_string(&sql), &before)) {
        tally->run++;
        if (!read_claims(db, text_string(&sql), &claims)) {
            tally->wrong++;
        }
        tally->coarse += claims.is_coarse;
        if (claims.is_coarse) {
            printf("# coarse: %s\n", text_string(&sql));
        }
        for (int k = 0; k < COLUMNS; k++) {
            for (int c = 0; c < RESULT_COLUMNS; c++) {
                tally->claimed += claims.made_from[c][k];
                tally->possible++;
            }
            for (int again = 0; again < 3; again++) {
                if (!holds(db, &maker, text_string(&sql), &before, &claims, k)) {
                    printf("# seed %llu\n", (unsigned long long)seed);
                    tally->wrong++;
                    break;
                }
            }
        }
    }
    answer_release(&before);
    text_release(&sql);
    store_close(db);
}

int main(void)
{
    const char *count = getenv("LINEAGE_STATEMENTS"), *seed = getenv("LINEAGE_SEED");
    int statements = count != NULL ? atoi(count) : 400;
    uint64_t first = seed != NULL ? strtoull(seed, NULL, 10) : 1;
    struct tally tally = {0};
    for (int i = 0; i < statements; i++) {
        try_statement(first + (uint64_t)i, &tally);
    }
    printf("# %d of %d statements ran; %d of %d pairs of columns are said to depend\n",
           tally.run, statements, tally.claimed, tally.possible);
    ok(tally.run > statements / 2, "most statements run");
    is_int(tally.wrong, 0, "no column changes with what it is said not to depend on");
    is_int(tally.coarse, 0, "all were taken apart");
    ok(statements < 100 || tally.claimed < tally.possible * 3 / 4,
       "and not by calling all dependent");
    return tap_done();
}
