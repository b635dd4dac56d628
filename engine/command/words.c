/* command: cut a line into words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void push(struct array *words, char *word)
{
    *(char **)array_push(words) = word;
}

/* One word at *at; quotes keep blanks together, a backslash inside "..." keeps a quote.
 */
static bool take_word(const char **at, struct text *word)
{
    char quote = '\0';
    const char *p = *at;
    for (; *p != '\0' && (quote != '\0' || !isspace((unsigned char)*p)); p++) {
        if (quote == '\0' && (*p == '\'' || *p == '"')) {
            quote = *p;
        } else if (quote != '\0' && *p == quote) {
            quote = '\0';
        } else if (quote == '"' && *p == '\\' && (p[1] == '"' || p[1] == '\\')) {
            text_append_char(word, *++p);
        } else {
            text_append_char(word, *p);
        }
    }
    *at = p;
    return quote == '\0';
}

static const char *skip_blanks(const char *p)
{
    while (isspace((unsigned char)*p)) {
        p++;
    }
    return p;
}

static void push_rest(struct array *words, const char *rest)
{
    size_t length = strlen(rest);
    while (length > 0 && isspace((unsigned char)rest[length - 1])) {
        length--;
    }
    push(words, string_copy_bytes(rest, length));
}

bool words_split(const char *line, struct array *words, struct error *err)
{
    *words = (struct array)ARRAY_OF(char *);
    for (const char *p = skip_blanks(line); *p != '\0'; p = skip_blanks(p)) {
        /* Raw SQL needs no quoting: from its first keyword on it is one word. */
        if (words->count == 0 && words_start_sql(p)) {
            push(words, string_copy("query"));
        }
        bool is_command =
            words->count == 1 && string_equal(*(char **)array_at(words, 0), "shell");
        if (is_command || (words->count > 0 && words_start_sql(p))) {
            push_rest(words, p);
            return true;
        }
        struct text word = {0};
        const char *start = p;
        bool closed = take_word(&p, &word);
        push(words, text_take(&word));
        if (!closed) {
            words_release(words);
            return error_set(err, ERROR_USAGE, "a quote is not closed: %.60s", start);
        }
    }
    return true;
}

void words_split_blanks(const char *line, struct array *words)
{
    for (const char *p = skip_blanks(line); *p != '\0'; p = skip_blanks(p)) {
        size_t length = strcspn(p, " ");
        push(words, string_copy_bytes(p, length));
        p += length;
    }
}

bool words_start_sql(const char *text)
{
    static const char *const starts[] = {
        "SELECT", "WITH",   "VALUES", "INSERT",   "UPDATE",  "DELETE", "CREATE",
        "DROP",   "ALTER",  "PRAGMA", "EXPLAIN",  "ANALYZE", "BEGIN",  "COMMIT",
        "ATTACH", "DETACH", "VACUUM", "ROLLBACK", "REPLACE", "REINDEX"};
    text = skip_blanks(text);
    while (string_starts(text, "--") || string_starts(text, "/*") || *text == '(') {
        if (*text == '(') {
            text++;
        } else if (text[1] == '-') {
            if (!isspace((unsigned char)text[2])) {
                return false; /* a flag of ours, not a comment */
            }
            text += strcspn(text, "\n");
        } else {
            const char *end = strstr(text + 2, "*/");
            text = end != NULL ? end + 2 : text + strlen(text);
        }
        text = skip_blanks(text);
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t length = strlen(starts[i]);
        char after = strncasecmp(text, starts[i], length) == 0 ? text[length] : 'x';
        /* `analyze` alone or a verb-like word followed by nothing is still SQL */
        if (!isalnum((unsigned char)after) && after != '_' && after != '=') {
            return true;
        }
    }
    return false;
}

void words_release(struct array *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(*(char **)array_at(words, i));
    }
    array_release(words);
}

void command_append_word(struct text *line, const char *word)
{
    text_append(line, " \"");
    for (; *word != '\0'; word++) {
        if (*word == '"' || *word == '\\') {
            text_append_char(line, '\\');
        }
        text_append_char(line, *word);
    }
    text_append_char(line, '"');
}
