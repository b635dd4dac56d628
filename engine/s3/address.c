/* s3: addresses of objects, patterns of keys, and how keys are written in requests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/s3/private.h"

static const char wild[] = "*?[";

/* Behind "s3://"; NULL: it is another kind of address. */
static const char *behind_scheme(const char *location)
{
    static const char *const schemes[] = {"s3://", "s3a://", "s3n://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncasecmp(location, schemes[i], strlen(schemes[i])) == 0) {
            return location + strlen(schemes[i]);
        }
    }
    return NULL;
}

bool s3_is_address(const char *location)
{
    return behind_scheme(location) != NULL;
}

bool s3_is_many(const char *location)
{
    const char *rest = behind_scheme(location);
    const char *key = rest != NULL ? strchr(rest, '/') : NULL;
    return rest != NULL && (key == NULL || location[strlen(location) - 1] == '/' ||
                            strpbrk(key, wild) != NULL);
}

size_t s3_literal_length(const char *pattern)
{
    return strcspn(pattern, wild);
}

/* What stands in a host's name or a path must not be more than a name. */
static bool is_bucket(const char *name)
{
    size_t length = strlen(name);
    bool starts = isalnum((unsigned char)name[0]);
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)name[i]) && strchr("-._", name[i]) == NULL) {
            return false;
        }
    }
    return starts && length >= 3 && length <= 255 && strstr(name, "..") == NULL;
}

/* libcurl and proxies would take such parts out of a path. */
static bool has_dots(const char *key)
{
    for (;;) {
        size_t length = strcspn(key, "/");
        if ((length == 1 && key[0] == '.') ||
            (length == 2 && key[0] == '.' && key[1] == '.')) {
            return true;
        }
        if (key[length] == '\0') {
            return false;
        }
        key += length + 1;
    }
}

bool s3_split(const char *location, char **bucket, char **key, struct error *err)
{
    const char *rest = behind_scheme(location);
    size_t length = rest != NULL ? strcspn(rest, "/") : 0;
    *bucket = string_copy_bytes(rest != NULL ? rest : "", length);
    *key = string_copy(rest != NULL && rest[length] == '/' ? rest + length + 1 : "");
    if (!is_bucket(*bucket)) {
        error_set(err, ERROR_FAILED,
                  "could not read \"%.200s\": a bucket has a name of letters, digits, - "
                  "and . as in s3://BUCKET/KEY",
                  location);
    } else if (strlen(*key) > S3_KEY_MOST || has_dots(*key)) {
        error_set(err, ERROR_FAILED,
                  "could not read \"%.200s\": a key has at most %d bytes and no part "
                  "that is . or ..",
                  location, S3_KEY_MOST);
    } else {
        return true;
    }
    free(*bucket);
    free(*key);
    *bucket = *key = NULL;
    return false;
}

void s3_encode(struct text *out, const char *plain, bool keep_slashes)
{
    for (; *plain != '\0'; plain++) {
        unsigned char c = (unsigned char)*plain;
        bool is_unreserved = c < 128 && (isalnum(c) || strchr("-._~", c) != NULL);
        if (is_unreserved || (c == '/' && keep_slashes)) {
            text_append_char(out, (char)c);
        } else {
            text_printf(out, "%%%02X", c);
        }
    }
}

/* ---- Patterns ---- */

/* Is the sign at `key` in the set that begins at `set` ("[a-z]")? *end: behind the set;
 * a set that is not closed is an ordinary bracket. */
static bool in_set(const char *set, char c, const char **end)
{
    const char *p = set + 1;
    bool is_not = *p == '!' || *p == '^', found = false;
    p += is_not ? 1 : 0;
    for (const char *first = p; *p != '\0' && (*p != ']' || p == first); p++) {
        if (p[1] == '-' && p[2] != ']' && p[2] != '\0') {
            found = found || ((unsigned char)p[0] <= (unsigned char)c &&
                              (unsigned char)c <= (unsigned char)p[2]);
            p += 2;
        } else {
            found = found || *p == c;
        }
    }
    *end = *p == ']' ? p + 1 : set + 1;
    return *p == ']' ? found != is_not && c != '/' : c == '[';
}

/* Does one sign of the pattern stand for this one? *end: behind it. */
static bool takes_sign(const char *pattern, char c, const char **end)
{
    *end = pattern + 1;
    switch (*pattern) {
    case '\0':
        return false;
    case '?':
        return c != '/';
    case '[':
        return in_set(pattern, c, end);
    default:
        return *pattern == c;
    }
}

/* Where `**` may begin anew: behind the next sign, or the next folder. */
static const char *deeper(const char *key, bool by_folder)
{
    const char *slash = by_folder ? strchr(key, '/') : NULL;
    return !by_folder ? key + (*key != '\0') : slash != NULL ? slash + 1 : "";
}

/* Only the last star of each kind can have taken too little: what stands before it fits
 * as early as it can. */
bool s3_match(const char *pattern, const char *key)
{
    const char *star = NULL, *star_key = NULL; /* `*`: not over "/" */
    const char *deep = NULL, *deep_key = NULL; /* `**` */
    bool by_folder = false;                    /* it was followed by "/" */
    while (*key != '\0' || *pattern != '\0') {
        const char *next;
        if (pattern[0] == '*' && pattern[1] == '*') {
            by_folder = pattern[2] == '/';
            pattern += by_folder ? 3 : 2;
            deep = pattern;
            deep_key = key;
            star = NULL;
        } else if (*pattern == '*') {
            star = ++pattern;
            star_key = key;
        } else if (*key != '\0' && takes_sign(pattern, *key, &next)) {
            pattern = next;
            key++;
        } else if (star != NULL && *star_key != '\0' && *star_key != '/') {
            pattern = star;
            key = ++star_key;
        } else if (deep != NULL && *deep_key != '\0') {
            pattern = deep;
            key = deep_key = deeper(deep_key, by_folder);
            star = NULL;
        } else {
            return false;
        }
    }
    return true;
}
