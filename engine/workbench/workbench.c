/* workbench: make it, open a mesh, tell what changed. Running SQL is in query.c, fetching
 * in get.c, charts in chart.c, what is kept for next time in state.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench.h"
#include "engine/cache.h"
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

struct workbench *workbench_new(const struct workbench_spec *spec, struct error *err)
{
    char *spools = spec->without_places ? NULL : cache_spool_folder(err);
    if (spools == NULL && !spec->without_places) {
        return NULL;
    }
    if (spools != NULL) {
        cache_sweep();
    }
    struct workbench *workbench = memory_new(sizeof *workbench);
    workbench->spool_folder = spools;
    workbench->loop = loop_new();
    workbench->jobs = jobs_new(workbench->loop);
    workbench->options = options_new();
    workbench->parameters = (struct array)ARRAY_OF(struct workbench_parameter);
    workbench->with_state = spec->with_state;
    workbench->changed = spec->changed;
    workbench->owner = spec->owner;
    if (spec->with_state) {
        load_options(workbench);
    }
    if (spec->mesh != NULL && !workbench_open_mesh(workbench, spec->mesh, err)) {
        workbench_free(workbench);
        return NULL;
    }
    return workbench;
}

static void close_mesh(struct workbench *workbench)
{
    chart_feed_stop(workbench);
    chart_free(workbench->chart);
    workbench->chart = NULL;
    workbench_free_results(workbench);
    session_free(workbench->session);
    workbench->session = NULL;
    catalog_close(workbench->catalog);
    workbench->catalog = NULL;
    workbench_free_parameters(workbench);
    free(workbench->mesh);
    free(workbench->index);
    free(workbench->product);
    free(workbench->workspace);
    free(workbench->buffer);
    workbench->mesh = workbench->index = workbench->product = NULL;
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
    array_release(&workbench->parameters);
    jobs_free(workbench->jobs);
    loop_step(workbench->loop, 0); /* calls that were given up end in their own time */
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
    if (workbench->changed != NULL) {
        workbench->changed(workbench->owner, changes);
    }
}

/* ---- The catalog ---- */

/* main of the session: a database of the user's own for this mesh. */
static char *workspace_file(const struct workbench *workbench)
{
    if (!workbench->with_state) {
        return NULL;
    }
    struct error err = {0};
    char *folder = path_of_place(PLACE_DATA, "workspaces", &err);
    if (folder == NULL || !path_make_folders(folder, &err)) {
        free(folder);
        return NULL; /* then main lies in memory; nothing is lost that was promised */
    }
    char *stem = path_stem(workbench->index);
    char *name = string_printf("%s/%s.db", folder, stem);
    free(stem);
    free(folder);
    return name;
}

bool workbench_start_session(struct workbench *workbench, struct error *err)
{
    struct session_spec spec = {
        .jobs = workbench->jobs,
        .loop = workbench->loop,
        .workspace = workbench->workspace,
        .index = workbench->catalog != NULL ? workbench->index : NULL,
        .spool_folder = workbench->spool_folder,
    };
    if (workbench->session != NULL) {
        session_set_index(workbench->session, spec.index);
        return true;
    }
    workbench->session = session_new(&spec);
    return workbench->session != NULL ||
           error_set(err, ERROR_FAILED, "could not start the SQL session");
}

static bool take_catalog(struct workbench *workbench, struct error *err)
{
    struct catalog *catalog = catalog_open(workbench->index, err);
    if (catalog == NULL) {
        return false;
    }
    catalog_close(workbench->catalog);
    workbench->catalog = catalog;
    workbench->catalog_error = (struct error){0};
    bool done = workbench_start_session(workbench, err);
    workbench_changed(workbench, WORKBENCH_CATALOG);
    return done;
}

static bool build_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct workbench *workbench = argument;
    return catalog_build(workbench->mesh, workbench->index, port, err);
}

static void on_built(void *owner, struct job *job)
{
    struct workbench *workbench = owner;
    workbench->catalog_is_loading = false;
    workbench->loading = NULL;
    struct error err = *job_error(job);
    if (job_state(job) != JOB_DONE) {
        path_part_sweep(workbench->index); /* a child that was killed */
    }
    if (job_state(job) != JOB_DONE || !take_catalog(workbench, &err)) {
        workbench->catalog_error = err;
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
        return true;
    }
    struct job_spec spec = {
        .title = "read the catalog",
        .run = build_in_child,
        .argument = workbench,
        .progressed = on_build_progress,
        .finished = on_built,
        .owner = workbench,
    };
    workbench->loading = jobs_start(workbench->jobs, &spec, err);
    workbench->catalog_is_loading = workbench->loading != NULL;
    return workbench->catalog_is_loading;
}

bool workbench_is_passing(const struct workbench *workbench, const char *mesh)
{
    return workbench->spool_folder != NULL &&
           string_starts(mesh, workbench->spool_folder);
}

bool workbench_open_mesh(struct workbench *workbench, const char *mesh, struct error *err)
{
    char *absolute = path_absolute(mesh, err);
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
    close_mesh(workbench);
    workbench->mesh = absolute;
    workbench->index = index;
    workbench->workspace = workspace_file(workbench);
    workbench->catalog_error = (struct error){0};
    workbench_load_parameters(workbench);
    workbench_remember_mesh(workbench);
    path_part_sweep(index); /* a workbench that was killed */
    if (catalog_is_current(absolute, index) && take_catalog(workbench, NULL)) {
        return true;
    }
    return workbench_read_catalog(workbench, err);
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
    return true;
}

/* ---- What of a product is here ---- */

bool workbench_is_here(const struct workbench *workbench,
                       const struct catalog_entry *entry)
{
    char *file = cache_current(workbench->mesh, entry->domain, entry->name);
    bool here = file != NULL;
    free(file);
    return here;
}

void workbench_find_here(const struct workbench *workbench, const struct array *entries,
                         bool *here)
{
    struct cache_mesh *mesh = cache_mesh_open(workbench->mesh);
    for (size_t i = 0; i < entries->count; i++) {
        const struct catalog_entry *entry = array_at(entries, i);
        here[i] = cache_mesh_has(mesh, entry->domain, entry->name);
    }
    cache_mesh_close(mesh);
}

long long workbench_table_rows(const struct workbench *workbench,
                               const struct catalog_entry *entry, const char *table)
{
    char *file = cache_current(workbench->mesh, entry->domain, entry->name);
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
