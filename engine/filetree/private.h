/* What the backends of the filetree room share: a tree is a table of functions and its
 * facts. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FILETREE_PRIVATE_H
#define MWB_FILETREE_PRIVATE_H

#include "engine/filetree.h"
#include "engine/text.h"

struct filetree_backend {
    bool (*list)(struct filetree *tree, const char *folder, struct array *entries,
                 struct error *err);
    bool (*look)(struct filetree *tree, const char *path, struct filetree_entry *entry);
    bool (*read)(struct filetree *tree, const char *path, size_t most, char **bytes,
                 size_t *length, struct error *err);
    char *(*on_disk)(struct filetree *tree, struct error *err); /* NULL: its root */
    bool (*changes)(struct filetree *tree, const char *mark, struct array *changes,
                    struct error *err); /* may be NULL */
    void (*close)(struct filetree *tree);
};

/* Each backend embeds this first. Texts of the facts that are set belong to the tree. */
struct filetree {
    const struct filetree_backend *backend;
    struct filetree_facts facts;
};

/* filetree_parse() with paths relative to a folder; NULL: the working folder. */
bool filetree_parse_beside(const char *text, const char *beside,
                           struct filetree_location *location, struct error *err);
char *filetree_git_text(const char *repository, const char *ref, const char *below);

void filetree_facts_begin(struct filetree_facts *facts, enum filetree_kind kind);
/* The texts of facts: set once, freed by filetree_close(). */
void filetree_set_fact(const char **fact, char *value);

struct filetree *filetree_open_folder(const struct filetree_location *location,
                                      const struct filetree_spec *spec,
                                      struct error *err);
struct filetree *filetree_open_git(const struct filetree_location *location,
                                   const struct filetree_spec *spec, struct error *err);
struct filetree *filetree_open_web(const struct filetree_location *location,
                                   const struct filetree_spec *spec, struct error *err);
bool filetree_git_has_mark(const struct filetree_location *location,
                           const struct filetree_spec *spec, const char *mark);
bool filetree_web_has_mark(const struct filetree_location *location,
                           const struct filetree_spec *spec, const char *mark);

/* CACHE/KIND/NAME-KEY for a location; `cache` NULL: that of the program. Yours. */
char *filetree_cache_place(const char *cache, const char *kind, const char *location,
                           struct error *err);

/* `path` as written, made absolute beside spec->beside. Yours. */
char *filetree_place(const char *path, const struct filetree_spec *spec,
                     struct error *err);

/* Is it a path inside of a tree: relative, no empty part, no `.`, no `..`, no NUL? "" is
 * one. */
bool filetree_path_is_inside(const char *path);

#endif
