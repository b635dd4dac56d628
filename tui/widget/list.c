/* list: moving in lines. What a line says is the owner's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/widget/list.h"

struct step_row {
    const char *action;
    int lines;     /* this many */
    int numerator; /* or so many halves of a page */
};

static const struct step_row steps[] = {
    {"up", -1, 0},      {"down", 1, 0},      {"page-up", 0, -2}, {"page-down", 0, 2},
    {"half-up", 0, -1}, {"half-down", 0, 1}, {NULL, 0, 0},
};

static int clamp(int value, int least, int most)
{
    return value > most ? most : value < least ? least : value;
}

bool list_step(const char *action, int position, int count, int height, int *to)
{
    int last = count > 0 ? count - 1 : 0;
    int page = height > 2 ? height - 1 : 1;

    if (string_equal(action, "top") || string_equal(action, "bottom")) {
        *to = string_equal(action, "top") ? 0 : last;
        return true;
    }
    for (const struct step_row *row = steps; row->action != NULL; row++) {
        if (string_equal(row->action, action)) {
            *to = clamp(position + row->lines + row->numerator * page / 2, 0, last);
            return true;
        }
    }
    return false;
}

void list_select(struct list *list, int index)
{
    list->selected = clamp(index, 0, list->count > 0 ? list->count - 1 : 0);
}

void list_set_count(struct list *list, int count)
{
    list->count = count;
    list_select(list, list->selected);
}

void list_show(struct list *list, int height)
{
    list->height = height > 0 ? height : 1;
    if (list->selected < list->top) {
        list->top = list->selected;
    }
    if (list->selected >= list->top + list->height) {
        list->top = list->selected - list->height + 1;
    }
    list->top = clamp(list->top, 0, clamp(list->count - list->height, 0, list->count));
}

bool list_act(struct list *list, const char *action)
{
    int to;

    if (!list_step(action, list->selected, list->count, list->height, &to)) {
        return false;
    }
    list_select(list, to);
    return true;
}

void list_draw_bar(struct view view, int top, int height, int count)
{
    int length, start;

    if (count <= height || height < 2) {
        return;
    }
    length = clamp(height * height / count, 1, height - 1);
    start = (int)((long long)(height - length) * top / (count - height));
    for (int i = start; i < start + length; i++) {
        view_sign(view, view.width - 1, i, style_of(ROLE_BORDER), "▐");
    }
}
