/* catalog/schema: the tables of the index, with the meaning of every column.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

/* `path` is relative to the mesh, `line` counts from 1; ..._row holds the rowid of a row
 * of that table, where an id would not do because two files claim the same one. Flags are
 * 0 or
 * 1. Columns that a descriptor does not fill are NULL. */
const char index_tables[] =
    /* One row: the mesh itself. path: absolute; root: the folder descriptors are relative
     * to (path, or its folder when the mesh is one file); format: of this index. */
    "CREATE TABLE mesh(name,title,description,version,path,root,format,built);"
    /* class: source, aggregate or consumer; team: who owns it. */
    "CREATE TABLE domain(name,class,team,description,line);"
    /* type: domain, platform, enabling, guild; parent: the team it is part of. */
    "CREATE TABLE team(name,type,domain,parent,contact,description,line);"
    /* Column names (GLOB) that look like this are expected to be classified so. */
    "CREATE TABLE infotype(pattern,classification);"

    /* id: as the descriptor says; key: domain/name, as people name it, unique;
     * schema_name: in SQL; standard: odps, odcs, package, folder, file or sqlite; team:
     * owner by name; folder: relative to the mesh, what its files are relative to;
     * tables: how many; frequency: promised; modified: as the descriptor says. */
    "CREATE TABLE product(id,name,domain,tenant,version,status,type,team,purpose,"
    "limitations,usage,created,deprecated,path,line,key,title,schema_name,standard,"
    "folder,"
    "description,frequency,modified,tables);"
    "CREATE INDEX product_key ON product(key COLLATE NOCASE);"
    /* dir: in, out or management; type: free; contract_id: what it delivers or reads;
     * server: the contract's server it uses; pii, autoapprove, deprecated: flags, from
     * fields or custom properties. */
    "CREATE TABLE "
    "port(product_id,dir,name,version,type,contract_id,server,pii,autoapprove,"
    "deprecated,path,line,product_row INTEGER,contract_row INTEGER,description,url);"
    /* Lineage: the contracts an output port is made from. */
    "CREATE TABLE port_input(product_id,port,port_version,contract_id,contract_version,"
    "product_row INTEGER);"

    "CREATE TABLE contract(id,version,api_version,name,domain,tenant,status,purpose,"
    "limitations,usage,created,price,currency,price_unit,path,line,team);"
    /* A table, file or topic of a contract. anchor: its own id, for references. */
    "CREATE TABLE object(contract_id,name,physical_name,physical_type,description,"
    "granularity,deprecated,path,line,contract_row "
    "INTEGER,position,business_name,title,anchor);"
    /* A column; nested ones have depth 2 and more and a dotted name. pk_pos: from 1, 0 =
     * no key. format: of dates, as declared; true_values, false_values, missing: a line
     * each. */
    "CREATE TABLE property(contract_id,object,name,depth,physical_name,logical_type,"
    "physical_type,required,is_unique,pk_pos,classification,cde,encrypted_name,"
    "description,"
    "business_name,transform_logic,transform_sources,deprecated,line,object_row "
    "INTEGER,position,"
    "format,true_values,false_values,decimal_char,group_char,missing,anchor,not_bare);"
    /* Options of a column's type: minLength, pattern, minimum, timezone, enum ... */
    "CREATE TABLE prop_option(contract_id,object,property,key,value);"
    /* Foreign keys; columns separated by commas; to_file: the descriptor named, or NULL.
     */
    "CREATE TABLE "
    "relation(contract_id,object,from_cols,to_contract,to_object,to_cols,line,"
    "contract_row INTEGER,to_file);"
    /* Quality rules. type: library, sql, text or custom; operator: mustBe ...; lo, hi:
     * its numbers; arguments: as JSON. */
    "CREATE TABLE "
    "rule(contract_id,object,property,id,name,type,metric,dimension,operator,"
    "lo,hi,unit,severity,query,schedule,line,contract_row INTEGER,description,arguments);"
    "CREATE TABLE server(contract_id,name,type,environment,location,format,encoding,line,"
    "contract_row INTEGER,description,delimiter);"
    /* Promises: frequency, latency, retention ... */
    "CREATE TABLE sla(contract_id,property,value,value_ext,unit,element,driver,line,"
    "contract_row INTEGER,description);"
    /* Who may get access, and who approves. */
    "CREATE TABLE role(contract_id,role,access,approver1,approver2,line,contract_row "
    "INTEGER,"
    "description);"

    /* Shared by several kinds: owner_kind product, contract, port, object or property;
     * owner_id: its id; ports product_id/port, objects contract_id/object, properties
     * contract_id/object/property. */
    "CREATE TABLE member(owner_kind,owner_id,username,name,role,date_in,date_out,line);"
    "CREATE TABLE support(owner_kind,owner_id,channel,url,tool,scope,description,line);"
    /* type also: license, source, homepage (of Data Packages). */
    "CREATE TABLE authdef(owner_kind,owner_id,type,url,description,line);"
    "CREATE TABLE tag(owner_kind,owner_id,tag);"
    "CREATE TABLE custom(owner_kind,owner_id,property,value,line);"

    /* Who may use what for which purpose. */
    "CREATE TABLE agreement(id,product_id,port,provider_team,consumer_team,"
    "consumer_product,purpose,status,start_date,end_date,reassess_date,path,role,notice,"
    "terms);"
    /* queries/NAME.sql; chart: a hint such as `line x=day y=revenue`. */
    "CREATE TABLE saved_query(id,team,name,sql,made,title,question,chart,path);"
    /* policies/ID.sql; a row of sql is a violation. */
    "CREATE TABLE policy(id,title,category,severity,decision,why,sql,path,line);"

    /* The tables a product delivers. name: as its contract says; sql_name: in the
     * database; files: a line each, relative to the product's folder, or URLs; dialect
     * columns: how the files are written, NULL = not declared. */
    "CREATE TABLE "
    "table_of(product_row INTEGER,position,name,sql_name,port,contract_row "
    "INTEGER,object_row INTEGER,"
    "title,description,granularity,files,format,delimiter,quote_sign,escape_sign,comment_"
    "sign,no_header,"
    "skip_initial_space,no_double_quote,skip_rows,header_rows,encoding,missing,"
    "header_join,comment_rows,property,inline_data);"

    /* What the index was made from: kind file or folder. */
    "CREATE TABLE file(path,kind,size,mtime_ns,inode);"
    /* What could not be read. severity: error or warning. */
    "CREATE TABLE problem(path,line,column,severity,sentence,rule);"

    /* rowid = rowid of product; words of a kind on lines of their own. */
    "CREATE VIRTUAL TABLE search USING fts5(name,title,tables,columns,tags,owner,"
    "description,tokenize='trigram');";

const char index_views[] =
    "CREATE INDEX option_property ON prop_option(contract_id,object,property);"
    "CREATE INDEX rule_contract ON rule(contract_row);"
    "CREATE INDEX role_contract ON role(contract_row);"
    "CREATE INDEX member_owner ON member(owner_kind,owner_id);"
    "CREATE INDEX support_owner ON support(owner_kind,owner_id);"
    "CREATE INDEX authdef_owner ON authdef(owner_kind,owner_id);"
    /* For people who type. */
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

const struct index_insert index_inserts[INSERT_COUNT] = {
    [INSERT_DOMAIN] = {"domain", "name,class,team,description,line"},
    [INSERT_TEAM] = {"team", "name,type,domain,parent,contact,description,line"},
    [INSERT_INFOTYPE] = {"infotype", "pattern,classification"},
    [INSERT_PRODUCT] =
        {"product", "id,name,domain,tenant,version,status,type,team,purpose,limitations,"
                    "usage,created,deprecated,path,line,key,title,standard,folder,"
                    "description,modified"},
    [INSERT_PORT] = {"port",
                     "product_id,dir,name,version,type,contract_id,server,pii,"
                     "autoapprove,deprecated,path,line,product_row,description,url"},
    [INSERT_PORT_INPUT] = {"port_input", "product_id,port,port_version,contract_id,"
                                         "contract_version,product_row"},
    [INSERT_CONTRACT] = {"contract", "id,version,api_version,name,domain,tenant,status,"
                                     "purpose,limitations,usage,created,price,currency,"
                                     "price_unit,path,line,team"},
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
                     "not_bare"},
    [INSERT_OPTION] = {"prop_option", "contract_id,object,property,key,value"},
    [INSERT_RELATION] = {"relation",
                         "contract_id,object,from_cols,to_object,to_cols,line,"
                         "contract_row,to_file"},
    [INSERT_RULE] = {"rule", "contract_id,object,property,id,name,type,metric,dimension,"
                             "operator,lo,hi,unit,severity,query,schedule,line,"
                             "contract_row,description,arguments"},
    [INSERT_SERVER] = {"server", "contract_id,name,type,environment,location,format,"
                                 "encoding,line,contract_row,description,delimiter"},
    [INSERT_SLA] = {"sla",
                    "contract_id,property,value,value_ext,unit,element,driver,line,"
                    "contract_row,description"},
    [INSERT_ROLE] = {"role", "contract_id,role,access,approver1,approver2,line,"
                             "contract_row,description"},
    [INSERT_MEMBER] = {"member",
                       "owner_kind,owner_id,username,name,role,date_in,date_out,line"},
    [INSERT_SUPPORT] = {"support",
                        "owner_kind,owner_id,channel,url,tool,scope,description,line"},
    [INSERT_AUTHDEF] = {"authdef", "owner_kind,owner_id,type,url,description,line"},
    [INSERT_TAG] = {"tag", "owner_kind,owner_id,tag"},
    [INSERT_CUSTOM] = {"custom", "owner_kind,owner_id,property,value,line"},
    [INSERT_AGREEMENT] =
        {"agreement", "id,product_id,port,provider_team,consumer_team,consumer_product,"
                      "purpose,status,start_date,end_date,reassess_date,path,role,"
                      "notice,terms"},
    [INSERT_QUERY] = {"saved_query", "id,team,name,sql,made,title,question,chart,path"},
    [INSERT_POLICY] = {"policy", "id,title,category,severity,decision,why,sql,path,line"},
    [INSERT_TABLE] = {"table_of",
                      "product_row,position,name,sql_name,port,contract_row,object_row,"
                      "title,description,granularity,files,format,inline_data"},
    [INSERT_FILE] = {"file", "path,kind,size,mtime_ns,inode"},
    [INSERT_PROBLEM] = {"problem", "path,line,column,severity,sentence,rule"},
};
