/* pages: what is written page by page is the database SQLite itself would have made.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/pages.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/unit/pages_help.h"
#include "tests/unit/tap.h"

/* ---- Records of one text ---- */

/* The text of row `number`: letters that tell which row and where in it. */
static void fill_text(char *to, size_t length, long long number)
{
    for (size_t i = 0; i < length; i++) {
        to[i] =
            (char)('a' + (size_t)(number * 7 + (long long)(i / 3) + (long long)i) % 26);
    }
}

static size_t text_header(unsigned char *to, size_t length)
{
    size_t n = pages_put_varint(to + 1, 2 * length + 13);
    to[0] = (unsigned char)(n + 1);
    return n + 1;
}

static void add_text(struct pages_run *run, size_t length, long long number)
{
    unsigned char header[10];
    char *text = memory_new(length + 1);
    fill_text(text, length, number);
    pages_run_add(run, header, text_header(header, length), text, length);
    free(text);
}

/* Rows whose texts have these lengths, `most` rows a run; how many places in the file
 * differ from what was given. */
struct rows {
    const size_t *lengths;
    size_t count, per_run;
};

static bool write_rows(struct pages *pages, uint32_t root, const struct rows *rows)
{
    struct pages_table *table = pages_table_new(pages, root);
    struct pages_run *run = pages_run_new(table);
    bool done = true;
    for (size_t i = 0; i < rows->count && done;) {
        pages_run_start(run, (long long)i + 1);
        for (size_t n = 0; n < rows->per_run && i < rows->count; n++, i++) {
            add_text(run, rows->lengths[i], (long long)i + 1);
        }
        done = pages_run_place(run, &err) && pages_run_write(run, &err);
    }
    pages_run_free(run);
    if (!done) {
        pages_table_free(table);
        return false;
    }
    return pages_table_finish(table, &err);
}

static bool same_rows(const char *table, const struct rows *rows)
{
    sqlite3 *db = store_open(path, STORE_READ, &err);
    char *sql = string_printf("SELECT rowid, a FROM %s ORDER BY rowid", table);
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, &err) : NULL;
    free(sql);
    size_t i = 0;
    bool same = stmt != NULL;
    for (; same && store_step(stmt, &err) == STORE_ROW; i++) {
        size_t length = (size_t)sqlite3_column_bytes(stmt, 1);
        same = i < rows->count && sqlite3_column_int64(stmt, 0) == (long long)i + 1 &&
               length == rows->lengths[i];
        char *text = memory_new(length + 1);
        fill_text(text, length, (long long)i + 1);
        same = same && memcmp(text, sqlite3_column_text(stmt, 1), length + 1) == 0;
        free(text);
    }
    store_finish(stmt);
    store_close(db);
    return same && i == rows->count;
}

static bool round_trip(int page_size, const struct rows *rows)
{
    make_database(page_size, "CREATE TABLE t(a TEXT)");
    struct pages *pages = pages_open(path, &err);
    if (!good(pages != NULL)) {
        return false;
    }
    if (!good(write_rows(pages, root_of("t"), rows))) {
        pages_abandon(pages);
        return false;
    }
    return good(pages_close(pages, &err)) && is_sound() && same_rows("t", rows);
}

/* ---- Tables ---- */

static void test_counts(int page_size)
{
    static const size_t counts[] = {0, 1, 2, 3, 10, 50, 1000, 9000};
    bool same = true;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t *lengths = memory_new_many(counts[i] + 1, sizeof *lengths);
        for (size_t j = 0; j < counts[i]; j++) {
            lengths[j] = 60 + j * j % 37;
        }
        struct rows rows = {lengths, counts[i], 700};
        same = round_trip(page_size, &rows) && same;
        free(lengths);
    }
    ok(same, "pages of %d bytes: 0 to 9,000 rows", page_size);
}

/* One row of every length around the places where a payload begins to spill, where its
 * chain gets a page more, and where the page is full. */
static void test_edges(int page_size)
{
    size_t u = (size_t)page_size;
    size_t m = (u - 12) * 32 / 255 - 23;
    size_t edges[] = {0,     1,         m,         u - 35,        u,          u + m,
                      2 * u, 2 * u - 4, u - 4 + m, 2 * u + m - 8, 3 * u - 39, 100000};
    size_t lengths[sizeof edges / sizeof *edges * 17];
    size_t count = 0;
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        for (size_t j = 0; j < 17; j++) {
            lengths[count++] = edges[i] + j > 8 ? edges[i] + j - 8 : 0;
        }
    }
    bool same = round_trip(page_size, &(struct rows){lengths, count, 5});
    for (size_t i = 0; i < count - 17; i++) {
        same = round_trip(page_size, &(struct rows){lengths + i, 1, 1}) && same;
    }
    ok(same, "pages of %d bytes: payloads around every limit", page_size);
}

/* What a page keeps free at its end for others is left alone and left out. */
static void test_reserved(void)
{
    size_t lengths[400];
    for (size_t i = 0; i < 400; i++) {
        lengths[i] = i * 5;
    }
    struct rows rows = {lengths, 400, 30};
    make_database(512, "");
    sqlite3 *db = store_open(path, STORE_WRITE, &err);
    int reserve = 32;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
    bool done = store_run(db, "CREATE TABLE t(a TEXT)", &err);
    store_close(db);
    struct pages *pages = done ? pages_open(path, &err) : NULL;
    done = pages != NULL && write_rows(pages, root_of("t"), &rows) &&
           pages_close(pages, &err);
    ok(good(done) && is_sound() && same_rows("t", &rows), "32 bytes of a page reserved");
}

static void test_long(void)
{
    size_t lengths[] = {3, 20000000, 5, 20000000};
    ok(round_trip(4096, &(struct rows){lengths, 4, 4}), "texts of 20 MB in one run");
    ok(round_trip(512, &(struct rows){lengths + 1, 1, 1}), "a text of 20 MB alone");
}

static void test_many_tables(void)
{
    struct text sql = {0};
    for (int i = 0; i < 40; i++) {
        text_printf(&sql, "CREATE TABLE t%d(a TEXT);", i);
    }
    text_append(&sql, "CREATE TABLE old(a TEXT); INSERT INTO old VALUES (hex(zeroblob("
                      "9000)));");
    make_database(1024, text_string(&sql));
    text_release(&sql);
    size_t lengths[800];
    for (size_t i = 0; i < 800; i++) {
        lengths[i] = i % 2 == 0 ? i : 17;
    }
    uint32_t roots[40];
    for (int i = 0; i < 40; i++) {
        char name[8];
        snprintf(name, sizeof name, "t%d", i);
        roots[i] = root_of(name);
    }
    struct pages *pages = pages_open(path, &err);
    bool done = pages != NULL;
    for (size_t i = 0; i < 40 && done; i++) {
        done = write_rows(pages, roots[i], &(struct rows){lengths, i * 20, 90});
    }
    done = done && pages_close(pages, &err) && is_sound();
    for (size_t i = 0; i < 40 && done; i++) {
        char name[8];
        snprintf(name, sizeof name, "t%zu", i);
        done = same_rows(name, &(struct rows){lengths, i * 20, 0});
    }
    ok(good(done), "many tables beside one that has rows already");
    is_int(ask_number("SELECT length(a) FROM old"), 18000, "its rows are still there");
}

/* ---- Threads ---- */

enum { CHUNKS = 60, CHUNK_ROWS = 500, THREADS_MOST = 4 };

struct crew {
    struct pages_table *table;
    pthread_mutex_t lock;
    pthread_cond_t turned;
    int chunk, turn; /* to be taken next, to be placed next */
    bool good;
};

static bool take_turn(struct crew *crew, struct pages_run *run, int chunk)
{
    pthread_mutex_lock(&crew->lock);
    while (crew->turn != chunk) {
        pthread_cond_wait(&crew->turned, &crew->lock);
    }
    bool done = pages_run_place(run, NULL);
    crew->turn++;
    pthread_cond_broadcast(&crew->turned);
    pthread_mutex_unlock(&crew->lock);
    return done;
}

static void *work(void *given)
{
    struct crew *crew = given;
    struct pages_run *run = pages_run_new(crew->table);
    for (;;) {
        pthread_mutex_lock(&crew->lock);
        int chunk = crew->chunk < CHUNKS ? crew->chunk++ : -1;
        pthread_mutex_unlock(&crew->lock);
        if (chunk < 0) {
            break;
        }
        pages_run_start(run, (long long)chunk * CHUNK_ROWS + 1);
        for (size_t i = 0; i < CHUNK_ROWS; i++) {
            size_t row = (size_t)chunk * CHUNK_ROWS + i;
            add_text(run, row % 997 == 0 ? 9000 : row % 90, (long long)row + 1);
        }
        if (!take_turn(crew, run, chunk) || !pages_run_write(run, NULL)) {
            crew->good = false;
        }
    }
    pages_run_free(run);
    return NULL;
}

static bool write_by(int threads)
{
    make_database(2048, "CREATE TABLE t(a TEXT)");
    struct pages *pages = pages_open(path, &err);
    struct crew crew = {.table = pages_table_new(pages, root_of("t")), .good = true};
    pthread_mutex_init(&crew.lock, NULL);
    pthread_cond_init(&crew.turned, NULL);
    pthread_t others[THREADS_MOST];
    for (int i = 0; i < threads; i++) {
        pthread_create(&others[i], NULL, work, &crew);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(others[i], NULL);
    }
    pthread_mutex_destroy(&crew.lock);
    pthread_cond_destroy(&crew.turned);
    bool done = pages_table_finish(crew.table, &err);
    return pages_close(pages, &err) && done && crew.good;
}

static char *file_bytes(size_t *length)
{
    FILE *file = fopen(path, "rb");
    struct text bytes = {0};
    size_t n = 1;
    while (n > 0) {
        n = fread(text_reserve(&bytes, 65536), 1, 65536, file);
        text_grow(&bytes, n);
    }
    fclose(file);
    *length = bytes.length;
    return text_take(&bytes);
}

static void test_threads(void)
{
    size_t lengths[CHUNKS * CHUNK_ROWS];
    for (size_t i = 0; i < CHUNKS * CHUNK_ROWS; i++) {
        lengths[i] = i % 997 == 0 ? 9000 : i % 90;
    }
    struct rows rows = {lengths, CHUNKS * CHUNK_ROWS, 0};
    size_t one_length, many_length;
    ok(good(write_by(1)) && is_sound() && same_rows("t", &rows), "one thread");
    char *one = file_bytes(&one_length);
    ok(good(write_by(THREADS_MOST)) && is_sound() && same_rows("t", &rows),
       "four threads");
    char *many = file_bytes(&many_length);
    ok(one_length == many_length && memcmp(one, many, one_length) == 0,
       "the bytes do not tell how many threads there were");
    free(one);
    free(many);
}

/* ---- The lock-byte page ---- */

static void test_lock_page(uint32_t page_size)
{
    size_t lengths[200];
    for (size_t i = 0; i < 200; i++) {
        lengths[i] = i % 20 == 19 ? 5 * (size_t)page_size : 100 + 5 * i;
    }
    struct rows rows = {lengths, 200, 7};
    bool done = true;
    for (uint32_t before = 0; before < 9; before++) {
        make_database((int)page_size, "CREATE TABLE t(a TEXT)");
        long long unused = stretch(page_size, before);
        struct pages *pages = pages_open(path, &err);
        done = pages != NULL && write_rows(pages, 2, &rows) && pages_close(pages, &err) &&
               same_rows("t", &rows) && done;
        done = only_unused(unused) && done;
    }
    ok(good(done), "pages of %u bytes pass over the page of byte 2^30",
       (unsigned)page_size);
}

/* ---- What is refused, and a disk that is full ---- */

static void refused(const char *what, const char *word)
{
    err.message[0] = '\0';
    struct pages *pages = pages_open(path, &err);
    if (!ok(pages == NULL && strstr(err.message, word) != NULL, "refused: %s", what)) {
        printf("# %s\n", err.message);
    }
    pages_abandon(pages);
}

static void test_refusals(void)
{
    make_database(1024, "CREATE TABLE t(a); CREATE TABLE u(a); DROP TABLE u;");
    refused("free pages", "free pages");
    make_database(1024, "PRAGMA auto_vacuum = 1; CREATE TABLE t(a);");
    refused("auto-vacuum", "auto-vacuum");
    make_database(1024, "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a);");
    refused("UTF-16", "UTF-8");
    make_database(1024, "PRAGMA journal_mode = WAL; CREATE TABLE t(a);");
    refused("a write-ahead log", "write-ahead");
    make_database(1024, "CREATE TABLE t(a)");
    char *journal = string_printf("%s-journal", path);
    fclose(fopen(journal, "w"));
    refused("a journal beside", "journal");
    unlink(journal);
    free(journal);
    ok(truncate(path, 1024) == 0, "the file loses its second page");
    refused("a file that is too short", "shorter");
    ok(truncate(path, 0) == 0, "the file loses all");
    refused("an empty file", "ends");
    unlink(path);
    refused("no file", "could not open");
}

static void test_wrong_root(void)
{
    make_database(1024, "CREATE TABLE t(a); INSERT INTO t VALUES (1); CREATE TABLE u(a);"
                        "CREATE INDEX i ON u(a);");
    const uint32_t roots[] = {root_of("t"), root_of("i"), 1, 77};
    struct pages *pages = pages_open(path, &err);
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        ok(!write_rows(pages, roots[i], &(struct rows){NULL, 0, 1}),
           "page %u is no root of an empty table: %s", (unsigned)roots[i], err.message);
    }
    pages_abandon(pages);
}

static void test_full(void)
{
    size_t lengths[3000];
    for (size_t i = 0; i < 3000; i++) {
        lengths[i] = 500;
    }
    struct rlimit before, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    make_database(1024, "CREATE TABLE t(a TEXT)");
    uint32_t root = root_of("t");
    struct pages *pages = pages_open(path, &err);
    small.rlim_cur = 300000;
    setrlimit(RLIMIT_FSIZE, &small);
    err.message[0] = '\0';
    ok(!write_rows(pages, root, &(struct rows){lengths, 3000, 100}) &&
           strstr(err.message, path) != NULL && strstr(err.message, "ulimit") != NULL,
       "no room: %s", err.message);
    setrlimit(RLIMIT_FSIZE, &before);
    pages_abandon(pages);
}

/* A run that was placed and never written would leave a hole. */
static void test_unwritten(void)
{
    make_database(1024, "CREATE TABLE t(a TEXT)");
    struct pages *pages = pages_open(path, &err);
    struct pages_table *table = pages_table_new(pages, 2);
    struct pages_run *run = pages_run_new(table);
    pages_run_start(run, 1);
    add_text(run, 5000, 1);
    ok(pages_run_place(run, &err), "a run is placed");
    ok(pages_run_bytes(run) >= 5000, "it takes memory");
    pages_run_free(run);
    pages_table_free(table);
    ok(!pages_close(pages, &err) && strstr(err.message, "not written") != NULL,
       "not written: %s", err.message);
}

int main(void)
{
    begin_folder();
    for (int size = 512; size <= 65536; size *= 2) {
        test_counts(size);
        test_edges(size);
    }
    test_reserved();
    test_long();
    test_many_tables();
    test_threads();
    test_lock_page(65536);
    test_lock_page(8192);
    test_refusals();
    test_wrong_root();
    test_full();
    test_unwritten();
    end_folder();
    return tap_done();
}
