/* catalog/standing: how the last checks of products ended, told by who keeps them: for
 * the list, the card and the facet `quality`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/reading.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/catalog/search.h"
#include "engine/store.h"
#include "engine/text.h"

const char *const standing_words[] = {"passed", "warning", "failed",
                                      "error",  "unknown", NULL};
static const char unknown[] = "unknown";

void standing_forget(struct standing_log *log)
{
    for (size_t i = 0; log->is_read && i < log->standings.count; i++) {
        struct catalog_standing *one = array_at(&log->standings, i);
        free(one->product);
        free(one->quality);
        free(one->sentence);
    }
    if (log->is_read) {
        array_release(&log->standings);
    }
    log->is_read = false;
}

void catalog_set_standings(struct catalog *catalog,
                           struct array (*read)(void *owner, const char *mesh),
                           void *owner)
{
    struct standing_log *log = catalog_standing_log(catalog);
    standing_forget(log);
    log->read = read;
    log->owner = owner;
}

static const struct array *all_standings(const struct catalog *catalog)
{
    struct standing_log *log = catalog_standing_log(catalog);
    if (!log->is_read) {
        log->standings = log->read != NULL
                             ? log->read(log->owner, catalog_mesh_path(catalog))
                             : (struct array)ARRAY_OF(struct catalog_standing);
        log->is_read = true;
    }
    return &log->standings;
}

static int compare_standing(const void *key, const void *item)
{
    return strcmp(key, ((const struct catalog_standing *)item)->product);
}

static const struct catalog_standing *standing_of(const struct catalog *catalog,
                                                  const char *product)
{
    const struct array *all = all_standings(catalog);
    return product != NULL && all->count > 0
               ? bsearch(product, all->items, all->count, sizeof(struct catalog_standing),
                         compare_standing)
               : NULL;
}

const char *catalog_quality(const struct catalog *catalog, const char *product)
{
    const struct catalog_standing *one = standing_of(catalog, product);
    return one != NULL ? one->quality : unknown;
}

void standing_add(const struct catalog *catalog, struct catalog_product *product)
{
    const struct catalog_standing *one = standing_of(catalog, product->entry.id);
    if (one != NULL) {
        facts_push(product, "quality", string_copy("last check"),
                   string_copy(one->sentence));
    }
}

/* ---- The facet ---- */

/* Which words are meant: the one that is so, else all that start so. */
static bool is_meant(const char *word, const char *typed)
{
    for (size_t i = 0; standing_words[i] != NULL; i++) {
        if (string_equal_fold(standing_words[i], typed)) {
            return string_equal_fold(word, typed);
        }
    }
    return strncasecmp(word, typed, strlen(typed)) == 0;
}

static void mark_unchecked(const struct catalog *catalog, uint8_t *marks, size_t rows)
{
    sqlite3_stmt *stmt = catalog_statement(catalog, "SELECT rowid FROM product");
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        sqlite3_int64 row = sqlite3_column_int64(stmt, 0);
        if (row > 0 && (size_t)row < rows) {
            marks[row] = 1;
        }
    }
    sqlite3_reset(stmt);
}

void standing_mark(const struct catalog *catalog, const char *typed, uint8_t *marks,
                   size_t rows)
{
    const struct array *all = all_standings(catalog);
    sqlite3_stmt *find = catalog_statement(
        catalog, "SELECT rowid FROM product WHERE key=?1 COLLATE NOCASE");
    if (is_meant(unknown, typed)) {
        mark_unchecked(catalog, marks, rows);
    }
    for (size_t i = 0; find != NULL && i < all->count; i++) {
        const struct catalog_standing *one = array_at(all, i);
        store_bind(find, "s", one->product);
        sqlite3_int64 row =
            store_step(find, NULL) == STORE_ROW ? sqlite3_column_int64(find, 0) : 0;
        if (row > 0 && (size_t)row < rows) {
            marks[row] = is_meant(one->quality, typed);
        }
        sqlite3_reset(find);
    }
}
