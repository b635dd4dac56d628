/* s3: one request to a store, and what its answers mean in words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/s3/private.h"

enum { RETRIES = 3 };

/* ---- Words ---- */

static const struct {
    const char *code, *words;
} of_codes[] = {
    {"NoSuchKey", "there is no such object"},
    {"NoSuchBucket", "there is no such bucket"},
    {"NoSuchVersion", "there is no such version of it"},
    {"InvalidAccessKeyId", "the store does not know the access key"},
    {"SignatureDoesNotMatch", "the secret key is not that of the access key"},
    {"ExpiredToken", "the session of the keys is over: get new ones"},
    {"InvalidToken", "the token does not belong to the keys, or is broken"},
    {"TokenRefreshRequired", "the session of the keys is over: get new ones"},
    {"RequestTimeTooSkewed", "the clock of this host or of the store is wrong"},
    {"InvalidObjectState", "it is archived, and has to be restored first"},
    {"PermanentRedirect", "the bucket lies in another region: set AWS_REGION to it"},
    {"TemporaryRedirect", "the bucket is being moved: try again later"},
    {"AuthorizationHeaderMalformed",
     "the store wants the request signed for another region: set AWS_REGION to it"},
    {"SlowDown", "the store is asked too often: try again later"},
    {"ServiceUnavailable", "the store is busy: try again later"},
    {"InternalError", "the store is broken: try again later"},
    {"InvalidBucketName", "a bucket cannot have this name"},
    {"RequestTimeout", "the store waited too long"},
};

static const char *words_of(const char *code)
{
    for (size_t i = 0; code != NULL && i < sizeof of_codes / sizeof *of_codes; i++) {
        if (strcmp(code, of_codes[i].code) == 0) {
            return of_codes[i].words;
        }
    }
    return NULL;
}

/* Which keys were sent, and how others could be. */
static void add_denied(const struct s3_store *store, struct text *out)
{
    text_append(out, "it is not for everybody");
    if (!secret_is_empty(&store->secret)) {
        text_printf(out, ", and not for the keys of %s", store->whose);
    } else if (!store->is_trusted) {
        char *origin = s3_origin(store);
        text_printf(out,
                    "; only the descriptor names this store, so no keys were sent: to "
                    "allow it, put user and password into the file of credentials under "
                    "[%s], or set AWS_ENDPOINT_URL_S3 to it",
                    origin != NULL ? origin : store->host);
        free(origin);
    } else if (store->other != NULL) {
        text_printf(out,
                    ", and there are no keys: those of the profile come by %s, which is "
                    "not followed; \"aws configure export-credentials --format env\" "
                    "prints what to set",
                    store->other);
    } else {
        text_append(out, ", and there are no keys: set AWS_ACCESS_KEY_ID and "
                         "AWS_SECRET_ACCESS_KEY, or write a profile into "
                         "~/.aws/credentials");
    }
}

/* What a store says of itself is shown when we know no better, and only a part. */
static void add_reason(const struct s3_store *store, const struct web_answer *answer,
                       const struct s3_page *page, struct text *out)
{
    const char *words = words_of(page->code);
    bool is_denied = answer->status == 403 || answer->status == 401;
    if (words != NULL) {
        text_append(out, words);
    } else if (is_denied &&
               (page->code == NULL || strstr(page->code, "Denied") != NULL)) {
        add_denied(store, out);
    } else if (page->message != NULL) {
        char *safe = secret_redact(page->message);
        text_printf(out, "the store says \"%.200s\"", safe);
        free(safe);
    } else {
        text_printf(out, "the store answered %ld", answer->status);
    }
    if (page->code != NULL) {
        text_printf(out, " (%.60s)", page->code);
    }
}

static bool refuse(const struct s3_store *store, const struct s3_exchange *exchange,
                   const struct s3_page *page, struct error *err)
{
    struct text reason = {0};
    bool is_listing = exchange->query != NULL;
    add_reason(store, exchange->answer, page, &reason);
    error_set(err, ERROR_FAILED, "could not %s s3://%s/%.300s at %s: %s",
              is_listing ? "list what is in" : "fetch", store->bucket,
              is_listing ? "" : exchange->key, store->host, text_string(&reason));
    text_release(&reason);
    return false;
}

/* ---- Regions ---- */

/* "bucket.s3.eu-west-1.amazonaws.com", "bucket.s3-eu-west-1.amazonaws.com" */
static bool region_of_host(const char *host, char region[S3_REGION_SIZE])
{
    const char *end = strstr(host, ".amazonaws.com");
    const char *start = end;
    while (start != NULL && start > host && start[-1] != '.') {
        start--;
    }
    size_t length = start != NULL ? (size_t)(end - start) : 0;
    if (length > 3 && strncmp(start, "s3-", 3) == 0) {
        start += 3;
        length -= 3;
    }
    if (length == 0 || length >= S3_REGION_SIZE) {
        return false;
    }
    memcpy(region, start, length);
    region[length] = '\0';
    return strcmp(region, "s3") != 0 && s3_is_region(region);
}

bool s3_other_region(const struct s3_page *page, char region[S3_REGION_SIZE])
{
    if (page->region != NULL && s3_is_region(page->region)) {
        memcpy(region, page->region, strlen(page->region) + 1);
        return true;
    }
    return page->endpoint != NULL && region_of_host(page->endpoint, region);
}

/* An answer that a change of the region would better: *way is changed. */
static bool take_other_way(struct s3_way *way, const struct s3_page *page)
{
    char region[S3_REGION_SIZE];
    bool is_about_it = page->code != NULL &&
                       (strcmp(page->code, "PermanentRedirect") == 0 ||
                        strcmp(page->code, "AuthorizationHeaderMalformed") == 0 ||
                        strcmp(page->code, "IllegalLocationConstraintException") == 0);
    if (!is_about_it || !s3_other_region(page, region) ||
        string_equal(region, way->region)) {
        return false;
    }
    memcpy(way->region, region, sizeof region);
    if (way->endpoint != NULL && s3_is_amazon_url(way->endpoint)) {
        free(way->endpoint);
        way->endpoint = NULL;
    }
    return true;
}

/* ---- Asking ---- */

static char *url_of(const struct s3_store *store, const struct s3_way *way,
                    const struct s3_exchange *exchange)
{
    struct text url = {0};
    char *bucket = s3_bucket_url(way, store->bucket);
    text_printf(&url, "%s/", bucket);
    s3_encode(&url, exchange->key, true);
    text_append(&url, exchange->query != NULL ? exchange->query : "");
    free(bucket);
    return text_take(&url);
}

static bool ask_once(const struct s3_store *store, const struct s3_way *way,
                     const struct s3_exchange *exchange, struct error *err)
{
    struct web_spec spec = *exchange->like;
    char *url = url_of(store, way, exchange);
    char *signature = string_printf("aws:amz:%s:s3", way->region);
    spec.url = url;
    spec.is_hostile = !store->is_trusted;
    spec.secret = &store->secret;
    spec.signature = secret_is_empty(&store->secret) ? NULL : signature;
    spec.patience.retries = RETRIES;
    bool good = web_fetch(&spec, exchange->sink, exchange->answer, err);
    free(signature);
    free(url);
    return good;
}

/* Did the store answer, and that was the trouble? */
static bool is_refusal(const struct web_answer *answer, const struct error *err)
{
    return answer->status >= 300 && err->kind == ERROR_FAILED;
}

bool s3_ask(const struct s3_store *store, struct s3_way *way,
            const struct s3_exchange *exchange, struct error *err)
{
    struct web_answer *answer = exchange->answer;
    struct error why = {0};
    struct s3_page page = {.objects = ARRAY_OF(struct s3_object)};
    bool good = ask_once(store, way, exchange, &why);
    if (!good && is_refusal(answer, &why)) {
        s3_page_parse(answer->page, answer->page_length, &page);
        if (take_other_way(way, &page)) {
            s3_page_release(&page);
            why = (struct error){0};
            good = ask_once(store, way, exchange, &why);
            if (!good) {
                s3_page_parse(answer->page, answer->page_length, &page);
            }
        }
    }
    if (!good && is_refusal(answer, &why) &&
        (answer->status < 500 || page.code != NULL)) {
        refuse(store, exchange, &page, err);
    } else if (!good && err != NULL) {
        *err = why;
    }
    s3_page_release(&page);
    return good;
}

bool s3_fetch(const struct s3_store *store, const char *key, const struct web_spec *like,
              const struct web_sink *sink, struct web_answer *answer, struct error *err)
{
    struct s3_exchange exchange = {
        .key = key, .like = like, .sink = sink, .answer = answer};
    struct s3_way way = store->way;
    way.endpoint = string_copy(store->way.endpoint);
    bool good = s3_ask(store, &way, &exchange, err);
    free(way.endpoint);
    return good;
}
