/* What the files of the governance room share: a run, and its parts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GOVERNANCE_PRIVATE_H
#define MWB_GOVERNANCE_PRIVATE_H

#include "engine/confine.h"
#include "engine/evidence.h"
#include "engine/governance.h"
#include "engine/policy.h"
#include "engine/text.h"

/* ---- The products of the mesh, and which of them a policy is about (tally.c) ---- */

struct tally_product {
    char *key, *domain, *id; /* as people name it; id: as its descriptor says */
    bool is_looked_at, is_violating;
};

struct tally {
    struct array products; /* of struct tally_product, by key */
    bool is_about_some;    /* else it is about all of them */
};

bool tally_open(struct tally *tally, sqlite3 *db, struct error *err);
void tally_release(struct tally *tally);
void tally_begin(struct tally *tally); /* another policy */
struct tally_product *tally_find(const struct tally *tally, const char *key);
void tally_look(struct tally *tally, const char *key);
void tally_violate(struct tally *tally, const char *key);
/* looked_at, violating, adoption and domains. */
void tally_close(const struct tally *tally, struct governance_policy *policy);

/* ---- Products that are attached (attach.c) ---- */

struct seat {
    char *schema, *product;
    struct array masks; /* of struct seat_mask */
    unsigned long used;
};

/* A column that the role sees masked, or not at all. */
struct seat_mask {
    char *table, *column;
    char *reason; /* "as a token" */
    bool is_dropped;
};

struct seats {
    const struct evidence_spec *spec;
    struct array here;     /* of char *: schemas of which there is a version, sorted */
    struct policy *policy; /* NULL: nothing is masked */
    sqlite3 *db;
    struct confine *confine;
    struct array list; /* of struct seat */
    unsigned long clock;
};

/* Why a statement was not run. */
struct lack {
    struct array absent, unseen; /* of char *, each once */
    bool is_absent;              /* this time */
};
void lack_release(struct lack *lack);
/* "not here: orders, returns; masked for the role analyst: ..." appended. */
void lack_describe(const struct lack *lack, const char *role, struct text *out);
void lack_note(struct array *names, const char *name);

bool seats_open(struct seats *seats, const struct evidence_spec *spec, sqlite3 *db,
                struct error *err);
void seats_release(struct seats *seats);
/* Attach what the statement names, and let the confined read that only. False and
 * *lack: it cannot be run here; false and `err`: something else is wrong. */
bool seats_take(struct seats *seats, const char *sql, struct lack *lack,
                struct error *err);
/* Does the prepared statement read what the role sees masked? Notes it. */
bool seats_is_blind(const struct seats *seats, struct lack *lack);
/* A statement that could not be prepared: because it names a column that was dropped? */
bool seats_misses_dropped(const struct seats *seats, const char *sql, struct lack *lack);

/* ---- What a row is about (place.c) ---- */

struct places {
    sqlite3_stmt *product, *contract, *property, *object, *agreement, *by_path;
};
bool violation_places_open(struct places *places, sqlite3 *db, struct error *err);
void violation_places_release(struct places *places);
/* Which columns of a statement say what; -1: none. */
struct row_form {
    int product, contract, id, object, property, path, line, domain;
};
void row_form_of(sqlite3_stmt *stmt, struct row_form *form);
/* product, domain, path, line and sentence of the row it stands on. */
void place_row(const struct places *places, const struct tally *tally,
               const struct row_form *form, sqlite3_stmt *stmt,
               struct governance_violation *out);

/* ---- Waivers (waivers.c) ---- */

struct waivers {
    struct array list; /* of struct waiver */
};
struct waiver {
    char *policy, *product, *domain, *sentence;
};
/* Those that are not over yet. */
bool waivers_open(struct waivers *waivers, sqlite3 *db, const char *today,
                  struct error *err);
void waivers_release(struct waivers *waivers);
const char *waivers_find(const struct waivers *waivers,
                         const struct governance_violation *violation); /* or NULL */

/* ---- Templates (each.c) ---- */

/* The SQL with {name} and {'name'} replaced by the columns of the row `values` stands on.
 * NULL and a sentence when there is no such column. Yours. */
char *each_expand(const char *sql, sqlite3_stmt *values, struct error *err);

/* ---- First seen (keep.c) ---- */

struct seen {
    struct array list; /* of struct seen_row, sorted */
    char now[32];
};
struct seen_row {
    char *key, *since;
};
void first_seen_open(struct seen *seen, sqlite3 *db, const struct catalog *catalog);
void first_seen_release(struct seen *seen);
const char *first_seen_since(const struct seen *seen,
                             const struct governance_violation *violation);

/* ---- Reading policies (policies.c) ---- */

/* Those of the id, NULL: all, in order; of a gate, NULL: whatever gate. */
bool policies_read(sqlite3 *db, const char *id, const char *gate, struct array *policies,
                   struct error *err);

/* ---- One policy (statement.c) ---- */

struct run {
    const struct governance_spec *spec;
    struct evidence_spec evidence;
    sqlite3 *db;
    struct confine *confine;
    struct seats seats;
    struct places places;
    struct tally tally;
    struct waivers waivers;
    struct seen seen;
    /* What is done with a row; false ends it. */
    bool (*row)(void *owner, sqlite3_stmt *stmt, bool is_first);
    void *owner;
};

bool governance_run_open(struct run *run, const struct governance_spec *spec,
                         const char *gate, struct array *policies, struct error *err);
void governance_run_release(struct run *run);
/* All statements of a policy; its outcome and reason. `found` of struct
 * governance_violation; NULL: run->row gets the rows. */
void governance_hold(struct run *run, struct governance_policy *policy,
                     struct array *found);

void governance_violation_release(struct governance_violation *violation);

#endif
