/* What the files of the policy room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_POLICY_PRIVATE_H
#define MWB_POLICY_PRIVATE_H

#include "engine/policy.h"

/* A role as mesh.yaml has it. */
struct role {
    char *name, *description, *group, *team, *contact;
    bool has_members;
    struct array classifications, includes, members; /* of char * */
};

/* A masking rule. */
struct rule {
    char *kind, *word, *classification;
    struct mask_rule mask; /* drop when it was not understood */
    bool only_reports;
};

struct infotype {
    char *pattern, *classification;
};

/* All that mesh.yaml says of it. */
struct mesh_policy {
    char *state; /* none, some, unreadable */
    char *first; /* default_role, or NULL */
    char *unclassified;
    struct array roles;     /* of struct role */
    struct array rules;     /* of struct rule, in the order of mesh.yaml */
    struct array infotypes; /* of struct infotype */
};

struct policy {
    const struct catalog *catalog;
    struct mesh_policy mesh;
    const struct role *role; /* NULL: the mesh has no roles */
    struct array grants;     /* of char *, borrowed: it and what it includes */
};

/* read.c: from the index. False: it cannot be read. */
bool mesh_policy_read(const struct catalog *catalog, struct mesh_policy *mesh,
                      struct error *err);
void mesh_policy_release(struct mesh_policy *mesh);
const struct role *mesh_role_named(const struct mesh_policy *mesh, const char *name);
bool words_have(const struct array *words, const char *word); /* case folded */

/* person.c: may this person take the role? Else a sentence, yours, without an end. */
char *role_refusal(const struct catalog *catalog, const struct role *role);
long role_group(const struct role *role); /* -1: none here */

/* ask.c: whom to ask. Yours, or NULL. */
char *owner_contact(const struct catalog *catalog, const struct catalog_product *product);
char *mesh_contact(const struct catalog *catalog);

/* policy.c: is it the role of the person, or one that it includes? */
bool policy_has_role(const struct policy *policy, const char *role);

/* columns.c: without asking whether the table is refused. */
void decide_column(const struct policy *policy, const struct catalog_product *product,
                   const struct catalog_table *table, const struct catalog_column *column,
                   struct policy_verdict *verdict);

#endif
