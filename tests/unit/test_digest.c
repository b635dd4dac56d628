/* digest: SHA-256 of bytes and of files, by the examples of FIPS 180-4.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/digest.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

#define OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define OF_A_MILLION_A "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"

static void is_file(const char *path, const char *bytes, size_t length, const char *want)
{
    struct error err = {0};
    char hex[DIGEST_SIZE] = "";
    ok(path_write_file(path, bytes, length, 0600, &err), "%zu bytes %s", length,
       err.message);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ok(fd >= 0 && lseek(fd, 0, SEEK_END) == (off_t)length, "read to its end");
    ok(digest_file(fd, hex), "all of it is hashed");
    is_text(hex, want, "as FIPS 180-4 has it");
    close(fd);
    unlink(path);
}

int main(void)
{
    enum { MILLION = 1000000 };
    char folder[] = "/tmp/mwb-test-digest-XXXXXX";
    char hex[DIGEST_SIZE];
    ok(mkdtemp(folder) != NULL, "a folder");
    char *path = path_join(folder, "file"), *many = memory_new(MILLION);
    memset(many, 'a', MILLION);
    digest_bytes("", 0, hex);
    is_text(hex, OF_NOTHING, "of nothing");
    digest_bytes("abc", 3, hex);
    is_text(hex, OF_ABC, "of three letters");
    is_file(path, "", 0, OF_NOTHING);
    is_file(path, "abc", 3, OF_ABC);
    is_file(path, many, MILLION, OF_A_MILLION_A);
    int fd = open(folder, O_RDONLY | O_CLOEXEC);
    ok(!digest_file(fd, hex) && errno == EISDIR, "a folder has no bytes");
    close(fd);
    ok(!digest_file(-1, hex) && errno == EBADF, "nor has what is not open");
    digest_write_hex((const unsigned char *)"\x00\xffz", 3, hex);
    is_text(hex, "00ff7a", "digits");
    rmdir(folder);
    free(many);
    free(path);
    return tap_done();
}
