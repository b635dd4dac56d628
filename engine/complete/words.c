/* complete/words: keywords, those that fit the place first. The words are SQLite's own;
 * the tables here say only where each is most likely, and in which order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

/* Behind these words nothing else can stand. */
struct follower {
    const char *before, *words;
    enum scope_clause only; /* in this clause; SCOPE_AT_OTHER: in any */
};

static const struct follower followers[] = {
    {"GROUP", "BY", SCOPE_AT_GROUP},
    {"ORDER", "BY", SCOPE_AT_OTHER},
    {"PARTITION", "BY", SCOPE_AT_OTHER},
    {"INSERT", "INTO OR", SCOPE_AT_OTHER},
    {"DELETE", "FROM", SCOPE_AT_OTHER},
    {"CREATE", "TABLE VIEW INDEX TEMP TRIGGER UNIQUE VIRTUAL", SCOPE_AT_OTHER},
    {"TEMP", "TABLE VIEW TRIGGER", SCOPE_AT_OTHER},
    {"DROP", "TABLE VIEW INDEX TRIGGER COLUMN", SCOPE_AT_OTHER},
    {"ALTER", "TABLE", SCOPE_AT_OTHER},
    {"LEFT", "JOIN OUTER", SCOPE_AT_JOIN},
    {"RIGHT", "JOIN OUTER", SCOPE_AT_JOIN},
    {"FULL", "JOIN OUTER", SCOPE_AT_JOIN},
    {"INNER", "JOIN", SCOPE_AT_JOIN},
    {"CROSS", "JOIN", SCOPE_AT_JOIN},
    {"OUTER", "JOIN", SCOPE_AT_JOIN},
    {"NATURAL", "JOIN LEFT INNER", SCOPE_AT_JOIN},
    {"EXPLAIN", "QUERY SELECT WITH", SCOPE_AT_OTHER},
    {"QUERY", "PLAN", SCOPE_AT_OTHER},
    {"PLAN", "SELECT WITH", SCOPE_AT_OTHER},
    {"UNION", "ALL SELECT VALUES", SCOPE_AT_OTHER},
    {"EXCEPT", "SELECT VALUES", SCOPE_AT_OTHER},
    {"INTERSECT", "SELECT VALUES", SCOPE_AT_OTHER},
    {"NULLS", "FIRST LAST", SCOPE_AT_OTHER},
    {"ISNULL", "AND OR", SCOPE_AT_OTHER},
};

/* Where an operand, and where an operator may stand: the likeliest words. */
struct likely {
    enum scope_clause clause;
    const char *operands, *operators;
};

#define OPERANDS "CASE CAST NOT NULL EXISTS CURRENT_DATE CURRENT_TIMESTAMP "
#define OPERATORS "AND OR IS IN LIKE BETWEEN NOT WHEN THEN ELSE END COLLATE GLOB REGEXP "
#define COMPOUNDS "UNION EXCEPT INTERSECT "

static const struct likely likely[] = {
    {SCOPE_AT_START, "",
     "SELECT WITH INSERT UPDATE DELETE CREATE DROP ALTER EXPLAIN VALUES BEGIN COMMIT "
     "ROLLBACK PRAGMA REPLACE SAVEPOINT RELEASE ANALYZE VACUUM REINDEX"},
    {SCOPE_AT_RESULT, "DISTINCT " OPERANDS, "FROM AS OVER FILTER " OPERATORS COMPOUNDS},
    {SCOPE_AT_TABLE, "", ""},
    {SCOPE_AT_JOIN, "",
     "ON USING JOIN WHERE LEFT GROUP ORDER LIMIT AS INNER CROSS NATURAL RIGHT FULL SET "
     "VALUES SELECT HAVING WINDOW INDEXED " COMPOUNDS},
    {SCOPE_AT_ON, OPERANDS,
     "AND OR JOIN WHERE LEFT GROUP ORDER LIMIT IS IN LIKE BETWEEN NOT " COMPOUNDS},
    {SCOPE_AT_WHERE, OPERANDS,
     "AND OR GROUP ORDER LIMIT IS IN LIKE BETWEEN NOT RETURNING " COMPOUNDS OPERATORS},
    {SCOPE_AT_GROUP, "CASE CAST", "HAVING ORDER LIMIT " COMPOUNDS},
    {SCOPE_AT_HAVING, OPERANDS, "AND OR ORDER LIMIT " COMPOUNDS OPERATORS},
    {SCOPE_AT_ORDER, "CASE CAST", "DESC ASC LIMIT NULLS COLLATE"},
    {SCOPE_AT_LIMIT, "", "OFFSET"},
    {SCOPE_AT_SET, OPERANDS, "WHERE FROM RETURNING " OPERATORS},
    {SCOPE_AT_VALUES, "NULL CAST CASE", "ON RETURNING"},
    {SCOPE_AT_WINDOW, "PARTITION ORDER ROWS RANGE", "AS ORDER LIMIT"},
    {SCOPE_AT_OTHER, "", "SELECT INTO VALUES ON DEFAULT CONFLICT DO NOTHING UPDATE AS"},
};

/* Keywords as the person types them. */
static char *in_case(const struct search *search, const char *word, size_t length)
{
    char *copy = string_copy_bytes(word, length);
    for (char *c = copy; search->lower && *c != '\0'; c++) {
        *c |= *c >= 'A' && *c <= 'Z' ? 0x20 : 0;
    }
    return copy;
}

static void offer_word(struct search *search, const char *word, size_t length, int weight)
{
    char *name = string_copy_bytes(word, length);
    seek_offer(search, (struct offer){.kind = COMPLETE_KEYWORD,
                                      .weight = weight,
                                      .name = name,
                                      .text = in_case(search, word, length),
                                      .detail = string_copy("keyword"),
                                      .worst = COMPLETE_START});
    free(name);
}

static void offer_list(struct search *search, const char *words, int weight)
{
    while (*words != '\0') {
        size_t length = strcspn(words, " ");
        if (length > 0 && sql_is_keyword(words, length)) {
            offer_word(search, words, length, weight);
        }
        words += length + (words[length] == ' ');
    }
}

bool seek_followers(struct search *search)
{
    const struct scope_place *place = search->place;
    for (size_t i = 0; i < sizeof followers / sizeof *followers; i++) {
        if (string_equal(place->before, followers[i].before) &&
            place->qualifier == NULL && place->quote == 0 &&
            (followers[i].only == SCOPE_AT_OTHER || followers[i].only == place->clause)) {
            offer_list(search, followers[i].words, 0);
            return true;
        }
    }
    return false;
}

/* A table that is joined and has no condition yet wants one before all else. */
static bool wants_condition(const struct search *search)
{
    const struct scope_query *query = scope_query(search->scope, search->place->query);
    if (query == NULL || search->place->source == SCOPE_NONE) {
        return false;
    }
    const struct scope_source *source = array_at(&query->sources, search->place->source);
    return source->join >= SCOPE_INNER && source->join != SCOPE_CROSS &&
           source->on.start == 0 && source->with_using.count == 0 && !source->is_natural;
}

void seek_keywords(struct search *search)
{
    enum { FIRST = -1, LIKELY = 5, ELSEWHERE = 9 };
    const struct scope_place *place = search->place;
    size_t count;
    const char *const *all = sql_keywords(&count);
    if (place->quote != 0 || place->qualifier != NULL) {
        return;
    }
    if (string_equal(place->before, "IS")) {
        offer_list(search, "NULL NOT", FIRST);
    }
    if (place->clause == SCOPE_AT_JOIN && !wants_condition(search)) {
        offer_list(search, "JOIN WHERE LEFT GROUP ORDER LIMIT", LIKELY);
    }
    for (size_t i = 0; i < sizeof likely / sizeof *likely; i++) {
        if (likely[i].clause == place->clause) {
            offer_list(search,
                       place->expects == SCOPE_EXPECTS_OPERAND ? likely[i].operands
                                                               : likely[i].operators,
                       LIKELY);
        }
    }
    bool any = place->word[0] != '\0' && place->clause != SCOPE_AT_TABLE;
    for (size_t i = 0; i < count && any; i++) {
        offer_word(search, all[i], strlen(all[i]), ELSEWHERE);
    }
}
