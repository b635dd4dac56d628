/* catalog_branch: the domains of the catalog's tree, which of them are open, and how many
 * products each has of those that the filter lets through.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tui/panes/catalog_pages.h"

void tree_clear_branches(struct catalog_tree *tree)
{
    for (size_t i = 0; i < tree->branches.count; i++) {
        struct tree_branch *branch = array_at(&tree->branches, i);
        free(branch->domain);
    }
    array_clear(&tree->branches);
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

void tree_close_domain(struct catalog_tree *tree, const char *domain)
{
    if (find_closed(tree, domain) < 0) {
        *(char **)array_push(&tree->closed_domains) = string_copy(domain);
    }
}

void tree_open_domain(struct catalog_tree *tree, const char *domain)
{
    int index = find_closed(tree, domain);

    if (index >= 0) {
        free(*(char **)array_at(&tree->closed_domains, (size_t)index));
        array_remove(&tree->closed_domains, (size_t)index);
    }
}

/* Does the text hold words, so that products come by rank? Facets keep the order. */
static bool is_facet(const char *token, size_t length)
{
    size_t count, colon = 0;
    const struct catalog_facet *kinds = catalog_facet_kinds(&count);

    while (colon < length && token[colon] != ':') {
        colon++;
    }
    for (size_t i = 0; i < count; i++) {
        bool named = strlen(kinds[i].name) == colon &&
                     strncasecmp(kinds[i].name, token, colon) == 0;
        if (named && (colon < length ? !kinds[i].is_word : kinds[i].is_bare)) {
            return true;
        }
    }
    return false;
}

bool tree_words_in(const char *text)
{
    while (text != NULL && *text != '\0') {
        text += strspn(text, " \t-");
        size_t length = strcspn(text, " \t");
        if (length > 0 && !is_facet(text, length)) {
            return true;
        }
        text += length;
    }
    return false;
}

void tree_add_branch(struct catalog_tree *tree, const char *domain, size_t first,
                     size_t count)
{
    struct tree_branch *branch = array_push(&tree->branches);

    branch->domain = domain != NULL && *domain != '\0' ? string_copy(domain) : NULL;
    branch->first = first;
    branch->count = count;
    branch->is_open = branch->domain == NULL || find_closed(tree, domain) < 0;
}

static int by_value(const void *a, const void *b)
{
    const struct catalog_facet_value *one = a, *other = b;

    return strcmp(one->value, other->value);
}

/* Domains with the counts of what the filter lets through, in the order of products. */
static struct array domains_of(const struct catalog_tree *tree)
{
    struct catalog_filter filter = {.text = tree->searched};
    struct catalog_facet_request request = {.facet = "domain", .filter = &filter};
    struct array domains;

    if (tree->searched == NULL) {
        return catalog_domains(tree->workbench->catalog);
    }
    domains = catalog_facets(tree->workbench->catalog, &request);
    if (domains.count > 1) {
        qsort(domains.items, domains.count, domains.item_size, by_value);
    }
    return domains;
}

void tree_add_domains(struct catalog_tree *tree)
{
    struct array domains = domains_of(tree);
    size_t sum = 0, first = 0;

    for (size_t i = 0; i < domains.count; i++) {
        const struct catalog_facet_value *one = array_at(&domains, i);
        sum += (size_t)one->products;
    }
    if (sum < tree->total) { /* products of no domain come first */
        tree_add_branch(tree, NULL, 0, tree->total - sum);
        first = tree->total - sum;
    }
    for (size_t i = 0; sum <= tree->total && i < domains.count; i++) {
        const struct catalog_facet_value *one = array_at(&domains, i);
        tree_add_branch(tree, one->value, first, (size_t)one->products);
        first += (size_t)one->products;
    }
    if (sum > tree->total) {
        tree_add_branch(tree, NULL, 0, tree->total);
    }
    catalog_facets_release(&domains);
}

bool tree_domain_is_open(const struct catalog_tree *tree, const char *domain)
{
    return find_closed(tree, domain) < 0;
}
