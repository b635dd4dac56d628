/* lint/contract_old: a data contract of ODCS 2.2, which calls objects tables, properties
 * columns and the team stakeholders.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

static void check_table(struct lint *lint, const struct document_value *table)
{
    static const struct lint_positions keys = {"isPrimary", "primaryKeyPosition",
                                               "primary key"};
    static const struct lint_positions partitions = {
        "partitionStatus", "partitionKeyPosition", "partition key"};
    const struct document_value *columns = document_get(table, "columns");
    lint_named_once(lint, columns,
                    (struct lint_once){.key = "column", .what = "the column"});
    lint_positions(lint, columns, &keys);
    lint_positions(lint, columns, &partitions);
    for (size_t i = 0; i < document_count(columns); i++) {
        lint_tags(lint, document_item(columns, i));
    }
}

/* Elements of promises are `table.column`. */
static void check_promises(struct lint *lint, const struct document_value *tables)
{
    static const char *const keys[] = {"table", "physicalName", NULL};
    static const char *const column_keys[] = {"column", "businessName", NULL};
    lint_names_add_list(&lint->names, tables, keys);
    for (size_t i = 0; i < document_count(tables); i++) {
        lint_names_add_list(
            &lint->names, document_get(document_item(tables, i), "columns"), column_keys);
    }
    lint_names_sort(&lint->names);
    const struct document_value *list = document_get(lint->root, "slaProperties");
    for (size_t i = 0; i < document_count(list); i++) {
        lint_element(lint, document_get(document_item(list, i), "element"), tables,
                     "columns");
    }
}

void lint_old_contract(struct lint *lint)
{
    const struct document_value *root = lint->root;
    const struct document_value *tables = document_get(root, "dataset");
    lint_status(lint, document_get(root, "status"));
    lint_tags(lint, root);
    lint_members(lint, document_get(root, "stakeholders"));
    lint_named_once(lint, tables,
                    (struct lint_once){.key = "table", .what = "the table"});
    lint_named_once(lint, document_get(root, "roles"),
                    (struct lint_once){.key = "role", .what = "the role"});
    for (size_t i = 0; i < document_count(tables); i++) {
        check_table(lint, document_item(tables, i));
    }
    check_promises(lint, tables);
}
