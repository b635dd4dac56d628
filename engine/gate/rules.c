/* gate/rules: the rules of mesh.yaml about statements, and the order of classifications.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/gate/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

/* ---- Reading ---- */

bool gate_has_line(const char *lines, const char *word)
{
    while (word != NULL && lines != NULL && *lines != '\0') {
        size_t length = strcspn(lines, "\n");
        if (strlen(word) == length && sqlite3_strnicmp(lines, word, (int)length) == 0) {
            return true;
        }
        lines += length + (lines[length] == '\n');
    }
    return false;
}

static bool read_rules(sqlite3 *db, const char *role, struct gate_rules *rules,
                       struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        db,
        "SELECT kind,classification,lower(table_name),ways,answer,at_least,excepted FROM "
        "gate_rule ORDER BY rowid",
        err);
    while (stmt != NULL && store_step(stmt, err) == STORE_ROW) {
        if (gate_has_line(store_text(stmt, 6), role)) {
            continue;
        }
        struct gate_rule *rule = array_push(&rules->rules);
        *rule = (struct gate_rule){.kind = store_text_copy(stmt, 0),
                                   .classification = store_text_copy(stmt, 1),
                                   .table = store_text_copy(stmt, 2),
                                   .ways = store_text_copy(stmt, 3),
                                   .answer = store_text_copy(stmt, 4),
                                   .at_least = sqlite3_column_int64(stmt, 5)};
    }
    store_finish(stmt);
    return stmt != NULL;
}

static bool is_ordered(const struct gate_rules *rules, const char *word)
{
    for (size_t i = 0; i < rules->order.count; i++) {
        if (string_equal_fold(*(char **)array_at(&rules->order, i), word)) {
            return true;
        }
    }
    return false;
}

static void read_order(sqlite3 *db, const char *sql, struct gate_rules *rules)
{
    sqlite3_stmt *stmt = store_prepare(db, sql, NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        if (!is_ordered(rules, store_text(stmt, 0))) {
            *(char **)array_push(&rules->order) = store_text_copy(stmt, 0);
        }
    }
    store_finish(stmt);
}

bool gate_rules_read(const struct catalog *catalog, const char *role,
                     struct gate_rules *rules, struct error *err)
{
    sqlite3 *db = catalog_database(catalog);
    *rules = (struct gate_rules){.rules = ARRAY_OF(struct gate_rule),
                                 .order = ARRAY_OF(char *)};
    if (!read_rules(db, role, rules, err)) {
        return error_prefix(err, "could not read what the mesh asks of statements: ");
    }
    read_order(db, "SELECT word FROM classification ORDER BY position", rules);
    if (rules->order.count == 0) {
        read_order(db,
                   "SELECT w.word FROM mesh_role_word w JOIN mesh_role m ON "
                   "m.position=w.role WHERE w.kind='classifications' ORDER BY "
                   "m.position,w.rowid",
                   rules);
    }
    return true;
}

void gate_rules_release(struct gate_rules *rules)
{
    for (size_t i = 0; i < rules->rules.count; i++) {
        struct gate_rule *rule = array_at(&rules->rules, i);
        free(rule->kind);
        free(rule->classification);
        free(rule->table);
        free(rule->ways);
        free(rule->answer);
    }
    array_release(&rules->rules);
    sql_names_release(&rules->order);
}

/* ---- Order ---- */

/* Of meshes that say no order; words of one line are as high. */
static const char *const usual[] = {
    "public\nopen\nnone\n1", "internal\n2", "restricted\n3", "confidential\n4",
    "personal\npii\n5",      "sensitive",   "secret",
};
enum { USUAL_COUNT = sizeof usual / sizeof *usual };

static int rank_of(const struct gate_rules *rules, const char *word)
{
    int known = (int)rules->order.count;
    if (word == NULL || word[0] == '\0') {
        return 0;
    }
    for (int i = 0; i < known; i++) {
        if (string_equal_fold(*(char **)array_at(&rules->order, (size_t)i), word)) {
            return 1 + i;
        }
    }
    for (int i = 0; i < USUAL_COUNT; i++) {
        if (gate_has_line(usual[i], word)) {
            return 1 + known + i;
        }
    }
    return 1 + known + USUAL_COUNT;
}

bool gate_is_as_high(const struct gate_rules *rules, const char *one, const char *other)
{
    return rank_of(rules, one) >= rank_of(rules, other);
}

const char *gate_higher(const struct catalog *catalog, const char *one, const char *other)
{
    struct gate_rules rules;
    if (one == NULL || other == NULL || string_equal_fold(one, other) ||
        !gate_rules_read(catalog, NULL, &rules, NULL)) {
        return one != NULL ? one : other;
    }
    const char *higher = gate_is_as_high(&rules, one, other) ? one : other;
    gate_rules_release(&rules);
    return higher;
}

/* ---- What a rule is about ---- */

/* A rule that is about nothing was not understood: it is about everything. */
bool gate_rule_fits(const struct gate_rules *rules, const struct gate_rule *rule,
                    const char *name, const char *classification)
{
    if (rule->classification == NULL && rule->table == NULL) {
        return true;
    }
    char *low = string_copy(name);
    for (char *c = low; c != NULL && *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    bool fits =
        (rule->table != NULL && low != NULL && sqlite3_strglob(rule->table, low) == 0) ||
        (rule->classification != NULL && classification != NULL &&
         gate_is_as_high(rules, classification, rule->classification));
    free(low);
    return fits;
}
