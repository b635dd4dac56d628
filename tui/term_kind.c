/* term_kind: what kind of terminal this is: its name, its size, its colours, its keys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/term_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

/* From <term.h>, which cannot be included: it has a `struct term` of its own. */
int setupterm(const char *name, int fd, int *status);

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

/* Names of terminals with synchronized output; what calls itself xterm may be any. */
static const char *const holding[] = {
    "alacritty", "contour", "foot", "ghostty", "iterm",
    "kitty",     "mintty",  "rio",  "wezterm", NULL,
};

char *term_capability(const char *name)
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
const char *term_choose_name(const char *asked, int fd)
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

bool term_check(const char *asked, const char *name, struct error *err)
{
    struct text shown = {0};

    if (name != NULL && term_capability("cup") != NULL && tigetflag("hc") <= 0) {
        return true;
    }
    safetext_append_cut(&shown, asked, strlen(asked), 40);
    error_set(err, ERROR_USAGE,
              name == NULL
                  ? "the terminal says TERM=%s, which this host does not know; "
                    "try TERM=xterm-256color mwb, mwb --plain, or verbs without a "
                    "screen: mwb help"
                  : "the terminal says TERM=%s, which cannot move its cursor; "
                    "use mwb --plain, or verbs without a screen: mwb help",
              asked[0] != '\0' ? text_string(&shown) : "\"\"");
    text_release(&shown);
    return false;
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
        value = most == TERM_WIDTH_MOST ? 80 : 24;
    }
    return value < most ? value : most;
}

void term_size(struct term *term, int *width, int *height)
{
    struct winsize size = {0};

    if (ioctl(term->out_fd, TIOCGWINSZ, &size) != 0) {
        size = (struct winsize){0};
    }
    *width = first_sane(size.ws_col, "COLUMNS", "cols", TERM_WIDTH_MOST);
    *height = first_sane(size.ws_row, "LINES", "lines", TERM_HEIGHT_MOST);
}

int term_count_colours(void)
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

void term_define_keys(struct term *term)
{
    for (const struct key_capability *row = key_capabilities; row->name != NULL; row++) {
        input_define(term->input, term_capability(row->name), row->code);
    }
}

bool term_pastes(const char *name)
{
    return starts_any(name, pasting);
}

bool term_holds(const char *name)
{
    return starts_any(name, holding) || string_starts(name, "xterm-kitty") ||
           string_starts(name, "xterm-ghostty");
}
