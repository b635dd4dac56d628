/* s3: addresses, patterns, hosts, profiles, and what stores say in XML.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/s3/private.h"
#include "tests/unit/tap.h"

static struct error err;

/* ---- Addresses and patterns ---- */

static void test_addresses(void)
{
    static const struct {
        const char *text;
        bool is, is_many, is_good;
    } rows[] = {
        {"s3://bucket/key", true, false, true},
        {"S3://bucket/a b/c=d", true, false, true},
        {"s3a://bucket/key", true, false, true},
        {"s3://bucket", true, true, true},
        {"s3://bucket/", true, true, true},
        {"s3://bucket/p/", true, true, true},
        {"s3://bucket/p/*.csv", true, true, true},
        {"s3://bucket/p?[ab]", true, true, true},
        {"s3://my.bucket-1/key", true, false, true},
        {"s3://", true, true, false},
        {"s3:///key", true, false, false},
        {"s3://b@evil.example/key", true, false, false},
        {"s3://evil.example:80/key", true, false, false},
        {"s3://a..b/key", true, false, false},
        {"s3://-ab/key", true, false, false},
        {"s3://bu cket/key", true, false, false},
        {"s3://bucket/../key", true, false, false},
        {"s3://bucket/a/./key", true, false, false},
        {"s3://bucket/..", true, false, false},
        {"s3://bucket/..a/b..", true, false, true},
        {"https://bucket/key", false, false, false},
        {"bucket/key", false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *bucket, *key;
        bool good = s3_split(rows[i].text, &bucket, &key, &err);
        ok(s3_is_address(rows[i].text) == rows[i].is &&
               s3_is_many(rows[i].text) == rows[i].is_many && good == rows[i].is_good,
           "address %zu: %s", i, rows[i].text);
        free(bucket);
        free(key);
    }
}

static void test_patterns(void)
{
    static const struct {
        const char *pattern, *key;
        bool is;
    } rows[] = {
        {"a/*.csv", "a/b.csv", true},
        {"a/*.csv", "a/b/c.csv", false},
        {"a/*.csv", "a/.csv", true},
        {"a/**/c.csv", "a/c.csv", true},
        {"a/**/c.csv", "a/b/c.csv", true},
        {"a/**/c.csv", "a/b/d/c.csv", true},
        {"a/**/c.csv", "a/bc.csv", false},
        {"a/**", "a/b/c", true},
        {"**.csv", "a/b.csv", true},
        {"**.csv", "a/b.txt", false},
        {"a?c", "abc", true},
        {"a?c", "a/c", false},
        {"a[0-9]", "a5", true},
        {"a[0-9]", "ax", false},
        {"a[!0-9]", "ax", true},
        {"a[!0-9]", "a/", false},
        {"a[", "a[", true},
        {"a[]]", "a]", true},
        {"*", "", true},
        {"*a*b*", "xxaxxbxx", true},
        {"*a*b*", "xxbxxaxx", false},
        {"*/x-*.csv", "a/x-1.csv", true},
        {"*/x-*.csv", "a/b/x-1.csv", false},
        {"**/*-[ab].csv", "x/y/z-b.csv", true},
        {"", "", true},
        {"", "a", false},
        {"a", "", false},
        {"p/**/q/*.csv", "p/1/q/2/q/3.csv", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ok(s3_match(rows[i].pattern, rows[i].key) == rows[i].is, "\"%s\" %s \"%s\"",
           rows[i].pattern, rows[i].is ? "is" : "is not", rows[i].key);
    }
    struct text pattern = {0}, key = {0};
    for (int i = 0; i < 100; i++) {
        text_append(&pattern, "*a");
    }
    text_append_repeated(&key, 'a', 1000);
    text_append_char(&key, 'b');
    double start = path_monotonic();
    ok(!s3_match(text_string(&pattern), text_string(&key)) &&
           (tap_is_slow() || path_monotonic() - start < 1),
       "many stars take no time");
    text_release(&pattern);
    text_release(&key);
    struct text out = {0};
    s3_encode(&out, "a b+c=d/\xc3\xbc~-_.", true);
    is_text(text_string(&out), "a%20b%2Bc%3Dd/%C3%BC~-_.", "a key as a path");
    text_clear(&out);
    s3_encode(&out, "a/b", false);
    is_text(text_string(&out), "a%2Fb", "a key in a query");
    text_release(&out);
}

/* ---- Endpoints ---- */

static void test_hosts(void)
{
    static const char *const amazon[] = {"s3.amazonaws.com",
                                         "s3.eu-central-1.amazonaws.com",
                                         "s3-eu-west-1.amazonaws.com",
                                         "s3.dualstack.us-east-1.amazonaws.com",
                                         "s3-fips.us-gov-west-1.amazonaws.com",
                                         "s3.cn-north-1.amazonaws.com.cn"};
    static const char *const others[] = {"s3.amazonaws.com.evil.example",
                                         "evil.example",
                                         "amazonaws.com",
                                         "s3-evil-123.us-east-1.elb.amazonaws.com",
                                         "s3.execute-api.us-east-1.amazonaws.com",
                                         "ec2-1-2-3-4.compute-1.amazonaws.com",
                                         "evil.s3.us-east-1.amazonaws.com",
                                         "s3-website.eu-central-1.amazonaws.com",
                                         "s3..amazonaws.com",
                                         "",
                                         "xs3.amazonaws.com",
                                         "s3.eu.amazonaws.com",
                                         "s3-evil.amazonaws.com"};
    for (size_t i = 0; i < sizeof amazon / sizeof *amazon; i++) {
        ok(s3_is_amazon(amazon[i]), "Amazon's: %s", amazon[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ok(!s3_is_amazon(others[i]), "not Amazon's: %s", others[i]);
    }
    static const struct {
        const char *endpoint, *bucket, *region, *want;
    } rows[] = {
        {NULL, "sales", "eu-west-1", "https://sales.s3.eu-west-1.amazonaws.com"},
        {NULL, "my.sales", "eu-west-1", "https://s3.eu-west-1.amazonaws.com/my.sales"},
        {NULL, "Sales", "us-east-1", "https://s3.us-east-1.amazonaws.com/Sales"},
        {NULL, "sales", "cn-north-1", "https://sales.s3.cn-north-1.amazonaws.com.cn"},
        {"http://127.0.0.1:9", "sales", "x", "http://127.0.0.1:9/sales"},
        {"https://s3.amazonaws.com", "sales", "x", "https://sales.s3.amazonaws.com"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct s3_way way = {.endpoint = string_copy(rows[i].endpoint)};
        snprintf(way.region, sizeof way.region, "%s", rows[i].region);
        char *url = s3_bucket_url(&way, rows[i].bucket);
        is_text(url, rows[i].want, "the bucket %s", rows[i].bucket);
        free(url);
        free(way.endpoint);
    }
}

/* ---- Files of the AWS tools ---- */

static void check_profile(const char *name, const char *text, bool is_config,
                          const char *const wants[5])
{
    struct s3_profile profile = {.name = string_copy(name)};
    char *copy = string_copy(text);
    s3_profile_parse(copy, is_config, &profile);
    free(copy);
    const char *const got[] = {profile.secret.user, profile.secret.password,
                               profile.secret.token, profile.region, profile.endpoint};
    for (int i = 0; i < 5; i++) {
        is_text(got[i], wants[i], "profile %s, value %d", name, i);
    }
    s3_profile_release(&profile);
}

static void test_profiles(void)
{
    static const char credentials[] =
        "[default]\naws_access_key_id = A\naws_secret_access_key=S=/+\n\n"
        "[ work ]\n# x\naws_access_key_id=B\r\naws_secret_access_key = T\r\n"
        "aws_session_token = U\n[default]\naws_access_key_id = late\n";
    static const char config[] =
        "[services local]\ns3 =\n  endpoint_url = http://127.0.0.1:9\nsqs =\n"
        "  endpoint_url = http://127.0.0.1:8\n"
        "[default]\nregion = eu-west-1\ns3 =\n  addressing_style = path\n"
        "[profile work]\nregion=us-west-2\nservices = local\nendpoint_url = http://x:1\n"
        "[work]\nregion = wrong\n[profile sso]\nsso_session = s\n";
    check_profile("default", credentials, false,
                  (const char *const[]){"A", "S=/+", NULL, NULL, NULL});
    check_profile("work", credentials, false,
                  (const char *const[]){"B", "T", "U", NULL, NULL});
    check_profile("nobody", credentials, false,
                  (const char *const[]){NULL, NULL, NULL, NULL, NULL});
    check_profile("default", config, true,
                  (const char *const[]){NULL, NULL, NULL, "eu-west-1", NULL});
    check_profile(
        "work", config, true,
        (const char *const[]){NULL, NULL, NULL, "us-west-2", "http://127.0.0.1:9"});
}

/* ---- XML ---- */

static void check_page(const char *text, bool good, const char *title)
{
    struct s3_page page;
    ok(s3_page_parse(text, strlen(text), &page) == good, "%s", title);
    s3_page_release(&page);
}

static void test_pages(void)
{
    struct s3_page page;
    static const char listing[] =
        "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><EncodingType>url"
        "</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>a&amp;b"
        "</NextContinuationToken><Contents><Key>a+b%2Bc%C3%BC%00%</Key><Size>12</Size>"
        "<ETag>&quot;x&quot;</ETag><Owner><ID>Key</ID></Owner></Contents><Contents><Key>z"
        "</Key><ETag>y</ETag><Size>-1</Size></Contents></ListBucketResult>";
    if (ok(s3_page_parse(listing, strlen(listing), &page), "a listing")) {
        const struct s3_object *first = array_at(&page.objects, 0);
        const struct s3_object *second = array_at(&page.objects, 1);
        is_text(first->key, "a b+c\xc3\xbc%00%", "a key, decoded as far as it may be");
        is_text(first->etag, "\"x\"", "a tag");
        is_int(first->bytes, 12, "a size");
        is_text(second->etag, "\"y\"", "a tag without quotation marks gets them");
        is_int(second->bytes, -1, "a size that is none");
        is_text(page.next, "a&b", "the token of the next page");
        ok(page.is_truncated && page.is_listing, "there is more");
    }
    s3_page_release(&page);
    static const char error[] =
        "<Error><Code>C</Code><Message>M</Message><Region>eu-west-1"
        "</Region><Endpoint>b.s3-eu-west-2.amazonaws.com"
        "</Endpoint></Error>";
    if (ok(s3_page_parse(error, strlen(error), &page), "an error")) {
        char region[S3_REGION_SIZE];
        is_text(page.code, "C", "its code");
        ok(s3_other_region(&page, region) && string_equal(region, "eu-west-1"),
           "its region");
        free(page.region);
        page.region = NULL;
        ok(s3_other_region(&page, region) && string_equal(region, "eu-west-2"),
           "its endpoint's region");
    }
    s3_page_release(&page);
    check_page("", false, "nothing");
    check_page("<html/>", false, "a page for people");
    check_page("<ListBucketResult>", false, "half a listing");
    check_page("<!DOCTYPE a><ListBucketResult/>", false, "a document type");
    check_page("<ListBucketResult/>", true, "an empty listing");
}

int main(void)
{
    test_addresses();
    test_patterns();
    test_hosts();
    test_profiles();
    test_pages();
    return tap_done();
}
