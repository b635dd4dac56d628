/* lineage: what is made from what: reading a graph.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/private.h"

bool lineage_read(const struct lineage_spec *spec, struct lineage_graph *graph,
                  struct error *err)
{
    struct lineage_start start;
    struct weave weave;
    weave_init(&weave, graph);
    bool done = lineage_find_start(spec, &start, err) &&
                (spec->columns ? lineage_read_columns
                               : lineage_read_products)(spec, &start, &weave, err);
    if (done) {
        lineage_mark_circles(graph);
        lineage_add_standings(spec->catalog, &weave);
    } else {
        lineage_release(graph);
    }
    lineage_start_release(&start);
    weave_release(&weave);
    return done;
}
