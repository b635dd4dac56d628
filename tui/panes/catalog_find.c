/* catalog_find: a line of the catalog's tree by what it shows, after the tree has
 * changed. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>

#include "tui/panes/catalog_pages.h"
#include "tui/panes/catalog_tree.h"

void tree_place_of(struct catalog_tree *tree, size_t index, struct tree_place *place)
{
    struct tree_line line;
    size_t inner;

    tree_place_release(place);
    if (!tree_line(tree, index, &line)) {
        return;
    }
    place->domain = string_copy(line.domain);
    if (line.entry != NULL) {
        place->id = string_copy(line.entry->id);
        place->position = pages_of(tree, line.entry, &inner)->first + inner;
    }
    if (line.kind >= TREE_TABLE) {
        place->table = string_copy(tree_table(&line)->sql_name);
    }
    if (line.kind == TREE_COLUMN) {
        place->column = string_copy(tree_column(&line)->name);
    }
}

size_t tree_parent(struct catalog_tree *tree, size_t index)
{
    struct tree_line line = {0}, other;

    tree_line(tree, index, &line);
    for (size_t i = index; i-- > 0;) {
        if (tree_line(tree, i, &other) && other.depth < line.depth) {
            return i;
        }
    }
    return index;
}

void tree_place_release(struct tree_place *place)
{
    free(place->domain);
    free(place->id);
    free(place->table);
    free(place->column);
    *place = (struct tree_place){0};
}

/* ---- The product ---- */

static size_t position_in_page(const struct tree_page *page, const char *id)
{
    for (size_t i = 0; page != NULL && i < page->entries.count; i++) {
        const struct catalog_entry *entry = array_at(&page->entries, i);
        if (string_equal(entry->id, id)) {
            return page->first + i;
        }
    }
    return SIZE_MAX;
}

/* In the page where it was expected, or beside it. */
static size_t position_near(struct catalog_tree *tree, const char *id, size_t expected)
{
    size_t found = position_in_page(pages_get(tree, expected), id);

    if (found == SIZE_MAX && expected + TREE_PAGE_SIZE < tree->total) {
        found = position_in_page(pages_get(tree, expected + TREE_PAGE_SIZE), id);
    }
    if (found == SIZE_MAX && expected >= TREE_PAGE_SIZE) {
        found = position_in_page(pages_get(tree, expected - TREE_PAGE_SIZE), id);
    }
    return found;
}

static size_t find_position(struct catalog_tree *tree, const struct tree_place *place)
{
    const struct catalog *catalog = tree->workbench->catalog;
    struct catalog_entry entry = {0};
    size_t found = position_near(tree, place->id, place->position);

    if (found == SIZE_MAX && tree->searched == NULL && catalog != NULL &&
        catalog_find(catalog, place->id, &entry, NULL)) {
        found = position_near(tree, place->id, catalog_position(catalog, &entry));
    }
    catalog_entry_release(&entry);
    return found;
}

/* ---- Its line ---- */

static size_t line_of_domain(const struct catalog_tree *tree, const char *domain)
{
    size_t line = 0;

    for (size_t i = 0; i < tree->branches.count; i++) {
        const struct tree_branch *branch = array_at(&tree->branches, i);
        if (branch->domain != NULL && string_equal(branch->domain, domain)) {
            return line;
        }
        line += branch->lines;
    }
    return tree_count(tree);
}

/* Lines that show the product or what is before it grow with its position. */
static size_t line_of_position(struct catalog_tree *tree, size_t position)
{
    size_t line = 0;

    for (size_t i = 0; i < tree->branches.count; i++) {
        const struct tree_branch *branch = array_at(&tree->branches, i);
        if (position >= branch->first && position < branch->first + branch->count) {
            if (!branch->is_open) {
                tree_set_open(tree, line, true, NULL);
            }
            line += branch->domain != NULL ? 1 : 0;
            return line + tree_lines_before(tree, branch, position);
        }
        line += branch->lines;
    }
    return tree_count(tree);
}

static size_t open_until(struct catalog_tree *tree, size_t line,
                         const struct tree_place *place)
{
    struct tree_line one;

    if (place->table == NULL || tree->is_list) {
        return line;
    }
    tree_set_open(tree, line, true, NULL);
    for (size_t i = line + 1; tree_line(tree, i, &one) && one.kind >= TREE_TABLE; i++) {
        if (one.kind == TREE_TABLE &&
            (string_equal(tree_table(&one)->sql_name, place->table) ||
             string_equal(tree_table(&one)->name, place->table))) {
            line = i;
            if (place->column != NULL) {
                tree_set_open(tree, i, true, NULL);
            }
        } else if (one.kind == TREE_COLUMN && place->column != NULL &&
                   line == i - 1 - one.column &&
                   string_equal(tree_column(&one)->name, place->column)) {
            return i;
        }
    }
    return line;
}

size_t tree_find(struct catalog_tree *tree, const struct tree_place *place)
{
    size_t position = place->id != NULL ? find_position(tree, place) : SIZE_MAX;

    if (position == SIZE_MAX) {
        return place->domain != NULL ? line_of_domain(tree, place->domain)
                                     : tree_count(tree);
    }
    return open_until(tree, line_of_position(tree, position), place);
}
