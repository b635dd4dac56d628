/* saved/write: a query as a file, with the care that files of a mesh are owed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/saved/private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/amend.h"
#include "engine/document.h"
#include "engine/path.h"
#include "engine/secret.h"
#include "engine/sql_file.h"

/* ---- What may be written ---- */

static bool check_name(const char *name, struct error *err)
{
    char *fit = path_component(name);
    bool is_fit = string_equal_fold(fit, name) && name[0] != '.';
    if (!is_fit) {
        error_set(err, ERROR_USAGE,
                  "\"%s\" is no name of a saved query; a name has letters, digits, - and "
                  "_, such as %s",
                  name, fit[0] != '.' ? fit : fit + 1);
    }
    free(fit);
    return is_fit;
}

static bool check_sql(const char *sql, struct error *err)
{
    if (sql == NULL || sql[strspn(sql, " \t\r\n;")] == '\0') {
        return error_set(err, ERROR_USAGE, "there is no statement to save");
    }
    char *redacted = secret_redact(sql);
    bool is_clean = string_equal(redacted, sql);
    free(redacted);
    return is_clean ||
           error_set(err, ERROR_FAILED,
                     "the statement holds a password, a token or a signed address, and "
                     "is not written down; a parameter (:name) keeps it out");
}

/* ---- The text ---- */

static void put_key(struct text *out, const char *key, const char *given,
                    const struct sql_file *before)
{
    const char *value = given != NULL ? given : sql_header(before, key);
    if (value != NULL && value[0] != '\0') {
        sql_file_put(out, key, value);
    }
}

/* What it answers has been called a question by others. */
static const char *description_key(const struct sql_file *before)
{
    return sql_header(before, "question") != NULL ? "question" : "description";
}

/* The keys that are given, then those that stood there. */
static bool put_file(const struct saved_spec *spec, const struct sql_file *before,
                     struct text *out, struct error *err)
{
    const char *description = description_key(before);
    put_key(out, "title", spec->title, before);
    put_key(out, description, spec->description, before);
    for (int i = 0; i < before->count; i++) {
        if (!string_equal_fold(before->keys[i], "title") &&
            !string_equal_fold(before->keys[i], description)) {
            sql_file_put(out, before->keys[i], before->values[i]);
        }
    }
    return sql_file_put_sql(out, spec->sql) ||
           error_set(err, ERROR_FAILED,
                     "the comments at the start of the statement cannot be told from the "
                     "header of the file; write them behind its first word");
}

/* Read again, it must say what was meant. */
static bool check_text(const struct saved_spec *spec, const char *text, struct error *err)
{
    struct sql_file file;
    struct text sql = {0};
    sql_file_parse(&file, text);
    bool is_same =
        sql_file_put_sql(&sql, spec->sql) && string_equal(text_string(&sql), file.sql);
    text_release(&sql);
    sql_file_release(&file);
    return is_same || error_set(err, ERROR_FAILED,
                                "the query %s cannot be written so that it is read as it "
                                "was; nothing was written",
                                spec->name);
}

static bool make_text(const struct saved_spec *spec, const char *before, struct text *out,
                      struct error *err)
{
    struct sql_file file;
    sql_file_parse(&file, before);
    bool done =
        put_file(spec, &file, out, err) && check_text(spec, text_string(out), err);
    sql_file_release(&file);
    return done;
}

/* ---- One's own ---- */

static bool write_own(const struct saved_spec *spec, char **path, struct error *err)
{
    char *folder = saved_own_folder(err);
    struct text text = {0};
    char *before = NULL;
    bool done = folder != NULL && path_make_folders(folder, err);
    *path = done ? string_printf("%s/%s.sql", folder, spec->name) : NULL;
    if (done && path_exists(*path)) {
        done =
            spec->replace
                ? path_read_text(*path, SAVED_MOST_BYTES, &before, err)
                : error_set(err, ERROR_FAILED,
                            "there is a query %s already: %s; --replace takes its place",
                            spec->name, *path);
    }
    done = done && make_text(spec, before != NULL ? before : "", &text, err) &&
           path_write_file(*path, text_string(&text), text.length, 0600, err);
    text_release(&text);
    free(before);
    free(folder);
    return done;
}

/* ---- Of the mesh ---- */

/* The folder of queries, relative to the mesh. */
static char *mesh_folder(const struct catalog *catalog, struct error *err)
{
    struct catalog_file mesh;
    struct error unread = {0};
    if (catalog == NULL || !path_is_folder(catalog_mesh_path(catalog)) ||
        !catalog_file_text(catalog, "mesh.yaml", SAVED_MOST_BYTES, &mesh, &unread)) {
        error_set(err, ERROR_FAILED,
                  "there is no mesh.yaml here, so the mesh keeps no queries; --in mine "
                  "keeps this one for you");
        return NULL;
    }
    struct document *document =
        document_parse(mesh.bytes, mesh.length, DOCUMENT_YAML, NULL, NULL);
    const char *named = document_get_text(document_root(document), "queries");
    char *folder = string_copy(named != NULL ? named : "queries");
    if (mesh.place == NULL || !path_is_safe(folder)) {
        error_set(err, ERROR_FAILED, "%s; --in mine keeps this query for you",
                  mesh.place == NULL ? "this mesh is a copy of what lies elsewhere, so "
                                       "nothing is written to it"
                                     : "the folder of queries leads out of the mesh");
        free(folder);
        folder = NULL;
    }
    document_free(document);
    catalog_file_release(&mesh);
    return folder;
}

static bool replace_in_mesh(const struct saved_spec *spec, const char *relative,
                            struct error *err)
{
    struct amend_file file;
    if (!amend_open(&file, catalog_mesh_path(spec->catalog), relative, err)) {
        return false;
    }
    text_clear(&file.after);
    bool done = make_text(spec, file.before, &file.after, err) && amend_write(&file, err);
    amend_close(&file);
    return done;
}

static bool create_in_mesh(const struct saved_spec *spec, const char *folder,
                           struct error *err)
{
    struct text text = {0};
    char *full = amend_folder(catalog_mesh_path(spec->catalog), folder, err);
    char *path = full != NULL ? string_printf("%s/%s.sql", full, spec->name) : NULL;
    bool done = path != NULL && make_text(spec, "", &text, err) &&
                amend_create(path, text_string(&text), err);
    text_release(&text);
    free(path);
    free(full);
    return done;
}

static bool write_in_mesh(const struct saved_spec *spec, char **path, struct error *err)
{
    char *folder = mesh_folder(spec->catalog, err);
    if (folder == NULL) {
        return false;
    }
    *path = string_printf("%s/%s.sql", folder, spec->name);
    char *full = path_join(catalog_mesh_path(spec->catalog), *path);
    bool is_there = path_exists(full), done;
    if (is_there && !spec->replace) {
        done = error_set(err, ERROR_FAILED,
                         "the mesh has a query %s already: %s; --replace takes its place",
                         spec->name, *path);
    } else {
        done = is_there ? replace_in_mesh(spec, *path, err)
                        : create_in_mesh(spec, folder, err);
    }
    free(full);
    free(folder);
    return done;
}

bool saved_write(const struct saved_spec *spec, char **path, struct error *err)
{
    *path = NULL;
    bool done =
        check_name(spec->name, err) && check_sql(spec->sql, err) &&
        (spec->is_mine ? write_own(spec, path, err) : write_in_mesh(spec, path, err));
    if (!done) {
        free(*path);
        *path = NULL;
    }
    return done;
}

/* ---- Removing ---- */

bool saved_remove(const struct catalog *catalog, const struct saved_query *query,
                  struct error *err)
{
    struct catalog_file file = {0};
    bool is_here =
        query->is_mine ||
        (catalog_file_text(catalog, query->path, SAVED_MOST_BYTES, &file, err) &&
         (file.place != NULL ||
          error_set(err, ERROR_FAILED,
                    "this mesh is a copy of what lies elsewhere; nothing of it "
                    "is removed")));
    const char *path = query->is_mine ? query->path : file.place;
    bool done =
        is_here && path != NULL &&
        (unlink(path) == 0 || error_set(err, ERROR_FAILED, "could not remove %s: %s",
                                        path, error_of_errno(errno)));
    if (!query->is_mine) {
        catalog_file_release(&file);
    }
    return done;
}
