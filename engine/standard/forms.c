/* standard/forms: ids and references as the Bitol standards write them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/shape.h"

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

bool standard_is_within(const char *text, size_t most)
{
    size_t count = 0;
    for (; *text != '\0' && count <= most; text++) {
        count += (*text & 0xC0) != 0x80;
    }
    return count <= most;
}

static size_t span_id(const char *text)
{
    size_t n = 0;
    while (is_letter(text[n]) || is_digit(text[n]) || text[n] == '_' || text[n] == '-') {
        n++;
    }
    return n;
}

static bool is_id(const char *text)
{
    size_t length = span_id(text);
    return length > 0 && text[length] == '\0';
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

/* Since 3.2 hyphens, and two levels or more: table.column.field */
static bool is_deep_reference(const char *text)
{
    for (int levels = 1;; levels++) {
        if (!is_letter(*text) && *text != '_') {
            return false;
        }
        text += span_id(text);
        if (*text != '.') {
            return *text == '\0' && levels > 1;
        }
        text++;
    }
}

/* The length of "https://host/file.yaml#" in front, 0 without one; -1: it is none. */
static long span_file(const char *text, const char *const *suffixes)
{
    const char *hash = strchr(text, '#'), *p = text;
    if (hash == NULL) {
        return 0;
    }
    p += string_starts(p, "https://") ? 8 : string_starts(p, "http://") ? 7 : 0;
    size_t name = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                            "0123456789._-/");
    for (; p + name == hash && *suffixes != NULL; suffixes++) {
        size_t length = strlen(*suffixes);
        if (name > length && memcmp(hash - length, *suffixes, length) == 0) {
            return hash + 1 - text;
        }
    }
    return -1;
}

/* [file.yaml#][/]word/id[/word/id]... */
static bool is_full_reference(const char *text, const char *const *suffixes)
{
    long file = span_file(text, suffixes);
    if (file < 0) {
        return false;
    }
    text += file;
    text += *text == '/';
    for (;;) {
        size_t word = span_word(text);
        size_t id = word > 0 && text[word] == '/' ? span_id(text + word + 1) : 0;
        if (id == 0) {
            return false;
        }
        text += word + 1 + id;
        if (*text == '\0') {
            return true;
        }
        if (*text++ != '/') {
            return false;
        }
    }
}

static bool is_reference(const char *text)
{
    static const char *const suffixes[] = {".yaml", NULL};
    return is_short_reference(text) || is_full_reference(text, suffixes);
}

static bool is_reference_3_2(const char *text)
{
    static const char *const suffixes[] = {".yaml", ".yml", NULL};
    return is_deep_reference(text) || is_full_reference(text, suffixes);
}

const struct standard_form standard_form_id = {"an id of letters, digits, - and _",
                                               is_id};
const struct standard_form standard_form_reference = {
    "a reference: table.column, or [file.yaml#]schema/id/properties/id", is_reference};
const struct standard_form standard_form_reference_3_2 = {
    "a reference: table.column, or [file.yaml#]schema/id/properties/id",
    is_reference_3_2};
