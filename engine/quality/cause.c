/* quality/cause: from a product whose checks fail upstream, through ports and contracts,
 * to the one that failed first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/results.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

enum { MOST_STEPS = 1000 }; /* products upstream: more than that nobody reads */

/* Providers of the product ?1: by its input ports, and by the contracts that its output
 * ports say they are made from. */
static const char providers_sql[] =
    "SELECT p.rowid,p.key,'port '||i.name||', contract '||i.contract_id,i.path,i.line "
    "FROM port i JOIN port o ON o.dir='out' AND o.contract_id=i.contract_id JOIN product "
    "p ON p.rowid=o.product_row WHERE i.dir='in' AND i.product_row=?1 UNION ALL SELECT "
    "p.rowid,p.key,'contract '||u.contract_id||' of port '||u.port,r.path,r.line FROM "
    "port_input u JOIN port o ON o.dir='out' AND o.contract_id=u.contract_id JOIN "
    "product p ON p.rowid=o.product_row LEFT JOIN port r ON r.product_row=u.product_row "
    "AND r.dir='out' AND r.name=u.port WHERE u.product_row=?1";

struct search {
    const char *mesh;
    struct array rows; /* of long long: the product of each step */
    struct array *steps;
    char *property; /* of the check of the first product; NULL: any */
};

static bool is_known(const struct search *search, long long row)
{
    for (size_t i = 0; i < search->rows.count; i++) {
        if (*(long long *)array_at(&search->rows, i) == row) {
            return true;
        }
    }
    return search->rows.count >= MOST_STEPS;
}

static struct quality_step *push_step(struct search *search, long long row,
                                      const char *product)
{
    struct quality_step *step = array_push(search->steps);
    *(long long *)array_push(&search->rows) = row;
    step->product = string_copy(product);
    return step;
}

/* Nearest first: what a step reads is put behind all that is there. */
static void walk_upstream(struct search *search, sqlite3_stmt *providers)
{
    for (size_t i = 0; i < search->steps->count; i++) {
        const struct quality_step *reader = array_at(search->steps, i);
        char *name = string_copy(reader->product);
        int depth = reader->depth;
        sqlite3_reset(providers);
        store_bind(providers, "l", *(long long *)array_at(&search->rows, i));
        while (store_step(providers, NULL) == STORE_ROW) {
            long long row = sqlite3_column_int64(providers, 0);
            if (is_known(search, row)) {
                continue;
            }
            struct quality_step *step = push_step(search, row, store_text(providers, 1));
            step->reader = string_copy(name);
            step->through = store_text_copy(providers, 2);
            step->path = store_text_copy(providers, 3);
            step->line = sqlite3_column_int(providers, 4);
            step->depth = depth + 1;
        }
        free(name);
    }
}

/* ---- What checks said of each ---- */

/* When it began to fail; "" for one that nobody ever saw passing: it may always have. */
static const char *beginning_of(const struct quality_trend *trend)
{
    return trend->is_always ? "" : trend->since;
}

/* A check of rows as a whole, or of the column in which the first product fails. */
static bool is_related(const struct search *search, const struct quality_trend *trend)
{
    return search->property == NULL || trend->property == NULL ||
           string_equal_fold(search->property, trend->property);
}

static const struct quality_trend *first_failed(const struct search *search,
                                                const struct array *trends,
                                                const char *key)
{
    const struct quality_trend *first = NULL;
    for (size_t i = 0; i < trends->count; i++) {
        const struct quality_trend *trend = array_at(trends, i);
        bool is_wanted =
            key != NULL ? string_equal(trend->key, key) || string_equal(trend->rule, key)
                        : is_related(search, trend);
        if (is_wanted && results_is_bad(trend->outcome) &&
            (first == NULL || strcmp(beginning_of(trend), beginning_of(first)) < 0)) {
            first = trend;
        }
    }
    return first;
}

static void count_outcomes(const struct array *trends, struct quality_step *step)
{
    struct quality_totals *totals = &step->totals;
    int *counts[] = {[QUALITY_PASSED] = &totals->passed,
                     [QUALITY_WARNING] = &totals->warnings,
                     [QUALITY_FAILED] = &totals->failed,
                     [QUALITY_ERROR] = &totals->errors,
                     [QUALITY_NOT_RUN] = &totals->not_run};
    for (size_t i = 0; i < trends->count; i++) {
        const struct quality_trend *trend = array_at(trends, i);
        totals->checks++;
        ++*counts[trend->outcome];
    }
}

static void look_at_checks(struct search *search, struct quality_step *step,
                           const char *key)
{
    struct array trends = quality_trends(search->mesh, step->product);
    const struct quality_trend *bad = first_failed(search, &trends, key);
    step->is_checked = trends.count > 0;
    count_outcomes(&trends, step);
    if (bad != NULL) {
        step->key = string_copy(bad->key);
        step->value = string_copy(bad->value);
        step->reason = string_copy(bad->reason);
        step->since = string_copy(bad->since);
        step->is_always = bad->is_always;
        step->outcome = bad->outcome;
        if (step->depth == 0) {
            search->property = string_copy(bad->property);
        }
    }
    quality_trends_release(&trends);
}

/* ---- Which was first ---- */

static bool is_before(const struct quality_step *step, const struct quality_step *other)
{
    int order =
        strcmp(step->is_always ? "" : step->since, other->is_always ? "" : other->since);
    return order != 0 ? order < 0 : step->depth > other->depth;
}

static struct quality_step *find_first(const struct array *steps)
{
    struct quality_step *first = NULL;
    for (size_t i = 0; i < steps->count; i++) {
        struct quality_step *step = array_at(steps, i);
        if (step->key != NULL && (first == NULL || is_before(step, first))) {
            first = step;
        }
    }
    return first;
}

static int count_unchecked(const struct array *steps)
{
    int count = 0;
    for (size_t i = 1; i < steps->count; i++) {
        count += !((const struct quality_step *)array_at(steps, i))->is_checked;
    }
    return count;
}

static void describe_first(const struct quality_step *start,
                           const struct quality_step *first, struct text *out)
{
    const char *since = first->is_always ? "since its first check," : "since";
    if (first == start) {
        text_printf(out,
                    "%s fails %s %s (%s), and nothing it is made from was seen to fail "
                    "before: the cause is here",
                    start->product, since, start->since, start->key);
    } else {
        text_printf(out, "%s failed first: %s, %s %s, %d %s upstream of %s",
                    first->product, first->key, since, first->since, first->depth,
                    first->depth == 1 ? "step" : "steps", start->product);
    }
}

static void describe(struct quality_cause *cause, const char *key,
                     const struct quality_step *first)
{
    const struct quality_step *start = array_at(&cause->steps, 0);
    int unchecked = count_unchecked(&cause->steps);
    if (first == NULL || start->key == NULL) {
        text_printf(&cause->sentence, "%s of %s %s when it was last checked",
                    key != NULL ? key : "no check", start->product,
                    key != NULL ? "did not fail" : "failed");
    } else {
        describe_first(start, first, &cause->sentence);
    }
    if (unchecked > 0) {
        text_printf(&cause->sentence, "; %d %s upstream %s never checked", unchecked,
                    unchecked == 1 ? "product" : "products",
                    unchecked == 1 ? "was" : "were");
    }
}

static bool judge(struct search *search, const char *key, struct quality_cause *cause,
                  struct error *err)
{
    for (size_t i = 0; i < cause->steps.count; i++) {
        struct quality_step *step = array_at(&cause->steps, i);
        look_at_checks(search, step, i == 0 ? key : NULL);
    }
    const struct quality_step *start = array_at(&cause->steps, 0);
    if (!start->is_checked) {
        return error_set(err, ERROR_FAILED,
                         "no results of %s are kept: run \"check %s\" first",
                         start->product, start->product);
    }
    struct quality_step *first = start->key != NULL ? find_first(&cause->steps) : NULL;
    if (first != NULL) {
        first->is_cause = true;
    }
    describe(cause, key, first);
    return true;
}

bool quality_find_cause(const struct catalog *catalog, const char *product,
                        const char *key, struct quality_cause *cause, struct error *err)
{
    *cause = (struct quality_cause){.steps = ARRAY_OF(struct quality_step)};
    struct search search = {.mesh = catalog_mesh_path(catalog),
                            .rows = ARRAY_OF(long long),
                            .steps = &cause->steps};
    struct catalog_entry entry = {0};
    sqlite3_stmt *providers = NULL;
    bool done = catalog_find(catalog, product, &entry, err);
    if (done) {
        providers = store_prepare(catalog_database(catalog), providers_sql, err);
        done = providers != NULL;
    }
    if (done) {
        push_step(&search, entry.row, entry.id);
        walk_upstream(&search, providers);
        done = judge(&search, key, cause, err);
    }
    store_finish(providers);
    catalog_entry_release(&entry);
    array_release(&search.rows);
    free(search.property);
    return done;
}

void quality_cause_release(struct quality_cause *cause)
{
    for (size_t i = 0; i < cause->steps.count; i++) {
        struct quality_step *step = array_at(&cause->steps, i);
        char *strings[] = {step->product, step->reader, step->through, step->path,
                           step->key,     step->value,  step->reason,  step->since};
        for (size_t j = 0; j < sizeof strings / sizeof *strings; j++) {
            free(strings[j]);
        }
    }
    array_release(&cause->steps);
    text_release(&cause->sentence);
}
