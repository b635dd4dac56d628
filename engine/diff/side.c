/* diff/side: from what a person wrote to an open index.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <stdlib.h>
#include <string.h>

#include "engine/filetree.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

static bool open_path(struct diff_side *side, const char *path, struct job_port *port,
                      struct error *err);

/* ---- Products of a mesh ---- */

/* Where the contract of this version stands; NULL: no port and no contract has it. Yours.
 */
static char *contract_of_version(struct diff_side *side, const char *version)
{
    return store_string(catalog_database(side->catalog),
                        "SELECT c.path FROM port o JOIN contract c ON "
                        "c.rowid=o.contract_row WHERE o.product_row=?1 AND o.dir='out' "
                        "AND ?2 IN(c.version,o.version) ORDER BY c.version=?2 DESC",
                        "ls", side->product, version);
}

/* Other versions of a contract have the same id, and much in an index goes by it: the
 * one that is meant is read alone. */
static bool narrow_to_version(struct diff_side *side, const char *version,
                              struct job_port *port, struct error *err)
{
    sqlite3 *db = catalog_database(side->catalog);
    char *own = store_string(db, "SELECT version FROM product WHERE rowid=?1", "l",
                             side->product);
    char *contract = contract_of_version(side, version);
    bool is_own = string_equal(own, version);
    bool done = is_own || contract != NULL;
    if (!done) {
        char *known = store_string(
            db,
            "SELECT group_concat(v,', ') FROM (SELECT version v FROM product WHERE "
            "rowid=?1 UNION SELECT o.version FROM port o WHERE o.product_row=?1 AND "
            "o.dir='out' UNION SELECT c.version FROM port o JOIN contract c ON "
            "c.rowid=o.contract_row WHERE o.product_row=?1) WHERE v IS NOT NULL",
            "l", side->product);
        error_set(err, ERROR_FAILED, "%s, %s, has no version %s; there is %s",
                  side->label, side->operand, version, known != NULL ? known : "none");
        free(known);
    } else if (!is_own) {
        char *path = catalog_file(side->catalog, contract);
        catalog_close(side->catalog);
        side->catalog = NULL;
        side->product = 0;
        done = open_path(side, path, port, err);
        free(path);
    }
    free(contract);
    free(own);
    return done;
}

/* DOMAIN/NAME[@VERSION] of the index at `index`; false with kind ERROR_NONE: there is no
 * such product. */
static bool open_product(struct diff_side *side, const char *index, const char *name,
                         struct job_port *port, struct error *err)
{
    const char *at = strrchr(name, '@');
    char *base = string_copy_bytes(name, at != NULL ? (size_t)(at - name) : strlen(name));
    struct catalog_entry entry = {0};
    struct error none = {0};
    side->catalog = catalog_open(index, err);
    bool found =
        side->catalog != NULL && catalog_find(side->catalog, base, &entry, &none);
    free(base);
    if (!found) {
        catalog_close(side->catalog);
        side->catalog = NULL;
        return false;
    }
    side->product = entry.row;
    char *below =
        store_string(catalog_database(side->catalog),
                     "SELECT folder FROM product WHERE rowid=?1", "l", side->product);
    char *folder = below != NULL ? catalog_file(side->catalog, below) : NULL;
    free(below);
    catalog_entry_release(&entry);
    bool done = at == NULL || narrow_to_version(side, at + 1, port, err);
    if (!done && folder != NULL) {
        /* The version may be a git ref: the product's folder as it was. */
        char *operand = string_printf("%s@%s", folder, at + 1);
        char *path = diff_side_from_git(operand, side->folder, NULL);
        if (path != NULL) {
            catalog_close(side->catalog);
            side->catalog = NULL;
            side->product = 0;
            *err = (struct error){0};
            done = open_path(side, path, port, err);
        }
        free(path);
        free(operand);
    }
    free(folder);
    return done;
}

/* ---- Files and folders ---- */

/* Of a folder with products below it, its own: that it lies in a folder of its own is
 * no reason to compare its history as well. */
static void choose_own_product(struct diff_side *side)
{
    sqlite3 *db = catalog_database(side->catalog);
    long long all = store_number(db, 0, "SELECT count(*) FROM product", "");
    long long own = store_number(
        db, 0, "SELECT count(*) FROM product WHERE coalesce(folder,'')=''", "");
    if (all > 1 && own == 1) {
        side->product = store_number(
            db, 0, "SELECT rowid FROM product WHERE coalesce(folder,'')=''", "");
    }
}

/* An index of nothing: say why with the first thing that is wrong. */
static bool check_it_has_something(struct diff_side *side, struct error *err)
{
    sqlite3 *db = catalog_database(side->catalog);
    if (store_number(db, 0,
                     "SELECT (SELECT count(*) FROM product)+(SELECT count(*) FROM "
                     "contract)",
                     "") > 0) {
        return true;
    }
    char *why = store_string(db,
                             "SELECT path||':'||line||': '||sentence FROM problem ORDER "
                             "BY severity='error' DESC,rowid",
                             "");
    error_set(err, ERROR_FAILED, "%s",
              why != NULL ? why : "there is no contract, product or table in it");
    free(why);
    return false;
}

/* A package whose descriptor is broken still has data: they are what can be compared, and
 * the note says why. */
static bool open_data_only(struct diff_side *side, const char *path,
                           struct job_port *port, struct error *err)
{
    char *data = path_join(path, "data"), *index = path_join(side->folder, "data.sqlite");
    struct error why = *err;
    catalog_close(side->catalog);
    bool done = path_is_folder(data) && catalog_build(data, index, port, err);
    side->catalog = done ? catalog_open(index, err) : NULL;
    done = side->catalog != NULL && check_it_has_something(side, err);
    if (done) {
        side->fault = string_copy(why.message);
    }
    *err = why;
    if (done) {
        *err = (struct error){0};
    }
    free(index);
    free(data);
    return done;
}

static bool open_path(struct diff_side *side, const char *path, struct job_port *port,
                      struct error *err)
{
    char *index = path_join(side->folder, "index.sqlite");
    bool done = catalog_build(path, index, port, err);
    side->catalog = done ? catalog_open(index, err) : NULL;
    done = side->catalog != NULL && check_it_has_something(side, err);
    if (!done && side->catalog != NULL && path_is_folder(path)) {
        done = open_data_only(side, path, port, err);
    } else if (done && path_is_folder(path)) {
        char *mesh_file = path_join(path, "mesh.yaml");
        if (!path_exists(mesh_file)) {
            choose_own_product(side);
        }
        free(mesh_file);
    }
    free(index);
    return done ||
           error_prefix(err, "could not read %s, %s: ", side->label, side->operand);
}

/* http(s): the snapshot that was fetched. */
static bool open_fetched(struct diff_side *side, struct job_port *port, struct error *err)
{
    struct filetree *tree = filetree_open(side->operand, err);
    if (tree == NULL) {
        return error_prefix(err, "could not read %s, %s: ", side->label, side->operand);
    }
    const struct filetree_facts *facts = filetree_facts(tree);
    char *path = facts->only[0] != '\0' ? path_join(facts->root, facts->only)
                                        : string_copy(facts->root);
    bool done = open_path(side, path, port, err);
    filetree_close(tree);
    free(path);
    return done;
}

/* MESH:DOMAIN/NAME */
static bool open_elsewhere(struct diff_side *side, const char *colon,
                           struct job_port *port, struct error *err)
{
    char *mesh = string_copy_bytes(side->operand, (size_t)(colon - side->operand));
    char *index = path_join(side->folder, "mesh.sqlite");
    bool done = path_is_folder(mesh) && catalog_build(mesh, index, port, err) &&
                open_product(side, index, colon + 1, port, err);
    if (!done && err->kind == ERROR_NONE) {
        error_set(err, ERROR_FAILED,
                  "could not read %s, %s: there is no product %s in the mesh %s",
                  side->label, side->operand, colon + 1, mesh);
    }
    free(index);
    free(mesh);
    return done;
}

static bool is_folder_before(const char *operand, const char *colon)
{
    char *folder = string_copy_bytes(operand, (size_t)(colon - operand));
    bool is = colon > operand && path_is_folder(folder);
    free(folder);
    return is;
}

static bool open_operand(struct diff_side *side, const struct diff_spec *spec,
                         struct job_port *port, struct error *err)
{
    const char *colon = strchr(side->operand, ':');
    if (path_exists(side->operand)) {
        return open_path(side, side->operand, port, err);
    }
    if (string_starts(side->operand, "http://") ||
        string_starts(side->operand, "https://")) {
        return open_fetched(side, port, err);
    }
    if (colon != NULL && is_folder_before(side->operand, colon)) {
        return open_elsewhere(side, colon, port, err);
    }
    if (spec->mesh_index != NULL) {
        bool done = open_product(side, spec->mesh_index, side->operand, port, err);
        if (done || err->kind != ERROR_NONE) {
            return done;
        }
    }
    char *path = diff_side_from_git(side->operand, side->folder, err);
    bool done = path != NULL && open_path(side, path, port, err);
    if (path == NULL && err->kind == ERROR_NONE) {
        error_set(err, ERROR_FAILED, "%s, %s, is no file or folder, no REF:PATH of git%s",
                  side->label, side->operand,
                  spec->mesh_index != NULL
                      ? ", and no product of the open mesh"
                      : "; to name a product, open its mesh: --mesh");
    } else if (path == NULL) {
        error_prefix(err, "could not read %s, %s: ", side->label, side->operand);
    }
    free(path);
    return done;
}

bool diff_side_open(struct diff_side *side, const struct diff_spec *spec,
                    struct job_port *port, struct error *err)
{
    struct error none = {0};
    return path_make_folders(side->folder, err) &&
           open_operand(side, spec, port, err != NULL ? err : &none);
}

void diff_side_close(struct diff_side *side)
{
    catalog_close(side->catalog);
    if (side->folder != NULL) {
        path_remove_tree(side->folder, NULL);
    }
    free(side->folder);
    free(side->version);
    free(side->fault);
    *side = (struct diff_side){0};
}
