/* quality/test: does one value keep one promise? The same code counts in the passes and
 * stands behind the SQL function conforms(value, promise, argument), so that a count and
 * the statement that proves it cannot disagree.
 *
 * Promises (the metric of a check) and their arguments:
 *   nullValues, required                   -
 *   missingValues                          JSON list of what stands for nothing
 *   invalidValues, enum                    JSON list of what may be, or of invalidValues
 *                                          an object: validValues, pattern, missingValues
 *   type                                   a logical type of any of the standards
 *   minLength maxLength                    characters
 *   minimum maximum exclusiveMinimum exclusiveMaximum    a number, or a date or time
 *   multipleOf                             a number above 0
 *   pattern                                ECMA-262, unanchored
 *   format                                 email uuid uri ... i8 ... f64
 * NULL keeps every promise but the first three; a value of another type than a promise is
 * about keeps it: that it is of the wrong type is counted once, by `type`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_QUALITY_TEST_H
#define MWB_QUALITY_TEST_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/text.h"

/* A cell. The text of a number is made when it is asked for. */
struct quality_value {
    int type; /* SQLITE_INTEGER ... */
    long long integer;
    double real;
    const char *text; /* NULL: not made yet */
    size_t length;
    char buffer[40];
};
void quality_value_take(struct quality_value *value, sqlite3_value *from);
void quality_value_print(struct quality_value *value); /* sets text and length */

struct quality_test;
/* NULL and a sentence (appended) when the argument makes no sense or cannot be followed.
 * One thread a test. */
struct quality_test *quality_test_new(const char *metric, const char *argument,
                                      struct text *why);
void quality_test_free(struct quality_test *test); /* NULL is fine */
bool quality_test_fails(const struct quality_test *test, struct quality_value *value);
/* Is this promise one about single values? */
bool quality_test_is_known(const char *metric);

/* ---- forms.c: what texts look like ---- */

/* A shape that a text may have. */
struct quality_form {
    const char *name;
    bool (*fits)(const char *text, size_t length);
};
/* email uuid uri hostname ipv4 ipv6 byte; NULL: not known */
const struct quality_form *quality_form_named(const char *name);
bool quality_form_date(const char *text, size_t length);
bool quality_form_time(const char *text, size_t length);
bool quality_form_timestamp(const char *text, size_t length);
bool quality_form_year(const char *text, size_t length);
bool quality_form_month(const char *text, size_t length);
bool quality_form_duration(const char *text, size_t length);

/* ---- words.c: lists of JSON ---- */

/* The items of a JSON list of scalars as text; *has_null: null was among them. False: it
 * is no such list. Array of char *. */
bool quality_words_read(const char *json, struct array *words, bool *has_null);
void quality_words_release(struct array *words);
/* A member of a JSON object as JSON; NULL: there is none. Yours. */
char *quality_member(const char *json, const char *key);
/* The same of a scalar, as text. Yours. */
char *quality_member_text(const char *json, const char *key);

#endif
