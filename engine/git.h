/* git: the git command, run so that a repository of somebody else can start nothing.
 *
 * Repositories are hostile input: their configuration may name programs (hooks, filters,
 * text converters, fsmonitor, pagers, remote helpers), their refs and paths may look like
 * options. So git is started without a shell, from an absolute folder of PATH, with an
 * environment made here: no configuration of the system or the person, no protocol
 * allowed, no prompt, no pager, no replaced objects, no lazy fetching, literal paths.
 * Only commands that read objects are used, never one that writes a work tree or an
 * index.
 *
 * git refuses repositories that belong to other users; those that the person allows with
 * safe.directory in the configuration of his own or of the system are read.
 *
 * Refs that people write are checked by filetree_parse() or go behind --end-of-options.
 *
 * Repositories that descriptors name are one step further away (git_reach()): nothing of
 * theirs is read but refs and objects. One on this host lends its folder of objects to an
 * empty repository of our own, so that no configuration of its own counts; it must be the
 * repository that the product lies in, one in the product's folder, or below a place that
 * the person allowed. One elsewhere is fetched into a bare copy of our own: one protocol,
 * no redirects, no submodules, objects checked, the host's number looked up once, judged
 * (web.h) and kept, within a limit of bytes and time. Of a plain branch or tag only the
 * newest commit is fetched.
 *
 * Sources: git(1), git-cat-file(1), gitrevisions(7), git-config(1) on safe.directory and
 * http.*, gitrepository-layout(5), git-fetch(1).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GIT_H
#define MWB_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/text.h"

enum { GIT_ID_SIZE = 65 }; /* of a commit or blob, in hex, SHA-1 or SHA-256 */

struct git_spec {
    const char *repository;       /* an absolute folder, the repository or one in it */
    const char *const *arguments; /* "log", "-1" ...; ends with NULL */
    size_t most;                  /* bytes of output; 0 = 64 MiB */
    double seconds;               /* without a byte before git is stopped; 0 = 60 */
    bool is_own;                  /* `repository` was made by this program */
    const char *objects;          /* and reads the objects of this folder */
    const char *scheme;           /* the one protocol that may be spoken; NULL: none */
    const char *const *variables; /* more for its environment; ends with NULL; or NULL */
    const char *growing; /* a folder that may grow up to growing_most bytes, or NULL */
    long long growing_most;
    struct job_port *port; /* stopped when the job is cancelled; may be NULL */
};

/* Run to the end and append what it prints. A failure is a sentence with git's own
 * reason. */
bool git_run(const struct git_spec *spec, struct text *out, struct error *err);

/* A commit that a ref names. */
struct git_commit {
    char id[GIT_ID_SIZE];
    long long time; /* of the committer, seconds since 1970 */
};
bool git_commit_of(const char *repository, const char *ref, struct git_commit *commit,
                   struct error *err);

/* Where a folder lies in its work tree, with a slash at its end; "" at the top and in a
 * bare repository. Yours; NULL and a sentence when it is in no repository. */
char *git_prefix(const char *repository, struct error *err);

/* 40 or 64 hex digits? */
bool git_is_id(const char *text, size_t length);

/* ---- What descriptors name ---- */

/* git:PATH#REF:FILE            a repository on this host, relative to the product
 * git+file:///PATH#REF:FILE    the same by its absolute path
 * git+https://HOST/PATH#REF:FILE, git+http://    one elsewhere
 * REF may be empty: HEAD. FILE may be a pattern. Texts are yours. */
struct git_location {
    char *repository;   /* a path, or the address without `git+` */
    const char *scheme; /* "http", "https"; NULL: on this host */
    char *ref, *file;
};
bool git_location_is(const char *text); /* is it meant to be one? */
bool git_location_parse(const char *text, struct git_location *location,
                        struct error *err);
void git_location_release(struct git_location *location);

struct git_reach_spec {
    const struct git_location *location;
    const char *folder; /* that relative paths are relative to, absolute */
    const char *places; /* folders, with `:` between, whose repositories may be named by
                           their absolute paths; NULL or "": none */
    bool is_trusted;    /* a person named it: it may lie anywhere on this host */
    const char *copies; /* a folder of the person alone, for copies of our own */
    long long most;     /* bytes that are fetched; 0 = 8 GiB */
    double seconds;     /* for fetching; 0 = an hour */
    struct job_port *port; /* may be NULL */
};

/* A repository at a commit, ready to be read from. */
struct git_reached {
    char *repository, *objects; /* for struct git_spec; objects may be NULL */
    char *prefix; /* where the named folder lies in it: "", or ends with a slash */
    struct git_commit commit;
};
bool git_reach(const struct git_reach_spec *spec, struct git_reached *reached,
               struct error *err);
void git_reached_release(struct git_reached *reached);

/* A file of a commit. */
struct git_file {
    char *path; /* in the repository */
    char id[GIT_ID_SIZE];
    long long bytes;
};
/* The file of that path, or all that match a pattern, in byte order: appended as struct
 * git_file. A link is refused, and so is what no path of a product could be. */
bool git_files(const struct git_reached *reached, const char *pattern,
               struct array *files, struct error *err);
void git_files_release(struct array *files);

/* ---- Files that stand for others ---- */

enum { GIT_POINTER_MOST = 1024 };

/* A file whose contents lie in a store of their own: Git LFS, git-annex. */
struct git_pointer {
    const char *kind; /* "Git LFS", "git-annex" */
    char hash[65];    /* sha256 in hex; "": not told */
    long long bytes;  /* -1: not told */
    char key[256];    /* as the pointer writes it, printable */
};
/* Are these the first bytes of one? `length` is that of the whole file; at most
 * GIT_POINTER_MOST bytes of it are looked at. Sources: git-lfs docs/spec.md (v1),
 * git-annex internals/pointer_file. */
bool git_pointer_read(const char *bytes, size_t length, struct git_pointer *pointer);
/* Refuse it with a sentence: what it stands for, and where that would be. */
bool git_pointer_refuse(const struct git_pointer *pointer, const char *shown,
                        const char *repository, struct error *err);

/* ---- A git that stays and answers ---- */

struct git_pipe;
struct git_pipe *git_pipe_open(const struct git_spec *spec, struct error *err);
bool git_pipe_write(struct git_pipe *pipe, const void *bytes, size_t length,
                    struct error *err);
bool git_pipe_read(struct git_pipe *pipe, char *to, size_t length, struct error *err);
bool git_pipe_line(struct git_pipe *pipe, struct text *line, struct error *err);
void git_pipe_close(struct git_pipe *pipe); /* NULL is fine */

#endif
