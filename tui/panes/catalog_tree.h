/* catalog_tree: the lines of the catalog pane, without drawing and keys: domains,
 * products, tables and columns as a tree, or the products found as a list.
 *
 * A mesh may have very many products, so only pages of those in sight are read and kept.
 * Products stand in the order of catalog_search(); without words in the filter those of a
 * domain stand together, and a domain is a line before them. What a person opened is
 * remembered by name, so that it is open again when the mesh was read again.
 * Private to panes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_CATALOG_TREE_H
#define MWB_TUI_PANES_CATALOG_TREE_H

#include "engine/workbench.h"

enum tree_kind { TREE_DOMAIN, TREE_PRODUCT, TREE_TABLE, TREE_COLUMN };

/* What is known of one product beyond its entry, once it was opened. */
struct tree_product {
    char *id;
    bool is_open, is_loaded;
    struct catalog_product product; /* when loaded */
    bool *open_tables;              /* one a table */
    long long *rows;                /* of each table; -1 unknown */
    struct array *masks;            /* of each table: char * for each column, see below */
    size_t position;                /* among all products; SIZE_MAX: not seen yet */
};

/* Borrowed until the next call that changes the tree or asks for another line. */
struct tree_line {
    enum tree_kind kind;
    int depth;
    const struct catalog_entry *entry; /* NULL for a domain */
    struct tree_product *product; /* of a table or column; of a product once opened */
    const char *domain;
    size_t table, column;
    size_t count; /* products of a domain */
    bool is_open, is_here, is_marked;
};

/* A domain and its products; the only one of a list has no name. */
struct tree_branch {
    char *domain;
    size_t first, count; /* its products among all */
    size_t lines;        /* it takes, as it is open now */
    bool is_open;
};

struct catalog_tree {
    struct workbench *workbench;
    bool is_list;                /* no domains, nothing opens */
    bool has_words;              /* in the filter: products come by rank, with a why */
    struct array branches;       /* struct tree_branch */
    struct array pages;          /* struct tree_page: private */
    struct array products;       /* struct tree_product * that were opened */
    struct array closed_domains; /* char * */
    char *searched;              /* the filter as typed; NULL: none */
    size_t total;                /* products that the filter lets through */
    struct error error;          /* why the filter cannot be understood */
    unsigned long clock;         /* of the pages' last use */
    bool has_started;
};

/* What the role sees of a column ("token", "drop") or of a table ("refused"); NULL: all.
 * Borrowed. */
const char *tree_mask(const struct tree_line *line);

void tree_init(struct catalog_tree *tree, struct workbench *workbench);
void tree_release(struct catalog_tree *tree);

/* The catalog or the cache changed: read again, keep what is open. */
void tree_read(struct catalog_tree *tree);
void tree_search(struct catalog_tree *tree, const char *text);
void tree_set_list(struct catalog_tree *tree, bool is_list);

size_t tree_count(const struct catalog_tree *tree);
bool tree_line(struct catalog_tree *tree, size_t index, struct tree_line *out);
const struct catalog_table *tree_table(const struct tree_line *line);
const struct catalog_column *tree_column(const struct tree_line *line);
/* How current it is ("fresh", "due", "late", "unknown"; "newer": its source has something
 * newer than what is here), and the terms, of a product in sight. */
const char *tree_freshness(const struct catalog_tree *tree, const struct tree_line *line);
const struct catalog_terms *tree_terms(const struct catalog_tree *tree,
                                       const struct tree_line *line);

/* Open or close a line; false when there is nothing to open (or a sentence in err). */
bool tree_set_open(struct catalog_tree *tree, size_t index, bool open, struct error *err);
/* The line this one lies in; itself at the top. */
size_t tree_parent(struct catalog_tree *tree, size_t index);

/* A line by what it shows: it is found again after the tree was read again. */
struct tree_place {
    char *domain, *id, *table, *column;
    size_t position; /* of the product, where it was */
};
void tree_place_of(struct catalog_tree *tree, size_t index, struct tree_place *place);
/* Opens what it lies in; the nearest line that is there; the count when none is. */
size_t tree_find(struct catalog_tree *tree, const struct tree_place *place);
void tree_place_release(struct tree_place *place);

/* Its name in SQL: schema, schema.table, column. Nothing for a domain. */
void tree_sql_name(const struct tree_line *line, struct text *out);

#endif
