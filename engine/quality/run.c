/* quality/run: all checks of a plan, over the data that are here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/path.h"
#include "engine/policy.h"
#include "engine/quality/count.h"
#include "engine/store.h"

/* ---- Types of checks that are run one at a time ---- */

static bool run_nothing(struct quality_session *session, struct quality_check *check,
                        struct error *err)
{
    (void)session;
    (void)err;
    if (string_equal(check->type, "text")) {
        quality_not_run(check, "it is a text for people: \"%.200s\"",
                        check->description != NULL ? check->description : check->rule);
    } else if (string_equal(check->type, "custom")) {
        quality_not_run(check, "it is for another engine, which is not part of this "
                               "program");
    } else {
        quality_broke(check, "nobody here knows rules of the type %s", check->type);
    }
    return true;
}

/* A library rule that no counting pass took. */
static bool run_library(struct quality_session *session, struct quality_check *check,
                        struct error *err)
{
    (void)session;
    (void)err;
    quality_broke(check,
                  "%s %s is not known: there are nullValues, missingValues, "
                  "invalidValues, duplicateValues and rowCount",
                  check->metric != NULL ? "the metric" : "a library rule without metric",
                  check->metric != NULL ? check->metric : "");
    return true;
}

static const struct quality_kind kinds[] = {
    {"library", NULL, run_library},
    {"sql", NULL, quality_run_sql},
    {"relationship", NULL, quality_run_relation},
    {"sla", NULL, quality_run_promise},
    {"text", NULL, run_nothing},
    {"custom", NULL, run_nothing},
    {NULL, NULL, run_nothing},
};

static const struct quality_kind *kind_of(const struct quality_check *check)
{
    const struct quality_kind *kind = kinds;
    while (kind->type != NULL &&
           !(string_equal(kind->type, check->type) &&
             (kind->metric == NULL || string_equal(kind->metric, check->metric)))) {
        kind++;
    }
    return kind;
}

static void tell_progress(struct quality_session *session, size_t done)
{
    const struct quality_check *check = array_at(session->checks, done);
    struct job_progress progress = {.done = (long long)done,
                                    .total = (long long)session->checks->count,
                                    .unit = JOB_THINGS,
                                    .rows = -1};
    snprintf(progress.note, sizeof progress.note, "%s", check->key);
    job_report(session->port, &progress);
}

static bool run_each(struct quality_session *session, struct error *err)
{
    for (size_t i = 0; i < session->checks->count; i++) {
        struct quality_check *check = array_at(session->checks, i);
        if (check->is_done) {
            continue;
        }
        double start = path_monotonic();
        tell_progress(session, i);
        if (job_cancelled(session->port) || !kind_of(check)->run(session, check, err)) {
            return false;
        }
        check->seconds = path_monotonic() - start;
    }
    return true;
}

/* ---- The data ---- */

static void leave_unrun(struct array *checks, const char *reason)
{
    for (size_t i = 0; i < checks->count; i++) {
        struct quality_check *check = array_at(checks, i);
        if (!check->is_done) {
            quality_not_run(check, "%s", reason);
        }
    }
}

/* A file of the person's own stands under the product's name, so that rules can name it.
 */
static bool attach_file(struct quality_session *session, struct error *err)
{
    char *uri = store_uri_immutable(session->spec->file);
    struct text sql = {0};
    text_append(&sql, "ATTACH ");
    store_quote_string(&sql, uri);
    text_append(&sql, " AS ");
    store_quote_name(&sql, session->schema);
    bool done = store_run(session->db, text_string(&sql), err);
    text_release(&sql);
    free(uri);
    return done;
}

static bool open_session(struct quality_session *session, bool *absent, struct error *err)
{
    const struct quality_spec *spec = session->spec;
    struct catalog_entry entry = {0};
    const struct evidence_spec evidence = {
        .catalog = spec->catalog, .role = spec->role, .without_versions = true};
    *absent = false;
    if (!catalog_find(spec->catalog, spec->product, &entry, err)) {
        return false;
    }
    session->schema = string_copy(entry.schema);
    session->db = evidence_open(&evidence, err);
    bool done = session->db != NULL &&
                (spec->file != NULL
                     ? attach_file(session, err)
                     : evidence_attach(session->db, &evidence, &entry, absent, err));
    if (done) {
        session->file = string_copy(sqlite3_db_filename(session->db, session->schema));
        done = quality_functions(session->db, err);
        job_guard(session->port, session->db);
    }
    catalog_entry_release(&entry);
    return done;
}

static void close_session(struct quality_session *session)
{
    quality_forget_tables(session);
    confine_free(session->confine);
    job_guard(session->port, NULL);
    store_close(session->db);
    free(session->schema);
    free(session->file);
}

static bool start_confine(struct quality_session *session, struct error *err)
{
    session->confine = confine_new(&(struct confine_spec){
        .db = session->db,
        .seconds = session->spec->seconds,
        .port = session->port,
    });
    return session->confine != NULL ||
           error_set(err, ERROR_FAILED, "rules in SQL could not be guarded");
}

/* In a child nothing may be written meanwhile, and memory has an end. */
static bool run_confined(struct quality_session *session, struct error *err)
{
    struct confine_walls walls;
    if (session->port == NULL) {
        return run_each(session, err);
    }
    if (!confine_raise_walls(&walls, 0, err)) {
        return false;
    }
    bool done = run_each(session, err);
    confine_lower_walls(&walls);
    return done;
}

static bool run_all(struct quality_session *session, struct error *err)
{
    return quality_find_tables(session, err) && quality_count_tables(session, err) &&
           start_confine(session, err) && run_confined(session, err);
}

/* Nobody who may not have a product is told to get it. */
static void tell_refusal(const struct quality_spec *spec, struct error *err)
{
    struct policy *policy = policy_look(spec->catalog, spec->role, NULL);
    struct catalog_product product = {0};
    struct policy_verdict verdict = {0};
    if (policy != NULL && catalog_product(spec->catalog, spec->product, &product, NULL)) {
        policy_of_product(policy, &product, &verdict);
        if (verdict.decision == POLICY_REFUSE && verdict.reason != NULL) {
            error_set(err, ERROR_FAILED, "%s", verdict.reason);
        }
        policy_verdict_release(&verdict);
        catalog_product_release(&product);
    }
    policy_close(policy);
}

bool quality_run(const struct quality_spec *spec, struct job_port *port,
                 struct array *checks, struct error *err)
{
    struct quality_session session = {.spec = spec,
                                      .port = port,
                                      .checks = checks,
                                      .tables = ARRAY_OF(struct quality_table)};
    bool absent = false;
    bool done = open_session(&session, &absent, err);
    if (!done && absent) {
        tell_refusal(spec, err);
        leave_unrun(checks, err->message);
        *err = (struct error){0};
        done = true;
    } else if (done && !run_all(&session, err)) {
        done = job_cancelled(port);
        leave_unrun(checks, done ? "cancelled" : err->message);
    }
    close_session(&session);
    return done;
}
