/* arrange: every layout at every size: nothing overlaps, nothing is left out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/tap.h"
#include "tui/layout/arrange.h"

enum { MOST = 260 };

static char cells[MOST][MOST];

/* Mark a rectangle; false when it leaves the body or lies on another. */
static bool mark(const struct arrangement *one, struct rectangle where, char sign)
{
    struct rectangle body = one->body;

    if (where.x < 0 || where.y < body.y || where.x + where.width > body.width ||
        where.y + where.height > body.y + body.height) {
        return false;
    }
    for (int y = where.y; y < where.y + where.height; y++) {
        for (int x = where.x; x < where.x + where.width; x++) {
            if (cells[y][x] != 0) {
                return false;
            }
            cells[y][x] = sign;
        }
    }
    return true;
}

static bool covers_body(const struct arrangement *one)
{
    bool fine = true;

    memset(cells, 0, sizeof cells);
    for (int i = 0; i < PLACE_COUNT && fine; i++) {
        struct rectangle place = one->places[i];
        bool usable = place.height >= 2 && place.width >= 17;
        fine = place.height == 0 || (usable && mark(one, place, (char)('a' + i)));
    }
    for (int i = 0; i < one->separator_count && fine; i++) {
        struct separator line = one->separators[i];
        fine = mark(one, (struct rectangle){line.x, line.y, 1, line.height}, '|');
    }
    for (int y = one->body.y; y < one->body.y + one->body.height; y++) {
        fine = fine && memchr(cells[y], 0, (size_t)one->body.width) == NULL;
    }
    return fine;
}

static bool all_choices_cover(int width, int height)
{
    for (int choice = 0; choice < 8 * PLACE_COUNT * 4; choice++) {
        struct arrange_spec spec = {
            .width = width,
            .height = height,
            .zoom = (choice & 1) != 0,
            .drawer = (choice & 2) != 0,
            .hints = (choice & 4) != 0,
            .focus = (enum place)(choice / 8 % PLACE_COUNT),
            .results = choice / 8 % 2 == 0 ? PLACE_GRID : PLACE_CHART,
            .asked = (enum arrangement_kind)(choice / 8 / PLACE_COUNT),
            .sql_rows = choice % 40,
        };
        struct arrangement one;
        arrange(&spec, &one);
        if (!covers_body(&one)) {
            printf("# %dx%d choice %d\n", width, height, choice);
            return false;
        }
    }
    return true;
}

static void test_every_size(void)
{
    bool fine = true;

    for (int height = 16; height < 75 && fine; height++) {
        for (int width = 60; width < 240 && fine; width += width < 130 ? 1 : 7) {
            fine = all_choices_cover(width, height);
        }
    }
    ok(fine, "panes and lines cover the body without overlapping, at every size");
}

static enum arrangement_kind kind_at(int width, int height)
{
    struct arrange_spec spec = {.width = width, .height = height, .results = PLACE_GRID};
    struct arrangement one;

    arrange(&spec, &one);
    return one.is_too_small ? ARRANGE_AUTO : one.kind;
}

static void test_kinds(void)
{
    is_int(kind_at(59, 24), ARRANGE_AUTO, "59 columns are too few");
    is_int(kind_at(80, 15), ARRANGE_AUTO, "15 lines are too few");
    is_int(kind_at(60, 16), ARRANGE_STACK, "60x16 is enough for a stack");
    is_int(kind_at(119, 60), ARRANGE_STACK, "119 columns are a stack");
    is_int(kind_at(120, 24), ARRANGE_COLUMNS, "120x24 has columns");
    is_int(kind_at(160, 39), ARRANGE_COLUMNS, "160x39 still");
    is_int(kind_at(160, 40), ARRANGE_WIDE, "160x40 shows all");
}

static void test_height_is_spent_well(void)
{
    struct arrange_spec spec = {.width = 80,
                                .height = 16,
                                .hints = true,
                                .focus = PLACE_GRID,
                                .results = PLACE_GRID,
                                .sql_rows = 9};
    struct arrangement one;

    arrange(&spec, &one);
    is_int(one.hint_line, -1, "hints go first when lines are few");
    is_int(one.places[PLACE_SQL].height, 2, "then the editor is one line");
    spec.height = 24;
    arrange(&spec, &one);
    is_int(one.hint_line, 22, "at 24 lines there are hints");
    is_int(one.places[PLACE_SQL].height, 7, "and six lines of SQL");
    spec.focus = PLACE_SQL;
    spec.sql_rows = 30;
    arrange(&spec, &one);
    is_int(one.places[PLACE_SQL].height, 11, "half the screen while one types");
    spec.asked = ARRANGE_WIDE;
    arrange(&spec, &one);
    is_int(one.kind, ARRANGE_STACK, "a layout that does not fit is not forced");
    spec.width = 100;
    spec.asked = ARRANGE_COLUMNS;
    arrange(&spec, &one);
    is_int(one.kind, ARRANGE_COLUMNS, "one that fits is, when asked for");
}

int main(void)
{
    test_every_size();
    test_kinds();
    test_height_is_spent_well();
    return tap_done();
}
