/* words: a line of a play taken apart, and the names it may use.
 *
 * Words are separated by blanks; "..." keeps blanks together and knows \n \t \e \\ \" \$
 * \xHH and \uHHHH. $NAME is replaced in bare and in quoted words when the name is known,
 * else it stays as it is, so that SQL needs no care.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_WORDS_H
#define MWB_TESTS_SCREEN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/text.h"

/* NAME=VALUE strings that end with NULL, as execve wants them. */
struct names {
    char **items;
    size_t count;
};

void names_set(struct names *names, const char *name, const char *value);
void names_unset(struct names *names, const char *name);
const char *names_get(const struct names *names, const char *name); /* NULL: not there */
void names_release(struct names *names);

struct word {
    char *bytes; /* as written, without the quotes, escapes still in it */
    bool quoted;
};

/* The words of a line: array of struct word. False: a quote that does not end. */
bool words_split(const char *line, struct array *words, struct error *err);
void words_release(struct array *words);

/* What a word says, with names and escapes replaced. Yours. */
char *word_text(const struct word *word, const struct names *names);

/* The escape at *at (which points behind the backslash) is appended to out. */
void escape_append(struct text *out, const char **at);
/* Append what $NAME at *at (which points at the $) stands for, or the $ itself. */
void name_append(struct text *out, const char **at, const struct names *names);
void code_point_append(struct text *out, unsigned code);

#endif
