/* git: bare repositories of our own: an empty one that lends its configuration to the
 * objects of others, and copies of those elsewhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

/* gitrepository-layout(5): what makes a folder a repository. HEAD comes last, for what
 * was left half made is made again. */
static const char narrow_config[] =
    "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
static const char wide_config[] = "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
                                  "[extensions]\n\tobjectformat = sha256\n";

static bool put(const char *folder, const char *name, const char *content,
                struct error *err)
{
    char *path = path_join(folder, name);
    bool done = path_write_file(path, content, strlen(content), 0600, err);
    free(path);
    return done;
}

bool git_own_make(const char *path, bool wide, struct error *err)
{
    char *head = path_join(path, "HEAD");
    bool done = path_exists(head);
    if (!done) {
        char *pack = path_join(path, "objects/pack");
        char *refs = path_join(path, "refs");
        done = path_make_folders(pack, err) && path_make_folders(refs, err) &&
               put(path, "config", wide ? wide_config : narrow_config, err) &&
               put(path, "HEAD", "ref: refs/heads/none\n", err);
        free(refs);
        free(pack);
    }
    free(head);
    return done;
}

char *git_own_empty(const char *copies, bool wide, struct error *err)
{
    char *path = path_join(copies, wide ? "empty-sha256.git" : "empty.git");
    if (!git_own_make(path, wide, err)) {
        free(path);
        return NULL;
    }
    return path;
}
