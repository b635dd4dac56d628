/* fuzz_sniff: any bytes as the first lines of a file whose dialect is looked for. What is
 * found must be usable, must not depend on the run, and must leave alone what is
 * declared. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/import/sniff.h"
#include "tests/fuzz/fuzz.h"

static const char *const names[] = {"in.csv", "in.tsv", "in.psv", "in.txt", "", "a.tab"};

static struct catalog_dialect sniff(const char *name, const uint8_t *data, size_t size,
                                    struct catalog_dialect dialect)
{
    /* A copy of its own size, so that a step behind its end is seen. */
    char *bytes = malloc(size > 0 ? size : 1);
    fuzz_must(bytes != NULL, "there is memory");
    memcpy(bytes, data, size);
    struct sniff_report report;
    struct text said = {0};
    struct sniff_spec spec = {name, bytes, size, true};
    sniff_dialect(&spec, &dialect, &report);
    free(bytes);
    sniff_tell(&report, name, &said);
    sniff_warn(&report, name, &said);
    fuzz_must(report.regular <= report.rows && report.rows <= SNIFF_ROWS,
              "it counts no more than it looks at");
    fuzz_must(strlen(text_string(&said)) == said.length, "it says whole sentences");
    text_release(&said);
    return dialect;
}

static bool is_usable(const struct catalog_dialect *dialect)
{
    return dialect->delimiter != '\0' && dialect->delimiter != '\n' &&
           dialect->delimiter != '\r' && dialect->quote != '\n' &&
           dialect->quote != '\r' && dialect->delimiter != dialect->quote;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double start = fuzz_clock();
    if (size == 0) {
        return 0;
    }
    const char *name = names[(data[0] & 0x3F) % (sizeof names / sizeof names[0])];
    struct catalog_dialect declared = {0};
    declared.delimiter = data[0] & 0x40 ? ';' : '\0';
    declared.quote = data[0] & 0x80 ? '\'' : '\0';
    struct catalog_dialect first = sniff(name, data + 1, size - 1, declared);
    struct catalog_dialect second = sniff(name, data + 1, size - 1, declared);
    fuzz_must(memcmp(&first, &second, sizeof first) == 0, "it finds the same again");
    fuzz_must(is_usable(&first), "what it finds can be used");
    fuzz_must(declared.delimiter == '\0' || first.delimiter == ';',
              "a declared delimiter stays");
    fuzz_must(declared.quote == '\0' || first.quote == '\'', "a declared quote stays");
    fuzz_must_be_quick(start);
    return 0;
}
