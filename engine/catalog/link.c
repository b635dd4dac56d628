/* catalog/link: after all descriptors are read: ports find their contracts, contracts
 * that nobody names become products, products get their tables, names in SQL and words to
 * be found by. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/catalog/lint_links.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- Ports and contracts ---- */

/* What is to be linked: rows of products and documents, and the names by which others may
 * hang on what came or went. */
void link_prepare(struct build *build)
{
    store_run(build->db,
              "PRAGMA temp_store=MEMORY;"
              "CREATE TEMP TABLE touched_product(row INTEGER PRIMARY KEY);"
              "CREATE TEMP TABLE touched_document(row INTEGER PRIMARY KEY);"
              "CREATE TEMP TABLE touched_agreement(row INTEGER PRIMARY KEY);"
              "CREATE TEMP TABLE touched_path(path PRIMARY KEY) WITHOUT ROWID;"
              "CREATE TEMP TABLE touched_id(id PRIMARY KEY) WITHOUT ROWID;"
              "CREATE TEMP TABLE touched_key(key COLLATE NOCASE PRIMARY KEY) WITHOUT "
              "ROWID;"
              "CREATE TEMP TABLE touched_base(name PRIMARY KEY) WITHOUT ROWID;"
              "CREATE TEMP TABLE touched_name(kind,name,PRIMARY KEY(kind,name)) WITHOUT "
              "ROWID;",
              &build->failure);
}

/* Of a new index everything; else what the documents of this run brought. */
static const char *const touching_all[] = {
    "INSERT INTO touched_document SELECT rowid FROM document",
    "INSERT OR IGNORE INTO touched_path SELECT path FROM document",
    "INSERT INTO touched_product SELECT rowid FROM product",
    "INSERT INTO touched_agreement SELECT rowid FROM agreement",
    "INSERT OR IGNORE INTO touched_id SELECT id FROM contract "
    "WHERE id IS NOT NULL",
    "INSERT OR IGNORE INTO touched_id SELECT contract_id FROM port WHERE contract_id IS "
    "NOT NULL",
};

/* Products of one's own that were made of contracts, which may be named by now. */
static const char *const unadopting[] = {
    "INSERT OR IGNORE INTO touched_product SELECT rowid FROM product WHERE adopted IN "
    "(SELECT id FROM touched_id)",
    "INSERT OR IGNORE INTO touched_key SELECT wanted_key FROM product WHERE adopted IN "
    "(SELECT id FROM touched_id)",
    "INSERT OR IGNORE INTO touched_base SELECT base_name FROM product WHERE adopted IN "
    "(SELECT id FROM touched_id)",
    "DELETE FROM port WHERE product_row IN(SELECT rowid FROM product WHERE adopted IN "
    "(SELECT id FROM touched_id))",
    "DELETE FROM support WHERE owner_kind='product' AND owner_id IN(SELECT adopted FROM "
    "product WHERE adopted IN(SELECT id FROM touched_id))",
    "DELETE FROM product WHERE adopted IN(SELECT id FROM touched_id)",
};

static const char *const resolving[] = {
    /* The contract of the port's own version, else the one that stands last. */
    "UPDATE port SET contract_row=coalesce("
    "(SELECT c.rowid FROM contract c WHERE c.id=port.contract_id AND "
    "c.version=port.version ORDER BY c.path DESC LIMIT 1),"
    "(SELECT c.rowid FROM contract c WHERE c.id=port.contract_id ORDER BY c.path DESC "
    "LIMIT 1)) WHERE contract_id IN(SELECT id FROM touched_id)",
    "INSERT OR IGNORE INTO touched_product SELECT product_row FROM port WHERE dir='out' "
    "AND contract_id IN(SELECT id FROM touched_id)",
};

/* What is found while linking is found again. */
static const char *const cleaning[] = {
    "DELETE FROM problem WHERE product_row IN(SELECT row FROM touched_product) AND "
    "rule<>'duplicate-product'",
    "DELETE FROM dependency WHERE product_row IN(SELECT row FROM touched_product)",
    "DELETE FROM table_of WHERE linked=1 AND product_row IN(SELECT row FROM "
    "touched_product)",
};

#define TOUCHED_RELATION                                                                 \
    "(contract_id IN(SELECT id FROM touched_id) OR to_file IN(SELECT path FROM "         \
    "touched_path))"
#define TOUCHED_DOMAINS                                                                  \
    "(SELECT DISTINCT p.domain FROM touched_product t CROSS JOIN product p ON "          \
    "p.rowid=t.row)"

static const char *const finishing[] = {
    "UPDATE product SET tables=(SELECT count(*) FROM table_of t WHERE "
    "t.product_row=product.rowid),"
    "team=coalesce(declared_team,(SELECT c.team FROM port o JOIN contract c ON "
    "c.rowid=o.contract_row WHERE o.product_row=product.rowid AND o.dir='out' AND c.team "
    "IS NOT NULL ORDER BY o.rowid LIMIT 1)),"
    "frequency=coalesce((SELECT s.value||coalesce(' '||s.unit,'') FROM port o "
    "JOIN sla s ON s.contract_row=o.contract_row WHERE o.product_row=product.rowid AND "
    "o.dir='out' AND lower(s.property) IN('frequency','fy') ORDER BY s.rowid LIMIT 1),"
    "declared_frequency) "
    "WHERE rowid IN(SELECT row FROM touched_product)",
    /* Agreements may name a product as people do; an id is what the others join by. */
    "INSERT OR IGNORE INTO touched_agreement SELECT a.rowid FROM touched_product t CROSS "
    "JOIN "
    "product p ON p.rowid=t.row JOIN agreement a ON a.named=p.key COLLATE NOCASE",
    "UPDATE agreement SET product_id=coalesce((SELECT p.id FROM product p WHERE p.key="
    "agreement.named COLLATE NOCASE),named) WHERE rowid IN(SELECT row FROM "
    "touched_agreement)",
    "UPDATE cost SET product_id=coalesce((SELECT p.id FROM product p WHERE p.key="
    "cost.named COLLATE NOCASE),named) WHERE path IN(SELECT path FROM touched_path) OR "
    "named COLLATE NOCASE IN(SELECT key FROM touched_key UNION ALL SELECT p.key FROM "
    "touched_product t CROSS JOIN product p ON p.rowid=t.row)",
    "UPDATE shared_use SET product_id=coalesce((SELECT p.id FROM product p WHERE p.key="
    "shared_use.named COLLATE NOCASE),named) WHERE path IN(SELECT path FROM "
    "touched_path) "
    "OR named COLLATE NOCASE IN(SELECT key FROM touched_key UNION ALL SELECT p.key FROM "
    "touched_product t CROSS JOIN product p ON p.rowid=t.row)",
    /* References into other descriptors: file to contract, ids to names. */
    "UPDATE relation SET to_contract=coalesce((SELECT c.id FROM contract c WHERE "
    "c.path=relation.to_file),relation.to_file) WHERE to_file IS NOT NULL "
    "AND " TOUCHED_RELATION,
    "UPDATE relation SET to_object=coalesce((SELECT o.name FROM object o WHERE "
    "o.contract_row=coalesce((SELECT c.rowid FROM contract c WHERE "
    "c.path=relation.to_file),"
    "relation.contract_row) AND o.anchor=relation.to_object),to_object) "
    "WHERE " TOUCHED_RELATION,
    "UPDATE relation SET to_cols=coalesce((SELECT c.name FROM property c WHERE "
    "c.contract_id=coalesce(relation.to_contract,relation.contract_id) AND "
    "c.object=relation.to_object AND c.anchor=relation.to_cols),to_cols) "
    "WHERE " TOUCHED_RELATION,
    "DELETE FROM domain WHERE line IS NULL AND (name IN" TOUCHED_DOMAINS
    " OR NOT EXISTS(SELECT 1 FROM product p WHERE p.domain=domain.name))",
    "INSERT INTO domain(name,class) SELECT p.domain,CASE WHEN "
    "count(DISTINCT p.type)=1 THEN CASE max(p.type) WHEN 'sourceAligned' THEN 'source' "
    "WHEN 'aggregate' THEN 'aggregate' WHEN 'consumerAligned' THEN 'consumer' END END "
    "FROM product p WHERE p.domain IN" TOUCHED_DOMAINS
    " AND p.domain NOT IN(SELECT name FROM domain WHERE name IS NOT NULL) GROUP BY "
    "p.domain",
    /* What refers to something that came or went is held against it again. */
    "INSERT OR IGNORE INTO touched_document SELECT d.rowid FROM port o JOIN document d "
    "ON "
    "d.path=o.path WHERE o.contract_id IN(SELECT id FROM touched_id)",
    "INSERT OR IGNORE INTO touched_document SELECT d.rowid FROM relation r JOIN contract "
    "c ON c.rowid=r.contract_row JOIN document d ON d.path=c.path WHERE r.to_file IN("
    "SELECT path FROM touched_path)",
};

/* A contract that no output port names: a product with one port. */
static void adopt_orphan(struct build *build, sqlite3_stmt *orphan)
{
    const char *path = store_text(orphan, 2);
    const char *slash = strrchr(path, '/');
    char *folder = string_copy_bytes(path, slash != NULL ? (size_t)(slash - path) : 0);
    char *texts[10];
    for (int i = 0; i < 10; i++) {
        texts[i] = store_text_copy(orphan, 4 + i);
    }
    struct product_row row = {
        .id = store_text(orphan, 1),
        .line = sqlite3_column_int(orphan, 3),
        .name = texts[0],
        .domain = texts[1],
        .tenant = texts[2],
        .version = texts[3],
        .status = texts[4],
        .team = texts[5],
        .purpose = texts[6],
        .limitations = texts[7],
        .usage = texts[8],
        .created = texts[9],
        .standard = store_text(orphan, 14),
        .adopted = store_text(orphan, 1),
        .folder = folder,
    };
    long long product = product_insert(build, path, &row);
    build_run(
        build,
        "INSERT INTO port(product_id,dir,name,version,type,contract_id,pii,autoapprove,"
        "deprecated,path,line,product_row,contract_row) "
        "VALUES(?1,'out',?2,?3,'tables',?1,0,0,0,?4,?5,?6,?7)",
        "ssssill", row.id, texts[0] != NULL ? texts[0] : "tables", texts[3], path,
        row.line, product, (long long)sqlite3_column_int64(orphan, 0));
    build_run(build,
              "INSERT INTO support(owner_kind,owner_id,channel,url,tool,scope,"
              "description,line) SELECT 'product',owner_id,channel,url,tool,scope,"
              "description,line FROM support WHERE owner_kind='contract' AND owner_id=?1",
              "s", row.id);
    build_run(build, "INSERT OR IGNORE INTO touched_product VALUES(?1)", "l", product);
    for (int i = 0; i < 10; i++) {
        free(texts[i]);
    }
    free(folder);
}

static void adopt_orphans(struct build *build)
{
    sqlite3_stmt *orphans = store_prepare(
        build->db,
        "SELECT "
        "c.rowid,c.id,c.path,c.line,c.name,c.domain,c.tenant,c.version,c.status,c.team,"
        "c.purpose,c.limitations,c.usage,c.created,c.standard "
        "FROM contract c WHERE c.id IN(SELECT id "
        "FROM touched_id) AND NOT EXISTS(SELECT 1 FROM port p WHERE p.contract_id=c.id "
        "AND p.dir='out') ORDER BY c.path,c.rowid",
        &build->failure);
    while (orphans != NULL && store_step(orphans, &build->failure) == STORE_ROW) {
        adopt_orphan(build, orphans);
    }
    store_finish(orphans);
}

/* ---- Functions in SQL ---- */

static void sql_name_of(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    char *name = catalog_sql_name((const char *)sqlite3_value_text(values[0]));
    sqlite3_result_text(context, name, -1, free);
}

static void register_functions(struct build *build)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    sqlite3_create_function(build->db, "sql_name_of", 1, flags, NULL, sql_name_of, NULL,
                            NULL);
}

/* What the documents of this run brought. */
static void touch_read(struct build *build)
{
    if (!build->is_refresh) {
        build_run_all(build, touching_all, sizeof touching_all / sizeof *touching_all);
        return;
    }
    for (size_t i = 0; i < build->read.count; i++) {
        document_touch(build, *(long long *)array_at(&build->read, i));
    }
    build_run_all(build, unadopting, sizeof unadopting / sizeof *unadopting);
}

void link_index(struct build *build)
{
    if (build->failure.kind != ERROR_NONE) {
        return;
    }
    register_functions(build);
    touch_read(build);
    build_run_all(build, resolving, sizeof resolving / sizeof *resolving);
    if (build->orphans_are_products) {
        adopt_orphans(build);
    }
    link_names(build);
    build_run_all(build, cleaning, sizeof cleaning / sizeof *cleaning);
    link_tables(build);
    build_run_all(build, finishing, sizeof finishing / sizeof *finishing);
    lint_links(build);
    search_fill(build);
}
