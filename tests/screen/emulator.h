/* emulator: the screen as a person sees it, held by libvterm (0.1.4 and newer).
 *
 * Rows and columns count from 0 here; plays count from 1 as status lines do.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_EMULATOR_H
#define MWB_TESTS_SCREEN_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/text.h"

struct emulator;

struct emulator *emulator_new(int width, int height, bool utf8);
void emulator_free(struct emulator *emulator);
void emulator_feed(struct emulator *emulator, const char *bytes, size_t length);
void emulator_resize(struct emulator *emulator, int width, int height);
int emulator_width(const struct emulator *emulator);
int emulator_height(const struct emulator *emulator);

/* Answers to questions of the program (cursor position, device attributes), to be written
 * to it. The caller clears the text when they are written. */
struct text *emulator_answers(struct emulator *emulator);

/* Append the text of a row, a blank for an empty cell. `starts`, when not NULL, gets the
 * byte at which each column starts, width + 1 of them; the right half of a wide sign
 * starts where the sign ends. */
void emulator_row(const struct emulator *emulator, int row, struct text *out,
                  size_t *starts);

/* Append one sign a cell for its look: `.` is plain, letters are named in the legend that
 * follows the rows ("a = bold fg 4"), in the order of their first appearance. */
void emulator_looks(const struct emulator *emulator, struct text *out);

bool emulator_cursor(const struct emulator *emulator, int *row,
                     int *column); /* is it shown? */
bool emulator_alternate(const struct emulator *emulator);
bool emulator_pen_is_plain(const struct emulator *emulator);

#endif
