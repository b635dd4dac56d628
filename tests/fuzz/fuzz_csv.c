/* fuzz_csv: any bytes through sniffing, cutting and typing into a table. The first byte
 * picks a dialect; whatever comes, the counts must add up. clang -g
 * -fsanitize=fuzzer,address,undefined ... (see tests/fuzz/fuzz.am)
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/import.h"

static const struct catalog_dialect dialects[] = {
    {0},
    {.delimiter = ',', .escape = '\\', .skip_initial_space = true},
    {.delimiter = ';', .quote = '\'', .comment = '#'},
    {.no_header = true, .skip_rows = 1},
    {.header_rows = 3, .missing = (char *)"-\n"},
};

static void fuzz_columns(struct array *columns)
{
    static const char *const types[] = {"integer", "number", "boolean",
                                        "date",    "time",   "any"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct catalog_column *column = array_push(columns);
        column->name = (char *)(uintptr_t)types[i];
        column->type = column->name;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct array files = ARRAY_OF(struct access_file);
    struct array columns = ARRAY_OF(struct catalog_column);
    struct import_report report = {0};
    struct error err = {0};
    uint8_t choice = size > 0 ? data[0] : 0;
    int in = memfd_create("in", 0);
    if (size > 1 && write(in, data + 1, size - 1) != (ssize_t)(size - 1)) {
        abort();
    }
    struct access_file *file = array_push(&files);
    *file = (struct access_file){.path = string_copy("in.csv"), .fd = in};
    if (choice & 0x40) {
        fuzz_columns(&columns);
    }
    char path[64];
    snprintf(path, sizeof path, "/tmp/mwb-fuzz-csv-%ld.db", (long)getpid());
    unlink(path);
    struct import_spec spec = {.table = "t",
                               .files = &files,
                               .columns = &columns,
                               .dialect =
                                   choice & 0x20 ? &dialects[(choice & 0x1F) % 5] : NULL,
                               .all_text = (choice & 0x80) != 0};
    bool good = import_table(path, &spec, NULL, &report, &err);
    if (good ? report.read != report.stored + report.rejected : err.message[0] == '\0') {
        abort();
    }
    import_report_release(&report);
    access_files_release(&files);
    array_release(&columns);
    unlink(path);
    return 0;
}
