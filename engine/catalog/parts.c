/* catalog/parts: pieces that the Bitol standards share: tags, team, support, definitions,
 * custom properties; and values as text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>

#include "engine/text.h"

int part_line(const struct document_value *value)
{
    return document_place(value).line;
}

void part_tags(struct source *source, struct part_owner owner,
               const struct document_value *tags)
{
    for (size_t i = 0; i < document_count(tags); i++) {
        const char *tag = document_text(document_item(tags, i));
        if (tag != NULL) {
            build_insert(source->build, INSERT_TAG, "sss", owner.kind, owner.id, tag);
        }
    }
}

void part_support(struct source *source, struct part_owner owner,
                  const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        if (document_kind(item) == DOCUMENT_MAP) {
            build_insert(source->build, INSERT_SUPPORT, "sssssssi", owner.kind, owner.id,
                         document_get_text(item, "channel"),
                         document_get_text(item, "url"), document_get_text(item, "tool"),
                         document_get_text(item, "scope"),
                         document_get_text(item, "description"), part_line(item));
        }
    }
}

void part_members(struct source *source, struct part_owner owner,
                  const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        if (document_kind(item) == DOCUMENT_MAP) {
            build_insert(source->build, INSERT_MEMBER, "sssssssi", owner.kind, owner.id,
                         document_get_text(item, "username"),
                         document_get_text(item, "name"), document_get_text(item, "role"),
                         document_get_text(item, "dateIn"),
                         document_get_text(item, "dateOut"), part_line(item));
        }
    }
}

const char *part_team_name(const struct document_value *team)
{
    return document_get_text(team, "name");
}

/* ODCS before 3.1 has the members directly as a list. */
const struct document_value *part_team_members(const struct document_value *team)
{
    return document_kind(team) == DOCUMENT_LIST ? team : document_get(team, "members");
}

void part_authdefs(struct source *source, struct part_owner owner,
                   const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        if (document_kind(item) == DOCUMENT_MAP) {
            build_insert(source->build, INSERT_AUTHDEF, "sssssi", owner.kind, owner.id,
                         document_get_text(item, "type"), document_get_text(item, "url"),
                         document_get_text(item, "description"), part_line(item));
        }
    }
}

void part_customs(struct source *source, struct part_owner owner,
                  const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const char *property = document_get_text(item, "property");
        if (property != NULL) {
            char *value = part_any(document_get(item, "value"));
            build_insert(source->build, INSERT_CUSTOM, "ssssi", owner.kind, owner.id,
                         property, value, part_line(item));
            free(value);
        }
    }
}

void part_extras(struct source *source, struct part_owner owner,
                 const struct document_value *map)
{
    part_tags(source, owner, document_get(map, "tags"));
    part_authdefs(source, owner, document_get(map, "authoritativeDefinitions"));
    part_customs(source, owner, document_get(map, "customProperties"));
}

const struct document_value *part_custom(const struct document_value *map,
                                         const char *property)
{
    const struct document_value *list = document_get(map, "customProperties");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        if (string_equal(document_get_text(item, "property"), property)) {
            return document_get(item, "value");
        }
    }
    return NULL;
}

char *part_joined(const struct document_value *value, const char *separator)
{
    if (document_kind(value) != DOCUMENT_LIST) {
        return string_copy(document_text(value));
    }
    struct text joined = {0};
    for (size_t i = 0; i < document_count(value); i++) {
        char *item = part_any(document_item(value, i));
        if (i > 0) {
            text_append(&joined, separator);
        }
        text_append(&joined, item != NULL ? item : "");
        free(item);
    }
    return document_count(value) > 0 ? text_take(&joined) : NULL;
}

static void append_json_string(struct text *out, const char *string)
{
    text_append_char(out, '"');
    for (const char *p = string; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            text_append_char(out, '\\');
            text_append_char(out, *p);
        } else if ((unsigned char)*p < ' ') {
            text_printf(out, "\\u%04x", (unsigned char)*p);
        } else {
            text_append_char(out, *p);
        }
    }
    text_append_char(out, '"');
}

/* YAML writes numbers that JSON does not know: 0x1F, .inf, 007, +1. */
static bool is_json_number(const char *text)
{
    if (*text == '-') {
        text++;
    }
    if (*text < '0' || *text > '9' ||
        (*text == '0' && text[1] >= '0' && text[1] <= '9')) {
        return false;
    }
    size_t length = 0;
    while ((text[length] >= '0' && text[length] <= '9') ||
           (length > 0 && text[length] != '\0' &&
            (text[length] == '.' || text[length] == 'e' || text[length] == 'E' ||
             text[length] == '+' || text[length] == '-'))) {
        length++;
    }
    return text[length] == '\0' && text[length - 1] >= '0' && text[length - 1] <= '9';
}

static void append_json_members(struct text *out, const struct document_value *value)
{
    bool is_map = document_kind(value) == DOCUMENT_MAP;
    text_append_char(out, is_map ? '{' : '[');
    for (size_t i = 0; i < document_count(value); i++) {
        const char *key = NULL;
        const struct document_value *item =
            is_map ? document_member(value, i, &key, NULL) : document_item(value, i);
        if (i > 0) {
            text_append_char(out, ',');
        }
        if (is_map) {
            append_json_string(out, key);
            text_append_char(out, ':');
        }
        part_append_json(out, item);
    }
    text_append_char(out, is_map ? '}' : ']');
}

void part_append_json(struct text *out, const struct document_value *value)
{
    switch (document_kind(value)) {
    case DOCUMENT_NULL:
        text_append(out, "null");
        break;
    case DOCUMENT_BOOLEAN:
        text_append(out, document_truth(value, false) ? "true" : "false");
        break;
    case DOCUMENT_NUMBER:
        if (is_json_number(document_text(value))) {
            text_append(out, document_text(value));
            break;
        }
        append_json_string(out, document_text(value));
        break;
    case DOCUMENT_STRING:
        append_json_string(out, document_text(value));
        break;
    default:
        append_json_members(out, value);
    }
}

char *part_any(const struct document_value *value)
{
    if (document_kind(value) != DOCUMENT_LIST && document_kind(value) != DOCUMENT_MAP) {
        return string_copy(document_text(value));
    }
    struct text json = {0};
    part_append_json(&json, value);
    return text_take(&json);
}
