/* catalog/reading: what the readers of an index share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_READING_H
#define MWB_CATALOG_READING_H

#include <sqlite3.h>
#include <stdint.h>

#include "engine/catalog.h"

/* The contracts under which product ?1 delivers. */
#define CONTRACTS                                                                        \
    "(SELECT o.contract_row FROM port o WHERE o.product_row=?1 AND o.dir='out')"

/* A statement that the catalog keeps prepared; `sql` is a constant, known by its address.
 * Bound from the start again. Give it back with sqlite3_reset(). NULL when it cannot be.
 */
sqlite3_stmt *catalog_statement(const struct catalog *catalog, const char *sql);

/* Rows of (path, line, column, is an error, sentence, rule) become struct
 * finding. Resets the statement, which may be NULL. */
void problems_take(sqlite3_stmt *stmt, struct array *problems);

/* The columns of a struct catalog_entry, and the tables they come from. */
#define ENTRY_COLUMNS                                                                    \
    "p.rowid,p.key,p.name,p.domain,d.class,p.status,p.version,p.team,p.title,p.schema_"  \
    "name,p.tables FROM product p LEFT JOIN domain d ON d.name=p.domain "
void entry_take(sqlite3_stmt *stmt, struct catalog_entry *entry);

/* Rules of files that were meant to be read and brought nothing: what is in them cannot
 * be found. */
#define UNREAD_RULES                                                                     \
    "('broken','broken-yaml','unreadable','not-a-descriptor','not-read-yet',"            \
    "'name-too-long')"

/* What searching keeps; the place for it is the catalog's, made and filled by the search.
 */
struct search_state;
struct search_state **catalog_search_state(const struct catalog *catalog);

/* All lines of the card; needs the product's row, its tables and its frequency. */
void facts_read(const struct catalog *catalog, struct catalog_product *product);
/* One more line; name and value are taken. */
void facts_push(struct catalog_product *product, const char *group, char *name,
                char *value);

/* ---- Freshness ---- */

/* The state of the product, whose row, folder, tables, frequency and modified are read.
 */
void freshness_judge(const struct catalog *catalog, const struct catalog_product *product,
                     struct catalog_freshness *out);
/* Its line on the card, and what follows from it in the product. */
void freshness_add(const struct catalog *catalog, struct catalog_product *product);
/* The same from numbers alone, all but the state and the reason filled in; `now` of the
 * mesh, `looked` when the source was last seen. */
enum catalog_freshness_state freshness_rule(const struct catalog_freshness *facts,
                                            long long now, long long looked);
/* What the log knows of a product, NULL: nothing. */
const struct catalog_seen *freshness_seen(const struct catalog *catalog, const char *key);
/* Everything that it knows, in the order of the keys. */
const struct array *freshness_all_seen(const struct catalog *catalog);
/* The part of it that belongs to a struct catalog. */
struct freshness_log {
    struct array (*read)(void *owner, const char *mesh);
    void *owner;
    struct array seen; /* of struct catalog_seen */
    bool is_read;
};
struct freshness_log *catalog_freshness_log(const struct catalog *catalog);
void freshness_forget(struct freshness_log *log);

/* ---- How the last checks ended ---- */
struct standing_log {
    struct array (*read)(void *owner, const char *mesh);
    void *owner;
    struct array standings; /* of struct catalog_standing */
    bool is_read;
};
struct standing_log *catalog_standing_log(const struct catalog *catalog);
void standing_forget(struct standing_log *log);
extern const char *const standing_words[]; /* the values there are; ends with NULL */
/* The line of the card, if anything is known. */
void standing_add(const struct catalog *catalog, struct catalog_product *product);
/* The rows of products that stand as the typed word says. */
void standing_mark(const struct catalog *catalog, const char *typed, uint8_t *marks,
                   size_t rows);

#endif
