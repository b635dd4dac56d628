/* term: the terminal through curses. Keys are understood by input.c, signals are caught
 * by term_signal.c; here is what needs a word of curses or terminfo.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <wchar.h>

#include "tui/term_signal.h"
#include "tui/utf8.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

/* From <term.h>, which cannot be included: it has a `struct term` of its own. */
int setupterm(const char *name, int fd, int *status);

enum {
    WIDTH_MOST = 1000,
    HEIGHT_MOST = 500,
    READ_SIZE = 4096,
    ESCAPE_DELAY = 50,
    LOOKS_MOST = 256, /* pairs of colours: themes have far fewer roles */
};

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";
static const char mouse_on[] = "\033[?1000h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1000l";

struct term {
    char *name;
    SCREEN *screen;
    FILE *out, *in;
    int in_fd, out_fd;
    int epoll, timer;
    int colours;
    int escape_delay;
    bool has_unicode, has_paste, mouse;
    bool is_closed, is_away;
    unsigned pending; /* signals that came and wait to be told */
    struct input *input;
    struct canvas *shown; /* what curses was told last; NULL: everything anew */
    int pair_count;
    int32_t pairs[LOOKS_MOST][2];
    const struct theme *theme; /* that the attributes below were made of */
    attr_t attributes[ROLE_COUNT];
    short role_pairs[ROLE_COUNT];
};

struct key_capability {
    const char *name;
    int code;
};

static const struct key_capability key_capabilities[] = {
    {"kcuu1", KEY_CODE_UP},     {"kcud1", KEY_CODE_DOWN},    {"kcub1", KEY_CODE_LEFT},
    {"kcuf1", KEY_CODE_RIGHT},  {"khome", KEY_CODE_HOME},    {"kend", KEY_CODE_END},
    {"kpp", KEY_CODE_PAGE_UP},  {"knp", KEY_CODE_PAGE_DOWN}, {"kich1", KEY_CODE_INSERT},
    {"kdch1", KEY_CODE_DELETE}, {"kcbt", KEY_CODE_BACKTAB},  {"kf1", KEY_CODE_F1},
    {"kf2", KEY_CODE_F1 + 1},   {"kf3", KEY_CODE_F1 + 2},    {"kf4", KEY_CODE_F1 + 3},
    {"kf5", KEY_CODE_F1 + 4},   {"kf6", KEY_CODE_F1 + 5},    {"kf7", KEY_CODE_F1 + 6},
    {"kf8", KEY_CODE_F1 + 7},   {"kf9", KEY_CODE_F1 + 8},    {"kf10", KEY_CODE_F1 + 9},
    {"kf11", KEY_CODE_F1 + 10}, {"kf12", KEY_CODE_F1 + 11},  {NULL, 0},
};

/* Parts of names of terminals that speak as xterm does. */
static const char *const xterm_like[] = {
    "xterm", "256color", "truecolor", "direct",  "kitty", "alacritty",
    "foot",  "wezterm",  "ghostty",   "konsole", "vte",   "gnome",
    "iterm", "mintty",   "putty",     "contour", NULL,
};
static const char *const screen_like[] = {"tmux", "screen", NULL};
static const char *const vt_like[] = {"vt1", "vt2", "vt3", "vt4", "vt5", NULL};

/* Names of terminals with bracketed paste; others would print the request. */
static const char *const pasting[] = {
    "xterm",       "screen",  "tmux",    "rxvt",    "alacritty", "kitty",
    "foot",        "st",      "putty",   "konsole", "vte",       "iterm",
    "ms-terminal", "wezterm", "contour", "mintty",  NULL,
};

static char *capability(const char *name)
{
    char *value = tigetstr(name);
    return value == (char *)-1 ? NULL : value;
}

static bool is_known(const char *name, int fd)
{
    int status;
    return name[0] != '\0' && strchr(name, '/') == NULL &&
           setupterm(name, fd, &status) == OK;
}

static bool contains_any(const char *name, const char *const *parts)
{
    for (; *parts != NULL; parts++) {
        if (strstr(name, *parts) != NULL) {
            return true;
        }
    }
    return false;
}

static bool starts_any(const char *name, const char *const *starts)
{
    for (; *starts != NULL; starts++) {
        if (string_starts(name, *starts)) {
            return true;
        }
    }
    return false;
}

/* The name to drive this terminal by: its own, or a known one it sounds like. */
static const char *choose_name(const char *asked, int fd)
{
    if (is_known(asked, fd)) {
        return asked;
    }
    if (contains_any(asked, screen_like) && is_known("screen-256color", fd)) {
        return "screen-256color";
    }
    if (contains_any(asked, xterm_like) && is_known("xterm-256color", fd)) {
        return "xterm-256color";
    }
    if (starts_any(asked, vt_like) && is_known("vt100", fd)) {
        return "vt100";
    }
    return NULL;
}

static bool check_terminal(const char *asked, const char *name, struct error *err)
{
    struct text shown = {0};

    if (name != NULL && capability("cup") != NULL && tigetflag("hc") <= 0) {
        return true;
    }
    safetext_append_cut(&shown, asked, strlen(asked), 40);
    error_set(err, ERROR_USAGE,
              name == NULL ? "the terminal says TERM=%s, which this host does not know; "
                             "try TERM=xterm-256color mwb, or use verbs without a "
                             "screen: mwb help"
                           : "the terminal says TERM=%s, which cannot move its cursor; "
                             "use verbs without a screen: mwb help",
              asked[0] != '\0' ? text_string(&shown) : "\"\"");
    text_release(&shown);
    return false;
}

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

static int environment_number(const char *name, int most)
{
    const char *value = getenv(name);
    long number = value != NULL ? strtol(value, NULL, 10) : 0;
    return number > 0 && number <= most ? (int)number : 0;
}

static int first_sane(int asked, const char *variable, const char *number, int most)
{
    int value = asked;

    if (value <= 0) {
        value = environment_number(variable, most);
    }
    if (value <= 0) {
        value = tigetnum(number);
    }
    if (value <= 0 || (asked <= 0 && value > most)) {
        value = most == WIDTH_MOST ? 80 : 24;
    }
    return value < most ? value : most;
}

void term_size(struct term *term, int *width, int *height)
{
    struct winsize size = {0};

    if (ioctl(term->out_fd, TIOCGWINSZ, &size) != 0) {
        size = (struct winsize){0};
    }
    *width = first_sane(size.ws_col, "COLUMNS", "cols", WIDTH_MOST);
    *height = first_sane(size.ws_row, "LINES", "lines", HEIGHT_MOST);
}

static int count_colours(void)
{
    const char *off = getenv("NO_COLOR");
    int colours = has_colors() ? tigetnum("colors") : 0;

    if (off != NULL && off[0] != '\0') {
        return 0;
    }
    if (colours >= 1 << 24) {
        return 1 << 24;
    }
    return colours >= 256 ? 256 : colours >= 16 ? 16 : colours >= 8 ? 8 : 0;
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

static void follow_size(struct term *term)
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
    add_farewell(&farewell, capability("rmkx"));
    add_farewell(&farewell, capability("sgr0"));
    add_farewell(&farewell, capability("cnorm"));
    add_farewell(&farewell, capability("rmcup"));
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
    term->colours = count_colours();
    if (term->colours > 0) {
        start_colours(term);
    }
    follow_size(term);
    return true;
}

static void define_keys(struct term *term)
{
    for (const struct key_capability *row = key_capabilities; row->name != NULL; row++) {
        input_define(term->input, capability(row->name), row->code);
    }
}

static bool open_terminal(struct term *term, struct error *err)
{
    const char *asked = getenv("TERM") != NULL ? getenv("TERM") : "";
    struct termios settings = {0};
    const char *name;

    if (!open_files(term, err)) {
        return false;
    }
    name = choose_name(asked, term->out_fd);
    if (!check_terminal(asked, name, err)) {
        return false;
    }
    term->name = string_copy(name);
    term->has_paste = starts_any(name, pasting);
    tcgetattr(term->out_fd, &settings);
    if (!term_signal_start(err) || !watch_all(term, err)) {
        return false;
    }
    prepare_farewell(term, &settings);
    if (!start_curses(term, err)) {
        return false;
    }
    define_keys(term);
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

/* ---- Events ---- */

static void set_timer(struct term *term, int milliseconds)
{
    struct itimerspec spec = {0};

    spec.it_value.tv_sec = milliseconds / 1000;
    spec.it_value.tv_nsec = (long)(milliseconds % 1000) * 1000000;
    timerfd_settime(term->timer, 0, &spec, NULL);
}

static void read_keys(struct term *term)
{
    struct pollfd poll_in = {.fd = term->in_fd, .events = POLLIN};
    char bytes[READ_SIZE];
    ssize_t count;

    if (poll(&poll_in, 1, 0) <= 0) {
        return;
    }
    count = read(term->in_fd, bytes, sizeof bytes);
    if (count > 0) {
        input_feed(term->input, bytes, (size_t)count);
    } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
        term->is_closed = true; /* the other end hung up */
    }
}

/* An Esc that nothing followed in time is the key. */
static void watch_escape(struct term *term)
{
    unsigned long long expirations;

    if (read(term->timer, &expirations, sizeof expirations) > 0) {
        input_expire(term->input);
    } else if (input_is_waiting(term->input)) {
        set_timer(term, term->escape_delay);
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
    follow_size(term);
    term_redraw(term);
    event->kind = TERM_RESIZE;
    return true;
}

bool term_read(struct term *term, struct term_event *event)
{
    *event = (struct term_event){0};
    if (!term->is_closed && take_signal(term, event)) {
        return true;
    }
    if (!term->is_closed && input_next(term->input, event)) {
        return true;
    }
    if (!term->is_closed) {
        read_keys(term);
        watch_escape(term);
    }
    if (term->is_closed) {
        event->kind = TERM_CLOSED;
        return true;
    }
    return input_next(term->input, event);
}

void term_suspend(struct term *term)
{
    if (!term->is_away) {
        set_modes(term, false);
        endwin();
        term->is_away = true;
    }
}

void term_resume(struct term *term)
{
    if (term->is_away) {
        term->is_away = false;
        reset_prog_mode();
        follow_size(term);
        term_redraw(term);
        refresh();
        set_modes(term, true);
    }
}

void term_stop(struct term *term)
{
    term_suspend(term);
    term_signal_stop();
    term_resume(term);
}

/* ---- Showing ---- */

static int curses_colour(const struct term *term, int32_t colour)
{
    if (colour < 0) {
        return -1;
    }
    if (colour >= 0x1000000) {
        return (int)(colour & 0xffffff);
    }
    return colour < COLORS || term->colours > 256 ? (int)colour : -1;
}

static short pair_of(struct term *term, struct look look)
{
    int32_t colours[2] = {look.foreground, look.background};

    if (term->colours == 0 || (colours[0] < 0 && colours[1] < 0)) {
        return 0;
    }
    for (int i = 0; i < term->pair_count; i++) {
        if (memcmp(term->pairs[i], colours, sizeof colours) == 0) {
            return (short)(i + 1);
        }
    }
    if (term->pair_count >= LOOKS_MOST || term->pair_count + 1 >= COLOR_PAIRS ||
        init_extended_pair(term->pair_count + 1, curses_colour(term, colours[0]),
                           curses_colour(term, colours[1])) == ERR) {
        return 0;
    }
    memcpy(term->pairs[term->pair_count++], colours, sizeof colours);
    return (short)term->pair_count;
}

static attr_t attributes_of(unsigned flags)
{
    return ((flags & STYLE_BOLD) != 0 ? A_BOLD : 0) |
           ((flags & STYLE_DIM) != 0 ? A_DIM : 0) |
           ((flags & STYLE_UNDERLINE) != 0 ? A_UNDERLINE : 0) |
           ((flags & STYLE_REVERSE) != 0 ? A_REVERSE : 0) |
           ((flags & STYLE_ITALIC) != 0 ? A_ITALIC : 0);
}

static void learn_theme(struct term *term, const struct theme *theme)
{
    for (int role = 0; role < ROLE_COUNT; role++) {
        struct look look = theme_look(theme, (enum role)role);
        term->attributes[role] = attributes_of(look.flags);
        term->role_pairs[role] = pair_of(term, look);
    }
    term->theme = theme;
}

/* A cell's sign as curses takes it: a base character of exactly this width and at most
 * four marks. Where the C library thinks differently about the width, or the sign joins
 * several characters, the base must do, so that columns never move. */
static void wide_of_cell(const struct canvas_cell *cell, wchar_t wide[CCHARW_MAX + 1])
{
    size_t length = strlen(cell->bytes), used;
    int count = 0, code;

    for (size_t at = 0; at < length && count < CCHARW_MAX; at += used) {
        used = utf8_decode(cell->bytes + at, length - at, &code);
        if (used == 0 || code < 32) {
            break;
        }
        if (count == 0 ? wcwidth((wchar_t)code) > 0 : wcwidth((wchar_t)code) == 0) {
            wide[count++] = (wchar_t)code;
        } else if (count == 0) {
            wide[count++] = L'?';
        }
    }
    if (count == 0) {
        wide[count++] = L' ';
    }
    if (count > 0 && wcwidth(wide[0]) > cell->width) {
        wide[0] = L'?';
        count = 1;
    }
    if (wcwidth(wide[0]) < cell->width) {
        count = 1; /* a sign for emoji presentation would widen it on some terminals */
    }
    wide[count] = L'\0';
}

static void show_cell(struct term *term, const struct canvas_cell *cell, int x, int y)
{
    wchar_t wide[CCHARW_MAX + 1];
    enum role role = cell->style.role < ROLE_COUNT ? cell->style.role : ROLE_TEXT;
    attr_t attributes = term->attributes[role] | attributes_of(cell->style.flags);
    cchar_t sign;

    wide_of_cell(cell, wide);
    if (setcchar(&sign, wide, attributes, term->role_pairs[role], NULL) == OK) {
        mvadd_wch(y, x, &sign);
    }
    if (cell->width == 2 && wcwidth(wide[0]) < 2 &&
        setcchar(&sign, L" ", attributes, term->role_pairs[role], NULL) == OK) {
        mvadd_wch(y, x + 1, &sign);
    }
}

static bool cell_is_same(const struct canvas_cell *a, const struct canvas_cell *b)
{
    return a != NULL && b != NULL && a->width == b->width &&
           a->style.role == b->style.role && a->style.flags == b->style.flags &&
           strcmp(a->bytes, b->bytes) == 0;
}

static void show_line(struct term *term, const struct canvas *canvas, int y)
{
    int width = canvas_width(canvas) < COLS ? canvas_width(canvas) : COLS;

    for (int x = 0; x < width; x++) {
        const struct canvas_cell *cell = canvas_cell(canvas, x, y);
        const struct canvas_cell *old =
            term->shown != NULL ? canvas_cell(term->shown, x, y) : NULL;
        if (cell->width > 0 && x + cell->width <= width && !cell_is_same(cell, old)) {
            show_cell(term, cell, x, y);
        }
    }
}

static void show_cursor(const struct canvas *canvas)
{
    int x, y;

    if (canvas_cursor(canvas, &x, &y) && x < COLS && y < LINES) {
        move(y, x);
        curs_set(1);
    } else {
        curs_set(0);
    }
}

static void remember(struct term *term, const struct canvas *canvas)
{
    if (term->shown == NULL) {
        term->shown = canvas_new(canvas_width(canvas), canvas_height(canvas));
    }
    canvas_copy(term->shown, canvas);
}

void term_show(struct term *term, const struct canvas *canvas, const struct theme *theme)
{
    if (term->is_away || term->is_closed) {
        return;
    }
    if (term->theme != theme) {
        learn_theme(term, theme);
        canvas_free(term->shown);
        term->shown = NULL;
    }
    if (term->shown == NULL) {
        erase();
    }
    for (int y = 0; y < canvas_height(canvas) && y < LINES; y++) {
        show_line(term, canvas, y);
    }
    show_cursor(canvas);
    refresh();
    remember(term, canvas);
}

/* A new theme may lie where an old one did: its address tells nothing. */
void term_forget_theme(struct term *term)
{
    term->theme = NULL;
}

void term_redraw(struct term *term)
{
    canvas_free(term->shown);
    term->shown = NULL;
    clearok(curscr, TRUE);
}
