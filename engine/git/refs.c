/* git: what a ref names, read from a repository's files and from nothing else of it.
 * Sources: gitrepository-layout(5), git-rev-parse(1) on the order of places.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git/private.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"

enum { MOST_REF_FILE = 4096, MOST_PACKED = 64 * 1024 * 1024, MOST_DEEP = 5 };

size_t git_ref_name(const char *ref)
{
    return strcspn(ref, "~^");
}

/* A file of the repository's folder that no link leads out of; NULL: there is none. */
static char *read_file(const char *folder, const char *name, size_t most)
{
    char *bytes = NULL;
    size_t length = 0;
    int root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int fd = root >= 0 ? path_open_in(root, name, NULL) : -1;
    if (fd >= 0 && !path_read_open(fd, name, most, &bytes, &length, NULL)) {
        bytes = NULL;
    }
    if (fd >= 0) {
        close(fd);
    }
    if (root >= 0) {
        close(root);
    }
    return bytes;
}

/* Lines of packed-refs: ID, a space, the name. */
static char *find_packed(const char *packed, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = packed; line != NULL && *line != '\0';) {
        size_t id = strcspn(line, " \n");
        if (git_is_id(line, id) && line[id] == ' ' &&
            strncmp(line + id + 1, name, length) == 0 &&
            (line[id + 1 + length] == '\n' || line[id + 1 + length] == '\0')) {
            return string_copy_bytes(line, id);
        }
        line = strchr(line, '\n');
        line += line != NULL;
    }
    return NULL;
}

struct refs {
    const char *folder, *common; /* of a work tree of its own, of the repository */
    char *packed;
};

/* The id behind one full name, NULL: there is none. */
static char *read_ref(const struct refs *refs, const char *full)
{
    char *name = string_copy(full);
    for (int deep = 0; name != NULL && deep < MOST_DEEP; deep++) {
        char *text = read_file(refs->folder, name, MOST_REF_FILE);
        text = text != NULL ? text : read_file(refs->common, name, MOST_REF_FILE);
        char *found = NULL, *next = NULL;
        if (text == NULL) {
            found = find_packed(refs->packed, name);
        } else if (git_is_id(text, strcspn(text, " \r\n"))) {
            found = string_copy_bytes(text, strcspn(text, " \r\n"));
        } else if (string_starts(text, "ref: ")) {
            next = string_copy_bytes(text + 5, strcspn(text + 5, "\r\n"));
            if (!path_is_safe(next) || !string_starts(next, "refs/")) {
                free(next);
                next = NULL;
            }
        }
        free(text);
        free(name);
        name = next;
        if (found != NULL) {
            free(next);
            return found;
        }
    }
    free(name);
    return NULL;
}

static char *find_ref(const struct refs *refs, const char *name)
{
    static const char *const places[] = {"refs/%s", "refs/tags/%s", "refs/heads/%s",
                                         "refs/remotes/%s", "refs/remotes/%s/HEAD"};
    if (string_equal(name, "HEAD") || string_equal(name, "@")) {
        return read_ref(refs, "HEAD");
    }
    char *id = string_starts(name, "refs/") ? read_ref(refs, name) : NULL;
    for (size_t i = 0; id == NULL && i < sizeof places / sizeof *places; i++) {
        const char *sign = strstr(places[i], "%s");
        char *full =
            string_printf("%.*s%s%s", (int)(sign - places[i]), places[i], name, sign + 2);
        id = read_ref(refs, full);
        free(full);
    }
    return id;
}

static bool is_abbreviated(const char *name)
{
    size_t length = strspn(name, "0123456789abcdef");
    return length >= 7 && name[length] == '\0';
}

char *git_ref_read(const char *folder, const char *common, const char *ref,
                   struct error *err)
{
    char *name = string_copy_bytes(ref, git_ref_name(ref));
    struct refs refs = {.folder = folder,
                        .common = common,
                        .packed = read_file(common, "packed-refs", MOST_PACKED)};
    char *id = git_is_id(name, strlen(name)) ? string_copy(name) : find_ref(&refs, name);
    if (id == NULL && is_abbreviated(name)) {
        id = string_copy(name);
    }
    char *whole = id != NULL ? string_printf("%s%s", id, ref + strlen(name)) : NULL;
    if (whole == NULL) {
        error_set(err, ERROR_FAILED,
                  "there is no branch, tag or commit %s in the repository %s", name,
                  common);
    }
    free(id);
    free(refs.packed);
    free(name);
    return whole;
}
