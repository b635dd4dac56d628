/* catalog/link_tables: which tables a product of ports and contracts delivers, and which
 * files they are made from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/s3.h"
#include "engine/store.h"
#include "engine/text.h"
#include "engine/variables.h"

struct table_linker {
    struct build *build;
    sqlite3_stmt *objects, *server;
    long long product_row;
    char *folder;           /* of the product, relative to the mesh */
    struct array sql_names; /* taken */
    struct array seen;      /* of long long: object rows */
    int position;
};

/* ---- The folder all paths of a product are relative to ---- */

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return string_copy_bytes(path, slash != NULL ? (size_t)(slash - path) : 0);
}

static bool is_within(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return length == 0 || (strncmp(path, folder, length) == 0 &&
                           (path[length] == '/' || path[length] == '\0'));
}

/* The deepest folder that holds the product's descriptor and those of its contracts. */
static void widen_folder(struct table_linker *linker)
{
    sqlite3_stmt *objects = linker->objects;
    store_bind(objects, "l", linker->product_row);
    while (store_step(objects, NULL) == STORE_ROW) {
        const char *contract = store_text(objects, 7);
        while (!is_within(contract, linker->folder)) {
            char *slash = strrchr(linker->folder, '/');
            *(slash != NULL ? slash : linker->folder) = '\0';
        }
    }
    sqlite3_reset(objects);
}

/* ---- The files of one table ---- */

struct table_place {
    const char *contract; /* path of its descriptor */
    const char *name;     /* physical name, else name */
    char *location, *format, *type;
    long long server; /* row of the server, 0: there is none */
    int line;
};

static bool is_url(const char *location)
{
    return strstr(location, "://") != NULL;
}

/* "data/{object}.csv" names a file for each object; returns NULL without a placeholder.
 */
static char *fill_placeholder(const char *location, const char *name)
{
    static const char *const placeholders[] = {"${table}", "${model}", "{object}",
                                               "{table}", "{model}"};
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        const char *at = strstr(location, placeholders[i]);
        if (at != NULL) {
            return string_printf("%.*s%s%s", (int)(at - location), location, name,
                                 at + strlen(placeholders[i]));
        }
    }
    return NULL;
}

static bool is_folder_location(struct table_linker *linker,
                               const struct table_place *place)
{
    if (string_ends(place->location, "/")) {
        return true;
    }
    char *folder = folder_of(place->contract);
    char *path = path_beside(folder, place->location);
    char *full = roots_file(&linker->build->roots, path != NULL ? path : "");
    bool is = path != NULL && path_is_folder(full);
    free(full);
    free(path);
    free(folder);
    return is;
}

/* The path as the contract's reader has to understand it, relative to the contract. */
static char *path_in_contract(struct table_linker *linker,
                              const struct table_place *place)
{
    const char *location = place->location;
    while (string_starts(location, "./")) {
        location += 2;
    }
    char *filled = fill_placeholder(location, place->name);
    if (filled != NULL) {
        return filled;
    }
    if (s3_is_address(location)) { /* whose names below a name are listed */
        return string_copy(location);
    }
    if (!string_equal(place->format, "sqlite") && is_folder_location(linker, place)) {
        bool has_suffix = strchr(place->name, '.') != NULL;
        const char *gap = string_ends(location, "/") || location[0] == '\0' ? "" : "/";
        return string_printf("%s%s%s%s%s", location, gap, place->name,
                             has_suffix ? "" : ".",
                             has_suffix              ? ""
                             : place->format != NULL ? place->format
                                                     : "csv");
    }
    return string_copy(location);
}

/* Relative to the product's folder; NULL and a problem when it may not be opened. */
static char *path_in_product(struct table_linker *linker, const struct table_place *place)
{
    char *inner = path_in_contract(linker, place);
    if (is_url(inner)) {
        return inner;
    }
    char *folder = folder_of(place->contract);
    char *path = path_is_safe(inner) ? path_beside(folder, inner) : NULL;
    char *relative = NULL;
    if (path == NULL) {
        build_problem(linker->build, place->contract,
                      (struct document_place){place->line, 1}, true, "unsafe-path",
                      "the path %s leads out of the contract's folder, is absolute or "
                      "names a hidden file; nothing is read from there",
                      inner);
    } else {
        size_t cut = strlen(linker->folder);
        relative = string_copy(path + cut + (cut > 0 ? 1 : 0));
    }
    free(path);
    free(folder);
    free(inner);
    return relative;
}

static void check_presence(struct table_linker *linker, const struct table_place *place,
                           const char *relative)
{
    if (strpbrk(relative, "*?[") != NULL || is_url(relative) ||
        variables_stand_in(relative)) {
        return;
    }
    char *path = path_beside(linker->folder, relative);
    char *full = roots_file(&linker->build->roots, path);
    if (access(full, F_OK) != 0) {
        build_problem(linker->build, place->contract,
                      (struct document_place){place->line, 1}, false, "missing-file",
                      "the file %s is not there", relative);
        document_depends(linker->build, place->contract, path);
    } else { /* what happens to its content is nobody's business here */
        char *folder = folder_of(path);
        document_depends(linker->build, place->contract, folder);
        free(folder);
    }
    free(full);
    free(path);
}

/* Find the server to read from. False when the contract has none. */
static bool find_server(struct table_linker *linker, long long contract_row,
                        const char *wanted, struct table_place *place)
{
    store_bind(linker->server, "ls", contract_row, wanted);
    bool found = store_step(linker->server, NULL) == STORE_ROW;
    if (found) {
        place->type = store_text_copy(linker->server, 0);
        place->location = store_text_copy(linker->server, 1);
        place->format = store_text_copy(linker->server, 2);
        place->line = sqlite3_column_int(linker->server, 3);
        place->server = sqlite3_column_int64(linker->server, 4);
    }
    sqlite3_reset(linker->server);
    return found && place->location != NULL;
}

static bool is_of_files(const char *type)
{
    static const char *const types[] = {"local", "file", "custom", "http",
                                        "https", "s3",   NULL};
    for (size_t i = 0; types[i] != NULL; i++) {
        if (string_equal_fold(type, types[i])) {
            return true;
        }
    }
    return type == NULL;
}

/* The table's files, a line each, or NULL; *format as declared, *server its row. */
static char *files_of(struct table_linker *linker, sqlite3_stmt *objects, char **format,
                      long long *server)
{
    struct table_place place = {
        .contract = store_text(objects, 7),
        .name =
            store_text(objects, sqlite3_column_type(objects, 3) != SQLITE_NULL ? 3 : 2),
    };
    char *wanted = store_text_copy(objects, 8);
    char *files = NULL;
    if (find_server(linker, sqlite3_column_int64(objects, 0), wanted, &place) &&
        (is_of_files(place.type) || is_url(place.location))) {
        files = path_in_product(linker, &place);
    }
    if (files != NULL) {
        check_presence(linker, &place, files);
    }
    *format = place.format;
    *server = place.server;
    free(place.type);
    free(place.location);
    free(wanted);
    return files;
}

/* ---- Tables ---- */

static bool was_seen(struct table_linker *linker, long long object_row)
{
    for (size_t i = 0; i < linker->seen.count; i++) {
        if (*(long long *)array_at(&linker->seen, i) == object_row) {
            return true;
        }
    }
    *(long long *)array_push(&linker->seen) = object_row;
    return false;
}

static void add_table(struct table_linker *linker)
{
    sqlite3_stmt *objects = linker->objects;
    long long object_row = sqlite3_column_int64(objects, 1);
    if (was_seen(linker, object_row)) {
        return;
    }
    char *format = NULL;
    long long server = 0;
    char *files = files_of(linker, objects, &format, &server);
    char *name = store_text_copy(objects, 2), *description = store_text_copy(objects, 4);
    char *granularity = store_text_copy(objects, 5), *title = store_text_copy(objects, 6);
    char *port = store_text_copy(objects, 9);
    char *wanted = catalog_sql_name(name);
    char *sql_name = name_unlike(wanted, &linker->sql_names);
    build_insert(linker->build, INSERT_TABLE, "lisssllssssssil", linker->product_row,
                 ++linker->position, name, sql_name, port,
                 (long long)sqlite3_column_int64(objects, 0), object_row, title,
                 description, granularity, files, format, NULL, 1, server);
    free(sql_name);
    free(wanted);
    free(port);
    free(title);
    free(granularity);
    free(description);
    free(name);
    free(files);
    free(format);
}

static void link_product(struct table_linker *linker)
{
    linker->position = 0;
    linker->seen.count = 0;
    widen_folder(linker);
    store_bind(linker->objects, "l", linker->product_row);
    while (store_step(linker->objects, &linker->build->failure) == STORE_ROW) {
        add_table(linker);
    }
    sqlite3_reset(linker->objects);
    build_run(linker->build, "UPDATE product SET folder=?2 WHERE rowid=?1", "ls",
              linker->product_row, linker->folder);
    catalog_names_release(&linker->sql_names);
    linker->sql_names = (struct array)ARRAY_OF(char *);
}

/* How the declared format is written, as far as an ODCS server says it. */
static const char declare_dialects[] =
    "UPDATE table_of SET delimiter=(SELECT unicode(s.delimiter) FROM server s WHERE "
    "s.contract_row=table_of.contract_row AND length(s.delimiter)=1 LIMIT 1),"
    "encoding=(SELECT s.encoding FROM server s WHERE "
    "s.contract_row=table_of.contract_row "
    "AND s.encoding IS NOT NULL LIMIT 1) WHERE linked=1 AND product_row IN(SELECT row "
    "FROM touched_product)";

void link_tables(struct build *build)
{
    struct table_linker linker = {
        .build = build,
        .sql_names = ARRAY_OF(char *),
        .seen = ARRAY_OF(long long),
        .objects = store_prepare(
            build->db,
            "SELECT c.rowid,o.rowid,o.name,o.physical_name,o.description,o.granularity,"
            "o.business_name,c.path,p.server,p.name FROM port p JOIN contract c ON "
            "c.rowid=p.contract_row JOIN object o ON o.contract_row=c.rowid WHERE "
            "p.product_row=?1 AND p.dir='out' ORDER BY p.rowid,o.position",
            &build->failure),
        .server = store_prepare(
            build->db,
            "SELECT type,location,format,line,rowid FROM server WHERE contract_row=?1 "
            "ORDER BY "
            "name IS ?2 DESC,lower(environment) IN('prod','production') DESC,"
            "type='local' DESC,rowid LIMIT 1",
            &build->failure),
    };
    sqlite3_stmt *products = store_prepare(
        build->db,
        "SELECT rowid,path FROM product WHERE rowid IN(SELECT row FROM touched_product) "
        "AND standard IN('odps','odcs','dcs','manager') ORDER BY rowid",
        &build->failure);
    while (build->failure.kind == ERROR_NONE &&
           store_step(products, &build->failure) == STORE_ROW) {
        linker.product_row = sqlite3_column_int64(products, 0);
        linker.folder = folder_of(store_text(products, 1));
        build->linking = linker.product_row;
        link_product(&linker);
        free(linker.folder);
    }
    build->linking = 0;
    store_finish(products);
    store_finish(linker.objects);
    store_finish(linker.server);
    array_release(&linker.seen);
    build_run(build, declare_dialects, "");
}
