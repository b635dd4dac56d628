/* amend/spans_yaml: the spans of a YAML text, from libfyaml's events. Its marks stand
 * inside of quotes, and behind the blank lines that follow a block scalar.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/amend/private.h"

#include <libfyaml.h>
#include <string.h>

struct yaml_spans {
    struct spans *spans;
    int open; /* the list or map that is open, or NO_SPAN */
    bool has_key;
    size_t key_start, key_end;
    size_t reached; /* the end of all content so far */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind the colon of a key; 0: something else follows. */
static size_t zone_behind(const struct spans *spans, size_t at)
{
    while (at < spans->length && is_blank(spans->bytes[at])) {
        at++;
    }
    return at < spans->length && spans->bytes[at] == ':' ? at + 1 : 0;
}

static void give_key(struct yaml_spans *reader, struct span *span)
{
    if (span->in_map) {
        span->key_start = reader->key_start;
        span->key_end = reader->key_end;
        span->zone = zone_behind(reader->spans, span->key_end);
        reader->has_key = false;
    }
}

static bool expects_key(const struct yaml_spans *reader)
{
    const struct span *open = span_at(reader->spans, reader->open);
    return open != NULL && open->kind == DOCUMENT_MAP && !reader->has_key;
}

/* A list or map of blocks ends with its last content, which is known only then. */
static void reach(struct yaml_spans *reader, size_t end)
{
    reader->reached = end > reader->reached ? end : reader->reached;
}

/* Without the blank lines behind it, which belong to it only when it keeps them; but with
 * the blanks at the end of its last line, which always do. */
static size_t end_of_block_scalar(const struct spans *spans, size_t start, size_t end)
{
    size_t header = start > 0 ? line_start(spans, start - 1) : 0;
    bool keeps = memchr(spans->bytes + header, '+', start - header) != NULL;
    size_t last = end;
    while (last > 0 && is_blank(spans->bytes[last - 1])) {
        last--;
    }
    if (keeps && end > last) {
        return spans->bytes[end - 1] == '\n' ? end - 1 : end;
    }
    while (last < end && (spans->bytes[last] == ' ' || spans->bytes[last] == '\t')) {
        last++;
    }
    return last;
}

static void place_scalar(struct yaml_spans *reader, struct fy_event *event,
                         struct span *span)
{
    const struct spans *spans = reader->spans;
    const struct fy_mark *start = fy_event_start_mark(event);
    const struct fy_mark *end = fy_event_end_mark(event);
    struct fy_token *token = event->scalar.value;
    if (start == NULL || end == NULL || token == NULL ||
        (end->input_pos == start->input_pos &&
         fy_token_scalar_style(token) == FYSS_PLAIN)) {
        span->style = SPAN_ABSENT;
        span->start = span->end = span->in_map ? span->zone : reader->reached;
        return;
    }
    span->start = start->input_pos;
    span->end = end->input_pos;
    switch (fy_token_scalar_style(token)) {
    case FYSS_SINGLE_QUOTED:
    case FYSS_DOUBLE_QUOTED:
        span->style = fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED ? SPAN_SINGLE
                                                                         : SPAN_DOUBLE;
        span->start -= span->start > 0 ? 1 : 0;
        span->end += span->end < spans->length ? 1 : 0;
        break;
    case FYSS_LITERAL:
    case FYSS_FOLDED:
        span->style = SPAN_LITERAL;
        span->end = end_of_block_scalar(spans, span->start, span->end);
        break;
    default:
        span->style = SPAN_PLAIN;
    }
}

static void on_value(struct yaml_spans *reader, struct fy_event *event)
{
    struct span *span =
        span_at(reader->spans, span_add(reader->spans, reader->open, DOCUMENT_STRING));
    give_key(reader, span);
    if (event->type == FYET_ALIAS) {
        const struct fy_mark *start = fy_event_start_mark(event);
        const struct fy_mark *end = fy_event_end_mark(event);
        span->style = SPAN_ALIAS;
        span->start = start != NULL ? start->input_pos : reader->reached;
        span->end = end != NULL ? end->input_pos : span->start;
    } else {
        place_scalar(reader, event, span);
    }
    reach(reader, span->end);
}

static void on_key(struct yaml_spans *reader, struct fy_event *event)
{
    struct span key = {0};
    if (event->type == FYET_SCALAR) {
        place_scalar(reader, event, &key);
    }
    reader->has_key = true;
    reader->key_start = key.start;
    reader->key_end = key.end;
}

static void on_open(struct yaml_spans *reader, struct fy_event *event,
                    enum document_kind kind)
{
    const struct fy_mark *start = fy_event_start_mark(event);
    const struct spans *spans = reader->spans;
    int number = span_add(reader->spans, reader->open, kind);
    struct span *span = span_at(spans, number);
    give_key(reader, span);
    span->start = start != NULL ? start->input_pos : reader->reached;
    char sign = kind == DOCUMENT_LIST ? '[' : '{';
    bool in_flow =
        span->parent != NO_SPAN && span_at(spans, span->parent)->style == SPAN_FLOW;
    /* Some versions of the parser mark the place behind the bracket. */
    if (span->start > 0 && spans->bytes[span->start] != sign &&
        spans->bytes[span->start - 1] == sign) {
        span->start--;
    }
    bool has_sign = span->start < spans->length && spans->bytes[span->start] == sign;
    span->style = has_sign || in_flow ? SPAN_FLOW : SPAN_BLOCK;
    reader->open = number;
    reader->has_key = false;
}

static void on_close(struct yaml_spans *reader, struct fy_event *event)
{
    const struct fy_mark *end = fy_event_end_mark(event);
    struct span *span = span_at(reader->spans, reader->open);
    if (span->style == SPAN_FLOW && end != NULL) {
        size_t at = end->input_pos;
        char sign = span->kind == DOCUMENT_LIST ? ']' : '}';
        at += at < reader->spans->length && reader->spans->bytes[at] == sign &&
                      (at == 0 || reader->spans->bytes[at - 1] != sign)
                  ? 1
                  : 0;
        reach(reader, at);
    }
    span->end = reader->reached;
    reader->open = span->parent;
    reader->has_key = false;
}

static void on_event(struct yaml_spans *reader, struct fy_event *event)
{
    switch (event->type) {
    case FYET_MAPPING_START:
        on_open(reader, event, DOCUMENT_MAP);
        break;
    case FYET_SEQUENCE_START:
        on_open(reader, event, DOCUMENT_LIST);
        break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        on_close(reader, event);
        break;
    case FYET_SCALAR:
    case FYET_ALIAS:
        if (expects_key(reader)) {
            on_key(reader, event);
        } else {
            on_value(reader, event);
        }
        break;
    default:
        break;
    }
}

bool spans_of_yaml(struct spans *spans, struct error *err)
{
    struct yaml_spans reader = {.spans = spans, .open = NO_SPAN};
    struct fy_parse_cfg how = {.flags = FYPCF_QUIET | FYPCF_JSON_NONE};
    struct fy_parser *parser = fy_parser_create(&how);
    bool done =
        parser != NULL && fy_parser_set_string(parser, spans->bytes, spans->length) == 0;
    struct fy_event *event;
    while (done && (event = fy_parser_parse(parser)) != NULL) {
        on_event(&reader, event);
        fy_parser_event_free(parser, event);
    }
    done = done && !fy_parser_get_stream_error(parser) && spans->nodes.count > 0;
    fy_parser_destroy(parser);
    return done || error_set(err, ERROR_FAILED, "the text has nothing to change");
}
