/* catalog_pages: reading and forgetting pages of products.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/catalog_pages.h"

#include <stdlib.h>

static void release_page(struct tree_page *page)
{
    for (size_t i = 0; page->terms != NULL && i < page->entries.count; i++) {
        free(page->terms[i].contract);
        free(page->terms[i].version);
    }
    catalog_entries_release(&page->entries);
    free(page->here);
    free(page->freshness);
    free(page->terms);
}

void pages_forget(struct catalog_tree *tree)
{
    for (size_t i = 0; i < tree->pages.count; i++) {
        release_page(array_at(&tree->pages, i));
    }
    array_clear(&tree->pages);
}

static void drop_oldest(struct catalog_tree *tree)
{
    size_t oldest = 0;

    for (size_t i = 1; i < tree->pages.count; i++) {
        const struct tree_page *one = array_at(&tree->pages, i);
        const struct tree_page *other = array_at(&tree->pages, oldest);
        oldest = one->used < other->used ? i : oldest;
    }
    release_page(array_at(&tree->pages, oldest));
    array_remove(&tree->pages, oldest);
}

static struct tree_page *read_page(struct catalog_tree *tree, size_t first)
{
    const struct catalog *catalog = tree->workbench->catalog;
    struct catalog_filter filter = {
        .text = tree->searched, .offset = first, .limit = TREE_PAGE_SIZE};
    struct catalog_page found = {0};
    struct tree_page *page;

    tree->error = (struct error){0};
    if (catalog == NULL || !catalog_search(catalog, &filter, &found, &tree->error)) {
        tree->total = 0;
        return NULL;
    }
    if (tree->pages.count >= TREE_PAGES_MOST) {
        drop_oldest(tree);
    }
    page = array_push(&tree->pages);
    page->first = first;
    page->total = found.total;
    page->entries = found.entries;
    page->here = memory_new_many(found.entries.count, sizeof *page->here);
    workbench_find_here(tree->workbench, &page->entries, page->here);
    return page;
}

struct tree_page *pages_get(struct catalog_tree *tree, size_t position)
{
    size_t first = position - position % TREE_PAGE_SIZE;
    struct tree_page *page = NULL;

    for (size_t i = 0; page == NULL && i < tree->pages.count; i++) {
        struct tree_page *one = array_at(&tree->pages, i);
        page = one->first == first ? one : NULL;
    }
    page = page != NULL ? page : read_page(tree, first);
    if (page != NULL) {
        page->used = ++tree->clock;
        tree->total = page->total;
    }
    return page;
}

struct tree_page *pages_of(const struct catalog_tree *tree,
                           const struct catalog_entry *entry, size_t *index)
{
    for (size_t i = 0; i < tree->pages.count; i++) {
        struct tree_page *page = array_at(&tree->pages, i);
        for (*index = 0; *index < page->entries.count; ++*index) {
            if (array_at(&page->entries, *index) == entry) {
                return page;
            }
        }
    }
    return NULL;
}

void pages_complete(const struct catalog_tree *tree, struct tree_page *page, size_t index)
{
    const struct catalog *catalog = tree->workbench->catalog;
    const struct catalog_entry *entry = array_at(&page->entries, index);

    if (page->freshness == NULL) {
        page->freshness = memory_new_many(page->entries.count, sizeof *page->freshness);
        page->terms = memory_new_many(page->entries.count, sizeof *page->terms);
    }
    if (page->freshness[index] == NULL && catalog != NULL) {
        struct catalog_freshness freshness;
        catalog_freshness_of(catalog, entry->row, &freshness);
        page->freshness[index] = freshness.has_newer && page->here[index]
                                     ? "newer"
                                     : catalog_freshness_name(freshness.state);
        catalog_terms(catalog, entry->row, &page->terms[index]);
    }
}
