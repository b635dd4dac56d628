/* source: the text of a feed as lines, and the test whether it is UTF-8.
 *
 * Memory is one fixed window; a line longer than the window's piece comes in pieces. LF,
 * CRLF and a lone CR each end a line, so that line numbers are those of an editor. Byte
 * offsets count the text as UTF-8 behind gzip and behind a byte order mark's bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_SOURCE_H
#define MWB_IMPORT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/import/feed.h"

struct source;

struct source_piece {
    const char *data; /* borrowed until the next call; the line's end included */
    size_t length;
    bool ends_line;
    long long byte; /* offset of data[0] */
};

enum source_state { SOURCE_PIECE, SOURCE_END, SOURCE_FAILED };

struct source *source_new(const struct feed_spec *spec, struct error *err);
void source_free(struct source *source);

/* Back to the start. */
bool source_rewind(struct source *source, struct error *err);
/* It was no UTF-8: from now on read it as declared, from the start. Where nothing is, it
 * depends on what the test saw: a text that is UTF-8 but for a few bytes is mended, any
 * other is read as Windows-1252. */
bool source_read_otherwise(struct source *source, struct error *err);

enum source_state source_next(struct source *source, struct source_piece *piece,
                              struct error *err);
/* The first bytes that are in the window now, without consuming them. */
bool source_peek(struct source *source, const char **data, size_t *length,
                 struct error *err);

const char *source_name(const struct source *source);
long long source_consumed(const struct source *source); /* bytes of the file as it lies */
/* Where UTF-8 was found broken so far (-1: nowhere); only what is read as UTF-8 is
 * tested. */
long long source_broken_at(const struct source *source);
/* Offset in the text of the next piece. */
long long source_byte(const struct source *source);
/* How many bytes are of no character of UTF-8. */
long long source_broken_bytes(const struct source *source);
/* Only what is worth a note: was there a byte beyond ASCII? */
bool source_beyond_ascii(const struct source *source);
/* The feed stays the source's. Who reads it directly rewinds the source afterwards. */
struct feed *source_feed(const struct source *source);
static inline const char *source_declared(const struct source *source)
{
    return feed_declared(source_feed(source));
}
static inline long long source_replaced(const struct source *source)
{
    return feed_replaced(source_feed(source));
}
static inline const char *source_encoding(const struct source *source)
{
    return feed_encoding(source_feed(source));
}
static inline bool source_changed(const struct source *source)
{
    return feed_changed(source_feed(source));
}

#endif
