/* catalog/lint_run: checks files and folders that somebody names: reads them all into an
 * index of their own, which holds every finding of every stage, and goes when it was
 * read. What the official schemas say alone needs no index. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/catalog/lint_parts.h"
#include "engine/catalog/sources.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

static const struct document_place file_start = {.line = 1, .column = 1};

static void note_file(const struct catalog_lint_spec *spec, const char *path)
{
    if (spec->files != NULL) {
        *(char **)array_push(spec->files) = string_copy(path);
    }
}

/* ---- An index of what was named ---- */

static void read_parts(struct build *build, const struct lint_parts *parts)
{
    build_run(build, "INSERT INTO mesh(name,path,root,format) VALUES(?1,?2,?2,?3)", "ssi",
              build->name, build->roots.own, INDEX_FORMAT);
    if (lint_parts_are_mesh(parts)) {
        sources_note_mesh(build);
        read_mesh_file(build);
    }
    for (size_t i = 0; i < parts->list.count && !lint_parts_are_mesh(parts); i++) {
        const struct lint_part *part = array_at(&parts->list, i);
        if (part->is_folder) {
            walk_folder(build, part->path, false);
        } else {
            walk_descriptor(build, part->path);
        }
    }
    if (build->failure.kind == ERROR_NONE) {
        store_run(build->db, index_keys, &build->failure);
    }
    link_index(build);
}

/* A file that was named must be something. */
static void judge_named(struct build *build, const struct lint_parts *parts)
{
    for (size_t i = 0; i < parts->list.count; i++) {
        const struct lint_part *part = array_at(&parts->list, i);
        if (part->is_folder || store_number(build->db, 0,
                                            "SELECT role='other' FROM document WHERE "
                                            "path=?1",
                                            "s", part->path) <= 0) {
            continue;
        }
        build_run(build,
                  "UPDATE problem SET severity='error',rule='broken' WHERE path=?1 AND "
                  "rule='broken-yaml'",
                  "s", part->path);
        if (store_number(build->db, 0, "SELECT count(*) FROM problem WHERE path=?1", "s",
                         part->path) == 0) {
            build_problem(build, part->path, file_start, true, "not-a-descriptor",
                          "this is no descriptor: its root has neither kind: DataProduct "
                          "or DataContract nor a list of resources");
        }
    }
    /* Without any contract nothing can be said about references to them. */
    if (!lint_parts_are_mesh(parts)) {
        build_run(build,
                  "DELETE FROM problem WHERE rule='unknown-contract' AND NOT "
                  "EXISTS(SELECT 1 FROM contract WHERE standard IN('odcs','dcs'))",
                  "");
    }
}

static void take_findings(struct build *build, const struct lint_parts *parts,
                          struct array *findings)
{
    sqlite3_stmt *rows =
        store_prepare(build->db,
                      "SELECT DISTINCT "
                      "path,line,column,severity='error',rule,sentence,fix FROM problem",
                      &build->failure);
    while (rows != NULL && store_step(rows, &build->failure) == STORE_ROW) {
        char *path = lint_parts_shown(parts, store_text(rows, 0));
        struct finding *finding =
            finding_add(findings,
                        (struct finding_place){path, sqlite3_column_int(rows, 1),
                                               sqlite3_column_int(rows, 2)},
                        sqlite3_column_int(rows, 3) != 0, store_text(rows, 4), "%s",
                        store_text(rows, 5));
        finding->fix = store_text_copy(rows, 6);
        free(path);
    }
    store_finish(rows);
}

/* The files that were held against the rules. */
static void take_files(struct build *build, const struct lint_parts *parts,
                       const struct catalog_lint_spec *spec)
{
    sqlite3_stmt *rows = store_prepare(build->db,
                                       "SELECT path FROM document WHERE role NOT "
                                       "IN('folder','other') AND hash IS NOT NULL "
                                       "ORDER BY path",
                                       &build->failure);
    while (rows != NULL && store_step(rows, &build->failure) == STORE_ROW) {
        char *path = lint_parts_shown(parts, store_text(rows, 0));
        note_file(spec, path);
        free(path);
    }
    store_finish(rows);
}

static bool open_parts(struct build *build, const struct lint_parts *parts,
                       struct error *err)
{
    if (lint_parts_are_mesh(parts)) {
        return sources_open_mesh(build, parts->root, err);
    }
    const char *base = path_base(parts->root);
    roots_init(&build->roots, parts->root);
    build->name = string_copy(base[0] != '\0' ? base : "mesh");
    return true;
}

static bool lint_indexed(const struct catalog_lint_spec *spec,
                         const struct lint_parts *parts, const char *file,
                         struct array *findings, struct error *err)
{
    struct build build = build_new(spec->port);
    if (!open_parts(&build, parts, err)) {
        build_release(&build);
        return false;
    }
    if (build_open(&build, file)) {
        read_parts(&build, parts);
        judge_named(&build, parts);
        take_findings(&build, parts, findings);
        take_files(&build, parts, spec);
    }
    bool done = build.failure.kind == ERROR_NONE;
    if (!done) {
        *err = build.failure;
        error_prefix(err, "could not check %s: ", spec->paths[0]);
    } else if (job_cancelled(spec->port)) {
        done =
            error_set(err, ERROR_CANCELLED, "checking %s was cancelled", spec->paths[0]);
    }
    build_release(&build);
    return done;
}

static bool lint_with_index(const struct catalog_lint_spec *spec, struct array *findings,
                            struct error *err)
{
    const char *temporary = getenv("TMPDIR");
    const char *above = spec->folder != NULL                        ? spec->folder
                        : temporary != NULL && temporary[0] != '\0' ? temporary
                                                                    : "/tmp";
    struct lint_parts parts;
    char *folder = path_join(above, "mwb-lint-XXXXXX");
    bool done = lint_parts_find(spec->paths, spec->count, &parts, err);
    if (done && mkdtemp(folder) == NULL) {
        done = error_set(err, ERROR_FAILED, "could not write to the folder %s", above);
    } else if (done) {
        char *file = path_join(folder, "index.db");
        done = lint_indexed(spec, &parts, file, findings, err);
        path_remove_tree(folder, NULL);
        free(file);
    }
    lint_parts_release(&parts);
    free(folder);
    return done;
}

/* ---- The schemas alone ---- */

enum { MOST_DEPTH = 64, MOST_FILES = 1000000, MOST_BYTES = 8 * 1024 * 1024 };

struct run {
    const struct catalog_lint_spec *spec;
    struct array *findings;
    size_t files;
};

static void tell(struct run *run, const char *path, struct document_place place,
                 const char *rule, const char *sentence)
{
    finding_add(run->findings, (struct finding_place){path, place.line, place.column},
                true, rule, "%s", sentence);
}

/* `named`: the person named this very file, so it must be something. */
static void check_bytes(struct run *run, const char *path, const char *bytes,
                        size_t length, bool named)
{
    struct error err = {0};
    struct document_place place;
    if (!named && !standard_has_name(path) && !standard_is_hinted(bytes, length)) {
        return;
    }
    struct document *document =
        document_parse(bytes, length, document_format_of(path), &place, &err);
    if (document == NULL) {
        tell(run, path, place, "broken", err.message);
        return;
    }
    const struct document_value *root = document_root(document);
    if (standard_of(root).id != STANDARD_UNKNOWN) {
        note_file(run->spec, path);
        standard_validate(root,
                          &(struct standard_check_spec){.path = path, .strict = true},
                          run->findings);
    } else if (named || standard_has_name(path)) {
        tell(run, path, file_start, "not-a-descriptor",
             "this is no descriptor: its root has neither kind: DataProduct or "
             "DataContract nor a list of resources");
    }
    document_free(document);
}

static bool check_file(struct run *run, const char *path, bool named, struct error *err)
{
    char *bytes;
    size_t length;
    if (!path_read_file(path, MOST_BYTES, &bytes, &length, err)) {
        return false;
    }
    check_bytes(run, path, bytes, length, named);
    free(bytes);
    return true;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool may_be_document(const char *name)
{
    return (string_ends(name, ".yaml") || string_ends(name, ".yml") ||
            string_ends(name, ".json")) &&
           !string_equal(name, "mesh.yaml");
}

static bool check_folder(struct run *run, const char *folder, int depth,
                         struct error *err);

static void check_entry(struct run *run, const char *path, const char *name, int depth)
{
    struct stat info;
    struct error err = {0};
    if (lstat(path, &info) != 0 || ++run->files > MOST_FILES ||
        job_cancelled(run->spec->port)) {
        return;
    }
    bool done = true;
    if (S_ISDIR(info.st_mode)) {
        done = depth >= MOST_DEPTH || check_folder(run, path, depth + 1, &err);
    } else if (S_ISREG(info.st_mode) && may_be_document(name)) {
        done = check_file(run, path, false, &err);
    }
    if (!done) {
        tell(run, path, file_start, "unreadable", err.message);
    }
}

static bool check_folder(struct run *run, const char *folder, int depth,
                         struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, by_name);
    if (count < 0) {
        return error_set(err, ERROR_FAILED, "could not read the folder %s", folder);
    }
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            char *path = path_join(folder, entries[i]->d_name);
            check_entry(run, path, entries[i]->d_name, depth);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    return true;
}

bool catalog_lint(const struct catalog_lint_spec *spec, struct array *findings,
                  struct error *err)
{
    struct run run = {.spec = spec, .findings = findings};
    bool done = true;
    if (!spec->schema_only) {
        done = lint_with_index(spec, findings, err);
    }
    for (size_t i = 0; done && spec->schema_only && i < spec->count; i++) {
        done = path_is_folder(spec->paths[i])
                   ? check_folder(&run, spec->paths[i], 0, err)
                   : check_file(&run, spec->paths[i], true, err);
    }
    findings_sort(findings);
    return done;
}
