/* session/permit: may the role of the session read what a statement names?
 *
 * What a role may not see is not in its versions. This is the second wall: a version that
 * was made when other decisions held is not read, and whoever names what is refused or
 * left out gets the reason and whom to ask instead of "no such table".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/judge.h"

#include <stdlib.h>
#include <string.h>

#include "engine/policy.h"
#include "engine/store.h"

/* ---- The policy of the request ---- */

static void forget_checked(struct worker *worker)
{
    sql_names_release(&worker->permitted);
    worker->permitted = (struct array)ARRAY_OF(char *);
}

void permit_close(struct worker *worker)
{
    policy_close(worker->policy);
    worker->policy = NULL;
    forget_checked(worker);
    judge_forget_passed(worker);
}

/* The face has asked whether the person may take the role. */
bool permit_open(struct worker *worker, struct error *err)
{
    const char *role = worker->request->role;
    if (worker->catalog == NULL || role == NULL) {
        if (worker->policy != NULL) {
            permit_close(worker);
        }
        return true;
    }
    if (worker->policy != NULL && string_equal(policy_role(worker->policy), role)) {
        return true;
    }
    permit_close(worker);
    worker->policy = policy_open(worker->catalog, role, err);
    return worker->policy != NULL;
}

/* ---- Products ---- */

static char *refusal_of(const char *what, const struct worker *worker,
                        const struct policy_verdict *verdict)
{
    const char *ask = verdict->ask;
    return string_printf("%s is not for the role %s: %s%s%s", what,
                         policy_role(worker->policy), verdict->reason,
                         ask != NULL ? "; ask " : "", ask != NULL ? ask : "");
}

static bool is_checked(const struct worker *worker, const char *file)
{
    for (size_t i = 0; i < worker->permitted.count; i++) {
        if (string_equal(*(char **)array_at(&worker->permitted, i), file)) {
            return true;
        }
    }
    return false;
}

/* Was the version made by the decisions that hold now? It says so itself. */
static bool is_of_today(const struct worker *worker,
                        const struct catalog_product *product, const char *file)
{
    char key[17];
    policy_key(worker->policy, product, key);
    sqlite3 *db = store_open(file, STORE_IMMUTABLE, NULL);
    char *made_by =
        db != NULL
            ? store_string(db, "SELECT value FROM mwb_product WHERE key='policy'", "")
            : NULL;
    store_close(db);
    bool is = string_equal(made_by, key);
    free(made_by);
    return is;
}

char *permit_refusal(struct worker *worker, const char *id, char **file)
{
    struct catalog_product product;
    struct policy_verdict verdict;
    char *refusal = NULL;
    if (worker->policy == NULL || (*file != NULL && is_checked(worker, *file)) ||
        !catalog_product(worker->catalog, id, &product, NULL)) {
        return NULL;
    }
    policy_of_product(worker->policy, &product, &verdict);
    if (verdict.decision == POLICY_REFUSE) {
        refusal = refusal_of(id, worker, &verdict);
    } else if (*file != NULL && is_of_today(worker, &product, *file)) {
        *(char **)array_push(&worker->permitted) = string_copy(*file);
    } else {
        free(*file); /* as if it were not here: it is fetched again */
        *file = NULL;
    }
    policy_verdict_release(&verdict);
    catalog_product_release(&product);
    return refusal;
}

/* ---- Tables and columns that are not there ---- */

static const struct catalog_table *table_named(const struct catalog_product *product,
                                               const char *name)
{
    for (size_t i = 0; i < product->tables.count; i++) {
        const struct catalog_table *table = array_at(&product->tables, i);
        if (string_equal_fold(table->sql_name, name)) {
            return table;
        }
    }
    return NULL;
}

static bool find_product(struct worker *worker, const char *schema,
                         struct catalog_product *product)
{
    struct catalog_entry entry;
    if (worker->policy == NULL || schema == NULL ||
        !catalog_find_schema(worker->catalog, schema, &entry)) {
        return false;
    }
    bool found = catalog_product(worker->catalog, entry.id, product, NULL);
    catalog_entry_release(&entry);
    return found;
}

char *permit_table_refusal(struct worker *worker, const char *schema, const char *table)
{
    struct catalog_product product;
    char *refusal = NULL;
    if (!find_product(worker, schema, &product)) {
        return NULL;
    }
    const struct catalog_table *found = table_named(&product, table);
    if (found != NULL) {
        struct policy_verdict verdict;
        policy_of_table(worker->policy, &product, found, &verdict);
        if (verdict.decision == POLICY_REFUSE) {
            char *name = string_printf("the table %s.%s", schema, table);
            refusal = refusal_of(name, worker, &verdict);
            free(name);
        }
        policy_verdict_release(&verdict);
    }
    catalog_product_release(&product);
    return refusal;
}

static char *column_refusal(struct worker *worker, const struct sql_source *source,
                            const char *column)
{
    struct catalog_product product;
    char *refusal = NULL;
    if (source->table == NULL || !find_product(worker, source->schema, &product)) {
        return NULL;
    }
    const struct catalog_table *table = table_named(&product, source->table);
    for (size_t i = 0; refusal == NULL && table != NULL && i < table->columns.count;
         i++) {
        const struct catalog_column *one = array_at(&table->columns, i);
        struct policy_verdict verdict;
        if (!string_equal_fold(one->name, column)) {
            continue;
        }
        policy_of_column(worker->policy, &product, table, one, &verdict);
        if (verdict.decision == POLICY_MASK && verdict.mask.kind == MASK_DROP) {
            char *name = string_printf("the column %s of %s.%s", column, source->schema,
                                       source->table);
            refusal = refusal_of(name, worker, &verdict);
            free(name);
        }
        policy_verdict_release(&verdict);
    }
    catalog_product_release(&product);
    return refusal;
}

char *permit_column_refusal(struct worker *worker, const char *column)
{
    if (worker->policy == NULL) {
        return NULL;
    }
    struct array sources =
        sql_sources(worker->request->sql + worker->span.start, worker->span.length);
    char *refusal = NULL;
    for (size_t i = 0; refusal == NULL && i < sources.count; i++) {
        refusal = column_refusal(worker, array_at(&sources, i), column);
    }
    sql_sources_release(&sources);
    return refusal;
}
