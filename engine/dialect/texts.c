/* dialect/texts: functions of two arguments, most of them on texts, said with others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/dialect/private.h"

#include <stdlib.h>
#include <string.h>

/* @ is the first argument, # the second. A count below zero leaves out so many. */
static const struct {
    const char *name, *said;
} functions[] = {
    {"contains", "(instr(@, #) > 0)"},
    {"starts_with", "(substr(@, 1, length(#)) = #)"},
    {"ends_with", "(substr(@, -length(#)) = # OR length(#) = 0)"},
    {"strpos", "instr(@, #)"},
    {"greatest", "coalesce(max(@, #), @, #)"}, /* NULLs do not count */
    {"least", "coalesce(min(@, #), @, #)"},
    {"left", "CASE WHEN (#) >= 0 THEN substr(@, 1, #) ELSE substr(@, 1, max(length(@) + "
             "(#), 0)) END"},
    {"right", "CASE WHEN (#) > 0 THEN substr(@, -(#)) WHEN (#) = 0 THEN '' ELSE "
              "substr(@, 1 - (#)) END"},
};

static bool write_regexp(struct reader *reader, const char *text, const char *literal,
                         struct node *node)
{
    struct text posix = {0};
    size_t length = strlen(literal);
    bool is_literal = length >= 2 && literal[0] == '\'' && literal[length - 1] == '\'';
    char *pattern = is_literal ? string_of_literal(literal, length) : NULL;
    bool done = reader->spec->dialect == DIALECT_DUCKDB && pattern != NULL &&
                append_regexp(&posix, pattern);
    if (done) {
        text_printf(&node->text, "(%s REGEXP ", text);
        append_quoted(&node->text, text_string(&posix));
        text_append_char(&node->text, ')');
    }
    free(pattern);
    text_release(&posix);
    return done || reader_fail(reader, "it calls regexp_matches in a way that has no "
                                       "equal here");
}

bool write_text_call(struct reader *reader, const char *name, const char *first,
                     const char *second, struct node *node)
{
    const char *said = NULL;
    if (string_equal_fold(name, "regexp_matches")) {
        return write_regexp(reader, first, second, node);
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        said = string_equal_fold(functions[i].name, name) ? functions[i].said : said;
    }
    for (const char *at = said; at != NULL && *at != '\0'; at++) {
        if (*at == '@' || *at == '#') {
            text_append(&node->text, *at == '@' ? first : second);
        } else {
            text_append_char(&node->text, *at);
        }
    }
    return said != NULL;
}
