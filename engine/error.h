/* error: one sentence that says what failed.
 *
 * A function that can fail returns bool and takes `struct error *err` last. On failure it
 * fills err with a whole sentence for the user: what was being done, to what, why it
 * failed, what to try. The engine never prints it; the face that asked does, once.
 * The struct is a plain value: `struct error err = {0};` needs no release.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ERROR_H
#define MWB_ERROR_H

#include <stdbool.h>
#include <stdarg.h>

/* The numbers are the exit statuses of the program. */
enum error_kind {
    ERROR_NONE = 0,
    ERROR_VERDICT = 1,     /* done, and the answer is negative (lint found errors) */
    ERROR_USAGE = 2,       /* wrong usage: an unknown verb, option or terminal */
    ERROR_FAILED = 3,      /* it could not be done: not found, I/O, SQL error, refused */
    ERROR_TIMEOUT = 124,   /* stopped at the time limit */
    ERROR_CANCELLED = 130, /* stopped by the person */
};

enum { ERROR_MESSAGE_SIZE = 1024 };

struct error {
    enum error_kind kind;
    char message[ERROR_MESSAGE_SIZE]; /* UTF-8, no newline at the end */
};

/* Fill err (which may be NULL) and return false, so that a caller can
 * `return error_set(err, ...)`. A message that is too long is cut at a whole character.
 */
bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool error_vset(struct error *err, enum error_kind kind, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* Put what was being done before the reason: "could not open x: " + old message. */
bool error_prefix(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The sentence for errno `number`, in words ("no space left on device"): borrowed until
 * the thread asks again. */
const char *error_of_errno(int number);

#endif
