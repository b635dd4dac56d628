/* catalog/read_mesh: mesh.yaml and what it points to: domains, teams, sources, policies,
 * agreements and saved queries.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum { MOST_SQL_BYTES = 1024 * 1024 };

static const struct document_place file_start = {.line = 1, .column = 1};

/* ---- SQL files with a header of comments ---- */

struct sql_file {
    char *keys[16], *values[16]; /* of `-- key: value` lines; a value may go on below */
    int count;
    const char *sql; /* behind the header */
    int line;        /* where the SQL starts */
};

static const char *sql_header(const struct sql_file *file, const char *key)
{
    for (int i = 0; i < file->count; i++) {
        if (string_equal_fold(file->keys[i], key)) {
            return file->values[i];
        }
    }
    return NULL;
}

static void append_value(struct sql_file *file, const char *text, size_t length)
{
    char **value = &file->values[file->count - 1];
    char *more =
        string_printf("%s%s%.*s", *value, **value != '\0' ? " " : "", (int)length, text);
    free(*value);
    *value = more;
}

/* One comment line without its dashes: a new key, or more of the last value. */
static void take_comment(struct sql_file *file, const char *text, size_t length)
{
    size_t blanks = strspn(text, " \t");
    size_t key = blanks < length ? strspn(text + blanks, "abcdefghijklmnopqrstuvwxyz_"
                                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                                 : 0;
    size_t colon = blanks + key;
    if (key > 0 && blanks <= 1 && colon < length && text[colon] == ':' &&
        file->count < 16) {
        file->keys[file->count] = string_copy_bytes(text + blanks, key);
        file->values[file->count++] = string_copy("");
        blanks = colon + 1;
        blanks += strspn(text + blanks, " \t");
    }
    if (file->count > 0 && blanks < length) {
        append_value(file, text + blanks, length - blanks);
    }
}

static void parse_sql_file(struct sql_file *file, const char *text)
{
    *file = (struct sql_file){.line = 1};
    while (string_starts(text, "--") || *text == '\n' || *text == '\r') {
        size_t length = strcspn(text, "\n");
        size_t bare = length > 0 && text[length - 1] == '\r' ? length - 1 : length;
        if (bare > 2) {
            take_comment(file, text + 2, bare - 2);
        }
        text += length + (text[length] == '\n');
        file->line++;
    }
    file->sql = text;
}

static void sql_file_release(struct sql_file *file)
{
    for (int i = 0; i < file->count; i++) {
        free(file->keys[i]);
        free(file->values[i]);
    }
}

/* The id of a file is its header's, else its name without the suffix. */
static void add_policy(struct build *build, const char *path, const char *text)
{
    struct sql_file file;
    char *stem = path_stem(path);
    parse_sql_file(&file, text);
    const char *id = sql_header(&file, "id");
    build_insert(build, INSERT_POLICY, "ssssssssi", id != NULL ? id : stem,
                 sql_header(&file, "title"), sql_header(&file, "category"),
                 sql_header(&file, "severity"), sql_header(&file, "decision"),
                 sql_header(&file, "why"), file.sql, path, file.line);
    sql_file_release(&file);
    free(stem);
}

static void add_query(struct build *build, const char *path, const char *text)
{
    struct sql_file file;
    char *stem = path_stem(path);
    parse_sql_file(&file, text);
    const char *name = sql_header(&file, "name");
    build_insert(build, INSERT_QUERY, "sssssssss", name != NULL ? name : stem,
                 sql_header(&file, "team"), name != NULL ? name : stem, file.sql,
                 sql_header(&file, "made"), sql_header(&file, "title"),
                 sql_header(&file, "question"), sql_header(&file, "chart"), path);
    sql_file_release(&file);
    free(stem);
}

/* ---- Agreements ---- */

static const char *text_at(const struct document_value *root, const char *const *paths)
{
    for (; *paths != NULL; paths++) {
        const char *text = document_text(document_find(root, *paths));
        if (text != NULL) {
            return text;
        }
    }
    return NULL;
}

/* The second way to say it is that of Data Usage Agreement files of other tools. */
static void insert_agreement(struct build *build, const char *path,
                             const struct document_value *root)
{
    static const char *const product[] = {"provider.product", "provider.dataProductId",
                                          NULL};
    static const char *const port[] = {"provider.port", "provider.outputPortId", NULL};
    static const char *const provider[] = {"provider.team", "provider.teamId", NULL};
    static const char *const consumer[] = {"consumer.team", "consumer.teamId", NULL};
    static const char *const reader[] = {"consumer.product", "consumer.dataProductId",
                                         NULL};
    static const char *const purpose[] = {"purpose", "info.purpose", NULL};
    static const char *const status[] = {"status", "info.status", NULL};
    static const char *const start[] = {"startDate", "info.startDate", NULL};
    static const char *const end[] = {"endDate", "info.endDate", NULL};
    build_insert(
        build, INSERT_AGREEMENT, "sssssssssssssss", document_get_text(root, "id"),
        text_at(root, product), text_at(root, port), text_at(root, provider),
        text_at(root, consumer), text_at(root, reader), text_at(root, purpose),
        text_at(root, status), text_at(root, start), text_at(root, end),
        document_get_text(root, "reassessDate"), path, document_get_text(root, "role"),
        document_get_text(root, "noticePeriod"), document_get_text(root, "terms"));
}

static void add_agreement(struct build *build, const char *path, const char *text)
{
    struct error err = {0};
    struct document_place place;
    struct document *document =
        document_parse(text, strlen(text), document_format_of(path), &place, &err);
    if (document == NULL) {
        build_problem(build, path, place, true, "broken", "%s", err.message);
        return;
    }
    if (document_get(document_root(document), "provider") == NULL ||
        document_get(document_root(document), "consumer") == NULL) {
        build_problem(build, path, file_start, true, "not-an-agreement",
                      "an agreement names a provider and a consumer; this one does not");
    } else {
        insert_agreement(build, path, document_root(document));
    }
    document_free(document);
}

/* ---- The folders of the mesh ---- */

struct mesh_folder {
    const char *key; /* in mesh.yaml; also the default name */
    const char *const *suffixes;
    void (*add)(struct build *build, const char *path, const char *text);
};

static const char *const sql_suffixes[] = {".sql", NULL};
static const char *const document_suffixes[] = {".yaml", ".yml", ".json", NULL};
static const struct mesh_folder mesh_folders[] = {
    {"policies", sql_suffixes, add_policy},
    {"agreements", document_suffixes, add_agreement},
    {"queries", sql_suffixes, add_query},
};

static bool ends_in(const char *name, const char *const *suffixes)
{
    for (; *suffixes != NULL; suffixes++) {
        if (string_ends(name, *suffixes)) {
            return true;
        }
    }
    return false;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_file(struct build *build, const struct mesh_folder *kind,
                     const char *path)
{
    struct error err = {0};
    char *bytes;
    size_t length;
    char *full = path_join(build->root, path);
    build_note_file(build, path, NULL);
    if (path_read_file(full, MOST_SQL_BYTES, &bytes, &length, &err)) {
        kind->add(build, path, bytes);
        free(bytes);
    } else {
        build_problem(build, path, file_start, true, "unreadable", "%s", err.message);
    }
    free(full);
}

static void read_mesh_folder(struct build *build, const struct mesh_folder *kind,
                             const char *folder)
{
    struct dirent **entries = NULL;
    char *full = path_join(build->root, folder);
    int count = scandir(full, &entries, NULL, by_name);
    free(full);
    if (count < 0) {
        return;
    }
    build_note_file(build, folder, NULL);
    *(char **)array_push(&build->skipped) = string_copy(folder);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.' && ends_in(entries[i]->d_name, kind->suffixes)) {
            char *path = path_beside(folder, entries[i]->d_name);
            add_file(build, kind, path);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
}

static void read_mesh_folders(struct build *build, const struct document_value *root)
{
    for (size_t i = 0; i < sizeof mesh_folders / sizeof *mesh_folders; i++) {
        const struct document_value *value = document_get(root, mesh_folders[i].key);
        const char *folder = document_text(value);
        if (folder != NULL && !path_is_safe(folder)) {
            build_problem(build, "mesh.yaml", document_place(value), true, "unsafe-path",
                          "the folder %s leads out of the mesh", folder);
            continue;
        }
        folder = folder != NULL ? folder : mesh_folders[i].key;
        read_mesh_folder(build, &mesh_folders[i], folder);
    }
}

/* ---- mesh.yaml ---- */

static void read_domains(struct build *build, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *domain = document_item(list, i);
        const char *name = document_text(domain);
        build_insert(build, INSERT_DOMAIN, "ssssi",
                     name != NULL ? name : document_get_text(domain, "name"),
                     document_get_text(domain, "class"),
                     document_get_text(domain, "team"),
                     document_get_text(domain, "description"), part_line(domain));
    }
}

static void read_teams(struct build *build, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *team = document_item(list, i);
        const char *name = document_text(team);
        build_insert(build, INSERT_TEAM, "ssssssi",
                     name != NULL ? name : document_get_text(team, "name"),
                     document_get_text(team, "type"), document_get_text(team, "domain"),
                     document_get_text(team, "parent"),
                     document_get_text(team, "contact"),
                     document_get_text(team, "description"), part_line(team));
    }
}

static void read_infotypes(struct build *build, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *row = document_item(list, i);
        build_insert(build, INSERT_INFOTYPE, "ss", document_get_text(row, "pattern"),
                     document_get_text(row, "classification"));
    }
}

/* Folders to walk; none given: the mesh itself. */
static void walk_sources(struct build *build, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const char *type = document_get_text(item, "type");
        const char *path = document_text(item) != NULL ? document_text(item)
                                                       : document_get_text(item, "path");
        if ((type != NULL && !string_equal(type, "folder")) || path == NULL) {
            build_problem(build, "mesh.yaml", document_place(item), false, "not-read-yet",
                          "not read yet: a source of type %s", type != NULL ? type : "?");
            continue;
        }
        bool is_root = string_equal(path, ".") || string_equal(path, "./");
        char *folder = is_root || path_is_safe(path) ? path_beside("", path) : NULL;
        char *full = folder != NULL ? path_join(build->root, folder) : NULL;
        if (folder == NULL || !path_is_folder(full)) {
            build_problem(build, "mesh.yaml", document_place(item), true, "bad-source",
                          "the source %s is no folder of the mesh", path);
        } else {
            walk_tree(build, folder);
        }
        free(full);
        free(folder);
    }
    if (document_count(list) == 0) {
        walk_tree(build, "");
    }
}

static struct document *parse_mesh_file(struct build *build)
{
    struct error err = {0};
    struct document_place place = file_start;
    struct document *document = NULL;
    char *bytes;
    size_t length;
    char *path = path_join(build->root, "mesh.yaml");
    if (access(path, F_OK) == 0) {
        build->has_mesh_file = true;
        build_note_file(build, "mesh.yaml", NULL);
        if (path_read_file(path, MOST_SQL_BYTES, &bytes, &length, &err)) {
            document = document_parse(bytes, length, DOCUMENT_YAML, &place, &err);
            free(bytes);
        }
        if (document == NULL) {
            build_problem(build, "mesh.yaml", place, true, "broken", "%s", err.message);
        }
    }
    free(path);
    return document;
}

void read_mesh_file(struct build *build)
{
    struct document *document = parse_mesh_file(build);
    const struct document_value *root = document_root(document);
    const char *name = document_get_text(root, "name");
    if (name != NULL && name[0] != '\0') {
        free(build->name);
        build->name = string_copy(name);
        build_run(build, "UPDATE mesh SET name=?1", "s", name);
    }
    build_run(build, "UPDATE mesh SET title=?1,description=?2,version=?3", "sss",
              document_get_text(root, "title"), document_get_text(root, "description"),
              document_get_text(root, "version"));
    read_domains(build, document_get(root, "domains"));
    read_teams(build, document_get(root, "teams"));
    read_infotypes(build, document_get(root, "infotypes"));
    if (build->has_mesh_file) {
        read_mesh_folders(build, root);
    }
    walk_sources(build, document_get(root, "sources"));
    document_free(document);
}
