/* sql/token: cut SQL text into tokens as SQLite's own tokenizer does, and keywords.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql.h"
#include "engine/sql/token.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* The text from one offset on; reading past its end gives NUL. */
struct reader {
    const char *at;
    size_t left;
};

static char peek(const struct reader *in, size_t index)
{
    return index < in->left ? in->at[index] : '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return isxdigit((unsigned char)c) != 0;
}

static bool is_name_byte(char c)
{
    return (unsigned char)c >= 0x80 || c == '_' || c == '$' || isalnum((unsigned char)c);
}

static size_t scan_while(const struct reader *in, size_t from, bool (*belongs)(char))
{
    while (from < in->left && belongs(in->at[from])) {
        from++;
    }
    return from;
}

static bool is_byte_order_mark(const struct reader *in)
{
    return in->left >= 3 && memcmp(in->at, "\xEF\xBB\xBF", 3) == 0;
}

static enum sql_kind scan_comment(const struct reader *in, size_t *length)
{
    if (in->at[0] == '-') {
        const char *end = memchr(in->at, '\n', in->left);
        *length = end != NULL ? (size_t)(end - in->at) : in->left;
        return SQL_COMMENT;
    }
    for (size_t i = 2; i + 1 < in->left; i++) {
        if (in->at[i] == '*' && in->at[i + 1] == '/') {
            *length = i + 2;
            return SQL_COMMENT;
        }
    }
    *length = in->left;
    return SQL_BROKEN;
}

/* '...' "..." `...` with the quote doubled inside, and [...] without. */
static enum sql_kind scan_quoted(const struct reader *in, size_t *length)
{
    char quote = in->at[0] == '[' ? ']' : in->at[0];
    size_t i = 1;
    for (; i < in->left; i++) {
        if (in->at[i] != quote) {
            continue;
        }
        if (quote == ']' || peek(in, i + 1) != quote) {
            *length = i + 1;
            return quote == '\'' ? SQL_STRING : SQL_NAME;
        }
        i++;
    }
    *length = in->left;
    return SQL_BROKEN;
}

static enum sql_kind scan_blob(const struct reader *in, size_t *length)
{
    size_t end = scan_while(in, 2, is_hex);
    bool whole = end % 2 == 0 && peek(in, end) == '\'';
    while (end < in->left && in->at[end] != '\'') {
        end++;
    }
    *length = end < in->left ? end + 1 : end;
    return whole ? SQL_BLOB : SQL_BROKEN;
}

static bool is_number_byte(char c)
{
    return is_digit(c) || c == '_';
}

static enum sql_kind scan_number(const struct reader *in, size_t *length)
{
    size_t i;
    if (in->at[0] == '0' && (peek(in, 1) | 0x20) == 'x' && is_hex(peek(in, 2))) {
        i = scan_while(in, 2, is_hex);
    } else {
        i = scan_while(in, 0, is_number_byte);
        if (peek(in, i) == '.') {
            i = scan_while(in, i + 1, is_number_byte);
        }
        size_t sign = peek(in, i + 1) == '+' || peek(in, i + 1) == '-';
        if ((peek(in, i) | 0x20) == 'e' && is_digit(peek(in, i + 1 + sign))) {
            i = scan_while(in, i + 1 + sign, is_number_byte);
        }
    }
    *length = scan_while(in, i, is_name_byte);
    return *length == i ? SQL_NUMBER : SQL_BROKEN;
}

/* ?12, :name, @name, #name and $name, where Tcl's $a::b(c) is one name as well. */
static enum sql_kind scan_parameter(const struct reader *in, size_t *length)
{
    if (in->at[0] == '?') {
        *length = scan_while(in, 1, is_digit);
        return SQL_PARAMETER;
    }
    size_t i = scan_while(in, 1, is_name_byte);
    bool whole = i > 1;
    while (peek(in, i) == ':' && peek(in, i + 1) == ':') {
        i = scan_while(in, i + 2, is_name_byte);
    }
    if (i > 1 && peek(in, i) == '(') {
        while (i < in->left && !is_blank(in->at[i]) && in->at[i] != ')') {
            i++;
        }
        whole = peek(in, i) == ')';
        i += whole;
    }
    *length = i;
    return whole ? SQL_PARAMETER : SQL_BROKEN;
}

static enum sql_kind scan_word(const struct reader *in, size_t *length)
{
    *length = scan_while(in, 0, is_name_byte);
    return sql_is_keyword(in->at, *length) ? SQL_KEYWORD : SQL_NAME;
}

static enum sql_kind scan_operator(const struct reader *in, size_t *length)
{
    static const char *const signs[] = {
        "->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "==", NULL};
    for (size_t i = 0; signs[i] != NULL; i++) {
        size_t size = strlen(signs[i]);
        if (size <= in->left && memcmp(in->at, signs[i], size) == 0) {
            *length = size;
            return SQL_OPERATOR;
        }
    }
    *length = 1;
    char c = in->at[0];
    return c != '\0' && strchr("()+-*/%=<>|,&~.", c) != NULL ? SQL_OPERATOR : SQL_BROKEN;
}

static enum sql_kind scan_token(const struct reader *in, size_t *length)
{
    char c = in->at[0];
    char next = peek(in, 1);
    if (is_blank(c)) {
        *length = scan_while(in, 0, is_blank);
        return SQL_SPACE;
    }
    if (is_byte_order_mark(in)) {
        *length = 3;
        return SQL_SPACE;
    }
    if ((c == '-' && next == '-') || (c == '/' && next == '*')) {
        return scan_comment(in, length);
    }
    if (c == '\'' || c == '"' || c == '`' || c == '[') {
        return scan_quoted(in, length);
    }
    if ((c == 'x' || c == 'X') && next == '\'') {
        return scan_blob(in, length);
    }
    if (is_digit(c) || (c == '.' && is_digit(next))) {
        return scan_number(in, length);
    }
    if (c == '?' || c == ':' || c == '@' || c == '#' || c == '$') {
        return scan_parameter(in, length);
    }
    if (c == ';') {
        *length = 1;
        return SQL_SEMICOLON;
    }
    return is_name_byte(c) ? scan_word(in, length) : scan_operator(in, length);
}

bool sql_next(const char *sql, size_t length, size_t offset, struct sql_token *token)
{
    if (offset >= length) {
        return false;
    }
    struct reader in = {sql + offset, length - offset};
    token->start = offset;
    token->kind = scan_token(&in, &token->length);
    return true;
}

bool sql_next_significant(const char *sql, size_t length, size_t offset,
                          struct sql_token *token)
{
    while (sql_next(sql, length, offset, token)) {
        if (token->kind != SQL_SPACE && token->kind != SQL_COMMENT) {
            return true;
        }
        offset = token->start + token->length;
    }
    return false;
}

bool sql_token_is(const char *sql, const struct sql_token *token, const char *word)
{
    return strlen(word) == token->length &&
           sqlite3_strnicmp(sql + token->start, word, (int)token->length) == 0;
}

char *sql_token_name(const char *sql, const struct sql_token *token)
{
    const char *from = sql + token->start;
    char quote = from[0] == '[' ? ']' : from[0];
    if (token->length < 2 || strchr("'\"`]", quote) == NULL || quote == '\0') {
        return string_copy_bytes(from, token->length);
    }
    struct text name = {0};
    for (size_t i = 1; i + 1 < token->length; i++) {
        text_append_char(&name, from[i]);
        if (from[i] == quote) {
            i++;
        }
    }
    return text_take(&name);
}

bool sql_is_keyword(const char *word, size_t length)
{
    return length > 0 && length < 64 && sqlite3_keyword_check(word, (int)length) != 0;
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* SQLite knows its own list, so a newer library brings its newer words. The copy is made
 * once, because SQLite's words do not end in NUL. */
const char *const *sql_keywords(size_t *count)
{
    static char words[256][24];
    static const char *sorted[256];
    static size_t known;
    size_t total = (size_t)sqlite3_keyword_count();
    for (size_t i = 0; known == 0 && i < total && i < 256; i++) {
        const char *word;
        int length;
        if (sqlite3_keyword_name((int)i, &word, &length) == SQLITE_OK && length < 24) {
            memcpy(words[i], word, (size_t)length);
        }
        sorted[i] = words[i];
    }
    if (known == 0) {
        known = total < 256 ? total : 256;
        qsort(sorted, known, sizeof sorted[0], compare_words);
    }
    *count = known;
    return sorted;
}
