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
            build_insert(source->build, INSERT_SUPPORT, "sssssssis", owner.kind, owner.id,
                         document_get_text(item, "channel"),
                         document_get_text(item, "url"), document_get_text(item, "tool"),
                         document_get_text(item, "scope"),
                         document_get_text(item, "description"), part_line(item),
                         document_get_text(item, "invitationUrl"));
        }
    }
}

void part_members(struct source *source, struct part_owner owner,
                  const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        if (document_kind(item) == DOCUMENT_MAP) {
            build_insert(source->build, INSERT_MEMBER, "sssssssiss", owner.kind, owner.id,
                         document_get_text(item, "username"),
                         document_get_text(item, "name"), document_get_text(item, "role"),
                         document_get_text(item, "dateIn"),
                         document_get_text(item, "dateOut"), part_line(item),
                         part_either(item, "description", "comment"),
                         document_get_text(item, "replacedByUsername"));
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
            build_insert(source->build, INSERT_CUSTOM, "ssssiss", owner.kind, owner.id,
                         property, value, part_line(item),
                         document_get_text(item, "description"),
                         document_get_text(item, "vendor"));
            free(value);
        }
    }
}

void part_links(struct source *source, struct part_owner owner,
                const struct document_value *links)
{
    for (size_t i = 0; document_kind(links) == DOCUMENT_MAP && i < document_count(links);
         i++) {
        const char *name, *url;
        const struct document_value *link = document_member(links, i, &name, NULL);
        url = document_kind(link) == DOCUMENT_MAP ? part_either(link, "url", "href")
                                                  : document_text(link);
        if (url != NULL) {
            build_insert(source->build, INSERT_AUTHDEF, "ssssni", owner.kind, owner.id,
                         name, url, part_line(link));
        }
    }
}

void part_settings(struct source *source, struct part_owner owner,
                   const struct document_value *map)
{
    for (size_t i = 0; document_kind(map) == DOCUMENT_MAP && i < document_count(map);
         i++) {
        const char *name;
        const struct document_value *item = document_member(map, i, &name, NULL);
        char *value = part_any(item);
        build_insert(source->build, INSERT_CUSTOM, "ssssinn", owner.kind, owner.id, name,
                     value, part_line(item));
        free(value);
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

const char *part_either(const struct document_value *map, const char *first,
                        const char *second)
{
    const char *text = document_get_text(map, first);
    return text != NULL ? text : document_get_text(map, second);
}

void part_synonyms(struct source *source, struct part_owner owner,
                   const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const char *word = document_kind(item) == DOCUMENT_MAP
                               ? part_either(item, "synonym", "name")
                               : document_text(item);
        if (word != NULL) {
            build_insert(source->build, INSERT_SYNONYM, "ssssssi", owner.kind, owner.id,
                         word, document_get_text(item, "locale"),
                         document_get_text(item, "source"),
                         document_get_text(item, "status"), part_line(item));
        }
    }
}

static void insert_context(struct source *source, struct part_owner owner,
                           const char *kind, const char *const *keys,
                           const struct document_value *item)
{
    const char *text = document_text(item);
    for (; text == NULL && *keys != NULL; keys++) {
        text = document_get_text(item, *keys);
    }
    if (text != NULL) {
        build_insert(source->build, INSERT_CONTEXT, "sssssi", owner.kind, owner.id, kind,
                     text, document_get_text(item, "answer"), part_line(item));
    }
}

void part_context(struct source *source, struct part_owner owner,
                  const struct document_value *context)
{
    static const struct {
        const char *key, *kind, *texts[3];
    } lists[] = {
        {"instructions", "instruction", {"instruction", "text"}},
        {"verifiedStatements", "statement", {"question", "statement"}},
        {"constraints", "constraint", {"constraint", "description"}},
    };
    insert_context(source, owner, "instruction", lists[0].texts + 2, context);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct document_value *list = document_get(context, lists[i].key);
        bool is_list = document_kind(list) == DOCUMENT_LIST;
        size_t count = is_list ? document_count(list) : 1;
        for (size_t k = 0; k < count; k++) {
            insert_context(source, owner, lists[i].kind, lists[i].texts,
                           is_list ? document_item(list, k) : list);
        }
    }
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
            text_append_json(out, key);
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
        text_append_json(out, document_text(value));
        break;
    case DOCUMENT_STRING:
        text_append_json(out, document_text(value));
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
