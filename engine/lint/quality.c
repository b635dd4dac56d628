/* lint/quality: rules of data quality: their operators, their ranges, the columns and
 * placeholders they name. ODCS and the Data Contract Specification write them alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- Columns ---- */

void lint_column(struct lint *lint, const struct document_value *columns,
                 const struct document_value *name, bool is_error, const char *what)
{
    const char *text = document_text(name);
    if (text == NULL || columns == NULL ||
        lint_names_find(&lint->names, columns, text, strlen(text)) != NULL ||
        lint_property(lint, columns, text) != NULL) {
        return;
    }
    struct finding *finding =
        lint_tell(lint, name, is_error, "unknown-column",
                  "%s names %.80s, which is no column there", what, text);
    const char *near =
        finding != NULL ? lint_names_nearest(&lint->names, columns, text) : NULL;
    if (near != NULL) {
        finding_mend(finding, "write %s", near);
    }
}

void lint_columns(struct lint *lint, const struct document_value *columns,
                  const struct document_value *names, const char *what)
{
    if (document_kind(names) != DOCUMENT_LIST) {
        lint_column(lint, columns, names, true, what);
    }
    for (size_t i = 0; document_kind(names) == DOCUMENT_LIST && i < document_count(names);
         i++) {
        lint_column(lint, columns, document_item(names, i), true, what);
    }
}

/* "orders.placed_at", or the object alone. */
static bool is_element(const struct lint *lint, const struct document_value *objects,
                       const char *key, const char *element)
{
    if (lint_names_find(&lint->names, objects, element, strlen(element)) != NULL) {
        return true;
    }
    for (const char *dot = element; (dot = strchr(dot, '.')) != NULL; dot++) {
        const struct document_value *object =
            lint_names_find(&lint->names, objects, element, (size_t)(dot - element));
        if (object != NULL &&
            lint_property(lint, document_get(object, key), dot + 1) != NULL) {
            return true;
        }
    }
    return false;
}

void lint_element(struct lint *lint, const struct document_value *element,
                  const struct document_value *objects, const char *key)
{
    char *all = string_copy(document_text(element));
    char *rest = all;
    while (rest != NULL && document_count(objects) > 0) {
        char *one = strsep(&rest, ",");
        one += strspn(one, " \t");
        one[strcspn(one, " \t")] = '\0';
        if (one[0] != '\0' && !is_element(lint, objects, key, one)) {
            lint_tell(lint, element, false, "unknown-column",
                      "the promise is about %.80s, which is no object.property of this "
                      "contract",
                      one);
        }
    }
    free(all);
}

/* ---- Operators ---- */

static const char *const operators[] = {"mustBe",
                                        "mustNotBe",
                                        "mustBeGreaterThan",
                                        "mustBeGreaterOrEqualTo",
                                        "mustBeGreaterThanOrEqualTo",
                                        "mustBeLessThan",
                                        "mustBeLessOrEqualTo",
                                        "mustBeLessThanOrEqualTo",
                                        "mustBeBetween",
                                        "mustNotBeBetween",
                                        NULL};

static void check_operators(struct lint *lint, const struct document_value *rule)
{
    const char *type = document_get_text(rule, "type");
    const char *first = NULL;
    size_t count = 0;
    for (size_t i = 0; operators[i] != NULL; i++) {
        if (document_get(rule, operators[i]) != NULL) {
            first = first != NULL ? first : operators[i];
            count++;
        }
    }
    bool has_metric = document_get(rule, "metric") != NULL ||
                      document_get(rule, "rule") != NULL ||
                      document_get(rule, "query") != NULL;
    bool measures =
        type == NULL || string_equal(type, "library") || string_equal(type, "sql");
    if (count > 1) {
        lint_tell(lint, rule, true, "operator",
                  "the rule has %zu operators; it can have one only", count);
    } else if (count == 1 && measures && !has_metric) {
        lint_tell(lint, rule, true, "operator",
                  "the rule has %s, but neither a metric nor a query to compare with it",
                  first);
    } else if (count == 0 && measures && has_metric &&
               document_get(rule, "validValues") == NULL) {
        finding_mend(
            lint_tell(lint, rule, false, "operator",
                      "the rule measures something, but has no operator that says "
                      "what it must be"),
            "add mustBe, mustBeLessThan, mustBeBetween ... with a number");
    }
}

static void check_ranges(struct lint *lint, const struct document_value *rule)
{
    static const char *const ranges[] = {"mustBeBetween", "mustNotBeBetween"};
    for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
        const struct document_value *range = document_get(rule, ranges[r]);
        double low = document_number(document_item(range, 0), 0);
        double high = document_number(document_item(range, 1), 0);
        if (document_count(range) == 2 && low > high) {
            struct finding *finding =
                lint_tell(lint, range, r == 0, "range",
                          "the lower end of %s is above the upper one", ranges[r]);
            finding_mend(finding, "%s: [%s, %s]", ranges[r],
                         document_text(document_item(range, 1)),
                         document_text(document_item(range, 0)));
        }
    }
}

/* ---- Placeholders ---- */

static bool is_word(const char *text, size_t length, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strlen(*words) == length && strncmp(*words, text, length) == 0) {
            return true;
        }
    }
    return false;
}

/* {name} in a query; ${name} may also be a variable of the environment. */
static void check_placeholder(struct lint *lint, const struct document_value *query,
                              const char *name, size_t length, bool is_variable,
                              const char *property)
{
    static const char *const objects[] = {"object", "table", "model", "schema", NULL};
    static const char *const columns[] = {"property", "column", "field", NULL};
    static const char *const all[] = {"object",   "table",  "model", "schema",
                                      "property", "column", "field", NULL};
    if (is_word(name, length, objects)) {
        return;
    }
    if (is_word(name, length, columns)) {
        if (property == NULL) {
            lint_tell(lint, query, true, "placeholder",
                      "the query has {%.*s}, but its rule belongs to no column",
                      (int)length, name);
        }
        return;
    }
    if (!is_variable) {
        char *word = string_copy_bytes(name, length);
        const char *near = string_nearest(word, all);
        struct finding *finding = lint_tell(lint, query, false, "placeholder",
                                            "the query has {%.40s}, which nobody fills: "
                                            "there are {object} and {property}",
                                            word);
        if (near != NULL) {
            finding_mend(finding, "write {%s}", near);
        }
        free(word);
    }
}

static void check_query(struct lint *lint, const struct document_value *query,
                        const char *property)
{
    const char *text = document_text(query);
    const char *start = text;
    while (text != NULL && (text = strchr(text, '{')) != NULL) {
        const char *name = ++text;
        while (isalnum((unsigned char)*text) || *text == '_') {
            text++;
        }
        if (text > name && *text == '}' && !isdigit((unsigned char)*name)) {
            check_placeholder(lint, query, name, (size_t)(text - name),
                              name - start >= 2 && name[-2] == '$', property);
        }
    }
}

/* ---- One rule ---- */

static void check_rule(struct lint *lint, const struct document_value *rule,
                       const struct lint_spot *spot)
{
    const struct document_value *arguments = document_get(rule, "arguments");
    check_operators(lint, rule);
    check_ranges(lint, rule);
    lint_columns(lint, spot->columns, document_get(arguments, "properties"), "the rule");
    lint_pattern(lint, document_get(arguments, "pattern"));
    check_query(lint, document_get(rule, "query"), spot->property);
}

void lint_quality(struct lint *lint, const struct document_value *list,
                  const struct lint_spot *spot)
{
    lint_named_once(
        lint, list,
        (struct lint_once){.key = "name", .what = "the rule", .is_warning = true});
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *rule = document_item(list, i);
        if (document_kind(rule) == DOCUMENT_MAP) {
            check_rule(lint, rule, spot);
        }
    }
}
