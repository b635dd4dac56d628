/* lineage/tree: a graph as a tree of text: what it is made from, what it feeds. A node
 * that was met before is named again, but not unfolded again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/write.h"

#include <stdlib.h>
#include <string.h>

#include "engine/safetext.h"

enum { DEEPEST = 40 };

/* A line to come. */
struct branch {
    size_t node, edge; /* edge SIZE_MAX: a root */
    int depth;
    bool is_last;
};

struct tree {
    const struct lineage_graph *graph;
    const struct lineage_style *style;
    struct text *out;
    struct array *spots; /* may be NULL */
    struct lineage_fan fan;
    bool up;
    unsigned char *shown; /* nodes: 1 unfolded, 2 on the way to this line */
    struct array stack;   /* of struct branch */
    struct array lines;   /* of bool, by depth: does the branch above go on? */
    struct array way;     /* of size_t, by depth: the node */
    int y;
};

static const char *sign(const struct tree *tree, int which)
{
    static const char *const unicode[] = {"│  ", "├─ ", "└─ "};
    static const char *const ascii[] = {"|  ", "|- ", "`- "};
    return (tree->style->unicode ? unicode : ascii)[which];
}

static void end_line(struct tree *tree, struct text *line)
{
    if (tree->style->width > 0) {
        safetext_append_cut(tree->out, text_string(line), line->length,
                            tree->style->width);
    } else {
        text_append(tree->out, text_string(line));
    }
    text_append(tree->out, "\n");
    text_release(line);
    tree->y++;
}

static void add_spot(struct tree *tree, size_t node, const struct text *line, int width)
{
    if (tree->spots != NULL) {
        *(struct lineage_spot *)array_push(tree->spots) = (struct lineage_spot){
            node, safetext_width(text_string(line), line->length), tree->y, width};
    }
}

static void set_at(struct array *array, int depth, const void *value)
{
    while (array->count <= (size_t)depth) {
        array_push(array);
    }
    memcpy(array_at(array, (size_t)depth), value, array->item_size);
}

static void draw_branch(struct tree *tree, const struct branch *branch)
{
    const struct lineage_node *node = graph_node(tree->graph, branch->node);
    struct text line = {0}, standing = {0};
    char *label = node_label(node);
    /* A chain may be as long as the mesh is large; its lines are not. */
    int first = branch->depth > DEEPEST ? branch->depth - DEEPEST : 0;
    if (first > 0) {
        text_printf(&line, "%d steps: ", branch->depth);
    }
    for (int i = first + 1; i < branch->depth; i++) {
        text_append(&line,
                    *(bool *)array_at(&tree->lines, (size_t)i) ? sign(tree, 0) : "   ");
    }
    if (branch->depth > 0) {
        text_append(&line, sign(tree, branch->is_last ? 2 : 1));
    }
    add_spot(tree, branch->node, &line, safetext_width(label, strlen(label)));
    text_append(&line, label);
    append_standing(node, &standing);
    if (standing.length > 0) {
        text_printf(&line, "  [%s]", text_string(&standing));
    }
    if (branch->edge != SIZE_MAX) {
        const struct lineage_edge *edge = graph_edge(tree->graph, branch->edge);
        if (!string_equal(edge->how, "port")) {
            text_printf(&line, "  %s", edge->how);
        }
        text_append(&line, edge->is_indirect ? ", rows only" : "");
    }
    if (tree->shown[branch->node] == 2) {
        text_append(&line, "  (circle)");
    } else if (tree->shown[branch->node] == 1 &&
               tree->fan.first[branch->node] < tree->fan.first[branch->node + 1]) {
        text_append(&line, "  (see above)");
    }
    end_line(tree, &line);
    text_release(&standing);
    free(label);
}

/* Those below are put down in reverse, so that they come in order. */
static void unfold(struct tree *tree, const struct branch *branch)
{
    size_t first = tree->fan.first[branch->node];
    size_t end = tree->fan.first[branch->node + 1];
    for (size_t i = end; i > first; i--) {
        size_t edge = tree->fan.list[i - 1];
        const struct lineage_edge *item = graph_edge(tree->graph, edge);
        *(struct branch *)array_push(&tree->stack) = (struct branch){
            tree->up ? item->from : item->to, edge, branch->depth + 1, i == end};
    }
}

/* Nodes of deeper branches than this one are not on the way any more. */
static void leave_way(struct tree *tree, int depth)
{
    while (tree->way.count > (size_t)depth) {
        size_t node = *(size_t *)array_at(&tree->way, tree->way.count - 1);
        tree->shown[node] = 1;
        tree->way.count--;
    }
}

static void draw_from(struct tree *tree, size_t root)
{
    *(struct branch *)array_push(&tree->stack) = (struct branch){root, SIZE_MAX, 0, true};
    while (tree->stack.count > 0) {
        struct branch branch =
            *(struct branch *)array_at(&tree->stack, tree->stack.count - 1);
        tree->stack.count--;
        leave_way(tree, branch.depth);
        bool goes_on = !branch.is_last;
        set_at(&tree->lines, branch.depth, &goes_on);
        draw_branch(tree, &branch);
        if (tree->shown[branch.node] == 0) {
            tree->shown[branch.node] = 2;
            set_at(&tree->way, branch.depth, &branch.node);
            unfold(tree, &branch);
        }
    }
    leave_way(tree, 0);
}

/* Roots: the start and its columns; of a whole mesh what nothing stands above. */
static bool is_root(const struct tree *tree, const struct lineage_fan *against,
                    size_t index, bool is_whole)
{
    const struct lineage_node *node = graph_node(tree->graph, index);
    bool has_below = tree->fan.first[index] < tree->fan.first[index + 1];
    if (is_whole) {
        return against->first[index] == against->first[index + 1];
    }
    return node->depth == 0 && node->side == 0 && has_below;
}

static void draw_heading(struct tree *tree, const char *heading)
{
    struct text line = {0};
    text_append(&line, heading);
    end_line(tree, &line);
}

static void draw_way(struct tree *tree, bool up, bool is_whole)
{
    struct lineage_fan against;
    size_t count = tree->graph->nodes.count;
    bool is_first = true;
    tree->up = up;
    tree->shown = memory_new(count + 1);
    lineage_fan_init(&tree->fan, tree->graph, up);
    lineage_fan_init(&against, tree->graph, !up);
    for (int again = 0; again < 2; again++) {
        /* Then what only circles lead to. */
        for (size_t i = 0; i < count; i++) {
            bool is_left = again == 1 && is_whole && tree->shown[i] == 0;
            if ((again == 0 && is_root(tree, &against, i, is_whole)) || is_left) {
                if (is_first && !is_whole) {
                    draw_heading(tree, up ? "made from:" : "feeds:");
                }
                is_first = false;
                draw_from(tree, i);
            }
        }
    }
    lineage_fan_release(&tree->fan);
    lineage_fan_release(&against);
    free(tree->shown);
}

static bool is_whole_mesh(const struct lineage_graph *graph)
{
    for (size_t i = 0; i < graph->nodes.count; i++) {
        if (graph_node(graph, i)->side != 0) {
            return false;
        }
    }
    return graph->edges.count > 0;
}

bool write_tree(const struct lineage_graph *graph, const struct lineage_style *style,
                struct text *out, struct array *spots)
{
    struct tree tree = {
        .graph = graph,
        .style = style,
        .out = out,
        .spots = spots,
        .stack = ARRAY_OF(struct branch),
        .lines = ARRAY_OF(bool),
        .way = ARRAY_OF(size_t),
    };
    bool is_whole = is_whole_mesh(graph);
    if (is_whole) {
        draw_way(&tree, false, true);
    } else {
        draw_way(&tree, true, false);
        draw_way(&tree, false, false);
    }
    if (tree.y == 0 && graph->nodes.count > 0) {
        struct text line = {0};
        char *label = node_label(graph_node(graph, 0));
        add_spot(&tree, 0, &line, safetext_width(label, strlen(label)));
        text_append(&line, label);
        text_append(&line, ": nothing is known to feed it, or to be made from it");
        end_line(&tree, &line);
        free(label);
    }
    array_release(&tree.stack);
    array_release(&tree.lines);
    array_release(&tree.way);
    return true;
}
