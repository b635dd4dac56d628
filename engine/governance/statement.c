/* governance/statement: one policy: its statements run under the limits, its rows taken,
 * its outcome. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

enum { MOST_STATEMENTS = 200000 };

/* A policy on its way. */
struct attempt {
    struct run *run;
    struct governance_policy *policy;
    struct array *found; /* or NULL */
    size_t kept;
    struct lack lack;
    int ran, failed;
    bool is_stopped;
    struct error failure; /* the first */
    char *what;           /* "policy D01" */
};

/* One statement of it: of a template, one for each row. */
struct statement {
    char *sql, *product; /* product: NULL when the template names none */
};

static void release_statements(struct array *statements)
{
    for (size_t i = 0; i < statements->count; i++) {
        struct statement *statement = array_at(statements, i);
        free(statement->sql);
        free(statement->product);
    }
    array_release(statements);
}

/* ---- Its statements ---- */

static bool expand_row(const struct governance_policy *policy, sqlite3_stmt *values,
                       const struct row_form *form, struct array *statements,
                       struct error *err)
{
    char *sql = each_expand(policy->sql, values, err);
    if (sql == NULL) {
        return false;
    }
    struct statement *statement = array_push(statements);
    statement->sql = sql;
    statement->product =
        form->product >= 0 ? store_text_copy(values, form->product) : NULL;
    return statements->count < MOST_STATEMENTS ||
           error_set(err, ERROR_FAILED, "its `each` gives more than %d rows",
                     MOST_STATEMENTS);
}

static bool expand_all(struct attempt *attempt, struct array *statements,
                       struct error *err)
{
    struct run *run = attempt->run;
    struct lack none = {0};
    struct row_form form;
    char *what = string_printf("the `each` of %s", attempt->what);
    sqlite3_stmt *values = NULL;
    bool good = seats_take(&run->seats, attempt->policy->each, &none, err);
    if (good) {
        values = confine_prepare(run->confine, what, attempt->policy->each, err);
    }
    enum store_step step = STORE_FAILED;
    if (values != NULL) {
        row_form_of(values, &form);
    }
    while (values != NULL &&
           (step = confine_step(run->confine, values, err)) == STORE_ROW) {
        if (!expand_row(attempt->policy, values, &form, statements, err)) {
            break;
        }
    }
    sqlite3_finalize(values);
    lack_release(&none);
    free(what);
    return step == STORE_DONE;
}

static bool list_statements(struct attempt *attempt, struct array *statements,
                            struct error *err)
{
    if (attempt->policy->each != NULL) {
        return expand_all(attempt, statements, err);
    }
    struct statement *statement = array_push(statements);
    statement->sql = string_copy(attempt->policy->sql);
    return true;
}

/* ---- Its rows ---- */

static void take_violation(struct attempt *attempt, const struct row_form *form,
                           sqlite3_stmt *stmt, const char *sql)
{
    struct run *run = attempt->run;
    struct governance_policy *policy = attempt->policy;
    struct governance_violation violation = {.policy = string_copy(policy->id)};
    place_row(&run->places, &run->tally, form, stmt, &violation);
    const char *waived = waivers_find(&run->waivers, &violation);
    tally_violate(&run->tally, violation.product);
    if (run->spec->product != NULL &&
        !string_equal(run->spec->product, violation.product)) {
        governance_violation_release(&violation);
        return;
    }
    policy->violations++;
    policy->waived += waived != NULL;
    if (attempt->kept++ >= GOVERNANCE_MOST_VIOLATIONS) {
        governance_violation_release(&violation);
        return;
    }
    violation.waived = string_copy(waived);
    violation.since = string_copy(first_seen_since(&run->seen, &violation));
    violation.sql = policy->each != NULL ? string_copy(sql) : NULL;
    *(struct governance_violation *)array_push(attempt->found) = violation;
}

static void take_rows(struct attempt *attempt, const struct statement *statement,
                      sqlite3_stmt *stmt, struct error *err)
{
    struct run *run = attempt->run;
    struct row_form form;
    enum store_step step;
    bool is_first = true;
    row_form_of(stmt, &form);
    while ((step = confine_step(run->confine, stmt, err)) == STORE_ROW) {
        if (attempt->found == NULL) {
            attempt->is_stopped = !run->row(run->owner, stmt, is_first);
        } else if (!attempt->policy->is_measure) {
            take_violation(attempt, &form, stmt, statement->sql);
        }
        is_first = false;
        if (attempt->is_stopped) {
            break;
        }
    }
    attempt->ran += step != STORE_FAILED;
}

/* ---- Running ---- */

/* Whose data it looked at. */
static void look_at(struct attempt *attempt, const struct statement *statement)
{
    struct run *run = attempt->run;
    if (statement->product != NULL) {
        tally_look(&run->tally, statement->product);
        return;
    }
    for (size_t i = 0; attempt->policy->is_data && i < run->seats.list.count; i++) {
        const struct seat *seat = array_at(&run->seats.list, i);
        if (seat->used == run->seats.clock) {
            tally_look(&run->tally, seat->product);
        }
    }
}

static bool run_statement(struct attempt *attempt, const struct statement *statement,
                          struct error *err)
{
    struct run *run = attempt->run;
    struct lack *lack = &attempt->lack;
    if (!seats_take(&run->seats, statement->sql, lack, err)) {
        return false;
    }
    sqlite3_stmt *stmt =
        confine_prepare(run->confine, attempt->what, statement->sql, err);
    if (stmt == NULL) {
        if (seats_misses_dropped(&run->seats, statement->sql, lack)) {
            *err = (struct error){0};
        }
        return false;
    }
    if (!seats_is_blind(&run->seats, lack)) {
        look_at(attempt, statement);
        take_rows(attempt, statement, stmt, err);
    }
    sqlite3_finalize(stmt);
    return true;
}

static void run_statements(struct attempt *attempt, const struct array *statements)
{
    for (size_t i = 0; i < statements->count && !attempt->is_stopped; i++) {
        struct error err = {0};
        attempt->lack.is_absent = false;
        run_statement(attempt, array_at(statements, i), &err);
        bool is_absent = attempt->lack.is_absent;
        if (err.kind == ERROR_CANCELLED) {
            attempt->is_stopped = true;
        }
        if (err.kind != ERROR_NONE && !is_absent && attempt->failed++ == 0) {
            attempt->failure = err;
        }
    }
}

/* ---- What became of it ---- */

static enum governance_outcome judge(const struct attempt *attempt)
{
    const struct governance_policy *policy = attempt->policy;
    bool has_lack = attempt->lack.absent.count > 0 || attempt->lack.unseen.count > 0;
    if (attempt->failed > 0) {
        return GOVERNANCE_ERROR;
    }
    if (attempt->ran == 0 && has_lack) {
        return GOVERNANCE_NOT_RUN;
    }
    if (policy->is_measure) {
        return GOVERNANCE_MEASURED;
    }
    if (policy->violations > policy->waived) {
        return string_equal(policy->severity, "error") ? GOVERNANCE_VIOLATED
                                                       : GOVERNANCE_WARNED;
    }
    return policy->violations > 0 ? GOVERNANCE_WARNED : GOVERNANCE_HOLDS;
}

static char *explain(const struct attempt *attempt, size_t statements)
{
    struct text out = {0};
    if (attempt->failed > 0) {
        text_append(&out, attempt->failure.message);
        if (attempt->failed > 1) {
            text_printf(&out, " (and %d of its other statements)", attempt->failed - 1);
        }
    }
    lack_describe(&attempt->lack, attempt->run->spec->role, &out);
    if (out.length == 0 && statements == 0) {
        text_append(&out, "there is nothing here that it is about");
    }
    return out.length > 0 ? text_take(&out) : NULL;
}

void governance_hold(struct run *run, struct governance_policy *policy,
                     struct array *found)
{
    struct attempt attempt = {.run = run,
                              .policy = policy,
                              .found = found,
                              .what = string_printf("policy %s", policy->id)};
    struct array statements = ARRAY_OF(struct statement);
    double start = path_monotonic();
    tally_begin(&run->tally);
    run->tally.is_about_some = policy->is_data || policy->each != NULL;
    if (list_statements(&attempt, &statements, &attempt.failure)) {
        run_statements(&attempt, &statements);
    } else {
        attempt.failed = 1;
    }
    policy->outcome = judge(&attempt);
    policy->reason = explain(&attempt, statements.count);
    tally_close(&run->tally, policy);
    policy->seconds = path_monotonic() - start;
    release_statements(&statements);
    lack_release(&attempt.lack);
    free(attempt.what);
}
