/* catalog/read_gate: what mesh.yaml asks of statements: the order of classifications,
 * purposes, small groups, what may leave. What it means is decided by engine/gate.h.
 *
 * A rule that is not understood stays in the index and opens nothing: it is told as a
 * problem, and what it left open counts as the strictest it could have meant.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

enum { AT_LEAST_USUAL = 5, AT_LEAST_MOST = 1000000000 };

/* NULL-terminated lists of the keys of an entry. */
static const char *const purpose_keys[] = {"classification", "table", "except",
                                           "description", NULL};
static const char *const group_keys[] = {"classification", "table",       "at_least",
                                         "except",         "description", NULL};
static const char *const leaving_keys[] = {"classification", "ways",        "answer",
                                           "except",         "description", NULL};

static const struct gate_list {
    const char *key, *kind;
    const char *const *keys;
} gate_lists[] = {
    {"purposes", "purpose", purpose_keys},
    {"small_groups", "small group", group_keys},
    {"leaving", "leaving", leaving_keys},
};

static void complain(struct build *build, const struct document_value *value,
                     const char *sentence)
{
    build_problem(build, "mesh.yaml", document_place(value), true, "gate", "%s",
                  sentence);
}

static bool is_among(const char *const *words, const char *word)
{
    for (; *words != NULL; words++) {
        if (string_equal(*words, word)) {
            return true;
        }
    }
    return false;
}

static void check_keys(struct build *build, const struct document_value *rule,
                       const struct gate_list *list)
{
    for (size_t i = 0; i < document_count(rule); i++) {
        const char *key = NULL;
        struct document_place place;
        document_member(rule, i, &key, &place);
        if (key != NULL && !is_among(list->keys, key)) {
            const char *near = string_nearest(key, list->keys);
            build_problem(build, "mesh.yaml", place, true, "gate",
                          "an entry of `%s` has no key %s%s%s", list->key, key,
                          near != NULL ? "; did you mean " : "",
                          near != NULL ? near : "");
        }
    }
}

/* One word or a list of words, one a line; NULL: none. */
static char *read_lines(struct build *build, const struct document_value *list)
{
    struct text lines = {0};
    if (document_text(list) != NULL) {
        return string_copy(document_text(list));
    }
    for (size_t i = 0; i < document_count(list); i++) {
        const char *word = document_text(document_item(list, i));
        if (word == NULL) {
            complain(build, document_item(list, i),
                     "a list of words has something else in it, which is left out");
            continue;
        }
        text_printf(&lines, "%s%s", lines.length > 0 ? "\n" : "", word);
    }
    return lines.length > 0 ? text_take(&lines) : NULL;
}

static long long read_at_least(struct build *build, const struct document_value *rule)
{
    const struct document_value *value = document_get(rule, "at_least");
    double number = document_number(value, value == NULL ? AT_LEAST_USUAL : 0);
    if (number >= 2 && number <= AT_LEAST_MOST && floor(number) == number) {
        return (long long)number;
    }
    complain(build, value,
             "`at_least` is a whole number from 2 to 1000000000; until then no group is "
             "large enough");
    return AT_LEAST_MOST;
}

/* Yours; NULL: all ways, which it is as well when one of them is not understood. */
static char *read_ways(struct build *build, const struct document_value *rule)
{
    static const char *const known[] = {"copy", "export", "publish", NULL};
    const struct document_value *ways = document_get(rule, "ways");
    const char *one = document_text(ways);
    bool fits = one == NULL || is_among(known, one);
    for (size_t i = 0; one == NULL && i < document_count(ways); i++) {
        const char *word = document_text(document_item(ways, i));
        fits = fits && word != NULL && is_among(known, word);
    }
    if (!fits) {
        complain(build, ways,
                 "`ways` are copy, export and publish; until then it is about all of "
                 "them");
        return NULL;
    }
    return read_lines(build, ways);
}

static const char *read_answer(struct build *build, const struct document_value *rule)
{
    const char *answer = document_get_text(rule, "answer");
    if (answer != NULL && !string_equal(answer, "refuse") &&
        !string_equal(answer, "purpose")) {
        complain(build, document_get(rule, "answer"),
                 "`answer` is refuse or purpose; until then it is refused");
        return "refuse";
    }
    return answer != NULL ? answer : "refuse";
}

static void read_rule(struct build *build, const struct document_value *rule,
                      const struct gate_list *list)
{
    const char *classification = document_get_text(rule, "classification");
    const char *table = document_get_text(rule, "table");
    bool is_leaving = string_equal(list->kind, "leaving");
    check_keys(build, rule, list);
    if (document_kind(rule) != DOCUMENT_MAP ||
        (classification == NULL && (table == NULL || is_leaving))) {
        build_problem(build, "mesh.yaml", document_place(rule), true, "gate",
                      "an entry of `%s` is about a classification%s; until then it is "
                      "about everything",
                      list->key, is_leaving ? "" : " or a table");
    }
    char *except = read_lines(build, document_get(rule, "except"));
    char *ways = read_ways(build, rule);
    build_insert(build, INSERT_GATE_RULE, "ssslsssi", list->kind, classification,
                 is_leaving ? NULL : table,
                 string_equal(list->kind, "small group") ? read_at_least(build, rule) : 0,
                 ways, is_leaving ? read_answer(build, rule) : NULL, except,
                 document_place(rule).line);
    free(except);
    free(ways);
}

static void read_order(struct build *build, const struct document_value *list)
{
    if (list != NULL && document_kind(list) != DOCUMENT_LIST) {
        complain(build, list, "`classifications` is a list of words, the least first");
    }
    for (size_t i = 0; i < document_count(list); i++) {
        const char *word = document_text(document_item(list, i));
        if (word == NULL) {
            complain(build, document_item(list, i),
                     "`classifications` has words only; this is left out");
        } else {
            build_insert(build, INSERT_CLASSIFICATION, "si", word, (int)i + 1);
        }
    }
}

void read_mesh_gate(struct build *build, const struct document_value *root)
{
    read_order(build, document_get(root, "classifications"));
    for (size_t i = 0; i < sizeof gate_lists / sizeof *gate_lists; i++) {
        const struct document_value *list = document_get(root, gate_lists[i].key);
        bool is_list = document_kind(list) == DOCUMENT_LIST;
        if (document_kind(list) != DOCUMENT_NULL && !is_list) {
            build_problem(build, "mesh.yaml", document_place(list), true, "gate",
                          "`%s` is a list of rules", gate_lists[i].key);
            read_rule(build, list, &gate_lists[i]);
        }
        for (size_t k = 0; is_list && k < document_count(list); k++) {
            read_rule(build, document_item(list, k), &gate_lists[i]);
        }
    }
}
