/* catalog/search_fill: the words and facets that products are found by, made again for
 * the products in temp.touched_product.
 *
 * Each kind of words comes from a statement that gives rows in the order of products;
 * all of them run side by side, so that a mesh of any size is one pass and one changed
 * product a few look-ups.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/catalog/reading.h"
#include "engine/catalog/search.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

const char search_tables[] =
    "CREATE VIRTUAL TABLE search USING fts5(name,title,tables,columns,synonyms,tags,"
    "owner,domain,description,prefix='1 2',tokenize='" FOLD_TOKENIZER "');"
    "CREATE TABLE search_word(row INTEGER PRIMARY KEY,word TEXT UNIQUE);"
    "CREATE VIRTUAL TABLE search_part USING fts5(word,content='search_word',"
    "content_rowid='row',tokenize='trigram');"
    "CREATE TABLE facet(row INTEGER PRIMARY KEY,facet,value,folded,UNIQUE(facet,value));"
    "CREATE TABLE facet_of(facet_row INTEGER,product_row INTEGER,"
    "PRIMARY KEY(facet_row,product_row)) WITHOUT ROWID;"
    "CREATE TABLE freshness(product_row INTEGER PRIMARY KEY,changed,period);"
    /* Products that are gone; filling takes them out of the above. */
    "CREATE TABLE search_gone(product_row INTEGER PRIMARY KEY);"
    "CREATE TRIGGER search_forgets AFTER DELETE ON product BEGIN "
    "INSERT OR IGNORE INTO search_gone VALUES(old.rowid); END;";

/* Made when the first products are filled in; later ones keep them. */
static const char *const keys_before[] = {
    "CREATE INDEX IF NOT EXISTS synonym_owner ON synonym(owner_kind,owner_id)",
    "CREATE INDEX IF NOT EXISTS relation_contract ON relation(contract_row)",
};
static const char *const keys_after[] = {
    "CREATE INDEX IF NOT EXISTS facet_product ON facet_of(product_row)",
    "CREATE INDEX IF NOT EXISTS product_path ON product(path)",
    "CREATE INDEX IF NOT EXISTS domain_name ON domain(name)",
    "CREATE INDEX IF NOT EXISTS product_called ON product(name COLLATE NOCASE)",
};

static const char *const forgetting[] = {
    "INSERT OR IGNORE INTO search_gone SELECT row FROM temp.touched_product",
    "DELETE FROM search WHERE rowid IN(SELECT product_row FROM search_gone)",
    "DELETE FROM facet_of WHERE product_row IN(SELECT product_row FROM search_gone)",
    "DELETE FROM freshness WHERE product_row IN(SELECT product_row FROM search_gone)",
    "DELETE FROM search_gone",
};

/* ---- Where the words come from ---- */

/* A facet that came before: the same few values come again and again. */
enum { FACETS_KNOWN = 512, FACET_ROOM = 48 };
struct known_facet {
    const char *name;
    char value[FACET_ROOM];
    long long row, product; /* the product it was noted of last */
};

struct filler {
    struct build *build;
    struct fold *fold;
    long long row;
    long long changed; /* the newest of its files, 0: none */
    double period;     /* seconds until the next are promised */
    struct text fields[FIELD_COUNT];
    struct text folded;
    struct known_facet *known; /* FACETS_KNOWN of them */
    sqlite3_stmt *insert, *find_facet, *add_facet, *add_to_facet, *add_freshness;
};

static void add_words(struct filler *filler, enum search_field field, const char *words)
{
    struct text *out = &filler->fields[field];
    if (words != NULL && words[0] != '\0') {
        text_append(out, out->length > 0 ? "\n" FOLD_GAP "\n" : "");
        text_append(out, words);
    }
}

static struct known_facet *known_facet(struct filler *filler, const char *name,
                                       const char *value)
{
    unsigned key = (unsigned char)name[0];
    for (const char *p = value; *p != '\0'; p++) {
        key = key * 31 + (unsigned char)*p;
    }
    return &filler->known[key % FACETS_KNOWN];
}

static long long facet_row(struct filler *filler, const char *name, const char *value)
{
    struct error *failure = &filler->build->failure;
    store_bind(filler->find_facet, "ss", name, value);
    long long row = store_step(filler->find_facet, failure) == STORE_ROW
                        ? sqlite3_column_int64(filler->find_facet, 0)
                        : 0;
    sqlite3_reset(filler->find_facet);
    if (row == 0) {
        fold_words(filler->fold, value, &filler->folded);
        store_bind(filler->add_facet, "sss", name, value,
                   filler->folded.length > 0 ? text_string(&filler->folded) : value);
        store_execute(filler->add_facet, failure);
        row = sqlite3_last_insert_rowid(filler->build->db);
    }
    return row;
}

/* `name` is a constant. */
static void add_facet(struct filler *filler, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }
    struct known_facet *known = known_facet(filler, name, value);
    if (!string_equal(known->name, name) || strcmp(known->value, value) != 0) {
        *known =
            (struct known_facet){.name = name, .row = facet_row(filler, name, value)};
        if (strlen(value) < FACET_ROOM) {
            memcpy(known->value, value, strlen(value));
        }
    }
    if (known->product != filler->row) {
        known->product = filler->row;
        store_bind(filler->add_to_facet, "ll", known->row, filler->row);
        store_execute(filler->add_to_facet, &filler->build->failure);
    }
}

static void take_product(struct filler *filler, sqlite3_stmt *stmt)
{
    static const enum search_field fields[] = {
        FIELD_NAME,        FIELD_NAME,        FIELD_TITLE,
        FIELD_DOMAIN,      FIELD_OWNER,       FIELD_DESCRIPTION,
        FIELD_DESCRIPTION, FIELD_DESCRIPTION, FIELD_DESCRIPTION,
    };
    static const char *const facets[] = {"domain", "owner", "status", "standard"};
    enum { FIRST_FIELD = 1, FIELDS = sizeof fields / sizeof *fields, FACETS = 4 };
    for (int i = 0; i < FIELDS; i++) {
        add_words(filler, fields[i], store_text(stmt, FIRST_FIELD + i));
    }
    for (int i = 0; i < FACETS; i++) {
        add_facet(filler, facets[i], store_text(stmt, FIRST_FIELD + FIELDS + i));
    }
    if (store_text(stmt, FIRST_FIELD + 4)[0] != '\0') {
        add_facet(filler, "has", "owner");
    }
    if (filler->fields[FIELD_DESCRIPTION].length > 0) {
        add_facet(filler, "has", "description");
    }
}

static void take_table(struct filler *filler, sqlite3_stmt *stmt)
{
    const char *name = store_text(stmt, 2);
    add_words(filler, FIELD_TABLES, store_text(stmt, 1));
    if (!string_equal_fold(name, store_text(stmt, 1))) {
        add_words(filler, FIELD_TABLES, name);
    }
    add_words(filler, FIELD_TABLES, store_text(stmt, 3));
    add_words(filler, FIELD_DESCRIPTION, store_text(stmt, 4));
    add_facet(filler, "has", "tables");
}

static void take_column(struct filler *filler, sqlite3_stmt *stmt)
{
    const char *name = store_text(stmt, 1);
    const char *physical = store_text(stmt, 2);
    add_words(filler, FIELD_COLUMNS, name);
    if (!string_equal_fold(name, physical)) {
        add_words(filler, FIELD_COLUMNS, physical);
    }
    add_words(filler, FIELD_SYNONYMS, store_text(stmt, 3));
    add_words(filler, FIELD_DESCRIPTION, store_text(stmt, 4));
    add_facet(filler, "classification", store_text(stmt, 5));
}

static void take_tag(struct filler *filler, sqlite3_stmt *stmt)
{
    add_words(filler, FIELD_TAGS, store_text(stmt, 1));
    add_facet(filler, "tag", store_text(stmt, 1));
}

static void take_synonym(struct filler *filler, sqlite3_stmt *stmt)
{
    add_words(filler, FIELD_SYNONYMS, store_text(stmt, 1));
}

static void take_presence(struct filler *filler, sqlite3_stmt *stmt)
{
    add_facet(filler, "has", store_text(stmt, 1));
}

static void take_promise(struct filler *filler, sqlite3_stmt *stmt)
{
    const char *files = store_text(stmt, 3);
    filler->period = catalog_period(store_text(stmt, 1));
    while (filler->period > 0 && files[0] != '\0') {
        size_t length = strcspn(files, "\n");
        char *name = string_copy_bytes(files, length);
        const char *folder = store_text(stmt, 2);
        char *inner = folder[0] != '\0' ? path_join(folder, name) : string_copy(name);
        char *path = roots_file(&filler->build->roots, inner);
        struct stat info;
        if (path != NULL && path_is_safe(name) && lstat(path, &info) == 0 &&
            (long long)info.st_mtim.tv_sec > filler->changed) {
            filler->changed = (long long)info.st_mtim.tv_sec;
        }
        free(path);
        free(inner);
        free(name);
        files += length + (files[length] == '\n');
    }
    const char *declared = store_text(stmt, 4);
    long long seconds;
    if (filler->changed == 0 && strchr(declared, '-') != NULL &&
        path_read_instant(declared, &seconds)) {
        filler->changed = seconds;
    }
}

#define TOUCHED " FROM temp.touched_product x CROSS JOIN "
#define CONTRACT_OF                                                                      \
    "port o ON o.product_row=x.row AND o.dir='out' AND o.contract_row IS NOT NULL "      \
    "CROSS "                                                                             \
    "JOIN contract c ON c.rowid=o.contract_row "
#define BELOW(column) column ">=c.id||'/' AND " column "<c.id||'0'"
/* Joins, for SQLite gives them an index where the table has none yet. */
#define IF_ANY(word, table)                                                              \
    "SELECT x.row AS r,'" word "'" TOUCHED CONTRACT_OF "CROSS JOIN " table               \
    " y ON y.contract_row=c.rowid"

/* In the order they are taken; the first is the product itself. Each gives the row of the
 * product first, ascending. */
static const struct word_stream {
    const char *sql;
    void (*take)(struct filler *filler, sqlite3_stmt *stmt);
} streams[] = {
    {"SELECT x.row,p.name,iif(p.schema_name=p.name,NULL,p.schema_name),p.title,p.key,"
     "p.team,p.purpose,p.description,p.limitations,p.usage,p.domain,p.team,p.status,"
     "p.standard" TOUCHED "product p ON p.rowid=x.row ORDER BY x.row",
     take_product},
    {"SELECT x.row,t.sql_name,t.name,t.title,t.description" TOUCHED
     "table_of t ON t.product_row=x.row ORDER BY x.row",
     take_table},
    {"SELECT "
     "x.row,c.name,c.physical_name,c.business_name,c.description,c.classification" TOUCHED
     "table_of t ON t.product_row=x.row CROSS JOIN property c ON "
     "c.object_row=t.object_row ORDER BY x.row",
     take_column},
    {"SELECT x.row AS r,g.tag" TOUCHED "product p ON p.rowid=x.row CROSS JOIN tag g ON "
     "g.owner_kind='product' AND g.owner_id=p.id UNION "
     "SELECT x.row AS r,g.tag" TOUCHED CONTRACT_OF "CROSS JOIN tag g ON "
     "g.owner_kind='contract' AND g.owner_id=c.id UNION "
     "SELECT x.row AS r,g.tag" TOUCHED CONTRACT_OF "CROSS JOIN tag g ON "
     "g.owner_kind='object' AND " BELOW(
         "g.owner_id") " UNION "
                       "SELECT x.row AS r,g.tag" TOUCHED CONTRACT_OF
                       "CROSS JOIN tag g ON "
                       "g.owner_kind='property' AND " BELOW("g.owner_id") " ORDER BY r",
     take_tag},
    {"SELECT x.row AS r,s.synonym" TOUCHED "product p ON p.rowid=x.row CROSS JOIN "
     "synonym s ON s.owner_kind='product' AND s.owner_id=p.id UNION "
     "SELECT x.row AS r,s.synonym" TOUCHED CONTRACT_OF "CROSS JOIN synonym s ON "
     "s.owner_kind='object' AND " BELOW(
         "s.owner_id") " UNION "
                       "SELECT x.row AS r,s.synonym" TOUCHED CONTRACT_OF
                       "CROSS JOIN synonym s ON "
                       "s.owner_kind='property' AND " BELOW("s.owner_id") " ORDER BY r",
     take_synonym},
    {IF_ANY("rules", "rule") " UNION " IF_ANY("sla", "sla") " UNION " IF_ANY(
         "roles",
         "role") " UNION " IF_ANY("relations",
                                  "relation") " UNION "
                                              "SELECT x.row AS "
                                              "r,iif(o.dir='in','inputs','outputs'"
                                              ")" TOUCHED
                                              "port o ON o.product_row=x.row WHERE o.dir "
                                              "IN('in','out') UNION "
                                              "SELECT x.row AS r,'support'" TOUCHED
                                              "product p ON p.rowid=x.row CROSS JOIN "
                                              "support "
                                              "s ON s.owner_kind='product' AND "
                                              "s.owner_id=p.id ORDER BY r",
     take_presence},
    {"SELECT x.row,p.frequency,p.folder,t.files,p.modified" TOUCHED
     "product p ON p.rowid=x.row "
     "CROSS JOIN table_of t ON t.product_row=x.row WHERE p.frequency IS NOT NULL "
     "ORDER BY x.row",
     take_promise},
};
enum { STREAMS = sizeof streams / sizeof *streams };

/* ---- Side by side ---- */

static void write_product(struct filler *filler)
{
    sqlite3_stmt *insert = filler->insert;
    struct error *failure = &filler->build->failure;
    sqlite3_bind_int64(insert, 1, filler->row);
    for (int i = 0; i < FIELD_COUNT; i++) {
        struct text *field = &filler->fields[i];
        sqlite3_bind_text(insert, i + 2, text_string(field), (int)field->length,
                          SQLITE_STATIC);
    }
    store_execute(insert, failure);
    for (int i = 0; i < FIELD_COUNT; i++) {
        text_clear(&filler->fields[i]);
    }
    if (filler->period > 0) {
        store_bind(filler->add_freshness, "lld", filler->row, filler->changed,
                   filler->period);
        store_execute(filler->add_freshness, failure);
    }
    filler->changed = 0;
    filler->period = 0;
}

/* The rows of the product that a stream stands at; it then stands at the next product's.
 * True while there are any. */
static bool take_stream(struct filler *filler, const struct word_stream *stream,
                        sqlite3_stmt *stmt, bool has_row)
{
    while (has_row && sqlite3_column_int64(stmt, 0) <= filler->row) {
        if (sqlite3_column_int64(stmt, 0) == filler->row) {
            stream->take(filler, stmt);
        }
        has_row = store_step(stmt, &filler->build->failure) == STORE_ROW;
    }
    return has_row;
}

static void fill_products(struct filler *filler)
{
    struct error *failure = &filler->build->failure;
    sqlite3_stmt *open[STREAMS] = {NULL};
    bool has_row[STREAMS] = {false};
    for (int i = 0; i < STREAMS && failure->kind == ERROR_NONE; i++) {
        open[i] = store_prepare(filler->build->db, streams[i].sql, failure);
        has_row[i] = open[i] != NULL && store_step(open[i], failure) == STORE_ROW;
    }
    while (has_row[0] && failure->kind == ERROR_NONE) {
        filler->row = sqlite3_column_int64(open[0], 0);
        for (int i = 0; i < STREAMS; i++) {
            has_row[i] = take_stream(filler, &streams[i], open[i], has_row[i]);
        }
        write_product(filler);
    }
    for (int i = 0; i < STREAMS; i++) {
        store_finish(open[i]);
    }
}

/* ---- Parts of words ---- */

static const char *const words_of_all[] = {
    "CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab(main,search,row)",
    "INSERT OR IGNORE INTO search_word(word) SELECT term FROM temp.search_terms WHERE "
    "length(term)>2",
    "DROP TABLE temp.search_terms",
};

/* The words of a few rows, cut by the same tokenizer. */
static const char *const words_of_few[] = {
    "CREATE VIRTUAL TABLE temp.search_few USING fts5(words,detail=none,"
    "tokenize='" FOLD_TOKENIZER "')",
    "INSERT INTO temp.search_few SELECT name||' '||title||' '||tables||' '||columns||' "
    "'||"
    "synonyms||' '||tags||' '||owner||' '||domain||' '||description FROM search WHERE "
    "rowid IN(SELECT row FROM "
    "temp.touched_product)",
    "CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab(temp,search_few,row)",
    "INSERT OR IGNORE INTO search_word(word) SELECT term FROM temp.search_terms WHERE "
    "length(term)>2",
    "DROP TABLE temp.search_terms",
    "DROP TABLE temp.search_few",
};

#define RUN_ALL(build, statements)                                                       \
    build_run_all(build, statements, sizeof(statements) / sizeof *(statements))

/* Words that nothing holds any more stay until the index is made anew: they only cost a
 * look. */
static void fill_words(struct build *build)
{
    enum { FEW = 256 };
    long long last = store_number(build->db, 0, "SELECT max(row) FROM search_word", "");
    if (store_number(build->db, 0, "SELECT count(*) FROM temp.touched_product", "") >
        FEW) {
        RUN_ALL(build, words_of_all);
    } else {
        RUN_ALL(build, words_of_few);
    }
    build_run(build,
              "INSERT INTO search_part(rowid,word) SELECT row,word FROM search_word "
              "WHERE row>?1",
              "l", last);
}

static void prepare_filler(struct filler *filler)
{
    struct build *build = filler->build;
    filler->known = memory_new_many(FACETS_KNOWN, sizeof *filler->known);
    filler->insert = store_prepare(
        build->db,
        "INSERT INTO search(rowid,name,title,tables,columns,synonyms,tags,owner,domain,"
        "description) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
        &build->failure);
    filler->find_facet = store_prepare(
        build->db, "SELECT row FROM facet WHERE facet=?1 AND value=?2", &build->failure);
    filler->add_facet =
        store_prepare(build->db, "INSERT INTO facet(facet,value,folded) VALUES(?1,?2,?3)",
                      &build->failure);
    filler->add_to_facet = store_prepare(
        build->db, "INSERT OR IGNORE INTO facet_of VALUES(?1,?2)", &build->failure);
    filler->add_freshness = store_prepare(
        build->db, "INSERT OR REPLACE INTO freshness VALUES(?1,?2,?3)", &build->failure);
}

static void release_filler(struct filler *filler)
{
    store_finish(filler->insert);
    store_finish(filler->find_facet);
    store_finish(filler->add_facet);
    store_finish(filler->add_to_facet);
    store_finish(filler->add_freshness);
    for (int i = 0; i < FIELD_COUNT; i++) {
        text_release(&filler->fields[i]);
    }
    text_release(&filler->folded);
    free(filler->known);
    fold_free(filler->fold);
}

void search_fill(struct build *build)
{
    struct filler filler = {.build = build};
    if (build->failure.kind != ERROR_NONE) {
        return;
    }
    filler.fold = fold_new(build->db);
    if (filler.fold == NULL) {
        error_set(&build->failure, ERROR_FAILED,
                  "this SQLite was built without FTS5, which the catalog is searched "
                  "with; install the libsqlite3-0 of the distribution");
        return;
    }
    RUN_ALL(build, keys_before);
    RUN_ALL(build, forgetting);
    prepare_filler(&filler);
    if (build->failure.kind == ERROR_NONE) {
        fill_products(&filler);
        fill_words(build);
        RUN_ALL(build, keys_after);
    }
    release_filler(&filler);
}
