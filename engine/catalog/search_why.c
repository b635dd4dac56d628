/* catalog/search_why: says what a word matched in a product, and where that is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/search.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/reading.h"
#include "engine/store.h"
#include "engine/text.h"

struct explanation {
    const struct fold *fold;
    struct text word, folded; /* the typed one, and a text to compare with it */
    int best;
};

/* How well a text fits the word: 4 it is it, 3 it starts so, 2 a word in it does, 1 it
 * has it inside, 0 not at all. */
static int fit_of(struct explanation *explanation, const char *text)
{
    fold_words(explanation->fold, text, &explanation->folded);
    const char *folded = text_string(&explanation->folded);
    const char *word = text_string(&explanation->word);
    const char *at = strstr(folded, word);
    if (at == NULL) {
        return 0;
    }
    if (at == folded) {
        return strcmp(folded, word) == 0 ? 4 : 3;
    }
    for (; at != NULL; at = strstr(at + 1, word)) {
        if (at[-1] == ' ') {
            return 2;
        }
    }
    return 1;
}

/* Does it fit better than all before? */
static bool fits_better(struct explanation *explanation, const char *text)
{
    int fit = fit_of(explanation, text);
    bool better = fit > explanation->best;
    explanation->best = better ? fit : explanation->best;
    return better;
}

static void replace(char **text, char *by)
{
    free(*text);
    *text = by;
}

/* Of each field that is made of many texts: a statement that gives, for product ?1, the
 * text, the table and column it belongs to (or NULL), and how it is told: the text behind
 * `word`, for a column or table other than the text itself with " of ..." at the end. */
static const struct telling {
    enum search_field field;
    const char *word, *sql;
} tellings[] = {
    {FIELD_TABLES, "table",
     "SELECT sql_name,sql_name,NULL,NULL FROM table_of WHERE product_row=?1 UNION ALL "
     "SELECT name,sql_name,NULL,NULL FROM table_of WHERE product_row=?1 UNION ALL "
     "SELECT title,sql_name,NULL,sql_name FROM table_of WHERE product_row=?1"},
    {FIELD_COLUMNS, "column",
     "SELECT c.name,t.sql_name,c.name,NULL FROM table_of t JOIN property c ON "
     "c.object_row=t.object_row WHERE t.product_row=?1 UNION ALL "
     "SELECT c.physical_name,t.sql_name,c.name,NULL FROM table_of t JOIN property c ON "
     "c.object_row=t.object_row WHERE t.product_row=?1"},
    {FIELD_SYNONYMS, "synonym",
     "SELECT c.business_name,t.sql_name,c.name,c.name FROM table_of t JOIN property c ON "
     "c.object_row=t.object_row WHERE t.product_row=?1 UNION ALL "
     "SELECT s.synonym,t.sql_name,c.name,c.name FROM table_of t JOIN property c ON "
     "c.object_row=t.object_row JOIN synonym s ON s.owner_kind='property' AND "
     "s.owner_id=c.contract_id||'/'||c.object||'/'||c.name WHERE t.product_row=?1 UNION "
     "ALL SELECT s.synonym,t.sql_name,NULL,t.sql_name FROM table_of t JOIN object o ON "
     "o.rowid=t.object_row JOIN synonym s ON s.owner_kind='object' AND "
     "s.owner_id=o.contract_id||'/'||o.name WHERE t.product_row=?1 UNION ALL "
     "SELECT s.synonym,NULL,NULL,NULL FROM product p JOIN synonym s ON "
     "s.owner_kind='product' AND s.owner_id=p.id WHERE p.rowid=?1"},
    {FIELD_TAGS, "tag",
     "SELECT f.value,NULL,NULL,NULL FROM facet_of o JOIN facet f ON f.row=o.facet_row "
     "WHERE o.product_row=?1 AND f.facet='tag'"},
    {FIELD_OWNER, "owner", "SELECT team,NULL,NULL,NULL FROM product WHERE rowid=?1"},
    {FIELD_DOMAIN, "domain", "SELECT domain,NULL,NULL,NULL FROM product WHERE rowid=?1"},
};

static void tell(struct explanation *explanation, const struct catalog *catalog,
                 const struct telling *telling, struct catalog_entry *entry)
{
    sqlite3_stmt *stmt = catalog_statement(catalog, telling->sql);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", entry->row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        if (fits_better(explanation, store_text(stmt, 0))) {
            const char *of = store_text(stmt, 3);
            replace(&entry->why,
                    string_printf("%s %s%s%s", telling->word, store_text(stmt, 0),
                                  of[0] != '\0' ? " of " : "", of));
            replace(&entry->matched_table, store_text_copy(stmt, 1));
            replace(&entry->matched_column, store_text_copy(stmt, 2));
        }
    }
    sqlite3_reset(stmt);
}

/* A description is not said again, only whose it is. */
static void tell_description(struct explanation *explanation,
                             const struct catalog *catalog, struct catalog_entry *entry)
{
    static const char sql[] =
        "SELECT t.description,t.sql_name,NULL FROM table_of t WHERE t.product_row=?1 "
        "UNION ALL SELECT c.description,t.sql_name,c.name FROM table_of t JOIN property "
        "c ON c.object_row=t.object_row WHERE t.product_row=?1";
    sqlite3_stmt *own = catalog_statement(
        catalog, "SELECT coalesce(purpose,'')||' ¶ '||coalesce(description,'')||' ¶ '||"
                 "coalesce(limitations,'')||' ¶ '||coalesce(usage,'') FROM product WHERE "
                 "rowid=?1");
    sqlite3_stmt *stmt = catalog_statement(catalog, sql);
    if (own == NULL || stmt == NULL) {
        return;
    }
    replace(&entry->why, string_copy("description"));
    store_bind(own, "l", entry->row);
    bool is_own =
        store_step(own, NULL) == STORE_ROW && fit_of(explanation, store_text(own, 0)) > 0;
    sqlite3_reset(own);
    store_bind(stmt, "l", entry->row);
    while (!is_own && store_step(stmt, NULL) == STORE_ROW) {
        if (fits_better(explanation, store_text(stmt, 0))) {
            const char *column = store_text(stmt, 2);
            replace(&entry->matched_table, store_text_copy(stmt, 1));
            replace(&entry->matched_column, store_text_copy(stmt, 2));
            replace(&entry->why,
                    string_printf("description of %s %s",
                                  column[0] != '\0' ? "column" : "table",
                                  column[0] != '\0' ? column : store_text(stmt, 1)));
        }
    }
    sqlite3_reset(stmt);
}

void search_explain(const struct catalog *catalog, const struct fold *fold,
                    const struct filter_term *term, enum search_field field,
                    struct catalog_entry *entry)
{
    struct explanation explanation = {.fold = fold};
    fold_words(fold, term->value, &explanation.word);
    if (field == FIELD_TITLE) {
        replace(&entry->why, string_copy("title"));
    } else if (field == FIELD_DESCRIPTION) {
        tell_description(&explanation, catalog, entry);
    }
    for (size_t i = 0; i < sizeof tellings / sizeof *tellings; i++) {
        if (tellings[i].field == field) {
            tell(&explanation, catalog, &tellings[i], entry);
        }
    }
    text_release(&explanation.word);
    text_release(&explanation.folded);
}
