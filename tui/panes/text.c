/* text: a page of text that a verb answered with. The first line of the argument is its
 * title.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tui/panes/page.h"

static void *open_text(struct screen *screen, const char *argument)
{
    struct page *page = memory_new(sizeof *page);
    const char *text = argument != NULL ? argument : "";
    size_t length = strcspn(text, "\n");
    char *title = string_copy_bytes(text, length);

    (void)screen;
    page_init(page, title);
    textview_lines(page->text, ROLE_TEXT, text + length + (text[length] == '\n' ? 1 : 0));
    free(title);
    return page;
}

static void close_text(struct pane *pane)
{
    page_release(pane->state);
    free(pane->state);
}

const struct pane_kind pane_kind_text = {
    .name = "text",
    .hints = "/ search  n next  Space page",
    .is_dialog = true,
    .open = open_text,
    .close = close_text,
    .title = page_title,
    .draw = page_draw,
    .action = page_action,
    .mouse = page_mouse,
    .wanted_height = page_wanted_height,
};
