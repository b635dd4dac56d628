/* safetext: the one sanitiser for everything that reaches a screen, a log, a title,
 * stderr.
 *
 * Data are hostile: a cell may hold escape sequences, bidirectional overrides, a thousand
 * combining marks or half a character. What comes out of here is valid UTF-8 whose every
 * byte is safe on any terminal, and whose width in columns is known:
 *   - C0, DEL and C1 controls are shown as ^[ ^G ... and <U+0085>; TAB, LF and CR as a
 *     visible sign, unless the caller splits lines first;
 *   - bidirectional controls, zero-width and tag characters, and other format characters
 * as <U+202E>; ZWJ and variation selectors inside an emoji sequence are kept;
 *   - at most 8 combining marks for a base character, the rest is dropped and shown as
 * one sign; a mark without a base gets a dotted circle;
 *   - bytes that are no UTF-8 as <E9>.
 * Widths follow Unicode's East Asian Width and emoji presentation (through utf8proc), the
 * same on every host whatever its locale. Copy and export use the true bytes, never this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SAFETEXT_H
#define MWB_SAFETEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/text.h"

enum { SAFETEXT_CLUSTER_SIZE = 64 };

/* One cluster: what stands in one or two cells of the screen together. */
struct safetext_cluster {
    char bytes[SAFETEXT_CLUSTER_SIZE]; /* printable UTF-8 with a NUL at the end */
    int width;     /* columns: 1 or 2; more for an escape like <U+202E> */
    bool escaped;  /* not the data's own sign: draw it dim or reversed */
    size_t source; /* bytes of the source it stands for */
};

/* The cluster at `bytes` (length > 0). Every call consumes at least one source byte. */
void safetext_next(const char *bytes, size_t length, struct safetext_cluster *out);

/* The whole of it, safe. */
void safetext_append(struct text *out, const char *bytes, size_t length);
/* The same for a whole message of several lines: LF stays, TAB becomes blanks. */
void safetext_append_lines(struct text *out, const char *bytes, size_t length);

/* Safe and at most `columns` wide; when cut, ends in an ellipsis sign. Returns the
 * columns used. */
int safetext_append_cut(struct text *out, const char *bytes, size_t length, int columns);

/* Columns of the safe form. safetext_width_limited stops counting past `limit`. */
int safetext_width(const char *bytes, size_t length);
int safetext_width_limited(const char *bytes, size_t length, int limit);

#endif
