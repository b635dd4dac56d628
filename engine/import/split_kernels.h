/* split_kernels: one set of the loops of split_blocks.h for each instruction set.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_SPLIT_KERNELS_H
#define MWB_IMPORT_SPLIT_KERNELS_H

#include "engine/import/split.h"

struct split_kernel {
    void (*look)(const char *bytes, size_t length, char quote,
                 struct split_census *census);
    void (*run_plain)(struct split *split, const char *bytes, size_t length,
                      struct split_signs signs);
    void (*run_quoted)(struct split *split, const char *bytes, size_t length,
                       struct split_signs signs);
};

extern const struct split_kernel split_portable;
/* NULL: not for this processor. */
const struct split_kernel *split_sse2(void);
const struct split_kernel *split_avx2(void);

#endif
