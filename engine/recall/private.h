/* recall: what its files share. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_RECALL_PRIVATE_H
#define MWB_RECALL_PRIVATE_H

#include <sys/types.h>

#include "engine/recall.h"
#include "engine/text.h"

enum {
    MOST_BYTES = 16 << 20,      /* of the file; read from its end */
    MOST_STATEMENT = 256 << 10, /* beyond that it is no history but a mishap */
    MOST_ERROR = 500,
};

struct recall {
    char *file, *before;
    size_t limit;
    struct array entries; /* of struct recall_entry, oldest first */
    dev_t device;         /* of what was read so far */
    ino_t inode;
    off_t read_to;
    size_t seen;         /* statements of the file so far */
    bool is_anew;        /* all of it is being read: none of its lines is known already */
    struct text pending; /* lines that could not be written yet */
    bool write_failed;   /* it was told */
    bool is_closing;     /* what is pending is written now or never */
};

/* entries.c */
void recall_entry_release(struct recall_entry *entry);
void recall_clear(struct recall *recall);
struct recall_entry *recall_named(const struct recall *recall, const char *mark);
/* Takes the strings of the entry; the oldest goes when there are too many. */
void recall_push(struct recall *recall, struct recall_entry entry);

/* lines.c */
void recall_put_begin(struct text *out, const struct recall_entry *entry);
void recall_put_end(struct text *out, const struct recall_entry *entry);
void recall_put(struct text *out, const struct recall_entry *entry); /* both */
/* Take what a line tells. */
void recall_take_line(struct recall *recall, char *line, size_t length);
void recall_take_lines(struct recall *recall, char *bytes, size_t length);
/* A redacted copy without blanks at its end. */
char *recall_clean(const char *sql);
void recall_new_mark(char mark[RECALL_MARK]);

/* before.c: entries of another history's text; and that text without a statement. */
void recall_take_before(struct recall *recall, const char *bytes, size_t length);
void recall_forget_before(const struct recall *recall, const struct array *statements);

/* file.c: -1: not to be had in time, or errno. */
enum recall_lock { RECALL_SHARED, RECALL_ALONE };
enum recall_patience { RECALL_AT_ONCE = 20, RECALL_PATIENT = 2000 }; /* milliseconds */
int recall_lock(const struct recall *recall, enum recall_lock lock,
                enum recall_patience patience);
/* Append what is pending. */
bool recall_write(struct recall *recall, struct error *err);
bool recall_read(struct recall *recall, int fd);
/* Alone: the file becomes what the entries are. */
bool recall_rewrite(struct recall *recall, struct error *err);

#endif
