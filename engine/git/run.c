/* git: runs a command to its end, and says in words why it failed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git/private.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"

enum { MOST_OUTPUT = 64 * 1024 * 1024, MOST_ERRORS = 4096, STEP = 65536 };
static const double look_around = 0.2; /* seconds */

/* 1 more came, 0 the end, -1 an error. */
static int take(int fd, struct text *out, size_t step)
{
    ssize_t n = read(fd, text_reserve(out, step), step);
    if (n < 0) {
        return errno == EINTR ? 1 : -1;
    }
    text_grow(out, (size_t)n);
    return n > 0;
}

enum ending { ENDED, TOO_MUCH, TOO_LONG, TOO_LARGE, CANCELLED };

static bool has_grown(const struct git_spec *spec)
{
    long long bytes = 0;
    DIR *folder = spec->growing != NULL ? opendir(spec->growing) : NULL;
    if (folder == NULL) {
        return false;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct stat info;
        if (fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
            bytes += S_ISREG(info.st_mode) ? (long long)info.st_size : 0;
        }
    }
    closedir(folder);
    return bytes > spec->growing_most;
}

/* Until one of the files can be read, with a look around now and then. */
static enum ending wait_for(const int files[2], const struct git_spec *spec)
{
    double until = path_monotonic() + git_patience(spec);
    for (double left; (left = until - path_monotonic()) > 0;) {
        if (git_wait_readable(files[0], files[1],
                              left < look_around ? left : look_around)) {
            return ENDED;
        }
        if (spec->port != NULL && job_cancelled(spec->port)) {
            return CANCELLED;
        }
        if (has_grown(spec)) {
            return TOO_LARGE;
        }
    }
    return TOO_LONG;
}

static enum ending read_both(struct git_process *process, const struct git_spec *spec,
                             struct text *out, struct text *errors)
{
    size_t most = spec->most > 0 ? spec->most : MOST_OUTPUT;
    size_t before = out->length;
    int files[] = {process->output, process->errors};
    while (files[0] >= 0 || files[1] >= 0) {
        enum ending ending = wait_for(files, spec);
        if (ending != ENDED) {
            return ending;
        }
        for (int i = 0; i < 2; i++) {
            struct text *to = i == 0 ? out : errors;
            if (files[i] >= 0 && git_wait_readable(files[i], -1, 0) &&
                take(files[i], to, i == 0 ? STEP : MOST_ERRORS) <= 0) {
                files[i] = -1;
            }
        }
        if (out->length - before > most || errors->length > STEP) {
            return TOO_MUCH;
        }
    }
    return ENDED;
}

/* The command, behind the settings before it. */
static const char *name_of(const struct git_spec *spec)
{
    bool is_value = false;
    for (const char *const *word = spec->arguments; *word != NULL; word++) {
        bool is_setting = !is_value && strcmp(*word, "-c") == 0;
        if (!is_setting && !is_value) {
            return *word;
        }
        is_value = is_setting;
    }
    return "";
}

/* git's complaint: its first line without "fatal:", in one piece. */
static bool say_failed(const struct git_spec *spec, const struct text *errors,
                       struct error *err)
{
    const char *text = text_string(errors);
    if (strstr(text, "dubious ownership") != NULL) {
        return error_set(err, ERROR_FAILED,
                         "git does not read %s: it belongs to another user; if you trust "
                         "them: git config --global --add safe.directory FOLDER",
                         spec->repository);
    }
    if (strstr(text, "not a git repository") != NULL) {
        return error_set(err, ERROR_FAILED, "%s is no git repository, nor in one",
                         spec->repository);
    }
    const char *fatal = strstr(text, "fatal: ");
    text = fatal != NULL ? fatal + strlen("fatal: ") : text;
    return error_set(err, ERROR_FAILED, "git %s in %s failed: %.*s", name_of(spec),
                     spec->repository, (int)strcspn(text, "\n"),
                     text[0] != '\0' ? text : "it gave no reason");
}

static void say_ending(enum ending ending, const struct git_spec *spec, struct error *err)
{
    char most[32];
    const char *name = name_of(spec);
    switch (ending) {
    case ENDED:
        break;
    case TOO_MUCH:
        error_set(err, ERROR_FAILED,
                  "git %s in %s was stopped: it said more than is read", name,
                  spec->repository);
        break;
    case TOO_LONG:
        error_set(err, ERROR_TIMEOUT,
                  "git %s in %s was stopped: nothing came for %.0f seconds", name,
                  spec->repository, git_patience(spec));
        break;
    case TOO_LARGE:
        error_set(err, ERROR_FAILED, "git %s was stopped: more than %s came", name,
                  string_of_bytes(spec->growing_most, most, sizeof most));
        break;
    case CANCELLED:
        error_set(err, ERROR_CANCELLED, "git %s was cancelled", name);
        break;
    }
}

bool git_run(const struct git_spec *spec, struct text *out, struct error *err)
{
    struct git_process process;
    struct text errors = {0};
    if (!git_start(spec, false, &process, err)) {
        return false;
    }
    enum ending ending = read_both(&process, spec, out, &errors);
    int status = git_wait(&process, ending != ENDED);
    ending = ending == ENDED && has_grown(spec) ? TOO_LARGE : ending;
    bool done = ending == ENDED && status == 0;
    say_ending(ending, spec, err);
    if (ending == ENDED && !done) {
        say_failed(spec, &errors, err);
    }
    text_release(&errors);
    return done;
}

/* ---- Commits ---- */

bool git_is_id(const char *text, size_t length)
{
    if (length != 40 && length != 64) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)text[i]) && (text[i] < 'a' || text[i] > 'f')) {
            return false;
        }
    }
    return true;
}

static bool take_commit(const char *line, struct git_commit *commit)
{
    size_t length = strcspn(line, " ");
    if (!git_is_id(line, length)) {
        return false;
    }
    memcpy(commit->id, line, length);
    commit->id[length] = '\0';
    commit->time = strtoll(line + length, NULL, 10);
    return true;
}

bool git_commit_in(const struct git_spec *base, const char *ref,
                   struct git_commit *commit, struct error *err)
{
    const char *const arguments[] = {
        "log", "-1", "--no-show-signature", "--format=%H %ct", "--end-of-options", ref,
        "--",  NULL};
    struct text out = {0};
    const char *repository = base->repository;
    struct git_spec spec = *base;
    spec.arguments = arguments;
    bool done = git_run(&spec, &out, err);
    if (done && !take_commit(text_string(&out), commit)) {
        done = error_set(err, ERROR_FAILED, "%s has no commit %s", repository, ref);
    } else if (!done && err != NULL && strstr(err->message, "bad revision") != NULL) {
        error_set(err, ERROR_FAILED,
                  "there is no branch, tag or commit %s in the repository %s", ref,
                  repository);
    }
    text_release(&out);
    return done;
}

bool git_commit_of(const char *repository, const char *ref, struct git_commit *commit,
                   struct error *err)
{
    return git_commit_in(&(struct git_spec){.repository = repository}, ref, commit, err);
}

char *git_prefix(const char *repository, struct error *err)
{
    static const char *const arguments[] = {"rev-parse", "--show-prefix", NULL};
    struct text out = {0};
    struct git_spec spec = {.repository = repository, .arguments = arguments};
    if (!git_run(&spec, &out, err)) {
        text_release(&out);
        return NULL;
    }
    if (out.length > 0 && out.data[out.length - 1] == '\n') {
        text_truncate(&out, out.length - 1);
    }
    return text_take(&out);
}
