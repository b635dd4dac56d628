/* path: opening files that hostile text names, and removing trees, without following a
 * link out of the folder. (Linux: openat2(2); elsewhere component by component.)
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "engine/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_LINUX_OPENAT2_H
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

/* O_NONBLOCK: a FIFO must not hold us before fstat() has shown what it is. */
enum { OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

static int check_regular(int fd, const char *shown, struct error *err)
{
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        error_set(err, ERROR_FAILED, "could not open %s: %s", shown,
                  error_of_errno(errno));
    } else if (!S_ISREG(info.st_mode)) {
        error_set(err, ERROR_FAILED, "could not read %s: it is %s, not a file", shown,
                  S_ISDIR(info.st_mode) ? "a folder" : "a device or a pipe");
    } else {
        return fd;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

int path_open_regular(const char *path, struct error *err)
{
    return check_regular(open(path, OPEN_FLAGS), path, err);
}

/* Without openat2: every component is opened without following links. */
static int open_by_component(int root, const char *relative, int flags)
{
    char *path = string_copy(relative);
    int folder = dup(root);
    char *part = path;
    while (folder >= 0) {
        char *slash = strchr(part, '/');
        if (slash == NULL) {
            break;
        }
        *slash = '\0';
        int next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        close(folder);
        folder = next;
        part = slash + 1;
    }
    int fd = folder >= 0 ? openat(folder, part, flags | O_NOFOLLOW) : -1;
    int number = errno;
    if (folder >= 0) {
        close(folder);
    }
    free(path);
    errno = number;
    return fd;
}

static int open_beneath(int root, const char *relative, int flags)
{
#if defined(HAVE_LINUX_OPENAT2_H) && defined(SYS_openat2)
    struct open_how how = {
        .flags = (unsigned)flags,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };
    long fd = syscall(SYS_openat2, root, relative, &how, sizeof how);
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) {
        return (int)fd;
    }
#endif
    return open_by_component(root, relative, flags);
}

int path_open_beneath(const char *root, const char *relative, struct error *err)
{
    if (!path_is_safe(relative)) {
        error_set(err, ERROR_FAILED,
                  "refused to open \"%s\" below %s: a location must be a relative path "
                  "without \"..\" and without hidden parts",
                  relative, root);
        return -1;
    }
    int folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        error_set(err, ERROR_FAILED, "could not open the folder %s: %s", root,
                  error_of_errno(errno));
        return -1;
    }
    int fd = open_beneath(folder, relative, OPEN_FLAGS);
    int number = errno;
    close(folder);
    if (fd < 0 && (number == EXDEV || number == ELOOP)) {
        error_set(err, ERROR_FAILED,
                  "refused to open %s: a symbolic link leads out of %s", relative, root);
        return -1;
    }
    errno = number;
    return check_regular(fd, relative, err);
}

int path_open_in(int root, const char *relative, struct error *err)
{
    int fd = open_beneath(root, relative, OPEN_FLAGS);
    if (fd < 0 && (errno == EXDEV || errno == ELOOP)) {
        error_set(err, ERROR_FAILED,
                  "refused to open %s: it leads out of its folder, or to no end",
                  relative);
        return -1;
    }
    return check_regular(fd, relative, err);
}

/* A folder that is a link is not entered, wherever it leads: trees would have cycles. */
int path_open_folder_in(int root, const char *relative)
{
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    return open_beneath(root, relative[0] != '\0' ? relative : ".", flags);
}

static bool remove_in(int parent, const char *name, int depth)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) {
        return true;
    }
    if ((errno != EISDIR && errno != EPERM) || depth > 64) {
        return false;
    }
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (folder == NULL) {
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    bool done = true;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            done = remove_in(fd, entry->d_name, depth + 1) && done;
        }
    }
    closedir(folder);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 && done;
}

bool path_remove_tree(const char *folder, struct error *err)
{
    if (remove_in(AT_FDCWD, folder, 0)) {
        return true;
    }
    return error_set(err, ERROR_FAILED, "could not remove %s: %s", folder,
                     error_of_errno(errno));
}
