/* fault: a library that makes one call fail, or stops the program at it, for tests of
 * full disks, broken writes and sudden ends. It is loaded in front of the C library
 * (LD_PRELOAD) and told by variables:
 *
 *   FAULT       KIND:CALL:N   the N-th call of this name in a process. CALL is write,
 *                             pwrite, fsync, rename, open, flock, or `change`: any call
 *                             that changes what is on the disk. KIND:
 *                 full        fails with ENOSPC, and so does every later one
 *                 quota       fails with EDQUOT, and so does every later one
 *                 unlocked    fails with ENOLCK, and so does every later one
 *                 broken      fails with EIO, this once
 *                 files       fails with EMFILE, this once
 *                 rights      fails with EACCES, this once
 *                 short       writes half of what it should, this once
 *                 interrupted fails with EINTR, this once
 *                 before      the process is killed instead of the call
 *                 after       the process is killed when the call is done
 *   FAULT_FILE  only calls whose file has this in its path count, or one of these: a|b
 *   FAULT_CHILD only calls of child processes count
 *   FAULT_SAYS  a file that is made when the fault has struck
 *
 * Calls are counted for each process anew.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum fault_call {
    FAULT_WRITE,
    FAULT_PWRITE,
    FAULT_FSYNC,
    FAULT_RENAME,
    FAULT_OPEN,
    FAULT_FLOCK,
    FAULT_CHANGE, /* any that changes something; those that have no name of their own */
    FAULT_CALLS
};
static const char *const calls[FAULT_CALLS] = {"write", "pwrite", "fsync", "rename",
                                               "open",  "flock",  "change"};

enum { STOP_BEFORE = -1, STOP_AFTER = -2, SHORT = -3 };

static const struct fault_kind {
    const char *name;
    int number; /* errno, or what else becomes of the call */
    bool for_ever;
} kinds[] = {
    {"full", ENOSPC, true},         {"quota", EDQUOT, true},
    {"unlocked", ENOLCK, true},     {"broken", EIO, false},
    {"files", EMFILE, false},       {"rights", EACCES, false},
    {"short", SHORT, false},        {"interrupted", EINTR, false},
    {"before", STOP_BEFORE, false}, {"after", STOP_AFTER, false},
};

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t place);
int ftruncate64(int fd, off64_t length);
int open64(const char *path, int flags, ...);
int openat64(int folder, const char *path, int flags, ...);

static pid_t counted_for, program;
static long counts;

__attribute__((constructor)) static void begin(void)
{
    program = getpid();
}

/* Does the text begin with this word and a colon? What stands behind, or NULL. */
static const char *behind(const char *text, const char *word)
{
    size_t length = strlen(word);
    bool begins = text != NULL && strncmp(text, word, length) == 0 && text[length] == ':';
    return begins ? text + length + 1 : NULL;
}

static bool is_meant(int fd, const char *path)
{
    const char *parts = getenv("FAULT_FILE");
    char link[64], found[4096];
    if (getenv("FAULT_CHILD") != NULL && getpid() == program) {
        return false;
    }
    if (parts == NULL) {
        return true;
    }
    if (path == NULL) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, found, sizeof found - 1);
        found[length > 0 ? length : 0] = '\0';
        path = found;
    }
    bool has = false;
    for (const char *part = parts; !has && *part != '\0';) {
        size_t length = strcspn(part, "|");
        has = memmem(path, strlen(path), part, length) != NULL;
        part += length + (part[length] == '|');
    }
    return has;
}

/* The C library's own function of this name. */
static void *own(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static void tell(void)
{
    const char *says = getenv("FAULT_SAYS");
    int (*call)(const char *, int, ...);
    *(void **)&call = own("open");
    int fd = says != NULL ? call(says, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (fd >= 0) {
        close(fd);
    }
}

static _Noreturn void stop(void)
{
    for (;;) {
        kill(getpid(), SIGKILL);
    }
}

/* What is to become of this call: 0 nothing, an errno, or SHORT or STOP_AFTER. */
static int strikes(enum fault_call call, bool changes, int fd, const char *path)
{
    const char *wanted = getenv("FAULT"), *number = NULL;
    const struct fault_kind *kind = NULL;
    for (size_t i = 0; kind == NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
        number = behind(wanted, kinds[i].name);
        kind = number != NULL ? &kinds[i] : NULL;
    }
    const char *named = kind != NULL ? behind(number, calls[call]) : NULL;
    number = named != NULL             ? named
             : kind != NULL && changes ? behind(number, calls[FAULT_CHANGE])
                                       : NULL;
    if (number == NULL || !is_meant(fd, path)) {
        return 0;
    }
    if (counted_for != getpid()) {
        counts = 0;
        counted_for = getpid();
    }
    long count = __atomic_add_fetch(&counts, 1, __ATOMIC_RELAXED), nth = atol(number);
    if (count != nth && !(kind->for_ever && count > nth)) {
        return 0;
    }
    tell();
    if (kind->number == STOP_BEFORE) {
        stop();
    }
    return kind->number;
}

static bool fails(int fault)
{
    if (fault > 0) {
        errno = fault;
    }
    return fault > 0;
}

static long done(int fault, long result)
{
    if (fault == STOP_AFTER) {
        stop();
    }
    return result;
}

static size_t length_left(int fault, size_t length)
{
    return fault == SHORT && length > 1 ? length / 2 : length;
}

/* ---- Writing ---- */

ssize_t write(int fd, const void *bytes, size_t length)
{
    ssize_t (*call)(int, const void *, size_t);
    *(void **)&call = own("write");
    int fault = strikes(FAULT_WRITE, true, fd, NULL);
    return fails(fault) ? -1 : done(fault, call(fd, bytes, length_left(fault, length)));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t place)
{
    ssize_t (*call)(int, const void *, size_t, off64_t);
    *(void **)&call = own("pwrite64");
    int fault = strikes(FAULT_PWRITE, true, fd, NULL);
    return fails(fault) ? -1
                        : done(fault, call(fd, bytes, length_left(fault, length), place));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t place)
{
    return pwrite64(fd, bytes, length, place);
}

int fsync(int fd)
{
    int (*call)(int);
    *(void **)&call = own("fsync");
    int fault = strikes(FAULT_FSYNC, true, fd, NULL);
    return fails(fault) ? -1 : (int)done(fault, call(fd));
}

int fdatasync(int fd)
{
    int (*call)(int);
    *(void **)&call = own("fdatasync");
    int fault = strikes(FAULT_FSYNC, true, fd, NULL);
    return fails(fault) ? -1 : (int)done(fault, call(fd));
}

int ftruncate64(int fd, off64_t length)
{
    int (*call)(int, off64_t);
    *(void **)&call = own("ftruncate64");
    int fault = strikes(FAULT_CHANGE, true, fd, NULL);
    return fails(fault) ? -1 : (int)done(fault, call(fd, length));
}

int ftruncate(int fd, off_t length)
{
    return ftruncate64(fd, length);
}

int fchmod(int fd, mode_t mode)
{
    int (*call)(int, mode_t);
    *(void **)&call = own("fchmod");
    int fault = strikes(FAULT_CHANGE, true, fd, NULL);
    return fails(fault) ? -1 : (int)done(fault, call(fd, mode));
}

/* ---- Names ---- */

int rename(const char *from, const char *to)
{
    int (*call)(const char *, const char *);
    *(void **)&call = own("rename");
    int fault = strikes(FAULT_RENAME, true, -1, from);
    return fails(fault) ? -1 : (int)done(fault, call(from, to));
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to,
              unsigned flags)
{
    int (*call)(int, const char *, int, const char *, unsigned);
    *(void **)&call = own("renameat2");
    int fault = strikes(FAULT_RENAME, true, -1, from);
    return fails(fault) ? -1
                        : (int)done(fault, call(from_folder, from, to_folder, to, flags));
}

int link(const char *from, const char *to)
{
    int (*call)(const char *, const char *);
    *(void **)&call = own("link");
    int fault = strikes(FAULT_CHANGE, true, -1, to);
    return fails(fault) ? -1 : (int)done(fault, call(from, to));
}

int symlink(const char *from, const char *to)
{
    int (*call)(const char *, const char *);
    *(void **)&call = own("symlink");
    int fault = strikes(FAULT_CHANGE, true, -1, to);
    return fails(fault) ? -1 : (int)done(fault, call(from, to));
}

int unlink(const char *path)
{
    int (*call)(const char *);
    *(void **)&call = own("unlink");
    int fault = strikes(FAULT_CHANGE, true, -1, path);
    return fails(fault) ? -1 : (int)done(fault, call(path));
}

int unlinkat(int folder, const char *path, int flags)
{
    int (*call)(int, const char *, int);
    *(void **)&call = own("unlinkat");
    int fault = strikes(FAULT_CHANGE, true, folder, NULL);
    return fails(fault) ? -1 : (int)done(fault, call(folder, path, flags));
}

int mkdir(const char *path, mode_t mode)
{
    int (*call)(const char *, mode_t);
    *(void **)&call = own("mkdir");
    int fault = strikes(FAULT_CHANGE, true, -1, path);
    return fails(fault) ? -1 : (int)done(fault, call(path, mode));
}

/* ---- Opening and locks ---- */

static bool makes(int flags)
{
    return (flags & (O_CREAT | O_TRUNC)) != 0;
}

static mode_t mode_of(int flags, va_list rest)
{
    return makes(flags) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}

int openat64(int folder, const char *path, int flags, ...)
{
    int (*call)(int, const char *, int, ...);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    *(void **)&call = own("openat64");
    int fault = folder == AT_FDCWD || path[0] == '/'
                    ? strikes(FAULT_OPEN, makes(flags), -1, path)
                    : strikes(FAULT_OPEN, makes(flags), folder, NULL);
    return fails(fault) ? -1 : (int)done(fault, call(folder, path, flags, mode));
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return openat64(folder, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return openat64(AT_FDCWD, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return openat64(AT_FDCWD, path, flags, mode);
}

int flock(int fd, int operation)
{
    int (*call)(int, int);
    *(void **)&call = own("flock");
    int fault = strikes(FAULT_FLOCK, false, fd, NULL);
    return fails(fault) ? -1 : (int)done(fault, call(fd, operation));
}
