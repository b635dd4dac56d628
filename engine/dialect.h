/* dialect: SQL written for DuckDB or PostgreSQL, as SQLite runs it with the same meaning.
 *
 * A rule of a contract is written for the database where its data live; here they lie in
 * SQLite. What reads alike and means the same is left as it is. What can be said with the
 * functions of functions.h is said with them: now(), intervals and differences of times,
 * EXTRACT, date_trunc, date_diff, x::type and CAST (strict), typed literals,
 * percentile_cont WITHIN GROUP, quantile_cont, count_if, LIKE (capitals matter there),
 * ILIKE, ~, the division of DuckDB that keeps fractions. Anything else is left as it is,
 * so that SQLite refuses it, or refused here where SQLite would understand it otherwise.
 *
 * Names of tables without a schema, or with that of the other database, become tables of
 * `schema`; physical names of columns become those of the contract.
 *
 * Placeholders, as {name} or ${name}: object, table, model: the table; property, column,
 * field: the column; schema: the schema. Within quotes they are replaced as well.
 *
 * Sources: postgresql.org/docs/current/functions.html, duckdb.org/docs/sql, Open Data
 * Contract Standard 3.1 ("Data Quality", SQL), datacontract-specification 1.2.1.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DIALECT_H
#define MWB_DIALECT_H

#include <stdbool.h>

#include "engine/error.h"
#include "engine/text.h"

enum dialect { DIALECT_SQLITE, DIALECT_POSTGRES, DIALECT_DUCKDB, DIALECT_MYSQL };

/* By the type of a server. Files ("local" "s3" "gcs" ...), which others read with DuckDB,
 * and databases that compare and divide as it does ("snowflake" "bigquery") are DuckDB;
 * "redshift" "trino" are PostgreSQL. Only MySQL divides with fractions and does not tell
 * capitals apart. NULL and everything else: SQLite. */
enum dialect dialect_of_server(const char *type);

enum dialect_type {
    DIALECT_ANY,
    DIALECT_NUMBER,
    DIALECT_DATE,
    DIALECT_TIMESTAMP,
    DIALECT_SPAN,     /* seconds between two moments */
    DIALECT_INTERVAL, /* '1 day' */
};

struct dialect_spec {
    enum dialect dialect;
    const char *schema;            /* NULL: tables are not qualified */
    const char *object, *property; /* for placeholders: names in SQL; may be NULL */
    /* The table's or column's name in SQL, borrowed; NULL: there is none. May be NULL. */
    const char *(*find_table)(void *owner, const char *name);
    const char *(*find_column)(void *owner, const char *name, enum dialect_type *type);
    void *owner;
};

/* Appends to `out`. False: a placeholder that is not known, or what has no equal here;
 * the sentence names it. */
bool dialect_fill(const struct dialect_spec *spec, const char *sql, struct text *out,
                  struct error *err);
bool dialect_translate(const struct dialect_spec *spec, const char *sql, struct text *out,
                       struct error *err);

#endif
