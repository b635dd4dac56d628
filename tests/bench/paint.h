/* paint: a program on a pseudo-terminal whose answers are timed.
 *
 * An answer is timed from the moment the keys are written to the terminal until the whole
 * repaint has arrived at its other end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_BENCH_PAINT_H
#define MWB_TESTS_BENCH_PAINT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/text.h"
#include "tests/screen/child.h"

struct paint {
    char **program; /* ends with NULL */
    int width, height;
    bool is_plain; /* it knows no --sync-fd */
    struct child child;
    struct text output; /* since the keys were typed */
    double acted;       /* when they were typed, or the program was started */
};

/* By what the wanted repaint is known, when others come in between. Zero: any. */
struct paint_sign {
    const char *text; /* it contains this */
    size_t bytes;     /* it has at least as many */
};

bool paint_start(struct paint *paint, struct error *err);
void paint_stop(struct paint *paint);
bool paint_type(struct paint *paint, const struct text *keys, struct error *err);
/* `frames`: of the child, before the keys. */
bool paint_wait_drawn(struct paint *paint, const struct paint_sign *sign, long frames,
                      double *milliseconds, struct error *err);
bool paint_wait_settled(struct paint *paint, struct error *err);

/* Start the program and perform a script (script.c). */
bool paint_perform(struct paint *paint, const char *script, struct error *err);

#endif
