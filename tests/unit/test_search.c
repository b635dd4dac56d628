/* Unit tests of searching in engine/catalog.h: what is typed, what it finds in which
 * order, why, facets and their counts, use, and an index that changes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "engine/catalog.h"
#include "engine/catalog/filter.h"
#include "engine/path.h"
#include "engine/text.h"
#include "files.h"
#include "tap.h"

static char *home; /* temporary folder of this run */

/* ---- A mesh ---- */

static void put(const char *path, const char *text)
{
    char *mesh = path_join(home, "mesh");
    files_put(mesh, path, text);
    free(mesh);
}

#define CONTRACT(name, domain, more)                                                     \
    "apiVersion: v3.1.0\nkind: DataContract\nid: " domain "-" name "\nname: " name       \
    "\nversion: 1.0.0\nstatus: active\ndomain: " domain "\n" more

static void make_mesh(void)
{
    put("mesh.yaml", "name: Search\ndomains:\n  - {name: sales, class: source}\n"
                     "  - {name: stores, class: consumer}\n");
    put("sales/invoice.odcs.yaml",
        CONTRACT(
            "invoice", "sales",
            "team: {name: Team Facturación}\ntags: [gold, 'system:Alpha']\n"
            "schema:\n  - name: lines\n    properties:\n"
            "      - {name: customer_id, logicalType: string, classification: pii}\n"
            "      - {name: größe, logicalType: string, businessName: Size of it}\n"));
    put("sales/invoice-history.odcs.yaml",
        CONTRACT("invoice-history", "sales",
                 "slaProperties: [{property: frequency, value: 1, unit: d}]\n"
                 "description: {purpose: Every invoice there ever was.}\n"
                 "servers: [{server: f, type: local, path: rows.csv, format: csv}]\n"
                 "schema:\n  - name: rows\n    properties:\n"
                 "      - {name: customer, logicalType: string}\n"
                 "      - {name: id_of_shop, logicalType: string}\n"));
    put("sales/rows.csv", "customer,id_of_shop\na,1\n");
    put("stores/hours.odcs.yaml",
        CONTRACT("hours", "stores",
                 "description: {purpose: When an invoice may be paid in a shop.}\n"
                 "tags: [silver]\nschema:\n  - name: hours\n    properties:\n"
                 "      - {name: hr, logicalType: integer, description: Hour of day, "
                 "classification: public}\n"));
    put("stores/broken.odcs.yaml", "apiVersion: v3.1.0\nkind: DataContract\nid: [\n");
}

/* Read what changed and open it. */
static struct catalog *open_mesh(void)
{
    struct error err = {0};
    bool changed;
    struct catalog *catalog = NULL;
    char *mesh = string_printf("%s/mesh", home);
    char *index = catalog_index_path(mesh, &err);
    if (index != NULL && catalog_refresh(mesh, index, NULL, &changed, &err)) {
        catalog = catalog_open(index, &err);
    }
    if (catalog == NULL) {
        printf("Bail out! %s\n", err.message);
        exit(1);
    }
    free(index);
    free(mesh);
    return catalog;
}

/* ---- What is typed ---- */

static void text_is(const char *text, const char *expected)
{
    struct filter filter;
    struct error err = {0};
    struct text got = {0};
    if (!filter_parse(text, &filter, &err)) {
        text_append(&got, "refused");
    } else {
        for (size_t i = 0; i < filter.terms.count; i++) {
            const struct filter_term *term = array_at(&filter.terms, i);
            text_printf(&got, "%s%s%s=%s", i > 0 ? "|" : "", term->is_not ? "not " : "",
                        term->facet != NULL ? term->facet->name : "word", term->value);
        }
        filter_release(&filter);
    }
    is_text(text_string(&got), expected, "typed: %s", text);
    text_release(&got);
}

static void texts_are_taken_apart(void)
{
    text_is("", "");
    text_is(" two  words ", "word=two|word=words");
    text_is("domain:sales -Tag:old", "domain=sales|not tag=old");
    text_is("fresh -late FRESH", "fresh=fresh|not late=late|fresh=FRESH");
    text_is("\"fresh\" -\"a b\"", "word=fresh|not word=a b");
    text_is("tag:\"a b\" c", "tag=a b|word=c");
    text_is("domain: - -\"\" \"", "");
    text_is("\"still being ty", "word=still being ty");
    text_is("https://x.example 12:30", "word=https://x.example|word=12:30");
    text_is("tga:x", "refused");
    text_is("a b c d e f g h i j k l m n o p",
            "word=a|word=b|word=c|word=d|word=e|word=f|"
            "word=g|word=h|word=i|word=j|word=k|word=l|"
            "word=m|word=n|word=o|word=p");
    text_is("a b c d e f g h i j k l m n o p q", "refused");
    struct error err = {0};
    struct filter filter;
    filter_parse("tga:x", &filter, &err);
    ok(strstr(err.message, "did you mean tag:") != NULL, "the nearest facet is named");
}

/* ---- What is found ---- */

static char *found_by(const struct catalog *catalog, const char *text)
{
    struct catalog_filter filter = {.text = text};
    struct catalog_page page;
    struct text ids = {0};
    struct error err = {0};
    if (!catalog_search(catalog, &filter, &page, &err)) {
        return string_copy(err.message);
    }
    for (size_t i = 0; i < page.entries.count; i++) {
        const struct catalog_entry *entry = array_at(&page.entries, i);
        text_printf(&ids, "%s%s", i > 0 ? " " : "", entry->name);
    }
    if (page.total != page.entries.count) {
        text_append(&ids, " and a wrong total");
    }
    catalog_page_release(&page);
    return text_take(&ids);
}

static void finds(const struct catalog *catalog, const char *text, const char *expected)
{
    char *found = found_by(catalog, text);
    is_text(found, expected, "finds: %s", text);
    free(found);
}

static void words_are_found(const struct catalog *catalog)
{
    finds(catalog, "invoice", "invoice invoice-history hours");
    finds(catalog, "INVO hist", "invoice-history");
    finds(catalog, "sales/invoice", "invoice invoice-history");
    finds(catalog, "facturacion", "invoice");
    finds(catalog, "GRÖSSE", "");
    finds(catalog, "große", "invoice");
    finds(catalog, "hr", "hours");
    finds(catalog, "h", "hours invoice-history");
    finds(catalog, "ustome", "invoice invoice-history");
    finds(catalog, "customer_id", "invoice");
    finds(catalog, "stomer-id", "invoice");
    finds(catalog, "\"ever was\"", "invoice-history");
    finds(catalog, "\"was ever\"", "");
    finds(catalog, "invoice -history", "invoice hours");
    finds(catalog, "-invoice", "");
    finds(catalog, "***", "invoice invoice-history hours");
}

static void facets_narrow(const struct catalog *catalog)
{
    finds(catalog, "domain:sales", "invoice invoice-history");
    finds(catalog, "domain:SAL", "invoice invoice-history");
    finds(catalog, "-domain:sales", "hours");
    finds(catalog, "class:consumer", "hours");
    finds(catalog, "owner:facturacion", "invoice");
    finds(catalog, "tag:system:alpha", "invoice");
    finds(catalog, "tag:gold classification:pii", "invoice");
    finds(catalog, "tag:gold tag:silver", "");
    finds(catalog, "classification:public invoice", "hours");
    finds(catalog, "has:sla", "invoice-history");
    finds(catalog, "fresh", "invoice-history");
    finds(catalog, "late", "");
    finds(catalog, "-fresh", "invoice hours");
    finds(catalog, "column:customer", "invoice invoice-history");
    finds(catalog, "column:invoice", "");
    finds(catalog, "description:invoice", "invoice-history hours");
    finds(catalog, "quality:failed", "");
    finds(catalog, "standard:odcs status:active", "invoice invoice-history hours");
}

static void matched_is(const struct catalog *catalog, const char *text, const char *why,
                       const char *table, const char *column)
{
    struct catalog_filter filter = {.text = text, .limit = 1};
    struct array found = catalog_list(catalog, &filter);
    const struct catalog_entry *entry = array_at(&found, 0);
    if (ok(entry != NULL, "something matches %s", text)) {
        is_text(entry->why, why, "why %s", text);
        is_text(entry->matched_table, table, "in which table");
        is_text(entry->matched_column, column, "in which column");
    }
    catalog_entries_release(&found);
}

static void hits_are_explained(const struct catalog *catalog)
{
    matched_is(catalog, "history", NULL, NULL, NULL);
    matched_is(catalog, "customer_id", "column customer_id", "lines", "customer_id");
    matched_is(catalog, "size", "synonym Size of it of größe", "lines", "größe");
    matched_is(catalog, "alpha", "tag system:Alpha", NULL, NULL);
    matched_is(catalog, "facturacion", "owner Team Facturación", NULL, NULL);
    matched_is(catalog, "paid", "description", NULL, NULL);
    matched_is(catalog, "\"of day\"", "description of column hr", "hours", "hr");
    matched_is(catalog, "stores", "domain stores", NULL, NULL);
}

static void pages_are_given(const struct catalog *catalog)
{
    struct catalog_filter filter = {.text = "invoice", .offset = 1, .limit = 1};
    struct catalog_page page;
    ok(catalog_search(catalog, &filter, &page, NULL), "a page is asked for");
    is_int((long long)page.total, 3, "the total is exact");
    is_int((long long)page.entries.count, 1, "the page is not more than asked for");
    const struct catalog_entry *entry = array_at(&page.entries, 0);
    is_text(entry->name, "invoice-history", "and starts where asked");
    is_int((long long)page.unread, 1, "a file could not be read");
    catalog_page_release(&page);
    filter = (struct catalog_filter){.offset = 2, .limit = 5};
    catalog_search(catalog, &filter, &page, NULL);
    is_int((long long)page.total, 3, "a total without words");
    is_int((long long)page.entries.count, 1, "a page without words");
    catalog_page_release(&page);
    filter.offset = 7;
    filter.text = "invoice";
    catalog_search(catalog, &filter, &page, NULL);
    is_int((long long)page.entries.count, 0, "nothing behind the end");
    catalog_page_release(&page);
    struct array unread = catalog_unread(catalog);
    const struct finding *finding = array_at(&unread, 0);
    is_text(finding != NULL ? finding->path : NULL, "stores/broken.odcs.yaml",
            "which file it is");
    findings_release(&unread);
}

/* ---- Values of facets ---- */

static void values_are(const struct catalog *catalog,
                       const struct catalog_facet_request *request, const char *expected)
{
    struct text got = {0};
    struct array values = catalog_facets(catalog, request);
    for (size_t i = 0; i < values.count; i++) {
        const struct catalog_facet_value *value = array_at(&values, i);
        text_printf(&got, "%s%s %lld", i > 0 ? ", " : "", value->value, value->products);
    }
    is_text(text_string(&got), expected, "values of %s", request->facet);
    catalog_facets_release(&values);
    text_release(&got);
}

static void values_are_counted(const struct catalog *catalog)
{
    const struct catalog_filter silver = {.text = "tag:silver"};
    values_are(catalog, &(struct catalog_facet_request){.facet = "domain"},
               "sales 2, stores 1");
    values_are(catalog, &(struct catalog_facet_request){.facet = "domain", .limit = 1},
               "sales 2");
    values_are(catalog, &(struct catalog_facet_request){.facet = "tag", .start = "sys"},
               "system:Alpha 1");
    values_are(catalog,
               &(struct catalog_facet_request){.facet = "domain", .filter = &silver},
               "stores 1");
    values_are(catalog, &(struct catalog_facet_request){.facet = "class"},
               "source 2, consumer 1");
    values_are(catalog,
               &(struct catalog_facet_request){.facet = "class", .filter = &silver},
               "consumer 1");
    values_are(catalog, &(struct catalog_facet_request){.facet = "nothing"}, "");
}

/* ---- What changes ---- */

static void use_lifts(const struct catalog *catalog)
{
    struct error err = {0};
    finds(catalog, "customer", "invoice invoice-history");
    for (int i = 0; i < 5; i++) {
        ok(catalog_note_use(catalog, "sales/invoice-history", &err),
           "a use is counted %s", err.message);
    }
    finds(catalog, "customer", "invoice-history invoice");
    finds(catalog, "invoice", "invoice invoice-history hours");
}

/* What other teams read comes earlier for who has used nothing. */
static void shared_use_lifts(void)
{
    put("usage/team-b.jsonl",
        "{\"day\":\"2026-09-01\",\"team\":\"Team B\",\"product\":\"stores/hours\","
        "\"table\":\"hours\",\"column\":\"zeppelin\",\"statements\":400}\n");
    put("sales/airship.odcs.yaml",
        CONTRACT("airship", "sales",
                 "schema: [{name: t, properties: [{name: baloon, logicalType: "
                 "integer}]}]\n"));
    put("stores/hours.odcs.yaml",
        CONTRACT("hours", "stores",
                 "schema: [{name: t, properties: [{name: baloon, logicalType: "
                 "integer}]}]\n"));
    struct catalog *catalog = open_mesh();
    finds(catalog, "baloon", "hours airship");
    catalog_close(catalog);
}

static void changes_are_found(void)
{
    put("stores/hours.odcs.yaml", CONTRACT("hours", "stores",
                                           "tags: [bronze]\nschema:\n  - name: hours\n"
                                           "    properties:\n      - {name: zeppelin, "
                                           "logicalType: integer}\n"));
    put("stores/late.odcs.yaml",
        CONTRACT("later", "stores",
                 "schema: [{name: t, properties: [{name: zeppelin, "
                 "logicalType: integer}]}]\n"));
    struct catalog *catalog = open_mesh();
    finds(catalog, "zeppelin", "hours later");
    finds(catalog, "eppeli", "hours later");
    finds(catalog, "hr", "");
    finds(catalog, "tag:silver", "");
    finds(catalog, "tag:bronze", "hours");
    catalog_close(catalog);
    char *gone = string_printf("%s/mesh/stores/hours.odcs.yaml", home);
    unlink(gone);
    free(gone);
    catalog = open_mesh();
    finds(catalog, "zeppelin", "later");
    finds(catalog, "tag:bronze", "");
    values_are(catalog, &(struct catalog_facet_request){.facet = "tag"},
               "gold 1, system:Alpha 1");
    catalog_close(catalog);
}

int main(void)
{
    char folder[] = "/tmp/mwb-search-XXXXXX";
    home = mkdtemp(folder);
    setenv("MWB_CACHE", home, 1);
    setenv("XDG_DATA_HOME", home, 1);
    make_mesh();
    texts_are_taken_apart();
    struct catalog *catalog = open_mesh();
    words_are_found(catalog);
    facets_narrow(catalog);
    hits_are_explained(catalog);
    pages_are_given(catalog);
    values_are_counted(catalog);
    use_lifts(catalog);
    catalog_close(catalog);
    changes_are_found();
    shared_use_lifts();
    path_remove_tree(home, NULL);
    return tap_done();
}
