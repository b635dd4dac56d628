/* gate/judge: what a statement reads, held against the role and the rules of the mesh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/gate/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/mask.h"
#include "engine/store.h"

void gate_touches_release(struct array *touches)
{
    for (size_t i = 0; i < touches->count; i++) {
        struct gate_touch *touch = array_at(touches, i);
        free(touch->product);
        free(touch->table);
        free(touch->column);
        free(touch->classification);
    }
    array_release(touches);
}

void gate_verdict_release(struct gate_verdict *verdict)
{
    for (size_t i = 0; i < verdict->groups.count; i++) {
        struct gate_group *group = array_at(&verdict->groups, i);
        free(group->schema);
        free(group->table);
    }
    array_release(&verdict->groups);
    free(verdict->classification);
    free(verdict->masked);
    free(verdict->reason);
    free(verdict->ask);
    free(verdict->purpose);
    *verdict = (struct gate_verdict){0};
}

/* ---- The work ---- */

struct judging {
    const struct gate_spec *spec;
    const struct gate_touch *touch;
    struct gate_rules rules;
    struct gate_verdict *verdict;
    struct text masked;
    struct catalog_product product; /* of the touch */
    bool has_product;
    const struct catalog_table *table; /* NULL: none that a contract knows */
    char *name;                        /* "product.table" in SQL */
};

static void refuse(struct judging *judging, const char *what,
                   struct policy_verdict *policy)
{
    struct gate_verdict *verdict = judging->verdict;
    if (verdict->answer != GATE_REFUSE) {
        free(verdict->reason);
        free(verdict->ask);
        verdict->answer = GATE_REFUSE;
        verdict->reason =
            string_printf("%s is not for the role %s: %s", what,
                          policy_role(judging->spec->policy), policy->reason);
        verdict->ask = string_copy(policy->ask);
    }
}

static void take_class(struct judging *judging, const char *classification)
{
    struct gate_verdict *verdict = judging->verdict;
    bool is_first = verdict->classification == NULL && classification != NULL;
    if (is_first ||
        (classification != NULL &&
         !gate_is_as_high(&judging->rules, verdict->classification, classification))) {
        free(verdict->classification);
        verdict->classification = string_copy(classification);
    }
}

/* An agreement of the team says it for its product; else the person has to. */
static void ask_purpose(struct judging *judging, const char *column,
                        const char *classification)
{
    struct gate_verdict *verdict = judging->verdict;
    const char *said = judging->spec->purpose;
    char *purpose = said != NULL && said[0] != '\0' ? string_copy(said)
                    : judging->has_product
                        ? gate_agreed_purpose(judging->spec, &judging->product)
                        : NULL;
    if (purpose != NULL) {
        free(verdict->purpose);
        verdict->purpose = purpose;
    } else if (verdict->answer == GATE_RUN) {
        verdict->answer = GATE_ASK_PURPOSE;
        verdict->reason =
            string_printf("%s%s%s is %s%sread for a purpose only", judging->name,
                          column[0] != '\0' ? "." : "", column,
                          classification != NULL ? classification : "",
                          classification != NULL ? " and is " : "");
    }
}

static void need_group(struct judging *judging, long long at_least, bool is_inside)
{
    struct gate_verdict *verdict = judging->verdict;
    const char *dot = strchr(judging->name, '.'); /* "product.table" in SQL */
    char *schema = string_copy_bytes(judging->name, (size_t)(dot - judging->name));
    struct gate_group *group = NULL;
    for (size_t i = 0; i < verdict->groups.count && group == NULL; i++) {
        struct gate_group *one = array_at(&verdict->groups, i);
        bool is_it = string_equal_fold(one->schema, schema) &&
                     string_equal_fold(one->table, dot + 1);
        group = is_it ? one : NULL;
    }
    if (group == NULL) {
        group = array_push(&verdict->groups);
        group->schema = string_copy(schema);
        group->table = string_copy(dot + 1);
    }
    group->at_least = group->at_least > at_least ? group->at_least : at_least;
    group->is_inside = group->is_inside || is_inside;
    free(schema);
}

/* `declared` is the classification without masks, `open` what the role gets of it. */
static void apply_rules(struct judging *judging, const char *column, const char *declared,
                        const char *open)
{
    for (size_t i = 0; i < judging->rules.rules.count; i++) {
        const struct gate_rule *rule = array_at(&judging->rules.rules, i);
        if (string_equal(rule->kind, "purpose") &&
            gate_rule_fits(&judging->rules, rule, judging->name, open)) {
            ask_purpose(judging, column, open);
        } else if (string_equal(rule->kind, "small group") &&
                   gate_rule_fits(&judging->rules, rule, judging->name, declared)) {
            need_group(judging, rule->at_least, judging->touch->is_inside);
        }
    }
    take_class(judging, open);
}

/* ---- Columns ---- */

static const char select_nested[] =
    "SELECT p.name,p.classification FROM table_of t JOIN property p ON p.object_row="
    "t.object_row WHERE t.product_row=?1 AND t.sql_name=?2 AND p.name>?3||'.' AND "
    "p.name<?3||'/'";

/* Of the column and all that it holds the highest. Yours, or NULL. */
static char *classification_of(struct judging *judging,
                               const struct catalog_column *column)
{
    const struct policy *policy = judging->spec->policy;
    char *highest = policy_classification(policy, column->name, column->classification);
    sqlite3_stmt *stmt =
        judging->table != NULL
            ? store_prepare(catalog_database(judging->spec->catalog), select_nested, NULL)
            : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "lss", judging->product.entry.row, judging->table->sql_name,
                   column->name);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        const char *name = strrchr(store_text(stmt, 0), '.') + 1;
        char *one = policy_classification(policy, name, store_text(stmt, 1));
        bool is_higher = one != NULL && (highest == NULL ||
                                         !gate_is_as_high(&judging->rules, highest, one));
        free(is_higher ? highest : one);
        highest = is_higher ? one : highest;
    }
    store_finish(stmt);
    return highest;
}

static const struct catalog_column *column_named(const struct catalog_table *table,
                                                 const char *name)
{
    for (size_t i = 0; table != NULL && i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        if (string_equal_fold(column->name, name)) {
            return column;
        }
    }
    return NULL;
}

static void tell_masked(struct judging *judging, const char *column,
                        const struct mask_rule *mask)
{
    text_printf(&judging->masked, "%s.%s (", judging->name, column);
    mask_name(mask, &judging->masked);
    text_append(&judging->masked, ")\n");
}

static void judge_column(struct judging *judging, const struct catalog_column *column)
{
    struct policy_verdict policy = {0};
    char *declared = classification_of(judging, column);
    if (judging->spec->policy != NULL && judging->table != NULL) {
        policy_of_column(judging->spec->policy, &judging->product, judging->table, column,
                         &policy);
    }
    if (policy.decision == POLICY_REFUSE) {
        refuse(judging, judging->name, &policy);
    } else if (policy.decision == POLICY_MASK) {
        tell_masked(judging, column->name, &policy.mask);
    }
    apply_rules(judging, column->name, declared,
                policy.decision == POLICY_MASK ? NULL : declared);
    policy_verdict_release(&policy);
    free(declared);
}

/* What the import notes of a product, and SQLite of its indexes, may hold values of any
 * of its columns. */
static void judge_inner_table(struct judging *judging)
{
    static const char *const harmless[] = {"mwb_product", "mwb_table", NULL};
    for (size_t i = 0; harmless[i] != NULL; i++) {
        if (string_equal_fold(harmless[i], judging->touch->table)) {
            return;
        }
    }
    size_t groups = judging->verdict->groups.count;
    for (size_t i = 0; i < judging->product.tables.count; i++) {
        judging->table = array_at(&judging->product.tables, i);
        for (size_t k = 0; k < judging->table->columns.count; k++) {
            struct text none = judging->masked;
            judging->masked = (struct text){0};
            judge_column(judging, array_at(&judging->table->columns, k));
            text_release(&judging->masked);
            judging->masked = none;
        }
    }
    judging->table = NULL;
    for (size_t i = groups; i < judging->verdict->groups.count; i++) {
        ((struct gate_group *)array_at(&judging->verdict->groups, i))->is_inside = true;
    }
}

/* ---- Tables ---- */

static void leave_table(struct judging *judging)
{
    if (judging->has_product) {
        catalog_product_release(&judging->product);
    }
    free(judging->name);
    judging->has_product = false;
    judging->table = NULL;
    judging->name = NULL;
}

static void judge_table(struct judging *judging)
{
    struct policy_verdict policy;
    policy_of_table(judging->spec->policy, &judging->product, judging->table, &policy);
    if (policy.decision == POLICY_REFUSE) {
        refuse(judging, judging->name, &policy);
    }
    policy_verdict_release(&policy);
}

static bool enter_table(struct judging *judging, struct error *err)
{
    const struct gate_touch *touch = judging->touch;
    leave_table(judging);
    if (touch->product == NULL) {
        judging->name = string_copy(touch->table);
        return true;
    }
    if (!catalog_product(judging->spec->catalog, touch->product, &judging->product,
                         err)) {
        return false;
    }
    judging->has_product = true;
    judging->name = string_printf("%s.%s", judging->product.entry.schema, touch->table);
    for (size_t i = 0; i < judging->product.tables.count; i++) {
        const struct catalog_table *table = array_at(&judging->product.tables, i);
        if (string_equal_fold(table->sql_name, touch->table)) {
            judging->table = table;
        }
    }
    if (judging->table != NULL) {
        judge_table(judging);
    }
    return true;
}

static bool is_same_table(const struct gate_touch *one, const struct gate_touch *other)
{
    return one != NULL && string_equal(one->product, other->product) &&
           string_equal_fold(one->table, other->table);
}

static bool judge_touch(struct judging *judging, const struct gate_touch *touch,
                        struct error *err)
{
    bool is_known = is_same_table(judging->touch, touch);
    judging->touch = touch;
    if (!is_known && !enter_table(judging, err)) {
        return false;
    }
    const struct catalog_column *column = column_named(judging->table, touch->column);
    if (touch->product == NULL) {
        apply_rules(judging, touch->column, touch->classification, touch->classification);
    } else if (judging->table == NULL) {
        if (!is_known) {
            judge_inner_table(judging);
        }
    } else if (touch->column[0] == '\0') {
        apply_rules(judging, "", NULL, NULL);
    } else if (column != NULL) {
        judge_column(judging, column);
    } else {
        const struct catalog_column bare = {.name = touch->column};
        judge_column(judging, &bare);
    }
    return true;
}

bool gate_judge(const struct gate_spec *spec, const struct array *touches,
                struct gate_verdict *verdict, struct error *err)
{
    const char *role = spec->policy != NULL ? policy_role(spec->policy) : NULL;
    struct judging judging = {.spec = spec, .verdict = verdict};
    *verdict = (struct gate_verdict){.groups = ARRAY_OF(struct gate_group)};
    if (!gate_rules_read(spec->catalog, role, &judging.rules, err)) {
        return false;
    }
    bool done = true;
    for (size_t i = 0; i < touches->count && done; i++) {
        done = judge_touch(&judging, array_at(touches, i), err);
    }
    leave_table(&judging);
    gate_rules_release(&judging.rules);
    verdict->masked = judging.masked.length > 0 ? text_take(&judging.masked) : NULL;
    text_release(&judging.masked);
    if (!done) {
        gate_verdict_release(verdict);
    }
    return done;
}

bool gate_tells_values(const struct gate_spec *spec,
                       const struct catalog_product *product, const char *table,
                       const struct catalog_column *column)
{
    const char *role = spec->policy != NULL ? policy_role(spec->policy) : NULL;
    char *name = string_printf("%s.%s", product->entry.schema, table);
    char *classification =
        policy_classification(spec->policy, column->name, column->classification);
    struct gate_rules rules;
    bool tells = gate_rules_read(spec->catalog, role, &rules, NULL);
    for (size_t i = 0; tells && i < rules.rules.count; i++) {
        const struct gate_rule *rule = array_at(&rules.rules, i);
        tells = !string_equal(rule->kind, "small group") ||
                !gate_rule_fits(&rules, rule, name, classification);
    }
    gate_rules_release(&rules);
    free(classification);
    free(name);
    return tells;
}
