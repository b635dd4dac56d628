/* policy: may this person do this to that: allow, mask or refuse, with the reason and
 * whom to ask.
 *
 * A person acts in one role of the mesh, from mesh.yaml:
 *
 *   roles:
 *     - name: analyst                        a safe path component
 *       description: ...
 *       classifications: [public, internal]  what the role reads as it is
 *       includes: [...]      roles whose grants it has as well (not what they read)
 *       group: UNIXGROUP     open to members of that group only ...
 *       members: [...]       ... and to these users; without both to everybody
 *       team: Team Marketing  its products are open, and only its agreements count
 *       contact: ...         whom to ask for the role
 *   default_role: analyst
 *   unclassified: internal   how columns without a classification count
 *   masking:                 what stands in place of what a role does not read
 *     - classification: sensitive
 *       mask: token          drop, null, token, first N, year, month, round N
 *     - infotype: email      of values: also in columns not classified so; mask: report
 *       mask: token          leaves them, and only tells of them
 *     - pattern: '*zip*'     GLOB pattern of column names
 *       mask: first 2
 *
 * Without --role it is the setting `role`, else `default_role`, else the first role of
 * mesh.yaml that the person may take: least comes first. A mesh without roles allows
 * everything to whoever can read its files. Roles that cannot be read are no roles for
 * anybody: what is unclear is refused.
 *
 * A table is refused when its contract names roles and neither they, nor an approved
 * agreement that is valid today, nor ownership gives it to this role. A product is
 * refused when all its tables are. A column is allowed when its classification is among
 * those of the role. Else the most special rule says what stands in its place: custom
 * property `masking` of the column in the contract, a pattern, an infotype (declared by
 * the format of the column), its classification. Without a rule it is dropped. Case does
 * not matter. A column that holds others is masked as a whole when one of them is not
 * allowed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_POLICY_H
#define MWB_POLICY_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/mask.h"

struct policy;

/* For a role of the mesh, NULL: the one this person has without asking. Fails when there
 * is no such role, or it belongs to a group this person is not in. The catalog must stay
 * open as long. */
struct policy *policy_open(const struct catalog *catalog, const char *role,
                           struct error *err);
/* The same without asking whether the person may take the role: to look at decisions. */
struct policy *policy_look(const struct catalog *catalog, const char *role,
                           struct error *err);
void policy_close(struct policy *policy); /* NULL is fine */

const char *policy_role(const struct policy *policy); /* NULL: the mesh has no roles */
/* Whom the person works for: the team of the role, else one of the mesh that has this
 * user among its members and not left, else `otherwise` where it is no empty text. Yours,
 * or NULL. */
char *policy_team(const struct catalog *catalog, const struct policy *policy,
                  const char *otherwise);
/* The Unix group that may read what this role may; -1: the person alone. */
long policy_group(const struct policy *policy);
/* Tells two sets of decisions apart: part of a version's key. 16 hex digits. */
void policy_key(const struct policy *policy, const struct catalog_product *product,
                char key[17]);

enum policy_decision { POLICY_ALLOW, POLICY_MASK, POLICY_REFUSE };

struct policy_verdict {
    enum policy_decision decision;
    struct mask_rule mask; /* of POLICY_MASK */
    char *reason;          /* a sentence: which role, grant or rule decided */
    char *ask;             /* who may grant more: a name or an address; NULL: nobody */
};
void policy_verdict_release(struct policy_verdict *verdict);

/* Decisions with a NULL policy allow. A verdict is released by its receiver. */
void policy_of_product(const struct policy *policy, const struct catalog_product *product,
                       struct policy_verdict *verdict);
/* Tables of one product may be under several contracts: what is refused here must not be
 * in a version of the role at all. */
void policy_of_table(const struct policy *policy, const struct catalog_product *product,
                     const struct catalog_table *table, struct policy_verdict *verdict);
/* Also for a column that no contract knows: a name and nothing else. */
void policy_of_column(const struct policy *policy, const struct catalog_product *product,
                      const struct catalog_table *table,
                      const struct catalog_column *column,
                      struct policy_verdict *verdict);
/* How a column counts: as it is classified, else as the mesh expects of its name or of
 * columns that nobody classified. Yours; NULL: it is open to all. */
char *policy_classification(const struct policy *policy, const char *name,
                            const char *classification);
/* Of a column that holds personal data and is not classified so; `infotype` is "email",
 * "phone", "card", "ip", "iban". ALLOW means: only reported. */
void policy_of_infotype(const struct policy *policy, const char *infotype,
                        struct policy_verdict *verdict);

/* The columns of a table that are not allowed: appends struct policy_mask. Of a refused
 * table these are all columns, dropped. */
struct policy_mask {
    char *column; /* name in the contract */
    struct mask_rule rule;
};
void policy_masks(const struct policy *policy, const struct catalog_product *product,
                  const struct catalog_table *table, struct array *masks);
void policy_masks_release(struct array *masks);

/* The roles of the mesh in their order, for lists and completion: array of struct
 * policy_role. Empty: the mesh has none. */
struct policy_role {
    char *name, *description, *group, *contact; /* all but name may be NULL */
    char *classifications;                      /* "public, internal", or "" */
    char *why_not;                              /* a sentence; NULL: may be taken */
};
struct array policy_roles(const struct catalog *catalog);
void policy_roles_release(struct array *roles);

#endif
