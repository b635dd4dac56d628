/* catalog/roots: paths of an index as places on disk.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/roots.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

void roots_init(struct roots *roots, const char *own)
{
    *roots =
        (struct roots){.own = string_copy(own), .sources = ARRAY_OF(struct root_source)};
}

void roots_release(struct roots *roots)
{
    for (size_t i = 0; i < roots->sources.count; i++) {
        struct root_source *source = array_at(&roots->sources, i);
        free(source->name);
        free(source->folder);
    }
    array_release(&roots->sources);
    free(roots->own);
    *roots = (struct roots){0};
}

void roots_add(struct roots *roots, const char *name, const char *folder, bool is_copy)
{
    struct root_source *source = array_push(&roots->sources);
    source->name = string_copy(name);
    source->folder = string_copy(folder);
    source->is_copy = is_copy;
}

void roots_load(struct roots *roots, sqlite3 *db)
{
    char *own = store_string(db, "SELECT root FROM mesh", "");
    roots_init(roots, own != NULL ? own : "");
    free(own);
    sqlite3_stmt *stmt = store_prepare(
        db,
        "SELECT name,root,kind<>'folder' FROM source WHERE name IS NOT NULL AND root IS "
        "NOT NULL",
        NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        roots_add(roots, store_text(stmt, 0), store_text(stmt, 1),
                  sqlite3_column_int(stmt, 2) != 0);
    }
    store_finish(stmt);
}

static const struct root_source *source_of(const struct roots *roots, const char *path)
{
    for (size_t i = 0; i < roots->sources.count; i++) {
        const struct root_source *source = array_at(&roots->sources, i);
        size_t length = strlen(source->name);
        if (strncmp(path, source->name, length) == 0 &&
            (path[length] == '/' || path[length] == '\0')) {
            return source;
        }
    }
    return NULL;
}

const char *roots_source(const struct roots *roots, const char *path)
{
    const struct root_source *source = source_of(roots, path);
    return source != NULL ? source->name : NULL;
}

bool roots_is_copy(const struct roots *roots, const char *path)
{
    const struct root_source *source = source_of(roots, path);
    return source != NULL ? source->is_copy : roots->is_copy;
}

const char *roots_split(const struct roots *roots, const char *path, const char **below)
{
    const struct root_source *source = source_of(roots, path);
    *below = path;
    if (source == NULL) {
        return roots->own;
    }
    *below = path + strlen(source->name);
    *below += **below == '/';
    return source->folder;
}

char *roots_file(const struct roots *roots, const char *path)
{
    const char *below;
    const char *root = roots_split(roots, path, &below);
    return below[0] != '\0' ? path_join(root, below) : string_copy(root);
}

int roots_open(const struct roots *roots, const char *path, struct error *err)
{
    const char *below;
    const char *root = roots_split(roots, path, &below);
    return path_open_beneath(root, below, err);
}
