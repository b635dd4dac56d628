/* s3: what lies under a name, page by page, and which of it is meant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/s3/private.h"

/* One listing. */
struct listing {
    struct s3_store *store;
    const char *pattern; /* the key of the address */
    char *prefix;        /* what the store is asked for */
    bool is_pattern;     /* else everything under the prefix */
    bool is_flat;        /* what lies in folders below the prefix cannot be meant */
    struct array *objects;
    char *token; /* of the next page; NULL: the first */
    struct text bytes;
};

/* ---- A page ---- */

static bool begin_page(void *owner, const struct web_answer *answer, long long have,
                       struct error *err)
{
    struct listing *listing = owner;
    (void)answer, (void)have, (void)err;
    text_clear(&listing->bytes);
    return true;
}

static bool take_page(void *owner, const void *bytes, size_t length, struct error *err)
{
    struct listing *listing = owner;
    (void)err;
    text_append_bytes(&listing->bytes, bytes, length);
    return true;
}

/* In the order of their names, as a signature wants them. */
static char *query_of(const struct listing *listing)
{
    struct text query = {0};
    text_append_char(&query, '?');
    if (listing->token != NULL) {
        text_append(&query, "continuation-token=");
        s3_encode(&query, listing->token, false);
        text_append_char(&query, '&');
    }
    text_append(&query, listing->is_flat ? "delimiter=%2F&" : "");
    text_append(&query, "encoding-type=url&list-type=2&prefix=");
    s3_encode(&query, listing->prefix, false);
    return text_take(&query);
}

static bool fetch_page(struct listing *listing, struct s3_page *page, struct error *err)
{
    struct s3_store *store = listing->store;
    struct web_sink sink = {.begin = begin_page, .take = take_page, .owner = listing};
    struct web_spec like = {.most = S3_PAGE_MOST, .port = store->port};
    struct web_answer answer;
    char *query = query_of(listing);
    struct s3_exchange exchange = {
        .key = "", .query = query, .like = &like, .sink = &sink, .answer = &answer};
    bool good = s3_ask(store, &store->way, &exchange, err);
    free(query);
    if (good &&
        (!s3_page_parse(text_string(&listing->bytes), listing->bytes.length, page) ||
         !page->is_listing)) {
        s3_page_release(page);
        good = error_set(err, ERROR_FAILED,
                         "could not list what is in s3://%s at %s: the answer is none of "
                         "a store of objects",
                         store->bucket, store->host);
    }
    text_clear(&listing->bytes);
    return good;
}

/* ---- What is meant ---- */

static bool is_hidden(const char *below)
{
    for (const char *part = below; part != NULL; part = strchr(part, '/')) {
        part += *part == '/' ? 1 : 0;
        if (*part == '_' || *part == '.') {
            return true;
        }
    }
    return false;
}

static bool is_meant(const struct listing *listing, const char *key)
{
    size_t length = strlen(key);
    if (length == 0 || key[length - 1] == '/') {
        return false; /* a folder's own marker */
    }
    return listing->is_pattern ? s3_match(listing->pattern, key)
                               : !is_hidden(key + strlen(listing->prefix));
}

static bool take_objects(struct listing *listing, struct s3_page *page, struct error *err)
{
    const struct s3_store *store = listing->store;
    for (size_t i = 0; i < page->objects.count; i++) {
        struct s3_object *object = array_at(&page->objects, i);
        if (!string_starts(object->key, listing->prefix) ||
            strlen(object->key) > S3_KEY_MOST) {
            return error_set(err, ERROR_FAILED,
                             "could not list what is in s3://%s at %s: the store lists "
                             "what was not asked for",
                             store->bucket, store->host);
        }
        if (is_meant(listing, object->key)) {
            struct s3_object *kept = array_push(listing->objects);
            *kept = *object;
            object->key = NULL;
        }
        if (listing->objects->count > S3_OBJECTS_MOST) {
            return error_set(err, ERROR_FAILED,
                             "s3://%s/%s means more than %d objects, which is more than "
                             "one table is made of",
                             store->bucket, listing->pattern, S3_OBJECTS_MOST);
        }
    }
    return true;
}

/* A store that goes on without end, or in a circle, is one that lies. */
static bool take_next(struct listing *listing, struct s3_page *page, struct error *err)
{
    const struct s3_store *store = listing->store;
    if (page->next == NULL || page->next[0] == '\0' ||
        string_equal(page->next, listing->token)) {
        return error_set(
            err, ERROR_FAILED,
            "could not list what is in s3://%s at %s: there is more, and the "
            "store does not say how to ask for it",
            store->bucket, store->host);
    }
    free(listing->token);
    listing->token = page->next;
    page->next = NULL;
    return true;
}

static bool list_pages(struct listing *listing, struct error *err)
{
    bool good = true, more = true;
    for (int i = 0; good && more; i++) {
        struct s3_page page;
        if (i == S3_PAGES_MOST) {
            return error_set(err, ERROR_FAILED,
                             "could not list what is in s3://%s at %s: there are more "
                             "than a million names; write a longer beginning of them "
                             "into the address",
                             listing->store->bucket, listing->store->host);
        }
        good = fetch_page(listing, &page, err);
        if (good) {
            more = page.is_truncated;
            good = take_objects(listing, &page, err) &&
                   (!more || take_next(listing, &page, err));
            s3_page_release(&page);
        }
    }
    return good;
}

/* ---- Order, suffixes ---- */

static int compare_keys(const void *a, const void *b)
{
    const struct s3_object *first = a, *second = b;
    return strcmp(first->key, second->key);
}

static bool has_suffix(const char *key, const char *format)
{
    static const char *const packings[] = {"", ".gz", ".zst"};
    for (size_t i = 0; i < sizeof packings / sizeof *packings; i++) {
        char *suffix = string_printf(".%s%s", format, packings[i]);
        size_t length = strlen(key), end = strlen(suffix);
        bool has = length > end && strcasecmp(key + length - end, suffix) == 0;
        free(suffix);
        if (has) {
            return true;
        }
    }
    return false;
}

/* Sorted, each once; with `format` only those of its suffix, when there are any. */
static void tidy(struct array *objects, const char *format)
{
    struct array kept = ARRAY_OF(struct s3_object);
    size_t suiting = 0;
    if (objects->count > 1) {
        qsort(objects->items, objects->count, sizeof(struct s3_object), compare_keys);
    }
    for (size_t i = 0; format != NULL && i < objects->count; i++) {
        suiting += has_suffix(((struct s3_object *)array_at(objects, i))->key, format);
    }
    for (size_t i = 0; i < objects->count; i++) {
        struct s3_object *object = array_at(objects, i);
        const struct s3_object *last = array_at(&kept, kept.count - 1);
        bool is_twice = last != NULL && string_equal(last->key, object->key);
        if (is_twice || (suiting > 0 && !has_suffix(object->key, format))) {
            free(object->key);
        } else {
            *(struct s3_object *)array_push(&kept) = *object;
        }
    }
    array_release(objects);
    *objects = kept;
}

bool s3_list(struct s3_store *store, const char *format, struct array *objects,
             struct error *err)
{
    size_t literal = s3_literal_length(store->key);
    const char *rest = store->key + literal;
    struct listing listing = {
        .store = store,
        .pattern = store->key,
        .prefix = string_copy_bytes(store->key, literal),
        .is_pattern = rest[0] != '\0',
        .is_flat =
            rest[0] != '\0' && strchr(rest, '/') == NULL && strstr(rest, "**") == NULL,
        .objects = objects,
    };
    *objects = (struct array)ARRAY_OF(struct s3_object);
    bool good = list_pages(&listing, err);
    if (good) {
        tidy(objects, listing.is_pattern ? NULL : format);
        good = objects->count > 0 ||
               error_set(err, ERROR_FAILED, "there is no object s3://%s/%s at %s",
                         store->bucket, store->key, store->host);
    }
    if (!good) {
        s3_objects_release(objects);
    }
    text_release(&listing.bytes);
    free(listing.prefix);
    free(listing.token);
    return good;
}
