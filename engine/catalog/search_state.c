/* catalog/search_state: what searching keeps of one snapshot of the index, read when it
 * is first needed. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/search.h"

#include <stdlib.h>

#include "engine/catalog/reading.h"
#include "engine/catalog/use.h"
#include "engine/store.h"
#include "engine/text.h"

static void forget_snapshot(struct search_state *state)
{
    free(state->order);
    free(state->place);
    free(state->used);
    state->order = NULL;
    state->place = NULL;
    state->used = NULL;
    state->count = 0;
}

void search_state_free(struct search_state *state)
{
    if (state != NULL) {
        forget_snapshot(state);
        fold_free(state->fold);
        free(state);
    }
}

struct search_state *search_ready(const struct catalog *catalog)
{
    struct search_state **kept = catalog_search_state(catalog);
    sqlite3 *db = catalog_database(catalog);
    if (*kept == NULL) {
        struct fold *fold = fold_new(db);
        if (fold == NULL) {
            return NULL;
        }
        *kept = memory_new(sizeof **kept);
        (*kept)->fold = fold;
        (*kept)->version = -1;
    }
    long long version = store_number(db, 0, "PRAGMA data_version", "");
    if (version != (*kept)->version) {
        forget_snapshot(*kept);
        (*kept)->version = version;
        (*kept)->rows =
            (size_t)store_number(db, 0, "SELECT max(rowid) FROM product", "") + 1;
        (*kept)->unread = catalog_unread_count(catalog);
    }
    return *kept;
}

void search_know_order(const struct catalog *catalog, struct search_state *state)
{
    if (state->order != NULL) {
        return;
    }
    state->order = memory_new_many(state->rows, sizeof *state->order);
    state->place = memory_new_many(state->rows, sizeof *state->place);
    sqlite3_stmt *stmt =
        store_prepare(catalog_database(catalog),
                      "SELECT rowid FROM product ORDER BY domain,name", NULL);
    while (stmt != NULL && state->count < state->rows &&
           store_step(stmt, NULL) == STORE_ROW) {
        sqlite3_int64 row = sqlite3_column_int64(stmt, 0);
        if (row > 0 && (size_t)row < state->rows) {
            state->place[row] = (int32_t)state->count;
            state->order[state->count++] = (int32_t)row;
        }
    }
    store_finish(stmt);
}

void search_know_use(const struct catalog *catalog, struct search_state *state)
{
    if (state->used == NULL) {
        state->used = memory_new_many(state->rows, 1);
        use_read(catalog, state->used, state->rows);
    }
}

void search_forget_use(const struct catalog *catalog)
{
    struct search_state *state = *catalog_search_state(catalog);
    if (state != NULL) {
        free(state->used);
        state->used = NULL;
    }
}
