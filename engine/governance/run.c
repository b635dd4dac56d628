/* governance/run: all policies, one after the other, over one connection.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/path.h"

enum { MEMORY = 512 << 20 }; /* of a child, beyond what it has */

/* ---- What a run needs ---- */

static void write_today(const struct catalog *catalog, char today[32])
{
    path_write_instant(catalog_now(catalog), today);
    today[10] = '\0';
}

static bool fail_unknown(sqlite3 *db, const char *id, struct error *err)
{
    long long count = store_number(db, 0, "SELECT count(*) FROM mesh.policy", "");
    return count == 0 ? error_set(err, ERROR_FAILED,
                                  "this mesh has no policies: they are files "
                                  "policies/ID.sql beside mesh.yaml")
                      : error_set(err, ERROR_FAILED,
                                  "there is no policy \"%s\"; `policies` lists them", id);
}

/* All that is looked up of our own comes before the confinement: its clock stands still
 * between the statements of others. */
bool governance_run_open(struct run *run, const struct governance_spec *spec,
                         const char *gate, struct array *policies, struct error *err)
{
    char today[32];
    *run = (struct run){.spec = spec, .evidence = {spec->catalog, spec->role}};
    write_today(spec->catalog, today);
    run->db = evidence_open(&run->evidence, err);
    if (run->db == NULL || !tally_open(&run->tally, run->db, err) ||
        !waivers_open(&run->waivers, run->db, today, err) ||
        !violation_places_open(&run->places, run->db, err) ||
        !seats_open(&run->seats, &run->evidence, run->db, err) ||
        !policies_read(run->db, spec->policy, gate, policies, err)) {
        return false;
    }
    if (policies->count == 0 && spec->policy != NULL) {
        return fail_unknown(run->db, spec->policy, err);
    }
    if (gate == NULL) {
        first_seen_open(&run->seen, run->db, spec->catalog);
    }
    struct confine_spec limits = {.db = run->db, .port = spec->port};
    run->confine = confine_new(&limits);
    run->seats.confine = run->confine;
    return !spec->in_child || confine_process(MEMORY, err);
}

void governance_run_release(struct run *run)
{
    violation_places_release(&run->places);
    confine_free(run->confine);
    seats_release(&run->seats);
    tally_release(&run->tally);
    waivers_release(&run->waivers);
    first_seen_release(&run->seen);
    store_close(run->db);
}

/* ---- Policies ---- */

static void tell_progress(const struct run *run, const struct governance_policy *policy,
                          size_t done, size_t total)
{
    struct job_progress progress = {.done = (long long)done,
                                    .total = (long long)total,
                                    .unit = JOB_THINGS,
                                    .rows = -1};
    snprintf(progress.note, sizeof progress.note, "policy %s", policy->id);
    if (run->spec->port != NULL) {
        job_report(run->spec->port, &progress);
    }
}

static bool is_wanted(const struct run *run, struct governance_policy *policy)
{
    if (policy->is_data && !run->spec->with_data) {
        policy->reason = string_copy("it is over data, which were left out");
        return false;
    }
    return true;
}

static bool run_all(struct run *run, struct governance_report *report, struct error *err)
{
    for (size_t i = 0; i < report->policies.count; i++) {
        struct governance_policy *policy = array_at(&report->policies, i);
        tell_progress(run, policy, i, report->policies.count);
        if (is_wanted(run, policy)) {
            governance_hold(run, policy, &report->violations);
        }
        if (run->spec->port != NULL && job_cancelled(run->spec->port)) {
            return error_set(err, ERROR_CANCELLED, "the policies were cancelled");
        }
    }
    return true;
}

bool governance_run(const struct governance_spec *spec, struct governance_report *report,
                    struct error *err)
{
    struct run run;
    *report =
        (struct governance_report){.policies = ARRAY_OF(struct governance_policy),
                                   .violations = ARRAY_OF(struct governance_violation)};
    bool done = governance_run_open(&run, spec, NULL, &report->policies, err) &&
                run_all(&run, report, err);
    governance_run_release(&run);
    if (!done) {
        governance_report_release(report);
    }
    return done;
}

bool governance_rows(const struct governance_spec *spec,
                     bool (*row)(void *owner, sqlite3_stmt *stmt, bool is_first),
                     void *owner, struct error *err)
{
    struct run run;
    struct array policies = ARRAY_OF(struct governance_policy);
    bool done = governance_run_open(&run, spec, NULL, &policies, err);
    if (done) {
        struct governance_policy *policy = array_at(&policies, 0);
        run.row = row;
        run.owner = owner;
        governance_hold(&run, policy, NULL);
        if (policy->outcome == GOVERNANCE_ERROR ||
            policy->outcome == GOVERNANCE_NOT_RUN) {
            done = error_set(err, ERROR_FAILED, "%s", policy->reason);
        }
    }
    for (size_t i = 0; i < policies.count; i++) {
        governance_policy_release(array_at(&policies, i));
    }
    array_release(&policies);
    governance_run_release(&run);
    return done;
}
