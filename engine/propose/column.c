/* propose/column: what the statistics of a column, or the count of a table, prove.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/propose/private.h"
#include "engine/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FEW_ROWS = 10,    /* fewer prove nothing */
    MOST_VALUES = 12, /* of an enumeration */
    EACH_VALUE = 20,  /* times on average */
    ESTIMATE_PERCENT = 95,
};

static long long values_of(const struct profile *profile)
{
    return profile->integers + profile->reals + profile->texts;
}

static char *counted(long long count, const char *noun)
{
    struct text text = {0};
    text_append_count(&text, count, noun);
    return text_take(&text);
}

/* ---- Required ---- */

void propose_presence(const struct subject *subject, struct profile *profile)
{
    if (profile->required || profile->nulls > 0 || subject->rows < FEW_ROWS ||
        propose_has_rule(subject, profile->property, "'nullValues','missingValues'")) {
        return;
    }
    char *rows = counted(subject->rows, "row");
    struct proposal *proposal =
        propose_add(subject, profile, "required", string_copy("required"),
                    string_printf("none of %s is without a value", rows));
    free(rows);
    if (proposal != NULL) {
        proposal->sql =
            string_printf("SELECT count(*) AS missing FROM %s WHERE %s IS NULL",
                          subject->source, profile->column);
        proposal->where = "required";
        proposal->value = string_copy("true");
    }
}

/* ---- Unique ---- */

static bool is_unique(const struct subject *subject, const struct profile *profile)
{
    long long values = values_of(profile);
    if (profile->is_exact) {
        return profile->distinct == values;
    }
    if (profile->distinct * 100 < values * ESTIMATE_PERCENT) {
        return false;
    }
    char *sql =
        string_printf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s IS NOT NULL "
                      "GROUP BY %s HAVING count(*)>1 LIMIT 1)",
                      subject->source, profile->column, profile->column);
    bool is = propose_count(subject, sql, 1) == 0;
    free(sql);
    return is;
}

static bool is_called_like_key(const char *name)
{
    static const char *const ends[] = {"id",  "_key", "number", "_no",
                                       "sku", "code", "uuid",   "_nr"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t length = strlen(name), end = strlen(ends[i]);
        if (length >= end && string_equal_fold(name + length - end, ends[i])) {
            return true;
        }
    }
    return string_equal_fold(name, "key");
}

void propose_key(struct subject *subject, struct profile *profile)
{
    bool is_candidate = !profile->unique && !profile->is_key && profile->reals == 0 &&
                        values_of(profile) >= FEW_ROWS && !propose_is_moment(profile) &&
                        is_called_like_key(profile->property);
    if (!is_candidate ||
        propose_has_rule(subject, profile->property, "'duplicateValues'") ||
        !is_unique(subject, profile)) {
        return;
    }
    bool is_key =
        !subject->has_key && profile->nulls == 0 && is_called_like_key(profile->property);
    const char *kind = is_key ? "primary key" : "unique";
    char *values = counted(values_of(profile), "value");
    struct proposal *proposal =
        propose_add(subject, profile, kind, string_copy(kind),
                    string_printf("all of %s are different", values));
    free(values);
    subject->has_key = subject->has_key || is_key;
    profile->unique = true;
    if (proposal != NULL) {
        proposal->sql =
            string_printf("SELECT %s,count(*) AS times FROM %s WHERE %s IS NOT "
                          "NULL GROUP BY 1 HAVING count(*)>1",
                          profile->column, subject->source, profile->column);
        proposal->where = is_key ? "primaryKey" : "unique";
        proposal->value = string_copy("true");
    }
}

/* ---- Bounds ---- */

static void add_bound(const struct subject *subject, const struct profile *profile,
                      bool is_lower)
{
    double seen = is_lower ? profile->least : profile->most;
    double bound = !is_lower   ? propose_round_up(seen)
                   : seen >= 0 ? 0
                               : propose_round_down(seen);
    char *values = counted(values_of(profile), "value");
    struct proposal *proposal =
        propose_add(subject, profile, "bounds",
                    string_printf("at %s %.15g", is_lower ? "least" : "most", bound),
                    string_printf("the %s of %s is %.15g",
                                  is_lower ? "smallest" : "largest", values, seen));
    free(values);
    if (proposal != NULL) {
        proposal->sql = string_printf("SELECT %s(%s) FROM %s", is_lower ? "min" : "max",
                                      profile->column, subject->source);
        proposal->where = "logicalTypeOptions";
        proposal->option = is_lower ? "minimum" : "maximum";
        proposal->value = string_printf("%.15g", bound);
    }
}

void propose_bounds(const struct subject *subject, struct profile *profile)
{
    bool is_number =
        profile->texts == 0 && values_of(profile) >= FEW_ROWS &&
        (string_equal(profile->type, "integer") || string_equal(profile->type, "number"));
    if (!is_number || !isfinite(profile->least) || !isfinite(profile->most)) {
        return;
    }
    if (!propose_has_option(subject, profile->property, "'minimum','exclusiveMinimum'")) {
        add_bound(subject, profile, true);
    }
    /* Numbers of things that are counted on have no end. */
    if (!profile->unique && !profile->is_key && !is_called_like_key(profile->property) &&
        !propose_has_option(subject, profile->property, "'maximum','exclusiveMaximum'")) {
        add_bound(subject, profile, false);
    }
}

/* ---- Lengths ---- */

static void add_length(const struct subject *subject, const struct profile *profile,
                       bool is_lower)
{
    bool is_fixed = profile->shortest == profile->longest;
    long long seen = is_lower ? profile->shortest : profile->longest;
    long long bound = is_fixed   ? seen
                      : is_lower ? 1
                                 : (long long)propose_round_up((double)seen);
    char *values = counted(profile->texts, "text");
    char *signs = counted(seen, "character");
    char *evidence =
        is_fixed ? string_printf("each of %s has %s", values, signs)
                 : string_printf("the %s of %s has %s", is_lower ? "shortest" : "longest",
                                 values, signs);
    char *asked = counted(bound, "character");
    struct proposal *proposal = propose_add(
        subject, profile, "lengths",
        string_printf("at %s %s", is_lower ? "least" : "most", asked), evidence);
    free(asked);
    free(values);
    free(signs);
    if (proposal != NULL) {
        proposal->sql = string_printf("SELECT min(length(%s)),max(length(%s)) FROM %s",
                                      profile->column, profile->column, subject->source);
        proposal->where = "logicalTypeOptions";
        proposal->option = is_lower ? "minLength" : "maxLength";
        proposal->value = string_printf("%lld", bound);
    }
}

void propose_lengths(const struct subject *subject, struct profile *profile)
{
    bool is_text = string_equal(profile->type, "string") && profile->texts >= FEW_ROWS &&
                   profile->integers + profile->reals == 0 && profile->longest > 0;
    if (!is_text || profile->is_enumerated || profile->is_patterned ||
        propose_has_option(subject, profile->property, "'pattern','format'") ||
        propose_has_rule(subject, profile->property, "'invalidValues'")) {
        return;
    }
    if (profile->shortest > 0 &&
        !propose_has_option(subject, profile->property, "'minLength'")) {
        add_length(subject, profile, true);
    }
    if (!propose_has_option(subject, profile->property, "'maxLength'")) {
        add_length(subject, profile, false);
    }
}

/* ---- Few values ---- */

static void list_values(const struct subject *subject, const struct profile *profile,
                        struct text *json, struct text *shown)
{
    char *sql =
        string_printf("SELECT DISTINCT %s FROM %s WHERE %s IS NOT NULL ORDER BY 1",
                      profile->column, subject->source, profile->column);
    sqlite3_stmt *stmt = store_prepare(subject->in->db, sql, NULL);
    text_append_char(json, '[');
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        text_append(json, json->length > 1 ? "," : "");
        text_append_json(json, store_text(stmt, 0));
        text_printf(shown, "%s%s", shown->length > 0 ? ", " : "", store_text(stmt, 0));
    }
    text_append_char(json, ']');
    store_finish(stmt);
    free(sql);
}

void propose_values(const struct subject *subject, struct profile *profile)
{
    bool is_few = profile->is_exact && profile->distinct <= MOST_VALUES &&
                  profile->distinct >= 1 && profile->integers + profile->reals == 0 &&
                  profile->texts >= profile->distinct * EACH_VALUE;
    if (!is_few || !string_equal(profile->type, "string") ||
        propose_has_option(subject, profile->property, "'pattern','format','enum'") ||
        propose_has_rule(subject, profile->property, "'invalidValues'")) {
        return;
    }
    struct text json = {0}, shown = {0};
    list_values(subject, profile, &json, &shown);
    char *texts = counted(profile->texts, "text"),
         *few = counted(profile->distinct, "value");
    struct proposal *proposal = propose_add(
        subject, profile, "values", string_printf("one of %s", text_string(&shown)),
        string_printf("%s have %s only", texts, few));
    profile->is_enumerated = true;
    if (proposal != NULL) {
        struct text rule = {0};
        char *id = string_printf("%s_values", profile->property);
        text_append(&rule, "{\"id\":");
        text_append_json(&rule, id);
        text_append(&rule,
                    ",\"description\":\"It has only these values.\","
                    "\"dimension\":\"conformity\",\"type\":\"library\","
                    "\"metric\":\"invalidValues\",\"arguments\":{\"validValues\":");
        text_append(&rule, text_string(&json));
        text_append(&rule, "},\"mustBe\":0}");
        proposal->sql =
            string_printf("SELECT %s,count(*) AS rows FROM %s GROUP BY 1 ORDER "
                          "BY 1",
                          profile->column, subject->source);
        proposal->change = AMEND_ADD;
        proposal->where = "quality";
        proposal->value = text_take(&rule);
        free(id);
    }
    free(texts);
    free(few);
    text_release(&json);
    text_release(&shown);
}

/* ---- The count of rows ---- */

void propose_rows(const struct subject *subject)
{
    if (subject->rows < FEW_ROWS || propose_has_rule(subject, NULL, "'rowCount'")) {
        return;
    }
    double least = propose_round_down((double)subject->rows / 2);
    double most = propose_round_up((double)subject->rows * 2);
    char *rows = counted(subject->rows, "row");
    struct proposal *proposal =
        propose_add(subject, NULL, "row count",
                    string_printf("between %.0f and %.0f rows", least, most),
                    string_printf("%s are here", rows));
    free(rows);
    if (proposal != NULL) {
        proposal->sql = string_printf("SELECT count(*) FROM %s", subject->source);
        proposal->change = AMEND_ADD;
        proposal->where = "quality";
        proposal->value =
            string_printf("{\"id\":\"rows_expected\",\"description\":\"The table is "
                          "neither much smaller "
                          "nor much larger than it "
                          "was.\",\"dimension\":\"coverage\",\"type\":\"library\","
                          "\"metric\":\"rowCount\",\"mustBeBetween\":[%.0f,%.0f],"
                          "\"severity\":\"warning\"}",
                          least, most);
    }
}
