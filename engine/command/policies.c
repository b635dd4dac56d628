/* command/policies: see policies.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/policies.h"

#include <stdlib.h>
#include <string.h>

#include "engine/command/junit.h"

/* ---- In one sentence ---- */

bool policies_summary(const struct governance_report *report, struct text *out)
{
    static const enum governance_outcome order[] = {
        GOVERNANCE_HOLDS,    GOVERNANCE_VIOLATED, GOVERNANCE_WARNED,
        GOVERNANCE_MEASURED, GOVERNANCE_ERROR,    GOVERNANCE_NOT_RUN,
    };
    size_t counts[GOVERNANCE_MEASURED + 1] = {0};
    long long violations = 0, waived = 0;
    for (size_t i = 0; i < report->policies.count; i++) {
        const struct governance_policy *policy = array_at(&report->policies, i);
        counts[policy->outcome]++;
        violations += policy->violations;
        waived += policy->waived;
    }
    bool is_one = report->policies.count == 1;
    text_printf(out, "%zu %s: ", report->policies.count, is_one ? "policy" : "policies");
    for (size_t i = 0, told = 0; i < sizeof order / sizeof *order; i++) {
        if (counts[order[i]] > 0) {
            bool is_many = order[i] == GOVERNANCE_HOLDS && counts[order[i]] > 1;
            text_printf(out, "%s%zu %s", told++ > 0 ? ", " : "", counts[order[i]],
                        is_many ? "hold" : governance_outcome_name(order[i]));
        }
    }
    text_append(out, "; ");
    text_append_count(out, violations, "violation");
    if (waived > 0) {
        text_printf(out, ", %lld of them waived", waived);
    }
    return counts[GOVERNANCE_VIOLATED] == 0 && counts[GOVERNANCE_ERROR] == 0;
}

/* ---- As text ---- */

static void append_sentence(struct text *out, const char *name, const char *value)
{
    if (value != NULL) {
        text_printf(out, "  %-13s %s\n", name, value);
    }
}

static void append_policy(struct text *out, const struct governance_policy *policy,
                          bool in_full)
{
    text_printf(out, "%-5s %-9s %s", policy->id, governance_outcome_name(policy->outcome),
                policy->title != NULL ? policy->title : "");
    if (policy->violations > 0) {
        text_append(out, ": ");
        text_append_count(out, policy->violations, "violation");
    }
    if (policy->adoption >= 0 && policy->violating > 0) {
        text_printf(out, ", %d of %d products keep to it",
                    policy->looked_at - policy->violating, policy->looked_at);
    }
    text_append_char(out, '\n');
    if (in_full) {
        append_sentence(out, "category", policy->category);
        append_sentence(out, "severity", policy->severity);
        append_sentence(out, "context", policy->context);
        append_sentence(out, "decision", policy->decision);
        append_sentence(out, "consequences", policy->consequences);
        append_sentence(out, "why", policy->why);
        append_sentence(out, "enforced at", policy->gates);
        append_sentence(out, "file", policy->path);
    }
    if (policy->reason != NULL) {
        text_printf(out, "    %s\n", policy->reason);
    }
}

static void append_violation(struct text *out, const struct governance_policy *policy,
                             const struct governance_violation *violation)
{
    text_append(out, "    ");
    if (violation->path != NULL && violation->line > 0) {
        text_printf(out, "%s:%d: ", violation->path, violation->line);
    } else if (violation->path != NULL) {
        text_printf(out, "%s: ", violation->path);
    }
    text_printf(out, "%s: ", violation->waived != NULL ? "waived" : policy->severity);
    if (violation->product != NULL) {
        text_printf(out, "%s: ", violation->product);
    }
    text_printf(out, "%s [%s]\n", violation->sentence, violation->policy);
    if (violation->waived != NULL) {
        text_printf(out, "        %s\n", violation->waived);
    }
}

void policies_text(const struct governance_report *report, bool in_full, struct text *out)
{
    enum { FEW = 10 };
    size_t at = 0;
    for (size_t i = 0; i < report->policies.count; i++) {
        const struct governance_policy *policy = array_at(&report->policies, i);
        const struct governance_violation *violation;
        size_t told = 0;
        append_policy(out, policy, in_full);
        for (; (violation = array_at(&report->violations, at)) != NULL &&
               string_equal(violation->policy, policy->id);
             at++) {
            if (told < FEW || in_full) {
                append_violation(out, policy, violation);
                told++;
            }
        }
        if ((size_t)policy->violations > told) {
            text_printf(out, "    and %zu more%s%s\n", (size_t)policy->violations - told,
                        in_full ? "" : ": policies ", in_full ? "" : policy->id);
        }
    }
}

/* ---- As XML ---- */

static enum junit_verdict verdict_of(const struct governance_policy *policy)
{
    static const enum junit_verdict verdicts[] = {
        [GOVERNANCE_HOLDS] = JUNIT_PASSED,    [GOVERNANCE_VIOLATED] = JUNIT_FAILED,
        [GOVERNANCE_WARNED] = JUNIT_PASSED,   [GOVERNANCE_ERROR] = JUNIT_ERROR,
        [GOVERNANCE_NOT_RUN] = JUNIT_SKIPPED, [GOVERNANCE_MEASURED] = JUNIT_PASSED,
    };
    return verdicts[policy->outcome];
}

/* All violations of the policy in one text, a line each. */
static char *tell_all(const struct governance_report *report, size_t *at,
                      const struct governance_policy *policy)
{
    struct text out = {0};
    const struct governance_violation *violation;
    if (policy->reason != NULL) {
        text_printf(&out, "%s\n", policy->reason);
    }
    for (; (violation = array_at(&report->violations, *at)) != NULL &&
           string_equal(violation->policy, policy->id);
         ++*at) {
        append_violation(&out, policy, violation);
    }
    return out.length > 0 ? text_take(&out) : NULL;
}

void policies_junit(const struct governance_report *report, struct text *out)
{
    size_t count = report->policies.count, at = 0;
    struct junit_case *cases = memory_new_many(count + 1, sizeof *cases);
    char **texts = memory_new_many(2 * count + 1, sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        const struct governance_policy *policy = array_at(&report->policies, i);
        texts[2 * i] = tell_all(report, &at, policy);
        texts[2 * i + 1] = string_printf("%s %s", policy->id,
                                         policy->title != NULL ? policy->title : "");
        cases[i] = (struct junit_case){
            .suite = "policies",
            .class_name = policy->path != NULL ? policy->path : policy->id,
            .name = texts[2 * i + 1],
            .verdict = verdict_of(policy),
            .type = policy->id,
            .sentence = texts[2 * i],
        };
    }
    junit_append_cases(out, "mwb policies", cases, count);
    for (size_t i = 0; i < 2 * count; i++) {
        free(texts[i]);
    }
    free(texts);
    free(cases);
}

/* ---- As rows ---- */

static struct result *finish(struct rows *rows, const char *const *columns, size_t count,
                             struct error *err)
{
    if (rows == NULL) {
        return NULL;
    }
    char *file = string_copy(rows_file(rows));
    struct result *result =
        rows_close(rows, err) ? rows_open(file, columns, count, err) : NULL;
    free(file);
    return result;
}

struct result *policies_rows(const struct governance_report *report, const char *folder,
                             struct error *err)
{
    static const char *const columns[] = {
        "policy",     "title",  "category", "severity", "outcome",  "products",
        "violations", "waived", "adoption", "seconds",  "enforced", "reason"};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct rows *rows = rows_new(folder, columns, COLUMNS, err);
    for (size_t i = 0; rows != NULL && i < report->policies.count; i++) {
        const struct governance_policy *policy = array_at(&report->policies, i);
        const char *outcome = governance_outcome_name(policy->outcome);
        long long numbers[] = {policy->looked_at, policy->violations, policy->waived};
        if (policy->adoption >= 0) {
            rows_add(rows, "ssssslllddss", policy->id, policy->title, policy->category,
                     policy->severity, outcome, numbers[0], numbers[1], numbers[2],
                     policy->adoption, policy->seconds, policy->gates, policy->reason);
        } else {
            rows_add(rows, "ssssslllndss", policy->id, policy->title, policy->category,
                     policy->severity, outcome, numbers[0], numbers[1], numbers[2],
                     policy->seconds, policy->gates, policy->reason);
        }
    }
    return finish(rows, columns, COLUMNS, err);
}

struct result *policies_violation_rows(const struct governance_report *report,
                                       const char *folder, struct error *err)
{
    static const char *const columns[] = {"policy", "severity", "product",
                                          "domain", "path",     "line",
                                          "what",   "waived",   "since"};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct rows *rows = rows_new(folder, columns, COLUMNS, err);
    size_t at = 0;
    for (size_t i = 0; rows != NULL && i < report->policies.count; i++) {
        const struct governance_policy *policy = array_at(&report->policies, i);
        const struct governance_violation *one;
        for (; (one = array_at(&report->violations, at)) != NULL &&
               string_equal(one->policy, policy->id);
             at++) {
            rows_add(rows, "sssssZsss", one->policy, policy->severity, one->product,
                     one->domain, one->path, (long long)one->line, one->sentence,
                     one->waived, one->since);
        }
    }
    return finish(rows, columns, COLUMNS, err);
}
