/* catalog/schema: makes the tables of the index from the model, its views and indexes;
 * and which columns each kind of row is inserted with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <string.h>

#include "engine/catalog/model.h"
#include "engine/catalog/reading.h"
#include "engine/catalog/search.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- Tables ---- */

/* What the model explains, but another statement makes. */
static bool is_made_otherwise(const char *table)
{
    static const char *const names[] = {"search",   "search_word", "facet",
                                        "facet_of", "freshness",   "products",
                                        "tables",   "columns",     "unread"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (string_equal(table, names[i])) {
            return true;
        }
    }
    return false;
}

/* Rowids are compared with rowids, and amounts are added; every other column keeps what
 * it is given. */
static const char *type_of_column(const struct model_row *row)
{
    bool is_amount =
        (string_equal(row->table, "cost") && string_equal(row->column, "amount")) ||
        (string_equal(row->table, "shared_use") &&
         (string_equal(row->column, "statements") || string_equal(row->column, "rows")));
    return string_ends(row->column, "_row") ? " INTEGER" : is_amount ? " NUMERIC" : "";
}

static void append_tables(struct text *sql, const struct model_row *row)
{
    for (; row->table != NULL; row++) {
        bool starts = row->column[0] == '\0';
        bool ends = row[1].table == NULL || row[1].column[0] == '\0';
        if (is_made_otherwise(row->table)) {
            continue;
        }
        if (starts) {
            text_printf(sql, "CREATE TABLE %s(", row->table);
            continue;
        }
        text_printf(sql, "%s%s%s", row->column, type_of_column(row), ends ? ");\n" : ",");
    }
}

static void insert_model(struct build *build, const struct model_row *row)
{
    for (; row->table != NULL; row++) {
        build_insert(build, INSERT_MODEL, "sss", row->table, row->column, row->meaning);
    }
}

void index_create(struct build *build)
{
    struct text sql = {0};
    append_tables(&sql, model_of_mesh);
    append_tables(&sql, model_of_products);
    append_tables(&sql, model_of_contracts);
    text_append(&sql, search_tables);
    if (build->failure.kind == ERROR_NONE &&
        store_run(build->db, text_string(&sql), &build->failure)) {
        insert_model(build, model_of_mesh);
        insert_model(build, model_of_products);
        insert_model(build, model_of_contracts);
    }
    text_release(&sql);
}

/* Made when the first documents are read; what comes later keeps them. */
const char index_keys[] =
    "CREATE UNIQUE INDEX document_path ON document(path);"
    "CREATE INDEX product_key ON product(key COLLATE NOCASE);"
    "CREATE INDEX product_domain ON product(domain,name);"
    "CREATE INDEX table_product ON table_of(product_row);"
    "CREATE INDEX file_product ON file_of(product_row);"
    "CREATE INDEX problem_product ON problem(product_row) WHERE product_row IS NOT NULL;"
    "CREATE INDEX problem_path ON problem(path);"
    "CREATE INDEX dependency_document ON dependency(document);"
    "CREATE INDEX dependency_path ON dependency(path);"
    "CREATE INDEX dependency_product ON dependency(product_row) WHERE product_row IS NOT "
    "NULL;"
    "CREATE INDEX product_wanted ON product(wanted_key COLLATE NOCASE);"
    "CREATE INDEX product_base ON product(base_name);"
    "CREATE INDEX product_adopted ON product(adopted) WHERE adopted IS NOT NULL;"
    "CREATE INDEX contract_id ON contract(id);"
    "CREATE INDEX contract_path ON contract(path);"
    "CREATE INDEX port_contract ON port(contract_id);"
    "CREATE INDEX port_product ON port(product_row);"
    "CREATE INDEX object_contract ON object(contract_row);"
    "CREATE INDEX property_object ON property(object_row);"
    "CREATE INDEX server_contract ON server(contract_row);"
    "CREATE INDEX relation_file ON relation(to_file) WHERE to_file IS NOT NULL;"
    "CREATE INDEX relation_contract ON relation(contract_row) WHERE to_file IS NOT NULL;"
    "CREATE INDEX port_input_product ON port_input(product_row);"
    "CREATE INDEX port_input_contract ON port_input(contract_id);"
    "CREATE INDEX port_source ON port(source) WHERE source IS NOT NULL;"
    "CREATE INDEX agreement_named ON agreement(named COLLATE NOCASE);"
    "CREATE INDEX cost_named ON cost(named COLLATE NOCASE);"
    "CREATE INDEX cost_product ON cost(product_id,month);"
    "CREATE INDEX product_id ON product(id);"
    "CREATE INDEX product_team ON product(declared_team);"
    "CREATE INDEX custom_masking ON custom(owner_id) WHERE property='masking';"
    "CREATE INDEX tag_owner ON tag(owner_kind,owner_id);"
    "CREATE INDEX sla_contract ON sla(contract_row);"
    "CREATE INDEX property_contract ON property(contract_id,object,name);"
    "CREATE INDEX support_owner ON support(owner_kind,owner_id);";

const char index_views[] =
    "CREATE INDEX product_schema ON product(schema_name COLLATE NOCASE);"
    "CREATE INDEX port_contract_row ON port(contract_row);"
    "CREATE INDEX problem_mesh ON problem(rule) WHERE stage='mesh';"
    "CREATE INDEX option_property ON prop_option(contract_id,object,property);"
    "CREATE INDEX rule_contract ON rule(contract_row);"
    "CREATE INDEX role_contract ON role(contract_row);"
    "CREATE INDEX member_owner ON member(owner_kind,owner_id);"
    "CREATE INDEX authdef_owner ON authdef(owner_kind,owner_id);"
    /* For people who type. */
    "CREATE VIEW unread AS SELECT d.path,coalesce((SELECT p.sentence FROM problem p "
    "WHERE p.path=d.path ORDER BY p.severity,p.line LIMIT 1),'it is no descriptor: its "
    "root "
    "has none of the keys that a standard is known by') AS reason FROM document d WHERE "
    "d.role='other' AND NOT EXISTS(SELECT 1 "
    "FROM object o WHERE o.path=d.path) UNION SELECT p.path,p.sentence FROM problem p "
    "WHERE p.rule IN" UNREAD_RULES " OR p.rule IN('link','no-table') ORDER BY 1;"
    "CREATE VIEW products AS SELECT p.key AS product,p.name,p.domain,d.class,p.status,"
    "p.team AS owner,p.version,p.tables,p.frequency,p.title,p.purpose,p.path FROM "
    "product p "
    "LEFT JOIN domain d ON d.name=p.domain ORDER BY p.domain,p.name;"
    "CREATE VIEW tables AS SELECT p.key AS product,p.schema_name||'.'||t.sql_name AS "
    "\"table\",t.title,t.description,t.granularity,replace(t.files,char(10),', ') AS "
    "files "
    "FROM product p JOIN table_of t ON t.product_row=p.rowid "
    "ORDER BY p.domain,p.name,t.position;"
    "CREATE VIEW columns AS SELECT p.key AS product,p.schema_name||'.'||t.sql_name AS "
    "\"table\",c.name AS \"column\",c.logical_type AS type,c.classification,c.required,"
    "c.pk_pos,c.description FROM product p JOIN table_of t ON t.product_row=p.rowid "
    "JOIN property c ON c.object_row=t.object_row "
    "ORDER BY p.domain,p.name,t.position,c.position;";

/* ---- Rows ---- */

const struct index_insert index_inserts[INSERT_COUNT] = {
    [INSERT_DOMAIN] = {"domain", "name,class,team,description,line,cots"},
    [INSERT_TEAM] = {"team", "name,type,domain,parent,contact,description,line,id,path"},
    [INSERT_INFOTYPE] = {"infotype", "pattern,classification"},
    [INSERT_MESH_ROLE] =
        {"mesh_role",
         "name,position,description,unix_group,team,contact,restricted,line"},
    [INSERT_MESH_ROLE_WORD] = {"mesh_role_word", "role,kind,word"},
    [INSERT_MASKING] = {"masking", "kind,word,classification,mask,position,line"},
    [INSERT_GATE_RULE] =
        {"gate_rule",
         "kind,classification,table_name,at_least,ways,answer,excepted,line"},
    [INSERT_CLASSIFICATION] = {"classification", "word,position"},
    [INSERT_PRODUCT] =
        {"product", "id,name,domain,tenant,version,status,type,team,purpose,limitations,"
                    "usage,created,deprecated,path,line,key,title,standard,folder,"
                    "description,modified,access_level,license,language,wanted_key,"
                    "base_name,declared_team,adopted"},
    [INSERT_PORT] =
        {"port",
         "product_id,dir,name,version,type,contract_id,server,pii,"
         "autoapprove,deprecated,path,line,product_row,description,url,content,channel,"
         "title,source,environment,details"},
    [INSERT_PORT_INPUT] = {"port_input", "product_id,port,port_version,contract_id,"
                                         "contract_version,product_row"},
    [INSERT_CONTRACT] = {"contract", "id,version,api_version,name,domain,tenant,status,"
                                     "purpose,limitations,usage,created,price,currency,"
                                     "price_unit,path,line,team,standard,data_product,"
                                     "description,title,terms,notice_period"},
    [INSERT_OBJECT] = {"object",
                       "contract_id,name,physical_name,physical_type,description,"
                       "granularity,deprecated,path,line,contract_row,position,"
                       "business_name,title,anchor"},
    [INSERT_PROPERTY] =
        {"property", "contract_id,object,name,depth,physical_name,logical_type,"
                     "physical_type,required,is_unique,pk_pos,classification,cde,"
                     "encrypted_name,description,business_name,transform_logic,"
                     "transform_sources,deprecated,line,object_row,position,format,"
                     "true_values,false_values,decimal_char,group_char,missing,anchor,"
                     "not_bare,semantic_type,partition_pos,examples,"
                     "transform_description,definition,unit"},
    [INSERT_OPTION] = {"prop_option", "contract_id,object,property,key,value,object_row"},
    [INSERT_RELATION] = {"relation",
                         "contract_id,object,from_cols,to_object,to_cols,line,"
                         "contract_row,to_file,type,level,anchor,from_count,"
                         "to_count,description"},
    [INSERT_RULE] = {"rule", "contract_id,object,property,id,name,type,metric,dimension,"
                             "operator,lo,hi,unit,severity,query,schedule,line,"
                             "contract_row,description,arguments,engine,"
                             "business_impact,method,scheduler,position"},
    [INSERT_SERVER] = {"server", "contract_id,name,type,environment,location,format,"
                                 "encoding,line,contract_row,description,delimiter,"
                                 "details,roles"},
    [INSERT_SLA] = {"sla",
                    "contract_id,property,value,value_ext,unit,element,driver,line,"
                    "contract_row,description,anchor,scheduler,schedule,position"},
    [INSERT_ROLE] = {"role", "contract_id,role,access,approver1,approver2,line,"
                             "contract_row,description,anchor"},
    [INSERT_MEMBER] = {"member",
                       "owner_kind,owner_id,username,name,role,date_in,date_out,line,"
                       "description,replaced_by"},
    [INSERT_SUPPORT] = {"support",
                        "owner_kind,owner_id,channel,url,tool,scope,description,line,"
                        "invitation"},
    [INSERT_AUTHDEF] = {"authdef", "owner_kind,owner_id,type,url,description,line"},
    [INSERT_TAG] = {"tag", "owner_kind,owner_id,tag"},
    [INSERT_CUSTOM] = {"custom",
                       "owner_kind,owner_id,property,value,line,description,vendor"},
    [INSERT_AGREEMENT] =
        {"agreement", "id,product_id,port,provider_team,consumer_team,consumer_product,"
                      "purpose,status,start_date,end_date,reassess_date,path,role,"
                      "notice,terms,named,contact"},
    [INSERT_QUERY] = {"saved_query", "id,team,name,sql,made,title,question,chart,path"},
    [INSERT_POLICY] = {"policy", "id,title,category,severity,context,decision,"
                                 "consequences,why,scope,gate,measure,each,each_line,"
                                 "sql,path,line"},
    [INSERT_WAIVER] = {"waiver", "policy,product,domain,reason,owner,until,path,line"},
    [INSERT_FILE] = {"file_of", "product_row,position,name,sql_name,title,description,"
                                "files,format,bytes,hash,line"},
    [INSERT_TABLE] = {"table_of",
                      "product_row,position,name,sql_name,port,contract_row,object_row,"
                      "title,description,granularity,files,format,inline_data,linked,"
                      "server_row"},
    [INSERT_PROBLEM] = {"problem",
                        "path,line,column,severity,sentence,rule,fix,stage,product_row"},
    [INSERT_MODEL] = {"model", "table_name,column_name,meaning"},
    [INSERT_ENUM] = {"enum_value", "contract_id,object,property,value,label,description,"
                                   "position,line,object_row"},
    [INSERT_LINEAGE] = {"lineage",
                        "contract_id,object,property,from_contract,from_object,"
                        "from_property,source,transformation,description,line,"
                        "contract_row"},
    [INSERT_SYNONYM] = {"synonym", "owner_kind,owner_id,synonym,locale,source,status,"
                                   "line"},
    [INSERT_CONTEXT] = {"context", "owner_kind,owner_id,kind,text,answer,line"},
    [INSERT_DEFINITION] = {"definition",
                           "id,name,domain,title,type,description,url,owner,format,"
                           "pattern,classification,unit,example,details,path,line,"
                           "contract_row"},
    [INSERT_PROMISE] = {"port_promise",
                        "product_id,port,kind,property,value,line,product_row"},
    [INSERT_SBOM] = {"sbom", "product_id,port,type,url,line,product_row"},
    [INSERT_SHARED_USE] = {"shared_use", "day,team,product_id,object,property,statements,"
                                         "rows,saved_query,named,path,line"},
    [INSERT_COST] = {"cost", "product_id,month,amount,currency,category,named,path,line"},
    [INSERT_PRICE] = {"price", "owner_kind,owner_id,name,price,currency,unit,"
                               "description,line,product_row"},
    [INSERT_UNIQUE] = {"unique_key", "contract_id,object,columns,line,object_row"},
    [INSERT_SYSTEM] = {"system", "id,name,owner,description,path,line"},
    [INSERT_DOCUMENT] = {"document", "path,role,standard,version,size,changed,inode,rows,"
                                     "under_descriptor,is_package,source"},
    [INSERT_DEPENDENCY] = {"dependency", "document,path,size,changed,inode"},
};
