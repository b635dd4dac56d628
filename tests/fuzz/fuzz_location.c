/* Fuzzing of what names a mesh and of what git lists: the first byte chooses a location,
 * an address, or the listing of a commit. What is accepted must keep its promises: no
 * option as a ref, no path that climbs, a listing that is sorted and can be walked to
 * each blob. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/filetree/listing.h"
#include "engine/filetree/private.h"
#include "engine/web.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void try_location(const char *text)
{
    struct filetree_location location;
    struct error err = {0};
    if (!filetree_parse(text, &location, &err)) {
        demand(err.message[0] != '\0');
        return;
    }
    demand(location.path != NULL && location.path[0] != '\0');
    if (location.kind == FILETREE_GIT) {
        demand(location.ref[0] != '-' && location.ref[0] != '\0');
        demand(strpbrk(location.ref, " :\n\r\t") == NULL);
        demand(filetree_path_is_inside(location.below));
        char *again = filetree_git_text(location.path, location.ref, location.below);
        struct filetree_location second;
        if (strchr(location.path, '#') == NULL) {
            demand(filetree_parse(again, &second, &err));
            demand(string_equal(location.ref, second.ref) &&
                   string_equal(location.below, second.below));
            filetree_location_release(&second);
        }
        free(again);
    }
    filetree_location_release(&location);
}

static void try_address(const char *text)
{
    struct error err = {0};
    bool good = web_check(text, &err);
    demand(good || err.message[0] != '\0');
    char *base = web_base(text);
    char *beside = web_beside(text, "a/b c.yaml");
    if (good) {
        demand(string_ends(beside, "/a/b%20c.yaml"));
        demand(strpbrk(text, "\r\n @") == NULL || strchr(text, '@') != NULL);
    }
    free(base);
    free(beside);
}

/* Every blob is reached from the root, folder by folder. */
static size_t walk(const struct listing *listing, const char *folder, int depth)
{
    size_t seen = 0;
    struct listing_step step = listing_first(listing, folder);
    while (depth < 64 && listing_next(listing, folder, &step)) {
        char *path = string_printf("%s%s%.*s", folder, folder[0] != '\0' ? "/" : "",
                                   (int)step.length, step.name);
        if (step.blob != NULL) {
            demand(listing_find(listing, path) == step.blob);
            seen++;
        } else {
            demand(listing_has_folder(listing, path));
            seen += walk(listing, path, depth + 1);
        }
        free(path);
    }
    return seen;
}

static size_t deepest(const struct listing *listing)
{
    size_t most = 0;
    for (size_t i = 0; i < listing->blobs.count; i++) {
        const struct blob *blob = array_at(&listing->blobs, i);
        size_t depth = 0;
        for (const char *p = blob->path; *p != '\0'; p++) {
            depth += *p == '/';
        }
        most = depth > most ? depth : most;
    }
    return most;
}

static void try_listing(const uint8_t *bytes, size_t length)
{
    struct text text = {0};
    struct listing listing;
    struct error err = {0};
    text_append_bytes(&text, bytes, length);
    if (!listing_parse(&listing, &text, &err)) {
        demand(err.message[0] != '\0');
        return;
    }
    for (size_t i = 0; i < listing.blobs.count; i++) {
        const struct blob *blob = array_at(&listing.blobs, i);
        const struct blob *next = array_at(&listing.blobs, i + 1);
        demand(filetree_path_is_inside(blob->path) && blob->path[0] != '\0');
        demand(next == NULL || strcmp(blob->path, next->path) < 0);
    }
    demand(deepest(&listing) > 60 || walk(&listing, "", 0) == listing.blobs.count);
    listing_release(&listing);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0) {
        return 0;
    }
    char *text = string_copy_bytes((const char *)bytes + 1, length - 1);
    switch (bytes[0] % 3) {
    case 0:
        try_location(text);
        break;
    case 1:
        try_address(text);
        break;
    default:
        try_listing(bytes + 1, length - 1);
    }
    free(text);
    return 0;
}
