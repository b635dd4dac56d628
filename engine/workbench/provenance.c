/* workbench/provenance: where the rows of a result come from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "engine/provenance.h"
#include "engine/secret.h"
#include "engine/sql.h"
#include "engine/workbench/private.h"

#include <stdlib.h>
#include <string.h>

/* The statement, and below it what made a view of its rows. */
static void append_statements(struct text *sql, const struct workbench_result *result)
{
    if (result->below != NULL) {
        append_statements(sql, result->below);
        text_append(sql, "\n-- and over these rows:\n");
    }
    text_append(sql, result->sql != NULL ? result->sql : "");
}

/* Of the values that are remembered only those that the statements name. */
static void add_parameters(struct provenance *provenance,
                           const struct workbench_result *result)
{
    const struct array *given = workbench_result_parameters(result);
    struct array named = sql_parameters(provenance->sql, strlen(provenance->sql));
    for (size_t i = 0; given != NULL && i < given->count; i++) {
        const struct session_parameter *one = array_at(given, i);
        bool is_named = false;
        for (size_t j = 0; j < named.count && !is_named; j++) {
            is_named = string_equal_fold(*(char **)array_at(&named, j) + 1, one->name);
        }
        if (is_named) {
            provenance_add_parameter(provenance, one->name, one->value);
        }
    }
    sql_names_release(&named);
}

/* Two lists with a line for each product. */
static void add_sources(struct provenance *provenance,
                        const struct workbench_result *result)
{
    const char *product = text_string(&result->products);
    const char *version = text_string(&result->versions);
    while (*product != '\0') {
        size_t length = strcspn(product, "\n"), size = strcspn(version, "\n");
        char *id = string_copy_bytes(product, length);
        char *file = string_copy_bytes(version, size);
        provenance_add_source(provenance, result->workbench->catalog, id, file);
        free(file);
        free(id);
        product += length + (product[length] == '\n');
        version += size + (version[size] == '\n');
    }
}

void workbench_provenance(const struct workbench_result *result,
                          struct provenance *provenance)
{
    const struct workbench *workbench = result->workbench;
    struct text sql = {0};
    provenance_init(provenance);
    append_statements(&sql, result);
    provenance->sql = text_take(&sql);
    provenance->mesh =
        string_copy(workbench->mesh != NULL ? path_base(workbench->mesh) : "");
    provenance->role = string_copy(workbench->role);
    provenance->classification = string_copy(result->classification);
    provenance->notes = string_copy(text_string(&result->notes));
    provenance->rows = workbench_result_rows(result);
    provenance->is_limited = result->is_limited;
    provenance->purpose = string_copy(workbench_result_purpose(result));
    for (const struct workbench_result *at = result; at != NULL; at = at->below) {
        add_parameters(provenance, at);
        add_sources(provenance, at);
        provenance->is_limited = provenance->is_limited || at->is_limited;
    }
}
