/* tap: the few lines a unit test needs to speak TAP.
 * Call ok() and is_text() for each fact, and end main with `return tap_done();`.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_TAP_H
#define MWB_TESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_count;
static int tap_failed;

#define ok(condition, ...) tap_ok((condition), __FILE__, __LINE__, __VA_ARGS__)
#define is_text(got, want, ...) tap_is((got), (want), __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, want, ...) tap_is_int((got), (want), __FILE__, __LINE__, __VA_ARGS__)

#define TAP_ROW(verdict)                                                                 \
    va_list tap_args;                                                                    \
    va_start(tap_args, format);                                                          \
    printf("%s %d - ", (verdict) ? "ok" : "not ok", ++tap_count);                        \
    vprintf(format, tap_args);                                                           \
    putchar('\n');                                                                       \
    va_end(tap_args);

#include <stdarg.h>

static inline bool __attribute__((format(printf, 4, 5)))
tap_ok(bool condition, const char *file, int line, const char *format, ...)
{
    TAP_ROW(condition)
    if (!condition) {
        tap_failed++;
        printf("# at %s:%d\n", file, line);
    }
    fflush(stdout);
    return condition;
}

static inline bool __attribute__((format(printf, 5, 6)))
tap_is(const char *got, const char *want, const char *file, int line, const char *format,
       ...)
{
    bool same = got == want || (got != NULL && want != NULL && strcmp(got, want) == 0);
    TAP_ROW(same)
    if (!same) {
        tap_failed++;
        printf("# at %s:%d\n#   got: %s\n#  want: %s\n", file, line,
               got != NULL ? got : "(null)", want != NULL ? want : "(null)");
    }
    fflush(stdout);
    return same;
}

static inline bool __attribute__((format(printf, 5, 6)))
tap_is_int(long long got, long long want, const char *file, int line, const char *format,
           ...)
{
    TAP_ROW(got == want)
    if (got != want) {
        tap_failed++;
        printf("# at %s:%d\n#   got: %lld\n#  want: %lld\n", file, line, got, want);
    }
    fflush(stdout);
    return got == want;
}

/* Under valgrind and in sanitizer builds a time limit measures the tool, not the code. */
static inline bool tap_is_slow(void)
{
#ifdef MWB_ASAN
    return true;
#else
    const char *preload = getenv("LD_PRELOAD"); /* valgrind's own library stands there */
    return preload != NULL && strstr(preload, "vgpreload") != NULL;
#endif
}

static inline void tap_skip(const char *reason)
{
    printf("ok %d # SKIP %s\n", ++tap_count, reason);
    fflush(stdout);
}

static inline int tap_done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
