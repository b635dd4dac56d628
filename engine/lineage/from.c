/* lineage/from: a FROM clause written again, and the tables in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/trace.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

static const char *const join_words[] = {"NATURAL", "LEFT",  "RIGHT", "FULL", "INNER",
                                         "CROSS",   "OUTER", "JOIN",  NULL};

/* A clause on its way. */
struct clause {
    struct trace *trace;
    struct part part;
    const struct scope *scope;
    struct from_list *list;
    struct text *out;
    bool is_natural; /* of the item that comes */
};

static void release_item(struct from_item *item)
{
    free(item->label);
    free(item->function);
    free(item->arguments);
    for (size_t i = 0; i < item->using.count; i++) {
        free(*(char **)array_at(&item->using, i));
    }
    array_release(&item->using);
}

void from_list_release(struct from_list *list)
{
    for (size_t i = 0; i < list->items.count; i++) {
        release_item(array_at(&list->items, i));
    }
    array_release(&list->items);
}

static void append_word(struct clause *clause, size_t index)
{
    const struct token *token = token_at(&clause->part, index);
    text_append(clause->out, " ");
    text_append_bytes(clause->out, clause->part.in->sql + token->start, token->length);
}

/* ---- Items ---- */

/* The alias at `index`, written; the label is it, or `name`. Behind it. */
static size_t take_alias(struct clause *clause, size_t index, const char *name,
                         bool needs_alias)
{
    static const char *const others[] = {"ON", "USING", "INDEXED", "NOT", NULL};
    const struct part *part = &clause->part;
    char *label = NULL;
    bool is_said = token_is(part, index, "AS");
    index += is_said;
    if (token_is_name(part, index) &&
        (is_said || (!token_is_any(part, index, others) &&
                     !token_is_any(part, index, join_words)))) {
        label = token_name(part, index++);
    } else if (name != NULL) {
        label = string_copy(name);
    }
    if (label != NULL && (needs_alias || !string_equal(label, name))) {
        text_append(clause->out, " AS ");
        store_quote_name(clause->out, label);
    }
    /* No index is there to be used. */
    if (token_is(part, index, "INDEXED")) {
        index += 3;
    } else if (token_is(part, index, "NOT") && token_is(part, index + 1, "INDEXED")) {
        index += 2;
    }
    if (clause->list != NULL) {
        struct from_item *item = array_push(&clause->list->items);
        *item = (struct from_item){
            .label = label, .is_natural = clause->is_natural, .using = ARRAY_OF(char *)};
    } else {
        free(label);
    }
    clause->is_natural = false;
    return index;
}

static size_t take_query(struct clause *clause, size_t index)
{
    struct part inner = {clause->part.in, index + 1,
                         token_at(&clause->part, index)->match};
    struct relation *relation = query_stand(clause->trace, &inner, clause->scope, NULL);
    if (relation != NULL) {
        text_printf(clause->out, " temp.%s", relation->stand);
        return take_alias(clause, inner.to + 1, relation->stand, false);
    }
    text_append(clause->out, " (");
    rewrite_query(clause->trace, &inner, clause->scope, clause->out);
    text_append(clause->out, ")");
    return take_alias(clause, inner.to + 1, NULL, true);
}

static size_t take_function(struct clause *clause, size_t open, const char *name)
{
    struct part arguments = {clause->part.in, open + 1,
                             token_at(&clause->part, open)->match};
    struct text text = {0};
    rewrite(clause->trace, &arguments, clause->scope, &text);
    text_append(clause->out, " ");
    store_quote_name(clause->out, name);
    text_printf(clause->out, "(%s)", text_string(&text));
    size_t index = take_alias(clause, arguments.to + 1, name, false);
    if (clause->list != NULL) {
        struct from_item *item =
            array_at(&clause->list->items, clause->list->items.count - 1);
        item->is_function = true;
        item->function = string_copy(name);
        item->arguments = text_take(&text);
    }
    text_release(&text);
    return index;
}

/* NAME or DATABASE.NAME: a stand, or the table itself. */
static size_t take_table(struct clause *clause, size_t index)
{
    const struct part *part = &clause->part;
    bool is_dotted = token_is(part, index + 1, ".") && token_is_name(part, index + 2);
    char *database = is_dotted ? token_name(part, index) : NULL;
    char *name = token_name(part, is_dotted ? index + 2 : index);
    const char *stand = NULL;
    bool stays = false;
    index += is_dotted ? 3 : 1;
    if (database == NULL && token_is(part, index, "(")) {
        index = take_function(clause, index, name);
    } else {
        if (database == NULL) {
            stand = scope_stand(clause->trace, clause->scope, name, &stays);
        }
        const char *above = clause->scope != NULL ? clause->scope->database : NULL;
        const char *within = database != NULL ? database : above;
        stand = stand != NULL || stays ? stand : view_stand(clause->trace, within, name);
        text_append(clause->out, " ");
        if (stand != NULL) {
            text_printf(clause->out, "temp.%s", stand);
        } else {
            if (within != NULL && !stays) {
                store_quote_name(clause->out, within);
                text_append(clause->out, ".");
            }
            store_quote_name(clause->out, name);
        }
        index = take_alias(clause, index, name, stand != NULL);
    }
    free(database);
    free(name);
    return index;
}

/* A join in parentheses: its tables are in sight as if they stood outside. */
static size_t take_nested(struct clause *clause, size_t index)
{
    struct part inner = {clause->part.in, index + 1,
                         token_at(&clause->part, index)->match};
    text_append(clause->out, " (");
    rewrite_from(clause->trace, &inner, clause->scope, clause->list, clause->out);
    text_append(clause->out, ")");
    return inner.to + 1;
}

/* ---- Between items ---- */

static size_t take_using(struct clause *clause, size_t index)
{
    const struct part *part = &clause->part;
    size_t end =
        token_is(part, index + 1, "(") ? token_at(part, index + 1)->match : index;
    for (; index <= end; index++) {
        append_word(clause, index);
        bool is_column = token_is_name(part, index) && !token_is(part, index, "USING");
        if (is_column && clause->list != NULL && clause->list->items.count > 0) {
            struct from_item *item =
                array_at(&clause->list->items, clause->list->items.count - 1);
            *(char **)array_push(&item->using) = token_name(part, index);
        }
    }
    return index;
}

static size_t take_on(struct clause *clause, size_t index)
{
    const struct part *part = &clause->part;
    size_t end = index + 1;
    while (end < part->to && !token_is(part, end, ",") &&
           !(token_at(part, end)->kind == SQL_KEYWORD &&
             token_is_any(part, end, join_words))) {
        end = token_next(part, end);
    }
    struct part condition = {part->in, index + 1, end};
    text_append(clause->out, " ON ");
    rewrite(clause->trace, &condition, clause->scope, clause->out);
    return end;
}

static size_t take_item(struct clause *clause, size_t index)
{
    const struct part *part = &clause->part;
    if (token_opens_query(part, index)) {
        return take_query(clause, index);
    }
    return token_is(part, index, "(") ? take_nested(clause, index)
                                      : take_table(clause, index);
}

void rewrite_from(struct trace *trace, const struct part *part, const struct scope *scope,
                  struct from_list *list, struct text *out)
{
    struct clause clause = {trace, *part, scope, list, out, false};
    bool expects = true;
    for (size_t i = part->from; i < part->to;) {
        bool is_item = token_is(part, i, "(") || token_is_name(part, i);
        if (token_at(part, i)->kind == SQL_KEYWORD && token_is_any(part, i, join_words)) {
            clause.is_natural = clause.is_natural || token_is(part, i, "NATURAL");
            if (list != NULL) {
                list->is_outer = list->is_outer || token_is(part, i, "RIGHT") ||
                                 token_is(part, i, "FULL");
            }
            expects = true;
            append_word(&clause, i++);
        } else if (expects && is_item) {
            expects = false;
            i = take_item(&clause, i);
        } else if (token_is(part, i, "USING")) {
            i = take_using(&clause, i);
        } else if (token_is(part, i, "ON")) {
            i = take_on(&clause, i);
        } else {
            expects = expects || token_is(part, i, ",");
            append_word(&clause, i++);
        }
    }
}
