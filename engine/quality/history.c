/* quality/history: the past of checks, as moments and as trends.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/results.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

/* ---- One check ---- */

struct array quality_history(const char *mesh, const char *product, const char *key,
                             int most)
{
    static const char sql[] =
        "SELECT r.at,r.version,c.value,c.threshold,c.reason,c.outcome FROM (SELECT "
        "id,at,version FROM check_run WHERE mesh=?1 AND product=?2 ORDER BY id DESC "
        "LIMIT 1000) r JOIN check_result c ON c.run=r.id WHERE c.key=?3 ORDER BY r.id "
        "DESC LIMIT ?4";
    struct array moments = ARRAY_OF(struct quality_moment);
    sqlite3 *db = results_open();
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, NULL) : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "sssi", mesh, product, key, most > 0 ? most : -1);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(struct quality_moment *)array_push(&moments) = (struct quality_moment){
            .at = store_text_copy(stmt, 0),
            .version = store_text_copy(stmt, 1),
            .value = store_text_copy(stmt, 2),
            .threshold = store_text_copy(stmt, 3),
            .reason = store_text_copy(stmt, 4),
            .outcome = results_outcome(store_text(stmt, 5)),
        };
    }
    store_finish(stmt);
    store_close(db);
    return moments;
}

void quality_history_release(struct array *moments)
{
    for (size_t i = 0; i < moments->count; i++) {
        struct quality_moment *moment = array_at(moments, i);
        free(moment->at);
        free(moment->version);
        free(moment->value);
        free(moment->threshold);
        free(moment->reason);
    }
    array_release(moments);
}

/* ---- All checks of a product ---- */

enum {
    AT_COLUMN,
    CONTRACT_COLUMN,
    KEY_COLUMN,
    OBJECT_COLUMN,
    PROPERTY_COLUMN,
    RULE_COLUMN,
    OUTCOME_COLUMN,
    VALUE_COLUMN,
    THRESHOLD_COLUMN,
    REASON_COLUMN,
    SQL_COLUMN,
    RUN_COLUMN,
};

static const char trends_sql[] =
    "SELECT r.at,coalesce(r.contract,''),c.key,c.object,c.property,c.rule,c.outcome,"
    "c.value,c.threshold,c.reason,c.sql,r.id FROM (SELECT id,at,contract FROM check_run "
    "WHERE mesh=?1 AND product=?2 ORDER BY id DESC LIMIT 1000) r JOIN check_result c ON "
    "c.run=r.id ORDER BY r.id DESC,c.rowid";

static struct quality_trend *new_trend(struct array *trends, sqlite3_stmt *stmt)
{
    struct quality_trend *trend = array_push(trends);
    trend->contract = store_text_copy(stmt, CONTRACT_COLUMN);
    trend->key = store_text_copy(stmt, KEY_COLUMN);
    trend->object = store_text_copy(stmt, OBJECT_COLUMN);
    trend->property = store_text_copy(stmt, PROPERTY_COLUMN);
    trend->rule = store_text_copy(stmt, RULE_COLUMN);
    trend->value = store_text_copy(stmt, VALUE_COLUMN);
    trend->threshold = store_text_copy(stmt, THRESHOLD_COLUMN);
    trend->reason = store_text_copy(stmt, REASON_COLUMN);
    trend->sql = store_text_copy(stmt, SQL_COLUMN);
    trend->outcome = results_outcome(store_text(stmt, OUTCOME_COLUMN));
    trend->is_always = true;
    return trend;
}

/* Trends of one contract have the same order in each run, as long as nobody changes it:
 * the search begins behind the one that was found last. */
static struct quality_trend *find_trend(const struct array *trends, sqlite3_stmt *stmt,
                                        size_t *last)
{
    const char *contract = store_text(stmt, CONTRACT_COLUMN);
    const char *key = store_text(stmt, KEY_COLUMN);
    for (size_t i = 0; i < trends->count; i++) {
        size_t at = (*last + 1 + i) % trends->count;
        struct quality_trend *trend = array_at(trends, at);
        if (string_equal(trend->key, key) && string_equal(trend->contract, contract)) {
            *last = at;
            return trend;
        }
    }
    return NULL;
}

static double number_of(const char *text)
{
    char *end = NULL;
    double number = *text != '\0' ? strtod(text, &end) : NAN;
    return *text != '\0' && *end == '\0' ? number : NAN;
}

static void replace(char **string, const char *by)
{
    free(*string);
    *string = string_copy(by);
}

/* One run more into the past. */
static void go_back(struct quality_trend *trend, sqlite3_stmt *stmt)
{
    const char *at = store_text(stmt, AT_COLUMN);
    enum quality_outcome outcome = results_outcome(store_text(stmt, OUTCOME_COLUMN));
    trend->is_always = trend->is_always && outcome == trend->outcome;
    if (trend->is_always) {
        replace(&trend->since, at);
    }
    if (results_is_bad(outcome)) {
        replace(&trend->first_bad, at);
    }
    trend->runs++;
    trend->bad += results_is_bad(outcome) || outcome == QUALITY_ERROR;
    if (trend->length < QUALITY_TREND_LENGTH) {
        trend->values[trend->length] = number_of(store_text(stmt, VALUE_COLUMN));
        trend->outcomes[trend->length++] = outcome;
    }
}

/* They were taken from the newest on. */
static void turn_round(struct quality_trend *trend)
{
    for (int i = 0, j = trend->length - 1; i < j; i++, j--) {
        double value = trend->values[i];
        enum quality_outcome outcome = trend->outcomes[i];
        trend->values[i] = trend->values[j];
        trend->outcomes[i] = trend->outcomes[j];
        trend->values[j] = value;
        trend->outcomes[j] = outcome;
    }
}

static bool is_newest(const struct array *runs, long long id)
{
    for (size_t i = 0; i < runs->count; i++) {
        if (((const struct results_run *)array_at(runs, i))->id == id) {
            return true;
        }
    }
    return false;
}

static void take_trends(sqlite3_stmt *stmt, const struct array *newest,
                        struct array *trends)
{
    size_t last = 0;
    while (store_step(stmt, NULL) == STORE_ROW) {
        struct quality_trend *trend = find_trend(trends, stmt, &last);
        if (trend == NULL && is_newest(newest, sqlite3_column_int64(stmt, RUN_COLUMN))) {
            trend = new_trend(trends, stmt);
            last = trends->count - 1;
        }
        if (trend != NULL) { /* else nobody checks that any more */
            go_back(trend, stmt);
        }
    }
    for (size_t i = 0; i < trends->count; i++) {
        turn_round(array_at(trends, i));
    }
}

struct array quality_trends(const char *mesh, const char *product)
{
    struct array trends = ARRAY_OF(struct quality_trend);
    sqlite3 *db = results_open();
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, trends_sql, NULL) : NULL;
    if (stmt != NULL) {
        struct array newest = results_newest(db, mesh, product);
        store_bind(stmt, "ss", mesh, product);
        take_trends(stmt, &newest, &trends);
        results_runs_release(&newest);
    }
    store_finish(stmt);
    store_close(db);
    return trends;
}

void quality_trends_release(struct array *trends)
{
    for (size_t i = 0; i < trends->count; i++) {
        struct quality_trend *trend = array_at(trends, i);
        char *strings[] = {trend->contract, trend->key,      trend->object,
                           trend->property, trend->rule,     trend->value,
                           trend->sql,      trend->since,    trend->threshold,
                           trend->reason,   trend->first_bad};
        for (size_t j = 0; j < sizeof strings / sizeof *strings; j++) {
            free(strings[j]);
        }
    }
    array_release(trends);
}

/* ---- Drawn ---- */

static void find_range(const struct quality_trend *trend, double *least, double *most)
{
    *least = INFINITY;
    *most = -INFINITY;
    for (int i = 0; i < trend->length; i++) {
        *least = trend->values[i] < *least ? trend->values[i] : *least;
        *most = trend->values[i] > *most ? trend->values[i] : *most;
    }
}

void quality_sparkline(const struct quality_trend *trend, bool unicode, struct text *out)
{
    static const char *const heights[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const int of_outcome[] = {0, 3, 7, 7, 0};
    static const char ascii[] = {'.', ':', '|', '!', '-'};
    enum { STEPS = sizeof heights / sizeof *heights - 1 };
    double least, most;
    find_range(trend, &least, &most);
    for (int i = 0; i < trend->length; i++) {
        double value = trend->values[i];
        enum quality_outcome outcome = trend->outcomes[i];
        int height = isnan(value) ? of_outcome[outcome]
                     : most > least
                         ? (int)lround((value - least) / (most - least) * STEPS)
                         : of_outcome[outcome];
        if (!unicode) {
            text_append_char(out, ascii[outcome]);
        } else if (outcome == QUALITY_NOT_RUN) {
            text_append(out, "·");
        } else {
            text_append(out, heights[height]);
        }
    }
}
