/* complete: one answer: the place is read, names are gathered, ranked and told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/cache.h"

/* ---- Life ---- */

struct complete *complete_new(struct workbench *workbench, void (*changed)(void *owner),
                              void *owner)
{
    struct complete *complete = memory_new(sizeof *complete);
    *complete = (struct complete){
        .workbench = workbench,
        .changed = changed,
        .owner = owner,
        .functions = ARRAY_OF(struct known_function),
        .tables = ARRAY_OF(struct known_table *),
        .extra = ARRAY_OF(struct known_table *),
        .measures = ARRAY_OF(struct complete_measure *),
        .values = ARRAY_OF(struct complete_values),
    };
    return complete;
}

void complete_free(struct complete *complete)
{
    if (complete == NULL) {
        return;
    }
    known_forget(complete);
    known_tables_release(&complete->extra);
    library_release(complete);
    measures_release(complete);
    values_release(complete);
    uses_release(complete);
    free(complete);
}

const char *complete_kind_name(enum complete_kind kind)
{
    static const char *const names[] = {
        [COMPLETE_COLUMN] = "column",      [COMPLETE_VALUE] = "value",
        [COMPLETE_JOIN] = "condition",     [COMPLETE_SOURCE] = "name",
        [COMPLETE_TABLE] = "table",        [COMPLETE_SCHEMA] = "schema",
        [COMPLETE_KEYWORD] = "keyword",    [COMPLETE_FUNCTION] = "function",
        [COMPLETE_PARAMETER] = "parameter"};
    return names[kind];
}

/* ---- Gathering ---- */

char *seek_spell(const struct search *search, const char *name)
{
    struct text out = {0};
    char quote = search->place->quote;
    if (quote == '\0' || quote == '\'') {
        sql_append_name(&out, name);
        return text_take(&out);
    }
    char end = quote == '[' ? ']' : quote;
    for (const char *c = name; *c != '\0'; c++) {
        text_append_repeated(&out, *c, *c == end ? 2 : 1);
    }
    text_append_char(&out, end);
    return text_take(&out);
}

void seek_offer(struct search *search, struct offer offer)
{
    uint64_t matches = 0;
    enum complete_fit fit = complete_match(search->place->word, offer.name, &matches);
    enum complete_fit worst = offer.worst > 0 ? offer.worst : COMPLETE_LETTERS;
    if (offer.name == NULL || offer.name[0] == '\0' || fit > worst) {
        free(offer.text);
        free(offer.detail);
        return;
    }
    struct found *found = array_push(&search->found);
    *found = (struct found){.fit = fit,
                            .weight = offer.weight,
                            .use = offer.use,
                            .order = search->found.count,
                            .table = offer.table};
    found->candidate = (struct complete_candidate){
        .kind = offer.kind,
        .text = offer.text != NULL ? offer.text : seek_spell(search, offer.name),
        .detail = offer.detail,
        .description = string_copy(offer.description),
        .matches = matches,
    };
}

/* ---- Ranking ---- */

/* An exact word has not earned more than one that goes on from it, but among its like. */
static int rank_of_fit(enum complete_fit fit)
{
    return fit == COMPLETE_EXACT ? COMPLETE_START : (int)fit;
}

static int by_rank(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    if (rank_of_fit(a->fit) != rank_of_fit(b->fit)) {
        return rank_of_fit(a->fit) - rank_of_fit(b->fit);
    }
    if (a->weight != b->weight) {
        return a->weight - b->weight;
    }
    if (a->fit != b->fit) {
        return a->fit < b->fit ? -1 : 1;
    }
    if (a->use > b->use || a->use < b->use) {
        return a->use > b->use ? -1 : 1;
    }
    return a->order < b->order ? -1 : 1;
}

static bool is_offered(const struct array *candidates, const char *text)
{
    for (size_t i = 0; i < candidates->count; i++) {
        const struct complete_candidate *candidate = array_at(candidates, i);
        if (string_equal_fold(candidate->text, text)) {
            return true;
        }
    }
    return false;
}

/* Where the word stands in the text: the text has quotes and tables before the name. */
static void move_matches(struct complete_candidate *candidate, const char *word)
{
    uint64_t matches = 0;
    if (*word != '\0' &&
        complete_match(word, candidate->text, &matches) != COMPLETE_NOT) {
        candidate->matches = matches;
    }
}

static void tell_absence(struct complete *complete, struct found *found)
{
    struct complete_candidate *candidate = &found->candidate;
    candidate->is_absent = found->table != NULL && !known_is_here(complete, found->table);
    if (candidate->is_absent) {
        char *detail = string_printf("not here yet, %s", candidate->detail);
        free(candidate->detail);
        candidate->detail = detail;
    }
}

static void rank(struct search *search, struct array *candidates)
{
    if (search->found.count > 0) {
        qsort(search->found.items, search->found.count, sizeof(struct found), by_rank);
    }
    const struct found *first = array_at(&search->found, 0);
    enum complete_fit best = first != NULL ? first->fit : COMPLETE_NOT;
    for (size_t i = 0; i < search->found.count; i++) {
        struct found *found = array_at(&search->found, i);
        struct complete_candidate *candidate = &found->candidate;
        bool scattered = found->fit == COMPLETE_LETTERS && best <= COMPLETE_INITIALS;
        if (candidates->count < COMPLETE_MOST && !scattered &&
            !is_offered(candidates, candidate->text)) {
            tell_absence(search->complete, found);
            move_matches(candidate, search->place->word);
            *(struct complete_candidate *)array_push(candidates) = *candidate;
            continue;
        }
        free(candidate->text);
        free(candidate->detail);
        free(candidate->description);
    }
    array_release(&search->found);
}

/* ---- The statement at the cursor ---- */

/* Behind a `;` another one begins. */
static struct sql_span statement_at(const char *text, size_t length, size_t cursor)
{
    struct sql_span span = {cursor, length - cursor, false};
    if (!sql_statement_at(text, length, cursor, &span)) {
        return (struct sql_span){0, length, false};
    }
    size_t end = span.start + span.length;
    bool behind = span.closed && cursor > end && memchr(text + end, ';', cursor - end);
    if (behind) {
        return (struct sql_span){cursor, 0, false};
    }
    size_t upto = cursor > end ? cursor : end;
    size_t from = cursor < span.start ? cursor : span.start;
    return (struct sql_span){from, upto - from, span.closed};
}

/* By the first keyword that is there: the case in which the person writes. */
static bool writes_small(const struct search *search)
{
    struct sql_token token = {0};
    char first = search->place->word[0];
    if (first != '\0') {
        return first >= 'a' && first <= 'z';
    }
    while (sql_next(search->text, search->length, token.start + token.length, &token)) {
        if (token.kind == SQL_KEYWORD) {
            char c = search->text[token.start];
            return c >= 'a' && c <= 'z';
        }
    }
    return false;
}

/* What may have changed since the last answer. */
static void begin(struct complete *complete)
{
    library_read(complete);
    uses_read(complete);
    known_refresh(complete);
    for (size_t i = 0; i < complete->tables.count; i++) {
        struct known_table *table =
            *(struct known_table **)array_at(&complete->tables, i);
        table->is_looked_for = false;
        table->is_read = table->is_read && table->columns.count > 0;
    }
}

static void end(struct complete *complete)
{
    known_tables_release(&complete->extra);
    complete->extra = (struct array)ARRAY_OF(struct known_table *);
    cache_mesh_close(complete->cache);
    complete->cache = NULL;
    measures_start(complete);
}

void complete_find(struct complete *complete, const char *text, size_t cursor,
                   struct complete_answer *answer)
{
    size_t length = strlen(text);
    cursor = cursor < length ? cursor : length;
    struct sql_span span = statement_at(text, length, cursor);
    const struct scope_spec spec = {.sql = text + span.start,
                                    .length = span.length,
                                    .cursor = cursor - span.start,
                                    .columns = known_answer,
                                    .owner = complete};
    begin(complete);
    struct search search = {.complete = complete,
                            .scope = scope_new(&spec),
                            .text = spec.sql,
                            .length = spec.length,
                            .found = ARRAY_OF(struct found),
                            .joins = ARRAY_OF(struct join)};
    search.place = scope_place(search.scope);
    search.lower = writes_small(&search);
    answer->word_start = span.start + search.place->word_start;
    answer->candidates = (struct array)ARRAY_OF(struct complete_candidate);
    seek_gather(&search);
    rank(&search, &answer->candidates);
    for (size_t i = 0; i < search.joins.count; i++) {
        free(((struct join *)array_at(&search.joins, i))->text);
    }
    array_release(&search.joins);
    scope_free(search.scope);
    end(complete);
}

void complete_answer_release(struct complete_answer *answer)
{
    for (size_t i = 0; i < answer->candidates.count; i++) {
        struct complete_candidate *candidate = array_at(&answer->candidates, i);
        free(candidate->text);
        free(candidate->detail);
        free(candidate->description);
    }
    array_release(&answer->candidates);
}
