/* ledger/results: what checks and policies said, a run in one transaction.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/ledger/private.h"

#include "engine/path.h"
#include "engine/store.h"

bool ledger_in_transaction(sqlite3 *db,
                           bool (*work)(sqlite3 *db, void *owner, struct error *err),
                           void *owner, struct error *err)
{
    bool began = store_run(db, "BEGIN IMMEDIATE", err);
    bool good = began && work(db, owner, err) && store_run(db, "COMMIT", err);
    if (began && !good) {
        store_run(db, "ROLLBACK", NULL);
    }
    return good;
}

static bool add(bool (*work)(sqlite3 *db, void *owner, struct error *err), void *owner,
                struct error *err)
{
    sqlite3 *db = ledger_open(err);
    bool added = db != NULL && ledger_in_transaction(db, work, owner, err);
    store_close(db);
    return added || error_prefix(err, "could not write the ledger: ");
}

static void bind_texts(sqlite3_stmt *stmt, int first, const char *const *texts, int count)
{
    for (int i = 0; i < count; i++) {
        sqlite3_bind_text(stmt, first + i, texts[i], -1, SQLITE_STATIC);
    }
}

static void bind_at(sqlite3_stmt *stmt, int position)
{
    char instant[32];
    path_write_instant(path_now(), instant);
    sqlite3_bind_text(stmt, position, instant, -1, SQLITE_TRANSIENT);
}

/* ---- Checks ---- */

struct checks {
    const struct ledger_check_run *run;
    const struct ledger_check_result *results;
    size_t count;
};

static long long add_check_run(sqlite3 *db, const struct ledger_check_run *run,
                               struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        db,
        "INSERT INTO check_run(at,mesh,product,contract,role,version,result,seconds,"
        "checks,passed,warnings,failed,errors,not_run) "
        "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)",
        err);
    if (stmt == NULL) {
        return 0;
    }
    bind_at(stmt, 1);
    bind_texts(stmt, 2,
               (const char *const[]){run->mesh, run->product, run->contract, run->role,
                                     run->version, run->result},
               6);
    sqlite3_bind_double(stmt, 8, run->seconds);
    const int counts[] = {run->checks, run->passed, run->warnings,
                          run->failed, run->errors, run->not_run};
    for (int i = 0; i < 6; i++) {
        sqlite3_bind_int(stmt, 9 + i, counts[i]);
    }
    bool good = store_execute(stmt, err);
    store_finish(stmt);
    return good ? sqlite3_last_insert_rowid(db) : 0;
}

static void bind_result(sqlite3_stmt *stmt, const struct ledger_check_result *one)
{
    bind_texts(stmt, 2,
               (const char *const[]){one->key, one->object, one->property, one->rule,
                                     one->type, one->metric, one->dimension,
                                     one->severity, one->outcome, one->value,
                                     one->threshold, one->reason, one->sql},
               13);
    if (one->total >= 0) {
        sqlite3_bind_int64(stmt, 15, one->total);
    } else {
        sqlite3_bind_null(stmt, 15);
    }
    if (one->percent >= 0) {
        sqlite3_bind_double(stmt, 16, one->percent);
    } else {
        sqlite3_bind_null(stmt, 16);
    }
}

static bool add_checks(sqlite3 *db, void *owner, struct error *err)
{
    const struct checks *checks = owner;
    long long run = add_check_run(db, checks->run, err);
    sqlite3_stmt *stmt =
        run > 0 ? store_prepare(db,
                                "INSERT INTO check_result(run,key,object,property,rule,"
                                "type,metric,dimension,severity,outcome,value,threshold,"
                                "reason,sql,total,percent) VALUES(?1,?2,?3,?4,?5,?6,?7,"
                                "?8,?9,?10,?11,?12,?13,?14,?15,?16)",
                                err)
                : NULL;
    bool good = stmt != NULL;
    for (size_t i = 0; good && i < checks->count; i++) {
        sqlite3_bind_int64(stmt, 1, run);
        bind_result(stmt, &checks->results[i]);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    return good;
}

bool ledger_add_check(const struct ledger_check_run *run,
                      const struct ledger_check_result *results, size_t count,
                      struct error *err)
{
    struct checks checks = {run, results, count};
    return add(add_checks, &checks, err);
}

/* ---- Policies ---- */

struct policies {
    const struct ledger_policy_run *runs;
    size_t count;
};

static bool add_domains(sqlite3 *db, long long run, const struct ledger_policy_run *of,
                        struct error *err)
{
    sqlite3_stmt *stmt =
        store_prepare(db, "INSERT INTO policy_domain VALUES(?1,?2,?3,?4)", err);
    bool good = stmt != NULL;
    for (size_t i = 0; good && i < of->domain_count; i++) {
        const struct ledger_policy_domain *one = &of->domains[i];
        store_bind(stmt, "lsii", run, one->domain, one->products, one->violating);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    return good;
}

static bool add_violations(sqlite3 *db, long long run, const struct ledger_policy_run *of,
                           struct error *err)
{
    sqlite3_stmt *stmt =
        store_prepare(db, "INSERT INTO policy_row VALUES(?1,?2,?3,?4,?5,?6,?7,?8)", err);
    bool good = stmt != NULL;
    for (size_t i = 0; good && i < of->row_count; i++) {
        const struct ledger_policy_row *one = &of->rows[i];
        store_bind(stmt, "lsssisis", run, one->product, one->domain, one->path, one->line,
                   one->sentence, one->is_waived ? 1 : 0, one->first_seen);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    return good;
}

static bool add_policies(sqlite3 *db, void *owner, struct error *err)
{
    const struct policies *policies = owner;
    sqlite3_stmt *stmt = store_prepare(
        db,
        "INSERT INTO policy_run(at,mesh,policy,outcome,products,violating,waived,seconds)"
        " VALUES(?1,?2,?3,?4,?5,?6,?7,?8)",
        err);
    bool good = stmt != NULL;
    for (size_t i = 0; good && i < policies->count; i++) {
        const struct ledger_policy_run *one = &policies->runs[i];
        bind_at(stmt, 1);
        bind_texts(stmt, 2, (const char *const[]){one->mesh, one->policy, one->outcome},
                   3);
        sqlite3_bind_int(stmt, 5, one->products);
        sqlite3_bind_int(stmt, 6, one->violating);
        sqlite3_bind_int(stmt, 7, one->waived);
        sqlite3_bind_double(stmt, 8, one->seconds);
        good = store_execute(stmt, err);
        long long run = sqlite3_last_insert_rowid(db);
        good =
            good && add_domains(db, run, one, err) && add_violations(db, run, one, err);
    }
    store_finish(stmt);
    return good;
}

bool ledger_add_policies(const struct ledger_policy_run *runs, size_t count,
                         struct error *err)
{
    struct policies policies = {runs, count};
    return count == 0 || add(add_policies, &policies, err);
}
