/* The file under tables and indexes: numbers for pages, and bytes to where they belong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_PRIVATE_H
#define MWB_PAGES_PRIVATE_H

#include <sys/types.h>

#include "engine/pages.h"

enum {
    PAGES_INDEX_INTERIOR = 2,
    PAGES_TABLE_INTERIOR = 5,
    PAGES_INDEX_LEAF = 10,
    PAGES_TABLE_LEAF = 13,
};
enum {
    PAGES_LEAF_HEADER = 8,      /* bytes before the array of cell places */
    PAGES_INTERIOR_HEADER = 12, /* the same and the right-most child */
    PAGES_HEADER_SIZE = 100,    /* of the file */
    PAGES_VARINT_MOST = 9,
};

struct pages {
    int fd;
    char *path;
    uint32_t size;      /* of a page */
    uint32_t usable;    /* without the reserved bytes at its end */
    uint32_t count;     /* pages that have a number now */
    uint32_t lock_page; /* holds byte 2^30 and nothing else, ever */
    unsigned char header[PAGES_HEADER_SIZE];
};

/* All bytes at their place in the file `name`, whatever stops a call in between. */
bool file_write(int fd, const char *name, const void *bytes, size_t length, off_t place,
                struct error *err);
bool file_read(int fd, const char *name, void *bytes, size_t length, off_t place,
               struct error *err);
bool file_write_failed(const char *name, struct error *err); /* from errno; false */

/* Numbers for `count` pages that follow each other in rows, not always in the file: the
 * lock-byte page may lie between them. Page i of them is pages_number(first, i). */
bool pages_take(struct pages *pages, size_t count, uint32_t *first, struct error *err);
static inline uint32_t pages_number(const struct pages *pages, uint32_t first, size_t i)
{
    uint64_t number = (uint64_t)first + i;
    return (uint32_t)(first < pages->lock_page && number >= pages->lock_page ? number + 1
                                                                             : number);
}

/* Write those pages. Any thread may. */
bool pages_put(const struct pages *pages, uint32_t first, const unsigned char *bytes,
               size_t count, struct error *err);

/* Is page `root` an empty leaf of type `type`, as CREATE leaves it? */
bool pages_check_root(const struct pages *pages, uint32_t root, unsigned char type,
                      struct error *err);

/* ---- Payloads that spill (§1.6) ---- */

struct pages_limits {
    uint32_t most;   /* X: a payload up to this stays whole in its cell */
    uint32_t least;  /* M: of a longer one at least this stays */
    uint32_t usable; /* U */
};
static inline struct pages_limits pages_table_limits(uint32_t usable)
{
    return (struct pages_limits){usable - 35, (usable - 12) * 32 / 255 - 23, usable};
}
static inline struct pages_limits pages_index_limits(uint32_t usable)
{
    return (struct pages_limits){(usable - 12) * 64 / 255 - 23,
                                 (usable - 12) * 32 / 255 - 23, usable};
}
/* How much of a payload stays in the cell: with K bytes the chain's last page is full. */
static inline size_t pages_local(const struct pages_limits *limits, size_t payload)
{
    if (payload <= limits->most) {
        return payload;
    }
    size_t k = limits->least + (payload - limits->least) % (limits->usable - 4);
    return k <= limits->most ? k : limits->least;
}

/* ---- Big-endian numbers (§1.3) ---- */

static inline void pages_put16(unsigned char *to, uint32_t value)
{
    to[0] = (unsigned char)(value >> 8); /* 65536 becomes 0, as the format wants it */
    to[1] = (unsigned char)value;
}
static inline void pages_put32(unsigned char *to, uint32_t value)
{
    to[0] = (unsigned char)(value >> 24);
    to[1] = (unsigned char)(value >> 16);
    to[2] = (unsigned char)(value >> 8);
    to[3] = (unsigned char)value;
}
static inline uint32_t pages_get16(const unsigned char *from)
{
    return (uint32_t)from[0] << 8 | from[1];
}
static inline uint32_t pages_get32(const unsigned char *from)
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 |
           from[3];
}

#endif
