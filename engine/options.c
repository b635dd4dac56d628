/* options: the table of settings, and the config file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/options.h"
#include "engine/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct option_row rows[] = {
    {"mesh", OPTION_STRING, "", 0, 0, NULL,
     "the mesh that is opened when none is named and MWB_MESH is not set"},
    {"role", OPTION_STRING, "", 0, 0, NULL,
     "the role one acts in where a mesh has it; empty: the least that the mesh offers"},
    {"team", OPTION_STRING, "", 0, 0, NULL,
     "the team one works for where neither the role nor the mesh tells it"},
    {"purpose", OPTION_STRING, "", 0, 0, NULL,
     "what one reads for, told to meshes that ask for it and to the log of use"},
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
    {"preview_seconds", OPTION_NUMBER, "10", 0, 86400, NULL,
     "on the screen, a statement that may take longer is asked for first; 0 never asks"},
    {"memory_limit", OPTION_NUMBER, "1024", 16, 1048576, NULL,
     "MiB that a statement may use for sorting and grouping"},
    {"timing", OPTION_FLAG, "off", 0, 0, NULL,
     "tell with each statement where its time went"},
    {"ask_parameters", OPTION_FLAG, "on", 0, 0, NULL,
     "ask once for the value of each :parameter before a statement runs on the screen"},
    {"row_limit", OPTION_NUMBER, "0", 0, 1000000000000, NULL,
     "rows after which a statement is stopped; 0 is no limit"},
    {"reject_limit", OPTION_NUMBER, "0", 0, 1000000000000, NULL,
     "rejected rows after which an import stops; 0 keeps going"},
    {"keep_versions", OPTION_NUMBER, "3", 0, 1000, NULL,
     "versions of a product that are kept, the current one among them; 0 keeps all"},
    {"cache_limit", OPTION_NUMBER, "0", 0, 1073741824, NULL,
     "MiB that all versions together may take before the least used go; 0 is no limit"},
    {"history_size", OPTION_NUMBER, "5000", 0, 1000000, NULL,
     "statements kept in the history of a mesh; 0 keeps none"},
    {"escape_delay", OPTION_NUMBER, "50", 0, 5000, NULL,
     "milliseconds that decide whether Esc was a key of its own; more on slow links"},
    {"link", OPTION_CHOICE, "auto", 0, 0, "auto slow fast",
     "how often the screen is drawn: auto goes by what was measured (doctor) and by how "
     "long the terminal takes; slow draws twice a second"},
    {"layout", OPTION_CHOICE, "auto", 0, 0, "auto stack columns wide",
     "where panes stand; auto decides by the size of the terminal"},
    {"hints", OPTION_FLAG, "on", 0, 0, NULL, "show the line of keys at the bottom"},
    {"shared_cache", OPTION_STRING, "", 0, 0, NULL,
     "folder of a group (mode 2770) in which products are shared when MWB_CACHE is not "
     "set"},
    {"autofetch", OPTION_FLAG, "on", 0, 0, NULL,
     "get a product whose data lie in local files when a statement names it"},
    {"converter", OPTION_STRING, "", 0, 0, NULL,
     "commands that print formats that are not read here as CSV or JSON Lines: parquet: "
     "duckdb -csv -c \"FROM read_parquet('{file}')\"; xlsx: xlsx2csv {file}"},
    {"viewer", OPTION_STRING, "", 0, 0, NULL,
     "programs that view opens files with, by type or group of types: pdf: zathura "
     "{file}; image: feh {file}; *: xdg-open {file}"},
    {"git_places", OPTION_STRING, "", 0, 0, NULL,
     "folders, with : between, whose git repositories descriptors may name by an "
     "absolute path"},
    {"shell", OPTION_FLAG, "on", 0, 0, NULL,
     "let shell and \\! start programs for a person who types them"},
    {"background_check", OPTION_NUMBER, "0", 0, 10080, NULL,
     "minutes between two looks at the sources of products that are here, to mark those "
     "that changed; nothing is fetched; 0 never looks"},
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

static bool load_line(struct options *options, char *line, struct error *err)
{
    line = string_trim(line);
    if (line[0] == '\0' || line[0] == '#') {
        return true;
    }
    char *sign = strchr(line, '=');
    if (sign == NULL) {
        return error_set(err, ERROR_USAGE, "a line is \"name = value\", not \"%s\"",
                         line);
    }
    *sign = '\0';
    return options_set(options, string_trim(line), string_trim(sign + 1), err);
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
