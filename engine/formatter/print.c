/* formatter/print: carry a layout out. A line break is written only when something
 * follows it, so that a comment behind the text stays on its line, and breaks that meet
 * are one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/private.h"

#include <stdint.h>
#include <string.h>

#include "engine/safetext.h"

enum { INDENT_MOST = 40, AHEAD_MOST = 32, WIDTH = 80 };

struct printer {
    const struct layout_text *what;
    struct text *out;
    struct array broken; /* of bool, one for each open group */
    size_t indent;       /* of lines that begin from here on */
    size_t column;       /* of the line that is written */
    bool wants_space, wants_line, wants_empty;
    size_t line_indent; /* of the line that is wanted */
};

static const struct piece *piece_at(const struct printer *printer, size_t index)
{
    return array_at(printer->what->pieces, index);
}

static const struct layout *layout_at(const struct printer *printer, size_t index)
{
    return array_at(printer->what->layout, index);
}

static bool is_broken(const struct printer *printer)
{
    size_t count = printer->broken.count;
    return count == 0 || *(bool *)array_at(&printer->broken, count - 1);
}

static size_t width_of(const struct printer *printer, const struct piece *piece)
{
    int width = safetext_width(printer->what->sql + piece->start, piece->length);
    return width > 0 ? (size_t)width : 0;
}

static void want_line(struct printer *printer)
{
    printer->wants_line = true;
    printer->wants_space = false;
    printer->line_indent = printer->indent < INDENT_MOST ? printer->indent : INDENT_MOST;
}

static void start_line(struct printer *printer)
{
    bool is_first = printer->out->length == 0;
    text_append_repeated(printer->out, '\n', is_first ? 0 : printer->wants_empty ? 2 : 1);
    text_append_repeated(printer->out, ' ', printer->line_indent);
    printer->column = printer->line_indent;
    printer->wants_line = printer->wants_empty = printer->wants_space = false;
}

/* ---- Groups ---- */

/* Columns of what sticks to the end of the group: a comma, a parenthesis. */
static size_t columns_behind(const struct printer *printer, size_t end)
{
    size_t columns = 0;
    for (size_t i = end + 1; i < printer->what->layout->count && i <= end + AHEAD_MOST;
         i++) {
        const struct layout *layout = layout_at(printer, i);
        if (layout->kind == LAYOUT_PIECE) {
            columns += width_of(printer, piece_at(printer, layout->amount));
        } else if (layout->kind != LAYOUT_END && layout->kind != LAYOUT_DEDENT) {
            break;
        }
    }
    return columns;
}

static bool fits(const struct printer *printer, const struct layout *group)
{
    size_t column = printer->wants_line ? printer->line_indent
                                        : printer->column + printer->wants_space;
    if (group->is_forced || (group->most > 0 && group->flat > group->most)) {
        return false;
    }
    return column + group->flat <= printer->what->width &&
           column + group->flat + columns_behind(printer, group->amount) <=
               printer->what->width;
}

static void open_group(struct printer *printer, const struct layout *group)
{
    bool broken = is_broken(printer) && !fits(printer, group);
    *(bool *)array_push(&printer->broken) = broken;
}

/* ---- Pieces ---- */

static void write_piece(struct printer *printer, const struct piece *piece)
{
    const char *bytes = printer->what->sql + piece->start;
    size_t from = printer->out->length;
    text_append_bytes(printer->out, bytes, piece->length);
    for (size_t i = from; piece->is_keyword && i < printer->out->length; i++) {
        char *c = &printer->out->data[i];
        *c -= *c >= 'a' && *c <= 'z' ? 0x20 : 0;
    }
    printer->column += width_of(printer, piece);
}

/* Behind the text or on a line of its own, as it was; a line break follows if it must. */
static void write_comment(struct printer *printer, const struct piece *piece)
{
    bool own_line = piece->own_line || printer->out->length == 0;
    if (own_line) {
        want_line(printer);
        start_line(printer);
    } else if (printer->column > 0) {
        text_append_char(printer->out, ' ');
        printer->column++;
    }
    bool waits = printer->wants_line;
    printer->wants_space = false;
    write_piece(printer, piece);
    if (!waits && (own_line || piece->kind != PIECE_BLOCK_COMMENT)) {
        want_line(printer);
    }
}

static void write_token(struct printer *printer, const struct piece *piece)
{
    if (printer->wants_line) {
        start_line(printer);
    } else if (printer->wants_space) {
        text_append_char(printer->out, ' ');
        printer->column++;
        printer->wants_space = false;
    }
    write_piece(printer, piece);
}

static void want_break(struct printer *printer, enum layout_kind kind)
{
    bool always = kind == LAYOUT_HARD || kind == LAYOUT_EMPTY;
    if (always || is_broken(printer)) {
        want_line(printer);
        printer->wants_empty |= kind == LAYOUT_EMPTY;
    } else if (kind == LAYOUT_LINE) {
        printer->wants_space = !printer->wants_line;
    }
}

static void carry_out(struct printer *printer, const struct layout *layout)
{
    switch (layout->kind) {
    case LAYOUT_PIECE: {
        const struct piece *piece = piece_at(printer, layout->amount);
        if (piece->kind == PIECE_TOKEN) {
            write_token(printer, piece);
        } else {
            write_comment(printer, piece);
        }
        break;
    }
    case LAYOUT_SPACE:
        printer->wants_space = !printer->wants_line;
        break;
    case LAYOUT_LINE:
    case LAYOUT_SOFT:
    case LAYOUT_HARD:
    case LAYOUT_EMPTY:
        want_break(printer, layout->kind);
        break;
    case LAYOUT_GROUP:
        open_group(printer, layout);
        break;
    case LAYOUT_END:
        array_remove(&printer->broken, printer->broken.count - 1);
        break;
    case LAYOUT_INDENT:
        printer->indent += layout->amount;
        break;
    case LAYOUT_DEDENT:
        printer->indent -= layout->amount;
        break;
    }
}

void layout_print(const struct layout_text *what, struct text *out)
{
    struct layout_text given = *what;
    given.width = what->width > 0 ? what->width : WIDTH;
    struct printer printer = {.what = &given, .out = out, .broken = ARRAY_OF(bool)};
    for (size_t i = 0; i < what->layout->count; i++) {
        carry_out(&printer, layout_at(&printer, i));
    }
    array_release(&printer.broken);
}
