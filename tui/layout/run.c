/* run: verbs started from the screen, and what becomes of their replies.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/path.h"

static void take_off(struct screen *screen, const struct command_call *call)
{
    for (size_t i = 0; i < screen->calls.count; i++) {
        if (*(struct command_call **)array_at(&screen->calls, i) == call) {
            array_remove(&screen->calls, i);
            return;
        }
    }
}

static void show_error(struct screen *screen, const struct error *err)
{
    bool cancelled = err->kind == ERROR_CANCELLED;

    screen_message(screen, cancelled ? ROLE_WARNING : ROLE_ERROR, "%s", err->message);
}

/* What the verb changed may have been refused by the screen (a theme): that stays. */
static bool has_error(const struct screen *screen)
{
    return screen->message.length > 0 && screen->message_role == ROLE_ERROR;
}

/* A page of text opens as a dialog: its first line is the title. One line is a message.
 */
static void show_text(struct screen *screen, const struct command_reply *reply)
{
    const char *text = text_string(&reply->text);
    size_t length = strcspn(text, "\n");
    struct text page = {0};

    if (text[length] == '\0' || text[length + 1] == '\0') {
        screen_message(screen, ROLE_MESSAGE, "%.*s", (int)length, text);
        return;
    }
    text_append(&page, reply->text_title != NULL ? reply->text_title : "Answer");
    text_append_char(&page, '\n');
    text_append(&page, text_string(&reply->text));
    screen_open_dialog(screen, "text", text_string(&page));
    text_release(&page);
}

static bool save_screen(struct screen *screen, const char *file, struct error *err)
{
    struct text dump = {0};
    bool fine;

    if (*file == '\0') {
        return error_set(err, ERROR_USAGE,
                         "screenshot needs the name of a file to write");
    }
    canvas_dump(screen->canvas, &dump);
    fine = path_write_file(file, text_string(&dump), dump.length, 0600, err);
    text_release(&dump);
    return fine;
}

/* Words that the editor carries out, wherever one is. */
static bool is_of_editor(const char *word)
{
    static const char *const words[] = {"edit",  "format",         "write", "print",
                                        "reset", "insert-snippet", "run"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (string_equal(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* The rows come to the front, and do what a key of theirs would. */
static void act_in_grid(struct screen *screen, const char *action, const char *argument)
{
    place_show_results(screen, PLACE_GRID);
    struct pane *pane = screen->panes[PLACE_GRID];
    if (pane == NULL || pane->kind->action == NULL ||
        pane->kind->action(pane, action, argument) != REACTION_DONE) {
        screen_message(screen, ROLE_ERROR,
                       "the grid has no action \"%s\"; its keys and their actions stand "
                       "in keys.default",
                       action);
    }
}

/* What only a screen can do: a word of the key map, or a picture of the screen. */
static void carry_out(struct screen *screen, const char *action)
{
    size_t length = strcspn(action, " ");
    char *word = string_copy_bytes(action, length);
    const char *argument = action + length + strspn(action + length, " ");
    struct error err = {0};

    if (string_equal(word, "screenshot")) {
        if (save_screen(screen, argument, &err)) {
            screen_message(screen, ROLE_MESSAGE, "The screen is in %s.", argument);
        } else {
            show_error(screen, &err);
        }
    } else if (asks_carry_out(screen, word, argument)) {
        free(word);
        return;
    } else if (string_equal(word, "theme")) {
        screen_runf(screen, "set theme %s", argument);
    } else if (string_equal(word, "grid") || string_equal(word, "copy")) {
        act_in_grid(screen, string_equal(word, "grid") ? argument : "copy-these",
                    argument);
    } else if (string_equal(word, "width")) {
        act_in_grid(screen, "widths", argument);
    } else if (pane_kind_named(word) != NULL && pane_kind_named(word)->is_dialog) {
        screen_open_dialog(screen, word, argument);
    } else {
        if (is_of_editor(word)) {
            screen_focus(screen, "sql");
        }
        keys_act(screen, word, argument);
    }
    free(word);
}

static void show_view(struct screen *screen, const char *view)
{
    bool is_result = string_equal(view, "grid") || string_equal(view, "chart");

    if (is_result) {
        place_show_results(screen,
                           string_equal(view, "chart") ? PLACE_CHART : PLACE_GRID);
    } else if (string_equal(view, "card") && screen->arrangement.kind == ARRANGE_WIDE) {
        screen_dirty(screen); /* it is there already and follows the product */
    } else if (!string_equal(view, "text") && !string_equal(view, "help")) {
        screen_focus(screen, view);
    }
}

static void show_reply(struct screen *screen, const struct command_reply *reply)
{
    if (reply->error.kind != ERROR_NONE && reply->error.kind != ERROR_VERDICT) {
        show_error(screen, &reply->error);
    } else if (reply->notes.length > 0 && !has_error(screen)) {
        screen_message(screen, ROLE_WARNING, "%s\n%s", text_string(&reply->message),
                       text_string(&reply->notes));
    } else if (reply->message.length > 0 && !has_error(screen)) {
        screen_message(screen, ROLE_MESSAGE, "%s", text_string(&reply->message));
    }
    if (reply->view != NULL) {
        show_view(screen, reply->view);
    }
    if (reply->text.length > 0 && !string_equal(reply->view, "card")) {
        show_text(screen, reply);
    }
    if (reply->action.length > 0) {
        carry_out(screen, text_string(&reply->action));
    }
    if (reply->program.count > 0) {
        struct error err = {0};
        if (!screen_shell_out(screen, reply->program.items, &err)) {
            show_error(screen, &err);
        }
    }
    if (reply->quit && workbench_open_transactions(screen->workbench, NULL)) {
        screen_request_quit(screen);
    } else if (reply->quit) {
        screen->wants_quit = true;
    }
}

/* A question is about the tab that its line was run in, and so is the line that runs
 * again.
 */
static void go_home(struct screen *screen, const struct command_call *call)
{
    struct workbench *workbench = screen->workbench;

    if (!string_starts(text_string(&command_reply(call)->action), "ask-")) {
        return;
    }
    for (size_t i = 0; i < workbench->tabs.count; i++) {
        if (i != workbench->tab &&
            workbench_tab_at(workbench, i)->id == command_home(call)) {
            workbench_tab_select(workbench, i);
        }
    }
}

static void call_finished(void *owner, struct command_call *call)
{
    struct screen *screen = owner;

    take_off(screen, call);
    go_home(screen, call);
    show_reply(screen, command_reply(call));
    command_free(call);
    screen_dirty(screen);
}

/* A verb that goes on says how far it is; lines of a script say nothing. */
static void line_done(void *owner, struct command_call *call)
{
    struct screen *screen = owner;

    if (command_tab(call) == workbench_tab_in_front(screen->workbench)->id) {
        screen_message(screen, ROLE_MESSAGE, "%s; Esc stops it",
                       text_string(&command_reply(call)->message));
    }
}

void screen_run(struct screen *screen, const char *line)
{
    struct command_spec spec = {
        .workbench = screen->workbench,
        .has_screen = true,
        .can_ask = true,
        .is_dialog = true,
        .width = canvas_width(screen->canvas) - 8,
        .unicode = !canvas_is_ascii(screen->canvas),
        .finished = call_finished,
        .line_done = line_done,
        .owner = screen,
    };
    struct error err = {0};
    struct command_call *call;

    message_clear(screen);
    call = command_start_line(&spec, line, &err);
    if (call == NULL) {
        show_error(screen, &err);
    } else {
        *(struct command_call **)array_push(&screen->calls) = call;
    }
    screen_dirty(screen);
}

void screen_runf(struct screen *screen, const char *format, ...)
{
    struct text line = {0};
    va_list args;

    va_start(args, format);
    text_vprintf(&line, format, args);
    va_end(args);
    screen_run(screen, text_string(&line));
    text_release(&line);
}

void screen_run_words(struct screen *screen, const char *verb, ...)
{
    struct text line = {0};
    const char *word;
    va_list args;

    text_append(&line, verb);
    va_start(args, verb);
    while ((word = va_arg(args, const char *)) != NULL) {
        command_append_word(&line, word);
    }
    va_end(args);
    screen_run(screen, text_string(&line));
    text_release(&line);
}

/* The newest that runs in the tab in front, or in none; NULL: there is none. */
static struct command_call *call_here(const struct screen *screen)
{
    unsigned long front = workbench_tab_in_front(screen->workbench)->id;

    for (size_t i = screen->calls.count; i-- > 0;) {
        struct command_call *call = *(struct command_call **)array_at(&screen->calls, i);
        if (command_tab(call) == 0 || command_tab(call) == front) {
            return call;
        }
    }
    return NULL;
}

bool screen_can_cancel(const struct screen *screen)
{
    const struct workbench_result *shown = screen->workbench->shown;

    return call_here(screen) != NULL || (shown != NULL && !shown->is_over);
}

bool calls_cancel(struct screen *screen)
{
    struct command_call *call = call_here(screen);

    if (call != NULL) {
        screen_message(screen, ROLE_WARNING, "Cancelling ...");
        command_cancel(call);
        return true;
    }
    if (screen_can_cancel(screen)) {
        workbench_result_cancel(screen->workbench->shown);
        return true;
    }
    return false;
}

bool calls_stop_watching(struct screen *screen)
{
    struct command_call *call = call_here(screen);

    if (call == NULL || !string_equal(command_verb(call), "watch")) {
        return false;
    }
    command_cancel(call);
    return true;
}

void calls_release(struct screen *screen)
{
    for (size_t i = 0; i < screen->calls.count; i++) {
        command_free(*(struct command_call **)array_at(&screen->calls, i));
    }
    array_release(&screen->calls);
    asks_release(screen);
}

/* ---- Another program for a while ---- */

/* A program that stops itself (^Z) stops us with it, or the shell would wait for ever;
 * `fg` continues both. */
static bool wait_for(struct screen *screen, pid_t child, const char *program,
                     struct error *err)
{
    int status = 0;
    pid_t ended;

    do {
        ended = waitpid(child, &status, WUNTRACED);
        if (ended < 0 && errno != EINTR) {
            return error_set(err, ERROR_FAILED, "could not wait for %s: %s", program,
                             error_of_errno(errno));
        }
        if (ended == child && WIFSTOPPED(status)) {
            term_stop(screen->term);
        }
    } while (ended < 0 || WIFSTOPPED(status));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        return error_set(err, ERROR_FAILED,
                         "could not start %s: there is no such program", program);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return error_set(err, ERROR_FAILED, "%s ended without success", program);
    }
    return true;
}

bool screen_shell_out(struct screen *screen, char *const argv[], struct error *err)
{
    pid_t child;
    bool fine;

    if (screen->term == NULL) {
        return error_set(err, ERROR_FAILED, "there is no terminal for %s", argv[0]);
    }
    term_suspend(screen->term);
    child = fork();
    if (child == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    fine = child > 0 ? wait_for(screen, child, argv[0], err)
                     : error_set(err, ERROR_FAILED, "could not start %s: %s", argv[0],
                                 error_of_errno(errno));
    term_resume(screen->term);
    screen_dirty(screen);
    return fine;
}

static bool is_busy(const struct pane *pane)
{
    return pane != NULL && pane->kind->is_busy != NULL && pane->kind->is_busy(pane);
}

bool screen_is_idle(const struct screen *screen)
{
    bool busy = screen->calls.count > 0;

    for (size_t i = 0; i < PLACE_COUNT && !busy; i++) {
        busy = is_busy(screen->panes[i]);
    }
    for (int i = 0; i < screen->dialog_count && !busy; i++) {
        busy = is_busy(screen->dialogs[i]);
    }
    return !busy;
}

void screen_copy(struct screen *screen, const char *bytes, size_t length)
{
    char size[32];
    string_of_bytes((long long)length, size, sizeof size);
    if (screen->term == NULL || !term_copy(screen->term, bytes, length)) {
        screen_message(screen, ROLE_WARNING,
                       "this terminal cannot take a copy of %s; export writes a file",
                       size);
    } else {
        screen_message(screen, ROLE_MESSAGE, "copied %s to the clipboard", size);
    }
}
