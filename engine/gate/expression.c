/* gate/expression: what may stand in a statement that counts.
 *
 * Of a row, as in WHERE: nothing that can fail on one value and not on another, for the
 * error would tell which it met. Of a group: nothing that tells of one of its rows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/gate/private.h"

#include <stdlib.h>
#include <string.h>

/* They give something for every value, and nothing large. */
static const char *const functions[] = {
    "coalesce",  "date",      "datetime", "ifnull",    "iif",    "instr",
    "julianday", "length",    "lower",    "ltrim",     "nullif", "round",
    "rtrim",     "strftime",  "substr",   "substring", "time",   "trim",
    "typeof",    "unixepoch", "upper",    NULL,
};
static const char *const aggregates[] = {"count", "sum", "total", "avg", "stddev", NULL};
static const char *const keywords[] = {
    "AND",          "OR",           "NOT",
    "IN",           "IS",           "NULL",
    "LIKE",         "GLOB",         "BETWEEN",
    "CASE",         "WHEN",         "THEN",
    "ELSE",         "END",          "ISNULL",
    "NOTNULL",      "COLLATE",      "ESCAPE",
    "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP",
    "TRUE",         "FALSE",        "FROM",
    NULL,
};

static bool is_among(const struct shape *shape, size_t index, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (shape_is(shape, index, *words)) {
            return true;
        }
    }
    return false;
}

const struct shape_item *shape_aliased(const struct shape *shape,
                                       const struct shape_word *word)
{
    const struct shape_item *found = NULL;
    char *name = word->kind == SQL_NAME ? shape_name(word) : NULL;
    for (size_t i = 0; name != NULL && i < shape->item_list.count; i++) {
        const struct shape_item *item = array_at(&shape->item_list, i);
        if (item->alias != NULL && string_equal_fold(item->alias, name)) {
            found = found == NULL ? item : NULL;
        }
    }
    bool is_column = name != NULL && shape_has_column(shape, name);
    free(name);
    return is_column ? NULL : found;
}

/* ---- Signs that both kinds share ---- */

/* The pattern is a short text: a pattern that is too complex fails. */
static bool has_plain_pattern(const struct shape *shape, size_t index)
{
    enum { LONGEST = 1000 };
    const struct shape_word *pattern = shape_word_at(shape, index + 1);
    const struct shape_word *next = shape_word_at(shape, index + 2);
    return pattern->kind == SQL_STRING && pattern->length <= LONGEST &&
           (next->kind != SQL_OPERATOR || shape_is(shape, index + 2, ")") ||
            shape_is(shape, index + 2, ","));
}

/* CAST ( ... AS TYPE ): gives the place of the bracket behind the type, 0: it is none. */
static size_t type_end(const struct shape *shape, size_t index, size_t to)
{
    size_t at = index + 1;
    while (at < to && (shape_word_at(shape, at)->kind == SQL_NAME ||
                       shape_word_at(shape, at)->kind == SQL_KEYWORD)) {
        at++;
    }
    return at < to && at > index + 1 && shape_is(shape, at, ")") ? at : 0;
}

static bool check_keyword(const struct shape *shape, size_t index, struct error *err)
{
    const struct shape_word *word = shape_word_at(shape, index);
    bool is_like = shape_is(shape, index, "LIKE") || shape_is(shape, index, "GLOB");
    if (!is_among(shape, index, keywords)) {
        return shape_refuse(shape, err, "%.*s is not understood there", (int)word->length,
                            word->at);
    }
    if (is_like && !has_plain_pattern(shape, index)) {
        return shape_refuse(shape, err,
                            "the pattern of %.*s is not just a text in quotes",
                            (int)word->length, word->at);
    }
    if (shape_is(shape, index, "ESCAPE") &&
        (shape_word_at(shape, index + 1)->kind != SQL_STRING ||
         shape_word_at(shape, index + 1)->length != 3)) {
        return shape_refuse(shape, err, "ESCAPE needs one sign in quotes");
    }
    if (shape_is(shape, index, "IN") && !shape_is(shape, index + 1, "(")) {
        return shape_refuse(shape, err, "IN reads a table; write its values in brackets");
    }
    return true;
}

/* ---- Of a row ---- */

static bool check_row_name(const struct shape *shape, size_t index, struct error *err)
{
    const struct shape_word *word = shape_word_at(shape, index);
    if (!shape_is(shape, index + 1, "(") || is_among(shape, index, functions)) {
        return true;
    }
    return shape_refuse(shape, err,
                        "%.*s() is not for single rows there, or may fail on a value, "
                        "which tells of it",
                        (int)word->length, word->at);
}

bool shape_check_row(struct shape *shape, struct shape_range range, struct error *err)
{
    for (size_t i = range.from; i < range.to; i++) {
        const struct shape_word *word = shape_word_at(shape, i);
        bool done = true;
        if (shape_is(shape, i, "AS")) {
            size_t end = type_end(shape, i, range.to);
            done = end != 0 || shape_refuse(shape, err, "AS is not understood there");
            i = done ? end : i;
        } else if (shape_is(shape, i, "CAST") && shape_is(shape, i + 1, "(")) {
            continue;
        } else if (word->kind == SQL_KEYWORD && !is_among(shape, i, functions)) {
            done = check_keyword(shape, i, err);
        } else if (word->kind == SQL_NAME || word->kind == SQL_KEYWORD) {
            done = check_row_name(shape, i, err);
        } else if (shape_is(shape, i, "*") &&
                   (i == range.from || shape_is(shape, i - 1, ".") ||
                    shape_is(shape, i - 1, "(") || shape_is(shape, i - 1, ","))) {
            done = shape_refuse(shape, err, "* gives rows");
        }
        if (!done) {
            return false;
        }
    }
    return true;
}

/* ---- Of a group ---- */

/* NAME, NAME.NAME or NAME.NAME.NAME at `from`: its end. */
static size_t path_end(const struct shape *shape, size_t from)
{
    size_t at = from + 1;
    while (at < from + 5 && shape_is(shape, at, ".") &&
           shape_word_at(shape, at + 1)->kind == SQL_NAME) {
        at += 2;
    }
    return at;
}

static bool is_own_alias(const struct shape *shape, const struct shape_word *word)
{
    char *name = shape_name(word);
    bool is = false;
    for (size_t i = 0; i < shape->item_list.count && !is; i++) {
        const struct shape_item *item = array_at(&shape->item_list, i);
        is = item->alias != NULL && string_equal_fold(item->alias, name);
    }
    free(name);
    return is;
}

static void add_argument(struct shape *shape, struct shape_range range)
{
    for (size_t i = 0; i < shape->arguments.count; i++) {
        if (shape_equal(shape, *(struct shape_range *)array_at(&shape->arguments, i),
                        range)) {
            return;
        }
    }
    *(struct shape_range *)array_push(&shape->arguments) = range;
}

/* count(*), count([DISTINCT] COLUMN), sum(COLUMN) ...: the place behind it; 0: refused.
 * An expression could leave out all rows but one. */
static size_t read_aggregate(struct shape *shape, size_t index, struct error *err)
{
    bool is_count = shape_is(shape, index, "count");
    size_t at = index + 2;
    if (is_count && (shape_is(shape, at, "*") || shape_is(shape, at, ")"))) {
        at += shape_is(shape, at, "*");
        if (shape_is(shape, at, ")")) {
            return at + 1;
        }
    }
    at += is_count && shape_is(shape, at, "DISTINCT");
    const struct shape_word *word = shape_word_at(shape, at);
    size_t end = word->kind == SQL_NAME ? path_end(shape, at) : at;
    if (end == at || !shape_is(shape, end, ")") ||
        (end == at + 1 && is_own_alias(shape, word))) {
        const struct shape_word *name = shape_word_at(shape, index);
        shape_refuse(shape, err,
                     "%.*s() is not just of a column here, which could leave out all "
                     "rows of a group but one",
                     (int)name->length, name->at);
        return 0;
    }
    add_argument(shape, (struct shape_range){at, end});
    return end + 1;
}

static bool is_key_path(const struct shape *shape, struct shape_range path)
{
    for (size_t i = 0; i < shape->group_list.count; i++) {
        if (shape_equal(shape, *(struct shape_range *)array_at(&shape->group_list, i),
                        path)) {
            return true;
        }
    }
    return false;
}

/* A function, a key, an item's alias: the place behind it; 0: refused. */
static size_t read_group_name(struct shape *shape, size_t index, struct error *err)
{
    const struct shape_word *word = shape_word_at(shape, index);
    if (shape_is(shape, index + 1, "(")) {
        if (is_among(shape, index, aggregates)) {
            return read_aggregate(shape, index, err);
        }
        if (is_among(shape, index, functions)) {
            return index + 1;
        }
        shape_refuse(shape, err,
                     "%.*s() may tell of one row of a group, or fail on a value",
                     (int)word->length, word->at);
        return 0;
    }
    size_t end = path_end(shape, index);
    if (is_key_path(shape, (struct shape_range){index, end}) ||
        (end == index + 1 && shape_aliased(shape, word) != NULL)) {
        return end;
    }
    shape_refuse(shape, err,
                 "%.*s is neither a key as it stands in GROUP BY nor summed up",
                 (int)word->length, word->at);
    return 0;
}

bool shape_check_group(struct shape *shape, struct shape_range range, struct error *err)
{
    for (size_t i = range.from; i < range.to;) {
        const struct shape_word *word = shape_word_at(shape, i);
        if (shape_is(shape, i, "AS")) {
            i = type_end(shape, i, range.to);
            if (i == 0) {
                return shape_refuse(shape, err, "AS is not understood there");
            }
        } else if (shape_is(shape, i, "CAST") && shape_is(shape, i + 1, "(")) {
            i++;
        } else if (word->kind == SQL_NAME ||
                   (word->kind == SQL_KEYWORD && is_among(shape, i, functions))) {
            i = read_group_name(shape, i, err);
            if (i == 0) {
                return false;
            }
        } else if (word->kind == SQL_KEYWORD) {
            if (!check_keyword(shape, i, err)) {
                return false;
            }
            i++;
        } else if (shape_is(shape, i, "*") && i == range.from) {
            return shape_refuse(shape, err, "* gives rows");
        } else {
            i++;
        }
    }
    return true;
}
