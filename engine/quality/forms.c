/* quality/forms: what addresses, numbers of hosts, dates and times look like.
 *
 * Sources: RFC 5321 §4.1.2 (addresses, without quoted and literal parts), RFC 1123 §2.1,
 * RFC 3986 §3.1, RFC 9562 §4, RFC 4648 §4, ISO 8601-1:2019 as engine/import/dates.h has
 * it. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "engine/quality/test.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* ---- Names and addresses ---- */

static bool is_hostname(const char *text, size_t length)
{
    size_t label = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '.') {
            if (label == 0 || text[i - 1] == '-') {
                return false;
            }
            label = 0;
        } else if (is_digit(text[i]) || is_letter(text[i]) ||
                   (text[i] == '-' && label > 0)) {
            label++;
        } else {
            return false;
        }
        if (label > 63) {
            return false;
        }
    }
    return length > 0 && length <= 253 && label > 0 && text[length - 1] != '-';
}

static bool is_email(const char *text, size_t length)
{
    const char *at = memchr(text, '@', length);
    size_t local = at != NULL ? (size_t)(at - text) : 0;
    if (local == 0 || local > 64 || text[0] == '.' || text[local - 1] == '.') {
        return false;
    }
    for (size_t i = 0; i < local; i++) {
        bool is_atom = is_digit(text[i]) || is_letter(text[i]) || (text[i] & 0x80) != 0 ||
                       strchr("!#$%&'*+-/=?^_`{|}~.", text[i]) != NULL;
        if (!is_atom || text[i] == '\0' || (text[i] == '.' && text[i + 1] == '.')) {
            return false;
        }
    }
    const char *host = at + 1;
    size_t rest = length - local - 1;
    return is_hostname(host, rest) && memchr(host, '.', rest) != NULL;
}

static bool is_uuid(const char *text, size_t length)
{
    for (size_t i = 0; i < length && length == 36; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text[i] != '-' : !is_hex(text[i])) {
            return false;
        }
    }
    return length == 36;
}

static bool is_uri(const char *text, size_t length)
{
    const char *colon = memchr(text, ':', length);
    if (colon == NULL || !is_letter(text[0]) || colon + 1 == text + length) {
        return false;
    }
    for (const char *p = text; p < colon; p++) {
        if (!is_letter(*p) && !is_digit(*p) && strchr("+-.", *p) == NULL) {
            return false;
        }
    }
    for (const char *p = colon; p < text + length; p++) {
        if ((unsigned char)*p <= ' ' || *p == '<' || *p == '>' || *p == '"' ||
            *p == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool is_ip(int family, const char *text, size_t length)
{
    char copy[INET6_ADDRSTRLEN + 1];
    unsigned char address[16];
    if (length >= sizeof copy || memchr(text, '\0', length) != NULL) {
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return inet_pton(family, copy, address) == 1;
}

static bool is_ipv4(const char *text, size_t length)
{
    return is_ip(AF_INET, text, length);
}

static bool is_ipv6(const char *text, size_t length)
{
    return is_ip(AF_INET6, text, length);
}

static bool is_base64(const char *text, size_t length)
{
    size_t end = length;
    while (end > 0 && length - end < 2 && text[end - 1] == '=') {
        end--;
    }
    for (size_t i = 0; i < end; i++) {
        if (!is_letter(text[i]) && !is_digit(text[i]) && text[i] != '+' &&
            text[i] != '/') {
            return false;
        }
    }
    return length % 4 == 0;
}

static bool is_anything(const char *text, size_t length)
{
    (void)text;
    (void)length;
    return true;
}

const struct quality_form *quality_form_named(const char *name)
{
    static const struct quality_form forms[] = {
        {"email", is_email},       {"uuid", is_uuid},     {"uri", is_uri},
        {"hostname", is_hostname}, {"ipv4", is_ipv4},     {"ipv6", is_ipv6},
        {"byte", is_base64},       {"binary", is_base64}, {"password", is_anything},
        {"default", is_anything},  {"url", is_uri},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (string_equal_fold(forms[i].name, name)) {
            return &forms[i];
        }
    }
    return NULL;
}

/* ---- Dates and times ---- */

struct cursor {
    const char *at, *end;
};

static bool take_number(struct cursor *cursor, size_t digits, int *number)
{
    *number = 0;
    if ((size_t)(cursor->end - cursor->at) < digits) {
        return false;
    }
    for (size_t i = 0; i < digits; i++, cursor->at++) {
        if (!is_digit(*cursor->at)) {
            return false;
        }
        *number = *number * 10 + (*cursor->at - '0');
    }
    return true;
}

static bool take_sign(struct cursor *cursor, char sign)
{
    if (cursor->at < cursor->end && *cursor->at == sign) {
        cursor->at++;
        return true;
    }
    return false;
}

static bool take_date(struct cursor *cursor)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!take_number(cursor, 4, &year) || !take_sign(cursor, '-') ||
        !take_number(cursor, 2, &month) || !take_sign(cursor, '-') ||
        !take_number(cursor, 2, &day) || month < 1 || month > 12 || day < 1) {
        return false;
    }
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] && (month != 2 || day < 29 || is_leap);
}

static bool take_clock(struct cursor *cursor)
{
    int hour, minute, second = 0;
    if (!take_number(cursor, 2, &hour) || !take_sign(cursor, ':') ||
        !take_number(cursor, 2, &minute) || hour > 24 || minute > 59) {
        return false;
    }
    if (take_sign(cursor, ':')) {
        if (!take_number(cursor, 2, &second) || second > 60) {
            return false;
        }
        if (take_sign(cursor, '.') || take_sign(cursor, ',')) {
            const char *start = cursor->at;
            while (cursor->at < cursor->end && is_digit(*cursor->at)) {
                cursor->at++;
            }
            if (cursor->at == start) {
                return false;
            }
        }
    }
    return hour < 24 || (minute == 0 && second == 0);
}

static bool take_offset(struct cursor *cursor)
{
    int hours, minutes;
    if (take_sign(cursor, 'Z') || cursor->at == cursor->end) {
        return true;
    }
    if (!take_sign(cursor, '+') && !take_sign(cursor, '-')) {
        return false;
    }
    if (!take_number(cursor, 2, &hours) || hours > 23) {
        return false;
    }
    bool has_colon = take_sign(cursor, ':');
    return (cursor->at == cursor->end && !has_colon) ||
           (take_number(cursor, 2, &minutes) && minutes < 60);
}

bool quality_form_date(const char *text, size_t length)
{
    struct cursor cursor = {text, text + length};
    return take_date(&cursor) && cursor.at == cursor.end;
}

bool quality_form_time(const char *text, size_t length)
{
    struct cursor cursor = {text, text + length};
    return take_clock(&cursor) && take_offset(&cursor) && cursor.at == cursor.end;
}

bool quality_form_timestamp(const char *text, size_t length)
{
    struct cursor cursor = {text, text + length};
    if (!take_date(&cursor)) {
        return false;
    }
    if (cursor.at == cursor.end) {
        return true;
    }
    return (take_sign(&cursor, 'T') || take_sign(&cursor, ' ')) && take_clock(&cursor) &&
           take_offset(&cursor) && cursor.at == cursor.end;
}

bool quality_form_year(const char *text, size_t length)
{
    struct cursor cursor = {text, text + length};
    int year;
    take_sign(&cursor, '-');
    return take_number(&cursor, 4, &year) && cursor.at == cursor.end;
}

bool quality_form_month(const char *text, size_t length)
{
    struct cursor cursor = {text, text + length};
    int year, month;
    return take_number(&cursor, 4, &year) && take_sign(&cursor, '-') &&
           take_number(&cursor, 2, &month) && month >= 1 && month <= 12 &&
           cursor.at == cursor.end;
}

/* P1Y2M10DT2H30M, P2W */
bool quality_form_duration(const char *text, size_t length)
{
    struct cursor cursor = {text, text + length};
    const char *letters = "YMWD";
    bool has_part = false;
    take_sign(&cursor, '-');
    if (!take_sign(&cursor, 'P')) {
        return false;
    }
    while (cursor.at < cursor.end) {
        if (*cursor.at == 'T') {
            letters = "HMS"; /* at least one of them follows: no digit ends it */
            cursor.at++;
        }
        const char *start = cursor.at;
        while (cursor.at < cursor.end && (is_digit(*cursor.at) || *cursor.at == '.')) {
            cursor.at++;
        }
        if (cursor.at == start || cursor.at == cursor.end || *cursor.at == '\0' ||
            strchr(letters, *cursor.at) == NULL) {
            return false;
        }
        cursor.at++;
        has_part = true;
    }
    return has_part;
}
