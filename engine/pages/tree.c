/* Pages filled with cells, and the levels above them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pages/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

enum { OUTPUT_BYTES = 1 << 19 };

/* ---- One page ---- */

void node_begin(struct node *node, unsigned char *page, unsigned char type,
                uint32_t usable)
{
    node->page = page;
    node->usable = usable;
    node->front = type == PAGES_TABLE_INTERIOR || type == PAGES_INDEX_INTERIOR
                      ? PAGES_INTERIOR_HEADER
                      : PAGES_LEAF_HEADER;
    node->start = usable;
    node->cells = 0;
    memset(page, 0, node->front);
    page[0] = type;
}

const unsigned char *node_drop(struct node *node, size_t *length)
{
    const unsigned char *cell = node->page + node->start;
    uint32_t end =
        node->cells > 1 ? pages_get16(node->page + node->front - 4) : node->usable;
    *length = end - node->start;
    node->start = end;
    node->front -= 2;
    node->cells--;
    return cell;
}

void node_end(struct node *node)
{
    pages_put16(node->page + 3, node->cells);
    pages_put16(node->page + 5, node->start);
    memset(node->page + node->front, 0, node->start - node->front);
}

/* ---- Output ---- */

void pages_output_begin(struct output *output, struct pages *pages)
{
    size_t most = OUTPUT_BYTES / pages->size;
    *output = (struct output){.pages = pages, .most = most};
    output->buffer = memory_new(most * pages->size);
}

void output_release(struct output *output)
{
    free(output->buffer);
    output->buffer = NULL;
}

bool output_flush(struct output *output, struct error *err)
{
    size_t held = output->held;
    output->held = 0;
    return held == 0 ||
           pages_put(output->pages, output->first, output->buffer, held, err);
}

unsigned char *output_page(struct output *output, uint32_t *number, struct error *err)
{
    if ((output->held == output->most && !output_flush(output, err)) ||
        !pages_take(output->pages, 1, number, err)) {
        return NULL;
    }
    if (output->held == 0) {
        output->first = *number;
    }
    return output->buffer + output->held++ * output->pages->size;
}

/* ---- Levels ---- */

void tree_begin(struct tree *tree, struct output *output, unsigned char type)
{
    memset(tree, 0, sizeof *tree);
    tree->output = output;
    tree->type = type;
}

void pages_tree_release(struct tree *tree)
{
    for (int i = 0; i < tree->depth; i++) {
        free(tree->levels[i].page);
        free(tree->levels[i].waiting);
    }
    tree->depth = 0;
}

static struct tree_level *level_at(struct tree *tree, int number)
{
    assert(number < TREE_LEVELS_MOST && number <= tree->depth);
    struct tree_level *level = &tree->levels[number];
    if (number == tree->depth) {
        const struct pages *pages = tree->output->pages;
        tree->depth++;
        level->page = memory_new(pages->size);
        level->waiting = memory_new(pages->size);
        node_begin(&level->node, level->page, tree->type, pages->usable);
    }
    return level;
}

static bool level_write(struct tree *tree, struct tree_level *level, uint32_t right,
                        uint32_t *number, struct error *err)
{
    unsigned char *page = output_page(tree->output, number, err);
    if (page == NULL) {
        return false;
    }
    pages_put32(level->page + 8, right);
    node_end(&level->node);
    memcpy(page, level->page, tree->output->pages->size);
    return true;
}

static void level_add(struct tree_level *level, uint32_t child, const unsigned char *cell,
                      size_t length)
{
    unsigned char *to = node_add(&level->node, length + 4);
    assert(to != NULL);
    pages_put32(to, child);
    memcpy(to + 4, cell, length);
}

static bool add_at(struct tree *tree, int number, uint32_t child,
                   const unsigned char *cell, size_t length, struct error *err);

/* The page is full and `waiting` has a follower: it goes up. */
static bool level_promote(struct tree *tree, int number, struct error *err)
{
    struct tree_level *level = &tree->levels[number];
    uint32_t page;
    if (!level_write(tree, level, pages_get32(level->waiting), &page, err) ||
        !add_at(tree, number + 1, page, level->waiting + 4, level->waiting_length - 4,
                err)) {
        return false;
    }
    level->waiting_length = 0;
    node_begin(&level->node, level->page, tree->type, level->node.usable);
    return true;
}

static bool add_at(struct tree *tree, int number, uint32_t child,
                   const unsigned char *cell, size_t length, struct error *err)
{
    struct tree_level *level = level_at(tree, number);
    if (level->waiting_length > 0 && !level_promote(tree, number, err)) {
        return false;
    }
    unsigned char *to = node_add(&level->node, length + 4);
    if (to == NULL) {
        level->waiting_length = length + 4;
        to = level->waiting;
    }
    pages_put32(to, child);
    memcpy(to + 4, cell, length);
    return true;
}

bool tree_add(struct tree *tree, uint32_t child, const unsigned char *cell, size_t length,
              struct error *err)
{
    return add_at(tree, 0, child, cell, length, err);
}

/* The page is full and `waiting` has no follower: the cell before it goes up. */
static bool level_split(struct tree *tree, int number, struct error *err)
{
    struct tree_level *level = &tree->levels[number];
    size_t length;
    const unsigned char *last = node_drop(&level->node, &length);
    unsigned char *divider = memory_new(length);
    memcpy(divider, last, length);
    uint32_t page;
    bool good = level_write(tree, level, pages_get32(divider), &page, err) &&
                add_at(tree, number + 1, page, divider + 4, length - 4, err);
    free(divider);
    node_begin(&level->node, level->page, tree->type, level->node.usable);
    level_add(level, pages_get32(level->waiting), level->waiting + 4,
              level->waiting_length - 4);
    level->waiting_length = 0;
    return good;
}

bool tree_end(struct tree *tree, uint32_t child, uint32_t root, struct error *err)
{
    for (int i = 0; i < tree->depth; i++) {
        struct tree_level *level = &tree->levels[i];
        if (level->waiting_length > 0 && !level_split(tree, i, err)) {
            return false;
        }
        if (i + 1 < tree->depth && !level_write(tree, level, child, &child, err)) {
            return false;
        }
    }
    struct tree_level *top = &tree->levels[tree->depth - 1];
    pages_put32(top->page + 8, child);
    node_end(&top->node);
    return output_flush(tree->output, err) &&
           pages_put(tree->output->pages, root, top->page, 1, err);
}
