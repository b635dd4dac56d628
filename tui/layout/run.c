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
    } else if (string_equal(word, "theme")) {
        screen_runf(screen, "set theme %s", argument);
    } else {
        if (string_equal(word, "edit")) {
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
    if (reply->quit) {
        screen->wants_quit = true;
    }
}

static void call_finished(void *owner, struct command_call *call)
{
    struct screen *screen = owner;

    take_off(screen, call);
    show_reply(screen, command_reply(call));
    command_free(call);
    screen_dirty(screen);
}

void screen_run(struct screen *screen, const char *line)
{
    struct command_spec spec = {
        .workbench = screen->workbench,
        .has_screen = true,
        .width = canvas_width(screen->canvas) - 8,
        .unicode = !canvas_is_ascii(screen->canvas),
        .finished = call_finished,
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

bool calls_cancel(struct screen *screen)
{
    size_t count = screen->calls.count;

    if (count > 0) {
        command_cancel(*(struct command_call **)array_at(&screen->calls, count - 1));
        screen_message(screen, ROLE_WARNING, "Cancelling ...");
        return true;
    }
    if (screen->workbench->shown != NULL && !screen->workbench->shown->is_over) {
        workbench_result_cancel(screen->workbench->shown);
        return true;
    }
    return false;
}

void calls_release(struct screen *screen)
{
    for (size_t i = 0; i < screen->calls.count; i++) {
        command_free(*(struct command_call **)array_at(&screen->calls, i));
    }
    array_release(&screen->calls);
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
                         "could not start %s; set EDITOR to a program that exists",
                         program);
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

bool screen_is_idle(const struct screen *screen)
{
    return screen->calls.count == 0;
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
