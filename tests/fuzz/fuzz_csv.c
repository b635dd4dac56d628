/* fuzz_csv: any bytes through sniffing, cutting and typing into a table, by both ways of
 * import, which must say and store the same. The first byte picks dialect and contract,
 * the second page size, threads and the size of the chunks that the direct way takes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/import.h"
#include "engine/path.h"
#include "tests/fuzz/fuzz.h"
#include "tests/suites/ways.h"

static const struct catalog_dialect dialects[] = {
    {0},
    {.delimiter = ',', .escape = '\\', .skip_initial_space = true},
    {.delimiter = ';', .quote = '\'', .comment = '#'},
    {.no_header = true, .skip_rows = 1},
    {.header_rows = 3, .missing = (char *)"-\n"},
};
enum { DIALECTS = sizeof dialects / sizeof dialects[0] };

/* In place of libc's, for the salt of statistics: an input goes the same way each time.
 */
ssize_t getrandom(void *bytes, size_t length, unsigned flags)
{
    (void)flags;
    memset(bytes, 0x5a, length);
    return (ssize_t)length;
}

static void fuzz_columns(struct array *columns)
{
    static const char *const types[] = {"integer", "number", "boolean",
                                        "date",    "time",   "any"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct catalog_column *column = array_push(columns);
        column->name = (char *)(uintptr_t)types[i];
        column->type = column->name;
        column->key_position = i == 0 ? 1 : 0;
    }
}

static void import_bytes(const char *path, const struct import_spec *spec,
                         const uint8_t *data, size_t size, struct ways_outcome *outcome)
{
    struct array files = ARRAY_OF(struct access_file);
    struct access_file *file = array_push(&files);
    struct import_spec used = *spec;
    int in = memfd_create("in", MFD_CLOEXEC);
    fuzz_must(path_write_bytes(in, data, size) && lseek(in, 0, SEEK_SET) == 0,
              "the input can be written");
    *file = (struct access_file){
        .path = string_copy("in.csv"), .fd = in, .bytes = (long long)size};
    used.files = &files;
    memset(outcome, 0, sizeof *outcome);
    unlink(path);
    outcome->good = import_table(path, &used, NULL, &outcome->report, &outcome->err);
    fuzz_must(outcome->good ? outcome->report.read ==
                                  outcome->report.stored + outcome->report.rejected
                            : outcome->err.message[0] != '\0',
              "rows add up, or a sentence says why there are none");
    access_files_release(&files);
}

static void compare(const char *path, const struct import_spec *spec, const uint8_t *data,
                    size_t size)
{
    static const enum import_way ways[] = {IMPORT_REFERENCE, IMPORT_ANY};
    struct text said[2] = {{0}};
    for (size_t i = 0; i < 2; i++) {
        struct ways_outcome outcome;
        struct error err = {0};
        struct import_spec used = *spec;
        used.way = ways[i];
        import_bytes(path, &used, data, size, &outcome);
        ways_describe(&outcome, path, &said[i]);
        fuzz_must(!outcome.good || ways_is_sound(path, &err), "the database is sound");
        import_report_release(&outcome.report);
    }
    if (strcmp(text_string(&said[0]), text_string(&said[1])) != 0) {
        fprintf(stderr, "reference:\n%s\nother:\n%s\n", text_string(&said[0]),
                text_string(&said[1]));
        fuzz_must(false, "both ways give the same");
    }
    text_release(&said[0]);
    text_release(&said[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct array columns = ARRAY_OF(struct catalog_column);
    double start = fuzz_clock();
    if (size < 2) {
        return 0;
    }
    uint8_t choice = data[0], sizes = data[1];
    if (choice & 0x40) {
        fuzz_columns(&columns);
    }
    char path[64];
    snprintf(path, sizeof path, "%s/mwb-fuzz-csv-%ld.db",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
    struct import_spec spec = {
        .table = "t",
        .columns = &columns,
        .dialect = choice & 0x20 ? &dialects[(choice & 0x1F) % DIALECTS] : NULL,
        .all_text = (choice & 0x80) != 0,
        .page_size = 512 << (sizes & 7),
        .threads = 1 + (sizes >> 3 & 1),
    };
    compare(path, &spec, data + 2, size - 2);
    array_release(&columns);
    unlink(path);
    fuzz_must_be_quick(start);
    return 0;
}
