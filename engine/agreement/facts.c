/* agreement/facts: the lines of the product card about who uses it by agreement.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/agreement/private.h"

static char *describe(const struct agreement *agreement)
{
    struct text words = {0};
    text_append(&words, agreement->status != NULL ? agreement->status : "a draft");
    if (agreement->port != NULL) {
        text_printf(&words, ", port %s", agreement->port);
    }
    if (agreement->role != NULL) {
        text_printf(&words, ", as %s", agreement->role);
    }
    if (agreement->end != NULL) {
        text_printf(&words, ", until %s", agreement->end);
    }
    if (agreement->due != NULL) {
        text_printf(&words, "; %s", agreement->due);
    }
    if (agreement->purpose != NULL) {
        text_printf(&words, ": %s", agreement->purpose);
    }
    return text_take(&words);
}

void agreement_facts(const struct catalog *catalog, const char *product,
                     struct array *facts)
{
    struct agreement_filter filter = {.product = product};
    struct array list = agreement_list(catalog, &filter);
    for (size_t i = 0; i < list.count; i++) {
        const struct agreement *one = array_at(&list, i);
        struct catalog_fact *fact = array_push(facts);
        *fact = (struct catalog_fact){
            .group = string_copy("agreements"),
            .name = string_copy(one->consumer != NULL ? one->consumer : one->id),
            .value = describe(one),
            .path = string_copy(one->path),
            .line = 1,
        };
    }
    agreements_release(&list);
}
