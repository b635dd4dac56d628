/* catalog/open: an index opened for reading: list, search, find.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/build.h"
#include "engine/catalog/reading.h"
#include "engine/store.h"
#include "engine/text.h"

struct catalog {
    sqlite3 *db;
    char *index, *path, *name;
    size_t problems;
    struct array *statements; /* of struct kept_statement */
};

struct kept_statement {
    const char *sql; /* known by its address */
    sqlite3_stmt *stmt;
};

sqlite3_stmt *catalog_statement(const struct catalog *catalog, const char *sql)
{
    struct array *kept = catalog->statements;
    for (size_t i = 0; i < kept->count; i++) {
        struct kept_statement *statement = array_at(kept, i);
        if (statement->sql == sql) {
            sqlite3_reset(statement->stmt);
            return statement->stmt;
        }
    }
    sqlite3_stmt *stmt = store_prepare(catalog->db, sql, NULL);
    if (stmt != NULL) {
        *(struct kept_statement *)array_push(kept) = (struct kept_statement){sql, stmt};
    }
    return stmt;
}

struct catalog *catalog_open(const char *index, struct error *err)
{
    sqlite3 *db = store_open(index, STORE_IMMUTABLE, err);
    if (db == NULL) {
        return NULL;
    }
    if (store_number(db, 0, "SELECT format FROM mesh", "") != INDEX_FORMAT) {
        store_close(db);
        error_set(err, ERROR_FAILED,
                  "the catalog index %s was made by another version of the program; "
                  "read the mesh again",
                  index);
        return NULL;
    }
    struct catalog *catalog = memory_new(sizeof *catalog);
    catalog->db = db;
    catalog->statements = memory_new(sizeof *catalog->statements);
    *catalog->statements = (struct array)ARRAY_OF(struct kept_statement);
    catalog->index = string_copy(index);
    catalog->path = store_string(db, "SELECT path FROM mesh", "");
    catalog->name = store_string(db, "SELECT coalesce(name,'mesh') FROM mesh", "");
    catalog->problems = (size_t)store_number(db, 0, "SELECT count(*) FROM problem", "");
    return catalog;
}

void catalog_close(struct catalog *catalog)
{
    if (catalog == NULL) {
        return;
    }
    for (size_t i = 0; i < catalog->statements->count; i++) {
        struct kept_statement *statement = array_at(catalog->statements, i);
        store_finish(statement->stmt);
    }
    array_release(catalog->statements);
    free(catalog->statements);
    store_close(catalog->db);
    free(catalog->index);
    free(catalog->path);
    free(catalog->name);
    free(catalog);
}

sqlite3 *catalog_database(const struct catalog *catalog)
{
    return catalog->db;
}

const char *catalog_index_file(const struct catalog *catalog)
{
    return catalog->index;
}

const char *catalog_mesh_path(const struct catalog *catalog)
{
    return catalog->path;
}

const char *catalog_mesh_name(const struct catalog *catalog)
{
    return catalog->name;
}

size_t catalog_problem_count(const struct catalog *catalog)
{
    return catalog->problems;
}

/* ---- Entries ---- */

#define ENTRY_COLUMNS                                                                    \
    "p.rowid,p.key,p.name,p.domain,d.class,p.status,p.version,p.team,p.title,p.schema_"  \
    "name,"                                                                              \
    "p.tables FROM product p LEFT JOIN domain d ON d.name=p.domain "

static void entry_take(sqlite3_stmt *stmt, struct catalog_entry *entry)
{
    *entry = (struct catalog_entry){
        .row = sqlite3_column_int64(stmt, 0),
        .id = store_text_copy(stmt, 1),
        .name = store_text_copy(stmt, 2),
        .domain = store_text_copy(stmt, 3),
        .domain_class = store_text_copy(stmt, 4),
        .status = store_text_copy(stmt, 5),
        .version = store_text_copy(stmt, 6),
        .owner = store_text_copy(stmt, 7),
        .title = store_text_copy(stmt, 8),
        .schema = store_text_copy(stmt, 9),
        .tables = sqlite3_column_int(stmt, 10),
    };
}

void catalog_entry_release(struct catalog_entry *entry)
{
    free(entry->id);
    free(entry->name);
    free(entry->domain);
    free(entry->domain_class);
    free(entry->status);
    free(entry->version);
    free(entry->owner);
    free(entry->title);
    free(entry->schema);
    free(entry->why);
    *entry = (struct catalog_entry){0};
}

void catalog_entries_release(struct array *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        catalog_entry_release(array_at(entries, i));
    }
    array_release(entries);
}

/* ---- Listing and searching ---- */

enum { MOST_WORDS = 16 };

struct words {
    char *items[MOST_WORDS];
    int count;
};

static void split_words(const char *text, struct words *words)
{
    words->count = 0;
    while (text != NULL && *text != '\0' && words->count < MOST_WORDS) {
        text += strspn(text, " \t\n");
        size_t length = strcspn(text, " \t\n");
        if (length > 0) {
            words->items[words->count++] = string_copy_bytes(text, length);
        }
        text += length;
    }
}

static void words_release(struct words *words)
{
    for (int i = 0; i < words->count; i++) {
        free(words->items[i]);
    }
}

static size_t count_characters(const char *word)
{
    size_t count = 0;
    for (; *word != '\0'; word++) {
        count += ((unsigned char)*word & 0xC0) != 0x80;
    }
    return count;
}

/* Trigrams find words of three characters and more; shorter ones are compared one by one.
 * Gives the MATCH text, empty when no word is long enough. */
static char *match_of(const struct words *words)
{
    struct text match = {0};
    for (int i = 0; i < words->count; i++) {
        if (count_characters(words->items[i]) < 3) {
            continue;
        }
        text_append(&match, match.length > 0 ? " AND \"" : "\"");
        for (const char *p = words->items[i]; *p != '\0'; p++) {
            text_append(&match, *p == '"' ? "\"\"" : (char[]){*p, '\0'});
        }
        text_append_char(&match, '"');
    }
    return text_take(&match);
}

struct field {
    const char *word; /* how it is called in `why` */
    bool whole;       /* the field is said as it is; else the line that matched */
};

/* Columns 11.. of the list statement when there is a text. */
static const struct field fields[] = {
    {"name", true}, {"title", true}, {"table", false},      {"column", false},
    {"tag", false}, {"owner", true}, {"description", true},
};
enum { FIELD_COUNT = sizeof fields / sizeof *fields };

/* The first blank-separated piece of the line that holds the word. */
static char *line_with(const char *lines, const char *word)
{
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        char *line = string_copy_bytes(lines, length);
        if (string_contains_fold(line, word)) {
            line[strcspn(line, " ")] = '\0';
            return line;
        }
        free(line);
        lines += length + (lines[length] == '\n');
    }
    return string_copy("");
}

/* What matched, for the first word that is not simply in the name. NULL: the name itself,
 * or a word is nowhere (letters that fold outside of ASCII). */
static char *why_matched(sqlite3_stmt *stmt, const struct words *words)
{
    for (int w = 0; w < words->count; w++) {
        for (int f = 0; f < FIELD_COUNT; f++) {
            const char *text = store_text(stmt, 11 + f);
            if (!string_contains_fold(text, words->items[w])) {
                continue;
            }
            if (f == 0) {
                break;
            }
            if (fields[f].whole) {
                return string_equal(fields[f].word, "owner")
                           ? string_printf("owner %s", text)
                           : string_copy(fields[f].word);
            }
            char *line = line_with(text, words->items[w]);
            char *why = string_printf("%s %s", fields[f].word, line);
            free(line);
            return why;
        }
    }
    return NULL;
}

static void append_conditions(struct text *sql, const struct words *words, bool matching)
{
    text_append(sql,
                "WHERE (?1 IS NULL OR p.domain=?1 COLLATE NOCASE) AND (?2 IS NULL OR "
                "p.status=?2 COLLATE NOCASE) AND (?3 IS NULL OR d.class=?3 COLLATE "
                "NOCASE) AND (?4 IS NULL OR EXISTS(SELECT 1 FROM tag g WHERE g.tag=?4 "
                "COLLATE NOCASE AND ((g.owner_kind='product' AND g.owner_id=p.id) OR "
                "(g.owner_kind='contract' AND g.owner_id IN(SELECT o.contract_id FROM "
                "port o WHERE o.product_row=p.rowid AND o.dir='out'))))) ");
    if (matching) {
        text_append(sql, "AND search MATCH ?5 ");
    }
    for (int i = 0; i < words->count; i++) {
        if (count_characters(words->items[i]) < 3) {
            text_printf(
                sql,
                "AND instr(lower(s.name||char(10)||s.title||char(10)||s.tables||"
                "char(10)||coalesce(s.columns,'')||char(10)||coalesce(s.tags,'')||"
                "char(10)||s.owner),lower(?%d))>0 ",
                i + 7);
        }
    }
}

/* By name first: equal, then starting so; then by rank, a name counting most. */
static void append_order(struct text *sql, bool matching)
{
    text_append(sql, "ORDER BY p.name=?6 COLLATE NOCASE DESC,"
                     "substr(p.name,1,length(?6))=?6 COLLATE NOCASE DESC,");
    text_append(sql, matching ? "bm25(search,10,6,5,4,4,3,1)," : "");
    text_append(sql, "p.domain,p.name");
}

static sqlite3_stmt *prepare_list(const struct catalog *catalog,
                                  const struct catalog_filter *filter,
                                  const struct words *words)
{
    char *match = match_of(words);
    bool matching = match[0] != '\0';
    struct text sql = {0};
    text_append(&sql, "SELECT " ENTRY_COLUMNS);
    if (words->count > 0) {
        text_clear(&sql);
        text_append(
            &sql,
            "SELECT p.rowid,p.key,p.name,p.domain,d.class,p.status,p.version,p.team,"
            "p.title,p.schema_name,p.tables,s.name,s.title,s.tables,s.columns,s.tags,"
            "s.owner,s.description FROM search s JOIN product p ON p.rowid=s.rowid "
            "LEFT JOIN domain d ON d.name=p.domain ");
    }
    append_conditions(&sql, words, matching);
    if (words->count > 0) {
        append_order(&sql, matching);
    } else {
        text_append(&sql, "ORDER BY p.domain,p.name");
    }
    sqlite3_stmt *stmt = store_prepare(catalog->db, text_string(&sql), NULL);
    if (stmt != NULL) {
        store_bind(stmt, "ssss", filter->domain, filter->status, filter->domain_class,
                   filter->tag);
        if (matching) {
            sqlite3_bind_text(stmt, 5, match, -1, SQLITE_TRANSIENT);
        }
        if (words->count > 0) {
            sqlite3_bind_text(stmt, 6, words->items[0], -1, SQLITE_TRANSIENT);
        }
        for (int i = 0; i < words->count; i++) {
            sqlite3_bind_text(stmt, i + 7, words->items[i], -1, SQLITE_TRANSIENT);
        }
    }
    text_release(&sql);
    free(match);
    return stmt;
}

struct array catalog_list(const struct catalog *catalog,
                          const struct catalog_filter *filter)
{
    static const struct catalog_filter all = {0};
    struct array entries = ARRAY_OF(struct catalog_entry);
    struct words words;
    filter = filter != NULL ? filter : &all;
    split_words(filter->text, &words);
    sqlite3_stmt *stmt = prepare_list(catalog, filter, &words);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct catalog_entry *entry = array_push(&entries);
        entry_take(stmt, entry);
        entry->why = words.count > 0 ? why_matched(stmt, &words) : NULL;
    }
    store_finish(stmt);
    words_release(&words);
    return entries;
}

/* ---- Finding one ---- */

/* All that a person may mean by `name`; the best kind of match alone. */
static struct array find_all(const struct catalog *catalog, const char *name)
{
    static const char *const matches[] = {
        "SELECT " ENTRY_COLUMNS "WHERE p.key=?1 COLLATE NOCASE",
        "SELECT " ENTRY_COLUMNS "WHERE p.name=?1 COLLATE NOCASE ORDER BY p.key",
        "SELECT " ENTRY_COLUMNS "WHERE p.schema_name=?1 COLLATE NOCASE",
        "SELECT " ENTRY_COLUMNS "WHERE p.id=?1 ORDER BY p.key",
    };
    struct array entries = ARRAY_OF(struct catalog_entry);
    for (size_t i = 0; i < sizeof matches / sizeof *matches && entries.count == 0; i++) {
        sqlite3_stmt *stmt = catalog_statement(catalog, matches[i]);
        if (stmt != NULL) {
            store_bind(stmt, "s", name);
        }
        while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
            entry_take(stmt, array_push(&entries));
        }
        sqlite3_reset(stmt);
    }
    return entries;
}

static bool say_ambiguous(const char *name, const struct array *entries,
                          struct error *err)
{
    enum { MOST_SAID = 6 };
    struct text list = {0};
    for (size_t i = 0; i < entries->count && i < MOST_SAID; i++) {
        const struct catalog_entry *entry = array_at(entries, i);
        text_append(&list, i > 0 ? ", " : "");
        text_append(&list, entry->id);
    }
    error_set(err, ERROR_FAILED, "%s may be any of %s%s; say which", name,
              text_string(&list), entries->count > MOST_SAID ? " and others" : "");
    text_release(&list);
    return false;
}

static void push_names(sqlite3_stmt *stmt, struct array *names)
{
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(char **)array_push(names) = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
}

/* Near by letters, else one that holds what was typed. */
static char *near_name(const struct catalog *catalog, const char *name)
{
    struct array names = ARRAY_OF(char *);
    push_names(store_prepare(catalog->db,
                             strchr(name, '/') != NULL ? "SELECT key FROM product"
                                                       : "SELECT name FROM product",
                             NULL),
               &names);
    *(char **)array_push(&names) = NULL;
    char *near = string_copy(string_nearest(name, names.items));
    catalog_names_release(&names);
    if (near == NULL) {
        struct array found =
            catalog_list(catalog, &(struct catalog_filter){.text = name});
        const struct catalog_entry *first = array_at(&found, 0);
        near = first != NULL ? string_copy(first->id) : NULL;
        catalog_entries_release(&found);
    }
    return near;
}

static bool say_missing(const struct catalog *catalog, const char *name,
                        struct error *err)
{
    char *near = near_name(catalog, name);
    if (near != NULL) {
        error_set(err, ERROR_FAILED,
                  "there is no data product %s in %s; did you mean %s?", name,
                  catalog->name, near);
    } else {
        error_set(err, ERROR_FAILED,
                  "there is no data product %s in %s; `products` lists them all", name,
                  catalog->name);
    }
    free(near);
    return false;
}

bool catalog_find(const struct catalog *catalog, const char *product,
                  struct catalog_entry *out, struct error *err)
{
    struct array entries = find_all(catalog, product);
    bool found = entries.count == 1;
    *out = (struct catalog_entry){0};
    if (found) {
        *out = *(struct catalog_entry *)array_at(&entries, 0);
        array_release(&entries);
        return true;
    }
    if (entries.count > 1) {
        say_ambiguous(product, &entries, err);
    } else {
        say_missing(catalog, product, err);
    }
    catalog_entries_release(&entries);
    return false;
}

bool catalog_find_schema(const struct catalog *catalog, const char *schema,
                         struct catalog_entry *out)
{
    sqlite3_stmt *stmt = store_prepare(
        catalog->db, "SELECT " ENTRY_COLUMNS "WHERE p.schema_name=?1 COLLATE NOCASE",
        NULL);
    *out = (struct catalog_entry){0};
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "s", schema);
    bool found = store_step(stmt, NULL) == STORE_ROW;
    if (found) {
        entry_take(stmt, out);
    }
    store_finish(stmt);
    return found;
}
