/* catalog/place: where the index of a mesh lies, and how a new one takes its place.
 *
 * An index is changed in place by a refresh and replaced as a whole by a build. SQLite
 * keeps what is not yet in a database beside it, under its name; so a new database must
 * never get the name of one that somebody has open. The name of the index is a symbolic
 * link, which is replaced by rename; the databases have names of their own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "engine/filetree.h"
#include "engine/path.h"
#include "engine/secret.h"
#include "engine/store.h"
#include "engine/text.h"

/* FNV-1a: tells the paths of one user apart; nothing trusts it. */
static unsigned long long key_of_path(const char *path)
{
    unsigned long long key = 14695981039346656037ULL;
    for (; *path != '\0'; path++) {
        key = (key ^ (unsigned char)*path) * 1099511628211ULL;
    }
    return key;
}

static char *index_folder(struct error *err)
{
    return path_of_place(PLACE_CACHE, "index", err);
}

char *catalog_index_path(const char *mesh, struct error *err)
{
    char *path = filetree_canonical(mesh, err);
    if (path == NULL) {
        error_prefix(err, "could not open the mesh %s: ", mesh);
        secret_redact_error(err);
        return NULL;
    }
    char *folder = index_folder(err);
    char *index = NULL;
    if (folder != NULL && path_make_folders(folder, err)) {
        char *name = path_component(path_base(path));
        index = string_printf("%s/%s-%016llx.db", folder, name, key_of_path(path));
        free(name);
    }
    free(folder);
    free(path);
    return index;
}

static void remove_database(const char *path)
{
    static const char *const parts[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *name = string_printf("%s%s", path, parts[i]);
        unlink(name);
        free(name);
    }
}

/* The database the name leads to, NULL: none. Yours. */
static char *target_of(const char *index)
{
    char target[256];
    ssize_t length = readlink(index, target, sizeof target - 1);
    if (length <= 0) {
        return NULL;
    }
    target[length] = '\0';
    char *folder = path_folder(index);
    char *path = path_join(folder, target);
    free(folder);
    return path;
}

/* INDEX.TIME-PID: a database of a build that was killed before it pointed at it, or of a
 * pointer that somebody broke. */
static bool is_left_over(const char *entry, const char *name, const char *current)
{
    size_t length = strlen(name);
    if (strncmp(entry, name, length) != 0 || entry[length] != '.' ||
        strspn(entry + length + 1, "0123456789abcdef") < 10 ||
        string_starts(entry, current)) {
        return false;
    }
    const char *dash = strchr(entry + length, '-');
    long maker = dash != NULL ? strtol(dash + 1, NULL, 16) : 0;
    return maker > 0 &&
           (maker == (long)getpid() || (kill((pid_t)maker, 0) != 0 && errno == ESRCH));
}

static void sweep_databases(const char *index, const char *current)
{
    char *folder = path_folder(index);
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (is_left_over(entry->d_name, path_base(index), path_base(current))) {
            unlinkat(dirfd(dir), entry->d_name, 0);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    free(folder);
}

/* One process at a time: who sweeps must not take away what another one just pointed at.
 * Where there are no locks, that is left to luck. */
static int hold_folder(const char *index)
{
    char *folder = path_folder(index);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int status;
    do {
        status = fd >= 0 ? flock(fd, LOCK_EX) : 0;
    } while (status != 0 && errno == EINTR);
    free(folder);
    return fd;
}

static bool point_at(const char *index, const char *database, struct error *err)
{
    int held = hold_folder(index);
    char *old = target_of(index);
    char *link = string_printf("%s.%ld.link", index, (long)getpid());
    unlink(link);
    bool done = symlink(path_base(database), link) == 0 && rename(link, index) == 0;
    if (!done) {
        error_set(err, ERROR_FAILED, "could not write %s: %s", index,
                  error_of_errno(errno));
        unlink(link);
    } else if (old != NULL && !string_equal(old, database)) {
        remove_database(old);
    }
    if (done) {
        sweep_databases(index, database);
    }
    if (held >= 0) {
        close(held);
    }
    free(link);
    free(old);
    return done;
}

/* From now on several may write and read it at once. */
static bool make_shareable(const char *database, struct error *err)
{
    sqlite3 *db = store_open(database, STORE_WRITE, err);
    bool done = db != NULL && store_run(db, "PRAGMA journal_mode=WAL", err);
    store_close(db);
    return done;
}

bool index_put_in_place(int fd, const char *part, const char *index, struct error *err)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char *database = string_printf("%s.%lx%lx-%lx", index, (unsigned long)now.tv_sec,
                                   (unsigned long)now.tv_nsec, (unsigned long)getpid());
    bool done = make_shareable(part, err) && path_part_finish(fd, part, database, err);
    if (done && !point_at(index, database, err)) {
        remove_database(database);
        done = false;
    }
    free(database);
    return done;
}
