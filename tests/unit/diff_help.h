/* diff_help: two sides in a private folder, compared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_DIFF_HELP_H
#define MWB_TESTS_DIFF_HELP_H

#include <unistd.h>

#include "engine/diff.h"
#include "engine/path.h"
#include "engine/text.h"
#include "files.h"
#include "tap.h"

#define HEAD "kind: DataContract\napiVersion: v3.2.0\nid: a\n"

static char *home;

static inline void put(const char *path, const char *text)
{
    files_put(home, path, text);
}

static inline bool compare(const char *before, const char *after,
                           struct diff_report *report, struct error *err)
{
    char *old_side = path_join(home, before);
    char *new_side = after != NULL ? path_join(home, after) : NULL;
    char *folder = path_join(home, "work");
    struct diff_spec spec = {
        .old_side = old_side, .new_side = new_side, .folder = folder};
    *err = (struct error){0};
    bool done = diff_compare(&spec, NULL, report, err);
    path_remove_tree(folder, NULL);
    free(folder);
    free(new_side);
    free(old_side);
    return done;
}

static inline bool make_home(void)
{
    /* Hundreds of small indexes: they need no disk. */
    static char memory[] = "/dev/shm/mwb-diff-XXXXXX", disk[] = "/tmp/mwb-diff-XXXXXX";
    home = mkdtemp(memory);
    home = home != NULL ? home : mkdtemp(disk);
    if (home == NULL) {
        printf("Bail out! no folder for temporary files\n");
        return false;
    }
    setenv("MWB_CACHE", home, 1);
    return true;
}

static inline void say(const struct diff_report *report)
{
    for (size_t i = 0; i < report->changes.count; i++) {
        const struct diff_change *change = array_at(&report->changes, i);
        printf("# %s %s: %s -> %s (%s, %s: %s)\n", change->change, change->what,
               change->old_value != NULL ? change->old_value : "-",
               change->new_value != NULL ? change->new_value : "-",
               diff_grade_name(change->rule->producer),
               diff_grade_name(change->rule->consumer), change->rule->why);
    }
}

static inline const struct diff_change *find(const struct diff_report *report,
                                             const char *change, const char *what)
{
    for (size_t i = 0; i < report->changes.count; i++) {
        const struct diff_change *held = array_at(&report->changes, i);
        if (string_equal(held->change, change) && string_equal(held->what, what)) {
            return held;
        }
    }
    return NULL;
}

#endif
