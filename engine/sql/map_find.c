/* sql/map_find: questions to the map of a text. Each walks a few thousand bytes, and
 * passes over the rest from mark to mark.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql/map.h"

#include <string.h>

/* The last mark at or before the byte. */
static size_t mark_before(const struct sql_map *map, size_t at)
{
    size_t low = 0, high = map->marks.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (sql_map_mark(map, middle)->place.offset <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool step(const struct sql_map *map, struct sql_place *place,
                 struct sql_token *token)
{
    return sql_place_step(place, text_string(&map->text), map->text.length, token);
}

size_t sql_map_line(const struct sql_map *map, size_t at)
{
    const struct sql_mark *mark = sql_map_mark(map, mark_before(map, at));
    const char *text = text_string(&map->text);
    size_t line = mark->place.breaks + 1;
    for (size_t i = mark->place.offset; i < at && i < map->text.length; i++) {
        line += text[i] == '\n';
    }
    return line;
}

bool sql_map_token_at(const struct sql_map *map, size_t at, struct sql_token *out)
{
    struct sql_place place = sql_map_mark(map, mark_before(map, at))->place;
    while (step(map, &place, out)) {
        if (place.offset > at) {
            return true;
        }
    }
    return false;
}

/* ---- Statements ---- */

/* The last place before `until`, from a mark on and up to the next, that is within a
 * statement. False: there is none. */
static bool find_within(const struct sql_map *map, size_t index, size_t until,
                        struct sql_place *found)
{
    struct sql_place place = sql_map_mark(map, index)->place;
    struct sql_token token;
    if (index + 1 < map->marks.count &&
        sql_map_mark(map, index + 1)->place.offset < until) {
        until = sql_map_mark(map, index + 1)->place.offset;
    }
    bool any = place.phase != PHASE_EMPTY;
    *found = place;
    while (place.offset < until && step(map, &place, &token)) {
        if (place.phase != PHASE_EMPTY) {
            *found = place;
            any = true;
        }
    }
    return any;
}

/* From a place within a statement to its end. Returns the byte behind its `;`. */
static size_t read_span(const struct sql_map *map, struct sql_place place,
                        struct sql_span *out)
{
    size_t start = place.start;
    struct sql_token token = {0};
    for (size_t i = mark_before(map, place.offset) + 1;
         i < map->marks.count && sql_map_mark(map, i)->place.start == start; i++) {
        place = sql_map_mark(map, i)->place;
    }
    size_t end = place.end;
    while (place.phase != PHASE_EMPTY && step(map, &place, &token)) {
        end = place.phase != PHASE_EMPTY ? place.end : end;
    }
    *out = (struct sql_span){start, end - start, place.phase == PHASE_EMPTY};
    return place.offset;
}

/* Does a statement begin at this byte? */
static bool find_begin(const struct sql_map *map, size_t at, struct sql_place *found)
{
    struct sql_token token;
    *found = sql_map_mark(map, mark_before(map, at))->place;
    while (found->offset < at && step(map, found, &token)) {
    }
    return found->offset == at && found->phase == PHASE_EMPTY &&
           step(map, found, &token) && found->phase != PHASE_EMPTY;
}

/* The first statement of all begins behind the cursor. */
static bool find_first(const struct sql_map *map, struct sql_place *found)
{
    struct sql_token token;
    *found = sql_map_mark(map, 0)->place;
    for (size_t i = 0;
         i + 1 < map->marks.count && sql_map_mark(map, i + 1)->place.statements == 0;
         i++) {
        *found = sql_map_mark(map, i + 1)->place;
    }
    while (found->phase == PHASE_EMPTY && step(map, found, &token)) {
    }
    return found->phase != PHASE_EMPTY;
}

bool sql_map_statement_at(const struct sql_map *map, size_t cursor, struct sql_span *out)
{
    struct sql_place found, begin;
    size_t index = mark_before(map, cursor > 0 ? cursor - 1 : 0);
    while (!find_within(map, index, cursor, &found) && index > 0) {
        index--;
    }
    if (found.phase == PHASE_EMPTY) {
        if (!find_first(map, &found)) {
            return false;
        }
        read_span(map, found, out);
    } else if (read_span(map, found, out) < cursor && find_begin(map, cursor, &begin)) {
        read_span(map, begin, out);
    }
    return true;
}

/* ---- Parentheses ---- */

static bool is_parenthesis(const struct sql_map *map, size_t at)
{
    struct sql_token token;
    const char *text = text_string(&map->text);
    return at < map->text.length && (text[at] == '(' || text[at] == ')') &&
           sql_map_token_at(map, at, &token) && token.kind == SQL_OPERATOR;
}

/* Behind the opening one the depth is `place->depth`: where does it fall below? */
static size_t find_close(const struct sql_map *map, struct sql_place place)
{
    size_t depth = place.depth, start = place.start;
    size_t index = mark_before(map, place.offset);
    struct sql_token token;
    while (step(map, &place, &token) && place.start == start) {
        if (place.depth < depth) {
            return token.start;
        }
        while (index + 1 < map->marks.count &&
               sql_map_mark(map, index + 1)->place.offset <= place.offset) {
            index++;
        }
        bool at_mark = sql_map_mark(map, index)->place.offset == place.offset;
        while (at_mark && index + 1 < map->marks.count &&
               sql_map_mark(map, index)->least >= depth &&
               sql_map_mark(map, index + 1)->place.start == start) {
            place = sql_map_mark(map, ++index)->place;
        }
    }
    return SIZE_MAX;
}

/* The last parenthesis before `until` that raised the depth to `depth`, between the mark
 * and the next. */
static size_t last_raise(const struct sql_map *map, size_t index, size_t until,
                         size_t depth)
{
    struct sql_place place = sql_map_mark(map, index)->place;
    struct sql_token token;
    size_t found = SIZE_MAX, before = place.depth;
    while (place.offset < until && step(map, &place, &token)) {
        if (place.depth == depth && before + 1 == depth && token.start < until) {
            found = token.start;
        }
        before = place.depth;
    }
    return found;
}

static size_t find_open(const struct sql_map *map, size_t at, size_t depth)
{
    size_t index = mark_before(map, at);
    size_t found = depth > 0 ? last_raise(map, index, at, depth) : SIZE_MAX;
    while (depth > 0 && found == SIZE_MAX && index > 0) {
        index--;
        if (sql_map_mark(map, index)->least < depth) {
            size_t until = sql_map_mark(map, index + 1)->place.offset;
            found = last_raise(map, index, until, depth);
            break;
        }
    }
    return found;
}

bool sql_map_parentheses(const struct sql_map *map, size_t cursor, size_t *here,
                         size_t *there)
{
    *here = cursor;
    if (!is_parenthesis(map, cursor)) {
        if (cursor == 0 || !is_parenthesis(map, cursor - 1)) {
            return false;
        }
        *here = cursor - 1;
    }
    struct sql_place place = sql_map_mark(map, mark_before(map, *here))->place;
    struct sql_token token;
    size_t depth = place.depth;
    while (place.offset <= *here && step(map, &place, &token)) {
        depth = token.start == *here ? depth : place.depth;
    }
    bool opens = text_string(&map->text)[*here] == '(';
    *there = opens ? find_close(map, place) : find_open(map, *here, depth);
    return true;
}
