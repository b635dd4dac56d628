/* digest: SHA-256 by libgcrypt.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/digest.h"

#include <errno.h>
#include <gcrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/text.h"

enum { BLOCK = 1 << 16, BYTES = 32 };

void digest_write_hex(const unsigned char *digest, size_t length, char *hex)
{
    for (size_t i = 0; i < length; i++) {
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
}

void digest_bytes(const void *bytes, size_t length, char hex[DIGEST_SIZE])
{
    unsigned char digest[BYTES];
    gcry_md_hash_buffer(GCRY_MD_SHA256, digest, bytes, length);
    digest_write_hex(digest, BYTES, hex);
}

bool digest_file(int fd, char hex[DIGEST_SIZE])
{
    gcry_md_hd_t hash = NULL;
    ssize_t got = -1;
    if (lseek(fd, 0, SEEK_SET) != 0) {
        return false;
    }
    if (gcry_md_open(&hash, GCRY_MD_SHA256, 0) != 0) {
        errno = ENOMEM;
        return false;
    }
    char *block = memory_new(BLOCK);
    while ((got = read(fd, block, BLOCK)) > 0 || (got < 0 && errno == EINTR)) {
        gcry_md_write(hash, block, got > 0 ? (size_t)got : 0);
    }
    int reason = errno;
    digest_write_hex(gcry_md_read(hash, GCRY_MD_SHA256), BYTES, hex);
    gcry_md_close(hash);
    free(block);
    errno = reason;
    return got == 0;
}
