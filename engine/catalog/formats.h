/* catalog/formats: which files are data, by their suffix.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_FORMATS_H
#define MWB_CATALOG_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

enum format_kind {
    FORMAT_OTHER,    /* no table: pictures, prose ... */
    FORMAT_TABLE,    /* delimited text, one table a file */
    FORMAT_SQLITE,   /* a database, many tables a file */
    FORMAT_NOT_READ, /* data that is not read yet */
};

struct format {
    const char *suffix; /* without the dot */
    enum format_kind kind;
    const char *name; /* as in catalog_table.format */
    const char *sentence;
};

/* The format of a file name; `.gz` or `.zst` behind it is looked through. Never NULL. */
const struct format *format_of_name(const char *name);
/* Of a word such as "csv" or "CSV"; NULL when it is none of the table. */
const struct format *format_of_word(const char *word);
/* Does the text file (`fd`, at its start) hold a table with a header? For `.txt`. */
bool format_is_delimited(int fd);
/* Does the file begin like rows: an array of objects or arrays, objects one after
 * another, or an object with an array of objects? For `.json`, which may be anything. */
bool format_is_json_rows(int fd);

#endif
