/* words: splitting, escapes and names of plays.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static size_t names_find(const struct names *names, const char *name)
{
    size_t length = strlen(name);
    size_t i = 0;
    while (i < names->count && !(strncmp(names->items[i], name, length) == 0 &&
                                 names->items[i][length] == '=')) {
        i++;
    }
    return i;
}

void names_unset(struct names *names, const char *name)
{
    size_t i = names_find(names, name);
    if (i < names->count) {
        free(names->items[i]);
        names->count--;
        memmove(names->items + i, names->items + i + 1,
                (names->count - i + 1) * sizeof *names->items);
    }
}

void names_set(struct names *names, const char *name, const char *value)
{
    char *line = string_printf("%s=%s", name, value);
    names_unset(names, name);
    names->items = memory_resize(names->items, (names->count + 2) * sizeof *names->items);
    names->items[names->count++] = line;
    names->items[names->count] = NULL;
}

const char *names_get(const struct names *names, const char *name)
{
    size_t i = names_find(names, name);
    return i < names->count ? names->items[i] + strlen(name) + 1 : NULL;
}

void names_release(struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(names->items[i]);
    }
    free(names->items);
    *names = (struct names){0};
}

/* The end of a word that starts at `at`; NULL when its quote does not end. */
static const char *word_end(const char *at, bool quoted)
{
    for (; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
        } else if (quoted ? *at == '"' : isspace((unsigned char)*at)) {
            return at;
        }
    }
    return quoted ? NULL : at;
}

bool words_split(const char *line, struct array *words, struct error *err)
{
    for (const char *at = line;;) {
        at += strspn(at, " \t\r\n");
        if (*at == '\0') {
            return true;
        }
        bool quoted = *at == '"';
        at += quoted;
        const char *end = word_end(at, quoted);
        if (end == NULL) {
            return error_set(err, ERROR_USAGE, "the quote before %.20s does not end", at);
        }
        struct word *word = array_push(words);
        word->bytes = string_copy_bytes(at, (size_t)(end - at));
        word->quoted = quoted;
        at = end + quoted;
    }
}

void words_release(struct array *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(((struct word *)array_at(words, i))->bytes);
    }
    array_release(words);
}

void code_point_append(struct text *out, unsigned code)
{
    static const unsigned char lead[] = {0x00, 0xC0, 0xE0, 0xF0};
    int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    text_append_char(out, (char)(lead[more] | (code >> (6 * more))));
    while (more-- > 0) {
        text_append_char(out, (char)(0x80 | ((code >> (6 * more)) & 0x3F)));
    }
}

static unsigned hex_digits(const char **at, int most)
{
    unsigned value = 0;
    for (; most > 0 && isxdigit((unsigned char)**at); most--, (*at)++) {
        int c = tolower((unsigned char)**at);
        value = value * 16 + (unsigned)(isdigit(c) ? c - '0' : c - 'a' + 10);
    }
    return value;
}

void escape_append(struct text *out, const char **at)
{
    static const char names[] = "ntre0";
    static const char values[] = "\n\t\r\033";
    char c = *(*at)++;
    const char *known = strchr(names, c);
    if (c == 'x') {
        text_append_char(out, (char)hex_digits(at, 2));
    } else if (c == 'u') {
        code_point_append(out, hex_digits(at, 6));
    } else if (c != '\0' && known != NULL) {
        text_append_char(out, values[known - names]);
    } else if (c != '\0') {
        text_append_char(out, c);
    } else {
        (*at)--;
    }
}

void name_append(struct text *out, const char **at, const struct names *names)
{
    size_t length = 1;
    while (isalnum((unsigned char)(*at)[length]) || (*at)[length] == '_') {
        length++;
    }
    char *name = string_copy_bytes(*at + 1, length - 1);
    const char *value = length > 1 ? names_get(names, name) : NULL;
    if (value != NULL) {
        text_append(out, value);
    } else {
        text_append_bytes(out, *at, length);
    }
    free(name);
    *at += length;
}

char *word_text(const struct word *word, const struct names *names)
{
    struct text out = {0};
    for (const char *at = word->bytes; *at != '\0';) {
        if (*at == '\\' && word->quoted) {
            at++;
            escape_append(&out, &at);
        } else if (*at == '$') {
            name_append(&out, &at, names);
        } else {
            text_append_char(&out, *at++);
        }
    }
    return text_take(&out);
}
