/* export/through: an export into the standard input of a command of the person's own.
 *
 * What the command prints is read while rows are written, or both would wait for the
 * other once the pipes are full. A command that stops reading (head) ends the export
 * without a complaint, as in a shell.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"
#include "engine/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { PRINTED_MOST = 1 << 20, COMPLAINT_MOST = 400, WAIT_MILLISECONDS = 100 };

struct passage {
    struct program program;
    struct job_port *port;
    int input; /* our end of its standard input; -1: closed */
    bool reads_no_more;
    struct text *printed;
    struct text complaint;
};

/* What is there, up to a limit; the rest is read and dropped. False at its end. */
static bool drain(int fd, struct text *into, size_t most)
{
    char bytes[4096];
    for (;;) {
        ssize_t got = read(fd, bytes, sizeof bytes);
        if (got <= 0) {
            return got < 0 && (errno == EAGAIN || errno == EINTR);
        }
        size_t room = into->length < most ? most - into->length : 0;
        text_append_bytes(into, bytes, (size_t)got < room ? (size_t)got : room);
    }
}

/* Wait until it reads, prints, or some time has passed. */
static bool attend(struct passage *passage, bool *can_write)
{
    struct pollfd fds[3] = {{passage->program.output, POLLIN, 0},
                            {passage->program.errors, POLLIN, 0},
                            {passage->input, POLLOUT, 0}};
    poll(fds, passage->input >= 0 ? 3 : 2, WAIT_MILLISECONDS);
    bool prints = drain(passage->program.output, passage->printed, PRINTED_MOST);
    bool complains = drain(passage->program.errors, &passage->complaint, COMPLAINT_MOST);
    *can_write = passage->input >= 0 && fds[2].revents != 0;
    return prints || complains;
}

static bool write_some(void *to, const char *bytes, size_t length, struct error *err)
{
    struct passage *passage = to;
    bool can_write;
    while (length > 0 && !passage->reads_no_more) {
        attend(passage, &can_write);
        if (job_cancelled(passage->port)) {
            return error_set(err, ERROR_CANCELLED, "the export was cancelled");
        }
        ssize_t put = can_write ? write(passage->input, bytes, length) : 0;
        if (put < 0 && errno == EPIPE) {
            passage->reads_no_more = true;
            return error_set(err, ERROR_CANCELLED, "the command reads no more");
        }
        if (put < 0 && errno != EAGAIN && errno != EINTR) {
            return error_set(err, ERROR_FAILED, "could not write to the command: %s",
                             error_of_errno(errno));
        }
        bytes += put > 0 ? put : 0;
        length -= put > 0 ? (size_t)put : 0;
    }
    return true;
}

/* Nothing more comes: it may take its time to end, unless it is given up. */
static bool wait_for_end(struct passage *passage)
{
    bool can_write;
    close(passage->input);
    passage->input = -1;
    while (attend(passage, &can_write) || program_runs(&passage->program)) {
        if (job_cancelled(passage->port)) {
            return false;
        }
    }
    return true;
}

static bool start(struct passage *passage, const char *command, struct error *err)
{
    int ends[2];
    struct array words = ARRAY_OF(char *);
    if (!program_split(command, &words, err)) {
        return false;
    }
    bool started =
        pipe2(ends, O_CLOEXEC) == 0 ||
        error_set(err, ERROR_FAILED, "could not make a pipe: %s", error_of_errno(errno));
    if (started) {
        struct program_spec spec = {.words = &words, .input = ends[0], .extra = -1};
        started = program_start(&spec, &passage->program, err);
        close(ends[0]);
        passage->input = ends[1];
        fcntl(passage->input, F_SETFL, O_NONBLOCK);
    }
    if (!started && passage->input >= 0) {
        close(passage->input);
    }
    program_words_release(&words);
    return started;
}

/* A program that ended with a status says why on its standard error. */
static bool conclude(struct passage *passage, const char *command, bool written,
                     struct error *err)
{
    char how[64];
    bool waited = (written || passage->reads_no_more) && wait_for_end(passage);
    if (passage->input >= 0) {
        close(passage->input);
    }
    int status = program_end(&passage->program, !waited, how);
    if (!waited) {
        return err->kind == ERROR_NONE
                   ? error_set(err, ERROR_CANCELLED, "the export was cancelled")
                   : false;
    }
    *err = (struct error){0};
    size_t first = strcspn(text_string(&passage->complaint), "\n");
    return status == 0 ||
           error_set(err, ERROR_FAILED, "the command \"%.200s\" %s%s%.*s", command, how,
                     first > 0 ? ": " : "", (int)first, text_string(&passage->complaint));
}

bool export_through(struct result *result, const struct export_spec *spec,
                    const char *command, struct text *printed, struct job_port *port,
                    struct export_outcome *outcome, struct error *err)
{
    struct passage passage = {.input = -1, .port = port, .printed = printed};
    struct export_sink sink = {write_some, &passage};
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    if (!start(&passage, command, err)) {
        return false;
    }
    sigaction(SIGPIPE, &ignore, &before);
    bool written = export_result(result, spec, &sink, port, outcome, err);
    bool done = conclude(&passage, command, written, err);
    sigaction(SIGPIPE, &before, NULL);
    text_release(&passage.complaint);
    return done;
}
