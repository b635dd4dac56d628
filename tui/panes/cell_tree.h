/* cell_tree: a JSON text as lines that open and close. Private to panes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_CELL_TREE_H
#define MWB_TUI_PANES_CELL_TREE_H

#include "engine/array.h"
#include "tui/canvas.h"
#include "tui/widget/list.h"

struct cell_tree {
    struct array nodes; /* of struct cell_node, as in the text */
    struct array seen;  /* of size_t: nodes whose parents are all open */
    struct list list;   /* over the seen ones */
    char *searched;
};

struct cell_node {
    int depth;
    bool holds_others, is_open;
    size_t end;  /* the first node behind it and all it holds */
    char *key;   /* of a member, or "0" of an item; NULL: the root */
    char *value; /* as it is written: "text", 12, true; of what holds others how many */
    enum role role;
};

/* False: it is no JSON list or map, or larger than document.h takes. */
bool cell_tree_read(struct cell_tree *tree, const char *bytes, size_t length);
void cell_tree_release(struct cell_tree *tree);
const struct cell_node *cell_tree_selected(const struct cell_tree *tree);
/* "data.items.0.name", appended: where the selected one is. */
void cell_tree_path(const struct cell_tree *tree, struct text *out);
void cell_tree_toggle(struct cell_tree *tree);
void cell_tree_open(struct cell_tree *tree, bool open); /* the selected, or its parent */
void cell_tree_open_all(struct cell_tree *tree, bool open);
/* The next node with this text, opened up to; false: there is none. */
bool cell_tree_find(struct cell_tree *tree, const char *text, int direction);
void cell_tree_draw(struct cell_tree *tree, struct view view, bool ascii);

#endif
