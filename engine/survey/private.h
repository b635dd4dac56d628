/* survey: how different values are counted, and which are frequent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SURVEY_PRIVATE_H
#define MWB_SURVEY_PRIVATE_H

#include <sqlite3.h>
#include <stdint.h>

#include "engine/survey.h"

/* Hashes of the values: all of them with their counts as long as they are few, then the
 * smallest ones only. */
struct sketch_slot {
    uint64_t hash; /* 0: free */
    long long count;
    char *text;
};
struct sketch {
    struct sketch_slot *slots; /* NULL: estimating */
    size_t used;
    uint64_t *least; /* of estimating: hashes below `below`, some twice */
    size_t least_count;
    uint64_t below;
};

void sketch_start(struct sketch *sketch);
void sketch_add(struct sketch *sketch, sqlite3_value *value);
void sketch_tell(struct sketch *sketch, struct survey_column *column);
void sketch_release(struct sketch *sketch);
/* The first bytes of a value for people: blobs as x'00ff'. Yours. */
char *sketch_text(sqlite3_value *value);

#endif
