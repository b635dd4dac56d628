/* access/postgres: tables and queries of PostgreSQL servers, by COPY, row by row into the
 * arrival. There is nothing by which a server tells whether a table changed: it is always
 * fetched, and the SHA-256 of what came tells whether it is another.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/access/postgres.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

enum { BLOCK = 256 * 1024 };

/* In a table of one column NULL would be a blank line, which is no row in CSV. A cell of
 * this very text comes in quotes, and is looked for. */
#define NULL_MARK "(no value) 6f1c2a9e-5b0d-4c77-9a3e-8d2f4b1e7c50"

static const struct catalog_dialect usual_dialect = {
    .delimiter = ',', .quote = '"', .encoding = (char *)"utf-8"};
static const struct catalog_dialect one_column_dialect = {.delimiter = ',',
                                                          .quote = '"',
                                                          .encoding = (char *)"utf-8",
                                                          .missing = (char *)NULL_MARK};

/* What one file needs: where it comes from, and what its columns turned out to be. */
struct own {
    struct postgres_source source;
    struct array columns; /* of struct catalog_column */
};

static bool postgres_takes(const struct place *place)
{
    static const char *const types[] = {"postgres", "postgresql", "cloudsql"};
    for (size_t i = 0; place->location == NULL && i < sizeof types / sizeof *types; i++) {
        if (string_equal_fold(place->server->type, types[i])) {
            return true;
        }
    }
    return false;
}

static bool postgres_list(const struct place *place, struct array *files,
                          struct error *err)
{
    struct own *own = memory_new(sizeof *own);
    own->columns = (struct array)ARRAY_OF(struct catalog_column);
    if (!postgres_source_init(place, &own->source, err)) {
        free(own);
        return false;
    }
    char *address = postgres_address(&own->source);
    struct access_bring *bring = bring_new(place, &method_postgres, address, files);
    bring->own = own;
    free(address);
    return true;
}

static void postgres_release(void *of)
{
    struct own *own = of;
    if (own != NULL) {
        postgres_source_release(&own->source);
        postgres_columns_release(&own->columns);
        free(own);
    }
}

/* ---- What is asked ---- */

static bool append_table(struct postgres_talk *talk, const char *schema, const char *name,
                         struct text *out, struct error *err)
{
    const char *const parts[] = {schema, name};
    text_append(out, "SELECT * FROM ");
    for (int i = 0; i < 2; i++) {
        char *quoted = parts[i] != NULL
                           ? PQescapeIdentifier(talk->conn, parts[i], strlen(parts[i]))
                           : NULL;
        if (parts[i] != NULL && quoted == NULL) {
            return postgres_fail(talk, NULL, err);
        }
        text_append(out, quoted != NULL ? quoted : "");
        text_append(out, quoted != NULL && i == 0 ? "." : "");
        PQfreemem(quoted);
    }
    return true;
}

/* Unquoted names that its own tools would fold. */
static char *folded(const char *name)
{
    char *copy = string_copy(name);
    for (char *c = copy; c != NULL && *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    return copy;
}

/* The table as it is written, else as an unquoted name means it. */
static PGresult *describe_table(struct postgres_talk *talk, struct text *base,
                                struct error *err)
{
    const struct postgres_source *source = talk->source;
    char *schema = folded(source->schema), *name = folded(source->name);
    bool may_fold =
        !string_equal(schema, source->schema) || !string_equal(name, source->name);
    struct error first = {0};
    PGresult *described = NULL;
    may_fold = may_fold && postgres_do(talk, "SAVEPOINT s", NULL);
    if (append_table(talk, source->schema, source->name, base, &first)) {
        described = postgres_describe(talk, text_string(base), &first);
    }
    if (described == NULL && first.kind == ERROR_FAILED && may_fold &&
        postgres_do(talk, "ROLLBACK TO s", NULL)) {
        text_clear(base);
        if (append_table(talk, schema, name, base, NULL)) {
            described = postgres_describe(talk, text_string(base), NULL);
        }
    }
    if (described == NULL && first.kind != ERROR_NONE && err != NULL) {
        *err = first;
    }
    free(schema);
    free(name);
    return described;
}

/* A query is described by itself before it stands inside another: what is one statement
 * there closes no bracket of ours. A superuser's query could do anything but write
 * tables: start programs, read the server's files. */
static PGresult *describe_query(struct postgres_talk *talk, struct text *base,
                                struct error *err)
{
    const char *is_superuser = PQparameterStatus(talk->conn, "is_superuser");
    if (string_equal(is_superuser, "on")) {
        error_set(err, ERROR_FAILED,
                  "could not fetch %s: the query of a contract is not run as a "
                  "superuser; use a user that may only read",
                  talk->shown);
        return NULL;
    }
    text_append(base, talk->source->query);
    if (talk->source->schema != NULL) {
        struct text path = {0};
        char *quoted = PQescapeIdentifier(talk->conn, talk->source->schema,
                                          strlen(talk->source->schema));
        text_printf(&path, "SET LOCAL search_path TO %s",
                    quoted != NULL ? quoted : "public");
        bool good = postgres_do(talk, text_string(&path), err);
        PQfreemem(quoted);
        text_release(&path);
        if (!good) {
            return NULL;
        }
    }
    return postgres_describe(talk, text_string(base), err);
}

static bool make_columns(struct postgres_talk *talk, struct postgres_columns *columns,
                         struct error *err)
{
    struct text base = {0};
    PGresult *described = talk->source->query != NULL ? describe_query(talk, &base, err)
                                                      : describe_table(talk, &base, err);
    bool good = described != NULL;
    if (good && PQnfields(described) == 0) {
        good = error_set(err, ERROR_FAILED, "could not fetch %s: it gives no columns",
                         talk->shown);
    }
    good =
        good && postgres_columns_make(talk, described, text_string(&base), columns, err);
    PQclear(described);
    text_release(&base);
    return good;
}

/* ---- Rows ---- */

struct stream {
    struct postgres_talk *talk;
    struct text block;
    long long lines; /* with the header */
    bool is_alone;   /* there is one column only */
};

static bool flush(struct stream *stream, struct error *err)
{
    bool good = stream->block.length == 0 ||
                arrival_add(stream->talk->bring->arrival, stream->block.data,
                            stream->block.length, err);
    text_clear(&stream->block);
    return good;
}

static bool add_line(struct stream *stream, const char *line, size_t length,
                     struct error *err)
{
    static const char quoted_mark[] = "\"" NULL_MARK "\"";
    if (stream->is_alone && length >= sizeof quoted_mark - 1 &&
        memcmp(line, quoted_mark, sizeof quoted_mark - 1) == 0) {
        return error_set(err, ERROR_FAILED,
                         "could not fetch %s: line %lld holds the very text that stands "
                         "for NULL on the way",
                         stream->talk->shown, stream->lines + 1);
    }
    text_append_bytes(&stream->block, line, length);
    stream->lines++;
    return stream->block.length < BLOCK || flush(stream, err);
}

/* All lines were counted: a server that lost some, or one in between, is found out. */
static bool end_copy(struct stream *stream, struct error *err)
{
    struct postgres_talk *talk = stream->talk;
    PGresult *result = postgres_last(talk, err);
    bool good = result != NULL;
    long long told = good ? strtoll(PQcmdTuples(result), NULL, 10) : 0;
    if (good && told != stream->lines - 1) {
        good =
            error_set(err, ERROR_FAILED,
                      "could not fetch %s: the server told of %lld rows, and %lld came",
                      talk->shown, told, stream->lines - 1);
    }
    PQclear(result);
    return good && flush(stream, err);
}

/* What is here already goes on to the import before more is waited for. */
static bool copy_lines(struct stream *stream, struct error *err)
{
    struct postgres_talk *talk = stream->talk;
    for (;;) {
        char *line = NULL;
        int length = PQgetCopyData(talk->conn, &line, 1);
        bool good = true;
        if (length > 0) {
            good = add_line(stream, line, (size_t)length, err);
        } else if (length == 0) {
            good = flush(stream, err) && postgres_wait(talk, 0, err);
        } else if (length == -1) {
            return end_copy(stream, err);
        } else {
            good = postgres_fail(talk, NULL, err);
        }
        PQfreemem(line);
        if (!good) {
            return false;
        }
    }
}

static bool run_copy(struct postgres_talk *talk, const struct postgres_columns *columns,
                     struct error *err)
{
    struct stream stream = {.talk = talk, .is_alone = columns->columns.count == 1};
    struct text sql = {0};
    text_printf(&sql, "COPY (%s) TO STDOUT (FORMAT csv, HEADER true, ENCODING 'UTF8'%s)",
                text_string(&columns->select),
                stream.is_alone ? ", FORCE_QUOTE *, NULL '" NULL_MARK "'" : "");
    PGresult *result = NULL;
    /* The answer comes with the first rows only, which may take long. */
    bool good = bring_begin(talk->bring, 0, -1, err) &&
                (PQsendQuery(talk->conn, text_string(&sql)) == 1 ||
                 postgres_fail(talk, NULL, err));
    if (good) {
        result = postgres_next(talk, 0, err);
        good = result != NULL && (PQresultStatus(result) == PGRES_COPY_OUT ||
                                  postgres_fail(talk, result, err));
    }
    PQclear(result);
    good = good && copy_lines(&stream, err);
    text_release(&stream.block);
    text_release(&sql);
    return good;
}

static bool postgres_bring(struct access_bring *bring, struct error *err)
{
    struct own *own = bring->own;
    struct postgres_talk talk = {
        .source = &own->source, .bring = bring, .shown = bring->shown};
    struct postgres_columns columns = {.columns = ARRAY_OF(struct catalog_column)};
    bool good = postgres_connect(&talk, err) && make_columns(&talk, &columns, err);
    if (good) {
        own->columns = columns.columns;
        bring->columns = &own->columns;
        bring->dialect = own->columns.count == 1 ? &one_column_dialect : &usual_dialect;
        good = run_copy(&talk, &columns, err);
    } else {
        postgres_columns_release(&columns.columns);
    }
    text_release(&columns.select);
    postgres_close(&talk);
    return good;
}

const struct method method_postgres = {
    .door = {"postgres", "tables and queries of PostgreSQL servers that you named"},
    .format = "csv",
    .takes = postgres_takes,
    .list = postgres_list,
    .bring = postgres_bring,
    .release = postgres_release,
};
