/* catalog/link_names: the keys and the names in SQL that products get when several want
 * the same one: by the order of their files, so that it does not matter which was read
 * first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>

#include "engine/store.h"
#include "engine/text.h"

/* All that want a key or a name which came or went. */
static const char *const widening[] = {
    "INSERT OR IGNORE INTO touched_key SELECT p.wanted_key FROM touched_product t CROSS "
    "JOIN "
    "product p ON p.rowid=t.row",
    "INSERT OR IGNORE INTO touched_product SELECT p.rowid FROM touched_key k CROSS JOIN "
    "product p ON p.wanted_key=k.key COLLATE NOCASE",
    "INSERT OR IGNORE INTO touched_base SELECT p.base_name FROM touched_product t CROSS "
    "JOIN "
    "product p ON p.rowid=t.row WHERE p.base_name IS NOT NULL",
    "DELETE FROM problem WHERE product_row IN(SELECT row FROM touched_product)",
    "UPDATE product SET key=wanted_key,name=substr(wanted_key,instr(wanted_key,'/')+1) "
    "WHERE rowid IN(SELECT row FROM touched_product)",
};

static const char *const naming[] = {
    "UPDATE product SET base_name=sql_name_of(name) WHERE rowid IN(SELECT row FROM "
    "touched_product)",
    "INSERT OR IGNORE INTO touched_base SELECT p.base_name FROM touched_product t CROSS "
    "JOIN "
    "product p ON p.rowid=t.row",
    "INSERT OR IGNORE INTO touched_product SELECT p.rowid FROM touched_base b CROSS JOIN "
    "product p ON p.base_name=b.name",
    /* Shared by two domains, or taken by SQLite and the workbench itself. */
    "UPDATE product SET schema_name=CASE WHEN base_name IN('main','temp','mesh') OR "
    "(SELECT count(*) FROM product q WHERE q.base_name=product.base_name)>1 THEN "
    "sql_name_of(domain)||'__'||base_name ELSE base_name END WHERE rowid IN(SELECT row "
    "FROM touched_product)",
};

/* The n-th product that wants a key gets its number behind the name. */
static void number_one(struct build *build, long long row, const char *wanted,
                       long long number)
{
    char *key = string_printf("%s-%lld", wanted, number);
    while (store_number(build->db, 0,
                        "SELECT count(*) FROM product WHERE wanted_key=?1 COLLATE NOCASE",
                        "s", key) > 0) {
        free(key);
        key = string_printf("%s-%lld", wanted, ++number);
    }
    build_run(build,
              "UPDATE product SET key=?2,name=substr(?2,instr(?2,'/')+1) WHERE rowid=?1",
              "ls", row, key);
    if (number == 2) {
        build_run(build,
                  "INSERT INTO problem(path,line,column,severity,sentence,rule,stage,"
                  "product_row) SELECT path,line,1,'warning','another product is called "
                  "'||wanted_key||' already; this one gets a number behind its name',"
                  "'duplicate-product','mesh',rowid FROM product WHERE rowid=?1",
                  "l", row);
    }
    free(key);
}

static void number_keys(struct build *build)
{
    sqlite3_stmt *taken = store_prepare(
        build->db,
        "SELECT row,wanted_key,n FROM(SELECT p.rowid AS row,p.wanted_key,row_number() "
        "OVER(PARTITION BY lower(p.wanted_key) ORDER BY p.adopted IS NOT NULL,p.path,"
        "p.line,p.folder,p.rowid) AS n FROM product p WHERE p.wanted_key COLLATE NOCASE "
        "IN(SELECT q.wanted_key FROM touched_product t CROSS JOIN product q ON "
        "q.rowid=t.row "
        "GROUP BY lower(q.wanted_key) HAVING count(*)>1)) WHERE n>1",
        &build->failure);
    struct array rows = ARRAY_OF(long long), wanted = ARRAY_OF(char *),
                 numbers = ARRAY_OF(long long);
    while (taken != NULL && store_step(taken, &build->failure) == STORE_ROW) {
        *(long long *)array_push(&rows) = sqlite3_column_int64(taken, 0);
        *(char **)array_push(&wanted) = store_text_copy(taken, 1);
        *(long long *)array_push(&numbers) = sqlite3_column_int64(taken, 2);
    }
    store_finish(taken);
    for (size_t i = 0; i < rows.count; i++) {
        number_one(build, *(long long *)array_at(&rows, i),
                   *(char **)array_at(&wanted, i), *(long long *)array_at(&numbers, i));
    }
    array_release(&rows);
    array_release(&numbers);
    catalog_names_release(&wanted);
}

static const char *const last_resort =
    /* Still shared: by products of one domain whose names differ in signs only. */
    "UPDATE product SET schema_name=schema_name||'_'||(SELECT count(*)+1 FROM product q "
    "WHERE q.base_name=product.base_name AND q.domain=product.domain AND "
    "(q.key<product.key OR (q.key=product.key AND q.rowid<product.rowid))) WHERE rowid "
    "IN(SELECT row FROM touched_product) AND EXISTS(SELECT 1 FROM product q WHERE "
    "q.base_name=product.base_name AND q.domain=product.domain AND q.key<product.key)";

void link_names(struct build *build)
{
    build_run_all(build, widening, sizeof widening / sizeof *widening);
    number_keys(build);
    build_run_all(build, naming, sizeof naming / sizeof *naming);
    build_run(build, last_resort, "");
}
