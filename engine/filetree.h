/* filetree: a read-only tree of files behind one interface, wherever it lies.
 *
 * What a mesh, or a source of one, may be (`location`):
 *
 *   PATH                     a folder, or one file: then the tree is the folder it is in
 *   PATH#REF[:BELOW]         a git repository, or a folder in one, as it was at REF: a
 *                            branch, a tag, a commit, HEAD~2; BELOW is a folder in it.
 *                            A file or folder whose own name has that `#` comes first.
 *   git:PATH[#REF[:BELOW]]   the same, said outright; REF is HEAD when there is none
 *   http://, https://        an index: data.json, datapackage.json, or a mesh.yaml with a
 *                            list `files:` of relative paths
 *
 * A folder is read as it lies there. A git repository, bare or not, is read without
 * checking out: one `git ls-tree`, then blobs from one `git cat-file --batch` while the
 * tree is open; it stays at the commit that the ref had when it was opened. An index is
 * fetched into the cache as a snapshot, a folder that is replaced as a whole; when it
 * cannot be fetched, the last snapshot is used, and filetree_facts() says so.
 *
 * Paths are relative to the tree, parts separated by `/`, "" is its root. No call follows
 * a path or a link out of the tree. Names that begin with a dot are left out.
 *
 * Threads: filetree_read() and filetree_look() may be called by several threads at once;
 * blobs of git are read by one at a time. Everything else: one thread.
 *
 * Sources: git-ls-tree(1), git-cat-file(1), gitrevisions(7); openat2(2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FILETREE_H
#define MWB_FILETREE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"

/* ---- Locations ---- */

enum filetree_kind { FILETREE_FOLDER, FILETREE_GIT, FILETREE_WEB };

/* Texts are yours with filetree_location_release(). */
struct filetree_location {
    enum filetree_kind kind;
    char *path;  /* the folder, file or repository as written; the whole URL */
    char *ref;   /* git: "HEAD" when none was given; else NULL */
    char *below; /* git: the folder in it, "" for its root; else NULL */
};

/* Only the text is judged, but for `#` in names of files that are there. */
bool filetree_parse(const char *text, struct filetree_location *location,
                    struct error *err);
void filetree_location_release(struct filetree_location *location);

/* One text for one place: the absolute path of a folder or file,
 * `git:/absolute#REF:BELOW` of a repository, the URL. Yours; NULL and a sentence when
 * nothing is there. Two ways to write a location give the same text; git and the network
 * are not asked. */
char *filetree_canonical(const char *location, struct error *err);

/* ---- Opening ---- */

struct filetree;

struct filetree_spec {
    const char *location;
    const char *beside; /* the folder that a relative PATH is relative to; NULL: the
                           working folder */
    const char *cache;  /* folder for snapshots; NULL: that of the program */
    bool is_hostile;    /* the location stands in a descriptor: no addresses of this host
                           or of private networks */
    bool is_offline;    /* do not ask the network while there is a snapshot */
    double seconds;     /* for everything fetched; 0 = 60 */
};

/* NULL and a sentence when it cannot be read. */
struct filetree *filetree_open(const char *location, struct error *err);
struct filetree *filetree_open_spec(const struct filetree_spec *spec, struct error *err);
void filetree_close(struct filetree *tree); /* NULL is fine */

/* What it is. Texts are borrowed, "" where there is none. */
struct filetree_facts {
    enum filetree_kind kind;
    const char *kind_name; /* "folder", "git", "web" */
    const char *location;  /* canonical */
    const char *root;      /* absolute path on disk, of a snapshot, too; "" for git */
    const char *only;      /* the location is this one file of the tree; else "" */
    const char *ref;       /* git: as it was asked for */
    const char *commit;    /* git: 40 or 64 hex digits */
    const char *mark; /* changes when anything in the tree did: git: commit and folder,
                         web: what the snapshot is made of; "" for a folder */
    long long time;   /* git: of the commit, web: of the fetch; seconds since 1970 */
    const char *sentence; /* what people must know: "could not be fetched: ...; this is
                             the copy of 3 h ago"; else "" */
};
const struct filetree_facts *filetree_facts(const struct filetree *tree);

/* ---- Reading ---- */

enum filetree_entry_kind {
    FILETREE_FILE, /* also a link to a file inside of the tree */
    FILETREE_SUBFOLDER,
    FILETREE_LINK,  /* a link that leads elsewhere: it cannot be read */
    FILETREE_OTHER, /* a device, a pipe, a submodule of git: cannot be read */
};

enum { FILETREE_HASH_SIZE = 65 };

struct filetree_entry {
    char *name; /* yours with filetree_entries_release(); NULL from filetree_look() */
    enum filetree_entry_kind kind;
    long long size;                /* of a folder 0 */
    long long mtime_ns, inode;     /* of a link those of its file; git: 0 */
    char hash[FILETREE_HASH_SIZE]; /* git: id of the blob, hex; else "" */
};

/* What is in a folder, in byte order of names: appends struct filetree_entry. */
bool filetree_list(struct filetree *tree, const char *folder, struct array *entries,
                   struct error *err);
void filetree_entries_release(struct array *entries);

/* One entry without listing its folder; false when it is not there. */
bool filetree_look(struct filetree *tree, const char *path, struct filetree_entry *entry);

/* A whole file of at most `most` bytes. *bytes is yours and ends in NUL. */
bool filetree_read(struct filetree *tree, const char *path, size_t most, char **bytes,
                   size_t *length, struct error *err);

/* Where it lies on disk: yours; NULL in a git repository. */
char *filetree_path(const struct filetree *tree, const char *path);

/* A folder on disk with all that the tree has, for programs that need files: that of a
 * folder or a snapshot itself; of git a private copy in the cache, written from blobs (no
 * filter and no hook runs, a link becomes the file it ends at) and brought from its last
 * commit to this one by what changed, so that other files keep their times. Files above
 * 64 MiB, and what comes after 4 GiB, are left out, which the facts then say. Yours. */
char *filetree_on_disk(struct filetree *tree, struct error *err);

/* ---- Changes ---- */

struct filetree_change {
    char *path; /* relative to the tree */
    char kind;  /* A added, M modified, D deleted */
};

/* Does the location still have this mark? Cheap: for git one process, for the web what is
 * in the cache (fetch with filetree_open()), for a folder always false: look at its
 * files.
 */
bool filetree_has_mark(const struct filetree_spec *spec, const char *mark);

/* Git: which files differ between the commit of an older mark and the tree. False: cannot
 * be told (no git, an unknown mark), everything may differ. Appends struct
 * filetree_change. */
bool filetree_changes(struct filetree *tree, const char *mark, struct array *changes,
                      struct error *err);
void filetree_changes_release(struct array *changes);

#endif
