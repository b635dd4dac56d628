/* catalog/lint_links: the rules across the files of a mesh, as SQL over its index.
 *
 * Findings about a product carry its row, findings about a contract or an agreement the
 * path of its file; that is how they are taken out again. Every rule works on the tables
 * lint_product, lint_contract and lint_agreement only, so one changed file costs what
 * hangs on it and no more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint_links.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- What is to be linted again ---- */

static const char tables[] = "CREATE TEMP TABLE lint_product(row INTEGER PRIMARY KEY);"
                             "CREATE TEMP TABLE lint_contract(row INTEGER PRIMARY KEY);"
                             "CREATE TEMP TABLE lint_agreement(row INTEGER PRIMARY KEY);"
                             "CREATE TEMP TABLE lint_seed(row INTEGER PRIMARY KEY);";

static const char *const choosing_all[] = {
    "INSERT INTO lint_product SELECT rowid FROM product",
    "INSERT INTO lint_contract SELECT rowid FROM contract",
    "INSERT INTO lint_agreement SELECT rowid FROM agreement",
};

/* Whoever names what came, went or changed, and whoever shares its name. */
static const char *const choosing_touched[] = {
    "INSERT OR IGNORE INTO lint_product SELECT t.row FROM touched_product t CROSS JOIN "
    "product "
    "p ON p.rowid=t.row",
    "INSERT OR IGNORE INTO lint_product SELECT product_row FROM port WHERE contract_id "
    "IN(SELECT id FROM touched_id) AND product_row IS NOT NULL",
    "INSERT OR IGNORE INTO lint_product SELECT rowid FROM product WHERE id IN(SELECT "
    "name FROM touched_name WHERE kind='product')",
    "INSERT OR IGNORE INTO lint_product SELECT rowid FROM product WHERE declared_team "
    "IN(SELECT name FROM touched_name WHERE kind='team')",
    "INSERT OR IGNORE INTO lint_contract SELECT rowid FROM contract WHERE id IN(SELECT "
    "id FROM touched_id UNION SELECT name FROM touched_name WHERE kind='input')",
    "INSERT OR IGNORE INTO lint_contract SELECT rowid FROM contract WHERE path IN(SELECT "
    "path FROM touched_path)",
    "INSERT OR IGNORE INTO lint_contract SELECT contract_row FROM relation WHERE to_file "
    "IN(SELECT path FROM touched_path)",
    /* Roles and what they read stand in mesh.yaml. */
    "INSERT OR IGNORE INTO lint_contract SELECT rowid FROM contract WHERE EXISTS(SELECT "
    "1 "
    "FROM touched_path WHERE path='mesh.yaml')",
    /* Findings go by file: all contracts of one are held against the rules together. */
    "INSERT OR IGNORE INTO lint_contract SELECT o.rowid FROM lint_contract l CROSS JOIN "
    "contract c ON c.rowid=l.row CROSS JOIN contract o ON o.path=c.path",
    "INSERT OR IGNORE INTO lint_agreement SELECT a.rowid FROM agreement a WHERE a.rowid "
    "IN(SELECT row FROM touched_agreement) OR a.named COLLATE NOCASE IN(SELECT key FROM "
    "touched_key) OR a.consumer_product COLLATE NOCASE IN(SELECT key FROM touched_key) "
    "OR a.named IN(SELECT name FROM touched_name WHERE kind='product') OR "
    "a.consumer_product IN(SELECT name FROM touched_name WHERE kind='product')",
};

static const char *const forgetting[] = {
    "INSERT OR IGNORE INTO lint_seed SELECT row FROM lint_product",
    "INSERT OR IGNORE INTO lint_seed SELECT product_row FROM problem WHERE stage='mesh' "
    "AND rule='cycle'",
    "DELETE FROM problem WHERE stage='mesh' AND (rule "
    "IN('cycle','saved-query','cost','use','policy','waiver') OR "
    "rule='role' AND path='mesh.yaml')",
    "DELETE FROM problem WHERE product_row IN(SELECT row FROM lint_product) AND "
    "+stage='mesh' AND +rule IN('unknown-contract','undelivered-contract','duplicate',"
    "'self-feeding','withdrawn-input','unknown-domain','unknown-team')",
    "DELETE FROM problem WHERE path IN(SELECT path FROM touched_path UNION SELECT c.path "
    "FROM lint_contract l CROSS JOIN contract c ON c.rowid=l.row UNION SELECT a.path "
    "FROM "
    "lint_agreement l CROSS JOIN agreement a ON a.rowid=l.row) AND stage='mesh' AND "
    "product_row IS NULL",
};

/* ---- The rules ---- */

/* The temporary tables have no statistics: CROSS JOIN keeps SQLite from beginning with
 * the large ones. */
#define MESH_FILE "EXISTS(SELECT 1 FROM document WHERE path='mesh.yaml' AND role='mesh')"
#define PRODUCTS "FROM lint_product l CROSS JOIN product p ON p.rowid=l.row "
#define CONTRACTS_TO_LINT "FROM lint_contract l CROSS JOIN contract c ON c.rowid=l.row "
#define AGREEMENTS "FROM lint_agreement l CROSS JOIN agreement a ON a.rowid=l.row "
#define PORTS_IN                                                                         \
    PRODUCTS "CROSS JOIN port i ON i.product_row=p.rowid AND i.dir='in' AND "            \
             "i.contract_id IS "                                                         \
             "NOT NULL "
/* No product can be meant by this text, as a key or as an id. */
#define NO_PRODUCT(text)                                                                 \
    text " IS NOT NULL AND NOT EXISTS(SELECT 1 FROM product p WHERE p.id=" text          \
         ") AND NOT EXISTS(SELECT 1 FROM product p WHERE p.key=" text " COLLATE NOCASE)"

/* Each selects path, line, product_row, sentence, fix. */
static const struct {
    const char *rule;
    bool is_error;
    const char *select;
} rules[] = {
    {"unknown-contract", false,
     "o.path,o.line,p.rowid,'the port '||coalesce(o.name,'?')||' delivers under the "
     "contract '||o.contract_id||', which is not in this mesh',NULL " PRODUCTS
     "CROSS JOIN port o ON o.product_row=p.rowid AND o.dir='out' AND o.contract_id IS "
     "NOT NULL "
     "AND o.contract_row IS NULL"},
    {"unknown-contract", false,
     "i.path,i.line,p.rowid,'the input port '||coalesce(i.name,'?')||' reads under the "
     "contract '||i.contract_id||', which is not in this mesh',NULL " PORTS_IN
     "WHERE NOT EXISTS(SELECT 1 FROM contract c WHERE c.id=i.contract_id) AND NOT "
     "EXISTS(SELECT 1 FROM port o WHERE o.contract_id=i.contract_id AND o.dir='out')"},
    {"undelivered-contract", false,
     "i.path,i.line,p.rowid,'the input port '||coalesce(i.name,'?')||' reads under the "
     "contract '||i.contract_id||', which no output port of this mesh delivers','add "
     "contractId: '||i.contract_id||' to the output port that delivers it' " PORTS_IN
     "WHERE " MESH_FILE " AND EXISTS(SELECT 1 FROM contract c WHERE c.id=i.contract_id) "
     "AND NOT EXISTS(SELECT 1 FROM port o JOIN product q ON q.rowid=o.product_row WHERE "
     "o.contract_id=i.contract_id AND o.dir='out' AND q.adopted IS NULL)"},
    {"self-feeding", true,
     "i.path,i.line,p.rowid,'the product reads under the contract '||i.contract_id||', "
     "which it delivers itself',NULL " PORTS_IN
     "WHERE EXISTS(SELECT 1 FROM port o WHERE o.product_row=p.rowid AND o.dir='out' AND "
     "o.contract_id=i.contract_id)"},
    {"withdrawn-input", false,
     "i.path,i.line,p.rowid,'the product is active, but its input port '||"
     "coalesce(i.name,'?')||' reads under the contract '||i.contract_id||', which is '||"
     "lower(c.status),'move to the contract that comes after it' " PORTS_IN
     "CROSS JOIN contract c ON c.rowid=i.contract_row WHERE lower(p.status)='active' AND "
     "lower(c.status) IN('deprecated','retired')"},
    {"withdrawn-input", false,
     "i.path,i.line,p.rowid,'the product is active, but its input port '||"
     "coalesce(i.name,'?')||' reads from '||min(q.key)||', '||CASE WHEN lower(q.status) "
     "IN('deprecated','retired') THEN 'which is '||lower(q.status) ELSE 'whose port is "
     "deprecated' END,NULL " PORTS_IN "CROSS JOIN port o ON o.contract_id=i.contract_id "
     "AND o.dir='out' CROSS JOIN product q ON "
     "q.rowid=o.product_row AND q.rowid<>p.rowid LEFT JOIN contract c ON "
     "c.rowid=i.contract_row WHERE lower(p.status)='active' AND (lower(q.status) "
     "IN('deprecated','retired') OR o.deprecated=1) AND lower(coalesce(c.status,'')) NOT "
     "IN('deprecated','retired') GROUP BY i.rowid"},
    {"duplicate", true,
     "p.path,p.line,p.rowid,'the id '||p.id||' in this version is claimed by '||"
     "min(q.path)||' too',NULL " PRODUCTS "CROSS JOIN product q ON q.id=p.id AND "
     "q.version IS p.version AND q.path<>p.path AND "
     "q.standard=p.standard WHERE p.standard IN('odps','dpds','open') GROUP BY p.rowid"},
    {"unknown-domain", false,
     "p.path,p.line,p.rowid,'the domain '||p.domain||' is none that mesh.yaml has',"
     "NULL " PRODUCTS
     "WHERE p.standard IN('odps','dpds','open') AND EXISTS(SELECT 1 FROM domain WHERE "
     "line IS NOT NULL) AND sql_name_of(p.domain) NOT IN(SELECT sql_name_of(name) FROM "
     "domain WHERE line IS NOT NULL AND name IS NOT NULL UNION ALL SELECT "
     "sql_name_of(name) FROM mesh)"},
    {"unknown-team", false,
     "p.path,p.line,p.rowid,'the team '||p.declared_team||' is none that mesh.yaml has',"
     "(SELECT 'team: '||t.name FROM team t WHERE lower(t.name)=lower(p.declared_team) "
     "LIMIT 1) " PRODUCTS
     "WHERE p.declared_team IS NOT NULL AND EXISTS(SELECT 1 FROM team WHERE path IS "
     "NULL) AND p.declared_team NOT IN(SELECT name FROM team WHERE name IS NOT NULL "
     "UNION ALL SELECT id FROM team WHERE id IS NOT NULL)"},
    {"duplicate", true,
     "c.path,c.line,NULL,'the id '||c.id||' in this version is claimed by '||"
     "min(o.path)||' too',NULL " CONTRACTS_TO_LINT
     "CROSS JOIN contract o ON o.id=c.id AND o.version IS c.version AND o.path<>c.path "
     "AND "
     "o.standard=c.standard WHERE c.standard IN('odcs','dcs') GROUP BY c.rowid"},
    {"unused-contract", false,
     "c.path,c.line,NULL,'no port of any product delivers or reads under the contract '"
     "||c.id,'add contractId: '||c.id||' to the port that delivers "
     "it' " CONTRACTS_TO_LINT "WHERE c.standard IN('odcs','dcs') AND " MESH_FILE
     " AND NOT EXISTS(SELECT 1 FROM "
     "port o LEFT JOIN product q ON q.rowid=o.product_row WHERE o.contract_id=c.id AND "
     "(o.dir<>'out' OR q.adopted IS NULL))"},
    {"role", false,
     "c.path,min(r.line),NULL,'the contract names the role '||r.role||', which mesh.yaml "
     "has not',(SELECT 'role: '||m.name FROM mesh_role m WHERE lower(m.name)="
     "lower(r.role)) " CONTRACTS_TO_LINT
     "CROSS JOIN role r ON r.contract_row=c.rowid WHERE r.role IS NOT NULL AND "
     "EXISTS(SELECT 1 FROM mesh_role) AND lower(r.role) NOT IN(SELECT lower(name) FROM "
     "mesh_role) GROUP BY c.rowid,r.role"},
    {"role", false,
     "'mesh.yaml',m.line,NULL,'no contract and no agreement names the role '||m.name||'; "
     "it reads only what names no roles',NULL FROM mesh_role m WHERE NOT EXISTS(SELECT 1 "
     "FROM role r WHERE lower(r.role)=lower(m.name)) AND NOT EXISTS(SELECT 1 FROM "
     "agreement a WHERE lower(a.role)=lower(m.name)) AND NOT EXISTS(SELECT 1 FROM "
     "mesh_role_word w WHERE w.role=m.position AND w.kind='includes')"},
    {"unread-classification", false,
     "c.path,min(p.line),NULL,'no role of mesh.yaml reads what is classified '||"
     "p.classification||'; everybody gets it masked',NULL " CONTRACTS_TO_LINT
     "CROSS JOIN object o ON o.contract_row=c.rowid CROSS JOIN property p ON "
     "p.object_row=o.rowid WHERE p.classification<>'' AND EXISTS(SELECT 1 FROM "
     "mesh_role) AND lower(p.classification) NOT IN(SELECT lower(word) FROM "
     "mesh_role_word WHERE kind='classifications') GROUP BY c.rowid,p.classification"},
    {"cost", false,
     "c.path,min(c.line),NULL,'costs are told of the product '||c.named||', which is not "
     "in this mesh',NULL FROM cost c WHERE " NO_PRODUCT("c.named") " GROUP BY "
                                                                   "c.path,c.named"},
    {"cost", false,
     "c.path,max(c.line),NULL,'costs of '||c.product_id||' in '||c.month||"
     "coalesce(' for '||c.category,'')||' are told twice; both are counted',NULL FROM "
     "cost c GROUP BY c.product_id,c.month,c.category,c.currency HAVING count(*)>1"},
    {"use", false,
     "u.path,min(u.line),NULL,'use is told of the product '||u.named||', which is not in "
     "this mesh',NULL FROM shared_use u WHERE " NO_PRODUCT("u.named") " GROUP BY "
                                                                      "u.path,u.named"},
    {"agreement", false,
     "a.path,1,NULL,'the agreement is about the product '||a.named||', which is not in "
     "this mesh',NULL " AGREEMENTS "WHERE " NO_PRODUCT("a.named")},
    {"agreement", false,
     "a.path,1,NULL,'the agreement is for the product '||a.consumer_product||', which is "
     "not in this mesh',NULL " AGREEMENTS "WHERE " NO_PRODUCT("a.consumer_product")},
    {"agreement", false,
     "a.path,1,NULL,'the agreement is about the port '||a.port||', which '||a.named||' "
     "has not',NULL " AGREEMENTS
     "WHERE a.port IS NOT NULL AND EXISTS(SELECT 1 FROM product p WHERE "
     "p.id=a.product_id) AND NOT EXISTS(SELECT 1 FROM product p JOIN port o ON "
     "o.product_row=p.rowid WHERE p.id=a.product_id AND o.name=a.port)"},
};

static void run_rules(struct build *build)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char *sql = string_printf(
            "INSERT INTO problem(severity,rule,stage,column,path,line,product_row,"
            "sentence,fix) SELECT '%s','%s','mesh',1,%s",
            rules[i].is_error ? "error" : "warning", rules[i].rule, rules[i].select);
        build_run(build, sql, "");
        free(sql);
    }
}

/* ---- References into other files ---- */

void lint_links_tell(struct build *build, struct link_place place, bool is_error,
                     const char *rule, const char *sentence, const char *fix)
{
    build_insert(build, INSERT_PROBLEM, place.product_row != 0 ? "siisssssl" : "siisssss",
                 place.path, place.line, 1, is_error ? "error" : "warning", sentence,
                 rule, fix, "mesh", place.product_row);
}

struct resolver {
    struct build *build;
    sqlite3_stmt *contract, *object, *property;
};

static long long find_row(sqlite3_stmt *stmt, long long row, const char *name)
{
    long long found = 0;
    if (stmt != NULL) {
        store_bind(stmt, row != 0 ? "sl" : "s", name, row);
        found = store_step(stmt, NULL) == STORE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
        sqlite3_reset(stmt);
    }
    return found;
}

/* The last of the columns, by commas, that the object has not. Yours, or NULL. */
static char *missing_column(struct resolver *resolver, long long object,
                            const char *columns)
{
    char *all = string_copy(columns), *rest = all, *missing = NULL;
    while (rest != NULL && missing == NULL) {
        char *column = strsep(&rest, ",");
        char *slash = strrchr(column, '/');
        if (find_row(resolver->property, object, slash != NULL ? slash + 1 : column) ==
            0) {
            missing = string_copy(column);
        }
    }
    free(all);
    return missing;
}

/* It is there, but nobody asked for it: single files may be checked. */
static bool is_elsewhere(struct build *build, const char *file)
{
    char *full = roots_file(&build->roots, file);
    bool is = document_row(build, file) == 0 && path_exists(full);
    free(full);
    return is;
}

/* What is wrong with a reference, or NULL when it leads to something. Yours. */
static char *reference_fault(struct resolver *resolver, const char *file,
                             const char *object, const char *columns)
{
    long long contract = find_row(resolver->contract, 0, file);
    if (contract == 0 && is_elsewhere(resolver->build, file)) {
        return NULL;
    }
    if (contract == 0) {
        return document_row(resolver->build, file) != 0
                   ? string_printf("the reference leads into %s, which is no data "
                                   "contract",
                                   file)
                   : string_printf("the file %s is not there", file);
    }
    long long row = find_row(resolver->object, contract, object);
    if (row == 0) {
        return string_printf("the reference leads to nothing: %s has no object %s", file,
                             object);
    }
    char *missing =
        string_equal(object, columns) ? NULL : missing_column(resolver, row, columns);
    if (missing == NULL) {
        return NULL;
    }
    char *fault =
        string_printf("the reference leads to nothing: %s of %s has no column %s", object,
                      file, missing);
    free(missing);
    return fault;
}

static void check_relation(struct resolver *resolver, sqlite3_stmt *relation)
{
    char *fault = reference_fault(resolver, store_text(relation, 2),
                                  store_text(relation, 3), store_text(relation, 4));
    if (fault != NULL) {
        lint_links_tell(resolver->build,
                        (struct link_place){.path = store_text(relation, 0),
                                            .line = sqlite3_column_int(relation, 1)},
                        true, "reference", fault, NULL);
    }
    free(fault);
}

static void check_relations(struct build *build)
{
    struct resolver resolver = {
        .build = build,
        .contract = store_prepare(
            build->db, "SELECT rowid FROM contract WHERE path=?1 LIMIT 1", NULL),
        .object = store_prepare(build->db,
                                "SELECT rowid FROM object WHERE contract_row=?2 AND "
                                "?1 IN(name,anchor,physical_name) LIMIT 1",
                                NULL),
        .property = store_prepare(
            build->db,
            "SELECT rowid FROM property WHERE object_row=?2 AND (?1 "
            "IN(name,anchor,physical_name) OR substr(name,-length(?1)-1)='.'||?1) "
            "LIMIT 1",
            NULL),
    };
    sqlite3_stmt *relations = store_prepare(
        build->db,
        "SELECT c.path,r.line,r.to_file,r.to_object,r.to_cols FROM lint_contract l CROSS "
        "JOIN "
        "contract c ON c.rowid=l.row CROSS JOIN relation r ON r.contract_row=l.row WHERE "
        "r.to_file IS NOT NULL AND instr(r.to_file,':/')=0",
        &build->failure);
    while (relations != NULL && store_step(relations, &build->failure) == STORE_ROW) {
        check_relation(&resolver, relations);
    }
    store_finish(relations);
    store_finish(resolver.contract);
    store_finish(resolver.object);
    store_finish(resolver.property);
}

/* ---- All together ---- */

void lint_links(struct build *build)
{
    if (build->failure.kind != ERROR_NONE ||
        !store_run(build->db, tables, &build->failure)) {
        return;
    }
    if (build->is_refresh) {
        build_run_all(build, choosing_touched,
                      sizeof choosing_touched / sizeof *choosing_touched);
        build_run_all(build, forgetting, sizeof forgetting / sizeof *forgetting);
    } else {
        build_run_all(build, choosing_all, sizeof choosing_all / sizeof *choosing_all);
        build_run(build, "INSERT INTO lint_seed SELECT row FROM lint_product", "");
    }
    run_rules(build);
    check_relations(build);
    lint_cycles(build);
    lint_queries(build);
    lint_policies(build);
}
