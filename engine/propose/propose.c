/* propose/propose: walks the tables and columns of a product that is here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/propose/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

static const char *const kinds[] = {"required",     "primary key", "unique",  "bounds",
                                    "lengths",      "values",      "pattern", "row count",
                                    "relationship", NULL};

const char *const *propose_kinds(void)
{
    return kinds;
}

/* "required,row count" has "row count". */
static bool is_asked(const char *list, const char *kind)
{
    size_t length = strlen(kind);
    for (const char *at = list; at != NULL && *at != '\0';) {
        size_t word = strcspn(at, ",");
        if (word == length && strncmp(at, kind, length) == 0) {
            return true;
        }
        at += word + (at[word] == ',' ? 1 : 0);
    }
    return list == NULL;
}

struct proposal *propose_add(const struct subject *subject, const struct profile *profile,
                             const char *kind, char *rule, char *evidence)
{
    if (!is_asked(subject->in->spec->only, kind)) {
        free(rule);
        free(evidence);
        return NULL;
    }
    struct proposal *proposal = array_push(subject->in->proposals);
    *proposal = (struct proposal){
        .kind = kind,
        .object = string_copy(subject->name),
        .property = profile != NULL ? string_copy(profile->property) : NULL,
        .rule = rule,
        .evidence = evidence,
        .path = string_copy(subject->path),
        .why_not = string_copy(subject->why_not),
    };
    return proposal;
}

void propose_release(struct array *proposals)
{
    for (size_t i = 0; i < proposals->count; i++) {
        struct proposal *proposal = array_at(proposals, i);
        char *const fields[] = {proposal->object,   proposal->property, proposal->rule,
                                proposal->evidence, proposal->sql,      proposal->path,
                                proposal->why_not,  proposal->value};
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            free(fields[k]);
        }
    }
    array_release(proposals);
}

/* ---- Questions ---- */

long long propose_count(const struct subject *subject, const char *sql,
                        long long fallback)
{
    return store_number(subject->in->db, fallback, sql, "");
}

static bool has_row(const struct subject *subject, const char *table,
                    const char *property, const char *condition)
{
    char *sql = string_printf("SELECT count(*) FROM mesh.%s WHERE contract_id=?1 AND "
                              "object=?2 AND coalesce(property,'')=?3 AND %s",
                              table, condition);
    long long count = store_number(subject->in->db, 0, sql, "sss", subject->contract_id,
                                   subject->name, property != NULL ? property : "");
    free(sql);
    return count > 0;
}

bool propose_has_rule(const struct subject *subject, const char *property,
                      const char *metrics)
{
    char *condition = string_printf("metric IN(%s)", metrics);
    bool has = has_row(subject, "rule", property, condition);
    free(condition);
    return has;
}

bool propose_has_option(const struct subject *subject, const char *property,
                        const char *keys)
{
    char *condition = string_printf("\"key\" IN(%s)", keys);
    bool has = has_row(subject, "prop_option", property, condition);
    free(condition);
    return has;
}

double propose_round_up(double value)
{
    static const double steps[] = {1, 2, 5, 10};
    if (value <= 0) {
        return value < 0 ? -propose_round_down(-value) : 0;
    }
    double power = pow(10, floor(log10(value)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i] * power >= value) {
            return steps[i] * power;
        }
    }
    return 20 * power; /* log10() may be a bit too small */
}

double propose_round_down(double value)
{
    static const double steps[] = {10, 5, 2, 1};
    if (value <= 0) {
        return value < 0 ? -propose_round_up(-value) : 0;
    }
    double power = pow(10, floor(log10(value)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (steps[i] * power <= value) {
            return steps[i] * power;
        }
    }
    return power / 2;
}

bool propose_is_moment(const struct profile *profile)
{
    return string_equal(profile->type, "date") ||
           string_equal(profile->type, "timestamp") ||
           string_equal(profile->type, "time");
}

/* ---- Columns ---- */

static const struct catalog_column *declared_column(const struct subject *subject,
                                                    const char *name)
{
    for (size_t i = 0; i < subject->table->columns.count; i++) {
        const struct catalog_column *column = array_at(&subject->table->columns, i);
        if (string_equal(column->name, name)) {
            return column;
        }
    }
    return NULL;
}

/* What holds personal data is masked where the role does not read it, whatever it is
 * called. */
static bool is_hidden(const struct subject *subject, const struct catalog_column *column,
                      const char *infotype)
{
    struct policy_verdict verdict;
    const struct proposing *in = subject->in;
    policy_of_column(in->spec->policy, &in->product, subject->table, column, &verdict);
    bool hidden = verdict.decision != POLICY_ALLOW;
    policy_verdict_release(&verdict);
    if (!hidden && infotype[0] != '\0') {
        policy_of_infotype(in->spec->policy, infotype, &verdict);
        hidden = verdict.decision != POLICY_ALLOW;
        policy_verdict_release(&verdict);
    }
    return hidden;
}

static bool shows_values(const struct catalog_column *column, const char *infotype)
{
    return catalog_is_open(column->classification) && infotype[0] == '\0';
}

enum {
    PROPERTY,
    TYPE,
    REQUIRED,
    UNIQUE,
    KEY,
    NAME,
    NULLS,
    INTEGERS,
    REALS,
    TEXTS,
    DISTINCT,
    EXACT,
    LEAST,
    MOST,
    SHORTEST,
    LONGEST,
    INFOTYPE
};

static void read_profile(sqlite3_stmt *row, struct profile *profile)
{
    struct text column = {0};
    store_quote_name(&column, store_text(row, NAME));
    *profile = (struct profile){
        .property = store_text_copy(row, PROPERTY),
        .type = store_text_copy(row, TYPE),
        .column = text_take(&column),
        .required = sqlite3_column_int(row, REQUIRED) != 0,
        .unique = sqlite3_column_int(row, UNIQUE) != 0,
        .is_key = sqlite3_column_int(row, KEY) > 0,
        .nulls = sqlite3_column_int64(row, NULLS),
        .integers = sqlite3_column_int64(row, INTEGERS),
        .reals = sqlite3_column_int64(row, REALS),
        .texts = sqlite3_column_int64(row, TEXTS),
        .distinct = sqlite3_column_int64(row, DISTINCT),
        .is_exact = sqlite3_column_int(row, EXACT) != 0,
        .least = sqlite3_column_double(row, LEAST),
        .most = sqlite3_column_double(row, MOST),
        .shortest = sqlite3_column_int64(row, SHORTEST),
        .longest = sqlite3_column_int64(row, LONGEST),
    };
}

static void profile_release(struct profile *profile)
{
    free(profile->property);
    free(profile->type);
    free(profile->column);
}

static void look_at_column(struct subject *subject, sqlite3_stmt *row)
{
    const char *infotype = store_text(row, INFOTYPE);
    const struct catalog_column *column =
        declared_column(subject, store_text(row, PROPERTY));
    struct profile profile;
    read_profile(row, &profile);
    /* Statistics keep no values of what is classified or masked: when it is not
     * classified, it was masked for what it holds. */
    bool has_values =
        sqlite3_column_type(row, LEAST) != SQLITE_NULL || profile.nulls == subject->rows;
    bool is_open = column != NULL && shows_values(column, "");
    bool was_counted = sqlite3_column_type(row, NULLS) != SQLITE_NULL;
    if (column != NULL && was_counted && (has_values || !is_open) &&
        !is_hidden(subject, column, infotype)) {
        profile.shows_values = has_values && shows_values(column, infotype);
        propose_presence(subject, &profile);
        propose_key(subject, &profile);
        if (profile.shows_values) {
            propose_bounds(subject, &profile);
            propose_values(subject, &profile);
            propose_pattern(subject, &profile);
        }
        propose_lengths(subject, &profile);
        propose_relation(subject, &profile);
    }
    profile_release(&profile);
}

static bool look_at_columns(struct subject *subject, struct error *err)
{
    struct text schema = {0};
    store_quote_name(&schema, subject->in->product.entry.schema);
    const char *at = text_string(&schema);
    char *sql = string_printf(
        "SELECT p.name,p.logical_type,p.required,p.is_unique,p.pk_pos,s.name,s.nulls,"
        "s.integers,s.reals,s.texts,s.\"distinct\",s.exact,s.least,s.most,s.shortest,"
        "s.longest,(SELECT i.infotype FROM %s.mwb_infotype i WHERE i.table_name="
        "s.table_name AND i.column_name=s.name AND i.matched>0) FROM mesh.property p "
        "JOIN "
        "%s.mwb_statistic s ON s.table_name=?2 AND s.name=coalesce((SELECT c.name FROM "
        "%s.mwb_column c WHERE c.table_name=?2 AND c.original IN(p.physical_name,p.name) "
        "ORDER BY c.position LIMIT 1),p.name) WHERE p.object_row=?1 AND p.depth=1 GROUP "
        "BY "
        "p.rowid ORDER BY p.position,p.rowid",
        at, at, at);
    sqlite3_stmt *stmt = store_prepare(subject->in->db, sql, err);
    bool done = stmt != NULL;
    if (done) {
        store_bind(stmt, "ls", subject->object, subject->table->sql_name);
    }
    while (done && store_step(stmt, NULL) == STORE_ROW) {
        look_at_column(subject, stmt);
        done = subject->in->port == NULL || !job_cancelled(subject->in->port) ||
               error_set(err, ERROR_CANCELLED, "cancelled");
    }
    store_finish(stmt);
    free(sql);
    text_release(&schema);
    return done;
}

/* ---- Tables ---- */

static char *why_only_shown(const char *standard, const char *version)
{
    if (!string_equal(standard, "odcs")) {
        return string_copy("the contract is of another standard than ODCS 3.1");
    }
    return string_starts(version, "v3.1") || string_starts(version, "v3.2")
               ? NULL
               : string_printf("the contract is of ODCS %s, not 3.1",
                               version[0] == 'v' ? version + 1 : version);
}

static bool open_subject(struct subject *subject)
{
    struct proposing *in = subject->in;
    sqlite3_stmt *stmt = store_prepare(
        in->db,
        "SELECT t.contract_row,t.object_row,c.id,o.name,o.path,c.standard,c.api_version,"
        "(SELECT count(*) FROM mesh.property p WHERE p.object_row=o.rowid AND "
        "p.pk_pos>0) "
        "FROM mesh.table_of t JOIN mesh.contract c ON c.rowid=t.contract_row JOIN "
        "mesh.object o ON o.rowid=t.object_row WHERE t.product_row=?1 AND t.sql_name=?2",
        NULL);
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "ls", in->product.entry.row, subject->table->sql_name);
    bool found = store_step(stmt, NULL) == STORE_ROW;
    if (found) {
        struct text source = {0};
        subject->contract = sqlite3_column_int64(stmt, 0);
        subject->object = sqlite3_column_int64(stmt, 1);
        subject->contract_id = store_text_copy(stmt, 2);
        subject->name = store_text_copy(stmt, 3);
        subject->path = store_text_copy(stmt, 4);
        subject->why_not = why_only_shown(store_text(stmt, 5), store_text(stmt, 6));
        subject->has_key = sqlite3_column_int(stmt, 7) > 0;
        store_quote_name(&source, in->product.entry.schema);
        text_append_char(&source, '.');
        store_quote_name(&source, subject->table->sql_name);
        subject->source = text_take(&source);
    }
    store_finish(stmt);
    return found;
}

static bool look_at_table(struct subject *subject, struct error *err)
{
    struct policy_verdict verdict;
    const struct proposing *in = subject->in;
    policy_of_table(in->spec->policy, &in->product, subject->table, &verdict);
    bool refused = verdict.decision == POLICY_REFUSE;
    policy_verdict_release(&verdict);
    if (refused || !open_subject(subject)) {
        return true;
    }
    char *sql = string_printf("SELECT count(*) FROM %s", subject->source);
    subject->rows = propose_count(subject, sql, 0);
    free(sql);
    bool done = subject->rows == 0 || look_at_columns(subject, err);
    if (done && subject->rows > 0) {
        propose_rows(subject);
    }
    free(subject->contract_id);
    free(subject->name);
    free(subject->path);
    free(subject->why_not);
    free(subject->source);
    return done;
}

static bool check_kinds(const char *list, struct error *err)
{
    for (const char *at = list; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, ",");
        bool known = false;
        for (size_t i = 0; kinds[i] != NULL; i++) {
            known = known ||
                    (strlen(kinds[i]) == length && strncmp(at, kinds[i], length) == 0);
        }
        if (!known) {
            return error_set(err, ERROR_USAGE,
                             "%.*s is no kind of proposal; those are: required, primary "
                             "key, unique, bounds, lengths, values, pattern, row count, "
                             "relationship",
                             (int)length, at);
        }
        at += length + (at[length] == ',' ? 1 : 0);
    }
    return true;
}

bool propose_rules(const struct propose_spec *spec, struct job_port *port,
                   struct array *proposals, struct error *err)
{
    struct proposing in = {
        .spec = spec,
        .evidence = {.catalog = spec->catalog, .role = policy_role(spec->policy)},
        .port = port,
        .proposals = proposals,
    };
    *proposals = (struct array)ARRAY_OF(struct proposal);
    if (!check_kinds(spec->only, err) ||
        !catalog_product(spec->catalog, spec->product, &in.product, err)) {
        return false;
    }
    in.db = evidence_open(&in.evidence, err);
    bool done = in.db != NULL &&
                evidence_attach(in.db, &in.evidence, &in.product.entry, NULL, err);
    if (done && port != NULL) {
        job_guard(port, in.db);
    }
    for (size_t i = 0; done && i < in.product.tables.count; i++) {
        struct subject subject = {.in = &in, .table = array_at(&in.product.tables, i)};
        done = look_at_table(&subject, err);
    }
    if (port != NULL) {
        job_guard(port, NULL);
    }
    store_close(in.db);
    catalog_product_release(&in.product);
    return done;
}
