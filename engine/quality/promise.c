/* quality/promise: service levels, held against facts: times in the data (freshness,
 * latency, retention), periods without rows (frequency of a column, calendar.c), and the
 * log of fetches (availability, frequency and latency of the product as a whole).
 *
 * freshness and latency: now - newest; retention: now - oldest. What the log shows too
 * late may be the fault of whoever fetched too late: that is not run, never failed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine/quality/calendar.h"
#include "engine/store.h"

enum { HOUR = 3600, DAY = 86400, NEWEST_FETCHES = 1000 };

/* ---- The plan ---- */

static const struct {
    const char *name, *metric, *dimension;
} metrics[] = {
    {"freshness", "freshness", "timeliness"},
    {"latency", "latency", "timeliness"},
    {"ly", "latency", "timeliness"},
    {"retention", "retention", "timeliness"},
    {"re", "retention", "timeliness"},
    {"frequency", "frequency", "completeness"},
    {"fy", "frequency", "completeness"},
    {"availability", "availability", NULL},
    {"av", "availability", NULL},
};

static void plan_element(struct quality_plan *plan, sqlite3_stmt *stmt,
                         const char *element)
{
    const char *property = store_text(stmt, 0), *metric = property, *dimension = NULL;
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        if (string_equal_fold(metrics[i].name, property)) {
            metric = metrics[i].metric;
            dimension = metrics[i].dimension;
        }
    }
    const char *dot = element != NULL ? strchr(element, '.') : NULL;
    char *object = dot != NULL ? string_copy_bytes(element, (size_t)(dot - element))
                               : string_copy(element);
    char *table = object != NULL ? quality_plan_table(plan, object) : NULL;
    plan->object = object;
    plan->table = table != NULL ? table : object;
    struct quality_check *check =
        quality_plan_add(plan, "sla", metric, dot != NULL ? dot + 1 : NULL);
    check->arguments = store_text_copy(stmt, 1);
    check->line = sqlite3_column_int(stmt, 3);
    check->description = store_text_copy(stmt, 4);
    free(check->dimension);
    check->dimension = string_copy(dimension);
    free(object);
    free(table);
    plan->object = plan->table = NULL;
}

static void plan_promise(struct quality_plan *plan, sqlite3_stmt *stmt)
{
    char *elements = store_text_copy(stmt, 2);
    bool any = false;
    for (char *at = elements; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ",");
        bool more = at[length] == ',';
        at[length] = '\0';
        char *element = string_trim(at);
        if (element[0] != '\0') {
            plan_element(plan, stmt, element);
            any = true;
        }
        at += length + more;
    }
    if (!any) {
        plan_element(plan, stmt, NULL);
    }
    free(elements);
}

void quality_plan_promises(struct quality_plan *plan)
{
    sqlite3_stmt *stmt = store_prepare(
        plan->db,
        "SELECT property,json_object('value',value,'unit',unit,'schedule',schedule),"
        "element,line,description FROM sla WHERE contract_row=?1 ORDER BY rowid",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "l", plan->contract_row);
        while (store_step(stmt, NULL) == STORE_ROW) {
            plan_promise(plan, stmt);
        }
    }
    store_finish(stmt);
}

/* ---- What is promised ---- */

struct promise {
    char *value, *schedule; /* "24 h", as written with its unit */
    double seconds;         /* 0: it is no period */
    double scale;           /* seconds of the unit it is told in */
    const char *unit;
};

static void read_promise(sqlite3 *db, const struct quality_check *check,
                         struct promise *promise)
{
    promise->value =
        store_string(db,
                     "SELECT trim(coalesce(json_extract(?1,'$.value'),'')||' '||"
                     "coalesce(json_extract(?1,'$.unit'),''))",
                     "s", check->arguments);
    promise->schedule =
        store_string(db, "SELECT json_extract(?1,'$.schedule')", "s", check->arguments);
    promise->seconds = catalog_period(promise->value != NULL ? promise->value : "");
    bool days = promise->seconds >= 2 * DAY;
    promise->scale = days ? DAY : HOUR;
    promise->unit = days ? "days" : "hours";
}

static void release_promise(struct promise *promise)
{
    free(promise->value);
    free(promise->schedule);
}

static void set_operator(struct quality_check *check, const char *operator, double bound)
{
    free(check->op);
    free(check->lo);
    check->op = string_copy(operator);
    check->lo = quality_number_text(bound);
}

/* One number by a statement of ours, which stands in the check then. */
static void judge_statement(struct quality_session *session, struct quality_check *check,
                            const char *unit, struct text *sql)
{
    struct error why = {0};
    free(check->sql);
    check->sql = text_take(sql);
    sqlite3_stmt *stmt = store_prepare(session->db, check->sql, &why);
    enum store_step step = stmt != NULL ? store_step(stmt, &why) : STORE_FAILED;
    if (step == STORE_FAILED) {
        quality_broke(check, "%s", why.message);
    } else if (step == STORE_DONE || sqlite3_column_type(stmt, 0) == SQLITE_NULL) {
        quality_not_run(check, "there is no row with a time to tell by");
    } else {
        quality_judge(check, true, sqlite3_column_double(stmt, 0));
        if (check->threshold != NULL && unit != NULL) {
            char *threshold = string_printf("%s %s", check->threshold, unit);
            free(check->threshold);
            check->threshold = threshold;
        }
    }
    store_finish(stmt);
}

static void tell(struct quality_check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void tell(struct quality_check *check, const char *format, ...)
{
    struct text reason = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&reason, format, args);
    va_end(args);
    free(check->reason);
    check->reason = text_take(&reason);
}

static bool is_passed(const struct quality_check *check)
{
    return check->outcome == QUALITY_PASSED;
}

/* ---- Times in the data ---- */

static void append_from(struct text *sql, const struct quality_session *session,
                        const struct quality_check *check)
{
    text_append(sql, " FROM ");
    store_quote_name(sql, session->schema);
    text_append_char(sql, '.');
    store_quote_name(sql, check->table);
}

/* Rows that show it: those that are too old, or the newest. */
static void write_rows(const struct quality_session *session, struct quality_check *check,
                       const struct promise *promise)
{
    const struct quality_table *table = quality_table_named(session, check->table);
    struct text sql = {0};
    text_append(&sql, "SELECT ");
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct quality_column *column = array_at(&table->columns, i);
        if (column->key_position > 0 && column->name != NULL && !column->is_sensitive &&
            column->hidden == NULL && !string_equal_fold(column->name, check->column)) {
            store_quote_name(&sql, column->name);
            text_append(&sql, ", ");
        }
    }
    store_quote_name(&sql, check->column);
    append_from(&sql, session, check);
    if (string_equal(check->metric, "retention")) {
        text_append(&sql, " WHERE epoch(");
        store_quote_name(&sql, check->column);
        text_printf(&sql, ") < epoch(datetime('now')) - %.0f ORDER BY ",
                    promise->seconds);
        store_quote_name(&sql, check->column);
    } else {
        text_append(&sql, " ORDER BY ");
        store_quote_name(&sql, check->column);
        text_append(&sql, " DESC LIMIT 10");
    }
    free(check->rows_sql);
    check->rows_sql = text_take(&sql);
}

static void run_age(struct quality_session *session, struct quality_check *check,
                    const struct promise *promise)
{
    struct text sql = {0};
    bool oldest = string_equal(check->metric, "retention");
    text_printf(&sql, "SELECT round((epoch(datetime('now')) - epoch(%s(",
                oldest ? "min" : "max");
    store_quote_name(&sql, check->column);
    text_printf(&sql, "))) / %.0f, 4) AS %s", promise->scale, promise->unit);
    append_from(&sql, session, check);
    set_operator(check, "mustBeLessOrEqualTo", promise->seconds / promise->scale);
    judge_statement(session, check, promise->unit, &sql);
    const struct quality_column *column =
        quality_column_named(quality_table_named(session, check->table), check->column);
    if (is_passed(check) || check->value == NULL) {
        return;
    }
    tell(check, "the %s %s.%s is %s %s old, promised are %s",
         oldest ? "oldest" : "newest", check->object, check->property, check->value,
         promise->unit, check->lo);
    if (!column->is_sensitive) {
        write_rows(session, check, promise);
    }
}

static void run_calendar(struct quality_session *session, struct quality_check *check,
                         const struct promise *promise)
{
    struct calendar calendar = {session->schema,
                                check->table,
                                check->column,
                                "day",
                                1,
                                calendar_is_weekdays(promise->schedule) ||
                                    string_equal_fold(promise->value, "weekdays")};
    struct text sql = {0};
    if (!calendar.weekdays && !calendar_of_period(promise->seconds, &calendar)) {
        quality_not_run(check, "\"%.60s\" is no period of a calendar", promise->value);
        return;
    }
    calendar_append(&sql, &calendar, false);
    set_operator(check, "mustBe", 0);
    judge_statement(session, check, NULL, &sql);
    if (!is_passed(check) && check->value != NULL) {
        calendar_append(&sql, &calendar, true);
        free(check->rows_sql);
        check->rows_sql = text_take(&sql);
        tell(check,
             "%s of the promised periods (%s) between the first and the last row "
             "have no row",
             check->value, promise->value);
    }
}

/* False: the column cannot be judged, and the check says why. */
static bool has_column(const struct quality_session *session, struct quality_check *check)
{
    const struct quality_table *table = quality_table_named(session, check->object);
    const struct quality_column *column = quality_column_named(table, check->property);
    if (column == NULL || column->name == NULL) {
        quality_not_run(check, "there is no column %s.%s in the data", check->object,
                        check->property);
        return false;
    }
    if (column->hidden != NULL) {
        quality_not_run(check,
                        "it needs the column %s, which is not as the source has "
                        "it: %s",
                        check->property, column->hidden);
        return false;
    }
    return true;
}

/* ---- The log of fetches ---- */

/* The newest fetches of the product; a mesh whose clock stands still saw none later. */
static void append_log(struct text *sql, const struct quality_session *session,
                       const struct quality_check *check)
{
    text_append(sql,
                "WITH log AS (SELECT outcome, min(epoch(at), epoch(datetime('now'))) "
                "AS at, epoch(source_changed) AS changed FROM ledger.fetch WHERE "
                "mesh = ");
    store_quote_string(sql, catalog_mesh_path(session->spec->catalog));
    text_append(sql, " AND product = ");
    store_quote_string(sql, check->product);
    text_printf(sql, " ORDER BY id DESC LIMIT %d) ", NEWEST_FETCHES);
}

static void run_availability(struct quality_session *session, struct quality_check *check,
                             const struct promise *promise)
{
    struct text sql = {0};
    char *end = NULL;
    double percent = promise->value != NULL ? strtod(promise->value, &end) : -1;
    if (end == promise->value || percent < 0 || percent > 100) {
        quality_not_run(check, "\"%.60s\" is no share of the time", promise->value);
        return;
    }
    bool is_share = percent <= 1 && strpbrk(promise->value, "%p") == NULL;
    append_log(&sql, session, check);
    text_append(&sql, "SELECT round(sum(outcome <> 'failed') * 100.0 / nullif(count(*), "
                      "0), 3) AS percent FROM log");
    set_operator(check, "mustBeGreaterOrEqualTo", is_share ? percent * 100 : percent);
    judge_statement(session, check, "% of attempts", &sql);
}

/* When somebody looked last: how old the newest change at the source was. */
static void run_look(struct quality_session *session, struct quality_check *check,
                     const struct promise *promise)
{
    struct text sql = {0};
    bool came = string_equal(check->metric, "latency");
    append_log(&sql, session, check);
    text_printf(&sql,
                "SELECT round(max(0, at - changed) / %.0f, 4) AS %s FROM log WHERE "
                "changed IS NOT NULL AND outcome %s LIMIT 1",
                promise->scale, promise->unit, came ? "= 'fetched'" : "<> 'failed'");
    set_operator(check, "mustBeLessOrEqualTo", promise->seconds / promise->scale);
    judge_statement(session, check, promise->unit, &sql);
    if (!came && !is_passed(check) && check->value != NULL) {
        tell(check,
             "when somebody looked last, the newest change at the source was %s %s "
             "old, promised is one in %s",
             check->value, promise->unit, promise->value);
    } else if (came && !is_passed(check) && check->value != NULL) {
        quality_not_run(check,
                        "%s %s lay between the last change and its fetch; nobody "
                        "fetched in time to show that it was there earlier",
                        check->value, promise->unit);
    }
}

/* ---- Dispatch ---- */

static bool is_metric(const struct quality_check *check, const char *metric)
{
    return string_equal(check->metric, metric);
}

static void run_of_log(struct quality_session *session, struct quality_check *check,
                       const struct promise *promise)
{
    if (session->spec->file != NULL) {
        quality_not_run(check, "the log of fetches tells nothing about this file");
    } else if (is_metric(check, "availability")) {
        run_availability(session, check, promise);
    } else if (is_metric(check, "retention")) {
        quality_not_run(check, "it names no column with the age of rows (element)");
    } else if (promise->seconds <= 0) {
        quality_not_run(check, "\"%.60s\" is no period", promise->value);
    } else {
        run_look(session, check, promise);
    }
    if (check->outcome == QUALITY_NOT_RUN && check->value == NULL && check->sql != NULL) {
        quality_not_run(check, "the log of fetches does not tell");
    }
}

static void run_of_column(struct quality_session *session, struct quality_check *check,
                          const struct promise *promise)
{
    if (!has_column(session, check)) {
        return;
    }
    if (is_metric(check, "frequency")) {
        run_calendar(session, check, promise);
    } else if (promise->seconds <= 0) {
        quality_not_run(check, "\"%.60s\" is no period that times in data can show",
                        promise->value);
    } else {
        run_age(session, check, promise);
    }
}

static bool is_provable(const struct quality_check *check)
{
    static const char *const known[] = {"freshness", "latency", "retention", "frequency",
                                        "availability"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (is_metric(check, known[i])) {
            return true;
        }
    }
    return false;
}

bool quality_run_promise(struct quality_session *session, struct quality_check *check,
                         struct error *err)
{
    struct promise promise = {0};
    if (!is_provable(check)) {
        quality_not_run(check, "neither the data nor the log of fetches can show it");
        return true;
    }
    confine_trusted(session->confine, true);
    read_promise(session->db, check, &promise);
    if (check->property != NULL && !is_metric(check, "availability")) {
        run_of_column(session, check, &promise);
    } else {
        run_of_log(session, check, &promise);
    }
    release_promise(&promise);
    confine_trusted(session->confine, false);
    return !job_cancelled(session->port) ||
           error_set(err, ERROR_CANCELLED, "the checks were cancelled");
}
