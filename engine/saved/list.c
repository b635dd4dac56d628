/* saved/list: the queries there are, of the mesh and one's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/saved/private.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/sql.h"
#include "engine/sql_file.h"

char *saved_own_folder(struct error *err)
{
    return path_of_place(PLACE_DATA, "queries", err);
}

/* ---- Reading ---- */

static void add_of_mesh(const struct catalog *catalog, struct array *queries)
{
    struct array known = catalog != NULL ? catalog_queries(catalog)
                                         : (struct array)ARRAY_OF(struct catalog_query);
    for (size_t i = 0; i < known.count; i++) {
        const struct catalog_query *from = array_at(&known, i);
        *(struct saved_query *)array_push(queries) = (struct saved_query){
            .name = string_copy(from->name),
            .title = string_copy(from->title),
            .description = string_copy(from->question),
            .sql = string_copy(from->sql != NULL ? from->sql : ""),
            .chart = string_copy(from->chart),
            .path = string_copy(from->path),
        };
    }
    catalog_queries_release(&known);
}

static void add_file(const char *folder, const char *name, struct array *queries)
{
    char *path = path_join(folder, name);
    char *text = NULL;
    if (path_read_text(path, SAVED_MOST_BYTES, &text, NULL)) {
        struct sql_file file;
        sql_file_parse(&file, text);
        const char *title = sql_header(&file, "title");
        const char *question = sql_header(&file, "question");
        *(struct saved_query *)array_push(queries) = (struct saved_query){
            .name = path_stem(path),
            .title = string_copy(title),
            .description = string_copy(
                question != NULL ? question : sql_header(&file, "description")),
            .sql = string_copy(file.sql),
            .chart = string_copy(sql_header(&file, "chart")),
            .path = string_copy(path),
            .is_mine = true,
        };
        sql_file_release(&file);
        free(text);
    }
    free(path);
}

/* What cannot be read is left out. */
static void add_own(struct array *queries)
{
    char *folder = saved_own_folder(NULL);
    DIR *open = folder != NULL ? opendir(folder) : NULL;
    for (struct dirent *entry; open != NULL && (entry = readdir(open)) != NULL;) {
        if (entry->d_name[0] != '.' && string_ends(entry->d_name, ".sql")) {
            add_file(folder, entry->d_name, queries);
        }
    }
    if (open != NULL) {
        closedir(open);
    }
    free(folder);
}

static int by_name(const void *a, const void *b)
{
    const struct saved_query *one = a, *other = b;
    int order = strcmp(one->name, other->name);
    return order != 0 ? order : (int)other->is_mine - (int)one->is_mine;
}

struct array saved_list(const struct catalog *catalog)
{
    struct array queries = ARRAY_OF(struct saved_query);
    add_of_mesh(catalog, &queries);
    add_own(&queries);
    if (queries.count > 1) {
        qsort(queries.items, queries.count, sizeof(struct saved_query), by_name);
    }
    return queries;
}

void saved_release(struct array *queries)
{
    for (size_t i = 0; i < queries->count; i++) {
        struct saved_query *query = array_at(queries, i);
        free(query->name);
        free(query->title);
        free(query->description);
        free(query->sql);
        free(query->chart);
        free(query->path);
    }
    array_release(queries);
}

/* ---- Asking ---- */

const struct saved_query *saved_named(const struct array *queries, const char *name,
                                      struct error *err)
{
    const char **names = memory_new_many(queries->count + 1, sizeof *names);
    const struct saved_query *found = NULL;
    bool any = !string_starts(name, "mesh/") && !string_starts(name, "mine/");
    bool is_mine = string_starts(name, "mine/");
    name += any ? 0 : strlen("mine/");
    for (size_t i = 0; i < queries->count; i++) {
        const struct saved_query *query = array_at(queries, i);
        names[i] = query->name;
        if (found == NULL && string_equal_fold(query->name, name) &&
            (any || query->is_mine == is_mine)) {
            found = query;
        }
    }
    const char *near = found == NULL ? string_nearest(name, names) : NULL;
    if (found == NULL) {
        error_set(err, ERROR_FAILED,
                  "there is no saved query %s%s%s%s \"saved\" lists them", name,
                  near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                  near != NULL ? "?" : ";");
    }
    free(names);
    return found;
}

void saved_put_products(const struct saved_query *query, struct text *out)
{
    struct array schemas = sql_schemas(query->sql, strlen(query->sql));
    size_t before = out->length;
    for (size_t i = 0; i < schemas.count; i++) {
        const char *schema = *(char **)array_at(&schemas, i);
        if (!string_equal_fold(schema, "mesh") && !string_equal_fold(schema, "main") &&
            !string_equal_fold(schema, "temp") && !string_equal_fold(schema, "ledger")) {
            text_append(out, out->length > before ? ", " : "");
            text_append(out, schema);
        }
    }
    sql_names_release(&schemas);
}

static bool uses(const struct saved_query *query, const char *schema)
{
    struct array schemas = sql_schemas(query->sql, strlen(query->sql));
    bool found = false;
    for (size_t i = 0; i < schemas.count && !found; i++) {
        found = string_equal_fold(*(char **)array_at(&schemas, i), schema);
    }
    sql_names_release(&schemas);
    return found;
}

/* Behind the others of its group. */
static struct catalog_fact *new_fact(struct array *facts)
{
    size_t at = facts->count;
    for (size_t i = 0; i < facts->count; i++) {
        const struct catalog_fact *fact = array_at(facts, i);
        at = string_equal(fact->group, "saved query") ? i + 1 : at;
    }
    array_push(facts);
    struct catalog_fact *items = facts->items;
    memmove(&items[at + 1], &items[at], (facts->count - 1 - at) * sizeof *items);
    return &items[at];
}

void saved_facts(const char *schema, struct array *facts)
{
    struct array own = saved_list(NULL);
    for (size_t i = 0; i < own.count; i++) {
        const struct saved_query *query = array_at(&own, i);
        if (!uses(query, schema)) {
            continue;
        }
        const char *said = query->title != NULL         ? query->title
                           : query->description != NULL ? query->description
                                                        : "";
        *new_fact(facts) = (struct catalog_fact){
            .group = string_copy("saved query"),
            .name = string_copy(query->name),
            .value = string_printf("%s%sone's own", said, said[0] != '\0' ? ", " : ""),
        };
    }
    saved_release(&own);
}
