/* lineedit_base: what both makers of lineedit.h share: the head of their state, the
 * actions that think in lines, the history. Private to lineedit*.c.
 *
 * A maker keeps text, cursor, undo and kills its own way and offers them as a
 * struct lineedit_maker; everything that can be said in those words is written once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_LINEEDIT_BASE_H
#define MWB_TUI_LINEEDIT_BASE_H

#include "engine/array.h"
#include "tui/lineedit.h"

struct lineedit_maker {
    void (*release)(struct lineedit *edit); /* its own part; the base is released after */
    enum lineedit_answer (*key)(struct lineedit *edit, struct key key);
    const char *(*text)(const struct lineedit *edit);
    size_t (*cursor)(const struct lineedit *edit);
    void (*move)(struct lineedit *edit, size_t cursor);
    /* Replace bytes start..end as one undo step; the cursor ends behind the new bytes. */
    void (*replace)(struct lineedit *edit, size_t start, size_t end, const char *bytes);
    void (*kill)(struct lineedit *edit, size_t start, size_t end);
    void (*forget_undo)(struct lineedit *edit);
    void (*settle)(struct lineedit *edit); /* end a search or a prefix that waits */
    bool (*selection)(const struct lineedit *edit, size_t *start, size_t *end);
    const char *(*prompt)(const struct lineedit *edit);
    const char *(*mode)(const struct lineedit *edit);
    void (*history_changed)(struct lineedit *edit); /* the list has a new last entry */
    void (*history_replaced)(struct lineedit *edit);
};

/* Statements, oldest first, and the file they are kept in. */
struct lineedit_history {
    struct array entries; /* of char * */
    char *file;           /* NULL: none */
    size_t limit;
    bool write_failed; /* told already */
};

struct lineedit {
    const struct lineedit_maker *maker;
    struct lineedit_spec spec;
    struct lineedit_history history;
    size_t position; /* in the history; == its count: at the draft */
    char *draft;     /* the text before going up into the history */
    size_t goal;     /* column that up and down keep to; SIZE_MAX: none */
    bool vertical;   /* this key moved up or down */
    struct array candidates;
    size_t word_start;
    struct text warning;
};

void lineedit_init(struct lineedit *edit, const struct lineedit_maker *maker,
                   const struct lineedit_spec *spec);

/* Append the bytes as an editor may hold them: valid UTF-8, CR LF and CR as LF, no
 * control characters but TAB and LF; for one line LF becomes a blank. */
void lineedit_clean(struct text *out, const char *bytes, size_t length, bool multiline);
/* Neighbours of a byte offset, a sign with its combining marks at a time. */
size_t lineedit_after(const char *text, size_t at);
size_t lineedit_before(const char *text, size_t at);
size_t lineedit_line_start(const char *text, size_t at);
size_t lineedit_line_end(const char *text, size_t at);

/* Actions. */
typedef enum lineedit_answer lineedit_action(struct lineedit *edit);
lineedit_action lineedit_go_line_start, lineedit_go_line_end, lineedit_go_up,
    lineedit_go_down, lineedit_go_page_up, lineedit_go_page_down, lineedit_go_first,
    lineedit_go_last, lineedit_older, lineedit_newer, lineedit_kill_line_end,
    lineedit_kill_line_start, lineedit_kill_line, lineedit_enter, lineedit_run,
    lineedit_comment, lineedit_complete;

void lineedit_history_load(struct lineedit_history *history);
void lineedit_history_release(struct lineedit_history *history);
bool lineedit_history_keep(struct lineedit_history *history, const char *statement,
                           struct error *err);
void lineedit_history_replace(struct lineedit_history *history,
                              const struct array *statements);

#endif
