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

int main(void)
{
    begin_folder();
    for (int size = 512; size <= 65536; size *= 2) {
        test_counts(size);
        test_edges(size);
    }
    end_folder();
    return tap_done();
}
