/* keyecho: a small full-screen program the harness is tried on. It shows its size and the
 * keys it got, speaks --sync-fd, and has keys that misbehave in ways the harness must
 * see. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <curses.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEPT = 4000 };

struct state {
    char keys[KEPT];
    size_t length;
    int sync_fd;
    bool tame;  /* no key misbehaves */
    bool muted; /* tells nothing any more */
    bool over;
    int status;
    bool nothing_restored;
};

static void tell(const struct state *state, char byte)
{
    if (state->sync_fd >= 0 && !state->muted) {
        ssize_t ignored = write(state->sync_fd, &byte, 1);
        (void)ignored;
    }
}

static void draw(const struct state *state)
{
    erase();
    mvprintw(0, 0, "size %d %d", COLS, LINES);
    mvprintw(1, 0, "keys %s", state->keys);
    attron(A_BOLD);
    mvaddstr(4, 0, "bold");
    attroff(A_BOLD);
    attron(A_REVERSE);
    mvaddstr(4, 6, "reverse");
    attroff(A_REVERSE);
    attron(COLOR_PAIR(1));
    mvaddstr(4, 15, "red");
    attroff(COLOR_PAIR(1));
    mvaddstr(5, 0, "wide \346\227\245\346\234\254|");
    mvhline(6, 0, '=', COLS); /* may be sent as one sign and a count */
    mvhline(7, 0, ACS_HLINE, 10);
    mvprintw(8, 0, "time %05d ms", (int)getpid() % 100000);
    move(2, 3);
    refresh();
    tell(state, 'r');
}

static void leave_a_child(void)
{
    if (fork() == 0) {
        for (;;) {
            pause();
        }
    }
}

static void send_raw(const char *bytes)
{
    ssize_t ignored = write(STDOUT_FILENO, bytes, strlen(bytes));
    (void)ignored;
}

static void remember(struct state *state, int key)
{
    const char *name = key == ' ' ? "SPACE" : keyname(key);
    int room = (int)(KEPT - state->length);
    int wrote = snprintf(state->keys + state->length, (size_t)room, "%s ",
                         name != NULL ? name : "?");
    state->length += (size_t)(wrote < room ? wrote : 0);
}

/* Alt was held: keys that misbehave. */
static void misbehave(struct state *state, int key)
{
    switch (key) {
    case 'c':
        send_raw("\033]52;c;eA==\a");
        break;
    case 'b':
        send_raw("\342\200\256");
        break;
    case 'f':
        leave_a_child();
        break;
    case 'm':
        state->muted = true;
        break;
    case 'n':
        state->nothing_restored = true;
        break;
    case 'p':
        send_raw("\033[6n");
        break;
    case 'a':
        abort();
    case 'k':
        state->length = 0;
        state->keys[0] = '\0';
        break;
    case 'x':
        state->over = true;
        state->status = 3;
        break;
    default:
        break;
    }
}

static void take_key(struct state *state, int key)
{
    if (key == 'q') {
        state->over = true;
    } else if (key == 0x1A) {
        send_raw("\033[?2004l");
        raise(SIGTSTP); /* curses gives the terminal back and takes it again */
        send_raw("\033[?2004h");
    } else if (key == 0x1B && !state->tame) {
        misbehave(state, getch());
    } else if (key != KEY_RESIZE) {
        remember(state, key);
    }
}

/* A resize between drawing and waiting must not be missed: SIGWINCH comes only while
 * we wait. */
static void loop(struct state *state)
{
    sigset_t held;
    sigset_t open;
    sigemptyset(&held);
    sigaddset(&held, SIGWINCH);
    sigprocmask(SIG_BLOCK, &held, &open);
    while (!state->over) {
        draw(state);
        tell(state, 'i');
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        if (ppoll(&input, 1, NULL, &open) < 0 && errno != EINTR) {
            break;
        }
        while (input.revents & POLLHUP) {
            pause(); /* SIGHUP is on its way, and ends us */
        }
        for (int key; !state->over && (key = getch()) != ERR;) {
            take_key(state, key);
        }
    }
}

int main(int argc, char **argv)
{
    struct state state = {.sync_fd = -1};
    for (int i = 1; i < argc; i++) {
        state.tame |= strcmp(argv[i], "--tame") == 0;
        if (strcmp(argv[i], "--sync-fd") == 0 && i + 1 < argc) {
            state.sync_fd = atoi(argv[i + 1]);
        }
    }
    setlocale(LC_ALL, "");
    SCREEN *screen = newterm(NULL, stdout, stdin);
    if (screen == NULL) {
        fprintf(stderr, "keyecho: the terminal is not known\n");
        return 2;
    }
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(20);
    start_color();
    use_default_colors();
    init_pair(1, COLOR_RED, -1);
    send_raw("\033[?2004h");
    loop(&state);
    if (state.nothing_restored) {
        _exit(0);
    }
    send_raw("\033[?2004l");
    endwin();
    delscreen(screen);
    return state.status;
}
