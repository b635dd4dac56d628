/* catalog/read_dcs: a data contract of the Data Contract Specification 0.9 to 1.2.1 into
 * the index.
 *
 * Source: datacontract.com, Data Contract Specification 1.2.1 and the schemas of 0.9.0 to
 * 1.1.0. 0.9 keeps quality and schema at the root, in the language of another tool.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/dcs.h"

#include <stdlib.h>

#include "engine/catalog/insert.h"
#include "engine/text.h"

/* ---- Service levels ---- */

/* A service level, where its value is, and the promise it is in the index. A list of
 * fields is one element. */
static const struct level {
    const char *key, *value, *element, *property;
} levels[] = {
    {"availability", "percentage", NULL, "availability"},
    {"retention", "period", "timestampField", "retention"},
    {"latency", "threshold", "processedTimestampField", "latency"},
    {"freshness", "threshold", "timestampField", "freshness"},
    {"frequency", "interval", NULL, "frequency"},
    {"support", "time", NULL, "support"},
    {"support", "responseTime", NULL, "responseTime"},
    {"backup", "interval", NULL, "backup"},
    {"backup", "recoveryTime", NULL, "recoveryTime"},
    {"backup", "recoveryPoint", NULL, "recoveryPoint"},
};

/* "25h" is 25 and h, "P1Y" is 1 and y, "99.9%" is 99.9 and percent; anything else has no
 * unit. */
static char *split_unit(const char *text, const char **unit)
{
    static const struct {
        const char *suffix, *unit;
    } units[] = {{"%", "percent"}, {"y", "y"}, {"Y", "y"}, {"d", "d"},
                 {"D", "d"},       {"h", "h"}, {"H", "h"}, {"m", "min"},
                 {"s", "s"},       {"S", "s"}, {"M", "m"}, {"W", "w"}};
    const char *start = text;
    bool is_time = false;
    if (*start == 'P') {
        start++;
        is_time = *start == 'T';
        start += is_time;
    }
    size_t length = 0;
    while ((start[length] >= '0' && start[length] <= '9') || start[length] == '.') {
        length++;
    }
    for (size_t i = 0; length > 0 && i < sizeof units / sizeof *units; i++) {
        if (string_equal(start + length, units[i].suffix)) {
            *unit = is_time && string_equal(units[i].suffix, "M") ? "min" : units[i].unit;
            return string_copy_bytes(start, length);
        }
    }
    *unit = NULL;
    return string_copy(text);
}

static void read_level(struct source *source, const struct spot *spot,
                       const struct level *level, const struct document_value *value,
                       int position)
{
    const char *written = document_get_text(value, level->value);
    if (written == NULL && string_equal(level->property, "frequency")) {
        written = part_either(value, "cron", "type");
    }
    if (written == NULL && document_truth(document_get(value, "unlimited"), false)) {
        written = "unlimited";
    }
    if (written == NULL) {
        return;
    }
    const char *unit, *cron = document_get_text(value, "cron");
    char *amount = split_unit(written, &unit);
    struct sla_row row = {
        .contract = spot->contract,
        .property = level->property,
        .value = amount,
        .unit = unit,
        .element =
            level->element != NULL ? document_get_text(value, level->element) : NULL,
        .description = document_get_text(value, "description"),
        .scheduler = cron != NULL ? "cron" : NULL,
        .schedule = cron,
        .position = position,
        .line = part_line(value),
        .contract_row = spot->contract_row,
    };
    sla_insert(source->build, &row);
    free(amount);
}

static void read_levels(struct source *source, const struct spot *spot)
{
    const struct document_value *all = document_get(source->root, "servicelevels");
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        const struct document_value *value = document_get(all, levels[i].key);
        if (document_kind(value) == DOCUMENT_MAP) {
            read_level(source, spot, &levels[i], value, (int)i + 1);
        }
    }
}

/* ---- Around the models ---- */

static void read_dcs_servers(struct source *source, const struct spot *spot)
{
    const struct document_value *servers = document_get(source->root, "servers");
    const char *key;
    for (size_t i = 0; i < document_count(servers); i++) {
        const struct document_value *server = document_member(servers, i, &key, NULL);
        if (document_kind(servers) != DOCUMENT_MAP) {
            return;
        }
        read_server(source, spot, key, server);
        const struct document_value *roles = document_get(server, "roles");
        for (size_t k = 0; k < document_count(roles); k++) {
            const struct document_value *role = document_item(roles, k);
            build_insert(source->build, INSERT_ROLE, "ssnnnilsn", spot->contract,
                         document_get_text(role, "name"), part_line(role),
                         spot->contract_row, document_get_text(role, "description"));
        }
    }
}

static void read_policies(struct source *source, struct part_owner owner)
{
    const struct document_value *list = document_find(source->root, "terms.policies");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *policy = document_item(list, i);
        const char *type = part_either(policy, "name", "type");
        build_insert(source->build, INSERT_AUTHDEF, "sssssi", owner.kind, owner.id,
                     type != NULL ? type : "policy", document_get_text(policy, "url"),
                     document_get_text(policy, "description"), part_line(policy));
    }
}

static void read_contact(struct source *source, struct part_owner owner)
{
    const struct document_value *contact = document_find(source->root, "info.contact");
    const char *email = document_get_text(contact, "email");
    const char *url = document_get_text(contact, "url");
    const char *name = document_get_text(contact, "name");
    char *address = email != NULL ? string_printf("mailto:%s", email) : string_copy(url);
    if (contact != NULL && (name != NULL || address != NULL)) {
        build_insert(source->build, INSERT_SUPPORT, "sssssnnin", owner.kind, owner.id,
                     name != NULL ? name : address, address,
                     email != NULL ? "email" : "other", part_line(contact));
    }
    free(address);
}

/* 0.9: one block of rules for all models, for another tool. */
static void read_quality_block(struct source *source, const struct spot *spot)
{
    const struct document_value *block = document_get(source->root, "quality");
    char *query = part_any(document_get(block, "specification"));
    if (document_kind(block) == DOCUMENT_MAP && query != NULL) {
        struct rule_row row = {
            .contract = spot->contract,
            .type = "custom",
            .engine = document_get_text(block, "type"),
            .query = query,
            .position = 1,
            .line = part_line(block),
            .contract_row = spot->contract_row,
        };
        rule_insert(source->build, &row);
    }
    free(query);
    if (document_kind(block) == DOCUMENT_LIST) {
        read_rules(source, spot, block);
    }
}

static void read_schema_block(struct source *source, const struct spot *spot)
{
    const struct document_value *block = document_get(source->root, "schema");
    const char *type = document_get_text(block, "type");
    if (block == NULL || document_get(source->root, "models") != NULL) {
        return;
    }
    build_problem(source->build, source->path, document_place(block), false,
                  "foreign-schema",
                  "the tables are described as %s, which is not read: write them as "
                  "models, with a newer version of the specification",
                  type != NULL ? type : "a schema of another language");
    (void)spot;
}

/* ---- The contract ---- */

static long long insert_dcs(struct source *source, const char *id)
{
    const struct document_value *root = source->root;
    const struct document_value *info = document_get(root, "info");
    const struct document_value *terms = document_get(root, "terms");
    struct contract_row row = {
        .id = id,
        .version = document_get_text(info, "version"),
        .api_version = document_get_text(root, "dataContractSpecification"),
        .name = document_get_text(info, "title"),
        .domain = document_get_text(info, "domain"),
        .status = document_get_text(info, "status"),
        .purpose = document_get_text(info, "description"),
        .limitations = document_get_text(terms, "limitations"),
        .usage = document_get_text(terms, "usage"),
        .team = document_get_text(info, "owner"),
        .standard = "dcs",
        .data_product = document_get_text(info, "dataProduct"),
        .title = document_get_text(info, "title"),
        .terms = document_get_text(terms, "billing"),
        .notice_period = document_get_text(terms, "noticePeriod"),
        .line = part_line(root),
    };
    return contract_insert(source, &row);
}

void read_dcs(struct source *source)
{
    const struct document_value *root = source->root;
    const char *id = document_get_text(root, "id");
    struct spot spot = {.contract = id != NULL ? id : source->path};
    struct part_owner self = {"contract", spot.contract};
    spot.contract_row = insert_dcs(source, spot.contract);
    read_contact(source, self);
    read_policies(source, self);
    part_extras(source, self, root);
    part_links(source, self, document_get(root, "links"));
    read_dcs_servers(source, &spot);
    read_levels(source, &spot);
    read_quality_block(source, &spot);
    read_schema_block(source, &spot);
    read_dcs_definitions(source, &spot);
    read_dcs_models(source, &spot);
}
