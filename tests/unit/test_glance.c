/* Unit tests of engine/glance.h: what each sheet counts in a small mesh with a history,
 * the levels of domains from the facts below them, and names that try to get out of SQL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine/glance.h"
#include "engine/ledger.h"
#include "catalog_help.h"

/* ---- A mesh ---- */

#define PRODUCT(id, domain, team, more)                                                  \
    "apiVersion: v1.0.0\nkind: DataProduct\nid: " id "\nname: " id "\nversion: 1.0.0\n"  \
    "status: active\ndomain: " domain "\nteam: {name: " team                             \
    ", members: [{username: " team "-steward, role: steward}]}\n" more
#define CONTRACT(id)                                                                     \
    "apiVersion: v3.1.0\nkind: DataContract\nid: " id                                    \
    "\nversion: 1.0.0\nstatus: active\nslaProperties: [{property: frequency, value: 1, " \
    "unit: d}]\nschema: [{name: t, properties: [{name: id, logicalType: integer}]}]\n"
#define OUT(id) "outputPorts: [{name: out, version: '1', contractId: " id "}]\n"
#define IN(id) "inputPorts: [{name: in, version: '1', contractId: " id "}]\n"

static const struct {
    const char *path, *text;
} files[] = {
    {"mesh.yaml",
     "name: m\nclock: '2026-10-01T06:00:00Z'\ncosts: costs.csv\ndomains:\n"
     "  - {name: sales, class: source, team: A}\n  - {name: web, class: consumer, team: "
     "B}\n  - {name: crm, class: source, team: C, cots: true}\n"
     "  - {name: \"o'\\\"x\", class: source}\n"
     "teams:\n  - {name: A, type: domain, domain: sales}\n  - {name: B, type: domain, "
     "domain: web}\n  - {name: C, type: domain, domain: crm}\n"
     "  - {name: G, type: guild, members: [B-steward, {username: nobody}]}\n"},
    {"costs.csv",
     "product,month,amount,currency,category\nsales/orders,2026-09,10.5,EUR,a\n"
     "sales/orders,2026-09,2,EUR,b\nsales/orders,2026-08,7,EUR,\n"
     "web/visits,2026-09,3,USD,\n"},
    {"sales/orders.odps.yaml", PRODUCT("orders", "sales", "A", OUT("c-orders"))},
    {"sales/orders.odcs.yaml", CONTRACT("c-orders")},
    {"web/visits.odps.yaml",
     PRODUCT("visits", "web", "B", IN("c-orders") OUT("c-visits"))},
    {"web/visits.odcs.yaml", CONTRACT("c-visits")},
    {"odd/odd.odps.yaml", PRODUCT("odd", "\"o'\\\"x\"", "Z", IN("c-orders"))},
    {"agreements/a.yaml",
     "id: a\nprovider: {product: orders, team: A}\nconsumer: {team: B}\npurpose: x\n"
     "status: approved\nstartDate: '2026-09-01'\n"},
    {"agreements/b.yaml",
     "id: b\nprovider: {product: visits, team: B}\nconsumer: {team: A}\npurpose: x\n"
     "status: approved\nstartDate: '2026-01-01'\nendDate: '2026-06-30'\n"},
    {"policies/P1.sql", "-- id: P1\n-- severity: error\nSELECT 1\n"},
};

static void make_mesh(void)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        put("m", files[i].path, files[i].text);
    }
}

/* ---- Its history ---- */

static const struct {
    const char *at, *team, *query, *products[2];
} uses[] = {
    {"2026-08-01T10:00:00Z", "A", NULL, {"sales/orders"}},
    {"2026-09-04T10:00:00Z", "B", NULL, {"sales/orders"}},
    {"2026-09-20T10:00:00Z", "B", "weekly", {"sales/orders", "web/visits"}},
    {"2026-09-20T11:00:00Z", "B", NULL, {"sales/orders", "web/visits"}},
    {"2026-09-21T10:00:00Z", NULL, NULL, {"web/visits"}},
};

static void tell_use(const struct catalog *catalog)
{
    struct error err = {0};
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        struct ledger_reading readings[2] = {{uses[i].products[0], "t", "id"},
                                             {uses[i].products[1], "t", "id"}};
        const struct ledger_use use = {.mesh = catalog_mesh_path(catalog),
                                       .team = uses[i].team,
                                       .sql = "SELECT 1",
                                       .saved_query = uses[i].query,
                                       .outcome = "done",
                                       .readings = readings,
                                       .reading_count =
                                           uses[i].products[1] != NULL ? 2 : 1};
        setenv("MWB_NOW", uses[i].at, 1);
        ok(ledger_add_use(&use, &err), "use is told%s", err.message);
    }
    /* Of another mesh: counts nowhere. */
    const struct ledger_reading reading = {"sales/orders", "t", "id"};
    const struct ledger_use other = {.mesh = "/elsewhere",
                                     .team = "C",
                                     .sql = "SELECT 1",
                                     .outcome = "done",
                                     .readings = &reading,
                                     .reading_count = 1};
    ok(ledger_add_use(&other, &err), "and that of another mesh");
    ok(ledger_settle(&err), "it is folded%s", err.message);
    unsetenv("MWB_NOW");
}

static void tell_check(const struct catalog *catalog, const char *product, const char *at,
                       bool passed)
{
    struct error err = {0};
    const struct ledger_check_result results[] = {
        {.key = "r1", .rule = "r1", .outcome = "passed", .total = 9, .percent = -1},
        {.key = "r2",
         .rule = "r2",
         .outcome = passed ? "passed" : "failed",
         .total = 9,
         .percent = -1}};
    const struct ledger_check_run run = {.mesh = catalog_mesh_path(catalog),
                                         .product = product,
                                         .contract = "c",
                                         .result = passed ? "passed" : "failed",
                                         .checks = 2,
                                         .passed = passed ? 2 : 1,
                                         .failed = passed ? 0 : 1};
    setenv("MWB_NOW", at, 1);
    ok(ledger_add_check(&run, results, 2, &err), "a run is told%s", err.message);
    unsetenv("MWB_NOW");
}

static void tell_policy(const struct catalog *catalog, bool violated)
{
    struct error err = {0};
    const struct ledger_policy_domain domains[] = {{"sales", 1, violated ? 1 : 0},
                                                   {"web", 3, 1}};
    const struct ledger_policy_row rows[] = {
        {.product = "web/visits", .domain = "web", .sentence = "w", .is_waived = true},
        {.product = "sales/orders", .domain = "sales", .sentence = "s"}};
    const struct ledger_policy_run run = {.mesh = catalog_mesh_path(catalog),
                                          .policy = "P1",
                                          .outcome = "violated",
                                          .domains = domains,
                                          .domain_count = 2,
                                          .rows = rows,
                                          .row_count = violated ? 2 : 1};
    ok(ledger_add_policies(&run, 1, &err), "policies are told%s", err.message);
}

/* ---- Cells ---- */

static const struct glance_cell *cell_of(const struct array *sheets, const char *name,
                                         const char *row, const char *column)
{
    for (size_t s = 0; s < sheets->count; s++) {
        const struct glance_sheet *sheet = array_at(sheets, s);
        for (size_t i = 0; string_equal(sheet->name, name) && i < sheet->rows.count;
             i++) {
            for (size_t k = 0; k < sheet->columns.count; k++) {
                if (string_equal(*(char **)array_at(&sheet->rows, i), row) &&
                    string_equal(*(char **)array_at(&sheet->columns, k), column)) {
                    return glance_at(sheet, i, k);
                }
            }
        }
    }
    return NULL;
}

static const struct {
    const char *sheet, *row, *column, *text;
    enum glance_grade grade;
} cells[] = {
    {"domains", "sales", "products", "1", GLANCE_PLAIN},
    {"domains", "sales", "readers", "1", GLANCE_GOOD},
    {"domains", "web", "readers", "", GLANCE_PLAIN},
    {"domains", "sales", "agreed", "1", GLANCE_GOOD},
    {"domains", "web", "agreed", "", GLANCE_PLAIN},
    {"domains", "sales", "failing", "1", GLANCE_BAD},
    {"domains", "sales", "violations", "1", GLANCE_BAD},
    {"domains", "web", "violations", "", GLANCE_PLAIN},
    {"domains", "sales", "cost", "13", GLANCE_PLAIN},
    {"domains", "o-x", "no cost", "1", GLANCE_LOOK},
    {"ports", "web", "sales", "1", GLANCE_PLAIN},
    {"ports", "o-x", "sales", "1", GLANCE_PLAIN},
    {"ports", "sales", "web", "", GLANCE_PLAIN},
    {"agreements", "web", "sales", "1", GLANCE_GOOD},
    {"agreements", "sales", "web", "1", GLANCE_BAD},
    {"joins", "web", "sales", "2", GLANCE_GOOD},
    {"joins", "sales", "web", "2", GLANCE_GOOD},
    {"joins", "sales", "sales", "", GLANCE_PLAIN},
    {"use", "web", "sales", "2", GLANCE_GOOD},
    {"use", "web", "web", "1", GLANCE_PLAIN},
    {"use", "(no team)", "web", "1", GLANCE_GOOD},
    {"use", "sales", "sales", "", GLANCE_PLAIN},
    {"waiting", "web", "sales", "3 d", GLANCE_GOOD},
    {"waiting", "sales", "web", "", GLANCE_PLAIN},
    {"products", "web", "consumer", "1", GLANCE_PLAIN},
    {"products", "o-x", "(none)", "1", GLANCE_PLAIN},
    {"products", "o'\"x", "source", "", GLANCE_PLAIN},
    {"adoption", "P1", "sales", "0%", GLANCE_BAD},
    {"adoption", "P1", "web", "66%", GLANCE_LOOK},
    {"adoption", "P1", "crm", "", GLANCE_PLAIN},
    {"freshness", "sales", "unknown", "1", GLANCE_PLAIN},
    {"checks", "sales", "passed", "1", GLANCE_GOOD},
    {"checks", "sales", "failed", "1", GLANCE_BAD},
    {"checks", "web", "passed", "2", GLANCE_GOOD},
    {"cost", "sales EUR", "2026-09", "13", GLANCE_PLAIN},
    {"cost", "sales EUR", "2026-08", "7", GLANCE_PLAIN},
    {"cost", "web USD", "2026-09", "3", GLANCE_PLAIN},
};

static void hold_cells(const struct array *sheets)
{
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        const struct glance_cell *cell =
            cell_of(sheets, cells[i].sheet, cells[i].row, cells[i].column);
        is_text(cell != NULL ? cell->text : NULL, cells[i].text, "%s: %s, %s",
                cells[i].sheet, cells[i].row, cells[i].column);
        is_int(cell != NULL ? (long long)cell->grade : -1, (long long)cells[i].grade,
               "in its colour");
    }
}

/* Each number by its own SELECT. */
static void ask_cell(sqlite3 *db, const struct catalog *catalog,
                     const struct glance_place *place, const struct glance_cell *cell)
{
    struct error err = {0};
    char *rows = glance_sql(catalog, place, &err);
    char *sql =
        string_printf("SELECT %s,count(*) FROM (%s)", glance_measure(place), rows);
    sqlite3_stmt *stmt = store_prepare(db, sql, &err);
    bool same = stmt != NULL && store_step(stmt, &err) == STORE_ROW;
    if (same) {
        double number = sqlite3_column_double(stmt, 0);
        same = (sqlite3_column_int(stmt, 1) > 0) == cell->has_rows &&
               (sqlite3_column_type(stmt, 0) == SQLITE_NULL
                    ? isnan(cell->number)
                    : fabs(number - cell->number) < 1e-9);
    }
    if (!same) {
        ok(false, "%s: %s, %s by its own SELECT: %s", place->sheet, place->row,
           place->column, err.message);
    }
    store_finish(stmt);
    free(sql);
    free(rows);
}

static void ask_sheets(const struct catalog *catalog, const struct array *sheets)
{
    struct error err = {0};
    char *path = ledger_ready(&err), *ledger = store_uri_shared(path);
    char *mesh = store_uri_shared(catalog_index_file(catalog));
    char *sql = string_printf("ATTACH '%s' AS mesh; ATTACH '%s' AS ledger", mesh, ledger);
    size_t asked = 0;
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    ok(store_run(db, sql, &err), "the schemas of a session%s", err.message);
    for (size_t s = 0; s < sheets->count; s++) {
        const struct glance_sheet *sheet = array_at(sheets, s);
        for (size_t i = 0; i < sheet->cells.count; i++, asked++) {
            const struct glance_place place = {
                sheet->name, *(char **)array_at(&sheet->rows, i / sheet->columns.count),
                *(char **)array_at(&sheet->columns, i % sheet->columns.count)};
            ask_cell(db, catalog, &place, array_at(&sheet->cells, i));
        }
    }
    ok(asked > 100, "%zu numbers are what their own SELECTs give", asked);
    store_close(db);
    free(sql);
    free(mesh);
    free(ledger);
    free(path);
}

static bool same_sheets(const struct array *a, const struct array *b)
{
    struct text one = {0}, other = {0};
    glance_pack(a, &one);
    glance_pack(b, &other);
    bool same = one.length == other.length &&
                memcmp(text_string(&one), text_string(&other), one.length) == 0;
    text_release(&one);
    text_release(&other);
    return same;
}

/* Whole parcels come out as they went in; no part of one does harm. */
static void pack_sheets(const struct array *sheets)
{
    struct text packed = {0};
    struct array out;
    glance_pack(sheets, &packed);
    ok(glance_unpack(text_string(&packed), packed.length, &out), "a parcel is opened");
    ok(same_sheets(sheets, &out), "and is what it was");
    glance_release(&out);
    size_t step = packed.length / 500 + 1, opened = 0;
    for (size_t length = 0; length < packed.length; length += step) {
        bool is_open = glance_unpack(text_string(&packed), length, &out);
        opened += is_open;
        if (is_open) {
            glance_release(&out);
        }
    }
    is_int((long long)opened, 0, "no part of it is taken for the whole");
    text_release(&packed);
}

static void hold_sheets(const struct catalog *catalog)
{
    struct error err = {0};
    struct array sheets;
    if (!ok(glance_read(catalog, NULL, &sheets, &err), "all sheets%s", err.message)) {
        return;
    }
    is_int((long long)sheets.count, 11, "are eleven");
    hold_cells(&sheets);
    ask_sheets(catalog, &sheets);
    pack_sheets(&sheets);
    glance_release(&sheets);
    ok(!glance_read(catalog, "none", &sheets, &err), "no other sheet");
    ok(strstr(err.message, "ports") != NULL, "and which there are: %s", err.message);
    const struct glance_place nowhere = {"domains", "sales", "nothing"};
    ok(glance_sql(catalog, &nowhere, &err) == NULL, "no other column: %s", err.message);
}

/* ---- Freshness is that of the catalog ---- */

static void hold_freshness(const struct catalog *catalog)
{
    struct error err = {0};
    struct array sheets;
    const struct ledger_fetch fetch = {
        .mesh = catalog_mesh_path(catalog),
        .product = "web/visits",
        .outcome = "fetched",
        .source_changed = 1790500000}; /* 2026-09-27: four days before the clock */
    ok(ledger_add_fetch(&fetch, &err), "a fetch is told%s", err.message);
    catalog_forget_seen(catalog);
    ok(glance_read(catalog, "freshness", &sheets, &err), "freshness%s", err.message);
    struct catalog_entry entry;
    ok(catalog_find(catalog, "web/visits", &entry, &err), "the product");
    const char *state = catalog_freshness(catalog, entry.row);
    is_text(state, "late", "the catalog says late");
    const struct glance_cell *cell = cell_of(&sheets, "freshness", "web", state);
    is_text(cell->text, "1", "and so does the sheet");
    is_int((long long)cell->grade, GLANCE_BAD, "in red");
    catalog_entry_release(&entry);
    glance_release(&sheets);
}

/* ---- Journeys ---- */

static void level_is(const struct catalog *catalog, const char *domain, int level,
                     const char *verb)
{
    struct error err = {0};
    struct array journeys;
    if (!ok(glance_journeys(catalog, domain, &journeys, &err), "the journey of %s%s",
            domain, err.message)) {
        return;
    }
    const struct glance_journey *journey = array_at(&journeys, 0);
    is_int(journey->level, level, "%s is on level %d, %s", domain, level,
           glance_level_name(level));
    is_text(journey->next_verb, verb, "next: %s", journey->next);
    struct text packed = {0};
    struct array out;
    glance_journeys_pack(&journeys, &packed);
    ok(glance_journeys_unpack(text_string(&packed), packed.length, &out), "it travels");
    is_int(((struct glance_journey *)array_at(&out, 0))->level, level, "as it is");
    glance_journeys_release(&out);
    text_release(&packed);
    glance_journeys_release(&journeys);
}

int main(void)
{
    struct error err = {0};
    char folder[] = "/tmp/mwb-test-glance-XXXXXX";
    home = mkdtemp(folder);
    setenv("XDG_CACHE_HOME", home, 1);
    setenv("XDG_DATA_HOME", home, 1);
    unsetenv("MWB_NOW");
    make_mesh();
    struct catalog *catalog = open_mesh("m");
    catalog_set_log(catalog, ledger_seen, NULL);
    level_is(catalog, "sales", 0, "get sales/orders");
    level_is(catalog, "crm", 2, "request sales/orders");
    level_is(catalog, "o'\"x", 0, "raw mesh.yaml");
    tell_use(catalog);
    level_is(catalog, "sales", 1, "check sales/orders");
    tell_check(catalog, "sales/orders", "2026-09-29T06:00:00Z", true);
    tell_check(catalog, "sales/orders", "2026-09-30T05:00:00Z", false);
    tell_check(catalog, "web/visits", "2026-10-01T05:00:00Z", true);
    tell_policy(catalog, true);
    hold_sheets(catalog);
    level_is(catalog, "sales", 2, "request web/visits");
    level_is(catalog, "web", 3, "usage web/visits");
    hold_freshness(catalog);
    struct array journeys;
    ok(!glance_journeys(catalog, "none", &journeys, &err), "no other domain: %s",
       err.message);
    ok(glance_fact_sql(catalog, "web", "none", &err) == NULL, "no other fact: %s",
       err.message);
    catalog_close(catalog);
    path_remove_tree(home, NULL);
    return tap_done();
}
