/* secret: the person's command that prints a password: without a shell, a terminal, our
 * environment, or patience.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/secret/private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/program.h"

/* What stores of passwords need to find their keys and agents. */
static const char *const passed[] = {
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "XDG_RUNTIME_DIR",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "GNUPGHOME",
    "SSH_AUTH_SOCK",
    "DBUS_SESSION_BUS_ADDRESS",
    "PASSWORD_STORE_DIR",
};

/* ---- Running ---- */

static void push(struct array *words, char *word)
{
    *(char **)array_push(words) = word;
}

static struct array make_environment(void)
{
    struct array list = ARRAY_OF(char *);
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
        const char *value = getenv(passed[i]);
        if (value != NULL) {
            push(&list, string_printf("%s=%s", passed[i], value));
        }
    }
    push(&list, NULL);
    return list;
}

/* A session of its own: no terminal that it could ask, one group to kill. */
static int spawn(const char *program, char *const *arguments, int output, pid_t *pid)
{
    struct array variables = make_environment();
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSID);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int number =
        posix_spawn(pid, program, &actions, &attributes, arguments, variables.items);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    program_words_release(&variables);
    return number;
}

/* Read to the end; more than *length bytes are not wanted. False: too late. */
static bool read_all(int fd, double seconds, char *bytes, size_t *length)
{
    double until = path_monotonic() + seconds;
    size_t most = *length;
    *length = 0;
    for (;;) {
        double left = until - path_monotonic();
        struct pollfd file = {.fd = fd, .events = POLLIN};
        int got = left > 0 ? poll(&file, 1, (int)(left * 1000) + 1) : 0;
        if (got == 0) {
            return false;
        }
        ssize_t n = got > 0 ? read(fd, bytes + *length, most - *length) : -1;
        if (n > 0) {
            *length += (size_t)n;
        }
        if (n == 0 || *length == most || (n < 0 && errno != EINTR)) {
            return true;
        }
    }
}

/* Its status; -1: a signal ended it. */
static int wait_for(pid_t pid, bool kill_it)
{
    int status;
    if (kill_it) {
        kill(-pid, SIGKILL);
    }
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct run {
    pid_t pid;
    int output;
    double seconds;
};

static bool take_first(const struct run *run, char **first, struct error *err)
{
    char bytes[SECRET_VALUE_MOST + 1] = "";
    size_t length = sizeof bytes - 1;
    bool in_time = read_all(run->output, run->seconds, bytes, &length);
    bool is_whole = length < sizeof bytes - 1;
    int status = wait_for(run->pid, !in_time || !is_whole);
    size_t end = strcspn(bytes, "\r\n");
    bool good = in_time && is_whole && status == 0 && end > 0;
    if (good) {
        *first = string_copy_bytes(bytes, end);
    } else if (!in_time) {
        error_set(err, ERROR_TIMEOUT, "it took longer than %.0f seconds", run->seconds);
    } else if (!is_whole) {
        error_set(err, ERROR_FAILED, "it printed more than a password");
    } else if (status != 0) {
        error_set(err, ERROR_FAILED, "it ended with status %d; run it by hand to see why",
                  status);
    } else {
        error_set(err, ERROR_FAILED, "it printed nothing");
    }
    secret_wipe(bytes, sizeof bytes);
    return good;
}

static bool run_words(struct array *words, double seconds, char **first,
                      struct error *err)
{
    int ends[2];
    struct run run = {.seconds = seconds};
    const char *name = *(char **)array_at(words, 0);
    char *program = program_find(name);
    if (program == NULL) {
        return error_set(err, ERROR_FAILED,
                         "there is no program %s in the folders of PATH", name);
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        int number = errno;
        free(program);
        return error_set(err, ERROR_FAILED, "%s", error_of_errno(number));
    }
    push(words, NULL);
    run.output = ends[0];
    int number = spawn(program, words->items, ends[1], &run.pid);
    close(ends[1]);
    bool good = number == 0 ? take_first(&run, first, err)
                            : error_set(err, ERROR_FAILED, "%s does not start: %s",
                                        program, error_of_errno(number));
    close(ends[0]);
    free(program);
    return good;
}

bool secret_run(const char *line, double seconds, char **first, struct error *err)
{
    struct array words = ARRAY_OF(char *);
    /* What a command says may be the secret itself: no sentence quotes it. */
    bool good = (program_split(line, &words, NULL) ||
                 error_set(err, ERROR_FAILED,
                           "the command is empty, or has a quotation mark that is not "
                           "closed")) &&
                run_words(&words, seconds, first, err);
    program_words_release(&words);
    return good;
}
