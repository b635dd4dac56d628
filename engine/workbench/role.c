/* workbench: the role one acts in, and what changes with it.
 *
 * Another role is another person as far as data go: results, charts, the session and its
 * workspace are those of one role and are let go of when it changes, so that nothing of
 * one role's data is left for the next.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/gate.h"
#include "engine/path.h"
#include "engine/text.h"

/* Roles that were wished for without naming a mesh hold where the mesh has them. */
static struct policy *open_wished(const struct workbench *workbench, const char *role,
                                  struct error *err)
{
    struct policy *known = role != NULL && role[0] != '\0'
                               ? policy_look(workbench->catalog, role, NULL)
                               : NULL;
    bool has = known != NULL && policy_role(known) != NULL;
    policy_close(known);
    return has ? policy_open(workbench->catalog, role, err) : NULL;
}

/* --role and the verb, MWB_ROLE, the setting, what the mesh says. */
static struct policy *open_policy(const struct workbench *workbench, struct error *err)
{
    const char *asked = workbench->role_asked;
    if (asked != NULL) {
        return policy_open(workbench->catalog, asked, err);
    }
    const char *const wishes[] = {getenv("MWB_ROLE"),
                                  options_get(workbench->options, "role")};
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        struct policy *policy = open_wished(workbench, wishes[i], err);
        if (policy != NULL || err->kind != ERROR_NONE) {
            return policy;
        }
    }
    return policy_open(workbench->catalog, NULL, err);
}

char *workbench_team(const struct workbench *workbench)
{
    return workbench->catalog != NULL
               ? policy_team(workbench->catalog, workbench->policy,
                             options_get(workbench->options, "team"))
               : NULL;
}

/* main of the session: a database of the person's own for this mesh and role, so that
 * what was copied in one role is not there in another. */
static char *workspace_file(const struct workbench *workbench)
{
    if (!workbench->with_state) {
        return NULL;
    }
    struct error err = {0};
    char *folder = path_of_place(PLACE_DATA, "workspaces", &err);
    if (folder == NULL || !path_make_folders(folder, &err)) {
        free(folder);
        return NULL; /* then main lies in memory; nothing is lost that was promised */
    }
    char *stem = path_stem(workbench->index);
    char *role = workbench->role != NULL ? path_component(workbench->role) : NULL;
    char *name = string_printf("%s/%s%s%s.db", folder, stem, role != NULL ? "." : "",
                               role != NULL ? role : "");
    free(role);
    free(stem);
    free(folder);
    return name;
}

void workbench_forget_role(struct workbench *workbench)
{
    policy_close(workbench->policy);
    workbench->policy = NULL;
    workbench->role_error = (struct error){0};
}

void workbench_take_role(struct workbench *workbench)
{
    workbench_forget_role(workbench);
    workbench->policy = open_policy(workbench, &workbench->role_error);
    const char *role = policy_role(workbench->policy);
    if (!string_equal(role, workbench->role) ||
        (workbench->policy == NULL && workbench->session != NULL)) {
        tabs_let_go(workbench);
        free(workbench->role);
        workbench->role = string_copy(role);
        free(workbench->workspace);
        workbench->workspace = NULL;
        workbench_changed(workbench,
                          WORKBENCH_RESULT | WORKBENCH_CHART | WORKBENCH_CACHE);
    }
    if (workbench->workspace == NULL) {
        workbench->workspace = workspace_file(workbench);
    }
}

bool workbench_set_role(struct workbench *workbench, const char *role, struct error *err)
{
    if (workbench->catalog == NULL) {
        return error_set(err, ERROR_FAILED, "there is no mesh to have a role in");
    }
    struct policy *policy = policy_open(workbench->catalog, role, err);
    if (policy == NULL) {
        return false;
    }
    policy_close(policy);
    free(workbench->role_asked);
    workbench->role_asked = string_copy(role);
    workbench_take_role(workbench);
    tabs_set_index(workbench);
    workbench_changed(workbench, WORKBENCH_CATALOG | WORKBENCH_CACHE);
    return true;
}

bool workbench_may_leave(const struct workbench *workbench,
                         const struct workbench_result *result,
                         const struct workbench_leaving *leaving, bool *wants_purpose,
                         struct error *err)
{
    const char *purpose = leaving->purpose;
    const struct gate_spec spec = {
        .catalog = workbench->catalog,
        .policy = workbench->policy,
        .purpose = purpose != NULL ? purpose : options_get(workbench->options, "purpose"),
    };
    return gate_may_leave(&spec, result->classification, leaving->way, wants_purpose,
                          err);
}

bool workbench_has_role(const struct workbench *workbench, struct error *err)
{
    if (workbench->role_error.kind != ERROR_NONE) {
        *err = workbench->role_error;
        return false;
    }
    return true;
}
