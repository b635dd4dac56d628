/* words: addresses and accounts, also within a longer text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "engine/infotype/private.h"

/* ---- E-mail ---- */

enum { LOCAL_MOST = 64, DOMAIN_MOST = 253, LABEL_MOST = 63, TOP_MOST = 24 };

static bool is_local(char c)
{
    return infotype_is_letter(c) || infotype_is_digit(c) ||
           (c != '\0' && strchr("._%+'-", c) != NULL) || (unsigned char)c >= 0x80;
}

/* A name of a file in two sizes (picture@2x.png) has the form of an address too. */
static bool is_suffix(const char *label, size_t length)
{
    static const char *const suffixes[] = {"png", "jpg", "jpeg", "gif", "svg", "webp",
                                           "css", "js",  "html", "htm", "pdf", "json"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (strlen(suffixes[i]) == length &&
            strncasecmp(suffixes[i], label, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Labels of letters, digits and hyphens, the last one of letters. */
static bool is_domain(const char *text, size_t length)
{
    size_t at = 0, labels = 0, start = 0, end = 0;
    while (at < length && at < DOMAIN_MOST) {
        size_t first = at;
        while (at < length &&
               (infotype_is_letter(text[at]) || infotype_is_digit(text[at]) ||
                text[at] == '-' || (unsigned char)text[at] >= 0x80)) {
            at++;
        }
        if (at == first || at - first > LABEL_MOST || text[first] == '-') {
            break;
        }
        labels++;
        start = first;
        end = at;
        if (at >= length || text[at] != '.') {
            break;
        }
        at++;
    }
    bool letters = end - start >= 2 && end - start <= TOP_MOST;
    for (size_t i = start; i < end; i++) {
        letters = letters && !infotype_is_digit(text[i]) && text[i] != '-';
    }
    return labels >= 2 && letters && !is_suffix(text + start, end - start);
}

enum infotype_grade infotype_email(const char *value, size_t length)
{
    const char *end = value + length, *from = value;
    for (const char *at; (at = memchr(from, '@', (size_t)(end - from))) != NULL;) {
        const char *local = at;
        while (local > value && at - local <= LOCAL_MOST && is_local(local[-1])) {
            local--;
        }
        bool good = at > local && at - local <= LOCAL_MOST && at[-1] != '.' &&
                    local[0] != '.' && (local == value || local[-1] != '/');
        if (good && is_domain(at + 1, (size_t)(end - at) - 1)) {
            return GRADE_SURE;
        }
        from = at + 1;
    }
    return GRADE_NONE;
}

/* ---- IBAN ---- */

enum { IBAN_LEAST = 15, IBAN_MOST = 34 };

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* ISO 7064, mod 97-10: the first four signs go behind the others, letters count 10 to
 * 35. */
static bool is_checked(const char *signs, size_t count)
{
    unsigned rest = 0;
    for (size_t i = 0; i < count; i++) {
        char c = signs[(i + 4) % count];
        unsigned worth = is_upper(c) ? (unsigned)(c - 'A') + 10 : (unsigned)(c - '0');
        rest = (worth > 9 ? rest * 100 + worth : rest * 10 + worth) % 97;
    }
    return rest == 1;
}

/* The signs of one that begins here, without blanks; it may be any first part of them. */
static bool begins_iban(const char *text, size_t length)
{
    char signs[IBAN_MOST];
    size_t count = 0, group = 0;
    if (length < IBAN_LEAST || !is_upper(text[0]) || !is_upper(text[1]) ||
        !infotype_is_digit(text[2]) || !infotype_is_digit(text[3])) {
        return false;
    }
    for (size_t i = 0; i < length && count < IBAN_MOST; i++) {
        char c = text[i];
        bool blank = c == ' ' && group == 4;
        if (!blank && !is_upper(c) && !infotype_is_digit(c)) {
            break;
        }
        group = blank ? 0 : group % 4 + 1;
        if (!blank) {
            signs[count++] = c;
        }
        bool ends = i + 1 >= length ||
                    (!is_upper(text[i + 1]) && !infotype_is_digit(text[i + 1]));
        if (!blank && ends && count >= IBAN_LEAST && is_checked(signs, count)) {
            return true;
        }
    }
    return false;
}

enum infotype_grade infotype_iban(const char *value, size_t length)
{
    for (size_t i = 0; i + IBAN_LEAST <= length; i++) {
        bool starts = i == 0 || (!infotype_is_letter(value[i - 1]) &&
                                 !infotype_is_digit(value[i - 1]));
        if (starts && begins_iban(value + i, length - i)) {
            return GRADE_SURE;
        }
    }
    return GRADE_NONE;
}
