/* secret: names and passwords of places: where they come from, and how they never leave.
 *
 * A secret belongs to an origin, "SCHEME://HOST[:PORT]", and is given to no other: what a
 * descriptor says can never send one somewhere else. In this order:
 *   1. the environment: MWB_PASSWORD_HOST, MWB_USER_HOST, MWB_TOKEN_HOST, where HOST is
 *      the host in capitals with `_` for a dot and `__` for a hyphen, and behind it
 *      `_PORT` where the address names one that is not its scheme's own:
 *      MWB_TOKEN_DATA_EXAMPLE_ORG, MWB_TOKEN_127_0_0_1_8080. Not sent in the clear
 *      (http) to other hosts than this one: the section of a file can say so;
 *   2. $XDG_CONFIG_HOME/mwb/credentials, sections of `key = value` lines:
 *         [https://data.example.org]
 *         user = reader
 *         password = ...        or  token = ...   (sent as Authorization: Bearer)
 *         command = pass show mesh/data           (its first line is the password)
 *      For stores of objects the section is [s3://ENDPOINT-HOST], user the access key,
 *      password the secret key, token the session's.
 *      It must belong to the person and be 0600 or tighter, else it is refused.
 * A command runs without a shell, without a terminal, for at most 30 seconds.
 *
 * Nothing that is found is put into arguments, logs, histories, screens or sentences:
 * every text that may hold an address passes secret_redact(). Memory is wiped on
 * release.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SECRET_H
#define MWB_SECRET_H

#include <stdbool.h>

#include "engine/error.h"
#include "engine/text.h"

struct secret {
    char *user, *password, *token; /* each may be NULL */
};

/* Look for the secret of an origin; finding none is no error: all NULL. False when there
 * is one that must not or cannot be used (loose modes, a command that fails). */
bool secret_find(const char *origin, struct secret *secret, struct error *err);
bool secret_is_empty(const struct secret *secret);
void secret_release(struct secret *secret); /* wipes */
void secret_wipe(void *bytes, size_t length);

/* The text of a file of the person's own that holds secrets: refused when it belongs to
 * somebody else, or others may read or change it. *text is NULL when there is none. */
bool secret_file(const char *path, char **text, struct error *err);
void secret_file_release(char *text); /* wipes */

/* "https://HOST:PORT" of an address, lower case, without the scheme's own port (that of
 * s3 is 443, of postgresql 5432; postgres and s3a are other names of these). Yours; NULL
 * when it has none. */
char *secret_origin(const char *url);

/* The text with `***` where it holds user information, signatures or keys of addresses
 * (user:password@, X-Amz-*, token=, sig=, key=, password=, Authorization ...). Yours. */
char *secret_redact(const char *text);

/* The same of a sentence, in its place, if there is an address in it. */
void secret_redact_error(struct error *err);
void secret_redact_text(struct text *text);

/* No core file and no reading of this process by others of the same user (whoever traces
 * it already may go on): called at the start of the program, and so holds for its jobs.
 */
void secret_guard_process(void);

#endif
