/* plain: the session as a dialogue of lines, without moving a cursor: for screen readers,
 * terminals that can do no more, and pipes.
 *
 * What ends in `;` is SQL. A line that begins with `:`, `\` or `.` is a verb, and so is
 * one whose first word names a verb and begins no statement; verbs, history and
 * completion are those of the screen. Rows are printed as a table where they fit the
 * width and as records where they do not, a hundred at a time (`:more`). `\x` chooses.
 * Progress is told in sentences. ^C stops what runs, or forgets what was typed; ^D or
 * `\q` leaves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PLAIN_H
#define MWB_TUI_PLAIN_H

/* Until the person leaves. `mesh` and `role` may be NULL; `sync_fd` (-1: none) gets `r`
 * and `i` whenever a line is asked for and `b` when it came. The exit status: 0, or, when
 * lines come from a file or a pipe, that of the last line. */
int plain_run(const char *mesh, const char *role, int sync_fd);

#endif
