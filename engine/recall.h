/* recall: the statements a person ran, to find them again: when, how long, how many rows,
 * of which products, with which error. One file for each mesh.
 *
 * It is a person's memory, not evidence (that is ledger.h): what is forgotten is gone
 * from the file, and it holds `limit` statements, the newest. What begins with a blank is
 * left out, secrets are redacted (secret.h) before anything is kept. A statement belongs
 * to the role it ran in and is not found from another one: what it says, and how many
 * rows it had, may be what that other role must not know.
 *
 * The file (0600) is appended to by any number of processes at once. A statement is one
 * line when it starts and one when it has ended, each with one write(2): kill -9 can take
 * what was not over yet, and then the statement stands there without its facts. A line:
 *
 *   CRC R MARK AT ROLE SQL                     it starts; AT in seconds since 1970
 *   CRC E MARK OUTCOME MS ROWS PRODUCTS ERROR  it is over
 *
 * with tabs between, \t \n \r \\ in fields escaped, and the CRC-32 of the rest of the
 * line in eight hexadecimal digits. A line that is torn, of another kind or not ours
 * spoils only itself. Writers share a lock (flock) for their one write; who shortens the
 * file holds it alone, and gives the file a new inode. Nobody waits for a lock for more
 * than some milliseconds: what could not be written goes along with the next.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_RECALL_H
#define MWB_RECALL_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"

enum { RECALL_MARK = 13 }; /* bytes of a mark with its end */

struct recall;

struct recall_spec {
    const char *file; /* NULL: until the end of the program only */
    /* A history of before, in the format of bash with time stamps, or with a statement a
     * line: taken over when `file` is made. NULL: none. It stays, without its secrets. */
    const char *before;
    size_t limit; /* statements that are kept */
};

struct recall_entry {
    char mark[RECALL_MARK];
    long long at; /* seconds since 1970 */
    char *role;   /* NULL: none, found from every role */
    char *sql;    /* redacted */
    /* done, failed, refused, cancelled, timeout; NULL: it runs, or nobody knows how it
     * ended. Then nothing of what follows is known either. */
    char *outcome;
    double seconds;
    long long rows; /* shown or changed; below 0: none were counted */
    char *products; /* ids with ", " between; "" for none */
    char *error;    /* "" for none */
};

/* Never NULL. `err` tells when nothing can be kept for next time, and why. */
struct recall *recall_open(const struct recall_spec *spec, struct error *err);
void recall_close(struct recall *recall);

/* A statement starts. False when it is left out: empty, begins with a blank, far too
 * long. When it cannot be written, it is known until the end of the program, and err says
 * so once. */
bool recall_begin(struct recall *recall, const char *sql, const char *role,
                  char mark[RECALL_MARK], struct error *err);
/* It is over. `products` are ids, a line each. */
struct recall_facts {
    const char *outcome, *products, *error;
    double seconds;
    long long rows;
};
void recall_end(struct recall *recall, const char *mark,
                const struct recall_facts *facts);

/* Read what other processes added, or forgot. */
void recall_look(struct recall *recall);
/* What a person looks for: words, each in the statement, its products or its error,
 * whatever their case. Newest first: array of const struct recall_entry *, yours to
 * release; the entries hold until the next call that changes anything. */
struct recall_search {
    const char *text; /* NULL: all */
    const char *role; /* that one acts in */
    bool only_failed;
    bool only_distinct; /* of statements that are the same, the newest */
    size_t limit;       /* 0: all */
};
struct array recall_find(const struct recall *recall, const struct recall_search *search);
/* The statements of a role for an editor, oldest first, none twice in a row: array of
 * const char *, as above. */
struct array recall_statements(const struct recall *recall, const char *role);

/* Take statements off the file: all that are the same, whenever they ran, also from the
 * history of before. `marks`: array of const char *. */
bool recall_forget(struct recall *recall, const struct array *marks, struct error *err);

/* A line of the file, for tests: is it one of ours, with its CRC? Its fields, NULL-ended
 * and unescaped, point into `line`, which is changed. */
enum { RECALL_FIELDS = 8 };
bool recall_read_line(char *line, size_t length, char *fields[RECALL_FIELDS + 1]);

#endif
