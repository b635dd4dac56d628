/* term_signs: signs that terminals disagree about: emoji, joined and marked ones, scripts
 * of late years. One that takes a column more or less than was thought would move all
 * that follows in its line. So curses only hears of blanks there; the sign itself is put
 * at its place afterwards, and the cell behind it is drawn once more at its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/term_private.h"

#include <string.h>

#include "engine/text.h"
#include "tui/utf8.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

/* Letters, lines, blocks and ideographs that have had one width since Unicode 1.1
 * (or 3.0: Hangul, ideographs of extension A, braille), and nobody else's: all other
 * signs have been marks or emoji for somebody, or came later. */
static bool is_well_known(int code)
{
    static const int ranges[][2] = {
        {0x00A1, 0x00AC}, {0x00AE, 0x02FF}, {0x0370, 0x0377}, {0x037E, 0x0482},
        {0x048A, 0x052F}, {0x0531, 0x0556}, {0x0561, 0x0587}, {0x05D0, 0x05EA},
        {0x0621, 0x064A}, {0x0660, 0x066F}, {0x0671, 0x06D3}, {0x0905, 0x0939},
        {0x0E01, 0x0E30}, {0x0E40, 0x0E46}, {0x10D0, 0x10F6}, {0x1E00, 0x1FFC},
        {0x2010, 0x2027}, {0x2030, 0x205E}, {0x2070, 0x20BF}, {0x2150, 0x22FF},
        {0x2500, 0x25FC}, {0x2713, 0x2713}, {0x2717, 0x2717}, {0x2800, 0x28FF},
        {0x3001, 0x3029}, {0x3041, 0x3096}, {0x30A1, 0x30FF}, {0x3400, 0x4DB5},
        {0x4E00, 0x9FA5}, {0xAC00, 0xD7A3}, {0xFF01, 0xFF60}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (code >= ranges[i][0] && code <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

bool term_is_doubtful(const struct canvas_cell *cell)
{
    int code;
    if (cell->width == 0 || (cell->bytes[0] & 0x80) == 0) {
        return cell->width > 0 && cell->bytes[0] != '\0' && cell->bytes[1] != '\0';
    }
    size_t length = strlen(cell->bytes);
    size_t used = utf8_decode(cell->bytes, length, &code);
    return used != length || !is_well_known(code) ||
           wcwidth((wchar_t)code) != cell->width;
}

static bool has_doubtful(const struct canvas *canvas, int y)
{
    for (int x = 0; x < canvas_width(canvas); x++) {
        if (term_is_doubtful(canvas_cell(canvas, x, y))) {
            return true;
        }
    }
    return false;
}

bool term_has_doubtful(const struct canvas *canvas)
{
    for (int y = 0; canvas != NULL && y < canvas_height(canvas); y++) {
        if (has_doubtful(canvas, y)) {
            return true;
        }
    }
    return false;
}

/* ---- Past curses: sequences of our own, in one piece ---- */

/* What is written, and the look that the terminal writes in. */
struct pen {
    const struct term *term;
    const struct canvas *canvas;
    struct text out;
    struct style style;
    bool has_style;
};

static void put_capability(struct pen *pen, const char *name)
{
    const char *sequence = term_capability(name);
    text_append(&pen->out, sequence != NULL ? sequence : "");
}

static void put_number(struct pen *pen, const char *name, int number)
{
    char *format = term_capability(name);
    text_append(&pen->out, format != NULL && number >= 0 ? tiparm(format, number) : "");
}

static void go_to(struct pen *pen, int x, int y)
{
    char *format = term_capability("cup");
    text_append(&pen->out, format != NULL ? tiparm(format, y, x) : "");
}

static void put_style(struct pen *pen, const struct canvas_cell *cell)
{
    static const struct {
        unsigned flag;
        const char *capability;
    } flags[] = {{STYLE_BOLD, "bold"},
                 {STYLE_DIM, "dim"},
                 {STYLE_UNDERLINE, "smul"},
                 {STYLE_REVERSE, "rev"},
                 {STYLE_ITALIC, "sitm"}};
    if (pen->has_style && pen->style.role == cell->style.role &&
        pen->style.flags == cell->style.flags) {
        return;
    }
    pen->style = cell->style;
    pen->has_style = true;
    struct look look = term_look(pen->term, cell);
    put_capability(pen, "sgr0");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if ((look.flags & flags[i].flag) != 0) {
            put_capability(pen, flags[i].capability);
        }
    }
    put_number(pen, "setaf", look.foreground);
    put_number(pen, "setab", look.background);
}

static void put_cell(struct pen *pen, int x, int y)
{
    const struct canvas_cell *cell = canvas_cell(pen->canvas, x, y);
    wchar_t wide[TERM_WIDE_MOST];
    char bytes[8];
    if (cell == NULL || cell->width == 0 || x + cell->width > COLS) {
        return;
    }
    term_wide_of_cell(cell, wide);
    put_style(pen, cell);
    go_to(pen, x, y);
    if (term_is_doubtful(cell) && cell->width == 2) {
        text_append(&pen->out, "  "); /* nothing old beside one that is drawn narrow */
        go_to(pen, x, y);
    }
    for (const wchar_t *sign = wide; *sign != L'\0'; sign++) {
        utf8_encode((int)*sign, bytes);
        text_append(&pen->out, bytes);
    }
}

static void put_line(struct pen *pen, int y)
{
    const struct canvas *shown = pen->term->shown;
    int behind = -1; /* the cell that may have been drawn over */
    for (int x = 0; x < canvas_width(pen->canvas); x++) {
        const struct canvas_cell *now = canvas_cell(pen->canvas, x, y);
        const struct canvas_cell *old = shown != NULL ? canvas_cell(shown, x, y) : NULL;
        bool is_doubtful = term_is_doubtful(now);
        bool was_doubtful = old != NULL && term_is_doubtful(old);
        if (is_doubtful || was_doubtful || x == behind) {
            put_cell(pen, x, y);
        }
        if (is_doubtful || was_doubtful) {
            bool is_wide = now->width == 2 || (old != NULL && old->width == 2);
            behind = x + (is_wide ? 2 : 1);
        }
    }
}

/* After an update curses has left the terminal's look plain and the cursor where curscr
 * says; it goes on from there. (Saving and restoring the cursor would spoil what
 * terminals with one place for that have saved when the screen was switched.) */
void term_show_doubtful(struct term *term, const struct canvas *canvas,
                        const bool *is_changed)
{
    int height = canvas_height(canvas) < LINES ? canvas_height(canvas) : LINES;
    struct pen pen = {.term = term, .canvas = canvas};
    for (int y = 0; y < height; y++) {
        bool is_its =
            is_changed[y] && (has_doubtful(canvas, y) ||
                              (term->shown != NULL && has_doubtful(term->shown, y)));
        if (is_its) {
            put_line(&pen, y);
        }
    }
    if (pen.out.length > 0) {
        int x, y;
        getyx(curscr, y, x);
        put_capability(&pen, "sgr0");
        go_to(&pen, x, y);
        term_put(term, text_string(&pen.out));
    }
    text_release(&pen.out);
}
