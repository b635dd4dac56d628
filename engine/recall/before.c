/* recall/before: the history that editors keep (bash's format: `#SECONDS`, then the lines
 * of a statement, where a line that looks like a stamp itself has one more `#`), read so
 * that nothing is lost that was remembered before this file was.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/recall/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

/* One statement after the other. */
struct reader {
    const char *bytes;
    size_t length, at;
    bool is_stamped;   /* the first stamp was seen */
    long long when;    /* of the statement */
    size_t start;      /* where it begins, with its stamp */
    struct text clean; /* the statement; empty: none */
};

/* `#` signs before a digit at the start of a line; 0 when it is not such a line. */
static size_t stamp_signs(const char *line, size_t length)
{
    size_t signs = 0;
    while (signs < length && line[signs] == '#') {
        signs++;
    }
    return signs < length && isdigit((unsigned char)line[signs]) ? signs : 0;
}

static void take_text(struct reader *reader, const char *line, size_t length)
{
    size_t skip = stamp_signs(line, length) > 1 ? 1 : 0;
    text_append(&reader->clean, reader->clean.length > 0 ? "\n" : "");
    for (size_t i = skip; i < length; i++) {
        unsigned char c = (unsigned char)line[i];
        if ((c >= ' ' && c != 127) || c == '\t') {
            text_append_char(&reader->clean, (char)c);
        }
    }
}

/* The next statement of the text, which may be empty; false: there is none. */
static bool next_statement(struct reader *reader)
{
    text_clear(&reader->clean);
    reader->start = reader->at;
    for (bool any = false; reader->at < reader->length;) {
        const char *line = reader->bytes + reader->at;
        const char *end = memchr(line, '\n', reader->length - reader->at);
        size_t length = end != NULL ? (size_t)(end - line) : reader->length - reader->at;
        bool is_stamp = stamp_signs(line, length) == 1;
        if (any && (is_stamp || !reader->is_stamped)) {
            return true;
        }
        reader->at += length + (end != NULL);
        if (is_stamp) {
            reader->is_stamped = true;
            reader->when = strtoll(line + 1, NULL, 10);
        } else {
            take_text(reader, line, length);
        }
        any = true;
    }
    return reader->at > reader->start;
}

void recall_take_before(struct recall *recall, const char *bytes, size_t length)
{
    struct reader reader = {.bytes = bytes, .length = length};
    while (next_statement(&reader)) {
        char *sql = recall_clean(text_string(&reader.clean));
        if (sql == NULL) {
            continue;
        }
        struct recall_entry entry = {.at = reader.when,
                                     .sql = sql,
                                     .products = string_copy(""),
                                     .error = string_copy(""),
                                     .rows = -1};
        recall_new_mark(entry.mark);
        recall_push(recall, entry);
    }
    text_release(&reader.clean);
}

static bool is_one_of(const struct array *statements, const char *sql)
{
    bool is_one = false;
    for (size_t i = 0; sql != NULL && !is_one && i < statements->count; i++) {
        is_one = strcmp(*(char **)array_at(statements, i), sql) == 0;
    }
    return is_one;
}

void recall_forget_before(const struct recall *recall, const struct array *statements)
{
    char *bytes;
    size_t length;
    if (recall->before == NULL || !path_exists(recall->before) ||
        !path_read_file(recall->before, MOST_BYTES, &bytes, &length, NULL)) {
        return;
    }
    struct text kept = {0};
    struct reader reader = {.bytes = bytes, .length = length};
    while (next_statement(&reader)) {
        char *sql = recall_clean(text_string(&reader.clean));
        if (!is_one_of(statements, sql)) {
            text_append_bytes(&kept, bytes + reader.start, reader.at - reader.start);
        }
        free(sql);
    }
    if (kept.length < length) {
        path_write_file(recall->before, text_string(&kept), kept.length, 0600, NULL);
    }
    text_release(&reader.clean);
    text_release(&kept);
    free(bytes);
}
