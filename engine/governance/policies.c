/* governance/policies: the policies of a mesh, as its index has them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>
#include <string.h>

void governance_violation_release(struct governance_violation *violation)
{
    free(violation->policy);
    free(violation->product);
    free(violation->domain);
    free(violation->path);
    free(violation->sentence);
    free(violation->waived);
    free(violation->since);
    free(violation->sql);
}

void governance_policy_release(struct governance_policy *policy)
{
    char *const strings[] = {policy->id,       policy->title,   policy->category,
                             policy->severity, policy->context, policy->decision,
                             policy->why,      policy->sql,     policy->consequences,
                             policy->path,     policy->gates,   policy->each,
                             policy->reason};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        free(strings[i]);
    }
    for (size_t i = 0; i < policy->domains.count; i++) {
        free(((struct governance_domain *)array_at(&policy->domains, i))->name);
    }
    array_release(&policy->domains);
}

/* Columns of the SELECT below. */
enum {
    ID,
    TITLE,
    CATEGORY,
    SEVERITY,
    CONTEXT,
    DECISION,
    CONSEQUENCES,
    WHY,
    SQL,
    PATH,
    GATE,
    EACH,
    LINE,
    EACH_LINE,
    IS_DATA,
    IS_MEASURE,
};

static void read_policy(sqlite3_stmt *rows, struct governance_policy *out)
{
    const char *each = store_text(rows, EACH);
    *out = (struct governance_policy){
        .id = string_copy(store_text(rows, ID)),
        .title = store_text_copy(rows, TITLE),
        .category = store_text_copy(rows, CATEGORY),
        .severity = string_copy(store_text(rows, SEVERITY)),
        .context = store_text_copy(rows, CONTEXT),
        .decision = store_text_copy(rows, DECISION),
        .consequences = store_text_copy(rows, CONSEQUENCES),
        .why = store_text_copy(rows, WHY),
        .sql = string_copy(store_text(rows, SQL)),
        .path = store_text_copy(rows, PATH),
        .gates = store_text_copy(rows, GATE),
        .each = *each != '\0' ? string_copy(each) : NULL,
        .line = sqlite3_column_int(rows, LINE),
        .each_line = sqlite3_column_int(rows, EACH_LINE),
        .is_data = sqlite3_column_int(rows, IS_DATA) != 0,
        .is_measure = sqlite3_column_int(rows, IS_MEASURE) != 0,
        .outcome = GOVERNANCE_NOT_RUN,
        .adoption = -1,
        .domains = ARRAY_OF(struct governance_domain),
    };
}

bool policies_read(sqlite3 *db, const char *id, const char *gate, struct array *policies,
                   struct error *err)
{
    sqlite3_stmt *rows = store_prepare(
        db,
        "SELECT id,title,category,coalesce(lower(severity),'error'),context,decision,"
        "consequences,why,sql,path,gate,each,line,each_line,lower(scope)='data',"
        "lower(measure)='yes' OR lower(severity)='figure' FROM policy WHERE (?1 IS "
        "NULL OR id=?1 COLLATE NOCASE) AND (?2 IS NULL OR instr(','||replace(gate,' ',"
        "'')||',',','||?2||',')>0) ORDER BY id,path",
        err);
    enum store_step step = STORE_FAILED;
    if (rows != NULL) {
        store_bind(rows, "ss", id, gate);
    }
    while (rows != NULL && (step = store_step(rows, err)) == STORE_ROW) {
        read_policy(rows, array_push(policies));
    }
    store_finish(rows);
    return step == STORE_DONE;
}

void governance_policies(const struct catalog *catalog, struct array *policies)
{
    *policies = (struct array)ARRAY_OF(struct governance_policy);
    policies_read(catalog_database(catalog), NULL, NULL, policies, NULL);
}

bool governance_has_gate(const struct catalog *catalog, const char *gate)
{
    return store_number(catalog_database(catalog), 0,
                        "SELECT count(*) FROM policy WHERE instr(','||replace(gate,' ',"
                        "'')||',',','||?1||',')>0 AND coalesce(lower(scope),'')<>'data'",
                        "s", gate) > 0;
}
