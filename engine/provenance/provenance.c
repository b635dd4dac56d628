/* provenance: what is known of the sources of some rows, and all of it as facts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/provenance/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"

void provenance_init(struct provenance *provenance)
{
    *provenance = (struct provenance){
        .made = path_now(),
        .parameters = ARRAY_OF(struct provenance_fact),
        .sources = ARRAY_OF(struct provenance_source),
    };
}

static void release_files(struct array *files)
{
    for (size_t i = 0; i < files->count; i++) {
        struct provenance_file *file = array_at(files, i);
        free(file->location);
        free(file->sha256);
        free(file->root);
    }
    array_release(files);
}

static void release_source(struct provenance_source *source)
{
    free(source->product);
    free(source->title);
    free(source->version);
    free(source->key);
    free(source->imported);
    free(source->license);
    free(source->limitations);
    free(source->usage);
    release_files(&source->files);
}

void provenance_release(struct provenance *provenance)
{
    for (size_t i = 0; i < provenance->sources.count; i++) {
        release_source(array_at(&provenance->sources, i));
    }
    array_release(&provenance->sources);
    provenance_facts_release(&provenance->parameters);
    free(provenance->sql);
    free(provenance->mesh);
    free(provenance->role);
    free(provenance->purpose);
    free(provenance->classification);
    free(provenance->notes);
    *provenance = (struct provenance){0};
}

static void add_fact(struct array *facts, const char *name, const char *value)
{
    if (value != NULL && *value != '\0') {
        struct provenance_fact *fact = array_push(facts);
        *fact = (struct provenance_fact){string_copy(name), string_copy(value)};
    }
}

void provenance_facts_release(struct array *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        struct provenance_fact *fact = array_at(facts, i);
        free(fact->name);
        free(fact->value);
    }
    array_release(facts);
}

void provenance_add_parameter(struct provenance *provenance, const char *name,
                              const char *value)
{
    struct provenance_fact *fact = array_push(&provenance->parameters);
    *fact = (struct provenance_fact){string_copy(name),
                                     string_copy(value != NULL ? value : "NULL")};
}

/* ---- What is known of a source ---- */

static const char product_sql[] =
    "SELECT title,version,license,limitations,usage FROM product WHERE key=?1 OR id=?1 "
    "ORDER BY key=?1 DESC LIMIT 1";

static char *text_of(sqlite3_stmt *stmt, int column)
{
    char *text = store_text_copy(stmt, column);
    return text != NULL ? text : string_copy("");
}

static void read_product(struct provenance_source *source, const struct catalog *catalog)
{
    sqlite3_stmt *stmt = catalog != NULL
                             ? store_prepare(catalog_database(catalog), product_sql, NULL)
                             : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "s", source->product);
    }
    bool known = stmt != NULL && store_step(stmt, NULL) == STORE_ROW;
    source->title = known ? text_of(stmt, 0) : string_copy("");
    source->version = known ? text_of(stmt, 1) : string_copy("");
    source->license = known ? text_of(stmt, 2) : string_copy("");
    source->limitations = known ? text_of(stmt, 3) : string_copy("");
    source->usage = known ? text_of(stmt, 4) : string_copy("");
    store_finish(stmt);
}

static char *read_fact(sqlite3 *db, const char *name)
{
    sqlite3_stmt *stmt =
        db != NULL ? store_prepare(db, "SELECT value FROM mwb_product WHERE key=?1", NULL)
                   : NULL;
    char *value = NULL;
    if (stmt != NULL) {
        store_bind(stmt, "s", name);
        value = store_step(stmt, NULL) == STORE_ROW ? text_of(stmt, 0) : NULL;
    }
    store_finish(stmt);
    return value != NULL ? value : string_copy("");
}

static void read_files(struct provenance_source *source, sqlite3 *db)
{
    sqlite3_stmt *stmt =
        db != NULL ? store_prepare(db,
                                   "SELECT location,sha256,coalesce(bytes,-1) FROM "
                                   "mwb_source ORDER BY location",
                                   NULL)
                   : NULL;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct provenance_file *file = array_push(&source->files);
        file->location = text_of(stmt, 0);
        file->sha256 = text_of(stmt, 1);
        file->bytes = sqlite3_column_int64(stmt, 2);
    }
    store_finish(stmt);
}

/* The version that was read: its promises may have changed since. */
static void read_version(struct provenance_source *source, const char *file)
{
    sqlite3 *db = path_exists(file) ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
    char *version = read_fact(db, "version");
    if (*version != '\0') {
        free(source->version);
        source->version = version;
    } else {
        free(version);
    }
    source->key = read_fact(db, "key");
    source->imported = read_fact(db, "imported");
    read_files(source, db);
    store_close(db);
}

static bool has_source(const struct provenance *provenance, const char *product)
{
    for (size_t i = 0; i < provenance->sources.count; i++) {
        const struct provenance_source *source = array_at(&provenance->sources, i);
        if (string_equal(source->product, product)) {
            return true;
        }
    }
    return false;
}

void provenance_add_source(struct provenance *provenance, const struct catalog *catalog,
                           const char *product, const char *version_file)
{
    if (has_source(provenance, product)) {
        return;
    }
    struct provenance_source *source = array_push(&provenance->sources);
    *source = (struct provenance_source){.product = string_copy(product),
                                         .files = ARRAY_OF(struct provenance_file)};
    read_product(source, catalog);
    read_version(source, version_file);
    if (source->files.count == 0 && catalog != NULL) {
        provenance_add_local(source, catalog);
    }
}

/* ---- As facts ---- */

static void add_source_facts(struct array *facts, const struct provenance_source *source)
{
    add_fact(facts, "product", source->product);
    add_fact(facts, "product version", source->version);
    add_fact(facts, "data version", source->key);
    add_fact(facts, "imported", source->imported);
    for (size_t i = 0; i < source->files.count; i++) {
        const struct provenance_file *file = array_at(&source->files, i);
        char *value =
            string_printf("%s%s%s", file->location,
                          *file->sha256 != '\0' ? " sha256:" : "", file->sha256);
        add_fact(facts, "file", value);
        free(value);
    }
    add_fact(facts, "licence", source->license);
    add_fact(facts, "limitations", source->limitations);
    add_fact(facts, "usage", source->usage);
}

struct array provenance_facts(const struct provenance *provenance)
{
    struct array facts = ARRAY_OF(struct provenance_fact);
    char made[32], rows[64];
    path_write_instant(provenance->made, made);
    snprintf(rows, sizeof rows, "%lld%s", provenance->rows,
             provenance->is_limited ? ", cut by a limit" : "");
    add_fact(&facts, "made", made);
    add_fact(&facts, "program", PACKAGE_STRING);
    add_fact(&facts, "rows", rows);
    add_fact(&facts, "sql", provenance->sql);
    for (size_t i = 0; i < provenance->parameters.count; i++) {
        const struct provenance_fact *one = array_at(&provenance->parameters, i);
        char *value = string_printf(":%s = %s", one->name, one->value);
        add_fact(&facts, "parameter", value);
        free(value);
    }
    add_fact(&facts, "classification", provenance->classification);
    add_fact(&facts, "role", provenance->role);
    add_fact(&facts, "purpose", provenance->purpose);
    add_fact(&facts, "mesh", provenance->mesh);
    add_fact(&facts, "notes", provenance->notes);
    for (size_t i = 0; i < provenance->sources.count; i++) {
        add_source_facts(&facts, array_at(&provenance->sources, i));
    }
    return facts;
}
