/* evidence: what is known of a mesh under one connection: the catalog, the ledger, the
 * results of checks, the versions that are here. Policies, lineage, the mesh at a glance
 * and the journey are SELECTs over it; whoever doubts a number can run its SELECT.
 *
 * For children (job.h) and verbs: the connection is private and read-only but for its own
 * memory. `mesh` and `ledger` are attached; their tables may be named alone. Under the
 * names that policies use stand temporary views, of this mesh only:
 *   usage(ts,user,team,sql_id,product_id,port,object,property,rows,ms,purpose,saved_query)
 *       of the ledger, and of what teams share (mesh.shared_use)
 *   run(id,contract_id,product_id,server,started,seconds,result,passed,warnings,failed,
 *       errors,not_run)
 *   result(run_id,contract_id,product_id,rule_key,object,property,dimension,outcome,value,
 *       total,percent,reason)
 *   latest_result      result of the newest run of each contract
 *   attached(product_id,port,schema,file,bytes,fetched,sha256,role)   of versions here
 *   violation(policy,product_id,domain,path,line,first_seen)   of each policy's last run
 * and of the catalog: product contract object property rule ... cost saved_query (see
 * `SELECT * FROM mesh.model`). 'now' in SQL is catalog_now(): a mesh whose clock stands
 * still is judged by that clock.
 *
 * Sources: sqlite.org/c3ref/vfs.html (xCurrentTimeInt64), lang_naming.html.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_EVIDENCE_H
#define MWB_EVIDENCE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/catalog.h"
#include "engine/error.h"

struct evidence_spec {
    const struct catalog *catalog; /* must stay open as long as the connection */
    const char *role;              /* whose versions; NULL: the mesh has no roles */
    /* Leave `attached` empty: for who asks of one product, among thousands that each
     * would have to be opened. */
    bool without_versions;
};
/* store_close() it. */
sqlite3 *evidence_open(const struct evidence_spec *spec, struct error *err);

/* Attach the current version of a product under its schema name, read-only. False with a
 * sentence when it is not here; *absent (may be NULL) tells that from other troubles. No
 * more than ten at a time: sqlite.org/limits.html. */
bool evidence_attach(sqlite3 *db, const struct evidence_spec *spec,
                     const struct catalog_entry *entry, bool *absent, struct error *err);
void evidence_detach(sqlite3 *db, const char *schema);

#endif
