/* workbench: fetch products in jobs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/get.h"
#include "engine/secret.h"
#include "engine/workbench/private.h"

#include <stdlib.h>
#include <sys/resource.h>

struct workbench_get {
    struct workbench *workbench;
    struct workbench_get_spec spec; /* texts are copies */
    char *product, *index, *role;
    struct get_report report;
    bool has_report;
};

static void free_get(struct workbench_get *get)
{
    get_report_release(&get->report);
    free(get->product);
    free(get->index);
    free(get->role);
    free(get);
}

struct get_spec workbench_get_settings(const struct workbench *workbench)
{
    const struct options *options = workbench->options;
    return (struct get_spec){
        .converter = options_get(options, "converter"),
        .reject_limit = options_number(options, "reject_limit"),
        .keep_versions = (int)options_number(options, "keep_versions"),
        .git_places = options_get(options, "git_places"),
        .cache_limit = options_number(options, "cache_limit") << 20,
    };
}

static struct get_spec get_spec_of(const struct workbench *workbench, const char *index,
                                   const char *role)
{
    struct get_spec spec = workbench_get_settings(workbench);
    spec.index = index;
    spec.role = role;
    return spec;
}

static bool get_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct workbench_get *get = argument;
    struct get_spec spec = get_spec_of(get->workbench, get->index, get->role);
    spec.product = get->product;
    spec.refresh = get->spec.refresh;
    spec.again = get->spec.again;
    spec.accept = get->spec.accept;
    spec.is_implied = get->spec.is_implied;
    struct get_report report = {0};
    struct text packed = {0};
    secret_guard_process();
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
    if (job_state(job) == JOB_DONE) {
        tabs_set_index(workbench);
    }
    workbench_changed(workbench, WORKBENCH_JOBS | WORKBENCH_CACHE);
    if (get->spec.finished != NULL) {
        get->spec.finished(get->spec.owner, job, get->has_report ? &get->report : NULL);
    }
    free_get(get);
}

struct job *workbench_get_product(struct workbench *workbench,
                                  const struct workbench_get_spec *wanted,
                                  struct error *err)
{
    if (!workbench_has_role(workbench, err)) {
        return NULL;
    }
    struct workbench_get *get = memory_new(sizeof *get);
    get->workbench = workbench;
    get->spec = *wanted;
    get->product = string_copy(wanted->product);
    get->index = string_copy(workbench->index);
    get->role = string_copy(workbench->role);
    char *title = string_printf("get %s", wanted->product);
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
        free_get(get);
    }
    workbench_changed(workbench, WORKBENCH_JOBS);
    return job;
}

/* ---- Asking sources ---- */

struct workbench_look {
    struct workbench *workbench;
    struct workbench_look_spec spec;
    struct array products; /* of char *: copies */
    char *index, *role;
    struct text changed, failed;
};

enum { TELLS_CHANGED, TELLS_FAILED };

static void free_look(struct workbench_look *look)
{
    for (size_t i = 0; i < look->products.count; i++) {
        free(*(char **)array_at(&look->products, i));
    }
    array_release(&look->products);
    text_release(&look->changed);
    text_release(&look->failed);
    free(look->index);
    free(look->role);
    free(look);
}

static bool look_in_child(struct job_port *port, void *argument, struct error *err)
{
    struct workbench_look *look = argument;
    if (look->spec.hidden) { /* nobody waits for it */
        setpriority(PRIO_PROCESS, 0, 10);
    }
    struct get_spec spec = get_spec_of(look->workbench, look->index, look->role);
    secret_guard_process();
    bool done =
        get_look(&spec, &look->products, port, &look->changed, &look->failed, err);
    job_tell(port, TELLS_CHANGED, text_string(&look->changed), look->changed.length);
    job_tell(port, TELLS_FAILED, text_string(&look->failed), look->failed.length);
    return done;
}

static void on_look(void *owner, struct job *job, int type, const void *bytes,
                    size_t length)
{
    struct workbench_look *look = owner;
    (void)job;
    text_append_bytes(type == TELLS_CHANGED ? &look->changed : &look->failed, bytes,
                      length);
}

static void on_looked(void *owner, struct job *job)
{
    struct workbench_look *look = owner;
    workbench_changed(look->workbench, WORKBENCH_JOBS);
    look->spec.finished(look->spec.owner, job, text_string(&look->changed),
                        text_string(&look->failed));
    free_look(look);
}

struct job *workbench_look(struct workbench *workbench,
                           const struct workbench_look_spec *wanted, struct error *err)
{
    struct workbench_look *look = memory_new(sizeof *look);
    *look = (struct workbench_look){.workbench = workbench,
                                    .spec = *wanted,
                                    .products = ARRAY_OF(char *),
                                    .index = string_copy(workbench->index),
                                    .role = string_copy(workbench->role)};
    for (size_t i = 0; i < wanted->products->count; i++) {
        *(char **)array_push(&look->products) =
            string_copy(*(char **)array_at(wanted->products, i));
    }
    struct job_spec spec = {
        .title = "ask sources what changed",
        .run = look_in_child,
        .argument = look,
        .received = on_look,
        .finished = on_looked,
        .owner = look,
        .hidden = wanted->hidden,
    };
    struct job *job = jobs_start(workbench->jobs, &spec, err);
    if (job == NULL) {
        free_look(look);
    }
    return job;
}
