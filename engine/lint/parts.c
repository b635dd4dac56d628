/* lint/parts: what several standards have in common: status, team, tags, positions, ids,
 * dates and variables.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- Status ---- */

void lint_status(struct lint *lint, const struct document_value *status)
{
    static const char *const words[] = {"proposed",   "draft",   "active",
                                        "deprecated", "retired", NULL};
    const char *text = document_text(status);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (text == NULL || string_equal_fold(text, words[i])) {
            return;
        }
    }
    const char *near = string_nearest(text, words);
    struct finding *finding =
        lint_tell(lint, status, false, "status",
                  "the status \"%s\" is none of proposed, draft, active, deprecated, "
                  "retired, so tools cannot go by it",
                  text);
    if (near != NULL) {
        finding_mend(finding, "status: %s", near);
    }
}

/* ---- Dates ---- */

/* ISO 8601 dates are in the order of their texts, as far as both are that long. */
static bool is_date(const char *text)
{
    for (size_t i = 0; text != NULL && i < 10; i++) {
        bool dash = i == 4 || i == 7;
        if (dash ? text[i] != '-' : !isdigit((unsigned char)text[i])) {
            return false;
        }
    }
    return text != NULL;
}

void lint_dates(struct lint *lint, const struct document_value *early,
                const struct document_value *late, const char *sentence)
{
    const char *first = document_text(early), *last = document_text(late);
    if (is_date(first) && is_date(last) && strncmp(last, first, 10) < 0) {
        lint_tell(lint, late, true, "dates", "%s: %.10s is before %.10s", sentence, last,
                  first);
    }
}

/* ---- Team ---- */

static void check_member(struct lint *lint, const struct lint_names *known,
                         const struct document_value *members,
                         const struct document_value *member)
{
    const struct document_value *next = document_get(member, "replacedByUsername");
    const char *name = document_text(next);
    lint_dates(lint, document_get(member, "dateIn"), document_get(member, "dateOut"),
               "a member of the team left before coming");
    if (name == NULL) {
        return;
    }
    if (string_equal(name, document_get_text(member, "username"))) {
        lint_tell(lint, next, true, "team", "%s is replaced by nobody else: %s", name,
                  "the same name stands in replacedByUsername");
    } else if (lint_names_find(known, members, name, strlen(name)) == NULL) {
        struct finding *finding =
            lint_tell(lint, next, false, "team",
                      "%s is to replace a member of the team, but is no member", name);
        const char *near =
            finding != NULL ? lint_names_nearest(known, members, name) : NULL;
        if (near != NULL) {
            finding_mend(finding, "replacedByUsername: %s", near);
        } else {
            finding_mend(finding, "add a member with the username %s", name);
        }
    }
}

void lint_members(struct lint *lint, const struct document_value *members)
{
    static const char *const keys[] = {"username", NULL};
    struct lint_names known = {.entries = ARRAY_OF(struct lint_name)};
    if (document_kind(members) != DOCUMENT_LIST) {
        return;
    }
    lint_names_add_list(&known, members, keys);
    lint_names_sort(&known);
    for (size_t i = 0; i < document_count(members); i++) {
        check_member(lint, &known, members, document_item(members, i));
    }
    lint_names_release(&known);
}

/* ---- Tags ---- */

void lint_tags(struct lint *lint, const struct document_value *owner)
{
    lint_named_once(lint, document_get(owner, "tags"),
                    (struct lint_once){.what = "the tag", .is_warning = true});
}

/* ---- Positions ---- */

struct position {
    double number;
    const struct document_value *at;
    size_t order;
};

static int compare_positions(const void *a, const void *b)
{
    const struct position *x = a, *y = b;
    int order = (x->number > y->number) - (x->number < y->number);
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static struct array collect_positions(const struct document_value *list,
                                      const struct lint_positions *spec)
{
    struct array all = ARRAY_OF(struct position);
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const struct document_value *at = document_get(item, spec->position);
        if (document_truth(document_get(item, spec->flag), false) &&
            document_kind(at) == DOCUMENT_NUMBER && document_number(at, -1) >= 0) {
            *(struct position *)array_push(&all) =
                (struct position){document_number(at, -1), at, i};
        }
    }
    return all;
}

void lint_positions(struct lint *lint, const struct document_value *list,
                    const struct lint_positions *spec)
{
    struct array all = collect_positions(list, spec);
    double expected = 1;
    if (all.count > 1) {
        qsort(all.items, all.count, all.item_size, compare_positions);
    }
    for (size_t i = 0; i < all.count; i++) {
        const struct position *here = array_at(&all, i);
        const struct position *last = array_at(&all, i - 1);
        if (last != NULL && last->number == here->number) {
            lint_tell(lint, here->at, true, "key-position",
                      "position %.0f of the %s is taken on line %d already", here->number,
                      spec->what, document_place(last->at).line);
            continue;
        }
        if (here->number != expected) {
            struct finding *finding =
                lint_tell(lint, here->at, false, "key-position",
                          "position %.0f of the %s follows on %.0f: positions count from "
                          "1 without gaps",
                          here->number, spec->what, expected - 1);
            finding_mend(finding, "%s: %.0f", spec->position, expected);
        }
        expected = here->number + 1;
    }
    array_release(&all);
}

/* ---- Everywhere ---- */

static size_t name_length(const char *text)
{
    size_t length = 0;
    if (isalpha((unsigned char)text[0]) || text[0] == '_') {
        while (isalnum((unsigned char)text[length]) || text[length] == '_') {
            length++;
        }
    }
    return length;
}

/* ${NAME} or ${NAME:-default}. In a query `$` may stand for anything else. */
static void check_variables(struct lint *lint, const struct document_value *value)
{
    const char *text = document_text(value);
    while (text != NULL && (text = strstr(text, "${")) != NULL) {
        size_t length = name_length(text + 2);
        const char *behind = text + 2 + length;
        const char *end = strchr(behind, '}');
        if (end == NULL) {
            struct finding *finding =
                lint_tell(lint, value, true, "variable",
                          "the variable %.40s is not closed with }", text);
            finding_mend(finding, "${%.*s}", (int)(length < 40 ? length : 40), text + 2);
            return;
        }
        if (length == 0 || (behind != end && strncmp(behind, ":-", 2) != 0)) {
            lint_tell(lint, value, true, "variable",
                      "%.*s is no variable: it is written ${NAME} or ${NAME:-default}",
                      (int)(end - text < 40 ? end - text + 1 : 40), text);
            return;
        }
        text = end;
    }
}

static bool holds_no_variables(const char *key)
{
    static const char *const keys[] = {"pattern",  "query",          "transformLogic",
                                       "examples", "implementation", "description"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (string_equal(key, keys[i])) {
            return true;
        }
    }
    return false;
}

static void check_list(struct lint *lint, const char *key,
                       const struct document_value *list)
{
    bool versioned = string_equal(key, "inputContracts");
    if (document_get(document_item(list, 0), "id") != NULL || document_count(list) > 1) {
        lint_named_once(lint, list,
                        (struct lint_once){.key = "id",
                                           .second = versioned ? "version" : NULL,
                                           .what = "the id"});
    }
    for (size_t i = 0; i < document_count(list); i++) {
        lint_everywhere(lint, document_item(list, i));
    }
}

void lint_everywhere(struct lint *lint, const struct document_value *value)
{
    enum document_kind kind = document_kind(value);
    if (kind == DOCUMENT_STRING) {
        check_variables(lint, value);
    }
    for (size_t i = 0; kind == DOCUMENT_MAP && i < document_count(value); i++) {
        const char *key;
        const struct document_value *member = document_member(value, i, &key, NULL);
        if (holds_no_variables(key)) {
            continue;
        }
        if (document_kind(member) == DOCUMENT_LIST) {
            check_list(lint, key, member);
        } else {
            lint_everywhere(lint, member);
        }
    }
    for (size_t i = 0; kind == DOCUMENT_LIST && i < document_count(value); i++) {
        lint_everywhere(lint, document_item(value, i));
    }
}
