/* filetree: opens what a location names and hands every call to its backend.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/filetree/private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/secret.h"

/* ---- Opening ---- */

static struct filetree *open_parsed(const struct filetree_location *location,
                                    const struct filetree_spec *spec, struct error *err)
{
    switch (location->kind) {
    case FILETREE_GIT:
        return filetree_open_git(location, spec, err);
    case FILETREE_WEB:
        return filetree_open_web(location, spec, err);
    case FILETREE_FOLDER:
        break;
    }
    return filetree_open_folder(location, spec, err);
}

struct filetree *filetree_open_spec(const struct filetree_spec *spec, struct error *err)
{
    struct filetree_location location;
    struct error ignored = {0};
    err = err != NULL ? err : &ignored;
    if (!filetree_parse_beside(spec->location, spec->beside, &location, err)) {
        return NULL;
    }
    struct filetree *tree = open_parsed(&location, spec, err);
    filetree_location_release(&location);
    if (tree == NULL) {
        secret_redact_error(err);
    }
    return tree;
}

struct filetree *filetree_open(const char *location, struct error *err)
{
    return filetree_open_spec(&(struct filetree_spec){.location = location}, err);
}

bool filetree_has_mark(const struct filetree_spec *spec, const char *mark)
{
    struct filetree_location location;
    bool same = false; /* of a folder its files tell */
    if (mark[0] == '\0' ||
        !filetree_parse_beside(spec->location, spec->beside, &location, NULL)) {
        return false;
    }
    if (location.kind == FILETREE_GIT) {
        same = filetree_git_has_mark(&location, spec, mark);
    } else if (location.kind == FILETREE_WEB) {
        same = filetree_web_has_mark(&location, spec, mark);
    }
    filetree_location_release(&location);
    return same;
}

/* ---- Facts ---- */

void filetree_set_fact(const char **fact, char *value)
{
    if ((*fact)[0] != '\0') {
        free((char *)*fact);
    }
    *fact = "";
    if (value != NULL && value[0] != '\0') {
        *fact = value;
    } else {
        free(value);
    }
}

void filetree_facts_begin(struct filetree_facts *facts, enum filetree_kind kind)
{
    static const char *const names[] = {"folder", "git", "web"};
    *facts = (struct filetree_facts){.kind = kind,
                                     .kind_name = names[kind],
                                     .location = "",
                                     .root = "",
                                     .only = "",
                                     .ref = "",
                                     .commit = "",
                                     .mark = "",
                                     .sentence = ""};
}

static void facts_release(struct filetree_facts *facts)
{
    const char **const all[] = {&facts->location, &facts->root,   &facts->only,
                                &facts->ref,      &facts->commit, &facts->mark,
                                &facts->sentence};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        filetree_set_fact(all[i], NULL);
    }
}

const struct filetree_facts *filetree_facts(const struct filetree *tree)
{
    return &tree->facts;
}

void filetree_close(struct filetree *tree)
{
    if (tree != NULL) {
        facts_release(&tree->facts);
        tree->backend->close(tree);
    }
}

/* ---- Reading ---- */

bool filetree_path_is_inside(const char *path)
{
    while (*path != '\0') {
        size_t length = strcspn(path, "/");
        if (length == 0 || (length == 1 && path[0] == '.') ||
            (length == 2 && path[0] == '.' && path[1] == '.')) {
            return false;
        }
        path += length;
        if (*path == '/' && *++path == '\0') {
            return false;
        }
    }
    return true;
}

static bool check_path(const char *path, struct error *err)
{
    return filetree_path_is_inside(path) ||
           error_set(err, ERROR_FAILED,
                     "refused to read \"%s\": a path in a tree is relative and does not "
                     "climb",
                     path);
}

static int compare_entries(const void *a, const void *b)
{
    const struct filetree_entry *first = a, *second = b;
    return strcmp(first->name, second->name);
}

bool filetree_list(struct filetree *tree, const char *folder, struct array *entries,
                   struct error *err)
{
    size_t before = entries->count;
    if (!check_path(folder, err) || !tree->backend->list(tree, folder, entries, err)) {
        return false;
    }
    if (entries->count - before > 1) {
        qsort((struct filetree_entry *)entries->items + before, entries->count - before,
              entries->item_size, compare_entries);
    }
    return true;
}

void filetree_entries_release(struct array *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        free(((struct filetree_entry *)array_at(entries, i))->name);
    }
    array_release(entries);
}

bool filetree_look(struct filetree *tree, const char *path, struct filetree_entry *entry)
{
    *entry = (struct filetree_entry){0};
    return filetree_path_is_inside(path) && tree->backend->look(tree, path, entry);
}

bool filetree_read(struct filetree *tree, const char *path, size_t most, char **bytes,
                   size_t *length, struct error *err)
{
    return check_path(path, err) &&
           tree->backend->read(tree, path, most, bytes, length, err);
}

char *filetree_path(const struct filetree *tree, const char *path)
{
    const char *root = tree->facts.root;
    if (root[0] == '\0' || !filetree_path_is_inside(path)) {
        return NULL;
    }
    return path[0] != '\0' ? string_printf("%s/%s", root, path) : string_copy(root);
}

char *filetree_on_disk(struct filetree *tree, struct error *err)
{
    return tree->backend->on_disk != NULL ? tree->backend->on_disk(tree, err)
                                          : string_copy(tree->facts.root);
}

/* ---- Changes ---- */

bool filetree_changes(struct filetree *tree, const char *mark, struct array *changes,
                      struct error *err)
{
    if (tree->backend->changes == NULL) {
        return error_set(err, ERROR_FAILED,
                         "only git can tell what changed since then; %s is no repository",
                         tree->facts.location);
    }
    return tree->backend->changes(tree, mark, changes, err);
}

void filetree_changes_release(struct array *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        free(((struct filetree_change *)array_at(changes, i))->path);
    }
    array_release(changes);
}
