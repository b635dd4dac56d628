/* git: recognises files that only stand for others: pointers of Git LFS and git-annex.
 * Sources: git-lfs docs/spec.md (the keys version, oid, size; lines of "KEY VALUE"),
 * git-annex.branchable.com/internals (pointer files and keys).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *const lfs_starts[] = {
    "version https://git-lfs.github.com/spec/v",
    "version https://hawser.github.com/spec/v",
    "version http://git-media.io/v/",
};

static bool is_hex(const char *text, size_t length)
{
    return length == 64 && strspn(text, "0123456789abcdef") >= length;
}

/* Copied as far as it can be shown. */
static void keep_key(struct git_pointer *pointer, const char *text, size_t length)
{
    size_t most = sizeof pointer->key - 1, at = 0;
    for (size_t i = 0; i < length && at < most; i++) {
        pointer->key[at++] = text[i] > 32 && text[i] < 127 ? text[i] : '?';
    }
    pointer->key[at] = '\0';
}

static bool read_lfs(const char *text, struct git_pointer *pointer)
{
    bool is_lfs = false;
    for (size_t i = 0; i < sizeof lfs_starts / sizeof *lfs_starts; i++) {
        is_lfs = is_lfs || string_starts(text, lfs_starts[i]);
    }
    if (!is_lfs) {
        return false;
    }
    pointer->kind = "Git LFS";
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t length = strcspn(line, "\r\n");
        if (string_starts(line, "oid ")) {
            keep_key(pointer, line + 4, length - 4);
            if (string_starts(line + 4, "sha256:") && is_hex(line + 11, length - 11)) {
                memcpy(pointer->hash, line + 11, 64);
            }
        } else if (string_starts(line, "size ") && isdigit((unsigned char)line[5])) {
            long long bytes = strtoll(line + 5, NULL, 10);
            pointer->bytes = bytes;
        }
    }
    return pointer->key[0] != '\0';
}

/* "/annex/objects/KEY", or the link ".git/annex/objects/aa/bb/KEY/KEY" written as a file;
 * KEY is BACKEND[-sSIZE][-mTIME]--HASH[.SUFFIX]. */
static bool read_annex(const char *text, struct git_pointer *pointer)
{
    size_t length = strcspn(text, "\r\n");
    const char *at = strstr(text, "annex/objects/");
    if (at == NULL || (size_t)(at - text) > length || (at > text && at[-1] != '/')) {
        return false;
    }
    for (const char *p = text; p < at; p++) { /* only folders before it */
        if (strchr("./git", *p) == NULL) {
            return false;
        }
    }
    const char *key = text + length;
    while (key > at && key[-1] != '/') {
        key--;
    }
    const char *hash = strstr(key, "--");
    if (hash == NULL || hash >= text + length) {
        return false;
    }
    pointer->kind = "git-annex";
    keep_key(pointer, key, (size_t)(text + length - key));
    const char *size = strstr(key, "-s");
    if (size != NULL && size < hash && isdigit((unsigned char)size[2])) {
        pointer->bytes = strtoll(size + 2, NULL, 10);
    }
    size_t hex = strspn(hash + 2, "0123456789abcdef");
    if (string_starts(key, "SHA256") && hex == 64) {
        memcpy(pointer->hash, hash + 2, 64);
    }
    return true;
}

bool git_pointer_read(const char *bytes, size_t length, struct git_pointer *pointer)
{
    *pointer = (struct git_pointer){.bytes = -1};
    if (length == 0 || length >= GIT_POINTER_MOST ||
        memchr(bytes, '\0', length) != NULL) {
        return false;
    }
    char *text = string_copy_bytes(bytes, length);
    bool is = read_lfs(text, pointer) || read_annex(text, pointer);
    free(text);
    return is;
}

bool git_pointer_refuse(const struct git_pointer *pointer, const char *shown,
                        const char *repository, struct error *err)
{
    char size[32] = "an unknown size";
    bool is_lfs = string_equal(pointer->kind, "Git LFS");
    if (pointer->bytes >= 0) {
        string_of_bytes(pointer->bytes, size, sizeof size);
    }
    bool is_web = repository != NULL && strstr(repository, "://") != NULL;
    char *where =
        is_lfs && is_web ? string_printf(" at %s/info/lfs", repository) : string_copy("");
    error_set(
        err, ERROR_FAILED,
        "could not read %s: it is a pointer of %s, the file itself (%s, %s) lies in "
        "its store%s; %s",
        shown, pointer->kind, pointer->key, size, where,
        is_lfs ? "run git lfs pull in a clone of the repository and name the file "
                 "there"
               : "run git annex get in a clone of the repository and name the file "
                 "there");
    free(where);
    return false;
}
