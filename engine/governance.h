/* governance: the global policies of a mesh, run as queries.
 *
 * A policy is a file policies/ID.sql: a comment header and one SELECT; a row is a
 * violation.
 *   -- id: P02                 title, category, severity (error, warning, info),
 *   -- title: ...              context, decision, consequences, why: prose
 *   -- scope: data             it reads the data of products (else: evidence.h only)
 *   -- each: SELECT ...        for any mesh: it is run for each row of this SELECT over
 *                              the catalog, {name} in it replaced by the row's column,
 *                              quoted as an identifier ({'name'}: as a string)
 *   -- gate: get, query, export, publish   it is enforced there, not only told
 *   -- measure: yes            a figure, not a violation
 * A row may name its product (product_id, or contract_id), path and line; what it does
 * not name is looked up. Policies run read-only, confined (confine.h), in a child.
 *
 * SELECTs name the tables of evidence.h without a schema, the data of products as
 * product.table. A policy over data is run on the versions that the role has: what is not
 * here, or masked for the role, is told as not run, never as held. For `each` the same
 * holds row by row.
 *
 * What the row of a violation is about is found by the names of its columns: product_id
 * (or product), contract_id, id, object (or table), property (or column, name), path,
 * line, domain.
 *
 * Waivers: policies/waivers.yaml, a list of {policy, product (or domain), reason, owner,
 * until}: a violation that is waived is told as such until that day, its own included.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GOVERNANCE_H
#define MWB_GOVERNANCE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/job.h"

struct governance_violation {
    char *policy;  /* id */
    char *product; /* id, or NULL */
    char *domain;  /* or NULL */
    char *path;    /* relative to the mesh; line in it, 0: none */
    int line;
    char *sentence; /* what the row says: "name=value, ..." */
    char *waived;   /* reason, owner and last day; NULL: it is not */
    char *since;    /* first seen, ISO 8601 */
    char *sql;      /* that found it; NULL: the policy's own */
};

enum governance_outcome {
    GOVERNANCE_HOLDS,
    GOVERNANCE_VIOLATED, /* by severity error */
    GOVERNANCE_WARNED,   /* by another severity, or all is waived */
    GOVERNANCE_ERROR,    /* could not be run */
    GOVERNANCE_NOT_RUN,  /* its products are not here */
    GOVERNANCE_MEASURED, /* a figure: its rows are no violations */
};
const char *governance_outcome_name(enum governance_outcome outcome); /* "holds" */

/* How far a domain follows a policy. */
struct governance_domain {
    char *name; /* "" of products without one */
    int products, violating;
};

struct governance_policy {
    char *id, *title, *category, *severity, *context, *decision, *consequences, *why;
    char *sql, *path, *gates, *each; /* each: NULL when there is none */
    int line, each_line;
    bool is_data;    /* it reads the data of products */
    bool is_measure; /* its rows are a figure */
    enum governance_outcome outcome;
    char *reason;  /* of an error, or why it, or a part of it, was not run; or NULL */
    int looked_at; /* products it applies to */
    int violating; /* of them with a violation */
    int violations, waived;
    double adoption; /* share of products without a violation, 0..1; below 0: no sense */
    double seconds;
    struct array domains; /* of struct governance_domain, by name */
};

struct governance_spec {
    const struct catalog *catalog;
    const char *role;
    const char *policy;  /* id, or NULL: all */
    const char *product; /* only violations of this one; NULL: all */
    bool with_data;      /* run those of `scope: data` too */
    bool in_child;       /* limit the process as well: it can write no file any more */
    struct job_port *port;
};

/* Of one policy so many violations are kept; all are counted. */
enum { GOVERNANCE_MOST_VIOLATIONS = 2000 };

struct governance_report {
    struct array policies;   /* of struct governance_policy, by id */
    struct array violations; /* of struct governance_violation, policy by policy */
};
/* In a child, for the SQL is that of others. False when nothing could be run at all; what
 * happens to one policy is its outcome. */
bool governance_run(const struct governance_spec *spec, struct governance_report *report,
                    struct error *err);
void governance_report_release(struct governance_report *report);
void governance_report_pack(const struct governance_report *report, struct text *out);
bool governance_report_unpack(const void *bytes, size_t length,
                              struct governance_report *report);

/* Tell the ledger: adoption over time, first seen. For the parent of that child, which
 * itself may write nothing. `mesh`: its absolute path. */
bool governance_keep(const char *mesh, const struct governance_report *report,
                     struct error *err);

/* Only what the files say: nothing is run. For lists before a run. */
void governance_policies(const struct catalog *catalog, struct array *policies);
void governance_policy_release(struct governance_policy *policy);

/* The rows of one policy (of all its statements, when it has `each`), as they come: each
 * gets the statement that stands on a row, the first time with is_first. In a child. */
bool governance_rows(const struct governance_spec *spec,
                     bool (*row)(void *owner, sqlite3_stmt *stmt, bool is_first),
                     void *owner, struct error *err);

/* ---- Gates ---- */

/* Does any policy name this gate? For who would start a child to ask it. */
bool governance_has_gate(const struct catalog *catalog, const char *gate);
/* May this be done with this product? `gate` is "get", "query", "export" or "publish".
 * Runs the policies that name the gate and are not over data (milliseconds). False: they
 * forbid it, `err` says which, why, and whom to ask. */
bool governance_gate(const struct governance_spec *spec, const char *gate,
                     struct error *err);

/* ---- Waivers ---- */

struct governance_waiver {
    const char *policy;
    const char *product, *domain; /* one of them */
    const char *reason, *owner;
    const char *until; /* the last day, YYYY-MM-DD */
};
/* Add it to the file of waivers of a mesh that lies in a folder; the rest of the file
 * stays as it is. *path (yours) is the file, relative to the mesh. */
bool governance_waive(const struct catalog *catalog,
                      const struct governance_waiver *waiver, char **path,
                      struct error *err);

#endif
