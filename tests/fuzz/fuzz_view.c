/* fuzz_view: any text typed as a filter of rows. What is understood makes SQL that SQLite
 * takes, over names that hold quotes, and finds as many rows as the search does (which
 * looks at bytes, where LIKE looks at characters: so texts are ASCII); what is refused is
 * told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/functions.h"
#include "engine/path.h"
#include "engine/result.h"
#include "engine/store.h"
#include "tests/fuzz/fuzz.h"

static const char rows_sql[] = "CREATE TABLE rows(c0, c1 NUMERIC, c2);"
                               "INSERT INTO rows VALUES(1, '5', 'a_%'), (2.5, 5, "
                               "x'6162'), (NULL, '', 'it''s \"b\"')";

static struct result *make_rows(void)
{
    char folder[] = "/tmp/mwb-fuzz-XXXXXX";
    fuzz_must(mkdtemp(folder) != NULL, "there is room for rows");
    char *path = path_join(folder, "rows.db");
    sqlite3 *db = store_open(path, STORE_CREATE, NULL);
    fuzz_must(db != NULL && store_run(db, rows_sql, NULL), "the rows are there");
    store_close(db);
    struct result *result = result_open_finished(path, "rows", NULL);
    fuzz_must(result != NULL, "and are read");
    result_set_column(result, 2, "it's \"x\"", NULL, NULL, NULL, NULL);
    path_remove_tree(folder, NULL);
    free(path);
    return result;
}

static long long count_by_view(const struct result *result, const char *typed)
{
    struct result_view *view = result_view_new();
    struct result_filter filter;
    struct text sql = {0};
    long long rows = 0;
    fuzz_must(result_filter_parse(result, typed, 1, &filter, NULL), "typed again");
    result_view_filter(view, &filter);
    result_view_sql(result, view, &sql);
    sqlite3 *db = store_open(NULL, STORE_MEMORY, NULL);
    functions_register(db);
    store_run(db, rows_sql, NULL);
    sqlite3_stmt *stmt = store_prepare(db, text_string(&sql), NULL);
    fuzz_must(stmt != NULL, "a view is SQL");
    while (store_step(stmt, NULL) == STORE_ROW) {
        rows++;
    }
    store_finish(stmt);
    store_close(db);
    text_release(&sql);
    result_view_free(view);
    return rows;
}

static long long count_by_search(struct result *result,
                                 const struct result_filter *filter)
{
    struct result_search search = {.filter = filter, .budget = 100};
    long long rows = 0, reached, found;
    while ((found = result_find(result, &search, &reached)) >= 0) {
        search.from = found + 1;
        rows++;
    }
    return rows;
}

static bool is_ascii(const char *text)
{
    while (*text > 0) {
        text++;
    }
    return *text == '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct result *result; /* one for all inputs */
    double since = fuzz_clock();
    if (result == NULL) {
        result = make_rows();
    }
    char *typed = string_copy_bytes((const char *)data, size);
    struct result_filter filter;
    struct error err = {0};
    if (result_filter_parse(result, typed, 1, &filter, &err)) {
        struct text told = {0};
        result_filter_describe(result, &filter, &told);
        fuzz_must(told.length > 0, "a filter can be told");
        long long kept = count_by_view(result, typed);
        fuzz_must(!is_ascii(typed) || kept == count_by_search(result, &filter),
                  "the search finds what the filter keeps");
        text_release(&told);
        result_filter_release(&filter);
    } else {
        fuzz_must(err.message[0] != '\0', "a refusal is told");
    }
    free(typed);
    fuzz_must_be_quick(since);
    return 0;
}
