/* functions: what the files of this room share: moments, and how each set registers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FUNCTIONS_PRIVATE_H
#define MWB_FUNCTIONS_PRIVATE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

/* A moment as microseconds since 1970, UTC, in the proleptic Gregorian calendar. */
struct moment {
    long long micros;
    bool is_day; /* written without a time */
};

enum {
    MICROS_A_SECOND = 1000000,
    SECONDS_A_DAY = 86400,
    MOMENT_SIZE = 40, /* bytes of one as text */
};
#define MICROS_A_DAY ((long long)SECONDS_A_DAY * MICROS_A_SECOND)

struct civil {
    long long year;
    int month, day; /* from 1 */
};

bool moment_parse(const char *text, struct moment *out);
/* "2026-11-23" or "2026-11-23 18:00:00", with a fraction when there is one. */
void moment_print(const struct moment *moment, char out[MOMENT_SIZE]);
long long moment_days(const struct moment *moment); /* whole days since 1970 */
struct civil civil_of_days(long long days);
long long days_of_civil(long long year, int month, int day);
int days_of_month(long long year, int month);

/* '1 month 2 days' */
struct interval {
    long long months, days, micros;
};
bool interval_parse(const char *text, struct interval *out);
void moment_shift(struct moment *moment, const struct interval *interval, int sign);

/* Divides so that the rest is never negative. */
static inline long long floor_divide(long long a, long long b)
{
    return a / b - (a % b < 0);
}

struct function_row {
    const char *name;
    int arguments;
    void (*call)(sqlite3_context *, int, sqlite3_value **);
    void (*step)(sqlite3_context *, int, sqlite3_value **);
    void (*final)(sqlite3_context *);
};
void functions_add(sqlite3 *db, const struct function_row *rows, size_t count);

void dates_register(sqlite3 *db); /* dates.c */
void casts_register(sqlite3 *db); /* casts.c */

#endif
