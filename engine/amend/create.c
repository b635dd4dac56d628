/* amend/create: a new file of the mesh, and the folder it lies in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/amend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"

char *amend_folder(const char *root, const char *folder, struct error *err)
{
    char *top = path_absolute(root, err);
    char *full = top != NULL ? path_join(top, folder) : NULL;
    if (full != NULL && mkdir(full, 0777) != 0 && errno != EEXIST) {
        error_set(err, ERROR_FAILED, "could not make the folder %s: %s", full,
                  error_of_errno(errno));
        free(full);
        full = NULL;
    }
    char *real = full != NULL ? path_absolute(full, err) : NULL;
    if (real != NULL && (!string_starts(real, top) || real[strlen(top)] != '/')) {
        error_set(err, ERROR_FAILED,
                  "%s is a symbolic link that leads out of the mesh; nothing is written "
                  "there",
                  full);
        free(real);
        real = NULL;
    }
    free(full);
    free(top);
    return real;
}

/* The name is taken first. */
bool amend_create(const char *path, const char *text, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0) {
        return error_set(err, ERROR_FAILED, "could not write %s: %s", path,
                         error_of_errno(errno));
    }
    struct stat facts;
    mode_t mode = fstat(fd, &facts) == 0 ? facts.st_mode & 0777 : 0644;
    close(fd);
    if (!path_write_file(path, text, strlen(text), mode, err)) {
        unlink(path);
        return false;
    }
    return true;
}
