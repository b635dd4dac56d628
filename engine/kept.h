/* kept: files of a product that are no tables (a report, a model, an image, an archive):
 * verified, kept as they are beside the version, told by type, opened and saved.
 *
 * VERSION.db has the table mwb_file(name, table_name, source, type, media, bytes,
 * sha256).
 *
 * VERSION.files/NAME is the file, 0440, by a name of our own making, safe in any shell.
 *
 * What a file is tell its first bytes, then its suffix: what somebody calls it proves
 * nothing. Nothing here is ever run: opening one starts the program that the person's own
 * configuration names for its type, with the absolute path as one word.
 *
 * Sources of the first bytes: the formats' own pages, as told beside the table in
 * kept/type.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_KEPT_H
#define MWB_KEPT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/arrival.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/text.h"

/* ---- What a file is ---- */

struct kept_type {
    const char *name;  /* "pdf" */
    const char *group; /* "document", "image", "archive", "spreadsheet", "data", "model",
                          "text", "sound", "film", "program", "file" */
    const char *media; /* RFC 6838: "application/pdf" */
    const char *title; /* "a PDF document" */
};

enum { KEPT_HEAD = 512 };

/* Of the first bytes of a file (KEPT_HEAD are enough) and its name. Never NULL. */
const struct kept_type *kept_type_of(const char *bytes, size_t length, const char *name);
/* The type that a suffix or a declared format tells; NULL: not known. */
const struct kept_type *kept_type_named(const char *name);

/* ---- In a version ---- */

struct kept_file {
    char *name;   /* in the version */
    char *table;  /* of the product, as SQL calls it */
    char *source; /* as the descriptor names it */
    char *path;   /* absolute */
    char *sha256;
    const struct kept_type *type;
    long long bytes;
};

struct kept_source {
    const char *table;       /* as SQL calls it */
    const char *shown;       /* path or address, without secrets */
    const char *format;      /* as declared, or NULL */
    int fd;                  /* its bytes; not closed, its offset does not matter */
    struct arrival *arrival; /* or they come by this one: waited for */
    struct job_port *port;   /* may be NULL */
};

/* Copy a file into the folder `files` of a stage (cache.h), and note it in the database
 * of the version, which is made when there is none. Appends a sentence to `notes` when it
 * is not what it is called. */
bool kept_add(const char *stage, const char *database, const struct kept_source *source,
              struct text *notes, struct error *err);

/* Those of a published version, by the order they came in: appends struct kept_file.
 * None is no error. */
bool kept_list(const char *version, struct array *files, struct error *err);
void kept_files_release(struct array *files);
/* The one of this name, or the only one when `name` is NULL; NULL and a sentence with the
 * names there are. */
const struct kept_file *kept_find(const struct array *files, const char *name,
                                  struct error *err);
/* Are its bytes still those that were kept? */
bool kept_check(const struct kept_file *file, struct error *err);

/* ---- Taken away, and opened ---- */

/* Copy it into a folder of the person's, under its own name. Never replaces a file and
 * follows no link. *place is where it lies then: yours. */
bool kept_save(const struct kept_file *file, const char *folder, char **place,
               struct error *err);

/* The command for a type in the setting `viewer`:
 *     pdf: zathura {file}; image: feh --fullscreen {file}; *: xdg-open {file}
 * A name of a type comes before one of a group, and that before `*`, which is not for
 * programs. Words are separated
 * by blanks, '...' and "..." keep them together; no shell reads them. Appends char *, the
 * words with the file in place of {file} or at the end; none when nothing is set for the
 * type. False with a sentence when the setting cannot be read. */
bool kept_viewer(const char *setting, const struct kept_file *file, struct array *words,
                 struct error *err);
void kept_words_release(struct array *words);

#endif
