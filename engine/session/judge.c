/* session/judge: holds what the compiled statement touches against the gate, and tells
 * the ledger what was read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/judge.h"

#include <stdlib.h>
#include <string.h>

#include "engine/governance.h"
#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/session/classes.h"
#include "engine/session/touch.h"
#include "engine/store.h"

/* ---- Judging ---- */

static void add_classes(struct worker *worker)
{
    for (size_t i = 0; i < worker->touches.count; i++) {
        struct gate_touch *touch = array_at(&worker->touches, i);
        if (touch->product == NULL) {
            touch->classification = classes_of(worker, touch->table);
        }
    }
}

static bool refuse(struct worker *worker)
{
    struct outcome *outcome = worker->outcome;
    const struct gate_verdict *verdict = &worker->verdict;
    if (verdict->answer == GATE_ASK_PURPOSE) {
        outcome->asks = string_copy(verdict->reason);
        return error_set(&outcome->error, ERROR_FAILED,
                         "%s: say what for, with purpose TEXT on the screen or --purpose "
                         "TEXT without",
                         verdict->reason);
    }
    return error_set(&outcome->error, ERROR_FAILED, "%s%s%s", verdict->reason,
                     verdict->ask != NULL ? "; ask " : "",
                     verdict->ask != NULL ? verdict->ask : "");
}

static bool suppress(struct worker *worker, sqlite3_stmt *stmt)
{
    const struct gate_shape shape = {
        .db = worker->db,
        .sql = worker->request->sql + worker->span.start,
        .length = worker->span.length,
        .groups = &worker->verdict.groups,
    };
    if (worker->verdict.groups.count == 0) {
        return true;
    }
    (void)stmt;
    bool before = worker->trusted;
    worker->trusted = true;
    bool done = gate_suppress(&shape, &worker->suppressed, &worker->outcome->error);
    worker->trusted = before;
    return done;
}

/* ---- Policies that guard queries ---- */

struct passed {
    char *product;
    double at; /* path_monotonic() */
};

static struct passed *find_passed(const struct worker *worker, const char *product)
{
    for (size_t i = 0; i < worker->passed.count; i++) {
        struct passed *passed = array_at(&worker->passed, i);
        if (string_equal(passed->product, product)) {
            return passed;
        }
    }
    return NULL;
}

void judge_forget_passed(struct worker *worker)
{
    for (size_t i = 0; i < worker->passed.count; i++) {
        free(((struct passed *)array_at(&worker->passed, i))->product);
    }
    array_release(&worker->passed);
    worker->passed = (struct array)ARRAY_OF(struct passed);
}

/* They are SELECTs of some milliseconds over what seldom changes: a minute is remembered.
 */
static bool pass_policies(struct worker *worker, const char *product)
{
    enum { REMEMBERED_SECONDS = 60 };
    const struct governance_spec spec = {.catalog = worker->catalog,
                                         .role = worker->request->role,
                                         .product = product,
                                         .port = worker->port};
    double now = path_monotonic();
    struct passed *passed = find_passed(worker, product);
    if (passed != NULL && now - passed->at < REMEMBERED_SECONDS) {
        return true;
    }
    if (!governance_gate(&spec, "query", &worker->outcome->error)) {
        return false;
    }
    if (passed == NULL) {
        passed = array_push(&worker->passed);
        passed->product = string_copy(product);
    }
    passed->at = now;
    return true;
}

static bool pass_all_policies(struct worker *worker)
{
    const char *last = NULL; /* touches are sorted by product */
    for (size_t i = 0; i < worker->touches.count; i++) {
        const struct gate_touch *touch = array_at(&worker->touches, i);
        if (touch->product == NULL || string_equal(touch->product, last)) {
            continue;
        }
        last = touch->product;
        if (!pass_policies(worker, last)) {
            return false;
        }
    }
    return true;
}

/* ---- All of it ---- */

static bool judge(struct worker *worker)
{
    const struct gate_spec spec = {.catalog = worker->catalog,
                                   .policy = worker->policy,
                                   .team = worker->request->team,
                                   .purpose = worker->request->purpose};
    add_classes(worker);
    if (!gate_judge(&spec, &worker->touches, &worker->verdict, &worker->outcome->error)) {
        return false;
    }
    return worker->verdict.answer == GATE_RUN ? pass_all_policies(worker)
                                              : refuse(worker);
}

bool judge_statement(struct worker *worker, sqlite3_stmt *stmt)
{
    struct error *err = &worker->outcome->error;
    if (worker->target != worker->db || worker->catalog == NULL) {
        return true;
    }
    if (!touch_collect(worker, stmt, err) || !judge(worker) || !suppress(worker, stmt) ||
        (!worker->request->plans &&
         !classes_raise(worker, worker->verdict.classification, err)) ||
        !classes_may_alter(worker, err)) {
        return false;
    }
    worker->is_judged = true;
    return true;
}

void judge_forget(struct worker *worker)
{
    gate_verdict_release(&worker->verdict);
    gate_suppressed_release(&worker->suppressed);
    touch_forget(worker);
    free(worker->altered);
    worker->altered = NULL;
}

/* ---- What is told with the rows ---- */

static void note_masked(struct worker *worker)
{
    const char *masked = worker->verdict.masked;
    struct text list = {0};
    while (masked != NULL && *masked != '\0') {
        size_t length = strcspn(masked, "\n");
        text_printf(&list, "%s%.*s", list.length > 0 ? ", " : "", (int)length, masked);
        masked += length + (masked[length] == '\n');
    }
    if (list.length > 0) {
        text_printf(&worker->outcome->notes, "masked for the role %s: %s\n",
                    policy_role(worker->policy), text_string(&list));
    }
    text_release(&list);
}

static long long count_hidden(struct worker *worker)
{
    long long hidden = -1;
    bool before = worker->trusted;
    worker->trusted = true;
    sqlite3_stmt *stmt = store_prepare(worker->db, worker->suppressed.count, NULL);
    if (stmt != NULL) {
        request_bind(worker->request, stmt);
        hidden = store_step(stmt, NULL) == STORE_ROW ? sqlite3_column_int64(stmt, 0) : -1;
    }
    store_finish(stmt);
    worker->trusted = before;
    return hidden;
}

static void note_groups(struct worker *worker)
{
    const struct gate_suppressed *suppressed = &worker->suppressed;
    struct text *notes = &worker->outcome->notes;
    if (suppressed->sql == NULL) {
        return;
    }
    if (suppressed->count == NULL) {
        text_printf(notes, "an answer about fewer than %lld rows or values is left out\n",
                    suppressed->at_least);
        return;
    }
    long long hidden = count_hidden(worker);
    text_printf(notes, "groups of fewer than %lld rows or values are left out",
                suppressed->at_least);
    if (hidden >= 0) {
        text_printf(notes, ": at most %lld",
                    gate_hidden_at_most(hidden, suppressed->at_least));
    }
    text_append(notes, "\n");
}

void judge_tell(struct worker *worker)
{
    note_masked(worker);
    note_groups(worker);
}

/* ---- The ledger ---- */

static const char *outcome_of(const struct error *err)
{
    switch (err->kind) {
    case ERROR_NONE:
        return "done";
    case ERROR_CANCELLED:
        return "cancelled";
    case ERROR_TIMEOUT:
        return "timeout";
    default:
        return "failed";
    }
}

static void read_readings(const struct worker *worker, struct array *readings)
{
    for (size_t i = 0; i < worker->touches.count; i++) {
        const struct gate_touch *touch = array_at(&worker->touches, i);
        if (touch->product != NULL) {
            struct ledger_reading *reading = array_push(readings);
            *reading = (struct ledger_reading){
                .product = touch->product,
                .table = touch->table,
                .column = touch->column[0] != '\0' ? touch->column : NULL,
            };
        }
    }
}

void judge_log(struct worker *worker, double started, bool was_judged)
{
    const struct outcome *outcome = worker->outcome;
    struct array readings = ARRAY_OF(struct ledger_reading);
    if (worker->catalog == NULL || worker->target != worker->db) {
        return;
    }
    char *sql =
        string_copy_bytes(worker->request->sql + worker->span.start, worker->span.length);
    read_readings(worker, &readings);
    bool was_refused = outcome->error.kind == ERROR_FAILED && !was_judged;
    const struct ledger_use use = {
        .mesh = catalog_mesh_path(worker->catalog),
        .role = worker->request->role,
        .team = worker->request->team,
        .sql = sql,
        .saved_query = worker->request->saved_query,
        .purpose = worker->verdict.purpose != NULL ? worker->verdict.purpose
                                                   : worker->request->purpose,
        .classification = worker->verdict.classification,
        .outcome = was_refused ? "refused" : outcome_of(&outcome->error),
        .rows = worker->has_rows ? outcome->rows : 0,
        .seconds = path_monotonic() - started,
        .readings = readings.items,
        .reading_count = readings.count,
    };
    if (readings.count > 0) {
        ledger_add_use(&use, NULL); /* who reads waits for no log */
    }
    free(sql);
    array_release(&readings);
}
