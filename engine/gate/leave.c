/* gate/leave: may rows go out?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/gate/private.h"

static bool is_about(const struct gate_rules *rules, const struct gate_rule *rule,
                     const char *classification, const char *way)
{
    return string_equal(rule->kind, "leaving") &&
           gate_rule_fits(rules, rule, NULL, classification) &&
           (rule->ways == NULL || gate_has_line(rule->ways, way));
}

static const char *name_of_way(const char *way)
{
    return string_equal(way, "copy")     ? "copied"
           : string_equal(way, "export") ? "exported"
                                         : "published";
}

static bool judge(const struct gate_spec *spec, const struct gate_rules *rules,
                  const char *classification, const char *way, bool *wants_purpose,
                  struct error *err)
{
    bool has_purpose = spec->purpose != NULL && spec->purpose[0] != '\0';
    const char *role = spec->policy != NULL ? policy_role(spec->policy) : NULL;
    bool asks = false;
    for (size_t i = 0; i < rules->rules.count; i++) {
        const struct gate_rule *rule = array_at(&rules->rules, i);
        if (!is_about(rules, rule, classification, way)) {
            continue;
        }
        if (!string_equal(rule->answer, "purpose")) {
            return error_set(err, ERROR_FAILED,
                             "the rows are %s, and the mesh does not let them be %s%s%s; "
                             "its rule is `leaving` in mesh.yaml",
                             classification != NULL ? classification : "not classified",
                             name_of_way(way), role != NULL ? " by the role " : "",
                             role != NULL ? role : "");
        }
        asks = true;
    }
    if (!asks || has_purpose) {
        return true;
    }
    *wants_purpose = true;
    return error_set(err, ERROR_FAILED,
                     "the rows are %s and are %s for a purpose only: say it first, with "
                     "purpose TEXT on the screen or --purpose TEXT without",
                     classification != NULL ? classification : "not classified",
                     name_of_way(way));
}

bool gate_may_leave(const struct gate_spec *spec, const char *classification,
                    const char *way, bool *wants_purpose, struct error *err)
{
    struct gate_rules rules;
    bool wants = false;
    const char *role = spec->policy != NULL ? policy_role(spec->policy) : NULL;
    bool may = spec->catalog == NULL;
    if (!may && gate_rules_read(spec->catalog, role, &rules, err)) {
        may = judge(spec, &rules, classification, way, &wants, err);
        gate_rules_release(&rules);
    }
    if (wants_purpose != NULL) {
        *wants_purpose = wants;
    }
    return may;
}
