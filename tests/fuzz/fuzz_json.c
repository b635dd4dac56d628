/* fuzz_json: any bytes as one JSON text, as JSON Lines and as an array, by the scanner of
 * the direct way and by yajl: both must take and refuse the same, and see the same
 * members with the same kinds and strings. The checker of the reference way must find the
 * same faults at the same bytes. The first byte picks the shape.
 *
 * Where yajl is known to slip it is not asked: it takes UTF-8 that RFC 3629 forbids
 * (overlong forms, encoded surrogates, code points beyond U+10FFFF) and the vertical tab
 * and form feed as white space, decodes a surrogate
 * that is alone to '?' and a first half before another escape to something else, and
 * knows no depth that is too deep. Behind a whole value it does not mind the start of
 * another one that never ends ("1 \"x"); a line feed more makes it look.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yajl/yajl_parse.h>

#include "engine/array.h"
#include "engine/import/json_text.h"
#include "engine/import/jsonscan.h"
#include "engine/text.h"

/* ---- What yajl sees: the members of an object, "path kind:string" each ---- */

struct oracle {
    bool keep_nested;
    struct text path;     /* of the member that comes */
    struct array lengths; /* of size_t: the path's length outside of each open object */
    struct array objects; /* of char *: the members that an open object has had */
    struct array members; /* of char * */
    unsigned inside;      /* arrays and kept objects that are open */
    bool begun, twice, fresh;
};

static void clear_strings(struct array *strings)
{
    for (size_t i = 0; i < strings->count; i++) {
        free(((char **)strings->items)[i]);
    }
    array_release(strings);
}

static void push_string(struct array *strings, char *string)
{
    *(char **)array_push(strings) = string;
}

/* NUL is a sign of a string like any other; in what is compared it stands as \1. */
static void append_visible(struct text *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        text_append_char(out, bytes[i] == '\0' ? '\1' : bytes[i]);
    }
}

static char *member_string(const char *path, enum cell_kind kind, const char *bytes,
                           size_t length)
{
    struct text out = {0};
    text_printf(&out, "%s %d:", path, (int)kind);
    append_visible(&out, bytes, length);
    return text_take(&out);
}

static int oracle_value(struct oracle *oracle, enum cell_kind kind, const void *bytes,
                        size_t length)
{
    oracle->fresh = false;
    if (oracle->inside == 0 && oracle->begun) {
        push_string(&oracle->members,
                    member_string(text_string(&oracle->path), kind, bytes, length));
    }
    return 1;
}

static int oracle_null(void *context)
{
    return oracle_value(context, CELL_NULL, "null", 4);
}
static int oracle_boolean(void *context, int value)
{
    return oracle_value(context, CELL_BOOLEAN, value ? "true" : "false", value ? 4 : 5);
}
static int oracle_number(void *context, const char *bytes, size_t length)
{
    return oracle_value(context, CELL_NUMBER, bytes, length);
}
static int oracle_string(void *context, const unsigned char *bytes, size_t length)
{
    return oracle_value(context, CELL_STRING, bytes, length);
}

static int oracle_open_array(void *context)
{
    struct oracle *oracle = context;
    oracle_value(oracle, CELL_NESTED, "", 0);
    oracle->inside++;
    return 1;
}

static int oracle_close_array(void *context)
{
    struct oracle *oracle = context;
    oracle->inside--;
    return 1;
}

static int oracle_open_map(void *context)
{
    struct oracle *oracle = context;
    if (oracle->inside > 0 || (oracle->begun && oracle->keep_nested)) {
        return oracle_open_array(oracle);
    }
    oracle->begun = oracle->fresh = true;
    *(size_t *)array_push(&oracle->lengths) = oracle->path.length;
    return 1;
}

static int oracle_key(void *context, const unsigned char *bytes, size_t length)
{
    struct oracle *oracle = context;
    if (oracle->inside > 0) {
        return 1;
    }
    size_t depth = oracle->lengths.count;
    text_truncate(&oracle->path, *(size_t *)array_at(&oracle->lengths, depth - 1));
    text_append(&oracle->path, depth > 1 ? "." : "");
    append_visible(&oracle->path, (const char *)bytes, length);
    struct text seen = {0};
    text_printf(&seen, "%zu ", depth);
    append_visible(&seen, (const char *)bytes, length);
    for (size_t i = 0; i < oracle->objects.count; i++) {
        oracle->twice |=
            string_equal(((char **)oracle->objects.items)[i], text_string(&seen));
    }
    push_string(&oracle->objects, text_take(&seen));
    oracle->fresh = false;
    return 1;
}

/* What was seen in an object is forgotten with it. An empty one is a value. */
static int oracle_close_map(void *context)
{
    struct oracle *oracle = context;
    if (oracle->inside > 0) {
        return oracle_close_array(oracle);
    }
    size_t depth = oracle->lengths.count;
    bool empty = oracle->fresh;
    text_truncate(&oracle->path, *(size_t *)array_at(&oracle->lengths, depth - 1));
    oracle->lengths.count--;
    char *mark = string_printf("%zu ", depth);
    for (size_t i = oracle->objects.count; i-- > 0;) {
        char *seen = ((char **)oracle->objects.items)[i];
        if (string_starts(seen, mark)) {
            free(seen);
            oracle->objects.count--;
        }
    }
    free(mark);
    return !empty || depth == 1 || oracle_value(oracle, CELL_NESTED, "", 0);
}

static const yajl_callbacks oracle_calls = {oracle_null,
                                            oracle_boolean,
                                            NULL,
                                            NULL,
                                            oracle_number,
                                            oracle_string,
                                            oracle_open_map,
                                            oracle_key,
                                            oracle_close_map,
                                            oracle_open_array,
                                            oracle_close_array};

static bool oracle_read(struct oracle *oracle, const char *text, size_t length,
                        bool keep_nested)
{
    *oracle = (struct oracle){.keep_nested = keep_nested,
                              .lengths = ARRAY_OF(size_t),
                              .objects = ARRAY_OF(char *),
                              .members = ARRAY_OF(char *)};
    yajl_handle yajl = yajl_alloc(&oracle_calls, NULL, oracle);
    bool good = yajl_parse(yajl, (const unsigned char *)text, length) == yajl_status_ok &&
                yajl_parse(yajl, (const unsigned char *)"\n", 1) == yajl_status_ok &&
                yajl_complete_parse(yajl) == yajl_status_ok;
    yajl_free(yajl);
    return good;
}

static void oracle_release(struct oracle *oracle)
{
    text_release(&oracle->path);
    array_release(&oracle->lengths);
    clear_strings(&oracle->objects);
    clear_strings(&oracle->members);
}

/* ---- The same of a scanned row ---- */

static void fail(const char *what)
{
    fprintf(stderr, "fuzz_json: %s\n", what);
    abort();
}

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* False: a lone surrogate is in it, in a string or in a name. */
static bool row_members(const struct jsonscan *scan, const struct jsonscan_row *row,
                        struct array *members)
{
    long long replaced = 0;
    struct text value = {0}, path = {0};
    for (size_t i = 0; i < jsonscan_columns(scan); i++) {
        const struct jsonscan_cell *cell = &row->cells[i];
        if (cell->text == NULL) {
            continue;
        }
        text_clear(&path);
        for (size_t level = 0; level < jsonscan_levels(scan, i); level++) {
            size_t length;
            const char *name = jsonscan_name(scan, i, level, &length);
            text_append(&path, level > 0 ? "." : "");
            append_visible(&path, name, length);
            replaced += memmem(name, length, "\xEF\xBF\xBD", 3) != NULL ? 1 : 0;
        }
        text_clear(&value);
        if (cell->escaped) {
            char *to = text_reserve(&value, cell->length);
            text_grow(&value, jsonscan_unescape(to, cell->text, cell->length, &replaced));
        } else if (cell->kind != CELL_NESTED) {
            text_append_bytes(&value, cell->text, cell->length);
        }
        push_string(members, member_string(text_string(&path), cell->kind,
                                           text_string(&value), value.length));
    }
    text_release(&value);
    text_release(&path);
    return replaced == 0;
}

static void compare_members(struct array *found, struct array *expected)
{
    if (found->count != expected->count) {
        fail("not as many members");
    }
    if (found->count > 0) {
        qsort(found->items, found->count, sizeof(char *), compare_strings);
        qsort(expected->items, expected->count, sizeof(char *), compare_strings);
    }
    for (size_t i = 0; i < found->count; i++) {
        if (!string_equal(((char **)found->items)[i], ((char **)expected->items)[i])) {
            fail("another member");
        }
    }
}

static bool is_slip(const struct jsonscan_fault *fault)
{
    return fault->fault == JSON_BAD_UTF8 || fault->fault == JSON_TOO_DEEP ||
           *fault->at == '\v' || *fault->at == '\f';
}

static void check_row(const struct jsonscan *scan, const struct jsonscan_row *row,
                      enum reader_state state, bool keep_nested)
{
    struct oracle oracle;
    bool good = oracle_read(&oracle, row->start, row->length, keep_nested);
    bool fault = state == READER_BAD && row->bad == JSONSCAN_FAULT;
    if (good == fault && !(fault && is_slip(&row->fault))) {
        fail("a row that only one of them takes");
    }
    bool surrogates = memmem(row->start, row->length, "\\u", 2) != NULL;
    if (!fault && oracle.begun &&
        oracle.twice != (state == READER_BAD && row->bad == JSONSCAN_TWICE) &&
        !surrogates) {
        fail("a member twice");
    }
    if (state == READER_ROW) {
        struct array members = ARRAY_OF(char *);
        if (row_members(scan, row, &members)) {
            compare_members(&members, &oracle.members);
        }
        clear_strings(&members);
    }
    oracle_release(&oracle);
}

/* ---- Shapes ---- */

/* A scan that knows nothing yet must say the same of a row. */
static void check_alone(const struct jsonscan_spec *spec, const struct jsonscan_row *row,
                        enum reader_state state)
{
    struct jsonscan *alone = jsonscan_new(spec);
    struct jsonscan_window window = {row->start, row->length, false, true, true};
    struct jsonscan_row other;
    jsonscan_start(alone, &window);
    if (jsonscan_next(alone, &other) != state || other.length != row->length ||
        (state == READER_BAD &&
         (other.bad != row->bad || other.fault.fault != row->fault.fault ||
          other.fault.at != row->fault.at))) {
        fail("what was learnt changes a row");
    }
    jsonscan_free(alone);
}

static void fuzz_lines(const char *text, size_t length, bool keep_nested)
{
    struct jsonscan_spec spec = {.keep_nested = keep_nested};
    struct jsonscan *scan = jsonscan_new(&spec);
    size_t half = jsonscan_cut_lines(text, length / 2);
    struct jsonscan_window windows[] = {{text, half, false, true, false},
                                        {text + half, length - half, false, false, true}};
    for (int i = 0; i < 2; i++) {
        struct jsonscan_row row;
        enum reader_state state;
        jsonscan_start(scan, &windows[i]);
        while ((state = jsonscan_next(scan, &row)) != READER_END) {
            if (state == READER_FAILED) {
                break;
            }
            check_row(scan, &row, state, keep_nested);
            check_alone(&spec, &row, state);
        }
    }
    jsonscan_free(scan);
}

/* In one window and in two: the same rows, the same fault. */
static long long scan_array(const char *text, size_t length, size_t half,
                            struct jsonscan_fault *fault)
{
    struct jsonscan_spec spec = {0};
    struct jsonscan *scan = jsonscan_new(&spec);
    struct jsonscan_window windows[] = {
        {text, half, true, true, false},
        {text + half, length - half, true, half == 0, true}};
    enum reader_state state = READER_END;
    long long rows = 0;
    for (int i = half > 0 ? 0 : 1; i < 2 && state == READER_END; i++) {
        struct jsonscan_row row;
        jsonscan_start(scan, &windows[i]);
        while ((state = jsonscan_next(scan, &row)) == READER_ROW || state == READER_BAD) {
            rows++;
        }
        *fault = row.fault;
    }
    jsonscan_free(scan);
    return state == READER_END ? rows : -1 - rows;
}

static void fuzz_array(const char *text, size_t length)
{
    struct jsonscan_fault whole, cut, checked;
    size_t half = jsonscan_cut_array(text, length / 2, true);
    long long rows = scan_array(text, length, 0, &whole);
    if (scan_array(text, length, half, &cut) != rows ||
        (rows < 0 && (cut.at != whole.at || cut.fault != whole.fault))) {
        fail("a cut changes the rows");
    }
    bool good = jsonscan_check(text, length, &checked);
    if (rows >= 0 ? !good : good && *whole.at != '\0' && whole.fault != JSON_NO_VALUE) {
        fail("an array is no array");
    }
}

static void fuzz_text(const char *text, size_t length)
{
    struct jsonscan_fault fault = {0};
    struct oracle oracle;
    struct json_scan other;
    bool taken = jsonscan_check(text, length, &fault);
    if (json_check(text, length, &other) != taken ||
        (!taken && (other.fault != fault.fault || other.byte != fault.at - text))) {
        fail("another fault than the reference way's");
    }
    bool expected = oracle_read(&oracle, text, length, true);
    if (taken != expected && (taken || !is_slip(&fault))) {
        fail("a text that only one of them takes");
    }
    if (!taken && (fault.at < text || fault.at > text + length)) {
        fail("a fault outside of the text");
    }
    oracle_release(&oracle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    /* What stands behind the end must not matter: it goes on like the text. */
    size_t length = size - 1;
    char *text = memory_new(length + JSONSCAN_SLACK + 1);
    memcpy(text, data + 1, length);
    for (size_t i = 0; i < JSONSCAN_SLACK; i++) {
        text[length + i] = length > 0 ? text[i % length] : '"';
    }
    switch (data[0] % 4) {
    case 0:
        fuzz_text(text, length);
        break;
    case 1:
        fuzz_array(text, length);
        break;
    default:
        fuzz_lines(text, length, data[0] % 4 == 2);
        break;
    }
    free(text);
    return 0;
}
