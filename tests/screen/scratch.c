/* scratch: mkdtemp and its opposite.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

char *scratch_make(void)
{
    const char *base = getenv("TMPDIR");
    char *path = string_printf("%s/mwb-play-XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(path) == NULL) {
        printf("Bail out! no scratch folder could be made at %s\n", path);
        exit(99);
    }
    return path;
}

void scratch_name_homes(const char *scratch, struct names *environment)
{
    static const char *const homes[][2] = {{"HOME", "home"},
                                           {"XDG_CONFIG_HOME", "home/.config"},
                                           {"XDG_DATA_HOME", "home/.data"},
                                           {"XDG_CACHE_HOME", "home/.cache"},
                                           {"TMPDIR", "tmp"}};
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        char *path = string_printf("%s/%s", scratch, homes[i][1]);
        names_set(environment, homes[i][0], path);
        mkdir(path, 0700);
        free(path);
    }
}

/* What the program made read-only goes as well. */
static int open_folder(const char *path, const struct stat *facts, int kind,
                       struct FTW *at)
{
    (void)facts;
    (void)at;
    if (kind == FTW_D || kind == FTW_DNR) {
        chmod(path, 0700);
    }
    return 0;
}

static int remove_one(const char *path, const struct stat *facts, int kind,
                      struct FTW *at)
{
    (void)facts;
    (void)kind;
    (void)at;
    return remove(path);
}

void scratch_remove(const char *scratch)
{
    nftw(scratch, open_folder, 16, FTW_PHYS);
    nftw(scratch, remove_one, 16, FTW_PHYS | FTW_DEPTH);
}
