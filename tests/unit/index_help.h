/* index_help: a mesh of a few files in a folder of its own, its index, and questions to
 * it. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_INDEX_HELP_H
#define MWB_TESTS_INDEX_HELP_H

#include <unistd.h>

#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tap.h"

struct indexed {
    char *folder, *mesh, *index;
    sqlite3 *db; /* NULL until indexed_build() */
};

static inline void indexed_make(struct indexed *indexed)
{
    *indexed = (struct indexed){0};
    char template[] = "/tmp/mwb-test-readers-XXXXXX";
    if (mkdtemp(template) == NULL) {
        printf("Bail out! no folder in /tmp\n");
        exit(EXIT_FAILURE);
    }
    indexed->folder = string_copy(template);
    indexed->mesh = path_join(indexed->folder, "mesh");
    indexed->index = path_join(indexed->folder, "index.db");
}

static inline void indexed_put(struct indexed *indexed, const char *path,
                               const char *text)
{
    struct error err = {0};
    char *full = path_join(indexed->mesh, path);
    char *folder = path_folder(full);
    if (!path_make_folders(folder, &err) ||
        !path_write_file(full, text, strlen(text), 0600, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    free(folder);
    free(full);
}

/* Read the mesh, or one file of it. */
static inline bool indexed_build(struct indexed *indexed, const char *file)
{
    struct error err = {0};
    char *mesh =
        file != NULL ? path_join(indexed->mesh, file) : string_copy(indexed->mesh);
    bool built = catalog_build(mesh, indexed->index, NULL, &err);
    indexed->db = built ? store_open(indexed->index, STORE_READ, &err) : NULL;
    if (indexed->db == NULL) {
        printf("# %s\n", err.message);
    }
    free(mesh);
    return indexed->db != NULL;
}

/* Rows a line each, columns separated by bars. Yours. */
static inline char *indexed_rows(struct indexed *indexed, const char *sql)
{
    struct error err = {0};
    struct text rows = {0};
    text_append(&rows, "");
    sqlite3_stmt *stmt = store_prepare(indexed->db, sql, &err);
    if (stmt == NULL) {
        text_append(&rows, err.message);
        return text_take(&rows);
    }
    while (store_step(stmt, &err) == STORE_ROW) {
        text_append(&rows, rows.length > 0 ? "\n" : "");
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            text_printf(&rows, "%s%s", i > 0 ? "|" : "", store_text(stmt, i));
        }
    }
    store_finish(stmt);
    return text_take(&rows);
}

static inline void indexed_release(struct indexed *indexed)
{
    store_close(indexed->db);
    path_remove_tree(indexed->folder, NULL);
    free(indexed->index);
    free(indexed->mesh);
    free(indexed->folder);
}

#endif
