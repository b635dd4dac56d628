/* get: a product's files into one version, and that into the cache.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/secret.h"
#include "engine/store.h"

/* ---- Tables ---- */

/* A broken transfer or a wrong hash is no missing table: what came of it must not be
 * seen.
 */
static bool is_fatal(const struct get_table *part)
{
    bool fatal = false;
    for (size_t i = 0; i < part->files.count; i++) {
        fatal |= ((const struct access_file *)array_at(&part->files, i))->bring != NULL;
    }
    return fatal;
}

static bool get_table(struct get *get, struct get_table *part, struct error *err)
{
    if (!part->is_open) {
        return error_set(err, part->why.kind, "%s", part->why.message);
    }
    return part->is_shared || table_import(get, part, err);
}

/* Tables that cannot be had are told and left out; it fails when there is none at all. */
static bool get_tables(struct get *get, struct error *err)
{
    struct error first = {0};
    size_t had = 0;
    for (size_t i = 0; i < get->tables.count; i++) {
        struct error problem = {0};
        struct get_table *part = array_at(&get->tables, i);
        if (get_table(get, part, &problem)) {
            had++;
            continue;
        }
        if (problem.kind == ERROR_CANCELLED || job_cancelled(get->port)) {
            return error_set(err, ERROR_CANCELLED, "getting %s was cancelled",
                             get->product.entry.id);
        }
        if (part->is_open && is_fatal(part)) {
            return error_set(err, ERROR_FAILED, "could not get %s: %s",
                             get->product.entry.id, problem.message);
        }
        text_printf(&get->report->notes, "%s is missing: %s.\n", part->table->sql_name,
                    problem.message);
        first = first.kind == ERROR_NONE ? problem : first;
    }
    return had > 0 || error_set(err, ERROR_FAILED, "could not get %s: %s",
                                get->product.entry.id, first.message);
}

/* ---- The version ---- */

/* All bytes are here and right: now it is known what the version is made from. */
static bool name_version(struct get *get, struct error *err)
{
    struct array facts = sources_facts(get);
    free(get->report->version_key);
    get->report->version_key = get_version_key(get, &facts, err);
    array_release(&facts);
    return get->report->version_key != NULL;
}

/* Is the version that would be made the one that is current? */
static bool is_current(const struct get *get)
{
    char *version = cache_version(&get->place, get->report->version_key);
    bool same = get->current != NULL && string_equal(get->current, version);
    free(version);
    return same;
}

static bool publish(struct get *get, struct error *err)
{
    struct get_report *report = get->report;
    bool is_comparable = get->current != NULL && seen_is_comparable(get, get->current);
    drift_compare(get, is_comparable ? get->current : NULL, cache_stage_file(get->stage));
    report->needs_consent = report->broken.length > 0 && !get->spec->accept;
    return report->needs_consent
               ? cache_stage_keep(get->stage, &get->place, report->version_key, err)
               : cache_stage_publish(get->stage, &get->place, report->version_key, err);
}

static bool import_tables(struct get *get, bool *hides, struct error *err)
{
    get->stage = cache_stage_new(&get->place, err);
    return get->stage != NULL && seen_decide(get, err) && get_tables(get, err) &&
           seen_find_personal(get, hides, err);
}

/* Nothing of the first try is kept. */
static bool start_again(struct get *get, struct error *err)
{
    struct get_report *report = get->report;
    cache_stage_free(get->stage);
    get->stage = NULL;
    get->whole_file = false;
    report->tables = report->rows = report->rejected = report->bytes = 0;
    text_truncate(&report->notes, 0);
    sources_close(get);
    return sources_open(get, false, err);
}

/* Once more when personal data came up that must be masked. */
static bool import_seen(struct get *get, struct error *err)
{
    bool hides = false;
    bool good = import_tables(get, &hides, err);
    if (good && hides) {
        good = start_again(get, err) && import_tables(get, &hides, err) &&
               (!hides || error_set(err, ERROR_FAILED,
                                    "could not get %s: it holds personal data that could "
                                    "not be masked",
                                    get->product.entry.id));
    }
    return good;
}

static bool make_version(struct get *get, struct error *err)
{
    bool good = import_seen(get, err) && name_version(get, err);
    if (good && !get->spec->again && is_current(get)) {
        get->report->was_current = true; /* it came again as it was */
        text_truncate(&get->report->notes, 0);
    } else {
        good = good && version_write(get, err) && publish(get, err);
    }
    cache_stage_free(get->stage);
    get->stage = NULL;
    return good;
}

/* ---- Whether there is anything to do ---- */

static bool is_defined_so(const struct get *get, const char *file)
{
    sqlite3 *db = store_open(file, STORE_IMMUTABLE, NULL);
    char *definition =
        db != NULL
            ? store_string(db, "SELECT value FROM mwb_product WHERE key='definition'", "")
            : NULL;
    bool is_so = definition != NULL && string_equal(definition, get->definition);
    free(definition);
    store_close(db);
    return is_so;
}

/* With consent, the newest version becomes current if it was kept for that: nothing has
 * to be fetched again. */
static bool accept_kept(struct get *get, bool *accepted, struct error *err)
{
    *accepted = false;
    if (!get->spec->accept || get->spec->again || get->spec->refresh) {
        return true;
    }
    struct array versions = cache_versions(&get->place);
    const struct cache_version *newest =
        versions.count > 0 ? array_at(&versions, 0) : NULL;
    bool good = true;
    if (newest != NULL && !newest->is_current && is_defined_so(get, newest->file)) {
        free(get->report->version_key);
        get->report->version_key = string_copy(newest->key);
        good = cache_version_use(&get->place, newest->key, err);
        *accepted = good;
    }
    cache_versions_release(&versions);
    return good;
}

/* Made from local files alone: its key is known before. */
static bool get_local(struct get *get, struct error *err)
{
    bool accepted = false;
    get->report->version_key = get_version_key(get, NULL, err);
    if (get->report->version_key == NULL) {
        return false;
    }
    get->report->was_current = !get->spec->again && is_current(get);
    if (get->report->was_current || !accept_kept(get, &accepted, err) || accepted) {
        return get->report->was_current || accepted;
    }
    if (get->is_converted) { /* what a command prints needs a place */
        get->partial = cache_partial_folder(&get->place, err);
    }
    bool good = (!get->is_converted || get->partial != NULL) &&
                sources_open(get, false, err) && make_version(get, err);
    sources_close(get);
    if (get->partial != NULL) {
        path_remove_tree(get->partial, NULL);
    }
    return good;
}

static void take_current_key(struct get *get)
{
    char *stem = string_copy(path_base(get->current));
    stem[strlen(stem) - strlen(".db")] = '\0';
    get->report->version_key = stem;
}

/* Its sources are asked when that is wanted, or when what is declared changed. */
static bool get_remote(struct get *get, struct error *err)
{
    char *definition = get->current != NULL ? sources_recall(get, get->current) : NULL;
    bool is_same = definition != NULL && string_equal(definition, get->definition);
    free(definition);
    if (get->spec->is_implied && !is_same) {
        return error_set(err, ERROR_FAILED,
                         "%s is not here and comes from elsewhere: get it first with "
                         "\"get %s\"",
                         get->product.entry.id, get->product.entry.id);
    }
    get->partial = cache_partial_folder(&get->place, err);
    if (get->partial == NULL) {
        return false;
    }
    bool accepted = false;
    if (!accept_kept(get, &accepted, err) || accepted) {
        return accepted;
    }
    bool may_ask = is_same && !get->spec->again;
    if (may_ask && (!get->spec->refresh ||
                    (sources_open(get, true, err) && sources_are_unchanged(get)))) {
        take_current_key(get);
        return get->report->was_current = true;
    }
    bool some_unchanged = false;
    for (size_t i = 0; i < get->tables.count; i++) {
        const struct get_table *part = array_at(&get->tables, i);
        for (size_t j = 0; j < part->files.count; j++) {
            some_unchanged |=
                ((const struct access_file *)array_at(&part->files, j))->is_unchanged;
        }
    }
    if (some_unchanged) { /* nothing was kept of them: they come again */
        sources_close(get);
    }
    bool good = get->tables.count > 0 || sources_open(get, false, err);
    good = good && make_version(get, err);
    sources_close(get);
    if (good) {
        path_remove_tree(get->partial, NULL);
    }
    return good;
}

static bool is_remote(const struct get *get)
{
    return access_is_remote(&get->product);
}

/* ---- One product ---- */

static void log_fetch(struct get *get, bool good, const struct error *err)
{
    const struct get_report *report = get->report;
    const char *outcome = !good                   ? "failed"
                          : report->needs_consent ? "refused"
                          : report->was_current   ? "unchanged"
                                                  : "fetched";
    char *location = is_remote(get) ? string_copy("") : string_copy(get->product.folder);
    for (size_t i = 0; i < get->product.tables.count && location[0] == '\0'; i++) {
        const struct catalog_table *table = array_at(&get->product.tables, i);
        if (table->files.count > 0) {
            free(location);
            location = secret_redact(*(char **)array_at(&table->files, 0));
        }
    }
    struct ledger_fetch fetch = {
        .mesh = get->place.mesh,
        .product = get->product.entry.id,
        .role = get->place.role,
        .location = location,
        .outcome = outcome,
        .version = report->version_key,
        .sentence = good ? (report->needs_consent ? text_string(&report->broken) : NULL)
                         : err->message,
        .bytes = report->bytes,
        .rows = report->rows,
        .seconds = report->seconds,
        .source_changed = get->changed,
    };
    ledger_add_fetch(&fetch, NULL);
    free(location);
}

static bool get_found(struct get *get, struct error *err)
{
    struct get_report *report = get->report;
    bool published;
    struct cache_fetch *fetch = cache_fetch_lock(&get->place, get->port, &published, err);
    if (fetch == NULL) {
        return false;
    }
    if (published) { /* what somebody else just made is as new as ours would be */
        free(get->current);
        get->current = cache_current(&get->place);
    }
    bool good = is_remote(get) ? get_remote(get, err) : get_local(get, err);
    sources_close(get);
    if (good && !report->was_current) {
        seen_forget_others(get);
        cache_keep(&get->place, get->spec->keep_versions);
        cache_evict(get->spec->cache_limit, NULL, NULL);
    }
    cache_fetch_unlock(fetch);
    if (!good) {
        return false;
    }
    report->file = cache_current(&get->place);
    if (report->file == NULL && !report->needs_consent) {
        return error_set(
            err, ERROR_FAILED,
            "the version of %s that was just made is gone from the cache; try again",
            get->product.entry.id);
    }
    if (report->file != NULL) {
        version_read(get, report->file);
    }
    return true;
}

bool get_product(const struct get_spec *spec, struct job_port *port,
                 struct get_report *report, struct error *err)
{
    double start = path_monotonic();
    struct error why = {0};
    memset(report, 0, sizeof *report);
    struct get get = {.port = port, .report = report};
    bool good = get_begin(&get, spec, &why);
    if (good) {
        report->product = string_copy(get.product.entry.id);
        good = get_found(&get, &why);
        report->seconds = path_monotonic() - start;
        log_fetch(&get, good, &why);
    }
    get_end(&get);
    report->seconds = path_monotonic() - start;
    if (!good && err != NULL) {
        *err = why;
    }
    return good;
}
