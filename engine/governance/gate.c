/* governance/gate: may this be done with this product, as far as policies of the catalog
 * tell? SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>

/* Who owns the product, and who made the policy. */
static char *whom_to_ask(const struct run *run)
{
    return store_string(
        run->db,
        "SELECT group_concat(who,' or ') FROM (SELECT name||coalesce(' ('||"
        "replace(contact,'mailto:','')||')','') AS who FROM mesh.team WHERE name=(SELECT "
        "team FROM mesh.product WHERE key=?1) UNION ALL SELECT name||coalesce(' ('||"
        "replace(contact,'mailto:','')||')','') FROM mesh.team WHERE "
        "coalesce(type,'')='guild')",
        "s", run->spec->product);
}

static bool forbid(const struct run *run, const struct governance_policy *policy,
                   const struct governance_violation *violation, const char *gate,
                   struct error *err)
{
    confine_trusted(run->confine, true);
    char *who = whom_to_ask(run);
    confine_trusted(run->confine, false);
    char *place = violation->path != NULL
                      ? string_printf(", %s:%d", violation->path, violation->line)
                      : string_copy("");
    error_set(err, ERROR_FAILED,
              "the policy %s (%s) forbids %s of %s: %s%s; mend that%s%s, or let it be "
              "waived",
              policy->id, policy->title != NULL ? policy->title : "no title", gate,
              run->spec->product, violation->sentence, place, who != NULL ? ", ask " : "",
              who != NULL ? who : "");
    free(who);
    free(place);
    return false;
}

/* What cannot be run does not let pass: a gate that nobody can close is none. */
static bool judge_policy(struct run *run, struct governance_policy *policy,
                         const char *gate, struct error *err)
{
    struct array found = ARRAY_OF(struct governance_violation);
    bool passes = true;
    governance_hold(run, policy, &found);
    if (policy->outcome == GOVERNANCE_ERROR) {
        passes = error_set(err, ERROR_FAILED,
                           "%s of %s is not allowed while a policy that guards it "
                           "cannot be run: %s",
                           gate, run->spec->product, policy->reason);
    }
    for (size_t i = 0; passes && i < found.count; i++) {
        const struct governance_violation *violation = array_at(&found, i);
        if (violation->waived == NULL) {
            passes = forbid(run, policy, violation, gate, err);
        }
    }
    for (size_t i = 0; i < found.count; i++) {
        governance_violation_release(array_at(&found, i));
    }
    array_release(&found);
    return passes;
}

bool governance_gate(const struct governance_spec *spec, const char *gate,
                     struct error *err)
{
    struct run run;
    struct array policies = ARRAY_OF(struct governance_policy);
    if (!governance_has_gate(spec->catalog, gate)) {
        return true;
    }
    bool passes = governance_run_open(&run, spec, gate, &policies, err);
    for (size_t i = 0; i < policies.count; i++) {
        struct governance_policy *policy = array_at(&policies, i);
        if (passes && !policy->is_data && !policy->is_measure) {
            passes = judge_policy(&run, policy, gate, err);
        }
        governance_policy_release(policy);
    }
    array_release(&policies);
    governance_run_release(&run);
    return passes;
}
