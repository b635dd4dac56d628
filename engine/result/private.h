/* result: what the files of this room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_RESULT_PRIVATE_H
#define MWB_RESULT_PRIVATE_H

#include <sqlite3.h>

#include "engine/result.h"

struct result {
    char *file, *table;
    sqlite3 *db;
    struct array columns; /* of struct result_column */
    struct array names;   /* of char *: what the columns are called in the table */
    const char *rowid;    /* a name of the rowid that no column has */
    long long count;
    bool complete, sampled;
};

const char *result_name(const struct result *result, size_t index);
/* `SELECT "a","b" FROM "table" WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid`, or one
 * column only. NULL and a sentence on failure. */
sqlite3_stmt *result_prepare(struct result *result, int column, bool backwards,
                             struct error *err);
/* The condition of a filter, in brackets. */
void result_filter_sql(const struct result *result, const struct result_filter *filter,
                       struct text *out);
/* A number as people write it: 5 -1.5 2e9 */
bool result_is_number(const char *text);
/* A sentence for a failed read; kind ERROR_NONE when the writer is in the way. */
bool result_failed(const struct result *result, struct error *err);

#endif
