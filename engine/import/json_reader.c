/* json_reader: cuts a text into rows as its shape says, and lets json_row make cells.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/json_reader.h"

#include <stdlib.h>
#include <string.h>

#include "engine/import/json_row.h"
#include "engine/import/json_text.h"

struct json_reader {
    struct reader base;
    struct json_reader_spec spec;
    struct json_scan scan;
    struct json_row *row;
    struct source_piece piece;
    size_t used;    /* bytes of the piece that are done with */
    bool has_piece; /* before, nothing was read */
    int level;      /* of the rows */
    size_t members; /* JSON_FORM_MEMBER: keys seen */
    bool in_member; /* the right one is open */
    bool in_row;
    struct text raw; /* of the row */
    long long line, byte;
    struct text problem;
};

/* ---- One row ---- */

static void fill_place(struct json_reader *reader, struct reader_row *row)
{
    const struct text *raw = &reader->raw;
    *row = (struct reader_row){
        .line = reader->line,
        .byte = reader->byte,
        .raw = text_string(raw),
        .raw_length = raw->length < READER_RAW_MOST ? raw->length : READER_RAW_MOST};
}

static enum reader_state reject(struct json_reader *reader, struct reader_row *row)
{
    row->problem = text_string(&reader->problem);
    return READER_BAD;
}

static enum reader_state reject_twice(struct json_reader *reader, struct reader_row *row)
{
    size_t length;
    const char *key = json_row_key(reader->row, &length);
    json_tell_duplicate(&reader->problem, key, length);
    return reject(reader, row);
}

static enum reader_state fail_wide(struct json_reader *reader, struct error *err)
{
    error_set(err, ERROR_FAILED,
              "could not import %s: line %lld: its member \"%.200s\" would be column "
              "%d and a table can have %d at most; keep nested objects as JSON text "
              "(--keep-nested), or cut the file",
              source_name(reader->spec.source), reader->line,
              json_keys_name(reader->spec.keys, READER_COLUMNS_MOST),
              READER_COLUMNS_MOST + 1, READER_COLUMNS_MOST);
    return READER_FAILED;
}

/* The row's text is whole and sound. */
static enum reader_state read_row(struct json_reader *reader, struct reader_row *row,
                                  struct error *err)
{
    bool arrays = reader->spec.shape->arrays;
    bool lone = reader->scan.lone;
    reader->scan.lone = false;
    fill_place(reader, row);
    text_clear(&reader->problem);
    if (row->raw[0] != (arrays ? '[' : '{')) {
        json_tell_stranger(&reader->problem, row->raw[0], arrays);
        return reject(reader, row);
    }
    enum json_row_state state = json_row_read(reader->row, &reader->raw, lone, row);
    reader->base.replaced = json_row_replaced(reader->row);
    switch (state) {
    case JSON_ROW_READ:
        return READER_ROW;
    case JSON_ROW_TWICE:
        return reject_twice(reader, row);
    case JSON_ROW_WIDE:
        return fail_wide(reader, err);
    case JSON_ROW_REFUSED:
        break;
    }
    error_set(err, ERROR_FAILED,
              "could not import %s: line %lld: the value that begins here is refused by "
              "the JSON reader",
              source_name(reader->spec.source), reader->line);
    return READER_FAILED;
}

static bool fail_at(struct json_reader *reader, struct error *err)
{
    return json_scan_tell(&reader->scan, source_name(reader->spec.source), err);
}

static bool check_length(struct json_reader *reader, struct error *err)
{
    if (reader->raw.length > JSON_ROW_MOST) {
        reader->scan.fault = JSON_LONG_ROW;
        return fail_at(reader, err);
    }
    return true;
}

/* The next piece of the file. */
static enum source_state fill(struct json_reader *reader, struct error *err)
{
    enum source_state state = source_next(reader->spec.source, &reader->piece, err);
    reader->used = 0;
    if (state != SOURCE_PIECE) {
        reader->piece.length = 0;
    } else if (!reader->has_piece) {
        reader->scan.byte = reader->scan.line_byte = reader->piece.byte;
        reader->has_piece = true;
    }
    return state;
}

/* ---- Lines ---- */

static void begin_row(struct json_reader *reader)
{
    reader->in_row = true;
    reader->line = reader->scan.line;
    text_clear(&reader->raw);
}

/* The bytes of this line in this piece, behind blanks in front of the row. */
static void take_line(struct json_reader *reader, const char *bytes, size_t length)
{
    size_t blanks = 0;
    if (!reader->in_row) {
        while (blanks < length && strchr(" \t\r", bytes[blanks]) != NULL &&
               bytes[blanks] != '\0') {
            blanks++;
        }
        if (blanks == length) {
            return;
        }
        begin_row(reader);
        reader->byte = reader->piece.byte + (long long)(reader->used + blanks);
    }
    if (reader->scan.fault == JSON_SOUND || reader->raw.length < READER_RAW_MOST) {
        text_append_bytes(&reader->raw, bytes + blanks, length - blanks);
    }
}

static void scan_line(struct json_reader *reader, const char *bytes, size_t length)
{
    enum json_event event = JSON_MORE;
    for (size_t at = 0, used;
         at < length && event != JSON_FAULT && reader->scan.fault == JSON_SOUND;
         at += used) {
        event = json_scan_run(&reader->scan, bytes + at, length - at, &used);
    }
}

/* Read to the end of a line. False: the file has ended before it, or failed. */
static bool collect_line(struct json_reader *reader, bool *failed, struct error *err)
{
    bool any = false;
    *failed = false;
    reader->in_row = false;
    for (;;) {
        if (!reader->has_piece || reader->used >= reader->piece.length) {
            enum source_state state = fill(reader, err);
            *failed = state == SOURCE_FAILED;
            if (state != SOURCE_PIECE) {
                return any && !*failed;
            }
        }
        any = true;
        const char *bytes = reader->piece.data + reader->used;
        size_t left = reader->piece.length - reader->used;
        const char *end = memchr(bytes, '\n', left);
        size_t length = end != NULL ? (size_t)(end - bytes) : left;
        take_line(reader, bytes, length);
        scan_line(reader, bytes, length);
        reader->used += length + (end != NULL ? 1 : 0);
        if (reader->scan.fault == JSON_LONG_STRING) {
            fail_at(reader, err);
            *failed = true;
        }
        *failed = *failed || !check_length(reader, err);
        if (end != NULL || *failed) {
            return !*failed;
        }
    }
}

static enum reader_state next_line(struct json_reader *reader, struct reader_row *row,
                                   struct error *err)
{
    bool failed = false;
    while (collect_line(reader, &failed, err)) {
        struct json_scan *scan = &reader->scan;
        enum reader_state state = READER_END;
        while (reader->in_row && scan->fault == JSON_SOUND &&
               json_scan_finish(scan) == JSON_END) {
        }
        while (reader->raw.length > 0 &&
               reader->raw.data[reader->raw.length - 1] == '\r') {
            text_truncate(&reader->raw, reader->raw.length - 1);
        }
        if (reader->in_row && scan->fault == JSON_SOUND) {
            state = read_row(reader, row, err);
        } else if (reader->in_row) {
            fill_place(reader, row);
            text_clear(&reader->problem);
            json_tell_fault(&reader->problem, scan->fault, json_scan_column(scan));
            state = reject(reader, row);
        }
        json_scan_next_line(scan, reader->piece.byte + (long long)reader->used);
        if (state != READER_END) {
            return state;
        }
    }
    return failed ? READER_FAILED : READER_END;
}

/* ---- Everything else ---- */

/* Does what has just begun stand where rows stand? */
static bool is_row(struct json_reader *reader, enum json_event event)
{
    const struct json_scan *scan = &reader->scan;
    if (reader->spec.shape->form != JSON_FORM_MEMBER) {
        return scan->level == reader->level && !scan->is_key;
    }
    if (scan->level == 1 && scan->is_key && event == JSON_BEGIN) {
        reader->members++;
    }
    if (scan->level == 1 && !scan->is_key) {
        reader->in_member =
            event == JSON_BEGIN && reader->members == reader->spec.shape->member + 1;
    }
    return scan->level == 2 && !scan->is_key && reader->in_member;
}

/* Look on until a row is whole: JSON_END; JSON_MORE: the piece is used up. */
static enum json_event look_on(struct json_reader *reader)
{
    while (reader->used < reader->piece.length) {
        const char *bytes = reader->piece.data + reader->used;
        size_t used;
        enum json_event event = json_scan_run(&reader->scan, bytes,
                                              reader->piece.length - reader->used, &used);
        reader->used += used;
        if (reader->in_row) {
            text_append_bytes(&reader->raw, bytes, used);
        }
        if (event == JSON_FAULT) {
            return event;
        }
        if (event == JSON_MORE || !is_row(reader, event)) {
            continue;
        }
        if (event == JSON_END) {
            reader->in_row = false;
            return event;
        }
        begin_row(reader);
        reader->byte = reader->scan.byte - 1;
        text_append_bytes(&reader->raw, &reader->scan.first, 1);
    }
    return JSON_MORE;
}

static enum reader_state next_value(struct json_reader *reader, struct reader_row *row,
                                    struct error *err)
{
    for (;;) {
        enum json_event event = look_on(reader);
        if (event == JSON_MORE) {
            enum source_state state = fill(reader, err);
            if (state == SOURCE_FAILED || !check_length(reader, err)) {
                return READER_FAILED;
            }
            if (state == SOURCE_PIECE) {
                continue;
            }
            event = json_scan_finish(&reader->scan);
            reader->in_row = false;
            bool empty = reader->spec.shape->form == JSON_FORM_NOTHING &&
                         reader->scan.fault == JSON_NO_VALUE;
            if (event == JSON_MORE || empty) {
                return READER_END;
            }
        }
        if (event == JSON_FAULT) {
            fail_at(reader, err);
            return READER_FAILED;
        }
        return read_row(reader, row, err);
    }
}

/* ---- Life ---- */

static enum reader_state json_reader_next(struct reader *base, struct reader_row *row,
                                          struct error *err)
{
    struct json_reader *reader = (struct json_reader *)base;
    base->line = reader->scan.line;
    return reader->spec.shape->form == JSON_FORM_LINES ? next_line(reader, row, err)
                                                       : next_value(reader, row, err);
}

/* White space is no part of JSON texts, and lines before them are none of theirs. */
static bool json_reader_skip_lines(struct reader *base, long long lines,
                                   struct error *err)
{
    (void)base;
    (void)lines;
    (void)err;
    return true;
}

static void json_reader_free(struct reader *base)
{
    struct json_reader *reader = (struct json_reader *)base;
    json_row_free(reader->row);
    text_release(&reader->raw);
    text_release(&reader->problem);
    free(reader);
}

static const struct reader_kind json_kind = {json_reader_next, json_reader_skip_lines,
                                             json_reader_free};

struct reader *json_reader_new(const struct json_reader_spec *spec)
{
    static const int levels[] = {[JSON_FORM_NOTHING] = -1, /* of rows */
                                 [JSON_FORM_ARRAY] = 1,
                                 [JSON_FORM_LINES] = 0,
                                 [JSON_FORM_SEQUENCE] = 0,
                                 [JSON_FORM_MEMBER] = 2};
    struct json_reader *reader = memory_new(sizeof *reader);
    reader->base.kind = &json_kind;
    reader->spec = *spec;
    reader->level = levels[spec->shape->form];
    reader->row = json_row_new(spec->shape->arrays ? NULL : spec->keys);
    json_scan_init(&reader->scan, reader->level, spec->shape->form == JSON_FORM_SEQUENCE);
    return &reader->base;
}
