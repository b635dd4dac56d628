/* cache: stages, and how they become versions.
 *
 * Everything is made in the stage and renamed from there, under the lock of the product's
 * folder, so that a kill leaves nothing but a stage. Where one rename is not enough (a
 * version with files or a sum beside it), a note in the stage tells the broom which
 * folder to tidy.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

static const char note_name[] = "tidy";

struct cache_stage {
    bool is_for_later; /* what is current stays so */
    char *folder, *file;
    int lock;
};

/* ---- Stages ---- */

struct cache_stage *cache_stage_in(const struct cache_home *home, struct error *err)
{
    int lock;
    char *folder = cache_make_own(home->is_shared ? home : NULL, "stage", &lock, err);
    if (folder == NULL) {
        return NULL;
    }
    struct cache_stage *stage = memory_new(sizeof *stage);
    stage->folder = folder;
    stage->file = path_join(folder, "version.db");
    stage->lock = lock;
    return stage;
}

struct cache_stage *cache_stage_new(const struct cache_product *product,
                                    struct error *err)
{
    struct cache_home home;
    if (!cache_home_of(product, &home, err)) {
        return NULL;
    }
    struct cache_stage *stage = cache_stage_in(&home, err);
    cache_home_close(&home);
    return stage;
}

const char *cache_stage_file(const struct cache_stage *stage)
{
    return stage->file;
}

const char *cache_stage_folder(const struct cache_stage *stage)
{
    return stage->folder;
}

void cache_stage_free(struct cache_stage *stage)
{
    if (stage == NULL) {
        return;
    }
    cache_stage_clean(stage->folder);
    path_remove_tree(stage->folder, NULL);
    close(stage->lock);
    free(stage->folder);
    free(stage->file);
    free(stage);
}

/* ---- Tidying ---- */

bool cache_stage_note(struct cache_stage *stage, const char *folder, struct error *err)
{
    char *note = path_join(stage->folder, note_name);
    bool good = path_write_file(note, folder, strlen(folder), 0600, err);
    free(note);
    return good;
}

void cache_stage_forget(const struct cache_stage *stage)
{
    char *note = path_join(stage->folder, note_name);
    unlink(note);
    free(note);
}

/* Is this beside a version, and that version gone? */
static bool has_lost_its_version(const char *folder, const char *name)
{
    static const char *const suffixes[] = {".sha256", ".files", ".used"};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (string_ends(name, suffixes[i])) {
            size_t length = strlen(name) - strlen(suffixes[i]);
            char *file = string_printf("%s/%.*s.db", folder, (int)length, name);
            bool lost = !path_exists(file);
            free(file);
            return lost;
        }
    }
    return false;
}

void cache_tidy(const char *folder)
{
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
        if (entry->d_name[0] != '.' && has_lost_its_version(folder, entry->d_name)) {
            char *path = path_join(folder, entry->d_name);
            if (unlink(path) != 0) {
                path_remove_tree(path, NULL);
            }
            free(path);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
}

void cache_stage_clean(const char *stage)
{
    enum { LONGEST = 4096 };
    char *note = path_join(stage, note_name), *folder = NULL;
    size_t length;
    struct cache_lock lock;
    if (path_read_file(note, LONGEST, &folder, &length, NULL) &&
        cache_lock_folder(folder, &lock, NULL)) {
        cache_tidy(folder);
        cache_lock_end(&lock);
    }
    free(folder);
    free(note);
}

/* ---- Publishing ---- */

static bool move(const char *from, const char *to, struct error *err)
{
    if (path_is_folder(to)) { /* nothing of ours, and in the way */
        path_remove_tree(to, NULL);
    }
    return rename(from, to) == 0 ||
           error_set(err, ERROR_FAILED,
                     "could not put the new version in place as %s: %s", to,
                     error_of_errno(errno));
}

bool cache_point_to(struct cache_stage *stage, const struct cache_home *home,
                    const char *folder, const char *version_key, struct error *err)
{
    char *pointer = path_join(folder, "current");
    char *content = string_printf("%s.db\n", version_key);
    char *staged = path_join(stage->folder, "current");
    bool good = path_write_file(staged, content, strlen(content), 0600, err) &&
                (!home->is_shared || cache_seal_file(home, staged, folder, err)) &&
                move(staged, pointer, err) && path_sync_folder(folder, err);
    free(staged);
    free(content);
    free(pointer);
    return good;
}

/* All files below get their last mode, group and place on the disk. */
static bool seal_tree(const struct cache_home *home, const char *tree, const char *folder,
                      int depth, struct error *err)
{
    enum { DEEPEST = 64 };
    DIR *listing = depth < DEEPEST ? opendir(tree) : NULL;
    if (listing == NULL) {
        return error_set(err, ERROR_FAILED, "could not read the folder %s: %s", tree,
                         depth < DEEPEST ? error_of_errno(errno) : "it is too deep");
    }
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(listing)) != NULL;) {
        struct stat info;
        char *path = path_join(tree, entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            free(path);
            continue;
        }
        good = lstat(path, &info) == 0 && S_ISDIR(info.st_mode)
                   ? seal_tree(home, path, folder, depth + 1, err)
                   : cache_seal_file(home, path, folder, err);
        free(path);
    }
    closedir(listing);
    return good && cache_seal_folder(home, tree, folder, err) &&
           path_sync_folder(tree, err);
}

/* The files of this version take the place of those an earlier one of the same key had,
 * which go with the stage. */
static bool place_files(struct cache_stage *stage, const char *file, struct error *err)
{
    char *staged = path_join(stage->folder, "files");
    char *aside = path_join(stage->folder, "replaced");
    char *files = cache_beside(file, ".files");
    bool has_new = path_is_folder(staged), has_old = path_is_folder(files);
    bool good = true;
    if (has_new && has_old) {
        good = renameat2(AT_FDCWD, staged, AT_FDCWD, files, RENAME_EXCHANGE) == 0;
        if (!good && (errno == EINVAL || errno == ENOSYS)) {
            good = rename(files, aside) == 0 && rename(staged, files) == 0;
        }
    } else if (has_new || has_old) {
        good = has_new ? rename(staged, files) == 0 : rename(files, aside) == 0;
    }
    if (!good) {
        error_set(err, ERROR_FAILED,
                  "could not put the files of the new version in "
                  "place as %s: %s",
                  files, error_of_errno(errno));
    }
    free(files);
    free(aside);
    free(staged);
    return good;
}

static bool place_sum(struct cache_stage *stage, const struct cache_home *home,
                      const char *file, const char *folder, struct error *err)
{
    if (!home->is_shared) {
        return true;
    }
    char *staged = path_join(stage->folder, "sha256");
    char *sum = cache_beside(file, ".sha256");
    bool good = cache_write_sum(stage->file, staged, err) &&
                cache_seal_file(home, staged, folder, err) && move(staged, sum, err);
    free(sum);
    free(staged);
    return good;
}

/* What is to be there is sealed before the lock is taken, and renamed while it is held.
 */
static bool publish_in(struct cache_stage *stage, const struct cache_home *home,
                       const char *folder, const char *version_key, struct error *err)
{
    struct cache_lock lock;
    char *file = cache_version_file(folder, version_key);
    char *files = path_join(stage->folder, "files");
    bool has_more = home->is_shared || path_is_folder(files);
    bool good = (!path_is_folder(files) || seal_tree(home, files, folder, 0, err)) &&
                cache_seal_file(home, stage->file, folder, err) &&
                (!has_more || cache_stage_note(stage, folder, err)) &&
                cache_lock_folder(folder, &lock, err);
    if (good) {
        good = place_files(stage, file, err) &&
               place_sum(stage, home, file, folder, err) &&
               move(stage->file, file, err) && path_sync_folder(folder, err) &&
               (stage->is_for_later ||
                cache_point_to(stage, home, folder, version_key, err));
        cache_lock_end(&lock);
    }
    if (good) {
        cache_stage_forget(stage);
        cache_note_verified(home, file);
    }
    free(files);
    free(file);
    return good;
}

bool cache_stage_publish(struct cache_stage *stage, const struct cache_product *product,
                         const char *version_key, struct error *err)
{
    struct cache_home home;
    if (!cache_key_is_safe(version_key)) {
        return error_set(err, ERROR_FAILED, "could not keep a version named \"%s\"",
                         version_key);
    }
    if (!cache_home_of(product, &home, err)) {
        return false;
    }
    char *folder = cache_folder_below(&home, product);
    bool good = cache_make_folder(&home, product, folder, err) &&
                publish_in(stage, &home, folder, version_key, err);
    free(folder);
    cache_home_close(&home);
    return good;
}

bool cache_stage_keep(struct cache_stage *stage, const struct cache_product *product,
                      const char *version_key, struct error *err)
{
    stage->is_for_later = true;
    return cache_stage_publish(stage, product, version_key, err);
}
