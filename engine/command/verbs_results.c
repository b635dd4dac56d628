/* command: what `check` tells beside verdicts: the past of checks, two versions side by
 * side, and the product that failed first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/cache.h"
#include "engine/quality.h"

/* ---- The past ---- */

static const char *const trend_columns[] = {"check", "outcome",      "value", "threshold",
                                            "since", "first_failed", "runs",  "bad",
                                            "trend", "reason"};
static const char *const moment_columns[] = {"at",     "outcome",   "value",
                                             "reason", "threshold", "version"};
enum {
    TREND_COLUMNS = sizeof trend_columns / sizeof *trend_columns,
    MOMENT_COLUMNS = sizeof moment_columns / sizeof *moment_columns,
};

static bool say_unkept(const char *product, const char *rule, struct error *err)
{
    return error_set(err, ERROR_FAILED, "no results of %s%s%s are kept: run \"check %s\"",
                     rule != NULL ? rule : "", rule != NULL ? " of " : "", product,
                     product);
}

static bool list_trends(struct command_call *call, const char *product,
                        const struct array *trends, struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, trend_columns, TREND_COLUMNS, err);
    for (size_t i = 0; rows != NULL && i < trends->count; i++) {
        const struct quality_trend *trend = array_at(trends, i);
        struct text line = {0};
        quality_sparkline(trend, call->spec.unicode, &line);
        rows_add(rows, "ssssssllss", trend->key, quality_outcome_name(trend->outcome),
                 trend->value, trend->threshold, trend->since, trend->first_bad,
                 (long long)trend->runs, (long long)trend->bad, text_string(&line),
                 trend->reason);
        text_release(&line);
    }
    call_message(call, "%s: %zu checks, the newest runs at the right", product,
                 trends->count);
    return rows != NULL && call_reply_rows(call, rows, trend_columns, TREND_COLUMNS, err);
}

/* A check by its key or by its rule. */
static const char *key_of(const struct array *trends, const char *rule)
{
    for (size_t i = 0; i < trends->count; i++) {
        const struct quality_trend *trend = array_at(trends, i);
        if (string_equal(trend->key, rule) || string_equal(trend->rule, rule)) {
            return trend->key;
        }
    }
    return NULL;
}

static bool list_moments(struct command_call *call, const char *product, const char *key,
                         struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, moment_columns, MOMENT_COLUMNS, err);
    struct array moments = quality_history(call->workbench->mesh, product, key, 0);
    for (size_t i = 0; rows != NULL && i < moments.count; i++) {
        const struct quality_moment *moment = array_at(&moments, i);
        rows_add(rows, "ssssss", moment->at, quality_outcome_name(moment->outcome),
                 moment->value, moment->reason, moment->threshold, moment->version);
    }
    quality_history_release(&moments);
    return rows != NULL &&
           call_reply_rows(call, rows, moment_columns, MOMENT_COLUMNS, err);
}

static bool tell_history(struct command_call *call, const struct catalog_entry *entry,
                         struct error *err)
{
    const char *rule = command_flag_value(call, "--rule");
    struct array trends = quality_trends(call->workbench->mesh, entry->id);
    const char *key = rule != NULL ? key_of(&trends, rule) : NULL;
    bool done = trends.count == 0 || (rule != NULL && key == NULL)
                    ? say_unkept(entry->id, rule, err)
                : key != NULL ? list_moments(call, entry->id, key, err)
                              : list_trends(call, entry->id, &trends, err);
    quality_trends_release(&trends);
    if (done) {
        call_done(call);
    }
    return done;
}

/* ---- The cause ---- */

static const char *const cause_columns[] = {"depth",  "product", "cause", "checks",
                                            "failed", "check",   "value", "since",
                                            "reason", "through", "path",  "line"};
enum { CAUSE_COLUMNS = sizeof cause_columns / sizeof *cause_columns };

static void add_step(struct rows *rows, const struct quality_step *step)
{
    const char *cause = step->is_cause      ? "failed first"
                        : !step->is_checked ? "never checked"
                        : step->key != NULL ? "failed"
                                            : "passed";
    rows_add(rows, "lsslZssssssZ", (long long)step->depth, step->product, cause,
             (long long)step->totals.checks,
             (long long)step->totals.failed + step->totals.warnings, step->key,
             step->value, step->since, step->reason, step->through, step->path,
             (long long)step->line);
}

static bool tell_cause(struct command_call *call, const struct catalog_entry *entry,
                       struct error *err)
{
    struct quality_cause cause;
    bool done = quality_find_cause(call->workbench->catalog, entry->id,
                                   command_flag_value(call, "--rule"), &cause, err);
    struct rows *rows =
        done ? rows_new(call->workbench->spool_folder, cause_columns, CAUSE_COLUMNS, err)
             : NULL;
    for (size_t i = 0; rows != NULL && i < cause.steps.count; i++) {
        add_step(rows, array_at(&cause.steps, i));
    }
    call_message(call, "%s", text_string(&cause.sentence));
    quality_cause_release(&cause);
    done = rows != NULL && call_reply_rows(call, rows, cause_columns, CAUSE_COLUMNS, err);
    if (done) {
        call_done(call);
    }
    return done;
}

/* ---- Two versions side by side ---- */

static const char *const pair_columns[] = {"check",     "change",       "before",
                                           "after",     "value_before", "value_after",
                                           "threshold", "reason"};
enum { PAIR_COLUMNS = sizeof pair_columns / sizeof *pair_columns };

struct comparison {
    char *product;
    char *keys[2], *files[2]; /* before and after */
    struct array checks[2];   /* of struct quality_check */
    struct error err;
    int side; /* that is being run */
};

static void free_comparison(void *own)
{
    struct comparison *comparison = own;
    for (int i = 0; i < 2; i++) {
        quality_release(&comparison->checks[i]);
        free(comparison->keys[i]);
        free(comparison->files[i]);
    }
    free(comparison->product);
    free(comparison);
}

static void add_pair(struct rows *rows, const struct quality_pair *pair)
{
    static const struct quality_check none = {0};
    const struct quality_check *before = pair->before != NULL ? pair->before : &none;
    const struct quality_check *after = pair->after != NULL ? pair->after : &none;
    const struct quality_check *any = pair->after != NULL ? after : before;
    rows_add(rows, "ssssssss", any->key, quality_change_name(pair->change),
             pair->before != NULL ? quality_outcome_name(before->outcome) : NULL,
             pair->after != NULL ? quality_outcome_name(after->outcome) : NULL,
             before->value, after->value, any->threshold, any->reason);
}

static bool show_pairs(struct command_call *call, struct error *err)
{
    const struct comparison *comparison = call->own;
    struct array pairs = quality_compare(&comparison->checks[0], &comparison->checks[1]);
    struct rows *rows =
        rows_new(call->workbench->spool_folder, pair_columns, PAIR_COLUMNS, err);
    size_t counts[QUALITY_OTHER + 1] = {0};
    for (size_t i = 0; rows != NULL && i < pairs.count; i++) {
        const struct quality_pair *pair = array_at(&pairs, i);
        add_pair(rows, pair);
        counts[pair->change]++;
    }
    array_release(&pairs);
    call_message(call, "from %s to %s: %zu better, %zu worse, %zu other, %zu the same",
                 comparison->keys[0], comparison->keys[1], counts[QUALITY_BETTER],
                 counts[QUALITY_WORSE], counts[QUALITY_OTHER], counts[QUALITY_SAME]);
    if (counts[QUALITY_WORSE] > 0) {
        error_set(&call->reply.error, ERROR_VERDICT, "%zu %s became worse",
                  counts[QUALITY_WORSE], counts[QUALITY_WORSE] == 1 ? "check" : "checks");
    }
    return rows != NULL && call_reply_rows(call, rows, pair_columns, PAIR_COLUMNS, err);
}

static bool run_side(struct command_call *call, struct error *err);

static bool on_side_checked(void *owner, const char *product, struct array *checks,
                            double seconds, const struct error *err)
{
    struct command_call *call = owner;
    struct comparison *comparison = call->own;
    (void)product;
    (void)seconds;
    if (checks == NULL) {
        comparison->err = *err;
        return false;
    }
    comparison->checks[comparison->side] = *checks;
    return true;
}

static void on_side_finished(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct comparison *comparison = call->own;
    struct error err = comparison->err;
    call->job = NULL;
    if (job_state(job) != JOB_DONE) {
        err = *job_error(job);
    }
    bool good = err.kind == ERROR_NONE && job_state(job) == JOB_DONE;
    bool is_last = ++comparison->side == 2;
    good = good && (is_last ? show_pairs(call, &err) : run_side(call, &err));
    if (!good) {
        call_fail(call, &err);
    } else if (is_last) {
        call_done(call);
    }
}

static bool run_side(struct command_call *call, struct error *err)
{
    const struct comparison *comparison = call->own;
    const struct workbench_check_spec spec = {
        .quality = {.product = comparison->product,
                    .file = comparison->files[comparison->side],
                    .selection = {.rule = command_flag_value(call, "--rule"),
                                  .tag = command_flag_value(call, "--tag"),
                                  .dimension = command_flag_value(call, "--dimension"),
                                  .object = command_flag_value(call, "--object")}},
        .is_aside = true,
        .checked = on_side_checked,
        .finished = on_side_finished,
        .owner = call,
    };
    call->job = workbench_check(call->workbench, &spec, err);
    return call->job != NULL;
}

/* The newest version whose key begins so; NULL: the current one. */
static bool find_version(const struct cache_product *product, const char *wanted,
                         char **key, char **file, struct error *err)
{
    struct array versions = cache_versions(product);
    for (size_t i = 0; i < versions.count && *key == NULL; i++) {
        const struct cache_version *version = array_at(&versions, i);
        if (wanted != NULL ? *wanted != '\0' && string_starts(version->key, wanted)
                           : version->is_current) {
            *key = string_copy(version->key);
            *file = string_copy(version->file);
        }
    }
    cache_versions_release(&versions);
    return *key != NULL ||
           error_set(err, ERROR_FAILED,
                     "no version %s of %s is here; \"versions %s\" lists those that are",
                     wanted != NULL ? wanted : "that is current", product->name,
                     product->name);
}

static bool compare_versions(struct command_call *call, const struct catalog_entry *entry,
                             struct error *err)
{
    const struct cache_product product = {.mesh = call->workbench->mesh,
                                          .role = call->workbench->role,
                                          .domain = entry->domain,
                                          .name = entry->name,
                                          .group = -1};
    const char *wanted[2] = {command_flag_value(call, "--compare"), call_word(call, 1)};
    struct comparison *comparison = memory_new(sizeof *comparison);
    call->own = comparison;
    call->free_own = free_comparison;
    comparison->product = string_copy(entry->id);
    for (int i = 0; i < 2; i++) {
        comparison->checks[i] = (struct array)ARRAY_OF(struct quality_check);
    }
    return find_version(&product, wanted[0], &comparison->keys[0], &comparison->files[0],
                        err) &&
           find_version(&product, wanted[1], &comparison->keys[1], &comparison->files[1],
                        err) &&
           run_side(call, err);
}

/* ---- By the flag ---- */

static const struct {
    const char *flag;
    bool (*run)(struct command_call *call, const struct catalog_entry *entry,
                struct error *err);
} questions[] = {
    {"--history", tell_history},
    {"--why", tell_cause},
    {"--compare", compare_versions},
};

bool check_otherwise(struct command_call *call, bool *is_asked, struct error *err)
{
    *is_asked = false;
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        if (call_has_flag(call, questions[i].flag)) {
            struct catalog_entry entry = {0};
            *is_asked = true;
            bool done =
                call_product(call,
                             "of which product? name it: check DOMAIN/NAME --history",
                             &entry, err) &&
                questions[i].run(call, &entry, err);
            catalog_entry_release(&entry);
            return done;
        }
    }
    return true;
}
