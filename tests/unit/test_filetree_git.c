/* filetree: repositories at any ref, bare or not, and hostile ones.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/filetree.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/unit/git_help.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-git-XXXXXX";
static struct error err;

static struct filetree *open_at(const char *location)
{
    err = (struct error){0};
    return filetree_open_spec(
        &(struct filetree_spec){.location = location, .beside = root}, &err);
}

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
        text_printf(&out, "%s%s:%c", i > 0 ? " " : "", entry->name, kinds[entry->kind]);
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

static bool make_repository(void)
{
    return sh_in(root,
                 "git init -q -b main shop && cd shop && mkdir -p orders/raw a a-b &&"
                 "printf one > orders/o.yaml && printf raw > orders/raw/r.yaml &&"
                 "printf x > a/x && printf y > a-b/y && printf z > a.z &&"
                 "printf h > .hidden && printf '' > empty &&"
                 "ln -s orders/o.yaml inside && ln -s ../orders/o.yaml a/up &&"
                 "ln -s ../../etc/passwd climbs && ln -s /etc/passwd absolute &&"
                 "ln -s loop loop && ln -s orders folder &&"
                 "printf 'odd' > 'odd name\t\"x\"' &&"
                 "git add -A && git commit -qm first && git tag v1 &&"
                 "printf two > orders/o.yaml && printf new > orders/n.yaml &&"
                 "git rm -q a.z && git add -A && git commit -qm second &&"
                 "printf three > orders/o.yaml && cd .. && "
                 "git clone -q --bare shop bare.git");
}

static void test_refs(void)
{
    struct filetree *tree = open_at("shop#v1");
    ok(tree != NULL, "a tag: %s", err.message);
    is_text(content(tree, "orders/o.yaml", 100), "one", "reads as it was");
    is_text(listed(tree, ""),
            "a:d a-b:d a.z:f absolute:l climbs:l empty:f folder:l inside:f loop:l "
            "odd name\t\"x\":f orders:d",
            "lists as it was, in order, without what is hidden");
    is_text(listed(tree, "orders"), "o.yaml:f raw:d", "below");
    is_text(listed(tree, "a"), "up:f x:f", "a folder beside names that go on");
    is_text(listed(tree, "nowhere"), "refused", "a folder that is not there");
    is_text(content(tree, "inside", 100), "one", "a link to a file inside");
    is_text(content(tree, "a/up", 100), "one", "a link up and down again");
    is_text(content(tree, "empty", 100), "", "an empty file");
    is_text(content(tree, "odd name\t\"x\"", 100), "odd", "an odd name");
    is_text(content(tree, "orders/o.yaml", 2), "refused", "more than wanted");
    static const char *const bad[] = {"climbs", "absolute", "loop",   "folder",
                                      "orders", "missing",  "../shop"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        is_text(content(tree, bad[i], 100), "refused", "not read: %s", bad[i]);
    }
    is_text(content(tree, "orders/raw/r.yaml", 100), "raw", "it reads on after those");
    const struct filetree_facts *facts = filetree_facts(tree);
    is_text(facts->ref, "v1", "its ref");
    is_int((long long)strlen(facts->commit), 40, "its commit");
    is_int(facts->time, 1767323045, "its time");
    filetree_close(tree);
}

static void test_more_refs(void)
{
    struct filetree *tree = open_at("git:shop");
    ok(tree != NULL && strcmp(content(tree, "orders/o.yaml", 9), "two") == 0,
       "HEAD, not the work tree");
    filetree_close(tree);
    tree = open_at("bare.git#main~1:orders");
    ok(tree != NULL && strcmp(content(tree, "o.yaml", 9), "one") == 0,
       "a folder of a revision of a bare repository");
    filetree_close(tree);
    tree = open_at("shop/orders#main:raw");
    ok(tree != NULL && strcmp(content(tree, "r.yaml", 9), "raw") == 0,
       "a folder within a work tree");
    filetree_close(tree);
    static const char *const bad[] = {"shop#nothing", "shop#main:nowhere", "git:.",
                                      "nowhere#main", "shop#v1^{tree}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tree = open_at(bad[i]);
        ok(tree == NULL && err.message[0] != '\0', "%s: %s", bad[i], err.message);
        filetree_close(tree);
    }
}

static void test_hashes(void)
{
    struct filetree_entry entry, link;
    struct filetree *tree = open_at("shop#main");
    ok(filetree_look(tree, "orders/o.yaml", &entry) && entry.kind == FILETREE_FILE &&
           entry.size == 3,
       "a file looked at");
    /* printf two | git hash-object --stdin */
    is_text(entry.hash, "64c5e5885a4b06010b3a0c20edb7900dd0311025", "the id of its blob");
    ok(filetree_look(tree, "inside", &link) && strcmp(entry.hash, link.hash) == 0,
       "a link has that of its file");
    ok(filetree_look(tree, "orders", &entry) && entry.kind == FILETREE_SUBFOLDER,
       "a folder");
    ok(!filetree_look(tree, "orders/gone", &entry), "what is not there");
    ok(filetree_path(tree, "orders") == NULL, "nothing lies on disk");
    filetree_close(tree);
}

static void test_changes(void)
{
    struct text out = {0};
    struct array changes = ARRAY_OF(struct filetree_change);
    struct filetree *old = open_at("shop#v1"), *new = open_at("shop#main");
    struct filetree_spec spec = {.location = "shop#main", .beside = root};
    ok(filetree_changes(new, filetree_facts(old)->mark, &changes, &err),
       "what changed since a mark");
    for (size_t i = 0; i < changes.count; i++) {
        const struct filetree_change *change = array_at(&changes, i);
        text_printf(&out, "%c %s ", change->kind, change->path);
    }
    is_text(text_string(&out), "D a.z A orders/n.yaml M orders/o.yaml ", "by file");
    ok(filetree_has_mark(&spec, filetree_facts(new)->mark), "the mark is current");
    ok(!filetree_has_mark(&spec, filetree_facts(old)->mark), "the old one is not");
    ok(!filetree_changes(new, "--output=/tmp/x:", &changes, &err), "no mark, no answer");
    filetree_changes_release(&changes);
    text_release(&out);
    filetree_close(old);
    filetree_close(new);
}

/* ---- On disk ---- */

/* The copy, file by file, with the inode of orders/raw/r.yaml. */
static const char *copied(const char *location, long long *inode)
{
    static struct text out;
    static const char *const paths[] = {"orders/o.yaml", "orders/n.yaml", "a.z",
                                        "inside",        "climbs",        "a/up"};
    struct filetree_entry entry = {0};
    struct filetree *tree = open_at(location);
    char *folder = tree != NULL ? filetree_on_disk(tree, &err) : NULL;
    struct filetree *copy = folder != NULL ? filetree_open(folder, &err) : NULL;
    text_clear(&out);
    for (size_t i = 0; copy != NULL && i < sizeof paths / sizeof *paths; i++) {
        char *bytes;
        size_t length;
        if (filetree_read(copy, paths[i], 100, &bytes, &length, NULL)) {
            text_printf(&out, "%s=%s ", paths[i], bytes);
            free(bytes);
        }
    }
    if (copy != NULL) {
        filetree_look(copy, "orders/raw/r.yaml", &entry);
    }
    *inode = entry.inode;
    filetree_close(copy);
    filetree_close(tree);
    free(folder);
    return text_string(&out);
}

static void test_on_disk(void)
{
    long long first, second;
    is_text(copied("shop#v1", &first), "orders/o.yaml=one a.z=z inside=one a/up=one ",
            "a copy on disk, links inside as files");
    ok(sh_in(root, "cd shop && git branch moving v1"), "a branch");
    is_text(copied("shop#moving", &first), "orders/o.yaml=one a.z=z inside=one a/up=one ",
            "its copy");
    ok(sh_in(root, "cd shop && git branch -f moving main"), "goes on");
    is_text(copied("shop#moving", &second),
            "orders/o.yaml=two orders/n.yaml=new inside=two a/up=two ",
            "the copy is brought up, links too");
    ok(first > 0 && first == second, "what did not change is the same file");
    ok(sh_in(root, "cd shop && git branch -f moving v1 && rm \"$MWB_CACHE\"/git/*/mark"),
       "an update that was killed");
    is_text(copied("shop#moving", &second),
            "orders/o.yaml=one a.z=z inside=one a/up=one ", "is done again from nothing");
}

/* ---- Threads ---- */

static void *read_often(void *argument)
{
    struct filetree *tree = argument;
    char *bytes;
    size_t length;
    long good = 0;
    for (int i = 0; i < 200; i++) {
        const char *path = i % 2 != 0 ? "orders/raw/r.yaml" : "orders/o.yaml";
        const char *want = i % 2 != 0 ? "raw" : "two";
        if (filetree_read(tree, path, 100, &bytes, &length, NULL)) {
            good += strcmp(bytes, want) == 0;
            free(bytes);
        }
    }
    return (void *)good;
}

static void test_threads(void)
{
    enum { THREADS = 4 };
    struct filetree *tree = open_at("shop#main");
    pthread_t threads[THREADS];
    long good = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, read_often, tree);
    }
    for (int i = 0; i < THREADS; i++) {
        void *part = NULL;
        pthread_join(threads[i], &part);
        good += (long)part;
    }
    is_int(good, 200 * THREADS, "several threads read at once");
    filetree_close(tree);
}

/* ---- Hostile repositories ---- */

/* Whatever a configuration can name as a program writes `pwned`. */
static void test_hostile(void)
{
    char *script = string_printf(
        "cp -r shop evil && cd evil && echo 'touch %s/pwned; exit 0' > ../evil.sh &&"
        "chmod +x ../evil.sh && "
        "for key in core.fsmonitor core.pager core.sshCommand core.askPass diff.external "
        "core.editor gpg.program core.alternateRefsCommand credential.helper "
        "pager.log pager.ls-tree filter.x.smudge filter.x.clean filter.x.process "
        "diff.x.textconv diff.x.command uploadpack.packObjectsHook remote.origin.vcs; do "
        "git config $key \"sh %s/evil.sh\"; done; "
        "git config core.hooksPath '%s'; git config log.showSignature true; "
        "git config extensions.partialClone origin; git config protocol.ext.allow always;"
        "git config core.repositoryFormatVersion 1; "
        "git config remote.origin.url \"ext::sh %s/evil.sh\"; "
        "git config remote.origin.promisor true; "
        "echo '* filter=x diff=x' > .git/info/attributes; "
        "for hook in post-checkout reference-transaction post-index-change; do "
        "cp ../evil.sh .git/hooks/$hook; done; "
        "rm -f .git/objects/$(git --git-dir=../shop/.git rev-parse main:orders/n.yaml | "
        "sed 's|..|&/|')",
        root, root, root, root);
    ok(sh_in(root, script), "a repository that names programs everywhere");
    free(script);
    struct filetree *old = open_at("evil#v1"), *tree = open_at("evil#main");
    struct array changes = ARRAY_OF(struct filetree_change);
    ok(tree != NULL, "is opened: %s", err.message);
    is_text(content(tree, "orders/o.yaml", 100), "two", "and read");
    is_text(content(tree, "orders/n.yaml", 100), "refused", "a lost blob is not fetched");
    is_text(content(tree, "orders/raw/r.yaml", 100), "raw", "it reads on after that");
    ok(old != NULL && filetree_changes(tree, filetree_facts(old)->mark, &changes, &err),
       "its changes");
    char *trace = path_join(root, "pwned");
    ok(!path_exists(trace), "no program was run");
    free(trace);
    filetree_changes_release(&changes);
    filetree_close(old);
    filetree_close(tree);
}

/* Trees made by hand may hold names that no checkout would. */
static void test_odd_tree(void)
{
    ok(sh_in(root, "git init -q -b main odd && cd odd && "
                   "b=$(printf evil | git hash-object -w --stdin) && "
                   "t=$(printf '100644 blob %s\\tx\\n' $b | git mktree) && "
                   "u=$(printf '040000 tree %s\\t..\\n100644 blob %s\\tgood\\n' $t $b | "
                   "git mktree) && git update-ref refs/heads/main "
                   "$(git commit-tree -m odd $u)"),
       "a tree with a folder called ..");
    struct filetree *tree = open_at("odd#main");
    ok(tree != NULL, "is opened: %s", err.message);
    is_text(tree != NULL ? listed(tree, "") : "", "good:f", "without that folder");
    ok(tree != NULL && filetree_facts(tree)->sentence[0] != '\0', "which is told");
    filetree_close(tree);
}

int main(void)
{
    if (!git_is_here()) {
        tap_skip("git is not installed");
        return tap_done();
    }
    if (mkdtemp(root) == NULL || !make_repository()) {
        perror(root);
        return EXIT_FAILURE;
    }
    char *cache = path_join(root, "cache");
    setenv("MWB_CACHE", cache, 1);
    free(cache);
    setenv("GIT_DIR", "/nowhere", 1); /* of the person: must not matter */
    test_refs();
    test_more_refs();
    test_hashes();
    test_changes();
    test_threads();
    unsetenv("GIT_DIR");
    test_on_disk();
    test_hostile();
    test_odd_tree();
    path_remove_tree(root, &err);
    return tap_done();
}
