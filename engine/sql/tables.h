/* sql/tables: walk over a statement and tell where tables stand in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SQL_TABLES_H
#define MWB_SQL_TABLES_H

#include "engine/sql/token.h"

/* What the next token may be. */
enum sql_place {
    PLACE_ELSEWHERE, /* not in a list of tables */
    PLACE_AFTER,     /* behind a table of a FROM list: a comma brings the next one */
    PLACE_EXPECT,    /* a table, its schema, or a parenthesis with tables or a query */
    PLACE_EXPECT_IN, /* behind IN: a table, or a parenthesis with values */
    PLACE_NAMED,     /* behind the first name: a dot may follow */
    PLACE_DOTTED,    /* behind `schema.` */
    PLACE_ALIAS,     /* behind the whole name: AS or an alias may follow */
    PLACE_ALIAS_AS,  /* behind AS */
};

struct sql_walk {
    const char *sql;
    enum sql_place place;
    bool in_list;        /* this table stands in a FROM list */
    struct array levels; /* of enum sql_place: what is open outside of the parentheses */
    struct sql_token last;   /* the significant token before */
    struct sql_source found; /* the table being read */
    /* Called for every table when it is known in full; takes the strings over. */
    void (*report)(void *owner, struct sql_source *source);
    void *owner;
};

void sql_walk_token(struct sql_walk *walk, const struct sql_token *token);
void sql_walk_end(struct sql_walk *walk); /* report the last table, release */
void sql_walk_text(struct sql_walk *walk, size_t length);

#endif
