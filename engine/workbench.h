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
#include "engine/governance.h"
#include "engine/job.h"
#include "engine/loop.h"
#include "engine/options.h"
#include "engine/pivot.h"
#include "engine/policy.h"
#include "engine/quality.h"
#include "engine/recall.h"
#include "engine/result.h"
#include "engine/session.h"

/* What changed, told to the face as a mask. */
enum workbench_change {
    WORKBENCH_CATALOG = 1,   /* another catalog: mesh opened or read again */
    WORKBENCH_RESULT = 2,    /* more rows, finished, another result */
    WORKBENCH_JOBS = 4,      /* progress or end of a job */
    WORKBENCH_PRODUCT = 8,   /* another product is selected */
    WORKBENCH_CHART = 16,    /* a chart is ready or gone */
    WORKBENCH_OPTIONS = 32,  /* a setting */
    WORKBENCH_BUFFER = 64,   /* the editor's text was set by a verb */
    WORKBENCH_CACHE = 128,   /* a product came into the cache */
    WORKBENCH_GLANCE = 256,  /* the mesh was looked at as a whole */
    WORKBENCH_HISTORY = 512, /* statements were forgotten */
    WORKBENCH_SAVED = 1024,  /* a query of one's own was saved or removed */
    WORKBENCH_LEAVES =
        4096,              /* the mesh is about to be closed: what is not kept is lost */
    WORKBENCH_TABS = 2048, /* another tab is in front, or one behind it has news */
};

struct workbench_spec {
    const char *mesh; /* as given; NULL: none yet */
    const char *role; /* as asked for; NULL: the setting, or the least of the mesh */
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
    unsigned long tab;       /* id of the tab that it belongs to */
    char *title;             /* "q12" */
    char *sql;               /* the statement(s) as run */
    struct text products;    /* ids, one a line */
    struct text versions;    /* the files they were read from, one a line */
    struct text notes;       /* sentences on products fetched for it, a line each */
    struct error error;      /* when it is over: why it failed */
    size_t error_offset;     /* byte in sql, or SIZE_MAX */
    char *classification;    /* the highest of its sources (gate.h); NULL: none */
    char *asks;              /* why it needs a purpose, when that is the error; or NULL */
    char *destroys; /* what it would destroy, a line each, when that is; or NULL */
    bool is_over, is_limited;
    double seconds, first_row; /* until its end, its first rows; first_row -1: none */
    double timeout;            /* seconds; 0: no limit */
    long long changes;         /* rows written, or -1 */
    struct job *getting;       /* a product that it needs is on its way */
    struct workbench_result *below; /* what it was made from: to go back */
    struct workbench_result *above; /* what was left by going back: to go forward */
    struct result_view *view;       /* its rows are these of `base`; NULL: rows anew */
    struct workbench_result *base;  /* somewhere below; NULL without a view */
    struct workbench_ask *ask;      /* private: what was asked, to run it again */
    char recalled[RECALL_MARK];     /* its mark in the history; "": not kept there */
    struct pivot *sheet; /* what its rows are groups of; NULL: they are no groups */
};

/* What is to run. */
struct workbench_query {
    const char *sql;
    const struct session_parameter *parameters; /* on top of the remembered ones */
    size_t parameter_count;
    long long row_limit; /* 0: the setting */
    double timeout;      /* 0: the setting */
    struct workbench_result
        *over; /* a finished result, of those shown: sql runs over its rows */
    const struct result_view
        *view;               /* instead of sql: of `over`, which has none; copied */
    const char *purpose;     /* what it is for; NULL: the setting */
    const char *saved_query; /* its name; NULL: it is none */
    struct pivot *sheet;     /* what its rows will be groups of; taken when it starts */
    bool aside;              /* not shown; the result belongs to the caller */
    bool is_typed;           /* by a person: kept in the history */
    bool plans;              /* as in session.h; only aside */
    const char *counting;    /* the same */
    bool only_here;          /* fetch nothing that is not here */
    bool may_destroy;        /* the person agreed to what it destroys (session.h) */
    unsigned long tab;       /* id of the tab to run in; 0: the one in front */
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

/* The mesh as a whole (glance.h), as it was looked at last. */
struct workbench_glance {
    struct array sheets, journeys; /* empty until is_known */
    bool is_known;
    struct error error; /* why it could not be */
    struct job *job;    /* one that looks now; NULL: none */
    bool is_stale;      /* asked to look again meanwhile */
    bool is_dropped;    /* what the job brings is of a mesh that is closed */
    size_t sheet, row, column, domain; /* where a person was, to come back to */
};

/* What a tab has of its own, while another one is in front. */
struct workbench_desk {
    struct session *session;
    struct workbench_result *shown, *before;
    struct chart *chart;
    struct workbench_chart chart_asked;
    struct error chart_error;
    struct chart_feed *feed;
};

/* A text with the result, the chart and the SQL session that are its own: several run at
 * once, over the same workspace. The workbench's fields of these names are those of the
 * tab in front; `desk` holds them while the tab is behind. */
struct workbench_tab {
    unsigned long id;     /* from 1; another one for each tab there ever was */
    char *name;           /* NULL: none was given */
    char *text;           /* what stood in the editor when it was left; NULL: nothing */
    size_t cursor;        /* byte in it */
    char *file, *in_file; /* the file it was opened from, and what that held; or NULL */
    bool has_news;        /* a statement ended while it was behind */
    struct workbench_desk desk;
};

struct workbench {
    struct loop *loop;
    struct jobs *jobs;
    struct options *options;
    char *mesh;              /* absolute path, NULL: none */
    char *role;              /* the role one acts in, NULL: the mesh has none */
    char *role_asked;        /* by --role or the verb; NULL: by nobody */
    struct policy *policy;   /* of that role; NULL while there is no catalog or role */
    struct error role_error; /* why one may take none: then nothing is shown or fetched */
    char *index;             /* the catalog's index file */
    struct catalog *catalog; /* NULL while it is read for the first time, or no mesh */
    bool catalog_is_stale;   /* asked to read it while it was being read: once more */
    char *changed_file;      /* that is read again, alone; NULL: whatever changed */
    bool catalog_is_new;     /* the job that reads it says that something changed */
    bool catalog_is_loading;
    struct error catalog_error; /* why the mesh could not be read */
    struct session *session;
    struct workbench_result *shown;  /* NULL: nothing ran yet; owned, with all below it */
    struct workbench_result *before; /* the run before that one, to compare; or NULL */
    int query_number;
    unsigned long last_serial;
    char *product;                      /* id of the selected product, or NULL */
    struct chart *chart;                /* NULL: none */
    struct workbench_chart chart_asked; /* to draw it again */
    struct error chart_error;           /* why there is none */
    struct array parameters;    /* of struct workbench_parameter: remembered values */
    struct recall *recall;      /* private: see workbench_recall() */
    struct array tabs;          /* of struct workbench_tab *, one at least */
    size_t tab;                 /* the one in front */
    unsigned long last_tab;     /* its id */
    struct array running;       /* private: of struct workbench_result *, in any tab */
    char *buffer;               /* the editor's text, set by verbs and restored */
    struct chart_feed *feed;    /* private: a chart being drawn */
    struct job *loading;        /* private: the job that reads the catalog */
    struct text start_problems; /* lines of the config file that were not understood */
    char *spool_folder;         /* NULL: without places */
    char *workspace;            /* database file of main */
    struct workbench_glance glance;
    struct workbench_background *background; /* private: looks at sources; NULL: never */
    bool with_state;
    void (*changed)(void *owner, unsigned changes);
    void *owner;
};

struct workbench_parameter {
    char *name, *value;
    bool is_fresh; /* given since the program started, not only kept from before */
};

struct workbench *workbench_new(const struct workbench_spec *spec, struct error *err);
void workbench_free(struct workbench *workbench);
void workbench_changed(struct workbench *workbench, unsigned changes);

/* Open a mesh: as it was last known at once, when there is an index of it. Unless that is
 * known to be current, the mesh is read in a job (`catalog_is_loading`): only what
 * changed, or all when there is no index; WORKBENCH_CATALOG is told when it is there.
 * False with a sentence only when the path cannot be a mesh at all. */
bool workbench_open_mesh(struct workbench *workbench, const char *mesh,
                         struct error *err);
/* Does this mesh lie among the spools, as rows from standard input do? Then it goes with
 * them: nothing is remembered of it. */
bool workbench_is_passing(const struct workbench *workbench, const char *mesh);
/* Read the open mesh again, in a job. */
bool workbench_read_catalog(struct workbench *workbench, struct error *err);
/* The same when only this file changed, relative to the mesh. */
bool workbench_read_file(struct workbench *workbench, const char *path,
                         struct error *err);
/* Wait for the catalog: for faces without a screen. */
bool workbench_wait_catalog(struct workbench *workbench, struct error *err);

/* Act in another role of the mesh, NULL: in the one that comes of itself. Results, the
 * chart, the session and its workspace are those of a role: they go. False, and all is as
 * it was, when the person may not take it. */
bool workbench_set_role(struct workbench *workbench, const char *role, struct error *err);
/* The team one works for: policy_team() with the setting `team`. Yours, or NULL. */
char *workbench_team(const struct workbench *workbench);
/* False with the sentence why the person has no role in a mesh that asks for one. */
bool workbench_has_role(const struct workbench *workbench, struct error *err);

/* Run SQL. Products it names that are not here yet are fetched first when the setting
 * autofetch allows it. NULL and a sentence when it cannot even start. */
struct workbench_result *workbench_run(struct workbench *workbench,
                                       const struct workbench_query *query,
                                       struct error *err);
/* Show rows that a verb made as the result; they become the workbench's. `asked` is the
 * verb. False, and they stay the caller's, while a statement runs. */
bool workbench_show_rows(struct workbench *workbench, struct result *rows,
                         const char *asked, struct error *err);
/* The same on top of what is shown, which goes below. */
struct workbench_made {
    const char *asked;
    const char *classification; /* the highest of what they are made from; NULL: none */
    const char *products;       /* ids, one a line; NULL: none */
    struct pivot *sheet;        /* taken */
};
bool workbench_show_made(struct workbench *workbench, struct result *rows,
                         const struct workbench_made *made, struct error *err);
/* All rows of a table of a version that is here, current or not, when the gate lets a
 * statement read them as rows: by the policy of today, for the purpose that is said, not
 * where groups only are told. The ledger is told. `classification` (yours) is theirs. */
struct workbench_version_spec {
    const char *product, *file, *table; /* id; the version's file; the name in SQL */
    const char *asked;                  /* the verb, for the ledger */
    const char *purpose;
};
struct result *workbench_version_rows(const struct workbench *workbench,
                                      const struct workbench_version_spec *spec,
                                      char **classification, struct error *err);
void workbench_result_cancel(struct workbench_result *result);
void workbench_result_free(struct workbench_result *result); /* one that ran aside */
/* One that ran aside and ended becomes what its tab shows, in place of what is there. */
void workbench_show_result(struct workbench_result *result);
/* From a view to what it was made from, and forward again. Nothing where there is none.
 */
void workbench_back(struct workbench *workbench);
void workbench_forward(struct workbench *workbench);
/* What a view of these rows is made over, and the view they are (yours, to be changed):
 * so sorts and filters add up instead of lying on each other. */
struct workbench_result *workbench_base(struct workbench_result *result,
                                        struct result_view **view);
long long workbench_result_rows(const struct workbench_result *result); /* so far */
/* Does a statement run, in any tab? */
bool workbench_is_running(const struct workbench *workbench);

/* Tabs. A new one comes behind the last, and to the front. */
struct workbench_tab *workbench_tab_in_front(const struct workbench *workbench);
struct workbench_tab *workbench_tab_at(const struct workbench *workbench, size_t index);
/* NULL when it was closed. */
struct workbench_tab *workbench_tab_of(const struct workbench *workbench,
                                       unsigned long id);
struct workbench_tab *workbench_tab_new(struct workbench *workbench);
void workbench_tab_select(struct workbench *workbench, size_t index);
/* What runs in it is given up; the last one is emptied instead. */
void workbench_tab_close(struct workbench *workbench, size_t index);
/* "3 revenue.sql", appended: its number, and its name or that of its file. */
void workbench_tab_describe(const struct workbench *workbench, size_t index,
                            struct text *out);
/* Is its text another one than its file's? False without a file; `text` is what stands
 * in it now. */
bool workbench_tab_is_changed(const struct workbench_tab *tab, const char *text);
/* What the tab shows; NULL: nothing. */
struct workbench_result *workbench_tab_shown(const struct workbench *workbench,
                                             const struct workbench_tab *tab);
/* Rows written in its open transaction; -1: none is open. */
long long workbench_tab_transaction(const struct workbench *workbench,
                                    const struct workbench_tab *tab);
/* The tabs with an open transaction, "tab 2 and tab 3" appended (NULL: to nothing);
 * false: there is none. */
bool workbench_open_transactions(const struct workbench *workbench, struct text *out);

/* Fetch a product in a job, as get.h says. `finished` gets the job when it is over; the
 * report is borrowed, or NULL when it failed. */
struct workbench_get_spec {
    const char *product;                     /* id */
    bool refresh, again, accept, is_implied; /* as in get.h */
    void (*finished)(void *owner, struct job *job, const struct get_report *report);
    void *owner;
};
struct job *workbench_get_product(struct workbench *workbench,
                                  const struct workbench_get_spec *spec,
                                  struct error *err);

/* What the settings say of fetching, for get_product() in a job of one's own. */
struct get_spec workbench_get_settings(const struct workbench *workbench);

/* Ask the sources of products in a job whether they changed (get_look()). `finished` gets
 * ids and sentences, a line each. */
struct workbench_look_spec {
    const struct array *products; /* of char *, ids; copied */
    bool hidden;                  /* not listed among the jobs */
    void (*finished)(void *owner, struct job *job, const char *changed,
                     const char *failed);
    void *owner;
};
struct job *workbench_look(struct workbench *workbench,
                           const struct workbench_look_spec *spec, struct error *err);

/* Run rules in a job (quality.h). Products of the mesh that are not here and lie in local
 * files are brought first when the setting autofetch allows it. Whole runs over versions
 * that are here are kept in the ledger. `checked` gets each product as it is done: the
 * checks are the receiver's if it says so (quality_release()); NULL and the sentence when
 * nothing of it could be run. */
struct workbench_check_spec {
    /* catalog NULL: the open mesh, in one's role; product: of `products` below. */
    struct quality_spec quality;
    const struct array *products; /* of char *, ids; copied. NULL: quality.product */
    bool is_aside;                /* keep nothing */
    bool (*checked)(void *owner, const char *product, struct array *checks,
                    double seconds, const struct error *err);
    void (*finished)(void *owner, struct job *job);
    void *owner;
};
struct job *workbench_check(struct workbench *workbench,
                            const struct workbench_check_spec *spec, struct error *err);

/* Look at the mesh as a whole, in a job that is not listed: workbench->glance is filled
 * in, WORKBENCH_GLANCE is told. One that looks already looks once more. */
void workbench_look_around(struct workbench *workbench);

/* From now on, every `background_check` minutes, ask the sources of products that are
 * here in a job that is not listed. Nothing is fetched; what was seen goes to the log
 * (ledger.h) and the catalog tells it. It waits longer while no source can be reached. */
void workbench_check_sources(struct workbench *workbench);

/* Run the policies of the mesh in a job, as governance.h says; what they found goes to
 * the ledger, unless only one product was asked for or data were left out. `finished`
 * borrows the report, or gets NULL when it failed. */
struct workbench_policies_spec {
    const char *policy, *product; /* NULL: all */
    bool with_data;
    void (*finished)(void *owner, struct job *job,
                     const struct governance_report *report);
    void *owner;
};
struct job *workbench_run_policies(struct workbench *workbench,
                                   const struct workbench_policies_spec *spec,
                                   struct error *err);

/* Draw a chart of a finished result: rows are read a slice at a time, in the loop.
 * `finished` may be NULL; the chart is in workbench->chart, or chart_error says why not.
 */
bool workbench_draw_chart(struct workbench *workbench, struct workbench_result *from,
                          const struct workbench_chart *asked,
                          void (*finished)(void *owner), void *owner, struct error *err);

/* Where the rows of a result come from: what ran, with what was given for its parameters,
 * and the products that were read. Of a view the statements of all that it is a view of.
 * Release with provenance_release(). */
struct provenance;
void workbench_provenance(const struct workbench_result *result,
                          struct provenance *provenance);

/* May rows of the result leave: gate_may_leave() in one's role. `purpose` NULL: the
 * setting. */
struct workbench_leaving {
    const char *way; /* "copy", "export", "publish" */
    const char *purpose;
};
bool workbench_may_leave(const struct workbench *workbench,
                         const struct workbench_result *result,
                         const struct workbench_leaving *leaving, bool *wants_purpose,
                         struct error *err);

/* Read what is made from what in a job, as lineage_read() has it. `finished` comes once;
 * the graph is borrowed, NULL when it could not be read (see job_error()). */
struct lineage_graph;
struct workbench_lineage_spec {
    const char *start; /* PRODUCT[.TABLE[.COLUMN]]; NULL: all */
    int way;           /* enum lineage_way */
    int depth;         /* steps; 0: all */
    bool columns, rows;
    void (*finished)(void *owner, struct job *job, const struct lineage_graph *graph);
    void *owner;
};
struct job *workbench_read_lineage(struct workbench *workbench,
                                   const struct workbench_lineage_spec *spec,
                                   struct error *err);

/* Stop the chart that is being drawn; false when there is none. */
bool workbench_stop_chart(struct workbench *workbench);

/* Values for :name parameters, remembered for this mesh. NULL forgets. False when it
 * holds for now, but could not be kept. */
bool workbench_set_parameter(struct workbench *workbench, const char *name,
                             const char *value, struct error *err);

/* The current version of a product as one's role may see it; NULL: not here. Yours. */
char *workbench_version(const struct workbench *workbench,
                        const struct catalog_entry *entry);
/* Is this product in the cache, and with what facts? Rows of a table or -1. */
bool workbench_is_here(const struct workbench *workbench,
                       const struct catalog_entry *entry);
/* The same for each of many: here[i] is entry i's answer. */
void workbench_find_here(const struct workbench *workbench, const struct array *entries,
                         bool *here);
long long workbench_table_rows(const struct workbench *workbench,
                               const struct catalog_entry *entry, const char *table);

/* Promises about a column held against the data that are here: appends struct
 * catalog_fact of the group "observed". Nothing when the product is not fetched. */
void workbench_observed(const struct workbench *workbench,
                        const struct catalog_entry *entry, struct array *facts);
/* A value of each column of the table, in their order: array of char *, NULL where there
 * is none to show: not fetched, only empty ones, or a column that is classified and not
 * masked. */
struct array workbench_samples(const struct workbench *workbench,
                               const struct catalog_product *product,
                               const struct catalog_table *table);
void workbench_samples_release(struct array *samples);
/* Classified as anything but public, open, internal or none. */
bool workbench_is_private(const struct catalog_column *column);

/* What catalog_column_facts() tells, and below it the groups statistics (of the data,
 * when they are here) and "described in". False when there is no such column. */
bool workbench_column_facts(const struct workbench *workbench,
                            const struct catalog_entry *entry, const char *table,
                            const char *column, struct array *facts, struct error *err);

/* Keep for next time: tabs with their texts, layout words, selected product, last mesh.
 * `buffer` and `cursor` are those of the tab in front. Written
 * atomically; called often (after each pause in typing), so that a lost line loses
 * nothing. */
bool workbench_save_state(struct workbench *workbench, const char *buffer, size_t cursor,
                          const char *layout, struct error *err);
/* What was kept: each may come back NULL. Yours. The tabs stand again, unless there are
 * several already. */
void workbench_load_state(struct workbench *workbench, char **buffer, size_t *cursor,
                          char **layout);
/* Is something kept of the open mesh? */
bool workbench_has_state(const struct workbench *workbench);
/* All tabs but one go, and what stands in it: they were another mesh's. */
void workbench_drop_tabs(struct workbench *workbench);
/* What ran on the open mesh, as recall.h says; opened by the first who asks. */
struct recall *workbench_recall(struct workbench *workbench);
/* The mesh that was open last. NULL: none, or it is gone. Yours. */
char *workbench_last_mesh(void);

#endif
