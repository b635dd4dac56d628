/* catalog/read_dcat: a catalog of DCAT-US 1.1 (`data.json`) into the index: each dataset
 * is a product with a contract of its own; what can be downloaded as rows is a table, any
 * other distribution a port.
 *
 * Source: resources.data.gov, DCAT-US Schema v1.1 (Project Open Data Metadata Schema).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/formats.h"
#include "engine/catalog/insert.h"
#include "engine/path.h"
#include "engine/text.h"

struct dataset {
    struct source *source;
    const struct document_value *root;
    char *id, *name, *frequency;
    const char *frequency_unit; /* NULL: as written */
    char *languages;
    long long product_row, contract_row;
    struct array sql_names, titles; /* taken, of char * */
    int position;
};

/* ---- What a dataset says ---- */

/* "R/P1Y" is each year: 1 and y. Anything else stays as written. */
static char *frequency_of(const struct document_value *root, const char **unit)
{
    static const struct {
        const char *period, *amount, *unit;
    } periods[] = {
        {"R/P1Y", "1", "y"},      {"R/P6M", "6", "months"}, {"R/P3M", "3", "months"},
        {"R/P4M", "4", "months"}, {"R/P2M", "2", "months"}, {"R/P1M", "1", "month"},
        {"R/P1W", "1", "w"},      {"R/P7D", "7", "d"},      {"R/P2W", "2", "w"},
        {"R/P0.5M", "15", "d"},   {"R/P0.33M", "10", "d"},  {"R/P3.5D", "3.5", "d"},
        {"R/P0.33W", "2", "d"},   {"R/P1D", "1", "d"},      {"R/PT1H", "1", "h"},
        {"R/PT1S", "1", "s"},     {"R/P2Y", "2", "y"},      {"R/P3Y", "3", "y"},
        {"R/P4Y", "4", "y"},      {"R/P5Y", "5", "y"},      {"R/P10Y", "10", "y"},
    };
    const char *text = document_get_text(root, "accrualPeriodicity");
    *unit = NULL;
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        if (string_equal(text, periods[i].period)) {
            *unit = periods[i].unit;
            return string_copy(periods[i].amount);
        }
    }
    return string_copy(text);
}

static const char *publisher_of(const struct document_value *root)
{
    return document_text(document_find(root, "publisher.name"));
}

static void insert_dataset(struct dataset *dataset)
{
    const struct document_value *root = dataset->root;
    struct source *source = dataset->source;
    struct product_row row = {
        .id = dataset->id,
        .name = dataset->name,
        .domain = document_text(document_item(document_get(root, "theme"), 0)),
        .status = "active",
        .team = publisher_of(root),
        .title = document_get_text(root, "title"),
        .description = document_get_text(root, "description"),
        .limitations = document_get_text(root, "rights"),
        .created = document_get_text(root, "issued"),
        .modified = document_get_text(root, "modified"),
        .access_level = document_get_text(root, "accessLevel"),
        .license = document_get_text(root, "license"),
        .language = dataset->languages,
        .standard = "dcat",
        .folder = source->folder,
        .line = part_line(root),
    };
    dataset->product_row = product_insert(source->build, source->path, &row);
    struct contract_row contract = {
        .id = dataset->id,
        .api_version = "1.1",
        .name = dataset->name,
        .domain = row.domain,
        .status = row.status,
        .purpose = row.description,
        .limitations = row.limitations,
        .created = row.created,
        .team = row.team,
        .standard = row.standard,
        .title = row.title,
        .terms = row.license,
        .line = row.line,
    };
    dataset->contract_row = contract_insert(source, &contract);
}

static void read_frequency(struct dataset *dataset)
{
    if (dataset->frequency != NULL) {
        struct sla_row row = {
            .contract = dataset->id,
            .property = "frequency",
            .value = dataset->frequency,
            .unit = dataset->frequency_unit,
            .position = 1,
            .line = part_line(document_get(dataset->root, "accrualPeriodicity")),
            .contract_row = dataset->contract_row,
        };
        sla_insert(dataset->source->build, &row);
    }
}

static void read_contact_point(struct dataset *dataset)
{
    const struct document_value *contact = document_get(dataset->root, "contactPoint");
    const char *name = document_get_text(contact, "fn");
    const char *email = document_get_text(contact, "hasEmail");
    if (name != NULL || email != NULL) {
        build_insert(dataset->source->build, INSERT_SUPPORT, "sssssnnin", "product",
                     dataset->id, name != NULL ? name : email, email, "email",
                     part_line(contact));
    }
}

/* A text, or a list of texts. */
static void read_dataset_links(struct dataset *dataset)
{
    static const struct {
        const char *key, *type;
    } links[] = {
        {"license", "license"},       {"landingPage", "homepage"},
        {"references", "reference"},  {"describedBy", "dataDictionary"},
        {"conformsTo", "conformsTo"}, {"systemOfRecords", "systemOfRecords"},
        {"isPartOf", "isPartOf"},
    };
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        const struct document_value *value = document_get(dataset->root, links[i].key);
        bool is_list = document_kind(value) == DOCUMENT_LIST;
        for (size_t k = 0; k < (is_list ? document_count(value) : 1); k++) {
            const struct document_value *item = is_list ? document_item(value, k) : value;
            if (document_text(item) != NULL) {
                build_insert(dataset->source->build, INSERT_AUTHDEF, "ssssni", "product",
                             dataset->id, links[i].type, document_text(item),
                             part_line(item));
            }
        }
    }
}

/* Everything that has no place of its own. */
static void read_dataset_rest(struct dataset *dataset)
{
    static const char *const keys[] = {
        "bureauCode",      "programCode",        "spatial",
        "temporal",        "dataQuality",        "primaryITInvestmentUII",
        "describedByType", "accessLevelComment", NULL};
    for (size_t i = 0; keys[i] != NULL; i++) {
        const struct document_value *value = document_get(dataset->root, keys[i]);
        char *text = part_any(value);
        if (text != NULL) {
            build_insert(dataset->source->build, INSERT_CUSTOM, "ssssinn", "product",
                         dataset->id, keys[i], text, part_line(value));
        }
        free(text);
    }
}

/* ---- Distributions ---- */

/* Rows that are read: by media type, by the word for the format, by the file's name. */
static const struct format *format_of_distribution(const struct document_value *item)
{
    const char *media = document_get_text(item, "mediaType");
    const char *slash = media != NULL ? strrchr(media, '/') : NULL;
    bool is_tabs = string_equal(media, "text/tab-separated-values");
    const struct format *format =
        slash != NULL ? format_of_word(is_tabs ? "tsv" : slash + 1) : NULL;
    if (format == NULL) {
        format = format_of_word(document_get_text(item, "format"));
    }
    if (format == NULL) {
        const char *url = document_get_text(item, "downloadURL");
        char *bare = string_copy_bytes(url != NULL ? url : "",
                                       strcspn(url != NULL ? url : "", "?#"));
        format = format_of_name(bare);
        free(bare);
    }
    return format;
}

/* Its title, the name of its file, or what kind it is. */
static char *name_of_distribution(struct dataset *dataset,
                                  const struct document_value *item)
{
    const char *title = document_get_text(item, "title");
    const char *url = document_get_text(item, "downloadURL");
    char *wanted;
    if (title != NULL) {
        wanted = string_copy(title);
    } else if (url != NULL) {
        char *bare = string_copy_bytes(url, strcspn(url, "?#"));
        wanted = path_stem(bare);
        free(bare);
    } else {
        wanted =
            string_copy(document_get_text(item, "accessURL") != NULL ? "access" : "data");
    }
    char *name = name_unlike(wanted, &dataset->titles);
    free(wanted);
    return name;
}

static void add_distribution_table(struct dataset *dataset, const char *name,
                                   const struct document_value *item,
                                   const struct format *format)
{
    struct source *source = dataset->source;
    struct object_row row = {
        .contract = dataset->id,
        .name = name,
        .physical_type = "file",
        .description = document_get_text(item, "description"),
        .title = document_get_text(item, "title"),
        .line = part_line(item),
        .contract_row = dataset->contract_row,
        .position = ++dataset->position,
    };
    long long object_row = object_insert(source->build, source->path, &row);
    char *wanted = catalog_sql_name(name);
    char *sql_name = name_unlike(wanted, &dataset->sql_names);
    build_insert(source->build, INSERT_TABLE, "lisssllssnssn", dataset->product_row,
                 dataset->position, name, sql_name, "files", dataset->contract_row,
                 object_row, row.title, row.description,
                 document_get_text(item, "downloadURL"), format->name);
    free(sql_name);
    free(wanted);
}

static void read_distribution(struct dataset *dataset, const struct document_value *item)
{
    const char *download = document_get_text(item, "downloadURL");
    const struct format *format = format_of_distribution(item);
    char *name = name_of_distribution(dataset, item), *details = part_any(item);
    bool is_table = download != NULL && strchr(download, '\n') == NULL &&
                    (format->kind == FORMAT_TABLE || format->kind == FORMAT_SQLITE);
    struct port_row port = {
        .product = dataset->id,
        .dir = "out",
        .name = name,
        .type = part_either(item, "format", "mediaType"),
        .contract = dataset->id,
        .description = document_get_text(item, "description"),
        .url = download != NULL ? download : document_get_text(item, "accessURL"),
        .title = document_get_text(item, "title"),
        .details = details,
        .line = part_line(item),
        .product_row = dataset->product_row,
    };
    port_insert(dataset->source, &port);
    if (is_table) {
        add_distribution_table(dataset, name, item, format);
    }
    free(details);
    free(name);
}

/* A dataset without any is at its landing page: it delivers under its contract, too. */
static void read_distributions(struct dataset *dataset)
{
    const struct document_value *list = document_get(dataset->root, "distribution");
    size_t before = dataset->titles.count;
    for (size_t i = 0; i < document_count(list); i++) {
        if (document_kind(document_item(list, i)) == DOCUMENT_MAP) {
            read_distribution(dataset, document_item(list, i));
        }
    }
    if (dataset->titles.count == before) {
        struct port_row port = {
            .product = dataset->id,
            .dir = "out",
            .name = "landing page",
            .type = "page",
            .contract = dataset->id,
            .url = document_get_text(dataset->root, "landingPage"),
            .line = part_line(dataset->root),
            .product_row = dataset->product_row,
        };
        port_insert(dataset->source, &port);
    }
}

/* ---- The catalog ---- */

static void read_dataset(struct source *source, const struct document_value *root,
                         size_t index)
{
    const char *id = document_get_text(root, "identifier");
    const char *title = document_get_text(root, "title");
    struct dataset dataset = {
        .source = source,
        .root = root,
        .id = id != NULL ? string_copy(id) : string_printf("%s#%zu", source->path, index),
        .name = name_to_type(title),
        .languages = part_joined(document_get(root, "language"), ", "),
        .sql_names = ARRAY_OF(char *),
        .titles = ARRAY_OF(char *),
    };
    dataset.frequency = frequency_of(root, &dataset.frequency_unit);
    insert_dataset(&dataset);
    read_frequency(&dataset);
    read_contact_point(&dataset);
    part_tags(source, (struct part_owner){"product", dataset.id},
              document_get(root, "keyword"));
    read_dataset_links(&dataset);
    read_dataset_rest(&dataset);
    read_distributions(&dataset);
    catalog_names_release(&dataset.sql_names);
    catalog_names_release(&dataset.titles);
    free(dataset.languages);
    free(dataset.frequency);
    free(dataset.name);
    free(dataset.id);
}

void read_dcat(struct source *source)
{
    const struct document_value *list = document_get(source->root, "dataset");
    for (size_t i = 0; i < document_count(list); i++) {
        if (document_kind(document_item(list, i)) == DOCUMENT_MAP) {
            read_dataset(source, document_item(list, i), i + 1);
        }
    }
}
