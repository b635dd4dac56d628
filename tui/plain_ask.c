/* plain_ask: what a verb needs from the person first: a purpose, a yes, values of
 * parameters. Its line waits and runs again with the answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/plain_private.h"

#include <stdlib.h>
#include <string.h>

static void keep(char **place, const char *text, size_t length)
{
    free(*place);
    *place = string_copy_bytes(text, length);
}

bool plain_take_question(struct plain *plain, const char *action)
{
    static const struct {
        const char *name;
        enum question question;
    } questions[] = {{"ask-purpose ", QUESTION_PURPOSE},
                     {"ask-yes ", QUESTION_YES},
                     {"ask-parameters ", QUESTION_PARAMETERS}};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        if (string_starts(action, questions[i].name)) {
            const char *words = action + strlen(questions[i].name);
            size_t length = strcspn(words, "\n");
            const char *line = words + length + (words[length] == '\n');
            plain->question = questions[i].question;
            keep(&plain->names, words, length);
            keep(&plain->line_again, line, strlen(line));
            return true;
        }
    }
    return false;
}

static const char *remembered(const struct workbench *workbench, const char *name)
{
    for (size_t i = 0; i < workbench->parameters.count; i++) {
        const struct workbench_parameter *one = array_at(&workbench->parameters, i);
        if (string_equal(one->name, name)) {
            return one->value;
        }
    }
    return NULL;
}

/* The name of the first parameter that waits. Yours. */
static char *first_name(const struct plain *plain)
{
    return string_copy_bytes(plain->names, strcspn(plain->names, " "));
}

char *plain_question_prompt(const struct plain *plain)
{
    char *name, *prompt = NULL;
    const char *value;
    switch (plain->question) {
    case QUESTION_NONE:
        break;
    case QUESTION_PURPOSE:
        prompt = string_copy("What is it read for? ");
        break;
    case QUESTION_YES:
        prompt = string_printf("%s. Run it? (y/n) ", plain->names);
        break;
    case QUESTION_PARAMETERS:
        name = first_name(plain);
        value = remembered(plain->workbench, name);
        prompt = value != NULL ? string_printf(":%s (Enter: %s) = ", name, value)
                               : string_printf(":%s = ", name);
        free(name);
        break;
    }
    return prompt;
}

void plain_give_up(struct plain *plain)
{
    if (plain->question != QUESTION_NONE) {
        print_line("%s", "Nothing ran.");
    }
    plain->question = QUESTION_NONE;
}

static void run_again(struct plain *plain)
{
    char *line = plain->line_again;
    plain->line_again = NULL;
    plain->question = QUESTION_NONE;
    plain_run_line(plain, line);
    free(line);
}

static void run_verb(struct plain *plain, const char *verb, const char *word,
                     const char *value)
{
    struct text line = {0};
    enum question question = plain->question;
    text_append(&line, verb);
    command_append_word(&line, word);
    if (value != NULL) {
        command_append_word(&line, value);
    }
    plain_run_line(plain, text_string(&line));
    plain->question = question;
    text_release(&line);
}

static void take_value(struct plain *plain, const char *value)
{
    char *name = first_name(plain);
    const char *before = remembered(plain->workbench, name);
    if (*value == '\0' && before == NULL) {
        free(name);
        plain_give_up(plain);
        return;
    }
    char *given = string_copy(*value != '\0' ? value : before);
    run_verb(plain, "param", name, given);
    const char *rest = plain->names + strcspn(plain->names, " ");
    char *names = string_copy(rest + strspn(rest, " "));
    free(plain->names);
    plain->names = names;
    if (*names == '\0') {
        run_again(plain);
    }
    free(given);
    free(name);
}

void plain_answer(struct plain *plain, const char *line)
{
    line += strspn(line, " \t");
    if (plain->question == QUESTION_PARAMETERS) {
        take_value(plain, line);
    } else if (*line == '\0' || (plain->question == QUESTION_YES && *line != 'y')) {
        plain_give_up(plain);
    } else {
        if (plain->question == QUESTION_PURPOSE) {
            run_verb(plain, "purpose", line, NULL);
        }
        run_again(plain);
    }
}
