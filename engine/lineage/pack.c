/* lineage/pack: a graph as bytes, from the child that read it to the program that shows
 * it. Each text ends in NUL; one that is not there is told by a byte of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/private.h"

#include <stdlib.h>
#include <string.h>

enum { PACK_NONE = 1 };

static void put_text(struct text *out, const char *string)
{
    if (string == NULL) {
        text_append_char(out, PACK_NONE);
    } else {
        text_append(out, string);
    }
    text_append_char(out, '\0');
}

static void put_number(struct text *out, long long number)
{
    text_printf(out, "%lld", number);
    text_append_char(out, '\0');
}

void lineage_pack(const struct lineage_graph *graph, struct text *out)
{
    put_number(out, (long long)graph->nodes.count);
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const struct lineage_node *node = array_at(&graph->nodes, i);
        const char *const texts[] = {node->name,   node->product,   node->table,
                                     node->column, node->freshness, node->quality};
        put_number(out, node->kind);
        put_number(out, node->depth);
        put_number(out, (long long)node->side);
        put_number(out, node->is_cycle);
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            put_text(out, texts[k]);
        }
    }
    put_number(out, (long long)graph->edges.count);
    for (size_t i = 0; i < graph->edges.count; i++) {
        const struct lineage_edge *edge = array_at(&graph->edges, i);
        put_number(out, (long long)edge->from);
        put_number(out, (long long)edge->to);
        put_number(out, edge->line);
        put_number(out, edge->is_indirect);
        put_text(out, edge->how);
        put_text(out, edge->path);
    }
    put_number(out, (long long)graph->notes.count);
    for (size_t i = 0; i < graph->notes.count; i++) {
        put_text(out, *(char **)array_at(&graph->notes, i));
    }
}

/* ---- And back: nothing of it is believed ---- */

struct packed {
    const char *at, *end;
    bool is_broken;
};

static const char *take(struct packed *packed)
{
    const char *text = packed->at;
    const char *stop =
        text < packed->end ? memchr(text, '\0', (size_t)(packed->end - text)) : NULL;
    if (stop == NULL) {
        packed->is_broken = true;
        return "";
    }
    packed->at = stop + 1;
    return text;
}

static long long take_number(struct packed *packed, long long most)
{
    long long number = strtoll(take(packed), NULL, 10);
    if (number < 0 || number > most) {
        packed->is_broken = true;
        return 0;
    }
    return number;
}

static char *take_text(struct packed *packed)
{
    const char *text = take(packed);
    return text[0] == PACK_NONE && text[1] == '\0' ? NULL : string_copy(text);
}

static void take_node(struct packed *packed, struct lineage_node *node)
{
    node->kind = (enum lineage_kind)take_number(packed, LINEAGE_OUTSIDE);
    node->depth = (int)take_number(packed, INT32_MAX);
    node->side = (enum lineage_way)take_number(packed, LINEAGE_BOTH);
    node->is_cycle = take_number(packed, 1) != 0;
    node->name = string_copy(take(packed));
    node->product = take_text(packed);
    node->table = take_text(packed);
    node->column = take_text(packed);
    node->freshness = take_text(packed);
    node->quality = take_text(packed);
}

static void take_edge(struct packed *packed, struct lineage_edge *edge, size_t nodes)
{
    edge->from = (size_t)take_number(packed, (long long)nodes - 1);
    edge->to = (size_t)take_number(packed, (long long)nodes - 1);
    edge->line = (int)take_number(packed, INT32_MAX);
    edge->is_indirect = take_number(packed, 1) != 0;
    edge->how = string_copy(take(packed));
    edge->path = take_text(packed);
}

bool lineage_unpack(const void *bytes, size_t length, struct lineage_graph *graph)
{
    struct packed packed = {bytes, (const char *)bytes + length, false};
    *graph = (struct lineage_graph){
        .nodes = ARRAY_OF(struct lineage_node),
        .edges = ARRAY_OF(struct lineage_edge),
        .notes = ARRAY_OF(char *),
    };
    long long nodes = take_number(&packed, (long long)length);
    for (long long i = 0; i < nodes && !packed.is_broken; i++) {
        take_node(&packed, array_push(&graph->nodes));
    }
    long long edges = take_number(&packed, (long long)length);
    for (long long i = 0; i < edges && !packed.is_broken; i++) {
        take_edge(&packed, array_push(&graph->edges), graph->nodes.count);
    }
    long long notes = take_number(&packed, (long long)length);
    for (long long i = 0; i < notes && !packed.is_broken; i++) {
        *(char **)array_push(&graph->notes) = string_copy(take(&packed));
    }
    if (packed.is_broken) {
        lineage_release(graph);
    }
    return !packed.is_broken;
}
