/* arrival: a file that grows while it is read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/arrival.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

enum { BLOCKS = 400, BLOCK = 1000 };

static char root[] = "/tmp/mwb-test-arrival-XXXXXX";
static struct error err;

static int open_file(const char *name, const char *content)
{
    char *path = string_printf("%s/%s", root, name);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (write(fd, content, strlen(content)) != (ssize_t)strlen(content)) {
        close(fd);
        fd = -1;
    }
    free(path);
    return fd;
}

static struct arrival *new_arrival(const char *content, long long have)
{
    err = (struct error){0};
    return arrival_new(open_file("part", content), have, "it", &err);
}

/* ---- One adds while another reads ---- */

static void *add_blocks(void *argument)
{
    struct arrival *arrival = argument;
    char block[BLOCK];
    for (int i = 0; i < BLOCKS; i++) {
        memset(block, 'a' + i % 26, sizeof block);
        if (!arrival_add(arrival, block, sizeof block, NULL)) {
            break;
        }
    }
    arrival_end(arrival, NULL);
    return NULL;
}

static void test_reading(void)
{
    struct arrival *arrival = new_arrival("", 0);
    pthread_t thread;
    pthread_create(&thread, NULL, add_blocks, arrival);
    long long at = 0, length = 0;
    bool right = true;
    while (arrival_wait(arrival, at, NULL, &length, &err) && length > at) {
        while (right && at < length) {
            char byte = 0;
            right = pread(arrival_fd(arrival), &byte, 1, (off_t)at) == 1 &&
                    byte == 'a' + (int)(at / BLOCK) % 26;
            at += 97;
        }
        at = length;
    }
    pthread_join(thread, NULL);
    ok(right, "what is told to be there is there");
    is_int(at, BLOCKS * BLOCK, "and it ends after the last byte");
    ok(arrival_settle(arrival, NULL, &err), "settled");
    arrival_free(arrival);
}

/* ---- Hashes ---- */

static void test_hashes(void)
{
    static const struct {
        const char *kind, *hex;
    } of_abc[] = {
        {"sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {"md5", "900150983cd24fb0d6963f7d28e17f72"},
        {"git", "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f"},
    };
    struct arrival *arrival = new_arrival("abXY", 2);
    char hex[65];
    ok(arrival_add(arrival, "c", 1, &err), "goes on behind what is kept of it");
    arrival_end(arrival, NULL);
    for (size_t i = 0; i < sizeof of_abc / sizeof *of_abc; i++) {
        ok(arrival_hash(arrival, of_abc[i].kind, hex, &err), "%s: %s", of_abc[i].kind,
           err.message);
        is_text(hex, of_abc[i].hex, "of abc");
    }
    ok(!arrival_hash(arrival, "crc32", hex, &err), "an unknown one: %s", err.message);
    arrival_free(arrival);
    arrival = arrival_of_file(open_file("whole", "abc"), "it", &err);
    ok(arrival != NULL && arrival_settle(arrival, NULL, &err) &&
           arrival_hash(arrival, "sha256", hex, &err),
       "a whole file");
    is_text(hex, of_abc[0].hex, "has the same");
    arrival_free(arrival);
}

/* ---- What goes wrong ---- */

static void test_failure(void)
{
    struct arrival *arrival = new_arrival("", 0);
    struct error why = {0};
    long long length = 0;
    error_set(&why, ERROR_FAILED, "the line broke");
    arrival_add(arrival, "abc", 3, &err);
    arrival_end(arrival, &why);
    ok(arrival_wait(arrival, 0, NULL, &length, &err), "what came can be read");
    is_int(length, 3, "all of it");
    ok(!arrival_wait(arrival, 3, NULL, &length, &err), "the end is none");
    is_text(err.message, "the line broke", "it is why");
    err = (struct error){0};
    ok(!arrival_settle(arrival, NULL, &err), "it does not settle");
    is_text(err.message, "the line broke", "for the same reason");
    arrival_free(arrival);
}

static void test_restart(void)
{
    struct arrival *arrival = new_arrival("old", 3);
    long long length = 0;
    char hex[65];
    ok(arrival_restart(arrival, &err), "nobody has read it yet: it begins anew");
    arrival_add(arrival, "abc", 3, &err);
    ok(arrival_wait(arrival, 0, NULL, &length, &err) && length == 3, "read");
    ok(!arrival_restart(arrival, &err), "now it cannot: %s", err.message);
    arrival_end(arrival, NULL);
    arrival_hash(arrival, "sha1", hex, &err);
    is_text(hex, "a9993e364706816aba3e25717850c26c9cd0d89d", "the old bytes are gone");
    arrival_free(arrival);
}

static void test_given_up(void)
{
    struct arrival *arrival = new_arrival("", 0);
    is_int(arrival_expected(arrival), -1, "nobody knows how much comes");
    arrival_expect(arrival, 10);
    is_int(arrival_expected(arrival), 10, "until it is told");
    arrival_give_up(arrival);
    err = (struct error){0};
    ok(!arrival_add(arrival, "a", 1, &err), "nobody wants it: %s", err.message);
    is_int(err.kind, ERROR_CANCELLED, "that is no failure");
    arrival_end(arrival, NULL);
    arrival_free(arrival);
    int fd = open_file("closed", "x");
    close(fd);
    fd = open("/dev/null", O_RDONLY);
    ok(arrival_new(fd, 5, "it", &err) == NULL, "what cannot be written: %s", err.message);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        return 99;
    }
    test_reading();
    test_hashes();
    test_failure();
    test_restart();
    test_given_up();
    for (const char *const *name = (const char *const[]){"part", "whole", "closed", NULL};
         *name != NULL; name++) {
        char *path = string_printf("%s/%s", root, *name);
        unlink(path);
        free(path);
    }
    rmdir(root);
    return tap_done();
}
