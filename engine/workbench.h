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
#include "engine/get.h"
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
    bool without_places; /* no cache, for what opens and runs nothing: help, version */
    void (*changed)(void *owner, unsigned changes);
    void *owner;
};

/* The rows of a statement, or of a table preview, on their way or all there. */
struct workbench_result {
    struct workbench *workbench;
    struct session_run *run; /* NULL: ended and its facts copied below */
    struct result *result;   /* NULL until its columns are known */
    unsigned long serial;    /* another one for each result there ever was */
    char *title;             /* "q12" */
    char *sql;               /* the statement(s) as run */
    struct text products;    /* ids, one a line */
    struct text notes;       /* sentences on products fetched for it, a line each */
    struct error error;      /* when it is over: why it failed */
    size_t error_offset;     /* byte in sql, or SIZE_MAX */
    bool is_over, is_limited;
    double seconds;
    long long changes;              /* rows written, or -1 */
    struct job *getting;            /* a product that it needs is on its way */
    struct workbench_result *below; /* what it is a view of (sort, filter): to go back */
    struct workbench_ask *ask;      /* private: what was asked, to run it again */
};

/* What is to run. */
struct workbench_query {
    const char *sql;
    const struct session_parameter *parameters; /* on top of the remembered ones */
    size_t parameter_count;
    long long row_limit; /* 0: the setting */
    double timeout;      /* 0: the setting */
    struct workbench_result
        *over;  /* a finished result: sql runs over its rows, it goes below */
    bool aside; /* not shown; the result belongs to the caller */
    void (*finished)(void *owner,
                     struct workbench_result *result); /* once; may be NULL */
    void *owner;
};

/* A picture of a result's rows: what was asked for, to draw it again. */
struct workbench_chart {
    enum chart_kind kind;
    char *x, *y, *series; /* names of columns; NULL: chosen by their types */
    char *title;
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
    struct workbench_result *shown; /* NULL: nothing ran yet; owned, with all below it */
    int query_number;
    unsigned long last_serial;
    char *product;                      /* id of the selected product, or NULL */
    struct chart *chart;                /* NULL: none */
    struct workbench_chart chart_asked; /* to draw it again */
    struct error chart_error;           /* why there is none */
    struct array parameters;    /* of struct workbench_parameter: remembered values */
    char *buffer;               /* the editor's text, set by verbs and restored */
    struct chart_feed *feed;    /* private: a chart being drawn */
    struct job *loading;        /* private: the job that reads the catalog */
    struct text start_problems; /* lines of the config file that were not understood */
    char *spool_folder;         /* NULL: without places */
    char *workspace;            /* database file of main */
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
/* Does this mesh lie among the spools, as rows from standard input do? Then it goes with
 * them: nothing is remembered of it. */
bool workbench_is_passing(const struct workbench *workbench, const char *mesh);
/* Read the open mesh again, in a job. */
bool workbench_read_catalog(struct workbench *workbench, struct error *err);
/* Wait for the catalog: for faces without a screen. */
bool workbench_wait_catalog(struct workbench *workbench, struct error *err);

/* Run SQL. Products it names that are not here yet are fetched first when the setting
 * autofetch allows it. NULL and a sentence when it cannot even start. */
struct workbench_result *workbench_run(struct workbench *workbench,
                                       const struct workbench_query *query,
                                       struct error *err);
void workbench_result_cancel(struct workbench_result *result);
void workbench_result_free(struct workbench_result *result); /* one that ran aside */
void workbench_back(
    struct workbench *workbench); /* from a view to what it was made from */
long long workbench_result_rows(const struct workbench_result *result); /* so far */

/* Fetch a product in a job. `finished` gets the job when it is over; the report's
 * sentence is in *report then (borrowed), or NULL when it failed. */
struct job *workbench_get_product(struct workbench *workbench, const char *product,
                                  bool refresh,
                                  void (*finished)(void *owner, struct job *job,
                                                   const struct get_report *report),
                                  void *owner, struct error *err);

/* Draw a chart of a finished result: rows are read a slice at a time, in the loop.
 * `finished` may be NULL; the chart is in workbench->chart, or chart_error says why not.
 */
bool workbench_draw_chart(struct workbench *workbench, struct workbench_result *from,
                          const struct workbench_chart *asked,
                          void (*finished)(void *owner), void *owner, struct error *err);

/* Stop the chart that is being drawn; false when there is none. */
bool workbench_stop_chart(struct workbench *workbench);

/* Values for :name parameters, remembered for this mesh. NULL forgets. False when it
 * holds for now, but could not be kept. */
bool workbench_set_parameter(struct workbench *workbench, const char *name,
                             const char *value, struct error *err);

/* Is this product in the cache, and with what facts? Rows of a table or -1. */
bool workbench_is_here(const struct workbench *workbench,
                       const struct catalog_entry *entry);
/* The same for each of many: here[i] is entry i's answer. */
void workbench_find_here(const struct workbench *workbench, const struct array *entries,
                         bool *here);
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
/* The history of statements: one file for all meshes. NULL without a home. Yours. */
char *workbench_history_file(const struct workbench *workbench);
/* The mesh that was open last. NULL: none, or it is gone. Yours. */
char *workbench_last_mesh(void);

#endif
