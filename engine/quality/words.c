/* quality/words: lists of values in arguments of rules, as JSON.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/document.h"
#include "engine/quality/test.h"

bool quality_words_read(const char *json, struct array *words, bool *has_null)
{
    struct document_place place;
    struct document *document =
        document_parse(json, strlen(json), DOCUMENT_JSON_DATA, &place, NULL);
    const struct document_value *list = document_root(document);
    bool done = document != NULL && document_kind(list) == DOCUMENT_LIST;
    for (size_t i = 0; done && i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        if (document_kind(item) == DOCUMENT_NULL) {
            *has_null = true;
        } else if (document_text(item) != NULL) {
            *(char **)array_push(words) = string_copy(document_text(item));
        } else {
            done = false;
        }
    }
    document_free(document);
    return done;
}

void quality_words_release(struct array *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(*(char **)array_at(words, i));
    }
    array_release(words);
}

static void append_value(struct text *out, const struct document_value *value)
{
    const char *text = document_text(value);
    enum document_kind kind = document_kind(value);
    if (kind == DOCUMENT_LIST) {
        text_append_char(out, '[');
        for (size_t i = 0; i < document_count(value); i++) {
            text_append(out, i > 0 ? "," : "");
            append_value(out, document_item(value, i));
        }
        text_append_char(out, ']');
    } else if (kind == DOCUMENT_STRING) {
        text_append_json(out, text);
    } else {
        text_append(out, text != NULL ? text : "null");
    }
}

char *quality_member(const char *json, const char *key)
{
    struct document_place place;
    struct text out = {0};
    struct document *document =
        json != NULL
            ? document_parse(json, strlen(json), DOCUMENT_JSON_DATA, &place, NULL)
            : NULL;
    const struct document_value *value = document_get(document_root(document), key);
    if (value != NULL) {
        append_value(&out, value);
    }
    document_free(document);
    return out.length > 0 ? text_take(&out) : NULL;
}

char *quality_member_text(const char *json, const char *key)
{
    struct document_place place;
    struct document *document =
        json != NULL
            ? document_parse(json, strlen(json), DOCUMENT_JSON_DATA, &place, NULL)
            : NULL;
    char *text = string_copy(document_get_text(document_root(document), key));
    document_free(document);
    return text;
}
