/* catalog/read_mesh: mesh.yaml and what it points to: domains, teams, sources, policies,
 * agreements and saved queries. Its roles and masking rules are read in read_roles.c,
 * what it asks of statements in read_gate.c. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"
#include "engine/catalog/sources.h"
#include "engine/sql_file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum { MOST_SQL_BYTES = 1024 * 1024 };

static const struct document_place file_start = {.line = 1, .column = 1};

/* ---- Saved queries ---- */

static void add_query(struct build *build, const char *path, const char *text)
{
    struct sql_file file;
    char *stem = path_stem(path);
    sql_file_parse(&file, text);
    const char *name = sql_header(&file, "name");
    const char *question = sql_header(&file, "question");
    build_insert(build, INSERT_QUERY, "sssssssss", name != NULL ? name : stem,
                 sql_header(&file, "team"), name != NULL ? name : stem, file.sql,
                 sql_header(&file, "made"), sql_header(&file, "title"),
                 question != NULL ? question : sql_header(&file, "description"),
                 sql_header(&file, "chart"), path);
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
    static const char *const contact[] = {"provider.contact", "provider.email", NULL};
    static const char *const end[] = {"endDate", "info.endDate", NULL};
    build_insert(
        build, INSERT_AGREEMENT, "sssssssssssssssss", document_get_text(root, "id"),
        text_at(root, product), text_at(root, port), text_at(root, provider),
        text_at(root, consumer), text_at(root, reader), text_at(root, purpose),
        text_at(root, status), text_at(root, start), text_at(root, end),
        document_get_text(root, "reassessDate"), path, document_get_text(root, "role"),
        document_get_text(root, "noticePeriod"), document_get_text(root, "terms"),
        text_at(root, product), text_at(root, contact));
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
    enum document_role role;
    void (*add)(struct build *build, const char *path, const char *text);
};

static const char *const sql_suffixes[] = {".sql", NULL};
static const char *const line_suffixes[] = {".jsonl", NULL};
static const char *const policy_suffixes[] = {".sql", ".yaml", ".yml", NULL};
static const char *const document_suffixes[] = {".yaml", ".yml", ".json", NULL};
static const struct mesh_folder mesh_folders[] = {
    {"policies", policy_suffixes, ROLE_POLICY, read_policy_file},
    {"agreements", document_suffixes, ROLE_AGREEMENT, add_agreement},
    {"queries", sql_suffixes, ROLE_QUERY, add_query},
    {"usage", line_suffixes, ROLE_USE, read_shared_use},
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
    char *full = roots_file(&build->roots, path);
    unsigned char hash[DOCUMENT_HASH];
    struct document_entry entry = {.path = path, .role = kind->role};
    document_stamp_of(&build->roots, path, &entry.stamp);
    document_begin(build);
    if (path_read_file(full, MOST_SQL_BYTES, &bytes, &length, &err)) {
        document_hash(bytes, length, hash);
        entry.hash = hash;
        kind->add(build, path, bytes);
        free(bytes);
    } else {
        build_problem(build, path, file_start, true, "unreadable", "%s", err.message);
    }
    document_end(build, &entry);
    free(full);
}

static void note_folder(struct build *build, const char *folder, enum document_role role)
{
    struct document_entry entry = {.path = folder, .role = role};
    document_stamp_of(&build->roots, folder, &entry.stamp);
    document_begin(build);
    document_end(build, &entry);
}

static void read_mesh_folder(struct build *build, const struct mesh_folder *kind,
                             const char *folder)
{
    struct dirent **entries = NULL;
    char *full = roots_file(&build->roots, folder);
    int count = scandir(full, &entries, NULL, by_name);
    free(full);
    note_folder(build, folder, kind->role); /* one that is missing may come */
    if (count < 0) {
        return;
    }
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

void read_mesh_folder_again(struct build *build, const char *folder, const char *role)
{
    for (size_t i = 0; i < sizeof mesh_folders / sizeof *mesh_folders; i++) {
        if (string_equal(document_role_name(mesh_folders[i].role), role)) {
            read_mesh_folder(build, &mesh_folders[i], folder);
        }
    }
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
        build_insert(build, INSERT_DOMAIN, "ssssii",
                     name != NULL ? name : document_get_text(domain, "name"),
                     document_get_text(domain, "class"),
                     document_get_text(domain, "team"),
                     document_get_text(domain, "description"), part_line(domain),
                     (int)document_truth(document_get(domain, "cots"), false));
    }
}

/* User names, or maps with more. */
static void read_team_members(struct build *build, const char *team,
                              const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *member = document_item(list, i);
        const char *username = document_text(member);
        build_insert(build, INSERT_MEMBER, "sssssssi", "team", team,
                     username != NULL ? username : document_get_text(member, "username"),
                     document_get_text(member, "name"), document_get_text(member, "role"),
                     document_get_text(member, "dateIn"),
                     document_get_text(member, "dateOut"), part_line(member));
    }
}

static void read_teams(struct build *build, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *team = document_item(list, i);
        const char *name = document_text(team);
        build_insert(build, INSERT_TEAM, "ssssssinn",
                     name != NULL ? name : document_get_text(team, "name"),
                     document_get_text(team, "type"), document_get_text(team, "domain"),
                     document_get_text(team, "parent"),
                     document_get_text(team, "contact"),
                     document_get_text(team, "description"), part_line(team));
        read_team_members(build, name != NULL ? name : document_get_text(team, "name"),
                          document_get(team, "members"));
    }
}

static struct document *parse_mesh_file(struct build *build,
                                        unsigned char hash[DOCUMENT_HASH])
{
    struct error err = {0};
    struct document_place place = file_start;
    struct document *document = NULL;
    char *bytes;
    size_t length;
    char *path = roots_file(&build->roots, "mesh.yaml");
    if (access(path, F_OK) == 0) {
        build->has_mesh_file = true;
        if (path_read_file(path, MOST_SQL_BYTES, &bytes, &length, &err)) {
            document_hash(bytes, length, hash);
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

static void name_mesh(struct build *build, const struct document_value *root)
{
    const char *name = document_get_text(root, "name");
    if (name != NULL && name[0] != '\0') {
        free(build->name);
        build->name = string_copy(name);
        build_run(build, "UPDATE mesh SET name=?1", "s", name);
    }
    build_run(build, "UPDATE mesh SET title=?1,description=?2,version=?3,clock=?4",
              "ssss", document_get_text(root, "title"),
              document_get_text(root, "description"), document_get_text(root, "version"),
              document_get_text(root, "clock"));
}

void read_mesh_file(struct build *build)
{
    unsigned char hash[DOCUMENT_HASH] = {0};
    struct document_entry entry = {.path = "mesh.yaml", .role = ROLE_MESH, .hash = hash};
    document_stamp_of(&build->roots, "mesh.yaml", &entry.stamp);
    document_begin(build);
    struct document *document = parse_mesh_file(build, hash);
    const struct document_value *root = document_root(document);
    name_mesh(build, root);
    read_domains(build, document_get(root, "domains"));
    read_teams(build, document_get(root, "teams"));
    read_mesh_roles(build, root);
    read_mesh_gate(build, root);
    document_end(build, &entry); /* one that is missing is noted as well */
    if (build->has_mesh_file) {
        read_mesh_folders(build, root);
        read_mesh_costs(build, document_get(root, "costs"));
    }
    sources_read(build, document_get(root, "sources"));
    document_free(document);
}
