/* propose/relation: which key of a table that is here has every value of a column.
 *
 * Keys of the same name are tried, those of other products too. A key is a column that is
 * unique, or alone in the primary key, by its contract.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/propose/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"

enum { FEW_DIFFERENT = 5 };

/* A key that could be meant. */
struct candidate {
    char *product, *table, *object, *property, *path;
    long long values; /* different ones in the key */
    char *sql;
};

static void candidate_release(struct candidate *candidate)
{
    free(candidate->product);
    free(candidate->table);
    free(candidate->object);
    free(candidate->property);
    free(candidate->path);
    free(candidate->sql);
}

static bool is_related(const struct subject *subject, const char *property)
{
    return store_number(subject->in->db, 0,
                        "SELECT count(*) FROM mesh.relation WHERE contract_row=?1 AND "
                        "object=?2 AND from_cols=?3",
                        "lss", subject->contract, subject->name, property) > 0;
}

/* A role that does not see the key as it is cannot tell what stands in it. */
static bool is_open(const struct subject *subject, const struct catalog_product *product,
                    const struct candidate *candidate)
{
    for (size_t i = 0; i < product->tables.count; i++) {
        const struct catalog_table *table = array_at(&product->tables, i);
        for (size_t k = 0; k < table->columns.count; k++) {
            const struct catalog_column *column = array_at(&table->columns, k);
            if (string_equal(table->sql_name, candidate->table) &&
                string_equal(column->name, candidate->property)) {
                struct policy_verdict verdict, whole;
                policy_of_column(subject->in->spec->policy, product, table, column,
                                 &verdict);
                policy_of_table(subject->in->spec->policy, product, table, &whole);
                bool open =
                    verdict.decision == POLICY_ALLOW && whole.decision != POLICY_REFUSE;
                policy_verdict_release(&verdict);
                policy_verdict_release(&whole);
                return open;
            }
        }
    }
    return false;
}

/* ---- Measuring ---- */

/* Different values of the column that are not in the key: -1 when it cannot be told. */
static long long count_missing(const struct subject *subject,
                               const struct profile *profile, const char *schema,
                               struct candidate *candidate)
{
    struct text key = {0}, table = {0};
    store_quote_name(&key, candidate->property);
    store_quote_name(&table, schema);
    text_append_char(&table, '.');
    store_quote_name(&table, candidate->table);
    candidate->sql =
        string_printf("SELECT DISTINCT f.%s FROM %s f WHERE f.%s IS NOT NULL AND NOT "
                      "EXISTS(SELECT 1 FROM "
                      "%s k WHERE k.%s=f.%s)",
                      profile->column, subject->source, profile->column,
                      text_string(&table), text_string(&key), profile->column);
    char *values = string_printf("SELECT count(DISTINCT %s) FROM %s", text_string(&key),
                                 text_string(&table));
    /* By a join, for the key may have no index. */
    char *missing = string_printf("SELECT count(*) FROM (SELECT DISTINCT %s AS v FROM %s "
                                  "WHERE %s IS NOT NULL EXCEPT "
                                  "SELECT %s FROM %s)",
                                  profile->column, subject->source, profile->column,
                                  text_string(&key), text_string(&table));
    long long count = propose_count(subject, missing, -1);
    candidate->values = propose_count(subject, values, 0);
    free(missing);
    free(values);
    text_release(&key);
    text_release(&table);
    return count;
}

/* -1: it is not here, or not for this role. */
static long long measure(const struct subject *subject, const struct profile *profile,
                         struct candidate *candidate)
{
    struct proposing *in = subject->in;
    struct catalog_product product;
    bool is_own = string_equal(candidate->product, in->product.entry.id);
    long long missing = -1;
    if (is_own) {
        return count_missing(subject, profile, in->product.entry.schema, candidate);
    }
    if (!catalog_product(in->spec->catalog, candidate->product, &product, NULL)) {
        return -1;
    }
    if (is_open(subject, &product, candidate) &&
        evidence_attach(in->db, &in->evidence, &product.entry, NULL, NULL)) {
        missing = count_missing(subject, profile, product.entry.schema, candidate);
        evidence_detach(in->db, product.entry.schema);
    }
    catalog_product_release(&product);
    return missing;
}

/* ---- The reference ---- */

/* "../../accounts/c.odcs.yaml" seen from "checkout/orders/o.odcs.yaml" */
static char *path_between(const char *from, const char *to)
{
    struct text path = {0};
    size_t common = 0;
    for (size_t i = 0; from[i] != '\0' && from[i] == to[i]; i++) {
        common = from[i] == '/' ? i + 1 : common;
    }
    for (const char *at = from + common; (at = strchr(at, '/')) != NULL; at++) {
        text_append(&path, "../");
    }
    text_append(&path, to + common);
    return text_take(&path);
}

static char *reference(const struct subject *subject, const struct candidate *candidate)
{
    if (string_equal(subject->path, candidate->path)) {
        return string_printf("%s.%s", candidate->object, candidate->property);
    }
    char *path = path_between(subject->path, candidate->path);
    char *to = string_printf("%s#/schema/%s/properties/%s", path, candidate->object,
                             candidate->property);
    free(path);
    return to;
}

static void add_relation(const struct subject *subject, const struct profile *profile,
                         const struct candidate *candidate)
{
    char count[32];
    struct proposal *proposal = propose_add(
        subject, profile, "relationship",
        string_printf("stands in %s of %s", candidate->property, candidate->product),
        string_printf("all of %s%s different values stand there",
                      profile->is_exact ? "" : "about ",
                      string_of_count(profile->distinct, count, sizeof count)));
    if (proposal != NULL) {
        struct text json = {0};
        char *to = reference(subject, candidate);
        text_append(&json, "{\"type\":\"foreignKey\",\"to\":");
        text_append_json(&json, to);
        text_append_char(&json, '}');
        proposal->sql = string_copy(candidate->sql);
        proposal->change = AMEND_ADD;
        proposal->where = "relationships";
        proposal->value = text_take(&json);
        free(to);
    }
}

/* ---- Candidates ---- */

static struct array list_candidates(const struct subject *subject,
                                    const struct profile *profile)
{
    struct array list = ARRAY_OF(struct candidate);
    sqlite3_stmt *stmt = store_prepare(
        subject->in->db,
        "SELECT r.key,t.sql_name,o.name,p.name,o.path FROM mesh.property p JOIN "
        "mesh.object "
        "o ON o.rowid=p.object_row JOIN mesh.table_of t ON t.object_row=o.rowid JOIN "
        "mesh.product r ON r.rowid=t.product_row WHERE p.name=?1 COLLATE NOCASE AND "
        "p.depth=1 AND p.object_row<>?2 AND (p.is_unique OR (p.pk_pos=1 AND NOT "
        "EXISTS(SELECT 1 FROM mesh.property k WHERE k.object_row=p.object_row AND "
        "k.pk_pos>1))) ORDER BY r.key,t.sql_name",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "sl", profile->property, subject->object);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct candidate *one = array_push(&list);
        one->product = store_text_copy(stmt, 0);
        one->table = store_text_copy(stmt, 1);
        one->object = store_text_copy(stmt, 2);
        one->property = store_text_copy(stmt, 3);
        one->path = store_text_copy(stmt, 4);
    }
    store_finish(stmt);
    return list;
}

/* Of keys that have all values the smallest says most. Two keys of the same things are
 * related one way only: the one with fewer to the one with more. */
void propose_relation(const struct subject *subject, const struct profile *profile)
{
    bool is_key = profile->unique || profile->is_key;
    const struct candidate *best = NULL;
    if (profile->distinct < FEW_DIFFERENT || profile->reals > 0 ||
        propose_is_moment(profile) || is_related(subject, profile->property)) {
        return;
    }
    struct array list = list_candidates(subject, profile);
    for (size_t i = 0; i < list.count; i++) {
        struct candidate *one = array_at(&list, i);
        if (measure(subject, profile, one) == 0 &&
            (!is_key || profile->distinct < one->values) &&
            (best == NULL || one->values < best->values)) {
            best = one;
        }
    }
    if (best != NULL) {
        add_relation(subject, profile, best);
    }
    for (size_t i = 0; i < list.count; i++) {
        candidate_release(array_at(&list, i));
    }
    array_release(&list);
}
