/* session/message: what parent and child of a session tell each other.
 * Fields are written one after the other: numbers as 8 bytes, strings with their length
 * before them. A reader that runs out of bytes is `broken` and gives zeros and NULL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_MESSAGE_H
#define MWB_SESSION_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/text.h"

enum message_type {
    MESSAGE_RUN,     /* to the child: see request.c */
    MESSAGE_STARTED, /* the child has it */
    MESSAGE_COLUMNS, /* file, table, classification, start and length of the statement,
                        count; then for each name, declared, product, table, column */
    MESSAGE_ROWS,    /* rows readable now */
    MESSAGE_SCANNED, /* rows of tables looked at by the statement */
    MESSAGE_DONE,    /* kind, sentence, offset, rows, changes, limited, products,
                        versions, needs, notes, asks, destroys, transaction */
};

struct message_reader {
    const char *at;
    size_t left;
    bool broken;
};

void message_put_number(struct text *out, long long number);
void message_put_bytes(struct text *out, const char *bytes, size_t length);
void message_put_string(struct text *out, const char *string); /* may be NULL */

long long message_number(struct message_reader *in);
/* Yours, ends in NUL; NULL when NULL was put. length may be NULL. */
char *message_string(struct message_reader *in, size_t *length);

#endif
