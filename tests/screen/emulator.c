/* emulator: libvterm behind a small door.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/emulator.h"
#include "tests/screen/words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "engine/array.h"

struct emulator {
    VTerm *vterm;
    VTermScreen *screen;
    struct text answers;
    int width, height;
    bool cursor_shown, alternate;
};

static void on_answer(const char *bytes, size_t length, void *owner)
{
    struct emulator *emulator = owner;
    text_append_bytes(&emulator->answers, bytes, length);
}

static int on_property(VTermProp property, VTermValue *value, void *owner)
{
    struct emulator *emulator = owner;
    if (property == VTERM_PROP_CURSORVISIBLE) {
        emulator->cursor_shown = value->boolean;
    } else if (property == VTERM_PROP_ALTSCREEN) {
        emulator->alternate = value->boolean;
    }
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

/* libvterm 0.1.4 writes outside of its screen when a wide sign comes to a single column.
 */
static int safe_width(int width)
{
    return width > 1 ? width : 2;
}

struct emulator *emulator_new(int width, int height, bool utf8)
{
    struct emulator *emulator = memory_new(sizeof *emulator);
    emulator->width = width;
    emulator->height = height;
    emulator->vterm = vterm_new(height, safe_width(width));
    emulator->cursor_shown = true;
    vterm_set_utf8(emulator->vterm, utf8);
    vterm_output_set_callback(emulator->vterm, on_answer, emulator);
    emulator->screen = vterm_obtain_screen(emulator->vterm);
    vterm_screen_set_callbacks(emulator->screen, &callbacks, emulator);
    vterm_screen_enable_altscreen(emulator->screen, 1);
    vterm_screen_reset(emulator->screen, 1);
    return emulator;
}

void emulator_free(struct emulator *emulator)
{
    if (emulator != NULL) {
        vterm_free(emulator->vterm);
        text_release(&emulator->answers);
        free(emulator);
    }
}

void emulator_feed(struct emulator *emulator, const char *bytes, size_t length)
{
    vterm_input_write(emulator->vterm, bytes, length);
    vterm_screen_flush_damage(emulator->screen);
}

void emulator_resize(struct emulator *emulator, int width, int height)
{
    vterm_set_size(emulator->vterm, height, safe_width(width));
    emulator->width = width;
    emulator->height = height;
}

int emulator_width(const struct emulator *emulator)
{
    return emulator->width;
}

int emulator_height(const struct emulator *emulator)
{
    return emulator->height;
}

struct text *emulator_answers(struct emulator *emulator)
{
    return &emulator->answers;
}

static VTermScreenCell cell_at(const struct emulator *emulator, int row, int column)
{
    VTermScreenCell cell;
    memset(&cell, 0, sizeof cell);
    vterm_screen_get_cell(emulator->screen, (VTermPos){.row = row, .col = column}, &cell);
    return cell;
}

void emulator_row(const struct emulator *emulator, int row, struct text *out,
                  size_t *starts)
{
    size_t before = out->length;
    for (int column = 0; column < emulator->width; column++) {
        VTermScreenCell cell = cell_at(emulator, row, column);
        if (starts != NULL) {
            starts[column] = out->length - before;
        }
        if (cell.chars[0] == UINT32_MAX) {
            continue; /* the right half of a wide sign */
        }
        if (cell.chars[0] == 0) {
            text_append_char(out, ' ');
        }
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0; i++) {
            code_point_append(out, cell.chars[i]);
        }
    }
    if (starts != NULL) {
        starts[emulator->width] = out->length - before;
    }
}

static void describe_colour(struct text *out, const char *ground,
                            const VTermColor *colour)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(colour) || VTERM_COLOR_IS_DEFAULT_BG(colour)) {
        return;
    }
    if (VTERM_COLOR_IS_INDEXED(colour)) {
        text_printf(out, " %s %d", ground, colour->indexed.idx);
    } else {
        text_printf(out, " %s #%02x%02x%02x", ground, colour->rgb.red, colour->rgb.green,
                    colour->rgb.blue);
    }
}

/* " bold fg 4"; empty for a plain cell. Of a blank only the ground shows: with what
 * letters would be drawn there differs between versions of curses. */
static char *describe_look(const VTermScreenCell *cell)
{
    struct text out = {0};
    bool is_blank = cell->chars[0] == 0 || cell->chars[0] == ' ';
    if (is_blank && !cell->attrs.reverse && !cell->attrs.underline &&
        !cell->attrs.strike) {
        describe_colour(&out, "bg", &cell->bg);
        return text_take(&out);
    }
    text_append(&out, cell->attrs.bold ? " bold" : "");
    text_append(&out, cell->attrs.underline ? " underline" : "");
    text_append(&out, cell->attrs.italic ? " italic" : "");
    text_append(&out, cell->attrs.blink ? " blink" : "");
    text_append(&out, cell->attrs.reverse ? " reverse" : "");
    text_append(&out, cell->attrs.strike ? " strike" : "");
    describe_colour(&out, "fg", &cell->fg);
    describe_colour(&out, "bg", &cell->bg);
    return text_take(&out);
}

static char letter_of_look(struct array *looks, char *look)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t i = 0;
    if (look[0] == '\0') {
        free(look);
        return '.';
    }
    while (i < looks->count && strcmp(*(char **)array_at(looks, i), look) != 0) {
        i++;
    }
    if (i == looks->count) {
        *(char **)array_push(looks) = look;
    } else {
        free(look);
    }
    return i < sizeof letters - 1 ? letters[i] : '?';
}

void emulator_looks(const struct emulator *emulator, struct text *out)
{
    struct array looks = ARRAY_OF(char *);
    for (int row = 0; row < emulator->height; row++) {
        for (int column = 0; column < emulator->width; column++) {
            VTermScreenCell cell = cell_at(emulator, row, column);
            text_append_char(out, letter_of_look(&looks, describe_look(&cell)));
        }
        text_append_char(out, '\n');
    }
    for (size_t i = 0; i < looks.count; i++) {
        char *look = *(char **)array_at(&looks, i);
        struct array same = looks;
        same.count = i + 1;
        text_printf(out, "%c =%s\n", letter_of_look(&same, string_copy(look)), look);
    }
    for (size_t i = 0; i < looks.count; i++) {
        free(*(char **)array_at(&looks, i));
    }
    array_release(&looks);
}

bool emulator_cursor(const struct emulator *emulator, int *row, int *column)
{
    VTermPos position = {0};
    vterm_state_get_cursorpos(vterm_obtain_state(emulator->vterm), &position);
    *row = position.row;
    *column = position.col;
    return emulator->cursor_shown;
}

bool emulator_alternate(const struct emulator *emulator)
{
    return emulator->alternate;
}

bool emulator_pen_is_plain(const struct emulator *emulator)
{
    VTermState *state = vterm_obtain_state(emulator->vterm);
    static const VTermAttr flags[] = {VTERM_ATTR_BOLD, VTERM_ATTR_UNDERLINE,
                                      VTERM_ATTR_ITALIC, VTERM_ATTR_BLINK,
                                      VTERM_ATTR_REVERSE};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        VTermValue value = {0};
        vterm_state_get_penattr(state, flags[i], &value);
        if (value.number != 0) {
            return false;
        }
    }
    VTermValue front = {0};
    VTermValue back = {0};
    vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &front);
    vterm_state_get_penattr(state, VTERM_ATTR_BACKGROUND, &back);
    return VTERM_COLOR_IS_DEFAULT_FG(&front.color) &&
           VTERM_COLOR_IS_DEFAULT_BG(&back.color);
}
