/* access: bring the files of a product's table to where they can be imported.
 *
 * A table of methods (access_method_at()); the first that takes a place serves it. A
 * place is a location of the table (a path or glob relative to the product's folder, an
 * address) or, without one, the server that its contract names. A place that no method
 * takes gets a sentence that says how the product is reached.
 *
 * Local files are opened where they lie: never outside the product's folder (path.h).
 * Everything else comes here in threads of its own, at most ACCESS_AT_ONCE files at a
 * time, into files of the folder `partial`: while it comes, an import reads what is there
 * (arrival.h). An attempt that broke off goes on where it ended, if the source can show
 * that nothing changed since. What a descriptor declares of a file (length, hash in plain
 * or git-blob form) is checked when all bytes are there: access_settle() must succeed
 * before anything made from them becomes visible.
 *
 * Addresses and servers are those of descriptors: hostile. See web.h for what they reach
 * and secret.h for what they get.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ACCESS_H
#define MWB_ACCESS_H

#include <stdbool.h>

#include "engine/arrival.h"
#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/text.h"

enum { ACCESS_AT_ONCE = 4, ACCESS_TAG_SIZE = 256 };

/* What a source says of a file, to ask again whether it changed. */
struct access_facts {
    char *location;             /* resolved, without secrets */
    char etag[ACCESS_TAG_SIZE]; /* or whatever else of the source tells versions apart */
    char changed[ACCESS_TAG_SIZE]; /* when it changed, as the source writes it */
    long long bytes;               /* -1: not known */
    char sha256[65];               /* of the bytes; "": not known */
};

struct access_file {
    char *path;      /* as shown to people: below the product's folder, or an address */
    int fd;          /* open for reading at its start, or -1 when only looked at */
    long long bytes; /* -1: not known yet */
    long long modified_ns;   /* of the contents; 0: not known */
    long long changed_ns;    /* of the inode: cannot be set back; 0: not a local file */
    struct arrival *arrival; /* its bytes are on their way; NULL: all here */
    bool is_unchanged;       /* the source says it is what `known` tells: nothing came */
    const char *format;      /* what the method makes of it ("csv"), NULL: as declared */
    const struct catalog_dialect *dialect; /* how it writes it, NULL: as declared */
    const struct array *columns;           /* what the source says they are, of struct
                                              catalog_column with name and type; NULL: nothing */
    struct access_facts facts;             /* of files that are not local */
    struct access_bring *bring;            /* insides */
    struct conversion *conversion;
};

/* How many bytes it has or will have; 0: not known yet. */
static inline long long access_bytes(const struct access_file *file)
{
    long long bytes = file->arrival != NULL ? arrival_expected(file->arrival) : -1;
    long long least = file->bytes > 0 ? file->bytes : 0;
    return bytes > least ? bytes : least;
}

struct access_method {
    const char *name;     /* "local" */
    const char *sentence; /* what it fetches from */
};
const struct access_method *access_method_at(size_t index); /* NULL: no more */

struct access_spec {
    const struct catalog_product *product;
    const struct catalog_table *table;
    const char *partial; /* folder, 0700, for what arrives; NULL: local files only */
    const struct array *known; /* of struct access_facts: of the version that is here */
    /* The person's setting `converter`, "FORMAT: COMMAND; FORMAT: COMMAND", or NULL. The
     * command for the table's format, or for the end of the file's name, prints what the
     * file holds as CSV or JSON Lines (program.h). `{file}` in it is a name of the file,
     * without it the file is its standard input; `{table}` is the table's name in SQL. */
    const char *converter;
    double converter_seconds; /* that a command may take; 0: an hour */
    const char *git_places;   /* folders whose repositories may be named, or NULL */
    struct job_port *port;    /* cancel; may be NULL */
};

/* Open all files of a table, in order; a glob or prefix is expanded in byte order of the
 * names. A local path that is not there but below the folder data/ is taken there:
 * descriptors of packages that keep their data so are often written that way; the file's
 * path shows it. Of a file that comes from elsewhere, its source has answered when this
 * returns. Array of struct access_file, yours. A missing file is a sentence. */
bool access_open(const struct access_spec *spec, struct array *files, struct error *err);
/* Wait until all bytes of a file that comes from elsewhere are here, and hold them
 * against what the table declares of it. Local files need no waiting. */
bool access_settle(struct access_file *file, const struct catalog_table *table,
                   struct job_port *port, struct error *err);
/* Hold a file against what is declared of it: length, and hash in its plain or its
 * git-blob form. A sentence says what differs. */
bool access_check(const struct access_file *file, const struct catalog_table *table,
                  struct error *err);
void access_files_release(struct array *files); /* closes; stops what is on its way */

/* Local files only, opened or only looked at. */
bool access_table_files(const struct catalog_product *product,
                        const struct catalog_table *table, bool open, struct array *files,
                        struct error *err);

/* The command of the setting `converter` for a table, by its format or the end of its
 * first file's name. Yours; NULL: there is none, or the setting cannot be read. */
char *access_converter(const char *setting, const struct catalog_table *table);

/* Does any table come from elsewhere? */
bool access_is_remote(const struct catalog_product *product);

/* A key of what a version of the product would be made from. Of local files it changes
 * when any path, size or time changes, of others with their facts: `facts` (array of
 * struct access_facts, in order; NULL for a product of local files only). It also changes
 * with the declared schema. Appends 16 hex digits. */
bool access_source_key(const struct catalog_product *product, const struct array *facts,
                       struct text *key, struct error *err);

void access_facts_release(struct array *facts); /* of struct access_facts */

#endif
