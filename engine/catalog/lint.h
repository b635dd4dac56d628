/* catalog/lint: descriptors against tables of what a standard allows.
 *
 * A shape says what one kind of value looks like: for a map its fields, for a scalar its
 * words or form. A field is a row: key, kinds, flags, shape of what is below, words,
 * form. A variant adds fields when another key has (or lacks) a value, as the servers of
 * a contract do by `type`. Shapes point at each other, so a whole standard is a table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_LINT_H
#define MWB_CATALOG_LINT_H

#include "engine/catalog.h"
#include "engine/document.h"
#include "engine/text.h"

enum {
    LINT_TEXT = 1,
    LINT_NUMBER = 2, /* any, whole ones too */
    LINT_INTEGER = 4,
    LINT_BOOLEAN = 8,
    LINT_LIST = 16,
    LINT_MAP = 32,
    LINT_NULL = 64,
    LINT_SCALAR = LINT_TEXT | LINT_NUMBER | LINT_BOOLEAN | LINT_NULL,
    LINT_ANY = 127,
};

enum {
    LINT_REQUIRED = 1,
    LINT_FILLED = 2,       /* a list with one item at least */
    LINT_POSITIVE = 4,     /* above 0 */
    LINT_NOT_NEGATIVE = 8, /* 0 or more */
    LINT_DISTINCT = 16,    /* no two scalars of the list are equal */
    LINT_PAIR = 32,        /* exactly two items */
};

struct lint;
struct lint_shape;

struct lint_form {
    const char *sentence; /* "a name of letters, digits, - and _" */
    bool (*fits)(const char *text);
};

struct lint_field {
    const char *key; /* NULL ends an array */
    unsigned kinds, flags;
    const struct lint_shape *of;    /* of the map, or of each item of the list */
    const struct lint_shape *items; /* of each item, when that is another shape */
    const char *words;              /* the only texts allowed, separated by blanks */
    const struct lint_form *form;
};

struct lint_variant {
    const char *key;  /* NULL ends an array */
    const char *word; /* value of that key; "*" any; NULL: the key is not there */
    const struct lint_field *fields; /* added; may be NULL */
    const char
        *compact; /* more of them: "host! port# schema": ! required, # a whole number */
    void (*also)(struct lint *lint, const struct document_value *map);
};

struct lint_shape {
    const char *name; /* "an output port" */
    unsigned kinds;
    const struct lint_field *fields;
    const struct lint_variant *variants;
    bool open; /* other keys are allowed */
    const struct lint_form *form;
    void (*also)(struct lint *lint, const struct document_value *value);
};

struct lint {
    const char *path; /* as shown */
    struct array *problems;
    struct text where; /* "outputPorts[0].version" */
    bool schema_only;
};

extern const struct lint_shape lint_odps_1_0, lint_odcs_3_1, lint_odcs_3_0,
    lint_package_1, lint_package_2;
extern const struct lint_shape lint_a_text;
extern const struct lint_form lint_form_id, lint_form_reference;

/* Every breach of the shape becomes an error of `lint`. */
void lint_value(struct lint *lint, const struct lint_shape *shape,
                const struct document_value *value);
void lint_tell(struct lint *lint, struct document_place place, bool is_error,
               const char *rule, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Go below: push "key" or an index, and cut back to what lint_enter gave. */
size_t lint_enter(struct lint *lint, const char *key, size_t index);
void lint_leave(struct lint *lint, size_t mark);
bool lint_is_in_words(const char *text, const char *words);

/* Beyond the schema: things that are wrong though they are valid. */
struct lint_document {
    char *path; /* as shown */
    char *full; /* without symbolic links and .. */
    struct document *document;
    int kind; /* enum descriptor_kind */
};
void lint_references(const struct array *documents, struct array *problems);

#endif
