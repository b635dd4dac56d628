/* Fuzzing of promises: the first line is a metric, the second its argument, the rest a
 * value, as text, and as the number it begins with. Whatever they are, an answer comes,
 * the same one twice, and NULL breaks nothing but promises about NULL. The same bytes are
 * read as checks of a child. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/quality.h"
#include "engine/quality/test.h"
#include "tests/fuzz/fuzz.h"

/* Up to the end of the line. */
static char *take_line(const char **text, size_t *left)
{
    const char *end = memchr(*text, '\n', *left);
    size_t length = end != NULL ? (size_t)(end - *text) : *left;
    char *line = string_copy_bytes(*text, length);
    *text += end != NULL ? length + 1 : length;
    *left -= end != NULL ? length + 1 : length;
    return line;
}

static void try_value(const struct quality_test *test, struct quality_value value)
{
    struct quality_value again = value;
    fuzz_must(quality_test_fails(test, &value) == quality_test_fails(test, &again),
              "a value is judged the same twice");
}

static void try_test(const struct quality_test *test, const char *metric,
                     const char *value, size_t length)
{
    char *own =
        string_copy_bytes(value, length); /* its end is the end of what may be read */
    struct quality_value nothing = {.type = SQLITE_NULL};
    bool is_about_null = string_equal(metric, "nullValues") ||
                         string_equal(metric, "required") ||
                         string_equal(metric, "missingValues");
    fuzz_must(quality_test_fails(test, &nothing) == is_about_null, "NULL is judged so");
    try_value(test,
              (struct quality_value){.type = SQLITE_TEXT, .text = own, .length = length});
    try_value(test,
              (struct quality_value){.type = SQLITE_BLOB, .text = own, .length = length});
    try_value(test,
              (struct quality_value){.type = SQLITE_FLOAT, .real = strtod(own, NULL)});
    long long whole = strtoll(own, NULL, 10);
    try_value(test, (struct quality_value){
                        .type = SQLITE_INTEGER, .integer = whole, .real = (double)whole});
    free(own);
}

static void try_checks(const uint8_t *data, size_t size)
{
    struct array checks = ARRAY_OF(struct quality_check);
    if (quality_unpack(data, size, &checks)) {
        struct text packed = {0};
        quality_pack(&checks, &packed);
        fuzz_must(packed.length == size, "what was read is written again");
        text_release(&packed);
    }
    quality_release(&checks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double since = fuzz_clock();
    const char *text = (const char *)data;
    size_t left = size;
    struct text why = {0};
    char *metric = take_line(&text, &left);
    char *argument = take_line(&text, &left);
    struct quality_test *test = quality_test_new(metric, argument, &why);
    fuzz_must((test == NULL) == (why.length > 0), "what is no test says why");
    if (test != NULL) {
        try_test(test, metric, text, left);
    }
    quality_test_free(test);
    text_release(&why);
    free(metric);
    free(argument);
    try_checks(data, size);
    fuzz_must_be_quick(since);
    return 0;
}
