/* catalog/walk: goes through the tree of a mesh, in the order of names, and hands every
 * descriptor to its reader. Follows no link out of the tree.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum {
    MOST_ENTRIES = 200000,
    MOST_FOLDERS_DEEP = 64,
    MOST_BYTES = 8 * 1024 * 1024,
    MOST_BYTES_UNNAMED =
        64 * 1024, /* of a YAML file that nothing marks as a descriptor */
};

static const struct document_place file_start = {.line = 1, .column = 1};

/* ---- What a document is ---- */

bool descriptor_has_name(const char *path)
{
    static const char *const suffixes[] = {".odps.yaml", ".odps.yml", ".odps.json",
                                           ".odcs.yaml", ".odcs.yml", ".odcs.json"};
    static const char *const names[] = {"datapackage.json", "datapackage.yaml",
                                        "datapackage.yml"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (string_ends(path, suffixes[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (string_equal(path_base(path), names[i])) {
            return true;
        }
    }
    return false;
}

static bool is_package(const struct document_value *root)
{
    const struct document_value *resources = document_get(root, "resources");
    const struct document_value *first = document_item(resources, 0);
    return document_kind(resources) == DOCUMENT_LIST &&
           (document_get(first, "path") != NULL || document_get(first, "data") != NULL ||
            document_get(first, "url") != NULL || document_get(first, "name") != NULL);
}

enum descriptor_kind descriptor_kind_of(const struct document_value *root,
                                        const char **standard)
{
    static const struct {
        const char *path, *standard;
    } others[] = {
        {"dataContractSpecification", "a contract of the Data Contract Specification"},
        {"dataProductSpecification", "a product of the Data Product Specification"},
        {"dataProductDescriptor", "a Data Product Descriptor"},
        {"product.details", "a product of the Open Data Product Specification"},
        {"quantumName", "a contract of ODCS 2"},
    };
    const char *kind = document_get_text(root, "kind");
    if (document_get(root, "apiVersion") != NULL || kind != NULL) {
        const char *version = document_get_text(root, "apiVersion");
        bool is_old = document_get(root, "quantumName") != NULL ||
                      (version != NULL && string_starts(version, "v2."));
        if (string_equal(kind, "DataProduct")) {
            return DESCRIPTOR_PRODUCT;
        }
        if (string_equal(kind, "DataContract")) {
            *standard = "a contract of ODCS 2";
            return is_old ? DESCRIPTOR_OTHER : DESCRIPTOR_CONTRACT;
        }
    }
    if (is_package(root)) {
        return DESCRIPTOR_PACKAGE;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (document_find(root, others[i].path) != NULL) {
            *standard = others[i].standard;
            return DESCRIPTOR_OTHER;
        }
    }
    if (document_kind(document_get(root, "dataset")) == DOCUMENT_LIST &&
        document_get(root, "conformsTo") != NULL) {
        *standard = "a DCAT-US catalog";
        return DESCRIPTOR_OTHER;
    }
    return DESCRIPTOR_NONE;
}

/* Cheap words that a descriptor holds, so that large data files are not parsed. */
bool descriptor_is_hinted(const char *bytes, size_t length)
{
    static const struct {
        const char *one, *two;
    } hints[] = {
        {"kind", "DataProduct"},       {"kind", "DataContract"},
        {"resources", "path"},         {"resources", "data"},
        {"conformsTo", "dataset"},     {"dataContractSpecification", ""},
        {"dataProductDescriptor", ""}, {"product", "details"},
        {"quantumName", ""},           {"dataProductSpecification", ""},
    };
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (memmem(bytes, length, hints[i].one, strlen(hints[i].one)) != NULL &&
            memmem(bytes, length, hints[i].two, strlen(hints[i].two)) != NULL) {
            return true;
        }
    }
    return false;
}

/* ---- One descriptor ---- */

static void dispatch(struct source *source, enum descriptor_kind kind,
                     const char *standard)
{
    switch (kind) {
    case DESCRIPTOR_PRODUCT:
        read_odps(source);
        break;
    case DESCRIPTOR_CONTRACT:
        read_odcs(source);
        break;
    case DESCRIPTOR_PACKAGE:
        read_package(source);
        break;
    case DESCRIPTOR_OTHER:
        build_problem(source->build, source->path, file_start, false, "not-read-yet",
                      "not read yet: %s", standard);
        break;
    default:
        break;
    }
}

static void tell_warnings(struct build *build, const char *path,
                          const struct document *document)
{
    const struct array *warnings = document_warnings(document);
    for (size_t i = 0; i < warnings->count; i++) {
        const struct document_warning *warning = array_at(warnings, i);
        build_problem(build, path, warning->place, false, "yaml", "%s",
                      warning->sentence);
    }
}

static enum descriptor_kind read_parsed(struct build *build, const char *path,
                                        const struct document *document)
{
    const char *standard = NULL;
    const char *slash = strrchr(path, '/');
    enum descriptor_kind kind = descriptor_kind_of(document_root(document), &standard);
    if (kind == DESCRIPTOR_NONE) {
        if (descriptor_has_name(path)) {
            build_problem(
                build, path, file_start, true, "not-a-descriptor",
                "by its name this is a descriptor, but its root has neither kind: "
                "DataProduct or DataContract nor a list of resources");
            return DESCRIPTOR_BROKEN;
        }
        return kind;
    }
    struct source source = {
        .build = build,
        .path = path,
        .folder = string_copy_bytes(path, slash != NULL ? (size_t)(slash - path) : 0),
        .root = document_root(document),
    };
    tell_warnings(build, path, document);
    dispatch(&source, kind, standard);
    free(source.folder);
    return kind;
}

static enum descriptor_kind read_bytes(struct build *build, const char *path,
                                       const char *bytes, size_t length)
{
    struct error err = {0};
    struct document_place place;
    bool is_hinted = descriptor_has_name(path) || descriptor_is_hinted(bytes, length);
    bool is_yaml = document_format_of(path) == DOCUMENT_YAML;
    if (!is_hinted && !(is_yaml && length <= MOST_BYTES_UNNAMED)) {
        return DESCRIPTOR_NONE;
    }
    struct document *document =
        document_parse(bytes, length, document_format_of(path), &place, &err);
    if (document == NULL) {
        build_problem(build, path, place, is_hinted, is_hinted ? "broken" : "broken-yaml",
                      "%s", err.message);
        return is_hinted ? DESCRIPTOR_BROKEN : DESCRIPTOR_NONE;
    }
    enum descriptor_kind kind = read_parsed(build, path, document);
    document_free(document);
    return kind;
}

enum descriptor_kind walk_descriptor(struct build *build, const char *path)
{
    struct error err = {0};
    char *bytes;
    size_t length;
    char *full = path_join(build->root, path);
    bool read = path_read_file(full, MOST_BYTES, &bytes, &length, &err);
    free(full);
    build_note_file(build, path, NULL);
    build->progress.done++;
    job_report(build->port, &build->progress);
    if (!read) {
        if (descriptor_has_name(path)) {
            build_problem(build, path, file_start, true, "unreadable", "%s", err.message);
            return DESCRIPTOR_BROKEN;
        }
        return DESCRIPTOR_NONE;
    }
    enum descriptor_kind kind = read_bytes(build, path, bytes, length);
    free(bytes);
    return kind;
}

/* ---- Folders ---- */

struct folder {
    struct array files;   /* of char *: names */
    struct array folders; /* of char * */
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_names(struct array *names)
{
    if (names->count > 1) {
        qsort(names->items, names->count, names->item_size, compare_names);
    }
}

/* A link to a file inside of the tree is that file; any other link is left alone. */
static bool leads_to_own_file(struct build *build, const char *path)
{
    struct stat info;
    char *full = path_join(build->root, path);
    char *target = realpath(full, NULL);
    size_t length = strlen(build->root);
    bool own = target != NULL && stat(target, &info) == 0 && S_ISREG(info.st_mode) &&
               strncmp(target, build->root, length) == 0 && target[length] == '/';
    if (!own) {
        build_problem(build, path, file_start, false, "link",
                      "this link was not followed; only links to files of the mesh are");
    }
    free(target);
    free(full);
    return own;
}

static void sort_entry(struct build *build, struct folder *folder, int fd,
                       const char *path, const char *name)
{
    struct stat info;
    struct array *list = NULL;
    if (fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return;
    }
    if (S_ISDIR(info.st_mode)) {
        list = &folder->folders;
    } else if (S_ISREG(info.st_mode)) {
        list = &folder->files;
    } else if (S_ISLNK(info.st_mode)) {
        char *link = path_beside(path, name);
        list = leads_to_own_file(build, link) ? &folder->files : NULL;
        free(link);
    }
    if (list != NULL) {
        *(char **)array_push(list) = string_copy(name);
    }
}

static bool list_folder(struct build *build, const char *path, struct folder *folder)
{
    char *full = path_join(build->root, path);
    int fd = open(full, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    free(full);
    if (dir == NULL) {
        build_problem(build, path, file_start, false, "unreadable",
                      "the folder could not be read: %s", error_of_errno(errno));
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.' && build->entries++ < MOST_ENTRIES) {
            sort_entry(build, folder, fd, path, entry->d_name);
        }
    }
    closedir(dir);
    sort_names(&folder->files);
    sort_names(&folder->folders);
    return true;
}

static bool is_skipped(const struct build *build, const char *path)
{
    for (size_t i = 0; i < build->skipped.count; i++) {
        if (string_equal(path, *(char **)array_at(&build->skipped, i))) {
            return true;
        }
    }
    return false;
}

static bool may_hold_descriptor(const char *name)
{
    return string_ends(name, ".yaml") || string_ends(name, ".yml") ||
           string_ends(name, ".json");
}

/* Read the descriptors of a folder. Sets *found when there was one; tells whether the
 * folder is a Data Package, even a broken one. */
static bool read_descriptors(struct build *build, const char *path, struct folder *folder,
                             bool *found)
{
    bool is_whole_package = false;
    for (size_t i = 0; i < folder->files.count; i++) {
        const char *name = *(char **)array_at(&folder->files, i);
        if (!may_hold_descriptor(name) ||
            (path[0] == '\0' && string_equal(name, "mesh.yaml"))) {
            continue;
        }
        char *file = path_beside(path, name);
        enum descriptor_kind kind = walk_descriptor(build, file);
        *found |= kind != DESCRIPTOR_NONE;
        is_whole_package |=
            kind == DESCRIPTOR_PACKAGE ||
            (kind == DESCRIPTOR_BROKEN && string_starts(name, "datapackage."));
        free(file);
    }
    return is_whole_package;
}

static void walk_folder(struct build *build, const char *path, bool has_descriptor,
                        int depth)
{
    struct folder folder = {.files = ARRAY_OF(char *), .folders = ARRAY_OF(char *)};
    if (is_skipped(build, path) || job_cancelled(build->port) ||
        build->failure.kind != ERROR_NONE) {
        return;
    }
    build_note_file(build, path, NULL);
    if (depth < MOST_FOLDERS_DEEP && list_folder(build, path, &folder) &&
        !read_descriptors(build, path, &folder, &has_descriptor)) {
        if (!has_descriptor) {
            read_bare_folder(build, path, &folder.files);
        }
        for (size_t i = 0; i < folder.folders.count; i++) {
            char *below = path_beside(path, *(char **)array_at(&folder.folders, i));
            walk_folder(build, below, has_descriptor, depth + 1);
            free(below);
        }
    }
    catalog_names_release(&folder.files);
    catalog_names_release(&folder.folders);
}

/* A mesh that is one file. A product brings the contracts that lie beside it along. */
static void walk_one_file(struct build *build)
{
    struct array one = ARRAY_OF(char *);
    *(char **)array_push(&one) = string_copy(build->only);
    enum descriptor_kind kind = DESCRIPTOR_NONE;
    if (may_hold_descriptor(build->only)) {
        kind = walk_descriptor(build, build->only);
    }
    if (kind == DESCRIPTOR_NONE) {
        build_note_file(build, build->only, NULL);
        read_bare_folder(build, "", &one);
    }
    catalog_names_release(&one);
    struct folder folder = {.files = ARRAY_OF(char *), .folders = ARRAY_OF(char *)};
    if (kind == DESCRIPTOR_PRODUCT && list_folder(build, "", &folder)) {
        build->orphans_are_products = false;
        build_note_file(build, "", NULL);
        for (size_t i = 0; i < folder.files.count; i++) {
            const char *name = *(char **)array_at(&folder.files, i);
            if (strstr(name, ".odcs.") != NULL && may_hold_descriptor(name)) {
                walk_descriptor(build, name);
            }
        }
    }
    catalog_names_release(&folder.files);
    catalog_names_release(&folder.folders);
}

void walk_tree(struct build *build, const char *folder)
{
    if (build->only != NULL) {
        walk_one_file(build);
        return;
    }
    walk_folder(build, folder, false, 0);
    if (build->entries > MOST_ENTRIES) {
        build_problem(
            build, "", file_start, false, "too-many-files",
            "the mesh has more than %d files and folders; the rest was not looked "
            "at",
            MOST_ENTRIES);
    }
}
