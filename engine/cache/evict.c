/* cache: keep the cache below a size: what was replaced goes first, then what was used
 * least; what somebody reads stays.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache/private.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/text.h"

struct candidate {
    const struct cache_home *home;
    char *folder, *key;
    long long used_ns, bytes;
    bool is_current, is_open;
};

static void add_product(const struct cache_home *home, const char *folder,
                        struct array *candidates)
{
    struct array versions = cache_versions_in(folder);
    for (size_t i = 0; i < versions.count; i++) {
        const struct cache_version *version = array_at(&versions, i);
        struct candidate *candidate = array_push(candidates);
        *candidate = (struct candidate){.home = home,
                                        .folder = string_copy(folder),
                                        .key = string_copy(version->key),
                                        .used_ns = version->used_ns,
                                        .bytes = version->bytes,
                                        .is_current = version->is_current,
                                        .is_open = version->is_open};
    }
    cache_versions_release(&versions);
}

/* products/MESH/ROLE/DOMAIN/NAME: `levels` folders further down. */
static void walk(const struct cache_home *home, const char *folder, int levels,
                 struct array *candidates)
{
    if (levels == 0) {
        if (cache_is_believed(home, folder)) {
            add_product(home, folder, candidates);
        }
        return;
    }
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
        if (entry->d_name[0] != '.') {
            char *below = path_join(folder, entry->d_name);
            walk(home, below, levels - 1, candidates);
            free(below);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
}

static int by_worth(const void *a, const void *b)
{
    const struct candidate *one = a, *other = b;
    if (one->is_current != other->is_current) {
        return one->is_current ? 1 : -1;
    }
    return one->used_ns != other->used_ns ? (one->used_ns < other->used_ns ? -1 : 1)
                                          : strcmp(one->key, other->key);
}

static void add_home(const struct cache_home *home, struct array *candidates)
{
    enum { LEVELS = 4 };
    char *products = path_join(home->root, "products");
    walk(home, products, LEVELS, candidates);
    free(products);
}

static void evict_until(const struct array *candidates, long long limit,
                        struct cache_evicted *evicted)
{
    for (size_t i = 0; i < candidates->count; i++) {
        const struct candidate *one = array_at(candidates, i);
        if (evicted->bytes_before - evicted->bytes_freed <= limit) {
            break;
        }
        if (!one->is_open &&
            cache_remove_in(one->home, one->folder, one->key, true, NULL)) {
            evicted->bytes_freed += one->bytes;
            evicted->versions++;
        }
    }
}

bool cache_evict(long long limit, struct cache_evicted *evicted, struct error *err)
{
    struct array candidates = ARRAY_OF(struct candidate);
    struct cache_home homes[2] = {{.root = cache_root(err)}};
    struct cache_evicted unasked = {0};
    evicted = evicted != NULL ? evicted : &unasked;
    *evicted = (struct cache_evicted){0};
    if (homes[0].root == NULL) {
        return false;
    }
    add_home(&homes[0], &candidates);
    if (cache_home_shared(&homes[1], NULL)) {
        add_home(&homes[1], &candidates);
    }
    for (size_t i = 0; i < candidates.count; i++) {
        const struct candidate *one = array_at(&candidates, i);
        evicted->bytes_before += one->bytes;
    }
    if (candidates.count > 1) {
        qsort(candidates.items, candidates.count, sizeof(struct candidate), by_worth);
    }
    if (limit > 0) {
        evict_until(&candidates, limit, evicted);
    }
    for (size_t i = 0; i < candidates.count; i++) {
        const struct candidate *one = array_at(&candidates, i);
        free(one->folder);
        free(one->key);
    }
    array_release(&candidates);
    cache_home_close(&homes[0]);
    cache_home_close(&homes[1]);
    return true;
}
