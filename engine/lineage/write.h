/* lineage/write: what the ways to write a graph share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINEAGE_WRITE_H
#define MWB_LINEAGE_WRITE_H

#include "engine/lineage/private.h"

const struct lineage_node *graph_node(const struct lineage_graph *graph, size_t node);
const struct lineage_edge *graph_edge(const struct lineage_graph *graph, size_t edge);

/* " fresh, failed", or nothing where nothing is known. */
void append_standing(const struct lineage_node *node, struct text *out);
/* What a node is called for people: queries say what they are. Yours. */
char *node_label(const struct lineage_node *node);

bool write_tree(const struct lineage_graph *graph, const struct lineage_style *style,
                struct text *out, struct array *spots);
bool write_layers(const struct lineage_graph *graph, const struct lineage_style *style,
                  struct text *out, struct array *spots, struct error *err);
void write_openlineage(const struct lineage_graph *graph,
                       const struct lineage_style *style, struct text *out);

#endif
