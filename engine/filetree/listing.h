/* What `git ls-tree -r -z --long` prints, as a sorted list that is searched in place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FILETREE_LISTING_H
#define MWB_FILETREE_LISTING_H

#include "engine/filetree.h"
#include "engine/text.h"

enum blob_kind { BLOB_FILE, BLOB_LINK, BLOB_SUBMODULE };

struct blob {
    const char *path; /* in the text of the listing, as the id */
    const char *id;   /* id_length hex digits */
    long long size;   /* -1 of a submodule, and of what the repository lost */
    unsigned char id_length;
    unsigned char kind; /* enum blob_kind */
};

struct listing {
    struct text text;   /* owned: the listing holds pointers into it */
    struct array blobs; /* of struct blob, in byte order of paths, each once */
    size_t odd;         /* entries left out: their paths would climb, or say nothing */
};

/* Take the bytes that git printed; `text` becomes the listing's. False and a sentence
 * when they are no such listing. */
bool listing_parse(struct listing *listing, struct text *text, struct error *err);
void listing_release(struct listing *listing);

/* NULL when there is none. */
const struct blob *listing_find(const struct listing *listing, const char *path);
bool listing_has_folder(const struct listing *listing, const char *path);

/* Walk what is directly in a folder: begin with listing_first(), go on until false. A
 * subfolder is told once, with blob == NULL. Names begin at `name`, not ended. */
struct listing_step {
    const char *name;
    size_t length;
    const struct blob *blob;
    size_t at, folder_length; /* insides */
};
struct listing_step listing_first(const struct listing *listing, const char *folder);
bool listing_next(const struct listing *listing, const char *folder,
                  struct listing_step *step);

#endif
