/* get: a product comes into the cache: access, import, check, publish.
 *
 * Runs inside a job. Fetched in threads while it is imported, staged, verified, held
 * against its contract and the version before, and then made current by one rename:
 * readers see the old version until the new one is whole. One process fetches a product
 * at a time; who comes second takes what the first made.
 *
 * A version breaks its contract when a column that is declared, a table or most rows of
 * the version before are gone, or most values of a column are not of the declared type.
 * It is kept beside and does not become current without consent.
 *
 * What the person may not see is masked while it is imported (policy.h, mask.h); the
 * files that were fetched are removed afterwards.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GET_H
#define MWB_GET_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/text.h"

struct get_spec {
    const char *index;      /* the catalog index file */
    const char *product;    /* "domain/name" or any name catalog_find takes */
    const char *role;       /* NULL: the one the person has without asking */
    bool refresh;           /* ask its source whether it changed; else what is here from
                               elsewhere is good enough */
    bool again;             /* fetch and import even if nothing changed */
    bool accept;            /* consent: make it current though it breaks its contract */
    bool is_implied;        /* nobody asked for it by name: from local files only */
    long long reject_limit; /* a table fails at so many rejected rows; 0 = keep going */
    int keep_versions;      /* of the product; 0 = all */
    const char *git_places; /* folders whose git repositories may be named, or NULL */
    long long cache_limit;  /* bytes of all versions; 0 = none */
    const char *converter;  /* the person's setting, see access.h; NULL: none */
};

/* What happened, plain: also sent to the parent as JSON-free fields by get_report_pack.
 */
struct get_report {
    char *product, *version_key,
        *file; /* file: of the current one; NULL: there is none */
    long long tables, rows, rejected, bytes;
    long long files;    /* that are no tables */
    bool was_current;   /* nothing had changed */
    bool needs_consent; /* a version was made, and the one before stays current */
    double seconds;
    struct text notes;  /* a sentence a line: rejects, encodings, missing files */
    struct text drift;  /* what changed since the version before, a line each */
    struct text broken; /* the ways it breaks its contract, a line each */
};

bool get_product(const struct get_spec *spec, struct job_port *port,
                 struct get_report *report, struct error *err);
void get_report_release(struct get_report *report);

/* What changed from one version to another, both files of the cache: a line each. */
void get_compare(const char *before, const char *now, struct text *lines);

/* What getting it would mean. */
struct get_plan {
    bool is_here, is_remote;
    size_t files;    /* that would be read, 0: not known */
    long long bytes; /* of them, packed as they are; -1: not known before it is asked */
    long long room;  /* free where versions are made; -1: not known */
    char *version;   /* key of the current one, or NULL */
};
/* Local files are looked at; sources elsewhere are not asked: their sizes are known when
 * they are declared, or from the version that is here. */
bool get_plan(const struct get_spec *spec, struct get_plan *plan, struct error *err);
void get_plan_release(struct get_plan *plan);

/* Ask the sources of many products whether they changed since they were fetched; of those
 * that never were, nothing is asked. `products` is an array of char *, ids; the ids of
 * those to get are appended to `changed`, a line each, and what could not be asked to
 * `failed`, a sentence a line. Sources are asked one after the other over kept
 * connections. */
bool get_look(const struct get_spec *spec, const struct array *products,
              struct job_port *port, struct text *changed, struct text *failed,
              struct error *err);

/* To bytes and back, for the way from child to parent. */
void get_report_pack(const struct get_report *report, struct text *out);
bool get_report_unpack(const void *bytes, size_t length, struct get_report *report);

#endif
