/* evidence/views: names of the ledger as policies use them; those of the catalog
 * stand in it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/evidence/private.h"

#include <stdlib.h>

#include "engine/store.h"
#include "engine/text.h"

/* ?1 stands for the path of the mesh, which a view cannot have as a parameter. The port
 * of a table is the one under whose contract it is. */
static const char views[] =
    "PRAGMA temp_store=MEMORY;"
    "CREATE TEMP VIEW this_mesh AS SELECT %s AS path;"
    "CREATE TEMP TABLE attached(product_id TEXT,port TEXT,schema TEXT,file TEXT,"
    "bytes INTEGER,fetched TEXT,sha256 TEXT,role TEXT);"
    "CREATE TEMP VIEW port_of AS SELECT p.key AS product,b.name AS object,o.name AS port "
    "FROM mesh.product p JOIN mesh.port o ON o.product_row=p.rowid AND o.dir='out' "
    "JOIN mesh.object b ON b.contract_row=o.contract_row;"
    "CREATE TEMP VIEW usage AS "
    "SELECT s.at AS ts,s.person AS user,s.team,s.sql_id,p.id AS product_id,"
    "(SELECT port FROM port_of WHERE product=r.product AND object=r.table_name) AS port,"
    "r.table_name AS object,r.column_name AS property,s.rows,s.ms,s.purpose,"
    "s.saved_query "
    "FROM ledger.statement s JOIN ledger.reading r ON r.statement=s.id "
    "JOIN mesh.product p ON p.key=r.product COLLATE NOCASE "
    "WHERE s.mesh=(SELECT path FROM this_mesh) AND s.outcome='done' "
    "UNION ALL SELECT day,NULL,team,saved_query,product_id,NULL,object,property,rows,"
    "NULL,NULL,saved_query FROM mesh.shared_use;"
    "CREATE TEMP VIEW run AS "
    "SELECT r.id,coalesce(r.contract,c.id) AS contract_id,r.product AS product_id,"
    "NULL AS server,r.at AS started,r.seconds,r.result,r.passed,r.warnings,r.failed,"
    "r.errors,r.not_run "
    "FROM ledger.check_run r LEFT JOIN mesh.product p ON r.contract IS NULL AND "
    "p.key=r.product COLLATE NOCASE LEFT JOIN mesh.port o ON o.product_row=p.rowid AND "
    "o.dir='out' "
    "LEFT JOIN mesh.contract c ON c.rowid=o.contract_row "
    "WHERE r.mesh=(SELECT path FROM this_mesh);"
    "CREATE TEMP VIEW result AS "
    "SELECT r.id AS run_id,r.contract AS contract_id,r.product AS product_id,"
    "x.key AS rule_key,x.object,x.property,x.dimension,x.outcome,x.value,x.total,"
    "x.percent,x.reason "
    "FROM ledger.check_run r JOIN ledger.check_result x ON x.run=r.id "
    "WHERE r.mesh=(SELECT path FROM this_mesh);"
    "CREATE TEMP VIEW latest_result AS "
    "SELECT r.id AS run_id,r.contract AS contract_id,r.product AS product_id,"
    "x.key AS rule_key,x.object,x.property,x.dimension,x.outcome,x.value,x.total,"
    "x.percent,x.reason "
    "FROM ledger.check_run r JOIN ledger.check_result x ON x.run=r.id "
    "WHERE r.id IN (SELECT max(id) FROM ledger.check_run WHERE mesh=(SELECT path FROM "
    "this_mesh) GROUP BY product,contract);"
    "CREATE TEMP VIEW violation AS "
    "SELECT r.policy,v.product AS product_id,v.domain,v.path,v.line,"
    "coalesce(v.first_seen,r.at) AS first_seen,v.sentence,v.waived "
    "FROM ledger.policy_run r JOIN ledger.policy_row v ON v.run=r.id "
    "WHERE r.id IN (SELECT max(id) FROM ledger.policy_run WHERE mesh=(SELECT path FROM "
    "this_mesh) GROUP BY policy);";

bool evidence_make_views(sqlite3 *db, const struct evidence_spec *spec, struct error *err)
{
    struct text mesh = {0}, sql = {0};
    store_quote_string(&mesh, catalog_mesh_path(spec->catalog));
    text_printf(&sql, views, text_string(&mesh));
    bool good = store_run(db, text_string(&sql), err);
    text_release(&mesh);
    text_release(&sql);
    return good;
}
