/* git: starts the command with arguments, environment and files of our making.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git/private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/array.h"
#include "engine/path.h"

/* ---- What git is told ---- */

/* Each names a program or a place that a repository could choose, or makes output depend
 * on somebody's taste. */
static const char *const settings[] = {
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.askPass=/bin/false",
    "core.alternateRefsCommand=/bin/false",
    "core.sshCommand=/bin/false",
    "core.quotePath=false",
    "protocol.allow=never",
    "log.showSignature=false",
    "diff.external=",
};

static const char *const environment[] = {
    "LC_ALL=C",
    "HOME=/nonexistent",
    "XDG_CONFIG_HOME=/nonexistent",
    "GIT_CONFIG_GLOBAL=/dev/null",
    "GIT_CONFIG_SYSTEM=/dev/null",
    "GIT_CONFIG_NOSYSTEM=1",
    "GIT_ATTR_NOSYSTEM=1",
    "GIT_TERMINAL_PROMPT=0",
    "GIT_NO_LAZY_FETCH=1",
    "GIT_NO_REPLACE_OBJECTS=1",
    "GIT_OPTIONAL_LOCKS=0",
    "GIT_LITERAL_PATHSPECS=1",
    "GIT_PAGER=cat",
};

/* A relative folder of PATH, or an empty one, would be the folder somebody is in. */
static char *find_git(struct error *err)
{
    const char *path = getenv("PATH");
    path = path != NULL && path[0] != '\0' ? path : "/usr/local/bin:/usr/bin:/bin";
    while (*path != '\0') {
        size_t length = strcspn(path, ":");
        if (path[0] == '/') {
            char *program = string_printf("%.*s/git", (int)length, path);
            if (!path_is_folder(program) && access(program, X_OK) == 0) {
                return program;
            }
            free(program);
        }
        path += length + (path[length] == ':');
    }
    error_set(err, ERROR_FAILED,
              "git is not installed, and this needs it; on Debian: apt-get install git");
    return NULL;
}

static void push_text(struct array *list, const char *format, const char *value)
{
    char *text =
        value != NULL ? string_printf("%s%s", format, value) : string_copy(format);
    *(char **)array_push(list) = text;
}

static void texts_release(struct array *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        free(*(char **)array_at(texts, i));
    }
    array_release(texts);
}

/* What is read instead of the repository's own, and what may be spoken. */
static void push_variables(struct array *list, const struct git_spec *spec)
{
    push_text(list, "GIT_ALLOW_PROTOCOL=", spec->scheme != NULL ? spec->scheme : "none");
    if (spec->is_own) {
        push_text(list, "GIT_DIR=", spec->repository);
    }
    if (spec->objects != NULL) {
        push_text(list, "GIT_OBJECT_DIRECTORY=", spec->objects);
    }
    for (size_t i = 0; spec->variables != NULL && spec->variables[i] != NULL; i++) {
        push_text(list, spec->variables[i], NULL);
    }
}

/* `spec` NULL: that of the person. */
static struct array make_environment(const struct git_spec *spec)
{
    bool is_own = spec == NULL;
    static const char *const kept[] = {"PATH", "HOME", "XDG_CONFIG_HOME"};
    struct array list = ARRAY_OF(char *);
    for (size_t i = 0; i < (is_own ? sizeof kept / sizeof *kept : 1); i++) {
        char *name = string_printf("%s=", kept[i]);
        if (getenv(kept[i]) != NULL) {
            push_text(&list, name, getenv(kept[i]));
        }
        free(name);
    }
    for (size_t i = 0; !is_own && i < sizeof environment / sizeof *environment; i++) {
        push_text(&list, environment[i], NULL);
    }
    if (spec != NULL) {
        push_variables(&list, spec);
    }
    *(char **)array_push(&list) = NULL;
    return list;
}

/* ---- Repositories of others ---- */

static bool start_process(const struct array *arguments, const struct array *variables,
                          bool has_input, struct git_process *process, struct error *err);

/* What the person's own configuration, or the system's, says of safe.directory. */
static void push_safe_folders(struct array *arguments, const char *scope)
{
    enum { MOST = 65536 };
    const char *const words[] = {"git", "config",    scope,
                                 "-z",  "--get-all", "safe.directory"};
    struct array asked = ARRAY_OF(char *);
    struct git_process process;
    struct array variables = make_environment(NULL);
    struct text out = {0};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        push_text(&asked, words[i], NULL);
    }
    process.is_group = false;
    if (start_process(&asked, &variables, false, &process, NULL)) {
        while (out.length < MOST && git_wait_readable(process.output, -1, 10)) {
            ssize_t n = read(process.output, text_reserve(&out, 4096), 4096);
            if (n <= 0) {
                break;
            }
            text_grow(&out, (size_t)n);
        }
        git_wait(&process, true);
    }
    const char *text = text_string(&out);
    for (size_t at = 0; at < out.length; at += strlen(text + at) + 1) {
        push_text(arguments, "-c", NULL);
        push_text(arguments, "safe.directory=", text + at);
    }
    text_release(&out);
    texts_release(&variables);
    texts_release(&asked);
}

static bool belongs_to_other(const char *folder)
{
    struct stat info;
    return stat(folder, &info) == 0 && info.st_uid != geteuid();
}

static struct array make_arguments(const struct git_spec *spec)
{
    struct array list = ARRAY_OF(char *);
    push_text(&list, "git", NULL);
    push_text(&list, "--no-pager", NULL);
    push_text(&list, "-C", NULL);
    push_text(&list, spec->repository, NULL);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        push_text(&list, "-c", NULL);
        push_text(&list, settings[i], NULL);
    }
    if (spec->scheme != NULL) {
        char *allow = string_printf("protocol.%s.allow=always", spec->scheme);
        push_text(&list, "-c", NULL);
        push_text(&list, allow, NULL);
        free(allow);
    }
    if (!spec->is_own && belongs_to_other(spec->repository)) {
        push_safe_folders(&list, "--global");
        push_safe_folders(&list, "--system");
    }
    for (size_t i = 0; spec->arguments[i] != NULL; i++) {
        push_text(&list, spec->arguments[i], NULL);
    }
    return list;
}

/* ---- Starting ---- */

struct ends {
    int ours[3], theirs[3]; /* standard input, output, error */
    bool is_group;          /* it starts others, which end with it */
};

static void close_end(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

static bool make_ends(struct ends *ends, bool has_input)
{
    *ends = (struct ends){.ours = {-1, -1, -1}, .theirs = {-1, -1, -1}};
    int pair[2];
    if (has_input) { /* a socket, because writing to it need not raise SIGPIPE */
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
            return false;
        }
        ends->ours[0] = pair[0];
        ends->theirs[0] = pair[1];
    } else {
        ends->theirs[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    for (int i = 1; i < 3; i++) {
        if (pipe2(pair, O_CLOEXEC) != 0) {
            return false;
        }
        ends->ours[i] = pair[0];
        ends->theirs[i] = pair[1];
    }
    return ends->theirs[0] >= 0;
}

static int spawn(const char *program, char *const *arguments, char *const *variables,
                 const struct ends *ends, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGINT);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    posix_spawnattr_setflags(&attributes,
                             flags | (ends->is_group ? POSIX_SPAWN_SETPGROUP : 0));
    for (int i = 0; i < 3; i++) {
        posix_spawn_file_actions_adddup2(&actions, ends->theirs[i], i);
    }
    int number = posix_spawn(pid, program, &actions, &attributes, arguments, variables);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return number;
}

static bool start_process(const struct array *arguments, const struct array *variables,
                          bool has_input, struct git_process *process, struct error *err)
{
    struct array words = ARRAY_OF(char *);
    struct ends ends;
    char *program = find_git(err);
    if (program == NULL) {
        return false;
    }
    for (size_t i = 0; i < arguments->count; i++) {
        *(char **)array_push(&words) = *(char **)array_at(arguments, i);
    }
    *(char **)array_push(&words) = NULL;
    bool made = make_ends(&ends, has_input);
    ends.is_group = process->is_group;
    int number = made
                     ? spawn(program, words.items, variables->items, &ends, &process->pid)
                     : errno;
    for (int i = 0; i < 3; i++) {
        close_end(&ends.theirs[i]);
        if (number != 0) {
            close_end(&ends.ours[i]);
        }
    }
    process->input = ends.ours[0];
    process->output = ends.ours[1];
    process->errors = ends.ours[2];
    if (number != 0) {
        error_set(err, ERROR_FAILED, "could not start %s: %s", program,
                  error_of_errno(number));
    }
    free(program);
    array_release(&words);
    return number == 0;
}

/* git keeps the list of refs in memory, however long a server makes it. Its children
 * inherit the limit: it takes them longer to start than this. */
static void limit_memory(pid_t pid)
{
    static const struct rlimit most = {1UL << 30, 1UL << 30};
    prlimit(pid, RLIMIT_DATA, &most, NULL);
}

bool git_start(const struct git_spec *spec, bool has_input, struct git_process *process,
               struct error *err)
{
    struct array arguments = make_arguments(spec);
    struct array variables = make_environment(spec);
    process->is_group = spec->scheme != NULL;
    bool done = start_process(&arguments, &variables, has_input, process, err);
    if (done && spec->scheme != NULL) {
        limit_memory(process->pid);
    }
    texts_release(&variables);
    texts_release(&arguments);
    return done;
}

/* ---- Waiting ---- */

double git_patience(const struct git_spec *spec)
{
    return spec->seconds > 0 ? spec->seconds : 60;
}

bool git_wait_readable(int first, int second, double seconds)
{
    struct pollfd files[] = {{.fd = first, .events = POLLIN},
                             {.fd = second, .events = POLLIN}};
    double until = path_monotonic() + seconds;
    for (;;) {
        double left = until - path_monotonic();
        int got = poll(files, 2, left > 0 ? (int)(left * 1000) + 1 : 0);
        if (got > 0) {
            return true;
        }
        if (got == 0 || errno != EINTR) {
            return false;
        }
    }
}

int git_wait(struct git_process *process, bool kill_it)
{
    int status;
    close_end(&process->input);
    close_end(&process->output);
    close_end(&process->errors);
    if (kill_it) {
        kill(process->is_group ? -process->pid : process->pid, SIGKILL);
    }
    while (waitpid(process->pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
