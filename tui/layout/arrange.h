/* arrange: where everything stands, from sizes alone. Private to layout.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_LAYOUT_ARRANGE_H
#define MWB_TUI_LAYOUT_ARRANGE_H

#include <stdbool.h>

/* In the order of Tab. */
enum place {
    PLACE_CATALOG,
    PLACE_CARD,
    PLACE_SQL,
    PLACE_GRID,
    PLACE_CHART,
    PLACE_JOBS,
    PLACE_COUNT
};

enum arrangement_kind {
    ARRANGE_AUTO,
    ARRANGE_STACK,   /* A: editor above results, the catalog a drawer */
    ARRANGE_COLUMNS, /* B: catalog beside editor above results */
    ARRANGE_WIDE,    /* D: catalog over card, editor over grid beside chart over jobs */
};

enum {
    ARRANGE_LEAST_WIDTH = 60,
    ARRANGE_LEAST_HEIGHT = 16,
    SEPARATORS_MOST = 3,
};

struct arrange_spec {
    int width, height;
    enum arrangement_kind asked;
    enum place focus;
    enum place results; /* PLACE_GRID or PLACE_CHART, where one of them is seen */
    bool wide_catalog;  /* the catalog is focused and wants the whole width */
    bool zoom, drawer, hints;
    int sql_rows; /* that the editor would like */
};

/* A pane's part of the screen: its title line and what is below. Height 0: not seen. */
struct rectangle {
    int x, y, width, height;
};

struct separator {
    int x, y, height;
};

struct arrangement {
    enum arrangement_kind kind;
    bool is_too_small;
    bool is_drawer_open;
    struct rectangle body; /* between status line and hints */
    struct rectangle places[PLACE_COUNT];
    struct separator separators[SEPARATORS_MOST];
    int separator_count;
    int hint_line; /* -1: none */
    int command_line;
};

void arrange(const struct arrange_spec *spec, struct arrangement *out);

#endif
