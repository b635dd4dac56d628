/* document/tree: the tree of values and the builder that both readers feed with events.
 *
 * All values of a document lie in its arena and never move; a value may hang in several
 * places (an alias), so a tree is not copied for it, only counted again. The builder
 * holds every limit of document.h, so that no reader can forget one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DOCUMENT_TREE_H
#define MWB_DOCUMENT_TREE_H

#include <stdint.h>

#include "engine/array.h"
#include "engine/document.h"

enum {
    TREE_MAX_BYTES = 8 * 1024 * 1024,
    TREE_MAX_DEPTH = 64,
    TREE_MAX_NODES = 100000,
};

struct document_key {
    const char *text;
    struct document_place place;
};

struct document_value {
    enum document_kind kind;
    bool plain;
    int height;    /* 1 for a scalar: levels from here to the deepest value below */
    size_t weight; /* values from here down, this one too; an alias counts in full */
    struct document_place place;
    const char *text; /* scalars */
    size_t count;     /* lists and maps */
    const struct document_value **items;
    const struct document_key *keys; /* maps */
    const uint32_t *order;           /* maps: positions in the order of their keys */
};

struct document {
    struct array blocks; /* of void *: the arena */
    char *block;
    size_t block_left;
    const struct document_value *root;
    struct array warnings; /* of struct document_warning */
};

struct tree_frame { /* a list or map that is still open */
    struct document_value *value;
    struct array items; /* of const struct document_value * */
    struct array keys;  /* of struct document_key */
    bool has_key;       /* a map waits for the value of its last key */
    int height;
    size_t weight;
};

struct tree_builder {
    struct document *document;
    struct tree_frame frames[TREE_MAX_DEPTH];
    int depth;
    size_t nodes;
    bool last_key_wins;           /* JSON that is data */
    struct document_place *place; /* where the first complaint stands */
    struct error *err;
};

struct document *tree_new(void);
void *tree_allocate(struct document *document, size_t size);
/* A copy in the arena; a NUL inside becomes U+FFFD, since texts are C strings. */
const char *tree_text(struct document *document, const char *bytes, size_t length);
void tree_warn(struct document *document, struct document_place place, const char *format,
               ...) __attribute__((format(printf, 3, 4)));

void tree_builder_init(struct tree_builder *builder, struct document *document,
                       struct document_place *place, struct error *err);
void tree_builder_release(struct tree_builder *builder);

/* Events. All return false after a complaint. tree_close() gives the finished value. */
bool tree_fail(struct tree_builder *builder, struct document_place place,
               const char *format, ...) __attribute__((format(printf, 3, 4)));
bool tree_open(struct tree_builder *builder, enum document_kind kind,
               struct document_place place);
const struct document_value *tree_close(struct tree_builder *builder);
bool tree_key(struct tree_builder *builder, const char *bytes, size_t length,
              struct document_place place);
const struct document_value *tree_scalar(struct tree_builder *builder,
                                         const struct document_value *scalar);
/* Hang a finished value in once more. */
bool tree_alias(struct tree_builder *builder, const struct document_value *value,
                struct document_place place);
/* Where the last key, or the open list or map, stands. */
struct document_place tree_last_place(const struct tree_builder *builder);
bool tree_expects_key(const struct tree_builder *builder);

/* UTF-16 and UTF-32 are told by their byte order mark; true when there is none. */
bool tree_check_encoding(struct tree_builder *builder, const char *bytes, size_t length);
/* The first byte that no text document may hold (a control, bad UTF-8), told; true when
 * there is none. */
bool tree_check_bytes(struct tree_builder *builder, const char *bytes, size_t length);

/* What libfyaml may be given; false after a complaint. */
bool yaml_check(struct tree_builder *builder, const char *bytes, size_t length);
bool yaml_parse(struct tree_builder *builder, const char *bytes, size_t length);
bool json_parse(struct tree_builder *builder, const char *bytes, size_t length);

#endif
