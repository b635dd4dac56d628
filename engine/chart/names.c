/* Names: texts to small numbers, for categories and series.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"
#include "engine/safetext.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, started from an address: data cannot be made to collide on purpose. */
static uint64_t hash_of(const struct names *names, const char *bytes, size_t length)
{
    uint64_t hash = 14695981039346656037u ^ (uint64_t)(uintptr_t)names;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211u;
    }
    return hash ^ hash >> 29;
}

static bool is_same(const struct name *name, const char *bytes, size_t length,
                    uint64_t hash)
{
    size_t kept = length < NAME_BYTES_KEPT ? length : NAME_BYTES_KEPT;
    return name->hash == hash && name->length == length &&
           memcmp(name->bytes, bytes, kept) == 0;
}

static size_t find_slot(const struct names *names, const char *bytes, size_t length,
                        uint64_t hash)
{
    const struct name *items = names->items.items;
    size_t slot = hash & (names->slot_count - 1);
    while (names->slots[slot] != 0 &&
           !is_same(&items[names->slots[slot] - 1], bytes, length, hash)) {
        slot = (slot + 1) & (names->slot_count - 1);
    }
    return slot;
}

static void grow(struct names *names)
{
    const struct name *items = names->items.items;
    free(names->slots);
    names->slot_count = names->slot_count > 0 ? names->slot_count * 2 : 64;
    names->slots = memory_new_many(names->slot_count, sizeof *names->slots);
    for (size_t i = 0; i < names->items.count; i++) {
        size_t slot = items[i].hash & (names->slot_count - 1);
        while (names->slots[slot] != 0) {
            slot = (slot + 1) & (names->slot_count - 1);
        }
        names->slots[slot] = (uint32_t)i + 1;
    }
}

long names_number(struct names *names, const char *bytes, size_t length)
{
    if (names->items.item_size == 0) {
        names->items = (struct array)ARRAY_OF(struct name);
    }
    if (names->items.count * 2 >= names->slot_count) {
        grow(names);
    }
    uint64_t hash = hash_of(names, bytes, length);
    size_t slot = find_slot(names, bytes, length, hash);
    if (names->slots[slot] != 0) {
        return (long)names->slots[slot] - 1;
    }
    if (names->items.count >= CHART_NAMES_KEPT) {
        return -1;
    }
    struct name *name = array_push(&names->items);
    size_t kept = length < NAME_BYTES_KEPT ? length : NAME_BYTES_KEPT;
    *name = (struct name){string_copy_bytes(bytes, kept), length, hash};
    names->slots[slot] = (uint32_t)names->items.count;
    return (long)names->items.count - 1;
}

const struct name *names_at(const struct names *names, size_t number)
{
    return array_at(&names->items, number);
}

char *names_label(const struct names *names, size_t number)
{
    const struct name *name = names_at(names, number);
    struct text text = {0};
    size_t kept = name->length < NAME_BYTES_KEPT ? name->length : NAME_BYTES_KEPT;
    if (kept == 0) {
        text_append(&text, "(empty)");
    }
    /* A character that was cut in half is shown as no character at all. */
    while (kept < name->length && kept > 0 &&
           ((unsigned char)name->bytes[kept - 1] >= 0x80)) {
        kept--;
    }
    safetext_append(&text, name->bytes, kept);
    if (kept < name->length) {
        text_append(&text, "...");
    }
    return text_take(&text);
}

void chart_names_release(struct names *names)
{
    struct name *items = names->items.items;
    for (size_t i = 0; i < names->items.count; i++) {
        free(items[i].bytes);
    }
    array_release(&names->items);
    free(names->slots);
}
