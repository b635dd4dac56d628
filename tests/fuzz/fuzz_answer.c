/* Fuzzing of what a server answers: lines of a head, an empty line, and a body. The first
 * byte chooses in which pieces the body comes, the second whether it is packed. Pieces
 * must not matter, and no limit may be passed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/text.h"
#include "engine/web/private.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 100000 };

static bool is_clean(const char *tag)
{
    for (; *tag != '\0'; tag++) {
        if ((unsigned char)*tag < 32 || *tag == 127) {
            return false;
        }
    }
    return true;
}

static size_t read_head(const char *bytes, size_t length, struct head *head)
{
    size_t at = 0;
    head_init(head);
    while (at < length && !head->is_whole) {
        const char *end = memchr(bytes + at, '\n', length - at);
        size_t line = end != NULL ? (size_t)(end - bytes) - at + 1 : length - at;
        head_line(head, bytes + at, line);
        at += line;
    }
    fuzz_must(head->bytes == at, "every byte of a head is counted");
    fuzz_must(is_clean(head->etag) && is_clean(head->changed), "a tag can be sent back");
    fuzz_must(head->length >= -1 && head->first >= -1 && head->last >= -1 &&
                  head->total >= -1,
              "a number is one, or it is not known");
    return at;
}

static bool take(void *owner, const void *bytes, size_t length, struct error *err)
{
    (void)err;
    text_append_bytes(owner, bytes, length);
    return true;
}

static bool holds(void *owner, long long offset, const void *bytes, size_t length)
{
    const struct text *text = owner;
    fuzz_must(offset >= 0 && (size_t)offset + length <= text->length,
              "only what was taken is compared");
    return memcmp(text->data + offset, bytes, length) == 0;
}

static bool read_body(struct body *body, const char *bytes, size_t length, size_t piece)
{
    for (size_t at = 0; at < length; at += piece) {
        size_t left = length - at;
        if (!body_take(body, bytes + at, left < piece ? left : piece)) {
            return false;
        }
    }
    return body_end(body);
}

static void try_body(const char *bytes, size_t length, size_t piece, bool is_packed)
{
    struct text whole = {0}, pieces = {0};
    struct web_sink sink = {.take = take, .holds = holds, .owner = &whole};
    struct web_sink other = {.take = take, .holds = holds, .owner = &pieces};
    struct body body = {.sink = &sink, .most = MOST};
    body_begin(&body, 0, is_packed);
    bool good = read_body(&body, bytes, length, length + 1);
    fuzz_must(whole.length <= MOST, "the limit holds");
    if (good) {
        struct body again = {.sink = &other, .most = MOST};
        body_begin(&again, 0, is_packed);
        fuzz_must(read_body(&again, bytes, length, piece), "pieces do not matter");
        fuzz_must(pieces.length == whole.length &&
                      memcmp(text_string(&pieces), text_string(&whole), whole.length) ==
                          0,
                  "pieces give the same bytes");
        body_begin(&again, 0, is_packed);
        fuzz_must(read_body(&again, bytes, length, piece) &&
                      pieces.length == whole.length,
                  "what is here is not taken twice");
        body_release(&again);
    }
    body_release(&body);
    text_release(&whole);
    text_release(&pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct head head;
    double since = fuzz_clock();
    if (size < 2) {
        return 0;
    }
    const char *bytes = (const char *)data + 2;
    size_t length = size - 2, at = read_head(bytes, length, &head);
    try_body(bytes + at, length - at, (size_t)data[0] + 1, data[1] % 2 == 1);
    fuzz_must_be_quick(since);
    return 0;
}
