/* session/explain: what the files that explain errors share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_EXPLAIN_H
#define MWB_SESSION_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/session/worker.h"
#include "engine/text.h"

/* explain_names.c: `rest` is what SQLite's message says behind its first words. Each
 * appends a whole sentence about the running statement. */
void explain_table(struct worker *worker, const char *rest, struct text *out);
void explain_schema(struct worker *worker, const char *rest, struct text *out);
void explain_column(struct worker *worker, const char *rest, struct text *out);
void explain_ambiguous(struct worker *worker, const char *rest, struct text *out);
void explain_function(struct worker *worker, const char *rest, struct text *out);
void explain_arguments(struct worker *worker, const char *rest, struct text *out);

/* explain_syntax.c: what is probably wrong at this byte of one statement, where SQLite
 * could not go on; or, with `at` at its end, what is missing there. Appends a sentence
 * without its capital and full stop; false: nothing is known. */
bool explain_place(const char *sql, size_t length, size_t at, struct text *out);

/* explain_plain.c: a message of SQLite in other words; false: it is not known. */
bool explain_message(const char *message, struct text *out);
/* How other databases' function is written here ("ifnull(x, y)"), or NULL. */
const char *explain_foreign(const char *function);

#endif
