/* What the files of the get room share: one product on its way into the cache.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GET_PRIVATE_H
#define MWB_GET_PRIVATE_H

#include "engine/access.h"
#include "engine/cache.h"
#include "engine/get.h"
#include "engine/import.h"
#include "engine/ledger.h"
#include "engine/policy.h"

struct get {
    const struct get_spec *spec;
    struct job_port *port;
    struct get_report *report;
    struct catalog *catalog; /* this and policy: NULL before get_begin() opens them, or */
    struct policy *policy;   /* the caller's */
    bool is_borrowed;        /* they are the caller's */
    struct catalog_product product;
    struct mask_key *mask_key;
    struct cache_product place;
    struct cache_stage *stage;
    char *partial;       /* folder for what arrives */
    bool is_converted;   /* a command of the person's makes tables of some of its files */
    char decided[17];    /* key of what policy decides; "": there are no roles */
    char *definition;    /* key of schema, local files and decisions of policy */
    char *current;       /* file of the version before, or NULL */
    struct array tables; /* of struct get_table */
    struct array known;  /* of struct access_facts: what `current` was made from */
    long long changed;   /* when its sources changed last; 0: not known */
    struct array personal; /* of struct get_personal */
    bool whole_file;       /* the version is made from an SQLite file */
    bool is_masked;        /* something of it may not be seen */
};

/* A column of the database with personal data that the role may not see. */
struct get_personal {
    char *table, *column;
    char *note; /* what was found, a line */
    const char *infotype;
    long long seen, matched;
    struct mask_rule rule;
};

/* A table with its files, open. */
struct get_table {
    const struct catalog_table *table;
    struct array files; /* of struct access_file */
    struct array masks; /* of struct policy_mask */
    bool is_open;
    bool is_refused;  /* to the role: it is not opened */
    struct get *get;  /* for questions about columns that no contract knows */
    bool is_shared;   /* its database comes with an earlier table */
    struct error why; /* when it is not open */
};

/* begin.c: one product found in the catalog, with the role's decisions. */
bool get_open_mesh(struct get *get, const struct get_spec *spec, struct error *err);
bool get_begin(struct get *get, const struct get_spec *spec, struct error *err);
void get_end(struct get *get);
/* The key of the version that would be made from these facts; where there are roles, it
 * ends in so many digits of what policy decides. Yours. */
enum { GET_DECIDED_SHOWN = 8 };
char *get_version_key(const struct get *get, const struct array *facts,
                      struct error *err);

/* sources.c: open the files of all tables, asking sources whether they changed since
 * `known`; false only when it was cancelled. */
bool sources_open(struct get *get, bool ask, struct error *err);
void sources_close(struct get *get);
/* Did every source say that nothing changed? */
bool sources_are_unchanged(const struct get *get);
/* All that was fetched, in order: array of struct access_facts that borrow their
 * locations. Release with array_release(). */
struct array sources_facts(const struct get *get);
/* What the version at `file` was made from: appends to get->known; its definition. Yours.
 */
char *sources_recall(struct get *get, const char *file);

/* changed.c: when they changed last, as they say themselves; seconds since 1970, 0: not
 * known. What was asked of them, for the log: array of struct ledger_fetch that owns its
 * strings; writing releases it. */
long long sources_changed(const struct get *get);
void asked_note(struct array *asked, const struct get *get, bool changed,
                const struct error *why);
void asked_write(struct array *asked);

/* seen.c: is the table refused to the role (then `why` says so)? */
bool seen_refuses(const struct get *get, struct get_table *part);
/* What all columns become, known and unknown. */
bool seen_decide(struct get *get, struct error *err);
struct import_strangers seen_strangers(struct get *get, struct get_table *part);
/* Notes personal data of the stage's database. *hides: some of it may not be seen; those
 * columns are masked when the tables are got once more. */
bool seen_find_personal(struct get *get, bool *hides, struct error *err);
/* Was the version made by the decisions that hold now? Else it shows what changed in
 * them, not in the data. */
bool seen_is_comparable(const struct get *get, const char *file);
/* Remove the versions that other decisions made: they may hold what is masked now. */
void seen_forget_others(const struct get *get);
void seen_release(struct get *get);

/* tables.c: import one table whose files are open. */
bool table_import(struct get *get, struct get_table *part, struct error *err);
/* Is its one file declared or called an SQLite database? */
bool table_is_database(const struct catalog_table *table);

/* version.c: facts of the version into its own tables; and back. */
bool version_write(struct get *get, struct error *err);
void version_read(struct get *get, const char *file);

/* drift.c: what changed since the version before, and what breaks the contract. */
void drift_compare(struct get *get, const char *before, const char *now);

#endif
