/* provenance/package: the descriptor that lies beside an exported file: a Data Package
 * 2.0 with one resource.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/provenance.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

/* An object or a list being written: a comma before all but the first. */
struct members {
    struct text *out;
    const char *indent;
    bool is_begun;
};

static void put_key(struct members *members, const char *key)
{
    text_append(members->out, members->is_begun ? ",\n" : "\n");
    text_append(members->out, members->indent);
    members->is_begun = true;
    text_append_json(members->out, key);
    text_append(members->out, ": ");
}

static void put_text(struct members *members, const char *key, const char *value)
{
    if (value != NULL && *value != '\0') {
        put_key(members, key);
        text_append_json(members->out, value);
    }
}

static void put_number(struct members *members, const char *key, long long value)
{
    put_key(members, key);
    text_printf(members->out, "%lld", value);
}

/* A name as the standard allows: lower case letters, digits, '.', '_', '-'. */
static char *name_of(const char *path)
{
    char *name = string_copy(path);
    for (char *at = name; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        *at = isalnum(c) || strchr("._-", c) != NULL ? (char)tolower(c) : '-';
    }
    return name;
}

/* The name of a file without its suffix, as a name. Yours. */
static char *stem_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    char *stem = string_copy_bytes(path, dot != NULL && dot > path ? (size_t)(dot - path)
                                                                   : strlen(path));
    char *name = name_of(stem);
    free(stem);
    return name;
}

/* Types of Table Schema for what SQL declares; "any" where rows say nothing certain. */
static const char *type_of(const struct result_column *column)
{
    static const struct {
        const char *word, *type;
    } types[] = {{"BOOL", "boolean"},       {"INT", "integer"}, {"DATETIME", "datetime"},
                 {"TIMESTAMP", "datetime"}, {"DATE", "date"},   {"CHAR", "string"},
                 {"TEXT", "string"},        {"CLOB", "string"}, {"REAL", "number"},
                 {"FLOA", "number"},        {"DOUB", "number"}, {"NUMERIC", "number"},
                 {"DECIMAL", "number"}};
    for (size_t i = 0; column->declared != NULL && i < sizeof types / sizeof *types;
         i++) {
        if (strcasestr(column->declared, types[i].word) != NULL) {
            return types[i].type;
        }
    }
    return "any";
}

static void put_schema(struct members *members, const struct result *result)
{
    put_key(members, "schema");
    text_append(members->out, "{\"fields\": [");
    for (size_t i = 0; i < result_column_count(result); i++) {
        const struct result_column *column = result_column(result, i);
        text_append(members->out, i > 0 ? ",\n        " : "\n        ");
        text_append(members->out, "{\"name\": ");
        text_append_json(members->out, column->name);
        text_printf(members->out, ", \"type\": \"%s\"", type_of(column));
        if (column->product != NULL && column->column != NULL) {
            char *origin =
                string_printf("%s %s.%s", column->product,
                              column->table != NULL ? column->table : "", column->column);
            text_append(members->out, ", \"origin\": ");
            text_append_json(members->out, origin);
            free(origin);
        }
        text_append_char(members->out, '}');
    }
    text_append(members->out, "]}");
}

static void put_resource(struct members *members, const struct provenance_target *target)
{
    char *name = stem_of(target->path);
    char *hash = string_printf("sha256:%s", target->sha256);
    struct members own = {members->out, "      ", false};
    put_key(members, "resources");
    text_append(members->out, "[\n    {");
    put_text(&own, "name", name);
    put_text(&own, "path", target->path);
    put_text(&own, "format", target->format);
    put_text(&own, "mediatype", target->mediatype);
    put_number(&own, "bytes", target->bytes);
    put_text(&own, "hash", hash);
    if (target->columns != NULL) {
        put_text(&own, "encoding", "utf-8");
        put_schema(&own, target->columns);
    }
    text_append(members->out, "\n    }\n  ]");
    free(hash);
    free(name);
}

static void put_files(struct members *members, const struct array *files)
{
    put_key(members, "files");
    text_append_char(members->out, '[');
    for (size_t i = 0; i < files->count; i++) {
        const struct provenance_file *file = array_at(files, i);
        struct members own = {members->out, "        ", false};
        text_append(members->out, i > 0 ? ",\n      {" : "\n      {");
        put_text(&own, "path", file->location);
        if (file->bytes >= 0) {
            put_number(&own, "bytes", file->bytes);
        }
        if (*file->sha256 != '\0') {
            char *hash = string_printf("sha256:%s", file->sha256);
            put_text(&own, "hash", hash);
            free(hash);
        }
        text_append(members->out, "}");
    }
    text_append_char(members->out, ']');
}

static void put_sources(struct members *members, const struct array *sources)
{
    put_key(members, "sources");
    text_append_char(members->out, '[');
    for (size_t i = 0; i < sources->count; i++) {
        const struct provenance_source *source = array_at(sources, i);
        struct members own = {members->out, "      ", false};
        text_append(members->out, i > 0 ? ",\n    {" : "\n    {");
        put_text(&own, "title", *source->title != '\0' ? source->title : source->product);
        put_text(&own, "product", source->product);
        put_text(&own, "version", source->version);
        put_text(&own, "dataVersion", source->key);
        put_text(&own, "imported", source->imported);
        put_text(&own, "license", source->license);
        put_text(&own, "limitations", source->limitations);
        put_text(&own, "usage", source->usage);
        put_files(&own, &source->files);
        text_append(members->out, "\n    }");
    }
    text_append(members->out, "]");
}

static bool is_address(const char *text)
{
    return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
}

/* The name of a licence is an identifier there; how it was told is its title. */
static void put_license(struct text *out, const char *license)
{
    char *name = name_of(license);
    text_append(out, is_address(license) ? "{\"path\": " : "{\"name\": ");
    text_append_json(out, is_address(license) ? license : name);
    if (!is_address(license) && !string_equal(name, license)) {
        text_append(out, ", \"title\": ");
        text_append_json(out, license);
    }
    text_append_char(out, '}');
    free(name);
}

/* What may be done with the rows is bounded by all licences of their sources. */
static void put_licenses(struct members *members, const struct array *sources)
{
    size_t told = 0;
    for (size_t i = 0; i < sources->count; i++) {
        const struct provenance_source *source = array_at(sources, i);
        bool again = *source->license == '\0';
        for (size_t j = 0; j < i && !again; j++) {
            const struct provenance_source *before = array_at(sources, j);
            again = string_equal(before->license, source->license);
        }
        if (!again && told++ == 0) {
            put_key(members, "licenses");
            text_append_char(members->out, '[');
        }
        if (!again) {
            text_append(members->out, told > 1 ? ", " : "");
            put_license(members->out, source->license);
        }
    }
    text_append(members->out, told > 0 ? "]" : "");
}

static void put_parameters(struct members *members, const struct array *parameters)
{
    if (parameters->count == 0) {
        return;
    }
    put_key(members, "parameters");
    text_append_char(members->out, '{');
    for (size_t i = 0; i < parameters->count; i++) {
        const struct provenance_fact *one = array_at(parameters, i);
        text_append(members->out, i > 0 ? ", " : "");
        text_append_json(members->out, one->name);
        text_append(members->out, ": ");
        text_append_json(members->out, one->value);
    }
    text_append_char(members->out, '}');
}

static void put_statement(struct members *members, const struct provenance *provenance)
{
    struct members own = {members->out, "    ", false};
    put_key(members, "provenance");
    text_append_char(members->out, '{');
    put_text(&own, "program", PACKAGE_STRING);
    put_text(&own, "sql", provenance->sql);
    put_parameters(&own, &provenance->parameters);
    put_number(&own, "rows", provenance->rows);
    put_key(&own, "limited");
    text_append(members->out, provenance->is_limited ? "true" : "false");
    put_text(&own, "classification", provenance->classification);
    put_text(&own, "role", provenance->role);
    put_text(&own, "purpose", provenance->purpose);
    put_text(&own, "mesh", provenance->mesh);
    put_text(&own, "notes", provenance->notes);
    text_append(members->out, "\n  }");
}

void provenance_package(const struct provenance *provenance,
                        const struct provenance_target *target, struct text *out)
{
    struct members members = {out, "  ", false};
    char made[32];
    char *name = stem_of(target->path);
    path_write_instant(provenance->made, made);
    text_append_char(out, '{');
    put_text(&members, "$schema",
             "https://datapackage.org/profiles/2.0/datapackage.json");
    put_text(&members, "name", name);
    put_text(&members, "created", made);
    put_resource(&members, target);
    put_sources(&members, &provenance->sources);
    put_licenses(&members, &provenance->sources);
    put_statement(&members, provenance);
    text_append(out, "\n}\n");
    free(name);
}
