/* lineage_walk: from node to node of a drawn graph. Private to panes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_LINEAGE_WALK_H
#define MWB_TUI_PANES_LINEAGE_WALK_H

#include "engine/lineage.h"

struct lineage_walking {
    const struct lineage_graph *graph;
    const struct array *spots; /* of struct lineage_spot */
    bool is_tree;
    int height; /* of a page */
};

/* up, down: within a layer, or the lines of a tree; left, right: along an edge, or to the
 * branch above and below; page-up ... bottom. *spot moves; false: another action. */
bool lineage_walk(const struct lineage_walking *walking, const char *action, int *spot);

size_t lineage_walk_node(const struct array *spots, int spot); /* SIZE_MAX: none */
/* The first spot of a node, else the first of the start. */
int lineage_walk_to(const struct array *spots, size_t node);
/* "fresh, passed; made from 3, feeds 2", appended. */
void lineage_walk_say(const struct lineage_graph *graph, size_t node, struct text *out);

#endif
