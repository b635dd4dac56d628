/* plan: the columns a table will have, found out before a row is stored.
 *
 * Two passes over the files. SQLite needs a column's type before the first row, and
 * whether a column is a number is known only after its last cell; storing first and
 * rewriting the table afterwards would cost more than reading the text twice, for reading
 * and cutting run several times faster than storing. The first pass also learns whether a
 * file is UTF-8.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_PLAN_H
#define MWB_IMPORT_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/import.h"
#include "engine/import/json_keys.h"
#include "engine/import/json_shape.h"
#include "engine/import/reader.h"
#include "engine/import/sniff.h"
#include "engine/import/stats.h"
#include "engine/import/typing.h"

struct plan_column {
    char *name;                            /* in the database */
    char *original;                        /* in the header, when different */
    const struct catalog_column *declared; /* of the contract, or NULL */
    bool inferred;                         /* kind and storage come from the cells */
    const struct typing_kind *kind;        /* NULL: not decided yet */
    enum typing_storage storage;
    struct typing_rules rules;
    const char
        *markers; /* texts that mean NULL, newline-separated; NULL: see empty_is_null */
    bool empty_is_null; /* a bare empty cell is NULL */
    bool told;          /* the file says what its cells are: JSON */
    bool saw_text, saw_integer, saw_big, saw_real, saw_whole, saw_bent,
        saw_boolean;            /* the first pass */
    bool masked;                /* its values are never quoted: see catalog_is_open() */
    struct mask_rule rule;      /* what stands for its values; MASK_NONE: they do */
    const struct mask_key *key; /* of tokens */
    const struct typing_kind *raw; /* with a rule: what they are; NULL: as written */
    int place;                     /* in the table; -1: it is left out */
    long long nulls, misfits;
    struct text examples;
    struct stats *stats; /* of the stored rows; NULL before types are decided */
};

struct plan_file {
    struct source *source;
    struct catalog_dialect dialect;
    struct sniff_report sniffed;
    int *map;     /* cell -> column, -1 for none */
    size_t cells; /* a row must have */
    int headers;  /* rows to leave out at the start */
    struct json_shape json;
};

struct plan {
    struct import_spec own;         /* what is wanted, with the format that was found */
    const struct import_spec *spec; /* it */
    struct array columns;           /* of struct plan_column: those of the files */
    struct array shown;             /* of size_t: those of the table among them */
    bool is_guarded;    /* a masked column may have any name: see plan_choose_columns() */
    struct array files; /* of struct plan_file */
    locale_t numbers;
    struct json_keys *keys;       /* JSON objects: what columns are made of; else NULL */
    bool sealed;                  /* all rows were seen: there are no more columns */
    struct text *notes, *sniffed; /* sentences for the report */
    struct feed_spec feed;        /* what all files share: port and spool folder */
};

void plan_init(struct plan *plan, const struct import_spec *spec,
               struct import_report *report);
void plan_release(struct plan *plan);

static inline struct plan_column *plan_column(const struct plan *plan, size_t index)
{
    return (struct plan_column *)plan->columns.items + index;
}
static inline struct plan_file *plan_file(const struct plan *plan, size_t index)
{
    return (struct plan_file *)plan->files.items + index;
}

/* Columns of the table. */
static inline size_t plan_shown_count(const struct plan *plan)
{
    return plan->shown.count;
}
static inline struct plan_column *plan_shown(const struct plan *plan, size_t place)
{
    return plan_column(plan, ((const size_t *)plan->shown.items)[place]);
}

/* Columns of the contract. */
static inline size_t plan_declared_count(const struct plan *plan)
{
    return plan->spec->columns != NULL ? plan->spec->columns->count : 0;
}
static inline const struct catalog_column *plan_declared(const struct plan *plan,
                                                         size_t index)
{
    return plan->spec->columns != NULL ? array_at(plan->spec->columns, index) : NULL;
}
bool plan_uses(const struct plan *plan, const struct catalog_column *declared);

/* names.c: columns from the first header; the map of a later file's header. */
bool plan_name_columns(struct plan *plan, const struct reader_row *header,
                       struct error *err);
bool plan_map_header(struct plan *plan, struct plan_file *file,
                     const struct reader_row *header, struct error *err);
void plan_map_straight(struct plan *plan, struct plan_file *file);
/* Columns that the keys of JSON objects have got since the last call. */
void plan_add_columns(struct plan *plan);
/* labels.c: what was renamed, what the contract calls otherwise. */
void plan_note_names(struct plan *plan);

/* json_plan.c: the rows of a JSON file, from where its source stands. */
struct reader *plan_json_reader(struct plan *plan, struct plan_file *file);
/* Find its shape, and the columns if its rows are arrays. */
bool plan_open_json(struct plan *plan, size_t index, struct error *err);
/* Is it a row of the table? Before all rows were seen, it may bring new columns. */
bool plan_takes_row(struct plan *plan, struct plan_file *file,
                    const struct reader_row *row);
/* All rows were seen: every file has all columns now. */
bool plan_seal(struct plan *plan, struct error *err);

/* masks.c: a column is masked when the spec has a rule for it, or when its contract
 * classifies it as anything but public, open, internal or none (case folded; no
 * classification is none). Nothing that is told of an import quotes a value of it: no
 * rejected row of its table, no example of a misfit, no least and most. If the file lacks
 * a masked column by name, every column the contract does not know may be it, and is
 * masked too. */
/* The first masked column, or NULL. Its name. */
const char *plan_masked(const struct plan *plan);
/* A column that was just named and typed gets its rule, and the type of what the rule
 * makes: tokens are text, years whole numbers. */
void plan_mask_column(struct plan *plan, struct plan_column *column);
/* Which columns are in the table: all but those to be dropped; those that may hold a
 * masked value under another name or within JSON; and where a masked column is missing,
 * all that the contract does not know. Asked again whenever there are more columns. */
void plan_choose_columns(struct plan *plan);
/* Sentences about what was left out. */
void plan_note_masks(struct plan *plan);
/* What stands in the table for a cell that is not NULL, by the column's rule. */
enum typing_fit plan_mask_value(const struct plan_column *column, const char *text,
                                const struct reader_cell *cell,
                                struct typing_value *value);

/* A reader at the first row behind the headers of the file. NULL on failure. */
struct reader *plan_open_rows(struct plan *plan, struct plan_file *file,
                              struct error *err);

/* format.c: can these first bytes of a text only be objects or arrays of JSON? */
bool format_begins_like_json(const char *bytes, size_t length);

/* Open file `index` of the spec and learn its dialect and header. */
bool plan_open_file(struct plan *plan, size_t index, struct error *err);
/* Read the header again, after the encoding was changed. */
bool plan_reopen_file(struct plan *plan, size_t index, struct error *err);
/* Columns from the header, or its map. */
bool plan_read_header(struct plan *plan, size_t index, struct error *err);

/* A cell did not fit: it is counted, the first ones are kept for the report. */
void plan_note_misfit(struct plan_column *column, long long line, const char *text,
                      size_t length);

/* First pass: look at a row. */
void plan_see_row(struct plan *plan, const struct plan_file *file,
                  const struct reader_row *row);
/* Look at one cell. */
void plan_see_cell(struct plan_column *column, const char *text,
                   const struct reader_cell *cell);
/* What `from` has seen, `into` has seen too. */
void plan_add_seen(struct plan_column *into, const struct plan_column *from);
/* What has been seen so far decides kind and storage of every column. */
void plan_decide(struct plan *plan);
/* What the column would be stored as by what has been seen. */
enum typing_storage plan_storage(const struct plan_column *column);
/* Forget what was seen of rows; names, headers and dialects stay. */
void plan_forget_rows(struct plan *plan);

/* What a cell is in its column: the value as it is stored, after SQLite's own conversion
 * for the column's type (a whole number in a real column is real). */
enum typing_fit plan_value(const struct plan_column *column, const char *text,
                           const struct reader_cell *cell, struct typing_value *value);

#endif
