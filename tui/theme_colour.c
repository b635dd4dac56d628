/* theme_colour: colour words, and the nearest colour where the terminal has fewer.
 * The 256 are xterm's: 16 system colours, a cube of 6x6x6, 24 greys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/theme_colour.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

enum { RGB = 0x1000000, TRUE_COLOURS = 1 << 24 };

static const char *const basic_names[] = {
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
};

static const int32_t basic_rgb[16] = {
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

static const int cube_steps[6] = {0, 95, 135, 175, 215, 255};

static int32_t rgb_of_palette(int index)
{
    int grey;

    if (index < 16) {
        return basic_rgb[index];
    }
    if (index >= 232) {
        grey = 8 + 10 * (index - 232);
        return grey << 16 | grey << 8 | grey;
    }
    index -= 16;
    return cube_steps[index / 36] << 16 | cube_steps[index / 6 % 6] << 8 |
           cube_steps[index % 6];
}

static long distance(int32_t a, int32_t b)
{
    long red = (a >> 16 & 255) - (b >> 16 & 255);
    long green = (a >> 8 & 255) - (b >> 8 & 255);
    long blue = (a & 255) - (b & 255);

    return 3 * red * red + 4 * green * green + 2 * blue * blue;
}

/* The system colours look different everywhere: with 256 there are better ones. */
static int32_t nearest(int32_t rgb, int colours)
{
    int first = colours >= 256 ? 16 : 0;
    int end = colours >= 256 ? 256 : colours;
    int best = first;

    for (int i = first; i < end; i++) {
        if (distance(rgb, rgb_of_palette(i)) < distance(rgb, rgb_of_palette(best))) {
            best = i;
        }
    }
    return best;
}

static bool read_rgb(const char *word, int32_t *colour)
{
    if (word[0] != '#' || strlen(word) != 7 ||
        strspn(word + 1, "0123456789abcdefABCDEF") != 6) {
        return false;
    }
    *colour = RGB | (int32_t)strtol(word + 1, NULL, 16);
    return true;
}

static bool read_number(const char *word, int32_t *colour)
{
    size_t digits = strspn(word, "0123456789");

    if (digits == 0 || digits > 3 || word[digits] != '\0') {
        return false;
    }
    *colour = (int32_t)strtol(word, NULL, 10);
    return *colour < 256;
}

static bool read_named(const char *word, int32_t *colour)
{
    int bright = 0;

    if (string_equal(word, "default")) {
        *colour = -1;
        return true;
    }
    if (string_starts(word, "bright-")) {
        bright = 8;
        word += strlen("bright-");
    }
    for (int i = 0; i < 8; i++) {
        if (string_equal(word, basic_names[i])) {
            *colour = i + bright;
            return true;
        }
    }
    return false;
}

static bool read_one(const char *word, int32_t *colour)
{
    return read_rgb(word, colour) || read_number(word, colour) ||
           read_named(word, colour);
}

static bool is_shown(int32_t colour, int colours)
{
    return colour < 0 || (colour >= RGB ? colours >= TRUE_COLOURS : colour < colours);
}

static int32_t make_shown(int32_t colour, int colours)
{
    if (colours <= 0) {
        return -1;
    }
    if (is_shown(colour, colours)) {
        return colour;
    }
    return nearest(colour >= RGB ? colour & 0xffffff : rgb_of_palette(colour), colours);
}

bool theme_colour_read(const char *word, int colours, int32_t *colour)
{
    bool is_first = true, is_found = false;
    int32_t first = -1, one;

    while (*word != '\0') {
        size_t length = strcspn(word, "/");
        char *copy = string_copy_bytes(word, length);
        bool fine = read_one(copy, &one);
        free(copy);
        if (!fine) {
            return false;
        }
        first = is_first ? one : first;
        is_first = false;
        if (!is_found && is_shown(one, colours)) {
            is_found = true;
            *colour = one;
        }
        word += length + (word[length] == '/' ? 1 : 0);
    }
    if (!is_found) {
        *colour = make_shown(first, colours);
    }
    return !is_first;
}
