/* catalog/schema_file: one table of a descriptor that stands by itself. It becomes a mesh
 * of one file, indexed in a folder of its own, so that the readers of descriptors need
 * not know about it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum { SCHEMA_BYTES_MOST = 8 * 1024 * 1024 };

static bool is_table_schema(const struct document_value *root)
{
    return document_kind(document_get(root, "fields")) == DOCUMENT_LIST &&
           document_get(root, "resources") == NULL;
}

/* A Table Schema becomes the schema of a package's only resource. */
static char *wrap_schema(const char *descriptor, const char *folder, struct error *err)
{
    bool is_json = document_format_of(descriptor) == DOCUMENT_JSON;
    const char *name = is_json ? "schema.json" : "schema.yaml";
    char *package = string_printf("{\"name\": \"schema\", \"resources\": [{\"name\": "
                                  "\"table\", \"path\": \"table.csv\", \"schema\": "
                                  "\"%s\"}]}",
                                  name);
    char *copy = path_join(folder, name), *path = path_join(folder, "datapackage.json");
    char *bytes = NULL;
    size_t length = 0;
    if (!path_read_file(descriptor, SCHEMA_BYTES_MOST, &bytes, &length, err) ||
        !path_write_file(copy, bytes, length, 0600, err) ||
        !path_write_file(path, package, strlen(package), 0600, err)) {
        free(path);
        path = NULL;
    }
    free(bytes);
    free(copy);
    free(package);
    return path;
}

/* The file to index: the descriptor itself, or a package around it. Yours. */
static char *descriptor_to_index(const char *descriptor, const char *folder,
                                 struct error *err)
{
    struct document *document = document_read(descriptor, NULL, err);
    if (document == NULL) {
        return NULL;
    }
    const struct document_value *root = document_root(document);
    enum standard_id kind = standard_of(root).id;
    char *path = NULL;
    if (kind == STANDARD_ODCS || kind == STANDARD_PACKAGE) {
        path = string_copy(descriptor);
    } else if (is_table_schema(root)) {
        path = wrap_schema(descriptor, folder, err);
    } else {
        error_set(err, ERROR_FAILED,
                  "%s is no schema: it is neither a contract (ODCS 3.1), nor a Data "
                  "Package, nor a Table Schema",
                  descriptor);
    }
    document_free(document);
    return path;
}

static bool has_file(const struct catalog_table *table, const char *file)
{
    for (size_t i = 0; file != NULL && i < table->files.count; i++) {
        if (string_equal(path_base(*(char **)array_at(&table->files, i)),
                         path_base(file))) {
            return true;
        }
    }
    return false;
}

static struct catalog_table *pick_table(struct array *tables, const char *table,
                                        const char *file)
{
    for (size_t i = 0; table != NULL && i < tables->count; i++) {
        struct catalog_table *one = array_at(tables, i);
        if (string_equal_fold(one->name, table) || string_equal(one->sql_name, table)) {
            return one;
        }
    }
    for (size_t i = 0; i < tables->count; i++) {
        if (has_file(array_at(tables, i), file)) {
            return array_at(tables, i);
        }
    }
    return tables->count == 1 ? array_at(tables, 0) : NULL;
}

static bool fail_to_pick(const char *descriptor, const struct array *tables,
                         const char *table, struct error *err)
{
    struct text names = {0};
    for (size_t i = 0; i < tables->count; i++) {
        const struct catalog_table *one = array_at(tables, i);
        text_printf(&names, "%s%s", i > 0 ? ", " : "", one->name);
    }
    error_set(err, ERROR_FAILED,
              "the schema %s has several tables, and none is called %s; name one of them "
              "with --table: %s",
              descriptor, table != NULL ? table : "so", text_string(&names));
    text_release(&names);
    return false;
}

static bool take_table(struct catalog *catalog, const char *descriptor, const char *table,
                       const char *file, struct catalog_table *out, struct error *err)
{
    struct array products = catalog_list(catalog, &(struct catalog_filter){0});
    const struct catalog_entry *entry = array_at(&products, 0);
    struct catalog_product product = {.tables = ARRAY_OF(struct catalog_table)};
    bool good = entry != NULL && catalog_product(catalog, entry->id, &product, err);
    if (good && product.tables.count > 0) {
        struct catalog_table *found = pick_table(&product.tables, table, file);
        if (found != NULL) { /* it moves: what is released is an empty one */
            *out = *found;
            *found = (struct catalog_table){.columns = ARRAY_OF(struct catalog_column),
                                            .files = ARRAY_OF(char *)};
        } else {
            good = fail_to_pick(descriptor, &product.tables, table, err);
        }
    } else {
        good =
            error_set(err, ERROR_FAILED, "the schema %s describes no table", descriptor);
    }
    catalog_product_release(&product);
    catalog_entries_release(&products);
    return good;
}

bool catalog_schema_of_file(const char *descriptor, const char *table, const char *file,
                            struct catalog_table *out, struct error *err)
{
    const char *temporary = getenv("TMPDIR");
    char *folder =
        path_join(temporary != NULL && temporary[0] == '/' ? temporary : P_tmpdir,
                  "mwb-schema-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        error_set(err, ERROR_FAILED, "could not make the folder %s for a while", folder);
        free(folder);
        return false;
    }
    char *index = path_join(folder, "index.sqlite");
    char *path = descriptor_to_index(descriptor, folder, err);
    struct catalog *catalog = NULL;
    if (path != NULL && catalog_build(path, index, NULL, err)) {
        catalog = catalog_open(index, err);
    }
    bool good = catalog != NULL && take_table(catalog, descriptor, table, file, out, err);
    catalog_close(catalog);
    path_remove_tree(folder, NULL);
    free(path);
    free(index);
    free(folder);
    return good;
}
