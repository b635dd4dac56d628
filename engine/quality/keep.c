/* quality/keep: results into the ledger, a run for each contract of the product.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/results.h"

#include <stdlib.h>
#include <string.h>

#include "engine/ledger.h"

static const char *contract_of(const struct quality_check *check)
{
    return check->contract != NULL ? check->contract : "";
}

/* The contract that comes next behind `last`, in the order of their ids; NULL: none. */
static const char *next_contract(const struct array *checks, const char *last)
{
    const char *next = NULL;
    for (size_t i = 0; i < checks->count; i++) {
        const char *contract = contract_of(array_at(checks, i));
        if ((last == NULL || strcmp(contract, last) > 0) &&
            (next == NULL || strcmp(contract, next) < 0)) {
            next = contract;
        }
    }
    return next;
}

static struct ledger_check_result result_of(const struct quality_check *check)
{
    return (struct ledger_check_result){
        .key = check->key,
        .object = check->object,
        .property = check->property,
        .rule = check->rule,
        .type = check->type,
        .metric = check->metric,
        .dimension = check->dimension,
        .severity = check->severity,
        .outcome = quality_outcome_name(check->outcome),
        .value = check->value,
        .threshold = check->threshold,
        .reason = check->reason,
        .sql = check->sql,
        .total = check->total,
        .percent = check->percent,
    };
}

/* One run: those checks that are of the contract. */
static bool keep_contract(const struct ledger_check_run *base, const char *contract,
                          const struct array *checks, struct error *err)
{
    struct array chosen = {.item_size = sizeof(struct quality_check)};
    struct array results = ARRAY_OF(struct ledger_check_result);
    for (size_t i = 0; i < checks->count; i++) {
        const struct quality_check *check = array_at(checks, i);
        if (string_equal(contract_of(check), contract)) {
            *(struct quality_check *)array_push(&chosen) = *check; /* borrowed */
            *(struct ledger_check_result *)array_push(&results) = result_of(check);
        }
    }
    struct quality_totals totals = quality_totals(&chosen);
    struct ledger_check_run run = *base;
    run.contract = *contract != '\0' ? contract : NULL;
    run.result = quality_outcome_name(totals.worst);
    run.checks = totals.checks;
    run.passed = totals.passed;
    run.warnings = totals.warnings;
    run.failed = totals.failed;
    run.errors = totals.errors;
    run.not_run = totals.not_run;
    bool done = ledger_add_check(&run, results.items, results.count, err);
    array_release(&chosen);
    array_release(&results);
    return done;
}

bool quality_keep(const struct quality_spec *spec, const char *version,
                  const struct array *checks, double seconds, struct error *err)
{
    const struct ledger_check_run base = {
        .mesh = catalog_mesh_path(spec->catalog),
        .product = spec->product,
        .role = spec->role,
        .version = version,
        .seconds = seconds,
    };
    const char *contract = next_contract(checks, NULL);
    bool done = true;
    while (done && contract != NULL) {
        done = keep_contract(&base, contract, checks, err);
        contract = next_contract(checks, contract);
    }
    return done;
}
