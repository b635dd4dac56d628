/* fuzz_period: any text as a period of time and as an instant. What comes out is a finite
 * number within a thousand years, or none; the rule of freshness takes all of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine/catalog/reading.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double since = fuzz_clock();
    char *text = string_copy_bytes((const char *)data, size);
    double period = catalog_period(text);
    long long instant = 0;
    fuzz_must(isfinite(period) && period >= 0 && period <= 1001 * 31557600.0,
              "a period is none, or within a thousand years");
    if (path_read_instant(text, &instant)) {
        char written[32];
        path_write_instant(instant, written);
    }
    struct catalog_freshness facts = {.promised = period, .changed = instant};
    fuzz_must(period > 0 || freshness_rule(&facts, 0, 0) == CATALOG_UNKNOWN,
              "nothing is late that was not promised");
    free(text);
    fuzz_must_be_quick(since);
    return 0;
}
