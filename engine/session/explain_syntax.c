/* session/explain_syntax: what is probably wrong where SQLite says "syntax error": a
 * misspelt word, a comma too many, clauses in another order, words of other databases.
 * It guesses from the words around the place and says nothing where none of its rules
 * holds. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/explain.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/array.h"
#include "engine/sql.h"

struct word {
    struct sql_token token;
    int depth; /* of parentheses around it */
};

/* The words up to the place, and the one that stands there. */
struct view {
    const char *sql;
    struct array words; /* of struct word, without blanks and comments */
    size_t here;        /* its index; words.count: the end of the statement */
};

static const struct word *word_at(const struct view *view, size_t index)
{
    return index < view->words.count ? array_at(&view->words, index) : NULL;
}

/* The word so many places before the place. */
static const struct word *before(const struct view *view, size_t back)
{
    return back <= view->here ? word_at(view, view->here - back) : NULL;
}

static bool is(const struct view *view, const struct word *word, const char *text)
{
    return word != NULL && word->token.length == strlen(text) &&
           sqlite3_strnicmp(view->sql + word->token.start, text, (int)strlen(text)) == 0;
}

static bool is_any(const struct view *view, const struct word *word,
                   const char *const *texts)
{
    for (size_t i = 0; texts[i] != NULL; i++) {
        if (is(view, word, texts[i])) {
            return true;
        }
    }
    return false;
}

static void append_word(struct text *out, const struct view *view,
                        const struct word *word)
{
    size_t length = word->token.length < 60 ? word->token.length : 60;
    text_append_bytes(out, view->sql + word->token.start, length);
}

static void append_upper(struct text *out, const struct view *view,
                         const struct word *word)
{
    for (size_t i = 0; i < word->token.length; i++) {
        char c = view->sql[word->token.start + i];
        text_append_char(out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
}

static void read_words(struct view *view, size_t length, size_t at)
{
    struct sql_token token = {0};
    int depth = 0;
    view->words = (struct array)ARRAY_OF(struct word);
    view->here = SIZE_MAX;
    while (sql_next(view->sql, length, token.start + token.length, &token)) {
        if (token.kind == SQL_SPACE || token.kind == SQL_COMMENT) {
            continue;
        }
        char sign = token.kind == SQL_OPERATOR ? view->sql[token.start] : '\0';
        depth -= sign == ')';
        if (token.start >= at && view->here == SIZE_MAX) {
            view->here = view->words.count;
        }
        *(struct word *)array_push(&view->words) = (struct word){token, depth};
        depth += sign == '(';
    }
    if (view->here == SIZE_MAX) {
        view->here = view->words.count;
    }
}

/* ---- Rules: each says whether it knows ---- */

static const char *const clauses[] = {"FROM",  "WHERE", "GROUP", "HAVING",
                                      "ORDER", "LIMIT", NULL};

/* ORDER and GROUP are clauses with BY behind them, else names that somebody liked. */
static bool is_clause(const struct view *view, size_t index)
{
    const struct word *word = word_at(view, index);
    bool wants_by = is(view, word, "ORDER") || is(view, word, "GROUP");
    return is_any(view, word, clauses) &&
           (!wants_by || is(view, word_at(view, index + 1), "BY"));
}

static bool comma_too_many(const struct view *view, struct text *out)
{
    const struct word *here = word_at(view, view->here);
    bool ends = here == NULL || is_clause(view, view->here) || is(view, here, ")");
    if (is(view, before(view, 1), ",") && ends && here != NULL) {
        text_append(out, "there is a comma too many before ");
        append_upper(out, view, here);
        return true;
    }
    if (is(view, here, ",")) {
        text_append(out, "something is missing before this comma, or it is too many");
        return true;
    }
    return false;
}

static bool closes_nothing(const struct view *view, struct text *out)
{
    const struct word *here = word_at(view, view->here);
    if (is(view, here, ")") && here->depth < 0) {
        text_append(out, "this parenthesis closes nothing: there is one ) too many");
        return true;
    }
    return false;
}

/* WHERE behind GROUP BY, GROUP BY behind ORDER BY ... of the same SELECT. */
static bool is_too_late(const struct view *view, struct text *out)
{
    static const char *const order[] = {"WHERE", "GROUP", "HAVING",
                                        "ORDER", "LIMIT", NULL};
    const struct word *here = word_at(view, view->here);
    size_t rank = 0;
    while (order[rank] != NULL && !is(view, here, order[rank])) {
        rank++;
    }
    if (order[rank] == NULL || !is_clause(view, view->here)) {
        return false;
    }
    for (size_t i = view->here; i-- > 0;) {
        const struct word *word = word_at(view, i);
        if (word->depth < here->depth ||
            (word->depth == here->depth && is(view, word, "SELECT"))) {
            return false;
        }
        for (size_t k = rank + 1; word->depth == here->depth && order[k] != NULL; k++) {
            if (is(view, word, order[k]) && is_clause(view, i)) {
                bool by =
                    string_equal(order[k], "GROUP") || string_equal(order[k], "ORDER");
                append_upper(out, view, here);
                text_printf(out, "%s has to stand before %s%s",
                            rank == 1 || rank == 3 ? " BY" : "", order[k],
                            by ? " BY" : "");
                return true;
            }
        }
    }
    return false;
}

/* "wehre" for WHERE: the word there, or the one before, which SQLite took for an alias.
 */
static bool is_misspelt(const struct view *view, struct text *out)
{
    static const char *const words[] = {
        "SELECT", "FROM",   "WHERE",  "GROUP",  "HAVING",  "ORDER",    "LIMIT",
        "JOIN",   "LEFT",   "INNER",  "UNION",  "BETWEEN", "DISTINCT", "VALUES",
        "INSERT", "UPDATE", "DELETE", "CREATE", "EXISTS",  "EXPLAIN",  "ATTACH",
        "WITH",   "DROP",   "ALTER",  "PRAGMA", NULL};
    for (size_t back = 2; back-- > 0;) {
        const struct word *word = before(view, back);
        if (word == NULL || word->token.kind != SQL_NAME || word->token.length < 4 ||
            strchr("\"`[", view->sql[word->token.start]) != NULL ||
            is(view, before(view, back + 1), ".") ||
            (back == 1 && is(view, before(view, 0), "."))) {
            continue;
        }
        char *name = string_copy_bytes(view->sql + word->token.start, word->token.length);
        const char *near = string_nearest(name, words);
        if (near != NULL) {
            text_printf(out, "did you mean %s instead of %s?", near, name);
        }
        free(name);
        if (near != NULL) {
            return true;
        }
    }
    return false;
}

/* `o LEFT customers c`: a word that only JOIN can follow. */
static bool misses_join(const struct view *view, struct text *out)
{
    static const char *const kinds[] = {"LEFT",  "RIGHT", "FULL",    "INNER",
                                        "CROSS", "OUTER", "NATURAL", NULL};
    for (size_t back = 1; back <= 3; back++) {
        const struct word *word = before(view, back);
        const struct word *next = before(view, back - 1);
        if (is_any(view, word, kinds) && !is(view, next, "JOIN") &&
            !is_any(view, next, kinds) && !is(view, next, "(")) {
            text_append(out, "JOIN is missing behind ");
            append_upper(out, view, word);
            return true;
        }
    }
    return false;
}

static bool misses_by(const struct view *view, struct text *out)
{
    static const struct {
        const char *before, *missing;
    } rules[] = {
        {"ORDER", "BY"}, {"GROUP", "BY"}, {"DELETE", "FROM"}, {"INSERT", "INTO"}};
    const struct word *one = before(view, 1);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct word *earlier = before(view, 2);
        bool is_name =
            i < 2 && (is(view, earlier, ",") || is(view, earlier, "FROM") ||
                      is(view, earlier, "JOIN") || is(view, earlier, "SELECT"));
        if (is(view, one, rules[i].before) && !is_name) {
            text_printf(out, "%s is missing behind %s", rules[i].missing,
                        rules[i].before);
            return true;
        }
    }
    return false;
}

static bool statement_starts_with(const struct view *view, const char *text)
{
    return is(view, word_at(view, 0), text);
}

static bool misses_set(const struct view *view, struct text *out)
{
    for (size_t i = 0; i < view->here; i++) {
        if (is(view, word_at(view, i), "SET")) {
            return false;
        }
    }
    if (statement_starts_with(view, "UPDATE") && view->here >= 2) {
        text_append(out, "SET is missing: UPDATE table SET column = value WHERE ...");
        return true;
    }
    return false;
}

/* A keyword where a name has to stand. */
static bool is_name_of_sql(const struct view *view, struct text *out)
{
    static const char *const starts[] = {",",    ".",    "(",      "SELECT",
                                         "FROM", "JOIN", "UPDATE", "TABLE",
                                         "INTO", "AS",   "BY",     NULL};
    const struct word *here = word_at(view, view->here);
    if (here == NULL || here->token.kind != SQL_KEYWORD || is_clause(view, view->here) ||
        !is_any(view, before(view, 1), starts) || is(view, here, "SELECT") ||
        is(view, here, "ON")) {
        return false;
    }
    append_upper(out, view, here);
    text_append(out, " is a word of SQL; as a name it stands in double quotes: \"");
    append_word(out, view, here);
    text_append_char(out, '"');
    return true;
}

static bool is_nothing_between(const struct view *view, struct text *out)
{
    static const char *const open[] = {
        "SELECT", "FROM", "WHERE", "BY",   "HAVING", "AND",    "OR",  "ON",
        "=",      "<",    ">",     "<>",   "!=",     "+",      "-",   "*",
        "/",      "||",   "IN",    "LIKE", "JOIN",   "VALUES", "SET", NULL};
    const struct word *one = before(view, 1);
    const struct word *here = word_at(view, view->here);
    bool ends = is_clause(view, view->here) || is(view, here, ")") ||
                is(view, here, "AND") || is(view, here, "OR") || is(view, here, "ON") ||
                is(view, here, "JOIN") || is(view, here, "=");
    if (!is_any(view, one, open) || !ends || is(view, one, "*")) {
        return false;
    }
    text_append(out, "something is missing between ");
    append_upper(out, view, one);
    text_append(out, " and ");
    append_upper(out, view, here);
    return true;
}

static bool is_foreign(const struct view *view, struct text *out)
{
    static const struct {
        const char *before, *here, *advice; /* NULL: anything */
    } rules[] = {
        {"TOP", NULL, "there is no TOP here: LIMIT 5 at the end gives the first five"},
        {"FETCH", NULL, "there is no FETCH here: LIMIT 5 gives the first five"},
        {NULL, "ILIKE", "there is no ILIKE here: LIKE ignores case (of ASCII letters)"},
        {NULL, "RLIKE", "there is no RLIKE here: REGEXP compares with a pattern"},
        {"&", "&", "both conditions have to hold: that is AND here"},
        {"DISTINCT", "ON",
         "there is no DISTINCT ON here: GROUP BY, or row_number() OVER (PARTITION BY "
         "...) in a subquery, picks one row of each"},
        {"INTERVAL", NULL,
         "there are no intervals here: date_add(day, '1 month') adds to a date"},
        {"QUALIFY", NULL,
         "there is no QUALIFY here: put the window function into a subquery and filter "
         "around it"},
        {"=", "=", "two = signs stand apart; one is enough"},
        {"EXISTS", "SELECT", "what EXISTS asks about stands in parentheses"},
        {"NOT", "NULL", "that a value is there is asked with IS NOT NULL"},
    };
    const struct word *here = word_at(view, view->here);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        bool fits =
            (rules[i].here == NULL || is(view, here, rules[i].here)) &&
            (rules[i].before == NULL || is(view, before(view, 1), rules[i].before));
        bool earlier =
            rules[i].here == NULL && is(view, before(view, 2), rules[i].before);
        if (fits || earlier) {
            text_append(out, rules[i].advice);
            return true;
        }
    }
    if (is(view, here, "FROM") && is(view, before(view, 3), "EXTRACT")) {
        text_append(out, "a part of a date is date_part('year', x) here");
        return true;
    }
    if (is(view, before(view, 1), "IN") && !is(view, here, "(")) {
        text_append(out, "the values behind IN stand in parentheses: IN (1, 2)");
        return true;
    }
    return false;
}

static bool case_is_open(const struct view *view, struct text *out)
{
    int open = 0;
    for (size_t i = 0; i < view->here; i++) {
        open += is(view, word_at(view, i), "CASE");
        open -= is(view, word_at(view, i), "END");
    }
    if (open > 0 && is_clause(view, view->here)) {
        text_append(out, "a CASE is not closed: END is missing");
        return true;
    }
    return false;
}

/* A clause inside parentheses that no SELECT began. */
static bool parenthesis_runs_on(const struct view *view, struct text *out)
{
    const struct word *here = word_at(view, view->here);
    bool runs_on = is_clause(view, view->here) && here->depth > 0;
    for (size_t i = view->here; runs_on && i-- > 0;) {
        const struct word *word = word_at(view, i);
        if (word->depth < here->depth) {
            text_append(out, "a parenthesis is not closed: ) is missing before ");
            append_upper(out, view, here);
            return true;
        }
        runs_on = word->depth > here->depth || !is(view, word, "SELECT");
    }
    return false;
}

static bool ends_operand(const struct view *view, const struct word *word)
{
    return word != NULL &&
           (word->token.kind == SQL_NAME || word->token.kind == SQL_STRING ||
            word->token.kind == SQL_NUMBER || is(view, word, ")"));
}

static bool misses_operator(const struct view *view, struct text *out)
{
    const struct word *here = word_at(view, view->here);
    bool starts = here != NULL && !is(view, here, ")") && ends_operand(view, here);
    if (!starts || !ends_operand(view, before(view, 1))) {
        return false;
    }
    text_append(out, "a comma, an operator or AND is missing before ");
    append_word(out, view, here);
    return true;
}

static bool (*const rules[])(const struct view *view, struct text *out) = {
    closes_nothing,      is_foreign,     is_too_late,     comma_too_many, case_is_open,
    parenthesis_runs_on, misses_join,    is_misspelt,     misses_by,      misses_set,
    is_nothing_between,  is_name_of_sql, misses_operator,
};

/* ---- The end of the statement ---- */

static void append_where(struct text *out, const char *sql, size_t at)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at; i++) {
        bool newline = sql[i] == '\n';
        line += newline;
        column = newline ? 1 : column + (((unsigned char)sql[i] & 0xC0) != 0x80);
    }
    text_printf(out, "line %zu, column %zu", line, column);
}

static bool parenthesis_is_open(const struct view *view, struct text *out)
{
    const struct word *open = NULL;
    int depth = 0;
    for (size_t i = view->words.count; i-- > 0;) {
        const struct word *word = word_at(view, i);
        depth += is(view, word, ")");
        if (is(view, word, "(") && depth-- == 0) {
            open = word;
            break;
        }
    }
    if (open == NULL) {
        return false;
    }
    text_append(out, "the parenthesis of ");
    append_where(out, view->sql, open->token.start);
    text_append(out, " of the statement is not closed");
    return true;
}

static bool is_cut_off(const struct view *view, struct text *out)
{
    const struct word *last = before(view, 1);
    if (last == NULL || ends_operand(view, last)) {
        return false;
    }
    if (last->token.kind == SQL_BROKEN) {
        text_append(out, "a comment or a quote is not closed");
        return true;
    }
    text_append(out, "something is missing behind ");
    append_upper(out, view, last);
    return true;
}

bool explain_place(const char *sql, size_t length, size_t at, struct text *out)
{
    struct view view = {.sql = sql};
    bool known = false;
    read_words(&view, length, at);
    if (view.here == view.words.count) {
        known = is_cut_off(&view, out) || parenthesis_is_open(&view, out);
    } else {
        for (size_t i = 0; i < sizeof rules / sizeof *rules && !known; i++) {
            known = rules[i](&view, out);
        }
    }
    array_release(&view.words);
    return known;
}
