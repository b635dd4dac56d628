/* command: versions: those of products that are here, listed, made current, removed, and
 * the cache kept below its limit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/cache.h"
#include "engine/command/private.h"
#include "engine/get.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const columns[] = {"product", "version", "fetched", "rows",
                                      "bytes",   "used",    "state"};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* ---- The list ---- */

static void format_instant(long long nanoseconds, char text[32])
{
    time_t when = (time_t)(nanoseconds / 1000000000);
    struct tm tm;
    gmtime_r(&when, &tm);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static const char *state_of(const struct cache_version *version)
{
    return version->is_current ? (version->is_open ? "current, open" : "current")
                               : (version->is_open ? "open" : "kept");
}

/* What a version tells of itself: when it was fetched, and its rows. */
static void add_version(struct rows *rows, const char *product,
                        const struct cache_version *version)
{
    char used[32];
    sqlite3 *db = store_open(version->file, STORE_IMMUTABLE, NULL);
    char *fetched =
        db != NULL
            ? store_string(db, "SELECT value FROM mwb_product WHERE key='imported'", "")
            : NULL;
    long long count =
        db != NULL ? store_number(db, 0, "SELECT sum(rows) FROM mwb_table", "") : 0;
    store_close(db);
    format_instant(version->used_ns, used);
    rows_add(rows, "sssllss", product, version->key, fetched, count, version->bytes, used,
             state_of(version));
    free(fetched);
}

static struct cache_product place_of(const struct command_call *call,
                                     const struct catalog_entry *entry)
{
    return (struct cache_product){.mesh = call->workbench->mesh,
                                  .role = call->workbench->role,
                                  .domain = entry->domain,
                                  .name = entry->name,
                                  .group = -1};
}

static void add_product(struct command_call *call, struct rows *rows,
                        const struct catalog_entry *entry)
{
    const struct cache_product product = place_of(call, entry);
    struct array versions = cache_versions(&product);
    for (size_t i = 0; i < versions.count; i++) {
        add_version(rows, entry->id, array_at(&versions, i));
    }
    cache_versions_release(&versions);
}

/* Of one product, or of all that are here. */
static bool list(struct command_call *call, const struct catalog_entry *only,
                 struct error *err)
{
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    if (only != NULL) {
        add_product(call, rows, only);
    } else {
        const struct catalog_filter filter = {0};
        struct array entries = catalog_list(call->workbench->catalog, &filter);
        bool *here = memory_new_many(entries.count + 1, sizeof *here);
        workbench_find_here(call->workbench, &entries, here);
        for (size_t i = 0; i < entries.count; i++) {
            if (here[i]) {
                add_product(call, rows, array_at(&entries, i));
            }
        }
        free(here);
        catalog_entries_release(&entries);
    }
    char *file = string_copy(rows_file(rows));
    bool done = rows_close(rows, err);
    call->rows = done ? rows_open(file, columns, COLUMNS, err) : NULL;
    free(file);
    call->reply.result = call->rows;
    call->reply.view = "grid";
    return call->rows != NULL;
}

/* ---- One version ---- */

/* The key that a person means: a whole one, or the newest that begins so ("2.3.0"). */
static char *find_key(const struct cache_product *product, const char *wanted,
                      struct error *err)
{
    struct array versions = cache_versions(product);
    size_t length = strlen(wanted);
    char *key = NULL;
    for (size_t i = 0; i < versions.count; i++) {
        const struct cache_version *version = array_at(&versions, i);
        if (string_equal(version->key, wanted)) {
            free(key);
            key = string_copy(version->key);
            break;
        }
        if (key == NULL && length > 0 && string_starts(version->key, wanted)) {
            key = string_copy(version->key);
        }
    }
    if (key == NULL) {
        error_set(err, ERROR_FAILED,
                  "no version %s of %s is here; \"versions %s\" lists those that are",
                  wanted, product->name, product->name);
    }
    cache_versions_release(&versions);
    return key;
}

static bool change(struct command_call *call, const struct catalog_entry *entry,
                   const char *wanted, bool remove, struct error *err)
{
    const struct cache_product product = place_of(call, entry);
    char *key = find_key(&product, wanted, err);
    bool done = key != NULL && (remove ? cache_version_remove(&product, key, err)
                                       : cache_version_use(&product, key, err));
    if (done) {
        call_message(call, remove ? "removed the version %s of %s" : "%s is current: %s",
                     remove ? key : entry->id, remove ? entry->id : key);
        workbench_changed(call->workbench, WORKBENCH_CACHE);
    }
    free(key);
    return done;
}

static bool use(struct command_call *call, const struct catalog_entry *entry,
                const char *wanted, struct error *err)
{
    return change(call, entry, wanted, false, err);
}

static bool remove_one(struct command_call *call, const struct catalog_entry *entry,
                       const char *wanted, struct error *err)
{
    return change(call, entry, wanted, true, err);
}

/* What changed from that version to the current one. */
static bool compare(struct command_call *call, const struct catalog_entry *entry,
                    const char *wanted, struct error *err)
{
    const struct cache_product product = place_of(call, entry);
    char *key = find_key(&product, wanted, err);
    char *before = key != NULL ? cache_version(&product, key) : NULL;
    char *now = cache_current(&product);
    bool done = before != NULL && now != NULL;
    if (done) {
        get_compare(before, now, &call->reply.text);
        call->reply.text_title = "Changes";
        if (call->reply.text.length == 0) {
            call_message(call, "no column, type or number of rows differs");
        }
    } else if (key != NULL) {
        error_set(err, ERROR_FAILED, "could not compare %s: %s is gone", entry->id,
                  before == NULL ? key : "the current version");
    }
    free(now);
    free(before);
    free(key);
    return done;
}

/* ---- All of them ---- */

static bool evict(struct command_call *call, struct error *err)
{
    char size[32], freed[32];
    struct cache_evicted evicted;
    long long limit = options_number(call->workbench->options, "cache_limit");
    if (!cache_evict(limit * 1024 * 1024, &evicted, err)) {
        return false;
    }
    string_of_bytes(evicted.bytes_before - evicted.bytes_freed, size, sizeof size);
    string_of_bytes(evicted.bytes_freed, freed, sizeof freed);
    if (limit == 0) {
        call_message(call,
                     "the versions here take %s; the setting cache_limit is 0, so "
                     "none has to go",
                     size);
    } else {
        call_message(call, "%d %s removed, %s freed; those that stay take %s",
                     evicted.versions, evicted.versions == 1 ? "version" : "versions",
                     freed, size);
        workbench_changed(call->workbench, WORKBENCH_CACHE);
    }
    return true;
}

/* What is done with one version, by its flag. */
static const struct {
    const char *flag;
    bool (*run)(struct command_call *call, const struct catalog_entry *entry,
                const char *version, struct error *err);
} deeds[] = {{"--use", use}, {"--remove", remove_one}, {"--compare", compare}};

/* Which of them is wanted: its place, -1: none, -2: several. */
static int wanted_deed(const struct command_call *call)
{
    int wanted = -1;
    for (int i = 0; i < (int)(sizeof deeds / sizeof *deeds); i++) {
        if (command_flag_value(call, deeds[i].flag) != NULL) {
            wanted = wanted == -1 ? i : -2;
        }
    }
    return wanted;
}

bool verb_versions(struct command_call *call, struct error *err)
{
    int deed = wanted_deed(call);
    bool wants_one = call_count(call) > 0 || deed >= 0;
    struct catalog_entry entry = {0};
    if (call_count(call) > 1 || deed == -2) {
        return error_set(err, ERROR_USAGE,
                         "versions takes one product, and one of --use, --remove and "
                         "--compare");
    }
    if (wants_one &&
        !call_product(call, "which product? versions DOMAIN/NAME --use VERSION", &entry,
                      err)) {
        return false;
    }
    bool done = call_has_flag(call, "--evict") ? evict(call, err)
                : deed >= 0
                    ? deeds[deed].run(call, &entry,
                                      command_flag_value(call, deeds[deed].flag), err)
                    : list(call, wants_one ? &entry : NULL, err);
    if (wants_one) {
        catalog_entry_release(&entry);
    }
    if (done) {
        call_done(call);
    }
    return done;
}
