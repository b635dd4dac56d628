/* fuzz: what the fuzz targets share: the call that libFuzzer and replay.c make, a promise
 * that ends the program when it is broken, and a limit of processor time for one input. A
 * wall clock would measure the machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_FUZZ_H
#define MWB_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz: it does not hold that %s\n", what);
        abort();
    }
}

static inline double fuzz_clock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static inline void fuzz_must_be_quick(double since)
{
    fuzz_must(fuzz_clock() - since < 1, "an input takes less than a second");
}

#endif
