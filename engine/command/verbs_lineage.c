/* command: lineage: what a product, table or column is made from and what it feeds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/lineage.h"

#include <stdlib.h>
#include <string.h>

static const char *const edge_columns[] = {
    "way", "step", "from", "to", "how", "reads", "freshness", "quality", "path", "line"};
enum { EDGE_COLUMNS = sizeof edge_columns / sizeof *edge_columns };

/* A drawing or file, not rows. */
static bool is_written(const char *format)
{
    static const char *const formats[] = {"tree", "layers",      "mermaid",
                                          "dot",  "openlineage", NULL};
    for (size_t i = 0; formats[i] != NULL; i++) {
        if (string_equal(format, formats[i])) {
            return true;
        }
    }
    return false;
}

/* ---- Rows: an edge each ---- */

static void add_edge(struct rows *rows, const struct lineage_graph *graph,
                     const struct lineage_edge *edge)
{
    const struct lineage_node *from = array_at(&graph->nodes, edge->from);
    const struct lineage_node *to = array_at(&graph->nodes, edge->to);
    bool up = from->side == LINEAGE_UP;
    const struct lineage_node *other = up ? from : to;
    rows_add(rows, "slsssssssZ",
             other->side == 0 ? NULL
             : up             ? "up"
                              : "down",
             (long long)other->depth, from->name, to->name, edge->how,
             edge->is_indirect ? "rows" : "values", other->freshness, other->quality,
             edge->path, (long long)edge->line);
}

static bool show_edges(struct command_call *call, const struct lineage_graph *graph,
                       struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, edge_columns, EDGE_COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < graph->edges.count; i++) {
        add_edge(rows, graph, array_at(&graph->edges, i));
    }
    return call_reply_rows(call, rows, edge_columns, EDGE_COLUMNS, err);
}

/* ---- The reply ---- */

static void note_all(struct command_call *call, const struct lineage_graph *graph)
{
    for (size_t i = 0; i < graph->notes.count; i++) {
        text_printf(&call->reply.notes, "%s\n", *(char **)array_at(&graph->notes, i));
    }
}

static void on_graph(void *owner, struct job *job, const struct lineage_graph *graph)
{
    struct command_call *call = owner;
    struct error err = *job_error(job);
    const char *format = command_flag_value(call, "--format");
    call->job = NULL;
    bool done = graph != NULL;
    if (done && (format == NULL || is_written(format))) {
        const struct lineage_style style = {
            .format = format != NULL ? format : "tree",
            .unicode = call->spec.unicode,
            .mesh = catalog_mesh_name(call->workbench->catalog),
            .now = catalog_now(call->workbench->catalog),
        };
        call->reply.text_title = "Lineage";
        done = lineage_write(graph, &style, &call->reply.text, &err);
    } else if (done) {
        done = show_edges(call, graph, &err);
    }
    if (!done) {
        call_fail(call, &err);
        return;
    }
    note_all(call, graph);
    call_done(call);
}

/* A screen has a pane for it. */
static bool open_pane(struct command_call *call)
{
    const char *word = call_word(call, 0);
    text_printf(&call->reply.action, "lineage %s%s",
                call_has_flag(call, "--columns") ? "--columns " : "",
                word != NULL                       ? word
                : call->workbench->product != NULL ? call->workbench->product
                                                   : "");
    call_done(call);
    return true;
}

bool verb_lineage(struct command_call *call, struct error *err)
{
    bool up = call_has_flag(call, "--up"), down = call_has_flag(call, "--down");
    long long depth;
    if (call_count(call) > 1) {
        return error_set(err, ERROR_USAGE,
                         "lineage is told of one product, table or column: lineage "
                         "PRODUCT.TABLE.COLUMN");
    }
    if (!call_number(call, "--depth", 0, &depth, err)) {
        return false;
    }
    if (call->spec.has_screen && command_flag_value(call, "--format") == NULL) {
        return open_pane(call);
    }
    const struct workbench_lineage_spec spec = {
        .start = call_word(call, 0),
        .way = up == down ? LINEAGE_BOTH
               : up       ? LINEAGE_UP
                          : LINEAGE_DOWN,
        .depth = depth > 0 && depth < 1000000 ? (int)depth : 0,
        .columns = call_has_flag(call, "--columns") || call_has_flag(call, "--rows"),
        .rows = call_has_flag(call, "--rows") ||
                string_equal(command_flag_value(call, "--format"), "openlineage"),
        .finished = on_graph,
        .owner = call,
    };
    call->job = workbench_read_lineage(call->workbench, &spec, err);
    return call->job != NULL;
}
