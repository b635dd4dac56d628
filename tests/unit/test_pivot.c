/* Unit tests of engine/pivot.h: sheets over tables of random values of every kind, where
 * each number must be that of the rows behind it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions.h"
#include "engine/path.h"
#include "engine/pivot.h"
#include "engine/store.h"
#include "tap.h"

#include <unistd.h>

enum { TABLES = 40, ROWS = 60, HIDDEN = 7 };

static unsigned long long seed = 20261123;

static unsigned dice(unsigned sides)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(seed >> 33) % sides;
}

/* ---- Files ---- */

static bool run_file(const char *path, const char *sql)
{
    struct error err = {0};
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    bool done = db != NULL && store_run(db, sql, &err);
    if (!done) {
        printf("# %s\n# %s\n", err.message, sql);
    }
    store_close(db);
    return done;
}

/* What a statement over the base gives, as a spool of its own, as the session makes it.
 */
static struct result *sheet_of(const char *base, const char *path, const char *sql)
{
    struct error err = {0};
    struct text create = {0};
    unlink(path);
    sqlite3 *db = store_open(base, STORE_READ, &err);
    sqlite3_stmt *stmt = NULL;
    functions_register(db);
    stmt = store_prepare(db, sql, &err);
    if (stmt == NULL) {
        printf("Bail out! %s in %s\n", err.message, sql);
        exit(EXIT_FAILURE);
    }
    int columns = sqlite3_column_count(stmt);
    struct text insert = {0};
    text_append(&create, "CREATE TABLE rows(");
    text_append(&insert, "INSERT INTO rows VALUES(");
    for (int i = 0; i < columns; i++) {
        text_printf(&create, "%sc%d", i > 0 ? "," : "", i);
        text_append(&insert, i > 0 ? ",?" : "?");
    }
    text_append(&create, "); BEGIN");
    text_append(&insert, ")");
    sqlite3 *to = store_open(path, STORE_CREATE, &err);
    store_run(to, create.data, &err);
    sqlite3_stmt *add = store_prepare(to, insert.data, &err);
    while (store_step(stmt, &err) == STORE_ROW) {
        for (int i = 0; i < columns; i++) {
            sqlite3_bind_value(add, i + 1, sqlite3_column_value(stmt, i));
        }
        store_execute(add, &err);
    }
    store_finish(add);
    store_run(to, "COMMIT", &err);
    store_close(to);
    struct result *result = result_open(path, "rows", &err);
    for (int i = 0; i < columns; i++) {
        result_set_column(result, (size_t)i, sqlite3_column_name(stmt, i), NULL, NULL,
                          NULL, NULL);
    }
    store_finish(stmt);
    store_close(db);
    text_release(&create);
    text_release(&insert);
    return result;
}

static long long count_rows(const char *base, const char *sql)
{
    struct error err = {0};
    sqlite3 *db = store_open(base, STORE_READ, &err);
    sqlite3_stmt *stmt = store_prepare(db, sql, &err);
    long long rows = stmt != NULL ? 0 : -1;
    while (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
        rows++;
    }
    store_finish(stmt);
    store_close(db);
    if (err.kind != ERROR_NONE) {
        printf("# %s\n# %s\n", err.message, sql);
    }
    return rows;
}

/* Values that are easily taken for each other. The declared types of the columns would
 * turn some into others if a comparison let them. */
static const char *const values[] = {
    "NULL",
    "0",
    "1",
    "1.0",
    "'1'",
    "'01'",
    "x'31'",
    "''",
    "' '",
    "0.1+0.2",
    "0.3",
    "-7",
    "-7.5",
    "1e300",
    "9223372036854775807",
    "'it''s'",
    "char(252)",
    "char(97,0,98)",
    "'a'",
    "'A'",
    "'(total)x'",
    "'2024-02-29'",
    "'2024-02-29T23:59:59Z'",
    "'2025-11-01 00:00'",
    "'2024-99-99'",
    "12",
    "14",
    "'null'",
    "'(others)'",
    "-0.0",
};
enum { VALUES = sizeof values / sizeof *values };

static struct result *random_base(const char *path)
{
    struct text sql = {0};
    struct error err = {0};
    unlink(path);
    text_append(&sql,
                "CREATE TABLE \"a base\"(rowid INTEGER, \"k \"\"1\" TEXT, k2 INTEGER,"
                " a, v REAL COLLATE NOCASE);");
    unsigned kinds = 2 + dice(VALUES - 1);
    unsigned first = dice(VALUES);
    for (int row = 0; row < ROWS + HIDDEN; row++) {
        text_append(&sql, "INSERT INTO \"a base\" VALUES(-1");
        for (int i = 0; i < 4; i++) {
            text_printf(&sql, ",%s", values[(first + dice(kinds)) % VALUES]);
        }
        text_append(&sql, ");");
    }
    run_file(path, text_string(&sql));
    struct result *base = result_open(path, "a base", &err);
    result_set_count(base, ROWS, true); /* the table has more than the result shows */
    text_release(&sql);
    return base;
}

static struct pivot_key random_key(size_t column)
{
    static const double widths[] = {1, 0.1, 5, 1e290};
    return (struct pivot_key){.column = column,
                              .step = (enum pivot_step)dice(PIVOT_HOUR + 1),
                              .width = widths[dice(4)]};
}

/* ---- Each number against its rows ---- */

struct place {
    char *base, *sheet, *heads;
};

static long long number_at(struct result *sheet, long long row, size_t column)
{
    struct text value = {0};
    enum result_type type;
    result_cell(sheet, row, column, &value, &type, NULL);
    long long number = type == RESULT_NULL ? -1 : strtoll(text_string(&value), NULL, 10);
    text_release(&value);
    return number;
}

static bool cell_has_its_rows(const struct place *place, const struct pivot *pivot,
                              struct result *sheet, const struct result *base,
                              struct pivot_cell cell, long long wanted)
{
    struct text sql = {0}, words = {0};
    struct error err = {0};
    bool done = pivot_drill(pivot, sheet, &cell, base, &sql, &words, &err);
    long long rows = done ? count_rows(place->base, text_string(&sql)) : -1;
    if (rows != wanted) {
        printf("# row %lld, column %zu says %lld, %lld rows are behind (%s)%s\n# %s\n",
               cell.row, cell.column, wanted, rows, text_string(&words), err.message,
               text_string(&sql));
    }
    text_release(&sql);
    text_release(&words);
    return rows == wanted;
}

static void frequencies_hold(const struct place *place, struct result *base)
{
    struct pivot *pivot = pivot_new(PIVOT_FREQUENCY);
    struct pivot_key key = random_key(1 + dice(4));
    struct text sql = {0};
    long long all = 0;
    bool good = true;
    pivot_add_key(pivot, &key);
    pivot->ascii = dice(2) == 0;
    pivot_sql(pivot, base, &sql);
    struct result *sheet = sheet_of(place->base, place->sheet, text_string(&sql));
    for (long long row = 0; row < result_count(sheet); row++) {
        size_t counts = key.step == PIVOT_CLASS ? 2 : 1;
        long long count = number_at(sheet, row, counts);
        struct pivot_cell cell = {.row = row, .column = counts};
        all += count;
        good = cell_has_its_rows(place, pivot, sheet, base, cell, count) && good;
    }
    ok(good && all == ROWS, "a frequency by %s: %lld groups of %lld rows",
       pivot_step_name(key.step), result_count(sheet), all);
    result_free(sheet);
    text_release(&sql);
    pivot_free(pivot);
}

static void totals_hold(const struct place *place, struct result *base)
{
    struct pivot *pivot = pivot_new(PIVOT_TOTALS);
    struct text sql = {0};
    bool good = true;
    long long all = -1;
    size_t keys = 1 + dice(3);
    for (size_t i = 0; i < keys; i++) {
        struct pivot_key key = random_key(1 + i);
        pivot_add_key(pivot, &key);
    }
    pivot_add_value(pivot, 4);
    pivot->aggregate = pivot_aggregate_named(dice(2) == 0 ? "count" : "distinct", NULL);
    pivot->totals_first = dice(2) == 0;
    pivot->with_rows = dice(2) == 0;
    pivot_sql(pivot, base, &sql);
    struct result *sheet = sheet_of(place->base, place->sheet, text_string(&sql));
    size_t last = result_column_count(sheet) - 1;
    for (long long row = 0; row < result_count(sheet); row++) {
        struct pivot_cell cell = {.row = row};
        long long count = number_at(sheet, row, keys);
        if (number_at(sheet, row, last) > (long long)keys) {
            continue; /* a row itself */
        }
        all = number_at(sheet, row, last) == 0 ? count : all;
        good = cell_has_its_rows(place, pivot, sheet, base, cell, count) && good;
    }
    long long end = pivot->totals_first ? 0 : result_count(sheet) - 1;
    ok(good && all == ROWS && number_at(sheet, end, last) == 0,
       "totals by %zu keys, %s their groups%s", keys,
       pivot->totals_first ? "above" : "below",
       pivot->with_rows ? ", among the rows" : "");
    result_free(sheet);
    text_release(&sql);
    pivot_free(pivot);
}

static void pivots_hold(const struct place *place, struct result *base)
{
    struct pivot *pivot = pivot_new(PIVOT_TABLE);
    struct text sql = {0};
    struct error err = {0};
    bool good = true;
    size_t keys = 1 + dice(2), most = 1 + dice(6);
    for (size_t i = 0; i < keys; i++) {
        struct pivot_key key = random_key(1 + i);
        pivot_add_key(pivot, &key);
    }
    pivot->has_across = true;
    pivot->across = random_key(3 + dice(2));
    pivot->aggregate = pivot_aggregate_named("count", &err);
    pivot_heads_sql(pivot, base, most, &sql);
    struct result *heads = sheet_of(place->base, place->heads, text_string(&sql));
    good = pivot_take_heads(pivot, heads, most, &err) && pivot->heads.count <= most;
    text_clear(&sql);
    pivot_sql(pivot, base, &sql);
    struct result *sheet = sheet_of(place->base, place->sheet, text_string(&sql));
    size_t columns = result_column_count(sheet);
    for (long long row = 0; row < result_count(sheet); row++) {
        for (size_t column = keys; column < columns; column++) {
            struct pivot_cell cell = {.row = row, .column = column};
            good = cell_has_its_rows(place, pivot, sheet, base, cell,
                                     number_at(sheet, row, column)) &&
                   good;
        }
    }
    ok(good && number_at(sheet, result_count(sheet) - 1, columns - 1) == ROWS,
       "a pivot of %lld rows and %zu columns%s%s", result_count(sheet), columns,
       pivot->others > 0 ? ", others in one" : "", err.message);
    result_free(heads);
    result_free(sheet);
    text_release(&sql);
    pivot_free(pivot);
}

/* ---- Aggregates, by hand ---- */

static void check_aggregate(const char *folder, const char *name, const char *want)
{
    struct place place = {.base = path_join(folder, "hand.db"),
                          .sheet = path_join(folder, "hand-sheet.db")};
    struct pivot *pivot = pivot_new(PIVOT_TOTALS);
    struct error err = {0};
    struct text sql = {0}, got = {0};
    struct pivot_key key = {.column = 0};
    struct result *base = result_open(place.base, "rows", &err);
    pivot_add_key(pivot, &key);
    pivot_add_value(pivot, 1);
    pivot->aggregate = pivot_aggregate_named(name, &err);
    pivot_sql(pivot, base, &sql);
    struct result *sheet = sheet_of(place.base, place.sheet, text_string(&sql));
    for (long long row = 0; row < result_count(sheet); row++) {
        enum result_type type;
        text_append(&got, row > 0 ? " " : "");
        result_cell(sheet, row, 2, &got, &type, &err);
    }
    is_text(text_string(&got), want, "%s of two groups and of all", name);
    result_free(sheet);
    result_free(base);
    text_release(&sql);
    text_release(&got);
    pivot_free(pivot);
    free(place.base);
    free(place.sheet);
}

static void aggregates_are_right(const char *folder)
{
    static const char *const wants[][2] = {
        {"count", "3 2 5"},    {"sum", "6 30 36"}, {"avg", "2.0 15.0 7.2"},
        {"min", "1 10 1"},     {"max", "3 20 20"}, {"median", "2.0 15.0 3.0"},
        {"distinct", "3 2 5"},
    };
    char *path = path_join(folder, "hand.db");
    struct error err = {0};
    run_file(path, "CREATE TABLE rows(c0, c1); INSERT INTO rows VALUES('a',1),('a',2),"
                   "('a',3),('a',NULL),('b',10),('b',20)");
    for (size_t i = 0; i < sizeof wants / sizeof *wants; i++) {
        check_aggregate(folder, wants[i][0], wants[i][1]);
    }
    ok(pivot_aggregate_named("modus", &err) == NULL && err.kind == ERROR_USAGE,
       "an unknown one: %s", err.message);
    free(path);
}

/* ---- Classes that suit ---- */

static void steps_suit(const char *folder)
{
    static const struct {
        const char *rows;
        enum pivot_step step;
        double width;
        bool chosen;
    } cases[] = {
        {"(1),(100)", PIVOT_CLASS, 5, true},
        {"(1),(2),(3)", PIVOT_CLASS, 1, true},
        {"(0.001),(0.002)", PIVOT_CLASS, 5e-5, true},
        {"(7),(7)", PIVOT_CLASS, 1, true},
        {"('2024-01-01'),('2024-01-30')", PIVOT_DAY, 0, true},
        {"('2024-01-01T10:00:00Z'),('2024-01-01T20:00:00Z')", PIVOT_HOUR, 0, true},
        {"('2023-01-01'),('2025-01-30')", PIVOT_MONTH, 0, true},
        {"('2015-01-01'),('2025-01-30')", PIVOT_QUARTER, 0, true},
        {"('1970-01-01'),('2025-01-30')", PIVOT_YEAR, 0, true},
        {"('a'),('b'),(1)", PIVOT_VALUE, 0, false},
        {"(NULL)", PIVOT_VALUE, 0, false},
    };
    char *base = path_join(folder, "steps.db"), *sheet = path_join(folder, "range.db");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct text sql = {0};
        struct pivot_key key = {0};
        char *make = string_printf("CREATE TABLE rows(c0); INSERT INTO rows VALUES %s",
                                   cases[i].rows);
        unlink(base);
        run_file(base, make);
        struct result *rows = result_open(base, "rows", &err);
        pivot_range_sql(rows, 0, &sql);
        struct result *range = sheet_of(base, sheet, text_string(&sql));
        bool chosen = pivot_choose_step(range, &key, &err);
        bool near =
            key.width > cases[i].width * 0.999 && key.width < cases[i].width * 1.001;
        ok(chosen == cases[i].chosen && key.step == cases[i].step &&
               (near || key.step != PIVOT_CLASS),
           "%s: by %s %g", cases[i].rows, pivot_step_name(key.step), key.width);
        result_free(range);
        result_free(rows);
        text_release(&sql);
        free(make);
    }
    free(base);
    free(sheet);
}

int main(void)
{
    char folder[] = "/tmp/mwb-pivot-XXXXXX";
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    struct place place = {.base = path_join(folder, "base.db"),
                          .sheet = path_join(folder, "sheet.db"),
                          .heads = path_join(folder, "heads.db")};
    for (int i = 0; i < TABLES; i++) {
        struct result *base = random_base(place.base);
        frequencies_hold(&place, base);
        totals_hold(&place, base);
        pivots_hold(&place, base);
        result_free(base);
    }
    aggregates_are_right(folder);
    steps_suit(folder);
    path_remove_tree(folder, NULL);
    free(place.base);
    free(place.sheet);
    free(place.heads);
    return tap_done();
}
