/* amend/spans_json: the spans of a JSON text that was parsed before: whatever is no
 * bracket, quote, comma or colon is a number or a word.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/amend/private.h"

#include <string.h>

struct json_spans {
    struct spans *spans;
    size_t at;
    int open;
    bool has_key;
    size_t key_start, key_end;
};

static size_t end_of_string(const struct spans *spans, size_t at)
{
    for (at++; at < spans->length && spans->bytes[at] != '"'; at++) {
        at += spans->bytes[at] == '\\' ? 1 : 0;
    }
    return at < spans->length ? at + 1 : spans->length;
}

static int add_value(struct json_spans *reader, enum document_kind kind)
{
    int number = span_add(reader->spans, reader->open, kind);
    struct span *span = span_at(reader->spans, number);
    span->start = reader->at;
    if (span->in_map) {
        span->key_start = reader->key_start;
        span->key_end = reader->key_end;
        const char *colon = memchr(reader->spans->bytes + span->key_end, ':',
                                   span->start - span->key_end);
        span->zone = colon != NULL ? (size_t)(colon - reader->spans->bytes) + 1 : 0;
        reader->has_key = false;
    }
    return number;
}

static void take_string(struct json_spans *reader)
{
    const struct span *open = span_at(reader->spans, reader->open);
    size_t end = end_of_string(reader->spans, reader->at);
    if (open != NULL && open->kind == DOCUMENT_MAP && !reader->has_key) {
        reader->key_start = reader->at;
        reader->key_end = end;
        reader->has_key = true;
    } else {
        struct span *span = span_at(reader->spans, add_value(reader, DOCUMENT_STRING));
        span->style = SPAN_DOUBLE;
        span->end = end;
    }
    reader->at = end;
}

static void take_word(struct json_spans *reader)
{
    struct span *span = span_at(reader->spans, add_value(reader, DOCUMENT_STRING));
    while (reader->at < reader->spans->length &&
           strchr(" \t\r\n,]}", reader->spans->bytes[reader->at]) == NULL) {
        reader->at++;
    }
    span->style = SPAN_PLAIN;
    span->end = reader->at;
}

static void take_bracket(struct json_spans *reader, char sign)
{
    if (sign == '{' || sign == '[') {
        int number = add_value(reader, sign == '{' ? DOCUMENT_MAP : DOCUMENT_LIST);
        span_at(reader->spans, number)->style = SPAN_FLOW;
        reader->open = number;
        reader->has_key = false;
        reader->at++;
        return;
    }
    struct span *span = span_at(reader->spans, reader->open);
    reader->at++;
    if (span != NULL) {
        span->end = reader->at;
        reader->open = span->parent;
        reader->has_key = false;
    }
}

bool spans_of_json(struct spans *spans, struct error *err)
{
    struct json_spans reader = {.spans = spans, .open = NO_SPAN};
    bool has_mark = spans->length >= 3 && memcmp(spans->bytes, "\xef\xbb\xbf", 3) == 0;
    reader.at = has_mark ? 3 : 0;
    while (reader.at < spans->length) {
        char sign = spans->bytes[reader.at];
        if (sign == '"') {
            take_string(&reader);
        } else if (sign != '\0' && strchr("{}[]", sign) != NULL) {
            take_bracket(&reader, sign);
        } else if (sign == '\0' || strchr(" \t\r\n,:", sign) != NULL) {
            reader.at++;
        } else {
            take_word(&reader);
        }
    }
    return spans->nodes.count > 0 ||
           error_set(err, ERROR_FAILED, "the text has no value");
}
