/* git: repositories that descriptors name: which may be read, and that nothing of theirs
 * counts but refs and objects.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/git.h"
#include "engine/path.h"
#include "tests/unit/git_help.h"
#include "tests/unit/httpd_help.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-gitreach-XXXXXX";
static char *product, *copies;
static struct error err;
static long long most_bytes = 10000000;

/* ---- Locations ---- */

static const char *parsed(const char *text)
{
    static struct text out;
    struct git_location location;
    text_clear(&out);
    err = (struct error){0};
    if (git_location_parse(text, &location, &err)) {
        text_printf(&out, "%s %s %s %s", location.scheme != NULL ? location.scheme : "-",
                    location.repository, location.ref, location.file);
        git_location_release(&location);
    } else {
        text_append(&out, err.message[0] != '\0' ? "refused" : "refused without a word");
    }
    return text_string(&out);
}

static void test_locations(void)
{
    static const char *const rows[][2] = {
        {"git:.#v1:a.csv", "- . v1 a.csv"},
        {"git:sub/repo#main~2:d/*.csv", "- sub/repo main~2 d/*.csv"},
        {"git:.#:a.csv", "- . HEAD a.csv"},
        {"GIT:.#feature/x:a.csv", "- . feature/x a.csv"},
        {"git+file:///srv/git/r.git#main:a.csv", "- /srv/git/r.git main a.csv"},
        {"git+file:///srv/a%20b#main:a.csv", "- /srv/a b main a.csv"},
        {"git+https://h.example.org/a/b.git#v1^{commit}:x/y.csv",
         "https https://h.example.org/a/b.git v1^{commit} x/y.csv"},
        {"git+http://h:81/b#HEAD:y.csv", "http http://h:81/b HEAD y.csv"},
        {"git:.#v1", "refused"},
        {"git:.", "refused"},
        {"git:#v1:a.csv", "refused"},
        {"git:.#--upload-pack=x:a.csv", "refused"},
        {"git:.#-oProxyCommand=x:a.csv", "refused"},
        {"git:.#a..b:a.csv", "refused"},
        {"git:.#@{upstream}:a.csv", "refused"},
        {"git:.#HEAD^{/secret}:a.csv", "refused"},
        {"git:.#~1:a.csv", "refused"},
        {"git:.#v1:../a.csv", "refused"},
        {"git:.#v1:/etc/passwd", "refused"},
        {"git:.#v1:.git/config", "refused"},
        {"git://h/r#v1:a.csv", "refused"},
        {"git+ssh://h/r#v1:a.csv", "refused"},
        {"git+ext::sh -c id#v1:a.csv", "refused"},
        {"git@h:r#v1:a.csv", "refused"},
        {"git+file://host/r#v1:a.csv", "refused"},
        {"git+file:///srv/%00#v1:a.csv", "refused"},
        {"git+file:///srv/%0a#v1:a.csv", "refused"},
        {"git+https://user:word@h/r#v1:a.csv", "refused"},
        {"git+https://h/r?key=1#v1:a.csv", "refused"},
        {"git+https://h\\@g/r#v1:a.csv", "refused"},
        {"git+http://-.#:d", "refused"},
        {"git+https://-oProxyCommand=x/r#v1:a.csv", "refused"},
        {"git+https://\xE2\x91\xA0.example.org/r#v1:a.csv", "refused"},
        {"git+https://h/r\r\nX: y#v1:a.csv", "refused"},
        {"git+ftp://h/r#v1:a.csv", "refused"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        is_text(parsed(rows[i][0]), rows[i][1], "location %zu", i);
    }
    ok(git_location_is("git+x"), "what is meant for git is told as such");
    ok(!git_location_is("github/a.csv"), "and a folder is not");
}

/* ---- Repositories on this host ---- */

static bool make_repositories(void)
{
    return sh_in(
        root,
        "git init -q -b main mesh && cd mesh && mkdir -p shop/orders/data && "
        "cd shop/orders && printf 'id\\n1\\n' >data/a.csv && printf 'id\\n2\\n' "
        ">data/b.csv && ln -s /etc/passwd data/link.csv && printf 'version "
        "https://git-lfs.github.com/spec/v1\\noid "
        "sha256:%064d\\nsize 123456\\n' 7 >data/big.csv && git add -A . && "
        "git commit -qm one && git tag v1 && printf 'id\\n9\\n' >data/a.csv && "
        "git commit -qam two && git pack-refs --all && git checkout -q -b side && "
        "printf 'id\\n5\\n' >data/a.csv && git commit -qam three && git checkout -q main "
        "&& cd \"$OLDPWD\" && cd .. && git clone -q --bare mesh bare.git && git -C "
        "bare.git update-server-info && git worktree list >/dev/null 2>&1; "
        "git -C mesh worktree add -q ../linked v1 && "
        "git init -q -b main own && cd own && printf 'id\\n3\\n' >c.csv && git add . && "
        "git commit -qm c && cd .. && cp -r own mesh/shop/orders/inner && "
        "git clone -q --shared own mesh/shop/orders/borrows && "
        "mkdir mesh/shop/orders/points && echo 'gitdir: ../../../../own/.git' "
        ">mesh/shop/orders/points/.git && cp -r own mesh/shop/orders/linked && "
        "rm -r mesh/shop/orders/linked/.git/objects && ln -s "
        "../../../../../own/.git/objects "
        "mesh/shop/orders/linked/.git/objects && ln -s ../../../own "
        "mesh/shop/orders/out");
}

/* Names and contents' ids are not told, only "PATH:BYTES" of what a location has. */
static const char *files_from(const char *folder, const char *text, const char *places)
{
    static struct text out;
    struct git_location location;
    struct git_reached reached;
    struct array files = ARRAY_OF(struct git_file);
    text_clear(&out);
    err = (struct error){0};
    bool good = git_location_parse(text, &location, &err);
    if (good) {
        struct git_reach_spec spec = {.location = &location,
                                      .folder = folder,
                                      .places = places,
                                      .copies = copies,
                                      .most = most_bytes,
                                      .seconds = 5};
        good = git_reach(&spec, &reached, &err);
        if (good) {
            good = git_files(&reached, location.file, &files, &err);
            git_reached_release(&reached);
        }
        git_location_release(&location);
    }
    for (size_t i = 0; i < files.count; i++) {
        const struct git_file *file = array_at(&files, i);
        text_printf(&out, "%s%s:%lld", i > 0 ? " " : "", file->path, file->bytes);
    }
    git_files_release(&files);
    if (!good) {
        text_clear(&out);
        text_append(&out, err.message[0] != '\0' ? "refused" : "refused without a word");
    }
    return text_string(&out);
}

static const char *files_of(const char *text)
{
    return files_from(product, text, NULL);
}

static void test_here(void)
{
    is_text(files_of("git:.#v1:data/a.csv"), "shop/orders/data/a.csv:5",
            "a file of the repository that the product lies in");
    is_text(files_of("git:.#HEAD:data/[ab].csv"),
            "shop/orders/data/a.csv:5 shop/orders/data/b.csv:5", "a pattern");
    is_text(files_of("git:data#refs/heads/side~1:a.csv"), "shop/orders/data/a.csv:5",
            "a folder of it, a full name, one commit before");
    is_text(files_of("git:.#side:data/nothing.csv"), "refused",
            "a file that is not there");
    is_text(files_of("git:.#nowhere:data/a.csv"), "refused", "a ref that is not there");
    ok(strstr(err.message, "nowhere") != NULL, "which is named: %s", err.message);
    is_text(files_of("git:.#v1:data/link.csv"), "refused", "a link of the tree");
    ok(strstr(err.message, "symbolic link") != NULL, "is called one: %s", err.message);
    is_text(files_of("git:inner#main:c.csv"), "c.csv:5", "a repository in the product");
    char *linked = path_join(root, "linked/shop/orders");
    is_text(files_from(linked, "git:.#v1:data/a.csv", NULL), "shop/orders/data/a.csv:5",
            "a product in a linked work tree");
    free(linked);
}

static void test_elsewhere(void)
{
    char *text = string_printf("git+file://%s/own#main:c.csv", root);
    char *other = string_printf("git:%s/bare.git#v1:shop/orders/data/a.csv", root);
    is_text(files_of(text), "refused", "a repository elsewhere on this host");
    ok(strstr(err.message, "git_places") != NULL, "says what allows it: %s", err.message);
    is_text(files_from(product, text, root), "c.csv:5",
            "and is read where it is allowed");
    is_text(files_from(product, other, root), "shop/orders/data/a.csv:5", "a bare one");
    is_text(files_from(product, other, "/srv:/usr"), "refused", "not below these");
    is_text(files_of("git:../../../own#main:c.csv"), "refused", "a path that climbs");
    is_text(files_of("git:out#main:c.csv"), "refused", "a link that leads out");
    is_text(files_of("git:points#main:c.csv"), "refused", "a file that points elsewhere");
    is_text(files_of("git:borrows#main:c.csv"), "refused", "objects borrowed elsewhere");
    ok(strstr(err.message, "alternates") != NULL, "is told: %s", err.message);
    is_text(files_of("git:linked#main:c.csv"), "refused", "objects behind a link");
    free(other);
    free(text);
}

/* A configuration that would run programs and read files, were it read. */
static void test_configuration(void)
{
    bool made = sh_in(
        product,
        "cd inner && printf '[include]\\n path = %s/canary\\n[core]\\n fsmonitor = touch "
        "../ran\\n sshCommand = touch ../ran\\n pager = touch ../ran\\n[diff]\\n "
        "external "
        "= touch ../ran\\n[uploadpack]\\n packObjectsHook = touch ../ran\\n[broken\\n' "
        "\"$PWD\" >.git/config && echo '* filter=x diff=x' >.gitattributes && mkdir -p "
        ".git/hooks && printf '#!/bin/sh\\ntouch ../ran\\n' >.git/hooks/post-checkout && "
        "chmod +x .git/hooks/post-checkout");
    ok(made, "a repository with a hostile configuration");
    is_text(files_of("git:inner#main:c.csv"), "c.csv:5", "its configuration is not read");
    char *ran = path_join(product, "ran");
    ok(!path_exists(ran), "and ran nothing");
    free(ran);
}

/* ---- Repositories by http ---- */

static const char *fetched(const struct httpd *server, const char *rest)
{
    char *text = string_printf("git+http://127.0.0.1:%d/%s", server->port, rest);
    const char *files = files_of(text);
    free(text);
    return files;
}

static void test_refused_by_http(const struct httpd *server)
{
    static const char *const rows[][2] = {
        {"moved/bare.git#v1:shop/orders/data/a.csv", "redirects"},
        {"nothing/bare.git#v1:a.csv", ""},
        {"endless/bare.git#v1:a.csv", ""},
        {"liar/bare.git#main:a.csv", ""},
        {"secret/bare.git#v1:shop/orders/data/a.csv", "credentials"},
        {"smart/bare.git#nowhere:a.csv", "nowhere"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        is_text(fetched(server, rows[i][0]), "refused", "%s", rows[i][0]);
        ok(strstr(err.message, rows[i][1]) != NULL &&
               strstr(err.message, "/git/") == NULL,
           "with a reason: %s", err.message);
    }
}

/* Limits, and a tree that climbs: git itself refuses it while it fetches. */
static void test_limits(const struct httpd *server)
{
    bool made =
        sh_in(root, "git init -q -b main huge && cd huge && head -c 3000000 /dev/urandom "
                    ">x.csv && git add . && git commit -qm x && cd .. && "
                    "git init -q -b main odd && cd odd && echo id >a.csv && git add . && "
                    "id=$(git rev-parse :a.csv) && tree=$(printf '100644 blob "
                    "%s\t..\n' $id | git mktree) && git update-ref refs/heads/main "
                    "$(git commit-tree -m odd $tree)");
    ok(made, "repositories that are too large, and odd");
    most_bytes = 1000000;
    is_text(fetched(server, "smart/huge/.git#main:x.csv"), "refused",
            "more than allowed");
    ok(strstr(err.message, "more than") != NULL, "is told: %s", err.message);
    most_bytes = 10000000;
    is_text(fetched(server, "smart/huge/.git#main:x.csv"), "x.csv:3000000",
            "and there is nothing wrong with it else");
    is_text(fetched(server, "smart/odd/.git#main:a.csv"), "refused",
            "a tree that climbs");
    ok(strstr(err.message, "fsck") != NULL || strstr(err.message, "hasDotdot") != NULL,
       "is not taken: %s", err.message);
}

static void test_by_http(void)
{
    struct httpd server;
    if (!httpd_start_script(&server, "gitd.py", root)) {
        ok(true, "# SKIP no python3 here");
        return;
    }
    is_text(fetched(&server, "smart/bare.git#v1:shop/orders/data/a.csv"), "refused",
            "this host is none that a descriptor leads to");
    ok(strstr(err.message, "private network") != NULL, "which is told: %s", err.message);
    setenv("MWB_WEB_PRIVATE", "1", 1);
    is_text(fetched(&server, "smart/bare.git#v1:shop/orders/data/a.csv"),
            "shop/orders/data/a.csv:5", "a tag, by a server that thinks");
    is_text(fetched(&server, "smart/bare.git#side~1:shop/orders/data/[ab].csv"),
            "shop/orders/data/a.csv:5 shop/orders/data/b.csv:5",
            "the commit before a branch's last");
    is_text(fetched(&server, "dumb/bare.git#main:shop/orders/data/b.csv"),
            "shop/orders/data/b.csv:5", "a branch, by a server of files");
    is_text(fetched(&server, "smart/bare.git#:shop/orders/data/b.csv"),
            "shop/orders/data/b.csv:5", "HEAD where no ref is named");
    test_refused_by_http(&server);
    test_limits(&server);
    char *name = string_printf("MWB_PASSWORD_127_0_0_1_%d", server.port);
    char *user = string_printf("MWB_USER_127_0_0_1_%d", server.port);
    setenv(name, "canary-4711", 1);
    setenv(user, "reader", 1);
    is_text(fetched(&server, "secret/bare.git#v1:shop/orders/data/a.csv"),
            "shop/orders/data/a.csv:5", "with the password of this host");
    ok(sh_in(copies, "! grep -rq canary-4711 ."), "which is written nowhere");
    free(user);
    free(name);
    httpd_stop(&server);
    is_text(fetched(&server, "smart/bare.git#v1:shop/orders/data/a.csv"), "refused",
            "a server that is gone");
}

/* ---- Pointers ---- */

static const char *pointed(const char *text)
{
    static struct text out;
    struct git_pointer pointer;
    text_clear(&out);
    if (git_pointer_read(text, strlen(text), &pointer)) {
        text_printf(&out, "%s %.8s %lld %s", pointer.kind, pointer.hash, pointer.bytes,
                    pointer.key);
    }
    return text_string(&out);
}

static void test_pointers(void)
{
    is_text(pointed("version https://git-lfs.github.com/spec/v1\noid sha256:"
                    "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
                    "size 12345\n"),
            "Git LFS 4d7a2146 12345 "
            "sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393",
            "a pointer of Git LFS");
    is_text(
        pointed("/annex/objects/SHA256E-s5--"
                "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393.csv\n"),
        "git-annex 4d7a2146 5 SHA256E-s5--"
        "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393.csv",
        "a pointer of git-annex");
    is_text(pointed("../.git/annex/objects/aa/bb/MD5-s7--d41d/MD5-s7--d41d"),
            "git-annex  7 MD5-s7--d41d", "a link of git-annex written as a file");
    is_text(pointed("version,oid,size\n1,2,3\n"), "", "a table is none");
    is_text(pointed("see annex/objects/MD5-s7--d41d"), "", "nor is a sentence");
    is_text(pointed(""), "", "nor is nothing");
}

int main(void)
{
    if (!git_is_here()) {
        tap_skip("git is not installed");
        return tap_done();
    }
    if (mkdtemp(root) == NULL) {
        return 1;
    }
    product = path_join(root, "mesh/shop/orders");
    copies = path_join(root, "copies");
    unsetenv("MWB_WEB_PRIVATE");
    test_locations();
    ok(make_repositories(), "the repositories are made");
    test_here();
    test_elsewhere();
    test_configuration();
    test_by_http();
    test_pointers();
    path_remove_tree(root, NULL);
    free(copies);
    free(product);
    return tap_done();
}
