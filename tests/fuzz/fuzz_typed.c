/* Fuzzing of what people type and keep: the first byte chooses a line of the history, the
 * history of before, a file of snippets, the body of one, a saved query, or a command of
 * another program. What is written must be read as it was meant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/command.h"
#include "engine/command/other_names.h"
#include "engine/recall/private.h"
#include "engine/snippet.h"
#include "engine/sql_file.h"
#include "tests/fuzz/fuzz.h"

static struct recall *open_history(void)
{
    return recall_open(&(struct recall_spec){.limit = 50}, NULL);
}

/* Any bytes between two lines of ours spoil neither. */
static void try_lines(const char *text)
{
    struct recall *recall = open_history();
    struct recall_entry entry = {.at = 17,
                                 .mark = "0123456789ab",
                                 .sql = (char *)text,
                                 .outcome = (char *)"done",
                                 .products = (char *)text,
                                 .error = (char *)text,
                                 .rows = -1};
    struct text lines = {0};
    recall_put_begin(&lines, &entry);
    text_printf(&lines, "%s\n", text);
    recall_put_end(&lines, &entry);
    recall_take_lines(recall, lines.data, lines.length);
    const struct recall_entry *read = recall_named(recall, entry.mark);
    fuzz_must((read != NULL) == (text[0] != '\0'), "a statement is read again");
    if (read != NULL && recall->entries.count == 1) {
        fuzz_must(string_equal(read->sql, text), "as it was");
        fuzz_must(string_equal(read->outcome, "done"), "with its end");
        fuzz_must(string_equal(read->error, text), "and its error");
    }
    text_release(&lines);
    recall_close(recall);
}

static void try_before(const char *text)
{
    struct recall *recall = open_history();
    recall_take_before(recall, text, strlen(text));
    struct array statements = recall_statements(recall, NULL);
    for (size_t i = 0; i < statements.count; i++) {
        const char *sql = *(const char **)array_at(&statements, i);
        fuzz_must(sql[0] != '\0' && strchr(" \t\n", sql[0]) == NULL,
                  "what begins with a blank is left out");
    }
    array_release(&statements);
    recall_close(recall);
}

static void try_body(const char *text)
{
    struct text out = {0};
    struct array places = ARRAY_OF(struct snippet_place);
    snippet_expand(text, "  ", &out, &places);
    fuzz_must(places.count > 0, "there is a place to end at");
    for (size_t i = 0; i < places.count; i++) {
        const struct snippet_place *place = array_at(&places, i);
        fuzz_must(place->start + place->length <= out.length, "places lie in the text");
    }
    array_release(&places);
    text_release(&out);
}

static void try_snippets(const char *text)
{
    struct array snippets = ARRAY_OF(struct snippet);
    struct text problems = {0};
    snippets_parse(text, &snippets, &problems);
    for (size_t i = 0; i < snippets.count; i++) {
        const struct snippet *snippet = array_at(&snippets, i);
        fuzz_must(snippet->name[0] != '\0' && snippet->body[0] != '\0',
                  "a snippet has a name and a body");
        fuzz_must(strchr(snippet->title, '\n') == NULL, "its title is a line");
        try_body(snippet->body);
    }
    text_release(&problems);
    snippets_release(&snippets);
}

/* The title is the first line, the SQL the rest. */
static void try_query(char *text)
{
    struct text file = {0}, sql = {0}, again = {0};
    struct sql_file read;
    char *rest = strchr(text, '\n');
    if (rest == NULL) {
        return;
    }
    *rest++ = '\0';
    sql_file_put(&file, "title", text);
    if (sql_file_put_sql(&sql, rest)) {
        text_append(&file, text_string(&sql));
        sql_file_parse(&read, text_string(&file));
        fuzz_must(sql_header(&read, "title") != NULL && read.count == 1,
                  "a header has what was written");
        bool is_whole = sql_file_put_sql(&again, read.sql) &&
                        string_equal(text_string(&again), text_string(&sql));
        fuzz_must(is_whole, "the SQL is what was written");
        sql_file_release(&read);
    }
    text_release(&file);
    text_release(&sql);
    text_release(&again);
}

static void try_command(const char *text)
{
    struct text line = {0};
    struct error err = {0};
    if (!command_is_other(text)) {
        return;
    }
    bool done = command_translate(text, &line, &err);
    fuzz_must(done == (err.kind == ERROR_NONE), "a refusal has a sentence");
    fuzz_must(!done || line.length > 0, "a command becomes a line");
    text_release(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static void (*const tries[])(const char *text) = {try_lines, try_before, try_snippets,
                                                      try_body, try_command};
    enum { TRIES = sizeof tries / sizeof *tries };
    if (length == 0) {
        return 0;
    }
    double start = fuzz_clock();
    char *text = string_copy_bytes((const char *)bytes + 1, length - 1);
    size_t chosen = bytes[0] % (TRIES + 1);
    if (chosen < TRIES) {
        tries[chosen](text);
    } else {
        try_query(text);
    }
    free(text);
    fuzz_must_be_quick(start);
    return 0;
}
