/* catalog/facts: the lines of a product's card.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/reading.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/path.h"
#include "engine/secret.h"
#include "engine/sql.h"
#include "engine/store.h"
#include "engine/text.h"

/* Who owns rows for the product: itself and its contracts. Rows of a table join behind
 * it, so that its index on owner_kind and owner_id serves. */
#define OWNED_ROWS_OF                                                                    \
    "FROM (SELECT 'product' AS k,id AS i FROM product WHERE rowid=?1 UNION SELECT "      \
    "'contract',c.id FROM contract c WHERE c.rowid IN" CONTRACTS ") w CROSS JOIN "
#define OWNED " x ON x.owner_kind=w.k AND x.owner_id=w.i "

/* Each row: the group and a statement that gives name, value, path, line for product ?1.
 * The order is that of the card. */
static const struct {
    const char *group, *sql;
} fact_rows[] = {
    {"contract",
     "SELECT c.id,coalesce('version '||c.version,'no version')||coalesce(', '||c.status,"
     "'')||' ('||upper(c.standard)||coalesce(' '||ltrim(c.api_version,'v'),'')||')',"
     "c.path,c.line FROM contract c WHERE c.rowid IN " CONTRACTS " ORDER BY c.rowid"},
    {"owner",
     "SELECT 'team',team,path,line FROM product WHERE rowid=?1 AND team IS NOT NULL"},
    {"owner",
     "SELECT coalesce(x.role,'member'),coalesce(x.name||coalesce(' <'||x.username||"
     "'>',''),x.username),NULL,x.line " OWNED_ROWS_OF "member" OWNED
     "WHERE (x.date_out IS NULL OR x.date_out>date(?2,'unixepoch')) GROUP BY 1,2 ORDER "
     "BY x.owner_kind DESC,x.rowid"},
    {"contact",
     "SELECT 'team',t.contact,NULL,0 FROM team t JOIN product p ON p.team=t.name "
     "WHERE p.rowid=?1 AND t.contact IS NOT NULL"},
    {"contact",
     "SELECT "
     "coalesce(x.scope,'support'),coalesce(x.url,x.channel),NULL,x.line " OWNED_ROWS_OF
     "support" OWNED "WHERE coalesce(x.scope,'interactive') "
     "IN('interactive','issues') GROUP BY 2 ORDER BY x.rowid"},
    {"support", "SELECT x.channel,coalesce(x.url,'')||coalesce(' ('||x.tool||')','')||"
                "coalesce(': '||x.description,''),NULL,x.line " OWNED_ROWS_OF
                "support" OWNED " GROUP BY 1,2 ORDER BY x.rowid"},
    {"location",
     "SELECT coalesce(s.name,s.type,'server'),coalesce(s.type||' ','')||"
     "coalesce(s.location,'')||coalesce(' ('||s.format||')',''),c.path,s.line "
     "FROM server s JOIN contract c ON c.rowid=s.contract_row WHERE "
     "s.contract_row IN " CONTRACTS " ORDER BY s.rowid"},
    {"location",
     "SELECT sql_name,replace(files,char(10),', '),NULL,0 FROM table_of WHERE "
     "product_row=?1 AND files IS NOT NULL AND NOT EXISTS(SELECT 1 FROM server s WHERE "
     "s.contract_row=table_of.contract_row) GROUP BY 2 ORDER BY position"},
    {"access",
     "SELECT r.role,coalesce(r.access,'')||coalesce(': '||r.description,'')||"
     "coalesce('; approved by '||r.approver1||coalesce(' and '||r.approver2,''),"
     "''),c.path,r.line FROM role r JOIN contract c ON c.rowid=r.contract_row WHERE "
     "r.contract_row IN " CONTRACTS " GROUP BY 1,2 ORDER BY r.rowid"},
    {"sla",
     "SELECT s.property,s.value||coalesce(' to '||s.value_ext,'')||coalesce(' '||"
     "s.unit,'')||coalesce(' of '||s.element,'')||coalesce(' ('||s.driver||')',''),"
     "c.path,s.line FROM sla s JOIN contract c ON c.rowid=s.contract_row WHERE "
     "s.contract_row IN " CONTRACTS " GROUP BY 1,2 ORDER BY s.rowid"},
    {"terms",
     "SELECT 'usage',usage,path,line FROM product WHERE rowid=?1 AND usage IS NOT "
     "NULL"},
    {"terms",
     "SELECT 'limitations',limitations,path,line FROM product WHERE rowid=?1 AND "
     "limitations IS NOT NULL"},
    {"terms", "SELECT x.type,coalesce(x.description,'')||coalesce(' "
              "'||x.url,''),NULL,x.line " OWNED_ROWS_OF "authdef" OWNED
              "WHERE x.type IN('license','source','homepage') "
              "ORDER BY x.rowid"},
    {"price", "SELECT 'price',price||coalesce(' '||currency,'')||coalesce(' per '||"
              "price_unit,''),path,line FROM contract WHERE price IS NOT NULL AND rowid "
              "IN " CONTRACTS},
    {"tag", "SELECT 'tag',x.tag,NULL,0 " OWNED_ROWS_OF "tag" OWNED " GROUP BY 2 ORDER BY "
            "x.rowid"},
    {"quality",
     "SELECT coalesce(r.object,'')||coalesce('.'||r.property,''),coalesce(r.name,"
     "r.description,r.metric,r.id,'rule')||coalesce(' "
     "('||r.dimension||')',''),c.path,r.line "
     "FROM rule r JOIN contract c ON c.rowid=r.contract_row WHERE r.contract_row "
     "IN " CONTRACTS " ORDER BY r.rowid"},
    {"port",
     "SELECT o.dir||' '||coalesce(o.name,'?'),coalesce(o.type||' ','')||coalesce("
     "'version '||o.version||' ','')||coalesce('under '||o.contract_id,'')||CASE WHEN "
     "o.pii THEN ', personal data' ELSE '' END||CASE WHEN o.deprecated THEN "
     "', deprecated' ELSE '' END,o.path,o.line FROM port o WHERE o.product_row=?1 "
     "ORDER BY o.dir='in' DESC,o.dir='out' DESC,o.rowid"},
    {"upstream",
     "SELECT i.name,p.key,p.path,p.line FROM port i JOIN port o ON o.dir='out' AND "
     "o.contract_id=i.contract_id JOIN product p ON p.rowid=o.product_row WHERE "
     "i.dir='in' AND i.product_row=?1 AND p.rowid<>?1 GROUP BY p.rowid ORDER BY "
     "p.key"},
    {"downstream",
     "SELECT o.name,p.key,p.path,p.line FROM port o JOIN port i ON i.dir='in' "
     "AND i.contract_id=o.contract_id JOIN product p ON p.rowid=i.product_row "
     "WHERE o.dir='out' AND o.product_row=?1 AND p.rowid<>?1 GROUP BY p.rowid "
     "ORDER BY p.key"},
    {"changed",
     "SELECT d.path,strftime('%Y-%m-%dT%H:%M:%SZ',d.changed/1000000000,'unixepoch'),"
     "d.path,1 FROM document d WHERE d.path IN(SELECT path FROM product WHERE rowid=?1 "
     "UNION SELECT c.path FROM contract c WHERE c.rowid IN " CONTRACTS
     ") ORDER BY d.changed DESC LIMIT 12"},
};

void facts_push(struct catalog_product *product, const char *group, char *name,
                char *value)
{
    struct catalog_fact *fact = array_push(&product->facts);
    fact->group = string_copy(group);
    fact->name = name;
    fact->value = value;
    if (value != NULL && strstr(value, "://") != NULL) {
        fact->value = secret_redact(value);
        free(value);
    }
}

static void read_facts(const struct catalog *catalog, struct catalog_product *product,
                       const char *group, const char *sql)
{
    sqlite3_stmt *stmt = catalog_statement(catalog, sql);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", product->entry.row);
    if (sqlite3_bind_parameter_count(stmt) > 1) {
        sqlite3_bind_int64(stmt, 2, catalog_now(catalog));
    }
    while (store_step(stmt, NULL) == STORE_ROW) {
        facts_push(product, group, store_text_copy(stmt, 0), store_text_copy(stmt, 1));
        struct catalog_fact *fact = array_at(&product->facts, product->facts.count - 1);
        fact->path = store_text_copy(stmt, 2);
        fact->line = sqlite3_column_int(stmt, 3);
    }
    sqlite3_reset(stmt);
}

/* ---- Saved queries ---- */

static bool uses_schema(const char *sql, const char *schema)
{
    struct array schemas = sql_schemas(sql, strlen(sql));
    bool uses = false;
    for (size_t i = 0; i < schemas.count; i++) {
        uses |= string_equal_fold(*(char **)array_at(&schemas, i), schema);
    }
    sql_names_release(&schemas);
    return uses;
}

static void add_queries(const struct catalog *catalog, struct catalog_product *product)
{
    enum { MOST_QUERIES = 5000 };
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT name,coalesce(title,question,''),sql,path FROM saved_query "
                 "WHERE instr(lower(sql),?1)>0 ORDER BY name LIMIT ?2");
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "si", product->entry.schema, MOST_QUERIES);
    while (store_step(stmt, NULL) == STORE_ROW) {
        if (uses_schema(store_text(stmt, 2), product->entry.schema)) {
            facts_push(product, "saved query", store_text_copy(stmt, 0),
                       store_text_copy(stmt, 1));
            struct catalog_fact *fact =
                array_at(&product->facts, product->facts.count - 1);
            fact->path = store_text_copy(stmt, 3);
            fact->line = 1;
        }
    }
    sqlite3_reset(stmt);
}

void facts_read(const struct catalog *catalog, struct catalog_product *product)
{
    for (size_t i = 0; i < sizeof fact_rows / sizeof *fact_rows; i++) {
        if (string_equal(fact_rows[i].group, "terms") &&
            !string_equal(fact_rows[i - 1].group, "terms")) {
            freshness_add(catalog, product);
        }
        if (string_equal(fact_rows[i].group, "quality")) {
            standing_add(catalog, product);
        }
        if (string_equal(fact_rows[i].group, "changed")) {
            add_queries(catalog, product);
        }
        read_facts(catalog, product, fact_rows[i].group, fact_rows[i].sql);
    }
}
