/* lint/names: the names in the lists of a document: found fast, and told when they stand
 * twice. Sorted arrays, so that a hostile list costs no more than its sorting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void add_name(struct lint_names *names, const struct document_value *owner,
                     const char *name, const struct document_value *value)
{
    if (name != NULL) {
        *(struct lint_name *)array_push(&names->entries) =
            (struct lint_name){owner, name, value, names->entries.count};
    }
}

void lint_names_add_list(struct lint_names *names, const struct document_value *list,
                         const char *const *keys)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        for (size_t k = 0; keys[k] != NULL; k++) {
            add_name(names, list, document_get_text(item, keys[k]), item);
        }
    }
}

void lint_names_add_members(struct lint_names *names, const struct document_value *map)
{
    for (size_t i = 0; document_kind(map) == DOCUMENT_MAP && i < document_count(map);
         i++) {
        const char *key;
        const struct document_value *value = document_member(map, i, &key, NULL);
        add_name(names, map, key, value);
    }
}

static int compare_owners(const struct document_value *a, const struct document_value *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

static int compare_entries(const void *a, const void *b)
{
    const struct lint_name *x = a, *y = b;
    int order = compare_owners(x->owner, y->owner);
    if (order == 0) {
        order = strcmp(x->name, y->name);
    }
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

void lint_names_sort(struct lint_names *names)
{
    if (names->entries.count > 1) {
        qsort(names->entries.items, names->entries.count, names->entries.item_size,
              compare_entries);
    }
}

void lint_names_release(struct lint_names *names)
{
    array_release(&names->entries);
}

/* Where `name` of `owner` stands, or would stand. */
static size_t lower_bound(const struct lint_names *names,
                          const struct document_value *owner, const char *name,
                          size_t length)
{
    size_t low = 0, high = names->entries.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct lint_name *entry = array_at(&names->entries, middle);
        int order = compare_owners(entry->owner, owner);
        if (order == 0) {
            order = strncmp(entry->name, name, length);
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The first entry with this beginning is the name itself, if it is there at all. */
const struct document_value *lint_names_find(const struct lint_names *names,
                                             const struct document_value *owner,
                                             const char *name, size_t length)
{
    const struct lint_name *entry =
        array_at(&names->entries, lower_bound(names, owner, name, length));
    bool found = owner != NULL && entry != NULL && entry->owner == owner &&
                 strlen(entry->name) == length && memcmp(entry->name, name, length) == 0;
    return found ? entry->value : NULL;
}

const char *lint_names_nearest(const struct lint_names *names,
                               const struct document_value *owner, const char *name)
{
    enum { MOST_COMPARED = 500 };
    const char *near[MOST_COMPARED + 1] = {NULL};
    size_t at = lower_bound(names, owner, "", 0), count = 0;
    const struct lint_name *entry;
    while (count < MOST_COMPARED && (entry = array_at(&names->entries, at)) != NULL &&
           entry->owner == owner) {
        near[count++] = entry->name;
        at++;
    }
    return string_nearest(name, near);
}

/* ---- Twice in one list ---- */

struct twice {
    const char *first, *second; /* second may be NULL */
    const struct document_value *item;
    size_t order;
};

static int compare_texts(const char *a, const char *b)
{
    return a == NULL || b == NULL ? (a != NULL) - (b != NULL) : strcmp(a, b);
}

static int compare_names_twice(const void *a, const void *b)
{
    const struct twice *x = a, *y = b;
    int order = strcmp(x->first, y->first);
    if (order == 0) {
        order = compare_texts(x->second, y->second);
    }
    return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static struct array collect(const struct document_value *list, struct lint_once once)
{
    struct array all = ARRAY_OF(struct twice);
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const struct document_value *named =
            once.key != NULL ? document_get(item, once.key) : item;
        if (document_text(named) != NULL) {
            *(struct twice *)array_push(&all) = (struct twice){
                document_text(named),
                once.second != NULL ? document_get_text(item, once.second) : NULL, named,
                i};
        }
    }
    return all;
}

void lint_named_once(struct lint *lint, const struct document_value *list,
                     struct lint_once once)
{
    struct array all = collect(list, once);
    const struct twice *first = NULL;
    if (all.count > 1) {
        qsort(all.items, all.count, all.item_size, compare_names_twice);
    }
    for (size_t i = 0; i < all.count; i++) {
        const struct twice *item = array_at(&all, i);
        bool same = first != NULL && strcmp(first->first, item->first) == 0 &&
                    compare_texts(first->second, item->second) == 0;
        if (!same) {
            first = item;
            continue;
        }
        struct text name = {0};
        text_printf(&name, "%s \"%.80s\"", once.what, item->first);
        if (item->second != NULL) {
            text_printf(&name, " (%s %.40s)", once.second, item->second);
        }
        lint_tell(lint, item->item, !once.is_warning, "duplicate",
                  "%s stands on line %d already", text_string(&name),
                  document_place(first->item).line);
        text_release(&name);
    }
    array_release(&all);
}
