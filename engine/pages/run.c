/* A run: rows to leaves and overflow pages in one block of memory. Pages lie in it in the
 * order they will have in the file; numbers between them are places in the block until
 * pages_run_place() knows the number of the first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/pages/table.h"
#include "engine/pages/tree.h"
#include "engine/text.h"

enum {
    FIRST_BYTES = 1 << 18, /* the block begins with */
    KEPT_BYTES = 1 << 23,  /* a block over this is given back before the next run */
    ROW_HEADER_MOST = 2 * PAGES_VARINT_MOST,
};

struct run_leaf {
    long long last; /* rowid */
    size_t place;   /* in the block, in pages */
};

/* A payload's rest: `count` pages from `place`. The number of the first belongs at `at`
 * (bytes in the block), that of each next one at the start of the one before. */
struct run_chain {
    size_t at, place, count;
};

struct pages_run {
    struct pages_table *table;
    struct pages_limits limits;
    size_t size; /* of a page */
    unsigned char *block;
    size_t used, capacity; /* pages */
    struct node node;      /* the open leaf; no cells: none is open */
    size_t place;          /* of the open leaf */
    uint64_t rowid;        /* of the next row */
    struct array leaves;   /* of struct run_leaf: closed ones */
    struct array chains;   /* of struct run_chain */
    uint32_t number;       /* of the first page that gets one */
    size_t kept;           /* pages at the start that the table keeps: 0 or 1 */
};

struct pages_run *pages_run_new(struct pages_table *table)
{
    struct pages_run *run = memory_new(sizeof *run);
    *run = (struct pages_run){.table = table,
                              .limits = pages_table_limits(table->pages->usable),
                              .size = table->pages->size,
                              .leaves = ARRAY_OF(struct run_leaf),
                              .chains = ARRAY_OF(struct run_chain)};
    return run;
}

void pages_run_free(struct pages_run *run)
{
    if (run != NULL) {
        array_release(&run->leaves);
        array_release(&run->chains);
        free(run->block);
        free(run);
    }
}

void pages_run_start(struct pages_run *run, long long rowid)
{
    if (run->capacity * run->size > KEPT_BYTES) {
        free(run->block);
        run->block = NULL;
        run->capacity = 0;
    }
    array_clear(&run->leaves);
    array_clear(&run->chains);
    run->rowid = (uint64_t)rowid;
    run->used = run->kept = run->place = 0;
    run->node = (struct node){0};
}

size_t pages_run_bytes(const struct pages_run *run)
{
    return run->used * run->size;
}

/* Pages at the end of the block; their place in it. The block may move. */
static size_t take_pages(struct pages_run *run, size_t count)
{
    size_t place = run->used;
    run->used += count;
    if (run->used > run->capacity) {
        size_t capacity = 2 * run->capacity;
        size_t least = FIRST_BYTES / run->size > 0 ? FIRST_BYTES / run->size : 1;
        capacity = capacity > least ? capacity : least;
        run->capacity = capacity > run->used ? capacity : run->used;
        run->block = memory_resize(run->block, run->capacity * run->size);
        run->node.page = run->block + run->place * run->size;
    }
    return place;
}

static void close_leaf(struct pages_run *run)
{
    node_end(&run->node);
    memset(run->node.page + run->node.usable, 0, run->size - run->node.usable);
    struct run_leaf *leaf = array_push(&run->leaves);
    *leaf = (struct run_leaf){(long long)(run->rowid - 1), run->place};
    run->node = (struct node){0};
}

/* Room for the next row's cell, in a new leaf when the open one is full. */
static unsigned char *add_cell(struct pages_run *run, size_t length)
{
    unsigned char *cell = node_add(&run->node, length);
    if (__builtin_expect(cell == NULL, 0)) {
        if (run->node.cells > 0) {
            close_leaf(run);
        }
        run->place = take_pages(run, 1);
        node_begin(&run->node, run->block + run->place * run->size, PAGES_TABLE_LEAF,
                   run->limits.usable);
        cell = node_add(&run->node, length);
        assert(cell != NULL); /* X is such that any cell fits into an empty page */
    }
    return cell;
}

/* ---- Rows that spill ---- */

struct pieces {
    const unsigned char *bytes[2];
    size_t left[2];
};

static void take_bytes(struct pieces *pieces, unsigned char *to, size_t length)
{
    for (int i = 0; i < 2; i++) {
        size_t part = length < pieces->left[i] ? length : pieces->left[i];
        if (part > 0) {
            memcpy(to, pieces->bytes[i], part);
            pieces->bytes[i] += part;
            pieces->left[i] -= part;
        }
        to += part;
        length -= part;
    }
}

/* Overflow pages (§1.7): the number of the next, 0 in the last, then payload. */
static void fill_chain(struct pages_run *run, const struct run_chain *chain,
                       struct pieces *pieces)
{
    size_t room = run->limits.usable - 4;
    unsigned char *page = run->block + chain->place * run->size;
    for (size_t left = pieces->left[0] + pieces->left[1]; left > 0; page += run->size) {
        size_t part = left < room ? left : room;
        memset(page, 0, 4);
        take_bytes(pieces, page + 4, part);
        memset(page + 4 + part, 0, run->size - 4 - part);
        left -= part;
    }
}

static void add_spilling(struct pages_run *run, const unsigned char *start,
                         size_t start_length, struct pieces pieces)
{
    size_t payload = pieces.left[0] + pieces.left[1];
    size_t local = pages_local(&run->limits, payload);
    size_t room = run->limits.usable - 4;
    unsigned char *cell = add_cell(run, start_length + local + 4);
    memcpy(cell, start, start_length);
    take_bytes(&pieces, cell + start_length, local);
    struct run_chain *chain = array_push(&run->chains);
    chain->at = (size_t)(cell + start_length + local - run->block);
    chain->count = (payload - local + room - 1) / room;
    chain->place = take_pages(run, chain->count);
    fill_chain(run, chain, &pieces);
}

void pages_run_add(struct pages_run *run, const void *header, size_t header_length,
                   const void *body, size_t body_length)
{
    unsigned char start[ROW_HEADER_MOST];
    size_t payload = header_length + body_length;
    size_t length = pages_put_varint(start, payload);
    length += pages_put_varint(start + length, run->rowid);
    if (__builtin_expect(payload > run->limits.most, 0)) {
        add_spilling(run, start, length,
                     (struct pieces){{header, body}, {header_length, body_length}});
    } else {
        unsigned char *cell = add_cell(run, length + payload);
        memcpy(cell, start, length);
        memcpy(cell + length, header, header_length);
        if (body_length > 0) {
            memcpy(cell + length + header_length, body, body_length);
        }
    }
    run->rowid++;
}

/* ---- Numbers ---- */

static uint32_t number_at(const struct pages_run *run, size_t place)
{
    return pages_number(run->table->pages, run->number, place - run->kept);
}

static void number_chain(struct pages_run *run, const struct run_chain *chain)
{
    pages_put32(run->block + chain->at, number_at(run, chain->place));
    for (size_t i = chain->place + 1; i < chain->place + chain->count; i++) {
        pages_put32(run->block + (i - 1) * run->size, number_at(run, i));
    }
}

bool pages_run_place(struct pages_run *run, struct error *err)
{
    if (run->node.cells > 0) {
        close_leaf(run);
    }
    if (run->leaves.count == 0) {
        return true;
    }
    const struct run_leaf *leaves = run->leaves.items;
    const struct run_chain *chains = run->chains.items;
    run->kept = run->table->first == NULL ? 1 : 0;
    if (!pages_take(run->table->pages, run->used - run->kept, &run->number, err)) {
        return false;
    }
    for (size_t i = 0; i < run->chains.count; i++) {
        number_chain(run, &chains[i]);
    }
    if (run->kept > 0) { /* the first page of a run is a leaf */
        table_keep_first(run->table, run->block, leaves[0].last);
    }
    for (size_t i = run->kept; i < run->leaves.count; i++) {
        table_add_leaf(run->table, number_at(run, leaves[i].place), leaves[i].last);
    }
    return true;
}

bool pages_run_write(struct pages_run *run, struct error *err)
{
    return run->used == run->kept ||
           pages_put(run->table->pages, run->number, run->block + run->kept * run->size,
                     run->used - run->kept, err);
}
