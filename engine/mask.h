/* mask: what stands in the place of a value that a role may not see.
 *
 * Masking is physical: it happens while rows are imported, so that the masked database
 * holds no trace of the values. A rule belongs to a column:
 *
 *   drop        the column is not there
 *   null        all its values are NULL
 *   token       HMAC-SHA-256 of the value with a secret key, the first 15 bytes in
 *               base32 (24 signs): equal values have equal tokens, so joins across
 *               products keep working, and nobody without the key can try values out
 *   first N     the first N characters, up to 1000 (first digits of a postcode)
 *   year        of a date or instant: its first four digits
 *   month       its first seven signs
 *   round N     a number, down to a multiple of N: -3 by tens is -10
 *
 * NULL stays NULL; what a rule cannot be applied to (a year of "n/a") becomes NULL.
 * A token is made from the text that the value has when it is printed, so a number and
 * the same digits as text have one token (mask_print_real() prints whole reals without
 * .0 therefore); text is taken as it is, also its case.
 *
 * The key (32 random bytes) lies outside the cache, in a 0600 file
 * $XDG_DATA_HOME/mwb/keys/NAME.key, made when first needed; $MWB_MASK_KEY names another
 * file, for hosts where several people fill one cache: it may be readable for a group
 * (0640). Looser modes and damaged files are refused. Another key gives other tokens.
 *
 * Sources: RFC 2104 (HMAC), RFC 4648 §6 (base32).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_MASK_H
#define MWB_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/text.h"

enum mask_kind {
    MASK_NONE,
    MASK_DROP,
    MASK_NULL,
    MASK_TOKEN,
    MASK_FIRST,
    MASK_YEAR,
    MASK_MONTH,
    MASK_ROUND,
};

struct mask_rule {
    enum mask_kind kind;
    int count; /* of first and round */
};

/* "token", "first 3" ...; ERROR_USAGE with the words there are, and a rule that drops. */
bool mask_parse(const char *text, struct mask_rule *rule, struct error *err);
/* "shown as a token", "only its first 3 characters": for sentences. */
void mask_describe(const struct mask_rule *rule, struct text *out);
/* The word of mesh.yaml for it: "token", "first 3"; "" when nothing is masked. */
void mask_name(const struct mask_rule *rule, struct text *out);
bool mask_equal(const struct mask_rule *a, const struct mask_rule *b);

struct mask_key;
/* `name` is of the mesh: a safe path component. Opened once a job; wiped when closed. */
struct mask_key *mask_key_open(const char *name, struct error *err);
void mask_key_close(struct mask_key *key);
/* Tells keys apart and tells nothing about them: 16 hex digits. */
void mask_key_id(const struct mask_key *key, char id[17]);

/* The masked text of a value, written to `out`, and its length; -1: NULL stands in its
 * place, also where it would need more than `room` bytes: MASK_ROOM are enough for all
 * rules but `first`, which takes as many as the value has. Threads may share a key: one
 * core makes millions of tokens a second. */
enum { MASK_ROOM = 64 };
long mask_apply(const struct mask_rule *rule, const struct mask_key *key,
                const char *value, size_t length, char *out, size_t room);
/* Of `first`, `year` and `month`, which keep the start of a value: its bytes, or -1. */
long mask_kept(const struct mask_rule *rule, const char *value, size_t length);
/* A number as masks take it; its length. */
size_t mask_print_real(double value, char out[MASK_ROOM]);

#endif
