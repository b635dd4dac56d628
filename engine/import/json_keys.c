/* json_keys: a tree of keys with a hash table over (parent, name).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/json_keys.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/catalog.h"
#include "engine/import/json.h"

struct key {
    size_t parent;
    size_t name, length; /* in json_keys.names */
    uint64_t hash;
    size_t next;   /* in its bucket, 0: none */
    long long row; /* that had it last */
    long column;   /* -1: none */
    bool kept;
};

struct json_keys {
    const struct array *declared;
    bool keep_nested;
    struct text names;
    struct array keys;    /* of struct key; the first is the root */
    struct array columns; /* of size_t: their keys */
    size_t *buckets;      /* the latest key first */
    size_t bucket_count;
    long long row;
    size_t keys_before, columns_before; /* when the row began */
    struct text path;
};

static struct key *key_at(const struct json_keys *keys, size_t index)
{
    return (struct key *)keys->keys.items + index;
}

struct json_keys *json_keys_new(const struct array *declared, bool keep_nested)
{
    struct json_keys *keys = memory_new(sizeof *keys);
    keys->declared = declared;
    keys->keep_nested = keep_nested;
    keys->keys = (struct array)ARRAY_OF(struct key);
    keys->columns = (struct array)ARRAY_OF(size_t);
    keys->bucket_count = 256;
    keys->buckets = memory_new_many(keys->bucket_count, sizeof *keys->buckets);
    struct key *root = array_push(&keys->keys);
    root->column = -1;
    return keys;
}

void json_keys_free(struct json_keys *keys)
{
    if (keys == NULL) {
        return;
    }
    text_release(&keys->names);
    text_release(&keys->path);
    array_release(&keys->keys);
    array_release(&keys->columns);
    free(keys->buckets);
    free(keys);
}

/* FNV-1a (Fowler, Noll and Vo, 1991), begun with the parent. */
static uint64_t hash_key(size_t parent, const char *name, size_t length)
{
    uint64_t hash = 14695981039346656037ULL ^ (parent * 0x9E3779B97F4A7C15ULL);
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)name[i]) * 1099511628211ULL;
    }
    return hash ^ (hash >> 29);
}

static size_t *bucket_of(const struct json_keys *keys, uint64_t hash)
{
    return &keys->buckets[hash & (keys->bucket_count - 1)];
}

static void link_key(struct json_keys *keys, size_t index)
{
    size_t *bucket = bucket_of(keys, key_at(keys, index)->hash);
    key_at(keys, index)->next = *bucket;
    *bucket = index;
}

static void grow_buckets(struct json_keys *keys)
{
    free(keys->buckets);
    keys->bucket_count *= 4;
    keys->buckets = memory_new_many(keys->bucket_count, sizeof *keys->buckets);
    for (size_t i = 1; i < keys->keys.count; i++) {
        link_key(keys, i);
    }
}

/* The path's text in keys->path. */
static void spell(struct json_keys *keys, size_t index)
{
    size_t chain[JSON_DEPTH_MOST + 1];
    size_t count = 0;
    for (size_t at = index; at != JSON_KEYS_ROOT; at = key_at(keys, at)->parent) {
        chain[count++] = at;
    }
    text_clear(&keys->path);
    while (count > 0) {
        const struct key *key = key_at(keys, chain[--count]);
        text_append_bytes(&keys->path, text_string(&keys->names) + key->name,
                          key->length);
        text_append(&keys->path, count > 0 ? "." : "");
    }
    for (size_t i = 0; i < keys->path.length; i++) {
        keys->path.data[i] = keys->path.data[i] == '\0' ? '_' : keys->path.data[i];
    }
}

static bool is_declared(struct json_keys *keys, size_t index)
{
    if (keys->declared == NULL || keys->declared->count == 0) {
        return false;
    }
    spell(keys, index);
    const char *path = text_string(&keys->path);
    for (size_t i = 0; i < keys->declared->count; i++) {
        const struct catalog_column *column = array_at(keys->declared, i);
        if (string_equal(column->name, path) ||
            string_equal(column->physical_name, path)) {
            return true;
        }
    }
    return false;
}

static size_t add_key(struct json_keys *keys, size_t parent, const char *name,
                      size_t length, uint64_t hash)
{
    size_t index = keys->keys.count;
    struct key *key = array_push(&keys->keys);
    key->parent = parent;
    key->name = keys->names.length;
    key->length = length;
    key->hash = hash;
    key->column = -1;
    text_append_bytes(&keys->names, name, length);
    link_key(keys, index);
    key->kept = keys->keep_nested || is_declared(keys, index);
    if (keys->keys.count > keys->bucket_count) {
        grow_buckets(keys);
    }
    return index;
}

bool json_keys_see(struct json_keys *keys, size_t parent, const char *name, size_t length,
                   size_t *key)
{
    uint64_t hash = hash_key(parent, name, length);
    size_t index = *bucket_of(keys, hash);
    for (; index != 0; index = key_at(keys, index)->next) {
        const struct key *at = key_at(keys, index);
        if (at->hash == hash && at->parent == parent && at->length == length &&
            memcmp(text_string(&keys->names) + at->name, name, length) == 0) {
            break;
        }
    }
    *key = index != 0 ? index : add_key(keys, parent, name, length, hash);
    bool first = key_at(keys, *key)->row != keys->row;
    key_at(keys, *key)->row = keys->row;
    return first;
}

bool json_keys_is_kept(const struct json_keys *keys, size_t key)
{
    return key_at(keys, key)->kept;
}

size_t json_keys_column(struct json_keys *keys, size_t key)
{
    struct key *at = key_at(keys, key);
    if (at->column < 0) {
        at->column = (long)keys->columns.count;
        *(size_t *)array_push(&keys->columns) = key;
    }
    return (size_t)at->column;
}

size_t json_keys_count(const struct json_keys *keys)
{
    return keys->columns.count;
}

const char *json_keys_name(struct json_keys *keys, size_t column)
{
    spell(keys, *(size_t *)array_at(&keys->columns, column));
    return text_string(&keys->path);
}

void json_keys_begin_row(struct json_keys *keys)
{
    keys->row++;
    keys->keys_before = keys->keys.count;
    keys->columns_before = keys->columns.count;
}

void json_keys_undo_row(struct json_keys *keys)
{
    while (keys->columns.count > keys->columns_before) {
        size_t last = keys->columns.count - 1;
        key_at(keys, *(size_t *)array_at(&keys->columns, last))->column = -1;
        array_remove(&keys->columns, last);
    }
    while (keys->keys.count > keys->keys_before) {
        const struct key *last = key_at(keys, keys->keys.count - 1);
        *bucket_of(keys, last->hash) = last->next; /* the latest is the first there */
        text_truncate(&keys->names, last->name);
        array_remove(&keys->keys, keys->keys.count - 1);
    }
}
