/* canvas: a grid of styled cells that panes draw into.
 *
 * Nothing here knows a terminal: term.c shows a canvas through curses, tests and the verb
 * `screenshot` dump it as text, the verbs without a screen print it. Text goes through
 * engine/safetext.h on its way in, so a canvas never holds a control character. A wide
 * sign takes two cells, the second is empty (width 0); one that would be cut in half is
 * not drawn.
 *
 * A view is a clipped window on a canvas: drawing outside of it does nothing.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_CANVAS_H
#define MWB_TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/safetext.h"
#include "engine/text.h"
#include "tui/theme.h"

struct canvas_cell {
    char bytes[SAFETEXT_CLUSTER_SIZE];
    unsigned char width; /* 1, 2, or 0 for the right half of a wide sign */
    struct style style;
};

struct canvas;

struct canvas *canvas_new(int width, int height);
void canvas_free(struct canvas *canvas);
void canvas_resize(struct canvas *canvas, int width, int height);
void canvas_clear(struct canvas *canvas);
void canvas_copy(struct canvas *to, const struct canvas *from); /* size and all */
int canvas_width(const struct canvas *canvas);
int canvas_height(const struct canvas *canvas);
const struct canvas_cell *canvas_cell(const struct canvas *canvas, int x, int y);

struct view {
    struct canvas *canvas;
    int x, y, width, height;
};

struct view canvas_view(struct canvas *canvas); /* all of it */
struct view view_inside(struct view view, int x, int y, int width, int height);

/* Draw text from x, y to the right, clipped. Returns the columns it took (clipped).
 * A length of -1 means up to the NUL. */
int view_text(struct view view, int x, int y, struct style style, const char *bytes,
              ptrdiff_t length);
int view_printf(struct view view, int x, int y, struct style style, const char *format,
                ...) __attribute__((format(printf, 5, 6)));
/* In exactly `width` columns: cut with an ellipsis, padded; right-aligned when asked. */
void view_field(struct view view, int x, int y, int width, struct style style,
                const char *bytes, ptrdiff_t length, bool right);
/* One printable sign of width 1 or 2, already safe (a line, a braille cell). */
void view_sign(struct view view, int x, int y, struct style style, const char *utf8);
void view_fill(struct view view, int x, int y, int width, int height, struct style style);
/* Change how cells look, keep what they say. */
void view_restyle(struct view view, int x, int y, int width, struct style style);
void view_hline(struct view view, int x, int y, int width, struct style style);
void view_vline(struct view view, int x, int y, int height, struct style style);

/* ASCII instead of lines and ellipsis signs, for terminals without UTF-8. */
void canvas_set_ascii(struct canvas *canvas, bool ascii);
bool canvas_is_ascii(const struct canvas *canvas);

/* Where the cursor of the terminal stands; hidden when none is set after a clear. */
void view_set_cursor(struct view view, int x, int y);
bool canvas_cursor(const struct canvas *canvas, int *x, int *y);

/* The screen as lines of text, trailing blanks cut; and one letter a cell for its look.
 */
void canvas_dump(const struct canvas *canvas, struct text *out);
void canvas_dump_styles(const struct canvas *canvas, struct text *out);

#endif
