/* lineage/layers_draw: a layered drawing as text. A node takes two lines: edges come in
 * at the left of the first, with its name, and leave at the right of the second, with how
 * it stands; so what comes in and what goes out never share a line. All edges that leave
 * a node share one vertical lane between the layers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/layers.h"

#include <stdlib.h>
#include <string.h>

#include "engine/safetext.h"

enum {
    LINES = 3, /* of a node, with the blank one below */
    WIDEST_NAME = 48,
    MOST_NODES = 1000,
    /* Sides of a cell that a line leaves by. */
    UP = 1,
    DOWN = 2,
    LEFT = 4,
    RIGHT = 8,
    ARROW = 16,
};

struct drawing {
    struct layers layers;
    const struct lineage_style *style;
    int *x, *width;       /* of each layer */
    int *start;           /* of each seat: where its line to the right begins */
    int columns, lines;   /* of the canvas */
    unsigned char *cells; /* of lines */
    struct array spots;   /* of struct lineage_spot */
};

static const struct seat *seat_of(const struct drawing *drawing, size_t seat)
{
    return array_at(&drawing->layers.seats, seat);
}

static int top_of(const struct drawing *drawing, size_t seat)
{
    return (int)seat_of(drawing, seat)->row * LINES;
}

/* ---- Lines ---- */

static void mark(struct drawing *drawing, int x, int y, unsigned sides)
{
    if (x >= 0 && x < drawing->columns && y >= 0 && y < drawing->lines) {
        drawing->cells[(size_t)y * (size_t)drawing->columns + (size_t)x] |=
            (unsigned char)sides;
    }
}

static void draw_across(struct drawing *drawing, int from, int to, int y)
{
    for (int x = from; x < to; x++) {
        mark(drawing, x, y, RIGHT);
        mark(drawing, x + 1, y, LEFT);
    }
}

static void draw_along(struct drawing *drawing, int x, int from, int to)
{
    for (int y = from < to ? from : to; y < (from < to ? to : from); y++) {
        mark(drawing, x, y, DOWN);
        mark(drawing, x, y + 1, UP);
    }
}

/* From the second line of a seat to the first of the other, along the lane. */
static void draw_link(struct drawing *drawing, const struct link *link, int lane)
{
    const struct seat *from = seat_of(drawing, link->from);
    const struct seat *to = seat_of(drawing, link->to);
    int out = top_of(drawing, link->from) + 1, in = top_of(drawing, link->to);
    draw_across(drawing, drawing->start[link->from], lane, out);
    if (!from->is_passing && drawing->start[link->from] == drawing->x[from->layer] + 1) {
        mark(drawing, drawing->start[link->from], out, UP);
    }
    draw_along(drawing, lane, out, in);
    draw_across(drawing, lane, drawing->x[to->layer] - 1, in);
    if (!to->is_passing) {
        mark(drawing, drawing->x[to->layer] - 1, in, ARROW);
    }
}

/* Through a layer: in at its first line, down, out at its second. */
static void draw_passing(struct drawing *drawing, size_t seat)
{
    size_t layer = seat_of(drawing, seat)->layer;
    int x = drawing->x[layer], y = top_of(drawing, seat);
    draw_across(drawing, x - 1, x, y);
    draw_along(drawing, x, y, y + 1);
    draw_across(drawing, x, x + drawing->width[layer], y + 1);
}

/* ---- Places ---- */

/* Lanes right of a layer: one for each seat that something leaves. */
static size_t number_lanes(const struct drawing *drawing, size_t layer, size_t *lanes)
{
    size_t count = 0;
    const struct array *order = &drawing->layers.order[layer];
    bool *leaves = memory_new_many(drawing->layers.seats.count + 1, sizeof *leaves);
    for (size_t i = 0; i < drawing->layers.links.count; i++) {
        leaves[((const struct link *)array_at(&drawing->layers.links, i))->from] = true;
    }
    for (size_t i = 0; i < order->count; i++) {
        size_t seat = *(size_t *)array_at(order, i);
        if (leaves[seat]) {
            lanes[seat] = count++;
        }
    }
    free(leaves);
    return count;
}

static int name_width(const struct drawing *drawing, size_t node, struct text *name)
{
    char *label = node_label(graph_node(drawing->layers.graph, node));
    int width = safetext_append_cut(name, label, strlen(label), WIDEST_NAME);
    free(label);
    return width;
}

static int standing_width(const struct drawing *drawing, size_t node,
                          struct text *standing)
{
    append_standing(graph_node(drawing->layers.graph, node), standing);
    return safetext_width(text_string(standing), standing->length);
}

static void place_layers(struct drawing *drawing, size_t *lanes)
{
    size_t count = drawing->layers.count;
    int x = 0;
    drawing->x = memory_new_many(count + 1, sizeof *drawing->x);
    drawing->width = memory_new_many(count + 1, sizeof *drawing->width);
    drawing->start =
        memory_new_many(drawing->layers.seats.count + 1, sizeof *drawing->start);
    for (size_t layer = 0; layer < count; layer++) {
        const struct array *order = &drawing->layers.order[layer];
        int widest = 1;
        for (size_t i = 0; i < order->count; i++) {
            size_t seat = *(size_t *)array_at(order, i);
            struct text name = {0}, standing = {0};
            drawing->start[seat] = x;
            if (!seat_of(drawing, seat)->is_passing) {
                int width = name_width(drawing, seat, &name);
                int second = standing_width(drawing, seat, &standing) + 1;
                /* Behind how it stands; else a corner below its name. */
                drawing->start[seat] = x + (second > 1 ? second + 1 : 1);
                width = width > second ? width : second;
                widest = width > widest ? width : widest;
            }
            text_release(&name);
            text_release(&standing);
        }
        int lines = (int)order->count * LINES - 1;
        drawing->lines = lines > drawing->lines ? lines : drawing->lines;
        drawing->x[layer] = x;
        drawing->width[layer] = widest + 1;
        x += widest + 1 + (int)number_lanes(drawing, layer, lanes) * 2 + 3;
    }
    drawing->columns = x;
}

/* ---- The text ---- */

static const char *glyph(const struct drawing *drawing, unsigned sides)
{
    static const char *const unicode[] = {" ", "│", "│", "│", "─", "╯", "╮", "┤",
                                          "─", "╰", "╭", "├", "─", "┴", "┬", "┼"};
    static const char *const ascii[] = {" ", "|", "|", "|", "-", "+", "+", "+",
                                        "-", "+", "+", "+", "-", "+", "+", "+"};
    if ((sides & ARROW) != 0) {
        return drawing->style->unicode ? "▸" : ">";
    }
    return (drawing->style->unicode ? unicode : ascii)[sides & 15];
}

/* The node whose line this is, at this column; SIZE_MAX: none. */
static size_t node_at(const struct drawing *drawing, size_t layer, int y)
{
    const struct array *order = &drawing->layers.order[layer];
    size_t row = (size_t)(y / LINES);
    if (y % LINES == 2 || row >= order->count) {
        return SIZE_MAX;
    }
    size_t seat = *(size_t *)array_at(order, row);
    return seat_of(drawing, seat)->is_passing ? SIZE_MAX : seat;
}

/* The text of a node within its layer; how many cells it took. */
static int write_node(struct drawing *drawing, size_t layer, int y, struct text *line)
{
    size_t node = node_at(drawing, layer, y);
    if (node == SIZE_MAX) {
        return 0;
    }
    if (y % LINES == 1) {
        text_append(line, " ");
        return standing_width(drawing, node, line) > 0
                   ? safetext_width(text_string(line), line->length)
                   : 0;
    }
    int width = name_width(drawing, node, line);
    *(struct lineage_spot *)array_push(&drawing->spots) =
        (struct lineage_spot){node, drawing->x[layer], y, width};
    return width;
}

static void write_line(struct drawing *drawing, int y, struct text *out)
{
    size_t layer = 0, length = out->length;
    for (int x = 0; x < drawing->columns;) {
        struct text text = {0};
        int used = 0;
        while (layer + 1 < drawing->layers.count && drawing->x[layer + 1] <= x) {
            layer++;
        }
        if (drawing->x[layer] == x) {
            used = write_node(drawing, layer, y, &text);
        }
        if (used > 0) {
            text_append(out, text_string(&text));
            x += used;
        } else {
            unsigned sides =
                drawing->cells[(size_t)y * (size_t)drawing->columns + (size_t)x];
            text_append(out, glyph(drawing, sides));
            x++;
        }
        text_release(&text);
    }
    while (out->length > length && out->data[out->length - 1] == ' ') {
        text_truncate(out, out->length - 1);
    }
    text_append(out, "\n");
}

static void write_back(const struct drawing *drawing, struct text *out)
{
    const struct lineage_graph *graph = drawing->layers.graph;
    for (size_t i = 0; i < drawing->layers.back.count; i++) {
        const struct lineage_edge *edge =
            graph_edge(graph, *(size_t *)array_at(&drawing->layers.back, i));
        char *from = node_label(graph_node(graph, edge->from));
        char *to = node_label(graph_node(graph, edge->to));
        text_printf(out, "circle: %s feeds %s\n", from, to);
        free(from);
        free(to);
    }
}

static void draw_lines(struct drawing *drawing, const size_t *lanes)
{
    drawing->cells =
        memory_new((size_t)drawing->columns * (size_t)(drawing->lines + 1) + 1);
    for (size_t i = 0; i < drawing->layers.links.count; i++) {
        const struct link *link = array_at(&drawing->layers.links, i);
        size_t layer = seat_of(drawing, link->from)->layer;
        int lane =
            drawing->x[layer] + drawing->width[layer] + 1 + (int)lanes[link->from] * 2;
        draw_link(drawing, link, lane);
    }
    for (size_t i = 0; i < drawing->layers.seats.count; i++) {
        if (seat_of(drawing, i)->is_passing) {
            draw_passing(drawing, i);
        }
    }
}

bool write_layers(const struct lineage_graph *graph, const struct lineage_style *style,
                  struct text *out, struct array *spots, struct error *err)
{
    if (graph->nodes.count > MOST_NODES) {
        return error_set(err, ERROR_FAILED,
                         "%zu nodes are too many to be drawn in layers; look at fewer "
                         "with --depth, or write them with --format dot",
                         graph->nodes.count);
    }
    struct drawing drawing = {.style = style, .spots = ARRAY_OF(struct lineage_spot)};
    layers_arrange(&drawing.layers, graph);
    size_t *lanes = memory_new_many(drawing.layers.seats.count + 1, sizeof *lanes);
    place_layers(&drawing, lanes);
    draw_lines(&drawing, lanes);
    for (int y = 0; y < drawing.lines; y++) {
        write_line(&drawing, y, out);
    }
    write_back(&drawing, out);
    for (size_t i = 0; i < drawing.spots.count && spots != NULL; i++) {
        *(struct lineage_spot *)array_push(spots) =
            *(struct lineage_spot *)array_at(&drawing.spots, i);
    }
    layers_release(&drawing.layers);
    array_release(&drawing.spots);
    free(lanes);
    free(drawing.x);
    free(drawing.width);
    free(drawing.start);
    free(drawing.cells);
    return true;
}
