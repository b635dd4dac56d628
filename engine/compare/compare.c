/* compare: the merge of both sides, for one key after the other until one holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/compare/private.h"
#include "engine/safetext.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { TRIES_MOST = 8, ROWS_BETWEEN_LOOKS = 4096 };

struct merge {
    const struct compare_spec *spec;
    struct job_port *port;
    struct array pairs;
    struct compare_side before, after;
    struct compare_answer *answer;
    struct compare_outcome outcome;
    bool is_broken_key; /* a value of the key occurs twice */
};

/* ---- One merge ---- */

static bool look_up(struct merge *merge, struct error *err)
{
    const struct compare_spec *spec = merge->spec;
    if (merge->port == NULL) {
        return true;
    }
    const struct job_progress progress = {
        .done = merge->before.rows + merge->after.rows,
        .total = result_count(spec->before) + result_count(spec->after),
        .unit = JOB_THINGS,
        .rows = merge->before.rows + merge->after.rows,
        .note = "comparing",
    };
    job_report(merge->port, &progress);
    return !job_cancelled(merge->port) ||
           error_set(err, ERROR_CANCELLED, "the comparison was cancelled");
}

/* A key that is not unique says nothing about which row became which. */
static bool say_twice(struct merge *merge, const struct compare_side *side,
                      struct error *err)
{
    struct text names = {0}, values = {0};
    merge->is_broken_key = true;
    for (size_t i = 0; i < merge->pairs.count; i++) {
        const struct compare_pair *pair = array_at(&merge->pairs, i);
        if (pair->is_key) {
            int at = side == &merge->after ? pair->at_after : pair->at_before;
            sqlite3_value *value = sqlite3_column_value(side->stmt, at);
            const char *bytes = (const char *)sqlite3_value_text(value);
            text_printf(&names, "%s%s", names.length > 0 ? ", " : "", pair->name);
            text_append(&values, values.length > 0 ? ", " : "");
            safetext_append_cut(&values, bytes != NULL ? bytes : "(null)",
                                bytes != NULL ? strlen(bytes) : 6, 60);
        }
    }
    error_set(err, ERROR_FAILED,
              "%s is no key: %s occurs more than once %s; name a key that is unique with "
              "--key, or leave it out",
              text_string(&names), text_string(&values), side->word);
    text_release(&names);
    text_release(&values);
    return false;
}

static bool check_key(struct merge *merge, struct error *err)
{
    if (merge->outcome.way == COMPARE_WHOLE) {
        return true;
    }
    return !merge->before.is_twice && !merge->after.is_twice
               ? true
               : say_twice(merge, merge->before.is_twice ? &merge->before : &merge->after,
                           err);
}

static bool differs(const struct merge *merge)
{
    for (size_t i = 0; i < merge->pairs.count; i++) {
        const struct compare_pair *pair = array_at(&merge->pairs, i);
        if (!pair->is_key && pair->before >= 0 && pair->after >= 0 &&
            compare_values(sqlite3_column_value(merge->before.stmt, pair->at_before),
                           sqlite3_column_value(merge->after.stmt, pair->at_after)) !=
                0) {
            return true;
        }
    }
    return false;
}

static bool take_gone(struct merge *merge, struct error *err)
{
    merge->outcome.gone++;
    return compare_answer_add(merge->answer, "-", &merge->before, NULL, err) &&
           compare_side_step(&merge->before, err);
}

static bool take_added(struct merge *merge, struct error *err)
{
    merge->outcome.added++;
    return compare_answer_add(merge->answer, "+", NULL, &merge->after, err) &&
           compare_side_step(&merge->after, err);
}

static bool take_both(struct merge *merge, struct error *err)
{
    bool changed = differs(merge);
    merge->outcome.changed += changed;
    merge->outcome.same += !changed;
    bool done = true;
    if (changed || merge->spec->same) {
        done = compare_answer_add(merge->answer, changed ? "~" : " ", &merge->before,
                                  &merge->after, err);
    }
    return done && compare_side_step(&merge->before, err) &&
           compare_side_step(&merge->after, err);
}

static bool run(struct merge *merge, struct error *err)
{
    const struct compare_side *before = &merge->before, *after = &merge->after;
    for (long long turn = 0; before->has_row || after->has_row; turn++) {
        if (!check_key(merge, err) ||
            (turn % ROWS_BETWEEN_LOOKS == 0 && !look_up(merge, err))) {
            return false;
        }
        int order = !before->has_row  ? 1
                    : !after->has_row ? -1
                                      : compare_keys(before, after);
        bool done = order < 0   ? take_gone(merge, err)
                    : order > 0 ? take_added(merge, err)
                                : take_both(merge, err);
        if (!done) {
            return false;
        }
    }
    return true;
}

/* ---- One key after the other ---- */

static void choose(struct merge *merge, const struct compare_try *chosen)
{
    merge->outcome = (struct compare_outcome){.way = chosen->way};
    for (size_t i = 0; i < merge->pairs.count; i++) {
        struct compare_pair *pair = array_at(&merge->pairs, i);
        pair->is_key =
            chosen->way == COMPARE_WHOLE && pair->before >= 0 && pair->after >= 0;
        pair->changed = 0;
    }
    for (size_t i = 0; chosen->way != COMPARE_WHOLE && i < chosen->count; i++) {
        struct compare_pair *pair = array_at(&merge->pairs, chosen->columns[i]);
        pair->is_key = true;
    }
}

/* Sorting is one long step: what waits for it can be interrupted. */
static bool start(struct merge *merge, struct compare_side *side, struct result *result,
                  struct error *err)
{
    bool is_after = side == &merge->after;
    job_guard(merge->port, side->db);
    bool done = compare_side_start(side, result, &merge->pairs, is_after, err);
    job_guard(merge->port, NULL);
    return done || (merge->port != NULL && job_cancelled(merge->port)
                        ? error_set(err, ERROR_CANCELLED, "the comparison was cancelled")
                        : error_prefix(err, "could not sort the rows %s: ", side->word));
}

static bool try_key(struct merge *merge, const struct compare_try *chosen,
                    struct error *err)
{
    const struct compare_spec *spec = merge->spec;
    merge->is_broken_key = false;
    if (unlink(spec->file) != 0 && errno != ENOENT) {
        return error_set(err, ERROR_FAILED, "could not write %s: %s", spec->file,
                         error_of_errno(errno));
    }
    choose(merge, chosen);
    merge->answer = compare_answer_new(spec, &merge->pairs, err);
    bool done = merge->answer != NULL &&
                start(merge, &merge->before, spec->before, err) &&
                start(merge, &merge->after, spec->after, err) && run(merge, err);
    if (done) {
        merge->outcome.before = merge->before.rows;
        merge->outcome.after = merge->after.rows;
        done = compare_answer_finish(merge->answer, &merge->outcome, err);
    }
    compare_side_stop(&merge->before);
    compare_side_stop(&merge->after);
    compare_answer_free(merge->answer);
    return done;
}

bool compare_write(const struct compare_spec *spec, struct job_port *port,
                   struct error *err)
{
    struct merge merge = {.spec = spec,
                          .port = port,
                          .pairs = compare_pairs(spec->before, spec->after),
                          .before.word = "before",
                          .after.word = "after"};
    struct array tries = ARRAY_OF(struct compare_try);
    bool done = false;
    if (compare_side_open(&merge.before, spec->before, err) &&
        compare_side_open(&merge.after, spec->after, err) &&
        compare_tries(spec, &merge.pairs, &tries, err)) {
        size_t last = tries.count - 1; /* whole rows always can */
        for (size_t i = 0; !done && i <= last; i = i + 1 == TRIES_MOST ? last : i + 1) {
            done = try_key(&merge, array_at(&tries, i), err);
            if (!done && (!merge.is_broken_key || i == last)) {
                break;
            }
        }
    }
    if (!done) {
        unlink(spec->file);
    }
    compare_side_close(&merge.before);
    compare_side_close(&merge.after);
    compare_pairs_release(&merge.pairs);
    array_release(&tries);
    return done;
}

/* ---- In words ---- */

static void describe_columns(const struct compare_outcome *outcome, struct text *out)
{
    const char *before = " (";
    for (size_t i = 0; i < outcome->columns.count; i++) {
        const struct compare_column *column = array_at(&outcome->columns, i);
        char count[32];
        if (column->changed > 0) {
            text_printf(out, "%s%s %s", before, column->name,
                        string_of_count(column->changed, count, sizeof count));
            before = ", ";
        }
    }
    text_append(out, string_equal(before, ", ") ? ")" : "");
}

static void describe_key(const struct compare_outcome *outcome, struct text *out)
{
    static const char *const ways[] = {
        [COMPARE_ASKED] = "",
        [COMPARE_LIKELY] = ", the key of the contract",
        [COMPARE_PROVED] = ", which turned out to be unique",
    };
    if (outcome->way == COMPARE_WHOLE) {
        text_append(out, ", by whole rows: no key was found");
        return;
    }
    const char *before = ", by ";
    for (size_t i = 0; i < outcome->columns.count; i++) {
        const struct compare_column *column = array_at(&outcome->columns, i);
        if (column->is_key) {
            text_printf(out, "%s%s", before, column->name);
            before = " and ";
        }
    }
    text_append(out, ways[outcome->way]);
}

static void describe_sides(const struct compare_outcome *outcome, bool is_after,
                           struct text *out)
{
    const char *before = is_after ? "; only after: " : "; only before: ";
    for (size_t i = 0; i < outcome->columns.count; i++) {
        const struct compare_column *column = array_at(&outcome->columns, i);
        if (is_after ? column->only_after : column->only_before) {
            text_printf(out, "%s%s", before, column->name);
            before = ", ";
        }
    }
}

void compare_describe(const struct compare_outcome *outcome, struct text *out)
{
    char number[32];
    text_printf(out, "%s added, ",
                string_of_count(outcome->added, number, sizeof number));
    text_printf(out, "%s gone, ", string_of_count(outcome->gone, number, sizeof number));
    if (outcome->way != COMPARE_WHOLE) {
        text_printf(out, "%s changed",
                    string_of_count(outcome->changed, number, sizeof number));
        describe_columns(outcome, out);
        text_append(out, ", ");
    }
    text_printf(out, "%s the same",
                string_of_count(outcome->same, number, sizeof number));
    describe_key(outcome, out);
    describe_sides(outcome, false, out);
    describe_sides(outcome, true, out);
}
