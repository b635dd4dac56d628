/* document/yaml: YAML text to tree events through libfyaml's event parser.
 *
 * Events, not libfyaml's own tree: depth and size are judged before anything deep exists.
 * Plain scalars are told apart by the core schema (YAML 1.2.2, section 10.3.2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/document/tree.h"

#include <libfyaml.h>
#include <string.h>

#include "engine/text.h"

enum { MOST_ANCHORS = 1000 };

struct anchor {
    const char *name;
    size_t length;
    const struct document_value *value; /* NULL while it is still open */
};

struct yaml_reader {
    struct tree_builder *builder;
    const char *bytes;
    size_t length;
    struct fy_parser *parser;
    struct fy_diag *diag;
    struct array anchors;      /* of struct anchor */
    struct array open_anchors; /* of size_t: per open level its anchor + 1, or 0 */
    int documents;
};

static struct document_place place_of_token(struct fy_token *token)
{
    const struct fy_mark *mark = fy_token_start_mark(token);
    return (struct document_place){
        .line = mark != NULL ? mark->line + 1 : 1,
        .column = mark != NULL ? mark->column + 1 : 1,
    };
}

/* Where the event's value starts. The marks of libfyaml stand behind a quote, a bracket
 * or the star of an alias; `signs` are those that belong to this event. A value that is
 * not written at all (`key:`) stands where its key does. */
static struct document_place place_of_event(struct yaml_reader *reader,
                                            struct fy_event *event, const char *signs)
{
    const struct fy_mark *mark = fy_event_start_mark(event);
    if (mark == NULL) {
        return tree_last_place(reader->builder);
    }
    struct document_place place = {.line = mark->line + 1, .column = mark->column + 1};
    size_t at = mark->input_pos;
    if (at > 0 && at <= reader->length && place.column > 1 &&
        strchr(signs, reader->bytes[at - 1]) != NULL && reader->bytes[at - 1] != '\0') {
        place.column--;
    }
    return place;
}

/* ---- The core schema ---- */

static bool is_one_of(const char *text, size_t length, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strlen(*words) == length && memcmp(*words, text, length) == 0) {
            return true;
        }
    }
    return false;
}

static size_t span_of(const char *text, size_t length, const char *signs)
{
    size_t n = 0;
    while (n < length && text[n] != '\0' && strchr(signs, text[n]) != NULL) {
        n++;
    }
    return n;
}

static bool is_based_integer(const char *text, size_t length)
{
    if (length < 3 || text[0] != '0') {
        return false;
    }
    const char *digits = text[1] == 'o'   ? "01234567"
                         : text[1] == 'x' ? "0123456789abcdefABCDEF"
                                          : "";
    return span_of(text + 2, length - 2, digits) == length - 2;
}

static bool is_number(const char *text, size_t length)
{
    static const char digits[] = "0123456789";
    static const char *const special[] = {".inf", ".Inf", ".INF", NULL};
    static const char *const nan[] = {".nan", ".NaN", ".NAN", NULL};
    if (is_based_integer(text, length) || is_one_of(text, length, nan)) {
        return true;
    }
    size_t at = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    if (is_one_of(text + at, length - at, special)) {
        return true;
    }
    size_t whole = span_of(text + at, length - at, digits), part = 0;
    at += whole;
    if (at < length && text[at] == '.') {
        part = span_of(text + at + 1, length - at - 1, digits);
        at += 1 + part;
    }
    if (whole + part == 0) {
        return false;
    }
    if (at < length && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        at += at < length && (text[at] == '-' || text[at] == '+') ? 1 : 0;
        size_t power = span_of(text + at, length - at, digits);
        return power > 0 && at + power == length;
    }
    return at == length;
}

static enum document_kind kind_of_plain(const char *text, size_t length)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const truths[] = {"true",  "True",  "TRUE", "false",
                                         "False", "FALSE", NULL};
    /* Most plain texts are words, as their first letter tells. */
    if (length > 0 && strchr("~nNtTfF+-.0123456789", text[0]) == NULL) {
        return DOCUMENT_STRING;
    }
    if (is_one_of(text, length, nulls)) {
        return DOCUMENT_NULL;
    }
    if (is_one_of(text, length, truths)) {
        return DOCUMENT_BOOLEAN;
    }
    return is_number(text, length) ? DOCUMENT_NUMBER : DOCUMENT_STRING;
}

/* ---- Tags ---- */

struct known_tag {
    const char *name;
    enum document_kind kind;
    bool decides; /* a scalar with it is of this kind, whatever it looks like */
};

static const struct known_tag known_tags[] = {
    {"!", DOCUMENT_STRING, true},
    {"tag:yaml.org,2002:str", DOCUMENT_STRING, true},
    {"tag:yaml.org,2002:binary", DOCUMENT_STRING, true},
    {"tag:yaml.org,2002:timestamp", DOCUMENT_STRING, true},
    {"tag:yaml.org,2002:null", DOCUMENT_NULL, true},
    {"tag:yaml.org,2002:bool", DOCUMENT_BOOLEAN, true},
    {"tag:yaml.org,2002:int", DOCUMENT_NUMBER, true},
    {"tag:yaml.org,2002:float", DOCUMENT_NUMBER, true},
    {"tag:yaml.org,2002:map", DOCUMENT_MAP, false},
    {"tag:yaml.org,2002:seq", DOCUMENT_LIST, false},
    {"tag:yaml.org,2002:set", DOCUMENT_MAP, false},
    {"tag:yaml.org,2002:omap", DOCUMENT_LIST, false},
};

static const struct known_tag *find_tag(struct yaml_reader *reader,
                                        struct fy_event *event)
{
    struct fy_token *token = fy_event_get_tag_token(event);
    if (token == NULL) {
        return NULL;
    }
    size_t length = 0;
    const char *name = fy_token_get_text(token, &length);
    for (size_t i = 0; name != NULL && i < sizeof known_tags / sizeof *known_tags; i++) {
        if (strlen(known_tags[i].name) == length &&
            memcmp(known_tags[i].name, name, length) == 0) {
            return &known_tags[i];
        }
    }
    tree_warn(reader->builder->document, place_of_token(token),
              "the tag %.*s is not known here and was ignored", (int)length,
              name != NULL ? name : "");
    return NULL;
}

/* A tag that says "number" cannot make a number of a word. */
static enum document_kind kind_of_tagged(const struct known_tag *tag, const char *text,
                                         size_t length, enum document_kind seen)
{
    if (tag == NULL || !tag->decides) {
        return seen;
    }
    if (tag->kind == DOCUMENT_STRING || tag->kind == DOCUMENT_NULL) {
        return tag->kind;
    }
    return kind_of_plain(text, length) == tag->kind ? tag->kind : DOCUMENT_STRING;
}

/* ---- Anchors ---- */

static struct anchor *find_anchor(struct yaml_reader *reader, const char *name,
                                  size_t length)
{
    for (size_t i = reader->anchors.count; i > 0; i--) {
        struct anchor *anchor = array_at(&reader->anchors, i - 1);
        if (anchor->length == length && memcmp(anchor->name, name, length) == 0) {
            return anchor;
        }
    }
    return NULL;
}

/* Note the event's anchor, if it has one: *slot is its number + 1, or 0. */
static bool note_anchor(struct yaml_reader *reader, struct fy_event *event, size_t *slot)
{
    *slot = 0;
    struct fy_token *token = fy_event_get_anchor_token(event);
    if (token == NULL) {
        return true;
    }
    size_t length = 0;
    const char *name = fy_token_get_text(token, &length);
    struct anchor *anchor = find_anchor(reader, name, length);
    if (anchor == NULL) {
        if (reader->anchors.count == MOST_ANCHORS) {
            return tree_fail(reader->builder, place_of_token(token),
                             "the document has more than %d anchors", MOST_ANCHORS);
        }
        anchor = array_push(&reader->anchors);
        anchor->name = tree_text(reader->builder->document, name, length);
        anchor->length = length;
    }
    anchor->value = NULL;
    *slot = (size_t)(anchor - (struct anchor *)reader->anchors.items) + 1;
    return true;
}

static void set_anchor(struct yaml_reader *reader, size_t slot,
                       const struct document_value *value)
{
    if (slot > 0) {
        ((struct anchor *)array_at(&reader->anchors, slot - 1))->value = value;
    }
}

/* ---- Events ---- */

static bool add_key(struct yaml_reader *reader, const char *text, size_t length,
                    struct document_place place)
{
    if (length == 2 && memcmp(text, "<<", 2) == 0) {
        tree_warn(reader->builder->document, place,
                  "\"<<\" is a key like any other in YAML 1.2: nothing was merged here");
    }
    return tree_key(reader->builder, text, length, place);
}

static bool on_scalar(struct yaml_reader *reader, struct fy_event *event)
{
    size_t length = 0, slot;
    struct fy_token *token = event->scalar.value;
    const char *text = token != NULL ? fy_token_get_text(token, &length) : "";
    if (text == NULL) {
        text = "";
        length = 0;
    }
    bool plain = token == NULL || fy_token_scalar_style(token) == FYSS_PLAIN;
    struct document_value value = {
        .kind = plain ? kind_of_plain(text, length) : DOCUMENT_STRING,
        .plain = plain,
        .place = plain && length == 0
                     ? tree_last_place(reader->builder) /* libfyaml 0.8 has a mark */
                     : place_of_event(reader, event, plain ? "" : "'\""),
    };
    value.kind = kind_of_tagged(find_tag(reader, event), text, length, value.kind);
    if (!note_anchor(reader, event, &slot)) {
        return false;
    }
    bool is_key = tree_expects_key(reader->builder);
    if (is_key && !add_key(reader, text, length, value.place)) {
        return false;
    }
    if (is_key && slot == 0) {
        return true;
    }
    if (value.kind != DOCUMENT_NULL || is_key) {
        value.text = tree_text(reader->builder->document, text, length);
    }
    if (is_key) {
        struct document_value *key =
            tree_allocate(reader->builder->document, sizeof *key);
        *key = value;
        key->height = 1;
        key->weight = 1;
        set_anchor(reader, slot, key);
        return true;
    }
    const struct document_value *made = tree_scalar(reader->builder, &value);
    set_anchor(reader, slot, made);
    return made != NULL;
}

static bool on_alias(struct yaml_reader *reader, struct fy_event *event)
{
    size_t length = 0;
    const char *name = fy_token_get_text(event->alias.anchor, &length);
    struct document_place place = place_of_event(reader, event, "*");
    const struct anchor *anchor = find_anchor(reader, name, length);
    if (anchor == NULL) {
        return tree_fail(reader->builder, place,
                         "the alias *%.*s names no anchor before it", (int)length, name);
    }
    if (anchor->value == NULL) {
        return tree_fail(reader->builder, place,
                         "the alias *%.*s stands inside what it names", (int)length,
                         name);
    }
    if (!tree_expects_key(reader->builder)) {
        return tree_alias(reader->builder, anchor->value, place);
    }
    if (anchor->value->text == NULL) {
        return tree_fail(reader->builder, place, "a key must be a text, not %s",
                         document_kind_name(anchor->value->kind));
    }
    return add_key(reader, anchor->value->text, strlen(anchor->value->text), place);
}

static bool on_open(struct yaml_reader *reader, struct fy_event *event,
                    enum document_kind kind)
{
    struct document_place place = place_of_event(reader, event, "");
    if (tree_expects_key(reader->builder)) {
        return tree_fail(reader->builder, place, "a key must be a text, not %s",
                         document_kind_name(kind));
    }
    size_t slot;
    find_tag(reader, event);
    if (!note_anchor(reader, event, &slot)) {
        return false;
    }
    *(size_t *)array_push(&reader->open_anchors) = slot;
    return tree_open(reader->builder, kind, place);
}

static bool on_close(struct yaml_reader *reader)
{
    size_t last = reader->open_anchors.count - 1;
    size_t slot = *(size_t *)array_at(&reader->open_anchors, last);
    array_remove(&reader->open_anchors, last);
    const struct document_value *value = tree_close(reader->builder);
    set_anchor(reader, slot, value);
    return value != NULL;
}

static bool on_document(struct yaml_reader *reader, struct fy_event *event)
{
    if (++reader->documents == 1) {
        return true;
    }
    return tree_fail(reader->builder, place_of_event(reader, event, ""),
                     "a second document starts here; a file holds one, so put the "
                     "others into files of their own");
}

static bool on_event(struct yaml_reader *reader, struct fy_event *event)
{
    switch (event->type) {
    case FYET_DOCUMENT_START:
        return on_document(reader, event);
    case FYET_MAPPING_START:
        return on_open(reader, event, DOCUMENT_MAP);
    case FYET_SEQUENCE_START:
        return on_open(reader, event, DOCUMENT_LIST);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        return on_close(reader);
    case FYET_SCALAR:
        return on_scalar(reader, event);
    case FYET_ALIAS:
        return on_alias(reader, event);
    default:
        return true;
    }
}

/* ---- Running the parser ---- */

static bool fail_as_parser_says(struct yaml_reader *reader)
{
    void *position = NULL;
    struct fy_diag_error *said = fy_diag_errors_iterate(reader->diag, &position);
    if (said == NULL || said->msg == NULL) {
        return tree_fail(reader->builder, (struct document_place){.line = 1, .column = 1},
                         "this is no YAML");
    }
    struct document_place place = {
        .line = said->line > 0 ? said->line : 1,
        .column = said->column > 0 ? said->column : 1,
    };
    return tree_fail(reader->builder, place, "this is no YAML: %s", said->msg);
}

static bool read_events(struct yaml_reader *reader)
{
    struct fy_event *event;
    while ((event = fy_parser_parse(reader->parser)) != NULL) {
        bool fine = on_event(reader, event);
        fy_parser_event_free(reader->parser, event);
        if (!fine) {
            return false;
        }
    }
    if (fy_parser_get_stream_error(reader->parser)) {
        return fail_as_parser_says(reader);
    }
    return true;
}

bool yaml_parse(struct tree_builder *builder, const char *bytes, size_t length)
{
    if (!yaml_check(builder, bytes, length)) {
        return false;
    }
    struct yaml_reader reader = {
        .builder = builder,
        .bytes = bytes,
        .length = length,
        .anchors = ARRAY_OF(struct anchor),
        .open_anchors = ARRAY_OF(size_t),
    };
    struct fy_diag_cfg said;
    fy_diag_cfg_default(&said);
    said.fp = NULL;
    said.level = FYET_ERROR;
    reader.diag = fy_diag_create(&said);
    fy_diag_set_collect_errors(reader.diag, true);
    struct fy_parse_cfg how = {.flags = FYPCF_QUIET | FYPCF_JSON_NONE,
                               .diag = reader.diag};
    reader.parser = fy_parser_create(&how);
    bool done =
        reader.parser != NULL && fy_parser_set_string(reader.parser, bytes, length) == 0;
    done = done ? read_events(&reader) : fail_as_parser_says(&reader);
    fy_parser_destroy(reader.parser);
    fy_diag_destroy(reader.diag);
    array_release(&reader.anchors);
    array_release(&reader.open_anchors);
    return done;
}
