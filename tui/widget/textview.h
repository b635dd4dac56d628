/* textview: pages of text with roles, wrapped at words, scrolled and searched.
 *
 * Lines are added whole; a field is a label in a column of its own with its value wrapped
 * beside it. Wrapping happens when it is drawn and again when the width changes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_WIDGET_TEXTVIEW_H
#define MWB_TUI_WIDGET_TEXTVIEW_H

#include <stdbool.h>

#include "tui/canvas.h"

struct textview;

struct textview *textview_new(void);
void textview_free(struct textview *text);
void textview_clear(struct textview *text); /* also back to the top */

/* A new line in this role; NULL is an empty one. Lines of a longer text: one a line. */
void textview_line(struct textview *text, enum role role, const char *bytes);
void textview_lines(struct textview *text, enum role role, const char *bytes);
/* More of the last line, in another role. */
void textview_more(struct textview *text, enum role role, const char *bytes);
/* Columns that wrapped rows of the last line are moved to the right. */
void textview_hang(struct textview *text, int columns);
/* "label   value": the value starts at `column` and hangs there. The label is a
 * ROLE_LABEL; textview_pair() takes another look for it, the value is plain text. */
void textview_field(struct textview *text, int column, const char *label, enum role role,
                    const char *value);
void textview_pair(struct textview *text, int column, enum role role, const char *label,
                   const char *value);

void textview_draw(struct textview *text, struct view view);
/* Rows at this width. */
int textview_rows(struct textview *text, int width);
/* As list_act(): scrolls. */
bool textview_act(struct textview *text, const char *action);

/* Mark what contains these bytes (ASCII case folded) and go to the first at or after the
 * top row; "" marks nothing. False: not found. */
bool textview_search(struct textview *text, const char *bytes);
bool textview_search_next(struct textview *text, int direction);
const char *textview_searched(const struct textview *text); /* "" when nothing is */

/* Words wrapped into a view at once; returns the rows they take at this width, also when
 * the view is lower. */
int textview_paragraph(struct view view, enum role role, const char *bytes);

#endif
