/* filetree: parses and searches the listing of a commit. Trees of hostile repositories
 * may hold any name; what is no path inside of a tree is left out and counted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/filetree/listing.h"

#include <stdlib.h>
#include <string.h>

#include "engine/filetree/private.h"
#include "engine/git.h"

/* ---- Parsing: MODE SP TYPE SP ID SP+ SIZE TAB PATH NUL ---- */

struct cursor {
    const char *at, *end;
};

/* The word before the next `stop`, which is passed over; NULL: there is none. */
static const char *take_word(struct cursor *cursor, char stop, size_t *length)
{
    const char *start = cursor->at;
    const char *found = memchr(start, stop, (size_t)(cursor->end - start));
    if (found == NULL) {
        return NULL;
    }
    *length = (size_t)(found - start);
    cursor->at = found + 1;
    return start;
}

static bool word_is(const char *word, size_t length, const char *wanted)
{
    return length == strlen(wanted) && memcmp(word, wanted, length) == 0;
}

static bool take_kind(const char *mode, size_t length, struct blob *blob)
{
    if (word_is(mode, length, "120000")) {
        blob->kind = BLOB_LINK;
    } else if (word_is(mode, length, "160000")) {
        blob->kind = BLOB_SUBMODULE;
    } else if (length == 6 && memcmp(mode, "100", 3) == 0) {
        blob->kind = BLOB_FILE;
    } else {
        return false;
    }
    return true;
}

/* Blanks before the number; `-` is that of a submodule, `BAD` of a blob that is lost. */
static bool take_size(const char *word, size_t length, struct blob *blob)
{
    long long size = 0;
    const char *end = word + length;
    while (word < end && *word == ' ') {
        word++;
    }
    if (word_is(word, (size_t)(end - word), "-") ||
        word_is(word, (size_t)(end - word), "BAD")) {
        blob->size = -1;
        return true;
    }
    if (word == end || end - word > 18) {
        return false;
    }
    for (; word < end; word++) {
        if (*word < '0' || *word > '9') {
            return false;
        }
        size = size * 10 + (*word - '0');
    }
    blob->size = size;
    return true;
}

static bool take_blob(struct cursor *cursor, struct blob *blob)
{
    size_t mode_length, type_length, id_length, size_length, path_length;
    const char *mode = take_word(cursor, ' ', &mode_length);
    const char *type = mode != NULL ? take_word(cursor, ' ', &type_length) : NULL;
    blob->id = type != NULL ? take_word(cursor, ' ', &id_length) : NULL;
    const char *size = blob->id != NULL ? take_word(cursor, '\t', &size_length) : NULL;
    blob->path = size != NULL ? take_word(cursor, '\0', &path_length) : NULL;
    if (blob->path == NULL || !git_is_id(blob->id, id_length)) {
        return false;
    }
    blob->id_length = (unsigned char)id_length;
    return take_kind(mode, mode_length, blob) && take_size(size, size_length, blob) &&
           (blob->size < 0 || blob->kind != BLOB_SUBMODULE);
}

static bool is_hidden(const char *path)
{
    return path[0] == '.' || strstr(path, "/.") != NULL;
}

static int compare_blobs(const void *a, const void *b)
{
    const struct blob *first = a, *second = b;
    int order = strcmp(first->path, second->path);
    return order != 0 ? order
                      : (first->path > second->path) - (first->path < second->path);
}

/* git writes them sorted; a tree made by hand need not be. */
static void sort_blobs(struct listing *listing)
{
    struct blob *blobs = listing->blobs.items;
    size_t count = listing->blobs.count, kept = 0;
    for (size_t i = 1; i < count; i++) {
        if (strcmp(blobs[i - 1].path, blobs[i].path) >= 0) {
            qsort(blobs, count, sizeof *blobs, compare_blobs);
            break;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || strcmp(blobs[kept - 1].path, blobs[i].path) != 0) {
            blobs[kept++] = blobs[i];
        } else {
            listing->odd++;
        }
    }
    listing->blobs.count = kept;
}

bool listing_parse(struct listing *listing, struct text *text, struct error *err)
{
    *listing = (struct listing){.text = *text, .blobs = ARRAY_OF(struct blob)};
    *text = (struct text){0};
    struct cursor cursor = {text_string(&listing->text), NULL};
    cursor.end = cursor.at + listing->text.length;
    while (cursor.at < cursor.end) {
        const char *start = cursor.at;
        struct blob blob = {0};
        if (!take_blob(&cursor, &blob)) {
            error_set(err, ERROR_FAILED,
                      "the list of files that git gave cannot be understood at byte %zu",
                      (size_t)(start - text_string(&listing->text)) + 1);
            listing_release(listing);
            return false;
        }
        if (blob.path[0] == '\0' || !filetree_path_is_inside(blob.path)) {
            listing->odd++;
        } else if (!is_hidden(blob.path)) {
            *(struct blob *)array_push(&listing->blobs) = blob;
        }
    }
    sort_blobs(listing);
    return true;
}

void listing_release(struct listing *listing)
{
    array_release(&listing->blobs);
    text_release(&listing->text);
}

/* ---- Searching ---- */

/* Compare a path with `folder` + `/` + the first `length` bytes of `rest`. */
static int compare_below(const char *path, const char *folder, const char *rest,
                         size_t length)
{
    size_t folder_length = strlen(folder);
    int order = strncmp(path, folder, folder_length);
    if (order != 0 || folder_length == 0) {
        return order != 0 ? order : strncmp(path, rest, length);
    }
    if (path[folder_length] != '/') {
        return (unsigned char)path[folder_length] < '/' ? -1 : 1;
    }
    return strncmp(path + folder_length + 1, rest, length);
}

/* The first blob at or behind that place. */
static size_t lower_bound(const struct listing *listing, const char *folder,
                          const char *rest, size_t length)
{
    const struct blob *blobs = listing->blobs.items;
    size_t low = 0, high = listing->blobs.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_below(blobs[middle].path, folder, rest, length) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct blob *listing_find(const struct listing *listing, const char *path)
{
    const struct blob *blobs = listing->blobs.items;
    size_t low = 0, high = listing->blobs.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(blobs[middle].path, path);
        if (order == 0) {
            return &blobs[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

bool listing_has_folder(const struct listing *listing, const char *path)
{
    size_t length = strlen(path);
    const struct blob *first =
        array_at(&listing->blobs, lower_bound(listing, path, "", 0));
    return length == 0 || (first != NULL && strncmp(first->path, path, length) == 0 &&
                           first->path[length] == '/');
}

struct listing_step listing_first(const struct listing *listing, const char *folder)
{
    size_t length = strlen(folder);
    return (struct listing_step){.at = lower_bound(listing, folder, "", 0),
                                 .folder_length = length > 0 ? length + 1 : 0};
}

bool listing_next(const struct listing *listing, const char *folder,
                  struct listing_step *step)
{
    const struct blob *blob = array_at(&listing->blobs, step->at);
    size_t length = strlen(folder);
    if (blob == NULL || strncmp(blob->path, folder, length) != 0 ||
        (length > 0 && blob->path[length] != '/')) {
        return false;
    }
    step->name = blob->path + step->folder_length;
    step->length = strcspn(step->name, "/");
    step->blob = step->name[step->length] == '\0' ? blob : NULL;
    if (step->blob != NULL) {
        step->at++;
        return true;
    }
    /* Behind all of this subfolder: its name with the sign that follows the slash. */
    char *rest = string_printf("%.*s0", (int)step->length, step->name);
    step->at = lower_bound(listing, folder, rest, step->length + 1);
    free(rest);
    return true;
}
