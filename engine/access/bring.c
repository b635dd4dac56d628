/* access/bring: files on their way. A few threads take them in order, each from its
 * answer to its last byte; what came of a broken attempt stays in the folder for arriving
 * files, with the tag of its source, and is gone on with by the next.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access/private.h"

#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/secret.h"

enum {
    NAME_BYTES = 16,
    LOOK_AROUND_MS = 100,
    FILES_BESIDES = 256,        /* that are open besides those that come */
    LEAST_TO_GO_ON = 64 * 1024, /* bytes: less is fetched again as fast as gone on with */
};

/* The threads of one table, and what they share. */
struct bring_gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct access_bring **brings;
    size_t count, next;
    pthread_t threads[ACCESS_AT_ONCE];
    size_t thread_count;
    bool is_stopped;
    int owners; /* files that hold it */
};

/* ---- What an earlier attempt left ---- */

static char *part_name(const struct access_bring *bring, const char *folder)
{
    unsigned char digest[32];
    char *name = string_printf("%s/%*s.part", folder, 2 * NAME_BYTES, "");
    char *at = name + strlen(folder) + 1;
    gcry_md_hash_buffer(GCRY_MD_SHA256, digest, bring->location, strlen(bring->location));
    for (int i = 0; i < NAME_BYTES; i++) {
        *at++ = "0123456789abcdef"[digest[i] >> 4];
        *at++ = "0123456789abcdef"[digest[i] & 15];
    }
    return name;
}

static char *tag_name(const char *partial)
{
    return string_printf("%s.tag", partial);
}

/* The part of the file that is here, alone in this process's hands; another process that
 * brings the same file leaves us a name of our own. */
static bool open_part(struct access_bring *bring, const char *folder, struct error *err)
{
    bring->partial = part_name(bring, folder);
    int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
    bring->fd = open(bring->partial, flags, 0600);
    if (bring->fd >= 0 && flock(bring->fd, LOCK_EX | LOCK_NB) != 0) {
        close(bring->fd);
        free(bring->partial);
        bring->partial = string_printf("%s/own-XXXXXX", folder);
        bring->fd = mkostemp(bring->partial, O_CLOEXEC);
    }
    struct stat info;
    if (bring->fd < 0 || fstat(bring->fd, &info) != 0) {
        return error_set(err, ERROR_FAILED,
                         "could not write what arrives of %s to %s: %s", bring->shown,
                         folder, error_of_errno(errno));
    }
    char *tag = tag_name(bring->partial), *bytes = NULL;
    size_t length = 0;
    if (info.st_size > 0 &&
        path_read_file(tag, ACCESS_TAG_SIZE - 1, &bytes, &length, NULL) && length > 0) {
        bring->have = (long long)info.st_size;
        memcpy(bring->have_tag, bytes, length + 1);
    }
    free(bytes);
    free(tag);
    return true;
}

static void remove_part(struct access_bring *bring)
{
    if (bring->partial != NULL) {
        char *tag = tag_name(bring->partial);
        unlink(tag);
        unlink(bring->partial);
        free(tag);
    }
}

/* ---- What methods call ---- */

struct access_bring *bring_new(const struct place *place, const struct method *method,
                               const char *location, struct array *files)
{
    struct access_bring *bring = memory_new(sizeof *bring);
    const struct array *known = place->spec->known;
    bring->method = method;
    bring->location = string_copy(location);
    bring->shown = secret_redact(location);
    bring->port = place->spec->port;
    bring->fd = -1;
    bring->facts.bytes = -1;
    for (size_t i = 0; known != NULL && i < known->count; i++) {
        const struct access_facts *one = array_at(known, i);
        if (string_equal(one->location, bring->shown)) {
            bring->known = *one;
            bring->known.location = string_copy(one->location);
            break;
        }
    }
    struct access_file *file = array_push(files);
    *file = (struct access_file){.path = string_copy(bring->shown),
                                 .fd = -1,
                                 .bytes = -1,
                                 .format = method->format,
                                 .bring = bring};
    return bring;
}

static void answer(struct access_bring *bring)
{
    pthread_mutex_lock(&bring->gate->mutex);
    bring->has_answered = true;
    pthread_cond_broadcast(&bring->gate->changed);
    pthread_mutex_unlock(&bring->gate->mutex);
}

void bring_unchanged(struct access_bring *bring)
{
    bring->is_unchanged = true;
    answer(bring);
}

/* Half of what is free stays free: the import needs room as well. */
static bool check_room(const struct access_bring *bring, long long wanted,
                       struct error *err)
{
    struct statvfs disk;
    if (wanted <= 0 || fstatvfs(bring->fd, &disk) != 0) {
        return true;
    }
    long long room = (long long)disk.f_bavail * (long long)disk.f_frsize;
    return wanted <= room ||
           error_set(err, ERROR_FAILED,
                     "could not fetch %s: it has %lld MiB, and only %lld MiB are free on "
                     "the disk of the cache; make room, or set MWB_CACHE to another disk",
                     bring->shown, wanted >> 20, room >> 20);
}

bool bring_begin(struct access_bring *bring, long long have, long long expected,
                 struct error *err)
{
    const char *etag = bring->facts.etag;
    char *tag = tag_name(bring->partial);
    if (have == 0) {
        unlink(tag); /* it is of other bytes */
    }
    bool is_kept = etag[0] != '\0' && (expected < 0 || expected >= LEAST_TO_GO_ON);
    bool good = check_room(bring, expected - have, err) &&
                (!is_kept || path_write_file(tag, etag, strlen(etag), 0600, err));
    free(tag);
    if (!good) {
        return false;
    }
    struct arrival *arrival = arrival_new(bring->fd, have, bring->shown, err);
    bring->fd = -1; /* the arrival's, also when it failed */
    if (arrival == NULL) {
        return false;
    }
    arrival_expect(arrival, expected);
    pthread_mutex_lock(&bring->gate->mutex);
    bring->arrival = arrival;
    if (bring->gate->is_stopped) {
        arrival_give_up(arrival);
    }
    pthread_mutex_unlock(&bring->gate->mutex);
    answer(bring);
    return true;
}

bool bring_again(struct access_bring *bring, long long expected, struct error *err)
{
    char *tag = tag_name(bring->partial);
    unlink(tag); /* it is of other bytes */
    free(tag);
    if (!arrival_restart(bring->arrival, err)) {
        return false;
    }
    arrival_expect(bring->arrival, expected);
    return true;
}

bool bring_is_wanted(struct access_bring *bring)
{
    pthread_mutex_lock(&bring->gate->mutex);
    bool stopped = bring->gate->is_stopped;
    pthread_mutex_unlock(&bring->gate->mutex);
    return !stopped && (bring->port == NULL || !job_cancelled(bring->port));
}

/* ---- Threads ---- */

static void end_bring(struct access_bring *bring, const struct error *why)
{
    if (bring->arrival != NULL) {
        arrival_end(bring->arrival, why);
    }
    pthread_mutex_lock(&bring->gate->mutex);
    bring->has_answered = true;
    bring->has_ended = true;
    if (why != NULL) {
        bring->why = *why;
    }
    pthread_cond_broadcast(&bring->gate->changed);
    pthread_mutex_unlock(&bring->gate->mutex);
}

static void bring_one(struct access_bring *bring)
{
    struct error err = {0};
    bool good = bring->is_unchanged || bring->method->bring(bring, &err);
    if (good && bring->arrival == NULL && !bring->is_unchanged) {
        good = error_set(&err, ERROR_FAILED, "could not fetch %s: there was no answer",
                         bring->shown);
    }
    long long expected =
        good && bring->arrival != NULL ? arrival_expected(bring->arrival) : -1;
    if (expected >= 0 && arrival_length(bring->arrival) != expected) {
        good = error_set(&err, ERROR_FAILED,
                         "could not fetch %s: %lld bytes were announced and %lld came",
                         bring->shown, expected, arrival_length(bring->arrival));
    }
    end_bring(bring, good ? NULL : &err);
}

static struct access_bring *take_next(struct bring_gate *gate)
{
    pthread_mutex_lock(&gate->mutex);
    struct access_bring *bring = NULL;
    if (!gate->is_stopped && gate->next < gate->count) {
        bring = gate->brings[gate->next++];
        bring->is_started = true;
    }
    pthread_mutex_unlock(&gate->mutex);
    return bring;
}

static void *run_thread(void *argument)
{
    struct bring_gate *gate = argument;
    struct access_bring *bring;
    while ((bring = take_next(gate)) != NULL) {
        bring_one(bring);
    }
    return NULL;
}

static bool start_threads(struct bring_gate *gate, struct error *err)
{
    size_t wanted = gate->count < ACCESS_AT_ONCE ? gate->count : ACCESS_AT_ONCE;
    while (gate->thread_count < wanted) {
        int number =
            pthread_create(&gate->threads[gate->thread_count], NULL, run_thread, gate);
        if (number != 0) {
            return gate->thread_count > 0 ||
                   error_set(err, ERROR_FAILED,
                             "could not start a thread to fetch %s: %s",
                             gate->brings[0]->shown, error_of_errno(number));
        }
        gate->thread_count++;
    }
    return true;
}

/* ---- The caller's side ---- */

static struct bring_gate *gate_new(const struct array *files)
{
    struct bring_gate *gate = memory_new(sizeof *gate);
    pthread_condattr_t monotonic;
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&gate->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    gate->brings = memory_new((files->count + 1) * sizeof(struct access_bring *));
    for (size_t i = 0; i < files->count; i++) {
        struct access_file *file = array_at(files, i);
        if (file->bring != NULL) {
            gate->brings[gate->count++] = file->bring;
            file->bring->gate = gate;
            gate->owners++;
        }
    }
    return gate;
}

static void gate_free(struct bring_gate *gate)
{
    pthread_mutex_destroy(&gate->mutex);
    pthread_cond_destroy(&gate->changed);
    free(gate->brings);
    free(gate);
}

/* Wait for its answer. */
static bool wait_for_answer(struct access_bring *bring, struct error *err)
{
    struct bring_gate *gate = bring->gate;
    bool cancelled = false;
    pthread_mutex_lock(&gate->mutex);
    while (!bring->has_answered && !cancelled) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += LOOK_AROUND_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&gate->changed, &gate->mutex, &until);
        cancelled = bring->port != NULL && job_cancelled(bring->port);
    }
    struct error why = bring->why;
    bool good = !cancelled && (bring->arrival != NULL || bring->is_unchanged);
    pthread_mutex_unlock(&gate->mutex);
    if (cancelled) {
        return error_set(err, ERROR_CANCELLED, "getting %s was cancelled", bring->shown);
    }
    if (!good && err != NULL) {
        *err = why;
    }
    return good;
}

static void take_answer(struct access_file *file)
{
    struct access_bring *bring = file->bring;
    file->is_unchanged = bring->is_unchanged;
    file->arrival = bring->arrival;
    file->fd = bring->arrival != NULL ? arrival_fd(bring->arrival) : -1;
    file->bytes = bring->arrival != NULL ? arrival_expected(bring->arrival) : -1;
    file->dialect = bring->dialect;
    file->columns = bring->columns;
    file->facts = bring->facts;
    if (file->is_unchanged) {
        file->facts = bring->known;
    }
    file->facts.location = string_copy(bring->shown);
}

/* Each file that comes is open until it is imported, and a name may stand for thousands:
 * this process, which only gets products, may have as many as the host allows. */
static void raise_files(size_t count)
{
    struct rlimit files;
    rlim_t wanted = count + FILES_BESIDES;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < wanted) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

bool bring_start(const struct access_spec *spec, struct array *files, struct error *err)
{
    struct bring_gate *gate = gate_new(files);
    bool good = true;
    if (gate->count == 0) {
        gate_free(gate);
        return true;
    }
    raise_files(gate->count);
    for (size_t i = 0; good && i < gate->count; i++) {
        good = gate->brings[i]->is_unchanged ||
               open_part(gate->brings[i], spec->partial, err);
    }
    good = good && start_threads(gate, err);
    for (size_t i = 0; good && i < files->count; i++) {
        struct access_file *file = array_at(files, i);
        if (file->bring != NULL) {
            good = wait_for_answer(file->bring, err);
            if (good) {
                take_answer(file);
            }
        }
    }
    return good;
}

bool bring_settle(struct access_file *file, struct job_port *port, struct error *err)
{
    if (file->arrival == NULL) {
        return true;
    }
    if (!arrival_settle(file->arrival, port, err) ||
        !arrival_hash(file->arrival, "sha256", file->facts.sha256, err)) {
        return false;
    }
    file->bytes = file->facts.bytes = arrival_length(file->arrival);
    return true;
}

/* Nobody wants the files any more: the threads end at their next look around. */
void bring_stop(struct array *files)
{
    struct bring_gate *gate = NULL;
    for (size_t i = 0; i < files->count; i++) {
        struct access_bring *bring = ((struct access_file *)array_at(files, i))->bring;
        gate = bring != NULL && bring->gate != NULL ? bring->gate : gate;
    }
    if (gate == NULL) {
        return;
    }
    pthread_mutex_lock(&gate->mutex);
    gate->is_stopped = true;
    for (size_t i = 0; i < gate->count; i++) {
        if (gate->brings[i]->arrival != NULL) {
            arrival_give_up(gate->brings[i]->arrival);
        }
    }
    pthread_mutex_unlock(&gate->mutex);
    for (size_t i = 0; i < gate->thread_count; i++) {
        pthread_join(gate->threads[i], NULL);
    }
    gate->thread_count = 0;
}

/* What is whole, or cannot be gone on with, does not stay. */
void bring_free(struct access_bring *bring)
{
    if (bring == NULL) {
        return;
    }
    bool is_whole = bring->has_ended && bring->why.kind == ERROR_NONE;
    bool may_go_on = bring->facts.etag[0] != '\0' && bring->arrival != NULL &&
                     arrival_length(bring->arrival) > 0 && !bring->is_refused;
    bool was_left = bring->arrival == NULL && bring->have > 0 && !bring->is_unchanged;
    if (is_whole || (!may_go_on && !was_left)) {
        remove_part(bring);
    }
    if (bring->arrival != NULL) {
        arrival_free(bring->arrival);
    } else if (bring->fd >= 0) {
        close(bring->fd);
    }
    if (bring->gate != NULL && --bring->gate->owners == 0) {
        gate_free(bring->gate);
    }
    if (bring->method->release != NULL) {
        bring->method->release(bring->own);
    }
    free(bring->known.location);
    free(bring->partial);
    free(bring->location);
    free(bring->shown);
    free(bring);
}
