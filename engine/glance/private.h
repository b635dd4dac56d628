/* What the files of the glance room share: sheets as constant tables.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GLANCE_PRIVATE_H
#define MWB_GLANCE_PRIVATE_H

#include <sqlite3.h>

#include "engine/glance.h"

enum glance_form { FORM_COUNT, FORM_PERCENT, FORM_MONEY, FORM_DAYS };

/* Rows, and what is made of them. In the facts {now}, {a day ago}, {today}, {since N} and
 * {last month} stand for moments by the clock of the mesh, quoted: instants, its day, the
 * day N days before, and the month before. */
struct glance_part {
    const char *key;     /* heading of its column; NULL: the facts have it */
    const char *facts;   /* a SELECT over mesh and ledger */
    const char *measure; /* an aggregate over its rows; NULL: count(*) */
    const char *grade;   /* an aggregate that is an enum glance_grade; NULL: plain */
    enum glance_form form;
    const char *says; /* of a cell: {row}, {column}, {text} */
};

struct glance_plan {
    const char *name, *title, *meaning;
    const char *row, *column;             /* columns of the facts: the headings */
    const char *row_names, *column_names; /* SELECTs of headings that are always there;
                                             what is found beyond them comes behind */
    const struct glance_part *parts;
    size_t count; /* of parts; more than one: each is a column */
};

extern const struct glance_plan glance_plans[];
extern const size_t glance_plan_count;
const struct glance_plan *glance_plan_named(const char *name);

/* Use that is known, of one day, team and product (its rowid), since the day given: of
 * the ledger and of what teams share. */
#define USE_SINCE(day)                                                                   \
    "SELECT substr(s.at,1,10) AS day, s.team, p.rowid AS row\n"                          \
    "    FROM ledger.statement s JOIN ledger.reading r ON r.statement=s.id\n"            \
    "    JOIN mesh.product p ON p.key=r.product COLLATE NOCASE\n"                        \
    "    WHERE s.mesh=(SELECT path FROM mesh.mesh) AND s.outcome='done' AND s.at>=" day  \
    "\n    UNION SELECT u.day, u.team, p.rowid FROM mesh.shared_use u\n"                 \
    "    JOIN mesh.product p ON p.id=u.product_id WHERE u.day>=" day

/* What was asked at once: a statement of the ledger, or a saved query of a shared day. */
#define ASKED_SINCE(day)                                                                 \
    "SELECT 'statement '||s.id AS asked, substr(s.at,1,10) AS day, s.team,\n"            \
    "      s.saved_query, s.sql, d.row\n"                                                \
    "    FROM (SELECT DISTINCT s.id, p.rowid AS row FROM ledger.statement s\n"           \
    "      JOIN ledger.reading r ON r.statement=s.id\n"                                  \
    "      JOIN mesh.product p ON p.key=r.product COLLATE NOCASE\n"                      \
    "      WHERE s.mesh=(SELECT path FROM mesh.mesh) AND s.outcome='done'\n"             \
    "        AND s.at>=" day ") d JOIN ledger.statement s ON s.id=d.id\n"                \
    "    UNION ALL SELECT DISTINCT u.team||' '||u.day||' '||u.saved_query, u.day,\n"     \
    "      u.team, u.saved_query, NULL, p.rowid\n"                                       \
    "    FROM mesh.shared_use u JOIN mesh.product p ON p.id=u.product_id\n"              \
    "    WHERE u.saved_query IS NOT NULL AND u.day>=" day

#define USE_EVER USE_SINCE("''")
#define USE_DAYS_30 USE_SINCE("{since 30}")
#define USE_DAYS_90 USE_SINCE("{since 90}")
#define ASKED_DAYS_30 ASKED_SINCE("{since 30}")
#define ASKED_DAYS_90 ASKED_SINCE("{since 90}")

/* The newest run of each contract, and of each policy. */
#define NEWEST_CHECKS                                                                    \
    "(SELECT max(id) FROM ledger.check_run WHERE mesh=(SELECT path FROM mesh.mesh)\n"    \
    "    GROUP BY product, contract)"
#define NEWEST_POLICIES                                                                  \
    "(SELECT max(id) FROM ledger.policy_run WHERE mesh=(SELECT path FROM mesh.mesh)\n"   \
    "    GROUP BY policy)"

/* The domain that a team works for, of use (u) and of agreements (a); the team is t. */
#define USER_DOMAIN "coalesce(t.domain, u.team, '(no team)')"
#define CONSUMER_DOMAIN "coalesce(t.domain, a.consumer_team, '(no team)')"

/* Is the product p a copy of an operational database? */
#define IS_OPERATIONAL                                                                   \
    "(coalesce(p.type,'') LIKE 'operational%' OR EXISTS(SELECT 1 FROM mesh.tag g\n"      \
    "      WHERE g.owner_kind='product' AND g.owner_id=p.id AND "                        \
    "lower(g.tag)='operational'))"

/* ---- Reading (read.c) ---- */

/* A connection over mesh and ledger. store_close() it. */
sqlite3 *glance_open(const struct catalog *catalog, struct error *err);
/* The sheet of a plan, its headings and cells. */
bool glance_fill(sqlite3 *db, const struct catalog *catalog,
                 const struct glance_plan *plan, struct glance_sheet *sheet,
                 struct error *err);
void glance_sheet_release(struct glance_sheet *sheet);

/* ---- Texts (sql.c) ---- */

/* The template with the clock filled in, appended. */
void glance_expand(const struct catalog *catalog, const char *template, struct text *out);
/* The part a column belongs to; NULL: none. */
const struct glance_part *glance_part_of(const struct glance_plan *plan,
                                         const char *column);
char *glance_part_sql(const struct catalog *catalog, const struct glance_plan *plan,
                      const struct glance_place *place);

/* The plan of the journey: a row for each domain, a column for each fact. */
extern const struct glance_plan glance_journey_plan;

#endif
