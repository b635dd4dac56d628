/* lineage/write: a graph for other programs, Mermaid and Graphviz; and which format is
 * which.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/write.h"

#include <stdlib.h>
#include <string.h>

#include "engine/safetext.h"

const struct lineage_node *graph_node(const struct lineage_graph *graph, size_t node)
{
    return array_at(&graph->nodes, node);
}

const struct lineage_edge *graph_edge(const struct lineage_graph *graph, size_t edge)
{
    return array_at(&graph->edges, edge);
}

void append_standing(const struct lineage_node *node, struct text *out)
{
    bool is_fresh = node->freshness != NULL && !string_equal(node->freshness, "unknown");
    if (is_fresh) {
        text_append(out, node->freshness);
    }
    if (node->quality != NULL) {
        text_printf(out, "%s%s", is_fresh ? ", " : "", node->quality);
    }
}

char *node_label(const struct lineage_node *node)
{
    enum { WIDEST = 200 };
    struct text label = {0};
    if (node->kind == LINEAGE_QUERY) {
        text_append(&label, "query ");
    }
    safetext_append_cut(&label, node->name, strlen(node->name), WIDEST);
    if (node->kind == LINEAGE_OUTSIDE) {
        text_append(&label, " (outside)");
    }
    return text_take(&label);
}

/* How a product stands, in one word for colours. */
static const char *class_of(const struct lineage_node *node)
{
    if (node->kind == LINEAGE_OUTSIDE) {
        return "outside";
    }
    if (string_equal(node->quality, "failed") || string_equal(node->quality, "error")) {
        return "failed";
    }
    if (string_equal(node->quality, "warning") || string_equal(node->freshness, "late")) {
        return "warning";
    }
    return string_equal(node->quality, "passed") ? "passed" : "unknown";
}

/* ---- Mermaid ---- */

/* Mermaid reads entities, written with # in place of &, within quotes. */
static void append_mermaid(struct text *out, const char *string)
{
    for (const char *p = string; *p != '\0'; p++) {
        bool is_plain = (unsigned char)*p >= 0x80 ||
                        (*p >= ' ' && strchr("\"#<>&\\`;{}[]|", *p) == NULL);
        if (is_plain) {
            text_append_char(out, *p);
        } else {
            text_printf(out, "#%d;", (unsigned char)*p);
        }
    }
}

static void write_mermaid(const struct lineage_graph *graph, struct text *out)
{
    text_append(out, "flowchart LR\n");
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const struct lineage_node *node = graph_node(graph, i);
        char *label = node_label(node);
        text_printf(out, "    n%zu%s\"", i,
                    node->kind == LINEAGE_QUERY     ? "([" /* rounded */
                    : node->kind == LINEAGE_OUTSIDE ? "[/"
                                                    : "[");
        append_mermaid(out, label);
        text_printf(out, "\"%s:::%s\n",
                    node->kind == LINEAGE_QUERY     ? "])"
                    : node->kind == LINEAGE_OUTSIDE ? "/]"
                                                    : "]",
                    class_of(node));
        free(label);
    }
    for (size_t i = 0; i < graph->edges.count; i++) {
        const struct lineage_edge *edge = graph_edge(graph, i);
        text_printf(out, "    n%zu %s n%zu\n", edge->from,
                    edge->is_indirect ? "-.->" : "-->", edge->to);
    }
    text_append(out, "    classDef passed stroke:#2e7d32,stroke-width:2px\n"
                     "    classDef warning stroke:#b26a00,stroke-width:2px\n"
                     "    classDef failed stroke:#c62828,stroke-width:3px\n"
                     "    classDef outside stroke-dasharray:4\n"
                     "    classDef unknown stroke:#757575\n");
}

/* ---- Graphviz ---- */

static void append_dot(struct text *out, const char *string)
{
    text_append_char(out, '"');
    for (const char *p = string; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            text_append_char(out, '\\');
        }
        text_append_char(out, (unsigned char)*p < ' ' ? ' ' : *p);
    }
    text_append_char(out, '"');
}

static const char *colour_of(const struct lineage_node *node)
{
    static const struct {
        const char *class, *colour;
    } colours[] = {{"passed", "#2e7d32"}, {"warning", "#b26a00"}, {"failed", "#c62828"}};
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
        if (string_equal(class_of(node), colours[i].class)) {
            return colours[i].colour;
        }
    }
    return "#757575";
}

static void write_dot(const struct lineage_graph *graph, struct text *out)
{
    text_append(out, "digraph lineage {\n    rankdir=LR;\n    node [shape=box];\n");
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const struct lineage_node *node = graph_node(graph, i);
        struct text standing = {0};
        char *label = node_label(node);
        append_standing(node, &standing);
        text_printf(out, "    n%zu [label=", i);
        append_dot(out, label);
        text_printf(out, ", color=\"%s\"%s", colour_of(node),
                    node->kind == LINEAGE_OUTSIDE ? ", style=dashed"
                    : node->kind == LINEAGE_QUERY ? ", shape=ellipse"
                                                  : "");
        if (standing.length > 0) {
            text_append(out, ", tooltip=");
            append_dot(out, text_string(&standing));
        }
        text_append(out, "];\n");
        text_release(&standing);
        free(label);
    }
    for (size_t i = 0; i < graph->edges.count; i++) {
        const struct lineage_edge *edge = graph_edge(graph, i);
        text_printf(out, "    n%zu -> n%zu [tooltip=", edge->from, edge->to);
        append_dot(out, edge->how);
        text_printf(out, "%s];\n", edge->is_indirect ? ", style=dashed" : "");
    }
    text_append(out, "}\n");
}

/* ---- Formats ---- */

bool lineage_draw(const struct lineage_graph *graph, const struct lineage_style *style,
                  struct text *out, struct array *spots, struct error *err)
{
    return string_equal(style->format, "layers")
               ? write_layers(graph, style, out, spots, err)
               : write_tree(graph, style, out, spots);
}

bool lineage_write(const struct lineage_graph *graph, const struct lineage_style *style,
                   struct text *out, struct error *err)
{
    const char *format = style->format;
    if (string_equal(format, "tree") || string_equal(format, "layers")) {
        return lineage_draw(graph, style, out, NULL, err);
    }
    if (string_equal(format, "mermaid")) {
        write_mermaid(graph, out);
    } else if (string_equal(format, "dot")) {
        write_dot(graph, out);
    } else if (string_equal(format, "openlineage")) {
        write_openlineage(graph, style, out);
    } else {
        return error_set(err, ERROR_USAGE,
                         "lineage is not written as %s; tree, layers, mermaid, dot and "
                         "openlineage are the formats",
                         format);
    }
    return true;
}
