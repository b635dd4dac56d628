/* cell_tree: JSON as lines that open and close.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/cell_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/document.h"

enum { OPEN_NODES = 60, INDENT = 2 };

static struct cell_node *node_at(const struct cell_tree *tree, size_t index)
{
    return array_at(&tree->nodes, index);
}

/* ---- Reading ---- */

static void fill_scalar(struct cell_node *node, const struct document_value *value)
{
    struct text text = {0};
    switch (document_kind(value)) {
    case DOCUMENT_STRING:
        text_append_json(&text, document_text(value));
        node->role = ROLE_SQL_STRING;
        break;
    case DOCUMENT_NULL:
        text_append(&text, "null");
        node->role = ROLE_NULL;
        break;
    default:
        text_append(&text, document_text(value));
        node->role = ROLE_NUMBER;
        break;
    }
    node->value = text_take(&text);
}

/* Depth is bounded by document.h. */
static void add_node(struct cell_tree *tree, const struct document_value *value,
                     const char *key, int depth)
{
    size_t index = tree->nodes.count;
    bool is_map = document_kind(value) == DOCUMENT_MAP;
    size_t count = document_count(value);
    struct cell_node *node = array_push(&tree->nodes);
    *node = (struct cell_node){.depth = depth, .key = string_copy(key), .role = ROLE_DIM};
    if (!is_map && document_kind(value) != DOCUMENT_LIST) {
        fill_scalar(node, value);
    } else {
        struct text text = {0};
        text_append_char(&text, is_map ? '{' : '[');
        text_append_count(&text, (long long)count, is_map ? "member" : "item");
        text_append_char(&text, is_map ? '}' : ']');
        node->value = text_take(&text);
        node->holds_others = count > 0;
        for (size_t i = 0; i < count; i++) {
            const char *name = NULL;
            char number[24];
            struct document_place place;
            const struct document_value *one =
                is_map ? document_member(value, i, &name, &place)
                       : document_item(value, i);
            snprintf(number, sizeof number, "%zu", i);
            add_node(tree, one, is_map ? name : number, depth + 1);
        }
    }
    node_at(tree, index)->end = tree->nodes.count;
}

static void find_seen(struct cell_tree *tree)
{
    array_clear(&tree->seen);
    for (size_t i = 0; i < tree->nodes.count;) {
        const struct cell_node *node = node_at(tree, i);
        *(size_t *)array_push(&tree->seen) = i;
        i = node->holds_others && !node->is_open ? node->end : i + 1;
    }
    list_set_count(&tree->list, (int)tree->seen.count);
}

bool cell_tree_read(struct cell_tree *tree, const char *bytes, size_t length)
{
    struct document_place place;
    struct error err = {0};
    size_t start = 0;
    while (start < length && strchr(" \t\r\n", bytes[start]) != NULL) {
        start++;
    }
    if (start == length || (bytes[start] != '{' && bytes[start] != '[')) {
        return false;
    }
    struct document *document =
        document_parse(bytes, length, DOCUMENT_JSON_DATA, &place, &err);
    if (document == NULL) {
        return false;
    }
    tree->nodes = (struct array)ARRAY_OF(struct cell_node);
    tree->seen = (struct array)ARRAY_OF(size_t);
    add_node(tree, document_root(document), NULL, 0);
    document_free(document);
    for (size_t i = 0; i < tree->nodes.count; i++) {
        struct cell_node *node = node_at(tree, i);
        node->is_open = i == 0 || tree->nodes.count <= OPEN_NODES;
    }
    find_seen(tree);
    return true;
}

void cell_tree_release(struct cell_tree *tree)
{
    for (size_t i = 0; i < tree->nodes.count; i++) {
        free(node_at(tree, i)->key);
        free(node_at(tree, i)->value);
    }
    array_release(&tree->nodes);
    array_release(&tree->seen);
    free(tree->searched);
}

/* ---- Where one is ---- */

static size_t selected_index(const struct cell_tree *tree)
{
    const size_t *index = array_at(&tree->seen, (size_t)tree->list.selected);
    return index != NULL ? *index : 0;
}

const struct cell_node *cell_tree_selected(const struct cell_tree *tree)
{
    return node_at(tree, selected_index(tree));
}

static bool holds(const struct cell_tree *tree, size_t index, size_t other)
{
    return index < other && other < node_at(tree, index)->end;
}

void cell_tree_path(const struct cell_tree *tree, struct text *out)
{
    size_t at = selected_index(tree);
    size_t start = out->length;
    for (size_t i = 1; i <= at;) {
        const struct cell_node *node = node_at(tree, i);
        if (i == at || holds(tree, i, at)) {
            text_printf(out, "%s%s", out->length > start ? "." : "", node->key);
            i++;
        } else {
            i = node->end;
        }
    }
}

static void select_node(struct cell_tree *tree, size_t index)
{
    for (size_t i = 0; i < tree->seen.count; i++) {
        if (*(size_t *)array_at(&tree->seen, i) == index) {
            list_select(&tree->list, (int)i);
            return;
        }
    }
}

/* ---- Opening and closing ---- */

void cell_tree_toggle(struct cell_tree *tree)
{
    size_t index = selected_index(tree);
    struct cell_node *node = node_at(tree, index);
    node->is_open = !node->is_open;
    find_seen(tree);
    select_node(tree, index);
}

void cell_tree_open(struct cell_tree *tree, bool open)
{
    size_t index = selected_index(tree);
    struct cell_node *node = node_at(tree, index);
    if (!open && !(node->holds_others && node->is_open)) {
        size_t parent = index;
        while (parent > 0 && !holds(tree, parent, index)) {
            parent--;
        }
        select_node(tree, parent);
        return;
    }
    node->is_open = open;
    find_seen(tree);
    select_node(tree, index);
}

void cell_tree_open_all(struct cell_tree *tree, bool open)
{
    size_t index = selected_index(tree);
    for (size_t i = 0; i < tree->nodes.count; i++) {
        node_at(tree, i)->is_open = open || i == 0;
    }
    find_seen(tree);
    select_node(tree, open ? index : 0);
}

/* ---- Searching, closed parts too ---- */

bool cell_tree_find(struct cell_tree *tree, const char *text, int direction)
{
    size_t count = tree->nodes.count;
    size_t from = selected_index(tree);
    for (size_t step = 1; step <= count; step++) {
        size_t index = (from + (direction > 0 ? step : count * 2 - step)) % count;
        const struct cell_node *node = node_at(tree, index);
        if ((node->key != NULL && string_contains_fold(node->key, text)) ||
            string_contains_fold(node->value, text)) {
            for (size_t i = 0; i < index; i++) {
                struct cell_node *other = node_at(tree, i);
                other->is_open = other->is_open || holds(tree, i, index);
            }
            find_seen(tree);
            select_node(tree, index);
            return true;
        }
    }
    return false;
}

/* ---- Drawing ---- */

static const char *sign_of(const struct cell_node *node, bool ascii)
{
    if (!node->holds_others) {
        return " ";
    }
    return node->is_open ? (ascii ? "v" : "▾") : (ascii ? ">" : "▸");
}

void cell_tree_draw(struct cell_tree *tree, struct view view, bool ascii)
{
    list_show(&tree->list, view.height);
    for (int y = 0; y < view.height; y++) {
        size_t line = (size_t)tree->list.top + (size_t)y;
        const size_t *index = array_at(&tree->seen, line);
        if (index == NULL) {
            break;
        }
        const struct cell_node *node = node_at(tree, *index);
        int x = node->depth * INDENT;
        x += view_text(view, x, y, style_of(ROLE_DIM), sign_of(node, ascii), -1) + 1;
        if (node->key != NULL) {
            x += view_text(view, x, y, style_of(ROLE_COLUMN), node->key, -1);
            x += view_text(view, x, y, style_of(ROLE_DIM), ": ", 2);
        }
        view_field(view, x, y, view.width - 1 - x, style_of(node->role), node->value, -1,
                   false);
        if (line == (size_t)tree->list.selected) {
            view_restyle(view, 0, y, view.width - 1, style_of(ROLE_SELECTED));
        }
    }
    list_draw_bar(view, tree->list.top, view.height, tree->list.count);
}
