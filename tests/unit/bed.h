/* bed: what tests of sessions and results lie on: a folder of their own, a mesh of small
 * products in a cache of their own, a loop, and a session that runs statements to the
 * end. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_BED_H
#define MWB_TESTS_BED_H

#include <unistd.h>

#include "engine/cache.h"
#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/result.h"
#include "engine/session.h"
#include "engine/store.h"
#include "tap.h"

struct bed {
    char *folder, *mesh, *index, *workspace, *spools;
    char *data; /* beside it: what is kept of the person, the log of what was read */
    struct loop *loop;
    struct jobs *jobs;
    struct session *session;
    int changes, ends; /* callbacks that came */
};

static inline void bed_write(const char *path, const char *text)
{
    struct error err = {0};
    if (!path_write_file(path, text, strlen(text), 0600, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
}

/* A contract file: the smallest product a mesh can have. */
static inline void bed_describe(struct bed *bed, const char *domain, const char *name,
                                const char *table)
{
    struct error err = {0};
    char *folder = string_printf("%s/%s/%s", bed->mesh, domain, name);
    char *path = string_printf("%s/%s.odcs.yaml", folder, name);
    char *text = string_printf("kind: DataContract\napiVersion: v3.1.0\nid: %s\n"
                               "name: %s\nversion: 1.0.0\nstatus: active\ndomain: %s\n"
                               "schema:\n  - name: %s\n    properties:\n"
                               "      - name: id\n        logicalType: integer\n",
                               name, name, domain, table);
    path_make_folders(folder, &err);
    bed_write(path, text);
    free(folder);
    free(path);
    free(text);
}

/* A product's version in the cache, made by this SQL. */
static inline void bed_publish(struct bed *bed, const char *domain, const char *name,
                               const char *version, const char *sql)
{
    struct error err = {0};
    const struct cache_product product = {
        .mesh = bed->mesh, .domain = domain, .name = name, .group = -1};
    struct cache_stage *stage = cache_stage_new(&product, &err);
    sqlite3 *db = store_open(cache_stage_file(stage), STORE_CREATE, &err);
    bool done = db != NULL && store_run(db, sql, &err);
    store_close(db);
    if (!done || !cache_stage_publish(stage, &product, version, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    cache_stage_free(stage);
}

static inline void bed_open_session(struct bed *bed)
{
    struct session_spec spec = {.jobs = bed->jobs,
                                .loop = bed->loop,
                                .workspace = bed->workspace,
                                .index = bed->index,
                                .spool_folder = bed->spools};
    bed->session = session_new(&spec);
}

/* An empty mesh: describe products, then bed_start(). */
static inline void bed_make(struct bed *bed)
{
    char pattern[] = "/tmp/mwb-test-XXXXXX";
    struct error err = {0};
    *bed = (struct bed){.folder = string_copy(mkdtemp(pattern))};
    bed->mesh = path_join(bed->folder, "mesh");
    bed->index = path_join(bed->folder, "index.db");
    bed->workspace = path_join(bed->folder, "workspace.db");
    bed->spools = path_join(bed->folder, "spools");
    char *cache = path_join(bed->folder, "cache");
    setenv("MWB_CACHE", cache, 1);
    bed->data = string_printf("%s-data", bed->folder);
    setenv("XDG_DATA_HOME", bed->data, 1);
    free(cache);
    path_make_folders(bed->mesh, &err);
    path_make_folders(bed->spools, &err);
    bed->loop = loop_new();
    bed->jobs = jobs_new(bed->loop);
}

static inline void bed_start(struct bed *bed)
{
    struct error err = {0};
    if (!catalog_build(bed->mesh, bed->index, NULL, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    bed_open_session(bed);
}

static inline void bed_release(struct bed *bed)
{
    session_free(bed->session);
    jobs_free(bed->jobs);
    loop_free(bed->loop);
    path_remove_tree(bed->folder, NULL);
    path_remove_tree(bed->data, NULL);
    free(bed->data);
    free(bed->folder);
    free(bed->mesh);
    free(bed->index);
    free(bed->workspace);
    free(bed->spools);
}

static inline void bed_changed(void *owner, struct session_run *run)
{
    (void)run;
    ((struct bed *)owner)->changes++;
}

static inline void bed_finished(void *owner, struct session_run *run)
{
    (void)run;
    ((struct bed *)owner)->ends++;
}

static inline struct session_run *bed_start_query(struct bed *bed,
                                                  struct session_query *query)
{
    struct error err = {0};
    query->sql_length = strlen(query->sql);
    query->changed = bed_changed;
    query->finished = bed_finished;
    query->owner = bed;
    struct session_run *run = session_start(bed->session, query, &err);
    if (run == NULL) {
        printf("# not started: %s\n", err.message);
    }
    return run;
}

static inline void bed_wait(struct bed *bed, struct session_run *run)
{
    int ends = bed->ends;
    while (!session_run_is_over(run) || bed->ends == ends) {
        loop_step(bed->loop, -1);
    }
}

/* Run to the end. */
static inline struct session_run *bed_query(struct bed *bed, struct session_query query)
{
    struct session_run *run = bed_start_query(bed, &query);
    bed_wait(bed, run);
    return run;
}

static inline struct session_run *bed_run(struct bed *bed, const char *sql)
{
    return bed_query(bed, (struct session_query){.sql = sql});
}

static inline struct result *bed_result(struct session_run *run)
{
    struct error err = {0};
    const struct array *columns = session_run_columns(run);
    if (session_run_file(run) == NULL) {
        return NULL;
    }
    struct result *result =
        result_open(session_run_file(run), session_run_table(run), &err);
    if (result == NULL) {
        printf("# no result: %s\n", err.message);
        return NULL;
    }
    result_set_count(result, session_run_rows(run), session_run_is_over(run));
    for (size_t i = 0; i < columns->count; i++) {
        const struct session_column *column = array_at(columns, i);
        result_set_column(result, i, column->name, column->declared, column->product,
                          column->table, column->column);
    }
    return result;
}

/* The rows as text: cells with | between, rows with LF; at most 50. NULL as ~. Yours. */
static inline char *bed_rows(struct session_run *run)
{
    struct error err = {0};
    struct text out = {0};
    struct result_page page = {0};
    struct result *result = bed_result(run);
    if (session_run_error(run)->kind != ERROR_NONE) {
        text_printf(&out, "error: %s", session_run_error(run)->message);
    } else if (result != NULL && result_page(result, 0, 50, 0, &page, &err)) {
        for (long long row = 0; row < page.rows; row++) {
            for (size_t i = 0; i < page.columns; i++) {
                const struct result_cell *cell = result_page_cell(&page, row, i);
                text_append(&out, i > 0 ? "|" : row > 0 ? "\n" : "");
                text_append(&out, cell->type == RESULT_NULL ? "~" : cell->bytes);
            }
        }
    }
    result_page_release(&page);
    result_free(result);
    return text_take(&out);
}

/* What the statements answer, or "error: ...". */
static inline void bed_is(struct bed *bed, const char *sql, const char *want)
{
    struct session_run *run = bed_run(bed, sql);
    char *got = bed_rows(run);
    is_text(got, want, "%.100s", sql);
    free(got);
    session_run_free(run);
}

#endif
