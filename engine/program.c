/* program: words of a command line, and a process with what it may have.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

/* ---- Words ---- */

void program_words_release(struct array *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(*(char **)array_at(words, i));
    }
    array_release(words);
}

/* One word; what comes back stands behind it. NULL: a quote is open at the end. */
static const char *take_word(const char *at, struct text *word)
{
    char open = '\0';
    text_append(word, "");
    for (; *at != '\0' && (open != '\0' || (*at != ' ' && *at != '\t')); at++) {
        if (open == '\0' && (*at == '"' || *at == '\'')) {
            open = *at;
        } else if (*at == open) {
            open = '\0';
        } else {
            at += *at == '\\' && open != '\'' && at[1] != '\0';
            text_append_char(word, *at);
        }
    }
    return open == '\0' ? at : NULL;
}

bool program_split(const char *line, struct array *words, struct error *err)
{
    for (const char *at = line; *(at += strspn(at, " \t")) != '\0';) {
        struct text word = {0};
        at = take_word(at, &word);
        *(char **)array_push(words) = text_take(&word);
        if (at == NULL) {
            return error_set(err, ERROR_USAGE,
                             "the command %s has a quote that is not closed", line);
        }
    }
    return words->count > 0 || error_set(err, ERROR_USAGE, "the command is empty");
}

/* ---- Settings ---- */

/* Where a part ends: at a semicolon outside of quotes. */
static const char *part_end(const char *at)
{
    char open = '\0';
    for (; *at != '\0' && (open != '\0' || *at != ';'); at++) {
        if (*at == '\\' && open != '\'' && at[1] != '\0') {
            at++;
        } else if (open == '\0' && (*at == '"' || *at == '\'')) {
            open = *at;
        } else if (*at == open) {
            open = '\0';
        }
    }
    return at;
}

char *program_choose(const char *setting, const char *option, const char *name,
                     struct error *err)
{
    char *command = NULL;
    for (const char *at = setting; *(at += strspn(at, " \t;")) != '\0';) {
        size_t length = strcspn(at, ": \t;\"'");
        const char *colon = at + length + strspn(at + length, " \t");
        if (length == 0 || *colon != ':') {
            free(command);
            error_set(err, ERROR_USAGE,
                      "the setting %s cannot be read at \"%.60s\": it is NAME: COMMAND; "
                      "NAME: COMMAND",
                      option, at);
            return NULL;
        }
        char *word = string_copy_bytes(at, length);
        at = part_end(colon + 1);
        if (command == NULL && string_equal_fold(word, name)) {
            command = string_copy_bytes(colon + 1, (size_t)(at - colon - 1));
        }
        free(word);
    }
    return command;
}

/* ---- Starting ---- */

/* A relative folder of PATH would be the folder somebody is in. */
char *program_find(const char *name)
{
    const char *path = getenv("PATH");
    path = path != NULL && path[0] != '\0' ? path : "/usr/local/bin:/usr/bin:/bin";
    if (name[0] == '/') {
        return string_copy(name);
    }
    while (strchr(name, '/') == NULL && *path != '\0') {
        size_t length = strcspn(path, ":");
        char *program = string_printf("%.*s/%s", (int)length, path, name);
        if (path[0] == '/' && !path_is_folder(program) && access(program, X_OK) == 0) {
            return program;
        }
        free(program);
        path += length + (path[length] == ':');
    }
    return NULL;
}

static struct array make_environment(void)
{
    static const char *const kept[] = {
        "PATH",           "HOME",         "USER", "TMPDIR", "TZ", "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME", "XDG_DATA_HOME"};
    struct array list = ARRAY_OF(char *);
    *(char **)array_push(&list) = string_copy("LC_ALL=C.UTF-8");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const char *value = getenv(kept[i]);
        if (value != NULL) {
            *(char **)array_push(&list) = string_printf("%s=%s", kept[i], value);
        }
    }
    *(char **)array_push(&list) = NULL;
    return list;
}

/* No more memory than this host has, no core. The child has run for a moment without
 * them: posix_spawn(3) cannot set limits, and forking a process with threads is worse. */
static void set_limits(pid_t pid, double seconds)
{
    const struct rlimit none = {0, 0};
    rlim_t memory = (rlim_t)sysconf(_SC_PHYS_PAGES) * (rlim_t)sysconf(_SC_PAGESIZE);
    const struct rlimit space = {memory, memory};
    const struct rlimit time = {(rlim_t)seconds + 1, (rlim_t)seconds + 2};
    prlimit(pid, RLIMIT_CORE, &none, NULL);
    prlimit(pid, RLIMIT_AS, &space, NULL);
    if (seconds > 0) {
        prlimit(pid, RLIMIT_CPU, &time, NULL);
    }
}

static int spawn(const char *path, const struct program_spec *spec, const int theirs[3],
                 pid_t *pid)
{
    struct array variables = make_environment(), words = ARRAY_OF(char *);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    for (size_t i = 0; i < spec->words->count; i++) {
        *(char **)array_push(&words) = *(char **)array_at(spec->words, i);
    }
    *(char **)array_push(&words) = NULL;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    for (int i = 0; i < 3; i++) {
        posix_spawn_file_actions_adddup2(&actions, theirs[i], i);
    }
    if (spec->extra >= 0) {
        posix_spawn_file_actions_adddup2(&actions, spec->extra, 3);
    }
    int number =
        posix_spawn(pid, path, &actions, &attributes, words.items, variables.items);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    array_release(&words);
    program_words_release(&variables);
    return number;
}

static void close_all(int fds[3])
{
    for (int i = 0; i < 3; i++) {
        if (fds[i] >= 0) {
            close(fds[i]);
        }
    }
}

bool program_start(const struct program_spec *spec, struct program *program,
                   struct error *err)
{
    int ours[3] = {-1, -1, -1}, theirs[3] = {-1, -1, -1}, pair[2], number = 0;
    const char *name = *(char **)array_at(spec->words, 0);
    char *path = program_find(name);
    if (path == NULL) {
        return error_set(err, ERROR_FAILED,
                         "there is no program %s in the folders of PATH; install it, or "
                         "name it by its absolute path",
                         name);
    }
    theirs[0] = spec->input >= 0 ? fcntl(spec->input, F_DUPFD_CLOEXEC, 4)
                                 : open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (int i = 1; i < 3 && number == 0; i++) {
        number = pipe2(pair, O_CLOEXEC) == 0 ? 0 : errno;
        ours[i] = number == 0 ? pair[0] : -1;
        theirs[i] = number == 0 ? pair[1] : -1;
        number = number == 0 && fcntl(ours[i], F_SETFL, O_NONBLOCK) != 0 ? errno : number;
    }
    number = number == 0 && theirs[0] < 0 ? EMFILE : number;
    number = number == 0 ? spawn(path, spec, theirs, &program->pid) : number;
    close_all(theirs);
    if (number != 0) {
        close_all(ours);
        error_set(err, ERROR_FAILED, "could not start %s: %s", path,
                  error_of_errno(number));
    } else {
        set_limits(program->pid, spec->seconds);
        program->output = ours[1];
        program->errors = ours[2];
    }
    free(path);
    return number == 0;
}

bool program_runs(const struct program *program)
{
    siginfo_t ended = {0};
    int got = waitid(P_PID, (id_t)program->pid, &ended, WEXITED | WNOHANG | WNOWAIT);
    return got == 0 && ended.si_pid == 0;
}

int program_end(struct program *program, bool kill_it, char how[64])
{
    int status = 0;
    close(program->output);
    close(program->errors);
    if (kill_it) {
        kill(-program->pid, SIGKILL);
    }
    while (waitpid(program->pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!kill_it) {
        kill(-program->pid, SIGKILL); /* what it left behind */
    }
    if (WIFSIGNALED(status)) {
        snprintf(how, 64, "was ended by signal %d", WTERMSIG(status));
        return -1;
    }
    snprintf(how, 64, "ended with status %d", WEXITSTATUS(status));
    return WEXITSTATUS(status);
}
