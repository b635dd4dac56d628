/* lineage: what is made from what.
 *
 * Products: from ports and contracts (port, port_input of the catalog) and from sources
 * that columns declare. Columns: from what contracts say (transformSourceObjects,
 * transformLogic, lineage) and from statements: saved queries, views and transformLogic
 * in SQL are compiled with SQLite, not guessed, over empty tables of the catalog's
 * columns, and the authorizer tells what each column of the result reads.
 *
 * Graphs are read without recursion and each node once: a chain may be as long as the
 * mesh is large, and products may feed each other in circles.
 *
 * Sources: OpenLineage 1.0 (openlineage.io/spec, facets columnLineage, dataSource),
 * Mermaid flowchart syntax, Graphviz DOT language; Tarjan, "Depth-first search and linear
 * graph algorithms" (circles); Sugiyama, Tagawa, Toda, "Methods for visual understanding
 * of hierarchical system structures" (layers).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINEAGE_H
#define MWB_LINEAGE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/text.h"

enum lineage_kind {
    LINEAGE_PRODUCT,
    LINEAGE_TABLE,
    LINEAGE_COLUMN,
    LINEAGE_QUERY,
    LINEAGE_OUTSIDE
};

enum lineage_way { LINEAGE_UP = 1, LINEAGE_DOWN = 2, LINEAGE_BOTH = 3 };

struct lineage_node {
    enum lineage_kind kind;
    char *name;    /* checkout/orders, checkout/orders.orders.order_id, a query's name */
    char *product; /* id; NULL: none */
    char *table, *column;  /* of tables and columns; NULL */
    char *freshness;       /* "fresh" ...; NULL: not known */
    char *quality;         /* "passed" ... of the newest run; NULL: never checked */
    int depth;             /* steps from the start; 0 itself */
    enum lineage_way side; /* which way it was met: up or down; 0: the start itself */
    bool is_cycle;         /* it feeds itself, perhaps through others */
};
struct lineage_edge {
    size_t from, to; /* indexes of nodes: data flow from `from` to `to` */
    char *how;       /* port, contract, declared, transformLogic, query, view */
    char *path;      /* the evidence: file and line; or NULL */
    int line;
    bool is_indirect; /* it only decides which rows there are */
};
struct lineage_graph {
    struct array nodes; /* of struct lineage_node; the first is the start */
    struct array edges; /* of struct lineage_edge, each pair of nodes once */
    struct array notes; /* of char *: what could not be followed, and why */
};

struct lineage_spec {
    const struct catalog *catalog;
    const char *role;
    const char *start; /* PRODUCT, PRODUCT.TABLE or PRODUCT.TABLE.COLUMN; NULL: all */
    enum lineage_way way;
    int depth;             /* steps; 0 = all */
    bool columns;          /* columns, not products */
    bool rows;             /* also columns that only decide which rows there are */
    const char *workspace; /* its database file, for views in it; NULL: none */
};
/* Products take milliseconds and may be asked for anywhere; columns compile statements of
 * others: in a child (job.h). Where several products deliver under one contract, each of
 * them feeds whoever reads it. Freshness is told of graphs of up to 5,000 nodes. */
bool lineage_read(const struct lineage_spec *spec, struct lineage_graph *graph,
                  struct error *err);
void lineage_release(struct lineage_graph *graph);

/* A graph as bytes, from a child, and back; false: these are none. */
void lineage_pack(const struct lineage_graph *graph, struct text *out);
bool lineage_unpack(const void *bytes, size_t length, struct lineage_graph *graph);

/* Who is hit when a product, table or column changes: products that are made from it,
 * saved queries and views that read it, agreements about it, teams that used it (by the
 * ledger, in the last 400 days). With `version`, what changes is what diff.h tells
 * between the product as it is and that version (or any operand of diff), each hit has
 * the worst grade of the changes that reach it; what is made from a product that breaks
 * is at risk, and hits that no change reaches are harmless. In a child: statements and
 * descriptors of others are read. */
struct lineage_hit {
    const char *kind; /* product, query, view, agreement, team */
    char *name;
    char *how;         /* reads values of TABLE.COLUMN, reads its contract, ... */
    int step;          /* of products and queries: 1 = reads it itself */
    const char *grade; /* breaking, risky, harmless; NULL: no version was named */
    char *change;      /* the worst change that reaches it; or NULL */
    char *owner;       /* whom to tell; NULL: not known */
    char *last;        /* of teams: when they read it last */
    long long statements;
    char *path;
    int line;
};
struct lineage_impact_spec {
    struct lineage_spec what; /* catalog, role, start, workspace, depth */
    const char *version;      /* NULL: none */
    const char *folder;       /* private, for temporary files; with a version */
};
/* Appends struct lineage_hit, the worst first. */
bool lineage_impact(const struct lineage_impact_spec *spec, struct array *hits,
                    struct array *notes, struct error *err);
void lineage_hits_release(struct array *hits);

/* Columns that a statement's columns are made from. `db` has the tables it names, with or
 * without rows. Nothing is run: the statement is taken apart and prepared in parts, with
 * temporary tables that are gone again at the end; the connection's authorizer is, too.
 * Functions and collations that are not known are stood in for.
 *
 * Direct is what a result expression itself reads, its CASE, FILTER and OVER with it;
 * joins, WHERE, GROUP BY, DISTINCT and so on decide which rows there are and are not. A
 * column that is made of nothing is told once, without a table. */
struct lineage_source {
    char *column;                  /* of the result */
    int position;                  /* of that column, from 0: two may have one name */
    char *database, *table, *name; /* it reads; name NULL: only how many rows there are */
    bool is_direct; /* its values; else it only decides which rows there are */
    bool is_coarse; /* the statement could not be taken apart: all columns read all */
};
bool lineage_of_statement(sqlite3 *db, const char *sql, struct array *sources,
                          struct error *err); /* appends struct lineage_source */
void lineage_sources_release(struct array *sources);

/* Written out: "tree" (text), "layers" (text: data flow from left to right), "mermaid",
 * "dot", "openlineage" (JSON, an event a line: a JobEvent for each product, table or
 * query that is made). Names are made safe for a terminal or quoted as the format asks.
 */
struct lineage_style {
    const char *format;
    int width; /* of a tree: longer lines are cut; 0: never */
    bool unicode;
    const char *mesh; /* its name: namespace of datasets and jobs; NULL = "mesh" */
    long long now;    /* of events, seconds since 1970 */
};
bool lineage_write(const struct lineage_graph *graph, const struct lineage_style *style,
                   struct text *out, struct error *err);

/* Where the nodes stand in a text of the formats tree and layers, in the order of lines:
 * for screens that walk and colour them. A tree may show a node more than once. */
struct lineage_spot {
    size_t node;
    int x, y, width; /* in cells */
};
bool lineage_draw(const struct lineage_graph *graph, const struct lineage_style *style,
                  struct text *out, struct array *spots, struct error *err);

#endif
