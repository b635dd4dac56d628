/* git: a process that stays, is asked and answers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git/private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 65536, MOST_LINE = 8192 };

struct git_pipe {
    struct git_process process;
    double patience;
    char *repository;
    size_t at, end; /* of what was read and not taken */
    char buffer[BUFFER];
};

struct git_pipe *git_pipe_open(const struct git_spec *spec, struct error *err)
{
    struct git_pipe *pipe = memory_new(sizeof *pipe);
    if (!git_start(spec, true, &pipe->process, err)) {
        free(pipe);
        return NULL;
    }
    /* Nobody reads its complaints while it works: it must not wait for us. */
    close(pipe->process.errors);
    pipe->process.errors = -1;
    pipe->patience = git_patience(spec);
    pipe->repository = string_copy(spec->repository);
    return pipe;
}

void git_pipe_close(struct git_pipe *pipe)
{
    if (pipe != NULL) {
        git_wait(&pipe->process, true);
        free(pipe->repository);
        free(pipe);
    }
}

static bool say_gone(struct git_pipe *pipe, const char *why, struct error *err)
{
    return error_set(err, ERROR_FAILED, "could not read the repository %s: git %s",
                     pipe->repository, why);
}

bool git_pipe_write(struct git_pipe *pipe, const void *bytes, size_t length,
                    struct error *err)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t n = send(pipe->process.input, from, length, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return say_gone(pipe, "has ended early", err);
        }
        from += n;
        length -= (size_t)n;
    }
    return true;
}

static bool fill(struct git_pipe *pipe, struct error *err)
{
    for (;;) {
        if (!git_wait_readable(pipe->process.output, -1, pipe->patience)) {
            return say_gone(pipe, "does not answer", err);
        }
        ssize_t n = read(pipe->process.output, pipe->buffer, sizeof pipe->buffer);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        pipe->at = 0;
        pipe->end = n > 0 ? (size_t)n : 0;
        return n > 0 || say_gone(pipe, "has ended early", err);
    }
}

bool git_pipe_read(struct git_pipe *pipe, char *to, size_t length, struct error *err)
{
    while (length > 0) {
        if (pipe->at == pipe->end && !fill(pipe, err)) {
            return false;
        }
        size_t here = pipe->end - pipe->at;
        size_t part = here < length ? here : length;
        memcpy(to, pipe->buffer + pipe->at, part);
        pipe->at += part;
        to += part;
        length -= part;
    }
    return true;
}

bool git_pipe_line(struct git_pipe *pipe, struct text *line, struct error *err)
{
    char c = '\0';
    text_clear(line);
    while (git_pipe_read(pipe, &c, 1, err)) {
        if (c == '\n') {
            return true;
        }
        if (line->length >= MOST_LINE) {
            return say_gone(pipe, "answers in lines that have no end", err);
        }
        text_append_char(line, c);
    }
    return false;
}
