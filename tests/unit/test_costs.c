/* Unit tests of the costs of products: the file that mesh.yaml names, what becomes of
 * each row, and what is told of those that cannot be meant.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "catalog_help.h"

#define HEAD "product,month,amount,currency,category\n"

static void make_mesh(const char *costs, const char *csv)
{
    char *yaml = string_printf("name: m\n%s", costs);
    char *folder = place("m");
    path_remove_tree(folder, NULL);
    put("m", "mesh.yaml", yaml);
    put("m", "shop/orders/orders.odps.yaml",
        "apiVersion: v1.0.0\nkind: DataProduct\nid: 4711\nname: orders\ndomain: shop\n"
        "status: active\noutputPorts: [{name: o, version: '1', contractId: c}]\n");
    if (csv != NULL) {
        put("m", "costs.csv", csv);
    }
    free(folder);
    free(yaml);
}

static void rows_are_read(void)
{
    make_mesh("costs: costs.csv\n", "\xEF\xBB\xBF"
                                    "Currency,note,product,month,amount\r\n"
                                    "EUR,\"two\nlines\",Shop/Orders,2026-08,12.50\r\n"
                                    "\r\n"
                                    "USD,x,4711,2026-09,-3\r\n");
    struct catalog *catalog = open_mesh("m");
    ask_is(catalog,
           "SELECT group_concat(product_id||' '||month||' '||amount||' '||typeof(amount)"
           "||' '||currency||' '||line,'; ') FROM (SELECT * FROM cost ORDER BY line)",
           "4711 2026-08 12.5 real EUR 2; 4711 2026-09 -3 integer USD 5",
           "columns in any order, cells of several lines, keys and ids of products");
    ask_is(catalog, "SELECT count(*) FROM problem WHERE path='costs.csv'", "0",
           "nothing is wrong");
    ask_is(catalog, "SELECT count(*) FROM product", "1", "costs are no product");
    catalog_close(catalog);
}

static const struct {
    const char *csv, *rule, *says; /* a part of the sentence */
    int line, good;                /* of the finding; rows that are read all the same */
} cases[] = {
    {HEAD "shop/orders,2026-13,1,EUR,\nshop/orders,2026-12,1,EUR,\n", "cost",
     "month 2026-13", 2, 1},
    {HEAD "shop/orders,2026-9,1,EUR,\n", "cost", "month 2026-9", 2, 0},
    {HEAD "shop/orders,2026-09,\"1,5\",EUR,\n", "cost", "amount 1,5", 2, 0},
    {HEAD "shop/orders,2026-09,1e3,EUR,\n", "cost", "amount 1e3", 2, 0},
    {HEAD "shop/orders,2026-09,,EUR,\n", "cost", "amount  is", 2, 0},
    {HEAD "shop/orders,2026-09,5.,EUR,\n", "cost", "amount 5.", 2, 0},
    {HEAD "shop/orders,2026-09,1,euro,\n", "cost", "currency euro", 2, 0},
    {HEAD ",2026-09,1,EUR,\n", "cost", "names no product", 2, 0},
    {HEAD "shop/orders,2026-09,1,EUR\n", "cost", "not as many cells", 2, 0},
    {HEAD "shop/none,2026-09,1,EUR,\n", "cost", "shop/none, which is not", 2, 1},
    {HEAD "shop/orders,2026-09,1,EUR,a\nshop/orders,2026-09,1,EUR,b\n4711,2026-09,2,EUR,"
          "b\n",
     "cost", "told twice", 4, 3},
    {HEAD "shop/orders,2026-09,1,EUR,\nshop/or\"ders,2026-09,1,EUR,\n", "cost", "a quote",
     3, 1},
    {HEAD "shop/orders,2026-09,1,EUR,\n\"shop/orders,2026-09,1,EUR,\n", "cost", "a quote",
     3, 1},
    {"product,month,amount\nshop/orders,2026-09,1\n", "cost", "no column currency", 1, 0},
    {"", "cost", "is empty", 1, 0},
    {NULL, "missing-file", "it is not there", 1, 0},
};

static void bad_rows_are_told(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_mesh("costs: costs.csv\n", cases[i].csv);
        struct catalog *catalog = open_mesh("m");
        sqlite3 *db = catalog_database(catalog);
        is_int(store_number(db, 0,
                            "SELECT count(*) FROM problem WHERE path='costs.csv' AND "
                            "rule=?1 AND instr(sentence,?2) AND line=?3",
                            "ssi", cases[i].rule, cases[i].says, cases[i].line),
               1, "%s in line %d is told", cases[i].says, cases[i].line);
        ask_is(catalog, "SELECT count(*) FROM problem WHERE path='costs.csv'", "1",
               "and nothing else");
        is_int(store_number(db, -1, "SELECT count(*) FROM cost", ""), cases[i].good,
               "what is good is read");
        catalog_close(catalog);
    }
}

static void many_faults_are_not_listed(void)
{
    struct text csv = {0};
    text_append(&csv, HEAD);
    for (int i = 0; i < 500; i++) {
        text_append(&csv, "shop/orders,never,1,EUR,\n");
    }
    make_mesh("costs: costs.csv\n", text_string(&csv));
    struct catalog *catalog = open_mesh("m");
    ask_is(catalog,
           "SELECT count(*)||' '||sum(rule='too-many') FROM problem WHERE "
           "path='costs.csv'",
           "101 1", "a hundred findings, and that there are more");
    catalog_close(catalog);
    text_release(&csv);
}

static void no_other_file_is_read(void)
{
    static const char *const paths[] = {"costs: ../x.csv\n", "costs: /etc/passwd\n",
                                        "costs: [a]\n", "costs: .x.csv\n"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        make_mesh(paths[i], NULL);
        struct catalog *catalog = open_mesh("m");
        ask_is(catalog,
               "SELECT rule||' '||line FROM problem WHERE path='mesh.yaml' ORDER BY 1",
               "unsafe-path 2", paths[i]);
        catalog_close(catalog);
    }
    make_mesh("costs: link.csv\n", NULL);
    char *link = string_printf("%s/m/link.csv", home);
    ok(symlink("/etc/passwd", link) == 0, "a link leads out of the mesh");
    struct catalog *catalog = open_mesh("m");
    ask_is(catalog, "SELECT rule FROM problem WHERE path='link.csv' AND severity='error'",
           "unreadable", "it is not followed");
    catalog_close(catalog);
    free(link);
}

int main(void)
{
    char folder[] = "/tmp/mwb-test-costs-XXXXXX";
    home = mkdtemp(folder);
    setenv("XDG_CACHE_HOME", home, 1);
    rows_are_read();
    bad_rows_are_told();
    many_faults_are_not_listed();
    no_other_file_is_read();
    path_remove_tree(home, NULL);
    return tap_done();
}
