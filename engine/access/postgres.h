/* postgres: what is asked of which server, and whether it may be asked.
 *
 * A server is talked to only if the person named it (postgres_names.c): databases stand
 * in private networks and trust those who reach them, so that a descriptor alone must not
 * choose one. It gets only what the person keeps for it: PGUSER and PGPASSWORD belong to
 * the server of PGHOST or PGSERVICE, all others get what the credentials or ~/.pgpass say
 * of them.
 *
 * Sources: PostgreSQL documentation, chapters libpq, COPY, and Message Formats.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ACCESS_POSTGRES_H
#define MWB_ACCESS_POSTGRES_H

#include <libpq-fe.h>

#include "engine/access/private.h"

/* What one file is made from. All strings are its own. */
struct postgres_source {
    char *host, *port, *database;
    char *schema;         /* NULL: as the server's search path says */
    char *name;           /* of the table, as written; NULL: it is a query */
    char *query;          /* one SELECT; NULL: it is a table */
    char *user;           /* NULL: libpq knows */
    char *password;       /* NULL: libpq knows, or there is none */
    const char *security; /* sslmode that is asked for, or NULL: as libpq has it */
    bool is_own;          /* the server of PGHOST or PGSERVICE: its settings hold */
    double patience;      /* seconds for connecting and for short answers */
};

/* postgres_names.c */
bool postgres_source_init(const struct place *place, struct postgres_source *source,
                          struct error *err);
void postgres_source_release(struct postgres_source *source);
/* The string to connect with. Yours, to be wiped. */
char *postgres_connection(const struct postgres_source *source);
/* "postgres://HOST:PORT/DATABASE/schema.table": what people see. Yours. */
char *postgres_address(const struct postgres_source *source);
/* Is there a line for this host, by its name, in a file of passwords as libpq reads it?
 * `user` gets the user of the line, unless it is `*`. */
bool postgres_pass_names(const char *text, const char *host, const char *port,
                         char **user);
/* The parts of a physical name: table, schema.table or database.schema.table, each bare
 * or in double quotes. False when it is none of these. Yours. */
bool postgres_split_name(const char *name, char *parts[3], size_t *count);

/* postgres_talk.c: a connection that can be given up at any time. */
struct postgres_talk {
    PGconn *conn;
    const struct postgres_source *source;
    struct access_bring *bring;
    const char *shown;
};

bool postgres_connect(struct postgres_talk *talk, struct error *err);
void postgres_close(struct postgres_talk *talk); /* cancels what still runs */
/* Run short statements that give no rows. */
bool postgres_do(struct postgres_talk *talk, const char *sql, struct error *err);
/* What columns the statement has, without running it. It must be one statement. */
PGresult *postgres_describe(struct postgres_talk *talk, const char *sql,
                            struct error *err);
/* Wait for the next result of what was sent; `seconds` 0: as long as it takes. */
PGresult *postgres_next(struct postgres_talk *talk, double seconds, struct error *err);
/* The last result of what was sent, when all were good. All are taken. */
PGresult *postgres_last(struct postgres_talk *talk, struct error *err);
/* Wait until something came. */
bool postgres_wait(struct postgres_talk *talk, double until, struct error *err);
/* The sentence for a failure of the connection, or of a result. */
bool postgres_fail(struct postgres_talk *talk, const PGresult *result, struct error *err);

/* postgres_columns.c: what the columns are here, and how they are asked for. */
struct postgres_columns {
    struct array columns; /* of struct catalog_column */
    struct text select;   /* the statement inside COPY ( ... ) */
};
bool postgres_columns_make(struct postgres_talk *talk, const PGresult *described,
                           const char *base, struct postgres_columns *out,
                           struct error *err);
void postgres_columns_release(struct array *columns);

#endif
