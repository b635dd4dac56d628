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
#include "engine/finding.h"
#include "engine/job.h"
#include "engine/text.h"

/* ---- Building ---- */

/* Where the index of this mesh lies in the cache: index folder + a key of the mesh's
 * absolute path. Yours. `mesh` as the user gave it. */
char *catalog_index_path(const char *mesh, struct error *err);

/* Is the index there and does all it was made from still have size, times and inode?
 * Reads no descriptor. */
bool catalog_is_current(const char *mesh, const char *index);

/* Bring the index up to date: reads again what has another content than when it was made
 * (a file that was only touched has not), in one transaction that readers see whole or
 * not at all. Without a usable index it is built. *changed: is anything else now. */
bool catalog_refresh(const char *mesh, const char *index, struct job_port *port,
                     bool *changed, struct error *err);

/* The same when it is known which file changed, relative to the mesh: the others are not
 * looked at. A file that the index does not know makes it a whole refresh. */
bool catalog_refresh_file(const char *mesh, const char *index, const char *file,
                          bool *changed, struct error *err);

/* Read the mesh, write the index beside and rename it. Fails only when the mesh itself
 * cannot be read (missing, no permission, nothing that looks like a mesh: says what was
 * looked for). port may be NULL. */
bool catalog_build(const char *mesh, const char *index, struct job_port *port,
                   struct error *err);

/* ---- Reading: an open index ---- */
struct catalog;
struct catalog *catalog_open(const char *index, struct error *err);
void catalog_close(struct catalog *catalog); /* NULL is fine */
/* Let go of the index until it is asked again: SQLite must not be carried over a fork
 * (sqlite.org/howtocorrupt.html, 2.6). What catalog_database() gave is gone with it. */
void catalog_rest(const struct catalog *catalog);
sqlite3 *catalog_database(const struct catalog *catalog);
const char *catalog_index_file(const struct catalog *catalog);
const char *catalog_mesh_path(const struct catalog *catalog); /* absolute */
/* Where a path of the index lies on disk: of the mesh, or of one of its sources (for git
 * a copy in the cache). "" is the mesh's own folder. Yours. */
char *catalog_file(const struct catalog *catalog, const char *path);
/* The same place as catalog_product.origin. Yours, or NULL. */
char *catalog_origin(const struct catalog *catalog, const char *path);
const char *catalog_mesh_name(const struct catalog *catalog);
size_t catalog_problem_count(const struct catalog *catalog);
/* Those that are no warnings. */
size_t catalog_error_count(const struct catalog *catalog);
size_t catalog_document_count(const struct catalog *catalog); /* files and folders */

/* A line of the list and of the tree. All strings yours with catalog_entries_release. */
struct catalog_entry {
    long long row; /* product.rowid */
    char *id;      /* "checkout/orders": how a person names it */
    char *name, *domain, *domain_class, *status, *version, *owner, *title;
    char *schema; /* its name in SQL: "orders", or "checkout__orders" */
    char *why;    /* when searched: what matched, e.g. "column customer_id" */
    /* Where a screen jumps to: the table's and the column's name in SQL, of the hit that
     * `why` tells; NULL when it is the product as a whole. */
    char *matched_table, *matched_column;
    int tables;
};

/* What to list. `text` is what a person types, all of it must hold:
 *   order          a word that is in its name, title, tables, columns, business names and
 *                  synonyms, tags, domain, owner or descriptions: as a part of a word, of
 *                  one and two letters as its start; case and accents do not matter
 *   customer_id    words beside each other, as in "shipping address"
 *   "late fee"     the same; in quotes nothing else has a meaning
 *   domain:check   a facet (see below): it is so, or starts so when no value is so
 *   column:email   a word, in columns only; also name title table synonym description
 *   fresh due late a facet without a value: is the promised update there?
 *   -tag:pii -old  a minus sign before any of them: it must not hold
 * The other members say the same as facets; NULL = any. */
struct catalog_filter {
    const char *text;
    const char *domain, *status, *tag, *domain_class;
    size_t offset, limit; /* entries to leave out and to give; limit 0 = all */
};

/* Products in order: by domain and name; when words were typed, by where they match (the
 * name itself, its start, name, title, table, column, synonym, tag, owner, description)
 * and by how often this person used them. Array of struct catalog_entry; none when the
 * text cannot be understood. */
struct array catalog_list(const struct catalog *catalog,
                          const struct catalog_filter *filter);
void catalog_entries_release(struct array *entries);

/* Problems of files that brought no product and no contract: what stands in them cannot
 * be found. Array of struct finding. */
struct array catalog_unread(const struct catalog *catalog);

/* catalog_list() for a screen: one page and how many there are in all, exactly. False and
 * a sentence that names the nearest when a facet is not known. Each call is bounded: some
 * ten milliseconds in a mesh of 100,000 products, whatever was typed. */
struct catalog_page {
    struct array entries; /* of struct catalog_entry */
    size_t total;
    size_t unread; /* files that could not be read, see catalog_unread() */
};
bool catalog_search(const struct catalog *catalog, const struct catalog_filter *filter,
                    struct catalog_page *out, struct error *err);
void catalog_page_release(struct catalog_page *page);

/* ---- Facets: what can be typed before a colon ---- */
struct catalog_facet {
    const char *name, *meaning; /* "domain", a few words for people */
    bool is_bare;               /* typed alone, without a value: fresh, due, late */
    bool is_word;               /* restricts a word to a field: column, title */
};
/* All of them, a constant table. */
const struct catalog_facet *catalog_facet_kinds(size_t *count);

/* For completion and for counts beside the list: the values of one facet that start with
 * `start` (NULL: all) among the products of `filter` (NULL: all), the most frequent
 * first, at most `limit` (0: all). Array of struct catalog_facet_value. */
struct catalog_facet_value {
    char *value;
    long long products;
};
struct catalog_facet_request {
    const char *facet, *start;
    const struct catalog_filter *filter;
    size_t limit;
};
struct array catalog_facets(const struct catalog *catalog,
                            const struct catalog_facet_request *request);
void catalog_facets_release(struct array *values);

/* All domains in the order of catalog_list() without words, "" for products of none.
 * Array of struct catalog_facet_value, release with catalog_facets_release(). */
struct array catalog_domains(const struct catalog *catalog);
/* How many products come before this one in catalog_list() without a filter; among
 * products of one domain and name the first. */
size_t catalog_position(const struct catalog *catalog, const struct catalog_entry *entry);

/* What a list tells of a product's contracts: the first one and the sums of all. */
struct catalog_terms {
    char *contract, *version; /* yours; NULL: there is none */
    size_t contracts;
    long long rules; /* of quality */
};
void catalog_terms(const struct catalog *catalog, long long product,
                   struct catalog_terms *out);

/* ---- Use: products that this person opens often come earlier ---- */

/* Count one use of a product (by its id, "checkout/orders"), in a file of the person's
 * own below the data folder. */
bool catalog_note_use(const struct catalog *catalog, const char *product,
                      struct error *err);

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

/* Where a contract says that its data are. */
struct catalog_server {
    char *name, *type, *environment, *location, *format; /* each may be NULL */
    char *details; /* all its keys, as a JSON object */
    int line;      /* in the contract's file */
};
/* The value of a key of it: "host", "port" ...; NULL: it has none. Yours. */
char *catalog_server_value(const struct catalog_server *server, const char *key);

struct catalog_table {
    char *name;     /* as the contract says: "line_items" */
    char *sql_name; /* as it stands in the database */
    char *title, *description, *granularity;
    struct array columns; /* of struct catalog_column, empty: not declared */
    bool is_undeclared;   /* the columns were seen in the file; nobody declared them */
    struct array files;   /* of char *: paths or globs relative to `folder`, or URLs */
    char *format;         /* csv, json, jsonl, sqlite ...; NULL = by suffix */
    char *physical_name;  /* what the server calls it, or NULL */
    char *query;          /* a SELECT for its server, instead of a table; or NULL */
    long long bytes;      /* declared, of its one file; 0: not declared */
    char *hash;           /* declared: "sha256:...", "sha1:...", md5 plain; or NULL */
    struct catalog_server *server; /* where it is read from; NULL: beside its files */
    struct catalog_dialect dialect;
    char *inline_data; /* Data Package `data` given inline, as JSON text, or NULL */
    bool is_file;      /* no table: kept as it is, unless a converter makes one of it */
};

/* One line of the card: "retention" "365 days". Groups come in this order: contract owner
 * contact support location access sla freshness terms price tag quality port upstream
 * downstream, saved query, changed. */
struct catalog_fact {
    char *group;
    char *name, *value;
    char *path; /* file it stands in, relative to the mesh, or NULL */
    int line;
};

struct catalog_product {
    struct catalog_entry entry;
    char *folder; /* absolute: paths of files are relative to it */
    char *origin; /* where that folder lies when it is a copy: an address that ends in a
                     slash, or git:REPOSITORY#COMMIT:FOLDER/; NULL: it is no copy */
    char *path;   /* its descriptor, relative to the mesh; line of its start */
    int line;
    char *purpose, *limitations, *usage, *description;
    char *frequency, *modified;
    const char *freshness; /* "fresh", "due", "late" or "unknown", see below */
    struct array tables;   /* of struct catalog_table */
    struct array files;    /* of struct catalog_table: what it delivers that is none */
    struct array facts;    /* of struct catalog_fact, in the order of the card */
    struct array problems; /* of struct finding that concern its files */
};

bool catalog_product(const struct catalog *catalog, const char *product,
                     struct catalog_product *out, struct error *err);
void catalog_product_release(struct catalog_product *product);

/* ---- One column, and where things stand ---- */
struct catalog_column_name {
    long long product;  /* row of the product */
    const char *table;  /* as in SQL or as the contract says; NULL: the product */
    const char *column; /* NULL: the table */
};
/* What descriptors say about a column, appended as struct catalog_fact; groups in this
 * order: column description constraints values "sample values" synonyms definition
 * relations rules lineage tags links more. False when there is no such column. */
bool catalog_column_facts(const struct catalog *catalog,
                          const struct catalog_column_name *name, struct array *facts);
void catalog_facts_free(struct array *facts); /* of struct catalog_fact */
/* The file (yours) and the line that describe it; false when none does. */
bool catalog_place(const struct catalog *catalog, const struct catalog_column_name *name,
                   char **path, int *line);

/* A period of time in seconds: "1 h", "P1D", "R/P1M", "weekly", "every 15 minutes", a
 * cron schedule or the address of a vocabulary's word; 0 when it is none. */
double catalog_period(const char *period);

/* ---- Freshness ----
 * What is promised (the frequency of a contract's service level, else of the descriptor)
 * against the last change at the source that anybody saw: the times of its files and, of
 * what comes from elsewhere, what a log of fetches remembers. A quarter of the period, at
 * least an hour and at most a day, is grace.
 *   fresh    the period since the last change is not over
 *   due      it is; the grace is not, or nobody has looked at the source since
 *   late     somebody looked after the grace, and there was no change
 *   unknown  nothing is promised, or no change was ever seen
 * Clocks that were set wrong make no negative ages: what lies in the future was now. */
enum catalog_freshness_state {
    CATALOG_UNKNOWN,
    CATALOG_FRESH,
    CATALOG_DUE,
    CATALOG_LATE,
};
const char *catalog_freshness_name(enum catalog_freshness_state state); /* "fresh" */

struct catalog_freshness {
    enum catalog_freshness_state state;
    bool has_newer;    /* the source has changed since the product came here */
    double promised;   /* seconds between updates; 0: not promised */
    long long changed; /* last change at the source; 0: not known */
    long long looked;  /* last fetch or look that succeeded; 0: never */
    long long failed;  /* last that failed, when later; else 0 */
    char reason[240];  /* one sentence: the evidence */
};
void catalog_freshness_of(const struct catalog *catalog, long long row,
                          struct catalog_freshness *out);
/* Only the word of it. */
const char *catalog_freshness(const struct catalog *catalog, long long row);

/* What a log knows of a product's source. */
struct catalog_seen {
    char *product;                     /* its id: "checkout/orders" */
    long long changed, looked, failed; /* as above */
    bool has_newer;
};
/* Who keeps such a log: `read` is called when freshness is asked first, and again after
 * catalog_forget_seen(); it gives an array of struct catalog_seen in the order of the ids
 * (as strcmp() has it). Without one, only files tell. */
void catalog_set_log(struct catalog *catalog,
                     struct array (*read)(void *owner, const char *mesh), void *owner);
void catalog_forget_seen(const struct catalog *catalog);
void catalog_seen_release(struct array *seen);

/* How the last check of a product ended: passed, warning, failed, error; not in the
 * array: nobody knows. Who keeps results gives them like the log above, in the order of
 * the ids; `sentence` goes to the card. catalog_forget_seen() forgets them as well. */
struct catalog_standing {
    char *product, *quality, *sentence;
};
void catalog_set_standings(struct catalog *catalog,
                           struct array (*read)(void *owner, const char *mesh),
                           void *owner);
/* "passed", "warning", "failed", "error" or "unknown". */
const char *catalog_quality(const struct catalog *catalog, const char *product);

/* Now, in this mesh: $MWB_NOW, else the `clock` of a mesh that stands still, as one with
 * made-up data does (mesh.yaml), else the time. */
long long catalog_now(const struct catalog *catalog);

/* ---- Problems and lint ---- */
struct array catalog_problems(const struct catalog *catalog); /* of struct finding */

/* A page of them: of files that could not be read first, then in the order people read.
 * `text`: words that must all stand in path, severity, rule or sentence; ASCII case
 * folds. NULL = any. limit 0 = all. */
struct catalog_finding_filter {
    const char *text, *path; /* path: of one file */
    size_t offset, limit;
};
struct catalog_finding_page {
    struct array findings; /* of struct finding */
    size_t total, errors;  /* of all that the filter lets through */
};
void catalog_findings(const struct catalog *catalog,
                      const struct catalog_finding_filter *filter,
                      struct catalog_finding_page *out);
void catalog_finding_page_release(struct catalog_finding_page *page);
/* How many files have nothing in the catalog because they could not be read. */
size_t catalog_unread_count(const struct catalog *catalog);

/* A file of the mesh as it is written, by the path that products, findings and facts
 * name; of a mesh in git or on the web from there. At most `most` bytes. */
struct catalog_file {
    char *bytes; /* ends in NUL */
    size_t length;
    char *place; /* where it can be edited; NULL: it cannot */
};
bool catalog_file_text(const struct catalog *catalog, const char *path, size_t most,
                       struct catalog_file *out, struct error *err);
void catalog_file_release(struct catalog_file *file);

/* Check descriptor files and folders, all together as one mesh of their own: appends
 * struct finding, paths as they were named. The rules are those of engine/lint.h, of all
 * stages. A folder with a mesh.yaml, named alone, is checked as that mesh, with its
 * agreements and saved queries. False only when a path cannot be read. */
struct catalog_lint_spec {
    const char *const *paths;
    size_t count;       /* at least one */
    bool schema_only;   /* just what the official schemas of the declared version say */
    const char *folder; /* for temporary files; NULL: $TMPDIR, else /tmp */
    struct array
        *files; /* of char *: appends the descriptors that were checked; or NULL */
    struct job_port *port; /* may be NULL */
};
bool catalog_lint(const struct catalog_lint_spec *spec, struct array *findings,
                  struct error *err);

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

/* May values of a column that is classified so be quoted: in samples, rejected rows, the
 * rows that fail a check? Nothing, none, public, open, internal; a word that nobody knows
 * is not open. */
bool catalog_is_open(const char *classification);

/* A name made fit for SQL: lower case, other signs to `_`. Yours. */
char *catalog_sql_name(const char *name);

#endif
