/* catalog_tree: the lines of the catalog pane. Drawing and keys are catalog.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/catalog_tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"
#include "tui/panes/catalog_opened.h"
#include "tui/panes/catalog_pages.h"

/* With more products than this the domains are closed at first. */
enum { OPEN_MOST = 40 };

void tree_init(struct catalog_tree *tree, struct workbench *workbench)
{
    *tree = (struct catalog_tree){.workbench = workbench};
    tree->branches = (struct array)ARRAY_OF(struct tree_branch);
    tree->pages = (struct array)ARRAY_OF(struct tree_page);
    tree->products = (struct array)ARRAY_OF(struct tree_product *);
    tree->closed_domains = (struct array)ARRAY_OF(char *);
}

static struct tree_product *product_at(const struct catalog_tree *tree, size_t index)
{
    return *(struct tree_product **)array_at(&tree->products, index);
}

void tree_release(struct catalog_tree *tree)
{
    for (size_t i = 0; i < tree->closed_domains.count; i++) {
        free(*(char **)array_at(&tree->closed_domains, i));
    }
    for (size_t i = 0; i < tree->products.count; i++) {
        tree_product_free(product_at(tree, i));
    }
    array_release(&tree->closed_domains);
    array_release(&tree->products);
    tree_clear_branches(tree);
    array_release(&tree->branches);
    pages_forget(tree);
    array_release(&tree->pages);
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

static struct tree_product *opened(struct catalog_tree *tree, const char *id)
{
    struct tree_product *product = find_opened(tree, id);

    if (product == NULL) {
        product = memory_new(sizeof *product);
        product->id = string_copy(id);
        product->position = SIZE_MAX;
        *(struct tree_product **)array_push(&tree->products) = product;
    }
    return product;
}

/* ---- How many lines there are ---- */

static size_t lines_inside(const struct tree_product *product)
{
    size_t lines = 0;

    if (!product->is_open || !product->is_loaded) {
        return 0;
    }
    for (size_t i = 0; i < product->product.tables.count; i++) {
        const struct catalog_table *table = array_at(&product->product.tables, i);
        lines += 1 + (product->open_tables[i] ? table->columns.count : 0);
    }
    return lines;
}

static int by_position(const void *a, const void *b)
{
    size_t one = (*(struct tree_product *const *)a)->position;
    size_t other = (*(struct tree_product *const *)b)->position;

    return one < other ? -1 : one > other;
}

static bool lies_in(const struct tree_branch *branch, const struct tree_product *product)
{
    return product->position >= branch->first &&
           product->position < branch->first + branch->count;
}

static void count_lines(struct catalog_tree *tree)
{
    if (tree->products.count > 1) {
        qsort(tree->products.items, tree->products.count, tree->products.item_size,
              by_position);
    }
    for (size_t i = 0; i < tree->branches.count; i++) {
        struct tree_branch *branch = array_at(&tree->branches, i);
        branch->is_open =
            branch->domain == NULL || tree_domain_is_open(tree, branch->domain);
        branch->lines = branch->domain != NULL ? 1 : 0;
        branch->lines += branch->is_open ? branch->count : 0;
        for (size_t j = 0; branch->is_open && !tree->is_list && j < tree->products.count;
             j++) {
            const struct tree_product *product = product_at(tree, j);
            branch->lines += lies_in(branch, product) ? lines_inside(product) : 0;
        }
    }
}

/* Products of a page that was read just now may have been opened before. */
static bool note_opened(struct catalog_tree *tree, struct tree_page *page)
{
    bool changed = false;

    for (size_t i = 0; !page->is_noted && i < page->entries.count; i++) {
        const struct catalog_entry *entry = array_at(&page->entries, i);
        struct tree_product *product = find_opened(tree, entry->id);
        if (product != NULL && product->position != page->first + i) {
            product->position = page->first + i;
            product->is_open =
                product->is_open && tree_product_load(tree->workbench, product, NULL);
            changed = changed || product->is_open;
        }
    }
    page->is_noted = true;
    return changed;
}

static const struct catalog_entry *entry_at(struct catalog_tree *tree, size_t position,
                                            bool *is_here, bool *changed)
{
    struct tree_page *page = pages_get(tree, position);
    const struct catalog_entry *entry = NULL;

    if (page == NULL) {
        return NULL;
    }
    if (note_opened(tree, page)) {
        count_lines(tree);
        *changed = true;
    }
    if (position - page->first < page->entries.count) {
        entry = array_at(&page->entries, position - page->first);
        *is_here = page->here[position - page->first];
    }
    return entry;
}

/* ---- Reading ---- */

static void make_branches(struct catalog_tree *tree)
{
    bool is_here, changed;

    tree_clear_branches(tree);
    tree->total = 0;
    entry_at(tree, 0, &is_here, &changed);
    if (tree->total == 0) {
        return;
    }
    if (tree->is_list || tree->has_words) {
        tree_add_branch(tree, NULL, 0, tree->total);
    } else {
        tree_add_domains(tree);
    }
    count_lines(tree);
}

/* A mesh of one product opens it; a large one shows its domains only. */
static void start(struct catalog_tree *tree)
{
    bool is_here, changed;
    const struct catalog_entry *entry = entry_at(tree, 0, &is_here, &changed);

    tree->has_started = true;
    if (tree->total == 1 && entry != NULL) {
        struct tree_product *product = opened(tree, entry->id);
        product->position = 0;
        product->is_open = tree_product_load(tree->workbench, product, NULL);
    }
    for (size_t i = 0; i < tree->branches.count && tree->total > OPEN_MOST; i++) {
        const struct tree_branch *branch = array_at(&tree->branches, i);
        if (branch->domain != NULL) {
            tree_close_domain(tree, branch->domain);
        }
    }
    count_lines(tree);
}

/* Where opened products were is where they are looked for first. */
static void reset(struct catalog_tree *tree, bool is_catalog_new)
{
    size_t *before = memory_new_many(tree->products.count + 1, sizeof *before);
    bool is_here, changed;

    pages_forget(tree);
    for (size_t i = 0; i < tree->products.count; i++) {
        struct tree_product *product = product_at(tree, i);
        before[i] = product->position;
        product->position = SIZE_MAX;
        if (is_catalog_new) {
            tree_product_unload(product);
        }
    }
    make_branches(tree);
    for (size_t i = 0; is_catalog_new && i < tree->products.count; i++) {
        if (before[i] < tree->total) {
            entry_at(tree, before[i], &is_here, &changed);
        }
    }
    free(before);
}

void tree_read(struct catalog_tree *tree)
{
    reset(tree, true);
    if (!tree->has_started && tree->total > 0 && tree->searched == NULL) {
        start(tree);
    }
}

void tree_search(struct catalog_tree *tree, const char *text)
{
    char *searched = text != NULL && *text != '\0' ? string_copy(text) : NULL;

    free(tree->searched);
    tree->searched = searched;
    tree->has_words = tree_words_in(searched);
    reset(tree, false);
}

void tree_set_list(struct catalog_tree *tree, bool is_list)
{
    tree->is_list = is_list;
    make_branches(tree);
}

/* ---- Lines ---- */

size_t tree_count(const struct catalog_tree *tree)
{
    size_t lines = 0;

    for (size_t i = 0; i < tree->branches.count; i++) {
        const struct tree_branch *branch = array_at(&tree->branches, i);
        lines += branch->lines;
    }
    return lines;
}

/* The line `inner` of an opened product: a table or a column. */
static void line_inside(struct tree_product *product, size_t inner, struct tree_line *out)
{
    out->product = product;
    out->depth++;
    for (out->table = 0;; out->table++) {
        const struct catalog_table *table =
            array_at(&product->product.tables, out->table);
        size_t columns = product->open_tables[out->table] ? table->columns.count : 0;
        if (inner == 0) {
            out->kind = TREE_TABLE;
            out->is_open = product->open_tables[out->table];
            return;
        }
        if (inner <= columns) {
            out->kind = TREE_COLUMN;
            out->column = inner - 1;
            out->depth++;
            return;
        }
        inner -= 1 + columns;
    }
}

/* The line `at` of the products of a branch: which product, and which line inside of it.
 */
static size_t find_product(const struct catalog_tree *tree,
                           const struct tree_branch *branch, size_t at, size_t *inner)
{
    size_t inside = 0;

    *inner = 0;
    for (size_t i = 0; !tree->is_list && i < tree->products.count; i++) {
        const struct tree_product *product = product_at(tree, i);
        size_t lines = lines_inside(product);
        if (!lies_in(branch, product) || lines == 0) {
            continue;
        }
        size_t line = product->position - branch->first + inside;
        if (at <= line) {
            break;
        }
        if (at <= line + lines) {
            *inner = at - line;
            return product->position;
        }
        inside += lines;
    }
    return branch->first + at - inside;
}

size_t tree_lines_before(const struct catalog_tree *tree,
                         const struct tree_branch *branch, size_t position)
{
    size_t lines = position - branch->first;

    for (size_t i = 0; !tree->is_list && i < tree->products.count; i++) {
        const struct tree_product *product = product_at(tree, i);
        if (lies_in(branch, product) && product->position < position) {
            lines += lines_inside(product);
        }
    }
    return lines;
}

static bool line_of_product(struct catalog_tree *tree, const struct tree_branch *branch,
                            size_t at, struct tree_line *out)
{
    size_t inner, position = find_product(tree, branch, at, &inner);
    bool changed = false;

    *out = (struct tree_line){.kind = TREE_PRODUCT, .depth = branch->domain != NULL};
    out->entry = entry_at(tree, position, &out->is_here, &changed);
    if (changed) { /* opened products came to light: count again */
        position = find_product(tree, branch, at, &inner);
        out->entry = entry_at(tree, position, &out->is_here, &changed);
    }
    if (out->entry == NULL) {
        return false;
    }
    out->domain = out->entry->domain;
    out->product = find_opened(tree, out->entry->id);
    out->is_open = !tree->is_list && out->product != NULL && out->product->is_open &&
                   out->product->is_loaded;
    if (inner > 0 && out->is_open) {
        line_inside(out->product, inner - 1, out);
    }
    return true;
}

bool tree_line(struct catalog_tree *tree, size_t index, struct tree_line *out)
{
    for (size_t i = 0; i < tree->branches.count; i++) {
        struct tree_branch *branch = array_at(&tree->branches, i);
        if (index >= branch->lines) {
            index -= branch->lines;
            continue;
        }
        if (branch->domain != NULL && index == 0) {
            *out = (struct tree_line){.kind = TREE_DOMAIN,
                                      .domain = branch->domain,
                                      .count = branch->count,
                                      .is_open = branch->is_open};
            return true;
        }
        return line_of_product(tree, branch, index - (branch->domain != NULL), out);
    }
    return false;
}

const struct catalog_table *tree_table(const struct tree_line *line)
{
    return array_at(&line->product->product.tables, line->table);
}

const struct catalog_column *tree_column(const struct tree_line *line)
{
    return array_at(&tree_table(line)->columns, line->column);
}

static struct tree_page *complete(const struct catalog_tree *tree,
                                  const struct tree_line *line, size_t *index)
{
    struct tree_page *page = pages_of(tree, line->entry, index);

    if (page != NULL) {
        pages_complete(tree, page, *index);
    }
    return page != NULL && page->freshness != NULL ? page : NULL;
}

const char *tree_mask(const struct tree_line *line)
{
    const struct tree_product *product = line->product;

    if (product == NULL || product->masks == NULL) {
        return NULL;
    }
    const struct array *masks = &product->masks[line->table];
    return *(char **)array_at(masks, line->kind == TREE_COLUMN ? line->column + 1 : 0);
}

const char *tree_freshness(const struct catalog_tree *tree, const struct tree_line *line)
{
    size_t index;
    const struct tree_page *page = complete(tree, line, &index);

    return page != NULL ? page->freshness[index] : NULL;
}

const struct catalog_terms *tree_terms(const struct catalog_tree *tree,
                                       const struct tree_line *line)
{
    size_t index;
    const struct tree_page *page = complete(tree, line, &index);

    return page != NULL ? &page->terms[index] : NULL;
}

/* ---- Opening ---- */

bool tree_set_open(struct catalog_tree *tree, size_t index, bool open, struct error *err)
{
    struct tree_line line;

    if (!tree_line(tree, index, &line) || line.is_open == open ||
        line.kind == TREE_COLUMN || tree->is_list) {
        return false;
    }
    if (line.kind == TREE_DOMAIN) {
        if (open) {
            tree_open_domain(tree, line.domain);
        } else {
            tree_close_domain(tree, line.domain);
        }
    } else if (line.kind == TREE_PRODUCT) {
        struct tree_product *product = opened(tree, line.entry->id);
        size_t inner, at = pages_of(tree, line.entry, &inner)->first;
        if (open && !tree_product_load(tree->workbench, product, err)) {
            return false;
        }
        product->position = at + inner;
        product->is_open = open;
    } else {
        line.product->open_tables[line.table] = open;
    }
    count_lines(tree);
    return true;
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
