/* catalog/walk: goes through the tree of a mesh, in the order of names, and hands every
 * descriptor to its reader. Follows no link out of the tree.
 *
 * A tree is listed first and then read: while one document goes into the index, threads
 * read the next ones (intake.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/folder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { FEW_FILES = 8 }; /* are not worth a thread */

static const struct document_place file_start = {.line = 1, .column = 1};

/* ---- One descriptor ---- */

/* Of standards that are not here no row is made. */
static void (*const readers[STANDARD_COUNT])(struct source *source) = {
    [STANDARD_ODPS] = read_odps,       [STANDARD_ODCS] = read_odcs,
    [STANDARD_PACKAGE] = read_package, [STANDARD_DCS] = read_dcs,
    [STANDARD_DCAT] = read_dcat,       [STANDARD_DPDS] = read_dpds,
    [STANDARD_OPEN] = read_open,       [STANDARD_MANAGER] = read_manager,
};

static void dispatch(struct source *source, enum standard_id id)
{
    if (readers[id] != NULL) {
        if (source_has_short_names(source)) {
            readers[id](source);
        }
    } else {
        build_problem(source->build, source->path, file_start, false, "not-read-yet",
                      "not read yet: a document of the %s", standard_title(id));
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

static const struct descriptor nothing = {.id = STANDARD_UNKNOWN};
static const struct descriptor broken = {.is_broken = true};

static void insert_findings(struct build *build, const struct array *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = array_at(findings, i);
        build_insert(build, INSERT_PROBLEM, "siissss", finding->path, finding->line,
                     finding->column, finding->is_error ? "error" : "warning",
                     finding->sentence, finding->rule, finding->fix);
    }
}

static void read_document(struct build *build, const struct taken *taken)
{
    const struct document_value *root = document_root(taken->document);
    const char *slash = strrchr(taken->path, '/');
    struct source source = {
        .build = build,
        .path = taken->path,
        .folder = string_copy_bytes(taken->path,
                                    slash != NULL ? (size_t)(slash - taken->path) : 0),
        .root = root,
    };
    tell_warnings(build, taken->path, taken->document);
    dispatch(&source, taken->claim.id);
    insert_findings(build, &taken->findings);
    free(source.folder);
}

static struct descriptor read_taken(struct build *build, const struct taken *taken)
{
    if (taken->sentence != NULL) {
        build_problem(build, taken->path, taken->place, taken->is_hinted, taken->rule,
                      "%s", taken->sentence);
        return taken->is_hinted ? broken : nothing;
    }
    if (taken->claim.id != STANDARD_UNKNOWN) {
        read_document(build, taken);
        return (struct descriptor){.id = taken->claim.id};
    }
    if (taken->document != NULL && standard_has_name(taken->path)) {
        build_problem(build, taken->path, file_start, true, "not-a-descriptor",
                      "by its name this is a descriptor, but its root has neither kind: "
                      "DataProduct or DataContract nor a list of resources");
        return broken;
    }
    return nothing;
}

static bool is_descriptor(const struct descriptor *read)
{
    return read->id != STANDARD_UNKNOWN || read->is_broken;
}

static struct descriptor insert_taken(struct build *build, const struct taken *taken)
{
    document_begin(build);
    struct descriptor read = read_taken(build, taken);
    read.is_package =
        read.id == STANDARD_PACKAGE ||
        (read.is_broken && string_starts(path_base(taken->path), "datapackage."));
    struct document_entry entry = {
        .path = taken->path,
        .role = is_descriptor(&read) ? ROLE_DESCRIPTOR : ROLE_OTHER,
        .root = read.id != STANDARD_UNKNOWN ? document_root(taken->document) : NULL,
        .stamp = taken->stamp,
        .hash = taken->is_read ? taken->hash : NULL,
        .is_package = read.is_package,
    };
    document_end(build, &entry);
    build->progress.done++;
    job_report(build->port, &build->progress);
    return read;
}

struct descriptor walk_descriptor(struct build *build, const char *path)
{
    struct taken taken;
    if (build->intake == NULL || !intake_take(build->intake, path, &taken)) {
        intake_read(&build->roots, path, &taken);
    }
    struct descriptor read = insert_taken(build, &taken);
    taken_release(&taken);
    return read;
}

/* ---- Reading what was listed ---- */

struct folder_kind {
    bool has_descriptor, is_package;
};

static struct folder_kind read_descriptors(struct build *build,
                                           const struct folder *folder)
{
    struct folder_kind kind = {0};
    for (size_t i = 0; i < folder->files.count; i++) {
        const char *name = *(char **)array_at(&folder->files, i);
        if (!folder_may_describe(folder, name)) {
            continue;
        }
        char *file = path_beside(folder->path, name);
        struct descriptor read = walk_descriptor(build, file);
        kind.has_descriptor |= is_descriptor(&read);
        kind.is_package |= read.is_package;
        free(file);
    }
    return kind;
}

/* What a folder brings itself: what is wrong with it, and tables without a descriptor. */
static void insert_folder(struct build *build, const struct folder *folder,
                          struct folder_kind kind)
{
    struct document_entry entry = {
        .path = folder->path,
        .role = ROLE_FOLDER,
        .stamp = folder->stamp,
        .under_descriptor = kind.has_descriptor,
        .is_package = kind.is_package,
    };
    document_begin(build);
    if (folder->sentence != NULL) {
        build_problem(build, folder->path, file_start, false, "unreadable", "%s",
                      folder->sentence);
    }
    for (size_t i = 0; i < folder->links.count; i++) {
        build_problem(build, *(char **)array_at(&folder->links, i), file_start, false,
                      "link",
                      "this link was not followed; only links to files of the mesh are");
    }
    if (!kind.has_descriptor) {
        read_bare_folder(build, folder->path, &folder->files);
    }
    document_end(build, &entry);
}

static void read_folder(struct build *build, const struct folder *folder,
                        bool has_descriptor)
{
    if (job_cancelled(build->port) || build->failure.kind != ERROR_NONE) {
        return;
    }
    struct folder_kind kind = read_descriptors(build, folder);
    kind.has_descriptor |= has_descriptor;
    insert_folder(build, folder, kind);
    for (size_t i = 0; i < folder->folders.count && !kind.is_package; i++) {
        read_folder(build, *(struct folder **)array_at(&folder->folders, i),
                    kind.has_descriptor);
    }
}

static int count_slashes(const char *path)
{
    int count = path[0] != '\0';
    for (; *path != '\0'; path++) {
        count += *path == '/';
    }
    return count;
}

void walk_folder(struct build *build, const char *path, bool has_descriptor)
{
    if (folder_is_skipped(build, path)) {
        return;
    }
    struct intake *intake = intake_new(&build->roots);
    struct folder *folder = folder_list(build, intake, path, count_slashes(path));
    if (intake_count(intake) > FEW_FILES) {
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        intake_start(intake, processors > 1 ? (int)processors : 1);
        build->intake = intake;
    }
    read_folder(build, folder, has_descriptor);
    build->intake = NULL;
    intake_free(intake);
    folder_free(folder);
}

/* ---- A folder whose entries changed ---- */

/* The documents of the files in it that are gone are forgotten by the caller. A new
 * descriptor, or the last one gone, changes what the data below mean. */
static struct folder_kind reconcile_files(struct build *build,
                                          const struct folder *folder)
{
    struct folder_kind kind = {0};
    for (size_t i = 0; i < folder->files.count; i++) {
        const char *name = *(char **)array_at(&folder->files, i);
        if (!folder_may_describe(folder, name)) {
            continue;
        }
        char *path = path_beside(folder->path, name);
        if (document_row(build, path) == 0) {
            walk_descriptor(build, path);
        }
        kind.has_descriptor |=
            store_number(build->db, 0,
                         "SELECT role='descriptor' FROM document WHERE path=?1", "s",
                         path) > 0;
        kind.is_package |=
            store_number(build->db, 0, "SELECT is_package FROM document WHERE path=?1",
                         "s", path) > 0;
        free(path);
    }
    return kind;
}

bool walk_folder_again(struct build *build, const char *path, bool has_descriptor_above)
{
    struct intake *nothing_asked = intake_new(&build->roots);
    struct folder *folder =
        folder_list(build, nothing_asked, path, FOLDER_MOST_DEPTH - 1);
    long long row = document_row(build, path);
    bool was_under =
        store_number(build->db, 0, "SELECT under_descriptor FROM document WHERE rowid=?1",
                     "l", row) > 0;
    bool was_package =
        store_number(build->db, 0, "SELECT is_package FROM document WHERE rowid=?1", "l",
                     row) > 0;
    struct folder_kind kind = reconcile_files(build, folder);
    kind.has_descriptor |= has_descriptor_above;
    bool same = kind.has_descriptor == was_under && kind.is_package == was_package;
    if (same) {
        document_forget(build, row);
        insert_folder(build, folder, kind);
    }
    for (size_t i = 0; same && !kind.is_package && i < folder->folders.count; i++) {
        const struct folder *inner = *(struct folder **)array_at(&folder->folders, i);
        if (document_row(build, inner->path) == 0) {
            walk_folder(build, inner->path, kind.has_descriptor);
        }
    }
    intake_free(nothing_asked);
    folder_free(folder);
    return same;
}

/* ---- The whole mesh ---- */

/* A mesh that is one file. A product brings the contracts that lie beside it along. */
static void walk_one_file(struct build *build)
{
    struct intake *nothing_asked = intake_new(&build->roots);
    struct folder one = {.path = string_copy(""), .files = ARRAY_OF(char *)};
    struct descriptor read = nothing;
    *(char **)array_push(&one.files) = string_copy(build->only);
    document_stamp_of(&build->roots, build->only, &one.stamp);
    if (folder_may_describe(&one, build->only)) {
        read = walk_descriptor(build, build->only);
    }
    if (!is_descriptor(&read)) {
        struct document_entry entry = {
            .path = build->only, .role = ROLE_FOLDER, .stamp = one.stamp};
        document_forget(build, document_row(build, build->only));
        document_begin(build);
        read_bare_folder(build, "", &one.files);
        document_end(build, &entry);
    }
    catalog_names_release(&one.files);
    free(one.path);
    if (read.id == STANDARD_ODPS) {
        struct folder *folder =
            folder_list(build, nothing_asked, "", FOLDER_MOST_DEPTH - 1);
        build->orphans_are_products = false;
        insert_folder(build, folder, (struct folder_kind){.has_descriptor = true});
        for (size_t i = 0; i < folder->files.count; i++) {
            const char *name = *(char **)array_at(&folder->files, i);
            if (strstr(name, ".odcs.") != NULL && folder_may_describe(folder, name)) {
                walk_descriptor(build, name);
            }
        }
        folder_free(folder);
    }
    intake_free(nothing_asked);
}

void walk_tree(struct build *build, const char *folder)
{
    if (build->only != NULL) {
        walk_one_file(build);
        return;
    }
    walk_folder(build, folder, false);
    if (build->entries > FOLDER_MOST_ENTRIES) {
        build_problem(
            build, "", file_start, false, "too-many-files",
            "the mesh has more than %d files and folders; the rest was not looked at",
            FOLDER_MOST_ENTRIES);
    }
}
