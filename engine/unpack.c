/* unpack: gzip through zlib, zstd through libzstd, one block of packed bytes at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/unpack.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "engine/text.h"

enum { BLOCK = 128 * 1024, WINDOW_LOG_MOST = 27 };

enum progress {
    PROGRESS_GOOD,
    PROGRESS_ENDED, /* a member or frame is complete; another may follow */
    PROGRESS_BROKEN
};

struct format {
    const char *name;
    const char *program; /* that tests a file */
    const char *magic;
    size_t magic_length;
    /* Unpack from the block to *into, and move both on. */
    enum progress (*run)(struct unpack *unpack, char **into, size_t room);
    const char *(*why)(const struct unpack *unpack); /* it is broken */
    void (*restart)(struct unpack *unpack);
};

struct unpack {
    const struct format *format;
    struct unpack_spec spec;
    z_stream gzip;
    bool gzip_open;
    ZSTD_DCtx *zstd;
    size_t zstd_code;
    bool inside;        /* a member or frame has begun and not ended */
    bool at_end;        /* there are no more packed bytes */
    long long position; /* offset of block[start] in the file */
    size_t start, end;
    unsigned char block[BLOCK];
};

/* ---- gzip ---- */

static enum progress run_gzip(struct unpack *unpack, char **into, size_t room)
{
    z_stream *stream = &unpack->gzip;
    stream->next_in = unpack->block + unpack->start;
    stream->avail_in = (uInt)(unpack->end - unpack->start);
    stream->next_out = (Bytef *)*into;
    stream->avail_out = room < INT_MAX ? (uInt)room : INT_MAX;
    int code = inflate(stream, Z_NO_FLUSH);
    unpack->start = unpack->end - stream->avail_in;
    *into = (char *)stream->next_out;
    if (code == Z_STREAM_END) {
        inflateReset(stream);
        return PROGRESS_ENDED;
    }
    return code == Z_OK || code == Z_BUF_ERROR ? PROGRESS_GOOD : PROGRESS_BROKEN;
}

static const char *why_gzip(const struct unpack *unpack)
{
    return unpack->gzip.msg != NULL ? unpack->gzip.msg : "they are damaged";
}

static void restart_gzip(struct unpack *unpack)
{
    inflateReset(&unpack->gzip);
}

/* ---- zstd ---- */

static enum progress run_zstd(struct unpack *unpack, char **into, size_t room)
{
    ZSTD_inBuffer from = {unpack->block + unpack->start, unpack->end - unpack->start, 0};
    ZSTD_outBuffer out = {*into, room, 0};
    unpack->zstd_code = ZSTD_decompressStream(unpack->zstd, &out, &from);
    unpack->start += from.pos;
    *into += out.pos;
    if (ZSTD_isError(unpack->zstd_code)) {
        return PROGRESS_BROKEN;
    }
    return unpack->zstd_code == 0 ? PROGRESS_ENDED : PROGRESS_GOOD;
}

static const char *why_zstd(const struct unpack *unpack)
{
    if (ZSTD_getErrorCode(unpack->zstd_code) ==
        ZSTD_error_frameParameter_windowTooLarge) {
        return "unpacking them needs a window of more than 128 MiB of memory; pack the "
               "file again without --long, or with --long=27 at most";
    }
    return ZSTD_getErrorName(unpack->zstd_code);
}

static void restart_zstd(struct unpack *unpack)
{
    ZSTD_DCtx_reset(unpack->zstd, ZSTD_reset_session_only);
}

/* ---- Both ---- */

static const struct format formats[] = {
    {"gzip", "gzip -t", "\x1F\x8B", 2, run_gzip, why_gzip, restart_gzip},
    {"zstd", "zstd -t", "\x28\xB5\x2F\xFD", 4, run_zstd, why_zstd, restart_zstd},
};

const char *unpack_format(const void *head, size_t length)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (length >= formats[i].magic_length &&
            memcmp(head, formats[i].magic, formats[i].magic_length) == 0) {
            return formats[i].name;
        }
    }
    return NULL;
}

struct unpack *unpack_new(const char *format, const struct unpack_spec *spec,
                          struct error *err)
{
    struct unpack *unpack = memory_new(sizeof *unpack);
    unpack->spec = *spec;
    unpack->format = string_equal(format, formats[0].name) ? &formats[0] : &formats[1];
    /* 16 more than the window's bits: a gzip header is expected, no zlib one. */
    unpack->gzip_open = unpack->format == &formats[0] &&
                        inflateInit2(&unpack->gzip, MAX_WBITS + 16) == Z_OK;
    if (unpack->format == &formats[1]) {
        unpack->zstd = ZSTD_createDCtx();
        if (unpack->zstd != NULL) {
            ZSTD_DCtx_setParameter(unpack->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MOST);
        }
    }
    if (!unpack->gzip_open && unpack->zstd == NULL) {
        error_set(err, ERROR_FAILED, "could not unpack %s: there is no memory for %s",
                  spec->name, format);
        unpack_free(unpack);
        return NULL;
    }
    return unpack;
}

void unpack_free(struct unpack *unpack)
{
    if (unpack == NULL) {
        return;
    }
    if (unpack->gzip_open) {
        inflateEnd(&unpack->gzip);
    }
    ZSTD_freeDCtx(unpack->zstd);
    free(unpack);
}

void unpack_restart(struct unpack *unpack)
{
    unpack->format->restart(unpack);
    unpack->inside = unpack->at_end = false;
    unpack->position = 0;
    unpack->start = unpack->end = 0;
}

size_t unpack_waiting(const struct unpack *unpack)
{
    return unpack->end - unpack->start;
}

static bool unpack_fill(struct unpack *unpack, struct error *err)
{
    size_t got = 0;
    if (unpack->start < unpack->end || unpack->at_end) {
        return true;
    }
    unpack->start = unpack->end = 0;
    if (!unpack->spec.read(unpack->spec.owner, unpack->block, BLOCK, &got, err)) {
        return false;
    }
    unpack->end = got;
    unpack->at_end = got == 0;
    return true;
}

/* Tapes and some servers fill up with zeros behind the last member. */
static bool rest_is_zeros(struct unpack *unpack, bool *zeros, struct error *err)
{
    *zeros = true;
    while (*zeros && !unpack->at_end) {
        while (unpack->start < unpack->end && unpack->block[unpack->start] == 0) {
            unpack->start++;
            unpack->position++;
        }
        *zeros = unpack->start == unpack->end;
        if (*zeros && !unpack_fill(unpack, err)) {
            return false;
        }
    }
    return true;
}

/* Between members: is this the end? What is neither a member nor zeros was put there by
 * an accident that may have cost rows. */
static bool unpack_between(struct unpack *unpack, bool *over, struct error *err)
{
    *over = unpack->start == unpack->end;
    if (*over || unpack->position == 0) {
        return true;
    }
    if (unpack->block[unpack->start] == 0) {
        if (!rest_is_zeros(unpack, over, err) || *over) {
            return *over;
        }
    } else if (unpack->block[unpack->start] == (unsigned char)unpack->format->magic[0] ||
               /* zstd's skippable frames: 0x184D2A50 to 5F, least byte first */
               (unpack->zstd != NULL && unpack->block[unpack->start] >> 4 == 5)) {
        return true;
    }
    return error_set(
        err, ERROR_FAILED,
        "could not unpack %s: at byte %lld something follows the %s data that "
        "is none; ask `%s`, and fetch the file again [source-error]",
        unpack->spec.name, unpack->position, unpack->format->name,
        unpack->format->program);
}

static bool unpack_broken(const struct unpack *unpack, struct error *err)
{
    return error_set(err, ERROR_FAILED,
                     "could not unpack %s: the %s data are broken near byte %lld: %s "
                     "[source-error]",
                     unpack->spec.name, unpack->format->name, unpack->position,
                     unpack->format->why(unpack));
}

bool unpack_read(struct unpack *unpack, void *into, size_t room, size_t *got,
                 struct error *err)
{
    char *out = into;
    *got = 0;
    while (out == into) {
        bool over = false;
        if (!unpack_fill(unpack, err) ||
            (!unpack->inside && !unpack_between(unpack, &over, err))) {
            return false;
        }
        if (over) {
            return true;
        }
        size_t before = unpack->start;
        enum progress progress = unpack->format->run(unpack, &out, room);
        unpack->position += (long long)(unpack->start - before);
        if (progress == PROGRESS_BROKEN) {
            return unpack_broken(unpack, err);
        }
        unpack->inside = progress != PROGRESS_ENDED;
        if (unpack->inside && unpack->at_end && out == into) {
            return error_set(err, ERROR_FAILED,
                             "could not unpack %s: the %s data end too early, at byte "
                             "%lld; fetch or copy the file again [source-error]",
                             unpack->spec.name, unpack->format->name, unpack->position);
        }
    }
    *got = (size_t)(out - (char *)into);
    return true;
}
