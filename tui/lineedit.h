/* lineedit: editing text by key, with history and completion; GNU readline when built
 * with it.
 *
 * One interface, two makers: `lineedit_new_readline` (the SQL editor: the person's
 * ~/.inputrc, emacs and vi modes, kill ring, undo, incremental search) and
 * `lineedit_new_plain` (one-line prompts, builds without readline, tests). readline is
 * driven through its callback interface with its own display switched off; it never
 * touches the terminal. It keeps global state, so only one readline editor exists at a
 * time.
 *
 * Source: GNU Readline manual, "Alternate Interface", "Readline Variables".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_LINEEDIT_H
#define MWB_TUI_LINEEDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/text.h"
#include "tui/key.h"

struct lineedit;

/* What a key meant beyond editing. */
enum lineedit_answer {
    LINEEDIT_EDITED,   /* handled; text or cursor may have changed */
    LINEEDIT_RUN,      /* run the statement under the cursor (C-j, M-Enter, F5) */
    LINEEDIT_ACCEPT,   /* Enter where the text is complete: run it */
    LINEEDIT_CANCEL,   /* C-c: the caller cancels a running query or clears the text */
    LINEEDIT_LEAVE,    /* F4, C-x o: to the results */
    LINEEDIT_END,      /* C-d on an empty text */
    LINEEDIT_COMPLETE, /* Tab: completions wait in lineedit_candidates() */
    LINEEDIT_EXTERNAL, /* C-x C-e: edit in $EDITOR */
    LINEEDIT_FORMAT,   /* C-x C-f */
    LINEEDIT_ZOOM,     /* C-x 1 */
    LINEEDIT_SAVE,     /* C-x s */
    LINEEDIT_SNIPPET,  /* C-x i */
    LINEEDIT_TAB_NEW,  /* C-x t */
    LINEEDIT_TAB_NEXT, /* C-x n */
    LINEEDIT_TAB_PREVIOUS, /* C-x p */
    LINEEDIT_TAB_CLOSE,    /* C-x k */
    LINEEDIT_UNKNOWN,      /* no key of an editor (F6, C-l, C-z, PageUp in one line) */
};

struct lineedit_candidate {
    char *text;   /* what replaces the word */
    char *detail; /* "column of orders, integer"; may be NULL */
};

struct lineedit_spec {
    bool multiline;           /* Enter makes a new line where the text is not complete */
    const char *history_file; /* NULL: none kept */
    int history_size;
    /* Fill `candidates` (array of struct lineedit_candidate) for the word that starts at
     * *word_start (in: a guess; may be changed). */
    void (*complete)(void *owner, const char *text, size_t cursor, size_t *word_start,
                     struct array *candidates);
    bool (*is_complete)(void *owner, const char *text); /* for Enter */
    /* Columns that a new line at the cursor begins with; NULL: as the line before. */
    size_t (*indent)(void *owner, const char *text, size_t cursor);
    void *owner;
};

/* In a build without readline this is the plain one. NULL and a sentence when there is
 * one already. */
struct lineedit *lineedit_new_readline(const struct lineedit_spec *spec,
                                       struct error *err);
struct lineedit *lineedit_new_plain(const struct lineedit_spec *spec);
void lineedit_free(struct lineedit *edit);

enum lineedit_answer lineedit_key(struct lineedit *edit, struct key key);
void lineedit_paste(struct lineedit *edit, const char *bytes,
                    size_t length); /* one undo step */

const char *lineedit_text(const struct lineedit *edit); /* borrowed until the next key */
size_t lineedit_cursor(const struct lineedit *edit);    /* byte offset */
bool lineedit_selection(const struct lineedit *edit, size_t *start,
                        size_t *end); /* rl_mark */
/* Is the line of the cursor a `\` or `.` command, where a statement could begin? */
bool lineedit_on_command(const struct lineedit *edit);
void lineedit_set_text(struct lineedit *edit, const char *text, size_t cursor);
/* Another text altogether: undo does not lead back to the one before. */
void lineedit_load(struct lineedit *edit, const char *text, size_t cursor);
void lineedit_insert(struct lineedit *edit, const char *text);
/* Replace the completed word by a candidate. The candidates are gone with the next
 * key. */
void lineedit_choose(struct lineedit *edit, size_t candidate);
const struct array *lineedit_candidates(const struct lineedit *edit);
/* Look for candidates of the word at the cursor without changing the text; false: none.
 */
bool lineedit_suggest(struct lineedit *edit);
size_t lineedit_word_start(const struct lineedit *edit); /* of the word they complete */
const char *lineedit_prompt(
    const struct lineedit *edit); /* "(reverse-i-search)`ab': ", or "" */
const char *lineedit_mode(
    const struct lineedit *edit); /* "emacs", "vi insert", "vi command" */

/* What is wrong with the person's ~/.inputrc, line by line, or "". */
const char *lineedit_warning(const struct lineedit *edit);

/* History by statement. Add returns false when the text was not kept (empty, begins with
 * a blank, the same as the last). Written at once, 0600; when that fails the statement is
 * kept for this run, and err->kind says so once. The file has bash's format with time
 * stamps: `#SECONDS`, then the lines of the statement; a line that itself looks like a
 * stamp gets one more `#`. */
bool lineedit_history_add(struct lineedit *edit, const char *statement,
                          struct error *err);
/* Another history in the place of this one, oldest first: array of const char *. It is
 * not written anywhere. */
void lineedit_history_set(struct lineedit *edit, const struct array *statements);
size_t lineedit_history_count(const struct lineedit *edit);
const char *lineedit_history_at(const struct lineedit *edit,
                                size_t index); /* 0 = oldest */

#endif
