/* get/begin: a product found in the catalog, and what is decided of it before any byte is
 * fetched.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/private.h"

#include <stdlib.h>

#include "engine/access.h"
#include "engine/git.h"
#include "engine/mask.h"
#include "engine/governance.h"
#include "engine/path.h"

bool get_open_mesh(struct get *get, const struct get_spec *spec, struct error *err)
{
    get->catalog = catalog_open(spec->index, err);
    get->policy =
        get->catalog != NULL ? policy_open(get->catalog, spec->role, err) : NULL;
    return get->policy != NULL;
}

/* Refused before anything is fetched. */
static bool ask_policy(struct get *get, struct error *err)
{
    struct policy_verdict verdict = {0};
    policy_of_product(get->policy, &get->product, &verdict);
    bool refused = verdict.decision == POLICY_REFUSE;
    if (refused) {
        error_set(err, ERROR_FAILED, "could not get %s: %s%s%s", get->product.entry.id,
                  verdict.reason, verdict.ask != NULL ? "; ask " : "",
                  verdict.ask != NULL ? verdict.ask : "");
    }
    policy_verdict_release(&verdict);
    return !refused;
}

/* The global policies that are enforced where products come here. */
static bool ask_policies(const struct get *get, struct error *err)
{
    const struct governance_spec spec = {.catalog = get->catalog,
                                         .role = policy_role(get->policy),
                                         .product = get->product.entry.id};
    return governance_gate(&spec, "get", err) ||
           error_prefix(err, "could not get %s: ", get->product.entry.id);
}

/* Which commands turn files of the product into tables: FNV-1a of 32 bits; 0: none. */
static unsigned hash_converters(const struct get *get)
{
    unsigned hash = 0;
    for (size_t i = 0; i < get->product.tables.count; i++) {
        char *command =
            access_converter(get->spec->converter, array_at(&get->product.tables, i));
        hash = hash == 0 && command != NULL ? 0x811c9dc5u : hash;
        for (const char *c = command; c != NULL && *c != '\0'; c++) {
            hash = (hash ^ (unsigned char)*c) * 0x01000193u;
        }
        free(command);
    }
    return hash;
}

/* What a version depends on: its sources, as many digits of what policy decides, and the
 * commands that make tables of its files. */
static bool append_key(const struct get *get, const struct array *facts, int digits,
                       struct text *key, struct error *err)
{
    unsigned converters = hash_converters(get);
    if (!access_source_key(&get->product, facts, key, err)) {
        text_release(key);
        return false;
    }
    if (converters != 0) {
        text_printf(key, "-c%08x", converters);
    }
    if (get->decided[0] != '\0') { /* last: see seen_is_comparable() */
        text_printf(key, "-%.*s", digits, get->decided);
    }
    return true;
}

char *get_version_key(const struct get *get, const struct array *facts, struct error *err)
{
    const char *version = get->product.entry.version;
    struct text key = {0};
    char *component =
        path_component(version != NULL && version[0] != '\0' ? version : "0");
    text_printf(&key, "%s-", component);
    free(component);
    return append_key(get, facts, GET_DECIDED_SHOWN, &key, err) ? text_take(&key) : NULL;
}

/* What is decided and declared before any byte comes. */
static char *define(struct get *get, struct error *err)
{
    struct text key = {0};
    if (policy_role(get->policy) != NULL) {
        policy_key(get->policy, &get->product, get->decided);
    }
    get->is_converted = hash_converters(get) != 0;
    return append_key(get, NULL, (int)sizeof get->decided, &key, err) ? text_take(&key)
                                                                      : NULL;
}

static bool has_private_file(const struct get *get, const struct catalog_table *table)
{
    struct array files;
    bool is_private = false;
    if (!access_table_files(&get->product, table, false, &files, NULL)) {
        return false;
    }
    for (size_t i = 0; i < files.count && !is_private; i++) {
        const struct access_file *file = array_at(&files, i);
        char *path = path_join(get->product.folder, file->path);
        is_private = file->changed_ns != 0 && !cache_may_share(path);
        free(path);
    }
    access_files_release(&files);
    return is_private;
}

/* A repository of this host is as private as its folder. */
static bool has_private_repository(const struct get *get,
                                   const struct catalog_table *table)
{
    bool is_private = false;
    for (size_t i = 0; i < table->files.count && !is_private; i++) {
        const char *text = *(char **)array_at(&table->files, i);
        struct git_location location;
        if (!git_location_is(text) || !git_location_parse(text, &location, NULL)) {
            continue;
        }
        char *path = location.repository[0] == '/'
                         ? string_copy(location.repository)
                         : path_join(get->product.folder, location.repository);
        is_private = location.scheme == NULL && !cache_may_share(path);
        free(path);
        git_location_release(&location);
    }
    return is_private;
}

/* What only this person can read does not go to all who share a cache. */
static bool is_private(const struct get *get)
{
    bool found = false;
    for (size_t i = 0; i < get->product.tables.count && !found && cache_is_shared();
         i++) {
        const struct catalog_table *table = array_at(&get->product.tables, i);
        found = has_private_file(get, table) || has_private_repository(get, table);
    }
    return found;
}

/* What is no table is fetched as tables are, behind them: an SQLite database among them
 * is the version itself. */
static void take_files(struct catalog_product *product)
{
    for (size_t i = 0; i < product->files.count; i++) {
        *(struct catalog_table *)array_push(&product->tables) =
            *(struct catalog_table *)array_at(&product->files, i);
    }
    array_clear(&product->files);
}

bool get_begin(struct get *get, const struct get_spec *spec, struct error *err)
{
    get->spec = spec;
    get->tables = (struct array)ARRAY_OF(struct get_table);
    get->known = (struct array)ARRAY_OF(struct access_facts);
    get->personal = (struct array)ARRAY_OF(struct get_personal);
    if ((get->catalog == NULL && !get_open_mesh(get, spec, err)) ||
        !catalog_product(get->catalog, spec->product, &get->product, err) ||
        !ask_policy(get, err) || !ask_policies(get, err)) {
        return false;
    }
    take_files(&get->product);
    get->place = (struct cache_product){.mesh = catalog_mesh_path(get->catalog),
                                        .role = policy_role(get->policy),
                                        .domain = get->product.entry.domain,
                                        .name = get->product.entry.name,
                                        .group = policy_group(get->policy),
                                        .is_private = is_private(get)};
    get->definition = define(get, err);
    get->current = cache_current(&get->place);
    return get->definition != NULL;
}

void get_end(struct get *get)
{
    sources_close(get);
    seen_release(get);
    access_facts_release(&get->known);
    mask_key_close(get->mask_key);
    catalog_product_release(&get->product);
    if (!get->is_borrowed) {
        policy_close(get->policy);
        catalog_close(get->catalog);
    }
    free(get->partial);
    free(get->definition);
    free(get->current);
}
