/* quality/keys: which keys occur more than once. Hashes of all rows are sorted: no two
 * equal ones prove that all keys differ. Where some are equal, a second look at just
 * those rows tells whether their keys are; only if two keys share a hash does SQLite
 * group. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/count.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/quality/hash.h"
#include "engine/store.h"

enum { MOST_CANDIDATES = 1 << 20, SMALL = 24 };

/* ---- Hashes ---- */

void quality_hashes_add(struct quality_hashes *hashes, uint64_t hash)
{
    if (hashes->count == hashes->capacity) {
        hashes->capacity = hashes->capacity > 0 ? hashes->capacity * 3 / 2 : 4096;
        hashes->items =
            memory_resize(hashes->items, hashes->capacity * sizeof *hashes->items);
    }
    hashes->items[hashes->count++] = hash;
}

void quality_hashes_release(struct quality_hashes *hashes)
{
    free(hashes->items);
    *hashes = (struct quality_hashes){0};
}

/* 1 and 1.0 are equal in SQL. */
bool quality_hash_value(const struct quality_value *value, uint64_t *hash, bool *is_whole)
{
    *is_whole = value->type == SQLITE_INTEGER;
    if (value->type == SQLITE_INTEGER) {
        *hash = quality_hash_number((uint64_t)value->integer);
    } else if (value->type == SQLITE_FLOAT) {
        uint64_t bits;
        double real = value->real;
        bool is_integral = real == floor(real) && fabs(real) < 9e18;
        memcpy(&bits, &real, sizeof bits);
        *hash = quality_hash_number(is_integral ? (uint64_t)(long long)real : bits);
    } else if (value->type != SQLITE_NULL) {
        *hash = quality_hash_bytes(value->text, value->length);
    }
    return value->type != SQLITE_NULL;
}

/* ---- Sorting in place, by bytes from the highest ---- */

static void sort_few(uint64_t *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t item = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1] > item; at--) {
            items[at] = items[at - 1];
        }
        items[at] = item;
    }
}

static void sort_hashes(uint64_t *items, size_t count, int shift)
{
    size_t ends[256] = {0}, starts[256];
    if (count <= SMALL) {
        sort_few(items, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        ends[(items[i] >> shift) & 255]++;
    }
    size_t sum = 0;
    for (size_t b = 0; b < 256; b++) {
        starts[b] = sum;
        sum += ends[b];
        ends[b] = sum;
    }
    for (size_t b = 0; b < 256; b++) {
        while (starts[b] < ends[b]) {
            uint64_t item = items[starts[b]];
            size_t home;
            while ((home = (item >> shift) & 255) != b) {
                uint64_t other = items[starts[home]];
                items[starts[home]++] = item;
                item = other;
            }
            items[starts[b]++] = item;
        }
    }
    for (size_t b = 0, from = 0; shift > 0 && b < 256; from = ends[b++]) {
        sort_hashes(items + from, ends[b] - from, shift - 8);
    }
}

/* ---- Candidates: hashes that came more than once ---- */

struct candidate {
    uint64_t hash;
    char *key; /* the first key that had it, as bytes; NULL: not seen again yet */
    size_t length;
};

struct candidates {
    struct candidate *items;
    size_t count;
    bool collides; /* two keys share a hash */
};

static struct quality_repeats find_equal(const struct quality_hashes *all,
                                         struct candidates *candidates)
{
    struct quality_repeats repeats = {0};
    size_t capacity = 0;
    for (size_t i = 0, next; i < all->count; i = next) {
        next = i + 1;
        while (next < all->count && all->items[next] == all->items[i]) {
            next++;
        }
        if (next - i == 1) {
            continue;
        }
        repeats.keys++;
        repeats.surplus += (long long)(next - i - 1);
        if (candidates->count == capacity && capacity < MOST_CANDIDATES) {
            capacity = capacity > 0 ? capacity * 2 : 64;
            candidates->items =
                memory_resize(candidates->items, capacity * sizeof *candidates->items);
        }
        if (candidates->count < capacity) {
            candidates->items[candidates->count++] =
                (struct candidate){.hash = all->items[i]};
        }
    }
    return repeats;
}

static struct candidate *find_candidate(const struct candidates *candidates,
                                        uint64_t hash)
{
    size_t low = 0, high = candidates->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (candidates->items[middle].hash < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < candidates->count && candidates->items[low].hash == hash;
    return found ? &candidates->items[low] : NULL;
}

/* A key as bytes that are equal only for equal keys. */
static void append_key(struct text *key, const struct quality_value *value)
{
    uint64_t number;
    bool is_whole;
    if (value->type == SQLITE_TEXT || value->type == SQLITE_BLOB) {
        text_append_char(key, (char)value->type);
        text_append_bytes(key, &value->length, sizeof value->length);
        text_append_bytes(key, value->text, value->length);
    } else {
        quality_hash_value(value, &number, &is_whole);
        text_append_char(key, 'n');
        text_append_bytes(key, &number, sizeof number);
    }
}

static uint64_t hash_of_row(int count, sqlite3_value **args, struct text *key,
                            bool *has_null)
{
    uint64_t hash = 0;
    for (int i = 0; i < count; i++) {
        struct quality_value value;
        uint64_t one = 0;
        bool is_whole;
        quality_value_take(&value, args[i]);
        *has_null |= !quality_hash_value(&value, &one, &is_whole);
        hash = i > 0 ? quality_hash_pair(hash, one) : one;
        append_key(key, &value);
    }
    return hash;
}

static void look_again(sqlite3_context *context, int count, sqlite3_value **args)
{
    struct candidates *candidates = sqlite3_user_data(context);
    struct text key = {0};
    bool has_null = false;
    uint64_t hash = hash_of_row(count, args, &key, &has_null);
    struct candidate *one = has_null ? NULL : find_candidate(candidates, hash);
    if (one != NULL && one->key == NULL) {
        one->length = key.length;
        one->key = text_take(&key);
    } else if (one != NULL &&
               (one->length != key.length ||
                (key.length > 0 && memcmp(one->key, key.data, key.length) != 0))) {
        candidates->collides = true;
    }
    text_release(&key);
    sqlite3_result_int(context, one != NULL);
}

static void append_key_names(struct text *sql, const struct pass *pass,
                             const struct pass_key *key, const char *between)
{
    for (size_t i = 0; i < key->count; i++) {
        const struct pass_column *column = array_at(&pass->columns, key->columns[i]);
        text_append(sql, i > 0 ? between : "");
        store_quote_name(sql, column->column->name);
    }
}

static int is_stopped(void *owner)
{
    struct pass *pass = owner;
    return job_cancelled(pass->session->port);
}

/* SQLite groups what could not be told apart otherwise. */
static bool group(struct pass *pass, sqlite3 *db, const struct pass_key *key,
                  bool only_candidates, struct quality_repeats *repeats,
                  struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "SELECT count(*), sum(n - 1) FROM (SELECT count(*) AS n FROM ");
    store_quote_name(&sql, pass->table->name);
    if (only_candidates) {
        text_append(&sql, " WHERE look_again(");
        append_key_names(&sql, pass, key, ", ");
        text_append(&sql, ") GROUP BY ");
    } else {
        text_append(&sql, " WHERE ");
        append_key_names(&sql, pass, key, " IS NOT NULL AND ");
        text_append(&sql, " IS NOT NULL GROUP BY ");
    }
    append_key_names(&sql, pass, key, ", ");
    text_append(&sql, " HAVING n > 1)");
    sqlite3_stmt *stmt = store_prepare(db, text_string(&sql), err);
    bool done = stmt != NULL && store_step(stmt, err) == STORE_ROW;
    if (done) {
        repeats->keys = sqlite3_column_int64(stmt, 0);
        repeats->surplus = sqlite3_column_int64(stmt, 1);
    }
    store_finish(stmt);
    text_release(&sql);
    return done;
}

static bool scan_again(struct pass *pass, sqlite3 *db, const struct pass_key *key,
                       struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "SELECT sum(look_again(");
    append_key_names(&sql, pass, key, ", ");
    text_append(&sql, ")) FROM ");
    store_quote_name(&sql, pass->table->name);
    sqlite3_stmt *stmt = store_prepare(db, text_string(&sql), err);
    bool done = stmt != NULL && store_step(stmt, err) == STORE_ROW;
    store_finish(stmt);
    text_release(&sql);
    return done;
}

static bool prove(struct pass *pass, const struct pass_key *key,
                  struct candidates *candidates, struct quality_repeats *repeats,
                  struct error *err)
{
    bool knows_all = repeats->keys == (long long)candidates->count;
    sqlite3 *db = store_open(pass->session->file, STORE_IMMUTABLE, err);
    if (db == NULL) {
        return false;
    }
    sqlite3_progress_handler(db, 100000, is_stopped, pass);
    sqlite3_create_function_v2(db, "look_again", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                               candidates, look_again, NULL, NULL, NULL);
    bool done = !knows_all || scan_again(pass, db, key, err);
    if (done && (!knows_all || candidates->collides)) {
        done = group(pass, db, key, knows_all, repeats, err);
    }
    store_close(db);
    return done;
}

/* All workers' hashes in the first one's place. */
static struct quality_hashes gather(struct array *workers, size_t key)
{
    struct quality_hashes all = {0};
    for (size_t i = 0; i < workers->count; i++) {
        struct worker *worker = array_at(workers, i);
        struct quality_hashes *one = &worker->seen[key];
        size_t count = all.count + one->count;
        all.has_other |= one->has_other;
        all.nulls += one->nulls;
        if (all.items == NULL) {
            all.items = one->items;
            all.capacity = one->capacity;
            one->items = NULL;
        } else if (one->count > 0) {
            all.items = memory_resize(all.items, count * sizeof *all.items);
            memcpy(all.items + all.count, one->items, one->count * sizeof *all.items);
        }
        all.count = count;
        quality_hashes_release(one);
    }
    return all;
}

bool quality_find_repeats(struct pass *pass, size_t key, struct array *workers,
                          struct quality_repeats *repeats, struct error *err)
{
    struct quality_hashes all = gather(workers, key);
    struct candidates candidates = {0};
    sort_hashes(all.items, all.count, 56);
    *repeats = find_equal(&all, &candidates);
    bool done = repeats->keys == 0 || !all.has_other ||
                prove(pass, array_at(&pass->keys, key), &candidates, repeats, err);
    for (size_t i = 0; i < candidates.count; i++) {
        free(candidates.items[i].key);
    }
    free(candidates.items);
    quality_hashes_release(&all);
    return done;
}
