/* quality/promises: what a contract promises about the single values of one column, to
 * hold values against while they are shown.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/quality/test.h"

struct promise {
    struct quality_test *test;
    char *words;
};

struct quality_promises {
    struct array list; /* of struct promise */
};

/* How a broken promise is told of one value: WORDS and the argument, unless it is JSON.
 */
static const struct {
    const char *metric, *words;
} broken[] = {
    {"required", "empty, and must not be"},
    {"nullValues", "empty, and must not be"},
    {"missingValues", "stands for nothing"},
    {"invalidValues", "not a valid value"},
    {"enum", "none of the values that may be"},
    {"type", "not of the type"},
    {"minLength", "shorter than"},
    {"maxLength", "longer than"},
    {"minimum", "below"},
    {"maximum", "above"},
    {"exclusiveMinimum", "not above"},
    {"exclusiveMaximum", "not below"},
    {"multipleOf", "no multiple of"},
    {"pattern", "does not match"},
    {"format", "does not have the format"},
};

static char *words_for(const struct quality_check *check)
{
    const char *argument = check->arguments;
    bool is_plain = argument != NULL && strchr("[{", argument[0]) == NULL;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        if (string_equal(broken[i].metric, check->metric)) {
            return string_printf("%s%s%.60s", broken[i].words, is_plain ? " " : "",
                                 is_plain ? argument : "");
        }
    }
    return string_copy(check->metric);
}

/* A rule that puts up with some is no promise about each. */
static bool is_about_each(const struct quality_check *check)
{
    bool is_schema = string_equal(check->type, "schema");
    bool is_strict =
        string_equal(check->type, "library") &&
        ((string_equal(check->op, "mustBe") && string_equal(check->lo, "0")) ||
         (string_equal(check->op, "mustBeLessOrEqualTo") &&
          string_equal(check->hi, "0")));
    return (is_schema || is_strict) && check->metric != NULL &&
           quality_test_is_known(check->metric);
}

static bool is_of_column(const struct quality_check *check, const char *table,
                         const char *column)
{
    return check->table != NULL && check->column != NULL &&
           string_equal_fold(check->table, table) &&
           string_equal_fold(check->column, column);
}

static void add_promise(struct quality_promises *promises,
                        const struct quality_check *check)
{
    struct text why = {0};
    struct quality_test *test = quality_test_new(check->metric, check->arguments, &why);
    if (test != NULL) {
        *(struct promise *)array_push(&promises->list) =
            (struct promise){test, words_for(check)};
    }
    text_release(&why);
}

struct quality_promises *quality_promises_new(const struct array *checks,
                                              const char *table, const char *column)
{
    struct quality_promises *promises = memory_new(sizeof *promises);
    promises->list = (struct array)ARRAY_OF(struct promise);
    for (size_t i = 0; i < checks->count; i++) {
        const struct quality_check *check = array_at(checks, i);
        if (is_about_each(check) && is_of_column(check, table, column)) {
            add_promise(promises, check);
        }
    }
    if (promises->list.count == 0) {
        quality_promises_free(promises);
        return NULL;
    }
    return promises;
}

void quality_promises_free(struct quality_promises *promises)
{
    if (promises == NULL) {
        return;
    }
    for (size_t i = 0; i < promises->list.count; i++) {
        struct promise *promise = array_at(&promises->list, i);
        quality_test_free(promise->test);
        free(promise->words);
    }
    array_release(&promises->list);
    free(promises);
}

const char *quality_promises_broken(const struct quality_promises *promises,
                                    enum quality_storage storage, const char *bytes,
                                    size_t length)
{
    static const int types[] = {[QUALITY_IS_NULL] = SQLITE_NULL,
                                [QUALITY_IS_INTEGER] = SQLITE_INTEGER,
                                [QUALITY_IS_REAL] = SQLITE_FLOAT,
                                [QUALITY_IS_TEXT] = SQLITE_TEXT,
                                [QUALITY_IS_BLOB] = SQLITE_BLOB};
    int type = types[storage];
    struct quality_value value = {.type = type, .text = bytes, .length = length};
    if (type == SQLITE_INTEGER) {
        value.integer = strtoll(bytes, NULL, 10);
        value.real = (double)value.integer;
    } else if (type == SQLITE_FLOAT) {
        value.real = strtod(bytes, NULL);
    }
    for (size_t i = 0; i < promises->list.count; i++) {
        const struct promise *promise = array_at(&promises->list, i);
        if (quality_test_fails(promise->test, &value)) {
            return promise->words;
        }
    }
    return NULL;
}
