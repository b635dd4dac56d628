/* fault: a library that makes one call fail, for tests of full disks and broken writes.
 * It is loaded in front of the C library (LD_PRELOAD) and told by variables:
 *
 *   FAULT       KIND:CALL:N   the N-th call of this name (write, pwrite, fsync, rename)
 *                             in a process:
 *                 full        fails with ENOSPC, and so does every later one
 *                 broken      fails with EIO, this once
 *                 short       writes half of what it should, this once
 *                 interrupted fails with EINTR, this once
 *   FAULT_FILE  only calls whose file has this in its path count
 *   FAULT_SAYS  a file that is made when the fault has struck
 *
 * Calls are counted for each process anew.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum fault_call { FAULT_WRITE, FAULT_PWRITE, FAULT_FSYNC, FAULT_RENAME, FAULT_CALLS };
enum fault_kind { FAULT_NONE, FAULT_FULL, FAULT_BROKEN, FAULT_SHORT, FAULT_INTERRUPTED };

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t place);

static pid_t counted_for;
static long counts[FAULT_CALLS];

/* A word of the variable: which of the names it is, or -1. */
static int word_at(const char *text, const char *const *names, int count)
{
    for (int i = 0; text != NULL && i < count; i++) {
        size_t length = strlen(names[i]);
        if (strncmp(text, names[i], length) == 0 && text[length] == ':') {
            return i;
        }
    }
    return -1;
}

static void tell(void)
{
    const char *says = getenv("FAULT_SAYS");
    int fd = says != NULL ? open(says, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (fd >= 0) {
        close(fd);
    }
}

static bool is_meant(int fd, const char *path)
{
    const char *part = getenv("FAULT_FILE");
    char link[64], found[4096];
    if (part == NULL) {
        return true;
    }
    if (path == NULL) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, found, sizeof found - 1);
        found[length > 0 ? length : 0] = '\0';
        path = found;
    }
    return strstr(path, part) != NULL;
}

/* What is to become of this call. */
static enum fault_kind strikes(enum fault_call call, int fd, const char *path)
{
    static const char *const kinds[] = {"full", "broken", "short", "interrupted"};
    static const char *const calls[] = {"write", "pwrite", "fsync", "rename"};
    const char *wanted = getenv("FAULT");
    int kind = word_at(wanted, kinds, 4);
    wanted = kind >= 0 ? strchr(wanted, ':') + 1 : NULL;
    if (kind < 0 || word_at(wanted, calls, FAULT_CALLS) != (int)call ||
        !is_meant(fd, path)) {
        return FAULT_NONE;
    }
    long number = atol(strchr(wanted, ':') + 1);
    if (counted_for != getpid()) {
        memset(counts, 0, sizeof counts);
        counted_for = getpid();
    }
    long count = __atomic_add_fetch(&counts[call], 1, __ATOMIC_RELAXED);
    if (count != number && !(kind == 0 && count > number)) {
        return FAULT_NONE;
    }
    tell();
    return (enum fault_kind)(kind + 1);
}

/* The C library's own function of this name. */
static void *own(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static bool fails(enum fault_kind kind)
{
    static const int errors[] = {[FAULT_NONE] = 0,
                                 [FAULT_FULL] = ENOSPC,
                                 [FAULT_BROKEN] = EIO,
                                 [FAULT_SHORT] = 0,
                                 [FAULT_INTERRUPTED] = EINTR};
    if (errors[kind] != 0) {
        errno = errors[kind];
    }
    return errors[kind] != 0;
}

static size_t length_left(enum fault_kind kind, size_t length)
{
    return kind == FAULT_SHORT && length > 1 ? length / 2 : length;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    ssize_t (*call)(int, const void *, size_t);
    *(void **)&call = own("write");
    enum fault_kind kind = strikes(FAULT_WRITE, fd, NULL);
    return fails(kind) ? -1 : call(fd, bytes, length_left(kind, length));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t place)
{
    ssize_t (*call)(int, const void *, size_t, off64_t);
    *(void **)&call = own("pwrite64");
    enum fault_kind kind = strikes(FAULT_PWRITE, fd, NULL);
    return fails(kind) ? -1 : call(fd, bytes, length_left(kind, length), place);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t place)
{
    return pwrite64(fd, bytes, length, place);
}

int fsync(int fd)
{
    int (*call)(int);
    *(void **)&call = own("fsync");
    return fails(strikes(FAULT_FSYNC, fd, NULL)) ? -1 : call(fd);
}

int rename(const char *from, const char *to)
{
    int (*call)(const char *, const char *);
    *(void **)&call = own("rename");
    return fails(strikes(FAULT_RENAME, -1, from)) ? -1 : call(from, to);
}
