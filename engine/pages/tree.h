/* tree: pages that are filled with cells in key order, and the interior pages above them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_TREE_H
#define MWB_PAGES_TREE_H

#include "engine/pages/private.h"

/* ---- One page being filled ---- */

struct node {
    unsigned char *page; /* borrowed */
    uint32_t usable;
    uint32_t front; /* end of the array of cell places */
    uint32_t start; /* start of the cell content */
    uint32_t cells;
};

void node_begin(struct node *node, unsigned char *page, unsigned char type,
                uint32_t usable);
/* Room for a cell behind the others, or NULL when the page is full. */
static inline unsigned char *node_add(struct node *node, size_t length)
{
    if (node->start - node->front < length + 2) {
        return NULL;
    }
    node->start -= (uint32_t)length;
    pages_put16(node->page + node->front, node->start);
    node->front += 2;
    node->cells++;
    return node->page + node->start;
}
/* Take the last cell off again: its bytes hold until the next cell is added. */
const unsigned char *node_drop(struct node *node, size_t *length);
/* Header and gap. The right-most child of an interior page is the caller's. */
void node_end(struct node *node);

/* ---- Pages in the order they are finished, written many at a time ---- */

struct output {
    struct pages *pages;
    unsigned char *buffer;
    size_t held, most; /* pages */
    uint32_t first;    /* number of the first one held */
};

void pages_output_begin(struct output *output, struct pages *pages);
void output_release(struct output *output);
/* Room for the next page; it gets `number`. NULL on failure. */
unsigned char *output_page(struct output *output, uint32_t *number, struct error *err);
bool output_flush(struct output *output, struct error *err);

/* ---- Interior pages, all levels at once ----
 *
 * tree_add() takes a child and the cell that separates it from the next child, in order.
 * A cell that does not fit into its page goes one level up, behind the page that its
 * child completes. It is held back until another one comes, because an interior page
 * without any cell is none (SQLite calls it corrupt): when none comes, it takes the last
 * cell of the full page for a divider and begins the new page itself. Every level does
 * the same. */

enum { TREE_LEVELS_MOST = 20 };

struct tree_level {
    unsigned char *page;
    struct node node;
    unsigned char *waiting; /* the cell that did not fit, with its child in front */
    size_t waiting_length;  /* 0: none */
};

struct tree {
    struct output *output;
    unsigned char type;
    int depth;
    struct tree_level levels[TREE_LEVELS_MOST];
};

void tree_begin(struct tree *tree, struct output *output, unsigned char type);
void pages_tree_release(struct tree *tree);
/* `cell` without the child's number. */
bool tree_add(struct tree *tree, uint32_t child, const unsigned char *cell, size_t length,
              struct error *err);
/* `child` is the last one; the page at the top goes to page `root`. At least one cell was
 * added. */
bool tree_end(struct tree *tree, uint32_t child, uint32_t root, struct error *err);

#endif
