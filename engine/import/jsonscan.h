/* jsonscan: objects of JSON Lines or of one array to cells, as fast as bytes can be
 * looked at.
 *
 * What is JSON, what is a row and what is a column says json.h; this is for two of its
 * shapes. Everything is looked at: what a scan takes is JSON, names and UTF-8 included.
 *
 * The idea: the objects of a file mostly have the same names in the same order, with the
 * same blanks. So all bytes between a value and the next one, `, "city": ` or
 * `}, "place": {"lat": `, are remembered when they have been read sign by sign once, and
 * compared as a whole where they are expected again. Values are looked at 16 bytes at a
 * time (SSE2, else 8).
 *
 * Nothing recurses, and nothing is allocated for a value: nesting is a stack of bits.
 * What a scan learns grows with the different names of a file, not with its rows.
 *
 * Bytes are looked at in blocks: JSONSCAN_SLACK bytes behind the end of whatever is given
 * must be readable and initialised; what stands there does not matter. Windows are
 * shorter than 4 GiB; that strings and rows keep to the limits of json.h is the
 * caller's part, who has to hold them in memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSONSCAN_H
#define MWB_IMPORT_JSONSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/import/json.h"
#include "engine/import/reader.h"

enum { JSONSCAN_SLACK = 64, JSONSCAN_COLUMNS_MOST = READER_COLUMNS_MOST };

struct jsonscan_fault {
    enum json_fault fault;
    const char *at; /* the first byte that no JSON text can have there */
};

/* One value, as it stands: of a string what is between its quotes. */
struct jsonscan_cell {
    const char *text; /* NULL: the row has no such member, its kind is CELL_NULL then */
    uint32_t length;
    bool escaped;       /* a string that holds backslashes */
    unsigned char kind; /* enum cell_kind */
};

/* ---- Any text ---- */

/* Is it one JSON text, whatever its value? */
bool jsonscan_check(const char *text, size_t length, struct jsonscan_fault *fault);

/* A string without its escapes; `to` has room for `length` bytes and may be `from`.
 * Returns the length; adds to *replaced how many lone surrogates became U+FFFD. Only for
 * strings that a scan has taken. */
size_t jsonscan_unescape(char *to, const char *from, size_t length, long long *replaced);

/* ---- Cutting ---- */

/* How many bytes at the front are whole rows and can be a window; 0: none ends yet.
 * Lines: up to the last line feed. An array: up to the end of its last whole object; the
 * bytes begin with the text if `first`, else behind an object of the array. What comes
 * behind the last cut, at least the closing bracket, is the last window. */
size_t jsonscan_cut_lines(const char *bytes, size_t length);
size_t jsonscan_cut_array(const char *bytes, size_t length, bool first);

/* ---- Rows ---- */

struct jsonscan;

struct jsonscan_spec {
    bool keep_nested;         /* nested objects are JSON text */
    const char *const *whole; /* objects that are JSON text all the same: their paths,
                                 a.b; NULL ends the list, which must live on */
};

struct jsonscan *jsonscan_new(const struct jsonscan_spec *spec);
/* Another one that knows the same columns, for another thread. */
struct jsonscan *jsonscan_copy(const struct jsonscan *scan);
void jsonscan_free(struct jsonscan *scan);
/* Take over the columns of another scan, from the one with the number `first` on, in
 * their order, as if they had been found here. */
void jsonscan_adopt(struct jsonscan *scan, const struct jsonscan *from, size_t first);

/* Columns in the order in which they first appeared in a good row. */
size_t jsonscan_columns(const struct jsonscan *scan);
/* The names on a column's path, the outermost first: how many there are, and each. */
size_t jsonscan_levels(const struct jsonscan *scan, size_t column);
const char *jsonscan_name(const struct jsonscan *scan, size_t column, size_t level,
                          size_t *length);

/* Why a row is none. */
enum jsonscan_bad {
    JSONSCAN_FAULT,   /* no JSON: see fault */
    JSONSCAN_TWICE,   /* it has the member `name` twice */
    JSONSCAN_STRANGER /* no object: it begins with another sign */
};

struct jsonscan_row {
    const struct jsonscan_cell *cells; /* one for each column known now */
    const char *start;                 /* the row as it stands */
    size_t length;
    bool escaped; /* a cell is */
    enum jsonscan_bad bad;
    struct jsonscan_fault fault;
    const char *name;
    size_t name_length;
    bool lone; /* a name seen for the first time has a surrogate alone: it is U+FFFD */
};

/* Rows are taken from this window on: lines, or elements of one array, whose beginning is
 * in its first window and whose end in its last. */
struct jsonscan_window {
    const char *bytes;
    size_t length;
    bool array, first, last;
};
void jsonscan_start(struct jsonscan *scan, const struct jsonscan_window *window);

/* The next row; it is valid until the next call. READER_BAD: none, see above; reading can
 * go on. READER_FAILED: a fault in an array, or a column more than
 * JSONSCAN_COLUMNS_MOST. */
enum reader_state jsonscan_next(struct jsonscan *scan, struct jsonscan_row *row);

#endif
