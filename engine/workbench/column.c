/* workbench: one column: what descriptors say, and what its data say when they are here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench.h"

#include <stdlib.h>

#include "engine/cache.h"
#include "engine/gate.h"
#include "engine/store.h"

static void add_fact(struct array *facts, const char *group, const char *name,
                     char *value)
{
    struct catalog_fact *fact = array_push(facts);

    fact->group = string_copy(group);
    fact->name = string_copy(name);
    fact->value = value;
}

struct measure {
    const char *name;
    const char *expression; /* NULL: not known, not told */
    bool is_of_one;         /* tells of single rows */
};

static const struct measure measures[] = {
    {"rows", "rows", false},
    {"empty", "CASE WHEN rows>0 THEN nulls||' ('||round(100.0*nulls/rows,1)||' %)' END",
     false},
    {"different", "CASE WHEN exact=0 THEN 'about ' ELSE '' END||\"distinct\"", false},
    {"least", "least", true},
    {"most", "most", true},
    {"length",
     "CASE WHEN shortest=longest THEN shortest ELSE shortest||' to '||longest END", true},
    {"stored as",
     "rtrim(CASE WHEN integers>0 THEN integers||' integers, ' ELSE '' END||"
     "CASE WHEN reals>0 THEN reals||' reals, ' ELSE '' END||"
     "CASE WHEN texts>0 THEN texts||' texts' ELSE '' END,', ')",
     false},
    {NULL, NULL, false},
};

static void read_measures(sqlite3 *db, const struct catalog_column_name *name,
                          bool tells_values, struct array *facts)
{
    for (const struct measure *row = measures; row->name != NULL; row++) {
        if (row->is_of_one && !tells_values) {
            continue;
        }
        char *sql = string_printf(
            "SELECT %s FROM mwb_statistic WHERE table_name=?1 AND (name=?2 OR name=("
            "SELECT c.name FROM mwb_column c WHERE c.table_name=?1 AND c.original=?2))",
            row->expression);
        char *value = store_string(db, sql, "ss", name->table, name->column);
        if (value != NULL && *value != '\0') {
            add_fact(facts, "statistics", row->name, value);
        } else {
            free(value);
        }
        free(sql);
    }
}

/* A column that the card does not list is told of like one that nobody classified. */
static bool tells_values(const struct workbench *workbench,
                         const struct catalog_entry *entry,
                         const struct catalog_column_name *name)
{
    const struct gate_spec spec = {.catalog = workbench->catalog,
                                   .policy = workbench->policy};
    struct catalog_column column = {.name = (char *)name->column};
    struct catalog_product product;
    if (!catalog_product(workbench->catalog, entry->id, &product, NULL)) {
        return false;
    }
    for (size_t i = 0; i < product.tables.count; i++) {
        const struct catalog_table *table = array_at(&product.tables, i);
        for (size_t k = 0;
             string_equal_fold(table->sql_name, name->table) && k < table->columns.count;
             k++) {
            const struct catalog_column *one = array_at(&table->columns, k);
            column = string_equal_fold(one->name, name->column) ? *one : column;
        }
    }
    bool tells = gate_tells_values(&spec, &product, name->table, &column);
    catalog_product_release(&product);
    return tells;
}

static void add_statistics(const struct workbench *workbench,
                           const struct catalog_entry *entry,
                           const struct catalog_column_name *name, struct array *facts)
{
    char *file = workbench_version(workbench, entry);
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;

    if (db != NULL) {
        read_measures(db, name, tells_values(workbench, entry, name), facts);
    } else {
        add_fact(facts, "statistics", "",
                 string_copy("not known: the product is not fetched yet"));
    }
    store_close(db);
    free(file);
}

bool workbench_column_facts(const struct workbench *workbench,
                            const struct catalog_entry *entry, const char *table,
                            const char *column, struct array *facts, struct error *err)
{
    struct catalog_column_name name = {entry->row, table, column};
    char *path;
    int line;

    if (!catalog_column_facts(workbench->catalog, &name, facts)) {
        return error_set(err, ERROR_FAILED, "%s has no column %s.%s; show %s lists them",
                         entry->id, table, column, entry->id);
    }
    add_statistics(workbench, entry, &name, facts);
    if (catalog_place(workbench->catalog, &name, &path, &line)) {
        add_fact(facts, "described in", "", string_printf("%s:%d", path, line));
        free(path);
    }
    return true;
}
