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
#include <time.h>
#include <unistd.h>

#include "engine/catalog/place.h"
#include "engine/catalog/refresh.h"
#include "engine/catalog/sources.h"
#include "engine/path.h"
#include "engine/secret.h"
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
    sqlite3_clear_bindings(stmt);
    va_start(args, letters);
    bind_all(stmt, letters, args);
    va_end(args);
    store_execute(stmt, &build->failure);
    long long row = sqlite3_last_insert_rowid(build->db);
    if (build->is_reading) {
        struct row_span *span = &build->spans[kind];
        span->first = span->first == 0 ? row : span->first;
        span->last = row;
    }
    return row;
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

void build_run_all(struct build *build, const char *const *statements, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        build_run(build, statements[i], "");
    }
}

void build_problem(struct build *build, const char *path, struct document_place place,
                   bool is_error, const char *rule, const char *format, ...)
{
    struct text sentence = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&sentence, format, args);
    va_end(args);
    secret_redact_text(&sentence);
    build_insert(build, INSERT_PROBLEM, build->linking != 0 ? "siisssnsl" : "siisssnsn",
                 path, place.line, place.column, is_error ? "error" : "warning",
                 text_string(&sentence), rule, build->linking != 0 ? "mesh" : NULL,
                 build->linking);
    text_release(&sentence);
}

/* ---- Building ---- */

void build_release(struct build *build)
{
    for (int i = 0; i < INSERT_COUNT; i++) {
        store_finish(build->inserts[i]);
    }
    store_finish(build->set_hash);
    catalog_names_release(&build->uses);
    array_release(&build->read);
    store_close(build->db);
    catalog_names_release(&build->skipped);
    roots_release(&build->roots);
    filetree_close(build->own_tree);
    free(build->name);
    free(build->only);
}

bool build_open(struct build *build, const char *temporary)
{
    build->db = store_open(temporary, STORE_CREATE, &build->failure);
    if (build->db != NULL && store_run(build->db,
                                       "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; "
                                       "PRAGMA cache_size=-131072; PRAGMA threads=2; "
                                       "PRAGMA locking_mode=EXCLUSIVE; BEGIN",
                                       &build->failure)) {
        index_create(build);
        link_prepare(build);
    }
    return build->failure.kind == ERROR_NONE;
}

static void fill_index(struct build *build, const char *mesh)
{
    build_run(build,
              "INSERT INTO mesh(name,path,root,format,built) "
              "VALUES(?1,?2,?3,?4,strftime('%Y-%m-%dT%H:%M:%SZ','now'))",
              "sssi", build->name, mesh, build->roots.own, INDEX_FORMAT);
    sources_note_mesh(build);
    if (build->only != NULL) {
        walk_tree(build, NULL);
    } else {
        read_mesh_file(build);
    }
    if (build->failure.kind == ERROR_NONE) {
        store_run(build->db, index_keys, &build->failure);
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
    char *path = filetree_canonical(mesh, err);
    if (path == NULL) {
        return false;
    }
    if (build_open(build, temporary)) {
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

struct build build_new(struct job_port *port)
{
    return (struct build){.port = port,
                          .orphans_are_products = true,
                          .progress.rows = -1,
                          .progress.unit = JOB_THINGS,
                          .skipped = ARRAY_OF(char *),
                          .uses = ARRAY_OF(char *),
                          .read = ARRAY_OF(long long)};
}

bool catalog_build(const char *mesh, const char *index, struct job_port *port,
                   struct error *err)
{
    struct error ignored = {0};
    err = err != NULL ? err : &ignored;
    struct build build = build_new(port);
    char *part = NULL;
    int fd = -1;
    bool done = sources_open_mesh(&build, mesh, err);
    if (done) {
        fd = path_part_open(index, 0600, &part, err);
        done = fd >= 0 && make_index(&build, mesh, part, err);
    }
    build_release(&build);
    done = done && index_put_in_place(fd, part, index, err);
    path_part_close(fd, part, done);
    return done;
}

static bool refresh_index(struct build *build, const char *index,
                          const struct array *changes, enum refreshed *result,
                          struct error *err)
{
    build->db = store_open(index, STORE_WRITE, err);
    if (build->db == NULL) {
        return false;
    }
    roots_release(&build->roots);
    roots_load(&build->roots, build->db);
    char *name = store_string(build->db, "SELECT name FROM mesh", "");
    if (name != NULL) {
        free(build->name);
        build->name = name;
    }
    *result = refresh_apply(build, changes);
    if (*result != REFRESH_FAILED) {
        return true;
    }
    if (job_cancelled(build->port)) {
        return error_set(err, ERROR_CANCELLED, "reading the mesh again was cancelled");
    }
    *err = build->failure;
    return error_prefix(err, "could not bring the catalog index up to date: ");
}

/* `file` NULL: whatever changed. */
static bool refresh(struct build *build, const char *mesh, const char *index,
                    const char *file, bool *changed, struct error *err)
{
    struct array changes = refresh_changes();
    enum refreshed result = REFRESH_WHOLE;
    bool done = sources_open_mesh(build, mesh, err);
    char *path = done ? filetree_canonical(mesh, err) : NULL;
    bool is_known = done && build->only == NULL &&
                    (file != NULL ? refresh_find_file(path, index, file, &changes)
                                  : refresh_sources(path, index, build->port) &&
                                        refresh_find(path, index, &changes));
    if (is_known) {
        result = REFRESH_SAME;
        done = changes.count == 0 || refresh_index(build, index, &changes, &result, err);
    }
    struct job_port *port = build->port;
    build_release(build);
    array_release(&changes);
    free(path);
    *changed = done && result != REFRESH_SAME;
    if (done && result == REFRESH_WHOLE) {
        return file != NULL && access(index, R_OK) == 0
                   ? catalog_refresh(mesh, index, port, changed, err)
                   : catalog_build(mesh, index, port, err);
    }
    return done;
}

bool catalog_refresh(const char *mesh, const char *index, struct job_port *port,
                     bool *changed, struct error *err)
{
    struct error ignored = {0};
    struct build build = build_new(port);
    return refresh(&build, mesh, index, NULL, changed, err != NULL ? err : &ignored);
}

bool catalog_refresh_file(const char *mesh, const char *index, const char *file,
                          bool *changed, struct error *err)
{
    struct error ignored = {0};
    struct build build = build_new(NULL);
    return refresh(&build, mesh, index, file, changed, err != NULL ? err : &ignored);
}
