/* catalog/freshness: is the promised update there? One rule for the list, the card and
 * the search.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/path.h"
#include "engine/text.h"

/* ---- The rule ---- */

static double grace_of(double period)
{
    const double least = 3600, most = 86400;
    double grace = period / 4;
    return grace < least ? least : grace > most ? most : grace;
}

enum catalog_freshness_state freshness_rule(const struct catalog_freshness *facts,
                                            long long now, long long looked)
{
    if (facts->promised <= 0 || facts->changed <= 0) {
        return CATALOG_UNKNOWN;
    }
    double due = (double)(facts->changed < now ? facts->changed : now) + facts->promised;
    if ((double)now <= due) {
        return CATALOG_FRESH;
    }
    return (double)(looked < now ? looked : now) > due + grace_of(facts->promised)
               ? CATALOG_LATE
               : CATALOG_DUE;
}

const char *catalog_freshness_name(enum catalog_freshness_state state)
{
    static const char *const names[] = {[CATALOG_UNKNOWN] = "unknown",
                                        [CATALOG_FRESH] = "fresh",
                                        [CATALOG_DUE] = "due",
                                        [CATALOG_LATE] = "late"};
    return names[state];
}

/* ---- What a log knows ---- */

void catalog_seen_release(struct array *seen)
{
    for (size_t i = 0; i < seen->count; i++) {
        free(((struct catalog_seen *)array_at(seen, i))->product);
    }
    array_release(seen);
}

void freshness_forget(struct freshness_log *log)
{
    if (log->is_read) {
        catalog_seen_release(&log->seen);
    }
    log->is_read = false;
}

void catalog_forget_seen(const struct catalog *catalog)
{
    freshness_forget(catalog_freshness_log(catalog));
    standing_forget(catalog_standing_log(catalog));
}

void catalog_set_log(struct catalog *catalog,
                     struct array (*read)(void *owner, const char *mesh), void *owner)
{
    struct freshness_log *log = catalog_freshness_log(catalog);
    freshness_forget(log);
    log->read = read;
    log->owner = owner;
}

const struct array *freshness_all_seen(const struct catalog *catalog)
{
    struct freshness_log *log = catalog_freshness_log(catalog);
    if (!log->is_read) {
        log->seen = log->read != NULL ? log->read(log->owner, catalog_mesh_path(catalog))
                                      : (struct array)ARRAY_OF(struct catalog_seen);
        log->is_read = true;
    }
    return &log->seen;
}

static int compare_seen(const void *key, const void *item)
{
    return strcmp(key, ((const struct catalog_seen *)item)->product);
}

const struct catalog_seen *freshness_seen(const struct catalog *catalog, const char *key)
{
    const struct array *seen = freshness_all_seen(catalog);
    return key != NULL && seen->count > 0
               ? bsearch(key, seen->items, seen->count, sizeof(struct catalog_seen),
                         compare_seen)
               : NULL;
}

/* ---- One product ---- */

/* Newest change of the product's own files, 0 when none is there. */
static long long newest_change(const struct catalog_product *product)
{
    long long newest = 0;
    for (size_t t = 0; t < product->tables.count; t++) {
        const struct catalog_table *table = array_at(&product->tables, t);
        for (size_t i = 0; i < table->files.count; i++) {
            const char *name = *(char **)array_at(&table->files, i);
            struct stat info;
            char *path = path_join(product->folder, name);
            if (path_is_safe(name) && lstat(path, &info) == 0 &&
                (long long)info.st_mtim.tv_sec > newest) {
                newest = (long long)info.st_mtim.tv_sec;
            }
            free(path);
        }
    }
    return newest;
}

static void append_age(struct text *out, double seconds)
{
    static const struct {
        double seconds;
        const char *name;
    } units[] = {{31557600, "years"}, {86400, "days"}, {3600, "h"}, {60, "min"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (seconds >= 2 * units[i].seconds) {
            text_printf(out, "%.0f %s", seconds / units[i].seconds, units[i].name);
            return;
        }
    }
    text_printf(out, "%.0f s", seconds > 0 ? seconds : 0);
}

/* "changed 26 h ago (2026-09-30T05:00:00Z)" */
static void append_moment(struct text *out, const char *what, long long when,
                          long long now)
{
    char instant[32];
    path_write_instant(when, instant);
    text_printf(out, "%s%s ", out->length > 0 ? "; " : "", what);
    if (when > now) {
        text_printf(out, "%s, which is still to come by this clock", instant);
        return;
    }
    append_age(out, (double)(now - when));
    text_printf(out, " ago (%s)", instant);
}

static void explain(const struct catalog_freshness *facts, const char *promise,
                    long long now, struct text *out)
{
    if (facts->promised > 0) {
        text_printf(out, "promised every %.60s", promise);
    }
    if (facts->changed > 0) {
        append_moment(out, "changed", facts->changed, now);
    }
    bool is_missed = facts->state == CATALOG_DUE || facts->state == CATALOG_LATE;
    if (is_missed && facts->looked > 0 && facts->looked < now) {
        append_moment(out, "looked", facts->looked, now);
    }
    if (facts->failed > 0) {
        append_moment(out, "the last attempt failed", facts->failed, now);
    }
    if (facts->has_newer) {
        text_append(out, "; newer than what is here");
    }
}

/* What the product's own descriptor says, where nothing tells better. */
static long long declared_change(const struct catalog_product *product)
{
    long long seconds;
    return product->modified != NULL && path_read_instant(product->modified, &seconds) &&
                   strchr(product->modified, '-') != NULL
               ? seconds
               : 0;
}

void freshness_judge(const struct catalog *catalog, const struct catalog_product *product,
                     struct catalog_freshness *out)
{
    long long now = catalog_now(catalog);
    const struct catalog_seen *seen = freshness_seen(catalog, product->entry.id);
    long long own = newest_change(product), looked = own > 0 ? now : 0;
    *out = (struct catalog_freshness){
        .promised = product->frequency != NULL ? catalog_period(product->frequency) : 0,
        .changed = own,
    };
    if (seen != NULL) {
        out->changed = seen->changed > own ? seen->changed : own;
        out->looked = seen->looked;
        out->failed = seen->failed;
        /* Against the time the file had then, not when it was looked at: clocks differ.
         */
        out->has_newer = seen->has_newer || (own > seen->changed && seen->changed > 0);
        looked = seen->looked > looked ? seen->looked : looked;
    }
    if (out->changed == 0) {
        out->changed = declared_change(product);
        looked = looked > 0 ? looked : now;
    }
    out->state = freshness_rule(out, now, looked);
    struct text reason = {0};
    explain(out, product->frequency, now, &reason);
    snprintf(out->reason, sizeof out->reason, "%s", text_string(&reason));
    text_release(&reason);
}

/* "promised every 1 d; changed 7 h ago (2026-09-30T23:00:00Z): fresh", as far as it is
 * known. */
void freshness_add(const struct catalog *catalog, struct catalog_product *product)
{
    struct catalog_freshness freshness;
    char instant[32];
    freshness_judge(catalog, product, &freshness);
    product->freshness = catalog_freshness_name(freshness.state);
    if (freshness.changed > 0 && product->modified == NULL) {
        path_write_instant(freshness.changed, instant);
        product->modified = string_copy(instant);
    }
    if (freshness.reason[0] != '\0') {
        bool is_known = freshness.state != CATALOG_UNKNOWN;
        facts_push(product, "freshness", string_copy("freshness"),
                   string_printf("%s%s%s", freshness.reason, is_known ? ": " : "",
                                 is_known ? product->freshness : ""));
    }
}

const char *catalog_freshness(const struct catalog *catalog, long long row)
{
    struct catalog_freshness freshness;
    catalog_freshness_of(catalog, row, &freshness);
    return catalog_freshness_name(freshness.state);
}
