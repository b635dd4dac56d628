/* completion: candidates of the engine as those of an editor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/completion.h"

#include <stdlib.h>
#include <string.h>

#include "engine/command.h"
#include "tui/lineedit.h"

void completion_find(struct complete *complete, const char *text, size_t cursor,
                     size_t *word_start, struct array *candidates)
{
    struct complete_answer answer;
    complete_find(complete, text, cursor, &answer);
    *word_start = answer.word_start;
    for (size_t i = 0; i < answer.candidates.count; i++) {
        const struct complete_candidate *from = array_at(&answer.candidates, i);
        struct lineedit_candidate *to = array_push(candidates);
        bool described = from->description != NULL && *from->description != '\0';
        to->text = string_copy(from->text);
        to->detail = described ? string_printf("%s\t%s", from->detail, from->description)
                               : string_copy(from->detail);
    }
    complete_answer_release(&answer);
}

void completion_find_words(struct workbench *workbench, const char *verb,
                           const char *text, size_t cursor, size_t *word_start,
                           struct array *candidates)
{
    char *line =
        string_printf("%s%s%.*s", verb, *verb != '\0' ? " " : "", (int)cursor, text);
    size_t before = strlen(line) - cursor;
    struct array words = command_completions(workbench, line, word_start);
    *word_start = *word_start >= before ? *word_start - before : cursor;
    for (size_t i = 0; i < words.count; i++) {
        struct lineedit_candidate *candidate = array_push(candidates);
        const struct command_completion *word = array_at(&words, i);
        candidate->text = string_copy(word->text);
        candidate->detail = string_copy(word->detail);
    }
    command_completions_release(&words);
    free(line);
}
