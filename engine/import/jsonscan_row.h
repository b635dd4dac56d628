/* jsonscan_row: one scan; and the objects of a window as rows' cells.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSONSCAN_ROW_H
#define MWB_IMPORT_JSONSCAN_ROW_H

#include "engine/import/jsonscan_members.h"
#include "engine/import/jsonscan_token.h"

struct jsonscan {
    bool lines;
    struct members members;
    const char *at, *end; /* of the window */
    struct jsonscan_window window;
    bool opened; /* the array's bracket was seen */
    uint64_t row;
    uint32_t twice; /* the first node that the row has twice, or the root */
    struct jsonscan_cell *cells, *no_cells; /* of the row; of one without members */
    size_t cells_room;
    bool escaped;     /* a cell of the row is */
    struct text name; /* without escapes */
    long long lone;   /* surrogates alone in names of the row */
    struct jsonscan_fault fault;
};

static inline char scan_sign(const struct jsonscan *scan, const char *at)
{
    return at < scan->end ? *at : '\0';
}

static inline const char *scan_skip_blanks(const struct jsonscan *scan, const char *at)
{
    return token_skip_blanks(at, scan->end, scan->lines);
}

/* An object from its brace to behind its other one: into scan->cells, one for each
 * column, and scan->twice. NULL: see scan->fault. */
const char *jsonscan_object(struct jsonscan *scan, const char *at);
/* Make room for a cell of every column. */
void jsonscan_make_room(struct jsonscan *scan);

#endif
