/* catalog_tree: domains, products, tables and columns as lines that open and close; or,
 * while one searches, the products found. Private to panes.
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
};

struct tree_line {
    enum tree_kind kind;
    int depth;
    const struct catalog_entry *entry; /* NULL for a domain */
    struct tree_product *product; /* of a table or column; of a product once opened */
    const char *domain;
    size_t table, column;
    int count; /* products of a domain */
    bool is_open, is_here;
};

struct catalog_tree {
    struct workbench *workbench;
    struct array entries;        /* struct catalog_entry, as listed or found */
    bool *here;                  /* one an entry */
    struct array products;       /* struct tree_product * that were opened */
    struct array closed_domains; /* char * */
    struct array lines;          /* struct tree_line: what is to be drawn */
    char *searched;              /* NULL or "": the tree, else what was searched */
    bool has_started;
};

void tree_init(struct catalog_tree *tree, struct workbench *workbench);
void tree_release(struct catalog_tree *tree);

/* The catalog or the cache changed: read again, keep what is open. */
void tree_read(struct catalog_tree *tree);
void tree_search(struct catalog_tree *tree, const char *text);

size_t tree_count(const struct catalog_tree *tree);
const struct tree_line *tree_line(const struct catalog_tree *tree, size_t index);
const struct catalog_table *tree_table(const struct tree_line *line);
const struct catalog_column *tree_column(const struct tree_line *line);

/* Open or close a line; false when there is nothing to open (or a sentence in err). */
bool tree_set_open(struct catalog_tree *tree, size_t index, bool open, struct error *err);
/* The line this one lies in; itself at the top. */
size_t tree_parent(const struct catalog_tree *tree, size_t index);
/* Open the domain in which the product lies. */
void tree_reveal(struct catalog_tree *tree, const char *id);
/* The line of a product; the count when there is none. */
size_t tree_find_product(const struct catalog_tree *tree, const char *id);

/* Its name in SQL: schema, schema.table, column. Nothing for a domain. */
void tree_sql_name(const struct tree_line *line, struct text *out);

#endif
