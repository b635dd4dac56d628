/* diff/shapes: what is read of an index.
 *
 * A shape is a kind of thing and the query that finds all of it. Its first seven columns
 * say where it belongs: row of the parent, own row, key, name, file, line, position; each
 * other column is a field, called as people read it. The queries see the tables scope_...
 * that diff/read makes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DIFF_SHAPES_H
#define MWB_DIFF_SHAPES_H

#include <stddef.h>

#include "engine/diff.h"

struct diff_shape {
    enum diff_kind kind, parent; /* parent DIFF_KINDS: the root */
    const char *sql;
};
extern const struct diff_shape diff_shapes[];
extern const size_t diff_shape_count;

/* Parts that hang below several kinds: who owns them (row, kind, id), and what they are.
 */
struct diff_owner {
    enum diff_kind parent;
    const char *sql;
};
extern const struct diff_owner diff_owners[];
extern const size_t diff_owner_count;

struct diff_part {
    enum diff_kind kind;
    const char *select, *table; /* the columns behind parent and row; of table x */
};
extern const struct diff_part diff_parts[];
extern const size_t diff_part_count;

/* Fields of things that were read, in rows of their own: row, field, value. The first
 * value of a field counts. */
struct diff_extra {
    enum diff_kind kind;
    const char *sql;
};
extern const struct diff_extra diff_extras[];
extern const size_t diff_extra_count;

#endif
