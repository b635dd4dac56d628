/* Leaves of an index. Other than a table's, an index's interior cells are entries of
 * their own: the entry that does not fit into a leaf stands above it and not in the next.
 * So it waits for a follower, which will begin the next leaf; without one the last entry
 * of the full leaf goes up in its stead (tree.h does the same further up).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pages/build.h"

#include <stdlib.h>

#include "engine/pages/stream.h"
#include "engine/pages/tree.h"

struct build {
    struct pages *pages;
    struct output output;
    struct tree tree;
    struct pages_limits limits;
    struct node leaf;
    unsigned char *page, *waiting, *cell; /* of a page's size each */
    size_t waiting_length;
    enum spill_form form;
    int columns;
    long long *distinct;
    size_t rows;
    uint64_t key; /* of the last pair */
    struct text record, body, previous;
    size_t *ends, *previous_ends;
};

static void begin_leaf(struct build *build)
{
    node_begin(&build->leaf, build->page, PAGES_INDEX_LEAF, build->limits.usable);
    build->waiting_length = 0;
}

static void begin_build(struct build *build, struct pages *pages, int columns)
{
    *build = (struct build){
        .pages = pages, .limits = pages_index_limits(pages->usable), .columns = columns};
    pages_output_begin(&build->output, pages);
    tree_begin(&build->tree, &build->output, PAGES_INDEX_INTERIOR);
    build->page = memory_new(pages->size);
    build->waiting = memory_new(pages->size);
    build->cell = memory_new(pages->size);
    build->ends = memory_new_many((size_t)columns, sizeof *build->ends);
    build->previous_ends = memory_new_many((size_t)columns, sizeof *build->ends);
    begin_leaf(build);
}

static void release_build(struct build *build)
{
    pages_tree_release(&build->tree);
    output_release(&build->output);
    free(build->page);
    free(build->waiting);
    free(build->cell);
    free(build->ends);
    free(build->previous_ends);
    text_release(&build->record);
    text_release(&build->body);
    text_release(&build->previous);
}

/* ---- Cells to leaves ---- */

static bool write_leaf(struct build *build, uint32_t *number, struct error *err)
{
    unsigned char *page = output_page(&build->output, number, err);
    if (page == NULL) {
        return false;
    }
    node_end(&build->leaf);
    memcpy(page, build->page, build->pages->size);
    return true;
}

static bool promote(struct build *build, struct error *err)
{
    uint32_t number;
    bool good =
        write_leaf(build, &number, err) &&
        tree_add(&build->tree, number, build->waiting, build->waiting_length, err);
    begin_leaf(build);
    return good;
}

/* Most cells have 16 bytes to 32: two moves that overlap are faster than a call. */
static inline void copy_cell(unsigned char *to, const unsigned char *cell, size_t length)
{
    if (length >= 16 && length <= 32) {
        unsigned char end[16];
        memcpy(end, cell + length - 16, 16);
        memcpy(to, cell, 16);
        memcpy(to + length - 16, end, 16);
    } else {
        memcpy(to, cell, length);
    }
}

static inline bool add_cell(struct build *build, const unsigned char *cell, size_t length,
                            struct error *err)
{
    if (build->waiting_length > 0 && !promote(build, err)) {
        return false;
    }
    unsigned char *to = node_add(&build->leaf, length);
    if (to == NULL) {
        build->waiting_length = length;
        to = build->waiting;
    }
    copy_cell(to, cell, length);
    return true;
}

static bool split_last(struct build *build, struct error *err)
{
    size_t length;
    const unsigned char *dropped = node_drop(&build->leaf, &length);
    memcpy(build->cell, dropped, length);
    uint32_t number;
    size_t last = build->waiting_length;
    if (!write_leaf(build, &number, err) ||
        !tree_add(&build->tree, number, build->cell, length, err)) {
        return false;
    }
    begin_leaf(build);
    return add_cell(build, build->waiting, last, err);
}

static bool end_build(struct build *build, uint32_t root, struct error *err)
{
    if (build->waiting_length > 0 && !split_last(build, err)) {
        return false;
    }
    if (build->tree.depth == 0) {
        node_end(&build->leaf);
        return output_flush(&build->output, err) &&
               pages_put(build->pages, root, build->page, 1, err);
    }
    uint32_t number;
    return write_leaf(build, &number, err) && tree_end(&build->tree, number, root, err);
}

/* ---- Keys of one number ---- */

static size_t put_key(const struct pages_value *value, unsigned char *to,
                      unsigned char *serial)
{
    if (value->kind == PAGES_INTEGER) {
        return key_put_integer(to, value->integer, serial);
    }
    if (value->kind == PAGES_NULL) {
        *serial = 0;
        return 0;
    }
    uint64_t bits;
    memcpy(&bits, &value->real, sizeof bits);
    key_put64(to, bits);
    *serial = 7;
    return sizeof bits;
}

static bool build_pairs(struct build *build, const struct stream_batch *batch,
                        struct error *err)
{
    const struct pair *pairs = stream_pairs(batch);
    for (size_t i = 0; i < batch->count; i++) {
        unsigned char cell[32];
        struct pages_value value = spill_value(build->form, pairs[i].key);
        size_t length = 4; /* sizes of the record and of its header, two serial types */
        length += put_key(&value, cell + length, &cell[2]);
        length +=
            key_put_integer(cell + length, key_to_integer(pairs[i].value), &cell[3]);
        cell[0] = (unsigned char)(length - 1);
        cell[1] = 3;
        if (build->rows++ == 0 || build->key != pairs[i].key) {
            build->distinct[0]++;
            build->key = pairs[i].key;
        }
        if (!add_cell(build, cell, length, err)) {
            return false;
        }
    }
    return true;
}

/* ---- Any keys ---- */

static void count_prefixes(struct build *build, const unsigned char *entry)
{
    const unsigned char *before = (const unsigned char *)build->previous.data;
    int same = 0;
    size_t start = 0;
    while (before != NULL && same < build->columns &&
           build->ends[same] == build->previous_ends[same] &&
           memcmp(entry + start, before + start, build->ends[same] - start) == 0) {
        start = build->ends[same++];
    }
    for (int i = same; i < build->columns; i++) {
        build->distinct[i]++;
    }
    if (same < build->columns) {
        size_t *ends = build->previous_ends;
        build->previous_ends = build->ends;
        build->ends = ends;
        text_clear(&build->previous);
        text_append_bytes(&build->previous, entry,
                          build->previous_ends[build->columns - 1]);
    }
}

/* Overflow pages with the rest of a record; `first` is the number of the first. */
static bool write_chain(struct build *build, const char *rest, size_t left,
                        uint32_t *first, struct error *err)
{
    size_t room = build->limits.usable - 4;
    for (*first = 0; left > 0;) {
        uint32_t number;
        unsigned char *page = output_page(&build->output, &number, err);
        if (page == NULL) {
            return false;
        }
        *first = *first == 0 ? number : *first;
        size_t part = left < room ? left : room;
        left -= part;
        /* Nobody else takes pages now: the next number is known. */
        pages_put32(page, left > 0 ? pages_number(build->pages, number, 1) : 0);
        memcpy(page + 4, rest, part);
        memset(page + 4 + part, 0, build->pages->size - 4 - part);
        rest += part;
    }
    return true;
}

static bool add_entry(struct build *build, const unsigned char *entry, size_t length,
                      struct error *err)
{
    struct text *record = &build->record;
    key_read(entry, length, build->columns, build->ends, record, &build->body);
    count_prefixes(build, entry);
    size_t local = pages_local(&build->limits, record->length);
    size_t used = pages_put_varint(build->cell, record->length);
    memcpy(build->cell + used, record->data, local);
    used += local;
    if (local < record->length) {
        uint32_t first;
        if (!write_chain(build, record->data + local, record->length - local, &first,
                         err)) {
            return false;
        }
        pages_put32(build->cell + used, first);
        used += 4;
    }
    return add_cell(build, build->cell, used, err);
}

static bool build_entries(struct build *build, const struct stream_batch *batch,
                          struct error *err)
{
    const unsigned char *at = (const unsigned char *)batch->bytes.data;
    for (size_t i = 0; i < batch->count; i++) {
        size_t length = spill_length(at);
        if (!add_entry(build, at + SPILL_LENGTH, length, err)) {
            return false;
        }
        at += SPILL_LENGTH + length;
    }
    return true;
}

static bool build_all(struct build *build, struct stream *stream, struct error *err)
{
    const struct stream_batch *batch;
    while ((batch = stream_next(stream)) != NULL) {
        if (!(build->form == SPILL_ENTRIES ? build_entries : build_pairs)(build, batch,
                                                                          err)) {
            return false;
        }
    }
    if (stream->failure.kind != ERROR_NONE) {
        if (err != NULL) {
            *err = stream->failure;
        }
        return false;
    }
    return true;
}

bool build_index(const struct build_spec *spec, struct merge *merge, long long *distinct,
                 struct error *err)
{
    struct build build;
    struct stream stream;
    begin_build(&build, spec->pages, spec->columns);
    build.form = merge->form;
    build.distinct = distinct;
    stream_open(&stream, merge, spec->with_thread);
    bool good = build_all(&build, &stream, err) && end_build(&build, spec->root, err);
    stream_close(&stream);
    release_build(&build);
    return good;
}
