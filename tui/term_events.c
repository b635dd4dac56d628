/* term_events: what the person and the system say, one event at a time. No curses here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/term_private.h"

#include <errno.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "engine/path.h"
#include "tui/term_signal.h"

enum { READ_SIZE = 4096, BURST_LEAST = 4 };

/* A burst goes on when more comes so soon. */
static const double burst_pause = 0.02;

static void set_timer(struct term *term, int milliseconds)
{
    struct itimerspec spec = {0};

    spec.it_value.tv_sec = milliseconds / 1000;
    spec.it_value.tv_nsec = (long)(milliseconds % 1000) * 1000000;
    timerfd_settime(term->timer, 0, &spec, NULL);
}

/* Nobody types several signs between two looks at the terminal, unless the program or the
 * link was slow; then an Enter that breaks the line instead is the lesser evil. */
static void note_burst(struct term *term, size_t count)
{
    double now = path_monotonic();
    bool goes_on = term->in_burst && now - term->burst_last < burst_pause;
    term->in_burst = !term->has_paste && (count >= BURST_LEAST || goes_on);
    term->burst_last = now;
}

/* True when bytes came. */
static bool read_keys(struct term *term)
{
    struct pollfd poll_in = {.fd = term->in_fd, .events = POLLIN};
    char bytes[READ_SIZE];
    ssize_t count;

    if (poll(&poll_in, 1, 0) <= 0) {
        return false;
    }
    count = read(term->in_fd, bytes, sizeof bytes);
    if (count > 0) {
        note_burst(term, (size_t)count);
        input_feed(term->input, bytes, (size_t)count);
    } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
        term->is_closed = true; /* the other end hung up */
    }
    return count > 0;
}

/* An Esc that nothing followed in time is the key. What came is in time, however late one
 * looks, and has a time of its own: that of the Esc before it ends. */
static void end_escape(struct term *term, bool came)
{
    unsigned long long expirations;

    if (came) {
        set_timer(term, 0);
        term->times_escape = false;
    } else if (read(term->timer, &expirations, sizeof expirations) > 0) {
        input_expire(term->input);
        term->times_escape = false;
    }
}

static void begin_escape(struct term *term)
{
    if (!term->times_escape && input_is_waiting(term->input)) {
        set_timer(term, term->escape_delay);
        term->times_escape = true;
    }
}

/* What a signal asks for, one event at a time; false when none is left. */
static bool take_signal(struct term *term, struct term_event *event)
{
    unsigned signals = term->pending | term_signal_take();

    term->pending = 0;
    if ((signals & TERM_SIGNAL_CLOSE) != 0) {
        term->is_closed = true;
        return false;
    }
    if ((signals & TERM_SIGNAL_STOP) != 0) {
        term_stop(term);
    }
    if ((signals & TERM_SIGNAL_INTERRUPT) != 0) {
        event->kind = TERM_KEY;
        event->key.code = 3; /* as if ^C had been typed */
        term->pending = signals & (TERM_SIGNAL_RESIZE | TERM_SIGNAL_CONTINUE);
        return true;
    }
    if ((signals & ~(unsigned)TERM_SIGNAL_INTERRUPT) == 0) {
        return false;
    }
    term_follow_size(term);
    term_redraw(term);
    event->kind = TERM_RESIZE;
    return true;
}

static bool next_input(struct term *term, struct term_event *event)
{
    bool found = input_next(term->input, event);
    event->in_burst = found && event->kind == TERM_KEY && term->in_burst;
    return found;
}

bool term_read(struct term *term, struct term_event *event)
{
    *event = (struct term_event){0};
    if (!term->is_closed && take_signal(term, event)) {
        return true;
    }
    if (!term->is_closed && next_input(term, event)) {
        return true;
    }
    if (!term->is_closed) {
        end_escape(term, read_keys(term));
    }
    if (term->is_closed) {
        event->kind = TERM_CLOSED;
        return true;
    }
    if (next_input(term, event)) {
        return true;
    }
    begin_escape(term);
    return false;
}

bool term_is_waiting(const struct term *term)
{
    return input_is_waiting(term->input);
}
