/* finding: one thing that is wrong, or may be, at a place in a file.
 *
 * Findings come from reading and checking descriptors; they are listed by `mwb lint`, by
 * the list of findings on screen, and stand in `mesh.problem`. Each has a rule: a short
 * name in lower case and hyphens, the same wherever that rule speaks, so that people can
 * look it up, filter by it and quote it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FINDING_H
#define MWB_FINDING_H

#include <stdarg.h>
#include <stdbool.h>

#include "engine/array.h"

struct finding {
    char *path;       /* relative to the mesh, or as given to lint */
    int line, column; /* from 1; the column counts bytes */
    bool is_error;    /* else a warning */
    char *sentence, *rule;
    char *fix; /* what to write instead, a sentence; NULL when nobody can know */
};

/* Where a finding stands; line and column below 1 count as 1. */
struct finding_place {
    const char *path;
    int line, column;
};

/* Append a struct finding to the array. Gives it, for finding_mend(). */
struct finding *finding_add(struct array *findings, struct finding_place place,
                            bool is_error, const char *rule, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
struct finding *finding_add_args(struct array *findings, struct finding_place place,
                                 bool is_error, const char *rule, const char *format,
                                 va_list args) __attribute__((format(printf, 5, 0)));

/* Say what to write instead, in place of what was said before. NULL is fine. */
void finding_mend(struct finding *finding, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void finding_mend_args(struct finding *finding, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* In the order people read: by file, line, column; errors first at one place. */
void findings_sort(struct array *findings);
void findings_release(struct array *findings);

#endif
