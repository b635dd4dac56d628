/* table: one CSV file being written, plain or .gz, quick and reproducible.
 *
 * A row is begun, filled field by field from left to right and ended; a row takes at most
 * TABLE_ROW_SIZE bytes. Texts must not need quotes unless table_quoted() is used. Bytes
 * go to a file beside (".part"), which table_commit() renames; the gzip header carries no
 * time and no name, so that equal rows give equal bytes. The first failure sticks: later
 * calls do nothing, and table_failed() tells.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DEMO_TABLE_H
#define MWB_DEMO_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "engine/demo/calendar.h"
#include "engine/error.h"

enum { TABLE_BUFFER_SIZE = 1 << 17, TABLE_ROW_SIZE = 1024 };

struct table {
    char *path; /* of the finished file */
    char *part; /* of the file being written */
    int fd;
    int failure; /* errno of the first failure, or 0 */
    bool packed; /* gzip */
    z_stream stream;
    unsigned char *packed_bytes;
    char *buffer;
    size_t used;
    long long rows;
};

/* Start `folder`/`relative` with its header line. False and a sentence when it cannot be
 * made; the table is released then. */
bool table_open(struct table *table, const char *folder, const char *relative,
                const char *header, struct error *err);
/* Write what is left and close the file beside; it is not visible yet. */
bool table_finish(struct table *table, struct error *err);
/* Make the finished file visible. */
bool table_commit(struct table *table, struct error *err);
/* Free; a file beside that was not committed is removed. */
void table_release(struct table *table);
void table_flush(struct table *table);

static inline bool table_failed(const struct table *table)
{
    return table->failure != 0;
}

static inline void table_begin_row(struct table *table)
{
    if (table->used + TABLE_ROW_SIZE > TABLE_BUFFER_SIZE) {
        table_flush(table);
    }
}

static inline void table_end_row(struct table *table)
{
    table->buffer[table->used - 1] = '\n'; /* the comma after the last field */
    table->rows++;
}

static inline void table_bytes(struct table *table, const char *bytes, size_t length)
{
    memcpy(table->buffer + table->used, bytes, length);
    table->used += length;
}

static inline void table_comma(struct table *table)
{
    table->buffer[table->used++] = ',';
}

static inline void table_text(struct table *table, const char *text)
{
    table_bytes(table, text, strlen(text));
    table_comma(table);
}

static inline void table_empty(struct table *table)
{
    table_comma(table);
}

/* At least `digits` digits, zeros in front. Writes no comma. */
static inline void table_digits(struct table *table, uint64_t number, int digits)
{
    char reversed[24];
    int length = 0;
    do {
        reversed[length++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || length < digits);
    while (length > 0) {
        table->buffer[table->used++] = reversed[--length];
    }
}

static inline void table_integer(struct table *table, int64_t number)
{
    if (number < 0) {
        table->buffer[table->used++] = '-';
        number = -number;
    }
    table_digits(table, (uint64_t)number, 1);
    table_comma(table);
}

/* A text that may hold quotes or commas. */
void table_quoted(struct table *table, const char *text);
/* `number` / 10^places, for example 125, 2 -> 1.25. */
void table_decimal(struct table *table, int64_t number, int places);
void table_date(struct table *table, const struct calendar *calendar, int day);
void table_instant(struct table *table, const struct calendar *calendar, int32_t instant);
/* "2025-11" */
void table_month(struct table *table, const struct calendar *calendar, int day);

#endif
