/* workbench: make it, open a mesh, tell what changed. Running SQL is in query.c, fetching
 * in get.c, charts in chart.c, what is kept for next time in state.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench.h"
#include "engine/cache.h"
#include "engine/filetree.h"
#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/workbench/private.h"

#include <stdlib.h>
#include <string.h>

static void load_options(struct workbench *workbench)
{
    char *config = path_of_place(PLACE_CONFIG, "config", NULL);
    if (config != NULL) {
        options_load(workbench->options, config, &workbench->start_problems);
    }
    free(config);
}

static void let_go_of_catalog(void *owner)
{
    const struct workbench *workbench = owner;
    if (workbench->catalog != NULL) {
        catalog_rest(workbench->catalog);
    }
}

/* The setting stands for the variable, which children and the places of the engine see.
 */
static void share_cache(const struct workbench *workbench)
{
    const char *folder = options_get(workbench->options, "shared_cache");
    const char *given = getenv("MWB_CACHE");
    if (folder[0] != '\0' && (given == NULL || given[0] == '\0')) {
        setenv("MWB_CACHE", folder, 1);
    }
}

static bool open_places(struct workbench *workbench, struct error *err)
{
    share_cache(workbench);
    workbench->spool_folder = cache_spool_folder(err);
    if (workbench->spool_folder != NULL) {
        cache_sweep();
    }
    return workbench->spool_folder != NULL;
}

struct workbench *workbench_new(const struct workbench_spec *spec, struct error *err)
{
    struct workbench *workbench = memory_new(sizeof *workbench);
    workbench->loop = loop_new();
    workbench->jobs = jobs_new(workbench->loop);
    jobs_before_fork(workbench->jobs, let_go_of_catalog, workbench);
    workbench->options = options_new();
    workbench->parameters = (struct array)ARRAY_OF(struct workbench_parameter);
    tabs_init(workbench);
    workbench->role_asked = string_copy(spec->role);
    workbench->with_state = spec->with_state;
    workbench->changed = spec->changed;
    workbench->owner = spec->owner;
    if (spec->with_state) {
        load_options(workbench);
    }
    if ((!spec->without_places && !open_places(workbench, err)) ||
        (spec->mesh != NULL && !workbench_open_mesh(workbench, spec->mesh, err))) {
        workbench_free(workbench);
        return NULL;
    }
    return workbench;
}

static void close_mesh(struct workbench *workbench)
{
    tabs_let_go(workbench);
    workbench_forget_role(workbench);
    workbench_forget_glance(workbench);
    catalog_close(workbench->catalog);
    workbench->catalog = NULL;
    recall_close(workbench->recall);
    workbench->recall = NULL;
    workbench_free_parameters(workbench);
    free(workbench->changed_file);
    workbench->changed_file = NULL;
    workbench->catalog_is_stale = false;
    free(workbench->mesh);
    free(workbench->index);
    free(workbench->role);
    free(workbench->product);
    free(workbench->workspace);
    free(workbench->buffer);
    workbench->mesh = workbench->index = workbench->role = workbench->product = NULL;
    workbench->workspace = workbench->buffer = NULL;
}

void workbench_free(struct workbench *workbench)
{
    if (workbench == NULL) {
        return;
    }
    char *index = string_copy(workbench->index);
    close_mesh(workbench);
    workbench->index = index; /* where a catalog that is still read leaves its part */
    workbench_chart_release(&workbench->chart_asked);
    free(workbench->role_asked);
    array_release(&workbench->parameters);
    jobs_free(workbench->jobs);
    loop_step(workbench->loop, 0); /* calls that were given up end in their own time */
    workbench_forget_glance(workbench); /* what the last job brought */
    background_free(workbench);
    tabs_release(workbench);
    loop_free(workbench->loop);
    options_free(workbench->options);
    if (workbench->spool_folder != NULL) {
        path_remove_tree(workbench->spool_folder, NULL);
        cache_sweep(); /* the stages of jobs that had to be killed */
    }
    free(workbench->spool_folder);
    free(workbench->index);
    text_release(&workbench->start_problems);
    free(workbench);
}

void workbench_changed(struct workbench *workbench, unsigned changes)
{
    if ((changes & WORKBENCH_CACHE) != 0 && workbench->catalog != NULL) {
        catalog_forget_seen(workbench->catalog); /* the log has more to tell */
    }
    if ((changes & WORKBENCH_OPTIONS) != 0) {
        background_again(workbench);
    }
    if (workbench->changed != NULL) {
        workbench->changed(workbench->owner, changes);
    }
}

/* ---- The catalog ---- */

bool workbench_start_session(struct workbench *workbench, unsigned long tab,
                             struct error *err)
{
    struct session_spec spec = {
        .jobs = workbench->jobs,
        .loop = workbench->loop,
        .workspace = workbench->workspace,
        .index = workbench->catalog != NULL ? workbench->index : NULL,
        .role = workbench->role,
        .spool_folder = workbench->spool_folder,
    };
    struct session **session = tab_own(workbench, tab).session;
    if (*session == NULL) {
        *session = session_new(&spec);
    }
    return *session != NULL ||
           error_set(err, ERROR_FAILED, "could not start the SQL session");
}

static bool take_catalog(struct workbench *workbench, struct error *err)
{
    struct catalog *catalog = catalog_open(workbench->index, err);
    if (catalog == NULL) {
        return false;
    }
    workbench_forget_role(workbench);
    catalog_close(workbench->catalog);
    workbench->catalog = catalog;
    catalog_set_log(catalog, ledger_seen, NULL);
    catalog_set_standings(catalog, quality_known, NULL);
    workbench->catalog_error = (struct error){0};
    workbench_take_role(workbench);
    tabs_set_index(workbench);
    workbench_changed(workbench, WORKBENCH_CATALOG);
    return true;
}

static bool build_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct workbench *workbench = argument;
    bool changed = false;
    bool done = catalog_refresh(workbench->mesh, workbench->index, port, &changed, err);
    job_tell(port, 0, &changed, sizeof changed);
    return done;
}

static void on_refreshed(void *owner, struct job *job, int type, const void *bytes,
                         size_t length)
{
    (void)job;
    struct workbench *workbench = owner;
    if (type == 0 && length == sizeof workbench->catalog_is_new) {
        memcpy(&workbench->catalog_is_new, bytes, length);
    }
}

static void on_built(void *owner, struct job *job)
{
    struct workbench *workbench = owner;
    workbench->catalog_is_loading = false;
    workbench->loading = NULL;
    free(workbench->changed_file);
    workbench->changed_file = NULL;
    struct error err = *job_error(job);
    if (job_state(job) != JOB_DONE) {
        path_part_sweep(workbench->index); /* a child that was killed */
    }
    if (job_state(job) == JOB_DONE && workbench->catalog != NULL &&
        !workbench->catalog_is_new) {
        workbench->catalog_error = (struct error){0}; /* what is shown is what there is */
    } else if (job_state(job) != JOB_DONE || !take_catalog(workbench, &err)) {
        workbench->catalog_error = err;
    }
    if (workbench->catalog_is_stale) { /* asked for while it was being read */
        workbench_read_catalog(workbench, NULL);
    }
    workbench_changed(workbench, WORKBENCH_CATALOG | WORKBENCH_JOBS);
}

static void on_build_progress(void *owner, struct job *job)
{
    (void)job;
    workbench_changed(owner, WORKBENCH_JOBS);
}

bool workbench_read_catalog(struct workbench *workbench, struct error *err)
{
    if (workbench->catalog_is_loading) {
        workbench->catalog_is_stale = true;
        return true;
    }
    workbench->catalog_is_stale = false;
    struct job_spec spec = {
        .title = "read the catalog",
        .run = build_in_child,
        .argument = workbench,
        .received = on_refreshed,
        .progressed = on_build_progress,
        .finished = on_built,
        .owner = workbench,
    };
    workbench->catalog_is_new = false;
    workbench->loading = jobs_start(workbench->jobs, &spec, err);
    workbench->catalog_is_loading = workbench->loading != NULL;
    return workbench->catalog_is_loading;
}

bool workbench_read_file(struct workbench *workbench, const char *path, struct error *err)
{
    if (!workbench->catalog_is_loading) {
        workbench->changed_file = string_copy(path);
    }
    return workbench_read_catalog(workbench, err);
}

/* A small mesh is held against its files at once, which takes a few milliseconds; a large
 * one is shown as it was last known and brought up to date in a job. */
static bool is_known_current(const struct workbench *workbench)
{
    enum { FEW_DOCUMENTS = 1000 };
    return workbench->catalog != NULL &&
           catalog_document_count(workbench->catalog) <= FEW_DOCUMENTS &&
           catalog_is_current(workbench->mesh, workbench->index);
}

bool workbench_is_passing(const struct workbench *workbench, const char *mesh)
{
    return workbench->spool_folder != NULL &&
           string_starts(mesh, workbench->spool_folder);
}

bool workbench_open_mesh(struct workbench *workbench, const char *mesh, struct error *err)
{
    char *absolute = filetree_canonical(mesh, err);
    char *index = absolute == NULL ? NULL
                  : workbench_is_passing(workbench, absolute)
                      ? path_join(workbench->spool_folder, "stdin.db")
                      : catalog_index_path(absolute, err);
    if (index == NULL) {
        free(absolute);
        return false;
    }
    if (workbench->loading != NULL) {
        job_kill(workbench->loading);
    }
    workbench_changed(workbench, WORKBENCH_LEAVES);
    close_mesh(workbench);
    workbench->mesh = absolute;
    workbench->index = index;
    workbench_changed(workbench, WORKBENCH_TABS);
    workbench->catalog_error = (struct error){0};
    workbench_load_parameters(workbench);
    workbench_remember_mesh(workbench);
    path_part_sweep(index); /* a workbench that was killed */
    take_catalog(workbench, NULL);
    return is_known_current(workbench) || workbench_read_catalog(workbench, err);
}

bool workbench_wait_catalog(struct workbench *workbench, struct error *err)
{
    while (workbench->catalog_is_loading) {
        loop_step(workbench->loop, -1);
    }
    if (workbench->catalog_error.kind != ERROR_NONE) {
        *err = workbench->catalog_error;
        return false;
    }
    return workbench->role_asked == NULL || workbench_has_role(workbench, err);
}

/* ---- What of a product is here ---- */

char *workbench_version(const struct workbench *workbench,
                        const struct catalog_entry *entry)
{
    if (workbench->role_error.kind != ERROR_NONE) {
        return NULL;
    }
    const struct cache_product product = {.mesh = workbench->mesh,
                                          .role = workbench->role,
                                          .domain = entry->domain,
                                          .name = entry->name};
    return cache_current(&product);
}

bool workbench_is_here(const struct workbench *workbench,
                       const struct catalog_entry *entry)
{
    char *file = workbench_version(workbench, entry);
    bool here = file != NULL;
    free(file);
    return here;
}

void workbench_find_here(const struct workbench *workbench, const struct array *entries,
                         bool *here)
{
    struct cache_mesh *mesh = cache_mesh_open(workbench->mesh, workbench->role);
    for (size_t i = 0; i < entries->count; i++) {
        const struct catalog_entry *entry = array_at(entries, i);
        here[i] = cache_mesh_has(mesh, entry->domain, entry->name);
    }
    cache_mesh_close(mesh);
}

long long workbench_table_rows(const struct workbench *workbench,
                               const struct catalog_entry *entry, const char *table)
{
    char *file = workbench_version(workbench, entry);
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
    long long rows = -1;
    if (db != NULL) {
        rows =
            store_number(db, -1, "SELECT rows FROM mwb_table WHERE name = ?", "s", table);
    }
    store_close(db);
    free(file);
    return rows;
}
