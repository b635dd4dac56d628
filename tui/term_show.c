/* term_show: cells to curses, only those that changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/term_private.h"

#include <string.h>
#include <wchar.h>

#include "tui/utf8.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

static int curses_colour(const struct term *term, int32_t colour)
{
    if (colour < 0) {
        return -1;
    }
    if (colour >= 0x1000000) {
        return (int)(colour & 0xffffff);
    }
    return colour < COLORS || term->colours > 256 ? (int)colour : -1;
}

static short pair_of(struct term *term, struct look look)
{
    int32_t colours[2] = {look.foreground, look.background};

    if (term->colours == 0 || (colours[0] < 0 && colours[1] < 0)) {
        return 0;
    }
    for (int i = 0; i < term->pair_count; i++) {
        if (memcmp(term->pairs[i], colours, sizeof colours) == 0) {
            return (short)(i + 1);
        }
    }
    if (term->pair_count >= TERM_LOOKS_MOST || term->pair_count + 1 >= COLOR_PAIRS ||
        init_extended_pair(term->pair_count + 1, curses_colour(term, colours[0]),
                           curses_colour(term, colours[1])) == ERR) {
        return 0;
    }
    memcpy(term->pairs[term->pair_count++], colours, sizeof colours);
    return (short)term->pair_count;
}

static attr_t attributes_of(unsigned flags)
{
    return ((flags & STYLE_BOLD) != 0 ? A_BOLD : 0) |
           ((flags & STYLE_DIM) != 0 ? A_DIM : 0) |
           ((flags & STYLE_UNDERLINE) != 0 ? A_UNDERLINE : 0) |
           ((flags & STYLE_REVERSE) != 0 ? A_REVERSE : 0) |
           ((flags & STYLE_ITALIC) != 0 ? A_ITALIC : 0);
}

static void learn_theme(struct term *term, const struct theme *theme)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        struct look look = theme_look(theme, (enum role)role);
        term->attributes[role] = attributes_of(look.flags);
        term->role_pairs[role] = pair_of(term, look);
    }
    term->theme = theme;
}

/* A cell's sign as curses takes it: a base character of exactly this width and at most
 * four marks. Where the C library thinks differently about the width, or the sign joins
 * several characters, the base must do, so that columns never move. */
static void wide_of_cell(const struct canvas_cell *cell, wchar_t wide[CCHARW_MAX + 1])
{
    size_t length = strlen(cell->bytes), used;
    int count = 0, code;

    for (size_t at = 0; at < length && count < CCHARW_MAX; at += used) {
        used = utf8_decode(cell->bytes + at, length - at, &code);
        if (used == 0 || code < 32) {
            break;
        }
        if (count == 0 ? wcwidth((wchar_t)code) > 0 : wcwidth((wchar_t)code) == 0) {
            wide[count++] = (wchar_t)code;
        } else if (count == 0) {
            wide[count++] = L'?';
        }
    }
    if (count == 0) {
        wide[count++] = L' ';
    }
    if (count > 0 && wcwidth(wide[0]) > cell->width) {
        wide[0] = L'?';
        count = 1;
    }
    if (wcwidth(wide[0]) < cell->width) {
        count = 1; /* a sign for emoji presentation would widen it on some terminals */
    }
    wide[count] = L'\0';
}

static void show_cell(struct term *term, const struct canvas_cell *cell, int x, int y)
{
    wchar_t wide[CCHARW_MAX + 1];
    enum role role = cell->style.role < ROLE_COUNT ? cell->style.role : ROLE_TEXT;
    attr_t attributes = term->attributes[role] | attributes_of(cell->style.flags);
    cchar_t sign;

    wide_of_cell(cell, wide);
    if (setcchar(&sign, wide, attributes, term->role_pairs[role], NULL) == OK) {
        mvadd_wch(y, x, &sign);
    }
    if (cell->width == 2 && wcwidth(wide[0]) < 2 &&
        setcchar(&sign, L" ", attributes, term->role_pairs[role], NULL) == OK) {
        mvadd_wch(y, x + 1, &sign);
    }
}

static bool cell_is_same(const struct canvas_cell *a, const struct canvas_cell *b)
{
    return a != NULL && b != NULL && a->width == b->width &&
           a->style.role == b->style.role && a->style.flags == b->style.flags &&
           strcmp(a->bytes, b->bytes) == 0;
}

static void show_line(struct term *term, const struct canvas *canvas, int y)
{
    int width = canvas_width(canvas) < COLS ? canvas_width(canvas) : COLS;

    for (int x = 0; x < width; x++) {
        const struct canvas_cell *cell = canvas_cell(canvas, x, y);
        const struct canvas_cell *old =
            term->shown != NULL ? canvas_cell(term->shown, x, y) : NULL;
        if (cell->width > 0 && x + cell->width <= width && !cell_is_same(cell, old)) {
            show_cell(term, cell, x, y);
        }
    }
}

static void show_cursor(const struct canvas *canvas)
{
    int x, y;

    if (canvas_cursor(canvas, &x, &y) && x < COLS && y < LINES) {
        move(y, x);
        curs_set(1);
    } else {
        curs_set(0);
    }
}

static void remember(struct term *term, const struct canvas *canvas)
{
    if (term->shown == NULL) {
        term->shown = canvas_new(canvas_width(canvas), canvas_height(canvas));
    }
    canvas_copy(term->shown, canvas);
}

void term_show(struct term *term, const struct canvas *canvas, const struct theme *theme)
{
    if (term->is_away || term->is_closed) {
        return;
    }
    if (term->theme != theme) {
        learn_theme(term, theme);
        canvas_free(term->shown);
        term->shown = NULL;
    }
    if (term->shown == NULL) {
        erase();
    }
    for (int y = 0; y < canvas_height(canvas) && y < LINES; y++) {
        show_line(term, canvas, y);
    }
    show_cursor(canvas);
    refresh();
    remember(term, canvas);
}

/* A new theme may lie where an old one did: its address tells nothing. */
void term_forget_theme(struct term *term)
{
    term->theme = NULL;
}

void term_redraw(struct term *term)
{
    canvas_free(term->shown);
    term->shown = NULL;
    clearok(curscr, TRUE);
}
