/* input: a terminal's bytes to keys, pastes and mouse presses. Reads no file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/input.h"

#include <stdlib.h>
#include <string.h>

#include "engine/array.h"
#include "tui/input_sequence.h"

static const char paste_end[] = "\033[201~";

struct definition {
    char *bytes;
    size_t length;
    int code;
};

struct input {
    struct text bytes; /* not yet understood */
    size_t start;      /* of them, already used up */
    bool is_pasting;
    bool wants_answers;
    bool is_expired; /* an Esc at the start stands for itself */
    struct text paste;
    struct array definitions;
};

struct input *input_new(void)
{
    struct input *input = memory_new(sizeof *input);

    input->definitions = (struct array)ARRAY_OF(struct definition);
    return input;
}

void input_free(struct input *input)
{
    if (input == NULL) {
        return;
    }
    for (size_t i = 0; i < input->definitions.count; i++) {
        free(((struct definition *)array_at(&input->definitions, i))->bytes);
    }
    array_release(&input->definitions);
    text_release(&input->bytes);
    text_release(&input->paste);
    free(input);
}

void input_define(struct input *input, const char *bytes, int code)
{
    struct definition *definition;

    if (bytes == NULL || bytes[0] != '\033' || bytes[1] == '\0') {
        return; /* plain bytes mean themselves */
    }
    definition = array_push(&input->definitions);
    definition->bytes = string_copy(bytes);
    definition->length = strlen(bytes);
    definition->code = code;
}

void input_expect_answers(struct input *input, bool expected)
{
    input->wants_answers = expected;
}

void input_feed(struct input *input, const char *bytes, size_t length)
{
    if (input->start > 0) {
        size_t left = input->bytes.length - input->start;
        memmove(input->bytes.data, input->bytes.data + input->start, left);
        text_truncate(&input->bytes, left);
        input->start = 0;
    }
    text_append_bytes(&input->bytes, bytes, length);
    input->is_expired = false;
}

static void use_up(struct input *input, size_t length)
{
    input->start += length;
    if (input->start >= input->bytes.length) {
        text_clear(&input->bytes);
        input->start = 0;
    }
}

/* Keys as terminfo has them. */
static struct found find_defined(const struct input *input, const char *bytes,
                                 size_t length)
{
    for (size_t i = 0; i < input->definitions.count; i++) {
        const struct definition *one = array_at(&input->definitions, i);
        if (length >= one->length && memcmp(bytes, one->bytes, one->length) == 0) {
            return sequence_key(one->length, one->code, false);
        }
    }
    return (struct found){0};
}

static struct found find_after_escape(const struct input *input, const char *bytes,
                                      size_t length)
{
    struct found found = find_defined(input, bytes, length);

    return found.length > 0 ? found : sequence_after_escape(bytes, length);
}

static struct found find_next(const struct input *input)
{
    const char *bytes = input->bytes.data + input->start;
    size_t length = input->bytes.length - input->start;

    if (bytes[0] != '\033') {
        return sequence_character(bytes, length);
    }
    if (input->is_expired) {
        return sequence_expired(bytes, length);
    }
    return find_after_escape(input, bytes, length);
}

static void keep_paste(struct input *input, const char *bytes, size_t length)
{
    size_t room = INPUT_PASTE_MOST - input->paste.length;

    text_append_bytes(&input->paste, bytes, length < room ? length : room);
}

/* Terminals send a pasted line's end as Enter, CR. */
static void mend_line_ends(struct text *paste)
{
    size_t kept = 0;

    for (size_t i = 0; i < paste->length; i++) {
        bool is_return = paste->data[i] == '\r';
        if (is_return && i + 1 < paste->length && paste->data[i + 1] == '\n') {
            continue;
        }
        paste->data[kept++] = is_return ? '\n' : paste->data[i];
    }
    if (paste->length > 0) {
        text_truncate(paste, kept);
    }
}

/* Take what belongs to the paste; true when its end was there. */
static bool continue_paste(struct input *input)
{
    const char *bytes = input->bytes.data + input->start;
    size_t length = input->bytes.length - input->start;
    size_t end_length = sizeof paste_end - 1;
    const char *end = length > 0 ? memmem(bytes, length, paste_end, end_length) : NULL;

    if (end != NULL) {
        keep_paste(input, bytes, (size_t)(end - bytes));
        use_up(input, (size_t)(end - bytes) + end_length);
        input->is_pasting = false;
        return true;
    }
    if (length >= end_length) { /* the end may have come in part */
        keep_paste(input, bytes, length - (end_length - 1));
        use_up(input, length - (end_length - 1));
    }
    return false;
}

bool input_next(struct input *input, struct term_event *event)
{
    *event = (struct term_event){0};
    while (input->is_pasting || input->start < input->bytes.length) {
        struct found found;
        if (input->is_pasting) {
            if (!continue_paste(input)) {
                return false;
            }
            mend_line_ends(&input->paste);
            event->kind = TERM_PASTE;
            event->paste = input->paste;
            input->paste = (struct text){0};
            return true;
        }
        found = find_next(input);
        if (found.length == 0) {
            return false;
        }
        if (found.is_answer && input->wants_answers) {
            event->kind = TERM_ANSWER;
            text_append_bytes(&event->paste, input->bytes.data + input->start,
                              found.length);
            use_up(input, found.length);
            return true;
        }
        use_up(input, found.length);
        input->is_pasting = found.is_paste_start;
        if (found.event.kind != TERM_NOTHING) {
            *event = found.event;
            return true;
        }
    }
    return false;
}

bool input_is_waiting(const struct input *input)
{
    return !input->is_pasting && input->start < input->bytes.length &&
           input->bytes.data[input->start] == '\033';
}

void input_expire(struct input *input)
{
    input->is_expired = input_is_waiting(input);
}
