/* keys: what a terminal sends when a person presses this.
 *
 * `SELECT 1;<Enter>` is text and named keys: <Enter> <Tab> <Esc> <BS> <Space> <Up> <Down>
 * <Left> <Right> <Home> <End> <PageUp> <PageDown> <Ins> <Del> <S-Tab> <F1>..<F12> <C-c>
 * <M-x> <M-Enter> <C-Enter> <Paste> </Paste> and <lt> for the sign itself. Escapes and
 * $NAME are those of words.h; \< is a plain sign.
 *
 * Function keys send what the terminal's entry of terminfo says, and what xterm sends
 * where the entry has none.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_KEYS_H
#define MWB_TESTS_SCREEN_KEYS_H

#include <stdbool.h>

#include "tests/screen/words.h"

/* The bytes of `written`. False: a key of this name is not known. */
bool keys_bytes(const char *written, const struct names *names, struct text *bytes,
                struct error *err);

#endif
