/* catalog/sources: opens what mesh.yaml lists under `sources:` and keeps it up to date.
 *
 *   sources:
 *     - .                                        the mesh's own folder, or one in it
 *     - {name: lake, folder: /srv/mesh/lake}     a folder elsewhere, by its absolute path
 *     - {name: crm, git: /srv/git/crm.git, ref: v2.1, path: products}
 *     - {name: city, url: https://data.example.org/data.json}
 *
 * Paths of a source with a name of its own begin with it. A mesh.yaml that was fetched,
 * or lies in a repository, names only folders of its own and addresses.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/sources.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/secret.h"
#include "engine/store.h"
#include "engine/text.h"

enum { MOST_SOURCE_NAME = 64, MOST_MESH_FILE = 1024 * 1024, YOUNG = 900 /* seconds */ };

/* ---- Rows ---- */

static void insert_source(struct build *build, const char *name, struct filetree *tree,
                          const char *root)
{
    const struct filetree_facts *facts = filetree_facts(tree);
    build_run(build,
              "INSERT INTO source(name,kind,location,ref,commit_id,mark,fetched,state,"
              "sentence,root) VALUES(?1,?2,?3,nullif(?4,''),nullif(?5,''),?6,"
              "nullif(?7,0),iif(?8='','ready','incomplete'),nullif(?8,''),?9)",
              "ssssssls"
              "s",
              name, facts->kind_name, facts->location, facts->ref, facts->commit,
              facts->mark, facts->time, facts->sentence, root);
}

static void insert_failed(struct build *build, const char *name, const char *location,
                          const char *sentence)
{
    build_run(build,
              "INSERT INTO source(name,location,state,sentence) "
              "VALUES(?1,?2,'failed',?3)",
              "sss", name, location, sentence);
}

/* ---- The mesh itself ---- */

static char *name_of_location(const char *location)
{
    char *path = string_copy_bytes(location, strcspn(location, "#?"));
    size_t length = strlen(path);
    if (length > 1 && path[length - 1] == '/') {
        path[length - 1] = '\0';
    }
    const char *base = path_base(path);
    size_t kept = strlen(base) - (string_ends(base, ".git") ? strlen(".git") : 0);
    char *name = string_copy_bytes(base, kept);
    free(path);
    if (name[0] == '\0') {
        free(name);
        name = string_copy("mesh");
    }
    return name;
}

bool sources_open_mesh(struct build *build, const char *mesh, struct error *err)
{
    struct filetree *tree = filetree_open(mesh, err);
    char *root = tree != NULL ? filetree_on_disk(tree, err) : NULL;
    if (root == NULL) {
        filetree_close(tree);
        error_prefix(err, "could not open the mesh %s: ", mesh);
        secret_redact_error(err);
        return false;
    }
    const struct filetree_facts *facts = filetree_facts(tree);
    bool done = access(root, R_OK | X_OK) == 0;
    if (!done) {
        error_set(err, ERROR_FAILED, "could not read the mesh %s: %s", mesh,
                  error_of_errno(errno));
    }
    roots_init(&build->roots, root);
    build->roots.is_copy = facts->kind != FILETREE_FOLDER;
    build->only = facts->only[0] != '\0' ? string_copy(facts->only) : NULL;
    build->name =
        name_of_location(facts->kind == FILETREE_FOLDER ? root : facts->location);
    build->own_tree = tree;
    free(root);
    return done;
}

void sources_note_mesh(struct build *build)
{
    if (filetree_facts(build->own_tree)->kind != FILETREE_FOLDER) {
        insert_source(build, NULL, build->own_tree, build->roots.own);
    }
}

/* ---- One source of mesh.yaml ---- */

struct asked {
    const struct document_value *item;
    char *name;     /* that paths begin with */
    char *location; /* as filetree takes it */
    bool is_hostile;
};

static void asked_release(struct asked *asked)
{
    free(asked->name);
    free(asked->location);
}

static bool refuse(struct build *build, const struct asked *asked, const char *sentence)
{
    build_problem(build, "mesh.yaml", document_place(asked->item), true, "bad-source",
                  "the source %s cannot be used: %s", asked->name, sentence);
    insert_failed(build, asked->name, asked->location, sentence);
    return false;
}

static bool is_name(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789-_.");
    return length > 0 && length <= MOST_SOURCE_NAME && name[length] == '\0' &&
           name[0] != '.';
}

static bool check_name(struct build *build, const struct asked *asked)
{
    if (!is_name(asked->name)) {
        return refuse(build, asked,
                      "paths begin with its name, so that must be of letters, digits, "
                      "dots, dashes and underscores");
    }
    char *own = path_join(build->roots.own, asked->name);
    bool is_taken = path_exists(own);
    free(own);
    if (is_taken || roots_source(&build->roots, asked->name) != NULL) {
        return refuse(build, asked,
                      "its name is that of another source, or of something "
                      "in the folder of the mesh; give it another");
    }
    return true;
}

/* What was fetched, or lies in a repository, does not choose what is read on this host.
 */
static bool check_place(struct build *build, const struct asked *asked)
{
    bool is_local = strstr(asked->location, "://") == NULL;
    if (is_local && filetree_facts(build->own_tree)->kind != FILETREE_FOLDER) {
        return refuse(build, asked,
                      "this mesh.yaml does not lie in a folder of this host, so it names "
                      "no places on it");
    }
    return true;
}

/* Is one of them the other, or in it? */
static bool overlaps(const char *a, const char *b)
{
    size_t length = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    const char *longer = strlen(a) < strlen(b) ? b : a;
    return strncmp(a, b, length) == 0 &&
           (longer[length] == '/' || longer[length] == '\0' || length == 1);
}

/* The sources of sources are not followed: a mesh could contain itself. */
static void tell_nested(struct build *build, const struct asked *asked,
                        struct filetree *tree)
{
    struct document_place place;
    char *bytes;
    size_t length;
    struct error err = {0};
    if (!filetree_read(tree, "mesh.yaml", MOST_MESH_FILE, &bytes, &length, NULL)) {
        return;
    }
    struct document *document =
        document_parse(bytes, length, DOCUMENT_YAML, &place, &err);
    const struct document_value *list = document_get(document_root(document), "sources");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        if (document_get(item, "git") != NULL || document_get(item, "url") != NULL ||
            document_get(item, "folder") != NULL) {
            build_problem(
                build, "mesh.yaml", document_place(asked->item), false, "nested-source",
                "the mesh.yaml of the source %s lists sources of its own, which "
                "are not followed; list them here",
                asked->name);
            break;
        }
    }
    document_free(document);
    free(bytes);
}

static void take_tree(struct build *build, const struct asked *asked,
                      struct filetree *tree)
{
    const struct filetree_facts *facts = filetree_facts(tree);
    struct error err = {0};
    if (facts->kind == FILETREE_FOLDER && overlaps(facts->root, build->roots.own)) {
        refuse(build, asked, "it is the mesh itself, or in it, or around it");
        return;
    }
    if (facts->only[0] != '\0') {
        refuse(build, asked, "it is a file, and a source is a folder");
        return;
    }
    char *root = filetree_on_disk(tree, &err);
    if (root == NULL) {
        refuse(build, asked, err.message);
        return;
    }
    roots_add(&build->roots, asked->name, root, facts->kind != FILETREE_FOLDER);
    insert_source(build, asked->name, tree, root);
    if (facts->sentence[0] != '\0') {
        build_problem(build, "mesh.yaml", document_place(asked->item), false,
                      "incomplete-source", "the source %s: %s", asked->name,
                      facts->sentence);
    }
    tell_nested(build, asked, tree);
    walk_tree(build, asked->name);
    free(root);
}

static void read_foreign(struct build *build, const struct asked *asked)
{
    struct error err = {0};
    struct filetree_spec spec = {.location = asked->location,
                                 .beside = build->roots.own,
                                 .is_hostile = asked->is_hostile};
    if (!check_name(build, asked) || !check_place(build, asked)) {
        return;
    }
    struct filetree *tree = filetree_open_spec(&spec, &err);
    if (tree == NULL) {
        refuse(build, asked, err.message);
    } else {
        take_tree(build, asked, tree);
    }
    filetree_close(tree);
}

/* ---- The list ---- */

/* git: PATH, ref: REF, path: FOLDER */
static char *git_location(const struct document_value *item, const char *path)
{
    const char *ref = document_get_text(item, "ref");
    const char *below = document_get_text(item, "path");
    return string_printf("git:%s#%s%s%s", path, ref != NULL ? ref : "HEAD",
                         below != NULL ? ":" : "", below != NULL ? below : "");
}

/* NULL: it names none elsewhere. */
static char *location_of(const struct document_value *item)
{
    const char *git = document_get_text(item, "git");
    const char *url = document_get_text(item, "url");
    const char *folder = document_get_text(item, "folder");
    if (git != NULL) {
        return git_location(item, git);
    }
    if (url != NULL) {
        return string_copy(url);
    }
    return folder != NULL && folder[0] == '/' ? string_copy(folder) : NULL;
}

static void read_own_folder(struct build *build, const struct document_value *item)
{
    const char *path = document_text(item);
    path = path != NULL ? path : document_get_text(item, "path");
    path = path != NULL ? path : document_get_text(item, "folder");
    bool is_root = string_equal(path, ".") || string_equal(path, "./");
    char *folder =
        path != NULL && (is_root || path_is_safe(path)) ? path_beside("", path) : NULL;
    char *full = folder != NULL ? path_join(build->roots.own, folder) : NULL;
    if (full != NULL && path_is_folder(full)) {
        walk_tree(build, folder);
    } else if (path == NULL) {
        build_problem(build, "mesh.yaml", document_place(item), true, "bad-source",
                      "a source has a folder, a git repository or a url; this one has "
                      "none of them");
    } else {
        build_problem(
            build, "mesh.yaml", document_place(item), true, "bad-source",
            "the source %s is no folder of the mesh; write the absolute path of "
            "one that lies elsewhere, with folder:",
            path);
        insert_failed(build, document_get_text(item, "name"), path,
                      "it is no folder of the mesh");
    }
    free(full);
    free(folder);
}

void sources_read(struct build *build, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        struct asked asked = {.item = item, .location = location_of(item)};
        if (asked.location == NULL) {
            read_own_folder(build, item);
            continue;
        }
        const char *name = document_get_text(item, "name");
        asked.name = name != NULL ? string_copy(name) : name_of_location(asked.location);
        asked.is_hostile = document_get(item, "url") != NULL;
        read_foreign(build, &asked);
        asked_release(&asked);
    }
    if (document_count(list) == 0) {
        walk_tree(build, "");
    }
}

void sources_walk_again(struct build *build)
{
    for (size_t i = 0; i < build->roots.sources.count; i++) {
        const struct root_source *source = array_at(&build->roots.sources, i);
        walk_tree(build, source->name);
    }
}

/* ---- Up to date ---- */

static const char all_kept[] =
    "SELECT rowid,location,mark,kind,fetched,state,name IS NOT NULL FROM source";

static bool is_current(sqlite3_stmt *stmt)
{
    struct filetree_spec spec = {.location = store_text(stmt, 1), .seconds = 5};
    const char *kind = store_text(stmt, 3);
    if (string_equal(kind, "web")) {
        long long age = path_now() - sqlite3_column_int64(stmt, 4);
        return age >= 0 && age < YOUNG;
    }
    return !string_equal(kind, "git") || filetree_has_mark(&spec, store_text(stmt, 2));
}

bool sources_are_current(sqlite3 *db)
{
    sqlite3_stmt *stmt = store_prepare(db, all_kept, NULL);
    bool current = stmt != NULL;
    while (current && store_step(stmt, NULL) == STORE_ROW) {
        current = is_current(stmt);
    }
    store_finish(stmt);
    return current;
}

/* Whatever fails now leaves what is here as it is. */
static void refresh_one(sqlite3 *db, long long row, const char *location, bool is_hostile)
{
    struct error err = {0};
    struct filetree_spec spec = {.location = location, .is_hostile = is_hostile};
    struct filetree *tree = filetree_open_spec(&spec, &err);
    char *root = tree != NULL ? filetree_on_disk(tree, &err) : NULL;
    sqlite3_stmt *stmt = store_prepare(
        db,
        root != NULL ? "UPDATE source SET commit_id=nullif(?2,''),mark=?3,"
                       "fetched=nullif(?4,0),state=iif(?5='','ready','incomplete'),"
                       "sentence=nullif(?5,''),root=?6 WHERE rowid=?1"
                     : "UPDATE source SET state='stale',sentence=?2 WHERE rowid=?1",
        NULL);
    if (stmt != NULL && root != NULL) {
        const struct filetree_facts *facts = filetree_facts(tree);
        store_bind(stmt, "lsslss", row, facts->commit, facts->mark, facts->time,
                   facts->sentence, root);
        store_execute(stmt, NULL);
    } else if (stmt != NULL) {
        store_bind(stmt, "ls", row, err.message);
        store_execute(stmt, NULL);
    }
    store_finish(stmt);
    free(root);
    filetree_close(tree);
}

/* Could it be opened now? A folder that was missing, a host that did not answer. */
static bool has_come_back(const char *location, const char *beside)
{
    struct filetree_spec spec = {
        .location = location, .beside = beside, .is_hostile = true};
    struct filetree *tree = filetree_open_spec(&spec, NULL);
    filetree_close(tree);
    return tree != NULL;
}

struct kept {
    long long row;
    char *location, *kind, *state;
    bool is_source;
};

static struct array list_kept(sqlite3 *db)
{
    struct array all = ARRAY_OF(struct kept);
    sqlite3_stmt *stmt = store_prepare(db, all_kept, NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct kept *kept = array_push(&all);
        *kept = (struct kept){sqlite3_column_int64(stmt, 0), store_text_copy(stmt, 1),
                              store_text_copy(stmt, 3), store_text_copy(stmt, 5),
                              sqlite3_column_int(stmt, 6) != 0};
    }
    store_finish(stmt);
    return all;
}

bool sources_refresh(sqlite3 *db, struct job_port *port)
{
    struct array all = list_kept(db);
    char *own = store_string(db, "SELECT root FROM mesh", "");
    bool same = true;
    for (size_t i = 0; i < all.count; i++) {
        struct kept *kept = array_at(&all, i);
        bool is_copy = string_equal(kept->kind, "git") || string_equal(kept->kind, "web");
        if (string_equal(kept->state, "failed")) {
            same = same && !has_come_back(kept->location, own);
        } else if (is_copy && !job_cancelled(port)) {
            refresh_one(db, kept->row, kept->location, kept->is_source);
        }
        free(kept->location);
        free(kept->kind);
        free(kept->state);
    }
    array_release(&all);
    free(own);
    return same;
}
