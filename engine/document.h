/* document: YAML or JSON text as a tree of values that know their line and column.
 *
 * Descriptors are hostile input. Limits hold while parsing: 8 MiB of text, depth 64,
 * 100,000 nodes (aliases count as often as they are used), 1,000 anchors, no duplicate
 * keys; in YAML 400,000 brackets, commas, colons, dashes and pairs of quotes, in texts
 * too. So the worst document costs half a second and 300 MB; a contract is read at some
 * 40 MB a second. Scalars keep the text as written: `1.0.0`, `2024-01-01` and `007` stay
 * what the author typed, and `document_is_plain` tells a bare word from a quoted one. A
 * NUL that an escape puts into a text becomes U+FFFD, so that texts are C strings.
 *
 * YAML is 1.2 core schema, read by libfyaml, less these: one document a file; a key is a
 * scalar; no list or map may contain itself; no tab between a colon and a sign of a block
 * where keys begin with "?"; `<<` merges nothing. An unknown tag is ignored. Both of the
 * last are told as warnings. JSON is read by a JSON reader (yajl), since tab-indented
 * JSON is no YAML; a byte order mark in front is skipped.
 *
 * Threads: documents share nothing, so that any number of them may be parsed at once. One
 * document that is no longer changed may be read by several threads; document_free() is
 * for one of them, after the others are done.
 *
 * Sources: yaml.org/spec/1.2.2, RFC 8259.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DOCUMENT_H
#define MWB_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"

enum document_format {
    DOCUMENT_YAML,
    DOCUMENT_JSON,
    DOCUMENT_JSON_DATA, /* JSON that is data: of two equal keys the last one wins */
};
enum document_kind {
    DOCUMENT_NULL,
    DOCUMENT_BOOLEAN,
    DOCUMENT_NUMBER,
    DOCUMENT_STRING,
    DOCUMENT_LIST,
    DOCUMENT_MAP,
};

struct document;       /* owns all its values */
struct document_value; /* one value; NULL stands for "not there" in every call below */

/* Where a document is wrong: line and column from 1. */
struct document_place {
    int line, column;
};

/* Parse. NULL on failure: err has the sentence without file name, *place where it is. */
struct document *document_parse(const char *bytes, size_t length,
                                enum document_format format, struct document_place *place,
                                struct error *err);
/* Read a file and parse it; `.json` is JSON, everything else YAML. err has the file,
 * line and column in front. */
struct document *document_read(const char *path, struct document_place *place,
                               struct error *err);
void document_free(struct document *document);
const struct document_value *document_root(const struct document *document);
enum document_format document_format_of(const char *path); /* by its suffix */

/* What was read, but perhaps not as its author meant: at most 100. */
struct document_warning {
    struct document_place place;
    char *sentence;
};
const struct array *document_warnings(const struct document *document);

/* Questions; all take NULL. */
enum document_kind document_kind(
    const struct document_value *value); /* NULL: DOCUMENT_NULL */
struct document_place document_place(const struct document_value *value);
bool document_is_plain(const struct document_value *value);
const char *document_kind_name(enum document_kind kind); /* "a list", "a text" */

/* Scalars. NULL for lists, maps and null; a number or boolean gives its text as written.
 */
const char *document_text(const struct document_value *value);
bool document_truth(const struct document_value *value, bool fallback);
double document_number(const struct document_value *value, double fallback);

/* Lists and maps. */
size_t document_count(const struct document_value *value); /* items or members; else 0 */
const struct document_value *document_item(const struct document_value *list,
                                           size_t index);
const struct document_value *document_get(const struct document_value *map,
                                          const char *key);
/* Member by position, in the order of the document; *place is where its key stands. */
const struct document_value *document_member(const struct document_value *map,
                                             size_t index, const char **key,
                                             struct document_place *place);
/* document_text(document_get(map, key)) */
const char *document_get_text(const struct document_value *map, const char *key);
/* Follow a path of keys and indexes: "team.members.0.username". */
const struct document_value *document_find(const struct document_value *from,
                                           const char *path);

#endif
