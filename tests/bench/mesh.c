/* mesh DIR PRODUCTS [COLUMNS [TOTALS]]: a mesh of that many data products, each a product
 * descriptor (ODPS) and a contract (ODCS) of one table with that many columns (20), in
 * the folders of their domains; the same on every machine. TOTALS gets one line, to check
 * what was made of it: products, columns, rules, columns called customer_id, products
 * that hold the word of the needle. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/text.h"
#include "tests/bench/vocabulary.h"

enum {
    PRODUCTS_A_DOMAIN = 40,
    MOST_DOMAINS = 250,
    NEEDLE_EVERY = 97,
    PATH_ROOM = 600,
    COLUMN_ROOM = 96
};

/* A word that nothing else is made of. */
static const char needle[] = "xylograph";

struct totals {
    uint64_t products, columns, rules, customers, needles;
};

struct mesh {
    const char *folder;
    uint64_t products, columns, domains;
    struct totals totals;
    struct text text; /* of the file being written */
};

struct product {
    uint64_t number, random;
    char domain[40], name[96], table[96], path[PATH_ROOM];
    char system[VOCABULARY_NAME], team[VOCABULARY_NAME];
    const char *subject, *kind, *scope;
};

/* ---- Names ---- */

static void name_domain(uint64_t number, char *name, size_t room)
{
    uint64_t words = vocabulary_domains.count;
    const char *domain = vocabulary_pick(&vocabulary_domains, number);
    if (number < words) {
        snprintf(name, room, "%s", domain);
    } else {
        snprintf(name, room, "%s-%s", domain,
                 vocabulary_pick(&vocabulary_regions, number / words - 1));
    }
}

/* Neighbours by number differ in every word; no two of one mesh are called the same, for
 * the step has no divisor in common with the number of names. */
static void name_product(const struct mesh *mesh, uint64_t number,
                         struct product *product)
{
    const uint64_t step = 104729;
    uint64_t kinds = vocabulary_kinds.count;
    uint64_t scopes = vocabulary_scopes.count;
    uint64_t names = kinds * scopes * vocabulary_subjects.count;
    uint64_t place = number * step % names;
    *product = (struct product){.number = number, .random = vocabulary_mix(number + 1)};
    product->kind = vocabulary_pick(&vocabulary_kinds, place);
    product->scope = vocabulary_pick(&vocabulary_scopes, place / kinds);
    product->subject = vocabulary_pick(&vocabulary_subjects, place / kinds / scopes);
    name_domain(number % mesh->domains, product->domain, sizeof product->domain);
    vocabulary_proper_name(product->random >> 8, product->system);
    vocabulary_proper_name(number % mesh->domains * 7, product->team);
    char again[24] = "";
    if (number >= names) {
        snprintf(again, sizeof again, "-%" PRIu64, number / names + 1);
    }
    snprintf(product->name, sizeof product->name, "%s-%s-%s%s", product->scope,
             product->subject, product->kind, again);
    snprintf(product->table, sizeof product->table, "%s_%s", product->subject,
             product->kind);
    snprintf(product->path, sizeof product->path, "%s/%s/%s", mesh->folder,
             product->domain, product->name);
}

/* ---- Files ---- */

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        perror(path);
        exit(1);
    }
}

static void write_file(struct mesh *mesh, const char *path)
{
    FILE *file = fopen(path, "we");
    if (file == NULL ||
        fwrite(mesh->text.data, 1, mesh->text.length, file) != mesh->text.length ||
        fclose(file) != 0) {
        perror(path);
        exit(1);
    }
    text_clear(&mesh->text);
}

static void write_description(struct text *out, const struct product *product)
{
    text_printf(out,
                "description:\n"
                "  purpose: The %s %s of every %s that %s keeps, for planning and "
                "reports.\n"
                "  limitations: Nothing from before 20%02u; %s is missing on holidays.\n"
                "  usage: Join by %s_id, and read whole days only.\n",
                product->scope, product->kind, product->subject, product->system,
                (unsigned)(product->random % 24), product->system, product->subject);
}

static void write_team(struct text *out, const struct product *product)
{
    text_printf(out,
                "team:\n  name: Team %s\n  members:\n"
                "    - username: owner-%s@shop.example.org\n      role: owner\n"
                "    - username: steward-%s@shop.example.org\n      role: steward\n",
                product->team, product->domain, product->domain);
}

static void write_tags(struct text *out, const struct product *product)
{
    text_printf(out, "tags: ['%s', '%s', 'system:%s'%s]\n", product->subject,
                product->scope, product->system,
                product->random % 5 == 0 ? ", 'gold'" : "");
}

static const char *status_of(const struct product *product)
{
    static const char *const statuses[] = {"active", "active", "active",     "active",
                                           "active", "draft",  "deprecated", "proposed"};
    return statuses[(product->random >> 20) % 8];
}

/* ---- The product: what it reads was made before it, so that there are no circles ----
 */

static uint64_t inputs_of(const struct product *product, uint64_t inputs[4])
{
    uint64_t count = product->number < 32 ? 0 : product->random % 4;
    for (uint64_t i = 0; i < count; i++) {
        inputs[i] = (product->number * (i + 1) + product->random % 5) / (i + 2);
    }
    return count;
}

static void write_inputs(struct mesh *mesh, const struct product *product, bool lineage)
{
    uint64_t inputs[4];
    uint64_t count = inputs_of(product, inputs);
    if (count > 0) {
        text_append(&mesh->text, lineage ? "    inputContracts:\n" : "inputPorts:\n");
    }
    for (uint64_t i = 0; i < count; i++) {
        struct product input;
        name_product(mesh, inputs[i], &input);
        if (lineage) {
            text_printf(&mesh->text, "      - id: %s-%s\n        version: 1.0.0\n",
                        input.domain, input.name);
        } else {
            text_printf(&mesh->text,
                        "  - name: %s\n    version: 1.0.0\n    contractId: %s-%s\n",
                        input.name, input.domain, input.name);
        }
    }
}

static void write_product(struct mesh *mesh, const struct product *product)
{
    struct text *out = &mesh->text;
    char path[PATH_ROOM + 200];
    text_printf(out,
                "apiVersion: v1.0.0\nkind: DataProduct\nid: %s/%s\nname: %s\n"
                "version: 1.%u.0\nstatus: %s\ndomain: %s\n",
                product->domain, product->name, product->name,
                (unsigned)(product->random % 9), status_of(product), product->domain);
    write_tags(out, product);
    write_description(out, product);
    write_inputs(mesh, product, false);
    text_printf(out,
                "outputPorts:\n  - name: %s\n    description: One row a %s.\n"
                "    type: file\n    version: 1.0.0\n    contractId: %s-%s\n",
                product->table, product->subject, product->domain, product->name);
    write_inputs(mesh, product, true);
    text_printf(out,
                "support:\n  - channel: %s-data\n"
                "    url: https://chat.example.org/%s\n    scope: interactive\n",
                product->domain, product->domain);
    write_team(out, product);
    snprintf(path, sizeof path, "%s/%s.odps.yaml", product->path, product->name);
    write_file(mesh, path);
    mesh->totals.products++;
}

/* ---- The contract ---- */

static void write_quality(struct mesh *mesh, const char *metric, const char *name,
                          const char *limit)
{
    text_printf(&mesh->text,
                "        quality:\n          - name: %s_%s\n"
                "            type: library\n            metric: %s\n"
                "            dimension: %s\n            %s\n",
                name, metric, metric, metric[0] == 'd' ? "uniqueness" : "completeness",
                limit);
    mesh->totals.rules++;
}

static const struct vocabulary_attribute *attribute_of(const struct product *product,
                                                       uint64_t at)
{
    /* 7 has no divisor in common with their number. */
    return &vocabulary_attributes[(product->random + at * 7) %
                                  vocabulary_attribute_count];
}

/* Every attribute serves one column of a table before any serves a second. */
static void name_column(const struct product *product, uint64_t at, const char *subject,
                        char name[COLUMN_ROOM])
{
    uint64_t round = at / vocabulary_attribute_count;
    const struct vocabulary_attribute *attribute = attribute_of(product, at);
    if (at == 0) {
        snprintf(name, COLUMN_ROOM, "%s_id", product->subject);
    } else if (at == 1 && product->number % NEEDLE_EVERY == 0) {
        snprintf(name, COLUMN_ROOM, "%s_id", needle);
    } else if (at == 2 && product->random % 11 == 0 &&
               strcmp(product->subject, "customer") != 0) {
        snprintf(name, COLUMN_ROOM, "customer_id");
    } else if (round > 0) {
        snprintf(name, COLUMN_ROOM, "%s_%s_%" PRIu64, subject, attribute->name,
                 round + 1);
    } else {
        snprintf(name, COLUMN_ROOM, "%s_%s", subject, attribute->name);
    }
}

static void write_column(struct mesh *mesh, const struct product *product, uint64_t at)
{
    static const char *const classes[] = {"internal", "internal",   "public", "internal",
                                          "pii",      "restricted", "public", "internal"};
    uint64_t random = vocabulary_mix(product->number * 1000 + at);
    const struct vocabulary_attribute *attribute = attribute_of(product, at);
    const char *subject = at == 0 || random % 3 == 0
                              ? product->subject
                              : vocabulary_pick(&vocabulary_subjects, random >> 8);
    char name[COLUMN_ROOM];
    name_column(product, at, subject, name);
    bool is_number = strstr(name, "_id") != NULL;
    mesh->totals.customers += strcmp(name, "customer_id") == 0;
    mesh->totals.needles += strncmp(name, needle, strlen(needle)) == 0;
    mesh->totals.columns++;
    text_printf(&mesh->text,
                "      - name: %s\n        logicalType: %s\n        description: %s of "
                "the %s.\n        classification: %s\n        required: %s\n",
                name, is_number ? "string" : attribute->type,
                is_number ? "Number" : attribute->meaning, subject, classes[random % 8],
                random % 4 == 0 ? "false" : "true");
    if (at == 0) {
        text_append(&mesh->text, "        primaryKey: true\n"
                                 "        primaryKeyPosition: 1\n");
        write_quality(mesh, "duplicateValues", name, "mustBe: 0");
    } else if (random % 8 == 1) {
        write_quality(mesh, "nullValues", name, "mustBeLessThan: 100");
    } else if (random % 8 == 2) {
        text_printf(&mesh->text, "        businessName: %s %s\n        tags: ['%s']\n",
                    subject, attribute->name, attribute->type);
    }
}

static void write_contract(struct mesh *mesh, const struct product *product)
{
    struct text *out = &mesh->text;
    char path[PATH_ROOM + 200];
    text_printf(out,
                "apiVersion: v3.1.0\nkind: DataContract\nid: %s-%s\nname: %s %s\n"
                "version: 1.0.0\nstatus: %s\ndomain: %s\n",
                product->domain, product->name, product->subject, product->kind,
                status_of(product), product->domain);
    write_description(out, product);
    text_append(out, "servers:\n  - server: files\n    type: local\n"
                     "    path: data/*.csv\n    format: csv\n");
    text_printf(out,
                "schema:\n  - name: %s\n    physicalType: table\n"
                "    description: One row a %s of %s.\n    properties:\n",
                product->table, product->subject, product->system);
    for (uint64_t at = 0; at < mesh->columns; at++) {
        write_column(mesh, product, at);
    }
    write_team(out, product);
    text_printf(out,
                "slaProperties:\n  - property: frequency\n    value: %u\n    unit: d\n"
                "  - property: retention\n    value: %u\n    unit: d\n",
                1 + (unsigned)(product->random % 7),
                30 + (unsigned)(product->random % 700));
    snprintf(path, sizeof path, "%s/%s.odcs.yaml", product->path, product->name);
    write_file(mesh, path);
}

/* ---- The whole ---- */

static void write_domains(struct mesh *mesh)
{
    static const char *const classes[] = {"source", "source", "aggregate", "consumer"};
    char name[40];
    char team[VOCABULARY_NAME];
    char path[PATH_ROOM];
    text_append(&mesh->text, "name: A large mesh\ndescription: Made up for measuring.\n"
                             "domains:\n");
    for (uint64_t i = 0; i < mesh->domains; i++) {
        name_domain(i, name, sizeof name);
        vocabulary_proper_name(i * 7, team);
        text_printf(&mesh->text, "  - name: %s\n    class: %s\n    team: Team %s\n", name,
                    classes[i % 4], team);
        snprintf(path, sizeof path, "%s/%s", mesh->folder, name);
        make_folder(path);
    }
    snprintf(path, sizeof path, "%s/mesh.yaml", mesh->folder);
    write_file(mesh, path);
}

static void write_mesh(struct mesh *mesh)
{
    make_folder(mesh->folder);
    write_domains(mesh);
    for (uint64_t i = 0; i < mesh->products; i++) {
        struct product product;
        name_product(mesh, i, &product);
        make_folder(product.path);
        write_product(mesh, &product);
        write_contract(mesh, &product);
    }
}

static int write_totals(const char *path, const struct totals *totals)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    fprintf(file, "%" PRIu64 "|%" PRIu64 "|%" PRIu64 "|%" PRIu64 "|%" PRIu64 "\n",
            totals->products, totals->columns, totals->rules, totals->customers,
            totals->needles);
    return fclose(file) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct mesh mesh = {.folder = argc > 1 ? argv[1] : "",
                        .products = argc > 2 ? strtoull(argv[2], NULL, 10) : 0,
                        .columns = argc > 3 ? strtoull(argv[3], NULL, 10) : 20};
    if (mesh.products == 0 || mesh.columns < 1 || strlen(mesh.folder) > 300) {
        fputs("usage: mesh DIR PRODUCTS [COLUMNS [TOTALS]]\n", stderr);
        return 2;
    }
    mesh.domains = (mesh.products + PRODUCTS_A_DOMAIN - 1) / PRODUCTS_A_DOMAIN;
    mesh.domains = mesh.domains < MOST_DOMAINS ? mesh.domains : MOST_DOMAINS;
    write_mesh(&mesh);
    text_release(&mesh.text);
    return argc > 4 ? write_totals(argv[4], &mesh.totals) : 0;
}
