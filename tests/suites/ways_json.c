/* ways_json: random JSON Lines and arrays of objects for the two ways of import.
 *
 * The rows of a file share a shape, from which they differ in the ways that people's
 * files do: members in another order, missing, coming late, null, of another kind; and
 * in the ways that they should not: lines that are no JSON, members twice, other values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "tests/suites/ways.h"

enum { MEMBERS_MOST = 12, KINDS = 12, DEPTH_MOST = 3 };

struct member {
    char name[48];   /* as it is written, escapes included */
    size_t kind;     /* of its values */
    size_t late;     /* the first row that has it */
    size_t children; /* of an object */
    struct member *child;
};

struct writer {
    struct ways_chance chance;
    struct text *out;
    struct member members[MEMBERS_MOST];
    struct member pool[4 * MEMBERS_MOST];
    size_t count, pool_used;
    bool array, compact, ordered;
    size_t per_mille_missing, per_mille_null, per_mille_other, per_mille_bad,
        per_mille_lone;
    const char *line_end;
};

/* ---- Values ---- */

static void put_blanks(struct writer *writer)
{
    static const char *const blanks[] = {" ", "  ", "\t", "\r", " \t "};
    if (!writer->compact && ways_happens(&writer->chance, 200)) {
        text_append(writer->out, writer->array && ways_happens(&writer->chance, 200)
                                     ? "\n"
                                     : blanks[ways_pick(&writer->chance, 5)]);
    }
}

static void put_number(struct writer *writer)
{
    static const char *const odd[] = {"0",
                                      "-0",
                                      "-0.0",
                                      "0.0",
                                      "1.0",
                                      "1e5",
                                      "1E-7",
                                      "12.50",
                                      "1e400",
                                      "1e-400",
                                      "9007199254740993",
                                      "9223372036854775807",
                                      "9223372036854775808",
                                      "-9223372036854775808",
                                      "0.1234567890123456789",
                                      "123456789012345678901234567890",
                                      "0.00001",
                                      "1.7976931348623157e308",
                                      "5e-324",
                                      "100000000.5",
                                      "123456789.123456789"};
    if (ways_happens(&writer->chance, 500)) {
        text_append(writer->out,
                    odd[ways_pick(&writer->chance, sizeof odd / sizeof odd[0])]);
    } else {
        text_printf(writer->out, "%s%zu.%zu",
                    ways_happens(&writer->chance, 200) ? "-" : "",
                    ways_pick(&writer->chance, 10000), ways_pick(&writer->chance, 1000));
    }
}

static void put_string(struct writer *writer)
{
    static const char *const parts[] = {"a",
                                        "word",
                                        "\\n",
                                        "\\\"",
                                        "\\\\",
                                        "\\u00e9",
                                        "\\/",
                                        "\xC3\xA9",
                                        "\xE6\x9D\xB1",
                                        "\\ud83d\\ude00",
                                        "}",
                                        "{",
                                        "[",
                                        "]",
                                        ",",
                                        ":",
                                        " ",
                                        "\\u0000",
                                        "\xF0\x9F\x98\x80",
                                        "0123456789abcdef",
                                        "\\t",
                                        "\\u20AC",
                                        "1"};
    size_t count =
        ways_pick(&writer->chance, ways_happens(&writer->chance, 20) ? 200 : 6);
    text_append_char(writer->out, '"');
    for (size_t i = 0; i < count; i++) {
        text_append(writer->out,
                    parts[ways_pick(&writer->chance, sizeof parts / sizeof parts[0])]);
    }
    text_append(writer->out, ways_happens(&writer->chance, writer->per_mille_lone)
                                 ? "\\ud800\""
                                 : "\"");
}

static void put_list(struct writer *writer)
{
    static const char *const lists[] = {"[]", "[1,2]", "[ \"a]\" , {} ]",
                                        "[[[\"\\\"\"]]]", "[{\"a\":1},null]"};
    text_append(writer->out, lists[ways_pick(&writer->chance, 5)]);
}

static void put_object(struct writer *writer, const struct member *members, size_t count,
                       size_t row);

static void put_value(struct writer *writer, const struct member *member, size_t row)
{
    struct ways_chance *chance = &writer->chance;
    size_t kind = ways_happens(chance, writer->per_mille_other) ? ways_pick(chance, KINDS)
                                                                : member->kind;
    if (ways_happens(chance, writer->per_mille_null)) {
        text_append(writer->out, "null");
        return;
    }
    switch (kind) {
    case 0:
    case 1:
        text_printf(writer->out, "%zu", ways_pick(chance, kind == 0 ? 10 : 1000000));
        break;
    case 2:
        put_number(writer);
        break;
    case 3:
        text_append(writer->out, ways_happens(chance, 500) ? "true" : "false");
        break;
    case 4:
        put_list(writer);
        break;
    case 5:
        if (member->children > 0) {
            put_object(writer, member->child, member->children, row);
        } else {
            text_append(writer->out, ways_happens(chance, 500) ? "{}" : "{ }");
        }
        break;
    case 6:
        text_printf(writer->out, "%zu.%02zu", ways_pick(chance, 500),
                    ways_pick(chance, 100));
        break;
    case 7:
        text_printf(writer->out, "\"2025-%02zu-%02zu\"", 1 + ways_pick(chance, 12),
                    1 + ways_pick(chance, 28));
        break;
    case 8:
        text_append(writer->out, "null");
        break;
    default:
        put_string(writer);
        break;
    }
}

static void put_member(struct writer *writer, const struct member *member, size_t row)
{
    put_blanks(writer);
    text_printf(writer->out, "\"%s\"", member->name);
    put_blanks(writer);
    text_append(writer->out, ":");
    put_blanks(writer);
    put_value(writer, member, row);
    put_blanks(writer);
}

/* In their order, or from somewhere in a circle. */
static void put_object(struct writer *writer, const struct member *members, size_t count,
                       size_t row)
{
    struct ways_chance *chance = &writer->chance;
    bool any = false;
    size_t start = writer->ordered ? 0 : ways_pick(chance, count);
    text_append_char(writer->out, '{');
    for (size_t i = 0; i < count; i++) {
        const struct member *member = &members[(start + i) % count];
        if (row < member->late || ways_happens(chance, writer->per_mille_missing)) {
            continue;
        }
        text_append(writer->out, any ? "," : "");
        put_member(writer, member, row);
        any = true;
        if (ways_happens(chance, writer->per_mille_bad / 4)) {
            text_append(writer->out, ",");
            put_member(writer, member, row); /* twice */
        }
    }
    text_append_char(writer->out, '}');
}

/* ---- Rows ---- */

/* Take away or change a byte of what was written since `start`. */
static void damage(struct writer *writer, size_t start)
{
    struct text *out = writer->out;
    size_t length = out->length - start,
           place = start + ways_pick(&writer->chance, length);
    static const char signs[] = "\"{}[],:\\x0e\x01\x80\xED";
    if (ways_happens(&writer->chance, 300)) {
        text_truncate(out, place);
        text_append(out, place == start ? "x" : "");
    } else {
        out->data[place] = signs[ways_pick(&writer->chance, sizeof signs - 1)];
    }
}

static void put_row(struct writer *writer, size_t row)
{
    static const char *const strangers[] = {
        "7", "\"text\"", "[1]", "null", "[{\"a\":1}]", "tru", "{\"a\":1} {\"a\":2}"};
    struct ways_chance *chance = &writer->chance;
    size_t start = writer->out->length;
    if (ways_happens(chance, writer->per_mille_bad)) {
        text_append(writer->out, strangers[ways_pick(chance, writer->array ? 5 : 7)]);
        return;
    }
    put_object(writer, writer->members, writer->count, row);
    if (!writer->array && ways_happens(chance, writer->per_mille_bad)) {
        damage(writer, start);
    }
}

static void put_lines(struct writer *writer, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        put_row(writer, i);
        text_append(writer->out, ways_happens(&writer->chance, 20) ? " \t" : "");
        bool last = i + 1 == rows && ways_happens(&writer->chance, 300);
        text_append(writer->out, last ? "" : writer->line_end);
        if (ways_happens(&writer->chance, 20)) {
            text_append(writer->out,
                        ways_happens(&writer->chance, 500) ? "\n" : "  \r\n");
        }
    }
}

static void put_array(struct writer *writer, size_t rows)
{
    text_append(writer->out, ways_happens(&writer->chance, 300) ? " \n[" : "[");
    for (size_t i = 0; i < rows; i++) {
        text_append(writer->out, i > 0 ? "," : "");
        text_append(writer->out,
                    ways_happens(&writer->chance, 500) ? writer->line_end : "");
        put_row(writer, i);
    }
    text_append(writer->out, "\n]\n");
}

/* ---- Shapes ---- */

static void make_members(struct writer *writer, struct member *members, size_t count,
                         size_t rows, int depth)
{
    static const char *const names[] = {"id",
                                        "name",
                                        "a.b",
                                        "a",
                                        "Name",
                                        "x y",
                                        "\\u00e9",
                                        "\xC3\xA9t",
                                        "b",
                                        "\\\"q\\\"",
                                        "a_very_long_name_of_a_member",
                                        "0",
                                        "",
                                        "column_2"};
    for (size_t i = 0; i < count; i++) {
        struct member *member = &members[i];
        size_t name = ways_pick(&writer->chance, sizeof names / sizeof names[0]);
        snprintf(member->name, sizeof member->name, "%s%s", names[name],
                 ways_happens(&writer->chance, 30) ? ""
                                                   : (const char[]){(char)('a' + i), 0});
        member->kind = ways_pick(&writer->chance, KINDS);
        member->late =
            ways_happens(&writer->chance, 60) ? ways_pick(&writer->chance, rows + 1) : 0;
        size_t children = 1 + ways_pick(&writer->chance, 3);
        if (member->kind == 5 && depth < DEPTH_MOST &&
            writer->pool_used + children <=
                sizeof writer->pool / sizeof writer->pool[0]) {
            member->child = &writer->pool[writer->pool_used];
            member->children = children;
            writer->pool_used += children;
            make_members(writer, member->child, children, rows, depth + 1);
        }
    }
}

static void make_json_contract(struct writer *writer, struct ways_file *file)
{
    static const char *const types[] = {"string", "integer", "number", "boolean",
                                        "date",   "object",  "any",    "array"};
    for (size_t i = 0; i < writer->count; i++) {
        if (strchr(writer->members[i].name, '\\') != NULL ||
            ways_happens(&writer->chance, 300)) {
            continue;
        }
        struct catalog_column *column = array_push(&file->columns);
        column->name = writer->members[i].name; /* the writer outlives the file */
        column->type = (char *)(uintptr_t)types[ways_pick(&writer->chance, 8)];
    }
}

static void choose_json_import(struct writer *writer, struct ways_file *file)
{
    static const int pages[] = {0, 512, 1024, 4096, 65536};
    struct ways_chance *chance = &writer->chance;
    file->spec.table = "t";
    file->spec.format = IMPORT_JSON;
    file->spec.page_size = pages[ways_pick(chance, 5)];
    file->spec.threads = (int)ways_pick(chance, 5);
    file->spec.chunk_size =
        ways_happens(chance, 800) ? 1 + (int)ways_pick(chance, 3000) : 0;
    file->spec.all_text = ways_happens(chance, 40);
    file->spec.keep_nested = ways_happens(chance, 200);
    file->spec.reject_limit =
        ways_happens(chance, 30) ? 1 + (int)ways_pick(chance, 3) : 0;
    file->piped = ways_happens(chance, 60);
    file->packed = ways_happens(chance, 60);
    file->read_most = ways_happens(chance, 300) ? 1 + ways_pick(chance, 300) : 0;
}

void ways_make_json(struct ways_file *file, uint64_t seed, uint64_t number)
{
    static struct writer writer; /* names of a contract stay until the next file */
    memset(file, 0, sizeof *file);
    memset(&writer, 0, sizeof writer);
    struct ways_chance *chance = &writer.chance;
    file->columns = (struct array)ARRAY_OF(struct catalog_column);
    chance->state = seed * 0x9E3779B97F4A7C15u ^ number * 0xD1B54A32D192ED03u;
    size_t rows = ways_pick(chance, ways_happens(chance, 100) ? 3000 : 60);
    writer.array = ways_happens(chance, 400);
    writer.compact = ways_happens(chance, 400);
    writer.ordered = ways_happens(chance, 700);
    writer.per_mille_missing = ways_happens(chance, 400) ? ways_pick(chance, 500) : 0;
    writer.per_mille_null = ways_happens(chance, 400) ? ways_pick(chance, 300) : 0;
    writer.per_mille_other = ways_happens(chance, 300) ? 1 + ways_pick(chance, 60) : 0;
    writer.per_mille_bad = ways_happens(chance, 300) ? 1 + ways_pick(chance, 100) : 0;
    writer.per_mille_lone = ways_happens(chance, 30) ? 20 : 0;
    writer.line_end = ways_happens(chance, 200) ? "\r\n" : "\n";
    writer.count = 1 + ways_pick(chance, MEMBERS_MOST);
    make_members(&writer, writer.members, writer.count, rows, 0);
    file->name = writer.array ? "in.json" : "in.jsonl";
    file->count = ways_happens(chance, 100) ? 2 : 1;
    for (size_t i = 0; i < file->count; i++) {
        writer.out = &file->parts[i];
        text_append(writer.out, ways_happens(chance, 40) ? "\xEF\xBB\xBF" : "");
        if (writer.array) {
            put_array(&writer, rows);
        } else {
            put_lines(&writer, rows);
        }
    }
    if (ways_happens(chance, 200)) {
        make_json_contract(&writer, file);
    }
    choose_json_import(&writer, file);
    ways_mask(file, chance);
}
