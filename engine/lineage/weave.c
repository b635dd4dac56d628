/* lineage/weave: a graph on its way: each node and each pair of nodes once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/private.h"

#include <stdlib.h>
#include <string.h>

void weave_init(struct weave *weave, struct lineage_graph *graph)
{
    *graph = (struct lineage_graph){
        .nodes = ARRAY_OF(struct lineage_node),
        .edges = ARRAY_OF(struct lineage_edge),
        .notes = ARRAY_OF(char *),
    };
    *weave = (struct weave){.graph = graph, .rows = ARRAY_OF(long long)};
}

void weave_release(struct weave *weave)
{
    array_release(&weave->rows);
    free(weave->nodes.places);
    free(weave->edges.places);
    weave->nodes = weave->edges = (struct weave_places){0};
}

/* ---- Places ---- */

static size_t spread(uint64_t hash)
{
    return (size_t)((hash * 0x9E3779B97F4A7C15ULL) >> 20);
}

/* A clash costs a comparison, and probing is bounded by the load of a half. */
static size_t hash_node(const void *item)
{
    const struct lineage_node *node = item;
    uint64_t hash = 14695981039346656037ULL ^ (uint64_t)node->kind;
    for (const char *p = node->name; *p != '\0'; p++) {
        hash = (hash ^ (unsigned char)*p) * 1099511628211ULL;
    }
    return spread(hash);
}

static bool same_node(const void *a, const void *b)
{
    const struct lineage_node *x = a, *y = b;
    return x->kind == y->kind && strcmp(x->name, y->name) == 0;
}

static size_t hash_edge(const void *item)
{
    const struct lineage_edge *edge = item;
    return spread((uint64_t)edge->from * 1000003U + edge->to);
}

static bool same_edge(const void *a, const void *b)
{
    const struct lineage_edge *x = a, *y = b;
    return x->from == y->from && x->to == y->to;
}

struct hashing {
    size_t (*hash)(const void *item);
    bool (*same)(const void *a, const void *b);
};
static const struct hashing of_nodes = {hash_node, same_node};
static const struct hashing of_edges = {hash_edge, same_edge};

static size_t *find(const struct weave_places *in, const struct array *items,
                    const struct hashing *by, const void *item)
{
    size_t at = by->hash(item) & (in->size - 1);
    while (in->places[at] != 0 && !by->same(array_at(items, in->places[at] - 1), item)) {
        at = (at + 1) & (in->size - 1);
    }
    return &in->places[at];
}

/* The place of the item, with room for one more. */
static size_t *place_of(struct weave_places *in, const struct array *items,
                        const struct hashing *by, const void *item)
{
    if (items->count * 2 >= in->size) {
        in->size = in->size == 0 ? 64 : in->size * 2;
        free(in->places);
        in->places = memory_new_many(in->size, sizeof *in->places);
        for (size_t i = 0; i < items->count; i++) {
            *find(in, items, by, array_at(items, i)) = i + 1;
        }
    }
    return find(in, items, by, item);
}

/* ---- Nodes and edges ---- */

size_t weave_node(struct weave *weave, enum lineage_kind kind, const char *name)
{
    struct array *nodes = &weave->graph->nodes;
    char *copy = string_copy(name);
    const struct lineage_node wanted = {.kind = kind, .name = copy};
    size_t *place = place_of(&weave->nodes, nodes, &of_nodes, &wanted);
    if (*place != 0) {
        free(copy);
        return *place - 1;
    }
    *(struct lineage_node *)array_push(nodes) = wanted;
    *(long long *)array_push(&weave->rows) = 0;
    *place = nodes->count;
    return nodes->count - 1;
}

size_t weave_find(struct weave *weave, enum lineage_kind kind, const char *name)
{
    char *copy = string_copy(name);
    const struct lineage_node wanted = {.kind = kind, .name = copy};
    size_t place = *place_of(&weave->nodes, &weave->graph->nodes, &of_nodes, &wanted);
    free(copy);
    return place != 0 ? place - 1 : SIZE_MAX;
}

long long weave_row(const struct weave *weave, size_t node)
{
    return *(long long *)array_at(&weave->rows, node);
}

void weave_set_row(struct weave *weave, size_t node, long long row)
{
    *(long long *)array_at(&weave->rows, node) = row;
}

void weave_edge(struct weave *weave, size_t from, size_t to, const struct weave_how *how)
{
    struct array *edges = &weave->graph->edges;
    const struct lineage_edge wanted = {.from = from, .to = to};
    size_t *place = place_of(&weave->edges, edges, &of_edges, &wanted);
    if (*place != 0) {
        struct lineage_edge *known = array_at(edges, *place - 1);
        known->is_indirect = known->is_indirect && how->is_indirect;
        return;
    }
    *(struct lineage_edge *)array_push(edges) =
        (struct lineage_edge){from,
                              to,
                              string_copy(how->how),
                              string_copy(how->path),
                              how->line,
                              how->is_indirect};
    *place = edges->count;
}

void weave_note(struct weave *weave, const char *format, ...)
{
    struct text note = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&note, format, args);
    va_end(args);
    *(char **)array_push(&weave->graph->notes) = text_take(&note);
}

void lineage_release(struct lineage_graph *graph)
{
    for (size_t i = 0; i < graph->nodes.count; i++) {
        struct lineage_node *node = array_at(&graph->nodes, i);
        free(node->name);
        free(node->product);
        free(node->table);
        free(node->column);
        free(node->freshness);
        free(node->quality);
    }
    for (size_t i = 0; i < graph->edges.count; i++) {
        struct lineage_edge *edge = array_at(&graph->edges, i);
        free(edge->how);
        free(edge->path);
    }
    for (size_t i = 0; i < graph->notes.count; i++) {
        free(*(char **)array_at(&graph->notes, i));
    }
    array_release(&graph->nodes);
    array_release(&graph->edges);
    array_release(&graph->notes);
}

/* ---- Edges by node ---- */

void lineage_fan_init(struct lineage_fan *fan, const struct lineage_graph *graph, bool up)
{
    size_t nodes = graph->nodes.count, edges = graph->edges.count;
    fan->first = memory_new_many(nodes + 2, sizeof *fan->first);
    fan->list = memory_new_many(edges + 1, sizeof *fan->list);
    for (size_t i = 0; i < edges; i++) {
        const struct lineage_edge *edge = array_at(&graph->edges, i);
        fan->first[(up ? edge->to : edge->from) + 2]++;
    }
    for (size_t i = 2; i < nodes + 2; i++) {
        fan->first[i] += fan->first[i - 1];
    }
    /* Each start moves to the next node's while its edges are put down. */
    for (size_t i = 0; i < edges; i++) {
        const struct lineage_edge *edge = array_at(&graph->edges, i);
        fan->list[fan->first[(up ? edge->to : edge->from) + 1]++] = i;
    }
}

void lineage_fan_release(struct lineage_fan *fan)
{
    free(fan->first);
    free(fan->list);
}
