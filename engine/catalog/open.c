/* catalog/open: an index opened for reading, and products found by their names.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/build.h"
#include "engine/catalog/reading.h"
#include "engine/catalog/search.h"
#include "engine/filetree.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "engine/web.h"

/* What may be let go of and opened again behind a constant catalog. */
struct connection {
    sqlite3 *db;             /* NULL: resting */
    struct array statements; /* of struct kept_statement */
    struct search_state *search;
};

struct catalog {
    struct connection *connection;
    char *index, *path, *name, *clock;
    size_t problems;
    struct freshness_log *log;
    struct standing_log *standings;
};

struct kept_statement {
    const char *sql; /* known by its address */
    sqlite3_stmt *stmt;
};

sqlite3_stmt *catalog_statement(const struct catalog *catalog, const char *sql)
{
    sqlite3 *db = catalog_database(catalog);
    struct array *kept = &catalog->connection->statements;
    for (size_t i = 0; i < kept->count; i++) {
        struct kept_statement *statement = array_at(kept, i);
        if (statement->sql == sql) {
            sqlite3_reset(statement->stmt);
            return statement->stmt;
        }
    }
    sqlite3_stmt *stmt = store_prepare(db, sql, NULL);
    if (stmt != NULL) {
        *(struct kept_statement *)array_push(kept) = (struct kept_statement){sql, stmt};
    }
    return stmt;
}

/* In a folder that may not be written nobody changes an index. */
static sqlite3 *open_index(const char *index, struct error *err)
{
    enum { TRIES = 20 };
    sqlite3 *db = NULL;
    /* Between the look where the name leads to and the opening it may lead elsewhere. */
    for (int i = 0; i < TRIES && db == NULL && (i == 0 || path_exists(index)); i++) {
        db = store_open(index, STORE_READ, NULL);
    }
    return db != NULL ? db : store_open(index, STORE_IMMUTABLE, err);
}

struct catalog *catalog_open(const char *index, struct error *err)
{
    sqlite3 *db = open_index(index, err);
    if (db == NULL) {
        return NULL;
    }
    if (store_number(db, 0, "SELECT format FROM mesh", "") != INDEX_FORMAT) {
        store_close(db);
        error_set(err, ERROR_FAILED,
                  "the catalog index %s was made by another version of the program; "
                  "read the mesh again",
                  index);
        return NULL;
    }
    struct catalog *catalog = memory_new(sizeof *catalog);
    catalog->connection = memory_new(sizeof *catalog->connection);
    *catalog->connection =
        (struct connection){db, .statements = ARRAY_OF(struct kept_statement)};
    catalog->index = string_copy(index);
    catalog->path = store_string(db, "SELECT path FROM mesh", "");
    catalog->name = store_string(db, "SELECT coalesce(name,'mesh') FROM mesh", "");
    catalog->clock = store_string(db, "SELECT clock FROM mesh", "");
    catalog->log = memory_new(sizeof *catalog->log);
    catalog->standings = memory_new(sizeof *catalog->standings);
    catalog->problems = (size_t)store_number(db, 0, "SELECT count(*) FROM problem", "");
    return catalog;
}

void catalog_rest(const struct catalog *catalog)
{
    struct connection *connection = catalog->connection;
    search_state_free(connection->search);
    connection->search = NULL;
    for (size_t i = 0; i < connection->statements.count; i++) {
        struct kept_statement *statement = array_at(&connection->statements, i);
        store_finish(statement->stmt);
    }
    connection->statements.count = 0;
    store_close(connection->db);
    connection->db = NULL;
}

void catalog_close(struct catalog *catalog)
{
    if (catalog == NULL) {
        return;
    }
    catalog_rest(catalog);
    array_release(&catalog->connection->statements);
    free(catalog->connection);
    free(catalog->index);
    free(catalog->path);
    free(catalog->name);
    free(catalog->clock);
    freshness_forget(catalog->log);
    free(catalog->log);
    standing_forget(catalog->standings);
    free(catalog->standings);
    free(catalog);
}

/* An index that cannot be opened again answers like an empty one: from memory. */
sqlite3 *catalog_database(const struct catalog *catalog)
{
    struct connection *connection = catalog->connection;
    if (connection->db == NULL) {
        connection->db = open_index(catalog->index, NULL);
    }
    if (connection->db == NULL) {
        connection->db = store_open("", STORE_MEMORY, NULL);
    }
    return connection->db;
}

struct search_state **catalog_search_state(const struct catalog *catalog)
{
    return &catalog->connection->search;
}

struct freshness_log *catalog_freshness_log(const struct catalog *catalog)
{
    return catalog->log;
}

struct standing_log *catalog_standing_log(const struct catalog *catalog)
{
    return catalog->standings;
}

long long catalog_now(const struct catalog *catalog)
{
    return path_now_of(catalog->clock);
}

const char *catalog_index_file(const struct catalog *catalog)
{
    return catalog->index;
}

const char *catalog_mesh_path(const struct catalog *catalog)
{
    return catalog->path;
}

char *catalog_file(const struct catalog *catalog, const char *path)
{
    struct roots roots;
    roots_load(&roots, catalog_database(catalog));
    char *file = roots_file(&roots, path);
    roots_release(&roots);
    return file;
}

/* git:REPOSITORY#COMMIT:FOLDER/ of a location and a path below it. */
static char *git_origin(const char *location, const char *commit, const char *below)
{
    struct filetree_location place;
    if (!filetree_parse(location, &place, NULL)) {
        return NULL;
    }
    char *folder = path_beside(place.below != NULL ? place.below : "", below);
    char *origin =
        string_printf("git:%s#%s:%s%s", place.path, commit, folder != NULL ? folder : "",
                      folder != NULL && folder[0] != '\0' ? "/" : "");
    free(folder);
    filetree_location_release(&place);
    return origin;
}

static char *web_origin(const char *url, const char *below)
{
    char *folder = string_printf("%s%s", below, below[0] != '\0' ? "/" : "");
    char *origin = web_beside(url, folder);
    free(folder);
    return origin;
}

char *catalog_origin(const struct catalog *catalog, const char *path)
{
    struct roots roots;
    const char *below;
    char *origin = NULL;
    roots_load(&roots, catalog_database(catalog));
    roots_split(&roots, path, &below);
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT kind,location,commit_id FROM source WHERE name IS ?1");
    if (stmt != NULL) {
        store_bind(stmt, "s", roots_source(&roots, path));
        if (store_step(stmt, NULL) == STORE_ROW) {
            const char *kind = store_text(stmt, 0), *location = store_text(stmt, 1);
            origin = string_equal(kind, "git")
                         ? git_origin(location, store_text(stmt, 2), below)
                     : string_equal(kind, "web") ? web_origin(location, below)
                                                 : NULL;
        }
        sqlite3_reset(stmt);
    }
    roots_release(&roots);
    return origin;
}

const char *catalog_mesh_name(const struct catalog *catalog)
{
    return catalog->name;
}

size_t catalog_problem_count(const struct catalog *catalog)
{
    return catalog->problems;
}

size_t catalog_error_count(const struct catalog *catalog)
{
    static const char sql[] = "SELECT count(*) FROM problem WHERE severity='error'";
    return (size_t)store_number(catalog_database(catalog), 0, sql, "");
}

size_t catalog_document_count(const struct catalog *catalog)
{
    static const char sql[] = "SELECT max(rowid) FROM document";
    return (size_t)store_number(catalog_database(catalog), 0, sql, "");
}

/* ---- Entries ---- */

void entry_take(sqlite3_stmt *stmt, struct catalog_entry *entry)
{
    *entry = (struct catalog_entry){
        .row = sqlite3_column_int64(stmt, 0),
        .id = store_text_copy(stmt, 1),
        .name = store_text_copy(stmt, 2),
        .domain = store_text_copy(stmt, 3),
        .domain_class = store_text_copy(stmt, 4),
        .status = store_text_copy(stmt, 5),
        .version = store_text_copy(stmt, 6),
        .owner = store_text_copy(stmt, 7),
        .title = store_text_copy(stmt, 8),
        .schema = store_text_copy(stmt, 9),
        .tables = sqlite3_column_int(stmt, 10),
    };
}

void catalog_entry_release(struct catalog_entry *entry)
{
    free(entry->id);
    free(entry->name);
    free(entry->domain);
    free(entry->domain_class);
    free(entry->status);
    free(entry->version);
    free(entry->owner);
    free(entry->title);
    free(entry->schema);
    free(entry->why);
    free(entry->matched_table);
    free(entry->matched_column);
    *entry = (struct catalog_entry){0};
}

void catalog_entries_release(struct array *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        catalog_entry_release(array_at(entries, i));
    }
    array_release(entries);
}

/* ---- Finding one ---- */

/* All that a person may mean by `name`; the best kind of match alone. */
static struct array find_all(const struct catalog *catalog, const char *name)
{
    static const char *const matches[] = {
        "SELECT " ENTRY_COLUMNS "WHERE p.key=?1 COLLATE NOCASE",
        "SELECT " ENTRY_COLUMNS "WHERE p.name=?1 COLLATE NOCASE ORDER BY p.key",
        "SELECT " ENTRY_COLUMNS "WHERE p.schema_name=?1 COLLATE NOCASE",
        "SELECT " ENTRY_COLUMNS "WHERE p.id=?1 ORDER BY p.key",
    };
    struct array entries = ARRAY_OF(struct catalog_entry);
    for (size_t i = 0; i < sizeof matches / sizeof *matches && entries.count == 0; i++) {
        sqlite3_stmt *stmt = catalog_statement(catalog, matches[i]);
        if (stmt != NULL) {
            store_bind(stmt, "s", name);
        }
        while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
            entry_take(stmt, array_push(&entries));
        }
        sqlite3_reset(stmt);
    }
    return entries;
}

static bool say_ambiguous(const char *name, const struct array *entries,
                          struct error *err)
{
    enum { MOST_SAID = 6 };
    struct text list = {0};
    for (size_t i = 0; i < entries->count && i < MOST_SAID; i++) {
        const struct catalog_entry *entry = array_at(entries, i);
        text_append(&list, i > 0 ? ", " : "");
        text_append(&list, entry->id);
    }
    error_set(err, ERROR_FAILED, "%s may be any of %s%s; say which", name,
              text_string(&list), entries->count > MOST_SAID ? " and others" : "");
    text_release(&list);
    return false;
}

static void push_names(sqlite3_stmt *stmt, struct array *names)
{
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(char **)array_push(names) = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
}

/* Near by letters, else one that holds what was typed. */
static char *near_name(const struct catalog *catalog, const char *name)
{
    struct array names = ARRAY_OF(char *);
    push_names(store_prepare(catalog_database(catalog),
                             strchr(name, '/') != NULL ? "SELECT key FROM product"
                                                       : "SELECT name FROM product",
                             NULL),
               &names);
    *(char **)array_push(&names) = NULL;
    char *near = string_copy(string_nearest(name, names.items));
    catalog_names_release(&names);
    if (near == NULL) {
        struct array found =
            catalog_list(catalog, &(struct catalog_filter){.text = name});
        const struct catalog_entry *first = array_at(&found, 0);
        near = first != NULL ? string_copy(first->id) : NULL;
        catalog_entries_release(&found);
    }
    return near;
}

static bool say_missing(const struct catalog *catalog, const char *name,
                        struct error *err)
{
    char *near = near_name(catalog, name);
    if (near != NULL) {
        error_set(err, ERROR_FAILED,
                  "there is no data product %s in %s; did you mean %s?", name,
                  catalog->name, near);
    } else {
        error_set(err, ERROR_FAILED,
                  "there is no data product %s in %s; `products` lists them all", name,
                  catalog->name);
    }
    free(near);
    return false;
}

bool catalog_find(const struct catalog *catalog, const char *product,
                  struct catalog_entry *out, struct error *err)
{
    struct array entries = find_all(catalog, product);
    bool found = entries.count == 1;
    *out = (struct catalog_entry){0};
    if (found) {
        *out = *(struct catalog_entry *)array_at(&entries, 0);
        array_release(&entries);
        return true;
    }
    if (entries.count > 1) {
        say_ambiguous(product, &entries, err);
    } else {
        say_missing(catalog, product, err);
    }
    catalog_entries_release(&entries);
    return false;
}

bool catalog_find_schema(const struct catalog *catalog, const char *schema,
                         struct catalog_entry *out)
{
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(catalog),
        "SELECT " ENTRY_COLUMNS "WHERE p.schema_name=?1 COLLATE NOCASE", NULL);
    *out = (struct catalog_entry){0};
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "s", schema);
    bool found = store_step(stmt, NULL) == STORE_ROW;
    if (found) {
        entry_take(stmt, out);
    }
    store_finish(stmt);
    return found;
}
