/* direct_json: see direct_json.h; the scanning itself is jsonscan's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/direct_json.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "engine/import/decode.h"
#include "engine/import/feed.h"
#include "engine/import/json_keys.h"
#include "engine/text.h"

/* Of a chunk: 16 bytes each. Usual rows have one for 20 bytes of text. */
enum { CELLS_MOST = 512 * 1024 };

const char direct_json_crowded[] = "its rows have few of very many members";

struct direct_json {
    const char **whole;     /* names of the contract: objects that stay whole */
    struct jsonscan *known; /* with the plan's columns, in their order */
    struct jsonscan *found; /* and those that this pass has found */
    int *places;            /* of its columns in the table, -1; NULL: all are there */
    size_t place_count;
};

/* A good row of a chunk. */
struct json_row_place {
    uint32_t place;
    uint32_t count; /* columns that were known then */
    size_t first;   /* of its cells */
};

struct direct_json_part {
    struct jsonscan *scan;
    size_t columns_before; /* that it knew before this chunk */
    struct array rows;     /* of struct json_row_place */
    struct direct_cell *cells;
    size_t cells_used, cells_room;
    struct text problems; /* of bad rows, a NUL behind each */
};

/* ---- Life ---- */

const char *direct_json_declines(const struct plan *plan)
{
    for (size_t i = 0; i < plan->files.count; i++) {
        const struct plan_file *file = plan_file(plan, i);
        const char *declared = source_declared(file->source);
        if (file->json.arrays) {
            return "its rows are arrays";
        }
        if (file->json.form != JSON_FORM_LINES && file->json.form != JSON_FORM_ARRAY) {
            return "it is neither JSON Lines nor one array of objects";
        }
        if (declared != NULL && decode_extends_ascii(declared)) {
            return "it is declared as another encoding than UTF-8";
        }
    }
    return NULL;
}

static const char **contract_names(const struct plan *plan)
{
    const struct array *declared = plan->spec->columns;
    size_t count = declared != NULL ? declared->count : 0, used = 0;
    const char **names = memory_new_many(2 * count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        const struct catalog_column *column = array_at(declared, i);
        names[used++] = column->name;
        if (column->physical_name != NULL) {
            names[used++] = column->physical_name;
        }
    }
    return names;
}

struct direct_json *direct_json_new(const struct plan *plan)
{
    struct direct_json *json = memory_new(sizeof *json);
    json->whole = contract_names(plan);
    struct jsonscan_spec spec = {.keep_nested = plan->spec->keep_nested,
                                 .whole = json->whole};
    json->known = jsonscan_new(&spec);
    json->found = jsonscan_new(&spec);
    return json;
}

void direct_json_free(struct direct_json *json)
{
    if (json != NULL) {
        jsonscan_free(json->known);
        jsonscan_free(json->found);
        free(json->whole);
        free(json->places);
        free(json);
    }
}

static struct direct_json_part *part_new(const struct direct_json *json)
{
    struct direct_json_part *part = memory_new(sizeof *part);
    part->scan = jsonscan_copy(json->known);
    part->rows = (struct array)ARRAY_OF(struct json_row_place);
    return part;
}

void direct_json_part_free(struct direct_json_part *part)
{
    if (part != NULL) {
        jsonscan_free(part->scan);
        array_release(&part->rows);
        text_release(&part->problems);
        free(part->cells);
        free(part);
    }
}

/* ---- Columns ---- */

bool direct_json_learn(struct direct_json *json, const struct direct_chunk *chunk)
{
    const struct direct_json_part *part = chunk->json;
    if (jsonscan_columns(part->scan) == part->columns_before) {
        return false;
    }
    size_t before = jsonscan_columns(json->found);
    jsonscan_adopt(json->found, part->scan, part->columns_before);
    return jsonscan_columns(json->found) > before;
}

bool direct_json_settle(struct direct_json *json, struct plan *plan)
{
    size_t count = jsonscan_columns(json->found);
    if (count == jsonscan_columns(json->known)) {
        return false;
    }
    json_keys_begin_row(plan->keys);
    for (size_t i = jsonscan_columns(json->known); i < count; i++) {
        size_t key = JSON_KEYS_ROOT, levels = jsonscan_levels(json->found, i);
        for (size_t level = 0; level < levels; level++) {
            size_t length;
            const char *name = jsonscan_name(json->found, i, level, &length);
            json_keys_see(plan->keys, key, name, length, &key);
        }
        json_keys_column(plan->keys, key);
    }
    plan_add_columns(plan);
    jsonscan_free(json->known);
    json->known = jsonscan_copy(json->found);
    return true;
}

void direct_json_place(struct direct_json *json, const struct plan *plan)
{
    if (json == NULL) {
        return;
    }
    free(json->places);
    json->places = NULL;
    json->place_count = plan->columns.count;
    if (plan_shown_count(plan) == plan->columns.count) {
        return;
    }
    json->places = memory_new_many(json->place_count, sizeof *json->places);
    for (size_t i = 0; i < json->place_count; i++) {
        json->places[i] = plan_column(plan, i)->place;
    }
}

/* ---- Chunks ---- */

static size_t json_cut(const struct direct_file *file, struct direct_chunk *chunk,
                       bool last)
{
    chunk->last = last;
    if (last) {
        /* Behind the last object there is a bracket at least. */
        if (file->is_array && chunk->length == 0) {
            chunk->odd = "the array does not end";
            chunk->odd_place = 0;
        }
        return chunk->length;
    }
    return file->is_array ? jsonscan_cut_array(chunk->bytes, chunk->length, chunk->first)
                          : jsonscan_cut_lines(chunk->bytes, chunk->length);
}

/* A string without its escapes, in the chunk's scratch, which has room for all. */
static bool unescape(struct direct_chunk *chunk, struct direct_cell *cell)
{
    long long replaced = 0;
    char *to = chunk->scratch + chunk->scratch_used;
    cell->length = (uint32_t)jsonscan_unescape(to, cell->text, cell->length, &replaced);
    cell->text = to;
    cell->bare = false;
    chunk->scratch_used += cell->length;
    return replaced == 0;
}

/* Who counts them for the notes is the reference way. */
static void decline_lone(struct direct_chunk *chunk, const struct jsonscan_row *row)
{
    chunk->odd = "a surrogate stands alone in a string";
    chunk->odd_place = (size_t)(row->start - chunk->bytes);
}

/* Cells of both kinds lie alike: what is to be seen there is copied as a whole. */
static_assert(
    sizeof(struct direct_cell) == sizeof(struct jsonscan_cell) &&
        offsetof(struct direct_cell, text) == offsetof(struct jsonscan_cell, text) &&
        offsetof(struct direct_cell, length) == offsetof(struct jsonscan_cell, length) &&
        offsetof(struct direct_cell, bare) == offsetof(struct jsonscan_cell, escaped) &&
        offsetof(struct direct_cell, kind) == offsetof(struct jsonscan_cell, kind),
    "cells of a scan can be copied");

static void take_row(struct direct_chunk *chunk, const struct jsonscan_row *row)
{
    struct direct_json_part *part = chunk->json;
    size_t count = jsonscan_columns(part->scan);
    if (part->cells_used + count > CELLS_MOST) {
        chunk->odd = direct_json_crowded;
        chunk->odd_place = (size_t)(row->start - chunk->bytes);
        return;
    }
    if (part->cells_used + count > part->cells_room) {
        part->cells_room = 2 * (part->cells_used + count);
        part->cells = memory_resize(part->cells, part->cells_room * sizeof *part->cells);
    }
    struct json_row_place *place = array_push(&part->rows);
    *place = (struct json_row_place){(uint32_t)(row->start - chunk->bytes),
                                     (uint32_t)count, part->cells_used};
    struct direct_cell *cells = part->cells + part->cells_used;
    if (count > 0) {
        memcpy(cells, row->cells, count * sizeof *cells);
    }
    bool lone = row->lone;
    for (size_t i = 0; row->escaped && i < count; i++) {
        if (row->cells[i].escaped) {
            lone |= !unescape(chunk, &cells[i]);
        }
    }
    if (lone) {
        decline_lone(chunk, row);
    }
    part->cells_used += count;
}

/* Characters from the start of the line to `at`, and one. */
static long long column_of(const struct direct_chunk *chunk, const char *at)
{
    size_t before = (size_t)(at - chunk->bytes);
    const char *feed = memrchr(chunk->bytes, '\n', before);
    long long column = 1;
    for (const char *c = feed != NULL ? feed + 1 : chunk->bytes; c < at; c++) {
        column += ((unsigned char)*c & 0xC0) != 0x80 ? 1 : 0;
    }
    return column;
}

static void take_bad(const struct direct_file *file, struct direct_chunk *chunk,
                     const struct jsonscan_row *row)
{
    struct text *problems = &chunk->json->problems;
    struct direct_bad *bad = array_push(&chunk->bad);
    bad->place = (uint32_t)(row->start - chunk->bytes);
    bad->length = (uint32_t)row->length;
    while (!file->is_array && row->start[bad->length - 1] == '\r') {
        bad->length--;
    }
    if (row->bad == JSONSCAN_FAULT) {
        json_tell_fault(problems, row->fault.fault, column_of(chunk, row->fault.at));
    } else if (row->bad == JSONSCAN_TWICE) {
        json_tell_duplicate(problems, row->name, row->name_length);
        if (memmem(row->start, row->length, "\\ud", 3) != NULL ||
            memmem(row->start, row->length, "\\uD", 3) != NULL) {
            decline_lone(chunk, row);
        }
    } else {
        json_tell_stranger(problems, row->start[0], false);
    }
    text_append_char(problems, '\0');
}

static void begin_chunk(const struct direct_file *file, struct direct_chunk *chunk)
{
    if (chunk->json == NULL) {
        chunk->json = part_new(file->json);
    }
    struct direct_json_part *part = chunk->json;
    part->columns_before = jsonscan_columns(part->scan);
    part->cells_used = 0;
    array_clear(&part->rows);
    text_clear(&part->problems);
    if (chunk->scratch_room < chunk->length + SPLIT_BLOCK) {
        free(chunk->scratch);
        chunk->scratch_room = chunk->length + SPLIT_BLOCK;
        chunk->scratch = memory_new(chunk->scratch_room);
    }
    /* What stands behind the text is looked at, though not believed. */
    memset(chunk->bytes + chunk->length, 0, SPLIT_BLOCK);
}

/* The text has grown to the end: now its bytes stay where they are. */
static void point_at_problems(struct direct_chunk *chunk)
{
    const char *problem = text_string(&chunk->json->problems);
    for (size_t i = 0; i < chunk->bad.count; i++) {
        struct direct_bad *bad = array_at(&chunk->bad, i);
        bad->problem = problem;
        problem += strlen(problem) + 1;
    }
}

/* A carriage return is a blank. */
static long long json_lines(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    long long lines = 0;
    while (bytes < end && (bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        lines++;
        bytes++;
    }
    return lines;
}

static void json_split(const struct direct_file *file, struct direct_chunk *chunk)
{
    begin_chunk(file, chunk);
    struct jsonscan_window window = {chunk->bytes, chunk->length, file->is_array,
                                     chunk->first, chunk->last};
    struct jsonscan_row row;
    enum reader_state state;
    jsonscan_start(chunk->json->scan, &window);
    while ((state = jsonscan_next(chunk->json->scan, &row)) != READER_END) {
        if (state == READER_FAILED) {
            chunk->odd = row.fault.fault != JSON_SOUND ? "it is no JSON"
                                                       : "it has more than 2,000 columns";
            chunk->odd_place =
                row.fault.at != NULL ? (size_t)(row.fault.at - chunk->bytes) : 0;
            return;
        }
        if (state == READER_ROW) {
            take_row(chunk, &row);
        } else {
            take_bad(file, chunk, &row);
        }
        if (chunk->odd != NULL) {
            return;
        }
    }
    chunk->rows = chunk->json->rows.count;
    chunk->lines = json_lines(chunk->bytes, chunk->length);
    point_at_problems(chunk);
}

static const struct json_row_place *row_place(const struct direct_chunk *chunk,
                                              size_t row)
{
    return (const struct json_row_place *)chunk->json->rows.items + row;
}

static void row_placed(const struct direct_json *json, const struct direct_cell *from,
                       size_t count, size_t columns, struct direct_cell *cells)
{
    for (size_t i = 0; i < columns; i++) {
        cells[i] = (struct direct_cell){"", 0, false, CELL_NULL};
    }
    count = count < json->place_count ? count : json->place_count;
    for (size_t i = 0; i < count; i++) {
        if (json->places[i] >= 0) {
            cells[json->places[i]] = from[i];
        }
    }
}

/* Columns that nobody knew yet are NULL in the row. */
static void json_row(const struct direct_file *file, struct direct_chunk *chunk,
                     size_t row, size_t columns, struct direct_cell *cells)
{
    const struct json_row_place *place = row_place(chunk, row);
    if (file->json->places != NULL) {
        row_placed(file->json, chunk->json->cells + place->first, place->count, columns,
                   cells);
        return;
    }
    size_t count = place->count < columns ? place->count : columns;
    if (count > 0) {
        memcpy(cells, chunk->json->cells + place->first, count * sizeof *cells);
    }
    for (size_t i = count; i < columns; i++) {
        cells[i] = (struct direct_cell){"", 0, false, CELL_NULL};
    }
}

static size_t json_place(const struct direct_file *file, const struct direct_chunk *chunk,
                         size_t row)
{
    (void)file;
    return row_place(chunk, row)->place;
}

const struct direct_format direct_json_rows = {json_cut, json_split, json_row, json_place,
                                               json_lines};
