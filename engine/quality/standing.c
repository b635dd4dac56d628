/* quality/standing: what the newest runs say, of one product and of all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/results.h"

#include <stdlib.h>
#include <string.h>

#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/store.h"

sqlite3 *results_open(void)
{
    char *path = ledger_path(NULL);
    sqlite3 *db =
        path != NULL && path_exists(path) ? store_open(path, STORE_READ, NULL) : NULL;
    free(path);
    return db;
}

enum quality_outcome results_outcome(const char *name)
{
    for (int i = QUALITY_PASSED; i < QUALITY_NOT_RUN; i++) {
        if (string_equal(name, quality_outcome_name((enum quality_outcome)i))) {
            return (enum quality_outcome)i;
        }
    }
    return QUALITY_NOT_RUN;
}

bool results_is_bad(enum quality_outcome outcome)
{
    return outcome == QUALITY_FAILED || outcome == QUALITY_WARNING;
}

/* ---- The newest runs of a product ---- */

/* The contracts of one writing come in rising order: going back, the first that does not
 * fall belongs to the writing before. */
struct array results_newest(sqlite3 *db, const char *mesh, const char *product)
{
    struct array runs = ARRAY_OF(struct results_run);
    sqlite3_stmt *stmt = store_prepare(
        db,
        "SELECT id,coalesce(contract,''),at FROM check_run WHERE mesh=?1 AND "
        "product=?2 ORDER BY id DESC",
        NULL);
    if (stmt == NULL) {
        return runs;
    }
    store_bind(stmt, "ss", mesh, product);
    while (store_step(stmt, NULL) == STORE_ROW) {
        const struct results_run *later =
            runs.count > 0 ? array_at(&runs, runs.count - 1) : NULL;
        if (later != NULL && strcmp(store_text(stmt, 1), later->contract) >= 0) {
            break;
        }
        struct results_run *run = array_push(&runs);
        run->id = sqlite3_column_int64(stmt, 0);
        run->contract = store_text_copy(stmt, 1);
        run->at = store_text_copy(stmt, 2);
    }
    store_finish(stmt);
    return runs;
}

void results_runs_release(struct array *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        struct results_run *run = array_at(runs, i);
        free(run->contract);
        free(run->at);
    }
    array_release(runs);
}

/* ---- All products ---- */

static void add_run(sqlite3_stmt *counts, long long id, struct quality_totals *totals)
{
    sqlite3_reset(counts);
    store_bind(counts, "l", id);
    if (store_step(counts, NULL) == STORE_ROW) {
        totals->checks += sqlite3_column_int(counts, 0);
        totals->passed += sqlite3_column_int(counts, 1);
        totals->warnings += sqlite3_column_int(counts, 2);
        totals->failed += sqlite3_column_int(counts, 3);
        totals->errors += sqlite3_column_int(counts, 4);
        totals->not_run += sqlite3_column_int(counts, 5);
    }
}

static enum quality_outcome worst_of(const struct quality_totals *totals)
{
    return totals->errors > 0     ? QUALITY_ERROR
           : totals->failed > 0   ? QUALITY_FAILED
           : totals->warnings > 0 ? QUALITY_WARNING
           : totals->passed > 0   ? QUALITY_PASSED
                                  : QUALITY_NOT_RUN;
}

static const char counts_sql[] =
    "SELECT checks,passed,warnings,failed,errors,not_run FROM check_run WHERE id=?1";

static void add_standing(sqlite3 *db, sqlite3_stmt *counts, const char *mesh,
                         const char *product, struct array *standings)
{
    struct array runs = results_newest(db, mesh, product);
    struct quality_standing *standing = array_push(standings);
    standing->product = string_copy(product);
    for (size_t i = 0; i < runs.count; i++) {
        const struct results_run *run = array_at(&runs, i);
        add_run(counts, run->id, &standing->totals);
        standing->at = i == 0 ? string_copy(run->at) : standing->at;
    }
    standing->totals.worst = worst_of(&standing->totals);
    results_runs_release(&runs);
}

/* Each product once, by a look into the index for each. */
static const char products_sql[] =
    "WITH RECURSIVE p(name) AS (SELECT min(product) FROM check_run WHERE mesh=?1 UNION "
    "ALL SELECT (SELECT min(product) FROM check_run WHERE mesh=?1 AND product>p.name) "
    "FROM p WHERE p.name IS NOT NULL) SELECT name FROM p WHERE name IS NOT NULL";

struct array quality_standings(const char *mesh)
{
    struct array standings = ARRAY_OF(struct quality_standing);
    sqlite3 *db = results_open();
    sqlite3_stmt *products = db != NULL ? store_prepare(db, products_sql, NULL) : NULL;
    sqlite3_stmt *counts = db != NULL ? store_prepare(db, counts_sql, NULL) : NULL;
    if (products != NULL && counts != NULL) {
        store_bind(products, "s", mesh);
        while (store_step(products, NULL) == STORE_ROW) {
            add_standing(db, counts, mesh, store_text(products, 0), &standings);
        }
    }
    store_finish(products);
    store_finish(counts);
    store_close(db);
    return standings;
}

void quality_standings_release(struct array *standings)
{
    for (size_t i = 0; i < standings->count; i++) {
        struct quality_standing *standing = array_at(standings, i);
        free(standing->product);
        free(standing->at);
    }
    array_release(standings);
}

struct array quality_known(void *unused, const char *mesh)
{
    (void)unused;
    struct array known = ARRAY_OF(struct catalog_standing);
    struct array standings = quality_standings(mesh);
    for (size_t i = 0; i < standings.count; i++) {
        const struct quality_standing *standing = array_at(&standings, i);
        struct catalog_standing *one = array_push(&known);
        struct text sentence = {0};
        quality_totals_describe(&standing->totals, &sentence);
        text_printf(&sentence, " (%s)", standing->at);
        one->product = string_copy(standing->product);
        one->quality = string_copy(standing->totals.worst == QUALITY_NOT_RUN
                                       ? "unknown"
                                       : quality_outcome_name(standing->totals.worst));
        one->sentence = text_take(&sentence);
    }
    quality_standings_release(&standings);
    return known;
}
