/* catalog/read_bare: data files without a descriptor: a folder of tables is a product, an
 * SQLite file is one too.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/catalog/folder.h"
#include "engine/catalog/formats.h"
#include "engine/catalog/header.h"
#include "engine/catalog/insert.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "engine/unpack.h"

enum { MOST_SQLITE_TABLES = 2000 };

static const struct document_place file_start = {.line = 1, .column = 1};

/* ---- SQLite files ---- */

/* More than this is not unpacked to look at its tables. */
static const long long most_unpacked = 1LL << 30;

static bool read_packed(void *owner, void *into, size_t room, size_t *got,
                        struct error *err)
{
    const int *fd = owner;
    ssize_t length = read(*fd, into, room);
    *got = length > 0 ? (size_t)length : 0;
    return length >= 0 ||
           error_set(err, ERROR_FAILED, "could not read it: %s", error_of_errno(errno));
}

static bool unpack_all(int fd, int to, struct error *err)
{
    char head[UNPACK_MAGIC] = {0}, block[64 * 1024];
    ssize_t length = pread(fd, head, sizeof head, 0);
    const char *format = length > 0 ? unpack_format(head, (size_t)length) : NULL;
    struct unpack_spec spec = {"it", read_packed, &fd};
    struct unpack *unpack = format != NULL ? unpack_new(format, &spec, err) : NULL;
    bool good = unpack != NULL;
    long long all = 0;
    for (size_t got = 1; good && got > 0; all += (long long)got) {
        good = unpack_read(unpack, block, sizeof block, &got, err) &&
               write(to, block, got) == (ssize_t)got;
        if (good && all > most_unpacked) {
            good = error_set(err, ERROR_FAILED,
                             "it unpacks to more than 1 GiB; unpack it, or import it");
        }
    }
    unpack_free(unpack);
    if (!good && err->kind == ERROR_NONE) {
        error_set(err, ERROR_FAILED, "it could not be unpacked to look at its tables");
    }
    return good;
}

static bool has_magic(int fd)
{
    char head[16] = {0};
    return pread(fd, head, sizeof head, 0) == (ssize_t)sizeof head &&
           memcmp(head, "SQLite format 3", sizeof head) == 0;
}

static sqlite3 *open_plain(int fd, const char *path, struct error *err)
{
    if (!has_magic(fd)) {
        error_set(err, ERROR_FAILED,
                  "by its name this is an SQLite database, but it has "
                  "not the first bytes of one");
        return NULL;
    }
    return store_open(path, STORE_IMMUTABLE, err);
}

/* A packed database is unpacked to look at it. SQLite opens files by name; the name is
 * gone as soon as it has. */
static sqlite3 *open_packed(int fd, struct error *err)
{
    const char *folder = getenv("TMPDIR");
    char *path = string_printf("%s/mwb-unpacked-XXXXXX",
                               folder != NULL && folder[0] == '/' ? folder : "/tmp");
    int to = mkostemp(path, O_CLOEXEC);
    sqlite3 *db = NULL;
    if (to < 0) {
        error_set(err, ERROR_FAILED, "there is no room in %s to unpack it: %s", path,
                  error_of_errno(errno));
    } else {
        db = unpack_all(fd, to, err) ? open_plain(to, path, err) : NULL;
        unlink(path);
        close(to);
    }
    free(path);
    return db;
}

/* The database to look into. */
static sqlite3 *open_database(struct build *build, const char *path, struct error *err)
{
    int fd = roots_open(&build->roots, path, err);
    if (fd < 0) {
        return NULL;
    }
    sqlite3 *db;
    if (path[path_unpacked_length(path)] != '\0') {
        db = open_packed(fd, err);
    } else {
        char *full = roots_file(&build->roots, path);
        db = open_plain(fd, full, err);
        free(full);
    }
    close(fd);
    return db;
}

static void add_sqlite_columns(struct build *build, sqlite3 *db, const char *table,
                               long long object_row)
{
    sqlite3_stmt *columns = store_prepare(
        db, "SELECT name,type,\"notnull\",pk,cid FROM pragma_table_info(?1)", NULL);
    if (columns == NULL) {
        return;
    }
    store_bind(columns, "s", table);
    while (store_step(columns, NULL) == STORE_ROW) {
        property_insert(build, &(struct property_row){
                                   .object = table,
                                   .name = store_text(columns, 0),
                                   .depth = 1,
                                   .physical_type = store_text(columns, 1),
                                   .required = sqlite3_column_int(columns, 2) != 0,
                                   .pk_pos = sqlite3_column_int(columns, 3),
                                   .object_row = object_row,
                                   .position = sqlite3_column_int(columns, 4) + 1});
    }
    store_finish(columns);
}

/* The tables keep their own names: the file is copied as it is. */
static bool add_sqlite_tables(struct build *build, sqlite3 *db, const char *path,
                              long long product_row, struct error *err)
{
    sqlite3_stmt *tables =
        store_prepare(db,
                      "SELECT name FROM sqlite_schema WHERE type IN('table','view') AND "
                      "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT ?1",
                      err);
    if (tables == NULL) {
        return false;
    }
    store_bind(tables, "i", MOST_SQLITE_TABLES);
    enum store_step step;
    for (int position = 1; (step = store_step(tables, err)) == STORE_ROW; position++) {
        const char *name = store_text(tables, 0);
        long long object_row = object_insert(
            build, path, &(struct object_row){.name = name, .position = position});
        build_insert(build, INSERT_TABLE, "lisssnlnnnssn", product_row, position, name,
                     name, "tables", object_row, path_base(path), "sqlite");
        add_sqlite_columns(build, db, name, object_row);
    }
    store_finish(tables);
    return step == STORE_DONE;
}

static void read_sqlite(struct build *build, const char *folder, const char *name)
{
    struct error err = {0};
    char *path = path_beside(folder, name);
    char *stem = path_stem(name);
    char *product = path_component(stem);
    sqlite3 *db = open_database(build, path, &err);
    document_uses(build, path);
    if (db != NULL) {
        struct product_row row = {.name = product,
                                  .title = stem,
                                  .status = "active",
                                  .standard = "sqlite",
                                  .folder = folder};
        long long product_row = product_insert(build, path, &row);
        add_sqlite_tables(build, db, path, product_row, &err);
    }
    if (err.kind != ERROR_NONE) {
        build_problem(build, path, file_start, true, "broken", "%s", err.message);
    }
    store_close(db);
    free(product);
    free(stem);
    free(path);
}

/* ---- Tables ---- */

/* Prose and settings are no tables. A packed file, or the only one, is not looked at. */
static bool is_table(struct build *build, const char *folder, const char *name)
{
    bool may_be = string_ends(name, ".txt"), is_json = string_ends(name, ".json");
    if ((!may_be && !is_json) || (is_json && build->only != NULL)) {
        return format_of_name(name)->kind == FORMAT_TABLE;
    }
    char *path = path_beside(folder, name);
    int fd = roots_open(&build->roots, path, NULL);
    bool is = fd >= 0 && (is_json ? format_is_json_rows(fd) : format_is_delimited(fd));
    if (fd >= 0) {
        close(fd);
    }
    free(path);
    return is;
}

/* A folder called "data" is named after the one it lies in. */
static char *named_folder(struct build *build, const char *folder)
{
    const char *slash = strrchr(folder, '/');
    if (string_equal_fold(slash != NULL ? slash + 1 : folder, "data")) {
        return slash != NULL ? string_copy_bytes(folder, (size_t)(slash - folder))
                             : string_copy("");
    }
    (void)build;
    return string_copy(folder);
}

static long long insert_folder_product(struct build *build, const char *folder,
                                       const char *first_file)
{
    char *named = named_folder(build, folder);
    char *place = named[0] != '\0' ? string_printf("%s/", named) : string_copy("");
    char *name = build->only != NULL
                     ? path_stem(build->only)
                     : string_copy(named[0] != '\0' ? path_base(named) : build->name);
    char *lower = path_component(name);
    struct product_row row = {
        .name = lower,
        .title = string_equal(lower, name) ? NULL : name,
        .status = "active",
        .standard = build->only != NULL ? "file" : "folder",
        .folder = folder,
    };
    long long product_row =
        product_insert(build, place[0] != '\0' ? place : first_file, &row);
    free(lower);
    free(name);
    free(place);
    free(named);
    return product_row;
}

/* The columns that the first line of the file names: to be seen and searched; what they
 * hold, import finds out. Gives the row of the object, 0: there is no such line. */
static long long add_file_columns(struct build *build, const char *folder,
                                  const char *name, const char *table, int position)
{
    const struct format *format = format_of_name(name);
    bool is_text = format->kind == FORMAT_OTHER || string_equal(format->name, "csv") ||
                   string_equal(format->name, "tsv");
    char *path = path_beside(folder, name);
    int fd = is_text ? roots_open(&build->roots, path, NULL) : -1;
    struct array names = ARRAY_OF(char *);
    long long row = 0;
    if (fd >= 0 &&
        header_read(fd, string_equal(format->name, "tsv") ? '\t' : '\0', &names)) {
        document_uses(build, path);
        row = object_insert(build, path,
                            &(struct object_row){.name = table,
                                                 .physical_name = name,
                                                 .physical_type = "file",
                                                 .line = 1,
                                                 .position = position});
        for (size_t i = 0; i < names.count; i++) {
            property_insert(build,
                            &(struct property_row){.object = table,
                                                   .name = *(char **)array_at(&names, i),
                                                   .depth = 1,
                                                   .line = 1,
                                                   .object_row = row,
                                                   .position = (int)i + 1});
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    catalog_names_release(&names);
    free(path);
    return row;
}

static void add_file_table(struct build *build, const char *folder, long long product_row,
                           int position, const char *name, struct array *taken)
{
    char *stem = path_stem(name);
    char *wanted = catalog_sql_name(stem);
    char *sql_name = name_unlike(wanted, taken);
    const struct format *format = format_of_name(name);
    const char *word = format->kind == FORMAT_TABLE ? format->name : "csv";
    long long object_row = add_file_columns(build, folder, name, stem, position);
    if (object_row > 0) {
        build_insert(build, INSERT_TABLE, "lisssnlnnnssn", product_row, position, stem,
                     sql_name, "tables", object_row, name, word);
    } else {
        build_insert(build, INSERT_TABLE, "lisssnnnnnssn", product_row, position, stem,
                     sql_name, "tables", name, word);
    }
    free(sql_name);
    free(wanted);
    free(stem);
}

/* What mesh.yaml names is no product. */
static bool is_of_mesh(const struct build *build, const char *folder, const char *name)
{
    char *path = path_beside(folder, name);
    bool is = folder_is_skipped(build, path);
    free(path);
    return is;
}

void read_bare_folder(struct build *build, const char *folder, const struct array *names)
{
    struct array taken = ARRAY_OF(char *);
    long long product_row = 0;
    int position = 0;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = *(char **)array_at(names, i);
        const struct format *format = format_of_name(name);
        if (is_of_mesh(build, folder, name)) {
            continue;
        }
        if (is_table(build, folder, name)) {
            if (product_row == 0) {
                product_row = insert_folder_product(build, folder, name);
            }
            add_file_table(build, folder, product_row, ++position, name, &taken);
        } else if (format->kind == FORMAT_SQLITE) {
            read_sqlite(build, folder, name);
        } else if (format->kind == FORMAT_NOT_READ) {
            char *path = path_beside(folder, name);
            build_problem(build, path, file_start, false, "not-read-yet",
                          "not read yet: %s", format->sentence);
            free(path);
        } else if (format->kind == FORMAT_TABLE) {
            char *path = path_beside(folder, name);
            build_problem(build, path, file_start, false, "no-table",
                          "left out: it is %s, but does not begin like a table",
                          format->sentence);
            free(path);
        }
    }
    catalog_names_release(&taken);
}
