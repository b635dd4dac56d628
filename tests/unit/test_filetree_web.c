/* filetree: indexes on the web become snapshots that are replaced as a whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/filetree.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/unit/httpd_help.h"
#include "tests/unit/tap.h"
#include "tests/unit/files.h"

static char root[] = "/tmp/mwb-test-snapshot-XXXXXX";
static char *site, *cache;
static struct error err;
static struct httpd httpd;

static void put(const char *relative, const char *content)
{
    files_put(site, relative, content);
}

static void drop(const char *relative)
{
    char *path = path_join(site, relative);
    unlink(path);
    free(path);
}

static struct filetree *open_at(const char *path, bool is_offline)
{
    char *url = string_printf("http://127.0.0.1:%d/%s", httpd.port, path);
    err = (struct error){0};
    struct filetree *tree = filetree_open_spec(
        &(struct filetree_spec){
            .location = url, .cache = cache, .is_offline = is_offline},
        &err);
    free(url);
    return tree;
}

static const char *content(struct filetree *tree, const char *path)
{
    static struct text out;
    char *bytes;
    size_t length;
    text_clear(&out);
    if (tree != NULL && filetree_read(tree, path, 1000, &bytes, &length, &err)) {
        text_append_bytes(&out, bytes, length);
        free(bytes);
    } else {
        text_append(&out, "refused");
    }
    return text_string(&out);
}

/* What the server was asked since the last time. */
static const char *asked(void)
{
    static struct text out;
    char *command =
        string_printf("python3 -c 'import urllib.request as u;"
                      "print(u.urlopen(\"http://127.0.0.1:%d/asked\").read().decode()."
                      "replace(chr(10), \" \"))'",
                      httpd.port);
    FILE *lines = popen(command, "r");
    char line[512] = "";
    if (lines == NULL || fgets(line, sizeof line, lines) == NULL) {
        perror("popen");
    }
    if (lines != NULL) {
        pclose(lines);
    }
    line[strcspn(line, "\n")] = '\0';
    text_clear(&out);
    text_append(&out, line);
    free(command);
    return text_string(&out);
}

static void test_one_file(void)
{
    put("data.json", "{\"dataset\": []}");
    struct filetree *tree = open_at("data.json", false);
    ok(tree != NULL, "an index: %s", err.message);
    is_text(content(tree, "data.json"), "{\"dataset\": []}", "is read");
    is_text(filetree_facts(tree)->kind_name, "web", "its kind");
    char *mark = string_copy(filetree_facts(tree)->mark);
    filetree_close(tree);
    asked();
    tree = open_at("data.json", false);
    is_text(asked(), "/data.json again", "asked again with its tag");
    is_text(filetree_facts(tree)->mark, mark, "the same mark");
    filetree_close(tree);
    put("data.json", "{\"dataset\": [1]}");
    tree = open_at("data.json", true);
    is_text(content(tree, "data.json"), "{\"dataset\": []}", "offline: the snapshot");
    filetree_close(tree);
    is_text(asked(), "", "and nothing asked");
    tree = open_at("data.json", false);
    is_text(content(tree, "data.json"), "{\"dataset\": [1]}", "online: the new one");
    ok(strcmp(filetree_facts(tree)->mark, mark) != 0, "another mark");
    filetree_close(tree);
    free(mark);
}

static void test_list(void)
{
    put("m/mesh.yaml", "name: m\nfiles: [a/x.odps.yaml, 'b c.odcs.yaml', ../data.json, "
                       "gone.yaml]\n");
    put("m/a/x.odps.yaml", "x1");
    put("m/b c.odcs.yaml", "bc");
    struct filetree *tree = open_at("m/mesh.yaml", false);
    ok(tree != NULL, "a list of files: %s", err.message);
    is_text(content(tree, "a/x.odps.yaml"), "x1", "a file in a folder");
    is_text(content(tree, "b c.odcs.yaml"), "bc", "a name with a blank");
    is_text(content(tree, "data.json"), "refused", "one that climbs was not fetched");
    ok(strstr(filetree_facts(tree)->sentence, "2 files could not be fetched") != NULL,
       "which is told: %s", filetree_facts(tree)->sentence);
    asked();
    put("m/a/x.odps.yaml", "x2");
    drop("m/b c.odcs.yaml");
    struct filetree *newer = open_at("m/mesh.yaml", false);
    is_text(content(newer, "a/x.odps.yaml"), "x2", "what changed is new");
    is_text(content(newer, "b c.odcs.yaml"), "bc", "what is gone for now stays");
    is_text(content(tree, "a/x.odps.yaml"), "x1", "who read the old one still does");
    filetree_close(newer);
    filetree_close(tree);
}

static void test_bad(void)
{
    static const char *const bad[] = {"odd/html", "odd/error", "odd/short",
                                      "missing.json", "odd/file"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct filetree *tree = open_at(bad[i], false);
        ok(tree == NULL && err.message[0] != '\0', "%s: %s", bad[i], err.message);
        filetree_close(tree);
    }
    struct filetree_spec hostile = {.is_hostile = true, .cache = cache};
    char *url = string_printf("http://127.0.0.1:%d/data2.json", httpd.port);
    hostile.location = url;
    ok(filetree_open_spec(&hostile, &err) == NULL, "in a catalog: %s", err.message);
    free(url);
}

static void test_gone(void)
{
    httpd_stop(&httpd);
    struct filetree *tree = open_at("data.json", false);
    is_text(content(tree, "data.json"), "{\"dataset\": [1]}", "without the server");
    ok(tree != NULL && strstr(filetree_facts(tree)->sentence, "this is the copy") != NULL,
       "the last copy, and it says so: %s",
       tree != NULL ? filetree_facts(tree)->sentence : "");
    filetree_close(tree);
    tree = open_at("never.json", false);
    ok(tree == NULL && err.message[0] != '\0', "what was never fetched: %s", err.message);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        perror(root);
        return EXIT_FAILURE;
    }
    site = path_join(root, "site");
    cache = path_join(root, "cache");
    path_make_folders(site, &err);
    unsetenv("http_proxy");
    unsetenv("MWB_WEB_PRIVATE");
    if (httpd_start(&httpd, site)) {
        test_one_file();
        test_list();
        test_bad();
        test_gone();
    } else {
        tap_skip("python3 is not installed, so there is no server to ask");
    }
    path_remove_tree(root, &err);
    free(site);
    free(cache);
    return tap_done();
}
