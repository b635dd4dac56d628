/* snippet/list: the snippets that come with the program, and those of a person's file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/snippet.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

enum { MOST_BYTES = 1024 * 1024, MOST_SNIPPETS = 2000, MOST_NAME = 40, TAB_BLANKS = 4 };

static const struct {
    const char *name, *title, *body;
} builtin[] = {
    {"sel", "rows of a table",
     "SELECT ${2:*}\nFROM ${1:product.table}\nWHERE ${3:condition}\nLIMIT ${4:100};$0"},
    {"cnt", "how many rows, and how many of each value",
     "SELECT ${2:column}, count(*) AS n\nFROM ${1:product.table}\nGROUP BY 1\n"
     "ORDER BY n DESC;$0"},
    {"top", "the greatest so many",
     "SELECT ${2:columns}\nFROM ${1:product.table}\nORDER BY ${3:column} DESC\n"
     "LIMIT ${4:10};$0"},
    {"topin", "the greatest so many of each group",
     "SELECT * FROM (\n  SELECT *, row_number() OVER (\n    PARTITION BY ${2:group} "
     "ORDER "
     "BY ${3:column} DESC) AS place\n  FROM ${1:product.table})\nWHERE place <= "
     "${4:3};$0"},
    {"latest", "the newest row of each key",
     "SELECT * FROM (\n  SELECT *, row_number() OVER (\n    PARTITION BY ${2:key} ORDER "
     "BY "
     "${3:changed_at} DESC) AS age\n  FROM ${1:product.table})\nWHERE age = 1;$0"},
    {"dup", "keys that occur more than once",
     "SELECT ${2:key}, count(*) AS n\nFROM ${1:product.table}\nGROUP BY ${2}\nHAVING n > "
     "1\nORDER BY n DESC;$0"},
    {"cte", "a query in steps",
     "WITH ${1:step} AS (\n  ${2:SELECT 1}\n)\nSELECT *\nFROM ${1};$0"},
    {"joi", "two tables by their keys",
     "SELECT ${4:*}\nFROM ${1:product.table} AS a\nJOIN ${2:product.table} AS b ON "
     "b.${3:key} = a.${3};$0"},
    {"anti", "rows of one table that have none in another",
     "SELECT a.*\nFROM ${1:product.table} AS a\nWHERE NOT EXISTS (\n  SELECT 1 FROM "
     "${2:product.table} AS b\n  WHERE b.${3:key} = a.${3});$0"},
    {"day", "how much a day",
     "SELECT date(${2:time}) AS day, count(*) AS n\nFROM ${1:product.table}\nWHERE ${2} "
     ">= "
     "date('now', '-${3:30} days')\nGROUP BY 1\nORDER BY 1;$0"},
    {"run", "a running total",
     "SELECT ${2:day}, ${3:value},\n       sum(${3}) OVER (ORDER BY ${2}) AS "
     "so_far\nFROM ${1:product.table};$0"},
    {"prev", "what changed since the row before",
     "SELECT ${2:day}, ${3:value},\n       ${3} - lag(${3}) OVER (ORDER BY ${2}) AS "
     "change\nFROM ${1:product.table};$0"},
    {"share", "how much of the whole each group has",
     "SELECT ${2:group}, count(*) AS n,\n       round(100.0 * count(*) / sum(count(*)) "
     "OVER "
     "(), 1) AS percent\nFROM ${1:product.table}\nGROUP BY 1\nORDER BY n DESC;$0"},
    {"gaps", "days without a row",
     "WITH RECURSIVE day(d) AS (\n  SELECT '${1:2026-01-01}'\n  UNION ALL\n  SELECT "
     "date(d, "
     "'+1 day') FROM day WHERE d < '${2:2026-12-31}'\n)\nSELECT d FROM day\nWHERE NOT "
     "EXISTS (\n  SELECT 1 FROM ${3:product.table} WHERE date(${4:time}) = d);$0"},
    {"cas", "one value or another",
     "CASE WHEN ${1:condition} THEN ${2:value} ELSE ${3:other} END$0"},
    {"nulls", "how many of a column are empty",
     "SELECT count(*) AS n, count(${2:column}) AS filled,\n       count(*) - count(${2}) "
     "AS "
     "empty\nFROM ${1:product.table};$0"},
    {"mk", "a table of one's own from a query",
     "CREATE TABLE ${1:name} AS\n${2:SELECT 1};$0"},
};

static void push(struct array *snippets, const char *name, const char *title,
                 const char *body, bool is_mine)
{
    *(struct snippet *)array_push(snippets) = (struct snippet){
        string_copy(name), string_copy(title), string_copy(body), is_mine};
}

/* ---- The person's file ---- */

struct reader {
    struct array *snippets;
    struct text *problems;
    struct text body;
    char *name, *title; /* name NULL: none is open */
    int line;
};

static void complain(const struct reader *reader, const char *sentence)
{
    if (reader->problems != NULL) {
        text_printf(reader->problems, "snippets:%d: %s\n", reader->line, sentence);
    }
}

/* Blank lines at its end are not part of a body. */
static void finish(struct reader *reader)
{
    while (reader->body.length > 0 &&
           reader->body.data[reader->body.length - 1] == '\n') {
        text_truncate(&reader->body, reader->body.length - 1);
    }
    if (reader->name != NULL && reader->body.length == 0) {
        complain(reader,
                 "the snippet before this line has no body; its lines begin with a "
                 "tab or four blanks");
    } else if (reader->name != NULL && reader->snippets->count < MOST_SNIPPETS) {
        push(reader->snippets, reader->name, reader->title, text_string(&reader->body),
             true);
    }
    text_clear(&reader->body);
    free(reader->name);
    free(reader->title);
    reader->name = reader->title = NULL;
}

static void begin(struct reader *reader, char *rest)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    finish(reader);
    rest = string_trim(rest);
    size_t length = strspn(rest, signs);
    bool is_name = length > 0 && length <= MOST_NAME &&
                   (rest[length] == '\0' || rest[length] == ' ' || rest[length] == '\t');
    if (!is_name) {
        complain(reader,
                 "a snippet begins with \"snippet NAME what it is\", and its name "
                 "has letters, digits and _");
        return;
    }
    reader->name = string_copy_bytes(rest, length);
    reader->title = string_copy(string_trim(rest + length));
}

/* What the indentation of the body takes; 0: this is no line of it. */
static size_t indentation(const char *line)
{
    return line[0] == '\t'                       ? 1
           : strspn(line, " ") >= TAB_BLANKS     ? TAB_BLANKS
           : line[strspn(line, " \t\r")] == '\0' ? strlen(line)
                                                 : 0;
}

static void take_line(struct reader *reader, char *line)
{
    size_t indent = indentation(line);
    size_t length = strlen(line);
    if (length > 0 && line[length - 1] == '\r') {
        line[length - 1] = '\0';
        indent = indent == length ? length - 1 : indent;
    }
    if (string_starts(line, "snippet ") || string_equal(line, "snippet")) {
        begin(reader, line + strlen("snippet"));
    } else if (indent > 0 || *line == '\0') {
        if (reader->name != NULL) {
            text_append(&reader->body, line + indent);
            text_append_char(&reader->body, '\n');
        } else if (line[strspn(line, " \t")] != '\0') {
            complain(reader, "this line belongs to no snippet");
        }
    } else if (*line != '#') {
        complain(reader, "this line is no snippet, and not indented as those of a body");
    }
}

void snippets_parse(const char *text, struct array *snippets, struct text *problems)
{
    struct reader reader = {.snippets = snippets, .problems = problems};
    char *copy = string_copy(text);
    char *rest = copy;
    for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
        reader.line++;
        take_line(&reader, line);
    }
    reader.line++;
    finish(&reader);
    text_release(&reader.body);
    free(copy);
}

/* ---- All of them ---- */

static int by_name(const void *a, const void *b)
{
    const struct snippet *one = a, *other = b;
    int order = strcmp(one->name, other->name);
    return order != 0 ? order : (int)other->is_mine - (int)one->is_mine;
}

static void release_one(struct snippet *snippet)
{
    free(snippet->name);
    free(snippet->title);
    free(snippet->body);
}

/* Sorted, one's own come before others of the name. */
static void keep_first(struct array *snippets)
{
    struct snippet *items = snippets->items;
    size_t kept = 0;
    for (size_t i = 0; i < snippets->count; i++) {
        if (kept > 0 && string_equal(items[kept - 1].name, items[i].name)) {
            release_one(&items[i]);
        } else {
            items[kept++] = items[i];
        }
    }
    snippets->count = kept;
}

struct array snippets_list(struct text *problems)
{
    struct array snippets = ARRAY_OF(struct snippet);
    char *file = path_of_place(PLACE_CONFIG, "snippets", NULL);
    char *text = NULL;
    struct error err = {0};
    for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++) {
        push(&snippets, builtin[i].name, builtin[i].title, builtin[i].body, false);
    }
    if (file != NULL && path_exists(file)) {
        if (path_read_text(file, MOST_BYTES, &text, &err)) {
            snippets_parse(text, &snippets, problems);
        } else if (problems != NULL) {
            text_printf(problems, "%s\n", err.message);
        }
    }
    qsort(snippets.items, snippets.count, sizeof(struct snippet), by_name);
    keep_first(&snippets);
    free(text);
    free(file);
    return snippets;
}

void snippets_release(struct array *snippets)
{
    for (size_t i = 0; i < snippets->count; i++) {
        release_one(array_at(snippets, i));
    }
    array_release(snippets);
}

const struct snippet *snippets_named(const struct array *snippets, const char *name)
{
    for (size_t i = 0; i < snippets->count; i++) {
        const struct snippet *snippet = array_at(snippets, i);
        if (string_equal(snippet->name, name)) {
            return snippet;
        }
    }
    return NULL;
}
