/* glance MESH STATEMENTS: what a look at a whole mesh costs. Reads the mesh, tells the
 * ledger of STATEMENTS of two years, of a run of ten checks for each product and of forty
 * policies, and prints the milliseconds (median of five) of all sheets, of all journeys,
 * and how many cells have rows. XDG_DATA_HOME and XDG_CACHE_HOME say where.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/glance.h"
#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/bench/numbers.h"

enum { TURNS = 5, CHECKS = 10, POLICIES = 40 };

struct names {
    struct array keys, domains, teams; /* of char *, of each product */
};

static void fail(const struct error *err)
{
    fprintf(stderr, "glance: %s\n", err->message);
    exit(EXIT_FAILURE);
}

static struct catalog *read_mesh(const char *mesh)
{
    struct error err = {0};
    char *index = catalog_index_path(mesh, &err);
    struct catalog *catalog = index != NULL && catalog_build(mesh, index, NULL, &err)
                                  ? catalog_open(index, &err)
                                  : NULL;
    if (catalog == NULL) {
        fail(&err);
    }
    free(index);
    return catalog;
}

static struct names read_names(const struct catalog *catalog)
{
    struct names names = {ARRAY_OF(char *), ARRAY_OF(char *), ARRAY_OF(char *)};
    sqlite3_stmt *stmt =
        store_prepare(catalog_database(catalog),
                      "SELECT p.key,p.domain,coalesce((SELECT name FROM team t WHERE "
                      "t.domain=p.domain),p.team) FROM product p ORDER BY p.key",
                      NULL);
    while (store_step(stmt, NULL) == STORE_ROW) {
        *(char **)array_push(&names.keys) = store_text_copy(stmt, 0);
        *(char **)array_push(&names.domains) = store_text_copy(stmt, 1);
        *(char **)array_push(&names.teams) = store_text_copy(stmt, 2);
    }
    store_finish(stmt);
    return names;
}

static const char *pick(const struct array *names, size_t number)
{
    return *(char **)array_at(names, number % names->count);
}

/* Spread over two years. */
static void tell_use(const char *mesh, const struct names *names, int count)
{
    struct error err = {0};
    long long now = path_now(), years = 2 * 365 * 86400LL;
    for (int i = 0; i < count; i++) {
        char instant[32];
        path_write_instant(now - years + years / count * i, instant);
        setenv("MWB_NOW", instant, 1);
        size_t one = (size_t)i * 7919, other = one + (size_t)i % 83;
        const struct ledger_reading readings[] = {{pick(&names->keys, one), "t", "id"},
                                                  {pick(&names->keys, other), "t", "id"}};
        const struct ledger_use use = {.mesh = mesh,
                                       .team = pick(&names->teams, one),
                                       .sql = "SELECT 1",
                                       .saved_query = i % 5 == 0 ? "weekly" : NULL,
                                       .outcome = "done",
                                       .readings = readings,
                                       .reading_count = 2};
        if (!ledger_add_use(&use, &err)) {
            fail(&err);
        }
    }
    unsetenv("MWB_NOW");
}

static void tell_checks(const char *mesh, const struct names *names)
{
    struct error err = {0};
    struct ledger_check_result results[CHECKS];
    for (int i = 0; i < CHECKS; i++) {
        results[i] = (struct ledger_check_result){.key = "k",
                                                  .rule = "r",
                                                  .outcome = i == 0 ? "failed" : "passed",
                                                  .total = 100,
                                                  .percent = -1};
    }
    for (size_t i = 0; i < names->keys.count; i++) {
        const struct ledger_check_run run = {.mesh = mesh,
                                             .product = pick(&names->keys, i),
                                             .contract = pick(&names->keys, i),
                                             .result = "failed",
                                             .checks = CHECKS,
                                             .passed = CHECKS - 1,
                                             .failed = 1};
        if (!ledger_add_check(&run, results, CHECKS, &err)) {
            fail(&err);
        }
    }
}

static void tell_policies(const char *mesh, const struct names *names)
{
    struct error err = {0};
    for (int i = 0; i < POLICIES; i++) {
        char policy[16];
        snprintf(policy, sizeof policy, "P%02d", i);
        const struct ledger_policy_domain domain = {pick(&names->domains, (size_t)i), 40,
                                                    1};
        const struct ledger_policy_row row = {.product = pick(&names->keys, (size_t)i),
                                              .domain = domain.domain,
                                              .sentence = "x"};
        const struct ledger_policy_run run = {.mesh = mesh,
                                              .policy = policy,
                                              .outcome = "violated",
                                              .products = 40,
                                              .violating = 1,
                                              .domains = &domain,
                                              .domain_count = 1,
                                              .rows = &row,
                                              .row_count = 1};
        if (!ledger_add_policies(&run, 1, &err)) {
            fail(&err);
        }
    }
}

static double look(const struct catalog *catalog, long long *cells)
{
    struct error err = {0};
    struct array sheets;
    double started = numbers_clock();
    if (!glance_read(catalog, NULL, &sheets, &err)) {
        fail(&err);
    }
    double taken = numbers_clock() - started;
    *cells = 0;
    for (size_t i = 0; i < sheets.count; i++) {
        const struct glance_sheet *sheet = array_at(&sheets, i);
        for (size_t k = 0; k < sheet->cells.count; k++) {
            *cells += ((const struct glance_cell *)array_at(&sheet->cells, k))->has_rows;
        }
    }
    glance_release(&sheets);
    return taken;
}

static double walk(const struct catalog *catalog)
{
    struct error err = {0};
    struct array journeys;
    double started = numbers_clock();
    if (!glance_journeys(catalog, NULL, &journeys, &err)) {
        fail(&err);
    }
    double taken = numbers_clock() - started;
    glance_journeys_release(&journeys);
    return taken;
}

int main(int argc, char **argv)
{
    int count = argc == 3 ? atoi(argv[2]) : 0;
    if (count <= 0) {
        fprintf(stderr, "usage: glance MESH STATEMENTS\n");
        return 2;
    }
    struct error err = {0};
    double sheets[TURNS], journeys[TURNS];
    long long cells = 0;
    struct catalog *catalog = read_mesh(argv[1]);
    const char *mesh = catalog_mesh_path(catalog);
    struct names names = read_names(catalog);
    tell_use(mesh, &names, count);
    tell_checks(mesh, &names);
    tell_policies(mesh, &names);
    if (!ledger_settle(&err)) {
        fail(&err);
    }
    for (int i = 0; i < TURNS; i++) {
        sheets[i] = look(catalog, &cells) * 1000;
        journeys[i] = walk(catalog) * 1000;
    }
    printf("%.1f %.1f %lld\n", numbers_quantile(sheets, TURNS, 0.5),
           numbers_quantile(journeys, TURNS, 0.5), cells);
    return 0;
}
