/* text: a string that grows, and the allocations that cannot fail.
 *
 * A `struct text` always holds a NUL-terminated string once something was appended, and
 * `text_string()` is never NULL. `{0}` is an empty text. Bytes may be anything; the
 * length does not count the final NUL.
 *
 * Running out of memory ends the program here, in one place (status 3, one line on
 * stderr): no caller checks for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TEXT_H
#define MWB_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
    char *data;
    size_t length;
    size_t capacity;
};

/* Life. */
void text_release(struct text *text);             /* free and make empty */
void text_clear(struct text *text);               /* empty, keep the buffer */
char *text_take(struct text *text);               /* the string is yours; text is empty */
const char *text_string(const struct text *text); /* borrowed, never NULL */

/* Growing at the end. */
void text_append(struct text *text, const char *string);
void text_append_bytes(struct text *text, const void *bytes, size_t length);
void text_append_char(struct text *text, char c);
void text_append_repeated(struct text *text, char c, size_t times);
/* As a string of JSON (RFC 8259, section 7), in its quotes. */
void text_append_json(struct text *text, const char *string);
void text_printf(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/* Make room for `extra` more bytes and return where they go; text_grow counts them in. */
char *text_reserve(struct text *text, size_t extra);
void text_grow(struct text *text, size_t added);
void text_truncate(struct text *text, size_t length);

/* Strings on the heap: what comes back is yours, release it with free(). */
char *string_copy(const char *string); /* NULL stays NULL */
char *string_copy_bytes(const char *bytes, size_t length);
char *string_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Questions about strings. A NULL string equals only NULL. */
bool string_equal(const char *a, const char *b);
bool string_equal_fold(const char *a, const char *b); /* ASCII letters fold */
char *string_trim(char *string); /* without blanks at its ends: changed in place */
bool string_starts(const char *string, const char *prefix);
bool string_ends(const char *string, const char *suffix);
bool string_contains_fold(const char *haystack, const char *needle);

/* The name in `names` (NULL-terminated) nearest to `name`, or NULL when none is near:
 * Damerau-Levenshtein distance of at most a third of the length, case folded. */
const char *string_nearest(const char *name, const char *const *names);
/* That distance; more than `limit` counts as limit + 1. */
size_t string_distance(const char *a, const char *b, size_t limit);

/* 48211 -> "48,211". The buffer is the caller's, 32 bytes are enough. */
const char *string_of_count(long long count, char *buffer, size_t size);
/* 1 -> "1 row", 48211 -> "48,211 rows", appended. */
void text_append_count(struct text *text, long long count, const char *noun);
/* 1536 -> "1.5 KiB". */
const char *string_of_bytes(long long bytes, char *buffer, size_t size);
/* 0.381 s -> "0.38 s", 75 -> "1 min 15 s". */
const char *string_of_seconds(double seconds, char *buffer, size_t size);

/* Allocation that does not fail. memory_new gives zeroed bytes. */
void *memory_new(size_t size);
void *memory_new_many(size_t count, size_t size);
void *memory_resize(void *block, size_t size);

#endif
