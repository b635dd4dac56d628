/* gate: before a statement runs, what does it touch, and may it?
 *
 * The session compiles a statement; SQLite's authorizer and its compiled program tell
 * every table and column that it reads, also through views. The gate holds that against
 * the role (policy.h), the agreements of the person's team and the rules of mesh.yaml:
 *
 *   classifications: [public, internal, ...]   their order, the least first
 *   purposes:                     what needs a purpose, said once for a session
 *     - classification: confidential
 *   small_groups:                 what is told in groups of at least so many rows only
 *     - classification: sensitive
 *       at_least: 5               5 when it is not said
 *   leaving:                      what may not go out, or only for a purpose
 *     - classification: confidential
 *       ways: [copy, export]      copy, export, publish; all when it is not said
 *       answer: purpose           or refuse, which it is when it is not said
 *
 * A rule holds for its classification and all that is higher. Purposes and small groups
 * may name a table instead (`table: customers.*`, a GLOB pattern of names in SQL); every
 * rule may name roles that it does not hold for (`except: [...]`).
 *
 * The order is that of `classifications`, else that in which the roles of mesh.yaml name
 * them, else of the usual words (public, internal, restricted, confidential, personal,
 * sensitive, secret); what the mesh does not name is higher than all that it does.
 *
 * The answer: run; ask for a purpose; refuse with the reason and whom to ask. What is
 * masked for the role is so in the version already: it is told, so that nobody takes a
 * token for a name, and counts as open to the role. An approved agreement of the team
 * that is valid today says the purpose for its product.
 *
 * Small groups: a statement that reads what they are about has to be one SELECT that
 * counts (gate_suppress() has the form), and gets a condition on its groups: those of
 * fewer rows are left out. A small rule for columns counts them masked as well, for marks
 * and masks of people are people. What that cannot prevent is differencing: two groups
 * that are large enough and differ by one row tell about that row.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GATE_H
#define MWB_GATE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/policy.h"
#include "engine/text.h"

/* A column that a statement reads. */
struct gate_touch {
    char *product;        /* id; NULL: a table of the workspace */
    char *table, *column; /* in SQL; of the workspace "main.t"; column "": only that the
                             table has rows */
    char
        *classification; /* of a table of the workspace: what it was made from; or NULL */
    bool is_inside;      /* read through a view, a trigger or WITH */
};
void gate_touches_release(struct array *touches);

enum gate_answer { GATE_RUN, GATE_ASK_PURPOSE, GATE_REFUSE };

/* A table whose rows are told in groups only. */
struct gate_group {
    char *schema, *table; /* in SQL */
    long long at_least;
    bool is_inside; /* read through a view, a trigger or WITH */
};

struct gate_verdict {
    enum gate_answer answer;
    char *classification; /* the highest of what is read; NULL: nothing classified */
    char *masked;         /* "customers.email (token)", a line each; NULL: none */
    char *reason, *ask;   /* of a refusal or a question; ask NULL: nobody is known */
    char *purpose;        /* said, or that of the agreement; NULL: none */
    struct array groups;  /* of struct gate_group; none: rows may be told */
};

struct gate_spec {
    const struct catalog *catalog;
    const struct policy *policy; /* NULL: no roles */
    const char *team;            /* of the person; NULL: none */
    const char *purpose;         /* said for this session; NULL or "": none */
};
bool gate_judge(const struct gate_spec *spec, const struct array *touches,
                struct gate_verdict *verdict, struct error *err);
void gate_verdict_release(struct gate_verdict *verdict);

/* May single values of the column be shown, as a sample or the least and the most are?
 * Not where it is told in groups only. The table by its name in SQL. */
bool gate_tells_values(const struct gate_spec *spec,
                       const struct catalog_product *product, const char *table,
                       const struct catalog_column *column);

/* The higher of two classifications in this mesh; either may be NULL. */
const char *gate_higher(const struct catalog *catalog, const char *one,
                        const char *other);
/* May rows of this classification leave as a copy, a file, a product (`way` is "copy",
 * "export", "publish")? False with a sentence; *wants_purpose (may be NULL): it may, once
 * a purpose is said. */
bool gate_may_leave(const struct gate_spec *spec, const char *classification,
                    const char *way, bool *wants_purpose, struct error *err);

/* ---- Small groups ---- */

struct gate_shape {
    sqlite3 *db; /* where the names mean something; nothing is written */
    const char *sql;
    size_t length;              /* one statement without its `;` */
    const struct array *groups; /* of the verdict, at least one */
};
struct gate_suppressed {
    char *sql;   /* runs instead */
    char *count; /* gives one number: groups left out; NULL: there is one group at most */
    long long at_least;
};
/* The statement with the condition on its groups. It has to be
 *   SELECT keys and aggregates FROM tables [WHERE ...] [GROUP BY ...] [HAVING ...]
 *   [ORDER BY ...] [LIMIT ...]
 * with count, sum, total, avg and stddev of columns, no subquery, UNION, WITH, DISTINCT,
 * FILTER or window, no view, and functions that cannot fail on a value: an error would
 * tell of it. False with what to write instead. */
bool gate_suppress(const struct gate_shape *shape, struct gate_suppressed *out,
                   struct error *err);
void gate_suppressed_release(struct gate_suppressed *suppressed);
/* Told instead of how many are left out, which would tell too much: a number it is not
 * above, the same for all from a multiple of at_least to the next. */
long long gate_hidden_at_most(long long hidden, long long at_least);

#endif
