/* Unit tests of engine/catalog.h: meshes made in a temporary folder, and the real ones
 * below MWB_SHARED when it is set. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "catalog_help.h"

static const char orders_odps[] =
    "apiVersion: v1.0.0\nkind: DataProduct\nid: checkout/orders\nname: orders\n"
    "version: 2.3.0\nstatus: active\ndomain: checkout\ntags: [trade, 'domain:checkout']\n"
    "description:\n  purpose: Every order placed in the shop.\n  usage: Filter by "
    "status.\n"
    "outputPorts:\n"
    "  - name: orders\n    version: 2.3.0\n    contractId: checkout-orders\n"
    "    customProperties:\n      - property: containsPii\n        value: true\n"
    "team:\n  name: Team Checkout\n  members:\n"
    "    - username: owner@shop.example.org\n      role: owner\n"
    "    - username: gone@shop.example.org\n      role: owner\n      dateOut: "
    "'2020-01-01'\n"
    "support:\n  - channel: checkout-data\n    url: https://chat.example.org/c\n";

static const char orders_odcs[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: checkout-orders\nversion: 2.3.0\n"
    "status: active\nname: Orders\n"
    "description:\n  purpose: Orders.\n"
    "servers:\n  - server: files\n    type: local\n    environment: prod\n"
    "    path: data/{object}.csv\n    format: csv\n"
    "schema:\n"
    "  - name: orders\n    description: One row for each order.\n"
    "    businessName: Orders of the shop\n    properties:\n"
    "      - name: order_id\n        id: the_key\n        logicalType: string\n"
    "        primaryKey: true\n        required: true\n"
    "      - name: customer_id\n        logicalType: string\n"
    "        classification: sensitive\n"
    "        quality:\n          - type: library\n            metric: nullValues\n"
    "            mustBe: 0\n            dimension: completeness\n"
    "      - name: order_timestamp\n        logicalType: timestamp\n"
    "        logicalTypeOptions:\n          format: yyyy-MM-dd\n          timezone: "
    "true\n"
    "  - name: line-items\n    properties:\n"
    "      - name: order_id\n        logicalType: string\n"
    "        relationships:\n          - to: orders.order_id\n"
    "slaProperties:\n  - property: frequency\n    value: 1\n    unit: d\n"
    "roles:\n  - role: analyst\n    access: read\n    firstLevelApprovers: owner\n"
    "price:\n  priceAmount: 9.95\n  priceCurrency: USD\n  priceUnit: megabyte\n";

static void make_shop(void)
{
    put("shop", "mesh.yaml",
        "name: Shop\ndomains:\n  - {name: checkout, class: source, team: Team Checkout}\n"
        "  - {name: marketing, class: consumer}\n"
        "teams:\n  - {name: Team Checkout, contact: 'mailto:c@shop.example.org'}\n"
        "policies: rules\n");
    put("shop", "checkout/orders/orders.odps.yaml", orders_odps);
    put("shop", "checkout/orders/orders.odcs.yaml", orders_odcs);
    put("shop", "checkout/orders/data/orders.csv", "order_id,customer_id\n");
    put("shop", "marketing/cohorts/cohorts.odps.yaml", cohorts_odps);
    put("shop", "marketing/orders/orders.odcs.yaml",
        "apiVersion: v3.1.0\nkind: DataContract\nid: marketing-orders\nversion: 1.0.0\n"
        "status: active\nname: orders\ndomain: marketing\nschema:\n  - name: t\n");
    put("shop", "rules/P01.sql",
        "-- id: P01\n-- title: An owner\n-- why: Somebody must\n--   answer.\n\nSELECT "
        "1\n");
    put("shop", "queries/black-week.sql",
        "-- title: Black Week\n-- chart: line x=day y=orders\nSELECT 2\n");
    put("shop", "agreements/a.yaml",
        "id: a\nprovider: {product: checkout/orders, port: orders}\n"
        "consumer: {team: Team Marketing}\nstatus: approved\n");
}

/* ---- A mesh of products and contracts ---- */

static void products_are_listed(const struct catalog *catalog)
{
    struct array all = catalog_list(catalog, NULL);
    is_int((long long)all.count, 3, "three products");
    const struct catalog_entry *first = array_at(&all, 0);
    is_text(first->id, "checkout/orders", "by domain and name");
    is_text(first->owner, "Team Checkout", "owned by a team");
    is_text(first->domain_class, "source", "of a domain with a class");
    is_int(first->tables, 2, "with two tables");
    const struct catalog_entry *second = array_at(&all, 1);
    is_text(second->id, "marketing/customer-cohorts", "a name in prose is made to type");
    is_text(second->title, "Customer cohorts", "and kept as title");
    catalog_entries_release(&all);
    struct catalog_filter draft = {.status = "DRAFT"};
    all = catalog_list(catalog, &draft);
    is_int((long long)all.count, 1, "filtered by status");
    catalog_entries_release(&all);
    struct catalog_filter tagged = {.tag = "trade", .domain = "checkout"};
    all = catalog_list(catalog, &tagged);
    is_int((long long)all.count, 1, "filtered by tag and domain");
    catalog_entries_release(&all);
}

static void search_is(const struct catalog *catalog, const char *text, const char *first,
                      const char *why)
{
    struct catalog_filter filter = {.text = text};
    struct array found = catalog_list(catalog, &filter);
    const struct catalog_entry *entry = array_at(&found, 0);
    is_text(entry != NULL ? entry->id : NULL, first, "search: %s", text);
    is_text(entry != NULL ? entry->why : NULL, why, "because of: %s",
            why != NULL ? why : "its name");
    catalog_entries_release(&found);
}

static void products_are_searched(const struct catalog *catalog)
{
    search_is(catalog, "custom", "marketing/customer-cohorts", NULL);
    search_is(catalog, "customer_id", "checkout/orders", "column customer_id");
    search_is(catalog, "ine-it", "checkout/orders", "table line_items");
    search_is(catalog, "trade", "checkout/orders", "tag trade");
    search_is(catalog, "team check", "checkout/orders", "owner Team Checkout");
    search_is(catalog, "placed shop", "checkout/orders", "description");
    search_is(catalog, "or", "checkout/orders", NULL);
    search_is(catalog, "\"*' ORD", "checkout/orders", NULL);
    search_is(catalog, "'* AND NOT^", NULL, NULL);
    search_is(catalog, "nothing-like-it", NULL, NULL);
}

static void products_are_found(const struct catalog *catalog)
{
    struct error err = {0};
    struct catalog_entry entry;
    ok(catalog_find(catalog, "Checkout/Orders", &entry, &err), "by domain and name");
    is_text(entry.schema, "checkout__orders",
            "two domains share a name: both have theirs");
    catalog_entry_release(&entry);
    ok(catalog_find(catalog, "marketing__orders", &entry, &err), "by the name in SQL");
    catalog_entry_release(&entry);
    ok(catalog_find(catalog, "customer-cohorts", &entry, &err), "by name alone");
    is_text(entry.schema, "customer_cohorts", "fit for SQL");
    catalog_entry_release(&entry);
    ok(!catalog_find(catalog, "orders", &entry, &err), "not when two have the name");
    ok(strstr(err.message, "checkout/orders, marketing/orders") != NULL, "which is told");
    ok(!catalog_find(catalog, "customer-cohort", &entry, &err), "not when misspelt");
    ok(strstr(err.message, "did you mean customer-cohorts") != NULL,
       "a near one is told");
    ok(catalog_find_schema(catalog, "CHECKOUT__orders", &entry), "schema, case folded");
    catalog_entry_release(&entry);
    ok(!catalog_find_schema(catalog, "orders", &entry), "a schema nobody has");
}

static void a_product_is_read_in_full(const struct catalog *catalog)
{
    struct error err = {0};
    struct catalog_product product;
    ok(catalog_product(catalog, "checkout/orders", &product, &err),
       "one product in full");
    is_text(product.purpose, "Every order placed in the shop.", "its purpose");
    is_text(product.path, "checkout/orders/orders.odps.yaml", "its descriptor");
    is_text(product.frequency, "1 d", "its frequency");
    const struct catalog_table *orders = array_at(&product.tables, 0);
    const struct catalog_table *items = array_at(&product.tables, 1);
    is_text(*(char **)array_at(&orders->files, 0), "data/orders.csv", "its file");
    is_text(items->sql_name, "line_items", "a table's name in SQL");
    is_text(*(char **)array_at(&items->files, 0), "data/line-items.csv",
            "by placeholder");
    const struct catalog_column *key = array_at(&orders->columns, 0);
    is_int(key->key_position, 1, "a key");
    ok(key->required, "required");
    const struct catalog_column *stamp = array_at(&orders->columns, 2);
    is_text(stamp->type, "timestamp", "a type");
    is_text(stamp->format, "yyyy-MM-dd", "a format");
    is_text(fact(&product, "owner", "team"), "Team Checkout", "fact: owner");
    is_text(fact(&product, "owner", "owner"), "owner@shop.example.org",
            "who has not left");
    is_text(fact(&product, "contact", "team"), "mailto:c@shop.example.org",
            "fact: contact");
    is_text(fact(&product, "access", "analyst"), "read; approved by owner",
            "fact: access");
    is_text(fact(&product, "sla", "frequency"), "1 d", "fact: promise");
    is_text(fact(&product, "price", "price"), "9.95 USD per megabyte", "fact: price");
    is_text(fact(&product, "downstream", "orders"), "marketing/customer-cohorts",
            "fact: who reads it");
    const char *port = fact(&product, "port", "out orders");
    ok(port != NULL && strstr(port, "personal data") != NULL, "fact: port");
    const char *fresh = fact(&product, "freshness", "freshness");
    ok(fresh != NULL && strstr(fresh, "promised every 1 d; changed 2") != NULL,
       "fact: fresh");
    is_int((long long)product.problems.count, 1, "one problem: a missing file");
    catalog_product_release(&product);
    ok(catalog_product(catalog, "customer-cohorts", &product, &err), "a reader of it");
    is_text(fact(&product, "upstream", "orders"), "checkout/orders",
            "fact: what it reads");
    is_int((long long)product.tables.count, 0, "it has no table");
    catalog_product_release(&product);
}

static void tables_can_be_queried(const struct catalog *catalog)
{
    ask_is(catalog, "SELECT name FROM mesh", "Shop", "mesh");
    ask_is(catalog, "SELECT why FROM policy WHERE id='P01'", "Somebody must answer.",
           "policy: a header over two lines");
    ask_is(catalog, "SELECT trim(sql,char(10)) FROM policy", "SELECT 1",
           "policy: its SQL");
    ask_is(catalog, "SELECT p.key FROM agreement a JOIN product p ON p.id=a.product_id",
           "checkout/orders", "agreement");
    ask_is(catalog, "SELECT to_object||'.'||to_cols FROM relation", "orders.order_id",
           "relation");
    ask_is(catalog, "SELECT metric||' '||operator||' '||lo FROM rule",
           "nullValues mustBe 0", "rule");
    ask_is(catalog, "SELECT value FROM prop_option WHERE key='timezone'", "true",
           "option");
    ask_is(catalog, "SELECT count(*) FROM columns WHERE product='checkout/orders'", "4",
           "the view columns");
    ask_is(catalog, "SELECT \"table\" FROM tables WHERE product='marketing/orders'",
           "marketing__orders.t", "the view tables");
    ask_is(catalog,
           "SELECT product FROM products WHERE class='consumer' AND owner IS NULL",
           "marketing/customer-cohorts", "the view products");
    struct array queries = catalog_queries(catalog);
    const struct catalog_query *query = array_at(&queries, 0);
    is_text(query != NULL ? query->chart : NULL, "line x=day y=orders", "saved query");
    catalog_queries_release(&queries);
}

/* Shapes of global policies: they must find the tables and columns they were written for.
 */
static void policies_run(const struct catalog *catalog)
{
    static const char *const policies[] = {
        "SELECT p.id,p.path,p.line FROM product p LEFT JOIN team t ON t.name=p.team "
        "WHERE "
        "t.name IS NULL AND p.status<>'retired'",
        "SELECT p.id FROM product p WHERE NOT EXISTS(SELECT 1 FROM support s WHERE "
        "s.owner_kind='product' AND s.owner_id=p.id AND coalesce(s.scope,'interactive') "
        "IN('interactive','issues'))",
        "SELECT c.id FROM contract c WHERE NOT EXISTS(SELECT 1 FROM member m WHERE "
        "m.owner_kind='contract' AND m.owner_id=c.id AND lower(m.role) LIKE '%owner%' "
        "AND "
        "(m.date_out IS NULL OR m.date_out>date('now')))",
        "SELECT o.product_id,o.name,p.object,p.name FROM port o JOIN property p ON "
        "p.contract_id=o.contract_id WHERE o.dir='out' AND coalesce(o.pii,0)=0 AND "
        "p.encrypted_name IS NULL AND o.autoapprove=0 AND o.server IS NULL",
        "SELECT id,tenant,api_version,price,currency,price_unit,created FROM contract "
        "WHERE "
        "length(coalesce(purpose,''))<20 OR length(coalesce(limitations,''))<10",
        "SELECT name,group_concat(DISTINCT logical_type),count(DISTINCT contract_id) "
        "FROM "
        "property WHERE depth=1 AND cde=0 AND deprecated=0 GROUP BY name",
        "SELECT p.name FROM property p JOIN infotype i ON p.name GLOB i.pattern WHERE "
        "coalesce(lower(p.classification),'')<>i.classification",
        "SELECT c.id FROM contract c JOIN sla s ON s.contract_id=c.id WHERE "
        "lower(s.property)='ly' AND s.value_ext IS NULL AND s.element IS NULL AND "
        "s.driver "
        "IS NULL",
        "SELECT r.contract_id FROM role r WHERE r.approver1 IS NOT NULL AND r.approver2 "
        "IS "
        "NOT NULL",
        "SELECT contract_id,count(DISTINCT dimension) n FROM rule GROUP BY 1 HAVING n<3",
        "SELECT contract_id,name,format,line FROM server WHERE type='local' AND "
        "coalesce(encoding,'UTF-8')<>'UTF-8' AND lower(environment)='prod'",
        "SELECT i.product_id,i.port,i.port_version,i.contract_version FROM port_input i",
        "SELECT id,product_id,consumer_team,consumer_product,provider_team,reassess_date,"
        "purpose,start_date,end_date,port FROM agreement",
        "SELECT r.contract_id,r.object,r.from_cols,r.to_contract,r.line FROM relation r "
        "LEFT "
        "JOIN object o ON o.contract_id=coalesce(r.to_contract,r.contract_id) AND "
        "(o.name=r.to_object OR o.physical_name=r.to_object) WHERE o.name IS NULL",
        "SELECT a.url FROM authdef a WHERE a.owner_kind='property' AND "
        "a.type='definition'",
        "SELECT p.id FROM product p WHERE NOT EXISTS(SELECT 1 FROM tag t WHERE "
        "t.owner_kind='product' AND t.owner_id=p.id AND t.tag='domain:'||p.domain)",
        "SELECT owner_kind,owner_id,property,value FROM custom",
        "SELECT id,team,name,sql,made FROM saved_query",
    };
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct error err = {0};
        sqlite3_stmt *stmt = store_prepare(catalog_database(catalog), policies[i], &err);
        if (!ok(stmt != NULL && store_step(stmt, &err) != STORE_FAILED, "policy %zu runs",
                i + 1)) {
            printf("# %s\n", err.message);
        }
        store_finish(stmt);
    }
}

static void a_shop_is_read(void)
{
    make_shop();
    struct catalog *catalog = open_mesh("shop");
    if (!ok(catalog != NULL, "a mesh is read")) {
        return;
    }
    is_text(catalog_mesh_name(catalog), "Shop", "its name");
    products_are_listed(catalog);
    products_are_searched(catalog);
    products_are_found(catalog);
    a_product_is_read_in_full(catalog);
    tables_can_be_queried(catalog);
    policies_run(catalog);
    catalog_close(catalog);
}

/* ---- What is current ---- */

static void current_is(const char *mesh, const char *index, bool want, const char *what)
{
    is_int(catalog_is_current(mesh, index), want, "%s", what);
    struct error err = {0};
    ok(catalog_build(mesh, index, NULL, &err), "read again");
}

static void changes_are_seen(void)
{
    struct error err = {0};
    struct stat info;
    make_shop();
    char *mesh = place("shop");
    char *index = catalog_index_path(mesh, &err);
    unlink(index);
    current_is(mesh, index, false, "no index yet");
    ok(stat(index, &info) == 0 && (info.st_mode & 0777) == 0600, "the index is private");
    current_is(mesh, index, true, "nothing changed");
    put("shop", "checkout/orders/orders.odps.yaml", cohorts_odps);
    current_is(mesh, index, false, "a descriptor changed");
    put("shop", "marketing/new/new.odps.yaml", cohorts_odps);
    current_is(mesh, index, false, "a folder came");
    put("shop", "marketing/new/another.txt", "");
    current_is(mesh, index, false, "a file came");
    put("shop", "rules/P02.sql", "SELECT 1");
    current_is(mesh, index, false, "a policy came");
    char *folder = path_folder(index);
    char *left = string_printf("%s/.%s.999999999.part", folder, path_base(index));
    free(folder);
    ok(path_write_file(left, "", 0, 0600, NULL), "a build that was killed");
    ok(path_write_file(index, "no database", 11, 0600, NULL), "a broken index");
    current_is(mesh, index, false, "is made again");
    ok(!path_exists(left), "and what was left is swept");
    free(left);
    free(index);
    free(mesh);
}

static void names_fit_sql(void)
{
    static const struct {
        const char *name, *want;
    } rows[] = {{"line-items", "line_items"},
                {"Order (2024)", "order_2024_"},
                {"2024_polls", "_2024_polls"},
                {"", "_"},
                {"Größe", "größe"},
                {"\xff\xfe", "_"},
                {"a__b", "a__b"},
                {"x\xE2\x80\xAEy", "x_y"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *made = catalog_sql_name(rows[i].name);
        is_text(made, rows[i].want, "SQL name %zu", i + 1);
        free(made);
    }
}

/* ---- Real meshes ---- */

static void real_mesh_has(const char *shared, const char *mesh, const char *product,
                          const char *table)
{
    struct error err = {0};
    struct catalog_product found;
    char *path = string_printf("%s/realdata/%s", shared, mesh);
    struct catalog *catalog = open_path(path, &err);
    bool there = catalog != NULL && catalog_product(catalog, product, &found, &err);
    if (!ok(there, "%s has %s", mesh, product)) {
        printf("# %s\n", err.message);
    } else {
        const struct catalog_table *first = array_at(&found.tables, 0);
        is_text(first != NULL ? first->sql_name : NULL, table, "its first table");
        catalog_product_release(&found);
    }
    catalog_close(catalog);
    free(path);
}

static void real_meshes_are_read(const char *shared)
{
    static const struct {
        const char *mesh, *product, *table;
    } rows[] = {
        {"country-codes", "country-codes/country-codes", "country_codes"},
        {"exchange-rates", "us-euro-foreign-exchange-rate", "daily"},
        {"publicbodies", "publicbodies/public-bodies", "br"},
        {"s-and-p-500-companies", "s-and-p-500-companies", "sector_counts"},
        {"fivethirtyeight", "fivethirtyeight/bad-drivers", "bad_drivers"},
        {"chinook", "chinook/chinook_sqlite", "Album"},
        {"chinook/Chinook_Sqlite.sqlite", "chinook/chinook_sqlite", "Album"},
        {"jaffle-shop", "jaffle-shop/seeds", "raw_customers"},
        {"camtrap-dp", "camtrap-dp-example-dataset", "deployments"},
        {"emojis", "unicode-emojis", "emojis"},
        {"gtfs-chisinau", "gtfs-chisinau/gtfs-chisinau", "agency"},
        {"covid-19", "covid-19", "countries_aggregated"},
        {"vega-datasets", "vega-datasets", NULL},
        {"kev-data/known_exploited_vulnerabilities.csv",
         "kev-data/known_exploited_vulnerabilities", "known_exploited_vulnerabilities"},
        {".", "realdata/country-codes", "country_codes"},
        {".", "fivethirtyeight/bad-drivers", "bad_drivers"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].table != NULL) {
            real_mesh_has(shared, rows[i].mesh, rows[i].product, rows[i].table);
        }
    }
}

static void time_is_short(void)
{
    struct error err = {0};
    const char *samples = getenv("MWB_SAMPLES");
    char *mesh = samples != NULL ? path_join(samples, "mesh") : NULL;
    if (mesh == NULL || !path_is_folder(mesh)) {
        tap_skip("MWB_SAMPLES names no samples");
        free(mesh);
        return;
    }
    char *index = catalog_index_path(mesh, &err);
    double start = path_monotonic();
    ok(catalog_build(mesh, index, NULL, &err), "the sample mesh is read");
    double built = path_monotonic();
    ok(catalog_is_current(mesh, index), "and current");
    struct catalog *catalog = catalog_open(index, &err);
    printf("# build %.1f ms, check and open %.1f ms\n", (built - start) * 1e3,
           (path_monotonic() - built) * 1e3);
    ok(built - start < 2, "quickly");
    ask_is(catalog, "SELECT count(*) FROM problem WHERE severity='error'", "0",
           "it has no broken file");
    catalog_close(catalog);
    free(index);
    free(mesh);
}

int main(void)
{
    char template[] = "/tmp/mwb-test-catalog-XXXXXX";
    home = mkdtemp(template);
    char *cache = string_printf("%s/cache", home);
    setenv("MWB_CACHE", cache, 1);
    names_fit_sql();
    a_shop_is_read();
    changes_are_seen();
    time_is_short();
    const char *shared = getenv("MWB_SHARED");
    if (shared != NULL) {
        real_meshes_are_read(shared);
    } else {
        tap_skip("MWB_SHARED is not set: real meshes were not read");
    }
    path_remove_tree(home, NULL);
    free(cache);
    return tap_done();
}
