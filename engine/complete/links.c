/* complete/links: how a table can be joined to others: by relationships of contracts, by
 * definitions that columns share, by keys of the same name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>

/* ?1 is the row of the table's object. Each gives the other object, columns here, there.
 */
static const char relations_sql[] =
    "SELECT t.rowid, r.from_cols, r.to_cols FROM object o JOIN relation r ON "
    "r.contract_row = o.contract_row AND r.object = o.name JOIN object t ON t.name = "
    "r.to_object AND t.contract_id = coalesce(r.to_contract, r.contract_id) WHERE "
    "o.rowid = ?1 UNION ALL "
    "SELECT f.rowid, r.to_cols, r.from_cols FROM object o JOIN relation r ON r.to_object "
    "= o.name AND coalesce(r.to_contract, r.contract_id) = o.contract_id JOIN object f "
    "ON f.contract_row = r.contract_row AND f.name = r.object WHERE o.rowid = ?1 LIMIT "
    "1000";

/* Links to definitions belong to contract/object/column: taken apart from behind. */
static const char definitions_sql[] =
    "WITH mine AS MATERIALIZED (SELECT p.name, coalesce(nullif(p.definition, ''), a.url) "
    "AS d FROM property p LEFT JOIN authdef a ON a.owner_kind = 'property' AND "
    "a.owner_id "
    "= p.contract_id || '/' || p.object || '/' || p.name AND a.type LIKE '%definition%' "
    "WHERE p.object_row = ?1 AND p.depth <= 1), "
    "owners AS (SELECT owner_id, url, rtrim(owner_id, replace(owner_id, '/', '')) AS "
    "head "
    "FROM authdef WHERE owner_kind = 'property' AND type LIKE '%definition%' AND url IN "
    "(SELECT d FROM mine)), "
    "parts AS (SELECT url, substr(owner_id, length(head) + 1) AS name, rtrim(head, '/') "
    "AS "
    "whole, rtrim(rtrim(head, '/'), replace(rtrim(head, '/'), '/', '')) AS front FROM "
    "owners), "
    "theirs AS (SELECT p.object_row, p.name, parts.url AS d FROM parts CROSS JOIN "
    "property "
    "p ON p.contract_id = rtrim(parts.front, '/') AND p.object = substr(parts.whole, "
    "length(parts.front) + 1) AND p.name = parts.name UNION SELECT object_row, name, "
    "definition FROM property WHERE definition IN (SELECT d FROM mine)) "
    "SELECT theirs.object_row, mine.name, theirs.name FROM mine JOIN theirs ON theirs.d "
    "= "
    "mine.d WHERE theirs.object_row <> ?1 AND mine.d <> '' LIMIT 1000";

/* Names that every table has mean something else in each. */
static const char keys_sql[] =
    "SELECT p.object_row, p.name, p.name FROM property p WHERE p.name IN (SELECT name "
    "FROM "
    "property WHERE object_row = ?1 AND depth <= 1) AND p.object_row <> ?1 AND p.depth "
    "<= 1 AND lower(p.name) NOT IN ('id', 'key', 'name', 'code', 'type', 'date', 'day', "
    "'month') AND (p.pk_pos = 1 OR EXISTS (SELECT 1 FROM property m WHERE m.object_row = "
    "?1 AND m.name = p.name AND m.pk_pos = 1)) LIMIT 1000";

static bool is_linked(const struct array *links, const struct known_link *link)
{
    for (size_t i = 0; i < links->count; i++) {
        const struct known_link *one = array_at(links, i);
        if (one->other == link->other && string_equal(one->mine, link->mine) &&
            string_equal(one->its, link->its)) {
            return true;
        }
    }
    return false;
}

static void take_links(struct complete *complete, struct known_table *table,
                       enum known_way way, const char *sql)
{
    sqlite3_stmt *stmt =
        store_prepare(catalog_database(complete->workbench->catalog), sql, NULL);
    if (stmt != NULL) {
        store_bind(stmt, "l", table->object_row);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct known_link link = {way, sqlite3_column_int64(stmt, 0),
                                  (char *)store_text(stmt, 1),
                                  (char *)store_text(stmt, 2)};
        if (!is_linked(&table->links, &link)) {
            link.mine = string_copy(link.mine);
            link.its = string_copy(link.its);
            *(struct known_link *)array_push(&table->links) = link;
        }
    }
    store_finish(stmt);
}

const struct array *known_links(struct complete *complete, struct known_table *table)
{
    if (!table->is_linked && table->object_row > 0) {
        take_links(complete, table, WAY_RELATION, relations_sql);
        take_links(complete, table, WAY_DEFINITION, definitions_sql);
        take_links(complete, table, WAY_KEY, keys_sql);
    }
    table->is_linked = true;
    return &table->links;
}

struct known_table *known_by_object(struct complete *complete, long long object_row)
{
    for (size_t i = 0; i < complete->tables.count; i++) {
        struct known_table *table =
            *(struct known_table **)array_at(&complete->tables, i);
        if (table->object_row == object_row) {
            return table;
        }
    }
    return NULL;
}
