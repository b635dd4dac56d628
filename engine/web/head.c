/* web: what the lines before a body say, as far as anybody here asks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "engine/text.h"
#include "engine/web/private.h"

void head_init(struct head *head)
{
    *head = (struct head){.length = -1, .first = -1, .last = -1, .total = -1};
}

bool head_is_strong(const char *etag)
{
    size_t length = strlen(etag);
    return length >= 2 && etag[0] == '"' && etag[length - 1] == '"';
}

/* Digits only, at *at, which moves behind them. -1: there are none, or too many. */
static long long take_number(const char **at)
{
    long long number = 0;
    const char *start = *at;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        if (number > (LLONG_MAX - 9) / 10) {
            return -1;
        }
        number = number * 10 + (**at - '0');
    }
    return *at > start ? number : -1;
}

/* ---- One function a header; the value has neither blanks at its ends nor controls ----
 */

/* What is too long is not worth asking with. */
static void keep_tag(char *to, const char *value)
{
    size_t length = strlen(value);
    if (length >= WEB_TAG_SIZE) {
        length = 0;
    }
    memcpy(to, value, length);
    to[length] = '\0';
}

static void take_etag(struct head *head, const char *value)
{
    keep_tag(head->etag, value);
}

static void take_changed(struct head *head, const char *value)
{
    keep_tag(head->changed, value);
}

static void take_length(struct head *head, const char *value)
{
    const char *at = value;
    long long length = take_number(&at);
    if (length < 0 || *at != '\0' || (head->length >= 0 && head->length != length)) {
        head->is_contradiction = true;
    }
    head->length = length;
}

/* "bytes 0-499/1234", "bytes 0-499/" and a star, "bytes " a star "/1234" */
static void take_range(struct head *head, const char *value)
{
    head->first = head->last = head->total = -1;
    head->has_range = true;
    if (strncasecmp(value, "bytes ", 6) != 0) {
        return;
    }
    const char *at = value + 6;
    if (*at == '*') {
        at++;
    } else {
        head->first = take_number(&at);
        head->last = *at == '-' ? (at++, take_number(&at)) : -1;
    }
    if (*at == '/' && at[1] != '*') {
        at++;
        head->total = take_number(&at);
        head->total = *at == '\0' ? head->total : -1;
    }
}

static void take_coding(struct head *head, const char *value)
{
    static const struct {
        const char *name;
        enum coding coding;
    } codings[] = {{"", CODING_NONE},
                   {"identity", CODING_NONE},
                   {"gzip", CODING_GZIP},
                   {"x-gzip", CODING_GZIP},
                   {"zstd", CODING_ZSTD}};
    enum coding before = head->coding;
    head->coding = CODING_OTHER;
    for (size_t i = 0; i < sizeof codings / sizeof *codings; i++) {
        if (string_equal_fold(value, codings[i].name)) {
            head->coding = codings[i].coding;
        }
    }
    if (before != CODING_NONE && head->coding != CODING_NONE) {
        head->coding = CODING_OTHER; /* packed twice */
    }
}

static void take_transfer(struct head *head, const char *value)
{
    bool is_chunked = string_equal_fold(value, "chunked");
    head->is_coded_transfer |= !is_chunked || head->is_chunked;
    head->is_chunked |= is_chunked;
}

static void take_connection(struct head *head, const char *value)
{
    head->is_last |= string_contains_fold(value, "close");
}

static void take_type(struct head *head, const char *value)
{
    head->is_multipart = strncasecmp(value, "multipart/byteranges", 20) == 0;
}

static const struct {
    const char *name;
    void (*take)(struct head *head, const char *value);
} headers[] = {
    {"etag", take_etag},
    {"last-modified", take_changed},
    {"content-length", take_length},
    {"content-range", take_range},
    {"content-encoding", take_coding},
    {"transfer-encoding", take_transfer},
    {"connection", take_connection},
    {"proxy-connection", take_connection},
    {"content-type", take_type},
};

/* ---- Lines ---- */

/* The value of a line behind its name, copied; one with a control character is "". */
static void copy_value(const char *from, size_t length, char *to, size_t size)
{
    while (length > 0 && (*from == ' ' || *from == '\t')) {
        from++, length--;
    }
    while (length > 0 && strchr(" \t\r\n", from[length - 1]) != NULL) {
        length--;
    }
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)from[i] < 32 || from[i] == 127) {
            length = 0;
        }
    }
    length = length < size ? length : 0;
    memcpy(to, from, length);
    to[length] = '\0';
}

void head_line(struct head *head, const char *line, size_t length)
{
    size_t bytes = head->bytes + length;
    if (length >= 5 && strncasecmp(line, "HTTP/", 5) == 0) {
        head_init(head);
    }
    head->bytes = bytes;
    head->is_whole =
        (length == 1 && line[0] == '\n') || (length == 2 && memcmp(line, "\r\n", 2) == 0);
    const char *colon = memchr(line, ':', length);
    if (colon == NULL) {
        return;
    }
    size_t name = (size_t)(colon - line);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        if (strlen(headers[i].name) == name &&
            strncasecmp(line, headers[i].name, name) == 0) {
            char value[4 * WEB_TAG_SIZE];
            copy_value(colon + 1, length - name - 1, value, sizeof value);
            headers[i].take(head, value);
        }
    }
}
