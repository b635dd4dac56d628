/* workbench: run the policies of the mesh in one job, and keep what they found in
 * another: the first one may write no file. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance.h"
#include "engine/workbench/private.h"

#include <stdlib.h>

enum { MOST_SECONDS = 900 };

struct workbench_policies {
    struct workbench *workbench;
    struct workbench_policies_spec spec; /* texts are copies */
    char *policy, *product, *index, *role, *mesh;
    struct governance_report report;
    bool has_report;
};

static void free_policies(struct workbench_policies *policies)
{
    governance_report_release(&policies->report);
    free(policies->policy);
    free(policies->product);
    free(policies->index);
    free(policies->role);
    free(policies->mesh);
    free(policies);
}

/* ---- Running ---- */

static bool run_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct workbench_policies *policies = argument;
    struct governance_report report;
    struct catalog *catalog = catalog_open(policies->index, err);
    const struct governance_spec spec = {
        .catalog = catalog,
        .role = policies->role,
        .policy = policies->policy,
        .product = policies->product,
        .with_data = policies->spec.with_data,
        .in_child = true,
        .port = port,
    };
    bool done = catalog != NULL && governance_run(&spec, &report, err);
    if (done) {
        struct text packed = {0};
        governance_report_pack(&report, &packed);
        done = job_tell(port, 0, packed.data, packed.length) ||
               error_set(err, ERROR_FAILED, "the policies found more than can be told");
        text_release(&packed);
        governance_report_release(&report);
    }
    catalog_close(catalog);
    return done;
}

static void on_report(void *owner, struct job *job, int type, const void *bytes,
                      size_t length)
{
    struct workbench_policies *policies = owner;
    (void)job;
    (void)type;
    governance_report_release(&policies->report);
    policies->has_report = governance_report_unpack(bytes, length, &policies->report);
}

static void on_progress(void *owner, struct job *job)
{
    const struct workbench_policies *policies = owner;
    (void)job;
    workbench_changed(policies->workbench, WORKBENCH_JOBS);
}

/* ---- Keeping ---- */

static bool keep_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct workbench_policies *policies = argument;
    (void)port;
    return governance_keep(policies->mesh, &policies->report, err);
}

static void on_over(void *owner, struct job *job)
{
    struct workbench_policies *policies = owner;
    struct workbench *workbench = policies->workbench;
    policies->spec.finished(policies->spec.owner, job,
                            policies->has_report ? &policies->report : NULL);
    free_policies(policies);
    workbench_changed(workbench, WORKBENCH_JOBS | WORKBENCH_CACHE);
}

static bool is_to_be_kept(const struct workbench_policies *policies)
{
    return policies->has_report && policies->product == NULL && policies->spec.with_data;
}

static void on_ran(void *owner, struct job *job)
{
    struct workbench_policies *policies = owner;
    struct job_spec spec = {
        .title = "keep what the policies found",
        .run = keep_in_child,
        .argument = policies,
        .finished = on_over,
        .owner = policies,
        .hidden = true,
    };
    if (job_state(job) != JOB_DONE) {
        governance_report_release(&policies->report);
        policies->has_report = false;
    }
    if (!is_to_be_kept(policies) ||
        jobs_start(policies->workbench->jobs, &spec, NULL) == NULL) {
        on_over(policies, job);
    }
}

struct job *workbench_run_policies(struct workbench *workbench,
                                   const struct workbench_policies_spec *wanted,
                                   struct error *err)
{
    if (!workbench_has_role(workbench, err)) {
        return NULL;
    }
    struct workbench_policies *policies = memory_new(sizeof *policies);
    *policies = (struct workbench_policies){
        .workbench = workbench,
        .spec = *wanted,
        .policy = string_copy(wanted->policy),
        .product = string_copy(wanted->product),
        .index = string_copy(workbench->index),
        .role = string_copy(workbench->role),
        .mesh = string_copy(workbench->mesh),
    };
    struct job_spec spec = {
        .title = "policies",
        .run = run_in_child,
        .argument = policies,
        .progressed = on_progress,
        .received = on_report,
        .finished = on_ran,
        .owner = policies,
        .timeout = MOST_SECONDS,
    };
    struct job *job = jobs_start(workbench->jobs, &spec, err);
    if (job == NULL) {
        free_policies(policies);
    }
    workbench_changed(workbench, WORKBENCH_JOBS);
    return job;
}
