/* catalog/intake: see intake.h. A window of asked files is worked on; the rest waits, so
 * that memory stays small however large the mesh is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/intake.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engine/lint.h"
#include "engine/path.h"
#include "engine/text.h"

enum {
    MOST_BYTES = 8 * 1024 * 1024,
    MOST_BYTES_UNNAMED =
        64 * 1024, /* of a YAML file that nothing marks as a descriptor */
    WINDOW = 256,
    MOST_THREADS = 8,
};

/* ---- One file ---- */

static void parse(struct taken *taken, const char *bytes, size_t length)
{
    struct error err = {0};
    enum document_format format = document_format_of(taken->path);
    taken->is_hinted =
        standard_has_name(taken->path) || standard_is_hinted(bytes, length);
    if (!taken->is_hinted && !(format == DOCUMENT_YAML && length <= MOST_BYTES_UNNAMED)) {
        return;
    }
    taken->document = document_parse(bytes, length, format, &taken->place, &err);
    if (taken->document == NULL) {
        taken->sentence = string_copy(err.message);
        taken->rule = taken->is_hinted ? "broken" : "broken-yaml";
        return;
    }
    taken->claim = standard_of(document_root(taken->document));
    if (taken->claim.id != STANDARD_UNKNOWN) {
        standard_validate(document_root(taken->document),
                          &(struct standard_check_spec){.path = taken->path},
                          &taken->findings);
        lint_document(document_root(taken->document), taken->claim, taken->path,
                      &taken->findings);
    }
}

void intake_read(const struct roots *roots, const char *path, struct taken *out)
{
    struct error err = {0};
    char *bytes;
    size_t length;
    char *full = roots_file(roots, path);
    *out = (struct taken){
        .path = string_copy(path), .findings = ARRAY_OF(struct finding), .place = {1, 1}};
    if (document_stamp_of(roots, path, &out->stamp)) {
        document_settle(&out->stamp);
    }
    if (path_read_file(full, MOST_BYTES, &bytes, &length, &err)) {
        out->is_read = true;
        document_hash(bytes, length, out->hash);
        parse(out, bytes, length);
        free(bytes);
    } else if (standard_has_name(path)) {
        out->is_hinted = true;
        out->sentence = string_copy(err.message);
        out->rule = "unreadable";
    }
    free(full);
}

void taken_release(struct taken *taken)
{
    document_free(taken->document);
    findings_release(&taken->findings);
    free(taken->sentence);
    free(taken->path);
    *taken = (struct taken){0};
}

/* ---- Many ---- */

struct place {
    struct taken taken;
    bool is_done;
};

struct intake {
    const struct roots *roots;
    struct array paths; /* of char *, in order */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t threads[MOST_THREADS];
    int running;
    size_t next;                 /* to be worked on */
    size_t taken;                /* the first one that was not taken */
    bool is_over;                /* nobody takes any more */
    struct place window[WINDOW]; /* of file i at i % WINDOW */
};

struct intake *intake_new(const struct roots *roots)
{
    struct intake *intake = memory_new(sizeof *intake);
    intake->roots = roots;
    intake->paths = (struct array)ARRAY_OF(char *);
    pthread_mutex_init(&intake->lock, NULL);
    pthread_cond_init(&intake->changed, NULL);
    return intake;
}

void intake_ask(struct intake *intake, const char *path)
{
    *(char **)array_push(&intake->paths) = string_copy(path);
}

size_t intake_count(const struct intake *intake)
{
    return intake->paths.count;
}

static void *work(void *argument)
{
    struct intake *intake = argument;
    pthread_mutex_lock(&intake->lock);
    for (;;) {
        while (!intake->is_over && intake->next < intake->paths.count &&
               intake->next >= intake->taken + WINDOW) {
            pthread_cond_wait(&intake->changed, &intake->lock);
        }
        if (intake->is_over || intake->next >= intake->paths.count) {
            break;
        }
        size_t mine = intake->next++;
        const char *path = *(char **)array_at(&intake->paths, mine);
        pthread_mutex_unlock(&intake->lock);
        struct taken taken;
        intake_read(intake->roots, path, &taken);
        pthread_mutex_lock(&intake->lock);
        intake->window[mine % WINDOW] = (struct place){taken, true};
        pthread_cond_broadcast(&intake->changed);
    }
    pthread_mutex_unlock(&intake->lock);
    return NULL;
}

void intake_start(struct intake *intake, int threads)
{
    threads = threads < MOST_THREADS ? threads : MOST_THREADS;
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&intake->threads[intake->running], NULL, work, intake) == 0) {
            intake->running++;
        }
    }
}

/* The place of the file, or beyond the end. */
static size_t find_place(const struct intake *intake, const char *path)
{
    size_t i = intake->taken;
    while (i < intake->paths.count &&
           !string_equal(path, *(char **)array_at(&intake->paths, i))) {
        i++;
    }
    return i;
}

/* Waits for the first one that was not taken. The lock is held. */
static struct taken take_first(struct intake *intake)
{
    struct place *place = &intake->window[intake->taken % WINDOW];
    while (!place->is_done) {
        pthread_cond_wait(&intake->changed, &intake->lock);
    }
    struct taken taken = place->taken;
    *place = (struct place){0};
    intake->taken++;
    pthread_cond_broadcast(&intake->changed);
    return taken;
}

bool intake_take(struct intake *intake, const char *path, struct taken *out)
{
    size_t wanted = find_place(intake, path);
    if (wanted >= intake->paths.count || intake->running == 0) {
        return false;
    }
    pthread_mutex_lock(&intake->lock);
    while (intake->taken < wanted) {
        struct taken passed = take_first(intake);
        taken_release(&passed);
    }
    *out = take_first(intake);
    pthread_mutex_unlock(&intake->lock);
    return true;
}

void intake_free(struct intake *intake)
{
    if (intake == NULL) {
        return;
    }
    pthread_mutex_lock(&intake->lock);
    intake->is_over = true;
    pthread_cond_broadcast(&intake->changed);
    pthread_mutex_unlock(&intake->lock);
    for (int i = 0; i < intake->running; i++) {
        pthread_join(intake->threads[i], NULL);
    }
    for (size_t i = 0; i < WINDOW; i++) {
        if (intake->window[i].is_done) {
            taken_release(&intake->window[i].taken);
        }
    }
    for (size_t i = 0; i < intake->paths.count; i++) {
        free(*(char **)array_at(&intake->paths, i));
    }
    array_release(&intake->paths);
    pthread_mutex_destroy(&intake->lock);
    pthread_cond_destroy(&intake->changed);
    free(intake);
}
