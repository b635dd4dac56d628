/* source: bytes of a file, unpacked and decoded into one window, handed out line by line.
 * What a line means is reader.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/source.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/import/decode.h"
#include "engine/text.h"

enum { PIECE_MOST = DECODE_BLOCK, WINDOW_SIZE = PIECE_MOST + DECODE_MOST };

struct source {
    int fd;
    FILE *spool; /* of a pipe: its bytes in a temporary file, which is `fd` then */
    char *name, *declared;
    struct stat stat;
    gzFile gzip; /* NULL: the file is read plainly */
    struct decoder decoder;
    struct utf8_check check;
    long long consumed; /* bytes read from a plain file */
    long long byte;     /* offset of window[start] in the text */
    bool at_end;        /* nothing more to fill */
    char *window;
    size_t start, end;
    size_t line_feed, carriage; /* no such sign lies between start and this place */
    unsigned char block[DECODE_BLOCK];
};

static bool source_read(struct source *source, void *into, size_t room, size_t *got,
                        struct error *err)
{
    if (source->gzip != NULL) {
        int length = gzread(source->gzip, into, (unsigned)room);
        int code = Z_OK;
        const char *why = gzerror(source->gzip, &code);
        if (length < 0 || (length == 0 && code == Z_BUF_ERROR)) {
            return error_set(err, ERROR_FAILED, "could not unpack %s: %s", source->name,
                             code == Z_BUF_ERROR ? "the gzip data end too early" : why);
        }
        *got = (size_t)length;
        return true;
    }
    ssize_t length;
    do {
        length = read(source->fd, into, room);
    } while (length < 0 && errno == EINTR);
    if (length < 0) {
        return error_set(err, ERROR_FAILED, "could not read %s: %s", source->name,
                         error_of_errno(errno));
    }
    source->consumed += length;
    *got = (size_t)length;
    return true;
}

/* Slide what is left to the front and read behind it. */
static bool source_fill(struct source *source, struct error *err)
{
    size_t left = source->end - source->start;
    memmove(source->window, source->window + source->start, left);
    source->line_feed -=
        source->line_feed > source->start ? source->start : source->line_feed;
    source->carriage -=
        source->carriage > source->start ? source->start : source->carriage;
    source->start = 0;
    source->end = left;
    size_t got = 0;
    char *into = source->window + left;
    if (source->decoder.kind == DECODE_UTF8) {
        if (!source_read(source, into, WINDOW_SIZE - left, &got, err)) {
            return false;
        }
        utf8_check_block(&source->check, (const unsigned char *)into, got);
        source->at_end = got == 0;
        if (source->at_end && source->check.need > 0 && !source->check.broken) {
            source->check.broken = true;
            source->check.byte -= source->check.taken;
        }
        source->end += got;
        return true;
    }
    if (!source_read(source, source->block, sizeof source->block, &got, err)) {
        return false;
    }
    source->at_end = got == 0;
    source->end += decoder_run(&source->decoder, source->block, got, got == 0, into);
    return true;
}

/* The next place of `sign` at or behind start, or end. The place is remembered: a file
 * with one kind of line end is searched once, not once a line, for the other. */
static size_t find_sign(const struct source *source, size_t *known, char sign)
{
    if (*known < source->start) {
        *known = source->start;
    }
    if (*known < source->end && source->window[*known] != sign) {
        const char *at = memchr(source->window + *known, sign, source->end - *known);
        *known = at != NULL ? (size_t)(at - source->window) : source->end;
    }
    return *known;
}

/* Where the line that begins at start ends (behind its end sign), or 0 when the window
 * does not show it. */
static size_t source_line_end(struct source *source)
{
    size_t line_feed = find_sign(source, &source->line_feed, '\n');
    size_t carriage = find_sign(source, &source->carriage, '\r');
    if (carriage < line_feed) {
        if (carriage + 1 == source->end) {
            return source->at_end ? source->end : 0;
        }
        return carriage + (carriage + 1 == line_feed ? 2 : 1);
    }
    return line_feed < source->end ? line_feed + 1 : 0;
}

enum source_state source_next(struct source *source, struct source_piece *piece,
                              struct error *err)
{
    size_t end = source_line_end(source);
    while (end == 0 && !source->at_end && source->end - source->start < PIECE_MOST) {
        if (!source_fill(source, err)) {
            return SOURCE_FAILED;
        }
        end = source_line_end(source);
    }
    size_t length = end > 0 ? end - source->start : source->end - source->start;
    if (length == 0) {
        return SOURCE_END;
    }
    bool cut = end == 0 && !source->at_end;
    if (cut && source->window[source->start + length - 1] == '\r') {
        length--; /* the LF that may follow belongs to it */
    }
    piece->data = source->window + source->start;
    piece->length = length;
    piece->ends_line = end > 0;
    piece->byte = source->byte;
    source->start += length;
    source->byte += (long long)length;
    return SOURCE_PIECE;
}

bool source_peek(struct source *source, const char **data, size_t *length,
                 struct error *err)
{
    while (!source->at_end && source->end - source->start < PIECE_MOST) {
        if (!source_fill(source, err)) {
            return false;
        }
    }
    *data = source->window + source->start;
    *length = source->end - source->start;
    return true;
}

/* Eat a byte order mark (Unicode 15 §23.8) and learn the encoding from it. */
static bool source_start(struct source *source, bool first, struct error *err)
{
    unsigned char mark[4] = {0};
    ssize_t got = pread(source->fd, mark, sizeof mark, 0);
    if (source->gzip != NULL) {
        got = gzread(source->gzip, mark, sizeof mark);
        gzrewind(source->gzip);
    }
    if (got < 0) {
        return error_set(err, ERROR_FAILED, "could not read %s", source->name);
    }
    size_t skip = 0;
    if (got >= 3 && memcmp(mark, "\xEF\xBB\xBF", 3) == 0) {
        skip = source->decoder.kind == DECODE_UTF8 ? 3 : 0;
    } else if (got >= 2 &&
               (memcmp(mark, "\xFF\xFE", 2) == 0 || memcmp(mark, "\xFE\xFF", 2) == 0)) {
        if (first) {
            decoder_release(&source->decoder);
            source->decoder.kind = DECODE_UTF16;
            source->decoder.big_endian = mark[0] == 0xFE;
        }
        skip = source->decoder.kind == DECODE_UTF16 ? 2 : 0;
    }
    source->byte = source->decoder.kind == DECODE_UTF8 ? (long long)skip : 0;
    source->check.byte = source->byte;
    source->consumed = source->gzip == NULL ? (long long)skip : 0;
    bool moved = source->gzip != NULL ? gzseek(source->gzip, (z_off_t)skip, SEEK_SET) >= 0
                                      : lseek(source->fd, (off_t)skip, SEEK_SET) >= 0;
    return moved || error_set(err, ERROR_FAILED, "could not read %s", source->name);
}

static bool source_restart(struct source *source, bool first, struct error *err)
{
    source->start = source->end = source->line_feed = source->carriage = 0;
    source->at_end = false;
    source->consumed = 0;
    source->check = (struct utf8_check){0};
    decoder_restart(&source->decoder);
    if (lseek(source->fd, 0, SEEK_SET) < 0 ||
        (source->gzip != NULL && gzrewind(source->gzip) != 0)) {
        return error_set(err, ERROR_FAILED, "could not go back to the start of %s: %s",
                         source->name, error_of_errno(errno));
    }
    return source_start(source, first, err);
}

bool source_rewind(struct source *source, struct error *err)
{
    return source_restart(source, false, err);
}

bool source_read_otherwise(struct source *source, struct error *err)
{
    const char *encoding = source->declared;
    struct decoder declared;
    if (!decoder_init(&declared, encoding, err)) {
        return false;
    }
    if (declared.kind == DECODE_UTF8) {
        encoding = "windows-1252";
    }
    decoder_release(&declared);
    decoder_release(&source->decoder);
    return decoder_init(&source->decoder, encoding, err) &&
           source_restart(source, false, err);
}

/* Files that are no text at all, told by their first bytes, with what to do about it. */
static const struct {
    const char *magic;
    size_t length;
    const char *sentence;
} strangers[] = {
    {"PK\x03\x04", 4,
     "it is a ZIP archive (or a spreadsheet); unpack it, or save it as CSV"},
    {"\x28\xB5\x2F\xFD", 4, "it is packed with zstd; unpack it with zstd -d"},
    {"BZh", 3, "it is packed with bzip2; unpack it with bunzip2"},
    {"\xFD"
     "7zXZ",
     5, "it is packed with xz; unpack it with unxz"},
    {"SQLite format 3", 15, "it is an SQLite database, not a text file"},
    {"%PDF-", 5, "it is a PDF document, not a table"},
    {"PAR1", 4, "it is a Parquet file, which is not read here; export it as CSV"},
};

static bool source_look(struct source *source, struct error *err)
{
    char head[16] = {0};
    ssize_t got = pread(source->fd, head, sizeof head, 0);
    if (got < 0) {
        return error_set(err, ERROR_FAILED, "could not read %s: %s", source->name,
                         error_of_errno(errno));
    }
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        if ((size_t)got >= strangers[i].length &&
            memcmp(head, strangers[i].magic, strangers[i].length) == 0) {
            return error_set(err, ERROR_FAILED, "could not import %s: %s", source->name,
                             strangers[i].sentence);
        }
    }
    if (got < 2 || memcmp(head, "\x1F\x8B", 2) != 0) {
        return true;
    }
    int copy = dup(source->fd);
    if (copy >= 0 && lseek(copy, 0, SEEK_SET) == 0) {
        source->gzip = gzdopen(copy, "rb");
    }
    if (source->gzip == NULL) {
        if (copy >= 0) {
            close(copy);
        }
        return error_set(err, ERROR_FAILED, "could not unpack %s: %s", source->name,
                         error_of_errno(errno));
    }
    gzbuffer(source->gzip, 128 * 1024);
    return true;
}

/* A pipe cannot be read twice: its bytes go to a temporary file without a name first. */
static bool source_spool(struct source *source, struct error *err)
{
    if (lseek(source->fd, 0, SEEK_CUR) >= 0) {
        return true;
    }
    source->spool = tmpfile();
    bool good = source->spool != NULL;
    for (ssize_t length = 1; good && length > 0;) {
        length = read(source->fd, source->block, sizeof source->block);
        if (length > 0) {
            good =
                fwrite(source->block, 1, (size_t)length, source->spool) == (size_t)length;
        } else if (length < 0) {
            good = errno == EINTR;
            length = 1;
        }
    }
    if (!good || fflush(source->spool) != 0) {
        return error_set(err, ERROR_FAILED,
                         "could not keep the bytes of %s while they are read: %s",
                         source->name, error_of_errno(errno));
    }
    source->fd = fileno(source->spool);
    return true;
}

/* Declared encodings that extend ASCII are often wrong: UTF-8 is tried first. */
static bool source_begin_decoding(struct source *source, struct error *err)
{
    if (!decoder_init(&source->decoder, source->declared, err)) {
        return false;
    }
    if (source->declared != NULL && decode_extends_ascii(source->declared)) {
        decoder_release(&source->decoder);
    }
    return true;
}

struct source *source_new(int fd, const char *name, const char *encoding,
                          struct error *err)
{
    struct source *source = memory_new(sizeof *source);
    source->fd = fd;
    source->name = string_copy(name);
    source->declared = string_copy(encoding);
    source->window = memory_new(WINDOW_SIZE);
    if (!source_spool(source, err)) {
        source_free(source);
        return NULL;
    }
    if (fstat(source->fd, &source->stat) != 0) {
        error_set(err, ERROR_FAILED, "could not look at %s: %s", name,
                  error_of_errno(errno));
    } else if (source_begin_decoding(source, err) && source_look(source, err) &&
               source_restart(source, true, err)) {
        return source;
    }
    source_free(source);
    return NULL;
}

void source_free(struct source *source)
{
    if (source == NULL) {
        return;
    }
    if (source->gzip != NULL) {
        gzclose(source->gzip);
    }
    if (source->spool != NULL) {
        fclose(source->spool);
    }
    decoder_release(&source->decoder);
    free(source->name);
    free(source->declared);
    free(source->window);
    free(source);
}

const char *source_name(const struct source *source)
{
    return source->name;
}

long long source_consumed(const struct source *source)
{
    return source->gzip != NULL ? (long long)gzoffset(source->gzip) : source->consumed;
}

long long source_broken_at(const struct source *source)
{
    return source->check.broken ? source->check.byte : -1;
}

bool source_beyond_ascii(const struct source *source)
{
    return source->check.beyond_ascii;
}

const char *source_declared(const struct source *source)
{
    return source->declared;
}

long long source_replaced(const struct source *source)
{
    return source->decoder.replaced;
}

const char *source_encoding(const struct source *source)
{
    static const char *const names[] = {"UTF-8", "UTF-16", "Windows-1252"};
    return source->decoder.kind == DECODE_ICONV ? source->declared
                                                : names[source->decoder.kind];
}

bool source_is_gzip(const struct source *source)
{
    return source->gzip != NULL;
}

bool source_changed(const struct source *source)
{
    struct stat now;
    return fstat(source->fd, &now) != 0 || now.st_size != source->stat.st_size ||
           now.st_mtim.tv_sec != source->stat.st_mtim.tv_sec ||
           now.st_mtim.tv_nsec != source->stat.st_mtim.tv_nsec;
}
