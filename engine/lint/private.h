/* lint: what the checks of all standards share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINT_PRIVATE_H
#define MWB_LINT_PRIVATE_H

#include "engine/lint.h"
#include "engine/text.h"

struct lint_name {
    const struct document_value *owner; /* the list or map it stands in */
    const char *name;
    const struct document_value *value;
    size_t order;
};

/* The names in lists and maps of one document, to be found in no time. */
struct lint_names {
    struct array entries; /* of struct lint_name, in order after lint_names_sort() */
};

struct lint {
    const struct document_value *root;
    struct standard_claim claim;
    const char *path;
    struct array *findings;
    size_t told, left_out;
    size_t before; /* findings of the schema stage */
    struct lint_names names;
};

/* Append a finding; NULL when it was said before, or when there are too many. */
struct finding *lint_tell(struct lint *lint, const struct document_value *at,
                          bool is_error, const char *rule, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* ---- Names (names.c) ---- */

/* Each map of `list` goes by its texts under keys (NULL-terminated). */
void lint_names_add_list(struct lint_names *names, const struct document_value *list,
                         const char *const *keys);
void lint_names_add_members(struct lint_names *names, const struct document_value *map);
void lint_names_sort(struct lint_names *names); /* before the first search */
void lint_names_release(struct lint_names *names);
/* The value that goes by these bytes in this list or map, or NULL. */
const struct document_value *lint_names_find(const struct lint_names *names,
                                             const struct document_value *owner,
                                             const char *name, size_t length);
/* The nearest name in this list or map, or NULL. */
const char *lint_names_nearest(const struct lint_names *names,
                               const struct document_value *owner, const char *name);

struct lint_once {
    const char *key;    /* NULL: the items are texts themselves */
    const char *second; /* both together make the name; may be NULL */
    const char *what;   /* "the output port" */
    bool is_warning;
};
/* Tells items of the list whose name stands there already. */
void lint_named_once(struct lint *lint, const struct document_value *list,
                     struct lint_once once);

/* ---- Parts of several standards (parts.c) ---- */

/* status: one of the usual words. */
void lint_status(struct lint *lint, const struct document_value *status);
/* Members that are replaced by nobody, that left before they came. */
void lint_members(struct lint *lint, const struct document_value *members);
void lint_dates(struct lint *lint, const struct document_value *early,
                const struct document_value *late, const char *sentence);
void lint_tags(struct lint *lint, const struct document_value *owner);
/* Goes through the whole document: ids that stand twice in one list, ${VAR}. */
void lint_everywhere(struct lint *lint, const struct document_value *value);
/* Positions from 1 of what has `flag`: each once, without gaps. */
struct lint_positions {
    const char *flag, *position, *what;
};
void lint_positions(struct lint *lint, const struct document_value *list,
                    const struct lint_positions *spec);

/* ---- Bounds (bounds.c) ---- */

/* `options` has minimum, maxLength, pattern, multipleOf ...; `values` is a list of texts
 * or numbers that alone are allowed, or of maps with `value`; may be NULL. */
void lint_bounds(struct lint *lint, const struct document_value *options,
                 const struct document_value *values);
void lint_pattern(struct lint *lint, const struct document_value *pattern);

/* ---- Rules about quality (quality.c) ---- */
struct lint_spot {
    const struct document_value *columns; /* list or map the object has */
    const char *property;                 /* NULL on an object */
};
void lint_quality(struct lint *lint, const struct document_value *list,
                  const struct lint_spot *spot);
/* A column that a rule, key or promise names and the object has not. */
void lint_column(struct lint *lint, const struct document_value *columns,
                 const struct document_value *name, bool is_error, const char *what);
/* The same for each of a list, or the one text. */
void lint_columns(struct lint *lint, const struct document_value *columns,
                  const struct document_value *names, const char *what);

/* What a promise is about: "object.property", several by comma; `key` is where an object
 * has its properties. */
void lint_element(struct lint *lint, const struct document_value *element,
                  const struct document_value *objects, const char *key);

/* ---- The standards ---- */
void lint_contract(struct lint *lint);     /* ODCS 3 */
void lint_old_contract(struct lint *lint); /* ODCS 2.2 */
void lint_relations(struct lint *lint, const struct document_value *list);
/* A path through properties and the items of lists: "address.city". */
const struct document_value *lint_property(const struct lint *lint,
                                           const struct document_value *properties,
                                           const char *path);
void lint_product(struct lint *lint);
void lint_specification(struct lint *lint); /* DCS */
void lint_package(struct lint *lint);
void lint_dataset_catalog(struct lint *lint);  /* DCAT */
void lint_descriptor_ports(struct lint *lint); /* DPDS */

#endif
