/* diff/compare: two trees, side by side, into changes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <stdlib.h>

#include "engine/diff/changes.h"
#include "engine/text.h"

static void compare_children(struct diff_spot *spot, const struct array *before,
                             const struct array *after);

/* ---- Fields ---- */

static bool is_compared(const struct diff_node *before, const struct diff_node *after)
{
    bool is_bare_table =
        before->kind == DIFF_TABLE && (before->is_data || after->is_data);
    return !before->is_made && !after->is_made && !is_bare_table;
}

static void compare_field(struct diff_spot *spot, const struct diff_pair *pair,
                          const char *field)
{
    const char *old_value = diff_node_get(pair->before, field);
    const char *new_value = diff_node_get(pair->after, field);
    if (diff_is_same(pair->before->kind, field, old_value, new_value)) {
        return;
    }
    struct array turns =
        diff_turns(pair->before, pair->after, field, old_value, new_value);
    for (size_t i = 0; i < turns.count; i++) {
        diff_add_field(spot, pair, field, array_at(&turns, i));
    }
    diff_turns_release(&turns);
}

static void compare_fields(struct diff_spot *spot, const struct diff_pair *pair)
{
    if (!is_compared(pair->before, pair->after)) {
        return;
    }
    /* The name is what they were matched by, but for things with an id. */
    for (size_t i = 0; i < pair->before->fields.count; i++) {
        const struct diff_field *field = array_at(&pair->before->fields, i);
        compare_field(spot, pair, field->name);
    }
    for (size_t i = 0; i < pair->after->fields.count; i++) {
        const struct diff_field *field = array_at(&pair->after->fields, i);
        if (diff_node_get(pair->before, field->name) == NULL) {
            compare_field(spot, pair, field->name);
        }
    }
}

/* ---- Columns of a table ---- */

/* What was declared about a column and what its values look like are not the same kind of
 * fact: only a number that is none is told. */
static void compare_look(struct diff_spot *spot, const struct diff_pair *pair)
{
    const struct diff_node *declared = pair->before->is_data ? pair->after : pair->before;
    const struct diff_node *seen = pair->before->is_data ? pair->before : pair->after;
    const char *type = diff_type_name(diff_node_get(declared, "type"));
    bool is_number =
        string_equal_fold(type, "integer") || string_equal_fold(type, "number");
    bool has_text = string_equal(diff_node_get(seen, "type"), "string");
    bool has_fraction = string_equal_fold(type, "integer") &&
                        string_equal(diff_node_get(seen, "type"), "number");
    if ((is_number && has_text) || has_fraction) {
        struct diff_turn turn = {DIFF_CHANGED,
                                 (char *)diff_node_get(pair->before, "type"),
                                 (char *)diff_node_get(pair->after, "type")};
        diff_add_field(spot, pair, "look", &turn);
    }
}

static void compare_column(struct diff_spot *outer, const struct diff_pair *pair,
                           const char *field)
{
    if (pair->before == NULL || pair->after == NULL) {
        diff_add_whole(outer, pair, field);
        return;
    }
    if (pair->is_renamed) {
        diff_add_whole(outer, pair, outer->is_drift ? "called" : NULL);
    }
    struct diff_spot spot = diff_spot_in(outer, pair->before, pair->after);
    if (pair->before->is_data != pair->after->is_data) {
        compare_look(&spot, pair);
    } else if (!outer->is_whole_only) {
        compare_fields(&spot, pair);
        compare_children(&spot, &pair->before->children, &pair->after->children);
    }
    diff_spot_release(&spot);
}

/* Names of the columns that both sides have, in the order of one of them. */
static char *order_of(const struct array *pairs, bool is_new)
{
    struct text names = {0};
    int last = 0;
    for (size_t count = 0; count < 8; count++) {
        const struct diff_node *next = NULL;
        for (size_t i = 0; i < pairs->count; i++) {
            const struct diff_pair *pair = array_at(pairs, i);
            const struct diff_node *node = is_new ? pair->after : pair->before;
            if (pair->before != NULL && pair->after != NULL && node->position > last &&
                (next == NULL || node->position < next->position)) {
                next = node;
            }
        }
        if (next == NULL) {
            return text_take(&names);
        }
        text_printf(&names, "%s%s", count > 0 ? ", " : "", next->name);
        last = next->position;
    }
    text_append(&names, " ...");
    return text_take(&names);
}

static void compare_order(struct diff_spot *spot, const struct diff_pair *tables,
                          const struct array *pairs)
{
    bool is_other = false;
    int last = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct diff_pair *pair = array_at(pairs, i);
        if (pair->before != NULL && pair->after != NULL) {
            is_other = is_other || pair->after->position < last;
            last = pair->after->position;
        }
    }
    if (is_other) {
        struct diff_turn turn = {DIFF_CHANGED, order_of(pairs, false),
                                 order_of(pairs, true)};
        diff_add_field(spot, tables, "columns", &turn);
        free(turn.before);
        free(turn.after);
    }
}

static void compare_columns(struct diff_spot *spot, const struct diff_pair *tables,
                            const struct array *before, const struct array *after)
{
    struct array pairs = diff_match(before, after, DIFF_COLUMN);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct diff_pair *pair = array_at(&pairs, i);
        const char *field = !spot->is_drift        ? NULL
                            : pair->before == NULL ? "undeclared"
                                                   : "missing";
        compare_column(spot, pair, field);
    }
    if (!spot->is_drift) {
        compare_order(spot, tables, &pairs);
    }
    diff_pairs_release(&pairs);
}

static bool has_columns(const struct diff_node *table)
{
    return !table->is_data && diff_node_count(table, DIFF_COLUMN) > 0;
}

static const struct array *best_columns(const struct diff_node *table)
{
    return has_columns(table) || table->seen.count == 0 ? &table->children : &table->seen;
}

/* The promises, where both sides made some, and the data, where both sides have some;
 * else whatever each side has. */
static void compare_tables(struct diff_spot *spot, const struct diff_pair *pair)
{
    const struct diff_node *before = pair->before, *after = pair->after;
    size_t first = spot->report->changes.count;
    bool is_promised = has_columns(before) && has_columns(after);
    bool is_seen = before->seen.count > 0 && after->seen.count > 0;
    spot->in_contract = has_columns(before) || has_columns(after);
    spot->in_data = !is_promised;
    compare_columns(spot, pair, best_columns(before), best_columns(after));
    if (is_promised && is_seen) {
        spot->in_contract = false;
        spot->in_data = true;
        spot->is_whole_only = true;
        spot->merge_from = first;
        spot->merges = true;
        compare_columns(spot, pair, &before->seen, &after->seen);
        spot->merges = false;
        spot->is_whole_only = false;
    }
    spot->in_contract = true;
    spot->in_data = false;
}

/* ---- Everything ---- */

static void compare_pair(struct diff_spot *outer, const struct diff_pair *pair)
{
    const struct diff_node *before = pair->before, *after = pair->after;
    if (before == NULL || after == NULL) {
        diff_add_whole(outer, pair, NULL);
        return;
    }
    if (pair->is_renamed) {
        diff_add_whole(outer, pair, NULL);
    }
    struct diff_spot spot = diff_spot_in(outer, before, after);
    compare_fields(&spot, pair);
    if (before->kind == DIFF_TABLE) {
        compare_tables(&spot, pair);
    }
    compare_children(&spot, &before->children, &after->children);
    diff_spot_release(&spot);
}

static void compare_children(struct diff_spot *spot, const struct array *before,
                             const struct array *after)
{
    if (before->count == 0 && after->count == 0) {
        return;
    }
    for (int kind = 0; kind < DIFF_KINDS; kind++) {
        if (kind == DIFF_COLUMN && spot->node_kind == DIFF_TABLE) {
            continue; /* by compare_tables() */
        }
        if (spot->is_bare && kind != DIFF_TABLE) {
            continue; /* data say nothing of people, licences, rules */
        }
        struct array pairs = diff_match(before, after, (enum diff_kind)kind);
        for (size_t i = 0; i < pairs.count; i++) {
            const struct diff_pair *pair = array_at(&pairs, i);
            if (kind == DIFF_COLUMN) {
                compare_column(spot, pair, NULL);
            } else {
                compare_pair(spot, pair);
            }
        }
        diff_pairs_release(&pairs);
    }
}

/* A contract by itself has no product to lose. */
static void drop_lonely_products(struct array *from, const struct array *other)
{
    for (size_t i = 0; i < other->count; i++) {
        if ((*(struct diff_node **)array_at(other, i))->kind == DIFF_PRODUCT) {
            return;
        }
    }
    for (size_t i = from->count; i-- > 0;) {
        if ((*(struct diff_node **)array_at(from, i))->kind == DIFF_PRODUCT) {
            array_remove(from, i);
        }
    }
}

static struct array copy_of(const struct array *nodes)
{
    struct array copy = ARRAY_OF(struct diff_node *);
    for (size_t i = 0; i < nodes->count; i++) {
        *(struct diff_node **)array_push(&copy) =
            *(struct diff_node **)array_at(nodes, i);
    }
    return copy;
}

void diff_trees(const struct diff_node *before, const struct diff_node *after,
                struct diff_report *report)
{
    struct array olds = copy_of(&before->children), news = copy_of(&after->children);
    drop_lonely_products(&olds, &news);
    drop_lonely_products(&news, &olds);
    struct diff_spot spot = {
        .report = report,
        .node_kind = DIFF_KINDS,
        .in_contract = true,
        .is_many = diff_node_count(before, DIFF_CONTRACT) > 1 ||
                   diff_node_count(after, DIFF_CONTRACT) > 1,
        .are_many_products = diff_node_count(before, DIFF_PRODUCT) > 1 ||
                             diff_node_count(after, DIFF_PRODUCT) > 1,
    };
    compare_children(&spot, &olds, &news);
    array_release(&olds);
    array_release(&news);
}

/* ---- What a side promises against the data it has ---- */

void diff_promise_and_data(const struct diff_node *root, struct diff_report *report)
{
    struct diff_spot spot = {
        .report = report,
        .node_kind = DIFF_KINDS,
        .is_drift = true,
        .in_data = true,
        .is_many = diff_node_count(root, DIFF_CONTRACT) > 1,
    };
    for (size_t i = 0; i < root->children.count; i++) {
        struct diff_node *contract = *(struct diff_node **)array_at(&root->children, i);
        struct diff_spot inner = diff_spot_in(&spot, contract, contract);
        for (size_t k = 0; k < contract->children.count; k++) {
            struct diff_node *table =
                *(struct diff_node **)array_at(&contract->children, k);
            if (table->kind == DIFF_TABLE && has_columns(table) &&
                table->seen.count > 0) {
                struct diff_pair pair = {.before = table, .after = table};
                struct diff_spot own = diff_spot_in(&inner, table, table);
                compare_columns(&own, &pair, &table->children, &table->seen);
                diff_spot_release(&own);
            }
        }
        diff_spot_release(&inner);
    }
}
