/* textview: lines of spans, wrapped into rows of the screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/widget/textview.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/array.h"
#include "tui/widget/list.h"

struct span {
    size_t end; /* of the line's bytes */
    enum role role;
};

struct line {
    struct text bytes;
    struct array spans; /* of struct span */
    int hang;
};

struct row {
    size_t line, start, end; /* bytes of that line */
};

struct textview {
    struct array lines;
    struct array rows;
    int width; /* that the rows were made for; 0: not made */
    int top, height;
    struct text searched;
};

struct textview *textview_new(void)
{
    struct textview *text = memory_new(sizeof *text);

    text->lines = (struct array)ARRAY_OF(struct line);
    text->rows = (struct array)ARRAY_OF(struct row);
    return text;
}

void textview_clear(struct textview *text)
{
    for (size_t i = 0; i < text->lines.count; i++) {
        struct line *line = array_at(&text->lines, i);
        text_release(&line->bytes);
        array_release(&line->spans);
    }
    array_clear(&text->lines);
    array_clear(&text->rows);
    text->width = 0;
    text->top = 0;
}

void textview_free(struct textview *text)
{
    if (text != NULL) {
        textview_clear(text);
        array_release(&text->lines);
        array_release(&text->rows);
        text_release(&text->searched);
        free(text);
    }
}

void textview_line(struct textview *text, enum role role, const char *bytes)
{
    struct line *line = array_push(&text->lines);

    line->spans = (struct array)ARRAY_OF(struct span);
    textview_more(text, role, bytes);
}

void textview_lines(struct textview *text, enum role role, const char *bytes)
{
    while (*bytes != '\0') {
        size_t length = strcspn(bytes, "\n");
        size_t kept = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
        char *one = string_copy_bytes(bytes, kept);
        textview_line(text, role, one);
        free(one);
        bytes += length + (bytes[length] == '\n' ? 1 : 0);
    }
}

static struct line *last_line(struct textview *text)
{
    return text->lines.count > 0 ? array_at(&text->lines, text->lines.count - 1) : NULL;
}

void textview_more(struct textview *text, enum role role, const char *bytes)
{
    struct line *line = last_line(text);
    struct span *span;

    text->width = 0;
    if (line == NULL || bytes == NULL || *bytes == '\0') {
        return;
    }
    text_append(&line->bytes, bytes);
    span = array_push(&line->spans);
    *span = (struct span){line->bytes.length, role};
}

void textview_hang(struct textview *text, int columns)
{
    struct line *line = last_line(text);

    if (line != NULL) {
        line->hang = columns;
    }
}

/* A label on a new line, with blanks up to the column where its value hangs. */
static void add_label(struct textview *text, int column, enum role role,
                      const char *label)
{
    int width = safetext_width(label, strlen(label));
    struct text blanks = {0};

    text_append_repeated(&blanks, ' ', (size_t)(width < column ? column - width : 1));
    textview_line(text, role, label);
    textview_more(text, ROLE_TEXT, text_string(&blanks));
    textview_hang(text, column);
    text_release(&blanks);
}

void textview_field(struct textview *text, int column, const char *label, enum role role,
                    const char *value)
{
    add_label(text, column, ROLE_LABEL, label);
    textview_more(text, role, value);
}

void textview_pair(struct textview *text, int column, enum role role, const char *label,
                   const char *value)
{
    add_label(text, column, role, label);
    textview_more(text, ROLE_TEXT, value);
}

/* ---- Wrapping ---- */

static void add_row(struct textview *text, size_t line, size_t start, size_t end)
{
    *(struct row *)array_push(&text->rows) = (struct row){line, start, end};
}

/* The end of the row that begins at `start`: at a blank where there is one. */
static size_t row_end(const struct line *line, size_t start, int width)
{
    size_t at = start, blank = 0;
    int used = 0;
    struct safetext_cluster cluster;

    while (at < line->bytes.length) {
        safetext_next(line->bytes.data + at, line->bytes.length - at, &cluster);
        if (used + cluster.width > width && at > start) {
            return blank > start ? blank : at;
        }
        used += cluster.width;
        at += cluster.source;
        if (cluster.bytes[0] == ' ' && used > 1) {
            blank = at;
        }
    }
    return at;
}

/* Rows past the first begin further right, unless that leaves them no room. */
static int hang_of(const struct line *line, int width)
{
    return line->hang < width / 2 ? line->hang : 0;
}

static void wrap_line(struct textview *text, size_t index, int width)
{
    const struct line *line = array_at(&text->lines, index);
    size_t start = 0;

    do {
        int room = start == 0 ? width : width - hang_of(line, width);
        size_t end = row_end(line, start, room);
        add_row(text, index, start, end);
        start = end;
    } while (start < line->bytes.length);
}

static void wrap(struct textview *text, int width)
{
    if (text->width == width) {
        return;
    }
    array_clear(&text->rows);
    for (size_t i = 0; i < text->lines.count; i++) {
        wrap_line(text, i, width);
    }
    text->width = width;
}

int textview_rows(struct textview *text, int width)
{
    wrap(text, width > 0 ? width : 1);
    return (int)text->rows.count;
}

/* ---- Drawing ---- */

static void draw_spans(struct view view, int y, int x, const struct line *line,
                       const struct row *row)
{
    size_t at = row->start;

    for (size_t i = 0; i < line->spans.count && at < row->end; i++) {
        const struct span *span = array_at(&line->spans, i);
        size_t end = span->end < row->end ? span->end : row->end;
        if (end > at) {
            x += view_text(view, x, y, style_of(span->role), line->bytes.data + at,
                           (ptrdiff_t)(end - at));
            at = end;
        }
    }
}

static bool matches_at(const char *bytes, const struct text *searched)
{
    return strncasecmp(bytes, searched->data, searched->length) == 0;
}

static void draw_matches(struct view view, int y, int x, const struct line *line,
                         const struct row *row, const struct text *searched)
{
    for (size_t at = row->start;
         at + searched->length <= line->bytes.length && at < row->end; at++) {
        if (matches_at(line->bytes.data + at, searched)) {
            int before = safetext_width(line->bytes.data + row->start, at - row->start);
            int width = safetext_width(line->bytes.data + at, searched->length);
            view_restyle(view, x + before, y, width, style_of(ROLE_MATCH));
        }
    }
}

static void draw_row(const struct textview *text, struct view view, int y)
{
    const struct row *row = array_at(&text->rows, (size_t)text->top + (size_t)y);
    const struct line *line = array_at(&text->lines, row->line);
    int x = row->start > 0 ? hang_of(line, text->width) : 0;

    draw_spans(view, y, x, line, row);
    if (text->searched.length > 0 && line->bytes.length > 0) {
        draw_matches(view, y, x, line, row, &text->searched);
    }
}

void textview_draw(struct textview *text, struct view view)
{
    int count = textview_rows(text, view.width - 1);
    int last = count > view.height ? count - view.height : 0;

    text->height = view.height;
    text->top = text->top > last ? last : text->top;
    for (int y = 0; y < view.height && text->top + y < count; y++) {
        draw_row(text, view_inside(view, 0, 0, view.width - 1, view.height), y);
    }
    list_draw_bar(view, text->top, view.height, count);
}

bool textview_act(struct textview *text, const char *action)
{
    int last = (int)text->rows.count - text->height;
    int to;

    if (!list_step(action, text->top, last + 1, text->height, &to)) {
        return false;
    }
    text->top = to;
    return true;
}

/* ---- Searching ---- */

static bool row_matches(const struct textview *text, int index)
{
    const struct row *row = array_at(&text->rows, (size_t)index);
    const struct line *line = array_at(&text->lines, row->line);

    for (size_t at = row->start;
         at < row->end && at + text->searched.length <= line->bytes.length; at++) {
        if (matches_at(line->bytes.data + at, &text->searched)) {
            return true;
        }
    }
    return false;
}

static bool go_to_match(struct textview *text, int from, int direction)
{
    if (text->searched.length == 0) {
        return false;
    }
    for (int i = from; i >= 0 && i < (int)text->rows.count; i += direction) {
        if (row_matches(text, i)) {
            text->top = i;
            return true;
        }
    }
    return false;
}

bool textview_search(struct textview *text, const char *bytes)
{
    text_clear(&text->searched);
    text_append(&text->searched, bytes);
    return go_to_match(text, text->top, 1) || go_to_match(text, 0, 1);
}

bool textview_search_next(struct textview *text, int direction)
{
    int last = (int)text->rows.count - 1;

    return go_to_match(text, text->top + direction, direction) ||
           go_to_match(text, direction > 0 ? 0 : last, direction);
}

const char *textview_searched(const struct textview *text)
{
    return text_string(&text->searched);
}

int textview_paragraph(struct view view, enum role role, const char *bytes)
{
    struct textview *text = textview_new();
    int rows;

    textview_lines(text, role, bytes);
    rows = textview_rows(text, view.width);
    for (int y = 0; y < view.height && y < rows; y++) {
        draw_row(text, view, y);
    }
    textview_free(text);
    return rows;
}
