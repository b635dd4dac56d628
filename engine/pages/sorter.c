/* Keys as pairs as long as they are numbers of one kind, else as entries; sorted and put
 * aside when they fill their share of memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pages/sorter.h"

#include <stdlib.h>

enum {
    PAIR_COST = 2 * sizeof(struct pair), /* sorting takes as much again */
    FIRST_PAIRS = 256,
    AHEAD = 16,
    /* What an entry made of a pair costs at most, its length and pair included. */
    ENTRY_OF_PAIR_COST = 24 + PAIR_COST,
};

void sorter_begin(struct pages_sorter *sorter, const struct pages_index *index)
{
    *sorter = (struct pages_sorter){.index = index,
                                    .form = index->columns == 1 ? SPILL_INTEGERS
                                                                : SPILL_ENTRIES,
                                    .sorted = true,
                                    .rowids_ascend = true,
                                    .runs = ARRAY_OF(struct spill_run)};
}

void sorter_release(struct pages_sorter *sorter)
{
    sorter_forget(sorter);
    spill_release(&sorter->spill);
    array_release(&sorter->runs);
}

void sorter_forget(struct pages_sorter *sorter)
{
    free(sorter->pairs);
    sorter->pairs = NULL;
    sorter->count = sorter->capacity = 0;
    text_release(&sorter->entries);
}

struct spill_run sorter_run(const struct pages_sorter *sorter)
{
    return (struct spill_run){.form = sorter->form,
                              .count = sorter->count,
                              .longest = sorter->longest,
                              .pairs = sorter->pairs,
                              .bytes = (const unsigned char *)sorter->entries.data};
}

void sorter_sort(struct pages_sorter *sorter)
{
    if (sorter->sorted) {
        return;
    }
    struct pair *scratch = memory_resize(NULL, sorter->count * sizeof *scratch);
    if (sorter->form == SPILL_ENTRIES) {
        sort_entries(sorter->pairs, scratch, sorter->count,
                     (const unsigned char *)sorter->entries.data);
    } else {
        sort_pairs(sorter->pairs, scratch, sorter->count, sorter->rowids_ascend);
    }
    free(scratch);
    sorter->sorted = true;
}

static const unsigned char *entry_of(const struct pages_sorter *sorter, size_t i,
                                     size_t *length)
{
    const unsigned char *at =
        (const unsigned char *)sorter->entries.data + sorter->pairs[i].value;
    *length = spill_length(at);
    return at + SPILL_LENGTH;
}

bool sorter_spill(struct pages_sorter *sorter, struct error *err)
{
    if (sorter->count == 0) {
        return true;
    }
    sorter_sort(sorter);
    struct spill_writer writer;
    spill_begin(&writer, &sorter->spill, sorter->index->folder, sorter->form);
    bool good = sorter->form == SPILL_ENTRIES ||
                spill_pairs(&writer, sorter->pairs, sorter->count, err);
    for (size_t i = 0; good && sorter->form == SPILL_ENTRIES && i < sorter->count; i++) {
        size_t length;
        const unsigned char *entry = entry_of(sorter, i, &length);
        if (i + AHEAD < sorter->count) { /* sorted entries lie anywhere */
            __builtin_prefetch(sorter->entries.data + sorter->pairs[i + AHEAD].value);
        }
        good = spill_entry(&writer, entry, length, err);
    }
    good = spill_end(&writer, good, err);
    *(struct spill_run *)array_push(&sorter->runs) = writer.run;
    sorter->count = 0;
    text_clear(&sorter->entries);
    sorter->longest = 0;
    sorter->sorted = sorter->rowids_ascend = true;
    return good;
}

/* ---- Adding ---- */

static void push_pair(struct pages_sorter *sorter, struct pair pair)
{
    if (sorter->count == sorter->capacity) {
        sorter->capacity = sorter->capacity > 0 ? 2 * sorter->capacity : FIRST_PAIRS;
        sorter->pairs =
            memory_resize(sorter->pairs, sorter->capacity * sizeof *sorter->pairs);
    }
    sorter->pairs[sorter->count++] = pair;
}

static bool add_pair(struct pages_sorter *sorter, struct pair pair, struct error *err)
{
    if (sorter->count > 0) {
        const struct pair *last = &sorter->pairs[sorter->count - 1];
        bool ascends = pair.value >= last->value;
        sorter->rowids_ascend = sorter->rowids_ascend && ascends;
        sorter->sorted = sorter->sorted &&
                         (pair.key > last->key || (pair.key == last->key && ascends));
    }
    push_pair(sorter, pair);
    return sorter->count * PAIR_COST < sorter->index->share || sorter_spill(sorter, err);
}

static void note_order(struct pages_sorter *sorter)
{
    size_t length, before_length;
    const unsigned char *entry = entry_of(sorter, sorter->count - 1, &length);
    const unsigned char *before = entry_of(sorter, sorter->count - 2, &before_length);
    sorter->sorted =
        memcmp(before, entry, length < before_length ? length : before_length) < 0;
}

static bool add_entry(struct pages_sorter *sorter, const struct pages_value *values,
                      long long rowid, struct error *err)
{
    struct text *entries = &sorter->entries;
    size_t place = entries->length;
    text_append_bytes(entries, "\0\0\0", SPILL_LENGTH);
    key_write(entries, values, sorter->index->columns, rowid);
    size_t length = entries->length - place - SPILL_LENGTH;
    if (length > UINT32_MAX) {
        return error_set(err, ERROR_FAILED,
                         "could not index the key of row %lld: it is longer than 4 GiB",
                         rowid);
    }
    uint32_t stored = (uint32_t)length;
    memcpy(entries->data + place, &stored, sizeof stored);
    sorter->longest = length > sorter->longest ? length : sorter->longest;
    push_pair(sorter, (struct pair){0, place});
    if (sorter->sorted && sorter->count > 1) {
        note_order(sorter);
    }
    return sorter->count * PAIR_COST + entries->length < sorter->index->share ||
           sorter_spill(sorter, err);
}

/* From here on keys are entries. The pairs there are become entries too when there is
 * room for that: a small table needs no file. */
static bool become_entries(struct pages_sorter *sorter, struct error *err)
{
    enum spill_form form = sorter->form;
    if (sorter->count * ENTRY_OF_PAIR_COST >= sorter->index->share &&
        !sorter_spill(sorter, err)) {
        return false;
    }
    size_t count = sorter->count;
    struct pair *pairs = sorter->pairs;
    sorter->pairs = NULL;
    sorter->count = sorter->capacity = 0;
    sorter->form = SPILL_ENTRIES;
    sorter->sorted = true;
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        struct pages_value value = spill_value(form, pairs[i].key);
        good = add_entry(sorter, &value, key_to_integer(pairs[i].value), err);
    }
    free(pairs);
    return good;
}

/* A number's key; false when it does not fit those there are. */
static bool find_key(struct pages_sorter *sorter, const struct pages_value *value,
                     uint64_t *key)
{
    *key = 0;
    if (value->kind == PAGES_NULL ||
        (value->kind == PAGES_REAL && value->real != value->real)) {
        return true;
    }
    if (value->kind == PAGES_TEXT) {
        return false;
    }
    enum spill_form form = value->kind == PAGES_REAL ? SPILL_REALS : SPILL_INTEGERS;
    if (!sorter->has_number) {
        sorter->has_number = true;
        sorter->form = form;
    }
    *key =
        form == SPILL_REALS ? key_of_real(value->real) : key_of_integer(value->integer);
    return form == sorter->form && *key != 0 &&
           !(form == SPILL_REALS && key_is_minus_zero(value->real));
}

bool pages_sorter_add(struct pages_sorter *sorter, const struct pages_value *values,
                      long long rowid, struct error *err)
{
    if (sorter->form != SPILL_ENTRIES) {
        uint64_t key;
        if (find_key(sorter, values, &key)) {
            return add_pair(sorter, (struct pair){key, key_of_integer(rowid)}, err);
        }
        if (!become_entries(sorter, err)) {
            return false;
        }
    }
    return add_entry(sorter, values, rowid, err);
}
