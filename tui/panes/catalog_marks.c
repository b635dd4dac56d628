/* catalog_marks: a list of ids, and which ones a line stands for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/catalog_marks.h"

#include <stdlib.h>
#include <string.h>

void marks_release(struct catalog_marks *marks)
{
    for (size_t i = 0; i < marks->ids.count; i++) {
        free(*(char **)array_at(&marks->ids, i));
    }
    array_release(&marks->ids);
}

void marks_clear(struct catalog_marks *marks)
{
    marks_release(marks);
    *marks = (struct catalog_marks){0};
}

/* Where it is, or where it would be: a domain may have very many products. */
static size_t place_of(const struct catalog_marks *marks, const char *id, bool *found)
{
    char *const *ids = marks->ids.items;
    size_t low = 0, high = marks->ids.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(ids[middle], id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *found = low < marks->ids.count && string_equal(ids[low], id);
    return low;
}

bool marks_have(const struct catalog_marks *marks, const char *id)
{
    bool found;

    place_of(marks, id, &found);
    return found;
}

static void add(struct catalog_marks *marks, const char *id)
{
    bool found;
    size_t place = place_of(marks, id, &found);

    if (marks->ids.item_size == 0) {
        marks->ids = (struct array)ARRAY_OF(char *);
    }
    if (!found) {
        array_push(&marks->ids);
        char **ids = marks->ids.items;
        memmove(&ids[place + 1], &ids[place],
                (marks->ids.count - 1 - place) * sizeof *ids);
        ids[place] = string_copy(id);
    }
}

static void take_away(struct catalog_marks *marks, const char *id)
{
    bool found;
    size_t place = place_of(marks, id, &found);

    if (found) {
        free(*(char **)array_at(&marks->ids, place));
        array_remove(&marks->ids, place);
    }
}

/* The product of the line, or those of its domain. */
static struct catalog_marks of_line(const struct catalog_tree *tree,
                                    const struct tree_line *line)
{
    const struct catalog_filter filter = {.text = tree->searched, .domain = line->domain};
    struct catalog_marks found = {0};

    if (line->entry != NULL) {
        add(&found, line->entry->id);
    } else if (tree->workbench->catalog != NULL) {
        struct array entries = catalog_list(tree->workbench->catalog, &filter);
        for (size_t i = 0; i < entries.count; i++) {
            add(&found, ((struct catalog_entry *)array_at(&entries, i))->id);
        }
        catalog_entries_release(&entries);
    }
    return found;
}

void marks_toggle(struct catalog_marks *marks, const struct catalog_tree *tree,
                  const struct tree_line *line)
{
    struct catalog_marks found = of_line(tree, line);
    bool all_are = true;

    for (size_t i = 0; i < found.ids.count; i++) {
        all_are = all_are && marks_have(marks, *(char **)array_at(&found.ids, i));
    }
    for (size_t i = 0; i < found.ids.count; i++) {
        const char *id = *(char **)array_at(&found.ids, i);
        if (all_are) {
            take_away(marks, id);
        } else {
            add(marks, id);
        }
    }
    marks_release(&found);
}

struct catalog_marks marks_meant(const struct catalog_marks *marks,
                                 const struct catalog_tree *tree,
                                 const struct tree_line *line)
{
    struct catalog_marks meant = {0};

    if (marks->ids.count == 0) {
        return of_line(tree, line);
    }
    for (size_t i = 0; i < marks->ids.count; i++) {
        add(&meant, *(char **)array_at(&marks->ids, i));
    }
    return meant;
}
