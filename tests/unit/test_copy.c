/* Unit tests of what term_copy() writes: plainly, inside tmux, inside screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tap.h"
#include "tui/term.h"

#include <string.h>

static void plainly(void)
{
    struct text out = {0};
    term_copy_sequence(TERM_ALONE, "x\0y", 3, &out);
    is_text(text_string(&out), "\033]52;c;eAB5\007", "the true bytes, NUL among them");
    text_clear(&out);
    term_copy_sequence(TERM_ALONE, "", 0, &out);
    is_text(text_string(&out), "\033]52;c;\007", "nothing");
    text_release(&out);
}

static void inside_tmux(void)
{
    struct text out = {0};
    term_copy_sequence(TERM_IN_TMUX, "x", 1, &out);
    is_text(text_string(&out), "\033]52;c;eA==\007\033Ptmux;\033\033]52;c;eA==\007\033\\",
            "for tmux, and for the terminal around it");
    text_release(&out);
}

/* What screen passes on, its own wrapping taken away. */
static void inside_screen(void)
{
    enum { LENGTH = 5000, PART_MOST = 256 };
    struct text bytes = {0}, plain = {0}, wrapped = {0}, passed = {0};
    text_append_repeated(&bytes, 'z', LENGTH);
    term_copy_sequence(TERM_ALONE, bytes.data, bytes.length, &plain);
    term_copy_sequence(TERM_IN_SCREEN, bytes.data, bytes.length, &wrapped);
    const char *at = text_string(&wrapped);
    size_t longest = 0;
    while (string_starts(at, "\033P")) {
        const char *end = strstr(at, "\033\\");
        size_t length = end != NULL ? (size_t)(end - at) - 2 : 0;
        text_append_bytes(&passed, at + 2, length);
        longest = length > longest ? length : longest;
        at = end != NULL ? end + 2 : "";
    }
    is_text(at, "", "nothing outside of the strings");
    is_text(text_string(&passed), text_string(&plain), "the parts are the whole");
    ok(longest <= PART_MOST, "none is longer than every version takes: %zu", longest);
    text_release(&bytes);
    text_release(&plain);
    text_release(&wrapped);
    text_release(&passed);
}

int main(void)
{
    plainly();
    inside_tmux();
    inside_screen();
    return tap_done();
}
