/* lineedit_prompt: lines from a terminal, without a screen: GNU readline in its own way
 * where the program is built with it, else what the terminal itself can edit.
 *
 * A prompt is written, and a line comes back through the loop, so that work goes on
 * meanwhile. readline keeps its settings (~/.inputrc) and searches in the history it is
 * given. There is one reader at a time, as readline's state is global. Standard input
 * that is no terminal is read line by line, without a prompt.
 *
 * Source: GNU Readline manual, "Alternate Interface".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_LINEEDIT_PROMPT_H
#define MWB_TUI_LINEEDIT_PROMPT_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/loop.h"

struct prompt_spec {
    struct loop *loop;
    /* A line without its end; NULL: there are no more. From loop_step(). */
    void (*line)(void *owner, const char *line);
    /* As in struct lineedit_spec: candidates for the word at the cursor of this line. */
    void (*complete)(void *owner, const char *text, size_t cursor, size_t *word_start,
                     struct array *candidates);
    void *owner;
};

struct prompt_reader;

struct prompt_reader *prompt_reader_new(const struct prompt_spec *spec);
void prompt_reader_free(struct prompt_reader *reader);
/* Ask for a line; `line` comes once. */
void prompt_reader_ask(struct prompt_reader *reader, const char *prompt);
/* Forget what was typed and ask something else: ^C. */
void prompt_reader_restart(struct prompt_reader *reader, const char *prompt);
/* The statements of before, oldest first: array of const char *; and one more. */
void prompt_reader_set_history(struct prompt_reader *reader, const struct array *lines);
void prompt_reader_add_history(struct prompt_reader *reader, const char *statement);
bool prompt_reader_is_terminal(const struct prompt_reader *reader);

#endif
