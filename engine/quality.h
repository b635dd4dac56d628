/* quality: the rules of contracts, run on the data that are here.
 *
 * A plan lists every check of a product or contract: what the schema implies (column
 * present, type, required, unique, primary key, lengths, bounds, pattern, format, enum,
 * array sizes), library metrics, SQL rules, relationships, promises that facts can prove,
 * and texts and rules of other engines, which nobody can run. A run gives each of them an
 * outcome: nothing is silent.
 *
 *   passed    the rule holds
 *   warning   it does not, and its severity says that this is no more than a warning
 *             (info, warning, low, minor, trivial)
 *   failed    it does not
 *   error     it could not be run (SQL error, foreign dialect, time limit); never a pass
 *   not run   it cannot be decided here, with the reason: a text, another engine, the
 * data are not here, a column that the role does not see or sees masked
 *
 * Semantics where standard, schema and tools disagree (Open Data Contract Standard 3.1,
 * "Data Quality"; datacontract-cli 1.1): mustBeBetween includes its ends; duplicateValues
 * counts values that occur more than once (the surplus rows are told beside); missing is
 * NULL or in the list; invalid is not missing and not valid; percent is over all rows, of
 * an empty table 0; a SQL rule is one SELECT of one number, NULL fails; library rules
 * without an operator, with two, or of unknown metric are errors.
 *
 * All counts of one table are made in as few passes as possible, by several threads
 * (quality/count*.c); what needs a group or a join has a statement of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_QUALITY_H
#define MWB_QUALITY_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/text.h"

enum quality_outcome {
    QUALITY_PASSED,
    QUALITY_WARNING,
    QUALITY_FAILED,
    QUALITY_ERROR,
    QUALITY_NOT_RUN,
};
const char *quality_outcome_name(enum quality_outcome outcome); /* "not run" */

/* One check, and after a run what became of it. Strings are the plan's. */
struct quality_check {
    /* What is checked. */
    char *product;  /* id; NULL: a contract by itself */
    char *contract; /* id */
    char *object;   /* as the contract says; NULL: the contract as a whole */
    char *property; /* NULL: the object */
    char *table;    /* the object's name in SQL */
    char *column;   /* the property's */
    char *key;      /* stable over runs: "orders.status.enum", "orders.rule_id" */
    char *rule;     /* id or name of the rule; of what the schema implies: "required" */
    char *type;     /* schema, library, sql, relationship, sla, text, custom */
    char *metric;   /* nullValues, rowCount, required, pattern, freshness ... */
    char *dimension, *severity, *description, *tags; /* may be NULL */
    char *op;                                        /* mustBe ...; NULL: none */
    char *lo, *hi;                                   /* of the operator, as written */
    char *unit;                                      /* rows or percent; NULL: rows */
    char
        *arguments; /* JSON of a library rule; of a schema check its bound, pattern ... */
    char *query;    /* of a sql rule, as written */
    char *path;     /* of the descriptor; line in it */
    int line;
    /* What came of it. */
    enum quality_outcome outcome;
    bool is_done;    /* of a run that is under way */
    char *value;     /* what was counted, as text; NULL: nothing */
    char *threshold; /* "<= 0", "between 10 and 499", "matches ^O-" */
    long long total; /* rows looked at; -1: not counted */
    double percent;  /* of those; below 0: makes no sense */
    char *reason;    /* a sentence: why not passed; of a pass what was found, or NULL */
    char *sql;       /* the statement that proves it, that can be run by itself over the
                        product's schema name */
    char *rows_sql;  /* gives the rows that fail: key columns and those at fault, without
                        sensitive ones; NULL: there are none to show */
    double seconds;
};

/* Which of the rules; NULL or false means all. */
struct quality_selection {
    const char *rule; /* id, name or key */
    const char *tag, *dimension, *object;
};

/* Whose data: a product of the catalog as a role sees it, or a contract with data. */
struct quality_spec {
    const struct catalog *catalog;
    const char *product;    /* id; NULL: `contract_row` alone */
    long long contract_row; /* of mesh.contract; 0: all contracts of the product */
    const char *role;       /* NULL: the mesh has no roles */
    const char *file;       /* SQLite file to check; NULL: the product's version here */
    struct quality_selection selection;
    double seconds; /* for each statement of others; 0 = 5 */
    int threads;    /* 0: one a processor, at most 8 */
};

/* array of struct quality_check, in the order of the contract. A selection that matches
 * nothing fails (ERROR_USAGE): testing nothing must not pass. */
bool quality_plan(const struct quality_spec *spec, struct array *checks,
                  struct error *err);
/* Run them, in a child: progress to the port, cancel within half a second. False only
 * when nothing could be run at all; a cancelled run leaves the rest "not run". */
bool quality_run(const struct quality_spec *spec, struct job_port *port,
                 struct array *checks, struct error *err);
void quality_release(struct array *checks);

struct quality_totals {
    int checks, passed, warnings, failed, errors, not_run;
    enum quality_outcome worst; /* error > failed > warning > passed; all not run: that */
};
struct quality_totals quality_totals(const struct array *checks);
/* "38 checks: 35 passed, 1 failed, 2 not run", appended. */
void quality_totals_describe(const struct quality_totals *totals, struct text *out);

/* conforms(value, promise [, argument]) for a connection: the test that counts are made
 * with (quality/test.h), so that `sql` and `rows_sql` can be run on it. */
bool quality_functions(sqlite3 *db, struct error *err);

/* What is promised about each single value of a column (required, enum, pattern, bounds
 * ...; rules that must find none), by a plan: to hold values against as they are shown.
 * NULL when there is nothing. `table` and `column` as in SQL. */
struct quality_promises;
struct quality_promises *quality_promises_new(const struct array *checks,
                                              const char *table, const char *column);
void quality_promises_free(struct quality_promises *promises); /* NULL is fine */
/* A value as it is stored; numbers as printed, with a NUL behind. */
enum quality_storage {
    QUALITY_IS_NULL,
    QUALITY_IS_INTEGER,
    QUALITY_IS_REAL,
    QUALITY_IS_TEXT,
    QUALITY_IS_BLOB,
};
/* How it breaks one of them ("above 100"), borrowed; NULL: it keeps all. */
const char *quality_promises_broken(const struct quality_promises *promises,
                                    enum quality_storage storage, const char *bytes,
                                    size_t length);

/* To bytes and back, for the way from child to parent. */
void quality_pack(const struct array *checks, struct text *out);
bool quality_unpack(const void *bytes, size_t length, struct array *checks);

/* ---- Kept results: engine/ledger.h holds them; these read them ---- */

/* Write the results of one product into the ledger, one run for each of its contracts, in
 * the order of their ids. Only whole runs over the version that is here are worth
 * keeping: the caller sees to it. `version`: its key, or NULL. */
bool quality_keep(const struct quality_spec *spec, const char *version,
                  const struct array *checks, double seconds, struct error *err);

/* For lists and cards: what the newest run of each product of a mesh said. Array of
 * struct quality_standing, in the order of the ids (strcmp). */
struct quality_standing {
    char *product, *at;
    struct quality_totals totals;
};
struct array quality_standings(const char *mesh);
void quality_standings_release(struct array *standings);
/* For catalog_set_standings(). */
struct array quality_known(void *unused, const char *mesh);

/* The past of one check, newest first: array of struct quality_moment. */
struct quality_moment {
    char *at, *version, *value, *threshold, *reason;
    enum quality_outcome outcome;
};
struct array quality_history(const char *mesh, const char *product, const char *key,
                             int most);
void quality_history_release(struct array *moments);

/* The past of every check of a product, in the order of its newest run. */
enum { QUALITY_TREND_LENGTH = 30 };
struct quality_trend {
    char *contract, *key, *object, *property, *rule, *value, *threshold, *reason, *sql;
    enum quality_outcome outcome; /* of the newest run */
    char *since;     /* the first of the runs without a break that ended so */
    char *first_bad; /* the first run ever that found it failed, NULL: none did */
    bool is_always;  /* since the first run there is: nobody knows it otherwise */
    int runs, bad;   /* looked at: the newest thousand; failed, warning or error */
    /* The newest, oldest first; NAN where nothing was counted. */
    double values[QUALITY_TREND_LENGTH];
    enum quality_outcome outcomes[QUALITY_TREND_LENGTH];
    int length;
};
struct array quality_trends(const char *mesh, const char *product);
void quality_trends_release(struct array *trends);
/* A sign for each run, appended: its height is the value, or where no numbers were
 * counted the outcome; ASCII: . : | ! by outcome. */
void quality_sparkline(const struct quality_trend *trend, bool unicode, struct text *out);

/* ---- Two snapshots side by side ---- */
enum quality_change { QUALITY_SAME, QUALITY_BETTER, QUALITY_WORSE, QUALITY_OTHER };
const char *quality_change_name(enum quality_change change); /* "better" */
struct quality_pair {
    const struct quality_check *before, *after; /* one may be NULL: not checked there */
    enum quality_change change; /* OTHER: the same outcome by another value */
};
/* Array of struct quality_pair by key, in the order of `after`; release the array. */
struct array quality_compare(const struct array *before, const struct array *after);

/* ---- Root cause ---- */

/* A product on the way upstream, and a check of it that does not pass. */
struct quality_step {
    char *product;
    char *reader;         /* the product downstream that reads it; NULL: where it began */
    char *through, *path; /* "port orders, contract checkout-orders"; where it stands */
    int line, depth;      /* depth: steps from where it began */
    bool is_checked;      /* else there is no run, and nothing below is known */
    struct quality_totals totals;
    char *key, *value, *reason, *since; /* of its check that failed first; or NULL */
    enum quality_outcome outcome;
    bool is_always; /* nobody ever saw it pass: it may have failed before `since` */
    bool is_cause;
};
/* From the product (and, unless NULL, one of its checks) through input ports and
 * contracts to everything it is made from, and from what checks said of each, which
 * failed first: since the earliest run, of equals the farthest upstream. A check of a
 * column counts only where the product fails in a column called so, or in its rows. Array
 * of struct quality_step, nearest first. False when there is no such product or nothing
 * is kept of it. */
struct quality_cause {
    struct array steps; /* of struct quality_step; the first is the product itself */
    struct text sentence;
};
bool quality_find_cause(const struct catalog *catalog, const char *product,
                        const char *key, struct quality_cause *cause, struct error *err);
void quality_cause_release(struct quality_cause *cause);

#endif
