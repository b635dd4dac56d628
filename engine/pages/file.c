/* The file: what its header says, numbers for new pages, writing, the header at the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pages/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/text.h"

/* Places in the header (§1.3). */
enum {
    AT_PAGE_SIZE = 16,
    AT_WRITE_VERSION = 18,
    AT_READ_VERSION = 19,
    AT_RESERVED = 20,
    AT_CHANGES = 24,
    AT_COUNT = 28,
    AT_FREE_LIST = 32,
    AT_FREE_COUNT = 36,
    AT_SCHEMA_FORMAT = 44,
    AT_LARGEST_ROOT = 52,
    AT_ENCODING = 56,
    AT_VALID_FOR = 92,
};

static const uint32_t count_most = 0xFFFFFFFE;

bool file_write_failed(const char *name, struct error *err)
{
    int number = errno;
    if (number == ENOSPC || number == EDQUOT) {
        return error_set(err, ERROR_FAILED,
                         "could not write %s: the disk is full; make room and try again, "
                         "nothing was changed",
                         name);
    }
    if (number == EFBIG) {
        return error_set(err, ERROR_FAILED,
                         "could not write %s: it would be larger than the limit of this "
                         "process; raise it (ulimit -f) and try again, nothing was "
                         "changed",
                         pages->path);
        free(pages);
    }
}

bool pages_take(struct pages *pages, size_t count, uint32_t *first, struct error *err)
{
    uint32_t next = pages->count + 1;
    *first = next == pages->lock_page ? next + 1 : next;
    if ((uint64_t)*first + count > count_most) {
        return error_set(err, ERROR_FAILED,
                         "could not write %s: it would have more than 4,294,967,294 "
                         "pages, the most of an SQLite file; choose larger pages",
                         pages->path);
    }
    if (count > 0) {
        pages->count = pages_number(pages, *first, count - 1);
    }
    return true;
}

bool pages_put(const struct pages *pages, uint32_t first, const unsigned char *bytes,
               size_t count, struct error *err)
{
    size_t before = count;
    if (first < pages->lock_page && pages->lock_page - first < count) {
        before = pages->lock_page - first;
    }
    off_t size = (off_t)pages->size;
    return file_write(pages->fd, pages->path, bytes, before * pages->size,
                      (off_t)(first - 1) * size, err) &&
           (before == count ||
            file_write(pages->fd, pages->path, bytes + before * pages->size,
                       (count - before) * pages->size, (off_t)pages->lock_page * size,
                       err));
}

bool pages_check_root(const struct pages *pages, uint32_t root, unsigned char type,
                      struct error *err)
{
    unsigned char page[PAGES_LEAF_HEADER] = {0};
    if (root < 2 || root > pages->count || root == pages->lock_page) {
        return error_set(err, ERROR_FAILED, "%s has no page %u for a root", pages->path,
                         (unsigned)root);
    }
    if (!file_read(pages->fd, pages->path, page, sizeof page,
                   (off_t)(root - 1) * (off_t)pages->size, err)) {
        return false;
    }
    if (page[0] != type || pages_get16(page + 3) != 0) {
        return error_set(err, ERROR_FAILED,
                         "page %u of %s is not the root of an empty %s", (unsigned)root,
                         pages->path, type == PAGES_TABLE_LEAF ? "table" : "index");
    }
    return true;
}
