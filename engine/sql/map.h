/* sql/map: marks in a text, a few thousand bytes apart, and walking from one to the next.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SQL_MAP_H
#define MWB_SQL_MAP_H

#include <stdint.h>

#include "engine/sql/phase.h"

enum { SQL_MARK_APART = 4096 };

/* What is known between two tokens. */
struct sql_place {
    size_t offset;
    size_t breaks;     /* of lines before it */
    size_t statements; /* that began before it */
    size_t start, end; /* of the statement so far, without blanks; start SIZE_MAX: none */
    size_t depth;      /* of open parentheses in it */
    enum sql_phase phase;
};

struct sql_mark {
    struct sql_place place;
    size_t least; /* depth from here to the next mark */
};

struct sql_map {
    struct text text;
    struct array marks;   /* of struct sql_mark; the first at 0 */
    struct sql_place end; /* behind the last token */
};

/* Step over the token at the place; false at `length`. */
bool sql_place_step(struct sql_place *place, const char *sql, size_t length,
                    struct sql_token *token);

static inline const struct sql_mark *sql_map_mark(const struct sql_map *map, size_t index)
{
    return (const struct sql_mark *)map->marks.items + index;
}

#endif
