/* catalog/intake: files read, hashed, parsed and checked in threads, ahead of the one
 * that fills the index, and taken in the order in which they were asked for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_INTAKE_H
#define MWB_CATALOG_INTAKE_H

#include "engine/catalog/build.h"

/* What was found in one file. */
struct taken {
    char *path;                /* relative to the mesh */
    struct document *document; /* NULL: no descriptor, or see `sentence` */
    struct standard_claim claim;
    struct document_stamp stamp;
    unsigned char hash[DOCUMENT_HASH];
    bool is_read;     /* there is a hash */
    bool is_hinted;   /* meant to be a descriptor: a sentence is an error */
    const char *rule; /* of the sentence */
    char *sentence;   /* why there is no document */
    struct document_place place;
    struct array findings; /* of struct finding: what is wrong within the document */
};

/* One file, here and now. */
void intake_read(const struct roots *roots, const char *path, struct taken *out);
void taken_release(struct taken *taken);

/* Many. Ask for all, start, then take in that order; what is left out is passed over. */
struct intake;
/* The roots must not change while it works. */
struct intake *intake_new(const struct roots *roots);
void intake_ask(struct intake *intake, const char *path);
size_t intake_count(const struct intake *intake); /* asked for */
void intake_start(struct intake *intake, int threads);
/* False: it was never asked for, or is passed already. */
bool intake_take(struct intake *intake, const char *path, struct taken *out);
void intake_free(struct intake *intake); /* NULL is fine */

#endif
