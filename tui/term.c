/* term: taking the terminal and giving it back. What kind it is finds term_kind.c, its
 * events come from term_events.c, cells are shown by term_show.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/term_private.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tui/term_signal.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

enum { ESCAPE_DELAY = 50 };

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";
static const char hold_off[] = "\033[?2026l";
static const char mouse_on[] = "\033[?1000h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1000l";

/* The terminal itself, also when standard input or output is a file or a pipe. */
static bool open_files(struct term *term, struct error *err)
{
    int in = isatty(STDIN_FILENO) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                  : open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    int out = isatty(STDOUT_FILENO) ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
                                    : open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

    term->in = in >= 0 ? fdopen(in, "r") : NULL;
    term->out = out >= 0 ? fdopen(out, "w") : NULL;
    if (term->in == NULL || term->out == NULL) {
        return error_set(err, ERROR_USAGE,
                         "the screen needs a terminal, and there is none "
                         "here; use verbs without a screen: mwb help");
    }
    term->in_fd = in;
    term->out_fd = out;
    return true;
}

static bool watch_one(struct term *term, int fd, struct error *err)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    if (epoll_ctl(term->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        return error_set(err, ERROR_FAILED, "could not watch the terminal: %s",
                         error_of_errno(errno));
    }
    return true;
}

/* One descriptor for the loop: keys, signals, and the time an Esc waits. */
static bool watch_all(struct term *term, struct error *err)
{
    term->epoll = epoll_create1(EPOLL_CLOEXEC);
    term->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (term->epoll < 0 || term->timer < 0) {
        return error_set(err, ERROR_FAILED, "could not watch the terminal: %s",
                         error_of_errno(errno));
    }
    return watch_one(term, term->in_fd, err) && watch_one(term, term_signal_fd(), err) &&
           watch_one(term, term->timer, err);
}

void term_put(struct term *term, const char *bytes)
{
    fputs(bytes, term->out);
    fflush(term->out);
}

static void set_modes(struct term *term, bool on)
{
    if (term->has_paste) {
        term_put(term, on ? paste_on : paste_off);
    }
    if (term->mouse) {
        term_put(term, on ? mouse_on : mouse_off);
    }
}

void term_follow_size(struct term *term)
{
    int width, height;

    term_size(term, &width, &height);
    if (width != COLS || height != LINES) {
        resize_term(height, width);
    }
}

static void add_farewell(struct term_farewell *farewell, const char *bytes)
{
    size_t length = bytes != NULL ? strlen(bytes) : 0;

    if (farewell->length + length <= sizeof farewell->bytes) {
        memcpy(farewell->bytes + farewell->length, bytes != NULL ? bytes : "", length);
        farewell->length += (unsigned)length;
    }
}

static void prepare_farewell(struct term *term, const struct termios *settings)
{
    struct term_farewell farewell = {.fd = term->out_fd, .settings = *settings};

    add_farewell(&farewell, term->has_paste ? paste_off : NULL);
    add_farewell(&farewell, term->mouse ? mouse_off : NULL);
    add_farewell(&farewell, term->holds_frames ? hold_off : NULL);
    add_farewell(&farewell, term_capability("rmkx"));
    add_farewell(&farewell, term_capability("sgr0"));
    add_farewell(&farewell, term_capability("cnorm"));
    add_farewell(&farewell, term_capability("rmcup"));
    term_signal_farewell(&farewell);
}

static void start_colours(struct term *term)
{
    start_color();
    /* Where the terminal has no colour of its own to go back to, white on black. */
    if (use_default_colors() == ERR && term->colours > 0) {
        assume_default_colors(COLOR_WHITE, COLOR_BLACK);
    }
}

static void set_variable(const char *name, const char *value)
{
    if (value != NULL) {
        setenv(name, value, 1);
    } else {
        unsetenv(name);
    }
}

/* newterm() believes LINES and COLUMNS, fails where neither they nor the terminal have a
 * size, and allocates for a billion lines when told to: it is told what term_size()
 * found. */
static SCREEN *start_screen(struct term *term)
{
    char *lines = string_copy(getenv("LINES")), *columns = string_copy(getenv("COLUMNS"));
    char number[16];
    SCREEN *screen;
    int width, height;

    term_size(term, &width, &height);
    snprintf(number, sizeof number, "%d", height);
    setenv("LINES", number, 1);
    snprintf(number, sizeof number, "%d", width);
    setenv("COLUMNS", number, 1);
    screen = newterm(term->name, term->out, term->in);
    set_variable("LINES", lines);
    set_variable("COLUMNS", columns);
    free(lines);
    free(columns);
    return screen;
}

static bool start_curses(struct term *term, struct error *err)
{
    term->screen = start_screen(term);
    if (term->screen == NULL) {
        return error_set(err, ERROR_USAGE, "could not start the terminal as %s",
                         term->name);
    }
    raw();
    nonl();
    noecho();
    keypad(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    typeahead(-1); /* a frame is drawn whole; keys that wait change the next one */
    term->colours = term_count_colours();
    if (term->profile.colours >= 0 && term->profile.colours < term->colours) {
        term->colours = term->profile.colours;
    }
    if (term->colours > 0) {
        start_colours(term);
    }
    term_follow_size(term);
    return true;
}

enum { SLOW_ESCAPE_DELAY = 150 }; /* the bytes of one key may come in two packets */

static void follow_profile(struct term *term)
{
    const struct profile *profile = &term->profile;
    term->holds_frames =
        profile->synchronized == PROFILE_YES ||
        (profile->synchronized == PROFILE_UNKNOWN && term_holds(term->name));
    if (profile->round_trip * 1000 > ESCAPE_DELAY &&
        term->escape_delay < SLOW_ESCAPE_DELAY) {
        term->escape_delay = SLOW_ESCAPE_DELAY;
    }
}

const struct profile *term_profile(const struct term *term)
{
    return &term->profile;
}

bool term_set_profile(struct term *term, const struct profile *profile, struct error *err)
{
    bool done = profile_write(term->name, profile, err);
    profile_let_go(&term->profile);
    profile_read(term->name, &term->profile);
    follow_profile(term);
    return done;
}

void term_expect_answers(struct term *term, bool expected)
{
    input_expect_answers(term->input, expected);
}

static bool open_terminal(struct term *term, struct error *err)
{
    const char *asked = getenv("TERM") != NULL ? getenv("TERM") : "";
    struct termios settings = {0};
    const char *name;

    if (!open_files(term, err)) {
        return false;
    }
    name = term_choose_name(asked, term->out_fd);
    if (!term_check(asked, name, err)) {
        return false;
    }
    term->name = string_copy(name);
    term->has_paste = term_pastes(name);
    profile_read(name, &term->profile);
    follow_profile(term);
    tcgetattr(term->out_fd, &settings);
    if (!term_signal_start(err) || !watch_all(term, err)) {
        return false;
    }
    prepare_farewell(term, &settings);
    if (!start_curses(term, err)) {
        return false;
    }
    term_define_keys(term);
    set_modes(term, true);
    return true;
}

struct term *term_open(const struct term_spec *spec, struct error *err)
{
    struct term *term = memory_new(sizeof *term);

    setlocale(LC_CTYPE, "");
    term->in_fd = term->out_fd = term->epoll = term->timer = -1;
    term->has_unicode = string_equal(nl_langinfo(CODESET), "UTF-8");
    term->escape_delay = spec->escape_delay > 0 ? spec->escape_delay : ESCAPE_DELAY;
    term->mouse = spec->mouse;
    term->input = input_new();
    if (!open_terminal(term, err)) {
        term_close(term);
        return NULL;
    }
    return term;
}

static void close_fd(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

void term_close(struct term *term)
{
    if (term == NULL) {
        return;
    }
    if (term->screen != NULL) {
        if (!term->is_away) {
            set_modes(term, false);
            endwin();
        }
        delscreen(term->screen);
    }
    term_signal_farewell(NULL);
    term_signal_end();
    close_fd(term->epoll);
    close_fd(term->timer);
    if (term->in != NULL) {
        fclose(term->in);
    }
    if (term->out != NULL) {
        fclose(term->out);
    }
    input_free(term->input);
    profile_let_go(&term->profile);
    canvas_free(term->shown);
    free(term->name);
    free(term);
}

int term_fd(const struct term *term)
{
    return term->epoll;
}

int term_colours(const struct term *term)
{
    return term->colours;
}

bool term_has_unicode(const struct term *term)
{
    return term->has_unicode;
}

const char *term_name(const struct term *term)
{
    return term->name;
}

void term_bell(struct term *term)
{
    (void)term;
    beep();
}

void term_suspend(struct term *term)
{
    if (!term->is_away) {
        set_modes(term, false);
        endwin();
        term->is_away = true;
    }
}

static void send_capability(const struct term *term, const char *name)
{
    const char *bytes = tigetstr(name);

    if (bytes != NULL && bytes != (const char *)-1) {
        fwrite(bytes, 1, strcspn(bytes, "$"), term->out); /* from $ on: padding */
    }
}

/* Curses takes colours and cursor for as it left them; a program that was killed leaves
 * them as they were. */
static void mend_looks(const struct term *term)
{
    send_capability(term, "sgr0");
    send_capability(term, "cnorm");
    fflush(term->out);
}

void term_resume(struct term *term)
{
    if (term->is_away) {
        term->is_away = false;
        /* ^C and ^Z that were meant for the other program reached us as signals too. */
        term->pending |= term_signal_take() & (TERM_SIGNAL_RESIZE | TERM_SIGNAL_CLOSE);
        mend_looks(term);
        reset_prog_mode();
        term_follow_size(term);
        term_redraw(term);
        refresh();
        set_modes(term, true);
    }
}

void term_stop(struct term *term)
{
    bool was_away = term->is_away; /* another program has it: it stays so */

    term_suspend(term);
    term_signal_stop();
    if (!was_away) {
        term_resume(term);
    }
}
