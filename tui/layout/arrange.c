/* arrange: the layouts A, B and D as arithmetic. Knows no pane and draws nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/arrange.h"

static int clamp(int value, int least, int most)
{
    return value > most ? most : value < least ? least : value;
}

static struct rectangle rectangle(int x, int y, int width, int height)
{
    return (struct rectangle){x, y, width, height};
}

static enum arrangement_kind choose_kind(const struct arrange_spec *spec)
{
    bool columns = spec->width >= 90 && spec->height >= 20;
    bool wide = spec->width >= 140 && spec->height >= 32;

    switch (spec->asked) {
    case ARRANGE_STACK:
        return ARRANGE_STACK;
    case ARRANGE_COLUMNS:
        return columns ? ARRANGE_COLUMNS : ARRANGE_STACK;
    case ARRANGE_WIDE:
        return wide ? ARRANGE_WIDE : columns ? ARRANGE_COLUMNS : ARRANGE_STACK;
    case ARRANGE_AUTO:
        break;
    }
    if (spec->width >= 160 && spec->height >= 40) {
        return ARRANGE_WIDE;
    }
    return spec->width >= 120 && spec->height >= 24 ? ARRANGE_COLUMNS : ARRANGE_STACK;
}

static void separate(struct arrangement *out, int x, int y, int height)
{
    out->separators[out->separator_count++] = (struct separator){x, y, height};
}

/* Rows of the editor with its title: what its text needs, more of them while one types.
 */
static int sql_height(const struct arrange_spec *spec, int room, int least, int most)
{
    bool is_focused = spec->focus == PLACE_SQL;
    int half = room / 2;

    if (!is_focused && spec->height < 18) {
        return 2;
    }
    return 1 + clamp(spec->sql_rows, least, is_focused && half > most ? half : most);
}

/* The drawer takes its columns from the others, so that they can still be read. */
static void arrange_stack(const struct arrange_spec *spec, struct arrangement *out)
{
    struct rectangle body = out->body;
    int height = sql_height(spec, body.height, 2, 6);
    int drawer = clamp(body.width / 2, 32, 46);
    int x = spec->drawer ? drawer + 1 : 0, width = body.width - x;

    out->places[PLACE_SQL] = rectangle(x, body.y, width, height);
    out->places[spec->results] =
        rectangle(x, body.y + height, width, body.height - height);
    if (spec->drawer) {
        out->is_drawer_open = true;
        out->places[PLACE_CATALOG] = rectangle(0, body.y, drawer, body.height);
        separate(out, drawer, body.y, body.height);
    }
}

static void arrange_columns(const struct arrange_spec *spec, struct arrangement *out)
{
    struct rectangle body = out->body;
    int left = clamp(body.width * 3 / 10, 28, 42);
    int height = sql_height(spec, body.height, 4, 8);
    int x = left + 1, width = body.width - left - 1;

    out->places[PLACE_CATALOG] = rectangle(0, body.y, left, body.height);
    out->places[PLACE_SQL] = rectangle(x, body.y, width, height);
    out->places[spec->results] =
        rectangle(x, body.y + height, width, body.height - height);
    separate(out, left, body.y, body.height);
}

static void arrange_wide(const struct arrange_spec *spec, struct arrangement *out)
{
    struct rectangle body = out->body;
    int left = clamp(body.width / 5, 36, 46);
    int catalog = body.height * 11 / 20;
    int height = sql_height(spec, body.height, 8, 14);
    int x = left + 1, width = body.width - left - 1;
    int y = body.y + height, below = body.height - height;
    int chart = clamp(width * 2 / 5, 40, 80);
    int jobs = clamp(below / 4, 4, 8);
    int chart_x = x + width - chart;

    out->places[PLACE_CATALOG] = rectangle(0, body.y, left, catalog);
    out->places[PLACE_CARD] = rectangle(0, body.y + catalog, left, body.height - catalog);
    out->places[PLACE_SQL] = rectangle(x, body.y, width, height);
    out->places[PLACE_GRID] = rectangle(x, y, width - chart - 1, below);
    out->places[PLACE_CHART] = rectangle(chart_x, y, chart, below - jobs);
    out->places[PLACE_JOBS] = rectangle(chart_x, y + below - jobs, chart, jobs);
    separate(out, left, body.y, body.height);
    separate(out, chart_x - 1, y, below);
}

/* A list of products takes the width; where there is room the card stands beside it. */
static void arrange_list(struct arrangement *out)
{
    enum { CARD_WIDTH = 64, LIST_LEAST = 100 };
    struct rectangle body = out->body;
    int width = body.width;

    if (width >= LIST_LEAST + CARD_WIDTH && out->kind == ARRANGE_WIDE) {
        width -= CARD_WIDTH + 1;
        out->places[PLACE_CARD] = rectangle(width + 1, body.y, CARD_WIDTH, body.height);
        separate(out, width, body.y, body.height);
    }
    out->places[PLACE_CATALOG] = rectangle(0, body.y, width, body.height);
}

void arrange(const struct arrange_spec *spec, struct arrangement *out)
{
    bool has_hints = spec->hints && spec->height >= 18;

    *out = (struct arrangement){.hint_line = -1, .command_line = spec->height - 1};
    out->is_too_small =
        spec->width < ARRANGE_LEAST_WIDTH || spec->height < ARRANGE_LEAST_HEIGHT;
    if (out->is_too_small) {
        return;
    }
    out->hint_line = has_hints ? spec->height - 2 : -1;
    out->body = rectangle(0, 1, spec->width, spec->height - (has_hints ? 3 : 2));
    out->kind = choose_kind(spec);
    if (spec->zoom) {
        out->places[spec->focus] = out->body;
    } else if (spec->wide_catalog) {
        arrange_list(out);
    } else if (out->kind == ARRANGE_WIDE) {
        arrange_wide(spec, out);
    } else if (out->kind == ARRANGE_COLUMNS) {
        arrange_columns(spec, out);
    } else {
        arrange_stack(spec, out);
    }
}
