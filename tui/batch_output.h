/* batch_output: standard output of the verbs. Part of batch.
 *
 * Text that may hold names of others (cards, summaries, lint findings) is always made
 * safe. Rows are true bytes for a file or a pipe and are made safe, line by line, when a
 * terminal reads them: a cell may hold an escape sequence.
 *
 * The first thing that goes wrong is kept and everything after it is dropped, so callers
 * may print on and look once, in output_end(). A reader that has gone (`mwb ... | head`)
 * is no error: it had what it wanted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_BATCH_OUTPUT_H
#define MWB_TUI_BATCH_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/text.h"

struct output {
    bool is_terminal;
    bool reader_is_gone;
    struct text line;   /* of rows for a terminal: not yet whole */
    struct text buffer; /* on its way */
    struct error error; /* the first; kind 0: none */
};

/* Columns of the terminal; 0 when stdout is none: then lines are as long as they need. */
int output_width(void);
int output_progress_width(void); /* the same of standard error */

void output_begin(struct output *output);
/* Write what waits; true when all of it went out, or nobody reads it any more. Releases.
 */
bool output_end(struct output *output, struct error *err);

void output_text(struct output *output, const char *text); /* made safe; LF stays */
void output_printf(struct output *output, const char *format, ...)
    __attribute__((format(printf, 2, 3))); /* made safe, too */
/* Rows. False when it makes no sense to go on, because of an error or a lost reader. */
bool output_rows(struct output *output, const char *bytes, size_t length);

#endif
