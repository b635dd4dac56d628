/* sql_file: see sql_file.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql_file.h"

#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

static int find_key(const struct sql_file *file, const char *key)
{
    for (int i = 0; i < file->count; i++) {
        if (string_equal_fold(file->keys[i], key)) {
            return i;
        }
    }
    return -1;
}

const char *sql_header(const struct sql_file *file, const char *key)
{
    int at = find_key(file, key);
    return at >= 0 ? file->values[at] : NULL;
}

int sql_header_line(const struct sql_file *file, const char *key)
{
    int at = find_key(file, key);
    return at >= 0 ? file->lines[at] : 0;
}

static void append_value(struct sql_file *file, const char *text, size_t length)
{
    char **value = &file->values[file->count - 1];
    char *more =
        string_printf("%s%s%.*s", *value, **value != '\0' ? " " : "", (int)length, text);
    free(*value);
    *value = more;
}

/* One comment line without its dashes: a new key, or more of the last value. */
static void take_comment(struct sql_file *file, const char *text, size_t length)
{
    size_t blanks = strspn(text, " \t");
    size_t key = blanks < length ? strspn(text + blanks, "abcdefghijklmnopqrstuvwxyz_"
                                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                                 : 0;
    size_t colon = blanks + key;
    if (key > 0 && blanks <= 1 && colon < length && text[colon] == ':' &&
        file->count < SQL_FILE_KEYS) {
        file->keys[file->count] = string_copy_bytes(text + blanks, key);
        file->lines[file->count] = file->line;
        file->values[file->count++] = string_copy("");
        blanks = colon + 1;
        blanks += strspn(text + blanks, " \t");
    }
    if (file->count > 0 && blanks < length) {
        append_value(file, text + blanks, length - blanks);
    }
}

void sql_file_parse(struct sql_file *file, const char *text)
{
    *file = (struct sql_file){.line = 1};
    while (string_starts(text, "--") || *text == '\n' || *text == '\r') {
        size_t length = strcspn(text, "\n");
        size_t bare = length > 0 && text[length - 1] == '\r' ? length - 1 : length;
        if (bare > 2) {
            take_comment(file, text + 2, bare - 2);
        }
        text += length + (text[length] == '\n');
        file->line++;
    }
    file->sql = text;
}

void sql_file_release(struct sql_file *file)
{
    for (int i = 0; i < file->count; i++) {
        free(file->keys[i]);
        free(file->values[i]);
    }
}

/* ---- Writing ---- */

void sql_file_put(struct text *out, const char *key, const char *value)
{
    char *copy = string_copy(value);
    char *rest = copy;
    bool is_first = true;
    text_printf(out, "-- %s:", key);
    for (char *line = strsep(&rest, "\r\n"); line != NULL; line = strsep(&rest, "\r\n")) {
        line = string_trim(line);
        if (*line != '\0') {
            text_printf(out, "%s%s", is_first ? " " : "\n--   ", line);
            is_first = false;
        }
    }
    text_append_char(out, '\n');
    free(copy);
}

bool sql_file_put_sql(struct text *out, const char *sql)
{
    sql += strspn(sql, " \t\r\n");
    while (string_starts(sql, "--")) {
        size_t length = strcspn(sql, "\n");
        char *comment = string_copy_bytes(sql + 2, length - 2);
        if (strstr(comment, "*/") != NULL) {
            free(comment);
            return false;
        }
        text_printf(out, "/* %s */\n", string_trim(comment));
        free(comment);
        sql += length;
        sql += strspn(sql, " \t\r\n");
    }
    size_t length = strlen(sql);
    while (length > 0 && strchr(" \t\r\n", sql[length - 1]) != NULL) {
        length--;
    }
    text_append_bytes(out, sql, length);
    text_append(out, length > 0 ? "\n" : "");
    return true;
}
