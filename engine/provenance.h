/* provenance: where rows come from, told with every file that is made from them.
 *
 * A file of rows without its origin cannot be trusted, repeated or lawfully passed on. So
 * an export carries the statement and its parameters, when it ran and as whom, how many
 * rows there were, and for each data product that was read its version, the key of the
 * version that was read, the SHA-256 of the files that version was made from, its licence
 * and its limits.
 *
 * It is told in two forms: facts, a name and a value each, for formats that have a place
 * of their own for them (a comment, a table, a sheet); and a descriptor that lies beside
 * the file, so that the export is itself a package which this and other programs open.
 *
 * Source: Data Package 2.0 (datapackage.org/standard: data-package, data-resource,
 * table-schema); what it has no property for stands under "provenance".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PROVENANCE_H
#define MWB_PROVENANCE_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/result.h"
#include "engine/text.h"

/* A file that a version was made from; sha256 "" and bytes -1 where nobody told them. */
struct provenance_file {
    char *location, *sha256;
    long long bytes;
    char *root;            /* it lies below this folder of this host; NULL: elsewhere */
    long long modified_ns; /* when it was looked at; of one that lies here */
};

/* A data product that was read. Each text is "" where it is not known. */
struct provenance_source {
    char *product, *title, *version; /* as its descriptor says */
    char *key, *imported;            /* of the version in the cache */
    char *license, *limitations, *usage;
    struct array files; /* of struct provenance_file */
};

/* A name and a value: a parameter, or a fact. */
struct provenance_fact {
    char *name, *value;
};

/* Zero is a good start; texts are owned. NULL: there is none. */
struct provenance {
    char *sql, *mesh, *role, *purpose, *classification;
    char *notes; /* sentences, a line each */
    long long made, rows;
    bool is_limited;         /* a limit cut the rows */
    struct array parameters; /* of struct provenance_fact */
    struct array sources;    /* of struct provenance_source */
};

void provenance_init(struct provenance *provenance);
void provenance_release(struct provenance *provenance);
void provenance_add_parameter(struct provenance *provenance, const char *name,
                              const char *value);
/* A product by its id, and the file of the version that was read: once, however often it
 * is named. What cannot be found out (the version is gone, the product is of no mesh) is
 * left empty. catalog may be NULL. */
void provenance_add_source(struct provenance *provenance, const struct catalog *catalog,
                           const char *product, const char *version_file);

/* Hash the files that lie here. It reads all of them, at most some GiB, so it is for the
 * process that writes the export. A file that has changed since it was looked at, or that
 * cannot be read, stays without a sum. */
void provenance_hash_files(struct provenance *provenance);

/* All of it as struct provenance_fact, in the order to be read. */
struct array provenance_facts(const struct provenance *provenance);
void provenance_facts_release(struct array *facts);

/* What is described: `path` is the name of the file beside the descriptor. */
struct provenance_target {
    const char *path, *format, *mediatype; /* "orders.csv", "csv", "text/csv" */
    long long bytes;
    const char *sha256;
    const struct result *columns; /* NULL: no table that other programs read */
};
/* The descriptor, a Data Package 2.0 in JSON, appended. */
void provenance_package(const struct provenance *provenance,
                        const struct provenance_target *target, struct text *out);

#endif
