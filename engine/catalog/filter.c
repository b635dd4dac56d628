/* catalog/filter: takes the typed text of a search apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/filter.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog.h"
#include "engine/text.h"

static const struct catalog_facet facets[] = {
    {.name = "domain", .meaning = "of this business domain"},
    {.name = "class", .meaning = "of a domain that is source, aggregate or consumer"},
    {.name = "owner", .meaning = "owned by this team"},
    {.name = "status", .meaning = "active, draft, deprecated ..."},
    {.name = "tag", .meaning = "tagged so, itself or a table or column of it"},
    {.name = "classification", .meaning = "with a column that is classified so"},
    {.name = "standard", .meaning = "described by odps, odcs, package ..."},
    {.name = "quality", .meaning = "how its last check ended"},
    {.name = "has", .meaning = "with rules, sla, roles, inputs, outputs, support ..."},
    {.name = "fresh", .meaning = "updated as often as promised", .is_bare = true},
    {.name = "due", .meaning = "the promised update should be there", .is_bare = true},
    {.name = "late", .meaning = "updated later than promised", .is_bare = true},
    {.name = "name", .meaning = "a word in its name", .is_word = true},
    {.name = "title", .meaning = "a word in its title", .is_word = true},
    {.name = "table", .meaning = "a word in the name of a table", .is_word = true},
    {.name = "column", .meaning = "a word in the name of a column", .is_word = true},
    {.name = "synonym", .meaning = "a word in a business name", .is_word = true},
    {.name = "description", .meaning = "a word in a description", .is_word = true},
};
enum { FACETS = sizeof facets / sizeof *facets };

const struct catalog_facet *catalog_facet_kinds(size_t *count)
{
    *count = FACETS;
    return facets;
}

const struct catalog_facet *filter_facet(const char *name)
{
    for (size_t i = 0; i < FACETS; i++) {
        if (string_equal_fold(name, facets[i].name)) {
            return &facets[i];
        }
    }
    return NULL;
}

void filter_release(struct filter *filter)
{
    for (size_t i = 0; i < filter->terms.count; i++) {
        struct filter_term *term = array_at(&filter->terms, i);
        free(term->value);
    }
    array_release(&filter->terms);
}

void filter_add(struct filter *filter, const char *name, const char *value)
{
    if (value != NULL) {
        struct filter_term *term = array_push(&filter->terms);
        term->facet = filter_facet(name);
        term->value = string_copy(value);
    }
}

/* ---- Taking apart ---- */

/* "name:" at `p`, letters only: its length without the colon; 0: none. An address
 * (https://...) is a word. */
static size_t facet_length(const char *p)
{
    size_t length = 0;
    while ((p[length] | 0x20) >= 'a' && (p[length] | 0x20) <= 'z') {
        length++;
    }
    return p[length] == ':' && strncmp(p + length, "://", 3) != 0 ? length : 0;
}

/* The value at *p, in quotes or up to the next blank; *p moves behind it. */
static char *take_value(const char **p, bool *is_quoted)
{
    *is_quoted = **p == '"';
    const char *start = *p + *is_quoted;
    size_t length = strcspn(start, *is_quoted ? "\"" : " \t\r\n");
    *p = start + length;
    if (*is_quoted && **p == '"') {
        ++*p;
    }
    return string_copy_bytes(start, length);
}

static bool say_unknown(const char *name, struct error *err)
{
    const char *names[FACETS + 1] = {NULL};
    for (size_t i = 0; i < FACETS; i++) {
        names[i] = facets[i].name;
    }
    const char *near = string_nearest(name, names);
    error_set(err, ERROR_USAGE,
              "nothing can be searched by \"%s:\"%s%s%s; in quotes it is a text like any "
              "other",
              name, near != NULL ? "; did you mean " : "", near != NULL ? near : "",
              near != NULL ? ":" : "");
    return false;
}

static bool take_facet(const char **p, struct filter_term *term, struct error *err)
{
    size_t length = facet_length(*p);
    if (length == 0) {
        return true;
    }
    char *name = string_copy_bytes(*p, length);
    term->facet = filter_facet(name);
    bool known = term->facet != NULL || say_unknown(name, err);
    free(name);
    *p += length + 1;
    return known;
}

/* A term at *p, which is no blank. An empty value says nothing, unless it needs none. */
static bool take_term(const char **p, struct filter *filter, struct error *err)
{
    struct filter_term term = {0};
    if (**p == '-') {
        term.is_not = true;
        ++*p;
    }
    if (!take_facet(p, &term, err)) {
        return false;
    }
    term.value = take_value(p, &term.is_quoted);
    if (term.facet == NULL && !term.is_quoted) {
        const struct catalog_facet *bare = filter_facet(term.value);
        term.facet = bare != NULL && bare->is_bare ? bare : NULL;
    }
    bool says = term.value[0] != '\0' || (term.facet != NULL && term.facet->is_bare);
    if (!says) {
        free(term.value);
        return true;
    }
    if (filter->terms.count == FILTER_MOST_TERMS) {
        free(term.value);
        return error_set(err, ERROR_USAGE,
                         "a search takes at most %d words and facets; leave some out",
                         FILTER_MOST_TERMS);
    }
    *(struct filter_term *)array_push(&filter->terms) = term;
    return true;
}

bool filter_parse(const char *text, struct filter *filter, struct error *err)
{
    *filter = (struct filter){.terms = ARRAY_OF(struct filter_term)};
    const char *p = text != NULL ? text : "";
    if (strlen(p) > FILTER_MOST_BYTES) {
        return error_set(err, ERROR_USAGE, "a search takes at most %d bytes",
                         FILTER_MOST_BYTES);
    }
    for (p += strspn(p, " \t\r\n"); *p != '\0'; p += strspn(p, " \t\r\n")) {
        if (!take_term(&p, filter, err)) {
            filter_release(filter);
            return false;
        }
    }
    return true;
}
