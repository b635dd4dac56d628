/* spill: sorted runs that wait in a file without a name, and reading them in order.
 *
 * A run is PAIRS of one form, or entries (keys.h). Pairs are what a key of a single
 * number needs: INTEGERS or REALS, NULL being key 0. They are half as long as entries and
 * sorted several times as fast. Where runs of different forms meet, pairs become entries
 * as they are read.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_SPILL_H
#define MWB_PAGES_SPILL_H

#include <sys/types.h>

#include "engine/pages/keys.h"
#include "engine/pages/sort.h"

enum spill_form { SPILL_INTEGERS, SPILL_REALS, SPILL_ENTRIES };

/* Entries lie one behind the other, each behind its length as the machine has it. */
enum { SPILL_LENGTH = sizeof(uint32_t) };

static inline size_t spill_length(const unsigned char *at)
{
    uint32_t length;
    memcpy(&length, at, sizeof length);
    return length;
}

/* What a pair of `form` stands for. */
struct pages_value spill_value(enum spill_form form, uint64_t key);

/* ---- The file ---- */

struct spill {
    char *folder; /* NULL until the file is there */
    int fd;
    off_t end;
};

bool spill_write(struct spill *spill, const char *folder, const void *bytes,
                 size_t length, struct error *err);
void spill_release(struct spill *spill);

/* ---- Runs ---- */

struct spill_run {
    enum spill_form form;
    size_t count;   /* of pairs or entries */
    size_t longest; /* entry */
    /* In memory, borrowed; NULL: in the file. */
    const struct pair *pairs;
    const unsigned char *bytes;
    /* In the file. */
    const struct spill *spill;
    off_t from, to;
};

/* Pairs or entries in order to the end of the file: fills `run`. */
struct spill_writer {
    struct spill *spill;
    const char *folder;
    struct spill_run run;
    struct text buffer;
};
void spill_begin(struct spill_writer *writer, struct spill *spill, const char *folder,
                 enum spill_form form);
bool spill_pairs(struct spill_writer *writer, const struct pair *pairs, size_t count,
                 struct error *err);
bool spill_entry(struct spill_writer *writer, const unsigned char *entry, size_t length,
                 struct error *err); /* its length stands in front of it */
/* Also after a failure: releases the buffer. */
bool spill_end(struct spill_writer *writer, bool good, struct error *err);

/* ---- Reading a run ---- */

struct spill_reader {
    const struct spill_run *run;
    enum spill_form form; /* it is read as */
    size_t left;          /* in the file, or entries in memory, behind the current one */
    struct pair pair;     /* the current one; of an entry the first 16 bytes */
    const unsigned char *entry; /* SPILL_LENGTH bytes in front hold its length */
    size_t length;
    bool over;
    const struct pair *next, *stop; /* pairs at hand, in memory or in the window */
    /* A window of the file. */
    unsigned char *window;
    size_t capacity, start, end;
    off_t place;
    struct text made; /* an entry made of a pair */
};

enum { SPILL_WINDOW_LEAST = 1 << 14 };

/* The least window that reads this run. */
static inline size_t spill_need(const struct spill_run *run)
{
    size_t entry = run->longest + SPILL_LENGTH;
    return entry > SPILL_WINDOW_LEAST ? entry : SPILL_WINDOW_LEAST;
}

void spill_open(struct spill_reader *reader, const struct spill_run *run,
                enum spill_form form, size_t window);
void spill_close(struct spill_reader *reader);
/* The next one becomes the current one; `over` behind the last. */
bool spill_next(struct spill_reader *reader, struct error *err);
/* The same for pairs read as such. */
static inline bool spill_next_pair(struct spill_reader *reader, struct error *err)
{
    if (reader->next == reader->stop) {
        return spill_next(reader, err);
    }
    reader->pair = *reader->next++;
    return true;
}

#endif
