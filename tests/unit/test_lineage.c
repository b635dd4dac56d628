/* Unit tests of products in engine/lineage.h: who feeds whom, up and down, circles,
 * what lies outside, tables, depth, and a chain of 100,000.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <time.h>

#include "catalog_help.h"
#include "engine/lineage.h"

/* ---- Meshes ---- */

/* A product that delivers under a contract of its own name and reads under others. */
static void put_product(const char *mesh, const char *name, const char *reads)
{
    struct text odps = {0}, odcs = {0};
    text_printf(&odps,
                "apiVersion: v1.0.0\nkind: DataProduct\nid: p-%s\nname: %s\nstatus: "
                "active\ndomain: shop\noutputPorts:\n  - name: %s\n    version: 1.0.0\n "
                "   contractId: c-%s\n",
                name, name, name, name);
    if (*reads != '\0') {
        text_append(&odps, "inputPorts:\n");
    }
    while (*reads != '\0') {
        size_t length = strcspn(reads, " ");
        text_printf(&odps, "  - name: %.*s\n    version: 1.0.0\n    contractId: c-%.*s\n",
                    (int)length, reads, (int)length, reads);
        reads += length + (reads[length] == ' ');
    }
    text_printf(&odcs,
                "apiVersion: v3.1.0\nkind: DataContract\nid: c-%s\nname: %s\nversion: "
                "1.0.0\nstatus: active\ndomain: shop\nschema:\n  - name: %s\n    "
                "properties:\n      - {name: id, logicalType: string}\n      - {name: "
                "amount, logicalType: integer}\n",
                name, name, name);
    char *path = string_printf("%s/%s.odps.yaml", name, name);
    put(mesh, path, text_string(&odps));
    free(path);
    path = string_printf("%s/%s.odcs.yaml", name, name);
    put(mesh, path, text_string(&odcs));
    free(path);
    text_release(&odps);
    text_release(&odcs);
}

/* ---- What a graph says, as a text ---- */

static const char *name_at(const struct lineage_graph *graph, size_t node)
{
    return ((const struct lineage_node *)array_at(&graph->nodes, node))->name;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "a>b c>d", sorted. */
static char *edges_of(const struct lineage_graph *graph)
{
    struct array lines = ARRAY_OF(char *);
    struct text out = {0};
    for (size_t i = 0; i < graph->edges.count; i++) {
        const struct lineage_edge *edge = array_at(&graph->edges, i);
        *(char **)array_push(&lines) =
            string_printf("%s>%s", name_at(graph, edge->from), name_at(graph, edge->to));
    }
    if (lines.count > 0) {
        qsort(lines.items, lines.count, lines.item_size, by_text);
    }
    for (size_t i = 0; i < lines.count; i++) {
        char *line = *(char **)array_at(&lines, i);
        text_printf(&out, "%s%s", i > 0 ? " " : "", line);
        free(line);
    }
    array_release(&lines);
    text_append(&out, "");
    return text_take(&out);
}

static void edges_are(const struct catalog *catalog, const char *start,
                      enum lineage_way way, int depth, const char *want)
{
    struct lineage_spec spec = {
        .catalog = catalog, .start = start, .way = way, .depth = depth};
    struct lineage_graph graph;
    struct error err = {0};
    if (!lineage_read(&spec, &graph, &err)) {
        ok(false, "%s: %s", start, err.message);
        return;
    }
    char *got = edges_of(&graph);
    is_text(got, want, "%s%s%s, depth %d", start != NULL ? start : "all",
            way & LINEAGE_UP ? " up" : "", way & LINEAGE_DOWN ? " down" : "", depth);
    free(got);
    lineage_release(&graph);
}

static const struct lineage_node *node_named(const struct lineage_graph *graph,
                                             const char *name)
{
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const struct lineage_node *node = array_at(&graph->nodes, i);
        if (string_equal(node->name, name)) {
            return node;
        }
    }
    return NULL;
}

/* ---- Cases ---- */

static void test_chain(void)
{
    put("chain", "mesh.yaml", "name: Chain\n");
    put_product("chain", "raw", "");
    put_product("chain", "clean", "raw nobody");
    put_product("chain", "report", "clean");
    put_product("chain", "other", "raw");
    struct catalog *catalog = open_mesh("chain");
    edges_are(catalog, "shop/report", LINEAGE_UP, 0,
              "c-nobody>shop/clean shop/clean>shop/report shop/raw>shop/clean");
    edges_are(catalog, "shop/report", LINEAGE_UP, 1, "shop/clean>shop/report");
    edges_are(catalog, "raw", LINEAGE_DOWN, 0,
              "shop/clean>shop/report shop/raw>shop/clean shop/raw>shop/other");
    edges_are(catalog, "shop/clean", LINEAGE_BOTH, 0,
              "c-nobody>shop/clean shop/clean>shop/report shop/raw>shop/clean");
    edges_are(catalog, "shop/raw", LINEAGE_UP, 0, "");
    edges_are(catalog, "shop/raw.raw", LINEAGE_DOWN, 1,
              "shop/raw.raw>shop/clean shop/raw.raw>shop/other");
    edges_are(catalog, NULL, LINEAGE_BOTH, 0,
              "c-nobody>shop/clean shop/clean>shop/report shop/raw>shop/clean "
              "shop/raw>shop/other");
    catalog_close(catalog);
}

static void test_nodes(void)
{
    struct catalog *catalog = open_mesh("chain");
    struct lineage_spec spec = {
        .catalog = catalog, .start = "shop/clean", .way = LINEAGE_BOTH};
    struct lineage_graph graph;
    struct error err = {0};
    ok(lineage_read(&spec, &graph, &err), "read");
    is_text(name_at(&graph, 0), "shop/clean", "the start is the first node");
    const struct lineage_node *raw = node_named(&graph, "shop/raw");
    const struct lineage_node *report = node_named(&graph, "shop/report");
    const struct lineage_node *nobody = node_named(&graph, "c-nobody");
    ok(raw != NULL && raw->side == LINEAGE_UP && raw->depth == 1, "raw is up");
    ok(report != NULL && report->side == LINEAGE_DOWN && report->depth == 1,
       "report is down");
    ok(nobody != NULL && nobody->kind == LINEAGE_OUTSIDE && nobody->product == NULL,
       "a contract that nobody delivers under lies outside");
    is_text(raw != NULL ? raw->product : NULL, "shop/raw", "the id of a product");
    is_text(raw != NULL ? raw->freshness : NULL, "unknown", "its freshness");
    ok(raw != NULL && !raw->is_cycle, "no circle");
    const struct lineage_edge *edge = array_at(&graph.edges, 0);
    ok(edge != NULL && string_equal(edge->how, "port") &&
           string_ends(edge->path, "clean.odps.yaml") && edge->line > 0,
       "an edge names the port's line");
    lineage_release(&graph);
    catalog_close(catalog);
}

static void test_circle(void)
{
    put("circle", "mesh.yaml", "name: Circle\n");
    put_product("circle", "a", "c");
    put_product("circle", "b", "a");
    put_product("circle", "c", "b");
    put_product("circle", "d", "c d");
    struct catalog *catalog = open_mesh("circle");
    edges_are(catalog, "shop/a", LINEAGE_UP, 0,
              "shop/a>shop/b shop/b>shop/c shop/c>shop/a");
    edges_are(catalog, "shop/a", LINEAGE_BOTH, 0,
              "shop/a>shop/b shop/b>shop/c shop/c>shop/a shop/c>shop/d");
    struct lineage_spec spec = {
        .catalog = catalog, .start = "shop/a", .way = LINEAGE_BOTH};
    struct lineage_graph graph;
    ok(lineage_read(&spec, &graph, NULL), "a circle ends");
    const struct lineage_node *c = node_named(&graph, "shop/c");
    const struct lineage_node *d = node_named(&graph, "shop/d");
    ok(c != NULL && c->is_cycle, "a product of the circle is told");
    ok(d != NULL && !d->is_cycle, "one behind it is not");
    lineage_release(&graph);
    catalog_close(catalog);
}

static void test_hole(void)
{
    put("hole", "mesh.yaml", "name: Hole\n");
    put_product("hole", "raw", "");
    put("hole", "made/made.odps.yaml",
        "apiVersion: v1.0.0\nkind: DataProduct\nid: p-made\nname: made\nstatus: active\n"
        "domain: shop\noutputPorts:\n  - name: made\n    version: 1.0.0\n    contractId: "
        "c-made\n    inputContracts:\n      - {id: c-raw, version: 1.0.0}\n");
    struct catalog *catalog = open_mesh("hole");
    edges_are(catalog, "shop/made", LINEAGE_UP, 0, "shop/raw>shop/made");
    edges_are(catalog, "shop/raw", LINEAGE_DOWN, 0, "shop/raw>shop/made");
    struct lineage_spec spec = {
        .catalog = catalog, .start = "shop/made", .way = LINEAGE_UP};
    struct lineage_graph graph;
    ok(lineage_read(&spec, &graph, NULL), "read");
    const struct lineage_edge *edge = array_at(&graph.edges, 0);
    is_text(edge != NULL ? edge->how : NULL, "contract",
            "lineage without an input port is told as the contract's");
    lineage_release(&graph);
    catalog_close(catalog);
}

static void test_declared(void)
{
    put("declared", "mesh.yaml", "name: Declared\n");
    put_product("declared", "raw", "");
    put("declared", "sums/sums.odcs.yaml",
        "apiVersion: v3.1.0\nkind: DataContract\nid: c-sums\nname: sums\nversion: 1.0.0\n"
        "status: active\ndomain: shop\nschema:\n  - name: sums\n    properties:\n"
        "      - {name: id, logicalType: string}\n"
        "      - name: total\n        logicalType: integer\n"
        "        transformSourceObjects: [raw.raw, erp.ledger]\n"
        "        transformLogic: sum(amount)\n");
    struct catalog *catalog = open_mesh("declared");
    edges_are(catalog, "shop/sums", LINEAGE_UP, 0,
              "erp.ledger>shop/sums shop/raw>shop/sums");
    edges_are(catalog, "shop/raw", LINEAGE_DOWN, 0, "shop/raw>shop/sums");
    edges_are(catalog, "shop/raw.raw", LINEAGE_DOWN, 0, "shop/raw.raw>shop/sums");
    catalog_close(catalog);
}

static void test_wrong(void)
{
    struct catalog *catalog = open_mesh("chain");
    static const char *const wrong[] = {
        "shop/nothing", "shop/raw.nothing", "", "shop/raw.raw.nothing",
        "..",           "shop/raw."};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct lineage_spec spec = {
            .catalog = catalog, .start = wrong[i], .way = LINEAGE_UP};
        struct lineage_graph graph;
        struct error err = {0};
        ok(!lineage_read(&spec, &graph, &err) && err.message[0] != '\0',
           "\"%s\" is told: %s", wrong[i], err.message);
    }
    catalog_close(catalog);
}

/* A chain as long as a large mesh, made in the index itself: files would take minutes. */
static void test_long_chain(void)
{
    enum { LONG = 100000 };
    put("long", "mesh.yaml", "name: Long\n");
    put_product("long", "raw", "");
    char *mesh = place("long");
    struct error err = {0};
    char *index = catalog_index_path(mesh, &err);
    catalog_close(open_mesh("long"));
    sqlite3 *db = store_open(index, STORE_WRITE, &err);
    ok(db != NULL &&
           store_run(db,
                     "BEGIN; DELETE FROM product; DELETE FROM port; WITH RECURSIVE "
                     "n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000) "
                     "INSERT INTO product(rowid,id,name,key,domain,schema_name) SELECT "
                     "i,'p'||i,'p'||i,'shop/p'||i,'shop','p'||i FROM n;"
                     "INSERT INTO port(product_row,dir,name,contract_id) SELECT "
                     "rowid,'out','o','c'||rowid FROM product;"
                     "INSERT INTO port(product_row,dir,name,contract_id) SELECT "
                     "rowid,'in','i','c'||(rowid-1) FROM product WHERE rowid>1; COMMIT",
                     &err),
       "a chain of 100,000 products %s", err.message);
    store_close(db);
    struct catalog *catalog = catalog_open(index, &err);
    clock_t before = clock();
    struct lineage_spec spec = {
        .catalog = catalog, .start = "shop/p100000", .way = LINEAGE_UP};
    struct lineage_graph graph = {0};
    ok(lineage_read(&spec, &graph, &err), "is read %s", err.message);
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    is_int((long long)graph.nodes.count, LONG, "all its products");
    is_int((long long)graph.edges.count, LONG - 1, "all its edges");
    const struct lineage_node *last = array_at(&graph.nodes, LONG - 1);
    is_int(last != NULL ? last->depth : 0, LONG - 1, "the first is furthest away");
    printf("# %.2f s of processor\n", seconds);
    lineage_release(&graph);
    spec.start = NULL;
    ok(lineage_read(&spec, &graph, &err), "all of the mesh");
    is_int((long long)graph.edges.count, LONG - 1, "all its edges");
    lineage_release(&graph);
    catalog_close(catalog);
    free(index);
    free(mesh);
}

int main(void)
{
    static char template[] = "/tmp/mwb-test-lineage-XXXXXX";
    home = mkdtemp(template);
    char *cache = string_printf("%s/cache", home);
    setenv("MWB_CACHE", cache, 1);
    test_chain();
    test_nodes();
    test_circle();
    test_hole();
    test_declared();
    test_wrong();
    test_long_chain();
    path_remove_tree(home, NULL);
    free(cache);
    return tap_done();
}
