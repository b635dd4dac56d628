/* survey/sketch: how many different values, and the frequent ones among few.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/survey/private.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * SURVEY_EXACT, LEAST_KEPT = SURVEY_EXACT, LEAST_MOST = 2 * LEAST_KEPT };

/* ---- Hashing ---- */

/* The finalizer of MurmurHash3 (64 bits): every bit of the input changes half of them. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xFF51AFD7ED558CCDULL;
    x ^= x >> 33;
    x *= 0xC4CEB9FE1A85EC53ULL;
    return x ^ (x >> 33);
}

static uint64_t hash_bytes(const unsigned char *bytes, size_t length, uint64_t hash)
{
    while (length >= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        hash = mix(hash ^ word) + 0x9E3779B97F4A7C15ULL;
        bytes += 8;
        length -= 8;
    }
    uint64_t rest = (uint64_t)length << 56;
    memcpy(&rest, bytes, length);
    return mix(hash ^ rest);
}

/* Equal values have equal hashes: 5 and 5.0 are one, 5 and '5' are two. */
static uint64_t hash_of(sqlite3_value *value)
{
    int type = sqlite3_value_type(value);
    uint64_t hash;
    if (type == SQLITE_INTEGER) {
        hash = mix((uint64_t)sqlite3_value_int64(value) + 1);
    } else if (type == SQLITE_FLOAT) {
        double real = sqlite3_value_double(value);
        bool whole = real >= -9e18 && real <= 9e18 && real == (double)(long long)real;
        uint64_t bits;
        memcpy(&bits, &real, sizeof bits);
        hash = whole ? mix((uint64_t)(long long)real + 1) : mix(bits ^ 0x5555);
    } else {
        const unsigned char *bytes = sqlite3_value_blob(value);
        size_t length = (size_t)sqlite3_value_bytes(value);
        hash = hash_bytes(bytes != NULL ? bytes : (const unsigned char *)"", length,
                          type == SQLITE_TEXT ? 0x1234567 : 0x7654321);
    }
    return hash != 0 ? hash : 1;
}

char *sketch_text(sqlite3_value *value)
{
    int type = sqlite3_value_type(value);
    struct text text = {0};
    const unsigned char *bytes =
        type == SQLITE_BLOB ? sqlite3_value_blob(value) : sqlite3_value_text(value);
    size_t length = (size_t)sqlite3_value_bytes(value);
    size_t most = length < SURVEY_TEXT_MOST ? length : SURVEY_TEXT_MOST;
    if (type == SQLITE_BLOB) {
        text_append(&text, "x'");
        for (size_t i = 0; i < most && i < 16; i++) {
            text_printf(&text, "%02x", bytes[i]);
        }
        text_append(&text, length > 16 ? "...'" : "'");
        return text_take(&text);
    }
    while (length > most && most > 0 && (bytes[most] & 0xC0) == 0x80) {
        most--; /* at a whole character */
    }
    text_append_bytes(&text, bytes != NULL ? (const char *)bytes : "", most);
    text_append(&text, length > most ? "..." : "");
    return text_take(&text);
}

/* ---- Few values: all of them ---- */

void sketch_start(struct sketch *sketch)
{
    *sketch = (struct sketch){0};
    sketch->slots = memory_new_many(SLOTS, sizeof *sketch->slots);
}

static struct sketch_slot *find_slot(struct sketch *sketch, uint64_t hash)
{
    size_t at = hash % SLOTS;
    while (sketch->slots[at].hash != 0 && sketch->slots[at].hash != hash) {
        at = (at + 1) % SLOTS;
    }
    return &sketch->slots[at];
}

static void drop_slots(struct sketch *sketch)
{
    for (size_t i = 0; sketch->slots != NULL && i < SLOTS; i++) {
        free(sketch->slots[i].text);
    }
    free(sketch->slots);
    sketch->slots = NULL;
}

/* ---- Many: the smallest hashes ---- */

static int by_hash(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
    return one < other ? -1 : one > other;
}

/* Sorted, each once, no more than are kept. */
static void thin(struct sketch *sketch)
{
    size_t kept = 0;
    qsort(sketch->least, sketch->least_count, sizeof *sketch->least, by_hash);
    for (size_t i = 0; i < sketch->least_count && kept < LEAST_KEPT; i++) {
        if (kept == 0 || sketch->least[kept - 1] != sketch->least[i]) {
            sketch->least[kept++] = sketch->least[i];
        }
    }
    sketch->least_count = kept;
    if (kept == LEAST_KEPT) {
        sketch->below = sketch->least[kept - 1];
    }
}

static void add_least(struct sketch *sketch, uint64_t hash)
{
    if (hash > sketch->below) {
        return;
    }
    if (sketch->least_count == LEAST_MOST) {
        thin(sketch);
    }
    sketch->least[sketch->least_count++] = hash;
}

static void begin_estimate(struct sketch *sketch)
{
    sketch->least = memory_new_many(LEAST_MOST, sizeof *sketch->least);
    sketch->below = UINT64_MAX;
    for (size_t i = 0; i < SLOTS; i++) {
        if (sketch->slots[i].hash != 0) {
            add_least(sketch, sketch->slots[i].hash);
        }
    }
    drop_slots(sketch);
}

void sketch_add(struct sketch *sketch, sqlite3_value *value)
{
    uint64_t hash = hash_of(value);
    if (sketch->slots == NULL) {
        add_least(sketch, hash);
        return;
    }
    struct sketch_slot *slot = find_slot(sketch, hash);
    slot->count++;
    if (slot->hash != 0) {
        return;
    }
    slot->hash = hash;
    slot->text = sketch_text(value);
    if (++sketch->used > SURVEY_EXACT) {
        begin_estimate(sketch);
    }
}

/* ---- The end ---- */

static bool is_more(const struct sketch_slot *one, const struct sketch_slot *other)
{
    return other == NULL || one->count > other->count ||
           (one->count == other->count && strcmp(one->text, other->text) < 0);
}

/* Values that occur once are not frequent. */
static void tell_frequent(const struct sketch *sketch, struct survey_column *column)
{
    const struct sketch_slot *best[SURVEY_FREQUENT] = {NULL};
    for (size_t i = 0; i < SLOTS; i++) {
        const struct sketch_slot *slot = &sketch->slots[i];
        if (slot->hash == 0 || slot->count < 2) {
            continue;
        }
        for (size_t place = 0; place < SURVEY_FREQUENT; place++) {
            if (is_more(slot, best[place])) {
                memmove(best + place + 1, best + place,
                        (SURVEY_FREQUENT - 1 - place) * sizeof(struct sketch_slot *));
                best[place] = slot;
                break;
            }
        }
    }
    for (size_t i = 0; i < SURVEY_FREQUENT && best[i] != NULL; i++) {
        column->frequent[i] =
            (struct survey_value){string_copy(best[i]->text), best[i]->count};
    }
}

void sketch_tell(struct sketch *sketch, struct survey_column *column)
{
    if (sketch->slots != NULL) {
        column->different = (long long)sketch->used;
        tell_frequent(sketch, column);
        return;
    }
    thin(sketch);
    column->is_estimated = true;
    double share = (double)sketch->below / 18446744073709551616.0;
    column->different = (long long)((double)(LEAST_KEPT - 1) / share + 0.5);
    if (column->different > column->rows - column->nulls) {
        column->different = column->rows - column->nulls;
    }
}

void sketch_release(struct sketch *sketch)
{
    drop_slots(sketch);
    free(sketch->least);
}
