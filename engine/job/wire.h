/* wire: whole messages over the socket between a job and its child (private to the room).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_JOB_WIRE_H
#define MWB_JOB_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/text.h"

enum { WIRE_MOST = 64 << 20 };

/* Types below 0 are the room's own. */
enum { WIRE_PROGRESS = -1, WIRE_END = -2 };

struct wire_head {
    uint32_t length;
    int32_t type;
};

/* Write it all, waiting at most `seconds` for room (below 0: for ever). */
bool wire_write(int fd, int type, const void *bytes, size_t length, double seconds);

/* The first whole message in `buffer`: its bytes follow the head. False: not whole yet;
 * *broken when it can never be one. */
bool wire_peek(const struct text *buffer, struct wire_head *head, bool *broken);
void wire_drop(struct text *buffer, const struct wire_head *head);

#endif
