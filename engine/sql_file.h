/* sql_file: a file of SQL that begins with a header of comments: saved queries, policies.
 *
 *   -- title: Orders by status
 *   -- description: What became of the orders
 *   --   of this year.
 *   SELECT ...
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SQL_FILE_H
#define MWB_SQL_FILE_H

#include "engine/text.h"

enum { SQL_FILE_KEYS = 24 };

/* `-- key: value` lines; a value goes on in the comment lines below it. */
struct sql_file {
    char *keys[SQL_FILE_KEYS], *values[SQL_FILE_KEYS];
    int lines[SQL_FILE_KEYS]; /* where each stands */
    int count;
    const char *sql; /* behind the header; borrowed from the text */
    int line;        /* where the SQL starts */
};

void sql_file_parse(struct sql_file *file, const char *text);
void sql_file_release(struct sql_file *file);
/* A key as such a line; a value of several lines goes on below, in lines of its own. */
void sql_file_put(struct text *out, const char *key, const char *value);
/* The SQL behind a header: comments that it begins with become ones that are no part of
 * the header. False when there is no way to write them so. */
bool sql_file_put_sql(struct text *out, const char *sql);
/* The value of a key, whatever its case; NULL: there is none. */
const char *sql_header(const struct sql_file *file, const char *key);
int sql_header_line(const struct sql_file *file, const char *key); /* 0: there is none */

#endif
