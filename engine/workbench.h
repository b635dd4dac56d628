/* workbench: all state of the program in one struct: the mesh that is open, its catalog,
 * the SQL session, the results, the jobs, the settings, and what is kept for next time.
 *
 * Faces (screen, verbs without a screen, scripts, tests) make one with workbench_new(),
 * run verbs on it (command.h) and are told what changed. Nothing here draws or prints.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_WORKBENCH_H
#define MWB_WORKBENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/chart.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/loop.h"
#include "engine/options.h"
#include "engine/result.h"
#include "engine/session.h"

/* What changed, told to the face as a mask. */
enum workbench_change {
    WORKBENCH_CATALOG = 1,  /* another catalog: mesh opened or read again */
    WORKBENCH_RESULT = 2,   /* more rows, finished, another result */
    WORKBENCH_JOBS = 4,     /* progress or end of a job */
    WORKBENCH_PRODUCT = 8,  /* another product is selected */
    WORKBENCH_CHART = 16,   /* a chart is ready or gone */
    WORKBENCH_OPTIONS = 32, /* a setting */
    WORKBENCH_BUFFER = 64,  /* the editor's text was set by a verb */
    WORKBENCH_CACHE = 128,  /* a product came into the cache */
};

struct workbench_spec {
    const char *mesh; /* as given; NULL: none yet */
    bool with_state;  /* read config, keep workspace, history, session (not in tests) */
    void (*changed)(void *owner, unsigned changes);
    void *owner;
};

/* The result that is shown: of the last statement or of a table preview. */
struct workbench_result {
    struct session_run *run;        /* NULL: none yet */
    struct result *result;          /* NULL until its columns are known */
    char *title;                    /* "q12", "orders.line_items" */
    char *sql;                      /* the statement(s) as run */
    int number;                     /* q1, q2 ... */
    struct workbench_result *below; /* what it was made from (sort, filter), to go back */
};

struct workbench {
    struct loop *loop;
    struct jobs *jobs;
    struct options *options;
    char *mesh;              /* absolute path, NULL: none */
    char *index;             /* the catalog's index file */
    struct catalog *catalog; /* NULL while it is read for the first time, or no mesh */
    bool catalog_is_loading;
    struct error catalog_error; /* why the mesh could not be read */
    struct session *session;
    struct workbench_result *shown; /* NULL: nothing ran yet */
    int query_number;
    char *product;       /* id of the selected product, or NULL */
    struct chart *chart; /* NULL: none */
    struct chart_spec
        *chart_asked;        /* kind and columns, to draw it again; see command chart */
    struct text chart_error; /* why there is no chart */
    struct array parameters; /* of struct workbench_parameter: remembered values */
    char *buffer;            /* the editor's text, set by verbs and restored */
    char *spool_folder;
    char *workspace; /* database file of main */
    bool with_state;
    void (*changed)(void *owner, unsigned changes);
    void *owner;
};

struct workbench_parameter {
    char *name, *value;
};

struct workbench *workbench_new(const struct workbench_spec *spec, struct error *err);
void workbench_free(struct workbench *workbench);
void workbench_changed(struct workbench *workbench, unsigned changes);

/* Open a mesh: at once when its index is current, else it is read in a job
 * (`catalog_is_loading`) and WORKBENCH_CATALOG is told when it is there.
 * False with a sentence only when the path cannot be a mesh at all. */
bool workbench_open_mesh(struct workbench *workbench, const char *mesh,
                         struct error *err);
/* Wait for the catalog: for faces without a screen. */
bool workbench_wait_catalog(struct workbench *workbench, struct error *err);

/* Places of this mesh's own state. Yours. */
char *workbench_state_file(const struct workbench *workbench, const char *name);
/* Is this product in the cache, and with what facts? Rows of a table or -1. */
bool workbench_is_here(const struct workbench *workbench,
                       const struct catalog_entry *entry);
long long workbench_table_rows(const struct workbench *workbench,
                               const struct catalog_entry *entry, const char *table);

/* Keep for next time: editor text, layout words, selected product, last mesh. Written
 * atomically; called often (after each pause in typing), so that a lost line loses
 * nothing. */
bool workbench_save_state(struct workbench *workbench, const char *buffer, size_t cursor,
                          const char *layout, struct error *err);
/* What was kept: each may come back NULL. Yours. */
void workbench_load_state(struct workbench *workbench, char **buffer, size_t *cursor,
                          char **layout);

#endif
