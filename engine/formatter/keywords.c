/* formatter/keywords: which words are keywords where they stand. SQLite takes many of
 * them for names wherever the grammar has no use for the keyword (%fallback ID in
 * parse.y); such a word is a keyword here only in a place of the table below, since a
 * name must keep its case: it may be the heading of a column.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/private.h"

#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

/* Where a word is a keyword. All that a row says must hold; NULL and 0 say nothing. */
enum place {
    AT_START = 1,     /* of a statement, or behind EXPLAIN */
    BEHIND_VALUE = 2, /* where an operator could stand */
    IN_ORDER = 4,     /* in ORDER BY, or in a statement that creates */
    IN_LIMIT = 8,     /* in LIMIT */
    IN_CREATE = 16,   /* in a statement that creates */
    BEFORE_NAME = 64, /* as what WITH calls its query */
    AT_QUERY = 32,    /* where a query could begin: at the start, behind ( or AS */
};

struct weak_word {
    const char *word;
    const char *before, *behind; /* words next to it, each with a blank around */
    unsigned place;
};

static const struct weak_word weak_words[] = {
    {"ABORT", " OR CONFLICT ", NULL, 0},
    {"ACTION", " NO ", NULL, 0},
    {"AFTER", NULL, " INSERT UPDATE DELETE ", IN_CREATE},
    {"ALWAYS", " GENERATED ", NULL, 0},
    {"ANALYZE", NULL, NULL, AT_START},
    {"ASC", NULL, NULL, BEHIND_VALUE | IN_ORDER},
    {"ATTACH", NULL, NULL, AT_START},
    {"BEFORE", NULL, " INSERT UPDATE DELETE ", IN_CREATE},
    {"BEGIN", NULL, NULL, AT_START},
    {"BEGIN", NULL, " SELECT INSERT UPDATE DELETE REPLACE WITH VALUES ", IN_CREATE},
    {"BY", " GROUP ORDER PARTITION INDEXED ", NULL, 0},
    {"CASCADE", " DELETE UPDATE ", NULL, 0},
    {"CAST", NULL, " ( ", 0},
    {"COLUMN", " ADD DROP RENAME ", NULL, 0},
    {"CONFLICT", " ON ", NULL, 0},
    {"CURRENT", NULL, " ROW ", 0},
    {"CURRENT_DATE", " . ", " . ", 0}, /* as it was typed: it may be a heading */
    {"CURRENT_TIME", " . ", " . ", 0},
    {"CURRENT_TIMESTAMP", " . ", " . ", 0},
    {"DATABASE", " ATTACH DETACH ", NULL, 0},
    {"DEFERRED", " BEGIN INITIALLY ", NULL, 0},
    {"DESC", NULL, NULL, BEHIND_VALUE | IN_ORDER},
    {"DETACH", NULL, NULL, AT_START},
    {"DO", NULL, " UPDATE NOTHING ", 0},
    {"EACH", " FOR ", NULL, 0},
    {"END", NULL, NULL, BEHIND_VALUE},
    {"END", NULL, NULL, AT_START},
    {"EXCLUDE", NULL, " NO CURRENT GROUP TIES ", 0},
    {"EXCLUSIVE", " BEGIN ", NULL, 0},
    {"EXPLAIN", NULL, NULL, AT_START},
    {"FAIL", " OR CONFLICT ", NULL, 0},
    {"FILTER", " ) ", " ( ", 0},
    {"FIRST", " NULLS ", NULL, 0},
    {"FOLLOWING", " UNBOUNDED ", NULL, 0},
    {"FOLLOWING", NULL, NULL, BEHIND_VALUE},
    {"FOR", NULL, " EACH ", 0},
    {"GENERATED", NULL, " ALWAYS ", 0},
    {"GLOB", NULL, NULL, BEHIND_VALUE},
    {"GLOB", " NOT ", NULL, 0},
    {"GROUPS", NULL, " BETWEEN UNBOUNDED CURRENT ", 0},
    {"GROUPS", NULL, NULL, BEHIND_VALUE | IN_ORDER},
    {"IF", NULL, " NOT EXISTS ", 0},
    {"IGNORE", " OR CONFLICT ", NULL, 0},
    {"IMMEDIATE", " BEGIN INITIALLY ", NULL, 0},
    {"INITIALLY", NULL, " DEFERRED IMMEDIATE ", 0},
    {"INSTEAD", NULL, " OF ", 0},
    {"KEY", " PRIMARY FOREIGN ", NULL, 0},
    {"LAST", " NULLS ", NULL, 0},
    {"LIKE", NULL, NULL, BEHIND_VALUE},
    {"LIKE", " NOT ", NULL, 0},
    {"MATCH", NULL, NULL, BEHIND_VALUE},
    {"MATCH", " NOT ", NULL, 0},
    {"MATERIALIZED", " AS NOT ", " ( ", 0},
    {"NO", NULL, " ACTION OTHERS ", 0},
    {"NULLS", NULL, " FIRST LAST ", 0},
    {"OF", " INSTEAD UPDATE ", NULL, 0},
    {"OFFSET", NULL, NULL, BEHIND_VALUE | IN_LIMIT},
    {"OTHERS", " NO ", NULL, 0},
    {"OVER", " ) ", NULL, 0},
    {"PARTITION", NULL, " BY ", 0},
    {"PLAN", " QUERY ", NULL, 0},
    {"PRAGMA", NULL, NULL, AT_START},
    {"PRECEDING", " UNBOUNDED ", NULL, 0},
    {"PRECEDING", NULL, NULL, BEHIND_VALUE},
    {"QUERY", " EXPLAIN ", NULL, 0},
    {"RAISE", NULL, " ( ", 0},
    {"RANGE", NULL, " BETWEEN UNBOUNDED CURRENT ", 0},
    {"RANGE", NULL, NULL, BEHIND_VALUE | IN_ORDER},
    {"RECURSIVE", " WITH ", NULL, 0},
    {"REGEXP", NULL, NULL, BEHIND_VALUE},
    {"REGEXP", " NOT ", NULL, 0},
    {"REINDEX", NULL, NULL, AT_START},
    {"RELEASE", NULL, NULL, AT_START},
    {"RENAME", NULL, " TO COLUMN ", 0},
    {"REPLACE", NULL, " INTO ", 0},
    {"REPLACE", " OR CONFLICT ", NULL, 0},
    {"RESTRICT", " DELETE UPDATE ", NULL, 0},
    {"ROLLBACK", NULL, NULL, AT_START},
    {"ROLLBACK", " OR CONFLICT ", NULL, 0},
    {"ROW", " EACH CURRENT ", NULL, 0},
    {"ROWS", NULL, " BETWEEN UNBOUNDED CURRENT ", 0},
    {"ROWS", NULL, NULL, BEHIND_VALUE | IN_ORDER},
    {"SAVEPOINT", NULL, NULL, AT_START},
    {"SAVEPOINT", " TO RELEASE ", NULL, 0},
    {"TEMP", " CREATE ", NULL, 0},
    {"TEMPORARY", " CREATE ", NULL, 0},
    {"TIES", " EXCLUDE ", NULL, 0},
    {"TRIGGER", " CREATE TEMP TEMPORARY DROP ", NULL, 0},
    {"UNBOUNDED", NULL, " PRECEDING FOLLOWING ", 0},
    {"VACUUM", NULL, NULL, AT_START},
    {"VIEW", " CREATE TEMP TEMPORARY DROP ", NULL, 0},
    {"VIRTUAL", " CREATE ", NULL, 0},
    {"VIRTUAL", " ) ", NULL, IN_CREATE},
    {"WINDOW", NULL, NULL, BEHIND_VALUE},
    {"WITH", NULL, NULL, AT_QUERY},
    {"WITH", NULL, NULL, BEHIND_VALUE | BEFORE_NAME},
    {"WITH", NULL, " RECURSIVE ", 0},
    {"WITHIN", " ) ", " GROUP ", 0},
    {"WITHOUT", " ) ", NULL, IN_CREATE},
};

enum { WEAK_WORDS = sizeof weak_words / sizeof *weak_words };

/* What the words before tell. One clause is remembered for each open parenthesis. */
struct reading {
    const char *sql;
    const struct piece *before, *behind; /* next to the word; NULL: none */
    bool is_first, creates;
    struct array clauses; /* of enum word */
};

bool piece_ends_operand(const struct piece *piece)
{
    switch (piece->token) {
    case SQL_STRING:
    case SQL_BLOB:
    case SQL_NUMBER:
    case SQL_PARAMETER:
    case SQL_NAME:
        return true;
    case SQL_OPERATOR:
        return piece->word == WORD_CLOSE;
    case SQL_KEYWORD:
        return !piece->is_keyword || piece->word == WORD_END;
    default:
        return false;
    }
}

static bool is_literal_word(const char *sql, const struct piece *piece)
{
    static const char *const literals[] = {"NULL", "ISNULL", "NOTNULL", "ASC", "DESC"};
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        if (piece_is(sql, piece, literals[i])) {
            return true;
        }
    }
    return false;
}

static bool stands_in(const char *sql, const struct piece *piece, const char *list)
{
    if (piece == NULL || piece->length > 20) {
        return false;
    }
    char word[24] = " ";
    memcpy(word + 1, sql + piece->start, piece->length);
    word[1 + piece->length] = ' ';
    for (char *c = word; *c != '\0'; c++) {
        *c -= *c >= 'a' && *c <= 'z' ? 0x20 : 0;
    }
    return strstr(list, word) != NULL;
}

static enum word clause_of(const struct reading *reading)
{
    size_t count = reading->clauses.count;
    return count > 0 ? *(enum word *)array_at(&reading->clauses, count - 1) : WORD_NONE;
}

static bool has_place(const struct reading *reading, unsigned place)
{
    const struct piece *before = reading->before;
    bool value = before != NULL &&
                 (piece_ends_operand(before) || is_literal_word(reading->sql, before));
    bool query = reading->is_first ||
                 (before != NULL &&
                  (before->word == WORD_OPEN || before->word == WORD_AS ||
                   before->word == WORD_BEGIN || before->word == WORD_SEMICOLON));
    return ((place & AT_START) == 0 || reading->is_first) &&
           ((place & BEHIND_VALUE) == 0 || value) &&
           ((place & IN_ORDER) == 0 || reading->creates ||
            clause_of(reading) == WORD_ORDER) &&
           ((place & IN_LIMIT) == 0 || clause_of(reading) == WORD_LIMIT) &&
           ((place & IN_CREATE) == 0 || reading->creates) &&
           ((place & AT_QUERY) == 0 || query) &&
           ((place & BEFORE_NAME) == 0 ||
            (reading->behind != NULL && reading->behind->token == SQL_NAME));
}

/* The first row of the word; WEAK_WORDS when it is a keyword anywhere. */
static size_t weak_row(const char *bytes, size_t length)
{
    size_t low = 0, high = WEAK_WORDS;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *word = weak_words[middle].word;
        int differs = sqlite3_strnicmp(bytes, word, (int)length);
        if (differs > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < WEAK_WORDS && strlen(weak_words[low].word) == length &&
                 sqlite3_strnicmp(bytes, weak_words[low].word, (int)length) == 0;
    return found ? low : WEAK_WORDS;
}

static bool is_weak_keyword(const struct reading *reading, const struct piece *piece,
                            size_t row)
{
    const char *word = weak_words[row].word;
    for (; row < WEAK_WORDS && strcmp(weak_words[row].word, word) == 0; row++) {
        const struct weak_word *weak = &weak_words[row];
        if ((weak->before == NULL ||
             stands_in(reading->sql, reading->before, weak->before)) &&
            (weak->behind == NULL ||
             stands_in(reading->sql, reading->behind, weak->behind)) &&
            has_place(reading, weak->place)) {
            return piece->token == SQL_KEYWORD;
        }
    }
    return false;
}

/* Behind AS stands a name, but for a query and what is said about it. */
static bool is_name_behind_as(const struct reading *reading, const struct piece *piece)
{
    return reading->before != NULL && reading->before->word == WORD_AS &&
           piece->word != WORD_SELECT && piece->word != WORD_WITH &&
           piece->word != WORD_VALUES && piece->word != WORD_NOT &&
           piece->word != WORD_MATERIALIZED;
}

static bool is_dot(const struct piece *piece)
{
    return piece != NULL && piece->word == WORD_DOT;
}

/* LEFT, FULL and the like are functions' names before a parenthesis. */
static bool is_function(const struct reading *reading, const struct piece *piece)
{
    bool join = piece->word == WORD_LEFT || piece->word == WORD_RIGHT ||
                piece->word == WORD_FULL || piece->word == WORD_CROSS;
    return join && reading->behind != NULL && reading->behind->word == WORD_OPEN;
}

static bool is_keyword(const struct reading *reading, const struct piece *piece)
{
    if (piece->token != SQL_KEYWORD || is_dot(reading->before) ||
        is_dot(reading->behind) || is_name_behind_as(reading, piece) ||
        is_function(reading, piece)) {
        return false;
    }
    size_t row = weak_row(reading->sql + piece->start, piece->length);
    return row == WEAK_WORDS || is_weak_keyword(reading, piece, row);
}

static bool is_clause(enum word word)
{
    return word == WORD_SELECT || word == WORD_FROM || word == WORD_WHERE ||
           word == WORD_GROUP || word == WORD_ORDER || word == WORD_LIMIT ||
           word == WORD_SET || word == WORD_HAVING || word == WORD_VALUES ||
           word == WORD_PARTITION;
}

/* What follows is read with this piece in mind. */
static void go_on(struct reading *reading, const struct piece *piece)
{
    bool explains = piece->word == WORD_EXPLAIN || piece->word == WORD_QUERY ||
                    piece->word == WORD_PLAN;
    if (piece->word == WORD_SEMICOLON) {
        array_clear(&reading->clauses);
        array_push(&reading->clauses);
        reading->creates = false;
    } else if (piece->word == WORD_OPEN) {
        *(enum word *)array_push(&reading->clauses) = WORD_NONE;
    } else if (piece->word == WORD_CLOSE && reading->clauses.count > 1) {
        array_remove(&reading->clauses, reading->clauses.count - 1);
    } else if (piece->is_keyword && is_clause(piece->word)) {
        *(enum word *)array_at(&reading->clauses, reading->clauses.count - 1) =
            piece->word;
    }
    reading->creates |= piece->word == WORD_CREATE && reading->is_first;
    reading->is_first = piece->word == WORD_SEMICOLON || (reading->is_first && explains);
    reading->before = piece;
}

/* Words that this room knows are only words where they are keywords. A name that merely
 * looks like one of another kind (`index` in quotes) has none. */
static void mark(const struct reading *reading, struct piece *piece)
{
    piece->is_keyword = is_keyword(reading, piece);
    bool sign = piece->word <= WORD_SEMICOLON && piece->token != SQL_NAME;
    if (!piece->is_keyword && !sign) {
        piece->word = WORD_NONE;
    }
}

void pieces_mark_keywords(const char *sql, struct array *pieces)
{
    struct reading reading = {
        .sql = sql, .is_first = true, .clauses = ARRAY_OF(enum word)};
    struct piece *piece = NULL;
    array_push(&reading.clauses);
    for (size_t i = 0; i < pieces->count; i++) {
        struct piece *next = array_at(pieces, i);
        if (next->kind != PIECE_TOKEN) {
            continue;
        }
        if (piece != NULL) {
            reading.behind = next;
            mark(&reading, piece);
            go_on(&reading, piece);
        }
        piece = next;
    }
    if (piece != NULL) {
        reading.behind = NULL;
        mark(&reading, piece);
    }
    array_release(&reading.clauses);
}
