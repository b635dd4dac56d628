/* catalog/lint_cycles: products that feed each other in a circle.
 *
 * Products and the contracts between them are one graph: a product leads to the contracts
 * it reads under, a contract to the products that deliver it. It has as many edges as
 * there are ports, however many products share a contract. Circles are its strongly
 * connected components (Tarjan, "Depth-first search and linear graph algorithms", SIAM
 * Journal on Computing 1, 1972), found without recursion: a hostile chain may be as long
 * as the mesh is large.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint_links.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/store.h"
#include "engine/text.h"

/* ---- Nodes ---- */

struct node {
    char *contract;    /* its id; NULL: a product */
    long long product; /* its row */
    size_t low, index; /* Tarjan's; index 0: not seen yet */
    size_t next;       /* of its edges, to be followed */
    size_t first_edge, edges;
    bool is_open;
};

struct graph {
    struct build *build;
    struct array nodes; /* of struct node */
    struct array edges; /* of size_t: nodes led to */
    struct array path;  /* of size_t: nodes that are being followed */
    struct array open;  /* of size_t: Tarjan's stack */
    size_t *places;     /* node + 1 by hash; 0: free */
    size_t size, clock; /* of places: a power of two */
    sqlite3_stmt *inputs, *outputs;
};

/* Keyed hashing is not needed: a clash costs a comparison, and probing is bounded by the
 * load of a half. */
static size_t hash_of(const char *contract, long long product)
{
    uint64_t hash = 14695981039346656037ULL ^ (uint64_t)product;
    for (const char *p = contract; p != NULL && *p != '\0'; p++) {
        hash = (hash ^ (unsigned char)*p) * 1099511628211ULL;
    }
    hash *= 0x9E3779B97F4A7C15ULL;
    return (size_t)(hash >> 20);
}

static size_t *find_place(const struct graph *graph, const char *contract,
                          long long product)
{
    size_t at = hash_of(contract, product) & (graph->size - 1);
    while (graph->places[at] != 0) {
        const struct node *node = array_at(&graph->nodes, graph->places[at] - 1);
        if (node->product == product && string_equal(node->contract, contract)) {
            break;
        }
        at = (at + 1) & (graph->size - 1);
    }
    return &graph->places[at];
}

static void grow(struct graph *graph)
{
    graph->size = graph->size == 0 ? 256 : graph->size * 2;
    free(graph->places);
    graph->places = memory_new_many(graph->size, sizeof *graph->places);
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const struct node *node = array_at(&graph->nodes, i);
        *find_place(graph, node->contract, node->product) = i + 1;
    }
}

static size_t node_of(struct graph *graph, const char *contract, long long product)
{
    if (graph->nodes.count * 2 >= graph->size) {
        grow(graph);
    }
    size_t *place = find_place(graph, contract, product);
    if (*place == 0) {
        *(struct node *)array_push(&graph->nodes) =
            (struct node){.contract = string_copy(contract), .product = product};
        *place = graph->nodes.count;
    }
    return *place - 1;
}

/* ---- Components ---- */

static void load_edges(struct graph *graph, size_t at)
{
    struct node *node = array_at(&graph->nodes, at);
    bool is_product = node->contract == NULL;
    sqlite3_stmt *stmt = is_product ? graph->inputs : graph->outputs;
    if (is_product) {
        store_bind(stmt, "l", node->product);
    } else {
        store_bind(stmt, "s", node->contract);
    }
    node->first_edge = graph->edges.count;
    while (store_step(stmt, &graph->build->failure) == STORE_ROW) {
        size_t target = is_product ? node_of(graph, store_text(stmt, 0), 0)
                                   : node_of(graph, NULL, sqlite3_column_int64(stmt, 0));
        *(size_t *)array_push(&graph->edges) = target;
    }
    sqlite3_reset(stmt);
    node = array_at(&graph->nodes, at);
    node->edges = graph->edges.count - node->first_edge;
}

static void enter(struct graph *graph, size_t at)
{
    load_edges(graph, at);
    struct node *node = array_at(&graph->nodes, at);
    node->index = node->low = ++graph->clock;
    node->is_open = true;
    *(size_t *)array_push(&graph->path) = at;
    *(size_t *)array_push(&graph->open) = at;
}

static size_t pop(struct array *stack)
{
    size_t top = *(size_t *)array_at(stack, stack->count - 1);
    stack->count--;
    return top;
}

struct member {
    char *key, *path;
    long long product;
    int line;
};

static int compare_members(const void *a, const void *b)
{
    return strcmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void tell_circle(struct graph *graph, struct array *members)
{
    enum { MOST_NAMED = 5 };
    struct text names = {0};
    qsort(members->items, members->count, members->item_size, compare_members);
    for (size_t i = 0; i < members->count && i < MOST_NAMED; i++) {
        const struct member *member = array_at(members, i);
        text_printf(&names, "%s%s", i > 0 ? ", " : "", member->key);
    }
    text_append(&names, members->count > MOST_NAMED ? " ..." : "");
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = array_at(members, i);
        char *sentence =
            string_printf("%zu products feed each other in a circle, this one among "
                          "them: %s",
                          members->count, text_string(&names));
        lint_links_tell(graph->build,
                        (struct link_place){member->path, member->line, member->product},
                        true, "cycle", sentence, NULL);
        free(sentence);
    }
    text_release(&names);
}

/* The products among the nodes above `root` on the stack are a circle, if there are
 * two. */
static void close_component(struct graph *graph, size_t root)
{
    struct array members = ARRAY_OF(struct member);
    sqlite3_stmt *product = NULL;
    size_t count = 0, at;
    for (size_t i = graph->open.count;
         i-- > 0 && *(size_t *)array_at(&graph->open, i) != root;) {
        count++;
    }
    if (count > 1) {
        product = store_prepare(graph->build->db,
                                "SELECT key,path,line FROM product WHERE rowid=?1",
                                &graph->build->failure);
    }
    do {
        at = pop(&graph->open);
        struct node *node = array_at(&graph->nodes, at);
        node->is_open = false;
        if (product != NULL && node->contract == NULL) {
            store_bind(product, "l", node->product);
            if (store_step(product, NULL) == STORE_ROW) {
                *(struct member *)array_push(&members) = (struct member){
                    store_text_copy(product, 0), store_text_copy(product, 1),
                    node->product, sqlite3_column_int(product, 2)};
            }
            sqlite3_reset(product);
        }
    } while (at != root);
    store_finish(product);
    if (members.count > 1) {
        tell_circle(graph, &members);
    }
    for (size_t i = 0; i < members.count; i++) {
        struct member *member = array_at(&members, i);
        free(member->key);
        free(member->path);
    }
    array_release(&members);
}

static void follow(struct graph *graph, size_t start)
{
    enter(graph, start);
    while (graph->path.count > 0) {
        size_t at = *(size_t *)array_at(&graph->path, graph->path.count - 1);
        struct node *node = array_at(&graph->nodes, at);
        if (node->next < node->edges) {
            size_t target =
                *(size_t *)array_at(&graph->edges, node->first_edge + node->next++);
            const struct node *other = array_at(&graph->nodes, target);
            if (other->index == 0) {
                enter(graph, target);
            } else if (other->is_open && other->index < node->low) {
                node->low = other->index;
            }
            continue;
        }
        graph->path.count--;
        size_t low = node->low;
        if (low == node->index) {
            close_component(graph, at);
        }
        if (graph->path.count > 0) {
            struct node *above = array_at(
                &graph->nodes, *(size_t *)array_at(&graph->path, graph->path.count - 1));
            above->low = low < above->low ? low : above->low;
        }
    }
}

static void graph_release(struct graph *graph)
{
    for (size_t i = 0; i < graph->nodes.count; i++) {
        struct node *node = array_at(&graph->nodes, i);
        free(node->contract);
    }
    array_release(&graph->nodes);
    array_release(&graph->edges);
    array_release(&graph->path);
    array_release(&graph->open);
    free(graph->places);
    store_finish(graph->inputs);
    store_finish(graph->outputs);
}

void lint_cycles(struct build *build)
{
    struct graph graph = {
        .build = build,
        .nodes = ARRAY_OF(struct node),
        .edges = ARRAY_OF(size_t),
        .path = ARRAY_OF(size_t),
        .open = ARRAY_OF(size_t),
        .inputs = store_prepare(
            build->db,
            "SELECT contract_id FROM port WHERE product_row=?1 AND dir='in' AND "
            "contract_id IS NOT NULL UNION SELECT contract_id FROM port_input WHERE "
            "product_row=?1 AND contract_id IS NOT NULL",
            &build->failure),
        .outputs = store_prepare(
            build->db,
            "SELECT product_row FROM port WHERE contract_id=?1 AND dir='out' AND "
            "product_row IS NOT NULL",
            &build->failure),
    };
    sqlite3_stmt *seeds = store_prepare(
        build->db, "SELECT s.row FROM lint_seed s JOIN product p ON p.rowid=s.row",
        &build->failure);
    while (graph.inputs != NULL && graph.outputs != NULL && seeds != NULL &&
           store_step(seeds, &build->failure) == STORE_ROW) {
        size_t node = node_of(&graph, NULL, sqlite3_column_int64(seeds, 0));
        if (((struct node *)array_at(&graph.nodes, node))->index == 0) {
            follow(&graph, node);
        }
    }
    store_finish(seeds);
    graph_release(&graph);
}
