/* access: the table of methods, and a table's files through them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access/private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/secret.h"
#include "engine/variables.h"

/* The first that takes a place serves it; local files come before all of them. */
static const struct method *const methods[] = {
    &method_git, &method_s3, &method_http, &method_postgres, NULL,
};

const struct access_method *access_method_at(size_t index)
{
    static const struct access_method local = {
        "local", "files that lie in the product's folder, by path or pattern"};
    for (size_t i = 0; i < index; i++) {
        if (methods[i] == NULL) {
            return NULL;
        }
    }
    return index == 0 ? &local : &methods[index - 1]->door;
}

static const struct method *method_of(const struct place *place)
{
    for (size_t i = 0; methods[i] != NULL; i++) {
        if (methods[i]->takes(place)) {
            return methods[i];
        }
    }
    return NULL;
}

char *place_value(const struct place *place, const char *key)
{
    char *text = place->server != NULL ? catalog_server_value(place->server, key) : NULL;
    char *value = text != NULL ? variables_resolve_address(text, NULL) : NULL;
    free(text);
    return value;
}

/* ---- One location ---- */

static bool add_remote(const struct place *place, struct array *files, struct error *err)
{
    const struct method *method = method_of(place);
    if (method == NULL) {
        return elsewhere_refuse(place, err);
    }
    if (place->spec->partial == NULL) {
        return error_set(err, ERROR_FAILED, "%s is not here: get the product first",
                         place->location != NULL ? place->location : place->table->name);
    }
    if (method->list != NULL) {
        return method->list(place, files, err);
    }
    bring_new(place, method, place->location, files);
    return true;
}

static bool add_location(const struct access_spec *spec, const char *location, bool open,
                         struct array *files, struct error *err)
{
    bool is_local = local_takes(location);
    char *resolved = is_local ? variables_resolve(location, err)
                              : variables_resolve_address(location, err);
    if (resolved == NULL) {
        return error_prefix(err, "could not read %s: ", location);
    }
    bool is_here = is_local && local_takes(resolved);
    char *origin = is_here ? origin_location(spec->product, resolved) : NULL;
    struct place place = {.spec = spec,
                          .product = spec->product,
                          .table = spec->table,
                          .server = spec->table->server,
                          .location = origin != NULL ? origin : resolved,
                          .is_origin = origin != NULL};
    bool good = is_here && origin == NULL
                    ? local_files(spec->product->folder, resolved, open, files, err)
                    : add_remote(&place, files, err);
    free(origin);
    free(resolved);
    return good;
}

/* A server of files beside the descriptor, whose files nobody may or can read. */
static bool local_serves(const struct catalog_server *server)
{
    return server->type == NULL || string_equal_fold(server->type, "local") ||
           string_equal_fold(server->type, "file");
}

static bool add_server(const struct access_spec *spec, struct array *files,
                       struct error *err)
{
    struct place place = {.spec = spec,
                          .product = spec->product,
                          .table = spec->table,
                          .server = spec->table->server};
    if (place.server == NULL || local_serves(place.server)) {
        return error_set(err, ERROR_FAILED,
                         "the table %s has no files: its descriptor names none",
                         spec->table->name);
    }
    return add_remote(&place, files, err);
}

static bool list_files(const struct access_spec *spec, bool open, struct array *files,
                       struct error *err)
{
    const struct array *locations = &spec->table->files;
    bool good = locations->count > 0 || add_server(spec, files, err);
    for (size_t i = 0; good && i < locations->count; i++) {
        good = add_location(spec, *(char **)array_at(locations, i), open, files, err);
    }
    return good;
}

/* ---- All files of a table ---- */

static bool convert_files(const struct access_spec *spec, struct array *files,
                          struct error *err)
{
    bool good = true;
    for (size_t i = 0; good && i < files->count; i++) {
        good = converter_start(spec, array_at(files, i), err);
    }
    return good;
}

bool access_open(const struct access_spec *spec, struct array *files, struct error *err)
{
    *files = (struct array)ARRAY_OF(struct access_file);
    if (list_files(spec, true, files, err) && bring_start(spec, files, err) &&
        convert_files(spec, files, err)) {
        return true;
    }
    access_files_release(files);
    secret_redact_error(err); /* what descriptors name may hold some */
    return false;
}

bool access_table_files(const struct catalog_product *product,
                        const struct catalog_table *table, bool open, struct array *files,
                        struct error *err)
{
    struct access_spec spec = {.product = product, .table = table};
    *files = (struct array)ARRAY_OF(struct access_file);
    if (list_files(&spec, open, files, err)) {
        return true;
    }
    access_files_release(files);
    secret_redact_error(err);
    return false;
}

void access_files_release(struct array *files)
{
    bring_stop(files);
    for (size_t i = 0; i < files->count; i++) {
        struct access_file *file = array_at(files, i);
        converter_free(file);
        if (file->fd >= 0 && file->arrival == NULL) {
            close(file->fd);
        }
        bring_free(file->bring);
        free(file->facts.location);
        free(file->path);
    }
    array_release(files);
}

void access_facts_release(struct array *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        free(((struct access_facts *)array_at(facts, i))->location);
    }
    array_release(facts);
}

static bool is_remote(const struct catalog_product *product,
                      const struct catalog_table *table)
{
    bool remote = table->files.count == 0 && table->server != NULL;
    for (size_t i = 0; i < table->files.count; i++) {
        const char *location = *(char **)array_at(&table->files, i);
        char *origin = origin_location(product, location);
        remote |= !local_takes(location) || origin != NULL;
        free(origin);
    }
    return remote;
}

bool access_is_remote(const struct catalog_product *product)
{
    for (size_t i = 0; i < product->tables.count; i++) {
        if (is_remote(product, array_at(&product->tables, i))) {
            return true;
        }
    }
    return false;
}
