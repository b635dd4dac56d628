/* ways: random files for the two ways of import, and databases told apart.
 *
 * A file is made from a seed and a number alone, so that a failure can be had again
 * (ways_tool --seed S --first N --count 1). Most are what people write; each trouble of
 * ways_make.c comes into some of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_WAYS_H
#define MWB_TESTS_WAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/import.h"
#include "engine/text.h"

/* ---- Chance (splitmix64: Steele, Lea and Flood, 2014) ---- */

struct ways_chance {
    uint64_t state;
};

static inline uint64_t ways_next(struct ways_chance *chance)
{
    uint64_t z = chance->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* One of 0..below-1. */
static inline size_t ways_pick(struct ways_chance *chance, size_t below)
{
    return (size_t)(ways_next(chance) % below);
}

static inline bool ways_happens(struct ways_chance *chance, size_t per_mille)
{
    return ways_pick(chance, 1000) < per_mille;
}

/* ---- Cells ---- */

enum {
    WAYS_INTEGER,
    WAYS_FRACTION,
    WAYS_PRICE,
    WAYS_DATE,
    WAYS_INSTANT,
    WAYS_TIME,
    WAYS_TRUTH,
    WAYS_WORD,
    WAYS_SENTENCE,
    WAYS_FOREIGN,
    WAYS_EMPTY,
    WAYS_ODD,
    WAYS_KINDS
};

/* Append a cell of the kind, without quotes. */
void ways_cell(struct ways_chance *chance, size_t kind, struct text *out);
/* The type a contract declares for the kind. */
const char *ways_type(size_t kind);

/* ---- Files ---- */

enum { WAYS_PARTS = 2 };

struct ways_file {
    struct text parts[WAYS_PARTS]; /* files of the one table */
    size_t count;
    struct catalog_dialect dialect;
    bool has_dialect;
    struct array columns;    /* of struct catalog_column */
    struct array masks;      /* of struct policy_mask */
    const char *name;        /* as it is shown; NULL: in.csv */
    struct import_spec spec; /* without what stands above */
    size_t read_most;        /* bytes a read(2) gives; 0: as many as it wants */
    bool piped, packed;
    struct text names;   /* of columns, each with its NUL: what `columns` borrows from */
    struct text remarks; /* the troubles that are in it */
};

void ways_make(struct ways_file *file, uint64_t seed, uint64_t number);
/* The same of JSON; what a contract borrows is gone with the next one. */
void ways_make_json(struct ways_file *file, uint64_t seed, uint64_t number);
void ways_release(struct ways_file *file);
/* Rules for some of its columns: the last thing that is made of it. */
void ways_mask(struct ways_file *file, struct ways_chance *chance);

/* ---- Imports ---- */

struct ways_outcome {
    bool good;
    struct import_report report;
    struct error err;
};

/* Import the file as ways_import.c finds its parts in the folder (ways_lay_down) into the
 * database. `plainly`: from files as they are and not in short reads, through no pipe. */
void ways_import(const struct ways_file *file, const char *folder, const char *database,
                 const struct import_spec *spec, bool plainly,
                 struct ways_outcome *outcome);
bool ways_lay_down(const struct ways_file *file, const char *folder);

/* ---- Databases ---- */

/* What two databases hold in common, as a list of lines "table digest"; `schema` too. The
 * digest is SHA-256 of every row: rowid, and each value with its type. */
bool ways_digest(const char *database, struct text *out, struct error *err);
/* PRAGMA integrity_check; false and its first line. */
bool ways_is_sound(const char *database, struct error *err);
/* All that the outcome says and the database holds, in lines. */
void ways_describe(const struct ways_outcome *outcome, const char *database,
                   struct text *out);
/* SHA-256 of the file itself, in hex. */
bool ways_file_digest(const char *path, char hex[65]);

#endif
