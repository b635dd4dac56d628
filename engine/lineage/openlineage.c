/* lineage/openlineage: events of OpenLineage, an event a line. What is made (a product, a
 * table of it, a saved query) is the output of a job of its name; columns are told in the
 * facet columnLineage. There was no run: they are JobEvents (spec 2-0-2).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/write.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

static const char producer[] = "https://example.org/mesh-workbench";
static const char event_schema[] =
    "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent";
static const char column_schema[] =
    "https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json#/$defs/"
    "ColumnLineageDatasetFacet";

struct events {
    const struct lineage_graph *graph;
    const struct lineage_style *style;
    struct text *out;
    struct array order; /* of size_t: edges, by the dataset they lead to */
    char **datasets;    /* of each node */
};

/* Columns are of their table. */
static char *dataset_of(const struct lineage_node *node)
{
    if (node->kind == LINEAGE_COLUMN) {
        return string_printf("%s.%s", node->product, node->table);
    }
    return node->kind == LINEAGE_QUERY ? string_printf("query/%s", node->table)
                                       : string_copy(node->name);
}

static void append_member(struct events *events, const char *name, const char *value)
{
    text_append_json(events->out, name);
    text_append(events->out, ":");
    text_append_json(events->out, value);
}

static void append_place(struct events *events, const char *name)
{
    append_member(events, "namespace",
                  events->style->mesh != NULL ? events->style->mesh : "mesh");
    text_append(events->out, ",");
    append_member(events, "name", name);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The datasets that edges [first, end) come from, once each. */
static void append_inputs(struct events *events, size_t first, size_t end)
{
    struct array names = ARRAY_OF(char *);
    const char *last = NULL;
    for (size_t i = first; i < end; i++) {
        const struct lineage_edge *edge =
            graph_edge(events->graph, *(size_t *)array_at(&events->order, i));
        *(char **)array_push(&names) = events->datasets[edge->from];
    }
    if (names.count > 0) {
        qsort(names.items, names.count, names.item_size, by_text);
    }
    for (size_t i = 0; i < names.count; i++) {
        char *name = *(char **)array_at(&names, i);
        if (!string_equal(name, last)) {
            text_append(events->out, last != NULL ? ",{" : "{");
            append_place(events, name);
            text_append(events->out, "}");
        }
        last = name;
    }
    array_release(&names);
}

static void append_field(struct events *events, const struct lineage_edge *edge)
{
    const struct lineage_node *from = graph_node(events->graph, edge->from);
    text_append(events->out, "{");
    append_place(events, events->datasets[edge->from]);
    text_append(events->out, ",");
    append_member(events, "field", from->column != NULL ? from->column : "*");
    text_append(events->out, ",\"transformations\":[{");
    append_member(events, "type", edge->is_indirect ? "INDIRECT" : "DIRECT");
    text_append(events->out, ",");
    append_member(events, "description", edge->how);
    text_append(events->out, "}]}");
}

/* Edges of one dataset are in the order of its columns. */
static void append_columns(struct events *events, size_t first, size_t end)
{
    const char *last = NULL;
    text_append(events->out, ",\"facets\":{\"columnLineage\":{");
    append_member(events, "_producer", producer);
    text_append(events->out, ",");
    append_member(events, "_schemaURL", column_schema);
    text_append(events->out, ",\"fields\":{");
    for (size_t i = first; i < end; i++) {
        const struct lineage_edge *edge =
            graph_edge(events->graph, *(size_t *)array_at(&events->order, i));
        const char *column = graph_node(events->graph, edge->to)->column;
        bool is_next = !string_equal(column, last);
        if (column == NULL) {
            continue;
        }
        if (is_next) {
            text_append(events->out, last != NULL ? "]}," : "");
            text_append_json(events->out, column);
            text_append(events->out, ":{\"inputFields\":[");
        }
        text_append(events->out, is_next ? "" : ",");
        append_field(events, edge);
        last = column;
    }
    text_append(events->out, last != NULL ? "]}}}}" : "}}}");
}

static void append_event(struct events *events, size_t first, size_t end)
{
    const struct lineage_edge *edge =
        graph_edge(events->graph, *(size_t *)array_at(&events->order, first));
    const char *made = events->datasets[edge->to];
    char instant[32];
    bool has_columns = false;
    path_write_instant(events->style->now, instant);
    for (size_t i = first; i < end; i++) {
        edge = graph_edge(events->graph, *(size_t *)array_at(&events->order, i));
        has_columns = has_columns || graph_node(events->graph, edge->to)->column != NULL;
    }
    text_append(events->out, "{");
    append_member(events, "eventTime", instant);
    text_append(events->out, ",");
    append_member(events, "producer", producer);
    text_append(events->out, ",");
    append_member(events, "schemaURL", event_schema);
    text_append(events->out, ",\"job\":{");
    append_place(events, made);
    text_append(events->out, "},\"inputs\":[");
    append_inputs(events, first, end);
    text_append(events->out, "],\"outputs\":[{");
    append_place(events, made);
    if (has_columns) {
        append_columns(events, first, end);
    }
    text_append(events->out, "}]}\n");
}

/* By the dataset made, its column, and what it is made from. */
static int compare_edges(const void *a, const void *b, void *owner)
{
    const struct events *events = owner;
    const struct lineage_edge *x = graph_edge(events->graph, *(const size_t *)a);
    const struct lineage_edge *y = graph_edge(events->graph, *(const size_t *)b);
    int differs = strcmp(events->datasets[x->to], events->datasets[y->to]);
    if (differs == 0) {
        differs = strcmp(graph_node(events->graph, x->to)->name,
                         graph_node(events->graph, y->to)->name);
    }
    return differs != 0 ? differs
                        : strcmp(graph_node(events->graph, x->from)->name,
                                 graph_node(events->graph, y->from)->name);
}

void write_openlineage(const struct lineage_graph *graph,
                       const struct lineage_style *style, struct text *out)
{
    struct events events = {graph, style, out, ARRAY_OF(size_t), NULL};
    events.datasets = memory_new_many(graph->nodes.count + 1, sizeof *events.datasets);
    for (size_t i = 0; i < graph->nodes.count; i++) {
        events.datasets[i] = dataset_of(graph_node(graph, i));
    }
    for (size_t i = 0; i < graph->edges.count; i++) {
        if (!string_equal(graph_edge(graph, i)->how, "column of")) {
            *(size_t *)array_push(&events.order) = i;
        }
    }
    if (events.order.count > 0) {
        qsort_r(events.order.items, events.order.count, events.order.item_size,
                compare_edges, &events);
    }
    for (size_t first = 0, end; first < events.order.count; first = end) {
        size_t to = graph_edge(graph, *(size_t *)array_at(&events.order, first))->to;
        for (end = first + 1; end < events.order.count; end++) {
            size_t other = graph_edge(graph, *(size_t *)array_at(&events.order, end))->to;
            if (!string_equal(events.datasets[to], events.datasets[other])) {
                break;
            }
        }
        append_event(&events, first, end);
    }
    for (size_t i = 0; i < graph->nodes.count; i++) {
        free(events.datasets[i]);
    }
    free(events.datasets);
    array_release(&events.order);
}
