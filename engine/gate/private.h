/* What the files of the gate room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GATE_PRIVATE_H
#define MWB_GATE_PRIVATE_H

#include "engine/gate.h"
#include "engine/sql.h"

/* ---- rules.c: what mesh.yaml says, from the index ---- */

struct gate_rule {
    char *kind, *classification, *table, *ways, *answer;
    long long at_least;
};
struct gate_rules {
    struct array rules; /* of struct gate_rule: those that hold for the role */
    struct array order; /* of char *: classifications, the least first */
};
bool gate_rules_read(const struct catalog *catalog, const char *role,
                     struct gate_rules *rules, struct error *err);
void gate_rules_release(struct gate_rules *rules);

/* Is the one as high as the other, or higher? NULL is the lowest. */
bool gate_is_as_high(const struct gate_rules *rules, const char *one, const char *other);
/* Does the rule hold for a column? `name` is "product.table" in SQL. */
bool gate_rule_fits(const struct gate_rules *rules, const struct gate_rule *rule,
                    const char *name, const char *classification);
bool gate_has_line(const char *lines, const char *word); /* case folded */

/* ---- agreed.c ---- */

/* What an agreement of the team that is valid today says that the product is used for.
 * Yours, or NULL. */
char *gate_agreed_purpose(const struct gate_spec *spec,
                          const struct catalog_product *product);

/* ---- shape.c: a statement that counts, taken apart ---- */

struct shape_word {
    enum sql_kind kind;
    const char *at;
    size_t length;
};
struct shape_range {
    size_t from, to; /* words; empty: not there */
};
struct shape_source {
    char *schema, *table, *name; /* name: what columns of it stand behind */
    long long at_least;          /* 0: it is not told in groups only */
    bool has_rowid_column;
};
struct shape_item {
    struct shape_range expression;
    char *alias; /* NULL: none */
};
struct shape {
    const struct gate_shape *asked;
    struct array words; /* of struct shape_word */
    struct shape_range items, from, where, group, having, order, limit;
    struct array item_list;  /* of struct shape_item */
    struct array group_list; /* of struct shape_range */
    struct array sources;    /* of struct shape_source */
    struct array columns;    /* of char *: names of all columns of the sources */
    struct array arguments;  /* of struct shape_range: columns that are summed up */
    long long at_least;      /* the most of all */
};
bool shape_read(struct shape *shape, struct error *err);
void shape_release(struct shape *shape);

const struct shape_word *shape_word_at(const struct shape *shape, size_t index);
bool shape_is(const struct shape *shape, size_t index, const char *word); /* not quoted */
bool shape_equal(const struct shape *shape, struct shape_range one,
                 struct shape_range other);
char *shape_name(const struct shape_word *word); /* without quotes; yours */
void shape_append(const struct shape *shape, struct shape_range range, struct text *out);
/* The end of the part that begins at `from`: a comma outside of brackets, or `to`. */
size_t shape_part_end(const struct shape *shape, size_t from, size_t to);
bool shape_refuse(const struct shape *shape, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* sources.c: FROM, and what stands there in the database */
bool shape_read_sources(struct shape *shape, struct error *err);
bool shape_has_column(const struct shape *shape, const char *name);

/* expression.c: of a row, as in WHERE and GROUP BY; and of a group, as in HAVING */
bool shape_check_row(struct shape *shape, struct shape_range range, struct error *err);
bool shape_check_group(struct shape *shape, struct shape_range range, struct error *err);
/* The item of this alias; NULL: none, or a column has that name too. */
const struct shape_item *shape_aliased(const struct shape *shape,
                                       const struct shape_word *word);

#endif
