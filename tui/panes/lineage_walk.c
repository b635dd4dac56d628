/* lineage_walk: from node to node of a drawn graph.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/lineage_walk.h"

#include <stdint.h>
#include <stdlib.h>

static const struct lineage_spot *spot_at(const struct array *spots, int spot)
{
    return spot >= 0 ? array_at(spots, (size_t)spot) : NULL;
}

size_t lineage_walk_node(const struct array *spots, int spot)
{
    const struct lineage_spot *item = spot_at(spots, spot);

    return item != NULL ? item->node : SIZE_MAX;
}

int lineage_walk_to(const struct array *spots, size_t node)
{
    size_t wanted = node == SIZE_MAX ? 0 : node;

    for (size_t i = 0; i < spots->count; i++) {
        if (((const struct lineage_spot *)array_at(spots, i))->node == wanted) {
            return (int)i;
        }
    }
    return 0;
}

static bool is_linked(const struct lineage_graph *graph, size_t from, size_t to)
{
    for (size_t i = 0; i < graph->edges.count; i++) {
        const struct lineage_edge *edge = array_at(&graph->edges, i);
        if (edge->from == from && edge->to == to) {
            return true;
        }
    }
    return false;
}

/* The nearest neighbour along an edge, by lines. */
static int along_edge(const struct lineage_walking *walking, int spot, bool right)
{
    const struct lineage_spot *here = spot_at(walking->spots, spot);
    int best = spot, least = INT32_MAX;

    for (int i = 0; here != NULL && i < (int)walking->spots->count; i++) {
        const struct lineage_spot *other = spot_at(walking->spots, i);
        bool linked = right ? is_linked(walking->graph, here->node, other->node)
                            : is_linked(walking->graph, other->node, here->node);
        int distance = abs(other->y - here->y) + abs(other->x - here->x) / 8;
        if (linked && distance < least) {
            best = i;
            least = distance;
        }
    }
    return best;
}

/* The spot of the same layer that is next, up or down. */
static int within_layer(const struct lineage_walking *walking, int spot, int step)
{
    const struct lineage_spot *here = spot_at(walking->spots, spot);

    for (int i = spot + step; here != NULL && i >= 0 && i < (int)walking->spots->count;
         i += step) {
        if (spot_at(walking->spots, i)->x == here->x) {
            return i;
        }
    }
    return spot;
}

/* In a tree: the line that this one hangs on, or the first that hangs on it. */
static int along_branch(const struct lineage_walking *walking, int spot, bool right)
{
    const struct lineage_spot *here = spot_at(walking->spots, spot);
    const struct lineage_spot *next = spot_at(walking->spots, spot + 1);

    if (here == NULL) {
        return spot;
    }
    if (right) {
        return next != NULL && next->x > here->x ? spot + 1 : spot;
    }
    for (int i = spot - 1; i >= 0; i--) {
        if (spot_at(walking->spots, i)->x < here->x) {
            return i;
        }
    }
    return spot;
}

static int clamp_spot(const struct lineage_walking *walking, int spot)
{
    int last = (int)walking->spots->count - 1;

    spot = spot > last ? last : spot;
    return spot < 0 ? 0 : spot;
}

bool lineage_walk(const struct lineage_walking *walking, const char *action, int *spot)
{
    int page = walking->is_tree ? walking->height : walking->height / 3;
    const struct {
        const char *action;
        int to;
    } jumps[] = {{"page-up", *spot - page},
                 {"page-down", *spot + page},
                 {"half-up", *spot - page / 2},
                 {"half-down", *spot + page / 2},
                 {"top", 0},
                 {"bottom", (int)walking->spots->count - 1}};

    for (size_t i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
        if (string_equal(action, jumps[i].action)) {
            *spot = clamp_spot(walking, jumps[i].to);
            return true;
        }
    }
    if (string_equal(action, "up") || string_equal(action, "down")) {
        int step = string_equal(action, "down") ? 1 : -1;
        *spot = walking->is_tree ? clamp_spot(walking, *spot + step)
                                 : within_layer(walking, *spot, step);
        return true;
    }
    if (string_equal(action, "left") || string_equal(action, "right")) {
        bool right = string_equal(action, "right");
        *spot = walking->is_tree ? along_branch(walking, *spot, right)
                                 : along_edge(walking, *spot, right);
        return true;
    }
    return false;
}

void lineage_walk_say(const struct lineage_graph *graph, size_t node, struct text *out)
{
    const struct lineage_node *item = array_at(&graph->nodes, node);
    long long from = 0, to = 0;

    for (size_t i = 0; i < graph->edges.count; i++) {
        const struct lineage_edge *edge = array_at(&graph->edges, i);
        from += edge->to == node;
        to += edge->from == node;
    }
    text_printf(out, "made from %lld, feeds %lld", from, to);
    if (item->freshness != NULL) {
        text_printf(out, "; freshness %s", item->freshness);
    }
    text_printf(out, "; quality %s%s", item->quality != NULL ? item->quality : "unknown",
                item->is_cycle ? "; it feeds itself in a circle" : "");
}
