/* path: names of files, the places of the program, and opening without being led astray.
 *
 * Paths that come from descriptors are hostile input: they may climb (`../`), be
 * absolute, or name a device. `path_is_safe()` judges the text (the Data Package rule: no
 * absolute path, no `..`, no empty or hidden part, no NUL, no backslash) and
 * `path_open_beneath()` opens without following a symbolic link out of the root, and only
 * regular files.
 *
 * Places follow the XDG Base Directory Specification; folders the program makes are 0700,
 * files 0600, unless a caller asks otherwise.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PATH_H
#define MWB_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "engine/error.h"

/* Names. What comes back is yours. */
char *path_join(const char *folder, const char *name);
char *path_folder(const char *path);     /* "a/b.csv" -> "a", "b" -> "." */
const char *path_base(const char *path); /* borrowed: behind the last slash */
char *path_stem(const char *path);       /* "a/b.csv.gz" -> "b" */
/* How much of the name is left without `.gz` or `.zst`: all of it, when there is none. */
size_t path_unpacked_length(const char *path);
char *path_absolute(const char *path, struct error *err); /* realpath of what exists */
bool path_is_safe(const char *relative);
bool path_exists(const char *path);
bool path_is_folder(const char *path);

/* A name made from any text that is fit to be one path component: lower case letters,
 * digits, `-`, `_`, `.`; at most 80 bytes; never empty. */
char *path_component(const char *text);

/* Open `relative` below the folder `root` for reading: no component may be a symbolic
 * link that leaves the root (openat2 RESOLVE_BENEATH where the kernel has it, else
 * O_NOFOLLOW for each component), and only a regular file is opened. -1 and a sentence
 * on failure. Close it yourself. */
int path_open_beneath(const char *root, const char *relative, struct error *err);

/* The same below a folder that is open already, for any name that does not climb; and a
 * folder below it, "" being itself, whose errno tells why when it is -1. */
int path_open_in(int root, const char *relative, struct error *err);
int path_open_folder_in(int root, const char *relative);

/* Open an ordinary file the user named, for reading: regular files only, never blocks. */
int path_open_regular(const char *path, struct error *err);

/* Read a whole regular file of at most `limit` bytes. *bytes is yours and ends in NUL. */
bool path_read_file(const char *path, size_t limit, char **bytes, size_t *length,
                    struct error *err);

/* The same of a file that is open at its start; `shown` names it. */
bool path_read_open(int fd, const char *shown, size_t limit, char **bytes, size_t *length,
                    struct error *err);

/* The same of a file that people write: one with a NUL in it is none. */
bool path_read_text(const char *path, size_t limit, char **text, struct error *err);

/* Of a file that a person asks for, as the shell would make it: what the umask lets
 * others see. */
mode_t path_usual_mode(void);

/* Write beside, fsync, rename: readers see the old or the new file, never a half. It gets
 * this mode whatever the umask is. */
bool path_write_file(const char *path, const void *bytes, size_t length, mode_t mode,
                     struct error *err);

/* The same for files that are written bit by bit. path_part_open() makes
 * `.NAME.PID.part` beside `path` (an fd; *part is its name; -1 and a sentence), finish
 * syncs it and renames it to its place, close removes it when it was not finished and
 * frees the name. What a killed process left goes when the same file is made again, or
 * with a sweep. SQLite may write to the part by its name while the fd is open. */
int path_part_open(const char *path, mode_t mode, char **part, struct error *err);
bool path_part_finish(int fd, const char *part, const char *path, struct error *err);
void path_part_close(int fd, char *part, bool finished);
void path_part_sweep(const char *path);

/* All of it to an open file, in spite of interruptions; false and errno. */
bool path_write_bytes(int fd, const void *bytes, size_t length);

/* All missing folders of the path, 0700. */
bool path_make_folders(const char *folder, struct error *err);
bool path_sync_folder(const char *folder, struct error *err); /* fsync after a rename */
bool path_remove_tree(const char *folder, struct error *err); /* follows no link */

/* Places. NULL and a sentence when there is neither the variable nor a home. */
enum path_place { PLACE_CONFIG, PLACE_DATA, PLACE_CACHE, PLACE_RUNTIME };
char *path_of_place(enum path_place place, const char *name, struct error *err);
/* The cache place is $MWB_CACHE where that is set, unless it is a folder that a group
 * shares (set-group-id and writable by the group): what is private never lies there. That
 * folder as it was given; NULL: the cache is not shared. Yours. */
char *path_shared_cache(void);

/* Where samples and themes lie: $MWB_SAMPLES / $MWB_THEMES, else beside the build folder
 * the program lies in, else in the package's data folder, else in ../share/mwb beside a
 * program that was moved with its data. `kind` is "samples" or "themes". */
char *path_of_package(const char *kind);

/* The clock: seconds since the epoch, UTC; $MWB_NOW (an ISO 8601 instant or a number of
 * seconds) fixes it for tests. Never use it for durations: see path_monotonic(). */
long long path_now(void);
/* The same where a clock stands still, at an instant as above; NULL or what is no
 * instant: it does not. $MWB_NOW goes before it. */
long long path_now_of(const char *clock);
/* "2026-09-30T12:00:00Z", "2026-09-30", seconds since 1970; false when it is none. */
bool path_read_instant(const char *text, long long *seconds);
void path_write_instant(long long seconds, char text[32]); /* "2026-09-30T12:00:00Z" */
double path_monotonic(void); /* seconds on a clock that never jumps */

#endif
