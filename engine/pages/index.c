/* An index: sorters for the threads, then all their runs as one into pages.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/pages/build.h"
#include "engine/pages/sorter.h"

enum { SHARE_LEAST = 1 << 16 };

struct pages_index *pages_index_new(const char *folder, int columns, size_t memory,
                                    int sorters)
{
    assert(columns > 0 && sorters > 0);
    struct pages_index *index = memory_new(sizeof *index);
    size_t share = memory / (size_t)sorters;
    *index = (struct pages_index){.folder = string_copy(folder),
                                  .columns = columns,
                                  .memory = memory,
                                  .share = share > SHARE_LEAST ? share : SHARE_LEAST,
                                  .count = sorters};
    index->sorters = memory_new_many((size_t)sorters, sizeof *index->sorters);
    for (int i = 0; i < sorters; i++) {
        sorter_begin(&index->sorters[i], index);
    }
    return index;
}

void pages_index_free(struct pages_index *index)
{
    if (index != NULL) {
        for (int i = 0; i < index->count; i++) {
            sorter_release(&index->sorters[i]);
        }
        free(index->sorters);
        free(index->folder);
        free(index);
    }
}

struct pages_sorter *pages_index_sorter(struct pages_index *index, int number)
{
    assert(number >= 0 && number < index->count);
    return &index->sorters[number];
}

/* ---- Runs ---- */

/* What is still in memory stays there when no sorter needed a file; else it goes to the
 * files too, and the memory to the windows of the merge. */
static bool gather_runs(struct pages_index *index, struct array *runs, struct error *err)
{
    bool in_files = false;
    for (int i = 0; i < index->count; i++) {
        in_files = in_files || index->sorters[i].runs.count > 0;
    }
    for (int i = 0; i < index->count; i++) {
        struct pages_sorter *sorter = &index->sorters[i];
        if (in_files) {
            if (!sorter_spill(sorter, err)) {
                return false;
            }
            sorter_forget(sorter);
            for (size_t j = 0; j < sorter->runs.count; j++) {
                *(struct spill_run *)array_push(runs) =
                    *(struct spill_run *)array_at(&sorter->runs, j);
            }
        } else if (sorter->count > 0) {
            sorter_sort(sorter);
            *(struct spill_run *)array_push(runs) = sorter_run(sorter);
        }
    }
    return true;
}

/* How many of the runs, from the first, have room for their windows together. */
static size_t count_fitting(const struct array *runs, size_t memory)
{
    size_t needed = 0;
    size_t fit = 0;
    for (; fit < runs->count; fit++) {
        const struct spill_run *run = array_at(runs, fit);
        needed += run->pairs == NULL ? spill_need(run) : 0;
        if (needed > memory) {
            break;
        }
    }
    return fit > 2 ? fit : 2;
}

static bool copy_merged(struct merge *merge, struct spill_writer *writer,
                        struct error *err)
{
    const struct spill_reader *least;
    while ((least = merge_least(merge)) != NULL) {
        bool good = merge->form == SPILL_ENTRIES
                        ? spill_entry(writer, least->entry, least->length, err)
                        : spill_pairs(writer, &least->pair, 1, err);
        if (!good || !merge_next(merge, err)) {
            return false;
        }
    }
    return true;
}

/* The first `count` runs become one, behind the others. */
static bool merge_some(struct pages_index *index, struct array *runs, size_t count,
                       struct error *err)
{
    struct merge merge;
    struct spill_writer writer;
    bool good = merge_begin(&merge, runs->items, count, index->memory, err);
    spill_begin(&writer, &index->sorters[0].spill, index->folder, merge.form);
    good = good && copy_merged(&merge, &writer, err);
    good = spill_end(&writer, good, err);
    merge_release(&merge);
    for (size_t i = 0; i < count; i++) {
        array_remove(runs, 0);
    }
    *(struct spill_run *)array_push(runs) = writer.run;
    return good;
}

static bool write_index(struct pages_index *index, const struct build_spec *spec,
                        long long *distinct, struct error *err)
{
    struct array runs = ARRAY_OF(struct spill_run);
    bool good = gather_runs(index, &runs, err);
    for (size_t fit; good && (fit = count_fitting(&runs, index->memory)) < runs.count;) {
        good = merge_some(index, &runs, fit, err);
    }
    if (good && runs.count > 0) {
        struct merge merge;
        good = merge_begin(&merge, runs.items, runs.count, index->memory, err) &&
               build_index(spec, &merge, distinct, err);
        merge_release(&merge);
    }
    array_release(&runs);
    return good;
}

bool pages_index_finish(struct pages_index *index, struct pages *pages, uint32_t root,
                        long long *distinct, struct error *err)
{
    struct build_spec spec = {.pages = pages,
                              .root = root,
                              .columns = index->columns,
                              .with_thread = index->count > 1};
    size_t size = (size_t)index->columns * sizeof *distinct;
    long long *counts = memory_new(size);
    bool good = pages_check_root(pages, root, PAGES_INDEX_LEAF, err) &&
                write_index(index, &spec, counts, err);
    if (distinct != NULL) {
        memcpy(distinct, counts, size);
    }
    free(counts);
    pages_index_free(index);
    return good;
}
