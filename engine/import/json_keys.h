/* json_keys: the members that objects have, by their paths, and the columns they are.
 *
 * A path is a chain of keys, so "a.b" and b in a are two. Each key knows in which row it
 * was seen last, which is how a member that is there twice is found. Columns of a row
 * that is rejected are taken back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSON_KEYS_H
#define MWB_IMPORT_JSON_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/text.h"

enum { JSON_KEYS_ROOT = 0 }; /* the row itself */

struct json_keys;

/* `declared`: of struct catalog_column, or NULL; an object with the name of one is kept
 * whole. */
struct json_keys *json_keys_new(const struct array *declared, bool keep_nested);
void json_keys_free(struct json_keys *keys);

void json_keys_begin_row(struct json_keys *keys);
void json_keys_undo_row(struct json_keys *keys); /* all that is new since it began */

/* The key of that name in its parent. False: the row has it already. */
bool json_keys_see(struct json_keys *keys, size_t parent, const char *name, size_t length,
                   size_t *key);
/* Is an object there JSON text? */
bool json_keys_is_kept(const struct json_keys *keys, size_t key);
/* The column of the key; it becomes one if it is none. */
size_t json_keys_column(struct json_keys *keys, size_t key);

size_t json_keys_count(const struct json_keys *keys); /* of columns */
/* a.b; borrowed until the next call. A NUL in a name is '_'. */
const char *json_keys_name(struct json_keys *keys, size_t column);

#endif
