/* history: finds the field that a person means, in a descriptor of any standard.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/history.h"

#include <stdlib.h>
#include <string.h>

#include "engine/secret.h"
#include "engine/text.h"

enum { MOST_PARTS = 32, MOST_DEPTH = 3, MOST_VALUE = 400 };

/* What people call a list that has a longer name. */
static const struct {
    const char *word, *key;
} aliases[] = {
    {"sla", "slaProperties"},       {"columns", "properties"},
    {"objects", "schema"},          {"tables", "schema"},
    {"ports", "outputPorts"},       {"purpose", "description.purpose"},
    {"terms", "description.usage"}, {"owner", "team.name"},
};

/* Where things with names lie, in the order they are looked through. */
static const char *const containers[] = {
    "schema",  "properties",  "models",     "fields",        "resources",
    "dataset", "outputPorts", "inputPorts", "slaProperties", "servicelevels",
    "servers", "definitions", "quality",    "roles",         "customProperties",
};
static const char *const names[] = {"name",       "property", "id",
                                    "identifier", "key",      "title"};

static const struct document_value *item_named(const struct document_value *list,
                                               const char *name)
{
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        for (size_t i = 0; i < document_count(list); i++) {
            const struct document_value *item = document_item(list, i);
            if (document_kind(item) == DOCUMENT_MAP &&
                string_equal(document_get_text(item, names[n]), name)) {
                return item;
            }
        }
    }
    char *end;
    unsigned long index = strtoul(name, &end, 10);
    bool is_number = name[0] >= '0' && name[0] <= '9' && *end == '\0';
    return is_number && index < document_count(list) ? document_item(list, index) : NULL;
}

static const struct document_value *step(const struct document_value *value,
                                         const char *name, int depth)
{
    if (document_kind(value) == DOCUMENT_LIST) {
        return item_named(value, name);
    }
    const struct document_value *found = document_get(value, name);
    if (document_kind(value) != DOCUMENT_MAP || depth == 0) {
        return found;
    }
    for (size_t i = 0; found == NULL && i < sizeof aliases / sizeof *aliases; i++) {
        if (string_equal(name, aliases[i].word)) {
            found = document_find(value, aliases[i].key);
        }
    }
    for (size_t i = 0; found == NULL && i < sizeof containers / sizeof *containers; i++) {
        const struct document_value *container = document_get(value, containers[i]);
        found = container != NULL ? step(container, name, depth - 1) : NULL;
    }
    return found;
}

const struct document_value *history_field(const struct document_value *root,
                                           const char *field)
{
    const struct document_value *value = root;
    for (int part = 0; value != NULL && *field != '\0' && part < MOST_PARTS; part++) {
        size_t length = strcspn(field, ".");
        char *name = string_copy_bytes(field, length);
        value = step(value, name, MOST_DEPTH);
        free(name);
        field += length + (field[length] == '.');
    }
    return value;
}

/* ---- Values ---- */

static void append_json_text(struct text *out, const char *text)
{
    text_append_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            text_append_char(out, '\\');
        }
        text_append_char(out, *text == '\n' ? ' ' : *text);
    }
    text_append_char(out, '"');
}

static void append_json(struct text *out, const struct document_value *value)
{
    enum document_kind kind = document_kind(value);
    if (kind == DOCUMENT_STRING) {
        append_json_text(out, document_text(value));
        return;
    }
    if (kind != DOCUMENT_LIST && kind != DOCUMENT_MAP) {
        text_append(out, kind == DOCUMENT_NULL ? "null" : document_text(value));
        return;
    }
    text_append_char(out, kind == DOCUMENT_MAP ? '{' : '[');
    for (size_t i = 0; i < document_count(value) && out->length < 1000000; i++) {
        const char *key = NULL;
        struct document_place place;
        const struct document_value *item = kind == DOCUMENT_MAP
                                                ? document_member(value, i, &key, &place)
                                                : document_item(value, i);
        text_append(out, i > 0 ? ", " : "");
        if (key != NULL) {
            append_json_text(out, key);
            text_append(out, ": ");
        }
        append_json(out, item);
    }
    text_append_char(out, kind == DOCUMENT_MAP ? '}' : ']');
}

char *history_value(const struct document_value *value)
{
    struct text out = {0};
    if (value == NULL) {
        return NULL;
    }
    const char *text = document_text(value);
    const char *promised = document_get_text(value, "value");
    if (text != NULL) {
        text_append(&out, text);
        secret_redact_text(&out);
        return text_take(&out);
    }
    if (promised != NULL && document_get(value, "property") != NULL) {
        const char *unit = document_get_text(value, "unit");
        return string_printf("%s%s%s", promised, unit != NULL ? " " : "",
                             unit != NULL ? unit : "");
    }
    append_json(&out, value);
    secret_redact_text(&out);
    return text_take(&out);
}
