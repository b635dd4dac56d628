/* catalog/build: what the readers of descriptors share while an index is made.
 *
 * One struct build holds the database that is being written and the place in the tree. A
 * reader gets a struct source (one parsed descriptor) and inserts rows; SQL failures are
 * kept in the build (`failure`) and end it, whatever a descriptor says only makes
 * problems.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_BUILD_H
#define MWB_CATALOG_BUILD_H

#include <sqlite3.h>
#include <sys/stat.h>

#include "engine/catalog.h"
#include "engine/document.h"

enum { INDEX_FORMAT = 3 }; /* an index of another format is made again */

enum index_insert_kind {
    INSERT_DOMAIN,
    INSERT_TEAM,
    INSERT_INFOTYPE,
    INSERT_PRODUCT,
    INSERT_PORT,
    INSERT_PORT_INPUT,
    INSERT_CONTRACT,
    INSERT_OBJECT,
    INSERT_PROPERTY,
    INSERT_OPTION,
    INSERT_RELATION,
    INSERT_RULE,
    INSERT_SERVER,
    INSERT_SLA,
    INSERT_ROLE,
    INSERT_MEMBER,
    INSERT_SUPPORT,
    INSERT_AUTHDEF,
    INSERT_TAG,
    INSERT_CUSTOM,
    INSERT_AGREEMENT,
    INSERT_QUERY,
    INSERT_POLICY,
    INSERT_TABLE,
    INSERT_FILE,
    INSERT_PROBLEM,
    INSERT_COUNT,
};

struct index_insert {
    const char *table, *columns;
};
extern const struct index_insert index_inserts[INSERT_COUNT];
extern const char index_tables[], index_views[];

struct build {
    sqlite3 *db;
    sqlite3_stmt *inserts[INSERT_COUNT];
    sqlite3_stmt *key_taken;
    char *root; /* absolute */
    char *name; /* of the mesh: of mesh.yaml, else of its folder */
    char *only; /* the mesh is this one file, relative to root; else NULL */
    bool orphans_are_products; /* contracts that no port names become products */
    bool has_mesh_file;
    struct array skipped; /* of char *: folders with policies, agreements, queries */
    size_t entries;       /* of the tree, seen so far */
    struct job_port *port;
    struct job_progress progress;
    struct error failure; /* kind ERROR_NONE: none yet */
};

/* One descriptor being read. */
struct source {
    struct build *build;
    const char *path; /* relative to the root */
    char *folder;     /* the part of it before the last slash, "" = the root */
    const struct document_value *root;
};

/* ---- Writing (build.c) ---- */

/* One letter a column: s const char *, i int, l long long, n NULL. Gives the rowid. */
long long build_insert(struct build *build, enum index_insert_kind kind,
                       const char *letters, ...);
/* Run one statement with bound values, letters as above. */
void build_run(struct build *build, const char *sql, const char *letters, ...);
void build_problem(struct build *build, const char *path, struct document_place place,
                   bool is_error, const char *rule, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* Note a file or folder in `file`; `info` may be NULL: it is looked at. */
void build_note_file(struct build *build, const char *path, const struct stat *info);

/* ---- Walking (walk.c) ---- */
void walk_tree(struct build *build, const char *folder);
/* Read and dispatch one descriptor. Returns what it was. */
enum descriptor_kind {
    DESCRIPTOR_NONE,   /* nothing for the catalog */
    DESCRIPTOR_BROKEN, /* meant to be one, a problem was noted */
    DESCRIPTOR_PRODUCT,
    DESCRIPTOR_CONTRACT,
    DESCRIPTOR_PACKAGE,
    DESCRIPTOR_OTHER, /* of a standard that is not read yet */
};
enum descriptor_kind walk_descriptor(struct build *build, const char *path);
/* What its root keys say; *standard: its name for people when it is DESCRIPTOR_OTHER. */
enum descriptor_kind descriptor_kind_of(const struct document_value *root,
                                        const char **standard);
/* Do the bytes hold words that only descriptors have? Cheaper than to parse a data file.
 */
bool descriptor_is_hinted(const char *bytes, size_t length);
bool descriptor_has_name(const char *path); /* *.odps.yaml, datapackage.json ... */

/* ---- Readers ---- */
void read_odps(struct source *source);
void read_odcs(struct source *source);
void read_package(struct source *source);
void read_mesh_file(struct build *build);
/* Data without a descriptor: file names in `names` (of char *), all in `folder`. */
void read_bare_folder(struct build *build, const char *folder, const struct array *names);
void link_index(struct build *build);
void link_tables(struct build *build);

/* ---- Parts that several standards share (parts.c) ---- */
struct part_owner {
    const char *kind, *id;
};
void part_tags(struct source *source, struct part_owner owner,
               const struct document_value *tags);
void part_support(struct source *source, struct part_owner owner,
                  const struct document_value *list);
void part_members(struct source *source, struct part_owner owner,
                  const struct document_value *list);
void part_authdefs(struct source *source, struct part_owner owner,
                   const struct document_value *list);
void part_customs(struct source *source, struct part_owner owner,
                  const struct document_value *list);
/* tags, authoritativeDefinitions and customProperties of a map at once */
void part_extras(struct source *source, struct part_owner owner,
                 const struct document_value *map);
/* The value of a custom property, or NULL. */
const struct document_value *part_custom(const struct document_value *map,
                                         const char *property);
/* team.name, for a team that is a map; NULL else. */
const char *part_team_name(const struct document_value *team);
const struct document_value *part_team_members(const struct document_value *team);
/* A list of texts, or one text, joined. Yours; NULL when there is none. */
char *part_joined(const struct document_value *value, const char *separator);
void part_append_json(struct text *out, const struct document_value *value);
/* Its text, or its JSON when it is a list or a map. Yours, NULL for nothing. */
char *part_any(const struct document_value *value);
int part_line(const struct document_value *value);

/* ---- Products (names.c) ---- */
struct product_row { /* what identifies a product; the rest goes by document */
    const char *id, *name, *domain, *tenant, *version, *status, *type, *team;
    const char *purpose, *limitations, *usage, *created, *title, *standard;
    const char *folder, *description, *modified;
    bool deprecated;
    int line;
};
/* Insert under a key of its own; name and domain may be anything or NULL. */
long long product_insert(struct build *build, const char *path,
                         const struct product_row *row);
/* A name that can be typed, from any text; NULL when nothing is left. Yours. */
char *name_to_type(const char *text);
/* `name`, or `name_2` ... : unlike all in `taken` (of char *), folding case; pushed on
 * it. */
char *name_unlike(const char *name, struct array *taken);
void catalog_names_release(struct array *names);

/* "a/b" + "../c" -> "a/c"; NULL when it climbs out of the mesh. Yours. */
char *path_beside(const char *folder, const char *reference);

#endif
