/* snippet/expand: from a body to SQL, and where its places are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/snippet.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 10 };

struct expansion {
    const char *indent;
    struct text *out;
    size_t begin;         /* of the expanded text in `out` */
    char *first[NUMBERS]; /* what a number stands for; NULL: not known yet */
    bool is_placed[NUMBERS];
    struct snippet_place places[NUMBERS];
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The form at a `$`: its number, its text (not ended), and how many bytes it takes; 0:
 * it is no place. */
static size_t read_place(const char *at, int *number, const char **text, size_t *length)
{
    *text = NULL;
    *length = 0;
    if (is_digit(at[1]) && !is_digit(at[2])) {
        *number = at[1] - '0';
        return 2;
    }
    if (at[1] != '{' || !is_digit(at[2]) || (at[3] != '}' && at[3] != ':')) {
        return 0;
    }
    *number = at[2] - '0';
    if (at[3] == '}') {
        return 4;
    }
    const char *end = strchr(at + 4, '}');
    if (end == NULL) {
        return 0;
    }
    *text = at + 4;
    *length = (size_t)(end - *text);
    return (size_t)(end + 1 - at);
}

/* What numbers stand for is known before the first of them is written: a number may have
 * its text at its second mention only. */
static void learn(struct expansion *expansion, const char *body)
{
    const char *text;
    size_t length, taken;
    int number;
    for (const char *p = body; *p != '\0'; p++) {
        if (*p == '\\' && p[1] != '\0') {
            p++;
        } else if (*p == '$' && (taken = read_place(p, &number, &text, &length)) > 0) {
            if (text != NULL && expansion->first[number] == NULL) {
                expansion->first[number] = string_copy_bytes(text, length);
            }
            p += taken - 1;
        }
    }
}

static void put_sign(struct expansion *expansion, char c)
{
    text_append_char(expansion->out, c);
    if (c == '\n') {
        text_append(expansion->out, expansion->indent);
    }
}

static void put_place(struct expansion *expansion, int number)
{
    const char *first = expansion->first[number] != NULL ? expansion->first[number] : "";
    size_t start = expansion->out->length;
    for (const char *p = first; *p != '\0'; p++) {
        put_sign(expansion, *p);
    }
    if (!expansion->is_placed[number]) {
        expansion->is_placed[number] = true;
        expansion->places[number] = (struct snippet_place){
            start - expansion->begin, expansion->out->length - start};
    }
}

void snippet_expand(const char *body, const char *indent, struct text *out,
                    struct array *places)
{
    struct expansion expansion = {.indent = indent, .out = out, .begin = out->length};
    const char *text;
    size_t length, taken;
    int number;
    learn(&expansion, body);
    for (const char *p = body; *p != '\0'; p++) {
        if (*p == '\\' && (p[1] == '$' || p[1] == '\\')) {
            put_sign(&expansion, *++p);
        } else if (*p == '$' && (taken = read_place(p, &number, &text, &length)) > 0) {
            put_place(&expansion, number);
            p += taken - 1;
        } else {
            put_sign(&expansion, *p);
        }
    }
    if (!expansion.is_placed[0]) {
        expansion.places[0] = (struct snippet_place){out->length - expansion.begin, 0};
        expansion.is_placed[0] = true;
    }
    for (int i = 1; i <= NUMBERS; i++) {
        if (expansion.is_placed[i % NUMBERS]) {
            *(struct snippet_place *)array_push(places) = expansion.places[i % NUMBERS];
        }
    }
    for (int i = 0; i < NUMBERS; i++) {
        free(expansion.first[i]);
    }
}
