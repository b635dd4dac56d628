/* web: the bytes of an answer on their way to the sink: unpacked, counted, compared with
 * those that were taken before.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/text.h"
#include "engine/web/private.h"

enum { BLOCK = 64 * 1024, MOST_HELD = 256 * 1024, WITH_GZIP_HEAD = 16 };

static void end_packed(struct body *body)
{
    if (body->is_packed) {
        inflateEnd(&body->stream);
    }
    body->is_packed = false;
}

void body_begin(struct body *body, long long offset, bool is_packed)
{
    end_packed(body);
    body->offset = offset;
    body->packed = 0;
    body->state = BODY_GOOD;
    body->is_within = is_packed; /* what is packed has a member at least */
    body->is_packed = is_packed;
    if (is_packed) {
        body->stream = (z_stream){0};
        /* The only way to fail is a lack of memory. */
        if (inflateInit2(&body->stream, MAX_WBITS + WITH_GZIP_HEAD) != Z_OK) {
            body->state = BODY_DAMAGED;
            body->is_packed = false;
        }
    }
}

void body_release(struct body *body)
{
    end_packed(body);
    free(body->held);
    body->held = NULL;
}

static bool stop(struct body *body, enum body_state why)
{
    body->state = why;
    return false;
}

bool body_give(struct body *body)
{
    const struct web_sink *sink = body->sink;
    size_t length = body->held_length;
    body->held_length = 0;
    return length == 0 || sink->take(sink->owner, body->held, length, body->err) ||
           stop(body, BODY_NOT_TAKEN);
}

static bool hold(struct body *body, const char *bytes, size_t length)
{
    if (body->held == NULL) {
        body->held = memory_new(MOST_HELD);
    }
    if (length > MOST_HELD - body->held_length && !body_give(body)) {
        return false;
    }
    memcpy(body->held + body->held_length, bytes, length);
    body->held_length += length;
    return true;
}

/* Bytes of the file; at most a block. */
static bool take_plain(struct body *body, const char *bytes, size_t length)
{
    const struct web_sink *sink = body->sink;
    if ((long long)length > body->most - body->offset) {
        return stop(body, BODY_TOO_LARGE);
    }
    if (body->offset < body->taken) {
        long long known = body->taken - body->offset;
        size_t old = (long long)length < known ? length : (size_t)known;
        if (sink->holds == NULL || !sink->holds(sink->owner, body->offset, bytes, old)) {
            return stop(body, BODY_DIFFERS);
        }
        body->offset += (long long)old;
        bytes += old;
        length -= old;
    }
    if (length > 0 && !hold(body, bytes, length)) {
        return false;
    }
    body->offset += (long long)length;
    if (body->offset > body->taken) {
        body->taken = body->offset;
    }
    return true;
}

/* One step of unpacking; members of gzip may follow one another. */
static bool unpack_step(struct body *body, char *block)
{
    z_stream *stream = &body->stream;
    if (!body->is_within && inflateReset(stream) != Z_OK) {
        return stop(body, BODY_DAMAGED);
    }
    body->is_within = true;
    stream->next_out = (unsigned char *)block;
    stream->avail_out = BLOCK;
    int status = inflate(stream, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
        body->is_within = false;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
        return stop(body, BODY_DAMAGED);
    }
    return take_plain(body, block, BLOCK - stream->avail_out);
}

bool body_take(struct body *body, const void *bytes, size_t length)
{
    if (body->state != BODY_GOOD) {
        return false;
    }
    if (!body->is_packed) {
        bool good = true;
        for (size_t at = 0; good && at < length; at += BLOCK) {
            size_t left = length - at;
            good =
                take_plain(body, (const char *)bytes + at, left < BLOCK ? left : BLOCK);
        }
        return good;
    }
    /* Members without contents could follow one another for ever. */
    body->packed += (long long)length;
    if (body->packed > body->most && body->packed - body->most > BLOCK) {
        return stop(body, BODY_TOO_LARGE);
    }
    char block[BLOCK];
    body->stream.next_in = (unsigned char *)bytes;
    body->stream.avail_in = (unsigned)length;
    bool good = true;
    do {
        good = unpack_step(body, block);
    } while (good && (body->stream.avail_in > 0 ||
                      (body->is_within && body->stream.avail_out == 0)));
    return good;
}

bool body_end(struct body *body)
{
    if (body->state == BODY_GOOD && body->is_packed && body->is_within) {
        return stop(body, BODY_DAMAGED);
    }
    if (body->state == BODY_GOOD && body->offset < body->taken) {
        return stop(body, BODY_DIFFERS);
    }
    return body->state == BODY_GOOD && body_give(body);
}
