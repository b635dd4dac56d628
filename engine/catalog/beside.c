/* catalog/beside: files that a descriptor names.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

/* All files that one descriptor names, however often it names them. */
static const long long most_bytes = 64LL * 1024 * 1024;

static bool may_be_read(struct source *source, const char *path, struct error *err)
{
    struct stat info;
    int fd = roots_open(&source->build->roots, path, err);
    if (fd < 0) {
        return false;
    }
    bool good = fstat(fd, &info) == 0;
    close(fd);
    source->beside += good ? (long long)info.st_size + 1 : 0;
    if (!good) {
        return error_set(err, ERROR_FAILED, "it could not be looked at");
    }
    return source->beside <= most_bytes ||
           error_set(err, ERROR_FAILED,
                     "the files that this descriptor names are more than 64 MiB");
}

struct document *source_read_beside(struct source *source, const char *folder,
                                    const char *reference, struct error *err)
{
    struct error ignored = {0};
    err = err != NULL ? err : &ignored;
    if (strstr(reference, "://") != NULL) {
        error_set(err, ERROR_FAILED, "it is an address, which was not fetched");
        return NULL;
    }
    char *path = path_is_safe(reference) ? path_beside(folder, reference) : NULL;
    if (path == NULL) {
        error_set(err, ERROR_FAILED, "the path leads out of the package");
        return NULL;
    }
    struct document *document = NULL;
    document_uses(source->build, path); /* also while it is not there yet */
    if (may_be_read(source, path, err)) {
        char *full = roots_file(&source->build->roots, path);
        document = document_read(full, NULL, err);
        free(full);
    }
    free(path);
    return document;
}
