/* race: somebody swaps a folder of a product for a link that leads out of it, again and
 * again, while files below it are opened. What path_open_beneath() opens is a file of the
 * product or nothing. RACES rounds: 20,000 unless the environment says otherwise. TAP.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/path.h"
#include "tests/unit/files.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-race-XXXXXX";

/* Exchanges two names for ever: at every moment each of them is there. */
static void swap(const char *a, const char *b)
{
    while (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0) {
    }
    _exit(1);
}

struct outcome {
    long own, refused, foreign;
};

/* The swapper may have been killed between two swaps. */
static void restore(const char *a, const char *b)
{
    struct stat info;
    if (lstat(a, &info) == 0 && S_ISLNK(info.st_mode)) {
        renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
    }
}

static void open_once(const char *folder, const char *relative, struct outcome *outcome)
{
    char bytes[8] = "";
    int fd = path_open_beneath(folder, relative, NULL);
    if (fd < 0) {
        outcome->refused++;
        return;
    }
    ssize_t n = read(fd, bytes, sizeof bytes - 1);
    close(fd);
    if (n > 0 && strncmp(bytes, "own", 3) == 0) {
        outcome->own++;
    } else {
        outcome->foreign++;
    }
}

/* Swap `a` for `b` of the root while `relative` is opened below root/product. */
static void race(const char *a, const char *b, const char *relative, long rounds)
{
    char *first = path_join(root, a), *second = path_join(root, b);
    char *folder = path_join(root, "product");
    struct outcome outcome = {0};
    pid_t swapper = fork();
    if (swapper == 0) {
        swap(first, second);
    }
    for (long i = 0; i < rounds; i++) {
        open_once(folder, relative, &outcome);
    }
    int status = 0;
    ok(waitpid(swapper, &status, WNOHANG) == 0, "%s: names were swapped to the end",
       relative);
    kill(swapper, SIGKILL);
    waitpid(swapper, &status, 0);
    restore(first, second);
    ok(outcome.foreign == 0, "%s: %ld times nothing but the product's own file", relative,
       rounds);
    ok(outcome.own > 0 && outcome.refused > 0,
       "%s: both were met: %ld opened, %ld refused", relative, outcome.own,
       outcome.refused);
    free(folder);
    free(second);
    free(first);
}

static bool can_exchange(void)
{
    char *a = path_join(root, "product/a"), *b = path_join(root, "links/a");
    bool can = renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0 &&
               renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0;
    free(b);
    free(a);
    return can;
}

int main(void)
{
    const char *wanted = getenv("RACES");
    long rounds = wanted != NULL ? atol(wanted) : 20000;
    if (mkdtemp(root) == NULL || chdir(root) != 0) {
        return EXIT_FAILURE;
    }
    files_put(root, "product/a/b/x.csv", "own");
    files_put(root, "product/y.csv", "own");
    files_put(root, "outside/b/x.csv", "other");
    files_put(root, "outside/x.csv", "other");
    files_put(root, "links/nothing", "");
    bool made = symlink("../outside", "links/a") == 0 &&
                symlink("../../outside", "links/b") == 0 &&
                symlink("../outside/x.csv", "links/y.csv") == 0;
    ok(made, "links that lead out are made");
    if (can_exchange()) {
        race("product/a", "links/a", "a/b/x.csv", rounds);
        race("product/a/b", "links/b", "a/b/x.csv", rounds);
        race("product/y.csv", "links/y.csv", "y.csv", rounds);
    } else {
        tap_skip("this file system does not exchange names");
    }
    if (chdir("/") == 0) {
        path_remove_tree(root, NULL);
    }
    return tap_done();
}
