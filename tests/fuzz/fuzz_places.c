/* Fuzzing of what descriptors and files say about places in git and files that are no
 * tables, and of the setting that opens them: the first byte chooses. What is accepted
 * must keep its promises: no option as a ref, no file that climbs, no address with a
 * name, words that a program can be given. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/git.h"
#include "engine/kept.h"
#include "engine/path.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void try_location(const char *text)
{
    struct git_location location;
    struct error err = {0};
    if (!git_location_parse(text, &location, &err)) {
        demand(err.message[0] != '\0');
        return;
    }
    demand(git_location_is(text));
    demand(location.repository[0] != '\0' && location.ref[0] != '-');
    demand(strstr(location.ref, "..") == NULL && strpbrk(location.ref, " :\n$`") == NULL);
    demand(path_is_safe(location.file));
    if (location.scheme != NULL) {
        size_t scheme = strlen(location.scheme);
        demand(strncmp(location.repository, location.scheme, scheme) == 0);
        demand(strncmp(location.repository + scheme, "://", 3) == 0);
        const char *host = location.repository + scheme + 3;
        demand(host[0] != '/' && host[0] != '-' &&
               strcspn(host, "@\\?# ") >= strcspn(host, "/"));
    }
    git_location_release(&location);
}

static void try_pointer(const char *bytes, size_t length)
{
    struct git_pointer pointer;
    struct error err = {0};
    if (!git_pointer_read(bytes, length, &pointer)) {
        return;
    }
    demand(length < GIT_POINTER_MOST && pointer.kind != NULL && pointer.key[0] != '\0');
    demand(pointer.hash[0] == '\0' || git_is_id(pointer.hash, 64));
    for (const char *p = pointer.key; *p != '\0'; p++) {
        demand(*p > 32 && *p < 127);
    }
    demand(!git_pointer_refuse(&pointer, "x", NULL, &err) && err.message[0] != '\0');
}

static void try_viewer(const char *setting)
{
    static const char *const types[] = {"pdf", "png", "elf"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct array words = ARRAY_OF(char *);
        struct error err = {0};
        struct kept_file file = {.path = (char *)"/c/x",
                                 .type = kept_type_named(types[i])};
        bool good = kept_viewer(setting, &file, &words, &err);
        demand(good || err.message[0] != '\0');
        bool has_file = false;
        for (size_t j = 0; j < words.count; j++) {
            has_file |= strstr(*(char **)array_at(&words, j), "/c/x") != NULL;
        }
        demand(!good || words.count == 0 || has_file);
        kept_words_release(&words);
    }
}

static void try_type(const char *bytes, size_t length)
{
    size_t name = strnlen(bytes, length);
    char *shown = string_copy_bytes(bytes, name);
    size_t rest = name < length ? name + 1 : length;
    const struct kept_type *type = kept_type_of(bytes + rest, length - rest, shown);
    demand(type != NULL && type->media != NULL && type->title != NULL);
    free(shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0) {
        return 0;
    }
    char *text = string_copy_bytes((const char *)bytes + 1, length - 1);
    switch (bytes[0] % 4) {
    case 0:
        try_location(text);
        break;
    case 1:
        try_pointer(text, length - 1);
        break;
    case 2:
        try_viewer(text);
        break;
    default:
        try_type(text, length - 1);
    }
    free(text);
    return 0;
}
