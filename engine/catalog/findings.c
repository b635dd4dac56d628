/* catalog/findings: the list of what is wrong in a mesh, a page at a time, and the text
 * of the files that it is about.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/reading.h"
#include "engine/catalog/roots.h"
#include "engine/filetree.h"
#include "engine/store.h"

/* Rules that say: nothing of this file is in the catalog. */

enum { MOST_WORDS = 8 };

#define HAS_WORD(number)                                                                 \
    "AND (?" number " IS NULL OR instr(lower(path||' '||severity||' '||rule||' '||"      \
    "sentence),lower(?" number "))>0) "

/* ?1 one file, ?2.. the words. */
#define CONDITIONS                                                                       \
    "FROM problem WHERE (?1 IS NULL OR path=?1) " HAS_WORD("2") HAS_WORD("3")            \
        HAS_WORD("4") HAS_WORD("5") HAS_WORD("6") HAS_WORD("7") HAS_WORD("8")            \
            HAS_WORD("9")

static const char sql_count[] =
    "SELECT count(*),coalesce(sum(severity='error'),0) " CONDITIONS;

static const char sql_page[] =
    "SELECT path,line,column,severity='error',sentence,rule,fix " CONDITIONS
    "ORDER BY rule IN " UNREAD_RULES " DESC,path,line,column,rowid LIMIT ?10 OFFSET ?11";

static void bind_filter(sqlite3_stmt *stmt, const struct catalog_finding_filter *filter)
{
    const char *text = filter->text != NULL ? filter->text : "";

    sqlite3_bind_text(stmt, 1, filter->path, -1, SQLITE_TRANSIENT);
    for (int i = 0; i < MOST_WORDS; i++) {
        text += strspn(text, " \t");
        size_t length = strcspn(text, " \t");
        if (length > 0) {
            sqlite3_bind_text(stmt, 2 + i, text, (int)length, SQLITE_TRANSIENT);
        } else {
            sqlite3_bind_null(stmt, 2 + i);
        }
        text += length;
    }
}

static void take_row(sqlite3_stmt *stmt, struct finding *finding)
{
    *finding = (struct finding){
        .path = string_copy(store_text(stmt, 0)),
        .line = sqlite3_column_int(stmt, 1),
        .column = sqlite3_column_int(stmt, 2),
        .is_error = sqlite3_column_int(stmt, 3) != 0,
        .sentence = string_copy(store_text(stmt, 4)),
        .rule = string_copy(store_text(stmt, 5)),
        .fix = store_text_copy(stmt, 6),
    };
}

void catalog_findings(const struct catalog *catalog,
                      const struct catalog_finding_filter *filter,
                      struct catalog_finding_page *out)
{
    sqlite3_stmt *count = catalog_statement(catalog, sql_count);
    sqlite3_stmt *page = catalog_statement(catalog, sql_page);

    *out = (struct catalog_finding_page){.findings = ARRAY_OF(struct finding)};
    if (count == NULL || page == NULL) {
        return;
    }
    bind_filter(count, filter);
    if (store_step(count, NULL) == STORE_ROW) {
        out->total = (size_t)sqlite3_column_int64(count, 0);
        out->errors = (size_t)sqlite3_column_int64(count, 1);
    }
    sqlite3_reset(count);
    bind_filter(page, filter);
    sqlite3_bind_int64(page, 10, filter->limit > 0 ? (long long)filter->limit : -1);
    sqlite3_bind_int64(page, 11, (long long)filter->offset);
    while (store_step(page, NULL) == STORE_ROW) {
        take_row(page, array_push(&out->findings));
    }
    sqlite3_reset(page);
}

void catalog_finding_page_release(struct catalog_finding_page *page)
{
    findings_release(&page->findings);
}

size_t catalog_unread_count(const struct catalog *catalog)
{
    return (size_t)store_number(catalog_database(catalog), 0,
                                "SELECT count(DISTINCT path) FROM problem WHERE rule "
                                "IN " UNREAD_RULES,
                                "");
}

/* ---- The text of a file ---- */

/* Only a folder of this host is worth handing to an editor: the rest are copies. */
static bool is_copy(const struct catalog *catalog, const char *source)
{
    return store_number(catalog_database(catalog), 0,
                        "SELECT kind IN('git','web') FROM source WHERE name IS ?1", "s",
                        source) > 0;
}

bool catalog_file_text(const struct catalog *catalog, const char *path, size_t most,
                       struct catalog_file *out, struct error *err)
{
    struct roots roots;
    const char *below;
    *out = (struct catalog_file){0};
    roots_load(&roots, catalog_database(catalog));
    const char *root = roots_split(&roots, path, &below);
    struct filetree *tree = filetree_open(root, err);
    bool done =
        tree != NULL && filetree_read(tree, below, most, &out->bytes, &out->length, err);
    if (done && !is_copy(catalog, roots_source(&roots, path))) {
        out->place = filetree_path(tree, below);
    }
    filetree_close(tree);
    roots_release(&roots);
    return done;
}

void catalog_file_release(struct catalog_file *file)
{
    free(file->bytes);
    free(file->place);
    *file = (struct catalog_file){0};
}
