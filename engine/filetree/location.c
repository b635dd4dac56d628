/* filetree: what a text names: a folder, a repository at a ref, or an index on the web.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/filetree/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/digest.h"
#include "engine/path.h"
#include "engine/secret.h"

enum { MOST_LOCATION = 4096, MOST_REF = 255 };

void filetree_location_release(struct filetree_location *location)
{
    free(location->path);
    free(location->ref);
    free(location->below);
    *location = (struct filetree_location){0};
}

/* The length of `scheme` in `scheme://`, 0 when it is no URL. */
static size_t scheme_length(const char *text)
{
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) ||
           (length > 0 && strchr("+-.", text[length]) != NULL && text[length] != '\0')) {
        length++;
    }
    return length > 0 && string_starts(text + length, "://") ? length : 0;
}

static bool has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 32 || *text == 127) {
            return true;
        }
    }
    return false;
}

/* git's own rules (git-check-ref-format(1)) and those of revisions (HEAD~2, tag^{}); what
 * could be an option or a range is none of them. */
static bool check_ref(const char *ref, struct error *err)
{
    if (ref[0] == '-' || strlen(ref) > MOST_REF || strstr(ref, "..") != NULL ||
        strpbrk(ref, " ?*[\\:") != NULL) {
        return error_set(err, ERROR_USAGE,
                         "\"%.80s\" is no ref of git: write a branch, a tag or a commit",
                         ref);
    }
    return true;
}

static bool take_git(const char *path, const char *hash,
                     struct filetree_location *location, struct error *err)
{
    size_t length = hash != NULL ? (size_t)(hash - path) : strlen(path);
    const char *ref = hash != NULL ? hash + 1 : "";
    const char *colon = strchr(ref, ':');
    size_t ref_length = colon != NULL ? (size_t)(colon - ref) : strlen(ref);
    *location = (struct filetree_location){
        .kind = FILETREE_GIT,
        .path = string_copy_bytes(path, length),
        .ref = ref_length > 0 ? string_copy_bytes(ref, ref_length) : string_copy("HEAD"),
        .below = string_copy(colon != NULL ? colon + 1 : ""),
    };
    size_t last = strlen(location->below);
    if (last > 0 && location->below[last - 1] == '/') {
        location->below[last - 1] = '\0';
    }
    if (length == 0) {
        error_set(err, ERROR_USAGE, "\"%s\" names no repository before the #", path);
    } else if (!filetree_path_is_inside(location->below)) {
        error_set(
            err, ERROR_USAGE,
            "\"%s\" is no folder of a repository: it must be relative and not climb",
            location->below);
    } else if (check_ref(location->ref, err)) {
        return true;
    }
    filetree_location_release(location);
    return false;
}

static bool take_url(const char *text, size_t scheme, struct filetree_location *location,
                     struct error *err)
{
    bool is_web = (scheme == 4 && strncasecmp(text, "http", 4) == 0) ||
                  (scheme == 5 && strncasecmp(text, "https", 5) == 0);
    if (!is_web) {
        return error_set(
            err, ERROR_USAGE,
            "could not open %.200s: %.*s:// is not read; name a folder, a git repository "
            "on "
            "this host (PATH#REF; clone others first), or an http(s) address",
            text, (int)(scheme < 32 ? scheme : 32), text);
    }
    *location =
        (struct filetree_location){.kind = FILETREE_WEB, .path = string_copy(text)};
    return true;
}

static bool is_there(const char *path, const char *beside)
{
    char *full = beside != NULL && path[0] != '/' ? path_join(beside, path) : NULL;
    bool there = path_exists(full != NULL ? full : path);
    free(full);
    return there;
}

bool filetree_parse_beside(const char *text, const char *beside,
                           struct filetree_location *location, struct error *err)
{
    *location = (struct filetree_location){0};
    if (text[0] == '\0' || strlen(text) > MOST_LOCATION || has_control(text)) {
        return error_set(err, ERROR_USAGE,
                         "this is no location of a mesh: it is empty, has control "
                         "characters, or is longer than %d bytes",
                         MOST_LOCATION);
    }
    size_t scheme = scheme_length(text);
    if (scheme > 0) {
        return take_url(text, scheme, location, err);
    }
    if (string_starts(text, "git:")) {
        return take_git(text + 4, strchr(text, '#'), location, err);
    }
    const char *hash = strrchr(text, '#');
    if (hash != NULL && !is_there(text, beside)) {
        return take_git(text, hash, location, err);
    }
    *location =
        (struct filetree_location){.kind = FILETREE_FOLDER, .path = string_copy(text)};
    return true;
}

bool filetree_parse(const char *text, struct filetree_location *location,
                    struct error *err)
{
    return filetree_parse_beside(text, NULL, location, err);
}

char *filetree_place(const char *path, const struct filetree_spec *spec,
                     struct error *err)
{
    char *full = spec->beside != NULL && path[0] != '/' ? path_join(spec->beside, path)
                                                        : string_copy(path);
    char *absolute = path_absolute(full, err);
    free(full);
    return absolute;
}

char *filetree_git_text(const char *repository, const char *ref, const char *below)
{
    while (string_starts(repository, "//")) { /* git:// would be another thing */
        repository++;
    }
    return string_printf("git:%s#%s%s%s", repository, ref, below[0] != '\0' ? ":" : "",
                         below);
}

char *filetree_canonical(const char *text, struct error *err)
{
    struct filetree_location location;
    if (!filetree_parse(text, &location, err)) {
        return NULL;
    }
    char *place = location.kind == FILETREE_WEB ? string_copy(location.path)
                                                : path_absolute(location.path, err);
    if (place != NULL && location.kind == FILETREE_GIT) {
        char *whole = filetree_git_text(place, location.ref, location.below);
        free(place);
        place = whole;
    }
    filetree_location_release(&location);
    if (place == NULL) {
        secret_redact_error(err);
    }
    return place;
}

char *filetree_cache_place(const char *cache, const char *kind, const char *location,
                           struct error *err)
{
    char digest[DIGEST_SIZE];
    char *own = NULL;
    if (cache == NULL) {
        cache = own = path_of_place(PLACE_CACHE, NULL, err);
    }
    if (cache == NULL) {
        return NULL;
    }
    digest_bytes(location, strlen(location), digest);
    const char *host = strstr(location, "://");
    char *name = path_component(host != NULL ? host + 3 : path_base(location));
    struct text out = {0};
    text_printf(&out, "%s/%s/%.40s-%.16s", cache, kind, name, digest);
    free(name);
    free(own);
    return text_take(&out);
}
