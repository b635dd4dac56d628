/* sql/map: keep the marks of a text that is edited. An update walks from the last mark
 * before the change until it stands where an old mark stands, knowing the same: from
 * there on the old marks hold, moved by what the change added.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql/map.h"

#include <stdlib.h>
#include <string.h>

/* A token's end is found by looking at so many bytes behind it. */
enum { LOOKS_AHEAD = 4, COMPARED = 4096 };

/* ---- Walking ---- */

static size_t count_breaks(const char *bytes, size_t length)
{
    size_t breaks = 0;
    const char *end = bytes + length;
    while (bytes < end && (bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        breaks++;
        bytes++;
    }
    return breaks;
}

static void step_statement(struct sql_place *place, const char *sql,
                           const struct sql_token *token)
{
    bool was_empty = place->phase == PHASE_EMPTY;
    place->phase = sql_next_phase(place->phase, sql, token);
    if (place->phase == PHASE_EMPTY) {
        place->start = SIZE_MAX;
        place->depth = 0;
        return;
    }
    if (was_empty) {
        place->start = token->start;
        place->statements++;
    }
    place->end = sql_token_end(token);
    char sign = token->kind == SQL_OPERATOR ? sql[token->start] : '\0';
    place->depth += sign == '(';
    place->depth -= sign == ')' && place->depth > 0;
}

bool sql_place_step(struct sql_place *place, const char *sql, size_t length,
                    struct sql_token *token)
{
    if (!sql_next(sql, length, place->offset, token)) {
        return false;
    }
    place->offset = sql_token_end(token);
    place->breaks += count_breaks(sql + token->start, token->length);
    if (token->kind != SQL_SPACE && token->kind != SQL_COMMENT) {
        step_statement(place, sql, token);
    }
    return true;
}

/* ---- What changed ---- */

/* Bytes first..end of the old text became the bytes first..end + grown of the new one. */
struct change {
    size_t first, end;
    size_t new_end;
};

static size_t common_start(const char *a, const char *b, size_t most)
{
    size_t same = 0;
    while (same + COMPARED <= most && memcmp(a + same, b + same, COMPARED) == 0) {
        same += COMPARED;
    }
    while (same < most && a[same] == b[same]) {
        same++;
    }
    return same;
}

/* Both point behind the last byte. */
static size_t common_end(const char *a, const char *b, size_t most)
{
    size_t same = 0;
    while (same + COMPARED <= most &&
           memcmp(a - same - COMPARED, b - same - COMPARED, COMPARED) == 0) {
        same += COMPARED;
    }
    while (same < most && a[-(ptrdiff_t)same - 1] == b[-(ptrdiff_t)same - 1]) {
        same++;
    }
    return same;
}

static struct change find_change(const struct sql_map *map, const char *sql,
                                 size_t length)
{
    const char *old = text_string(&map->text);
    size_t old_length = map->text.length;
    size_t shorter = length < old_length ? length : old_length;
    size_t first = common_start(old, sql, shorter);
    size_t same = common_end(old + old_length, sql + length, shorter - first);
    return (struct change){first, old_length - same, length - same};
}

/* ---- Marks ---- */

static struct sql_mark *last_mark(struct sql_map *map)
{
    return array_at(&map->marks, map->marks.count - 1);
}

static void add_mark(struct sql_map *map, const struct sql_place *place)
{
    struct sql_mark *mark = array_push(&map->marks);
    *mark = (struct sql_mark){*place, place->depth};
}

/* Is the old mark the place in the new text? Line numbers and counts may differ. */
static bool is_same_place(const struct sql_mark *old, const struct sql_place *place,
                          const struct change *change)
{
    const struct sql_place *was = &old->place;
    return was->offset >= change->end &&
           was->offset - change->end == place->offset - change->new_end &&
           was->phase == place->phase && was->depth == place->depth;
}

/* A place behind the change, as it is now. `was` is the old place at which `now` was
 * found to be the same: a statement that began before it begins where it does now. */
static struct sql_place moved(const struct sql_place *place, const struct sql_place *was,
                              const struct sql_place *now)
{
    struct sql_place result = *place;
    result.offset += now->offset - was->offset;
    result.breaks += now->breaks - was->breaks;
    result.statements += now->statements - was->statements;
    if (place->start != SIZE_MAX) {
        result.start = place->start == was->start
                           ? now->start
                           : place->start + (now->offset - was->offset);
    }
    result.end =
        place->end == was->end ? now->end : place->end + (now->offset - was->offset);
    return result;
}

/* The old marks from `index` on hold again. */
static void take_over(struct sql_map *map, const struct array *old, size_t index,
                      const struct sql_place *now, const struct sql_place *old_end)
{
    const struct sql_mark *first = array_at(old, index);
    for (size_t i = index; i < old->count; i++) {
        const struct sql_mark *mark = array_at(old, i);
        add_mark(map, now);
        *last_mark(map) =
            (struct sql_mark){moved(&mark->place, &first->place, now), mark->least};
    }
    map->end = moved(old_end, &first->place, now);
}

/* Walk on from the last mark, until the end or an old mark that holds. */
static void walk_on(struct sql_map *map, const struct change *change,
                    const struct array *old, const struct sql_place *old_end)
{
    struct sql_place place = last_mark(map)->place;
    struct sql_token token;
    size_t next = 0; /* of the old marks */
    while (sql_place_step(&place, map->text.data, map->text.length, &token)) {
        struct sql_mark *mark = last_mark(map);
        mark->least = place.depth < mark->least ? place.depth : mark->least;
        bool behind = place.offset >= change->new_end;
        size_t was = behind ? place.offset - change->new_end + change->end : 0;
        while (behind && next < old->count &&
               ((const struct sql_mark *)array_at(old, next))->place.offset < was) {
            next++;
        }
        if (behind && next < old->count &&
            is_same_place(array_at(old, next), &place, change)) {
            take_over(map, old, next, &place, old_end);
            return;
        }
        if (place.offset - mark->place.offset >= SQL_MARK_APART) {
            add_mark(map, &place);
        }
    }
    map->end = place;
}

/* The new text is there; marks before the change are kept. */
static void read_again(struct sql_map *map, const struct change *change)
{
    struct array old = map->marks;
    struct sql_place old_end = map->end;
    map->marks = (struct array)ARRAY_OF(struct sql_mark);
    for (size_t i = 0; i < old.count; i++) {
        const struct sql_mark *mark = array_at(&old, i);
        if (i > 0 && mark->place.offset + LOOKS_AHEAD > change->first) {
            break;
        }
        *(struct sql_mark *)array_push(&map->marks) = *mark;
    }
    last_mark(map)->least = last_mark(map)->place.depth;
    walk_on(map, change, &old, &old_end);
    array_release(&old);
}

/* ---- The door ---- */

struct sql_map *sql_map_new(void)
{
    struct sql_map *map = memory_new(sizeof *map);
    map->marks = (struct array)ARRAY_OF(struct sql_mark);
    map->end.start = SIZE_MAX;
    add_mark(map, &map->end);
    return map;
}

void sql_map_free(struct sql_map *map)
{
    if (map != NULL) {
        text_release(&map->text);
        array_release(&map->marks);
        free(map);
    }
}

bool sql_map_update(struct sql_map *map, const char *sql, size_t length)
{
    if (length == map->text.length && memcmp(sql, text_string(&map->text), length) == 0) {
        return false;
    }
    struct change change = find_change(map, sql, length);
    text_clear(&map->text);
    text_append_bytes(&map->text, sql, length);
    read_again(map, &change);
    return true;
}

const char *sql_map_text(const struct sql_map *map)
{
    return text_string(&map->text);
}

size_t sql_map_length(const struct sql_map *map)
{
    return map->text.length;
}

size_t sql_map_lines(const struct sql_map *map)
{
    return map->end.breaks + 1;
}

size_t sql_map_statements(const struct sql_map *map)
{
    return map->end.statements;
}
