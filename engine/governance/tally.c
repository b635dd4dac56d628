/* governance/tally: the products of the mesh, and how many of them keep to a policy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>
#include <string.h>

bool tally_open(struct tally *tally, sqlite3 *db, struct error *err)
{
    *tally = (struct tally){.products = ARRAY_OF(struct tally_product)};
    sqlite3_stmt *rows =
        store_prepare(db,
                      "SELECT key,domain,id FROM mesh.product WHERE "
                      "coalesce(lower(status),'')<>'retired' ORDER BY key",
                      err);
    enum store_step step = STORE_FAILED;
    while (rows != NULL && (step = store_step(rows, err)) == STORE_ROW) {
        *(struct tally_product *)array_push(&tally->products) = (struct tally_product){
            .key = string_copy(store_text(rows, 0)),
            .domain = string_copy(store_text(rows, 1)),
            .id = string_copy(store_text(rows, 2)),
        };
    }
    store_finish(rows);
    return step == STORE_DONE;
}

void tally_release(struct tally *tally)
{
    for (size_t i = 0; i < tally->products.count; i++) {
        struct tally_product *product = array_at(&tally->products, i);
        free(product->key);
        free(product->domain);
        free(product->id);
    }
    array_release(&tally->products);
}

void tally_begin(struct tally *tally)
{
    tally->is_about_some = false;
    for (size_t i = 0; i < tally->products.count; i++) {
        struct tally_product *product = array_at(&tally->products, i);
        product->is_looked_at = product->is_violating = false;
    }
}

static int compare_key(const void *key, const void *item)
{
    return strcmp(key, ((const struct tally_product *)item)->key);
}

struct tally_product *tally_find(const struct tally *tally, const char *key)
{
    return key == NULL || tally->products.count == 0
               ? NULL
               : bsearch(key, tally->products.items, tally->products.count,
                         tally->products.item_size, compare_key);
}

void tally_look(struct tally *tally, const char *key)
{
    struct tally_product *product = tally_find(tally, key);
    tally->is_about_some = true;
    if (product != NULL) {
        product->is_looked_at = true;
    }
}

void tally_violate(struct tally *tally, const char *key)
{
    struct tally_product *product = tally_find(tally, key);
    if (product != NULL) {
        product->is_violating = product->is_looked_at = true;
    }
}

static int compare_domains(const void *a, const void *b)
{
    const struct governance_domain *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static struct governance_domain *domain_named(struct array *domains, const char *name)
{
    for (size_t i = 0; i < domains->count; i++) {
        struct governance_domain *domain = array_at(domains, i);
        if (string_equal(domain->name, name)) {
            return domain;
        }
    }
    struct governance_domain *domain = array_push(domains);
    domain->name = string_copy(name);
    return domain;
}

void tally_close(const struct tally *tally, struct governance_policy *policy)
{
    struct governance_domain *last = NULL;
    for (size_t i = 0; i < tally->products.count; i++) {
        const struct tally_product *product = array_at(&tally->products, i);
        if (tally->is_about_some && !product->is_looked_at) {
            continue;
        }
        if (last == NULL || !string_equal(last->name, product->domain)) {
            last = domain_named(&policy->domains, product->domain);
        }
        last->products++;
        last->violating += product->is_violating;
        policy->looked_at++;
        policy->violating += product->is_violating;
    }
    if (policy->domains.count > 1) {
        qsort(policy->domains.items, policy->domains.count, policy->domains.item_size,
              compare_domains);
    }
    /* A violation of nobody in particular says nothing of how many keep to it. */
    bool makes_sense = policy->looked_at > 0 && !policy->is_measure &&
                       policy->outcome != GOVERNANCE_ERROR &&
                       (policy->violations == 0 || policy->violating > 0);
    policy->adoption =
        makes_sense ? 1 - (double)policy->violating / policy->looked_at : -1;
}
