/* Unit tests of engine/result.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions.h"
#include "engine/path.h"
#include "engine/result.h"
#include "engine/store.h"
#include "tap.h"

#include <time.h>
#include <unistd.h>

enum { MANY = 200000 };

static char *make_file(const char *folder, const char *name, const char *sql)
{
    struct error err = {0};
    char *path = path_join(folder, name);
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    ok(db != NULL && store_run(db, sql, &err), "made %s%s", name, err.message);
    store_close(db);
    return path;
}

static struct result *open_file(const char *path, const char *table)
{
    struct error err = {0};
    struct result *result = result_open(path, table, &err);
    if (result == NULL) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    return result;
}

static void cell_is(const struct result_page *page, long long row, size_t column,
                    enum result_type type, const char *want)
{
    const struct result_cell *cell = result_page_cell(page, row, column);
    is_int(cell->type, type, "type of cell %lld, %zu", row, column);
    is_text(cell->bytes, want, "its text");
}

static void cells_keep_their_kind(const char *folder)
{
    char *path =
        make_file(folder, "kinds.db",
                  "CREATE TABLE rows(c0, c1, c2);"
                  "INSERT INTO rows VALUES(1, 2.5, 'a'), (NULL, '', x'00ff'),"
                  "(-9223372036854775808, 1e300, 'gr' || char(252) || char(223))");
    struct result *result = open_file(path, "rows");
    struct result_page page = {0};
    struct error err = {0};
    is_int(result_count(result), 3, "counts itself");
    result_set_column(result, 0, "first", "DATE", "shop/orders", "t", "a");
    result_set_column(result, 1, "second", "REAL", NULL, NULL, NULL);
    ok(!result_column(result, 0)->numeric && result_column(result, 1)->numeric,
       "before a page is read, the declared type tells what is numeric");
    ok(result_page(result, 0, 10, 3, &page, &err), "a page%s", err.message);
    is_int(page.rows, 3, "all rows");
    cell_is(&page, 0, 0, RESULT_INTEGER, "1");
    cell_is(&page, 0, 1, RESULT_REAL, "2.5");
    cell_is(&page, 1, 0, RESULT_NULL, "");
    cell_is(&page, 1, 1, RESULT_TEXT, "");
    is_int(result_page_cell(&page, 1, 2)->type, RESULT_BLOB, "a blob");
    is_int((long long)result_page_cell(&page, 1, 2)->length, 2, "raw");
    cell_is(&page, 2, 2, RESULT_TEXT, "gr"); /* 3 bytes would halve the third letter */
    ok(result_page_cell(&page, 2, 2)->cut && !result_page_cell(&page, 0, 2)->cut,
       "and says that it is cut");
    ok(result_column(result, 0)->numeric && !result_column(result, 1)->numeric,
       "after it, the values do");
    is_text(result_column(result, 0)->product, "shop/orders", "origin is kept");
    ok(result_page_cell(&page, 3, 0) == NULL && result_page_cell(&page, 0, 3) == NULL,
       "no cell outside");
    struct text whole = {0};
    enum result_type type;
    ok(result_cell(result, 2, 2, &whole, &type, &err), "a cell in full");
    is_text(text_string(&whole), "gr\xC3\xBC\xC3\x9F", "is whole");
    ok(!result_cell(result, 3, 0, &whole, &type, &err), "no such row: %s", err.message);
    ok(result_page(result, 2, 10, 0, &page, &err) && page.rows == 1, "a short last page");
    ok(result_page(result, 3, 10, 0, &page, &err) && page.rows == 0, "nothing behind it");
    result_set_count(result, 2, false);
    ok(result_page(result, 0, 10, 0, &page, &err) && page.rows == 2 &&
           !result_is_complete(result),
       "no more than was told");
    text_release(&whole);
    result_page_release(&page);
    result_free(result);
    free(path);
}

/* Processor time: other programs may hold the machine. */
static double page_seconds(struct result *result, long long first,
                           struct result_page *page)
{
    struct error err = {0};
    clock_t start = clock();
    ok(result_page(result, first, 50, 200, page, &err), "page at %lld", first);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static long long find(struct result *result, const char *typed, long long from,
                      long long budget, long long *reached)
{
    struct result_filter filter;
    struct error err = {0};
    bool backwards = budget < 0;
    ok(result_filter_parse(result, typed, 0, &filter, &err), "%s: understood%s", typed,
       err.message);
    const struct result_search search = {.filter = &filter,
                                         .from = from,
                                         .budget = backwards ? -budget : budget,
                                         .backwards = backwards};
    long long found = result_find(result, &search, reached);
    result_filter_release(&filter);
    return found;
}

static void any_page_costs_the_same(const char *folder)
{
    char *path =
        make_file(folder, "many.db",
                  "CREATE TABLE \"or ders\"(rowid, \"na\"\"me\" TEXT, amount REAL);"
                  "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE "
                  "i < 200000) "
                  "INSERT INTO \"or ders\" SELECT -i, 'name ' || i, i / 4.0 FROM n");
    struct result *result = open_file(path, "or ders");
    struct result_page page = {0};
    is_int(result_count(result), MANY, "a column named rowid is not in the way");
    double first = page_seconds(result, 0, &page);
    cell_is(&page, 0, 1, RESULT_TEXT, "name 1");
    double last = page_seconds(result, MANY - 50, &page);
    cell_is(&page, 49, 1, RESULT_TEXT, "name 200000");
    cell_is(&page, 49, 0, RESULT_INTEGER, "-200000");
    ok(first < 0.02 && last < 0.02, "first page %.2f ms, last page %.2f ms", first * 1000,
       last * 1000);
    long long reached = -1;
    is_int(find(result, "NAME 199999", 0, 1000, &reached), -2, "budget ends");
    is_int(reached, 1000, "and says where");
    is_int(find(result, "NAME 199999", 199000, 5000, &reached), 199998,
           "found, whatever the case");
    is_int(find(result, "name 7", 2000, -3000, &reached), 798, "backwards");
    is_int(find(result, "nowhere", 199999, -1000000, &reached), -1, "not there");
    is_int(find(result, "nowhere", 199990, 1000, &reached), -1, "nor behind");
    is_int(find(result, "-12345", 0, 20000, &reached), 12344, "in numbers");
    result_page_release(&page);
    result_free(result);
    free(path);
}

/* Answers as text, cells with | between and rows with a blank. */
static void answers(const char *path, const struct text *sql, const char *want,
                    const char *title)
{
    struct error err = {0};
    struct text got = {0};
    sqlite3 *db = store_open(path, STORE_READ, &err);
    functions_register(db);
    sqlite3_stmt *stmt = store_prepare(db, text_string(sql), &err);
    while (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            text_append(&got, i > 0 ? "|" : got.length > 0 ? " " : "");
            text_append(&got, store_text(stmt, i));
        }
    }
    text_append(&got, err.message);
    is_text(text_string(&got), want, "%s", title);
    store_finish(stmt);
    store_close(db);
    text_release(&got);
}

static void add_filter(const struct result *result, struct result_view *view,
                       const char *typed)
{
    struct result_filter filter;
    struct error err = {0};
    ok(result_filter_parse(result, typed, 0, &filter, &err), "%s: understood%s", typed,
       err.message);
    result_view_filter(view, &filter);
}

static void views_are_sql(const char *folder)
{
    char *path = make_file(folder, "view.db",
                           "CREATE TABLE rows(c0, c1); INSERT INTO rows VALUES"
                           "(3, 'b'), (1, 'a'), (2, 'B'), (2, '100%'), (NULL, 'a_c')");
    struct result *result = open_file(path, "rows");
    /* Names that collide with those of other columns, and need quotes. */
    result_set_column(result, 0, "c1", NULL, NULL, NULL, NULL);
    result_set_column(result, 1, "it's \"x\"", NULL, NULL, NULL, NULL);
    struct text sql = {0};
    struct result_view *view = result_view_new();
    result_view_sort(view, (struct result_order){0, true}, false);
    result_view_sql(result, view, &sql);
    answers(path, &sql, "3|b 2|B 2|100% 1|a |a_c", "sorted down, ties in their order");
    text_clear(&sql);
    result_view_sort(view, (struct result_order){1, false}, false);
    result_view_sort(view, (struct result_order){0, true}, true);
    add_filter(result, view, "it's \"x\": B");
    result_view_sql(result, view, &sql);
    answers(path, &sql, "2|B 3|b", "filtered by one column");
    text_clear(&sql);
    result_view_describe(result, view, &sql);
    is_text(text_string(&sql), "by it's \"x\", c1 desc; it's \"x\" has B", "and told");
    text_clear(&sql);
    bool descending = false;
    is_int((long long)result_view_order(view, 0, &descending), 2, "the second order");
    ok(descending, "great first");
    result_view_free(view);
    static const struct {
        const char *typed, *want;
    } filters[] = {
        {"_", "|a_c"},
        {"2", "2|B 2|100%"},
        {"/^[a-b]$/", "3|b 1|a"},
        {"!a", "3|b 2|B 2|100%"},
        {"!/[bB]/", "1|a 2|100% |a_c"},
        {"> 1", "3|b 2|B 2|100%"},
        {"<= 2", "1|a 2|B 2|100%"},
        {"= 2", "2|B 2|100%"},
        {"= '2'", ""},
        {"!= 2", "3|b 1|a |a_c"},
        {"= null", "|a_c"},
        {"<> NULL", "3|b 1|a 2|B 2|100%"},
        {"c1 >= 3", "3|b"},
        {"c1>=3", "3|b"},
        {"it's \"x\" ~ ^[0-9]", "2|100%"},
        {"it's \"x\" !~ ^[0-9]", "3|b 1|a 2|B |a_c"},
        {"it's \"x\" > 2", "3|b 1|a 2|B |a_c"},
        {"it's \"x\" < a", "2|B 2|100%"},
        {"\\> 1", ""},
        {"\\!", ""},
    };
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        view = result_view_new();
        add_filter(result, view, filters[i].typed);
        result_view_sql(result, view, &sql);
        answers(path, &sql, filters[i].want, filters[i].typed);
        text_clear(&sql);
        result_view_free(view);
    }
    text_release(&sql);
    result_free(result);
    free(path);
}

static void wide_results_can_be_filtered(const char *folder)
{
    struct text create = {0};
    struct text sql = {0};
    text_append(&create, "CREATE TABLE rows(");
    for (int i = 0; i < 2000; i++) {
        text_printf(&create, "%sc%d DEFAULT %d", i > 0 ? "," : "", i, i);
    }
    text_append(&create, "); INSERT INTO rows(c0) VALUES('needle'), ('hay')");
    char *path = make_file(folder, "wide.db", create.data);
    struct result *result = open_file(path, "rows");
    struct result_view *view = result_view_new();
    add_filter(result, view, "needle");
    result_view_sql(result, view, &sql);
    result_view_free(view);
    struct error err = {0};
    sqlite3 *db = store_open(path, STORE_READ, &err);
    sqlite3_stmt *stmt = store_prepare(db, text_string(&sql), &err);
    int rows = 0;
    while (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
        rows++;
    }
    is_int(rows, 1, "2,000 columns filtered%s", err.message);
    store_finish(stmt);
    store_close(db);
    result_free(result);
    text_release(&create);
    text_release(&sql);
    free(path);
}

/* A filter made of a cell finds the cells that are the same, and none that only look so.
 */
static void cells_are_filters(const char *folder)
{
    static const char *const wants[] = {"1", "2", "3 8", "4", "5", "6", "7", "3 8"};
    char *path = make_file(folder, "cells.db",
                           "CREATE TABLE rows(c0, c1 NUMERIC);"
                           "INSERT INTO rows VALUES(1, 5), (2, x'0035'), (3, 0.1 + 0.2),"
                           "(4, NULL), (5, 'it''s'), (6, CAST(x'610062' AS TEXT)),"
                           "(7, '0.3x'), (8, 0.3)");
    struct result *result = open_file(path, "rows");
    for (long long row = 0; row < result_count(result); row++) {
        struct result_filter filter;
        struct text sql = {0};
        struct error err = {0};
        ok(result_filter_cell(result, row, 1, &filter, &err), "a cell%s", err.message);
        struct result_view *view = result_view_new();
        result_view_filter(view, &filter);
        text_clear(&sql);
        text_append(&sql, "SELECT c0 FROM (");
        result_view_sql(result, view, &sql);
        text_append(&sql, ")");
        answers(path, &sql, wants[row], "the same cells");
        result_view_free(view);
        text_release(&sql);
    }
    result_free(result);
    free(path);
}

static void numbers_add_up(const char *folder)
{
    char *path = make_file(folder, "sums.db",
                           "CREATE TABLE rows(c0, c1);"
                           "INSERT INTO rows VALUES(9007199254740993, 1e100), (2, 1.0),"
                           "(NULL, -1e100), ('x', 2.5)");
    struct result *result = open_file(path, "rows");
    struct result_sum whole = {0}, real = {0};
    struct error err = {0};
    ok(result_add(result, 0, 2, 0, &whole, &err) &&
           result_add(result, 2, 9, 0, &whole, &err),
       "added in two parts%s", err.message);
    is_int(whole.whole, 9007199254740995, "exactly, past what a double holds");
    is_int(whole.cells, 4, "cells");
    is_int(whole.numbers, 2, "numbers");
    is_int(whole.empty, 1, "NULLs");
    ok(!whole.is_broken && whole.low == 2, "whole, the least is 2");
    ok(result_add(result, 0, 4, 1, &real, &err), "reals%s", err.message);
    ok(real.is_broken && result_sum_total(&real) == 3.5, "the small ones are not lost");
    result_free(result);
    free(path);
}

static void what_cannot_be_read_is_told(const char *folder)
{
    struct error err = {0};
    char *path = make_file(folder, "some.db", "CREATE TABLE t(a)");
    ok(result_open(path, "rows", &err) == NULL, "no such table: %s", err.message);
    struct result *result = open_file(path, "t");
    is_int(result_count(result), 0, "an empty table has no rows");
    long long reached;
    is_int(find(result, "x", 0, 100, &reached), -1, "and nothing to find");
    result_free(result);
    free(path);
    path = path_join(folder, "text.db");
    path_write_file(path, "this is no database, it is a text", 33, 0600, &err);
    ok(result_open(path, "rows", &err) == NULL, "no database: %s", err.message);
    free(path);
    path = path_join(folder, "missing.db");
    ok(result_open(path, "rows", &err) == NULL, "no file: %s", err.message);
    free(path);
}

int main(void)
{
    char folder[] = "/tmp/mwb-test-XXXXXX";
    if (mkdtemp(folder) == NULL) {
        return EXIT_FAILURE;
    }
    cells_keep_their_kind(folder);
    any_page_costs_the_same(folder);
    views_are_sql(folder);
    wide_results_can_be_filtered(folder);
    cells_are_filters(folder);
    numbers_add_up(folder);
    what_cannot_be_read_is_told(folder);
    path_remove_tree(folder, NULL);
    return tap_done();
}
