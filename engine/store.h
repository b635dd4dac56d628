/* store: the only place that opens SQLite.
 *
 * Every connection gets defensive settings: SQLITE_DBCONFIG_DEFENSIVE, trusted_schema
 * off, double-quoted strings off, no extension loading, cell_size_check on for files of
 * others, a busy timeout, limits. Handles are sqlite3's own; this door adds opening,
 * running a script, preparing and stepping with one sentence as error, and quoting of
 * names.
 *
 * Sources: sqlite.org/c3ref, sqlite.org/security.html, sqlite.org/uri.html.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_STORE_H
#define MWB_STORE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/error.h"
#include "engine/text.h"

enum store_mode {
    STORE_MEMORY,    /* a private database in memory; path is ignored */
    STORE_CREATE,    /* read and write, made when missing, 0600 */
    STORE_WRITE,     /* read and write, must exist */
    STORE_READ,      /* read only */
    STORE_IMMUTABLE, /* read only, mode=ro&immutable=1: a product version, a catalog */
};

/* NULL and a sentence on failure. store_close(NULL) is fine. */
sqlite3 *store_open(const char *path, enum store_mode mode, struct error *err);
/* STORE_MEMORY in which 'now' is this instant for ever (seconds since 1970): for meshes
 * whose clock stands still (c3ref/vfs.html, xCurrentTimeInt64). */
sqlite3 *store_open_still(long long now, struct error *err);
void store_close(sqlite3 *db);

/* The URI text for ATTACH of an immutable file, and of one that others change. Yours. */
char *store_uri_immutable(const char *path);
char *store_uri_shared(const char *path);

/* Run a script of statements without results. */
bool store_run(sqlite3 *db, const char *sql, struct error *err);

/* One statement. Bind with store_bind: one letter a parameter in `kinds`, from 1:
 * s const char * (NULL = NULL), i int, l long long, d double, n NULL (takes no argument).
 */
sqlite3_stmt *store_prepare(sqlite3 *db, const char *sql, struct error *err);
void store_bind(sqlite3_stmt *stmt, const char *kinds, ...);

enum store_step { STORE_ROW, STORE_DONE, STORE_FAILED };
enum store_step store_step(sqlite3_stmt *stmt, struct error *err);
/* Step to the end and reset, for statements without rows. */
bool store_execute(sqlite3_stmt *stmt, struct error *err);
void store_finish(sqlite3_stmt *stmt); /* finalize; NULL is fine */

/* Column text, never NULL ("" for NULL), borrowed until the next step; and a copy that
 * keeps NULL apart. */
const char *store_text(sqlite3_stmt *stmt, int column);
char *store_text_copy(sqlite3_stmt *stmt, int column);

/* One value of one row, bound like store_bind; `fallback` when there is no row. */
long long store_number(sqlite3 *db, long long fallback, const char *sql,
                       const char *kinds, ...);
char *store_string(sqlite3 *db, const char *sql, const char *kinds,
                   ...); /* yours, may be NULL */

/* `a"b` -> `"a""b"`, appended. */
void store_quote_name(struct text *out, const char *name);
void store_quote_string(struct text *out, const char *string); /* 'it''s' */

/* Fill err from the connection after a failed call, in plain words: "disk full" etc.
 * Returns false. */
bool store_failed(sqlite3 *db, struct error *err);

#endif
