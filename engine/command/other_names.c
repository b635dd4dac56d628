/* command: the commands of psql and sqlite3, which begin with `\` or `.`: each is a line
 * of our own. What is of no use here has no row, and is answered with the nearest.
 * Sources: psql(1), "Meta-Commands"; sqlite.org/cli.html.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/other_names.h"
#include "engine/command/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- What a line of them says beyond its name ---- */

static char *word_at(const char **at)
{
    struct array words;
    char *word = NULL;
    *at += strspn(*at, " \t");
    size_t length = strcspn(*at, " \t");
    if (length > 0 && (**at == '\'' || **at == '"')) {
        const char *end = strchr(*at + 1, **at);
        length = end != NULL ? (size_t)(end - *at) + 1 : strlen(*at);
    }
    char *part = string_copy_bytes(*at, length);
    if (length > 0 && words_split(part, &words, NULL)) {
        word = words.count > 0 ? string_copy(*(char **)array_at(&words, 0)) : NULL;
        words_release(&words);
    }
    free(part);
    *at += length;
    return word;
}

/* \pset null TEXT, .nullvalue TEXT */
static bool pset_line(const char *rest, struct text *line, struct error *err)
{
    char *name = word_at(&rest);
    char *value = word_at(&rest);
    bool is_null = string_equal(name, "null");
    if (is_null && value == NULL) {
        text_append(line, "set null_text");
    } else if (is_null) {
        text_append(line, "set null_text");
        command_append_word(line, value);
    } else if (name == NULL) {
        text_append(line, "set");
    } else {
        error_set(err, ERROR_USAGE,
                  "\\pset %s is of no use here; \\pset null TEXT says how NULL is shown, "
                  "\\x shows a row by itself, and set lists what else there is",
                  name);
    }
    bool done = name == NULL || is_null;
    free(name);
    free(value);
    return done;
}

/* \g FILE, \g |COMMAND: the rows that are shown go there; \g alone runs the editor's. */
static bool go_line(const char *rest, struct text *line, struct error *err)
{
    (void)err;
    rest += strspn(rest, " \t");
    if (*rest == '\0') {
        text_append(line, "run");
        return true;
    }
    bool is_pipe = *rest == '|';
    text_append(line, is_pipe ? "export --pipe" : "export --out");
    if (is_pipe) {
        rest += 1 + strspn(rest + 1, " \t");
        command_append_word(line, rest);
        return true;
    }
    char *file = word_at(&rest);
    command_append_word(line, file != NULL ? file : "");
    free(file);
    return true;
}

static bool output_line(const char *rest, struct text *line, struct error *err)
{
    rest += strspn(rest, " \t");
    if (*rest == '\0' || string_equal(rest, "stdout")) {
        return error_set(err, ERROR_USAGE,
                         "rows are always shown here; with a FILE, or | and a command, "
                         "those that are shown are written there");
    }
    return go_line(rest, line, err);
}

/* .parameter set NAME VALUE, .parameter unset NAME, .parameter list; \bind NAME VALUE */
static bool parameter_line(const char *rest, struct text *line, struct error *err)
{
    const char *before = rest;
    char *word = word_at(&rest);
    (void)err;
    bool is_own = string_equal(word, "set") || string_equal(word, "unset") ||
                  string_equal(word, "list") || string_equal(word, "init");
    text_append(line, "param");
    text_append_char(line, ' ');
    text_append(line, is_own ? rest + strspn(rest, " \t") : before);
    free(word);
    return true;
}

static bool mode_line(const char *rest, struct text *line, struct error *err)
{
    char *mode = word_at(&rest);
    bool is_line = string_equal(mode, "line");
    if (is_line) {
        text_append(line, "record");
    } else {
        error_set(
            err, ERROR_USAGE,
            "rows are shown in the grid, with .mode line one by itself; export --out "
            "FILE writes them, and the suffix tells the format");
    }
    free(mode);
    return is_line;
}

/* The part of \copy before TO, which may hold TO in brackets or quotes. */
static const char *find_to(const char *text)
{
    int depth = 0;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\'' || *p == '"') {
            const char *end = strchr(p + 1, *p);
            if (end == NULL) {
                return NULL;
            }
            p = end;
        } else if (*p == '(' || *p == ')') {
            depth += *p == '(' ? 1 : -1;
        } else if (depth == 0 && p > text && (p[-1] == ' ' || p[-1] == ')') &&
                   (p[0] == 't' || p[0] == 'T') && (p[1] == 'o' || p[1] == 'O') &&
                   p[2] == ' ') {
            return p;
        }
    }
    return NULL;
}

/* \copy (SELECT ...) TO 'FILE', \copy PRODUCT.TABLE TO 'FILE' */
static bool copy_line(const char *rest, struct text *line, struct error *err)
{
    rest += strspn(rest, " \t");
    const char *to = find_to(rest);
    const char *target = to != NULL ? to + strlen("to ") : "";
    char *file = word_at(&target);
    if (file == NULL) {
        free(file);
        return error_set(err, ERROR_USAGE,
                         "\\copy writes here, it does not read: \\copy (SELECT ...) TO "
                         "'FILE'; import makes a database of files");
    }
    char *what = string_copy_bytes(rest, (size_t)(to - rest));
    char *sql = string_trim(what);
    size_t length = strlen(sql);
    bool is_query = length > 1 && sql[0] == '(' && sql[length - 1] == ')';
    text_append(line, "export --out");
    command_append_word(line, file);
    char *select = is_query ? string_copy_bytes(sql + 1, length - 2)
                            : string_printf("SELECT * FROM %s", sql);
    command_append_word(line, select);
    free(select);
    free(what);
    free(file);
    return true;
}

static const char columns_of[] =
    "SELECT \"column\", type, classification, required, pk_pos AS \"key\", description "
    "FROM mesh.columns WHERE \"table\" = '";

/* \d: the products; \d PRODUCT: its card; \d PRODUCT.TABLE: its columns */
static bool describe_line(const char *rest, struct text *line, struct error *err)
{
    (void)err;
    char *name = word_at(&rest);
    if (name == NULL) {
        text_append(line, "products");
    } else if (strchr(name, '.') == NULL) {
        text_append(line, "show");
        command_append_word(line, name);
    } else {
        struct text sql = {0};
        text_append(&sql, columns_of);
        for (const char *p = name; *p != '\0'; p++) {
            text_append(&sql, *p == '\'' ? "''" : (char[]){*p, '\0'});
        }
        text_append(&sql, "' COLLATE NOCASE");
        text_append(line, "query");
        command_append_word(line, text_string(&sql));
        text_release(&sql);
    }
    free(name);
    return true;
}

/* ---- The table ---- */

#define TABLES_SQL                                                                       \
    "query SELECT \"table\", title, granularity FROM mesh.tables WHERE \"table\" LIKE "  \
    "'%~%' ORDER BY 1"
#define KEYS_SQL                                                                         \
    "query SELECT \"table\", group_concat(\"column\", ', ') AS \"key\" FROM (SELECT * "  \
    "FROM mesh.columns WHERE pk_pos > 0 ORDER BY \"table\", pk_pos) WHERE \"table\" "    \
    "LIKE '%~%' GROUP BY 1"
#define VIEWS_SQL                                                                        \
    "query SELECT name, sql FROM main.sqlite_schema WHERE type = 'view' AND name LIKE "  \
    "'%~%' ORDER BY 1"
#define FUNCTIONS_SQL                                                                    \
    "query SELECT DISTINCT name, CASE type WHEN 'w' THEN 'window' WHEN 'a' THEN "        \
    "'aggregate' ELSE 'scalar' END AS kind FROM pragma_function_list WHERE name LIKE "   \
    "'%~%' ORDER BY 1"

static const struct command_other others[] = {
    {"\\d .schema", NULL, describe_line,
     "the products; of PRODUCT its card, of PRODUCT.TABLE its columns"},
    {"\\dt .tables", TABLES_SQL, NULL, "the tables of the mesh, or those called so"},
    {"\\di .indexes .indices", KEYS_SQL, NULL, "the keys of tables"},
    {"\\dv", VIEWS_SQL, NULL, "the views of one's workspace"},
    {"\\df", FUNCTIONS_SQL, NULL, "the functions that SQL has here"},
    {"\\dn", "products --facet domain", NULL, "the domains"},
    {"\\du", "role ~", NULL, "the roles, or act in one"},
    {"\\dp \\z", "access ~", NULL, "what one's role may see"},
    {"\\l .databases", "products ~", NULL, "the products"},
    {"\\c \\connect .open", "open ~", NULL, "open another mesh"},
    {"\\i \\include .read", "query -f ~", NULL, "run the statements of a file"},
    {"\\e \\edit .edit", "edit", NULL, "the text in $VISUAL or $EDITOR"},
    {"\\p \\print", "print", NULL, "show the text of the editor"},
    {"\\r \\reset", "reset", NULL, "empty the editor"},
    {"\\w \\write", "write ~", NULL, "write the text of the editor to a file"},
    {"\\s .history", "history ~", NULL, "what ran before"},
    {"\\g", NULL, go_line, "run the statement; with FILE or | COMMAND write its rows"},
    {"\\o \\out .once .output", NULL, output_line,
     "write the rows that are shown to FILE, or | COMMAND"},
    {"\\copy", NULL, copy_line, "write rows: (SELECT ...) TO 'FILE'"},
    {"\\x", "record", NULL, "a row by itself, a column a line"},
    {".mode", NULL, mode_line, "line: a row by itself"},
    {"\\pset", NULL, pset_line, "null TEXT: how NULL is shown"},
    {".nullvalue", "set null_text ~", NULL, "how NULL is shown"},
    {"\\set .show", "set ~", NULL, "the settings, or one of them"},
    {"\\bind .parameter .param", NULL, parameter_line, "values of parameters"},
    {"\\chart", "chart ~", NULL, "draw rows"},
    {".width", "width -- ~", NULL, "how wide the columns of the grid are"},
    {".last", "focus grid", NULL, "the rows that are shown"},
    {"\\! .shell .system", "shell ~", NULL, "run a command of the shell, or a shell"},
    {"\\q \\quit .quit .exit", "quit", NULL, "leave"},
    {"\\? .help", "help \\?", NULL, "these commands"},
};
enum { OTHER_COUNT = sizeof others / sizeof *others };

const struct command_other *command_others(size_t *count)
{
    *count = OTHER_COUNT;
    return others;
}

bool command_is_other(const char *line)
{
    line += strspn(line, " \t");
    bool is_sign = line[0] == '\\' &&
                   (isalpha((unsigned char)line[1]) || line[1] == '!' || line[1] == '?');
    return is_sign || (line[0] == '.' && isalpha((unsigned char)line[1]));
}

/* ---- From their line to ours ---- */

static bool has_name(const char *names, const char *name, size_t length)
{
    for (const char *p = names; *p != '\0';) {
        size_t word = strcspn(p, " ");
        if (word == length && strncmp(p, name, length) == 0) {
            return true;
        }
        p += word;
        p += strspn(p, " ");
    }
    return false;
}

static const struct command_other *find(const char *name, size_t length)
{
    for (size_t i = 0; i < OTHER_COUNT; i++) {
        if (has_name(others[i].names, name, length)) {
            return &others[i];
        }
    }
    return NULL;
}

/* All names, those of verbs among them, and of each its first letters. */
static void gather(struct array *words)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);
    for (size_t i = 0; i < OTHER_COUNT; i++) {
        words_split_blanks(others[i].names, words);
    }
    for (size_t i = 0; i < count; i++) {
        words_split_blanks(rows[i].alias != NULL ? rows[i].alias : "", words);
    }
}

static bool fail_unknown(const char *name, size_t length, struct error *err)
{
    struct array words = ARRAY_OF(char *);
    char *said = string_copy_bytes(name, length);
    gather(&words);
    *(char **)array_push(&words) = NULL;
    const char *near = string_nearest(said, words.items);
    if (near != NULL) {
        error_set(err, ERROR_USAGE, "there is no command %s; did you mean %s?", said,
                  near);
    } else {
        error_set(err, ERROR_USAGE,
                  "there is no command %s; \\? lists those of psql and sqlite3 that work "
                  "here, help our own",
                  said);
    }
    words.count--;
    words_release(&words);
    free(said);
    return false;
}

/* `~` is the rest of their line: in SQL between quotes, else as it stands. */
static void put_line(const char *form, const char *rest, struct text *line)
{
    const char *place = strchr(form, '~');
    bool is_sql = string_starts(form, "query SELECT");
    if (place == NULL) {
        text_append(line, form);
        return;
    }
    text_append_bytes(line, form, (size_t)(place - form));
    for (const char *p = rest; *p != '\0'; p++) {
        text_append(line, is_sql && *p == '\'' ? "''" : (char[]){*p, '\0'});
    }
    text_append(line, place + 1);
}

bool command_translate(const char *line, struct text *out, struct error *err)
{
    line += strspn(line, " \t");
    size_t length = 1 + strspn(line + 1, "abcdefghijklmnopqrstuvwxyz"
                                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ_!?");
    const struct command_other *other = find(line, length);
    char *name = string_copy_bytes(line, length);
    bool is_verb = other == NULL && command_named(name) != NULL;
    free(name);
    if (is_verb) {
        text_append(out, line);
        return true;
    }
    if (other == NULL) {
        return fail_unknown(line, length, err);
    }
    char *copy = string_copy(line + length);
    char *rest = string_trim(copy);
    bool done = true;
    if (other->rewrite != NULL) {
        done = other->rewrite(rest, out, err);
    } else {
        put_line(other->line, rest, out);
    }
    free(copy);
    return done;
}

/* ---- Help ---- */

void command_help_others(struct text *out)
{
    text_append(out,
                "Commands of psql and sqlite3 that work here, in the editor, after a "
                "colon and in scripts:\n\n");
    for (size_t i = 0; i < OTHER_COUNT; i++) {
        text_printf(out, "  %-26s %s\n", others[i].names, others[i].sentence);
    }
    size_t count;
    const struct command_row *rows = command_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].alias != NULL && strpbrk(rows[i].alias, "\\.") != NULL) {
            text_printf(out, "  %-26s %s\n", rows[i].alias, rows[i].sentence);
        }
    }
}
