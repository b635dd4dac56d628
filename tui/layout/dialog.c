/* dialog: panes that lie over the layout, the last one on top.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

enum { DIALOG_WIDTH_MOST = 100, DIALOG_MARGIN = 2 };

bool dialog_is_open(const struct screen *screen, const char *kind)
{
    for (int i = 0; i < screen->dialog_count; i++) {
        if (string_equal(screen->dialogs[i]->kind->name, kind)) {
            return true;
        }
    }
    return false;
}

static void remove_dialog(struct screen *screen, int index)
{
    struct pane *pane = screen->dialogs[index];

    screen->dialog_count--;
    for (int i = index; i < screen->dialog_count; i++) {
        screen->dialogs[i] = screen->dialogs[i + 1];
    }
    prompt_forget(screen, pane);
    pane_free(pane);
    screen_dirty(screen);
}

void screen_open_dialog(struct screen *screen, const char *name, const char *argument)
{
    const struct pane_kind *kind = pane_kind_named(name);

    if (kind == NULL) {
        return;
    }
    for (int i = screen->dialog_count; i-- > 0;) {
        if (screen->dialogs[i]->kind == kind) {
            remove_dialog(screen, i);
        }
    }
    if (screen->dialog_count == DIALOG_MOST) {
        remove_dialog(screen, 0);
    }
    screen->dialogs[screen->dialog_count] =
        pane_new(screen, screen->workbench, kind, argument);
    screen->dialog_count++;
    screen_dirty(screen);
}

void screen_close_dialog(struct screen *screen)
{
    if (screen->dialog_count > 0) {
        remove_dialog(screen, screen->dialog_count - 1);
    }
}

void screen_close_pane(struct screen *screen, struct pane *pane)
{
    for (int i = screen->dialog_count; i-- > 0;) {
        if (screen->dialogs[i] == pane) {
            remove_dialog(screen, i);
        }
    }
}

/* Where it lies: as high as it wants, in the middle of the body. */
static struct view place_dialog(struct screen *screen, struct pane *pane)
{
    struct view all = canvas_view(screen->canvas);
    struct rectangle body = screen->arrangement.body;
    int width = body.width - 2 * DIALOG_MARGIN;
    int height = body.height;

    if (pane->kind->is_full) {
        return view_inside(all, body.x, body.y, body.width, body.height);
    }
    width = width > DIALOG_WIDTH_MOST ? DIALOG_WIDTH_MOST : width;
    if (pane->kind->wanted_height != NULL) {
        int wanted = pane->kind->wanted_height(pane, width - 4, height - 2) + 2;
        height = wanted < height ? wanted : height;
    }
    return view_inside(all, body.x + (body.width - width) / 2,
                       body.y + (body.height - height) / 2, width, height);
}

static void draw_box(struct view box, struct style style)
{
    int right = box.width - 1, bottom = box.height - 1;

    view_fill(box, 0, 0, box.width, box.height, style_of(ROLE_TEXT));
    view_hline(box, 1, 0, right - 1, style);
    view_hline(box, 1, bottom, right - 1, style);
    view_vline(box, 0, 1, bottom - 1, style);
    view_vline(box, right, 1, bottom - 1, style);
    view_sign(box, 0, 0, style, "┌");
    view_sign(box, right, 0, style, "┐");
    view_sign(box, 0, bottom, style, "└");
    view_sign(box, right, bottom, style, "┘");
}

static void draw_title(struct pane *pane, struct view box)
{
    struct text left = {0}, right = {0};
    int used, width;

    if (pane->kind->title != NULL) {
        pane->kind->title(pane, &left, &right);
    }
    width = safetext_width(text_string(&left), left.length);
    width = width < box.width - 6 ? width : box.width - 6;
    view_text(box, 2, 0, style_of(ROLE_TITLE_FOCUS), " ", 1);
    view_field(box, 3, 0, width, style_of(ROLE_TITLE_FOCUS), text_string(&left), -1,
               false);
    view_text(box, 3 + width, 0, style_of(ROLE_TITLE_FOCUS), " ", 1);
    used = safetext_width(text_string(&right), right.length);
    if (used > 0 && used + width + 10 < box.width) {
        view_printf(box, box.width - used - 4, 0, style_of(ROLE_TITLE), " %s ",
                    text_string(&right));
    }
    text_release(&left);
    text_release(&right);
}

void dialogs_draw(struct screen *screen)
{
    for (int i = 0; i < screen->dialog_count; i++) {
        struct pane *pane = screen->dialogs[i];
        bool on_top = i == screen->dialog_count - 1;
        struct view box = place_dialog(screen, pane);
        struct view inner = view_inside(box, 2, 1, box.width - 4, box.height - 2);
        draw_box(box, style_of(on_top ? ROLE_BORDER_FOCUS : ROLE_BORDER));
        draw_title(pane, box);
        pane->width = inner.width;
        pane->height = inner.height;
        pane->kind->draw(pane, inner, on_top && screen->prompt.kind == PROMPT_NONE);
    }
}
