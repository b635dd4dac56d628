/* standard/odcs_rule: quality rules and relationships of a data contract (Open Data
 * Contract Standard, bitol.io).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/odcs.h"

/* ---- Quality ---- */

static const struct standard_shape a_number = {.name = "a number",
                                               .kinds = STANDARD_NUMBER};

#define RANGE(name, text)                                                                \
    {                                                                                    \
        .key = name, .kinds = STANDARD_LIST, .flags = STANDARD_PAIR | STANDARD_DISTINCT, \
        .of = &a_number, .meaning = text                                                 \
    }
#define OPERATORS                                                                        \
    ROW("mustBe", ANY, "The figure must be this."),                                      \
        ROW("mustNotBe", ANY, "The figure must not be this."),                           \
        LIMIT("mustBeGreaterThan", "The figure must be above this."),                    \
        LIMIT("mustBeGreaterOrEqualTo", "The figure must be this or above."),            \
        LIMIT("mustBeLessThan", "The figure must be below this."),                       \
        LIMIT("mustBeLessOrEqualTo", "The figure must be this or below."),               \
        RANGE("mustBeBetween", "The figure must lie from the first to the second."),     \
        RANGE("mustNotBeBetween", "The figure must lie outside of these two.")

/* A rule that is run compares its figure by exactly one operator, since 3.1. */
static void check_one_operator(struct standard_check *check,
                               const struct document_value *rule)
{
    static const char operators[] =
        "mustBe mustNotBe mustBeGreaterThan mustBeGreaterOrEqualTo mustBeLessThan "
        "mustBeLessOrEqualTo mustBeBetween mustNotBeBetween";
    const char *key;
    int count = 0;
    for (size_t i = 0; i < document_count(rule); i++) {
        document_member(rule, i, &key, NULL);
        count += standard_is_in_words(key, operators);
    }
    if (check->version >= ODCS_3_1 && count != 1) {
        struct finding *told = standard_tell(
            check, document_place(rule), true, "operator",
            "%s has %s; a rule compares by exactly one of: %s", standard_where(check),
            count == 0 ? "no operator" : "several operators", operators);
        standard_mend(told, count == 0 ? "add an operator, such as mustBe: 0"
                                       : "keep one of the operators");
    }
}

#define RULE_TEXT "The name of the check in the older notation."
static const struct standard_field library_fields[] = {
    NEEDED_WORDS("metric",
                 "nullValues missingValues invalidValues duplicateValues rowCount",
                 "The figure that is taken.", .since = ODCS_3_1),
    NEEDED("rule", RULE_TEXT, .until = ODCS_3_1),
    TEXT("rule", RULE_TEXT, .since = ODCS_3_1, .deprecated = ODCS_3_1),
    ROW("arguments", MAP, "What the figure depends on: the values taken for missing ...",
        .since = ODCS_3_1),
    OPERATORS,
    END,
};
static const struct standard_field sql_fields[] = {
    NEEDED("query",
           "The statement that gives the figure; {object} and {property} stand for the "
           "names."),
    END};
static const struct standard_field compared_sql_fields[] = {
    NEEDED("query",
           "The statement that gives the figure; {object} and {property} stand for the "
           "names."),
    OPERATORS, END};
static const struct standard_field custom_fields[] = {
    NEEDED("engine", "The tool that runs the rule: soda, greatExpectations, dbt ..."),
    MIXED("implementation", STANDARD_TEXT | STANDARD_MAP,
          "The rule in the tool's own language.", .flags = STANDARD_REQUIRED),
    END,
};
/* In 3.0 a rule without type is one of the library. Later a metric makes it one. */
static const struct standard_variant rule_variants[] = {
    {.key = "type",
     .word = "library",
     .fields = library_fields,
     .also = check_one_operator},
    {.key = "type", .word = NULL, .fields = library_fields, .until = ODCS_3_1},
    {.key = "metric",
     .word = "*",
     .fields = library_fields,
     .since = ODCS_3_1,
     .also = check_one_operator},
    {.key = "type", .word = "sql", .fields = sql_fields, .until = ODCS_3_1},
    {.key = "type",
     .word = "sql",
     .fields = compared_sql_fields,
     .since = ODCS_3_1,
     .also = check_one_operator},
    {.key = "type", .word = "custom", .fields = custom_fields},
    {.key = NULL},
};
static const struct standard_field rule_fields[] = {
    ODCS_ID,
    TEXT("name", "A short name for the rule."),
    TEXT("description", "What the rule is about, for people."),
    WORDS("type", "text library sql custom",
          "How the rule is run: library (the usual), sql, custom, or text for people."),
    WORDS("dimension",
          "accuracy completeness conformity consistency coverage timeliness uniqueness",
          "Which side of quality it looks at."),
    TEXT("severity", "How bad a breach is: info, warning, error ..."),
    TEXT("businessImpact", "What a breach means for the business."),
    TEXT("unit", "What the figure counts: rows or percent."),
    TEXT("method", "How the rule is applied."),
    TEXT("scheduler", "The program that starts the rule."),
    TEXT("schedule", "When it does, in the notation of that program."),
    ODCS_TAGS_SINCE(0),
    ODCS_DEFINITIONS_SINCE(0),
    ODCS_CUSTOM_SINCE(0),
    END,
};
const struct standard_shape standard_odcs_rule = {.name = "a quality rule of this type",
                                                  .kinds = STANDARD_MAP,
                                                  .fields = rule_fields,
                                                  .variants = rule_variants,
                                                  .open_until = ODCS_3_1};

/* ---- Relationships ---- */

static const struct standard_shape a_reference = {
    .name = "a reference", .kinds = STANDARD_TEXT, .form = &standard_form_reference};
static const struct standard_shape a_long_reference = {
    .name = "a reference", .kinds = STANDARD_TEXT, .form = &standard_form_reference_3_2};

#define FROM_TEXT "The columns that refer."
#define TO_TEXT "The columns that are referred to."
/* More levels, hyphens and .yml came with 3.2. */
#define REFERENCES(name, text)                                                           \
    {.key = name,                                                                        \
     .kinds = STANDARD_TEXT | STANDARD_LIST,                                             \
     .flags = STANDARD_FILLED | STANDARD_REQUIRED,                                       \
     .of = &a_reference,                                                                 \
     .form = &standard_form_reference,                                                   \
     .until = ODCS_3_2,                                                                  \
     .meaning = text},                                                                   \
    {                                                                                    \
        .key = name, .kinds = STANDARD_TEXT | STANDARD_LIST,                             \
        .flags = STANDARD_FILLED | STANDARD_REQUIRED, .of = &a_long_reference,           \
        .form = &standard_form_reference_3_2, .since = ODCS_3_2, .meaning = text         \
    }
#define RELATION                                                                         \
    TEXT("id", "A name for this relationship that stays.", .since = ODCS_3_2),           \
        WORDS("type", "foreignKey", "What kind of relationship it is."),                 \
        ODCS_CUSTOM_SINCE(0)

static void check_same_kind(struct standard_check *check,
                            const struct document_value *relation)
{
    const struct document_value *from = document_get(relation, "from");
    const struct document_value *to = document_get(relation, "to");
    if (from != NULL && to != NULL && document_kind(from) != document_kind(to)) {
        standard_tell(check, document_place(relation), true, "type",
                      "%s: from and to must both be texts or both be lists",
                      standard_where(check));
    }
}

static const struct standard_field object_relation_fields[] = {
    RELATION, REFERENCES("from", FROM_TEXT), REFERENCES("to", TO_TEXT), END};
const struct standard_shape standard_odcs_object_relation = {
    .name = "a relationship of an object",
    .kinds = STANDARD_MAP,
    .fields = object_relation_fields,
    .also = check_same_kind};

static const struct standard_field property_relation_fields[] = {
    RELATION, REFERENCES("to", TO_TEXT), END};
const struct standard_shape standard_odcs_property_relation =
    SHAPE("a relationship of a property (from is the property itself)",
          property_relation_fields);
