/* lineage/impact: who is hit by a change of a product, table or column.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/diff.h"
#include "engine/evidence.h"
#include "engine/store.h"

struct impact {
    const struct lineage_impact_spec *spec;
    struct lineage_start start;
    struct array *hits;
    struct array *notes;
};

void lineage_hits_release(struct array *hits)
{
    for (size_t i = 0; i < hits->count; i++) {
        struct lineage_hit *hit = array_at(hits, i);
        free(hit->name);
        free(hit->how);
        free(hit->change);
        free(hit->owner);
        free(hit->last);
        free(hit->path);
    }
    array_release(hits);
}

static struct lineage_hit *find_hit(const struct impact *impact, const char *kind,
                                    const char *name)
{
    for (size_t i = 0; i < impact->hits->count; i++) {
        struct lineage_hit *hit = array_at(impact->hits, i);
        if (string_equal(hit->kind, kind) && string_equal(hit->name, name)) {
            return hit;
        }
    }
    return NULL;
}

static struct lineage_hit *add_hit(struct impact *impact, const char *kind,
                                   const char *name, const char *how)
{
    struct lineage_hit *hit = array_push(impact->hits);
    hit->kind = kind;
    hit->name = string_copy(name);
    hit->how = string_copy(how);
    return hit;
}

static void move_notes(struct impact *impact, struct lineage_graph *graph)
{
    for (size_t i = 0; i < graph->notes.count; i++) {
        *(char **)array_push(impact->notes) =
            string_copy(*(char **)array_at(&graph->notes, i));
    }
}

/* ---- Products ---- */

static void add_product(struct impact *impact, const struct lineage_node *node,
                        const struct lineage_edge *edge)
{
    struct lineage_hit *hit = add_hit(
        impact, "product", node->name,
        node->depth > 1                       ? "made from what reads it"
        : string_equal(edge->how, "declared") ? "columns declare it as their source"
        : string_equal(edge->how, "contract") ? "made from it, without an input port"
                                              : "an input port reads it");
    hit->step = node->depth;
    hit->path = string_copy(edge->path);
    hit->line = edge->line;
    hit->owner = store_string(catalog_database(impact->spec->what.catalog),
                              "SELECT team FROM product WHERE key=?1", "s", node->name);
}

/* Whoever reads the contract of the table; which of its columns nobody knows. */
static bool add_products(struct impact *impact, struct error *err)
{
    const struct lineage_start *start = &impact->start;
    struct lineage_graph graph;
    struct lineage_spec spec = impact->spec->what;
    char *table = start->table != NULL
                      ? string_printf("%s.%s", start->entry.id, start->table)
                      : string_copy(start->entry.id);
    spec.start = table;
    spec.way = LINEAGE_DOWN;
    spec.columns = false;
    bool done = lineage_read(&spec, &graph, err);
    free(table);
    if (!done) {
        return false;
    }
    struct lineage_fan into;
    lineage_fan_init(&into, &graph, true);
    for (size_t i = 1; i < graph.nodes.count; i++) {
        const struct lineage_node *node = array_at(&graph.nodes, i);
        if (into.first[i] < into.first[i + 1] &&
            !string_equal(node->product, start->entry.id)) {
            add_product(impact, node, array_at(&graph.edges, into.list[into.first[i]]));
        }
    }
    lineage_fan_release(&into);
    lineage_release(&graph);
    return true;
}

/* ---- Columns: queries, views, products whose columns say so ---- */

static bool is_of_start(const struct impact *impact, const struct lineage_node *node)
{
    const struct lineage_start *start = &impact->start;
    return string_equal(node->product, start->entry.id) &&
           (start->table == NULL || string_equal(node->table, start->table));
}

static void add_reader(struct impact *impact, const struct lineage_graph *graph,
                       const struct lineage_edge *edge)
{
    const struct lineage_node *from = array_at(&graph->nodes, edge->from);
    const struct lineage_node *to = array_at(&graph->nodes, edge->to);
    bool is_query = to->kind == LINEAGE_QUERY;
    const char *kind = !is_query                         ? "product"
                       : string_equal(edge->how, "view") ? "view"
                                                         : "query";
    const char *name = is_query ? to->table : to->product;
    if (name == NULL || string_equal(edge->how, "column of") ||
        (!is_query && is_of_start(impact, to))) {
        return;
    }
    struct lineage_hit *hit = find_hit(impact, kind, name);
    char *how = string_printf(
        "%s %s%s%s", edge->is_indirect ? "its rows depend on" : "reads",
        from->column != NULL ? from->table : from->name, from->column != NULL ? "." : "",
        from->column != NULL ? from->column : "");
    if (hit == NULL) {
        hit = add_hit(impact, kind, name, how);
        hit->step = to->depth;
        hit->path = string_copy(edge->path);
        hit->line = edge->line;
    } else if (!edge->is_indirect && string_starts(hit->how, "its rows depend on")) {
        free(hit->how); /* what reads values tells more */
        hit->how = string_copy(how);
    }
    free(how);
}

static bool add_readers(struct impact *impact, struct error *err)
{
    struct lineage_graph graph;
    struct lineage_spec spec = impact->spec->what;
    spec.way = LINEAGE_DOWN;
    spec.columns = spec.rows = true;
    if (!lineage_read(&spec, &graph, err)) {
        return false;
    }
    for (size_t i = 0; i < graph.edges.count; i++) {
        add_reader(impact, &graph, array_at(&graph.edges, i));
    }
    move_notes(impact, &graph);
    lineage_release(&graph);
    return true;
}

/* ---- Agreements and teams ---- */

static bool add_agreements(struct impact *impact, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(impact->spec->what.catalog),
        "SELECT a.id,coalesce(a.purpose,''),a.consumer_team,a.path,a.status FROM "
        "agreement a JOIN product p ON a.named IN(p.key,p.id) COLLATE NOCASE OR "
        "a.product_id=p.id WHERE p.rowid=?1 AND coalesce(a.status,'') NOT IN("
        "'rejected','ended','canceled','cancelled') ORDER BY a.id",
        err);
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "l", impact->start.entry.row);
    while (store_step(stmt, err) == STORE_ROW) {
        char *how = string_printf("%s: %s", store_text(stmt, 4), store_text(stmt, 1));
        struct lineage_hit *hit = add_hit(impact, "agreement", store_text(stmt, 0), how);
        hit->owner = store_text_copy(stmt, 2);
        hit->path = store_text_copy(stmt, 3);
        free(how);
    }
    store_finish(stmt);
    return err == NULL || err->kind == ERROR_NONE;
}

/* Without a ledger nobody is known to have read anything: that is told, not failed by. */
static void add_teams(struct impact *impact)
{
    struct error err = {0};
    const struct lineage_start *start = &impact->start;
    const struct evidence_spec spec = {.catalog = impact->spec->what.catalog,
                                       .role = impact->spec->what.role};
    sqlite3 *db = evidence_open(&spec, &err);
    sqlite3_stmt *stmt =
        db != NULL
            ? store_prepare(
                  db,
                  "SELECT coalesce(u.team,u.user),count(DISTINCT coalesce(u.ts,'')||"
                  "coalesce(u.sql_id,'')),max(u.ts) FROM usage u JOIN mesh.product p ON "
                  "p.id=u.product_id WHERE p.key=?1 AND (?2 IS NULL OR u.object=?2) AND "
                  "(?3 IS NULL OR u.property=?3) AND u.ts>=date('now','-400 days') AND "
                  "coalesce(u.team,u.user) IS NOT NULL GROUP BY 1 ORDER BY 2 DESC,1",
                  &err)
            : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "sss", start->entry.id, start->table, start->column);
        while (store_step(stmt, &err) == STORE_ROW) {
            struct lineage_hit *hit =
                add_hit(impact, "team", store_text(stmt, 0), "used it");
            hit->statements = sqlite3_column_int64(stmt, 1);
            hit->last = store_text_copy(stmt, 2);
            hit->owner = store_text_copy(stmt, 0);
        }
    }
    store_finish(stmt);
    store_close(db);
    if (err.kind != ERROR_NONE) {
        *(char **)array_push(impact->notes) =
            string_printf("who used it is not known: %s", err.message);
    }
}

/* ---- Grades ---- */

static const char *worse(const char *a, const char *b)
{
    static const char *const grades[] = {"breaking", "risky", "harmless"};
    for (int i = 0; i < 3; i++) {
        if (string_equal(a, grades[i]) || string_equal(b, grades[i])) {
            return grades[i];
        }
    }
    return a;
}

static void grade_hit(struct lineage_hit *hit, const struct diff_change *change)
{
    const char *grade = diff_grade_name(change->rule->consumer);
    const char *worst = worse(hit->grade, grade);
    if (hit->change == NULL || !string_equal(worst, hit->grade)) {
        free(hit->change);
        hit->change = string_printf("%s %s", change->what, change->change);
    }
    hit->grade = worst;
}

/* Changes of what was asked for; those of no table concern all of them. */
static bool concerns(const struct impact *impact, const struct diff_change *change)
{
    const struct lineage_start *start = &impact->start;
    char *table = change->table != NULL ? catalog_sql_name(change->table) : NULL;
    bool does = (start->table == NULL || table == NULL ||
                 string_equal_fold(table, start->table)) &&
                (start->column == NULL || change->column == NULL ||
                 string_equal_fold(change->column, start->column));
    free(table);
    return does;
}

/* Does it reach this one? diff names queries and products that read the very column; of
 * agreements and teams it is only known that they use the product. */
static bool reaches(const struct diff_change *change, const struct lineage_hit *hit)
{
    if (string_equal(hit->kind, "agreement") || string_equal(hit->kind, "team")) {
        return true;
    }
    char *name = string_printf("%s %s", hit->kind, hit->name);
    bool found = false;
    for (size_t i = 0; i < change->hits.count && !found; i++) {
        found = string_equal(*(char **)array_at(&change->hits, i), name);
    }
    free(name);
    return found;
}

/* What breaks a product may reach all that is made from it, though nobody knows how. */
static void grade_beyond(const struct impact *impact, struct lineage_hit *hit,
                         const struct diff_change *change)
{
    if (hit->step > 1 && string_equal(hit->grade, "harmless") &&
        change->rule->consumer >= DIFF_RISKY && concerns(impact, change)) {
        hit->grade = diff_grade_name(DIFF_RISKY);
        free(hit->change);
        hit->change =
            string_printf("%s %s, in what it is made from", change->what, change->change);
    }
}

static bool grade(struct impact *impact, struct error *err)
{
    const char *version = impact->spec->version;
    const char *id = impact->start.entry.id;
    bool is_operand = strpbrk(version, "/:") != NULL || string_ends(version, ".yaml");
    char *other = is_operand ? string_copy(version) : string_printf("%s@%s", id, version);
    const struct diff_spec spec = {
        .old_side = id,
        .new_side = other,
        .mesh_index = catalog_index_file(impact->spec->what.catalog),
        .folder = impact->spec->folder,
    };
    struct diff_report report;
    bool done = diff_compare(&spec, NULL, &report, err);
    free(other);
    if (!done) {
        return false;
    }
    for (size_t i = 0; i < impact->hits->count; i++) {
        struct lineage_hit *hit = array_at(impact->hits, i);
        hit->grade = "harmless";
        for (size_t k = 0; k < report.changes.count; k++) {
            const struct diff_change *change = array_at(&report.changes, k);
            if (concerns(impact, change) && reaches(change, hit)) {
                grade_hit(hit, change);
            }
        }
        for (size_t k = 0; k < report.changes.count; k++) {
            grade_beyond(impact, hit, array_at(&report.changes, k));
        }
    }
    *(char **)array_push(impact->notes) = string_copy(report.summary);
    diff_report_release(&report);
    return true;
}

/* ---- All ---- */

static int rank_of(const char *const *names, const char *name)
{
    int rank = 0;
    while (names[rank] != NULL && !string_equal(names[rank], name)) {
        rank++;
    }
    return rank;
}

static int compare_hits(const void *a, const void *b)
{
    static const char *const grades[] = {"breaking", "risky", "harmless", NULL};
    static const char *const kinds[] = {"product",   "query", "view",
                                        "agreement", "team",  NULL};
    const struct lineage_hit *x = a, *y = b;
    int differs = rank_of(grades, x->grade) - rank_of(grades, y->grade);
    if (differs == 0) {
        differs = rank_of(kinds, x->kind) - rank_of(kinds, y->kind);
    }
    if (differs == 0) {
        differs = x->step - y->step;
    }
    return differs != 0 ? differs : strcmp(x->name, y->name);
}

bool lineage_impact(const struct lineage_impact_spec *spec, struct array *hits,
                    struct array *notes, struct error *err)
{
    struct impact impact = {.spec = spec, .hits = hits, .notes = notes};
    if (spec->what.start == NULL) {
        return error_set(err, ERROR_USAGE, "impact of what? impact PRODUCT.TABLE.COLUMN");
    }
    bool done = lineage_find_start(&spec->what, &impact.start, err) &&
                add_products(&impact, err) && add_readers(&impact, err) &&
                add_agreements(&impact, err);
    if (done) {
        add_teams(&impact);
        done = spec->version == NULL || grade(&impact, err);
    }
    if (done && hits->count > 0) {
        qsort(hits->items, hits->count, hits->item_size, compare_hits);
    }
    lineage_start_release(&impact.start);
    return done;
}
