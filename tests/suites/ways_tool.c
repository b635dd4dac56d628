/* ways_tool: every file by the direct and by the reference way of import, and whether
 * both give the same database.
 *
 *   ways_tool [--of json] [--seed N] [--first N] [--count N] [--keep FOLDER] [--sample
 * FOLDER] ways_tool [--keep FOLDER] FILE...
 *
 * Without files it makes its own (ways_make.c). What differs is named with its seed and
 * number and kept in the folder; the last lines count what ran:
 *   files 1000 direct 720 reference 250 refused 30 threads 90 differ 0
 * Status 1: something differs. Every fiftieth pair of databases is left in the folder
 * for samples. --spoil SIGN writes into every database what the other does not have, to
 * see that it is found: r a rowid, v a value, t a type. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/policy.h"
#include "engine/store.h"
#include "tests/suites/ways.h"

/* How many of the files also go through what costs more than one comparison. */
enum { THREADS_EVERY = 4, ALONE_EVERY = 4, SAMPLE_EVERY = 50 };

struct reason {
    char *words;
    long long count;
};

struct tool {
    char *scratch;
    struct mask_key *key;
    const char *keep, *sample;
    char spoil;
    bool json;
    uint64_t seed;
    long long first, count;
    long long files, direct, reference, refused, threads, differ;
    struct array reasons; /* of struct reason: why the direct way declined */
};

/* ---- Telling ---- */

/* Numbers differ from file to file, the reason does not. */
static void count_reason(struct tool *tool, const char *why)
{
    struct text words = {0};
    for (const char *c = why; *c != '\0'; c++) {
        bool digit = *c >= '0' && *c <= '9';
        if (!digit || words.length == 0 || words.data[words.length - 1] != '#') {
            text_append_char(&words, digit ? '#' : *c);
        }
    }
    for (size_t i = 0; i < tool->reasons.count; i++) {
        struct reason *reason = array_at(&tool->reasons, i);
        if (string_equal(reason->words, text_string(&words))) {
            reason->count++;
            text_release(&words);
            return;
        }
    }
    struct reason *reason = array_push(&tool->reasons);
    *reason = (struct reason){string_copy(text_string(&words)), 1};
    text_release(&words);
}

static void keep(const struct tool *tool, long long number, const char *name)
{
    char *from = string_printf("%s/%s", tool->scratch, name);
    char *to = string_printf("%s/ways-%llu-%lld-%s", tool->keep,
                             (unsigned long long)tool->seed, number, name);
    char *bytes = NULL;
    size_t length = 0;
    struct error err = {0};
    if (path_read_file(from, (size_t)1 << 30, &bytes, &length, &err) &&
        path_write_file(to, bytes, length, 0600, &err)) {
        printf("#   kept as %s\n", to);
    }
    free(bytes);
    free(to);
    free(from);
}

/* The first line that is another, of both. */
static void show_difference(const char *one, const char *other)
{
    while (*one != '\0' || *other != '\0') {
        size_t a = strcspn(one, "\n"), b = strcspn(other, "\n");
        if (a != b || memcmp(one, other, a) != 0) {
            printf("#   reference: %.*s\n#   other:     %.*s\n", (int)a, one, (int)b,
                   other);
            return;
        }
        one += a + (one[a] != '\0');
        other += b + (other[b] != '\0');
    }
}

static void tell(struct tool *tool, const struct ways_file *file, long long number,
                 const char *what)
{
    tool->differ++;
    printf("# file %lld of seed %llu%s%s: %s\n", number, (unsigned long long)tool->seed,
           file->name != NULL ? " " : "", file->name != NULL ? file->name : "", what);
    printf("#   it has: %s; %zu bytes, page %d, chunks of %d, %d threads, reads of "
           "%zu%s%s%s\n",
           text_string(&file->remarks), file->parts[0].length, file->spec.page_size,
           file->spec.chunk_size, file->spec.threads, file->read_most,
           file->piped ? ", a pipe" : "", file->packed ? ", gzip" : "",
           file->columns.count > 0 ? ", a contract" : "");
    if (tool->keep != NULL) {
        keep(tool, number, "in0.csv");
        keep(tool, number, "reference.sqlite");
        keep(tool, number, "out.sqlite");
    }
}

/* ---- One file ---- */

static char *in_scratch(const struct tool *tool, const char *name)
{
    return string_printf("%s/%s", tool->scratch, name);
}

/* The file itself is the same, byte for byte, whatever the number of threads and however
 * the bytes come in. */
static void try_threads(struct tool *tool, const struct ways_file *file, long long number,
                        const char *database)
{
    static const int counts[] = {1, 2, 4, 4};
    enum { TRIES = sizeof counts / sizeof counts[0] };
    char first[65] = "", other[65];
    for (size_t i = 0; i < TRIES; i++) {
        struct ways_outcome outcome;
        struct import_spec spec = file->spec;
        bool plainly = i + 1 < TRIES;
        spec.threads = counts[i];
        ways_import(file, tool->scratch, database, &spec, plainly, &outcome);
        bool good = outcome.good && ways_file_digest(database, other);
        if (!good || (i > 0 && strcmp(first, other) != 0)) {
            tell(tool, file, number,
                 plainly ? "another number of threads gives other bytes"
                         : "bytes that come in another way give other bytes");
            printf("#   %d threads\n", counts[i]);
        }
        memcpy(first, other, sizeof first);
        import_report_release(&outcome.report);
    }
    tool->threads++;
}

/* Asked for alone, the direct way does what it did when it was free to decline, or says
 * that it does not. */
static void try_alone(struct tool *tool, const struct ways_file *file, long long number,
                      bool was_direct, const char *database)
{
    struct ways_outcome outcome;
    struct import_spec spec = file->spec;
    spec.way = IMPORT_DIRECT;
    ways_import(file, tool->scratch, database, &spec, false, &outcome);
    if (outcome.good != was_direct || (!outcome.good && outcome.err.message[0] == '\0')) {
        tell(tool, file, number,
             was_direct ? "the direct way alone fails"
                        : "the direct way does not decline");
        printf("#   %s\n", outcome.err.message);
    }
    import_report_release(&outcome.report);
}

static bool is_whole(const struct ways_outcome *outcome, const char *database,
                     struct error *err)
{
    const struct import_report *report = &outcome->report;
    if (outcome->good && report->read != report->stored + report->rejected) {
        return error_set(err, ERROR_FAILED, "read is not stored + rejected");
    }
    return !outcome->good || ways_is_sound(database, err);
}

static void compare(struct tool *tool, const struct ways_file *file, long long number,
                    const struct ways_outcome *one, const struct ways_outcome *other)
{
    char *reference = in_scratch(tool, "reference.sqlite");
    char *database = in_scratch(tool, "out.sqlite");
    struct text wanted = {0}, got = {0};
    struct error err = {0};
    ways_describe(one, reference, &wanted);
    ways_describe(other, database, &got);
    if (!is_whole(one, reference, &err) || !is_whole(other, database, &err)) {
        tell(tool, file, number, err.message);
    } else if (strcmp(text_string(&wanted), text_string(&got)) != 0) {
        tell(tool, file, number, "the two ways differ");
        printf("#   %s: %s\n",
               other->report.way == IMPORT_DIRECT ? "direct" : "reference",
               text_string(&other->report.way_why));
        show_difference(text_string(&wanted), text_string(&got));
    }
    text_release(&wanted);
    text_release(&got);
    free(reference);
    free(database);
}

/* Change one thing that a comparison must find. */
static void spoil(char what, const struct ways_outcome *outcome, const char *database)
{
    struct import_column_report *column = array_at(&outcome->report.columns, 0);
    struct text sql = {0};
    struct error err = {0};
    sqlite3 *db = column != NULL ? store_open(database, STORE_WRITE, &err) : NULL;
    text_append(&sql, "UPDATE t SET ");
    if (what == 'r') {
        text_append(&sql, "_rowid_ = _rowid_ + 1 WHERE _rowid_ = (SELECT max(_rowid_) "
                          "FROM t)");
    } else if (column != NULL) {
        store_quote_name(&sql, column->name);
        text_printf(&sql, " = %s WHERE _rowid_ = 1",
                    what == 't' ? "x'37'" : "'something else'");
    }
    if (db != NULL && !store_run(db, text_string(&sql), &err)) {
        printf("# not spoilt: %s\n", err.message);
    }
    store_close(db);
    text_release(&sql);
}

static void take_sample(const struct tool *tool, const char *from, long long number,
                        const char *word)
{
    char *to = string_printf("%s/%lld-%s.sqlite", tool->sample, number, word);
    unlink(to);
    if (link(from, to) != 0) {
        perror(to);
    }
    free(to);
}

static void try_file(struct tool *tool, const struct ways_file *file, long long number)
{
    char *reference = in_scratch(tool, "reference.sqlite");
    char *database = in_scratch(tool, "out.sqlite");
    struct ways_outcome one, other;
    struct import_spec spec = file->spec;
    if (!ways_lay_down(file, tool->scratch)) {
        tell(tool, file, number, "it could not be written");
    }
    spec.way = IMPORT_REFERENCE;
    ways_import(file, tool->scratch, database, &spec, true, &one);
    unlink(reference);
    if (rename(database, reference) != 0 && one.good) {
        tell(tool, file, number, "the reference way made no file");
    }
    ways_import(file, tool->scratch, database, &file->spec, false, &other);
    if (tool->spoil != '\0' && other.good) {
        spoil(tool->spoil, &other, database);
    }
    compare(tool, file, number, &one, &other);
    if (tool->sample != NULL && other.good && number % SAMPLE_EVERY == 0) {
        take_sample(tool, reference, number, "reference");
        take_sample(tool, database, number, "other");
    }
    bool direct = other.good && other.report.way == IMPORT_DIRECT;
    tool->files++;
    tool->direct += direct;
    tool->reference += other.good && !direct;
    tool->refused += !other.good;
    if (other.good && !direct) {
        count_reason(tool, text_string(&other.report.way_why));
    }
    if (direct && number % THREADS_EVERY == 0) {
        try_threads(tool, file, number, database);
    }
    if (other.good && number % ALONE_EVERY == 1 && other.report.way != IMPORT_ANY) {
        try_alone(tool, file, number, direct, database);
    }
    import_report_release(&one.report);
    import_report_release(&other.report);
    free(reference);
    free(database);
}

/* ---- All of them ---- */

static void try_made(struct tool *tool)
{
    for (long long i = 0; i < tool->count; i++) {
        struct ways_file file;
        uint64_t number = (uint64_t)(tool->first + i);
        if (tool->json) {
            ways_make_json(&file, tool->seed, number);
        } else {
            ways_make(&file, tool->seed, number);
        }
        file.spec.mask_key = tool->key;
        try_file(tool, &file, tool->first + i);
        ways_release(&file);
    }
}

/* A file of somebody's, by each number of threads in turn. */
static void try_given(struct tool *tool, const char *path, long long number)
{
    struct ways_file file = {.count = 1,
                             .columns = ARRAY_OF(struct catalog_column),
                             .masks = ARRAY_OF(struct policy_mask),
                             .name = path,
                             .spec = {.table = "t", .threads = 1 + (int)(number % 4)}};
    struct error err = {0};
    char *bytes = NULL;
    size_t length = 0;
    if (!path_read_file(path, (size_t)1 << 30, &bytes, &length, &err)) {
        tell(tool, &file, number, err.message);
        return;
    }
    text_append_bytes(&file.parts[0], bytes, length);
    free(bytes);
    file.spec.format = import_format_of(path, -1);
    file.piped = number % 5 == 0;
    bool is_packed =
        length > 2 && memcmp(text_string(&file.parts[0]), "\x1F\x8B", 2) == 0;
    file.packed = number % 7 == 0 && !is_packed;
    file.read_most = length < 100000 && number % 3 == 0 ? 1 + (size_t)number : 0;
    try_file(tool, &file, number);
    ways_release(&file);
}

static char **take_words(struct tool *tool, char **words)
{
    for (; *words != NULL && strncmp(*words, "--", 2) == 0 && words[1] != NULL;
         words += 2) {
        if (strcmp(*words, "--seed") == 0) {
            tool->seed = strtoull(words[1], NULL, 10);
        } else if (strcmp(*words, "--first") == 0) {
            tool->first = atoll(words[1]);
        } else if (strcmp(*words, "--count") == 0) {
            tool->count = atoll(words[1]);
        } else if (strcmp(*words, "--keep") == 0) {
            tool->keep = words[1];
        } else if (strcmp(*words, "--sample") == 0) {
            tool->sample = words[1];
        } else if (strcmp(*words, "--of") == 0) {
            tool->json = strcmp(words[1], "json") == 0;
        } else if (strcmp(*words, "--spoil") == 0) {
            tool->spoil = words[1][0];
        }
    }
    return words;
}

static void tell_counts(const struct tool *tool)
{
    for (size_t i = 0; i < tool->reasons.count; i++) {
        const struct reason *reason = array_at(&tool->reasons, i);
        printf("# %lld by the reference way: %s\n", reason->count, reason->words);
        free(reason->words);
    }
    printf("files %lld direct %lld reference %lld refused %lld threads %lld differ "
           "%lld\n",
           tool->files, tool->direct, tool->reference, tool->refused, tool->threads,
           tool->differ);
}

int main(int argc, char **argv)
{
    struct tool tool = {.seed = 1, .count = 100, .reasons = ARRAY_OF(struct reason)};
    (void)argc;
    char **files = take_words(&tool, argv + 1);
    const char *top = getenv("TMPDIR");
    tool.scratch = string_printf("%s/mwb-ways-XXXXXX", top != NULL ? top : "/tmp");
    if (mkdtemp(tool.scratch) == NULL) {
        perror(tool.scratch);
        return 2;
    }
    if (*files == NULL) {
        struct error err = {0};
        char *key = in_scratch(&tool, "mask.key");
        setenv("MWB_MASK_KEY", key, 1);
        tool.key = mask_key_open("ways", &err);
        try_made(&tool);
        mask_key_close(tool.key);
        free(key);
    }
    for (long long i = 0; files[i] != NULL; i++) {
        try_given(&tool, files[i], i);
    }
    tell_counts(&tool);
    array_release(&tool.reasons);
    path_remove_tree(tool.scratch, NULL);
    free(tool.scratch);
    return tool.differ > 0 ? 1 : 0;
}
