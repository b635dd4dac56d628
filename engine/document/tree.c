/* document/tree: builds the tree of values and holds its limits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/document/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "engine/text.h"

enum { BLOCK_SIZE = 32 * 1024 };

struct document *tree_new(void)
{
    struct document *document = memory_new(sizeof *document);
    document->blocks = (struct array)ARRAY_OF(void *);
    document->warnings = (struct array)ARRAY_OF(struct document_warning);
    return document;
}

void *tree_allocate(struct document *document, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (size > document->block_left) {
        size_t block = size > BLOCK_SIZE ? size : BLOCK_SIZE;
        document->block = memory_new(block);
        document->block_left = block;
        *(void **)array_push(&document->blocks) = document->block;
    }
    void *memory = document->block;
    document->block += size;
    document->block_left -= size;
    return memory;
}

const char *tree_text(struct document *document, const char *bytes, size_t length)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    if (length == 0 || memchr(bytes, '\0', length) == NULL) {
        char *copy = tree_allocate(document, length + 1);
        memcpy(copy, length > 0 ? bytes : "", length);
        copy[length] = '\0';
        return copy;
    }
    size_t holes = 0;
    for (size_t i = 0; i < length; i++) {
        holes += bytes[i] == '\0';
    }
    char *copy = tree_allocate(document, length + 2 * holes + 1);
    char *to = copy;
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '\0') {
            *to++ = bytes[i];
        } else {
            memcpy(to, replacement, 3);
            to += 3;
        }
    }
    *to = '\0';
    return copy;
}

void tree_warn(struct document *document, struct document_place place, const char *format,
               ...)
{
    enum { MOST_WARNINGS = 100 };
    if (document->warnings.count >= MOST_WARNINGS) {
        return;
    }
    struct text sentence = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&sentence, format, args);
    va_end(args);
    struct document_warning *warning = array_push(&document->warnings);
    warning->place = place;
    warning->sentence = text_take(&sentence);
}

void tree_builder_init(struct tree_builder *builder, struct document *document,
                       struct document_place *place, struct error *err)
{
    *builder = (struct tree_builder){.document = document, .place = place, .err = err};
    for (int i = 0; i < TREE_MAX_DEPTH; i++) {
        builder->frames[i].items = (struct array)ARRAY_OF(struct document_value *);
        builder->frames[i].keys = (struct array)ARRAY_OF(struct document_key);
    }
}

void tree_builder_release(struct tree_builder *builder)
{
    for (int i = 0; i < TREE_MAX_DEPTH; i++) {
        array_release(&builder->frames[i].items);
        array_release(&builder->frames[i].keys);
    }
}

bool tree_fail(struct tree_builder *builder, struct document_place place,
               const char *format, ...)
{
    if (builder->place != NULL) {
        *builder->place = place;
    }
    va_list args;
    va_start(args, format);
    error_vset(builder->err, ERROR_FAILED, format, args);
    va_end(args);
    return false;
}

static struct tree_frame *top(struct tree_builder *builder)
{
    return builder->depth > 0 ? &builder->frames[builder->depth - 1] : NULL;
}

bool tree_expects_key(const struct tree_builder *builder)
{
    if (builder->depth == 0) {
        return false;
    }
    const struct tree_frame *frame = &builder->frames[builder->depth - 1];
    return frame->value->kind == DOCUMENT_MAP && !frame->has_key;
}

struct document_place tree_last_place(const struct tree_builder *builder)
{
    if (builder->depth == 0) {
        return (struct document_place){.line = 1, .column = 1};
    }
    const struct tree_frame *frame = &builder->frames[builder->depth - 1];
    const struct document_key *last = array_at(&frame->keys, frame->keys.count - 1);
    return last != NULL ? last->place : frame->value->place;
}

/* Length of the character at `bytes`; 0 when it is none that text may hold. */
static size_t character_length(const char *bytes, size_t left)
{
    unsigned char byte = (unsigned char)bytes[0];
    if (byte < 0x80) {
        return byte >= ' ' || byte == '\t' || byte == '\n' || byte == '\r' ? 1 : 0;
    }
    utf8proc_int32_t c;
    utf8proc_ssize_t length =
        utf8proc_iterate((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)left, &c);
    return length > 0 ? (size_t)length : 0;
}

bool tree_check_encoding(struct tree_builder *builder, const char *bytes, size_t length)
{
    static const char *const marks[] = {"\xFF\xFE", "\xFE\xFF"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks && length >= 2; i++) {
        if (memcmp(bytes, marks[i], 2) == 0) {
            return tree_fail(builder, (struct document_place){.line = 1, .column = 1},
                             "the document is UTF-16 or UTF-32 by its first bytes; save "
                             "it as UTF-8");
        }
    }
    return true;
}

bool tree_check_bytes(struct tree_builder *builder, const char *bytes, size_t length)
{
    struct document_place place = {.line = 1, .column = 1};
    for (size_t i = 0; i < length;) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte >= ' ' && byte < 0x80) {
            place.column++;
            i++;
            continue;
        }
        size_t character = character_length(bytes + i, length - i);
        if (character == 0) {
            return tree_fail(builder, place,
                             byte < ' '
                                 ? "a control character (byte 0x%02X) stands here; "
                                   "text documents have none"
                                 : "the byte 0x%02X is no UTF-8; save the document "
                                   "as UTF-8",
                             byte);
        }
        place.column++;
        if (byte == '\n') {
            place.line++;
            place.column = 1;
        }
        i += character;
    }
    return true;
}

static bool count_nodes(struct tree_builder *builder, size_t nodes,
                        struct document_place place)
{
    if (nodes > TREE_MAX_NODES - builder->nodes) {
        return tree_fail(builder, place,
                         "the document has more than %d values, counting what its "
                         "aliases repeat; split it into several files",
                         TREE_MAX_NODES);
    }
    builder->nodes += nodes;
    return true;
}

/* Hang a finished value into the open list or map, or make it the root. */
static void hang(struct tree_builder *builder, const struct document_value *value)
{
    struct tree_frame *frame = top(builder);
    if (frame == NULL) {
        builder->document->root = value;
        return;
    }
    *(const struct document_value **)array_push(&frame->items) = value;
    frame->has_key = false;
    frame->weight += value->weight;
    if (value->height > frame->height) {
        frame->height = value->height;
    }
}

bool tree_open(struct tree_builder *builder, enum document_kind kind,
               struct document_place place)
{
    if (builder->depth == TREE_MAX_DEPTH) {
        return tree_fail(builder, place,
                         "the document is nested deeper than %d levels; descriptors are "
                         "flatter than that",
                         TREE_MAX_DEPTH);
    }
    if (!count_nodes(builder, 1, place)) {
        return false;
    }
    struct tree_frame *frame = &builder->frames[builder->depth++];
    array_clear(&frame->items);
    array_clear(&frame->keys);
    frame->has_key = false;
    frame->height = 0;
    frame->weight = 1;
    frame->value = tree_allocate(builder->document, sizeof *frame->value);
    frame->value->kind = kind;
    frame->value->place = place;
    return true;
}

bool tree_key(struct tree_builder *builder, const char *bytes, size_t length,
              struct document_place place)
{
    struct tree_frame *frame = top(builder);
    struct document_key *key = array_push(&frame->keys);
    key->text = tree_text(builder->document, bytes, length);
    key->place = place;
    frame->has_key = true;
    return true;
}

const struct document_value *tree_scalar(struct tree_builder *builder,
                                         const struct document_value *scalar)
{
    if (!count_nodes(builder, 1, scalar->place)) {
        return NULL;
    }
    struct document_value *value = tree_allocate(builder->document, sizeof *value);
    *value = *scalar;
    value->height = 1;
    value->weight = 1;
    hang(builder, value);
    return value;
}

bool tree_alias(struct tree_builder *builder, const struct document_value *value,
                struct document_place place)
{
    if (!count_nodes(builder, value->weight, place)) {
        return false;
    }
    if (builder->depth + value->height > TREE_MAX_DEPTH + 1) {
        return tree_fail(builder, place,
                         "the alias nests the document deeper than %d levels",
                         TREE_MAX_DEPTH);
    }
    hang(builder, value);
    return true;
}

static int compare_positions(const void *a, const void *b, void *context)
{
    const struct document_key *keys = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = strcmp(keys[x].text, keys[y].text);
    return order != 0 ? order : (x > y) - (x < y);
}

/* Of equal keys only the last stays; the others are taken out of the open frame. */
static void drop_earlier(struct tree_frame *frame, const uint32_t *order)
{
    struct document_key *keys = frame->keys.items;
    const struct document_value **items = frame->items.items;
    size_t count = frame->keys.count, kept = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        if (strcmp(keys[order[i]].text, keys[order[i + 1]].text) == 0) {
            items[order[i]] = NULL;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i] != NULL) {
            items[kept] = items[i];
            keys[kept++] = keys[i];
        }
    }
    frame->keys.count = frame->items.count = kept;
}

/* Sort the keys of the closing map; a key that stands twice is refused. */
static bool order_keys(struct tree_builder *builder, struct tree_frame *frame)
{
    struct document_key *keys = frame->keys.items;
    size_t count = frame->keys.count;
    uint32_t *order = tree_allocate(builder->document, count * sizeof *order);
    for (size_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
    }
    qsort_r(order, count, sizeof *order, compare_positions, keys);
    for (size_t i = 0; i + 1 < count; i++) {
        if (strcmp(keys[order[i]].text, keys[order[i + 1]].text) != 0) {
            continue;
        }
        if (builder->last_key_wins) {
            drop_earlier(frame, order);
            return order_keys(builder, frame);
        }
        return tree_fail(builder, keys[order[i + 1]].place,
                         "the key \"%s\" stands twice in one map, first on line %d; "
                         "only one of them can hold",
                         keys[order[i]].text, keys[order[i]].place.line);
    }
    frame->value->order = order;
    return true;
}

static void *keep_array(struct document *document, const struct array *array)
{
    size_t bytes = array->count * array->item_size;
    void *copy = tree_allocate(document, bytes);
    if (bytes > 0) {
        memcpy(copy, array->items, bytes);
    }
    return copy;
}

const struct document_value *tree_close(struct tree_builder *builder)
{
    struct tree_frame *frame = top(builder);
    struct document_value *value = frame->value;
    if (value->kind == DOCUMENT_MAP && !order_keys(builder, frame)) {
        return NULL;
    }
    value->count = frame->items.count;
    value->items = keep_array(builder->document, &frame->items);
    if (value->kind == DOCUMENT_MAP) {
        value->keys = keep_array(builder->document, &frame->keys);
    }
    value->height = frame->height + 1;
    value->weight = frame->weight;
    builder->depth--;
    hang(builder, value);
    return value;
}
