/* propose/write: proposals as changes of contracts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/propose/private.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 8 * 1024 * 1024, NOT_THERE = -1 };

/* ---- Where ---- */

/* The position of the member of a list that is called so. */
static int index_of(const struct document_value *list, const char *name)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const char *physical = document_get_text(item, "physicalName");
        const char *own = document_get_text(item, "name");
        if (string_equal(own != NULL ? own : physical, name)) {
            return (int)i;
        }
    }
    return NOT_THERE;
}

/* "/schema/0/properties/3"; false: the file has no such thing. *found is it. */
static bool find_part(const struct document_value *root, const struct proposal *proposal,
                      struct text *path, const struct document_value **found)
{
    const struct document_value *objects = document_get(root, "schema");
    int object = index_of(objects, proposal->object);
    if (object == NOT_THERE) {
        return false;
    }
    *found = document_item(objects, (size_t)object);
    text_printf(path, "/schema/%d", object);
    if (proposal->property == NULL) {
        return true;
    }
    const struct document_value *properties = document_get(*found, "properties");
    int property = index_of(properties, proposal->property);
    if (property == NOT_THERE) {
        return false;
    }
    *found = document_item(properties, (size_t)property);
    text_printf(path, "/properties/%d", property);
    return true;
}

/* ---- One proposal ---- */

static bool set(struct amend_file *file, const char *part, const char *key,
                const char *value, struct error *err)
{
    char *path = string_printf("%s/%s", part, key);
    struct amend_change change = {AMEND_SET, path, value};
    bool done = amend_apply(file, &change, err);
    free(path);
    return done;
}

/* An option stands in a map that may have to be made. */
static bool set_option(struct amend_file *file, const struct document_value *part,
                       const char *path, const struct proposal *proposal,
                       struct error *err)
{
    char *key, *value;
    if (document_kind(document_get(part, proposal->where)) == DOCUMENT_MAP) {
        key = string_printf("%s/%s", proposal->where, proposal->option);
        value = string_copy(proposal->value);
    } else {
        key = string_copy(proposal->where);
        value = string_printf("{\"%s\":%s}", proposal->option, proposal->value);
    }
    bool done = set(file, path, key, value, err);
    free(key);
    free(value);
    return done;
}

static bool apply(struct amend_file *file, const struct proposal *proposal,
                  struct error *err)
{
    struct document *document =
        document_parse(text_string(&file->after), file->after.length,
                       document_format_of(file->path), NULL, err);
    const struct document_value *part = NULL;
    struct text path = {0};
    bool done =
        document != NULL &&
        (find_part(document_root(document), proposal, &path, &part) ||
         error_set(err, ERROR_FAILED, "%s does not have %s itself", file->relative,
                   proposal->property != NULL ? proposal->property : proposal->object));
    if (done && proposal->change == AMEND_ADD) {
        char *list = string_printf("%s/%s", text_string(&path), proposal->where);
        struct amend_change change = {AMEND_ADD, list, proposal->value};
        done = amend_apply(file, &change, err);
        free(list);
    } else if (done && proposal->option != NULL) {
        done = set_option(file, part, text_string(&path), proposal, err);
    } else if (done) {
        done = set(file, text_string(&path), proposal->where, proposal->value, err) &&
               (!string_equal(proposal->where, "primaryKey") ||
                set(file, text_string(&path), "primaryKeyPosition", "1", err));
    }
    text_release(&path);
    document_free(document);
    return done;
}

/* ---- All of them ---- */

/* NULL and a sentence when the file cannot be changed here. */
static struct amend_file *open_file(const struct catalog *catalog, const char *path,
                                    struct array *files, struct error *err)
{
    for (size_t i = 0; i < files->count; i++) {
        struct amend_file *file = array_at(files, i);
        if (string_equal(file->relative, path)) {
            return file;
        }
    }
    struct catalog_file text;
    if (!catalog_file_text(catalog, path, MOST_BYTES, &text, err)) {
        return NULL;
    }
    bool here = text.place != NULL;
    catalog_file_release(&text);
    struct amend_file file;
    if (!here) {
        error_set(err, ERROR_FAILED, "%s is a copy of what lies elsewhere", path);
        return NULL;
    }
    if (!amend_open(&file, catalog_mesh_path(catalog), path, err)) {
        return NULL;
    }
    struct amend_file *kept = array_push(files);
    *kept = file;
    return kept;
}

void propose_amend(const struct catalog *catalog, struct array *proposals,
                   struct array *files)
{
    for (size_t i = 0; i < proposals->count; i++) {
        struct proposal *proposal = array_at(proposals, i);
        struct error why = {0};
        if (proposal->why_not != NULL) {
            continue;
        }
        struct amend_file *file = open_file(catalog, proposal->path, files, &why);
        if (file == NULL || !apply(file, proposal, &why)) {
            proposal->why_not = string_copy(why.message);
        }
    }
}
