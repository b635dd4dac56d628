/* access: what the room's files share: a place, a method, and a file on its way.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ACCESS_PRIVATE_H
#define MWB_ACCESS_PRIVATE_H

#include <pthread.h>

#include "engine/access.h"
#include "engine/web.h"

/* Where some of a table's files are. */
struct place {
    const struct access_spec *spec;
    const struct catalog_product *product;
    const struct catalog_table *table;
    const struct catalog_server *server; /* NULL: the contract names none */
    const char *location; /* of the table, variables resolved; NULL: only a server */
    bool is_origin;       /* it is where the product itself comes from */
};

/* One file on its way, brought by one thread. Everything is its own copy: the thread may
 * not look at the catalog. */
struct access_bring {
    const struct method *method;
    char *location; /* of this file, as the method listed it */
    char *shown;    /* the same, without secrets */
    void *own;      /* of the method: what it needs to bring it; freed by its release */
    struct access_facts known; /* of the copy that is here: location NULL, none is */
    struct access_facts facts; /* what the source says now: the thread fills it in */
    struct arrival *arrival;   /* NULL until it has answered */
    /* How the bytes are written and what their columns are, when the method knows: set
     * before bring_begin(), the method's own, or NULL. */
    const struct catalog_dialect *dialect;
    const struct array *columns;
    /* What an earlier attempt left: so many bytes of the file with this tag. */
    long long have;
    char have_tag[ACCESS_TAG_SIZE];
    struct job_port *port;
    /* insides of bring.c */
    char *partial;
    int fd, lock;
    bool is_unchanged; /* a method may know when it lists: then it is not brought */
    bool has_answered, has_ended, is_started;
    bool is_refused; /* what came is not what was declared: not to be gone on with */
    struct error why;
    pthread_t thread;
    struct bring_gate *gate;
};

struct method {
    struct access_method door;
    const char *format; /* what it gives whatever is declared ("csv"), or NULL */
    bool (*takes)(const struct place *place);
    /* The files of a place, one bring_new() each; NULL: one, called as the location. */
    bool (*list)(const struct place *place, struct array *files, struct error *err);
    /* Bring the bytes, in a thread of its own. In this order:
     *   bring->facts filled in as far as the source told, then
     *   bring_unchanged(bring): it is what `known` says; return true; or
     *   bring_begin(bring, have, expected): the first `have` bytes are those of the
     *   earlier attempt (bring->have), the rest will follow; 0: all bytes will;
     *   arrival_add(bring->arrival, ...) ...; return true at the end of the bytes.
     * False with a sentence: it failed; what came so far is kept for another attempt when
     * bring->facts.etag is set. Must ask bring_is_wanted() now and then; an
     * arrival_add() that fails ends it. */
    bool (*bring)(struct access_bring *bring, struct error *err);
    void (*release)(void *own); /* of access_bring.own; may be NULL */
};

/* A file of a place, appended; its `own` is the method's. */
struct access_bring *bring_new(const struct place *place, const struct method *method,
                               const char *location, struct array *files);
void bring_unchanged(struct access_bring *bring);
/* False when nobody waits for it any more, or the job is cancelled: give up soon. */
bool bring_is_wanted(struct access_bring *bring);
bool bring_begin(struct access_bring *bring, long long have, long long expected,
                 struct error *err);
/* What came is worth nothing: the source changed, and all bytes will follow anew; what is
 * left of them by a failure is not gone on with. False also when a reader has seen some.
 */
bool bring_again(struct access_bring *bring, long long expected, struct error *err);

/* bring.c: start the threads of the files, a few at a time; wait for their answers. */
bool bring_start(const struct access_spec *spec, struct array *files, struct error *err);
bool bring_settle(struct access_file *file, struct job_port *port, struct error *err);
void bring_stop(struct array *files);
void bring_free(struct access_bring *bring);

/* Append the files of one location: a path relative to `folder`, or a glob. */
bool local_files(const char *folder, const char *location, bool open, struct array *files,
                 struct error *err);
bool local_takes(const char *location);

/* origin.c: where a path lies of a product whose folder is a copy. Yours; NULL: it is a
 * file of that folder. */
char *origin_location(const struct catalog_product *product, const char *location);

/* git.c: a file that only stands for another (Git LFS, git-annex) is refused with a
 * sentence. */
bool pointer_check(int fd, const char *shown, long long bytes, struct error *err);

/* http.c: what web_fetch() brings goes to the arrival of a file; at most so many bytes.
 */
struct web_sink http_sink(struct access_bring *bring);
long long http_most(const struct access_bring *bring, long long declared);

/* The methods, one file each. */
extern const struct method method_http, method_s3, method_git, method_postgres;
/* What to say of a place that nobody takes: how it is reached. */
bool elsewhere_refuse(const struct place *place, struct error *err);

/* converter.c: what the person's command makes of the file takes its place: fd, arrival,
 * format. Its first bytes have come when this returns. */
bool converter_start(const struct access_spec *spec, struct access_file *file,
                     struct error *err);
bool converter_settle(struct access_file *file, struct job_port *port, struct error *err);
/* Ends it; the file is what it was before. Its source must have been stopped. */
void converter_free(struct access_file *file);

/* The value of a server's key as the descriptor writes it, variables resolved where
 * `may_resolve`; NULL: it has none. Yours. */
char *place_value(const struct place *place, const char *key);

#endif
