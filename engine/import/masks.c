/* masks: columns whose values are not for every eye: which they are, which are left out,
 * and what stands for their values. The rules themselves are mask.h's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/import/json_value.h"
#include "engine/import/plan.h"
#include "engine/policy.h"
#include "engine/text.h"

/* ---- Rules ---- */

static size_t rule_count(const struct plan *plan)
{
    return plan->spec->masks != NULL ? plan->spec->masks->count : 0;
}

static const struct policy_mask *rule_at(const struct plan *plan, size_t index)
{
    return array_at(plan->spec->masks, index);
}

static const struct catalog_column *masked_at(const struct plan *plan, size_t index)
{
    const struct catalog_column *declared = plan_declared(plan, index);
    return catalog_is_open(declared->classification) ? NULL : declared;
}

const char *plan_masked(const struct plan *plan)
{
    if (rule_count(plan) > 0) {
        return rule_at(plan, 0)->column;
    }
    for (size_t i = 0; i < plan->columns.count; i++) {
        if (plan_column(plan, i)->rule.kind != MASK_NONE) {
            return plan_column(plan, i)->name;
        }
    }
    for (size_t i = 0; i < plan_declared_count(plan); i++) {
        const struct catalog_column *masked = masked_at(plan, i);
        if (masked != NULL) {
            return masked->name;
        }
    }
    return NULL;
}

/* By the name in the contract; a column that it does not know, by its own. */
static bool rule_means(const struct policy_mask *mask, const struct plan_column *column)
{
    return column->declared != NULL ? string_equal(mask->column, column->declared->name)
                                    : string_equal_fold(mask->column, column->name);
}

/* What it stores: its parser is never to be asked for a value, and would give none. */
static enum typing_fit parse_nothing(const struct typing_rules *rules, const char *text,
                                     size_t length, struct typing_value *value)
{
    (void)rules;
    (void)text;
    (void)length;
    value->type = VALUE_NULL;
    return FIT_YES;
}

static const struct typing_kind masked_kinds[] = {
    [STORAGE_TEXT] = {"", STORAGE_TEXT, parse_nothing},
    [STORAGE_INTEGER] = {"", STORAGE_INTEGER, parse_nothing},
    [STORAGE_REAL] = {"", STORAGE_REAL, parse_nothing},
};

static enum typing_storage masked_storage(const struct plan_column *column)
{
    bool real = column->raw != NULL && column->raw->storage == STORAGE_REAL;
    switch (column->rule.kind) {
    case MASK_YEAR:
        return STORAGE_INTEGER;
    case MASK_ROUND:
        return real ? STORAGE_REAL : STORAGE_INTEGER;
    case MASK_NONE:
    case MASK_DROP:
    case MASK_NULL:
    case MASK_TOKEN:
    case MASK_FIRST:
    case MASK_MONTH:
        break;
    }
    return STORAGE_TEXT;
}

static struct mask_rule find_rule(const struct plan *plan,
                                  const struct plan_column *column)
{
    const struct import_strangers *strangers = &plan->spec->strangers;
    for (size_t i = 0; i < rule_count(plan); i++) {
        const struct policy_mask *mask = rule_at(plan, i);
        if (rule_means(mask, column)) {
            return mask->rule;
        }
    }
    return column->declared == NULL && strangers->rule != NULL
               ? strangers->rule(strangers->context, column->name)
               : (struct mask_rule){MASK_NONE, 0};
}

void plan_mask_column(struct plan *plan, struct plan_column *column)
{
    column->rule = find_rule(plan, column);
    if (column->rule.kind != MASK_NONE) {
        column->key = plan->spec->mask_key;
        column->raw = column->inferred ? NULL : column->kind;
        column->inferred = false;
        column->empty_is_null = true;
        column->kind = &masked_kinds[masked_storage(column)];
        column->storage = column->kind->storage;
    }
}

/* ---- Which columns there are ---- */

static bool is_classified(const struct plan_column *column)
{
    return column->declared != NULL && !catalog_is_open(column->declared->classification);
}

static bool lacks_classified(const struct plan *plan)
{
    for (size_t i = 0; i < plan_declared_count(plan); i++) {
        const struct catalog_column *masked = masked_at(plan, i);
        if (masked != NULL && !plan_uses(plan, masked)) {
            return true;
        }
    }
    return false;
}

/* "a" and "a.b", "a[0]": a part of it, in JSON. */
static bool is_within(const char *part, const char *whole)
{
    size_t length = strlen(whole);
    return length > 0 && strncasecmp(part, whole, length) == 0 &&
           (part[length] == '.' || part[length] == '[');
}

/* Its parts may be there instead. */
static bool lacks_rule(const struct plan *plan, const struct policy_mask *mask)
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        const struct plan_column *column = plan_column(plan, i);
        if (rule_means(mask, column) || is_within(column->name, mask->column)) {
            return false;
        }
    }
    return true;
}

/* The first masked column that the files do not have, or NULL. */
static const char *lacking(const struct plan *plan)
{
    for (size_t i = 0; i < rule_count(plan); i++) {
        if (lacks_rule(plan, rule_at(plan, i))) {
            return rule_at(plan, i)->column;
        }
    }
    return NULL;
}

static bool is_like(const char *name, const char *masked, bool is_declared)
{
    return is_within(name, masked) || is_within(masked, name) ||
           (!is_declared && string_equal_fold(name, masked));
}

/* Called like a masked column, which is another one; or a part of one, or around one. */
static bool may_hold_masked(const struct plan *plan, const struct plan_column *column)
{
    const char *written = column->original != NULL ? column->original : column->name;
    bool is_declared = column->declared != NULL;
    for (size_t i = 0; i < rule_count(plan); i++) {
        const char *masked = rule_at(plan, i)->column;
        if (is_like(column->name, masked, is_declared) ||
            is_like(written, masked, is_declared)) {
            return true;
        }
        for (size_t d = 0; d < plan_declared_count(plan); d++) {
            const struct catalog_column *declared = plan_declared(plan, d);
            if (declared->physical_name != NULL && string_equal(declared->name, masked) &&
                is_like(written, declared->physical_name, is_declared)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_left_out(const struct plan *plan, const struct plan_column *column)
{
    if (column->rule.kind != MASK_NONE) {
        return column->rule.kind == MASK_DROP;
    }
    return (plan->is_guarded && column->declared == NULL) ||
           may_hold_masked(plan, column);
}

void plan_choose_columns(struct plan *plan)
{
    bool lost = lacks_classified(plan);
    plan->is_guarded = lacking(plan) != NULL;
    array_clear(&plan->shown);
    for (size_t i = 0; i < plan->columns.count; i++) {
        struct plan_column *column = plan_column(plan, i);
        column->masked = column->rule.kind != MASK_NONE || is_classified(column) ||
                         (column->declared == NULL && lost);
        column->place = -1;
        if (!is_left_out(plan, column)) {
            column->place = (int)plan->shown.count;
            *(size_t *)array_push(&plan->shown) = i;
        }
    }
}

/* ---- What is told ---- */

/* "name (shown as a token), street (left out)": of those that have a rule, or are part
 * of one that has. */
static void list_masked(const struct plan *plan, struct text *names)
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        const struct plan_column *column = plan_column(plan, i);
        bool has_rule = column->rule.kind != MASK_NONE;
        bool is_known = column->declared != NULL || (has_rule && !plan->is_guarded);
        struct mask_rule drop = {.kind = MASK_DROP};
        if (is_known && (has_rule || column->place < 0)) {
            text_printf(names, "%s%s (", names->length > 0 ? ", " : "", column->name);
            mask_describe(column->place < 0 ? &drop : &column->rule, names);
            text_append(names, ")");
        }
    }
}

static size_t count_strangers(const struct plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->columns.count; i++) {
        const struct plan_column *column = plan_column(plan, i);
        bool has_rule = column->rule.kind != MASK_NONE;
        count += column->place < 0 && column->declared == NULL &&
                 (plan->is_guarded || !has_rule);
    }
    return count;
}

void plan_note_masks(struct plan *plan)
{
    const char *table = plan->spec->table, *lost = lacking(plan);
    struct text names = {0};
    list_masked(plan, &names);
    if (names.length > 0) {
        text_printf(plan->notes, "%s: masked: %s.\n", table, text_string(&names));
    }
    text_release(&names);
    size_t strangers = count_strangers(plan);
    if (strangers > 0) {
        text_printf(plan->notes,
                    "%s: %zu column%s that the contract does not know %s left out: %s.\n",
                    table, strangers, strangers == 1 ? "" : "s",
                    strangers == 1 ? "was" : "were",
                    lost != NULL ? "a masked column is missing, and may have another name"
                                 : "what is called so may hold masked values");
    }
    if (lost != NULL) {
        text_printf(plan->notes, "%s: the masked column %s is missing [missing-label].\n",
                    table, lost);
    }
}

/* ---- Values ---- */

/* A number that is written with the signs of its column, as SQLite would print it. */
static void unmark(const struct typing_rules *rules, const char *text, size_t length,
                   struct typing_value *raw)
{
    char plain[TYPING_PLAIN];
    long long integer;
    double real;
    bool whole;
    if (typing_unmark(rules, text, length, plain, &length) && length <= MASK_ROOM &&
        (typing_is_integer(plain, length, &integer) ||
         typing_is_real(plain, length, rules->numbers, &real, &whole))) {
        memcpy(raw->made, plain, length);
        raw->made_length = length;
    }
}

/* The value that nobody will see. */
static enum typing_fit raw_value(const struct plan_column *column, const char *text,
                                 const struct reader_cell *cell, struct typing_value *raw)
{
    struct typing_rules rules = column->rules;
    *raw = (struct typing_value){.type = VALUE_TEXT, .cut = SIZE_MAX};
    if (cell->kind == CELL_NUMBER) {
        rules.decimal = rules.group = NULL;
    }
    if (column->raw != NULL) {
        return column->raw->parse(&rules, text, cell->length, raw);
    }
    if (cell->kind == CELL_NUMBER) {
        json_number(text, cell->length, rules.numbers, raw);
    } else if (cell->kind == CELL_BOOLEAN) {
        raw->type = VALUE_INTEGER;
        raw->integer = text[0] == 't' ? 1 : 0;
    } else if (cell->kind == CELL_TEXT && typing_has_marks(&rules)) {
        unmark(&rules, text, cell->length, raw);
    }
    return FIT_YES;
}

/* Masked text to a whole number. */
static void number_of(const char *text, long length, struct typing_value *value)
{
    char digits[MASK_ROOM + 1];
    value->type = VALUE_NULL;
    if (length > 0 && length <= MASK_ROOM) {
        memcpy(digits, text, (size_t)length);
        digits[length] = '\0';
        value->type = VALUE_INTEGER;
        value->integer = strtoll(digits, NULL, 10);
    }
}

/* `text` is the cell, or what was made of it. */
static void mask_text(const struct plan_column *column, const char *text, size_t length,
                      bool is_cell, struct typing_value *value)
{
    const struct mask_rule *rule = &column->rule;
    bool keeps = rule->kind == MASK_FIRST || rule->kind == MASK_MONTH;
    if (rule->kind == MASK_YEAR) {
        number_of(text, mask_kept(rule, text, length), value);
        return;
    }
    if (keeps && is_cell) {
        long kept = mask_kept(rule, text, length);
        value->type = kept >= 0 ? VALUE_TEXT : VALUE_NULL;
        value->cut = kept >= 0 ? (size_t)kept : 0;
        return;
    }
    long masked =
        mask_apply(rule, column->key, text, length, value->made, sizeof value->made);
    if (rule->kind == MASK_ROUND) {
        number_of(value->made, masked, value);
        return;
    }
    value->type = masked >= 0 ? VALUE_TEXT : VALUE_NULL;
    value->made_length = masked >= 0 ? (size_t)masked : 0;
}

enum typing_fit plan_mask_value(const struct plan_column *column, const char *text,
                                const struct reader_cell *cell,
                                struct typing_value *value)
{
    struct typing_value raw;
    char printed[MASK_ROOM];
    size_t length = cell->length;
    value->made_length = 0;
    value->cut = 0; /* nothing of the cell is ever shown by mistake */
    enum typing_fit fit = raw_value(column, text, cell, &raw);
    fit = fit == FIT_YES ? FIT_YES : FIT_NO;
    switch (raw.type) {
    case VALUE_NULL:
        value->type = VALUE_NULL;
        return fit;
    case VALUE_INTEGER:
        length = (size_t)snprintf(printed, sizeof printed, "%lld", raw.integer);
        text = printed;
        break;
    case VALUE_REAL:
        length = mask_print_real(raw.real, printed);
        text = printed;
        break;
    case VALUE_TEXT: {
        const char *from = text;
        text = typing_text(&raw, text, &length);
        mask_text(column, text, length, text == from, value);
        return fit;
    }
    }
    mask_text(column, text, length, false, value);
    return fit;
}
