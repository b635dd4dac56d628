/* descriptor: what panes do with the file of a finding, a product or a column, and how
 * its text is coloured. Private to panes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_DESCRIPTOR_H
#define MWB_TUI_PANES_DESCRIPTOR_H

#include "tui/pane.h"

/* Hand a file of the mesh to the person's editor at a line, then read the mesh again.
 * What cannot be edited (it lies in a commit, on the web) is told. False: it was not. */
bool descriptor_edit(struct pane *pane, const char *path, int line);

enum descriptor_language {
    DESCRIPTOR_PLAIN,
    DESCRIPTOR_YAML,
    DESCRIPTOR_JSON,
    DESCRIPTOR_SQL
};

/* By the suffix of the path. */
enum descriptor_language descriptor_language_of(const char *path);

/* One line, coloured, from its column `left` of the screen on. Each line is looked at by
 * itself: a text of several lines is coloured as if each began anew. */
struct descriptor_line {
    const char *bytes;
    size_t length;
    enum descriptor_language language;
    int left;
};
void descriptor_draw(struct view view, int x, int y, const struct descriptor_line *line);

#endif
