/* lineage/start: what is asked for: PRODUCT, PRODUCT.TABLE or PRODUCT.TABLE.COLUMN. Names
 * may have dots in them: the longest product is taken that there is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

void lineage_start_release(struct lineage_start *start)
{
    catalog_entry_release(&start->entry);
    free(start->table);
    free(start->column);
    *start = (struct lineage_start){0};
}

/* The table of the product whose name, in SQL or as the contract says, this is; yours. */
static char *find_table(const struct catalog *catalog, long long product,
                        const char *name)
{
    return store_string(catalog_database(catalog),
                        "SELECT sql_name FROM table_of WHERE product_row=?1 AND ?2 "
                        "COLLATE NOCASE IN(sql_name,name) ORDER BY sql_name<>?2 LIMIT 1",
                        "ls", product, name);
}

static const struct catalog_column *find_column(const struct catalog_table *table,
                                                const char *name)
{
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        if (string_equal_fold(column->name, name)) {
            return column;
        }
    }
    return NULL;
}

static bool take_column(const struct catalog *catalog, struct lineage_start *start,
                        const char *name, struct error *err)
{
    struct catalog_product product;
    if (!catalog_product(catalog, start->entry.id, &product, err)) {
        return false;
    }
    for (size_t i = 0; i < product.tables.count && start->column == NULL; i++) {
        const struct catalog_table *table = array_at(&product.tables, i);
        const struct catalog_column *column =
            string_equal(table->sql_name, start->table) ? find_column(table, name) : NULL;
        start->column = column != NULL ? string_copy(column->name) : NULL;
    }
    catalog_product_release(&product);
    return start->column != NULL ||
           error_set(err, ERROR_FAILED,
                     "table %s of %s has no column %s; `show %s` lists its columns",
                     start->table, start->entry.id, name, start->entry.id);
}

/* What stands behind the product: TABLE or TABLE.COLUMN, either with dots in it. */
static bool take_rest(const struct catalog *catalog, struct lineage_start *start,
                      const char *rest, struct error *err)
{
    size_t length = strlen(rest);
    for (size_t i = length; i > 0; i--) {
        if (i < length && rest[i] != '.') {
            continue;
        }
        char *name = string_copy_bytes(rest, i);
        start->table = find_table(catalog, start->entry.row, name);
        free(name);
        if (start->table != NULL) {
            return i == length || take_column(catalog, start, rest + i + 1, err);
        }
    }
    return error_set(err, ERROR_FAILED, "%s has no table %s; `show %s` lists its tables",
                     start->entry.id, rest, start->entry.id);
}

bool lineage_find_start(const struct lineage_spec *spec, struct lineage_start *start,
                        struct error *err)
{
    const char *wanted = spec->start;
    *start = (struct lineage_start){0};
    if (wanted == NULL) {
        return true;
    }
    if (*wanted == '\0') {
        return error_set(err, ERROR_USAGE,
                         "name a product, as in checkout/orders, or a table or column of "
                         "it, as in checkout/orders.orders.order_id");
    }
    struct error first = {0};
    for (size_t i = strlen(wanted); i > 0; i--) {
        if (wanted[i] != '.' && wanted[i] != '\0') {
            continue;
        }
        char *name = string_copy_bytes(wanted, i);
        bool found = catalog_find(spec->catalog, name, &start->entry,
                                  wanted[i] == '\0' ? &first : NULL) ||
                     catalog_find_schema(spec->catalog, name, &start->entry);
        free(name);
        if (found) {
            return wanted[i] == '\0' ||
                   take_rest(spec->catalog, start, wanted + i + 1, err);
        }
    }
    if (err != NULL) {
        *err = first;
    }
    return false;
}
