/* What the files of the command room share: a call on its way, and its helpers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_PRIVATE_H
#define MWB_COMMAND_PRIVATE_H

#include <stdarg.h>

#include <sqlite3.h>

#include "engine/command.h"

struct command_value {
    char *name, *value;
};

struct command_call {
    const struct command_row *row;
    struct command_spec spec;
    struct workbench *workbench;
    struct array words;  /* of char *: what is no flag */
    struct array values; /* of struct command_value: flags that were given */
    struct command_reply reply;
    bool is_over, is_started, is_abandoned;
    bool is_typed;                    /* its statement is kept in the history */
    unsigned long tab;                /* id of the one that was in front when it began */
    bool is_of_tab;                   /* it runs statements there one after the other */
    int timer;                        /* until `finished` is told */
    struct workbench_result *ran;     /* ran aside: ours */
    struct workbench_result *watched; /* shown by the workbench */
    struct result *rows;              /* made by the verb: ours */
    struct job *job;                  /* to cancel */
    void *own;                        /* of the verb */
    void (*free_own)(void *own);
    void (*cancel)(struct command_call *call); /* of the verb; may be NULL */
};

/* There is no such verb; the nearest is named. */
bool command_fail_unknown(const char *name, struct error *err);

/* Words of the call. */
const char *call_word(const struct command_call *call,
                      size_t index); /* NULL: not there */
size_t call_count(const struct command_call *call);
bool call_has_flag(const struct command_call *call, const char *name);
bool call_number(const struct command_call *call, const char *flag, long long fallback,
                 long long *number, struct error *err);

/* The call is over: the face is told from the loop. */
void call_done(struct command_call *call);
void call_fail(struct command_call *call, const struct error *err);
/* The same as call_done(), once the catalog has read what the verb wrote into the mesh.
 */
bool call_read_again(struct command_call *call, struct error *err);
/* Products of these ids, a line each, were used: they come earlier in searches. That they
 * cannot be counted is no reason to fail. */
/* Rows may be shown, and still not go out: as `export`, for --purpose or the setting. */
bool call_may_leave(const struct command_call *call,
                    const struct workbench_result *result, struct error *err);
void call_note_use(struct command_call *call, const char *products);
void call_message(struct command_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Splitting a line (words.c): false with a sentence for an unclosed quote. */
bool words_split(const char *line, struct array *words, struct error *err);
bool words_start_sql(
    const char *text); /* begins with a keyword that starts a statement */
void words_release(struct array *words);
void words_split_blanks(const char *line, struct array *words); /* appends */

/* A small result made of texts (rows.c), written to a private file. */
struct rows;
struct rows *rows_new(const char *folder, const char *const *columns, size_t count,
                      struct error *err);
/* One letter a column as in store_bind; Z: a long long, and 0 is NULL; N: a
 * text that is stored as a number if it is one. */
void rows_add(struct rows *rows, const char *kinds, ...);
/* A row of any number of columns: what is not set is NULL. */
void rows_set_text(struct rows *rows, size_t column, const char *text);
void rows_set_number(struct rows *rows, size_t column, double number);
void rows_insert(struct rows *rows);
/* The row that a statement of as many columns stands on. */
void rows_copy(struct rows *rows, sqlite3_stmt *from);
const char *rows_file(const struct rows *rows);
bool rows_close(struct rows *rows, struct error *err); /* the file stays */
/* Close them: they are what the call replies with. The call is not over by that. */
bool call_reply_rows(struct command_call *call, struct rows *rows,
                     const char *const *columns, size_t count, struct error *err);
struct result *rows_open(const char *file, const char *const *columns, size_t count,
                         struct error *err);

/* With --format, the columns of all tables of an imported database are the reply
 * (import_columns.c): the child writes them as rows and tells their file with a message
 * of type 1, the parent opens it. */
bool import_columns_tell(const struct command_call *call, const char *database,
                         struct job_port *port, struct error *err);
struct result *import_columns_open(const char *file, struct error *err);

/* The product card as text and as JSON (card.c). */
void card_text(struct workbench *workbench, const struct catalog_product *product,
               int width, struct text *out);
void card_json(struct workbench *workbench, const struct catalog_product *product,
               struct text *out);

/* Files of a product that are no tables (verbs_files.c): their part of both cards, and a
 * copy of each in a folder, told in the message. */
void files_card(const struct workbench *workbench, const struct catalog_entry *entry,
                struct text *out);
void files_json(const struct workbench *workbench, const struct catalog_entry *entry,
                struct text *out);
bool files_save(struct command_call *call, const struct catalog_entry *entry,
                const char *folder, struct error *err);

/* The verbs. */
bool verb_view(struct command_call *call, struct error *err);
bool verb_products(struct command_call *call, struct error *err);
bool verb_show(struct command_call *call, struct error *err);
bool verb_changes(struct command_call *call, struct error *err);
bool verb_lint(struct command_call *call, struct error *err);
bool verb_check(struct command_call *call, struct error *err);
bool verb_rules(struct command_call *call, struct error *err);
bool verb_format(struct command_call *call, struct error *err);
bool verb_fields(struct command_call *call, struct error *err);
bool verb_diff(struct command_call *call, struct error *err);
bool verb_findings(struct command_call *call, struct error *err);
bool verb_raw(struct command_call *call, struct error *err);
bool verb_impact(struct command_call *call, struct error *err);
bool verb_lineage(struct command_call *call, struct error *err);
bool verb_column(struct command_call *call, struct error *err);
/* What `check` tells by other flags than a run does: its past (--history), the product
 * that failed first (--why), two versions (--compare); verbs_results.c. */
bool check_otherwise(struct command_call *call, bool *is_asked, struct error *err);
bool verb_role(struct command_call *call, struct error *err);
bool verb_access(struct command_call *call, struct error *err);
bool verb_propose(struct command_call *call, struct error *err);
bool verb_request(struct command_call *call, struct error *err);
bool verb_agreements(struct command_call *call, struct error *err);
bool verb_approve(struct command_call *call, struct error *err);
bool verb_reject(struct command_call *call, struct error *err);
bool verb_end(struct command_call *call, struct error *err);
bool verb_reassess(struct command_call *call, struct error *err);
bool verb_open(struct command_call *call, struct error *err);
bool verb_refresh(struct command_call *call, struct error *err);
bool verb_glance(struct command_call *call, struct error *err);
bool verb_journey(struct command_call *call, struct error *err);
bool verb_versions(struct command_call *call, struct error *err);
bool verb_policies(struct command_call *call, struct error *err);
bool verb_waive(struct command_call *call, struct error *err);
bool verb_get(struct command_call *call, struct error *err);
bool verb_usage(struct command_call *call, struct error *err);
bool verb_fetches(struct command_call *call, struct error *err);
bool verb_import(struct command_call *call, struct error *err);
bool verb_complete(struct command_call *call, struct error *err);
bool verb_query(struct command_call *call, struct error *err);
bool verb_plan(struct command_call *call, struct error *err);
bool verb_advise(struct command_call *call, struct error *err);
/* Look first how long a statement will take, where the person can be asked: then it runs,
 * or the question is the reply (verbs_advice.c). False: it does not matter, run it. */
bool call_previews(struct command_call *call, const char *sql);
bool verb_history(struct command_call *call, struct error *err);
bool verb_shell(struct command_call *call, struct error *err);
bool verb_snippet(struct command_call *call, struct error *err);
bool verb_save(struct command_call *call, struct error *err);
bool verb_saved(struct command_call *call, struct error *err);
bool verb_chart(struct command_call *call, struct error *err);
bool verb_export(struct command_call *call, struct error *err);
bool verb_sort(struct command_call *call, struct error *err);
bool verb_filter(struct command_call *call, struct error *err);
bool verb_frequency(struct command_call *call, struct error *err);
bool verb_pivot(struct command_call *call, struct error *err);
bool verb_totals(struct command_call *call, struct error *err);
bool verb_compare(struct command_call *call, struct error *err);
bool verb_profile(struct command_call *call, struct error *err);
bool verb_drill(struct command_call *call, struct error *err);
bool verb_back(struct command_call *call, struct error *err);
bool verb_forward(struct command_call *call, struct error *err);
bool verb_cancel(struct command_call *call, struct error *err);
bool verb_param(struct command_call *call, struct error *err);
bool verb_purpose(struct command_call *call, struct error *err);
bool verb_tab(struct command_call *call, struct error *err);
bool verb_timing(struct command_call *call, struct error *err);
bool verb_watch(struct command_call *call, struct error *err);
bool verb_set(struct command_call *call, struct error *err);
bool verb_script(struct command_call *call, struct error *err);
bool verb_demo(struct command_call *call, struct error *err);
bool verb_help(struct command_call *call, struct error *err);
bool verb_version(struct command_call *call, struct error *err);
bool verb_jobs(struct command_call *call, struct error *err);
bool verb_quit(struct command_call *call, struct error *err);
bool verb_screen(struct command_call *call, struct error *err); /* handed to the screen */

/* Run SQL aside and go on when its rows are there; the call fails when it fails. */
bool call_run_aside(struct command_call *call, const char *sql,
                    void (*then)(struct command_call *call), struct error *err);
/* Run SQL and show its rows, as the verb query does: over the rows of a finished result,
 * which goes below, when `over` is one. */
bool call_run_over(struct command_call *call, const char *sql,
                   struct workbench_result *over, struct error *err);
/* The same of a query that is more than its SQL. */
bool call_run_query(struct command_call *call, struct workbench_query *query,
                    struct error *err);
/* Show some rows of a finished result among those shown, in some order: `base` has no
 * view itself (workbench_base()). */
bool call_show_view(struct command_call *call, struct workbench_result *base,
                    const struct result_view *view, struct error *err);
/* Start a query with the parameters, limits and purpose that the call has as flags; its
 * end is told to query->finished. */
struct workbench_result *call_start_query(struct command_call *call,
                                          struct workbench_query *query,
                                          struct error *err);
/* The call failed as its statement did; on the screen a purpose is asked for if that is
 * all that is missing. */
void call_fail_run(struct command_call *call, const struct workbench_result *result);
/* The same finished rows with a connection of their own: for a child, and for who must
 * not follow what is shown. */
struct result *call_open_again(const struct result *from, struct error *err);
/* SELECT * of PRODUCT or PRODUCT.TABLE, appended. */
bool call_whole_table(struct command_call *call, const char *word, struct text *sql,
                      struct error *err);
/* What is shown, when all its rows are there; else NULL and a sentence. */
struct workbench_result *call_whole_result(struct command_call *call, struct error *err);
/* A column of a result by its name, else by its number from 1. */
bool call_find_column(const struct workbench_result *shown, const char *name,
                      size_t *index, struct error *err);
/* Does the person have to be asked for values of its parameters first? Then the call is
 * over, and the face asks. */
bool call_asks_parameters(struct command_call *call, const char *sql);
/* The same with a question about what the call would destroy; it runs again with --yes.
 */
void call_ask_yes(struct command_call *call, const char *question);
/* False and a sentence when a transaction is open, which the verb would end. */
bool call_keeps_transactions(struct command_call *call, struct error *err);
/* The line of the call, as it could be typed again, appended. */
void call_append_line(const struct command_call *call, struct text *line);
/* With the setting timing: where the time went. */
void call_tell_timing(struct command_call *call, const struct workbench_result *result);
/* "q1 ok 0.38 s, 3 rows" */
void call_describe(struct command_call *call, const struct workbench_result *result);
/* The product that the call names, else the selected one; `hint` is the sentence for
 * neither. */
bool call_product(struct command_call *call, const char *hint,
                  struct catalog_entry *entry, struct error *err);
/* The same over everything. */
bool call_run_shown(struct command_call *call, const char *sql, struct error *err);
/* --since as an instant: "2026-10-01", "2026-10-01T06:00:00Z", or how long ago: "7 d"; ""
 * when it is not given (verbs_fetches.c). */
bool call_since(const struct command_call *call, char since[32], struct error *err);
/* --param NAME=VALUE, as often as given: array of struct session_parameter, to be
 * released also after a failure. */
bool call_parameters(const struct command_call *call, struct array *parameters,
                     struct error *err);
void call_parameters_release(struct array *parameters);
/* The SQL of the call: its words, -f FILE, `-` for standard input. Yours; NULL and a
 * sentence when there is none. */
char *call_sql(struct command_call *call, size_t first_word, struct error *err);

#endif
