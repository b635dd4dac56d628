/* jsonscan_members: the tree of names that a scan has met, and what stands between them.
 *
 * A node is a name in the object of its parent; node 0 is the row's own object. With
 * nested objects kept as text the tree has one level. Nodes and columns that only a bad
 * row has brought are forgotten with it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSONSCAN_MEMBERS_H
#define MWB_IMPORT_JSONSCAN_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/array.h"
#include "engine/text.h"

enum {
    EDGE_MOST = 64, /* bytes between two values that are remembered */
    MEMBERS_NO_COLUMN = -1,
    MEMBERS_ROOT = 0
};

/* What stood behind a node's value when it was last read sign by sign, up to the value of
 * node `to`; to the root, when it closes the row. Behind the root: what opens it. These
 * bytes mean the same whenever they follow that node, for a node knows which objects it
 * lies in. */
struct members_edge {
    uint16_t length;    /* 0: nothing is remembered */
    uint16_t last_mask; /* of the bytes that count in the last block of 16 */
    uint32_t enters;    /* objects that it opens on the way */
    uint32_t to;
};

struct members_node {
    struct members_edge edge;
    int column;
    uint64_t seen; /* the last row that had it */
    uint32_t parent, hash;
    uint16_t depth; /* objects around it */
    bool whole;     /* an object in it is JSON text */
    uint32_t name_length;
    size_t name;         /* in members.bytes */
    char gap[EDGE_MOST]; /* the edge's bytes */
};

struct members {
    bool keep_nested;
    const char *const *whole;
    struct array nodes;   /* of struct members_node */
    struct array columns; /* of uint32_t: their nodes */
    struct text bytes;
    uint32_t *slots; /* nodes by the hash of name and parent; 0 is empty */
    size_t slot_count;
};

void members_init(struct members *members, bool keep_nested, const char *const *whole);
void members_copy(struct members *members, const struct members *from);
void members_release(struct members *members);

static inline struct members_node *members_node(const struct members *members,
                                                uint32_t number)
{
    return (struct members_node *)members->nodes.items + number;
}

/* The node of a column. */
static inline uint32_t members_column(const struct members *members, size_t column)
{
    return ((const uint32_t *)members->columns.items)[column];
}

/* The node of this name in the object of `parent`; a new one if there is none. Names are
 * without escapes. */
uint32_t members_find(struct members *members, uint32_t parent, const char *name,
                      size_t length);
/* Give it a column, the next one. */
void members_add_column(struct members *members, uint32_t node);
/* The node around this one that lies in `level` objects more than the root's members. */
const struct members_node *members_at_level(const struct members *members, uint32_t node,
                                            size_t level);
/* The node of the same path as one of another tree. */
uint32_t members_adopt(struct members *members, const struct members *from,
                       uint32_t node);
/* Remember what stands behind `from`. */
void members_learn(struct members *members, uint32_t from, const char *gap, size_t length,
                   const struct members_edge *edge);

/* What stands between values is not known any more. */
void members_unlearn(struct members *members);

/* Only so many nodes and columns were there before a row that is bad. */
void members_forget(struct members *members, size_t nodes, size_t columns);

#endif
