/* catalog/read_rules: quality rules of ODCS and DCS into the index.
 *
 * Sources: Open Data Contract Standard 2.2 and 3.2, bitol.io, section Data quality; Data
 * Contract Specification 1.2.1, which spells two operators longer. 3.0 wrote the name of
 * a library rule as `rule`, and its arguments beside it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/contract.h"

#include <stdlib.h>

#include "engine/catalog/insert.h"
#include "engine/text.h"

/* As written, and as the index says it. */
static const struct {
    const char *key, *name;
} operators[] = {
    {"mustBe", "mustBe"},
    {"mustNotBe", "mustNotBe"},
    {"mustBeGreaterThan", "mustBeGreaterThan"},
    {"mustBeGreaterOrEqualTo", "mustBeGreaterOrEqualTo"},
    {"mustBeGreaterThanOrEqualTo", "mustBeGreaterOrEqualTo"},
    {"mustBeLessThan", "mustBeLessThan"},
    {"mustBeLessOrEqualTo", "mustBeLessOrEqualTo"},
    {"mustBeLessThanOrEqualTo", "mustBeLessOrEqualTo"},
    {"mustBeBetween", "mustBeBetween"},
    {"mustNotBeBetween", "mustNotBeBetween"},
};

struct comparison {
    char *operator, * low, *high;
};

static struct comparison comparison_of(const struct document_value *rule)
{
    struct comparison found = {0};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        const struct document_value *value = document_get(rule, operators[i].key);
        if (value == NULL) {
            continue;
        }
        if (found.operator!= NULL) { /* one too many: whoever runs it has to say so */
            char *both = string_printf("%s, %s", found.operator, operators[i].name);
            free(found.operator);
            found.operator= both;
            continue;
        }
        found.operator= string_copy(operators[i].name);
        if (document_kind(value) == DOCUMENT_LIST) {
            found.low = part_any(document_item(value, 0));
            found.high = part_any(document_item(value, 1));
        } else {
            found.low = part_any(value);
        }
    }
    return found;
}

static char *arguments_of(const struct document_value *rule)
{
    const struct document_value *arguments = document_get(rule, "arguments");
    const struct document_value *values = document_get(rule, "validValues");
    if (arguments == NULL && values != NULL) {
        struct text json = {0};
        text_append(&json, "{\"validValues\":");
        part_append_json(&json, values);
        text_append_char(&json, '}');
        return text_take(&json);
    }
    return part_any(arguments);
}

/* What is to be run: SQL, or what another engine understands. */
static char *query_of(const struct document_value *rule)
{
    static const char *const keys[] = {"query", "implementation", "specification", NULL};
    for (size_t i = 0; keys[i] != NULL; i++) {
        char *query = part_any(document_get(rule, keys[i]));
        if (query != NULL) {
            return query;
        }
    }
    return NULL;
}

static void read_rule_extras(struct source *source, const struct spot *spot,
                             const struct document_value *rule, int position)
{
    struct spot_owner owner = spot_owner(spot);
    const char *anchor = document_get_text(rule, "id");
    char *id = anchor != NULL ? string_printf("%s/%s", owner.id, anchor)
                              : string_printf("%s/%d", owner.id, position);
    part_extras(source, (struct part_owner){"rule", id}, rule);
    free(id);
    free(owner.id);
}

static void read_rule(struct source *source, const struct spot *spot,
                      const struct document_value *rule, int position)
{
    struct comparison comparison = comparison_of(rule);
    char *arguments = arguments_of(rule), *query = query_of(rule);
    const char *type = document_get_text(rule, "type");
    struct rule_row row = {
        .contract = spot->contract,
        .object = spot->object,
        .property = spot->property,
        .id = document_get_text(rule, "id"),
        .name = document_get_text(rule, "name"),
        .type = type != NULL ? type : "library",
        .metric = part_either(rule, "metric", "rule"),
        .dimension = document_get_text(rule, "dimension"),
        .operator= comparison.operator,
        .low = comparison.low,
        .high = comparison.high,
        .unit = document_get_text(rule, "unit"),
        .severity = document_get_text(rule, "severity"),
        .query = query,
        .schedule = document_get_text(rule, "schedule"),
        .description = document_get_text(rule, "description"),
        .arguments = arguments,
        .engine = document_get_text(rule, "engine"),
        .business_impact = document_get_text(rule, "businessImpact"),
        .method = document_get_text(rule, "method"),
        .scheduler = document_get_text(rule, "scheduler"),
        .position = position,
        .line = part_line(rule),
        .contract_row = spot->contract_row,
    };
    rule_insert(source->build, &row);
    read_rule_extras(source, spot, rule, position);
    free(comparison.operator);
    free(comparison.low);
    free(comparison.high);
    free(query);
    free(arguments);
}

void read_rules(struct source *source, const struct spot *spot,
                const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        if (document_kind(document_item(list, i)) == DOCUMENT_MAP) {
            read_rule(source, spot, document_item(list, i), (int)i + 1);
        }
    }
}

void read_old_rules(struct source *source, const struct spot *spot,
                    const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *rule = document_item(list, i);
        if (document_kind(rule) != DOCUMENT_MAP) {
            continue;
        }
        char *query = query_of(rule);
        struct rule_row row = {
            .contract = spot->contract,
            .object = spot->object,
            .property = spot->property,
            .id = document_get_text(rule, "code"),
            .name = part_either(rule, "toolRuleName", "code"),
            .type = "custom",
            .metric = document_get_text(rule, "templateName"),
            .dimension = document_get_text(rule, "dimension"),
            .severity = document_get_text(rule, "severity"),
            .query = query,
            .schedule = document_get_text(rule, "scheduleCronExpression"),
            .description = document_get_text(rule, "description"),
            .engine = document_get_text(rule, "toolName"),
            .business_impact = document_get_text(rule, "businessImpact"),
            .position = (int)i + 1,
            .line = part_line(rule),
            .contract_row = spot->contract_row,
        };
        rule_insert(source->build, &row);
        read_rule_extras(source, spot, rule, (int)i + 1);
        free(query);
    }
}
