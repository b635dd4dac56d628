/* key: the secret file that tokens are made with: found, made once, refused when others
 * could read it.
 *
 * It is written whole under another name and gets its own by link(2), which never
 * replaces: of two processes that make it at once both go on with the same key.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/mask/private.h"
#include "engine/path.h"
#include "engine/text.h"

/* A file that $MWB_MASK_KEY names may serve a group; the person's own serves nobody
 * else. */
struct place {
    char *path;
    bool is_named;
};

static bool place_of(const char *name, struct place *place, struct error *err)
{
    const char *named = getenv("MWB_MASK_KEY");
    place->is_named = named != NULL && named[0] != '\0';
    if (place->is_named) {
        place->path = string_copy(named);
        return true;
    }
    if (name == NULL || strchr(name, '/') != NULL || !path_is_safe(name)) {
        error_set(err, ERROR_FAILED,
                  "could not open the masking key: the name of the mesh cannot be the "
                  "name of a file");
        return false;
    }
    char *folder = path_of_place(PLACE_DATA, "keys", err);
    if (folder != NULL) {
        char *file = string_printf("%s.key", name);
        place->path = path_join(folder, file);
        free(file);
        free(folder);
    }
    return place->path != NULL;
}

static bool check_modes(int fd, const struct place *place, struct error *err)
{
    struct stat info;
    mode_t loose = place->is_named ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        return error_set(err, ERROR_FAILED, "the masking key %s is no ordinary file",
                         place->path);
    }
    if ((info.st_mode & loose) != 0) {
        return error_set(err, ERROR_FAILED,
                         "the masking key %s has mode %04o, so others can read or change "
                         "it; chmod %s it, and if somebody may have seen it, remove it: "
                         "the next get makes a new one",
                         place->path, (unsigned)(info.st_mode & 07777),
                         place->is_named ? "0640" : "0600");
    }
    if (!place->is_named && info.st_uid != geteuid()) {
        return error_set(
            err, ERROR_FAILED,
            "the masking key %s belongs to somebody else; remove it, or name "
            "a key with $MWB_MASK_KEY",
            place->path);
    }
    if (info.st_size != MASK_KEY_SIZE) {
        return error_set(err, ERROR_FAILED,
                         "the masking key %s has %lld bytes and must have %d; bring it "
                         "back from a copy, or remove it for a new one that gives other "
                         "tokens",
                         place->path, (long long)info.st_size, MASK_KEY_SIZE);
    }
    return true;
}

static bool read_secret(int fd, unsigned char *secret)
{
    size_t done = 0;
    while (done < MASK_KEY_SIZE) {
        ssize_t got = read(fd, secret + done, MASK_KEY_SIZE - done);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static bool draw_secret(unsigned char *secret)
{
    size_t done = 0;
    while (done < MASK_KEY_SIZE) {
        ssize_t got = getrandom(secret + done, MASK_KEY_SIZE - done, 0);
        if (got < 0 && errno != EINTR) {
            return false;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* True also when somebody else was quicker: the file is there. */
static bool write_secret(const struct place *place, const unsigned char *secret,
                         struct error *err)
{
    char *part;
    int fd = path_part_open(place->path, 0600, &part, err);
    if (fd < 0) {
        return false;
    }
    bool good = fchmod(fd, 0600) == 0 && path_write_bytes(fd, secret, MASK_KEY_SIZE) &&
                fsync(fd) == 0 && (link(part, place->path) == 0 || errno == EEXIST);
    if (!good) {
        error_set(err, ERROR_FAILED, "could not make the masking key %s: %s", place->path,
                  error_of_errno(errno));
    }
    path_part_close(fd, part, false);
    return good;
}

static bool make_key(const struct place *place, struct error *err)
{
    unsigned char secret[MASK_KEY_SIZE];
    char *folder = path_folder(place->path);
    bool good = path_make_folders(folder, err);
    if (good && !draw_secret(secret)) {
        good = error_set(err, ERROR_FAILED, "could not make the masking key %s: %s",
                         place->path, error_of_errno(errno));
    }
    good = good && write_secret(place, secret, err) && path_sync_folder(folder, err);
    explicit_bzero(secret, sizeof secret);
    free(folder);
    return good;
}

static int open_place(const struct place *place)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    return open(place->path, place->is_named ? flags : flags | O_NOFOLLOW);
}

static struct mask_key *open_key(const struct place *place, struct error *err)
{
    int fd = open_place(place);
    if (fd < 0 && errno == ENOENT) {
        if (!make_key(place, err)) {
            return NULL;
        }
        fd = open_place(place);
    }
    if (fd < 0) {
        error_set(err, ERROR_FAILED, "could not open the masking key %s: %s", place->path,
                  error_of_errno(errno));
        return NULL;
    }
    unsigned char secret[MASK_KEY_SIZE];
    struct mask_key *key = NULL;
    if (check_modes(fd, place, err)) {
        if (read_secret(fd, secret)) {
            key = mask_key_new(secret, sizeof secret, err);
        } else {
            error_set(err, ERROR_FAILED, "could not read the masking key %s",
                      place->path);
        }
    }
    explicit_bzero(secret, sizeof secret);
    close(fd);
    return key;
}

struct mask_key *mask_key_open(const char *name, struct error *err)
{
    struct place place = {0};
    struct mask_key *key = place_of(name, &place, err) ? open_key(&place, err) : NULL;
    free(place.path);
    return key;
}
