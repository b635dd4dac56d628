/* catalog/lint_forms: ids and references as the Bitol standards write them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint.h"

#include <string.h>

#include "engine/text.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_id(const char *text)
{
    const char *p = text;
    while (is_letter(*p) || is_digit(*p) || *p == '_' || *p == '-') {
        p++;
    }
    return p > text && *p == '\0';
}

/* Letters, digits and _, no digit first; the length of it, 0 when there is none. */
static size_t span_word(const char *text)
{
    size_t n = 0;
    while (is_letter(text[n]) || text[n] == '_' || (n > 0 && is_digit(text[n]))) {
        n++;
    }
    return n;
}

/* table.column */
static bool is_short_reference(const char *text)
{
    size_t table = span_word(text);
    if (table == 0 || text[table] != '.') {
        return false;
    }
    size_t column = span_word(text + table + 1);
    return column > 0 && text[table + 1 + column] == '\0';
}

/* [file.yaml#][/]word/id[/word/id]... */
static bool is_full_reference(const char *text)
{
    const char *hash = strchr(text, '#');
    if (hash != NULL) {
        const char *p = text;
        p += string_starts(p, "https://") ? 8 : string_starts(p, "http://") ? 7 : 0;
        size_t name = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789._-/");
        if (p + name != hash || name < 6 || strncmp(hash - 5, ".yaml", 5) != 0) {
            return false;
        }
        text = hash + 1;
    }
    text += *text == '/';
    for (;;) {
        size_t word = span_word(text);
        if (word == 0 || text[word] != '/') {
            return false;
        }
        text += word + 1;
        size_t id = 0;
        while (is_letter(text[id]) || is_digit(text[id]) || text[id] == '_' ||
               text[id] == '-') {
            id++;
        }
        if (id == 0 || (text[id] != '\0' && text[id] != '/')) {
            return false;
        }
        if (text[id] == '\0') {
            return true;
        }
        text += id + 1;
    }
}

static bool is_reference(const char *text)
{
    return is_short_reference(text) || is_full_reference(text);
}

const struct lint_form lint_form_id = {"an id of letters, digits, - and _", is_id};
const struct lint_form lint_form_reference = {
    "a reference: table.column, or [file.yaml#]schema/id/properties/id", is_reference};
