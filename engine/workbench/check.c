/* workbench: run the rules of products in a job, and keep what they said.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/cache.h"
#include "engine/path.h"
#include "engine/secret.h"

struct workbench_check {
    struct workbench *workbench;
    struct workbench_check_spec spec; /* texts are copies */
    struct array products;            /* of char * */
    bool may_fetch;                   /* what is not here and lies in local files */
    char *role, *product, *file, *rule, *tag, *dimension, *object;
};

/* A message from the child: of which product, how long, and its checks or a sentence. */
struct told {
    size_t index;
    double seconds;
    bool failed;
    struct error err;
};

static void free_check(struct workbench_check *check)
{
    for (size_t i = 0; i < check->products.count; i++) {
        free(*(char **)array_at(&check->products, i));
    }
    array_release(&check->products);
    char *strings[] = {check->role, check->product,   check->file,  check->rule,
                       check->tag,  check->dimension, check->object};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        free(strings[i]);
    }
    free(check);
}

/* ---- In the child ---- */

static bool is_whole(const struct quality_spec *spec)
{
    const struct quality_selection *selection = &spec->selection;
    return spec->product != NULL && spec->file == NULL && spec->contract_row == 0 &&
           selection->rule == NULL && selection->tag == NULL &&
           selection->dimension == NULL && selection->object == NULL;
}

/* The key of the version that was looked at: the name of its file. NULL: none is here. */
static char *version_of(const struct quality_spec *spec)
{
    struct catalog_entry entry = {0};
    char *key = NULL;
    if (catalog_find(spec->catalog, spec->product, &entry, NULL)) {
        const struct cache_product product = {.mesh = catalog_mesh_path(spec->catalog),
                                              .role = spec->role,
                                              .domain = entry.domain,
                                              .name = entry.name};
        char *file = cache_current(&product);
        const char *slash = file != NULL ? strrchr(file, '/') : NULL;
        const char *name = slash != NULL ? slash + 1 : "";
        size_t length = strlen(name);
        length -= string_ends(name, ".db") ? strlen(".db") : 0;
        key = file != NULL ? string_copy_bytes(name, length) : NULL;
        free(file);
    }
    catalog_entry_release(&entry);
    return key;
}

static bool run_and_keep(const struct workbench_check *check,
                         const struct quality_spec *spec, struct job_port *port,
                         struct array *checks, struct error *err)
{
    double start = path_monotonic();
    bool is_kept = is_whole(spec) && !check->spec.is_aside;
    char *version = is_kept ? version_of(spec) : NULL;
    bool done = quality_plan(spec, checks, err) && quality_run(spec, port, checks, err);
    if (done && version != NULL && !job_cancelled(port)) {
        done = quality_keep(spec, version, checks, path_monotonic() - start, err);
    }
    free(version);
    return done;
}

static void tell_one(struct job_port *port, const struct told *told,
                     const struct array *checks)
{
    struct text message = {0};
    text_append_bytes(&message, told, sizeof *told);
    quality_pack(checks, &message);
    job_tell(port, 0, message.data, message.length);
    text_release(&message);
}

/* As a statement would: what lies in local files is no reason to check nothing. Why it
 * could not be had is told by each of its checks. */
static void bring_absent(const struct workbench_check *check,
                         const struct quality_spec *spec, struct job_port *port)
{
    char *version = check->may_fetch && spec->file == NULL ? version_of(spec) : NULL;
    if (version == NULL && check->may_fetch && spec->file == NULL) {
        struct get_spec get = workbench_get_settings(check->workbench);
        struct get_report report = {0};
        struct error why = {0};
        get.index = check->workbench->index;
        get.role = spec->role;
        get.product = spec->product;
        get.is_implied = true;
        get_product(&get, port, &report, &why);
        get_report_release(&report);
    }
    free(version);
}

static void check_one(const struct workbench_check *check, size_t index,
                      struct job_port *port)
{
    struct quality_spec spec = check->spec.quality;
    struct array checks = ARRAY_OF(struct quality_check);
    struct told told = {.index = index};
    double start = path_monotonic();
    if (index < check->products.count) {
        spec.product = *(char **)array_at(&check->products, index);
        bring_absent(check, &spec, port);
    }
    told.failed = !run_and_keep(check, &spec, port, &checks, &told.err);
    told.seconds = path_monotonic() - start;
    tell_one(port, &told, &checks);
    quality_release(&checks);
}

/* With a connection of its own: the parent's was let go of before the fork. */
static bool check_in_child(struct job_port *port, void *argument, struct error *err)
{
    struct workbench_check *check = argument;
    struct catalog *catalog = NULL;
    secret_guard_process();
    if (check->spec.quality.catalog == NULL) {
        catalog = catalog_open(check->workbench->index, err);
        check->spec.quality.catalog = catalog;
    }
    if (check->spec.quality.catalog == NULL) {
        return false;
    }
    size_t count = check->products.count > 0 ? check->products.count : 1;
    for (size_t i = 0; i < count && !job_cancelled(port); i++) {
        check_one(check, i, port);
    }
    catalog_close(catalog);
    return true;
}

/* ---- In the parent ---- */

static void on_told(void *owner, struct job *job, int type, const void *bytes,
                    size_t length)
{
    struct workbench_check *check = owner;
    struct array checks = ARRAY_OF(struct quality_check);
    struct told told;
    (void)job;
    (void)type;
    if (length < sizeof told) {
        return;
    }
    memcpy(&told, bytes, sizeof told);
    bool good = quality_unpack((const char *)bytes + sizeof told, length - sizeof told,
                               &checks) &&
                !told.failed;
    const char *product = told.index < check->products.count
                              ? *(char **)array_at(&check->products, told.index)
                              : check->product;
    bool is_taken = check->spec.checked(check->spec.owner, product, good ? &checks : NULL,
                                        told.seconds, told.failed ? &told.err : NULL);
    if (!is_taken || !good) {
        quality_release(&checks);
    }
    workbench_changed(check->workbench, WORKBENCH_JOBS);
}

static void on_progress(void *owner, struct job *job)
{
    const struct workbench_check *check = owner;
    (void)job;
    workbench_changed(check->workbench, WORKBENCH_JOBS);
}

static void on_finished(void *owner, struct job *job)
{
    struct workbench_check *check = owner;
    workbench_changed(check->workbench, WORKBENCH_JOBS | WORKBENCH_CACHE);
    check->spec.finished(check->spec.owner, job);
    free_check(check);
}

/* Whatever the caller's strings are, ours live as long as the job. */
static void copy_strings(struct workbench_check *check, const char *role)
{
    struct quality_spec *quality = &check->spec.quality;
    const char *asked = quality->role != NULL ? quality->role : role;
    quality->role = check->role = string_copy(asked);
    quality->product = check->product = string_copy(quality->product);
    quality->file = check->file = string_copy(quality->file);
    struct quality_selection *selection = &quality->selection;
    selection->rule = check->rule = string_copy(selection->rule);
    selection->tag = check->tag = string_copy(selection->tag);
    selection->dimension = check->dimension = string_copy(selection->dimension);
    selection->object = check->object = string_copy(selection->object);
}

static char *title_of(const struct workbench_check *check)
{
    if (check->products.count > 1) {
        return string_printf("check %zu products", check->products.count);
    }
    const char *product = check->products.count == 1
                              ? *(char **)array_at(&check->products, 0)
                              : check->product;
    return string_printf("check %s", product != NULL ? product : "a contract");
}

struct job *workbench_check(struct workbench *workbench,
                            const struct workbench_check_spec *wanted, struct error *err)
{
    bool is_of_mesh = wanted->quality.catalog == NULL;
    if (is_of_mesh && !workbench_has_role(workbench, err)) {
        return NULL;
    }
    struct workbench_check *check = memory_new(sizeof *check);
    check->workbench = workbench;
    check->spec = *wanted;
    check->products = (struct array)ARRAY_OF(char *);
    for (size_t i = 0; wanted->products != NULL && i < wanted->products->count; i++) {
        *(char **)array_push(&check->products) =
            string_copy(*(char **)array_at(wanted->products, i));
    }
    check->may_fetch = is_of_mesh && options_flag(workbench->options, "autofetch");
    copy_strings(check, is_of_mesh ? workbench->role : NULL);
    if (!is_of_mesh) {
        catalog_rest(wanted->quality.catalog); /* the child opens it again for itself */
    }
    char *title = title_of(check);
    struct job_spec spec = {.title = title,
                            .run = check_in_child,
                            .argument = check,
                            .progressed = on_progress,
                            .received = on_told,
                            .finished = on_finished,
                            .owner = check};
    struct job *job = jobs_start(workbench->jobs, &spec, err);
    free(title);
    if (job == NULL) {
        free_check(check);
    }
    workbench_changed(workbench, WORKBENCH_JOBS);
    return job;
}
