/* direct_rejects: rows that are none, kept in a file without a name until the database is
 * open again. As many as there are take no memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/import/direct_work.h"
#include "engine/import/reject.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { PROBLEM_MOST = 256 };

struct kept {
    size_t file, cells, raw_length;
    long long line, byte;
    char problem[PROBLEM_MOST]; /* empty: the number of cells says it */
};

/* Beside the database, where there is room or the import fails anyhow. */
static FILE *open_nameless(const char *beside)
{
    char *path = string_printf("%s-rejects-XXXXXX", beside);
    int fd = mkostemp(path, O_CLOEXEC);
    FILE *file = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (fd >= 0) {
        unlink(path);
    }
    if (fd >= 0 && file == NULL) {
        close(fd);
    }
    free(path);
    return file;
}

static bool failed(const struct direct *direct, struct error *err)
{
    return error_set(err, ERROR_FAILED, "could not keep the rejected rows of %s: %s",
                     direct->load->spec->table, error_of_errno(errno));
}

bool direct_keep_rejects(struct direct *direct, const struct direct_chunk *chunk,
                         struct error *err)
{
    long long line = chunk->line;
    size_t seen = 0;
    for (size_t i = 0; i < chunk->bad.count; i++) {
        const struct direct_bad *bad = array_at(&chunk->bad, i);
        line += direct->format->lines(chunk->bytes + seen, bad->place - seen);
        seen = bad->place;
        struct kept kept = {.file = chunk->file,
                            .cells = bad->cells,
                            .raw_length = bad->length < READER_RAW_MOST ? bad->length
                                                                        : READER_RAW_MOST,
                            .line = line,
                            .byte = chunk->byte + bad->place};
        if (plan_masked(&direct->load->plan) != NULL) {
            kept.raw_length = 0; /* it will not be shown: let no file have it */
        }
        snprintf(kept.problem, sizeof kept.problem, "%s",
                 bad->problem != NULL ? bad->problem : "");
        if (direct->rejects == NULL) {
            direct->rejects = open_nameless(direct->load->path);
        }
        if (direct->rejects == NULL ||
            fwrite(&kept, sizeof kept, 1, direct->rejects) != 1 ||
            fwrite(chunk->bytes + bad->place, 1, kept.raw_length, direct->rejects) !=
                kept.raw_length) {
            return failed(direct, err);
        }
        struct reject reject = {.file = chunk->file,
                                .line = line,
                                .byte = kept.byte,
                                .cells = bad->cells,
                                .problem = bad->problem};
        if (!reject_allowed(direct->load, &reject, ++direct->reject_count, err)) {
            return false;
        }
    }
    return true;
}

bool direct_store_rejects(struct direct *direct, struct error *err)
{
    struct load *load = direct->load;
    if (direct->reject_count == 0) {
        return true;
    }
    char *raw = memory_new(READER_RAW_MOST);
    bool good = fflush(direct->rejects) == 0;
    rewind(direct->rejects);
    good = good && load_prepare(load, err) && store_run(load->db, "BEGIN IMMEDIATE", err);
    for (long long i = 0; good && i < direct->reject_count; i++) {
        struct kept kept;
        if (fread(&kept, sizeof kept, 1, direct->rejects) != 1 ||
            fread(raw, 1, kept.raw_length, direct->rejects) != kept.raw_length) {
            good = failed(direct, err);
            break;
        }
        struct reader_row row = {.count = kept.cells,
                                 .line = kept.line,
                                 .byte = kept.byte,
                                 .raw = raw,
                                 .raw_length = kept.raw_length,
                                 .problem =
                                     kept.problem[0] != '\0' ? kept.problem : NULL};
        good = load_reject(load, kept.file, &row, err);
    }
    load_finish(load);
    free(raw);
    return good && store_run(load->db, "COMMIT", err);
}
