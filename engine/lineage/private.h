/* What the files of the lineage room share: making a graph.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINEAGE_PRIVATE_H
#define MWB_LINEAGE_PRIVATE_H

#include <stdint.h>

#include "engine/lineage.h"

/* ---- A graph on its way (weave.c): nodes and edges by what they are ---- */

struct weave_places { /* numbers + 1 by hash, open addressing; 0: free */
    size_t *places;
    size_t size, used;
};
struct weave {
    struct lineage_graph *graph;
    struct array rows; /* of long long: row of each node's product; 0: none */
    struct weave_places nodes, edges;
};

void weave_init(struct weave *weave, struct lineage_graph *graph);
void weave_release(struct weave *weave); /* the graph stays */

/* The node of this kind and name, made when it is new. */
size_t weave_node(struct weave *weave, enum lineage_kind kind, const char *name);
/* The same when it is there, else SIZE_MAX. */
size_t weave_find(struct weave *weave, enum lineage_kind kind, const char *name);
long long weave_row(const struct weave *weave, size_t node);
void weave_set_row(struct weave *weave, size_t node, long long row);
/* An edge; nothing new when the pair has one, but what reads values stands above what
 * only decides which rows there are. */
struct weave_how {
    const char *how, *path;
    int line;
    bool is_indirect;
};
void weave_edge(struct weave *weave, size_t from, size_t to, const struct weave_how *how);
void weave_note(struct weave *weave, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Which nodes feed themselves (circles.c). */
void lineage_mark_circles(struct lineage_graph *graph);

/* Edges by node: those that leave (or enter, for `up`) node n are
 * list[first[n]] .. list[first[n + 1] - 1]. */
struct lineage_fan {
    size_t *first, *list;
};
void lineage_fan_init(struct lineage_fan *fan, const struct lineage_graph *graph,
                      bool up);
void lineage_fan_release(struct lineage_fan *fan);

/* ---- What is asked for (start.c) ---- */
struct lineage_start {
    struct catalog_entry entry;
    char *table, *column; /* names in SQL; NULL */
};
bool lineage_find_start(const struct lineage_spec *spec, struct lineage_start *start,
                        struct error *err);
void lineage_start_release(struct lineage_start *start);

/* Products (products.c), columns (columns.c), and what products are like (standing.c).
 * Nodes and edges are appended. */
bool lineage_read_products(const struct lineage_spec *spec,
                           const struct lineage_start *start, struct weave *weave,
                           struct error *err);
bool lineage_read_columns(const struct lineage_spec *spec,
                          const struct lineage_start *start, struct weave *weave,
                          struct error *err);
void lineage_add_standings(const struct catalog *catalog, struct weave *weave);

#endif
