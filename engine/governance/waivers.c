/* governance/waivers: which violations are put up with, and until when.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>

bool waivers_open(struct waivers *waivers, sqlite3 *db, const char *today,
                  struct error *err)
{
    *waivers = (struct waivers){.list = ARRAY_OF(struct waiver)};
    sqlite3_stmt *rows =
        store_prepare(db,
                      "SELECT w.policy,coalesce(p.key,w.product),w.domain,w.reason||' "
                      "('||w.owner||', until '||w.until||')' FROM mesh.waiver w LEFT "
                      "JOIN mesh.product p ON p.rowid=coalesce((SELECT rowid FROM "
                      "mesh.product WHERE key=w.product COLLATE NOCASE),(SELECT rowid "
                      "FROM mesh.product WHERE id=w.product)) WHERE w.until>=?1",
                      err);
    enum store_step step = STORE_FAILED;
    if (rows != NULL) {
        store_bind(rows, "s", today);
    }
    while (rows != NULL && (step = store_step(rows, err)) == STORE_ROW) {
        *(struct waiver *)array_push(&waivers->list) = (struct waiver){
            .policy = store_text_copy(rows, 0),
            .product = store_text_copy(rows, 1),
            .domain = store_text_copy(rows, 2),
            .sentence = store_text_copy(rows, 3),
        };
    }
    store_finish(rows);
    return step == STORE_DONE;
}

void waivers_release(struct waivers *waivers)
{
    for (size_t i = 0; i < waivers->list.count; i++) {
        struct waiver *waiver = array_at(&waivers->list, i);
        free(waiver->policy);
        free(waiver->product);
        free(waiver->domain);
        free(waiver->sentence);
    }
    array_release(&waivers->list);
}

static bool is_of(const char *wanted, const char *is)
{
    return wanted == NULL || string_equal(wanted, is);
}

const char *waivers_find(const struct waivers *waivers,
                         const struct governance_violation *violation)
{
    for (size_t i = 0; i < waivers->list.count; i++) {
        const struct waiver *waiver = array_at(&waivers->list, i);
        if (string_equal_fold(waiver->policy, violation->policy) &&
            is_of(waiver->product, violation->product) &&
            is_of(waiver->domain, violation->domain)) {
            return waiver->sentence;
        }
    }
    return NULL;
}
