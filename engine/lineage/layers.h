/* lineage/layers: a layered drawing on its way: nodes in layers, each edge between
 * neighbours.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINEAGE_LAYERS_H
#define MWB_LINEAGE_LAYERS_H

#include "engine/lineage/write.h"

/* A place in a layer: a node, or where an edge passes on its way to a later layer. All
 * edges of one node that pass a layer pass it together. */
struct seat {
    size_t node; /* whose; of a passing edge the one it comes from */
    bool is_passing;
    size_t layer, row; /* row: among those of the layer */
    double weight;     /* where its neighbours are */
};
struct link { /* between seats of neighbouring layers */
    size_t from, to;
    bool is_indirect;
};
struct layers {
    const struct lineage_graph *graph;
    struct array seats;  /* of struct seat; the first are the nodes, in their order */
    struct array links;  /* of struct link */
    struct array back;   /* of size_t: edges that close a circle */
    struct array *order; /* by layer: of size_t, seats from top to bottom */
    size_t count;
};

/* Layers, seats, links and the order within layers, so that few edges cross. */
void layers_arrange(struct layers *layers, const struct lineage_graph *graph);
void layers_release(struct layers *layers);

#endif
