/* arrival: a file that is still coming.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/arrival.h"

#include <errno.h>
#include <gcrypt.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/digest.h"
#include "engine/path.h"
#include "engine/text.h"

enum {
    BLOCK = 256 * 1024,
    LOOK_AROUND_MS = 100, /* how soon a reader sees that its job was cancelled */
};

struct arrival {
    int fd;
    char *shown;
    gcry_md_hd_t hash; /* SHA-256 of all bytes so far */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* Below: under the mutex. */
    long long length, expected;
    bool is_read, has_ended, is_unwanted;
    struct error why; /* kind ERROR_NONE: all is well */
};

static bool read_block(struct arrival *arrival, long long offset, void *block,
                       size_t room, size_t *got, struct error *err)
{
    ssize_t length;
    do {
        length = pread(arrival->fd, block, room, (off_t)offset);
    } while (length < 0 && errno == EINTR);
    *got = length > 0 ? (size_t)length : 0;
    return length >= 0 || error_set(err, ERROR_FAILED, "could not read %s: %s",
                                    arrival->shown, error_of_errno(errno));
}

/* What lies in the file up to `length`, into a hash. */
static bool hash_file(struct arrival *arrival, gcry_md_hd_t hash, long long length,
                      struct error *err)
{
    char *block = memory_new(BLOCK);
    bool good = true;
    for (long long at = 0; good && at < length;) {
        size_t room = length - at < BLOCK ? (size_t)(length - at) : BLOCK, got = 0;
        good = read_block(arrival, at, block, room, &got, err) &&
               (got > 0 || error_set(err, ERROR_FAILED,
                                     "%s became shorter while it was "
                                     "read",
                                     arrival->shown));
        gcry_md_write(hash, block, got);
        at += (long long)got;
    }
    free(block);
    return good;
}

/* With the hash of the bytes that are there. */
static struct arrival *start_arrival(int fd, long long have, const char *shown,
                                     struct error *err)
{
    struct arrival *arrival = memory_new(sizeof *arrival);
    pthread_condattr_t monotonic;
    *arrival = (struct arrival){.fd = fd, .expected = -1, .length = have};
    arrival->shown = string_copy(shown);
    pthread_mutex_init(&arrival->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&arrival->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (gcry_md_open(&arrival->hash, GCRY_MD_SHA256, 0) != 0) {
        error_set(err, ERROR_FAILED, "could not read %s: no SHA-256 here", shown);
    } else if (hash_file(arrival, arrival->hash, have, err)) {
        return arrival;
    }
    arrival_free(arrival);
    return NULL;
}

struct arrival *arrival_new(int fd, long long have, const char *shown, struct error *err)
{
    if (ftruncate(fd, (off_t)have) == 0) {
        return start_arrival(fd, have, shown, err);
    }
    error_set(err, ERROR_FAILED, "could not write what arrives of %s: %s", shown,
              error_of_errno(errno));
    close(fd);
    return NULL;
}

struct arrival *arrival_of_file(int fd, const char *shown, struct error *err)
{
    struct stat info;
    if (fstat(fd, &info) != 0) {
        error_set(err, ERROR_FAILED, "could not read %s: %s", shown,
                  error_of_errno(errno));
        close(fd);
        return NULL;
    }
    struct arrival *arrival = start_arrival(fd, (long long)info.st_size, shown, err);
    if (arrival != NULL) {
        arrival_end(arrival, NULL);
    }
    return arrival;
}

void arrival_free(struct arrival *arrival)
{
    if (arrival == NULL) {
        return;
    }
    pthread_mutex_destroy(&arrival->mutex);
    pthread_cond_destroy(&arrival->changed);
    gcry_md_close(arrival->hash);
    close(arrival->fd);
    free(arrival->shown);
    free(arrival);
}

int arrival_fd(const struct arrival *arrival)
{
    return arrival->fd;
}

/* ---- The thread that brings ---- */

static bool write_block(struct arrival *arrival, const char *bytes, size_t length,
                        long long at, struct error *err)
{
    while (length > 0) {
        ssize_t written = pwrite(arrival->fd, bytes, length, (off_t)at);
        if (written < 0 && errno != EINTR) {
            return error_set(err, ERROR_FAILED, "could not write what arrives of %s: %s",
                             arrival->shown, error_of_errno(errno));
        }
        size_t done = written > 0 ? (size_t)written : 0;
        bytes += done;
        length -= done;
        at += (long long)done;
    }
    return true;
}

bool arrival_add(struct arrival *arrival, const void *bytes, size_t length,
                 struct error *err)
{
    pthread_mutex_lock(&arrival->mutex);
    long long at = arrival->length;
    bool wanted = !arrival->is_unwanted;
    pthread_mutex_unlock(&arrival->mutex);
    if (!wanted) {
        return error_set(err, ERROR_CANCELLED, "%s is not wanted any more",
                         arrival->shown);
    }
    /* Only this thread moves the end, so nobody reads what is being written. */
    if (!write_block(arrival, bytes, length, at, err)) {
        return false;
    }
    gcry_md_write(arrival->hash, bytes, length);
    pthread_mutex_lock(&arrival->mutex);
    arrival->length = at + (long long)length;
    pthread_cond_broadcast(&arrival->changed);
    pthread_mutex_unlock(&arrival->mutex);
    return true;
}

bool arrival_restart(struct arrival *arrival, struct error *err)
{
    pthread_mutex_lock(&arrival->mutex);
    bool was_read = arrival->is_read && arrival->length > 0;
    if (!was_read) {
        arrival->length = 0;
    }
    pthread_mutex_unlock(&arrival->mutex);
    if (was_read) {
        return error_set(err, ERROR_FAILED,
                         "%s changed at its source while it was read; try again",
                         arrival->shown);
    }
    gcry_md_reset(arrival->hash);
    return ftruncate(arrival->fd, 0) == 0 ||
           error_set(err, ERROR_FAILED, "could not write what arrives of %s: %s",
                     arrival->shown, error_of_errno(errno));
}

void arrival_expect(struct arrival *arrival, long long bytes)
{
    pthread_mutex_lock(&arrival->mutex);
    arrival->expected = bytes;
    pthread_mutex_unlock(&arrival->mutex);
}

void arrival_end(struct arrival *arrival, const struct error *why)
{
    pthread_mutex_lock(&arrival->mutex);
    arrival->has_ended = true;
    if (why != NULL) {
        arrival->why = *why;
    }
    pthread_cond_broadcast(&arrival->changed);
    pthread_mutex_unlock(&arrival->mutex);
}

/* ---- Those that read ---- */

static void wait_a_little(struct arrival *arrival)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_AROUND_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&arrival->changed, &arrival->mutex, &until);
}

/* Under the mutex: wait for more than `offset` bytes, or the end. */
static bool wait_for(struct arrival *arrival, long long offset, struct job_port *port,
                     struct error *err)
{
    while (arrival->length <= offset && !arrival->has_ended) {
        if (port != NULL && job_cancelled(port)) {
            return error_set(err, ERROR_CANCELLED, "getting %s was cancelled",
                             arrival->shown);
        }
        wait_a_little(arrival);
    }
    if (arrival->length <= offset && arrival->why.kind != ERROR_NONE) {
        if (err != NULL) {
            *err = arrival->why;
        }
        return false;
    }
    return true;
}

bool arrival_wait(struct arrival *arrival, long long offset, struct job_port *port,
                  long long *length, struct error *err)
{
    pthread_mutex_lock(&arrival->mutex);
    bool good = wait_for(arrival, offset, port, err);
    arrival->is_read = true;
    *length = arrival->length;
    pthread_mutex_unlock(&arrival->mutex);
    return good;
}

bool arrival_settle(struct arrival *arrival, struct job_port *port, struct error *err)
{
    pthread_mutex_lock(&arrival->mutex);
    bool good = true;
    while (good && !arrival->has_ended) {
        good = wait_for(arrival, arrival->length, port, err);
    }
    if (good && arrival->why.kind != ERROR_NONE) {
        good = false;
        if (err != NULL) {
            *err = arrival->why;
        }
    }
    pthread_mutex_unlock(&arrival->mutex);
    return good;
}

void arrival_give_up(struct arrival *arrival)
{
    pthread_mutex_lock(&arrival->mutex);
    arrival->is_unwanted = true;
    pthread_mutex_unlock(&arrival->mutex);
}

long long arrival_length(struct arrival *arrival)
{
    pthread_mutex_lock(&arrival->mutex);
    long long length = arrival->length;
    pthread_mutex_unlock(&arrival->mutex);
    return length;
}

long long arrival_expected(struct arrival *arrival)
{
    pthread_mutex_lock(&arrival->mutex);
    long long expected = arrival->expected;
    pthread_mutex_unlock(&arrival->mutex);
    return expected;
}

/* ---- Hashes ---- */

bool arrival_hash(struct arrival *arrival, const char *kind, char hex[65],
                  struct error *err)
{
    static const struct {
        const char *name;
        int algorithm;
    } kinds[] = {{"sha1", GCRY_MD_SHA1}, {"git", GCRY_MD_SHA1}, {"md5", GCRY_MD_MD5}};
    if (string_equal(kind, "sha256")) {
        digest_write_hex(gcry_md_read(arrival->hash, GCRY_MD_SHA256), 32, hex);
        return true;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        gcry_md_hd_t hash;
        if (!string_equal(kind, kinds[i].name) ||
            gcry_md_open(&hash, kinds[i].algorithm, 0) != 0) {
            continue;
        }
        long long length = arrival_length(arrival);
        if (string_equal(kind, "git")) {
            char head[40];
            int size = snprintf(head, sizeof head, "blob %lld", length);
            gcry_md_write(hash, head, (size_t)size + 1);
        }
        bool good = hash_file(arrival, hash, length, err);
        digest_write_hex(gcry_md_read(hash, 0), gcry_md_get_algo_dlen(kinds[i].algorithm),
                         hex);
        gcry_md_close(hash);
        return good;
    }
    return error_set(err, ERROR_FAILED, "could not verify %s: %s is no hash known here",
                     arrival->shown, kind);
}
