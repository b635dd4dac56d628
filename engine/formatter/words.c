/* formatter/words: the words and signs that decide about the layout.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/private.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* In the order of enum word. */
static const char *const words[] = {
    NULL,
    "(",
    ")",
    "*",
    ",",
    ".",
    ";",
    "ALL",
    "AND",
    "AS",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CASE",
    "CONFLICT",
    "CREATE",
    "CROSS",
    "DEFAULT",
    "DELETE",
    "DISTINCT",
    "ELSE",
    "END",
    "EXCEPT",
    "EXPLAIN",
    "FOR",
    "FROM",
    "FULL",
    "GROUP",
    "GROUPS",
    "HAVING",
    "INDEX",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "JOIN",
    "KEY",
    "LEFT",
    "LIMIT",
    "MATERIALIZED",
    "NATURAL",
    "NOT",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "PARTITION",
    "PLAN",
    "QUERY",
    "RANGE",
    "REFERENCES",
    "REPLACE",
    "RETURNING",
    "RIGHT",
    "ROWS",
    "SELECT",
    "SET",
    "TABLE",
    "TEMP",
    "TEMPORARY",
    "THEN",
    "TRIGGER",
    "UNION",
    "UPDATE",
    "VALUES",
    "VIRTUAL",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
};

enum { WORDS = sizeof words / sizeof *words, SIGNS = WORD_SEMICOLON };

_Static_assert((int)WORDS == (int)WORD_WITH + 1, "a word has its name");

static int compare(const char *bytes, size_t length, const char *word)
{
    int differs = sqlite3_strnicmp(bytes, word, (int)length);
    return differs != 0 ? differs : -(word[length] != '\0');
}

enum word word_of(const char *bytes, size_t length)
{
    for (size_t i = 1; length == 1 && i <= SIGNS; i++) {
        if (bytes[0] == words[i][0]) {
            return (enum word)i;
        }
    }
    for (size_t low = SIGNS + 1, high = WORDS; low < high && length < 16;) {
        size_t middle = low + (high - low) / 2;
        int order = compare(bytes, length, words[middle]);
        if (order == 0) {
            return (enum word)middle;
        }
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
    }
    return WORD_NONE;
}

bool piece_is(const char *sql, const struct piece *piece, const char *word)
{
    return strlen(word) == piece->length &&
           sqlite3_strnicmp(sql + piece->start, word, (int)piece->length) == 0;
}
