/* propose: rules that a contract could have, found in the data that are here.
 *
 * Deterministic: the same version gives the same proposals in the same order. Each holds
 * for all rows that are here, says on what evidence, and has the SQL that shows it. What
 * the contract has already is not proposed again. Nothing is proposed about a column that
 * the role sees masked or dropped; of one that is classified as more than internal, or in
 * which personal data were found, nothing that shows values (bounds, values, patterns).
 *
 *   required      no value is missing
 *   primary key   of a table that declares none: the first column that is required and
 *                 unique and is called like a key (id, order_id, sku, item_number)
 *   unique        other columns that are so and are called like keys
 *   bounds        of numbers: from 0 where none is below it; else, and upwards, to the
 *                 next of 1, 2 or 5 with zeros behind
 *   lengths       of texts: exactly, or up to the next of 1, 2 or 5 with zeros behind
 *   values        of texts: at most 12 different ones, each 20 times on average
 *   pattern       of texts that are built alike, with digits or signs in them
 *   row count     from half to double of what is here, rounded outwards as bounds are
 *   relationship  every value stands in a key of the same name, in a table that is here
 *
 * From the statistics of the version (mwb_statistic); patterns, values, relationships
 * and uniqueness that statistics only estimate are looked up in the rows.
 *
 * Rules are written in the form of Open Data Contract Standard 3.1 and only into
 * contracts of that version (or 3.2); those of other standards are shown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PROPOSE_H
#define MWB_PROPOSE_H

#include <stdbool.h>

#include "engine/amend.h"
#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/policy.h"

struct proposal {
    const char *kind; /* "required", "primary key" ... */
    char *object;     /* as the contract says */
    char *property;   /* NULL: the object */
    char *rule;       /* what is proposed, for people: "at most 500000" */
    char *evidence;   /* a sentence: "the largest of 9,973 values is 325992" */
    char *sql;        /* shows it; over the product's schema name */
    char *path;       /* of the contract, relative to the mesh */
    char *why_not;    /* why it can only be shown; NULL: it can be written */
    /* What is written: below the object or property. */
    enum amend_kind change;
    const char *where, *option; /* key; key below it, or NULL */
    char *value;                /* JSON */
};

struct propose_spec {
    const struct catalog *catalog;
    const struct policy *policy; /* NULL: the mesh has no roles */
    const char *product;         /* id */
    const char *only;            /* kinds, with commas between; NULL: all */
};
/* Array of struct proposal, in the order of the contract. False when the product is not
 * here. port may be NULL. */
bool propose_rules(const struct propose_spec *spec, struct job_port *port,
                   struct array *proposals, struct error *err);
void propose_release(struct array *proposals);
const char *const *propose_kinds(void); /* ends with NULL */

/* The proposals as changes of the contracts' files: appends struct amend_file, read and
 * changed, not written. One that cannot be written gets its why_not. */
void propose_amend(const struct catalog *catalog, struct array *proposals,
                   struct array *files);

#endif
