/* theme: roles instead of colours, and the files that colour them.
 *
 * Code draws in roles; a theme file (`role = foreground background attributes`, one a
 * line,
 * `#` starts a comment) says how a role looks at 16, 256 and true colours:
 *     grid.header = #87afd7/110/cyan default bold
 * A colour is `default`, a name of the 16, a number of the 256, #rrggbb, or alternatives
 * separated by `/` of which the first that the terminal can show is used. Attributes:
 * bold dim underline reverse italic. A role that a file leaves out looks like its parent
 * (`grid.header` -> `grid` -> `text`). NO_COLOR keeps attributes only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_THEME_H
#define MWB_TUI_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/error.h"
#include "engine/text.h"

enum role {
    ROLE_TEXT,
    ROLE_DIM,   /* less important: hints, types */
    ROLE_TITLE, /* pane titles */
    ROLE_TITLE_FOCUS,
    ROLE_BORDER,
    ROLE_BORDER_FOCUS,
    ROLE_STATUS,  /* the status line */
    ROLE_HINT,    /* the hint line */
    ROLE_KEY,     /* a key name in hints and help */
    ROLE_MESSAGE, /* a message that is good news */
    ROLE_WARNING,
    ROLE_ERROR,
    ROLE_SELECTED,      /* the line or cell of the cursor in the focused pane */
    ROLE_SELECTED_AWAY, /* the same when the focus is elsewhere */
    ROLE_MATCH,         /* what a search found */
    ROLE_HEADER,        /* grid column names */
    ROLE_HEADER_TYPE,
    ROLE_NULL,
    ROLE_NUMBER,
    ROLE_ESCAPED, /* signs that stand for control characters */
    ROLE_DOMAIN,  /* catalog tree */
    ROLE_PRODUCT,
    ROLE_TABLE,
    ROLE_COLUMN,
    ROLE_PRIVATE, /* a personal or confidential column */
    ROLE_LABEL,   /* card labels */
    ROLE_SQL_KEYWORD,
    ROLE_SQL_NAME,
    ROLE_SQL_STRING,
    ROLE_SQL_NUMBER,
    ROLE_SQL_COMMENT,
    ROLE_SQL_PARAMETER,
    ROLE_SQL_OPERATOR,
    ROLE_SQL_BROKEN,
    ROLE_MENU,
    ROLE_MENU_SELECTED,
    ROLE_AXIS,
    ROLE_SERIES_1, /* .. ROLE_SERIES_7 follow */
    ROLE_SERIES_7 = ROLE_SERIES_1 + 6,
    ROLE_COUNT
};

enum style_flag {
    STYLE_BOLD = 1,
    STYLE_DIM = 2,
    STYLE_UNDERLINE = 4,
    STYLE_REVERSE = 8,
    STYLE_ITALIC = 16
};

/* How a cell is to look: a role and flags added to the role's own. */
struct style {
    unsigned char role, flags;
};

static inline struct style style_of(enum role role)
{
    return (struct style){(unsigned char)role, 0};
}

/* A resolved look: colours as 0xRRGGBB, a palette index, or -1 for the terminal's own. */
struct look {
    int32_t foreground, background; /* -1 default; 0..255 palette; 0x1000000|rgb */
    unsigned char flags;
};

struct theme;

/* Built-in default first, then the named theme: a file of the user's themes folder, of
 * the package's, or a path. `colours` is 0 (none), 8, 16, 256 or 1<<24. */
struct theme *theme_load(const char *name, int colours, struct error *err);
void theme_free(struct theme *theme);
struct look theme_look(const struct theme *theme, enum role role);
const char *theme_name(const struct theme *theme);
const char *role_name(enum role role); /* "grid.header" */
bool role_of_name(const char *name, enum role *role);
void theme_list(struct text *names); /* available themes, one a line */

#endif
