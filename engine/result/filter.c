/* result/filter: what people type to keep some rows, and how it is told again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/result/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/pattern.h"

enum { OPERAND_MOST = 1 << 20 };

struct sign {
    const char *text;
    enum result_test test;
    bool is_not;
    bool needs_column; /* stands behind the name of a column only */
};

/* The longer before those that they begin with. */
static const struct sign signs[] = {
    {"<>", RESULT_IS, true, false},        {"!=", RESULT_IS, true, false},
    {">=", RESULT_AT_LEAST, false, false}, {"<=", RESULT_AT_MOST, false, false},
    {"==", RESULT_IS, false, false},       {"!~", RESULT_MATCHES, true, true},
    {">", RESULT_GREATER, false, false},   {"<", RESULT_LESS, false, false},
    {"=", RESULT_IS, false, false},        {"~", RESULT_MATCHES, false, true},
    {":", RESULT_HAS, false, true},
};

static const struct sign *sign_at(const char *text)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (string_starts(text, signs[i].text)) {
            return &signs[i];
        }
    }
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Decimal only: strtod() would also take "inf", "0x1p3" and the like. */
bool result_is_number(const char *text)
{
    char *end;
    if (text[0] == '\0' || strspn(text, "+-.0123456789eE") != strlen(text) ||
        !(isdigit((unsigned char)text[0]) || strchr("+-.", text[0]) != NULL)) {
        return false;
    }
    strtod(text, &end);
    return *end == '\0' && end != text;
}

/* The column that the first `length` bytes name, without blanks around; -1: none. */
static int column_named(const struct result *result, const char *text, size_t length)
{
    while (length > 0 && is_blank(text[length - 1])) {
        length--;
    }
    for (size_t i = 0; i < result->columns.count; i++) {
        char *name = string_copy_bytes(text, length);
        bool is_it = string_equal_fold(result_column(result, i)->name, name);
        free(name);
        if (is_it) {
            return (int)i;
        }
    }
    return -1;
}

/* COLUMN SIGN ...: the sign behind the name of a column. */
static const struct sign *find_sign(const struct result *result, const char *typed,
                                    const char **operand, int *column)
{
    for (const char *p = typed; *p != '\0'; p++) {
        const struct sign *sign = p > typed ? sign_at(p) : NULL;
        int named = sign != NULL ? column_named(result, typed, (size_t)(p - typed)) : -1;
        if (named >= 0) {
            *column = named;
            *operand = p + strlen(sign->text);
            return sign;
        }
    }
    return NULL;
}

static bool check_expression(const char *expression, struct error *err)
{
    struct text why = {0};
    struct pattern *pattern = pattern_new(expression, PATTERN_PERL, &why);
    bool good =
        pattern != NULL ||
        error_set(err, ERROR_USAGE,
                  "could not understand the expression: %s; a text to look for as "
                  "it stands needs no slashes",
                  text_string(&why));
    pattern_free(pattern);
    text_release(&why);
    return good;
}

/* 'EMEA' and "EMEA" are EMEA, and null is NULL, unless it is in quotes. */
static void take_operand(struct result_filter *filter, const char *typed)
{
    while (is_blank(*typed)) {
        typed++;
    }
    size_t length = strlen(typed);
    while (length > 0 && is_blank(typed[length - 1])) {
        length--;
    }
    bool is_quoted = length >= 2 && (typed[0] == '\'' || typed[0] == '"') &&
                     typed[length - 1] == typed[0];
    filter->type = RESULT_TEXT;
    text_append_bytes(&filter->operand, typed + is_quoted, length - 2 * is_quoted);
    if (!is_quoted && filter->test == RESULT_IS &&
        string_equal_fold(text_string(&filter->operand), "null")) {
        filter->type = RESULT_NULL;
    }
    if (is_quoted && filter->test == RESULT_IS) {
        filter->is_exact = true; /* '5' is no number */
    }
}

/* !text, /expression/, text */
static bool parse_text(const char *typed, struct result_filter *filter, struct error *err)
{
    filter->column = -1;
    filter->is_not = typed[0] == '!' && typed[1] != '\0';
    typed += filter->is_not;
    size_t length = strlen(typed);
    filter->type = RESULT_TEXT;
    if (length >= 3 && typed[0] == '/' && typed[length - 1] == '/') {
        filter->test = RESULT_MATCHES;
        text_append_bytes(&filter->operand, typed + 1, length - 2);
        return check_expression(text_string(&filter->operand), err);
    }
    filter->test = RESULT_HAS;
    text_append(&filter->operand, typed + (typed[0] == '\\' && length > 1));
    return true;
}

static bool parse_comparison(const struct sign *sign, const char *operand,
                             struct result_filter *filter, struct error *err)
{
    filter->test = sign->test;
    filter->is_not = sign->is_not;
    take_operand(filter, operand);
    if (filter->column < 0 && filter->test != RESULT_MATCHES) {
        return error_set(err, ERROR_USAGE,
                         "\"%s\" compares the cells of which column? write COLUMN %s "
                         "VALUE",
                         sign->text, sign->text);
    }
    return filter->test != RESULT_MATCHES ||
           check_expression(text_string(&filter->operand), err);
}

bool result_filter_parse(const struct result *result, const char *typed, int column,
                         struct result_filter *filter, struct error *err)
{
    *filter = (struct result_filter){.column = column};
    while (is_blank(*typed)) {
        typed++;
    }
    if (typed[0] == '\0') {
        return error_set(err, ERROR_USAGE,
                         "a filter is a text, /an expression/ or a comparison as > 5");
    }
    const char *operand = NULL;
    const struct sign *sign = sign_at(typed);
    if (sign != NULL && !sign->needs_column) {
        operand = typed + strlen(sign->text);
    } else {
        sign = typed[0] == '\\' || typed[0] == '/'
                   ? NULL
                   : find_sign(result, typed, &operand, &filter->column);
    }
    bool done = sign != NULL ? parse_comparison(sign, operand, filter, err)
                             : parse_text(typed, filter, err);
    if (!done) {
        result_filter_release(filter);
    }
    return done;
}

bool result_filter_cell(struct result *result, long long row, size_t column,
                        struct result_filter *filter, struct error *err)
{
    *filter = (struct result_filter){
        .column = (int)column, .test = RESULT_IS, .is_exact = true};
    if (!result_cell(result, row, column, &filter->operand, &filter->type, err)) {
        result_filter_release(filter);
        return false;
    }
    if (filter->operand.length > OPERAND_MOST) {
        result_filter_release(filter);
        return error_set(err, ERROR_FAILED,
                         "the cell is too long to be compared with others; filter by a "
                         "part of it");
    }
    return true;
}

void result_filter_release(struct result_filter *filter)
{
    text_release(&filter->operand);
    *filter = (struct result_filter){0};
}

void result_filter_describe(const struct result *result,
                            const struct result_filter *filter, struct text *out)
{
    static const char *const words[] = {
        [RESULT_HAS] = "has",    [RESULT_MATCHES] = "~",  [RESULT_IS] = "=",
        [RESULT_LESS] = "<",     [RESULT_AT_MOST] = "<=", [RESULT_GREATER] = ">",
        [RESULT_AT_LEAST] = ">="};
    if (filter->is_not) {
        text_append(out, filter->test == RESULT_IS ? "" : "not ");
    }
    if (filter->column >= 0) {
        text_printf(out, "%s ", result_column(result, (size_t)filter->column)->name);
    }
    text_printf(out, "%s%s ", filter->is_not && filter->test == RESULT_IS ? "!" : "",
                words[filter->test]);
    if (filter->type == RESULT_NULL) {
        text_append(out, "NULL");
    } else if (filter->type == RESULT_BLOB) {
        text_append_count(out, (long long)filter->operand.length, "byte");
    } else {
        size_t length = filter->operand.length < 60 ? filter->operand.length : 60;
        text_append_bytes(out, text_string(&filter->operand), length);
        text_append(out, length < filter->operand.length ? " ..." : "");
    }
}
