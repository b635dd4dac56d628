/* sql/phase: how far a statement has been read, as far as its end depends on it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SQL_PHASE_H
#define MWB_SQL_PHASE_H

#include "engine/sql/token.h"

/* In a trigger's body a `;` ends a statement of the body, except behind END. Where the
 * head of the statement stands tells whether it is a trigger. */
enum sql_phase {
    PHASE_EMPTY,     /* nothing of the statement yet */
    PHASE_EXPLAIN,   /* EXPLAIN, QUERY, PLAN were read */
    PHASE_CREATE,    /* CREATE, TEMP were read */
    PHASE_TRIGGER,   /* the head of a trigger, up to BEGIN */
    PHASE_BODY,      /* in its body */
    PHASE_BODY_SEMI, /* in its body, behind a `;` */
    PHASE_BODY_END,  /* in its body, behind `; END` */
    PHASE_PLAIN,     /* any other statement */
};

/* Behind a token that is neither blank nor comment. PHASE_EMPTY: the statement ended. */
enum sql_phase sql_next_phase(enum sql_phase phase, const char *sql,
                              const struct sql_token *token);

#endif
