/* s3: objects of stores that speak the protocol of Amazon S3: which store an address
 * means, with which keys it is asked, what lies under a name, and the bytes of an object.
 *
 * An address is s3://BUCKET/KEY (s3a:// is the same). A key that ends in "/" or is empty
 * means all objects under it; `*`, `?` and `[...]` stand for parts of a name, and `**`
 * for parts of several: s3://sales/orders/2024-*.csv.
 *
 * The store: the endpoint that the descriptor names, else AWS_ENDPOINT_URL_S3, else
 * AWS_ENDPOINT_URL, else endpoint_url of the profile, else Amazon's of the region. The
 * region: the descriptor's, AWS_REGION, AWS_DEFAULT_REGION, that of the profile,
 * us-east-1. Amazon's endpoints have the bucket in the host's name, others in the path.
 *
 * Keys, the first that there are:
 *   1. the secret of s3://ENDPOINT-HOST[:PORT] (secret.h);
 *   2. AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN;
 *   3. the profile AWS_PROFILE (or "default") in ~/.aws/credentials or ~/.aws/config
 *      (AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE);
 *   4. none: the request is not signed, as public buckets like it.
 * 2 and 3 go to Amazon and to an endpoint that the person configured, never to one that
 * only a descriptor names.
 *
 * Sources: Amazon S3 API Reference (GetObject, ListObjectsV2, Error responses), AWS
 * Signature Version 4 (by libcurl), AWS SDKs and Tools Reference Guide (shared config and
 * credentials files).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_S3_H
#define MWB_S3_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/web.h"

enum { S3_KEY_MOST = 1024, S3_OBJECTS_MOST = 10000 };

struct s3_spec {
    const char *location;          /* s3://BUCKET/KEY */
    const char *endpoint, *region; /* of the descriptor; NULL or "": it names none */
    struct job_port *port;         /* cancel; may be NULL */
};

struct s3_object {
    char *key;
    long long bytes;
    char etag[WEB_TAG_SIZE];    /* as its headers tell it */
    char changed[WEB_TAG_SIZE]; /* ISO 8601 */
};

struct s3_store; /* a bucket, and how it is asked */

bool s3_is_address(const char *location);
/* Does the address mean all objects under a name, or a pattern of names? */
bool s3_is_many(const char *location);

/* NULL and a sentence: no address, an odd endpoint, keys that must not be used. Asks
 * nobody yet. */
struct s3_store *s3_open(const struct s3_spec *spec, struct error *err);
struct s3_store *s3_share(struct s3_store *store); /* one more owner, of any thread */
void s3_close(struct s3_store *store);
const char *s3_bucket(const struct s3_store *store);
const char *s3_key(const struct s3_store *store); /* of the address it was opened with */

/* The objects that the address means, in the order of their keys (bytes); folders' own
 * markers and names that begin with `_` or `.` are left out. With a format ("csv") those
 * under a name are the files of that suffix, if there are any. Array of struct s3_object,
 * yours. None is a sentence. Before any s3_fetch() of the store, by one thread. */
bool s3_list(struct s3_store *store, const char *format, struct array *objects,
             struct error *err);
void s3_objects_release(struct array *objects);

/* web_fetch() of an object: `like` tells what is here already, and limits. What the store
 * answers becomes a sentence. */
bool s3_fetch(const struct s3_store *store, const char *key, const struct web_spec *like,
              const struct web_sink *sink, struct web_answer *answer, struct error *err);

#endif
