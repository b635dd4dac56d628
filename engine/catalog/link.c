/* catalog/link: after all descriptors are read: ports find their contracts, contracts
 * that nobody names become products, products get their tables, names in SQL and words to
 * be found by. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- Ports and contracts ---- */

static const char *const resolving[] = {
    "CREATE INDEX contract_id ON contract(id)",
    "CREATE INDEX contract_path ON contract(path)",
    "CREATE INDEX port_contract ON port(contract_id)",
    "CREATE INDEX object_contract ON object(contract_row)",
    "CREATE INDEX property_object ON property(object_row)",
    "CREATE INDEX server_contract ON server(contract_row)",
    /* The contract of the port's own version, else the one read last. */
    "UPDATE port SET contract_row=(SELECT max(c.rowid) FROM contract c WHERE "
    "c.id=port.contract_id AND c.version=port.version)",
    "UPDATE port SET contract_row=(SELECT max(c.rowid) FROM contract c WHERE "
    "c.id=port.contract_id) WHERE contract_row IS NULL",
    "CREATE INDEX port_contract_row ON port(contract_row)",
    "INSERT INTO problem(path,line,column,severity,sentence,rule) "
    "SELECT path,line,1,'warning','the port '||coalesce(name,'?')||' delivers under the "
    "contract '||contract_id||', which is not in this mesh','unknown-contract' FROM port "
    "WHERE dir='out' AND contract_id IS NOT NULL AND contract_row IS NULL",
};

static const char *const finishing[] = {
    "CREATE INDEX table_product ON table_of(product_row)",
    "CREATE INDEX tag_owner ON tag(owner_kind,owner_id)",
    "CREATE INDEX sla_contract ON sla(contract_row)",
    "CREATE INDEX product_id ON product(id)",
    "CREATE INDEX property_contract ON property(contract_id,object,name)",
    "UPDATE product SET tables=(SELECT count(*) FROM table_of t WHERE "
    "t.product_row=product.rowid)",
    "UPDATE product SET team=(SELECT c.team FROM port o JOIN contract c ON "
    "c.rowid=o.contract_row WHERE o.product_row=product.rowid AND o.dir='out' AND c.team "
    "IS "
    "NOT NULL LIMIT 1) WHERE team IS NULL",
    "UPDATE product SET frequency=(SELECT s.value||coalesce(' '||s.unit,'') FROM port o "
    "JOIN "
    "sla s ON s.contract_row=o.contract_row WHERE o.product_row=product.rowid AND "
    "o.dir='out' AND lower(s.property) IN('frequency','fy') LIMIT 1)",
    /* Agreements may name a product as people do; an id is what the others join by. */
    "UPDATE agreement SET product_id=(SELECT p.id FROM product p WHERE p.key="
    "agreement.product_id COLLATE NOCASE) WHERE EXISTS(SELECT 1 FROM product p WHERE "
    "p.key=agreement.product_id COLLATE NOCASE)",
    /* References into other descriptors: file to contract, ids to names. */
    "UPDATE relation SET to_contract=coalesce((SELECT c.id FROM contract c WHERE "
    "c.path=relation.to_file),relation.to_file) WHERE to_file IS NOT NULL",
    "UPDATE relation SET to_object=coalesce((SELECT o.name FROM object o WHERE "
    "o.contract_row=coalesce((SELECT c.rowid FROM contract c WHERE "
    "c.path=relation.to_file),"
    "relation.contract_row) AND o.anchor=relation.to_object),to_object)",
    "UPDATE relation SET to_cols=coalesce((SELECT c.name FROM property c WHERE "
    "c.contract_id=coalesce(relation.to_contract,relation.contract_id) AND "
    "c.object=relation.to_object AND c.anchor=relation.to_cols),to_cols)",
    "INSERT INTO domain(name,class) SELECT p.domain,CASE WHEN "
    "count(DISTINCT p.type)=1 THEN CASE max(p.type) WHEN 'sourceAligned' THEN 'source' "
    "WHEN "
    "'aggregate' THEN 'aggregate' WHEN 'consumerAligned' THEN 'consumer' END END "
    "FROM product p WHERE p.domain NOT IN(SELECT name FROM domain WHERE name IS NOT "
    "NULL) "
    "GROUP BY p.domain",
    "INSERT INTO search(rowid,name,title,tables,columns,tags,owner,description) "
    "SELECT p.rowid,p.key||char(10)||p.schema_name,coalesce(p.title,''),"
    "(SELECT group_concat(t.sql_name||CASE WHEN t.name<>t.sql_name THEN ' '||t.name ELSE "
    "'' "
    "END||coalesce(' '||t.title,''),char(10)) FROM table_of t WHERE "
    "t.product_row=p.rowid),"
    "(SELECT group_concat(c.name||coalesce(' '||c.business_name,''),char(10)) FROM "
    "table_of "
    "t JOIN property c ON c.object_row=t.object_row WHERE t.product_row=p.rowid),"
    "(SELECT group_concat(tag,char(10)) FROM (SELECT g.tag FROM tag g WHERE "
    "g.owner_kind='product' AND g.owner_id=p.id UNION SELECT g.tag FROM port o JOIN tag "
    "g ON "
    "g.owner_kind='contract' AND g.owner_id=o.contract_id WHERE o.product_row=p.rowid "
    "AND "
    "o.dir='out')),coalesce(p.team,''),"
    "concat_of(p.purpose,p.description,p.limitations,p.usage)||coalesce(char(10)||"
    "(SELECT group_concat(t.description,char(10)) FROM table_of t WHERE "
    "t.product_row=p.rowid),'') FROM product p",
};

static void run_all(struct build *build, const char *const *statements, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        build_run(build, statements[i], "");
    }
}

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
        .standard = "odcs",
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
              "INSERT INTO support SELECT 'product',owner_id,channel,url,tool,scope,"
              "description,line FROM support WHERE owner_kind='contract' AND owner_id=?1",
              "s", row.id);
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
        "c.purpose,c.limitations,c.usage,c.created FROM contract c WHERE NOT "
        "EXISTS(SELECT 1 "
        "FROM port p WHERE p.contract_row=c.rowid AND p.dir='out') AND NOT EXISTS(SELECT "
        "1 "
        "FROM port p WHERE p.contract_id=c.id AND p.dir='out')",
        &build->failure);
    while (orphans != NULL && store_step(orphans, &build->failure) == STORE_ROW) {
        adopt_orphan(build, orphans);
    }
    store_finish(orphans);
}

/* ---- Names in SQL ---- */

static void name_schemas(struct build *build)
{
    build_run(build, "UPDATE product SET schema_name=sql_name_of(name)", "");
    build_run(build, "CREATE INDEX product_schema ON product(schema_name)", "");
    /* Shared by two domains, or taken by SQLite and the workbench itself. */
    build_run(
        build,
        "UPDATE product SET schema_name=sql_name_of(domain)||'__'||sql_name_of(name) "
        "WHERE schema_name IN(SELECT schema_name FROM product GROUP BY 1 HAVING "
        "count(*)>1) OR schema_name IN('main','temp','mesh')",
        "");
    build_run(build,
              "UPDATE product SET schema_name=schema_name||'_'||rowid WHERE rowid NOT IN("
              "SELECT min(rowid) FROM product GROUP BY schema_name)",
              "");
}

static void sql_name_of(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    char *name = catalog_sql_name((const char *)sqlite3_value_text(values[0]));
    sqlite3_result_text(context, name, -1, free);
}

/* The texts that are there, a line each. */
static void concat_of(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct text lines = {0};
    for (int i = 0; i < count; i++) {
        const char *text = (const char *)sqlite3_value_text(values[i]);
        if (text != NULL) {
            text_append(&lines, lines.length > 0 ? "\n" : "");
            text_append(&lines, text);
        }
    }
    sqlite3_result_text(context, text_string(&lines), (int)lines.length,
                        SQLITE_TRANSIENT);
    text_release(&lines);
}

static void register_functions(struct build *build)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    sqlite3_create_function(build->db, "sql_name_of", 1, flags, NULL, sql_name_of, NULL,
                            NULL);
    sqlite3_create_function(build->db, "concat_of", -1, flags, NULL, concat_of, NULL,
                            NULL);
}

void link_index(struct build *build)
{
    if (build->failure.kind != ERROR_NONE) {
        return;
    }
    register_functions(build);
    run_all(build, resolving, sizeof resolving / sizeof *resolving);
    if (build->orphans_are_products) {
        adopt_orphans(build);
    }
    link_tables(build);
    name_schemas(build);
    run_all(build, finishing, sizeof finishing / sizeof *finishing);
}
