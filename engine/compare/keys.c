/* compare/keys: which columns are matched with which, and which of them may be a key.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/compare/private.h"
#include "engine/store.h"

#include <stdlib.h>

enum { SAMPLE_ROWS = 2000, PAIRED_COLUMNS = 8 };

/* ---- Pairs ---- */

static bool is_taken(const struct array *pairs, int before)
{
    for (size_t i = 0; i < pairs->count; i++) {
        const struct compare_pair *pair = array_at(pairs, i);
        if (pair->before == before) {
            return true;
        }
    }
    return false;
}

static int find_free(const struct array *pairs, const struct result *before,
                     const char *name)
{
    for (size_t i = 0; i < result_column_count(before); i++) {
        if (string_equal_fold(result_column(before, i)->name, name) &&
            !is_taken(pairs, (int)i)) {
            return (int)i;
        }
    }
    return -1;
}

static void add_pair(struct array *pairs, const char *name, int before, int after)
{
    *(struct compare_pair *)array_push(pairs) = (struct compare_pair){
        .name = string_copy(name), .before = before, .after = after};
}

struct array compare_pairs(const struct result *before, const struct result *after)
{
    struct array pairs = ARRAY_OF(struct compare_pair);
    for (size_t i = 0; i < result_column_count(after); i++) {
        const char *name = result_column(after, i)->name;
        add_pair(&pairs, name, find_free(&pairs, before, name), (int)i);
    }
    for (size_t i = 0; i < result_column_count(before); i++) {
        if (!is_taken(&pairs, (int)i)) {
            add_pair(&pairs, result_column(before, i)->name, (int)i, -1);
        }
    }
    return pairs;
}

void compare_pairs_release(struct array *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        free(((struct compare_pair *)array_at(pairs, i))->name);
    }
    array_release(pairs);
}

/* ---- Named keys ---- */

static bool find_common(const struct array *pairs, const char *name, size_t *place)
{
    for (size_t i = 0; i < pairs->count; i++) {
        const struct compare_pair *pair = array_at(pairs, i);
        if (pair->before >= 0 && pair->after >= 0 &&
            string_equal_fold(pair->name, name)) {
            *place = i;
            return true;
        }
    }
    return false;
}

static bool add_named(const struct array *names, enum compare_way way,
                      const struct array *pairs, struct array *tries, struct error *err)
{
    struct compare_try named = {.way = way};
    if (names->count > COMPARE_KEYS_MOST) {
        return error_set(err, ERROR_USAGE, "a key has at most %d columns, not %zu",
                         COMPARE_KEYS_MOST, names->count);
    }
    for (size_t i = 0; i < names->count; i++) {
        const char *name = *(char **)array_at(names, i);
        if (!find_common(pairs, name, &named.columns[named.count++])) {
            return error_set(err, ERROR_USAGE,
                             "the key needs a column \"%s\" on both sides, and there is "
                             "none",
                             name);
        }
    }
    *(struct compare_try *)array_push(tries) = named;
    return true;
}

/* ---- Keys that the first rows allow ---- */

/* No value twice, no NULL, no reals among the first rows: the merge proves the rest. */
static bool may_be_key(struct result *result, const size_t *columns, size_t count,
                       sqlite3 *db)
{
    struct text sql = {0};
    text_append(&sql, "SELECT count(*) FROM (SELECT count(*) AS n");
    for (size_t i = 0; i < count; i++) {
        text_printf(&sql, ", k%zu", i);
    }
    text_append(&sql, " FROM (SELECT ");
    for (size_t i = 0; i < count; i++) {
        text_append(&sql, i > 0 ? ", " : "");
        result_append_column(result, columns[i], &sql);
        text_printf(&sql, " AS k%zu", i);
    }
    result_append_from(result, &sql);
    text_printf(&sql, " LIMIT %d) GROUP BY ", SAMPLE_ROWS);
    for (size_t i = 0; i < count; i++) {
        text_printf(&sql, "%sk%zu COLLATE BINARY", i > 0 ? ", " : "", i);
    }
    text_append(&sql, ") WHERE n > 1");
    for (size_t i = 0; i < count; i++) {
        text_printf(&sql, " OR typeof(k%zu) IN ('null','real')", i);
    }
    long long against = store_number(db, 1, text_string(&sql), "");
    text_release(&sql);
    return against == 0;
}

struct candidates {
    const struct compare_spec *spec;
    const struct array *pairs;
    sqlite3 *before, *after;
    struct array *tries;
};

static bool try_columns(const struct candidates *look, const size_t *places, size_t count)
{
    size_t before[2], after[2];
    struct compare_try found = {.way = COMPARE_PROVED, .count = count};
    for (size_t i = 0; i < count; i++) {
        const struct compare_pair *pair = array_at(look->pairs, places[i]);
        before[i] = (size_t)pair->before;
        after[i] = (size_t)pair->after;
        found.columns[i] = places[i];
    }
    if (!may_be_key(look->spec->after, after, count, look->after) ||
        !may_be_key(look->spec->before, before, count, look->before)) {
        return false;
    }
    *(struct compare_try *)array_push(look->tries) = found;
    return true;
}

/* Numbers that are not called like keys count or measure something: a key is sought
 * without them first. */
static bool is_amount(const struct candidates *look, const struct compare_pair *pair)
{
    const struct result_column *column =
        result_column(look->spec->after, (size_t)pair->after);
    return column->numeric && pair->after > 0 && !result_names_key(pair->name);
}

static size_t list_common(const struct candidates *look, bool amounts, size_t most,
                          size_t *common)
{
    size_t count = 0;
    for (size_t i = 0; i < look->pairs->count && count < most; i++) {
        const struct compare_pair *pair = array_at(look->pairs, i);
        if (pair->before >= 0 && pair->after >= 0 && is_amount(look, pair) == amounts) {
            common[count++] = i;
        }
    }
    return count;
}

static void add_proved(const struct candidates *look)
{
    enum { SINGLES_MOST = 64 };
    size_t common[SINGLES_MOST];
    size_t count = list_common(look, false, SINGLES_MOST, common);
    for (size_t i = 0; i < count; i++) {
        try_columns(look, &common[i], 1);
    }
    size_t most = count < PAIRED_COLUMNS ? count : PAIRED_COLUMNS;
    for (size_t i = 0; i < most; i++) {
        for (size_t k = i + 1; k < most; k++) {
            const size_t two[] = {common[i], common[k]};
            try_columns(look, two, 2);
        }
    }
    count = list_common(look, true, SINGLES_MOST, common);
    for (size_t i = 0; i < count; i++) {
        try_columns(look, &common[i], 1);
    }
}

/* All that both sides have: rows that differ in nothing else are the same. */
static bool add_whole(const struct array *pairs, struct array *tries, struct error *err)
{
    struct compare_try whole = {.way = COMPARE_WHOLE};
    for (size_t i = 0; i < pairs->count; i++) {
        const struct compare_pair *pair = array_at(pairs, i);
        whole.count += pair->before >= 0 && pair->after >= 0;
    }
    if (whole.count == 0) {
        return error_set(err, ERROR_USAGE,
                         "the two sides have no column of the same name: there is "
                         "nothing to compare");
    }
    *(struct compare_try *)array_push(tries) = whole;
    return true;
}

bool compare_tries(const struct compare_spec *spec, const struct array *pairs,
                   struct array *tries, struct error *err)
{
    if (spec->keys != NULL && spec->keys->count > 0) {
        return add_named(spec->keys, COMPARE_ASKED, pairs, tries, err);
    }
    if (spec->likely != NULL && spec->likely->count > 0) {
        struct error ignored = {0};
        add_named(spec->likely, COMPARE_LIKELY, pairs, tries, &ignored);
    }
    struct candidates look = {.spec = spec, .pairs = pairs, .tries = tries};
    look.before = store_open(result_file(spec->before), STORE_IMMUTABLE, err);
    look.after = store_open(result_file(spec->after), STORE_IMMUTABLE, err);
    bool done = look.before != NULL && look.after != NULL;
    struct result_page page = {0};
    if (done) {
        result_page(spec->after, 0, SAMPLE_ROWS / 10, 64, &page, NULL); /* for types */
        result_page_release(&page);
        add_proved(&look);
    }
    store_close(look.before);
    store_close(look.after);
    return done && add_whole(pairs, tries, err);
}
