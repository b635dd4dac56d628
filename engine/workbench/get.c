/* workbench: fetch products in jobs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/get.h"
#include "engine/workbench/private.h"

#include <stdlib.h>

struct workbench_get {
    struct workbench *workbench;
    char *product, *index;
    bool refresh;
    struct get_report report;
    bool has_report;
    void (*finished)(void *owner, struct job *job, const struct get_report *report);
    void *owner;
};

static bool get_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct workbench_get *get = argument;
    struct get_spec spec = {
        .index = get->index,
        .product = get->product,
        .refresh = get->refresh,
        .reject_limit = options_number(get->workbench->options, "reject_limit"),
    };
    struct get_report report = {0};
    struct text packed = {0};
    bool done = get_product(&spec, port, &report, err);
    if (done) {
        get_report_pack(&report, &packed);
        job_tell(port, 0, packed.data, packed.length);
    }
    text_release(&packed);
    get_report_release(&report);
    return done;
}

static void on_report(void *owner, struct job *job, int type, const void *bytes,
                      size_t length)
{
    (void)job;
    (void)type;
    struct workbench_get *get = owner;
    get->has_report = get_report_unpack(bytes, length, &get->report);
}

static void on_progress(void *owner, struct job *job)
{
    (void)job;
    struct workbench_get *get = owner;
    workbench_changed(get->workbench, WORKBENCH_JOBS);
}

static void on_finished(void *owner, struct job *job)
{
    struct workbench_get *get = owner;
    struct workbench *workbench = get->workbench;
    if (workbench->session != NULL && job_state(job) == JOB_DONE) {
        session_set_index(workbench->session, workbench->index);
    }
    workbench_changed(workbench, WORKBENCH_JOBS | WORKBENCH_CACHE);
    if (get->finished != NULL) {
        get->finished(get->owner, job, get->has_report ? &get->report : NULL);
    }
    get_report_release(&get->report);
    free(get->product);
    free(get->index);
    free(get);
}

struct job *workbench_get_product(struct workbench *workbench, const char *product,
                                  bool refresh,
                                  void (*finished)(void *owner, struct job *job,
                                                   const struct get_report *report),
                                  void *owner, struct error *err)
{
    struct workbench_get *get = memory_new(sizeof *get);
    get->workbench = workbench;
    get->product = string_copy(product);
    get->index = string_copy(workbench->index);
    get->refresh = refresh;
    get->finished = finished;
    get->owner = owner;
    char *title = string_printf("get %s", product);
    struct job_spec spec = {
        .title = title,
        .run = get_in_child,
        .argument = get,
        .progressed = on_progress,
        .received = on_report,
        .finished = on_finished,
        .owner = get,
    };
    struct job *job = jobs_start(workbench->jobs, &spec, err);
    free(title);
    if (job == NULL) {
        free(get->product);
        free(get->index);
        free(get);
    }
    workbench_changed(workbench, WORKBENCH_JOBS);
    return job;
}
