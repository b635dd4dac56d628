/* quality/compare: the checks of two snapshots, side by side.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality.h"

const char *quality_change_name(enum quality_change change)
{
    static const char *const names[] = {[QUALITY_SAME] = "same",
                                        [QUALITY_BETTER] = "better",
                                        [QUALITY_WORSE] = "worse",
                                        [QUALITY_OTHER] = "other value"};
    return names[change];
}

static const struct quality_check *find_same(const struct array *checks,
                                             const struct quality_check *wanted)
{
    for (size_t i = 0; i < checks->count; i++) {
        const struct quality_check *check = array_at(checks, i);
        if (string_equal(check->key, wanted->key) &&
            string_equal(check->contract, wanted->contract)) {
            return check;
        }
    }
    return NULL;
}

/* How bad an outcome is. What was not run says nothing: it is neither better nor worse.
 */
static int rank_of(enum quality_outcome outcome)
{
    static const int ranks[] = {[QUALITY_PASSED] = 0,
                                [QUALITY_WARNING] = 1,
                                [QUALITY_FAILED] = 2,
                                [QUALITY_ERROR] = 3,
                                [QUALITY_NOT_RUN] = -1};
    return ranks[outcome];
}

static enum quality_change change_of(const struct quality_check *before,
                                     const struct quality_check *after)
{
    int was = before != NULL ? rank_of(before->outcome) : -1;
    int is = after != NULL ? rank_of(after->outcome) : -1;
    bool is_same = before != NULL && after != NULL && before->outcome == after->outcome &&
                   string_equal(before->value, after->value);
    return is_same                          ? QUALITY_SAME
           : was < 0 || is < 0 || was == is ? QUALITY_OTHER
           : was < is                       ? QUALITY_WORSE
                                            : QUALITY_BETTER;
}

static void push_pair(struct array *pairs, const struct quality_check *before,
                      const struct quality_check *after)
{
    *(struct quality_pair *)array_push(pairs) =
        (struct quality_pair){before, after, change_of(before, after)};
}

struct array quality_compare(const struct array *before, const struct array *after)
{
    struct array pairs = ARRAY_OF(struct quality_pair);
    for (size_t i = 0; i < after->count; i++) {
        const struct quality_check *check = array_at(after, i);
        push_pair(&pairs, find_same(before, check), check);
    }
    for (size_t i = 0; i < before->count; i++) {
        const struct quality_check *check = array_at(before, i);
        if (find_same(after, check) == NULL) {
            push_pair(&pairs, check, NULL);
        }
    }
    return pairs;
}
