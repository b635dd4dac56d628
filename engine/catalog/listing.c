/* catalog/listing: what lists of products need beside the products: domains with counts,
 * where a product stands, the contract and rules of one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include "engine/catalog/reading.h"
#include "engine/store.h"

struct array catalog_domains(const struct catalog *catalog)
{
    struct array domains = ARRAY_OF(struct catalog_facet_value);
    sqlite3_stmt *stmt =
        catalog_statement(catalog, "SELECT coalesce(domain,''),count(*) FROM product "
                                   "GROUP BY 1 ORDER BY 1");

    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct catalog_facet_value *one = array_push(&domains);
        one->value = string_copy(store_text(stmt, 0));
        one->products = sqlite3_column_int64(stmt, 1);
    }
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return domains;
}

size_t catalog_position(const struct catalog *catalog, const struct catalog_entry *entry)
{
    return (size_t)store_number(catalog_database(catalog), 0,
                                "SELECT count(*) FROM product WHERE (domain IS NULL AND "
                                "?1 IS NOT NULL) OR domain<?1 OR (domain IS ?1 AND "
                                "name<?2)",
                                "ss", entry->domain, entry->name);
}

void catalog_terms(const struct catalog *catalog, long long product,
                   struct catalog_terms *out)
{
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT coalesce(c.id,''),coalesce(c.version,''),(SELECT count(*) FROM "
                 "rule r WHERE r.contract_row=c.rowid) FROM port o JOIN contract c ON "
                 "c.rowid=o.contract_row WHERE o.product_row=?1 AND o.dir='out' ORDER BY "
                 "o.rowid");

    *out = (struct catalog_terms){0};
    if (stmt == NULL) {
        return;
    }
    sqlite3_bind_int64(stmt, 1, product);
    while (store_step(stmt, NULL) == STORE_ROW) {
        if (out->contracts == 0) {
            out->contract = string_copy(store_text(stmt, 0));
            out->version = string_copy(store_text(stmt, 1));
        }
        out->contracts++;
        out->rules += sqlite3_column_int64(stmt, 2);
    }
    sqlite3_reset(stmt);
}
