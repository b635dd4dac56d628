/* policy/columns: which columns a role reads, and what stands in place of the others.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/policy/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"
#include "engine/text.h"

/* ---- How a column counts ---- */

/* What the index says of a column besides what the product's card has. */
struct column_facts {
    char *masking; /* custom property of the column, or NULL */
    char *format;  /* "email": of its values, as declared */
    char *nested;  /* the first column within it that the role does not read, or NULL */
    char *nested_class;
};

static void column_facts_release(struct column_facts *facts)
{
    free(facts->masking);
    free(facts->format);
    free(facts->nested);
    free(facts->nested_class);
}

static bool reads(const struct policy *policy, const char *classification)
{
    return words_have(&policy->role->classifications, classification);
}

static char *folded(const char *text)
{
    char *copy = string_copy(text);
    for (char *c = copy; c != NULL && *c != '\0'; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    }
    return copy;
}

static bool is_like(const char *pattern, const char *name)
{
    char *low_pattern = folded(pattern), *low = folded(name);
    bool is = low != NULL && sqlite3_strglob(low_pattern, low) == 0;
    free(low_pattern);
    free(low);
    return is;
}

/* By what the mesh expects of such names. */
static const char *expected_class(const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->mesh.infotypes.count; i++) {
        const struct infotype *infotype = array_at(&policy->mesh.infotypes, i);
        if (is_like(infotype->pattern, name)) {
            return infotype->classification;
        }
    }
    return NULL;
}

/* Where a mesh does not say how unclassified columns count, and knows "internal", they
 * are that. NULL: they are open. */
static const char *unclassified_class(const struct policy *policy)
{
    if (policy->mesh.unclassified != NULL && policy->mesh.unclassified[0] != '\0') {
        return policy->mesh.unclassified;
    }
    for (size_t i = 0; i < policy->mesh.roles.count; i++) {
        const struct role *role = array_at(&policy->mesh.roles, i);
        if (words_have(&role->classifications, "internal")) {
            return "internal";
        }
    }
    return NULL;
}

struct counted {
    const char *classification; /* NULL: open to all */
    const char *why;            /* "is classified", "looks" ... */
};

static struct counted count_column(const struct policy *policy, const char *name,
                                   const char *classification)
{
    if (classification != NULL && classification[0] != '\0') {
        return (struct counted){classification, "is classified"};
    }
    const char *expected = expected_class(policy, name);
    if (expected != NULL) {
        return (struct counted){expected, "is not classified and by its name counts as"};
    }
    return (struct counted){unclassified_class(policy),
                            "is not classified and counts as"};
}

char *policy_classification(const struct policy *policy, const char *name,
                            const char *classification)
{
    if (policy != NULL && policy->role != NULL) {
        return string_copy(count_column(policy, name, classification).classification);
    }
    bool is = classification != NULL && classification[0] != '\0';
    return is ? string_copy(classification) : NULL;
}

/* ---- What the index says ---- */

/* The column itself, and those in it, have names that begin alike. */
static const char select_facts[] =
    "SELECT p.name,p.classification,(SELECT value FROM custom WHERE property='masking' "
    "AND owner_kind='property' AND owner_id=p.contract_id||'/'||p.object||'/'||p.name),"
    "coalesce((SELECT value FROM prop_option n WHERE n.contract_id=p.contract_id AND "
    "n.object=p.object AND n.property=p.name AND n.key='format'),p.format) FROM table_of "
    "t JOIN object o ON o.rowid=t.object_row JOIN property p ON p.contract_id="
    "o.contract_id AND p.object=o.name AND p.name>=?3 AND p.name<?3||'/' WHERE "
    "t.product_row=?1 AND t.sql_name=?2 AND p.object_row=t.object_row";

static void take_facts(const struct policy *policy, const char *column,
                       sqlite3_stmt *stmt, struct column_facts *facts)
{
    const char *name = store_text(stmt, 0);
    size_t length = strlen(column);
    if (string_equal(name, column)) {
        free(facts->masking);
        facts->masking = store_text_copy(stmt, 2);
        free(facts->format);
        facts->format = store_text_copy(stmt, 3);
        return;
    }
    if (!string_starts(name, column) || name[length] != '.' || facts->nested != NULL) {
        return;
    }
    const char *last = strrchr(name, '.') + 1;
    struct counted counted = count_column(policy, last, store_text(stmt, 1));
    if (counted.classification != NULL && !reads(policy, counted.classification)) {
        facts->nested = string_copy(name);
        facts->nested_class = string_copy(counted.classification);
    }
}

static void read_facts(const struct policy *policy, const struct catalog_product *product,
                       const struct catalog_table *table,
                       const struct catalog_column *column, struct column_facts *facts)
{
    *facts = (struct column_facts){0};
    sqlite3_stmt *stmt =
        store_prepare(catalog_database(policy->catalog), select_facts, NULL);
    if (stmt != NULL) {
        store_bind(stmt, "lss", product->entry.row, table->sql_name, column->name);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        take_facts(policy, column->name, stmt, facts);
    }
    store_finish(stmt);
}

/* ---- Rules ---- */

static const char *infotype_of_format(const char *format)
{
    static const char *const formats[][2] = {
        {"email", "email"}, {"ipv4", "ip"},   {"ipv6", "ip"},         {"ip", "ip"},
        {"phone", "phone"}, {"iban", "iban"}, {"creditcard", "card"},
    };
    for (size_t i = 0; format != NULL && i < sizeof formats / sizeof *formats; i++) {
        if (string_equal_fold(formats[i][0], format)) {
            return formats[i][1];
        }
    }
    return NULL;
}

static const struct rule *rule_of(const struct policy *policy, const char *kind,
                                  const char *word)
{
    bool is_pattern = string_equal(kind, "pattern");
    for (size_t i = 0; word != NULL && i < policy->mesh.rules.count; i++) {
        const struct rule *rule = array_at(&policy->mesh.rules, i);
        bool fits = string_equal(rule->kind, kind) && !rule->only_reports &&
                    (is_pattern ? is_like(rule->word, word)
                                : string_equal_fold(rule->word, word));
        if (fits) {
            return rule;
        }
    }
    return NULL;
}

/* The most special one; drop when there is none. What a contract says and nobody
 * understands drops the column as well. */
static struct mask_rule mask_for(const struct policy *policy,
                                 const struct catalog_column *column,
                                 const struct column_facts *facts,
                                 const char *classification)
{
    struct mask_rule mask = {.kind = MASK_DROP};
    if (facts->masking != NULL) {
        return mask_parse(facts->masking, &mask, NULL)
                   ? mask
                   : (struct mask_rule){.kind = MASK_DROP};
    }
    const char *infotype =
        infotype_of_format(facts->format != NULL ? facts->format : column->format);
    const struct rule *rule = rule_of(policy, "pattern", column->name);
    rule = rule != NULL ? rule : rule_of(policy, "pattern", column->physical_name);
    rule = rule != NULL ? rule : rule_of(policy, "infotype", infotype);
    rule = rule != NULL ? rule : rule_of(policy, "classification", classification);
    return rule != NULL ? rule->mask : mask;
}

/* ---- The decision ---- */

/* Who may let a role read such columns: the approvers of a role of the contract that
 * does, who looks after such a role of the mesh, the owner. */
static char *who_opens(const struct policy *policy, const struct catalog_product *product,
                       const struct catalog_table *table, const char *classification)
{
    char *ask = store_string(
        catalog_database(policy->catalog),
        "SELECT r.approver1||coalesce(', then '||r.approver2,'') FROM table_of t JOIN "
        "role r ON r.contract_row=t.contract_row JOIN mesh_role m ON lower(m.name)="
        "lower(r.role) JOIN mesh_role_word w ON w.role=m.position AND w.kind="
        "'classifications' AND lower(w.word)=lower(?3) WHERE t.product_row=?1 AND "
        "t.sql_name=?2 AND r.approver1<>'' ORDER BY r.rowid LIMIT 1",
        "lss", product->entry.row, table->sql_name, classification);
    for (size_t i = 0; ask == NULL && i < policy->mesh.roles.count; i++) {
        const struct role *role = array_at(&policy->mesh.roles, i);
        if (words_have(&role->classifications, classification)) {
            ask = string_copy(role->contact);
        }
    }
    ask = ask != NULL ? ask : owner_contact(policy->catalog, product);
    return ask != NULL ? ask : mesh_contact(policy->catalog);
}

static void mask_column(const struct policy *policy, const struct mask_rule *mask,
                        const char *what, struct policy_verdict *verdict)
{
    verdict->decision = POLICY_MASK;
    verdict->mask = *mask;
    verdict->reason =
        string_printf("%s, which the role %s does not read", what, policy->role->name);
}

void decide_column(const struct policy *policy, const struct catalog_product *product,
                   const struct catalog_table *table, const struct catalog_column *column,
                   struct policy_verdict *verdict)
{
    struct column_facts facts;
    struct counted counted = count_column(policy, column->name, column->classification);
    read_facts(policy, product, table, column, &facts);
    const char *classification = counted.classification;
    if (classification != NULL && !reads(policy, classification)) {
        struct mask_rule mask = mask_for(policy, column, &facts, classification);
        char *what = string_printf("it %s %s", counted.why, classification);
        mask_column(policy, &mask, what, verdict);
        verdict->ask = who_opens(policy, product, table, classification);
        free(what);
    } else if (facts.nested != NULL) {
        struct mask_rule mask = {.kind = MASK_DROP};
        char *what = string_printf("it holds %s, which counts as %s", facts.nested,
                                   facts.nested_class);
        mask_column(policy, &mask, what, verdict);
        verdict->ask = who_opens(policy, product, table, facts.nested_class);
        free(what);
    } else {
        verdict->decision = POLICY_ALLOW;
        verdict->reason =
            classification != NULL
                ? string_printf("it %s %s, which the role %s reads", counted.why,
                                classification, policy->role->name)
                : string_copy("it is not classified, and the mesh does not mind");
    }
    column_facts_release(&facts);
}

void policy_of_column(const struct policy *policy, const struct catalog_product *product,
                      const struct catalog_table *table,
                      const struct catalog_column *column, struct policy_verdict *verdict)
{
    policy_of_table(policy, product, table, verdict);
    if (policy != NULL && policy->role != NULL && verdict->decision == POLICY_ALLOW) {
        policy_verdict_release(verdict);
        decide_column(policy, product, table, column, verdict);
    }
}

/* ---- Personal data where nobody said so ---- */

/* Without a classification beside the rule: who reads all that any role reads. */
static bool reads_everything(const struct policy *policy)
{
    for (size_t i = 0; i < policy->mesh.roles.count; i++) {
        const struct role *role = array_at(&policy->mesh.roles, i);
        for (size_t k = 0; k < role->classifications.count; k++) {
            if (!reads(policy, *(char **)array_at(&role->classifications, k))) {
                return false;
            }
        }
    }
    return true;
}

void policy_of_infotype(const struct policy *policy, const char *infotype,
                        struct policy_verdict *verdict)
{
    *verdict = (struct policy_verdict){0};
    const struct rule *rule = policy != NULL && policy->role != NULL
                                  ? rule_of(policy, "infotype", infotype)
                                  : NULL;
    if (rule == NULL) {
        verdict->reason = string_printf("the mesh does not mask %s", infotype);
        return;
    }
    bool is_open = rule->classification != NULL ? reads(policy, rule->classification)
                                                : reads_everything(policy);
    if (is_open) {
        verdict->reason = string_printf(
            "the role %s reads %s", policy->role->name,
            rule->classification != NULL ? rule->classification : "everything");
        return;
    }
    char *what = string_printf("values look like %s", infotype);
    mask_column(policy, &rule->mask, what, verdict);
    verdict->ask = mesh_contact(policy->catalog);
    free(what);
}
