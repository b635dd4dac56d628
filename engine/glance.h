/* glance: the mesh on one screen, and each domain's way.
 *
 * A glance is a list of sheets: domains, ports, agreements, joins, products, adoption,
 * freshness, checks, use, cost, waiting. Each cell holds a number that one aggregate
 * makes of rows; one statement makes all cells of a sheet, and glance_sql() gives the
 * SELECT of the rows behind one, which needs nothing but the schemas mesh and ledger that
 * every session has: whoever doubts a number runs it, and edits it.
 * tests/headless/glance.sh holds each number against its own SELECT.
 *
 * "Now" is catalog_now(), written into the SELECTs as a date. Use is counted in days on
 * which a team read a product, of this person's ledger and of what teams share
 * (mesh.shared_use): the one has statements, the other none.
 *
 * The journey: for each domain the level 0 to 4 from facts, each with its SELECT, and the
 * next step.
 *   0 no analytics; 1 operational queries; 2 own analytical data; 3 cross-domain
 *   analysis; 4 data products published and used
 * A domain of bought software (mesh.yaml: cots) begins at 2: it makes no data of its own.
 * Source: the levels of a domain team's journey in a data mesh
 * (datamesh-architecture.com).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GLANCE_H
#define MWB_GLANCE_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/text.h"

enum glance_grade { GLANCE_PLAIN, GLANCE_GOOD, GLANCE_LOOK, GLANCE_BAD }; /* colours */

struct glance_cell {
    double number; /* NAN: there are rows, but no number comes of them */
    enum glance_grade grade;
    bool has_rows;
    char *text; /* what is shown: "12", "83%", "3 d"; "" where there are no rows */
};

struct glance_sheet {
    const char *name, *title, *meaning; /* constant */
    struct array rows, columns;         /* of char *, headings */
    struct array cells; /* of struct glance_cell, row by row, none left out */
};

/* Names of all sheets, in order; NULL behind the last. */
const char *glance_name(size_t index);

/* array of struct glance_sheet; `name` NULL: all. For children and verbs: it opens a
 * connection of its own, some 10 ms for 1,000 products. */
bool glance_read(const struct catalog *catalog, const char *name, struct array *sheets,
                 struct error *err);
void glance_release(struct array *sheets);
const struct glance_cell *glance_at(const struct glance_sheet *sheet, size_t row,
                                    size_t column);

/* Which cell: headings as in the sheet. `row` NULL: all rows of the column. */
struct glance_place {
    const char *sheet, *row, *column;
};
/* The rows behind it. Yours; NULL and a sentence when there is no such sheet or column.
 */
char *glance_sql(const struct catalog *catalog, const struct glance_place *place,
                 struct error *err);
/* The aggregate that makes the number of them: "count(*)"; NULL: no such place. */
const char *glance_measure(const struct glance_place *place);
/* What the cell says, a sentence: "Products of marketing: 3". */
void glance_say(const struct glance_place *place, const struct glance_cell *cell,
                struct text *out);

/* ---- The journey ---- */

struct glance_fact {
    const char *key, *name; /* constant: "rule-ran", "a rule of its contracts ran" */
    int level;              /* it belongs to; 0: it counts for no level */
    bool holds;
    long long count; /* of its rows */
    bool is_lack;    /* it holds when there are none */
};
struct glance_journey {
    char *domain, *team, *class;
    bool is_cots;
    int level;          /* the highest all facts of which hold, and of those below */
    char *next;         /* the step to offer */
    char *next_verb;    /* a line to type after `:`, or NULL */
    struct array facts; /* of struct glance_fact, by level */
};
const char *glance_level_name(int level); /* "own analytical data" */
/* array of struct glance_journey; `domain` NULL: all. */
bool glance_journeys(const struct catalog *catalog, const char *domain,
                     struct array *journeys, struct error *err);
void glance_journeys_release(struct array *journeys);
/* The rows that prove a fact of a domain, or that it lacks. Yours. */
char *glance_fact_sql(const struct catalog *catalog, const char *domain, const char *key,
                      struct error *err);

/* ---- From a child to its parent ---- */
void glance_pack(const struct array *sheets, struct text *out);
bool glance_unpack(const void *bytes, size_t length, struct array *sheets);
void glance_journeys_pack(const struct array *journeys, struct text *out);
bool glance_journeys_unpack(const void *bytes, size_t length, struct array *journeys);

#endif
