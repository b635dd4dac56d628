/* amend: changes descriptors in the text their author wrote: comments, order, quotes,
 * indentation, line ends and keys that nobody knows stay as they are.
 *
 * A change names a place by a JSON pointer (RFC 6901: "/schema/0/quality") and a value by
 * JSON text (RFC 8259, without a byte order mark), so that "1" and 1 are told apart:
 *
 *   AMEND_SET  the scalar that stands there becomes the value; a key that is not there is
 *              added behind the last one of its map. Lists and maps are never replaced,
 *              but for empty ones.
 *   AMEND_ADD  the value becomes the last item of the list there; a list that is not
 *              there, empty or null is made.
 *
 * A changed text keeps its quotes (plain, single, double); a new one is plain where no
 * reader of YAML 1.1 or 1.2 could take it for something else, else single-quoted, of
 * several lines a literal block; in double quotes, escaped, where it has a sign that some
 * version of YAML takes for the end of a line or refuses. New blocks are indented as
 * those of the document are.
 *
 * The result is parsed again. It must differ from what was read in exactly what was asked
 * and in nothing else (an alias of the place, say), else the change is refused and
 * nothing is written. So a text in a form this does not know how to change is refused
 * too: complex keys, tags around values, values on the line below their anchor.
 *
 * Limits are those of document.h. Many changes are made one after the other: each costs
 * two readings of the text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_AMEND_H
#define MWB_AMEND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "engine/document.h"
#include "engine/error.h"
#include "engine/text.h"

enum amend_kind { AMEND_SET, AMEND_ADD };
struct amend_change {
    enum amend_kind kind;
    const char *path;  /* JSON pointer */
    const char *value; /* JSON text */
};

/* One change of a text, in place. False: it is as it was, and err says why. */
bool amend_text(struct text *text, enum document_format format,
                const struct amend_change *change, struct error *err);

/* A step of a pointer, appended with its slash: "a/b" -> "/a~1b". */
void amend_path_step(struct text *path, const char *key);

/* What changed between two texts, as `diff -u` writes it: nothing when they are equal.
 * `name` stands in its head. */
void amend_diff(const char *name, const char *before, const char *after,
                struct text *out);

/* A file of the mesh to be changed: no symbolic link, and none on the way to it leaves
 * the folder `root`. */
struct amend_file {
    char *path;     /* where it is */
    char *relative; /* below the root: for people and diffs */
    char *before;   /* as it was read */
    size_t length;
    struct text after; /* as changed so far */
    mode_t mode;
};
bool amend_open(struct amend_file *file, const char *root, const char *relative,
                struct error *err);
bool amend_apply(struct amend_file *file, const struct amend_change *change,
                 struct error *err);
/* Writes what changed, whole or not at all, with the mode the file has. Refused when the
 * file is no longer what was read. Nothing is written when nothing changed. */
bool amend_write(const struct amend_file *file, struct error *err);
void amend_close(struct amend_file *file);

/* A folder below the root, made when it is not there; with all links followed it lies
 * below the root, too. Yours: absolute; NULL and a sentence. */
char *amend_folder(const char *root, const char *folder, struct error *err);
/* A new file, whole or not at all, never in place of one that is there. */
bool amend_create(const char *path, const char *text, struct error *err);

#endif
