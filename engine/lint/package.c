/* lint/package: a Data Package: resources named twice, paths that lead out, hashes that
 * are none, keys of fields that are not there, constraints that nothing meets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

static const char *const naming[] = {"name", NULL};

/* ---- Paths and hashes ---- */

static void check_path(struct lint *lint, const struct document_value *path)
{
    const char *text = document_text(path);
    if (text == NULL || strstr(text, "://") != NULL || path_is_safe(text)) {
        return;
    }
    finding_mend(
        lint_tell(lint, path, true, "unsafe-path",
                  "the path %.120s is absolute, climbs out of the package or names a "
                  "hidden file; nothing is read from there",
                  text),
        "put the file below the descriptor and name it relative to that");
}

/* An algorithm and its hexadecimal digits; MD5 when nothing stands before them. */
static void check_hash(struct lint *lint, const struct document_value *hash)
{
    static const struct {
        const char *name;
        size_t digits;
    } algorithms[] = {{"md5", 32},    {"sha1", 40},   {"sha224", 56},
                      {"sha256", 64}, {"sha384", 96}, {"sha512", 128}};
    const char *text = document_text(hash);
    if (text == NULL || text[0] == '\0') {
        return;
    }
    const char *colon = strchr(text, ':');
    const char *digits = colon != NULL ? colon + 1 : text;
    size_t length = strspn(digits, "0123456789abcdefABCDEF");
    size_t wanted = colon != NULL ? length : algorithms[0].digits;
    char *name = string_copy_bytes(text, colon != NULL ? (size_t)(colon - text) : 0);
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        wanted =
            string_equal_fold(name, algorithms[i].name) ? algorithms[i].digits : wanted;
    }
    if (digits[length] != '\0' || length != wanted || length == 0) {
        lint_tell(lint, hash, true, "hash",
                  "%.140s is no hash: it is written as 32 hexadecimal digits (MD5) or as "
                  "sha256: and 64 of them",
                  text);
    }
    free(name);
}

/* ---- Keys ---- */

static void check_key(struct lint *lint, const struct document_value *fields,
                      const struct document_value *key, const char *what)
{
    size_t count = document_kind(key) == DOCUMENT_LIST ? document_count(key) : 1;
    for (size_t i = 0; i < count && fields != NULL; i++) {
        const struct document_value *item =
            document_kind(key) == DOCUMENT_LIST ? document_item(key, i) : key;
        const char *text = document_text(item);
        if (text != NULL &&
            lint_names_find(&lint->names, fields, text, strlen(text)) == NULL) {
            struct finding *finding = lint_tell(
                lint, item, true, "reference",
                "%s names the field %.80s, which the schema has not", what, text);
            const char *near =
                finding != NULL ? lint_names_nearest(&lint->names, fields, text) : NULL;
            if (near != NULL) {
                finding_mend(finding, "write %s", near);
            }
        }
    }
    if (document_kind(key) == DOCUMENT_LIST) {
        lint_named_once(lint, key, (struct lint_once){.what = "in the key, the field"});
    }
}

static size_t length_of(const struct document_value *side)
{
    return document_kind(side) == DOCUMENT_LIST ? document_count(side) : 1;
}

static void check_foreign_key(struct lint *lint, const struct document_value *resource,
                              const struct document_value *key)
{
    const struct document_value *resources = document_get(lint->root, "resources");
    const struct document_value *name = document_find(key, "reference.resource");
    const struct document_value *from = document_get(key, "fields");
    const struct document_value *to = document_find(key, "reference.fields");
    const char *text = document_text(name);
    const struct document_value *target =
        text == NULL || text[0] == '\0'
            ? resource
            : lint_names_find(&lint->names, resources, text, strlen(text));
    check_key(lint, document_find(resource, "schema.fields"), from, "the key");
    if (target == NULL) {
        lint_tell(lint, name, true, "reference", "there is no resource %.80s to refer to",
                  text);
    } else {
        check_key(lint, document_find(target, "schema.fields"), to, "the key");
    }
    if (from != NULL && to != NULL && length_of(from) != length_of(to)) {
        lint_tell(lint, key, true, "unequal-keys",
                  "the key has %zu fields and refers to %zu; they must be equally many",
                  length_of(from), length_of(to));
    }
}

/* ---- Resources ---- */

static void check_fields(struct lint *lint, const struct document_value *fields)
{
    lint_named_once(lint, fields, (struct lint_once){.key = "name", .what = "the field"});
    for (size_t i = 0; i < document_count(fields); i++) {
        const struct document_value *options =
            document_get(document_item(fields, i), "constraints");
        lint_bounds(lint, options, document_get(options, "enum"));
    }
}

static void check_schema(struct lint *lint, const struct document_value *resource)
{
    const struct document_value *schema = document_get(resource, "schema");
    const struct document_value *fields = document_get(schema, "fields");
    const struct document_value *unique = document_get(schema, "uniqueKeys");
    const struct document_value *foreign = document_get(schema, "foreignKeys");
    check_fields(lint, fields);
    check_key(lint, fields, document_get(schema, "primaryKey"), "the key");
    for (size_t i = 0; i < document_count(unique); i++) {
        check_key(lint, fields, document_item(unique, i), "the unique key");
    }
    for (size_t i = 0; i < document_count(foreign); i++) {
        check_foreign_key(lint, resource, document_item(foreign, i));
    }
}

static void check_resource(struct lint *lint, const struct document_value *resource)
{
    const struct document_value *path = document_get(resource, "path");
    if (document_kind(path) != DOCUMENT_LIST) {
        check_path(lint, path);
    }
    for (size_t i = 0; document_kind(path) == DOCUMENT_LIST && i < document_count(path);
         i++) {
        check_path(lint, document_item(path, i));
    }
    check_hash(lint, document_get(resource, "hash"));
    check_schema(lint, resource);
}

void lint_package(struct lint *lint)
{
    const struct document_value *resources = document_get(lint->root, "resources");
    lint_names_add_list(&lint->names, resources, naming);
    for (size_t i = 0; i < document_count(resources); i++) {
        lint_names_add_list(&lint->names,
                            document_find(document_item(resources, i), "schema.fields"),
                            naming);
    }
    lint_names_sort(&lint->names);
    lint_named_once(lint, resources,
                    (struct lint_once){.key = "name", .what = "the resource"});
    lint_named_once(lint, document_get(lint->root, "keywords"),
                    (struct lint_once){.what = "the keyword", .is_warning = true});
    for (size_t i = 0; i < document_count(resources); i++) {
        check_resource(lint, document_item(resources, i));
    }
}
