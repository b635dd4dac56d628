/* s3: hosts of stores: which are Amazon's, and how a bucket is addressed there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/s3/private.h"

static const char *const domains[] = {".amazonaws.com", ".amazonaws.com.cn"};

bool s3_is_region(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        bool is_letter =
            islower((unsigned char)text[i]) || isdigit((unsigned char)text[i]);
        if (!is_letter && (text[i] != '-' || i == 0)) {
            return false;
        }
    }
    return length > 0 && length < S3_REGION_SIZE;
}

/* "eu-central-1": names of balancers and machines of customers do not look so. */
static bool is_amazon_region(const char *text)
{
    size_t length = strlen(text), hyphens = 0;
    for (size_t i = 0; i < length; i++) {
        hyphens += text[i] == '-' ? 1 : 0;
    }
    return s3_is_region(text) && hyphens >= 2 && hyphens <= 3 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz") >= 2 && length < 20 &&
           isdigit((unsigned char)text[length - 1]) && text[length - 2] == '-';
}

/* What stands before the domain: s3, s3.REGION, s3.dualstack.REGION, s3-fips.REGION,
 * s3-REGION. */
static bool is_service(const char *name)
{
    static const char *const services[] = {"s3.dualstack.", "s3-fips.dualstack.",
                                           "s3-fips.", "s3.", "s3-"};
    if (strcmp(name, "s3") == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (string_starts(name, services[i])) {
            return is_amazon_region(name + strlen(services[i]));
        }
    }
    return false;
}

bool s3_is_amazon(const char *host)
{
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++) {
        if (string_ends(host, domains[i])) {
            char *name = string_copy_bytes(host, strlen(host) - strlen(domains[i]));
            bool is = is_service(name);
            free(name);
            return is;
        }
    }
    return false;
}

/* A label of a host's name under Amazon's certificate, which has one star. */
static bool is_label(const char *bucket)
{
    size_t length = strlen(bucket);
    return length <= 63 &&
           strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789-") == length &&
           bucket[length - 1] != '-';
}

/* The host of a checked address, and the port behind it. */
static char *host_of(const char *url)
{
    const char *start = strstr(url, "://") + 3;
    return string_copy_bytes(start, strcspn(start, "/:"));
}

bool s3_is_amazon_url(const char *url)
{
    char *origin = secret_origin(url);
    bool is = origin != NULL && string_starts(origin, "https://") &&
              s3_is_amazon(origin + strlen("https://"));
    free(origin);
    return is;
}

char *s3_endpoint_url(const struct s3_way *way)
{
    const char *domain = domains[string_starts(way->region, "cn-") ? 1 : 0];
    return way->endpoint != NULL ? string_copy(way->endpoint)
                                 : string_printf("https://s3.%s%s", way->region, domain);
}

char *s3_bucket_url(const struct s3_way *way, const char *bucket)
{
    char *base = s3_endpoint_url(way), *host = host_of(base);
    size_t scheme = (size_t)(strstr(base, "://") + 3 - base);
    char *url = s3_is_amazon(host) && is_label(bucket)
                    ? string_printf("%.*s%s.%s", (int)scheme, base, bucket, base + scheme)
                    : string_printf("%s/%s", base, bucket);
    free(host);
    free(base);
    return url;
}
