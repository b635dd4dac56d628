/* mask/private: what the files of this room share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_MASK_PRIVATE_H
#define MWB_MASK_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/mask.h"

enum {
    MASK_KEY_SIZE = 32,
    MASK_DIGEST_SIZE = 32,
    MASK_TOKEN_BYTES = 15, /* of the digest */
    MASK_TOKEN_SIGNS = 24  /* five bits each */
};

/* token.c: digests with a key; false when there is no memory for one. */
struct mask_key *mask_key_new(const unsigned char *secret, size_t length,
                              struct error *err);
bool mask_key_digest(const struct mask_key *key, const char *value, size_t length,
                     unsigned char digest[MASK_DIGEST_SIZE]);
bool mask_key_token(const struct mask_key *key, const char *value, size_t length,
                    char token[MASK_TOKEN_SIGNS]);

#endif
