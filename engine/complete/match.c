/* complete/match: how well a name fits what was typed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { MATCHES_MOST = 64 };

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* A part of a name begins: behind a sign, or with a capital behind a small letter. */
static bool starts_part(const char *name, size_t at)
{
    if (at == 0) {
        return true;
    }
    char before = name[at - 1], here = name[at];
    bool hump = islower((unsigned char)before) && isupper((unsigned char)here);
    bool digit = isalpha((unsigned char)before) && isdigit((unsigned char)here);
    return is_letter(here) && (!is_letter(before) || hump || digit);
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static uint64_t bits(size_t from, size_t count)
{
    uint64_t all = 0;
    for (size_t i = from; i < from + count && i < MATCHES_MOST; i++) {
        all |= (uint64_t)1 << i;
    }
    return all;
}

/* The first place where the word stands: at the start of a part, else anywhere. */
static bool find_whole(const char *word, size_t length, const char *name, bool part,
                       size_t *at)
{
    size_t size = strlen(name);
    for (size_t i = 0; i + length <= size; i++) {
        if ((!part || starts_part(name, i)) && strncasecmp(name + i, word, length) == 0) {
            *at = i;
            return true;
        }
    }
    return false;
}

/* Each letter goes on in the part where the one before stands, or starts a later one. */
static bool find_initials(const char *word, const char *name, uint64_t *matches)
{
    size_t at = 0;
    bool goes_on = false;
    for (; *word != '\0'; word++) {
        while (name[at] != '\0' &&
               !(same(name[at], *word) && (goes_on || starts_part(name, at)))) {
            goes_on = false;
            at++;
        }
        if (name[at] == '\0') {
            return false;
        }
        *matches |= bits(at, 1);
        goes_on = true;
        at++;
    }
    return true;
}

static bool find_letters(const char *word, const char *name, uint64_t *matches)
{
    size_t at = 0;
    bool first = true;
    for (; *word != '\0'; word++) {
        while (name[at] != '\0' &&
               !(same(name[at], *word) && (!first || starts_part(name, at)))) {
            at++;
        }
        if (name[at] == '\0') {
            return false;
        }
        *matches |= bits(at, 1);
        first = false;
        at++;
    }
    return true;
}

enum complete_fit complete_match(const char *word, const char *name, uint64_t *matches)
{
    size_t length = strlen(word), at = 0;
    uint64_t none = 0, *out = matches != NULL ? matches : &none;
    *out = 0;
    if (strncasecmp(word, name, length) == 0) {
        *out = bits(0, length);
        return name[length] == '\0' ? COMPLETE_EXACT : COMPLETE_START;
    }
    if (find_whole(word, length, name, true, &at)) {
        *out = bits(at, length);
        return COMPLETE_PART;
    }
    if (length > 1 && find_initials(word, name, out)) {
        return COMPLETE_INITIALS;
    }
    *out = 0;
    if (find_whole(word, length, name, false, &at)) {
        *out = bits(at, length);
        return COMPLETE_WITHIN;
    }
    if (length > 2 && find_letters(word, name, out)) {
        return COMPLETE_LETTERS;
    }
    *out = 0;
    return COMPLETE_NOT;
}
