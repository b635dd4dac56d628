/* diff/changes: how a change is written down.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/changes.h"

#include <stdlib.h>
#include <string.h>

#include "engine/secret.h"
#include "engine/text.h"

/* ---- Paths ---- */

/* Tables and columns go by their names, other things stand under a head. */
static const struct {
    const char *head;  /* NULL: none */
    const char *value; /* the field that says most of the whole thing */
} kinds[DIFF_KINDS] = {
    [DIFF_PRODUCT] = {"product", "version"},
    [DIFF_PORT] = {"ports", "contractId"},
    [DIFF_INPUT] = {"inputs", "version"},
    [DIFF_CONTRACT] = {"contract", "version"},
    [DIFF_TABLE] = {NULL, NULL},
    [DIFF_COLUMN] = {NULL, "type"},
    [DIFF_KEY] = {"keys", NULL},
    [DIFF_RELATION] = {"relations", NULL},
    [DIFF_RULE] = {"rules", "threshold"},
    [DIFF_SERVER] = {"servers", "location"},
    [DIFF_SLA] = {"sla", "value"},
    [DIFF_PROMISE] = {"promises", "value"},
    [DIFF_PRICE] = {"prices", "price"},
    [DIFF_ROLE] = {"roles", "access"},
    [DIFF_MEMBER] = {"team", "role"},
    [DIFF_SUPPORT] = {"support", "url"},
    [DIFF_DEFINITION] = {"definitions", "type"},
    [DIFF_TAG] = {"tags", NULL},
    [DIFF_SYNONYM] = {"synonyms", NULL},
    [DIFF_CONTEXT] = {"context", "answer"},
    [DIFF_CUSTOM] = {"custom", "value"},
};

static char *path_of(const struct diff_spot *outer, const struct diff_node *node)
{
    struct text path = {0};
    bool is_root = node->kind == DIFF_CONTRACT || node->kind == DIFF_PRODUCT;
    bool is_named =
        node->kind == DIFF_CONTRACT ? outer->is_many : outer->are_many_products;
    if (outer->path != NULL && outer->path[0] != '\0') {
        bool is_contract = outer->node_kind == DIFF_CONTRACT;
        text_printf(&path, "%s%s", outer->path, is_contract ? "/" : ".");
    }
    if (is_root) {
        text_append(&path, is_named                     ? node->name
                           : node->kind == DIFF_PRODUCT ? "product"
                                                        : "");
        return text_take(&path);
    }
    if (kinds[node->kind].head != NULL) {
        text_printf(&path, "%s.", kinds[node->kind].head);
    }
    text_append(&path, node->name);
    return text_take(&path);
}

struct diff_spot diff_spot_in(const struct diff_spot *outer,
                              const struct diff_node *before,
                              const struct diff_node *after)
{
    struct diff_spot spot = *outer;
    spot.is_bare = before->is_made || before->is_data || after->is_made || after->is_data;
    spot.path = path_of(outer, before);
    spot.node_kind = before->kind;
    if (before->kind == DIFF_TABLE) {
        spot.table = before->name;
    } else if (before->kind == DIFF_COLUMN) {
        spot.column = before->name;
    } else if (before->kind == DIFF_CONTRACT) {
        const char *id = diff_node_get(before, "id");
        spot.contract = id != NULL ? id : before->key;
        spot.product = before->name;
    } else if (before->kind == DIFF_PRODUCT) {
        spot.product = before->name;
    }
    return spot;
}

void diff_spot_release(struct diff_spot *spot)
{
    free(spot->path);
    spot->path = NULL;
}

/* ---- Changes ---- */

static const char *const words[] = {
    [DIFF_ADDED] = "added",
    [DIFF_ADDED_REQUIRED] = "added",
    [DIFF_REMOVED] = "removed",
    [DIFF_RENAMED] = "renamed",
};

static const char *word_of(enum diff_way way)
{
    return way <= DIFF_RENAMED ? words[way] : "changed";
}

/* The place of what is in a contract; data have none. */
static struct diff_place place_of(const struct diff_node *node)
{
    if (node == NULL || node->is_data) {
        return (struct diff_place){NULL, 0};
    }
    return (struct diff_place){string_copy(node->file), node->line};
}

static char *value_of(const struct diff_node *node)
{
    if (node == NULL) {
        return NULL;
    }
    if (node->kind == DIFF_TABLE) {
        size_t columns = diff_node_count(node, DIFF_COLUMN);
        columns = columns > 0 ? columns : node->seen.count;
        return string_printf("%zu %s", columns, columns == 1 ? "column" : "columns");
    }
    const char *field = kinds[node->kind].value;
    return string_copy(field != NULL ? diff_node_get(node, field) : NULL);
}

/* The same was seen where it was looked before: it is in both. */
static bool merge(struct diff_spot *spot, const char *what, const char *change,
                  const char *new_name)
{
    struct array *changes = &spot->report->changes;
    for (size_t i = spot->merge_from; spot->merges && i < changes->count; i++) {
        struct diff_change *held = array_at(changes, i);
        bool is_same = string_equal(held->what, what) &&
                       string_equal(held->change, change) &&
                       (new_name == NULL || string_equal(held->new_value, new_name));
        if (is_same && held->in_contract) {
            held->in_data = true;
            return true;
        }
    }
    return false;
}

static struct diff_change *add_change(struct diff_spot *spot,
                                      const struct diff_pair *pair,
                                      const struct diff_rule *rule)
{
    struct diff_change *change = array_push(&spot->report->changes);
    *change = (struct diff_change){
        .old_place = place_of(pair->before),
        .new_place = place_of(pair->after),
        .in_contract = spot->is_drift ? pair->before != NULL : spot->in_contract,
        .in_data = spot->is_drift ? pair->after != NULL : spot->in_data,
        .rule = rule,
        .table = string_copy(spot->table),
        .column = string_copy(spot->column),
        .contract = string_copy(spot->contract),
        .product = string_copy(spot->product),
        .hits = ARRAY_OF(char *),
    };
    return change;
}

static bool is_demanded(const struct diff_node *column)
{
    const char *required = diff_node_get(column, "required");
    return column->kind == DIFF_COLUMN && required != NULL &&
           !string_equal_fold(required, "false");
}

/* Ports have rules by their direction, definitions by their type. */
static const char *rule_field_of(const struct diff_node *node)
{
    return node->kind == DIFF_PORT         ? diff_node_get(node, "direction")
           : node->kind == DIFF_DEFINITION ? diff_node_get(node, "type")
                                           : NULL;
}

void diff_add_whole(struct diff_spot *spot, const struct diff_pair *pair,
                    const char *field)
{
    const struct diff_node *node = pair->before != NULL ? pair->before : pair->after;
    if (node == NULL) {
        return;
    }
    enum diff_way way = pair->after == NULL    ? DIFF_REMOVED
                        : pair->before != NULL ? DIFF_RENAMED
                        : is_demanded(node)    ? DIFF_ADDED_REQUIRED
                                               : DIFF_ADDED;
    char *what = path_of(spot, node);
    if (what[0] == '\0') {
        free(what);
        what = string_copy(node->name);
    }
    bool is_renamed = way == DIFF_RENAMED;
    if (merge(spot, what, word_of(way), is_renamed ? pair->after->name : NULL)) {
        free(what);
        return;
    }
    const struct diff_rule *rule =
        diff_rule_of(node->kind, field != NULL ? field : rule_field_of(node), way);
    struct diff_change *change = add_change(spot, pair, rule);
    change->change = word_of(way);
    change->what = what;
    change->old_value =
        is_renamed ? string_copy(pair->before->name) : value_of(pair->before);
    change->new_value =
        is_renamed ? string_copy(pair->after->name) : value_of(pair->after);
    change->evidence = string_copy(pair->evidence);
    if (pair->before != NULL && node->kind == DIFF_TABLE) {
        free(change->table);
        change->table = string_copy(node->name);
    } else if (pair->before != NULL && node->kind == DIFF_COLUMN) {
        free(change->column);
        change->column = string_copy(node->key);
    }
}

/* Addresses may hold secrets, which are no news. */
static char *shown(const char *value)
{
    bool is_address = value != NULL && strstr(value, "://") != NULL;
    return is_address ? secret_redact(value) : string_copy(value);
}

void diff_add_field(struct diff_spot *spot, const struct diff_pair *pair,
                    const char *field, const struct diff_turn *turn)
{
    bool is_of_root = spot->path == NULL || spot->path[0] == '\0';
    char *what = string_printf("%s.%s", is_of_root ? "contract" : spot->path,
                               string_equal(field, "look") ? "type" : field);
    if (merge(spot, what, "changed", NULL)) {
        free(what);
        return;
    }
    struct diff_change *change =
        add_change(spot, pair, diff_rule_of(pair->before->kind, field, turn->way));
    if (change->old_place.path != NULL) {
        change->old_place.line = diff_node_line(pair->before, field);
    }
    if (change->new_place.path != NULL) {
        change->new_place.line = diff_node_line(pair->after, field);
    }
    change->change = "changed";
    change->what = what;
    change->old_value = shown(turn->before);
    change->new_value = shown(turn->after);
}
