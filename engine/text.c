/* text: growing strings, questions about strings, and allocation that does not fail.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static void die_out_of_memory(void)
{
    static const char sentence[] = "mwb: out of memory: the system gave no more\n";
    ssize_t ignored = write(STDERR_FILENO, sentence, sizeof sentence - 1);
    (void)ignored;
    exit(3);
}

void *memory_new(size_t size)
{
    void *block = calloc(1, size > 0 ? size : 1);
    if (block == NULL) {
        die_out_of_memory();
    }
    return block;
}

void *memory_new_many(size_t count, size_t size)
{
    void *block = calloc(count > 0 ? count : 1, size > 0 ? size : 1);
    if (block == NULL) {
        die_out_of_memory();
    }
    return block;
}

void *memory_resize(void *block, size_t size)
{
    void *bigger = realloc(block, size > 0 ? size : 1);
    if (bigger == NULL) {
        die_out_of_memory();
    }
    return bigger;
}

void text_release(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

void text_clear(struct text *text)
{
    text_truncate(text, 0);
}

void text_truncate(struct text *text, size_t length)
{
    if (text->data != NULL && length <= text->length) {
        text->length = length;
        text->data[length] = '\0';
    }
}

char *text_take(struct text *text)
{
    char *data = text->data != NULL ? text->data : memory_new(1);
    *text = (struct text){0};
    return data;
}

const char *text_string(const struct text *text)
{
    return text->data != NULL ? text->data : "";
}

char *text_reserve(struct text *text, size_t extra)
{
    if (extra > SIZE_MAX / 2 - text->length - 1) {
        die_out_of_memory();
    }
    size_t need = text->length + extra + 1;
    if (need > text->capacity) {
        size_t capacity = text->capacity > 0 ? text->capacity * 2 : 32;
        text->capacity = capacity < need ? need : capacity;
        text->data = memory_resize(text->data, text->capacity);
    }
    text->data[text->length] = '\0';
    return text->data + text->length;
}

void text_grow(struct text *text, size_t added)
{
    text->length += added;
    text->data[text->length] = '\0';
}

void text_append_bytes(struct text *text, const void *bytes, size_t length)
{
    char *to = text_reserve(text, length);
    if (length > 0) {
        memcpy(to, bytes, length);
    }
    text_grow(text, length);
}

void text_append(struct text *text, const char *string)
{
    text_append_bytes(text, string, strlen(string));
}

void text_append_char(struct text *text, char c)
{
    text_append_bytes(text, &c, 1);
}

void text_append_json(struct text *text, const char *string)
{
    text_append_char(text, '"');
    for (const char *p = string; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\') {
            text_append_char(text, '\\');
            text_append_char(text, *p);
        } else if (c == '\n') {
            text_append(text, "\\n");
        } else if (c < ' ' || c == 0x7F) {
            text_printf(text, "\\u%04x", c);
        } else {
            text_append_char(text, *p);
        }
    }
    text_append_char(text, '"');
}

void text_append_repeated(struct text *text, char c, size_t times)
{
    memset(text_reserve(text, times), c, times);
    text_grow(text, times);
}

void text_vprintf(struct text *text, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    if (length > 0) {
        char *to = text_reserve(text, (size_t)length);
        vsnprintf(to, (size_t)length + 1, format, again);
        text_grow(text, (size_t)length);
    }
    va_end(again);
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_vprintf(text, format, args);
    va_end(args);
}

char *string_copy(const char *string)
{
    return string != NULL ? string_copy_bytes(string, strlen(string)) : NULL;
}

char *string_copy_bytes(const char *bytes, size_t length)
{
    char *copy = memory_new(length + 1);
    if (length > 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}

char *string_printf(const char *format, ...)
{
    struct text text = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    return text_take(&text);
}

bool string_equal(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool string_equal_fold(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcasecmp(a, b) == 0);
}

char *string_trim(char *string)
{
    while (isspace((unsigned char)*string)) {
        string++;
    }
    size_t length = strlen(string);
    while (length > 0 && isspace((unsigned char)string[length - 1])) {
        string[--length] = '\0';
    }
    return string;
}

bool string_starts(const char *string, const char *prefix)
{
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool string_ends(const char *string, const char *suffix)
{
    size_t n = strlen(string);
    size_t m = strlen(suffix);
    return n >= m && memcmp(string + n - m, suffix, m) == 0;
}

bool string_contains_fold(const char *haystack, const char *needle)
{
    size_t m = strlen(needle);
    for (; strlen(haystack) >= m; haystack++) {
        if (strncasecmp(haystack, needle, m) == 0) {
            return true;
        }
        if (*haystack == '\0') {
            break;
        }
    }
    return false;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

enum { DISTANCE_LONGEST = 64 };

size_t string_distance(const char *a, const char *b, size_t limit)
{
    size_t rows[3][DISTANCE_LONGEST + 1];
    size_t n = strlen(a);
    size_t m = strlen(b);
    if (n > DISTANCE_LONGEST || m > DISTANCE_LONGEST) {
        return string_equal_fold(a, b) ? 0 : limit + 1;
    }
    for (size_t j = 0; j <= m; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            int x = tolower((unsigned char)a[i - 1]);
            int y = tolower((unsigned char)b[j - 1]);
            now[j] = smallest(last[j] + 1, now[j - 1] + 1, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                y == tolower((unsigned char)a[i - 2]) && before[j - 2] + 1 < now[j]) {
                now[j] = before[j - 2] + 1;
            }
        }
    }
    size_t distance = rows[n % 3][m];
    return distance > limit ? limit + 1 : distance;
}

const char *string_nearest(const char *name, const char *const *names)
{
    size_t limit = strlen(name) / 3 > 0 ? strlen(name) / 3 : 1;
    const char *best = NULL;
    for (size_t i = 0; names[i] != NULL; i++) {
        size_t distance = string_distance(name, names[i], limit);
        if (distance <= limit) {
            best = names[i];
            if (distance == 0) {
                break;
            }
            limit = distance - 1;
        }
    }
    return best;
}

const char *string_of_count(long long count, char *buffer, size_t size)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%lld", count);
    size_t n = strlen(digits);
    size_t to = 0;
    for (size_t i = 0; i < n && to + 2 < size; i++) {
        if (i > (digits[0] == '-') && (n - i) % 3 == 0) {
            buffer[to++] = ',';
        }
        buffer[to++] = digits[i];
    }
    buffer[to] = '\0';
    return buffer;
}

void text_append_count(struct text *text, long long count, const char *noun)
{
    char digits[32];
    text_printf(text, "%s %s%s", string_of_count(count, digits, sizeof digits), noun,
                count == 1 ? "" : "s");
}

const char *string_of_bytes(long long bytes, char *buffer, size_t size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double amount = (double)bytes;
    size_t unit = 0;
    while (amount >= 1024 && unit < 4) {
        amount /= 1024;
        unit++;
    }
    snprintf(buffer, size, unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
    return buffer;
}

const char *string_of_seconds(double seconds, char *buffer, size_t size)
{
    if (seconds < 60) {
        snprintf(buffer, size, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
    } else if (seconds < 3600) {
        snprintf(buffer, size, "%d min %d s", (int)seconds / 60, (int)seconds % 60);
    } else {
        long minutes = (long)(seconds / 60);
        snprintf(buffer, size, "%ld h %ld min", minutes / 60, minutes % 60);
    }
    return buffer;
}
