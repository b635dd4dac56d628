/* digest: sums of bytes that tell whether two files are the same.
 *
 * SHA-256 (FIPS 180-4), by libgcrypt, in lower-case hexadecimal digits as Data Package,
 * git-lfs and sha256sum(1) write it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DIGEST_H
#define MWB_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

enum { DIGEST_SIZE = 65 }; /* digits and NUL */

/* `length` bytes of a digest; `hex` takes twice as many and NUL. */
void digest_write_hex(const unsigned char *digest, size_t length, char *hex);

void digest_bytes(const void *bytes, size_t length, char hex[DIGEST_SIZE]);

/* Of an open file, all of it whatever was read before. False when it cannot be read
 * (errno says why; ENOMEM: libgcrypt had no room). */
bool digest_file(int fd, char hex[DIGEST_SIZE]);

#endif
