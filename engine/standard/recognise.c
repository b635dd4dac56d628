/* standard/recognise: which standard a document follows and which version it declares,
 * by its root keys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/standard/shape.h"
#include "engine/text.h"

static const struct {
    const char *word, *title;
} names[STANDARD_COUNT] = {
    [STANDARD_UNKNOWN] = {"none", "no descriptor"},
    [STANDARD_ODPS] = {"odps", "Open Data Product Standard"},
    [STANDARD_ODCS] = {"odcs", "Open Data Contract Standard"},
    [STANDARD_PACKAGE] = {"package", "Data Package"},
    [STANDARD_DCS] = {"dcs", "Data Contract Specification"},
    [STANDARD_DCAT] = {"dcat", "DCAT-US catalog"},
    [STANDARD_DPDS] = {"dpds", "Data Product Descriptor Specification"},
    [STANDARD_OPEN] = {"open", "Open Data Product Specification"},
    [STANDARD_MANAGER] = {"manager", "files of Data Mesh Manager"},
};

const char *standard_word(enum standard_id id)
{
    return names[id].word;
}

const char *standard_title(enum standard_id id)
{
    return names[id].title;
}

int standard_version_of(const char *text)
{
    int parts[3] = {0};
    if (text == NULL) {
        return 0;
    }
    text += *text == 'v' || *text == 'V';
    for (int i = 0; i < 3 && *text >= '0' && *text <= '9'; i++) {
        char *end;
        long part = strtol(text, &end, 10);
        if (part > 99) {
            return 0;
        }
        parts[i] = (int)part;
        text = end + (*end == '.');
    }
    return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

/* ---- Root keys ---- */

static bool is_package(const struct document_value *root)
{
    static const char *const keys[] = {"path", "data", "url", "name"};
    const struct document_value *resources = document_get(root, "resources");
    const struct document_value *first = document_item(resources, 0);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (document_kind(resources) == DOCUMENT_LIST &&
            document_get(first, keys[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Has it all of these? */
static bool has_keys(const struct document_value *map, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        if (document_find(map, *keys) == NULL) {
            return false;
        }
    }
    return document_kind(map) == DOCUMENT_MAP;
}

/* Has it none but these? */
static bool has_only(const struct document_value *map, const char *const *keys)
{
    for (size_t i = 0; i < document_count(map); i++) {
        const char *key;
        document_member(map, i, &key, NULL);
        size_t k = 0;
        while (keys[k] != NULL && !string_equal(keys[k], key)) {
            k++;
        }
        if (keys[k] == NULL) {
            return false;
        }
    }
    return true;
}

/* Files without a word that names their kind: told by what only they have. */
static bool is_of_manager(const struct document_value *root)
{
    static const char *const product[] = {"id", "info.title", "info.owner", "outputPorts",
                                          NULL};
    static const char *const team[] = {"id", "name", "members.0.emailAddress", NULL};
    static const char *const system[] = {"id", "name", "owner", NULL};
    static const char *const of_systems[] = {
        "id", "name", "owner", "description", "tags", "links", "custom", "type", NULL};
    static const char *const term[] = {"name", "businessName", "logicalType", NULL};
    const struct document_value *first =
        document_kind(root) == DOCUMENT_LIST ? document_item(root, 0) : root;
    return document_get(root, "dataProductSpecification") != NULL ||
           has_keys(root, product) || has_keys(root, team) ||
           (has_keys(root, system) && has_only(root, of_systems)) ||
           has_keys(first, term);
}

/* The kind is misspelt or missing, but the version can only be one of theirs. */
static enum standard_id bitol_version(const struct document_value *root)
{
    static const enum standard_id ids[] = {STANDARD_ODCS, STANDARD_ODPS};
    const char *text = document_get_text(root, "apiVersion");
    int version = standard_version_of(text);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        int known = version;
        bool is_whole = text != NULL && *text == 'v' && strchr(text, '.') != NULL;
        if (is_whole && version != 0 && standard_shape_of(ids[i], &known) != NULL &&
            known == version) {
            return ids[i];
        }
    }
    return STANDARD_UNKNOWN;
}

/* Objects with a list of properties, as no other kind of schema has them. */
static bool is_schema_of_contract(const struct document_value *root)
{
    const struct document_value *schema = document_get(root, "schema");
    const struct document_value *first = document_item(schema, 0);
    return document_kind(schema) == DOCUMENT_LIST &&
           document_get(first, "name") != NULL &&
           document_kind(document_get(first, "properties")) == DOCUMENT_LIST;
}

static enum standard_id bitol_kind(const struct document_value *root)
{
    const char *kind = document_get_text(root, "kind");
    if (string_equal(kind, "DataProduct")) {
        return STANDARD_ODPS;
    }
    if (string_equal(kind, "DataContract") || is_schema_of_contract(root)) {
        return STANDARD_ODCS;
    }
    return bitol_version(root);
}

static enum standard_id kind_of(const struct document_value *root)
{
    static const struct {
        const char *path;
        enum standard_id id;
    } keys[] = {
        {"dataContractSpecification", STANDARD_DCS},
        {"dataProductDescriptor", STANDARD_DPDS},
        {"product.details", STANDARD_OPEN},
        {"quantumName", STANDARD_ODCS},
    };
    enum standard_id id = STANDARD_UNKNOWN;
    for (size_t i = 0; i < sizeof keys / sizeof *keys && id == STANDARD_UNKNOWN; i++) {
        if (document_find(root, keys[i].path) != NULL) {
            id = keys[i].id;
        }
    }
    id = id == STANDARD_UNKNOWN ? bitol_kind(root) : id;
    if (id == STANDARD_UNKNOWN && is_package(root)) {
        id = STANDARD_PACKAGE;
    }
    if (id == STANDARD_UNKNOWN && document_get(root, "conformsTo") != NULL &&
        document_kind(document_get(root, "dataset")) == DOCUMENT_LIST) {
        id = STANDARD_DCAT;
    }
    return id == STANDARD_UNKNOWN && is_of_manager(root) ? STANDARD_MANAGER : id;
}

/* A contract that need not say its version has the fields that only 2.2 has. */
static bool is_old_contract(const struct document_value *root)
{
    return document_get(root, "apiVersion") == NULL &&
           (document_get(root, "quantumName") != NULL ||
            document_get(root, "datasetName") != NULL ||
            document_get(root, "dataset") != NULL);
}

struct standard_claim standard_of(const struct document_value *root)
{
    static const char *const keys[STANDARD_COUNT] = {
        [STANDARD_ODPS] = "apiVersion", [STANDARD_ODCS] = "apiVersion",
        [STANDARD_PACKAGE] = "$schema", [STANDARD_DCS] = "dataContractSpecification",
        [STANDARD_DCAT] = "conformsTo", [STANDARD_DPDS] = "dataProductDescriptor",
        [STANDARD_OPEN] = "version",    [STANDARD_MANAGER] = "dataProductSpecification",
    };
    struct standard_claim claim = {.id = kind_of(root)};
    if (claim.id == STANDARD_UNKNOWN) {
        return claim;
    }
    claim.text = document_get_text(root, keys[claim.id]);
    if (claim.id == STANDARD_PACKAGE) {
        bool is_2 = claim.text != NULL && strstr(claim.text, "/profiles/2") != NULL;
        claim.version = is_2 ? 20000 : 10000;
    } else if (claim.id == STANDARD_ODCS && is_old_contract(root)) {
        claim.version = 20202;
    } else if (claim.id == STANDARD_DCAT) {
        claim.version = 10100;
    } else {
        claim.version = standard_version_of(claim.text);
    }
    return claim;
}

/* ---- Before parsing ---- */

bool standard_is_hinted(const char *bytes, size_t length)
{
    static const struct {
        const char *one, *two;
    } hints[] = {
        {"kind", "DataProduct"},
        {"kind", "DataContract"},
        {"resources", "path"},
        {"resources", "data"},
        {"conformsTo", "dataset"},
        {"dataContractSpecification", ""},
        {"dataProductDescriptor", ""},
        {"product", "details"},
        {"quantumName", ""},
        {"dataProductSpecification", ""},
        {"businessName", "logicalType"},
    };
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (memmem(bytes, length, hints[i].one, strlen(hints[i].one)) != NULL &&
            memmem(bytes, length, hints[i].two, strlen(hints[i].two)) != NULL) {
            return true;
        }
    }
    return false;
}

bool standard_has_name(const char *path)
{
    static const char *const suffixes[] = {
        ".odps.yaml", ".odps.yml",  ".odps.json",         ".odcs.yaml",
        ".odcs.yml",  ".odcs.json", ".datacontract.yaml", ".datacontract.yml",
        ".dpd.json",  ".dpd.yaml"};
    static const char *const whole[] = {
        "datapackage.json",  "datapackage.yaml", "datapackage.yml",
        "datacontract.yaml", "datacontract.yml", "data-product-descriptor.json"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (string_ends(path, suffixes[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        if (string_equal(path_base(path), whole[i])) {
            return true;
        }
    }
    return false;
}
