/* jsonscan_window: a scan's life, and the rows of a window: lines, or the elements of an
 * array.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/jsonscan.h"

#include <stdlib.h>

#include "engine/import/jsonscan_row.h"

struct jsonscan *jsonscan_new(const struct jsonscan_spec *spec)
{
    struct jsonscan *scan = memory_new(sizeof *scan);
    members_init(&scan->members, spec->keep_nested, spec->whole);
    return scan;
}

struct jsonscan *jsonscan_copy(const struct jsonscan *from)
{
    struct jsonscan *scan = memory_new(sizeof *scan);
    members_copy(&scan->members, &from->members);
    jsonscan_make_room(scan);
    return scan;
}

void jsonscan_free(struct jsonscan *scan)
{
    if (scan != NULL) {
        members_release(&scan->members);
        text_release(&scan->name);
        free(scan->cells);
        free(scan->no_cells);
        free(scan);
    }
}

size_t jsonscan_columns(const struct jsonscan *scan)
{
    return scan->members.columns.count;
}

size_t jsonscan_levels(const struct jsonscan *scan, size_t column)
{
    return members_node(&scan->members, members_column(&scan->members, column))->depth;
}

const char *jsonscan_name(const struct jsonscan *scan, size_t column, size_t level,
                          size_t *length)
{
    uint32_t node = members_column(&scan->members, column);
    const struct members_node *at = members_at_level(&scan->members, node, level);
    *length = at->name_length;
    return text_string(&scan->members.bytes) + at->name;
}

void jsonscan_adopt(struct jsonscan *scan, const struct jsonscan *from, size_t first)
{
    for (size_t i = first; i < from->members.columns.count; i++) {
        uint32_t node = members_adopt(&scan->members, &from->members,
                                      members_column(&from->members, i));
        if (members_node(&scan->members, node)->column == MEMBERS_NO_COLUMN) {
            members_add_column(&scan->members, node);
        }
    }
    jsonscan_make_room(scan);
}

void jsonscan_start(struct jsonscan *scan, const struct jsonscan_window *window)
{
    scan->window = *window;
    scan->at = window->bytes;
    scan->end = window->bytes + window->length;
    /* What is blank between elements may be the end of a line. */
    if (scan->lines == window->array) {
        members_unlearn(&scan->members);
        scan->lines = !window->array;
    }
    scan->opened = !window->first;
}

/* ---- Rows ---- */

static const char *read_stranger(struct jsonscan *scan, const char *at)
{
    struct jsonscan_cell cell;
    struct token_nest nest = {
        .end = scan->end, .lines = scan->lines, .depth = scan->lines ? 0 : 1};
    return token_value(at, &nest, &cell, &scan->fault);
}

/* Behind a value only blanks can stand on its line. */
static const char *read_line_end(struct jsonscan *scan, const char *at)
{
    if (at < scan->end && *at == '\n') {
        return at;
    }
    at = scan_skip_blanks(scan, at);
    return at == scan->end || *at == '\n' ? at
                                          : token_fail(&scan->fault, at, JSON_NO_END);
}

static void tell_twice(struct jsonscan *scan, struct jsonscan_row *row)
{
    const struct members_node *node = members_node(&scan->members, scan->twice);
    text_clear(&scan->name);
    text_append_bytes(&scan->name, text_string(&scan->members.bytes) + node->name,
                      node->name_length);
    row->bad = JSONSCAN_TWICE;
    row->name = scan->name.data;
    row->name_length = scan->name.length;
}

/* What stands at scan->at as a row. Afterwards scan->at is behind it, in lines at the
 * line's end; if it is no JSON, scan->at stays. */
static enum reader_state read_row(struct jsonscan *scan, struct jsonscan_row *row)
{
    size_t nodes = scan->members.nodes.count, columns = scan->members.columns.count;
    bool stranger = scan_sign(scan, scan->at) != '{';
    scan->row++;
    scan->twice = MEMBERS_ROOT;
    scan->lone = 0;
    scan->escaped = false;
    scan->fault = (struct jsonscan_fault){0};
    if (columns > 0) {
        memcpy(scan->cells, scan->no_cells, columns * sizeof *scan->cells);
    }
    row->start = scan->at;
    const char *at =
        stranger ? read_stranger(scan, scan->at) : jsonscan_object(scan, scan->at);
    if (scan->members.columns.count > JSONSCAN_COLUMNS_MOST) {
        row->fault = (struct jsonscan_fault){0};
        return READER_FAILED;
    }
    if (at != NULL && scan->lines) {
        at = read_line_end(scan, at);
    }
    row->lone = scan->lone > 0;
    if (at != NULL && !stranger && scan->twice == MEMBERS_ROOT) {
        scan->at = at;
        row->cells = scan->cells;
        row->escaped = scan->escaped;
        row->length = (size_t)(at - row->start);
        return READER_ROW;
    }
    row->bad = stranger ? JSONSCAN_STRANGER : JSONSCAN_TWICE;
    if (at == NULL) {
        row->bad = JSONSCAN_FAULT;
    } else if (!stranger) {
        tell_twice(scan, row);
    }
    members_forget(&scan->members, nodes, columns);
    scan->at = at != NULL ? at : scan->at;
    row->length = (size_t)(scan->at - row->start);
    row->fault = scan->fault;
    return READER_BAD;
}

/* ---- Lines ---- */

static bool find_line(struct jsonscan *scan)
{
    for (;; scan->at++) {
        scan->at = scan_skip_blanks(scan, scan->at);
        if (scan->at == scan->end) {
            return false;
        }
        if (*scan->at != '\n') {
            return true;
        }
    }
}

static enum reader_state next_line(struct jsonscan *scan, struct jsonscan_row *row)
{
    if (!find_line(scan)) {
        return READER_END;
    }
    enum reader_state state = read_row(scan, row);
    if (state == READER_BAD && row->bad == JSONSCAN_FAULT) {
        const char *at = row->fault.at;
        const char *feed =
            at < scan->end ? memchr(at, '\n', (size_t)(scan->end - at)) : NULL;
        if (at < scan->end && *at == '\n') {
            row->fault.fault = JSON_ENDS_EARLY;
        }
        scan->at = feed != NULL ? feed : scan->end;
        row->length = (size_t)(scan->at - row->start);
    }
    scan->at += scan->at < scan->end ? 1 : 0;
    return state;
}

/* ---- Elements of an array ---- */

static enum reader_state fail_at(struct jsonscan *scan, const char *at,
                                 enum json_fault why)
{
    token_fail_before(&scan->fault, at, scan->end, why);
    return READER_FAILED;
}

/* From its closing bracket: nothing but blanks comes behind. */
static enum reader_state close_array(struct jsonscan *scan, const char *at)
{
    scan->at = scan_skip_blanks(scan, at + 1);
    return scan->at == scan->end ? READER_END : fail_at(scan, scan->at, JSON_NO_END);
}

/* Behind a value, or at the array's start. READER_ROW: another begins at scan->at. */
static enum reader_state find_element(struct jsonscan *scan)
{
    const char *at = scan_skip_blanks(scan, scan->at);
    if (scan->opened) {
        if (at == scan->end && !scan->window.last) {
            return READER_END;
        }
        if (scan_sign(scan, at) == ']') {
            return close_array(scan, at);
        }
        if (scan_sign(scan, at) != ',') {
            return fail_at(scan, at, JSON_NO_COMMA);
        }
        scan->at = scan_skip_blanks(scan, at + 1);
        return READER_ROW;
    }
    if (scan_sign(scan, at) != '[') {
        return fail_at(scan, at, JSON_NO_VALUE);
    }
    scan->opened = true;
    scan->at = scan_skip_blanks(scan, at + 1);
    return scan_sign(scan, scan->at) == ']' ? close_array(scan, scan->at) : READER_ROW;
}

static enum reader_state next_element(struct jsonscan *scan, struct jsonscan_row *row)
{
    enum reader_state state = find_element(scan);
    if (state == READER_ROW) {
        state = read_row(scan, row);
        bool fault = state == READER_BAD && row->bad == JSONSCAN_FAULT;
        return fault ? READER_FAILED : state;
    }
    row->bad = JSONSCAN_FAULT;
    row->fault = scan->fault;
    return state;
}

enum reader_state jsonscan_next(struct jsonscan *scan, struct jsonscan_row *row)
{
    *row = (struct jsonscan_row){0};
    return scan->lines ? next_line(scan, row) : next_element(scan, row);
}
