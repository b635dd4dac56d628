/* catalog/refresh: holds an index against the files it was made from and brings it up to
 * date: only what changed is read again, in one transaction, so that readers see the
 * index before or after and nothing between.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/intake.h"
#include "engine/catalog/refresh.h"
#include "engine/catalog/sources.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- What changed ---- */

/* The stamp of a file when the index was made, in columns 2 to 4. */
static bool is_as_noted(const struct roots *roots, sqlite3_stmt *noted, const char *path)
{
    struct document_stamp now;
    bool there = document_stamp_of(roots, path, &now);
    return there ? now.size == sqlite3_column_int64(noted, 2) &&
                       now.changed == sqlite3_column_int64(noted, 3) &&
                       now.inode == sqlite3_column_int64(noted, 4)
                 : sqlite3_column_int64(noted, 4) == 0;
}

struct change {
    long long row; /* of the document */
    bool depends;  /* not itself: something else it was made from */
};

/* At most `limit` changes. */
static bool find_changes(sqlite3 *db, size_t limit, struct array *changes)
{
    struct roots roots;
    static const char *const both[] = {
        "SELECT rowid,path,size,changed,inode FROM document",
        "SELECT document,path,size,changed,inode FROM dependency",
    };
    bool found = true;
    roots_load(&roots, db);
    for (size_t i = 0; i < 2; i++) {
        sqlite3_stmt *noted = store_prepare(db, both[i], NULL);
        found = found && noted != NULL;
        while (found && changes->count < limit && store_step(noted, NULL) == STORE_ROW) {
            if (!is_as_noted(&roots, noted, store_text(noted, 1))) {
                *(struct change *)array_push(changes) =
                    (struct change){sqlite3_column_int64(noted, 0), i == 1};
            }
        }
        store_finish(noted);
    }
    roots_release(&roots);
    return found;
}

static sqlite3 *open_usable(const char *mesh, const char *index)
{
    sqlite3 *db = access(index, R_OK) == 0 ? store_open(index, STORE_READ, NULL) : NULL;
    if (db != NULL && store_number(db, 0, "SELECT format=?1 AND path=?2 FROM mesh", "is",
                                   INDEX_FORMAT, mesh) != 1) {
        store_close(db);
        return NULL;
    }
    return db;
}

bool catalog_is_current(const char *mesh, const char *index)
{
    char *path = filetree_canonical(mesh, NULL);
    sqlite3 *db = path != NULL ? open_usable(path, index) : NULL;
    struct array changes = ARRAY_OF(struct change);
    bool current = db != NULL && find_changes(db, 1, &changes) && changes.count == 0 &&
                   sources_are_current(db);
    array_release(&changes);
    store_close(db);
    free(path);
    return current;
}

/* ---- Bringing up to date ---- */

struct item {
    long long row;
    char *path, *role;
    bool depends, is_package;
    bool has_hash;
    unsigned char hash[DOCUMENT_HASH];
};

struct refresh {
    struct build *build;
    struct array items;       /* of struct item, those that changed */
    struct array restructure; /* of char *: folders to walk again as a whole */
    bool is_whole;            /* mesh.yaml changed: everything is to be read again */
    bool is_any;              /* something in the index changed */
};

static void take_item(struct refresh *refresh, const struct change *change)
{
    sqlite3_stmt *stmt =
        store_prepare(refresh->build->db,
                      "SELECT path,role,is_package,hash FROM document WHERE rowid=?1",
                      &refresh->build->failure);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", change->row);
    if (store_step(stmt, &refresh->build->failure) == STORE_ROW) {
        struct item *item = array_push(&refresh->items);
        *item = (struct item){.row = change->row,
                              .path = store_text_copy(stmt, 0),
                              .role = store_text_copy(stmt, 1),
                              .depends = change->depends,
                              .is_package = sqlite3_column_int(stmt, 2) != 0,
                              .has_hash = sqlite3_column_bytes(stmt, 3) == DOCUMENT_HASH};
        if (item->has_hash) {
            memcpy(item->hash, sqlite3_column_blob(stmt, 3), DOCUMENT_HASH);
        }
    }
    store_finish(stmt);
}

/* The folder a path lies in; "" is the root itself. */
static char *folder_above(const char *path)
{
    const char *slash = strrchr(path, '/');
    return string_copy_bytes(path, slash != NULL ? (size_t)(slash - path) : 0);
}

static bool is_there(struct refresh *refresh, const char *path)
{
    struct document_stamp stamp;
    return document_stamp_of(&refresh->build->roots, path, &stamp);
}

/* Another time but the same content: only the stamp is new. */
static bool is_same_content(struct refresh *refresh, const struct item *item)
{
    struct document_stamp stamp;
    unsigned char hash[DOCUMENT_HASH];
    char *bytes;
    size_t length;
    char *full = roots_file(&refresh->build->roots, item->path);
    document_stamp_of(&refresh->build->roots, item->path, &stamp);
    bool same = false;
    if (item->has_hash && path_read_file(full, 8 * 1024 * 1024, &bytes, &length, NULL)) {
        document_hash(bytes, length, hash);
        same = memcmp(hash, item->hash, sizeof hash) == 0;
        free(bytes);
    }
    free(full);
    if (same) {
        build_run(refresh->build,
                  "UPDATE document SET size=?2,changed=?3,inode=?4 WHERE rowid=?1",
                  "llll", item->row, stamp.size, stamp.changed, stamp.inode);
    }
    return same;
}

static bool has_descriptor(struct build *build, const char *folder)
{
    return store_number(build->db, 0,
                        "SELECT under_descriptor FROM document WHERE path=?1 AND "
                        "role='folder'",
                        "s", folder) > 0;
}

static bool has_descriptor_above(struct build *build, const char *folder)
{
    char *above = folder_above(folder);
    bool has = folder[0] != '\0' && has_descriptor(build, above);
    free(above);
    return has;
}

static void refresh_folder(struct refresh *refresh, const char *path)
{
    struct build *build = refresh->build;
    refresh->is_any = true;
    if (!is_there(refresh, path)) {
        document_forget_below(build, path);
    } else if (!walk_folder_again(build, path, has_descriptor_above(build, path))) {
        *(char **)array_push(&refresh->restructure) = string_copy(path);
    }
}

static void refresh_folder_item(struct refresh *refresh, const struct item *item)
{
    refresh_folder(refresh, item->path);
}

/* A file that is gone changed its folder as well. */
static void refresh_file(struct refresh *refresh, const struct item *item)
{
    struct build *build = refresh->build;
    bool was_descriptor = string_equal(item->role, "descriptor");
    if (is_same_content(refresh, item) && !item->depends) {
        return;
    }
    refresh->is_any = true;
    document_forget(build, item->row);
    if (!is_there(refresh, item->path)) {
        return;
    }
    struct descriptor read = walk_descriptor(build, item->path);
    bool is_one = read.id != STANDARD_UNKNOWN || read.is_broken;
    if (is_one != was_descriptor || read.is_package != item->is_package) {
        char *folder = folder_above(item->path);
        refresh_folder(refresh, folder);
        free(folder);
    }
}

static void refresh_mesh_file(struct refresh *refresh, const struct item *item)
{
    refresh->is_whole = !is_same_content(refresh, item);
}

/* policies, agreements, queries: few files; a folder is read again as a whole. */
static void refresh_mesh_folder(struct refresh *refresh, const struct item *item)
{
    struct build *build = refresh->build;
    bool is_folder =
        store_number(build->db, 0, "SELECT hash IS NULL FROM document WHERE rowid=?1",
                     "l", item->row) > 0;
    char *folder = is_folder ? string_copy(item->path) : folder_above(item->path);
    struct array rows = ARRAY_OF(long long);
    sqlite3_stmt *stmt = store_prepare(
        build->db,
        "SELECT rowid FROM document WHERE role=?2 AND (path=?1 OR (path>?1||'/' AND "
        "path<?1||'0'))",
        &build->failure);
    if (stmt != NULL) {
        store_bind(stmt, "ss", folder, item->role);
    }
    while (stmt != NULL && store_step(stmt, &build->failure) == STORE_ROW) {
        *(long long *)array_push(&rows) = sqlite3_column_int64(stmt, 0);
    }
    store_finish(stmt);
    for (size_t i = 0; i < rows.count; i++) {
        document_forget(build, *(long long *)array_at(&rows, i));
    }
    if (rows.count > 0) {
        read_mesh_folder_again(build, folder, item->role);
    }
    refresh->is_any = true;
    array_release(&rows);
    free(folder);
}

static void refresh_costs(struct refresh *refresh, const struct item *item)
{
    if (!is_same_content(refresh, item)) {
        refresh->is_any = true;
        document_forget(refresh->build, item->row);
        read_costs_file(refresh->build, item->path);
    }
}

static void refresh_item(struct refresh *refresh, const struct item *item)
{
    static const struct {
        const char *role;
        void (*refresh)(struct refresh *refresh, const struct item *item);
    } ways[] = {
        {"folder", refresh_folder_item},
        {"descriptor", refresh_file},
        {"other", refresh_file},
        {"policy", refresh_mesh_folder},
        {"agreement", refresh_mesh_folder},
        {"query", refresh_mesh_folder},
        {"use", refresh_mesh_folder},
        {"costs", refresh_costs},
        {"mesh", refresh_mesh_file},
    };
    bool is_still_there =
        store_number(refresh->build->db, 0, "SELECT path=?2 FROM document WHERE rowid=?1",
                     "ls", item->row, item->path) > 0;
    for (size_t i = 0; is_still_there && i < sizeof ways / sizeof *ways; i++) {
        if (string_equal(ways[i].role, item->role)) {
            ways[i].refresh(refresh, item);
        }
    }
}

/* Folders in which descriptors came or went are walked again, the highest ones first. */
static void restructure(struct refresh *refresh)
{
    struct build *build = refresh->build;
    for (size_t i = 0; i < refresh->restructure.count; i++) {
        const char *folder = *(char **)array_at(&refresh->restructure, i);
        bool done = false;
        for (size_t k = 0; k < i && !done; k++) {
            const char *other = *(char **)array_at(&refresh->restructure, k);
            size_t length = strlen(other);
            done = length == 0 || (strncmp(folder, other, length) == 0 &&
                                   (folder[length] == '/' || folder[length] == '\0'));
        }
        if (done || build->failure.kind != ERROR_NONE) {
            continue;
        }
        bool above_has = has_descriptor_above(build, folder);
        document_forget_below(build, folder);
        walk_folder(build, folder, above_has);
        if (folder[0] == '\0') {
            sources_walk_again(build);
        }
    }
}

/* ---- A refresh ---- */

static void find_skipped(struct build *build)
{
    sqlite3_stmt *stmt = store_prepare(build->db,
                                       "SELECT path FROM document WHERE hash IS NULL AND "
                                       "role IN('policy','agreement','query') OR "
                                       "role='costs'",
                                       &build->failure);
    while (stmt != NULL && store_step(stmt, &build->failure) == STORE_ROW) {
        *(char **)array_push(&build->skipped) = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
}

static void refresh_items(struct refresh *refresh, const struct array *changes)
{
    struct build *build = refresh->build;
    for (size_t i = 0; i < changes->count; i++) {
        take_item(refresh, array_at(changes, i));
    }
    for (size_t i = 0; i < refresh->items.count && !refresh->is_whole; i++) {
        if (job_cancelled(build->port) || build->failure.kind != ERROR_NONE) {
            return;
        }
        refresh_item(refresh, array_at(&refresh->items, i));
    }
    if (!refresh->is_whole) {
        restructure(refresh);
        if (refresh->is_any) {
            link_index(build);
        }
    }
}

static void refresh_release(struct refresh *refresh)
{
    for (size_t i = 0; i < refresh->items.count; i++) {
        struct item *item = array_at(&refresh->items, i);
        free(item->path);
        free(item->role);
    }
    array_release(&refresh->items);
    catalog_names_release(&refresh->restructure);
}

enum refreshed refresh_apply(struct build *build, const struct array *changes)
{
    struct refresh refresh = {
        .build = build, .items = ARRAY_OF(struct item), .restructure = ARRAY_OF(char *)};
    enum refreshed result = REFRESH_FAILED;
    build->is_refresh = true;
    if (store_run(build->db, "PRAGMA synchronous=NORMAL; BEGIN IMMEDIATE",
                  &build->failure)) {
        link_prepare(build);
        find_skipped(build);
        refresh_items(&refresh, changes);
        bool good = build->failure.kind == ERROR_NONE && !refresh.is_whole &&
                    !job_cancelled(build->port);
        store_run(build->db, good ? "COMMIT" : "ROLLBACK", good ? &build->failure : NULL);
        result = refresh.is_whole                             ? REFRESH_WHOLE
                 : build->failure.kind != ERROR_NONE || !good ? REFRESH_FAILED
                 : refresh.is_any                             ? REFRESH_CHANGED
                                                              : REFRESH_SAME;
    }
    refresh_release(&refresh);
    return result;
}

struct array refresh_changes(void)
{
    return (struct array)ARRAY_OF(struct change);
}

bool refresh_find(const char *mesh, const char *index, struct array *changes)
{
    sqlite3 *db = open_usable(mesh, index);
    bool found = db != NULL && find_changes(db, SIZE_MAX, changes);
    store_close(db);
    return found;
}

bool refresh_sources(const char *mesh, const char *index, struct job_port *port)
{
    sqlite3 *db = open_usable(mesh, index);
    bool has_any =
        db != NULL && store_number(db, 0, "SELECT count(*) FROM source", "") > 0;
    bool usable = db != NULL;
    store_close(db);
    db = has_any ? store_open(index, STORE_WRITE, NULL) : NULL;
    if (has_any) {
        usable = db != NULL && sources_refresh(db, port);
    }
    store_close(db);
    return usable;
}

bool refresh_find_file(const char *mesh, const char *index, const char *file,
                       struct array *changes)
{
    static const char sql[] = "SELECT rowid,0 FROM document WHERE path=?1 UNION ALL "
                              "SELECT document,1 FROM dependency WHERE path=?1";
    sqlite3 *db = open_usable(mesh, index);
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, NULL) : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "s", file);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(struct change *)array_push(changes) = (struct change){
            sqlite3_column_int64(stmt, 0), sqlite3_column_int(stmt, 1) != 0};
    }
    store_finish(stmt);
    store_close(db);
    return changes->count > 0;
}
