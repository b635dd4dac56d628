/* standard/shape: how the tables of the standards are written.
 *
 * A shape says what one kind of value looks like: for a map its fields, for a scalar its
 * words or form. A field is a row: key, kinds, flags, shape of what is below, words,
 * form, versions, meaning. A variant adds fields when another key has (or lacks) a value,
 * as the servers of a contract do by `type`. A map whose keys are names (`models`,
 * `servers`) is open and has a shape for each value. Shapes point at each other, so a
 * whole standard is a table.
 *
 * A row holds in the versions from `since` up to, but not with, `until` (30100 is 3.1.0);
 * what changed from one version to the next is two rows of one key. A variant's row goes
 * before the shape's row of the same key.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_STANDARD_SHAPE_H
#define MWB_STANDARD_SHAPE_H

#include "engine/array.h"
#include "engine/finding.h"
#include "engine/standard.h"
#include "engine/text.h"

enum {
    STANDARD_TEXT = 1,
    STANDARD_NUMBER = 2, /* any, whole ones too */
    STANDARD_INTEGER = 4,
    STANDARD_BOOLEAN = 8,
    STANDARD_LIST = 16,
    STANDARD_MAP = 32,
    STANDARD_NULL = 64,
    STANDARD_SCALAR = STANDARD_TEXT | STANDARD_NUMBER | STANDARD_BOOLEAN | STANDARD_NULL,
    STANDARD_ANY = 127,
};

enum {
    STANDARD_REQUIRED = 1,
    STANDARD_FILLED = 2,       /* a list or map with one item at least */
    STANDARD_POSITIVE = 4,     /* above 0 */
    STANDARD_NOT_NEGATIVE = 8, /* 0 or more */
    STANDARD_DISTINCT = 16,    /* no two items of the list are equal */
    STANDARD_PAIR = 32,        /* exactly two items */
    STANDARD_WORDED = 64,      /* a text with one character at least */
    /* The words are versions: those behind the version that is checked against are none.
     */
    STANDARD_VERSION = 128,
    /* Where a schema says what its authors cannot have meant, it is taken by its letter
     * when that is asked for (strict), else by its sense: one row or variant for each. */
    STANDARD_STRICT = 256,
    STANDARD_LENIENT = 512,
    STANDARD_ALIKE = 1024, /* the items of the list are all of one kind */
};

struct standard_check;
struct standard_shape;

struct standard_form {
    const char *sentence; /* "a name of letters, digits, - and _" */
    bool (*fits)(const char *text);
};

struct standard_field {
    const char *key; /* NULL ends an array */
    unsigned kinds, flags;
    const struct standard_shape *of;    /* of the map, or of each item of the list */
    const struct standard_shape *items; /* of each item, when that is another shape */
    const char *words; /* the only texts allowed: "csv json", or "raw data, report" */
    const struct standard_form *form;
    int since, until;    /* versions; 0 = always; until: the first one without it */
    int deprecated;      /* since this version; 0: it is not */
    const char *meaning; /* a sentence, in words of our own */
};

struct standard_variant {
    const char *key;  /* NULL ends an array */
    const char *word; /* values of that key; "*" any text; NULL: the key is not there */
    const struct standard_field *fields; /* added; may be NULL */
    /* More of them: "host! port# schema": ! required, # a whole number. What they are
     * and mean says the row of that key in `dictionary`; without one: a text. */
    const char *compact;
    const struct standard_field *dictionary;
    int since, until;
    unsigned flags; /* STANDARD_STRICT, STANDARD_LENIENT */
    void (*also)(struct standard_check *check, const struct document_value *map);
};

struct standard_shape {
    const char *name; /* "an output port" */
    unsigned kinds;
    const struct standard_field *fields;
    const struct standard_variant *variants;
    bool open;                           /* other keys are allowed */
    int open_until;                      /* they are in the versions before this one */
    const struct standard_shape *each;   /* of the values of those other keys */
    const struct standard_form *each_of; /* only of those with such a key; NULL: all */
    const struct standard_form *keys;    /* what every key must look like */
    const struct standard_form *form;
    void (*also)(struct standard_check *check, const struct document_value *value);
};

struct standard_check {
    const char *path; /* as shown */
    struct array *problems;
    struct text where; /* "outputPorts[0].version" */
    bool schema_only;  /* strict: by the letter of the schema, no warnings */
    bool is_trial;     /* only whether it holds matters: the first error ends it */
    bool failed;       /* an error was told */
    bool has_told_quirk;
    size_t told, left_out; /* findings */
    bool has_left_out_error;
    int version;                           /* the one that is checked against */
    const struct standard_field *siblings; /* the rows beside the one that is checked */
};

/* One row for each table of a standard, in the order of versions. */
struct standard_table {
    enum standard_id id;
    const struct standard_shape *shape;
    int versions[16]; /* those it is for, ascending; 0 ends them */
};
extern const struct standard_table standard_tables[]; /* STANDARD_UNKNOWN ends it */

extern const struct standard_shape standard_odps, standard_odcs, standard_package,
    standard_dcs, standard_dcat, standard_dpds, standard_open;
extern const struct standard_shape standard_a_text;
extern const struct standard_form standard_form_id, standard_form_reference,
    standard_form_reference_3_2;

/* The table of this version; NULL: there is none. Of a version that nobody knows (0 too)
 * it is the newest one, and *version becomes that. */
const struct standard_shape *standard_shape_of(enum standard_id id, int *version);

/* Every breach of the shape becomes an error of the check. */
void standard_check_value(struct standard_check *check,
                          const struct standard_shape *shape,
                          const struct document_value *value);
/* The same for the keys of a map, and for one field of it. */
void standard_check_map(struct standard_check *check, const struct standard_shape *shape,
                        const struct document_value *map);
void standard_check_field(struct standard_check *check,
                          const struct standard_field *field,
                          const struct document_value *value);

/* Tells unless the check is a trial; gives the finding, to set its fix, or NULL. */
struct finding *standard_tell(struct standard_check *check, struct document_place place,
                              bool is_error, const char *rule, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Say what to write instead. NULL takes nothing. */
void standard_mend(struct finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The text, safe and short enough for a sentence; the caller frees it. */
char *standard_quote(const char *text);

/* Go below: push "key" or an index, and cut back to what standard_enter gave. */
size_t standard_enter(struct standard_check *check, const char *key, size_t index);
void standard_leave(struct standard_check *check, size_t mark);
const char *standard_where(const struct standard_check *check); /* or "the root" */
bool standard_is_in_words(const char *text, const char *words);
bool standard_is_within(const char *text, size_t most); /* so many characters or fewer */

/* Is a row there in this version? */
static inline bool standard_is_there(int since, int until, int version)
{
    return version >= since && (until == 0 || version < until);
}

/* One piece of a variant's compact rows as a field. Gives what is left; key: its room. */
struct standard_compact {
    struct standard_field field;
    char key[32];
};
const char *standard_next_compact(const struct standard_variant *variant,
                                  const char *compact, int version,
                                  struct standard_compact *piece);

#endif
