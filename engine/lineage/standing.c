/* lineage/standing: what the products of a graph are like now: fresh, checked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/private.h"

/* Each is asked of the files themselves. */
enum { MOST_JUDGED = 5000 };

void lineage_add_standings(const struct catalog *catalog, struct weave *weave)
{
    struct array *nodes = &weave->graph->nodes;
    for (size_t i = 0; i < nodes->count && nodes->count <= MOST_JUDGED; i++) {
        struct lineage_node *node = array_at(nodes, i);
        long long row = weave_row(weave, i);
        if (row != 0) {
            node->freshness = string_copy(catalog_freshness(catalog, row));
            const char *quality = catalog_quality(catalog, node->product);
            node->quality =
                string_copy(string_equal(quality, "unknown") ? NULL : quality);
        }
    }
}
