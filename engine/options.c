/* options: the table of settings, and the config file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/options.h"
#include "engine/path.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct option_row rows[] = {
    {"mesh", OPTION_STRING, "", 0, 0, NULL,
     "the mesh that is opened when none is named and MWB_MESH is not set"},
    {"theme", OPTION_STRING, "dark", 0, 0, NULL,
     "how the screen looks: dark, light, high-contrast, mono, or the path of a theme "
     "file"},
    {"glyphs", OPTION_CHOICE, "auto", 0, 0, "auto braille blocks ascii",
     "signs that charts are drawn with; auto takes braille where the locale is UTF-8"},
    {"mouse", OPTION_FLAG, "off", 0, 0, NULL,
     "let the mouse choose panes and rows; off leaves selecting text to the terminal"},
    {"null_text", OPTION_STRING, "NULL", 0, 0, NULL, "how NULL is shown in the grid"},
    {"timeout", OPTION_NUMBER, "0", 0, 86400, NULL,
     "seconds after which a statement is stopped; 0 is no limit"},
    {"memory_limit", OPTION_NUMBER, "1024", 16, 1048576, NULL,
     "MiB that a statement may use for sorting and grouping"},
    {"row_limit", OPTION_NUMBER, "0", 0, 1000000000000, NULL,
     "rows after which a statement is stopped; 0 is no limit"},
    {"reject_limit", OPTION_NUMBER, "0", 0, 1000000000000, NULL,
     "rejected rows after which an import stops; 0 keeps going"},
    {"history_size", OPTION_NUMBER, "5000", 0, 1000000, NULL,
     "statements kept in the history of the editor"},
    {"escape_delay", OPTION_NUMBER, "50", 0, 5000, NULL,
     "milliseconds that decide whether Esc was a key of its own; more on slow links"},
    {"layout", OPTION_CHOICE, "auto", 0, 0, "auto stack columns wide",
     "where panes stand; auto decides by the size of the terminal"},
    {"hints", OPTION_FLAG, "on", 0, 0, NULL, "show the line of keys at the bottom"},
    {"autofetch", OPTION_FLAG, "on", 0, 0, NULL,
     "get a product whose data lie in local files when a statement names it"},
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

struct options {
    char *values[ROW_COUNT]; /* as written; NULL: the default */
};

const struct option_row *options_rows(size_t *count)
{
    *count = ROW_COUNT;
    return rows;
}

struct options *options_new(void)
{
    return memory_new(sizeof(struct options));
}

void options_free(struct options *options)
{
    for (size_t i = 0; options != NULL && i < ROW_COUNT; i++) {
        free(options->values[i]);
    }
    free(options);
}

static int find_row(const char *name)
{
    for (int i = 0; i < ROW_COUNT; i++) {
        if (string_equal_fold(rows[i].name, name)) {
            return i;
        }
    }
    return -1;
}

static bool is_word_of(const char *word, const char *words)
{
    size_t length = strlen(word);
    for (const char *p = words; length > 0 && (p = strstr(p, word)) != NULL; p++) {
        if ((p == words || p[-1] == ' ') && (p[length] == ' ' || p[length] == '\0')) {
            return true;
        }
    }
    return false;
}

static bool flag_of(const char *value, bool *flag)
{
    static const char on[] = "on yes true 1";
    static const char off[] = "off no false 0";
    *flag = is_word_of(value, on);
    return *flag || is_word_of(value, off);
}

static bool check(const struct option_row *row, const char *value, struct error *err)
{
    bool flag;
    switch (row->type) {
    case OPTION_FLAG:
        return flag_of(value, &flag) ||
               error_set(err, ERROR_USAGE, "%s is on or off, not \"%s\"", row->name,
                         value);
    case OPTION_NUMBER: {
        char *end_of_number;
        errno = 0;
        long long number = strtoll(value, &end_of_number, 10);
        bool fits = errno == 0 && end_of_number != value && *end_of_number == '\0' &&
                    number >= row->least && number <= row->most;
        return fits || error_set(err, ERROR_USAGE,
                                 "%s is a whole number from %lld to %lld, not \"%s\"",
                                 row->name, row->least, row->most, value);
    }
    case OPTION_CHOICE:
        return is_word_of(value, row->choices) ||
               error_set(err, ERROR_USAGE, "%s is one of: %s; not \"%s\"", row->name,
                         row->choices, value);
    default:
        return true;
    }
}

static bool fail_unknown(const char *name, struct error *err)
{
    const char *names[ROW_COUNT + 1] = {NULL};
    for (int i = 0; i < ROW_COUNT; i++) {
        names[i] = rows[i].name;
    }
    const char *near = string_nearest(name, names);
    return near != NULL
               ? error_set(err, ERROR_USAGE,
                           "there is no setting \"%s\"; did you mean %s?", name, near)
               : error_set(err, ERROR_USAGE,
                           "there is no setting \"%s\"; \"set\" alone lists them all",
                           name);
}

bool options_set(struct options *options, const char *name, const char *value,
                 struct error *err)
{
    int row = find_row(name);
    if (row < 0) {
        return fail_unknown(name, err);
    }
    if (!check(&rows[row], value, err)) {
        return false;
    }
    free(options->values[row]);
    options->values[row] = string_copy(value);
    return true;
}

const char *options_get(const struct options *options, const char *name)
{
    int row = find_row(name);
    if (row < 0) {
        return NULL;
    }
    return options->values[row] != NULL ? options->values[row] : rows[row].fallback;
}

bool options_flag(const struct options *options, const char *name)
{
    bool flag = false;
    const char *value = options_get(options, name);
    return value != NULL && flag_of(value, &flag) && flag;
}

long long options_number(const struct options *options, const char *name)
{
    const char *value = options_get(options, name);
    return value != NULL ? strtoll(value, NULL, 10) : 0;
}

static char *trim(char *word)
{
    while (isspace((unsigned char)*word)) {
        word++;
    }
    size_t length = strlen(word);
    while (length > 0 && isspace((unsigned char)word[length - 1])) {
        word[--length] = '\0';
    }
    return word;
}

static bool load_line(struct options *options, char *line, struct error *err)
{
    line = trim(line);
    if (line[0] == '\0' || line[0] == '#') {
        return true;
    }
    char *sign = strchr(line, '=');
    if (sign == NULL) {
        return error_set(err, ERROR_USAGE, "a line is \"name = value\", not \"%s\"",
                         line);
    }
    *sign = '\0';
    return options_set(options, trim(line), trim(sign + 1), err);
}

bool options_load(struct options *options, const char *path, struct text *problems)
{
    enum { LARGEST = 1 << 20 };
    struct error err = {0};
    char *bytes;
    if (!path_exists(path)) {
        return true;
    }
    if (!path_read_text(path, LARGEST, &bytes, &err)) {
        text_printf(problems, "%s\n", err.message);
        return false;
    }
    size_t before = problems->length;
    int number = 0;
    for (char *line = bytes, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        number++;
        if (!load_line(options, line, &err)) {
            text_printf(problems, "%s:%d: %s\n", path, number, err.message);
        }
    }
    free(bytes);
    return problems->length == before;
}
