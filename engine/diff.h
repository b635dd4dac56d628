/* diff: what changed between two versions of a contract or product, and whom it hurts.
 *
 * An operand is
 *   - a descriptor of any standard the catalog reads, a folder of them, a data file, or a
 *     folder of data files; of several products below a folder the one of the folder
 *     itself is meant, where there is one;
 *   - REF:PATH or PATH@REF: the file or folder PATH as it was at a git ref, of the
 *     repository that PATH, or the working folder, lies in (as `git show REF:PATH`: from
 *     the top of the repository, ./PATH from here);
 *   - a product of the open mesh, DOMAIN/NAME[@VERSION], where VERSION is that of the
 *     product, of an output port or of its contract; MESH:DOMAIN/NAME of another mesh.
 * Both sides are read by the catalog into its one model, so a Data Contract Specification
 * can be compared with its ODCS successor. Where data files lie beside a descriptor (or
 * there is nothing else), the columns they really have are compared as well:
 * `in_contract` and `in_data` say where a change was seen. Their types are found out from
 * the first 256 KiB.
 *
 * Things are matched by name. What is left over on both sides may have been renamed: that
 * is said, with the evidence, when the best match is good and no other comes near it;
 * otherwise one was removed and one added.
 *
 * Each change is graded twice. Producer: what breaks a pipeline that writes (the keys and
 * grades of datacontract-cli's `breaking`, with its error as breaking and its warning as
 * risky, are kept). Consumer: what breaks a query that reads. One table (rules.c) has all
 * grades; diff_rules() shows it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DIFF_H
#define MWB_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/job.h"

enum diff_grade { DIFF_HARMLESS, DIFF_RISKY, DIFF_BREAKING };
const char *diff_grade_name(enum diff_grade grade); /* "harmless" ... */

/* What kind of thing changed. */
enum diff_kind {
    DIFF_PRODUCT,
    DIFF_PORT,
    DIFF_INPUT, /* a contract that an output port is made from */
    DIFF_CONTRACT,
    DIFF_TABLE,
    DIFF_COLUMN,
    DIFF_KEY, /* columns that are unique together */
    DIFF_RELATION,
    DIFF_RULE,
    DIFF_SERVER,
    DIFF_SLA,
    DIFF_PROMISE, /* of a port: platform, SLO, obligations */
    DIFF_PRICE,   /* a plan */
    DIFF_ROLE,
    DIFF_MEMBER,
    DIFF_SUPPORT,
    DIFF_DEFINITION, /* authoritative definitions, licences, sources */
    DIFF_TAG,
    DIFF_SYNONYM,
    DIFF_CONTEXT, /* what a machine that writes queries is told */
    DIFF_CUSTOM,
    DIFF_KINDS,
};

/* Which way it changed. The first four are of whole things, the others of one field. */
enum diff_way {
    DIFF_ADDED,
    DIFF_ADDED_REQUIRED, /* a column that writers have to fill */
    DIFF_REMOVED,
    DIFF_RENAMED,
    DIFF_CHANGED,
    DIFF_SET,   /* there was nothing */
    DIFF_UNSET, /* there is nothing any more */
    DIFF_ON,    /* flags */
    DIFF_OFF,
    DIFF_TIGHTENED, /* fewer values are allowed */
    DIFF_WIDENED,   /* more values are allowed */
    DIFF_RAISED,    /* classifications, prices */
    DIFF_LOWERED,
    DIFF_WORSE, /* promises, status */
    DIFF_BETTER,
    DIFF_ENDED, /* retired */
};

/* A row of the one table of grades. field NULL: any of this kind. */
struct diff_rule {
    enum diff_kind kind;
    const char *field;
    enum diff_way way;
    enum diff_grade producer, consumer;
    const char *why;
};
const struct diff_rule *diff_rules(size_t *count);

struct diff_place {
    char *path; /* relative to the side; NULL: not written anywhere */
    int line;
};

struct diff_change {
    const char *change;          /* "added", "removed", "renamed" or "changed" */
    char *what;                  /* "orders.customer_id.type" */
    char *old_value, *new_value; /* NULL: there is none */
    struct diff_place old_place, new_place;
    bool in_contract, in_data; /* where it was seen; both may hold */
    const struct diff_rule *rule;
    char *evidence;           /* of a rename, or why none is claimed; NULL */
    char *table, *column;     /* as the old side calls them; NULL: about neither */
    char *contract, *product; /* id, and domain/name, of the old side; may be NULL */
    struct array hits;        /* of char *: "query funnel", "product marketing/cohorts" */
};

enum diff_step { DIFF_NONE, DIFF_PATCH, DIFF_MINOR, DIFF_MAJOR };
const char *diff_step_name(enum diff_step step);

struct diff_spec {
    const char *old_side, *new_side; /* operands; new NULL: promise against data of old */
    const char *mesh_index; /* of the open mesh, for products and hits; may be NULL */
    const char *folder;     /* private, for temporary files; made by the caller */
};

struct diff_report {
    struct array changes;             /* of struct diff_change, worst first */
    size_t breaking, risky, harmless; /* by the worse of both grades */
    char *old_version, *new_version;  /* as declared; NULL */
    enum diff_step called, said;      /* by the changes; by the versions */
    char *summary;      /* one sentence, or two when the version's step is too small */
    struct array notes; /* of char *: what could not be compared, and why */
};

/* False only when a side cannot be read: one sentence that names the side. Descriptors
 * are hostile: run it in a job. port may be NULL. */
bool diff_compare(const struct diff_spec *spec, struct job_port *port,
                  struct diff_report *report, struct error *err);
void diff_report_release(struct diff_report *report);

#endif
