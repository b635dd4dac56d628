/* jsonscan_members: nodes in an array, found by a hash table with open places.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/jsonscan_members.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_LEAST = 64 };

void members_init(struct members *members, bool keep_nested, const char *const *whole)
{
    *members = (struct members){.keep_nested = keep_nested,
                                .whole = whole,
                                .nodes = ARRAY_OF(struct members_node),
                                .columns = ARRAY_OF(struct members_column),
                                .slot_count = SLOTS_LEAST};
    members->slots = memory_new_many(SLOTS_LEAST, sizeof *members->slots);
    struct members_node *root = array_push(&members->nodes);
    root->column = MEMBERS_NO_COLUMN;
}

void members_copy(struct members *members, const struct members *from)
{
    members_init(members, from->keep_nested, from->whole);
    free(members->slots);
    members->slot_count = from->slot_count;
    members->slots = memory_new_many(from->slot_count, sizeof *members->slots);
    memcpy(members->slots, from->slots, from->slot_count * sizeof *members->slots);
    array_clear(&members->nodes);
    for (uint32_t i = 0; i < from->nodes.count; i++) {
        struct members_node *node = array_push(&members->nodes);
        *node = *members_node(from, i);
        node->seen = 0;
    }
    for (size_t i = 0; i < from->columns.count; i++) {
        struct members_column *column = array_push(&members->columns);
        *column = *(const struct members_column *)array_at(&from->columns, i);
        column->name = string_copy_bytes(column->name, column->length);
    }
    text_append_bytes(&members->bytes, text_string(&from->bytes), from->bytes.length);
}

static void drop_columns(struct members *members, size_t count)
{
    while (members->columns.count > count) {
        struct members_column *last =
            (struct members_column *)members->columns.items + --members->columns.count;
        members_node(members, last->node)->column = MEMBERS_NO_COLUMN;
        free(last->name);
    }
}

void members_release(struct members *members)
{
    drop_columns(members, 0);
    array_release(&members->columns);
    array_release(&members->nodes);
    text_release(&members->bytes);
    free(members->slots);
}

/* ---- Finding ---- */

/* Eight bytes at a time, each mixed in by a multiplication with an odd number. */
static uint32_t hash_name(uint32_t parent, const char *name, size_t length)
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = (parent + 1) * odd ^ length;
    for (; length >= 8; name += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, name, sizeof word);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 29;
    }
    uint64_t rest = 0;
    memcpy(&rest, name, length);
    hash = (hash ^ rest) * odd;
    return (uint32_t)(hash >> 32);
}

static void slots_put(struct members *members, uint32_t number)
{
    size_t mask = members->slot_count - 1;
    size_t slot = members_node(members, number)->hash & mask;
    while (members->slots[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    members->slots[slot] = number;
}

static void slots_fill(struct members *members)
{
    memset(members->slots, 0, members->slot_count * sizeof *members->slots);
    for (uint32_t i = 1; i < members->nodes.count; i++) {
        slots_put(members, i);
    }
}

static void slots_grow(struct members *members)
{
    if (members->nodes.count * 2 >= members->slot_count) {
        members->slot_count *= 2;
        members->slots =
            memory_resize(members->slots, members->slot_count * sizeof *members->slots);
        slots_fill(members);
    }
}

/* Its path is given back for free(). */
static char *node_path(const struct members *members, uint32_t number, size_t *length)
{
    const struct members_node *node = members_node(members, number);
    size_t total = node->name_length;
    for (uint32_t i = node->parent; i != MEMBERS_ROOT;
         i = members_node(members, i)->parent) {
        total += members_node(members, i)->name_length + 1;
    }
    char *path = memory_new(total + 1);
    *length = total;
    for (uint32_t i = number; i != MEMBERS_ROOT; i = members_node(members, i)->parent) {
        node = members_node(members, i);
        total -= node->name_length;
        memcpy(path + total, text_string(&members->bytes) + node->name,
               node->name_length);
        if (total > 0) {
            path[--total] = '.';
        }
    }
    return path;
}

static bool node_is_whole(const struct members *members, uint32_t number)
{
    bool whole = members->keep_nested;
    if (!whole && members->whole != NULL) {
        size_t length;
        char *path = node_path(members, number, &length);
        for (size_t i = 0; !whole && members->whole[i] != NULL; i++) {
            whole = string_equal(members->whole[i], path);
        }
        free(path);
    }
    return whole;
}

static uint32_t node_new(struct members *members, uint32_t parent, const char *name,
                         size_t length)
{
    uint32_t number = (uint32_t)members->nodes.count;
    struct members_node *node = array_push(&members->nodes);
    node->parent = parent;
    node->hash = hash_name(parent, name, length);
    node->depth = (uint16_t)(members_node(members, parent)->depth + 1);
    node->column = MEMBERS_NO_COLUMN;
    node->name = members->bytes.length;
    node->name_length = (uint32_t)length;
    text_append_bytes(&members->bytes, name, length);
    node->whole = node_is_whole(members, number);
    slots_put(members, number);
    slots_grow(members);
    return number;
}

uint32_t members_find(struct members *members, uint32_t parent, const char *name,
                      size_t length)
{
    uint32_t hash = hash_name(parent, name, length);
    size_t mask = members->slot_count - 1;
    for (size_t slot = hash & mask; members->slots[slot] != 0; slot = (slot + 1) & mask) {
        const struct members_node *node = members_node(members, members->slots[slot]);
        if (node->hash == hash && node->parent == parent && node->name_length == length &&
            memcmp(text_string(&members->bytes) + node->name, name, length) == 0) {
            return members->slots[slot];
        }
    }
    return node_new(members, parent, name, length);
}

void members_add_column(struct members *members, uint32_t node)
{
    members_node(members, node)->column = (int)members->columns.count;
    struct members_column *column = array_push(&members->columns);
    column->node = node;
    column->name = node_path(members, node, &column->length);
}

/* ---- Learning ---- */

void members_learn(struct members *members, uint32_t from, const char *gap, size_t length,
                   const struct members_edge *edge)
{
    struct members_node *node = members_node(members, from);
    if (length == 0 || length > EDGE_MOST) {
        node->edge.length = 0;
        return;
    }
    node->edge = *edge;
    node->edge.length = (uint16_t)length;
    node->edge.last_mask = (uint16_t)(0xFFFFu >> (15 - (length - 1) % 16));
    memcpy(node->gap, gap, length);
}

void members_forget(struct members *members, size_t nodes, size_t columns)
{
    drop_columns(members, columns);
    if (members->nodes.count == nodes) {
        return;
    }
    text_truncate(&members->bytes, members_node(members, (uint32_t)nodes)->name);
    members->nodes.count = nodes;
    for (uint32_t i = 0; i < nodes; i++) {
        struct members_edge *edge = &members_node(members, i)->edge;
        edge->length = edge->to >= nodes ? 0 : edge->length;
    }
    slots_fill(members);
}
