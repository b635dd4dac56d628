/* policy: choose the role, list roles, and tell sets of decisions apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/policy/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/digest.h"
#include "engine/text.h"

/* ---- Which role ---- */

bool policy_has_role(const struct policy *policy, const char *role)
{
    return words_have(&policy->grants, role);
}

/* Roles may include each other in circles. */
static void collect_grants(struct policy *policy)
{
    *(char **)array_push(&policy->grants) = policy->role->name;
    for (size_t i = 0; i < policy->grants.count; i++) {
        const struct role *role =
            mesh_role_named(&policy->mesh, *(char **)array_at(&policy->grants, i));
        for (size_t k = 0; role != NULL && k < role->includes.count; k++) {
            char *name = *(char **)array_at(&role->includes, k);
            if (!policy_has_role(policy, name)) {
                *(char **)array_push(&policy->grants) = name;
            }
        }
    }
}

static bool fail_unknown(const struct policy *policy, const char *role, struct error *err)
{
    struct text names = {0};
    for (size_t i = 0; i < policy->mesh.roles.count; i++) {
        const struct role *other = array_at(&policy->mesh.roles, i);
        text_printf(&names, "%s%s", i > 0 ? ", " : "", other->name);
    }
    char *contact = mesh_contact(policy->catalog);
    error_set(err, ERROR_FAILED, "this mesh has no role %s; it has %s%s%s", role,
              names.length > 0 ? text_string(&names) : "none that can be read",
              contact != NULL ? "; ask " : "", contact != NULL ? contact : "");
    text_release(&names);
    free(contact);
    return false;
}

static bool may_take(const struct policy *policy, const struct role *role,
                     struct error *err)
{
    char *why_not = role_refusal(policy->catalog, role);
    if (why_not != NULL) {
        error_set(err, ERROR_FAILED, "%s", why_not);
    }
    bool may = why_not == NULL;
    free(why_not);
    return may;
}

/* The least that the person may take. */
static bool choose_first(struct policy *policy, struct error *err)
{
    struct error why = {0};
    const struct role *role = mesh_role_named(&policy->mesh, policy->mesh.first);
    if (role != NULL && may_take(policy, role, NULL)) {
        policy->role = role;
        return true;
    }
    for (size_t i = 0; i < policy->mesh.roles.count; i++) {
        role = array_at(&policy->mesh.roles, i);
        if (may_take(policy, role, why.kind == ERROR_NONE ? &why : NULL)) {
            policy->role = role;
            return true;
        }
    }
    return error_set(err, ERROR_FAILED, "you may take none of the roles of this mesh: %s",
                     why.kind != ERROR_NONE ? why.message
                                            : "mesh.yaml has none that can be read");
}

static bool choose(struct policy *policy, const char *role, bool only_looks,
                   struct error *err)
{
    const char *state = policy->mesh.state;
    if (state == NULL || string_equal(state, "none")) { /* a mesh of one file has none */
        return role == NULL ||
               error_set(err, ERROR_FAILED,
                         "this mesh has no roles, so there is no role %s", role);
    }
    if (!string_equal(state, "some")) {
        return error_set(err, ERROR_FAILED,
                         "the roles of this mesh cannot be read, so that nobody has one; "
                         "\"lint\" tells what is wrong with mesh.yaml");
    }
    if (role == NULL) {
        return choose_first(policy, err);
    }
    const struct role *named = mesh_role_named(&policy->mesh, role);
    if (named == NULL) {
        return fail_unknown(policy, role, err);
    }
    policy->role = named;
    return only_looks || may_take(policy, named, err);
}

static struct policy *open_policy(const struct catalog *catalog, const char *role,
                                  bool only_looks, struct error *err)
{
    struct policy *policy = memory_new(sizeof *policy);
    policy->catalog = catalog;
    policy->grants = (struct array)ARRAY_OF(char *);
    if (!mesh_policy_read(catalog, &policy->mesh, err) ||
        !choose(policy, role, only_looks, err)) {
        policy_close(policy);
        return NULL;
    }
    if (policy->role != NULL) {
        collect_grants(policy);
    }
    return policy;
}

struct policy *policy_open(const struct catalog *catalog, const char *role,
                           struct error *err)
{
    return open_policy(catalog, role, false, err);
}

struct policy *policy_look(const struct catalog *catalog, const char *role,
                           struct error *err)
{
    return open_policy(catalog, role, true, err);
}

void policy_close(struct policy *policy)
{
    if (policy == NULL) {
        return;
    }
    mesh_policy_release(&policy->mesh);
    array_release(&policy->grants);
    free(policy);
}

const char *policy_role(const struct policy *policy)
{
    return policy != NULL && policy->role != NULL ? policy->role->name : NULL;
}

long policy_group(const struct policy *policy)
{
    return policy != NULL && policy->role != NULL ? role_group(policy->role) : -1;
}

struct array policy_roles(const struct catalog *catalog)
{
    struct array roles = ARRAY_OF(struct policy_role);
    struct mesh_policy mesh;
    if (!mesh_policy_read(catalog, &mesh, NULL)) {
        return roles;
    }
    for (size_t i = 0; i < mesh.roles.count; i++) {
        const struct role *from = array_at(&mesh.roles, i);
        struct policy_role *role = array_push(&roles);
        struct text words = {0};
        for (size_t k = 0; k < from->classifications.count; k++) {
            text_printf(&words, "%s%s", k > 0 ? ", " : "",
                        *(char **)array_at(&from->classifications, k));
        }
        *role = (struct policy_role){
            .name = string_copy(from->name),
            .description = string_copy(from->description),
            .group = string_copy(from->group),
            .contact = string_copy(from->contact),
            .classifications = string_copy(text_string(&words)),
            .why_not = role_refusal(catalog, from),
        };
        text_release(&words);
    }
    mesh_policy_release(&mesh);
    return roles;
}

void policy_roles_release(struct array *roles)
{
    for (size_t i = 0; i < roles->count; i++) {
        struct policy_role *role = array_at(roles, i);
        free(role->name);
        free(role->description);
        free(role->group);
        free(role->contact);
        free(role->classifications);
        free(role->why_not);
    }
    array_release(roles);
}

/* ---- All columns of a table ---- */

void policy_masks(const struct policy *policy, const struct catalog_product *product,
                  const struct catalog_table *table, struct array *masks)
{
    struct policy_verdict whole;
    if (policy == NULL || policy->role == NULL) {
        return;
    }
    policy_of_table(policy, product, table, &whole);
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        struct policy_verdict verdict = {.decision = POLICY_MASK,
                                         .mask = {.kind = MASK_DROP}};
        if (whole.decision != POLICY_REFUSE) {
            decide_column(policy, product, table, column, &verdict);
        }
        if (verdict.decision != POLICY_ALLOW) {
            struct policy_mask *mask = array_push(masks);
            mask->column = string_copy(column->name);
            mask->rule = verdict.mask;
        }
        policy_verdict_release(&verdict);
    }
    policy_verdict_release(&whole);
}

void policy_masks_release(struct array *masks)
{
    for (size_t i = 0; i < masks->count; i++) {
        free(((struct policy_mask *)array_at(masks, i))->column);
    }
    array_release(masks);
}

/* ---- The key ---- */

/* Each word ends in NUL, so that no two sets of decisions read alike. */
static void append_word(struct text *all, const char *word)
{
    text_append_bytes(all, word != NULL ? word : "", word != NULL ? strlen(word) + 1 : 1);
}

static void append_mask(struct text *all, const char *what, const struct mask_rule *mask)
{
    append_word(all, what);
    text_printf(all, "%d %d;", (int)mask->kind, mask->count);
}

static void append_table(struct text *all, const struct policy *policy,
                         const struct catalog_product *product,
                         const struct catalog_table *table)
{
    struct policy_verdict verdict;
    struct array masks = ARRAY_OF(struct policy_mask);
    policy_of_table(policy, product, table, &verdict);
    append_word(all, table->sql_name);
    text_append(all, verdict.decision == POLICY_REFUSE ? "refused;" : "open;");
    policy_verdict_release(&verdict);
    policy_masks(policy, product, table, &masks);
    for (size_t i = 0; i < masks.count; i++) {
        const struct policy_mask *mask = array_at(&masks, i);
        append_mask(all, mask->column, &mask->rule);
    }
    policy_masks_release(&masks);
}

/* What becomes of columns that no contract knows. */
static void append_unlisted(struct text *all, const struct policy *policy)
{
    append_word(all, policy->mesh.unclassified);
    for (size_t i = 0; i < policy->role->classifications.count; i++) {
        append_word(all, *(char **)array_at(&policy->role->classifications, i));
    }
    for (size_t i = 0; i < policy->mesh.infotypes.count; i++) {
        const struct infotype *infotype = array_at(&policy->mesh.infotypes, i);
        append_word(all, infotype->pattern);
        append_word(all, infotype->classification);
    }
    for (size_t i = 0; i < policy->mesh.rules.count; i++) {
        const struct rule *rule = array_at(&policy->mesh.rules, i);
        append_word(all, rule->kind);
        append_word(all, rule->word);
        append_word(all, rule->classification);
        append_mask(all, rule->only_reports ? "report" : "", &rule->mask);
    }
}

void policy_key(const struct policy *policy, const struct catalog_product *product,
                char key[17])
{
    char digest[DIGEST_SIZE];
    struct text all = {0};
    append_word(&all, policy_role(policy));
    if (policy_role(policy) != NULL) {
        append_word(&all, policy->role->group);
        append_unlisted(&all, policy);
        for (size_t i = 0; i < product->tables.count; i++) {
            append_table(&all, policy, product, array_at(&product->tables, i));
        }
    }
    digest_bytes(text_string(&all), all.length, digest);
    snprintf(key, 17, "%.16s", digest);
    text_release(&all);
}
