/* empty [--sync-fd N]: the least a program on the full screen can do with ncurses, as the
 * base line of start-up: draw one line, say that it is drawn, leave at the first key.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <curses.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    if (initscr() == NULL) {
        return 1;
    }
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
    addstr("empty");
    refresh();
    if (argc > 2 && strcmp(argv[1], "--sync-fd") == 0) {
        ssize_t ignored = write(atoi(argv[2]), "ri", 2);
        (void)ignored;
    }
    getch();
    endwin();
    return 0;
}
