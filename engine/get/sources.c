/* get/sources: the files of all tables of a product, opened; and what a version was made
 * from, so that sources can be asked whether they changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"

/* ---- What a version was made from ---- */

static void read_facts(sqlite3 *db, struct array *known)
{
    sqlite3_stmt *stmt = store_prepare(
        db, "SELECT location,etag,changed,bytes,sha256 FROM mwb_source", NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct access_facts *facts = array_push(known);
        *facts = (struct access_facts){.location = store_text_copy(stmt, 0),
                                       .bytes = sqlite3_column_int64(stmt, 3)};
        snprintf(facts->etag, sizeof facts->etag, "%s", store_text(stmt, 1));
        snprintf(facts->changed, sizeof facts->changed, "%s", store_text(stmt, 2));
        snprintf(facts->sha256, sizeof facts->sha256, "%s", store_text(stmt, 4));
    }
    store_finish(stmt);
}

char *sources_recall(struct get *get, const char *file)
{
    sqlite3 *db = store_open(file, STORE_IMMUTABLE, NULL);
    if (db == NULL) {
        return NULL;
    }
    read_facts(db, &get->known);
    char *definition =
        store_string(db, "SELECT value FROM mwb_product WHERE key='definition'", "");
    store_close(db);
    return definition;
}

/* ---- Opening ---- */

static bool names_same_files(const struct catalog_table *a, const struct catalog_table *b)
{
    bool same = a->files.count == 1 && b->files.count == 1;
    return same && string_equal(*(char **)array_at(&a->files, 0),
                                *(char **)array_at(&b->files, 0));
}

/* A database that holds several tables is fetched once. */
static bool came_before(const struct get *get, const struct get_table *part)
{
    bool came = false;
    for (size_t i = 0; i < get->tables.count; i++) {
        const struct get_table *other = array_at(&get->tables, i);
        came |= other != part && other->is_open &&
                names_same_files(other->table, part->table);
    }
    return came && table_is_database(part->table);
}

static void open_table(struct get *get, struct get_table *part, bool ask)
{
    const struct catalog_table *table = part->table;
    struct access_spec spec = {
        .product = &get->product,
        .table = table,
        .partial = get->partial,
        .known = ask ? &get->known : NULL,
        .converter = get->spec->converter,
        .git_places = get->spec->git_places,
        .port = get->port,
    };
    part->files = (struct array)ARRAY_OF(struct access_file);
    part->why = (struct error){0};
    bool is_inline = table->files.count == 0 && table->inline_data != NULL;
    if (seen_refuses(get, part)) {
        return;
    }
    part->is_shared = came_before(get, part);
    part->is_open =
        is_inline || part->is_shared || access_open(&spec, &part->files, &part->why);
}

bool sources_open(struct get *get, bool ask, struct error *err)
{
    for (size_t i = 0; i < get->product.tables.count; i++) {
        struct get_table *part = array_push(&get->tables);
        *part = (struct get_table){.table = array_at(&get->product.tables, i),
                                   .masks = ARRAY_OF(struct policy_mask)};
        open_table(get, part, ask);
        if (part->why.kind == ERROR_CANCELLED || job_cancelled(get->port)) {
            return error_set(err, ERROR_CANCELLED, "getting %s was cancelled",
                             get->product.entry.id);
        }
    }
    return true;
}

void sources_close(struct get *get)
{
    long long changed = sources_changed(get); /* outlives them, for the log */
    get->changed = changed > get->changed ? changed : get->changed;
    for (size_t i = 0; i < get->tables.count; i++) {
        struct get_table *part = array_at(&get->tables, i);
        access_files_release(&part->files);
        policy_masks_release(&part->masks);
    }
    array_release(&get->tables);
    get->tables = (struct array)ARRAY_OF(struct get_table);
}

bool sources_are_unchanged(const struct get *get)
{
    for (size_t i = 0; i < get->tables.count; i++) {
        const struct get_table *part = array_at(&get->tables, i);
        for (size_t j = 0; j < part->files.count; j++) {
            const struct access_file *file = array_at(&part->files, j);
            if (file->bring != NULL && !file->is_unchanged) {
                return false;
            }
        }
        if (!part->is_open && !part->is_refused) {
            return false;
        }
    }
    return true;
}

struct array sources_facts(const struct get *get)
{
    struct array all = ARRAY_OF(struct access_facts);
    for (size_t i = 0; i < get->tables.count; i++) {
        const struct get_table *part = array_at(&get->tables, i);
        for (size_t j = 0; j < part->files.count; j++) {
            const struct access_file *file = array_at(&part->files, j);
            if (file->bring != NULL) {
                *(struct access_facts *)array_push(&all) = file->facts;
            }
        }
    }
    return all;
}
