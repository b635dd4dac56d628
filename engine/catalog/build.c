/* catalog/build: makes the index of a mesh: opens a database beside its place, lets the
 * readers fill it, and renames it when it is whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- Inserting ---- */

static sqlite3_stmt *prepare_insert(struct build *build, enum index_insert_kind kind)
{
    const struct index_insert *insert = &index_inserts[kind];
    struct text sql = {0};
    text_printf(&sql, "INSERT INTO %s(%s) VALUES(?", insert->table, insert->columns);
    for (const char *p = insert->columns; *p != '\0'; p++) {
        if (*p == ',') {
            text_append(&sql, ",?");
        }
    }
    text_append_char(&sql, ')');
    sqlite3_stmt *stmt = store_prepare(build->db, text_string(&sql), &build->failure);
    text_release(&sql);
    return stmt;
}

static void bind_all(sqlite3_stmt *stmt, const char *letters, va_list args)
{
    for (int i = 1; *letters != '\0'; letters++, i++) {
        const char *string;
        switch (*letters) {
        case 's':
            string = va_arg(args, const char *);
            sqlite3_bind_text(stmt, i, string, -1, SQLITE_STATIC);
            break;
        case 'i':
            sqlite3_bind_int(stmt, i, va_arg(args, int));
            break;
        case 'l':
            sqlite3_bind_int64(stmt, i, va_arg(args, long long));
            break;
        default:
            sqlite3_bind_null(stmt, i);
        }
    }
}

long long build_insert(struct build *build, enum index_insert_kind kind,
                       const char *letters, ...)
{
    if (build->failure.kind != ERROR_NONE) {
        return 0;
    }
    if (build->inserts[kind] == NULL) {
        build->inserts[kind] = prepare_insert(build, kind);
    }
    sqlite3_stmt *stmt = build->inserts[kind];
    if (stmt == NULL) {
        return 0;
    }
    va_list args;
    va_start(args, letters);
    bind_all(stmt, letters, args);
    va_end(args);
    store_execute(stmt, &build->failure);
    return sqlite3_last_insert_rowid(build->db);
}

void build_run(struct build *build, const char *sql, const char *letters, ...)
{
    if (build->failure.kind != ERROR_NONE) {
        return;
    }
    sqlite3_stmt *stmt = store_prepare(build->db, sql, &build->failure);
    if (stmt == NULL) {
        return;
    }
    va_list args;
    va_start(args, letters);
    bind_all(stmt, letters, args);
    va_end(args);
    store_execute(stmt, &build->failure);
    store_finish(stmt);
}

void build_problem(struct build *build, const char *path, struct document_place place,
                   bool is_error, const char *rule, const char *format, ...)
{
    struct text sentence = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&sentence, format, args);
    va_end(args);
    build_insert(build, INSERT_PROBLEM, "siisss", path, place.line, place.column,
                 is_error ? "error" : "warning", text_string(&sentence), rule);
    text_release(&sentence);
}

static long long nanoseconds(const struct timespec *time)
{
    return (long long)time->tv_sec * 1000000000 + time->tv_nsec;
}

/* A folder's size says nothing on some file systems; its mtime changes with its entries.
 */
static long long size_of(const struct stat *info)
{
    return S_ISDIR(info->st_mode) ? 0 : (long long)info->st_size;
}

void build_note_file(struct build *build, const char *path, const struct stat *info)
{
    struct stat seen;
    if (info == NULL) {
        char *full = path_join(build->root, path);
        bool there = lstat(full, &seen) == 0;
        free(full);
        if (!there) {
            return;
        }
        info = &seen;
    }
    build_insert(build, INSERT_FILE, "sslll", path,
                 S_ISDIR(info->st_mode) ? "folder" : "file", size_of(info),
                 nanoseconds(&info->st_mtim), (long long)info->st_ino);
}

/* ---- Where the index lies ---- */

/* FNV-1a: tells the paths of one user apart; nothing trusts it. */
static unsigned long long key_of_path(const char *path)
{
    unsigned long long key = 14695981039346656037ULL;
    for (; *path != '\0'; path++) {
        key = (key ^ (unsigned char)*path) * 1099511628211ULL;
    }
    return key;
}

static char *index_folder(struct error *err)
{
    const char *cache = getenv("MWB_CACHE");
    return cache != NULL && cache[0] != '\0' ? path_join(cache, "index")
                                             : path_of_place(PLACE_CACHE, "index", err);
}

char *catalog_index_path(const char *mesh, struct error *err)
{
    char *path = path_absolute(mesh, err);
    if (path == NULL) {
        error_prefix(err, "could not open the mesh %s: ", mesh);
        return NULL;
    }
    char *folder = index_folder(err);
    char *index = NULL;
    if (folder != NULL && path_make_folders(folder, err)) {
        char *name = path_component(path_base(path));
        index = string_printf("%s/%s-%016llx.db", folder, name, key_of_path(path));
        free(name);
    }
    free(folder);
    free(path);
    return index;
}

/* `root` is the open folder of the mesh: a path below it is a shorter way than a whole
 * one, and there are thousands. */
static bool is_unchanged(int root, sqlite3_stmt *files)
{
    struct stat info;
    const char *path = store_text(files, 0);
    return fstatat(root, path[0] != '\0' ? path : ".", &info, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(info.st_mode) == string_equal(store_text(files, 1), "folder") &&
           size_of(&info) == sqlite3_column_int64(files, 2) &&
           nanoseconds(&info.st_mtim) == sqlite3_column_int64(files, 3) &&
           (long long)info.st_ino == sqlite3_column_int64(files, 4);
}

static bool all_unchanged(sqlite3 *db)
{
    char *folder = store_string(db, "SELECT root FROM mesh", "");
    int root = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    sqlite3_stmt *files =
        store_prepare(db, "SELECT path,kind,size,mtime_ns,inode FROM file", NULL);
    bool same = root >= 0 && files != NULL;
    while (same && store_step(files, NULL) == STORE_ROW) {
        same = is_unchanged(root, files);
    }
    store_finish(files);
    if (root >= 0) {
        close(root);
    }
    free(folder);
    return same;
}

bool catalog_is_current(const char *mesh, const char *index)
{
    if (access(index, R_OK) != 0) {
        return false;
    }
    char *path = path_absolute(mesh, NULL);
    sqlite3 *db = path != NULL ? store_open(index, STORE_IMMUTABLE, NULL) : NULL;
    bool current = false;
    if (db != NULL) {
        current = store_number(db, 0, "SELECT format=?1 AND path=?2 FROM mesh", "is",
                               INDEX_FORMAT, path) == 1 &&
                  all_unchanged(db);
    }
    store_close(db);
    free(path);
    return current;
}

/* ---- Building ---- */

static void build_release(struct build *build)
{
    for (int i = 0; i < INSERT_COUNT; i++) {
        store_finish(build->inserts[i]);
    }
    store_finish(build->key_taken);
    store_close(build->db);
    catalog_names_release(&build->skipped);
    free(build->root);
    free(build->name);
    free(build->only);
}

/* The root of the tree: the mesh itself, or the folder of the one file it is. */
static bool find_root(struct build *build, const char *mesh, struct error *err)
{
    build->root = path_absolute(mesh, err);
    if (build->root == NULL) {
        return error_prefix(err, "could not open the mesh %s: ", mesh);
    }
    if (!path_is_folder(build->root)) {
        build->only = string_copy(path_base(build->root));
        char *folder = path_folder(build->root);
        free(build->root);
        build->root = folder;
    }
    if (access(build->root, R_OK | X_OK) != 0) {
        return error_set(err, ERROR_FAILED, "could not read the mesh %s: %s", mesh,
                         error_of_errno(errno));
    }
    const char *base = path_base(build->root);
    build->name = string_copy(base[0] != '\0' ? base : "mesh");
    return true;
}

static bool open_index(struct build *build, const char *temporary)
{
    build->db = store_open(temporary, STORE_CREATE, &build->failure);
    return build->db != NULL &&
           store_run(build->db,
                     "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; "
                     "PRAGMA cache_size=-65536; PRAGMA locking_mode=EXCLUSIVE; BEGIN",
                     &build->failure) &&
           store_run(build->db, index_tables, &build->failure);
}

static void fill_index(struct build *build, const char *mesh)
{
    build_run(build,
              "INSERT INTO mesh(name,path,root,format,built) "
              "VALUES(?1,?2,?3,?4,strftime('%Y-%m-%dT%H:%M:%SZ','now'))",
              "sssi", build->name, mesh, build->root, INDEX_FORMAT);
    if (build->only != NULL) {
        walk_tree(build, NULL);
    } else {
        read_mesh_file(build);
    }
    link_index(build);
}

/* One file that is no product: say why. */
static bool refuse_file(struct build *build, const char *mesh, struct error *err)
{
    char *reason = store_string(build->db,
                                "SELECT iif(rule='not-read-yet','',line||':'||column||': "
                                "')||sentence FROM problem "
                                "ORDER BY severity,rowid LIMIT 1",
                                "");
    error_set(err, ERROR_FAILED, "could not open %s: %s", mesh,
              reason != NULL ? reason
                             : "it is no descriptor and no .csv, .tsv, .json or .sqlite "
                               "file, by its name");
    if (reason != NULL && reason[0] >= '0' && reason[0] <= '9') {
        error_set(err, ERROR_FAILED, "%s:%s", mesh, reason);
    }
    free(reason);
    return false;
}

/* Is there anything at all in it? An empty list of products with problems is worth
 * seeing. */
static bool is_a_mesh(struct build *build, const char *mesh, struct error *err)
{
    if (build->has_mesh_file || build->failure.kind != ERROR_NONE ||
        store_number(build->db, 0, "SELECT count(*) FROM product", "") > 0) {
        return true;
    }
    if (build->only != NULL) {
        return refuse_file(build, mesh, err);
    }
    if (store_number(build->db, 0,
                     "SELECT count(*) FROM problem WHERE rule NOT IN('not-read-yet',"
                     "'no-table','broken-yaml')",
                     "") > 0) {
        return true;
    }
    char *reason = store_string(
        build->db, "SELECT path||': '||sentence FROM problem ORDER BY rowid LIMIT 1", "");
    error_set(
        err, ERROR_FAILED,
        "%s is no mesh: there is no mesh.yaml, no data product (*.odps.yaml), no data "
        "contract (*.odcs.yaml), no datapackage.json, and no .csv, .tsv, .json or "
        ".sqlite "
        "file in it%s%s",
        mesh, reason != NULL ? "; found only " : "", reason != NULL ? reason : "");
    free(reason);
    return false;
}

static bool finish_index(struct build *build)
{
    if (build->failure.kind == ERROR_NONE) {
        store_run(build->db, index_views, &build->failure);
    }
    if (build->failure.kind == ERROR_NONE) {
        store_run(build->db, "COMMIT", &build->failure);
    }
    return build->failure.kind == ERROR_NONE;
}

static bool make_index(struct build *build, const char *mesh, const char *temporary,
                       struct error *err)
{
    char *path = path_absolute(mesh, err);
    if (path == NULL) {
        return false;
    }
    if (open_index(build, temporary)) {
        fill_index(build, path);
    }
    free(path);
    if (job_cancelled(build->port)) {
        return error_set(err, ERROR_CANCELLED, "reading the mesh %s was cancelled", mesh);
    }
    if (!is_a_mesh(build, mesh, err)) {
        return false;
    }
    if (!finish_index(build)) {
        *err = build->failure;
        return error_prefix(err, "could not write the catalog index of %s: ", mesh);
    }
    return true;
}

bool catalog_build(const char *mesh, const char *index, struct job_port *port,
                   struct error *err)
{
    struct error ignored = {0};
    err = err != NULL ? err : &ignored;
    struct build build = {.port = port,
                          .orphans_are_products = true,
                          .progress.rows = -1,
                          .progress.unit = JOB_THINGS,
                          .skipped = ARRAY_OF(char *)};
    char *part = NULL;
    int fd = -1;
    bool done = find_root(&build, mesh, err);
    if (done) {
        fd = path_part_open(index, 0600, &part, err);
        done = fd >= 0 && make_index(&build, mesh, part, err);
    }
    build_release(&build);
    done = done && path_part_finish(fd, part, index, err);
    path_part_close(fd, part, done);
    return done;
}
