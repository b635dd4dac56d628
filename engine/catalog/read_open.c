/* catalog/read_open: a data product of the Open Data Product Specification (3 to 4.1, of
 * opendataproducts.org) into the index: what it is, who holds it, its plans, promises,
 * quality goals and places of access.
 *
 * Source: opendataproducts.org/v4.1. Version 3 has at the root what version 4 has below
 * `product`; lists of 4.0 are maps of profiles with `dimensions` in 4.1. Of texts in
 * several languages English is taken, else the first one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>

#include "engine/catalog/insert.h"
#include "engine/text.h"

struct open_product {
    struct source *source;
    const struct document_value *details; /* in one language */
    const char *id, *language;
    long long product_row, contract_row;
};

/* Below `product`, or at the root. */
static const struct document_value *section_of(const struct document_value *root,
                                               const char *key)
{
    const struct document_value *value = document_get(document_get(root, "product"), key);
    return value != NULL ? value : document_get(root, key);
}

/* A text, or a map or list of maps with a text for each language. */
static const char *in_language(const struct document_value *value)
{
    if (document_kind(value) == DOCUMENT_LIST) {
        value = document_item(value, 0);
    }
    if (document_kind(value) == DOCUMENT_MAP) {
        const struct document_value *english = document_get(value, "en");
        const char *key;
        value = english != NULL ? english : document_member(value, 0, &key, NULL);
    }
    return document_text(value);
}

/* ---- Promises and quality goals: dimension, objective, unit ---- */

typedef void open_add(struct open_product *product, const struct document_value *goal,
                      int position);

static void each_goal(struct open_product *product, const struct document_value *list,
                      open_add *add)
{
    for (size_t i = 0; i < document_count(list); i++) {
        if (document_get(document_item(list, i), "dimension") != NULL) {
            add(product, document_item(list, i), (int)i + 1);
        }
    }
}

/* A list, or profiles with a list each: the default one is what everybody gets. */
static void each_declared(struct open_product *product,
                          const struct document_value *section, open_add *add)
{
    const struct document_value *declared = document_get(section, "declarative");
    declared = declared != NULL ? declared : section;
    if (document_kind(declared) == DOCUMENT_LIST) {
        each_goal(product, declared, add);
        return;
    }
    const struct document_value *standard = document_get(declared, "default");
    for (size_t i = 0; i < document_count(declared); i++) {
        const char *key;
        const struct document_value *profile = document_member(declared, i, &key, NULL);
        if (standard == NULL || profile == standard) {
            each_goal(product, document_get(profile, "dimensions"), add);
        }
    }
}

static void add_promise(struct open_product *product, const struct document_value *goal,
                        int position)
{
    char *value = part_any(document_get(goal, "objective"));
    struct sla_row row = {
        .contract = product->id,
        .property = document_get_text(goal, "dimension"),
        .value = value,
        .unit = document_get_text(goal, "unit"),
        .description = in_language(document_get(goal, "displaytitle")),
        .position = position,
        .line = part_line(goal),
        .contract_row = product->contract_row,
    };
    sla_insert(product->source->build, &row);
    free(value);
}

/* A goal of quality is a rule in words with a number: at least so much. */
static void add_goal(struct open_product *product, const struct document_value *goal,
                     int position)
{
    char *value = part_any(document_get(goal, "objective"));
    struct rule_row row = {
        .contract = product->id,
        .name = in_language(document_get(goal, "displaytitle")),
        .type = "text",
        .dimension = document_get_text(goal, "dimension"),
        .operator= value != NULL ? "mustBeGreaterOrEqualTo" : NULL,
        .low = value,
        .unit = document_get_text(goal, "unit"),
        .description = in_language(document_get(goal, "description")),
        .position = position,
        .line = part_line(goal),
        .contract_row = product->contract_row,
    };
    rule_insert(product->source->build, &row);
    free(value);
}

/* How the goals are measured, in the language of another tool. */
static void read_measured(struct open_product *product,
                          const struct document_value *section)
{
    const struct document_value *list = document_get(section, "executable");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *goal = document_item(list, i);
        char *spec = part_any(document_get(goal, "spec"));
        struct rule_row row = {
            .contract = product->id,
            .type = "custom",
            .dimension = document_get_text(goal, "dimension"),
            .engine = document_get_text(goal, "type"),
            .query = spec,
            .description = document_get_text(goal, "reference"),
            .position = (int)i + 1,
            .line = part_line(goal),
            .contract_row = product->contract_row,
        };
        rule_insert(product->source->build, &row);
        free(spec);
    }
}

/* ---- Plans ---- */

static void read_plans(struct open_product *product)
{
    const struct document_value *section =
        section_of(product->source->root, "pricingPlans");
    const struct document_value *plans = document_get(section, "declarative");
    plans = plans != NULL ? plans : section;
    if (document_kind(plans) == DOCUMENT_MAP) {
        const char *key;
        const struct document_value *own = document_get(plans, product->language);
        plans = own != NULL ? own : document_member(plans, 0, &key, NULL);
    }
    for (size_t i = 0; i < document_count(plans); i++) {
        const struct document_value *plan = document_item(plans, i);
        char *offers = part_joined(document_get(plan, "offering"), "; ");
        const char *unit = document_get_text(plan, "billingDuration");
        build_insert(product->source->build, INSERT_PRICE, "sssssssil", "product",
                     product->id, in_language(document_get(plan, "name")),
                     document_get_text(plan, "price"),
                     document_get_text(plan, "priceCurrency"),
                     unit != NULL ? unit : document_get_text(plan, "unit"), offers,
                     part_line(plan), product->product_row);
        free(offers);
    }
}

/* ---- Access ---- */

static void add_access(struct open_product *product, const char *key,
                       const struct document_value *access)
{
    static const char *const names[] = {"name", "interface", "outputPorttype",
                                        "outputPortType", NULL};
    static const char *const urls[] = {"accessURL", "specsURL", "documentationURL", NULL};
    const char *name = NULL, *url = NULL;
    for (size_t i = 0; name == NULL && names[i] != NULL; i++) {
        name = in_language(document_get(access, names[i]));
    }
    for (size_t i = 0; url == NULL && urls[i] != NULL; i++) {
        url = document_get_text(access, urls[i]);
    }
    char *details = part_any(access);
    const char *type = part_either(access, "outputPorttype", "outputPortType");
    struct port_row row = {
        .product = product->id,
        .dir = "out",
        .name = name != NULL ? name : key,
        .type = type != NULL ? type : part_either(access, "format", "interface"),
        .contract = product->id,
        .description = in_language(document_get(access, "description")),
        .url = url,
        .details = details,
        .line = part_line(access),
        .product_row = product->product_row,
    };
    port_insert(product->source, &row);
    free(details);
}

/* Without any place of access the product still delivers under its contract. */
static void read_accesses(struct open_product *product)
{
    const struct document_value *section =
        section_of(product->source->root, "dataAccess");
    bool is_list = document_kind(section) == DOCUMENT_LIST;
    for (size_t i = 0; i < document_count(section); i++) {
        const char *key = NULL;
        const struct document_value *access =
            is_list ? document_item(section, i) : document_member(section, i, &key, NULL);
        add_access(product, key != NULL ? key : "access", access);
    }
    if (document_count(section) == 0) {
        add_access(product, "data", NULL);
    }
}

static void read_open_help(struct open_product *product)
{
    const struct document_value *root = product->source->root;
    const struct document_value *support = section_of(root, "support");
    if (support == NULL) {
        support = document_get(section_of(root, "SLA"), "support");
    }
    static const struct {
        const char *key, *tool, *hours;
    } ways[] = {
        {"email", "email", "emailServiceHours"},
        {"phoneNumber", "phone", "phoneServiceHours"},
        {"documentationURL", "other", NULL},
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const char *text = document_get_text(support, ways[i].key);
        const char *hours =
            ways[i].hours != NULL ? document_get_text(support, ways[i].hours) : NULL;
        if (text != NULL && text[0] != '\0') {
            build_insert(product->source->build, INSERT_SUPPORT, "sssssnsin", "product",
                         product->id, text, text, ways[i].tool, hours,
                         part_line(support));
        }
    }
}

/* ---- The product ---- */

static const char *joined_texts(const struct document_value *details, const char *key)
{
    const struct document_value *value = document_get(details, key);
    return document_kind(value) == DOCUMENT_LIST ? document_text(document_item(value, 0))
                                                 : document_text(value);
}

static void insert_open(struct open_product *product)
{
    struct source *source = product->source;
    const struct document_value *root = source->root, *details = product->details;
    const struct document_value *holder = section_of(root, "dataHolder");
    const struct document_value *license = section_of(root, "license");
    const struct document_value *own = document_get(license, product->language);
    license = own != NULL ? own : license;
    struct product_row row = {
        .id = product->id,
        .name = document_get_text(details, "name"),
        .domain = document_get_text(holder, "businessDomain"),
        .version = document_get_text(details, "productVersion"),
        .status = document_get_text(details, "status"),
        .type = document_get_text(details, "type"),
        .team = document_get_text(holder, "legalName"),
        .purpose = document_get_text(details, "valueProposition"),
        .limitations = document_get_text(details, "issues"),
        .usage = joined_texts(details, "useCases"),
        .created = document_get_text(details, "created"),
        .modified = document_get_text(details, "updated"),
        .description = document_get_text(details, "description"),
        .access_level = document_get_text(details, "visibility"),
        .license = document_text(document_find(license, "scope.definition")),
        .language = product->language,
        .standard = "open",
        .folder = source->folder,
        .line = part_line(details),
    };
    product->product_row = product_insert(source->build, source->path, &row);
    struct contract_row contract = {
        .id = product->id,
        .version = row.version,
        .api_version = document_get_text(root, "version"),
        .name = row.name,
        .domain = row.domain,
        .status = row.status,
        .purpose = row.purpose,
        .limitations = document_text(document_find(license, "scope.restrictions")),
        .team = row.team,
        .standard = row.standard,
        .description = row.description,
        .terms = row.license,
        .notice_period =
            document_text(document_find(license, "termination.noticePeriod")),
        .line = row.line,
    };
    product->contract_row = contract_insert(source, &contract);
}

/* The contract of its own that the product names. */
static void read_named_contract(struct open_product *product)
{
    const struct document_value *contract = section_of(product->source->root, "contract");
    const char *url = part_either(contract, "contractURL", "$ref");
    if (url != NULL) {
        build_insert(product->source->build, INSERT_AUTHDEF, "sssssi", "product",
                     product->id, "contract", url, document_get_text(contract, "type"),
                     part_line(contract));
    }
}

void read_open(struct source *source)
{
    const struct document_value *all = document_find(source->root, "product.details");
    struct open_product product = {.source = source, .language = "en"};
    product.details = document_get(all, "en");
    if (product.details == NULL && document_kind(all) == DOCUMENT_MAP) {
        product.details = document_member(all, 0, &product.language, NULL);
    }
    const char *id = document_get_text(product.details, "productID");
    product.id = id != NULL ? id : source->path;
    insert_open(&product);
    struct part_owner self = {"product", product.id};
    part_tags(source, self, document_get(product.details, "tags"));
    part_tags(source, self, document_get(product.details, "categories"));
    read_named_contract(&product);
    const struct document_value *quality = section_of(source->root, "dataQuality");
    each_declared(&product, section_of(source->root, "SLA"), add_promise);
    each_declared(&product, quality, add_goal);
    read_measured(&product, quality);
    read_plans(&product);
    read_accesses(&product);
    read_open_help(&product);
}
