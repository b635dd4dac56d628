/* lineage/core: one plain SELECT on its way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINEAGE_CORE_H
#define MWB_LINEAGE_CORE_H

#include "engine/lineage/trace.h"

/* A result expression, written again. */
struct item {
    char *text;
    char *alias;      /* as written again; NULL: none */
    struct part part; /* as it was; of a `*` empty */
};

struct core {
    struct trace *trace;
    const struct scope *scope;
    struct array items; /* of struct item */
    struct part tail;   /* from FROM to the end */
    char *rest;         /* the same, written again */
    char *source;       /* its FROM alone, in which no alias of a result can stand */
    struct from_list from;
    bool is_distinct;
    const char *filler;
    struct prepared plain; /* with fillers only */
    struct relation *out;
    struct array functions; /* of struct made_column: by name, what they are given */
};

/* Prepare with one expression in its place, the others fillers; CORE_NONE: fillers only,
 * CORE_ALL: all expressions. `nameless`: whose alias is left out. */
#define CORE_NONE SIZE_MAX
#define CORE_ALL (SIZE_MAX - 1)
bool core_prepare(struct core *core, size_t wanted, size_t nameless,
                  struct prepared *out);
/* What an expression of this text reads that FROM does not. */
bool core_read_alone(struct core *core, const char *text, struct set *out);
/* Sources: their values go to `direct`, what decides about them to `own`, what decides
 * about rows to `rows`. */
void core_absorb(const struct core *core, const struct set *numbers, struct set *direct,
                 struct set *own, struct set *rows);

bool core_has_name(const struct array *names, const char *name); /* any case */

/* The expressions that a `*` or `table.*` stands for (star.c). */
bool core_add_star(struct core *core, const struct part *part);
/* Columns of the table of this label in FROM. */
bool core_prepare_star(struct core *core, const char *label, struct prepared *out);

/* What decides which rows there are, beyond what is read as it stands (decide.c). */
void core_decide(struct core *core);

#endif
