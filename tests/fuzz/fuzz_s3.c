/* Fuzzing of what stores of objects, descriptors and the files of the AWS tools say: the
 * first byte chooses a page of XML, an address, a pattern with a key, or a profile. What
 * is read must keep its promises: sizes and tags are such, an address names a bucket and
 * nothing else, a pattern without stars stands for itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/s3/private.h"
#include "tests/fuzz/fuzz.h"

static bool is_tag(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 32 || *text == 127) {
            return false;
        }
    }
    return true;
}

static void try_page(const uint8_t *bytes, size_t length)
{
    struct s3_page page;
    char region[S3_REGION_SIZE];
    if (s3_page_parse((const char *)bytes, length, &page)) {
        for (size_t i = 0; i < page.objects.count; i++) {
            const struct s3_object *object = array_at(&page.objects, i);
            fuzz_must(object->key != NULL && object->bytes >= -1, "an object has a key");
            fuzz_must(is_tag(object->etag) && is_tag(object->changed),
                      "a tag can stand in a header");
        }
        fuzz_must(!s3_other_region(&page, region) || s3_is_region(region),
                  "a region can stand in a host's name");
    } else {
        fuzz_must(page.objects.count == 0 && page.next == NULL, "nothing is left");
    }
    s3_page_release(&page);
}

static void try_address(const char *text)
{
    char *bucket, *key;
    struct error err = {0};
    if (!s3_split(text, &bucket, &key, &err)) {
        fuzz_must(err.message[0] != '\0', "a refusal has a sentence");
        return;
    }
    char endpoint[] = "https://h.example:9";
    struct s3_way way = {.endpoint = endpoint, .region = "us-east-1"};
    char *url = s3_bucket_url(&way, bucket);
    char *origin = secret_origin(url);
    fuzz_must(string_equal(origin, "https://h.example:9"), "a bucket is no host");
    free(origin);
    free(url);
    way.endpoint = NULL;
    url = s3_bucket_url(&way, bucket);
    fuzz_must(s3_is_amazon_url("https://s3.us-east-1.amazonaws.com"), "Amazon's is one");
    origin = secret_origin(url);
    fuzz_must(string_ends(origin, "s3.us-east-1.amazonaws.com"), "below Amazon's");
    free(origin);
    free(url);
    struct text encoded = {0};
    s3_encode(&encoded, key, true);
    fuzz_must(strpbrk(text_string(&encoded), "?#&+ \"<>\\^`{|}") == NULL,
              "a key is only a path");
    text_release(&encoded);
    free(bucket);
    free(key);
}

static void try_pattern(char *text)
{
    char *key = strchr(text, '\n');
    if (key == NULL) {
        return;
    }
    *key++ = '\0';
    bool is = s3_match(text, key);
    if (s3_literal_length(text) == strlen(text)) {
        fuzz_must(is == (strcmp(text, key) == 0), "what has no stars is itself");
    }
    fuzz_must(s3_match("**", key), "** is everything");
}

static void try_profile(char *text, bool is_config)
{
    struct s3_profile profile = {.name = string_copy("default")};
    s3_profile_parse(text, is_config, &profile);
    fuzz_must(profile.is_found || profile.region == NULL, "values are the profile's");
    s3_profile_release(&profile);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0) {
        return 0;
    }
    double start = fuzz_clock();
    char *text = string_copy_bytes((const char *)bytes + 1, length - 1);
    switch (bytes[0] % 5) {
    case 0:
        try_page(bytes + 1, length - 1);
        break;
    case 1:
        try_address(text);
        break;
    case 2:
        try_pattern(text);
        break;
    default:
        try_profile(text, bytes[0] % 5 == 3);
    }
    free(text);
    fuzz_must_be_quick(start);
    return 0;
}
