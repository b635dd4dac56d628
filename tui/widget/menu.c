/* menu: draw choices, move among them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/widget/menu.h"

#include <string.h>

enum { DETAIL_WIDTH_MOST = 32, TEXT_WIDTH_MOST = 48 };

static int width_of(const char *text, int most)
{
    int width = text != NULL ? safetext_width_limited(text, strlen(text), most) : 0;
    return width < most ? width : most;
}

static void measure(const struct menu_item *items, size_t count, int *text, int *detail)
{
    *text = *detail = 0;
    for (size_t i = 0; i < count; i++) {
        int one = width_of(items[i].text, TEXT_WIDTH_MOST);
        int other = width_of(items[i].detail, DETAIL_WIDTH_MOST);
        *text = one > *text ? one : *text;
        *detail = other > *detail ? other : *detail;
    }
}

static void draw_item(struct view line, int text_width, const struct menu_item *item,
                      bool selected)
{
    struct style style = style_of(selected ? ROLE_MENU_SELECTED : ROLE_MENU);
    struct style detail = style;

    detail.flags = selected ? 0 : STYLE_DIM;
    view_fill(line, 0, 0, line.width, 1, style);
    view_field(line, 1, 0, text_width, style, item->text, -1, false);
    if (item->detail != NULL) {
        view_field(line, text_width + 3, 0, line.width - text_width - 4, detail,
                   item->detail, -1, false);
    }
}

void menu_draw(struct menu *menu, struct view view, const struct menu_place *place,
               const struct menu_item *items, size_t count)
{
    int text, detail, width, height, x, y;
    int below = view.height - place->y - 1;
    int most = place->most;

    measure(items, count, &text, &detail);
    list_set_count(&menu->list, (int)count);
    most = most > below && most > place->y ? (below > place->y ? below : place->y) : most;
    height = (int)count < most ? (int)count : most;
    width = text + 2 + (detail > 0 ? detail + 2 : 0) + ((int)count > height ? 1 : 0);
    width = width < view.width ? width : view.width;
    x = place->x + width <= view.width ? place->x : view.width - width;
    y = height <= below ? place->y + 1 : place->y - height;
    list_show(&menu->list, height);
    for (int i = 0; i < height; i++) {
        int index = menu->list.top + i;
        draw_item(view_inside(view, x, y + i, width, 1), text, &items[index],
                  index == menu->list.selected);
    }
    list_draw_bar(view_inside(view, x, y, width, height), menu->list.top, height,
                  (int)count);
}

bool menu_step(struct menu *menu, int direction)
{
    int count = menu->list.count;

    if (count == 0) {
        return false;
    }
    list_select(&menu->list, (menu->list.selected + direction + count) % count);
    return true;
}
