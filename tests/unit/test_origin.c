/* access: data of products whose descriptors lie in a repository or on the web, and whose
 * folder here is a copy without them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/path.h"
#include "tests/unit/files.h"
#include "tests/unit/git_help.h"
#include "tests/unit/httpd_help.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-origin-XXXXXX";
static char *partial;
static struct error err;

static const char package[] =
    "{\"name\": \"parcels\", \"resources\": ["
    "{\"name\": \"small\", \"path\": \"data/small.csv\"},"
    "{\"name\": \"large\", \"path\": \"data/large.csv\"},"
    "{\"name\": \"all\", \"path\": \"data/[ls]*.csv\"},"
    "{\"name\": \"pointer\", \"path\": \"data/pointer.csv\"},"
    "{\"name\": \"old\", \"path\": \"git:.#v1:data/small.csv\"}]}";

/* Large enough to be left out of the copy of a repository. */
enum { LARGE = 65 * 1024 * 1024 };

static bool put_large(const char *path)
{
    static char lines[1 << 20];
    memset(lines, '1', sizeof lines);
    for (size_t i = 99; i < sizeof lines; i += 100) {
        lines[i] = '\n';
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    bool done = fd >= 0;
    for (int i = 0; done && i < LARGE / (int)sizeof lines; i++) {
        done = path_write_bytes(fd, lines, sizeof lines);
    }
    close(fd);
    return done;
}

static bool make_package(void)
{
    char *large = path_join(root, "mesh/shop/data/large.csv");
    files_put(root, "mesh/shop/datapackage.json", package);
    files_put(root, "mesh/shop/data/small.csv", "id\n1\n");
    files_put(root, "mesh/shop/data/pointer.csv",
              "version https://git-lfs.github.com/spec/v1\noid sha256:"
              "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
              "size 12345\n");
    bool done = put_large(large) &&
                sh_in(root, "cd mesh && git init -q -b main && git -c "
                            "core.compression=1 add -A && git commit -qm one");
    free(large);
    return done;
}

static struct catalog *open_mesh(const char *mesh)
{
    char *index = path_join(root, "index.db");
    unlink(index);
    err = (struct error){0};
    bool built = catalog_build(mesh, index, NULL, &err);
    struct catalog *catalog = built ? catalog_open(index, &err) : NULL;
    ok(catalog != NULL, "%s is opened: %s", mesh, err.message);
    free(index);
    return catalog;
}

/* "PATH:BYTES" of what a table's files are when they are here. */
static const char *brought(const struct catalog_product *product, size_t table)
{
    static struct text out;
    struct array files;
    struct access_spec spec = {.product = product,
                               .table = array_at(&product->tables, table),
                               .partial = partial};
    text_clear(&out);
    err = (struct error){0};
    if (!access_open(&spec, &files, &err)) {
        return "refused";
    }
    for (size_t i = 0; i < files.count; i++) {
        struct access_file *file = array_at(&files, i);
        bool here = file->arrival == NULL ||
                    access_settle(file, array_at(&product->tables, table), NULL, &err);
        const char *colon = strrchr(file->path, ':');
        text_printf(&out, "%s%s:%lld", i > 0 ? " " : "",
                    colon != NULL ? colon + 1 : file->path,
                    here ? access_bytes(file) : -1);
    }
    access_files_release(&files);
    return text_string(&out);
}

static void test_git(void)
{
    char *mesh = path_join(root, "mesh"), *location = string_printf("%s#main", mesh);
    struct catalog_product product;
    struct catalog *catalog = open_mesh(location);
    if (catalog != NULL && catalog_product(catalog, "parcels", &product, &err)) {
        char *start = string_printf("git:%s#", mesh);
        ok(product.origin != NULL && string_starts(product.origin, start) &&
               string_ends(product.origin, ":shop/"),
           "it knows where its folder is a copy of: %s", product.origin);
        is_int(product.problems.count, 0, "and no file is said to be missing");
        is_int((long long)product.tables.count, 5,
               "a file in git is a table by its suffix");
        is_text(brought(&product, 0), "data/small.csv:5", "a file of the copy");
        is_text(brought(&product, 1), "shop/data/large.csv:68157440",
                "one that the copy has left out, from its blob");
        is_text(brought(&product, 2),
                "shop/data/large.csv:68157440 shop/data/small.csv:5",
                "a pattern finds both: %s", err.message);
        is_text(brought(&product, 3), "refused", "a pointer is no table");
        ok(strstr(err.message, "Git LFS") != NULL, "and called what it is: %s",
           err.message);
        free(start);
        catalog_product_release(&product);
    }
    catalog_close(catalog);
    free(location);
    free(mesh);
}

static void test_web(void)
{
    struct httpd server;
    struct catalog_product product;
    char *mesh = path_join(root, "mesh");
    if (!httpd_start(&server, mesh)) {
        tap_skip("no python3 here");
        free(mesh);
        return;
    }
    char *url = string_printf("http://127.0.0.1:%d/shop/datapackage.json", server.port);
    struct catalog *catalog = open_mesh(url);
    if (catalog != NULL && catalog_product(catalog, "parcels", &product, &err)) {
        char *want = string_printf("http://127.0.0.1:%d/shop/", server.port);
        is_text(product.origin, want, "it knows where its index lies");
        is_int(product.problems.count, 0, "and no file is said to be missing");
        setenv("MWB_WEB_PRIVATE", "0", 1);
        is_text(brought(&product, 0), "refused",
                "a descriptor does not lead to this host");
        ok(strstr(err.message, "private network") != NULL, "which is told: %s",
           err.message);
        setenv("MWB_WEB_PRIVATE", "1", 1);
        ok(strstr(brought(&product, 0), "data/small.csv:5") != NULL,
           "where that is allowed, the file beside the index: %s %s",
           brought(&product, 0), err.message);
        free(want);
        catalog_product_release(&product);
    }
    catalog_close(catalog);
    httpd_stop(&server);
    free(url);
    free(mesh);
}

int main(void)
{
    if (!git_is_here()) {
        tap_skip("git is not installed");
        return tap_done();
    }
    if (mkdtemp(root) == NULL) {
        return EXIT_FAILURE;
    }
    char *cache = path_join(root, "cache");
    partial = path_join(root, "partial");
    setenv("MWB_CACHE", cache, 1);
    path_make_folders(partial, &err);
    ok(make_package(), "a package is made");
    test_git();
    test_web();
    path_remove_tree(root, NULL);
    free(partial);
    free(cache);
    return tap_done();
}
