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
void call_message(struct command_call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Splitting a line (words.c): false with a sentence for an unclosed quote. */
bool words_split(const char *line, struct array *words, struct error *err);
bool words_start_sql(
    const char *text); /* begins with a keyword that starts a statement */
void words_release(struct array *words);

/* A small result made of texts (rows.c), written to a private file. */
struct rows;
struct rows *rows_new(const char *folder, const char *const *columns, size_t count,
                      struct error *err);
/* One letter a column as in store_bind. */
void rows_add(struct rows *rows, const char *kinds, ...);
/* The row that a statement of as many columns stands on. */
void rows_copy(struct rows *rows, sqlite3_stmt *from);
const char *rows_file(const struct rows *rows);
bool rows_close(struct rows *rows, struct error *err); /* the file stays */
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
               struct text *out);
void card_json(struct workbench *workbench, const struct catalog_product *product,
               struct text *out);

/* The verbs. */
bool verb_products(struct command_call *call, struct error *err);
bool verb_show(struct command_call *call, struct error *err);
bool verb_lint(struct command_call *call, struct error *err);
bool verb_open(struct command_call *call, struct error *err);
bool verb_refresh(struct command_call *call, struct error *err);
bool verb_get(struct command_call *call, struct error *err);
bool verb_import(struct command_call *call, struct error *err);
bool verb_query(struct command_call *call, struct error *err);
bool verb_saved(struct command_call *call, struct error *err);
bool verb_chart(struct command_call *call, struct error *err);
bool verb_export(struct command_call *call, struct error *err);
bool verb_sort(struct command_call *call, struct error *err);
bool verb_filter(struct command_call *call, struct error *err);
bool verb_frequency(struct command_call *call, struct error *err);
bool verb_back(struct command_call *call, struct error *err);
bool verb_cancel(struct command_call *call, struct error *err);
bool verb_param(struct command_call *call, struct error *err);
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
/* The SQL of the call: its words, -f FILE, `-` for standard input. Yours; NULL and a
 * sentence when there is none. */
char *call_sql(struct command_call *call, size_t first_word, struct error *err);

#endif
