/* lineage/keep: of a graph of all columns what is asked for: up and down from a column,
 * from those of a table, from those of a product.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/columns.h"

#include <stdlib.h>
#include <string.h>

struct keeping {
    const struct weave *whole;
    struct weave *kept;
    size_t *numbers; /* of nodes in `kept`, + 1; 0: not there */
    unsigned char *met;
    int *depths;
    struct array queue; /* of size_t */
    int most;           /* steps; 0: all */
    bool with_rows;     /* also edges that only decide which rows there are */
};

static size_t keep_node(struct keeping *keeping, size_t node)
{
    if (keeping->numbers[node] == 0) {
        const struct lineage_node *from = array_at(&keeping->whole->graph->nodes, node);
        size_t number = weave_node(keeping->kept, from->kind, from->name);
        struct lineage_node *made = array_at(&keeping->kept->graph->nodes, number);
        if (made->product == NULL) {
            made->product = string_copy(from->product);
        }
        if (made->table == NULL) {
            made->table = string_copy(from->table);
            made->column = string_copy(from->column);
        }
        weave_set_row(keeping->kept, number, weave_row(keeping->whole, node));
        keeping->numbers[node] = number + 1;
    }
    return keeping->numbers[node] - 1;
}

static void meet_node(struct keeping *keeping, size_t node, enum lineage_way way,
                      int depth)
{
    if ((keeping->met[node] & way) != 0) {
        return;
    }
    struct lineage_node *made =
        array_at(&keeping->kept->graph->nodes, keep_node(keeping, node));
    if (keeping->met[node] == 0) {
        made->depth = depth;
        made->side = depth == 0 ? 0 : way;
        keeping->depths[node] = depth;
    }
    keeping->met[node] |= (unsigned char)way;
    *(size_t *)array_push(&keeping->queue) = node;
}

static void keep_edge(struct keeping *keeping, const struct lineage_edge *edge)
{
    size_t from = keep_node(keeping, edge->from), to = keep_node(keeping, edge->to);
    weave_edge(keeping->kept, from, to,
               &(struct weave_how){edge->how, edge->path, edge->line, edge->is_indirect});
}

/* From all that was put into the queue. */
static void follow(struct keeping *keeping, enum lineage_way way)
{
    bool up = way == LINEAGE_UP;
    struct lineage_fan fan;
    lineage_fan_init(&fan, keeping->whole->graph, up);
    for (size_t next = 0; next < keeping->queue.count; next++) {
        size_t node = *(size_t *)array_at(&keeping->queue, next);
        int depth = keeping->depths[node];
        if (keeping->most > 0 && depth >= keeping->most) {
            continue;
        }
        for (size_t i = fan.first[node]; i < fan.first[node + 1]; i++) {
            const struct lineage_edge *edge =
                array_at(&keeping->whole->graph->edges, fan.list[i]);
            if (edge->is_indirect && !keeping->with_rows) {
                continue;
            }
            meet_node(keeping, up ? edge->from : edge->to, way, depth + 1);
            keep_edge(keeping, edge);
        }
    }
    array_clear(&keeping->queue);
    lineage_fan_release(&fan);
}

/* Is it the start, or a column or table of it? */
static bool is_start(const struct lineage_node *node, const struct lineage_start *start)
{
    return string_equal(node->product, start->entry.id) &&
           (start->table == NULL || string_equal(node->table, start->table)) &&
           (start->column == NULL || node->column == NULL ||
            string_equal(node->column, start->column));
}

static void keep_from(struct keeping *keeping, const struct lineage_start *start,
                      enum lineage_way way)
{
    const struct array *nodes = &keeping->whole->graph->nodes;
    for (size_t i = 0; i < nodes->count; i++) {
        const struct lineage_node *node = array_at(nodes, i);
        bool is_column = start->column == NULL || node->column != NULL;
        if (is_start(node, start) && is_column) {
            meet_node(keeping, i, way, 0);
        }
    }
    follow(keeping, way);
}

/* The first node is what was asked for, whether anything is known of it or not. */
static void add_start(struct weave *kept, const struct lineage_start *start)
{
    size_t node;
    if (start->table != NULL) {
        node = columns_node(kept, &(struct column_name){start->entry.row, start->entry.id,
                                                        start->table, start->column});
    } else {
        node = weave_node(kept, LINEAGE_PRODUCT, start->entry.id);
        struct lineage_node *made = array_at(&kept->graph->nodes, node);
        made->product = string_copy(start->entry.id);
    }
    weave_set_row(kept, node, start->entry.row);
}

void columns_keep(const struct weave *whole, const struct lineage_spec *spec,
                  const struct lineage_start *start, struct weave *kept)
{
    size_t count = whole->graph->nodes.count;
    struct keeping keeping = {
        .whole = whole,
        .kept = kept,
        .numbers = memory_new_many(count + 1, sizeof *keeping.numbers),
        .met = memory_new(count + 1),
        .depths = memory_new_many(count + 1, sizeof *keeping.depths),
        .queue = ARRAY_OF(size_t),
        .most = spec->depth,
        .with_rows = spec->rows,
    };
    if (spec->start == NULL) {
        for (size_t i = 0; i < whole->graph->edges.count; i++) {
            const struct lineage_edge *edge = array_at(&whole->graph->edges, i);
            if (spec->rows || !edge->is_indirect) {
                keep_edge(&keeping, edge);
            }
        }
    } else {
        add_start(kept, start);
        for (enum lineage_way way = LINEAGE_UP; way <= LINEAGE_DOWN; way++) {
            if ((spec->way & way) != 0) {
                keep_from(&keeping, start, way);
            }
        }
    }
    for (size_t i = 0; i < whole->graph->notes.count; i++) {
        weave_note(kept, "%s", *(char **)array_at(&whole->graph->notes, i));
    }
    free(keeping.numbers);
    free(keeping.met);
    free(keeping.depths);
    array_release(&keeping.queue);
}
