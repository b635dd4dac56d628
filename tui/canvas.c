/* canvas: cells, clipping, and text on its way into cells. Colours are theme.c's, the
 * terminal is term.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/canvas.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A terminal that claims more than this is not believed. */
enum { CANVAS_MOST = 2000 };

struct canvas {
    int width, height;
    bool ascii;
    bool has_cursor;
    int cursor_x, cursor_y;
    struct canvas_cell *cells;
};

/* Where the cells of a view's line end and begin, cut by the canvas. */
struct clip {
    int left, right; /* in columns of the canvas; right is the first one outside */
    bool visible;
};

struct ascii_row {
    const char *sign, *instead;
};

/* What stands for the signs of lines, marks and bars where there is no UTF-8. */
static const struct ascii_row ascii_rows[] = {
    {"─", "-"}, {"│", "|"}, {"┌", "+"}, {"┐", "+"}, {"└", "+"}, {"┘", "+"}, {"├", "+"},
    {"┤", "+"}, {"┬", "+"}, {"┴", "+"}, {"┼", "+"}, {"━", "="}, {"…", "~"}, {"·", "."},
    {"▸", ">"}, {"▾", "v"}, {"●", "*"}, {"○", "o"}, {"◆", "#"}, {"◇", "o"}, {"█", "#"},
    {"▉", "#"}, {"▊", "#"}, {"▋", "#"}, {"▌", "#"}, {"▍", "="}, {"▎", "="}, {"▏", "-"},
    {"▀", "#"}, {"▄", "#"}, {"░", "."}, {"▒", ":"}, {"▓", "%"}, {"→", ">"}, {"←", "<"},
    {"↑", "^"}, {"↓", "v"}, {"✓", "*"}, {"✗", "x"}, {"▐", "|"}, {"×", "x"},
};

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

static struct canvas_cell blank_cell(struct style style)
{
    struct canvas_cell cell = {.bytes = " ", .width = 1, .style = style};
    return cell;
}

static struct canvas_cell *cell_at(const struct canvas *canvas, int x, int y)
{
    return &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
}

struct canvas *canvas_new(int width, int height)
{
    struct canvas *canvas = memory_new(sizeof *canvas);
    canvas_resize(canvas, width, height);
    return canvas;
}

void canvas_free(struct canvas *canvas)
{
    if (canvas != NULL) {
        free(canvas->cells);
        free(canvas);
    }
}

void canvas_resize(struct canvas *canvas, int width, int height)
{
    width = clamp(width, 1, CANVAS_MOST);
    height = clamp(height, 1, CANVAS_MOST);
    if (canvas->cells == NULL || width != canvas->width || height != canvas->height) {
        free(canvas->cells);
        canvas->cells =
            memory_new_many((size_t)width * (size_t)height, sizeof *canvas->cells);
        canvas->width = width;
        canvas->height = height;
    }
    canvas_clear(canvas);
}

void canvas_clear(struct canvas *canvas)
{
    struct canvas_cell blank = blank_cell(style_of(ROLE_TEXT));
    size_t count = (size_t)canvas->width * (size_t)canvas->height;

    for (size_t i = 0; i < count; i++) {
        canvas->cells[i] = blank;
    }
    canvas->has_cursor = false;
}

void canvas_copy(struct canvas *to, const struct canvas *from)
{
    struct canvas_cell *cells;
    size_t count = (size_t)from->width * (size_t)from->height;

    canvas_resize(to, from->width, from->height);
    cells = to->cells;
    *to = *from;
    to->cells = cells;
    memcpy(cells, from->cells, count * sizeof *cells);
}

int canvas_width(const struct canvas *canvas)
{
    return canvas->width;
}

int canvas_height(const struct canvas *canvas)
{
    return canvas->height;
}

const struct canvas_cell *canvas_cell(const struct canvas *canvas, int x, int y)
{
    bool inside = x >= 0 && y >= 0 && x < canvas->width && y < canvas->height;
    return inside ? cell_at(canvas, x, y) : NULL;
}

void canvas_set_ascii(struct canvas *canvas, bool ascii)
{
    canvas->ascii = ascii;
}

bool canvas_is_ascii(const struct canvas *canvas)
{
    return canvas->ascii;
}

struct view canvas_view(struct canvas *canvas)
{
    return (struct view){canvas, 0, 0, canvas->width, canvas->height};
}

struct view view_inside(struct view view, int x, int y, int width, int height)
{
    int left = clamp(x, 0, view.width), top = clamp(y, 0, view.height);
    int right = clamp(x + width, left, view.width);
    int bottom = clamp(y + height, top, view.height);

    return (struct view){view.canvas, view.x + left, view.y + top, right - left,
                         bottom - top};
}

static struct clip clip_line(struct view view, int y)
{
    struct clip clip = {0};
    int line = view.y + y;

    clip.left = clamp(view.x, 0, view.canvas->width);
    clip.right = clamp(view.x + view.width, clip.left, view.canvas->width);
    clip.visible = y >= 0 && y < view.height && line >= 0 && line < view.canvas->height;
    return clip;
}

/* Whoever writes over one half of a wide sign takes the other half away. */
static void cut_wide_neighbours(struct canvas *canvas, int x, int y, int width)
{
    struct canvas_cell *first = cell_at(canvas, x, y);
    struct canvas_cell *last = cell_at(canvas, x + width - 1, y);

    if (first->width == 0 && x > 0) {
        *cell_at(canvas, x - 1, y) = blank_cell(first->style);
    }
    if (last->width == 2 && x + width < canvas->width) {
        *cell_at(canvas, x + width, y) = blank_cell(last->style);
    }
}

/* The only place that writes signs: whole ones, inside the clip, wide ones uncut. */
static void put_sign(struct canvas *canvas, struct clip clip, int x, int y,
                     const struct canvas_cell *sign)
{
    if (x + sign->width <= clip.left || x >= clip.right) {
        return;
    }
    if (x < clip.left || x + sign->width > clip.right) {
        struct canvas_cell blank = blank_cell(sign->style);
        put_sign(canvas, clip, x < clip.left ? clip.left : x, y, &blank);
        return;
    }
    cut_wide_neighbours(canvas, x, y, sign->width);
    *cell_at(canvas, x, y) = *sign;
    if (sign->width == 2) {
        *cell_at(canvas, x + 1, y) =
            (struct canvas_cell){.width = 0, .style = sign->style};
    }
}

static bool is_ascii_text(const char *bytes)
{
    for (; *bytes != '\0'; bytes++) {
        if (*bytes < ' ' || *bytes > '~') {
            return false;
        }
    }
    return true;
}

static const char *ascii_of_sign(const char *sign)
{
    for (size_t i = 0; i < sizeof ascii_rows / sizeof ascii_rows[0]; i++) {
        if (strcmp(ascii_rows[i].sign, sign) == 0) {
            return ascii_rows[i].instead;
        }
    }
    return "?";
}

/* A cluster that takes a cell for each of its signs: an escape, or `?` without UTF-8. */
static void put_spelled(struct view view, struct clip clip, int x, int y,
                        struct canvas_cell sign, const struct safetext_cluster *cluster)
{
    bool spelled = is_ascii_text(cluster->bytes);
    const char *instead = spelled ? "" : ascii_of_sign(cluster->bytes);

    for (int i = 0; i < cluster->width; i++) {
        sign.bytes[0] = spelled ? cluster->bytes[i] : instead[0];
        sign.bytes[1] = '\0';
        sign.width = 1;
        put_sign(view.canvas, clip, x + i, y, &sign);
    }
}

static void put_cluster(struct view view, struct clip clip, int x, int y,
                        struct style style, const struct safetext_cluster *cluster)
{
    struct canvas_cell sign = {.style = style};
    bool spelled =
        cluster->width > 2 || is_ascii_text(cluster->bytes) || view.canvas->ascii;

    if (cluster->escaped) {
        sign.style.role = ROLE_ESCAPED;
    }
    if (spelled) {
        put_spelled(view, clip, x, y, sign, cluster);
        return;
    }
    memcpy(sign.bytes, cluster->bytes, sizeof sign.bytes);
    sign.width = (unsigned char)cluster->width;
    put_sign(view.canvas, clip, x, y, &sign);
}

/* Draw at most `columns` columns of text; where it stopped comes back in *used. */
static int draw_columns(struct view view, int x, int y, struct style style,
                        const char *bytes, size_t length, int columns)
{
    struct clip clip = clip_line(view, y);
    struct safetext_cluster cluster;
    int used = 0;

    while (length > 0 && used < columns && clip.visible) {
        safetext_next(bytes, length, &cluster);
        if (cluster.width <= 2 && used + cluster.width > columns) {
            break;
        }
        if (used + cluster.width > columns) {
            clip.right = clamp(view.x + x + columns, clip.left, clip.right);
        }
        put_cluster(view, clip, view.x + x + used, view.y + y, style, &cluster);
        used += cluster.width;
        bytes += cluster.source;
        length -= cluster.source;
    }
    return used < columns ? used : columns;
}

static size_t length_of(const char *bytes, ptrdiff_t length)
{
    if (bytes == NULL) {
        return 0;
    }
    return length < 0 ? strlen(bytes) : (size_t)length;
}

int view_text(struct view view, int x, int y, struct style style, const char *bytes,
              ptrdiff_t length)
{
    int columns = view.width - x;

    if (columns <= 0) {
        return 0;
    }
    return draw_columns(view, x, y, style, bytes, length_of(bytes, length), columns);
}

int view_printf(struct view view, int x, int y, struct style style, const char *format,
                ...)
{
    struct text text = {0};
    va_list args;
    int used;

    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    used = view_text(view, x, y, style, text_string(&text), (ptrdiff_t)text.length);
    text_release(&text);
    return used;
}

void view_field(struct view view, int x, int y, int width, struct style style,
                const char *bytes, ptrdiff_t given, bool right)
{
    size_t length = length_of(bytes, given);
    int wanted, used;

    if (width <= 0) {
        return;
    }
    view_fill(view, x, y, width, 1, style);
    wanted = length > 0 ? safetext_width_limited(bytes, length, width) : 0;
    if (wanted > width) {
        used = draw_columns(view, x, y, style, bytes, length, width - 1);
        view_sign(view, x + used, y, style, "…");
    } else if (length > 0) {
        draw_columns(view, right ? x + width - wanted : x, y, style, bytes, length,
                     width);
    }
}

void view_sign(struct view view, int x, int y, struct style style, const char *utf8)
{
    struct clip clip = clip_line(view, y);
    struct safetext_cluster cluster;

    if (clip.visible && utf8[0] != '\0') {
        safetext_next(utf8, strlen(utf8), &cluster);
        put_cluster(view, clip, view.x + x, view.y + y, style, &cluster);
    }
}

void view_fill(struct view view, int x, int y, int width, int height, struct style style)
{
    struct canvas_cell blank = blank_cell(style);

    for (int line = y < 0 ? 0 : y; line < y + height && line < view.height; line++) {
        struct clip clip = clip_line(view, line);
        for (int i = x < 0 ? 0 : x; i < x + width && i < view.width && clip.visible;
             i++) {
            put_sign(view.canvas, clip, view.x + i, view.y + line, &blank);
        }
    }
}

void view_restyle(struct view view, int x, int y, int width, struct style style)
{
    struct clip clip = clip_line(view, y);
    int end = clamp(view.x + x + width, clip.left, clip.right);

    for (int i = clamp(view.x + x, clip.left, clip.right); i < end && clip.visible; i++) {
        cell_at(view.canvas, i, view.y + y)->style = style;
    }
}

void view_hline(struct view view, int x, int y, int width, struct style style)
{
    for (int i = 0; i < width; i++) {
        view_sign(view, x + i, y, style, "─");
    }
}

void view_vline(struct view view, int x, int y, int height, struct style style)
{
    for (int i = 0; i < height; i++) {
        view_sign(view, x, y + i, style, "│");
    }
}

void view_set_cursor(struct view view, int x, int y)
{
    struct clip clip = clip_line(view, y);
    int column = view.x + x;

    if (clip.visible && column >= clip.left && column < clip.right) {
        view.canvas->has_cursor = true;
        view.canvas->cursor_x = column;
        view.canvas->cursor_y = view.y + y;
    }
}

bool canvas_cursor(const struct canvas *canvas, int *x, int *y)
{
    *x = canvas->cursor_x;
    *y = canvas->cursor_y;
    return canvas->has_cursor;
}

static void cut_trailing(struct text *out, size_t start, char c)
{
    while (out->length > start && out->data[out->length - 1] == c) {
        text_truncate(out, out->length - 1);
    }
}

void canvas_dump(const struct canvas *canvas, struct text *out)
{
    for (int y = 0; y < canvas->height; y++) {
        size_t start = out->length;
        for (int x = 0; x < canvas->width; x++) {
            text_append(out, cell_at(canvas, x, y)->bytes);
        }
        cut_trailing(out, start, ' ');
        text_append_char(out, '\n');
    }
}

void canvas_dump_styles(const struct canvas *canvas, struct text *out)
{
    static const char letters[] =
        ".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    _Static_assert(ROLE_COUNT < sizeof letters, "a letter for each role");

    for (int y = 0; y < canvas->height; y++) {
        size_t start = out->length;
        for (int x = 0; x < canvas->width; x++) {
            text_append_char(out, letters[cell_at(canvas, x, y)->style.role]);
        }
        cut_trailing(out, start, '.');
        text_append_char(out, '\n');
    }
}
