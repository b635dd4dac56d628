/* cache: folders of a group: who may read what, whatever the umask.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/cache.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

enum { EVERYBODY = 54400, ANALYSTS = 54401, STEWARDS = 54402 };

static char root[] = "/tmp/mwb-test-shared-XXXXXX";
static char *shared, *home, *mesh;
static struct error err;

static bool publish(const struct cache_product *product, const char *key)
{
    struct cache_stage *stage = cache_stage_new(product, &err);
    sqlite3 *db =
        stage != NULL ? store_open(cache_stage_file(stage), STORE_CREATE, &err) : NULL;
    bool good = db != NULL && store_run(db, "CREATE TABLE t(a)", &err);
    store_close(db);
    char *files = stage != NULL ? path_join(cache_stage_folder(stage), "files") : NULL;
    char *report = files != NULL ? path_join(files, "report") : NULL;
    good = good && path_make_folders(files, &err) &&
           path_write_file(report, "x", 1, 0600, &err) &&
           cache_stage_publish(stage, product, key, &err);
    free(report);
    free(files);
    cache_stage_free(stage);
    return good;
}

/* "2770 54400" */
static void is_mode(const char *path, mode_t mode, gid_t group, const char *what)
{
    struct stat info = {0};
    bool there = path != NULL && lstat(path, &info) == 0;
    ok(there && (info.st_mode & 07777) == mode && info.st_gid == group,
       "%s: mode %04o of group %u, is %04o of %u", what, (unsigned)mode, (unsigned)group,
       (unsigned)(info.st_mode & 07777), (unsigned)info.st_gid);
}

static void test_modes(mode_t mask)
{
    const struct cache_product product = {mesh,     "analyst", "shop",
                                          "orders", ANALYSTS,  false};
    mode_t before = umask(mask);
    ok(publish(&product, "1-a"), "umask %03o: published: %s", (unsigned)mask,
       err.message);
    umask(before);
    char *folder = cache_product_folder(&product, &err);
    ok(string_starts(folder, shared), "in the shared folder");
    char *domain = path_folder(folder), *role = path_folder(domain);
    char *of_mesh = path_folder(role), *products = path_folder(of_mesh);
    is_mode(products, 02770, EVERYBODY, "products");
    is_mode(of_mesh, 02770, EVERYBODY, "the mesh");
    is_mode(role, 02770, ANALYSTS, "the role");
    is_mode(domain, 02770, ANALYSTS, "the domain");
    is_mode(folder, 02770, ANALYSTS, "the product");
    char *file = cache_current(&product), *files = cache_version_files(&product, "1-a");
    char *report = files != NULL ? path_join(files, "report") : NULL;
    char *pointer = path_join(folder, "current");
    is_mode(file, 0440, ANALYSTS, "the version");
    is_mode(files, 02770, ANALYSTS, "its files");
    is_mode(report, 0440, ANALYSTS, "one of them");
    is_mode(pointer, 0440, ANALYSTS, "the pointer");
    path_remove_tree(products, NULL);
    free(pointer);
    free(report);
    free(files);
    free(file);
    free(products);
    free(of_mesh);
    free(role);
    free(domain);
    free(folder);
}

/* In a child that is somebody else: the answer is its status. */
static bool can_read(const struct cache_product *product, uid_t person, gid_t other)
{
    const gid_t groups[] = {EVERYBODY, other};
    pid_t child = fork();
    if (child == 0) {
        char *own = string_printf("%s/home-%u", root, (unsigned)person);
        setenv("HOME", own, 1);
        bool good = setgroups(other != 0 ? 2 : 1, groups) == 0 &&
                    setresgid(person, person, person) == 0 &&
                    setresuid(person, person, person) == 0;
        struct cache_lease *lease;
        _exit(good && cache_current_leased(product, &lease) != NULL ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void make_home(uid_t person)
{
    char *own = string_printf("%s/home-%u", root, (unsigned)person);
    ok(mkdir(own, 0700) == 0 && chown(own, person, person) == 0, "a home of %u",
       (unsigned)person);
    free(own);
}

static void test_readers(void)
{
    const struct cache_product all = {mesh, NULL, "shop", "all", -1, false};
    const struct cache_product masked = {mesh, "analyst", "shop", "x", ANALYSTS, false};
    const struct cache_product plain = {mesh, "steward", "shop", "x", STEWARDS, false};
    ok(publish(&all, "1-a") && publish(&masked, "1-a") && publish(&plain, "1-a"),
       "three products: %s", err.message);
    make_home(60001);
    make_home(60002);
    make_home(60003);
    ok(can_read(&all, 60001, 0), "what has no group of its own all members read");
    ok(!can_read(&masked, 60001, 0) && !can_read(&plain, 60001, 0),
       "what has one they do not");
    ok(can_read(&masked, 60002, ANALYSTS), "but those who are in it");
    ok(!can_read(&plain, 60002, ANALYSTS), "who do not read what another role may");
    ok(can_read(&plain, 60003, STEWARDS), "which that one does");
    struct cache_product private = all;
    private.is_private = true;
    ok(publish(&private, "2-a"), "what must not be shared: %s", err.message);
    char *file = cache_current(&all);
    ok(file != NULL && string_starts(file, home), "lies in one's own place");
    free(file);
}

/* Who planted the folder of a role under another group reads nothing. */
static void test_planted_role(void)
{
    const struct cache_product product = {mesh,     "late",   "shop",
                                          "orders", ANALYSTS, false};
    char *folder = cache_product_folder(&product, &err);
    char *domain = path_folder(folder), *role = path_folder(domain);
    ok(mkdir(role, 02770) == 0 && chown(role, 0, EVERYBODY) == 0 &&
           chmod(role, 02770) == 0,
       "a folder of the role that all members may enter");
    err = (struct error){0};
    ok(!publish(&product, "1-a") && strstr(err.message, "another group") != NULL,
       "nothing is published there: %s", err.message);
    free(role);
    free(domain);
    free(folder);
}

int main(void)
{
    if (geteuid() != 0) {
        tap_skip("only root can become several users");
        return tap_done();
    }
    if (mkdtemp(root) == NULL || chmod(root, 0755) != 0) {
        printf("Bail out! no temporary folder\n");
        return 1;
    }
    shared = path_join(root, "shared");
    home = path_join(root, "home");
    mesh = path_join(root, "mesh");
    ok(mkdir(shared, 0700) == 0 && chown(shared, 0, EVERYBODY) == 0 &&
           chmod(shared, 02770) == 0 && mkdir(home, 0700) == 0 && mkdir(mesh, 0755) == 0,
       "a folder of a group");
    setenv("MWB_CACHE", shared, 1);
    setenv("HOME", home, 1);
    unsetenv("XDG_CACHE_HOME");
    static const mode_t masks[] = {0, 0022, 0027, 0077};
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        test_modes(masks[i]);
    }
    test_readers();
    test_planted_role();
    path_remove_tree(root, NULL);
    free(shared);
    free(home);
    free(mesh);
    return tap_done();
}
