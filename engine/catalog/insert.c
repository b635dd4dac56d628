/* catalog/insert: one call for each kind of row, in the order of columns that schema.c
 * inserts it with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/insert.h"

long long contract_insert(struct source *source, const struct contract_row *row)
{
    return build_insert(
        source->build, INSERT_CONTRACT, "sssssssssssssssisssssss", row->id, row->version,
        row->api_version, row->name, row->domain, row->tenant, row->status, row->purpose,
        row->limitations, row->usage, row->created, row->price, row->currency,
        row->price_unit, source->path, row->line, row->team, row->standard,
        row->data_product, row->description, row->title, row->terms, row->notice_period);
}

long long port_insert(struct source *source, const struct port_row *row)
{
    return build_insert(source->build, INSERT_PORT, "sssssssiiisilssssssss", row->product,
                        row->dir, row->name, row->version, row->type, row->contract,
                        row->server, (int)row->pii, (int)row->autoapprove,
                        (int)row->deprecated, source->path, row->line, row->product_row,
                        row->description, row->url, row->content, row->channel,
                        row->title, row->source, row->environment, row->details);
}

long long object_insert(struct build *build, const char *path,
                        const struct object_row *row)
{
    return build_insert(build, INSERT_OBJECT, "ssssssisilisss", row->contract, row->name,
                        row->physical_name, row->physical_type, row->description,
                        row->granularity, (int)row->deprecated, path, row->line,
                        row->contract_row, row->position, row->business_name, row->title,
                        row->anchor);
}

long long property_insert(struct build *build, const struct property_row *row)
{
    return build_insert(
        build, INSERT_PROPERTY, "sssisssiiisisssssiilisssssssisissss", row->contract,
        row->object, row->name, row->depth, row->physical_name, row->logical_type,
        row->physical_type, (int)row->required, (int)row->is_unique, row->pk_pos,
        row->classification, (int)row->cde, row->encrypted_name, row->description,
        row->business_name, row->transform_logic, row->transform_sources,
        (int)row->deprecated, row->line, row->object_row, row->position, row->format,
        row->true_values, row->false_values, row->decimal_char, row->group_char,
        row->missing, row->anchor, (int)row->not_bare, row->semantic_type,
        row->partition_pos, row->examples, row->transform_description, row->definition,
        row->unit);
}

void enum_insert(struct build *build, const struct enum_row *row)
{
    build_insert(build, INSERT_ENUM, "ssssssiil", row->contract, row->object,
                 row->property, row->value, row->label, row->description, row->position,
                 row->line, row->object_row);
}

void relation_insert(struct build *build, const struct relation_row *row)
{
    build_insert(build, INSERT_RELATION, "sssssilssssiis", row->contract, row->object,
                 row->from_cols, row->to_object, row->to_cols, row->line,
                 row->contract_row, row->to_file, row->type, row->level, row->anchor,
                 row->from_count, row->to_count, row->description);
}

void lineage_insert(struct build *build, const struct lineage_row *row)
{
    build_insert(build, INSERT_LINEAGE, "sssssssssil", row->contract, row->object,
                 row->property, row->from_contract, row->from_object, row->from_property,
                 row->source, row->transformation, row->description, row->line,
                 row->contract_row);
}

void rule_insert(struct build *build, const struct rule_row *row)
{
    build_insert(build, INSERT_RULE, "sssssssssssssssilssssssi", row->contract,
                 row->object, row->property, row->id, row->name, row->type, row->metric,
                 row->dimension, row->operator, row->low, row->high, row->unit,
                 row->severity, row->query, row->schedule, row->line, row->contract_row,
                 row->description, row->arguments, row->engine, row->business_impact,
                 row->method, row->scheduler, row->position);
}

void server_insert(struct build *build, const struct server_row *row)
{
    build_insert(build, INSERT_SERVER, "sssssssilssss", row->contract, row->name,
                 row->type, row->environment, row->location, row->format, row->encoding,
                 row->line, row->contract_row, row->description, row->delimiter,
                 row->details, row->roles);
}

void sla_insert(struct build *build, const struct sla_row *row)
{
    build_insert(build, INSERT_SLA, "sssssssilssssi", row->contract, row->property,
                 row->value, row->value_ext, row->unit, row->element, row->driver,
                 row->line, row->contract_row, row->description, row->anchor,
                 row->scheduler, row->schedule, row->position);
}

void definition_insert(struct source *source, const struct definition_row *row)
{
    build_insert(source->build, INSERT_DEFINITION, "sssssssssssssssil", row->id,
                 row->name, row->domain, row->title, row->type, row->description,
                 row->url, row->owner, row->format, row->pattern, row->classification,
                 row->unit, row->example, row->details, source->path, row->line,
                 row->contract_row);
}
