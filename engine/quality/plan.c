/* quality/plan: every check of a product: what is declared, every rule, and which of them
 * were asked for. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

/* ---- One check ---- */

/* What a metric says about the data, unless its rule says another dimension. */
static const char *dimension_of(const char *metric)
{
    static const struct {
        const char *metric, *dimension;
    } known[] = {
        {"required", "completeness"},
        {"nullValues", "completeness"},
        {"missingValues", "completeness"},
        {"rowCount", "completeness"},
        {"unique", "uniqueness"},
        {"primaryKey", "uniqueness"},
        {"duplicateValues", "uniqueness"},
        {"present", "conformity"},
        {"type", "conformity"},
        {"minLength", "conformity"},
        {"maxLength", "conformity"},
        {"minimum", "conformity"},
        {"maximum", "conformity"},
        {"exclusiveMinimum", "conformity"},
        {"exclusiveMaximum", "conformity"},
        {"multipleOf", "conformity"},
        {"pattern", "conformity"},
        {"format", "conformity"},
        {"enum", "conformity"},
        {"invalidValues", "conformity"},
        {"minItems", "conformity"},
        {"maxItems", "conformity"},
        {"uniqueItems", "conformity"},
        {"minProperties", "conformity"},
        {"maxProperties", "conformity"},
        {"requiredMembers", "completeness"},
    };
    for (size_t i = 0; metric != NULL && i < sizeof known / sizeof *known; i++) {
        if (string_equal(known[i].metric, metric)) {
            return known[i].dimension;
        }
    }
    return NULL;
}

static bool is_taken(const struct array *checks, const char *key)
{
    for (size_t i = 0; i < checks->count; i++) {
        const struct quality_check *check = array_at(checks, i);
        if (check->key != NULL && string_equal(check->key, key)) {
            return true;
        }
    }
    return false;
}

/* "orders.status.enum"; the second of a name ends in #2. */
static void set_key(const struct quality_plan *plan, struct quality_check *check)
{
    struct text key = {0};
    const char *const parts[] = {check->object, check->property, check->rule};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i] != NULL) {
            text_printf(&key, "%s%s", key.length > 0 ? "." : "", parts[i]);
        }
    }
    size_t length = key.length;
    for (int n = 2; is_taken(plan->checks, text_string(&key)); n++) {
        text_truncate(&key, length);
        text_printf(&key, "#%d", n);
    }
    check->key = text_take(&key);
}

static struct quality_check *add_check(struct quality_plan *plan, const char *type,
                                       const char *metric, const char *property)
{
    struct quality_check *check = array_push(plan->checks);
    check->product = string_copy(plan->product);
    check->contract = string_copy(plan->contract);
    check->object = string_copy(plan->object);
    check->property = string_copy(property);
    check->table = string_copy(plan->table);
    check->column = string_copy(property);
    check->type = string_copy(type);
    check->metric = string_copy(metric);
    check->dimension = string_copy(dimension_of(metric));
    check->path = string_copy(plan->path);
    check->outcome = QUALITY_NOT_RUN;
    check->total = -1;
    check->percent = -1;
    return check;
}

/* "money, gdpr": the words of a rule, and of the property or object it is about. Yours.
 */
static char *tags_of(const struct quality_plan *plan, const char *property,
                     const char *rule)
{
    char *object = plan->object != NULL
                       ? string_printf("%s/%s", plan->contract, plan->object)
                       : string_copy(plan->contract);
    char *whole =
        property != NULL ? string_printf("%s/%s", object, property) : string_copy(object);
    char *own = rule != NULL ? string_printf("%s/%s", whole, rule) : NULL;
    char *tags = store_string(
        plan->db,
        "SELECT group_concat(DISTINCT tag) FROM tag WHERE (owner_kind='rule' AND "
        "owner_id=?1) OR (owner_kind IN('property','object') AND owner_id IN(?2,?3))",
        "sss", own, whole, object);
    free(own);
    free(whole);
    free(object);
    return tags;
}

struct quality_check *quality_plan_add(struct quality_plan *plan, const char *type,
                                       const char *metric, const char *property)
{
    struct quality_check *check = add_check(plan, type, metric, property);
    check->rule = string_copy(metric);
    check->tags = tags_of(plan, property, NULL);
    set_key(plan, check);
    return check;
}

/* ---- Rules ---- */

/* Names of 3.0 and of its examples; what has no operator there must never happen. */
static const struct {
    const char *old, *metric;
    bool is_never;
} old_metrics[] = {
    {"duplicateCount", "duplicateValues", true},
    {"validValues", "invalidValues", true},
    {"nullCheck", "nullValues", true},
    {"uniqueCheck", "duplicateValues", true},
    {"row_count", "rowCount", false},
};

static void use_old_name(struct quality_check *check)
{
    for (size_t i = 0; i < sizeof old_metrics / sizeof *old_metrics; i++) {
        if (!string_equal(check->metric, old_metrics[i].old)) {
            continue;
        }
        free(check->metric);
        check->metric = string_copy(old_metrics[i].metric);
        if (check->op == NULL && old_metrics[i].is_never) {
            check->op = string_copy("mustBe");
            check->lo = string_copy("0");
        }
        return;
    }
}

static void add_rule(struct quality_plan *plan, sqlite3_stmt *stmt)
{
    char *property = store_text_copy(stmt, 0);
    char *metric = store_text_copy(stmt, 4);
    struct quality_check *check = add_check(plan, store_text(stmt, 3), metric, property);
    char *id = store_text_copy(stmt, 1), *name = store_text_copy(stmt, 2);
    check->rule = string_copy(id != NULL       ? id
                              : name != NULL   ? name
                              : metric != NULL ? metric
                                               : check->type);
    if (sqlite3_column_type(stmt, 5) != SQLITE_NULL) {
        free(check->dimension);
        check->dimension = store_text_copy(stmt, 5);
    }
    check->op = store_text_copy(stmt, 6);
    check->lo = store_text_copy(stmt, 7);
    check->hi = store_text_copy(stmt, 8);
    check->unit = store_text_copy(stmt, 9);
    check->severity = store_text_copy(stmt, 10);
    check->query = store_text_copy(stmt, 11);
    check->description = store_text_copy(stmt, 12);
    check->arguments = store_text_copy(stmt, 13);
    check->line = sqlite3_column_int(stmt, 14);
    char *position = string_printf("%d", sqlite3_column_int(stmt, 15));
    check->tags = tags_of(plan, property, id != NULL ? id : position);
    use_old_name(check);
    set_key(plan, check);
    free(position);
    free(id);
    free(name);
    free(metric);
    free(property);
}

/* Rules of one object and its properties, or with a NULL object of the contract. */
static void plan_rules(struct quality_plan *plan)
{
    sqlite3_stmt *stmt = store_prepare(
        plan->db,
        "SELECT property,id,name,type,metric,dimension,operator,lo,hi,unit,severity,"
        "query,description,arguments,line,position FROM rule WHERE contract_row=?1 AND "
        "object IS ?2 ORDER BY rowid",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "ls", plan->contract_row, plan->object);
        while (store_step(stmt, NULL) == STORE_ROW) {
            add_rule(plan, stmt);
        }
    }
    store_finish(stmt);
}

/* ---- Objects and contracts ---- */

char *quality_plan_table(const struct quality_plan *plan, const char *object)
{
    return store_string(plan->db,
                        "SELECT t.sql_name FROM table_of t JOIN object o ON "
                        "o.rowid=t.object_row WHERE o.contract_row=?1 AND o.name=?2 AND "
                        "t.product_row=(SELECT rowid FROM product WHERE key=?3) LIMIT 1",
                        "lss", plan->contract_row, object, plan->product);
}

static void plan_objects(struct quality_plan *plan)
{
    sqlite3_stmt *stmt = store_prepare(
        plan->db,
        "SELECT o.rowid,o.name,(SELECT t.sql_name FROM table_of t WHERE t.object_row="
        "o.rowid AND t.product_row=(SELECT rowid FROM product WHERE key=?2) LIMIT 1) "
        "FROM object o WHERE o.contract_row=?1 ORDER BY o.rowid",
        NULL);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "ls", plan->contract_row, plan->product);
    while (store_step(stmt, NULL) == STORE_ROW) {
        char *object = store_text_copy(stmt, 1), *table = store_text_copy(stmt, 2);
        plan->object_row = sqlite3_column_int64(stmt, 0);
        plan->object = object;
        plan->table = table != NULL ? table : object;
        quality_plan_object(plan);
        plan_rules(plan);
        free(object);
        free(table);
    }
    store_finish(stmt);
    plan->object = plan->table = NULL;
}

static void plan_contract(struct quality_plan *plan, long long row)
{
    sqlite3_stmt *stmt = store_prepare(
        plan->db, "SELECT id,path,standard FROM contract WHERE rowid=?1", NULL);
    if (stmt != NULL) {
        store_bind(stmt, "l", row);
    }
    if (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        char *id = store_text_copy(stmt, 0), *path = store_text_copy(stmt, 1);
        plan->contract = id;
        plan->path = path;
        plan->contract_row = row;
        plan->is_anchored = string_equal(store_text(stmt, 2), "package");
        plan_objects(plan);
        plan_rules(plan);
        quality_plan_relations(plan);
        quality_plan_promises(plan);
        free(id);
        free(path);
    }
    store_finish(stmt);
}

/* Contracts under which a product delivers, in the order of its tables. */
static void plan_contracts(struct quality_plan *plan)
{
    sqlite3_stmt *stmt = store_prepare(
        plan->db,
        "SELECT contract_row,min(n) FROM (SELECT contract_row,position AS n FROM "
        "table_of "
        "WHERE product_row=(SELECT rowid FROM product WHERE key=?1) UNION ALL SELECT "
        "contract_row,1000000 FROM port WHERE dir='out' AND product_row=(SELECT rowid "
        "FROM product WHERE key=?1)) WHERE contract_row>0 GROUP BY 1 ORDER BY 2,1",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "s", plan->product);
        while (store_step(stmt, NULL) == STORE_ROW) {
            plan_contract(plan, sqlite3_column_int64(stmt, 0));
        }
    }
    store_finish(stmt);
}

/* ---- Selection ---- */

/* `word` is one of the words of a list that is separated by commas. */
static bool list_has(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *p = list; p != NULL && *p != '\0'; p += strspn(p, ", ")) {
        size_t one = strcspn(p, ",");
        if (one == length && sqlite3_strnicmp(p, word, (int)length) == 0) {
            return true;
        }
        p += one;
    }
    return false;
}

static bool is_selected(const struct quality_selection *wanted,
                        const struct quality_check *check)
{
    return (wanted->rule == NULL || string_equal(wanted->rule, check->rule) ||
            string_equal(wanted->rule, check->key)) &&
           (wanted->tag == NULL || list_has(check->tags, wanted->tag)) &&
           (wanted->dimension == NULL ||
            string_equal_fold(wanted->dimension, check->dimension)) &&
           (wanted->object == NULL || string_equal_fold(wanted->object, check->object) ||
            string_equal_fold(wanted->object, check->table));
}

static bool select_checks(const struct quality_spec *spec, struct array *checks,
                          struct error *err)
{
    const struct quality_selection *wanted = &spec->selection;
    struct array kept = ARRAY_OF(struct quality_check);
    struct array others = ARRAY_OF(struct quality_check);
    for (size_t i = 0; i < checks->count; i++) {
        const struct quality_check *check = array_at(checks, i);
        *(struct quality_check *)array_push(
            is_selected(wanted, check) ? &kept : &others) = *check;
    }
    bool selects = wanted->rule != NULL || wanted->tag != NULL ||
                   wanted->dimension != NULL || wanted->object != NULL;
    size_t count = checks->count;
    array_release(checks);
    quality_release(&others);
    *checks = kept;
    if (selects && kept.count == 0) {
        return error_set(err, ERROR_USAGE,
                         "none of the %zu checks of %s is what was asked for (%s), so "
                         "nothing would be tested",
                         count, spec->product,
                         wanted->rule != NULL        ? wanted->rule
                         : wanted->tag != NULL       ? wanted->tag
                         : wanted->dimension != NULL ? wanted->dimension
                                                     : wanted->object);
    }
    return true;
}

bool quality_plan(const struct quality_spec *spec, struct array *checks,
                  struct error *err)
{
    struct quality_plan plan = {
        .spec = spec,
        .db = catalog_database(spec->catalog),
        .checks = checks,
        .product = spec->product,
    };
    if (spec->contract_row > 0) {
        plan_contract(&plan, spec->contract_row);
    } else {
        plan_contracts(&plan);
    }
    return select_checks(spec, checks, err);
}
