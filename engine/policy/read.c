/* policy/read: what mesh.yaml says of roles and masking, from the index.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/policy/private.h"

#include <stdlib.h>

#include "engine/store.h"
#include "engine/text.h"

static void read_roles(sqlite3 *db, struct mesh_policy *mesh)
{
    sqlite3_stmt *stmt = store_prepare(
        db,
        "SELECT name,description,unix_group,team,contact,restricted IS NOT NULL FROM "
        "mesh_role ORDER BY position",
        NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct role *role = array_push(&mesh->roles);
        *role = (struct role){
            .name = store_text_copy(stmt, 0),
            .description = store_text_copy(stmt, 1),
            .group = store_text_copy(stmt, 2),
            .team = store_text_copy(stmt, 3),
            .contact = store_text_copy(stmt, 4),
            .has_members = sqlite3_column_int(stmt, 5) != 0,
            .classifications = ARRAY_OF(char *),
            .includes = ARRAY_OF(char *),
            .members = ARRAY_OF(char *),
        };
    }
    store_finish(stmt);
}

static void read_words(sqlite3 *db, struct mesh_policy *mesh)
{
    sqlite3_stmt *stmt = store_prepare(
        db,
        "SELECT m.name,w.kind,w.word FROM mesh_role_word w JOIN mesh_role m ON "
        "m.position=w.role ORDER BY w.rowid",
        NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct role *role = (struct role *)mesh_role_named(mesh, store_text(stmt, 0));
        const char *kind = store_text(stmt, 1);
        struct array *list = string_equal(kind, "classifications")
                                 ? &role->classifications
                             : string_equal(kind, "includes") ? &role->includes
                                                              : &role->members;
        *(char **)array_push(list) = store_text_copy(stmt, 2);
    }
    store_finish(stmt);
}

/* A mask that is not understood shows nothing. */
static void read_rules(sqlite3 *db, struct mesh_policy *mesh)
{
    sqlite3_stmt *stmt = store_prepare(
        db, "SELECT kind,word,classification,mask FROM masking ORDER BY position", NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct rule *rule = array_push(&mesh->rules);
        *rule = (struct rule){.kind = store_text_copy(stmt, 0),
                              .word = store_text_copy(stmt, 1),
                              .classification = store_text_copy(stmt, 2)};
        rule->only_reports = string_equal(rule->kind, "infotype") &&
                             string_equal_fold(store_text(stmt, 3), "report");
        if (!mask_parse(store_text(stmt, 3), &rule->mask, NULL)) {
            rule->mask = (struct mask_rule){.kind = MASK_DROP};
        }
    }
    store_finish(stmt);
}

static void read_infotypes(sqlite3 *db, struct mesh_policy *mesh)
{
    sqlite3_stmt *stmt = store_prepare(
        db,
        "SELECT lower(pattern),classification FROM infotype WHERE pattern IS NOT NULL "
        "AND classification IS NOT NULL ORDER BY rowid",
        NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct infotype *infotype = array_push(&mesh->infotypes);
        infotype->pattern = store_text_copy(stmt, 0);
        infotype->classification = store_text_copy(stmt, 1);
    }
    store_finish(stmt);
}

bool mesh_policy_read(const struct catalog *catalog, struct mesh_policy *mesh,
                      struct error *err)
{
    sqlite3 *db = catalog_database(catalog);
    *mesh = (struct mesh_policy){.roles = ARRAY_OF(struct role),
                                 .rules = ARRAY_OF(struct rule),
                                 .infotypes = ARRAY_OF(struct infotype)};
    sqlite3_stmt *stmt = store_prepare(
        db, "SELECT roles,default_role,unclassified FROM mesh LIMIT 1", err);
    if (stmt == NULL || store_step(stmt, err) != STORE_ROW) {
        store_finish(stmt);
        return error_prefix(err, "could not read the roles of the mesh: ");
    }
    mesh->state = store_text_copy(stmt, 0);
    mesh->first = store_text_copy(stmt, 1);
    mesh->unclassified = store_text_copy(stmt, 2);
    store_finish(stmt);
    read_roles(db, mesh);
    read_words(db, mesh);
    read_rules(db, mesh);
    read_infotypes(db, mesh);
    return true;
}

static void release_words(struct array *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(*(char **)array_at(words, i));
    }
    array_release(words);
}

void mesh_policy_release(struct mesh_policy *mesh)
{
    for (size_t i = 0; i < mesh->roles.count; i++) {
        struct role *role = array_at(&mesh->roles, i);
        free(role->name);
        free(role->description);
        free(role->group);
        free(role->team);
        free(role->contact);
        release_words(&role->classifications);
        release_words(&role->includes);
        release_words(&role->members);
    }
    for (size_t i = 0; i < mesh->rules.count; i++) {
        struct rule *rule = array_at(&mesh->rules, i);
        free(rule->kind);
        free(rule->word);
        free(rule->classification);
    }
    for (size_t i = 0; i < mesh->infotypes.count; i++) {
        struct infotype *infotype = array_at(&mesh->infotypes, i);
        free(infotype->pattern);
        free(infotype->classification);
    }
    array_release(&mesh->roles);
    array_release(&mesh->rules);
    array_release(&mesh->infotypes);
    free(mesh->state);
    free(mesh->first);
    free(mesh->unclassified);
}

const struct role *mesh_role_named(const struct mesh_policy *mesh, const char *name)
{
    for (size_t i = 0; name != NULL && i < mesh->roles.count; i++) {
        const struct role *role = array_at(&mesh->roles, i);
        if (string_equal_fold(role->name, name)) {
            return role;
        }
    }
    return NULL;
}

bool words_have(const struct array *words, const char *word)
{
    for (size_t i = 0; word != NULL && i < words->count; i++) {
        if (string_equal_fold(*(char **)array_at(words, i), word)) {
            return true;
        }
    }
    return false;
}
