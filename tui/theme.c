/* theme: theme files to looks. The palette's arithmetic is theme_colour.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/theme.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "tui/builtin.h"
#include "tui/theme_colour.h"

enum {
    GROUP_GRID = ROLE_COUNT,
    GROUP_CATALOG,
    GROUP_SQL,
    GROUP_CHART,
    NAME_COUNT,
    BASE_DEPTH = 4, /* themes that start from themes: no further */
    THEME_SIZE_MOST = 64 * 1024
};

/* Roles first, in the order of enum role; then names that only stand for their children.
 */
static const char *const names[NAME_COUNT] = {
    [ROLE_TEXT] = "text",
    [ROLE_DIM] = "dim",
    [ROLE_TITLE] = "title",
    [ROLE_TITLE_FOCUS] = "title.focus",
    [ROLE_BORDER] = "border",
    [ROLE_BORDER_FOCUS] = "border.focus",
    [ROLE_STATUS] = "status",
    [ROLE_HINT] = "hint",
    [ROLE_KEY] = "key",
    [ROLE_MESSAGE] = "message",
    [ROLE_WARNING] = "warning",
    [ROLE_ERROR] = "error",
    [ROLE_SELECTED] = "selected",
    [ROLE_SELECTED_AWAY] = "selected.away",
    [ROLE_MATCH] = "match",
    [ROLE_HEADER] = "grid.header",
    [ROLE_HEADER_TYPE] = "grid.type",
    [ROLE_NULL] = "grid.null",
    [ROLE_NUMBER] = "grid.number",
    [ROLE_ESCAPED] = "escaped",
    [ROLE_DOMAIN] = "catalog.domain",
    [ROLE_PRODUCT] = "catalog.product",
    [ROLE_TABLE] = "catalog.table",
    [ROLE_COLUMN] = "catalog.column",
    [ROLE_PRIVATE] = "private",
    [ROLE_LABEL] = "label",
    [ROLE_SQL_KEYWORD] = "sql.keyword",
    [ROLE_SQL_NAME] = "sql.name",
    [ROLE_SQL_STRING] = "sql.string",
    [ROLE_SQL_NUMBER] = "sql.number",
    [ROLE_SQL_COMMENT] = "sql.comment",
    [ROLE_SQL_PARAMETER] = "sql.parameter",
    [ROLE_SQL_OPERATOR] = "sql.operator",
    [ROLE_SQL_BROKEN] = "sql.broken",
    [ROLE_MENU] = "menu",
    [ROLE_MENU_SELECTED] = "menu.selected",
    [ROLE_AXIS] = "chart.axis",
    [ROLE_SERIES_1] = "chart.series1",
    [ROLE_SERIES_1 + 1] = "chart.series2",
    [ROLE_SERIES_1 + 2] = "chart.series3",
    [ROLE_SERIES_1 + 3] = "chart.series4",
    [ROLE_SERIES_1 + 4] = "chart.series5",
    [ROLE_SERIES_1 + 5] = "chart.series6",
    [ROLE_SERIES_7] = "chart.series7",
    [GROUP_GRID] = "grid",
    [GROUP_CATALOG] = "catalog",
    [GROUP_SQL] = "sql",
    [GROUP_CHART] = "chart",
};

struct theme {
    char *name;
    int colours;
    struct look looks[NAME_COUNT];
    bool is_set[NAME_COUNT];
};

/* Where a line stands, for the sentence when it is wrong. */
struct theme_source {
    struct theme *theme;
    const char *path;
    int line, depth;
};

struct flag_row {
    const char *name;
    enum style_flag flag;
};

static const struct flag_row flag_rows[] = {
    {"bold", STYLE_BOLD},       {"dim", STYLE_DIM},       {"underline", STYLE_UNDERLINE},
    {"reverse", STYLE_REVERSE}, {"italic", STYLE_ITALIC}, {NULL, 0},
};

static const struct look plain_look = {.foreground = -1, .background = -1};

static bool apply_named(struct theme_source *source, const char *name, struct error *err);

const char *role_name(enum role role)
{
    return role < ROLE_COUNT ? names[role] : "text";
}

static int index_of_name(const char *name)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        if (string_equal(names[i], name)) {
            return i;
        }
    }
    return -1;
}

bool role_of_name(const char *name, enum role *role)
{
    int index = index_of_name(name);

    if (index < 0 || index >= ROLE_COUNT) {
        return false;
    }
    *role = (enum role)index;
    return true;
}

/* "grid.header" -> "grid" -> "text". */
static int parent_of(int index)
{
    const char *dot = strrchr(names[index], '.');
    char parent[32];
    size_t length = dot != NULL ? (size_t)(dot - names[index]) : 0;

    if (length == 0 || length >= sizeof parent) {
        return ROLE_TEXT;
    }
    memcpy(parent, names[index], length);
    parent[length] = '\0';
    return index_of_name(parent) >= 0 ? index_of_name(parent) : ROLE_TEXT;
}

struct look theme_look(const struct theme *theme, enum role role)
{
    int index = role < ROLE_COUNT ? (int)role : ROLE_TEXT;

    while (!theme->is_set[index] && index != ROLE_TEXT) {
        index = parent_of(index);
    }
    return theme->is_set[index] ? theme->looks[index] : plain_look;
}

const char *theme_name(const struct theme *theme)
{
    return theme->name;
}

void theme_free(struct theme *theme)
{
    if (theme != NULL) {
        free(theme->name);
        free(theme);
    }
}

static bool fail_line(const struct theme_source *source, struct error *err,
                      const char *what, const char *word)
{
    return error_set(err, ERROR_USAGE, "theme %s, line %d: %s \"%.60s\"", source->path,
                     source->line, what, word);
}

static bool fail_role(const struct theme_source *source, const char *word,
                      struct error *err)
{
    const char *list[NAME_COUNT + 1] = {0};
    const char *nearest;

    memcpy(list, names, sizeof names);
    nearest = string_nearest(word, list);
    if (nearest == NULL) {
        return fail_line(source, err, "there is no role", word);
    }
    return error_set(
        err, ERROR_USAGE,
        "theme %s, line %d: there is no role \"%.60s\"; did you mean \"%s\"?",
        source->path, source->line, word, nearest);
}

static bool add_flag(struct look *look, const char *word)
{
    for (const struct flag_row *row = flag_rows; row->name != NULL; row++) {
        if (string_equal_fold(row->name, word)) {
            look->flags |= (unsigned char)row->flag;
            return true;
        }
    }
    return false;
}

/* The next word of a line, cut out in place; NULL at its end. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t\r");
    size_t length = strcspn(word, " \t\r");

    if (length == 0) {
        return NULL;
    }
    *rest = word[length] != '\0' ? word + length + 1 : word + length;
    word[length] = '\0';
    return word;
}

static bool read_look(const struct theme_source *source, char *rest, struct look *look,
                      struct error *err)
{
    int32_t *colours[] = {&look->foreground, &look->background};
    char *word;

    *look = plain_look;
    for (int i = 0; (word = next_word(&rest)) != NULL; i++) {
        bool fits = i < 2 ? theme_colour_read(word, source->theme->colours, colours[i])
                          : add_flag(look, word);
        if (!fits) {
            return fail_line(
                source, err,
                i < 2 ? "this is no colour:" : "this is no attribute:", word);
        }
    }
    return true;
}

static bool apply_line(struct theme_source *source, char *line, struct error *err)
{
    char *equals, *name;
    int index;

    line += strspn(line, " \t");
    if (*line == '#' || *line == '\0' || *line == '\r') {
        return true;
    }
    equals = strchr(line, '=');
    if (equals == NULL) {
        return fail_line(source, err, "there is no = in", line);
    }
    *equals = '\0';
    name = next_word(&line);
    if (name == NULL) {
        return fail_line(source, err, "there is no role before =", equals + 1);
    }
    equals++;
    if (string_equal(name, "base")) {
        char *base = next_word(&equals);
        return base == NULL || apply_named(source, base, err);
    }
    index = index_of_name(name);
    if (index < 0) {
        return fail_role(source, name, err);
    }
    source->theme->is_set[index] = true;
    return read_look(source, equals, &source->theme->looks[index], err);
}

static bool apply_text(struct theme_source *source, const char *text, struct error *err)
{
    struct theme_source here = *source;
    bool fine = true;

    for (here.line = 1; fine && *text != '\0'; here.line++) {
        size_t length = strcspn(text, "\n");
        char *line = string_copy_bytes(text, length);
        fine = apply_line(&here, line, err);
        free(line);
        text += length + (text[length] == '\n' ? 1 : 0);
    }
    return fine;
}

/* The file a name means: a path, the user's own theme, the package's. NULL: none. */
static char *find_file(const char *name)
{
    char *folder, *file, *path;

    if (strchr(name, '/') != NULL) {
        return string_copy(name);
    }
    file = string_printf("themes/%s.theme", name);
    path = path_of_place(PLACE_CONFIG, file, NULL);
    free(file);
    if (path != NULL && path_exists(path)) {
        return path;
    }
    free(path);
    folder = path_of_package("themes");
    file = string_printf("%s.theme", name);
    path = folder != NULL ? path_join(folder, file) : NULL;
    free(file);
    free(folder);
    if (path != NULL && !path_exists(path)) {
        free(path);
        path = NULL;
    }
    return path;
}

static bool apply_file(struct theme_source *source, const char *path, struct error *err)
{
    char *bytes = NULL;
    bool fine;

    if (!path_read_text(path, THEME_SIZE_MOST, &bytes, err)) {
        return error_prefix(err, "could not read the theme: ");
    }
    source->path = path;
    fine = apply_text(source, bytes, err);
    free(bytes);
    return fine;
}

static bool fail_name(const char *name, struct error *err)
{
    struct text known = {0};

    theme_list(&known);
    for (size_t i = 0; i < known.length; i++) {
        known.data[i] = known.data[i] == '\n' ? ' ' : known.data[i];
    }
    error_set(err, ERROR_USAGE, "there is no theme \"%.80s\"; there are: %s", name,
              text_string(&known));
    text_release(&known);
    return false;
}

static bool apply_named(struct theme_source *source, const char *name, struct error *err)
{
    struct theme_source below = *source;
    char *file = string_printf("%s.theme", name);
    const char *builtin = builtin_text(file);
    char *path = source->theme->colours > 0 ? find_file(name) : NULL;
    bool fine;

    below.path = name;
    below.depth++;
    if (below.depth > BASE_DEPTH) {
        fine = error_set(err, ERROR_USAGE,
                         "theme %s: more than %d themes start from each other", name,
                         BASE_DEPTH);
    } else if (path != NULL) {
        fine = apply_file(&below, path, err);
    } else {
        fine = builtin != NULL ? apply_text(&below, builtin, err) : fail_name(name, err);
    }
    free(path);
    free(file);
    return fine;
}

struct theme *theme_load(const char *name, int colours, struct error *err)
{
    struct theme *theme = memory_new(sizeof *theme);
    struct theme_source source = {.theme = theme, .path = ""};

    theme->colours = colours;
    theme->name = string_copy(name != NULL && *name != '\0' ? name : "dark");
    if (!apply_named(&source, colours > 0 ? theme->name : "mono", err)) {
        theme_free(theme);
        return NULL;
    }
    return theme;
}

static void add_name(struct text *list, const char *file)
{
    struct text line = {0};

    text_append_bytes(&line, file, strlen(file) - strlen(".theme"));
    text_append_char(&line, '\n');
    if (list->length == 0 || strstr(text_string(list), text_string(&line)) == NULL) {
        text_append(list, text_string(&line));
    }
    text_release(&line);
}

static void add_folder(struct text *list, char *folder)
{
    DIR *stream = folder != NULL ? opendir(folder) : NULL;
    struct dirent *entry;

    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        if (string_ends(entry->d_name, ".theme") && entry->d_name[0] != '.') {
            add_name(list, entry->d_name);
        }
    }
    if (stream != NULL) {
        closedir(stream);
    }
    free(folder);
}

void theme_list(struct text *list)
{
    for (const struct builtin_file *file = builtin_files; file->name != NULL; file++) {
        if (string_ends(file->name, ".theme")) {
            add_name(list, file->name);
        }
    }
    add_folder(list, path_of_place(PLACE_CONFIG, "themes", NULL));
    add_folder(list, path_of_package("themes"));
}
