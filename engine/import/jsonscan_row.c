/* jsonscan_row: the rows of a window. What is expected is compared as a whole, what is
 * not is read sign by sign and expected next time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/jsonscan.h"

#include <stdlib.h>

#include "engine/import/jsonscan_members.h"
#include "engine/import/jsonscan_token.h"

struct jsonscan {
    bool array;
    struct members members;
    const char *at, *end; /* of the window */
    struct jsonscan_window window;
    long long blank_lines;
    bool opened; /* the array's bracket was seen */
    uint64_t row;
    uint32_t twice; /* the first node that the row has twice, or the root */
    struct jsonscan_cell *cells;
    size_t cells_room;
    struct text name; /* without escapes */
    struct jsonscan_fault fault;
};

/* For a cell of every column. */
static void make_room(struct jsonscan *scan)
{
    if (scan->members.columns.count > scan->cells_room) {
        size_t room = scan->members.columns.count * 2 + 16;
        scan->cells = memory_resize(scan->cells, room * sizeof *scan->cells);
        memset(scan->cells + scan->cells_room, 0,
               (room - scan->cells_room) * sizeof *scan->cells);
        scan->cells_room = room;
    }
}

struct jsonscan *jsonscan_new(const struct jsonscan_spec *spec)
{
    struct jsonscan *scan = memory_new(sizeof *scan);
    scan->array = spec->array;
    members_init(&scan->members, spec->keep_nested, spec->whole);
    return scan;
}

struct jsonscan *jsonscan_copy(const struct jsonscan *from)
{
    struct jsonscan *scan = memory_new(sizeof *scan);
    scan->array = from->array;
    members_copy(&scan->members, &from->members);
    make_room(scan);
    return scan;
}

void jsonscan_free(struct jsonscan *scan)
{
    if (scan != NULL) {
        members_release(&scan->members);
        text_release(&scan->name);
        free(scan->cells);
        free(scan);
    }
}

size_t jsonscan_columns(const struct jsonscan *scan)
{
    return scan->members.columns.count;
}

const char *jsonscan_column(const struct jsonscan *scan, size_t column, size_t *length)
{
    const struct members_column *at = array_at(&scan->members.columns, column);
    *length = at->length;
    return at->name;
}

void jsonscan_start(struct jsonscan *scan, const struct jsonscan_window *window)
{
    scan->window = *window;
    scan->at = window->bytes;
    scan->end = window->bytes + window->length;
    scan->blank_lines = 0;
    scan->opened = !window->first;
}

long long jsonscan_blank_lines(const struct jsonscan *scan)
{
    return scan->blank_lines;
}

static char sign_at(const struct jsonscan *scan, const char *at)
{
    return at < scan->end ? *at : '\0';
}

/* ---- Members ---- */

static bool edge_fits(const struct members_node *node, const char *at, const char *end)
{
    uint32_t length = node->edge.length;
    if (length == 0 || length > end - at) {
        return false;
    }
#ifdef __SSE2__
    for (uint32_t i = 0;; i += 16) {
        __m128i expected =
            _mm_loadu_si128((const __m128i *)(const void *)(node->gap + i));
        __m128i found = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        unsigned differ = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(expected, found));
        differ ^= 0xFFFF;
        if (i + 16 >= length) {
            return (differ & node->edge.last_mask) == 0;
        }
        if (differ != 0) {
            return false;
        }
    }
#else
    return memcmp(node->gap, at, length) == 0;
#endif
}

/* The row has this node, and as many of the objects around it begin with it. Of those
 * that it has twice the outermost counts, as if they were read in order. */
static void see_node(struct jsonscan *scan, uint32_t number, uint32_t enters)
{
    uint32_t twice = MEMBERS_ROOT;
    for (;;) {
        struct members_node *node = members_node(&scan->members, number);
        twice = node->seen == scan->row ? number : twice;
        node->seen = scan->row;
        if (enters-- == 0) {
            break;
        }
        number = node->parent;
    }
    scan->twice = scan->twice == MEMBERS_ROOT ? twice : scan->twice;
}

static const char *read_name(struct jsonscan *scan, const char *at, uint32_t parent,
                             uint32_t *node)
{
    struct jsonscan_cell name;
    at = token_name(at, scan->end, !scan->array, &name, &scan->fault);
    if (at == NULL) {
        return NULL;
    }
    if (name.escaped) {
        long long replaced = 0;
        text_clear(&scan->name);
        name.length = (uint32_t)jsonscan_unescape(text_reserve(&scan->name, name.length),
                                                  name.text, name.length, &replaced);
        name.text = scan->name.data;
    }
    *node = members_find(&scan->members, parent, name.text, name.length);
    see_node(scan, *node, 0);
    return at;
}

static const char *skip_blanks(const struct jsonscan *scan, const char *at)
{
    return token_skip_blanks(at, scan->end, !scan->array);
}

/* Before the value of a node: as long as it is an object whose members are columns, go to
 * its first member. An empty object is a value. */
static const char *enter_objects(struct jsonscan *scan, const char *at, uint32_t *node,
                                 uint32_t *enters)
{
    while (at < scan->end && *at == '{') {
        const struct members_node *here = members_node(&scan->members, *node);
        const char *inner = skip_blanks(scan, at + 1);
        if (here->whole || (inner < scan->end && *inner == '}')) {
            break;
        }
        if (here->depth + (scan->array ? 1 : 0) >= JSON_DEPTH_MOST) {
            return token_fail(&scan->fault, at, JSON_TOO_DEEP);
        }
        at = read_name(scan, inner, *node, node);
        if (at == NULL) {
            return NULL;
        }
        ++*enters;
    }
    return at;
}

/* Behind a value, or at the row's start: read sign by sign to the next member's name;
 * its object is *parent. True: the row has ended. */
static bool read_end(struct jsonscan *scan, const char **at, uint32_t *parent)
{
    const char *here = *at;
    for (;;) {
        here = skip_blanks(scan, here);
        if (here < scan->end && *here == ',') {
            *at = skip_blanks(scan, here + 1);
            return false;
        }
        if (here >= scan->end || *here != '}') {
            *at = token_fail_before(&scan->fault, here, scan->end, JSON_NO_COMMA);
            return false;
        }
        here++;
        if (*parent == MEMBERS_ROOT) {
            *at = here;
            return true;
        }
        *parent = members_node(&scan->members, *parent)->parent;
    }
}

static bool read_start(struct jsonscan *scan, const char **at)
{
    *at = skip_blanks(scan, *at + 1);
    bool empty = *at < scan->end && **at == '}';
    *at += empty ? 1 : 0;
    return empty;
}

/* From behind the value of node `last` to the next value, and remember the way. */
static const char *walk(struct jsonscan *scan, const char *from, uint32_t last,
                        uint32_t *next)
{
    struct members_edge edge = {.to = MEMBERS_ROOT};
    const char *at = from;
    uint32_t parent = members_node(&scan->members, last)->parent;
    bool ends =
        last == MEMBERS_ROOT ? read_start(scan, &at) : read_end(scan, &at, &parent);
    if (at != NULL && !ends) {
        at = read_name(scan, at, parent, &edge.to);
    }
    if (at != NULL && !ends) {
        at = enter_objects(scan, at, &edge.to, &edge.enters);
    }
    if (at != NULL) {
        members_learn(&scan->members, last, from, (size_t)(at - from), &edge);
    }
    *next = edge.to;
    return at;
}

/* ---- Values ---- */

/* The value of a node that is no string or number at once: blanks first, words, arrays,
 * objects. */
static const char *read_other(struct jsonscan *scan, const char *at, uint32_t *node,
                              struct jsonscan_cell *cell)
{
    uint32_t enters = 0;
    at = enter_objects(scan, skip_blanks(scan, at), node, &enters);
    if (at == NULL) {
        return NULL;
    }
    struct token_nest nest = {.end = scan->end,
                              .lines = !scan->array,
                              .depth = members_node(&scan->members, *node)->depth +
                                       (scan->array ? 1u : 0u)};
    return token_value(at, &nest, cell, &scan->fault);
}

static void add_column(struct jsonscan *scan, uint32_t node)
{
    members_add_column(&scan->members, node);
    make_room(scan);
}

static const char *read_value(struct jsonscan *scan, const char *at, uint32_t *node)
{
    struct jsonscan_cell cell;
    char sign = sign_at(scan, at);
    if (sign == '"') {
        at = token_string(at + 1, scan->end, &cell, &scan->fault);
    } else if ((sign >= '0' && sign <= '9') || sign == '-') {
        at = token_number(at, scan->end, &cell, &scan->fault);
    } else {
        at = read_other(scan, at, node, &cell);
    }
    if (__builtin_expect(at == NULL, false)) {
        return NULL;
    }
    if (__builtin_expect(members_node(&scan->members, *node)->column < 0, false)) {
        add_column(scan, *node);
    }
    scan->cells[members_node(&scan->members, *node)->column] = cell;
    return at;
}

/* An object from its brace to behind its other one. */
static const char *read_object(struct jsonscan *scan, const char *at)
{
    for (uint32_t last = MEMBERS_ROOT;;) {
        const struct members_node *node = members_node(&scan->members, last);
        uint32_t next = node->edge.to;
        if (__builtin_expect(edge_fits(node, at, scan->end), true)) {
            at += node->edge.length;
            if (next != MEMBERS_ROOT) {
                see_node(scan, next, node->edge.enters);
            }
        } else {
            at = walk(scan, at, last, &next);
        }
        if (next == MEMBERS_ROOT || at == NULL) {
            return at;
        }
        at = read_value(scan, at, &next);
        if (at == NULL) {
            return NULL;
        }
        last = next;
    }
}

/* ---- Rows ---- */

static const char *read_stranger(struct jsonscan *scan, const char *at)
{
    struct jsonscan_cell cell;
    struct token_nest nest = {
        .end = scan->end, .lines = !scan->array, .depth = scan->array ? 1 : 0};
    return token_value(at, &nest, &cell, &scan->fault);
}

/* Behind a value only blanks can stand on its line. */
static const char *read_line_end(struct jsonscan *scan, const char *at)
{
    if (at < scan->end && *at == '\n') {
        return at;
    }
    at = skip_blanks(scan, at);
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
    bool stranger = sign_at(scan, scan->at) != '{';
    scan->row++;
    scan->twice = MEMBERS_ROOT;
    scan->fault = (struct jsonscan_fault){0};
    if (columns > 0) {
        memset(scan->cells, 0, columns * sizeof *scan->cells);
    }
    row->start = scan->at;
    const char *at =
        stranger ? read_stranger(scan, scan->at) : read_object(scan, scan->at);
    if (at != NULL && !scan->array) {
        at = read_line_end(scan, at);
    }
    if (at != NULL && !stranger && scan->twice == MEMBERS_ROOT) {
        scan->at = at;
        row->cells = scan->cells;
        row->length = (size_t)(at - row->start);
        return scan->members.columns.count > JSONSCAN_COLUMNS_MOST ? READER_FAILED
                                                                   : READER_ROW;
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
        scan->at = skip_blanks(scan, scan->at);
        if (scan->at == scan->end) {
            return false;
        }
        if (*scan->at != '\n') {
            return true;
        }
        scan->blank_lines++;
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
            at < scan->end ? memchr(at, '\n', (size_t)(scan->end - at)) : 0;
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
    scan->at = skip_blanks(scan, at + 1);
    return scan->at == scan->end ? READER_END : fail_at(scan, scan->at, JSON_NO_END);
}

/* Behind a value, or at the array's start. READER_ROW: another begins at scan->at. */
static enum reader_state find_element(struct jsonscan *scan)
{
    const char *at = skip_blanks(scan, scan->at);
    if (scan->opened) {
        if (at == scan->end && !scan->window.last) {
            return READER_END;
        }
        if (sign_at(scan, at) == ']') {
            return close_array(scan, at);
        }
        if (sign_at(scan, at) != ',') {
            return fail_at(scan, at, JSON_NO_COMMA);
        }
        scan->at = skip_blanks(scan, at + 1);
        return READER_ROW;
    }
    if (sign_at(scan, at) != '[') {
        return fail_at(scan, at, JSON_NO_VALUE);
    }
    scan->opened = true;
    scan->at = skip_blanks(scan, at + 1);
    return sign_at(scan, scan->at) == ']' ? close_array(scan, scan->at) : READER_ROW;
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
    return scan->array ? next_element(scan, row) : next_line(scan, row);
}
