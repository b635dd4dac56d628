/* test_demo: the sandbox is the same for everybody, has its planted faults, and comes and
 * goes without touching what is not its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/demo.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

/* Changes only together with DEMO_VERSION. */
static const uint64_t expected_hash = UINT64_C(0xf3dd9c400c2b5957);

static char *root; /* a folder of this test, removed at the end */

static char *below(const char *name)
{
    return path_join(root, name);
}

/* ---- Reading what was written ---- */

struct reader {
    gzFile file; /* reads plain files too */
    char line[2048];
    char *fields[16];
    int count;
    long long rows;
};

static bool reader_open(struct reader *reader, const char *dir, const char *relative)
{
    char *path = path_join(dir, relative);
    *reader = (struct reader){.file = gzopen(path, "rb")};
    free(path);
    return reader->file != NULL;
}

/* The next row; commas inside quotes do not matter to the columns looked at here. */
static bool reader_next(struct reader *reader)
{
    if (gzgets(reader->file, reader->line, sizeof reader->line) == NULL) {
        gzclose(reader->file);
        return false;
    }
    reader->line[strcspn(reader->line, "\n")] = '\0';
    reader->count = 0;
    for (char *field = reader->line; field != NULL && reader->count < 16;) {
        reader->fields[reader->count++] = field;
        field = strchr(field, ',');
        if (field != NULL) {
            *field++ = '\0';
        }
    }
    reader->rows++;
    return true;
}

/* Hash of all rows of all files (FNV-1a), and their number. */
static uint64_t hash_of_data(const char *dir, long long *rows)
{
    uint64_t hash = 0xCBF29CE484222325u;
    *rows = 0;
    for (size_t i = 0; demo_file_at(i) != NULL; i++) {
        char *path = path_join(dir, demo_file_at(i)->path);
        gzFile file = gzopen(path, "rb");
        free(path);
        unsigned char block[4096];
        int length;
        while (file != NULL && (length = gzread(file, block, sizeof block)) > 0) {
            for (int j = 0; j < length; j++) {
                hash = (hash ^ block[j]) * 0x100000001B3u;
                *rows += block[j] == '\n';
            }
        }
        *rows -= 1; /* the header */
        if (file != NULL) {
            gzclose(file);
        }
    }
    return hash;
}

static bool generate(const char *dir, int scale, uint64_t seed)
{
    struct error err = {0};
    struct demo_spec spec = {.dir = dir, .scale = scale, .seed = seed};
    bool done = demo_generate(&spec, NULL, NULL, &err);
    if (!done) {
        printf("# %s\n", err.message);
    }
    return done;
}

/* ---- The tests ---- */

static void test_same_numbers(const char *usual)
{
    char *again = below("again");
    char *other = below("other");
    long long rows, rows_again, rows_other;
    ok(generate(again, 1, 0) && generate(other, 1, 7), "other folders and seeds work");
    uint64_t hash = hash_of_data(usual, &rows);
    ok(hash == hash_of_data(again, &rows_again), "the same seed gives the same rows");
    ok(hash != hash_of_data(other, &rows_other), "another seed gives other rows");
    ok(rows > 250000 && rows < 350000, "scale 1 has about 300,000 rows: %lld", rows);
    ok(hash == expected_hash, "rows are those of DEMO_VERSION %d: %" PRIx64, DEMO_VERSION,
       hash);
    free(again);
    free(other);
}

static void test_headers(const char *dir)
{
    int wrong = 0;
    for (size_t i = 0; demo_file_at(i) != NULL; i++) {
        struct reader reader;
        char line[2048] = "";
        if (reader_open(&reader, dir, demo_file_at(i)->path)) {
            gzgets(reader.file, line, sizeof line);
            gzclose(reader.file);
        }
        line[strcspn(line, "\n")] = '\0';
        wrong += strcmp(line, demo_file_at(i)->header) != 0;
    }
    is_int(wrong, 0, "every file begins with its header");
}

static void test_larger_scale(const char *usual)
{
    char *dir = below("larger");
    long long rows, larger;
    ok(generate(dir, 4, 0), "scale 4 works");
    hash_of_data(usual, &rows);
    hash_of_data(dir, &larger);
    ok(larger > 3 * rows && larger < 5 * rows, "scale 4 has four times the rows: %lld",
       larger);
    free(dir);
}

/* Counts of a column over the whole file, by what a row looks like. */
struct counts {
    long long rows, hits;
};

static struct counts count_rows(const char *dir, const char *relative,
                                bool (*looks)(struct reader *reader))
{
    struct counts counts = {0};
    struct reader reader;
    if (!reader_open(&reader, dir, relative)) {
        return counts;
    }
    while (reader_next(&reader)) {
        if (reader.rows > 1) {
            counts.rows++;
            counts.hits += looks(&reader);
        }
    }
    return counts;
}

static bool is_of_missing_day(struct reader *reader)
{
    return string_starts(reader->fields[reader->count - 1], "2025-06-17");
}

static bool has_old_key(struct reader *reader)
{
    return reader->count > 6 && strstr(reader->fields[6], "\"\"ref\"\"") != NULL;
}

static bool is_misprinted(struct reader *reader)
{
    return strtol(reader->fields[4], NULL, 10) > 100000;
}

static bool has_address(struct reader *reader)
{
    return strchr(reader->fields[7], '@') != NULL;
}

static bool is_late(struct reader *reader)
{
    /* Another day and not just past midnight: more than a day, roughly. */
    return strncmp(reader->fields[4], reader->fields[5], 10) != 0 &&
           strncmp(reader->fields[5] + 11, "00:0", 4) != 0;
}

static bool seen[2000000];

static bool is_seen_before(struct reader *reader)
{
    const char *digits = reader->fields[0];
    digits += strcspn(digits, "0123456789");
    long number = strtol(digits, NULL, 10);
    bool before = number < (long)sizeof seen && seen[number];
    seen[number % (long)sizeof seen] = true;
    return before;
}

static bool is_any(struct reader *reader)
{
    return reader->count == 6;
}

static bool is_without_history(struct reader *reader)
{
    return strcmp(reader->fields[0], "FASH-0018") == 0;
}

static void test_planted_faults(const char *dir)
{
    static const struct {
        const char *what, *path;
        bool (*looks)(struct reader *reader);
        int least, most;
    } rows[] = {
        {"page views on the missing day",
         "articles/product-page-views/data/page_views.csv.gz", is_of_missing_day, 0, 0},
        {"page views with the old key",
         "articles/product-page-views/data/page_views.csv.gz", has_old_key, 5000, 50000},
        {"misprinted prices", "checkout/orders/data/line_items.csv.gz", is_misprinted, 3,
         40},
        {"reused order numbers", "checkout/orders/data/orders.csv", is_seen_before, 6, 6},
        {"stock events that came twice",
         "fulfillment/stock-update-events/data/stock_updates.csv.gz", is_seen_before, 20,
         200},
        {"stock events that came late",
         "fulfillment/stock-update-events/data/stock_updates.csv.gz", is_late, 40, 400},
        {"events of 2024 under the old name",
         "fulfillment/stock-update-events/data/stock_updates_2024.csv.gz", is_any, 1000,
         9000},
        {"addresses in an unclassified column", "payment/invoices/data/invoices.csv",
         has_address, 1000, 10000},
        {"versions of the article without history",
         "articles/articles-history/data/article_versions.csv", is_without_history, 0, 0},
        {"that article in the assortment", "articles/articles-latest/data/articles.csv",
         is_without_history, 1, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memset(seen, 0, sizeof seen);
        struct counts counts = count_rows(dir, rows[i].path, rows[i].looks);
        ok(counts.rows > 0 && counts.hits >= rows[i].least && counts.hits <= rows[i].most,
           "%s: %lld of %lld", rows[i].what, counts.hits, counts.rows);
    }
}

static void test_refusals(void)
{
    struct error err = {0};
    char *locked = below("locked");
    mkdir(locked, 0500);
    struct demo_spec spec = {.dir = "/proc/nothing"};
    ok(!demo_generate(&spec, NULL, NULL, &err) && strstr(err.message, "/proc/nothing"),
       "a folder that cannot be made gives a sentence: %s", err.message);
    spec = (struct demo_spec){.dir = locked};
    if (geteuid() == 0) {
        tap_skip("the superuser may write everywhere");
    } else {
        ok(!demo_generate(&spec, NULL, NULL, &err), "a locked folder: %s", err.message);
    }
    spec = (struct demo_spec){.dir = root, .scale = DEMO_SCALE_MAX + 1};
    ok(!demo_generate(&spec, NULL, NULL, &err) && err.kind == ERROR_USAGE,
       "a scale too large is a usage error: %s", err.message);
    free(locked);
}

static bool stop_soon(void *arg, int done, int total)
{
    int *calls = arg;
    ++*calls;
    return done < total / 4;
}

static void test_cancel(const char *usual)
{
    long long rows;
    int calls = 0;
    struct error err = {0};
    uint64_t before = hash_of_data(usual, &rows);
    struct demo_spec spec = {.dir = usual, .seed = 99};
    ok(!demo_generate(&spec, stop_soon, &calls, &err) && err.kind == ERROR_CANCELLED,
       "making data can be cancelled");
    ok(calls > 10 && calls < 60, "progress was told along the way: %d times", calls);
    ok(hash_of_data(usual, &rows) == before, "a cancelled run leaves the old data");
}

static bool write_text(const char *dir, const char *name, const char *text)
{
    char *path = path_join(dir, name);
    bool done = path_write_file(path, text, strlen(text), 0644, NULL);
    free(path);
    return done;
}

static bool holds_text(const char *dir, const char *name, const char *text)
{
    char *path = path_join(dir, name);
    char *bytes = NULL;
    size_t length;
    bool same = path_read_file(path, 1 << 20, &bytes, &length, NULL) &&
                strstr(bytes, text) != NULL;
    free(bytes);
    free(path);
    return same;
}

static bool has_file(const char *dir, const char *name)
{
    char *path = path_join(dir, name);
    bool exists = path_exists(path);
    free(path);
    return exists;
}

static const char *const own_note = "checkout/orders/note.txt";
static const char *const changed = "mesh.yaml";

static void test_install(const char *samples)
{
    char *dir = below("box/sandbox");
    struct error err = {0};
    struct demo_install_spec spec = {.samples = samples, .dir = dir};
    ok(!demo_is_ready(&spec), "nothing is ready at first");
    ok(demo_install(&spec, &err) && demo_is_ready(&spec), "the sandbox is made %s",
       err.message);
    ok(has_file(dir, "checkout/orders/orders.odps.yaml") &&
           has_file(dir, "marketing/campaigns/data/campaigns.csv") &&
           has_file(dir, "checkout/orders/data/orders.csv"),
       "descriptors, manual data and generated data are there");

    write_text(dir, own_note, "mine");
    write_text(dir, changed, "name: changed by hand\n");
    char *path = path_join(dir, "checkout/orders/data/orders.csv");
    unlink(path);
    ok(demo_install(&spec, &err) && !path_exists(path),
       "a finished sandbox is reopened as it is");
    spec.seed = 3;
    ok(!demo_is_ready(&spec) && demo_install(&spec, &err) && path_exists(path),
       "another seed makes the data anew");
    ok(holds_text(dir, changed, "changed by hand"), "a changed descriptor is kept");
    spec.reset = true;
    ok(demo_install(&spec, &err) && !holds_text(dir, changed, "changed by hand"),
       "reset brings it back");
    ok(holds_text(dir, own_note, "mine"), "a file of one's own stays, even then");
    free(path);
    free(dir);
}

static void test_foreign_folder(const char *samples)
{
    char *dir = below("foreign");
    struct error err = {0};
    path_make_folders(dir, NULL);
    write_text(dir, "mesh.yaml", "name: of somebody else\n");
    struct demo_install_spec spec = {.samples = samples, .dir = dir, .reset = true};
    ok(!demo_install(&spec, &err) && strstr(err.message, "--dir") != NULL,
       "a folder that is not a sandbox is refused: %s", err.message);
    ok(holds_text(dir, "mesh.yaml", "somebody else") && !has_file(dir, "checkout"),
       "and left as it was");
    free(dir);
}

static bool never_return(void *arg, int done, int total)
{
    (void)arg;
    if (done > total / 2) {
        raise(SIGKILL);
    }
    return true;
}

static void test_killed(const char *samples)
{
    char *dir = below("killed");
    struct demo_install_spec spec = {
        .samples = samples, .dir = dir, .progress = never_return};
    pid_t child = fork();
    if (child == 0) {
        demo_install(&spec, NULL);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ok(WIFSIGNALED(status) && !demo_is_ready(&spec),
       "a killed run leaves no finished sandbox");
    ok(!has_file(dir, "checkout/orders/data/orders.csv"), "and no half of a file");
    spec.progress = NULL;
    ok(demo_install(&spec, NULL) && demo_is_ready(&spec), "the next run makes it whole");
    char *part =
        string_printf("%s/checkout/orders/data/orders.csv.%ld.part", dir, (long)child);
    ok(!path_exists(part), "and clears what lay about");
    free(part);
    free(dir);
}

int main(void)
{
    const char *samples = getenv("MWB_SAMPLES");
    char pattern[] = "/tmp/mwb-demo-XXXXXX";
    root = mkdtemp(pattern);
    char *usual = below("usual");
    ok(generate(usual, 1, 0), "scale 1 is made");
    test_headers(usual);
    test_same_numbers(usual);
    test_planted_faults(usual);
    test_larger_scale(usual);
    test_refusals();
    test_cancel(usual);
    if (samples == NULL) {
        tap_skip("MWB_SAMPLES is not set: run by make check");
    } else {
        test_install(samples);
        test_foreign_folder(samples);
        test_killed(samples);
    }
    path_remove_tree(root, NULL);
    free(usual);
    return tap_done();
}
