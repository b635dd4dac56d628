/* dialect/patterns: LIKE, ILIKE and regular expressions. LIKE of SQLite does not tell
 * capitals apart, its GLOB does. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/dialect/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The pattern is a literal, and nothing calculates with it. */
static bool takes_literal(const struct reader *reader, size_t ahead)
{
    const struct sql_token *token = reader_token(reader, ahead);
    static const char *const goes_on[] = {"||", "+", "::", "->", "->>"};
    for (size_t i = 0; i < sizeof goes_on / sizeof *goes_on; i++) {
        if (reader_is(reader, ahead + 1, goes_on[i])) {
            return false;
        }
    }
    return token != NULL && token->kind == SQL_STRING;
}

static char *take_literal(struct reader *reader)
{
    const struct sql_token *token = reader_token(reader, 0);
    reader->at++;
    return string_of_literal(reader->sql + token->start, token->length);
}

void append_quoted(struct text *out, const char *string)
{
    text_append_char(out, '\'');
    for (; *string != '\0'; string++) {
        text_append(out, *string == '\'' ? "'" : "");
        text_append_char(out, *string);
    }
    text_append_char(out, '\'');
}

/* % and _ become * and ?; what GLOB would take for a sign stands in brackets. */
static bool append_glob(struct text *out, const char *like, char escape)
{
    for (; *like != '\0'; like++) {
        bool plain = *like == escape && escape != '\0';
        if (plain && *++like == '\0') {
            return false;
        }
        if (!plain && (*like == '%' || *like == '_')) {
            text_append_char(out, *like == '%' ? '*' : '?');
        } else if (strchr("*?[", *like) != NULL) {
            text_printf(out, "[%c]", *like);
        } else {
            text_append_char(out, *like);
        }
    }
    return true;
}

/* PostgreSQL has a backslash where no ESCAPE is written. */
static bool read_escape(struct reader *reader, char *escape)
{
    *escape = reader->spec->dialect == DIALECT_POSTGRES ? '\\' : '\0';
    if (!reader_take(reader, "ESCAPE")) {
        return true;
    }
    if (!takes_literal(reader, 0)) {
        return false;
    }
    char *string = take_literal(reader);
    bool fits = strlen(string) <= 1;
    *escape = string[0];
    free(string);
    return fits;
}

static void read_like(struct reader *reader, struct node *left, bool negated)
{
    struct text glob = {0};
    char escape = '\0';
    reader->at++;
    if (!takes_literal(reader, 0)) {
        reader_fail(reader,
                    "it uses LIKE, which tells capitals apart where it was written for, "
                    "with a pattern that is no literal; that has no equal here");
        return;
    }
    char *like = take_literal(reader);
    if (read_escape(reader, &escape) && append_glob(&glob, like, escape)) {
        text_append(&left->text, negated ? " NOT GLOB " : " GLOB ");
        append_quoted(&left->text, text_string(&glob));
    } else {
        reader_fail(reader, "the escape of a LIKE cannot be read");
    }
    free(like);
    text_release(&glob);
}

static bool is_ascii(const char *string)
{
    while (*string != '\0' && (unsigned char)*string < 0x80) {
        string++;
    }
    return *string == '\0';
}

static void read_ilike(struct reader *reader, struct node *left, bool negated)
{
    reader->at++;
    char *like = takes_literal(reader, 0) ? take_literal(reader) : NULL;
    char escape = '\0';
    bool backslash = like != NULL && strchr(like, '\\') != NULL;
    if (like == NULL || !is_ascii(like) || !read_escape(reader, &escape)) {
        reader_fail(reader, "it uses ILIKE with a pattern that is no literal of plain "
                            "letters, which has no equal here");
    } else {
        text_append(&left->text, negated ? " NOT LIKE " : " LIKE ");
        append_quoted(&left->text, like);
        if (escape != '\0' && (escape != '\\' || backslash)) {
            text_printf(&left->text, " ESCAPE '%c'", escape);
        }
    }
    free(like);
}

/* ---- Regular expressions ---- */

/* What POSIX extended expressions say otherwise. */
bool append_regexp(struct text *out, const char *pattern)
{
    static const struct {
        char letter;
        const char *posix;
    } classes[] = {{'d', "[0-9]"}, {'w', "[[:alnum:]_]"}, {'s', "[[:space:]]"}};
    bool in_brackets = false;
    for (; *pattern != '\0'; pattern++) {
        if (pattern[0] == '(' && pattern[1] == '?' && !in_brackets) {
            return false; /* groups that look ahead, or set options */
        }
        if (strchr("*+?}", pattern[0]) != NULL && pattern[1] == '?' && !in_brackets) {
            return false; /* as little as possible */
        }
        if (*pattern == '[' || *pattern == ']') {
            in_brackets = *pattern == '[';
        }
        if (*pattern != '\\') {
            text_append_char(out, *pattern);
            continue;
        }
        pattern++;
        const char *posix = NULL;
        for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
            posix = classes[i].letter == *pattern ? classes[i].posix : posix;
        }
        if (*pattern == '\0' || in_brackets ||
            (posix == NULL && !ispunct((unsigned char)*pattern))) {
            return false;
        }
        if (posix != NULL) {
            text_append(out, posix);
        } else {
            text_append_char(out, '\\');
            text_append_char(out, *pattern);
        }
    }
    return true;
}

/* x ~ 'pattern': found anywhere in PostgreSQL, the whole value in DuckDB. */
static void read_tilde(struct reader *reader, struct node *left, bool negated)
{
    bool whole = reader->spec->dialect == DIALECT_DUCKDB;
    struct text posix = {0};
    reader->at++;
    char *pattern = takes_literal(reader, 0) ? take_literal(reader) : NULL;
    text_append(&posix, whole ? "^(" : "");
    if (pattern != NULL && append_regexp(&posix, pattern)) {
        text_append(&posix, whole ? ")$" : "");
        text_append(&left->text, negated ? " NOT REGEXP " : " REGEXP ");
        append_quoted(&left->text, text_string(&posix));
    } else {
        reader_fail(reader, "it uses a regular expression that has no equal here");
    }
    free(pattern);
    text_release(&posix);
}

bool read_pattern(struct reader *reader, struct node *left)
{
    bool other = reader->spec->dialect == DIALECT_POSTGRES ||
                 reader->spec->dialect == DIALECT_DUCKDB;
    bool word = reader_is(reader, 0, "NOT"), sign = reader_is(reader, 0, "!");
    size_t ahead = word || sign;
    size_t before = reader->at;
    void (*read)(struct reader *, struct node *, bool) = NULL;
    if (!sign && other && reader_is(reader, ahead, "LIKE")) {
        read = read_like;
    } else if (!sign && reader_is(reader, ahead, "ILIKE")) {
        read = read_ilike;
    } else if (!word && other && reader_is(reader, ahead, "~")) {
        read = read_tilde;
    }
    if (read == NULL) {
        return false;
    }
    reader->at = before + ahead;
    read(reader, left, ahead == 1);
    *left = (struct node){.text = left->text};
    return true;
}
