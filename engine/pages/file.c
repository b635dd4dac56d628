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

enum { WRITE_BACK = 8 * 1024 * 1024 };

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
                         name);
    }
    return error_set(err, ERROR_FAILED, "could not write %s: %s", name,
                     error_of_errno(number));
}

bool file_write(int fd, const char *name, const void *bytes, size_t length, off_t place,
                struct error *err)
{
    const unsigned char *from = bytes;
    while (length > 0) {
        ssize_t n = pwrite(fd, from, length, place);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            return file_write_failed(name, err);
        }
        from += n;
        length -= (size_t)n;
        place += n;
    }
    return true;
}

bool file_read(int fd, const char *name, void *bytes, size_t length, off_t place,
               struct error *err)
{
    unsigned char *to = bytes;
    while (length > 0) {
        ssize_t n = pread(fd, to, length, place);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return error_set(err, ERROR_FAILED, "could not read %s: %s", name,
                             n < 0 ? error_of_errno(errno)
                                   : "it ends earlier than it should");
        }
        to += n;
        length -= (size_t)n;
        place += n;
    }
    return true;
}

static bool refuse(const struct pages *pages, struct error *err, const char *why)
{
    return error_set(err, ERROR_FAILED, "could not write pages of %s: %s", pages->path,
                     why);
}

static bool check_header(struct pages *pages, struct error *err)
{
    const unsigned char *header = pages->header;
    if (memcmp(header, "SQLite format 3", 16) != 0) {
        return refuse(pages, err, "it is no SQLite database");
    }
    uint32_t size = pages_get16(header + AT_PAGE_SIZE);
    pages->size = size == 1 ? 65536 : size;
    if (pages->size < 512 || (pages->size & (pages->size - 1)) != 0) {
        return refuse(pages, err, "its page size is none");
    }
    pages->usable = pages->size - header[AT_RESERVED];
    pages->lock_page = (UINT32_C(1) << 30) / pages->size + 1;
    if (pages->usable < 480 || header[AT_RESERVED] > 32) {
        return refuse(pages, err, "it reserves more than 32 bytes of each page");
    }
    if (header[AT_WRITE_VERSION] != 1 || header[AT_READ_VERSION] != 1) {
        return refuse(pages, err, "it has a write-ahead log");
    }
    if (pages_get32(header + AT_LARGEST_ROOT) != 0) {
        return refuse(pages, err, "auto-vacuum is on");
    }
    if (pages_get32(header + AT_ENCODING) != 1) {
        return refuse(pages, err, "its texts are not UTF-8");
    }
    if (pages_get32(header + AT_SCHEMA_FORMAT) != 4) {
        return refuse(pages, err, "its schema is of an old format");
    }
    if (pages_get32(header + AT_FREE_LIST) != 0 ||
        pages_get32(header + AT_FREE_COUNT) != 0) {
        return refuse(pages, err, "it has free pages; VACUUM it first");
    }
    return true;
}

/* The number of pages in the header counts only when the writer who set the change
 * counter set it too (§1.3.7). */
static bool count_pages(struct pages *pages, struct error *err)
{
    struct stat status;
    if (fstat(pages->fd, &status) != 0) {
        return refuse(pages, err, error_of_errno(errno));
    }
    uint64_t held = (uint64_t)status.st_size / pages->size;
    uint32_t count = pages_get32(pages->header + AT_COUNT);
    if (count == 0 || pages_get32(pages->header + AT_CHANGES) !=
                          pages_get32(pages->header + AT_VALID_FOR)) {
        count = held <= count_most ? (uint32_t)held : 0;
    }
    if (count == 0 || count > held) {
        return refuse(pages, err, "it is shorter than its header says");
    }
    pages->count = count;
    return true;
}

static bool check_alone(struct pages *pages, struct error *err)
{
    static const char *const endings[] = {"-journal", "-wal"};
    bool alone = true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char *beside = string_printf("%s%s", pages->path, endings[i]);
        alone = alone && access(beside, F_OK) != 0;
        free(beside);
    }
    return alone || refuse(pages, err, "a journal lies beside it");
}

struct pages *pages_open(const char *path, struct error *err)
{
    struct pages *pages = memory_new(sizeof *pages);
    pages->path = string_copy(path);
    pages->fd = open(path, O_RDWR | O_CLOEXEC);
    if (pages->fd < 0) {
        error_set(err, ERROR_FAILED, "could not open %s: %s", path,
                  error_of_errno(errno));
    } else if (check_alone(pages, err) &&
               file_read(pages->fd, path, pages->header, sizeof pages->header, 0, err) &&
               check_header(pages, err) && count_pages(pages, err)) {
        return pages;
    }
    pages_abandon(pages);
    return NULL;
}

unsigned pages_page_size(const struct pages *pages)
{
    return pages->size;
}

static bool end_file(struct pages *pages, struct error *err)
{
    struct stat status;
    off_t length = (off_t)pages->count * (off_t)pages->size;
    if (fstat(pages->fd, &status) != 0 ||
        (status.st_size > length && ftruncate(pages->fd, length) != 0)) {
        return file_write_failed(pages->path, err);
    }
    if (status.st_size < length) {
        return refuse(pages, err, "pages that have a number were not written");
    }
    uint32_t changes = pages_get32(pages->header + AT_CHANGES) + 1;
    pages_put32(pages->header + AT_CHANGES, changes);
    pages_put32(pages->header + AT_COUNT, pages->count);
    pages_put32(pages->header + AT_VALID_FOR, changes);
    return file_write(pages->fd, pages->path, pages->header, sizeof pages->header, 0,
                      err);
}

bool pages_close(struct pages *pages, struct error *err)
{
    bool good = end_file(pages, err);
    int fd = pages->fd;
    pages->fd = -1;
    if (close(fd) != 0 && good) { /* a network's disk may be full as late as here */
        good = file_write_failed(pages->path, err);
    }
    pages_abandon(pages);
    return good;
}

void pages_abandon(struct pages *pages)
{
    if (pages != NULL) {
        if (pages->fd >= 0) {
            close(pages->fd);
        }
        free(pages->path);
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

/* The disk begins with a piece as soon as it is written, so that whoever syncs the file
 * at the end waits for the last pieces only. A hint: whether it is taken does not matter.
 */
static void begin_writing_back(const struct pages *pages, off_t place, size_t length)
{
#ifdef SYNC_FILE_RANGE_WRITE
    off_t piece = place / WRITE_BACK * WRITE_BACK;
    if (piece != (place + (off_t)length) / WRITE_BACK * WRITE_BACK) {
        sync_file_range(pages->fd, piece, WRITE_BACK, SYNC_FILE_RANGE_WRITE);
    }
#else
    (void)pages;
    (void)place;
    (void)length;
#endif
}

bool pages_put(const struct pages *pages, uint32_t first, const unsigned char *bytes,
               size_t count, struct error *err)
{
    size_t before = count;
    if (first < pages->lock_page && pages->lock_page - first < count) {
        before = pages->lock_page - first;
    }
    off_t size = (off_t)pages->size, place = (off_t)(first - 1) * size;
    bool good =
        file_write(pages->fd, pages->path, bytes, before * pages->size, place, err) &&
        (before == count ||
         file_write(pages->fd, pages->path, bytes + before * pages->size,
                    (count - before) * pages->size, (off_t)pages->lock_page * size, err));
    begin_writing_back(pages, place, count * pages->size);
    return good;
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
