/* web: what addresses say, and where their numbers lead.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/web.h"

#include <ctype.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

/* ---- Numbers ---- */

struct range4 {
    uint32_t from;
    int bits;
};

/* RFC 6890, less what is public all the same. */
static const struct range4 ranges4[] = {
    {0x00000000, 8},  /* this network */
    {0x0A000000, 8},  /* private */
    {0x64400000, 10}, /* shared by providers */
    {0x7F000000, 8},  /* this host */
    {0xA9FE0000, 16}, /* link: the place where clouds keep their keys */
    {0xAC100000, 12}, /* private */
    {0xC0000000, 24}, /* protocols */
    {0xC0A80000, 16}, /* private */
    {0xC6120000, 15}, /* benchmarks */
    {0xE0000000, 3},  /* multicast, reserved, broadcast */
};

static bool is_private4(uint32_t number)
{
    for (size_t i = 0; i < sizeof ranges4 / sizeof *ranges4; i++) {
        if ((number ^ ranges4[i].from) >> (32 - ranges4[i].bits) == 0) {
            return true;
        }
    }
    return false;
}

static uint32_t number_at(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           bytes[3];
}

/* Only 2000::/3 is given out, and parts of it wrap a number of four bytes. */
static bool is_private6(const unsigned char *bytes)
{
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    static const unsigned char translated[12] = {0x00, 0x64, 0xFF, 0x9B};
    if (memcmp(bytes, mapped, sizeof mapped) == 0 ||
        memcmp(bytes, translated, sizeof translated) == 0) {
        return is_private4(number_at(bytes + 12));
    }
    if (bytes[0] == 0x20 && bytes[1] == 0x02) { /* 6to4 */
        return is_private4(number_at(bytes + 2));
    }
    bool is_teredo = number_at(bytes) == 0x20010000;
    return bytes[0] >> 5 != 1 || is_teredo;
}

bool web_is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const void *)address;
        return is_private4(ntohl(four->sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const void *)address;
        return is_private6(six->sin6_addr.s6_addr);
    }
    return true;
}

/* ---- Texts ---- */

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK && text[0] != '\0';
    curl_free(text);
    return has;
}

static bool is_web(CURLU *url)
{
    char *scheme = NULL;
    bool is = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
              (string_equal_fold(scheme, "http") || string_equal_fold(scheme, "https"));
    curl_free(scheme);
    return is;
}

static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text <= 32 || *text == 127) {
            return false;
        }
    }
    return true;
}

/* "://", a host that follows at once, and nothing that readers of addresses take for the
 * end of a name, each in another way. */
static bool has_plain_host(const char *text)
{
    const char *host = strstr(text, "://");
    size_t length = host != NULL ? strcspn(host + 3, "/?#") : 0;
    return length > 0 && strcspn(host + 3, "@\\") >= length;
}

bool web_check(const char *text, struct error *err)
{
    bool done = false;
    CURLU *url = curl_url();
    if (!is_printable(text) || url == NULL ||
        curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        error_set(err, ERROR_USAGE, "\"%.200s\" is no address of the web", text);
    } else if (!is_web(url)) {
        error_set(err, ERROR_USAGE, "%.200s is not read: only http and https are", text);
    } else if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD)) {
        error_set(
            err, ERROR_USAGE,
            "an address with a name or password in it is not read: it would be kept "
            "in histories and logs");
    } else {
        done = (has_part(url, CURLUPART_HOST) && has_plain_host(text)) ||
               error_set(err, ERROR_USAGE, "%.200s names no host", text);
    }
    curl_url_cleanup(url);
    return done;
}

/* Where the path of an address ends: before its query or fragment. */
static size_t path_end(const char *url)
{
    return strcspn(url, "?#");
}

/* Where the last part of its path begins; an address without a path has none. */
static size_t base_start(const char *url)
{
    const char *host = strstr(url, "://");
    size_t end = path_end(url);
    size_t first = host != NULL ? (size_t)(host + 3 - url) : 0;
    size_t at = end;
    while (at > first && url[at - 1] != '/') {
        at--;
    }
    return at > first ? at : end;
}

char *web_base(const char *url)
{
    size_t start = base_start(url), end = path_end(url);
    int length = 0;
    char *plain = curl_easy_unescape(NULL, url + start, (int)(end - start), &length);
    char *base = string_copy(plain != NULL ? plain : "");
    curl_free(plain);
    return base;
}

char *web_beside(const char *url, const char *path)
{
    struct text out = {0};
    size_t start = base_start(url);
    text_append_bytes(&out, url, start);
    if (start == path_end(url) && (start == 0 || url[start - 1] != '/')) {
        text_append_char(&out, '/');
    }
    for (const char *p = path; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (isalnum(c) || strchr("-._~/", c) != NULL) {
            text_append_char(&out, *p);
        } else {
            text_printf(&out, "%%%02X", c);
        }
    }
    return text_take(&out);
}
