/* lineage/decide: what decides which rows a SELECT has, beyond what its clauses read as
 * they stand: joined columns, aliases, ordinals, min() and max(), DISTINCT.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/core.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

static void join_column(struct core *core, size_t index)
{
    const struct made_column *column = array_at(&core->out->columns, index);
    if (column != NULL) {
        set_join(&core->out->rows, &column->direct);
        set_join(&core->out->rows, &column->own);
    }
}

/* Columns that tables are joined by: USING and NATURAL are not told as reads. */
static void read_joined(struct core *core, const char *name, struct set *out)
{
    for (size_t i = 0; i < core->from.items.count; i++) {
        const struct from_item *item = array_at(&core->from.items, i);
        struct text text = {0};
        if (item->label == NULL) {
            continue;
        }
        store_quote_name(&text, item->label);
        text_append(&text, ".");
        store_quote_name(&text, name);
        core_read_alone(core, text_string(&text), out);
        text_release(&text);
    }
}

static struct array joined_names(struct core *core)
{
    struct array names = ARRAY_OF(char *), seen = ARRAY_OF(char *);
    bool is_natural = false;
    for (size_t i = 0; i < core->from.items.count; i++) {
        const struct from_item *item = array_at(&core->from.items, i);
        is_natural = is_natural || item->is_natural;
        for (size_t k = 0; k < item->using.count; k++) {
            *(char **)array_push(&names) =
                string_copy(*(char **)array_at(&item->using, k));
        }
    }
    for (size_t i = 0; i < core->from.items.count && is_natural; i++) {
        const struct from_item *item = array_at(&core->from.items, i);
        struct prepared star = {0};
        bool done = item->label != NULL && core_prepare_star(core, item->label, &star);
        for (size_t k = 0; done && k < star.names.count; k++) {
            const char *name = *(char **)array_at(&star.names, k);
            struct array *into = core_has_name(&seen, name) ? &names : &seen;
            *(char **)array_push(into) = string_copy(name);
        }
        prepared_release(&star);
    }
    sql_names_release(&seen);
    return names;
}

static bool says(const struct part *part, const char *name, bool bare)
{
    for (size_t i = part->from; i < part->to; i++) {
        if (!token_is_name(part, i) || (bare && token_is(part, i - 1, "."))) {
            continue;
        }
        char *said = token_name(part, i);
        bool is_it = string_equal_fold(said, name);
        free(said);
        if (is_it) {
            return true;
        }
    }
    return false;
}

/* With RIGHT and FULL a joined column is whichever side has it: a function that is made
 * without telling what it reads. */
static void read_using(struct core *core)
{
    struct array names = joined_names(core);
    for (size_t n = 0; n < names.count; n++) {
        const char *name = *(char **)array_at(&names, n);
        struct set reads = {0}, direct = {0};
        read_joined(core, name, &reads);
        core_absorb(core, &reads, &direct, &direct, &core->out->rows);
        set_join(&core->out->rows, &direct);
        for (size_t i = 0; i < core->items.count && core->from.is_outer; i++) {
            const struct item *item = array_at(&core->items, i);
            struct made_column *column = array_at(&core->out->columns, i);
            struct text bare = {0};
            store_quote_name(&bare, name);
            if (says(&item->part, name, true) ||
                string_equal_fold(item->text, text_string(&bare))) {
                set_join(&column->direct, &direct);
            }
            text_release(&bare);
        }
        set_release(&reads);
        set_release(&direct);
    }
    sql_names_release(&names);
}

/* Aliases that the rest uses: without them it reads something else, or nothing. */
static void read_aliases(struct core *core)
{
    for (size_t i = 0; i < core->items.count; i++) {
        const struct item *item = array_at(&core->items, i);
        if (item->alias == NULL) {
            continue;
        }
        struct text name = {0};
        /* Only the quotes are taken off; a doubled one inside finds itself elsewhere. */
        text_append_bytes(&name, item->alias + 1, strlen(item->alias) - 2);
        bool is_said = says(&core->tail, text_string(&name), true) ||
                       strstr(item->alias + 1, "\"\"") != NULL;
        text_release(&name);
        if (!is_said) {
            continue;
        }
        struct prepared without;
        struct set more = {0};
        bool done = core_prepare(core, CORE_NONE, i, &without);
        if (done) {
            reads_beyond(&without.reads, &core->plain.reads, &more);
        }
        if (!done || more.count > 0) {
            join_column(core, i);
        }
        prepared_release(&without);
        set_release(&more);
    }
}

/* The terms of GROUP BY or ORDER BY: array of struct part, without ASC and so on. */
static struct array terms_of(const struct core *core, const char *const *clause)
{
    static const char *const clauses[] = {"HAVING", "WINDOW", "ORDER", "LIMIT", NULL};
    static const char *const ends[] = {"ASC", "DESC", "COLLATE", "NULLS", NULL};
    size_t start = token_find(&core->tail, core->tail.from, clause);
    if (start >= core->tail.to) {
        return (struct array)ARRAY_OF(struct part);
    }
    struct part list = {core->tail.in, start + 2,
                        token_find(&core->tail, start + 1, clauses)};
    list.from = list.from < list.to ? list.from : list.to;
    struct array terms = part_split(&list);
    for (size_t i = 0; i < terms.count; i++) {
        struct part *term = array_at(&terms, i);
        term->to = token_find(term, term->from, ends);
    }
    return terms;
}

static const char *const group_by[] = {"GROUP", NULL};
static const char *const order_by[] = {"ORDER", NULL};

/* ORDER BY 2: the second column. */
static void read_ordinals(struct core *core, const char *const *clause)
{
    struct array terms = terms_of(core, clause);
    for (size_t i = 0; i < terms.count; i++) {
        const struct part *term = array_at(&terms, i);
        const struct token *token = token_at(term, term->from);
        if (term->to - term->from == 1 && token->kind == SQL_NUMBER) {
            size_t ordinal = strtoul(term->in->sql + token->start, NULL, 10);
            join_column(core, ordinal - 1);
        }
    }
    array_release(&terms);
}

/* ---- min() and max(): which row the other columns are of ---- */

static bool is_extreme(const struct part *part)
{
    static const char *const names[] = {"min", "max", NULL};
    for (size_t i = part->from; i < part->to; i++) {
        if (token_opens_query(part, i)) { /* another's */
            i = token_at(part, i)->match;
        } else if (token_is_any(part, i, names) && token_is(part, i + 1, "(")) {
            return true;
        }
    }
    return false;
}

static bool same_text(const struct part *a, const struct part *b)
{
    size_t count = a->to - a->from;
    bool same = count == b->to - b->from;
    for (size_t i = 0; i < count && same; i++) {
        const struct token *x = token_at(a, a->from + i), *y = token_at(b, b->from + i);
        same = x->length == y->length &&
               sqlite3_strnicmp(a->in->sql + x->start, b->in->sql + y->start,
                                (int)x->length) == 0;
    }
    return same;
}

/* One call of a function and nothing else, or one of the GROUP BY: the same in all rows
 * of a group. */
static bool is_of_group(const struct part *part, const struct array *groups)
{
    if (part->to > part->from + 1 && token_is(part, part->from + 1, "(") &&
        token_next(part, part->from + 1) == part->to) {
        return true;
    }
    for (size_t i = 0; i < groups->count; i++) {
        if (same_text(part, array_at(groups, i))) {
            return true;
        }
    }
    return false;
}

static void read_extremes(struct core *core)
{
    struct array groups = terms_of(core, group_by);
    for (size_t i = 0; i < core->items.count; i++) {
        const struct item *extreme = array_at(&core->items, i);
        if (!is_extreme(&extreme->part)) {
            continue;
        }
        const struct made_column *from = array_at(&core->out->columns, i);
        for (size_t k = 0; k < core->items.count; k++) {
            const struct item *item = array_at(&core->items, k);
            struct made_column *column = array_at(&core->out->columns, k);
            if (k != i && !is_of_group(&item->part, &groups)) {
                set_join(&column->own, &from->direct);
                set_join(&column->own, &from->own);
            }
        }
    }
    array_release(&groups);
}

void core_decide(struct core *core)
{
    read_using(core);
    /* First, for an alias may name what it decides about. */
    read_extremes(core);
    read_aliases(core);
    read_ordinals(core, group_by);
    read_ordinals(core, order_by);
    if (core->is_distinct) {
        relation_distinct(core->out);
    }
}
