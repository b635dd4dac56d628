/* jsonscan_row: an object to cells. What is expected is compared as a whole, what is not
 * is read sign by sign and expected next time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/jsonscan_row.h"

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
static inline void see_node(struct jsonscan *scan, uint32_t number, uint32_t enters)
{
    uint32_t twice = MEMBERS_ROOT;
    struct members_node *node = members_node(&scan->members, number);
    for (;;) {
        if (__builtin_expect(node->seen == scan->row, false)) {
            twice = number;
        }
        node->seen = scan->row;
        if (__builtin_expect(enters-- == 0, true)) {
            break;
        }
        number = node->parent;
        node = members_node(&scan->members, number);
    }
    if (__builtin_expect(twice != MEMBERS_ROOT && scan->twice == MEMBERS_ROOT, false)) {
        scan->twice = twice;
    }
}

static const char *read_name(struct jsonscan *scan, const char *at, uint32_t parent,
                             uint32_t *node)
{
    struct jsonscan_cell name;
    at = token_name(at, scan->end, scan->lines, &name, &scan->fault);
    if (at == NULL) {
        return NULL;
    }
    if (name.escaped) {
        text_clear(&scan->name);
        name.length = (uint32_t)jsonscan_unescape(text_reserve(&scan->name, name.length),
                                                  name.text, name.length, &scan->lone);
        name.text = scan->name.data;
    }
    *node = members_find(&scan->members, parent, name.text, name.length);
    see_node(scan, *node, 0);
    return at;
}

/* Before the value of a node: as long as it is an object whose members are columns, go to
 * its first member. An empty object is a value. */
static const char *enter_objects(struct jsonscan *scan, const char *at, uint32_t *node,
                                 uint32_t *enters)
{
    while (at < scan->end && *at == '{') {
        const struct members_node *here = members_node(&scan->members, *node);
        const char *inner = scan_skip_blanks(scan, at + 1);
        if (here->whole || (inner < scan->end && *inner == '}')) {
            break;
        }
        if (here->depth + (scan->lines ? 0 : 1) >= JSON_DEPTH_MOST) {
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
        here = scan_skip_blanks(scan, here);
        if (here < scan->end && *here == ',') {
            *at = scan_skip_blanks(scan, here + 1);
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
    *at = scan_skip_blanks(scan, *at + 1);
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
    at = enter_objects(scan, scan_skip_blanks(scan, at), node, &enters);
    if (at == NULL) {
        return NULL;
    }
    struct token_nest nest = {.end = scan->end,
                              .lines = scan->lines,
                              .depth = members_node(&scan->members, *node)->depth +
                                       (scan->lines ? 0u : 1u)};
    return token_value(at, &nest, cell, &scan->fault);
}

void jsonscan_make_room(struct jsonscan *scan)
{
    if (scan->members.columns.count > scan->cells_room) {
        size_t room = scan->members.columns.count * 2 + 16;
        scan->cells = memory_resize(scan->cells, room * sizeof *scan->cells);
        scan->no_cells = memory_resize(scan->no_cells, room * sizeof *scan->no_cells);
        for (size_t i = scan->cells_room; i < room; i++) {
            scan->no_cells[i] = (struct jsonscan_cell){.kind = CELL_NULL};
        }
        scan->cells_room = room;
    }
}

static void add_column(struct jsonscan *scan, uint32_t node)
{
    members_add_column(&scan->members, node);
    jsonscan_make_room(scan);
}

static const char *read_rare_value(struct jsonscan *scan, const char *at, uint32_t *node)
{
    struct jsonscan_cell cell;
    at = read_other(scan, at, node, &cell);
    if (at == NULL) {
        return NULL;
    }
    if (members_node(&scan->members, *node)->column < 0) {
        add_column(scan, *node);
        if (scan->members.columns.count > JSONSCAN_COLUMNS_MOST) {
            return NULL; /* a hostile object may have millions */
        }
    }
    scan->cells[members_node(&scan->members, *node)->column] = cell;
    scan->escaped |= cell.escaped;
    return at;
}

static inline const char *read_value(struct jsonscan *scan, const char *at,
                                     uint32_t *node)
{
    int column = members_node(&scan->members, *node)->column;
    char sign = scan_sign(scan, at);
    if (__builtin_expect(column >= 0, true)) {
        struct jsonscan_cell *cell = &scan->cells[column];
        if (sign == '"') {
            at = token_string(at + 1, scan->end, cell, &scan->fault);
            scan->escaped |= cell->escaped;
            return at;
        }
        if ((unsigned char)(sign - '0') <= 9 || sign == '-') {
            return token_number(at, scan->end, cell, &scan->fault);
        }
    }
    return read_rare_value(scan, at, node);
}

const char *jsonscan_object(struct jsonscan *scan, const char *at)
{
    for (uint32_t last = MEMBERS_ROOT;;) {
        const struct members_node *node = members_node(&scan->members, last);
        uint32_t next = node->edge.to;
        if (__builtin_expect(edge_fits(node, at, scan->end), true)) {
            at += node->edge.length;
            if (next == MEMBERS_ROOT) {
                return at;
            }
            see_node(scan, next, node->edge.enters);
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
