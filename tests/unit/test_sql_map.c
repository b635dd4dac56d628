/* test_sql_map: the map of an edited text answers as a reading of the whole text does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql.h"
#include "tap.h"

#include <stdint.h>
#include <time.h>

/* A small generator, so that every run has the same texts. */
static unsigned long long state = 7;

static size_t pick(size_t below)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (size_t)(state >> 33) % below;
}

static const char *const scraps[] = {
    "SELECT a, b FROM t WHERE x = 1",
    ";",
    ";",
    "\n",
    "\n",
    " ",
    "(",
    ")",
    "(1, (2))",
    "'it''s; a string'",
    "'",
    "\"",
    "-- a comment; with (\n",
    "/* one; ( */",
    "/*",
    "*/",
    "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; "
    "END",
    "END",
    "BEGIN",
    "[a b]",
    "x'00'",
    "größe",
    "\r\n",
    "$a(",
    "1e",
    "+5",
    "->",
    ">",
    ";;",
    "EXPLAIN",
    "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    "\t",
    "`",
    "#",
    "\\d t\n",
};

enum { SCRAPS = sizeof scraps / sizeof *scraps };

static bool spans_agree(const struct sql_map *map, const char *sql, size_t length,
                        size_t cursor)
{
    struct sql_span a = {0}, b = {0};
    bool found = sql_statement_at(sql, length, cursor, &a);
    return sql_map_statement_at(map, cursor, &b) == found &&
           (!found ||
            (a.start == b.start && a.length == b.length && a.closed == b.closed));
}

static bool tokens_agree(const struct sql_map *map, const char *sql, size_t length,
                         size_t at)
{
    struct sql_token a = {0}, b = {0};
    while (sql_next(sql, length, a.start + a.length, &a) && a.start + a.length <= at) {
    }
    bool found = at < length;
    return sql_map_token_at(map, at, &b) == found &&
           (!found || (a.start == b.start && a.length == b.length && a.kind == b.kind));
}

static bool lines_agree(const struct sql_map *map, const char *sql, size_t length,
                        size_t at)
{
    size_t line = 1, lines = 1;
    for (size_t i = 0; i < length; i++) {
        line += i < at && sql[i] == '\n';
        lines += sql[i] == '\n';
    }
    return sql_map_line(map, at) == line && sql_map_lines(map) == lines;
}

/* By a stack, statement by statement. */
static size_t partner_of(const char *sql, size_t length, size_t at)
{
    struct array spans = sql_split(sql, length), open = ARRAY_OF(size_t);
    size_t partner = SIZE_MAX;
    for (size_t i = 0; i < spans.count; i++) {
        const struct sql_span *span = array_at(&spans, i);
        struct sql_token token = {.start = span->start};
        size_t end = span->start + span->length;
        array_clear(&open);
        while (sql_next(sql, end, token.start + token.length, &token)) {
            bool sign = token.kind == SQL_OPERATOR;
            if (sign && sql[token.start] == '(') {
                *(size_t *)array_push(&open) = token.start;
            } else if (sign && sql[token.start] == ')' && open.count > 0) {
                size_t from = *(size_t *)array_at(&open, open.count - 1);
                array_remove(&open, open.count - 1);
                partner = from == at ? token.start : token.start == at ? from : partner;
            }
        }
    }
    array_release(&spans);
    array_release(&open);
    return partner;
}

static bool parentheses_agree(const struct sql_map *map, const char *sql, size_t length,
                              size_t cursor)
{
    size_t here, there;
    return !sql_map_parentheses(map, cursor, &here, &there) ||
           there == partner_of(sql, length, here);
}

static bool count_agrees(const struct sql_map *map, const char *sql, size_t length)
{
    struct array spans = sql_split(sql, length);
    bool same = spans.count == sql_map_statements(map);
    array_release(&spans);
    return same;
}

static bool agrees(const struct sql_map *map, const struct text *sql, size_t questions)
{
    const char *text = text_string(sql);
    bool same = count_agrees(map, text, sql->length);
    for (size_t i = 0; i < questions && same; i++) {
        size_t at = pick(sql->length + 1);
        same = spans_agree(map, text, sql->length, at) &&
               tokens_agree(map, text, sql->length, at) &&
               lines_agree(map, text, sql->length, at) &&
               parentheses_agree(map, text, sql->length, at);
        if (!same) {
            printf("# byte %zu of %zu: %d %d %d %d\n", at, sql->length,
                   spans_agree(map, text, sql->length, at),
                   tokens_agree(map, text, sql->length, at),
                   lines_agree(map, text, sql->length, at),
                   parentheses_agree(map, text, sql->length, at));
        }
    }
    return same;
}

static void change(struct text *sql, size_t at, size_t removed, const char *added)
{
    char *tail = string_copy(text_string(sql) + at + removed);
    text_truncate(sql, at);
    text_append(sql, added);
    text_append(sql, tail);
    free(tail);
}

static void edit(struct text *sql)
{
    size_t at = pick(sql->length + 1);
    size_t removed = pick(3) == 0 ? pick(200) : pick(3);
    removed = removed < sql->length - at ? removed : sql->length - at;
    change(sql, at, removed, pick(4) == 0 ? "" : scraps[pick(SCRAPS)]);
}

static void small_texts_agree(void)
{
    bool same = true;
    for (int round = 0; round < 300 && same; round++) {
        struct sql_map *map = sql_map_new();
        struct text sql = {0};
        for (int i = 0; i < 40 && same; i++) {
            edit(&sql);
            sql_map_update(map, text_string(&sql), sql.length);
            same = agrees(map, &sql, 20);
        }
        text_release(&sql);
        sql_map_free(map);
    }
    ok(same, "12,000 edits of small texts: the map says what a reading of all says");
}

/* Long enough for many marks, and with statements and strings longer than several. */
static void long_texts_agree(void)
{
    bool same = true;
    for (int round = 0; round < 6 && same; round++) {
        struct sql_map *map = sql_map_new();
        struct text sql = {0};
        while (sql.length < 60000) {
            const char *scrap = scraps[pick(SCRAPS)];
            bool quote = strlen(scrap) == 1 && strchr("'\"`", *scrap) != NULL;
            text_append(&sql, quote || string_equal(scrap, "/*") ? ", " : scrap);
            text_append(&sql, round % 2 == 0 && string_equal(scrap, ";") ? "\n" : " ");
        }
        for (int i = 0; i < 150 && same; i++) {
            edit(&sql);
            sql_map_update(map, text_string(&sql), sql.length);
            same = agrees(map, &sql, 6);
        }
        text_release(&sql);
        sql_map_free(map);
    }
    ok(same, "900 edits of long texts");
}

/* One statement of a megabyte: a key must not cost a reading of it. Counted in the time
 * of a whole reading, not in seconds, since machines differ. */
static double seconds_of(struct sql_map *map, struct text *sql, bool whole)
{
    struct timespec from, to;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    for (int i = 0; i < 20; i++) {
        sql->data[sql->length / 2] = i % 2 == 0 ? 'a' : 'b';
        if (whole) {
            struct sql_map *other = sql_map_new();
            sql_map_update(other, text_string(sql), sql->length);
            sql_map_free(other);
        } else {
            sql_map_update(map, text_string(sql), sql->length);
        }
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static void a_key_in_a_long_text_is_cheap(void)
{
    struct sql_map *map = sql_map_new();
    struct text sql = {0};
    text_append(&sql, "INSERT INTO t VALUES\n");
    while (sql.length < 1 << 20) {
        text_append(&sql, "(1234, 'some text', NULL, 12.5),\n");
    }
    sql_map_update(map, text_string(&sql), sql.length);
    double whole = seconds_of(map, &sql, true), one = seconds_of(map, &sql, false);
    printf("# a whole reading %.2f ms, a key %.2f ms\n", whole * 50, one * 50);
    ok(one < whole / 4, "a key costs less than a quarter of a reading of all");
    ok(!sql_map_update(map, text_string(&sql), sql.length), "the same text is no change");
    size_t here, there, first = strlen("INSERT INTO t VALUES\n");
    change(&sql, first, 0, "(");
    text_append(&sql, "1)");
    sql_map_update(map, text_string(&sql), sql.length);
    ok(sql_map_parentheses(map, first, &here, &there) && there == sql.length - 1,
       "a parenthesis finds its partner a megabyte behind");
    ok(sql_map_parentheses(map, sql.length, &here, &there) && there == first, "and back");
    text_release(&sql);
    sql_map_free(map);
}

int main(void)
{
    small_texts_agree();
    long_texts_agree();
    a_key_in_a_long_text_is_cheap();
    return tap_done();
}
