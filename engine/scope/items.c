/* scope/items: the expressions of a result, and what they are called.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope/private.h"

#include <stdlib.h>

/* `AS name`, or a name behind an operand. Moves the end before it. */
static char *take_alias(const struct scope *scope, size_t first, size_t *end)
{
    size_t count = *end - first;
    const struct sql_token *last = scope_token(scope, *end - 1);
    if (count >= 1 && scope_is(scope, last, "AS")) {
        *end -= 1; /* the alias is yet to come */
        return NULL;
    }
    if (count < 2) {
        return NULL;
    }
    if (scope_is(scope, scope_token(scope, *end - 2), "AS") && scope_is_name(last)) {
        *end -= 2;
        return scope_name_of(scope, last);
    }
    bool name = last->kind == SQL_NAME || last->kind == SQL_STRING;
    if (name && scope_is_operand(scope, *end - 2)) {
        *end -= 1;
        return scope_name_of(scope, last);
    }
    return NULL;
}

/* a, a.b, a.b.c, with `*` instead of the last. */
static bool take_column(const struct scope *scope, struct scope_item *item, size_t first,
                        size_t end)
{
    const struct sql_token *names[3] = {NULL};
    size_t count = 0;
    for (size_t i = first; i < end; i++) {
        const struct sql_token *token = scope_token(scope, i);
        bool dot = (i - first) % 2 == 1;
        bool last = i + 1 == end;
        if (dot ? !scope_is(scope, token, ".")
                : !(token->kind == SQL_NAME || (scope_is(scope, token, "*") && last) ||
                    (i > first && scope_is_name(token)) ||
                    (token->kind == SQL_KEYWORD && end - first == 1))) {
            return false;
        }
        if (!dot && count == 3) {
            return false;
        }
        if (!dot) {
            names[count++] = token;
        }
    }
    if (count == 0 || (end - first) % 2 == 0) {
        return false;
    }
    item->is_star = scope_is(scope, names[count - 1], "*");
    item->name = item->is_star ? NULL : scope_name_of(scope, names[count - 1]);
    item->qualifier = count > 1 ? scope_name_of(scope, names[count - 2]) : NULL;
    item->schema = count > 2 ? scope_name_of(scope, names[0]) : NULL;
    return true;
}

void scope_item_add(struct scope *scope, size_t query, size_t first, size_t end)
{
    struct array *items = &scope_query_at(scope, query)->items;
    if (first < end &&
        scope_is_among(scope, scope_token(scope, first), " DISTINCT ALL ")) {
        first++;
    }
    if (first >= end || items->count >= SCOPE_COLUMNS_MOST) {
        return;
    }
    struct scope_item item = {0};
    item.alias = take_alias(scope, first, &end);
    if (end <= first) {
        free(item.alias); /* AS and a name, and nothing that is called so */
    } else {
        size_t start = scope_token(scope, first)->start;
        item.text =
            (struct scope_part){start, scope_end(scope_token(scope, end - 1)) - start};
        take_column(scope, &item, first, end);
        *(struct scope_item *)array_push(items) = item;
    }
}
