/* source: the text of a feed in one window, handed out line by line.
 * What a line means is reader.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/source.h"

#include <stdlib.h>
#include <string.h>

#include "engine/import/decode.h"
#include "engine/text.h"

enum { PIECE_MOST = DECODE_BLOCK, WINDOW_SIZE = PIECE_MOST + DECODE_MOST };

struct source {
    struct feed *feed;
    struct utf8_check check;
    long long byte; /* offset of window[start] in the text */
    bool at_end;    /* nothing more to fill */
    char *window;
    size_t start, end;
    size_t line_feed, carriage; /* no such sign lies between start and this place */
};

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
    if (!feed_read(source->feed, into, WINDOW_SIZE - left, &got, err)) {
        return false;
    }
    source->at_end = got == 0;
    source->end += got;
    if (feed_needs_check(source->feed)) {
        utf8_check_block(&source->check, (const unsigned char *)into, got);
        if (source->at_end) {
            utf8_check_end(&source->check);
        }
    }
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

static void source_begin(struct source *source)
{
    source->start = source->end = source->line_feed = source->carriage = 0;
    source->at_end = false;
    source->byte = feed_first_byte(source->feed);
    source->check = (struct utf8_check){.byte = source->byte};
}

bool source_rewind(struct source *source, struct error *err)
{
    bool good = feed_rewind(source->feed, err);
    source_begin(source);
    return good;
}

bool source_read_otherwise(struct source *source, struct error *err)
{
    const char *declared = feed_declared(source->feed);
    bool is_meant = utf8_check_is_meant(&source->check) &&
                    (declared == NULL || !decode_extends_ascii(declared));
    bool good =
        is_meant ? feed_mend(source->feed, err) : feed_read_otherwise(source->feed, err);
    source_begin(source);
    return good;
}

struct source *source_new(const struct feed_spec *spec, struct error *err)
{
    struct feed *feed = feed_new(spec, err);
    if (feed == NULL) {
        return NULL;
    }
    struct source *source = memory_new(sizeof *source);
    source->feed = feed;
    source->window = memory_new(WINDOW_SIZE);
    source_begin(source);
    return source;
}

void source_free(struct source *source)
{
    if (source != NULL) {
        feed_free(source->feed);
        free(source->window);
        free(source);
    }
}

struct feed *source_feed(const struct source *source)
{
    return source->feed;
}

const char *source_name(const struct source *source)
{
    return feed_name(source->feed);
}

long long source_consumed(const struct source *source)
{
    return feed_consumed(source->feed);
}

long long source_broken_at(const struct source *source)
{
    return source->check.broken ? source->check.byte : -1;
}

long long source_byte(const struct source *source)
{
    return source->byte;
}

long long source_broken_bytes(const struct source *source)
{
    return source->check.bad;
}

bool source_beyond_ascii(const struct source *source)
{
    return source->check.beyond_ascii;
}
