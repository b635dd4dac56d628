/* s3: what the room's files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_S3_PRIVATE_H
#define MWB_S3_PRIVATE_H

#include <stdatomic.h>

#include "engine/s3.h"
#include "engine/secret.h"
#include "engine/text.h"

enum { S3_PAGE_MOST = 8 * 1024 * 1024, S3_PAGES_MOST = 1000, S3_REGION_SIZE = 33 };

/* ---- address.c ---- */

/* The parts of s3://BUCKET/KEY. Yours. */
bool s3_split(const char *location, char **bucket, char **key, struct error *err);
/* As a path or query has to have it: everything but unreserved signs (RFC 3986) as %XX;
 * libcurl 7.88 signs what it is given, others what they would have made of it. */
void s3_encode(struct text *out, const char *plain, bool keep_slashes);
/* How much of a pattern stands before its first sign that stands for others. */
size_t s3_literal_length(const char *pattern);
bool s3_match(const char *pattern, const char *key);

/* ---- endpoint.c ---- */

bool s3_is_region(const char *text);
/* One of Amazon's own hosts for objects? Nobody else can have such a name. */
bool s3_is_amazon(const char *host);
bool s3_is_amazon_url(const char *url);

/* How a store is reached. */
struct s3_way {
    char *endpoint; /* "https://h:9000"; NULL: Amazon's of the region */
    char region[S3_REGION_SIZE];
};
char *s3_endpoint_url(const struct s3_way *way);
/* The address of the bucket: "https://h/bucket" or "https://bucket.h", without "/". */
char *s3_bucket_url(const struct s3_way *way, const char *bucket);

/* ---- profile.c: what the files of the AWS tools say ---- */

struct s3_profile {
    char *name;
    struct secret secret; /* all three values */
    char *region, *endpoint;
    char *other; /* how the profile gets keys that we cannot: "sso_session"; NULL */
    bool is_found;
};
/* Without keys, only ~/.aws/config is read. */
bool s3_profile_load(struct s3_profile *profile, bool with_keys, struct error *err);
void s3_profile_release(struct s3_profile *profile);
/* Take what the text of a file says of a profile; what is there already stays. In a file
 * called config, sections are [profile NAME]. The text is changed. */
void s3_profile_parse(char *text, bool is_config, struct s3_profile *profile);

/* ---- xml.c ---- */

struct s3_page {
    struct array objects; /* of struct s3_object */
    bool is_listing, is_truncated, is_encoded;
    char *next; /* token of the next page */
    /* An error's. */
    char *code, *message, *region, *endpoint;
};
/* What a store says. False: it is no XML that a store would write. */
bool s3_page_parse(const char *bytes, size_t length, struct s3_page *page);
void s3_page_release(struct s3_page *page);

/* ---- store.c ---- */

struct s3_store {
    atomic_int owners;
    char *bucket, *key;
    struct s3_way way;
    char *host;      /* for people */
    bool is_trusted; /* Amazon's, or the person's own word */
    char *other;     /* the profile's way to keys, which is not ours; NULL */
    struct secret secret;
    const char *whose; /* "the environment": where the keys come from */
    struct job_port *port;
};

/* The section of the credentials file that would be for this store: "s3://HOST:PORT". */
char *s3_origin(const struct s3_store *store);

/* ---- fetch.c ---- */

/* What goes to the web room and comes back. */
struct s3_exchange {
    const char *key;   /* "": a listing */
    const char *query; /* "?list-type=2..."; NULL: none */
    const struct web_spec *like;
    const struct web_sink *sink;
    struct web_answer *answer;
};
/* Ask the store on this way, and once more on another when it says that the bucket lies
 * in another region: then *way is that one, and its endpoint yours. What is no success
 * becomes a sentence. */
bool s3_ask(const struct s3_store *store, struct s3_way *way,
            const struct s3_exchange *exchange, struct error *err);
/* Where an answer says that a bucket lies in another region: it goes into `region`. */
bool s3_other_region(const struct s3_page *page, char region[S3_REGION_SIZE]);

#endif
