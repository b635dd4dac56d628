/* digits: numbers of telephones and cards, addresses of the internet.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "engine/infotype/private.h"

/* ---- Groups of digits ---- */

enum { GROUPS_MOST = 8, DIGITS_MOST = 19 };

/* "(030) 123-4567": three groups, ten digits, three kinds of separators. */
struct groups {
    char digits[DIGITS_MOST + 1];
    size_t count;
    size_t sizes[GROUPS_MOST], groups;
    size_t dots, others; /* separators that are dots, and other ones */
    bool bracket;        /* the first group stands in brackets */
};

/* All of the text must be digits and separators, at most two of those together. */
static bool read_groups(const char *text, size_t length, struct groups *groups)
{
    size_t between = 2;
    memset(groups, 0, sizeof *groups);
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (infotype_is_digit(c)) {
            if (groups->count == DIGITS_MOST ||
                (between > 0 && groups->groups == GROUPS_MOST)) {
                return false;
            }
            groups->groups += between > 0 ? 1 : 0;
            groups->sizes[groups->groups - 1]++;
            groups->digits[groups->count++] = c;
            between = 0;
            continue;
        }
        bool known = strchr(" -./()", c) != NULL && c != '\0';
        bool early = i > 0 && groups->count == 0 && c != '(';
        if (!known || early || ++between > (i == 0 ? 3 : 2)) {
            return false;
        }
        groups->bracket |= c == '(' && groups->count == 0;
        groups->dots += c == '.' ? 1 : 0;
        groups->others += c == '.' ? 0 : 1;
    }
    return between == 0;
}

/* ---- Telephones ---- */

enum { PHONE_LEAST = 9, PHONE_MOST = 15 };

/* " ext. 12", " x12" behind a number. */
static size_t without_extension(const char *text, size_t length)
{
    size_t end = length, digits;
    while (end > 0 && infotype_is_digit(text[end - 1])) {
        end--;
    }
    digits = length - end;
    while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '.')) {
        end--;
    }
    static const char *const words[] = {"ext", "x", "Ext", "EXT", "X"};
    for (size_t i = 0; digits > 0 && digits < 7 && i < sizeof words / sizeof words[0];
         i++) {
        size_t size = strlen(words[i]);
        if (end > size && memcmp(text + end - size, words[i], size) == 0) {
            end -= size;
            while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == ',')) {
                end--;
            }
            return end;
        }
    }
    return length;
}

/* Behind a + : the code of a country begins with no 0; nothing else is written so. */
static bool is_international(const char *text, size_t length)
{
    size_t digits = 0, i = 0, between = 0;
    if (length == 0 || text[0] < '1' || text[0] > '9') {
        return false;
    }
    for (; i < length && between <= 2; i++) {
        bool digit = infotype_is_digit(text[i]);
        if (!digit && (text[i] == '\0' || strchr(" -./()", text[i]) == NULL)) {
            break;
        }
        digits += digit ? 1 : 0;
        between = digit ? 0 : between + 1;
    }
    bool ends = i >= length || !infotype_is_letter(text[i]) || text[i - 1] == ' ';
    return ends && digits >= PHONE_LEAST && digits <= PHONE_MOST;
}

static bool has_international(const char *value, size_t length)
{
    const char *end = value + length, *from = value;
    for (const char *at; (at = memchr(from, '+', (size_t)(end - from))) != NULL;) {
        bool starts =
            at == value || (!infotype_is_letter(at[-1]) && !infotype_is_digit(at[-1]));
        bool bracket = at + 1 < end && at[1] == '(';
        const char *digits = at + (bracket ? 2 : 1);
        if (starts && is_international(digits, (size_t)(end - digits))) {
            return true;
        }
        from = at + 1;
    }
    return false;
}

/* 555-123-4567, (555) 123-4567: neither area nor exchange begins with 0 or 1. */
static bool is_american(const struct groups *groups)
{
    return groups->groups == 3 && groups->sizes[0] == 3 && groups->sizes[1] == 3 &&
           groups->sizes[2] == 4 && groups->digits[0] > '1' && groups->digits[3] > '1';
}

/* 030 1234567, (030) 12 34 56 78, 0049 30 1234567: dates and numbers of books, which have
 * separators too, do not begin so. */
static bool is_national(const struct groups *groups)
{
    bool trunk = groups->digits[0] == '0' && groups->sizes[0] >= 2 &&
                 groups->sizes[0] <= 6 && groups->groups <= 6;
    bool separated = groups->others > 0 || groups->dots >= 2;
    return separated && (trunk || groups->bracket);
}

enum infotype_grade infotype_phone(const char *value, size_t length)
{
    struct groups groups;
    if (has_international(value, length)) {
        return GRADE_SURE;
    }
    if (length > 4 && strncasecmp(value, "tel:", 4) == 0) {
        value += 4;
        length -= 4;
    }
    length = without_extension(value, length);
    if (!read_groups(value, length, &groups) || groups.count < PHONE_LEAST ||
        groups.count > PHONE_MOST || groups.groups < 2) {
        return GRADE_NONE;
    }
    return is_american(&groups) || is_national(&groups) ? GRADE_MAYBE : GRADE_NONE;
}

/* ---- Cards ---- */

/* Starts of issuers, as numbers of four digits, with the lengths that they have. */
static const struct issuer {
    int first, last, least, most;
} issuers[] = {{4000, 4999, 13, 19}, {5100, 5599, 16, 16}, {2221, 2720, 16, 16},
               {3400, 3499, 15, 15}, {3700, 3799, 15, 15}, {6011, 6011, 16, 19},
               {6440, 6599, 16, 19}, {3528, 3589, 16, 19}, {3000, 3059, 14, 19},
               {3600, 3699, 14, 19}, {3800, 3999, 16, 19}, {6200, 6299, 16, 19}};

static bool has_issuer(const struct groups *groups)
{
    int start = 0, length = (int)groups->count;
    for (int i = 0; i < 4; i++) {
        start = start * 10 + (groups->digits[i] - '0');
    }
    for (size_t i = 0; i < sizeof issuers / sizeof issuers[0]; i++) {
        const struct issuer *issuer = &issuers[i];
        if (start >= issuer->first && start <= issuer->last && length >= issuer->least &&
            length <= issuer->most && (issuer->first != 4000 || length % 3 == 1)) {
            return true;
        }
    }
    return false;
}

/* ISO/IEC 7812-1, annex B. */
static bool is_luhn(const struct groups *groups)
{
    int sum = 0;
    for (size_t i = 0; i < groups->count; i++) {
        int digit = groups->digits[groups->count - 1 - i] - '0';
        digit *= i % 2 == 1 ? 2 : 1;
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

enum infotype_grade infotype_card(const char *value, size_t length)
{
    struct groups groups;
    if (length < 13 || length > 23 || !read_groups(value, length, &groups) ||
        groups.count < 13 || groups.dots > 0 || groups.bracket || !has_issuer(&groups)) {
        return GRADE_NONE;
    }
    bool fours = groups.groups == 4 && groups.sizes[0] == 4 && groups.sizes[1] == 4 &&
                 groups.sizes[2] == 4;
    bool american = groups.groups == 3 && groups.sizes[0] == 4 && groups.sizes[1] == 6;
    if (groups.groups > 1 && !fours && !american) {
        return GRADE_NONE;
    }
    return !is_luhn(&groups) ? GRADE_LIKE : groups.groups > 1 ? GRADE_SURE : GRADE_MAYBE;
}

/* ---- The internet ---- */

enum { SMALL = 32 }; /* parts of versions are small numbers */

enum infotype_grade infotype_ip(const char *value, size_t length)
{
    char text[INET6_ADDRSTRLEN + 4];
    unsigned char bytes[16];
    if (length < 2 || length >= sizeof text) {
        return GRADE_NONE;
    }
    memcpy(text, value, length);
    text[length] = '\0';
    text[strcspn(text, "/")] = '\0'; /* of a net */
    if (inet_pton(AF_INET, text, bytes) == 1) {
        bool large = false;
        for (int i = 0; i < 4; i++) {
            large |= bytes[i] >= SMALL;
        }
        return large && bytes[0] != 0 ? GRADE_MAYBE : GRADE_LIKE;
    }
    bool is_six = inet_pton(AF_INET6, text, bytes) == 1 && strlen(text) > 4;
    return is_six ? GRADE_SURE : GRADE_NONE;
}
