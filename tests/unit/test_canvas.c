/* canvas: clipping, wide signs, hostile text, dumps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tests/unit/tap.h"
#include "tui/canvas.h"

static void is_dump(struct canvas *canvas, const char *want, const char *what)
{
    struct text text = {0};

    canvas_dump(canvas, &text);
    is_text(text_string(&text), want, "%s", what);
    text_release(&text);
}

static void test_text_is_clipped(void)
{
    struct canvas *canvas = canvas_new(8, 2);
    struct view all = canvas_view(canvas);
    struct view inner = view_inside(all, 2, 0, 4, 1);

    is_int(view_text(inner, 0, 0, style_of(ROLE_TEXT), "abcdefgh", -1), 4,
           "text takes the columns that are there");
    view_text(inner, 0, 1, style_of(ROLE_TEXT), "below", -1);
    view_text(inner, 0, -1, style_of(ROLE_TEXT), "above", -1);
    is_dump(canvas, "  abcd\n\n", "nothing is drawn outside of a view");
    view_text(inner, -2, 0, style_of(ROLE_TEXT), "uvwxyz", -1);
    is_dump(canvas, "  wxyz\n\n", "what begins left of a view is cut at its edge");
    canvas_free(canvas);
}

static void test_wide_signs(void)
{
    struct canvas *canvas = canvas_new(5, 1);
    struct view all = canvas_view(canvas);

    view_text(all, 0, 0, style_of(ROLE_TEXT), "日本語", -1);
    is_dump(canvas, "日本\n", "half a wide sign is not drawn at the last column");
    is_int(canvas_cell(canvas, 1, 0)->width, 0, "its right half is an empty cell");
    view_text(all, 1, 0, style_of(ROLE_TEXT), "x", -1);
    is_dump(canvas, " x本\n", "writing over the right half takes the left one away");
    view_text(all, 2, 0, style_of(ROLE_TEXT), "y", -1);
    is_dump(canvas, " xy\n", "writing over the left half takes the right one away");
    view_field(all, 0, 0, 4, style_of(ROLE_TEXT), "日本語", -1, false);
    is_dump(canvas, "日…\n", "an ellipsis stands where a wide sign does not fit");
    canvas_free(canvas);
}

static void test_fields(void)
{
    struct canvas *canvas = canvas_new(10, 1);
    struct view all = canvas_view(canvas);

    view_field(all, 1, 0, 6, style_of(ROLE_TEXT), "12345678", -1, true);
    is_dump(canvas, " 12345…\n", "a field cuts with an ellipsis");
    view_field(all, 1, 0, 6, style_of(ROLE_TEXT), "42", -1, true);
    is_dump(canvas, "     42\n", "and aligns right");
    view_field(all, 1, 0, 6, style_of(ROLE_TEXT), "123456", -1, false);
    is_dump(canvas, " 123456\n", "what fits exactly is not cut");
    view_field(all, 1, 0, 6, style_of(ROLE_TEXT), NULL, 0, false);
    is_dump(canvas, "\n", "no text is a blank field");
    canvas_set_ascii(canvas, true);
    view_field(all, 0, 0, 4, style_of(ROLE_TEXT), "Übermut", -1, false);
    is_dump(canvas, "?be~\n", "without UTF-8 other signs stand for what cannot be shown");
    canvas_free(canvas);
}

static bool is_harmless(const struct canvas *canvas)
{
    for (int y = 0; y < canvas_height(canvas); y++) {
        for (int x = 0; x < canvas_width(canvas); x++) {
            const struct canvas_cell *cell = canvas_cell(canvas, x, y);
            for (const char *at = cell->bytes; *at != '\0'; at++) {
                unsigned char byte = (unsigned char)*at;
                if (byte < 0x20 || byte == 0x7f ||
                    (byte == 0xc2 && (unsigned char)at[1] < 0xa0)) {
                    return false;
                }
            }
        }
    }
    return true;
}

static void test_hostile_text(void)
{
    static const char *const hostile[] = {
        "\033]52;c;AAAA\007",
        "\033[2J\033[H",
        "a\tb\rc\nd\be",
        "\xc2\x9b"
        "31m",
        "\xe2\x80\xae"
        "gnp.exe",
        "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
        "\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
        "\xff\xfe\x80",
        "\xf3\xa0\x80\x81",
    };
    struct canvas *canvas = canvas_new(24, 3);
    struct view all = canvas_view(canvas);

    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        canvas_clear(canvas);
        for (int x = -5; x < 24; x++) {
            view_text(all, x, 0, style_of(ROLE_TEXT), hostile[i], -1);
            view_field(all, x, 1, 5, style_of(ROLE_TEXT), hostile[i], -1, x % 2 == 0);
            view_printf(all, x, 2, style_of(ROLE_TEXT), "%s|", hostile[i]);
        }
        ok(is_harmless(canvas), "hostile text %zu leaves no control byte", i);
    }
    canvas_clear(canvas);
    view_text(all, 0, 0, style_of(ROLE_TEXT), "a\033b", -1);
    is_int(canvas_cell(canvas, 1, 0)->style.role, ROLE_ESCAPED,
           "an escape looks like one");
    is_dump(canvas, "a^[b\n\n\n", "and is spelled out in cells of its own");
    canvas_free(canvas);
}

static void test_styles(void)
{
    struct canvas *canvas = canvas_new(4, 1);
    struct text text = {0};

    view_text(canvas_view(canvas), 0, 0, style_of(ROLE_DIM), "ab", -1);
    view_restyle(canvas_view(canvas), 1, 0, 9, style_of(ROLE_TITLE));
    canvas_dump_styles(canvas, &text);
    is_text(text_string(&text), "abbb\n", "looks are dumped as letters");
    text_release(&text);
    canvas_free(canvas);
}

static void test_cursor_and_size(void)
{
    struct canvas *canvas = canvas_new(0, -4);
    int x, y;

    is_int(canvas_width(canvas), 1, "a canvas is never empty");
    canvas_resize(canvas, 10, 3);
    ok(!canvas_cursor(canvas, &x, &y), "no cursor at first");
    view_set_cursor(view_inside(canvas_view(canvas), 2, 1, 3, 1), 3, 0);
    ok(!canvas_cursor(canvas, &x, &y), "nor one outside of its view");
    view_set_cursor(view_inside(canvas_view(canvas), 2, 1, 3, 1), 2, 0);
    ok(canvas_cursor(canvas, &x, &y) && x == 4 && y == 1, "a cursor is set");
    ok(canvas_cell(canvas, 10, 0) == NULL, "there is no cell outside");
    canvas_free(canvas);
}

int main(void)
{
    test_text_is_clipped();
    test_wide_signs();
    test_fields();
    test_hostile_text();
    test_styles();
    test_cursor_and_size();
    return tap_done();
}
