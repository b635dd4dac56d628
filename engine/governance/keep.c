/* governance/keep: what a run found goes to the ledger, and when a violation was first
 * seen comes from there. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/ledger.h"
#include "engine/path.h"

/* ---- First seen ---- */

static char *key_of(const char *policy, const char *product, const char *path, int line)
{
    return string_printf("%s\x1f%s\x1f%s\x1f%d", policy, product != NULL ? product : "",
                         path != NULL ? path : "", line);
}

static int compare_seen(const void *a, const void *b)
{
    const struct seen_row *x = a, *y = b;
    return strcmp(x->key, y->key);
}

/* Without a ledger, or an older one, nothing was seen before. */
void first_seen_open(struct seen *seen, sqlite3 *db, const struct catalog *catalog)
{
    *seen = (struct seen){.list = ARRAY_OF(struct seen_row)};
    path_write_instant(catalog_now(catalog), seen->now);
    sqlite3_stmt *rows =
        store_prepare(db,
                      "SELECT policy,product_id,path,line,first_seen FROM violation "
                      "WHERE first_seen IS NOT NULL",
                      NULL);
    while (rows != NULL && store_step(rows, NULL) == STORE_ROW) {
        *(struct seen_row *)array_push(&seen->list) = (struct seen_row){
            .key = key_of(store_text(rows, 0), store_text(rows, 1), store_text(rows, 2),
                          sqlite3_column_int(rows, 3)),
            .since = store_text_copy(rows, 4),
        };
    }
    store_finish(rows);
    if (seen->list.count > 1) {
        qsort(seen->list.items, seen->list.count, seen->list.item_size, compare_seen);
    }
}

void first_seen_release(struct seen *seen)
{
    for (size_t i = 0; i < seen->list.count; i++) {
        struct seen_row *row = array_at(&seen->list, i);
        free(row->key);
        free(row->since);
    }
    array_release(&seen->list);
}

const char *first_seen_since(const struct seen *seen,
                             const struct governance_violation *violation)
{
    struct seen_row wanted = {.key = key_of(violation->policy, violation->product,
                                            violation->path, violation->line)};
    const struct seen_row *row =
        seen->list.count > 0 ? bsearch(&wanted, seen->list.items, seen->list.count,
                                       seen->list.item_size, compare_seen)
                             : NULL;
    free(wanted.key);
    return row != NULL ? row->since : seen->now;
}

/* ---- Keeping ---- */

struct kept {
    struct array rows;    /* of struct ledger_policy_row: all of the report */
    struct array domains; /* of struct ledger_policy_domain */
    struct array runs;    /* of struct ledger_policy_run */
};

static void collect_rows(struct kept *kept, const struct governance_report *report)
{
    for (size_t i = 0; i < report->violations.count; i++) {
        const struct governance_violation *violation = array_at(&report->violations, i);
        *(struct ledger_policy_row *)array_push(&kept->rows) = (struct ledger_policy_row){
            .product = violation->product,
            .domain = violation->domain,
            .path = violation->path,
            .sentence = violation->sentence,
            .line = violation->line,
            .is_waived = violation->waived != NULL,
            .first_seen = violation->since,
        };
    }
}

static void collect_domains(struct kept *kept, const struct governance_report *report)
{
    for (size_t i = 0; i < report->policies.count; i++) {
        const struct governance_policy *policy = array_at(&report->policies, i);
        for (size_t k = 0; k < policy->domains.count; k++) {
            const struct governance_domain *domain = array_at(&policy->domains, k);
            *(struct ledger_policy_domain *)array_push(&kept->domains) =
                (struct ledger_policy_domain){
                    .domain = domain->name,
                    .products = domain->products,
                    .violating = domain->violating,
                };
        }
    }
}

/* The violations of a report come policy by policy. */
static size_t count_rows(const struct governance_report *report, size_t first,
                         const char *policy)
{
    size_t count = 0;
    const struct governance_violation *violation;
    while ((violation = array_at(&report->violations, first + count)) != NULL &&
           string_equal(violation->policy, policy)) {
        count++;
    }
    return count;
}

static void collect_runs(struct kept *kept, const char *mesh,
                         const struct governance_report *report)
{
    size_t row = 0, domain = 0;
    for (size_t i = 0; i < report->policies.count; i++) {
        const struct governance_policy *policy = array_at(&report->policies, i);
        size_t rows = count_rows(report, row, policy->id);
        if (policy->outcome == GOVERNANCE_NOT_RUN) {
            domain += policy->domains.count;
            continue; /* what the last run found still stands */
        }
        *(struct ledger_policy_run *)array_push(&kept->runs) = (struct ledger_policy_run){
            .mesh = mesh,
            .policy = policy->id,
            .outcome = governance_outcome_name(policy->outcome),
            .products = policy->looked_at,
            .violating = policy->violating,
            .waived = policy->waived,
            .seconds = policy->seconds,
            .domains = array_at(&kept->domains, domain),
            .domain_count = policy->domains.count,
            .rows = array_at(&kept->rows, row),
            .row_count = rows,
        };
        row += rows;
        domain += policy->domains.count;
    }
}

bool governance_keep(const char *mesh, const struct governance_report *report,
                     struct error *err)
{
    struct kept kept = {.rows = ARRAY_OF(struct ledger_policy_row),
                        .domains = ARRAY_OF(struct ledger_policy_domain),
                        .runs = ARRAY_OF(struct ledger_policy_run)};
    collect_rows(&kept, report);
    collect_domains(&kept, report);
    collect_runs(&kept, mesh, report);
    bool done = ledger_add_policies(kept.runs.items, kept.runs.count, err);
    array_release(&kept.rows);
    array_release(&kept.domains);
    array_release(&kept.runs);
    return done;
}
