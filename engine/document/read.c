/* document/read: parsing by format, and the questions a reader of the tree may ask.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/document.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/document/tree.h"
#include "engine/text.h"

struct document *document_parse(const char *bytes, size_t length,
                                enum document_format format, struct document_place *place,
                                struct error *err)
{
    struct document_place start = {.line = 1, .column = 1};
    struct tree_builder builder;
    struct document *document = tree_new();
    tree_builder_init(&builder, document, place, err);
    builder.last_key_wins = format == DOCUMENT_JSON_DATA;
    if (place != NULL) {
        *place = start;
    }
    bool done;
    if (length > TREE_MAX_BYTES) {
        char size[32];
        done =
            tree_fail(&builder, start, "the document has %s; descriptors may have 8 MiB",
                      string_of_bytes((long long)length, size, sizeof size));
    } else {
        done = tree_check_encoding(&builder, bytes, length);
        /* libfyaml takes a NUL for the end and spins on bad UTF-8 in a directive; yajl
         * takes a form feed for a blank. */
        done = done && tree_check_bytes(&builder, bytes, length) &&
               (format == DOCUMENT_YAML ? yaml_parse(&builder, bytes, length)
                                        : json_parse(&builder, bytes, length));
    }
    tree_builder_release(&builder);
    if (!done) {
        document_free(document);
        return NULL;
    }
    return document;
}

enum document_format document_format_of(const char *path)
{
    return string_ends(path, ".json") ? DOCUMENT_JSON : DOCUMENT_YAML;
}

void document_free(struct document *document)
{
    if (document == NULL) {
        return;
    }
    for (size_t i = 0; i < document->blocks.count; i++) {
        free(*(void **)array_at(&document->blocks, i));
    }
    for (size_t i = 0; i < document->warnings.count; i++) {
        struct document_warning *warning = array_at(&document->warnings, i);
        free(warning->sentence);
    }
    array_release(&document->blocks);
    array_release(&document->warnings);
    free(document);
}

const struct document_value *document_root(const struct document *document)
{
    return document != NULL ? document->root : NULL;
}

const struct array *document_warnings(const struct document *document)
{
    return &document->warnings;
}

enum document_kind document_kind(const struct document_value *value)
{
    return value != NULL ? value->kind : DOCUMENT_NULL;
}

struct document_place document_place(const struct document_value *value)
{
    return value != NULL ? value->place : (struct document_place){.line = 0, .column = 0};
}

bool document_is_plain(const struct document_value *value)
{
    return value != NULL && value->plain;
}

const char *document_kind_name(enum document_kind kind)
{
    static const char *const names[] = {
        [DOCUMENT_NULL] = "nothing",    [DOCUMENT_BOOLEAN] = "a boolean",
        [DOCUMENT_NUMBER] = "a number", [DOCUMENT_STRING] = "a text",
        [DOCUMENT_LIST] = "a list",     [DOCUMENT_MAP] = "a map",
    };
    return names[kind];
}

const char *document_text(const struct document_value *value)
{
    return value != NULL && value->kind != DOCUMENT_NULL ? value->text : NULL;
}

bool document_truth(const struct document_value *value, bool fallback)
{
    if (document_kind(value) != DOCUMENT_BOOLEAN) {
        return fallback;
    }
    return value->text[0] == 't' || value->text[0] == 'T';
}

/* strtod() in the C locale: a user's locale may want a comma. */
static double number_in_c_locale(const char *text)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0) {
        return strtod(text, NULL);
    }
    double number = strtod_l(text, NULL, c);
    freelocale(c);
    return number;
}

double document_number(const struct document_value *value, double fallback)
{
    if (document_kind(value) != DOCUMENT_NUMBER) {
        return fallback;
    }
    const char *text = value->text;
    const char *digits = text + (text[0] == '-' || text[0] == '+' ? 1 : 0);
    if (string_starts(digits, "0o")) {
        return (double)strtoull(digits + 2, NULL, 8);
    }
    if (string_equal_fold(digits, ".nan")) {
        return NAN;
    }
    if (string_equal_fold(digits, ".inf")) {
        return text[0] == '-' ? -INFINITY : INFINITY;
    }
    return number_in_c_locale(text);
}

size_t document_count(const struct document_value *value)
{
    return value != NULL ? value->count : 0;
}

const struct document_value *document_item(const struct document_value *list,
                                           size_t index)
{
    return index < document_count(list) ? list->items[index] : NULL;
}

const struct document_value *document_get(const struct document_value *map,
                                          const char *key)
{
    if (document_kind(map) != DOCUMENT_MAP) {
        return NULL;
    }
    size_t low = 0, high = map->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t at = map->order[middle];
        int order = strcmp(key, map->keys[at].text);
        if (order == 0) {
            return map->items[at];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

const struct document_value *document_member(const struct document_value *map,
                                             size_t index, const char **key,
                                             struct document_place *place)
{
    if (document_kind(map) != DOCUMENT_MAP || index >= map->count) {
        return NULL;
    }
    if (key != NULL) {
        *key = map->keys[index].text;
    }
    if (place != NULL) {
        *place = map->keys[index].place;
    }
    return map->items[index];
}

const char *document_get_text(const struct document_value *map, const char *key)
{
    return document_text(document_get(map, key));
}

const struct document_value *document_find(const struct document_value *from,
                                           const char *path)
{
    const struct document_value *value = from;
    while (value != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        char *step = string_copy_bytes(path, length);
        if (document_kind(value) == DOCUMENT_LIST) {
            char *end;
            unsigned long index = strtoul(step, &end, 10);
            value = *end == '\0' && length > 0 ? document_item(value, index) : NULL;
        } else {
            value = document_get(value, step);
        }
        free(step);
        path += length + (path[length] == '.' ? 1 : 0);
    }
    return value;
}
