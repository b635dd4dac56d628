/* catalog/search: what filling the index of words and searching in it share.
 *
 * `search` is an FTS5 table with one row a product and one column a kind of words. Part
 * of a word is found through `search_word`, all words of the mesh, and `search_part`,
 * their trigrams; facets through `facet` and `facet_of`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_SEARCH_H
#define MWB_CATALOG_SEARCH_H

#include <sqlite3.h>
#include <stdint.h>

#include "engine/catalog.h"
#include "engine/catalog/filter.h"
#include "engine/catalog/fold.h"

/* The columns of `search` in their order; the earlier, the more a hit counts. */
enum search_field {
    FIELD_NAME,
    FIELD_TITLE,
    FIELD_TABLES,
    FIELD_COLUMNS,
    FIELD_SYNONYMS,
    FIELD_TAGS,
    FIELD_OWNER,
    FIELD_DOMAIN,
    FIELD_DESCRIPTION,
    FIELD_COUNT,
};

extern const char search_tables[]; /* statements that make them, empty */

/* What searching keeps of one snapshot of the index. Belongs to a struct catalog. */
struct search_state {
    struct fold *fold;
    long long version; /* of the snapshot, as this connection counts them */
    size_t rows;       /* more than the greatest row of a product */
    int32_t *order;    /* rows of products by domain and name, `count` of them */
    int32_t *place;    /* by row: its place in `order` */
    size_t count;
    size_t unread; /* files that could not be read */
    uint8_t *used; /* by row: how much this person uses it */
};
void search_state_free(
    struct search_state *state); /* For the snapshot the connection sees now; NULL when
                                    there is no FTS5. */
struct search_state *search_ready(const struct catalog *catalog);
/* Read on demand: the start of the workbench does not pay for them. */
void search_know_order(const struct catalog *catalog, struct search_state *state);
void search_know_use(const struct catalog *catalog, struct search_state *state);

/* What was read of the person's uses is read again. */
void search_forget_use(const struct catalog *catalog);

/* ---- Words (search_words.c) ---- */

/* Of one typed word: for each product, by its row, which fields hold it and how. Bits
 * from 0: fields; SEARCH_WHOLE and SEARCH_START: it is a whole word or its start. */
enum { SEARCH_WHOLE = 1 << 14, SEARCH_START = 1 << 15 };
struct search_hits {
    uint16_t *of_row;
    size_t rows;
};
/* `fields`: a bit for each that counts. `hits` is zeroed by the caller. */
void search_word(const struct catalog *catalog, const struct fold *fold,
                 const struct filter_term *term, struct search_hits *hits);

/* ---- All that was typed (search.c) ---- */

struct search_query {
    const struct catalog *catalog;
    struct search_state *state;
    const struct filter *filter;
    struct search_hits hits[FILTER_MOST_TERMS]; /* of words that must hold */
    const struct filter_term *words[FILTER_MOST_TERMS];
    size_t word_count;
    uint8_t *dead; /* by row: something does not hold; NULL: nothing asked so */
    size_t total;
};
/* Ask for all terms; then search_holds() tells of each row. */
void search_query_run(struct search_query *query);
bool search_holds(const struct search_query *query, size_t row);
void search_query_release(struct search_query *query);
/* The text and the other members of a filter, taken apart. */
bool search_terms(const struct catalog_filter *filter, struct filter *terms,
                  struct error *err);

/* ---- Facets (facets.c) ---- */

/* Set a byte for each product of which the facet holds. */
void facet_mark(const struct catalog *catalog, const struct fold *fold,
                const struct filter_term *term, uint8_t *marks, size_t rows);

/* ---- Why (search_why.c) ---- */

/* Fill why, matched_table and matched_column of an entry that `term` found in a field. */
void search_explain(const struct catalog *catalog, const struct fold *fold,
                    const struct filter_term *term, enum search_field field,
                    struct catalog_entry *entry);

#endif
