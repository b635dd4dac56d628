/* json_text: is this JSON, and where do its values begin and end?
 *
 * A machine of states that looks at each byte once, in pieces of any size: strict (see
 * json.h), without recursion (a stack of bits), and exact about the first byte that is
 * wrong, which yajl is not. yajl decodes only what has passed here; it would also take
 * texts that are none (bytes behind a number, encoded surrogates).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSON_TEXT_H
#define MWB_IMPORT_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/import/json.h"

enum json_event {
    JSON_MORE,  /* all bytes are used up */
    JSON_BEGIN, /* a value (or name) begins: its first byte is used up, it is `first` */
    JSON_END,   /* it has ended, its last byte is used up */
    JSON_FAULT, /* see fault, byte, line, json_scan_column() */
};

/* {0} is no scan: json_scan_init(). */
struct json_scan {
    int watch; /* levels whose values are told: 0 the top, 1 what is in it ... */
    bool many; /* values may follow one another at the top */

    long long byte; /* offset of the next byte; at a fault, of the byte that is wrong */
    long long line; /* of that byte, from 1 */
    enum json_fault fault;
    char first;  /* of the value that begins */
    bool is_key; /* what begins or has ended is the name of a member */
    int level;   /* of what begins or has ended: containers around it */
    int depth;   /* containers that are open */

    int state;
    bool in_value;
    unsigned char stack[JSON_DEPTH_MOST / 8]; /* a bit for each level: an object? */
    const char *word;                         /* what is left of true, false, null */
    unsigned char need, least, most;          /* of a character beyond ASCII */
    int digits;                               /* hexadecimal ones to come */
    unsigned code;                            /* of \uXXXX */
    bool high;                                /* it was the first half of a pair */
    bool lone;                     /* a surrogate stood alone since this was cleared */
    long long character;           /* where the open character begins */
    long long token;               /* where the open string or number begins */
    long long line_byte, trailing; /* of this line: its start; continuation bytes */
};

void json_scan_init(struct json_scan *scan, int watch, bool many);
/* A new text begins at the next byte; offset and line go on. */
void json_scan_restart(struct json_scan *scan);
/* The same at the start of the next line, which is at the offset `byte`. */
void json_scan_next_line(struct json_scan *scan, long long byte);
/* Up to the next event. *used bytes are done with. */
enum json_event json_scan_run(struct json_scan *scan, const char *bytes, size_t length,
                              size_t *used);
/* The text ends here: JSON_END (of a number at the top; call again), JSON_MORE, if it is
 * whole, or JSON_FAULT. */
enum json_event json_scan_finish(struct json_scan *scan);
bool json_scan_has_value(const struct json_scan *scan); /* since the text began */
long long json_scan_column(const struct json_scan *scan);

/* Fill err: what the scan found wrong in the file `name`, and where. False. */
bool json_scan_tell(const struct json_scan *scan, const char *name, struct error *err);

/* One text in memory, whatever its top value is. */
bool json_check(const char *bytes, size_t length, struct json_scan *scan);

#endif
