/* amend/write: values as YAML or JSON text.
 * Source: yaml.org/spec/1.2.2, sections 5.1 (signs), 5.7 (escapes), 7.3 (flow scalars)
 * and 8.1 (block scalars). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/amend/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- Scalars ---- */

/* Words that some version of YAML reads as something else than a text. */
static bool is_special_word(const char *text)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on",
                                        "off",  "y",    "n",     "nan", "inf"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (string_equal_fold(text, words[i])) {
            return true;
        }
    }
    return false;
}

/* Bytes of the sign at `at` when it must be escaped, else 0: what some version of YAML
 * takes for the end of a line, for a byte order mark or for no printable sign (1.1 and
 * 1.2.2, sections 5.1 and 5.4). Others would fold such a sign to a blank or refuse the
 * file. */
static size_t special_sign(const char *at, unsigned *code)
{
    static const struct {
        const char *bytes;
        unsigned code;
    } signs[] = {{"\xe2\x80\xa8", 0x2028},
                 {"\xe2\x80\xa9", 0x2029},
                 {"\xef\xbb\xbf", 0xfeff},
                 {"\xef\xbf\xbe", 0xfffe},
                 {"\xef\xbf\xbf", 0xffff}};
    unsigned first = (unsigned char)at[0], second = first != 0 ? (unsigned char)at[1] : 0;
    if (first < ' ' || first == 0x7f) {
        *code = first;
        return 1;
    }
    if (first == 0xc2 && second >= 0x80 && second < 0xa0) {
        *code = second;
        return 2;
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (string_starts(at, signs[i].bytes)) {
            *code = signs[i].code;
            return strlen(signs[i].bytes);
        }
    }
    return 0;
}

/* Is there one, other than those? */
static bool has_special_sign(const char *text, const char *others)
{
    unsigned code;
    for (; *text != '\0'; text++) {
        if (strchr(others, *text) == NULL && special_sign(text, &code) > 0) {
            return true;
        }
    }
    return false;
}

/* Numbers, dates, times and versions: 007, 2026-10-01, 1:30, 0x1f, 1e3, 1.0.0. */
static bool is_like_number(const char *text)
{
    return isdigit((unsigned char)text[0]) &&
           text[strspn(text, "0123456789abcdefABCDEFxoTtZz+-._: ")] == '\0';
}

static bool is_plain_text(const char *text, bool in_flow)
{
    size_t length = strlen(text);
    bool starts_well = isalnum((unsigned char)text[0]) || (text[0] & 0x80) != 0 ||
                       (text[0] == '/' || text[0] == '_' || text[0] == '(');
    if (!starts_well || is_special_word(text) || is_like_number(text) ||
        strstr(text, ": ") != NULL || strstr(text, " #") != NULL ||
        text[length - 1] == ':' || text[length - 1] == ' ') {
        return false;
    }
    return !has_special_sign(text, "") &&
           (!in_flow || text[strcspn(text, ",[]{}\"':?")] == '\0');
}

/* In double quotes, which alone know escapes. */
static void write_double(struct text *out, const char *text)
{
    text_append_char(out, '"');
    while (*text != '\0') {
        unsigned code;
        size_t length = special_sign(text, &code);
        if (length > 0 && code != '\n') {
            text_printf(out, "\\u%04x", code);
        } else if (length > 0) {
            text_append(out, "\\n");
        } else {
            text_append(out, *text == '"' || *text == '\\' ? "\\" : "");
            text_append_char(out, *text);
        }
        text += length > 0 ? length : 1;
    }
    text_append_char(out, '"');
}

static void write_single(struct text *out, const char *text)
{
    text_append_char(out, '\'');
    for (; *text != '\0'; text++) {
        text_append(out, *text == '\'' ? "''" : (char[]){*text, '\0'});
    }
    text_append_char(out, '\'');
}

void write_scalar(struct text *out, const struct document_value *value,
                  enum span_style style, bool in_flow)
{
    const char *text = document_text(value);
    if (document_kind(value) != DOCUMENT_STRING) {
        text_append(out, text != NULL ? text : "null");
    } else if (style == SPAN_DOUBLE || has_special_sign(text, "")) {
        write_double(out, text);
    } else if (style != SPAN_SINGLE && is_plain_text(text, in_flow)) {
        text_append(out, text);
    } else {
        write_single(out, text);
    }
}

/* ---- Literal blocks ---- */

/* Several lines, none of which needs an escape or ends with a blank that nobody would
 * see; at most one line end at the end. */
static bool is_literal(const char *text)
{
    const char *feed = strchr(text, '\n');
    if (feed == NULL || feed == text || text[0] == ' ' || text[0] == '\t' ||
        string_ends(text, "\n\n") || string_ends(text, " ") || string_ends(text, "\t")) {
        return false;
    }
    for (const char *at = feed; at != NULL; at = strchr(at + 1, '\n')) {
        if (at[-1] == ' ' || at[-1] == '\t') {
            return false;
        }
    }
    return !has_special_sign(text, "\n\t");
}

static void new_line(struct text *out, const struct manner *manner, int column)
{
    text_append(out, manner->newline);
    text_append_repeated(out, ' ', (size_t)column);
}

static void write_literal(struct text *out, const char *text, const struct manner *manner,
                          int column)
{
    text_append(out, string_ends(text, "\n") ? " |" : " |-");
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (length > 0) {
            new_line(out, manner, column);
            text_append_bytes(out, text, length);
        } else {
            text_append(out, manner->newline);
        }
        text += length + (text[length] == '\n' ? 1 : 0);
    }
}

/* ---- Blocks ---- */

static bool is_collection(const struct document_value *value)
{
    return document_kind(value) == DOCUMENT_MAP || document_kind(value) == DOCUMENT_LIST;
}

static void write_behind(struct text *out, const struct document_value *value,
                         const struct manner *manner, int column)
{
    const char *text = document_text(value);
    if (document_kind(value) == DOCUMENT_STRING && is_literal(text)) {
        write_literal(out, text, manner, column);
    } else if (is_collection(value)) {
        text_append_char(out, ' ');
        write_flow(out, value, manner, NULL);
    } else {
        text_append_char(out, ' ');
        write_scalar(out, value, SPAN_PLAIN, false);
    }
}

void write_key(struct text *out, const char *key, const struct manner *manner,
               bool is_flow)
{
    if (manner->is_json) {
        text_append_json(out, key);
    } else if (is_plain_text(key, is_flow)) {
        text_append(out, key);
    } else if (has_special_sign(key, "")) {
        write_double(out, key);
    } else {
        write_single(out, key);
    }
    text_append_char(out, ':');
}

static void write_members(struct text *out, const struct document_value *map,
                          const struct manner *manner, int column)
{
    const char *key;
    const struct document_value *value;
    for (size_t i = 0; (value = document_member(map, i, &key, NULL)) != NULL; i++) {
        if (i > 0) {
            new_line(out, manner, column);
        }
        write_key(out, key, manner, false);
        write_after_key(out, value, manner, column);
    }
}

void write_item(struct text *out, const struct document_value *value,
                const struct manner *manner, int column)
{
    text_append_char(out, '-');
    if (document_kind(value) == DOCUMENT_MAP && document_count(value) > 0) {
        text_append_repeated(out, ' ', (size_t)manner->dash_width - 1);
        write_members(out, value, manner, column + manner->dash_width);
    } else {
        write_behind(out, value, manner, column + manner->dash_width);
    }
}

void write_after_key(struct text *out, const struct document_value *value,
                     const struct manner *manner, int column)
{
    if (document_count(value) == 0) {
        write_behind(out, value, manner, column + manner->map_step);
        return;
    }
    if (document_kind(value) == DOCUMENT_MAP) {
        new_line(out, manner, column + manner->map_step);
        write_members(out, value, manner, column + manner->map_step);
        return;
    }
    for (size_t i = 0; i < document_count(value); i++) {
        new_line(out, manner, column + manner->list_step);
        write_item(out, document_item(value, i), manner, column + manner->list_step);
    }
}

/* ---- In brackets ---- */

static void flow_line(struct text *out, const struct manner *manner, const char *indent)
{
    text_append(out, manner->newline);
    text_append(out, indent);
}

void write_flow(struct text *out, const struct document_value *value,
                const struct manner *manner, const char *indent)
{
    if (!is_collection(value)) {
        write_scalar(out, value, manner->is_json ? SPAN_DOUBLE : SPAN_PLAIN, true);
        return;
    }
    bool is_map = document_kind(value) == DOCUMENT_MAP;
    bool is_tall = indent != NULL && manner->step != NULL && document_count(value) > 0;
    char *deeper =
        is_tall ? string_printf("%s%.*s", indent, (int)manner->step_bytes, manner->step)
                : NULL;
    text_append_char(out, is_map ? '{' : '[');
    for (size_t i = 0; i < document_count(value); i++) {
        text_append(out, i == 0 ? "" : is_tall ? "," : ", ");
        const char *key = NULL;
        const struct document_value *child = document_member(value, i, &key, NULL);
        if (is_tall) {
            flow_line(out, manner, deeper);
        }
        if (is_map) {
            write_key(out, key, manner, true);
            text_append_char(out, ' ');
        }
        write_flow(out, is_map ? child : document_item(value, i), manner, deeper);
    }
    if (is_tall) {
        flow_line(out, manner, indent);
    }
    text_append_char(out, is_map ? '}' : ']');
    free(deeper);
}
