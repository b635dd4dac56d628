/* lineage/products: which product is made from which: input ports, the contracts that
 * output ports are made from, and sources that columns declare. Each step asks the index
 * for the neighbours of one product, so a small part of a large mesh costs little.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/lineage/declared.h"
#include "engine/store.h"

enum statement {
    INPUTS,        /* what a product reads: contract or source, with the place */
    TABLE_INPUTS,  /* what one table of it is made from */
    OUTPUTS,       /* contracts a product delivers under */
    TABLE_OUTPUTS, /* the one of a table */
    PRODUCERS,     /* products that deliver under a contract */
    READERS,       /* products that read under a contract, with the place */
    NAMED,         /* the product that an input port names without a contract */
    NAMERS,        /* input ports that name a product so */
    KEY,
    STATEMENTS
};

static const char *const statements[STATEMENTS] = {
    [INPUTS] =
        "SELECT contract_id,source,path,line,'port' FROM port WHERE product_row=?1 AND "
        "dir='in' AND coalesce(contract_id,source) IS NOT NULL UNION ALL SELECT "
        "i.contract_id,NULL,p.path,p.line,'contract' FROM port_input i JOIN product p ON "
        "p.rowid=i.product_row WHERE i.product_row=?1 AND i.contract_id IS NOT NULL",
    [TABLE_INPUTS] =
        "SELECT i.contract_id,NULL,p.path,p.line,'contract' FROM table_of t JOIN "
        "port_input i ON i.product_row=t.product_row AND i.port=t.port JOIN product p ON "
        "p.rowid=i.product_row WHERE t.product_row=?1 AND t.sql_name=?2",
    [OUTPUTS] = "SELECT DISTINCT contract_id FROM port WHERE product_row=?1 AND "
                "dir='out' AND contract_id IS NOT NULL",
    [TABLE_OUTPUTS] = "SELECT c.id FROM table_of t JOIN contract c ON "
                      "c.rowid=t.contract_row WHERE t.product_row=?1 AND t.sql_name=?2",
    [PRODUCERS] = "SELECT DISTINCT product_row FROM port WHERE contract_id=?1 AND "
                  "dir='out' AND product_row IS NOT NULL",
    [READERS] =
        "SELECT product_row,path,line,'port' FROM port WHERE contract_id=?1 AND dir='in' "
        "AND product_row IS NOT NULL UNION ALL SELECT i.product_row,p.path,p.line,"
        "'contract' FROM port_input i JOIN product p ON p.rowid=i.product_row WHERE "
        "i.contract_id=?1",
    [NAMED] = "SELECT rowid FROM product WHERE key=?1 COLLATE NOCASE OR id=?1",
    [NAMERS] = "SELECT o.product_row,o.path,o.line,'port' FROM product p JOIN port o ON "
               "o.source IN(p.key,p.id) WHERE p.rowid=?1 AND o.dir='in' AND "
               "o.contract_id IS NULL AND o.product_row IS NOT NULL",
    [KEY] = "SELECT key FROM product WHERE rowid=?1",
};

struct walk {
    const struct lineage_spec *spec;
    const struct lineage_start *start;
    struct weave *weave;
    sqlite3_stmt *stmts[STATEMENTS];
    struct declared *declared;
    struct array queue; /* of size_t: nodes met on this way, in order */
    unsigned char *met; /* by node: which ways */
    size_t met_size;
    struct error *err;
};

/* ---- Nodes ---- */

static size_t product_node(struct walk *walk, long long row)
{
    char *key = NULL;
    store_bind(walk->stmts[KEY], "l", row);
    if (store_step(walk->stmts[KEY], walk->err) == STORE_ROW) {
        key = string_copy(store_text(walk->stmts[KEY], 0));
    }
    sqlite3_reset(walk->stmts[KEY]);
    size_t node =
        weave_node(walk->weave, LINEAGE_PRODUCT, key != NULL ? key : "(unnamed)");
    struct lineage_node *made = array_at(&walk->weave->graph->nodes, node);
    if (made->product == NULL) {
        made->product = string_copy(key);
        weave_set_row(walk->weave, node, row);
    }
    free(key);
    return node;
}

/* The start may be a table: it stands for its product on the first step. */
static size_t start_node(struct walk *walk)
{
    const struct lineage_start *start = walk->start;
    if (start->table == NULL) {
        return product_node(walk, start->entry.row);
    }
    char *name = string_printf("%s.%s", start->entry.id, start->table);
    size_t node = weave_node(walk->weave, LINEAGE_TABLE, name);
    struct lineage_node *made = array_at(&walk->weave->graph->nodes, node);
    made->product = string_copy(start->entry.id);
    made->table = string_copy(start->table);
    weave_set_row(walk->weave, node, start->entry.row);
    free(name);
    return node;
}

static void meet(struct walk *walk, size_t node, enum lineage_way way, int depth)
{
    if (node >= walk->met_size) {
        size_t size = node * 2 + 64;
        walk->met = memory_resize(walk->met, size);
        memset(walk->met + walk->met_size, 0, size - walk->met_size);
        walk->met_size = size;
    }
    if ((walk->met[node] & way) != 0) {
        return;
    }
    struct lineage_node *item = array_at(&walk->weave->graph->nodes, node);
    if (walk->met[node] == 0) {
        item->depth = depth;
        item->side = depth == 0 ? 0 : way;
    }
    walk->met[node] |= (unsigned char)way;
    *(size_t *)array_push(&walk->queue) = node;
}

/* ---- Steps ---- */

struct step {
    size_t node;
    long long row;
    const char *table; /* of the start only */
    enum lineage_way way;
    int depth; /* of the nodes led to */
};

static void add_edge(struct walk *walk, const struct step *step, size_t other,
                     const struct weave_how *how)
{
    if (other == step->node) {
        return;
    }
    if (step->way == LINEAGE_UP) {
        weave_edge(walk->weave, other, step->node, how);
    } else {
        weave_edge(walk->weave, step->node, other, how);
    }
    meet(walk, other, step->way, step->depth);
}

/* Its other tables are no news where one table is asked for. */
static void add_product(struct walk *walk, const struct step *step, long long row,
                        const struct weave_how *how)
{
    if (row != step->row) {
        add_edge(walk, step, product_node(walk, row), how);
    }
}

static void step_up(struct walk *walk, const struct step *step)
{
    sqlite3_stmt *inputs = walk->stmts[step->table != NULL ? TABLE_INPUTS : INPUTS];
    store_bind(inputs, step->table != NULL ? "ls" : "l", step->row, step->table);
    while (store_step(inputs, walk->err) == STORE_ROW) {
        const struct weave_how how = {.path = store_text(inputs, 2),
                                      .line = sqlite3_column_int(inputs, 3),
                                      .how = store_text(inputs, 4)};
        bool has_contract = sqlite3_column_type(inputs, 0) != SQLITE_NULL;
        const char *name = store_text(inputs, has_contract ? 0 : 1);
        sqlite3_stmt *products = walk->stmts[has_contract ? PRODUCERS : NAMED];
        bool found = false;
        store_bind(products, "s", name);
        while (store_step(products, walk->err) == STORE_ROW) {
            add_product(walk, step, sqlite3_column_int64(products, 0), &how);
            found = true;
        }
        sqlite3_reset(products);
        if (!found) {
            add_edge(walk, step, weave_node(walk->weave, LINEAGE_OUTSIDE, name), &how);
        }
    }
    sqlite3_reset(inputs);
}

static void add_readers(struct walk *walk, const struct step *step, sqlite3_stmt *readers)
{
    while (store_step(readers, walk->err) == STORE_ROW) {
        const struct weave_how how = {.path = store_text(readers, 1),
                                      .line = sqlite3_column_int(readers, 2),
                                      .how = store_text(readers, 3)};
        add_product(walk, step, sqlite3_column_int64(readers, 0), &how);
    }
    sqlite3_reset(readers);
}

static void step_down(struct walk *walk, const struct step *step)
{
    sqlite3_stmt *outputs = walk->stmts[step->table != NULL ? TABLE_OUTPUTS : OUTPUTS];
    store_bind(outputs, step->table != NULL ? "ls" : "l", step->row, step->table);
    while (store_step(outputs, walk->err) == STORE_ROW) {
        store_bind(walk->stmts[READERS], "s", store_text(outputs, 0));
        add_readers(walk, step, walk->stmts[READERS]);
    }
    sqlite3_reset(outputs);
    if (step->table == NULL) {
        store_bind(walk->stmts[NAMERS], "l", step->row);
        add_readers(walk, step, walk->stmts[NAMERS]);
    }
}

/* What columns of the product say they are made from, and the other way round. */
static void step_declared(struct walk *walk, const struct step *step)
{
    bool up = step->way == LINEAGE_UP;
    const struct declared_pair *pair;
    for (size_t i = declared_first(walk->declared, step->row, up);
         (pair = declared_at(walk->declared, i, step->row, up)) != NULL; i++) {
        if (step->table != NULL &&
            !string_equal(step->table, up ? pair->table : pair->from_table)) {
            continue;
        }
        const struct weave_how how = {
            .how = "declared", .path = pair->path, .line = pair->line};
        long long other = up ? pair->from_product : pair->product;
        if (other != 0) {
            add_product(walk, step, other, &how);
        } else if (up) {
            add_edge(walk, step, weave_node(walk->weave, LINEAGE_OUTSIDE, pair->source),
                     &how);
        }
    }
}

static void follow(struct walk *walk, size_t from, enum lineage_way way)
{
    size_t next = walk->queue.count;
    meet(walk, from, way, 0);
    while (next < walk->queue.count && walk->err->kind == ERROR_NONE) {
        size_t node = *(size_t *)array_at(&walk->queue, next++);
        const struct lineage_node *item = array_at(&walk->weave->graph->nodes, node);
        struct step step = {
            .node = node,
            .row = weave_row(walk->weave, node),
            .table = item->kind == LINEAGE_TABLE ? item->table : NULL,
            .way = way,
            .depth = item->depth + 1,
        };
        if (step.row == 0 ||
            (walk->spec->depth > 0 && item->depth >= walk->spec->depth)) {
            continue;
        }
        (way == LINEAGE_UP ? step_up : step_down)(walk, &step);
        step_declared(walk, &step);
    }
}

/* ---- All ---- */

/* Every product with what it reads: each edge is met at the product that reads. */
static void read_all(struct walk *walk)
{
    sqlite3_stmt *all =
        store_prepare(catalog_database(walk->spec->catalog),
                      "SELECT rowid FROM product ORDER BY domain,name", walk->err);
    while (all != NULL && store_step(all, walk->err) == STORE_ROW) {
        product_node(walk, sqlite3_column_int64(all, 0));
    }
    store_finish(all);
    size_t count = walk->weave->graph->nodes.count;
    for (size_t node = 0; node < count && walk->err->kind == ERROR_NONE; node++) {
        struct step step = {
            .node = node, .row = weave_row(walk->weave, node), .way = LINEAGE_UP};
        step_up(walk, &step);
        step_declared(walk, &step);
    }
}

bool lineage_read_products(const struct lineage_spec *spec,
                           const struct lineage_start *start, struct weave *weave,
                           struct error *err)
{
    struct error failure = {0};
    struct walk walk = {.spec = spec,
                        .start = start,
                        .weave = weave,
                        .queue = ARRAY_OF(size_t),
                        .err = &failure};
    sqlite3 *db = catalog_database(spec->catalog);
    for (int i = 0; i < STATEMENTS && failure.kind == ERROR_NONE; i++) {
        walk.stmts[i] = store_prepare(db, statements[i], &failure);
    }
    if (failure.kind == ERROR_NONE) {
        walk.declared = declared_read(db, false, &failure);
    }
    if (failure.kind == ERROR_NONE && spec->start == NULL) {
        read_all(&walk);
    } else if (failure.kind == ERROR_NONE) {
        size_t from = start_node(&walk);
        if ((spec->way & LINEAGE_UP) != 0) {
            follow(&walk, from, LINEAGE_UP);
        }
        if ((spec->way & LINEAGE_DOWN) != 0) {
            follow(&walk, from, LINEAGE_DOWN);
        }
    }
    for (int i = 0; i < STATEMENTS; i++) {
        store_finish(walk.stmts[i]);
    }
    declared_free(walk.declared);
    array_release(&walk.queue);
    free(walk.met);
    if (failure.kind != ERROR_NONE && err != NULL) {
        *err = failure;
    }
    return failure.kind == ERROR_NONE;
}
