/* ledger/observed: what a service level promises of a source, held against the log.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/ledger/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { MOST_ROWS = 1000 };

/* Of the newest rows of one product. */
struct evidence {
    long long now; /* of the mesh, whose clock may stand still: no look was later */
    double period; /* of changes, as promised */
    long long attempts, successes;
    long long looks, most_age;  /* when somebody looked: how old the last change was */
    long long looks_in_time;    /* at most as old as promised */
    long long came, most_delay; /* fetched: age of the change that came */
    double sum_delay;
    char first[32]; /* when the oldest of them was */
};

/* ---- Gathering ---- */

static void take_row(sqlite3_stmt *stmt, struct evidence *evidence)
{
    const char *outcome = store_text(stmt, 0);
    long long at, changed;
    bool failed = string_equal(outcome, "failed");
    evidence->attempts++;
    evidence->successes += !failed;
    snprintf(evidence->first, sizeof evidence->first, "%s", store_text(stmt, 1));
    if (failed || !path_read_instant(store_text(stmt, 1), &at) ||
        !path_read_instant(store_text(stmt, 2), &changed)) {
        return;
    }
    at = at < evidence->now ? at : evidence->now;
    long long age = at > changed ? at - changed : 0;
    evidence->looks++;
    evidence->looks_in_time += (double)age <= evidence->period;
    evidence->most_age = age > evidence->most_age ? age : evidence->most_age;
    if (string_equal(outcome, "fetched")) {
        evidence->came++;
        evidence->sum_delay += (double)age;
        evidence->most_delay = age > evidence->most_delay ? age : evidence->most_delay;
    }
}

static bool gather(const char *mesh, const char *product, struct evidence *evidence)
{
    sqlite3 *db = ledger_open_read(NULL);
    sqlite3_stmt *stmt =
        db != NULL ? store_prepare(db,
                                   "SELECT outcome,at,source_changed FROM fetch WHERE "
                                   "mesh=?1 AND product=?2 ORDER BY id DESC LIMIT ?3",
                                   NULL)
                   : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "ssi", mesh, product, MOST_ROWS);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        take_row(stmt, evidence);
    }
    store_finish(stmt);
    store_close(db);
    return evidence->attempts > 0;
}

/* ---- Promises ---- */

struct promise {
    char *value, *path; /* value NULL: not promised */
    int line;
};

static struct promise find_promise(const struct catalog *catalog, long long row,
                                   const char *const names[2])
{
    struct promise promise = {0};
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(catalog),
        "SELECT s.value||coalesce(' '||s.unit,''),c.path,s.line FROM port o JOIN sla s "
        "ON s.contract_row=o.contract_row JOIN contract c ON c.rowid=s.contract_row "
        "WHERE o.product_row=?1 AND o.dir='out' AND s.element IS NULL AND "
        "lower(s.property) "
        "IN(?2,?3) "
        "ORDER BY s.rowid LIMIT 1",
        NULL);
    if (stmt == NULL) {
        return promise;
    }
    store_bind(stmt, "lss", row, names[0], names[1]);
    if (store_step(stmt, NULL) == STORE_ROW) {
        promise.value = store_text_copy(stmt, 0);
        promise.path = store_text_copy(stmt, 1);
        promise.line = sqlite3_column_int(stmt, 2);
    }
    store_finish(stmt);
    return promise;
}

/* "99.9 %", "99.9", "0.999": of a hundred; below 0: it is none. */
static double percent_of(const char *value)
{
    if (value == NULL) {
        return -1;
    }
    char *end = NULL;
    double number = strtod(value, &end);
    bool is_share = number >= 0 && number <= 1 && strchr(value, '%') == NULL &&
                    !string_contains_fold(value, "percent");
    number = is_share ? number * 100 : number;
    return number >= 0 && number <= 100 && end != value ? number : -1;
}

static void append_period(struct text *out, double seconds)
{
    char buffer[32];
    if (seconds >= 2 * 86400) {
        text_printf(out, "%.1f days", seconds / 86400);
    } else {
        text_append(out, string_of_seconds(seconds, buffer, sizeof buffer));
    }
}

static void add_fact(struct array *facts, const char *name, struct text *value,
                     const struct promise *promise)
{
    struct catalog_fact *fact = array_push(facts);
    *fact = (struct catalog_fact){.group = string_copy("observed"),
                                  .name = string_copy(name),
                                  .value = text_take(value),
                                  .path = string_copy(promise->path),
                                  .line = promise->line};
}

static void append_verdict(struct text *out, const char *promised, bool is_kept)
{
    text_printf(out, "; promised %.60s: %s", promised, is_kept ? "kept" : "not kept");
}

static void add_availability(const struct evidence *evidence,
                             const struct promise *promise, struct array *facts)
{
    struct text value = {0};
    double share = 100 * (double)evidence->successes / (double)evidence->attempts;
    double promised = percent_of(promise->value);
    text_printf(&value, "%lld of %lld attempts since %.10s succeeded: %.1f %%",
                evidence->successes, evidence->attempts, evidence->first, share);
    if (promised >= 0) {
        append_verdict(&value, promise->value, share >= promised);
    }
    add_fact(facts, "availability", &value, promise);
}

/* That a change came late is proved by whoever looked in between and saw none. */
static void add_frequency(const struct evidence *evidence, const struct promise *promise,
                          double period, struct array *facts)
{
    struct text value = {0};
    if (evidence->looks == 0 || period <= 0) {
        return;
    }
    text_printf(&value,
                "%lld of %lld looks since %.10s found a change within the period, the "
                "oldest was of ",
                evidence->looks_in_time, evidence->looks, evidence->first);
    append_period(&value, (double)evidence->most_age);
    text_append(&value, " before");
    append_verdict(&value, promise->value, evidence->looks_in_time == evidence->looks);
    add_fact(facts, "frequency", &value, promise);
}

/* It counts until somebody fetched, so that more than was promised proves nothing. */
static void add_latency(const struct evidence *evidence, const struct promise *promise,
                        struct array *facts)
{
    struct text value = {0};
    if (evidence->came == 0) {
        return;
    }
    append_period(&value, evidence->sum_delay / (double)evidence->came);
    text_append(&value, " on average from a change until it was here, at most ");
    append_period(&value, (double)evidence->most_delay);
    text_printf(&value, " (%lld %s since %.10s)", evidence->came,
                evidence->came == 1 ? "fetch" : "fetches", evidence->first);
    double promised = promise->value != NULL ? catalog_period(promise->value) : 0;
    if (promised > 0 && (double)evidence->most_delay <= promised) {
        append_verdict(&value, promise->value, true);
    } else if (promised > 0) {
        text_printf(&value, "; promised %.60s: not shown, for nobody fetched in time",
                    promise->value);
    }
    add_fact(facts, "latency", &value, promise);
}

void ledger_observed(const struct catalog *catalog, const struct catalog_entry *entry,
                     const char *mesh, struct array *facts)
{
    static const char *const names[][2] = {
        {"availability", "av"}, {"frequency", "fy"}, {"latency", "ly"}};
    struct promise promises[3];
    struct evidence evidence = {.now = catalog_now(catalog)};
    for (int i = 0; i < 3; i++) {
        promises[i] = find_promise(catalog, entry->row, names[i]);
    }
    double period = promises[1].value != NULL ? catalog_period(promises[1].value) : 0;
    evidence.period = period;
    if (gather(mesh, entry->id, &evidence)) {
        add_availability(&evidence, &promises[0], facts);
        add_frequency(&evidence, &promises[1], period, facts);
        add_latency(&evidence, &promises[2], facts);
    }
    for (int i = 0; i < 3; i++) {
        free(promises[i].value);
        free(promises[i].path);
    }
}
