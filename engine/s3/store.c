/* s3: which store an address means, and with which keys it is asked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/s3/private.h"

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* ---- Endpoints ---- */

/* "http://h:9000": checked, without what ends in "/". NULL and a sentence. */
static char *take_endpoint(const char *text, const char *whose, struct error *err)
{
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '/') {
        length--;
    }
    char *url = string_copy_bytes(text, length);
    if (web_check(url, err) && strpbrk(url, "?#%") == NULL) {
        return url;
    }
    char *safe = secret_redact(url);
    error_set(err, ERROR_FAILED,
              "could not use the endpoint \"%.200s\" that %s names: it has to be "
              "http(s)://HOST[:PORT], without a name or password",
              safe, whose);
    free(safe);
    free(url);
    return NULL;
}

/* What the person says. *url stays NULL when nothing does. */
static bool find_configured(const struct s3_profile *profile, char **url,
                            struct error *err)
{
    static const char *const names[] = {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"};
    const char *text = NULL, *whose = NULL;
    for (size_t i = 0; text == NULL && i < sizeof names / sizeof *names; i++) {
        text = variable(names[i]);
        whose = names[i];
    }
    if (text == NULL && profile->endpoint != NULL) {
        text = profile->endpoint;
        whose = "the profile of the AWS tools";
    }
    *url = text != NULL ? take_endpoint(text, whose, err) : NULL;
    return text == NULL || *url != NULL;
}

static bool same_origin(const char *a, const char *b)
{
    char *first = a != NULL ? secret_origin(a) : NULL;
    char *second = b != NULL ? secret_origin(b) : NULL;
    bool same = first != NULL && string_equal(first, second);
    free(first);
    free(second);
    return same;
}

static bool choose_endpoint(struct s3_store *store, const struct s3_spec *spec,
                            const struct s3_profile *profile, struct error *err)
{
    char *configured = NULL;
    if (!find_configured(profile, &configured, err)) {
        return false;
    }
    bool good = true;
    if (spec->endpoint != NULL && spec->endpoint[0] != '\0') {
        store->way.endpoint = take_endpoint(spec->endpoint, "the descriptor", err);
        good = store->way.endpoint != NULL;
        store->is_trusted = good && (s3_is_amazon_url(store->way.endpoint) ||
                                     same_origin(store->way.endpoint, configured));
    } else {
        store->way.endpoint = configured;
        configured = NULL;
        store->is_trusted = true;
    }
    free(configured);
    return good;
}

static bool choose_region(struct s3_store *store, const struct s3_spec *spec,
                          const struct s3_profile *profile, struct error *err)
{
    const char *const said[] = {spec->region, variable("AWS_REGION"),
                                variable("AWS_DEFAULT_REGION"), profile->region,
                                "us-east-1"};
    const char *region = NULL;
    for (size_t i = 0; region == NULL && i < sizeof said / sizeof *said; i++) {
        region = said[i] != NULL && said[i][0] != '\0' ? said[i] : NULL;
    }
    if (!s3_is_region(region)) {
        return error_set(err, ERROR_FAILED,
                         "could not use the region \"%.40s\": one is small letters, "
                         "digits and hyphens, as in eu-central-1",
                         region);
    }
    memcpy(store->way.region, region, strlen(region) + 1);
    return true;
}

/* ---- Keys ---- */

/* "s3://HOST:PORT" of the endpoint, as a section of the credentials file names it: one
 * that names no port means https. */
char *s3_origin(const struct s3_store *store)
{
    char *url = s3_endpoint_url(&store->way);
    char *web = secret_origin(url), *origin = NULL;
    if (web != NULL) {
        const char *host = strstr(web, "://") + 3;
        const char *bracket = strrchr(host, ']');
        bool has_port = strchr(bracket != NULL ? bracket : host, ':') != NULL;
        bool is_plain = string_starts(web, "http:") && !has_port;
        origin = string_printf("s3://%s%s", host, is_plain ? ":80" : "");
    }
    free(web);
    free(url);
    return origin;
}

static bool take_environment(struct s3_store *store, struct error *err)
{
    const char *user = variable("AWS_ACCESS_KEY_ID");
    const char *password = variable("AWS_SECRET_ACCESS_KEY");
    if (user == NULL && password == NULL) {
        return true;
    }
    if (user == NULL || password == NULL) {
        return error_set(
            err, ERROR_FAILED,
            "of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set; "
            "set both or none");
    }
    store->secret = (struct secret){.user = string_copy(user),
                                    .password = string_copy(password),
                                    .token = string_copy(variable("AWS_SESSION_TOKEN"))};
    store->whose = "the environment";
    return true;
}

/* What the environment of the program or the credentials file has for this endpoint. A
 * token alone is for an ordinary server of the same host: it signs nothing. */
static bool take_own(struct s3_store *store, struct error *err)
{
    char *origin = s3_origin(store);
    bool good = origin == NULL || secret_find(origin, &store->secret, err);
    free(origin);
    if (store->secret.user == NULL || store->secret.password == NULL) {
        secret_release(&store->secret);
    } else {
        store->whose = "your credentials file";
        store->is_trusted = true;
    }
    return good;
}

static void take_profile(struct s3_store *store, struct s3_profile *profile)
{
    if (secret_is_empty(&store->secret) && store->is_trusted &&
        profile->secret.user != NULL && profile->secret.password != NULL) {
        store->secret = profile->secret;
        profile->secret = (struct secret){0};
        store->whose = "the profile of the AWS tools";
    }
    if (secret_is_empty(&store->secret)) {
        store->other = string_copy(profile->other);
    }
}

static void name_host(struct s3_store *store)
{
    char *url = s3_bucket_url(&store->way, store->bucket);
    const char *host = strstr(url, "://") + 3;
    store->host = string_copy_bytes(host, strcspn(host, "/"));
    free(url);
}

/* The endpoint of a profile may decide which keys count, so it is read before them. */
static bool set_up(struct s3_store *store, const struct s3_spec *spec, struct error *err)
{
    struct s3_profile profile = {0};
    bool has_keys = variable("AWS_ACCESS_KEY_ID") != NULL;
    bool good = s3_profile_load(&profile, !has_keys, err) &&
                choose_endpoint(store, spec, &profile, err) &&
                choose_region(store, spec, &profile, err);
    if (good) {
        name_host(store);
        good = take_own(store, err);
    }
    if (good && secret_is_empty(&store->secret) && store->is_trusted) {
        good = take_environment(store, err);
    }
    if (good) {
        take_profile(store, &profile);
    }
    s3_profile_release(&profile);
    return good;
}

struct s3_store *s3_open(const struct s3_spec *spec, struct error *err)
{
    struct s3_store *store = memory_new(sizeof *store);
    atomic_init(&store->owners, 1);
    store->port = spec->port;
    if (s3_split(spec->location, &store->bucket, &store->key, err) &&
        set_up(store, spec, err)) {
        return store;
    }
    s3_close(store);
    return NULL;
}

struct s3_store *s3_share(struct s3_store *store)
{
    atomic_fetch_add(&store->owners, 1);
    return store;
}

void s3_close(struct s3_store *store)
{
    if (store == NULL || atomic_fetch_sub(&store->owners, 1) > 1) {
        return;
    }
    secret_release(&store->secret);
    free(store->bucket);
    free(store->key);
    free(store->way.endpoint);
    free(store->host);
    free(store->other);
    free(store);
}

const char *s3_bucket(const struct s3_store *store)
{
    return store->bucket;
}

const char *s3_key(const struct s3_store *store)
{
    return store->key;
}
