/* pane: what a part of the screen is, as a const struct of functions.
 *
 * A pane kind is one file in tui/panes/ and one line in the list of kinds (pane.c). A
 * pane draws into its view and answers keys; it changes the workbench only by running
 * verbs (screen_run()), so that whatever a key does can also be typed after `:`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANE_H
#define MWB_TUI_PANE_H

#include <stdbool.h>

#include "engine/text.h"
#include "engine/workbench.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/term.h"

struct screen; /* layout.h: all panes, the focus, dialogs, the command line */
struct pane;

/* What a key did; an unknown key goes on to the layout and the global keys. */
enum reaction { REACTION_UNKNOWN, REACTION_DONE };

struct pane_kind {
    const char *name;  /* "catalog": also the context of its keys in keys.default */
    const char *hints; /* "Enter open  i insert  / search": drawn in the hint line */
    bool is_dialog;    /* lies over the layout, closed by Esc or q */
    bool is_full;    /* a dialog that takes all there is between the top and the hints */
    bool takes_text; /* printable keys belong to the pane (editor, input) */
    void *(*open)(struct screen *screen, const char *argument); /* its state */
    void (*close)(struct pane *pane);
    /* Title at the left, and what stands at the right of the title line. */
    void (*title)(struct pane *pane, struct text *left, struct text *right);
    void (*draw)(struct pane *pane, struct view view, bool focused);
    /* What lies over other panes too (a menu), when this one is focused; NULL: none. */
    void (*draw_over)(struct pane *pane, struct view screen);
    enum reaction (*key)(struct pane *pane, struct key key);
    /* A named action of keys.default ("down", "sort"); NULL: none. */
    enum reaction (*action)(struct pane *pane, const char *action, const char *argument);
    void (*paste)(struct pane *pane, const char *bytes, size_t length);
    /* What the terminal answered (term_expect_answers()): whole sequences. */
    void (*answer)(struct pane *pane, const char *bytes, size_t length);
    void (*mouse)(struct pane *pane, int x, int y, int button);
    /* Something of the workbench changed (a mask of enum workbench_change). */
    void (*changed)(struct pane *pane, unsigned changes);
    bool (*wants_width)(const struct pane *pane); /* the whole width when focused */
    int (*wanted_height)(struct pane *pane, int width, int most); /* NULL: any */
    /* Something is on its way that will change what is drawn; NULL: never. */
    bool (*is_busy)(const struct pane *pane);
};

struct pane {
    const struct pane_kind *kind;
    struct screen *screen;
    struct workbench *workbench;
    void *state;
    int width, height; /* of the last drawing */
};

const struct pane_kind *pane_kind_named(const char *name);
const struct pane_kind *const *pane_kinds(size_t *count);

/* Made by the layout; `close` frees the state. */
struct pane *pane_new(struct screen *screen, struct workbench *workbench,
                      const struct pane_kind *kind, const char *argument);
void pane_free(struct pane *pane);

#endif
