/* get: rows that stand in the descriptor as JSON, written as CSV so that they are
 * imported and typed like any file. NULL is a bare empty cell, every other value is
 * quoted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/private.h"

#include <string.h>

#include "engine/array.h"
#include "engine/document.h"

static void append_quoted(struct text *out, const char *text)
{
    text_append_char(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        text_append(out, *c == '"' ? "\"" : "");
        text_append_char(out, *c);
    }
    text_append_char(out, '"');
}

static void append_json_string(struct text *out, const char *text)
{
    text_append_char(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            text_append_char(out, '\\');
            text_append_char(out, *c);
        } else if ((unsigned char)*c < 0x20) {
            text_printf(out, "\\u%04x", (unsigned)*c);
        } else {
            text_append_char(out, *c);
        }
    }
    text_append_char(out, '"');
}

/* Nesting is limited by the document (64). */
static void append_json(struct text *out, const struct document_value *value)
{
    enum document_kind kind = document_kind(value);
    bool map = kind == DOCUMENT_MAP;
    if (kind != DOCUMENT_LIST && !map) {
        const char *text = document_text(value);
        if (kind == DOCUMENT_STRING) {
            append_json_string(out, text);
        } else {
            text_append(out, text != NULL ? text : "null");
        }
        return;
    }
    text_append(out, map ? "{" : "[");
    for (size_t i = 0; i < document_count(value); i++) {
        const char *key = NULL;
        const struct document_value *item =
            map ? document_member(value, i, &key, NULL) : document_item(value, i);
        text_append(out, i > 0 ? "," : "");
        if (map) {
            append_json_string(out, key);
            text_append_char(out, ':');
        }
        append_json(out, item);
    }
    text_append(out, map ? "}" : "]");
}

static void append_cell(struct text *csv, size_t index,
                        const struct document_value *value)
{
    text_append(csv, index > 0 ? "," : "");
    enum document_kind kind = document_kind(value);
    if (kind == DOCUMENT_LIST || kind == DOCUMENT_MAP) {
        struct text json = {0};
        append_json(&json, value);
        append_quoted(csv, text_string(&json));
        text_release(&json);
    } else if (kind != DOCUMENT_NULL) {
        append_quoted(csv, document_text(value));
    }
}

static bool has_name(const struct array *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (string_equal(*(const char **)array_at(names, i), name)) {
            return true;
        }
    }
    return false;
}

/* The keys of all objects, in the order in which they first come. */
static void objects_to_csv(const struct document_value *rows, struct text *csv)
{
    struct array names = ARRAY_OF(const char *);
    for (size_t i = 0; i < document_count(rows); i++) {
        const struct document_value *row = document_item(rows, i);
        for (size_t j = 0; j < document_count(row); j++) {
            const char *key = NULL;
            document_member(row, j, &key, NULL);
            if (key != NULL && !has_name(&names, key)) {
                *(const char **)array_push(&names) = key;
            }
        }
    }
    for (size_t j = 0; j < names.count; j++) {
        text_append(csv, j > 0 ? "," : "");
        append_quoted(csv, *(const char **)array_at(&names, j));
    }
    text_append(csv, "\n");
    for (size_t i = 0; i < document_count(rows); i++) {
        const struct document_value *row = document_item(rows, i);
        for (size_t j = 0; j < names.count; j++) {
            append_cell(csv, j, document_get(row, *(const char **)array_at(&names, j)));
        }
        text_append(csv, "\n");
    }
    array_release(&names);
}

static void lists_to_csv(const struct document_value *rows, struct text *csv)
{
    for (size_t i = 0; i < document_count(rows); i++) {
        const struct document_value *row = document_item(rows, i);
        for (size_t j = 0; j < document_count(row); j++) {
            append_cell(csv, j, document_item(row, j));
        }
        text_append(csv, "\n");
    }
}

static bool rows_are(const struct document_value *rows, enum document_kind kind)
{
    for (size_t i = 0; i < document_count(rows); i++) {
        if (document_kind(document_item(rows, i)) != kind) {
            return false;
        }
    }
    return document_kind(rows) == DOCUMENT_LIST && document_count(rows) > 0;
}

bool inline_to_csv(const char *table, const char *json, struct text *csv,
                   struct error *err)
{
    struct document_place place;
    struct document *document =
        document_parse(json, strlen(json), DOCUMENT_JSON_DATA, &place, err);
    if (document == NULL) {
        return error_prefix(err,
                            "could not read the data of %s in its descriptor: ", table);
    }
    const struct document_value *root = document_root(document);
    bool good = true;
    if (rows_are(root, DOCUMENT_MAP)) {
        objects_to_csv(root, csv);
    } else if (rows_are(root, DOCUMENT_LIST)) {
        lists_to_csv(root, csv);
    } else if (document_kind(root) == DOCUMENT_STRING) {
        text_append(csv, document_text(root));
    } else {
        good = error_set(
            err, ERROR_FAILED,
            "could not import the table %s: its data stand in the descriptor, but "
            "neither as a list of objects nor as a list of lists",
            table);
    }
    document_free(document);
    return good;
}
