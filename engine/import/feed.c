/* feed: a file or a pipe, unpacked, without its byte order mark, decoded to UTF-8.
 * Packings are unpack.c's, pipes spool.c's, encodings decode.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/import/decode.h"
#include "engine/import/spool.h"
#include "engine/unpack.h"
#include "engine/text.h"

enum { HEAD_SIZE = 16 };

struct feed {
    int fd;                  /* a file: the caller's, or the spool's */
    struct arrival *arrival; /* NULL: all its bytes are there */
    struct job_port *port;
    char *name, *declared;
    const char *marked; /* the encoding that a byte order mark told, if not UTF-8 */
    struct spool spool; /* of a pipe; spool.fd is -1 for a file */
    struct stat stat;
    long long offset; /* of the file's next byte */
    const char *packing;
    struct unpack *unpack; /* NULL: the file is not packed */
    struct decoder decoder;
    unsigned char head[HEAD_SIZE]; /* the text's first bytes, which were looked at */
    size_t head_start, head_end;
    long long mark; /* length of a byte order mark of UTF-8 */
    bool any_bytes; /* no text: see feed.h */
    bool at_end;
    unsigned char *block; /* bytes to decode */
};

/* ---- Bytes of the file ---- */

/* How many of `room` bytes may be read now of a file that is still coming. */
static bool feed_wait(struct feed *feed, size_t *room, struct error *err)
{
    long long length = 0;
    if (!arrival_wait(feed->arrival, feed->offset, feed->port, &length, err)) {
        return false;
    }
    long long there = length > feed->offset ? length - feed->offset : 0;
    *room = there < (long long)*room ? (size_t)there : *room;
    return true;
}

/* pread: the place in the file belongs to everybody who has its descriptor. */
static bool feed_raw(void *owner, void *into, size_t room, size_t *got, struct error *err)
{
    struct feed *feed = owner;
    if (feed->spool.fd >= 0 && feed->offset >= feed->spool.length) {
        bool good = spool_read(&feed->spool, into, room, got, err);
        feed->offset += (long long)*got;
        return good;
    }
    ssize_t length;
    *got = 0;
    if (feed->arrival != NULL && !feed_wait(feed, &room, err)) {
        return false;
    }
    do {
        length = pread(feed->fd, into, room, (off_t)feed->offset);
    } while (length < 0 && errno == EINTR);
    if (length < 0) {
        *got = 0;
        return error_set(err, ERROR_FAILED, "could not read %s: %s [source-error]",
                         feed->name, error_of_errno(errno));
    }
    feed->offset += length;
    *got = (size_t)length;
    return true;
}

static bool feed_unpacked(struct feed *feed, void *into, size_t room, size_t *got,
                          struct error *err)
{
    return feed->unpack != NULL ? unpack_read(feed->unpack, into, room, got, err)
                                : feed_raw(feed, into, room, got, err);
}

/* Unpacked bytes, of which the first ones may lie in the head. */
static bool feed_bytes(struct feed *feed, void *into, size_t room, size_t *got,
                       struct error *err)
{
    size_t looked = feed->head_end - feed->head_start;
    looked = looked < room ? looked : room;
    memcpy(into, feed->head + feed->head_start, looked);
    feed->head_start += looked;
    *got = 0;
    bool good = looked == room ||
                feed_unpacked(feed, (char *)into + looked, room - looked, got, err);
    *got += looked;
    return good;
}

bool feed_read(struct feed *feed, char *into, size_t room, size_t *got, struct error *err)
{
    *got = 0;
    if (feed->decoder.kind == DECODE_UTF8) {
        return feed_bytes(feed, into, room, got, err);
    }
    size_t most = room / 4 - 16; /* see DECODE_MOST */
    most = most < DECODE_BLOCK ? most : DECODE_BLOCK;
    while (*got == 0 && !feed->at_end) {
        size_t length = 0;
        if (!feed_bytes(feed, feed->block, most, &length, err)) {
            return false;
        }
        feed->at_end = length == 0;
        *got = decoder_run(&feed->decoder, feed->block, length, feed->at_end, into);
    }
    return true;
}

/* ---- The start ---- */

/* Files that are no text at all, told by their first bytes, with what to do about it. */
static const struct {
    const char *magic;
    size_t length;
    const char *sentence;
} strangers[] = {
    {"PK\x03\x04", 4,
     "it is a ZIP archive (or a spreadsheet); unpack it, or save it as CSV"},
    {"BZh", 3, "it is packed with bzip2; unpack it with bunzip2"},
    {"\xFD"
     "7zXZ",
     5, "it is packed with xz; unpack it with unxz"},
    {"SQLite format 3", 15, "it is an SQLite database, not a text file"},
    {"%PDF-", 5, "it is a PDF document, not a table"},
    {"PAR1", 4, "it is a Parquet file, which is not read here; export it as CSV"},
};

static bool feed_refuse_strangers(const struct feed *feed, struct error *err)
{
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        if (feed->head_end >= strangers[i].length &&
            memcmp(feed->head, strangers[i].magic, strangers[i].length) == 0) {
            return error_set(err, ERROR_FAILED, "could not import %s: %s [format-error]",
                             feed->name, strangers[i].sentence);
        }
    }
    if (feed->unpack != NULL && unpack_format(feed->head, feed->head_end) != NULL) {
        return error_set(err, ERROR_FAILED,
                         "could not import %s: it is packed twice; unpack it once "
                         "[format-error]",
                         feed->name);
    }
    return true;
}

/* The first bytes, as many as fit into the head. */
static bool feed_fill_head(struct feed *feed, struct error *err)
{
    size_t end = 0;
    feed->head_start = feed->head_end = 0;
    for (size_t got = 1; end < HEAD_SIZE && got > 0; end += got) {
        if (!feed_unpacked(feed, feed->head + end, HEAD_SIZE - end, &got, err)) {
            return false;
        }
    }
    feed->head_end = end;
    return true;
}

static const struct {
    const char *bytes;
    size_t length;
    const char *encoding;
} marks[] = {
    {"\xEF\xBB\xBF", 3, "utf-8"},    {"\xFF\xFE\0\0", 4, "utf-32le"},
    {"\0\0\xFE\xFF", 4, "utf-32be"}, {"\xFF\xFE", 2, "utf-16le"},
    {"\xFE\xFF", 2, "utf-16be"},
};

/* Eat a byte order mark (Unicode 15 §23.8). At the first time it tells the encoding;
 * later the encoding is settled, and a mark of another one is text. */
static bool feed_eat_mark(struct feed *feed, bool first, struct error *err)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (feed->head_end < marks[i].length ||
            memcmp(feed->head, marks[i].bytes, marks[i].length) != 0) {
            continue;
        }
        const char *encoding = marks[i].encoding;
        bool is_utf8 = string_equal(encoding, "utf-8");
        if (first && !is_utf8) {
            decoder_release(&feed->decoder);
            if (!decoder_init(&feed->decoder, encoding, err)) {
                return false;
            }
            feed->marked = encoding;
        }
        bool is_read_so =
            feed->decoder.kind == DECODE_UTF8 || feed->decoder.kind == DECODE_MENDED_UTF8;
        if (is_utf8 ? is_read_so : string_equal(feed->marked, encoding)) {
            feed->head_start = marks[i].length;
            feed->mark = is_utf8 ? (long long)marks[i].length : 0;
        }
        return true;
    }
    return true;
}

/* Every other byte of the head is zero: that is UTF-16 whose author forgot to say so. */
static bool feed_know_utf16(struct feed *feed, struct error *err)
{
    size_t zeros[2] = {0, 0}, pairs = feed->head_end / 2;
    for (size_t i = 0; i < 2 * pairs; i++) {
        zeros[i % 2] += feed->head[i] == 0 ? 1 : 0;
    }
    bool least_first = zeros[0] == 0 && zeros[1] == pairs;
    bool most_first = zeros[1] == 0 && zeros[0] == pairs;
    if (feed->declared != NULL || feed->marked != NULL || pairs < 2 ||
        (!least_first && !most_first)) {
        return true;
    }
    decoder_release(&feed->decoder);
    return decoder_init(&feed->decoder, least_first ? "utf-16le" : "utf-16be", err);
}

static bool feed_restart(struct feed *feed, bool first, struct error *err)
{
    feed->offset = 0;
    feed->mark = 0;
    feed->at_end = false;
    decoder_restart(&feed->decoder);
    if (feed->unpack != NULL) {
        unpack_restart(feed->unpack);
    }
    if (feed->any_bytes) {
        return feed_fill_head(feed, err);
    }
    return feed_fill_head(feed, err) && (!first || feed_refuse_strangers(feed, err)) &&
           feed_eat_mark(feed, first, err) && (!first || feed_know_utf16(feed, err));
}

bool feed_rewind(struct feed *feed, struct error *err)
{
    return feed_restart(feed, false, err);
}

bool feed_read_otherwise(struct feed *feed, struct error *err)
{
    const char *encoding = feed->declared;
    struct decoder declared;
    if (!decoder_init(&declared, encoding, err)) {
        return false;
    }
    if (declared.kind == DECODE_UTF8) {
        encoding = "windows-1252";
    }
    decoder_release(&declared);
    decoder_release(&feed->decoder);
    return decoder_init(&feed->decoder, encoding, err) && feed_restart(feed, false, err);
}

bool feed_mend(struct feed *feed, struct error *err)
{
    decoder_release(&feed->decoder);
    feed->decoder.kind = DECODE_MENDED_UTF8;
    return feed_restart(feed, false, err);
}

/* ---- Life ---- */

/* Declared encodings that extend ASCII are often wrong: UTF-8 is tried first. */
static bool feed_begin_decoding(struct feed *feed, struct error *err)
{
    if (!decoder_init(&feed->decoder, feed->declared, err)) {
        return false;
    }
    if (feed->declared != NULL && decode_extends_ascii(feed->declared)) {
        decoder_release(&feed->decoder);
    }
    return true;
}

static bool feed_begin_file(struct feed *feed, const struct feed_spec *spec,
                            struct error *err)
{
    if (lseek(spec->fd, 0, SEEK_CUR) < 0 && errno == ESPIPE) {
        feed->spool.pipe = spec->fd;
        feed->spool.name = feed->name;
        feed->spool.port = spec->port;
        if (!spool_init(&feed->spool, spec->spool_folder, err)) {
            return false;
        }
        feed->fd = feed->spool.fd;
    } else {
        posix_fadvise(spec->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    return fstat(feed->fd, &feed->stat) == 0 ||
           error_set(err, ERROR_FAILED, "could not look at %s: %s [source-error]",
                     feed->name, error_of_errno(errno));
}

/* Is it packed? The bytes that are looked at are read again afterwards. */
static bool feed_begin_packing(struct feed *feed, struct error *err)
{
    if (!feed_fill_head(feed, err)) {
        return false;
    }
    feed->packing = unpack_format(feed->head, feed->head_end);
    if (feed->packing != NULL) {
        struct unpack_spec spec = {feed->name, feed_raw, feed};
        feed->unpack = unpack_new(feed->packing, &spec, err);
    }
    feed->head_end = 0;
    return feed->packing == NULL || feed->unpack != NULL;
}

struct feed *feed_new(const struct feed_spec *spec, struct error *err)
{
    struct feed *feed = memory_new(sizeof *feed);
    feed->fd = spec->fd;
    feed->arrival = spec->arrival;
    feed->port = spec->port;
    feed->spool.fd = -1;
    feed->name = string_copy(spec->name);
    feed->declared = string_copy(spec->encoding);
    feed->any_bytes = spec->any_bytes;
    feed->block = memory_new(DECODE_BLOCK);
    if (feed_begin_file(feed, spec, err) && feed_begin_decoding(feed, err) &&
        feed_begin_packing(feed, err) && feed_restart(feed, true, err)) {
        return feed;
    }
    feed_free(feed);
    return NULL;
}

void feed_free(struct feed *feed)
{
    if (feed == NULL) {
        return;
    }
    unpack_free(feed->unpack);
    spool_release(&feed->spool);
    decoder_release(&feed->decoder);
    free(feed->name);
    free(feed->declared);
    free(feed->block);
    free(feed);
}

/* ---- Questions ---- */

const char *feed_name(const struct feed *feed)
{
    return feed->name;
}

long long feed_consumed(const struct feed *feed)
{
    return feed->offset -
           (feed->unpack != NULL ? (long long)unpack_waiting(feed->unpack) : 0);
}

long long feed_total(const struct feed *feed)
{
    if (feed->spool.fd >= 0) {
        return feed->spool.ended ? feed->spool.length : 0;
    }
    if (feed->arrival != NULL) {
        long long expected = arrival_expected(feed->arrival);
        return expected > 0 ? expected : 0;
    }
    return (long long)feed->stat.st_size;
}

long long feed_first_byte(const struct feed *feed)
{
    return feed->mark;
}

bool feed_needs_check(const struct feed *feed)
{
    return feed->decoder.kind == DECODE_UTF8;
}

const char *feed_declared(const struct feed *feed)
{
    return feed->declared;
}

long long feed_replaced(const struct feed *feed)
{
    return feed->decoder.replaced;
}

long long feed_mended(const struct feed *feed)
{
    return feed->decoder.mended;
}

const char *feed_encoding(const struct feed *feed)
{
    static const char *const names[] = {"UTF-8", "UTF-16", "Windows-1252", "UTF-8"};
    if (feed->decoder.kind != DECODE_ICONV) {
        return names[feed->decoder.kind];
    }
    return feed->marked != NULL ? feed->marked : feed->declared;
}

const char *feed_packing(const struct feed *feed)
{
    return feed->packing;
}

bool feed_changed(const struct feed *feed)
{
    struct stat now;
    return feed->spool.fd < 0 && feed->arrival == NULL &&
           (fstat(feed->fd, &now) != 0 || now.st_size != feed->stat.st_size ||
            now.st_mtim.tv_sec != feed->stat.st_mtim.tv_sec ||
            now.st_mtim.tv_nsec != feed->stat.st_mtim.tv_nsec);
}
