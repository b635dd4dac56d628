/* ledger: who fetched and read what, when, for what, what checks and policies said.
 * Append only.
 *
 * One SQLite file, $XDG_DATA_HOME/mwb/ledger.db (0600), of one person. Rows are added and
 * never changed: triggers refuse UPDATE and DELETE. Any number of processes may add and
 * read at once (a rollback journal and patience: it works on every file system), a killed
 * one leaves nothing half. The format is the file's user_version; an older file is
 * brought up to date, one of a newer program is refused and left as it is. Statements see
 * it as `ledger`: SELECT * FROM ledger.fetch; ledger.model tells what its columns mean.
 *
 *   fetch(id, at, mesh, product, role, location, outcome, version, bytes, rows, seconds,
 *         source_changed, sentence)
 *     id: in the order of adding, which is what "newest" means: clocks may jump
 *     at, source_changed: ISO 8601 UTC, source_changed NULL: the source did not say
 *     outcome: fetched, unchanged, changed (looked at: the source has something newer),
 *         failed, refused (a check or a person said no)
 *     location: without secrets; sentence: why it failed
 *
 *   statement(id, at, mesh, person, team, role, sql_id, sql, saved_query, purpose,
 *         classification, outcome, rows, ms)
 *     what was asked, and reading(statement, product, table_name, column_name) what each
 *     read; sql_id is the same for statements that differ in blanks and comments only
 *   check_run(id, at, mesh, product, contract, role, version, seconds, result, checks,
 *         passed, warnings, failed, errors, not_run)
 *     and check_result(run, key, object, property, rule, type, metric, dimension,
 * severity, outcome, value, threshold, total, percent, reason, sql) (quality.h)
 *   policy_run(id, at, mesh, policy, outcome, products, violating, waived, seconds)
 *     and policy_domain(run, domain, products, violating) and policy_row(run, product,
 *         domain, path, line, sentence, waived, first_seen) (governance.h)
 *
 * What was read is told while people wait for rows, so it costs them microseconds: a line
 * is appended to ledger.log beside the file with one write(2) and its CRC, never waiting
 * for a lock, and is folded into the file by whoever asks next (ledger_settle(), also
 * called by ledger_ready()). A line that was acknowledged survives kill -9 of everybody;
 * a torn one (a full disk) is told and skipped. Secrets in statements are redacted.
 *
 * A question about one product reads its newest thousand rows at most, through an index:
 * it costs the same however long the log is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LEDGER_H
#define MWB_LEDGER_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"

char *ledger_path(struct error *err); /* yours */
/* The file, made or brought up to date when need be, for ATTACH. Yours. */
char *ledger_ready(struct error *err);

/* ---- Adding ---- */

struct ledger_fetch {
    const char *mesh; /* its absolute path */
    const char *product, *role, *location, *outcome, *version, *sentence;
    long long bytes, rows;
    double seconds;
    long long source_changed; /* seconds since 1970; 0: not known */
};
/* Add one, at path_now(). */
bool ledger_add_fetch(const struct ledger_fetch *fetch, struct error *err);
/* The same for many, in one transaction: array of struct ledger_fetch. */
bool ledger_add_fetches(const struct array *fetches, struct error *err);

struct ledger_reading {
    const char *product;        /* id */
    const char *table, *column; /* in SQL; column NULL: only that there are rows */
};
struct ledger_use {
    const char *mesh;
    const char *role, *team; /* may be NULL, as all below */
    const char *sql;         /* as run */
    const char *saved_query, *purpose, *classification;
    const char *outcome; /* done, failed, refused, cancelled, timeout */
    long long rows;
    double seconds;
    const struct ledger_reading *readings;
    size_t reading_count;
};
/* Tell of a statement: some microseconds, one write. */
bool ledger_add_use(const struct ledger_use *use, struct error *err);
/* Fold what was told into the file. */
bool ledger_settle(struct error *err);

struct ledger_check_run {
    const char *mesh, *product, *contract, *role, *version, *result;
    double seconds;
    int checks, passed, warnings, failed, errors, not_run;
};
struct ledger_check_result {
    const char *key, *object, *property, *rule, *type, *metric, *dimension, *severity;
    const char *outcome, *value, *threshold, *reason, *sql;
    long long total; /* below 0: not counted */
    double percent;  /* below 0: makes no sense */
};
bool ledger_add_check(const struct ledger_check_run *run,
                      const struct ledger_check_result *results, size_t count,
                      struct error *err);

struct ledger_policy_run {
    const char *mesh, *policy, *outcome;
    int products, violating, waived;
    double seconds;
    const struct ledger_policy_domain *domains;
    size_t domain_count;
    const struct ledger_policy_row *rows;
    size_t row_count;
};
struct ledger_policy_domain {
    const char *domain;
    int products, violating;
};
struct ledger_policy_row {
    const char *product, *domain, *path, *sentence;
    int line;
    bool is_waived;
    const char *first_seen; /* ISO 8601; NULL: now */
};
/* All policies of one run, in one transaction. */
bool ledger_add_policies(const struct ledger_policy_run *runs, size_t count,
                         struct error *err);

/* ---- Asking ---- */

/* For catalog_set_log(): what is known of each product of a mesh. Array of struct
 * catalog_seen; empty when there is no log, or none that can be read. */
struct array ledger_seen(void *unused, const char *mesh);

/* How current a product is: catalog_freshness_of() with this log told to the catalog. */
void ledger_freshness(struct catalog *catalog, const struct catalog_entry *entry,
                      struct catalog_freshness *freshness);

/* Promises held against the log: appends struct catalog_fact of the group "observed":
 * availability (share of attempts that succeeded), frequency (how old the last change was
 * when somebody looked), latency (age of the source's change when it came here). */
void ledger_observed(const struct catalog *catalog, const struct catalog_entry *entry,
                     const char *mesh, struct array *facts);

/* Who uses a product (its id), most first: appends struct catalog_fact of the group "used
 * by", of what teams share (mesh.shared_use) and of this person's own ledger as far as it
 * was folded. */
void ledger_used(const struct catalog *catalog, const char *product, const char *mesh,
                 struct array *facts);

/* Rows of the log, newest first: each is told to `row`, which says whether to go on. The
 * strings hold until it returns; those that are not known are NULL. */
struct ledger_question {
    const char *mesh, *product; /* product NULL: all */
    bool only_failed;
    const char *since; /* ISO 8601, or NULL */
    long long limit;   /* 0: all */
};
struct ledger_row {
    struct ledger_fetch fetch;
    const char *at, *source_changed;
};
bool ledger_fetches(const struct ledger_question *question,
                    bool (*row)(void *owner, const struct ledger_row *row), void *owner,
                    struct error *err);

#endif
