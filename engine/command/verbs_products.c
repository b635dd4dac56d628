/* command: the verb products: lists, searches, narrows, and tells what could not be read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 13 };

/* The rows of one kind of answer, being written. */
struct listing {
    const char *columns[MOST_COLUMNS];
    int count;
    struct rows *rows;
};

static bool listing_start(struct command_call *call, struct listing *listing,
                          struct error *err)
{
    listing->rows =
        rows_new(call->workbench->spool_folder, listing->columns, listing->count, err);
    return listing->rows != NULL;
}

static bool listing_end(struct command_call *call, struct listing *listing,
                        struct error *err)
{
    char *file = string_copy(rows_file(listing->rows));
    if (rows_close(listing->rows, err)) {
        call->rows = rows_open(file, listing->columns, listing->count, err);
    }
    free(file);
    call->reply.result = call->rows;
    call->reply.view = "grid";
    return call->rows != NULL;
}

/* ---- Use ---- */

bool call_product(struct command_call *call, const char *hint,
                  struct catalog_entry *entry, struct error *err)
{
    const char *name =
        call_count(call) > 0 ? call_word(call, 0) : call->workbench->product;
    if (name == NULL) {
        return error_set(err, ERROR_USAGE, "%s", hint);
    }
    return catalog_find(call->workbench->catalog, name, entry, err);
}

void call_note_use(struct command_call *call, const char *products)
{
    const struct catalog *catalog = call->workbench->catalog;
    while (catalog != NULL && *products != '\0') {
        size_t length = strcspn(products, "\n");
        char *product = string_copy_bytes(products, length);
        catalog_note_use(catalog, product, NULL);
        free(product);
        products += length + (products[length] == '\n');
    }
}

/* ---- Products ---- */

/* Where words matched is for machines: tables that people and scripts read stay as they
 * are. */
static bool wants_matches(const struct command_call *call)
{
    const char *format = command_flag_value(call, "--format");
    return call_count(call) > 0 && format != NULL && string_starts(format, "json");
}

static bool list_products(struct command_call *call, const struct array *entries,
                          struct error *err)
{
    struct listing listing = {.columns = {"product", "name", "domain", "class", "status",
                                          "owner", "version", "tables", "freshness",
                                          "quality", "why", "matched_table",
                                          "matched_column"}};
    listing.count = wants_matches(call) ? 13 : 10;
    if (!listing_start(call, &listing, err)) {
        return false;
    }
    for (size_t i = 0; i < entries->count; i++) {
        const struct catalog_entry *entry = array_at(entries, i);
        const char *freshness = catalog_freshness(call->workbench->catalog, entry->row);
        const char *quality = catalog_quality(call->workbench->catalog, entry->id);
        rows_add(listing.rows, wants_matches(call) ? "ssssssslsssss" : "ssssssslss",
                 entry->id, entry->name, entry->domain, entry->domain_class,
                 entry->status, entry->owner, entry->version, (long long)entry->tables,
                 freshness, quality, entry->why, entry->matched_table,
                 entry->matched_column);
    }
    return listing_end(call, &listing, err);
}

static void tell_problems(struct command_call *call, const struct catalog_page *page)
{
    size_t problems = catalog_error_count(call->workbench->catalog);
    if (page->total > page->entries.count) {
        call_message(call, "%zu of %zu products", page->entries.count, page->total);
    } else if (page->unread > 0) {
        call_message(call,
                     "%zu %s could not be read, so that nothing in %s is found: "
                     "products --problems",
                     page->unread, page->unread == 1 ? "file" : "files",
                     page->unread == 1 ? "it" : "them");
    } else if (problems > 0) {
        call_message(
            call, "%zu %s of this mesh %s reported: SELECT * FROM mesh.problem, or lint",
            problems, problems == 1 ? "problem" : "problems",
            problems == 1 ? "is" : "are");
    }
}

/* On the screen the catalog shows them all; a selection is a page of its own. */
static void describe_products(struct command_call *call, const struct array *entries)
{
    struct text *out = &call->reply.text;
    for (size_t i = 0; i < entries->count; i++) {
        const struct catalog_entry *entry = array_at(entries, i);
        text_printf(out, "%-44s %-10s %s%s%s\n", entry->id,
                    entry->status != NULL ? entry->status : "",
                    entry->owner != NULL ? entry->owner : "",
                    entry->why != NULL && entry->why[0] != '\0' ? "  matched by " : "",
                    entry->why != NULL ? entry->why : "");
    }
    if (entries->count == 0) {
        text_append(out, "No product matches.\n");
    }
    call->reply.text_title = "Products";
    call->reply.view = "text";
}

static bool find_products(struct command_call *call, const struct catalog_filter *filter,
                          struct error *err)
{
    struct catalog_page page;
    if (!catalog_search(call->workbench->catalog, filter, &page, err)) {
        return false;
    }
    bool done = list_products(call, &page.entries, err);
    if (done) {
        tell_problems(call, &page);
        call->reply.view = "catalog";
        if (call->spec.has_screen && (call_count(call) > 0 || call->values.count > 0)) {
            describe_products(call, &page.entries);
        }
    }
    catalog_page_release(&page);
    return done;
}

/* ---- Facets and files ---- */

static bool is_facet(const char *name, struct error *err)
{
    size_t count;
    const struct catalog_facet *facets = catalog_facet_kinds(&count);
    struct text known = {0};
    bool is = false;
    for (size_t i = 0; i < count; i++) {
        bool has_values = !facets[i].is_word && !facets[i].is_bare;
        is = is || (has_values && string_equal(name, facets[i].name));
        if (has_values) {
            text_printf(&known, "%s%s", known.length > 0 ? ", " : "", facets[i].name);
        }
    }
    if (!is) {
        error_set(err, ERROR_USAGE, "there is no facet %s with values; there are %s",
                  name, text_string(&known));
    }
    text_release(&known);
    return is;
}

static bool list_facet(struct command_call *call, const struct catalog_filter *filter,
                       struct error *err)
{
    struct listing listing = {.columns = {"facet", "value", "products"}, .count = 3};
    struct catalog_facet_request request = {
        .facet = command_flag_value(call, "--facet"),
        .filter = filter,
        .limit = filter->limit,
    };
    if (!is_facet(request.facet, err) || !listing_start(call, &listing, err)) {
        return false;
    }
    struct array values = catalog_facets(call->workbench->catalog, &request);
    for (size_t i = 0; i < values.count; i++) {
        const struct catalog_facet_value *value = array_at(&values, i);
        rows_add(listing.rows, "ssl", request.facet, value->value, value->products);
    }
    catalog_facets_release(&values);
    return listing_end(call, &listing, err);
}

static bool list_unread(struct command_call *call, struct error *err)
{
    struct listing listing = {.columns = {"path", "line", "column", "sentence", "rule"},
                              .count = 5};
    if (!listing_start(call, &listing, err)) {
        return false;
    }
    struct array unread = catalog_unread(call->workbench->catalog);
    for (size_t i = 0; i < unread.count; i++) {
        const struct finding *finding = array_at(&unread, i);
        rows_add(listing.rows, "sllss", finding->path, (long long)finding->line,
                 (long long)finding->column, finding->sentence, finding->rule);
    }
    findings_release(&unread);
    return listing_end(call, &listing, err);
}

/* ---- The verb ---- */

static bool take_limit(const struct command_call *call, size_t *limit, struct error *err)
{
    const char *text = command_flag_value(call, "--limit");
    char *end = NULL;
    unsigned long number = text != NULL ? strtoul(text, &end, 10) : 0;
    if (text != NULL && (*end != '\0' || number == 0 || text[0] == '-')) {
        return error_set(err, ERROR_USAGE, "--limit %s is no number of products", text);
    }
    *limit = number;
    return true;
}

bool verb_products(struct command_call *call, struct error *err)
{
    struct text words = {0};
    for (size_t i = 0; i < call_count(call); i++) {
        text_printf(&words, "%s%s", i > 0 ? " " : "", call_word(call, i));
    }
    struct catalog_filter filter = {
        .text = words.length > 0 ? text_string(&words) : NULL,
        .domain = command_flag_value(call, "--domain"),
        .status = command_flag_value(call, "--status"),
        .tag = command_flag_value(call, "--tag"),
        .domain_class = command_flag_value(call, "--class"),
    };
    bool done = take_limit(call, &filter.limit, err);
    if (done) {
        done = call_has_flag(call, "--problems") ? list_unread(call, err)
               : command_flag_value(call, "--facet") != NULL
                   ? list_facet(call, &filter, err)
                   : find_products(call, &filter, err);
    }
    if (done) {
        call_done(call);
    }
    text_release(&words);
    return done;
}
