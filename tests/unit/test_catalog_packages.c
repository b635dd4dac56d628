/* Unit tests of engine/catalog.h: what is broken, hostile or without a descriptor, and
 * Data Packages. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "catalog_help.h"

/* ---- Broken and hostile ---- */

static void problem_is(const struct catalog *catalog, const char *path, int line,
                       const char *word)
{
    struct array problems = catalog_problems(catalog);
    bool found = false;
    for (size_t i = 0; i < problems.count; i++) {
        const struct finding *problem = array_at(&problems, i);
        found |= string_equal(problem->path, path) &&
                 (line == 0 || problem->line == line) && problem->column > 0 &&
                 strstr(problem->sentence, word) != NULL;
    }
    ok(found, "problem in %s: %s", path, word);
    findings_release(&problems);
}

static void broken_files_do_not_stop_the_rest(void)
{
    put("broken", "a/good.odps.yaml", cohorts_odps);
    put("broken", "b/bad.odps.yaml", "kind: DataProduct\nname: [1, 2\nid: x\n");
    put("broken", "c/datapackage.json", "{\"name\": \"x\",\n  resources: []}");
    put("broken", "c/data/left-alone.csv", "a,b\n");
    put("broken", "d/twice.odcs.yaml", "kind: DataContract\nid: a\nid: b\n");
    put("broken", "e/empty.odps.yaml", "");
    put("broken", "f/helm.yaml", "{{ if }}: [\n");
    put("broken", "g/old.yaml", "dataContractSpecification: 1.2.1\nid: x\n");
    struct catalog *catalog = open_mesh("broken");
    struct array all = catalog_list(catalog, NULL);
    is_int((long long)all.count, 2, "the good ones are there");
    catalog_entries_release(&all);
    problem_is(catalog, "b/bad.odps.yaml", 4, "no YAML");
    problem_is(catalog, "c/datapackage.json", 2, "no JSON");
    problem_is(catalog, "d/twice.odcs.yaml", 3, "stands twice");
    problem_is(catalog, "e/empty.odps.yaml", 1, "neither kind");
    problem_is(catalog, "f/helm.yaml", 1, "must be a text");
    ok(catalog_problem_count(catalog) >= 5, "a problem each");
    catalog_close(catalog);
}

static void hostile_meshes_are_harmless(void)
{
    put("hostile", "p/datapackage.json",
        "{\"name\":\"..\\u001b[31m/x\",\"title\":\"\\u001b]0;x\\u0007\",\"resources\":["
        "{\"name\":\"a\",\"path\":\"../../../../etc/passwd\",\"format\":\"csv\"},"
        "{\"name\":\"b\",\"path\":\"/etc/passwd\",\"format\":\"csv\"},"
        "{\"name\":\"c\",\"path\":\"ok\\u0000.csv\"},"
        "{\"name\":\"d\",\"path\":[\"x.csv\\ny.csv\"]},"
        "{\"name\":\"e\",\"path\":\"e.csv\",\"schema\":\"../../secret.json\"},"
        "{\"name\":\"E\",\"path\":\"e2.csv\"},7,null,{\"path\":{}}]}");
    put("hostile", "q/q.odcs.yaml",
        "apiVersion: v3.1.0\nkind: DataContract\nid: q\nversion: '1'\nstatus: active\n"
        "servers:\n  - {server: s, type: local, path: ../p/e.csv, format: csv}\n"
        "schema:\n  - {name: t}\n  - 5\n  - {name: [a]}\n");
    put("hostile", "r/r.odps.yaml",
        "kind: DataProduct\napiVersion: v1\nid: [1]\nname: {a: b}\nteam: 7\ntags: x\n"
        "outputPorts: {a: b}\nsupport: [1, [2]]\n");
    char *mesh = place("hostile");
    char *link = string_printf("%s/out", mesh), *loop = string_printf("%s/loop", mesh);
    char *passwd = string_printf("%s/s.odps.yaml", mesh);
    unlink(link);
    unlink(loop);
    unlink(passwd);
    ok(symlink("/etc", link) == 0 && symlink(".", loop) == 0 &&
           symlink("/etc/passwd", passwd) == 0,
       "links out of the mesh and around in it");
    struct catalog *catalog = open_mesh("hostile");
    problem_is(catalog, "p/datapackage.json", 1, "../../../../etc/passwd");
    problem_is(catalog, "p/datapackage.json", 1, "/etc/passwd");
    problem_is(catalog, "p/datapackage.json", 1, "secret.json");
    problem_is(catalog, "q/q.odcs.yaml", 7, "../p/e.csv");
    problem_is(catalog, "out", 1, "not followed");
    problem_is(catalog, "loop", 1, "not followed");
    problem_is(catalog, "s.odps.yaml", 1, "not followed");
    ask_is(catalog,
           "SELECT group_concat(sql_name) FROM table_of WHERE product_row=(SELECT "
           "rowid FROM product WHERE standard='package')",
           "c,e,e_2", "tables with safe paths only, names that differ");
    ask_is(catalog, "SELECT hex(title) FROM product WHERE standard='package'",
           "1B5D303B7807", "a hostile title is kept as it is");
    ask_is(catalog, "SELECT count(*) FROM product WHERE key GLOB '*[^a-zA-Z0-9_./-]*'",
           "0", "but names can be typed");
    catalog_close(catalog);
    free(passwd);
    free(loop);
    free(link);
    free(mesh);
}

static void refuse_mesh(const char *mesh, const char *word)
{
    struct error err = {0};
    char *path = mesh[0] == '/' ? string_copy(mesh) : place(mesh);
    struct catalog *catalog = open_path(path, &err);
    if (!ok(catalog == NULL && strstr(err.message, word) != NULL, "refused: %s", word)) {
        printf("# %s\n", err.message);
    }
    catalog_close(catalog);
    free(path);
}

static void what_is_no_mesh_is_told(void)
{
    refuse_mesh("/no/such/mesh", "/no/such/mesh");
    put("empty", "notes.txt",
        "Some prose, that is all.\nIt has, as prose does, commas.\n");
    refuse_mesh("empty", "no mesh.yaml");
    put("json", "a.json", "[]");
    refuse_mesh("json", "a.json: left out: it is JSON");
    put("one", "bad.odps.yaml", "kind: DataProduct\nid: [\n");
    refuse_mesh("one/bad.odps.yaml", "bad.odps.yaml:3:1");
}

/* ---- Data without descriptors, Data Packages ---- */

static void bare_data_becomes_products(void)
{
    put("bare", "sales/Big Orders.csv", "a,b\n1,2\n");
    put("bare", "sales/big-orders.tsv", "a\tb\n1\t2\n");
    put("bare", "sales/stops.txt", "stop_id,stop_name\n1,\"x, y\"\n");
    put("bare", "sales/README.txt", "Prose about sales,\nand more.\n");
    put("bare", "other/data/x.csv.gz", "");
    put("bare", "more/rows.jsonl", "{}\n");
    put("bare", "more/array.json", "\xEF\xBB\xBF[ {\"a\":1}]");
    put("bare", "more/groups.json", "{\"n\":\"[{\",\"rows\":[ {\"a\":1}]}");
    put("bare", "more/lines.json", "{\"a\":1}\n{\"a\":2}\n");
    put("bare", "more/package.json", "{\"n\":{\"x\":[{}]},\"files\":[\"a\"]}");
    put("bare", "other/fake.sqlite", "SQLite? no.");
    put("bare", ".git/hidden.csv", "a\n");
    struct catalog *catalog = open_mesh("bare");
    ask_is(catalog,
           "SELECT group_concat(key,' ') FROM (SELECT key FROM product ORDER BY 1)",
           "bare/more bare/other bare/sales",
           "a folder is a product, data/ named after its parent");
    ask_is(catalog,
           "SELECT group_concat(sql_name,' ') FROM table_of t JOIN product p ON "
           "p.rowid=t.product_row WHERE p.name='sales'",
           "big_orders big_orders_2 stops", "a file is a table");
    ask_is(
        catalog,
        "SELECT group_concat(sql_name||' '||t.format,', ') FROM table_of t JOIN product "
        "p ON p.rowid=t.product_row WHERE p.name='more'",
        "array json, groups json, lines json, rows jsonl", "so are JSON files");
    problem_is(catalog, "more/package.json", 1, "left out");
    problem_is(catalog, "other/fake.sqlite", 1, "not the first bytes");
    catalog_close(catalog);
    char *file = place("bare/sales/big-orders.tsv");
    struct error err = {0};
    catalog = open_path(file, &err);
    ask_is(catalog,
           "SELECT key||' '||sql_name FROM product p JOIN table_of t ON "
           "t.product_row=p.rowid",
           "sales/big-orders big_orders", "one file as a mesh");
    catalog_close(catalog);
    free(file);
}

static void an_sqlite_file_is_a_product(void)
{
    struct error err = {0};
    put("lite", "keep", "");
    char *path = place("lite/Shop.db");
    unlink(path);
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    ok(db != NULL &&
           store_run(db,
                     "CREATE TABLE \"Order Lines\"(id INTEGER PRIMARY KEY,\"a b\");"
                     "CREATE VIEW v AS SELECT 1",
                     &err),
       "an SQLite file");
    store_close(db);
    struct catalog *catalog = open_path(path, &err);
    struct catalog_product product;
    ok(catalog_product(catalog, "shop", &product, &err), "is a product");
    is_int((long long)product.tables.count, 2, "with its tables");
    const struct catalog_table *table = array_at(&product.tables, 0);
    is_text(table->sql_name, "Order Lines", "under their own names");
    is_text(table->format, "sqlite", "told by format");
    const struct catalog_column *column = array_at(&table->columns, 1);
    is_text(column->name, "a b", "and columns");
    catalog_product_release(&product);
    catalog_close(catalog);
    free(path);
}

/* A Data Package that says all it can about how its files are written. */
static void packages_have_dialects(void)
{
    put("dialects", "datapackage.json",
        "{\"name\":\"d\",\"resources\":[{\"name\":\"a\",\"path\":\"a.csv\",\"dialect\":{"
        "\"delimiter\":\"\\t\",\"quoteChar\":\"'\",\"doubleQuote\":false,\"escapeChar\":"
        "\"\\\\\",\"nullSequence\":\"\\\\N\",\"commentChar\":\"#\",\"commentRows\":[2,9,"
        "7],"
        "\"headerRows\":[3,5],\"headerJoin\":\"-\",\"lineTerminator\":\"\\r\\n\"},"
        "\"schema\":{\"fields\":[{\"name\":\"n\",\"type\":\"number\",\"bareNumber\":"
        "false,"
        "\"decimalChar\":\",\",\"groupChar\":\".\",\"missingValues\":[\"-\"]}]}},"
        "{\"name\":\"b\",\"path\":\"b.csv\",\"dialect\":{\"quoteChar\":\"\",\"header\":"
        "false,"
        "\"commentRows\":[1,2]},\"schema\":{\"fields\":[],\"missingValues\":[]}}]}");
    put("dialects", "a.csv", "x\n");
    put("dialects", "b.csv", "x\n");
    struct catalog *catalog = open_mesh("dialects");
    struct error err = {0};
    struct catalog_product product;
    ok(catalog_product(catalog, "d", &product, &err), "a package: %s", err.message);
    const struct catalog_table *table = array_at(&product.tables, 0);
    const struct catalog_dialect *dialect = &table->dialect;
    ok(dialect->delimiter == '\t' && dialect->quote == '\'' && dialect->escape == '\\' &&
           dialect->comment == '#' && dialect->no_double_quote,
       "signs of a dialect");
    is_text(dialect->missing, "\n\\N", "the null sequence is one marker more");
    is_int(dialect->skip_rows, 2, "rows before the header");
    is_int(dialect->header_rows, 2, "header rows");
    is_text(dialect->header_join, "-", "what joins them");
    is_text(dialect->comment_rows, "4 9 7 ", "rows that are none");
    const struct catalog_column *column = array_at(&table->columns, 0);
    ok(column->not_bare, "numbers with other signs around them");
    is_text(column->decimal_char, ",", "decimal sign");
    is_text(column->group_char, ".", "group sign");
    is_text(column->missing, "-", "missing values of a column");
    table = array_at(&product.tables, 1);
    ok(table->dialect.quote == CATALOG_NO_SIGN && table->dialect.no_header &&
           table->dialect.skip_rows == 2 && table->dialect.comment_rows == NULL,
       "no quotes, no header, comments at the start");
    catalog_product_release(&product);
    catalog_close(catalog);
}

static void signs_have_words(void)
{
    static const struct {
        const char *word;
        char sign;
    } signs[] = {{"tab", '\t'},
                 {"\\t", '\t'},
                 {"TAB", '\t'},
                 {";", ';'},
                 {"bar", '|'},
                 {"x", 'x'},
                 {"none", CATALOG_NO_SIGN}};
    char sign, buffer[8];
    bool all = true;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        all = all && catalog_sign_of(signs[i].word, &sign) && sign == signs[i].sign;
    }
    ok(all, "signs and their words");
    ok(!catalog_sign_of("", &sign) && !catalog_sign_of("ab", &sign) &&
           !catalog_sign_of("\n", &sign) && !catalog_sign_of("\xC3", &sign),
       "what is no sign");
    is_text(catalog_sign_name('\t', buffer), "tab", "a word for a sign");
    is_text(catalog_sign_name('^', buffer), "^", "or itself");
}

static void packages_are_products(void)
{
    put("pack", "datapackage.yaml",
        "name: fruit\ntitle: All fruit\nkeywords: [food]\nlicenses: [{name: CC0-1.0}]\n"
        "contributors: [{title: A, role: author}, {title: Orchard, role: publisher}]\n"
        "resources:\n"
        "  - name: apples and pears\n    path: [data/a.csv, data/p.csv]\n"
        "    schema: s.json\n    encoding: latin1\n"
        "    dialect: {delimiter: ';', header: false, skipInitialSpace: true}\n"
        "  - name: inline\n    data: [{x: 1, y: null}, {x: 007, y: \"q\\\"\"}]\n"
        "  - name: picture\n    path: p.png\n"
        "  - name: web\n    path: https://example.org/x.csv\n");
    put("pack", "data/a.csv", "1;2\n");
    put("pack", "data/s.json",
        "{\"primaryKey\":\"id\",\"missingValues\":[\"\",\"NA\"],\"fields\":["
        "{\"name\":\"id\",\"type\":\"integer\",\"constraints\":{\"required\":true}},"
        "{\"name\":\"ok\",\"type\":\"boolean\",\"trueValues\":[\"y\",\"j\"]}]}");
    put("pack", "data/sub/never-seen.csv", "a\n");
    struct catalog *catalog = open_mesh("pack");
    struct error err = {0};
    struct catalog_product product;
    ok(catalog_product(catalog, "pack/fruit", &product, &err), "a package is a product");
    is_text(product.entry.owner, "Orchard", "of its publisher");
    is_int((long long)product.tables.count, 3, "with its tabular resources");
    const struct catalog_table *first = array_at(&product.tables, 0);
    is_text(first->sql_name, "apples_and_pears", "named for SQL");
    is_int((long long)first->files.count, 2, "a table of two files");
    is_int(first->dialect.delimiter, ';', "dialect: delimiter");
    ok(first->dialect.no_header && first->dialect.skip_initial_space, "dialect: flags");
    is_text(first->dialect.encoding, "latin1", "encoding");
    is_text(first->dialect.missing, "\nNA", "markers of missing values");
    const struct catalog_column *key = array_at(&first->columns, 0);
    ok(key->key_position == 1 && key->required, "schema beside the first file: key");
    const struct catalog_column *truth = array_at(&first->columns, 1);
    is_text(truth->true_values, "y\nj", "true values");
    const struct catalog_table *second = array_at(&product.tables, 1);
    is_text(second->inline_data, "[{\"x\":1,\"y\":null},{\"x\":\"007\",\"y\":\"q\\\"\"}]",
            "inline data as JSON");
    is_text(fact(&product, "terms", "license"), "CC0-1.0", "fact: licence");
    is_text(fact(&product, "location", "apples_and_pears"), "data/a.csv, data/p.csv",
            "fact: location");
    problem_is(catalog, "datapackage.yaml", 7, "data/p.csv is not there");
    const struct catalog_table *picture = array_at(&product.files, 0);
    ok(product.files.count == 1 && picture->is_file, "what is no table is a file");
    is_text(picture->name, "picture", "by its name");
    is_text(*(char **)array_at(&picture->files, 0), "p.png", "and its path");
    catalog_product_release(&product);
    catalog_close(catalog);
}

int main(void)
{
    char template[] = "/tmp/mwb-test-catalog-XXXXXX";
    home = mkdtemp(template);
    char *cache = string_printf("%s/cache", home);
    setenv("MWB_CACHE", cache, 1);
    broken_files_do_not_stop_the_rest();
    hostile_meshes_are_harmless();
    what_is_no_mesh_is_told();
    bare_data_becomes_products();
    an_sqlite_file_is_a_product();
    packages_are_products();
    packages_have_dialects();
    signs_have_words();
    path_remove_tree(home, NULL);
    free(cache);
    return tap_done();
}
