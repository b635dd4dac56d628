/* term_show: cells to curses, only those that changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/term_private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "engine/text.h"
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

/* The terminal's own colours get a pair too: to come back to pair 0 curses sends colours
 * and a reset of all attributes, which doubles what a page of a grid costs on the line.
 */
static short pair_of(struct term *term, struct look look)
{
    int32_t colours[2] = {look.foreground, look.background};

    if (term->colours == 0) {
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
void term_wide_of_cell(const struct canvas_cell *cell, wchar_t wide[TERM_WIDE_MOST])
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

static enum role role_of(const struct canvas_cell *cell)
{
    return cell->style.role < ROLE_COUNT ? cell->style.role : ROLE_TEXT;
}

struct look term_look(const struct term *term, const struct canvas_cell *cell)
{
    struct look look = theme_look(term->theme, role_of(cell));
    bool has_colours = term->colours > 0;
    look.flags |= cell->style.flags;
    look.foreground = has_colours ? curses_colour(term, look.foreground) : -1;
    look.background = has_colours ? curses_colour(term, look.background) : -1;
    return look;
}

static void show_cell(struct term *term, const struct canvas_cell *cell, int x, int y)
{
    wchar_t wide[TERM_WIDE_MOST] = L" ";
    attr_t attributes =
        term->attributes[role_of(cell)] | attributes_of(cell->style.flags);
    short pair = term->role_pairs[role_of(cell)];
    cchar_t sign;

    if (!term_is_doubtful(cell)) {
        term_wide_of_cell(cell, wide);
    }
    if (setcchar(&sign, wide, attributes, pair, NULL) == OK) {
        mvadd_wch(y, x, &sign);
    }
    if (cell->width == 2 && wcwidth(wide[0]) < 2 &&
        setcchar(&sign, L" ", attributes, pair, NULL) == OK) {
        mvadd_wch(y, x + 1, &sign);
    }
}

/* Asked for every cell of every repaint, and nearly all hold one byte: that way is short.
 */
static bool is_same_sign(const char *a, const char *b)
{
    return a[0] == b[0] &&
           (a[0] == '\0' || (a[1] == b[1] && a[1] == '\0') || strcmp(a + 1, b + 1) == 0);
}

static bool cell_is_same(const struct canvas_cell *a, const struct canvas_cell *b)
{
    return a != NULL && b != NULL && a->width == b->width &&
           a->style.role == b->style.role && a->style.flags == b->style.flags &&
           is_same_sign(a->bytes, b->bytes);
}

/* A line is shown in runs of cells. A gap of unchanged cells between two runs is jumped
 * when drawing it again would cost more bytes than the jump. Curses itself counts cells
 * and forgets their colours: the rules of a grid, one cell wide but in a colour of their
 * own, would be half of every page. */
enum { JUMP_BYTES = 8, STYLE_BYTES = 8, PASSES_MOST = 24 };

struct run {
    int start,
        end; /* cells start .. end - 1 of its line; start is the width: none left */
};

static bool is_same_style(const struct canvas_cell *a, const struct canvas_cell *b)
{
    return a->style.role == b->style.role && a->style.flags == b->style.flags;
}

static bool is_shown(const struct term *term, const struct canvas *canvas, int x, int y)
{
    const struct canvas_cell *old =
        term->shown != NULL ? canvas_cell(term->shown, x, y) : NULL;
    return cell_is_same(canvas_cell(canvas, x, y), old);
}

/* The first changed cell from x on, or the width; *cost: bytes to draw what lies before
 * it. */
static int next_change(const struct term *term, const struct canvas *canvas, int x, int y,
                       int *cost)
{
    int width = canvas_width(canvas);
    *cost = 0;
    for (; x < width && is_shown(term, canvas, x, y); x++) {
        const struct canvas_cell *cell = canvas_cell(canvas, x, y);
        *cost += (int)strlen(cell->bytes);
        if (x > 0 && !is_same_style(cell, canvas_cell(canvas, x - 1, y))) {
            *cost += STYLE_BYTES;
        }
    }
    return x;
}

static struct run next_run(const struct term *term, const struct canvas *canvas, int x,
                           int y)
{
    int width = canvas_width(canvas), cost = 0;
    int next = next_change(term, canvas, x, y, &cost);
    struct run run = {next, next};

    while (next < width && (run.end == run.start || cost <= JUMP_BYTES)) {
        run.end = next + 1;
        next = next_change(term, canvas, next + 1, y, &cost);
    }
    return run;
}

static void show_run(struct term *term, const struct canvas *canvas, struct run run,
                     int y)
{
    int width = canvas_width(canvas) < COLS ? canvas_width(canvas) : COLS;

    for (int x = run.start; x < run.end && x < width; x++) {
        const struct canvas_cell *cell = canvas_cell(canvas, x, y);
        if (cell->width > 0 && x + cell->width <= width &&
            !is_shown(term, canvas, x, y)) {
            show_cell(term, cell, x, y);
        }
    }
}

/* ---- Scrolling ---- */

/* FNV-1a over a line's cells, to compare lines quickly. */
static uint64_t hash_of_line(const struct canvas *canvas, int y)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int x = 0; x < canvas_width(canvas); x++) {
        const struct canvas_cell *cell = canvas_cell(canvas, x, y);
        const unsigned style = (unsigned)cell->style.role << 8 | cell->style.flags;
        hash = (hash ^ style) * UINT64_C(1099511628211);
        for (const char *p = cell->bytes; *p != '\0'; p++) {
            hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
        }
    }
    return hash;
}

/* How many changed lines are lines of before, `by` lines further down (or up). */
static int count_moved(const uint64_t *before, const uint64_t *now, int height, int by)
{
    int count = 0;
    for (int y = by < 0 ? -by : 0; y < height && y + by < height; y++) {
        count += now[y] != before[y] && now[y] == before[y + by];
    }
    return count;
}

/* Has most of what changed only moved up or down? Then the terminal can do it, if curses
 * sees whole lines; the lines that come in cost more that way, so they must be few. */
static bool has_scrolled(const struct term *term, const struct canvas *canvas)
{
    enum { LINES_LEAST = 4 };
    uint64_t before[TERM_HEIGHT_MOST], now[TERM_HEIGHT_MOST];
    int height = canvas_height(canvas), changed = 0, most = 0;

    if (term->shown == NULL || height > TERM_HEIGHT_MOST) {
        return false;
    }
    for (int y = 0; y < height; y++) {
        before[y] = hash_of_line(term->shown, y);
        now[y] = hash_of_line(canvas, y);
        changed += before[y] != now[y];
    }
    for (int by = 1 - height; changed >= LINES_LEAST && by < height; by++) {
        int moved = count_moved(before, now, height, by);
        most = moved > most ? moved : most;
    }
    return most >= LINES_LEAST && most * 4 >= changed * 3;
}

/* How far the leftmost of the runs reaches. */
static int end_of_leftmost(const struct run *runs, int height)
{
    struct run left = runs[0];
    for (int y = 1; y < height; y++) {
        if (runs[y].start < left.start ||
            (runs[y].start == left.start && runs[y].end > left.end)) {
            left = runs[y];
        }
    }
    return left.end;
}

/* Column by column: the leftmost runs of all lines, then the next. So the ways between
 * the runs are short, and curses has few updates to do whatever the number of lines. */
static void show_runs(struct term *term, const struct canvas *canvas, bool *is_changed)
{
    int height = canvas_height(canvas) < LINES ? canvas_height(canvas) : LINES;
    struct run *runs = memory_new_many((size_t)height, sizeof *runs);
    bool whole = term->shown == NULL || has_scrolled(term, canvas);
    bool may_scroll =
        whole && !term_has_doubtful(canvas) && !term_has_doubtful(term->shown);

    idlok(stdscr, may_scroll);
    for (int y = 0; y < height; y++) {
        runs[y] = next_run(term, canvas, 0, y);
        is_changed[y] = term->shown == NULL || runs[y].start < canvas_width(canvas);
    }
    for (int pass = 0; pass < PASSES_MOST; pass++) {
        bool is_last = whole || pass == PASSES_MOST - 1;
        int end = is_last ? canvas_width(canvas) : end_of_leftmost(runs, height);
        bool is_any = false;
        for (int y = 0; y < height; y++) {
            while (runs[y].start < end) {
                show_run(term, canvas, runs[y], y);
                runs[y] = next_run(term, canvas, runs[y].end, y);
                is_any = true;
            }
        }
        if (!is_any) {
            break;
        }
        refresh();
    }
    free(runs);
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

static bool has_changed(const struct term *term, const struct canvas *canvas)
{
    bool changed = term->shown == NULL;
    for (int y = 0; y < canvas_height(canvas) && !changed; y++) {
        changed = next_run(term, canvas, 0, y).start < canvas_width(canvas);
    }
    return changed;
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
    bool holds = term->holds_frames && has_changed(term, canvas);
    if (holds) {
        term_put(term, "\033[?2026h");
    }
    bool *is_changed = memory_new_many((size_t)canvas_height(canvas), sizeof *is_changed);
    show_runs(term, canvas, is_changed);
    show_cursor(canvas);
    refresh();
    term_show_doubtful(term, canvas, is_changed);
    free(is_changed);
    if (holds) {
        term_put(term, "\033[?2026l");
    }
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
