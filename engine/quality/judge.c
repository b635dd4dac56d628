/* quality/judge: what a pass saw, said of each check in words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/count.h"

#include <stdlib.h>

static const char *phrase_of(const char *metric)
{
    static const struct {
        const char *metric, *phrase;
    } phrases[] = {
        {"required", "have no value"},
        {"nullValues", "have no value"},
        {"missingValues", "have no value, or what stands for none"},
        {"invalidValues", "have a value that is not valid"},
        {"enum", "have a value that is not in the list"},
        {"type", "have a value of another type"},
        {"minLength", "are too short"},
        {"maxLength", "are too long"},
        {"minimum", "are below the minimum"},
        {"maximum", "are above the maximum"},
        {"exclusiveMinimum", "are not above the minimum"},
        {"exclusiveMaximum", "are not below the maximum"},
        {"multipleOf", "are no multiples"},
        {"pattern", "do not match the pattern"},
        {"format", "are not written in the format"},
        {"minItems", "have too few items"},
        {"maxItems", "have too many items"},
        {"uniqueItems", "have an item twice"},
        {"minProperties", "have too few members"},
        {"maxProperties", "have too many members"},
        {"requiredMembers", "lack a member"},
    };
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (string_equal(phrases[i].metric, metric)) {
            return phrases[i].phrase;
        }
    }
    return "do not hold";
}

static void set_percent(struct quality_check *check, long long count)
{
    check->percent = check->total > 0 ? (double)count * 100 / (double)check->total : 0;
}

/* "12 of 300 rows have no value" */
static void judge_count(struct quality_check *check, long long count, long long total)
{
    char some[32], all[32];
    check->total = total;
    set_percent(check, count);
    if (count > 0) {
        check->reason =
            string_printf("%s of %s %s %s", string_of_count(count, some, sizeof some),
                          string_of_count(total, all, sizeof all),
                          total == 1 ? "row" : "rows", phrase_of(check->metric));
    }
    quality_judge(check, true, (double)count);
}

static void judge_key(struct quality_check *check, const struct quality_repeats *repeats,
                      long long nulls, long long total)
{
    struct text reason = {0};
    bool no_null = string_equal(check->metric, "primaryKey");
    long long count = repeats->keys + (no_null ? nulls : 0);
    check->total = total;
    set_percent(check, count);
    if (repeats->keys > 0) {
        text_append_count(&reason, repeats->keys, "value");
        text_append(&reason, repeats->keys == 1 ? " occurs" : " occur");
        text_append(&reason, " more than once (");
        text_append_count(&reason, repeats->surplus, "row");
        text_append(&reason, " too many)");
    }
    if (no_null && nulls > 0) {
        text_append(&reason, reason.length > 0 ? "; " : "");
        text_append_count(&reason, nulls, "row");
        text_append(&reason, nulls == 1 ? " has no key" : " have no key");
    }
    if (reason.length > 0) {
        check->reason = text_take(&reason);
    }
    quality_judge(check, true, (double)count);
}

bool quality_judge_keys(struct pass *pass, struct array *workers, long long total,
                        struct error *err)
{
    for (size_t k = 0; k < pass->keys.count; k++) {
        const struct pass_key *key = array_at(&pass->keys, k);
        struct quality_repeats repeats = {0};
        long long nulls = 0;
        for (size_t w = 0; w < workers->count; w++) {
            nulls += ((struct worker *)array_at(workers, w))->seen[k].nulls;
        }
        if (!quality_find_repeats(pass, k, workers, &repeats, err)) {
            return false;
        }
        for (size_t i = 0; i < key->checks.count; i++) {
            judge_key(*(struct quality_check **)array_at(&key->checks, i), &repeats,
                      nulls, total);
        }
    }
    return true;
}

long long quality_judge_counters(struct pass *pass, const struct array *workers)
{
    long long total = 0;
    for (size_t w = 0; w < workers->count; w++) {
        total += ((struct worker *)array_at(workers, w))->rows;
    }
    for (size_t c = 0; c < pass->counters.count; c++) {
        const struct pass_counter *counter = array_at(&pass->counters, c);
        long long count = 0;
        for (size_t w = 0; w < workers->count; w++) {
            count += ((struct worker *)array_at(workers, w))->counts[c];
        }
        judge_count(counter->check, count, total);
    }
    return total;
}
