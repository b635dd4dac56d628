/* table: buffers, packs and renames one CSV file. What stands in it is the callers'
 * matter. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/demo/table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/text.h"

enum { GZIP_WINDOW = 15 + 16, GZIP_LEVEL = 1, GZIP_MEMORY = 9 };

static bool fail(struct table *table, const char *doing, struct error *err)
{
    return error_set(err, ERROR_FAILED,
                     "could not %s %s: %s; free some space or choose another folder",
                     doing, table->path, error_of_errno(table->failure));
}

static void write_all(struct table *table, const void *bytes, size_t length)
{
    const char *from = bytes;
    while (length > 0 && table->failure == 0) {
        ssize_t written = write(table->fd, from, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            table->failure = errno;
            return;
        }
        from += written;
        length -= (size_t)written;
    }
}

static void pack(struct table *table, int flush)
{
    table->stream.next_in = (unsigned char *)table->buffer;
    table->stream.avail_in = (unsigned)table->used;
    int state;
    do {
        table->stream.next_out = table->packed_bytes;
        table->stream.avail_out = TABLE_BUFFER_SIZE;
        state = deflate(&table->stream, flush);
        write_all(table, table->packed_bytes,
                  TABLE_BUFFER_SIZE - table->stream.avail_out);
    } while (table->stream.avail_out == 0 ||
             (flush == Z_FINISH && state != Z_STREAM_END && table->failure == 0));
}

void table_flush(struct table *table)
{
    if (table->packed) {
        pack(table, Z_NO_FLUSH);
    } else {
        write_all(table, table->buffer, table->used);
    }
    table->used = 0;
}

static void start_packing(struct table *table)
{
    table->packed_bytes = memory_new(TABLE_BUFFER_SIZE);
    if (deflateInit2(&table->stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        table->failure = ENOMEM;
        return;
    }
    table->packed = true;
}

bool table_open(struct table *table, const char *folder, const char *relative,
                const char *header, struct error *err)
{
    *table = (struct table){.path = string_printf("%s/%s", folder, relative)};
    table->part = string_printf("%s.%ld.part", table->path, (long)getpid());
    table->fd = open(table->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (table->fd < 0) {
        table->failure = errno;
    } else {
        table->buffer = memory_new(TABLE_BUFFER_SIZE);
        if (string_ends(relative, ".gz")) {
            start_packing(table);
        }
    }
    if (table->failure != 0) {
        fail(table, "make", err);
        table_release(table);
        return false;
    }
    table_bytes(table, header, strlen(header));
    table_bytes(table, "\n", 1);
    return true;
}

bool table_finish(struct table *table, struct error *err)
{
    table_flush(table);
    if (table->packed) {
        pack(table, Z_FINISH);
    }
    int fd = table->fd;
    table->fd = -1;
    if (close(fd) != 0 && table->failure == 0) {
        table->failure = errno;
    }
    return table->failure == 0 || fail(table, "write", err);
}

bool table_commit(struct table *table, struct error *err)
{
    if (rename(table->part, table->path) != 0) {
        table->failure = errno;
        return fail(table, "put in place", err);
    }
    free(table->part);
    table->part = NULL;
    return true;
}

void table_release(struct table *table)
{
    if (table->packed) {
        deflateEnd(&table->stream);
    }
    if (table->path != NULL && table->fd >= 0) {
        close(table->fd);
    }
    if (table->part != NULL) {
        unlink(table->part);
    }
    free(table->part);
    free(table->path);
    free(table->buffer);
    free(table->packed_bytes);
    *table = (struct table){.fd = -1};
}

void table_quoted(struct table *table, const char *text)
{
    table->buffer[table->used++] = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            table->buffer[table->used++] = '"';
        }
        table->buffer[table->used++] = *text;
    }
    table->buffer[table->used++] = '"';
    table_comma(table);
}

void table_decimal(struct table *table, int64_t number, int places)
{
    int64_t unit = 1;
    for (int i = 0; i < places; i++) {
        unit *= 10;
    }
    table_digits(table, (uint64_t)(number / unit), 1);
    table->buffer[table->used++] = '.';
    table_digits(table, (uint64_t)(number % unit), places);
    table_comma(table);
}

void table_date(struct table *table, const struct calendar *calendar, int day)
{
    table_bytes(table, calendar_date(calendar, day), CALENDAR_DATE_SIZE);
    table_comma(table);
}

void table_month(struct table *table, const struct calendar *calendar, int day)
{
    table_bytes(table, calendar_date(calendar, day), 7);
    table_comma(table);
}

void table_instant(struct table *table, const struct calendar *calendar, int32_t instant)
{
    int day = calendar_day_of_instant(instant);
    int32_t second = instant - day * DAY_SECONDS;
    table_bytes(table, calendar_date(calendar, day), CALENDAR_DATE_SIZE);
    char *out = table->buffer + table->used;
    const int parts[3] = {second / 3600, second / 60 % 60, second % 60};
    for (int i = 0; i < 3; i++) {
        out[i * 3] = i == 0 ? 'T' : ':';
        out[i * 3 + 1] = (char)('0' + parts[i] / 10);
        out[i * 3 + 2] = (char)('0' + parts[i] % 10);
    }
    out[9] = 'Z';
    table->used += 10;
    table_comma(table);
}
