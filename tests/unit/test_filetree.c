/* filetree: locations, and a folder read without ever leaving it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/filetree.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/unit/tap.h"
#include "tests/unit/files.h"

static char root[] = "/tmp/mwb-test-filetree-XXXXXX";
static struct error err;

static void put(const char *relative, const char *content)
{
    files_put(root, relative, content);
}

static void put_link(const char *target, const char *relative)
{
    char *path = path_join(root, relative);
    if (symlink(target, path) != 0) {
        perror(path);
    }
    free(path);
}

/* ---- Locations ---- */

/* "kind path ref below", or the refusal. */
static const char *parsed(const char *text)
{
    static struct text out;
    static const char *const kinds[] = {"folder", "git", "web"};
    struct filetree_location location;
    text_clear(&out);
    err = (struct error){0};
    if (!filetree_parse(text, &location, &err)) {
        text_append(&out, err.message[0] != '\0' ? "refused" : "refused without a word");
    } else {
        text_printf(&out, "%s %s", kinds[location.kind], location.path);
        if (location.ref != NULL) {
            text_printf(&out, " %s \"%s\"", location.ref, location.below);
        }
    }
    filetree_location_release(&location);
    return text_string(&out);
}

static void test_locations(void)
{
    is_text(parsed("mesh"), "folder mesh", "a folder");
    is_text(parsed("/srv/mesh#main"), "git /srv/mesh main \"\"", "a branch");
    is_text(parsed("shop#v1.0:orders/raw/"), "git shop v1.0 \"orders/raw\"",
            "a folder of a tag");
    is_text(parsed("git:shop"), "git shop HEAD \"\"", "said outright");
    is_text(parsed("shop#"), "git shop HEAD \"\"", "an empty ref is HEAD");
    is_text(parsed("git:shop#HEAD~2^{commit}"), "git shop HEAD~2^{commit} \"\"",
            "a revision");
    is_text(parsed("https://example.org/data.json"), "web https://example.org/data.json",
            "an index");
    is_text(parsed("HTTP://example.org/#x"), "web HTTP://example.org/#x",
            "a scheme in any case");
    put("odd#name/x", "1");
    char *odd = path_join(root, "odd#name");
    char *want = string_printf("folder %s", odd);
    is_text(parsed(odd), want, "a folder whose name has a #");
    free(want);
    free(odd);
}

static void test_refused_locations(void)
{
    static const char *const bad[] = {
        "",
        "#main",
        "git:",
        "shop#--upload-pack=touch",
        "shop#-x",
        "shop#a..b",
        "shop#a b",
        "shop#main:../up",
        "shop#main:/etc",
        "shop#main:a//b",
        "ssh://host/x",
        "ext::sh -c touch",
        "file:///etc",
        "git+ssh://host/x",
        "git://host/x",
        "ftp://host/x",
        "http://host/\r\nX: y",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (string_starts(bad[i], "ext::")) {
            is_text(parsed(bad[i]), "folder ext::sh -c touch",
                    "what is no URL is a name of a file");
        } else {
            is_text(parsed(bad[i]), "refused", "no location: %zu", i);
        }
    }
}

/* ---- Folders ---- */

static const char *listed(struct filetree *tree, const char *folder)
{
    static struct text out;
    static const char kinds[] = {'f', 'd', 'l', 'o'};
    struct array entries = ARRAY_OF(struct filetree_entry);
    text_clear(&out);
    err = (struct error){0};
    if (!filetree_list(tree, folder, &entries, &err)) {
        text_append(&out, err.message[0] != '\0' ? "refused" : "refused without a word");
    }
    for (size_t i = 0; i < entries.count; i++) {
        const struct filetree_entry *entry = array_at(&entries, i);
        text_printf(&out, "%s%s:%c:%lld", i > 0 ? " " : "", entry->name,
                    kinds[entry->kind], entry->size);
    }
    filetree_entries_release(&entries);
    return text_string(&out);
}

static const char *content(struct filetree *tree, const char *path, size_t most)
{
    static struct text out;
    char *bytes;
    size_t length;
    text_clear(&out);
    err = (struct error){0};
    if (filetree_read(tree, path, most, &bytes, &length, &err)) {
        text_append_bytes(&out, bytes, length);
        free(bytes);
    } else {
        text_append(&out, err.message[0] != '\0' ? "refused" : "refused without a word");
    }
    return text_string(&out);
}

static void make_folder(void)
{
    put("mesh/b.yaml", "bb");
    put("mesh/a.yaml", "a");
    put("mesh/.hidden", "h");
    put("mesh/sub/c.yaml", "ccc");
    put("outside", "secret");
    put_link("a.yaml", "mesh/inside");
    put_link("../outside", "mesh/climbs");
    put_link("/etc/passwd", "mesh/passwd");
    put_link("sub", "mesh/subfolder");
    put_link("loop", "mesh/loop");
    put_link("../../outside", "mesh/sub/climbs");
    char *absolute = path_join(root, "mesh/b.yaml");
    put_link(absolute, "mesh/absolute");
    char *pipe = path_join(root, "mesh/pipe");
    if (mkfifo(pipe, 0600) != 0) {
        perror(pipe);
    }
    free(pipe);
    free(absolute);
}

static void test_folder(struct filetree *tree)
{
    is_text(listed(tree, ""),
            "a.yaml:f:1 absolute:f:2 b.yaml:f:2 climbs:l:0 inside:f:1 loop:l:0 "
            "passwd:l:0 pipe:o:0 sub:d:0 subfolder:l:0",
            "entries in order, links out of the tree told apart");
    is_text(listed(tree, "sub"), "c.yaml:f:3 climbs:l:0", "below");
    is_text(listed(tree, "subfolder"), "refused", "a link to a folder is not entered");
    is_text(listed(tree, "../"), "refused", "a climbing folder");
    is_text(content(tree, "sub/c.yaml", 3), "ccc", "a file");
    is_text(content(tree, "sub/c.yaml", 2), "refused", "more than wanted");
    is_text(content(tree, "inside", 10), "a", "a link to a file inside");
    is_text(content(tree, "absolute", 10), "bb", "an absolute link to a file inside");
    static const char *const bad[] = {"climbs",     "passwd",      "sub/climbs",
                                      "../outside", "/etc/passwd", "sub/../../outside",
                                      "loop",       "pipe",        "sub",
                                      "missing",    "./a.yaml",    "sub//c.yaml"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        is_text(content(tree, bad[i], 100), "refused", "not read: %s", bad[i]);
    }
}

static void test_looks(struct filetree *tree)
{
    struct filetree_entry entry;
    ok(filetree_look(tree, "sub/c.yaml", &entry) && entry.kind == FILETREE_FILE &&
           entry.size == 3 && entry.mtime_ns > 0 && entry.inode > 0,
       "one file looked at");
    ok(filetree_look(tree, "", &entry) && entry.kind == FILETREE_SUBFOLDER, "the root");
    ok(filetree_look(tree, "climbs", &entry) && entry.kind == FILETREE_LINK,
       "a link that leads out is one");
    ok(!filetree_look(tree, "missing", &entry), "what is not there");
    ok(!filetree_look(tree, "../outside", &entry), "nor what climbs");
    char *path = filetree_path(tree, "sub/c.yaml");
    char *want = path_join(root, "mesh/sub/c.yaml");
    is_text(path, want, "its place on disk");
    free(want);
    free(path);
    ok(filetree_path(tree, "../outside") == NULL, "no place outside");
    is_text(filetree_facts(tree)->kind_name, "folder", "its kind");
}

static void test_one_file(void)
{
    char *path = path_join(root, "mesh/a.yaml");
    struct filetree *tree = filetree_open(path, &err);
    ok(tree != NULL, "a tree may be one file");
    is_text(filetree_facts(tree)->only, "a.yaml", "which is named");
    is_text(content(tree, "a.yaml", 10), "a", "and read");
    filetree_close(tree);
    free(path);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        perror(root);
        return EXIT_FAILURE;
    }
    test_locations();
    test_refused_locations();
    make_folder();
    char *mesh = path_join(root, "mesh");
    struct filetree *tree = filetree_open(mesh, &err);
    ok(tree != NULL, "a folder is opened");
    test_folder(tree);
    test_looks(tree);
    filetree_close(tree);
    test_one_file();
    ok(filetree_open("/nowhere/at/all", &err) == NULL && err.message[0] != '\0',
       "a folder that is not there is refused");
    free(mesh);
    path_remove_tree(root, &err);
    return tap_done();
}
