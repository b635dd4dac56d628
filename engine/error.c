/* error: fill and extend the one sentence that tells what failed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/error.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Cut a message that filled the buffer before a broken UTF-8 character. */
static void trim_partial_character(char *message, size_t length)
{
    size_t start = length;
    while (start > 0 && ((unsigned char)message[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return;
    }
    unsigned char lead = (unsigned char)message[start - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (need > length - start + 1) {
        message[start - 1] = '\0';
    }
}

bool error_vset(struct error *err, enum error_kind kind, const char *format, va_list args)
{
    if (err == NULL) {
        return false;
    }
    err->kind = kind;
    int n = vsnprintf(err->message, sizeof err->message, format, args);
    if (n >= (int)sizeof err->message) {
        trim_partial_character(err->message, sizeof err->message - 1);
    }
    return false;
}

bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_vset(err, kind, format, args);
    va_end(args);
    return false;
}

bool error_prefix(struct error *err, const char *format, ...)
{
    if (err == NULL) {
        return false;
    }
    struct error old = *err;
    va_list args;
    va_start(args, format);
    error_vset(err, old.kind, format, args);
    va_end(args);
    size_t used = strlen(err->message);
    size_t room = sizeof err->message - used;
    if ((size_t)snprintf(err->message + used, room, "%s", old.message) >= room) {
        trim_partial_character(err->message, sizeof err->message - 1);
    }
    return false;
}

const char *error_of_errno(int number)
{
    static _Thread_local char lowered[128];
    snprintf(lowered, sizeof lowered, "%s", strerror(number));
    if (lowered[0] != '\0' && lowered[1] != '\0' && islower((unsigned char)lowered[1])) {
        lowered[0] = (char)tolower((unsigned char)lowered[0]);
    }
    return lowered;
}
