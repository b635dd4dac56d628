/* diff/model: one side of a comparison as a tree of things with named fields.
 *
 * root > product, contract; contract > table > column > column; every other kind hangs
 * below what it belongs to. Fields are texts, absent ones are not there; their names are
 * those that people read in a change.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DIFF_MODEL_H
#define MWB_DIFF_MODEL_H

#include <stdint.h>

#include "engine/catalog.h"
#include "engine/diff.h"

struct diff_field {
    char *name, *value;
    int line; /* 0: that of its node */
};

/* Values that a column was seen to have: hashes, sorted, each once. */
struct diff_sample {
    uint64_t *hashes;
    size_t count;
};

struct diff_node {
    enum diff_kind kind;
    char *key;  /* tells it from its siblings of the same kind */
    char *name; /* as shown */
    char *file; /* descriptor, relative to the side; NULL: not written */
    int line, position;
    bool is_made; /* stands for what no descriptor says: its fields are not compared */
    bool is_data; /* a table or column that only data files tell of */
    struct array fields;       /* of struct diff_field */
    struct array children;     /* of struct diff_node * */
    struct array seen;         /* of a table: struct diff_node *, columns of its data */
    struct diff_sample sample; /* of a column */
};

struct diff_node *diff_node_new(enum diff_kind kind, const char *key, const char *name);
void diff_node_free(struct diff_node *node);
/* NULL and "" are no value. */
void diff_node_set(struct diff_node *node, const char *field, const char *value);
int diff_node_line(const struct diff_node *node, const char *field);
const char *diff_node_get(const struct diff_node *node, const char *field);
/* False, and freed, when there is one of this key already. */
bool diff_node_adopt(struct diff_node *parent, struct diff_node *child);
struct diff_node *diff_node_child(const struct diff_node *parent, enum diff_kind kind,
                                  const char *key);
size_t diff_node_count(const struct diff_node *parent, enum diff_kind kind);

/* ---- Sides (side.c): from an operand to an open index ---- */
struct diff_side {
    const char *label; /* "the old side" */
    const char *operand;
    struct catalog *catalog;
    char *folder;      /* private: index and what was taken out of git */
    long long product; /* only this product of the index; 0: all of it */
    char *version;     /* only this version of it; NULL */
    char *fault;       /* why only its data can be compared; NULL */
};
bool diff_side_open(struct diff_side *side, const struct diff_spec *spec,
                    struct job_port *port, struct error *err);
void diff_side_close(struct diff_side *side);
/* The file or folder at a git ref, laid out below `folder`; its path there is yours. NULL
 * with kind ERROR_NONE: the operand is nothing of that form. */
char *diff_side_from_git(const char *operand, const char *folder, struct error *err);

/* ---- From the index to the tree (read.c), and the data beside it (data.c) ---- */
struct diff_node *diff_read(const struct diff_side *side, struct error *err);
/* Give fields of contracts and products their own lines (lines.c). */
void diff_place_fields(const struct diff_side *side, struct diff_node *root);
/* Fill `seen` of all tables; notes (of char *) get what could not be looked at. */
bool diff_look_at_data(const struct diff_side *side, struct diff_node *root,
                       struct array *notes, struct error *err);
void diff_note(struct array *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- Matching (match.c, alike.c) ---- */
struct diff_pair {
    struct diff_node *before, *after; /* NULL: added; removed */
    char *evidence; /* of a rename (both are there), or of a doubt (one is) */
    bool is_renamed;
};
/* Things of one kind: the pairs are in the order of the new side, removed ones where they
 * stood. Array of struct diff_pair, yours. */
struct array diff_match(const struct array *before, const struct array *after,
                        enum diff_kind kind);
void diff_pairs_release(struct array *pairs);

struct diff_likeness {
    double score;      /* 0 to 1 */
    double name, data; /* 0 to 1; data below 0: not known */
    bool same_type, same_place, same_description, same_physical_name, same_but_signs;
    double columns; /* of tables: the share of columns both have */
};
struct diff_likeness diff_likeness(const struct diff_node *before,
                                   const struct diff_node *after);
bool diff_is_likely(const struct diff_likeness *likeness);
char *diff_likeness_text(const struct diff_likeness *likeness);
double diff_name_likeness(const char *a, const char *b);

/* ---- Which way a field changed (ways.c) ---- */
/* `owner` tells what it is about: the name of an option or promise. One change of a list
 * may be two: values that went and values that came. */
struct diff_turn {
    enum diff_way way;
    char *before, *after;
};
struct array diff_turns(const struct diff_node *before, const struct diff_node *after,
                        const char *field, const char *old_value, const char *new_value);
void diff_turns_release(struct array *turns);
/* One name for a type that several standards spell otherwise; borrowed. */
const char *diff_type_name(const char *type);
bool diff_is_same(enum diff_kind kind, const char *field, const char *a, const char *b);

/* ---- Grades (rules.c) ---- */
const struct diff_rule *diff_rule_of(enum diff_kind kind, const char *field,
                                     enum diff_way way);

/* ---- Comparing (compare.c), hits (hits.c), versions (version.c) ---- */
void diff_trees(const struct diff_node *before, const struct diff_node *after,
                struct diff_report *report);
void diff_promise_and_data(const struct diff_node *root, struct diff_report *report);
bool diff_find_hits(const char *mesh_index, struct diff_report *report,
                    struct error *err);
/* Counts, steps and the summary. A promise and its data are of one version. */
void diff_judge_versions(struct diff_report *report, bool has_versions);

#endif
