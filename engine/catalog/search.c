/* catalog/search: lists the products of a filter in the order a person wants them.
 *
 * Each typed word gives the fields that hold it for every product (search_words.c), each
 * facet a mark for every product (facets.c); here they are put together in arrays over
 * the rows of products, counted, and only the page asked for is read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/search.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/reading.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- Marks and hits ---- */

static bool is_word(const struct filter_term *term)
{
    return term->facet == NULL || term->facet->is_word;
}

static uint8_t *dead_of(struct search_query *query)
{
    if (query->dead == NULL) {
        query->dead = memory_new_many(query->state->rows, 1);
    }
    return query->dead;
}

static void apply_facet(struct search_query *query, const struct filter_term *term)
{
    size_t rows = query->state->rows;
    uint8_t *dead = dead_of(query);
    uint8_t *marks = memory_new_many(rows, 1);
    facet_mark(query->catalog, query->state->fold, term, marks, rows);
    for (size_t row = 0; row < rows; row++) {
        dead[row] |= marks[row] == term->is_not;
    }
    free(marks);
}

static void apply_word(struct search_query *query, const struct filter_term *term)
{
    struct search_hits hits = {.rows = query->state->rows};
    hits.of_row = memory_new_many(hits.rows, sizeof *hits.of_row);
    search_word(query->catalog, query->state->fold, term, &hits);
    if (!term->is_not) {
        query->words[query->word_count] = term;
        query->hits[query->word_count++] = hits;
        return;
    }
    uint8_t *dead = dead_of(query);
    for (size_t row = 0; row < hits.rows; row++) {
        dead[row] |= hits.of_row[row] != 0;
    }
    free(hits.of_row);
}

/* Signs alone are no word: they say nothing. */
static bool says_something(const struct search_query *query,
                           const struct filter_term *term)
{
    struct text words = {0};
    bool says = !is_word(term) || fold_words(query->state->fold, term->value, &words) > 0;
    text_release(&words);
    return says;
}

void search_query_release(struct search_query *query)
{
    for (size_t i = 0; i < query->word_count; i++) {
        free(query->hits[i].of_row);
    }
    free(query->dead);
}

void search_query_run(struct search_query *query)
{
    for (size_t i = 0; i < query->filter->terms.count; i++) {
        const struct filter_term *term = array_at(&query->filter->terms, i);
        if (!is_word(term)) {
            apply_facet(query, term);
        } else if (says_something(query, term)) {
            apply_word(query, term);
        }
    }
}

bool search_holds(const struct search_query *query, size_t row)
{
    bool holds = query->dead == NULL || !query->dead[row];
    for (size_t i = 0; holds && i < query->word_count; i++) {
        holds = query->hits[i].of_row[row] != 0;
    }
    return holds;
}

/* ---- Ranking ---- */

/* What a hit in a field is worth; a whole word and the start of one a little more. The
 * name itself and its start stand above all, use lifts by two fields at most. */
static const int field_worth[FIELD_COUNT] = {
    [FIELD_NAME] = 90,    [FIELD_TITLE] = 80,    [FIELD_TABLES] = 70,
    [FIELD_COLUMNS] = 60, [FIELD_SYNONYMS] = 50, [FIELD_TAGS] = 40,
    [FIELD_OWNER] = 30,   [FIELD_DOMAIN] = 20,   [FIELD_DESCRIPTION] = 10,
};
enum {
    WHOLE_WORTH = 6,
    START_WORTH = 3,
    NAMED_SO = 400,
    NAMED_FROM = 200,
    MOST_WORTH = 4096
};

struct candidate {
    int32_t row, place, worth;
};

static int field_of(uint16_t hit)
{
    int field = 0;
    while (field < FIELD_COUNT - 1 && !(hit >> field & 1)) {
        field++;
    }
    return field;
}

static int worth_of(const struct search_query *query, size_t row)
{
    int worth = 0;
    for (size_t i = 0; i < query->word_count; i++) {
        uint16_t hit = query->hits[i].of_row[row];
        worth += field_worth[field_of(hit)];
        worth += hit & SEARCH_WHOLE ? WHOLE_WORTH : 0;
        worth += hit & SEARCH_START ? START_WORTH : 0;
    }
    return worth + query->state->used[row];
}

/* Products whose name is what was typed, or starts so; to their candidates' worth. */
static void add_names(const struct search_query *query, int16_t *extra)
{
    static const char sql[] =
        "SELECT rowid,?3 FROM product WHERE name>=?1 COLLATE NOCASE AND "
        "name<?1||char(1114111) COLLATE NOCASE UNION ALL SELECT rowid,?2 FROM product "
        "WHERE name=?1 COLLATE NOCASE UNION ALL SELECT rowid,?2 FROM product WHERE "
        "key=?1 COLLATE NOCASE";
    struct text typed = {0};
    for (size_t i = 0; i < query->word_count; i++) {
        text_append(&typed, i > 0 ? "-" : "");
        text_append(&typed, query->words[i]->value);
    }
    sqlite3_stmt *stmt = catalog_statement(query->catalog, sql);
    if (stmt != NULL) {
        store_bind(stmt, "sii", text_string(&typed), NAMED_SO, NAMED_FROM);
        while (store_step(stmt, NULL) == STORE_ROW) {
            sqlite3_int64 row = sqlite3_column_int64(stmt, 0);
            if (row > 0 && (size_t)row < query->state->rows) {
                extra[row] = (int16_t)sqlite3_column_int(stmt, 1);
            }
        }
        sqlite3_reset(stmt);
    }
    text_release(&typed);
}

/* All words and facets hold: how much it is worth; 0: they do not. */
static void value_rows(struct search_query *query, int16_t *worths)
{
    add_names(query, worths);
    for (size_t row = 0; row < query->state->rows; row++) {
        bool holds = search_holds(query, row);
        worths[row] = holds ? (int16_t)(worths[row] + worth_of(query, row)) : 0;
        query->total += holds;
    }
}

/* The worth that at least `wanted` products reach, 1 when there are fewer. */
static int least_worth(const struct search_query *query, const int16_t *worths,
                       size_t wanted)
{
    static const int lowest = 1;
    size_t *counts = memory_new_many(MOST_WORTH, sizeof *counts);
    for (size_t row = 0; row < query->state->rows; row++) {
        counts[worths[row] < MOST_WORTH ? worths[row] : MOST_WORTH - 1]++;
    }
    int worth = MOST_WORTH - 1;
    size_t reached = counts[worth];
    while (worth > lowest && reached < wanted) {
        reached += counts[--worth];
    }
    free(counts);
    return worth;
}

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    return x->worth != y->worth ? (x->worth < y->worth) - (x->worth > y->worth)
                                : (x->place > y->place) - (x->place < y->place);
}

/* Rows of the page in their order, of int32_t. */
static struct array rank_rows(struct search_query *query, size_t wanted)
{
    struct array rows = ARRAY_OF(int32_t);
    struct array candidates = ARRAY_OF(struct candidate);
    int16_t *worths = memory_new_many(query->state->rows, sizeof *worths);
    value_rows(query, worths);
    int least = wanted > 0 ? least_worth(query, worths, wanted) : 1;
    for (size_t row = 0; row < query->state->rows; row++) {
        if (worths[row] >= least) {
            *(struct candidate *)array_push(&candidates) =
                (struct candidate){(int32_t)row, query->state->place[row], worths[row]};
        }
    }
    if (candidates.count > 0) {
        qsort(candidates.items, candidates.count, sizeof(struct candidate),
              compare_candidates);
    }
    for (size_t i = 0; i < candidates.count; i++) {
        *(int32_t *)array_push(&rows) =
            ((struct candidate *)array_at(&candidates, i))->row;
    }
    free(worths);
    array_release(&candidates);
    return rows;
}

/* Without words: by domain and name. */
static struct array order_rows(struct search_query *query)
{
    struct array rows = ARRAY_OF(int32_t);
    for (size_t i = 0; i < query->state->count; i++) {
        int32_t row = query->state->order[i];
        if (query->dead == NULL || !query->dead[row]) {
            *(int32_t *)array_push(&rows) = row;
        }
    }
    query->total = rows.count;
    return rows;
}

/* ---- The page ---- */

/* What matched, of the first word that is not simply in the name. */
static void explain(const struct search_query *query, struct catalog_entry *entry)
{
    for (size_t i = 0; i < query->word_count; i++) {
        int field = field_of(query->hits[i].of_row[entry->row]);
        if (field != FIELD_NAME) {
            search_explain(query->catalog, query->state->fold, query->words[i],
                           (enum search_field)field, entry);
            return;
        }
    }
}

static void read_page(const struct search_query *query,
                      const struct catalog_filter *filter, const struct array *rows,
                      struct array *entries)
{
    sqlite3_stmt *stmt =
        catalog_statement(query->catalog, "SELECT " ENTRY_COLUMNS "WHERE p.rowid=?1");
    size_t end = filter->limit > 0 && filter->limit < rows->count - filter->offset
                     ? filter->offset + filter->limit
                     : rows->count;
    for (size_t i = filter->offset; stmt != NULL && i < end; i++) {
        store_bind(stmt, "l", (long long)*(int32_t *)array_at(rows, i));
        if (store_step(stmt, NULL) == STORE_ROW) {
            struct catalog_entry *entry = array_push(entries);
            entry_take(stmt, entry);
            explain(query, entry);
        }
        sqlite3_reset(stmt);
    }
}

/* Nothing typed: SQLite walks its own order, and a page of it is all that is read. */
static void list_all(const struct catalog *catalog, const struct catalog_filter *filter,
                     struct catalog_page *out)
{
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT " ENTRY_COLUMNS "ORDER BY p.domain,p.name LIMIT ?1 OFFSET ?2");
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "ll", filter->limit > 0 ? (long long)filter->limit : -1LL,
               (long long)filter->offset);
    while (store_step(stmt, NULL) == STORE_ROW) {
        entry_take(stmt, array_push(&out->entries));
    }
    sqlite3_reset(stmt);
    out->total = (size_t)store_number(catalog_database(catalog), 0,
                                      "SELECT count(*) FROM product", "");
}

static void search_all(struct search_query *query, const struct catalog_filter *filter,
                       struct catalog_page *out)
{
    search_know_order(query->catalog, query->state);
    search_know_use(query->catalog, query->state);
    search_query_run(query);
    size_t wanted = filter->limit > 0 ? filter->offset + filter->limit : 0;
    struct array rows =
        query->word_count > 0 ? rank_rows(query, wanted) : order_rows(query);
    if (filter->offset < rows.count) {
        read_page(query, filter, &rows, &out->entries);
    }
    out->total = query->total;
    array_release(&rows);
    search_query_release(query);
}

bool search_terms(const struct catalog_filter *filter, struct filter *terms,
                  struct error *err)
{
    if (!filter_parse(filter->text, terms, err)) {
        return false;
    }
    filter_add(terms, "domain", filter->domain);
    filter_add(terms, "status", filter->status);
    filter_add(terms, "tag", filter->tag);
    filter_add(terms, "class", filter->domain_class);
    return true;
}

bool catalog_search(const struct catalog *catalog, const struct catalog_filter *filter,
                    struct catalog_page *out, struct error *err)
{
    static const struct catalog_filter all = {0};
    struct filter terms;
    *out = (struct catalog_page){.entries = ARRAY_OF(struct catalog_entry)};
    filter = filter != NULL ? filter : &all;
    if (!search_terms(filter, &terms, err)) {
        return false;
    }
    struct search_query query = {.catalog = catalog, .filter = &terms};
    query.state = terms.terms.count > 0 ? search_ready(catalog) : NULL;
    if (query.state != NULL) {
        search_all(&query, filter, out);
    } else if (terms.terms.count == 0) {
        list_all(catalog, filter, out);
    }
    out->unread =
        query.state != NULL ? query.state->unread : catalog_unread_count(catalog);
    filter_release(&terms);
    return true;
}

void catalog_page_release(struct catalog_page *page)
{
    catalog_entries_release(&page->entries);
    page->total = page->unread = 0;
}

struct array catalog_list(const struct catalog *catalog,
                          const struct catalog_filter *filter)
{
    struct catalog_page page;
    catalog_search(catalog, filter, &page, NULL);
    return page.entries;
}
