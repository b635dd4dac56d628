/* lineage/circles: nodes that feed themselves: strongly connected components (Tarjan,
 * "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1, 1972),
 * without recursion.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/private.h"

#include <stdlib.h>

struct visit {
    size_t index, low, next; /* index 0: not seen yet */
    bool is_open;
};

struct tarjan {
    struct lineage_graph *graph;
    struct lineage_fan fan;
    struct visit *visits;
    size_t *path, *open; /* stacks */
    size_t path_count, open_count, clock;
};

static void enter(struct tarjan *t, size_t node)
{
    struct visit *visit = &t->visits[node];
    visit->index = visit->low = ++t->clock;
    visit->next = t->fan.first[node];
    visit->is_open = true;
    t->path[t->path_count++] = node;
    t->open[t->open_count++] = node;
}

static void close_component(struct tarjan *t, size_t root)
{
    bool alone = t->open[t->open_count - 1] == root;
    size_t node;
    do {
        node = t->open[--t->open_count];
        t->visits[node].is_open = false;
        struct lineage_node *item = array_at(&t->graph->nodes, node);
        item->is_cycle = item->is_cycle || !alone;
    } while (node != root);
}

static void leave(struct tarjan *t, size_t node)
{
    struct visit *visit = &t->visits[node];
    t->path_count--;
    if (visit->low == visit->index) {
        close_component(t, node);
    }
    if (t->path_count > 0) {
        struct visit *above = &t->visits[t->path[t->path_count - 1]];
        above->low = visit->low < above->low ? visit->low : above->low;
    }
}

static void follow(struct tarjan *t, size_t start)
{
    enter(t, start);
    while (t->path_count > 0) {
        size_t node = t->path[t->path_count - 1];
        struct visit *visit = &t->visits[node];
        if (visit->next == t->fan.first[node + 1]) {
            leave(t, node);
            continue;
        }
        const struct lineage_edge *edge =
            array_at(&t->graph->edges, t->fan.list[visit->next++]);
        struct visit *other = &t->visits[edge->to];
        if (edge->to == node) {
            ((struct lineage_node *)array_at(&t->graph->nodes, node))->is_cycle = true;
        } else if (other->index == 0) {
            enter(t, edge->to);
        } else if (other->is_open && other->index < visit->low) {
            visit->low = other->index;
        }
    }
}

void lineage_mark_circles(struct lineage_graph *graph)
{
    size_t count = graph->nodes.count;
    struct tarjan t = {
        .graph = graph,
        .visits = memory_new_many(count + 1, sizeof *t.visits),
        .path = memory_new_many(count + 1, sizeof *t.path),
        .open = memory_new_many(count + 1, sizeof *t.open),
    };
    lineage_fan_init(&t.fan, graph, false);
    for (size_t i = 0; i < count; i++) {
        if (t.visits[i].index == 0) {
            follow(&t, i);
        }
    }
    lineage_fan_release(&t.fan);
    free(t.visits);
    free(t.path);
    free(t.open);
}
