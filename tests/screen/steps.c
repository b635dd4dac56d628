/* steps: the commands of a play that do something.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/play.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/keys.h"
#include "tests/screen/program.h"
#include "tests/screen/storm.h"
#include "tests/screen/terminfo.h"

static bool do_env(struct call *call, struct error *err)
{
    (void)err;
    char *value = strchr(call->arguments[0], '=');
    if (value == NULL) {
        names_unset(&call->play->environment, call->arguments[0]);
    } else {
        *value = '\0';
        names_set(&call->play->environment, call->arguments[0], value + 1);
    }
    return true;
}

static bool do_term(struct call *call, struct error *err)
{
    (void)err;
    names_set(&call->play->environment, "TERM", call->arguments[0]);
    return true;
}

/* "80 24", "80x24", or two words. */
static bool read_size(struct call *call, struct error *err)
{
    int width = -1;
    int height = -1;
    char rest = ' ';
    char *size = string_printf("%s %s", call->arguments[0],
                               call->count > 1 ? call->arguments[1] : "");
    int found = sscanf(size, "%d%*[ x]%d %c", &width, &height, &rest);
    free(size);
    if (found != 2 || width < 0 || height < 0 || width > 2000 || height > 2000) {
        return error_set(err, ERROR_USAGE, "a size is WIDTH HEIGHT, at most 2000 each");
    }
    call->play->width = width;
    call->play->height = height;
    return true;
}

static bool do_needs(struct call *call, struct error *err)
{
    (void)err;
    struct play *play = call->play;
    const char *what = call->arguments[0];
    char *reason = NULL;
    if (strcmp(what, "shared") == 0) {
        if (getenv("MWB_SHARED") == NULL) {
            reason =
                string_copy("MWB_SHARED is not set: no folder of real data beside the "
                            "repository");
        }
    } else if (strcmp(what, "term") == 0 && call->count == 2) {
        if (!terminfo_choose(call->arguments[1])) {
            reason = string_printf("this machine has no terminfo entry %s",
                                   call->arguments[1]);
        }
    } else if (strcmp(what, "program") == 0 && call->count == 2) {
        char *command = string_printf("command -v %s >/dev/null", call->arguments[1]);
        if (system(command) != 0) {
            reason = string_printf("the program %s is not installed", call->arguments[1]);
        }
        free(command);
    } else {
        return error_set(err, ERROR_USAGE, "needs: shared, term NAME or program NAME");
    }
    if (reason != NULL) {
        play_skip(play, reason);
        play->over = true;
        free(reason);
    }
    return true;
}

static bool start_program(struct call *call, bool without_sync, struct error *err)
{
    const char *program = names_get(&call->play->environment, "MWB");
    char *arguments[66] = {0};
    memcpy(arguments, call->arguments, call->count * sizeof *arguments);
    if (strcmp(arguments[0], "mwb") == 0) {
        if (program == NULL) {
            return error_set(err, ERROR_USAGE, "MWB does not name the program to test");
        }
        arguments[0] = string_copy(program);
    }
    bool good = program_start(call->play, arguments, without_sync, err);
    if (arguments[0] != call->arguments[0]) {
        free(arguments[0]);
    }
    return good;
}

static bool do_run(struct call *call, struct error *err)
{
    return start_program(call, false, err);
}

static bool do_run_bare(struct call *call, struct error *err)
{
    return start_program(call, true, err);
}

static bool need_program(const struct play *play, struct error *err)
{
    return play->running ||
           error_set(err, ERROR_USAGE, "no program runs: `run` comes first");
}

static bool keys_of_call(struct call *call, struct text *bytes, struct error *err)
{
    return need_program(call->play, err) &&
           keys_bytes(call->words[0].bytes, &call->play->variables, bytes, err);
}

static bool do_keys(struct call *call, struct error *err)
{
    struct text bytes = {0};
    bool good = keys_of_call(call, &bytes, err);
    if (good) {
        program_mark_typing(call->play);
        good = program_type(call->play, text_string(&bytes), bytes.length, err);
    }
    text_release(&bytes);
    return good;
}

static bool all_is_read(struct play *play, const char *unused)
{
    (void)unused;
    return !child_has_unread(&play->child);
}

static bool do_keys_bytewise(struct call *call, struct error *err)
{
    struct text bytes = {0};
    bool good = keys_of_call(call, &bytes, err);
    program_mark_typing(call->play);
    for (size_t i = 0; good && i < bytes.length; i++) {
        good = program_type(call->play, bytes.data + i, 1, err) &&
               (play_wait(call->play, all_is_read, NULL) ||
                error_set(err, ERROR_FAILED, "the program does not read its keys"));
    }
    text_release(&bytes);
    return good;
}

static bool shows(struct play *play, const char *text)
{
    return play_shows(play, text);
}

static bool shows_not(struct play *play, const char *text)
{
    return !play_shows(play, text);
}

/* A wait that failed ends the play: what follows would wait in vain as well. */
static bool end_in_vain(struct play *play, const char *what, const char *text)
{
    struct text state = {0};
    play_describe_state(play, &state);
    play_point(play, false, "%s%s (%s)", what, text, text_string(&state));
    text_release(&state);
    play->over = true;
    return true;
}

static bool do_sync(struct call *call, struct error *err)
{
    struct play *play = call->play;
    return need_program(play, err) && (play_wait(play, program_is_settled, NULL) ||
                                       end_in_vain(play, "the program becomes idle", ""));
}

static bool do_wait_for(struct call *call, struct error *err)
{
    struct play *play = call->play;
    const char *text = call->arguments[0];
    return need_program(play, err) &&
           (play_wait(play, shows, text) ? play_point(play, true, "shows %s", text)
                                         : end_in_vain(play, "shows ", text));
}

static bool do_wait_gone(struct call *call, struct error *err)
{
    struct play *play = call->play;
    const char *text = call->arguments[0];
    return need_program(play, err) &&
           (play_wait(play, shows_not, text)
                ? play_point(play, true, "shows %s no more", text)
                : end_in_vain(play, "shows no more ", text));
}

static bool do_size(struct call *call, struct error *err)
{
    return read_size(call, err);
}

static bool do_resize(struct call *call, struct error *err)
{
    struct play *play = call->play;
    if (!need_program(play, err) || !read_size(call, err)) {
        return false;
    }
    program_resize(play, play->width, play->height);
    return true;
}

static const struct {
    const char *name;
    int number;
} signals[] = {{"HUP", SIGHUP},   {"TERM", SIGTERM},   {"KILL", SIGKILL},
               {"TSTP", SIGTSTP}, {"CONT", SIGCONT},   {"INT", SIGINT},
               {"QUIT", SIGQUIT}, {"WINCH", SIGWINCH}, {"PIPE", SIGPIPE},
               {"USR1", SIGUSR1}, {"ABRT", SIGABRT},   {"STOP", SIGSTOP}};

int play_signal_number(const char *name)
{
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        if (strcmp(signals[i].name, name) == 0) {
            return signals[i].number;
        }
    }
    return 0;
}

static bool do_signal(struct call *call, struct error *err)
{
    int number = play_signal_number(call->arguments[0]);
    if (number == 0) {
        return error_set(err, ERROR_USAGE, "there is no signal %s here",
                         call->arguments[0]);
    }
    if (!need_program(call->play, err)) {
        return false;
    }
    play_take_in(call->play, 0);
    program_mark_typing(call->play);
    return child_signal(&call->play->child, number) ||
           error_set(err, ERROR_FAILED, "the signal %s found no program",
                     call->arguments[0]);
}

static bool could_kill_children(struct play *play, const char *unused)
{
    (void)unused;
    return child_kill_children(&play->child) > 0;
}

static bool do_kill_children(struct call *call, struct error *err)
{
    struct play *play = call->play;
    return need_program(play, err) &&
           (play_wait(play, could_kill_children, NULL)
                ? play_point(play, true, "the program had children, now killed")
                : end_in_vain(play, "the program has children to kill", ""));
}

static bool do_hangup(struct call *call, struct error *err)
{
    if (!need_program(call->play, err)) {
        return false;
    }
    play_take_in(call->play, 0);
    child_hang_up(&call->play->child);
    return true;
}

/* The play's shell: same environment, same folder; its output is shown when it fails. */
static bool do_shell(struct call *call, struct error *err)
{
    struct play *play = call->play;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        for (size_t i = 0; i < play->variables.count; i++) {
            putenv(play->variables.items[i]);
        }
        for (size_t i = 0; i < play->environment.count; i++) {
            putenv(play->environment.items[i]);
        }
        dup2(STDERR_FILENO, STDOUT_FILENO);
        if (chdir(play->scratch) == 0) {
            execl("/bin/sh", "sh", "-c", call->rest, (char *)NULL);
        }
        _exit(127);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           error_set(err, ERROR_FAILED, "the shell command failed: %s", call->rest);
}

static bool do_mask(struct call *call, struct error *err)
{
    regex_t *mask = array_push(&call->play->masks);
    if (regcomp(mask, call->rest, REG_EXTENDED) != 0) {
        array_remove(&call->play->masks, call->play->masks.count - 1);
        return error_set(err, ERROR_USAGE, "%s is no regular expression", call->rest);
    }
    return true;
}

static bool do_allow(struct call *call, struct error *err)
{
    (void)err;
    *(char **)array_push(&call->play->allowed) = string_copy(call->arguments[0]);
    if (call->play->running) {
        escapes_allow(call->play->escapes, call->arguments[0]);
    }
    return true;
}

const struct play_command play_steps[] = {
    {"env", 1, 1, "NAME=VALUE | NAME", "set or unset a variable of the program", do_env},
    {"term", 1, 1, "NAME", "the terminal's name; xterm-256color unless set", do_term},
    {"size", 1, 2, "WIDTH HEIGHT", "the terminal's size before `run`; 80 24", do_size},
    {"needs", 1, 2, "shared | term NAME | program NAME", "else skip the rest", do_needs},
    {"run", 1, 63, "PROGRAM ARGUMENT...",
     "start it with --sync-fd; `mwb` is the program of $MWB", do_run},
    {"run-bare", 1, 63, "PROGRAM ARGUMENT...", "start it without --sync-fd", do_run_bare},
    {"keys", 1, 1, "\"TEXT<Enter>\"", "type; see keys.h for the names", do_keys},
    {"keys-bytewise", 1, 1, "\"TEXT\"", "type, each byte once the last was read",
     do_keys_bytewise},
    {"sync", 0, 0, "", "wait until the program is idle", do_sync},
    {"wait-for", 1, 1, "\"TEXT\"", "wait until the screen shows it (a point)",
     do_wait_for},
    {"wait-gone", 1, 1, "\"TEXT\"", "wait until the screen shows it no more (a point)",
     do_wait_gone},
    {"resize", 1, 2, "WIDTH HEIGHT", "give the terminal another size", do_resize},
    {"storm", 1, 2, "COUNT [SEED]", "resize it so often, then back to its size",
     do_storm},
    {"monkey", 1, 2, "COUNT [SEED]",
     "type so many random keys, pastes and sizes; started again when it quits (a point)",
     do_monkey},
    {"signal", 1, 1, "HUP|TERM|KILL|TSTP|CONT|INT|QUIT|WINCH|PIPE|USR1|ABRT|STOP",
     "send it to the program", do_signal},
    {"kill-children", 0, 0, "",
     "SIGKILL to the program's children, when it has any (a point)", do_kill_children},
    {"hangup", 0, 0, "", "the line is lost: close the terminal", do_hangup},
    {"allow", 1, 1, "\"OSC 52\"", "a sequence this play permits the program", do_allow},
    {"shell", 1, 63, "COMMAND", "run it with /bin/sh in $TMP; it must succeed", do_shell},
    {"mask", 1, 63, "REGEX", "show what matches as ~ on golden screens from here on",
     do_mask},
    {0},
};
