/* command: files and names of the mesh for the `:` line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/completions.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "engine/agreement.h"
#include "engine/path.h"
#include "engine/saved.h"

enum { FILES_MOST = 500 };

/* ---- Files ---- */

/* `~` is the home, as in a shell. */
static char *real_folder(const char *typed)
{
    const char *slash = strrchr(typed, '/');
    const char *home = getenv("HOME");
    if (slash == NULL) {
        return string_copy(".");
    }
    char *folder = string_copy_bytes(typed, (size_t)(slash - typed) + 1);
    if (folder[0] == '~' && folder[1] == '/' && home != NULL) {
        char *real = string_printf("%s%s", home, folder + 1);
        free(folder);
        return real;
    }
    return folder;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Files that begin with a dot are shown when one is typed. */
static struct array entries_of(const char *folder, bool hidden)
{
    struct array names = ARRAY_OF(char *);
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries != NULL && names.count < FILES_MOST &&
                               (entry = readdir(entries)) != NULL;) {
        if (string_equal(entry->d_name, ".") || string_equal(entry->d_name, "..") ||
            (entry->d_name[0] == '.') != hidden) {
            continue;
        }
        char *path = path_join(folder, entry->d_name);
        bool is_folder =
            entry->d_type == DT_DIR || (entry->d_type != DT_REG && path_is_folder(path));
        *(char **)array_push(&names) =
            string_printf("%s%s", entry->d_name, is_folder ? "/" : "");
        free(path);
    }
    if (entries != NULL) {
        closedir(entries);
    }
    if (names.count > 0) {
        qsort(names.items, names.count, sizeof(char *), by_text);
    }
    return names;
}

void line_files(const struct line *line)
{
    const char *slash = strrchr(line->typed, '/');
    size_t head = slash != NULL ? (size_t)(slash - line->typed) + 1 : 0;
    char *folder = real_folder(line->typed);
    struct array names = entries_of(folder, line->typed[head] == '.');
    for (size_t i = 0; i < names.count; i++) {
        const char *name = *(char **)array_at(&names, i);
        if (string_starts(name, line->typed + head)) {
            char *path = string_printf("%.*s%s", (int)head, line->typed, name);
            line_offer(line, path, string_ends(name, "/") ? "folder" : "file");
            free(path);
        }
    }
    words_release(&names);
    free(folder);
}

/* ---- Names of the mesh ---- */

void line_products(const struct line *line)
{
    if (line->workbench->catalog == NULL) {
        return;
    }
    struct array entries =
        catalog_list(line->workbench->catalog, &(struct catalog_filter){0});
    for (size_t i = 0; i < entries.count; i++) {
        const struct catalog_entry *entry = array_at(&entries, i);
        line_offer(line, entry->id, entry->title);
    }
    catalog_entries_release(&entries);
}

/* Tables of a product, or columns of one of its tables, behind `prefix`. */
void line_parts(const struct line *line, const char *product, const char *table,
                const char *prefix)
{
    struct catalog_product found;
    if (line->workbench->catalog == NULL ||
        !catalog_product(line->workbench->catalog, product, &found, NULL)) {
        return;
    }
    for (size_t i = 0; i < found.tables.count; i++) {
        const struct catalog_table *one = array_at(&found.tables, i);
        bool wanted = table == NULL || string_equal_fold(one->sql_name, table);
        size_t count = table == NULL ? 1 : one->columns.count;
        for (size_t k = 0; wanted && k < count; k++) {
            const struct catalog_column *column = array_at(&one->columns, k);
            char *name = string_printf("%s%s", prefix,
                                       table == NULL ? one->sql_name : column->name);
            line_offer(line, name, table == NULL ? one->title : column->description);
            free(name);
        }
    }
    catalog_product_release(&found);
}

/* `product.table.column`: names of products have no dots. */
void line_dotted(const struct line *line)
{
    const char *dot = strchr(line->typed, '.');
    const char *second = dot != NULL ? strchr(dot + 1, '.') : NULL;
    if (dot == NULL) {
        return;
    }
    char *product = string_copy_bytes(line->typed, (size_t)(dot - line->typed));
    char *table =
        second != NULL ? string_copy_bytes(dot + 1, (size_t)(second - dot - 1)) : NULL;
    const char *last = second != NULL ? second : dot;
    char *prefix = string_copy_bytes(line->typed, (size_t)(last - line->typed) + 1);
    line_parts(line, product, table, prefix);
    free(prefix);
    free(table);
    free(product);
}

void line_roles(const struct line *line)
{
    if (line->workbench->catalog == NULL) {
        return;
    }
    struct array roles = policy_roles(line->workbench->catalog);
    for (size_t i = 0; i < roles.count; i++) {
        const struct policy_role *role = array_at(&roles, i);
        line_offer(line, role->name, role->description);
    }
    policy_roles_release(&roles);
}

void line_agreements(const struct line *line)
{
    struct agreement_filter all = {0};
    struct array list = line->workbench->catalog != NULL
                            ? agreement_list(line->workbench->catalog, &all)
                            : (struct array)ARRAY_OF(struct agreement);
    for (size_t i = 0; i < list.count; i++) {
        line_offer(line, ((struct agreement *)array_at(&list, i))->id, NULL);
    }
    agreements_release(&list);
}

void line_saved(const struct line *line)
{
    struct array queries = saved_list(line->workbench->catalog);
    for (size_t i = 0; i < queries.count; i++) {
        const struct saved_query *query = array_at(&queries, i);
        line_offer(line, query->name, query->title);
    }
    saved_release(&queries);
}
