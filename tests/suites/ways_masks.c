/* ways_masks: rules for some columns of a random file, also for such as it does not have.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/policy.h"
#include "tests/suites/ways.h"

static void add_mask(struct ways_chance *chance, struct array *masks, const char *column)
{
    static const struct mask_rule rules[] = {
        {MASK_DROP, 0},  {MASK_NULL, 0},   {MASK_TOKEN, 0},   {MASK_FIRST, 1},
        {MASK_FIRST, 4}, {MASK_FIRST, 40}, {MASK_YEAR, 0},    {MASK_MONTH, 0},
        {MASK_ROUND, 1}, {MASK_ROUND, 10}, {MASK_ROUND, 1000}};
    struct policy_mask *mask = array_push(masks);
    mask->column = (char *)(uintptr_t)column;
    mask->rule = rules[ways_pick(chance, sizeof rules / sizeof rules[0])];
}

void ways_mask(struct ways_file *file, struct ways_chance *chance)
{
    static const char *const names[] = {"c1", "C2", "c3", "name", "id", "a.b", "nowhere"};
    file->masks = (struct array)ARRAY_OF(struct policy_mask);
    if (!ways_happens(chance, 300)) {
        return;
    }
    /* Where no column is left and too many rows are none, either may be told first. */
    file->spec.reject_limit = 0;
    size_t per_mille = 1 + ways_pick(chance, 600);
    for (size_t i = 0; i < file->columns.count; i++) {
        const struct catalog_column *declared = array_at(&file->columns, i);
        if (ways_happens(chance, per_mille)) {
            add_mask(chance, &file->masks, declared->name);
        }
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (ways_happens(chance, file->columns.count == 0 ? 200 : 20)) {
            add_mask(chance, &file->masks, names[i]);
        }
    }
    text_append(&file->remarks, file->masks.count == 0     ? ""
                                : file->remarks.length > 0 ? ", masks"
                                                           : "masks");
}
