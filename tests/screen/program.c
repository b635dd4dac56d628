/* program: the child of a play with its emulator and its reader of escapes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/program.h"

#include <stdlib.h>
#include <string.h>

#include "tests/screen/terminfo.h"

/* A terminal that claims to have no size still has a screen of some size. */
static int or_else(int size, int usual)
{
    return size > 0 ? size : usual;
}

static bool is_utf8(const struct play *play)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < 3; i++) {
        const char *value = names_get(&play->environment, names[i]);
        if (value != NULL && value[0] != '\0') {
            return string_contains_fold(value, "utf-8") ||
                   string_contains_fold(value, "utf8");
        }
    }
    return false;
}

static void stop_program(struct play *play)
{
    child_release(&play->child);
    emulator_free(play->emulator);
    escapes_free(play->escapes);
    play->emulator = NULL;
    play->escapes = NULL;
    play->running = false;
    text_clear(&play->raw);
}

static void forget_program(struct play *play)
{
    for (size_t i = 0; play->program != NULL && play->program[i] != NULL; i++) {
        free(play->program[i]);
    }
    free(play->program);
    play->program = NULL;
}

void program_end(struct play *play)
{
    stop_program(play);
    forget_program(play);
}

bool program_start(struct play *play, char *const *arguments, bool without_sync,
                   struct error *err)
{
    size_t count = 0;
    while (arguments[count] != NULL) {
        count++;
    }
    forget_program(play);
    play->program = memory_new_many(count + 1, sizeof *play->program);
    for (size_t i = 0; i < count; i++) {
        play->program[i] = string_copy(arguments[i]);
    }
    play->without_sync = without_sync;
    return program_start_again(play, err);
}

bool program_start_again(struct play *play, struct error *err)
{
    const char *term = names_get(&play->environment, "TERM");
    stop_program(play);
    terminfo_choose(term != NULL ? term : "");
    play->emulator =
        emulator_new(or_else(play->width, 80), or_else(play->height, 24), is_utf8(play));
    play->escapes = escapes_new();
    for (size_t i = 0; i < play->allowed.count; i++) {
        escapes_allow(play->escapes, *(char **)array_at(&play->allowed, i));
    }
    struct child_spec spec = {.arguments = play->program,
                              .environment = play->environment.items,
                              .folder = names_get(&play->variables, "TMP"),
                              .width = play->width,
                              .height = play->height,
                              .without_sync = play->without_sync};
    play->running = child_start(&play->child, &spec, err);
    program_mark_typing(play);
    return play->running;
}

void program_mark_typing(struct play *play)
{
    play->raw_before_keys = play->raw.length;
    play->frames_before_keys = play->child.frames;
    play->first_frame_at = 0;
    play->typed_at = play_clock();
}

bool program_type(struct play *play, const char *bytes, size_t length, struct error *err)
{
    if (length == 0) {
        return true; /* nothing typed, nothing to wait for */
    }
    struct text output = {0};
    int limit = (int)(play->deadline * 1000);
    bool good = child_type(&play->child, bytes, length, limit, &output);
    play_show_output(play, &output);
    text_release(&output);
    play_take_in(play, 0);
    return good || error_set(err, ERROR_FAILED, "the program does not read its keys");
}

void program_resize(struct play *play, int width, int height)
{
    int now_width = 0;
    int now_height = 0;
    child_size(&play->child, &now_width, &now_height);
    if (width == now_width && height == now_height) {
        return; /* the kernel tells the program of changes only */
    }
    play_take_in(play, 0);
    emulator_resize(play->emulator, or_else(width, 80), or_else(height, 24));
    program_mark_typing(play);
    child_resize(&play->child, width, height);
}

bool program_is_settled(struct play *play, const char *unused)
{
    (void)unused;
    return child_is_settled(&play->child);
}
