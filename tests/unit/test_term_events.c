/* term_events: keys of which a part came late, and the time an Esc waits for the rest.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tests/unit/tap.h"
#include "tui/term_private.h"

struct bed {
    struct term term;
    int keyboard;
};

static void bed_make(struct bed *bed, int escape_delay)
{
    int ends[2];
    bool made = pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0;
    ok(made, "a pipe stands for the terminal");
    bed->keyboard = ends[1];
    bed->term = (struct term){
        .in_fd = ends[0],
        .epoll = -1,
        .timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
        .escape_delay = escape_delay,
        .has_paste = true,
        .input = input_new(),
    };
}

static void bed_release(struct bed *bed)
{
    close(bed->keyboard);
    close(bed->term.in_fd);
    close(bed->term.timer);
    input_free(bed->term.input);
}

static void type(struct bed *bed, const char *bytes)
{
    ssize_t length = (ssize_t)strlen(bytes);
    is_int(write(bed->keyboard, bytes, (size_t)length), length, "%zd bytes are typed",
           length);
}

static void is_read(struct bed *bed, const char *expected, const char *what)
{
    struct text got = {0};
    struct term_event event = {0};
    while (term_read(&bed->term, &event) && event.kind == TERM_KEY) {
        char name[24];
        text_printf(&got, "%s ", key_label(event.key, name, sizeof name));
        text_release(&event.paste);
    }
    is_text(text_string(&got), expected, "%s", what);
    text_release(&got);
}

static bool timer_runs(const struct bed *bed)
{
    struct itimerspec left;
    timerfd_gettime(bed->term.timer, &left);
    return left.it_value.tv_sec > 0 || left.it_value.tv_nsec > 0;
}

static void wait_for_timer(struct bed *bed)
{
    struct pollfd timer = {.fd = bed->term.timer, .events = POLLIN};
    is_int(poll(&timer, 1, 10000), 1, "the time is over");
}

static void a_lone_escape_is_the_key(void)
{
    struct bed bed;
    bed_make(&bed, 1);
    type(&bed, "\033");
    is_read(&bed, "", "an Esc may begin something");
    wait_for_timer(&bed);
    is_read(&bed, "Esc ", "nothing followed: it is the key");
    bed_release(&bed);
}

static void the_rest_ends_the_wait(void)
{
    struct bed bed;
    bed_make(&bed, 60000);
    type(&bed, "\033");
    is_read(&bed, "", "an Esc may begin something");
    ok(timer_runs(&bed), "it has a time");
    type(&bed, "[C");
    is_read(&bed, "Right ", "the rest came");
    ok(!timer_runs(&bed), "nobody waits any more");
    bed_release(&bed);
}

/* The time of one key was over when the next came whole, which was thrown away. */
static void what_came_in_time_counts(void)
{
    struct bed bed;
    bed_make(&bed, 1);
    type(&bed, "\033");
    is_read(&bed, "", "an Esc may begin something");
    wait_for_timer(&bed);
    type(&bed, "[C\033[CF");
    is_read(&bed, "Right Right F ", "the rest and more are there when one looks");
    bed_release(&bed);
}

int main(void)
{
    a_lone_escape_is_the_key();
    the_rest_ends_the_wait();
    what_came_in_time_counts();
    return tap_done();
}
