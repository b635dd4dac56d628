/* descriptor: editing a file of the mesh; colours for YAML, JSON and SQL, line by line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/descriptor.h"

#include <ctype.h>
#include <string.h>

#include "engine/sql.h"
#include "tui/layout.h"

enum { FILE_LARGEST = 256 << 20 };

bool descriptor_edit(struct pane *pane, const char *path, int line)
{
    struct workbench *workbench = pane->workbench;
    struct catalog_file file = {0};
    struct error err = {0};
    bool can = workbench->catalog != NULL &&
               catalog_file_text(workbench->catalog, path, FILE_LARGEST, &file, &err);

    if (can && file.place == NULL) {
        can = error_set(&err, ERROR_FAILED,
                        "%s lies in a commit or on the web and cannot be edited here",
                        path);
    }
    /* What a failing editor has written counts too: the mesh is read again anyway. */
    if (can) {
        bool fine = screen_edit_file(pane->screen, file.place, line, &err);
        struct error trouble = {0};
        if (!workbench_read_file(workbench, path, &trouble) && fine) {
            err = trouble;
        }
    }
    if (err.kind != ERROR_NONE) {
        screen_message(pane->screen, ROLE_ERROR, "%s", err.message);
    }
    catalog_file_release(&file);
    return can;
}

/* ---- Colours ---- */

struct language_row {
    const char *suffix;
    enum descriptor_language language;
};

enum descriptor_language descriptor_language_of(const char *path)
{
    static const struct language_row rows[] = {
        {".yaml", DESCRIPTOR_YAML}, {".yml", DESCRIPTOR_YAML},
        {".json", DESCRIPTOR_JSON}, {".jsonl", DESCRIPTOR_JSON},
        {".sql", DESCRIPTOR_SQL},   {NULL, DESCRIPTOR_PLAIN},
    };
    const struct language_row *row = rows;

    while (row->suffix != NULL && !string_ends(path, row->suffix)) {
        row++;
    }
    return row->language;
}

/* What is drawn goes from left to right; columns before `left` are passed over. */
struct pen {
    struct view view;
    int x, y, left, column;
};

static void put(struct pen *pen, enum role role, const char *bytes, size_t length)
{
    struct safetext_cluster cluster;

    for (size_t at = 0; at < length; at += cluster.source) {
        safetext_next(bytes + at, length - at, &cluster);
        int x = pen->x + pen->column - pen->left;
        if (bytes[at] == '\t') {
            pen->column += 8 - pen->column % 8;
            continue;
        }
        if (pen->column >= pen->left && x < pen->view.width) {
            view_text(pen->view, x, pen->y, style_of(role), bytes + at,
                      (ptrdiff_t)cluster.source);
        }
        pen->column += cluster.width;
    }
}

static size_t quoted_length(const char *bytes, size_t length)
{
    char quote = bytes[0];
    size_t at = 1;

    while (at < length && bytes[at] != quote) {
        at += quote == '"' && bytes[at] == '\\' && at + 1 < length ? 2 : 1;
    }
    return at < length ? at + 1 : length;
}

static enum role role_of_word(const char *word, size_t length)
{
    static const char *const constants[] = {"true", "false", "null", "~"};
    bool is_number = length > 0;

    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
        if (strlen(constants[i]) == length && strncmp(constants[i], word, length) == 0) {
            return ROLE_SQL_KEYWORD;
        }
    }
    for (size_t i = 0; i < length; i++) {
        is_number = is_number &&
                    (isdigit((unsigned char)word[i]) || strchr("+-.eE", word[i]) != NULL);
    }
    return is_number ? ROLE_SQL_NUMBER : ROLE_TEXT;
}

/* The key ends before a colon that a blank or the end of the line follows. */
static size_t key_length(const char *bytes, size_t length)
{
    size_t at = bytes[0] == '"' || bytes[0] == '\'' ? quoted_length(bytes, length) : 0;

    for (; at < length; at++) {
        if (bytes[at] == ':' && (at + 1 == length || bytes[at + 1] == ' ')) {
            return at;
        }
        if (bytes[at] == '#' && at > 0 && bytes[at - 1] == ' ') {
            break;
        }
    }
    return 0;
}

static size_t comment_start(const char *bytes, size_t length)
{
    for (size_t at = 0; at < length; at++) {
        if (bytes[at] == '"' || (bytes[at] == '\'' && at == 0)) {
            at += quoted_length(bytes + at, length - at) - 1;
        } else if (bytes[at] == '#' && (at == 0 || bytes[at - 1] == ' ')) {
            return at;
        }
    }
    return length;
}

static void put_yaml(struct pen *pen, const char *bytes, size_t length)
{
    size_t comment = comment_start(bytes, length), at = 0, key, end;

    while (at < comment &&
           (bytes[at] == ' ' || bytes[at] == '\t' ||
            (bytes[at] == '-' && at + 1 < comment && bytes[at + 1] == ' '))) {
        at++;
    }
    put(pen, ROLE_SQL_OPERATOR, bytes, at);
    key = at < comment ? key_length(bytes + at, comment - at) : 0;
    put(pen, ROLE_LABEL, bytes + at, key);
    at += key;
    end = at;
    while (end < comment && (bytes[end] == ':' || bytes[end] == ' ')) {
        end++;
    }
    put(pen, ROLE_SQL_OPERATOR, bytes + at, end - at);
    if (end < comment) {
        enum role role = bytes[end] == '"' || bytes[end] == '\''
                             ? ROLE_SQL_STRING
                             : role_of_word(bytes + end, comment - end);
        put(pen, role, bytes + end, comment - end);
    }
    put(pen, ROLE_SQL_COMMENT, bytes + comment, length - comment);
}

static void put_json(struct pen *pen, const char *bytes, size_t length)
{
    size_t at = 0, end;

    while (at < length) {
        if (bytes[at] == '"') {
            end = at + quoted_length(bytes + at, length - at);
            size_t next = end;
            while (next < length && bytes[next] == ' ') {
                next++;
            }
            bool is_key = next < length && bytes[next] == ':';
            put(pen, is_key ? ROLE_LABEL : ROLE_SQL_STRING, bytes + at, end - at);
        } else if (strchr("{}[],: \t", bytes[at]) != NULL) {
            end = at + 1;
            put(pen, ROLE_SQL_OPERATOR, bytes + at, 1);
        } else {
            end = at + 1;
            while (end < length && strchr("{}[],: \t\"", bytes[end]) == NULL) {
                end++;
            }
            put(pen, role_of_word(bytes + at, end - at), bytes + at, end - at);
        }
        at = end;
    }
}

static void put_sql(struct pen *pen, const char *bytes, size_t length)
{
    static const enum role roles[] = {
        [SQL_SPACE] = ROLE_TEXT,
        [SQL_COMMENT] = ROLE_SQL_COMMENT,
        [SQL_KEYWORD] = ROLE_SQL_KEYWORD,
        [SQL_NAME] = ROLE_SQL_NAME,
        [SQL_STRING] = ROLE_SQL_STRING,
        [SQL_BLOB] = ROLE_SQL_STRING,
        [SQL_NUMBER] = ROLE_SQL_NUMBER,
        [SQL_PARAMETER] = ROLE_SQL_PARAMETER,
        [SQL_OPERATOR] = ROLE_SQL_OPERATOR,
        [SQL_SEMICOLON] = ROLE_SQL_OPERATOR,
        [SQL_BROKEN] = ROLE_TEXT,
    };
    struct sql_token token;
    size_t at = 0;

    while (at < length && sql_next(bytes, length, at, &token) && token.length > 0) {
        put(pen, ROLE_TEXT, bytes + at, token.start - at);
        put(pen, roles[token.kind], bytes + token.start, token.length);
        at = token.start + token.length;
    }
    put(pen, ROLE_TEXT, bytes + at, length - at);
}

void descriptor_draw(struct view view, int x, int y, const struct descriptor_line *line)
{
    struct pen pen = {view, x, y, line->left, 0};

    switch (line->language) {
    case DESCRIPTOR_YAML:
        put_yaml(&pen, line->bytes, line->length);
        break;
    case DESCRIPTOR_JSON:
        put_json(&pen, line->bytes, line->length);
        break;
    case DESCRIPTOR_SQL:
        put_sql(&pen, line->bytes, line->length);
        break;
    case DESCRIPTOR_PLAIN:
        put(&pen, ROLE_TEXT, line->bytes, line->length);
        break;
    }
}
