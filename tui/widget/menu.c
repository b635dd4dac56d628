/* menu: draw choices, move among them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/widget/menu.h"

#include <string.h>

#include "engine/complete.h"
#include "engine/text.h"
#include "tui/widget/textview.h"

enum {
    DETAIL_WIDTH_MOST = 48,
    TEXT_WIDTH_MOST = 48,
    ABOUT_WIDTH_LEAST = 40, /* of the lines about the selected one */
    ABOUT_ROWS_MOST = 3,
};

/* Where everything stands. */
struct plan {
    int x, y, width, rows; /* of the choices */
    int text, detail;      /* widths */
    int about;             /* rows about the selected one, below them */
};

static int width_of(const char *text, size_t length, int most)
{
    int width = text != NULL ? safetext_width_limited(text, length, most) : 0;
    return width < most ? width : most;
}

/* What stands before the tab. */
static size_t detail_length(const char *detail)
{
    return detail != NULL ? strcspn(detail, "\t") : 0;
}

static void measure(const struct menu_item *items, size_t count, struct plan *plan)
{
    plan->text = plan->detail = 0;
    for (size_t i = 0; i < count; i++) {
        const struct menu_item *item = &items[i];
        int one = width_of(item->text, strlen(item->text), TEXT_WIDTH_MOST);
        int other =
            width_of(item->detail, detail_length(item->detail), DETAIL_WIDTH_MOST);
        plan->text = one > plan->text ? one : plan->text;
        plan->detail = other > plan->detail ? other : plan->detail;
    }
}

/* ---- About the selected one ---- */

/* All that is said of it: the choice itself, its detail and sentence, as far as the row
 * does not show them. */
static void append_about(struct text *out, const struct menu_item *item,
                         const struct plan *plan)
{
    size_t length = detail_length(item->detail);
    int room = plan->width - plan->text - 4;
    bool is_cut = width_of(item->text, strlen(item->text), 1000) > plan->text;
    if (is_cut) {
        text_printf(out, "%s: ", item->text);
    }
    if (is_cut || width_of(item->detail, length, 1000) > room) {
        text_append_bytes(out, item->detail != NULL ? item->detail : "", length);
    }
    if (item->detail != NULL && item->detail[length] == '\t') {
        text_printf(out, "%s%s", out->length > 0 ? ". " : "", item->detail + length + 1);
    }
}

static int draw_about(struct view view, const char *words)
{
    struct view inner = view_inside(view, 1, 0, view.width - 2, view.height);
    view_fill(view, 0, 0, view.width, view.height, style_of(ROLE_MENU));
    return textview_paragraph(inner, ROLE_MENU, words);
}

/* ---- Choices ---- */

/* Letters that were typed are marked, where the words are of one byte a cell. */
static void mark_letters(struct view line, const struct menu_item *item, const char *word,
                         int width, struct style style)
{
    uint64_t matches = 0;
    if (word == NULL || *word == '\0' ||
        complete_match(word, item->text, &matches) == COMPLETE_NOT) {
        return;
    }
    for (int i = 0; i < width && item->text[i] > ' ' && item->text[i] < 127; i++) {
        if ((matches >> i & 1) != 0 && i < 64) {
            view_text(line, 1 + i, 0, style, item->text + i, 1);
        }
    }
}

static void draw_item(struct view line, const struct plan *plan,
                      const struct menu_item *item, const char *word, bool selected)
{
    struct style style = style_of(selected ? ROLE_MENU_SELECTED : ROLE_MENU);
    struct style detail = style, letters = style;
    int size = width_of(item->text, strlen(item->text), 1000);

    detail.flags = selected ? 0 : STYLE_DIM;
    letters.flags |= STYLE_BOLD | STYLE_UNDERLINE;
    view_fill(line, 0, 0, line.width, 1, style);
    view_field(line, 1, 0, plan->text, style, item->text, -1, false);
    mark_letters(line, item, word, size < plan->text ? size : plan->text - 1, letters);
    if (item->detail != NULL) {
        view_field(line, plan->text + 3, 0, line.width - plan->text - 4, detail,
                   item->detail, (ptrdiff_t)detail_length(item->detail), false);
    }
}

/* ---- Places ---- */

static int least(int a, int b)
{
    return a < b ? a : b;
}

static void plan_width(struct view view, const struct menu_place *place, int count,
                       struct plan *plan)
{
    int width = plan->text + 2 + (plan->detail > 0 ? plan->detail + 2 : 0) +
                (count > place->most ? 1 : 0);
    plan->width = least(width, view.width);
    plan->text = least(plan->text, plan->width - 2);
}

/* Below the line, or above where there is more room. */
static void plan_rows(struct view view, const struct menu_place *place, int count,
                      struct plan *plan)
{
    int below = view.height - place->y - 1;
    int wanted = least(count, place->most) + plan->about;
    bool above = wanted > below && place->y > below;
    int room = above ? place->y : below;
    plan->about = plan->about < room ? plan->about : 0;
    plan->rows = least(least(count, place->most), room - plan->about);
    plan->y = above ? place->y - plan->rows - plan->about : place->y + 1;
    plan->x = place->x + plan->width <= view.width ? place->x : view.width - plan->width;
}

void menu_draw(struct menu *menu, struct view view, const struct menu_place *place,
               const struct menu_item *items, size_t count)
{
    struct plan plan = {0};
    struct text about = {0};
    list_set_count(&menu->list, (int)count);
    if (count == 0) {
        return;
    }
    measure(items, count, &plan);
    plan_width(view, place, (int)count, &plan);
    append_about(&about, &items[menu->list.selected], &plan);
    if (about.length > 0) {
        int wide = plan.width > ABOUT_WIDTH_LEAST ? plan.width : ABOUT_WIDTH_LEAST;
        plan.width = least(wide, view.width);
        plan.about =
            least(draw_about(view_inside(view, 0, 0, plan.width, 0), text_string(&about)),
                  ABOUT_ROWS_MOST);
    }
    plan_rows(view, place, (int)count, &plan);
    list_show(&menu->list, plan.rows);
    for (int i = 0; i < plan.rows; i++) {
        int index = menu->list.top + i;
        draw_item(view_inside(view, plan.x, plan.y + i, plan.width, 1), &plan,
                  &items[index], place->word, index == menu->list.selected);
    }
    list_draw_bar(view_inside(view, plan.x, plan.y, plan.width, plan.rows),
                  menu->list.top, plan.rows, (int)count);
    draw_about(view_inside(view, plan.x, plan.y + plan.rows, plan.width, plan.about),
               text_string(&about));
    text_release(&about);
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
