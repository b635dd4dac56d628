/* pages: an index built from sorted runs has SQLite's order, values and counts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include "tests/unit/pages_help.h"

enum { COLUMNS = 2, TEXT_MOST = 40000 };

/* ---- Values, the same for the same number ---- */

static uint64_t seed;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static char words[COLUMNS][TEXT_MOST];

static struct pages_value null_value(void)
{
    return (struct pages_value){.kind = PAGES_NULL};
}

static struct pages_value integer_value(long long integer)
{
    return (struct pages_value){.kind = PAGES_INTEGER, .integer = integer};
}

static struct pages_value real_value(double real)
{
    return (struct pages_value){.kind = PAGES_REAL, .real = real};
}

static struct pages_value text_value(int column, size_t length)
{
    return (struct pages_value){
        .kind = PAGES_TEXT, .text = words[column], .length = length};
}

/* Whole numbers and reals that lie as close as they can. */
static struct pages_value near_value(void)
{
    static const double around[] = {0,
                                    1,
                                    127,
                                    32767,
                                    8388607,
                                    2147483647,
                                    140737488355327.0,
                                    9007199254740992.0,
                                    4611686018427387904.0,
                                    9223372036854775807.0};
    double real = around[draw(sizeof around / sizeof *around)];
    real = draw(2) == 0 ? real : -real;
    if (draw(2) == 0) {
        real = draw(3) == 0 ? nextafter(real, -INFINITY) : real;
        return real_value(draw(3) == 0 ? nextafter(real, INFINITY) : real);
    }
    long long limit = real >= 9223372036854775807.0    ? INT64_MAX
                      : real <= -9223372036854775807.0 ? INT64_MIN
                                                       : (long long)real;
    long long step = (long long)draw(5) - 2;
    bool over =
        (limit > INT64_MAX - 3 && step > 0) || (limit < INT64_MIN + 3 && step < 0);
    return integer_value(limit + (over ? -step : step));
}

/* Texts that are the beginnings of each other, with NULs, and equal in eight bytes. */
static struct pages_value text_draw(int column)
{
    static const char letters[] = {0, 1, 2, 'a', 'b', (char)0xFF};
    char *word = words[column];
    size_t length = draw(4) == 0 ? 8 : 0;
    memset(word, 'p', length);
    for (size_t more = draw(6); more > 0; more--) {
        word[length++] = letters[draw(sizeof letters)];
    }
    return text_value(column, length);
}

static struct pages_value draw_integer(int column)
{
    (void)column;
    return draw(50) == 0 ? null_value() : integer_value((long long)draw(900) - 450);
}

static struct pages_value draw_real(int column)
{
    (void)column;
    return draw(50) == 0 ? null_value() : real_value((double)draw(100000) / 100 - 300);
}

static struct pages_value draw_null(int column)
{
    (void)column;
    return null_value();
}

static struct pages_value draw_near(int column)
{
    (void)column;
    switch (draw(20)) {
    case 0:
        return real_value(INFINITY);
    case 1:
        return real_value(-INFINITY);
    case 2:
        return real_value(-0.0);
    case 3:
        return integer_value(INT64_MIN);
    default:
        return near_value();
    }
}

static struct pages_value draw_mixed(int column)
{
    switch (draw(4)) {
    case 0:
        return draw_integer(column);
    case 1:
        return draw_near(column);
    case 2:
        return draw_real(column);
    default:
        return text_draw(column);
    }
}

static struct pages_value draw_long(int column)
{
    size_t length = draw(3) == 0 ? draw(TEXT_MOST) : draw(300);
    memset(words[column], 'x', length);
    if (length > 0) {
        words[column][draw(length)] = 'y';
    }
    return text_value(column, length);
}

static long long ascending; /* a key in the order of the rows */

static struct pages_value draw_ascending(int column)
{
    (void)column;
    return integer_value(ascending += (long long)draw(3));
}

static struct pages_value draw_label(int column)
{
    int length = snprintf(words[column], TEXT_MOST, "https://data.example.org/%06d",
                          (int)draw(700));
    return text_value(column, (size_t)length);
}

/* ---- A table and its index ---- */

static void append64(struct text *body, uint64_t bits)
{
    for (int shift = 56; shift >= 0; shift -= 8) {
        text_append_char(body, (char)(bits >> shift));
    }
}

/* A record as SQLite takes it too: every number in eight bytes. */
static void add_record(struct pages_run *run, const struct pages_value *values, int count)
{
    unsigned char header[1 + 9 * COLUMNS];
    size_t length = 1;
    struct text body = {0};
    for (int i = 0; i < count; i++) {
        static const unsigned char serials[] = {0, 6, 7};
        uint64_t serial = serials[values[i].kind % 3];
        uint64_t bits = (uint64_t)values[i].integer;
        if (values[i].kind == PAGES_TEXT) {
            serial = 2 * values[i].length + 13;
            text_append_bytes(&body, values[i].text, values[i].length);
        } else if (values[i].kind != PAGES_NULL) {
            if (values[i].kind == PAGES_REAL) {
                memcpy(&bits, &values[i].real, sizeof bits);
            }
            append64(&body, bits);
        }
        length += pages_put_varint(header + length, serial);
    }
    header[0] = (unsigned char)length;
    pages_run_add(run, header, length, text_string(&body), body.length);
    text_release(&body);
}

struct trial {
    const char *name;
    struct pages_value (*draw[COLUMNS])(int column);
    int page_size;
    size_t rows, memory;
    int columns, sorters;
};

static bool fill(const struct trial *trial, struct pages_run *run,
                 struct pages_index *index)
{
    bool done = true;
    for (size_t row = 0; row < trial->rows && done;) {
        pages_run_start(run, (long long)row + 1);
        for (int n = 0; n < 500 && row < trial->rows && done; n++, row++) {
            struct pages_value values[COLUMNS];
            for (int i = 0; i < trial->columns; i++) {
                values[i] = trial->draw[i](i);
            }
            add_record(run, values, trial->columns);
            int sorter = (int)(row / 300) % trial->sorters;
            done = pages_sorter_add(pages_index_sorter(index, sorter), values,
                                    (long long)row + 1, &err);
        }
        done = done && pages_run_place(run, &err) && pages_run_write(run, &err);
    }
    return done;
}

/* Makes the database; `distinct` gets the counts. */
static bool build(const struct trial *trial, long long *distinct)
{
    char *sql = string_printf("CREATE TABLE t(%s); CREATE INDEX i ON t(%s);",
                              trial->columns == 1 ? "a" : "a, b",
                              trial->columns == 1 ? "a" : "a, b");
    make_database(trial->page_size, sql);
    free(sql);
    struct pages *pages = pages_open(path, &err);
    if (pages == NULL) {
        return false;
    }
    struct pages_table *table = pages_table_new(pages, root_of("t"));
    struct pages_index *index =
        pages_index_new(folder, trial->columns, trial->memory, trial->sorters);
    struct pages_run *run = pages_run_new(table);
    bool done = fill(trial, run, index);
    pages_run_free(run);
    done = pages_table_finish(table, &err) && done;
    if (!done) {
        pages_index_free(index);
    } else {
        done = pages_index_finish(index, pages, root_of("i"), distinct, &err);
    }
    if (!done) {
        pages_abandon(pages);
        return false;
    }
    return pages_close(pages, &err);
}

static bool same_column(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    int type = sqlite3_column_type(a, column);
    if (type != sqlite3_column_type(b, column)) {
        return false;
    }
    if (type == SQLITE_INTEGER) {
        return sqlite3_column_int64(a, column) == sqlite3_column_int64(b, column);
    }
    if (type == SQLITE_FLOAT) {
        double left = sqlite3_column_double(a, column);
        double right = sqlite3_column_double(b, column);
        return memcmp(&left, &right, sizeof left) == 0;
    }
    int length = sqlite3_column_bytes(a, column);
    return length == sqlite3_column_bytes(b, column) &&
           (length == 0 || memcmp(sqlite3_column_blob(a, column),
                                  sqlite3_column_blob(b, column), (size_t)length) == 0);
}

/* What the index says in its own order is what SQLite finds by sorting the table. */
static bool same_order(const char *columns)
{
    sqlite3 *db = store_open(path, STORE_READ, &err);
    char *by_index = string_printf(
        "SELECT rowid, %s FROM t INDEXED BY i ORDER BY %s, rowid", columns, columns);
    char *by_sorting = string_printf(
        "SELECT rowid, %s FROM t NOT INDEXED ORDER BY %s, rowid", columns, columns);
    sqlite3_stmt *a = store_prepare(db, by_index, &err);
    sqlite3_stmt *b = store_prepare(db, by_sorting, &err);
    bool same = a != NULL && b != NULL;
    while (same) {
        enum store_step left = store_step(a, &err), right = store_step(b, &err);
        same = left == right && left != STORE_FAILED;
        if (left != STORE_ROW) {
            break;
        }
        for (int i = 0; i < sqlite3_column_count(a); i++) {
            same = same && same_column(a, b, i);
        }
    }
    store_finish(a);
    store_finish(b);
    store_close(db);
    free(by_index);
    free(by_sorting);
    return same;
}

static bool try_once(const struct trial *trial)
{
    long long distinct[COLUMNS] = {-1, -1};
    seed = 88172645463325252u + (uint64_t)trial->page_size + trial->rows;
    ascending = 0;
    if (!good(build(trial, distinct)) || !is_sound() ||
        !same_order(trial->columns == 1 ? "a" : "a, b")) {
        printf("# %s: pages of %d bytes, %zu rows\n", trial->name, trial->page_size,
               trial->rows);
        return false;
    }
    long long one = ask_number("SELECT count(*) FROM (SELECT DISTINCT a FROM t)");
    long long two = trial->columns == 1 ? -1
                                        : ask_number("SELECT count(*) FROM "
                                                     "(SELECT DISTINCT a, b FROM t)");
    if (distinct[0] != one || distinct[1] != two) {
        printf("# counted %lld %lld, not %lld %lld\n", distinct[0], distinct[1], one,
               two);
        return false;
    }
    return true;
}

static const struct trial trials[] = {
    {"whole numbers", {draw_integer}, .columns = 1, .sorters = 3},
    {"reals", {draw_real}, .columns = 1, .sorters = 2},
    {"only NULL", {draw_null}, .columns = 1, .sorters = 1},
    {"a key in the order of rows", {draw_ascending}, .columns = 1, .sorters = 1},
    {"numbers side by side", {draw_near}, .columns = 1, .sorters = 2},
    {"all kinds", {draw_mixed}, .columns = 1, .sorters = 2},
    {"texts", {text_draw}, .columns = 1, .sorters = 2},
    {"texts with the same start", {draw_label}, .columns = 1, .sorters = 2},
    {"long texts", {draw_long}, .columns = 1, .sorters = 2},
    {"a number and a text", {draw_integer, draw_label}, .columns = 2, .sorters = 3},
    {"all kinds twice", {draw_mixed, draw_mixed}, .columns = 2, .sorters = 2},
    {"long texts twice", {draw_long, draw_long}, .columns = 2, .sorters = 1},
};

int main(void)
{
    begin_folder();
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        static const size_t counts[] = {0, 1, 2, 20, 300, 6000};
        bool all = true;
        for (int size = 512; size <= 65536; size *= 2) {
            bool many = size == 512 || size == 1024 || size == 65536;
            for (size_t j = 0; j < sizeof counts / sizeof *counts - (many ? 0 : 1); j++) {
                struct trial trial = trials[i];
                trial.page_size = size;
                trial.rows = counts[j];
                trial.memory = (size & 0xAAAA) != 0 ? 1 << 24 : 1 << 16;
                all = try_once(&trial) && all;
            }
        }
        ok(all, "%s: in SQLite's order, on pages of every size", trials[i].name);
    }
    end_folder();
    return tap_done();
}
