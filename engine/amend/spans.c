/* amend/spans: the tree of spans, and the questions about lines and columns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/amend/private.h"

#include <string.h>

struct span *span_at(const struct spans *spans, int number)
{
    return number >= 0 ? array_at(&spans->nodes, (size_t)number) : NULL;
}

int span_child(const struct spans *spans, int parent, size_t index)
{
    const struct span *span = span_at(spans, parent);
    int child = span != NULL ? span->first : NO_SPAN;
    for (; child != NO_SPAN && index > 0; index--) {
        child = span_at(spans, child)->next;
    }
    return child;
}

int span_add(struct spans *spans, int parent, enum document_kind kind)
{
    int number = (int)spans->nodes.count;
    struct span *span = array_push(&spans->nodes);
    *span = (struct span){.kind = kind,
                          .parent = parent,
                          .first = NO_SPAN,
                          .last = NO_SPAN,
                          .next = NO_SPAN};
    struct span *above = span_at(spans, parent);
    if (above != NULL) {
        span->in_map = above->kind == DOCUMENT_MAP;
        if (above->last != NO_SPAN) {
            span_at(spans, above->last)->next = number;
        } else {
            above->first = number;
        }
        above->last = number;
        above->count++;
    }
    return number;
}

void spans_release(struct spans *spans)
{
    array_release(&spans->nodes);
}

size_t line_end(const struct spans *spans, size_t at)
{
    while (at < spans->length && spans->bytes[at] != '\n') {
        at++;
    }
    return at > 0 && at < spans->length && spans->bytes[at - 1] == '\r' ? at - 1 : at;
}

size_t line_start(const struct spans *spans, size_t at)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t start = at;
    while (start > 0 && spans->bytes[start - 1] != '\n') {
        start--;
    }
    /* A byte order mark has no column. */
    bool has_mark = start == 0 && at >= strlen(mark) && string_starts(spans->bytes, mark);
    return has_mark ? strlen(mark) : start;
}

/* ---- Columns ---- */

/* Column of the dash before an item: nothing but white space lies between. */
static int column_of_dash(const struct spans *spans, const struct span *item)
{
    size_t at = item->start;
    if (item->style == SPAN_ABSENT) {
        return -1;
    }
    if (item->style == SPAN_LITERAL) {
        at = line_start(spans, at);
        at = at > 0 ? line_start(spans, at - 1) : at;
        while (spans->bytes[at] == ' ') {
            at++;
        }
        return spans->bytes[at] == '-' ? (int)(at - line_start(spans, at)) : -1;
    }
    while (at > 0 && strchr(" \n\r", spans->bytes[at - 1]) != NULL) {
        at--;
    }
    return at > 0 && spans->bytes[at - 1] == '-'
               ? (int)(at - 1 - line_start(spans, at - 1))
               : -1;
}

int span_column(const struct spans *spans, const struct span *span)
{
    const struct span *child = span_at(spans, span->first);
    if (span->style != SPAN_BLOCK || child == NULL) {
        return -1;
    }
    if (span->kind == DOCUMENT_MAP) {
        return (int)(child->key_start - line_start(spans, child->key_start));
    }
    int column = -1;
    for (; child != NULL && column < 0; child = span_at(spans, child->next)) {
        column = column_of_dash(spans, child);
    }
    return column;
}

/* ---- The manner of the document ---- */

static void note(int *known, int from, int to)
{
    if (*known < 0 && from >= 0 && to >= 0) {
        *known = to - from;
    }
}

/* JSON: what stands before the first member of the root, on its line. */
static void note_step(const struct spans *spans, struct manner *manner)
{
    const struct span *child = span_at(spans, span_child(spans, 0, 0));
    if (child == NULL) {
        return;
    }
    size_t at = child->in_map ? child->key_start : child->start;
    size_t start = line_start(spans, at);
    if (start > 0 && strspn(spans->bytes + start, " \t") == at - start) {
        manner->step = spans->bytes + start;
        manner->step_bytes = at - start;
    }
}

void manner_of(const struct spans *spans, struct manner *manner)
{
    const char *feed = memchr(spans->bytes, '\n', spans->length);
    bool with_return = feed != NULL && feed > spans->bytes && feed[-1] == '\r';
    *manner = (struct manner){.newline = with_return ? "\r\n" : "\n",
                              .map_step = -1,
                              .list_step = -1,
                              .dash_width = -1,
                              .is_json = spans->is_json};
    if (spans->is_json) {
        note_step(spans, manner);
    }
    for (size_t i = 0; i < spans->nodes.count; i++) {
        const struct span *span = array_at(&spans->nodes, i);
        const struct span *above = span_at(spans, span->parent);
        if (above == NULL || span->style != SPAN_BLOCK) {
            continue;
        }
        int from = span_column(spans, above), to = span_column(spans, span);
        bool is_list = span->kind == DOCUMENT_LIST;
        if (above->kind == DOCUMENT_MAP) {
            note(is_list ? &manner->list_step : &manner->map_step, from, to);
        } else if (!is_list) {
            note(&manner->dash_width, from, to);
        }
    }
    manner->map_step = manner->map_step > 0 ? manner->map_step : 2;
    manner->list_step = manner->list_step >= 0 ? manner->list_step : 2;
    manner->dash_width = manner->dash_width > 1 ? manner->dash_width : 2;
}
