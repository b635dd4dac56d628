/* document/json: JSON text to tree events through yajl.
 *
 * yajl tells where a token ends only; between two tokens stand nothing but blanks, commas
 * and colons, so the next token starts at the first other byte behind the last one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/document/tree.h"

#include <ctype.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "engine/text.h"

struct json_reader {
    struct tree_builder *builder;
    yajl_handle parser;
    const char *bytes;
    size_t length;
    size_t token_end; /* of the last token seen */
    size_t counted;   /* bytes before this one are in line and column */
    struct document_place place;
};

/* Line and column of a byte. Only ever asked for bytes that come later and later. */
static struct document_place place_of(struct json_reader *reader, size_t offset)
{
    for (; reader->counted < offset && reader->counted < reader->length;
         reader->counted++) {
        unsigned char byte = (unsigned char)reader->bytes[reader->counted];
        if (byte == '\n') {
            reader->place.line++;
            reader->place.column = 1;
        } else if ((byte & 0xC0) != 0x80) {
            reader->place.column++;
        }
    }
    return reader->place;
}

static size_t next_token(const struct json_reader *reader)
{
    size_t start = reader->token_end;
    while (start < reader->length && strchr(" \t\r\n,:", reader->bytes[start]) != NULL) {
        start++;
    }
    return start;
}

static struct document_place token_place(struct json_reader *reader)
{
    size_t start = next_token(reader);
    reader->token_end = yajl_get_bytes_consumed(reader->parser);
    return place_of(reader, start);
}

static int add_scalar(struct json_reader *reader, enum document_kind kind,
                      const char *bytes, size_t length)
{
    struct document_value value = {
        .kind = kind,
        .plain = kind != DOCUMENT_STRING,
        .place = token_place(reader),
    };
    if (kind != DOCUMENT_NULL) {
        value.text = tree_text(reader->builder->document, bytes, length);
    }
    return tree_scalar(reader->builder, &value) != NULL;
}

static int on_null(void *context)
{
    return add_scalar(context, DOCUMENT_NULL, NULL, 0);
}

static int on_boolean(void *context, int truth)
{
    return add_scalar(context, DOCUMENT_BOOLEAN, truth ? "true" : "false", truth ? 4 : 5);
}

static int on_number(void *context, const char *bytes, size_t length)
{
    return add_scalar(context, DOCUMENT_NUMBER, bytes, length);
}

static int on_string(void *context, const unsigned char *bytes, size_t length)
{
    return add_scalar(context, DOCUMENT_STRING, (const char *)bytes, length);
}

static int on_key(void *context, const unsigned char *bytes, size_t length)
{
    struct json_reader *reader = context;
    return tree_key(reader->builder, (const char *)bytes, length, token_place(reader));
}

static int on_open_map(void *context)
{
    struct json_reader *reader = context;
    return tree_open(reader->builder, DOCUMENT_MAP, token_place(reader));
}

static int on_open_list(void *context)
{
    struct json_reader *reader = context;
    return tree_open(reader->builder, DOCUMENT_LIST, token_place(reader));
}

static int on_close(void *context)
{
    struct json_reader *reader = context;
    token_place(reader);
    return tree_close(reader->builder) != NULL;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_map_key = on_key,
    .yajl_start_map = on_open_map,
    .yajl_end_map = on_close,
    .yajl_start_array = on_open_list,
    .yajl_end_array = on_close,
};

/* yajl says "parse error: unallowed token at this point in JSON text\n": keep the reason.
 * Its offset is behind the bad byte of a lexical error, and anywhere else otherwise. */
static void fail_as_yajl_says(struct json_reader *reader, size_t offset)
{
    unsigned char *said = yajl_get_error(reader->parser, 0, NULL, 0);
    const char *reason = said != NULL ? (const char *)said : "it ends too early";
    bool is_lexical = string_starts(reason, "lexical");
    const char *colon = strstr(reason, "error: ");
    reason = colon != NULL ? colon + strlen("error: ") : reason;
    size_t length = strcspn(reason, "\n");
    if (offset < reader->length) {
        offset = is_lexical && offset > 0 ? offset - 1 : next_token(reader);
    }
    reader->place = (struct document_place){.line = 1, .column = 1};
    reader->counted = 0;
    tree_fail(reader->builder, place_of(reader, offset), "this is no JSON: %.*s",
              (int)length, reason);
    if (said != NULL) {
        yajl_free_error(reader->parser, said);
    }
}

/* Behind a whole value yajl takes a text that never ends: `{} "x`. A number that ends the
 * document is told after this. */
static bool is_alone(struct json_reader *reader)
{
    if (reader->builder->document->root == NULL) {
        return true;
    }
    size_t rest = reader->token_end;
    while (rest < reader->length && strchr(" \t\r\n", reader->bytes[rest]) != NULL) {
        rest++;
    }
    return rest == reader->length ||
           tree_fail(reader->builder, place_of(reader, rest),
                     "this is no JSON: something follows the value");
}

bool json_parse(struct tree_builder *builder, const char *bytes, size_t length)
{
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    struct json_reader reader = {
        .builder = builder,
        .bytes = bytes,
        .length = length,
        .place = {.line = 1, .column = 1},
    };
    reader.parser = yajl_alloc(&callbacks, NULL, &reader);
    yajl_status status = yajl_parse(reader.parser, (const unsigned char *)bytes, length);
    size_t offset = yajl_get_bytes_consumed(reader.parser);
    bool done = status == yajl_status_ok && is_alone(&reader);
    if (done) {
        status = yajl_complete_parse(reader.parser);
        offset = length;
        done = status == yajl_status_ok;
    }
    if (status == yajl_status_error) {
        fail_as_yajl_says(&reader, offset);
    }
    yajl_free(reader.parser);
    return done;
}
