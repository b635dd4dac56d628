/* workbench: what a contract promises held against the data that are here, and one value
 * of each column to look at.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench.h"

#include <stdlib.h>
#include <string.h>

#include "engine/cache.h"
#include "engine/gate.h"
#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

static sqlite3 *open_version(const struct workbench *workbench,
                             const struct catalog_entry *entry)
{
    char *file = workbench_version(workbench, entry);
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
    free(file);
    return db;
}

/* ---- Promises ---- */

/* What a promise about a column measures: the age of its newest or of its oldest row. */
static const struct {
    const char *property, *extreme;
    bool is_newest;
} promises[] = {
    {"latency", "most", true},   {"ly", "most", true}, {"freshness", "most", true},
    {"frequency", "most", true}, {"fy", "most", true}, {"retention", "least", false},
    {"re", "least", false},
};

/* Seconds since 1970 of the extreme value of "table.column", -1: not known. */
static long long moment_of(sqlite3 *db, const char *element, const char *extreme,
                           char **text)
{
    const char *dot = strrchr(element, '.');
    char *table = string_copy_bytes(element, dot != NULL ? (size_t)(dot - element) : 0);
    char *sql = string_printf(
        "SELECT %s FROM mwb_statistic s WHERE s.table_name IN(?1,(SELECT t.name FROM "
        "mwb_table t WHERE t.name=?1 COLLATE NOCASE)) AND s.name=?2 COLLATE NOCASE",
        extreme);
    *text = dot != NULL ? store_string(db, sql, "ss", table, dot + 1) : NULL;
    long long moment =
        store_number(db, -1, "SELECT CAST(strftime('%s',?1) AS INTEGER)", "s", *text);
    free(sql);
    free(table);
    return *text != NULL && moment != 0 ? moment : -1;
}

static char *age_text(double seconds)
{
    static const struct {
        double seconds;
        const char *name;
    } units[] = {{31557600, "years"}, {86400, "days"}, {3600, "h"}, {60, "min"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (seconds >= 2 * units[i].seconds) {
            return string_printf("%.0f %s", seconds / units[i].seconds, units[i].name);
        }
    }
    return string_printf("%.0f s", seconds);
}

static void observe(sqlite3 *db, sqlite3_stmt *promise, long long now,
                    struct array *facts)
{
    const char *property = store_text(promise, 0), *element = store_text(promise, 2);
    double period = catalog_period(store_text(promise, 1));
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++) {
        if (!string_equal_fold(property, promises[i].property) || period <= 0) {
            continue;
        }
        char *text = NULL;
        long long moment = moment_of(db, element, promises[i].extreme, &text);
        double seconds = (double)(now - moment);
        if (moment >= 0) {
            char *age = age_text(seconds > 0 ? seconds : 0);
            struct catalog_fact *fact = array_push(facts);
            *fact = (struct catalog_fact){
                .group = string_copy("observed"),
                .name = string_printf("%s of %s", property, element),
                .value = string_printf("promised %s; the %s row is of %s, %s ago: %s",
                                       store_text(promise, 1),
                                       promises[i].is_newest ? "newest" : "oldest", text,
                                       age, seconds > period ? "not kept" : "kept"),
                .path = store_text_copy(promise, 3),
                .line = sqlite3_column_int(promise, 4)};
            free(age);
        }
        free(text);
        return;
    }
}

void workbench_observed(const struct workbench *workbench,
                        const struct catalog_entry *entry, struct array *facts)
{
    static const char sql[] =
        "SELECT s.property,s.value||coalesce(' '||s.unit,''),trim(s.element),c.path,"
        "s.line FROM port o JOIN sla s ON s.contract_row=o.contract_row JOIN contract c "
        "ON c.rowid=s.contract_row WHERE o.product_row=?1 AND o.dir='out' AND s.element "
        "IS NOT NULL GROUP BY 1,2,3 ORDER BY s.rowid LIMIT 100";
    sqlite3 *db = open_version(workbench, entry);
    sqlite3_stmt *stmt =
        db != NULL ? store_prepare(catalog_database(workbench->catalog), sql, NULL)
                   : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "l", entry->row);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        observe(db, stmt, catalog_now(workbench->catalog), facts);
    }
    store_finish(stmt);
    store_close(db);
    ledger_observed(workbench->catalog, entry, workbench->mesh, facts);
}

/* ---- Samples ---- */

bool workbench_is_private(const struct catalog_column *column)
{
    return !catalog_is_open(column->classification);
}

static char *sample_of(sqlite3 *db, const char *table, const char *column)
{
    enum { ROWS_LOOKED_AT = 1000 };
    struct text sql = {0};
    text_append(&sql, "SELECT v FROM (SELECT ");
    store_quote_name(&sql, column);
    text_append(&sql, " AS v FROM ");
    store_quote_name(&sql, table);
    text_printf(&sql, " LIMIT %d) WHERE v IS NOT NULL LIMIT 1", ROWS_LOOKED_AT);
    char *sample = store_string(db, text_string(&sql), "");
    text_release(&sql);
    return sample;
}

/* Of a masked column a version holds what the mask left. */
static bool may_be_shown(const struct workbench *workbench,
                         const struct catalog_product *product,
                         const struct catalog_table *table,
                         const struct catalog_column *column)
{
    struct policy_verdict verdict;
    const struct gate_spec gate = {.catalog = workbench->catalog,
                                   .policy = workbench->policy};
    if (!gate_tells_values(&gate, product, table->sql_name, column)) {
        return false;
    }
    if (!workbench_is_private(column)) {
        return true;
    }
    policy_of_column(workbench->policy, product, table, column, &verdict);
    bool is_masked = verdict.decision == POLICY_MASK && verdict.mask.kind != MASK_DROP;
    policy_verdict_release(&verdict);
    return is_masked;
}

struct array workbench_samples(const struct workbench *workbench,
                               const struct catalog_product *product,
                               const struct catalog_table *table)
{
    struct array samples = ARRAY_OF(char *);
    sqlite3 *db = open_version(workbench, &product->entry);
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        bool is_shown = db != NULL && may_be_shown(workbench, product, table, column);
        *(char **)array_push(&samples) =
            is_shown ? sample_of(db, table->sql_name, column->name) : NULL;
    }
    store_close(db);
    return samples;
}

void workbench_samples_release(struct array *samples)
{
    for (size_t i = 0; i < samples->count; i++) {
        free(*(char **)array_at(samples, i));
    }
    array_release(samples);
}
