/* Unit tests of the readers of standards: small documents, and the rows they bring.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "index_help.h"

/* One file, and what its index answers. */
struct reading {
    const char *name, *path, *text;
    struct {
        const char *sql, *want;
    } rows[24];
};

static void check_reading(const struct reading *reading)
{
    struct indexed indexed;
    indexed_make(&indexed);
    indexed_put(&indexed, "mesh.yaml", "name: mesh\n");
    indexed_put(&indexed, reading->path, reading->text);
    if (ok(indexed_build(&indexed, NULL), "%s is read", reading->name)) {
        for (size_t i = 0; reading->rows[i].sql != NULL; i++) {
            char *rows = indexed_rows(&indexed, reading->rows[i].sql);
            is_text(rows, reading->rows[i].want, "%s: %s", reading->name,
                    reading->rows[i].sql);
            free(rows);
        }
    }
    indexed_release(&indexed);
}

static const struct reading readings[] = {
    {"a contract of ODCS 3.2",
     "shop/orders.odcs.yaml",
     "apiVersion: v3.2.0\nkind: DataContract\nid: orders\nversion: 1.2.0\nname: Orders\n"
     "domain: shop\ndataProduct: checkout\n"
     "context:\n  instructions: Amounts are cents.\n  verifiedStatements:\n"
     "    - question: How many orders?\n      answer: count(*)\n"
     "  constraints:\n    - constraint: Never join by name.\n"
     "description:\n  purpose: Sales.\n  customProperties:\n"
     "    - {property: audience, value: finance, vendor: acme}\n"
     "servers:\n  - server: live\n    type: postgres\n    host: ${DB_HOST:-localhost}\n"
     "    port: 5432\n    database: shop\n    schema: public\n    roles:\n"
     "      - role: reader\n"
     "team:\n  name: Checkout\n  members:\n"
     "    - {username: a, description: on call, replacedByUsername: b}\n"
     "slaProperties:\n  - {id: fresh, property: latency, value: 4, unit: h,\n"
     "     element: orders.placed_at, driver: operational, scheduler: cron,\n"
     "     schedule: 0 5 * * *}\n"
     "schema:\n  - name: orders\n    id: o1\n    synonyms:\n"
     "      - {synonym: purchases, locale: en, source: glossary}\n      - sales\n"
     "    relationships:\n"
     "      - {id: r1, from: [orders.a, orders.b], to: [items.a, items.b]}\n"
     "    properties:\n"
     "      - name: state\n        id: p1\n        logicalType: string\n"
     "        deprecated: true\n        partitioned: true\n"
     "        partitionKeyPosition: 2\n        enum:\n"
     "          - {value: open, label: Open, description: not paid}\n"
     "          - {value: paid}\n"
     "        examples: [open]\n        synonyms:\n          - synonym: status\n"
     "        relationships:\n          - to: states.code\n"
     "        transformSourceObjects: [raw.orders]\n"
     "        transformLogic: upper(s)\n"
     "      - name: revenue\n        logicalType: number\n"
     "        semanticType: measure\n        context: In cents.\n"
     "        quality:\n          - {id: q1, metric: nullValues, mustBeLessThan: 5,\n"
     "             unit: percent, businessImpact: reports wait, tags: [core]}\n"
     "      - name: labels\n        logicalType: map\n        map:\n"
     "          key: {logicalType: string}\n          value: {logicalType: integer}\n"
     "      - name: embedding\n        logicalType: vector\n"
     "        logicalTypeOptions: {dimensions: 384, distanceMetric: cosine}\n",
     {{"SELECT id,version,api_version,name,domain,purpose,team,standard,data_product "
       "FROM contract",
       "orders|1.2.0|v3.2.0|Orders|shop|Sales.|Checkout|odcs|checkout"},
      {"SELECT owner_kind,owner_id,kind,text,answer,line FROM context",
       "contract|orders|instruction|Amounts are cents.||9\n"
       "contract|orders|statement|How many orders?|count(*)|11\n"
       "contract|orders|constraint|Never join by name.||14\n"
       "property|orders/orders/revenue|instruction|In cents.||64"},
      {"SELECT owner_kind,owner_id,property,value,vendor FROM custom",
       "contract|orders|audience|finance|acme"},
      {"SELECT name,type,location,roles,details->>'port' FROM server",
       "live|postgres|${DB_HOST:-localhost}:5432/shop.public|reader|5432"},
      {"SELECT username,description,replaced_by FROM member", "a|on call|b"},
      {"SELECT anchor,property,value,unit,element,driver,scheduler,schedule FROM sla",
       "fresh|latency|4|h|orders.placed_at|operational|cron|0 5 * * *"},
      {"SELECT owner_kind,owner_id,synonym,locale,source FROM synonym",
       "object|orders/orders|purchases|en|glossary\n"
       "object|orders/orders|sales||\n"
       "property|orders/orders/state|status||"},
      {"SELECT from_cols,to_object,to_cols,level,from_count,to_count,anchor FROM "
       "relation",
       "a,b|items|a,b|object|2|2|r1\nstate|states|code|property|1|1|"},
      {"SELECT name,depth,logical_type,semantic_type,deprecated,partition_pos,examples "
       "FROM property",
       "state|1|string||1|2|[\"open\"]\nrevenue|1|number|measure|0|0|\n"
       "labels|1|map||0|0|\nlabels.key|2|string||0|0|\nlabels.value|2|integer||0|0|\n"
       "embedding|1|vector||0|0|"},
      {"SELECT property,position,value,label,description FROM enum_value",
       "state|1|open|Open|not paid\nstate|2|paid||"},
      {"SELECT object,property,source,transformation FROM lineage",
       "orders|state|raw.orders|upper(s)"},
      {"SELECT property,id,metric,operator,lo,unit,business_impact,position FROM rule",
       "revenue|q1|nullValues|mustBeLessThan|5|percent|reports wait|1"},
      {"SELECT tag,owner_id FROM tag WHERE owner_kind='rule'",
       "core|orders/orders/revenue/q1"},
      {"SELECT property,key,value FROM prop_option",
       "embedding|dimensions|384\nembedding|distanceMetric|cosine"}}},
    {"a contract of ODCS 2.2",
     "shop/old.yaml",
     "kind: DataContract\napiVersion: v2.2.2\nuuid: c-1\nversion: 1.1.0\nstatus: "
     "current\n"
     "quantumName: my quantum\ndatasetDomain: seller\ndatasetName: views\n"
     "sourceSystem: bigQuery\nserver: localhost:5432\ndatabase: edw\npassword: secret\n"
     "productSlackChannel: '#help'\n"
     "stakeholders:\n  - {username: c, role: Owner, comment: Keeper, dateIn: "
     "2022-10-01}\n"
     "slaProperties:\n  - {property: latency, value: 4, unit: d, column: tbl.day}\n"
     "dataset:\n  - table: tbl\n    physicalName: tbl_1\n    dataGranularity: by day\n"
     "    columns:\n      - column: day\n        isNullable: false\n"
     "        isPrimary: true\n        primaryKeyPosition: 2\n        isUnique: true\n"
     "        partitionStatus: true\n        encryptedColumnName: day_x\n"
     "        criticalDataElementStatus: true\n        sampleValues: [2022-10-03]\n"
     "        transformSourceTables: [t1, t2]\n"
     "        quality:\n          - {code: nullCheck, templateName: NullCheck,\n"
     "             toolName: Elevate, dimension: completeness, severity: error,\n"
     "             scheduleCronExpression: 0 20 * * *}\n"
     "      - column: free\n",
     {{"SELECT id,api_version,name,domain,data_product,standard FROM contract",
       "c-1|v2.2.2|my quantum|seller|my quantum|odcs"},
      {"SELECT name,physical_name,granularity FROM object", "tbl|tbl_1|by day"},
      {"SELECT name,required,is_unique,pk_pos,partition_pos,encrypted_name,cde,examples,"
       "transform_sources FROM property",
       "day|1|1|2|1|day_x|1|[\"2022-10-03\"]|t1, t2\nfree|0|0|0|0||0||"},
      {"SELECT property,type,engine,metric,id,severity,schedule FROM rule",
       "day|custom|Elevate|NullCheck|nullCheck|error|0 20 * * *"},
      {"SELECT type,location,instr(details,'secret') FROM server",
       "bigQuery|localhost:5432/edw|0"},
      {"SELECT username,role,description FROM member", "c|Owner|Keeper"},
      {"SELECT channel,tool FROM support WHERE owner_kind='contract'", "#help|slack"},
      {"SELECT property,element FROM sla", "latency|tbl.day"},
      {"SELECT count(*) FROM lineage", "2"}}},
    {"a contract of DCS 1.2",
     "shop/datacontract.yaml",
     "dataContractSpecification: 1.2.1\nid: orders-latest\n"
     "info:\n  title: Orders Latest\n  version: 2.0.0\n  owner: Checkout\n"
     "  contact: {name: Help, email: help@shop.example.org}\n"
     "servers:\n  production:\n    type: local\n    path: data/{model}.csv\n"
     "    format: csv\n    roles:\n      - {name: analyst, description: may read}\n"
     "terms:\n  usage: Reports.\n  limitations: Not live.\n  billing: free\n"
     "  noticePeriod: P3M\n  policies:\n    - {name: privacy, url: "
     "'https://example.org/p'}\n"
     "models:\n  orders:\n    type: table\n    description: One row each.\n"
     "    primaryKey: [order_id, day]\n    fields:\n"
     "      order_id:\n        $ref: '#/definitions/order_id'\n        required: true\n"
     "      day: {type: date}\n"
     "      mail:\n        type: text\n        format: email\n        pii: true\n"
     "        enum: [a, b]\n        references: people.mail\n        quality:\n"
     "          - {type: sql, query: SELECT 1, mustBeLessThanOrEqualTo: 3}\n"
     "        lineage:\n          inputFields:\n"
     "            - {namespace: db, name: shop.orders, field: email}\n"
     "      parts:\n        type: array\n        items:\n          type: record\n"
     "          fields:\n            sku: {type: text}\n"
     "definitions:\n  order_id:\n    title: Order ID\n    type: text\n    pattern: ^O\n"
     "    classification: restricted\n    example: O1\n"
     "servicelevels:\n  retention: {period: P1Y, timestampField: orders.day}\n"
     "  availability: {percentage: 99.9%}\n  frequency: {interval: daily, cron: 0 0 * * "
     "*}\n"
     "  freshness: {threshold: 25h, timestampField: orders.day}\n"
     "quality:\n  type: SodaCL\n  specification: checks for orders\n",
     {{"SELECT id,version,name,usage,limitations,terms,notice_period,team,standard FROM "
       "contract",
       "orders-latest|2.0.0|Orders Latest|Reports.|Not live.|free|P3M|Checkout|dcs"},
      {"SELECT name,type,location,roles FROM server",
       "production|local|data/{model}.csv|analyst"},
      {"SELECT role,description FROM role", "analyst|may read"},
      {"SELECT name,depth,logical_type,required,pk_pos,classification,business_name,"
       "format,definition FROM property",
       "order_id|1|text|1|1|restricted|Order ID||#/definitions/order_id\n"
       "day|1|date|0|2||||\nmail|1|text|0|0|PII||email|\nparts|1|array|0|0||||\n"
       "parts.items|2|record|0|0||||\nparts.items.sku|3|text|0|0||||"},
      {"SELECT property,key,value FROM prop_option WHERE property='order_id'",
       "order_id|pattern|^O"},
      {"SELECT value FROM enum_value", "a\nb"},
      {"SELECT from_cols,to_object,to_cols FROM relation", "mail|people|mail"},
      {"SELECT from_object,from_property,source FROM lineage",
       "shop.orders|email|db/shop.orders"},
      {"SELECT property,type,engine,operator,lo FROM rule ORDER BY type DESC",
       "mail|sql||mustBeLessOrEqualTo|3\n|custom|SodaCL||"},
      {"SELECT id,title,type,pattern,example FROM definition",
       "orders-latest#/definitions/order_id|Order ID|text|^O|[\"O1\"]"},
      {"SELECT property,value,unit,element,schedule FROM sla",
       "availability|99.9|percent||\nretention|1|y|orders.day|\n"
       "freshness|25|h|orders.day|\nfrequency|daily|||0 0 * * *"},
      {"SELECT type,url FROM authdef WHERE owner_kind='contract'",
       "privacy|https://example.org/p"},
      {"SELECT channel,url FROM support WHERE owner_kind='contract'",
       "Help|mailto:help@shop.example.org"},
      {"SELECT key,standard,team,tables FROM product",
       "mesh/orders-latest|dcs|Checkout|1"},
      {"SELECT name,files FROM table_of", "orders|data/orders.csv"}}},
    {"a catalog of DCAT-US 1.1",
     "data.json",
     "{\"conformsTo\": \"https://project-open-data.cio.gov/v1.1/schema\", \"dataset\": "
     "[\n"
     "{\"title\": \"Widget Statistics\", \"identifier\": \"w-1\", \"description\": "
     "\"All.\",\n"
     " \"keyword\": [\"widget\"], \"modified\": \"2011-11-19\", \"accessLevel\": "
     "\"public\",\n"
     " \"publisher\": {\"name\": \"Widget Services\"}, \"accrualPeriodicity\": "
     "\"R/P1M\",\n"
     " \"license\": \"https://example.org/cc0\", \"theme\": [\"factory\"],\n"
     " \"bureauCode\": [\"018:10\"],\n"
     " \"contactPoint\": {\"fn\": \"Help\", \"hasEmail\": \"mailto:h@example.org\"},\n"
     " \"distribution\": [{\"downloadURL\": \"https://example.org/w.csv\",\n"
     "  \"mediaType\": \"text/csv\", \"title\": \"All widgets\"},\n"
     "  {\"accessURL\": \"https://example.org/api\", \"format\": \"API\"}]},\n"
     "{\"title\": \"Second\", \"identifier\": \"w-2\", \"landingPage\": "
     "\"https://example.org/2\"}]}",
     {{"SELECT id,key,title,team,access_level,license,modified,standard,tables,line FROM "
       "product ORDER BY id",
       "w-1|factory/widget-statistics|Widget Statistics|Widget Services|public|"
       "https://example.org/cc0|2011-11-19|dcat|1|2\n"
       "w-2|mesh/Second|Second|||||dcat|0|11"},
      {"SELECT name,type,url FROM port",
       "All widgets|text/csv|https://example.org/w.csv\n"
       "access|API|https://example.org/api\nlanding page|page|https://example.org/2"},
      {"SELECT sql_name,files,format FROM table_of",
       "all_widgets|https://example.org/w.csv|csv"},
      {"SELECT property,value,unit FROM sla", "frequency|1|month"},
      {"SELECT frequency FROM product WHERE id='w-1'", "1 month"},
      {"SELECT tag FROM tag WHERE owner_kind='product'", "widget"},
      {"SELECT channel,url FROM support", "Help|mailto:h@example.org"},
      {"SELECT property,value FROM custom", "bureauCode|[\"018:10\"]"},
      {"SELECT count(*) FROM contract", "2"}}},
    {"a product of DPDS 1.0",
     "trips/product.json",
     "{\"dataProductDescriptor\": \"1.0.0\", \"info\": {\"fullyQualifiedName\":\n"
     " \"urn:dpds:org.example:dataproducts:trips:1\", \"version\": \"1.2.3\",\n"
     " \"domain\": \"transport\", \"owner\": {\"id\": \"o@example.org\"},\n"
     " \"contactPoints\": [{\"name\": \"Desk\", \"channel\": \"email\", \"address\": "
     "\"d@example.org\"}]},\n"
     "\"interfaceComponents\": {\"outputPorts\": [\n"
     " {\"name\": \"events\", \"version\": \"1.0.0\", \"promises\": {\"platform\": "
     "\"kafka\",\n"
     "  \"slo\": {\"availability\": 0.99}}, \"obligations\": {\"terms\": \"none\"}},\n"
     " {\"description\": \"state\", \"$ref\": \"ports/state.json\"}],\n"
     " \"observabilityPorts\": [{\"name\": \"health\"}]}}",
     {{"SELECT id,key,team,version,standard FROM product",
       "urn:dpds:org.example:dataproducts:trips:1|transport/trips|o@example.org|1.2.3|"
       "dpds"},
      {"SELECT dir,name,version,description,content FROM port",
       "out|events|1.0.0||\nout|ports/state.json||state|\n"
       "management|health|||observability"},
      {"SELECT port,kind,property,value FROM port_promise",
       "events|promises|platform|kafka\nevents|promises|slo.availability|0.99\n"
       "events|obligations|terms|none"},
      {"SELECT channel,url,tool FROM support", "Desk|d@example.org|email"},
      {"SELECT rule FROM problem WHERE rule='unread-reference'", "unread-reference"}}},
    {"a product of OPEN 4.1",
     "pets.yml",
     "schema: https://opendataproducts.org/v4.1/schema/odps.yaml\nversion: '4.1'\n"
     "product:\n  details:\n    en:\n      name: Pets of the year\n      productID: p-1\n"
     "      valueProposition: Know pets.\n      description: All pets.\n"
     "      visibility: private\n      status: production\n      productVersion: 0.1.0\n"
     "      type: dataset\n      tags: [pet]\n"
     "  contract: {id: c, type: ODCS, contractURL: 'https://example.org/c'}\n"
     "  dataHolder: {legalName: Pets Ltd, businessDomain: animals}\n"
     "  pricingPlans:\n    declarative:\n      en:\n"
     "        - {name: Monthly, priceCurrency: EUR, price: 50, billingDuration: month,\n"
     "           offering: [a, b]}\n"
     "  SLA:\n    declarative:\n      default:\n        dimensions:\n"
     "          - {dimension: uptime, objective: 99, unit: percent}\n"
     "      premium:\n        dimensions:\n"
     "          - {dimension: uptime, objective: 100, unit: percent}\n"
     "  dataQuality:\n    declarative:\n"
     "      - {dimension: accuracy, objective: 98, unit: percentage}\n"
     "    executable:\n      - {dimension: accuracy, type: SodaCL, spec: [x]}\n"
     "  dataAccess:\n    default: {outputPorttype: API, accessURL: "
     "'https://example.org/a'}\n"
     "support: {email: s@example.org}\n",
     {{"SELECT id,key,title,purpose,team,status,access_level,standard FROM product",
       "p-1|animals/pets-of-the-year|Pets of the year|Know pets.|Pets Ltd|production|"
       "private|open"},
      {"SELECT name,price,currency,unit,description FROM price",
       "Monthly|50|EUR|month|a; b"},
      {"SELECT property,value,unit FROM sla", "uptime|99|percent"},
      {"SELECT type,dimension,operator,lo,engine,query FROM rule",
       "text|accuracy|mustBeGreaterOrEqualTo|98||\ncustom|accuracy|||SodaCL|[\"x\"]"},
      {"SELECT name,type,url FROM port", "API|API|https://example.org/a"},
      {"SELECT type,url FROM authdef", "contract|https://example.org/c"},
      {"SELECT url,tool FROM support", "s@example.org|email"},
      {"SELECT count(*) FROM product", "1"}}},
    {"a product of Data Mesh Manager",
     "products/stock.yml",
     "dataProductSpecification: 0.0.1\nid: stock\n"
     "info: {title: Stock Updates, owner: fulfillment, status: active, archetype: raw}\n"
     "links: {Docs: 'https://example.org/d'}\ncustom: {platform: aws}\ntags: [kafka]\n"
     "inputPorts:\n  - {id: topic, sourceSystemId: stock-service, type: Kafka}\n"
     "outputPorts:\n  - {id: s3, dataContractId: c1, name: Bucket, type: S3,\n"
     "     containsPii: true, location: 's3://b', tags: [x]}\n",
     {{"SELECT id,name,title,team,type,standard FROM product",
       "stock|stock|Stock Updates|fulfillment|sourceAligned|manager"},
      {"SELECT dir,name,title,contract_id,pii,url,source FROM port",
       "in|topic|||0||stock-service\nout|s3|Bucket|c1|1|s3://b|"},
      {"SELECT type,url FROM authdef", "Docs|https://example.org/d"},
      {"SELECT property,value FROM custom", "platform|aws"}}},
    {"a team of Data Mesh Manager",
     "teams/f.yml",
     "id: fulfillment\nname: Fulfillment\ntype: Domain Team\n"
     "members:\n  - {emailAddress: a@example.org, role: Data Product Owner}\n"
     "links: {homepage: 'https://example.org/t'}\n",
     {{"SELECT name,type,contact,description,path FROM team",
       "fulfillment|Domain Team|https://example.org/t|Fulfillment|teams/f.yml"},
      {"SELECT owner_kind,username,role FROM member",
       "team|a@example.org|Data Product Owner"}}},
    {"a source system of Data Mesh Manager",
     "systems/s.yml",
     "id: stock-service\nname: Stock Service\nowner: fulfillment\ntags: [dev]\n",
     {{"SELECT id,name,owner,path FROM system",
       "stock-service|Stock Service|fulfillment|systems/s.yml"}}},
    {"a business definition",
     "terms/sku.json",
     "{\"name\": \"fulfillment/sku\", \"businessName\": \"Stock Keeping Unit\",\n"
     " \"logicalType\": \"string\", \"description\": \"Of an article.\",\n"
     " \"customProperties\": [{\"property\": \"owner\", \"value\": \"Platform\"}]}",
     {{"SELECT id,name,domain,title,type,owner FROM definition",
       "fulfillment/sku|sku|fulfillment|Stock Keeping Unit|string|Platform"}}},
    {"a product of ODPS 1.1",
     "shop/orders.odps.yaml",
     "apiVersion: v1.1.0\nkind: DataProduct\nid: p-1\nname: orders\ndomain: shop\n"
     "type: aggregate\nsynonyms:\n  - {synonym: purchases, locale: en}\n"
     "context: Counts only.\ndescription:\n  purpose: Sales.\n"
     "inputPorts:\n  - {name: raw, version: 1.0.0, contractId: c-0}\n"
     "outputPorts:\n  - name: tables\n    version: 2.0.0\n    type: tables\n"
     "    contractId: c-1\n    deprecated: true\n    sbom:\n"
     "      - {type: external, url: 'https://example.org/sbom'}\n"
     "    inputContracts:\n      - {id: c-0, version: 1.0.0}\n    synonyms:\n"
     "      - synonym: sales\n"
     "managementPorts:\n  - {name: watch, content: observability, type: topic,\n"
     "     channel: metrics, url: 'https://example.org/m', description: Health.}\n"
     "support:\n  - {channel: help, url: 'https://example.org/h', scope: interactive,\n"
     "     invitationUrl: 'https://example.org/join'}\n",
     {{"SELECT id,key,type,standard FROM product", "p-1|shop/orders|aggregate|odps"},
      {"SELECT owner_kind,owner_id,synonym FROM synonym",
       "product|p-1|purchases\nport|p-1/tables|sales"},
      {"SELECT owner_kind,text FROM context", "product|Counts only."},
      {"SELECT dir,name,type,contract_id,deprecated,content,channel,url FROM port",
       "in|raw||c-0|0|||\nout|tables|tables|c-1|1|||\n"
       "management|watch|topic||0|observability|metrics|https://example.org/m"},
      {"SELECT port,contract_id,contract_version FROM port_input", "tables|c-0|1.0.0"},
      {"SELECT port,type,url FROM sbom", "tables|external|https://example.org/sbom"},
      {"SELECT channel,scope,invitation FROM support",
       "help|interactive|https://example.org/join"}}},
    {"a Data Package 2",
     "pack/datapackage.json",
     "{\"$schema\": \"https://datapackage.org/profiles/2.0/datapackage.json\",\n"
     "\"name\": \"pack\", \"id\": \"p\", \"version\": \"1.0.0\",\n"
     "\"licenses\": [{\"name\": \"CC0-1.0\", \"path\": \"https://example.org/cc0\"}],\n"
     "\"sources\": [{\"title\": \"Office\", \"path\": \"https://example.org/o\"}],\n"
     "\"contributors\": [{\"givenName\": \"Ada\", \"familyName\": \"L\", "
     "\"organization\":\n"
     "  \"Org\", \"roles\": [\"maintainer\", \"author\"]}],\n"
     "\"resources\": [{\"name\": \"a\", \"data\": [[\"k\"], [\"x\"]], \"bytes\": 12,\n"
     " \"hash\": \"sha256:00\", \"sources\": [{\"title\": \"S\"}], \"schema\": "
     "{\"fields\": [\n"
     "  {\"name\": \"k\", \"type\": \"string\", \"example\": \"x\", \"rdfType\":\n"
     "   \"https://example.org/k\", \"categories\": [{\"value\": \"x\", \"label\": "
     "\"X\"}],\n"
     "   \"constraints\": {\"required\": true, \"pattern\": \"^x\"}},\n"
     "  {\"name\": \"s\", \"constraints\": {\"enum\": [\"u\", \"v\"]}}],\n"
     " \"primaryKey\": [\"k\"], \"uniqueKeys\": [[\"s\"], [\"k\", \"s\"]],\n"
     " \"foreignKeys\": [{\"fields\": [\"s\"], \"reference\": {\"resource\": \"\",\n"
     "   \"fields\": [\"k\"]}}]}}]}",
     {{"SELECT id,version,license,team,standard FROM product",
       "p|1.0.0|CC0-1.0|Org|package"},
      {"SELECT owner_kind,type,url,description FROM authdef",
       "product|license|https://example.org/cc0|CC0-1.0\n"
       "product|source|https://example.org/o|Office\nobject|source||S\n"
       "property|rdfType|https://example.org/k|"},
      {"SELECT name,role,description FROM member", "Ada L|maintainer, author|Org"},
      {"SELECT name,required,is_unique,pk_pos,examples FROM property",
       "k|1|0|1|[\"x\"]\ns|0|1|0|"},
      {"SELECT property,value,label FROM enum_value", "k|x|X\ns|u|\ns|v|"},
      {"SELECT columns FROM unique_key", "s\nk,s"},
      {"SELECT from_cols,to_object,to_cols FROM relation", "s|a|k"},
      {"SELECT property,key,value FROM prop_option WHERE key='pattern'", "k|pattern|^x"},
      {"SELECT owner_id,property,value FROM custom",
       "p/a|bytes|12\np/a|hash|sha256:00"}}},
};

/* ---- Files without a descriptor ---- */

/* Only the file changes, not the folder that it lies in. */
static void a_new_header_is_seen(struct indexed *indexed)
{
    struct error err = {0};
    bool changed = false;
    store_close(indexed->db);
    indexed_put(indexed, "bare/bom.tsv", "title\tsize\tcolour\n");
    ok(catalog_refresh(indexed->mesh, indexed->index, NULL, &changed, &err) && changed,
       "a file with another header is a change%s", err.message);
    indexed->db = store_open(indexed->index, STORE_READ, &err);
    char *rows = indexed_rows(indexed, "SELECT name FROM property WHERE object='bom' "
                                       "ORDER BY position");
    is_text(rows, "title\nsize\ncolour", "its columns are the new ones");
    free(rows);
}

static void headers_are_columns(void)
{
    static const char big[] = "id;\"a \"\"b\"\"\";c,d\r\n1;2;3\r\n";
    struct indexed indexed;
    indexed_make(&indexed);
    indexed_put(&indexed, "bare/big.csv", big);
    indexed_put(&indexed, "bare/bom.tsv", "\xEF\xBB\xBFname\tsize, unit\nx\t1\n");
    indexed_put(&indexed, "bare/numbers.csv", "1,2\n3,4\n");
    indexed_put(&indexed, "bare/quote.csv", "\"never,closed\n1,2\n");
    indexed_put(&indexed, "bare/empty.csv", "");
    if (ok(indexed_build(&indexed, NULL), "bare files are read")) {
        char *rows =
            indexed_rows(&indexed, "SELECT object,name,position,line FROM property "
                                   "ORDER BY object,position");
        is_text(rows,
                "big|id|1|1\nbig|a \"b\"|2|1\nbig|c,d|3|1\nbom|name|1|1\n"
                "bom|size, unit|2|1",
                "their headers are columns, but for what is none");
        free(rows);
        rows = indexed_rows(&indexed, "SELECT count(*) FROM table_of");
        is_text(rows, "5", "all of them are tables");
        free(rows);
        a_new_header_is_seen(&indexed);
    }
    indexed_release(&indexed);
}

/* ---- The model of the index ---- */

static void the_model_is_whole(void)
{
    struct indexed indexed;
    indexed_make(&indexed);
    indexed_put(&indexed, "a.csv", "x,y\n1,2\n");
    if (!ok(indexed_build(&indexed, NULL), "a mesh of one table is read")) {
        indexed_release(&indexed);
        return;
    }
    char *missing = indexed_rows(
        &indexed, "SELECT t.name,c.name FROM sqlite_schema t, pragma_table_info(t.name) "
                  "c WHERE t.type IN('table','view') AND t.name NOT LIKE 'search\\__%' "
                  "ESCAPE '\\' AND t.name NOT LIKE 'sqlite%' EXCEPT SELECT "
                  "table_name,column_name FROM model");
    is_text(missing, "", "every column of the index is in its model");
    char *surplus = indexed_rows(
        &indexed, "SELECT table_name,column_name FROM model WHERE column_name<>'' "
                  "EXCEPT SELECT t.name,c.name FROM sqlite_schema t, "
                  "pragma_table_info(t.name) c");
    is_text(surplus, "", "and nothing else");
    char *silent = indexed_rows(
        &indexed, "SELECT table_name,column_name FROM model WHERE length(meaning)<5 "
                  "UNION ALL SELECT DISTINCT table_name,'' FROM model EXCEPT SELECT "
                  "table_name,'' FROM model WHERE column_name=''");
    is_text(silent, "", "with a meaning, the tables as well");
    free(missing);
    free(surplus);
    free(silent);
    indexed_release(&indexed);
}

int main(void)
{
    the_model_is_whole();
    headers_are_columns();
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        check_reading(&readings[i]);
    }
    return tap_done();
}
