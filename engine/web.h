/* web: fetch what one http(s) address has, within limits, in spite of servers that lie.
 *
 * Addresses, servers and what they answer are hostile input:
 *   - only http and https, on every hop; https never redirects to http; 5 redirects;
 *   - no name or password in an address, no cookies, no .netrc;
 *   - an address that stands in a catalog (is_hostile) leads to no private network: what
 *     counts is the number that was connected to, not the name (so a name that changes
 *     its number between two looks gains nothing), also when a connection is used again.
 *     One that a person typed may, but a redirect from a public host into a private
 *     network is refused. MWB_WEB_PRIVATE=1 lifts this for hosts whose catalogs are all
 *     in a private network;
 *   - limits of bytes (unpacked ones), of time, and a low-speed abort;
 *   - a body shorter or longer than announced is refused, TLS is checked. SSL_CERT_FILE
 *     names other authorities than those of the host.
 * Addresses of catalogs are reached without a proxy, since behind one nobody can tell
 * where they lead; typed ones use that of the environment.
 *
 * Secrets: the origin of an address gets the secret that belongs to it (secret.h), and no
 * hop behind a redirect to another origin gets any. Over plain http one is sent to this
 * host only, or where the section of the secret names http:// itself.
 *
 * Breaking off: after a broken or stalled connection, 429 and 5xx, an attempt goes on
 * where it ended, if a strong ETag shows that nothing changed (Range with If-Range).
 * Where the server cannot do that the bytes come again from the start: what was taken is
 * compared with them and not taken twice, and only if something differs everything begins
 * anew.
 *
 * Packed bodies: gzip is asked for and undone, with its check sum and its end looked at;
 * a file that is packed by itself (.gz, .zst) comes as it lies there. HTTP/1.1 only: one
 * framing, whose lengths are checked here.
 *
 * Connections stay open for further requests of this process. Any number of threads.
 *
 * Sources: RFC 9110 (redirects, conditional requests, ranges), RFC 9112, RFC 1952, RFC
 * 6890 (special addresses), libcurl-multi(3).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_WEB_H
#define MWB_WEB_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "engine/error.h"
#include "engine/job.h"
#include "engine/secret.h"

enum { WEB_TAG_SIZE = 256, WEB_REDIRECTS = 5, WEB_PAGE_SIZE = 2048 };

/* Seconds, and how often; zeros are the defaults. */
struct web_patience {
    double connect; /* for a connection; 0 = 10 */
    double stall;   /* in which hardly anything came (64 bytes a second); 0 = 15 */
    int retries;    /* after what may be better next time; 0 = none, at most 3 */
    double wait;    /* before the first of them, then twice as long; 0 = 0.5 */
    double longest; /* wait that a server may ask for (Retry-After); 0 = 20 */
};

struct web_spec {
    const char *url;
    bool is_hostile;            /* stands in a catalog; see above */
    long long most;             /* bytes; 0 = 64 MiB */
    double seconds;             /* for all of it; 0 = 60, below 0: no limit */
    const char *etag, *changed; /* of the copy that is here: ask only for a newer one;
                                   NULL or "": there is none */
    struct job_port *port;      /* to stop when the job is cancelled; may be NULL */
    struct web_patience patience;
    /* web_fetch() only: the first bytes of the file with this ETag are here already. */
    long long have;
    const char *have_tag;
    /* A secret to use instead of that of the origin; borrowed. With `signature`
     * ("aws:amz:REGION:s3") it signs the request instead of going along (AWS Signature
     * Version 4): `user` is the name of the key, `token` that of a session. */
    const struct secret *secret;
    const char *signature;
};

struct web_answer {
    bool is_unchanged; /* the copy that is here is the newest: nothing was written */
    long long bytes;   /* of the whole file, unpacked */
    char etag[WEB_TAG_SIZE];    /* to ask again with; "" when there was none */
    char changed[WEB_TAG_SIZE]; /* Last-Modified, as it came */
    long long expected;         /* bytes that the server announced, unpacked; -1: none */
    bool has_ranges; /* an attempt that breaks off can go on: the ETag is a strong one */
    long status;     /* the last that a server answered; 0: none did */
    /* How an answer begins that is not what was asked for: hostile bytes, not for people.
     */
    char page[WEB_PAGE_SIZE];
    size_t page_length;
};

/* Write what the address has to `fd`. A failure is a sentence; what was written then is
 * worth nothing. */
bool web_get(const struct web_spec *spec, int fd, struct web_answer *answer,
             struct error *err);

/* Who takes the bytes of web_fetch(); called in its thread. One that returns false with a
 * sentence ends the fetch. */
struct web_sink {
    /* The source answered: the first `have` bytes are those of spec.have, or none are
     * (0), the others will follow. Called again, with 0, when what was taken is worth
     * nothing since the source changed. Not called when the copy is unchanged. */
    bool (*begin)(void *owner, const struct web_answer *answer, long long have,
                  struct error *err);
    bool (*take)(void *owner, const void *bytes, size_t length, struct error *err);
    /* Are these the bytes that were taken at this offset? NULL: nobody knows. */
    bool (*holds)(void *owner, long long offset, const void *bytes, size_t length);
    /* Asked several times a second: does anybody still want it? NULL: yes. */
    bool (*is_wanted)(void *owner);
    void *owner;
};

/* Give what the address has to a sink, bit by bit. True when all of it was taken, or when
 * it is unchanged. `answer` also tells of a failure what is known. */
bool web_fetch(const struct web_spec *spec, const struct web_sink *sink,
               struct web_answer *answer, struct error *err);

/* Ask what is there, without its contents: a conditional request that ends behind the
 * head of the answer. */
bool web_look(const struct web_spec *spec, struct web_answer *answer, struct error *err);

/* Is it an address that web_get() would ask: http or https, with a host, without a name
 * or password, without control characters? */
bool web_check(const char *url, struct error *err);

/* The address of a relative path beside that of an index: "https://h/a/mesh.yaml?x" and
 * "b/c d" -> "https://h/a/b/c%20d". The path must be safe (path.h). Yours. */
char *web_beside(const char *url, const char *path);

/* The last part of the address's path, unescaped, "" when there is none. Yours. */
char *web_base(const char *url);

/* Does this number lead to this host, a private network, or nowhere in particular?
 * (RFC 6890 and what IPv6 wraps) */
bool web_is_private(const struct sockaddr *address);

#endif
