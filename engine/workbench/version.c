/* workbench: rows of a product version that need not be the current one, held against
 * the same gate as a statement that reads all of its table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench.h"

#include <stdlib.h>

#include "engine/gate.h"
#include "engine/governance.h"
#include "engine/ledger.h"
#include "engine/store.h"

/* What is read, as the gate and the ledger want it. */
struct reading {
    const struct workbench *workbench;
    const struct workbench_version_spec *spec;
    struct catalog_product product;
    struct result *rows;
};

/* A version says itself by which decisions of policy it was made: masks of yesterday
 * could show what is masked today. */
static bool is_of_today(const struct reading *reading, struct error *err)
{
    const struct workbench *workbench = reading->workbench;
    struct policy_verdict verdict;
    char key[17];
    if (workbench->policy == NULL) {
        return true;
    }
    policy_of_product(workbench->policy, &reading->product, &verdict);
    bool refused = verdict.decision == POLICY_REFUSE;
    if (refused) {
        error_set(err, ERROR_FAILED, "%s: %s", reading->product.entry.id, verdict.reason);
    }
    policy_verdict_release(&verdict);
    if (refused) {
        return false;
    }
    policy_key(workbench->policy, &reading->product, key);
    sqlite3 *db = store_open(reading->spec->file, STORE_IMMUTABLE, NULL);
    char *made_by =
        db != NULL
            ? store_string(db, "SELECT value FROM mwb_product WHERE key='policy'", "")
            : NULL;
    bool is = string_equal(made_by, key);
    store_close(db);
    free(made_by);
    return is || error_set(err, ERROR_FAILED,
                           "this version of %s was made for the role %s by other rules "
                           "than those of today, so it is not shown; \"get\" makes one "
                           "by today's",
                           reading->product.entry.id, policy_role(workbench->policy));
}

static const struct catalog_table *table_of(const struct reading *reading)
{
    for (size_t i = 0; i < reading->product.tables.count; i++) {
        const struct catalog_table *table = array_at(&reading->product.tables, i);
        if (string_equal_fold(table->sql_name, reading->spec->table)) {
            return table;
        }
    }
    return NULL;
}

static bool may_read_table(const struct reading *reading, struct error *err)
{
    const struct catalog_table *table = table_of(reading);
    struct policy_verdict verdict;
    if (reading->workbench->policy == NULL || table == NULL) {
        return true;
    }
    policy_of_table(reading->workbench->policy, &reading->product, table, &verdict);
    bool may = verdict.decision != POLICY_REFUSE ||
               error_set(err, ERROR_FAILED, "%s: %s", table->sql_name, verdict.reason);
    policy_verdict_release(&verdict);
    return may;
}

static struct array touches_of(const struct reading *reading)
{
    struct array touches = ARRAY_OF(struct gate_touch);
    for (size_t i = 0; i < result_column_count(reading->rows); i++) {
        *(struct gate_touch *)array_push(&touches) = (struct gate_touch){
            .product = string_copy(reading->product.entry.id),
            .table = string_copy(reading->spec->table),
            .column = string_copy(result_column(reading->rows, i)->name)};
    }
    return touches;
}

static void tell_ledger(const struct reading *reading, const struct array *touches,
                        const struct gate_verdict *verdict)
{
    const struct workbench *workbench = reading->workbench;
    struct array readings = ARRAY_OF(struct ledger_reading);
    for (size_t i = 0; i < touches->count; i++) {
        const struct gate_touch *touch = array_at(touches, i);
        *(struct ledger_reading *)array_push(&readings) =
            (struct ledger_reading){touch->product, touch->table, touch->column};
    }
    char *team = workbench_team(workbench);
    const struct ledger_use use = {
        .mesh = workbench->mesh,
        .role = workbench->role,
        .team = team,
        .sql = reading->spec->asked,
        .purpose = verdict->purpose != NULL ? verdict->purpose : reading->spec->purpose,
        .classification = verdict->classification,
        .outcome = verdict->answer == GATE_RUN ? "done" : "refused",
        .rows = verdict->answer == GATE_RUN ? result_count(reading->rows) : 0,
        .readings = readings.items,
        .reading_count = readings.count,
    };
    if (readings.count > 0) {
        ledger_add_use(&use, NULL);
    }
    free(team);
    array_release(&readings);
}

static bool judge(const struct reading *reading, char **classification, struct error *err)
{
    const struct workbench *workbench = reading->workbench;
    struct array touches = touches_of(reading);
    struct gate_verdict verdict = {0};
    char *team = workbench_team(workbench);
    const struct gate_spec gate = {.catalog = workbench->catalog,
                                   .policy = workbench->policy,
                                   .team = team,
                                   .purpose = reading->spec->purpose};
    bool done = gate_judge(&gate, &touches, &verdict, err);
    if (done && verdict.answer == GATE_RUN && verdict.groups.count > 0) {
        verdict.answer = GATE_REFUSE;
        done = error_set(err, ERROR_FAILED,
                         "%s of %s is told in groups only, so its rows are not shown",
                         reading->spec->table, reading->product.entry.id);
    } else if (done && verdict.answer != GATE_RUN) {
        done = error_set(err, ERROR_FAILED, "%s%s%s", verdict.reason,
                         verdict.ask != NULL ? "; ask " : "",
                         verdict.ask != NULL ? verdict.ask : "");
    }
    tell_ledger(reading, &touches, &verdict);
    *classification = done ? string_copy(verdict.classification) : NULL;
    gate_verdict_release(&verdict);
    gate_touches_release(&touches);
    free(team);
    return done;
}

/* Where the columns come from, so that their facts are found. */
static void tell_origins(const struct reading *reading)
{
    for (size_t i = 0; i < result_column_count(reading->rows); i++) {
        const struct result_column *column = result_column(reading->rows, i);
        char *name = string_copy(column->name), *declared = string_copy(column->declared);
        result_set_column(reading->rows, i, name, declared, reading->product.entry.id,
                          reading->spec->table, name);
        free(name);
        free(declared);
    }
}

struct result *workbench_version_rows(const struct workbench *workbench,
                                      const struct workbench_version_spec *spec,
                                      char **classification, struct error *err)
{
    struct reading reading = {.workbench = workbench, .spec = spec};
    const struct governance_spec policies = {
        .catalog = workbench->catalog, .role = workbench->role, .product = spec->product};
    if (!workbench_has_role(workbench, err) ||
        !catalog_product(workbench->catalog, spec->product, &reading.product, err)) {
        return NULL;
    }
    bool may = is_of_today(&reading, err) && may_read_table(&reading, err);
    reading.rows = may ? result_open(spec->file, spec->table, err) : NULL;
    may = reading.rows != NULL && judge(&reading, classification, err) &&
          (!governance_has_gate(workbench->catalog, "query") ||
           governance_gate(&policies, "query", err));
    if (may) {
        tell_origins(&reading);
    } else {
        result_free(reading.rows);
        reading.rows = NULL;
    }
    catalog_product_release(&reading.product);
    return reading.rows;
}
