/* token: HMAC-SHA-256 with one key, by many threads at once, and its first bytes in
 * base32.
 *
 * Preparing a key costs as much as digesting a short value. So digests that have the key
 * are kept, and libgcrypt goes back to the keyed state by copying it. A thread takes one
 * out of its place and puts it back: no lock, and usually nobody else wants that place.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gcrypt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/mask/private.h"

enum { PLACES = 16, CACHE_LINE = 64 };

/* A line of the processor's cache each, else threads would wait for one another. */
struct place {
    _Alignas(CACHE_LINE) _Atomic(gcry_md_hd_t) idle;
};

struct mask_key {
    struct place places[PLACES];
    gcry_md_hd_t keyed; /* only copied */
};

struct mask_key *mask_key_new(const unsigned char *secret, size_t length,
                              struct error *err)
{
    size_t size = (sizeof(struct mask_key) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    struct mask_key *key = aligned_alloc(CACHE_LINE, size);
    if (key != NULL) {
        memset(key, 0, size);
    }
    if (key == NULL ||
        gcry_md_open(&key->keyed, GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC) != 0 ||
        gcry_md_setkey(key->keyed, secret, length) != 0) {
        mask_key_close(key);
        error_set(err, ERROR_FAILED,
                  "could not prepare the masking key: libgcrypt has no HMAC-SHA-256");
        return NULL;
    }
    return key;
}

void mask_key_close(struct mask_key *key)
{
    if (key == NULL) {
        return;
    }
    for (int i = 0; i < PLACES; i++) {
        gcry_md_close(atomic_load(&key->places[i].idle));
    }
    gcry_md_close(key->keyed); /* wipes what it frees */
    free(key);
}

/* Threads lie far apart in memory, so that the numbers of their stacks differ there. */
static struct place *own_place(const struct mask_key *key)
{
    uint64_t self = (uint64_t)(uintptr_t)pthread_self();
    uint64_t mixed = (self >> 12) * 0x9E3779B97F4A7C15U;
    return (struct place *)&key->places[mixed >> 60];
}

bool mask_key_digest(const struct mask_key *key, const char *value, size_t length,
                     unsigned char digest[MASK_DIGEST_SIZE])
{
    struct place *place = own_place(key);
    gcry_md_hd_t own = atomic_exchange_explicit(&place->idle, NULL, memory_order_acquire);
    if (own == NULL && gcry_md_copy(&own, key->keyed) != 0) {
        return false;
    }
    gcry_md_write(own, value, length);
    memcpy(digest, gcry_md_read(own, GCRY_MD_SHA256), MASK_DIGEST_SIZE);
    gcry_md_reset(own);
    gcry_md_close(atomic_exchange_explicit(&place->idle, own, memory_order_acq_rel));
    return true;
}

/* RFC 4648 §6: five bytes are eight signs. */
bool mask_key_token(const struct mask_key *key, const char *value, size_t length,
                    char token[MASK_TOKEN_SIGNS])
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char digest[MASK_DIGEST_SIZE];
    if (!mask_key_digest(key, value, length, digest)) {
        return false;
    }
    for (int from = 0, to = 0; from < MASK_TOKEN_BYTES; from += 5) {
        uint64_t bits = 0;
        for (int i = 0; i < 5; i++) {
            bits = bits << 8 | digest[from + i];
        }
        for (int shift = 35; shift >= 0; shift -= 5) {
            token[to++] = signs[bits >> shift & 31];
        }
    }
    return true;
}

void mask_key_id(const struct mask_key *key, char id[17])
{
    static const char text[] = "mwb: which masking key is this?";
    static const char hex[] = "0123456789abcdef";
    unsigned char digest[MASK_DIGEST_SIZE] = {0};
    mask_key_digest(key, text, sizeof text - 1, digest);
    for (int i = 0; i < 8; i++) {
        id[2 * i] = hex[digest[i] >> 4];
        id[2 * i + 1] = hex[digest[i] & 15];
    }
    id[16] = '\0';
}
