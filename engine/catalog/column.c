/* catalog/column: all that descriptors say about one column, and where it stands.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include <stdlib.h>

#include "engine/catalog/reading.h"
#include "engine/store.h"

/* Facts of a group. With a name: an expression over the row of the property. Without: a
 * statement that gives name, value and line; bound are ?1 row of the property, ?2 its
 * name, ?3 id of the contract, ?4 name of the object, ?5 the owner_id of the property,
 * ?6 row of the contract, ?7 row of the object. */
struct source {
    const char *group, *name, *sql;
};

static const char sql_key[] =
    "CASE WHEN pk_pos>0 THEN 'primary key'||CASE WHEN (SELECT count(*) FROM property k "
    "WHERE k.object_row=?7 AND k.pk_pos>0)>1 THEN ', column '||pk_pos||' of '||(SELECT "
    "count(*) FROM property k WHERE k.object_row=?7 AND k.pk_pos>0) ELSE '' END END";

static const char sql_options[] =
    "SELECT key,value,NULL FROM prop_option WHERE contract_id=?3 AND object=?4 AND "
    "property=?2 AND key<>'enum'";

static const char sql_values[] =
    "SELECT value,coalesce(label,'')||CASE WHEN coalesce(label,'')<>'' AND coalesce("
    "description,'')<>'' THEN ': ' ELSE '' END||coalesce(description,''),line FROM "
    "enum_value WHERE object_row=?7 AND property=?2 ORDER BY position";

static const char sql_examples[] = "replace(replace(replace(trim(examples,'[]'),'\",\"',"
                                   "', '),'\"',''),char(10),' ')";

static const char sql_synonyms[] =
    "SELECT synonym,trim(coalesce(source,'')||' '||coalesce(locale,'')||' '||coalesce("
    "status,'')),line FROM synonym WHERE owner_kind='property' AND owner_id=?5";

static const char sql_definition[] =
    "SELECT p.definition,coalesce((SELECT trim(coalesce(d.title,d.name)||': '||coalesce("
    "d.description,'')) FROM definition d WHERE d.id=p.definition OR d.name=p.definition "
    "LIMIT 1),''),p.line FROM property p WHERE p.rowid=?1 AND p.definition<>''";

#define HAS_COLUMN(list) "instr(','||replace(" list ",' ','')||',',','||?2||',')>0 "

static const char sql_relations[] =
    "SELECT 'refers to',coalesce(to_contract||' ','')||to_object||'('||coalesce(to_cols,"
    "'')||')'||coalesce(': '||description,''),line FROM relation WHERE contract_row=?6 "
    "AND object=?4 AND " HAS_COLUMN(
        "from_cols") "UNION ALL SELECT 'referred to by',CASE WHEN contract_row=?6 THEN "
                     "'' ELSE contract_id||' ' END||object||'('||from_cols||')',NULL "
                     "FROM relation WHERE to_object=?4 AND coalesce(to_contract,"
                     "contract_id)=?3 AND " HAS_COLUMN("to_cols");

static const char sql_rules[] =
    "SELECT coalesce(name,id,metric,type),trim(coalesce(rtrim(description,'.')||'; ','')"
    "||coalesce(metric||' ','')||coalesce(operator||' ','')||coalesce(lo||' ','')||"
    "coalesce('to '||hi||' ','')||coalesce(unit||' ','')||coalesce('['||severity||']',"
    "'')),line FROM rule WHERE contract_row=?6 AND object=?4 AND property=?2 ORDER BY "
    "position";

static const char sql_lineage[] =
    "SELECT 'from',coalesce(from_contract||' ','')||coalesce(from_object||coalesce('.'||"
    "from_property,''),source,'')||coalesce(': '||transformation,'')||coalesce('; '||"
    "description,''),line FROM lineage WHERE contract_row=?6 AND object=?4 AND "
    "property=?2";

static const char sql_tags[] = "SELECT '',group_concat(tag,', '),NULL FROM tag WHERE "
                               "owner_kind='property' AND owner_id=?5 HAVING count(*)>0";

static const char sql_links[] =
    "SELECT coalesce(type,'link'),url||coalesce(': '||description,''),line FROM authdef "
    "WHERE owner_kind='property' AND owner_id=?5";

static const char sql_customs[] =
    "SELECT property,value,line FROM custom WHERE owner_kind='property' AND owner_id=?5";

static const struct source sources[] = {
    {"column", "business name", "business_name"},
    {"column", "type", "logical_type"},
    {"column", "physical type", "physical_type"},
    {"column", "physical name", "nullif(physical_name,name)"},
    {"column", "key", sql_key},
    {"column", "partition", "'part '||nullif(partition_pos,0)||' of the partition key'"},
    {"column", "classification", "classification"},
    {"column", "critical", "CASE WHEN cde=1 THEN 'a critical data element' END"},
    {"column", "semantic type", "semantic_type"},
    {"column", "unit", "unit"},
    {"column", "format", "format"},
    {"column", "encrypted as", "encrypted_name"},
    {"column", "deprecated", "CASE WHEN deprecated=1 THEN 'not to be used any more' END"},
    {"description", "", "description"},
    {"constraints", "required", "CASE WHEN required=1 THEN 'never empty' END"},
    {"constraints", "unique", "CASE WHEN is_unique=1 THEN 'no value twice' END"},
    {"constraints", NULL, sql_options},
    {"values", NULL, sql_values},
    {"sample values", "", sql_examples},
    {"synonyms", NULL, sql_synonyms},
    {"definition", NULL, sql_definition},
    {"relations", NULL, sql_relations},
    {"rules", NULL, sql_rules},
    {"lineage", NULL, sql_lineage},
    {"lineage", "made by", "transform_logic"},
    {"lineage", "made from", "transform_sources"},
    {"lineage", "in words", "transform_description"},
    {"tags", NULL, sql_tags},
    {"links", NULL, sql_links},
    {"more", NULL, sql_customs},
    {NULL, NULL, NULL},
};

struct subject {
    long long property, contract, object;
    char *name, *contract_id, *object_name, *path, *owner;
    int line;
};

static void subject_release(struct subject *subject)
{
    free(subject->name);
    free(subject->contract_id);
    free(subject->object_name);
    free(subject->path);
    free(subject->owner);
}

static bool find_subject(const struct catalog *catalog,
                         const struct catalog_column_name *name, struct subject *subject)
{
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT c.rowid,o.contract_row,o.rowid,o.contract_id,o.name,o.path,"
                 "coalesce(c.line,o.line) FROM table_of t JOIN object o ON "
                 "o.rowid=t.object_row JOIN property c ON c.object_row=o.rowid WHERE "
                 "t.product_row=?1 AND (t.sql_name=?2 OR t.name=?2) AND c.name=?3");
    bool found;

    *subject = (struct subject){0};
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "lss", name->product, name->table, name->column);
    found = store_step(stmt, NULL) == STORE_ROW;
    if (found) {
        subject->property = sqlite3_column_int64(stmt, 0);
        subject->contract = sqlite3_column_int64(stmt, 1);
        subject->object = sqlite3_column_int64(stmt, 2);
        subject->name = string_copy(name->column);
        subject->contract_id = string_copy(store_text(stmt, 3));
        subject->object_name = string_copy(store_text(stmt, 4));
        subject->path = string_copy(store_text(stmt, 5));
        subject->line = sqlite3_column_int(stmt, 6);
        subject->owner = string_printf("%s/%s/%s", subject->contract_id,
                                       subject->object_name, name->column);
    }
    sqlite3_reset(stmt);
    return found;
}

static void add_fact(struct array *facts, const struct source *source,
                     const struct subject *subject, sqlite3_stmt *row)
{
    struct catalog_fact *fact = array_push(facts);

    fact->group = string_copy(source->group);
    fact->name = string_copy(source->name != NULL ? source->name : store_text(row, 0));
    fact->value = string_copy(store_text(row, 1));
    fact->path = string_copy(subject->path);
    fact->line = sqlite3_column_int(row, 2);
}

static void read_source(const struct catalog *catalog, const struct source *source,
                        const struct subject *subject, struct array *facts)
{
    char *sql = source->name == NULL
                    ? string_copy(source->sql)
                    : string_printf("SELECT '',%s,line FROM property WHERE rowid=?1",
                                    source->sql);
    sqlite3_stmt *stmt = store_prepare(catalog_database(catalog), sql, NULL);

    if (stmt != NULL) {
        sqlite3_bind_int64(stmt, 1, subject->property);
        sqlite3_bind_text(stmt, 2, subject->name, -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(stmt, 3, subject->contract_id, -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(stmt, 4, subject->object_name, -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(stmt, 5, subject->owner, -1, SQLITE_TRANSIENT);
        sqlite3_bind_int64(stmt, 6, subject->contract);
        sqlite3_bind_int64(stmt, 7, subject->object);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        if (source->name == NULL || *store_text(stmt, 1) != '\0') {
            add_fact(facts, source, subject, stmt);
        }
    }
    store_finish(stmt);
    free(sql);
}

bool catalog_column_facts(const struct catalog *catalog,
                          const struct catalog_column_name *name, struct array *facts)
{
    struct subject subject;
    bool found = find_subject(catalog, name, &subject);

    for (const struct source *source = sources; found && source->group != NULL;
         source++) {
        read_source(catalog, source, &subject, facts);
    }
    subject_release(&subject);
    return found;
}

void catalog_facts_free(struct array *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        struct catalog_fact *fact = array_at(facts, i);
        free(fact->group);
        free(fact->name);
        free(fact->value);
        free(fact->path);
    }
    array_release(facts);
}

/* ---- Where it stands ---- */

static bool take_place(sqlite3_stmt *stmt, char **path, int *line)
{
    bool found = stmt != NULL && store_step(stmt, NULL) == STORE_ROW;

    if (found) {
        *path = string_copy(store_text(stmt, 0));
        *line = sqlite3_column_int(stmt, 1);
    }
    if (stmt != NULL) {
        sqlite3_reset(stmt);
    }
    return found && **path != '\0';
}

bool catalog_place(const struct catalog *catalog, const struct catalog_column_name *name,
                   char **path, int *line)
{
    struct subject subject;
    sqlite3_stmt *stmt;

    *path = NULL;
    if (name->column != NULL && find_subject(catalog, name, &subject)) {
        *path = subject.path;
        *line = subject.line;
        subject.path = NULL;
        subject_release(&subject);
        return true;
    }
    if (name->table != NULL) {
        stmt = catalog_statement(catalog, "SELECT o.path,o.line FROM table_of t JOIN "
                                          "object o ON o.rowid=t.object_row WHERE "
                                          "t.product_row=?1 AND (t.sql_name=?2 OR "
                                          "t.name=?2)");
        store_bind(stmt, "ls", name->product, name->table);
    } else {
        stmt = catalog_statement(catalog, "SELECT path,line FROM product WHERE rowid=?1");
        store_bind(stmt, "l", name->product);
    }
    if (take_place(stmt, path, line)) {
        return true;
    }
    free(*path);
    *path = NULL;
    return false;
}
