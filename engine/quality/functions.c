/* quality/functions: conforms(value, promise [, argument]) for SQL: what the passes count
 * by, so that whoever doubts a count can run the statement that proves it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions.h"
#include "engine/quality.h"

#include <stdlib.h>

#include "engine/quality/test.h"
#include "engine/store.h"

/* A test is kept from row to row, as long as it is asked the same. */
struct kept_test {
    struct quality_test *test;
    char *metric, *argument;
};

static void free_kept(void *own)
{
    struct kept_test *kept = own;
    quality_test_free(kept->test);
    free(kept->metric);
    free(kept->argument);
    free(kept);
}

static struct kept_test *keep_test(const char *metric, const char *argument,
                                   struct text *why)
{
    struct quality_test *test = quality_test_new(metric, argument, why);
    struct kept_test *kept = test != NULL ? memory_new(sizeof *kept) : NULL;
    if (kept != NULL) {
        *kept = (struct kept_test){test, string_copy(metric), string_copy(argument)};
    }
    return kept;
}

static void answer(sqlite3_context *context, const struct kept_test *kept,
                   sqlite3_value *cell)
{
    struct quality_value value;
    quality_value_take(&value, cell);
    sqlite3_result_int(context, !quality_test_fails(kept->test, &value));
}

static void conforms(sqlite3_context *context, int count, sqlite3_value **args)
{
    const char *metric = count > 1 ? (const char *)sqlite3_value_text(args[1]) : NULL;
    const char *argument = count > 2 ? (const char *)sqlite3_value_text(args[2]) : NULL;
    if (metric == NULL || count > 3) {
        sqlite3_result_error(context,
                             "conforms() takes a value, a promise, and perhaps "
                             "an argument",
                             -1);
        return;
    }
    struct kept_test *kept = sqlite3_get_auxdata(context, 1);
    if (kept != NULL && string_equal(kept->metric, metric) &&
        string_equal(kept->argument, argument)) {
        answer(context, kept, args[0]);
        return;
    }
    struct text why = {0};
    kept = keep_test(metric, argument, &why);
    if (kept == NULL) {
        sqlite3_result_error(context, text_string(&why), -1);
    } else {
        answer(context, kept, args[0]);
        sqlite3_set_auxdata(context, 1, kept, free_kept);
    }
    text_release(&why);
}

bool quality_functions(sqlite3 *db, struct error *err)
{
    functions_register(db);
    return sqlite3_create_function_v2(db, "conforms", -1,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, conforms,
                                      NULL, NULL, NULL) == SQLITE_OK ||
           store_failed(db, err);
}
