/* json_row: yajl's events to cells; objects in objects are flattened, arrays kept as they
 * are written.
 *
 * yajl tells where a token ends only, which is enough: what is kept as text begins and
 * ends with a bracket. It writes '?' for a first surrogate alone and broken UTF-8 for a
 * second one; so these escapes are changed to \uFFFD, of the same length, before.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/json_row.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "engine/import/json.h"

struct json_row {
    struct json_keys *keys;
    yajl_handle parser;
    const struct text *raw;
    struct text bytes;
    struct reader_cell *cells;
    size_t count, room;
    struct text twice; /* name of a member that is there twice */
    bool is_twice, is_wide;
    int depth;                           /* of what is open and not kept as text */
    size_t parents[JSON_DEPTH_MOST + 1]; /* keys of the objects that are open */
    bool is_empty[JSON_DEPTH_MOST + 1];
    size_t key;        /* of the value that comes */
    size_t open_start; /* offset of the bracket of the value that is kept, or may be */
    int kept;          /* levels open in it */
    struct text patched;
    struct array patches; /* of size_t: ends of lone surrogates */
    size_t patches_passed;
    long long replaced;
};

/* ---- Cells ---- */

static struct reader_cell *cell_at(struct json_row *row, size_t place)
{
    if (place >= row->room) {
        row->room = 2 * place + 64;
        row->cells = memory_resize(row->cells, row->room * sizeof *row->cells);
    }
    while (row->count <= place) {
        row->cells[row->count++] = (struct reader_cell){.kind = CELL_NULL};
    }
    return &row->cells[place];
}

static void add_cell(struct json_row *row, enum cell_kind kind, const void *bytes,
                     size_t length)
{
    if (row->is_twice) {
        return;
    }
    size_t place = row->keys != NULL ? json_keys_column(row->keys, row->key) : row->count;
    row->is_wide = row->keys != NULL && place >= READER_COLUMNS_MOST;
    if (place >= READER_CELLS_MOST) {
        row->count = place + 1; /* counted only */
        return;
    }
    *cell_at(row, place) = (struct reader_cell){row->bytes.length, length, false, kind};
    text_append_bytes(&row->bytes, bytes, length);
}

static size_t consumed(const struct json_row *row)
{
    return yajl_get_bytes_consumed(row->parser);
}

/* Lone surrogates before this place: replaced, if the string is no part of kept text. */
static void pass_patches(struct json_row *row)
{
    size_t end = consumed(row);
    while (row->patches_passed < row->patches.count &&
           *(size_t *)array_at(&row->patches, row->patches_passed) <= end) {
        row->patches_passed++;
        row->replaced += row->kept == 0 ? 1 : 0;
    }
}

/* ---- yajl's events ---- */

static int on_null(void *context)
{
    struct json_row *row = context;
    if (row->kept == 0) {
        add_cell(row, CELL_NULL, "", 0);
    }
    return !row->is_wide;
}

static int on_boolean(void *context, int truth)
{
    struct json_row *row = context;
    if (row->kept == 0) {
        add_cell(row, CELL_BOOLEAN, truth ? "true" : "false", truth ? 4 : 5);
    }
    return !row->is_wide;
}

static int on_number(void *context, const char *bytes, size_t length)
{
    struct json_row *row = context;
    if (row->kept == 0) {
        add_cell(row, CELL_NUMBER, bytes, length);
    }
    return !row->is_wide;
}

static int on_string(void *context, const unsigned char *bytes, size_t length)
{
    struct json_row *row = context;
    pass_patches(row);
    if (row->kept == 0) {
        add_cell(row, CELL_STRING, bytes, length);
    }
    return !row->is_wide;
}

static int on_key(void *context, const unsigned char *bytes, size_t length)
{
    struct json_row *row = context;
    pass_patches(row);
    if (row->kept > 0 || row->is_twice) {
        return 1;
    }
    row->is_empty[row->depth] = false;
    if (!json_keys_see(row->keys, row->parents[row->depth], (const char *)bytes, length,
                       &row->key)) {
        row->is_twice = true;
        text_append_bytes(&row->twice, bytes, length);
    }
    return 1;
}

/* A value that is kept as text goes from here to its last bracket. */
static void keep(struct json_row *row)
{
    if (row->kept++ == 0) {
        row->open_start = consumed(row) - 1;
    }
}

static int on_open_map(void *context)
{
    struct json_row *row = context;
    bool is_row = row->depth == 0;
    if (row->kept > 0 || row->keys == NULL || row->is_twice ||
        (!is_row && json_keys_is_kept(row->keys, row->key))) {
        keep(row);
        return 1;
    }
    row->depth++;
    row->parents[row->depth] = is_row ? JSON_KEYS_ROOT : row->key;
    row->is_empty[row->depth] = true;
    row->open_start = consumed(row) - 1;
    return 1;
}

static int on_open_list(void *context)
{
    struct json_row *row = context;
    if (row->keys == NULL && row->depth == 0) {
        row->depth++;
    } else {
        keep(row);
    }
    return 1;
}

static int on_close(void *context)
{
    struct json_row *row = context;
    size_t start = row->open_start;
    bool ends_kept = row->kept > 0 && --row->kept == 0;
    if (row->kept == 0 && !ends_kept) {
        size_t key = row->parents[row->depth];
        ends_kept = row->keys != NULL && row->depth > 1 && row->is_empty[row->depth];
        row->key = ends_kept ? key : row->key;
        row->depth--;
    }
    if (ends_kept) {
        add_cell(row, CELL_NESTED, text_string(row->raw) + start, consumed(row) - start);
    }
    return !row->is_wide;
}

static const yajl_callbacks events = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_map_key = on_key,
    .yajl_start_map = on_open_map,
    .yajl_end_map = on_close,
    .yajl_start_array = on_open_list,
    .yajl_end_array = on_close,
};

/* ---- Life ---- */

struct json_row *json_row_new(struct json_keys *keys)
{
    struct json_row *row = memory_new(sizeof *row);
    row->keys = keys;
    row->patches = (struct array)ARRAY_OF(size_t);
    row->parser = yajl_alloc(&events, NULL, row);
    /* One parser for all rows, which it sees as one text. */
    yajl_config(row->parser, yajl_allow_multiple_values, 1);
    return row;
}

void json_row_free(struct json_row *row)
{
    if (row == NULL) {
        return;
    }
    yajl_free(row->parser);
    text_release(&row->bytes);
    text_release(&row->twice);
    text_release(&row->patched);
    array_release(&row->patches);
    free(row->cells);
    free(row);
}

const char *json_row_key(const struct json_row *row, size_t *length)
{
    *length = row->twice.length;
    return text_string(&row->twice);
}

long long json_row_replaced(const struct json_row *row)
{
    return row->replaced;
}

/* ---- Lone surrogates ---- */

/* The code of an escape \uXXXX at `at`, or -1. */
static long escape_code(const struct text *text, size_t at)
{
    if (at + 6 > text->length || text->data[at] != '\\' || text->data[at + 1] != 'u') {
        return -1;
    }
    char digits[5] = {0};
    memcpy(digits, text->data + at + 2, 4);
    return strtol(digits, NULL, 16);
}

/* Backslashes stand in strings only, for the text is JSON. */
static void patch_surrogates(struct json_row *row)
{
    struct text *text = &row->patched;
    text_clear(text);
    text_append_bytes(text, text_string(row->raw), row->raw->length);
    for (size_t i = 0; i + 1 < text->length;) {
        long code = escape_code(text, i), next = escape_code(text, i + 6);
        bool high = code >= 0 && (code & 0xFC00) == 0xD800;
        bool pair = high && next >= 0 && (next & 0xFC00) == 0xDC00;
        if (!pair && code >= 0 && (code & 0xF800) == 0xD800) {
            memcpy(text->data + i + 2, "FFFD", 4);
            *(size_t *)array_push(&row->patches) = i + 6;
        }
        i += pair ? 12 : code >= 0 ? 6 : text->data[i] == '\\' ? 2 : 1;
    }
}

/* ---- Reading ---- */

static void begin(struct json_row *row, const struct text *raw)
{
    row->raw = raw;
    row->count = 0;
    row->depth = row->kept = 0;
    row->is_twice = row->is_wide = false;
    row->patches_passed = 0;
    array_clear(&row->patches);
    text_clear(&row->bytes);
    text_clear(&row->twice);
    if (row->keys != NULL) {
        json_keys_begin_row(row->keys);
    }
}

enum json_row_state json_row_read(struct json_row *row, const struct text *raw, bool lone,
                                  struct reader_row *into)
{
    begin(row, raw);
    const struct text *text = raw;
    if (lone) {
        patch_surrogates(row);
        text = &row->patched;
    }
    yajl_status status =
        yajl_parse(row->parser, (const unsigned char *)text_string(text), text->length);
    if (row->is_wide) {
        return JSON_ROW_WIDE;
    }
    if (status != yajl_status_ok || row->depth != 0) {
        return JSON_ROW_REFUSED;
    }
    if (row->is_twice) {
        json_keys_undo_row(row->keys);
        return JSON_ROW_TWICE;
    }
    size_t columns = row->keys != NULL ? json_keys_count(row->keys) : 0;
    if (columns > row->count) {
        cell_at(row, columns - 1);
    }
    into->bytes = text_string(&row->bytes);
    into->cells = row->cells;
    into->count = row->count;
    return JSON_ROW_READ;
}
