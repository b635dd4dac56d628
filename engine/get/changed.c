/* get/changed: when the sources of a product changed last, as they say themselves, and
 * the log of those that were only asked. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/private.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/path.h"

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7, without its obsolete forms), whatever
 * the language of the person is; or ISO 8601. */
static bool read_change(const char *text, long long *seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char month[4] = "";
    int year;
    struct tm tm = {0};
    const char *comma = strchr(text, ',');
    if (comma == NULL) {
        return strchr(text, '-') != NULL && path_read_instant(text, seconds);
    }
    if (sscanf(comma + 1, " %2d %3s %4d %2d:%2d:%2d", &tm.tm_mday, month, &year,
               &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6) {
        return false;
    }
    const char *found = strlen(month) == 3 ? strstr(months, month) : NULL;
    if (found == NULL || (found - months) % 3 != 0) {
        return false;
    }
    tm.tm_mon = (int)(found - months) / 3;
    tm.tm_year = year - 1900;
    *seconds = (long long)timegm(&tm);
    return true;
}

static void take_change(const char *text, long long *newest)
{
    long long seconds;
    if (read_change(text, &seconds) && seconds > *newest) {
        *newest = seconds;
    }
}

long long sources_changed(const struct get *get)
{
    const long long second = 1000000000;
    long long newest = 0;
    for (size_t i = 0; i < get->tables.count; i++) {
        const struct get_table *part = array_at(&get->tables, i);
        for (size_t j = 0; j < part->files.count; j++) {
            const struct access_file *file = array_at(&part->files, j);
            take_change(file->facts.changed, &newest);
            if (file->bring == NULL && file->modified_ns / second > newest) {
                newest = file->modified_ns / second;
            }
        }
    }
    for (size_t i = 0; newest == 0 && i < get->known.count; i++) {
        take_change(((const struct access_facts *)array_at(&get->known, i))->changed,
                    &newest);
    }
    return newest;
}

/* ---- Those that were asked ---- */

void asked_note(struct array *asked, const struct get *get, bool changed,
                const struct error *why)
{
    if (!access_is_remote(&get->product)) {
        return; /* files that lie here are no evidence of a source */
    }
    bool failed = why->kind != ERROR_NONE;
    *(struct ledger_fetch *)array_push(asked) = (struct ledger_fetch){
        .mesh = string_copy(get->place.mesh),
        .product = string_copy(get->product.entry.id),
        .role = string_copy(get->place.role),
        .outcome = failed    ? "failed"
                   : changed ? "changed"
                             : "unchanged",
        .sentence = failed ? string_copy(why->message) : NULL,
        .source_changed = failed ? 0 : sources_changed(get),
    };
}

/* A log that cannot be written does not make the answer wrong. */
void asked_write(struct array *asked)
{
    ledger_add_fetches(asked, NULL);
    for (size_t i = 0; i < asked->count; i++) {
        const struct ledger_fetch *fetch = array_at(asked, i);
        const char *const owned[] = {fetch->mesh, fetch->product, fetch->role,
                                     fetch->sentence};
        for (size_t k = 0; k < sizeof owned / sizeof *owned; k++) {
            free((char *)(uintptr_t)owned[k]);
        }
    }
    array_release(asked);
}
