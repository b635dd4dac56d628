/* draw: one frame: panes with their titles, the lines between them, hints, messages.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

#include <stdarg.h>
#include <string.h>

#include "tui/widget/textview.h"

enum { MESSAGE_ROWS_MOST = 4 };

static struct view view_of(struct screen *screen, struct rectangle place)
{
    return view_inside(canvas_view(screen->canvas), place.x, place.y, place.width,
                       place.height);
}

/* ---- Titles and lines ---- */

/* `── catalog ───── 12 products ──` */
static void draw_title(struct screen *screen, enum place place, struct view line)
{
    struct pane *pane = screen->panes[place];
    bool focused = screen->focus == place && screen->dialog_count == 0;
    struct style border = style_of(focused ? ROLE_BORDER_FOCUS : ROLE_BORDER);
    struct style title = style_of(focused ? ROLE_TITLE_FOCUS : ROLE_TITLE);
    struct text left = {0}, right = {0};
    int width, room = line.width - 6, other;

    if (pane != NULL && pane->kind->title != NULL) {
        pane->kind->title(pane, &left, &right);
    } else {
        text_append(&left, place_names[place]);
    }
    for (int x = 0; x < line.width; x++) {
        view_sign(line, x, 0, border, focused ? "━" : "─");
    }
    width = safetext_width_limited(text_string(&left), left.length, room);
    width = width < room ? width : room;
    view_text(line, 2, 0, title, " ", 1);
    view_field(line, 3, 0, width, title, text_string(&left), -1, false);
    view_text(line, 3 + width, 0, title, " ", 1);
    other = safetext_width(text_string(&right), right.length);
    if (other > 0 && width + other + 10 <= line.width) {
        view_printf(line, line.width - other - 4, 0, style_of(ROLE_DIM), " %s ",
                    text_string(&right));
    }
    text_release(&left);
    text_release(&right);
}

static bool is_line(const struct screen *screen, int x, int y)
{
    const struct canvas_cell *cell = canvas_cell(screen->canvas, x, y);
    enum role role = cell != NULL ? cell->style.role : ROLE_TEXT;

    return cell != NULL && (role == ROLE_BORDER || role == ROLE_BORDER_FOCUS) &&
           (strcmp(cell->bytes, "─") == 0 || strcmp(cell->bytes, "━") == 0 ||
            strcmp(cell->bytes, "-") == 0 || strcmp(cell->bytes, "=") == 0);
}

/* A line between panes, joined to the titles that end at it. */
static void draw_separator(struct screen *screen, const struct separator *one)
{
    static const char *const joints[2][2][2] = {
        {{"│", "├"}, {"┤", "┼"}}, /* in the middle: nothing, right, left, both */
        {{"│", "┌"}, {"┐", "┬"}}, /* at the top */
    };
    struct view all = canvas_view(screen->canvas);

    for (int y = one->y; y < one->y + one->height; y++) {
        bool left = is_line(screen, one->x - 1, y),
             right = is_line(screen, one->x + 1, y);
        bool top = y == one->y;
        view_sign(all, one->x, y, style_of(ROLE_BORDER), joints[top][left][right]);
    }
}

/* ---- Panes ---- */

static void draw_place(struct screen *screen, enum place place)
{
    struct rectangle where = screen->arrangement.places[place];
    struct pane *pane = screen->panes[place];
    struct view view = view_of(screen, where);
    bool focused = screen->focus == place && screen->dialog_count == 0 &&
                   screen->prompt.kind == PROMPT_NONE;

    if (where.height <= 0) {
        return;
    }
    view_fill(view, 0, 0, view.width, view.height, style_of(ROLE_TEXT));
    draw_title(screen, place, view_inside(view, 0, 0, view.width, 1));
    if (pane != NULL) {
        struct view inner = view_inside(view, 0, 1, view.width, view.height - 1);
        pane->width = inner.width;
        pane->height = inner.height;
        pane->kind->draw(pane, inner, focused);
    }
}

/* What the focused pane lays over the others. */
static void draw_over(struct screen *screen)
{
    struct pane *pane = screen->panes[screen->focus];

    if (pane != NULL && pane->kind->draw_over != NULL && screen->dialog_count == 0) {
        pane->kind->draw_over(pane, canvas_view(screen->canvas));
    }
}

static void draw_places(struct screen *screen)
{
    const struct arrangement *arrangement = &screen->arrangement;

    /* The catalog last: as a drawer it lies over the others. */
    for (int place = PLACE_COUNT - 1; place >= 0; place--) {
        draw_place(screen, (enum place)place);
    }
    for (int i = 0; i < arrangement->separator_count; i++) {
        draw_separator(screen, &arrangement->separators[i]);
    }
}

/* ---- The two lines at the bottom ---- */

/* "Enter open  / search": the first word of each hint is a key. */
static int draw_hint(struct view line, int x, const char *hint, size_t length)
{
    size_t key = 0;

    while (key < length && hint[key] != ' ') {
        key++;
    }
    if (x + safetext_width(hint, length) + 1 > line.width) {
        return line.width;
    }
    x += view_text(line, x, 0, style_of(ROLE_KEY), hint, (ptrdiff_t)key);
    x +=
        view_text(line, x, 0, style_of(ROLE_HINT), hint + key, (ptrdiff_t)(length - key));
    return x + 2;
}

static int draw_hint_list(struct view line, int x, const char *hints)
{
    while (*hints != '\0' && x < line.width) {
        const char *end = strstr(hints, "  ");
        size_t length = end != NULL ? (size_t)(end - hints) : strlen(hints);
        x = draw_hint(line, x, hints, length);
        hints += length + strspn(hints + length, " ");
    }
    return x;
}

static void draw_hints(struct screen *screen, struct view line)
{
    struct pane *pane = focused_pane(screen);
    bool takes_text = pane != NULL && pane->kind->takes_text;
    const char *common = screen->dialog_count > 0 ? "Esc close  ? help"
                         : takes_text
                             ? "F1 help  F2 catalog  F4 results  F6 next pane"
                             : "? help  : command  Tab next pane  z zoom  Q quit";
    int x = 1;

    if (pane != NULL && pane->kind->hints != NULL) {
        x = draw_hint_list(line, x, pane->kind->hints);
    }
    draw_hint_list(line, x, common);
}

/* A sentence that does not fit in one line takes more, over what is above it. */
static void draw_message(struct screen *screen, struct view line)
{
    struct view all = canvas_view(screen->canvas);
    struct view inner = view_inside(line, 1, 0, line.width - 2, 1);
    const char *message = text_string(&screen->message);
    int rows = textview_paragraph(inner, screen->message_role, message);

    if (rows > 1) {
        rows = rows < MESSAGE_ROWS_MOST ? rows : MESSAGE_ROWS_MOST;
        all = view_inside(all, 0, line.y - rows + 1, all.width, rows);
        view_fill(all, 0, 0, all.width, rows, style_of(screen->message_role));
        textview_paragraph(view_inside(all, 1, 0, all.width - 2, rows),
                           screen->message_role, message);
    }
}

static void draw_bottom(struct screen *screen)
{
    const struct arrangement *arrangement = &screen->arrangement;
    struct view all = canvas_view(screen->canvas);
    struct view line = view_inside(all, 0, arrangement->command_line, all.width, 1);

    if (arrangement->hint_line >= 0) {
        draw_hints(screen, view_inside(all, 0, arrangement->hint_line, all.width, 1));
    }
    if (screen->prompt.kind != PROMPT_NONE) {
        prompt_draw(screen, line);
    } else if (screen->message.length > 0) {
        draw_message(screen, line);
    }
}

/* ---- The frame ---- */

static void draw_too_small(struct screen *screen)
{
    struct view all = canvas_view(screen->canvas);

    view_printf(all, 0, 0, style_of(ROLE_WARNING), "Mesh Workbench needs %dx%d;",
                ARRANGE_LEAST_WIDTH, ARRANGE_LEAST_HEIGHT);
    view_printf(all, 0, 1, style_of(ROLE_WARNING), "this is %dx%d.", all.width,
                all.height);
    view_text(all, 0, 2, style_of(ROLE_DIM), "Make it larger, or q", -1);
}

void screen_draw(struct screen *screen)
{
    struct view all = canvas_view(screen->canvas);

    canvas_clear(screen->canvas);
    places_arrange(screen);
    if (screen->arrangement.is_too_small) {
        draw_too_small(screen);
    } else {
        status_draw(screen, view_inside(all, 0, 0, all.width, 1));
        draw_places(screen);
        draw_over(screen);
        dialogs_draw(screen);
        draw_bottom(screen);
    }
    if (screen->term != NULL) {
        term_show(screen->term, screen->canvas, screen->theme);
    }
    screen->is_dirty = false;
}

void message_clear(struct screen *screen)
{
    text_clear(&screen->message);
}

void screen_message(struct screen *screen, enum role role, const char *format, ...)
{
    va_list args;

    text_clear(&screen->message);
    va_start(args, format);
    text_vprintf(&screen->message, format, args);
    va_end(args);
    screen->message_role = role;
    screen_dirty(screen);
}
