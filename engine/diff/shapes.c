/* diff/shapes: what is read of an index, and how it is called in a change.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/shapes.h"

/* Flags are 'true' or not there; signs are themselves. */
#define SIGN(column)                                                                     \
    "CASE WHEN " column " IN(-1,255) THEN 'none' WHEN " column                           \
    " BETWEEN 1 AND 127 THEN "                                                           \
    "char(" column ") END"
#define FLAG(column) "CASE WHEN " column " THEN 'true' END"

/* A product that declares no domain is put into one that is called like a folder: that
 * says nothing of its promise. */
#define DECLARED_DOMAIN                                                                  \
    "nullif(p.domain,lower(CASE WHEN instr(p.path,'/') THEN "                            \
    "substr(p.path,1,instr(p.path,'/')-1) ELSE (SELECT name FROM mesh) END))"

/* What a column promises, behind the columns of every shape but line and position. */
#define COLUMN_FIELDS                                                                    \
    "c.line,c.position,c.logical_type AS type,c.physical_type AS physicalType,"          \
    "c.physical_name AS physicalName," FLAG("c.required") " AS required," FLAG(          \
        "c.is_unique") " AS \"unique\",nullif(c.pk_pos,0) AS primaryKey,"                \
                       "c.classification AS classification," FLAG(                       \
                           "c.cde") " AS criticalDataElement,"                           \
                                    "c.encrypted_name AS encryptedName,c.description "   \
                                    "AS description,"                                    \
                                    "c.business_name AS businessName,c.transform_logic " \
                                    "AS transformLogic,"                                 \
                                    "c.transform_sources AS transformSourceObjects,"     \
                                    "c.transform_description AS "                        \
                                    "transformDescription," FLAG(                        \
                                        "c.deprecated") " AS deprecated,c.format AS "    \
                                                        "format,c.true_values AS "       \
                                                        "trueValues,c.false_values AS "  \
                                                        "falseValues,c.decimal_char AS " \
                                                        "decimalChar,"                   \
                                                        "c.group_char AS "               \
                                                        "groupChar,c.missing AS "        \
                                                        "missingValues,c.semantic_type " \
                                                        "AS "                            \
                                                        "semanticType,nullif(c."         \
                                                        "partition_pos,0) AS "           \
                                                        "partitionKey,c.unit AS unit,"   \
                                                        "c.definition AS "               \
                                                        "definition,c.examples AS "      \
                                                        "examples"

#define RULE_FIELDS                                                                      \
    "r.rowid,coalesce(r.id,r.name,r.metric,r.type)||CASE row_number() OVER(PARTITION "   \
    "BY r.contract_row,r.object,r.property,coalesce(r.id,r.name,r.metric,r.type) ORDER " \
    "BY r.rowid) WHEN 1 THEN '' ELSE '#'||row_number() OVER(PARTITION BY "               \
    "r.contract_row,r.object,r.property,coalesce(r.id,r.name,r.metric,r.type) ORDER BY " \
    "r.rowid) END,NULL,NULL,r.line,0,r.type AS type,r.metric AS metric,r.dimension AS "  \
    "dimension,r.operator AS operator,r.lo||coalesce(' to '||r.hi,'') AS threshold,"     \
    "r.arguments AS arguments,r.unit AS unit,r.severity AS severity,r.query AS query,"   \
    "r.schedule AS schedule,r.engine AS engine,r.method AS method,r.business_impact AS " \
    "businessImpact,r.description AS description"

const struct diff_shape diff_shapes[] = {
    {DIFF_PRODUCT, DIFF_KINDS,
     "SELECT 0,p.rowid,p.id,coalesce(p.name,p.id),p.path,p.line,0,p.id AS id,p.name AS "
     "name," DECLARED_DOMAIN
     " AS domain,p.tenant AS tenant,p.version AS version,p.status AS "
     "status,p.type AS type,p.team AS team,p.title AS title,p.purpose AS purpose,"
     "p.limitations AS limitations,p.usage AS usage,p.access_level AS "
     "accessLevel,p.license AS "
     "license,p.language AS language,p.description AS "
     "description," FLAG("p.deprecated") " AS deprecated FROM scope_product s JOIN "
                                         "product p ON p.rowid=s.row WHERE s.contract IS "
                                         "NULL AND NOT s.bare ORDER BY 2"},
    {DIFF_CONTRACT, DIFF_KINDS,
     "SELECT 0,c.rowid,coalesce(c.id,'')||CASE WHEN count(*) OVER(PARTITION BY c.id)>1 "
     "THEN ' '||coalesce(c.version,'') ELSE '' END,coalesce(c.name,c.id),c.path,c.line,0,"
     "c.id AS id,c.name AS name,c.version AS version,c.status AS status,c.domain AS "
     "domain,c.tenant AS tenant,c.purpose AS purpose,c.limitations AS limitations,"
     "c.usage AS usage,nullif(c.title,c.name) AS title,c.standard AS "
     "standard,c.description AS description,c.terms AS "
     "terms,c.notice_period AS noticePeriod,c.team AS team,c.api_version AS "
     "apiVersion,c.price AS price,"
     "c.currency AS priceCurrency,c.price_unit AS priceUnit FROM scope_contract s JOIN "
     "contract c ON c.rowid=s.row ORDER BY 2"},
    {DIFF_CONTRACT, DIFF_KINDS,
     "SELECT 0,-p.rowid,p.id,p.name,NULL,0,0 FROM scope_product s JOIN product p ON "
     "p.rowid=s.row WHERE s.bare ORDER BY 2"},
    {DIFF_TABLE, DIFF_CONTRACT,
     "SELECT s.parent,o.rowid,o.name,o.name,o.path,o.line,o.position,o.physical_name AS "
     "physicalName,o.physical_type AS physicalType,o.business_name AS businessName,"
     "o.title AS title,o.description AS description,o.granularity AS "
     "granularity," FLAG(
         "o.deprecated") " AS deprecated,t.files AS files,t.format AS "
                         "format," SIGN("t.delimiter") " AS delimiter," SIGN(
                             "t.quote_sign") " AS "
                                             "\"quote\"," SIGN(
                                                 "t.escape_sign") " AS \"escape\","
                                                                  "t.encoding AS "
                                                                  "encoding,t.missing AS "
                                                                  "missingValues," FLAG(
                                                                      "t.no_header") " AS"
                                                                                     " "
                                                                                     "noH"
                                                                                     "ead"
                                                                                     "er "
                                                                                     "FRO"
                                                                                     "M "
                                                                                     "sco"
                                                                                     "pe_"
                                                                                     "tab"
                                                                                     "le "
                                                                                     "s "
                                                                                     "JOI"
                                                                                     "N "
                                                                                     "obj"
                                                                                     "ect"
                                                                                     " o "
                                                                                     "ON "
                                                                                     "o."
                                                                                     "row"
                                                                                     "id="
                                                                                     "s."
                                                                                     "row"
                                                                                     " LE"
                                                                                     "FT "
                                                                                     "JOI"
                                                                                     "N "
                                                                                     "tab"
                                                                                     "le_"
                                                                                     "of "
                                                                                     "t "
                                                                                     "ON "
                                                                                     "t."
                                                                                     "row"
                                                                                     "id="
                                                                                     "s."
                                                                                     "lis"
                                                                                     "ted"
                                                                                     " OR"
                                                                                     "DER"
                                                                                     " BY"
                                                                                     " "
                                                                                     "2"},
    /* Behind the rows of objects, so that rows stay in order. */
    {DIFF_TABLE, DIFF_CONTRACT,
     "SELECT -t.product_row,t.rowid+(1<<40),t.name,t.name,NULL,0,t.position FROM "
     "scope_product s JOIN table_of t ON t.product_row=s.row WHERE s.bare AND "
     "t.object_row IS NULL ORDER BY 2"},
    {DIFF_COLUMN, DIFF_TABLE,
     /* A nested one has its column's row, negative, for a parent: the last before it
      * that is a level higher. */
     "SELECT CASE WHEN c.depth<2 THEN c.object_row ELSE -(SELECT max(q.rowid) FROM "
     "property q WHERE q.object_row=c.object_row AND q.depth=c.depth-1 AND "
     "q.rowid<c.rowid) END,c.rowid,c.name,c.name,NULL," COLUMN_FIELDS " FROM "
     "scope_table s JOIN property c ON c.object_row=s.row ORDER BY 2"},
    {DIFF_KEY, DIFF_TABLE,
     "SELECT s.row,k.rowid,k.columns,NULL,NULL,k.line,0 FROM scope_table s JOIN "
     "unique_key k ON k.object_row=s.row WHERE k.columns LIKE '%,%' ORDER BY 2"},
    {DIFF_RELATION, DIFF_TABLE,
     "SELECT o.rowid,r.rowid,r.from_cols||' to '||coalesce(r.to_object,'')||'('||"
     "coalesce(r.to_cols,'')||')',NULL,NULL,r.line,0,r.to_contract AS toContract FROM "
     "scope_table s JOIN object o ON o.rowid=s.row JOIN relation r ON "
     "r.contract_row=o.contract_row AND r.object=o.name ORDER BY 2"},
    {DIFF_RULE, DIFF_TABLE,
     "SELECT o.rowid," RULE_FIELDS " FROM scope_table s JOIN object o ON o.rowid=s.row "
     "JOIN rule r ON r.contract_row=o.contract_row AND r.object=o.name WHERE r.property "
     "IS NULL ORDER BY 2"},
    {DIFF_RULE, DIFF_COLUMN,
     "SELECT c.rowid," RULE_FIELDS " FROM scope_table s JOIN object o ON o.rowid=s.row "
     "JOIN rule r ON r.contract_row=o.contract_row AND r.object=o.name JOIN property c "
     "ON c.object_row=o.rowid AND c.name=r.property ORDER BY 2"},
    {DIFF_SERVER, DIFF_CONTRACT,
     "SELECT s.row,v.rowid,v.name,NULL,NULL,v.line,0,v.type AS type,v.environment AS "
     "environment,v.location AS location,v.format AS format,v.encoding AS encoding,"
     "v.delimiter AS delimiter,replace(replace(v.roles,', ',','),',',char(10)) AS "
     "roles,v.description AS description FROM scope_contract s JOIN "
     "server v ON v.contract_row=s.row ORDER BY 2"},
    {DIFF_SLA, DIFF_CONTRACT,
     "SELECT s.row,a.rowid,CASE lower(a.property) WHEN 'av' THEN 'availability' WHEN "
     "'th' THEN 'throughput' WHEN 'er' THEN 'errorrate' WHEN 'ga' THEN "
     "'generalavailability' WHEN 'es' THEN 'endofsupport' WHEN 'el' THEN 'endoflife' "
     "WHEN 're' THEN 'retention' WHEN 'fy' THEN 'frequency' WHEN 'ly' THEN 'latency' "
     "WHEN 'freshness' THEN 'latency' WHEN 'td' THEN 'timetodetect' WHEN 'tn' THEN "
     "'timetonotify' WHEN 'tr' THEN 'timetorepair' ELSE lower(a.property) END||"
     "coalesce(' '||a.element,''),a.property||coalesce(' of '||a.element,''),NULL,"
     "a.line,0,coalesce(a.value,'')||CASE WHEN "
     "substr(a.value,-length(a.unit))=a.unit OR a.unit IS NULL THEN '' ELSE ' '||a.unit "
     "END AS value,"
     "a.value_ext AS valueExt,a.schedule AS schedule,a.driver AS driver,a.description AS "
     "description FROM "
     "scope_contract s JOIN sla a ON a.contract_row=s.row ORDER BY 2"},
    {DIFF_ROLE, DIFF_CONTRACT,
     "SELECT s.row,r.rowid,r.role,NULL,NULL,r.line,0,r.access AS access,r.approver1 AS "
     "firstLevelApprovers,r.approver2 AS secondLevelApprovers,r.description AS "
     "description FROM scope_contract s JOIN role r ON r.contract_row=s.row ORDER BY 2"},
    {DIFF_PORT, DIFF_PRODUCT,
     "SELECT s.row,o.rowid,o.dir||' '||coalesce(o.name,'')||' '||coalesce(o.version,''),"
     "o.dir||' '||coalesce(o.name,''),o.path,o.line,0,o.dir AS direction,o.version AS "
     "version,o.type AS type,o.contract_id AS contractId,o.server AS "
     "server," FLAG("o.pii") " AS containsPii," FLAG(
         "o.autoapprove") " AS "
                          "autoApprove," FLAG(
                              "o.deprecated") " AS deprecated,o.description AS "
                                              "description,"
                                              "o.url AS url,o.title AS title,o.content "
                                              "AS content,o.channel AS channel,"
                                              "o.environment AS environment FROM "
                                              "scope_product s JOIN "
                                              "port o ON o.product_row=s.row WHERE "
                                              "s.contract IS NULL AND NOT s.bare AND (?2 "
                                              "IS NULL OR o.dir<>'out' OR o.version=?2 "
                                              "OR o.contract_row IN(SELECT row FROM "
                                              "scope_contract)) ORDER BY 2"},
    {DIFF_INPUT, DIFF_PORT,
     "SELECT o.rowid,i.rowid,i.contract_id,NULL,NULL,o.line,0,i.contract_version AS "
     "version FROM scope_product s JOIN port_input i ON i.product_row=s.row JOIN port o "
     "ON o.product_row=s.row AND o.dir='out' AND o.name=i.port AND o.version IS "
     "i.port_version WHERE s.contract IS NULL ORDER BY 2"},
    {DIFF_PROMISE, DIFF_PORT,
     "SELECT o.rowid,m.rowid,m.kind||'.'||m.property,NULL,NULL,m.line,0,m.value AS value "
     "FROM scope_product s JOIN port_promise m ON m.product_row=s.row JOIN port o ON "
     "o.product_row=s.row AND o.name=m.port WHERE s.contract IS NULL ORDER BY 2"},
};

/* Parts that hang below several kinds: who owns them, and what they are. */
const struct diff_owner diff_owners[] = {
    {DIFF_CONTRACT, "SELECT c.rowid AS row,'contract' AS kind,c.id AS id FROM "
                    "scope_contract s JOIN contract c ON c.rowid=s.row"},
    {DIFF_CONTRACT, "SELECT s.contract AS row,'product' AS kind,p.id AS id FROM "
                    "scope_product s JOIN product p ON p.rowid=s.row JOIN scope_contract "
                    "c ON c.row=s.contract"},
    {DIFF_PRODUCT, "SELECT p.rowid AS row,'product' AS kind,p.id AS id FROM "
                   "scope_product s JOIN product p ON p.rowid=s.row WHERE s.contract IS "
                   "NULL AND NOT s.bare"},
    {DIFF_PORT, "SELECT o.rowid AS row,'port' AS kind,o.product_id||'/'||o.name AS id "
                "FROM scope_product s JOIN port o ON o.product_row=s.row WHERE "
                "s.contract IS NULL AND NOT s.bare"},
    {DIFF_TABLE, "SELECT o.rowid AS row,'object' AS kind,o.contract_id||'/'||o.name AS "
                 "id FROM scope_table s JOIN object o ON o.rowid=s.row"},
    {DIFF_COLUMN, "SELECT c.rowid AS row,'property' AS kind,c.contract_id||'/'||c.object"
                  "||'/'||c.name AS id FROM scope_table s JOIN property c ON "
                  "c.object_row=s.row"},
};

const struct diff_part diff_parts[] = {
    {DIFF_TAG, "x.tag,NULL,NULL,0,0", "tag"},
    {DIFF_SYNONYM, "x.synonym,NULL,NULL,x.line,0,x.locale AS locale,x.status AS status",
     "synonym"},
    {DIFF_CONTEXT, "x.kind||' '||x.text,NULL,NULL,x.line,0,x.answer AS answer",
     "context"},
    {DIFF_PRICE,
     "coalesce(x.name,x.unit,''),NULL,NULL,x.line,0,x.price AS price,x.currency AS "
     "priceCurrency,x.unit AS priceUnit,x.description AS description",
     "price"},
    {DIFF_CUSTOM, "x.property,NULL,NULL,x.line,0,x.value AS value",
     "(SELECT rowid,* FROM custom WHERE NOT(owner_kind='object' AND property="
     "'encoding') AND NOT(owner_kind='port' AND property IN('server','containsPii',"
     "'autoApprove','deprecated')))"},
    {DIFF_DEFINITION,
     "coalesce(x.type,'')||' '||coalesce(x.url,x.description,''),coalesce(x.type,'')||"
     "coalesce(' '||x.url,''),NULL,x.line,0,x.type AS type,x.description AS description",
     "authdef"},
    {DIFF_SUPPORT,
     "coalesce(x.channel,x.url),NULL,NULL,x.line,0,x.url AS url,x.tool AS tool,x.scope "
     "AS scope,x.invitation AS invitationUrl,x.description AS description",
     "support"},
    {DIFF_MEMBER,
     "coalesce(x.username,x.name),NULL,NULL,x.line,0,x.name AS name,x.role AS role,"
     "x.date_in AS dateIn,x.date_out AS dateOut",
     "member"},
};

/* Fields that stand in rows of their own: row, name of the field, value. */
const struct diff_extra diff_extras[] = {
    {DIFF_COLUMN, "SELECT c.rowid,'enum',json_group_array(v.value) FROM scope_table s "
                  "JOIN enum_value v ON v.object_row=s.row JOIN property c ON "
                  "c.object_row=v.object_row AND c.name=v.property GROUP BY c.rowid"},
    {DIFF_COLUMN, "SELECT c.rowid,o.key,o.value FROM scope_table s JOIN property c ON "
                  "c.object_row=s.row JOIN prop_option o ON o.contract_id=c.contract_id "
                  "AND o.object=c.object AND o.property=c.name ORDER BY c.rowid,o.rowid"},
    /* Where product and contract are one thing, what the product says of it. */
    {DIFF_CONTRACT, "SELECT s.contract,'accessLevel',p.access_level FROM scope_product s "
                    "JOIN product p ON p.rowid=s.row WHERE s.contract IS NOT NULL"},
    {DIFF_CONTRACT, "SELECT s.contract,'license',p.license FROM scope_product s JOIN "
                    "product p ON p.rowid=s.row WHERE s.contract IS NOT NULL AND "
                    "p.standard<>'package'"},
    /* What the location and the columns of a server do not say yet. */
    {DIFF_SERVER,
     "SELECT v.rowid,j.key,j.value FROM scope_contract s JOIN server v ON "
     "v.contract_row=s.row,json_each(v.details) j WHERE json_valid(v.details) AND j.key "
     "NOT IN('id','server','type','environment','format','encoding','delimiter','roles',"
     "'description','customProperties','path','location','endpointUrl','account','host',"
     "'port','project','catalog','database','dataset','serviceName','schema') ORDER BY "
     "v.rowid"},
};

const size_t diff_shape_count = sizeof diff_shapes / sizeof *diff_shapes;
const size_t diff_owner_count = sizeof diff_owners / sizeof *diff_owners;
const size_t diff_part_count = sizeof diff_parts / sizeof *diff_parts;
const size_t diff_extra_count = sizeof diff_extras / sizeof *diff_extras;
