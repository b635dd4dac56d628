/* catalog_filter: completing facets and their values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/catalog_filter.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tui/lineedit.h"

enum { VALUES_MOST = 40 };

static void add_candidate(struct array *candidates, char *text, char *detail)
{
    struct lineedit_candidate *one = array_push(candidates);

    one->text = text;
    one->detail = detail;
}

static void add_facets(const char *word, const char *minus, struct array *candidates)
{
    size_t count, length = strlen(word);
    const struct catalog_facet *kinds = catalog_facet_kinds(&count);

    for (size_t i = 0; i < count; i++) {
        if (strncasecmp(kinds[i].name, word, length) == 0) {
            add_candidate(candidates,
                          string_printf("%s%s%s", minus, kinds[i].name,
                                        kinds[i].is_bare ? "" : ":"),
                          string_copy(kinds[i].meaning));
        }
    }
}

static void add_values(const struct catalog *catalog, const char *facet,
                       const char *start, const char *minus, struct array *candidates)
{
    struct catalog_facet_request request = {
        .facet = facet, .start = start, .limit = VALUES_MOST};
    struct array values = catalog_facets(catalog, &request);

    for (size_t i = 0; i < values.count; i++) {
        const struct catalog_facet_value *one = array_at(&values, i);
        const char *quote = strchr(one->value, ' ') != NULL ? "\"" : "";
        struct text detail = {0};
        text_append_count(&detail, one->products, "product");
        add_candidate(
            candidates,
            string_printf("%s%s:%s%s%s", minus, facet, quote, one->value, quote),
            text_take(&detail));
    }
    catalog_facets_release(&values);
}

void catalog_complete_filter(struct pane *pane, const char *text, size_t cursor,
                             size_t *word_start, struct array *candidates)
{
    const struct catalog *catalog = pane->workbench->catalog;
    size_t start = cursor;
    const char *minus;
    char *word, *colon;

    while (start > 0 && text[start - 1] != ' ') {
        start--;
    }
    *word_start = start;
    minus = start < cursor && text[start] == '-' ? "-" : "";
    start += strlen(minus);
    word = string_copy_bytes(text + start, cursor - start);
    colon = strchr(word, ':');
    if (colon == NULL) {
        add_facets(word, minus, candidates);
    } else if (catalog != NULL) {
        *colon = '\0';
        add_values(catalog, word, colon + 1 + (colon[1] == '"'), minus, candidates);
    }
    free(word);
}
