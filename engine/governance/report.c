/* governance/report: what a run found, and its way from child to parent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

const char *governance_outcome_name(enum governance_outcome outcome)
{
    static const char *const names[] = {
        [GOVERNANCE_HOLDS] = "holds",     [GOVERNANCE_VIOLATED] = "violated",
        [GOVERNANCE_WARNED] = "warned",   [GOVERNANCE_ERROR] = "error",
        [GOVERNANCE_NOT_RUN] = "not run", [GOVERNANCE_MEASURED] = "measured",
    };
    return names[outcome];
}

void governance_report_release(struct governance_report *report)
{
    for (size_t i = 0; i < report->policies.count; i++) {
        governance_policy_release(array_at(&report->policies, i));
    }
    for (size_t i = 0; i < report->violations.count; i++) {
        governance_violation_release(array_at(&report->violations, i));
    }
    array_release(&report->policies);
    array_release(&report->violations);
    *report = (struct governance_report){0};
}

/* ---- Writing: numbers as they lie in memory, strings with their length ---- */

enum { NO_STRING = UINT32_MAX };

static void pack_number(struct text *out, int64_t number)
{
    text_append_bytes(out, &number, sizeof number);
}

static void pack_real(struct text *out, double number)
{
    text_append_bytes(out, &number, sizeof number);
}

static void pack_string(struct text *out, const char *string)
{
    uint32_t length = string != NULL ? (uint32_t)strlen(string) : NO_STRING;
    text_append_bytes(out, &length, sizeof length);
    if (string != NULL) {
        text_append_bytes(out, string, length);
    }
}

enum { POLICY_STRINGS = 13, POLICY_NUMBERS = 6, VIOLATION_STRINGS = 8 };

static void policy_strings(struct governance_policy *policy, char **out[POLICY_STRINGS])
{
    char **const all[POLICY_STRINGS] = {
        &policy->id,      &policy->title,    &policy->category,     &policy->severity,
        &policy->context, &policy->decision, &policy->consequences, &policy->why,
        &policy->sql,     &policy->path,     &policy->gates,        &policy->each,
        &policy->reason};
    memcpy(out, all, sizeof all);
}

static void policy_numbers(struct governance_policy *policy, int *out[POLICY_NUMBERS])
{
    int *const all[POLICY_NUMBERS] = {&policy->line,       &policy->each_line,
                                      &policy->looked_at,  &policy->violating,
                                      &policy->violations, &policy->waived};
    memcpy(out, all, sizeof all);
}

static void violation_strings(struct governance_violation *violation,
                              char **out[VIOLATION_STRINGS])
{
    char **const all[VIOLATION_STRINGS] = {
        &violation->policy,   &violation->product, &violation->domain, &violation->path,
        &violation->sentence, &violation->waived,  &violation->since,  &violation->sql};
    memcpy(out, all, sizeof all);
}

static void pack_policy(struct text *out, struct governance_policy *policy)
{
    char **strings[POLICY_STRINGS];
    int *numbers[POLICY_NUMBERS];
    policy_strings(policy, strings);
    policy_numbers(policy, numbers);
    for (size_t i = 0; i < POLICY_STRINGS; i++) {
        pack_string(out, *strings[i]);
    }
    for (size_t i = 0; i < POLICY_NUMBERS; i++) {
        pack_number(out, *numbers[i]);
    }
    pack_number(out, policy->outcome);
    pack_number(out, policy->is_data);
    pack_number(out, policy->is_measure);
    pack_real(out, policy->adoption);
    pack_real(out, policy->seconds);
    pack_number(out, (int64_t)policy->domains.count);
    for (size_t i = 0; i < policy->domains.count; i++) {
        const struct governance_domain *domain = array_at(&policy->domains, i);
        pack_string(out, domain->name);
        pack_number(out, domain->products);
        pack_number(out, domain->violating);
    }
}

void governance_report_pack(const struct governance_report *report, struct text *out)
{
    pack_number(out, (int64_t)report->policies.count);
    for (size_t i = 0; i < report->policies.count; i++) {
        pack_policy(out, array_at(&report->policies, i));
    }
    pack_number(out, (int64_t)report->violations.count);
    for (size_t i = 0; i < report->violations.count; i++) {
        struct governance_violation *violation = array_at(&report->violations, i);
        char **strings[VIOLATION_STRINGS];
        violation_strings(violation, strings);
        for (size_t k = 0; k < VIOLATION_STRINGS; k++) {
            pack_string(out, *strings[k]);
        }
        pack_number(out, violation->line);
    }
}

/* ---- Reading: the child ran SQL of others, so nothing is believed ---- */

struct reader {
    const char *at;
    size_t left;
    bool is_broken;
};

static void read_bytes(struct reader *reader, void *into, size_t size)
{
    memset(into, 0, size);
    if (reader->left < size) {
        reader->is_broken = true;
        reader->left = 0;
        return;
    }
    memcpy(into, reader->at, size);
    reader->at += size;
    reader->left -= size;
}

static int64_t unpack_number(struct reader *reader)
{
    int64_t number;
    read_bytes(reader, &number, sizeof number);
    return number;
}

static double unpack_real(struct reader *reader)
{
    double number;
    read_bytes(reader, &number, sizeof number);
    return number;
}

static char *unpack_string(struct reader *reader)
{
    uint32_t length;
    read_bytes(reader, &length, sizeof length);
    if (reader->is_broken || length == NO_STRING) {
        return NULL;
    }
    if (length > reader->left) {
        reader->is_broken = true;
        return NULL;
    }
    char *string = string_copy_bytes(reader->at, length);
    reader->at += length;
    reader->left -= length;
    return string;
}

/* Strings that are never NULL. */
static char *unpack_word(struct reader *reader)
{
    char *string = unpack_string(reader);
    return string != NULL ? string : string_copy("");
}

static void unpack_domains(struct reader *reader, struct array *domains)
{
    int64_t count = unpack_number(reader);
    *domains = (struct array)ARRAY_OF(struct governance_domain);
    for (int64_t i = 0; i < count && !reader->is_broken; i++) {
        struct governance_domain *domain = array_push(domains);
        domain->name = unpack_word(reader);
        domain->products = (int)unpack_number(reader);
        domain->violating = (int)unpack_number(reader);
    }
}

static void unpack_policy(struct reader *reader, struct governance_policy *policy)
{
    char **strings[POLICY_STRINGS];
    int *numbers[POLICY_NUMBERS];
    policy_strings(policy, strings);
    policy_numbers(policy, numbers);
    for (size_t i = 0; i < POLICY_STRINGS; i++) {
        bool is_needed = strings[i] == &policy->id || strings[i] == &policy->sql ||
                         strings[i] == &policy->severity;
        *strings[i] = is_needed ? unpack_word(reader) : unpack_string(reader);
    }
    for (size_t i = 0; i < POLICY_NUMBERS; i++) {
        *numbers[i] = (int)unpack_number(reader);
    }
    int64_t outcome = unpack_number(reader);
    reader->is_broken |= outcome < GOVERNANCE_HOLDS || outcome > GOVERNANCE_MEASURED;
    policy->outcome =
        reader->is_broken ? GOVERNANCE_ERROR : (enum governance_outcome)outcome;
    policy->is_data = unpack_number(reader) != 0;
    policy->is_measure = unpack_number(reader) != 0;
    policy->adoption = unpack_real(reader);
    policy->seconds = unpack_real(reader);
    unpack_domains(reader, &policy->domains);
}

static void unpack_violation(struct reader *reader,
                             struct governance_violation *violation)
{
    char **strings[VIOLATION_STRINGS];
    violation_strings(violation, strings);
    for (size_t i = 0; i < VIOLATION_STRINGS; i++) {
        bool is_needed =
            strings[i] == &violation->policy || strings[i] == &violation->sentence;
        *strings[i] = is_needed ? unpack_word(reader) : unpack_string(reader);
    }
    violation->line = (int)unpack_number(reader);
}

bool governance_report_unpack(const void *bytes, size_t length,
                              struct governance_report *report)
{
    struct reader reader = {bytes, length, false};
    *report =
        (struct governance_report){.policies = ARRAY_OF(struct governance_policy),
                                   .violations = ARRAY_OF(struct governance_violation)};
    int64_t count = unpack_number(&reader);
    for (int64_t i = 0; i < count && !reader.is_broken; i++) {
        unpack_policy(&reader, array_push(&report->policies));
    }
    count = unpack_number(&reader);
    for (int64_t i = 0; i < count && !reader.is_broken; i++) {
        unpack_violation(&reader, array_push(&report->violations));
    }
    if (reader.is_broken || reader.left > 0) {
        governance_report_release(report);
        return false;
    }
    return true;
}
