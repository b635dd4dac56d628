/* catalog/product: one product in full: its tables with columns, and the facts of its
 * card. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/catalog/reading.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- Tables and columns ---- */

static void read_columns(sqlite3 *db, long long object_row, struct array *columns)
{
    sqlite3_stmt *stmt =
        store_prepare(db,
                      "SELECT name,physical_name,logical_type,physical_type,description,"
                      "business_name,classification,format,required,is_unique,pk_pos,"
                      "true_values,false_values,decimal_char,group_char,missing FROM "
                      "property WHERE object_row=?1 AND depth=1 ORDER BY position",
                      NULL);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", object_row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        struct catalog_column *column = array_push(columns);
        char **texts[] = {&column->name,           &column->physical_name,
                          &column->type,           &column->physical_type,
                          &column->description,    &column->business_name,
                          &column->classification, &column->format};
        for (int i = 0; i < 8; i++) {
            *texts[i] = store_text_copy(stmt, i);
        }
        column->required = sqlite3_column_int(stmt, 8) != 0;
        column->unique = sqlite3_column_int(stmt, 9) != 0;
        column->key_position = sqlite3_column_int(stmt, 10);
        column->true_values = store_text_copy(stmt, 11);
        column->false_values = store_text_copy(stmt, 12);
        column->decimal_char = store_text_copy(stmt, 13);
        column->group_char = store_text_copy(stmt, 14);
        column->missing = store_text_copy(stmt, 15);
    }
    store_finish(stmt);
}

static void split_lines(char *lines, struct array *out)
{
    for (char *p = lines; p != NULL && *p != '\0';) {
        size_t length = strcspn(p, "\n");
        *(char **)array_push(out) = string_copy_bytes(p, length);
        p += length + (p[length] == '\n');
    }
    free(lines);
}

static void read_dialect(sqlite3_stmt *stmt, int first, struct catalog_dialect *dialect)
{
    dialect->delimiter = (char)sqlite3_column_int(stmt, first);
    dialect->quote = (char)sqlite3_column_int(stmt, first + 1);
    dialect->escape = (char)sqlite3_column_int(stmt, first + 2);
    dialect->comment = (char)sqlite3_column_int(stmt, first + 3);
    dialect->no_header = sqlite3_column_int(stmt, first + 4) != 0;
    dialect->skip_initial_space = sqlite3_column_int(stmt, first + 5) != 0;
    dialect->no_double_quote = sqlite3_column_int(stmt, first + 6) != 0;
    dialect->skip_rows = sqlite3_column_int(stmt, first + 7);
    dialect->header_rows = sqlite3_column_int(stmt, first + 8);
    dialect->encoding = store_text_copy(stmt, first + 9);
    dialect->missing = store_text_copy(stmt, first + 10);
}

static void read_tables(sqlite3 *db, struct catalog_product *product)
{
    sqlite3_stmt *stmt = store_prepare(
        db,
        "SELECT name,sql_name,title,description,granularity,files,format,object_row,"
        "inline_data,delimiter,quote_sign,escape_sign,comment_sign,no_header,skip_"
        "initial_space,"
        "no_double_quote,skip_rows,header_rows,encoding,missing FROM table_of WHERE "
        "product_row=?1 ORDER BY position",
        NULL);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", product->entry.row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        struct catalog_table *table = array_push(&product->tables);
        table->columns = (struct array)ARRAY_OF(struct catalog_column);
        table->files = (struct array)ARRAY_OF(char *);
        table->name = store_text_copy(stmt, 0);
        table->sql_name = store_text_copy(stmt, 1);
        table->title = store_text_copy(stmt, 2);
        table->description = store_text_copy(stmt, 3);
        table->granularity = store_text_copy(stmt, 4);
        split_lines(store_text_copy(stmt, 5), &table->files);
        table->format = store_text_copy(stmt, 6);
        table->inline_data = store_text_copy(stmt, 8);
        read_dialect(stmt, 9, &table->dialect);
        read_columns(db, sqlite3_column_int64(stmt, 7), &table->columns);
    }
    store_finish(stmt);
}

/* ---- Facts ---- */

/* Each row: the group and a statement that gives name, value, path, line for product ?1.
 * The order is that of the card. */
#define CONTRACTS                                                                        \
    "(SELECT DISTINCT o.contract_row FROM port o WHERE o.product_row=?1 AND "            \
    "o.dir='out')"
#define OWNERS                                                                           \
    "((x.owner_kind='product' AND x.owner_id=(SELECT id FROM product WHERE rowid=?1)) "  \
    "OR "                                                                                \
    "(x.owner_kind='contract' AND x.owner_id IN(SELECT c.id FROM contract c WHERE "      \
    "c.rowid "                                                                           \
    "IN " CONTRACTS ")))"

static const struct {
    const char *group, *sql;
} fact_rows[] = {
    {"owner",
     "SELECT 'team',team,path,line FROM product WHERE rowid=?1 AND team IS NOT NULL"},
    {"owner",
     "SELECT coalesce(x.role,'member'),coalesce(x.name||coalesce(' <'||x.username||"
     "'>',''),x.username),NULL,x.line FROM member x WHERE " OWNERS
     " AND (x.date_out IS NULL OR x.date_out>date(?2,'unixepoch')) "
     "GROUP BY 1,2 ORDER BY x.owner_kind DESC,x.rowid"},
    {"contact",
     "SELECT 'team',t.contact,NULL,0 FROM team t JOIN product p ON p.team=t.name "
     "WHERE p.rowid=?1 AND t.contact IS NOT NULL"},
    {"contact",
     "SELECT coalesce(x.scope,'support'),coalesce(x.url,x.channel),NULL,x.line "
     "FROM support x WHERE " OWNERS " AND coalesce(x.scope,'interactive') "
     "IN('interactive','issues') GROUP BY 2 ORDER BY x.rowid"},
    {"support",
     "SELECT x.channel,coalesce(x.url,'')||coalesce(' ('||x.tool||')','')||"
     "coalesce(': '||x.description,''),NULL,x.line FROM support x WHERE " OWNERS
     " GROUP BY 1,2 ORDER BY x.rowid"},
    {"location",
     "SELECT coalesce(s.name,s.type,'server'),coalesce(s.type||' ','')||"
     "coalesce(s.location,'')||coalesce(' ('||s.format||')',''),c.path,s.line "
     "FROM server s JOIN contract c ON c.rowid=s.contract_row WHERE "
     "s.contract_row IN " CONTRACTS " ORDER BY s.rowid"},
    {"location",
     "SELECT sql_name,replace(files,char(10),', '),NULL,0 FROM table_of WHERE "
     "product_row=?1 AND contract_row IS NULL AND files IS NOT NULL GROUP BY 2"},
    {"access",
     "SELECT r.role,coalesce(r.access,'')||coalesce(': '||r.description,'')||"
     "coalesce('; approved by '||r.approver1||coalesce(' and '||r.approver2,''),"
     "''),c.path,r.line FROM role r JOIN contract c ON c.rowid=r.contract_row WHERE "
     "r.contract_row IN " CONTRACTS " GROUP BY 1,2 ORDER BY r.rowid"},
    {"sla",
     "SELECT s.property,s.value||coalesce(' to '||s.value_ext,'')||coalesce(' '||"
     "s.unit,'')||coalesce(' of '||s.element,'')||coalesce(' ('||s.driver||')',''),"
     "c.path,s.line FROM sla s JOIN contract c ON c.rowid=s.contract_row WHERE "
     "s.contract_row IN " CONTRACTS " GROUP BY 1,2 ORDER BY s.rowid"},
    {"terms",
     "SELECT 'usage',usage,path,line FROM product WHERE rowid=?1 AND usage IS NOT "
     "NULL"},
    {"terms",
     "SELECT 'limitations',limitations,path,line FROM product WHERE rowid=?1 AND "
     "limitations IS NOT NULL"},
    {"terms",
     "SELECT x.type,coalesce(x.description,'')||coalesce(' '||x.url,''),NULL,x.line "
     "FROM authdef x WHERE " OWNERS " AND x.type IN('license','source','homepage') "
     "ORDER BY x.rowid"},
    {"price", "SELECT 'price',price||coalesce(' '||currency,'')||coalesce(' per '||"
              "price_unit,''),path,line FROM contract WHERE price IS NOT NULL AND rowid "
              "IN " CONTRACTS},
    {"tag", "SELECT 'tag',x.tag,NULL,0 FROM tag x WHERE " OWNERS " GROUP BY 2 ORDER BY "
            "x.rowid"},
    {"quality",
     "SELECT coalesce(r.object,'')||coalesce('.'||r.property,''),coalesce(r.name,"
     "r.description,r.metric,r.id,'rule')||coalesce(' "
     "('||r.dimension||')',''),c.path,r.line "
     "FROM rule r JOIN contract c ON c.rowid=r.contract_row WHERE r.contract_row "
     "IN " CONTRACTS " ORDER BY r.rowid"},
    {"port",
     "SELECT o.dir||' '||coalesce(o.name,'?'),coalesce(o.type||' ','')||coalesce("
     "'version '||o.version||' ','')||coalesce('under '||o.contract_id,'')||CASE WHEN "
     "o.pii THEN ', personal data' ELSE '' END||CASE WHEN o.deprecated THEN "
     "', deprecated' ELSE '' END,o.path,o.line FROM port o WHERE o.product_row=?1 "
     "ORDER BY o.dir='in' DESC,o.dir='out' DESC,o.rowid"},
    {"upstream",
     "SELECT i.name,p.key,p.path,p.line FROM port i JOIN port o ON o.dir='out' AND "
     "o.contract_id=i.contract_id JOIN product p ON p.rowid=o.product_row WHERE "
     "i.dir='in' AND i.product_row=?1 AND p.rowid<>?1 GROUP BY p.rowid ORDER BY "
     "p.key"},
    {"downstream",
     "SELECT o.name,p.key,p.path,p.line FROM port o JOIN port i ON i.dir='in' "
     "AND i.contract_id=o.contract_id JOIN product p ON p.rowid=i.product_row "
     "WHERE o.dir='out' AND o.product_row=?1 AND p.rowid<>?1 GROUP BY p.rowid "
     "ORDER BY p.key"},
};

static void push_fact(struct catalog_product *product, const char *group, char *name,
                      char *value)
{
    struct catalog_fact *fact = array_push(&product->facts);
    fact->group = string_copy(group);
    fact->name = name;
    fact->value = value;
}

static void read_facts(sqlite3 *db, struct catalog_product *product, const char *group,
                       const char *sql)
{
    sqlite3_stmt *stmt = store_prepare(db, sql, NULL);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", product->entry.row);
    if (sqlite3_bind_parameter_count(stmt) > 1) {
        sqlite3_bind_int64(stmt, 2, path_now());
    }
    while (store_step(stmt, NULL) == STORE_ROW) {
        push_fact(product, group, store_text_copy(stmt, 0), store_text_copy(stmt, 1));
        struct catalog_fact *fact = array_at(&product->facts, product->facts.count - 1);
        fact->path = store_text_copy(stmt, 2);
        fact->line = sqlite3_column_int(stmt, 3);
    }
    store_finish(stmt);
}

/* ---- Freshness ---- */

/* Newest change of the product's own files, 0 when none is there. */
static long long newest_change(const struct catalog_product *product)
{
    long long newest = 0;
    for (size_t t = 0; t < product->tables.count; t++) {
        const struct catalog_table *table = array_at(&product->tables, t);
        for (size_t i = 0; i < table->files.count; i++) {
            const char *name = *(char **)array_at(&table->files, i);
            struct stat info;
            char *path = path_join(product->folder, name);
            if (path_is_safe(name) && lstat(path, &info) == 0 &&
                (long long)info.st_mtim.tv_sec > newest) {
                newest = (long long)info.st_mtim.tv_sec;
            }
            free(path);
        }
    }
    return newest;
}

/* "1 h" -> 3600; 0 when it is no period. */
static double seconds_of_period(const char *period)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {
        {"m", 60},         {"min", 60},        {"minute", 60},      {"minutes", 60},
        {"h", 3600},       {"hour", 3600},     {"hours", 3600},     {"d", 86400},
        {"day", 86400},    {"days", 86400},    {"w", 604800},       {"week", 604800},
        {"weeks", 604800}, {"month", 2629800}, {"months", 2629800}, {"y", 31557600},
        {"yr", 31557600},  {"year", 31557600}, {"years", 31557600}};
    char *unit;
    double number = strtod(period, &unit);
    unit += strspn(unit, " ");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (string_equal_fold(unit, units[i].unit)) {
            return number * units[i].seconds;
        }
    }
    return 0;
}

static void add_freshness(struct catalog_product *product)
{
    long long changed = newest_change(product);
    struct text value = {0};
    product->freshness = "unknown";
    if (product->frequency != NULL) {
        text_printf(&value, "promised every %s", product->frequency);
    }
    if (changed > 0) {
        char day[32];
        time_t when = (time_t)changed;
        struct tm utc;
        gmtime_r(&when, &utc);
        strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%SZ", &utc);
        text_printf(&value, "%schanged %s", value.length > 0 ? "; " : "", day);
        double period =
            product->frequency != NULL ? seconds_of_period(product->frequency) : 0;
        if (period > 0) {
            bool is_late = (double)(path_now() - changed) > period;
            product->freshness = is_late ? "late" : "fresh";
            text_printf(&value, ": %s", product->freshness);
        }
        if (product->modified == NULL) {
            product->modified = string_copy(day);
        }
    } else if (product->modified != NULL) {
        text_printf(&value, "%schanged %s", value.length > 0 ? "; " : "",
                    product->modified);
    }
    if (value.length > 0) {
        push_fact(product, "freshness", string_copy("freshness"), text_take(&value));
    }
    text_release(&value);
}

/* ---- The product ---- */

static void read_problems(sqlite3 *db, struct catalog_product *product)
{
    sqlite3_stmt *stmt = store_prepare(
        db,
        "SELECT path,line,\"column\",severity='error',sentence,rule FROM problem WHERE "
        "path=(SELECT path FROM product WHERE rowid=?1) OR path IN(SELECT c.path FROM "
        "contract c WHERE c.rowid IN " CONTRACTS ") ORDER BY path,line",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "l", product->entry.row);
    }
    problems_take(stmt, &product->problems);
}

static void read_row(const struct catalog *catalog, struct catalog_product *product)
{
    sqlite3 *db = catalog_database(catalog);
    sqlite3_stmt *stmt = store_prepare(
        db,
        "SELECT (SELECT root FROM mesh),folder,path,line,purpose,limitations,"
        "usage,description,frequency,modified FROM product WHERE rowid=?1",
        NULL);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", product->entry.row);
    if (store_step(stmt, NULL) == STORE_ROW) {
        const char *folder = store_text(stmt, 1);
        product->folder = folder[0] != '\0' ? path_join(store_text(stmt, 0), folder)
                                            : store_text_copy(stmt, 0);
        product->path = store_text_copy(stmt, 2);
        product->line = sqlite3_column_int(stmt, 3);
        product->purpose = store_text_copy(stmt, 4);
        product->limitations = store_text_copy(stmt, 5);
        product->usage = store_text_copy(stmt, 6);
        product->description = store_text_copy(stmt, 7);
        product->frequency = store_text_copy(stmt, 8);
        product->modified = store_text_copy(stmt, 9);
    }
    store_finish(stmt);
}

bool catalog_product(const struct catalog *catalog, const char *product,
                     struct catalog_product *out, struct error *err)
{
    sqlite3 *db = catalog_database(catalog);
    *out = (struct catalog_product){
        .tables = ARRAY_OF(struct catalog_table),
        .facts = ARRAY_OF(struct catalog_fact),
        .problems = ARRAY_OF(struct catalog_problem),
    };
    if (!catalog_find(catalog, product, &out->entry, err)) {
        return false;
    }
    read_row(catalog, out);
    read_tables(db, out);
    for (size_t i = 0; i < sizeof fact_rows / sizeof *fact_rows; i++) {
        if (string_equal(fact_rows[i].group, "terms") &&
            !string_equal(fact_rows[i - 1].group, "terms")) {
            add_freshness(out);
        }
        read_facts(db, out, fact_rows[i].group, fact_rows[i].sql);
    }
    read_problems(db, out);
    return true;
}
