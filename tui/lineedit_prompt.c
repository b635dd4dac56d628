/* lineedit_prompt: lines from a terminal or a pipe, through the loop.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/lineedit_prompt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/text.h"
#include "tui/lineedit.h"

#ifdef HAVE_READLINE
#include <readline/history.h>
#include <readline/readline.h>
#endif

struct prompt_reader {
    struct prompt_spec spec;
    bool is_terminal;
    bool is_asking;
    bool is_over; /* nothing more comes */
    char *prompt;
    struct text bytes; /* of a pipe, not yet a line */
    struct array candidates;
};

#ifdef HAVE_READLINE
/* readline's callbacks have no argument. */
static struct prompt_reader *current;
#endif

static void release_candidates(struct array *candidates)
{
    for (size_t i = 0; i < candidates->count; i++) {
        struct lineedit_candidate *candidate = array_at(candidates, i);
        free(candidate->text);
        free(candidate->detail);
    }
    array_release(candidates);
    *candidates = (struct array)ARRAY_OF(struct lineedit_candidate);
}

/* ---- A pipe, or a terminal without readline ---- */

/* The first line, when a whole one is here or nothing more comes. */
static char *take_line(struct prompt_reader *reader)
{
    const char *data = text_string(&reader->bytes);
    const char *end = memchr(data, '\n', reader->bytes.length);
    if (end == NULL && (!reader->is_over || reader->bytes.length == 0)) {
        return NULL;
    }
    size_t length = end != NULL ? (size_t)(end - data) : reader->bytes.length;
    size_t used = length + (end != NULL);
    char *line = string_copy_bytes(data, length);
    memmove(reader->bytes.data, reader->bytes.data + used, reader->bytes.length - used);
    text_truncate(&reader->bytes, reader->bytes.length - used);
    if (length > 0 && line[length - 1] == '\r') {
        line[length - 1] = '\0';
    }
    return line;
}

static void read_some(struct prompt_reader *reader)
{
    char bytes[4096];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    if (got > 0) {
        text_append_bytes(&reader->bytes, bytes, (size_t)got);
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
        reader->is_over = true;
    }
}

/* One line for each question: what follows waits. */
static void hand_over(void *owner)
{
    struct prompt_reader *reader = owner;
    char *line = reader->is_asking ? take_line(reader) : NULL;
    if (line != NULL || (reader->is_asking && reader->is_over)) {
        reader->is_asking = false;
        loop_unwatch(reader->spec.loop, STDIN_FILENO);
        reader->spec.line(reader->spec.owner, line);
    }
    free(line);
}

static void on_bytes(void *owner)
{
    read_some(owner);
    hand_over(owner);
}

static void ask_pipe(struct prompt_reader *reader)
{
    if (reader->is_terminal) {
        fputs(reader->prompt, stdout);
        fflush(stdout);
    }
    loop_watch(reader->spec.loop, STDIN_FILENO, on_bytes, reader);
    if (reader->is_over ||
        memchr(text_string(&reader->bytes), '\n', reader->bytes.length)) {
        loop_after(reader->spec.loop, 0, hand_over, reader);
    }
}

/* ---- readline ---- */

#ifdef HAVE_READLINE
static void on_line(char *line)
{
    struct prompt_reader *reader = current;
    rl_callback_handler_remove();
    loop_unwatch(reader->spec.loop, STDIN_FILENO);
    reader->is_asking = false;
    reader->spec.line(reader->spec.owner, line);
    free(line);
}

static void on_key(void *owner)
{
    (void)owner;
    rl_callback_read_char();
}

/* Only what goes on with what was typed: readline puts the longest common beginning of
 * all matches in its place. */
static size_t take_fitting(const struct array *candidates, const char *word,
                           const char **fitting)
{
    size_t count = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        const struct lineedit_candidate *one = array_at(candidates, i);
        if (strncasecmp(one->text, word, strlen(word)) == 0) {
            fitting[count++] = one->text;
        }
    }
    return count;
}

static size_t common_length(const char *const *words, size_t count)
{
    size_t length = strlen(words[0]);
    for (size_t i = 1; i < count; i++) {
        size_t same = 0;
        while (same < length && words[i][same] == words[0][same]) {
            same++;
        }
        length = same;
    }
    return length;
}

/* A list of strings from malloc(3), the first what all of them begin with. */
static char **matches_of(const struct array *candidates, const char *word)
{
    const char **fitting = memory_new_many(candidates->count + 1, sizeof *fitting);
    size_t count = take_fitting(candidates, word, fitting);
    char **matches = NULL;
    if (count > 0) {
        size_t length = common_length(fitting, count);
        matches = memory_new_many(count + 2, sizeof *matches);
        matches[0] = length < strlen(word) ? string_copy(word)
                                           : string_copy_bytes(fitting[0], length);
        for (size_t i = 0; i < count && count > 1; i++) {
            matches[i + 1] = string_copy(fitting[i]);
        }
    }
    free(fitting);
    return matches;
}

static char **complete(const char *text, int start, int end)
{
    struct prompt_reader *reader = current;
    size_t word_start = (size_t)start;
    (void)text;
    rl_attempted_completion_over = 1; /* no names of files instead */
    if (reader->spec.complete == NULL) {
        return NULL;
    }
    release_candidates(&reader->candidates);
    reader->spec.complete(reader->spec.owner, rl_line_buffer, (size_t)end, &word_start,
                          &reader->candidates);
    if (word_start > (size_t)end || word_start < (size_t)start) {
        return NULL; /* of another word than readline's */
    }
    /* readline's word may begin before ours (orders.ord): what stands between stays. */
    char *word = string_copy_bytes(rl_line_buffer + word_start, (size_t)end - word_start);
    char *before = string_copy_bytes(rl_line_buffer + start, word_start - (size_t)start);
    char **matches = matches_of(&reader->candidates, word);
    if (matches != NULL && *before != '\0') {
        char *whole = string_printf("%s%s", before, matches[0]);
        free(matches[0]);
        matches[0] = whole;
    }
    free(before);
    free(word);
    return matches;
}

static void ask_readline(struct prompt_reader *reader)
{
    loop_watch(reader->spec.loop, STDIN_FILENO, on_key, reader);
    rl_callback_handler_install(reader->prompt, on_line);
}

static void start_readline(struct prompt_reader *reader)
{
    current = reader;
    rl_readline_name = "mwb";
    rl_catch_signals = 0; /* ^C asks the loop */
    rl_attempted_completion_function = complete;
    rl_basic_word_break_characters = " \t\n,;()=<>+-*/|";
    rl_completion_append_character = '\0';
    using_history();
}

static void stop_readline(struct prompt_reader *reader)
{
    if (reader->is_asking) {
        rl_callback_handler_remove();
    }
    rl_clear_history();
    current = NULL;
}
#endif

/* ---- The door ---- */

struct prompt_reader *prompt_reader_new(const struct prompt_spec *spec)
{
    struct prompt_reader *reader = memory_new(sizeof *reader);
    reader->spec = *spec;
    reader->is_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    reader->candidates = (struct array)ARRAY_OF(struct lineedit_candidate);
#ifdef HAVE_READLINE
    if (reader->is_terminal) {
        start_readline(reader);
    }
#endif
    return reader;
}

void prompt_reader_free(struct prompt_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->is_asking) {
        loop_unwatch(reader->spec.loop, STDIN_FILENO);
    }
#ifdef HAVE_READLINE
    if (reader->is_terminal) {
        stop_readline(reader);
    }
#endif
    release_candidates(&reader->candidates);
    text_release(&reader->bytes);
    free(reader->prompt);
    free(reader);
}

void prompt_reader_ask(struct prompt_reader *reader, const char *prompt)
{
    char *copy = string_copy(prompt);
    free(reader->prompt);
    reader->prompt = copy;
    reader->is_asking = true;
#ifdef HAVE_READLINE
    if (reader->is_terminal) {
        ask_readline(reader);
        return;
    }
#endif
    ask_pipe(reader);
}

void prompt_reader_restart(struct prompt_reader *reader, const char *prompt)
{
    if (!reader->is_asking || !reader->is_terminal) {
        return;
    }
    fputc('\n', stdout);
    fflush(stdout);
#ifdef HAVE_READLINE
    rl_callback_handler_remove();
#endif
    loop_unwatch(reader->spec.loop, STDIN_FILENO);
    prompt_reader_ask(reader, prompt);
}

void prompt_reader_set_history(struct prompt_reader *reader, const struct array *lines)
{
#ifdef HAVE_READLINE
    for (size_t i = 0; reader->is_terminal && i < lines->count; i++) {
        add_history(*(const char **)array_at(lines, i));
    }
    using_history();
#else
    (void)reader;
    (void)lines;
#endif
}

void prompt_reader_add_history(struct prompt_reader *reader, const char *statement)
{
#ifdef HAVE_READLINE
    if (reader->is_terminal) {
        add_history(statement);
        using_history();
    }
#else
    (void)reader;
    (void)statement;
#endif
}

bool prompt_reader_is_terminal(const struct prompt_reader *reader)
{
    return reader->is_terminal;
}
