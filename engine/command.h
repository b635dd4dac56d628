/* command: the one verb table, four faces.
 *
 * A key, the `:` line, a script file and the command line (`mwb VERB ...`) all run the
 * same verb. A row has a name, its arguments, a help sentence, what it needs, its flags
 * and its function; help, completion, the manual page and the shell completion are made
 * from it.
 *
 * A verb answers with data: a message, rows, a text, a chart, a view to open. The face
 * decides how to show it. Verbs that take time answer later: the call is over when
 * `finished` is called, from loop_step(); until then it can be cancelled.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_H
#define MWB_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/text.h"
#include "engine/workbench.h"

enum command_need {
    COMMAND_NEEDS_MESH = 1,
    COMMAND_NEEDS_RESULT = 2,  /* a result is shown */
    COMMAND_SCREEN_ONLY = 4,   /* makes sense with a screen only */
    COMMAND_HIDDEN = 8,        /* not in help's list */
    COMMAND_SESSION_ONLY = 16, /* makes sense where more lines follow: a dialogue */
};

struct command_flag {
    const char *name;     /* "--limit" */
    const char *argument; /* "N"; NULL: takes none */
    const char *sentence;
};

struct command_call;

struct command_row {
    const char *name;
    const char *arguments; /* "PRODUCT[@VERSION]..." */
    const char *sentence;  /* one, for help */
    unsigned needs;
    const struct command_flag *flags; /* ends with a NULL name */
    bool (*run)(struct command_call *call, struct error *err);
    const char *examples; /* lines for help and the manual; may be NULL */
    const char *alias;    /* names from other programs, blank-separated: "\\d .schema" */
};

/* A command of psql or sqlite3 (`\dt`, `.tables`), which is a line of our own. */
struct command_other {
    const char *names; /* blank-separated: "\\dt .tables" */
    const char *line;  /* where `~` is what follows the name */
    bool (*rewrite)(const char *rest, struct text *line, struct error *err); /* or so */
    const char *sentence;
};
const struct command_other *command_others(size_t *count);

const struct command_row *command_rows(size_t *count);
const struct command_row *command_named(const char *name); /* also by alias; NULL */
const struct command_flag *command_common_flags(void);     /* --mesh --format ... */

/* Append a blank and the word, quoted so that it stays one word of a line. */
void command_append_word(struct text *line, const char *word);

/* `word` ("--limit") is one of the flags, and the word behind it its value. */
bool command_flag_takes_value(const struct command_flag *flags, const char *word);

/* What a verb answers. */
struct command_reply {
    struct error error; /* kind ERROR_NONE: it went well; ERROR_VERDICT: done, negative */
    struct text message; /* a sentence for the message line, or "" */
    struct text notes;   /* what to know of the rows (some were rejected), a line each */
    struct text text;    /* a page of text: help, a card, lint findings; or "" */
    const char *text_title;
    struct result *result; /* rows: borrowed, belongs to the workbench or the call */
    struct chart *chart;   /* borrowed */
    const char *view; /* pane to bring to the front, or NULL: "grid" "chart" "card" "help"
                         "jobs" */
    /* For the screen to carry out: "screenshot FILE", "zoom"; where the face can ask:
     * "ask-purpose \\nLINE", "ask-yes QUESTION\nLINE" and "ask-parameters NAME...\nLINE";
     * on a screen also "ask-long COST\nLINE". */
    struct text action;
    struct array program; /* char *: a program and its words, ends with NULL, that the
                             face runs on its terminal; empty: none */
    bool quit;            /* the person wants to leave */
};

struct command_spec {
    struct workbench *workbench;
    bool has_screen;
    bool is_dialog; /* a person types: statements are kept in the history, but for those
                       of lines that begin with a blank */
    bool is_hidden; /* private: this line begins with a blank, or is a command_other */
    bool can_ask;   /* the face carries out ask-... actions and runs the line again */
    int width;      /* of the terminal, for replies as text; 0 = 80 */
    bool unicode;
    void (*finished)(void *owner, struct command_call *call);
    void (*line_done)(void *owner,
                      struct command_call *call); /* of a script; may be NULL */
    void *owner;
};

/* Start a verb. `line` as typed after `:` (words split, quotes "..." and '...' kept
 * together; a line that starts with a SQL keyword is a query; the rest of the line behind
 * `query`, `export`, `chart KIND` and `profile` may be raw SQL).
 * NULL and a sentence when it is no verb or its words are wrong: nothing was started. */
struct command_call *command_start_line(const struct command_spec *spec, const char *line,
                                        struct error *err);
struct command_call *command_start_words(const struct command_spec *spec,
                                         const char *const *words, size_t count,
                                         struct error *err);
bool command_is_over(const struct command_call *call);
void command_cancel(struct command_call *call);
const struct command_reply *command_reply(const struct command_call *call);
const char *command_verb(const struct command_call *call);
/* Id of the tab that a statement of it runs in; 0: none does. */
unsigned long command_tab(const struct command_call *call);
/* Id of the tab that was in front when it began. */
unsigned long command_home(const struct command_call *call);
void command_free(struct command_call *call); /* cancels when still running */

/* `finished` and `line_done` are called from loop_step() only, never from within start.
 */

/* The value of a flag ("--limit"), or NULL; "" for a flag without argument that is set.
 */
const char *command_flag_value(const struct command_call *call, const char *name);

/* What could stand at the end of this line, the best first: verbs, flags and their
 * values, names, files, SQL. Array of struct command_completion, release with
 * command_completions_release(). */
struct command_completion {
    char *text;   /* quoted where it needs it */
    char *detail; /* what it is, and behind a tab a sentence; NULL: nothing is known */
};
struct array command_completions(struct workbench *workbench, const char *line,
                                 size_t *word_start);
void command_completions_release(struct array *words);

/* Help as text: all verbs (NULL) or one; the manual page (roff) and bash completion. */
bool command_help(const char *verb, struct text *out, struct error *err);
void command_manual(struct text *out);
void command_bash_completion(struct text *out);

#endif
