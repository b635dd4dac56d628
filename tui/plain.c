/* plain: a dialogue of lines over the verbs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/plain_private.h"

#include <ctype.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/recall.h"
#include "engine/sql.h"
#include "tui/batch.h"
#include "tui/batch_output.h"
#include "tui/batch_signal.h"
#include "tui/lineedit.h"

enum { FIRST_NEWS = 2, NEWS_FACTOR = 3 };

/* ---- Calls ---- */

static void on_news(void *owner)
{
    struct plain *plain = owner;
    char count[32];
    const struct workbench_result *shown = plain->workbench->shown;
    long long rows = shown != NULL && !shown->is_over ? workbench_result_rows(shown) : 0;
    print_line("still running, %s so far, %.0f seconds; Ctrl-C stops it",
               rows == 0 ? "no rows" : string_of_count(rows, count, sizeof count),
               plain->news_at);
    double next = plain->news_at * (NEWS_FACTOR - 1);
    plain->news_at *= NEWS_FACTOR;
    plain->timer = loop_after(plain->workbench->loop, next, on_news, plain);
}

/* A person is told once that leaving rolls a transaction back. */
static bool may_leave(struct plain *plain)
{
    struct text open = {0};
    bool is_told = !plain->was_warned && prompt_reader_is_terminal(plain->reader) &&
                   workbench_open_transactions(plain->workbench, &open);
    if (is_told) {
        print_line(
            "The transaction of %s is open: COMMIT keeps what it wrote; leave again "
            "to roll it back.",
            text_string(&open));
    }
    plain->was_warned = is_told;
    text_release(&open);
    return !is_told;
}

static void on_finished(void *owner, struct command_call *call)
{
    struct plain *plain = owner;
    const struct command_reply *reply = command_reply(call);
    loop_cancel(plain->workbench->loop, plain->timer);
    plain->timer = 0;
    plain->status = ERROR_NONE;
    bool failed = reply->error.kind != ERROR_NONE && reply->error.kind != ERROR_VERDICT;
    if (!failed || reply->message.length > 0) {
        plain_print_reply(plain, call);
    }
    if (reply->error.kind != ERROR_NONE) {
        plain->status = (int)reply->error.kind;
    }
    if (failed) {
        plain_complain(plain, &reply->error);
    }
    plain->wants_quit = plain->wants_quit || (reply->quit && may_leave(plain));
    plain->is_over = true;
}

static void on_script_line(void *owner, struct command_call *call)
{
    plain_print_reply(owner, call);
}

/* The call is freed here, outside of its own callback. */
void plain_run_line(struct plain *plain, const char *line)
{
    struct error err = {0};
    struct command_spec spec = {
        .workbench = plain->workbench,
        .is_dialog = true,
        .can_ask = prompt_reader_is_terminal(plain->reader),
        .width = output_width(),
        .unicode = string_equal(nl_langinfo(CODESET), "UTF-8"),
        .finished = on_finished,
        .line_done = on_script_line,
        .owner = plain,
    };
    plain->is_over = false;
    plain->news_at = FIRST_NEWS;
    plain->call = command_start_line(&spec, line, &err);
    if (plain->call == NULL) {
        plain_complain(plain, &err);
        return;
    }
    plain->timer = loop_after(plain->workbench->loop, FIRST_NEWS, on_news, plain);
    while (!plain->is_over) {
        loop_step(plain->workbench->loop, -1);
    }
    char *action = string_copy(text_string(&command_reply(plain->call)->action));
    command_free(plain->call);
    plain->call = NULL;
    plain_take_question(plain, action);
    free(action);
    if (plain->workbench->catalog_is_loading &&
        !workbench_wait_catalog(plain->workbench, &err)) {
        plain_complain(plain, &err); /* of a mesh that the line opened */
    }
}

/* ---- Lines ---- */

static void choose_shape(struct plain *plain, const char *word)
{
    static const char *const sentences[] = {
        "Rows are a table where it fits, else records.", "Rows are a table.",
        "Rows are records, a line for each column."};
    word += strspn(word, " \t");
    plain->shape = string_equal(word, "on")       ? SHAPE_RECORD
                   : string_equal(word, "off")    ? SHAPE_TABLE
                   : string_equal(word, "auto")   ? SHAPE_AUTO
                   : plain->shape == SHAPE_RECORD ? SHAPE_AUTO
                                                  : SHAPE_RECORD;
    print_line("%s", sentences[plain->shape]);
}

/* What only a dialogue knows. False: it is a verb of all. */
static bool run_own(struct plain *plain, const char *line)
{
    if (string_equal(line, "more") || string_equal(line, "m")) {
        plain_print_more(plain);
    } else if (string_equal(line, "back")) {
        plain_go_back(plain);
    } else if (string_equal(line, "\\x") || string_starts(line, "\\x ")) {
        choose_shape(plain, line + 2);
    } else if (string_equal(line, "\\q") || string_equal(line, "quit") ||
               string_equal(line, ".quit") || string_equal(line, ".exit")) {
        plain->wants_quit = may_leave(plain);
    } else {
        return false;
    }
    return true;
}

/* Words that statements of SQLite begin with (sqlite.org/lang.html). */
static bool begins_statement(const char *word)
{
    static const char *const words[] = {
        "alter",  "analyze", "attach",  "begin",   "commit",   "create",
        "delete", "detach",  "drop",    "end",     "explain",  "insert",
        "pragma", "reindex", "release", "replace", "rollback", "savepoint",
        "select", "update",  "vacuum",  "values",  "with"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (string_equal_fold(words[i], word)) {
            return true;
        }
    }
    return false;
}

/* `begins with a blank` is kept out of the history, so blanks stay where they are. */
static bool is_verb_line(const char *line)
{
    size_t length = strcspn(line, " \t");
    if (strchr(":\\.", line[0]) != NULL && line[0] != '\0') {
        return true;
    }
    char *word = string_copy_bytes(line, length);
    const struct command_row *row = begins_statement(word) ? NULL : command_named(word);
    bool is_verb =
        (row != NULL && string_equal(row->name, word)) || string_equal(word, "more");
    free(word);
    return is_verb;
}

static void run_statement(struct plain *plain)
{
    struct text line = {0};
    const char *sql = text_string(&plain->statement);
    prompt_reader_add_history(plain->reader, sql);
    text_append(&line, isspace((unsigned char)sql[0]) ? " query" : "query");
    command_append_word(&line, sql);
    plain_run_line(plain, text_string(&line));
    text_release(&line);
    text_clear(&plain->statement);
}

static void take_verb(struct plain *plain, const char *line)
{
    prompt_reader_add_history(plain->reader, line);
    line += *line == ':';
    line += strspn(line, " \t");
    if (!run_own(plain, line)) {
        plain_run_line(plain, line);
    }
}

static void take_line(struct plain *plain, const char *line)
{
    bool is_first = plain->statement.length == 0;
    if (is_first && line[strspn(line, " \t")] == '\0') {
        return;
    }
    if (is_first && is_verb_line(line)) {
        take_verb(plain, line);
        return;
    }
    text_append(&plain->statement, is_first ? "" : "\n");
    text_append(&plain->statement, line);
    if (sql_is_complete(text_string(&plain->statement), plain->statement.length)) {
        run_statement(plain);
    }
}

static void tell_sync(struct plain *plain, const char *bytes)
{
    if (plain->sync_fd >= 0 && write(plain->sync_fd, bytes, strlen(bytes)) < 0) {
        plain->sync_fd = -1;
    }
}

static void ask(struct plain *plain)
{
    char *prompt = plain_question_prompt(plain);
    prompt_reader_ask(plain->reader, prompt != NULL                ? prompt
                                     : plain->statement.length > 0 ? "  ...> "
                                                                   : "mwb> ");
    free(prompt);
    tell_sync(plain, "ri");
}

static void on_line(void *owner, const char *line)
{
    struct plain *plain = owner;
    tell_sync(plain, "b");
    if (line == NULL && plain->question != QUESTION_NONE) {
        plain_give_up(plain);
        ask(plain);
        return;
    }
    if (line == NULL) {
        if (plain->statement.length > 0) { /* the last one needs no `;` */
            run_statement(plain);
        } else if (prompt_reader_is_terminal(plain->reader)) {
            print_line("%s", "");
        }
        plain->wants_quit = true;
        return;
    }
    if (plain->question != QUESTION_NONE) {
        plain_answer(plain, line);
    } else {
        take_line(plain, line);
    }
    if (!plain->wants_quit) {
        ask(plain);
    }
}

static void on_signal(void *owner)
{
    struct plain *plain = owner;
    batch_signal_take();
    if (plain->call != NULL) {
        command_cancel(plain->call);
    } else {
        text_clear(&plain->statement);
        plain_give_up(plain);
        prompt_reader_restart(plain->reader, "mwb> ");
        tell_sync(plain, "ri");
    }
    batch_signal_answered();
}

/* ---- Completion ---- */

static void complete_verb(struct plain *plain, const char *text, size_t cursor,
                          size_t *word_start, struct array *candidates)
{
    bool has_colon = text[0] == ':';
    completion_find_words(plain->workbench, "", text + has_colon, cursor - has_colon,
                          word_start, candidates);
    *word_start += has_colon;
}

static void complete(void *owner, const char *text, size_t cursor, size_t *word_start,
                     struct array *candidates)
{
    struct plain *plain = owner;
    if (plain->statement.length == 0 && cursor > 0 && is_verb_line(text)) {
        complete_verb(plain, text, cursor, word_start, candidates);
        return;
    }
    struct text whole = {0};
    text_append(&whole, text_string(&plain->statement));
    text_append(&whole, whole.length > 0 ? "\n" : "");
    size_t before = whole.length, start = before + *word_start;
    text_append(&whole, text);
    completion_find(plain->completion, text_string(&whole), before + cursor, &start,
                    candidates);
    *word_start = start >= before ? start - before : *word_start;
    text_release(&whole);
}

/* ---- Life ---- */

static void greet(const struct plain *plain)
{
    const struct workbench *workbench = plain->workbench;
    char *role = workbench->role != NULL ? string_printf(", as %s", workbench->role)
                                         : string_copy("");
    if (workbench->catalog == NULL) {
        print_line("Mesh Workbench. No mesh is open: :open FOLDER, or :demo for the "
                   "sandbox.");
    } else {
        print_line("Mesh Workbench: %s%s.", workbench->mesh, role);
    }
    print_line("SQL ends with ;  a verb begins with :  try :products, :help  \\q leaves");
    free(role);
}

static void load_history(struct plain *plain)
{
    struct array statements =
        recall_statements(workbench_recall(plain->workbench), plain->workbench->role);
    prompt_reader_set_history(plain->reader, &statements);
    array_release(&statements);
}

static bool start(struct plain *plain, const char *mesh, const char *role,
                  struct error *err)
{
    struct workbench_spec spec = {.role = role, .with_state = true};
    plain->workbench = batch_signal_watch(err) ? workbench_new(&spec, err) : NULL;
    if (plain->workbench == NULL) {
        return false;
    }
    loop_watch(plain->workbench->loop, batch_signal_fd(), on_signal, plain);
    char *chosen = batch_mesh(plain->workbench, mesh, true, err);
    bool done = chosen == NULL ? mesh == NULL
                               : workbench_open_mesh(plain->workbench, chosen, err) &&
                                     workbench_wait_catalog(plain->workbench, err);
    free(chosen);
    if (done) {
        struct prompt_spec reader = {.loop = plain->workbench->loop,
                                     .line = on_line,
                                     .complete = complete,
                                     .owner = plain};
        plain->reader = prompt_reader_new(&reader);
        plain->completion = complete_new(plain->workbench, NULL, NULL);
    }
    return done && (role == NULL || workbench_has_role(plain->workbench, err));
}

static void converse(struct plain *plain)
{
    if (prompt_reader_is_terminal(plain->reader)) {
        greet(plain);
        load_history(plain);
    }
    ask(plain);
    while (!plain->wants_quit && !batch_signal_ended()) {
        loop_step(plain->workbench->loop, -1);
    }
    if (workbench_open_transactions(plain->workbench, NULL)) {
        print_line("The transaction was not committed: what it wrote is gone.");
    }
}

int plain_run(const char *mesh, const char *role, int sync_fd)
{
    struct plain plain = {.sync_fd = sync_fd};
    struct error err = {0};
    if (start(&plain, mesh, role, &err)) {
        converse(&plain);
        plain.status = prompt_reader_is_terminal(plain.reader) ? 0 : plain.status;
    } else {
        batch_complain(&err);
        plain.status = (int)err.kind;
    }
    prompt_reader_free(plain.reader);
    complete_free(plain.completion);
    text_release(&plain.statement);
    free(plain.line_again);
    free(plain.names);
    workbench_free(plain.workbench);
    return plain.status;
}
