/* pages: an index built from sorted runs has SQLite's order, values and counts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include "tests/unit/pages_draw.h"
#include "tests/unit/pages_help.h"

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
    bool close;           /* whole numbers and reals near 2^63 */
    size_t most;          /* rows; 0: as many as others */
    uint32_t before_lock; /* the file goes on so many pages before byte 2^30; 0: at 4 */
    long long unused;     /* pages of a stretched file */
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
static bool build(struct trial *trial, long long *distinct)
{
    char *sql = string_printf("CREATE TABLE t(%s); CREATE INDEX i ON t(%s);",
                              trial->columns == 1 ? "a" : "a, b",
                              trial->columns == 1 ? "a" : "a, b");
    make_database(trial->page_size, sql);
    free(sql);
    trial->unused = trial->before_lock > 0
                        ? stretch((uint32_t)trial->page_size, trial->before_lock) - 1
                        : 0;
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

static bool try_once(struct trial *trial)
{
    long long distinct[COLUMNS] = {-1, -1};
    seed = 88172645463325252u + (uint64_t)trial->page_size + trial->rows;
    ascending = 0;
    if (!good(build(trial, distinct)) ||
        !(trial->unused > 0 ? only_unused(trial->unused) : is_sound()) ||
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
    {"numbers side by side", {draw_near}, .columns = 1, .sorters = 2, .close = true},
    {"all kinds", {draw_mixed}, .columns = 1, .sorters = 2, .close = true},
    {"texts", {text_draw}, .columns = 1, .sorters = 2},
    {"texts with the same start", {draw_label}, .columns = 1, .sorters = 2},
    {"long texts", {draw_long}, .columns = 1, .sorters = 2, .most = 500},
    {"a number and a text", {draw_integer, draw_label}, .columns = 2, .sorters = 3},
    {"all kinds twice",
     {draw_mixed, draw_mixed},
     .columns = 2,
     .sorters = 2,
     .close = true},
    {"long texts twice", {draw_long, draw_long}, .columns = 2, .sorters = 1, .most = 500},
};

/* SQLite compares whole numbers with reals as long doubles. Where those are no longer
 * than doubles (under valgrind, for one), it is SQLite that is wrong near 2^63. */
static bool sqlite_is_exact(void)
{
    volatile long double longer = 9007199254740993.0L; /* 2^53 + 1 */
    return (long long)longer == 9007199254740993;
}

static void test_trial(const struct trial *pattern)
{
    static const size_t counts[] = {0, 1, 2, 20, 300, 6000};
    bool all = true;
    if (pattern->close && !sqlite_is_exact()) {
        tap_skip("SQLite's order of numbers is not exact here");
        return;
    }
    for (int size = 512; size <= 65536; size *= 2) {
        bool many = size == 512 || size == 1024 || size == 65536;
        for (size_t j = 0; j < sizeof counts / sizeof *counts - (many ? 0 : 1); j++) {
            struct trial trial = *pattern;
            trial.page_size = size;
            trial.rows = pattern->most > 0 && counts[j] > pattern->most ? pattern->most
                                                                        : counts[j];
            trial.memory = (size & 0xAAAA) != 0 ? 1 << 24 : 1 << 16;
            all = try_once(&trial) && all;
        }
    }
    ok(all, "%s: in SQLite's order, on pages of every size", pattern->name);
}

static void test_lock_page(void)
{
    bool all = true;
    for (uint32_t before = 1; before < 12; before++) {
        struct trial trial = {.name = "long texts over byte 2^30",
                              .draw = {draw_long, draw_integer},
                              .page_size = 32768,
                              .rows = 40,
                              .memory = 1 << 16,
                              .columns = 2,
                              .sorters = 1,
                              .before_lock = before};
        all = try_once(&trial) && all;
    }
    ok(all, "an index passes over the page of byte 2^30");
}

/* ---- Threads ---- */

enum { THREADS = 3, THREAD_ROWS = 5000 };

struct share {
    struct pages_index *index;
    int number;
    bool good;
};

static void *sort_share(void *given)
{
    struct share *share = given;
    struct pages_sorter *sorter = pages_index_sorter(share->index, share->number);
    share->good = true;
    for (long long i = share->number; i < THREADS * THREAD_ROWS; i += THREADS) {
        struct pages_value value = integer_value(i * 7919 % 10007);
        share->good = pages_sorter_add(sorter, &value, i + 1, NULL) && share->good;
    }
    return NULL;
}

static bool sort_by_threads(struct pages_index *index)
{
    pthread_t threads[THREADS];
    struct share shares[THREADS];
    bool done = true;
    for (int i = 0; i < THREADS; i++) {
        shares[i] = (struct share){index, i, false};
        pthread_create(&threads[i], NULL, sort_share, &shares[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        done = done && shares[i].good;
    }
    return done;
}

static struct pages_run *thread_rows(struct pages_table *table)
{
    struct pages_run *run = pages_run_new(table);
    pages_run_start(run, 1);
    for (long long i = 0; i < THREADS * THREAD_ROWS; i++) {
        struct pages_value value = integer_value(i * 7919 % 10007);
        add_record(run, &value, 1);
    }
    return run;
}

static void test_threads(void)
{
    make_database(4096, "CREATE TABLE t(a); CREATE INDEX i ON t(a);");
    struct pages *pages = pages_open(path, &err);
    struct pages_table *table = pages_table_new(pages, root_of("t"));
    struct pages_run *run = thread_rows(table);
    struct pages_index *index = pages_index_new(folder, 1, 1 << 17, THREADS);
    long long distinct = 0;
    bool done = pages_run_place(run, &err) && pages_run_write(run, &err);
    pages_run_free(run);
    done = pages_table_finish(table, &err) && done && sort_by_threads(index);
    done = pages_index_finish(index, pages, root_of("i"), &distinct, &err) && done;
    done = pages_close(pages, &err) && done;
    ok(good(done) && is_sound() && same_order("a"), "sorters of three threads");
    is_int(distinct, 10007, "and what they counted together");
}

/* ---- Files for sorted runs ---- */

static bool add_many(struct pages_index *index, int count)
{
    bool done = true;
    for (int i = 0; i < count && done; i++) {
        struct pages_value value = integer_value(count - i);
        done = pages_sorter_add(pages_index_sorter(index, 0), &value, i + 1, &err);
    }
    return done;
}

static void test_folder(void)
{
    char *nowhere = path_join(folder, "nowhere");
    struct pages_index *index = pages_index_new(nowhere, 1, 1 << 16, 1);
    ok(good(add_many(index, 1000)), "few keys need no file");
    ok(!add_many(index, 100000) && strstr(err.message, nowhere) != NULL, "many do: %s",
       err.message);
    pages_index_free(index);
    free(nowhere);
}

static void test_full(void)
{
    struct rlimit before, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 1 << 16;
    setrlimit(RLIMIT_FSIZE, &small);
    struct pages_index *index = pages_index_new(folder, 1, 1 << 16, 1);
    ok(!add_many(index, 100000) && strstr(err.message, "ulimit") != NULL, "no room: %s",
       err.message);
    setrlimit(RLIMIT_FSIZE, &before);
    pages_index_free(index);
}

/* The pages are written by one thread while another merges: both must end. */
static void test_full_database(void)
{
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 900000;
    make_database(1024, "CREATE TABLE t(a); CREATE INDEX i ON t(a);");
    uint32_t root = root_of("i");
    struct pages *pages = pages_open(path, &err);
    struct pages_index *index = pages_index_new(folder, 1, 1 << 20, 2);
    setrlimit(RLIMIT_FSIZE, &small);
    bool done = true;
    for (int i = 0; i < 100000 && done; i++) {
        struct pages_value value = integer_value(i * 7919LL % 100003 << 40);
        done = pages_sorter_add(pages_index_sorter(index, i % 2), &value, i + 1, &err);
    }
    ok(good(done), "sorted runs have room");
    ok(!pages_index_finish(index, pages, root, NULL, &err) &&
           strstr(err.message, path) != NULL,
       "the index has none: %s", err.message);
    setrlimit(RLIMIT_FSIZE, &before);
    pages_abandon(pages);
}

int main(void)
{
    begin_folder();
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        test_trial(&trials[i]);
    }
    test_lock_page();
    test_threads();
    test_folder();
    test_full();
    test_full_database();
    end_folder();
    return tap_done();
}
