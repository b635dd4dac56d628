/* Unit tests of catalog_refresh() in engine/catalog.h: after any change of files a
 * refreshed index holds what a new one does, readers see whole snapshots, and a file that
 * was only touched changes nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "files.h"
#include "tap.h"

static char *home, *mesh, *refreshed, *anew;
static uint64_t state;

static unsigned pick(unsigned below)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % below;
}

static void put(const char *path, const char *text)
{
    files_put(mesh, path, text);
}

static void drop(const char *path)
{
    char *full = path_join(mesh, path);
    path_remove_tree(full, NULL);
    unlink(full);
    free(full);
}

/* ---- What an index holds ---- */

/* Columns that name rows, times and inodes differ between two indexes of one content. */
static const char columns_sql[] =
    "SELECT group_concat('quote(\"'||name||'\")','||''|''||') FROM pragma_table_info(?1) "
    "WHERE name NOT LIKE '%\\_row' ESCAPE '\\' AND name NOT "
    "IN('row','rows','built','changed','inode','document')";

/* Words and facets that nothing has any more may stay behind: who has them counts. */
static const char facets_sql[] =
    "SELECT 'facet: '||p.key||' '||f.facet||' '||f.value FROM facet_of o JOIN facet f ON "
    "f.row=o.facet_row JOIN product p ON p.rowid=o.product_row ORDER BY 1";
static const char found_sql[] =
    "SELECT 'found: '||group_concat(key,' ') FROM (SELECT p.key FROM search s JOIN "
    "product "
    "p ON p.rowid=s.rowid WHERE search MATCH 'orders OR items OR t1' ORDER BY p.key)";

static void dump_rows(sqlite3 *db, const char *sql, struct text *out)
{
    sqlite3_stmt *rows = store_prepare(db, sql, NULL);
    ok(rows != NULL, "the index can be asked");
    while (rows != NULL && store_step(rows, NULL) == STORE_ROW) {
        text_printf(out, "%s\n", store_text(rows, 0));
    }
    store_finish(rows);
}

static void dump_table(sqlite3 *db, const char *table, struct text *out)
{
    char *columns = store_string(db, columns_sql, "s", table);
    char *sql = string_printf("SELECT %s FROM \"%s\" ORDER BY 1", columns, table);
    sqlite3_stmt *rows = store_prepare(db, sql, NULL);
    while (rows != NULL && store_step(rows, NULL) == STORE_ROW) {
        text_printf(out, "%s: %s\n", table, store_text(rows, 0));
    }
    store_finish(rows);
    free(sql);
    free(columns);
}

static char *dump(const char *index)
{
    struct text out = {0};
    struct error err = {0};
    sqlite3 *db = store_open(index, STORE_READ, &err);
    sqlite3_stmt *tables = store_prepare(
        db,
        "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE "
        "'search\\_%' "
        "ESCAPE '\\' AND name NOT LIKE 'sqlite%' AND name NOT "
        "IN('search','facet','facet_of') "
        "ORDER BY name",
        &err);
    while (tables != NULL && store_step(tables, NULL) == STORE_ROW) {
        dump_table(db, store_text(tables, 0), &out);
    }
    store_finish(tables);
    dump_rows(db, facets_sql, &out);
    dump_rows(db, found_sql, &out);
    store_close(db);
    return text_take(&out);
}

/* The first line in which they differ. */
static void say_difference(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        size_t x = strcspn(a, "\n"), y = strcspn(b, "\n");
        if (x != y || strncmp(a, b, x) != 0) {
            break;
        }
        a += x + (a[x] == '\n');
        b += y + (b[y] == '\n');
    }
    printf("# refreshed: %.*s\n# anew:      %.*s\n", (int)strcspn(a, "\n"), a,
           (int)strcspn(b, "\n"), b);
}

static bool same_as_anew(const char *what)
{
    struct error err = {0};
    bool changed;
    if (!ok(catalog_refresh(mesh, refreshed, NULL, &changed, &err), "%s: refreshed%s",
            what, err.message) ||
        !ok(catalog_build(mesh, anew, NULL, &err), "built anew%s", err.message)) {
        return false;
    }
    char *a = dump(refreshed), *b = dump(anew);
    bool same = string_equal(a, b);
    ok(same, "%s: a refreshed index holds what a new one does", what);
    if (!same) {
        say_difference(a, b);
    }
    free(a);
    free(b);
    return same;
}

/* ---- A mesh that changes ---- */

static const char *const domains[] = {"sales", "stock", "web"};
static const char *const names[] = {"orders", "items", "visits", "a-b", "a_b"};

static char *product_text(const char *name)
{
    return string_printf(
        "apiVersion: v1.0.0\nkind: DataProduct\nid: p-%s-%u\nname: %s\nversion: 1.%u.0\n"
        "status: active\ntags: [t%u]\n%soutputPorts:\n  - name: tables\n    version: "
        "1.0.0"
        "\n    contractId: c-%s\ninputPorts:\n  - name: in\n    version: 1.0.0\n    "
        "contractId: c-%s\n",
        name, pick(3), name, pick(9), pick(4), pick(2) ? "team:\n  name: Team One\n" : "",
        names[pick(5)], names[pick(5)]);
}

static char *contract_text(const char *name)
{
    return string_printf(
        "apiVersion: v3.1.0\nkind: DataContract\nid: c-%s\nname: %s\nversion: 1.0.%u\n"
        "status: active\nteam:\n  name: Team %u\nservers:\n  - server: files\n    type: "
        "local\n    path: data/%s.csv\n    format: csv\nslaProperties:\n  - property: "
        "frequency\n    value: %u\n    unit: d\nschema:\n  - name: %s_rows\n    "
        "properties:\n      - name: id\n        logicalType: integer\n        "
        "primaryKey: true\n        primaryKeyPosition: 1\n      - name: c%u\n        "
        "logicalType: string\n    relationships:\n      - from: %s_rows.id\n        to: "
        "../%s/%s.odcs.yaml#/schema/x/properties/id\n",
        name, name, pick(5), pick(3), name, pick(5), name, pick(6), name, names[pick(5)],
        names[pick(5)]);
}

static void put_product(const char *folder, const char *name)
{
    char *path = string_printf("%s/%s/%s.odps.yaml", folder, name, name);
    char *text = product_text(name);
    put(path, text);
    free(text);
    free(path);
}

static void put_contract(const char *folder, const char *name)
{
    char *path = string_printf("%s/%s/%s.odcs.yaml", folder, name, name);
    char *text = contract_text(name);
    put(path, text);
    free(text);
    free(path);
}

static void drop_in(const char *folder, const char *name, const char *suffix)
{
    char *path = string_printf("%s/%s%s", folder, name, suffix);
    drop(path);
    free(path);
}

static void put_in(const char *folder, const char *name, const char *suffix,
                   const char *text)
{
    char *path = string_printf("%s/%s%s", folder, name, suffix);
    put(path, text);
    free(path);
}

/* Costs of products that are there or not, twice at times, some without sense. */
static void put_costs(void)
{
    struct text csv = {0};
    text_append(&csv, "product,month,amount,currency\n");
    for (unsigned i = 1 + pick(5); i > 0; i--) {
        text_printf(&csv, "%s/%s,2026-0%u,%u,EUR\n", domains[pick(3)], names[pick(5)],
                    pick(3), pick(9));
    }
    put("costs.csv", text_string(&csv));
    text_release(&csv);
}

static void change_something(void)
{
    const char *domain = domains[pick(3)], *name = names[pick(5)];
    char *folder = string_printf("%s/%s", domain, name);
    switch (pick(16)) {
    case 0:
    case 1:
        put_product(domain, name);
        break;
    case 2:
    case 3:
        put_contract(domain, name);
        break;
    case 4:
        drop_in(folder, name, ".odps.yaml");
        break;
    case 5:
        drop_in(folder, name, ".odcs.yaml");
        break;
    case 6:
        drop_in(domain, name, "");
        break;
    case 7:
        put_in(folder, "data/", names[pick(5)], "id,c1\n1,2\n");
        break;
    case 8:
        put_in(folder, "data/orders", ".csv", pick(2) ? "id,c1\n1,2\n" : "id\n7\n");
        break;
    case 9:
        put_in(folder, "datapackage", ".json",
               pick(3) ? "{\"name\":\"pack\",\"resources\":[{\"name\":\"r\",\"path\":"
                         "\"r.csv\",\"schema\":\"s.json\"}]}"
                       : "{\"name\":");
        break;
    case 10:
        put_in(folder, "s", ".json",
               pick(2) ? "{\"fields\":[{\"name\":\"id\",\"type\":\"integer\"}]}"
                       : "{\"fields\":[{\"name\":\"x\"}]}");
        break;
    case 11:
        drop_in(folder, "datapackage", ".json");
        break;
    case 12:
        put_in("queries", name, ".sql", "-- title: q\nSELECT 1\n");
        break;
    case 13:
        put_costs();
        break;
    case 14:
        drop("costs.csv");
        break;
    default:
        drop_in("queries", name, ".sql");
    }
    free(folder);
}

static void any_changes(uint64_t seed, int rounds)
{
    state = seed;
    path_remove_tree(mesh, NULL);
    put("mesh.yaml", "name: Changing\ncosts: costs.csv\ndomains:\n  - name: sales\n    "
                     "class: source\n");
    for (int i = 0; i < 8; i++) {
        change_something();
    }
    unlink(refreshed);
    for (int round = 0; round < rounds; round++) {
        for (unsigned i = 1 + pick(4); i > 0; i--) {
            change_something();
        }
        char *what =
            string_printf("seed %llu, round %d", (unsigned long long)seed, round);
        bool same = same_as_anew(what);
        free(what);
        if (!same) {
            return;
        }
    }
}

/* ---- Only what has another content ---- */

static void touching_is_no_change(void)
{
    struct error err = {0};
    bool changed = false;
    put_product("sales", "orders");
    put_contract("sales", "orders");
    ok(catalog_refresh(mesh, refreshed, NULL, &changed, &err), "refreshed");
    ok(changed, "something was new");
    ok(catalog_is_current(mesh, refreshed), "it is current");
    char *file = path_join(mesh, "sales/orders/orders.odps.yaml");
    struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    ok(utimensat(AT_FDCWD, file, old, 0) == 0, "a file is touched");
    ok(!catalog_is_current(mesh, refreshed), "which is seen");
    ok(catalog_refresh(mesh, refreshed, NULL, &changed, &err) && !changed,
       "but has the same content");
    ok(catalog_is_current(mesh, refreshed), "and is current again");
    char *bytes;
    size_t length;
    struct stat before;
    ok(stat(file, &before) == 0 && path_read_file(file, 9999, &bytes, &length, &err),
       "the same size and the same mtime");
    bytes[length - 2] ^= 1;
    struct timespec kept[2] = {before.st_atim, before.st_mtim};
    int fd = open(file, O_WRONLY);
    ok(fd >= 0 && pwrite(fd, bytes, length, 0) == (ssize_t)length &&
           futimens(fd, kept) == 0,
       "another content");
    close(fd);
    free(bytes);
    ok(catalog_refresh(mesh, refreshed, NULL, &changed, &err) && changed,
       "is seen all the same");
    free(file);
}

static void one_file_is_read_again(void)
{
    struct error err = {0};
    bool changed;
    put_contract("sales", "items");
    put_product("sales", "items");
    ok(catalog_refresh(mesh, refreshed, NULL, &changed, &err), "refreshed");
    put("sales/items/items.odps.yaml", "kind: DataProduct\nid: x\nname: other\n"
                                       "apiVersion: v1.0.0\nstatus: active\n");
    ok(catalog_refresh_file(mesh, refreshed, "sales/items/items.odps.yaml", &changed,
                            &err) &&
           changed,
       "one file is read again%s", err.message);
    same_as_anew("one file");
    ok(catalog_refresh_file(mesh, refreshed, "sales/items/items.odps.yaml", &changed,
                            &err) &&
           !changed,
       "the same again changes nothing");
    put("sales/items/new.odcs.yaml", "kind: DataContract\nid: new\napiVersion: v3.1.0\n"
                                     "version: 1.0.0\nstatus: active\n");
    ok(catalog_refresh_file(mesh, refreshed, "sales/items/new.odcs.yaml", &changed,
                            &err) &&
           changed,
       "a file that is not known");
    same_as_anew("a new file");
}

/* A reader that has begun sees the old index to its end. */
static void readers_see_snapshots(void)
{
    struct error err = {0};
    bool changed;
    static const char count[] = "SELECT count(*) FROM product";
    struct catalog *catalog = catalog_open(refreshed, &err);
    sqlite3 *db = catalog_database(catalog);
    ok(store_run(db, "BEGIN", &err), "a reader begins");
    long long before = store_number(db, -1, count, "");
    put_product("web", "new-one");
    put("web/new-one/x.odps.yaml",
        "kind: DataProduct\nid: x\nname: x\napiVersion: v1.0.0\n"
        "status: active\n");
    ok(catalog_refresh(mesh, refreshed, NULL, &changed, &err) && changed,
       "the index changes%s", err.message);
    is_int(store_number(db, -1, count, ""), before, "the reader sees what it saw");
    ok(store_run(db, "COMMIT", &err), "it ends");
    ok(store_number(db, -1, count, "") > before, "and sees the new products");
    catalog_close(catalog);
}

int main(void)
{
    char folder[] = "/tmp/mwb-test-refresh-XXXXXX";
    home = mkdtemp(folder);
    mesh = path_join(home, "mesh");
    refreshed = path_join(home, "refreshed.db");
    anew = path_join(home, "anew.db");
    touching_is_no_change();
    readers_see_snapshots();
    one_file_is_read_again();
    const char *rounds = getenv("REFRESH_ROUNDS");
    for (uint64_t seed = 1; seed <= (rounds != NULL ? strtoull(rounds, NULL, 10) : 12);
         seed++) {
        any_changes(seed, 8);
    }
    path_remove_tree(home, NULL);
    free(mesh);
    free(refreshed);
    free(anew);
    return tap_done();
}
