/* Unit tests of the readers on descriptors that are meant to do harm: little files that
 * could be a large index, and names of files elsewhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "index_help.h"

enum { SECONDS = 10 };

/* Read the mesh in time; the problem of this rule is told, and so much stands there. */
static void harmless(struct indexed *indexed, const char *rule, const char *counted,
                     long long most)
{
    double start = path_monotonic();
    bool built = indexed_build(indexed, NULL);
    double seconds = path_monotonic() - start;
    if (ok(built && seconds < SECONDS, "%s: read in %.2f s", rule, seconds)) {
        ok(store_number(indexed->db, 0, "SELECT count(*) FROM problem WHERE rule=?1", "s",
                        rule) > 0,
           "%s is told", rule);
        char *sql = string_printf("SELECT count(*) FROM %s", counted);
        long long count = store_number(indexed->db, -1, sql, "");
        ok(count >= 0 && count <= most, "%lld rows of %s", count, counted);
        free(sql);
    }
    indexed_release(indexed);
}

static char *repeated(const char *piece, int times)
{
    struct text text = {0};
    for (int i = 0; i < times; i++) {
        text_append(&text, piece);
    }
    return text_take(&text);
}

/* Each definition is made of ten of the next one: 10^8 fields out of a page. */
static void definitions_multiply(void)
{
    struct indexed indexed;
    struct text text = {0};
    text_append(&text, "dataContractSpecification: 1.2.1\nid: x\n"
                       "models:\n  m:\n    fields:\n"
                       "      a: {$ref: '#/definitions/d0'}\ndefinitions:\n");
    for (int i = 0; i < 8; i++) {
        text_printf(&text, "  d%d:\n    type: record\n    fields:\n", i);
        for (int k = 0; k < 10; k++) {
            text_printf(&text, "      f%d: {$ref: '#/definitions/d%d'}\n", k, i + 1);
        }
    }
    text_append(&text, "  d8:\n    fields:\n      again: {$ref: '#/definitions/d8'}\n");
    indexed_make(&indexed);
    indexed_put(&indexed, "c.yaml", text_string(&text));
    harmless(&indexed, "too-many-fields", "property", 60000);
    text_release(&text);
}

static void names_are_long(void)
{
    struct indexed indexed;
    char *name = repeated("name", 100000);
    char *fields = repeated("      - name: a\n", 1000);
    char *text = string_printf("apiVersion: v3.1.0\nkind: DataContract\nid: %s\n"
                               "schema:\n  - name: o\n    properties:\n%s",
                               name, fields);
    char *key = string_printf("dataContractSpecification: 1.2.1\nid: x\nmodels:\n"
                              "  ? %s\n  : fields: {a: {type: text}}\n",
                              name);
    indexed_make(&indexed);
    indexed_put(&indexed, "mesh.yaml", "name: m\n");
    indexed_put(&indexed, "a.odcs.yaml", text);
    indexed_put(&indexed, "b.yaml", key);
    harmless(&indexed, "name-too-long", "property", 0);
    free(key);
    free(text);
    free(fields);
    free(name);
}

/* Names of nested columns grow with every level. */
static void nesting_is_deep(void)
{
    struct indexed indexed;
    struct text text = {0};
    char *name = repeated("n", 400);
    text_append(&text, "apiVersion: v9.9.9\nkind: DataContract\nid: x\nname: x\nschema:\n"
                       "  - {name: o, properties: ");
    for (int i = 0; i < 25; i++) {
        text_printf(&text, "[{name: %s, properties: ", name);
    }
    text_append(&text, "[]");
    for (int i = 0; i < 25; i++) {
        text_append(&text, "}]");
    }
    text_append(&text, "}\n");
    indexed_make(&indexed);
    indexed_put(&indexed, "a.odcs.yaml", text_string(&text));
    harmless(&indexed, "unknown-version", "property WHERE length(name)>500", 0);
    text_release(&text);
    free(name);
}

/* One schema in a file of its own, named by two thousand resources. */
static void schemas_are_shared(void)
{
    struct indexed indexed;
    struct text fields = {0}, package = {0};
    text_append(&fields, "{\"fields\": [");
    for (int i = 0; i < 1000; i++) {
        text_printf(&fields, "%s{\"name\": \"f%d\"}", i > 0 ? "," : "", i);
    }
    text_append(&fields, "]}");
    text_append(&package, "{\"name\": \"p\", \"resources\": [");
    for (int i = 0; i < 2000; i++) {
        text_printf(&package,
                    "%s{\"name\": \"r%d\", \"data\": [], \"schema\": \"s.json\"}",
                    i > 0 ? "," : "", i);
    }
    text_append(&package, "]}");
    indexed_make(&indexed);
    indexed_put(&indexed, "s.json", text_string(&fields));
    indexed_put(&indexed, "datapackage.json", text_string(&package));
    harmless(&indexed, "too-many-fields", "property", 60000);
    text_release(&fields);
    text_release(&package);
}

static void definitions_lead_nowhere(void)
{
    struct indexed indexed;
    indexed_make(&indexed);
    indexed_put(&indexed, "terms.yaml", "sku: {title: Article, type: text}\n");
    indexed_put(&indexed, "c.yaml",
                "dataContractSpecification: 1.2.1\nid: x\nmodels:\n  m:\n    fields:\n"
                "      good: {$ref: 'terms.yaml#/sku'}\n"
                "      none: {$ref: 'terms.yaml#/none'}\n"
                "      up: {$ref: '../../etc/passwd'}\n"
                "      web: {$ref: 'https://example.org/d.yaml'}\n"
                "      self: {$ref: 'c.yaml'}\n");
    harmless(&indexed, "unread-reference",
             "property WHERE business_name='Article' AND name<>'good'", 0);
}

static void references_lead_nowhere(void)
{
    struct indexed indexed;
    indexed_make(&indexed);
    indexed_put(&indexed, "../outside.json", "{\"name\": \"secret\"}");
    indexed_put(&indexed, "p/product.json",
                "{\"dataProductDescriptor\": \"1.0.0\", \"info\": {\"name\": \"x\"},"
                "\"interfaceComponents\": {\"outputPorts\": ["
                "{\"$ref\": \"../../outside.json\"}, {\"$ref\": \"/etc/passwd\"},"
                "{\"$ref\": \"https://example.org/port.json\"}, {\"$ref\": \".hidden\"},"
                "{\"$ref\": \"product.json\"}, {\"$ref\": {\"$ref\": \"x\"}}]}}");
    harmless(&indexed, "unread-reference", "port WHERE name='secret'", 0);
}

int main(void)
{
    definitions_multiply();
    names_are_long();
    nesting_is_deep();
    schemas_are_shared();
    references_lead_nowhere();
    definitions_lead_nowhere();
    return tap_done();
}
