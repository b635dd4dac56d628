/* lineedit_plain: the state of the editor of our own. Private to lineedit_plain*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_LINEEDIT_PLAIN_H
#define MWB_TUI_LINEEDIT_PLAIN_H

#include "tui/lineedit_base.h"

/* Control keys by their ASCII codes. */
enum {
    CONTROL_A = 1,
    CONTROL_B,
    CONTROL_C,
    CONTROL_D,
    CONTROL_E,
    CONTROL_F,
    CONTROL_G,
    CONTROL_H,
    CONTROL_J = 10,
    CONTROL_K,
    CONTROL_N = 14,
    CONTROL_O,
    CONTROL_P,
    CONTROL_R = 18,
    CONTROL_S,
    CONTROL_U = 21,
    CONTROL_W = 23,
    CONTROL_X,
    CONTROL_Y,
    CONTROL_UNDERSCORE = 31,
};

/* What brings the text back to where it was before an edit. */
struct change {
    size_t start, inserted; /* bytes that the edit put there */
    char *removed;          /* bytes that it took away */
    size_t cursor;          /* where it was before */
    bool typed;             /* by single keys: neighbours become one step */
};

struct search {
    bool active, forward, failed;
    struct text wanted;
    size_t at;  /* entry of the history that is shown; its count: none yet */
    char *text; /* to go back to */
    size_t cursor;
};

struct plain {
    struct lineedit base; /* first: the door's pointer is this one's */
    struct text text;
    size_t cursor;
    struct array changes; /* of struct change */
    struct text killed;
    bool kills_grow; /* the key before killed: a kill adds to it */
    bool killing;    /* this key killed */
    bool escape;     /* Esc came: the next key is Meta */
    bool control_x;
    bool marked;
    size_t mark;
    struct search search;
    struct text prompt;
};

static inline struct plain *plain_of(const struct lineedit *edit)
{
    return (struct plain *)edit;
}

/* Text and undo. `typed` edits next to each other are one step. */
const char *plain_text(const struct lineedit *edit);
void plain_edit(struct plain *plain, size_t start, size_t end, const char *bytes,
                bool typed);
/* Put other text there without a word to undo. */
void plain_show(struct plain *plain, const char *text, size_t cursor);
void plain_kill(struct lineedit *edit, size_t start, size_t end);
void plain_forget_changes(struct plain *plain); /* nothing is left to be undone */
void plain_release_edits(struct plain *plain);

lineedit_action plain_undo, plain_yank, plain_left, plain_right, plain_delete_left,
    plain_delete_right, plain_word_left, plain_word_right, plain_kill_word_left,
    plain_kill_word_right, plain_kill_blank_word, plain_upcase, plain_downcase,
    plain_capitalise;

/* Incremental search. A key is answered false when the search is over and the key still
 * means something. */
lineedit_action plain_begin_search;
void plain_end_search(struct plain *plain, bool keep);
bool plain_search_key(struct plain *plain, struct key key);
const char *plain_prompt(const struct lineedit *edit);

#endif
