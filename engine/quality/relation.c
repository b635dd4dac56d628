/* quality/relation: keys that must exist elsewhere: in the same table, in another one, in
 * another contract, in another product that is here. A row with a part of its key NULL
 * refers to nothing (SQL, MATCH SIMPLE). SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/policy.h"
#include "engine/store.h"

/* ---- The plan ---- */

static void plan_one(struct quality_plan *plan, sqlite3_stmt *stmt)
{
    char *object = store_text_copy(stmt, 0), *columns = store_text_copy(stmt, 1);
    char *table = quality_plan_table(plan, object), *anchor = store_text_copy(stmt, 5);
    plan->object = object;
    plan->table = table != NULL ? table : object;
    bool is_one = columns != NULL && strchr(columns, ',') == NULL;
    struct quality_check *check =
        quality_plan_add(plan, "relationship", "foreignKey", is_one ? columns : NULL);
    if (anchor != NULL) {
        free(check->rule);
        check->rule = string_copy(anchor);
    }
    check->arguments = store_text_copy(stmt, 2);
    check->line = sqlite3_column_int(stmt, 3);
    check->description = store_text_copy(stmt, 4);
    check->dimension = string_copy("consistency");
    check->op = string_copy("mustBe");
    check->lo = string_copy("0");
    free(object);
    free(table);
    free(columns);
    free(anchor);
}

void quality_plan_relations(struct quality_plan *plan)
{
    sqlite3_stmt *stmt = store_prepare(
        plan->db,
        "SELECT object,from_cols,json_object('type',type,'from',from_cols,'contract',"
        "to_contract,'object',to_object,'to',to_cols,'file',to_file),line,description,"
        "anchor FROM relation WHERE contract_row=?1 ORDER BY rowid",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "l", plan->contract_row);
        while (store_step(stmt, NULL) == STORE_ROW) {
            plan_one(plan, stmt);
        }
    }
    store_finish(stmt);
    plan->object = plan->table = NULL;
}

/* ---- Both sides ---- */

struct side {
    char *schema, *table;
    struct array columns; /* of char *, in SQL */
};

struct relation {
    char *type, *from, *contract, *object, *to, *file; /* as declared */
    char *product; /* id of the other product; NULL: this one */
    struct side here, there;
    bool is_attached;
};

static void release_side(struct side *side)
{
    free(side->schema);
    free(side->table);
    for (size_t i = 0; i < side->columns.count; i++) {
        free(*(char **)array_at(&side->columns, i));
    }
    array_release(&side->columns);
}

static void release_relation(struct relation *relation)
{
    char *const strings[] = {relation->type,   relation->from, relation->contract,
                             relation->object, relation->to,   relation->file,
                             relation->product};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        free(strings[i]);
    }
    release_side(&relation->here);
    release_side(&relation->there);
}

static char *member(sqlite3 *db, const char *json, const char *name)
{
    return store_string(db, "SELECT json_extract(?1,'$.'||?2)", "ss", json, name);
}

static void read_relation(sqlite3 *db, const struct quality_check *check,
                          struct relation *relation)
{
    *relation = (struct relation){
        .type = member(db, check->arguments, "type"),
        .from = member(db, check->arguments, "from"),
        .contract = member(db, check->arguments, "contract"),
        .object = member(db, check->arguments, "object"),
        .to = member(db, check->arguments, "to"),
        .file = member(db, check->arguments, "file"),
        .here.columns = ARRAY_OF(char *),
        .there.columns = ARRAY_OF(char *),
    };
}

/* "a,b": each by its name in SQL. */
static void split(const char *list, struct array *names)
{
    for (const char *at = list; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ",");
        char *name = string_copy_bytes(at, length);
        *(char **)array_push(names) = string_copy(string_trim(name));
        free(name);
        at += length + (at[length] == ',');
    }
}

/* False: something is missing or hidden, and the check says so. */
static bool find_here(const struct quality_session *session, struct quality_check *check,
                      struct relation *relation)
{
    const struct quality_table *table = quality_table_named(session, check->object);
    if (table == NULL || table->name == NULL) {
        quality_not_run(check, "the table %s is not in the data", check->object);
        return false;
    }
    relation->here.schema = string_copy(session->schema);
    relation->here.table = string_copy(table->name);
    split(relation->from, &relation->here.columns);
    for (size_t i = 0; i < relation->here.columns.count; i++) {
        char **name = array_at(&relation->here.columns, i);
        const struct quality_column *column = quality_column_named(table, *name);
        if (column != NULL && column->hidden != NULL) {
            quality_not_run(check,
                            "it needs the column %s, which is not as the source "
                            "has it: %s",
                            *name, column->hidden);
            return false;
        }
        if (column == NULL || column->name == NULL) {
            quality_not_run(check, "the column %s is not in the data", *name);
            return false;
        }
        free(*name);
        *name = string_copy(column->name);
    }
    return true;
}

/* ---- The other side ---- */

/* Which product delivers that object under that contract: this one, if it does. */
static bool find_product(const struct quality_session *session,
                         const struct quality_check *check, struct relation *relation)
{
    const char *contract =
        relation->contract != NULL ? relation->contract : check->contract;
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(session->spec->catalog),
        "SELECT p.key,p.schema_name,t.sql_name FROM object o JOIN table_of t ON "
        "t.object_row=o.rowid JOIN product p ON p.rowid=t.product_row WHERE "
        "o.contract_id=?1 AND (o.name=?2 COLLATE NOCASE OR o.physical_name=?2 COLLATE "
        "NOCASE) ORDER BY p.key IS ?3 DESC,p.rowid LIMIT 1",
        NULL);
    bool found = false;
    if (stmt != NULL) {
        store_bind(stmt, "sss", contract, relation->object, check->product);
        found = store_step(stmt, NULL) == STORE_ROW;
    }
    if (found) {
        relation->product = store_text_copy(stmt, 0);
        relation->there.schema = store_text_copy(stmt, 1);
        relation->there.table = store_text_copy(stmt, 2);
    }
    store_finish(stmt);
    return found;
}

/* Within the data that are checked, which may be a file of the person's own. */
static bool find_in_own(const struct quality_session *session,
                        const struct quality_check *check, struct relation *relation)
{
    const struct quality_table *table =
        relation->contract == NULL || string_equal(relation->contract, check->contract)
            ? quality_table_named(session, relation->object)
            : NULL;
    if (table == NULL || table->name == NULL) {
        return false;
    }
    relation->there.schema = string_copy(session->schema);
    relation->there.table = string_copy(table->name);
    return true;
}

/* What the role does not read of the other product as it is: a sentence, yours. */
static char *hidden_there(const struct quality_session *session,
                          const struct relation *relation, const char *column)
{
    const struct quality_spec *spec = session->spec;
    struct catalog_product product = {0};
    struct policy *policy = policy_look(spec->catalog, spec->role, NULL);
    char *sentence = NULL;
    if (policy == NULL || policy_role(policy) == NULL ||
        !catalog_product(spec->catalog, relation->product, &product, NULL)) {
        policy_close(policy);
        return NULL;
    }
    for (size_t i = 0; i < product.tables.count; i++) {
        const struct catalog_table *table = array_at(&product.tables, i);
        for (size_t c = 0; c < table->columns.count; c++) {
            const struct catalog_column *one = array_at(&table->columns, c);
            struct policy_verdict verdict = {0};
            if (!string_equal_fold(table->sql_name, relation->there.table) ||
                !string_equal_fold(one->name, column)) {
                continue;
            }
            policy_of_column(policy, &product, table, one, &verdict);
            if (verdict.decision != POLICY_ALLOW && sentence == NULL) {
                sentence = string_copy(
                    verdict.reason != NULL ? verdict.reason : "the role may not read it");
            }
            policy_verdict_release(&verdict);
        }
    }
    catalog_product_release(&product);
    policy_close(policy);
    return sentence;
}

static bool has_column(sqlite3 *db, const struct side *side, const char *column)
{
    return store_number(db, 0,
                        "SELECT count(*) FROM pragma_table_xinfo(?1,?2) WHERE name=?3 "
                        "COLLATE NOCASE",
                        "sss", side->table, side->schema, column) > 0;
}

static bool attach_there(const struct quality_session *session,
                         struct quality_check *check, struct relation *relation)
{
    const struct evidence_spec evidence = {.catalog = session->spec->catalog,
                                           .role = session->spec->role};
    struct catalog_entry entry = {0};
    struct error err = {0};
    bool absent = false;
    bool done = catalog_find(session->spec->catalog, relation->product, &entry, &err) &&
                evidence_attach(session->db, &evidence, &entry, &absent, &err);
    relation->is_attached = done;
    if (!done && absent) {
        quality_not_run(check, "%s, which it refers to, is not here: get %s",
                        relation->product, relation->product);
    } else if (!done) {
        quality_broke(check, "%s", err.message);
    }
    catalog_entry_release(&entry);
    return done;
}

static bool check_columns(const struct quality_session *session,
                          struct quality_check *check, struct relation *relation)
{
    split(relation->to, &relation->there.columns);
    for (size_t i = 0; i < relation->there.columns.count; i++) {
        const char *name = *(char **)array_at(&relation->there.columns, i);
        char *hidden = hidden_there(session, relation, name);
        bool is_hidden = hidden != NULL;
        if (is_hidden) {
            quality_not_run(check,
                            "it needs the column %s of %s, which is not as the "
                            "source has it: %s",
                            name, relation->there.table, hidden);
        }
        free(hidden);
        if (is_hidden) {
            return false;
        }
        if (!has_column(session->db, &relation->there, name)) {
            quality_not_run(check, "there is no column %s in %s.%s", name,
                            relation->there.schema, relation->there.table);
            return false;
        }
    }
    return true;
}

static bool find_there(const struct quality_session *session, struct quality_check *check,
                       struct relation *relation)
{
    if (relation->object == NULL || (!find_in_own(session, check, relation) &&
                                     !find_product(session, check, relation))) {
        quality_not_run(check,
                        "no product of the mesh delivers %s%s%s, which it refers "
                        "to",
                        relation->contract != NULL ? relation->contract : "",
                        relation->contract != NULL ? "/" : "",
                        relation->object != NULL ? relation->object
                        : relation->file != NULL ? relation->file
                                                 : "the object");
        return false;
    }
    bool is_own = string_equal_fold(relation->there.schema, session->schema);
    if (!is_own && !attach_there(session, check, relation)) {
        return false;
    }
    if (relation->product == NULL) {
        relation->product = string_copy(check->product);
    }
    return check_columns(session, check, relation);
}

/* ---- Counting ---- */

static void append_columns(struct text *sql, const struct side *side, const char *prefix,
                           const char *between)
{
    for (size_t i = 0; i < side->columns.count; i++) {
        text_append(sql, i > 0 ? between : "");
        text_append(sql, prefix);
        store_quote_name(sql, *(char **)array_at(&side->columns, i));
    }
}

static void append_table(struct text *sql, const struct side *side)
{
    store_quote_name(sql, side->schema);
    text_append_char(sql, '.');
    store_quote_name(sql, side->table);
}

/* (a, b) NOT IN (...): SQLite looks each up in an index that it makes once. */
static void append_orphans(struct text *sql, const struct relation *relation)
{
    bool many = relation->here.columns.count > 1;
    text_append(sql, " FROM ");
    append_table(sql, &relation->here);
    text_append(sql, " AS f WHERE ");
    append_columns(sql, &relation->here, "f.", " IS NOT NULL AND ");
    text_append(sql, many ? " IS NOT NULL AND (" : " IS NOT NULL AND ");
    append_columns(sql, &relation->here, "f.", ", ");
    text_append(sql, many ? ") NOT IN (SELECT " : " NOT IN (SELECT ");
    append_columns(sql, &relation->there, "", ", ");
    text_append(sql, " FROM ");
    append_table(sql, &relation->there);
    text_append(sql, " WHERE ");
    append_columns(sql, &relation->there, "", " IS NOT NULL AND ");
    text_append(sql, " IS NOT NULL)");
}

static void append_shown(struct text *sql, const struct quality_table *table,
                         const struct relation *relation)
{
    size_t before = sql->length;
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct quality_column *column = array_at(&table->columns, i);
        bool is_part = false;
        for (size_t k = 0; column->name != NULL && k < relation->here.columns.count;
             k++) {
            is_part = is_part ||
                      string_equal_fold(column->name,
                                        *(char **)array_at(&relation->here.columns, k));
        }
        if (column->name != NULL && (is_part || column->key_position > 0) &&
            column->hidden == NULL && !column->is_sensitive) {
            text_append(sql, sql->length > before ? ", f." : "f.");
            store_quote_name(sql, column->name);
        }
    }
    if (sql->length == before) {
        text_append(sql, table->has_rowid ? "f.rowid AS row" : "NULL AS hidden");
    }
}

static void write_statements(const struct quality_session *session,
                             struct quality_check *check, const struct relation *relation)
{
    struct text sql = {0}, rows = {0};
    text_append(&sql, "SELECT count(*) AS failing");
    append_orphans(&sql, relation);
    text_append(&rows, "SELECT ");
    append_shown(&rows, quality_table_named(session, check->object), relation);
    append_orphans(&rows, relation);
    free(check->sql);
    free(check->rows_sql);
    check->sql = text_take(&sql);
    check->rows_sql = text_take(&rows);
}

/* False: cancelled. */
static bool count_orphans(struct quality_session *session, struct quality_check *check,
                          const struct relation *relation, struct error *err)
{
    struct error why = {0};
    struct text total = {0};
    write_statements(session, check, relation);
    text_append(&total, "SELECT count(*) FROM ");
    append_table(&total, &relation->here);
    sqlite3_stmt *stmt = store_prepare(session->db, check->sql, &why);
    enum store_step step = stmt != NULL ? store_step(stmt, &why) : STORE_FAILED;
    if (step == STORE_ROW) {
        long long orphans = sqlite3_column_int64(stmt, 0);
        check->total = store_number(session->db, -1, text_string(&total), "");
        check->percent =
            check->total > 0 ? (double)orphans * 100 / (double)check->total : 0;
        quality_judge(check, true, (double)orphans);
        if (orphans == 0) {
            free(check->rows_sql);
            check->rows_sql = NULL;
        }
    } else {
        quality_broke(check, "%s", why.message);
    }
    store_finish(stmt);
    text_release(&total);
    return !job_cancelled(session->port) ||
           error_set(err, ERROR_CANCELLED, "the checks were cancelled");
}

/* The statement names what must stay attached for as long as it runs. */
static bool run_relation(struct quality_session *session, struct quality_check *check,
                         struct relation *relation, struct error *err)
{
    bool is_key =
        relation->type == NULL || string_equal_fold(relation->type, "foreignKey");
    if (!is_key) {
        quality_not_run(check,
                        "it is a relationship of the type %.60s; only foreign keys "
                        "can be checked",
                        relation->type);
        return true;
    }
    if (!find_here(session, check, relation) || !find_there(session, check, relation)) {
        return true;
    }
    if (relation->here.columns.count == 0 ||
        relation->here.columns.count != relation->there.columns.count) {
        quality_broke(check, "it refers with %zu columns to %zu",
                      relation->here.columns.count, relation->there.columns.count);
        return true;
    }
    return count_orphans(session, check, relation, err);
}

bool quality_run_relation(struct quality_session *session, struct quality_check *check,
                          struct error *err)
{
    struct relation relation;
    confine_trusted(session->confine, true);
    read_relation(session->db, check, &relation);
    bool done = run_relation(session, check, &relation, err);
    if (relation.is_attached) {
        evidence_detach(session->db, relation.there.schema);
    }
    release_relation(&relation);
    confine_trusted(session->confine, false);
    return done;
}
