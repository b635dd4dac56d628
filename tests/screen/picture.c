/* picture: the screen of a play as text, masked or not, for golden files and for
 * failures. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/play.h"

#include <stdlib.h>
#include <string.h>

/* Mark the columns of a row that a mask covers. */
static void find_masked(const struct play *play, const char *row, const size_t *starts,
                        bool *masked)
{
    for (size_t i = 0; i < play->masks.count; i++) {
        regmatch_t match;
        const regex_t *mask = array_at(&play->masks, i);
        for (size_t from = 0;
             regexec(mask, row + from, 1, &match, from > 0 ? REG_NOTBOL : 0) == 0 &&
             match.rm_eo > match.rm_so;
             from += (size_t)match.rm_eo) {
            for (int column = 0; column < emulator_width(play->emulator); column++) {
                masked[column] |= starts[column] >= from + (size_t)match.rm_so &&
                                  starts[column] < from + (size_t)match.rm_eo;
            }
        }
    }
}

static void cut_blanks(struct text *text, size_t from)
{
    while (text->length > from && text->data[text->length - 1] == ' ') {
        text_truncate(text, text->length - 1);
    }
}

static void masked_row(const struct play *play, int row, struct text *out)
{
    size_t width = (size_t)emulator_width(play->emulator);
    size_t *starts = memory_new_many(width + 1, sizeof *starts);
    bool *masked = memory_new_many(width, sizeof *masked);
    struct text text = {0};
    emulator_row(play->emulator, row, &text, starts);
    find_masked(play, text_string(&text), starts, masked);
    for (size_t column = 0; column < width; column++) {
        if (masked[column]) {
            text_append_char(out, '~');
        } else {
            text_append_bytes(out, text.data + starts[column],
                              starts[column + 1] - starts[column]);
        }
    }
    text_release(&text);
    free(masked);
    free(starts);
}

void play_screen_text(struct play *play, bool masked, struct text *out)
{
    for (int row = 0; row < emulator_height(play->emulator); row++) {
        size_t from = out->length;
        if (masked) {
            masked_row(play, row, out);
        } else {
            emulator_row(play->emulator, row, out, NULL);
        }
        cut_blanks(out, from);
        text_append_char(out, '\n');
    }
}

bool play_shows(struct play *play, const char *text)
{
    struct text screen = {0};
    play_screen_text(play, false, &screen);
    bool found = strstr(text_string(&screen), text) != NULL;
    text_release(&screen);
    return found;
}

void play_show_screen(struct play *play)
{
    struct text lines = {0};
    struct text out = {0};
    play_describe_state(play, &lines);
    play_note(text_string(&lines));
    text_clear(&lines);
    if (play->emulator != NULL) {
        int row = 0;
        int column = 0;
        bool shown = emulator_cursor(play->emulator, &row, &column);
        play_screen_text(play, false, &lines);
        while (lines.length > 1 && lines.data[lines.length - 2] == '\n') {
            text_truncate(&lines, lines.length - 1); /* empty rows at the end */
        }
        for (const char *at = lines.data; *at != '\0';) {
            size_t length = strcspn(at, "\n");
            text_printf(&out, "|%.*s\n", (int)length, at);
            at += length + (at[length] == '\n');
        }
        text_printf(&out, "cursor %s at row %d, column %d\n", shown ? "shown" : "hidden",
                    row + 1, column + 1);
        play_note(text_string(&out));
    }
    text_release(&lines);
    text_release(&out);
}
