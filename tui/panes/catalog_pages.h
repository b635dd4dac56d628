/* catalog_pages: the products that the catalog pane has read, a page at a time. Private
 * to panes. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_CATALOG_PAGES_H
#define MWB_TUI_PANES_CATALOG_PAGES_H

#include "tui/panes/catalog_tree.h"

enum { TREE_PAGE_SIZE = 64, TREE_PAGES_MOST = 16 };

struct tree_page {
    size_t first, total; /* total: products in all */
    unsigned long used;  /* by the clock of the tree */
    bool is_noted;       /* the tree has looked for opened products in it */
    struct array entries;
    bool *here;                  /* one an entry */
    const char **freshness;      /* one an entry, NULL: not asked; NULL: none was */
    struct catalog_terms *terms; /* with it */
};

/* Read the page of the product at this position, or find it; NULL: it cannot be read. The
 * total of the tree follows. Valid until the next one is got. */
struct tree_page *pages_get(struct catalog_tree *tree, size_t position);
/* The page that holds this entry, and where. */
struct tree_page *pages_of(const struct catalog_tree *tree,
                           const struct catalog_entry *entry, size_t *index);
/* Ask for what only a list shows. */
void pages_complete(const struct catalog_tree *tree, struct tree_page *page,
                    size_t index);
void pages_forget(struct catalog_tree *tree);

/* The branches: domains of what the filter lets through, or one without a name. */
void tree_clear_branches(struct catalog_tree *tree);
void tree_add_branch(struct catalog_tree *tree, const char *domain, size_t first,
                     size_t count);
void tree_add_domains(struct catalog_tree *tree);
bool tree_domain_is_open(const struct catalog_tree *tree, const char *domain);
void tree_open_domain(struct catalog_tree *tree, const char *domain);
void tree_close_domain(struct catalog_tree *tree, const char *domain);
/* Does the filter hold words, so that products come by rank? Facets keep the order. */
bool tree_words_in(const char *text);

/* How many lines of an open branch stand before the product at this position. */
size_t tree_lines_before(const struct catalog_tree *tree,
                         const struct tree_branch *branch, size_t position);

#endif
