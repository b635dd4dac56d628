/* filetree: snapshots of indexes in the cache.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/filetree/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/filetree/private.h"
#include "engine/path.h"
#include "engine/text.h"

enum { MOST_LIST = 16 * 1024 * 1024 };

static const char first_line[] = "mwb-snapshot 1";

/* ---- Places ---- */

char *snapshot_folder(const struct snapshot *snapshot)
{
    return path_join(snapshot->place, snapshot->mark);
}

const struct snapshot_file *snapshot_file(const struct snapshot *snapshot,
                                          const char *path)
{
    for (size_t i = 0; i < snapshot->files.count; i++) {
        const struct snapshot_file *file = array_at(&snapshot->files, i);
        if (string_equal(file->path, path)) {
            return file;
        }
    }
    return NULL;
}

/* ---- The list: lines of words with tabs between ---- */

static void copy_word(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from);
}

/* The words of a line, ended in place; those that are not there are "". */
static void split_line(char *line, char *words[5])
{
    for (int i = 0; i < 5; i++) {
        char *tab = line != NULL ? strchr(line, '\t') : NULL;
        words[i] = line != NULL ? line : (char *)"";
        line = tab != NULL ? tab + 1 : NULL;
        if (tab != NULL) {
            *tab = '\0';
        }
    }
}

static bool take_line(struct snapshot *snapshot, char *line)
{
    char *words[5];
    split_line(line, words);
    if (string_equal(words[0], "mark")) {
        copy_word(snapshot->mark, sizeof snapshot->mark, words[1]);
        return strspn(words[1], "0123456789abcdef") == 64 && strlen(words[1]) == 64;
    }
    if (string_equal(words[0], "fetched")) {
        snapshot->fetched = strtoll(words[1], NULL, 10);
    } else if (string_equal(words[0], "file")) {
        if (!path_is_safe(words[1])) {
            return false;
        }
        struct snapshot_file *file = array_push(&snapshot->files);
        file->path = string_copy(words[1]);
        copy_word(file->hash, sizeof file->hash, words[2]);
        copy_word(file->etag, sizeof file->etag, words[3]);
        copy_word(file->changed, sizeof file->changed, words[4]);
    }
    return true;
}

static void forget(struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->files.count; i++) {
        free(((struct snapshot_file *)array_at(&snapshot->files, i))->path);
    }
    array_clear(&snapshot->files);
    snapshot->mark[0] = '\0';
    snapshot->fetched = 0;
}

static void take_list(struct snapshot *snapshot, char *text)
{
    bool good = string_starts(text, first_line);
    for (char *line = text; good && line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        good = take_line(snapshot, line);
        line = end != NULL ? end + 1 : NULL;
    }
    char *folder = snapshot_folder(snapshot);
    if (!good || snapshot->mark[0] == '\0' || !path_is_folder(folder)) {
        forget(snapshot); /* fetched again, as if it had never been */
    }
    free(folder);
}

bool snapshot_read(const char *url, const char *cache, struct snapshot *snapshot,
                   struct error *err)
{
    *snapshot = (struct snapshot){.files = ARRAY_OF(struct snapshot_file),
                                  .place = filetree_cache_place(cache, "web", url, err)};
    if (snapshot->place == NULL || !path_make_folders(snapshot->place, err)) {
        return false;
    }
    char *text;
    char *list = path_join(snapshot->place, "current");
    if (path_exists(list) && path_read_text(list, MOST_LIST, &text, NULL)) {
        take_list(snapshot, text);
        free(text);
    }
    free(list);
    return true;
}

void snapshot_release(struct snapshot *snapshot)
{
    forget(snapshot);
    array_release(&snapshot->files);
    free(snapshot->place);
    *snapshot = (struct snapshot){0};
}

/* ---- Publishing ---- */

static char *write_list(const struct snapshot *snapshot, const char *url)
{
    struct text out = {0};
    text_printf(&out, "%s\nurl\t%s\nmark\t%s\nfetched\t%lld\n", first_line, url,
                snapshot->mark, snapshot->fetched);
    for (size_t i = 0; i < snapshot->files.count; i++) {
        const struct snapshot_file *file = array_at(&snapshot->files, i);
        text_printf(&out, "file\t%s\t%s\t%s\t%s\n", file->path, file->hash, file->etag,
                    file->changed);
    }
    return text_take(&out);
}

/* A stage, `.new.PID`, of a process that is no more. */
static bool is_left_over(const char *name)
{
    static const char stage[] = ".new.";
    long pid = string_starts(name, stage) ? strtol(name + strlen(stage), NULL, 10) : 0;
    return pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

static bool is_replaced(const struct snapshot *snapshot, const char *name)
{
    return strlen(name) == 64 && !string_equal(name, snapshot->mark) &&
           !string_equal(name, snapshot->before);
}

/* All but the new one and the one before it. */
static void sweep(const struct snapshot *snapshot)
{
    DIR *listing = opendir(snapshot->place);
    struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        if (is_replaced(snapshot, entry->d_name) || is_left_over(entry->d_name)) {
            char *old = path_join(snapshot->place, entry->d_name);
            path_remove_tree(old, NULL);
            free(old);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
}

bool snapshot_publish(struct snapshot *snapshot, const char *url, const char *stage,
                      struct error *err)
{
    char *folder = snapshot_folder(snapshot);
    char *list = path_join(snapshot->place, "current");
    char *text = write_list(snapshot, url);
    bool done = path_is_folder(folder) || rename(stage, folder) == 0 ||
                errno == ENOTEMPTY || errno == EEXIST; /* another process was faster */
    if (!done) {
        error_set(err, ERROR_FAILED, "could not keep %s in %s: %s", url, folder,
                  error_of_errno(errno));
    }
    done = done && path_sync_folder(snapshot->place, err) &&
           path_write_file(list, text, strlen(text), 0600, err);
    if (done) {
        sweep(snapshot);
    }
    free(text);
    free(list);
    free(folder);
    return done;
}
