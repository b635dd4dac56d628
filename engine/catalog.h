/* catalog: the data products of a mesh, found, read, indexed, searched.
 *
 * A mesh is a folder with mesh.yaml, any folder tree of descriptors, one descriptor, or a
 * plain data file. catalog_build() reads it all once (in a job: descriptors are hostile)
 * and writes one SQLite database, the index, that is then opened immutable by everyone
 * and attached as `mesh`; catalog_refresh() builds only when a file changed. Readers see
 * one whole snapshot.
 *
 * Descriptors are told apart by their root keys, never by file name:
 *   - Bitol Open Data Product Standard 1.0 (kind: DataProduct)
 *   - Open Data Contract Standard 3.1 (kind: DataContract)
 *   - Data Package 1 and 2 (resources), datapackage.json/.yaml/.yml
 * A folder that holds a Data Package is that package: nothing is looked for below it. A
 * folder without any descriptor at or above it whose files are plain data becomes a
 * product of its own: one table a CSV file (each SQLite file is a product). A contract
 * that no product's port names becomes a product with one port. Whatever could not be
 * read stands in `mesh.problem` with file, line, column, sentence.
 *
 * Tables of the index (all may be queried): mesh, domain, team, product, port,
 * port_input, contract, object, property, prop_option, relation, rule, server, sla, role,
 * member, support, authdef, tag, custom, agreement, saved_query, policy, file, problem,
 * table_of, search (FTS5); see engine/catalog/schema.c for every column's meaning;
 * for people who type there are the views products, tables, columns.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_H
#define MWB_CATALOG_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/text.h"

/* ---- Building ---- */

/* Where the index of this mesh lies in the cache: index folder + a key of the mesh's
 * absolute path. Yours. `mesh` as the user gave it. */
char *catalog_index_path(const char *mesh, struct error *err);

/* Is the index there and do all files it was made from still have size, mtime and inode,
 * and the folders no new entries? Reads no descriptor. */
bool catalog_is_current(const char *mesh, const char *index);

/* Read the mesh, write the index beside and rename it. Fails only when the mesh itself
 * cannot be read (missing, no permission, nothing that looks like a mesh: says what was
 * looked for). port may be NULL. */
bool catalog_build(const char *mesh, const char *index, struct job_port *port,
                   struct error *err);

/* ---- Reading: an open index ---- */
struct catalog;
struct catalog *catalog_open(const char *index, struct error *err);
void catalog_close(struct catalog *catalog); /* NULL is fine */
sqlite3 *catalog_database(const struct catalog *catalog);
const char *catalog_index_file(const struct catalog *catalog);
const char *catalog_mesh_path(const struct catalog *catalog); /* absolute */
const char *catalog_mesh_name(const struct catalog *catalog);
size_t catalog_problem_count(const struct catalog *catalog);

/* A line of the list and of the tree. All strings yours with catalog_entries_release. */
struct catalog_entry {
    long long row; /* product.rowid */
    char *id;      /* "checkout/orders": how a person names it */
    char *name, *domain, *domain_class, *status, *version, *owner, *title;
    char *schema; /* its name in SQL: "orders", or "checkout__orders" */
    char *why;    /* when searched: what matched, e.g. "column customer_id" */
    int tables;
};

struct catalog_filter {
    const char *text; /* words, each may be the start or a part of a word */
    const char *domain, *status, *tag, *domain_class; /* NULL = any */
};

/* Products in order: by domain and name, or by rank when there is a text. Array of struct
 * catalog_entry. */
struct array catalog_list(const struct catalog *catalog,
                          const struct catalog_filter *filter);
void catalog_entries_release(struct array *entries);

/* "domain/name", "name" or the SQL schema name; an "@version" at the end is cut off by
 * the caller. Not found or ambiguous: a sentence with the nearest names. */
bool catalog_find(const struct catalog *catalog, const char *product,
                  struct catalog_entry *out, struct error *err);
/* By the name of its schema in SQL, case folded; false when there is none. */
bool catalog_find_schema(const struct catalog *catalog, const char *schema,
                         struct catalog_entry *out);
void catalog_entry_release(struct catalog_entry *entry);

/* ---- One product in full ---- */
struct catalog_column {
    char *name, *physical_name, *type, *physical_type, *description, *business_name;
    char *classification, *format; /* format: of dates, as declared */
    bool required, unique;
    int key_position; /* from 1 in the primary key, 0 = no key */
    char *true_values,
        *false_values; /* Data Package: newline-separated; NULL = standard */
    char *decimal_char, *group_char; /* one character of UTF-8 each */
    bool not_bare; /* numbers may have other signs around them: $5, 7% */
    char
        *missing; /* column's own missing values, newline-separated, NULL = the table's */
};

/* How the table's files are written; zero bytes and NULL mean "not declared". */
struct catalog_dialect {
    char delimiter, quote, escape, comment; /* quote: may be CATALOG_NO_SIGN */
    bool no_header, skip_initial_space, no_double_quote;
    int skip_rows, header_rows;
    char *encoding, *missing; /* missing: newline-separated markers; NULL = only "" */
    char *header_join;        /* between the parts of a name in several header rows */
    char *comment_rows;       /* numbers of lines to leave out, from 1: "4 17" */
    char *property;           /* JSON: the member of the top object that holds the rows */
    char *decimal_char, *group_char; /* of columns that declare none themselves */
};

/* "There is none", where leaving it open would mean the usual one: a byte that no text in
 * UTF-8 has. */
#define CATALOG_NO_SIGN '\xFF'

/* A sign as people write it: the sign itself, \t, or a word: tab comma semicolon bar pipe
 * colon blank space none. False when it is nothing of that kind. */
bool catalog_sign_of(const char *word, char *sign);
/* Its name in a sentence: "comma", "tab"; else the sign itself in `buffer`. */
const char *catalog_sign_name(char sign, char buffer[8]);

struct catalog_table {
    char *name;     /* as the contract says: "line_items" */
    char *sql_name; /* as it stands in the database */
    char *title, *description, *granularity;
    struct array columns; /* of struct catalog_column, empty: not declared */
    struct array files;   /* of char *: paths or globs relative to `folder`, or URLs */
    char *format;         /* csv, json, jsonl, sqlite ...; NULL = by suffix */
    struct catalog_dialect dialect;
    char *inline_data; /* Data Package `data` given inline, as JSON text, or NULL */
};

struct catalog_fact { /* one line of the card: "retention" "365 days" */
    char *group; /* in this order: owner contact support location access sla freshness
                    terms price tag quality port upstream downstream */
    char *name, *value;
    char *path; /* file it stands in, relative to the mesh, or NULL */
    int line;
};

struct catalog_product {
    struct catalog_entry entry;
    char *folder; /* absolute: paths of files are relative to it */
    char *path;   /* its descriptor, relative to the mesh; line of its start */
    int line;
    char *purpose, *limitations, *usage, *description;
    char *frequency, *modified;
    const char *freshness; /* "fresh", "late" or "unknown": the promise against now */
    struct array tables;   /* of struct catalog_table */
    struct array facts;    /* of struct catalog_fact, in the order of the card */
    struct array problems; /* of struct catalog_problem that concern its files */
};

bool catalog_product(const struct catalog *catalog, const char *product,
                     struct catalog_product *out, struct error *err);
void catalog_product_release(struct catalog_product *product);

/* Only what a list shows of it, much cheaper: "fresh", "late" or "unknown". */
const char *catalog_freshness(const struct catalog *catalog, long long row);

/* ---- Problems and lint ---- */
struct catalog_problem {
    char *path; /* relative to the mesh, or as given to lint */
    int line, column;
    bool is_error; /* else a warning */
    char *sentence, *rule;
};
struct array catalog_problems(
    const struct catalog *catalog); /* of struct catalog_problem */
void catalog_problems_release(struct array *problems);

/* Check descriptor files or folders: appends struct catalog_problem. Rules: required
 * fields, types, enumerations and patterns of the declared standard; references between
 * ports and contracts within the given tree. False only when a path cannot be read. */
bool catalog_lint(const char *const *paths, size_t count, bool schema_only,
                  struct array *problems, struct error *err);

/* Saved queries of the mesh (queries/NAME.sql): name, title, sql, chart hint. */
struct catalog_query {
    char *name, *title, *question, *sql, *chart, *path;
};
struct array catalog_queries(const struct catalog *catalog); /* of struct catalog_query */
void catalog_queries_release(struct array *queries);

/* The columns and the dialect of one table from a descriptor that stands by itself: an
 * ODCS contract, a Data Package, or a bare Table Schema (a map with `fields`). Which of
 * several tables: the one that is called `table`, else the one with a file of the name
 * `file`; both may be NULL. Works in a folder for temporary files. */
bool catalog_schema_of_file(const char *descriptor, const char *table, const char *file,
                            struct catalog_table *out, struct error *err);
void catalog_table_release(struct catalog_table *table);

/* A name made fit for SQL: lower case, other signs to `_`. Yours. */
char *catalog_sql_name(const char *name);

#endif
