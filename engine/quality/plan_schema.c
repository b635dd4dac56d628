/* quality/plan_schema: the checks that the declarations of an object imply: its columns
 * are there, of their types, required, unique, in their bounds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdlib.h>

#include "engine/quality/test.h"
#include "engine/quality/types.h"
#include "engine/store.h"

/* A declared property, borrowed from its row. */
struct declared {
    const char *name, *logical, *physical, *format;
    bool required, unique;
    int key, depth, line;
};

static struct quality_check *imply(struct quality_plan *plan,
                                   const struct declared *property, const char *metric,
                                   const char *argument)
{
    struct quality_check *check =
        quality_plan_add(plan, "schema", metric, property->name);
    check->op = string_copy("mustBe");
    check->lo = string_copy("0");
    check->arguments = string_copy(argument);
    check->line = property->line;
    return check;
}

/* ---- Options ---- */

static bool is_moment(const struct declared *property)
{
    const struct quality_type *type = quality_type_named(property->logical);
    return type != NULL &&
           (string_equal(type->name, "date") || string_equal(type->name, "timestamp") ||
            string_equal(type->name, "time"));
}

/* 3.0 has exclusiveMinimum: true beside minimum: 5. */
static bool is_exclusive(sqlite3 *db, const struct quality_plan *plan,
                         const struct declared *property, const char *key)
{
    const char *other = string_equal(key, "minimum")   ? "exclusiveMinimum"
                        : string_equal(key, "maximum") ? "exclusiveMaximum"
                                                       : "";
    return store_number(
               db, 0,
               "SELECT 1 FROM prop_option WHERE contract_id=?1 AND object=?2 AND "
               "property=?3 AND key=?4 AND value='true' AND object_row=?5",
               "ssssl", plan->contract, plan->object, property->name, other,
               plan->object_row) != 0;
}

static void imply_option(struct quality_plan *plan, const struct declared *property,
                         const char *key, const char *value)
{
    static const char *const same[] = {"minLength",     "maxLength", "multipleOf",
                                       "minItems",      "maxItems",  "minProperties",
                                       "maxProperties", NULL};
    for (size_t i = 0; same[i] != NULL; i++) {
        if (string_equal(key, same[i])) {
            imply(plan, property, key, value);
            return;
        }
    }
    if (string_equal(key, "minimum") || string_equal(key, "maximum")) {
        bool excludes = is_exclusive(plan->db, plan, property, key);
        const char *metric = !excludes                      ? key
                             : string_equal(key, "minimum") ? "exclusiveMinimum"
                                                            : "exclusiveMaximum";
        imply(plan, property, metric, value);
    } else if (string_equal(key, "exclusiveMinimum") ||
               string_equal(key, "exclusiveMaximum")) {
        if (!string_equal(value, "true") && !string_equal(value, "false")) {
            imply(plan, property, key, value);
        }
    } else if (string_equal(key, "pattern")) {
        char *whole = plan->is_anchored ? string_printf("^(?:%s)$", value) : NULL;
        imply(plan, property, key, whole != NULL ? whole : value);
        free(whole);
    } else if (string_equal(key, "format") && !is_moment(property)) {
        imply(plan, property, key, value);
    } else if (string_equal(key, "uniqueItems") && string_equal(value, "true")) {
        imply(plan, property, key, value);
    } else if (string_equal(key, "required")) {
        imply(plan, property, "requiredMembers", value);
    } else if (string_equal(key, "jsonSchema")) {
        imply(plan, property, key, value);
    }
}

static void imply_options(struct quality_plan *plan, const struct declared *property)
{
    sqlite3_stmt *stmt = store_prepare(
        plan->db,
        "SELECT key,value FROM prop_option WHERE contract_id=?1 AND object=?2 AND "
        "property=?3 AND object_row=?4 GROUP BY key ORDER BY min(rowid)",
        NULL);
    if (stmt == NULL) {
        return;
    }
    bool has_format = false;
    store_bind(stmt, "sssl", plan->contract, plan->object, property->name,
               plan->object_row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        has_format |= string_equal(store_text(stmt, 0), "format");
        imply_option(plan, property, store_text(stmt, 0), store_text(stmt, 1));
    }
    store_finish(stmt);
    if (!has_format && property->format != NULL) {
        imply_option(plan, property, "format", property->format);
    }
}

static void imply_enum(struct quality_plan *plan, const struct declared *property)
{
    char *list = store_string(
        plan->db,
        "SELECT json_group_array(value) FROM (SELECT value FROM enum_value WHERE "
        "object_row=?1 AND property=?2 ORDER BY position) HAVING count(*)>0",
        "ls", plan->object_row, property->name);
    if (list != NULL) {
        imply(plan, property, "enum", list);
    }
    free(list);
}

/* ---- Properties ---- */

static void imply_property(struct quality_plan *plan, const struct declared *property)
{
    imply(plan, property, "present", NULL);
    if (property->logical != NULL || property->physical != NULL) {
        imply(plan, property, "type",
              property->logical != NULL ? property->logical : property->physical);
    }
    if (property->required) {
        imply(plan, property, "required", NULL);
    }
    if (property->unique) {
        imply(plan, property, "unique", NULL);
    }
    imply_enum(plan, property);
    imply_options(plan, property);
}

static void imply_properties(struct quality_plan *plan)
{
    sqlite3_stmt *stmt = store_prepare(
        plan->db,
        "SELECT name,logical_type,physical_type,format,required,is_unique,pk_pos,depth,"
        "line FROM property WHERE object_row=?1 ORDER BY rowid",
        NULL);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", plan->object_row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        char *strings[4];
        for (int i = 0; i < 4; i++) {
            strings[i] = store_text_copy(stmt, i);
        }
        imply_property(plan, &(struct declared){
                                 .name = strings[0],
                                 .logical = strings[1],
                                 .physical = strings[2],
                                 .format = strings[3],
                                 .required = sqlite3_column_int(stmt, 4) == 1,
                                 .unique = sqlite3_column_int(stmt, 5) == 1,
                                 .key = sqlite3_column_int(stmt, 6),
                                 .depth = sqlite3_column_int(stmt, 7),
                                 .line = sqlite3_column_int(stmt, 8),
                             });
        for (int i = 0; i < 4; i++) {
            free(strings[i]);
        }
    }
    store_finish(stmt);
}

/* ---- Keys ---- */

/* A key of the object: `columns` is a JSON list of properties. */
static void imply_key(struct quality_plan *plan, const char *metric, const char *columns,
                      int line)
{
    struct array words = ARRAY_OF(char *);
    bool has_null = false;
    if (quality_words_read(columns, &words, &has_null) && words.count > 0) {
        const char *one = words.count == 1 ? *(char **)array_at(&words, 0) : NULL;
        struct quality_check *check = quality_plan_add(plan, "schema", metric, one);
        check->op = string_copy("mustBe");
        check->lo = string_copy("0");
        check->arguments = string_printf("{\"properties\":%s}", columns);
        check->line = line;
    }
    quality_words_release(&words);
}

static void imply_keys(struct quality_plan *plan)
{
    char *primary = store_string(
        plan->db,
        "SELECT json_group_array(name) FROM (SELECT name FROM property WHERE object_row="
        "?1 AND pk_pos>0 ORDER BY pk_pos,rowid) HAVING count(*)>0",
        "l", plan->object_row);
    int line = (int)store_number(
        plan->db, 0, "SELECT min(line) FROM property WHERE object_row=?1 AND pk_pos>0",
        "l", plan->object_row);
    if (primary != NULL) {
        imply_key(plan, "primaryKey", primary, line);
    }
    free(primary);
    sqlite3_stmt *stmt = store_prepare(
        plan->db,
        "SELECT '[\"'||replace(replace(columns,'\"','\\\"'),',','\",\"')||'\"]',line "
        "FROM "
        "unique_key WHERE object_row=?1 AND instr(columns,',')>0 ORDER BY rowid",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "l", plan->object_row);
        while (store_step(stmt, NULL) == STORE_ROW) {
            imply_key(plan, "unique", store_text(stmt, 0), sqlite3_column_int(stmt, 1));
        }
    }
    store_finish(stmt);
}

void quality_plan_object(struct quality_plan *plan)
{
    imply_properties(plan);
    imply_keys(plan);
}
