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
#include "engine/catalog/roots.h"
#include "engine/document.h"
#include "engine/standard.h"

enum { INDEX_FORMAT = 24 }; /* an index of another format is made again */

enum index_insert_kind {
    INSERT_DOMAIN,
    INSERT_TEAM,
    INSERT_INFOTYPE,
    INSERT_MESH_ROLE,
    INSERT_MESH_ROLE_WORD,
    INSERT_MASKING,
    INSERT_GATE_RULE,
    INSERT_CLASSIFICATION,
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
    INSERT_WAIVER,
    INSERT_TABLE,
    INSERT_FILE,
    INSERT_PROBLEM,
    INSERT_DOCUMENT,
    INSERT_DEPENDENCY,
    INSERT_MODEL,
    INSERT_ENUM,
    INSERT_LINEAGE,
    INSERT_SYNONYM,
    INSERT_CONTEXT,
    INSERT_DEFINITION,
    INSERT_PROMISE,
    INSERT_SBOM,
    INSERT_PRICE,
    INSERT_SYSTEM,
    INSERT_UNIQUE,
    INSERT_COST,
    INSERT_SHARED_USE,
    INSERT_COUNT,
};

struct index_insert {
    const char *table, *columns;
};
extern const struct index_insert index_inserts[INSERT_COUNT];
extern const char index_keys[], index_views[];

/* Rowids of one table: all that one document brought lie side by side. */
struct row_span {
    long long first, last; /* 0: none */
};

struct build {
    sqlite3 *db;
    sqlite3_stmt *inserts[INSERT_COUNT], *set_hash;
    struct intake *intake;     /* files that are read ahead, or NULL */
    bool is_refresh;           /* of an index that is there; else a new one */
    struct roots roots;        /* where the files are */
    struct filetree *own_tree; /* of the mesh itself */
    char *name;                /* of the mesh: of mesh.yaml, else of its folder */
    char *only; /* the mesh is this one file, relative to root; else NULL */
    bool orphans_are_products; /* contracts that no port names become products */
    bool has_mesh_file;
    struct array skipped; /* of char *: folders with policies, agreements, queries;
                             the file of costs */
    size_t entries;       /* of the tree, seen so far */
    bool is_reading;      /* a document: rows belong to it */
    struct row_span spans[INSERT_COUNT]; /* of that document */
    struct array uses;                   /* of char *: what else it was made from */
    struct array read;                   /* of long long: documents read in this run */
    long long linking; /* the product whose tables are made: its problems; 0: none */
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
    int fields;       /* so far: see source_counts_field() */
    long long beside; /* bytes of other files, so far */
};

/* ---- Tables (schema.c) ---- */

/* Make all tables, and fill `model`. */
void index_create(struct build *build);

/* ---- Writing (build.c) ---- */

/* One letter a column: s const char *, i int, l long long, n NULL. Gives the rowid. */
long long build_insert(struct build *build, enum index_insert_kind kind,
                       const char *letters, ...);
/* Run one statement with bound values, letters as above. */
void build_run(struct build *build, const char *sql, const char *letters, ...);
void build_run_all(struct build *build, const char *const *statements, size_t count);
void build_problem(struct build *build, const char *path, struct document_place place,
                   bool is_error, const char *rule, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* A build with nothing in it; its database, opened with the tables of the index; its end.
 */
struct build build_new(struct job_port *port);
bool build_open(struct build *build, const char *file);
void build_release(struct build *build);

/* ---- Documents (documents.c): what rows were made from ---- */

enum document_role {
    ROLE_FOLDER,     /* a folder of the tree; brings its bare tables */
    ROLE_DESCRIPTOR, /* a product, contract, package ... */
    ROLE_OTHER,      /* looked at: no descriptor, or a broken one */
    ROLE_MESH,       /* mesh.yaml */
    ROLE_POLICY,
    ROLE_AGREEMENT,
    ROLE_QUERY,
    ROLE_USE,   /* usage/TEAM.jsonl */
    ROLE_COSTS, /* the file that mesh.yaml names with `costs` */
};

const char *document_role_name(enum document_role role); /* as in mesh.document */

/* What is known of a file or folder without reading it. */
struct document_stamp {
    long long size, changed, inode; /* changed: the later of mtime and ctime, ns */
    bool is_folder;
};
bool document_stamp_of(const struct roots *roots, const char *path,
                       struct document_stamp *stamp);
/* A file that changes in the very tick in which it is read would look the same after it:
 * waits some milliseconds when it has just been written. */
void document_settle(const struct document_stamp *stamp);

enum { DOCUMENT_HASH = 32 };
/* SHA-256 of the content. */
void document_hash(const void *bytes, size_t length, unsigned char hash[DOCUMENT_HASH]);

struct document_entry {
    const char *path;
    enum document_role role;
    const struct document_value *root; /* NULL: not parsed */
    struct document_stamp stamp;
    const unsigned char *hash; /* NULL: a folder */
    bool under_descriptor;     /* a folder: a descriptor stands in it or above */
    bool is_package;           /* a folder: nothing is looked for below */
};

/* All rows inserted between these two are the document's. Gives its row. */
void document_begin(struct build *build);
long long document_end(struct build *build, const struct document_entry *entry);
/* The document that is being read was made from this file or folder, too. */
void document_uses(struct build *build, const char *path);
/* The same of a document that was read before, by its path. */
void document_depends(struct build *build, const char *document, const char *path);
/* Take out a document and all it brought; what hung on it is noted to be linked again. */
void document_forget(struct build *build, long long row);
/* Take out everything that lies in the folder or below ("" = all). */
void document_forget_below(struct build *build, const char *folder);
/* Rows of the document, 0: none. */
long long document_row(struct build *build, const char *path);
/* The rows it brought, noted to be linked: products and contracts by their names. */
void document_touch(struct build *build, long long row);

/* ---- Walking (walk.c) ---- */
void walk_tree(struct build *build, const char *folder);
/* Read and dispatch one descriptor. Gives what it was. */
struct descriptor {
    enum standard_id id;
    bool is_broken;  /* meant to be one, a problem was noted */
    bool is_package; /* its folder is all its own */
};
struct descriptor walk_descriptor(struct build *build, const char *path);
/* A folder and all below. has_descriptor: one stands above it. */
void walk_folder(struct build *build, const char *path, bool has_descriptor);
/* One folder again, after its entries changed. False: what lies below has to be walked
 * again as a whole, since descriptors came or went. */
bool walk_folder_again(struct build *build, const char *path, bool has_descriptor_above);

/* ---- Readers ---- */
enum { MOST_NAME = 500 }; /* bytes of a name, an id, a key; of a nested column's name */

/* Are all names short enough to stand in many rows? Else a problem was told
 * (limits.c). */
bool source_has_short_names(struct source *source);

void read_odps(struct source *source);
void read_odcs(struct source *source);
void read_odcs_2(struct source *source);
void read_dcs(struct source *source);
void read_dcat(struct source *source);
void read_dpds(struct source *source);
void read_open(struct source *source);
void read_manager(struct source *source);
void read_package(struct source *source);
void read_mesh_file(struct build *build);
/* Roles, masking rules and patterns of names; of a NULL root: mesh.yaml is unreadable. */
void read_mesh_roles(struct build *build, const struct document_value *root);
/* What teams tell of their use (read_use.c): a line of JSON each. */
void read_shared_use(struct build *build, const char *path, const char *text);
/* What products cost (read_costs.c): the member `costs` of mesh.yaml, NULL: there is
 * none; and its file again. */
void read_mesh_costs(struct build *build, const struct document_value *value);
void read_costs_file(struct build *build, const char *path);
/* A file of the folder of policies: a policy, or waivers (read_policy.c). */
void read_policy_file(struct build *build, const char *path, const char *text);
/* The order of classifications, purposes, small groups, what may leave. */
void read_mesh_gate(struct build *build, const struct document_value *root);
/* policies, agreements or queries: which role files in this folder have; and all files of
 * the folder again. */
void read_mesh_folder_again(struct build *build, const char *folder, const char *role);
/* Data without a descriptor: file names in `names` (of char *), all in `folder`. */
void read_bare_folder(struct build *build, const char *folder, const struct array *names);

/* ---- Linking (link*.c): temp.touched_product and temp.touched_document say what ---- */
void link_prepare(struct build *build); /* makes the temp tables; before any reading */
void link_index(struct build *build);
void link_tables(struct build *build);
/* Words and facets of the products in temp.touched_product, in place of those before. */
void search_fill(struct build *build);
void link_names(struct build *build);

/* A file that a descriptor names, relative to a folder of the mesh (beside.c): NULL and a
 * sentence when it cannot be read, leads out of the mesh, or when all that this
 * descriptor names is too much. */
struct document *source_read_beside(struct source *source, const char *folder,
                                    const char *reference, struct error *err);
/* One more field: may it still be read? Definitions and schemas that are named again and
 * again can be more fields than the file has letters; the first one too many is told. */
bool source_counts_field(struct source *source, const struct document_value *field);

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
/* The text of the first of two keys that is there; NULL: of neither. */
const char *part_either(const struct document_value *map, const char *first,
                        const char *second);
/* Other words for something (ODCS 3.2): texts, or maps with the word. */
void part_synonyms(struct source *source, struct part_owner owner,
                   const struct document_value *list);
/* What machines are to know (ODCS 3.2): a text, or instructions, statements that were
 * verified, and constraints. */
void part_context(struct source *source, struct part_owner owner,
                  const struct document_value *context);
/* A list of texts, or one text, joined. Yours; NULL when there is none. */
char *part_joined(const struct document_value *value, const char *separator);
/* Links by their names: {homepage: https://...}. */
void part_links(struct source *source, struct part_owner owner,
                const struct document_value *links);
/* Members of a map as custom properties. */
void part_settings(struct source *source, struct part_owner owner,
                   const struct document_value *map);
void text_append_json(struct text *out, const char *string); /* quoted */
void part_append_json(struct text *out, const struct document_value *value);
/* Its text, or its JSON when it is a list or a map. Yours, NULL for nothing. */
char *part_any(const struct document_value *value);
int part_line(const struct document_value *value);

/* ---- Products (names.c) ---- */
struct product_row { /* what identifies a product; the rest goes by document */
    const char *id, *name, *domain, *tenant, *version, *status, *type, *team;
    const char *purpose, *limitations, *usage, *created, *title, *standard;
    const char *folder, *description, *modified, *access_level, *license, *language;
    const char *adopted; /* id of the contract it was made of, since no port names it */
    bool deprecated;
    int line;
};
/* Name and domain may be anything or NULL. Two may want the same key until they are
 * linked. */
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
