/* term: the clipboard of the person's own terminal, by OSC 52 (term.h).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/text.h"
#include "tui/term.h"

#include <string.h>

enum { COPY_MOST = 74994 };

/* The Linux console and the VT series print what they do not know. */
static bool takes_copy(const char *name)
{
    return !string_starts(name, "linux") && !string_starts(name, "vt") &&
           !string_starts(name, "sun") && !string_starts(name, "ansi");
}

/* RFC 4648, section 4. */
static void append_base64(struct text *out, const char *bytes, size_t length)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        size_t have = length - i < 3 ? length - i : 3;
        unsigned group = 0;
        for (size_t j = 0; j < 3; j++) {
            group = group << 8 | (j < have ? (unsigned char)bytes[i + j] : 0);
        }
        for (size_t j = 0; j < 4; j++) {
            text_append_char(out, j <= have ? digits[group >> (18 - 6 * j) & 63] : '=');
        }
    }
}

bool term_copy(struct term *term, const char *bytes, size_t length)
{
    if (length > COPY_MOST || !takes_copy(term_name(term))) {
        return false;
    }
    struct text sequence = {0};
    text_append(&sequence, "\033]52;c;");
    append_base64(&sequence, bytes, length);
    text_append(&sequence, "\007");
    term_put(term, text_string(&sequence));
    text_release(&sequence);
    return true;
}
