/* json_row: the text of one object or array to the cells of a row, through yajl.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSON_ROW_H
#define MWB_IMPORT_JSON_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/import/json_keys.h"
#include "engine/import/reader.h"

struct json_row;

/* `keys` stays the caller's; NULL when the rows are arrays. */
struct json_row *json_row_new(struct json_keys *keys);
void json_row_free(struct json_row *row);

enum json_row_state { JSON_ROW_READ, JSON_ROW_TWICE, JSON_ROW_WIDE, JSON_ROW_REFUSED };

/* The text has passed json_scan_run(); `lone`: it has lone surrogates. Fills bytes, cells
 * and count; a column that the object does not have is a cell of kind CELL_NULL.
 * JSON_ROW_TWICE: the member json_row_key() is there twice. JSON_ROW_WIDE: it
 * makes more columns than a table can have, the last one is too many. JSON_ROW_REFUSED:
 * yajl takes it for no JSON. */
enum json_row_state json_row_read(struct json_row *row, const struct text *raw, bool lone,
                                  struct reader_row *into);
const char *json_row_key(const struct json_row *row, size_t *length);
/* Surrogates that became U+FFFD in all rows so far. */
long long json_row_replaced(const struct json_row *row);

#endif
