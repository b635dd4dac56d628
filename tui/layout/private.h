/* What the files of the layout room share: all state of the face.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_LAYOUT_PRIVATE_H
#define MWB_TUI_LAYOUT_PRIVATE_H

#include "engine/command.h"
#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/layout/arrange.h"
#include "tui/lineedit.h"
#include "tui/widget/menu.h"

enum { DIALOG_MOST = 8 };

enum prompt_kind { PROMPT_NONE, PROMPT_COMMAND, PROMPT_ASK, PROMPT_CONFIRM };

struct prompt {
    enum prompt_kind kind;
    char *label;
    struct lineedit *edit; /* the one that is typed into, borrowed */
    struct pane *pane;
    void (*changed)(struct pane *pane, const char *line);
    void (*done)(struct pane *pane, const char *line);
    void (*complete)(struct pane *pane, const char *text, size_t cursor,
                     size_t *word_start, struct array *candidates);
    void (*confirmed)(struct screen *screen);
    bool has_menu;
    struct menu menu;
};

struct screen {
    struct workbench *workbench;
    struct term *term;
    struct canvas *canvas;
    struct theme *theme;
    struct keymap *keymap;

    struct pane *panes[PLACE_COUNT]; /* NULL: this build has no such kind */
    struct pane *dialogs[DIALOG_MOST];
    int dialog_count;
    enum place focus, results;
    bool zoom, drawer;
    struct arrangement arrangement; /* of the last drawing */

    struct prompt prompt;
    char *line_again; /* a verb that runs once what it asked for was said; or NULL */
    char *names;      /* of parameters still to be asked for, blanks between; or NULL */
    struct lineedit *command_edit; /* of the `:` line, with its history */
    struct lineedit *ask_edit;
    struct array completions; /* of char *: what the menu of the `:` line shows */

    struct text message;
    enum role message_role;
    struct array calls; /* of struct command_call *: verbs that still run */
    int timer;          /* to show time passing */
    bool is_dirty, wants_quit;
};

/* places.c: panes and the focus. */
extern const char *const place_names[PLACE_COUNT];
void places_open(struct screen *screen);
void places_close(struct screen *screen);
void places_arrange(struct screen *screen);
bool place_is_seen(const struct screen *screen, enum place place);
void place_focus(struct screen *screen, enum place place);
void place_step(struct screen *screen, int direction);
void place_show_results(struct screen *screen, enum place place);
struct pane *focused_pane(
    const struct screen *screen); /* a dialog, or a place; or NULL */

/* dialog.c */
void dialog_forget(struct screen *screen, struct pane *pane);
void dialogs_draw(struct screen *screen);
bool dialog_is_open(const struct screen *screen, const char *kind);

/* prompt.c */
void prompt_init(struct screen *screen);
void prompt_release(struct screen *screen);
void prompt_open_command(struct screen *screen, const char *initial);
void prompt_confirm(struct screen *screen, const char *question,
                    void (*confirmed)(struct screen *screen));
void prompt_close(struct screen *screen, const char *line);
void prompt_key(struct screen *screen, struct key key);
void prompt_paste(struct screen *screen, const char *bytes, size_t length);
void prompt_draw(struct screen *screen, struct view line);
void prompt_forget(struct screen *screen, const struct pane *pane);

/* keys.c */
void keys_take(struct screen *screen, struct key key);
enum reaction keys_act(struct screen *screen, const char *action, const char *argument);

/* run.c: verbs and their replies. */
bool calls_cancel(struct screen *screen);        /* false: nothing ran */
bool calls_stop_watching(struct screen *screen); /* false: the tab in front does not */
void calls_release(struct screen *screen);

/* asks.c: false: the action asks for nothing */
bool asks_carry_out(struct screen *screen, const char *action, const char *argument);
void asks_release(struct screen *screen);

/* status.c and draw.c */
void status_draw(struct screen *screen, struct view line);
void message_clear(struct screen *screen);

#endif
