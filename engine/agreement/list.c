/* agreement/list: the agreements of a mesh, and what they remind of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/agreement/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/path.h"
#include "engine/store.h"

enum { SOON = 30 }; /* days before something is due */

void agreement_day(const struct catalog *catalog, int later, char day[AGREEMENT_DAY])
{
    const long long seconds_a_day = 86400;
    char instant[32];
    path_write_instant(catalog_now(catalog) + later * seconds_a_day, instant);
    snprintf(day, AGREEMENT_DAY, "%.10s", instant);
}

bool agreement_is_day(const char *text)
{
    long long seconds;
    char back[32];
    if (text == NULL || strlen(text) != AGREEMENT_DAY - 1 ||
        !path_read_instant(text, &seconds)) {
        return false;
    }
    path_write_instant(seconds, back);
    return strncmp(text, back, AGREEMENT_DAY - 1) == 0;
}

/* ---- Reminders ---- */

static bool is_before(const char *day, const char *other)
{
    return day != NULL && strncmp(day, other, AGREEMENT_DAY - 1) < 0;
}

/* NULL: it needs nothing. Yours. */
static char *reminder(const struct catalog *catalog, const struct agreement *agreement)
{
    char today[AGREEMENT_DAY], soon[AGREEMENT_DAY];
    agreement_day(catalog, 0, today);
    agreement_day(catalog, SOON, soon);
    if (string_equal_fold(agreement->status, "requested")) {
        return string_copy("waits for an answer");
    }
    if (!string_equal_fold(agreement->status, "approved")) {
        return NULL;
    }
    if (is_before(agreement->end, today)) {
        return string_printf("ended on %.10s: end it, or ask anew", agreement->end);
    }
    if (is_before(agreement->reassess, today)) {
        return string_printf("to be looked at again since %.10s", agreement->reassess);
    }
    if (is_before(agreement->end, soon)) {
        return string_printf("ends on %.10s", agreement->end);
    }
    return is_before(agreement->reassess, soon)
               ? string_printf("to be looked at again by %.10s", agreement->reassess)
               : NULL;
}

/* ---- The list ---- */

static void read_agreement(sqlite3_stmt *stmt, struct agreement *out)
{
    char **const fields[] = {&out->id,       &out->product,  &out->port,
                             &out->provider, &out->consumer, &out->consumer_product,
                             &out->purpose,  &out->role,     &out->status,
                             &out->start,    &out->end,      &out->reassess,
                             &out->path};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i] =
            store_text(stmt, (int)i)[0] != '\0' ? store_text_copy(stmt, (int)i) : NULL;
    }
}

static void agreement_release(struct agreement *agreement)
{
    char *const fields[] = {
        agreement->id,       agreement->product,  agreement->port,
        agreement->provider, agreement->consumer, agreement->consumer_product,
        agreement->purpose,  agreement->role,     agreement->status,
        agreement->start,    agreement->end,      agreement->reassess,
        agreement->path,     agreement->due,      agreement->approvers};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        free(fields[i]);
    }
}

static bool is_wanted(const struct agreement *agreement,
                      const struct agreement_filter *filter)
{
    return (filter->product == NULL ||
            string_equal(filter->product, agreement->product)) &&
           (filter->team == NULL ||
            string_equal_fold(filter->team, agreement->consumer) ||
            string_equal_fold(filter->team, agreement->provider)) &&
           (filter->status == NULL ||
            string_equal_fold(filter->status, agreement->status)) &&
           (!filter->due || agreement->due != NULL);
}

/* What waits for somebody comes first. */
static void sort_list(struct array *list)
{
    struct array sorted = ARRAY_OF(struct agreement);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < list->count; i++) {
            const struct agreement *one = array_at(list, i);
            if ((one->due != NULL) == (turn == 0)) {
                *(struct agreement *)array_push(&sorted) = *one;
            }
        }
    }
    array_release(list);
    *list = sorted;
}

struct array agreement_list(const struct catalog *catalog,
                            const struct agreement_filter *filter)
{
    struct array list = ARRAY_OF(struct agreement);
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(catalog),
        "SELECT coalesce(a.id,a.path),coalesce((SELECT p.key FROM product p WHERE p.key="
        "a.named COLLATE NOCASE ORDER BY p.rowid LIMIT 1),(SELECT p.key FROM product p "
        "WHERE p.id=a.named ORDER BY p.rowid LIMIT 1),a.named),a.port,"
        "a.provider_team,a.consumer_team,a.consumer_product,a.purpose,a.role,a.status,"
        "a.start_date,a.end_date,a.reassess_date,a.path FROM agreement a ORDER BY 2,1",
        NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct agreement agreement = {0};
        read_agreement(stmt, &agreement);
        agreement.due = reminder(catalog, &agreement);
        if (is_wanted(&agreement, filter)) {
            agreement.approvers = agreement_approvers_of(catalog, agreement.product,
                                                         agreement.port, agreement.role);
            *(struct agreement *)array_push(&list) = agreement;
        } else {
            agreement_release(&agreement);
        }
    }
    store_finish(stmt);
    sort_list(&list);
    return list;
}

void agreements_release(struct array *agreements)
{
    for (size_t i = 0; i < agreements->count; i++) {
        agreement_release(array_at(agreements, i));
    }
    array_release(agreements);
}

const struct agreement *agreement_named(const struct array *list, const char *id,
                                        struct error *err)
{
    const struct agreement *found = NULL;
    const char **names = memory_new((list->count + 1) * sizeof *names);
    for (size_t i = 0; i < list->count; i++) {
        const struct agreement *one = array_at(list, i);
        names[i] = one->id;
        if (string_equal(one->id, id) && found != NULL) {
            error_set(err, ERROR_FAILED,
                      "two agreements are called %s, in %s and %s; give one another id",
                      id, found->path, one->path);
            free(names);
            return NULL;
        }
        found = string_equal(one->id, id) ? one : found;
    }
    const char *near = found == NULL ? string_nearest(id, names) : NULL;
    free(names);
    if (found == NULL) {
        error_set(err, ERROR_FAILED,
                  "there is no agreement %s%s%s%s: agreements lists them", id,
                  near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                  near != NULL ? "?)" : "");
    }
    return found;
}
