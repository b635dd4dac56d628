/* lineage/layers: which layer a node is in (the longest way to it) and where in it (where
 * its neighbours are), after Sugiyama, Tagawa and Toda, "Methods for visual understanding
 * of hierarchical system structures", IEEE Transactions on Systems, Man and Cybernetics
 * 11, 1981.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/layers.h"

#include <stdlib.h>
#include <string.h>

static struct seat *seat_at(const struct layers *layers, size_t seat)
{
    return array_at(&layers->seats, seat);
}

/* ---- Which layer ---- */

struct ranking {
    struct layers *layers;
    struct lineage_fan down;
    size_t *waiting; /* edges into each node that are still to come */
    bool *is_done;
    struct array ready; /* of size_t */
};

/* A node is placed when all it is made from is. Its edges push those below it down. */
static void place(struct ranking *ranking, size_t node)
{
    const struct lineage_graph *graph = ranking->layers->graph;
    ranking->is_done[node] = true;
    for (size_t i = ranking->down.first[node]; i < ranking->down.first[node + 1]; i++) {
        size_t edge = ranking->down.list[i];
        size_t to = graph_edge(graph, edge)->to;
        if (ranking->is_done[to]) { /* it closes a circle */
            *(size_t *)array_push(&ranking->layers->back) = edge;
            continue;
        }
        struct seat *seat = seat_at(ranking->layers, to);
        size_t least = seat_at(ranking->layers, node)->layer + 1;
        seat->layer = seat->layer > least ? seat->layer : least;
        if (--ranking->waiting[to] == 0) {
            *(size_t *)array_push(&ranking->ready) = to;
        }
    }
}

static void rank(struct layers *layers)
{
    size_t count = layers->graph->nodes.count;
    struct ranking ranking = {
        .layers = layers,
        .waiting = memory_new_many(count + 1, sizeof *ranking.waiting),
        .is_done = memory_new_many(count + 1, sizeof *ranking.is_done),
        .ready = ARRAY_OF(size_t),
    };
    lineage_fan_init(&ranking.down, layers->graph, false);
    for (size_t i = 0; i < layers->graph->edges.count; i++) {
        ranking.waiting[graph_edge(layers->graph, i)->to]++;
    }
    for (size_t i = 0; i < count; i++) {
        if (ranking.waiting[i] == 0) {
            *(size_t *)array_push(&ranking.ready) = i;
        }
    }
    /* Where only circles are left, the first node of them begins. */
    for (size_t next = 0, start = 0; next < count; next++) {
        while (next == ranking.ready.count && start < count) {
            if (!ranking.is_done[start] && ranking.waiting[start] > 0) {
                ranking.waiting[start] = 0;
                *(size_t *)array_push(&ranking.ready) = start;
            }
            start++;
        }
        if (next < ranking.ready.count) {
            size_t node = *(size_t *)array_at(&ranking.ready, next);
            if (!ranking.is_done[node]) {
                place(&ranking, node);
            }
        }
    }
    lineage_fan_release(&ranking.down);
    free(ranking.waiting);
    free(ranking.is_done);
    array_release(&ranking.ready);
}

/* ---- Seats and links ---- */

static bool is_back(const struct layers *layers, size_t edge)
{
    for (size_t i = 0; i < layers->back.count; i++) {
        if (*(size_t *)array_at(&layers->back, i) == edge) {
            return true;
        }
    }
    return false;
}

static size_t add_seat(struct layers *layers, size_t node, size_t layer)
{
    *(struct seat *)array_push(&layers->seats) =
        (struct seat){.node = node, .is_passing = true, .layer = layer};
    return layers->seats.count - 1;
}

/* The edges of one node: those that go further pass the layers between together. */
static void link_node(struct layers *layers, const struct lineage_fan *down, size_t node)
{
    size_t at = seat_at(layers, node)->layer, last = at;
    size_t first_edge = down->first[node], end = down->first[node + 1];
    for (size_t i = first_edge; i < end; i++) {
        size_t layer =
            seat_at(layers, graph_edge(layers->graph, down->list[i])->to)->layer;
        last = layer > last ? layer : last;
    }
    size_t seat = node;
    for (size_t layer = at + 1; layer <= last; layer++) {
        bool goes_on = false;
        for (size_t i = first_edge; i < end; i++) {
            const struct lineage_edge *edge = graph_edge(layers->graph, down->list[i]);
            size_t target = seat_at(layers, edge->to)->layer;
            if (is_back(layers, down->list[i])) {
                continue;
            }
            goes_on = goes_on || target > layer;
            if (target == layer) {
                *(struct link *)array_push(&layers->links) =
                    (struct link){seat, edge->to, edge->is_indirect};
            }
        }
        if (!goes_on) {
            break;
        }
        size_t next = add_seat(layers, node, layer);
        *(struct link *)array_push(&layers->links) = (struct link){seat, next, false};
        seat = next;
    }
}

static void make_seats(struct layers *layers)
{
    struct lineage_fan down;
    for (size_t i = 0; i < layers->graph->nodes.count; i++) {
        *(struct seat *)array_push(&layers->seats) = (struct seat){.node = i};
    }
    rank(layers);
    lineage_fan_init(&down, layers->graph, false);
    for (size_t i = 0; i < layers->graph->nodes.count; i++) {
        link_node(layers, &down, i);
    }
    lineage_fan_release(&down);
}

/* ---- Order within layers ---- */

static int by_weight(const void *a, const void *b, void *owner)
{
    const struct layers *layers = owner;
    const struct seat *x = seat_at(layers, *(const size_t *)a);
    const struct seat *y = seat_at(layers, *(const size_t *)b);
    if (x->weight < y->weight || x->weight > y->weight) {
        return x->weight < y->weight ? -1 : 1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

static void number_rows(struct layers *layers, size_t layer)
{
    for (size_t i = 0; i < layers->order[layer].count; i++) {
        seat_at(layers, *(size_t *)array_at(&layers->order[layer], i))->row = i;
    }
}

/* Each seat goes to the middle of its neighbours in the layer before or behind. */
static void sweep(struct layers *layers, size_t layer, bool down)
{
    size_t count = layers->seats.count;
    double *sum = memory_new_many(count + 1, sizeof *sum);
    size_t *met = memory_new_many(count + 1, sizeof *met);
    for (size_t i = 0; i < layers->links.count; i++) {
        const struct link *link = array_at(&layers->links, i);
        size_t own = down ? link->to : link->from, other = down ? link->from : link->to;
        sum[own] += (double)seat_at(layers, other)->row;
        met[own]++;
    }
    struct array *order = &layers->order[layer];
    for (size_t i = 0; i < order->count; i++) {
        size_t seat = *(size_t *)array_at(order, i);
        struct seat *item = seat_at(layers, seat);
        item->weight = met[seat] > 0 ? sum[seat] / (double)met[seat] : (double)item->row;
    }
    if (order->count > 0) {
        qsort_r(order->items, order->count, order->item_size, by_weight, layers);
    }
    number_rows(layers, layer);
    free(sum);
    free(met);
}

void layers_arrange(struct layers *layers, const struct lineage_graph *graph)
{
    enum { SWEEPS = 4 };
    *layers = (struct layers){.graph = graph,
                              .seats = ARRAY_OF(struct seat),
                              .links = ARRAY_OF(struct link),
                              .back = ARRAY_OF(size_t)};
    make_seats(layers);
    for (size_t i = 0; i < layers->seats.count; i++) {
        size_t layer = seat_at(layers, i)->layer;
        layers->count = layer + 1 > layers->count ? layer + 1 : layers->count;
    }
    layers->order = memory_new_many(layers->count + 1, sizeof *layers->order);
    for (size_t i = 0; i < layers->count; i++) {
        layers->order[i] = (struct array)ARRAY_OF(size_t);
    }
    for (size_t i = 0; i < layers->seats.count; i++) {
        *(size_t *)array_push(&layers->order[seat_at(layers, i)->layer]) = i;
    }
    for (size_t i = 0; i < layers->count; i++) {
        number_rows(layers, i);
    }
    for (int round = 0; round < SWEEPS; round++) {
        for (size_t i = 1; i < layers->count; i++) {
            sweep(layers, round % 2 == 0 ? i : layers->count - 1 - i, round % 2 == 0);
        }
    }
}

void layers_release(struct layers *layers)
{
    for (size_t i = 0; i < layers->count; i++) {
        array_release(&layers->order[i]);
    }
    free(layers->order);
    array_release(&layers->seats);
    array_release(&layers->links);
    array_release(&layers->back);
}
