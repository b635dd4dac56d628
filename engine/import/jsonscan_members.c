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
                                .columns = ARRAY_OF(uint32_t),
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
        *(uint32_t *)array_push(&members->columns) = members_column(from, i);
    }
    text_append_bytes(&members->bytes, text_string(&from->bytes), from->bytes.length);
}

static void drop_columns(struct members *members, size_t count)
{
    while (members->columns.count > count) {
        uint32_t node = members_column(members, --members->columns.count);
        members_node(members, node)->column = MEMBERS_NO_COLUMN;
    }
}

void members_release(struct members *members)
{
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

const struct members_node *members_at_level(const struct members *members, uint32_t node,
                                            size_t level)
{
    const struct members_node *at = members_node(members, node);
    while (at->depth > level + 1) {
        at = members_node(members, at->parent);
    }
    return at;
}

uint32_t members_adopt(struct members *members, const struct members *from, uint32_t node)
{
    uint32_t into = MEMBERS_ROOT;
    size_t levels = members_node(from, node)->depth;
    for (size_t level = 0; level < levels; level++) {
        const struct members_node *at = members_at_level(from, node, level);
        into = members_find(members, into, text_string(&from->bytes) + at->name,
                            at->name_length);
    }
    return into;
}

/* Its names with dots between; a NUL is '_', as in a column's name. */
static void spell_path(const struct members *members, uint32_t node, struct text *path)
{
    size_t levels = members_node(members, node)->depth;
    for (size_t level = 0; level < levels; level++) {
        const struct members_node *at = members_at_level(members, node, level);
        const char *name = text_string(&members->bytes) + at->name;
        text_append(path, level > 0 ? "." : "");
        for (size_t i = 0; i < at->name_length; i++) {
            text_append_char(path, name[i] == '\0' ? '_' : name[i]);
        }
    }
}

static bool node_is_whole(const struct members *members, uint32_t number)
{
    bool whole = members->keep_nested;
    if (!whole && members->whole != NULL && members->whole[0] != NULL) {
        struct text path = {0};
        spell_path(members, number, &path);
        for (size_t i = 0; !whole && members->whole[i] != NULL; i++) {
            whole = string_equal(members->whole[i], text_string(&path));
        }
        text_release(&path);
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
    *(uint32_t *)array_push(&members->columns) = node;
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

void members_unlearn(struct members *members)
{
    for (uint32_t i = 0; i < members->nodes.count; i++) {
        members_node(members, i)->edge.length = 0;
    }
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
