/* pages: tables and indexes written straight into an SQLite database file, page by page.
 *
 * What it is for. SQLite's own way of storing a row (a statement, a cursor, a record, a
 * b-tree insert) costs several times what reading, typing and writing the row costs. Rows
 * that come in the order of their rowids need none of it: a table's leaves carry neither
 * their own number nor links to their neighbours, so any thread may fill any leaf, and
 * only the few interior pages above them need the order. Entries of an index
 * need sorting first; sorted, they are written the same way.
 *
 * The law is sqlite.org/fileformat2.html; section numbers here and in the sources are
 * its. In short, as far as it is used:
 *   - a file is pages of one size (512 to 65536, a power of 2), numbered from 1 (§1.2,
 *     §1.3.2). Page 1 begins with the 100 byte header: page size at 16, reserved bytes of
 *     each page at 20, change counter at 24, number of pages at 28, the change counter
 *     that number was true for at 92 (§1.3). All numbers are big-endian;
 *   - the page that holds byte 2^30, the lock-byte page, is never used (§1.4);
 *   - a b-tree page begins with its type (1 byte: 13 leaf of a table, 5 interior of a
 *     table, 10 leaf of an index, 2 interior of an index), first free block (2, here 0),
 *     number of cells (2), start of the cell content (2, 0 for 65536), fragmented bytes
 *     (1, here 0) and, if interior, its right-most child (4). Then come the places of the
 *     cells (2 each) in the order of keys; the cells fill the page from its end (§1.6);
 *   - a cell is, in a table's leaf: length of the payload and rowid, both varints, and
 *     the payload; in a table's interior: number of the child to the left (4), largest
 *     rowid below it (varint); in an index's leaf: length of the payload (varint) and the
 *     payload; in an index's interior: the same behind the number of a child (4);
 *   - with U bytes of a page usable, a payload of P bytes is whole in its cell up to
 *     X = U - 35 in a table and X = (U - 12) * 64 / 255 - 23 in an index. A longer one
 *     keeps its first K = M + (P - M) % (U - 4) bytes there when K <= X, else its first
 *     M = (U - 12) * 32 / 255 - 23. Behind them stands the number (4) of the first
 *     overflow page; each of those is the number of the next (4, 0 in the last) and up to
 *     U - 4 bytes of the rest (§1.6, §1.7);
 *   - a payload is a record: size of its header (a varint that counts itself), for each
 *     column a varint serial type, then the values (§2.1). An index's ends with the rowid
 *     (§2.5).
 *
 * How a tree is made. Leaves are filled to the end, one after the other; what says where
 * a leaf ends goes up into an interior page: in a table a copy of the leaf's last rowid,
 * in an index the entry itself, which then stands nowhere else. When an interior page is
 * full, the next such cell goes one level further up. A page without any cell is corrupt
 * but for an empty root, so the last pages of each level share what there is (tree.h).
 * The page at the top takes the place of the root that SQLite made.
 *
 * How to use it. SQLite itself makes the file and the schema: CREATE TABLE or CREATE
 * INDEX leave an empty root page, whose number stands in sqlite_schema.rootpage. With
 * every connection closed and no journal beside, pages_open() takes the file, tables and
 * indexes are filled, pages_close() makes the header true. From then on it is a database
 * as any. Until then it is none: a writer that is stopped leaves a file to be thrown
 * away, so write beside and rename. Nothing here syncs.
 *
 * Pages get their numbers in the order of rows, whatever the number of threads, so the
 * same rows in the same runs make the same bytes. Only a table's first leaf comes behind
 * the others, with the interior pages: when it stays alone it becomes the root, because a
 * root above one leaf would be an interior page without a cell, which SQLite calls
 * corrupt.
 *
 * Whether it is right, SQLite says: PRAGMA integrity_check, which tests/unit/test_pages.c
 * and test_pages_index.c ask for pages of every size, rows at every limit, and files that
 * reach beyond 2^30 bytes.
 *
 * Errors: disk full, a short write, a file over SQLite's 2^32-2 pages: a sentence. A file
 * that this writer does not take (auto-vacuum, UTF-16, free pages, a WAL, reserved bytes
 * over 32): a sentence of pages_open().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_H
#define MWB_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/error.h"

/* ---- The file ---- */

struct pages;

/* `path`: a database nobody else has open. NULL and a sentence on failure. */
struct pages *pages_open(const char *path, struct error *err);
unsigned pages_page_size(const struct pages *pages);
/* Writes the header: number of pages, change counter. False: throw the file away. */
bool pages_close(struct pages *pages, struct error *err);
/* Close without finishing, after a failure; NULL is fine. */
void pages_abandon(struct pages *pages);

/* ---- A table ----
 *
 * Rows come in runs: consecutive rows that one thread turns into leaves in its own
 * memory. Filling is done by any number of threads, each with a run of its own; placing
 * is done by one at a time, in the order of the rows; writing again by all at once. */

struct pages_table;
struct pages_run;

/* The table whose empty root is page `root`. One table or index at a time gets pages. */
struct pages_table *pages_table_new(struct pages *pages, uint32_t root);
/* Interior pages from the bottom to the root. The table is gone afterwards, also on
 * failure. A table without rows keeps its empty root. */
bool pages_table_finish(struct pages_table *table, struct error *err);
void pages_table_free(struct pages_table *table); /* abandon it; NULL is fine */

struct pages_run *pages_run_new(struct pages_table *table);
void pages_run_free(struct pages_run *run); /* NULL is fine */
/* Empty it; the next row gets this rowid, the ones behind it the following. */
void pages_run_start(struct pages_run *run, long long rowid);
/* Add a row: the record in two pieces, its header (with the size in front) and its body,
 * so that a caller can write both as it goes along. Copied. */
void pages_run_add(struct pages_run *run, const void *header, size_t header_length,
                   const void *body, size_t body_length);
size_t pages_run_bytes(const struct pages_run *run); /* memory its pages take now */
/* Give its pages their numbers. One at a time, in the order of rowids. */
bool pages_run_place(struct pages_run *run, struct error *err);
/* Put them into the file. */
bool pages_run_write(struct pages_run *run, struct error *err);

/* ---- An index ----
 *
 * Entries are collected by any number of sorters, one a thread; each keeps a bounded
 * amount in memory and writes sorted runs to a file without a name. Finishing merges
 * them. The order is SQLite's with BINARY collation, all columns ascending: NULL, then
 * numbers by value whether whole or not, then text by its bytes; equal keys by rowid. */

enum pages_kind { PAGES_NULL, PAGES_INTEGER, PAGES_REAL, PAGES_TEXT };

struct pages_value {
    enum pages_kind kind;
    long long integer;
    double real;
    const char *text; /* borrowed for the call */
    size_t length;
};

struct pages_index;
struct pages_sorter;

/* `columns` of the key, without the rowid. `folder` is where sorted runs are kept while
 * they wait; `memory` bytes are used by all sorters and the merge together; a key longer
 * than a sorter's share takes what it takes. With more than one sorter, finishing has a
 * thread for merging beside the caller's, which writes. */
struct pages_index *pages_index_new(const char *folder, int columns, size_t memory,
                                    int sorters);
struct pages_sorter *pages_index_sorter(struct pages_index *index, int number);
bool pages_sorter_add(struct pages_sorter *sorter, const struct pages_value *values,
                      long long rowid, struct error *err);
/* Sort what is left, merge, write below the empty root page `root`. `distinct` gets for
 * each number of leading columns how many different prefixes there were (what
 * sqlite_stat1 is made from; §2.6.4); NULL: not wanted.
 * The index is gone afterwards, also on failure. */
bool pages_index_finish(struct pages_index *index, struct pages *pages, uint32_t root,
                        long long *distinct, struct error *err);
void pages_index_free(struct pages_index *index); /* abandon it; NULL is fine */

/* ---- Records, for callers and tests ---- */

/* A varint (§1.6): 1 to 9 bytes at `to`; returns how many. */
static inline size_t pages_put_varint(unsigned char *to, uint64_t value)
{
    if (value < 0x80) {
        to[0] = (unsigned char)value;
        return 1;
    }
    if (value < 0x4000) {
        to[0] = (unsigned char)(value >> 7 | 0x80);
        to[1] = (unsigned char)(value & 0x7F);
        return 2;
    }
    if (value >> 56 != 0) { /* nine bytes: the last one holds eight bits */
        to[8] = (unsigned char)(value & 0xFF);
        value >>= 8;
        for (int i = 7; i >= 0; i--, value >>= 7) {
            to[i] = (unsigned char)((value & 0x7F) | 0x80);
        }
        return 9;
    }
    size_t length = 3;
    while (length < 8 && value >> (7 * length) != 0) {
        length++;
    }
    for (size_t i = length; i-- > 0; value >>= 7) {
        to[i] = (unsigned char)((value & 0x7F) | (i + 1 < length ? 0x80 : 0));
    }
    return length;
}

#endif
