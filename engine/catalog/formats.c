/* catalog/formats: which files are data, by their suffix, and a look into those that may
 * be something else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/formats.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

static const struct format formats[] = {
    {"csv", FORMAT_TABLE, "csv", "comma-separated text"},
    {"tsv", FORMAT_TABLE, "tsv", "tab-separated text"},
    {"tab", FORMAT_TABLE, "tsv", "tab-separated text"},
    {"sqlite", FORMAT_SQLITE, "sqlite", "an SQLite database"},
    {"sqlite3", FORMAT_SQLITE, "sqlite", "an SQLite database"},
    {"db", FORMAT_SQLITE, "sqlite", "an SQLite database"},
    {"json", FORMAT_TABLE, "json", "JSON"},
    {"jsonl", FORMAT_TABLE, "jsonl", "JSON Lines"},
    {"ndjson", FORMAT_TABLE, "jsonl", "JSON Lines"},
    {"geojson", FORMAT_TABLE, "geojson", "GeoJSON"},
    {"topojson", FORMAT_NOT_READ, "topojson", "TopoJSON"},
    {"parquet", FORMAT_NOT_READ, "parquet", "Parquet"},
    {"arrow", FORMAT_NOT_READ, "arrow", "Arrow"},
    {"xls", FORMAT_NOT_READ, "xls", "an Excel workbook"},
    {"xlsx", FORMAT_NOT_READ, "xlsx", "an Excel workbook"},
    {"ods", FORMAT_NOT_READ, "ods", "a spreadsheet"},
    {"zip", FORMAT_NOT_READ, "zip", "a zip archive"},
};
static const struct format other = {"", FORMAT_OTHER, NULL, "no table"};

const struct format *format_of_word(const char *word)
{
    for (size_t i = 0; word != NULL && i < sizeof formats / sizeof *formats; i++) {
        if (strcasecmp(word, formats[i].suffix) == 0) {
            return &formats[i];
        }
    }
    return NULL;
}

const struct format *format_of_name(const char *name)
{
    char *bare = string_copy_bytes(name, path_unpacked_length(name));
    const char *dot = strrchr(bare, '.');
    const struct format *format = dot != NULL ? format_of_word(dot + 1) : NULL;
    free(bare);
    return format != NULL ? format : &other;
}

/* How often `sign` stands in the line outside of double quotes. */
static size_t count_sign(const char *line, size_t length, char sign)
{
    bool quoted = false;
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        quoted ^= line[i] == '"';
        count += !quoted && line[i] == sign;
    }
    return count;
}

/* A header names its columns: short words without a blank behind the sign or in front. */
static bool looks_like_header(const char *line, size_t length, char sign)
{
    enum { LONGEST_NAME = 64 };
    size_t run = 0;
    for (size_t i = 0; i < length; i++) {
        run = line[i] == sign ? 0 : run + 1;
        if (run > LONGEST_NAME || (line[i] == ' ' && run <= 1)) {
            return false;
        }
    }
    return length > 0;
}

bool format_is_delimited(int fd)
{
    char head[4097];
    ssize_t got = pread(fd, head, sizeof head - 1, 0);
    if (got <= 0 || memchr(head, '\0', (size_t)got) != NULL) {
        return false;
    }
    head[got] = '\0';
    size_t first = strcspn(head, "\r\n");
    const char *next = head + first + strspn(head + first, "\r\n");
    size_t second = strcspn(next, "\r\n");
    for (const char *sign = ",\t;|"; *sign != '\0'; sign++) {
        size_t columns = count_sign(head, first, *sign);
        bool same = second == 0 || count_sign(next, second, *sign) == columns;
        if (columns > 0 && same && looks_like_header(head, first, *sign)) {
            return true;
        }
    }
    return false;
}

/* Of a text in an object: is there an array of objects among its members? */
static bool has_rows_inside(const char *at)
{
    int depth = 0;
    for (; *at != '\0'; at++) {
        if (*at == '"') {
            for (at++; *at != '"' && *at != '\0'; at++) {
                at += *at == '\\' && at[1] != '\0';
            }
            at -= *at == '\0';
        }
        if (*at == '[' && depth == 1 && at[1 + strspn(at + 1, " \t\r\n")] == '{') {
            return true;
        }
        depth += *at == '{' || *at == '[' ? 1 : *at == '}' || *at == ']' ? -1 : 0;
        if (depth == 0 && *at == '}') { /* one object after another */
            return at[1 + strspn(at + 1, " \t\r\n")] == '{';
        }
    }
    return false;
}

bool format_is_json_rows(int fd)
{
    enum { LOOKED_AT = 64 * 1024 };
    char *head = memory_new(LOOKED_AT + 1);
    ssize_t got = pread(fd, head, LOOKED_AT, 0);
    head[got > 0 ? got : 0] = '\0';
    const char *at = head + (strncmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
    at += strspn(at, " \t\r\n");
    char next = *at != '\0' ? at[1 + strspn(at + 1, " \t\r\n")] : '\0';
    bool is = (*at == '[' && (next == '{' || next == '[')) ||
              (*at == '{' && has_rows_inside(at));
    free(head);
    return is;
}
