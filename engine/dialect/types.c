/* dialect/types: casts and typed literals. The conversions are strict (mwb_cast), for
 * those of SQLite make 2026 of a day and 0 of a word.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/dialect/private.h"

#include <stdlib.h>
#include <string.h>

struct target {
    const char *word; /* of mwb_cast() */
    enum dialect_type type;
    bool is_native; /* SQLite converts to it by this name as others do */
};

static const struct {
    const char *name;
    struct target target;
} types[] = {
    {"int", {"integer", DIALECT_NUMBER, true}},
    {"integer", {"integer", DIALECT_NUMBER, true}},
    {"int2", {"integer", DIALECT_NUMBER, true}},
    {"int4", {"integer", DIALECT_NUMBER, true}},
    {"int8", {"integer", DIALECT_NUMBER, true}},
    {"bigint", {"integer", DIALECT_NUMBER, true}},
    {"smallint", {"integer", DIALECT_NUMBER, true}},
    {"tinyint", {"integer", DIALECT_NUMBER, true}},
    {"hugeint", {"integer", DIALECT_NUMBER, false}},
    {"numeric", {"number", DIALECT_NUMBER, true}},
    {"decimal", {"number", DIALECT_NUMBER, true}},
    {"double", {"number", DIALECT_NUMBER, true}},
    {"real", {"number", DIALECT_NUMBER, true}},
    {"float", {"number", DIALECT_NUMBER, true}},
    {"float4", {"number", DIALECT_NUMBER, true}},
    {"float8", {"number", DIALECT_NUMBER, true}},
    {"text", {"text", DIALECT_ANY, true}},
    {"varchar", {"text", DIALECT_ANY, true}},
    {"char", {"text", DIALECT_ANY, true}},
    {"character", {"text", DIALECT_ANY, true}},
    {"string", {"text", DIALECT_ANY, false}},
    {"blob", {NULL, DIALECT_ANY, true}},
    {"bool", {"boolean", DIALECT_ANY, false}},
    {"boolean", {"boolean", DIALECT_ANY, false}},
    {"date", {"date", DIALECT_DATE, false}},
    {"timestamp", {"timestamp", DIALECT_TIMESTAMP, false}},
    {"timestamptz", {"timestamp", DIALECT_TIMESTAMP, false}},
    {"datetime", {"timestamp", DIALECT_TIMESTAMP, false}},
    {"interval", {"interval", DIALECT_INTERVAL, false}},
};

static const struct target *find_type(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (string_equal_fold(types[i].name, name)) {
            return &types[i].target;
        }
    }
    return NULL;
}

/* A type as it is written: "numeric(10,2)", "timestamp with time zone". */
struct written_type {
    char *name;
    int length, scale; /* -1: not written */
    struct text text;
};

static int read_size(struct reader *reader)
{
    const struct sql_token *token = reader_token(reader, 0);
    if (token == NULL || token->kind != SQL_NUMBER) {
        return -1;
    }
    char *number = string_copy_bytes(reader->sql + token->start, token->length);
    long value = strtol(number, NULL, 10);
    free(number);
    reader->at++;
    return value >= 0 && value < 1000 ? (int)value : -1;
}

static void read_type(struct reader *reader, struct written_type *type)
{
    static const char *const more[] = {"PRECISION", "VARYING", "WITH", "WITHOUT",
                                       "TIME",      "ZONE",    NULL};
    size_t first = reader->at;
    type->name = reader_name(reader, 0);
    type->length = type->scale = -1;
    reader->at += reader_token(reader, 0) != NULL;
    for (size_t i = 0; more[i] != NULL; i++) {
        reader_take(reader, more[i]);
    }
    if (reader_take(reader, "(")) {
        type->length = read_size(reader);
        if (reader_take(reader, ",")) {
            type->scale = read_size(reader);
        }
        if (!reader_take(reader, ")")) {
            reader_fail(reader, "the type %s cannot be read", type->name);
        }
    }
    for (size_t i = 0; more[i] != NULL; i++) {
        reader_take(reader, more[i]);
    }
    for (; first < reader->at && first < reader->tokens.count; first++) {
        const struct sql_token *token = array_at(&reader->tokens, first);
        text_append(&type->text, type->text.length > 0 ? " " : "");
        text_append_bytes(&type->text, reader->sql + token->start, token->length);
    }
}

static void convert(struct reader *reader, struct node *node,
                    const struct written_type *written, const char *function)
{
    const struct target *target = find_type(written->name);
    if (target == NULL || target->word == NULL) {
        reader_fail(reader, "it converts to the type %s, which has no equal here",
                    text_string(&written->text));
        return;
    }
    struct text out = {0};
    bool is_text = string_equal(target->word, "text");
    bool cuts =
        is_text && written->length >= 0 && reader->spec->dialect == DIALECT_POSTGRES;
    bool rounds = string_equal(target->word, "number") && written->length >= 0;
    text_append(&out, cuts ? "substr(" : rounds ? "round(" : "");
    text_printf(&out, "%s('%s', %s)", function, target->word, text_string(&node->text));
    if (cuts) {
        text_printf(&out, ", 1, %d)", written->length);
    } else if (rounds) {
        text_printf(&out, ", %d)", written->scale > 0 ? written->scale : 0);
    }
    bool plain = target->type == DIALECT_INTERVAL && node->is_string;
    if (plain) {
        text_clear(&out);
        text_append(&out, text_string(&node->text));
    }
    node_release(node);
    *node = (struct node){
        .text = out, .type = target->type, .is_foreign = true, .is_string = false};
}

static void release_type(struct written_type *type)
{
    free(type->name);
    text_release(&type->text);
}

void read_double_colon(struct reader *reader, struct node *node)
{
    struct written_type type = {0};
    reader->at++;
    read_type(reader, &type);
    if (!reader->failed) {
        convert(reader, node, &type, "mwb_cast");
    }
    release_type(&type);
}

/* Where the author writes SQLite, what SQLite converts itself stays. */
void read_cast(struct reader *reader, struct node *node)
{
    struct written_type type = {0};
    struct text inner = {0};
    bool tries = reader_is(reader, 0, "TRY_CAST");
    reader->at += 2;
    struct node only = {0};
    read_additive(reader, &only);
    if (!reader_take(reader, "AS")) {
        reader_fail(reader, "a CAST cannot be read: AS is missing");
    }
    read_type(reader, &type);
    if (!reader_take(reader, ")")) {
        reader_fail(reader, "a CAST cannot be read: its end is missing");
    }
    const struct target *target = find_type(type.name != NULL ? type.name : "");
    bool native = !tries && reader->spec->dialect == DIALECT_SQLITE &&
                  (target == NULL || target->is_native);
    if (!reader->failed && native) {
        text_printf(&inner, "CAST(%s AS %s)", text_string(&only.text),
                    text_string(&type.text));
        node->type = target != NULL ? target->type : DIALECT_ANY;
    } else if (!reader->failed) {
        convert(reader, &only, &type, tries ? "mwb_try_cast" : "mwb_cast");
        text_append(&inner, text_string(&only.text));
        node->type = only.type;
        node->is_foreign = true;
    }
    text_append(&node->text, text_string(&inner));
    node_release(&only);
    text_release(&inner);
    release_type(&type);
}

/* ---- Literals ---- */

static bool is_kind(const struct reader *reader, size_t ahead, enum sql_kind kind)
{
    const struct sql_token *token = reader_token(reader, ahead);
    return token != NULL && token->kind == kind;
}

static bool is_interval_unit(const struct reader *reader, size_t ahead)
{
    static const char *const units[] = {"year", "quarter", "month",  "week",
                                        "day",  "hour",    "minute", "second"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        char *plural = string_printf("%ss", units[i]);
        bool is = reader_is(reader, ahead, units[i]) || reader_is(reader, ahead, plural);
        free(plural);
        if (is) {
            return true;
        }
    }
    return false;
}

/* INTERVAL '1 day', INTERVAL '1' DAY, INTERVAL 1 DAY, INTERVAL (x) DAYS */
static bool read_interval(struct reader *reader, struct node *node)
{
    bool string = is_kind(reader, 1, SQL_STRING), number = is_kind(reader, 1, SQL_NUMBER);
    bool unit = (string || number) && is_interval_unit(reader, 2);
    if (!string && !unit && !reader_is(reader, 1, "(")) {
        return false;
    }
    reader->at++;
    struct node amount = {0};
    if (string || number) {
        const struct sql_token *token = reader_token(reader, 0);
        text_append_bytes(&amount.text, reader->sql + token->start, token->length);
        reader->at++;
    } else {
        read_operand(reader, &amount);
        unit = is_interval_unit(reader, 0);
        if (!unit) {
            reader_fail(reader, "an INTERVAL has no unit that is known here");
        }
    }
    node->type = DIALECT_INTERVAL;
    if (unit) {
        char *name = reader_name(reader, 0);
        reader->at++;
        text_printf(&node->text, "(%s || ' %s')", text_string(&amount.text), name);
        free(name);
    } else {
        text_append(&node->text, text_string(&amount.text));
    }
    node_release(&amount);
    return true;
}

bool read_typed_literal(struct reader *reader, struct node *node)
{
    if (!is_kind(reader, 0, SQL_NAME)) {
        return false;
    }
    if (reader_is(reader, 0, "INTERVAL")) {
        return read_interval(reader, node);
    }
    bool day = reader_is(reader, 0, "DATE");
    bool moment =
        reader_is(reader, 0, "TIMESTAMP") || reader_is(reader, 0, "TIMESTAMPTZ");
    if ((!day && !moment) || !is_kind(reader, 1, SQL_STRING)) {
        return false;
    }
    const struct sql_token *token = reader_token(reader, 1);
    text_printf(&node->text, "mwb_cast('%s', %.*s)", day ? "date" : "timestamp",
                (int)token->length, reader->sql + token->start);
    node->type = day ? DIALECT_DATE : DIALECT_TIMESTAMP;
    node->is_foreign = true;
    reader->at += 2;
    return true;
}
