/* diff/model: the tree of one side.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <stdlib.h>

#include "engine/text.h"

enum { MOST_LOOKED_THROUGH = 5000 };

struct diff_node *diff_node_new(enum diff_kind kind, const char *key, const char *name)
{
    struct diff_node *node = memory_new(sizeof *node);
    node->kind = kind;
    node->key = string_copy(key != NULL ? key : "");
    node->name = string_copy(name != NULL ? name : node->key);
    node->fields = (struct array)ARRAY_OF(struct diff_field);
    node->children = (struct array)ARRAY_OF(struct diff_node *);
    node->seen = (struct array)ARRAY_OF(struct diff_node *);
    return node;
}

static void free_all(struct array *nodes)
{
    for (size_t i = 0; i < nodes->count; i++) {
        diff_node_free(*(struct diff_node **)array_at(nodes, i));
    }
    array_release(nodes);
}

/* As deep as columns nest: the catalog reads some twenty levels. */
void diff_node_free(struct diff_node *node)
{
    if (node == NULL) {
        return;
    }
    for (size_t i = 0; i < node->fields.count; i++) {
        struct diff_field *field = array_at(&node->fields, i);
        free(field->name);
        free(field->value);
    }
    array_release(&node->fields);
    free_all(&node->children);
    free_all(&node->seen);
    free(node->sample.hashes);
    free(node->key);
    free(node->name);
    free(node->file);
    free(node);
}

void diff_node_set(struct diff_node *node, const char *field, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        struct diff_field *added = array_push(&node->fields);
        added->name = string_copy(field);
        added->value = string_copy(value);
    }
}

const char *diff_node_get(const struct diff_node *node, const char *field)
{
    for (size_t i = 0; node != NULL && i < node->fields.count; i++) {
        const struct diff_field *held = array_at(&node->fields, i);
        if (string_equal(held->name, field)) {
            return held->value;
        }
    }
    return NULL;
}

int diff_node_line(const struct diff_node *node, const char *field)
{
    for (size_t i = 0; i < node->fields.count; i++) {
        const struct diff_field *held = array_at(&node->fields, i);
        if (held->line > 0 && string_equal(held->name, field)) {
            return held->line;
        }
    }
    return node->line;
}

struct diff_node *diff_node_child(const struct diff_node *parent, enum diff_kind kind,
                                  const char *key)
{
    for (size_t i = 0; i < parent->children.count; i++) {
        struct diff_node *child = *(struct diff_node **)array_at(&parent->children, i);
        if (child->kind == kind && string_equal(child->key, key)) {
            return child;
        }
    }
    return NULL;
}

bool diff_node_adopt(struct diff_node *parent, struct diff_node *child)
{
    /* Columns are told apart by the database already, and what lies at the root by its
     * key; among very many siblings a double one is no worse than the time to find it. */
    bool is_looked_for = child->kind != DIFF_COLUMN && child->kind != DIFF_TABLE &&
                         parent->kind != DIFF_KINDS &&
                         parent->children.count < MOST_LOOKED_THROUGH;
    if (is_looked_for && diff_node_child(parent, child->kind, child->key) != NULL) {
        diff_node_free(child);
        return false;
    }
    *(struct diff_node **)array_push(&parent->children) = child;
    return true;
}

size_t diff_node_count(const struct diff_node *parent, enum diff_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < parent->children.count; i++) {
        count += (*(struct diff_node **)array_at(&parent->children, i))->kind == kind;
    }
    return count;
}
