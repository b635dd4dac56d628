/* sources of a mesh: folders elsewhere, repositories, the web; those that fail; refresh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/unit/git_help.h"
#include "tests/unit/httpd_help.h"
#include "tests/unit/tap.h"
#include "tests/unit/files.h"

static char root[] = "/tmp/mwb-test-sources-XXXXXX";
static struct error err;
static struct httpd httpd;

static void put(const char *relative, const char *content)
{
    files_put(root, relative, content);
}

static void put_product(const char *relative, const char *name)
{
    char *text = string_printf("apiVersion: v1.0.0\nkind: DataProduct\nid: %s\nname: %s\n"
                               "domain: d\nstatus: active\n",
                               name, name);
    put(relative, text);
    free(text);
}

/* Brings the index up to date, as a workbench does. */
static bool refresh(const char *mesh, bool *changed)
{
    char *index = catalog_index_path(mesh, &err);
    bool done = index != NULL && (catalog_is_current(mesh, index) ||
                                  catalog_refresh(mesh, index, NULL, changed, &err));
    free(index);
    return done;
}

static const char *asked(const char *mesh, const char *sql)
{
    static struct text out;
    bool changed = false;
    text_clear(&out);
    err = (struct error){0};
    if (!refresh(mesh, &changed)) {
        text_printf(&out, "refused: %s", err.message);
        return text_string(&out);
    }
    char *index = catalog_index_path(mesh, &err);
    struct catalog *catalog = catalog_open(index, &err);
    sqlite3_stmt *stmt =
        catalog != NULL ? store_prepare(catalog_database(catalog), sql, &err) : NULL;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            text_printf(&out, "%s%s", out.length > 0 ? " " : "", store_text(stmt, i));
        }
    }
    store_finish(stmt);
    catalog_close(catalog);
    free(index);
    return text_string(&out);
}

static const char products[] = "SELECT p.name,p.path,coalesce(d.source,'-') FROM product "
                               "p JOIN document d USING(path) "
                               "ORDER BY p.name";

static void write_mesh(const char *sources)
{
    char *text = string_printf("name: all\nsources:\n  - .\n%s", sources);
    put("all/mesh.yaml", text);
    free(text);
}

static void test_several(const char *mesh)
{
    char *sources =
        string_printf("  - {name: lake, folder: %s/lake}\n"
                      "  - {name: crm, git: ../crm, ref: v1, path: products}\n"
                      "  - {git: %s/crm}\n",
                      root, root);
    write_mesh(sources);
    free(sources);
    ok(sh_in(root, "cd crm && git init -q -b main && git add -A && git commit -qm 1 && "
                   "git tag v1 && sed -i s/clients/contacts/ products/c.odps.yaml && "
                   "git commit -qam 2"),
       "a repository");
    is_text(asked(mesh, products),
            "clients crm/c.odps.yaml crm own own.odps.yaml - pond "
            "lake/a/p.odps.yaml lake",
            "products of three kinds of sources");
    is_text(asked(mesh, "SELECT name,kind,state FROM source WHERE state='failed'"),
            "crm  failed", "two of one name: the second is refused");
    ok(strstr(asked(mesh, "SELECT sentence FROM problem WHERE rule='bad-source'"),
              "give it another") != NULL,
       "and is a problem");
}

static void test_places(const char *mesh)
{
    char *index = catalog_index_path(mesh, &err);
    struct catalog *catalog = catalog_open(index, &err);
    char *file = catalog_file(catalog, "lake/a/p.odps.yaml");
    char *want = path_join(root, "lake/a/p.odps.yaml");
    is_text(file, want, "where a path of a source lies");
    free(file);
    free(want);
    file = catalog_file(catalog, "crm/c.odps.yaml");
    ok(path_exists(file), "a path in a repository is a file, too");
    free(file);
    struct catalog_product product;
    ok(catalog_product(catalog, "d/pond", &product, &err), "a product of a source");
    want = path_join(root, "lake/a");
    is_text(product.folder, want, "its files are looked for beside it");
    free(want);
    catalog_product_release(&product);
    catalog_close(catalog);
    free(index);
}

static void test_refresh(const char *mesh)
{
    put_product("lake/a/p.odps.yaml", "lagoon");
    put_product("lake/b/q.odps.yaml", "puddle");
    ok(sh_in(root, "cd crm && git tag -f v1 main"), "the tag goes on");
    is_text(asked(mesh, products),
            "contacts crm/c.odps.yaml crm lagoon lake/a/p.odps.yaml lake own "
            "own.odps.yaml - puddle lake/b/q.odps.yaml lake",
            "all that changed in sources is seen");
    put_product("all/own2.odps.yaml", "second");
    is_text(asked(mesh, "SELECT count(*) FROM product"), "5",
            "sources stay when the mesh's own folder changes");
}

static void test_refused(const char *mesh)
{
    char *sources = string_printf("  - {name: up, path: ../lake}\n"
                                  "  - {name: self, folder: %s/all}\n"
                                  "  - {name: around, folder: %s}\n"
                                  "  - {name: gone, folder: %s/gone}\n"
                                  "  - {name: 'a/b', folder: %s/lake}\n"
                                  "  - {name: url, url: 'file:///etc'}\n"
                                  "  - {name: local, url: 'http://127.0.0.1:1/x.json'}\n"
                                  "  - {name: ref, git: %s/crm, ref: '--upload-pack=x'}\n"
                                  "  - {name: climbs, git: %s/crm, path: ../lake}\n"
                                  "  - {name: nothing}\n"
                                  "  - {name: lake, folder: %s/lake}\n",
                                  root, root, root, root, root, root, root);
    write_mesh(sources);
    free(sources);
    is_text(asked(mesh, "SELECT count(*) FROM problem WHERE rule='bad-source'"), "10",
            "each source that cannot be used is a problem");
    is_text(
        asked(mesh, "SELECT count(*) FROM problem WHERE rule='bad-source' AND line>3"),
        "10", "at its line");
    is_text(asked(mesh, "SELECT count(*) FROM product"), "4",
            "the others are used nevertheless");
    put_product("gone/g.odps.yaml", "back");
    is_text(asked(mesh, "SELECT count(*) FROM source WHERE name='gone'"), "1",
            "one that failed is known");
    bool changed = false;
    char *index = catalog_index_path(mesh, &err);
    ok(catalog_refresh(mesh, index, NULL, &changed, &err) && changed,
       "and is read when it comes back");
    free(index);
    is_text(asked(mesh, "SELECT state FROM source WHERE name='gone'"), "ready", "ready");
}

static void test_nested(const char *mesh)
{
    char *sources = string_printf("  - {name: lake, folder: %s/lake}\n", root);
    write_mesh(sources);
    free(sources);
    put("lake/mesh.yaml", "sources: [{name: x, git: /elsewhere}]\n");
    is_text(asked(mesh, "SELECT rule FROM problem WHERE rule='nested-source'"),
            "nested-source", "sources of sources are told, not followed");
}

/* The mesh itself in a repository, or on the web. */
static void test_mesh_elsewhere(void)
{
    char *at = string_printf("%s/crm#main~1", root);
    is_text(asked(at, products), "clients products/c.odps.yaml -",
            "a mesh at an older commit");
    is_text(asked(at, "SELECT kind,ref FROM source WHERE name IS NULL"), "git main~1",
            "what it is");
    free(at);
    put("site/mesh.yaml", "name: city\nfiles: [a/c.odps.yaml]\n"
                          "sources: [., {name: local, folder: /etc}]\n");
    put_product("site/a/c.odps.yaml", "trees");
    at = string_printf("http://127.0.0.1:%d/mesh.yaml", httpd.port);
    if (httpd.port > 0) {
        is_text(asked(at, products), "trees a/c.odps.yaml -", "a mesh on the web");
        ok(strstr(asked(at, "SELECT sentence FROM problem WHERE rule='bad-source'"),
                  "names no places") != NULL,
           "which names no places of this host");
    } else {
        tap_skip("python3 is not installed, so there is no server to ask");
    }
    free(at);
}

int main(void)
{
    if (!git_is_here()) {
        tap_skip("git is not installed");
        return tap_done();
    }
    if (mkdtemp(root) == NULL) {
        perror(root);
        return EXIT_FAILURE;
    }
    char *cache = path_join(root, "cache");
    char *mesh = path_join(root, "all");
    char *site = path_join(root, "site");
    setenv("MWB_CACHE", cache, 1);
    unsetenv("http_proxy");
    put_product("all/own.odps.yaml", "own");
    put_product("lake/a/p.odps.yaml", "pond");
    put_product("crm/products/c.odps.yaml", "clients");
    path_make_folders(site, &err);
    bool served = httpd_start(&httpd, site);
    test_several(mesh);
    test_places(mesh);
    test_refresh(mesh);
    test_refused(mesh);
    test_nested(mesh);
    test_mesh_elsewhere();
    if (served) {
        httpd_stop(&httpd);
    }
    path_remove_tree(root, &err);
    free(site);
    free(mesh);
    free(cache);
    return tap_done();
}
