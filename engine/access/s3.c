/* access/s3: objects of stores like Amazon S3. Which store, with which keys and what lies
 * there is the business of s3.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/s3.h"
#include "engine/variables.h"

enum { SECONDS_OF_PATIENCE = 30 };

/* What the thread needs. */
struct s3_own {
    struct s3_store *store;
    char *key;
    char etag[ACCESS_TAG_SIZE]; /* as it was listed; "": nobody asked yet */
    char changed[ACCESS_TAG_SIZE];
    long long bytes, most;
};

static void own_release(void *owner)
{
    struct s3_own *own = owner;
    s3_close(own->store);
    free(own->key);
    free(own);
}

/* ---- Which files ---- */

/* Of the table, or of its server. Yours; NULL: it is no address of a store. */
static char *address_of(const struct place *place)
{
    char *address = place->location != NULL ? string_copy(place->location)
                                            : place_value(place, "location");
    if (address != NULL && s3_is_address(address)) {
        return address;
    }
    free(address);
    return NULL;
}

static bool s3_takes(const struct place *place)
{
    char *address = address_of(place);
    free(address);
    return address != NULL;
}

static struct access_bring *add_file(const struct place *place, struct s3_store *store,
                                     const char *key, struct array *files)
{
    char *location = string_printf("s3://%s/%s", s3_bucket(store), key);
    struct access_bring *bring = bring_new(place, &method_s3, location, files);
    struct s3_own *own = memory_new(sizeof *own);
    *own =
        (struct s3_own){.store = s3_share(store), .key = string_copy(key), .bytes = -1};
    own->most = place->table->files.count <= 1 ? place->table->bytes : 0;
    bring->own = own;
    free(location);
    return bring;
}

/* The listing says that it is what is here: nobody has to ask again. */
static bool is_known(const struct access_bring *bring)
{
    const struct s3_own *own = bring->own;
    return bring->known.location != NULL && own->etag[0] != '\0' &&
           string_equal(bring->known.etag, own->etag);
}

/* Where several tables lie below one name, each has a folder or files of its name. */
static bool is_of_table(const struct place *place, const struct s3_store *store,
                        const char *key)
{
    const char *prefix = s3_key(store);
    const char *name = place->table->physical_name != NULL ? place->table->physical_name
                                                           : place->table->name;
    size_t start = strlen(prefix), length = strlen(name);
    if (place->product->tables.count < 2 || strpbrk(prefix, "*?[") != NULL) {
        return true;
    }
    return strncmp(key + start, name, length) == 0 &&
           (key[start + length] == '/' || key[start + length] == '.');
}

static bool add_listed(const struct place *place, struct s3_store *store,
                       struct array *files, struct error *err)
{
    struct array objects;
    size_t before = files->count;
    if (!s3_list(store, place->table->format, &objects, err)) {
        return false;
    }
    for (size_t i = 0; i < objects.count; i++) {
        const struct s3_object *object = array_at(&objects, i);
        if (!is_of_table(place, store, object->key)) {
            continue;
        }
        struct access_bring *bring = add_file(place, store, object->key, files);
        struct s3_own *own = bring->own;
        memcpy(own->etag, object->etag, sizeof own->etag);
        memcpy(own->changed, object->changed, sizeof own->changed);
        own->bytes = object->bytes;
        own->most = objects.count > 1 ? 0 : own->most;
        bring->is_unchanged = is_known(bring);
    }
    s3_objects_release(&objects);
    return files->count > before ||
           error_set(err, ERROR_FAILED,
                     "below s3://%s/%s there is nothing called %s.* or %s/, and the "
                     "contract has several tables there; write {model} into the "
                     "location where the name of a table stands",
                     s3_bucket(store), s3_key(store), place->table->name,
                     place->table->name);
}

/* What the server says of itself; *value stays NULL when it says nothing. Another store
 * must not be asked because a variable is not set. */
static bool take_value(const struct place *place, const char *key, char **value,
                       struct error *err)
{
    char *text = place->server != NULL ? catalog_server_value(place->server, key) : NULL;
    *value = text != NULL ? variables_resolve_address(text, err) : NULL;
    bool good = text == NULL || *value != NULL;
    free(text);
    return good || error_prefix(err, "could not read %s of the server %s: ", key,
                                place->server->name != NULL ? place->server->name : "s3");
}

static bool s3_list_files(const struct place *place, struct array *files,
                          struct error *err)
{
    char *address = address_of(place), *endpoint = NULL, *region = NULL;
    bool good = take_value(place, "endpointUrl", &endpoint, err) &&
                take_value(place, "region", &region, err);
    struct s3_spec spec = {.location = address,
                           .endpoint = endpoint,
                           .region = region,
                           .port = place->spec->port};
    struct s3_store *store = good ? s3_open(&spec, err) : NULL;
    good = store != NULL;
    if (good && s3_is_many(address)) {
        good = add_listed(place, store, files, err);
    } else if (good) {
        add_file(place, store, s3_key(store), files);
    }
    s3_close(store);
    free(region);
    free(endpoint);
    free(address);
    return good;
}

/* ---- Bringing one ---- */

static bool s3_bring(struct access_bring *bring, struct error *err)
{
    const struct s3_own *own = bring->own;
    struct web_answer answer;
    struct web_sink sink = http_sink(bring);
    struct web_spec like = {.most = http_most(bring, own->most),
                            .seconds = -1,
                            .port = bring->port,
                            .patience = {.stall = SECONDS_OF_PATIENCE},
                            .have = bring->have,
                            .have_tag = bring->have_tag};
    memcpy(bring->facts.etag, own->etag, sizeof own->etag);
    memcpy(bring->facts.changed, own->changed, sizeof own->changed);
    bring->facts.bytes = own->bytes;
    if (bring->known.location != NULL) {
        like.etag = bring->known.etag;
    }
    bool good = s3_fetch(own->store, own->key, &like, &sink, &answer, err);
    if (good && answer.is_unchanged) {
        bring_unchanged(bring);
    }
    return good;
}

const struct method method_s3 = {
    .door = {"s3", "objects of a store like Amazon S3 (s3://BUCKET/KEY, names that end "
                   "in /, patterns)"},
    .takes = s3_takes,
    .list = s3_list_files,
    .bring = s3_bring,
    .release = own_release,
};
