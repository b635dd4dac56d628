/* masks: columns whose values are not for every eye.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/plan.h"
#include "engine/text.h"

bool plan_may_quote(const char *classification)
{
    static const char *const open[] = {"", "none", "public", "open", "internal"};
    for (size_t i = 0; classification != NULL && i < sizeof open / sizeof open[0]; i++) {
        if (string_equal_fold(classification, open[i])) {
            return true;
        }
    }
    return classification == NULL;
}

static const struct catalog_column *masked_at(const struct plan *plan, size_t index)
{
    const struct catalog_column *declared = array_at(plan->spec->columns, index);
    return plan_may_quote(declared->classification) ? NULL : declared;
}

static size_t declared_count(const struct plan *plan)
{
    return plan->spec->columns != NULL ? plan->spec->columns->count : 0;
}

const char *plan_masked(const struct plan *plan)
{
    for (size_t i = 0; i < declared_count(plan); i++) {
        const struct catalog_column *masked = masked_at(plan, i);
        if (masked != NULL) {
            return masked->name;
        }
    }
    return NULL;
}

static bool is_found(const struct plan *plan, const struct catalog_column *declared)
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        if (plan_column(plan, i)->declared == declared) {
            return true;
        }
    }
    return false;
}

void plan_mask_columns(struct plan *plan)
{
    bool lost = false;
    for (size_t i = 0; i < declared_count(plan); i++) {
        const struct catalog_column *masked = masked_at(plan, i);
        lost |= masked != NULL && !is_found(plan, masked);
    }
    for (size_t i = 0; i < plan->columns.count; i++) {
        struct plan_column *column = plan_column(plan, i);
        column->masked = column->declared != NULL
                             ? !plan_may_quote(column->declared->classification)
                             : lost;
    }
}
