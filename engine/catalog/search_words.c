/* catalog/search_words: the products that hold one typed word, and in which field.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/search.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/reading.h"
#include "engine/store.h"
#include "engine/text.h"

/* Beyond the first, words that hold the part are asked for several at a time: each query
 * costs some microseconds, and each word of a query some nanoseconds for every hit. */
enum { ALONE = 256, TOGETHER = 16, SHORTEST_PART = 3 };

static const char match_sql[] =
    "SELECT rowid,search_fields(search) FROM search WHERE search MATCH ?1";

static unsigned best_field(unsigned fields)
{
    return fields & -fields;
}

/* A hit in a better field than those before tells how well the word fits; those that fit
 * best come first. */
static void mark_hit(uint16_t *hit, unsigned fields, unsigned quality)
{
    unsigned known = *hit & (SEARCH_WHOLE - 1U);
    if (known == 0 || best_field(fields) < best_field(known)) {
        *hit = (uint16_t)(fields | known | quality);
    } else {
        *hit = (uint16_t)(*hit | fields);
    }
}

struct matching {
    const struct catalog *catalog;
    unsigned fields, quality;
    struct search_hits *hits;
};

static void match(const struct matching *matching, const char *expression)
{
    sqlite3_stmt *stmt = catalog_statement(matching->catalog, match_sql);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "s", expression);
    while (store_step(stmt, NULL) == STORE_ROW) {
        sqlite3_int64 row = sqlite3_column_int64(stmt, 0);
        unsigned fields = (unsigned)sqlite3_column_int(stmt, 1) & matching->fields;
        if (fields != 0 && row > 0 && (size_t)row < matching->hits->rows) {
            mark_hit(&matching->hits->of_row[row], fields, matching->quality);
        }
    }
    sqlite3_reset(stmt);
}

/* The words of the mesh with the part inside; those that start with it are found already.
 */
static void match_parts(struct matching *matching, const char *part)
{
    static const char words_sql[] =
        "SELECT w.word FROM search_part p JOIN search_word w ON w.row=p.rowid WHERE "
        "p.word MATCH ?1 AND substr(w.word,1,length(?2))<>?2";
    struct text expression = {0};
    sqlite3_stmt *stmt = catalog_statement(matching->catalog, words_sql);
    if (stmt == NULL) {
        return;
    }
    char *quoted = string_printf("\"%s\"", part);
    store_bind(stmt, "ss", quoted, part);
    size_t waiting = 0;
    for (size_t words = 0; store_step(stmt, NULL) == STORE_ROW; words++) {
        text_printf(&expression, "%s\"%s\"", waiting > 0 ? " OR " : "",
                    store_text(stmt, 0));
        waiting++;
        if (words < ALONE || waiting == TOGETHER) {
            match(matching, text_string(&expression));
            text_clear(&expression);
            waiting = 0;
        }
    }
    if (waiting > 0) {
        match(matching, text_string(&expression));
    }
    sqlite3_reset(stmt);
    free(quoted);
    text_release(&expression);
}

/* "ine_it" means line_items, too: words of the mesh that end in the first of the typed
 * ones, each with the others behind it. */
static void match_ends(struct matching *matching, const char *words)
{
    static const char words_sql[] =
        "SELECT w.word FROM search_part p JOIN search_word w ON w.row=p.rowid WHERE "
        "p.word MATCH ?1 AND length(w.word)>length(?2) AND "
        "substr(w.word,-length(?2))=?2";
    size_t first = strcspn(words, " ");
    sqlite3_stmt *stmt = catalog_statement(matching->catalog, words_sql);
    if (stmt == NULL) {
        return;
    }
    char *end = string_copy_bytes(words, first);
    char *quoted = string_printf("\"%s\"", end);
    store_bind(stmt, "ss", quoted, end);
    while (store_step(stmt, NULL) == STORE_ROW) {
        char *phrase = string_printf("\"%s%s\" *", store_text(stmt, 0), words + first);
        match(matching, phrase);
        free(phrase);
    }
    sqlite3_reset(stmt);
    free(quoted);
    free(end);
}

static size_t count_characters(const char *word)
{
    size_t count = 0;
    for (; *word != '\0'; word++) {
        count += ((unsigned char)*word & 0xC0) != 0x80;
    }
    return count;
}

/* Which fields the word may be in. */
static unsigned fields_of(const struct filter_term *term)
{
    static const struct {
        const char *facet;
        unsigned fields;
    } rows[] = {
        {"name", 1U << FIELD_NAME | 1U << FIELD_DOMAIN},
        {"title", 1U << FIELD_TITLE},
        {"table", 1U << FIELD_TABLES},
        {"column", 1U << FIELD_COLUMNS},
        {"synonym", 1U << FIELD_SYNONYMS},
        {"description", 1U << FIELD_DESCRIPTION},
    };
    for (size_t i = 0; term->facet != NULL && i < sizeof rows / sizeof *rows; i++) {
        if (string_equal(term->facet->name, rows[i].facet)) {
            return rows[i].fields;
        }
    }
    return (1U << FIELD_COUNT) - 1;
}

void search_word(const struct catalog *catalog, const struct fold *fold,
                 const struct filter_term *term, struct search_hits *hits)
{
    struct text word = {0};
    struct text expression = {0};
    size_t words = fold_words(fold, term->value, &word);
    struct matching matching = {
        .catalog = catalog, .fields = fields_of(term), .hits = hits};
    if (words > 0) {
        text_printf(&expression, "\"%s\"", text_string(&word));
        matching.quality = SEARCH_WHOLE;
        if (words == 1) { /* of several, looking once is enough: it takes long */
            match(&matching, text_string(&expression));
        }
        text_append(&expression, " *");
        matching.quality = SEARCH_START;
        match(&matching, text_string(&expression));
    }
    matching.quality = 0;
    if (words == 1 && count_characters(text_string(&word)) >= SHORTEST_PART) {
        match_parts(&matching, text_string(&word));
    } else if (words > 1) {
        match_ends(&matching, text_string(&word));
    }
    text_release(&expression);
    text_release(&word);
}
