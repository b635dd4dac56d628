/* catalog/lint_run: finds the descriptors to check, chooses the tables of the standard
 * and version each one declares, and checks them one by one, then together.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/catalog/build.h"
#include "engine/path.h"
#include "engine/text.h"

enum { MOST_DEPTH = 64, MOST_FILES = 100000, MOST_BYTES = 8 * 1024 * 1024 };

static const struct document_place file_start = {.line = 1, .column = 1};

struct run {
    struct array documents; /* of struct lint_document */
    struct array *problems;
    bool schema_only;
    size_t files;
};

static void tell(struct run *run, const char *path, struct document_place place,
                 bool is_error, const char *rule, const char *sentence)
{
    struct lint lint = {.path = path, .problems = run->problems};
    lint_tell(&lint, place, is_error, rule, "%s", sentence);
}

/* ---- Which table ---- */

struct table_choice {
    int kind;                       /* enum descriptor_kind */
    const char *version;            /* NULL: any other, and none */
    const struct lint_shape *shape; /* NULL: not checked */
};

static const struct table_choice choices[] = {
    {DESCRIPTOR_PRODUCT, "v0.9.0", NULL},
    {DESCRIPTOR_PRODUCT, "v1.1.0", NULL},
    {DESCRIPTOR_PRODUCT, NULL, &lint_odps_1_0},
    {DESCRIPTOR_CONTRACT, "v2.2.0", NULL},
    {DESCRIPTOR_CONTRACT, "v2.2.1", NULL},
    {DESCRIPTOR_CONTRACT, "v3.0.0", NULL},
    {DESCRIPTOR_CONTRACT, "v3.0.1", NULL},
    {DESCRIPTOR_CONTRACT, "v3.0.2", NULL},
    {DESCRIPTOR_CONTRACT, "v3.2.0", NULL},
    {DESCRIPTOR_CONTRACT, NULL, &lint_odcs_3_1},
};

static const struct lint_shape *choose_shape(const struct lint_document *document,
                                             const char **version)
{
    const struct document_value *root = document_root(document->document);
    if (document->kind == DESCRIPTOR_PACKAGE) {
        *version = document_get_text(root, "$schema");
        bool is_2 = *version != NULL && strstr(*version, "/profiles/2") != NULL;
        return is_2 ? &lint_package_2 : &lint_package_1;
    }
    *version = document_get_text(root, "apiVersion");
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (choices[i].kind == document->kind &&
            (choices[i].version == NULL || string_equal(choices[i].version, *version))) {
            return choices[i].shape;
        }
    }
    return NULL;
}

static void check_document(struct run *run, const struct lint_document *document)
{
    const char *version = NULL;
    const struct lint_shape *shape = choose_shape(document, &version);
    const struct document_value *root = document_root(document->document);
    if (shape == NULL) {
        char *sentence =
            string_printf("not checked: it declares %s, whose rules are not here",
                          version != NULL ? version : "no version");
        tell(run, document->path, document_place(root), false, "not-checked", sentence);
        free(sentence);
        return;
    }
    struct lint lint = {.path = document->path,
                        .problems = run->problems,
                        .schema_only = run->schema_only};
    lint_value(&lint, shape, root);
    text_release(&lint.where);
}

/* ---- Reading ---- */

static void tell_warnings(struct run *run, const struct lint_document *document)
{
    const struct array *warnings = document_warnings(document->document);
    for (size_t i = 0; !run->schema_only && i < warnings->count; i++) {
        const struct document_warning *warning = array_at(warnings, i);
        tell(run, document->path, warning->place, false, "yaml", warning->sentence);
    }
}

/* `named`: the person named this very file, so it must be something. */
static void take_parsed(struct run *run, const char *path, struct document *document,
                        bool named)
{
    const char *standard = NULL;
    struct lint_document item = {.document = document};
    item.kind = descriptor_kind_of(document_root(document), &standard);
    if (item.kind == DESCRIPTOR_NONE || item.kind == DESCRIPTOR_OTHER) {
        bool is_error = item.kind == DESCRIPTOR_NONE;
        if (!is_error) {
            char *sentence = string_printf("not checked: this is %s", standard);
            tell(run, path, file_start, false, "not-checked", sentence);
            free(sentence);
        } else if (named || descriptor_has_name(path)) {
            tell(run, path, file_start, true, "not-a-descriptor",
                 "this is no descriptor: its root has neither kind: DataProduct or "
                 "DataContract nor a list of resources");
        }
        document_free(document);
        return;
    }
    item.path = string_copy(path);
    item.full = path_absolute(path, NULL);
    *(struct lint_document *)array_push(&run->documents) = item;
    tell_warnings(run, &item);
}

static void take_bytes(struct run *run, const char *path, const char *bytes,
                       size_t length, bool named)
{
    struct error err = {0};
    struct document_place place;
    bool wanted =
        named || descriptor_has_name(path) || descriptor_is_hinted(bytes, length);
    if (!wanted) {
        return;
    }
    struct document *document =
        document_parse(bytes, length, document_format_of(path), &place, &err);
    if (document == NULL) {
        tell(run, path, place, true, "broken", err.message);
        return;
    }
    take_parsed(run, path, document, named);
}

static bool take_file(struct run *run, const char *path, bool named, struct error *err)
{
    char *bytes;
    size_t length;
    if (!path_read_file(path, MOST_BYTES, &bytes, &length, err)) {
        return false;
    }
    take_bytes(run, path, bytes, length, named);
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

static bool take_folder(struct run *run, const char *folder, int depth,
                        struct error *err);

static void take_entry(struct run *run, const char *path, const char *name, int depth)
{
    struct stat info;
    struct error err = {0};
    if (lstat(path, &info) != 0 || ++run->files > MOST_FILES) {
        return;
    }
    bool done = true;
    if (S_ISDIR(info.st_mode)) {
        done = depth >= MOST_DEPTH || take_folder(run, path, depth + 1, &err);
    } else if (S_ISREG(info.st_mode) && may_be_document(name)) {
        done = take_file(run, path, false, &err);
    }
    if (!done) {
        tell(run, path, file_start, true, "unreadable", err.message);
    }
}

static bool take_folder(struct run *run, const char *folder, int depth, struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, by_name);
    if (count < 0) {
        return error_set(err, ERROR_FAILED, "could not read the folder %s", folder);
    }
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            char *path = path_join(folder, entries[i]->d_name);
            take_entry(run, path, entries[i]->d_name, depth);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    return true;
}

static void run_release(struct run *run)
{
    for (size_t i = 0; i < run->documents.count; i++) {
        struct lint_document *document = array_at(&run->documents, i);
        document_free(document->document);
        free(document->path);
        free(document->full);
    }
    array_release(&run->documents);
}

/* In the order people read: by file, then by place. */
static int compare_problems(const void *a, const void *b)
{
    const struct catalog_problem *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    if (order != 0) {
        return order;
    }
    return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
                              : (x->column > y->column) - (x->column < y->column);
}

bool catalog_lint(const char *const *paths, size_t count, bool schema_only,
                  struct array *problems, struct error *err)
{
    struct run run = {.documents = ARRAY_OF(struct lint_document),
                      .problems = problems,
                      .schema_only = schema_only};
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        done = path_is_folder(paths[i]) ? take_folder(&run, paths[i], 0, err)
                                        : take_file(&run, paths[i], true, err);
    }
    for (size_t i = 0; done && i < run.documents.count; i++) {
        check_document(&run, array_at(&run.documents, i));
    }
    if (done && !schema_only) {
        lint_references(&run.documents, problems);
    }
    run_release(&run);
    if (problems->count > 1) {
        qsort(problems->items, problems->count, problems->item_size, compare_problems);
    }
    return done;
}
