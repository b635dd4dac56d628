/* export/json: an array of objects, or an object a line (RFC 8259).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"

#include <stdlib.h>
#include <string.h>

size_t export_character_length(const unsigned char *bytes, size_t length)
{
    unsigned char lead = bytes[0];
    size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4 || size > length) {
        return 0;
    }
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (bytes[1] < low || bytes[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return size;
}

static void append_control(struct text *out, unsigned char c)
{
    static const char letters[] = {['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
                                   ['\t'] = 't', ['"'] = '"',  ['\\'] = '\\'};
    if (letters[c] != '\0') {
        text_append_char(out, '\\');
        text_append_char(out, letters[c]);
    } else {
        text_printf(out, "\\u%04x", c);
    }
}

/* False when bytes had to be replaced. DEL and C1 are written out as well: legal without,
 * but a terminal obeys them. */
static bool append_string(struct text *out, const char *string, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)string;
    bool whole = true;
    text_append_char(out, '"');
    for (size_t i = 0; i < length;) {
        size_t size = export_character_length(bytes + i, length - i);
        if (size == 0) {
            text_append(out, "\xEF\xBF\xBD");
            whole = false;
            i++;
            continue;
        }
        if (size == 1 && (bytes[i] < 0x20 || bytes[i] == '"' || bytes[i] == '\\')) {
            append_control(out, bytes[i]);
        } else if (bytes[i] == 0x7F || (bytes[i] == 0xC2 && bytes[i + 1] < 0xA0)) {
            text_printf(out, "\\u%04x", size == 1 ? bytes[i] : bytes[i + 1]);
        } else {
            text_append_bytes(out, bytes + i, size);
        }
        i += size;
    }
    text_append_char(out, '"');
    return whole;
}

static void append_base64(struct text *out, const char *string, size_t length)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = (const unsigned char *)string;
    text_append_char(out, '"');
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned group = (unsigned)bytes[i] << 16;
        group |= left > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? bytes[i + 2] : 0;
        text_append_char(out, digits[group >> 18]);
        text_append_char(out, digits[group >> 12 & 63]);
        text_append_char(out, left > 1 ? digits[group >> 6 & 63] : '=');
        text_append_char(out, left > 2 ? digits[group & 63] : '=');
    }
    text_append_char(out, '"');
}

/* SQLite prints infinity as Inf, which JSON does not know; 9e999 is read as such. */
static void append_number(struct text *out, const struct result_cell *cell)
{
    const char *infinity = strstr(cell->bytes, "Inf");
    if (cell->type == RESULT_INTEGER) {
        text_append_bytes(out, cell->bytes, cell->length);
    } else if (infinity == NULL) {
        export_append_real(out, cell);
    } else {
        text_append(out, cell->bytes[0] == '-' ? "-9e999" : "9e999");
    }
}

static void append_value(struct export_run *run, const struct result_cell *cell)
{
    switch (cell->type) {
    case RESULT_NULL:
        text_append(&run->out, "null");
        break;
    case RESULT_INTEGER:
    case RESULT_REAL:
        append_number(&run->out, cell);
        break;
    case RESULT_BLOB:
        append_base64(&run->out, cell->bytes, cell->length);
        break;
    case RESULT_TEXT:
        run->outcome->replaced += !append_string(&run->out, cell->bytes, cell->length);
        break;
    }
}

/* An object with a name twice loses one of them in most readers. */
static void end_keys(struct export_run *run)
{
    export_names_release(run->state, run->columns);
}

static bool append_object(struct export_run *run, const struct result_page *page,
                          long long row, struct error *err)
{
    char **keys = run->state;
    text_append_char(&run->out, '{');
    for (size_t i = 0; i < run->columns; i++) {
        const struct result_cell *cell = export_cell(run, page, row, i, err);
        if (cell == NULL) {
            return false;
        }
        text_append(&run->out, i > 0 ? "," : "");
        append_string(&run->out, keys[i], strlen(keys[i]));
        text_append_char(&run->out, ':');
        append_value(run, cell);
    }
    text_append_char(&run->out, '}');
    return true;
}

/* ---- The two formats ---- */

static bool begin_json(struct export_run *run, struct error *err)
{
    (void)err;
    text_append_char(&run->out, '[');
    run->state = export_unique_names(run, false);
    return true;
}

static bool row_json(struct export_run *run, const struct result_page *page,
                     long long row, struct error *err)
{
    text_append(&run->out, run->outcome->rows > 0 ? ",\n" : "\n");
    return append_object(run, page, row, err);
}

static bool finish_json(struct export_run *run, struct error *err)
{
    (void)err;
    text_append(&run->out, run->outcome->rows > 0 ? "\n]\n" : "]\n");
    return true;
}

static bool begin_jsonl(struct export_run *run, struct error *err)
{
    (void)err;
    run->state = export_unique_names(run, false);
    return true;
}

static bool row_jsonl(struct export_run *run, const struct result_page *page,
                      long long row, struct error *err)
{
    bool done = append_object(run, page, row, err);
    text_append_char(&run->out, '\n');
    return done;
}

const struct export_writer export_json = {begin_json, row_json, finish_json, end_keys};
const struct export_writer export_jsonl = {begin_jsonl, row_jsonl, NULL, end_keys};
