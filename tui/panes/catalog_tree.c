/* catalog_tree: the lines of the catalog pane. Drawing and keys are catalog.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/catalog_tree.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"

/* With more products than this the domains are closed at first. */
enum { OPEN_MOST = 40 };

void tree_init(struct catalog_tree *tree, struct workbench *workbench)
{
    *tree = (struct catalog_tree){.workbench = workbench};
    tree->entries = (struct array)ARRAY_OF(struct catalog_entry);
    tree->products = (struct array)ARRAY_OF(struct tree_product *);
    tree->closed_domains = (struct array)ARRAY_OF(char *);
    tree->lines = (struct array)ARRAY_OF(struct tree_line);
}

static void unload(struct tree_product *product)
{
    if (product->is_loaded) {
        catalog_product_release(&product->product);
        product->is_loaded = false;
    }
    free(product->rows);
    product->rows = NULL;
}

static void release_products(struct catalog_tree *tree)
{
    for (size_t i = 0; i < tree->products.count; i++) {
        struct tree_product *product =
            *(struct tree_product **)array_at(&tree->products, i);
        unload(product);
        free(product->open_tables);
        free(product->id);
        free(product);
    }
    array_release(&tree->products);
}

void tree_release(struct catalog_tree *tree)
{
    for (size_t i = 0; i < tree->closed_domains.count; i++) {
        free(*(char **)array_at(&tree->closed_domains, i));
    }
    array_release(&tree->closed_domains);
    release_products(tree);
    catalog_entries_release(&tree->entries);
    array_release(&tree->lines);
    free(tree->here);
    free(tree->searched);
}

/* ---- What is open ---- */

static struct tree_product *find_opened(const struct catalog_tree *tree, const char *id)
{
    for (size_t i = 0; i < tree->products.count; i++) {
        struct tree_product *product =
            *(struct tree_product **)array_at(&tree->products, i);
        if (string_equal(product->id, id)) {
            return product;
        }
    }
    return NULL;
}

static int find_closed(const struct catalog_tree *tree, const char *domain)
{
    for (size_t i = 0; i < tree->closed_domains.count; i++) {
        if (string_equal(*(char **)array_at(&tree->closed_domains, i), domain)) {
            return (int)i;
        }
    }
    return -1;
}

static void close_domain(struct catalog_tree *tree, const char *domain)
{
    if (find_closed(tree, domain) < 0) {
        *(char **)array_push(&tree->closed_domains) = string_copy(domain);
    }
}

static void open_domain(struct catalog_tree *tree, const char *domain)
{
    int index = find_closed(tree, domain);

    if (index >= 0) {
        free(*(char **)array_at(&tree->closed_domains, (size_t)index));
        array_remove(&tree->closed_domains, (size_t)index);
    }
}

static void count_rows(struct catalog_tree *tree, struct tree_product *product)
{
    size_t count = product->product.tables.count;

    product->rows = memory_new_many(count, sizeof *product->rows);
    for (size_t i = 0; i < count; i++) {
        const struct catalog_table *table = array_at(&product->product.tables, i);
        product->rows[i] = workbench_table_rows(tree->workbench, &product->product.entry,
                                                table->sql_name);
    }
}

static bool load(struct catalog_tree *tree, struct tree_product *product,
                 struct error *err)
{
    size_t before = product->open_tables != NULL ? product->product.tables.count : 0;

    if (product->is_loaded) {
        return true;
    }
    if (!catalog_product(tree->workbench->catalog, product->id, &product->product, err)) {
        return false;
    }
    product->is_loaded = true;
    count_rows(tree, product);
    if (product->open_tables == NULL || before != product->product.tables.count) {
        free(product->open_tables);
        product->open_tables =
            memory_new_many(product->product.tables.count, sizeof(bool));
    }
    return true;
}

static struct tree_product *opened(struct catalog_tree *tree, const char *id)
{
    struct tree_product *product = find_opened(tree, id);

    if (product == NULL) {
        product = memory_new(sizeof *product);
        product->id = string_copy(id);
        *(struct tree_product **)array_push(&tree->products) = product;
    }
    return product;
}

/* ---- The lines ---- */

static struct tree_line *add_line(struct catalog_tree *tree, enum tree_kind kind,
                                  int depth)
{
    struct tree_line *line = array_push(&tree->lines);

    line->kind = kind;
    line->depth = depth;
    return line;
}

static void add_columns(struct catalog_tree *tree, const struct tree_line *table)
{
    struct tree_line parent = *table;
    size_t count = tree_table(&parent)->columns.count;

    for (size_t i = 0; i < count; i++) {
        struct tree_line *line = add_line(tree, TREE_COLUMN, parent.depth + 1);
        line->entry = parent.entry;
        line->product = parent.product;
        line->domain = parent.domain;
        line->table = parent.table;
        line->column = i;
        line->is_here = parent.is_here;
    }
}

static void add_tables(struct catalog_tree *tree, const struct tree_line *product)
{
    struct tree_line parent = *product;

    for (size_t i = 0; i < parent.product->product.tables.count; i++) {
        struct tree_line *line = add_line(tree, TREE_TABLE, parent.depth + 1);
        line->entry = parent.entry;
        line->product = parent.product;
        line->domain = parent.domain;
        line->table = i;
        line->is_here = parent.is_here;
        line->is_open = parent.product->open_tables[i];
        if (line->is_open) {
            add_columns(tree, line);
        }
    }
}

static void add_product(struct catalog_tree *tree, size_t index, int depth)
{
    const struct catalog_entry *entry = array_at(&tree->entries, index);
    struct tree_line *line = add_line(tree, TREE_PRODUCT, depth);

    line->entry = entry;
    line->domain = entry->domain;
    line->is_here = tree->here[index];
    line->product = find_opened(tree, entry->id);
    line->is_open = line->product != NULL && line->product->is_open &&
                    load(tree, line->product, NULL);
    if (line->is_open) {
        add_tables(tree, line);
    }
}

static bool has_domain(const struct catalog_entry *entry)
{
    return entry->domain != NULL && *entry->domain != '\0';
}

static bool is_new_domain(const struct catalog_tree *tree, size_t index)
{
    const struct catalog_entry *entry = array_at(&tree->entries, index);
    const struct catalog_entry *before =
        index > 0 ? array_at(&tree->entries, index - 1) : NULL;

    return has_domain(entry) &&
           (before == NULL || !string_equal(before->domain, entry->domain));
}

static void add_domain(struct catalog_tree *tree, size_t index)
{
    const struct catalog_entry *entry = array_at(&tree->entries, index);
    struct tree_line *line = add_line(tree, TREE_DOMAIN, 0);

    line->domain = entry->domain;
    line->is_open = find_closed(tree, entry->domain) < 0;
    for (size_t i = index; i < tree->entries.count; i++) {
        const struct catalog_entry *other = array_at(&tree->entries, i);
        line->count += string_equal(other->domain, entry->domain) ? 1 : 0;
    }
}

static void make_lines(struct catalog_tree *tree)
{
    bool flat = tree->searched != NULL;

    array_clear(&tree->lines);
    for (size_t i = 0; i < tree->entries.count; i++) {
        const struct catalog_entry *entry = array_at(&tree->entries, i);
        if (!flat && is_new_domain(tree, i)) {
            add_domain(tree, i);
        }
        if (flat || !has_domain(entry)) {
            add_product(tree, i, 0);
        } else if (find_closed(tree, entry->domain) < 0) {
            add_product(tree, i, 1);
        }
    }
}

/* A mesh of one product opens it; a large one shows its domains only. */
static void start(struct catalog_tree *tree)
{
    tree->has_started = true;
    if (tree->entries.count == 1) {
        const struct catalog_entry *entry = array_at(&tree->entries, 0);
        opened(tree, entry->id)->is_open = true;
    }
    for (size_t i = 0; i < tree->entries.count && tree->entries.count > OPEN_MOST; i++) {
        const struct catalog_entry *entry = array_at(&tree->entries, i);
        if (is_new_domain(tree, i)) {
            close_domain(tree, entry->domain);
        }
    }
}

static void list_entries(struct catalog_tree *tree)
{
    const struct catalog *catalog = tree->workbench->catalog;
    struct catalog_filter filter = {.text = tree->searched};

    catalog_entries_release(&tree->entries);
    free(tree->here);
    tree->here = NULL;
    tree->entries = (struct array)ARRAY_OF(struct catalog_entry);
    if (catalog == NULL) {
        return;
    }
    tree->entries = catalog_list(catalog, &filter);
    tree->here = memory_new_many(tree->entries.count, sizeof *tree->here);
    workbench_find_here(tree->workbench, &tree->entries, tree->here);
}

void tree_read(struct catalog_tree *tree)
{
    for (size_t i = 0; i < tree->products.count; i++) {
        unload(*(struct tree_product **)array_at(&tree->products, i));
    }
    list_entries(tree);
    if (!tree->has_started && tree->entries.count > 0) {
        start(tree);
    }
    make_lines(tree);
}

void tree_search(struct catalog_tree *tree, const char *text)
{
    free(tree->searched);
    tree->searched = text != NULL && *text != '\0' ? string_copy(text) : NULL;
    list_entries(tree);
    make_lines(tree);
}

size_t tree_count(const struct catalog_tree *tree)
{
    return tree->lines.count;
}

const struct tree_line *tree_line(const struct catalog_tree *tree, size_t index)
{
    return array_at(&tree->lines, index);
}

const struct catalog_table *tree_table(const struct tree_line *line)
{
    return array_at(&line->product->product.tables, line->table);
}

const struct catalog_column *tree_column(const struct tree_line *line)
{
    return array_at(&tree_table(line)->columns, line->column);
}

static bool set_product_open(struct catalog_tree *tree, const struct tree_line *line,
                             bool open, struct error *err)
{
    struct tree_product *product = opened(tree, line->entry->id);

    if (open && !load(tree, product, err)) {
        return false;
    }
    product->is_open = open;
    return true;
}

bool tree_set_open(struct catalog_tree *tree, size_t index, bool open, struct error *err)
{
    const struct tree_line *line = tree_line(tree, index);

    if (line == NULL || line->is_open == open || line->kind == TREE_COLUMN) {
        return false;
    }
    if (line->kind == TREE_DOMAIN) {
        if (open) {
            open_domain(tree, line->domain);
        } else {
            close_domain(tree, line->domain);
        }
    } else if (line->kind == TREE_PRODUCT) {
        if (!set_product_open(tree, line, open, err)) {
            return false;
        }
    } else {
        line->product->open_tables[line->table] = open;
    }
    make_lines(tree);
    return true;
}

size_t tree_parent(const struct catalog_tree *tree, size_t index)
{
    const struct tree_line *line = tree_line(tree, index);

    for (size_t i = index; line != NULL && i-- > 0;) {
        if (tree_line(tree, i)->depth < line->depth) {
            return i;
        }
    }
    return index;
}

void tree_reveal(struct catalog_tree *tree, const char *id)
{
    for (size_t i = 0; i < tree->entries.count; i++) {
        const struct catalog_entry *entry = array_at(&tree->entries, i);
        if (string_equal(entry->id, id) && has_domain(entry)) {
            open_domain(tree, entry->domain);
        }
    }
    make_lines(tree);
}

size_t tree_find_product(const struct catalog_tree *tree, const char *id)
{
    for (size_t i = 0; i < tree->lines.count; i++) {
        const struct tree_line *line = tree_line(tree, i);
        if (line->kind == TREE_PRODUCT && string_equal(line->entry->id, id)) {
            return i;
        }
    }
    return tree->lines.count;
}

void tree_sql_name(const struct tree_line *line, struct text *out)
{
    if (line->kind == TREE_COLUMN) {
        sql_append_name(out, tree_column(line)->name);
    } else if (line->kind != TREE_DOMAIN) {
        sql_append_name(out, line->entry->schema);
    }
    if (line->kind == TREE_TABLE) {
        text_append_char(out, '.');
        sql_append_name(out, tree_table(line)->sql_name);
    }
}
