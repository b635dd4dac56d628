/* gate/shape: takes a statement that counts apart: its clauses, what it gives, its keys.
 * Whatever is not understood is refused: a form that nobody thought of tells nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/gate/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

/* ---- Words ---- */

const struct shape_word *shape_word_at(const struct shape *shape, size_t index)
{
    static const struct shape_word end = {.kind = SQL_SPACE, .at = ""};
    const struct shape_word *word = array_at(&shape->words, index);
    return word != NULL ? word : &end;
}

bool shape_is(const struct shape *shape, size_t index, const char *word)
{
    const struct shape_word *at = shape_word_at(shape, index);
    return strlen(word) == at->length && at->kind != SQL_STRING &&
           sqlite3_strnicmp(at->at, word, (int)at->length) == 0;
}

char *shape_name(const struct shape_word *word)
{
    struct text name = {0};
    char open = word->length > 1 ? word->at[0] : '\0';
    bool quoted = open != '\0' && strchr("\"`['", open) != NULL;
    size_t end = word->length - quoted;
    for (size_t i = quoted; i < end; i++) {
        text_append_char(&name, word->at[i]);
        bool doubled = quoted && open != '[' && word->at[i] == open && i + 1 < end;
        i += doubled;
    }
    return name.data != NULL ? text_take(&name) : string_copy("");
}

static bool is_equal(const struct shape_word *one, const struct shape_word *other)
{
    bool names = (one->kind == SQL_NAME || one->kind == SQL_KEYWORD) &&
                 (other->kind == SQL_NAME || other->kind == SQL_KEYWORD);
    if (!names) {
        return one->kind == other->kind && one->length == other->length &&
               memcmp(one->at, other->at, one->length) == 0;
    }
    char *first = shape_name(one), *second = shape_name(other);
    bool equal = string_equal_fold(first, second);
    free(first);
    free(second);
    return equal;
}

bool shape_equal(const struct shape *shape, struct shape_range one,
                 struct shape_range other)
{
    if (one.to - one.from != other.to - other.from) {
        return false;
    }
    for (size_t i = 0; i < one.to - one.from; i++) {
        if (!is_equal(shape_word_at(shape, one.from + i),
                      shape_word_at(shape, other.from + i))) {
            return false;
        }
    }
    return true;
}

/* As it was written, for columns are called so; but a comment could hide what follows. */
void shape_append(const struct shape *shape, struct shape_range range, struct text *out)
{
    const char *end = NULL;
    for (size_t i = range.from; i < range.to; i++) {
        const struct shape_word *word = shape_word_at(shape, i);
        size_t gap = end != NULL ? (size_t)(word->at - end) : 0;
        bool is_blank = gap == 0 || strspn(end, " \t\n\r\f") >= gap;
        text_append_bytes(out, is_blank ? end : " ", is_blank ? gap : 1);
        text_append_bytes(out, word->at, word->length);
        end = word->at + word->length;
    }
}

bool shape_refuse(const struct shape *shape, struct error *err, const char *format, ...)
{
    const struct gate_group *group = array_at(shape->asked->groups, 0);
    struct text why = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&why, format, args);
    va_end(args);
    error_set(err, ERROR_FAILED,
              "%s.%s is told in groups of at least %lld rows only, and %s; write one "
              "SELECT of keys and of count, sum, total, avg or stddev of columns, as in "
              "SELECT KEY, count(*) FROM %s.%s GROUP BY KEY",
              group->schema, group->table, group->at_least, text_string(&why),
              group->schema, group->table);
    text_release(&why);
    return false;
}

static bool read_words(struct shape *shape, struct error *err)
{
    enum { MOST_WORDS = 5000 };
    struct sql_token token = {0};
    const char *sql = shape->asked->sql;
    while (sql_next(sql, shape->asked->length, token.start + token.length, &token)) {
        if (token.kind == SQL_SPACE || token.kind == SQL_COMMENT) {
            continue;
        }
        if (token.kind == SQL_BROKEN || token.kind == SQL_SEMICOLON ||
            shape->words.count == MOST_WORDS) {
            return shape_refuse(shape, err, "the statement is too long or not one");
        }
        struct shape_word *word = array_push(&shape->words);
        *word = (struct shape_word){token.kind, sql + token.start, token.length};
    }
    return true;
}

/* ---- What makes groups of others, or looks past them ---- */

static const struct {
    const char *word, *why;
} forbidden[] = {
    {"VALUES", "VALUES makes rows that cannot be told from its own"},
    {"WITH", "WITH is not looked through"},
    {"UNION", "UNION, INTERSECT and EXCEPT compare groups that are left out"},
    {"INTERSECT", "UNION, INTERSECT and EXCEPT compare groups that are left out"},
    {"EXCEPT", "UNION, INTERSECT and EXCEPT compare groups that are left out"},
    {"OVER", "windows tell of single rows"},
    {"WINDOW", "windows tell of single rows"},
    {"FILTER", "FILTER counts less than the group has; use WHERE"},
    {"EXISTS", "a subquery tells of single rows"},
    {"INDEXED", "INDEXED BY is not looked at"},
    {"MATCH", "MATCH may fail on a value, which tells of it"},
    {"REGEXP", "REGEXP may fail on a value, which tells of it; use LIKE or GLOB"},
    {"RAISE", "RAISE fails on a value, which tells of it"},
    {"->", "-> may fail on a value, which tells of it"},
    {"->>", "->> may fail on a value, which tells of it"},
};

static bool check_words(const struct shape *shape, struct error *err)
{
    if (!shape_is(shape, 0, "SELECT")) {
        return shape_refuse(shape, err, "this is no SELECT that stands by itself");
    }
    for (size_t i = 1; i < shape->words.count; i++) {
        if (shape_is(shape, i, "SELECT")) {
            return shape_refuse(shape, err, "a subquery tells of single rows");
        }
        for (size_t k = 0; k < sizeof forbidden / sizeof *forbidden; k++) {
            if (shape_is(shape, i, forbidden[k].word)) {
                return shape_refuse(shape, err, "%s", forbidden[k].why);
            }
        }
    }
    return true;
}

/* ---- Clauses ---- */

size_t shape_part_end(const struct shape *shape, size_t from, size_t to)
{
    int depth = 0;
    size_t i = from;
    for (; i < to && (depth > 0 || !shape_is(shape, i, ",")); i++) {
        depth += shape_is(shape, i, "(") - shape_is(shape, i, ")");
    }
    return i;
}

struct clause {
    const char *word, *second;
    struct shape_range *range;
};

/* Each clause once, in their order; what is behind a keyword up to the next is its. */
static bool read_clauses(struct shape *shape, struct error *err)
{
    const struct clause clauses[] = {
        {"SELECT", NULL, &shape->items},  {"FROM", NULL, &shape->from},
        {"WHERE", NULL, &shape->where},   {"GROUP", "BY", &shape->group},
        {"HAVING", NULL, &shape->having}, {"ORDER", "BY", &shape->order},
        {"LIMIT", NULL, &shape->limit},
    };
    enum { COUNT = sizeof clauses / sizeof *clauses };
    struct shape_range *last = NULL;
    size_t next = 0;
    int depth = 0;
    for (size_t i = 0; i < shape->words.count; i++) {
        depth += shape_is(shape, i, "(") - shape_is(shape, i, ")");
        size_t which = 0;
        while (which < COUNT && !shape_is(shape, i, clauses[which].word)) {
            which++;
        }
        if (which == COUNT) {
            continue;
        }
        bool is_whole = clauses[which].second == NULL ||
                        shape_is(shape, i + 1, clauses[which].second);
        if (depth != 0 || which < next || !is_whole) {
            return shape_refuse(shape, err, "%s stands where it is not understood",
                                clauses[which].word);
        }
        if (last != NULL) {
            last->to = i;
        }
        i += clauses[which].second != NULL;
        last = clauses[which].range;
        last->from = i + 1;
        next = which + 1;
    }
    if (last != NULL) {
        last->to = shape->words.count;
    }
    return (depth == 0 && last != NULL && shape->from.to > shape->from.from) ||
           shape_refuse(shape, err, "its brackets or its FROM are not understood");
}

/* ---- What it gives ---- */

static bool ends_expression(const struct shape_word *word)
{
    static const char *const words[] = {"END", "NULL", ")", NULL};
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strlen(words[i]) == word->length &&
            sqlite3_strnicmp(words[i], word->at, (int)word->length) == 0) {
            return true;
        }
    }
    return word->kind == SQL_NAME || word->kind == SQL_NUMBER ||
           word->kind == SQL_STRING || word->kind == SQL_PARAMETER;
}

static void read_item(struct shape *shape, size_t from, size_t to)
{
    struct shape_item *item = array_push(&shape->item_list);
    *item = (struct shape_item){.expression = {from, to}};
    if (to - from < 2) {
        return;
    }
    const struct shape_word *last = shape_word_at(shape, to - 1);
    bool is_name = last->kind == SQL_NAME || last->kind == SQL_STRING;
    bool has_as = to - from > 2 && shape_is(shape, to - 2, "AS");
    if (has_as || (is_name && ends_expression(shape_word_at(shape, to - 2)))) {
        item->alias = shape_name(last);
        item->expression.to = to - 1 - has_as;
    }
}

static bool read_items(struct shape *shape, struct error *err)
{
    if (shape_is(shape, shape->items.from, "DISTINCT") ||
        shape_is(shape, shape->items.from, "ALL")) {
        return shape_refuse(shape, err, "SELECT DISTINCT gives rows");
    }
    for (size_t at = shape->items.from; at <= shape->items.to;) {
        size_t end = shape_part_end(shape, at, shape->items.to);
        if (end == at) {
            return shape_refuse(shape, err, "what it gives is not understood");
        }
        read_item(shape, at, end);
        at = end + 1;
    }
    return true;
}

static bool read_groups(struct shape *shape, struct error *err)
{
    for (size_t at = shape->group.from; at < shape->group.to;) {
        size_t end = shape_part_end(shape, at, shape->group.to);
        struct shape_range range = {at, end};
        const struct shape_word *word = shape_word_at(shape, at);
        *(struct shape_range *)array_push(&shape->group_list) = range;
        bool is_number = end - at == 1 && word->kind == SQL_NUMBER;
        bool is_alias = end - at == 1 && shape_aliased(shape, word) != NULL;
        if (!is_number && !is_alias && !shape_check_row(shape, range, err)) {
            return false;
        }
        at = end + 1;
    }
    return true;
}

/* ---- Is each thing it gives a key or an aggregate? ---- */

static bool is_key(const struct shape *shape, size_t index)
{
    const struct shape_item *item = array_at(&shape->item_list, index);
    for (size_t i = 0; i < shape->group_list.count; i++) {
        struct shape_range range = *(struct shape_range *)array_at(&shape->group_list, i);
        const struct shape_word *word = shape_word_at(shape, range.from);
        bool is_one = range.to - range.from == 1;
        if (is_one && word->kind == SQL_NUMBER) {
            char *digits = string_copy_bytes(word->at, word->length);
            bool is_here = string_equal(digits, "") == false &&
                           strtoull(digits, NULL, 10) == index + 1 &&
                           strspn(digits, "0123456789") == word->length;
            free(digits);
            if (is_here) {
                return true;
            }
        } else if ((is_one && shape_aliased(shape, word) == item) ||
                   shape_equal(shape, range, item->expression)) {
            return true;
        }
    }
    return false;
}

static bool check_items(struct shape *shape, struct error *err)
{
    for (size_t i = 0; i < shape->item_list.count; i++) {
        const struct shape_item *item = array_at(&shape->item_list, i);
        bool done = is_key(shape, i) ? shape_check_row(shape, item->expression, err)
                                     : shape_check_group(shape, item->expression, err);
        if (!done) {
            return false;
        }
    }
    return true;
}

/* ---- ORDER BY and LIMIT ---- */

static struct shape_range order_expression(const struct shape *shape,
                                           struct shape_range range)
{
    static const char *const ends[] = {"FIRST", "LAST", "NULLS", "ASC", "DESC", NULL};
    for (size_t i = 0; ends[i] != NULL && range.to - range.from > 1;) {
        if (shape_is(shape, range.to - 1, ends[i])) {
            range.to--;
            i = 0;
        } else {
            i++;
        }
    }
    if (range.to - range.from > 2 && shape_is(shape, range.to - 2, "COLLATE")) {
        range.to -= 2;
    }
    return range;
}

static bool check_order(struct shape *shape, struct error *err)
{
    for (size_t at = shape->order.from; at < shape->order.to;) {
        size_t end = shape_part_end(shape, at, shape->order.to);
        struct shape_range range = order_expression(shape, (struct shape_range){at, end});
        const struct shape_word *word = shape_word_at(shape, range.from);
        bool is_one = range.to - range.from == 1;
        bool is_known = is_one && word->kind == SQL_NUMBER;
        char *name = shape_name(word);
        for (size_t i = 0; i < shape->item_list.count && !is_known; i++) {
            const struct shape_item *item = array_at(&shape->item_list, i);
            is_known = (is_one && string_equal_fold(item->alias, name)) ||
                       shape_equal(shape, range, item->expression);
        }
        free(name);
        if (!is_known && !shape_check_group(shape, range, err)) {
            return false;
        }
        at = end + 1;
    }
    return true;
}

static bool check_limit(const struct shape *shape, struct error *err)
{
    for (size_t i = shape->limit.from; i < shape->limit.to; i++) {
        const struct shape_word *word = shape_word_at(shape, i);
        bool is_fine = word->kind == SQL_NUMBER || word->kind == SQL_PARAMETER ||
                       shape_is(shape, i, "OFFSET") || shape_is(shape, i, ",");
        if (!is_fine) {
            return shape_refuse(shape, err, "its LIMIT is more than a number");
        }
    }
    return true;
}

/* ---- All of it ---- */

bool shape_read(struct shape *shape, struct error *err)
{
    return read_words(shape, err) && check_words(shape, err) &&
           read_clauses(shape, err) && read_items(shape, err) &&
           shape_read_sources(shape, err) && shape_check_row(shape, shape->where, err) &&
           read_groups(shape, err) && check_items(shape, err) &&
           shape_check_group(shape, shape->having, err) && check_order(shape, err) &&
           check_limit(shape, err);
}

void shape_release(struct shape *shape)
{
    for (size_t i = 0; i < shape->item_list.count; i++) {
        free(((struct shape_item *)array_at(&shape->item_list, i))->alias);
    }
    for (size_t i = 0; i < shape->sources.count; i++) {
        struct shape_source *source = array_at(&shape->sources, i);
        free(source->schema);
        free(source->table);
        free(source->name);
    }
    array_release(&shape->words);
    array_release(&shape->item_list);
    array_release(&shape->group_list);
    array_release(&shape->sources);
    array_release(&shape->arguments);
    sql_names_release(&shape->columns);
}
