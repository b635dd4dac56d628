/* git: what a descriptor's text names: a repository, a ref, and a file in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/path.h"
#include "engine/web.h"

enum { MOST_LOCATION = 4096, MOST_REF = 255 };

static const struct {
    const char *prefix, *scheme;
} kinds[] = {
    {"git+https://", "https"},
    {"git+http://", "http"},
    {"git+file://", NULL},
};

bool git_location_is(const char *text)
{
    return strncasecmp(text, "git:", 4) == 0 || strncasecmp(text, "git+", 4) == 0 ||
           strncasecmp(text, "git@", 4) == 0;
}

void git_location_release(struct git_location *location)
{
    free(location->repository);
    free(location->ref);
    free(location->file);
    *location = (struct git_location){0};
}

static bool check_text(const char *text, struct error *err)
{
    bool good = strlen(text) <= MOST_LOCATION;
    for (const char *p = text; good && *p != '\0'; p++) {
        good = (unsigned char)*p >= 32 && *p != 127;
    }
    return good || error_set(err, ERROR_USAGE,
                             "this is no location in git: it has control characters, or "
                             "is longer than %d bytes",
                             MOST_LOCATION);
}

/* git-check-ref-format(1), and what gitrevisions(7) allows behind a name as far as it
 * only counts commits: HEAD~2, v1^{commit}. Nothing that could be an option, a range, a
 * search in messages, or a look into the log of refs. */
static bool check_ref(const char *ref, struct error *err)
{
    const char *odd = ref + strcspn(ref, "~^");
    bool good = ref[0] != '-' && odd > ref && strlen(ref) <= MOST_REF &&
                strstr(ref, "..") == NULL && strstr(ref, "@{") == NULL &&
                strpbrk(ref, " ?*[\\:\"'`$|;&<>") == NULL && path_is_safe(ref) &&
                strspn(odd, "~^0123456789{}commit") == strlen(odd);
    return good ||
           error_set(err, ERROR_USAGE,
                     "\"%.80s\" is no ref of git: write a branch, a tag, a commit, "
                     "or one before it, as in main~2",
                     ref);
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/* The path of a file:// address; NULL: it has no such path. */
static char *take_path(const char *text, size_t length)
{
    struct text out = {0};
    static const char host[] = "localhost";
    if (length > strlen(host) && strncasecmp(text, host, strlen(host)) == 0) {
        text += strlen(host);
        length -= strlen(host);
    }
    for (size_t i = 0; i < length; i++) {
        int high = text[i] == '%' && i + 2 < length ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        int value = text[i] != '%' ? (unsigned char)text[i]
                    : low >= 0     ? high * 16 + low
                                   : -1;
        if (value < 32 || value == 127) {
            text_release(&out);
            return NULL;
        }
        text_append_char(&out, (char)value);
        i += text[i] == '%' ? 2 : 0;
    }
    if (out.length == 0 || out.data[0] != '/') {
        text_release(&out);
    }
    return out.length > 0 ? text_take(&out) : NULL;
}

/* An address of a host of letters, digits, dots and dashes: names of other signs are
 * read differently by those who look them up and those who connect. What begins with a
 * dash could be taken for an option by a program further on (RFC 1123, section 2.1 allows
 * none). */
static bool check_address(const char *url, struct error *err)
{
    const char *host = strstr(url, "://");
    host = host != NULL ? host + 3 : url;
    size_t length = strcspn(host, "/");
    size_t plain = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789.-:[]");
    if (length == 0 || plain < length || host[0] == '-' || strpbrk(url, "?\\ ") != NULL) {
        return error_set(err, ERROR_USAGE,
                         "%.200s is no address of a repository: it is https://HOST/PATH, "
                         "without a name, a password or a query",
                         url);
    }
    return web_check(url, err);
}

static bool take_repository(const char *text, size_t length,
                            struct git_location *location, struct error *err)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t prefix = strlen(kinds[i].prefix);
        if (length <= prefix || strncasecmp(text, kinds[i].prefix, prefix) != 0) {
            continue;
        }
        location->scheme = kinds[i].scheme;
        if (kinds[i].scheme != NULL) {
            location->repository = string_printf("%s://%.*s", kinds[i].scheme,
                                                 (int)(length - prefix), text + prefix);
            return check_address(location->repository, err);
        }
        location->repository = take_path(text + prefix, length - prefix);
        return location->repository != NULL ||
               error_set(err, ERROR_USAGE, "\"%.*s\" names no absolute path on this host",
                         (int)length, text);
    }
    if (strncasecmp(text, "git:", 4) == 0 && length > 4 &&
        strncmp(text + 4, "//", 2) != 0) {
        location->repository = string_copy_bytes(text + 4, length - 4);
        return true;
    }
    return error_set(
        err, ERROR_USAGE,
        "\"%.*s\" is no repository that is read: git:PATH and git+file:// on "
        "this host, and git+https:// are; clone others (ssh, git://) first",
        (int)length, text);
}

bool git_location_parse(const char *text, struct git_location *location,
                        struct error *err)
{
    *location = (struct git_location){0};
    if (!check_text(text, err)) {
        return false;
    }
    size_t length = strcspn(text, "#");
    const char *ref = text[length] == '#' ? text + length + 1 : text + length;
    const char *colon = strchr(ref, ':');
    bool good = take_repository(text, length, location, err);
    if (good && (colon == NULL || !path_is_safe(colon + 1))) {
        good = error_set(err, ERROR_USAGE,
                         "\"%.200s\" names no file: write git:PATH#REF:FILE, and a FILE "
                         "that is relative, not hidden and does not climb",
                         text);
    }
    if (good) {
        location->ref = colon > ref ? string_copy_bytes(ref, (size_t)(colon - ref))
                                    : string_copy("HEAD");
        location->file = string_copy(colon + 1);
        good = check_ref(location->ref, err);
    }
    if (!good) {
        git_location_release(location);
    }
    return good;
}
