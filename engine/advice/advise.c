/* advice/advise: what is probably wrong with a statement, by its text and by what
 * contracts and policies say of what it reads. Joins are joins.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine/policy.h"
#include "engine/store.h"

enum { STATEMENTS_MOST = 200, SQL_LARGEST = 64 << 10 };

static const struct advice_rule rules[] = {
    {"cartesian", "no condition joins two tables, so each row meets every row"},
    {"join-multiplies", "rows of both sides of a join meet several of the other"},
    {"counted-twice", "a sum counts a row once for each row that it is joined to"},
    {"is-null", "= NULL is never true"},
    {"not-in-contract", "a column that no contract promises"},
    {"deprecated", "a product, port, contract, table or column that is not to be used"},
    {"masked", "a column that the role sees only in part"},
    {"masked-compared", "a value is looked for where the role sees others"},
    {"unknown-value", "a value that the contract does not allow"},
};

const struct advice_rule *advice_rules(size_t *count)
{
    *count = sizeof rules / sizeof *rules;
    return rules;
}

static bool is_said(const struct adviser *adviser, const char *rule, const char *sentence)
{
    for (size_t i = 0; i < adviser->advice->count; i++) {
        const struct advice *one = array_at(adviser->advice, i);
        if (string_equal(one->rule, rule) && string_equal(one->sentence, sentence) &&
            one->start >= adviser->start &&
            one->start < adviser->start + adviser->length) {
            return true;
        }
    }
    return false;
}

void advise_say(struct adviser *adviser, const char *rule, struct scope_part where,
                const char *format, ...)
{
    struct text sentence = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&sentence, format, args);
    va_end(args);
    if (is_said(adviser, rule, text_string(&sentence))) {
        text_release(&sentence);
        return;
    }
    struct advice *advice = array_push(adviser->advice);
    *advice = (struct advice){.start = adviser->start + where.start,
                              .length = where.length,
                              .rule = rule,
                              .sentence = text_take(&sentence),
                              .is_note = string_equal(rule, "masked")};
}

/* ---- = NULL ---- */

/* SET a = NULL gives a value, it does not compare; so does a PRAGMA. */
struct assigning {
    bool is_set;
    int depth;
};

static void follow(struct assigning *assigning, const char *sql,
                   const struct sql_token *token)
{
    static const char *const ends[] = {"WHERE", "FROM", "RETURNING", "ON", NULL};
    char sign = token->kind == SQL_OPERATOR ? sql[token->start] : '\0';
    if (names_is(sql, token, "SET") || names_is(sql, token, "PRAGMA")) {
        *assigning = (struct assigning){true, 0};
    }
    assigning->depth += (sign == '(') - (sign == ')');
    for (size_t i = 0; ends[i] != NULL; i++) {
        bool ends_here = assigning->depth == 0 && names_is(sql, token, ends[i]);
        assigning->is_set = assigning->is_set && !ends_here;
    }
}

static bool is_comparison(const char *sql, const struct sql_token *token)
{
    return token->kind == SQL_OPERATOR &&
           (names_is(sql, token, "=") || names_is(sql, token, "==") ||
            names_is(sql, token, "!=") || names_is(sql, token, "<>"));
}

static void say_null(struct adviser *adviser, const struct sql_token *sign,
                     struct scope_part where)
{
    const char *text = adviser->sql + sign->start;
    bool not = text[0] == '!' || text[0] == '<';
    advise_say(adviser, "is-null", where, "%.*s NULL is never true; write IS %sNULL",
               (int)sign->length, text, not ? "NOT " : "");
}

/* NULL = a, but not a IS NULL = b. */
static bool is_null_before(const char *sql, const struct sql_token words[3])
{
    return names_is(sql, &words[1], "NULL") && is_comparison(sql, &words[2]) &&
           !names_is(sql, &words[0], "IS") && !names_is(sql, &words[0], "NOT");
}

static void advise_null(struct adviser *adviser)
{
    struct assigning assigning = {0};
    struct sql_token words[3] = {0}; /* the last ones */
    const char *sql = adviser->sql;
    for (size_t at = 0; names_next(sql, adviser->length, at, &words[2]);
         at = words[2].start + words[2].length) {
        bool sets = assigning.is_set && assigning.depth == 0;
        size_t end = words[2].start + words[2].length;
        if (!sets && is_comparison(sql, &words[1]) && names_is(sql, &words[2], "NULL")) {
            const struct scope_part where = {words[1].start, end - words[1].start};
            say_null(adviser, &words[1], where);
        } else if (is_null_before(sql, words)) {
            const struct scope_part where = {words[1].start, end - words[1].start};
            say_null(adviser, &words[2], where);
        }
        follow(&assigning, sql, &words[2]);
        words[0] = words[1];
        words[1] = words[2];
    }
}

/* ---- Tables ---- */

struct retired {
    const char *what;
    const char *sql; /* its name: of ?1 the product's row, ?2 the table in SQL */
};

static const struct retired retireds[] = {
    {"the product",
     "SELECT id FROM product WHERE rowid=?1 AND (deprecated=1 OR lower(status) IN"
     "('deprecated','retired'))"},
    {"the table",
     "SELECT o.name FROM table_of t JOIN object o ON o.rowid=t.object_row WHERE "
     "t.product_row=?1 AND t.sql_name=?2 COLLATE NOCASE AND o.deprecated=1"},
    {"the output port",
     "SELECT p.name FROM table_of t JOIN port p ON p.product_row=t.product_row AND "
     "p.name=t.port AND p.dir='out' WHERE t.product_row=?1 AND t.sql_name=?2 COLLATE "
     "NOCASE AND p.deprecated=1"},
    {"its contract",
     "SELECT c.id FROM table_of t JOIN contract c ON c.rowid=t.contract_row WHERE "
     "t.product_row=?1 AND t.sql_name=?2 COLLATE NOCASE AND lower(c.status) IN"
     "('deprecated','retired')"},
};

static void advise_table(struct adviser *adviser, const struct scope_source *source)
{
    const struct table_facts *facts =
        facts_table(adviser->facts, source->schema, source->table);
    for (size_t i = 0; facts != NULL && i < sizeof retireds / sizeof *retireds; i++) {
        char *name =
            store_string(catalog_database(adviser->workbench->catalog), retireds[i].sql,
                         "ls", facts->product.entry.row, facts->table);
        if (name != NULL) {
            advise_say(adviser, "deprecated", source->name, "%s.%s: %s %s is deprecated",
                       source->schema, source->table, retireds[i].what, name);
            free(name);
            return;
        }
    }
}

/* ---- Columns ---- */

static bool is_promised(const struct table_facts *facts, const char *column)
{
    static const char sql[] =
        "SELECT original FROM mwb_column WHERE table_name=?1 AND name=?2 COLLATE NOCASE";
    char *original = facts->name != NULL
                         ? store_string(facts->version, sql, "ss", facts->name, column)
                         : NULL;
    bool promised = facts_column(facts, column) != NULL ||
                    (original != NULL && facts_column(facts, original) != NULL);
    free(original);
    return promised;
}

/* A name that is only half typed is no column. */
static bool is_in_data(const struct table_facts *facts, const char *column)
{
    return facts->name != NULL &&
           store_number(
               facts->version, 0,
               "SELECT count(*) FROM pragma_table_info(?1) WHERE name=?2 COLLATE "
               "NOCASE",
               "ss", facts->name, column) > 0;
}

static bool is_deprecated(const struct adviser *adviser, const struct table_facts *facts,
                          const char *column)
{
    static const char sql[] =
        "SELECT max(p.deprecated=1) FROM table_of t JOIN property p ON "
        "p.object_row=t.object_row WHERE t.product_row=?1 AND t.sql_name=?2 COLLATE "
        "NOCASE AND p.name=?3 COLLATE NOCASE";
    return store_number(catalog_database(adviser->workbench->catalog), 0, sql, "lss",
                        facts->product.entry.row, facts->table, column) == 1;
}

static const char *mask_in_words(enum mask_kind kind)
{
    switch (kind) {
    case MASK_DROP:
        return "is left out";
    case MASK_NULL:
        return "is empty";
    case MASK_TOKEN:
        return "is shown as a token";
    default:
        return "is shown in part";
    }
}

/* How the role sees a column; false: as it is. */
static bool is_masked(const struct adviser *adviser, const struct table_facts *facts,
                      const struct catalog_column *column, enum mask_kind *kind)
{
    struct policy_verdict verdict;
    if (adviser->workbench->policy == NULL || column == NULL) {
        return false;
    }
    policy_of_column(adviser->workbench->policy, &facts->product, facts->declared, column,
                     &verdict);
    bool masked = verdict.decision == POLICY_MASK;
    *kind = verdict.mask.kind;
    policy_verdict_release(&verdict);
    return masked;
}

static void advise_column(struct adviser *adviser, const struct table_facts *facts,
                          const struct name *name)
{
    const struct scope_part where = {name->start, name->length};
    const struct catalog_column *column = facts_column(facts, name->column);
    enum mask_kind kind;
    bool is_declared =
        facts->declared->columns.count > 0 && !facts->declared->is_undeclared;
    if (is_declared && is_in_data(facts, name->column) &&
        !is_promised(facts, name->column)) {
        advise_say(adviser, "not-in-contract", where,
                   "%s.%s.%s is in the data and not in the contract: it may go or change "
                   "without notice",
                   facts->schema, facts->table, name->column);
    }
    if (is_deprecated(adviser, facts, name->column)) {
        advise_say(adviser, "deprecated", where, "%s.%s.%s: the column is deprecated",
                   facts->schema, facts->table, name->column);
    }
    if (is_masked(adviser, facts, column, &kind)) {
        advise_say(adviser, "masked", where, "%s.%s.%s %s for the role %s", facts->schema,
                   facts->table, name->column, mask_in_words(kind),
                   policy_role(adviser->workbench->policy));
    }
}

static const struct table_facts *facts_of(struct adviser *adviser, size_t query,
                                          size_t source)
{
    const struct scope_query *in = scope_query(adviser->scope, query);
    const struct scope_source *one = in != NULL ? array_at(&in->sources, source) : NULL;
    return one != NULL && one->kind == SCOPE_TABLE
               ? facts_table(adviser->facts, one->schema, one->table)
               : NULL;
}

void advise_columns(struct adviser *adviser)
{
    const struct scope_part whole = {0, adviser->length};
    struct array names = names_read(adviser->scope, adviser->sql, whole);
    for (size_t i = 0; i < names.count; i++) {
        const struct name *name = array_at(&names, i);
        const struct table_facts *facts =
            name->is_lost ? NULL : facts_of(adviser, name->query, name->source);
        if (facts != NULL) {
            advise_column(adviser, facts, name);
        }
    }
    names_release(&names);
}

/* ---- Values that a column is compared with ---- */

/* The values that the contract allows: array of char *. */
static struct array read_values(const struct adviser *adviser,
                                const struct table_facts *facts, const char *column)
{
    static const char sql[] =
        "SELECT * FROM (SELECT e.value FROM table_of t JOIN enum_value e ON "
        "e.object_row=t.object_row WHERE t.product_row=?1 AND t.sql_name=?2 COLLATE "
        "NOCASE AND e.property=?3 COLLATE NOCASE ORDER BY e.position LIMIT 200) "
        "UNION ALL SELECT v.value FROM table_of t JOIN object o ON o.rowid=t.object_row "
        "JOIN rule r ON r.contract_row=t.contract_row AND r.object=o.name, "
        "json_each(r.arguments,'$.validValues') v WHERE t.product_row=?1 AND "
        "t.sql_name=?2 COLLATE NOCASE AND r.property=?3 COLLATE NOCASE AND "
        "r.metric='invalidValues' AND json_valid(r.arguments)";
    struct array values = ARRAY_OF(char *);
    sqlite3_stmt *stmt =
        store_prepare(catalog_database(adviser->workbench->catalog), sql, NULL);
    if (stmt != NULL) {
        store_bind(stmt, "lss", facts->product.entry.row, facts->table, column);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(char **)array_push(&values) = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
    return values;
}

static bool is_value(const struct array *values, const char *value)
{
    for (size_t i = 0; i < values->count; i++) {
        if (string_equal(*(char **)array_at(values, i), value)) {
            return true;
        }
    }
    return false;
}

static void say_unknown(struct adviser *adviser, struct scope_part where,
                        const struct array *values, const char *column, const char *value)
{
    enum { LISTED = 6 };
    struct text list = {0};
    const char **names = memory_new_many(values->count + 1, sizeof *names);
    for (size_t i = 0; i < values->count; i++) {
        names[i] = *(char **)array_at(values, i);
        if (i < LISTED) {
            text_printf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
        }
    }
    const char *near = string_nearest(value, names);
    text_append(&list, values->count > LISTED ? " ..." : "");
    advise_say(adviser, "unknown-value", where,
               "'%s' is none of the values of %s that the contract allows (%s)%s%s%s",
               value, column, text_string(&list), near != NULL ? "; did you mean '" : "",
               near != NULL ? near : "", near != NULL ? "'?" : "");
    free(names);
    text_release(&list);
}

/* The one text that a side of a comparison is. */
static bool only_string(const char *sql, struct scope_part part, struct sql_token *string)
{
    struct sql_token token;
    int count = 0;
    for (size_t at = part.start; names_next(sql, part.start + part.length, at, &token);
         at = token.start + token.length) {
        count += token.kind == SQL_STRING ? 1 : 0;
        *string = token.kind == SQL_STRING ? token : *string;
    }
    return count == 1;
}

static void advise_value(struct adviser *adviser, size_t query,
                         const struct condition *condition)
{
    const struct side *side =
        condition->left.column != NULL ? &condition->left : &condition->right;
    const struct side *other =
        side == &condition->left ? &condition->right : &condition->left;
    struct sql_token string = {0};
    const struct table_facts *facts =
        condition->is_equality && side->column != NULL && other->sources == 0
            ? facts_of(adviser, query, side->source)
            : NULL;
    enum mask_kind kind;
    if (facts == NULL || condition->is_on ||
        !only_string(adviser->sql, condition->part, &string) || string.length < 2) {
        return;
    }
    const struct scope_part where = {string.start, string.length};
    char *value = string_copy_bytes(adviser->sql + string.start + 1, string.length - 2);
    struct array values = read_values(adviser, facts, side->column);
    bool masked = is_masked(adviser, facts, facts_column(facts, side->column), &kind);
    if (masked) {
        advise_say(adviser, "masked-compared", where,
                   "%s %s for the role %s, so '%s' is not found there", side->column,
                   mask_in_words(kind), policy_role(adviser->workbench->policy), value);
    } else if (values.count > 0 && !is_value(&values, value) &&
               strchr(value, '\'') == NULL) {
        say_unknown(adviser, where, &values, side->column, value);
    }
    sql_names_release(&values);
    free(value);
}

void advise_values(struct adviser *adviser, size_t query)
{
    struct array conditions = conditions_read(adviser->scope, adviser->sql, query);
    for (size_t i = 0; i < conditions.count; i++) {
        advise_value(adviser, query, array_at(&conditions, i));
    }
    conditions_release(&conditions);
}

/* ---- A statement ---- */

static void advise_tables(struct adviser *adviser, size_t index)
{
    const struct scope_query *query = scope_query(adviser->scope, index);
    for (size_t i = 0; i < query->sources.count; i++) {
        const struct scope_source *source = array_at(&query->sources, i);
        if (source->kind == SCOPE_TABLE) {
            advise_table(adviser, source);
        }
    }
}

static void advise_statement(struct adviser *adviser)
{
    const struct scope_spec spec = {.sql = adviser->sql,
                                    .length = adviser->length,
                                    .columns = facts_columns,
                                    .owner = adviser->facts};
    advise_null(adviser);
    if (adviser->workbench->catalog == NULL) {
        return;
    }
    adviser->scope = scope_new(&spec);
    for (size_t i = 0; i < scope_query_count(adviser->scope); i++) {
        advise_tables(adviser, i);
        advise_joins(adviser, i);
        advise_values(adviser, i);
    }
    advise_columns(adviser);
    scope_free(adviser->scope);
}

struct array advice_of(const struct workbench *workbench, const char *sql, size_t length)
{
    struct array advice = ARRAY_OF(struct advice);
    struct facts facts = {workbench, ARRAY_OF(struct table_facts *)};
    struct array spans = sql_split(sql, length);
    for (size_t i = 0; i < spans.count && i < STATEMENTS_MOST; i++) {
        const struct sql_span *span = array_at(&spans, i);
        struct adviser adviser = {.workbench = workbench,
                                  .facts = &facts,
                                  .sql = sql + span->start,
                                  .length = span->length,
                                  .start = span->start,
                                  .advice = &advice};
        if (span->length <= SQL_LARGEST) {
            advise_statement(&adviser);
        }
    }
    array_release(&spans);
    facts_release(&facts);
    return advice;
}

void advice_release(struct array *advice)
{
    for (size_t i = 0; i < advice->count; i++) {
        free(((struct advice *)array_at(advice, i))->sentence);
    }
    array_release(advice);
}
