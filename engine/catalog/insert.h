/* catalog/insert: rows of the index by the names of their columns, for the readers.
 *
 * Each struct is one row of the table in its name; model.c and model_contract.c say what
 * the columns mean. NULL and zero are what a descriptor does not say. The calls give the
 * rowid.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_INSERT_H
#define MWB_CATALOG_INSERT_H

#include "engine/catalog/build.h"

struct contract_row {
    const char *id, *version, *api_version, *name, *domain, *tenant, *status;
    const char *purpose, *limitations, *usage, *created, *price, *currency, *price_unit;
    const char *team, *standard, *data_product, *description, *title, *terms;
    const char *notice_period;
    int line;
};
long long contract_insert(struct source *source, const struct contract_row *row);

struct port_row {
    const char *product, *dir, *name, *version, *type, *contract, *server;
    bool pii, autoapprove, deprecated;
    const char *description, *url, *content, *channel, *title, *source, *environment;
    const char *details;
    long long product_row;
    int line;
};
long long port_insert(struct source *source, const struct port_row *row);

struct object_row {
    const char *contract, *name, *physical_name, *physical_type, *description;
    const char *granularity, *business_name, *title, *anchor;
    bool deprecated;
    long long contract_row;
    int position, line;
};
long long object_insert(struct build *build, const char *path,
                        const struct object_row *row);

struct property_row {
    const char *contract, *object, *name, *physical_name, *logical_type, *physical_type;
    const char *classification, *encrypted_name, *description, *business_name;
    const char *transform_logic, *transform_sources, *transform_description;
    const char *format, *true_values, *false_values, *decimal_char, *group_char;
    const char *missing, *anchor, *semantic_type, *examples, *definition, *unit;
    bool required, is_unique, cde, deprecated, not_bare;
    int depth, pk_pos, partition_pos, position, line;
    long long object_row;
};
long long property_insert(struct build *build, const struct property_row *row);

struct enum_row {
    const char *contract, *object, *property, *value, *label, *description;
    int position, line;
    long long object_row;
};
void enum_insert(struct build *build, const struct enum_row *row);

struct relation_row {
    const char *contract, *object, *from_cols, *to_object, *to_cols, *to_file;
    const char *type, *level, *anchor, *description;
    int from_count, to_count, line;
    long long contract_row;
};
void relation_insert(struct build *build, const struct relation_row *row);

struct lineage_row {
    const char *contract, *object, *property;
    const char *from_contract, *from_object, *from_property, *source;
    const char *transformation, *description;
    int line;
    long long contract_row;
};
void lineage_insert(struct build *build, const struct lineage_row *row);

struct rule_row {
    const char *contract, *object, *property, *id, *name, *type, *metric, *dimension;
    const char *operator, * low, *high, *unit, *severity, *query, *schedule;
    const char *description, *arguments, *engine, *business_impact, *method, *scheduler;
    int position, line;
    long long contract_row;
};
void rule_insert(struct build *build, const struct rule_row *row);

struct server_row {
    const char *contract, *name, *type, *environment, *location, *format, *encoding;
    const char *description, *delimiter, *details, *roles;
    int line;
    long long contract_row;
};
void server_insert(struct build *build, const struct server_row *row);

struct sla_row {
    const char *contract, *property, *value, *value_ext, *unit, *element, *driver;
    const char *description, *anchor, *scheduler, *schedule;
    int position, line;
    long long contract_row;
};
void sla_insert(struct build *build, const struct sla_row *row);

struct definition_row {
    const char *id, *name, *domain, *title, *type, *description, *url, *owner, *format;
    const char *pattern, *classification, *unit, *example, *details;
    int line;
    long long contract_row;
};
void definition_insert(struct source *source, const struct definition_row *row);

#endif
