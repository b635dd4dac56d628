/* batch_output: write standard output, and keep the first thing that goes wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/batch_output.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "engine/safetext.h"
#include "tui/batch_signal.h"

enum { BUFFER_FULL = 1 << 16, WIDTH_UNKNOWN = 80 };

static int width_of(int fd)
{
    struct winsize size;
    if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0) {
        return 0;
    }
    return size.ws_col > 0 ? size.ws_col : WIDTH_UNKNOWN;
}

int output_width(void)
{
    return width_of(STDOUT_FILENO);
}

int output_progress_width(void)
{
    return width_of(STDERR_FILENO);
}

static bool goes_on(const struct output *output)
{
    return output->error.kind == ERROR_NONE && !output->reader_is_gone;
}

static void note_failure(struct output *output, int number)
{
    if (number == EPIPE) {
        output->reader_is_gone = true;
    } else if (batch_signal_count() > 0) {
        error_set(&output->error, ERROR_CANCELLED, "printing was cancelled");
    } else {
        error_set(&output->error, ERROR_FAILED, "could not write to standard output: %s",
                  error_of_errno(number));
    }
}

/* A reader may be slow or stopped: a signal must end the wait, and a long answer. */
static void write_out(struct output *output)
{
    size_t done = 0;
    while (done < output->buffer.length && goes_on(output)) {
        ssize_t n = -1;
        errno = EINTR;
        if (batch_signal_count() == 0) {
            n = write(STDOUT_FILENO, output->buffer.data + done,
                      output->buffer.length - done);
        }
        if (n > 0) {
            done += (size_t)n;
        } else if (errno != EINTR || batch_signal_count() > 0) {
            note_failure(output, errno);
        }
    }
    text_clear(&output->buffer);
}

static void write_when_full(struct output *output)
{
    if (output->buffer.length >= BUFFER_FULL) {
        write_out(output);
    }
}

void output_begin(struct output *output)
{
    *output = (struct output){.is_terminal = isatty(STDOUT_FILENO)};
}

bool output_end(struct output *output, struct error *err)
{
    safetext_append_lines(&output->buffer, text_string(&output->line),
                          output->line.length);
    write_out(output);
    text_release(&output->line);
    text_release(&output->buffer);
    if (output->error.kind != ERROR_NONE) {
        *err = output->error;
        return false;
    }
    return true;
}

void output_text(struct output *output, const char *text)
{
    safetext_append_lines(&output->buffer, text, strlen(text));
    write_when_full(output);
}

void output_printf(struct output *output, const char *format, ...)
{
    struct text text = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    output_text(output, text_string(&text));
    text_release(&text);
}

/* Only whole lines are made safe: what comes may end in the middle of a character. */
static void take_lines(struct output *output, const char *bytes, size_t length)
{
    const char *last = memrchr(bytes, '\n', length);
    size_t whole = last != NULL ? (size_t)(last - bytes) + 1 : 0;
    text_append_bytes(&output->line, bytes, whole > 0 ? whole : length);
    if (whole > 0) {
        safetext_append_lines(&output->buffer, output->line.data, output->line.length);
        text_clear(&output->line);
        text_append_bytes(&output->line, bytes + whole, length - whole);
    }
}

bool output_rows(struct output *output, const char *bytes, size_t length)
{
    if (output->is_terminal) {
        take_lines(output, bytes, length);
    } else {
        text_append_bytes(&output->buffer, bytes, length);
    }
    write_when_full(output);
    return goes_on(output);
}
